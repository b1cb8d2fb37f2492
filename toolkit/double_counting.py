"""Dossier codes that more than one commune has in its register: each would be counted once by either.

Codes are compared as written: a system gives them, nobody types them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from toolkit.records import Dossiers, Finding, Place
from toolkit.wording import finding

SeenTwice = Callable[[Sequence[Any]], set[str]]
"""Columns of codes -> the codes that stand in more than one of them."""


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
    for code, communes in _claimed_twice(by_commune, (twice or seen_twice)(list(by_commune.values()))):
        for pair in combinations(communes, 2):
            shared[pair].append(code)
    return tuple(
        (one, finding("GOP_017", n=len(codes), xa_1=known[one], xa_2=known[two], ma=min(codes)))
        for (one, two), codes in sorted(shared.items())
    )


def seen_twice(columns: Iterable[Iterable[str | None]]) -> set[str]:
    """Codes that stand in more than one column."""
    seen: set[str] = set()
    twice: set[str] = set()
    for codes in columns:
        here = {code for code in codes if code}
        twice |= here & seen
        seen |= here
    return twice


def _claimed_twice(
    by_commune: Mapping[str, Sequence[str | None]], suspects: Collection[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Code -> the communes that have it, in their order."""
    claims: dict[str, list[str]] = defaultdict(list)
    for commune, codes in by_commune.items() if suspects else ():
        for code in {str(code) for code in codes if code}.intersection(suspects):
            claims[code].append(commune)
    for code in sorted(claims):
        yield code, tuple(claims[code])
