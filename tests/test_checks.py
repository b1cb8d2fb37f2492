"""Confronting a filing with its form: what is told, what is told once, what is not told.

C1  a computed cell typed over with another value is one error, however many rules and totals see it; with the same
    value it is an info
C2  what two errors say together is told too (Vạn Tường: −3, +3 and −6), typed over or in the control cells
C3  a blank is not 0 and not an error: a total below its parts is wrong whatever a blank is, one above them may be right
C4  settings decide which formula and which rules count
C5  the total row: explained by its rows, typed over, typed on its own
C6  control cells, in a row and in the total row
C7  what cannot be read counts as blank; emptied and stale formulas are infos
C8  order: severity, sheet as in the form, row, column; the order of the figures never matters
C9  a consistent report has no error, blanks or not; one wrong count always has one
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from drawn import Drawn, identities_of, reports
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import FORM, Cell, filing, made

from toolkit import blame
from toolkit.checks import confront, in_order, overall
from toolkit.compute import ledger_of, outcomes
from toolkit.records import TOTAL_ROW, Filing, Finding, Key

Told = list[tuple[str, int | None]]

VAN_TUONG = "5.297 | 382 | 0 | 5.182 | 2 | 76 | 343 | 68 | 8"
INPUTS = "truc_tuyen | truc_tiep | ky_truoc | truoc_han | dung_han | qua_han | dang_trong_han | dang_qua_han | rut"
SOUND: dict[str, Cell] = dict(zip(INPUTS.split(" | "), (60, 30, 10, 50, 20, 10, 12, 6, 2), strict=True))
"""100 received = 80 done + 18 in process + 2 withdrawn."""


def told(filing: Filing, *severities: str) -> Told:
    """Code and difference of the findings, errors and warnings unless said."""
    kept = severities or ("error", "warning")
    return [(f.code, _whole(f)) for f in confront(FORM, filing) if f.severity in kept]


def at(filing: Filing, code: str) -> list[tuple[str, str]]:
    """Row and indicator that the findings of a code point at."""
    return [(f.key.row, f.key.indicator) for f in confront(FORM, filing) if f.code == code and f.key]


def sound(
    total: dict[str, Cell] | None = None,
    *,
    scalars: dict[str, Cell] | None = None,
    settings: dict[str, str] | None = None,
    **cells: Cell,
) -> Filing:
    """A report of one row, ``SOUND`` but for ``cells``; ``total``: what is typed into the total row."""
    return made({"Đất đai": SOUND | cells, "Tổng cộng": total or {}}, scalars or {}, settings=settings)


def _whole(f: Finding) -> int | None:
    return None if f.difference is None else int(f.difference)


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


# ------------------------------------------------------------------------------------------------ C5


def test_a_total_typed_over__C5() -> None:
    assert told(sound({"tiep_nhan": 101})) == [("CT_001", 1)]
    assert told(sound({"truc_tuyen": 59})) == [("CT_001", -1)]
    assert told(sound({"rut": 3})) == [("CT_001", 1)]
    assert told(sound({"tiep_nhan": 100, "truc_tuyen": 60}), "info") == [("CT_002", 0), ("CT_002", 0)]


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


# ------------------------------------------------------------------------------------------------ C8


def test_errors_first_then_sheets_then_rows_then_columns__C8() -> None:
    def one(severity, sheet: str, cell: str, code: str = "X") -> Finding:
        return Finding(code, severity, "", "", sheet, cell)

    ordered = [
        *(one("error", *at) for at in (("", ""), ("II.06a", "C9"), ("II.06a", "AA9"), ("II.06a", "C10"))),
        *(one("error", "Chỉ tiêu", "D7"), one("warning", "II.06a", "C9", "A"), one("warning", "II.06a", "C9", "B")),
        one("info", "II.06a", "C9"),
    ]
    assert in_order(FORM, ordered[::-1]) == tuple(ordered)
    assert [overall(ordered[n:]) for n in (0, 5, 7, 8)] == ["errors", "warnings", "ok", "ok"]


@pytest.fixture(scope="module")
def no_solver() -> Iterator[None]:
    """Random figures contradict each other everywhere: the solver would be asked on each example."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blame, "_MOST_BROKEN", 0)
        yield


@settings(deadline=None)
@given(reports(consistent=False), st.randoms(use_true_random=False))
def test_the_order_of_the_figures_never_matters__C8(no_solver: None, drawn: Drawn, shuffle) -> None:
    report = drawn.filing()
    figures = list(report.figures.items())
    shuffle.shuffle(figures)
    assert confront(FORM, report._replace(figures=dict(figures))) == confront(FORM, report)


@settings(deadline=None)
@given(reports(consistent=False))
def test_findings_are_ordered_and_point_at_cells__C8(no_solver: None, drawn: Drawn) -> None:
    report = drawn.filing()
    found = confront(FORM, report)
    assert in_order(FORM, list(found[::-1])) == found
    cells = {(f.sheet, f.cell) for f in report.figures.values()}
    for f in found:
        assert (f.sheet, f.cell) in cells or f.code == "QT_002"  # of the cover as a whole
        assert f.difference == (None if f.left is None or f.right is None else f.left - f.right)
        assert f.message and f.fix and "(không rõ)" not in f.message + f.fix
    assert len({(f.code, f.sheet, f.cell) for f in found}) == len(found)


# ------------------------------------------------------------------------------------------------ C9


@settings(deadline=None)
@given(reports())
def test_a_consistent_report_has_nothing_wrong__C9(drawn: Drawn) -> None:
    assert told(drawn.filing()) == []


@settings(deadline=None)
@given(reports(), st.data())
def test_erasing_figures_is_no_error__C9(drawn: Drawn, data) -> None:
    erased = data.draw(st.sets(st.sampled_from(sorted(drawn.figures))))
    kept = {key: value for key, value in drawn.figures.items() if key not in erased}
    assert told(replace(drawn, figures=kept).filing(), "error") == []


@settings(deadline=None)
@given(reports(), st.data(), st.integers(-50, 50).filter(bool))
def test_one_wrong_count_is_an_error__C9(drawn: Drawn, data, off: int) -> None:
    key = data.draw(st.sampled_from(sorted(identities_of(drawn))))
    wrong = drawn.figures[key] + (off if drawn.figures[key] + off >= 0 else -off)
    assert told(replace(drawn, figures=drawn.figures | {key: wrong}).filing(), "error") != []


@settings(deadline=None)
@given(reports(), st.data(), st.integers(-50, 50).filter(bool))
def test_one_wrong_total_or_control_is_one_error__C9(drawn: Drawn, data, off: int) -> None:
    key = data.draw(st.sampled_from(sorted(drawn.checkable)))
    right = drawn.checkable[key]
    wrong = right + (off if right + off >= 0 else -off)
    report = replace(drawn, figures=drawn.figures | {key: wrong}).filing()
    code = "CT_004" if FORM.indicator(key.indicator).of else "CT_001"
    assert told(report) == [(code, wrong - right)]


@settings(deadline=None)
@given(reports(consistent=False))
def test_a_broken_rule_is_an_error_somewhere__C9(drawn: Drawn) -> None:
    report = drawn.filing()
    book = ledger_of(FORM, report)
    broken = [o for o in outcomes(FORM, report.settings, report.rows, book) if o.verdict is False]
    found = told(report, "error")
    assert bool(found) >= any(o.rule.severity == "error" for o in broken)
    assert {code for code, _ in found} - {"CT_001", "CT_004", "CT_008"} <= {o.rule.id for o in broken}


@settings(deadline=None)
@given(reports(consistent=False, typed_over=False))
def test_intact_formulas_are_never_typed_over__C9(drawn: Drawn) -> None:
    found = {f.code for f in confront(FORM, drawn.filing())}
    assert not found & {"CT_001", "CT_002", "CT_003", "CT_005", "CT_007", "CT_008"}


def _typed(filing: Filing, row: str, **cells: int):
    keys = {Key("bieu_06a", row, id_): value for id_, value in cells.items()}
    return {key: filing.figures[key]._replace(value=value) for key, value in keys.items()}
