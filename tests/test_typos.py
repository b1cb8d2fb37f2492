"""Kinds of slip.

R1 each kind is recognised in an example, and not in one beside it
R2 what a kind makes of a number is recognised as some slip of a number
R3 numbers of one digit say nothing; equal numbers are no slip
R5 every kind has words for officials
R4 rarer kinds and kinds with more outcomes cost more; no slip at all costs most
"""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from toolkit.typos import (
    NUMBER_KINDS,
    PAIR_KINDS,
    PERIOD_KINDS,
    TOTAL_KINDS,
    cost,
    made,
    number_kind,
    pair_kind,
    period_kind,
    total_kind,
)
from toolkit.wording import SLIP_KINDS


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (5676, 5679, "thay_chu_so"),
        (414, 411, "thay_chu_so"),
        (5676, 5766, "dao_chu_so"),
        (5676, 7656, ""),  # two digits apart
        (567, 5679, "rot_chu_so"),
        (56769, 5679, "them_chu_so"),
        (-76, 76, "dau"),
        (5676000, 5676, "nghin"),
        (5, 5000, "nghin"),
        (5, 5001, ""),
        (5676, 5589, ""),
    ],
)
def test_slips_of_a_number(before: int, after: int, kind: str) -> None:  # R1
    assert number_kind(before, after) == kind


def test_slips_of_a_total() -> None:  # R1
    assert total_kind(80, 100, [20, 30, 50]) == "sot_dong"
    assert total_kind(50, 100, [20, 30, 50]) == "sot_dong"  # 50 is missing: the more likely reading comes first
    assert total_kind(30, 100, [20, 30, 50]) == "phan_vao_tong"
    assert total_kind(81, 100, [20, 30, 50]) == ""
    assert total_kind(0, 10, [0, 4, 6]) == ""


def test_slips_of_a_period() -> None:  # R1
    assert period_kind(130, 70, 60) == period_kind(60, 0, 60) == "luy_ke"
    assert period_kind(130, 71, 60) == period_kind(130, 69, 60) == ""
    assert period_kind(50, -10, 60) == period_kind(130, 130, 0) == period_kind(130, 70, None) == ""


def test_slips_of_two_cells() -> None:  # R1
    assert pair_kind((12, 70), (70, 12), neighbours=True, one_total=False) == "doi_cho"
    assert pair_kind((12, 70), (70, 13), neighbours=True, one_total=False) == ""
    assert pair_kind((12, 70), (70, 12), neighbours=False, one_total=False) == ""
    assert pair_kind((12, 10), (5, 7), neighbours=False, one_total=True) == "chuyen_han"
    assert pair_kind((12, 10), (5, 8), neighbours=False, one_total=True) == ""
    assert pair_kind((12, 12), (5, 5), neighbours=True, one_total=True) == ""


@given(st.integers(10, 10**15), st.sampled_from(NUMBER_KINDS), st.data())
def test_what_is_made_is_recognised(right: int, kind: str, data: st.DataObject) -> None:  # R2
    wrongs = [w for w in made(kind, right) if abs(w) >= 10 and w != right]
    assume(wrongs)
    found = number_kind(data.draw(st.sampled_from(wrongs)), right)
    assert found and NUMBER_KINDS.index(found) <= NUMBER_KINDS.index(kind)


@given(st.integers(0, 9), st.integers(0, 10**6))
def test_one_digit_says_nothing(before: int, after: int) -> None:  # R3
    assert number_kind(before, after) in ("", "nghin")
    assert number_kind(after, after) == ""


def test_cost_orders() -> None:  # R4
    replaced, swapped, nothing = (cost(kind, 5679) for kind in ("thay_chu_so", "dao_chu_so", ""))
    assert max(replaced, swapped) < nothing
    assert cost("thay_chu_so", 5679) < cost("thay_chu_so", 56790)
    assert cost("sot_dong", 100, 2) < cost("sot_dong", 100, 40)


def test_every_kind_has_words() -> None:  # R5
    assert set(SLIP_KINDS) == {*NUMBER_KINDS, *PERIOD_KINDS, *TOTAL_KINDS, *PAIR_KINDS}
