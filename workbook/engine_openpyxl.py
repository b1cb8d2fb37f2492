"""An xlwings engine over an openpyxl workbook: the buttons run on it where there is no Excel, in tests above all.

Registered through the public ``xlwings.engines``; as strict as Excel (``engine_common``). It does not calculate: a
formula that was written has no value until ``recalculate`` of its book gives one, a link apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import xlwings
from openpyxl.styles import Alignment, Border, Color, Font, PatternFill, Side
from openpyxl.utils.protection import hash_password
from openpyxl.worksheet.worksheet import Worksheet
from xlwings import base_classes

from toolkit.excel import column_letters
from workbook.engine_common import (
    BLACK,
    LAST_COLUMN,
    LAST_ROW,
    Apps,
    Engine,
    EngineError,
    Formula,
    RangeBase,
    as_typed,
    boxes,
    colour_of,
    hex_of,
    painting,
)
from workbook.rectangle import Box

ENGINE = Engine("openpyxl")
_ALLOWED = {
    "AllowFormattingCells": "formatCells",
    "AllowFormattingColumns": "formatColumns",
    "AllowFormattingRows": "formatRows",
    "AllowInsertingColumns": "insertColumns",
    "AllowInsertingRows": "insertRows",
    "AllowInsertingHyperlinks": "insertHyperlinks",
    "AllowDeletingColumns": "deleteColumns",
    "AllowDeletingRows": "deleteRows",
    "AllowSorting": "sort",
    "AllowFiltering": "autoFilter",
    "AllowUsingPivotTables": "pivotTables",
}
_LINK = re.compile(r'=HYPERLINK\("(?:[^"]|"")*","((?:[^"]|"")*)"\)')  # the one formula whose result needs no reckoning
_PLAIN_DAY = "dd/mm/yyyy"  # what Excel shows a day in that is written to a cell without a format

Colour = tuple[int, int, int] | None


def open_book(path: Path | str) -> xlwings.Book:
    """A workbook in this engine, which becomes the active one; the book is what ``Book.caller`` gives."""
    if ENGINE.name not in xlwings.engines.engines_by_name:
        ENGINE.apps = Apps(App)
        xlwings.engines.add(xlwings.Engine(impl=ENGINE))
    xlwings.engines[ENGINE.name].activate()
    book = xlwings.Book(impl=ENGINE.apps.first.books.open(str(path)))
    book.set_mock_caller()
    return book


class App(base_classes.App):
    """Without a screen. ``macros``: VBA that an add-in would bring, by the name that ``run`` is given."""

    pid = 1
    visible = False
    engine = ENGINE
    version = "16.0"
    books: Any = None

    def __init__(self, apps: Apps) -> None:
        self.apps = apps
        self.books = Books(self)
        self.selected: Range | None = None
        self.alerts: list[str] = []
        self.macros: dict[str, Callable[..., Any]] = {
            "tthc.xlam!LiveNames": self._names,
            "tthc.xlam!LiveColours": self._colours,
            "tthc.xlam!LivePaint": self._paint,
        }
        self._set: dict[str, object] = {
            "screen_updating": True,
            "enable_events": True,
            "display_alerts": True,
            "calculation": "automatic",
            "status_bar": False,
        }

    def run(self, macro: str, args: Sequence[Any]) -> Any:
        ENGINE.count("app.run")
        if macro not in self.macros:
            raise EngineError(f"no macro {macro}")
        return self.macros[macro](*args)

    def activate(self, steal_focus: bool = False) -> None: ...

    @property
    def selection(self) -> Range | None:
        ENGINE.count("app.selection")
        return self.selected

    def calculate(self) -> None:
        ENGINE.count("app.calculate")
        for book in self.books:
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
                _fill(found, box, colour)
        return 0


def _app_property(name: str) -> property:
    def get(self: App) -> object:
        ENGINE.count(f"app.{name}.get")
        return self._set[name]

    def put(self: App, value: object) -> None:
        ENGINE.count(f"app.{name}.set")
        self._set[name] = value

    return property(get, put)


for _name in ("screen_updating", "enable_events", "display_alerts", "calculation", "status_bar"):
    setattr(App, _name, _app_property(_name))


class Books(base_classes.Books):
    def __init__(self, app: App) -> None:
        self.app = app
        self._open: list[Book] = []

    @property
    def active(self) -> Book:
        return self._open[-1]

    def open(self, fullname: str, *args: object, **options: object) -> Book:
        self._open.append(Book(self, fullname))
        return self._open[-1]

    def close(self, book: Book) -> None:
        self._open.remove(book)

    def __call__(self, key: int | str) -> Book:
        if isinstance(key, int):
            return self._open[key - 1]
        for book in reversed(self._open):
            if key in (book.name, book.fullname):
                return book
        raise EngineError(f"no book {key}")

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator[Book]:
        return iter(list(self._open))


class Book(base_classes.Book):
    fullname = ""

    def __init__(self, books: Books, path: str) -> None:
        self.books = books
        self.fullname = path
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
    def app(self) -> App:
        return self.books.app

    @property
    def name(self) -> str:
        return Path(self.fullname).name

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

    def activate(self) -> None: ...


class BookApi:
    """The part of Excel's own Workbook that xlwings has no word for: protection of its structure."""

    def __init__(self, book: Book) -> None:
        self._book = book

    @property
    def ProtectStructure(self) -> bool:
        ENGINE.count("book.protection")
        security = self._book.xl.security
        return bool(security and security.lockStructure)

    def Unprotect(self, Password: str = "") -> None:
        ENGINE.count("book.unprotect")
        security = self._book.xl.security
        known = hash_password(Password) if Password else None
        if security and (security.workbookPassword or security.workbookHashValue or None) != known:
            raise EngineError("wrong password")
        if security:
            security.lockStructure = False

    def Protect(self, Password: str = "", Structure: bool = True) -> None:
        ENGINE.count("book.protect")
        from openpyxl.workbook.protection import WorkbookProtection

        self._book.xl.security = WorkbookProtection(lockStructure=Structure)


class Sheets(base_classes.Sheets):
    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def active(self) -> Sheet:
        ENGINE.count("sheets.active")
        return Sheet(self.book, self.book.xl.active)

    def __call__(self, key: int | str) -> Sheet:
        ENGINE.count("sheets.item")
        if isinstance(key, int):
            return Sheet(self.book, self.book.xl.worksheets[key - 1])
        for ws in self.book.xl.worksheets:
            if ws.title.casefold() == key.casefold():
                return Sheet(self.book, ws)
        raise xlwings.NoSuchObjectError(key)

    def __len__(self) -> int:
        return len(self.book.xl.worksheets)

    def __iter__(self) -> Iterator[Sheet]:
        ENGINE.count("sheets.list")
        return iter([Sheet(self.book, ws) for ws in self.book.xl.worksheets])

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        ENGINE.count("sheets.add")
        if self.book.api.ProtectStructure:
            raise EngineError("the structure of the workbook is protected")
        if name and len(name) > 31:
            raise EngineError(f"name of {len(name)} characters")
        at = before.index - 1 if before else after.index if after else len(self)
        self.book.xl.active = ws = self.book.xl.create_sheet(name, at)  # Excel shows a new sheet
        return Sheet(self.book, ws)


class Sheet(base_classes.Sheet):
    book: Any = None

    def __init__(self, book: Book, xl: Worksheet) -> None:
        self.book = book
        self.xl = xl

    @property
    def api(self) -> SheetApi:
        return SheetApi(self)

    @property
    def name(self) -> str:
        return str(self.xl.title)

    @name.setter
    def name(self, value: str) -> None:
        self.xl.title = value

    @property
    def index(self) -> int:
        return int(self.book.xl.worksheets.index(self.xl)) + 1

    @property
    def visible(self) -> bool:
        return bool(self.xl.sheet_state == "visible")

    @visible.setter
    def visible(self, value: bool) -> None:
        self.xl.sheet_state = "visible" if value else "hidden"

    @property
    def used_range(self) -> Range:
        ENGINE.count("sheet.used_range")
        ws = self.xl
        return Range(self, (ws.min_row, ws.min_column), (ws.max_row, ws.max_column))

    @property
    def cells(self) -> Range:
        return Range(self, (1, 1), (LAST_ROW, LAST_COLUMN))

    def range(self, first: Any, last: Any = None) -> Range:
        return Range(self, first, last)

    def activate(self) -> None:
        ENGINE.count("sheet.activate")
        self.book.xl.active = self.xl

    def clear(self) -> None:
        ENGINE.count("sheet.clear")
        self.require_unprotected()
        for ws_rows in list(self.xl._cells):
            del self.xl._cells[ws_rows]
        self.forget(None)

    def delete(self) -> None:
        ENGINE.count("sheet.delete")
        if self.book.api.ProtectStructure:
            raise EngineError("the structure of the workbook is protected")
        self.forget(None)
        front, at = self.book.xl.active, self.index - 1
        self.book.xl.remove(self.xl)
        rest = self.book.xl.worksheets
        self.book.xl.active = (
            rest[min(at, len(rest) - 1)] if front is self.xl else front
        )  # a neighbour comes to the front

    def cell(self, row: int, column: int) -> Any:
        """A cell; one that was never written looks like its column."""
        known = (row, column) in self.xl._cells
        cell = self.xl.cell(row, column)
        if not known:
            for dimension in self.xl.column_dimensions.values():
                if dimension.min and dimension.min <= column <= dimension.max and dimension.has_style:
                    cell._style = copy(dimension._style)
        return cell

    def forget(self, box: Box | None) -> None:
        """Drops results of formulas that are no longer there; None: of the whole sheet."""
        results = self.book.results
        for at in [
            (title, r, c)
            for title, r, c in results
            if title == self.name and (box is None or (box.top <= r <= box.bottom and box.left <= c <= box.right))
        ]:
            del results[at]

    def require_unprotected(self) -> None:
        if self.xl.protection.sheet:
            raise EngineError(f"{self.name} is protected")

    def require_formatting(self) -> None:
        if self.xl.protection.sheet and self.xl.protection.formatCells:
            raise EngineError(f"{self.name} is protected")


class SheetApi:
    """The part of Excel's own Worksheet that xlwings has no word for: protection."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    @property
    def ProtectContents(self) -> bool:
        ENGINE.count("sheet.protection")
        return bool(self._sheet.xl.protection.sheet)

    @property
    def ProtectDrawingObjects(self) -> bool:
        return bool(self._sheet.xl.protection.objects)

    @property
    def ProtectScenarios(self) -> bool:
        return bool(self._sheet.xl.protection.scenarios)

    @property
    def ProtectionMode(self) -> bool:
        return False

    @property
    def EnableSelection(self) -> int:
        given = self._sheet.xl.protection
        return -4142 if given.selectUnlockedCells else 1 if given.selectLockedCells else 0

    @EnableSelection.setter
    def EnableSelection(self, value: int) -> None:
        self._sheet.xl.protection.selectLockedCells = value != 0
        self._sheet.xl.protection.selectUnlockedCells = value == -4142

    @property
    def Protection(self) -> ProtectionApi:
        return ProtectionApi(self._sheet.xl)

    def Unprotect(self, Password: str = "") -> None:
        ENGINE.count("sheet.unprotect")
        given = self._sheet.xl.protection
        stored = given.hashValue or given.password
        if stored and stored != (hash_password(Password) if Password else None):
            raise EngineError("wrong password")
        given.sheet = False

    def Protect(self, **options: object) -> None:
        ENGINE.count("sheet.protect")
        given = self._sheet.xl.protection
        given.sheet = True
        given.objects = bool(options.get("DrawingObjects", True))
        given.scenarios = bool(options.get("Scenarios", True))
        for name, own in _ALLOWED.items():
            setattr(given, own, not options.get(name, False))


class ProtectionApi:
    def __init__(self, xl: Worksheet) -> None:
        self._xl = xl

    def __getattr__(self, name: str) -> bool:
        return not getattr(self._xl.protection, _ALLOWED[name])


class Range(RangeBase):
    """A range; what takes several areas in Excel takes them here."""

    def _cells(self, box: Box | None = None) -> list[list[Any]]:
        b = box or self.box
        return [[self._sheet.cell(r, c) for c in range(b.left, b.right + 1)] for r in range(b.top, b.bottom + 1)]

    @property
    def raw_value(self) -> Any:
        ENGINE.count("range.value.get")
        b, ws, results, title = self.box, self._sheet.xl, self._sheet.book.results, self._sheet.name

        def shown(r: int, c: int) -> object:
            cell = ws._cells.get((r, c))
            if cell is None or cell.value is None:
                return None
            return _over_com(results.get((title, r, c)) if cell.data_type == "f" else cell.value)

        rows = [[shown(r, c) for c in range(b.left, b.right + 1)] for r in range(b.top, b.bottom + 1)]
        return rows[0][0] if len(self) == 1 else rows

    @raw_value.setter
    def raw_value(self, value: object) -> None:
        ENGINE.count("range.value.set")
        self._write(value)

    @property
    def formula(self) -> Any:
        ENGINE.count("range.formula.get")
        b, ws = self.box, self._sheet.xl

        def text(r: int, c: int) -> str:
            cell = ws._cells.get((r, c))
            if cell is None or cell.value is None:
                return ""
            value = getattr(cell.value, "text", cell.value) if cell.data_type == "f" else _over_com(cell.value)
            return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)

        rows = tuple(tuple(text(r, c) for c in range(b.left, b.right + 1)) for r in range(b.top, b.bottom + 1))
        return rows[0][0] if len(self) == 1 else rows

    @formula.setter
    def formula(self, value: object) -> None:
        ENGINE.count("range.formula.set")
        self._write(value)

    def clear_contents(self) -> None:
        ENGINE.count("range.clear_contents")
        for box in self.areas:
            Range(self._sheet, box)._write(None)

    def clear(self) -> None:
        ENGINE.count("range.clear")
        self._sheet.require_unprotected()
        for b in self.areas:
            for at in [k for k in self._sheet.xl._cells if b.top <= k[0] <= b.bottom and b.left <= k[1] <= b.right]:
                del self._sheet.xl._cells[at]
            self._sheet.forget(b)

    @property
    def color(self) -> Colour:
        ENGINE.count("range.color.get")
        found = {_filled(self._sheet, r, c) for b in self.areas for r, c in _places(b)}
        return found.pop() if len(found) == 1 else BLACK

    @color.setter
    def color(self, value: object) -> None:
        ENGINE.count("range.color.set")
        self._sheet.require_formatting()
        for box in self.areas:
            _fill(self._sheet, box, colour_of(value))

    @property
    def number_format(self) -> str | None:
        ENGINE.count("range.number_format.get")
        found = {cell.number_format for box in self.areas for row in self._cells(box) for cell in row}
        return found.pop() if len(found) == 1 else None

    @number_format.setter
    def number_format(self, value: str) -> None:
        self._style("number_format", number_format=value)

    @property
    def wrap_text(self) -> bool:
        return bool(self._cells()[0][0].alignment.wrap_text)

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self._align("wrap_text", wrap_text=value)

    @property
    def horizontal_alignment(self) -> str:
        return str(self._cells()[0][0].alignment.horizontal or "general")

    @horizontal_alignment.setter
    def horizontal_alignment(self, value: str) -> None:
        self._align("horizontal_alignment", horizontal=value)

    @property
    def vertical_alignment(self) -> str:
        return str(self._cells()[0][0].alignment.vertical or "bottom")

    @vertical_alignment.setter
    def vertical_alignment(self, value: str) -> None:
        self._align("vertical_alignment", vertical=value)

    @property
    def font(self) -> FontOf:
        return FontOf(self)

    @property
    def borders(self) -> BordersOf:
        return BordersOf(self)

    @property
    def column_width(self) -> float:
        return float(self._sheet.xl.column_dimensions[column_letters(self.column)].width)

    @column_width.setter
    def column_width(self, value: float) -> None:
        ENGINE.count("range.column_width.set")
        for box in self.areas:
            for column in range(box.left, box.right + 1):
                self._sheet.xl.column_dimensions[column_letters(column)].width = value

    @property
    def column_hidden(self) -> bool:
        return bool(self._sheet.xl.column_dimensions[column_letters(self.column)].hidden)

    @column_hidden.setter
    def column_hidden(self, value: bool) -> None:
        ENGINE.count("range.column_hidden.set")
        for column in range(self.box.left, self.box.right + 1):
            self._sheet.xl.column_dimensions[column_letters(column)].hidden = value

    def autofit(self, axis: str | None = None) -> None:
        ENGINE.count("range.autofit")

    def select(self) -> None:
        ENGINE.count("range.select")
        if self._sheet.book.xl.active is not self._sheet.xl:
            raise EngineError("only a cell of the active sheet can be selected")
        self._sheet.book.app.selected = self

    def find(self, text: str, whole: bool, direction: str, order: str, match_case: bool) -> Range | None:
        """Only what asks for the last cell with anything in it: ``find("*", direction="backward")``."""
        ENGINE.count("range.find")
        if text != "*" or direction != "backward":
            raise NotImplementedError
        used = [at for at, cell in self._sheet.xl._cells.items() if cell.value is not None]
        if not used:
            return None
        row, column = max(used) if order == "rows" else max(used, key=lambda at: at[::-1])
        return Range(self._sheet, (row, column))

    def style(self, call: str, change: Callable[[Any], None]) -> None:
        ENGINE.count(f"range.{call}.set")
        self._sheet.require_formatting()
        for box in self.areas:
            for row in self._cells(box):
                for cell in row:
                    change(cell)

    def _style(self, call: str, **attributes: object) -> None:
        def change(cell: Any) -> None:
            for name, value in attributes.items():
                setattr(cell, name, value)

        self.style(call, change)

    def _align(self, call: str, **attributes: object) -> None:
        def change(cell: Any) -> None:
            now = {name: getattr(cell.alignment, name) for name in ("horizontal", "vertical", "wrap_text")}
            cell.alignment = Alignment(**{**now, **attributes})

        self.style(call, change)

    def _write(self, value: object) -> None:
        rows = self.shaped(value)
        sheet, locked = self._sheet, self._sheet.xl.protection.sheet
        cells = [
            (sheet.cell(self.row + down, self.column + across), given)
            for down, row in enumerate(rows)
            for across, given in enumerate(row)
        ]
        if locked and any(cell.protection.locked for cell, _ in cells):
            raise EngineError(f"{sheet.name} is protected")
        for cell, given in cells:
            if type(cell).__name__ == "MergedCell":
                continue  # what is written there vanishes in Excel too
            value = as_typed(given, cell.number_format == "@")
            _put(cell, value)
            at = (sheet.name, cell.row, cell.column)
            sheet.book.results.pop(at, None)
            if isinstance(value, Formula) and (link := _LINK.fullmatch(value)):
                sheet.book.results[at] = link[1].replace('""', '"')


class FontOf:
    def __init__(self, of: Range) -> None:
        self._of = of

    def _change(self, **attributes: object) -> None:
        names = ("name", "size", "bold", "italic", "underline", "color")

        def change(cell: Any) -> None:
            now = {name: getattr(cell.font, name) for name in names}
            cell.font = Font(**{**now, **attributes})

        self._of.style("font", change)

    @property
    def bold(self) -> bool:
        return bool(self._of._cells()[0][0].font.bold)

    @bold.setter
    def bold(self, value: bool) -> None:
        self._change(bold=value)

    @property
    def size(self) -> float:
        return float(self._of._cells()[0][0].font.size)

    @size.setter
    def size(self, value: float) -> None:
        self._change(size=value)

    @property
    def color(self) -> Colour:
        given = self._of._cells()[0][0].font.color
        return colour_of(given.rgb[-6:]) if given is not None and given.type == "rgb" else None

    @color.setter
    def color(self, value: object) -> None:
        self._change(color="FF" + hex_of(colour_of(value)))


class BordersOf:
    def __init__(self, of: Range) -> None:
        self._of = of

    def set(self, which: str = "all", **attributes: object) -> None:
        """Thin lines on every side: all that the product draws."""
        colour = hex_of(colour_of(attributes.get("color", "#000000")))
        side = Side(style="thin", color=Color("FF" + colour))

        def change(cell: Any) -> None:
            cell.border = Border(left=side, right=side, top=side, bottom=side)

        self._of.style("borders", change)


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
        ENGINE.count("name.refers_to")
        return "=" + str(self._book.xl.defined_names[self.name].attr_text)

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        ENGINE.count("name.refers_to.set")
        self._book.xl.defined_names[self.name].attr_text = value.removeprefix("=")


def _put(cell: Any, value: object) -> None:
    if isinstance(value, datetime) and cell.number_format == "General":
        cell.number_format = _PLAIN_DAY
    given = cell.number_format
    cell.value = value
    if isinstance(value, str) and not isinstance(value, Formula):
        cell.data_type = "s"  # openpyxl would make a formula of a text that begins with "="
    cell.number_format = given


def _over_com(value: object) -> object:
    """A stored value as it comes over COM: numbers are float, days and times datetime."""
    if isinstance(value, (bool, datetime)) or value is None:
        return value
    if isinstance(value, int):
        return float(value)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, time):
        return datetime.combine(date(1899, 12, 30), value)
    if isinstance(value, timedelta):
        return datetime(1899, 12, 30) + value
    return str(value) if not isinstance(value, (float, str)) or type(value).__name__ == "CellRichText" else value


def _filled(sheet: Sheet, row: int, column: int) -> Colour:
    fill = sheet.cell(row, column).fill
    if fill.fill_type != "solid":
        return None
    if fill.fgColor.type != "rgb":
        return (1, 1, 1)  # a colour of the theme: something, and not one that we know
    return colour_of(fill.fgColor.rgb[-6:])


def _fill(sheet: Sheet, box: Box, colour: Colour) -> None:
    fill = PatternFill() if colour is None else PatternFill("solid", fgColor="FF" + hex_of(colour))
    for row, column in _places(box):
        sheet.cell(row, column).fill = fill


def _told(sheet: Sheet, area: str) -> str:
    found = [hex_of(_filled(sheet, r, c)) for b in boxes(area) for r, c in _places(b)]
    return found[0] if len(set(found)) == 1 else ".".join(found)


def _places(box: Box) -> Iterator[tuple[int, int]]:
    return ((r, c) for r in range(box.top, box.bottom + 1) for c in range(box.left, box.right + 1))
