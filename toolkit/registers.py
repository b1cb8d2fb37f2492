"""Registers (records blocks): dates that cannot be, choices that are not in the list, gaps, numbers that fall in time.

Columns are looked at whole: the types and the extremes of six thousand dates say that all are in order, and only odd
cells are converted one by one. A message never carries what a cell holds unless it can be nothing but a date, a
document number or a choice: pasted columns slip sideways, and names would follow.
"""

# Without "from __future__ import annotations", as in ``toolkit.records``.

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from types import NoneType
from typing import NamedTuple, cast

from toolkit import text
from toolkit.figures import Converted, is_blank, read_date, read_text, stored_text
from toolkit.form import Block, Form, Indicator
from toolkit.records import Filing, Finding, Period, Table
from toolkit.wording import finding

MOST_TOLD = 20
"""Findings of one code in one column; the others are counted."""

_LONGEST = 60  # characters of a cell that a message repeats
_ORDERED = (datetime, date, float, int)  # kinds whose extremes vouch for all between them
_DATE_LIKE = r"\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{1,4}(\s+\d{1,2}:\d{2}(:\d{2})?)?"
_LAST_SERIAL = 2_958_465
_ANY_TIME = str.maketrans("123456789", "000000000")
_NUMBER = re.compile(r"\D{0,20}?(\d{1,7})\s*(?:/\s*\d{4}\s*)?[/-]\s*([^\W\d].*)")


def check(form: Form, filing: Filing) -> tuple[Finding, ...]:
    """Every fault of every register of a filing; no table or no rows: nothing to say."""
    found: list[Finding] = []
    for block in form.blocks:
        table = filing.tables.get(block.id)
        if block.kind != "records" or table is None or not table.rows:
            continue
        for field in block.indicators:
            if field.id not in table.columns:
                continue  # a missing column is told by reading
            column = _Column(table, field)
            if field.required:
                found += _gaps(column)
            if field.kind == "date":
                found += _dates(column, filing.period if field.within else None)
            elif field.kind == "choice":
                found += _choices(column)
        found += _series(block, table)
    return tuple(found)


class _Column(NamedTuple):
    table: Table
    field: Indicator

    @property
    def cells(self) -> tuple[object, ...]:
        return self.table.columns[self.field.id]

    def at(self, index: int) -> str:
        return f"{self.table.letters[self.field.id]}{self.table.rows[index]}"

    def told(self, code: str, index: int, *, cells: tuple[str, ...] = (), **fields: object) -> Finding:
        words = {"ten": self.field.name, **fields}
        return finding(code, sheet=self.table.sheet, cell=self.at(index), cells=cells, **words)  # type: ignore[arg-type]

    def each(
        self, code: str, indices: Sequence[int], shown: Callable[[object], str], **fields: object
    ) -> list[Finding]:
        """One fault at some cells."""
        first = [self.told(code, i, cells=(), goc=shown(self.cells[i]), **fields) for i in indices[:MOST_TOLD]]
        return [*first, *self.others(first, len(indices))]

    def others(self, told: Sequence[Finding], n: int) -> Iterator[Finding]:
        """How many of ``n`` faults were not told one by one."""
        if n > len(told):
            last = told[-1]
            yield finding("O_015", sheet=last.sheet, cell=last.cell, ten=self.field.name, n=n - len(told), ma=last.code)


def _gaps(column: _Column) -> list[Finding]:
    if {*map(type, column.cells)} == {str}:  # as codes are: asked all at once
        texts = cast("tuple[str, ...]", column.cells)
        if "" not in texts and text.all_tidy(texts):
            return []
    gaps = [i for i, raw in enumerate(column.cells) if raw is None or (type(raw) is str and is_blank(raw))]
    return column.each("O_011", gaps, stored_text)


def _choices(column: _Column) -> list[Finding]:
    listed = {text.key(choice) for choice in column.field.choices}
    odd = {raw for raw in set(column.cells) if not is_blank(raw) and text.key(read_text(raw)) not in listed}
    wrong = [i for i, raw in enumerate(column.cells) if raw in odd] if odd else []
    return column.each("O_010", wrong, lambda raw: _short(read_text(raw)))


def _dates(column: _Column, period: Period | None) -> Iterator[Finding]:
    different: Collection[object] = {*column.cells}  # few days, many dossiers
    if not {*map(type, different)} <= {date, NoneType}:  # numbers of different kinds may be equal
        different = column.cells
    suspects = {kind for kind in {*map(type, different)} if not _in_order(different, kind, period)}
    if not suspects:
        return
    faults: dict[str, list[int]] = {}
    texts: list[int] = []
    outside: list[int] = []
    for i, read in enumerate(_read(column.cells, suspects)):
        if read is None:
            continue
        if read.value is None:
            if read.code:
                hidden = read.code == "O_006" and not _shows_a_date(column.cells[i])
                faults.setdefault("O_016" if hidden else read.code, []).append(i)
            continue
        if read.text:
            texts.append(i)
        if period and not period.start <= read.value <= period.end:
            outside.append(i)
    for code, indices in faults.items():
        yield from column.each(code, indices, stored_text)
    if period:
        start, end = stored_text(period.start), stored_text(period.end)
        yield from column.each("O_007", outside, lambda raw: stored_text(read_date(raw).value), tu=start, den=end)
    if texts:
        yield from column.each(
            "O_008", texts[:1], stored_text, gia_tri=stored_text(read_date(column.cells[texts[0]]).value)
        )
    if len(texts) > 1:
        cells = tuple(column.at(i) for i in texts[:MOST_TOLD])
        yield column.told("O_012", texts[0], cells=cells, n=len(texts) - 1)


def _in_order(cells: Iterable[object], kind: type, period: Period | None) -> bool:
    """Do the extremes of one kind of cell vouch for all cells of that kind?"""
    if kind is NoneType:
        return True
    if kind not in _ORDERED:
        return False
    values = [raw for raw in cells if type(raw) is kind]
    ends = [read_date(end).value for end in (min(values), max(values))]
    return all(end is not None and (period is None or period.start <= end <= period.end) for end in ends)


def _read(cells: Iterable[object], kinds: set[type]) -> Iterator[Converted[date] | None]:
    """Cells of some kinds as dates, the others as None; what means the same is converted once."""
    known: dict[object, Converted[date]] = {}
    for raw in cells:
        kind = type(raw)
        if kind not in kinds:
            yield None
            continue
        same: object = (kind, raw)
        if kind is str and ":" in raw:  # type: ignore[operator]
            day, _, time = raw.partition(" ")  # type: ignore[attr-defined]
            same = day, time.translate(_ANY_TIME)  # the time of day is dropped: only its shape counts
        read = known.get(same)
        if read is None:
            read = known[same] = read_date(raw)
        yield read


def _shows_a_date(raw: object) -> bool:
    """May a message repeat it? A would-be date yes; a phone number or a name that slipped into the column never."""
    if isinstance(raw, str):
        return re.fullmatch(_DATE_LIKE, text.tidy(raw)) is not None
    return isinstance(raw, date) or (isinstance(raw, float | int) and 0 <= raw <= _LAST_SERIAL)


def _short(shown: str) -> str:
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


class _Entry(NamedTuple):
    day: date
    number: int
    position: int
    series: str  # as typed


def _series(block: Block, table: Table) -> Iterator[Finding]:
    """Numbers of one series and year that fall while the date rises. The fewest entries that explain all falls are
    told, each with the nearest entry that it contradicts; the order within a day is free."""
    if block.series is None or any(field not in table.columns for field in block.series):
        return
    number_field, date_field = (next(i for i in block.indicators if i.id == field) for field in block.series)
    numbers = _Column(table, number_field)
    series: dict[tuple[str, int], list[_Entry]] = {}
    days = table.columns[date_field.id]
    for index, read in enumerate(_read(days, set(map(type, days)))):
        match = _NUMBER.fullmatch(read_text(numbers.cells[index]))
        if match and read and read.value:
            entry = _Entry(read.value, int(match[1]), index, match[2])
            series.setdefault((text.key(match[2]), read.value.year), []).append(entry)
    falls = [fall for entries in series.values() for fall in _falls(sorted(entries))]
    found = [
        numbers.told(
            "DS_001",
            later.position,
            cells=(numbers.at(later.position), numbers.at(earlier.position)),
            so=str(later.number),
            ngay=stored_text(later.day),
            so_truoc=str(earlier.number),
            ngay_truoc=stored_text(earlier.day),
            loai=_short(later.series),
        )
        for later, earlier in falls[:MOST_TOLD]
    ]
    yield from found
    yield from numbers.others(found, len(falls))


def _falls(entries: list[_Entry]) -> Iterator[tuple[_Entry, _Entry]]:
    """(later, earlier) for each entry outside the longest series that rises."""
    rising = _rising([e.number for e in entries])
    chain = [entries[i] for i in rising]
    kept = set(rising)
    for i, entry in enumerate(entries):
        if i in kept:
            continue
        above = [e for e in chain if e.day < entry.day and e.number > entry.number]
        below = [e for e in chain if e.day > entry.day and e.number < entry.number]
        yield (entry, above[-1]) if above else (below[0], entry)


def _rising(numbers: list[int]) -> list[int]:
    """Positions of a longest subsequence that never falls."""
    ends: list[int] = []  # smallest last number of a subsequence of each length
    at: list[int] = []  # its position
    before: list[int] = []  # position -> the one before it, -1 for none
    for position, number in enumerate(numbers):
        length = bisect_right(ends, number)
        before.append(at[length - 1] if length else -1)
        ends[length : length + 1] = [number]
        at[length : length + 1] = [position]
    out: list[int] = []
    position = at[-1] if at else -1
    while position >= 0:
        out.append(position)
        position = before[position]
    return out[::-1]
