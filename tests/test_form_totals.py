"""Form II.06a from a register, and what it says about the form as filled in.

Requirements
  BH01  every column counts what DOMAIN 1.4 says, at the edges of the period
  BH02  counts equal a slow computation, column by column, on 100.000 dossiers, under each choice for rút
  BH03  every balance of the form holds, and the form's own formulas give the register's totals
  BH04  what cannot be placed stands nowhere and is listed with its reason
  BH05  an unknown channel or lĩnh vực makes a range, never a false difference
  BH06  a cell off by one is told once, with its dossiers, both ways; a blank cell is not
  BH07  where another way of counting explains a difference, it is named with the dossiers that it moves
  BH08  rows: aliases of the form, labels of the filing, a row that the form lacks
"""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_dossiers import dossier, invented, register
from made_filings import FORM, GRID, filing

from toolkit import checks
from toolkit.compute import ledger_of
from toolkit.form_differences import confront, differences
from toolkit.form_totals import INDICATORS, NO_CHANNEL, Totals, dossiers_in, totals
from toolkit.records import TOTAL_ROW, Filing, Finding, Key, Period

PERIOD = Period(date(2026, 1, 5), date(2026, 8, 24))
RUT = ("rieng", "trong_da_giai_quyet", "trong_dung_han")
INPUTS = [i.id for i in GRID.indicators if not i.equals and i.kind != "control"]


def counted(rows: list[dict[str, object]], rut: str = "rieng", period: Period = PERIOD) -> Totals:
    return totals(GRID, register(rows)[0], period, rut)


def columns(rows: list[dict[str, object]], rut: str = "rieng") -> dict[str, int]:
    return {i: n for (row, i), n in counted(rows, rut).counts.items() if row == TOTAL_ROW}


def filled(made: Totals, **changes: int) -> Filing:
    """A report that says what the register says; ``changes`` is added to a column of the first row."""
    rows = {row: {i: made.dossiers(row, i) for i in INPUTS} for row in made.rows if row}
    for indicator, by in changes.items():
        rows[made.rows[0]][indicator] += by
    return filing(rows=rows, rut=made.rut, period=made.period)


def about(findings: tuple[Finding, ...], code: str = "HS_006") -> list[tuple[str, str, int, int]]:
    return [
        (f.key.row, f.key.indicator, int(f.left or 0), int(f.right or 0)) for f in findings if f.key and f.code == code
    ]


# --- columns

DONE = "Đã trả kết quả"


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        # received on the first day, the day before, the last day, the day after
        (dossier("Đang xử lý", "2026-01-05", "2026-08-24"), "tiep_nhan truc_tiep dang_giai_quyet dang_trong_han"),
        (dossier("Đang xử lý", "2026-01-04", "2026-08-23"), "tiep_nhan ky_truoc dang_giai_quyet dang_qua_han"),
        (dossier("Đang xử lý", "2026-08-24"), "tiep_nhan truc_tiep dang_giai_quyet dang_trong_han"),
        (dossier("Đang xử lý", "2026-08-25"), ""),
        # finished before the period, on its first day, on its last day, after it
        (dossier(DONE, "2025-12-01", "2026-01-05", "2026-01-04"), ""),
        (dossier(DONE, "2025-12-01", "2026-01-05", "2026-01-05"), "tiep_nhan ky_truoc da_giai_quyet dung_han"),
        (dossier(DONE, "2026-02-01", "2026-08-23", "2026-08-24"), "tiep_nhan truc_tiep da_giai_quyet qua_han"),
        (dossier(DONE, "2026-02-01", "2026-08-26", "2026-08-24"), "tiep_nhan truc_tiep da_giai_quyet truoc_han"),
        (dossier(DONE, "2026-02-01", "2026-08-26", "2026-08-25"), "tiep_nhan truc_tiep dang_giai_quyet dang_trong_han"),
        (dossier(DONE, "2026-02-01", "2026-08-23", "2026-08-25"), "tiep_nhan truc_tiep dang_giai_quyet dang_qua_han"),
        # waiting is in time whatever the due date; not received is nowhere
        (dossier("Chờ bổ sung", "2026-02-01", "2026-03-01"), "tiep_nhan truc_tiep dang_giai_quyet dang_trong_han"),
        (dossier("Dừng xử lý", "2026-02-01", "2026-03-01"), "tiep_nhan truc_tiep dang_giai_quyet dang_trong_han"),
        (dossier("Mới đăng ký", "2026-02-01"), ""),
        # no due date
        (dossier(DONE, "2026-02-01", "", "2026-03-01"), "tiep_nhan truc_tiep da_giai_quyet dung_han"),
        # channels
        (dossier(DONE, "2026-02-01", "", "2026-03-01", hinh_thuc="2"), "tiep_nhan truc_tuyen da_giai_quyet dung_han"),
        (dossier(DONE, "2026-02-01", "", "2026-03-01", hinh_thuc="3"), "tiep_nhan truc_tiep da_giai_quyet dung_han"),
        (dossier(DONE, "2026-02-01", "", "2026-03-01", hinh_thuc=""), f"tiep_nhan {NO_CHANNEL} da_giai_quyet dung_han"),
        (dossier(DONE, "2026-01-01", "", "2026-03-01", hinh_thuc=""), "tiep_nhan ky_truoc da_giai_quyet dung_han"),
        # withdrawn
        (dossier("Rút hồ sơ", "2026-02-01", "2026-03-01", "2026-04-01"), "tiep_nhan truc_tiep rut"),
        (dossier("Rút hồ sơ", "2026-02-01", "2026-03-01"), "tiep_nhan truc_tiep rut"),
        (dossier("Rút hồ sơ", "2025-12-01", "2026-03-01", "2026-01-04"), ""),
        (dossier("Rút hồ sơ", "2026-02-01", "", "2026-09-01"), "tiep_nhan truc_tiep dang_giai_quyet dang_trong_han"),
    ],
)
def test_one_dossier(row: dict[str, object], cells: str) -> None:  # BH01
    assert columns([row]) == dict.fromkeys(cells.split(), 1)
    assert counted([row]).unplaced == {}


@pytest.mark.parametrize(
    ("rut", "cells"),
    [
        ("rieng", "tiep_nhan truc_tiep rut"),
        ("trong_da_giai_quyet", "tiep_nhan truc_tiep rut da_giai_quyet"),
        ("trong_dung_han", "tiep_nhan truc_tiep rut da_giai_quyet dung_han"),
    ],
)
def test_withdrawn_by_setting(rut: str, cells: str) -> None:  # BH01
    assert columns([dossier("Rút hồ sơ", "2026-02-01", "2026-03-01", "2026-04-01")], rut) == dict.fromkeys(
        cells.split(), 1
    )


def test_levels() -> None:  # BH01
    rows = [dossier(DONE, "2026-02-01", muc_do=level, hinh_thuc=way) for level, way in (
        ("Toàn trình", "2"), ("Một phần", "2"), ("Toàn trình", "1"), ("", "2"), ("Toàn trình", "2"),
    )]  # fmt: skip
    rows = [row | {"ngay_ket_qua": date(2026, 3, 1)} for row in rows]
    assert counted(rows).levels == {"hs_toan_trinh": 2, "hs_mot_phan": 1, "": 1}


def slow(rows: list[dict[str, object]], period: Period, rut: str) -> Counter[tuple[str, str]]:
    """DOMAIN 1.4 column by column, as a one-door system asks its database: each has its own condition."""
    start, end = period.start, period.end
    out: Counter[tuple[str, str]] = Counter()
    for r in rows:
        received, due, finish = r["ngay_tiep_nhan"], r["ngay_hen_tra"], r["ngay_ket_qua"] or r["ngay_tra"]
        status = r["trang_thai"] or ("Đã xử lý xong" if finish else "Đang xử lý")
        finished, withdrawn = status in ("Đã trả kết quả", "Đã xử lý xong"), status == "Rút hồ sơ"
        waiting = status in ("Yêu cầu bổ sung", "Chờ nghĩa vụ tài chính", "Tạm dừng")
        closed = finish if finished or withdrawn else None
        cannot = (
            received is None
            or status in ("Chưa rõ", "Mới đăng ký")
            or (finished and finish is None)
            or (withdrawn and finish is None and received < start)
            or (closed is not None and closed < start <= received)
        )
        if cannot or received > end:
            continue
        still = (status == "Đang xử lý" or waiting) or (closed is not None and closed > end)
        channel = {"Trực tuyến": "truc_tuyen", "2": "truc_tuyen", None: NO_CHANNEL}.get(r["hinh_thuc"], "truc_tiep")
        conditions = {
            "ky_truoc": received < start and (still or (closed is not None and closed >= start)),
            channel: received >= start,
            "truoc_han": finished and start <= finish <= end and due is not None and finish < due,
            "dung_han": finished and start <= finish <= end and (due is None or finish == due),
            "qua_han": finished and start <= finish <= end and due is not None and finish > due,
            "dang_trong_han": still and (waiting or due is None or due >= end),
            "dang_qua_han": still and not waiting and due is not None and due < end,
            "rut": withdrawn and not still and (finish is None or finish >= start),
        }
        own = {name for name, holds in conditions.items() if holds}
        own |= {"tiep_nhan"} if own & {"ky_truoc", channel} else set()
        if "rut" in own and rut != "rieng":
            own.add("da_giai_quyet")
            if rut == "trong_dung_han":
                own.add("dung_han")
        own |= {"da_giai_quyet"} if own & {"truoc_han", "dung_han", "qua_han"} else set()
        own |= {"dang_giai_quyet"} if own & {"dang_trong_han", "dang_qua_han"} else set()
        for name in own:
            out[str(r["linh_vuc"]), name] += 1
            out[TOTAL_ROW, name] += 1
    return out


def test_totals_equal_a_slow_computation() -> None:  # BH02, BH03
    rows = invented(100_000, 5, date(2025, 11, 1), date(2026, 10, 31), ["Hộ tịch", "Đất đai", "Lĩnh vực khác", ""])
    made, _ = register(rows)
    for rut in RUT:
        found = totals(GRID, made, PERIOD, rut)
        assert found.counts == slow(rows, PERIOD, rut)
        assert min(found.dossiers(TOTAL_ROW, indicator) for indicator in INDICATORS) > 0
        for row in (*found.rows, TOTAL_ROW):
            n = {i: found.dossiers(row, i) for i in (*INDICATORS, NO_CHANNEL)}
            assert n["tiep_nhan"] == n["truc_tuyen"] + n["truc_tiep"] + n["ky_truoc"] + n[NO_CHANNEL]
            assert n["tiep_nhan"] == n["da_giai_quyet"] + n["dang_giai_quyet"] + n["rut"] * (rut == "rieng")


def test_a_dossier_that_stands_for_several() -> None:
    rows = invented(20, 3, date(2025, 11, 1), date(2026, 10, 31), ["Hộ tịch", "Đất đai"])
    many = [1 + i % 3 for i in range(len(rows))]
    each = counted([row for row, n in zip(rows, many, strict=True) for _ in range(n)])
    found = totals(GRID, register(rows)[0], PERIOD, "rieng", many=many)
    assert (found.counts, found.levels) == (each.counts, each.levels)
    assert found.counts != counted(rows).counts


@given(st.integers(0, 10**6), st.sampled_from(RUT), st.dates(date(2026, 1, 1), date(2026, 6, 1)), st.integers(0, 200))
def test_form_agrees_with_register(seed: int, rut: str, start: date, days: int) -> None:  # BH03
    rows = [
        r for r in invented(60, seed, date(2025, 11, 1), date(2026, 10, 31), ["Hộ tịch", "Xã hội"]) if r["hinh_thuc"]
    ]
    period = Period(start, date.fromordinal(start.toordinal() + days))
    made, _ = register(rows)
    found = totals(GRID, made, period, rut)
    report = filled(found)
    values = ledger_of(FORM, report).values
    expected = {Key(GRID.id, r, i): found.dossiers(r, i) for r in (*found.rows, TOTAL_ROW) for i in INDICATORS}
    if found.rows:
        assert {k: values[k] for k in expected} == expected
    assert differences(FORM, report, made, found, ledger_of(FORM, report)) == ()
    assert [f.code for f in checks.confront(FORM, report) if f.severity == "error"] == []
    for r in found.rows:
        for i in INDICATORS:
            assert len(dossiers_in(found, r, i)) == found.dossiers(r, i)


# --- what is left open


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (dossier(DONE, "", "2026-03-01", "2026-03-01"), "khong_ngay_nhan"),
        (dossier("Đang bay", "2026-02-01"), "chua_phan_loai"),
        (dossier(DONE, "2026-02-01", "2026-03-01"), "xong_khong_ngay"),
        (dossier("Rút hồ sơ", "2026-01-04"), "rut_khong_ngay"),
        (dossier(DONE, "2026-02-01", "2026-03-01", "2026-01-04"), "xong_truoc_nhan"),
        (dossier(DONE, "2026-02-01", ngay_hen_tra="31/2/2026", ngay_ket_qua=date(2026, 3, 1)), "ngay_khong_doc"),
    ],
)
def test_unplaced(row: dict[str, object], why: str) -> None:  # BH04
    sound = dossier(DONE, "2026-02-01", "2026-03-01", "2026-03-01")
    found = counted([sound, row])
    assert found.unplaced == {why: (1,)} and found.places[1] is None
    assert found.dossiers(TOTAL_ROW, "tiep_nhan") == 1
    told = confront(FORM, filled(found), register([sound, row])[0])
    assert [(f.code, f.sheet, f.cell) for f in told] == [("HS_005", "Hồ sơ", "A6")]


@pytest.mark.parametrize(
    ("online", "direct", "told"),
    [
        (1, 3, []),
        (3, 1, []),
        (0, 3, ["truc_tuyen"]),
        (1, 4, ["truc_tiep"]),
        (1, 1, ["tiep_nhan"]),
        (3, 2, ["tiep_nhan"]),
    ],
)
def test_unknown_channel_is_a_range(online: int, direct: int, told: list[str]) -> None:  # BH05
    rows = [dossier("Đang xử lý", "2026-02-01", hinh_thuc=way) for way in ("1", "2", "", "")]
    made, _ = register(rows)
    report = filing(rows={"Hộ tịch": {"truc_tuyen": online, "truc_tiep": direct, "ky_truoc": 0}}, period=PERIOD)
    found = confront(FORM, report, made)
    assert [indicator for _, indicator, _, _ in about(found)] == told
    assert [f.code for f in found if f.code != "HS_006"] == ["HS_007"]


def test_unknown_channel_is_counted_once() -> None:  # BH05
    made, _ = register([dossier("Đang xử lý", "2026-02-01", hinh_thuc="") for _ in range(2)])
    report = filing(rows={"Hộ tịch": {"truc_tuyen": 2, "truc_tiep": 2}}, period=PERIOD)  # ky_truoc is blank
    assert about(confront(FORM, report, made)) == [("Hộ tịch", "tiep_nhan", 4, 2)]


def test_unknown_field_is_a_range() -> None:  # BH05
    rows = [dossier("Đang xử lý", "2026-02-01", linh_vuc=name) for name in ("Hộ tịch", "", "")]
    made, _ = register(rows)
    zero = dict.fromkeys(INPUTS, 0)
    for first, second, told in (
        (1, 2, []),
        (3, 0, []),
        (2, 2, [(TOTAL_ROW, "truc_tiep", 4, 3)]),
        (0, 2, [("Hộ tịch", "truc_tiep", 0, 1)]),
    ):
        report = filing(
            rows={
                r: zero | {"truc_tiep": n, "dang_trong_han": n} for r, n in (("Hộ tịch", first), ("Đất đai", second))
            },
            period=PERIOD,
        )
        found = confront(FORM, report, made)
        assert [a for a in about(found) if a[1] == "truc_tiep"] == told
        assert [f.code for f in found if f.code != "HS_006"] == ["HS_009"]


# --- differences

SIMPLE = [
    dossier(DONE, "2026-02-01", "2026-03-02", "2026-03-02", ma_ho_so="HS-1"),
    dossier(DONE, "2026-02-01", "2026-03-02", "2026-03-03", ma_ho_so="HS-2"),
    dossier("Đang xử lý", "2026-02-01", "2026-09-02", ma_ho_so="HS-3", linh_vuc="Đất đai"),
]


@pytest.mark.parametrize("by", [1, -1])
def test_off_by_one_is_told_once(by: int) -> None:  # BH06
    made, _ = register(SIMPLE)
    base = totals(GRID, made, PERIOD, "rieng")
    found = confront(FORM, filled(base, qua_han=by), made)
    assert about(found) == [("Hộ tịch", "qua_han", 1 + by, 1)]
    (told,) = found
    assert (told.severity, told.sheet, told.difference) == ("warning", GRID.sheet, by)
    assert "HS-2" in told.message and "HS-1" not in told.message
    assert confront(FORM, filled(base), made) == ()


def test_blank_says_nothing() -> None:  # BH06
    made, _ = register(SIMPLE)
    report = filing(rows={"Hộ tịch": {"truc_tiep": 2}, "Đất đai": {"dang_trong_han": 1}}, period=PERIOD)
    assert confront(FORM, report, made) == ()
    report = filing(rows={"Hộ tịch": {"truc_tiep": 3}, "Đất đai": {}}, period=PERIOD)
    assert about(confront(FORM, report, made)) == [("Hộ tịch", "truc_tiep", 3, 2)]
    assert confront(FORM, filing(rows={"Hộ tịch": {"truc_tiep": 3}}, period=None), made) == ()


def test_only_the_total_row() -> None:  # BH06
    made, _ = register(SIMPLE)
    same = {"truc_tiep": 3, "dung_han": 1, "qua_han": 1, "dang_trong_han": 1}
    report = filing(rows={"Hộ tịch": {}, "Đất đai": {}}, totals=same, period=PERIOD)
    assert confront(FORM, report, made) == ()
    report = filing(rows={"Hộ tịch": {}, "Đất đai": {}}, totals=same | {"dung_han": 2}, period=PERIOD)
    assert about(confront(FORM, report, made)) == [(TOTAL_ROW, "dung_han", 2, 1)]


@pytest.mark.parametrize(
    ("way", "rows", "row", "moved"),
    [
        (
            "theo_ngay_tra",
            [dossier(DONE, "2026-02-01", "2026-03-02", "2026-03-02", "2026-03-05")],
            {"qua_han": 1},
            (0,),
        ),
        ("cho_theo_han", [dossier("Chờ bổ sung", "2026-02-01", "2026-03-02")], {"dang_qua_han": 1}, (0,)),
        ("den_han_la_qua", [dossier("Đang xử lý", "2026-02-01", "2026-08-24")], {"dang_qua_han": 1}, (0,)),
        ("mot_ma_mot_lan", [SIMPLE[1], SIMPLE[0] | {"ma_ho_so": "HS-2"}], {"dung_han": 1, "qua_han": 0}, (0,)),
        ("ca_moi_dang_ky", [dossier("Mới đăng ký", "2026-02-01")], {"dang_trong_han": 1}, (0,)),
        ("rut_trong_dung_han", [dossier("Rút hồ sơ", "2026-02-01", "", "2026-03-02")], {"dung_han": 1}, (0,)),
        ("", [SIMPLE[0]], {"dung_han": 7}, (0,)),
        ("", [dossier("Chờ bổ sung", "2026-02-01", "2026-08-24")], {"dang_qua_han": 1}, ()),
    ],
)
def test_way_of_counting_explains(
    way: str, rows: list[dict[str, object]], row: dict[str, int], moved: tuple[int, ...]
) -> None:  # BH07
    made, _ = register(rows)
    base = totals(GRID, made, PERIOD, "rieng", ["Hộ tịch"])
    report = filing(rows={"Hộ tịch": row}, period=PERIOD)
    found = [d for d in differences(FORM, report, made, base, ledger_of(FORM, report)) if d.indicator in row]
    rowwise = [d for d in found if d.row == "Hộ tịch"]
    assert rowwise and {(d.way, d.dossiers) for d in rowwise} == {(way, moved)}


# --- rows


def test_rows_by_alias_and_spelling() -> None:  # BH08
    names = ("Hộ kinh doanh", "THÀNH LẬP VÀ HOẠT ĐỘNG CỦA HỘ KINH DOANH", "Đất  đai", "Giao thông", "giao thông")
    rows = [dossier("Đang xử lý", "2026-02-01", linh_vuc=name) for name in names]
    found = counted(rows)
    listed = "Thành lập và hoạt động của hộ kinh doanh"
    assert found.rows == ("Đất đai", listed, "Giao thông")
    assert [found.dossiers(r, "tiep_nhan") for r in found.rows] == [1, 2, 2]
    assert totals(GRID, register(rows)[0], PERIOD, "rieng", ["giao thông"]).rows[-1] == "giao thông"


def test_row_that_the_form_lacks() -> None:  # BH08
    made, _ = register([*SIMPLE, dossier("Đang xử lý", "2026-02-01", linh_vuc="Giao thông")])
    report = filled(counted(SIMPLE))
    found = confront(FORM, report, made)
    assert [(f.code, f.cell) for f in found if f.code == "HS_008"] == [("HS_008", "C8")]
    assert len(found) == 1


def test_row_called_like_the_total() -> None:  # BH08
    found = counted([dossier("Đang xử lý", "2026-02-01", linh_vuc=TOTAL_ROW)])
    assert (found.dossiers(TOTAL_ROW, "tiep_nhan"), found.dossiers("", "tiep_nhan")) == (1, 1)
