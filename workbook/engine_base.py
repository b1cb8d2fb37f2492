"""The objects that our two engines of xlwings have in common: application, books, where a sheet and a range are.

Every object counts its calls with the engine of its application.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import xlwings
from xlwings import base_classes

from toolkit.excel import column_letters
from workbook.engine_common import LAST_COLUMN, LAST_ROW, Engine, EngineError, boxes
from workbook.rectangle import Box


def start(engine: Engine, make: Callable[[Apps], Any]) -> Any:
    """The application of an engine, made and registered with xlwings at the first call; the engine is active then."""
    if engine.name not in xlwings.engines.engines_by_name:
        engine.apps = Apps(make)
        xlwings.engines.add(xlwings.Engine(impl=engine))
    xlwings.engines[engine.name].activate()
    return engine.apps.first


def calling(book: Any) -> xlwings.Book:
    """The book of an engine as xlwings shows it; it is what ``Book.caller`` gives from now on."""
    shown = xlwings.Book(impl=book)
    shown.set_mock_caller()
    return shown


class Apps(base_classes.Apps):
    """The one application that an engine has. ``make``: makes it."""

    def __init__(self, make: Callable[[Apps], Any]) -> None:
        self.first = make(self)

    def keys(self) -> list[int]:
        return [self.first.pid]

    def __iter__(self) -> Iterator[Any]:
        return iter([self.first])

    def __len__(self) -> int:
        return 1

    def __getitem__(self, pid: int) -> Any:
        return self.first


class AppBase(base_classes.App):
    """``macros``: VBA that an add-in would bring, by the name that ``run`` is given."""

    pid = 1
    version = "16.0"
    engine: Any = None
    books: Any = None

    def __init__(self, apps: Apps) -> None:
        self.apps = apps
        self.macros: dict[str, Callable[..., Any]] = {
            "tthc.xlam!LiveNames": self._names,
            "tthc.xlam!LiveColours": self._colours,
            "tthc.xlam!LivePaint": self._paint,
        }

    def count(self, call: str) -> None:
        self.engine.count(call)

    def run(self, macro: str, args: Sequence[Any]) -> Any:
        self.count("app.run")
        if macro not in self.macros:
            raise EngineError(f"no macro {macro}")
        return self.macros[macro](*args)

    def activate(self, steal_focus: bool = False) -> None: ...

    def _names(self, book: str) -> str:
        raise NotImplementedError

    def _colours(self, book: str, sheet: str, areas: str) -> str:
        raise NotImplementedError

    def _paint(self, book: str, sheet: str, plan: str) -> int:
        raise NotImplementedError


class BooksBase(base_classes.Books):
    """The open books; the one opened last is the active one."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self._open: list[Any] = []

    @property
    def active(self) -> Any:
        return self._open[-1]

    def __call__(self, key: int | str) -> Any:
        if isinstance(key, int):
            return self._open[key - 1]
        for book in reversed(self._open):
            if key in (book.name, book.fullname):
                return book
        raise EngineError(f"no book {key}")

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self._open))

    def close(self, book: Any) -> None:
        self._open.remove(book)


class BookBase(base_classes.Book):
    name = ""
    fullname = ""

    def __init__(self, books: BooksBase) -> None:
        self.books = books

    @property
    def app(self) -> Any:
        return self.books.app

    def count(self, call: str) -> None:
        self.app.count(call)

    def activate(self) -> None: ...


class SheetBase(base_classes.Sheet):
    """``xl``: the sheet as the library below has it; ``ranges``: what a range of this engine is."""

    book: Any = None
    ranges: Any = None

    def __init__(self, book: Any, xl: Any) -> None:
        self.book = book
        self.xl = xl

    def count(self, call: str) -> None:
        self.book.count(call)

    @property
    def cells(self) -> Any:
        return self.range((1, 1), (LAST_ROW, LAST_COLUMN))

    def range(self, first: Any, last: Any = None) -> Any:
        return self.ranges(self, first, last)


class RangeBase(base_classes.Range):
    """Where a range is; the engines add what stands there."""

    def __init__(self, sheet: Any, first: Any, last: Any = None) -> None:
        self._sheet = sheet
        self.options: dict[str, object] = {}
        if isinstance(first, str):
            self.areas = boxes(first)
        elif isinstance(first, Box):
            self.areas = [first]
        else:
            top, left = _corner(first, start=True)
            bottom, right = _corner(last if last is not None else first, start=False)
            self.areas = [Box(min(top, bottom), min(left, right), max(top, bottom), max(left, right))]

    def count(self, call: str) -> None:
        self._sheet.count(call)

    @property
    def box(self) -> Box:
        return self.areas[0]

    @property
    def api(self) -> Any:
        return self

    @property
    def sheet(self) -> Any:
        return self._sheet

    @property
    def row(self) -> int:
        return self.box.top

    @property
    def column(self) -> int:
        return self.box.left

    @property
    def shape(self) -> tuple[int, int]:
        return self.box.bottom - self.box.top + 1, self.box.right - self.box.left + 1

    @property
    def coords(self) -> tuple[str, int, int, int, int]:
        return (self._sheet.name, self.row, self.column, *self.shape)

    @property
    def Count(self) -> int:
        return len(self)

    def __len__(self) -> int:
        return sum((b.bottom - b.top + 1) * (b.right - b.left + 1) for b in self.areas)

    def __call__(self, row: int, column: int | None = None) -> Any:
        if column is None:
            above, before = divmod(row - 1, self.shape[1])
            row, column = above + 1, before + 1
        return type(self)(self._sheet, (self.row + row - 1, self.column + column - 1))

    def get_address(self, row_absolute: bool = True, col_absolute: bool = True, external: bool = False) -> str:
        across, down = "$" * col_absolute, "$" * row_absolute
        ends = [(self.box.top, self.box.left), (self.box.bottom, self.box.right)]
        return ":".join(dict.fromkeys(f"{across}{column_letters(c)}{down}{r}" for r, c in ends))

    @property
    def address(self) -> str:
        return self.get_address()

    def shaped(self, value: object) -> list[Sequence[Any]]:
        """What is to be written, as the rows of the first area."""
        if isinstance(value, (list, tuple)):
            if len(self.areas) > 1:
                raise EngineError("a table goes to one area")
            return [row if isinstance(row, (list, tuple)) else [row] for row in value]
        rows, columns = self.shape
        return [[value] * columns] * rows


def _corner(end: Any, *, start: bool) -> tuple[int, int]:
    if isinstance(end, RangeBase):
        return (end.box.top, end.box.left) if start else (end.box.bottom, end.box.right)
    if len(end) == 4:  # row, column, height, width
        return (end[0], end[1]) if start else (end[0] + end[2] - 1, end[1] + end[3] - 1)
    return end[0], end[1]


class Words:
    """An object of Excel's own, as far as it is written word by word: ``PageSetup.Orientation = 2``. Words that it does
    not know are errors, as in Excel. ``count``: counts a call; ``words``: what each of them does."""

    _count: Callable[[str], None]
    _words: Mapping[str, Callable[[Any], object]]

    def __init__(self, count: Callable[[str], None], words: Mapping[str, Callable[[Any], object]]) -> None:
        self.__dict__.update(_count=count, _words=words)

    def __setattr__(self, name: str, value: object) -> None:
        if name not in self._words:
            raise AttributeError(name)
        self._count(f"api.{name}.set")
        self._words[name](value)


class ThemeApi:
    """Excel's own Theme. ``palette``: its colours as ``fill_colours`` orders them."""

    _ORDER = (1, 0, 3, 2, *range(4, 12))  # MsoThemeColorSchemeIndex from 1: dark before light

    def __init__(self, palette: tuple[str, ...]) -> None:
        self._palette = palette
        self.ThemeColorScheme = self

    def Colors(self, index: int) -> ThemeColourApi:
        return ThemeColourApi(self._palette[self._ORDER[index - 1]])


class ThemeColourApi:
    def __init__(self, colour: str) -> None:
        self.RGB = int(colour[4:6] + colour[2:4] + colour[:2], 16)
