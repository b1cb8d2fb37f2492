"""The charts of the overview: native, drawn from cells, with their words large enough for print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from workbook.report_fields import ONLY_TOTAL, Fields
from workbook.report_page import (
    BAD,
    FONT,
    GOOD,
    LINKED,
    MIDDLE,
    MUTED,
    OVERVIEW,
    QUIET,
    Page,
    live,
    shortened,
    text,
)

IN_TIME, LATE = ("truoc_han", "dung_han"), "qua_han"
MOST_FIELDS = 8
_HELP = 14  # first column of figures that only a chart needs, right of the printed page
_PIXELS = 4 / 3  # of a point
_COLUMN = 69  # pixels
_FONT = {"name": FONT, "size": 10}
_LABELLED = {"x": 0.4, "y": 0.03, "width": 0.56, "height": 0.72}  # room for labels: LibreOffice leaves out wrapped ones
_RING = (GOOD, BAD, MIDDLE, "#C3CAD2")  # merged, returned, off period, missing


def status_chart(page: Page, sheet: Worksheet, at: tuple[int, int], rows: tuple[int, int], height: float) -> None:
    """A ring of the communes by what became of them; labels in column 0, counts in column 3."""
    if not page.summary.places:
        return
    chart = page.workbook.add_chart({"type": "doughnut"})
    chart.add_series(
        {
            "name": "Số xã, phường",
            "categories": f"='{OVERVIEW}'!{xl_range_abs(rows[0], 0, rows[1], 0)}",
            "values": f"='{OVERVIEW}'!{xl_range_abs(rows[0], 3, rows[1], 3)}",
            "points": [{"fill": {"color": c}, "border": {"color": "#FFFFFF"}} for c in _RING],
            "data_labels": {"value": True, "num_format": "0;;", "font": {**_FONT, "size": 11, "bold": True}},
        }
    )
    chart.set_title({"none": True})
    chart.set_legend({"position": "right", "font": _FONT})
    chart.set_hole_size(55)
    _place(sheet, chart, at, 5 * _COLUMN - 8, height)


def fields_chart(page: Page, sheet: Worksheet, fields: Fields | None, at: tuple[int, int], height: float) -> None:
    """Finished dossiers of the lĩnh vực with most late ones: late at the axis, in time beyond it."""
    title = "Đã giải quyết theo lĩnh vực: quá hạn và trong hạn"
    heading = page.styles(plain=True, bold=True, font_size=12, font_color=LINKED, bottom=1, bottom_color=LINKED)
    for column in range(at[1], 12):
        sheet.write_blank(at[0], column, None, heading)
    text(sheet, at[0], at[1], title, heading)
    chosen = _fields(fields) if fields else []
    if not fields or not chosen:
        text(sheet, at[0] + 1, at[1], "Chưa có số liệu theo lĩnh vực.", page.styles(plain=True))
        return
    muted = page.styles(plain=True, font_size=9, font_color=MUTED, num_format="#,##0")
    first = at[0] + 1
    for column, words in enumerate(("Số liệu vẽ biểu đồ", "Quá hạn", "Trước và đúng hạn"), _HELP):
        text(sheet, at[0], column, words, muted)
    for row, (label, late, in_time) in enumerate(chosen, first):
        text(sheet, row, _HELP, shortened(label, 36), muted)
        cells = [f"'{fields.sheet}'!{fields.columns[i]}{fields.rows[label]}" for i in (LATE, *IN_TIME)]
        live(sheet, row, _HELP + 1, f"SUM({cells[0]})", late, muted)
        live(sheet, row, _HELP + 2, f"SUM({','.join(cells[1:])})", in_time, muted)
    last = first + len(chosen) - 1
    chart = page.workbook.add_chart({"type": "bar", "subtype": "stacked"})
    for column, name, colour in (
        (_HELP + 1, "Quá hạn", BAD),
        (_HELP + 2, "Trước và đúng hạn", "#A9CDB6"),
    ):
        series: dict[str, Any] = {
            "name": name,
            "categories": f"='{OVERVIEW}'!{xl_range_abs(first, _HELP, last, _HELP)}",
            "values": f"='{OVERVIEW}'!{xl_range_abs(first, column, last, column)}",
            "fill": {"color": colour},
            "gap": 45,
        }
        if colour == BAD:
            font = {**_FONT, "bold": True, "color": "#5A1A14"}
            series["data_labels"] = {"value": True, "num_format": "#,##0;;", "position": "inside_base", "font": font}
        chart.add_series(series)
    _bars(chart, "Số hồ sơ", max(late + in_time for _, late, in_time in chosen))
    chart.set_plotarea({"layout": _LABELLED})
    _place(sheet, chart, (first, at[1]), (12 - at[1]) * _COLUMN, height)


def late_chart(
    page: Page, sheet: Worksheet, at: tuple[int, int], rows: tuple[int, int], names: Sequence[str], most: int
) -> None:
    """Overdue dossiers of the communes listed beside: labels in column 0, figures from column 3 on, ``most`` of one."""
    chart = page.workbook.add_chart({"type": "bar", "subtype": "stacked"})
    for column, (name, colour) in enumerate(zip(names, (BAD, MIDDLE), strict=False), 3):
        chart.add_series(
            {
                "name": name,
                "categories": f"='{OVERVIEW}'!{xl_range_abs(rows[0], 0, rows[1], 0)}",
                "values": f"='{OVERVIEW}'!{xl_range_abs(rows[0], column, rows[1], column)}",
                "fill": {"color": colour},
                "gap": 45,
            }
        )
    _bars(chart, "Số hồ sơ", most)
    height = 44 + 17 * (rows[1] - rows[0] + 1)
    _place(sheet, chart, at, (12 - at[1]) * _COLUMN, max(height, 130))


def _fields(fields: Fields) -> list[tuple[str, int, int]]:
    """The lĩnh vực to draw: (label, late, in time), most late first, then the largest."""
    table = fields.table
    known = {i.id for i in table.indicators}
    if not {LATE, *IN_TIME} <= known:
        return []
    found = []
    for label in (*table.rows, ONLY_TOTAL):
        given = table.only_total if label == ONLY_TOTAL else {i: table.cells.get((label, i)) for i in known}
        late, *others = ((c.amount if (c := given.get(i)) else 0) for i in (LATE, *IN_TIME))
        if late + sum(others) > 0:
            found.append((label, late, sum(others)))
    return sorted(found, key=lambda f: (-f[1], -f[2]))[:MOST_FIELDS]


def _bars(chart: Any, unit: str, most: int) -> None:
    chart.set_title({"none": True})
    chart.set_legend({"position": "bottom", "font": _FONT})
    chart.set_y_axis(
        {"reverse": True, "num_font": _FONT, "line": {"color": QUIET}, "major_tick_mark": "none"} | {"crossing": "max"}
    )
    grid = {"visible": True, "line": {"color": "#E3E8ED", "width": 0.5}}
    chart.set_x_axis(
        {"name": unit, "name_font": {**_FONT, "bold": False}, "num_font": _FONT, "num_format": "#,##0", "min": 0}
        | {"major_unit": _step(most)}
        | {"major_gridlines": grid, "line": {"none": True}}
    )


def _step(most: int) -> int:
    """The distance of the marks of an axis: few enough to stand side by side."""
    size = 10 ** max(0, len(str(most)) - 1)
    return next(s for s in (size // 5 or 1, size // 2 or 1, size, 2 * size, 5 * size) if most / s <= 5)


def _place(sheet: Worksheet, chart: Any, at: tuple[int, int], width: int, height: float) -> None:
    chart.set_size({"width": width, "height": round(height * _PIXELS) - 4})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    sheet.insert_chart(*at, chart, {"object_position": 2, "x_offset": 4, "y_offset": 2})
