"""A grid as found in a sheet -> its rows and figures. Every row with a figure is kept, none is counted twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from toolkit.compute import formula_of
from toolkit.excel import Grid, Layout, column_letters, computed_cell
from toolkit.figures import is_blank, read_text
from toolkit.form import COUNT_KINDS, Block, Form, Indicator, Variant
from toolkit.records import TOTAL_ROW, Figure, Key
from toolkit.text import key
from toolkit.wording import place
from workbook.headers import label_key
from workbook.locate import Table, is_subtotal
from workbook.read_figures import Reader, address, normalised

_ROMAN = re.compile(r"[IVX]+[.)]?")
_ROMAN_TITLE = re.compile(r"[IVX]+[.):]? +\S")
_NUMBERED = re.compile(r"\d+[.):]* +")
_TOTAL_FORMULA = re.compile(r'IF\(COUNT\((?P<cells>[A-Z0-9:,]+)\)=0,"",SUM\((?P=cells)\)\)')
_SPAN = re.compile(r"([A-Z]+)([0-9]+)(?::([A-Z]+)([0-9]+))?")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row between the heading and the totals that says something."""

    number: int
    label: str  # as typed, tidied; "" when there is none
    known: str  # the listed row it means, "" when none
    roman: bool  # numbered like a section
    filled: bool  # a figure stands in it


def read_grid(
    reader: Reader, block: Block, table: Table, settings: Mapping[str, str]
) -> tuple[tuple[str, ...], dict[Key, Figure]]:
    """Row labels in the order of the file, and the figures; findings go to the reader."""
    rows = list(_rows(reader, block, table))
    data, left_out = _data_rows(reader, block, table, rows)
    places = [(label, row.number) for label, row in data.items()]
    own = _OwnFormulas(reader.form, table, (number for _, number in places), left_out, settings)
    figures: dict[Key, Figure] = {}
    if table.total:
        places.append((TOTAL_ROW, table.total))
    for label, row in places:
        for indicator in block.indicators:
            column = table.columns.get(indicator.id)
            if column and (label != TOTAL_ROW or indicator.kind in COUNT_KINDS):
                figure_key = Key(block.id, label, indicator.id)
                figures[figure_key] = reader.figure(
                    indicator, figure_key, table.sheet, row, column, own.of(indicator, row)
                )
    return tuple(data), figures


def _rows(reader: Reader, block: Block, table: Table) -> Iterator[_Row]:
    known = {key(alias): row for row, aliases in block.row_aliases.items() for alias in aliases}
    known |= {key(row): row for row in block.rows}
    at = table.columns.get(block.row_id, 0)
    columns = [table.columns[i.id] for i in block.indicators if i.id in table.columns]
    for number in range(table.first, table.last + 1):
        before = [read_text(reader.raw(table.sheet, number, column)) for column in range(1, at)]
        label = read_text(reader.raw(table.sheet, number, at)) if at else ""
        roman = any(_ROMAN.fullmatch(text) for text in before)
        if not label:  # a section's title may stand left of the labels, in a merged cell
            label = next((text for text in before if not text.isdigit() and not _ROMAN.fullmatch(text)), "")
        filled = any(not is_blank(reader.raw(table.sheet, number, column)) for column in columns)
        plain = _NUMBERED.sub("", label, count=1)
        meant = known.get(label_key(label)) or known.get(label_key(plain), "")
        if label or filled:
            yield _Row(number, label, meant, roman or _ROMAN_TITLE.match(label) is not None, filled)


def _data_rows(reader: Reader, block: Block, table: Table, rows: list[_Row]) -> tuple[dict[str, _Row], tuple[int, ...]]:
    """Key label -> row; and the numbers of the section and total rows that were left out."""
    labelled = [row for row in rows if row.label]
    numerals_mean_sections = sum(row.roman for row in labelled) * 2 < len(labelled)
    column = table.columns.get(block.row_id, 1)
    listed_and_filled = {row.known for row in rows if row.known and row.filled}
    data: dict[str, _Row] = {}
    left_out: list[int] = []
    for row in rows:
        section = row.roman and numerals_mean_sections
        if row.label and not row.known and (section or is_subtotal(label_key(row.label))):
            reader.say("CAU_006", table.sheet, row.number, column, dong=row.label)
            left_out.append(row.number)
            continue
        if row.known and not row.filled and row.known in listed_and_filled:
            continue  # a prepared row left empty because the same lĩnh vực was filled in on another line
        label = row.known or row.label or f"(dòng {row.number})"
        if not row.label:
            reader.say("CAU_005", table.sheet, row.number, column)
        elif label in data or label == TOTAL_ROW:
            label = _second(reader, table, column, data, row, label)
        data[label] = row
    return data, tuple(left_out)


def _second(reader: Reader, table: Table, column: int, data: Mapping[str, _Row], row: _Row, label: str) -> str:
    """A label of its own for a row whose lĩnh vực was there before. Two names for one lĩnh vực are no mistake."""
    first = data.get(label)
    if first is not None and key(first.label) != key(row.label) and row.label not in data:
        return row.label
    if first is not None and (first.filled or row.filled):
        before = place(table.sheet, address(first.number, column))
        reader.say("CAU_003", table.sheet, row.number, column, dong=row.label, o_truoc=before)
    return f"{row.label} (dòng {row.number})"


class _OwnFormulas:
    """What the form itself writes into a cell of this grid, as laid out in this file."""

    def __init__(
        self, form: Form, table: Table, data: Iterable[int], left_out: Iterable[int], settings: Mapping[str, str]
    ) -> None:
        letters = {id_: column_letters(column) for id_, column in table.columns.items()}
        self._grid = Grid(table.sheet, table.first, table.last, table.total, "", letters, {})
        self._form, self._data, self._left_out, self._settings = form, set(data), set(left_out), settings

    def of(self, indicator: Indicator, row: int) -> Callable[[str], bool] | None:
        """Tells the form's own formula from another; None: the form has no formula there."""
        if row == self._grid.total:
            letters = self._grid.columns[indicator.id]
            return None if indicator.kind == "control" else lambda formula: self._sums_column(formula, letters)
        if not indicator.equals:
            return None
        return own_formula(self._form, indicator, self._settings, Layout({indicator.block: self._grid}), row)

    def _sums_column(self, formula: str, letters: str) -> bool:
        """Whether a total adds every row of the grid once, and no section row."""
        match = _TOTAL_FORMULA.fullmatch(normalised(formula))
        if match is None:
            return False
        summed: list[int] = []
        for span in match["cells"].split(","):
            ends = _SPAN.fullmatch(span)
            if ends is None or ends[1] != letters or ends[3] not in (None, letters):
                return False
            first, last = int(ends[2]), int(ends[4] or ends[2])
            if not self._grid.first <= first <= last <= self._grid.last:
                return False
            summed += range(first, last + 1)
        rows = set(summed)
        return len(rows) == len(summed) and self._data <= rows and not self._left_out & rows


def own_formula(
    form: Form, indicator: Indicator, settings: Mapping[str, str], layout: Layout, row: int | None = None
) -> Callable[[str], bool]:
    """Tells a computed cell's own formula: for every setting, or for this one alone (as it is restored where the names
    of the settings are lost). Where a part has no cell, no formula is the form's own."""
    variants = [indicator]
    settled = formula_of(indicator, settings)
    if settled is not None:
        variants.append(replace(indicator, equals=(Variant({}, settled),)))
    try:
        texts = frozenset(normalised(computed_cell(form, variant, layout, row)) for variant in variants)
    except KeyError:
        texts = frozenset()
    return lambda formula: normalised(formula) in texts
