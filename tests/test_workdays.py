"""Working days: the shipped calendar is DOMAIN's, the tables agree with counting day by day.

Requirements
  LN01  the shipped list holds exactly the announced days off and worked Saturdays of 2024-2026; 2027 is provisional
  LN02  it agrees with the package ``holidays``, but for the gaps of that package listed here
  LN03  the first day is not counted; 0 days is the same or the next working day; calendar days roll forward
  LN04  due, between, days late agree with a slow loop over days, for any calendar with make-up days
  LN05  between is antisymmetric and additive, and the inverse of due
  LN06  a day outside the calendar is None, with a coded reason
  LN07  what lies between two days is named, and adds up
  LN08  a list is read from CSV and from a sheet; a faulty line is a finding with its cell; what is written reads back
  LN09  columns, as lists and as arrays, agree with single days
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import holidays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.records import Table
from toolkit.workdays import (
    FIELDS,
    Calendar,
    CalendarError,
    DayOff,
    calendar,
    parse_days,
    read_days,
    records,
    whole_years,
)
from toolkit.workdays_columns import UNKNOWN, due_many, late_many
from workbook.forms import load_calendar

CALENDAR = load_calendar()
FIRST, LAST = date(2025, 12, 1), date(2026, 12, 31)

OFF = {
    2024: "1/1 8/2 9/2 12/2 13/2 14/2 18/4 29/4 30/4 1/5 2/9 3/9",
    2025: "1/1 27/1 28/1 29/1 30/1 31/1 7/4 30/4 1/5 2/5 1/9 2/9",
    2026: "1/1 2/1 16/2 17/2 18/2 19/2 20/2 27/4 30/4 1/5 31/8 1/9 2/9 24/11",
}
MADE_UP = {2024: "4/5", 2025: "26/4", 2026: "10/1 22/8"}

HOLIDAYS_LACKS = {date(2026, 1, 2): "off", date(2026, 1, 10): "worked"}
"""Gaps of holidays 0.109: the swap of Công văn 12729/VPCP-KGVX is missing."""


def days(year: int, written: str) -> set[date]:
    return {date(year, int(m), int(d)) for d, m in (part.split("/") for part in written.split())}


def each_day(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(n) for n in range((last - first).days + 1))


# --- the shipped list


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_shipped_list_is_exact(year: int) -> None:  # LN01
    of_year = [d for d in CALENDAR.days_off if d.day.year == year]
    assert {d.day for d in of_year if d.kind == "nghi"} == days(year, OFF[year])
    assert {d.day for d in of_year if d.kind == "lam_bu"} == days(year, MADE_UP[year])
    assert all(d.basis and not d.provisional for d in of_year)
    assert not CALENDAR.provisional(date(year, 6, 1))


def test_later_years_are_provisional() -> None:  # LN01
    later = [d for d in CALENDAR.days_off if d.day.year > 2026]
    assert later and all(d.provisional and d.basis for d in later)
    assert CALENDAR.provisional(date(2027, 1, 1)) and CALENDAR.provisional(date(2023, 6, 1))
    assert (CALENDAR.first, CALENDAR.last) == (date(2024, 1, 1), date(2027, 12, 31))


def test_agrees_with_holidays() -> None:  # LN02
    oracle = holidays.country_holidays("VN", years=range(2024, 2028))
    differing = {
        d for d in each_day(CALENDAR.first, CALENDAR.last) if CALENDAR.is_working(d) != oracle.is_working_day(d)
    }
    assert differing == set(HOLIDAYS_LACKS)
    assert [CALENDAR.is_working(d) for d in sorted(HOLIDAYS_LACKS)] == [False, True]


# --- terms


@pytest.mark.parametrize(
    ("received", "term", "due"),
    [
        ("2026-08-17", 1, "2026-08-18"),  # the first day is not counted
        ("2026-08-21", 1, "2026-08-22"),  # the made-up Saturday
        ("2026-08-21", 2, "2026-08-24"),
        ("2026-08-28", 1, "2026-09-03"),  # 31/8, 1/9, 2/9 off
        ("2026-02-13", 5, "2026-02-27"),  # Tết
        ("2026-01-01", 0, "2026-01-05"),  # in the day, on a day off; 2/1 is off
        ("2026-01-09", 0, "2026-01-09"),
        ("2026-01-08", 2, "2026-01-10"),
        ("2026-12-31", 1, "2027-01-04"),
    ],
)
def test_due(received: str, term: int, due: str) -> None:  # LN03
    assert CALENDAR.due(date.fromisoformat(received), term) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("received", "term", "due"),
    [("2026-08-20", 10, "2026-09-03"), ("2026-08-20", 5, "2026-08-25"), ("2026-08-20", 2, "2026-08-22")],
)
def test_due_by_days_rolls(received: str, term: int, due: str) -> None:  # LN03
    assert CALENDAR.due_by_days(date.fromisoformat(received), term) == date.fromisoformat(due)


def test_days_late_counts_worked_saturday() -> None:
    assert CALENDAR.days_late(date(2026, 8, 21), date(2026, 8, 24)) == 2
    assert CALENDAR.days_late(date(2025, 8, 22), date(2025, 8, 25)) == 1
    assert CALENDAR.days_late(date(2026, 8, 24), date(2026, 8, 21)) == 0
    assert CALENDAR.between(date(2026, 8, 24), date(2026, 8, 21)) == -2
    assert CALENDAR.days_late(date(2026, 8, 28), date(2026, 8, 30)) == 0  # late by no working day


# --- any calendar against counting day by day

TET = [DayOff(date(2026, 2, 16) + timedelta(n), "nghi") for n in range(5)]
any_day = st.dates(FIRST, LAST)
calendars = st.lists(st.builds(DayOff, any_day, st.sampled_from(["nghi", "lam_bu"])), max_size=40).map(
    lambda more: calendar([*TET, *more], FIRST, LAST)
)


def slow_working(made: Calendar, day: date) -> bool:
    for listed in made.days_off:
        if listed.day == day:
            return listed.kind == "lam_bu"
    return day.weekday() < 5


def slow_due(made: Calendar, received: date, term: int) -> date | None:
    day, left = received, term
    while left or not slow_working(made, day):
        day += timedelta(1)
        if day > LAST:
            return None
        if slow_working(made, day):
            left -= 1
            if left <= 0:
                return day
    return day


def slow_between(made: Calendar, a: date, b: date) -> int:
    if b < a:
        return -slow_between(made, b, a)
    return sum(slow_working(made, day) for day in each_day(a + timedelta(1), b))


@given(calendars, any_day, any_day, st.integers(0, 60))
def test_tables_agree_with_slow_loop(made: Calendar, a: date, b: date, term: int) -> None:  # LN04
    assert made.is_working(a) == slow_working(made, a)
    assert made.due(a, term) == slow_due(made, a, term)
    assert made.between(a, b) == slow_between(made, a, b)
    assert made.days_late(a, b) == max(slow_between(made, a, b), 0)


@given(calendars, any_day, any_day, any_day, st.integers(1, 60))
def test_between_is_a_difference(made: Calendar, a: date, b: date, c: date, term: int) -> None:  # LN05
    there, back, on, whole = made.between(a, b), made.between(b, a), made.between(b, c), made.between(a, c)
    assert there is not None and back is not None and on is not None
    assert (there, whole) == (-back, there + on)
    due = made.due(a, term)
    assert due is None or (made.between(a, due) == term and made.is_working(due))


@given(calendars, any_day, any_day)
def test_explain_adds_up(made: Calendar, a: date, b: date) -> None:  # LN07
    span = made.explain(a, b)
    assert span.working is not None
    assert (span.end - span.start).days == span.working + len(span.off) + span.weekend
    assert abs(made.between(a, b) or 0) == span.working
    inside = [d for d in made.days_off if span.start < d.day <= span.end]
    assert set(span.off) == {d for d in inside if d.kind == "nghi" and d.day.weekday() < 5}
    assert set(span.made_up) == {d for d in inside if d.kind == "lam_bu" and d.day.weekday() >= 5}


def test_explain_names_the_days_off() -> None:  # LN07
    span = CALENDAR.explain(date(2026, 8, 21), date(2026, 9, 3))
    assert [d.day for d in span.off] == [date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2)]
    assert [d.day for d in span.made_up] == [date(2026, 8, 22)]
    assert (span.working, span.weekend, span.provisional) == (7, 3, False)
    assert CALENDAR.explain(date(2026, 12, 31), date(2027, 1, 4)).provisional


def test_outside_is_never_guessed() -> None:  # LN06
    early, late = date(2023, 12, 29), date(2028, 1, 3)
    inside = date(2024, 1, 2)
    assert CALENDAR.is_working(early) is None and CALENDAR.is_working(late) is None
    assert CALENDAR.due(early, 3) is None and CALENDAR.due(date(2027, 12, 30), 2) is None
    assert CALENDAR.due_by_days(early, 30) is None and CALENDAR.due_by_days(inside, 10**9) is None
    assert CALENDAR.between(early, inside) is None and CALENDAR.between(inside, early) is None
    assert CALENDAR.days_late(early, late) is None
    assert CALENDAR.due(inside, -1) is None and CALENDAR.due_by_days(inside, -1) is None
    assert CALENDAR.explain(early, inside).working is None
    assert CALENDAR.outside(early).code == "LN_001"


# --- the list


def test_list_survives_writing() -> None:  # LN08
    written = records(CALENDAR.days_off)
    assert [r["loai"] for r in written if r["ngay"] in ("2026-08-22", "2027-01-01")] == ["làm bù", "dự kiến nghỉ"]
    lines = [",".join(FIELDS), *(f'{r["ngay"]},{r["loai"]},"{r["can_cu"]}"' for r in written)]
    assert parse_days("\n".join(lines)) == CALENDAR.days_off


def test_list_as_excel_saves_it(tmp_path: Path) -> None:  # LN08
    path = tmp_path / "lich.csv"
    path.write_text("\ufeffngay;loai;can_cu\n# tự ghi\n1/2/2026;NGHỈ;\n7/2/2026; làm  bù;x", encoding="utf-8")
    made = load_calendar(path)
    assert [(d.day, d.kind) for d in made.days_off] == [(date(2026, 2, 1), "nghi"), (date(2026, 2, 7), "lam_bu")]
    assert (made.first, made.last, made.provisional(made.first)) == (date(2026, 1, 1), date(2026, 12, 31), False)


@pytest.mark.parametrize(
    ("text", "codes", "cells"),
    [
        ("", ["LN_005"], [""]),
        ("ngay,loai\n2026-01-01,nghỉ", ["LN_005"], [""]),
        ("ngay,loai,can_cu", ["LN_004"], [""]),
        ("ngay,loai,can_cu\n2026-13-01,nghỉ,", ["O_016"], ["A2"]),
        ("ngay,loai,can_cu\n,nghỉ,", ["O_011"], ["A2"]),
        ("ngay,loai,can_cu\n# x\n2026-01-01,nghi le,", ["LN_002"], ["B3"]),
        ("ngay,loai,can_cu\n2026-01-01,nghỉ,\n2026-01-01,làm bù,", ["LN_003"], ["B3"]),
        ("ngay,loai,can_cu\n2026-01-01,nghỉ,\n2026-01-01,dự kiến nghỉ,\n1/1,,", ["LN_003", "O_016"], ["B3", "A4"]),
    ],
)
def test_bad_list__error(text: str, codes: list[str], cells: list[str]) -> None:  # LN08
    with pytest.raises(CalendarError) as caught:
        whole_years(parse_days(text))
    assert [f.code for f in caught.value.findings] == codes
    assert [f.cell for f in caught.value.findings] == cells


def test_bad_encoding__error(tmp_path: Path) -> None:  # LN08
    path = tmp_path / "lich.csv"
    path.write_bytes("ngay,loai,can_cu\n2026-01-01,nghỉ,".encode("utf-16"))
    with pytest.raises(CalendarError) as caught:
        load_calendar(path)
    assert [f.code for f in caught.value.findings] == ["LN_006"]


def test_sheet_keeps_the_good_lines() -> None:  # LN08
    columns: dict[str, tuple[object, ...]] = {
        "ngay": (datetime(2026, 1, 2), 46032.0, "31/11/2026", "02/01/2026", date(2026, 5, 1)),
        "loai": ("nghỉ", "Làm bù", "nghỉ", "nghỉ", None),
    }
    table = Table("lich_nghi", "Lịch nghỉ", {"ngay": "A", "loai": "B"}, (4, 5, 6, 7, 9), columns)
    good, findings = read_days(table)
    assert good == (DayOff(date(2026, 1, 2), "nghi"), DayOff(date(2026, 1, 10), "lam_bu"))
    assert [(f.code, f.sheet, f.cell) for f in findings] == [
        ("O_016", "Lịch nghỉ", "A6"),
        ("LN_002", "Lịch nghỉ", "B9"),
    ]


# --- columns

ordinals = st.one_of(st.none(), st.dates(FIRST - timedelta(5), LAST + timedelta(5)).map(date.toordinal))
rows = st.lists(st.tuples(ordinals, st.one_of(st.none(), st.integers(-2, 40)), ordinals), max_size=30)


@given(calendars, rows)
def test_columns_agree_with_single_days(made: Calendar, given_rows: list[tuple[int | None, ...]]) -> None:  # LN09
    received, terms, done = ([row[n] for row in given_rows] for n in range(3))
    due: list[int | None] = []
    late: list[int | None] = []
    for day, term, end in zip(received, terms, done, strict=True):
        found = made.due(date.fromordinal(day), term) if day is not None and term is not None else None
        due.append(None if found is None else found.toordinal())
        late.append(None if found is None or end is None else made.days_late(found, date.fromordinal(end)))
    assert due_many(made, received, terms) == due
    assert late_many(made, due, done) == late
    for kind in (np.int64, np.int32):
        column_due = due_many(made, array(received, kind), array([-1 if t is None else t for t in terms], kind))
        assert column_due.tolist() == [UNKNOWN if d is None else d for d in due]
        column_late = late_many(made, column_due.astype(kind), array(done, kind))
        assert column_late.tolist() == [UNKNOWN if n is None else n for n in late]


def test_one_term_for_all() -> None:  # LN09
    received = [day.toordinal() for day in each_day(FIRST, LAST)]
    for term in (0, 3, -1):
        each = [CALENDAR.due(date.fromordinal(d), term) for d in received]
        assert due_many(CALENDAR, received, term) == [None if d is None else d.toordinal() for d in each]
        column = due_many(CALENDAR, np.array(received), term)
        assert column.tolist() == [UNKNOWN if d is None else d.toordinal() for d in each]


def array(column: list[int | None], kind: type) -> object:
    return np.array([0 if day is None else day for day in column], dtype=kind)
