"""A workbook that is open, read as a closed one is: one read of values and one of formulas for each sheet asked for.

The book is anything with the object model of xlwings (``xlwings.Book`` over Excel, LibreOffice or a file); nothing of
xlwings is imported here. What the XML of a closed file tells (formulas, error values, names) is asked of the book, so
that ``read`` and every rule run unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

from toolkit.form import Form
from toolkit.places import Gazetteer
from toolkit.records import Filing
from workbook.areas import Area, area_of
from workbook.cells import Cell
from workbook.package import MOST_CELLS, Package, Rows, Sheet
from workbook.read import read_package
from workbook.sniff import Unreadable

HELPERS = "tthc.xlam!"
"""Where Excel finds the VBA of the add-in (``macros/vba/Live.bas``), which does in one call what takes many from
outside. Without it everything works, in more calls."""

_ERRORS = frozenset({"#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
_LARGE = 200_000  # cells of a used range that is worth asking where it really ends
_DAY_0 = date(1899, 12, 30)


def read_live(book: Any, form: Form, places: Gazetteer) -> Filing:
    """The report in an open book, as ``read.read`` gives it for the saved file, without a SHA-256. Raises
    ``Unreadable`` for a book that is no such report."""
    return read_package(LivePackage(book), str(book.name), form, places)


class LivePackage(Package):
    """What reading needs of an open book. Raises Unreadable (TEP_006) for a sheet that uses too many cells."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self._sheets = {str(sheet.name): sheet for sheet in book.sheets}
        self.sheets = {title: Sheet(title, title, not sheet.visible) for title, sheet in self._sheets.items()}
        titles = {title.lower(): title for title in self.sheets}
        found = ((name, area_of(reference, titles)) for name, reference in _names(book) if "!" not in name)
        self.names: dict[str, Area] = {name: area for name, area in found if area is not None}
        self._values: dict[str, Rows] = {}
        self._errors: dict[str, dict[tuple[int, int], str]] = {}
        self._formulas: dict[str, dict[tuple[int, int], str]] = {}
        self._used: dict[str, Any] = {}

    def part(self, name: str) -> bytes:
        return b""

    def prove(self, part: str) -> None:
        """Nothing to prove: the book is open."""

    def parse_ahead(self) -> bool:
        return False

    def values(self, title: str) -> Rows:
        if title not in self.sheets:
            return ()
        if title not in self._values:
            rows = self._used_range(title).options(ndim=2, empty="", err_to_str=True).value
            self._values[title], self._errors[title] = _as_read(rows)
        return self._values[title]

    def errors(self, title: str) -> dict[tuple[int, int], str]:
        self.values(title)
        return self._errors.get(title, {})

    def cells(self, title: str) -> dict[tuple[int, int], Cell]:
        """A formula of an open book always has a result: "" is one, and nothing tells it from none."""
        errors = self.errors(title)
        found = {at: Cell(None, error, calculated=True) for at, error in errors.items()}
        for at, text in self.formulas(title).items():
            found[at] = Cell(text, errors.get(at, ""), calculated=True)
        return found

    def formulas(self, title: str) -> dict[tuple[int, int], str]:
        """The formulas of a sheet without "=", by (row, column) from 1."""
        if title not in self._formulas:
            self._formulas[title] = dict(self._read_formulas(title)) if title in self.sheets else {}
        return self._formulas[title]

    def _read_formulas(self, title: str) -> Iterator[tuple[tuple[int, int], str]]:
        values = self.values(title)
        for row, texts in enumerate(table(self._used_range(title).formula), 1):
            for column, text in enumerate(texts, 1):
                if isinstance(text, str) and text[:1] == "=" and text != _at(values, row, column):  # else: a text
                    yield (row, column), text[1:]

    def _used_range(self, title: str) -> Any:
        """From A1 to the last used cell."""
        if title not in self._used:
            sheet = self._sheets[title]
            last = sheet.used_range.last_cell
            row, column = int(last.row), int(last.column)
            if row * column > _LARGE:  # formats alone make a used range, down to the last row of a sheet
                found = [sheet.cells.find("*", direction="backward", order=order) for order in ("rows", "columns")]
                row, column = (int(found[0].row), int(found[1].column)) if all(found) else (1, 1)
            if row * column > MOST_CELLS:
                raise Unreadable("TEP_006", ly_do=f"trang “{title}” dùng đến {row} dòng × {column} cột")
            self._used[title] = sheet.range((1, 1), (row, column))
        return self._used[title]


def table(read: object) -> Sequence[Sequence[object]]:
    """What a range gave as rows: a single cell comes bare, a single row may come flat."""
    if not isinstance(read, (list, tuple)):
        return [[read]]
    return read if not read or isinstance(read[0], (list, tuple)) else [read]


def _names(book: Any) -> Iterator[tuple[str, str]]:
    """The defined names and what they refer to, in one call where the add-in helps."""
    with suppress(Exception):  # whatever Excel answers when it has no such function: then one by one
        listed = book.app.macro(HELPERS + "LiveNames")(book.name)
        if isinstance(listed, str):
            for line in listed.split("\n"):
                name, _, reference = line.partition("\t")
                yield name, reference
            return
    for name in book.names:
        yield str(name.name), str(name.refers_to)


def _as_read(rows: Sequence[Sequence[object]]) -> tuple[Rows, dict[tuple[int, int], str]]:
    """Values as ``Package.values`` gives them, without blank rows at the end, and the error values."""
    errors: dict[tuple[int, int], str] = {}
    out: list[Sequence[object]] = []
    last = 0
    for number, row in enumerate(rows, 1):
        kinds = {*map(type, row)}
        if kinds & {datetime, str}:
            for column, value in enumerate(row, 1):
                if value in _ERRORS:
                    errors[number, column] = str(value)
            row = [_plain(value) for value in row]
        if kinds != {str} or any(row) or any(at[0] == number for at in errors):
            last = number
        out.append(row)
    return out[:last], errors


def _plain(value: object) -> object:
    """A moment at midnight is a day, one on day 0 a time of the day, an error value is told apart: blank."""
    if isinstance(value, datetime):
        if value.date() == _DAY_0:
            return value.time()
        return value.date() if value.time() == time() else value
    return "" if value in _ERRORS else value


def _at(rows: Rows, row: int, column: int) -> object:
    return rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else ""
