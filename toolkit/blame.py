"""Which cells are wrong, and what should they be: all smallest repairs of a filing (Fellegi & Holt 1976).

Exact over whole numbers of any size; every smallest repair is found, none at random. Parts of the form that share no
balance are solved apart, and their repairs multiply; an inequality that links parts filters their combinations, and
where it leaves none, these parts are solved as one.

Sources: Fellegi & Holt, JASA 71 (1976); De Waal, Pannekoek & Scholtus, Handbook of Statistical Data Editing (2011).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from math import prod

from toolkit.balance import System
from toolkit.elimination import Network, Row, State
from toolkit.records import Key
from toolkit.smallest import Sets, smallest

_MOST_COMBINATIONS = 1000  # of parts that an inequality links


_MOST_BROKEN = 24
"""Broken conditions of a part beyond which no solver is asked: its answer would be to type the report again."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A cell of a repair: the value that the rules determine, else the range they leave (``high`` None: no end)."""

    key: Key
    before: int | None
    low: int
    high: int | None

    @property
    def after(self) -> int | None:
        return self.low if self.low == self.high else None


Alternative = tuple[Proposal, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Cells that hang together: ``alternatives`` are the smallest repairs of this part, all of one size."""

    alternatives: tuple[Alternative, ...]  # the first ones in the order of preference
    found: int  # how many there are
    certain: Alternative  # what is the same in all of them
    complete: bool  # False: too many cells would have to change, or not every alternative was looked at
    conditions: frozenset[int]  # its conditions, by their number in the system

    @property
    def given_up(self) -> bool:
        """Whether the search found no repair within its limits."""
        return not self.alternatives


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Every smallest repair takes one alternative of each part."""

    parts: tuple[Part, ...]

    @property
    def count(self) -> int:
        """How many smallest repairs there are; 0 when nothing is wrong."""
        return prod(p.found for p in self.parts) if self.parts else 0

    @property
    def certain(self) -> Alternative:
        """What is the same in every smallest repair."""
        return tuple(p for part in self.parts for p in part.certain)


def diagnose(system: System, limit: int = 100) -> Diagnosis:
    """All smallest repairs of a system. Of each part at most ``limit`` are listed, those of least trusted cells first,
    then in the order of the system's cells."""
    problem = _Problem(system)
    if not problem.suspects:
        return Diagnosis(())
    return Diagnosis(tuple(problem.part(group, limit) for group in problem.solved()))


def implied(system: System, cells: Collection[int]) -> tuple[Proposal, ...]:
    """The blanks among ``cells`` whose value the rules determine; none where the rules are broken."""
    problem = _Problem(system)
    problem.index()
    out = []
    for cell in sorted(cells):
        if system.values[cell] is not None or cell not in problem.conditions_of:
            continue
        network = problem.network(problem.with_blanks(frozenset(problem.conditions_of[cell])))
        state = network.start(condensed=False)
        if not state.conflicts():
            low, high = state.bounds(({cell: 1}, 0))
            if low is not None and low == high:
                out.append(Proposal(system.keys[cell], None, low, high))
    return tuple(out)


def one_of_many(system: System, part: Part) -> Alternative | None:
    """One smallest repair of a part that the search gave up, by a solver; None: no solver here, or it gave up too.

    Conditions that hold and share cells with the part keep holding.
    """
    problem = _Problem(system)
    if sum(n in part.conditions for n in problem.suspects) > _MOST_BROKEN:
        return None
    from toolkit.milp import one_smallest  # late: needs scipy, and few filings come here

    problem.index()
    cells = {v for n in part.conditions for v in problem.rows[n][0]}
    around = {n for v in cells for n in problem.conditions_of[v]} - set(problem.suspects)
    network = problem.network(problem.with_blanks(part.conditions | around))
    found = one_smallest(network, system.weights)
    return problem.alternative(*found) if found else None


def broken(system: System, part: Part) -> tuple[int, ...]:
    """The conditions of a part that do not hold, by their number in the system (blanks as 0)."""
    return tuple(n for n in _Problem(system).suspects if n in part.conditions)


def network_of(system: System) -> Network:
    """All conditions of a system."""
    problem = _Problem(system)
    return problem.network(range(len(problem.rows)))


@dataclass(slots=True)
class _Group:
    """Conditions that hang together, with the smallest sets of cells that settle them."""

    conditions: frozenset[int]
    sets: Sets
    complete: bool


class _Problem:
    """The system with the residual of every condition at the typed values (blanks as 0)."""

    def __init__(self, system: System) -> None:
        self.system = system
        values = self.values = system.values
        self.rows: list[Row] = []
        self.suspects: list[int] = []
        for n, c in enumerate(system.conditions):
            residual = c.const
            for v, f in c.factors.items():
                residual += f * (values[v] or 0)
            self.rows.append((c.factors, residual))
            if residual and (c.equal or residual < 0):
                self.suspects.append(n)
        self.conditions_of: dict[int, list[int]] = {}

    def index(self) -> None:
        """By cell, the conditions that hold it."""
        for n, (factors, _) in enumerate(self.rows):
            for v in factors:
                self.conditions_of.setdefault(v, []).append(n)

    def solved(self) -> list[_Group]:
        """The groups that need a change; any choice of one set from each is a smallest repair."""
        self.index()
        tied = {n for n in self.suspects if not self.system.conditions[n].equal}
        known: dict[frozenset[int], _Group] = {}
        while True:
            groups = []
            for conditions in self._groups(tied):
                if conditions not in known:
                    known[conditions] = _Group(conditions, *smallest(self.network(conditions)))
                groups.append(known[conditions])
            merged, stuck = self._linked(groups)
            if not stuck:
                return [g for g in merged if frozenset() not in g.sets]
            tied |= stuck

    def part(self, group: _Group, limit: int) -> Part:
        ranked = sorted(group.sets, key=lambda cells: (sum(self.system.weights[v] for v in cells), sorted(cells)))
        listed = [self.alternative(cells, group.sets[cells]) for cells in ranked[:limit]]
        common: set[Proposal] = set()
        if group.complete and ranked and frozenset.intersection(*ranked):
            common = set(listed[0]).intersection(*listed[1:])
            for cells in ranked[limit:]:
                if not common:
                    break
                common &= set(self.alternative(cells, group.sets[cells]))
        certain = tuple(p for p in listed[0] if p in common) if listed else ()
        return Part(tuple(listed), len(ranked), certain, group.complete, group.conditions)

    def alternative(self, cells: Iterable[int], state: State) -> Alternative:
        out = []
        for v in sorted(cells):
            before = self.values[v]
            low, high = state.bounds(({v: 1}, before or 0))
            out.append(Proposal(self.system.keys[v], before, low or 0, high))
        return tuple(out)

    def network(self, conditions: Iterable[int]) -> Network:
        balances: dict[int, Row] = {}
        inequalities: dict[int, Row] = {}
        for n in sorted(conditions):
            (balances if self.system.conditions[n].equal else inequalities)[n] = self.rows[n]
        return Network(self.values, balances, inequalities)

    def _groups(self, tied: Collection[int]) -> list[frozenset[int]]:
        """The conditions that hang together through cells, by balances and tied inequalities, where one is broken;
        with each group the inequalities that lie wholly inside."""
        groups: list[frozenset[int]] = []
        seen: set[int] = set()
        conditions = self.system.conditions
        for start in (*self.suspects, *sorted(tied)):
            if start in seen:
                continue
            inside, cells, inequalities = {start}, set[int](), set[int]()
            waiting = [start]
            while waiting:
                for v in self.rows[waiting.pop()][0]:
                    if v in cells:
                        continue
                    cells.add(v)
                    for n in self.conditions_of[v]:
                        if n in inside or n in inequalities:
                            continue
                        if conditions[n].equal or n in tied:
                            inside.add(n)
                            waiting.append(n)
                        else:
                            inequalities.add(n)
            seen |= inside
            groups.append(frozenset(inside | {n for n in inequalities if self.rows[n][0].keys() <= cells}))
        return groups

    def _linked(self, groups: list[_Group]) -> tuple[list[_Group], set[int]]:
        """Groups with the sets that also satisfy the inequalities between groups, as one group where they
        depend on each other; and the inequalities that no choice satisfies: their groups must be solved as one."""
        at_risk = self._at_risk(groups)
        out: list[_Group] = []
        stuck: set[int] = set()
        for members, links in _clusters(groups, at_risk):
            if not links:
                out += members
                continue
            if prod(len(g.sets) for g in members) > _MOST_COMBINATIONS:
                out += [_Group(g.conditions, g.sets, False) for g in members]
                continue
            conditions = frozenset(links).union(*(g.conditions for g in members))
            start = self.network(self.with_blanks(conditions)).start()
            sets: Sets = {}
            for choice in product(*(g.sets for g in members)):
                cells = frozenset[int]().union(*choice)
                state = start
                for v in sorted(cells):
                    state = state.freed(v)
                if not state.conflicts():
                    sets[cells] = state
            if sets:
                out.append(_Group(conditions, sets, all(g.complete for g in members)))
            else:
                stuck |= links
        return out, stuck

    def _at_risk(self, groups: list[_Group]) -> dict[int, list[int]]:
        """Inequality between groups -> the groups that could break it together."""
        least: dict[int, dict[int, int | None]] = {}
        for place, group in enumerate(groups):
            blanks = {v for n in group.conditions for v in self.rows[n][0] if self.values[v] is None}
            movable = blanks.union(*group.sets)
            links = {n for v in movable for n in self.conditions_of[v]} - group.conditions
            if not links:
                continue
            whole = self.network(group.conditions).start(condensed=False) if blanks else None
            for cells, state in group.sets.items():
                if whole is not None:
                    state = whole
                    for v in sorted(cells):
                        state = state.freed(v)
                for n in links:
                    low = state.bounds((self.rows[n][0], 0))[0]
                    known = least.setdefault(n, {}).get(place, 0)
                    least[n][place] = None if low is None or known is None else min(low, known)
        out: dict[int, list[int]] = {}
        for n, by_group in sorted(least.items()):
            lows = list(by_group.values())
            if None in lows or self.rows[n][1] + sum(low for low in lows if low is not None) < 0:
                out[n] = list(by_group)
        return out

    def with_blanks(self, conditions: frozenset[int]) -> set[int]:
        """Conditions with all others that a blank ties to them."""
        out = set(conditions)
        waiting = list(conditions)
        while waiting:
            for v in self.rows[waiting.pop()][0]:
                if self.values[v] is None:
                    new = set(self.conditions_of[v]) - out
                    out |= new
                    waiting += new
        return out


def _clusters(groups: list[_Group], at_risk: dict[int, list[int]]) -> Iterator[tuple[list[_Group], set[int]]]:
    """Groups that share an inequality at risk, together with these inequalities."""
    parent = list(range(len(groups)))

    def root(n: int) -> int:
        while parent[n] != n:
            n = parent[n]
        return n

    for members in at_risk.values():
        for n in members[1:]:
            parent[root(n)] = root(members[0])
    for n in range(len(groups)):
        if root(n) == n:
            links = {link for link, members in at_risk.items() if root(members[0]) == n}
            yield [g for m, g in enumerate(groups) if root(m) == n], links
