"""One smallest repair where the search has given up: a solver says which cells, exact elimination says whether that
settles everything (implicit hitting sets: Reiter 1987; Chandrasekaran, Karp et al. 2011).

HiGHS never sees a figure, only lists of cells of which at least one must change, so that numbers of any size stay
exact. Work is bounded by rounds and nodes, not by time: the same filing gives the same answer on any machine. Needs
scipy (an extra); without it there is no answer.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from toolkit.elimination import Network, State, TooLarge

_MOST_ROUNDS = 60
_MOST_NODES = 2000  # of each round
_MOST_CELLS = 40  # of a repair: more is "type it all again"
_COUNT_FIRST = 1000  # so many trust weights of 1 are worth less than one cell


def one_smallest(network: Network, weights: Sequence[int]) -> tuple[frozenset[int], State] | None:
    """A smallest set of cells whose change can settle a network, the least trusted among those the solver sees, with
    the state in which they are freed. None: no scipy, or not found within the limits."""
    lists: list[frozenset[int]] = []
    chosen: frozenset[int] = frozenset()
    try:
        start = network.start()
        for _ in range(_MOST_ROUNDS):
            state = start
            for cell in sorted(chosen):
                state = state.freed(cell)
            conflicts = state.conflicts()
            if not conflicts:
                return chosen, state
            lists += dict.fromkeys(map(frozenset, conflicts))
            hitting = _hitting(lists, weights)
            if hitting is None or len(hitting) > _MOST_CELLS:
                return None
            chosen = hitting
    except (TooLarge, ImportError):
        pass
    return None


def _hitting(lists: Sequence[Collection[int]], weights: Sequence[int]) -> frozenset[int] | None:
    """The fewest, then least trusted cells with one of every list; None: proven impossible, or not found in time."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    cells = sorted({v for one in lists for v in one})
    if not all(lists) or not cells:
        return None
    solved = milp(
        [_COUNT_FIRST + weights[v] for v in cells],
        integrality=[1] * len(cells),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint([[float(v in one) for v in cells] for one in lists], lb=1),
        options={"disp": False, "node_limit": _MOST_NODES, "mip_rel_gap": 0},
    )
    if solved.status != 0:
        return None
    return frozenset(v for v, taken in zip(cells, solved.x, strict=True) if taken > 0.5)
