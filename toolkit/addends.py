"""What one filing brings to the totals of a province: its amounts, the cells they stand in, its convention.

An amount is taken as filed (a typed-over total is added as typed) with the corrected value beside it, so that the
merged sheet can show both. Everything is decided from the form; no indicator is named here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from toolkit.compute import Ledger, counts, formula_of, settings_of
from toolkit.form import Choice, Form, Indicator, Setting
from toolkit.formula import Linear
from toolkit.once import once
from toolkit.records import TOTAL_ROW, Amount, Figure, Filing, Key, Ratio


@once
def summed(form: Form) -> tuple[Indicator, ...]:
    """The indicators that a province adds up, in the order of the form."""
    return tuple(i for b in form.blocks if b.kind != "records" for i in counts(b))


def total_key(form: Form, indicator: Indicator) -> Key:
    """The cell that stands for the whole commune: the total row of a grid, the line of a scalar."""
    return Key(indicator.block, TOTAL_ROW if form.block(indicator.block).kind == "grid" else "", indicator.id)


def amounts_of(form: Form, filing: Filing, book: Ledger) -> dict[str, Amount]:
    """Indicator -> amount as filed, in the convention of the filing.

    A blank indicator is absent: it is not 0, unless its block is ticked "không phát sinh".
    """
    corrections = _Corrections(form, filing, book)
    out: dict[str, Amount] = {}
    for indicator, key in _totals(form):
        value = book.values.get(key)
        if value is None and indicator.block in filing.none_declared and indicator.kind != "control":
            value = 0
        if value is not None:
            corrected = corrections.value(key, indicator)
            out[indicator.id] = Amount(value, value, value if corrected is None else corrected, key in book.open)
    return out


def cells_of(form: Form, filing: Filing, book: Ledger, indicator: Indicator) -> tuple[Figure, ...]:
    """The cells an amount was taken from: its own cell, or, when that is blank, the cells of its parts."""
    return tuple(_cells(form, filing, book, total_key(form, indicator), indicator))


def convention(setting: Setting, chosen: Sequence[str]) -> str:
    """The choice that most filings follow. A tie goes to the form's default, then to the order of the form."""
    counted = {choice.id: sum(c == choice.id for c in chosen) for choice in setting.choices}
    return max(counted, key=lambda c: (counted[c], c == setting.default))


def convert(
    form: Form, settings: Mapping[str, str], conventions: Mapping[str, str], amounts: Mapping[str, Amount]
) -> tuple[dict[str, Amount], dict[str, tuple[str, ...]]]:
    """Amounts brought to the conventions, and setting id -> the missing indicators that made this impossible.

    Every setting that differs is a key of the second result; an empty tuple means that it could be converted.
    """
    out = dict(amounts)
    differing: dict[str, tuple[str, ...]] = {}
    for setting in form.settings:
        there, here = settings_of(form, settings)[setting.id], conventions[setting.id]
        if there == here:
            continue
        missing: dict[str, None] = {}
        for indicator, (less, more) in _moves(setting, there, here).items():
            if indicator not in out:
                continue
            terms = [term.id for part in (less, more) for term, _ in part.terms]
            lacking = [t for t in terms if t not in amounts]
            missing.update(dict.fromkeys(lacking))
            out[indicator] = (
                out[indicator]._replace(unconverted=True) if lacking else _moved(out[indicator], less, more, amounts)
            )
        differing[setting.id] = tuple(missing)
    return out, differing


def ratios(form: Form, amounts: Mapping[str, Mapping[str, Amount]], communes: Collection[str]) -> dict[str, Ratio]:
    """Rate indicator -> its numerator and denominator over the communes that gave every part of both."""
    out: dict[str, Ratio] = {}
    for indicator in (i for b in form.blocks if b.kind != "records" for i in b.indicators if i.kind == "rate"):
        if indicator.numerator is None or indicator.denominator is None:
            continue
        terms = {term.id for part in (indicator.numerator, indicator.denominator) for term, _ in part.terms}
        complete = [c for c in communes if all(c in amounts.get(t, {}) for t in terms)]
        if complete:
            top, bottom = (
                sum(_worth(part, {t: amounts[t][c].counted for t in terms}) for c in complete)
                for part in (indicator.numerator, indicator.denominator)
            )
            out[indicator.id] = Ratio(top, bottom, len(complete))
    return out


@once
def _totals(form: Form) -> tuple[tuple[Indicator, Key], ...]:
    return tuple((indicator, total_key(form, indicator)) for indicator in summed(form))


class _Corrections:
    """Amounts as they would be if nothing were typed over: computed cells from their parts, totals from their rows.

    Where the parts are blank, what was typed is all there is, and it stays. In a block where every computed cell is
    what its parts give, all is right as written.
    """

    def __init__(self, form: Form, filing: Filing, book: Ledger) -> None:
        self.form, self.filing, self.book = form, filing, book
        self.differing = {key.block for key, expected in book.expected.items() if book.values[key] != expected}
        self.settings = settings_of(form, filing.settings)

    def value(self, key: Key, indicator: Indicator) -> int | None:
        written = self.book.values.get(key)
        if indicator.kind == "control" or key.block not in self.differing:
            return written
        if key.row != TOTAL_ROW:
            return self._from_parts(key, indicator, written)
        rows = [Key(key.block, row, key.indicator) for row in self.filing.rows.get(key.block, ())]
        present = [v for v in (self.value(row, indicator) for row in rows) if v is not None]
        if not present:
            return self._from_parts(key, indicator, written)
        whole = not any(row in self.book.open for row in rows)
        return _settled(sum(present), written, whole)

    def _from_parts(self, key: Key, indicator: Indicator, written: int | None) -> int | None:
        formula = formula_of(indicator, self.settings)
        if formula is None:
            return written
        parts = {t.id: self.value(Key(key.block, key.row, t.id), self.form.indicator(t.id)) for t, _ in formula.terms}
        present = {t: v for t, v in parts.items() if v is not None}
        if not present:
            return written
        total = formula.const + sum(factor * present.get(t.id, 0) for t, factor in formula.terms)
        return _settled(total, written, len(present) == len(parts))


def _settled(total: int, written: int | None, whole: bool) -> int:
    """A sum with a blank addend is only a lower bound: a larger written value stays."""
    return total if whole or written is None or total > written else written


def _cells(form: Form, filing: Filing, book: Ledger, key: Key, indicator: Indicator) -> Iterator[Figure]:
    figure = filing.figures.get(key)
    if figure is not None and figure.origin != "blank":
        yield figure
        return
    parts: list[tuple[Key, Indicator]] = []
    if key.row == TOTAL_ROW:
        parts = [(Key(key.block, row, key.indicator), indicator) for row in filing.rows.get(key.block, ())]
    elif (formula := formula_of(indicator, settings_of(form, filing.settings))) is not None:
        by_id = {i.id: i for i in form.block(key.block).indicators}
        parts = [(Key(key.block, key.row, t.id), by_id[t.id]) for t, _ in formula.terms]
    found = False
    for part, its in parts:
        if book.values.get(part) is not None:
            for cell in _cells(form, filing, book, part, its):
                found = True
                yield cell
    if not found and figure is not None:  # "không phát sinh": a blank cell that is worth 0
        yield figure


def _moves(setting: Setting, there: str, here: str) -> dict[str, tuple[Linear, Linear]]:
    """Indicator -> what to take off and what to add to go from one choice to another."""
    nothing = Linear(0, ())
    old, new = _choice(setting, there).adds, _choice(setting, here).adds
    return {i: (old.get(i, nothing), new.get(i, nothing)) for i in sorted({*old, *new}) if old.get(i) != new.get(i)}


def _choice(setting: Setting, choice: str) -> Choice:
    return next(c for c in setting.choices if c.id == choice)


def _moved(amount: Amount, less: Linear, more: Linear, amounts: Mapping[str, Amount]) -> Amount:
    terms = [amounts[term.id] for part in (less, more) for term, _ in part.terms]
    counted = {i: a.counted for i, a in amounts.items()}
    corrected = {i: a.corrected for i, a in amounts.items()}
    return amount._replace(
        counted=amount.counted - _worth(less, counted) + _worth(more, counted),
        corrected=amount.corrected - _worth(less, corrected) + _worth(more, corrected),
        open=amount.open or any(a.open for a in terms),
    )


def _worth(part: Linear, values: Mapping[str, int]) -> int:
    return part.const + sum(factor * values[term.id] for term, factor in part.terms)
