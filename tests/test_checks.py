"""Confronting a filing with its form: what is told, what is told once, what is not told.

C1  a computed cell typed over with another value is one error, however many rules and totals see it; with the same
    value it is an info
C2  what two errors say together is told too (Vạn Tường: −3, +3 and −6), typed over or in the control cells
C4  settings decide which formula and which rules count
"""

from __future__ import annotations

import pytest
from checked_tables import INPUTS, VAN_TUONG, at, sound, told
from tables import FORM, Cell, filing, made

from toolkit.checks import confront, overall
from toolkit.records import TOTAL_ROW, Filing, Key

# ------------------------------------------------------------------------------------------------ C1


def test_a_sound_row_says_nothing() -> None:
    assert confront(FORM, sound()) == ()
    assert overall(()) == "ok"


@pytest.mark.parametrize("indicator,right", [("tiep_nhan", 100), ("da_giai_quyet", 80), ("dang_giai_quyet", 18)])
@pytest.mark.parametrize("off", [1, -1])
def test_typed_over_by_one_is_one_error__C1(indicator: str, right: int, off: int) -> None:
    report = sound(**{indicator: right + off})
    assert told(report, "error", "warning", "info") == [("CT_001", off)]
    assert at(report, "CT_001") == [("Đất đai", indicator)]


def test_typed_over_with_the_sum_is_an_info__C1() -> None:
    report = sound(tiep_nhan=100, da_giai_quyet=80)
    assert told(report) == []
    assert told(report, "info") == [("CT_002", 0), ("CT_002", 0)]


def test_a_rule_of_the_form_does_not_repeat_it__C1() -> None:
    """95 digitised of 90 received: only because 90 stands where 100 belongs."""
    assert told(sound(tiep_nhan=90, scalars={"so_hoa_dau_vao": 95})) == [("CT_001", -10)]
    assert told(sound({"tiep_nhan": 90}, scalars={"so_hoa_dau_vao": 95})) == [("CT_001", -10)]
    assert told(sound(tiep_nhan=90, scalars={"so_hoa_dau_vao": 101})) == [
        ("CT_001", -10), ("so_hoa_dau_vao_khong_vuot", 11),
    ]  # fmt: skip


def test_a_computed_scalar__C1() -> None:
    parts: dict[str, Cell] = {"vneid_kich_hoat": 70, "vneid_chua_kich_hoat": 7}
    assert told(made({}, parts)) == []
    assert told(made({}, {**parts, "vneid_cai_dat": 78})) == [("CT_001", 1)]
    assert told(made({}, {**parts, "vneid_cai_dat": 77}), "info") == [("CT_002", 0)]
    assert told(made({}, {"vneid_kich_hoat": 70, "vneid_cai_dat": 69})) == [("CT_001", -1)]
    assert told(made({}, {"vneid_cai_dat": 77})) == [("CT_005", None)]


def test_one_typed_total_in_each_of_two_rows__C1() -> None:
    report = filing(f"""
        | lĩnh vực | tiep_nhan | dang_giai_quyet | {INPUTS} |
        | Hộ tịch  | 97        |                 | 60 | 30 | 10 | 50 | 20 | 10 | 12 | 6 | 2 |
        | Đất đai  |           | 21              | 60 | 30 | 10 | 50 | 20 | 10 | 12 | 6 | 2 |
    """)
    assert told(report) == [("CT_001", -3), ("CT_001", 3)]  # the total row is off by 6 for no other reason


# ------------------------------------------------------------------------------------------------ C2


def test_van_tuong_typed_over__C2() -> None:
    report = filing(f"""
        | lĩnh vực          | tiep_nhan | dang_giai_quyet | {INPUTS}       |
        | Tất cả lĩnh vực   | 5.676     | 414             | {VAN_TUONG} |
    """)
    assert told(report) == [("CT_001", -3), ("can_doi_rut_rieng", -6), ("CT_001", 3)]


def test_van_tuong_in_the_control_cells__C2() -> None:
    report = filing(f"""
        | lĩnh vực        | tiep_nhan_doi_chieu | da_giai_quyet_doi_chieu | dang_giai_quyet_doi_chieu | {INPUTS} |
        | Tất cả lĩnh vực | 5.676               | 5.260                   | 414                       | {VAN_TUONG} |
    """)
    assert told(report) == [("CT_004", -3), ("can_doi_doi_chieu_rut_rieng", -6), ("CT_004", 3)]


def test_van_tuong_in_the_control_cells_of_the_total_row__C2() -> None:
    report = filing(f"""
        | lĩnh vực        | tiep_nhan_doi_chieu | da_giai_quyet_doi_chieu | dang_giai_quyet_doi_chieu | {INPUTS} |
        | Tất cả lĩnh vực |                     |                         |                           | {VAN_TUONG} |
        | Tổng cộng       | 5.676               | 5.260                   | 414                       |
    """)
    assert told(report) == [("CT_004", -3), ("can_doi_doi_chieu_rut_rieng", -6), ("CT_004", 3)]
    assert {row for row, _ in at(report, "CT_004")} == {TOTAL_ROW}
    with_blanks = made({"Tất cả lĩnh vực": {}, "Hộ tịch": {}}, {})
    report = report._replace(rows=with_blanks.rows, figures=with_blanks.figures | report.figures)
    assert told(report) == [("CT_004", -3), ("can_doi_doi_chieu_rut_rieng", -6), ("CT_006", 3)]  # 3 may be there


def test_van_tuong_typed_over_in_the_total_row__C2() -> None:
    report = filing(f"""
        | lĩnh vực        | tiep_nhan | dang_giai_quyet | {INPUTS}      |
        | Tất cả lĩnh vực |           |                 | {VAN_TUONG} |
        | Tổng cộng       | 5.676     | 414             |
    """)
    assert told(report) == [("CT_001", -3), ("can_doi_rut_rieng", -6), ("CT_001", 3)]


def test_both_in_the_row_and_in_the_total_row_is_told_once__C2() -> None:
    report = filing(f"""
        | lĩnh vực        | tiep_nhan_doi_chieu | da_giai_quyet_doi_chieu | dang_giai_quyet_doi_chieu | {INPUTS} |
        | Tất cả lĩnh vực | 5.676               | 5.260                   | 414                       | {VAN_TUONG} |
        | Tổng cộng       | 5.676               | 5.260                   | 414                       |
    """)
    assert told(report) == [("CT_004", -3), ("can_doi_doi_chieu_rut_rieng", -6), ("CT_004", 3)]


def test_two_that_cancel_each_other_break_no_balance__C2() -> None:
    assert told(sound(tiep_nhan=101, da_giai_quyet=81)) == [("CT_001", 1), ("CT_001", 1)]


# ------------------------------------------------------------------------------------------------ C4


def test_withdrawn_counted_elsewhere__C4() -> None:
    assert told(sound(settings={"rut": "trong_da_giai_quyet"})) == []  # (7) = 50 + 20 + 10 + 2
    assert told(sound(settings={"rut": "trong_dung_han"})) == [("can_doi", 2), ("QT_002", None)]
    assert told(sound(settings={"rut": "trong_dung_han"}, dung_han=22)) == []
    assert told(sound(settings={"rut": "trong_da_giai_quyet"}, da_giai_quyet=80)) == [("CT_001", -2)]
    assert told(sound(da_giai_quyet=80), "info") == [("CT_002", 0)]


def test_an_inequality_is_not_repeated_by_the_total_row__C4() -> None:
    report = filing(
        f"""
        | lĩnh vực | {INPUTS} |
        | Hộ tịch  | 60 | 30 | 10 | 50 | 22 | 10 | 12 | 6 | 23 |
        | Đất đai  | 60 | 30 | 10 | 50 | 22 | 10 | 12 | 6 | 22 |
        """,
        settings={"rut": "trong_dung_han"},
    )
    assert told(report) == [("rut_trong_dung_han", 1)]
    lower = report._replace(figures=report.figures | _typed(report, "Đất đai", rut=20))
    assert told(lower) == [("rut_trong_dung_han", 1)]


def _typed(filing: Filing, row: str, **cells: int):
    keys = {Key("bieu_06a", row, id_): value for id_, value in cells.items()}
    return {key: filing.figures[key]._replace(value=value) for key, value in keys.items()}
