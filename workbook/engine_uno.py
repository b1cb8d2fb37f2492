"""An xlwings engine over a document that is open in LibreOffice (UNO): the same buttons where there is no Excel.

Writing follows Excel (``engine_common``), so that what runs here runs there; LibreOffice itself is more lenient. Needs
the ``uno`` module, which comes with LibreOffice's own Python (Debian: python3-uno).

Not as in Excel: protecting a sheet again gives it LibreOffice's usual permissions, because UNO has no word for others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import uno  # type: ignore[import-not-found, unused-ignore]  # LibreOffice's own
import xlwings
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

ENGINE = Engine("uno")
_EPOCH = datetime(1899, 12, 30)
_DATETIME, _CONTENT = 2, 23  # com.sun.star.sheet.CellFlags: date and time; values, days, texts, formulas
_EVERYTHING = 1023
_ERROR = 4  # com.sun.star.sheet.FormulaResult
_BOLD, _REGULAR = 150.0, 100.0
_VERTICAL = {"top": 1, "center": 2, "bottom": 3}
_QUOTED = re.compile(r"(\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*')")
_LO_SHEET = re.compile(r"\$?('(?:[^']|'')*'|[A-Za-z_]\w*)\.(?=\$?[A-Z]{1,3}\$?\d)")
_XL_SHEET = re.compile(r"('(?:[^']|'')*'|[A-Za-z_]\w*)!(?=\$?[A-Z]{1,3}\$?\d)")
_ERROR_NAMES = {
    502: "#VALUE!",
    503: "#NUM!",
    519: "#VALUE!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
    32767: "#N/A",
}

Colour = tuple[int, int, int] | None


def attach(document: Any) -> xlwings.Book:
    """The book of a Calc document, which becomes the active one; it is what ``Book.caller`` gives."""
    if ENGINE.name not in xlwings.engines.engines_by_name:
        ENGINE.apps = Apps(App)
        xlwings.engines.add(xlwings.Engine(impl=ENGINE))
    xlwings.engines[ENGINE.name].activate()
    book = xlwings.Book(impl=ENGINE.apps.first.books.attach(document))
    book.set_mock_caller()
    return book


class App(base_classes.App):
    """LibreOffice, as far as it shows the active document."""

    pid = 1
    visible = True
    engine = ENGINE
    version = "16.0"
    books: Any = None
    display_alerts = True
    enable_events = True

    def __init__(self, apps: Apps) -> None:
        self.apps = apps
        self.books = Books(self)
        self.macros: dict[str, Callable[..., Any]] = {
            "tthc.xlam!LiveNames": self._names,
            "tthc.xlam!LiveColours": self._colours,
            "tthc.xlam!LivePaint": self._paint,
        }
        self._shown = True
        self._indicator: Any = None
        self._status: object = False

    def run(self, macro: str, args: Sequence[Any]) -> Any:
        """The functions of the add-in, done here."""
        ENGINE.count("app.run")
        if macro not in self.macros:
            raise EngineError(f"no macro {macro}")
        return self.macros[macro](*args)

    def activate(self, steal_focus: bool = False) -> None: ...

    @property
    def screen_updating(self) -> bool:
        return self._shown

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        ENGINE.count("app.screen_updating.set")
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
        ENGINE.count("app.calculation.set")
        document = self.books.active.doc
        document.enableAutomaticCalculation(value == "automatic")
        if value == "automatic":
            document.calculate()  # as Excel does then

    @property
    def status_bar(self) -> object:
        return self._status

    @status_bar.setter
    def status_bar(self, value: object) -> None:
        ENGINE.count("app.status_bar.set")
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
        ENGINE.count("app.selection")
        chosen = self.books.active.doc.CurrentController.Selection
        if chosen is None or not chosen.supportsService("com.sun.star.sheet.SheetCellRange"):
            return None
        box = _box(chosen.RangeAddress)
        return Range(self.books.active.sheets.active, (box.top, box.left), (box.bottom, box.right))

    def calculate(self) -> None:
        ENGINE.count("app.calculate")
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
            each = [(_box(r.RangeAddress), r.CellBackColor) for r in _alike(_cells(xl, box))]
            if len({colour for _, colour in each}) == 1:
                told.append(_hex(each[0][1]))
                continue
            at = {
                (r, c): colour
                for b, colour in each
                for r in range(b.top, b.bottom + 1)
                for c in range(b.left, b.right + 1)
            }
            rows, columns = range(box.top, box.bottom + 1), range(box.left, box.right + 1)
            told.append(".".join(_hex(at[r, c]) for r in rows for c in columns))
        return ";".join(told)

    def _paint(self, book: str, sheet: str, plan: str) -> int:
        found = self.books(book)
        xl = found.doc.Sheets.getByName(sheet)
        for colour, areas in painting(plan):
            _several(found.doc, xl, areas).CellBackColor = _number(colour)
        return 0


class Books(base_classes.Books):
    def __init__(self, app: App) -> None:
        self.app = app
        self._open: list[Book] = []

    @property
    def active(self) -> Book:
        return self._open[-1]

    def attach(self, document: Any) -> Book:
        self._open = [book for book in self._open if book.name != _title(document)]
        self._open.append(Book(self, document))
        return self._open[-1]

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
    name = ""
    fullname = ""

    def __init__(self, books: Books, document: Any) -> None:
        self.books = books
        self.doc = document
        self.name = _title(document)
        self.fullname = document.URL or self.name

    @property
    def api(self) -> ProtectableApi:
        return ProtectableApi(self.doc)

    @property
    def app(self) -> App:
        return self.books.app

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

    def activate(self) -> None: ...


class ProtectableApi:
    """Excel's words for the protection of a sheet or of the structure of a book."""

    EnableSelection = 0
    ProtectDrawingObjects = ProtectScenarios = True
    ProtectionMode = False

    def __init__(self, xl: Any) -> None:
        self._xl = xl

    @property
    def ProtectContents(self) -> bool:
        ENGINE.count("sheet.protection")
        return bool(self._xl.isProtected())

    @property
    def ProtectStructure(self) -> bool:
        ENGINE.count("book.protection")
        return bool(self._xl.isProtected())

    @property
    def Protection(self) -> ProtectableApi:
        return self

    def __getattr__(self, name: str) -> bool:
        if name.startswith("Allow"):
            return False
        raise AttributeError(name)

    def Unprotect(self, Password: str = "") -> None:
        ENGINE.count("sheet.unprotect")
        self._xl.unprotect(Password)

    def Protect(self, **options: object) -> None:
        ENGINE.count("sheet.protect")
        self._xl.protect("")


class Sheets(base_classes.Sheets):
    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def active(self) -> Sheet:
        ENGINE.count("sheets.active")
        return Sheet(self.book, self.book.doc.CurrentController.ActiveSheet)

    def __call__(self, key: int | str) -> Sheet:
        ENGINE.count("sheets.item")
        sheets = self.book.doc.Sheets
        if isinstance(key, int):
            return Sheet(self.book, sheets.getByIndex(key - 1))
        if not sheets.hasByName(key):
            raise xlwings.NoSuchObjectError(key)
        return Sheet(self.book, sheets.getByName(key))

    def __len__(self) -> int:
        return int(self.book.doc.Sheets.Count)

    def __iter__(self) -> Iterator[Sheet]:
        ENGINE.count("sheets.list")
        sheets = self.book.doc.Sheets
        return iter([Sheet(self.book, sheets.getByIndex(n)) for n in range(sheets.Count)])

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        ENGINE.count("sheets.add")
        at = before.index - 1 if before else after.index if after else len(self)
        sheets = self.book.doc.Sheets
        sheets.insertNewByName(name, at)
        if not sheets.hasByName(name):
            raise EngineError("the structure of the workbook is protected")
        made = Sheet(self.book, sheets.getByName(name))
        made.activate()  # Excel shows a new sheet
        return made


class Sheet(base_classes.Sheet):
    book: Any = None

    def __init__(self, book: Book, xl: Any) -> None:
        self.book = book
        self.xl = xl

    @property
    def api(self) -> ProtectableApi:
        return ProtectableApi(self.xl)

    @property
    def name(self) -> str:
        return str(self.xl.Name)

    @name.setter
    def name(self, value: str) -> None:
        self.xl.Name = value

    @property
    def index(self) -> int:
        return int(self.xl.RangeAddress.Sheet) + 1

    @property
    def visible(self) -> bool:
        return bool(self.xl.IsVisible)

    @visible.setter
    def visible(self, value: bool) -> None:
        self.xl.IsVisible = value

    @property
    def used_range(self) -> Range:
        ENGINE.count("sheet.used_range")
        box = _used(self.xl)
        return Range(self, (box.top, box.left), (box.bottom, box.right))

    @property
    def cells(self) -> Range:
        return Range(self, (1, 1), (LAST_ROW, LAST_COLUMN))

    def range(self, first: Any, last: Any = None) -> Range:
        return Range(self, first, last)

    def activate(self) -> None:
        ENGINE.count("sheet.activate")
        self.book.doc.CurrentController.setActiveSheet(self.xl)

    def clear(self) -> None:
        ENGINE.count("sheet.clear")
        self.xl.clearContents(_EVERYTHING)

    def delete(self) -> None:
        ENGINE.count("sheet.delete")
        self.book.doc.Sheets.removeByName(self.name)


class Range(RangeBase):
    """A range; what takes several areas in Excel takes them here."""

    @property
    def _xl(self) -> Any:
        return _cells(self._sheet.xl, self.box)

    @property
    def _all(self) -> Any:
        return self._xl if len(self.areas) == 1 else _several(self._sheet.book.doc, self._sheet.xl, self.areas)

    @property
    def raw_value(self) -> Any:
        ENGINE.count("range.value.get")
        cells = self._xl
        rows = [list(row) for row in cells.getDataArray()]
        for found in cells.queryContentCells(_DATETIME).RangeAddresses:
            for r, c in self._within(found):
                if isinstance(rows[r][c], float):
                    rows[r][c] = _EPOCH + timedelta(seconds=round(rows[r][c] * 86_400))
        for found in cells.queryFormulaCells(_ERROR).RangeAddresses:
            for r, c in self._within(found):
                rows[r][c] = _ERROR_NAMES.get(cells.getCellByPosition(c, r).getError(), "#VALUE!")
        return rows[0][0] if len(self) == 1 else rows

    @raw_value.setter
    def raw_value(self, value: object) -> None:
        ENGINE.count("range.value.set")
        self._write(value)

    @property
    def formula(self) -> Any:
        ENGINE.count("range.formula.get")
        rows = tuple(
            tuple(_as_excel(text) if text[:1] == "=" else text.removeprefix("'") for text in row)
            for row in self._xl.getFormulaArray()
        )
        return rows[0][0] if len(self) == 1 else rows

    @formula.setter
    def formula(self, value: object) -> None:
        ENGINE.count("range.formula.set")
        self._write(value)

    def clear_contents(self) -> None:
        ENGINE.count("range.clear_contents")
        for box in self.areas:
            _cells(self._sheet.xl, box).clearContents(_CONTENT)

    def clear(self) -> None:
        ENGINE.count("range.clear")
        for box in self.areas:
            _cells(self._sheet.xl, box).clearContents(_EVERYTHING)

    @property
    def color(self) -> Colour:
        ENGINE.count("range.color.get")
        found = {one.CellBackColor for box in self.areas for one in _alike(_cells(self._sheet.xl, box))}
        return _colour(found.pop()) if len(found) == 1 else BLACK

    @color.setter
    def color(self, value: object) -> None:
        ENGINE.count("range.color.set")
        self._all.CellBackColor = _number(colour_of(value))

    @property
    def number_format(self) -> str | None:
        ENGINE.count("range.number_format.get")
        found = {self._code(one.NumberFormat) for one in _alike(self._xl)}
        return found.pop() if len(found) == 1 else None

    @number_format.setter
    def number_format(self, value: str) -> None:
        ENGINE.count("range.number_format.set")
        self._all.NumberFormat = self._key(value)

    @property
    def wrap_text(self) -> bool:
        return bool(self._xl.IsTextWrapped)

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        ENGINE.count("range.wrap_text.set")
        self._all.IsTextWrapped = value

    @property
    def horizontal_alignment(self) -> str:
        return str(self._xl.HoriJustify.value).lower()

    @horizontal_alignment.setter
    def horizontal_alignment(self, value: str) -> None:
        ENGINE.count("range.horizontal_alignment.set")
        self._all.HoriJustify = uno.Enum("com.sun.star.table.CellHoriJustify", value.upper())

    @property
    def vertical_alignment(self) -> str:
        return next(name for name, number in _VERTICAL.items() if number == self._xl.VertJustify)

    @vertical_alignment.setter
    def vertical_alignment(self, value: str) -> None:
        ENGINE.count("range.vertical_alignment.set")
        self._all.VertJustify = _VERTICAL[value]

    @property
    def font(self) -> FontOf:
        return FontOf(self._all)

    @property
    def borders(self) -> BordersOf:
        return BordersOf([_cells(self._sheet.xl, box) for box in self.areas])

    @property
    def column_width(self) -> float:
        return float(self._xl.Columns.getByIndex(0).Width) * 96 / 2540 / 7

    @column_width.setter
    def column_width(self, value: float) -> None:
        ENGINE.count("range.column_width.set")
        self._xl.Columns.Width = int((value * 7 + 5) / 96 * 2540)

    @property
    def column_hidden(self) -> bool:
        return not self._xl.Columns.getByIndex(0).IsVisible

    @column_hidden.setter
    def column_hidden(self, value: bool) -> None:
        ENGINE.count("range.column_hidden.set")
        self._xl.Columns.IsVisible = not value

    def autofit(self, axis: str | None = None) -> None:
        ENGINE.count("range.autofit")
        if axis != "c":
            self._xl.Rows.OptimalHeight = True
        if axis != "r":
            self._xl.Columns.OptimalWidth = True

    def select(self) -> None:
        ENGINE.count("range.select")
        self._sheet.book.doc.CurrentController.select(self._xl)

    def find(self, text: str, whole: bool, direction: str, order: str, match_case: bool) -> Range | None:
        """Only what asks for the last cell with anything in it: ``find("*", direction="backward")``."""
        ENGINE.count("range.find")
        if text != "*" or direction != "backward":
            raise NotImplementedError
        ends = [_box(found) for found in self._sheet.xl.queryContentCells(_CONTENT).RangeAddresses]
        if not ends:
            return None
        corners = [(box.bottom, box.right) for box in ends]
        last = max(corners) if order == "rows" else max(corners, key=lambda at: at[::-1])
        return Range(self._sheet, last)

    def _within(self, found: Any) -> Iterator[tuple[int, int]]:
        """Positions in this range, from 0."""
        box = _box(found)
        rows = range(box.top - self.row, box.bottom - self.row + 1)
        return ((r, c) for r in rows for c in range(box.left - self.column, box.right - self.column + 1))

    def _write(self, value: object) -> None:
        rows = self.shaped(value)
        columns = len(rows[0])
        target = _cells(self._sheet.xl, Box(self.row, self.column, self.row + len(rows) - 1, self.column + columns - 1))
        texts: set[tuple[int, int]] = set()
        for one in _alike(target):
            if self._code(one.NumberFormat) == "@":
                texts.update(self._within(one.RangeAddress))
        typed = [[as_typed(given, (r, c) in texts) for c, given in enumerate(row)] for r, row in enumerate(rows)]
        target.setDataArray(tuple(tuple(map(_plain, row)) for row in typed))
        for r, row in enumerate(typed):
            for c, given in enumerate(row):
                if isinstance(given, Formula):
                    target.getCellByPosition(c, r).setFormula(_as_calc(given))
                elif isinstance(given, datetime):
                    cell = target.getCellByPosition(c, r)
                    if self._code(cell.NumberFormat) == "General":
                        cell.NumberFormat = self._key("dd/mm/yyyy")

    def _key(self, code: str) -> int:
        if code == "General":
            return 0
        formats, locale = self._sheet.book.doc.NumberFormats, uno.createUnoStruct("com.sun.star.lang.Locale")
        locale.Language, locale.Country = "en", "US"
        known = int(formats.queryKey(code, locale, False))
        return known if known != -1 else int(formats.addNew(code, locale))

    def _code(self, key: int) -> str:
        return str(self._sheet.book.doc.NumberFormats.getByKey(key).FormatString)


class FontOf:
    def __init__(self, xl: Any) -> None:
        self._xl = xl

    @property
    def bold(self) -> bool:
        return bool(self._xl.CharWeight == _BOLD)

    @bold.setter
    def bold(self, value: bool) -> None:
        ENGINE.count("range.font.set")
        self._xl.CharWeight = _BOLD if value else _REGULAR

    @property
    def size(self) -> float:
        return float(self._xl.CharHeight)

    @size.setter
    def size(self, value: float) -> None:
        ENGINE.count("range.font.set")
        self._xl.CharHeight = value

    @property
    def color(self) -> Colour:
        return _colour(self._xl.CharColor)

    @color.setter
    def color(self, value: object) -> None:
        ENGINE.count("range.font.set")
        self._xl.CharColor = _number(colour_of(value))


class BordersOf:
    def __init__(self, areas: Sequence[Any]) -> None:
        self._areas = areas

    def set(self, which: str = "all", **attributes: object) -> None:
        """Thin lines on every side: all that the product draws."""
        ENGINE.count("range.borders.set")
        line = uno.createUnoStruct("com.sun.star.table.BorderLine2")
        line.OuterLineWidth, line.Color = 18, _number(colour_of(attributes.get("color", "#000000")))
        for area in self._areas:
            border = area.TableBorder2
            for side in ("Top", "Bottom", "Left", "Right", "Horizontal", "Vertical"):
                setattr(border, f"{side}Line", line)
                setattr(border, f"Is{side}LineValid", True)
            area.TableBorder2 = border


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
        ENGINE.count("name.refers_to")
        return self.reference()

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        ENGINE.count("name.refers_to.set")
        self._xl.Content = _as_calc(value).removeprefix("=")

    def reference(self) -> str:
        cells = self._xl.getReferredCells()
        if cells is None:
            return "=" + str(self._xl.Content)
        box = _box(cells.RangeAddress)
        title = str(cells.Spreadsheet.Name).replace("'", "''")
        ends = dict.fromkeys(f"${column_letters(c)}${r}" for r, c in ((box.top, box.left), (box.bottom, box.right)))
        return f"='{title}'!{':'.join(ends)}"


def _title(document: Any) -> str:
    from urllib.parse import unquote

    return unquote(str(document.URL).rpartition("/")[2]) or str(document.Title)


def _used(xl: Any) -> Box:
    cursor = xl.createCursor()
    cursor.gotoStartOfUsedArea(False)
    cursor.gotoEndOfUsedArea(True)
    return _box(cursor.RangeAddress)


def _cells(xl: Any, box: Box) -> Any:
    return xl.getCellRangeByPosition(box.left - 1, box.top - 1, box.right - 1, box.bottom - 1)


def _several(document: Any, xl: Any, areas: Sequence[Box]) -> Any:
    """Many areas as one object."""
    ranges = document.createInstance("com.sun.star.sheet.SheetCellRanges")
    ranges.addRangeAddresses(tuple(_cells(xl, box).RangeAddress for box in areas), False)
    return ranges


def _alike(cells: Any) -> list[Any]:
    """Parts of a range, each with the same formats throughout."""
    found = cells.getUniqueCellFormatRanges()
    groups = [found.getByIndex(n) for n in range(found.Count)]
    return [group.getByIndex(n) for group in groups for n in range(group.Count)]


def _box(address: Any) -> Box:
    return Box(address.StartRow + 1, address.StartColumn + 1, address.EndRow + 1, address.EndColumn + 1)


def _number(colour: Colour) -> int:
    return -1 if colour is None else colour[0] << 16 | colour[1] << 8 | colour[2]


def _colour(number: int) -> Colour:
    return None if number == -1 else (number >> 16 & 255, number >> 8 & 255, number & 255)


def _hex(number: int) -> str:
    return hex_of(_colour(number))


def _plain(value: object) -> object:
    """A value as LibreOffice keeps it in an array; a formula is set afterwards."""
    if value is None or isinstance(value, Formula):
        return ""
    if isinstance(value, datetime):
        return (value - _EPOCH).total_seconds() / 86_400
    return float(value) if isinstance(value, bool) else value


def _as_excel(formula: str) -> str:
    """A formula of Calc as Excel writes it. Calc's own grammar: ";" between arguments, "$'Sheet'.A1"."""
    moved = _LO_SHEET.sub(r"\1!", formula)
    return "".join(piece if n % 2 else piece.replace(";", ",") for n, piece in enumerate(_QUOTED.split(moved)))


def _as_calc(formula: str) -> str:
    pieces = _QUOTED.split(formula)
    text = "".join(piece if n % 2 else piece.replace(",", ";") for n, piece in enumerate(pieces))
    if not any("!" in piece for piece in pieces[::2]):
        return text  # what looks like a sheet stands in a text
    return _XL_SHEET.sub(r"$\1.", text)
