"""Has a small system of balances and inequalities a solution in whole numbers? Exact, for any coefficients.

The rules of real forms have factors of 1, where elimination over fractions already answers exactly; this is for the
others (``2 x = 3 y + 1``). Source: Pugh, "The Omega test", Communications of the ACM 35 (1992).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import gcd

Row = tuple[Mapping[int, int], int]
"""(unknown -> factor, constant): the sum of factor x unknown, plus the constant. Unknowns are numbered from 0."""


def solvable(balances: Sequence[Row], inequalities: Sequence[Row]) -> bool:
    """Whether whole numbers (negative ones too) make every balance 0 and every inequality >= 0."""
    waiting, inequalities = list(balances), list(inequalities)
    fresh = 1 + max((v for factors, _ in (*waiting, *inequalities) for v in factors), default=0)
    while waiting:
        factors, const = waiting.pop()
        factors = {v: f for v, f in factors.items() if f}
        divisor = gcd(*factors.values())
        if const % divisor if divisor else const:
            return False
        if not divisor:
            continue
        factors, const = {v: f // divisor for v, f in factors.items()}, const // divisor
        pivot = min(factors, key=lambda v: (abs(factors[v]), v))
        lead = factors[pivot]
        if abs(lead) == 1:
            value = {v: -f * lead for v, f in factors.items() if v != pivot}, -const * lead
        else:  # pivot = fresh - sum(quotient x other): the same solutions, smaller factors
            value = {v: -(f // lead) for v, f in factors.items() if v != pivot} | {fresh: 1}, 0
            fresh += 1
            waiting.append((factors, const))
        waiting = [_put(row, pivot, value) for row in waiting]
        inequalities = [_put(row, pivot, value) for row in inequalities]
    return _solvable(inequalities)


def _solvable(inequalities: Sequence[Row]) -> bool:
    rows = [_tight(row) for row in inequalities]
    if any(not factors and const < 0 for factors, const in rows):
        return False
    unknowns = dict.fromkeys(v for factors, _ in rows for v in factors)
    if not unknowns:
        return True
    sides = {v: ([r for r in rows if r[0].get(v, 0) > 0], [r for r in rows if r[0].get(v, 0) < 0]) for v in unknowns}
    pivot = min(unknowns, key=lambda v: (_steps(*sides[v], v) > 0, len(sides[v][0]) * len(sides[v][1]), v))
    lower, upper = sides[pivot]
    rest = [row for row in rows if pivot not in row[0]]
    if not _solvable(rest + [_sum(a, b, pivot) for a in lower for b in upper]):
        return False
    steps = _steps(lower, upper, pivot)
    if not steps or _solvable(rest + [_sum(a, b, pivot, dark=True) for a in lower for b in upper]):
        return True
    # what is left lies close to one of the lower bounds
    return any(solvable([(factors, const - n)], rows) for factors, const in lower for n in range(steps))


def _steps(lower: Sequence[Row], upper: Sequence[Row], v: int) -> int:
    """How far from a lower bound a solution may hide when ``v`` is eliminated; 0: elimination loses nothing."""
    a = max((factors[v] for factors, _ in lower), default=1)
    b = max((-factors[v] for factors, _ in upper), default=1)
    return 0 if a == 1 or b == 1 else (a * b - a - b) // b + 1


def _sum(lower: Row, upper: Row, v: int, dark: bool = False) -> Row:
    a, b = lower[0][v], -upper[0][v]
    factors = {u: b * f for u, f in lower[0].items() if u != v}
    for u, f in upper[0].items():
        if u != v:
            factors[u] = factors.get(u, 0) + a * f
    return factors, b * lower[1] + a * upper[1] - (a - 1) * (b - 1) * dark


def _put(row: Row, v: int, value: Row) -> Row:
    factor = row[0].get(v, 0)
    if not factor:
        return row
    factors = {u: f for u, f in row[0].items() if u != v}
    for u, f in value[0].items():
        factors[u] = factors.get(u, 0) + factor * f
    return factors, row[1] + factor * value[1]


def _tight(row: Row) -> Row:
    """The same whole solutions, with the smallest factors."""
    factors = {v: f for v, f in row[0].items() if f}
    divisor = gcd(*factors.values())
    return ({v: f // divisor for v, f in factors.items()}, row[1] // divisor) if divisor > 1 else (factors, row[1])
