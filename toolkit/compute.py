"""What the counts of a filing are worth: computed cells from their parts, blanks as "some number >= 0".

The same meaning stands in the workbook as Excel formulas (``toolkit.excel``); a test lets LibreOffice confirm that
both agree. A computed cell is *open* when its value is only a lower bound: it equals the sum of the parts present
and a part is blank. Typed over with another value, it is exact.
"""

# Without "from __future__ import annotations", as in ``toolkit.records``.

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from toolkit.form import COUNT_KINDS, Block, Form, Indicator, Rule
from toolkit.formula import Linear, Term, Verdict, verdict
from toolkit.once import once
from toolkit.records import TOTAL_ROW, Filing, Key


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
        if figure.origin != "formula" and isinstance(figure.value, int)
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
    chosen = settings_of(form, settings)
    book = _Book({}, {}, set(), {})
    for block in form.blocks:
        if block.kind == "records":
            continue
        nothing = block.id in none_declared
        plan = [(indicator, formula_of(indicator, chosen)) for indicator in counts(block)]
        labels = rows.get(block.id, ()) if block.kind == "grid" else ("",)
        cells = [_fill_row(book, block.id, plan, row, given, nothing) for row in labels]
        if block.kind == "grid":
            _fill_total(book, block, cells, given, nothing)
    return Ledger(book.values, book.expected, frozenset(book.open), book.blanks)


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
            ids = [i.id for i in counts(form.block(rule.block))]
            counted[rule.block] = [
                row
                for row in (*rows.get(rule.block, ()), TOTAL_ROW)
                if any(book.values.get(Key(rule.block, row, i)) is not None for i in ids)
            ]
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


class _Book(NamedTuple):
    values: dict[Key, int | None]
    expected: dict[Key, int | None]
    open: set[Key]
    blanks: dict[Key, int]


def _fill_row(
    book: _Book,
    block: str,
    plan: Iterable[tuple[Indicator, Linear | None]],
    row: str,
    given: Mapping[Key, int],
    nothing: bool,
) -> Mapping[str, Key]:
    """``plan``: the counts of the block, each with its formula. Returns indicator -> its cell in this row."""
    cells: dict[str, Key] = {}
    computed: list[tuple[Key, Linear]] = []
    for indicator, formula in plan:
        key = cells[indicator.id] = Key(block, row, indicator.id)
        if formula is not None:
            computed.append((key, formula))
            continue
        value = given.get(key)
        book.values[key] = value
        if value is None and not (nothing and indicator.kind != "control"):
            book.open.add(key)
    for key, formula in computed:
        parts = [(cells[term.id], factor) for term, factor in formula.terms]
        present = [factor * value for part, factor in parts if (value := book.values[part]) is not None]
        expected = sum(present) + formula.const if present else None
        _settle(book, key, expected, sum(part in book.open for part, _ in parts), given)
        if book.values[key] is None and not nothing:  # nothing to add up, or a text typed over the formula
            book.open.add(key)
    return cells


def _fill_total(
    book: _Book, block: Block, rows: Sequence[Mapping[str, Key]], given: Mapping[Key, int], nothing: bool
) -> None:
    """``rows``: of each row, indicator -> its cell."""
    for indicator in counts(block):
        key = Key(block.id, TOTAL_ROW, indicator.id)
        if indicator.kind == "control":  # typed on its own, never the sum of its column
            book.values[key] = given.get(key)
            if book.values[key] is None:
                book.open.add(key)
            continue
        cells = [row[indicator.id] for row in rows]
        present = [value for cell in cells if (value := book.values[cell]) is not None]
        _settle(book, key, sum(present) if present else None, sum(cell in book.open for cell in cells), given)
        if book.values[key] is None and not nothing:
            book.open.add(key)


def _settle(book: _Book, key: Key, expected: int | None, blanks: int, given: Mapping[Key, int]) -> None:
    value = given.get(key, expected)
    book.values[key] = value
    book.expected[key] = expected
    book.blanks[key] = blanks
    if blanks and (value or 0) == (expected or 0):
        book.open.add(key)
