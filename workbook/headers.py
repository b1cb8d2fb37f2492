"""Finding the columns of a table by what its heading says: one row, or several merged ones with groups."""

# Without "from __future__ import annotations", as in ``toolkit.records``.

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from toolkit.figures import read_text
from toolkit.form import Block
from toolkit.once import once
from toolkit.text import key
from workbook.package import Rows

SEARCHED = 80  # rows from the top in which a heading may begin
_TALL = 4  # rows of the tallest heading, the row of column numbers left out
_MANY = 2_000  # cells above a table that is hardly of the form: they are not remembered
_COLUMN_NUMBER = re.compile(r"\(?\d{1,2}\)?")


_Row = tuple[object, ...]
_Kinds = tuple[type, ...]


class Wanted(NamedTuple):
    """A column to find: what its own heading may say, and what may stand above it."""

    id: str
    labels: frozenset[str]  # keys
    groups: frozenset[str]  # keys; empty: the column stands in no group
    number: str = ""  # e.g. "(3)"


class Header(NamedTuple):
    last: int  # last row of the heading, from 1
    columns: Mapping[str, int]  # id -> column, from 1; what was not found, or not with certainty, is left out


class _Spot(NamedTuple):
    row: int
    column: int


@once
def wanted_columns(block: Block) -> tuple[Wanted, ...]:
    """The columns of a grid (its label column by ``row_id``) or of a register."""
    columns = [
        Wanted(
            i.id,
            frozenset(map(key, (i.label, i.name, *i.aliases))),
            frozenset(map(key, filter(None, (i.group, i.subgroup)))),
            i.number,
        )
        for i in block.indicators
    ]
    if block.kind == "grid":
        labels = frozenset(map(key, (block.row_label, *block.row_label_aliases)))
        columns.insert(0, Wanted(block.row_id, labels, frozenset()))
    return tuple(columns)


def find_header(rows: Rows, wanted: Sequence[Wanted]) -> Header | None:
    """The heading that names most of the wanted columns; None when none names at least two, or half of them."""
    labels = frozenset().union(*(w.labels for w in wanted))
    spots: dict[int, list[_Spot]] = {}
    for number, row in enumerate(rows[:SEARCHED], 1):
        for column, value in enumerate(row, 1):
            if value and isinstance(value, str) and label_key(value) in labels:
                spots.setdefault(number, []).append(_Spot(number, column))
    best: Header | None = None
    for bottom in sorted(spots):
        found = [s for row in range(bottom - _TALL + 1, bottom + 1) for s in spots.get(row, ())]
        header = Header(bottom, _assign(rows, found, bottom, wanted))
        if best is None or len(header.columns) > len(best.columns):
            best = header
    if best is None or len(best.columns) < max(2, len(wanted) / 3):
        return None
    return _with_numbers(rows, best, wanted)


def header_above(rows: Rows, wanted: tuple[Wanted, ...]) -> Header | None:
    """``find_header`` of the few rows above a table, which most reports leave as the form has them: remembered."""
    cells = tuple(map(tuple, rows))
    if sum(map(len, cells)) > _MANY:
        return find_header(cells, wanted)
    return _known_headers(wanted)(cells, tuple(tuple(map(type, row)) for row in cells))


@lru_cache(maxsize=8192, typed=True)  # the labels of a form stand in every report; 1 and True read otherwise
def label_key(value: object) -> str:
    """The key of a label cell, without the colon or the star after it."""
    return key(read_text(value).rstrip(" :*"))


def cell(rows: Rows, row: int, column: int) -> object:
    """The value at a place counted from 1; "" outside the used area."""
    if not (1 <= row <= len(rows) and 1 <= column <= len(rows[row - 1])):
        return ""
    return rows[row - 1][column - 1]


@once
def _known_headers(wanted: tuple[Wanted, ...]) -> Callable[[tuple[_Row, ...], tuple[_Kinds, ...]], Header | None]:
    """With the kinds of the values: what is equal (1 and True) may read otherwise."""
    return lru_cache(maxsize=64)(lambda rows, _: find_header(rows, wanted))


def _assign(rows: Rows, spots: Iterable[_Spot], bottom: int, wanted: Sequence[Wanted]) -> dict[str, int]:
    """Each column that exactly one wanted one fits best; equals are taken in their order when none is missing."""
    lowest: dict[int, _Spot] = {}
    for spot in spots:  # from the top down: what stands lowest in a column is its own heading
        lowest[spot.column] = spot
    fits: dict[str, dict[int, int]] = {}  # id -> column -> how well
    for spot in lowest.values():
        leaf = label_key(cell(rows, spot.row, spot.column))
        above = _above(rows, spot)
        for column in wanted:
            if leaf in column.labels:
                fit = 2 if column.groups & above else 1 if not column.groups or not above else 0
                fits.setdefault(column.id, {})[spot.column] = fit
    found: dict[str, int] = {}
    tied: dict[tuple[int, ...], list[str]] = {}
    for column in wanted:
        options = fits.get(column.id, {})
        best = tuple(sorted(c for c, fit in options.items() if fit == max(options.values())))
        if len(best) == 1:
            found[column.id] = best[0]
        elif best:
            tied.setdefault(best, []).append(column.id)
    for places, ids in tied.items():
        free = [c for c in places if c not in found.values()]
        if len(free) == len(ids):
            found |= dict(zip(ids, free, strict=True))
    claims: dict[int, list[str]] = {}
    for id_, place in found.items():
        claims.setdefault(place, []).append(id_)
    for place, ids in claims.items():  # a column belongs to the one that it fits better
        top = max(fits[id_][place] for id_ in ids)
        if sum(fits[id_][place] == top for id_ in ids) > 1:
            top += 1
        for id_ in ids:
            if fits[id_][place] < top:
                del found[id_]
    return found


def _above(rows: Rows, spot: _Spot) -> set[str]:
    """Keys of the texts over a heading. A merged group keeps its text in its first column: the nearest to the left."""
    texts = set()
    for row in rows[max(0, spot.row - _TALL) : spot.row - 1]:
        for value in reversed(row[: spot.column]):
            if isinstance(value, str) and value.strip():
                texts.add(label_key(value))
                break
    return texts


def _with_numbers(rows: Rows, header: Header, wanted: Sequence[Wanted]) -> Header:
    """The row (1), (2), … under a heading belongs to it, and names the columns that words did not."""
    below = header.last + 1
    numbers: dict[str, int] = {}
    for column in range(1, len(rows[below - 1]) + 1 if below <= len(rows) else 1):
        text = read_text(cell(rows, below, column))
        if _COLUMN_NUMBER.fullmatch(text):
            numbers.setdefault(text, column)
    if not any(text.startswith("(") for text in numbers):
        return header
    taken = set(header.columns.values())
    more = {w.id: numbers[w.number] for w in wanted if w.id not in header.columns and w.number in numbers}
    return Header(below, {**{i: c for i, c in more.items() if c not in taken}, **header.columns})
