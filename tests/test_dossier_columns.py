"""A register judged in columns gives what it gives row by row.

Requirements
  DC01  the same dossiers are handed on, with the same verdicts, days late, rows of the form and words that may be shown
  DC02  the same findings, in the same words, cells and order, on sound, faulty and careless registers
  DC03  nothing of a citizen leaves: no applicant, no name or number in another column
  DC04  only what is late is kept, or all of it when asked
  DC05  sound registers are not judged row by row: only few dossiers are looked at one by one
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_dossiers import FIELDS, VOCABULARY, dossier, invented, table
from made_filings import FORM, GRID, ROWS, filing, row

from benchmarks.planted import faulty
from benchmarks.registers import sound
from toolkit import dossier_columns
from toolkit.columns import Columns, columns_of
from toolkit.dossier_columns import held
from toolkit.dossiers import kinds, register_of
from toolkit.form_totals import INDICATORS, totals
from toolkit.odd_columns import odd_in_columns
from toolkit.ready_columns import KINDS, Ready
from toolkit.records import DOSSIER_COLUMNS, STATUS_TABLE, Dossiers, Filing, Finding, Period, Table
from toolkit.wording import MAY_BE_PERSONAL
from workbook.forms import load_calendar
from workbook.register_columns import digest_dossiers

CALENDAR = load_calendar()
PERIOD = Period(date(2025, 7, 1), date(2025, 9, 25))
CUTOFF = PERIOD.end
LABELS = ("Hộ tịch", "đất đai", "", "Lạ lùng", "hộ  tịch", "Lê Thị Bí Mật")
ODD: tuple[object, ...] = (
    None, "", " x ", 12345.0, True, "0912345678", "051190001234", "Nguyễn Văn An", "31/11/2025", "08/9/2025 07:59",
    date(2025, 8, 8), datetime(2025, 8, 8, 9, 30), date(1900, 1, 1), "H48.22-250808-0001", "h48.22-250808-0001 ",
    "Tổng số", "Đang bay", "#N/A",
)  # fmt: skip


CARELESS = {
    "ten_tthc": ("Khai sinh", "khai  sinh", "", None),
    "don_vi": ("UBND", "Trần Tư"),
    "can_bo": ("a", "b"),
    "chu_ho_so": ("Trần Tư", "Lê Thị Bí Mật", "lê thị bí mật", None),
}


def judged(
    register: Columns | Table, report: Filing, cutoff: date = CUTOFF, every: bool = False
) -> tuple[tuple[object, ...], tuple[Finding, ...]]:
    dossiers, found = digest_dossiers(FORM, report, register, cutoff, every)
    return plain(dossiers), found


def plain(dossiers: Dossiers) -> tuple[object, ...]:
    columns = {name: cells(dossiers.columns[name]) for name in DOSSIER_COLUMNS}
    assert dossiers.columns.keys() == set(DOSSIER_COLUMNS)
    return (*dossiers[:2], dict(dossiers.kinds), dict(dossiers.fields), columns, cells(dossiers.codes))


def cells(column: object) -> list[object]:
    return column.to_pylist() if hasattr(column, "to_pylist") else [*column]  # type: ignore[attr-defined]


def check_same(made: Table, report: Filing, cutoff: date = CUTOFF) -> tuple[Finding, ...]:
    columns = columns_of(made, np)
    assert columns.table() == made
    for every in (False, True):
        quick, slow = judged(columns, report, cutoff, every), judged(made, report, cutoff, every)
        assert quick == slow
    return quick[1]


def report_of(made: Table, period: Period | None = PERIOD, wrong: int = 0) -> Filing:
    """Form II.06a as the register gives it; ``wrong``: one cell is off by so much."""
    register, _ = register_of(made, VOCABULARY)
    counted = totals(GRID, register, period or PERIOD, "rieng", ())
    rows = [name for name in counted.rows if name]
    given = {name: {i: counted.dossiers(name, i) for i in INDICATORS if not FORM.indicator(i).equals} for name in rows}
    if rows and wrong:
        given[rows[0]]["qua_han"] += wrong
    return filing(rows=given or None, period=period)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("make", [sound, faulty])
def test_registers_of_communes(make: object, seed: int) -> None:  # DC01 DC02
    made = make(seed, 900, CALENDAR, PERIOD).table  # type: ignore[operator]
    found = check_same(made, report_of(made, wrong=seed % 2), CUTOFF - timedelta(seed))
    codes = {f.code for f in found}
    assert ("HS_006" in codes) is bool(seed % 2)
    if make is faulty:
        assert {"BT_001", "BT_002", "BT_003", "BT_004", "BT_005", "BT_006", "BT_007", "BT_009", "BT_010"} <= codes


def test_groups_that_stand_out() -> None:  # DC02
    told = set()
    for seed in (3, 5, 8, 9):
        made = faulty(seed, 3000, CALENDAR, PERIOD).table
        told |= {f.code for f in check_same(made, report_of(made))}
    assert {"BT_008", "BT_012", "BT_013"} <= told


def test_kinds_that_are_told_once() -> None:  # DC02
    """Every due date on a day off, every result before the receipt: told once, each with all its dossiers."""
    rows = [dossier("Đã trả kết quả", "2025-09-10", "2025-09-13", "2025-09-05", ma_ho_so=f"H48-{n}") for n in range(50)]
    found = check_same(table(rows), report_of(table(rows)))
    assert [f.severity for f in found if f.code == "BT_000"] == ["error", "warning"] or [
        f.severity for f in found if f.code == "BT_000"
    ] == ["error", "info"]


@given(seed=st.integers(0, 10**6), rows=st.integers(1, 60), whole=st.booleans())
@settings(max_examples=60, deadline=None)
def test_careless_registers(seed: int, rows: int, whole: bool) -> None:  # DC01 DC02
    dice = Random(seed)
    made = invented(rows, seed, date(2025, 6, 1), date(2025, 10, 10), LABELS)
    for one in made:
        one |= {
            "ten_tthc": dice.choice(("Khai sinh", "khai  sinh", "", None)),
            "don_vi": dice.choice(("UBND", "Trần Tư")),
        }
        one |= {
            "chu_ho_so": dice.choice(("Trần Tư", "Lê Thị Bí Mật", "lê thị bí mật", None)),
            "can_bo": dice.choice("ab"),
        }
        if dice.random() < 0.3:
            one[dice.choice(FIELDS)] = dice.choice(ODD)
    fields = FIELDS if whole else dice.sample(FIELDS, 7)
    built = table(made, fields)
    period = None if seed % 11 == 0 else PERIOD
    report = (
        report_of(built, period, wrong=seed % 3 - 1)
        if seed % 2
        else filing(rows={r: row(3) for r in ROWS}, period=period)
    )
    check_same(built, report, dice.choice((CUTOFF, date(2025, 8, 1), date(2026, 3, 1), date(2031, 1, 1))))


@pytest.mark.parametrize("odd", ["", "H48-é-250901-0001", "H48.250901-0001", "x" * 70 + "-250901-0001"])
def test_days_in_codes(odd: str) -> None:  # DC02
    """Numbers of two to six digits behind the day; with other letters and long codes no column is taken as a whole."""
    tails = ("01", "001", "0001", "00001", "000001", "0001 ", "000a")
    rows = [
        dossier("Đang xử lý", "2025-09-10", "2025-12-01", ma_ho_so=f"H{n}-{day}-{tail}")
        for n, (day, tail) in enumerate(
            (day, tail) for day in ("250910", "250801", "251301", "000000") for tail in tails
        )
    ]
    rows.append(dossier("Đang xử lý", "2025-09-10", "2025-12-01", ma_ho_so=odd))
    found = check_same(table(rows), report_of(table(rows)))
    assert sum(f.code == "BT_006" for f in found) == 4 + (odd[:1] in ("H", "x") and odd[3:4] != ".")


def test_own_statuses() -> None:  # DC02
    words = {"trang_thai": ("Đang bay", "Lạ"), "nhom": ("Đã giải quyết", "?")}
    statuses = Table("", "Trạng thái", {"trang_thai": "A", "nhom": "B"}, (4, 5), words)
    rows = [dossier("Đang bay", "2025-08-04", "2025-08-06", "2025-08-20"), dossier("Lạ", "2025-08-04")]
    report = report_of(table(rows))._replace(tables={STATUS_TABLE: statuses})
    found = check_same(table(rows), report)
    assert {"HS_001", "HS_002"} <= {f.code for f in found}


def test_what_is_kept() -> None:  # DC01 DC04
    rows = [
        dossier("Đã trả kết quả", "2025-08-04", "2025-08-08", "2025-08-12", ma_ho_so="H48-1"),
        dossier("Đã trả kết quả", "2025-08-04", "2025-08-08", "2025-08-08", ma_ho_so="H48-2"),
        dossier("Đang xử lý", "2025-08-04", "2025-09-24", ma_ho_so="H48-3", linh_vuc="Đất đai"),
        dossier("Đang xử lý", "2025-08-04", "2025-09-25", ma_ho_so="0912345678"),
        dossier("Đang xử lý", "2025-09-26", "2025-09-29", ma_ho_so="H48-5"),
    ]
    columns = columns_of(table(rows), np)
    dossiers, _ = digest_dossiers(FORM, report_of(table(rows)), columns, CUTOFF, False)
    assert cells(dossiers.columns["row"]) == [5, 7] and cells(dossiers.columns["days_late"]) == [2, 1]
    assert cells(dossiers.columns["kind"]) == ["qua_han", "dang_qua_han"]
    assert dossiers.fields == {"Hộ tịch": (3, 1), "Đất đai": (1, 1)}
    assert dossiers.kinds == {"chua_tinh": 1, "dang_qua_han": 1, "dang_trong_han": 1, "dung_han": 1, "qua_han": 1}
    assert cells(dossiers.codes) == ["H48-1", "H48-2", "H48-3", None, "H48-5"]
    every, _ = digest_dossiers(FORM, report_of(table(rows)), columns, CUTOFF, True)
    assert cells(every.columns["days_late"]) == [2, None, 1, None, None]
    assert cells(every.columns["ngay_ket_qua"]) == [date(2025, 8, 12), date(2025, 8, 8), None, None, None]


@pytest.mark.parametrize("name", ["Trần Kín", "TRẦN KÍN", "trần  kín", "Lý/Kín", "Hoà Lí", "Hòa Lý", "0912 345 678"])
@pytest.mark.parametrize("field", ["linh_vuc", "ten_tthc", "trang_thai", "don_vi", "ma_ho_so"])
def test_names_that_slipped(field: str, name: str) -> None:  # DC03
    owners = ["Trần Kín", "Lý / Kín", "Hoà Lý", "An"]
    rows = [dossier("Đang xử lý", "2025-08-04", "2025-08-06", chu_ho_so=owner) for owner in owners]
    rows[2][field] = name
    check_same(table(rows), report_of(table(rows)))
    for register in (columns_of(table(rows), np), table(rows)):
        dossiers, _ = judged(register, report_of(table(rows)), every=True)
        shown = repr(dossiers[4:])
        assert not any(word in shown for word in (*owners[:3], " ".join(name.split()))), shown
    assert MAY_BE_PERSONAL in shown or field in ("don_vi", "ma_ho_so")


def test_only_suspects_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:  # DC05
    made = sound(4, 3000, CALENDAR, PERIOD).table
    columns = columns_of(made, np)
    looked: list[int] = []
    part = Ready.part
    monkeypatch.setattr(Ready, "part", lambda ready, at: (looked.append(len(at)), part(ready, at))[1])
    monkeypatch.setattr(dossier_columns.form_differences, "confront", lambda *_: pytest.fail("form and register agree"))
    report = report_of(made)
    ready = Ready(columns, VOCABULARY)
    profiles = ready.profiles(CUTOFF, PERIOD)
    assert len(profiles.register) < 300 and profiles.many.sum() == 3000
    assert dossier_columns.confronted(FORM, report, ready, profiles) == ()
    odd_in_columns(ready, ready.kinds(profiles, CUTOFF), CALENDAR, PERIOD)
    assert sum(looked) < 300


@pytest.mark.parametrize("seed", range(3))
def test_register_from_columns(seed: int) -> None:
    """What is made of columns is what the row-wise reading makes, but for the minutes."""
    made = table(invented(200, seed, date(2025, 6, 1), date(2025, 10, 1), LABELS))
    register, _ = register_of(made, VOCABULARY)
    ready = Ready(columns_of(made, np), VOCABULARY)
    mine = ready.register
    assert {f: getattr(mine, f) for f in register._fields if f != "minutes"} == {
        f: getattr(register, f) for f in register._fields if f != "minutes"
    }
    profiles = ready.profiles(CUTOFF, PERIOD)
    assert [KINDS[n] for n in ready.kinds(profiles, CUTOFF).tolist()] == [*kinds(register, CUTOFF)]
    assert held(ready, ready.kinds(profiles, CUTOFF), CALENDAR, CUTOFF, GRID, (), False).rows == 200
