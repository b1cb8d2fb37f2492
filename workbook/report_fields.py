"""The sheet by lĩnh vực: form II.06a of the province in its printed layout, with live totals.

Beside it, outside the printed form, how many communes fill a row and whether the totals are those of the summary.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from toolkit.by_row import Cell, RowTable, by_row
from toolkit.excel import Grid, Layout, column_letters, column_number
from toolkit.wording import show_date
from workbook.build_heading import (
    FROM,
    HEADER,
    LABEL_WIDTH,
    NUMBERS,
    PERIOD,
    RECEIVER,
    REPORTER,
    TO,
    UNIT,
    column_width,
    write_foot,
    write_header,
)
from workbook.build_plan import GRID_FIRST, GridPlan, Plan
from workbook.report_page import FIELDS, SUMMARY, Page, text
from workbook.report_summary import Cells
from workbook.report_totals import NONE
from workbook.styles import COUNT, Styles, fit_row, merge, put, put_formula
from workbook.styles import page as page_setup

ONLY_TOTAL = "Chưa phân theo lĩnh vực"
DIFFERING = "Chênh lệch giữa dòng tổng và các lĩnh vực"
AGREES, DISAGREES = f"✓ khớp {SUMMARY}", f"Lệch {SUMMARY}"
_HOW_MANY = "Số xã có số (ngoài biểu in)"
_ONE_PAGE = 36  # lines that still read well on one page with their signatures


@dataclass(frozen=True, slots=True)
class Fields:
    """Addresses in this sheet, for the charts."""

    sheet: str
    table: RowTable
    rows: Mapping[str, int]  # label -> row as Excel counts
    columns: Mapping[str, str]  # indicator -> letters


def fields_sheet(page: Page, cells: Cells) -> Fields | None:
    """The first grid of the form; None when the form has none."""
    block = next((b for b in page.form.blocks if b.kind == "grid"), None)
    sheet = page.sheet(FIELDS)
    if block is None:
        return None
    table = by_row(page.form, page.summary, block.id)
    styles = Styles(page.workbook)
    labels = [*table.rows, ONLY_TOTAL, *([DIFFERING] if table.differing else [])]
    columns = {i.id: column_letters(3 + n) for n, i in enumerate(table.indicators)}
    total = GRID_FIRST + len(labels)
    grid = GridPlan(
        block=block,
        grid=Grid(FIELDS, GRID_FIRST, total - 1, total, "B", columns, {}),
        labels=tuple(labels),
        printed=tuple(i._replace(equals=()) for i in table.indicators),  # sums of communes, nothing computed in a row
        controls=(),
        rules={},
        last_printed=column_letters(2 + len(columns)),
        last=column_letters(2 + len(columns)),
    )
    page_setup(sheet, landscape=True, title=f"{block.code or block.title} – {page.summary.province.name}")
    if len(labels) <= _ONE_PAGE:
        sheet.fit_to_pages(1, 1)
    _columns(sheet, grid)
    _heading(page, sheet, grid, styles)
    write_header(sheet, Plan(page.form._replace(rules=()), Layout(), (), {}, {}, {}), grid, styles)
    for n, label in enumerate(labels):
        of_row = {
            i.id: table.only_total.get(i.id)
            if label == ONLY_TOTAL
            else table.differing.get(i.id)
            if label == DIFFERING
            else table.cells.get((label, i.id))
            for i in table.indicators
        }
        number, communes = (n + 1, table.communes.get(label, 0)) if n < len(table.rows) else (None, None)
        _row(sheet, grid, GRID_FIRST + n, number, label, of_row, communes, styles)
    _total(page, sheet, grid, cells, table, styles)
    write_foot(sheet, grid, styles)
    sheet.print_area(f"A1:{grid.last_printed}{total + 9}")
    sheet.repeat_rows(HEADER - 1, NUMBERS - 1)
    sheet.freeze_panes(GRID_FIRST - 1, 2)
    rows = {label: GRID_FIRST + n for n, label in enumerate(labels)}
    return Fields(FIELDS, table, rows, columns)


def _columns(sheet: Worksheet, grid: GridPlan) -> None:
    sheet.set_column("A:A", 5)
    sheet.set_column("B:B", LABEL_WIDTH)
    for indicator in grid.printed:
        letters = grid.grid.columns[indicator.id]
        sheet.set_column(f"{letters}:{letters}", column_width(indicator))
    gap, beside = _beside(grid)
    sheet.set_column(f"{gap}:{gap}", 1.5)
    sheet.set_column(f"{beside}:{beside}", 14)


def _beside(grid: GridPlan) -> tuple[str, str]:
    """Letters of the two columns outside the printed form: a thin gap, and what stands beside it."""
    last = column_number(grid.last_printed)
    return column_letters(last + 1), column_letters(last + 2)


def _heading(page: Page, sheet: Worksheet, grid: GridPlan, styles: Styles) -> None:
    """Form code, source, title, period, unit, as on the form of a commune."""
    summary, block, last = page.summary, grid.block, column_number(grid.last_printed)
    split = max(3, last - 3)  # of the middle and the right part
    middle, right = column_letters(split), column_letters(min(split + 1, last))
    units = {page.form.units[i.unit].label for i in grid.printed if i.unit}
    merged = sum(s == "merged" for s in summary.commune_status.values())
    of = f"{REPORTER}{summary.province.name} (tổng hợp {merged}/{len(summary.places)} xã, phường)"
    start, end = summary.period
    when = f"{PERIOD}{FROM}{show_date(start)}{TO}{show_date(end)}"
    source = f"Theo {block.source[:1].lower()}{block.source[1:]}" if block.source else ""
    for row, height in ((0, 33), (1, 33), (2, 20)):
        sheet.set_row(row, height)
    merge(sheet, "A1:B1", block.code, styles("bold", "wrap"))
    merge(sheet, "A2:B2", source, styles("small", "italic", "wrap", "top"))
    merge(sheet, f"C1:{middle}2", block.title, styles("title"))
    merge(sheet, f"C3:{middle}3", when, styles("italic", "center"))
    merge(sheet, f"{right}1:{grid.last_printed}1", of, styles("small", "wrap"))
    merge(sheet, f"{right}2:{grid.last_printed}2", RECEIVER, styles("small", "wrap"))
    unit = UNIT + units.pop() if len(units) == 1 else ""
    merge(sheet, f"{right}4:{grid.last_printed}4", unit, styles("small", "italic", "right"))
    beside = _beside(grid)[1]
    merge(sheet, f"{beside}{HEADER}:{beside}{NUMBERS}", _HOW_MANY, styles("head", "small", "italic"))


def _row(
    sheet: Worksheet,
    grid: GridPlan,
    row: int,
    number: int | None,
    label: str,
    figures: Mapping[str, Cell | None],
    communes: int | None,
    styles: Styles,
) -> None:
    looks = ("wrap", "indent", "box") if number else ("wrap", "indent", "box", "italic")
    put(sheet, f"A{row}", number, styles("center", "box"))
    text(sheet, row - 1, 1, label, styles(*looks))
    fit_row(sheet, row, (label, LABEL_WIDTH - 2))
    for id_, figure in figures.items():
        style = styles("box", number=_number(figure is not None and figure.open, bool(figure and figure.unconverted)))
        put(sheet, f"{grid.grid.columns[id_]}{row}", figure.amount if figure else None, style)
    if communes is not None:
        put(sheet, f"{_beside(grid)[1]}{row}", communes, styles("small", "center", "grey", "box"))


def _total(page: Page, sheet: Worksheet, grid: GridPlan, cells: Cells, table: RowTable, styles: Styles) -> None:
    """The live total, and beside it whether it is that of the summary."""
    first, last, row = grid.grid.first, grid.grid.last, grid.grid.total
    sheet.set_row(row - 1, 21)
    put(sheet, f"A{row}", None, styles("total", "box"))
    put(sheet, f"B{row}", grid.block.total, styles("total", "indent", "box"))
    agree = []
    for indicator in table.indicators:
        letters = grid.grid.columns[indicator.id]
        area, now = f"{letters}{first}:{letters}{last}", page.summary.totals.get(indicator.id, NONE)
        by = page.summary.amounts.get(indicator.id, {})
        given = [a for code, a in by.items() if page.summary.commune_status[code] == "merged"]
        shown = _number(any(a.open for a in given), any(a.unconverted for a in given))
        formula = f'IF(COUNT({area})=0,"{NONE}",SUM({area}))'
        put_formula(sheet, f"{letters}{row}", formula, now, styles("total", "box", number=shown))
        agree.append(f"{letters}{row}={cells.at(indicator.id, cells.total)}")
    put_formula(
        sheet,
        f"{_beside(grid)[1]}{row}",
        f'IF(AND({",".join(agree)}),"{AGREES}","{DISAGREES}")',
        AGREES,
        styles("small"),
    )


def _number(is_open: bool, unconverted: bool) -> str:
    return ('"≥ "' if is_open else "") + COUNT + ('" !"' if unconverted else "")
