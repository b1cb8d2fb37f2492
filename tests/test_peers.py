"""A commune beside its peers.

R1 a rate is judged within the limits for its own number of dossiers, to the dossier
R2 peers are the communes of the same kind, the province where these are too few, nobody where it has too few
R3 what is blank, only a lower bound or contradictory is not judged, and does not enter the peers' rate
R4 all looks share one guard: more looks need more evidence
R5 where even twice the peers' rate would lie within the limits, nothing is said
"""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_filings import FORM, PERIOD, PROVINCE, filing, row

from toolkit.peers import FEWEST, LIMITS, Band, Look, Standing, band, group_rates, sizes, standings
from toolkit.records import Amount, Place, Summary
from toolkit.rollup import roll_up

LATE = (Look("qua_han", ("qua_han",), ("da_giai_quyet",)),)
ALL = (*LATE, Look("truc_tuyen", ("truc_tuyen",), ("truc_tuyen", "truc_tiep")))


def province(*finished: tuple[int, int], kinds: tuple[str, ...] = ()) -> Summary:
    """Communes that each finished some dossiers, some of them late: (finished, late)."""
    places = tuple(
        Place(f"{21000 + n}", kinds[n] if n < len(kinds) else "Xã", f"Xã số {n}", "51") for n in range(len(finished))
    )
    given = {p.code: pair for p, pair in zip(places, finished, strict=True)}
    columns = {"qua_han": 1, "da_giai_quyet": 0, "truc_tuyen": 0, "truc_tiep": 0}
    amounts = {i: {c: Amount(*[pair[at]] * 3, open=False) for c, pair in given.items()} for i, at in columns.items()}
    status = dict.fromkeys(given, "merged")
    empty = roll_up(FORM, PROVINCE, PERIOD, (), [], findings={})
    return empty._replace(places=places, commune_status=status, amounts=amounts)


def test_figures_come_from_the_summary() -> None:
    places = tuple(Place(f"{21000 + n}", "Xã", f"Xã số {n}", "51") for n in range(FEWEST))
    read = [filing(p, {"Đất đai": row(100, truc_tiep=60, truoc_han=37, qua_han=3)}) for p in places]
    found = standings(roll_up(FORM, PROVINCE, PERIOD, places, read, findings={}))
    assert {(s.look, s.k, s.n, s.rate) for s in found} == {
        ("qua_han", 3, 40, 3 / 40),
        ("dang_qua_han", 0, 0, None),
        ("truc_tuyen", 100, 160, 0.625),
    }


def judged(summary: Summary, looks: tuple[Look, ...] = LATE) -> dict[str, Standing]:
    return {s.commune: s for s in standings(summary, looks) if s.look == "qua_han"}


# --- R1


@pytest.mark.parametrize(("late", "verdict"), [(0, "within"), (1, "within"), (-1, "watch"), (+9, "watch")])
def test_the_limits_are_exact_to_the_dossier(late: int, verdict: str) -> None:
    others = [(1000, 20)] * 200  # the one beside them hardly moves their rate
    limits = judged(province(*others, (1000, 20)))["21200"].bands[0]
    k = {0: limits.high, 1: limits.low, -1: limits.low - 1, 9: limits.high + 1}[late]
    assert judged(province(*others, (1000, k)))["21200"].verdict == verdict


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(1, 99), st.sampled_from(LIMITS))
def test_the_limits_are_those_of_the_binomial(n: int, percent: int, risk: float) -> None:
    rate, half = Fraction(percent, 100), Fraction(risk) / 2
    chances = [comb(n, k) * rate**k * (1 - rate) ** (n - k) for k in range(n + 1)]
    high = next(k for k in range(n + 1) if sum(chances[k + 1 :]) <= half)
    low = next(k for k in range(n, -1, -1) if sum(chances[:k]) <= half)
    assert band(n, float(rate), risk) == Band(low, high)


def test_far_beyond_is_said_on_both_sides() -> None:
    found = judged(province(*[(1000, 100)] * 20, (1000, 250), (1000, 5)))
    assert found["21020"].verdict == "higher"
    assert found["21021"].verdict == "lower"
    assert {found[f"{21000 + n}"].verdict for n in range(20)} == {"within"}


def test_rates_of_nothing_and_of_all() -> None:
    assert {s.verdict for s in judged(province(*[(50, 0)] * 6)).values()} == {"few"}
    assert {s.rate for s in judged(province(*[(50, 50)] * 6)).values()} == {1.0}
    assert band(50, 0.0, 0.05) == Band(0, 0)
    assert band(50, 1.0, 0.05) == Band(50, 50)


# --- R2


def test_peers_are_of_the_same_kind() -> None:
    wards = ("Phường",) * FEWEST
    summary = province(*[(1000, 100)] * FEWEST, *[(1000, 10)] * FEWEST, kinds=wards)
    found = judged(summary)
    assert group_rates(standings(summary, LATE)) == {("qua_han", "Phường"): 0.1, ("qua_han", "Xã"): 0.01}
    assert found["21000"].peers == "Phường"
    assert {s.verdict for s in found.values()} == {"within"}


def test_a_kind_with_too_few_is_held_against_the_province() -> None:
    summary = province(*[(1000, 100)] * (FEWEST - 1), *[(1000, 10)] * FEWEST, kinds=("Phường",) * (FEWEST - 1))
    found = judged(summary)
    assert found["21000"].peers == ""
    assert found["21000"].rate == 450 / 9000
    assert found["21000"].verdict == "higher"
    assert found["21008"].peers == "Xã"


def test_a_province_of_too_few_compares_nobody() -> None:
    found = judged(province(*[(1000, 10)] * (FEWEST - 2), (1000, 900)))
    assert {(s.verdict, s.rate, s.peers) for s in found.values()} == {("alone", None, None)}


def test_nobody_at_all() -> None:
    assert standings(roll_up(FORM, PROVINCE, PERIOD, (), [], findings={})) == ()


# --- R3


def test_a_lower_bound_is_not_judged() -> None:
    summary = province(*[(100, 5)] * 6, (100, 90))
    blank = summary.amounts["qua_han"]["21006"]._replace(open=True)
    amounts = {**summary.amounts, "qua_han": {**summary.amounts["qua_han"], "21006": blank}}
    found = judged(summary._replace(amounts=amounts))
    assert found["21006"].verdict == "unknown"
    assert (found["21006"].k, found["21006"].n) == (90, 100)
    assert found["21000"].rate == 0.05


def test_more_late_than_finished_is_a_contradiction() -> None:
    summary = province(*[(100, 5)] * 6, (100, 90))
    wrong = summary.amounts["da_giai_quyet"]["21006"]._replace(counted=89)
    amounts = {**summary.amounts, "da_giai_quyet": {**summary.amounts["da_giai_quyet"], "21006": wrong}}
    assert judged(summary._replace(amounts=amounts))["21006"].verdict == "unknown"


def test_no_dossier_is_few_and_no_figure_is_unknown() -> None:
    summary = province(*[(100, 5)] * 6, (0, 0), (9, 1))
    amounts = {i: {c: a for c, a in by.items() if c != "21007"} for i, by in summary.amounts.items()}
    found = judged(summary._replace(amounts=amounts))
    assert found["21006"].verdict == "few"
    assert (found["21007"].verdict, found["21007"].n, found["21007"].k) == ("unknown", None, None)


def test_communes_that_do_not_count_are_not_compared() -> None:
    summary = province(*[(100, 5)] * 6)
    assert "21000" not in judged(summary._replace(commune_status={**summary.commune_status, "21000": "off_period"}))


# --- R4


def test_more_looks_need_more_evidence() -> None:
    few = judged(province((100_000, 2000), *[(1000, 20)] * 5, (1000, 39)))["21006"]
    many = judged(province((100_000, 2000), *[(1000, 20)] * 160, (1000, 39)), ALL)["21161"]
    assert many.chance == pytest.approx(few.chance, rel=0.2)
    assert (few.verdict, many.verdict) == ("higher", "watch")


def test_communes_alike_give_no_accusation() -> None:
    found = judged(province(*[(400, 8 + n % 5) for n in range(168)]), ALL)
    assert {s.verdict for s in found.values()} <= {"within", "few"}


# --- R5


@pytest.mark.parametrize(("n", "verdict"), [(200, "few"), (300, "within")])
def test_a_small_commune_says_nothing(n: int, verdict: str) -> None:
    assert judged(province(*[(10_000, 200)] * 30, (n, n // 50)))["21030"].verdict == verdict


def test_the_table_comes_by_look_peers_and_verdict() -> None:
    order = standings(province(*[(1000, 100)] * 20, (1000, 250), (1000, 5)), ALL)
    assert [s.look for s in order] == ["qua_han"] * 22 + ["truc_tuyen"] * 22
    assert [s.commune for s in order][:2] == ["21020", "21021"]


def test_the_curves_reach_the_largest() -> None:
    assert sizes(6000)[-1] == 6000
    assert sizes(1) == (1,)
    assert list(sizes(500)) == sorted(set(sizes(500)))
