"""Where the tables of a form stand in a workbook that somebody filled in.

Defined names come first: they follow moved and renamed sheets, inserted rows and columns. They are believed unless
the sheet's own words contradict them (there are tools that insert rows and leave the names behind); what names do not
give is found by titles, headings and labels.
"""

# Without "from __future__ import annotations", as in ``toolkit.records``.

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from toolkit.figures import is_blank
from toolkit.form import Block, Form
from toolkit.once import once
from toolkit.text import key, similar
from toolkit.wording import ADDED_SHEETS, STATUS_SHEET
from workbook.areas import Area
from workbook.headers import Header, Wanted, cell, find_header, header_above, label_key, wanted_columns
from workbook.package import Package, Rows

STATUSES = key(STATUS_SHEET)
"""The sheet on which a unit classifies the statuses of its own system, written by an import."""

OWN_SHEETS = frozenset(map(key, ADDED_SHEETS))
"""Sheets that a marked copy or an import carries: no table of the form is looked for there."""

_ALIKE = 0.8
_TOTAL = re.compile(r"(?:tổng cộng|tổng số)\b.*|tổng|cộng")
_DOWN = re.compile(r"SUM\([A-Z]{1,3}([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})")
_SUBTOTAL = re.compile(r"cộng (?:mục|phần|nhóm|các|lĩnh vực|[ivx]+)\b.*")

T = TypeVar("T")


class Table(NamedTuple):
    """A grid or a register found in a sheet; rows and columns count from 1."""

    sheet: str
    columns: Mapping[str, int]  # indicator (and the grid's row_id) -> column
    first: int  # first row below the heading
    last: int  # grid: last row above the total row; register: last used row
    total: int  # row; 0: none found
    by_heading: bool  # names were missing or wrong


def find_table(package: Package, form: Form, block: Block) -> Table | None:
    """A grid or a register; None when neither names nor headings lead to it."""
    wanted = wanted_columns(block)
    names = {w.id: f"{form.prefix}{block.id}_{w.id}" for w in wanted}
    named = {id_: package.names[name] for id_, name in names.items() if name in package.names}
    sheet = main_sheet(named.values())
    header = _header_of(package.values(sheet), wanted, named) if sheet else None
    if header is None and not (sheet and _plausible(package.values(sheet), block, named)):
        named = {}
        found = search(package, form, block.sheet, lambda rows: find_header(rows, wanted), _well_found(wanted))
        if found is None:
            return None
        sheet, header = found
    rows = package.values(sheet)
    by_name = {id_: area.left for id_, area in named.items() if area.sheet == sheet}
    by_words = dict(header.columns) if header else {}
    first = header.last + 1 if header else most_frequent(area.top for area in named.values())
    if block.kind == "grid":
        by_words |= _label_column(rows, block, first)
    taken = set(by_words.values())
    columns = {**{id_: column for id_, column in by_name.items() if column not in taken}, **by_words}
    total, last = 0, len(rows)
    if block.kind == "grid":
        bottom = most_frequent(area.bottom for area in named.values())
        total = _total_row(rows, block, columns.get(block.row_id, 0), first, bottom)
        last = total - 1 if total else _last_row(rows, columns, first)
        if not total and _sums(package, sheet, last, columns):
            total, last = last, last - 1
    agree = all(by_name.get(id_) == column for id_, column in columns.items())
    return Table(sheet, columns, first, last, total, by_heading=not agree)


def search(
    package: Package, form: Form, title: str, find: Callable[[Rows], T | None], good: Callable[[T], bool]
) -> tuple[str, T] | None:
    """The sheet in which ``find`` finds something: by its title, by a similar one, else by content alone.

    By content, the finding must be ``good``, and the sheets of the form's other blocks are not asked.
    """
    own = key(title)
    others = {key(b.sheet) for b in form.blocks} - {own}
    asked = [s.title for s in package.sheets.values() if key(s.title) not in OWN_SHEETS | others]
    asked.sort(key=lambda t: -1 if key(t) == own else package.sheets[t].hidden)
    for sheet in asked:
        if key(sheet) == own or similar(sheet, title) >= _ALIKE:
            found = find(package.values(sheet))
            if found is not None:
                return sheet, found
    for sheet in asked:
        found = find(package.values(sheet))
        if found is not None and good(found):
            return sheet, found
    return None


def main_sheet(areas: Iterable[Area]) -> str:
    """The sheet on which most of some areas lie; "" without areas."""
    counts = Counter(area.sheet for area in areas)
    return max(counts, key=counts.__getitem__, default="")


def is_total(label: str) -> bool:
    """Does this key belong to a total row?"""
    return _TOTAL.fullmatch(label) is not None


def is_subtotal(label: str) -> bool:
    """Does this key belong to a total row, or to the sum of a section?"""
    return is_total(label) or _SUBTOTAL.fullmatch(label) is not None


def _header_of(rows: Rows, wanted: tuple[Wanted, ...], named: Mapping[str, Area]) -> Header | None:
    """The heading right above the named area when it confirms every name; else the best of the whole sheet."""
    top = most_frequent(area.top for area in named.values())
    above = header_above(rows[: top - 1], wanted)
    agreed = (
        {id_ for id_, column in above.columns.items() if id_ in named and named[id_].left == column} if above else ()
    )
    if above is not None and above.last == top - 1 and len(agreed) == len(named):
        return above
    return find_header(rows, wanted)


def _plausible(rows: Rows, block: Block, named: Mapping[str, Area]) -> bool:
    """Whether named cells without a heading above them are still this block."""
    if block.kind == "records":
        return True
    area = named.get(block.row_id)
    if area is None:
        return False
    known = _known_labels(block)
    return any(label_key(cell(rows, row, area.left)) in known for row in range(area.top, area.bottom + 1))


def _well_found(wanted: tuple[Wanted, ...]) -> Callable[[Header], bool]:
    return lambda header: len(header.columns) >= 0.6 * len(wanted)


@once
def _known_labels(block: Block) -> frozenset[str]:
    aliases = (alias for row in block.row_aliases.values() for alias in row)
    return frozenset(map(key, (*block.rows, *aliases)))


def _label_column(rows: Rows, block: Block, first: int) -> dict[str, int]:
    """The column with most of the listed labels, when there are some: it decides, whatever stands above it."""
    known = _known_labels(block)
    hits = Counter(
        column
        for row in rows[first - 1 :]
        for column, value in enumerate(row, 1)
        if value and isinstance(value, str) and label_key(value) in known
    )
    column = max(hits, key=hits.__getitem__, default=0)
    return {block.row_id: column} if hits[column] > 2 else {}


def _total_row(rows: Rows, block: Block, label: int, first: int, named: int) -> int:
    """The row of the totals: the named one when its label says so, else the last that says so, else the named one
    when nobody says so and its label is blank. 0: none."""
    total = key(block.total)
    known = _known_labels(block)

    def says_so(row: int) -> bool:
        texts = {label_key(cell(rows, row, column)) for column in range(1, label + 1)}
        return total in texts or any(is_total(t) for t in texts - known)

    if first <= named <= len(rows) and says_so(named):
        return named
    if last := next(filter(says_so, range(len(rows), first - 1, -1)), 0):
        return last
    return named if named > first and is_blank(cell(rows, named, label)) else 0


def _sums(package: Package, sheet: str, row: int, columns: Mapping[str, int]) -> bool:
    """Whether a row without a label adds up the rows above it."""
    label = cell(package.values(sheet), row, min(columns.values(), default=1))
    cells = package.cells(sheet)
    formulas = [c.formula or "" for column in columns.values() if (c := cells.get((row, column)))]
    return is_blank(label) and any(
        first < last for text in formulas for first, last in map(_ends, _DOWN.findall(text.replace("$", "")))
    )


def _ends(rows: tuple[str, str]) -> tuple[int, int]:
    return int(rows[0]), int(rows[1])


def _last_row(rows: Rows, columns: Mapping[str, int], first: int) -> int:
    """The last row with a number in a column of the table."""
    for row in range(len(rows), first - 1, -1):
        if any(isinstance(cell(rows, row, column), int | float) for column in columns.values()):
            return row
    return first - 1


def most_frequent(numbers: Iterable[int]) -> int:
    """The most frequent number; 0 when there is none."""
    counts = Counter(numbers)
    return max(counts, key=counts.__getitem__, default=0)
