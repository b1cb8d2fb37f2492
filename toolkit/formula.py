"""The one rule language: whole numbers, names, ``+ - *``, comparisons and ``sum``.

Every expression is linear by construction (``toolkit.formula_text`` reads no other), which is what lets the same text
become a Python verdict, an Excel formula and a row of the error-localisation problem.
"""

# Without "from __future__ import annotations", as in ``toolkit.records``.

from collections.abc import Callable, Iterable, Mapping
from math import gcd
from typing import Literal, NamedTuple

Operator = Literal["==", "<=", ">="]
Verdict = bool | None  # None: unknown, blanks decide


class Term(NamedTuple):
    """A name in a formula; ``total`` for ``sum(name)``, the total of a grid column."""

    id: str
    total: bool = False


class Linear(NamedTuple):
    """``const`` + the sum of coefficient x term, in the order written."""

    const: int
    terms: tuple[tuple[Term, int], ...]


class Comparison(NamedTuple):
    left: Linear
    operator: Operator
    right: Linear


def names(*parts: Linear) -> tuple[Term, ...]:
    """The terms of some expressions, each once, in the order written."""
    return tuple(dict.fromkeys(term for part in parts for term, _ in part.terms))


def evaluate(part: Linear, values: Mapping[Term, int]) -> int:
    """The value of an expression whose every term is known. Raises KeyError otherwise."""
    return part.const + sum(factor * values[term] for term, factor in part.terms)


def verdict(residual: int, unknowns: Iterable[int], operator: Operator, tolerance: int = 0) -> Verdict:
    """Can ``residual + sum(factor x unknown) <operator> 0`` hold for whole unknowns >= 0, and must it?

    ``residual`` is left - right over what is known; ``unknowns`` the factors of the blanks, moved to the left side.
    True: it holds whatever the blanks are. False: no whole numbers >= 0 can make it hold. None: they decide (of
    several factors above 1 only the common divisor is tried, so that a rare False is None).
    """
    factors = [f for f in unknowns if f]
    if not factors:
        return {"==": abs(residual), "<=": residual, ">=": -residual}[operator] <= tolerance
    if operator == ">=":
        return verdict(-residual, [-f for f in factors], "<=", tolerance)
    grows, falls = any(f > 0 for f in factors), any(f < 0 for f in factors)
    if operator == "<=":
        if residual <= tolerance:
            return None if grows else True
        return None if falls else False
    if (residual > tolerance and not falls) or (residual < -tolerance and not grows):
        return False
    step = gcd(*factors)
    if step == 1:
        return None
    reachable = range(-residual - tolerance, -residual + tolerance + 1)
    return None if any(target % step == 0 for target in reachable) else False


def excel_sum(part: Linear, refer: Callable[[Term], str]) -> str:
    """An expression as Excel text that reads cells by SUM only, so that a blank or "" counts as nothing.

    ``refer`` gives the address of a term, e.g. ``D9``. Without "=".
    """
    plus = [refer(t) for t, f in part.terms if f == 1]
    minus = [refer(t) for t, f in part.terms if f == -1]
    text = f"SUM({ranges(plus)})" if plus else ""
    if minus:
        text += f"-SUM({ranges(minus)})"
    for term, factor in part.terms:
        if abs(factor) != 1:
            text += f"{factor:+d}*SUM({refer(term)})"
    if part.const or not text:
        text += f"{part.const:+d}"
    return text.removeprefix("+")


def excel_count(part: Linear, refer: Callable[[Term], str]) -> str:
    """How many of an expression's cells hold a number, as Excel text."""
    return f"COUNT({ranges([refer(t) for t in names(part)])})"


def ranges(addresses: Iterable[str]) -> str:
    """Addresses as arguments of SUM or COUNT; neighbours in one row are joined: D9, E9, F9 -> D9:F9."""
    out: list[tuple[str, str]] = []
    for address in addresses:
        if out and _follows(out[-1][1], address):
            out[-1] = (out[-1][0], address)
        else:
            out.append((address, address))
    return ",".join(a if a == b else f"{a}:{b}" for a, b in out)


def _follows(first: str, second: str) -> bool:
    a, b = first.rstrip("0123456789"), second.rstrip("0123456789")
    plain = a.isalpha() and b.isalpha() and len(a) == len(b) == 1
    return plain and first[len(a) :] == second[len(b) :] and ord(b) == ord(a) + 1
