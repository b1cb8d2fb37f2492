"""What the counts of a filing are worth: computed cells from their parts, blanks as "some number >= 0".

The same meaning stands in the workbook as Excel formulas (``toolkit.excel``); a test lets LibreOffice confirm that
both agree. A computed cell is *open* when its value is only a lower bound: it equals the sum of the parts present
and a part is blank. Typed over with another value, it is exact.
"""

# Without "from __future__ import annotations", as in ``toolkit.records``.

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

from toolkit.form import COUNT_KINDS, Block, Form, Indicator, Rule
from toolkit.formula import Linear, Term, Verdict, verdict
from toolkit.once import once
from toolkit.records import TOTAL_ROW, Filing, Key

_MOST = 32  # ways to lay out one form; each takes a tenth of a megabyte


class Ledger(NamedTuple):
    """The counts of one filing. A key that is absent has no cell in the form."""

    values: Mapping[Key, int | None]  # as written; a formula cell is evaluated; None: blank
    expected: Mapping[Key, int | None]  # computed and total cells: what their formula gives; None: no part has a number
    open: frozenset[Key]  # worth some whole number >= the value (>= 0 for a blank)
    blanks: Mapping[Key, int]  # computed and total cells: how many of their addends are open


class Outcome(NamedTuple):
    """A rule asked of one row (or of the whole form: row "")."""

    rule: Rule
    row: str
    left: int
    right: int
    verdict: Verdict
    keys: tuple[Key, ...]  # its cells, left side first
    blanks: tuple[int, ...]  # factors of its cells that are open, moved to the left side

    @property
    def difference(self) -> int:
        return self.left - self.right


def applies(when: Mapping[str, tuple[str, ...]], settings: Mapping[str, str]) -> bool:
    """Whether the settings are among those named; an empty ``when`` always applies."""
    return all(settings.get(setting) in choices for setting, choices in when.items())


def formula_of(indicator: Indicator, settings: Mapping[str, str]) -> Linear | None:
    """The formula of a computed indicator under these settings; None for an input."""
    return next((v.formula for v in indicator.equals if applies(v.when, settings)), None)


def settings_of(form: Form, chosen: Mapping[str, str]) -> dict[str, str]:
    """Every setting of the form: as chosen, else its default."""
    return {s.id: chosen.get(s.id, s.default) for s in form.settings}


def counts(block: Block) -> tuple[Indicator, ...]:
    """The indicators of a block that hold whole numbers."""
    return tuple(i for i in block.indicators if i.kind in COUNT_KINDS)


def key_of(form: Form, block: str, row: str, term: Term) -> Key:
    """The figure that a term of a rule means: in its own row, or (``sum``, form scope) wherever the form has it."""
    if block and not term.total:
        return Key(block, row, term.id)
    return Key(form.indicator(term.id).block, TOTAL_ROW if term.total else "", term.id)


@once
def ledger_of(form: Form, filing: Filing) -> Ledger:
    """The ledger of a filing as read. An unreadable cell counts as blank (its finding says so)."""
    given = {
        key: figure.value
        for key, figure in filing.figures.items()
        if type(figure.value) is int and figure.origin != "formula"
    }
    return ledger(form, filing.settings, filing.rows, given, filing.none_declared)


def ledger(
    form: Form,
    settings: Mapping[str, str],
    rows: Mapping[str, tuple[str, ...]],
    given: Mapping[Key, int],
    none_declared: frozenset[str] = frozenset(),
) -> Ledger:
    """Evaluates a form. ``given`` holds the typed numbers (typed-over computed cells too), ``rows`` the row labels
    of each grid; in a block of ``none_declared`` ("không phát sinh") a blank input is worth 0, not some number."""
    cells = _planned(form)(tuple(settings_of(form, settings).items()), tuple(rows.items()), none_declared)
    values = {**cells.blank, **given}
    if len(values) > len(cells.blank):
        values = {key: values[key] for key in cells.blank}  # the form has no cell for the others
    unknown = {key for key in cells.inputs if values[key] is None}
    expected: dict[Key, int | None] = {}
    blanks: dict[Key, int] = {}
    for key, const, addends, parts, nothing in cells.sums:
        present = [factor * value for part, factor in addends if (value := values[part]) is not None]
        expected[key] = summed = sum(present) + const if present else None
        blanks[key] = missing = len(unknown & parts)
        values[key] = value = given.get(key, summed)
        no_value = value is None and not nothing  # nothing to add up, or a text typed over the formula
        if no_value or (missing and (value or 0) == (summed or 0)):
            unknown.add(key)
    return Ledger(values, expected, frozenset(unknown), blanks)


def outcomes(
    form: Form, settings: Mapping[str, str], rows: Mapping[str, tuple[str, ...]], book: Ledger
) -> Iterator[Outcome]:
    """Every rule that applies, asked of every row that has a number, of the total row, or of the form."""
    chosen = settings_of(form, settings)
    counted: dict[str, list[str]] = {}  # grid -> rows with a number
    for rule in form.rules:
        if not applies(rule.when, chosen):
            continue
        if not rule.block:
            yield outcome(form, rule, "", book)
            continue
        if rule.block not in counted:
            having = {key.row for key, value in book.values.items() if value is not None and key.block == rule.block}
            counted[rule.block] = [row for row in (*rows.get(rule.block, ()), TOTAL_ROW) if row in having]
        for row in counted[rule.block]:
            yield outcome(form, rule, row, book)


def outcome(form: Form, rule: Rule, row: str, book: Ledger) -> Outcome:
    """One rule asked of one row, by the meaning of blanks that the rule states for each side."""
    sides = []
    keys: list[Key] = []
    unknowns: list[int] = []
    skipped = False
    for side, sign, missing in ((rule.holds.left, 1, rule.missing_left), (rule.holds.right, -1, rule.missing_right)):
        total = side.const
        for term, factor in side.terms:
            key = key_of(form, rule.block, row, term)
            keys.append(key)
            total += factor * (book.values.get(key) or 0)
            if key in book.open:
                skipped |= missing == "skip"
                if missing == "unknown":
                    unknowns.append(sign * factor)
        sides.append(total)
    left, right = sides
    answer = None if skipped else verdict(left - right, unknowns, rule.holds.operator, rule.tolerance)
    return Outcome(rule, row, left, right, answer, tuple(dict.fromkeys(keys)), tuple(unknowns))


def shown(result: Outcome) -> int | str:
    """What the workbook's rule cell shows: 0 holds, "?" unknown, else the signed difference."""
    if result.verdict is None:
        return "?"
    return 0 if result.verdict else result.difference


class _Sum(NamedTuple):
    """A computed or total cell."""

    key: Key
    const: int
    addends: tuple[tuple[Key, int], ...]  # the cells it adds up, each with its factor
    parts: frozenset[Key]  # these cells
    nothing: bool  # its block is ticked "không phát sinh"


class _Cells(NamedTuple):
    """The cells of a form under some settings and with some rows: the same in nearly every report of a province."""

    blank: dict[Key, int | None]  # all of them, none with a number; not to be changed
    inputs: tuple[Key, ...]  # those that are worth some number while they are blank
    sums: tuple[_Sum, ...]  # each after those that it adds up


_Settings = tuple[tuple[str, str], ...]  # setting id, choice id
_Rows = tuple[tuple[str, tuple[str, ...]], ...]  # grid, its row labels


@once
def _planned(form: Form) -> Callable[[_Settings, _Rows, frozenset[str]], _Cells]:
    """``_cells`` of a form, remembered."""
    return lru_cache(maxsize=_MOST)(partial(_cells, form))


def _cells(form: Form, settings: _Settings, rows: _Rows, none_declared: frozenset[str]) -> _Cells:
    chosen, listed = dict(settings), dict(rows)
    blank: dict[Key, int | None] = {}
    inputs: list[Key] = []
    sums: list[_Sum] = []
    for block in form.blocks:
        if block.kind == "records":
            continue
        grid, nothing = block.kind == "grid", block.id in none_declared
        plan = [(indicator, formula_of(indicator, chosen)) for indicator in counts(block)]
        labels = listed.get(block.id, ()) if grid else ("",)
        lines = (*labels, TOTAL_ROW) if grid else labels
        at = {(row, i.id): Key(block.id, row, i.id) for row in lines for i, _ in plan}
        blank |= dict.fromkeys(at.values())
        for row in labels:
            for i, formula in plan:
                if formula is not None:
                    parts = [(at[row, term.id], factor) for term, factor in formula.terms]
                    sums.append(_sum(at[row, i.id], formula.const, parts, nothing))
                elif i.kind == "control" or not nothing:
                    inputs.append(at[row, i.id])
        for i, _ in plan if grid else ():
            if i.kind == "control":  # typed on its own, never the sum of its column
                inputs.append(at[TOTAL_ROW, i.id])
            else:
                sums.append(_sum(at[TOTAL_ROW, i.id], 0, [(at[row, i.id], 1) for row in labels], nothing))
    return _Cells(blank, tuple(inputs), tuple(sums))


def _sum(key: Key, const: int, addends: Sequence[tuple[Key, int]], nothing: bool) -> _Sum:
    return _Sum(key, const, tuple(addends), frozenset(part for part, _ in addends), nothing)
