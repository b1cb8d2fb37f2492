"""One linear condition over numbered cells, and how a rule of the form becomes one or two of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from toolkit.form import Rule
from toolkit.formula import Linear, Term

COMPUTED, CONTROL = "CT", "DC"
"""``Condition.origin`` of a typed-over computed cell or total, and of a control cell."""


@dataclass(frozen=True, slots=True)
class Condition:
    """sum(factor x cell) + const is 0 (``equal``) or >= 0. Cells by their number in the system; each is also >= 0."""

    factors: Mapping[int, int]
    const: int
    equal: bool
    origin: str  # rule id, COMPUTED or CONTROL


@dataclass(slots=True)
class Sum:
    """A figure by the cells it consists of."""

    factors: dict[int, int] = field(default_factory=dict)
    const: int = 0
    blank: bool = False  # one of the cells is blank

    def add(self, other: Sum, factor: int = 1, shift: int = 0) -> Sum:
        factors = self.factors
        for cell, f in other.factors.items():
            cell += shift
            factors[cell] = factors.get(cell, 0) + factor * f
        self.const += factor * other.const
        self.blank = self.blank or other.blank
        return self


def asked(rule: Rule, figure: Callable[[Term], tuple[Sum, Sum]]) -> Iterator[Condition]:
    """A rule by the meaning of blanks that it states for each side; ``figure`` gives worth and written part."""
    whole = Sum(const=rule.holds.left.const - rule.holds.right.const)
    for side, sign, missing in (
        (rule.holds.left, 1, rule.missing_left),
        (rule.holds.right, -1, rule.missing_right),
    ):
        for term, factor in side.terms:
            worth, written = figure(term)
            if missing == "skip" and worth.blank:
                return
            whole.add(written if missing == "zero" else worth, sign * factor)
    operator, slack = rule.holds.operator, rule.tolerance
    if operator == "==" and not slack:
        yield Condition(whole.factors, whole.const, True, rule.id)
        return
    if operator != "<=":
        yield Condition(whole.factors, whole.const + slack, False, rule.id)
    if operator != ">=":
        yield Condition({v: -f for v, f in whole.factors.items()}, slack - whole.const, False, rule.id)


def settled(conditions: Iterable[Condition], loose: Collection[int]) -> list[Condition]:
    """The conditions without what is always true; a ``loose`` blank that occurs once is taken out."""
    conditions = [Condition({v: f for v, f in c.factors.items() if f}, c.const, c.equal, c.origin) for c in conditions]
    for cell in loose:
        holding = [n for n, c in enumerate(conditions) if cell in c.factors]
        if len(holding) != 1:
            continue
        c = conditions[holding[0]]
        factor = c.factors[cell]
        rest = {v: f for v, f in c.factors.items() if v != cell}
        if c.equal and abs(factor) == 1:  # the blank takes what is left, if that is not negative
            conditions[holding[0]] = Condition(
                {v: -f * factor for v, f in rest.items()}, -c.const * factor, False, c.origin
            )
        elif not c.equal:
            del conditions[holding[0]]
            if factor < 0:
                conditions.append(Condition(rest, c.const, False, c.origin))
    return [c for c in conditions if c.equal or c.const < 0 or any(f < 0 for f in c.factors.values())]


def added(formula: Linear, figures: Mapping[str, Sum]) -> Sum:
    whole = Sum(const=formula.const)
    for term, factor in formula.terms:
        whole.add(figures[term.id], factor)
    return whole


def difference(left: Sum, right: Sum, origin: str) -> Condition:
    whole = Sum().add(left).add(right, -1)
    return Condition(whole.factors, whole.const, True, origin)


def fixed(rule: Rule) -> bool:
    """Whether a rule speaks of a fixed number, so that a sum of rows need not obey it."""
    return bool(rule.holds.left.const or rule.holds.right.const or rule.tolerance)
