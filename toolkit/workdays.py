"""Working days by an editable calendar: days off, and rest days that are worked instead (làm bù).

A calendar is two lookup tables, day -> working days up to it and back, because no week mask with a list of holidays
can hold a worked Saturday. The first day of a term is not counted (Bộ luật Dân sự 2015, Điều 147); a term in calendar
days that ends on a day off ends on the next working day (Điều 148). A pause restarts the term, or moves its end by
the working days it took (practice differs): ``due`` serves both. A day outside the list is answered with None, never
guessed; ``outside`` says so in words.
"""

# Without "from __future__ import annotations", as in ``toolkit.records``.

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Literal, NamedTuple

from toolkit.figures import read_date, read_text
from toolkit.records import Finding, Table
from toolkit.text import key, tidy
from toolkit.wording import finding, show_date

Kind = Literal["nghi", "lam_bu"]

FIELDS = ("ngay", "loai", "can_cu")
"""Columns of the list, in a CSV file as on a sheet."""

KINDS: Mapping[str, tuple[Kind, bool]] = {
    "nghỉ": ("nghi", False),
    "làm bù": ("lam_bu", False),
    "dự kiến nghỉ": ("nghi", True),
    "dự kiến làm bù": ("lam_bu", True),
}
"""What may stand under ``loai`` -> (kind, provisional)."""

_SATURDAY = 5
_KINDS = {key(label): meaning for label, meaning in KINDS.items()}
_LABELS = {meaning: label for label, meaning in KINDS.items()}
_NAMES = {"ngay": "Ngày", "loai": "Loại"}


class CalendarError(ValueError):
    """A list of days off that must not be used; ``findings`` says what is wrong."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(f.message for f in self.findings))


class DayOff(NamedTuple):
    """One line of the list. A day off that falls on a Saturday or Sunday changes nothing."""

    day: date
    kind: Kind
    basis: str = ""  # what it is and the notice that says so
    provisional: bool = False  # expected, not announced


class Span(NamedTuple):
    """What lies after ``start`` up to and including ``end``; days = working + off + weekend."""

    start: date
    end: date
    working: int | None  # None: a day lies outside the calendar
    off: tuple[DayOff, ...]  # weekdays off
    made_up: tuple[DayOff, ...]  # rest days that are worked; part of ``working``
    weekend: int  # Saturdays and Sundays not worked
    provisional: bool  # an end lies in a year whose days off are only expected


class Calendar(NamedTuple):
    """Working days from ``first`` to ``last``. Made by ``calendar``."""

    first: date
    last: date
    days_off: tuple[DayOff, ...]  # in the order of days, one a day
    counts: tuple[int, ...]  # working days among the first n days, n = 0, 1, …
    working: tuple[int, ...]  # proleptic ordinal of each working day
    settled: frozenset[int]  # years whose days off are announced

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    def provisional(self, day: date) -> bool:
        """Are the days off of that year only expected, or not listed at all?"""
        return day.year not in self.settled

    def is_working(self, day: date) -> bool | None:
        n = self._number(day)
        return None if n is None else self.counts[n] > self.counts[n - 1]

    def due(self, received: date, days: int) -> date | None:
        """Last day of a term of ``days`` working days; the day of receipt is not counted.

        0 days is "trong ngày": the day itself, or the next working day. None: it lies outside the calendar, or
        ``days`` is negative.
        """
        n = self._number(received)
        if n is None or days < 0:
            return None
        at = self.counts[n] + days - 1 if days else self.counts[n - 1]
        return date.fromordinal(self.working[at]) if at < len(self.working) else None

    def due_by_days(self, received: date, days: int) -> date | None:
        """Last day of a term of ``days`` calendar days, or the next working day when that is a day off."""
        inside = self.covers(received) and 0 <= days < len(self.counts)
        return self.due(received + timedelta(days), 0) if inside else None

    def between(self, a: date, b: date) -> int | None:
        """Working days after ``a`` up to and including ``b``; negative when ``b`` comes first."""
        m, n = self._number(a), self._number(b)
        return None if m is None or n is None else self.counts[n] - self.counts[m]

    def days_late(self, due: date, done: date) -> int | None:
        """Working days from the due date to the day it was done; 0 when in time."""
        late = self.between(due, done)
        return None if late is None else max(late, 0)

    def explain(self, a: date, b: date) -> Span:
        """What lies between two days, the earlier one first."""
        start, end = min(a, b), max(a, b)
        working = self.between(start, end)
        listed = self.days_off[
            bisect_right(self.days_off, start, key=_day) : bisect_right(self.days_off, end, key=_day)
        ]
        off = tuple(d for d in listed if d.kind == "nghi" and d.day.weekday() < _SATURDAY)
        made_up = tuple(d for d in listed if d.kind == "lam_bu" and d.day.weekday() >= _SATURDAY)
        rest = _weekend_days(end) - _weekend_days(start) - len(made_up)
        return Span(start, end, working, off, made_up, rest, self.provisional(start) or self.provisional(end))

    def outside(self, day: date) -> Finding:
        """Why there is no answer for a day that the calendar does not cover."""
        return finding("LN_001", ngay=show_date(day), tu=show_date(self.first), den=show_date(self.last))

    def _number(self, day: date) -> int | None:
        """1 for the first day of the calendar; None outside it."""
        n = day.toordinal() - self.first.toordinal() + 1
        return n if 0 < n < len(self.counts) else None


def calendar(days_off: Iterable[DayOff], first: date, last: date) -> Calendar:
    """The calendar of the days from ``first`` to ``last``. Of two lines for one day the first counts
    (``read_days`` reports the other).

    A year is settled when it has a line and none of its lines is provisional.
    """
    listed: dict[date, DayOff] = {}
    for day_off in days_off:
        listed.setdefault(day_off.day, day_off)
    counts, working = [0], []
    worked = {d.day.toordinal(): d.kind == "lam_bu" for d in listed.values()}
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        if worked.get(ordinal, (ordinal - 1) % 7 < _SATURDAY):  # ordinal 1 is a Monday
            working.append(ordinal)
        counts.append(len(working))
    years = {d.year for d in listed} - {d.day.year for d in listed.values() if d.provisional}
    in_order = tuple(listed[day] for day in sorted(listed))
    return Calendar(first, last, in_order, tuple(counts), tuple(working), frozenset(years))


def whole_years(days_off: Iterable[DayOff]) -> Calendar:
    """The calendar of the years that a list speaks of, the years between them included."""
    listed = tuple(days_off)
    years = [d.day.year for d in listed]
    if not years:
        raise CalendarError([finding("LN_004")])
    return calendar(listed, date(min(years), 1, 1), date(max(years), 12, 31))


def parse_days(text: str) -> tuple[DayOff, ...]:
    """A list as CSV (``ngay,loai,can_cu``; "," or ";"; lines from "#" on are remarks).

    Raises CalendarError with every faulty line.
    """
    import csv  # late: a list that is ready (``workbook.compiled``) needs no reading

    lines = text.removeprefix("\ufeff").splitlines()
    reader = csv.reader(lines, delimiter=";" if lines and ";" in lines[0] else ",")
    rows = [(reader.line_num, [*map(tidy, row), "", "", ""][:3]) for row in reader if row and row[0][:1] != "#"]
    if not rows or rows[0][1] != list(FIELDS):
        raise CalendarError([finding("LN_005", cot=", ".join(FIELDS))])
    columns = dict(zip(FIELDS, zip(*(row for _, row in rows[1:]), strict=True), strict=False))
    letters = dict(zip(FIELDS, "ABC", strict=True))
    days_off, findings = read_days(Table("lich_nghi", "", letters, tuple(n for n, _ in rows[1:]), columns))
    if findings:
        raise CalendarError(findings)
    return days_off


def read_days(table: Table) -> tuple[tuple[DayOff, ...], tuple[Finding, ...]]:
    """A list as it stands on a sheet, with what is wrong in it. A faulty line is left out."""
    good: dict[date, DayOff] = {}
    findings: list[Finding] = []
    for i in range(len(table.rows)):
        raw_day, raw_kind, raw_basis = (table.columns[f][i] if f in table.columns else None for f in FIELDS)
        read, label = read_date(raw_day), read_text(raw_kind)
        if read.value is None:
            findings.append(_at(table, "ngay", i, "O_016" if read.code else "O_011"))
            continue
        meaning = _KINDS.get(key(label))
        if meaning is None:
            findings.append(_at(table, "loai", i, "LN_002", goc=label))
            continue
        day_off = DayOff(read.value, meaning[0], read_text(raw_basis), meaning[1])
        before = good.setdefault(day_off.day, day_off)
        if (before.kind, before.provisional) != meaning:
            there = _LABELS[before.kind, before.provisional]
            findings.append(_at(table, "loai", i, "LN_003", ngay=show_date(before.day), loai=label, truoc=there))
    return tuple(good[day] for day in sorted(good)), tuple(findings)


def records(days_off: Iterable[DayOff]) -> list[dict[str, str]]:
    """The list as rows of a register, to write it into a workbook."""
    return [{"ngay": d.day.isoformat(), "loai": _LABELS[d.kind, d.provisional], "can_cu": d.basis} for d in days_off]


def _at(table: Table, field: str, index: int, code: str, **fields: object) -> Finding:
    cell = f"{table.letters[field]}{table.rows[index]}" if field in table.letters else ""
    return finding(code, sheet=table.sheet, cell=cell, ten=_NAMES[field], **fields)  # type: ignore[arg-type]


def _day(day_off: DayOff) -> date:
    return day_off.day


def _weekend_days(day: date) -> int:
    """Saturdays and Sundays from the first Monday of the calendar (ordinal 1) up to a day."""
    weeks, rest = divmod(day.toordinal(), 7)
    return 2 * weeks + max(rest - _SATURDAY, 0)
