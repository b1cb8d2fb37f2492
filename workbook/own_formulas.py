"""Telling the form's own formulas from foreign ones, as the file lays the form out.

Excel and LibreOffice rewrite a formula when rows and columns come and go; what counts is which cells it reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial

from toolkit.compute import formula_of
from toolkit.excel import Grid, Layout, column_letters, column_number, computed_cell
from toolkit.form import Form, Indicator, Variant
from toolkit.once import once
from workbook.locate import Table

Own = Callable[[str], bool]
"""Whether a formula, without "=", is the form's own."""

_Pairs = tuple[tuple[str, str], ...]

_TOTAL = re.compile(r'IF\(COUNT\((?P<cells>[A-Z0-9:,]+)\)=0,"",SUM\((?P=cells)\)\)')
_SPAN = re.compile(r"([A-Z]+)([0-9]+)(?::([A-Z]+)([0-9]+))?")
_ANY_ROW = 9_999_999  # no sheet has it: stands for the row that is asked about
_ACROSS = re.compile(r"\b([A-Z]{1,3})([0-9]+):([A-Z]{1,3})\2\b")


def own_formula(
    form: Form,
    indicator: Indicator,
    settings: Mapping[str, str],
    layout: Layout,
    row: int | None = None,
    spare: Callable[[str], bool] = lambda letters: False,
) -> Own:
    """For a computed cell. Its formula for every setting counts, and the one for this setting alone (as it is restored
    where the names of the settings are lost). ``spare``: whether a column holds nothing in that row, so that a range
    may run over it. Where a part has no cell, no formula is the form's own."""
    texts = _texts(form, indicator, settings, layout, row)
    return lambda formula: formula in texts or _spelled(formula, spare) in {_spelled(text, spare) for text in texts}


class GridFormulas:
    """The own formulas of one grid. ``data`` and ``left_out``: its rows, and the section rows between them."""

    def __init__(
        self,
        form: Form,
        table: Table,
        data: Iterable[int],
        left_out: Iterable[int],
        settings: Mapping[str, str],
        raw: Callable[[int, int], object],
    ) -> None:
        """``raw``: what stands in a row and a column; None: nothing."""
        letters = {id_: column_letters(column) for id_, column in table.columns.items()}
        self._grid = Grid(table.sheet, table.first, table.last, table.total, "", letters, {})
        self._data, self._left_out, self._raw = set(data), set(left_out), raw
        self.doubled: dict[int, list[str]] = {}
        """Section row -> total cells whose formula, though the form's own, adds its figure to those that it sums up."""
        self._in_any_row = partial(_in_any_row(form), tuple(settings.items()), tuple(letters.items()))
        self._texts: dict[str, tuple[str, ...]] = {}  # indicator -> its formulas in the row ``_ANY_ROW``
        self._own_columns = frozenset(letters.values())

    def of(self, indicator: Indicator, row: int) -> Own | None:
        """None: the form has no formula there."""
        if row == self._grid.total:
            letters = self._grid.columns[indicator.id]
            return None if indicator.kind == "control" else lambda formula: self._sums_column(formula, letters)
        if not indicator.equals:
            return None
        if indicator.id not in self._texts:
            self._texts[indicator.id] = self._in_any_row(indicator.id)
        texts = self._texts[indicator.id]
        return lambda formula: self._is_of_row(formula, texts, row)

    def _is_of_row(self, formula: str, texts: tuple[str, ...], row: int) -> bool:
        """Whether it is one of ``texts``, which are those of ``_ANY_ROW``, in this row."""
        here = _in_row(texts, row)
        if formula in here:
            return True

        def spare(letters: str) -> bool:
            return letters not in self._own_columns and self._raw(row, column_number(letters)) is None

        return _spelled(formula, spare) in {_spelled(text, spare) for text in here}

    def _sums_column(self, formula: str, letters: str) -> bool:
        """Whether a total adds every row of the grid once. Section rows were not there when the form wrote it."""
        match = _TOTAL.fullmatch(_normalised(formula))
        if match is None:
            return False
        rows: set[int] = set()
        for span in match["cells"].split(","):
            ends = _SPAN.fullmatch(span)
            if ends is None or ends[1] != letters or ends[3] not in (None, letters):
                return False
            first, last = int(ends[2]), int(ends[4] or ends[2])
            if not self._grid.first <= first <= last <= self._grid.last or not rows.isdisjoint(range(first, last + 1)):
                return False
            rows.update(range(first, last + 1))
        if not self._data <= rows:
            return False
        for row in self._left_out & rows:
            raw = self._raw(row, column_number(letters))
            if isinstance(raw, int | float) and raw:
                self.doubled.setdefault(row, []).append(f"{letters}{self._grid.total}")
        return True


def _texts(
    form: Form, indicator: Indicator, settings: Mapping[str, str], layout: Layout, row: int | None
) -> tuple[str, ...]:
    variants = [indicator]
    settled = formula_of(indicator, settings)
    if settled is not None:
        variants.append(indicator._replace(equals=(Variant({}, settled),)))
    try:
        return tuple(computed_cell(form, variant, layout, row) for variant in variants)
    except KeyError:
        return ()


@once
def _in_any_row(form: Form) -> Callable[[_Pairs, _Pairs, str], tuple[str, ...]]:
    """Settings, the letters of a grid's columns, indicator -> its formulas in the row ``_ANY_ROW``, remembered."""

    @lru_cache(maxsize=256)  # most reports keep the columns where the form has them
    def texts(settings: _Pairs, letters: _Pairs, id_: str) -> tuple[str, ...]:
        indicator = form.indicator(id_)
        layout = Layout({indicator.block: Grid("", 0, 0, 0, "", dict(letters), {})})  # a row reads no other
        return _texts(form, indicator, dict(settings), layout, _ANY_ROW)

    return texts


@lru_cache(maxsize=1024)  # those of a form stand in every report
def _in_row(texts: tuple[str, ...], row: int) -> tuple[str, ...]:
    return tuple(text.replace(str(_ANY_ROW), str(row)) for text in texts)


def _spelled(formula: str, spare: Callable[[str], bool]) -> str:
    """A formula with the ranges across a row spelled out as cells, without those that are spare."""

    def cells(match: re.Match[str]) -> str:
        first, last = column_number(match[1]), column_number(match[3])
        if last - first > 200:
            return match[0]
        letters = (column_letters(column) for column in range(first, last + 1))
        return ",".join(f"{column}{match[2]}" for column in letters if not spare(column))

    return _ACROSS.sub(cells, _normalised(formula))


def _normalised(formula: str) -> str:
    """A formula without what programs write differently: case, spaces, dollar signs."""
    return "".join(formula.split()).replace("$", "").upper()
