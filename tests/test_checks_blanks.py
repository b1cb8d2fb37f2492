"""A report is checked with what is missing in it: blanks, what cannot be read, formulas that are gone.

C3  a blank is not 0 and not an error: a total below its parts is wrong whatever a blank is, one above them may be right
C7  what cannot be read counts as blank; emptied and stale formulas are infos
"""

from __future__ import annotations

from checked_tables import INPUTS, at, sound, told
from tables import FORM, filing, made

from toolkit.checks import confront, overall

# ------------------------------------------------------------------------------------------------ C3


def test_a_blank_cannot_be_minus_three__C3() -> None:
    report = filing("""
        | lĩnh vực | tiep_nhan | truc_tuyen | truc_tiep | ky_truoc |
        | Đất đai  | 5.676     | 5.297      | 382       |          |
    """)
    assert told(report) == [("CT_001", -3)]


def test_a_blank_may_be_nothing__C3() -> None:
    report = filing("""
        | lĩnh vực | tiep_nhan | truc_tuyen | truc_tiep | ky_truoc |
        | Đất đai  | 500       | 400        | 100       |          |
    """)
    assert told(report) == []
    assert told(report, "info") == [("CT_002", 0)]


def test_a_blank_may_be_the_rest__C3() -> None:
    report = filing("""
        | lĩnh vực | tiep_nhan | truc_tuyen | truc_tiep | ky_truoc |
        | Đất đai  | 507       | 400        | 100       |          |
    """)
    assert told(report) == [("CT_006", 7)]
    assert overall(confront(FORM, report)) == "warnings"


def test_a_blank_in_the_balance__C3() -> None:
    assert told(sound(rut="")) == []  # 2 may be withdrawn
    assert told(sound(rut="", dang_qua_han=9)) == [("can_doi_rut_rieng", -1)]
    assert told(sound(rut="", dang_qua_han=9, ky_truoc="")) == []  # more than 90 may have come in


def test_a_typed_zero_without_parts_is_a_lower_bound__C3() -> None:
    assert told(made({"Đất đai": {"tiep_nhan": 0, "truoc_han": 5}}, {})) == [("CT_005", None)]


def test_a_row_broken_beside_a_row_with_a_blank_is_told_once__C3() -> None:
    report = filing(f"""
        | lĩnh vực | {INPUTS} |
        | Hộ tịch  | 60 | 30 | 10 | 50 | 20 | 10 | 12 | 6 | 12 |
        | Đất đai  | 60 | 30 | 10 | 50 | 20 | 10 | 12 | 3 |    |
    """)
    assert told(report) == [("can_doi_rut_rieng", -10)]
    assert at(report, "can_doi_rut_rieng") == [("Hộ tịch", "tiep_nhan")]


def test_a_typed_total_explains_a_balance_with_a_blank__C3() -> None:
    """97 = 80 + 18 + blank fails only because 97 stands where 100 belongs."""
    assert told(sound(tiep_nhan=97, rut="")) == [("CT_001", -3)]
    assert told(sound(tiep_nhan=97, rut="", dang_qua_han=9)) == [("CT_001", -3), ("can_doi_rut_rieng", -4)]


def test_zeros_of_a_ticked_block__C3() -> None:
    blank = {"Đất đai": {"tiep_nhan": 7, "truc_tuyen": 5}}
    assert told(made(blank, {})) == [("CT_006", 2)]
    assert told(made(blank, {}, ticked=frozenset({"bieu_06a"}))) == [("CT_001", 2), ("can_doi_rut_rieng", 7)]


# ------------------------------------------------------------------------------------------------ C7


def test_an_excel_error_counts_as_blank__C7() -> None:
    assert told(sound(truc_tuyen="#REF!")) == [("O_005", None)]
    assert told(sound(tiep_nhan="#VALUE!")) == [("O_005", None)]  # the parts are there: evaluated
    assert told(sound({"tiep_nhan": "#N/A"})) == [("O_005", None)]
    assert told(sound(truc_tuyen="12,5", tiep_nhan=30)) == [
        ("CT_001", -10),
        ("can_doi_rut_rieng", -70),
        ("O_003", None),
    ]


def test_a_number_kept_as_text_counts__C7() -> None:
    assert told(sound(truc_tuyen="'60"), "error", "warning", "info") == [("O_001", None)]
    assert told(sound(tiep_nhan="'99")) == [("CT_001", -1)]


def test_emptied_and_stale_formulas__C7() -> None:
    assert told(sound(tiep_nhan="xóa"), "error", "warning", "info") == [("CT_007", None)]
    assert told(sound(tiep_nhan="=97"), "error", "warning", "info") == [("CT_003", -3)]
    assert told(sound(tiep_nhan="=100"), "error", "warning", "info") == []
    assert told(made({"Đất đai": {"tiep_nhan": "=97"}}, {}), "error", "warning", "info") == [("CT_003", None)]
    assert told(made({"Đất đai": {"tiep_nhan": "xóa"}}, {}), "error", "warning", "info") == []


def test_rows_that_the_form_does_not_list__C7() -> None:
    report = filing(f"""
        | lĩnh vực  | tiep_nhan | {INPUTS} |
        | Đền bù    | 97        | 60 | 30 | 10 | 50 | 20 | 10 | 12 | 6 | 2 |
        | (dòng 36) |           | 60 | 30 | 10 | 50 | 20 | 10 | 12 | 6 | 3 |
    """)
    assert told(report) == [("CT_001", -3), ("can_doi_rut_rieng", -1)]


def test_an_empty_report_says_nothing__C7() -> None:
    assert confront(FORM, made({}, {})) == ()
    assert confront(FORM, made({}, {})._replace(rows={}, figures={})) == ()
