"""An xlwings engine over an openpyxl workbook: the buttons run on it where there is no Excel, in tests above all.

Registered through the public ``xlwings.engines``; as strict as Excel (``engine_common``). It does not calculate: a
formula that was written has no value until ``recalculate`` of its book gives one, a link apart.
"""

from __future__ import annotations

from pathlib import Path

import xlwings

from workbook.engine_base import AppBase, Apps, BooksBase, calling, start
from workbook.engine_common import Engine, boxes, painting
from workbook.engine_openpyxl_book import Book
from workbook.engine_openpyxl_format import fill, told
from workbook.engine_openpyxl_range import Range
from workbook.engine_openpyxl_sheet import Sheet

ENGINE = Engine("openpyxl")


def open_book(path: Path | str) -> xlwings.Book:
    """A workbook in this engine, which becomes the active one; the book is what ``Book.caller`` gives."""
    return calling(start(ENGINE, App).books.open(str(path)))


class App(AppBase):
    """Without a screen."""

    visible = False
    engine = ENGINE

    def __init__(self, apps: Apps) -> None:
        super().__init__(apps)
        self.books = Books(self)
        self.selected: Range | None = None
        self.alerts: list[str] = []
        self._set: dict[str, object] = {
            "screen_updating": True,
            "enable_events": True,
            "display_alerts": True,
            "calculation": "automatic",
            "status_bar": False,
        }

    @property
    def selection(self) -> Range | None:
        self.count("app.selection")
        return self.selected

    def calculate(self) -> None:
        self.count("app.calculate")
        self.settle()

    def settle(self) -> None:
        """Gives the formulas of the active book their results, as far as it can."""
        book = self.books.active
        if book.recalculate:
            book.recalculate(book)

    def alert(self, prompt: str, title: str, buttons: str, mode: str, callback: str) -> str:
        self.alerts.append(prompt)
        return "ok"

    def _names(self, book: str) -> str:
        names = self.books(book).xl.defined_names
        return "\n".join(f"{name}\t={defined.attr_text}" for name, defined in names.items())

    def _colours(self, book: str, sheet: str, areas: str) -> str:
        found = Sheet(self.books(book), self.books(book).xl[sheet])
        return ";".join(_told(found, area) for area in areas.split(","))

    def _paint(self, book: str, sheet: str, plan: str) -> int:
        found = Sheet(self.books(book), self.books(book).xl[sheet])
        found.require_formatting()
        for colour, areas in painting(plan):
            for box in areas:
                fill(found, box, colour)
        return 0


def _setting(name: str) -> property:
    def get(self: App) -> object:
        self.count(f"app.{name}.get")
        return self._set[name]

    def put(self: App, value: object) -> None:
        self.count(f"app.{name}.set")
        self._set[name] = value
        if (name, value) == ("calculation", "automatic"):
            self.settle()  # as Excel does then

    return property(get, put)


for _name in ("screen_updating", "enable_events", "display_alerts", "calculation", "status_bar"):
    setattr(App, _name, _setting(_name))


class Books(BooksBase):
    def open(self, fullname: str, *args: object, **options: object) -> Book:
        book = Book(self, fullname)
        self._open.append(book)
        return book


def _told(sheet: Sheet, area: str) -> str:
    found = [told(sheet, r, c) for b in boxes(area) for r, c in b.places()]
    return found[0] if len(set(found)) == 1 else ".".join(found)
