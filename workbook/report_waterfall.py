"""What the totals came from: the waterfall table of the sheet of changes, and one of them as a chart: that of the
form's first total where it moved, else the one that moved most."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import floor, log10

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from toolkit.addends import summed
from toolkit.bridge import Waterfall
from toolkit.form import Indicator
from workbook.report_page import HEAD, LINKED, MIDDLE, MUTED, QUIET, TOTAL, Page, live, merged, text

CHANGES = "THAY ĐỔI"
COLUMNS = 11  # of the sheet
SIGNED = "+#,##0;−#,##0;0"

_STEPS = ("Lần trước", "Xã thêm vào", "Xã rút ra", "Ô đã đổi", "Cách tính chung", "Lần này", "Thay đổi")
_FIRST = 4  # column of the first step
_AFTER = _FIRST + 5
_HELPER = COLUMNS + 1  # first column of the figures behind the chart, outside the printed page
_CHART_ROWS = 18


def waterfalls(page: Page, sheet: Worksheet, row: int, totals: Sequence[Waterfall]) -> int:
    """A line a total: the steps are written, what they come to is a formula. Returns the next free row."""
    signed = page.styles(num_format=SIGNED)
    plain = page.styles()
    section(page, sheet, row, f"TỔNG CỦA TỈNH ĐÃ ĐỔI ({len(totals)})")
    head = page.styles(bold=True, bg_color=HEAD, align="center", text_wrap=True)
    text(sheet, row + 1, 0, "TT", head)
    merged(sheet, row + 1, 1, row + 1, 3, "Chỉ tiêu", head)
    for column, name in enumerate(_STEPS, _FIRST):
        text(sheet, row + 1, column, name, head)
    sheet.set_row(row + 1, 34)
    rows: dict[str, int] = {}
    for at, waterfall in enumerate(totals, row + 2):
        rows[waterfall.indicator] = at
        sheet.write_number(at, 0, at - row - 1, page.styles(align="center"))
        merged(sheet, at, 1, at, 3, page.form.indicator(waterfall.indicator).name, plain)
        number(sheet, at, _FIRST, waterfall.before, page.styles(num_format=_marked(waterfall.open_before)))
        for column, step in enumerate(_steps(waterfall), _FIRST + 1):
            sheet.write_number(at, column, step, signed)
        before, after = xl_rowcol_to_cell(at, _FIRST), xl_rowcol_to_cell(at, _AFTER)
        if waterfall.after is None:
            text(sheet, at, _AFTER, "–", page.styles(bold=True, bg_color=TOTAL, align="right"))
        else:
            strong = page.styles(num_format=_marked(waterfall.open), bold=True, bg_color=TOTAL)
            live(sheet, at, _AFTER, f"SUM({xl_range(at, _FIRST, at, _AFTER - 1)})", waterfall.after, strong)
        live(sheet, at, _AFTER + 1, f"SUM({after})-SUM({before})", waterfall.net, page.styles(num_format=SIGNED))
    main = summed(page.form)[0].id  # of dossiers: what everybody asks for first

    def telling(waterfall: Waterfall) -> tuple[bool, bool, int]:
        moved = _moved(waterfall)
        money = page.form.indicator(waterfall.indicator).kind == "amount"
        return waterfall.indicator == main and moved > 0, not money, moved

    most = max(totals, key=telling)
    row += 2 + len(totals)
    if not _moved(most):
        return row
    _chart(page, sheet, row + 1, page.form.indicator(most.indicator), most, rows[most.indicator])
    return row + _CHART_ROWS


def section(page: Page, sheet: Worksheet, row: int, title: str) -> None:
    text(sheet, row, 0, title, page.styles(plain=True, bold=True, font_size=13))
    sheet.set_row(row, 22)


def number(
    sheet: Worksheet, row: int, column: int, value: int | Decimal | None, style: Format, none: str = "–"
) -> None:
    if value is None:
        text(sheet, row, column, none, style)
    else:
        sheet.write_number(row, column, value if isinstance(value, int) else float(value), style)


def _chart(page: Page, sheet: Worksheet, row: int, indicator: Indicator, waterfall: Waterfall, at: int) -> None:
    """One total step by step, over figures that follow the line of the table (row ``at``)."""
    muted = page.styles(plain=True, font_color=MUTED, font_size=9)
    figure = page.styles(plain=True, font_color=MUTED, font_size=9, num_format="#,##0")
    text(sheet, row, _HELPER, f"Số vẽ biểu đồ: {indicator.name}", muted)
    for column, name in enumerate(("Bước", "Nền", "Tổng", "Tăng", "Giảm", "Cộng dồn", "Đỉnh"), _HELPER):
        text(sheet, row + 1, column, name, muted)
    steps = _steps(waterfall)
    running = [waterfall.before or 0]
    for n, name in enumerate(_STEPS[:6]):
        line = row + 2 + n
        text(sheet, line, _HELPER, name, muted)
        source = xl_rowcol_to_cell(at, _FIRST + n)
        so_far, last = xl_rowcol_to_cell(line, _HELPER + 5), xl_rowcol_to_cell(line - 1, _HELPER + 5)
        if n in (0, 5):
            total = running[-1]
            whole = (f"SUM({source})", total)
            formulas = (("0", 0), whole, ("0", 0), ("0", 0), whole, whole)
        else:
            step = steps[n - 1]
            running.append(running[-1] + step)
            formulas = (
                (f"MIN({last},{so_far})", min(running[-2:])),
                ("0", 0),
                (f"MAX({source},0)", max(step, 0)),
                (f"MAX(-{source},0)", max(-step, 0)),
                (f"{last}+{source}", running[-1]),
                (f"MAX({last},{so_far})", max(running[-2:])),
            )
        for column, (formula, value) in enumerate(formulas, _HELPER + 1):
            if formula == "0":
                sheet.write_number(line, column, 0, figure)
            else:
                live(sheet, line, column, formula, value, figure)
    least = _axis(running)
    title = f"{indicator.name}: từ lần trước đến lần này"
    if least:
        title += f" (trục dọc bắt đầu từ {_told(least, '')})"
    _draw(page, sheet, row, waterfall, title, least)


def _draw(page: Page, sheet: Worksheet, row: int, waterfall: Waterfall, title: str, least: int) -> None:
    """Columns that hang where the one before ended; above each, what stands in the table."""
    font = {"name": "Times New Roman", "size": 11}
    chart = page.workbook.add_chart({"type": "column", "subtype": "stacked"})

    def series(column: int) -> dict[str, object]:
        return {
            "name": [CHANGES, row + 1, column],
            "categories": f"='{CHANGES}'!{xl_range_abs(row + 2, _HELPER, row + 7, _HELPER)}",
            "values": f"='{CHANGES}'!{xl_range_abs(row + 2, column, row + 7, column)}",
        }

    for column, fill in enumerate(
        ({"none": True}, {"color": QUIET}, {"color": LINKED}, {"color": MIDDLE}), _HELPER + 1
    ):
        chart.add_series({**series(column), "fill": fill, "border": {"none": True}, "gap": 60})
    told = [{"value": _told(waterfall.before or 0, "")}, *({"value": _told(step, "+")} for step in _steps(waterfall))]
    told.append({"value": _told(waterfall.after or 0, "")})  # words, because LibreOffice shows no label that is a cell
    tops = page.workbook.add_chart({"type": "line"})
    labels = {"value": True, "custom": told, "position": "above", "font": font}
    tops.add_series({**series(_HELPER + 6), "line": {"none": True}, "data_labels": labels})
    chart.combine(tops)
    chart.set_title({"name": title, "name_font": {**font, "size": 13}, "overlay": False})
    chart.set_legend({"none": True})
    chart.set_x_axis({"num_font": font, "major_tick_mark": "none"})
    grid = {"visible": True, "line": {"color": "#E3E8ED"}}
    chart.set_y_axis({"min": least, "num_font": font, "num_format": "#,##0", "major_gridlines": grid})
    chart.set_size({"width": 1180, "height": 330})
    chart.set_chartarea({"border": {"none": True}})
    sheet.insert_chart(row, 1, chart)


def _marked(is_open: bool) -> str:
    """As the summary sheet shows a total of which a part is blank."""
    return ('"≥ "' if is_open else "") + "#,##0"


def _moved(waterfall: Waterfall) -> int:
    """How much moved in all, up or down."""
    return sum(map(abs, _steps(waterfall)))


def _steps(waterfall: Waterfall) -> tuple[int, ...]:
    return waterfall.came, waterfall.left, waterfall.cells, waterfall.convention


def _told(number: int, sign: str) -> str:
    return f"{number:{sign if number else ''},}".replace(",", ".").replace("-", "−")


def _axis(running: Sequence[int]) -> int:
    """Where the axis begins: at 0, or higher where the steps would not be seen beside the total."""
    low, high = min(running), max(running)
    if high - low > high / 5:
        return 0
    unit: int = 10 ** floor(log10(high - low))
    return max((low - (high - low + 1) // 2) // unit * unit, 0)
