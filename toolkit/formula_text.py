"""Text of the rule language -> what it means. Apart from ``toolkit.formula``, because a form that is ready needs no
``ast``.

It is read through ``ast`` with a whitelist, so that nothing in a catalogue is ever executed; a product needs a constant
factor.
"""

from __future__ import annotations

import ast

from toolkit.formula import Comparison, Linear, Operator, Term

_OPERATORS: dict[type[ast.cmpop], Operator] = {ast.Eq: "==", ast.LtE: "<=", ast.GtE: ">="}


class FormulaError(ValueError):
    """The text is not of the rule language. ``args[0]`` says which part."""


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
