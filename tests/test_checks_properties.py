"""What the checks say of reports drawn at random.

C8  order: severity, sheet as in the form, row, column; the order of the figures never matters
C9  a consistent report has no error, blanks or not; one wrong count always has one
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from checked_tables import told
from drawn import Drawn, identities_of, reports
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import FORM

from toolkit import blame
from toolkit.checks import confront, in_order, overall
from toolkit.compute import ledger_of, outcomes
from toolkit.records import Finding

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
