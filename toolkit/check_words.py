"""What a finding says of figures: how they are called, and the sums in which they stand."""

from __future__ import annotations

from decimal import Decimal

from toolkit.compute import Ledger, Outcome, formula_of, key_of, settings_of
from toolkit.form import Form
from toolkit.formula import Linear, Term
from toolkit.records import TOTAL_ROW, Figure, Filing, Finding, Key
from toolkit.wording import ALL_ROWS, BLANK, STILL_WRONG, finding, show


def describe(form: Form, key: Key) -> str:
    """A figure in words: "Giải quyết trước hạn, dòng Đất đai"."""
    name = form.indicator(key.indicator).name
    if not key.row:
        return name
    row = form.block(key.block).total if key.row == TOTAL_ROW else key.row
    return f"{name}, dòng {row}"


def at(
    code: str,
    form: Form,
    figure: Figure,
    *,
    left: int | Decimal | None = None,
    right: int | Decimal | None = None,
    cells: tuple[str, ...] = (),
    **words: object,
) -> Finding:
    """A generic finding about one figure."""
    name = describe(form, figure.key)
    return finding(
        code,
        sheet=figure.sheet,
        cell=figure.cell,
        cells=cells,
        left=left,
        right=right,
        key=figure.key,
        ten=name,
        **words,
    )


def addends(form: Form, filing: Filing, key: Key, book: Ledger) -> str:
    """What a computed or total cell adds up, in words: "5.297 + 382 + (trống)"."""
    if key.row == TOTAL_ROW:
        return ALL_ROWS
    formula = formula_of(form.indicator(key.indicator), settings_of(form, filing.settings))
    return spelled(formula, key, book) if formula else ""


def sum_in_words(text: str) -> dict[str, str]:
    return {"ve_phai": text, "ghi_chu": STILL_WRONG if BLANK in text else ""}


def side_in_words(form: Form, side: Linear, result: Outcome, book: Ledger) -> str:
    """One side with its numbers and what they make: "5.260 + 414 + 8 = 5.682"."""
    rule = result.rule

    def value(term: Term) -> int | None:
        return book.values.get(key_of(form, rule.block, result.row, term))

    total = side.const + sum(factor * (value(term) or 0) for term, factor in side.terms)
    if len(side.terms) == 1 and not side.const and side.terms[0][1] == 1:
        return show(total)
    return f"{_numbers(side, [value(t) for t, _ in side.terms])} = {show(total)}"


def spelled(formula: Linear, key: Key, book: Ledger) -> str:
    return _numbers(formula, [book.values.get(key._replace(indicator=t.id)) for t, _ in formula.terms])


def _numbers(side: Linear, values: list[int | None]) -> str:
    """ "5.297 + 382 + (trống)"."""
    text = ""
    for (_, factor), value in zip(side.terms, values, strict=True):
        number = BLANK if value is None else show(value)
        text += f" {'+' if factor > 0 else '−'} {'' if abs(factor) == 1 else f'{abs(factor)} × '}{number}"
    if side.const:
        text += f" {'+' if side.const > 0 else '−'} {show(abs(side.const))}"
    return text.removeprefix(" + ").strip()
