"""Registers: dates, choices, gaps, numbers of one series; told in bounded number, without anybody's data."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import combinations

import pytest
from effort import calls
from hypothesis import given
from hypothesis import strategies as st

from toolkit.records import Filing, Finding, Period, Table
from toolkit.registers import MOST_TOLD, check
from workbook.forms import load_form

FORM = load_form()
PERIOD = Period(date(2025, 7, 1), date(2025, 9, 25))


def found(block: str, columns: dict[str, Sequence[object]], period: Period | None = PERIOD) -> tuple[Finding, ...]:
    """The findings of one register: first record in row 5; columns A, B, C … in the form's order."""
    fields = FORM.block(block).indicators
    letters = {field.id: chr(ord("A") + n) for n, field in enumerate(fields)}
    size = len(next(iter(columns.values())))
    filled = {field.id: tuple(columns.get(field.id, ("x" if field.required else None,) * size)) for field in fields}
    table = Table(block, FORM.block(block).sheet, letters, tuple(range(5, 5 + size)), filled)
    return check(FORM, Filing("t.xlsx", "0" * 64, "bao_cao_xa", "1", None, period, {}, {}, {}, {block: table}))


def documents(*entries: tuple[object, object]) -> tuple[Finding, ...]:
    return found("van_ban", {"so_ky_hieu": [number for number, _ in entries], "ngay": [day for _, day in entries]})


def told(findings: Sequence[Finding], *ignored: str) -> list[tuple[str, str]]:
    return [(f.code, f.cell) for f in findings if f.code not in ignored]


TEXT = ("O_008", "O_012")  # dates that were typed as text


# --- numbers of one series


def test_van_tuong() -> None:
    findings = documents(
        ("651/QĐ-UBND", "28/7/205"),
        ("1100/QĐ-UBND", "06/8/2025"),
        ("1099/QĐ-UBND", "06/8/2025"),
        ("04/QĐ-BCĐ", "12/8/2025"),
        ("02/QĐ-BCĐ", "15/9/2025"),
        ("1995/QĐ-UBND", "26/9/2025"),
    )
    assert told(findings, *TEXT) == [("O_006", "B5"), ("O_007", "B10"), ("DS_001", "A9")]
    assert [f.severity for f in findings if f.code not in TEXT] == ["error", "warning", "warning"]
    fall = findings[-1]
    assert (fall.sheet, fall.cells) == ("Văn bản", ("A9", "A8"))


def test_minh_long() -> None:
    findings = documents(("107/QĐ-UBND", date(2025, 7, 18)), ("110/QĐ-UBND", date(2025, 7, 11)))
    assert told(findings) == [("DS_001", "A5")]


def test_series_and_years_are_apart() -> None:
    one, two = datetime(2025, 7, 2), datetime(2025, 8, 2)
    assert not documents(("9/QĐ-UBND", one), ("8/KH-UBND", two))
    assert not documents(("9/QĐ-UBND", one), ("8", two))
    assert not documents(("9/QĐ-UBND", one), (8.0, two))
    assert not documents(("9/QĐ-UBND", one), ("9/QĐ-UBND", two))
    assert not documents(("9/QĐ-UBND", one), ("8/QĐ-UBND", one))
    assert not documents(("9/QĐ-UBND", one), (None, two))
    assert told(documents(("9/QĐ-UBND", one), ("8/QĐ-UBND", two))) == [("DS_001", "A6")]
    assert told(documents((" 09 / qđ-UBND", one), ("số 08/QĐ - UBND".replace(" - ", "-"), two))) == [("DS_001", "A6")]
    assert told(documents(("09-KH/ĐU", one), ("08-KH/ĐU", two))) == [("DS_001", "A6")]
    assert told(documents(("10/2025/QĐ-UBND", one), ("8/2025/QĐ-UBND", two))) == [("DS_001", "A6")]
    years = documents(("900/QĐ-UBND", date(2024, 12, 30)), ("8/QĐ-UBND", two))
    assert told(years) == [("O_007", "B5")]


def test_one_misplaced_number_is_one_fault() -> None:
    days = [date(2025, 7, n) for n in range(1, 12)]
    numbers = [*range(1, 6), 900, *range(6, 11)]
    findings = documents(*((f"{n}/QĐ-UBND", day) for n, day in zip(numbers, days, strict=True)))
    assert [(f.code, f.cells) for f in findings] == [("DS_001", ("A11", "A10"))]


entries = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 4)), max_size=7)


@given(entries)
def test_the_fewest_entries_explain_every_fall(pairs: list[tuple[int, int]]) -> None:
    findings = documents(*((f"{n}/QĐ-UBND", date(2025, 7, 1) + timedelta(day)) for n, day in pairs)) if pairs else ()

    def sound(kept: tuple[tuple[int, int], ...]) -> bool:
        return not any(a[1] < b[1] and a[0] > b[0] for a in kept for b in kept)

    fewest = next(k for k in range(len(pairs) + 1) if any(map(sound, combinations(pairs, len(pairs) - k))))
    assert len(findings) == fewest
    for f in findings:
        later, earlier = (pairs[int(cell[1:]) - 5] for cell in f.cells)
        assert later[1] > earlier[1] and later[0] < earlier[0]


# --- dates


@pytest.mark.parametrize("raw", ["28/7/205", "31/11/2025", "29/2/2025", "1/8/25", "12/13/2025", 2025.0])
def test_dates_that_cannot_be(raw: object) -> None:
    assert told(documents((None, raw))) == [("O_006", "B5")]


def test_a_date_may_be_text_a_serial_day_or_blank() -> None:
    assert not documents((None, 45900.0), (None, None), (None, "  "), (None, datetime(2025, 9, 25, 16, 30)))
    assert told(documents((None, None), (None, "1/7/2025"))) == [("O_008", "B6")]


def test_text_dates_are_told_once_and_counted() -> None:
    findings = found("ho_so", {"ngay_tiep_nhan": ["05/08/2025 08:31"] * 500})
    assert told(findings) == [("O_008", "F5"), ("O_012", "F5")]
    assert "499" in findings[1].message and len(findings[1].cells) <= MOST_TOLD


def test_a_time_of_day_may_follow_a_date_but_no_words() -> None:
    findings = found("ho_so", {"ngay_tra": ["05/08/2025 08:31", "05/08/2025 17:02:09", "05/08/2025 từ: 8"]})
    assert told(findings, *TEXT) == [("O_016", "I7")]


def test_the_period_counts_both_its_days() -> None:
    first, last = PERIOD.start, PERIOD.end
    assert not documents((None, first), (None, last))
    outside = documents((None, first - timedelta(1)), (None, last + timedelta(1)))
    assert told(outside) == [("O_007", "B5"), ("O_007", "B6")]
    assert not found("van_ban", {"ngay": [date(2024, 1, 1)]}, period=None)
    assert not found("nhiem_vu", {"han": [date(2025, 12, 31)]})


def test_a_text_that_is_no_date_is_only_doubted() -> None:
    (doubt,) = found("ho_so", {"ngay_tra": ["chưa trả"]})
    assert (doubt.code, doubt.severity, doubt.cell) == ("O_016", "warning", "I5")


@pytest.mark.parametrize(
    "raw", ["Nguyễn Văn A", "0912345678", "091.234.5678", "051203004567", 912345678.0, "Số 5/7/205 B"]
)
def test_no_message_repeats_what_is_not_a_date(raw: object) -> None:
    (doubt,) = found("ho_so", {"ngay_tiep_nhan": [raw]})
    assert doubt.code == "O_016"
    shown = str(int(raw)) if isinstance(raw, float) else str(raw)
    assert shown not in doubt.message + doubt.fix and "912" not in doubt.message


def test_an_excel_error_is_told() -> None:
    assert told(documents((None, "#REF!"))) == [("O_005", "B5")]


def test_thousands_of_faults_are_counted() -> None:
    findings = found("ho_so", {"ngay_tra": ["31/11/2025"] * 3000})
    assert [f.code for f in findings] == ["O_006"] * MOST_TOLD + ["O_015"]
    assert "2.980" in findings[-1].message


# --- choices and gaps


def test_choices_are_compared_without_regard_to_spelling() -> None:
    assert not found("van_ban", {"tinh_trang": ["Đã ban hành", "đã  ban hành ", None, " "]})
    decomposed = unicodedata.normalize("NFD", "Đã ban hành")
    assert not found("van_ban", {"tinh_trang": [decomposed]})
    assert told(found("van_ban", {"tinh_trang": ["Chậm", "Chạm", 5.0]})) == [("O_010", "F6"), ("O_010", "F7")]


def test_a_long_text_is_not_repeated_whole() -> None:
    (told_,) = found("van_ban", {"tinh_trang": ["x" * 5000]})
    assert len(told_.message) < 300


def test_required_fields() -> None:
    assert told(found("van_ban", {"trich_yeu": ["a", None, "\u00a0"]})) == [("O_011", "D6"), ("O_011", "D7")]


def test_nothing_to_say() -> None:
    bare = Filing("t.xlsx", "0" * 64, "bao_cao_xa", "1", None, PERIOD, {}, {}, {}, {})
    assert not check(FORM, bare)
    empty = Table("van_ban", "Văn bản", {}, (), {})
    missing = Table("van_ban", "Văn bản", {"so_ky_hieu": "A"}, (5,), {"so_ky_hieu": ("1/A",)})
    for table in (empty, missing):
        assert not check(FORM, Filing("t.xlsx", "0" * 64, "f", "1", None, PERIOD, {}, {}, {}, {"van_ban": table}))


cells = st.one_of(
    st.none(), st.text(max_size=12), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.integers(), st.times()
)


@given(st.lists(cells, min_size=1, max_size=5), st.sampled_from(["van_ban", "ho_so", "nhiem_vu", "kien_nghi"]))
def test_any_content_is_survived(column: list[object], block: str) -> None:
    found(block, {field.id: column for field in FORM.block(block).indicators})


def test_a_clean_register_costs_next_to_nothing() -> None:
    size = 6000
    days = [datetime(2025, 7, 1, 8) + timedelta(minutes=7 * n) for n in range(size)]
    columns: dict[str, Sequence[object]] = {
        field.id: days if field.kind == "date" else [f"{field.id} {n}" for n in range(size)]
        for field in FORM.block("ho_so").indicators
    }
    assert not found("ho_so", columns)
    assert calls(lambda: found("ho_so", columns)) < 6 * size
