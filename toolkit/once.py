"""What is made of a form or of a report is made once, however often it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, TypeVarTuple

Ts = TypeVarTuple("Ts")
R = TypeVar("R")

_MOST = 200  # more than a province has communes; the ledgers of so many reports take 10 MB


def once(make: Callable[[*Ts], R]) -> Callable[[*Ts], R]:
    """Remembers what was made of the last arguments, each told by place and identity: what is made of unchanging
    records cannot change, and to compare two of them by value would take longer than to make it again."""
    known: dict[tuple[int, ...], tuple[tuple[object, ...], R]] = {}

    @wraps(make)
    def made(*args: *Ts) -> R:
        place = tuple(map(id, args))
        found = known.get(place)
        if found is None:
            if len(known) >= _MOST:
                known.clear()
            found = known[place] = args, make(*args)  # kept alive, so that nothing else gets their ids
        return found[1]

    return made
