"""The total row and the control cells, beside the rows that explain them or do not.

C5  the total row: explained by its rows, typed over, typed on its own
C6  control cells, in a row and in the total row
"""

from __future__ import annotations

import pytest
from checked_tables import INPUTS, VAN_TUONG, at, sound, told
from tables import FORM, Cell, filing, made

from toolkit.checks import confront
from toolkit.records import TOTAL_ROW

# ------------------------------------------------------------------------------------------------ C5


def test_a_total_typed_over__C5() -> None:
    assert told(sound({"tiep_nhan": 101})) == [("CT_001", 1)]
    assert told(sound({"truc_tuyen": 59})) == [("CT_001", -1)]
    assert told(sound({"rut": 3})) == [("CT_001", 1)]
    assert told(sound({"tiep_nhan": 100, "truc_tuyen": 60}), "info") == [("CT_002", 0), ("CT_002", 0)]


def test_a_table_pasted_as_values_is_told_once__C5() -> None:
    typed = {"tiep_nhan": 100, "truc_tuyen": 60, "truc_tiep": 30}
    assert told(sound(typed), "info") == [("CT_002", 0)] * 3
    (pasted,) = confront(FORM, sound({**typed, "ky_truoc": 10}))
    assert (pasted.code, len(pasted.cells)) == ("CT_002", 4)


def test_a_total_below_a_blank_may_be_right__C5() -> None:
    rows = "| lĩnh vực | truc_tuyen |\n| Hộ tịch | 10 |\n| Đất đai | |\n| Tổng cộng | {} |"
    assert told(filing(rows.format(9))) == [("CT_001", -1)]
    assert told(filing(rows.format(12))) == [("CT_006", 2)]
    assert told(filing(rows.format(10)), "info") == [("CT_002", 0)]


def test_a_right_total_above_a_wrong_row_is_no_second_error__C5() -> None:
    report = sound({"tiep_nhan": 100}, tiep_nhan=97)
    assert told(report) == [("CT_001", -3)]
    assert at(report, "CT_001") == [("Đất đai", "tiep_nhan")]
    assert told(report, "info") == [("CT_002", 0)]
    assert told(sound({"tiep_nhan": 97}, tiep_nhan=97)) == [("CT_001", -3)]
    assert told(sound({"tiep_nhan": 99}, tiep_nhan=97)) == [("CT_001", -3), ("CT_001", 2)]


def test_a_total_row_typed_alone__C5() -> None:
    """Rows blank, the published totals typed: nothing to add up, but (3) = (4) + (5) + (6) still has to hold."""
    heads = f"| lĩnh vực | tiep_nhan | da_giai_quyet | dang_giai_quyet | {INPUTS} |\n| Hộ tịch |\n"
    right = filing(f"{heads}| Tổng cộng | 5.679 | 5.260 | 411 | {VAN_TUONG} |")
    assert told(right) == [("CT_005", None)]
    (lonely,) = confront(FORM, right)
    assert len(lonely.cells) == 12
    one = filing(f"{heads}| Tổng cộng | 5.676 | 5.260 | 411 | {VAN_TUONG} |")
    assert told(one, "error") == [("CT_008", -3)]  # once: the balance is off by the same 3
    both = filing(f"{heads}| Tổng cộng | 5.676 | 5.260 | 414 | {VAN_TUONG} |")
    assert told(both, "error") == [("CT_008", -3), ("can_doi_rut_rieng", -6), ("CT_008", 3)]


def test_a_total_row_typed_alone_beside_its_controls__C5() -> None:
    report = filing(f"""
        | lĩnh vực  | tiep_nhan_doi_chieu | da_giai_quyet_doi_chieu | dang_giai_quyet_doi_chieu | {INPUTS} |
        | Hộ tịch   |
        | Tổng cộng | 5.676               | 5.260                   | 414                       | {VAN_TUONG} |
    """)
    assert told(report, "error") == [("CT_004", -3), ("can_doi_doi_chieu_rut_rieng", -6), ("CT_004", 3)]


def test_a_total_row_typed_above_typed_totals_of_rows__C5() -> None:
    """Nobody typed over the total of (3), so nothing says so."""
    report = filing("""
        | lĩnh vực  | tiep_nhan | truc_tuyen | truc_tiep | ky_truoc |
        | Hộ tịch   | 500       |            |           |          |
        | Tổng cộng |           | 300        | 100       | 50       |
    """)
    assert told(report, "error") == [("CT_008", 50)]
    assert at(report, "CT_008") == [(TOTAL_ROW, "tiep_nhan")]


def test_rows_typed_without_parts_are_one_warning__C5() -> None:
    report = filing("""
        | lĩnh vực | tiep_nhan | da_giai_quyet |
        | Hộ tịch  | 10        | 8             |
        | Đất đai  | 20        | 15            |
    """)
    assert told(report) == [("CT_005", None)]


# ------------------------------------------------------------------------------------------------ C6


@pytest.mark.parametrize("total", [False, True])
@pytest.mark.parametrize("off", [1, -1])
def test_a_control_off_by_one_is_one_error__C6(total: bool, off: int) -> None:
    controls: dict[str, Cell] = {
        "tiep_nhan_doi_chieu": 100 + off,
        "da_giai_quyet_doi_chieu": 80,
        "dang_giai_quyet_doi_chieu": 18,
    }
    report = sound(controls) if total else sound(**controls)
    assert told(report, "error", "warning", "info") == [("CT_004", off)]


def test_a_control_that_is_right_says_nothing__C6() -> None:
    assert told(sound({"tiep_nhan_doi_chieu": 100}, dang_giai_quyet_doi_chieu=18), "error", "warning", "info") == []


def test_a_control_beside_a_total_typed_over__C6() -> None:
    """The control agrees with the parts, or with what was typed: in both cases one thing is wrong, not two."""
    assert told(sound(tiep_nhan=97, tiep_nhan_doi_chieu=100)) == [("CT_001", -3)]
    assert told(sound(tiep_nhan=97, tiep_nhan_doi_chieu=97)) == [("CT_001", -3)]
    assert told(sound({"tiep_nhan_doi_chieu": 100}, tiep_nhan=97)) == [("CT_001", -3)]
    assert told(sound(tiep_nhan=97, tiep_nhan_doi_chieu=99)) == [("CT_001", -3), ("CT_004", -1)]
    assert told(sound({"tiep_nhan_doi_chieu": 99}, tiep_nhan=97)) == [("CT_001", -3), ("CT_004", 2)]
    below = sound(tiep_nhan=87, tiep_nhan_doi_chieu=91, ky_truoc="", dang_trong_han="")  # 60 + 30 + blank
    assert told(below) == [("CT_001", -3), ("CT_006", 1)]


def test_a_control_above_a_sum_with_a_blank_may_be_right__C6() -> None:
    assert told(sound(ky_truoc="", tiep_nhan_doi_chieu=100, rut="")) == [("CT_006", 10)]
    assert told(sound(ky_truoc="", tiep_nhan_doi_chieu=89, rut="", dang_qua_han="")) == [("CT_004", -1)]


def test_a_control_of_a_total_typed_without_its_parts__C6() -> None:
    report = made({"Đất đai": {"tiep_nhan": 500, "tiep_nhan_doi_chieu": 507}}, {})
    assert told(report, "error") == [("CT_004", 7)]
    assert not any("(trống)" in f.message for f in confront(FORM, report))
