"""An xlwings engine over a document that is open in LibreOffice (UNO): the same buttons where there is no Excel.

Writing follows Excel (``engine_common``), so that what runs here runs there; LibreOffice itself is more lenient. Needs
the ``uno`` module, which comes with LibreOffice's own Python (Debian: python3-uno).
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import xlwings

from workbook.engine_base import AppBase, Apps, BooksBase, calling, start
from workbook.engine_common import Engine, boxes, hex_of, painting
from workbook.engine_uno_book import Book, Names, title_of
from workbook.engine_uno_cells import alike, box_of, cells_of, number_of, several, triple
from workbook.engine_uno_range import Range

ENGINE = Engine("uno")
_ANY_RESULT = 7  # com.sun.star.sheet.FormulaResult: value, text, error


def attach(document: Any) -> xlwings.Book:
    """The book of a Calc document, which becomes the active one; it is what ``Book.caller`` gives."""
    return calling(start(ENGINE, App).books.attach(document))


class App(AppBase):
    """LibreOffice, as far as it shows the active document."""

    visible = True
    engine = ENGINE
    display_alerts = True
    enable_events = True

    def __init__(self, apps: Apps) -> None:
        super().__init__(apps)
        self.books = Books(self)
        self._shown = True
        self._indicator: Any = None
        self._status: object = False

    @property
    def screen_updating(self) -> bool:
        return self._shown

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        self.count("app.screen_updating.set")
        document = self.books.active.doc
        if value and not self._shown:
            document.unlockControllers()
        elif self._shown and not value:
            document.lockControllers()
        self._shown = bool(value)

    @property
    def calculation(self) -> str:
        return "automatic" if self.books.active.doc.isAutomaticCalculationEnabled() else "manual"

    @calculation.setter
    def calculation(self, value: str) -> None:
        self.count("app.calculation.set")
        document = self.books.active.doc
        if value != "automatic" and document.isAutomaticCalculationEnabled():
            _settle(document)
        document.enableAutomaticCalculation(value == "automatic")
        if value == "automatic":
            document.calculate()  # as Excel does then

    @property
    def status_bar(self) -> object:
        return self._status

    @status_bar.setter
    def status_bar(self, value: object) -> None:
        self.count("app.status_bar.set")
        self._status = value
        with suppress(Exception):  # a document without a window has none
            if self._indicator is None:
                self._indicator = self.books.active.doc.CurrentController.Frame.createStatusIndicator()
            if value:
                self._indicator.start(str(value), 0)
            else:
                self._indicator.end()

    @property
    def selection(self) -> Range | None:
        self.count("app.selection")
        chosen = self.books.active.doc.CurrentController.Selection
        if chosen is None or not chosen.supportsService("com.sun.star.sheet.SheetCellRange"):
            return None
        box = box_of(chosen.RangeAddress)
        return Range(self.books.active.sheets.active, (box.top, box.left), (box.bottom, box.right))

    def calculate(self) -> None:
        self.count("app.calculate")
        self.books.active.doc.calculateAll()

    def alert(self, prompt: str, title: str, buttons: str, mode: str, callback: str) -> str:
        return "ok"

    def _names(self, book: str) -> str:
        names = Names(self.books(book))
        return "\n".join(f"{name.name}\t{name.reference()}" for name in map(names, range(1, len(names) + 1)))

    def _colours(self, book: str, sheet: str, areas: str) -> str:
        xl = self.books(book).doc.Sheets.getByName(sheet)
        told = []
        for area in areas.split(","):
            box = boxes(area)[0]
            each = [(box_of(r.RangeAddress), r.CellBackColor) for r in alike(cells_of(xl, box))]
            if len({colour for _, colour in each}) == 1:
                told.append(hex_of(triple(each[0][1])))
                continue
            at = {
                (r, c): colour
                for b, colour in each
                for r in range(b.top, b.bottom + 1)
                for c in range(b.left, b.right + 1)
            }
            rows, columns = range(box.top, box.bottom + 1), range(box.left, box.right + 1)
            told.append(".".join(hex_of(triple(at[r, c])) for r in rows for c in columns))
        return ";".join(told)

    def _paint(self, book: str, sheet: str, plan: str) -> int:
        found = self.books(book)
        xl = found.doc.Sheets.getByName(sheet)
        for colour, areas in painting(plan):
            several(found.doc, xl, areas).CellBackColor = number_of(colour)
        return 0


def _settle(document: Any) -> None:
    """Calculates what LibreOffice put off, as it does for cells not yet shown whose stored result is an empty text:
    while it is told not to calculate, they are 0. Excel never has such. Asking for the kind of a result settles it,
    where ``calculate`` passes over some."""
    for n in range(document.Sheets.Count):
        document.Sheets.getByIndex(n).queryFormulaCells(_ANY_RESULT)


class Books(BooksBase):
    def attach(self, document: Any) -> Book:
        self._open = [book for book in self._open if book.name != title_of(document)]
        book = Book(self, document)
        self._open.append(book)
        return book
