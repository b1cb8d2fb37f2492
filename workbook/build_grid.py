"""The sheet of a grid: the printed form as officials know it, and beside it the controls and the rule columns."""

from __future__ import annotations

from collections.abc import Iterator

from xlsxwriter.worksheet import Worksheet

from toolkit.excel import (
    Grid,
    column_letters,
    column_number,
    computed_cell,
    open_cell,
    rule_cell,
    total_cell,
)
from toolkit.records import TOTAL_ROW
from workbook.build_heading import (
    FOOT_HEIGHT,
    FOOT_ROWS,
    HEADER,
    HEADING_HEIGHT,
    LABEL_WIDTH,
    NUMBERS,
    column_width,
    header_heights,
    write_foot,
    write_header,
    write_heading,
)
from workbook.build_plan import GRID_FIRST, GridPlan, Plan, rules_of
from workbook.build_stored import Evaluated
from workbook.build_typing import guard_grid
from workbook.styles import COUNT, VERDICT, Styles, fit_row, page, page_breaks, protect, put, put_formula, row_height

COMMENT = {"x_scale": 2.5, "y_scale": 1.5}  # room for two sentences
NUMBER_WIDTH, TOTAL_HEIGHT = 5, 21


def write_grid(sheet: Worksheet, plan: Plan, grid: GridPlan, filled: Evaluated, styles: Styles) -> None:
    """Fills the sheet of one grid."""
    page(sheet, landscape=True, title=grid.block.code or grid.block.title)
    _columns(sheet, grid, styles)
    write_heading(sheet, plan, grid, filled, styles)
    write_header(sheet, plan, grid, styles)
    _rows(sheet, plan, grid, filled, styles)
    _total(sheet, plan, grid, filled, styles)
    write_foot(sheet, grid, styles)
    guard_grid(sheet, plan, grid, styles)
    sheet.print_area(f"A1:{grid.last_printed}{grid.grid.total + FOOT_ROWS}")
    sheet.repeat_rows(HEADER - 1, NUMBERS - 1)
    sheet.set_h_pagebreaks(_breaks(grid))
    sheet.freeze_panes(GRID_FIRST - 1, 2)
    sheet.set_zoom(90)
    first = next(grid.grid.columns[i.id] for i in grid.printed if not i.equals)
    sheet.set_selection(f"{first}{GRID_FIRST}")
    protect(sheet)


def names_of(plan: Plan, grid: GridPlan) -> Iterator[tuple[str, str]]:
    """(defined name, address) of the grid, its columns, its rule columns and helper columns."""
    block, rows = grid.block.id, grid.grid
    yield plan.name(block), _area(rows, rows.label, grid.last)
    yield plan.name(block, grid.block.row_id), _area(rows, rows.label)
    for id_, letters in rows.columns.items():
        yield plan.name(block, id_), _area(rows, letters)
    for id_, letters in grid.rules.items():
        yield plan.name(block, "kt", id_), _area(rows, letters)
    for id_, letters in rows.opens.items():
        yield plan.name(block, "trong", id_), _area(rows, letters)


def _columns(sheet: Worksheet, grid: GridPlan, styles: Styles) -> None:
    sheet.set_column("A:A", NUMBER_WIDTH)
    sheet.set_column("B:B", LABEL_WIDTH)
    for indicator in (*grid.printed, *grid.controls):
        letters = grid.grid.columns[indicator.id]
        sheet.set_column(f"{letters}:{letters}", column_width(indicator))
    for letters in _gaps(grid):
        sheet.set_column(f"{letters}:{letters}", 1.5)
    for letters in grid.rules.values():
        sheet.set_column(f"{letters}:{letters}", 18)
    for letters in grid.grid.opens.values():
        sheet.set_column(f"{letters}:{letters}", 6, None, {"hidden": True})


def _breaks(grid: GridPlan) -> list[int]:
    """Rows after which a printed page ends, so that the signatures never stand alone with a last row."""
    widths = [NUMBER_WIDTH, LABEL_WIDTH, *map(column_width, grid.printed)]
    rows = [row_height(_label(label)) for label in grid.labels]
    again = sum(header_heights(grid))
    ends = page_breaks(widths, HEADING_HEIGHT + again, rows, TOTAL_HEIGHT + FOOT_HEIGHT, again)
    return [grid.grid.first + end - 1 for end in ends]


def _label(label: str) -> tuple[str, float]:
    """A row's label and the width that it has."""
    return label, LABEL_WIDTH - 2


def _gaps(grid: GridPlan) -> list[str]:
    """The thin columns before the controls and before the rules."""
    firsts = [grid.grid.columns[i.id] for i in grid.controls[:1]] + list(grid.rules.values())[:1]
    return [column_letters(column_number(letters) - 1) for letters in firsts]


def _rows(sheet: Worksheet, plan: Plan, grid: GridPlan, filled: Evaluated, styles: Styles) -> None:
    form, layout, block = plan.form, plan.layout, grid.block
    figures = filled.values.grids.get(block.id, {})
    listed = len(block.rows)
    computed, typed = styles("computed", "box", number=COUNT), styles("input", "box", number=COUNT)
    verdict, helper = styles("small", "center", "grey", "box", number=VERDICT), styles("small", "grey")
    for offset, label in enumerate(grid.labels):
        row = grid.grid.first + offset
        given = figures.get(label, {}) if label else {}
        if offset < listed:
            put(sheet, f"A{row}", offset + 1, styles("center", "box"))
            put(sheet, f"B{row}", label, styles("wrap", "indent", "box"))
        else:
            count = f'IF(B{row}="","",COUNTA(B${grid.grid.first}:B{row}))'
            put_formula(sheet, f"A{row}", count, offset + 1 if label else "", styles("center", "box"))
            put(sheet, f"B{row}", label or None, styles("input", "wrap", "indent", "box"))
        if label:
            fit_row(sheet, row, _label(label))
        for indicator in (*grid.printed, *grid.controls):
            cell = f"{grid.grid.columns[indicator.id]}{row}"
            if indicator.id in given:
                put(sheet, cell, given[indicator.id], computed if indicator.equals else typed)
            elif indicator.equals:
                now = filled.number(block.id, label, indicator.id) if label else ""
                put_formula(sheet, cell, computed_cell(form, indicator, layout, row), now, computed)
            else:
                put(sheet, cell, None, typed)
            if indicator.equals:
                now = filled.open(block.id, label, indicator.id) if label else 0
                opens = f"{grid.grid.opens[indicator.id]}{row}"
                put_formula(sheet, opens, open_cell(form, indicator, layout, row), now, helper)
        for rule in rules_of(form, block.id):
            now = filled.rule(rule, label)
            put_formula(sheet, f"{grid.rules[rule.id]}{row}", rule_cell(form, rule, layout, row), now, verdict)


def _total(sheet: Worksheet, plan: Plan, grid: GridPlan, filled: Evaluated, styles: Styles) -> None:
    rows, block = grid.grid, grid.block
    row = rows.total
    given = filled.values.grids.get(block.id, {}).get(TOTAL_ROW, {})
    bold, typed = styles("total", "box", number=COUNT), styles("input", "bold", "box", number=COUNT)
    sheet.set_row(row - 1, TOTAL_HEIGHT)
    put(sheet, f"A{row}", None, bold)
    put(sheet, f"B{row}", block.total, styles("total", "indent", "box"))
    for indicator in (*grid.printed, *grid.controls):
        cell = f"{rows.columns[indicator.id]}{row}"
        if indicator.id in given or indicator.kind == "control":
            put(sheet, cell, given.get(indicator.id), typed if indicator.kind == "control" else bold)
        else:
            now = filled.number(block.id, TOTAL_ROW, indicator.id)
            put_formula(sheet, cell, total_cell(indicator, rows), now, bold)
        if indicator.id in filled.values.notes:
            sheet.write_comment(cell, filled.values.notes[indicator.id], COMMENT)
        if indicator.equals:
            own, opens = rows.columns[indicator.id], rows.opens[indicator.id]
            exact = f"SUM({own}{row})=SUM({own}{rows.first}:{own}{rows.last})"
            text = f"IF({exact},SUM({opens}{rows.first}:{opens}{rows.last}),0)"
            put_formula(
                sheet, f"{opens}{row}", text, filled.open(block.id, TOTAL_ROW, indicator.id), styles("small", "grey")
            )
    for rule in rules_of(plan.form, block.id):
        cell = f"{grid.rules[rule.id]}{row}"
        style = styles("small", "bold", "center", "grey", "box", number=VERDICT)
        put_formula(sheet, cell, rule_cell(plan.form, rule, plan.layout, row), filled.rule(rule, TOTAL_ROW), style)


def _area(rows: Grid, first: str, last: str = "") -> str:
    sheet = rows.sheet.replace("'", "''")
    return f"'{sheet}'!${first}${rows.first}:${last or first}${rows.total}"
