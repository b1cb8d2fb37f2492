"""The search for all smallest sets of cells whose change can set a network right (Fellegi & Holt 1976).

A state of the elimination either has a solution or names fixed cells of which at least one must be freed too.
Branching on the shortest such list, one size after the other, finds every smallest set once and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from heapq import nlargest
from itertools import chain

from toolkit.elimination import Network, State, TooLarge

MOST_CELLS = 6
"""Beyond so many wrong cells in one part of a form nothing useful can be said: the part is to be typed again."""
_MOST_STATES = 4000  # of one part: about a third of a second

Sets = dict[frozenset[int], State]
"""Smallest sets of cells, each with the state in which they are freed."""


def smallest(network: Network, most: int = MOST_CELLS) -> tuple[Sets, bool]:
    """All smallest sets of cells that must change, each with its state, and whether the search came to its end."""
    search = _Search()
    found: Sets = {}
    try:
        start = network.start()
        for size in range(most + 1):
            for freed, state in search.sets(start, frozenset(), frozenset(), size):
                found[freed] = state
            if found:
                return found, True
    except TooLarge:
        pass
    return found, False


class _Search:
    def __init__(self) -> None:
        self.states = 0

    def sets(
        self, state: State, freed: frozenset[int], banned: frozenset[int], room: int
    ) -> Iterator[tuple[frozenset[int], State]]:
        """The sets with ``room`` more cells, none of them banned, that settle everything."""
        self.states += 1
        if self.states > _MOST_STATES:
            raise TooLarge
        conflicts = state.conflicts()
        if not conflicts:
            yield freed, state
            return
        if not room:
            return
        fewest = min(conflicts, key=lambda cells: (len(cells), min(cells, default=-1)))
        if room == 1:
            common = set(fewest).difference(banned).intersection(*conflicts)
            for v in sorted(v for v in common if state.helps(v)):
                yield from self.sets(state.freed(v), freed | {v}, banned, 0)
            return
        if not _coverable(conflicts, banned, room):
            return
        tried = set(banned)
        for v in sorted(set(fewest) - tried):
            if _coverable([cells for cells in conflicts if v not in cells], tried, room - 1):
                yield from self.sets(state.freed(v), freed | {v}, frozenset(tried), room - 1)
            tried.add(v)


def _coverable(conflicts: Sequence[Collection[int]], banned: Collection[int], room: int) -> bool:
    """Whether so few cells, none of them banned, might have one in every conflict. A quick look: may err to True."""
    if len(conflicts) <= room:
        return True
    if room == 1:
        return bool(set(conflicts[0]).difference(banned).intersection(*conflicts[1:]))
    hits = Counter(chain.from_iterable(conflicts))
    for v in banned:
        hits.pop(v, None)
    return sum(nlargest(room, hits.values())) >= len(conflicts)
