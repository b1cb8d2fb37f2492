"""What a form and a filing offer as bases of published rates: reported figures and sums of parts."""

# Without "from __future__ import annotations", as in ``toolkit.records``.

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from toolkit.compute import Ledger, applies, counts, formula_of, key_of, settings_of
from toolkit.form import Block, Form, Indicator, Rule
from toolkit.formula import Comparison, Linear, Term, evaluate, names
from toolkit.records import TOTAL_ROW, Figure, Filing, Key
from toolkit.wording import show

FINEST = Decimal(1).scaleb(-12)
"""A rate computed by Excel and not rounded has 15 digits, the last ones noise."""


class Share(NamedTuple):
    """One published rate."""

    figure: Figure
    rate: Decimal  # as printed, at most 12 decimals
    numerator: Linear


class Group(NamedTuple):
    """Published rates of one denominator, in the order of the form."""

    form: Form
    filing: Filing
    book: Ledger
    block: str  # grid: the block whose columns the formulas name; "": the whole form
    row: str
    denominator: Linear
    shares: tuple[Share, ...]

    @property
    def unit(self) -> str:
        return self.form.indicator(self.denominator.terms[0][0].id).unit

    def key(self, term: Term) -> Key:
        return key_of(self.form, self.block, self.row, term)


class Base(NamedTuple):
    """A reported figure, or a sum of reported parts, that a rate could have been taken of."""

    value: int
    unit: str
    name: str
    spelled: str  # "266 + 496"
    keys: tuple[Key, ...]


def groups(form: Form, filing: Filing, book: Ledger) -> Iterator[Group]:
    """The published rates of a filing that have a numerator and a denominator, by denominator."""
    found: dict[tuple[str, str, Linear], list[Share]] = {}
    for block in form.blocks:
        rates = [i for i in block.indicators if i.kind == "rate"] if block.kind != "records" else []
        scope = block.id if block.kind == "grid" else ""
        for row in (*filing.rows.get(block.id, ()), TOTAL_ROW) if scope and rates else ("",):
            for indicator in rates:
                figure = filing.figures.get(Key(block.id, row, indicator.id))
                if figure is None or not isinstance(figure.value, Decimal):
                    continue
                if indicator.numerator is None or indicator.denominator is None or not indicator.denominator.terms:
                    continue
                share = Share(figure, _tame(figure.value), indicator.numerator)
                found.setdefault((scope, row, indicator.denominator), []).append(share)
    for (scope, row, denominator), shares in found.items():
        yield Group(form, filing, book, scope, row, denominator, tuple(shares))


def known(group: Group, part: Linear) -> int | None:
    """The exact value of an expression; None when a term is blank or only a lower bound."""
    values: dict[Term, int] = {}
    for term in names(part):
        key = group.key(term)
        value = group.book.values.get(key)
        if value is None or key in group.book.open:
            return None
        values[term] = value
    return evaluate(part, values)


def least(group: Group, part: Linear) -> int:
    """What an expression is at least worth by what is written; 0 when nothing can be said."""
    if any(factor < 0 for _, factor in part.terms):
        return 0
    return part.const + sum(factor * (group.book.values.get(group.key(term)) or 0) for term, factor in part.terms)


def solve(group: Group, part: Linear, value: int, implied: dict[Key, int]) -> tuple[Key, int] | None:
    """The one term of ``part`` that is neither known nor implied, and its worth when the whole is ``value``."""
    rest, missing = value - part.const, []
    for term, factor in part.terms:
        key = group.key(term)
        worth = implied.get(key, None if key in group.book.open else group.book.values.get(key))
        if worth is None:
            missing.append((key, factor))
        else:
            rest -= factor * worth
    if len(missing) != 1 or rest % missing[0][1]:
        return None
    key, factor = missing[0]
    return key, rest // factor


def words(form: Form, part: Linear) -> str:
    """An expression by the names of its indicators: "Giải quyết trước hạn + Giải quyết đúng hạn"."""
    text = ""
    for term, factor in part.terms:
        times = "" if abs(factor) == 1 else f"{abs(factor)} × "
        text += f" {'+' if factor > 0 else '−'} {times}{form.indicator(term.id).name}"
    return text.removeprefix(" + ").strip()


def expanded(group: Group, parts: Iterable[Linear]) -> dict[Term, int]:
    """The sum of some expressions with computed indicators replaced by their parts."""
    settings = settings_of(group.form, group.filing.settings)
    total: dict[Term, int] = {}
    todo = [(term, factor) for part in parts for term, factor in part.terms]
    while todo:
        term, factor = todo.pop()
        formula = formula_of(group.form.indicator(term.id), settings)
        if formula is None:
            total[term] = total.get(term, 0) + factor
        else:
            todo += [(Term(inner.id, term.total), factor * times) for inner, times in formula.terms]
    return {term: factor for term, factor in total.items() if factor}


def other_bases(group: Group) -> tuple[Base, ...]:
    """Reported figures and sums of parts (the sides of rules, the formulas of computed cells), all known exactly.

    Another unit than the denominator's is looked for only in blocks that count both: there the two get mixed up
    (dossiers divided by procedures), elsewhere an equal number is chance.
    """
    form, unit = group.form, group.unit
    mixed = {b.id for b in form.blocks if any(i.unit == unit for i in counts(b)) and b.kind != "records"}
    found: list[Base] = []
    for indicator in (i for b in form.blocks if b.kind != "records" for i in counts(b)):
        found += _base(group, Linear(0, ((_term(group, indicator), 1),)), mixed)
    for side in _sums(group):
        found += _base(group, side, mixed)
    return tuple(found)


def identities(form: Form, filing: Filing) -> Iterator[Rule]:
    """The formulas of computed indicators as rules, so that a typed-over total is confronted as well."""
    settings = settings_of(form, filing.settings)
    for block in form.blocks:
        for indicator in block.indicators if block.kind != "records" else ():
            formula = formula_of(indicator, settings)
            if formula is not None:
                yield _identity(form, block, indicator, formula)


def _tame(rate: Decimal) -> Decimal:
    return rate.quantize(FINEST) if int(rate.as_tuple().exponent) < -12 else rate


def _term(group: Group, indicator: Indicator) -> Term:
    """How the rules of the group's scope name an indicator."""
    in_grid = group.form.block(indicator.block).kind == "grid"
    return Term(indicator.id, total=in_grid and indicator.block != group.block)


def _sums(group: Group) -> Iterator[Linear]:
    settings = settings_of(group.form, group.filing.settings)
    for rule in (*group.form.rules, *identities(group.form, group.filing)):
        if not applies(rule.when, settings):
            continue
        for side in (rule.holds.left, rule.holds.right):
            if len(side.terms) < 2 or side.const or any(factor != 1 for _, factor in side.terms):
                continue
            yield Linear(0, tuple((_term(group, group.form.indicator(term.id)), 1) for term, _ in side.terms))


def _base(group: Group, part: Linear, mixed: set[str]) -> Iterator[Base]:
    indicators = [group.form.indicator(term.id) for term, _ in part.terms]
    units = {i.unit for i in indicators}
    if len(units) > 1 or (group.unit not in units and not {i.block for i in indicators} <= mixed):
        return
    value = known(group, part)
    if value:
        keys = tuple(group.key(term) for term, _ in part.terms)
        spelled = " + ".join(show(group.book.values[key]) for key in keys)
        yield Base(value, indicators[0].unit, words(group.form, part), spelled, keys)


def _identity(form: Form, block: Block, indicator: Indicator, formula: Linear) -> Rule:
    return Rule(
        id=indicator.id,
        block=block.id if block.kind == "grid" else "",
        holds=Comparison(Linear(0, ((Term(indicator.id), 1),)), "==", formula),
        when={},
        severity="error",
        label=f"{indicator.name} = {words(form, formula)}",
        fix="",
        source=indicator.source,
        no_source=indicator.no_source,
        missing_left="unknown",
        missing_right="unknown",
        tolerance=0,
        note="",
        examples={},
    )
