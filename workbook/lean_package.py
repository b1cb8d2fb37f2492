"""A workbook whose long register is read as columns instead of cells: in a merge, a hundred registers wait.

The sheet's XML is looked at once, as a whole (``sheet_columns``). Calamine gets the workbook with the first rows of
this sheet only, enough to find its heading, and is asked what each distinct number of the register means
(``asked_cells``). Where the sheet is written in an unusual way, or anything but the register asks for its rows,
``read`` reads all of it cell by cell.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from itertools import compress, count
from types import NoneType
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook

from toolkit.columns import Column, Columns, firsts, places_of
from toolkit.excel import column_letters
from toolkit.form import Block, Form
from toolkit.ready_columns import FIRST_DAY, LAST_DAY
from toolkit.text import key
from workbook import archives, locate, sheet_columns, sheet_scan
from workbook.asked_cells import Meanings, Moments, ReadByCells
from workbook.cells import well_formed
from workbook.headers import SEARCHED
from workbook.package import MOST_CELLS, MOST_PROVED, Package, Rows
from workbook.shared_texts import first_texts, last_text, shared_texts

_HEAD = SEARCHED + 20  # rows in which a heading is looked for, and what may belong to it
_STRINGS = "xl/sharedStrings.xml"
_MOST_BYTES = 4  # of a character
_MANY = 200  # moments that are worth not to be made


class Lean(Package):
    """A package whose register sheet is not made into cells, its first rows apart."""

    def __init__(self, content: bytes, name: str, form: Form, block: Block) -> None:
        self._np = library("numpy")
        self._form, self._block = form, block
        self.for_register = False
        """Whether the register itself is being looked for: nobody else may look at the sheet."""
        super().__init__(content, name)

    def values(self, title: str) -> Rows:
        if title == self._title and not self.for_register:
            raise ReadByCells
        return super().values(title)

    def cells(self, title: str) -> Any:
        if title == self._title:
            raise ReadByCells
        return super().cells(title)

    def register(self) -> tuple[locate.Table, Columns]:
        """Where the register stands, and its rows as ``read._register`` gives them. Raises ReadByCells."""
        self.for_register = True
        table = locate.find_table(self, self._form, self._block)
        self.for_register = False
        if table is None or table.sheet != self._title:
            raise ReadByCells
        return table, self._columns(table)

    def _columns(self, table: locate.Table) -> Columns:
        np, cells = self._np, self._cells
        ids = [i.id for i in self._block.indicators if i.id in table.columns]
        wanted = np.zeros(int(cells.column.max()) + max(table.columns.values()) + 1, bool)
        wanted[[table.columns[id_] for id_ in ids]] = True
        used = wanted[cells.column] & (cells.row >= table.first)
        if not used.any():
            raise ReadByCells
        dated = self._dated(
            used, {i.id: table.columns[i.id] for i in self._block.indicators if i.kind == "date" and i.id in ids}
        )
        there = np.zeros(int(cells.row[used].max()) + 1, bool)
        known = np.zeros(len(used), bool)
        for places, _ in dated.values():
            there[cells.row[places]] = known[places] = True
        used &= ~known
        codes, values = self._values(used, known)
        row, column = cells.row[used], cells.column[used].astype(np.int16)  # short numbers are compared sooner
        shows = np.ones(len(values), bool)
        shows[_blanks(values)] = False
        there[row[shows[codes]]] = True
        rows, place = np.flatnonzero(there), np.cumsum(there) - 1
        if not len(rows):
            raise ReadByCells
        if not (stays := there[row]).all():
            row, column, codes = row[stays], column[stays], codes[stays]
        at_place = place[row]
        out = {}
        for id_ in ids:
            if id_ in dated:
                at, days = np.full(len(rows), -1), np.zeros(len(rows), np.int64)
                mine, ordinals = dated[id_]
                at[place[cells.row[mine]]], days[place[cells.row[mine]]] = mine, ordinals
                out[id_] = Column(np.arange(len(rows)), Moments(self._meanings, at.tolist()), days)
                continue
            whole = np.full(len(rows), len(values) - 1)
            mine = np.flatnonzero(column == table.columns[id_])
            whole[at_place[mine]] = codes[mine]
            out[id_] = _each_once(np, whole, values)
        letters = {id_: column_letters(table.columns[id_]) for id_ in ids}
        return Columns(self._block.id, table.sheet, letters, rows, out)

    def _dated(self, used: Any, columns: Mapping[str, int]) -> dict[str, tuple[Any, Any]]:
        """Columns with many times of day, all of them dates beyond doubt: field -> places of its cells, their days as
        ordinals. Such moments mostly differ: only those that somebody asks for are made."""
        np, cells = self._np, self._cells
        out = {}
        for field, column in columns.items():
            places = np.flatnonzero(used & (cells.column == column))
            days = cells.number[places].astype(np.int64)
            parted = np.flatnonzero(days < 0)
            if len(parted) < _MANY or (cells.kind[places] != sheet_columns.NUMBER).any():
                continue
            odd = places[parted]
            days[parted] = sheet_columns.moments(self._body, cells.start[odd], cells.end[odd], np)
            begun = self._meanings.day_0(sorted({*cells.style[places].tolist()}))
            if begun is not None and (days + begun >= FIRST_DAY).all() and (days + begun <= LAST_DAY).all():
                out[field] = places, days + begun
        return out

    def prove_texts(self) -> None:
        shared = shared_texts(self.part(_STRINGS))
        if shared is None:
            raise ReadByCells
        if not shared.sound:
            if len(self.part(_STRINGS)) > MOST_PROVED:  # nobody proves it then, and calamine reads only some of it here
                raise ReadByCells
            super().prove_texts()
        self._texts = shared.texts
        self._longest_text = max(map(len, shared.texts), default=0) * _MOST_BYTES

    def _open_calamine(self, content: bytes) -> CalamineWorkbook:
        """Scans the register and gives calamine the rest. Raises ReadByCells."""
        if not archives.is_plain(content, self._members.by_name.values()):
            raise ReadByCells  # what calamine cannot read it must not get from us in another packing
        self._title = self._register_sheet()
        part = self.sheets[self._title].part
        xml = self.part(part)
        found = sheet_scan.scan(xml, self._np)
        if found is None or found[1].rows * found[1].columns > MOST_CELLS or not self._texts_fit(xml):
            raise ReadByCells
        if not well_formed(sheet_columns.head_of(xml, 0)):  # the rows are in order, and now the rest is
            raise ReadByCells
        self._cells, self._body = found[0], xml
        self._meanings = Meanings(self, self._title, xml, self._cells, self._np)
        self._parts[part] = head = sheet_columns.head_of(xml, _HEAD)
        self._packed, self._shorter = content, {self._members.by_name[part.lower()].filename: head}
        first = slice(int(self._np.searchsorted(self._cells.start, len(head))))
        texts_there = self._cells.number[first][self._cells.kind[first] == sheet_columns.SHARED]
        self._given = int(texts_there.max(initial=0)) + 1
        if self._given >= len(self._texts):
            return super()._open_calamine(_with_parts(content, self._shorter))
        texts = self._members.by_name[_STRINGS.lower()].filename  # however it is spelt there
        short = _with_parts(content, {**self._shorter, texts: first_texts(self.part(_STRINGS), self._given)})
        return super()._open_calamine(short)

    def _parsed(self, title: str) -> CalamineSheet:
        """Calamine has got the texts of the first rows only: making all of them takes as long as all else it does."""
        if self._given < len(self._texts) and title != self._title:
            last = last_text(self.part(self.sheets[title].part))
            if last is None or last >= self._given:
                self._given = len(self._texts)
                self._calamine = super()._open_calamine(_with_parts(self._packed, self._shorter))
        return super()._parsed(title)

    def _register_sheet(self) -> str:
        """The sheet on which the register should be: ``register`` finds out whether it is there."""
        names = {f"{self._form.prefix}{self._block.id}_{field.id}" for field in self._block.indicators}
        named = locate.main_sheet(area for name, area in self.names.items() if name in names)
        titled = (title for title in self.sheets if key(title) == key(self._block.sheet))
        title = named or next(titled, "")
        if not title or sum(sheet.part == self.sheets[title].part for sheet in self.sheets.values()) > 1:
            raise ReadByCells
        return title

    def _values(self, used: Any, known: Any) -> tuple[Any, list[object]]:
        """Which value each of the used cells has, and the values; the last one is None. ``known``: cells that hold a
        number beyond doubt."""
        np, cells = self._np, self._cells
        number, texts = cells.number, self._texts
        shared = cells.kind == sheet_columns.SHARED
        whole = (cells.kind == sheet_columns.NUMBER) & (number >= 0)
        rest = np.flatnonzero(~shared & ~whole & ~known)
        if (shared & ((number < 0) | (number >= len(texts)))).any() or not self._meanings.sound(rest[~used[rest]]):
            raise ReadByCells  # calamine would stumble over it
        codes = np.zeros(len(used), np.int64)
        shared, whole, rest = shared & used, whole & used, rest[used[rest]]
        met, codes[shared] = places_of(number[shared], len(texts))
        values = self._meanings.of_texts([*map(texts.__getitem__, met.tolist())])
        places = np.flatnonzero(whole)
        first, of = _pairs(np, cells.style[places], number[places])
        codes[places] = of + len(values)
        asked = places[first].tolist()
        met_before: dict[tuple[int, int, bytes], int] = {}
        for i, style, kind, content in self._meanings.contents(rest):
            place = met_before.setdefault((style, kind, content), len(asked))
            if place == len(asked):
                asked.append(i)
            codes[i] = place + len(values)
        values += self._meanings.of(asked)
        return codes[used], [*values, None]


def _each_once(np: Any, codes: Any, values: Sequence[object]) -> Column:
    """A column with the values that it has, each once."""
    met, of = places_of(codes, len(values))
    cells = [*map(values.__getitem__, met.tolist())]
    one_kind = {*map(type, cells)} <= {str, NoneType}
    if len({*cells} if one_kind else {*zip(map(type, cells), cells, strict=True)}) < len(cells):
        known: dict[tuple[type, object], int] = {}
        places = [known.setdefault((type(value), value), len(known)) for value in cells]
        of, cells = np.asarray(places)[of], [value for _, value in known]
    return Column(of, cells)


def _blanks(values: Sequence[object]) -> list[int]:
    """Places of what shows nothing."""
    texts = [value if type(value) is str else " " if value is None else "" for value in values]
    return [*compress(count(), map(str.isspace, texts))]


def _pairs(np: Any, styles: Any, numbers: Any) -> tuple[Any, Any]:
    """The first place of each distinct pair, and which of them stands where."""
    used = np.flatnonzero(np.bincount(styles))
    most = int(numbers.max(initial=0)) + 1
    met, of = places_of(np.searchsorted(used, styles) * most + numbers, len(used) * most)
    return firsts(of, len(met)), of


def _with_parts(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    changed = archives.with_parts(content, parts)
    if changed is None:
        raise ReadByCells
    return changed


def library(name: str) -> Any:
    """A package that need not be installed. Raises ReadByCells."""
    try:
        return importlib.import_module(name)
    except ImportError as fault:
        raise ReadByCells from fault
