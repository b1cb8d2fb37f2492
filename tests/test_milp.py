"""Guards toolkit/milp.py and blame.one_of_many.

R1 on small cases the set is one of those the search finds, of the smallest size, and the state has a solution
R2 where the search gives up, a repair is found; after it every condition holds; what held before still holds
R3 numbers of any size; the same answer twice; nothing printed
R4 without scipy, or where nothing can help, there is no answer and no exception
"""

from __future__ import annotations

import random
import sys

import pytest
from test_balance import cell, filing_of, row_of, system_of
from test_blame import random_system, small

from toolkit.balance import System
from toolkit.blame import diagnose, network_of, one_of_many
from toolkit.milp import one_smallest
from toolkit.smallest import MOST_CELLS, smallest

pytest.importorskip("scipy")


def hopeless(step: int = 1) -> System:
    """Cell 0 and 2 x (MOST_CELLS + 1) witnesses, half of which say one number and half each another one."""
    values: list[int | None] = [0]
    conditions = []
    for n in range(1, 2 * (MOST_CELLS + 1) + 1):
        values.append(n * step)
        conditions.append(({0: 1, n: -1}, 0, True))
    return small(values, *conditions)


@pytest.mark.parametrize("seed", range(60))
def test_same_as_the_search(seed: int) -> None:  # R1
    whole, _ = random_system(random.Random(seed), plain=seed % 2 == 0)
    network = network_of(whole)
    sets, complete = smallest(network)
    found = one_smallest(network, whole.weights)
    if not complete:
        assert found is None
    else:
        assert found is not None and found[0] in sets and not found[1].conflicts()


@pytest.mark.parametrize("step", [1, 10**30])
def test_where_the_search_gives_up(step: int, capfd: pytest.CaptureFixture[str]) -> None:  # R2, R3
    whole = hopeless(step)
    (part,) = diagnose(whole).parts
    assert part.given_up
    found = one_of_many(whole, part)
    assert found is not None and len(found) == 2 * (MOST_CELLS + 1)  # cell 0 and all witnesses but one
    after = {p.key: p.after for p in found}
    values = [after.get(key, value) for key, value in zip(whole.keys, whole.values, strict=True)]
    assert len(set(values)) == 1 and found == one_of_many(whole, part)
    assert capfd.readouterr() == ("", "")


def test_what_held_keeps_holding() -> None:  # R2
    """As above, and cell 0 <= cell 99 = 3, which holds as typed: the number that all take must not exceed 3."""
    base = hopeless()
    extra = len(base.keys)
    values = [*base.values, 3]
    conditions = [(dict(c.factors), c.const, c.equal) for c in base.conditions]
    whole = small(values, *conditions, ({extra: 1, 0: -1}, 0, False))
    (part,) = diagnose(whole).parts
    found = one_of_many(whole, part)
    assert found is not None
    after = {p.key.indicator: p.after for p in found}
    assert (after["0"] or 0) <= after.get(str(extra), 3)


def test_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:  # R4
    impossible = small([5], ({}, 1, True))
    assert one_smallest(network_of(impossible), [1]) is None
    sound = system_of(filing_of(row_of({"truc_tuyen": 1}) | {cell("may_tinh"): 2}))
    nothing = one_smallest(network_of(sound), sound.weights)
    assert nothing is not None and nothing[0] == frozenset()
    whole = hopeless()
    (part,) = diagnose(whole).parts
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    assert one_of_many(whole, part) is None
