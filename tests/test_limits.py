"""How much chance alone explains.

Requirements
  GH01  tails are those of exact fractions, to nine digits; impossible and certain cases are exactly 0 and 1
  GH02  when chances differ, the tail of their mean is the greater one
  GH03  an interval of rates has the asked risk at both ends
  GH04  the most that chance explains: one more would be beyond
  GH05  several looks: the guard of Holm, by a slow definition
  GH06  a z-score over few groups cannot fire where the tail does
"""

from __future__ import annotations

from fractions import Fraction
from math import comb, sqrt
from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.limits import at_least, at_most, beyond, interval, most

CHANCES = st.lists(st.floats(0, 1), max_size=8)


def exact(k: int, n: int, rate: Fraction) -> Fraction:
    hit, all_ = rate.as_integer_ratio()
    ways = sum(comb(n, i) * hit**i * (all_ - hit) ** (n - i) for i in range(max(k, 0), n + 1))
    return Fraction(ways, all_**n)


@given(st.integers(-1, 62), st.integers(0, 60), st.fractions(0, 1, max_denominator=1000))
def test_tails_are_exact(k: int, n: int, rate: Fraction) -> None:  # GH01
    tail = float(exact(k, n, rate))
    assert at_least(k, n, float(rate)) == pytest.approx(tail, rel=1e-9, abs=1e-14)
    assert at_most(k - 1, n, float(rate)) == pytest.approx(float(1 - exact(k, n, rate)), rel=1e-9, abs=1e-14)


@pytest.mark.parametrize(
    ("k", "n", "rate"),
    [(20, 900, Fraction(1, 500)), (3, 900, Fraction(1, 10000)), (440, 900, Fraction(1, 2)), (30, 40, Fraction(3, 100))],
)
def test_long_series_and_small_chances(k: int, n: int, rate: Fraction) -> None:  # GH01
    assert at_least(k, n, float(rate)) == pytest.approx(float(exact(k, n, rate)), rel=1e-9)


def test_certain_and_impossible() -> None:  # GH01
    assert (at_least(0, 5, 0.0), at_least(1, 5, 0.0), at_least(5, 5, 1.0), at_least(6, 5, 1.0)) == (1, 0, 1, 0)
    assert (at_most(5, 5, 1.0), at_most(4, 5, 1.0), at_most(0, 5, 0.0), at_most(-1, 5, 0.5)) == (1, 0, 1, 0)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_mean_of_chances_is_on_the_safe_side(rates: list[float]) -> None:  # GH02
    tail = [1.0]  # chance of exactly j hits
    for rate in rates:
        tail = [a * (1 - rate) + b * rate for a, b in zip([*tail, 0.0], [0.0, *tail], strict=True)]
    average = sum(rates) / len(rates)
    for k in range(len(rates) + 1):
        if k > sum(rates) + 1:
            assert sum(tail[k:]) <= at_least(k, len(rates), average) + 1e-12


@given(st.data(), st.integers(1, 80), st.sampled_from((0.05, 0.001)))
def test_interval_ends(data: st.DataObject, n: int, risk: float) -> None:  # GH03
    k = data.draw(st.integers(0, n))
    low, high = interval(k, n, risk)
    assert 0 <= low <= k / n <= high <= 1
    assert low == 0 if k == 0 else at_least(k, n, low) == pytest.approx(risk / 2, rel=1e-6)
    assert high == 1 if k == n else at_most(k, n, high) == pytest.approx(risk / 2, rel=1e-6)


def test_interval_none_of_ten() -> None:  # GH03
    assert interval(0, 10, 0.05)[1] == pytest.approx(1 - 0.025 ** (1 / 10))


@given(st.integers(0, 200), st.floats(0, 1), st.sampled_from((0.05, 0.01, 1e-6)))
def test_most_and_one_more(n: int, rate: float, risk: float) -> None:  # GH04
    c = most(n, rate, risk)
    assert at_least(c + 1, n, rate) <= risk
    assert c == 0 or at_least(c, n, rate) > risk


def test_holm_by_hand() -> None:  # GH05
    assert beyond([0.0025, 0.2, 0.0033, 0.9], 0.01) == (True, False, True, False)
    assert beyond([0.0026, 0.2, 0.0033, 0.9], 0.01) == (False,) * 4
    assert beyond([0.0025, 0.2, 0.0034, 0.9], 0.01) == (True, False, False, False)
    assert beyond([], 0.01) == ()


@given(CHANCES, st.floats(0.001, 0.5))
def test_holm_by_definition(chances: list[float], risk: float) -> None:  # GH05
    n = len(chances)
    told = beyond(chances, risk)
    ranked = sorted(chances)
    limits = [ranked[i] <= risk / (n - i) for i in range(n)]
    steps = limits.index(False) if False in limits else n
    assert sum(told) == steps
    assert sorted(c for c, one in zip(chances, told, strict=True) if one) == ranked[:steps]


def test_z_score_cannot_fire_on_ten_groups() -> None:  # GH06
    sizes, late = [40] * 10, [0] * 9 + [16]
    rates = [k / n for k, n in zip(late, sizes, strict=True)]
    assert (max(rates) - mean(rates)) / stdev(rates) == pytest.approx(
        9 / sqrt(10)
    )  # 2.85, however late the last one is
    own = sum(late) / sum(sizes)
    assert beyond([at_least(k, n, own) for k, n in zip(late, sizes, strict=True)], 0.001) == (False,) * 9 + (True,)
