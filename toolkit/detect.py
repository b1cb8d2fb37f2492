"""The rule set examines itself: what contradicts itself, what says nothing new, what leaves a cell no choice, and how
many cells must be wrong together for an error to stay unseen.

One row stands for all rows of a grid, every cell of it filled in. Source: De Jonge & Van der Loo, R package
``validatetools``, for the first three.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from toolkit.balance import System, system
from toolkit.blame import implied, network_of
from toolkit.compute import counts, formula_of, ledger_of, settings_of
from toolkit.conditions import Condition
from toolkit.elimination import Network
from toolkit.form import Form
from toolkit.records import Figure, Filing, Key
from toolkit.smallest import smallest

_ROW = "1"
_SLIP = 2520  # the error that is traced: a multiple of all small factors, so that others can make up for it
_PLENTY = 10**9  # the typed numbers: so large that no cell comes near 0


@dataclass(frozen=True, slots=True)
class Examination:
    """A rule set under one choice of settings."""

    settings: Mapping[str, str]
    contradiction: tuple[str, ...]  # rules that cannot hold together, none of them dispensable; () when all can hold
    redundant: tuple[str, ...]  # rules that follow from the others once every cell is filled in
    fixed: Mapping[str, int]  # indicator -> the only value that the rules leave
    unseen: Mapping[str, int | None]
    """Indicator -> how many other cells must be wrong too for an error in it to break no rule: 0 when it is never
    noticed on its own, None when it always is. Inequalities count as noticing nothing: they let small errors pass."""


def examine(form: Form, settings: Mapping[str, str], controls: bool = True) -> Examination:
    """Examines a form under these settings; ``controls``: whether the totals of the software are typed beside."""
    chosen = settings_of(form, settings)
    whole = _everything(form, chosen, controls)
    blank = replace(whole, values=[None] * len(whole.keys))
    contradiction = _contradiction(form, blank)
    fixed = {} if contradiction else {p.key.indicator: p.low for p in implied(blank, range(len(blank.keys)))}
    redundant = () if contradiction else tuple(_redundant(form, blank))
    seen = _everything(form._replace(rules=tuple(r._replace(severity="error") for r in form.rules)), chosen, controls)
    return Examination(chosen, contradiction, redundant, fixed, dict(_unseen(seen)))


def every_setting(form: Form) -> Iterator[dict[str, str]]:
    """All combinations of the form's settings, the default one first."""
    choices = [sorted((c.id for c in s.choices), key=lambda c, s=s: c != s.default) for s in form.settings]  # type: ignore[misc]
    for picked in product(*choices):
        yield {s.id: choice for s, choice in zip(form.settings, picked, strict=True)}


def _everything(form: Form, settings: Mapping[str, str], controls: bool) -> System:
    """The system of a filing in which every input is filled in, once in each grid."""
    figures: dict[Key, Figure] = {}
    for block in form.blocks:
        for i in counts(block) if block.kind != "records" else ():
            if formula_of(i, settings) is None and (controls or i.kind != "control"):
                key = Key(block.id, _ROW if block.kind == "grid" else "", i.id)
                figures[key] = Figure(key, _PLENTY, block.sheet, "", "", "typed")
    rows = {block.id: (_ROW,) for block in form.blocks if block.kind == "grid"}
    filing = Filing("", "", form.id, form.version, None, None, settings, rows, figures, {})
    return system(form, filing, ledger_of(form, filing))


def _possible(whole: System, conditions: Iterable[Condition]) -> bool:
    return not network_of(replace(whole, conditions=tuple(conditions))).start().conflicts()


def _contradiction(form: Form, blank: System) -> tuple[str, ...]:
    if _possible(blank, blank.conditions):
        return ()
    kept = list(blank.conditions)
    for rule in form.rules:
        fewer = [c for c in kept if c.origin != rule.id]
        if not _possible(blank, fewer):
            kept = fewer
    named = {c.origin for c in kept}
    return tuple(rule.id for rule in form.rules if rule.id in named)


def _redundant(form: Form, blank: System) -> Iterator[str]:
    for rule in form.rules:
        own = [c for c in blank.conditions if c.origin == rule.id]
        others = [c for c in blank.conditions if c.origin != rule.id]
        if own and not any(_possible(blank, [*others, against]) for c in own for against in _opposites(c)):
            yield rule.id


def _opposites(c: Condition) -> Iterator[Condition]:
    """A whole number that is not >= 0 is <= -1; one that is not 0 is that or >= 1."""
    yield Condition({v: -f for v, f in c.factors.items()}, -c.const - 1, False, c.origin)
    if c.equal:
        yield Condition(c.factors, c.const - 1, False, c.origin)


def _unseen(whole: System) -> Iterator[tuple[str, int | None]]:
    for cell, key in enumerate(whole.keys):
        if whole.values[cell] is None:
            continue  # a control of the total row
        balances = {
            n: ({v: f for v, f in c.factors.items() if v != cell}, _SLIP * c.factors.get(cell, 0))
            for n, c in enumerate(whole.conditions)
            if c.equal
        }
        found, _ = smallest(Network([_PLENTY] * len(whole.keys), balances, {}))
        yield key.indicator, len(next(iter(found))) if found else None
