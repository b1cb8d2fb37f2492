"""What is made once is never handed out for something else.

Requirements
  ON01  the same arguments, in the same places, are asked about once; equal ones that are others are asked again
  ON02  an identity that Python gives out a second time is not mistaken for the first
  ON03  nothing is kept of a fault; a named argument, which has no place, is refused
  ON04  from several threads each gets what was made of its own
"""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor

import pytest

from toolkit import once as module
from toolkit.once import once


class Thing:
    def __init__(self, name: object) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 1


def test_by_identity_and_place__ON01() -> None:
    asked: list[tuple[object, ...]] = []

    @once
    def names(*things: Thing) -> list[object]:
        asked.append(things)
        return [thing.name for thing in things]

    one, other = Thing("một"), Thing("hai")
    for things in ((one,), (other,), (one, other), (other, one), (one, one), ()):
        assert names(*things) is names(*things)
        assert names(*things) == [thing.name for thing in things]
    assert len(asked) == 6


def test_identities_given_out_again__ON02() -> None:
    @once
    def name(thing: Thing) -> object:
        return thing.name

    reused = set()
    for n in range(5 * module._MOST):
        thing = Thing(n)
        reused.add(id(thing))
        assert name(thing) == n
        del thing
        if n % 50 == 0:
            gc.collect()
    assert len(reused) < 5 * module._MOST  # or nothing was put to the test


def test_faults_and_named_arguments__ON03() -> None:
    failing = True

    @once
    def name(thing: Thing) -> object:
        if failing:
            raise ValueError("faulty")
        return thing.name

    thing = Thing("một")
    for _ in range(2):
        with pytest.raises(ValueError, match="faulty"):
            name(thing)
    failing = False
    assert name(thing) == "một"
    with pytest.raises(TypeError):
        name(thing=thing)  # type: ignore[call-arg]


def test_from_several_threads__ON04() -> None:
    @once
    def name(thing: Thing) -> object:
        return thing.name

    def ask(n: int) -> bool:
        return all(name(Thing((n, k))) == (n, k) for k in range(2 * module._MOST))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(ask, range(4)))
