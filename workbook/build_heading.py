"""What stands around the figures of a grid: heading block, header rows, signatures; and the lines that name unit
and period, which other sheets repeat."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from xlsxwriter.worksheet import Worksheet

from toolkit.excel import column_letters, column_number, condition
from toolkit.form import Indicator
from workbook.build_plan import GRID_FIRST, GridPlan, Plan, rules_of
from workbook.build_stored import Evaluated
from workbook.styles import ROW, Styles, merge, put, row_height

HEADER, NUMBERS = GRID_FIRST - 4, GRID_FIRST - 1  # first header row, row of the column numbers
HEADING_HEIGHTS = (33, 33, 20, ROW)  # points, of the rows above the header
HEADING_HEIGHT = sum(HEADING_HEIGHTS)
FOOT_ROWS = 9  # below the total row: place and day, signatures, room to sign
FOOT_HEIGHT = FOOT_ROWS * ROW
LABEL_WIDTH = 39
WIDE = 8  # printed columns from which heading blocks stand side by side
NUMBER_HEADING, CHECK_HEADING, HELPER_HEADING = "STT", "Kiểm tra: ✓ khớp · lệch · ? chưa đủ số liệu", "Ô phụ"
REPORTER, RECEIVER, UNIT = "- Đơn vị báo cáo: ", "- Đơn vị nhận báo cáo: ………………", "Đơn vị tính: "
PERIOD, FROM, TO, NO_PERIOD = "Kỳ báo cáo: ", "từ ngày ", " đến ngày ", "……………………"
ACCORDING_TO = "Theo "
PLACE_AND_DAY = "…………, ngày …… tháng …… năm ……"
SIGNATURES = (("NGƯỜI LẬP BIỂU", "(Ký, ghi rõ họ tên)"), ("THỦ TRƯỞNG ĐƠN VỊ", "(Ký, ghi rõ họ tên, đóng dấu)"))


def write_heading(sheet: Worksheet, plan: Plan, grid: GridPlan, filled: Evaluated, styles: Styles) -> None:
    """Form code, title, period, unit and receiver above the table."""
    last = column_number(grid.last_printed)
    block = grid.block
    reference = f"{ACCORDING_TO}{block.source[:1].lower()}{block.source[1:]}" if block.source else ""
    units = {plan.form.units[i.unit].label for i in grid.printed if i.unit}
    unit = UNIT + units.pop() if len(units) == 1 else ""
    period, period_now = period_text(plan, filled)
    reporter, reporter_now = reporter_text(plan, filled)
    side = styles("small", "wrap")
    editable = styles("small", "wrap", "open")
    if last - 2 >= WIDE:
        middle = f"C{{0}}:{column_letters(last - 3)}{{1}}"
        right = f"{column_letters(last - 2)}{{0}}:{grid.last_printed}{{1}}"
        places = ("A1:B1", "A2:B2", middle.format(1, 2), middle.format(3, 3), right.format(1, 1), right.format(2, 2))
        unit_place = right.format(4, 4)
    else:
        right = f"C{{0}}:{grid.last_printed}{{0}}"
        places = ("A1:B1", right.format(1), f"A2:{grid.last_printed}2", "A4:B4", "A3:B3", right.format(3))
        unit_place = right.format(4)
    code, according, title, when, who, receiver = places
    for row, height in enumerate(HEADING_HEIGHTS[:3]):
        sheet.set_row(row, height)
    merge(sheet, code, block.code, styles("bold", "wrap"))
    merge(sheet, according, reference, styles("small", "italic", "wrap", "open", "top"))
    merge(sheet, title, block.title, styles("title"))
    merge(sheet, when, period_now, styles("italic", "center" if last - 2 >= WIDE else "left"), period)
    merge(sheet, who, reporter_now, side, reporter)
    merge(sheet, receiver, RECEIVER, editable)
    merge(sheet, unit_place, unit, styles("small", "italic", "right"))


def write_header(sheet: Worksheet, plan: Plan, grid: GridPlan, styles: Styles) -> None:
    """Three merged header rows and the row of column numbers; headings of controls, rules and helpers."""
    top, bottom = HEADER, HEADER + 2
    head, number = styles("head"), styles("small", "italic", "center", "box")
    for row, height in enumerate(header_heights(grid), top - 1):
        sheet.set_row(row, height)
    merge(sheet, f"A{top}:A{bottom}", NUMBER_HEADING, head)
    merge(sheet, f"B{top}:B{bottom}", grid.block.row_label, head)
    numbered = any(i.number for i in grid.printed)
    put(sheet, f"A{NUMBERS}", "(1)" if numbered else None, number)
    put(sheet, f"B{NUMBERS}", "(2)" if numbered else None, number)
    _headings(sheet, grid, grid.printed, head)
    for indicator in grid.printed:
        put(sheet, f"{grid.grid.columns[indicator.id]}{NUMBERS}", indicator.number or None, number)
    _headings(sheet, grid, grid.controls, styles("head", "small", "italic"))
    for indicator in grid.controls:
        put(sheet, f"{grid.grid.columns[indicator.id]}{NUMBERS}", None, number)
    note = styles("head", "small", "italic")
    if grid.rules:
        ends = list(grid.rules.values())
        merge(sheet, f"{ends[0]}{top}:{ends[-1]}{top}", CHECK_HEADING, note)
    for rule in rules_of(plan.form, grid.block.id):
        letters = grid.rules[rule.id]
        merge(sheet, f"{letters}{top + 1}:{letters}{NUMBERS}", rule.label, note)
        if rule.when:  # grey while the chosen settings do not ask for it
            sheet.conditional_format(
                f"{letters}{top + 1}:{letters}{NUMBERS}",
                {
                    "type": "formula",
                    "criteria": f"=NOT({condition(plan.form, rule.when)})",
                    "format": styles.rule("grey"),
                },
            )
    for indicator in grid.printed:
        if indicator.equals:
            letters = grid.grid.opens[indicator.id]
            merge(sheet, f"{letters}{top}:{letters}{NUMBERS}", f"{HELPER_HEADING}: {indicator.name}", note)


def write_foot(sheet: Worksheet, grid: GridPlan, styles: Styles) -> None:
    """Place and day, and where to sign."""
    last, row = column_number(grid.last_printed), grid.grid.total + 3
    right = column_letters(max(3, last - 4))
    sides = (("A", "B"), (right, grid.last_printed))
    merge(sheet, f"{right}{row - 1}:{grid.last_printed}{row - 1}", PLACE_AND_DAY, styles("italic", "center", "open"))
    for (first, end), (who, how) in zip(sides, SIGNATURES, strict=True):
        merge(sheet, f"{first}{row}:{end}{row}", who, styles("bold", "center"))
        merge(sheet, f"{first}{row + 1}:{end}{row + 1}", how, styles("small", "italic", "center"))
        merge(sheet, f"{first}{row + 6}:{end}{row + 6}", None, styles("bold", "center", "open"))


def period_text(plan: Plan, filled: Evaluated) -> tuple[str, str]:
    """Formula and value of the line that says the period; no locale-dependent TEXT()."""
    start, end = plan.name("tu_ngay"), plan.name("den_ngay")
    day = '"{0}"&DAY({1})&"/"&MONTH({1})&"/"&YEAR({1})'
    formula = (
        f'IF(COUNT({start},{end})<2,"{PERIOD}{NO_PERIOD}",{day.format(PERIOD + FROM, start)}&{day.format(TO, end)})'
    )
    a, b = filled.period.start, filled.period.end
    return formula, f"{PERIOD}{FROM}{a.day}/{a.month}/{a.year}{TO}{b.day}/{b.month}/{b.year}"


def reporter_text(plan: Plan, filled: Evaluated) -> tuple[str, str]:
    """Formula and value of the line that names the reporting unit."""
    return f'"{REPORTER}"&{plan.name("ten_don_vi")}', REPORTER + filled.unit_name


def column_width(indicator: Indicator) -> float:
    """Of a grid column, in characters."""
    return indicator.width or (12 if indicator.kind == "control" else 10.2)


def header_heights(grid: GridPlan) -> tuple[float, ...]:
    """Points that the three header rows and the row of column numbers take."""
    shown = (*grid.printed, *grid.controls)
    groups = Counter(i.group for i in shown)
    subgroups = Counter((i.group, i.subgroup) for i in shown)
    outer = ((i.group, column_width(i) * groups[i.group]) for i in shown)
    inner = ((i.subgroup, column_width(i) * subgroups[i.group, i.subgroup]) for i in shown)
    labels = ((i.label, column_width(i)) for i in shown)
    numbers = 16 if any(i.number for i in shown) else 6
    return (
        row_height(*outer, least=21),
        row_height(*inner, least=21),
        row_height(*labels, least=36),
        numbers,
    )


def _headings(sheet: Worksheet, grid: GridPlan, indicators: tuple[Indicator, ...], style: object) -> None:
    """Group, subgroup and label over three rows; what is empty is spanned by the label."""
    columns, top = grid.grid.columns, HEADER
    for group, members in groupby(indicators, key=lambda i: i.group):
        of_group = list(members)
        if group:
            merge(sheet, f"{columns[of_group[0].id]}{top}:{columns[of_group[-1].id]}{top}", group, style)
        for subgroup, inner in groupby(of_group, key=lambda i: i.subgroup):
            of_subgroup = list(inner)
            if subgroup:
                ends = f"{columns[of_subgroup[0].id]}{top + 1}:{columns[of_subgroup[-1].id]}{top + 1}"
                merge(sheet, ends, subgroup, style)
            start = top + 2 if subgroup else top + 1 if group else top
            for indicator in of_subgroup:
                letters = columns[indicator.id]
                merge(sheet, f"{letters}{start}:{letters}{top + 2}", indicator.label, style)
