from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.figures import explain, read_count, read_date, read_rate, read_text, stored_text
from toolkit.wording import show, show_rate


@pytest.mark.parametrize(
    ("raw", "value", "code"),
    [
        (None, None, ""),
        ("", None, ""),
        (" \u00a0\n", None, ""),
        (0, 0, ""),
        (0.0, 0, ""),
        (5676.0, 5676, ""),
        (999_999_999_999_999.0, 999_999_999_999_999, ""),
        ("5.676", 5676, "O_001"),
        ("5 676", 5676, "O_001"),
        ("5\u00a0676", 5676, "O_001"),
        ("1.201.345", 1201345, "O_001"),
        ("1,201,345", 1201345, "O_001"),
        ("414", 414, "O_001"),
        ("0", 0, "O_001"),
        (" 12 ", 12, "O_001"),
        (5.676, None, "O_003"),
        ("5,676", None, "O_003"),
        ("12,5", None, "O_003"),
        ("5.67", None, "O_003"),
        ("0.676", None, "O_003"),
        ("5.6761", None, "O_003"),
        ("5.676 hồ sơ", None, "O_002"),
        ("1.234 567", None, "O_002"),
        ("1.234,567", None, "O_002"),
        ("-", None, "O_002"),
        ("–", None, "O_002"),
        ("x", None, "O_002"),
        ("không", None, "O_002"),
        ("1e3", None, "O_002"),
        ("٣", None, "O_002"),
        (True, None, "O_002"),
        (datetime(2025, 10, 5), None, "O_002"),
        (timedelta(hours=3), None, "O_002"),
        (float("nan"), None, "O_002"),
        (float("inf"), None, "O_002"),
        (-1.0, None, "O_004"),
        ("-5", None, "O_004"),
        ("−5.676", None, "O_004"),
        ("#REF!", None, "O_005"),
        ("#DIV/0!", None, "O_005"),
        ("Err:502", None, "O_005"),
        (1e15, None, "O_013"),
        ("1000000000000000", None, "O_013"),
    ],
)
def test_counts(raw: object, value: int | None, code: str) -> None:
    read = read_count(raw)
    assert (read.value, read.code) == (value, code)


@pytest.mark.parametrize(
    ("raw", "meant"),
    [(5.676, "5.676"), ("5,676", "5.676"), (1.2, "1.200"), (2.0000000000000004, "2"), (5.6761, "5 hoặc 6")],
)
def test_a_fraction_in_a_count_is_answered_with_what_was_likely_meant(raw: object, meant: str) -> None:
    assert read_count(raw).suggestion == meant


@given(st.integers(0, 10**15 - 1))
def test_a_count_survives_every_way_of_writing_it(n: int) -> None:
    dotted = show(n)
    for raw in (n, float(n), str(n), dotted, dotted.replace(".", " "), dotted.replace(".", "\u00a0")):
        assert read_count(raw).value == n


@given(st.one_of(st.text(max_size=12), st.floats(), st.text("0123456789.,-− %", max_size=12)))
def test_a_count_is_never_rounded_and_nothing_raises(raw: str | float) -> None:
    read = read_count(raw)
    assert read.value is None or (read.value >= 0 and read.code in ("", "O_001"))
    if isinstance(raw, float) and read.value is not None:
        assert read.value == raw
    for other in (read_rate(raw), read_date(raw)):
        assert (other.value is None) == (other.code not in ("", "O_001", "O_008", "O_014")) or not str(raw).strip()


@pytest.mark.parametrize(
    ("raw", "value", "code"),
    [
        (None, None, ""),
        (0.9016, "0.9016", ""),
        (0.90159999999999996, "0.9016", ""),
        (0.9, "0.90", ""),
        (0, "0.00", ""),
        (1.0, "1.00", ""),
        ("80,05 %", "0.8005", "O_001"),
        ("80.05%", "0.8005", "O_001"),
        ("90,10%", "0.9010", "O_001"),
        ("0,5%", "0.005", "O_001"),
        ("100%", "1.00", "O_001"),
        ("0,9016", "0.9016", "O_001"),
        ("99,81", "0.9981", "O_014"),
        (99.81, "0.9981", "O_014"),
        (100.0, "1.00", "O_014"),
        (100.01, None, "O_009"),
        ("101%", None, "O_009"),
        (-0.01, None, "O_009"),
        ("-3 %", None, "O_009"),
        ("hơn 95%", None, "O_002"),
        ("#N/A", None, "O_005"),
        (False, None, "O_002"),
        (date(2025, 1, 1), None, "O_002"),
    ],
)
def test_rates(raw: object, value: str | None, code: str) -> None:
    read = read_rate(raw)
    assert (None if read.value is None else str(read.value), read.code) == (value, code)


@given(st.integers(0, 10_000))
def test_a_printed_rate_keeps_its_decimals(hundredths: int) -> None:
    rate = Decimal(hundredths).scaleb(-4)
    assert str(read_rate(show_rate(rate)).value) == str(rate)
    assert read_rate(float(rate)).value == rate


@pytest.mark.parametrize(
    ("raw", "value", "code"),
    [
        (None, None, ""),
        ("", None, ""),
        (date(2025, 7, 28), date(2025, 7, 28), ""),
        (datetime(2025, 7, 28, 23, 59), date(2025, 7, 28), ""),
        (45866.0, date(2025, 7, 28), ""),
        (45866.99, date(2025, 7, 28), ""),
        ("5/10/2025", date(2025, 10, 5), "O_008"),
        ("05-10-2025", date(2025, 10, 5), "O_008"),
        ("5.10.2025", date(2025, 10, 5), "O_008"),
        ("05/10/2025 15:04:05", date(2025, 10, 5), "O_008"),
        ("05/10/2025 15:04", date(2025, 10, 5), "O_008"),
        ("2025-10-05", date(2025, 10, 5), "O_008"),
        ("2025-10-05T15:04:05Z", date(2025, 10, 5), "O_008"),
        ("28/7/205", None, "O_006"),
        ("28/7/25", None, "O_006"),
        ("31/11/2025", None, "O_006"),
        ("7/28/2025", None, "O_006"),
        ("29/2/2025", None, "O_006"),
        ("5/10-2025", None, "O_006"),
        ("tháng 7", None, "O_006"),
        (datetime(1900, 7, 23), None, "O_006"),
        (205.0, None, "O_006"),
        (1e9, None, "O_006"),
        (True, None, "O_006"),
        (time(1, 2), None, "O_006"),
        ("#VALUE!", None, "O_005"),
    ],
)
def test_dates(raw: object, value: date | None, code: str) -> None:
    read = read_date(raw)
    assert (read.value, read.code) == (value, code)


@given(st.dates(date(1945, 1, 1), date(2100, 12, 31)))
def test_a_date_survives_every_way_of_writing_it(day: date) -> None:
    serial = float((day - date(1899, 12, 30)).days)
    for raw in (day, serial, f"{day.day}/{day.month}/{day.year}", f"{day:%d-%m-%Y}", day.isoformat()):
        assert read_date(raw).value == day


def test_text_keeps_what_was_typed() -> None:
    assert stored_text(" 5.676 ") == " 5.676 "
    assert [read_text(r) for r in (1234.0, "  a\nb ", None, True, 0.5)] == ["1234", "a b", "", "TRUE", "0.5"]
    assert stored_text(datetime(2025, 10, 5)) == "5/10/2025"


def test_an_explanation_names_its_cell_and_both_readings() -> None:
    said = explain(read_count(5.676), 5.676, sheet="II.06a", cell="C9", name="Tiếp nhận")
    assert said is not None
    assert (said.code, said.sheet, said.cell, said.severity) == ("O_003", "II.06a", "C9", "error")
    assert "5,676" in said.message
    assert "5.676" in said.fix
    assert explain(read_count(5.0), 5.0, sheet="II.06a", cell="C9", name="Tiếp nhận") is None
