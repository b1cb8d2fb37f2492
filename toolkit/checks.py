"""Confronts a filing with its form: every finding of one report, most serious first.

A fact is told once. A typed-over total is one error, not one more for each rule that says the same, nor for the
total row below it; what several errors say together (two wrong totals in one balance) is told as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from toolkit import rates, registers
from toolkit.compute import Ledger, Outcome, formula_of, ledger_of, outcomes, settings_of
from toolkit.form import Form, Indicator
from toolkit.formula import Linear, Term, verdict
from toolkit.records import TOTAL_ROW, Figure, Filing, Finding, Key
from toolkit.wording import SENTENCES, fill, finding, place, show

Status = Literal["ok", "warnings", "errors"]
_RANK = {"error": 0, "warning": 1, "info": 2}


def confront(form: Form, filing: Filing) -> tuple[Finding, ...]:
    """Everything there is to say about a filing: what reading found, the rules, computed cells, controls,
    published rates and registers. Ordered by severity, then by sheet as in the form, then by cell."""
    book = ledger_of(form, filing)
    cells = [*_computed(form, filing, book), *_controls(form, filing, book)]
    found = [
        *filing.findings,
        *cells,
        *_rules(form, filing, book, cells),
        *rates.check(form, filing, book),
        *registers.check(form, filing),
    ]
    return in_order(form, found)


def overall(findings: tuple[Finding, ...]) -> Status:
    """The one word that comes first."""
    worst = min((_RANK[f.severity] for f in findings), default=2)
    return ("errors", "warnings", "ok")[worst]


def in_order(form: Form, findings: list[Finding]) -> tuple[Finding, ...]:
    """Errors first, then by sheet as in the form, then by row and column."""
    sheets = {sheet: n for n, sheet in enumerate(dict.fromkeys(b.sheet for b in form.blocks), start=1)}

    def position(f: Finding) -> tuple[int, int, str, int, int, str, str]:
        letters = f.cell.rstrip("0123456789")
        number = int(f.cell[len(letters) :] or 0)
        return _RANK[f.severity], sheets.get(f.sheet, 0), f.sheet, number, len(letters), letters, f.code

    return tuple(sorted(findings, key=position))


def describe(form: Form, key: Key) -> str:
    """A figure in words: "Giải quyết trước hạn, dòng Đất đai"."""
    name = form.indicator(key.indicator).name
    if not key.row:
        return name
    row = form.block(key.block).total if key.row == TOTAL_ROW else key.row
    return f"{name}, dòng {row}"


def _computed(form: Form, filing: Filing, book: Ledger) -> Iterator[Finding]:
    """Cells that the form computes: typed over, emptied, or with a stale stored value."""
    lonely: dict[str, list[Figure]] = {}  # totals typed without a single part, by block
    for key, expected in book.expected.items():
        figure = filing.figures.get(key)
        if figure is None:
            continue
        if figure.origin == "formula":
            if figure.stored is not None and expected is not None and figure.stored != expected:
                yield _at("CT_003", form, figure, left=figure.stored, right=expected)
        elif figure.origin == "blank":
            if expected is not None:
                yield _at("CT_007", form, figure, right=expected)
        elif not isinstance(figure.value, int):
            continue  # unreadable: its own finding stands already
        elif expected is None:
            lonely.setdefault(key.block + (key.row if key.row == TOTAL_ROW else ""), []).append(figure)
        else:
            yield _typed_over(form, filing, book, figure, figure.value, expected)
    for figures in lonely.values():
        others = tuple(f.cell for f in figures)
        first = figures[0]
        if isinstance(first.value, int):
            yield _at("CT_005", form, first, left=first.value, cells=others)


def _typed_over(form: Form, filing: Filing, book: Ledger, figure: Figure, value: int, expected: int) -> Finding:
    key = figure.key
    blanks = book.blanks[key]
    sound = verdict(value - expected, [-1] * blanks, "==")
    parts = _parts(form, filing, key)
    cells = (figure.cell, *(filing.figures[p].cell for p in parts if p in filing.figures))
    if key.row == TOTAL_ROW:
        spelled = "tổng các dòng"
    else:
        formula = formula_of(form.indicator(key.indicator), settings_of(form, filing.settings))
        spelled = _spelled(formula, key, book) if formula else ""
    if sound is False:
        return _at("CT_001", form, figure, left=value, right=expected, cells=cells, ve_phai=spelled)
    if value == expected:
        return _at("CT_002", form, figure, left=value, right=expected, cells=cells)
    return _at("CT_006", form, figure, left=value, right=expected, cells=cells, ve_phai=spelled, n=blanks)


def _controls(form: Form, filing: Filing, book: Ledger) -> Iterator[Finding]:
    """Printed totals against the form's own."""
    for key, value in book.values.items():
        indicator = form.indicator(key.indicator)
        figure = filing.figures.get(key)
        if not indicator.of or value is None or figure is None:
            continue
        target = key._replace(indicator=indicator.of)
        own = book.values.get(target)
        if own is None:
            continue
        is_open = target in book.open
        sound = verdict(value - own, [-1] if is_open else [], "==")
        cells = (figure.cell, *(filing.figures[k].cell for k in (target,) if k in filing.figures))
        words = {"ve_phai": _sum_in_words(form, filing, target, book)}
        if sound is False:
            yield _at("CT_004", form, figure, left=value, right=own, cells=cells, **words)
        elif value != own:
            yield _at("CT_006", form, figure, left=value, right=own, cells=cells, n=book.blanks[target], **words)


def _rules(form: Form, filing: Filing, book: Ledger, told: list[Finding]) -> Iterator[Finding]:
    """Broken rules, unless another finding already says the same."""
    slips = {f.key: f.difference for f in told if f.key and f.severity == "error" and isinstance(f.difference, int)}
    by_rule: dict[str, int] = {}  # rule -> sum of the differences of its rows
    for result in outcomes(form, filing.settings, filing.rows, book):
        if result.verdict is not False:
            continue
        explained = _explained(form, result, slips)
        if result.row == TOTAL_ROW:
            in_rows = by_rule.get(result.rule.id, 0)
            if (in_rows or explained) and result.difference == in_rows + sum(explained):
                continue
        else:
            by_rule[result.rule.id] = by_rule.get(result.rule.id, 0) + result.difference
            if len(explained) == 1 and explained[0] == result.difference:
                continue
        yield _broken(form, filing, book, result)
    yield from _identities_of_totals(form, filing, book, slips)


def _explained(form: Form, result: Outcome, slips: Mapping[Key, int]) -> list[int]:
    """What the errors already told add to this rule's difference, one entry per erroneous cell."""
    out = []
    rule = result.rule
    for side, sign in ((rule.holds.left, 1), (rule.holds.right, -1)):
        for term, factor in side.terms:
            slip = slips.get(Key(rule.block or form.indicator(term.id).block, result.row, term.id))
            if slip:
                out.append(sign * factor * slip)
    return out


def _identities_of_totals(
    form: Form, filing: Filing, book: Ledger, slips: Mapping[Key, int]
) -> Iterator[Finding]:
    """(3) = (4) + (5) + (6) in a total row that was typed on its own: told unless rows or columns told it."""
    settings = settings_of(form, filing.settings)
    for block in form.blocks:
        for indicator in block.indicators if block.kind == "grid" else ():
            formula = formula_of(indicator, settings)
            key = Key(block.id, TOTAL_ROW, indicator.id)
            value, figure = book.values.get(key), filing.figures.get(key)
            if formula is None or value is None or figure is None:
                continue
            parts = [(key._replace(indicator=t.id), factor) for t, factor in formula.terms]
            right = formula.const + sum(factor * (book.values.get(k) or 0) for k, factor in parts)
            unknowns = [1] * (key in book.open) + [-factor for k, factor in parts if k in book.open]
            if verdict(value - right, unknowns, "==") is not False:
                continue
            rows = sum(slips.get(Key(block.id, row, indicator.id), 0) for row in filing.rows.get(block.id, ()))
            columns = slips.get(key, 0) - sum(factor * slips.get(k, 0) for k, factor in parts)
            if (rows or columns) and value - right == rows + columns:
                continue
            cells = tuple(filing.figures[k].cell for k in (key, *(k for k, _ in parts)) if k in filing.figures)
            yield _at(
                "CT_001", form, figure, left=value, right=right, cells=cells, ve_phai=_spelled(formula, key, book)
            )


def _broken(form: Form, filing: Filing, book: Ledger, result: Outcome) -> Finding:
    rule = result.rule
    figures = [filing.figures[k] for k in result.keys if k in filing.figures]
    anchor = next((f for f in figures if f.value is not None), figures[0] if figures else None)
    sheet, cell = (anchor.sheet, anchor.cell) if anchor else ("", "")
    row = "" if not result.row else form.block(rule.block).total if result.row == TOTAL_ROW else result.row
    sentence = SENTENCES["QT_001"]
    fields: dict[str, object] = {
        "o": place(sheet, cell) if anchor else rule.label,
        "dong": f" (dòng {row})" if row else "",
        "quan_he": rule.label,
        "trai_ve": _side(form, rule.holds.left, result, book),
        "phai_ve": _side(form, rule.holds.right, result, book),
        "dau": {"==": "≠", "<=": ">", ">=": "<"}[rule.holds.operator],
        "lech": result.difference,
    }
    note = fill(rule.note, {"thieu": -result.difference, "lech": result.difference})
    fields["ghi_chu"] = f" {note}" if note else ""
    return Finding(
        code=rule.id,
        severity=rule.severity,
        message=fill(sentence.message, fields),
        fix=rule.fix,
        sheet=sheet,
        cell=cell,
        cells=tuple(f.cell if f.sheet == sheet else f"{f.sheet}!{f.cell}" for f in figures),
        left=result.left,
        right=result.right,
        difference=result.difference,
        key=anchor.key if anchor else None,
    )


def _at(code: str, form: Form, figure: Figure, **fields: object) -> Finding:
    """A generic finding about one figure."""
    return finding(  # type: ignore[arg-type]  # left, right, cells and words go by their names
        code, sheet=figure.sheet, cell=figure.cell, key=figure.key, ten=describe(form, figure.key), **fields
    )


def _parts(form: Form, filing: Filing, key: Key) -> tuple[Key, ...]:
    """The cells that a computed or total cell adds up."""
    if key.row == TOTAL_ROW:
        return tuple(key._replace(row=row) for row in filing.rows.get(key.block, ()))
    formula = formula_of(form.indicator(key.indicator), settings_of(form, filing.settings))
    return tuple(key._replace(indicator=t.id) for t, _ in formula.terms) if formula else ()


def _sum_in_words(form: Form, filing: Filing, key: Key, book: Ledger) -> str:
    indicator: Indicator = form.indicator(key.indicator)
    formula = formula_of(indicator, settings_of(form, filing.settings))
    return _spelled(formula, key, book) if formula and key.row != TOTAL_ROW else indicator.name.lower()


def _side(form: Form, side: Linear, result: Outcome, book: Ledger) -> str:
    """One side with its numbers and what they make: "5.260 + 414 + 8 = 5.682"."""
    rule = result.rule

    def value(term: Term) -> int | None:
        block = rule.block if rule.block and not term.total else form.indicator(term.id).block
        row = result.row if rule.block and not term.total else TOTAL_ROW if term.total else ""
        return book.values.get(Key(block, row, term.id))

    total = side.const + sum(factor * (value(term) or 0) for term, factor in side.terms)
    if len(side.terms) == 1 and not side.const and side.terms[0][1] == 1:
        return show(total)
    return f"{_numbers(side, [value(t) for t, _ in side.terms])} = {show(total)}"


def _spelled(formula: Linear, key: Key, book: Ledger) -> str:
    return _numbers(formula, [book.values.get(key._replace(indicator=t.id)) for t, _ in formula.terms])


def _numbers(side: Linear, values: list[int | None]) -> str:
    """"5.297 + 382 + (trống)"."""
    text = ""
    for (_, factor), value in zip(side.terms, values, strict=True):
        number = "(trống)" if value is None else show(value)
        text += f" {'+' if factor > 0 else '−'} {'' if abs(factor) == 1 else f'{abs(factor)} × '}{number}"
    if side.const:
        text += f" {'+' if side.const > 0 else '−'} {show(abs(side.const))}"
    return text.removeprefix(" + ").strip()
