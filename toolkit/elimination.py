"""Exact elimination for error localisation: what does it take to put a system right when some cells may change?

A condition is kept as its factors over *all* cells and its residual at the typed values; unknowns are differences to
these values (to 0 for a blank). Freeing one more cell then changes no residual: one balance is solved for the cell
and put into the others. What is left over fixed cells is implied by the rules; where the typed values violate it,
at least one of its cells must be freed too (Fellegi & Holt 1976). Inequalities are carried along, and projected by
Fourier-Motzkin elimination where cells stay undetermined.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from math import gcd

from toolkit.whole import solvable

Row = tuple[Mapping[int, int], int]
"""(cell -> factor, residual): the sum of factor x difference, plus the residual, is 0 (a balance) or >= 0."""

_MOST_ROWS = 2000
_TARGET = -1  # stands for the linear form whose bounds are asked


class TooLarge(Exception):
    """An elimination would need more than ``_MOST_ROWS`` inequalities; the search then gives up."""


class Network:
    """Balances and inequalities, by number, with an index by cell. ``values``: the typed numbers, None for a blank."""

    def __init__(
        self, values: Sequence[int | None], balances: Mapping[int, Row], inequalities: Mapping[int, Row]
    ) -> None:
        self.values = values
        self.balances, self.inequalities = balances, inequalities
        self.balances_of = _index(balances)
        self.inequalities_of = _index(inequalities)
        self.broken_balances = [n for n, row in balances.items() if row[1]]
        self.broken_inequalities = [n for n, row in inequalities.items() if row[1] < 0]

    def start(self, condensed: bool = True) -> State:
        """Blanks may be any number >= 0, everything else is as typed. ``condensed``: nobody will ask for the blanks."""
        state = State(self, {}, frozenset(), {}, frozenset(), {}, True)
        blanks = sorted(v for v in self.balances_of.keys() | self.inequalities_of.keys() if self.values[v] is None)
        for cell in blanks:
            state = state.freed(cell)
        return state.condensed() if blanks and condensed else state


class State:
    """A network with some cells freed. Never changed: ``freed`` gives the next one."""

    __slots__ = ("balances", "inequalities", "network", "params", "pivots", "spent", "unit")

    def __init__(
        self,
        network: Network,
        balances: dict[int, Row],  # over fixed cells; those that differ from the network's
        spent: frozenset[int],  # balances solved for a cell
        pivots: dict[int, Row],  # freed cell -> the balance solved for it, over parameters and fixed cells
        params: frozenset[int],  # freed cells that no balance determines
        inequalities: dict[int, Row],  # those with a freed cell, pivots put in; ~cell: that cell is >= 0
        unit: bool,  # every pivot had a factor of 1
    ) -> None:
        self.network, self.balances, self.spent, self.pivots = network, balances, spent, pivots
        self.params, self.inequalities, self.unit = params, inequalities, unit

    def freed(self, cell: int) -> State:
        """One more cell may change."""
        network = self.network
        balances, pivots, inequalities = self.balances, self.pivots, dict(self.inequalities)
        for n in network.inequalities_of.get(cell, ()):
            if n not in inequalities:
                inequalities[n] = network.inequalities[n]
        inequalities[~cell] = ({cell: 1}, network.values[cell] or 0)
        touched = self._touched(cell)
        if not touched:
            return State(network, balances, self.spent, pivots, self.params | {cell}, inequalities, self.unit)
        chosen = min(touched, key=lambda n: (abs(touched[n][0][cell]), len(touched[n][0]), n))
        pivot = touched.pop(chosen)
        balances = dict(balances)
        balances.pop(chosen, None)
        for n, row in touched.items():
            balances[n] = _cancelled(row, pivot, cell)
        for n, row in inequalities.items():
            if cell in row[0]:
                inequalities[n] = _cancelled(row, pivot, cell)
        pivots = {v: _cancelled(row, pivot, cell) if cell in row[0] else row for v, row in pivots.items()}
        pivots[cell] = pivot
        unit = self.unit and abs(pivot[0][cell]) == 1
        return State(network, balances, self.spent | {chosen}, pivots, self.params, inequalities, unit)

    def helps(self, cell: int) -> bool:
        """Whether changing this one cell more could settle every balance: a cheap test that drops nearly all others."""
        difference = None
        for factors, residual in self._touched(cell).values():
            factor = factors[cell]
            if not residual or residual % factor or difference not in (None, -residual // factor):
                return False
            difference = -residual // factor
        return difference is None or (self.network.values[cell] or 0) + difference >= 0

    def conflicts(self) -> list[Collection[int]]:
        """Sets of fixed cells, of each of which at least one must be freed too; [] when this state has a solution."""
        network, balances, inequalities, params = self.network, self.balances, self.inequalities, self.params
        found: list[Collection[int]] = [
            network.balances[n][0].keys() for n in network.broken_balances if n not in balances and n not in self.spent
        ]
        found += [row[0].keys() for row in balances.values() if row[1]]
        found += [network.inequalities[n][0].keys() for n in network.broken_inequalities if n not in inequalities]
        found += [row[0].keys() for row in inequalities.values() if row[1] < 0 and params.isdisjoint(row[0])]
        if not self.unit and not found:
            free = self.pivots.keys() | params
            found += [row[0].keys() - free for row in self.pivots.values() if _uneven(row, free)]
        return found or self._hidden_conflicts()

    def bounds(self, form: Row) -> tuple[int | None, int | None]:
        """The least and the greatest whole value of a linear form; None: no end. The state must have a solution."""
        scale, reduced = 1, form
        for cell, pivot in self.pivots.items():
            if cell in reduced[0]:
                scale *= abs(pivot[0][cell])
                reduced = _cancelled(reduced, pivot, cell)
        up = {v: f for v, f in reduced[0].items() if v in self.params}
        if not up:
            return -(-reduced[1] // scale), reduced[1] // scale
        rows = self._over_params()
        rows.append(({**up, _TARGET: -scale}, reduced[1]))
        rows.append(({**{v: -f for v, f in up.items()}, _TARGET: scale}, -reduced[1]))
        low = high = None
        left, whole = _projected(rows, self.params)
        for factors, residual in left:
            factor = factors.get(_TARGET, 0)
            if factor > 0:
                limit = -(residual // factor)
                low = limit if low is None else max(low, limit)
            elif factor < 0:
                limit = residual // -factor
                high = limit if high is None else min(high, limit)
        if not (whole and self.unit):  # the ends over fractions may be none over whole numbers
            while low is not None and not self._takes(form, low):
                low += 1
            while high is not None and not self._takes(form, high):
                high -= 1
        return low, high

    def condensed(self) -> State:
        """The same conditions on the fixed cells, freed cells eliminated for good where that costs nothing."""
        if not self.unit:
            return self
        own, params = self.network.inequalities, self.params
        balances = {n: row for n, row in self.network.balances.items() if n not in self.spent} | self.balances
        rows = [row for n, row in own.items() if n not in self.inequalities] + list(self.inequalities.values())
        for cell in sorted(params):
            lower = [row for row in rows if row[0].get(cell, 0) > 0]
            upper = [row for row in rows if row[0].get(cell, 0) < 0]
            if len(lower) * len(upper) <= len(lower) + len(upper) and _keeps_whole(lower, upper, cell):
                rows = [row for row in rows if cell not in row[0]] + [_joined(a, b, cell) for a in lower for b in upper]
                params -= {cell}
        kept = dict(enumerate(row for row in rows if not params.isdisjoint(row[0]) or not self._always(row)))
        network = Network(self.network.values, balances, kept)
        with_params = {n: row for n, row in kept.items() if not params.isdisjoint(row[0])}
        return State(network, {}, frozenset(), {}, params, with_params, True)

    def _touched(self, cell: int) -> dict[int, Row]:
        """The balances left that contain a cell."""
        own, spent, network = self.balances, self.spent, self.network
        numbers = network.balances_of.get(cell, ())
        found = {n: network.balances[n] for n in numbers if n not in spent and n not in own}
        for n, row in own.items():
            if cell in row[0]:
                found[n] = row
        return found

    def _always(self, row: Row) -> bool:
        """Whether an inequality holds for all numbers >= 0."""
        values = self.network.values
        return all(f > 0 for f in row[0].values()) and row[1] >= sum(f * (values[v] or 0) for v, f in row[0].items())

    def _over_params(self) -> list[Row]:
        return [row for row in self.inequalities.values() if not self.params.isdisjoint(row[0])]

    def _hidden_conflicts(self) -> list[Collection[int]]:
        """Conflicts that show only when the parameters are eliminated."""
        if not self.params:
            return []
        rows = self._over_params()
        left, whole = _projected(rows, self.params)
        found: list[Collection[int]] = [row[0].keys() for row in left if row[1] < 0]
        if found or (whole and self.unit) or self._takes(({}, 0), 0):
            return found
        return [
            {v for row in (*rows, *self.pivots.values()) for v in row[0] if v not in self.params | self.pivots.keys()}
        ]

    def _takes(self, form: Row, value: int) -> bool:
        """Whether whole numbers give a linear form this value."""
        free = self.params | self.pivots.keys()

        def open_(row: Row) -> Row:
            return {v: f for v, f in row[0].items() if v in free}, row[1]

        balances = [open_(row) for row in self.pivots.values()]
        balances.append(open_((form[0], form[1] - value)))
        return solvable(balances, [open_(row) for row in self._over_params()])


def _projected(rows: Iterable[Row], params: Collection[int]) -> tuple[list[Row], bool]:
    """Eliminates parameters -> (rows without them, whether that loses nothing of the whole numbers)."""
    left: list[Row] = []
    whole = True
    rows = list(rows)
    while rows:
        sides: dict[int, tuple[list[Row], list[Row]]] = {}
        for row in rows:
            for v, f in row[0].items():
                if v in params:
                    sides.setdefault(v, ([], []))[f < 0].append(row)
        cell = min(sides, key=lambda v: (len(sides[v][0]) * len(sides[v][1]) - len(sides[v][0]) - len(sides[v][1]), v))
        lower, upper = sides[cell]
        whole = whole and _keeps_whole(lower, upper, cell)
        tightest: dict[tuple[tuple[int, int], ...], Row] = {}
        for row in (*(r for r in rows if cell not in r[0]), *(_joined(a, b, cell) for a in lower for b in upper)):
            open_ = tuple(sorted((v, f) for v, f in row[0].items() if v in params or v == _TARGET))
            known = tightest.get(open_)
            if known is None or (row[1], len(row[0])) < (known[1], len(known[0])):
                tightest[open_] = row
        rows = []
        for row in tightest.values():
            (left if params.isdisjoint(row[0]) else rows).append(row)  # type: ignore[attr-defined]
        if len(rows) > _MOST_ROWS:
            raise TooLarge
    return left, whole


def _keeps_whole(lower: Iterable[Row], upper: Iterable[Row], cell: int) -> bool:
    """Whether eliminating the cell loses nothing of the whole numbers."""
    return all(row[0][cell] == 1 for row in lower) or all(row[0][cell] == -1 for row in upper)


def _uneven(row: Row, free: Collection[int]) -> bool:
    """A balance that no whole numbers for its free cells can meet."""
    return row[1] % gcd(*(f for v, f in row[0].items() if v in free)) != 0


def _cancelled(row: Row, balance: Row, cell: int) -> Row:
    """A positive multiple of ``row`` plus a multiple of ``balance``, without the cell."""
    factors, other = row[0], balance[0]
    times, by = other[cell], -factors[cell]
    if times == 1 or times == -1:
        times, by = 1, by * times
        out = dict(factors)
        residual = row[1] + by * balance[1]
    else:
        if times < 0:
            times, by = -times, -by
        out = {v: times * f for v, f in factors.items()}
        residual = times * row[1] + by * balance[1]
    for v, f in other.items():
        new = out.get(v, 0) + by * f
        if new:
            out[v] = new
        else:
            del out[v]
    return out, residual


def _joined(lower: Row, upper: Row, cell: int) -> Row:
    """The sum of two inequalities, multiplied so that the cell drops out; without a common divisor."""
    a, b = lower[0][cell], -upper[0][cell]
    out = {v: b * f for v, f in lower[0].items()}
    for v, f in upper[0].items():
        out[v] = out.get(v, 0) + a * f
    residual = b * lower[1] + a * upper[1]
    out = {v: f for v, f in out.items() if f}
    divisor = gcd(*out.values(), residual)
    return ({v: f // divisor for v, f in out.items()}, residual // divisor) if divisor > 1 else (out, residual)


def _index(rows: Mapping[int, Row]) -> dict[int, list[int]]:
    out: dict[int, list[int]] = {}
    for n, row in rows.items():
        for v in row[0]:
            if v in out:
                out[v].append(n)
            else:
                out[v] = [n]
    return out
