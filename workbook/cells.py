"""What only the XML of a sheet tells: how far it is used, which cells hold a formula, which hold an error value."""

# Without "from __future__ import annotations", as in ``toolkit.records``.

import re
from typing import NamedTuple
from xml.parsers import expat

from toolkit.letters import column_letters, column_number
from workbook.sniff import Unreadable

MOST_SPELT = 3_000_000  # characters of shared formulas spelt out for a sheet

_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,7}[0-9]{1,10})"')
_FEW = 100
_SPOILT = "một trang tính hỏng"
_DIGITS, _LETTERS = b"0123456789", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ADDRESS = re.compile(r"([A-Za-z]{1,7})([0-9]{1,10})")
_ROW = re.compile(r"[0-9]{1,10}")
# Compiled when first asked for: few sheets share formulas.
_QUOTED = r"(\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*')"
_MOVABLE = r"(?<![\w.$])(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})(?![\w.(!])"
_WHOLE = r"(?<![\w.$:])(\$?)([A-Za-z]{1,3}|[0-9]{1,7}):(\$?)([A-Za-z]{1,3}|[0-9]{1,7})(?![\w.(!:])"


class Extent(NamedTuple):
    rows: int
    columns: int


_NEAR = Extent(9_999, 104)  # up to CZ9999
# A set of one byte has only the byte before it looked for, which is many times as fast where that is rare.
_PREFIXED = re.compile(rb":[c]")
_FAR_CELL = re.compile(rb'<c(?! r="[A-C]?[A-Z][0-9]{1,4}")')  # or one written otherwise


class Cell(NamedTuple):
    """A cell that holds a formula or an error value."""

    formula: str | None  # without "="; None: no formula
    error: str  # e.g. "#DIV/0!"; "" when it is not in error
    calculated: bool  # a result is stored (an empty text too)


def used_extent(xml: bytes) -> Extent:
    """Bounds of where a value of a sheet may stand: never too small, and cells with nothing but a style count too."""
    start, end = xml.find(b"<sheetData"), xml.rfind(b"</sheetData>")
    if start < 0 or end < start or xml.count(b"Data", 0, start + 10) != 1 or xml.count(b"Data", end) != 1:
        return exact_extent(xml)  # cells elsewhere
    if _PREFIXED.search(xml, start, end) or side_by_side(xml, b"!", b"<!"):
        return exact_extent(xml)  # cells written otherwise, or texts that look like cells
    if not _FAR_CELL.search(xml, start, end):
        return _NEAR
    plain = _PLAIN_CELL.findall(xml, start, end)
    if len(plain) != xml.count(b"<c", start, end):
        return exact_extent(xml)
    addresses = b" ".join(plain)
    columns = set(addresses.translate(None, _DIGITS).split())
    rows = set(addresses.translate(None, _LETTERS).split())
    last_column = max((column_number(letters.decode()) for letters in columns), default=0)
    return Extent(max(map(int, rows), default=0), last_column)


def exact_extent(xml: bytes) -> Extent:
    """The last row and the last column where a value stands. Slower."""
    walk = _Walk(xml)
    return Extent(walk.rows, walk.columns)


def cells_of(xml: bytes) -> dict[tuple[int, int], Cell]:
    """The cells of a sheet that hold a formula or an error value, by (row, column) from 1. Raises TEP_006 where shared
    formulas would take too long to spell out."""
    return _Walk(xml, keep=True).found


def errors_of(xml: bytes) -> dict[tuple[int, int], str]:
    """The error values of a sheet by (row, column) from 1."""
    walk = _Walk(xml, keep=True, spell=False)
    return {place: cell.error for place, cell in walk.found.items() if cell.error}


def side_by_side(xml: bytes, rare: bytes, pair: bytes) -> bool:
    """Whether two bytes stand side by side. One byte, the ``rare`` one, is looked for thirty times as fast as two, and
    most sheets have none of it, or a few."""
    at = xml.find(rare)
    for _ in range(_FEW):
        if at < 0:
            return False
        if xml.find(pair, max(at - 1, 0), at + 2) >= 0:
            return True
        at = xml.find(rare, at + 1)
    return pair in xml


def well_formed(xml: bytes) -> bool:
    """Whether the whole is sound XML. Some 200 MB a second."""
    try:
        expat.ParserCreate().Parse(xml, True)
    except (expat.ExpatError, LookupError, ValueError):  # the last two: an encoding that nobody knows, or can map
        return False
    return True


def shifted(formula: str, down: int, right: int) -> str:
    """A formula as it reads ``down`` rows and ``right`` columns further: relative addresses move, absolute stay."""

    def part(fixed: str, text: str) -> str:
        if fixed:
            return fixed + text
        return str(int(text) + down) if text.isdigit() else column_letters(column_number(text.upper()) + right)

    def move(match: re.Match[str]) -> str:
        return part(match[1], match[2]) + part(match[3], match[4])

    def move_whole(match: re.Match[str]) -> str:
        return f"{part(match[1], match[2])}:{part(match[3], match[4])}"

    pieces = re.split(_QUOTED, formula)  # odd pieces stand in quotes: texts and sheet titles
    pieces[::2] = [re.sub(_WHOLE, move_whole, re.sub(_MOVABLE, move, piece)) for piece in pieces[::2]]
    return "".join(pieces)


class _Walk:
    """One pass over a sheet. A row or cell without an address follows the one before it."""

    def __init__(self, xml: bytes, keep: bool = False, spell: bool = True) -> None:
        self.rows = self.columns = 0  # used extent
        self.found: dict[tuple[int, int], Cell] = {}
        self._keep, self._spell = keep, spell  # cells; formulas that are shared with another cell
        self._spelt = 0  # characters
        self._row = self._column = 0
        self._attributes: dict[str, str] = {}
        self._formula: dict[str, str] | None = None  # attributes of the <f> of this cell
        self._has_value = False
        self._text: list[str] | None = None  # being collected
        self._texts: dict[str, str] = {}
        self._masters: dict[str, tuple[int, int, str]] = {}  # shared formula -> row, column, text
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        if keep:
            parser.CharacterDataHandler = self._data
        try:
            parser.Parse(xml, True)
        except (expat.ExpatError, LookupError, ValueError) as fault:  # the last two: an unknown encoding
            raise Unreadable("TEP_001", ly_do=_SPOILT) from fault

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "row":
                self._row = _row_number(attributes["r"]) if "r" in attributes else self._row + 1
                self._column = 0
            case "c":
                if "r" in attributes:
                    self._row, self._column = _place(attributes["r"])
                else:
                    self._column += 1
                self._attributes, self._formula, self._has_value, self._texts = attributes, None, False, {}
            case "f":
                self._formula, self._text = attributes, []
                self._use()
            case "v":
                self._has_value, self._text = True, []
                self._use()
            case "is":
                self._use()

    def _data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in ("f", "v") and self._text is not None:
            self._texts[name], self._text = "".join(self._text), None
        elif name == "c" and self._keep:
            self._close()

    def _use(self) -> None:
        self.rows, self.columns = max(self.rows, self._row), max(self.columns, self._column)

    def _close(self) -> None:
        value = self._texts.get("v", "")
        kind = self._attributes.get("t", "n")
        error = value if kind == "e" else ""
        if self._formula is None:
            if error:
                self.found[self._row, self._column] = Cell(None, error, calculated=True)
            return
        calculated = self._has_value and (bool(value) or kind == "str")
        self.found[self._row, self._column] = Cell(self._formula_text(self._formula), error, calculated)

    def _formula_text(self, attributes: dict[str, str]) -> str:
        text = self._texts.get("f", "")
        if attributes.get("t") != "shared":
            return text
        index = attributes.get("si", "")
        if text:
            self._masters[index] = (self._row, self._column, text)
            return text
        if index not in self._masters or not self._spell:
            return ""
        row, column, master = self._masters[index]
        self._spelt += len(master)
        if self._spelt > MOST_SPELT:
            raise Unreadable("TEP_006", ly_do="công thức dùng chung quá dài")
        return shifted(master, self._row - row, self._column - column)


def _row_number(text: str) -> int:
    if not _ROW.fullmatch(text):
        raise Unreadable("TEP_001", ly_do=_SPOILT)
    return int(text)


def _place(address: str) -> tuple[int, int]:
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise Unreadable("TEP_001", ly_do=_SPOILT)
    return int(match[2]), column_number(match[1].upper())
