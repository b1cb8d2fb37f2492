"""A document in the LibreOffice engine: its sheets and names, and the protection of its structure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import unquote
from zipfile import BadZipFile, ZipFile

import uno  # type: ignore[import-not-found, unused-ignore]  # LibreOffice's own
import xlwings
from xlwings import base_classes

from toolkit.excel import column_letters
from workbook.engine_base import BookBase, BooksBase, ThemeApi, Words
from workbook.engine_common import EngineError
from workbook.engine_uno_cells import as_calc, box_of
from workbook.engine_uno_page import window
from workbook.engine_uno_sheet import Sheet
from workbook.fill_colours import palette_of


class Book(BookBase):
    def __init__(self, books: BooksBase, document: Any) -> None:
        super().__init__(books)
        self.xl = self.doc = document
        self.name = title_of(document)
        self.fullname = document.URL or self.name

    @property
    def api(self) -> BookApi:
        return BookApi(self)

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Names:
        return Names(self)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        if path is None:
            self.doc.store()
            return
        kind = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        kind.Name, kind.Value = "FilterName", "Calc MS Excel 2007 XML"
        self.doc.storeToURL(uno.systemPathToFileUrl(str(path)), (kind,))


class BookApi:
    """The part of Excel's own Workbook that xlwings has no word for: protection of its structure, window, theme."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self.Application = Words(book.count, {"PrintCommunication": lambda on: None})

    @property
    def ProtectStructure(self) -> bool:
        self._book.count("book.protection")
        return bool(self._book.doc.isProtected())

    def Unprotect(self, Password: str = "") -> None:
        self._book.count("book.unprotect")
        self._book.doc.unprotect(Password)

    def Protect(self, **options: object) -> None:
        self._book.count("book.protect")
        self._book.doc.protect("")

    def Windows(self, index: int) -> Words:
        return window(self._book)

    @property
    def Theme(self) -> ThemeApi:
        """Of the file that was opened: LibreOffice 7.4 makes plain colours of it and forgets it."""
        self._book.count("book.theme")
        theme = b""
        with suppress(OSError, KeyError, BadZipFile, uno.RuntimeException), ZipFile(self._path()) as opened:
            theme = opened.read("xl/theme/theme1.xml")
        return ThemeApi(palette_of(theme))

    def _path(self) -> str:
        return str(uno.fileUrlToSystemPath(self._book.doc.URL))


class Sheets(base_classes.Sheets):
    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def active(self) -> Sheet:
        self.book.count("sheets.active")
        return Sheet(self.book, self.book.doc.CurrentController.ActiveSheet)

    def __call__(self, key: int | str) -> Sheet:
        self.book.count("sheets.item")
        sheets = self.book.doc.Sheets
        if isinstance(key, int):
            return Sheet(self.book, sheets.getByIndex(key - 1))
        if not sheets.hasByName(key):
            raise xlwings.NoSuchObjectError(key)
        return Sheet(self.book, sheets.getByName(key))

    def __len__(self) -> int:
        return int(self.book.doc.Sheets.Count)

    def __iter__(self) -> Iterator[Sheet]:
        self.book.count("sheets.list")
        sheets = self.book.doc.Sheets
        return iter([Sheet(self.book, sheets.getByIndex(n)) for n in range(sheets.Count)])

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        self.book.count("sheets.add")
        at = before.index - 1 if before else after.index if after else len(self)
        sheets = self.book.doc.Sheets
        sheets.insertNewByName(name, at)
        if not sheets.hasByName(name):
            raise EngineError("the structure of the workbook is protected")
        made = Sheet(self.book, sheets.getByName(name))
        made.activate()  # Excel shows a new sheet
        return made


class Names(base_classes.Names):
    """Names of one rectangle; others refer to nothing that anybody here asks for."""

    api = None

    def __init__(self, book: Book) -> None:
        self._book = book

    def __call__(self, key: int | str) -> Name:
        names = self._book.doc.NamedRanges
        return Name(self._book, names.getByIndex(key - 1) if isinstance(key, int) else names.getByName(key))

    def contains(self, key: int | str) -> bool:
        return bool(self._book.doc.NamedRanges.hasByName(key))

    def __len__(self) -> int:
        return int(self._book.doc.NamedRanges.Count)


class Name(base_classes.Name):
    name = ""

    def __init__(self, book: Book, xl: Any) -> None:
        self._book = book
        self._xl = xl
        self.name = str(xl.Name)

    @property
    def refers_to(self) -> str:
        self._book.count("name.refers_to")
        return self.reference()

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self._book.count("name.refers_to.set")
        self._xl.Content = as_calc(value).removeprefix("=")

    def reference(self) -> str:
        cells = self._xl.getReferredCells()
        if cells is None:
            return "=" + str(self._xl.Content)
        box = box_of(cells.RangeAddress)
        title = str(cells.Spreadsheet.Name).replace("'", "''")
        ends = dict.fromkeys(f"${column_letters(c)}${r}" for r, c in ((box.top, box.left), (box.bottom, box.right)))
        return f"='{title}'!{':'.join(ends)}"


def title_of(document: Any) -> str:
    return unquote(str(document.URL).rpartition("/")[2]) or str(document.Title)
