"""Confronts a filing with its form: every finding of one report, most serious first.

A fact is told once. A typed-over total is one error, not one more for each rule that says the same, nor for the
total row below it; what several errors say together (two wrong totals in one balance) is told as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from toolkit import registers
from toolkit.check_words import addends, at, side_in_words, spelled, sum_in_words
from toolkit.compute import Ledger, Outcome, formula_of, key_of, ledger_of, outcomes, settings_of
from toolkit.form import Form
from toolkit.formula import verdict
from toolkit.records import TOTAL_ROW, Figure, Filing, Finding, Key
from toolkit.unfilled import UNFILLED_CODES
from toolkit.wording import AND_OTHERS, BLANK, SENTENCES, STILL_WRONG, fill, place

Status = Literal["ok", "warnings", "blank", "errors"]
"""blank: nothing was filled in yet, so that nothing could be checked."""
_FEW = 3  # that are told one by one
_RANK = {"error": 0, "warning": 1, "info": 2}


def confront(form: Form, filing: Filing, earlier: Mapping[Key, int] | None = None) -> tuple[Finding, ...]:
    """Everything there is to say about a filing: what reading found, the rules, computed cells, controls,
    published rates and registers. Ordered by severity, then by sheet as in the form, then by cell.

    ``earlier``: the flows of the last period, where they are known; proposals then recognise a cumulated figure.
    """
    book = ledger_of(form, filing)
    told = list(_computed(form, filing, book))
    told += _across(form, filing, book, _slips(told))
    told += _controls(form, filing, book, _slips(told))
    told += _rules(form, filing, book, _slips(told))
    found = [*filing.findings, *told]
    if Decimal in {type(figure.value) for figure in filing.figures.values()}:
        from toolkit import rates  # late: many reports publish none

        found += rates.check(form, filing, book)
    found += registers.check(form, filing)
    if any(f.severity == "error" for f in told):
        from toolkit.proposals import doubted_settings  # milliseconds that a sound report need not pay
        from toolkit.repair import attach

        found = attach(form, filing, book, found, earlier)
        of_settings = {rule.id for rule in form.rules if rule.when}
        if any(f.code in of_settings for f in told):
            found += doubted_settings(form, filing)
    return in_order(form, found)


def overall(findings: Sequence[Finding]) -> Status:
    """The one word that comes first."""
    worst = min((_RANK[f.severity] for f in findings), default=2)
    if worst and any(f.code in UNFILLED_CODES for f in findings):
        return "blank"
    return ("errors", "warnings", "ok")[worst]


def in_order(form: Form, findings: list[Finding]) -> tuple[Finding, ...]:
    """Errors first, then by sheet as in the form, then by row and column."""
    sheets = {sheet: n for n, sheet in enumerate(dict.fromkeys(b.sheet for b in form.blocks), start=1)}

    def position(f: Finding) -> tuple[int, int, str, int, int, str, str]:
        letters = f.cell.rstrip("0123456789")
        number = int(f.cell[len(letters) :] or 0)
        return _RANK[f.severity], sheets.get(f.sheet, 0), f.sheet, number, len(letters), letters, f.code

    return tuple(sorted(findings, key=position))


def _computed(form: Form, filing: Filing, book: Ledger) -> Iterator[Finding]:
    """Cells that the form computes: typed over, emptied, or with a stale stored value."""
    lonely: dict[tuple[str, bool], list[Figure]] = {}  # typed without a single part: rows and total row of a block
    rightly: dict[str, list[tuple[Figure, Finding]]] = {}  # typed over with the very result, by block
    slips: dict[Key, int] = {}
    doubled = {(f.sheet, cell) for f in filing.findings if f.code == "CAU_008" for cell in f.cells}
    for key, expected in book.expected.items():
        figure = filing.figures.get(key)
        if figure is None:
            continue
        if figure.origin == "formula":
            known = (figure.sheet, figure.cell) in doubled  # why the stored value is another one
            if figure.stored is not None and figure.stored != expected and not known:
                again = BLANK if expected is None else expected
                yield at("CT_003", form, figure, left=figure.stored, right=expected, phai=again)
        elif figure.origin == "blank":
            if expected is not None:
                yield at("CT_007", form, figure, right=expected)
        elif not isinstance(figure.value, int):
            continue  # unreadable: its own finding stands already
        elif expected is None:
            lonely.setdefault((key.block, key.row == TOTAL_ROW), []).append(figure)
        else:
            said = _typed_over(form, filing, book, figure, figure.value, slips)
            slips |= _slips([said])
            if said.code == "CT_002":
                rightly.setdefault(key.block, []).append((figure, said))
            else:
                yield said
    for first, *others in lonely.values():
        cells = tuple(f.cell for f in (first, *others))
        more = fill(AND_OTHERS, {"n": len(others)}) if others else ""
        yield at("CT_005", form, first, left=book.values[first.key], cells=cells, khac=more)
    for told in rightly.values():
        yield from _told_together(form, told)


def _told_together(form: Form, told: Sequence[tuple[Figure, Finding]]) -> Iterator[Finding]:
    """A few one by one; those of a table that was pasted as values in one, or nobody finds the others."""
    if len(told) <= _FEW:
        yield from (said for _, said in told)
        return
    figure, first = told[0]
    cells, more = tuple(figure.cell for figure, _ in told), fill(AND_OTHERS, {"n": len(told) - 1})
    yield at("CT_002", form, figure, left=first.left, right=first.right, cells=cells, khac=more)


def _typed_over(
    form: Form, filing: Filing, book: Ledger, figure: Figure, value: int, slips: Mapping[Key, int]
) -> Finding:
    key, expected = figure.key, book.expected[figure.key] or 0
    cells = (figure.cell, *(filing.figures[p].cell for p in _parts(form, filing, key) if p in filing.figures))
    if value in (expected, expected - _above(filing, slips, key)):
        return at("CT_002", form, figure, left=value, right=value, cells=cells, khac="")
    blanks, words = book.blanks[key], sum_in_words(addends(form, filing, key, book))
    if verdict(value - expected, [-1] * blanks, "==") is False:
        return at("CT_001", form, figure, left=value, right=expected, cells=cells, **words)
    more = value - expected
    return at("CT_006", form, figure, left=value, right=expected, cells=cells, n=blanks, hon=more, **words)


def _across(form: Form, filing: Filing, book: Ledger, slips: Mapping[Key, int]) -> Iterator[Finding]:
    """(3) = (4) + (5) + (6) in a total row, part of which was typed on its own: told unless rows or columns told it.
    Where (3) itself is blank, its control is what was printed."""
    settings = settings_of(form, filing.settings)
    for block in form.blocks:
        for indicator in block.indicators if block.kind == "grid" else ():
            formula = formula_of(indicator, settings)
            if formula is None:
                continue
            printed = [Key(block.id, TOTAL_ROW, i.id) for i in block.indicators if indicator.id in (i.id, i.of)]
            key = next((k for k in printed if book.values.get(k) is not None), printed[0])
            value, figure = book.values.get(key), filing.figures.get(key)
            if value is None or figure is None:
                continue
            parts = [(key._replace(indicator=t.id), factor) for t, factor in formula.terms]
            right = formula.const + sum(factor * (book.values.get(k) or 0) for k, factor in parts)
            unknowns = [1] * (key in book.open) + [-factor for k, factor in parts if k in book.open]
            known = _effect(filing, book, slips, key) - sum(
                factor * _effect(filing, book, slips, k) for k, factor in parts
            )
            if verdict(value - right - known, unknowns, "==") is not False:
                continue
            cells = tuple(filing.figures[k].cell for k in (key, *(k for k, _ in parts)) if k in filing.figures)
            words = sum_in_words(spelled(formula, key, book))
            code = "CT_004" if form.indicator(key.indicator).of else "CT_008"
            yield at(code, form, figure, left=value, right=right, cells=cells, **words)


def _controls(form: Form, filing: Filing, book: Ledger, slips: Mapping[Key, int]) -> Iterator[Finding]:
    """Printed totals against the form's own; a total typed over wrongly is told already, here its parts count."""
    in_rows: dict[str, int] = {}  # control -> sum of the differences of its rows
    for key, value in book.values.items():
        if value is None or not (indicator := form.indicator(key.indicator)).of:
            continue
        figure, target = filing.figures.get(key), key._replace(indicator=indicator.of)
        own = book.values.get(target)
        if figure is None or own is None:
            continue
        summed = own - _effect(filing, book, slips, target)
        right = own if key.row == TOTAL_ROW else summed
        if value in (own, summed) or (key.row == TOTAL_ROW and value - right == in_rows.get(key.indicator)):
            continue
        is_open = book.blanks[target] > 0 if right != own else target in book.open
        spelled = addends(form, filing, target, book) if right == book.expected[target] else ""
        words = sum_in_words(spelled or f"“{form.indicator(indicator.of).name}”")
        cells = (figure.cell, *(filing.figures[k].cell for k in (target,) if k in filing.figures))
        if verdict(value - right, [-1] * is_open, "==") is False:
            in_rows[key.indicator] = in_rows.get(key.indicator, 0) + value - right
            yield at("CT_004", form, figure, left=value, right=right, cells=cells, **words)
        else:
            n, more = book.blanks[target], value - right
            yield at("CT_006", form, figure, left=value, right=right, cells=cells, n=n, hon=more, **words)


def _rules(form: Form, filing: Filing, book: Ledger, slips: Mapping[Key, int]) -> Iterator[Finding]:
    """Broken rules, unless one cell already told, or the rows above a total row, say the same."""
    in_rows: dict[str, int] = {}  # rule -> sum of the differences of its rows
    for result in outcomes(form, filing.settings, filing.rows, book):
        rule = result.rule
        if result.verdict is not False:
            continue
        known = _known(form, filing, book, result, slips)
        rest = result.difference - sum(known)
        if result.row == TOTAL_ROW:
            rest -= in_rows.get(rule.id, 0)
        else:
            in_rows[rule.id] = in_rows.get(rule.id, 0) + result.difference
        if len(known) > 1 or verdict(rest, result.blanks, rule.holds.operator, rule.tolerance) is False:
            yield _broken(form, filing, book, result)


def _known(form: Form, filing: Filing, book: Ledger, result: Outcome, slips: Mapping[Key, int]) -> list[int]:
    """What the errors already told add to a rule's difference, one entry for each of its cells that is wrong."""
    rule = result.rule
    parts = []
    for side, sign in ((rule.holds.left, 1), (rule.holds.right, -1)):
        for term, factor in side.terms:
            key = key_of(form, rule.block, result.row, term)
            slip = slips.get(key, 0) if rule.block else _effect(filing, book, slips, key)
            parts.append(sign * factor * slip)
    return [part for part in parts if part]


def _slips(told: list[Finding]) -> dict[Key, int]:
    """By how much the figures found wrong are wrong."""
    wrong = [f for f in told if f.severity == "error"]
    return {f.key: f.difference for f in wrong if f.key is not None and isinstance(f.difference, int)}


def _effect(filing: Filing, book: Ledger, slips: Mapping[Key, int], key: Key) -> int:
    """By how much a figure is wrong: by itself and, a total, by the rows above it (unless typed over rightly)."""
    expected, above = book.expected.get(key), _above(filing, slips, key)
    if expected is not None and book.values[key] == expected - above:
        return 0
    return slips.get(key, 0) + above


def _above(filing: Filing, slips: Mapping[Key, int], key: Key) -> int:
    """By how much the rows above a total are wrong."""
    rows = filing.rows.get(key.block, ()) if slips and key.row == TOTAL_ROW else ()
    return sum(slips.get(key._replace(row=row), 0) for row in rows)


def _broken(form: Form, filing: Filing, book: Ledger, result: Outcome) -> Finding:
    rule = result.rule
    figures = [filing.figures[k] for k in result.keys if k in filing.figures]
    anchor = next((f for f in figures if book.values.get(f.key) is not None), None)
    sheet, cell = (anchor.sheet, anchor.cell) if anchor else ("", "")
    row = "" if not result.row else form.block(rule.block).total if result.row == TOTAL_ROW else result.row
    note = fill(rule.note, {"thieu": -result.difference, "lech": result.difference})
    sides = side_in_words(form, rule.holds.left, result, book), side_in_words(form, rule.holds.right, result, book)
    fields: dict[str, object] = {
        "o": place(sheet, cell) if anchor else rule.label,
        "dong": f" (dòng {row})" if row else "",
        "quan_he": rule.label,
        "trai_ve": sides[0],
        "phai_ve": sides[1],
        "dau": {"==": "≠", "<=": ">", ">=": "<"}[rule.holds.operator],
        "lech": result.difference,
        "ghi_chu": (f" {note}" if note else "") + (STILL_WRONG if any(BLANK in side for side in sides) else ""),
    }
    return Finding(
        code=rule.id,
        severity=rule.severity,
        message=fill(SENTENCES["QT_001"].message, fields),
        fix=rule.fix,
        sheet=sheet,
        cell=cell,
        cells=tuple(f.cell if f.sheet == sheet else f"{f.sheet}!{f.cell}" for f in figures),
        left=result.left,
        right=result.right,
        difference=result.difference,
        key=anchor.key if anchor else None,
    )


def _parts(form: Form, filing: Filing, key: Key) -> tuple[Key, ...]:
    """The cells that a computed or total cell adds up."""
    if key.row == TOTAL_ROW:
        return tuple(key._replace(row=row) for row in filing.rows.get(key.block, ()))
    formula = formula_of(form.indicator(key.indicator), settings_of(form, filing.settings))
    return tuple(key._replace(indicator=t.id) for t, _ in formula.terms) if formula else ()
