"""All smallest repairs, exactly.

R1 Vạn Tường: certain, unique, or many, by the setting
R2 the smallest sets are those of complete enumeration, and so are the ranges of the values
R3 their size is that of an integer program (HiGHS)
R4 after a repair that determines all its values no rule is broken; in a complete filing it changes nothing in vain
R5 parts that share no balance multiply; an inequality between parts filters, or makes them one
R6 numbers of any size; the same input gives the same answer; too many faults are said to be too many
R7 blanks that the rules determine are found, nothing else
"""

from __future__ import annotations

import random
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_balance import FORM, GRID, SOUND, cell, complete_values, errors, filing_of, row_of, system_of

from toolkit.balance import System
from toolkit.blame import Diagnosis, diagnose, implied
from toolkit.compute import ledger_of
from toolkit.conditions import Condition
from toolkit.records import TOTAL_ROW, Filing, Key
from toolkit.smallest import MOST_CELLS
from toolkit.whole import solvable

VAN_TUONG = {
    "truc_tuyen": 5297, "truc_tiep": 382, "ky_truoc": 0, "truoc_han": 5182, "dung_han": 2, "qua_han": 76,
    "dang_trong_han": 343, "dang_qua_han": 68, "rut": 8,
}  # fmt: skip
PRINTED = {"tiep_nhan": 5676, "da_giai_quyet": 5260, "dang_giai_quyet": 414}
WHERE = {"typed over": "", "control": "_doi_chieu"}
Shown = set[tuple[str, int | None, int | None]]


def van_tuong(way: str, setting: str = "rieng", leave_out: str = "") -> Filing:
    figures = {**VAN_TUONG, **{i + WHERE[way]: v for i, v in PRINTED.items()}}
    values = row_of({i: v for i, v in figures.items() if i != leave_out})
    values |= {cell("hs_toan_trinh"): 858, cell("hs_mot_phan"): 3832}
    return filing_of(values, {"rut": setting}, blank_rows=("B",))


def changes(alternative: tuple) -> Shown:
    return {(p.key.indicator.removesuffix("_doi_chieu"), p.before, p.after) for p in alternative}


@pytest.mark.parametrize("way", WHERE)
def test_van_tuong_is_certain(way: str) -> None:  # R1
    found = diagnose(system_of(van_tuong(way)))
    assert found.count == 1
    assert changes(found.certain) == {("tiep_nhan", 5676, 5679), ("dang_giai_quyet", 414, 411)}


@pytest.mark.parametrize("way", WHERE)
def test_van_tuong_with_withdrawn_among_done(way: str) -> None:  # R1
    found = diagnose(system_of(van_tuong(way, "trong_da_giai_quyet")))
    assert found.count == 1
    assert changes(found.certain) == {
        ("tiep_nhan", 5676, 5679), ("dang_giai_quyet", 414, 411), ("da_giai_quyet", 5260, 5268),
    }  # fmt: skip


@pytest.mark.parametrize("way", WHERE)
def test_van_tuong_with_withdrawn_on_the_day(way: str) -> None:  # R1
    found = diagnose(system_of(van_tuong(way, "trong_dung_han")))
    assert found.count == 13 and found.certain == ()
    sets = [{p.key for p in a} for a in found.parts[0].alternatives]
    assert {len(s) for s in sets} == {4} and not set.intersection(*sets)


@pytest.mark.parametrize("way", WHERE)
def test_van_tuong_without_carried_over(way: str) -> None:  # R1
    found = diagnose(system_of(van_tuong(way, leave_out="ky_truoc")))
    assert [changes(a) for part in found.parts for a in part.alternatives] == [
        {("dang_trong_han", 343, 346), ("tiep_nhan", 5676, 5682)},
        {("dang_qua_han", 68, 71), ("tiep_nhan", 5676, 5682)},
        {("tiep_nhan", 5676, 5679), ("dang_giai_quyet", 414, 411)},
    ]
    assert found.certain == ()


def random_system(dice: random.Random, plain: bool) -> tuple[System, int]:
    """A small system of whole numbers from 0 to ``top``; ``plain``: only factors of 1."""
    cells, top = dice.randint(2, 5), dice.randint(1, 5)
    values = [None if dice.random() < 0.2 else dice.randint(0, top) for _ in range(cells)]
    conditions = [Condition({v: -1}, top, False, "") for v in range(cells)]
    truth = [dice.randint(0, top) for _ in range(cells)]
    for _ in range(dice.randint(1, 4)):
        inside = dice.sample(range(cells), dice.randint(1, min(cells, 4)))
        factors = {v: dice.choice((-1, 1) if plain else (-3, -2, -1, 1, 2, 3)) for v in inside}
        equal = dice.random() < 0.55
        const = -sum(f * truth[v] for v, f in factors.items()) + (0 if equal else dice.randint(0, 3))
        conditions.append(Condition(factors, const + dice.randint(-2, 2) * (dice.random() < 0.1), equal, ""))
    dice.shuffle(conditions)
    return System([Key("", "", str(v)) for v in range(cells)], values, [1] * cells, conditions), top


def enumerated(whole: System, top: int) -> dict[frozenset[int], list[tuple[int, ...]]]:
    """The smallest sets of typed cells that must change, each with all its solutions, by trying every number."""
    found: dict[frozenset[int], list[tuple[int, ...]]] = {}
    for x in product(range(top + 1), repeat=len(whole.keys)):
        sums = ((c, c.const + sum(f * x[v] for v, f in c.factors.items())) for c in whole.conditions)
        if all(s == 0 if c.equal else s >= 0 for c, s in sums):
            found.setdefault(frozenset(v for v, old in enumerate(whole.values) if old not in (None, x[v])), []).append(
                x
            )
    least = min(map(len, found), default=0)
    return {cells: x for cells, x in found.items() if len(cells) == least}


def choices(found: Diagnosis) -> list[tuple]:
    """Every smallest repair, its parts put together."""
    return [tuple(p for a in picked for p in a) for picked in product(*(part.alternatives for part in found.parts))]


@given(st.integers(0, 10**9), st.booleans())
@settings(max_examples=400)
def test_agrees_with_complete_enumeration(seed: int, plain: bool) -> None:  # R2
    whole, top = random_system(random.Random(seed), plain)
    found, wanted = diagnose(whole, limit=10**6), enumerated(whole, top)
    if not wanted:
        assert not all(part.complete for part in found.parts) and found.count == 0
        return
    repairs = choices(found)
    sets = [frozenset(int(p.key.indicator) for p in repair) for repair in repairs]
    assert sorted(map(sorted, sets)) == sorted(map(sorted, wanted))
    assert found.count == (len(wanted) if found.parts else 0)
    for cells, repair in zip(sets, repairs, strict=True):
        for p in repair:
            taken = {x[int(p.key.indicator)] for x in wanted[cells]}
            assert (p.low, p.high) == (min(taken), max(taken))
    for p in found.certain:
        assert all(x[int(p.key.indicator)] != p.before for solutions in wanted.values() for x in solutions)


@given(st.integers(0, 10**9))
def test_whole_numbers(seed: int) -> None:  # R2
    """The test for whole solutions against trying them all, with factors where fractions would mislead."""
    dice = random.Random(seed)
    unknowns, top = dice.randint(1, 3), dice.randint(2, 6)

    def row() -> tuple[dict[int, int], int]:
        return {v: dice.randint(-5, 5) for v in range(unknowns)}, dice.randint(-9, 9)

    balances, inequalities = [row() for _ in range(dice.randint(0, 2))], [row() for _ in range(dice.randint(0, 3))]
    inequalities += [({v: 1}, 0) for v in range(unknowns)] + [({v: -1}, top) for v in range(unknowns)]

    def value(r: tuple[dict[int, int], int], x: tuple[int, ...]) -> int:
        return r[1] + sum(f * x[v] for v, f in r[0].items())

    wanted = any(
        all(value(r, x) == 0 for r in balances) and all(value(r, x) >= 0 for r in inequalities)
        for x in product(range(top + 1), repeat=unknowns)
    )
    assert solvable(balances, inequalities) == wanted


def test_whole_numbers_between_the_lines() -> None:  # R2
    """27 <= 11x + 13y <= 45 and -10 <= 7x - 9y <= 4: full of fractions, without a whole solution (Pugh's example)."""
    rows = [({0: 11, 1: 13}, -27), ({0: -11, 1: -13}, 45), ({0: 7, 1: -9}, 10), ({0: -7, 1: 9}, 4)]
    assert not solvable([], rows)
    assert solvable([], [({0: 11, 1: 13}, -24), *rows[1:]])  # x = y = 1


@pytest.mark.parametrize("seed", range(25))
def test_size_is_that_of_an_integer_program(seed: int) -> None:  # R3
    pytest.importorskip("scipy")
    dice = random.Random(seed)
    values = {}
    for row in "ABCDE":
        values |= row_of({i: v * dice.randint(1, 40) for i, v in SOUND.items()}, row)
        values[cell("ky_truoc", row)] = 0
        drawn = {i: values[cell(i, row)] for i in SOUND}
        values[cell("truc_tiep", row)] = 0
        values[cell("truc_tuyen", row)] = sum(
            v for i, v in drawn.items() if i not in ("truc_tuyen", "truc_tiep", "ky_truoc")
        )
    clean = filing_of(values)
    values |= {k: v for k, v in ledger_of(FORM, clean).expected.items() if v is not None and k.block == GRID}
    for key in dice.sample(sorted(values), dice.randint(1, 4)):
        values[key] = dice.randint(0, 900)
    whole = system_of(filing_of(values))
    found = diagnose(whole)
    assert all(part.complete for part in found.parts)
    assert sum(len(part.alternatives[0]) for part in found.parts) == fewest_by_program(whole)


def fewest_by_program(whole: System) -> int:
    """The fewest cells by mixed-integer programming: value + up - down in each condition, a switch for each cell."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    n, most = len(whole.keys), 10**5
    matrix, low, high = [], [], []
    for c in whole.conditions:
        line = np.zeros(2 * n)
        for v, f in c.factors.items():
            line[v] = f
        matrix.append(line)
        low.append(-c.const)
        high.append(-c.const if c.equal else np.inf)
    for v, value in enumerate(whole.values):
        for sign in (1, -1) if value is not None else ():
            line = np.zeros(2 * n)
            line[v], line[n + v] = sign, -most
            matrix.append(line)
            low.append(-np.inf)
            high.append(sign * (value or 0))
    cost = np.concatenate([np.zeros(n), np.ones(n)])
    top = np.concatenate([np.full(n, float(most)), np.ones(n)])
    answer = milp(
        cost,
        constraints=LinearConstraint(np.array(matrix), low, high),
        bounds=Bounds(0, top),
        integrality=np.ones(2 * n),
        options={"mip_rel_gap": 0},
    )
    assert answer.success
    return round(answer.fun)


@given(st.data())
def test_repair_breaks_nothing(data: st.DataObject) -> None:  # R4
    values = complete_values(data)
    blank = data.draw(st.sets(st.sampled_from(sorted(values)), max_size=3))
    for key in blank:
        del values[key]
    setting = data.draw(st.sampled_from(("rieng", "trong_da_giai_quyet", "trong_dung_han")))
    found = diagnose(system_of(filing_of(values, {"rut": setting})))
    for repair in choices(found)[:10]:
        if all(p.after is not None for p in repair):
            mended = {**values, **{p.key: p.low for p in repair}}
            assert errors(filing_of(mended, {"rut": setting})) == []
            for p in repair if not blank else ():  # every change is needed
                assert errors(filing_of({**mended, p.key: p.before}, {"rut": setting}))


def small(values: list[int | None], *conditions: tuple[dict[int, int], int, bool]) -> System:
    keys = [Key("", "", str(v)) for v in range(len(values))]
    return System(keys, values, [1] * len(values), [Condition(f, c, equal, "") for f, c, equal in conditions])


def cells_of(found: Diagnosis) -> list[set[tuple[str, ...]]]:
    return [{tuple(p.key.indicator for p in a) for a in part.alternatives} for part in found.parts]


TWO = (({0: 1, 1: -1}, 0, True), ({2: 1, 3: -1}, 0, True))  # x0 = x1, x2 = x3


def test_parts_multiply() -> None:  # R5
    found = diagnose(small([5, 6, 8, 9], *TWO))
    assert cells_of(found) == [{("0",), ("1",)}, {("2",), ("3",)}]
    assert found.count == 4 and found.certain == ()


def test_inequality_between_parts_filters() -> None:  # R5
    """x0 + x2 >= 14 lets one of the two go down, not both; with >= 15 each must go up; with >= 13 anything goes."""
    together = diagnose(small([5, 6, 9, 8], *TWO, ({0: 1, 2: 1}, -14, False)))
    assert cells_of(together) == [{("0", "2"), ("0", "3"), ("1", "3")}]
    up = diagnose(small([5, 6, 9, 8], *TWO, ({0: 1, 2: 1}, -15, False)))
    assert cells_of(up) == [{("0", "3")}] and len(up.certain) == 2
    assert diagnose(small([5, 6, 9, 8], *TWO, ({0: 1, 2: 1}, -13, False))).count == 4


def test_inequality_between_parts_joins() -> None:  # R5
    """x0 <= x2 and x3 <= x1 hold as typed, but each repair of x0 = x1 alone breaks one of them."""
    found = diagnose(small([5, 6, 5, 6], TWO[0], ({2: 1, 0: -1}, 0, False), ({1: 1, 3: -1}, 0, False)))
    assert cells_of(found) == [{("0", "2"), ("1", "3")}]


def test_values_of_any_size() -> None:  # R6
    huge = 10**30
    (part,) = diagnose(small([huge + 1, huge], TWO[0])).parts
    assert {(p.key.indicator, p.after) for a in part.alternatives for p in a} == {("0", huge), ("1", huge + 1)}


def test_too_many_faults() -> None:  # R6
    """Each cell has two witnesses of its own, and all of these disagree: nothing sensible can be proposed."""
    values: list[int | None] = [0]
    conditions = []
    for n in range(1, 2 * (MOST_CELLS + 1) + 1):
        values.append(n)
        conditions.append(({0: 1, n: -1}, 0, True))
    (part,) = diagnose(small(values, *conditions)).parts
    assert not part.complete and part.alternatives == () and part.found == 0


def test_negative_number_must_change() -> None:  # R6
    whole = system_of(filing_of(row_of({**SOUND, "rut": -2})))
    assert diagnose(whole).parts
    assert all(cell("rut") in {p.key for p in repair} for repair in choices(diagnose(whole)))


def test_limit_lists_and_counts() -> None:  # R6
    whole = system_of(filing_of(row_of({**SOUND, "rut": 3})))
    every, first = diagnose(whole), diagnose(whole, limit=2)
    assert every.count == first.count == len(every.parts[0].alternatives) == 9
    assert first.parts[0].alternatives == every.parts[0].alternatives[:2]


def test_blanks_that_follow() -> None:  # R7
    values = row_of({i: v for i, v in SOUND.items() if i not in ("rut", "ky_truoc")})
    open_ = system_of(filing_of(values))
    assert implied(open_, range(len(open_.keys))) == ()
    values[cell("tiep_nhan", TOTAL_ROW)] = 100
    whole = system_of(filing_of(values))
    found = implied(whole, range(len(whole.keys)))
    assert {(p.key, p.low) for p in found} == {(cell("rut"), 2), (cell("ky_truoc"), 10)}
