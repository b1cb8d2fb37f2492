"""The sheets of scalars (one figure a line) and of records (registers)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from xlsxwriter.worksheet import Worksheet

from toolkit.excel import computed_cell
from toolkit.form import COUNT_KINDS, Indicator
from workbook.build_heading import period_text, reporter_text
from workbook.build_plan import RECORDS_HEADER, RECORDS_LAST, SCALARS_HEADER, Line, Plan, RecordsPlan
from workbook.build_stored import Evaluated
from workbook.build_typing import (
    allow,
    flag_count_faults,
    flag_date_faults,
    flag_fractions,
    flag_overtyped,
    flag_rate_faults,
    parts_of,
)
from workbook.plain_sheet import PlainSheet
from workbook.styles import (
    ROW,
    Styles,
    fit_row,
    merge,
    number_format,
    page,
    page_breaks,
    protect,
    put,
    put_formula,
    row_height,
)

COLUMNS = (("STT", 6), ("Chỉ tiêu", 56), ("Đơn vị tính", 14), ("Số liệu", 20), ("Ghi chú", 34), ("Mã", 26))
_PRINTED = 5  # of these columns
_BANNER_HEIGHT, _HEADER_HEIGHT, _SECTION_HEIGHT = 30, 24, 27
PAGE_WIDTH = 190  # characters that still print legibly on one A4 landscape page


def write_scalars(sheet: Worksheet, plan: Plan, title: str, filled: Evaluated, styles: Styles) -> None:
    """Fills one sheet of scalars; blocks that share it stand one below the other."""
    lines = plan.lines[title]
    page(sheet, landscape=False, title=title)
    _banner(sheet, plan, filled, styles, plan.form.title.upper(), "A{0}:E{0}")
    for number, (heading, width) in enumerate(COLUMNS):
        sheet.set_column(number, number, width)
        style = styles("head") if number < _PRINTED else styles("small", "muted", "center")
        put(sheet, f"{'ABCDEF'[number]}{SCALARS_HEADER}", heading, style)
    sheet.set_row(SCALARS_HEADER - 1, _HEADER_HEIGHT)
    for line in lines:
        if line.indicator is None:
            sheet.set_row(line.row - 1, _SECTION_HEIGHT)
            merge(sheet, f"A{line.row}:E{line.row}", line.text, styles("section", "left"))
        else:
            _scalar(sheet, plan, line, line.indicator, filled, styles)
    _scalars_while_typing(sheet, plan, title, styles)
    sheet.print_area(f"A1:E{lines[-1].row}")
    sheet.set_h_pagebreaks(_breaks(lines, filled))
    sheet.repeat_rows(SCALARS_HEADER - 1)
    sheet.freeze_panes(SCALARS_HEADER, 0)
    sheet.set_selection(next(f"D{x.row}" for x in lines if x.indicator and not x.indicator.equals))
    protect(sheet)


def scalar_names(plan: Plan, title: str) -> Iterator[tuple[str, str]]:
    """(defined name, address) of each figure of a scalars sheet."""
    for line in plan.lines[title]:
        if line.indicator:
            yield plan.name(line.indicator.id), f"{_quoted(title)}!$D${line.row}"


def write_records(sheet: PlainSheet, plan: Plan, records: RecordsPlan, filled: Evaluated, styles: Styles) -> None:
    """Fills the sheet of one register: open columns, so that thousands of rows can be pasted."""
    block, last = records.block, list(records.columns.values())[-1]
    widths = {i.id: i.width or 18 for i in block.indicators}
    pages = 1 if sum(widths.values()) <= PAGE_WIDTH else 2
    page(sheet, landscape=True, title=block.title, wide=pages)
    sheet.hide_gridlines(1)
    sheet.open_columns(len(widths), styles("open"))  # so that whole rows can be deleted
    for indicator in block.indicators:
        letters = records.columns[indicator.id]
        sheet.set_column(f"{letters}:{letters}", widths[indicator.id], _field(indicator, styles))
    # on a second page the first column is repeated: a title that starts in it would be cut there
    _banner(sheet, plan, filled, styles, block.title, "A{0}" if pages == 1 else "B{0}", block.help)
    fit_row(sheet, RECORDS_HEADER, *((i.label, widths[i.id] - 3) for i in block.indicators), least=27)
    for indicator in block.indicators:
        letters = records.columns[indicator.id]
        put(sheet, f"{letters}{RECORDS_HEADER}", indicator.label, styles("head"))
        area = f"{letters}{records.first}:{letters}{RECORDS_LAST}"
        allow(sheet, area, indicator)
        if indicator.kind == "date":
            period = (plan.name("tu_ngay"), plan.name("den_ngay")) if indicator.within else None
            flag_date_faults(sheet, area, styles, period)
        elif indicator.kind in COUNT_KINDS:
            flag_count_faults(sheet, area, styles)
            flag_fractions(sheet, area, styles)
        elif indicator.kind == "rate":
            flag_rate_faults(sheet, area, styles)
        if indicator.required:
            row = records.first
            missing = f"=AND(LEN(TRIM({letters}{row}))=0,COUNTA($A{row}:${last}{row})>0)"
            look = styles.rule("warn", "frame")
            sheet.conditional_format(area, {"type": "formula", "criteria": missing, "format": look})
    used = f"=COUNTA($A{records.first}:${last}{records.first})>0"
    whole = f"A{records.first}:{last}{RECORDS_LAST}"
    sheet.conditional_format(whole, {"type": "formula", "criteria": used, "format": styles.rule("frame")})
    for row, given in enumerate(filled.values.records.get(block.id, ()), start=records.first):
        texts = [(value, widths[id_]) for id_, value in given.items() if isinstance(value, str)]
        if any(len(text) > width for text, width in texts):
            fit_row(sheet, row, *texts)
        for indicator in block.indicators:
            if indicator.id in given:
                put(sheet, f"{records.columns[indicator.id]}{row}", given[indicator.id], _field(indicator, styles))
    sheet.autofilter(f"A{RECORDS_HEADER}:{last}{records.last}")
    sheet.repeat_rows(RECORDS_HEADER - 1)
    sheet.repeat_columns(0)
    sheet.freeze_panes(RECORDS_HEADER, 1 if widths[block.indicators[0].id] <= 30 else 0)
    sheet.set_selection(f"A{records.first}")
    protect(sheet, rows=True)


def record_names(plan: Plan, records: RecordsPlan) -> Iterator[tuple[str, str]]:
    """(defined name, address) of a register and its columns, prepared rows only."""
    sheet, first, last = _quoted(records.block.sheet), records.first, records.last
    letters = list(records.columns.values())
    yield plan.name(records.block.id), f"{sheet}!${letters[0]}${first}:${letters[-1]}${last}"
    for id_, column in records.columns.items():
        yield plan.name(records.block.id, id_), f"{sheet}!${column}${first}:${column}${last}"


def _banner(
    sheet: Worksheet, plan: Plan, filled: Evaluated, styles: Styles, title: str, across: str, note: str = ""
) -> None:
    """Title, unit, period (and a note) over the columns ``across``."""
    reporter, reporter_now = reporter_text(plan, filled)
    period, period_now = period_text(plan, filled)
    side = "center" if ":" in across else "left"
    sheet.set_row(0, _BANNER_HEIGHT)
    merge(sheet, across.format(1), title, styles("banner", side))
    sep = '"    "&'
    merge(
        sheet,
        across.format(2),
        f"{period_now}    {reporter_now}",
        styles("italic", side),
        f"{period}&{sep}{reporter}",
    )
    merge(sheet, across.format(3), note or None, styles("small", "italic", "muted", side))


def _scalar(sheet: Worksheet, plan: Plan, line: Line, indicator: Indicator, filled: Evaluated, styles: Styles) -> None:
    row = line.row
    value = filled.values.scalars.get(indicator.id)
    unit = plan.form.units[indicator.unit].label if indicator.unit else None
    kind = "computed" if indicator.equals else "input"
    style = styles(kind, "box", number=number_format(indicator, value))
    put(sheet, f"A{row}", line.number, styles("center", "box"))
    put(sheet, f"B{row}", line.text, styles("wrap", "indent", "box"))
    put(sheet, f"C{row}", unit, styles("center", "box"))
    if indicator.equals and value is None:
        text = computed_cell(plan.form, indicator, plan.layout)
        put_formula(sheet, f"D{row}", text, filled.number(indicator.block, "", indicator.id), style)
    else:
        put(sheet, f"D{row}", value, style)
    put(sheet, f"E{row}", filled.values.notes.get(indicator.id), styles("input", "wrap", "indent", "box"))
    fit_row(sheet, row, *_wrapped(line, indicator, filled))
    put(sheet, f"F{row}", indicator.id, styles("small", "muted", "indent"))


def _wrapped(line: Line, indicator: Indicator, filled: Evaluated) -> tuple[tuple[str, float], ...]:
    """The texts of a line that may take several, each with its width."""
    return (line.text, COLUMNS[1][1] - 2), (filled.values.notes.get(indicator.id, ""), COLUMNS[4][1] - 2)


def _breaks(lines: tuple[Line, ...], filled: Evaluated) -> list[int]:
    """Rows after which a printed page ends: between blocks, so that none is torn apart."""
    starts, heights = [lines[0].row], [0.0]
    for line in lines:
        if line.indicator is None and line.row > starts[-1]:
            starts.append(line.row)
            heights.append(0.0)
        heights[-1] += row_height(*_wrapped(line, line.indicator, filled)) if line.indicator else _SECTION_HEIGHT
    widths = [width for _, width in COLUMNS[:_PRINTED]]
    head = _BANNER_HEIGHT + (SCALARS_HEADER - 2) * ROW + _HEADER_HEIGHT
    ends = page_breaks(widths, head, heights, 0, _HEADER_HEIGHT, landscape=False)
    return [starts[end] - 1 for end in ends]


def _scalars_while_typing(sheet: Worksheet, plan: Plan, title: str, styles: Styles) -> None:
    for (_, _, computed), area, first in _alike(plan.lines[title]):
        if not computed:
            allow(sheet, area, first)
    for (kind, _, _), area, _ in _alike(plan.lines[title]):
        if kind in COUNT_KINDS:
            flag_count_faults(sheet, area, styles)
            flag_fractions(sheet, area, styles)
        elif kind == "rate":
            flag_rate_faults(sheet, area, styles)
        elif kind == "date":
            flag_date_faults(sheet, area, styles, None)
    for line in plan.lines[title]:
        if line.indicator and line.indicator.equals:
            parts = [plan.layout.scalars[id_][1] for id_ in parts_of(line.indicator)]
            flag_overtyped(sheet, f"D{line.row}", computed_cell(plan.form, line.indicator, plan.layout), parts, styles)
    for rule in plan.form.rules:
        ids = {term.id for side in (rule.holds.left, rule.holds.right) for term, _ in side.terms}
        cells = [f"D{x.row}" for x in plan.lines[title] if x.indicator and x.indicator.id in ids]
        if cells and not rule.block:
            fault = styles.rule("wrong" if rule.severity == "error" else "warn")
            broken = f"=N({plan.name('kt', rule.id)})<>0"
            options = {"type": "formula", "criteria": broken, "format": fault, "multi_range": " ".join(cells)}
            sheet.conditional_format(cells[0], options)


def _alike(lines: tuple[Line, ...]) -> Iterator[tuple[tuple[str, object, bool], str, Indicator]]:
    """Neighbouring lines that take the same kind of value with the same help: one validation for all of them."""

    def sort(line: Line) -> tuple[str, object, bool] | None:
        i = line.indicator
        if i is None:
            return None
        # an input message carries the indicator's name, so cells with one cannot share it
        return i.kind, (i.help, i.choices, i.id if i.help or i.kind == "rate" else ""), bool(i.equals)

    for alike, group in groupby(lines, key=sort):
        members = list(group)
        first = members[0].indicator
        if alike and first:
            yield alike, f"D{members[0].row}:D{members[-1].row}", first


def _field(indicator: Indicator, styles: Styles) -> object:
    traits = ["open", "top", "wrap"] if indicator.kind in ("text", "code", "choice") else ["open", "top"]
    return styles(*traits, *(["center"] if indicator.kind == "date" else []), number=number_format(indicator))


def _quoted(title: str) -> str:
    return "'" + title.replace("'", "''") + "'"
