"""Dossier codes that more than one commune has in its register: each would be counted once by either.

Codes are compared as written: a system gives them, nobody types them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

from toolkit.records import Dossiers, Finding, Place
from toolkit.wording import finding

SeenTwice = Callable[[Sequence[Any]], Mapping[str, Sequence[int]]]
"""Columns of codes -> each code that stands in more than one of them, with the numbers of these columns, rising."""


def double_counted(
    dossiers: Mapping[str, Dossiers],
    places: Sequence[Place],
    twice: SeenTwice | None = None,
) -> tuple[tuple[str, Finding], ...]:
    """(commune code, finding) for each two communes that share codes, in the order of ``places``.

    ``twice``: ``seen_twice`` for columns of another kind than Python's own.
    """
    known = {p.code: f"{p.kind} {p.name}" for p in places}
    shared: dict[tuple[str, ...], list[str]] = defaultdict(list)
    by_commune = {place.code: dossiers[place.code].codes for place in places if place.code in dossiers}
    communes = list(by_commune)
    for code, columns in (twice or seen_twice)(list(by_commune.values())).items():
        for pair in combinations([communes[n] for n in columns], 2):
            shared[pair].append(code)
    return tuple(
        (one, finding("GOP_017", n=len(codes), xa_1=known[one], xa_2=known[two], ma=min(codes)))
        for (one, two), codes in sorted(shared.items())
    )


def seen_twice(columns: Sequence[Sequence[str | None]]) -> Mapping[str, Sequence[int]]:
    """``SeenTwice`` for columns of Python's own."""
    seen: set[str | None] = set()
    twice: set[str | None] = set()
    for codes in columns:
        here = {*codes}
        twice |= here & seen
        seen |= here
    found: dict[str, list[int]] = defaultdict(list)
    shared = {code for code in twice if code}
    for number, codes in enumerate(columns) if shared else ():
        for code in shared.intersection(codes):
            found[code].append(number)
    return found
