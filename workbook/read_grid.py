"""A grid as found in a sheet -> its rows and figures. Every row with a figure is kept, none is counted twice."""

# Without "from __future__ import annotations", as in ``toolkit.records``.

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from typing import NamedTuple

from toolkit.figures import is_error, read_text
from toolkit.form import COUNT_KINDS, Block
from toolkit.once import once
from toolkit.records import TOTAL_ROW, Figure, Key
from toolkit.text import key
from toolkit.wording import place
from workbook.headers import label_key
from workbook.locate import Table, is_subtotal
from workbook.own_formulas import GridFormulas
from workbook.read_figures import Reader, address

_ROMAN = re.compile(r"[IVX]+[.)]?")
_ROMAN_TITLE = re.compile(r"[IVX]+[.):]? +\S")
_NUMBERED = re.compile(r"\d+[.):]* +")


class _Row(NamedTuple):
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

    numbers = [row.number for row in data.values()]
    own = GridFormulas(reader.form, table, numbers, left_out, settings, partial(reader.raw, table.sheet))
    figures: dict[Key, Figure] = {}
    if table.total:
        places.append((TOTAL_ROW, table.total))
    columns = [(i, table.columns[i.id]) for i in block.indicators if i.id in table.columns]
    ids = tuple(i.id for i, _ in columns)
    for label, row in places:
        for (indicator, column), at in zip(columns, _keys(block.id, label, ids), strict=True):
            if label != TOTAL_ROW or indicator.kind in COUNT_KINDS:
                figures[at] = reader.figure(indicator, at, table.sheet, row, column, own.of(indicator, row))
    labels = {row.number: row.label for row in rows}
    for row, totals in sorted(own.doubled.items()):
        at_label = table.columns.get(block.row_id, 1)
        cells = (address(row, at_label), *totals)
        reader.say("CAU_008", table.sheet, row, at_label, cells=cells, dong=labels[row], o_tong=", ".join(totals))
    return tuple(data), figures


@lru_cache(maxsize=512)  # the rows of a form stand in every report
def _keys(block: str, row: str, indicators: tuple[str, ...]) -> tuple[Key, ...]:
    return tuple(Key(block, row, indicator) for indicator in indicators)


def _rows(reader: Reader, block: Block, table: Table) -> Iterator[_Row]:
    known = _listed(block)
    at = table.columns.get(block.row_id, 0)
    columns = [(table.columns[i.id], bool(i.equals)) for i in block.indicators if i.id in table.columns]
    rows = reader.rows(table.sheet)
    for number in range(table.first, table.last + 1):
        cells = rows[number - 1] if number <= len(rows) else ()
        texts = [read_text(value) for value in cells[:at]]
        before, label = texts[: at - 1], texts[at - 1] if 0 < at <= len(texts) else ""
        roman = any(_ROMAN.fullmatch(text) for text in before)
        if not label:  # a section's title may stand left of the labels, in a merged cell
            label = next((text for text in before if not text.isdigit() and not _ROMAN.fullmatch(text)), "")
        filled = any(_says(cells[column - 1], computed) for column, computed in columns if column <= len(cells))
        plain = _NUMBERED.sub("", label, count=1)
        meant = known.get(label_key(label)) or known.get(label_key(plain), "")
        if label or filled:
            yield _Row(number, label, meant, roman or _ROMAN_TITLE.match(label) is not None, filled)


def _says(raw: object, computed: bool) -> bool:
    """Whether somebody wrote it: a formula of the form may give an error in every row, the spare ones too."""
    return raw is not None and not (computed and isinstance(raw, str) and is_error(raw))


@once
def _listed(block: Block) -> Mapping[str, str]:
    """Key of a listed row, or of another spelling of it -> the row."""
    aliases = {key(alias): row for row, aliases in block.row_aliases.items() for alias in aliases}
    return aliases | {key(row): row for row in block.rows}


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
