"""A workbook in the openpyxl engine: its sheets and names, and the protection of its structure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import xlwings
from openpyxl.utils.protection import hash_password
from openpyxl.workbook.protection import WorkbookProtection
from xlwings import base_classes

from workbook.engine_base import BookBase, BooksBase, ThemeApi, Words
from workbook.engine_common import EngineError
from workbook.engine_openpyxl_page import window
from workbook.engine_openpyxl_sheet import Sheet
from workbook.fill_colours import palette_of


class Book(BookBase):
    def __init__(self, books: BooksBase, path: str) -> None:
        super().__init__(books)
        self.fullname = path
        self.name = Path(path).name
        self.recalculate: Callable[[Book], None] | None = None
        self.xl = openpyxl.load_workbook(path, keep_vba=path.endswith("m"), rich_text=True)
        stored = openpyxl.load_workbook(path, data_only=True)
        self.results: dict[tuple[str, int, int], object] = {
            (ws.title, c.row, c.column): result
            for ws in self.xl.worksheets
            for row in ws.iter_rows()
            for c in row
            if c.data_type == "f" and (result := stored[ws.title].cell(c.row, c.column).value) is not None
        }

    @property
    def api(self) -> BookApi:
        return BookApi(self)

    @property
    def palette(self) -> tuple[str, ...]:
        """The colours of its theme."""
        return palette_of(self.xl.loaded_theme or b"")

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Names:
        return Names(self)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        self.xl.save(path or self.fullname)

    def close(self) -> None:
        self.books.close(self)


class BookApi:
    """The part of Excel's own Workbook that xlwings has no word for: protection of its structure, window, theme."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self.Application = Words(book.count, {"PrintCommunication": lambda on: None})

    def Windows(self, index: int) -> Words:
        return window(self._book)

    @property
    def Theme(self) -> ThemeApi:
        self._book.count("book.theme")
        return ThemeApi(self._book.palette)

    @property
    def ProtectStructure(self) -> bool:
        self._book.count("book.protection")
        security = self._book.xl.security
        return bool(security and security.lockStructure)

    def Unprotect(self, Password: str = "") -> None:
        self._book.count("book.unprotect")
        security = self._book.xl.security
        known = hash_password(Password) if Password else None
        if security and (security.workbookPassword or security.workbookHashValue or None) != known:
            raise EngineError("wrong password")
        if security:
            security.lockStructure = False

    def Protect(self, Password: str = "", Structure: bool = True) -> None:
        self._book.count("book.protect")
        self._book.xl.security = WorkbookProtection(lockStructure=Structure)


class Sheets(base_classes.Sheets):
    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def active(self) -> Sheet:
        self.book.count("sheets.active")
        return Sheet(self.book, self.book.xl.active)

    def __call__(self, key: int | str) -> Sheet:
        self.book.count("sheets.item")
        if isinstance(key, int):
            return Sheet(self.book, self.book.xl.worksheets[key - 1])
        for ws in self.book.xl.worksheets:
            if ws.title.casefold() == key.casefold():
                return Sheet(self.book, ws)
        raise xlwings.NoSuchObjectError(key)

    def __len__(self) -> int:
        return len(self.book.xl.worksheets)

    def __iter__(self) -> Iterator[Sheet]:
        self.book.count("sheets.list")
        return iter([Sheet(self.book, ws) for ws in self.book.xl.worksheets])

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        self.book.count("sheets.add")
        if self.book.api.ProtectStructure:
            raise EngineError("the structure of the workbook is protected")
        if name and len(name) > 31:
            raise EngineError(f"name of {len(name)} characters")
        at = before.index - 1 if before else after.index if after else len(self)
        self.book.xl.active = ws = self.book.xl.create_sheet(name, at)  # Excel shows a new sheet
        return Sheet(self.book, ws)


class Names(base_classes.Names):
    api = None

    def __init__(self, book: Book) -> None:
        self._book = book

    def __call__(self, key: int | str) -> Name:
        known = self._book.xl.defined_names
        return Name(self._book, list(known)[key - 1] if isinstance(key, int) else key)

    def contains(self, key: int | str) -> bool:
        return key in self._book.xl.defined_names

    def __len__(self) -> int:
        return len(self._book.xl.defined_names)


class Name(base_classes.Name):
    name = ""

    def __init__(self, book: Book, name: str) -> None:
        self._book = book
        self.name = name

    @property
    def refers_to(self) -> str:
        self._book.count("name.refers_to")
        return "=" + str(self._book.xl.defined_names[self.name].attr_text)

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self._book.count("name.refers_to.set")
        self._book.xl.defined_names[self.name].attr_text = value.removeprefix("=")
