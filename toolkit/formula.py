"""The one rule language: whole numbers, names, ``+ - *``, comparisons and ``sum``.

``parse`` reads it through ``ast`` with a whitelist, so that nothing in a catalogue is ever executed. Every
expression is linear by construction (a product needs a constant factor), which is what lets the same text become a
Python verdict, an Excel formula and a row of the error-localisation problem.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from math import gcd
from typing import Literal, NamedTuple

Operator = Literal["==", "<=", ">="]
Verdict = bool | None  # None: unknown, blanks decide

_OPERATORS: dict[type[ast.cmpop], Operator] = {ast.Eq: "==", ast.LtE: "<=", ast.GtE: ">="}


class FormulaError(ValueError):
    """The text is not of the rule language. ``args[0]`` says which part."""


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


def parse(text: str) -> Linear:
    """A linear expression such as ``truoc_han + dung_han + qua_han``. Raises FormulaError."""
    return _linear(_tree(text))


def parse_comparison(text: str) -> Comparison:
    """One comparison such as ``rut <= dung_han``. Raises FormulaError."""
    node = _tree(text)
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        raise FormulaError(f"one comparison expected: {text}")
    operator = _OPERATORS.get(type(node.ops[0]))
    if operator is None:
        raise FormulaError(f"only ==, <= and >= may compare: {text}")
    return Comparison(_linear(node.left), operator, _linear(node.comparators[0]))


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
    if operator == ">=":
        return verdict(-residual, [-f for f in factors], "<=", tolerance)
    grows, falls = any(f > 0 for f in factors), any(f < 0 for f in factors)
    if operator == "<=":
        if residual <= tolerance:
            return None if grows else True
        return None if falls else False
    if not factors:
        return abs(residual) <= tolerance
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


def _tree(text: str) -> ast.expr:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FormulaError(f"cannot be read: {text[:80]}") from error


def _linear(node: ast.expr) -> Linear:
    const, terms = _walk(node)
    return Linear(const, tuple((t, f) for t, f in terms.items() if f))


def _walk(node: ast.expr) -> tuple[int, dict[Term, int]]:
    match node:
        case ast.Constant(value=int(number)) if not isinstance(number, bool):
            return number, {}
        case ast.Name(id=name):
            return 0, {Term(name): 1}
        case ast.Call(func=ast.Name(id="sum"), args=[ast.Name(id=name)], keywords=[]):
            return 0, {Term(name, total=True): 1}
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _scale(_walk(operand), -1)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _add(_walk(left), _walk(right))
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return _add(_walk(left), _scale(_walk(right), -1))
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            a, b = _walk(left), _walk(right)
            if a[1] and b[1]:
                raise FormulaError("a product needs a whole number on one side")
            return _scale(a, b[0]) if a[1] else _scale(b, a[0])
    raise FormulaError(f"not allowed here: {ast.unparse(node)[:80]}")


def _add(a: tuple[int, dict[Term, int]], b: tuple[int, dict[Term, int]]) -> tuple[int, dict[Term, int]]:
    terms = dict(a[1])
    for term, factor in b[1].items():
        terms[term] = terms.get(term, 0) + factor
    return a[0] + b[0], terms


def _scale(a: tuple[int, dict[Term, int]], by: int) -> tuple[int, dict[Term, int]]:
    return a[0] * by, {term: factor * by for term, factor in a[1].items()}
