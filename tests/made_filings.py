"""Filings made without a workbook, for tests of what comes after reading. Cells stand where a template has them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256

from toolkit.records import (
    DOSSIER_COLUMNS,
    TOTAL_ROW,
    Digest,
    Dossiers,
    Figure,
    Filing,
    Key,
    Origin,
    Period,
    Place,
    Province,
    Value,
)
from workbook.forms import load_form

FORM = load_form()
GRID = FORM.block("bieu_06a")
PROVINCE = Province("51", "Tỉnh Quảng Ngãi")
PLACES = tuple(Place(f"2100{n}", "Xã", name, "51") for n, name in enumerate(("An Phú", "Ba Gia", "Ba Vì", "Bờ Y")))
STRANGER = Place("00004", "Phường", "Ba Đình", "01")
UNLISTED = Place("21099", "Xã", "Sơn Hạ", "51")
PERIOD = Period(date(2025, 7, 1), date(2025, 9, 25))
ROWS = ("Hộ tịch", "Đất đai")

Cell = int | tuple[int, Origin]


def filing(
    place: Place | None = PLACES[0],
    rows: Mapping[str, Mapping[str, Cell]] | None = None,
    *,
    totals: Mapping[str, int] | None = None,
    scalars: Mapping[str, Value] | None = None,
    rut: str = "rieng",
    period: Period | None = PERIOD,
    file: str = "",
    content: str = "",
    ticked: frozenset[str] = frozenset(),
) -> Filing:
    """A report. ``rows``: lĩnh vực -> indicator -> number; ``totals``: numbers typed into the total row over its
    formulas. ``content`` tells two otherwise equal files apart; without it, equal figures are equal bytes."""
    given = {row: dict(cells) for row, cells in (rows or {}).items()}
    labels = tuple(given)
    figures: dict[Key, Figure] = {}
    for n, row in enumerate((*labels, TOTAL_ROW)):
        for column, indicator in enumerate(GRID.indicators, ord("C")):
            key = Key(GRID.id, row, indicator.id)
            value: Value | None = (totals or {}).get(indicator.id) if row == TOTAL_ROW else given[row].get(indicator.id)
            computed = bool(indicator.equals) or (row == TOTAL_ROW and indicator.kind != "control")
            figures[key] = _figure(key, value, GRID.sheet, f"{chr(column)}{9 + n}", computed)
    line = 5
    for block in FORM.blocks:
        for indicator in block.indicators if block.kind == "scalars" else ():
            line += 1
            key = Key(block.id, "", indicator.id)
            figures[key] = _figure(
                key, (scalars or {}).get(indicator.id), block.sheet, f"D{line}", bool(indicator.equals)
            )
    name = file or (f"{place.code}.xlsx" if place else "khong_ro.xlsx")
    shown = repr((place, sorted(figures.items()), rut, period, content, ticked))
    return Filing(
        file=name,
        sha256=sha256(shown.encode("utf-8", "replace")).hexdigest(),
        form=FORM.id,
        version=FORM.version,
        place=place,
        period=period,
        settings={"rut": rut},
        rows={GRID.id: labels},
        figures=figures,
        tables={},
        none_declared=ticked,
    )


def digest_of(report: Filing, dossiers: Dossiers | None = None) -> Digest:
    """What a merge keeps of a report."""
    return Digest(report.file, report.sha256, report, None, report.findings, dossiers)


def dossiers_of(*codes: str) -> Dossiers:
    """A register with these codes, none late."""
    return Dossiers("Hồ sơ", len(codes), {}, {}, {name: () for name in DOSSIER_COLUMNS}, codes)


def row(online: int = 0, **others: int) -> dict[str, int]:
    """The inputs of one lĩnh vực, none blank."""
    inputs = [i.id for i in GRID.indicators if not i.equals and i.kind != "control"]
    return dict.fromkeys(inputs, 0) | {"truc_tuyen": online} | others


def _figure(key: Key, value: Value | None, sheet: str, cell: str, computed: bool) -> Figure:
    raw = "" if value is None else str(value)
    if value is None:
        return Figure(key, None, sheet, cell, raw, "formula" if computed else "blank")
    origin: Origin = "text" if isinstance(value, Decimal) else "overtyped" if computed else "typed"
    return Figure(key, value, sheet, cell, raw, origin)
