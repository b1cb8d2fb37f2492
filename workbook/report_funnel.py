"""Funnel charts: each commune a point, its number of dossiers to the right, its rate upwards, between exact limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil, floor
from typing import Any

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from toolkit.peers import FEWEST, LIMITS, Standing, band, sizes
from workbook.report_page import BAD, COMPARE, FONT, MIDDLE, MUTED, QUIET, Page, live, shortened, text

WIDTH = 660  # pixels
Limits = Callable[[str, str, float], tuple[str, str]]
"""Number and rate as Excel text, risk -> the limits as Excel text."""

_HELP = 15  # first column of the points of the curves, right of everything printed
_NAMED = 6  # points outside whose names are shown at most
_APART = (0.2, 0.09)  # of the chart's width and height, so that names do not cover each other
_ROW = 20  # pixels
_POINTS = (
    (("higher", "lower"), "Ngoài mức ngẫu nhiên", BAD, 7),
    (("watch",), "Hơi lệch", MIDDLE, 6),
    (("within", "few"), "Trong giới hạn", QUIET, 5),
)
_CURVES = ("Số hồ sơ", "95%: từ", "95%: đến", "99,8%: từ", "99,8%: đến", "Mức chung")


@dataclass(frozen=True, slots=True)
class Funnel:
    """The communes of one look that share their peers."""

    look: str
    peers: str  # kind, "" the province
    start: int  # place of the first among all standings
    members: tuple[Standing, ...]  # as the table has them: outside first

    @property
    def rate(self) -> float:
        return self.members[0].rate or 0.0


def funnels(standing: Sequence[Standing]) -> tuple[Funnel, ...]:
    """A funnel for each look and each group of peers that is large enough to show something."""
    out, start = [], 0
    for (look, peers), members in groupby(standing, key=lambda s: (s.look, s.peers)):
        of = tuple(members)
        if peers is not None and len(of) >= FEWEST:
            out.append(Funnel(look, peers, start, of))
        start += len(of)
    return tuple(out)


def tall(shown: Sequence[Funnel]) -> int:
    """Rows that a chart covers: all of them on one printed page, two side by side."""
    return 20 if len(shown) <= 4 else 15


def draw(
    page: Page,
    sheet: Worksheet,
    funnel: Funnel,
    number: int,
    at: tuple[int, int],
    title: str,
    first: int,
    columns: tuple[int, int, int],
    rows_tall: int,
    limits: Limits,
) -> None:
    """One chart at the cell ``at``. ``first``: row of the first standing of the table, whose ``columns`` hold number,
    rate and peers' rate;"""
    n_column, rate_column, peers_column = columns
    least = min(s.n or 0 for s in funnel.members)
    points = [n for n in sizes(round(1.05 * max(s.n or 0 for s in funnel.members))) if n >= min(0.6 * least, 20)]
    points = points or [1]
    column = _HELP + number * (len(_CURVES) + 1)
    rate = xl_rowcol_to_cell(first + funnel.start, peers_column, True, True)
    rows = _curves(page, sheet, funnel, column, title, points, rate, limits)
    chart = page.workbook.add_chart({"type": "scatter", "subtype": "straight"})

    def area(of: int) -> str:
        return f"='{COMPARE}'!{xl_range_abs(rows[0], column + of, rows[1], column + of)}"

    for of, name, look in (
        (1, "Giới hạn 95%", {"color": MUTED, "width": 1, "dash_type": "dash"}),
        (2, "95% trên", {"color": MUTED, "width": 1, "dash_type": "dash"}),
        (3, "Giới hạn 99,8%", {"color": MUTED, "width": 1.25}),
        (4, "99,8% trên", {"color": MUTED, "width": 1.25}),
        (5, "Mức chung", {"color": "#1F2A37", "width": 1}),
    ):
        chart.add_series(
            {"name": name, "categories": area(0), "values": area(of), "line": look, "marker": {"type": "none"}}
        )
    place = funnel.start
    for verdicts, name, colour, size in _POINTS:
        members = [s for s in funnel.members if s.verdict in verdicts]
        if members:
            top = first + place
            xs, ys = (
                f"='{COMPARE}'!{xl_range_abs(top, c, top + len(members) - 1, c)}" for c in (n_column, rate_column)
            )
            series: dict[str, Any] = {
                "name": name,
                "categories": xs,
                "values": ys,
                "line": {"none": True},
                "marker": {
                    "type": "circle",
                    "size": size,
                    "fill": {"color": colour},
                    "border": {"color": "#FFFFFF", "width": 0.5},
                },
            }
            if verdicts[0] == "higher":
                series["data_labels"] = _labels(page, funnel, members)
            chart.add_series(series)
        place += len(members)
    low, high = _range(funnel)
    _look(chart, title, low, high, max(points))
    chart.set_size({"width": WIDTH, "height": rows_tall * _ROW - 6})
    sheet.insert_chart(*at, chart, {"object_position": 2, "x_offset": 4, "y_offset": 2})


def _curves(
    page: Page,
    sheet: Worksheet,
    funnel: Funnel,
    column: int,
    title: str,
    points: Sequence[int],
    rate: str,
    limits: Limits,
) -> tuple[int, int]:
    """The points of the limits, live. Returns their first and last row."""
    muted = page.styles(plain=True, font_size=9, font_color=MUTED)
    percent = page.styles(plain=True, font_size=9, font_color=MUTED, num_format="0.00%")
    text(sheet, 2, column, f"Số liệu vẽ giới hạn: {title}", muted)
    for of, head in enumerate(_CURVES):
        text(sheet, 3, column + of, head, muted)
    for row, n in enumerate(points, 4):
        sheet.write_number(row, column, n, muted)
        cell = xl_rowcol_to_cell(row, column)
        for at, risk in enumerate(LIMITS):
            inside = band(n, funnel.rate, risk)
            for of, (formula, now) in enumerate(zip(limits(cell, rate, risk), inside, strict=True)):
                live(sheet, row, column + 1 + 2 * at + of, f"({formula})/{cell}", now / n, percent)
        live(sheet, row, column + 5, rate, funnel.rate, percent)
    return 4, 3 + len(points)


def _labels(page: Page, funnel: Funnel, members: Sequence[Standing]) -> Mapping[str, Any]:
    """Names of the farthest points, as far as they have room."""
    names = {p.code: shortened(p.name, 22) for p in page.summary.places}
    font = {"name": FONT, "size": 9, "color": "#A3271B"}
    low, high = _range(funnel)
    largest = max(s.n or 1 for s in funnel.members)
    taken: list[tuple[float, float]] = []
    custom: list[Mapping[str, Any]] = []
    for s in members:
        x, y = (s.n or 0) / largest, ((s.k or 0) / (s.n or 1) - low) / (high - low)
        free = all(abs(x - a) > _APART[0] or abs(y - b) > _APART[1] for a, b in taken)
        if free and len(taken) < _NAMED:
            taken.append((x, y))
            custom.append({"value": names[s.commune], "font": font})
        else:
            custom.append({"delete": True})
    return {"value": True, "custom": custom, "position": "right", "font": font}


def _range(funnel: Funnel) -> tuple[float, float]:
    """The least and greatest rate to show: all communes and the limits at a quarter of the way."""
    rates = [(s.k or 0) / (s.n or 1) for s in funnel.members]
    middle = sorted(s.n or 1 for s in funnel.members)[len(rates) // 4]
    inside = band(middle, funnel.rate, LIMITS[1])
    low, high = min(*rates, inside.low / middle), max(*rates, inside.high / middle)
    step = next(s for s in (0.005, 0.01, 0.02, 0.05, 0.1, 0.2) if s >= (high - low) / 6 or s == 0.2)
    return max(0.0, floor(low / step - 0.3) * step), min(1.0, ceil(high / step + 0.3) * step)


def _round(number: float) -> int:
    """The next number that reads well on an axis."""
    size = int(10 ** max(0, len(str(int(number))) - 2))
    return ceil(number / size) * size


def _look(chart: Any, title: str, low: float, high: float, largest: int) -> None:
    font = {"name": FONT, "size": 10}
    chart.set_title({"name": title, "name_font": {**font, "size": 12}, "overlay": False})
    grid = {"visible": True, "line": {"color": "#E3E8ED", "width": 0.5}}
    chart.set_x_axis(
        {"name": "Số hồ sơ", "name_font": {**font, "bold": False}, "num_font": font, "num_format": "#,##0"}
        | {"min": 0, "max": _round(1.2 * largest), "major_gridlines": {"visible": False}}
    )
    chart.set_y_axis(
        {"name": "Tỷ lệ", "name_font": {**font, "bold": False}, "num_font": font, "major_gridlines": grid}
        | {"num_format": "0.0%" if high - low < 0.05 else "0%", "min": low, "max": high, "crossing": low}
    )
    chart.set_legend({"position": "bottom", "font": font, "delete_series": [1, 3]})
    chart.set_chartarea({"border": {"color": "#C9D1DA"}, "fill": {"color": "#FFFFFF"}})
