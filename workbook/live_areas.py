"""Many cells of an open sheet in few calls: cells joined to rectangles, rectangles to addresses that Excel takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from toolkit.excel import column_letters, column_number
from workbook.live import HELPERS
from workbook.rectangle import Box

LONGEST_ADDRESS = 255  # characters; Range("…") of Excel takes no more
_PLAIN, _NONE = 1, -4142  # XlPattern; LibreOffice's own VBA says "none" of plain colours too
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

Place = tuple[int, int]
"""Row and column, from 1."""


def place_of(cell: str) -> Place:
    """ "C9" -> (9, 3). Raises ValueError for what is no address."""
    match = _CELL.fullmatch(cell)
    if match is None:
        raise ValueError(cell)
    return int(match[2]), column_number(match[1])


def cell_of(place: Place) -> str:
    return f"{column_letters(place[1])}{place[0]}"


def boxes(places: Iterable[Place]) -> tuple[Box, ...]:
    """Few rectangles that cover these cells exactly: runs along the rows, equal runs below each other joined."""
    ordered = sorted(set(places))
    runs: dict[tuple[int, int], list[int]] = {}
    start = 0
    for n, (row, column) in enumerate(ordered, 1):
        if n == len(ordered) or ordered[n] != (row, column + 1):
            runs.setdefault((ordered[start][1], column), []).append(row)
            start = n
    out = []
    for (left, right), rows in runs.items():
        top = bottom = rows[0]
        for row in rows[1:]:
            if row != bottom + 1:
                out.append(Box(top, left, bottom, right))
                top = row
            bottom = row
        out.append(Box(top, left, bottom, right))
    return tuple(sorted(out))


def addresses(areas: Iterable[Box]) -> Iterator[str]:
    """The rectangles as addresses of several areas each, none too long."""
    waiting: list[str] = []
    length = 0
    for area in areas:
        text = area.address
        if waiting and length + len(text) + 1 > LONGEST_ADDRESS:
            yield ",".join(waiting)
            waiting, length = [], 0
        waiting.append(text)
        length += len(text) + 1
    if waiting:
        yield ",".join(waiting)


def shown_at(sheet: Any, places: Iterable[Place]) -> dict[Place, Place]:
    """Each cell with the one that shows for it: the top-left one of its merged area, else itself."""
    found = {place: place for place in places}
    for place in _special(sheet, found, "merge_cells"):
        first = sheet.range(place).merge_area
        found[place] = (int(first.row), int(first.column))
    return found


def in_arrays(sheet: Any, places: Iterable[Place]) -> list[Place]:
    """Those cells that belong to an array formula of several cells: none of it may change alone."""
    found = _special(sheet, places, "has_array")
    return sorted(place for place in found if int(sheet.range(place).api.CurrentArray.Count) > 1)


def _special(sheet: Any, places: Iterable[Place], question: str) -> Iterator[Place]:
    """The cells of which a question is not answered with False. One call where there is none of them near; else areas
    that hold one are halved."""
    waiting = [boxes(places)]
    while waiting:
        some = waiting.pop()
        if not some:
            continue
        around = Box(
            min(box.top for box in some),
            min(box.left for box in some),
            max(box.bottom for box in some),
            max(box.right for box in some),
        )
        if getattr(sheet.range(around.address), question) is False:
            continue
        if len(some) > 1:
            waiting += [some[: len(some) // 2], some[len(some) // 2 :]]
        elif half := _halves(around):
            waiting += [(box,) for box in half]
        else:
            yield around.top, around.left


def paint(sheet: Any, plan: Mapping[str, Sequence[Box]]) -> None:
    """Fills cells: "RRGGBB" or "-" (no fill) -> where. One call where the add-in helps, else one for each address."""
    plan = {colour: areas for colour, areas in plan.items() if areas}
    if not plan:
        return
    text = ";".join(f"{colour}={','.join(area.address for area in areas)}" for colour, areas in plan.items())
    if _helped(sheet, "LivePaint", text) is not None:
        return
    for colour, areas in plan.items():
        for address in addresses(areas):
            sheet.range(address).color = None if colour == "-" else f"#{colour}"


def colours(sheet: Any, areas: Sequence[Box]) -> dict[Place, str]:
    """How cells are filled: "RRGGBB", "-" for not at all, "?" for more than one colour (a pattern, a gradient). One
    call where the add-in helps; else areas that are filled alike cost two, others are halved."""
    if not areas:
        return {}
    told = _helped(sheet, "LiveColours", ",".join(area.address for area in areas))
    if isinstance(told, str):
        return dict(_spread(areas, told))
    found: dict[Place, str] = {}
    waiting = list(areas)
    while waiting:
        area = waiting.pop()
        cells = sheet.range(area.address)
        colour = _hex(cells.color)
        pattern = _PLAIN if colour == "-" else cells.api.Interior.Pattern
        if (colour == "000000" or pattern is None) and (half := _halves(area)):
            waiting += half  # black, or different colours: Excel says the same of both
        else:
            found |= dict.fromkeys(area.places(), colour if pattern in (_PLAIN, _NONE) else "?")
    return found


def _helped(sheet: Any, function: str, text: str) -> object:
    """What the add-in's function answers; None when there is no add-in."""
    with suppress(Exception):  # whatever Excel answers when it has no such function
        told: object = sheet.book.app.macro(HELPERS + function)(sheet.book.name, sheet.name, text)
        return told
    return None


def _spread(areas: Sequence[Box], told: str) -> Iterator[tuple[Place, str]]:
    for area, text in zip(areas, told.split(";"), strict=True):
        each = text.split(".")
        places = list(area.places())
        yield from zip(places, each * len(places) if len(each) == 1 else each, strict=True)


def _halves(area: Box) -> list[Box]:
    top, left, bottom, right = area
    if bottom > top:
        middle = (top + bottom) // 2
        return [Box(top, left, middle, right), Box(middle + 1, left, bottom, right)]
    if right > left:
        middle = (left + right) // 2
        return [Box(top, left, bottom, middle), Box(top, middle + 1, bottom, right)]
    return []


def _hex(colour: tuple[int, int, int] | None) -> str:
    return "-" if colour is None else "{:02X}{:02X}{:02X}".format(*map(int, colour))
