"""Worksheet functions: the same rules as everywhere, a column at a time.

Requirements
  WF01  cells in, cells out: one cell counts for every row; columns that are not equally long are told, not cut
  WF02  a blank gives a blank, never 0; errors are Vietnamese sentences, handed on, never exceptions
  WF03  deadlines, working days and days late are those of the calendar, make-up Saturdays included
  WF04  verdicts are those of the register
  WF05  numbers, dates and texts are read as ``figures`` and ``text`` read them
  WF06  counting compares by key, and dates by their day
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import functions as f
from toolkit.dossiers import register_of, verdicts
from toolkit.figures import read_count, read_date
from toolkit.records import Table
from toolkit.text import key
from toolkit.wording import FUNCTION_FAULTS, VERDICTS
from workbook.forms import load_calendar, load_vocabulary

CALENDAR, WORDS = load_calendar(), load_vocabulary()
FAULT = FUNCTION_FAULTS["dau"]
ON = date(2025, 9, 25)
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.floats(),
    st.booleans(),
    st.integers(),
    st.datetimes(),
    st.timedeltas(),
    st.sampled_from(["#N/A", "Lỗi: đã hỏng", "5.676", "28/7/205", "31/11/2025", "Đang xử lý", "80,05 %"]),
)


def told(cell: object, code: str) -> bool:
    """Is it the sentence of this fault, whatever its fields hold?"""
    return isinstance(cell, str) and cell.startswith(FAULT + FUNCTION_FAULTS[code].partition("{")[0])


def judged(due: object, done: object, status: object, cutoff: object = ON, soon: int = 3) -> list[object]:
    return f.verdict(due, done, status, cutoff, soon=soon, calendar=CALENDAR, vocabulary=WORDS)


# --- WF01, WF02


def test_one_cell_counts_for_every_row__WF01() -> None:
    days = [date(2025, 9, 22), date(2025, 9, 23)]
    assert f.deadlines(days, 1, CALENDAR) == [date(2025, 9, 23), date(2025, 9, 24)]
    assert f.deadlines(days, [1], CALENDAR) == f.deadlines(days, 1, CALENDAR)
    assert f.deadlines(days[0], [1, 2, 3], CALENDAR) == [date(2025, 9, 23), date(2025, 9, 24), date(2025, 9, 25)]
    assert f.deadlines(days[0], 1, CALENDAR) == [date(2025, 9, 23)]
    assert f.numbers([]) == []


def test_shorter_column_is_told__WF01() -> None:
    found = f.working_days([ON, ON, ON], [ON, ON], CALENDAR)
    assert found[:2] == [0, 0]
    assert told(found[2], "cot")
    assert told(judged([ON, ON, ON], [ON, ON], "")[2], "cot")
    assert all(told(cell, "cot") for cell in f.count((["a", "b"], "a"), (["x"] * 3, "x")))


def test_blank_is_blank__WF02() -> None:
    for nothing in (None, "", "  "):
        assert f.numbers(nothing) == f.dates(nothing) == f.rates(nothing, 5) == f.rates(5, nothing) == [""]
        assert f.deadlines(nothing, 5, CALENDAR) == f.working_days(ON, nothing, CALENDAR) == [""]
        assert f.days_late(nothing, ON, ON, CALENDAR) == judged(nothing, nothing, nothing) == [""]


@pytest.mark.parametrize(
    ("cell", "code"),
    [("abc", "so"), ("-3", "so_am"), ("12,5", "so_le"), (5.676, "so_le"), ("#REF!", "o_loi"), (1e15, "so_lon")],
)
def test_what_is_no_number__WF02(cell: object, code: str) -> None:
    (found,) = f.numbers(cell)
    assert told(found, code)
    assert f.rates(found, 5) == f.deadlines(ON, found, CALENDAR) == [found]  # handed on


@pytest.mark.parametrize("cell", ["31/11/2025", "28/7/205", "hôm qua", -1.0, True])
def test_what_is_no_date__WF02(cell: object) -> None:
    for found in (f.dates(cell), f.deadlines(cell, 5, CALENDAR), f.days_late(cell, "", ON, CALENDAR)):
        assert told(found[0], "ngay")
    assert told(judged(cell, "", "Đang xử lý")[0], "ngay")
    assert told(judged(ON, "", "Đang xử lý", cell)[0], "ngay")


@given(st.lists(CELLS, max_size=4), st.lists(CELLS, max_size=4), CELLS)
def test_nothing_raises__WF02(a: list[object], b: list[object], c: object) -> None:
    n = 1 if len(a) == len(b) == 1 else max(len(a), len(b))
    for found in (
        f.deadlines(a, b, CALENDAR),
        f.working_days(a, b, CALENDAR),
        f.days_late(a, b, c, CALENDAR),
        judged(a, b, c, c),
        f.rates(a, b),
    ):
        assert len(found) == n
    for one in (f.numbers, f.dates, f.tidied, f.keys):
        assert len(one(a)) == len(a)
    assert len(f.count((a, b), (a, c))) == len(b)


# --- WF03


def test_make_up_saturday__WF03() -> None:
    # 02/5/2025 is off, Saturday 26/4 is worked for it
    assert f.deadlines(date(2025, 4, 25), [1, 2, 5], CALENDAR) == [
        date(2025, 4, 26),
        date(2025, 4, 28),
        date(2025, 5, 6),
    ]
    assert f.working_days("25/4/2025", "05/5/2025", CALENDAR) == [4]
    assert f.working_days("05/5/2025", "25/4/2025", CALENDAR) == [-4]


def test_days_late__WF03() -> None:
    due = date(2025, 9, 3)
    assert f.days_late(due, [datetime(2025, 9, 5, 8), "05/9/2025", due, date(2025, 9, 1), ""], ON, CALENDAR) == [
        2,
        2,
        0,
        0,
        16,
    ]


def test_outside_the_calendar__WF03() -> None:
    last = CALENDAR.last
    assert f.deadlines(last, 0, CALENDAR) != [""]
    assert told(f.deadlines(last, 1, CALENDAR)[0], "ngoai_lich")
    assert told(f.working_days(last, last + timedelta(1), CALENDAR)[0], "ngoai_lich")
    assert told(f.deadlines(last, -1, CALENDAR)[0], "so_ngay")
    assert told(f.deadlines(last, 1.5, CALENDAR)[0], "so_ngay")


@given(st.lists(st.tuples(DAYS, st.integers(0, 60)), max_size=6))
def test_columns_are_the_calendar__WF03(rows: list[tuple[date, int]]) -> None:
    days, terms = [r[0] for r in rows], [r[1] for r in rows]
    for day, term, found in zip(days, terms, f.deadlines(days, terms, CALENDAR), strict=True):
        due = CALENDAR.due(day, term)
        assert found == due if due else told(found, "ngoai_lich")


# --- WF04


@pytest.mark.parametrize(
    ("due", "done", "status", "kind"),
    [
        (ON, "", "Đang xử lý", "sap_den_han"),
        ("24/9/2025", "", "", "dang_qua_han"),
        ("30/9/2025", None, "", "sap_den_han"),
        ("01/10/2025", None, "", "dang_trong_han"),
        ("03/9/2025", "04/9/2025", "Đã trả kết quả", "qua_han"),
        ("03/9/2025", "03/9/2025", "", "dung_han"),
        ("03/9/2025", "02/9/2025", 9.0, "truoc_han"),
        ("03/9/2025", "", "Yêu cầu bổ sung", "cho_bo_sung"),
        ("03/9/2025", "", "Rút hồ sơ", "rut"),
        ("03/9/2025", "", "Đã trả kết quả", "chua_phan_loai"),
    ],
)
def test_verdict__WF04(due: object, done: object, status: object, kind: str) -> None:
    assert judged(due, done, status) == [VERDICTS[kind]]


def test_unknown_status__WF04() -> None:
    assert told(judged(ON, "", "Đang bay")[0], "trang_thai")


STATUSES = st.sampled_from(["", "Đang xử lý", "Đã trả kết quả", "Tạm dừng", "Rút hồ sơ", "10", "Mới đăng ký"])


@given(st.lists(st.tuples(DAYS, st.none() | DAYS, STATUSES), min_size=1, max_size=8), DAYS, st.integers(0, 5))
def test_verdicts_are_those_of_the_register__WF04(
    rows: list[tuple[date, date | None, str]], cutoff: date, soon: int
) -> None:
    columns = tuple(zip(*rows, strict=True))
    fields = ("ngay_hen_tra", "ngay_ket_qua", "trang_thai")
    table = Table("ho_so", "", {}, tuple(range(len(rows))), dict(zip(fields, columns, strict=True)))
    expected = verdicts(register_of(table, WORDS)[0], CALENDAR, cutoff, soon)
    assert judged(*map(list, columns), cutoff, soon) == [VERDICTS[v.kind] for v in expected]


# --- WF05


def test_numbers__WF05() -> None:
    assert f.numbers(["5.676", 12.0, "1 234", "80,05 %", "0"]) == [5676, 12, 1234, 0.8005, 0]


@given(st.one_of(st.integers(0, 10**9), st.from_regex(r"[0-9]{1,3}(\.[0-9]{3}){0,2}", fullmatch=True)))
def test_numbers_are_figures__WF05(cell: object) -> None:
    value = read_count(cell).value
    (found,) = f.numbers(cell)
    assert found == value if value is not None else str(found).startswith(FAULT)


def test_rates__WF05() -> None:
    assert f.rates([1, "5.297", 0, 3], [4, 5676, 10, 0]) == [0.25, 5297 / 5676, 0.0, FUNCTION_FAULTS["mau_so"]]


def test_dates__WF05() -> None:
    assert f.dates(["05/10/2025", "2025-10-05", datetime(2025, 10, 5, 9), 45935.0]) == [date(2025, 10, 5)] * 4
    assert f.dates(["5/10/2025"]) == [read_date("5/10/2025").value]


def test_texts__WF05() -> None:
    apart = "Sơn\u00a0Ha\u0300 "
    assert f.tidied([apart, 5.0, None]) == ["Sơn Hà", 5.0, ""]
    assert f.keys([apart, "SƠN HÀ", "Thanh Hoá"]) == [key("Sơn Hà"), key("Sơn Hà"), key("Thanh Hóa")]
    assert f.keys("Sơn Hạ") != f.keys("Sơn Hà")


# --- WF06


def test_count__WF06() -> None:
    fields = ["Hộ tịch", "HỘ  TỊCH", "Đất đai", None]
    kinds = ["Quá hạn", "Đúng hạn", "Quá hạn", "Quá hạn"]
    days = ["05/9/2025", date(2025, 9, 5), datetime(2025, 9, 5, 7), "06/9/2025"]
    assert f.count((fields, "hộ tịch")) == [2]
    assert f.count((fields, ["Hộ tịch", "Đất đai", "Chứng thực", ""])) == [2, 1, 0, ""]
    assert f.count((fields, "Hộ tịch"), (kinds, "Quá hạn")) == [1]
    assert f.count((fields, "Hộ tịch"), (kinds, "")) == [2]
    assert f.count((kinds, ["Quá hạn", "Đúng hạn"]), (days, date(2025, 9, 5))) == [2, 1]
    assert told(f.count((fields, "#N/A"))[0], "o_loi")


@given(
    st.lists(st.sampled_from("abc"), min_size=2, max_size=9), st.lists(st.sampled_from("xy"), min_size=2, max_size=9)
)
def test_count_adds_up__WF06(a: list[str], b: list[str]) -> None:
    n = min(len(a), len(b))
    a, b = a[:n], b[:n]
    for letter in "abc":
        parts = f.count((a, letter), (b, ["x", "y"]))
        assert [sum(1 for p, q in zip(a, b, strict=True) if (p, q) == (letter, w)) for w in "xy"] == parts
        assert sum(map(int, map(str, parts))) == a.count(letter)
