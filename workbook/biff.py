"""An old .xls (BIFF8, MS-XLS) -> its visible sheets as values.

Not python-calamine: a damaged length in such a file makes it ask for more memory than there is, which ends the whole
process. Here every length is compared with what is there, and cells are kept only where something stands.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from datetime import datetime, timedelta

from workbook.compound import read_stream
from workbook.package import MOST_CELLS
from workbook.sniff import Unreadable

_BOF, _EOF, _CONTINUE, _FILEPASS, _DATEMODE, _BOUNDSHEET, _NAME = 0x0809, 0x000A, 0x003C, 0x002F, 0x0022, 0x0085, 0x0018
_SST, _FORMAT, _XF = 0x00FC, 0x041E, 0x00E0
_FORMULA, _STRING, _LABEL, _RSTRING, _LABELSST = 0x0006, 0x0207, 0x0204, 0x00D6, 0x00FD
_NUMBER, _RK, _MULRK, _BOOLERR = 0x0203, 0x027E, 0x00BD, 0x0205
_BIFF8, _WORKSHEET = 0x0600, 0x0010
_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})  # formats that Excel has built in
_NO_DATE_LETTERS = re.compile(r"\"[^\"]*\"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]", re.I)
_DAY_0, _LATER = datetime(1899, 12, 30), timedelta(days=1462)  # the calendar of 1904 starts so much later
_LAST_DAY = 2_958_466
_MOST_RECORDS = 5_000_000
_SPOILT = "nội dung bên trong hỏng"

Sheet = tuple[str, list[tuple[object, ...]]]  # title and rows: str, float, bool, datetime; "" for a blank


def read_xls(content: bytes) -> tuple[list[Sheet], tuple[str, ...]]:
    """The visible sheets, and the titles of the hidden ones. Raises Unreadable: TEP_001 damaged, TEP_002 with a
    password, TEP_004 older than Excel 97, TEP_006 too large."""
    try:
        book = _Book(read_stream(content, ("Workbook", "Book")))
        shown = [(title, book.rows(start)) for title, start, visible in book.sheets if visible]
    except (struct.error, IndexError, ValueError, OverflowError) as fault:
        raise Unreadable("TEP_001", ly_do=_SPOILT) from fault
    return shown, tuple(title for title, _, visible in book.sheets if not visible)


def read_names(content: bytes) -> frozenset[str]:
    """The defined names of a workbook. Raises as ``read_xls``."""
    try:
        return frozenset(_Book(read_stream(content, ("Workbook", "Book"))).names)
    except (struct.error, IndexError, ValueError, OverflowError) as fault:
        raise Unreadable("TEP_001", ly_do=_SPOILT) from fault


class _Book:
    """The part before the sheets: titles, shared texts, formats."""

    def __init__(self, stream: bytes) -> None:
        self._stream = stream
        self.sheets: list[tuple[str, int, bool]] = []
        self.names: list[str] = []
        self._texts: list[str] = []
        self._formats: list[int] = []  # format of each cell style
        self._codes: dict[int, str] = {}
        self._later = timedelta()
        self._cells = self._walked = 0
        for kind, at, size in self._records(0):
            self._take(kind, at, size)
        self._is_date = [n in _DATES or _shows_a_date(self._codes.get(n, "")) for n in self._formats]

    def rows(self, start: int) -> list[tuple[object, ...]]:
        """The rows of the sheet that starts there."""
        found: dict[int, dict[int, object]] = {}
        waiting = None  # the cell of a formula whose text stands in the next record
        for kind, at, size in self._records(start):
            if kind == _STRING and waiting:
                row, column = waiting
                found.setdefault(row, {})[column] = _text(self._stream, at, at + size)
                waiting = None
            for row, column, value in self._values(kind, at, size):
                if value is None:
                    waiting = row, column
                elif value != "":
                    found.setdefault(row, {})[column] = value
        self._cells += sum(max(cells) + 1 for cells in found.values()) + max(found, default=0)
        if self._cells > MOST_CELLS:
            raise Unreadable("TEP_006", ly_do=f"sổ có hơn {MOST_CELLS} ô")
        return [
            tuple(cells.get(column, "") for column in range(max(cells) + 1)) if (cells := found.get(row)) else ()
            for row in range(max(found, default=-1) + 1)
        ]

    def _take(self, kind: int, at: int, size: int) -> None:
        stream = self._stream
        if kind == _BOF and struct.unpack_from("<H", stream, at)[0] != _BIFF8:
            raise Unreadable("TEP_004")
        if kind == _FILEPASS:
            raise Unreadable("TEP_002")
        if kind == _DATEMODE and struct.unpack_from("<H", stream, at)[0]:
            self._later = _LATER
        elif kind == _BOUNDSHEET:
            start, visibility, sort, length, wide = struct.unpack_from("<L4B", stream, at)
            title = stream[at + 8 : at + 8 + length * (2 if wide & 1 else 1)]
            if sort == 0:
                shown = title.decode("utf-16-le" if wide & 1 else "latin-1", "replace")
                self.sheets.append((shown, start, visibility & 3 == 0))
        elif kind == _NAME and size > 15:
            length, wide = stream[at + 3], stream[at + 14] & 1
            name = stream[at + 15 : at + 15 + length * (1 + wide)]
            self.names.append(name.decode("utf-16-le" if wide else "latin-1", "replace"))
        elif kind == _SST:
            self._texts = list(_shared_texts(stream, at, size))
        elif kind == _FORMAT:
            self._codes[struct.unpack_from("<H", stream, at)[0]] = _text(stream, at + 2, at + size)
        elif kind == _XF:
            self._formats.append(struct.unpack_from("<H", stream, at + 2)[0])

    def _values(self, kind: int, at: int, size: int) -> Iterator[tuple[int, int, object]]:
        """Row, column (from 0) and value of the cells in a record; None: the next record holds the text."""
        stream = self._stream
        if kind == _LABELSST:
            row, column, _, index = struct.unpack_from("<3HL", stream, at)
            yield row, column, self._texts[index]
        elif kind == _NUMBER:
            row, column, style, number = struct.unpack_from("<3Hd", stream, at)
            yield row, column, self._number(number, style)
        elif kind == _RK:
            row, column, style, packed = struct.unpack_from("<3HL", stream, at)
            yield row, column, self._number(_unpacked(packed), style)
        elif kind == _MULRK:
            row, column = struct.unpack_from("<2H", stream, at)
            for place in range(at + 4, at + size - 7 + 1, 6):
                style, packed = struct.unpack_from("<HL", stream, place)
                yield row, column, self._number(_unpacked(packed), style)
                column += 1
        elif kind in (_LABEL, _RSTRING):
            row, column = struct.unpack_from("<2H", stream, at)
            yield row, column, _text(stream, at + 6, at + size)
        elif kind == _BOOLERR:
            row, column, _, value, error = struct.unpack_from("<3H2B", stream, at)
            yield row, column, "" if error else bool(value)
        elif kind == _FORMULA:
            row, column, style, sort, value, mark = struct.unpack_from("<3HBxB3xH", stream, at)
            if mark != 0xFFFF:
                yield row, column, self._number(struct.unpack_from("<d", stream, at + 6)[0], style)
            elif sort in (0, 1):
                yield row, column, bool(value) if sort else None

    def _records(self, start: int) -> Iterator[tuple[int, int, int]]:
        """Kind, place of the content and its size, of each record of the part that starts there; what a part inside
        it (a chart) holds is left out."""
        stream, at, depth = self._stream, start, 0
        while at + 4 <= len(stream):
            kind, size = struct.unpack_from("<2H", stream, at)
            at += 4
            self._walked += 1
            if self._walked > _MOST_RECORDS:  # sheets that share one part would be read again and again
                raise Unreadable("TEP_006", ly_do=f"sổ có hơn {_MOST_RECORDS} bản ghi")
            depth += (kind == _BOF) - (kind == _EOF)
            if depth < 1:
                return
            if depth == 1:
                yield kind, at, min(size, len(stream) - at)
            at += size

    def _number(self, number: float, style: int) -> object:
        """A number, or the moment that its format makes of it."""
        if style < len(self._is_date) and self._is_date[style] and 0 <= number < _LAST_DAY:
            return _DAY_0 + self._later + timedelta(seconds=round(number * 86_400))
        return number


def _shared_texts(stream: bytes, at: int, size: int) -> Iterator[str]:
    """The texts that cells share. They run on from record to record; letters that are cut say their width again."""
    ends = [at + size]
    count = struct.unpack_from("<L", stream, at + 4)[0]
    pieces = [stream[at + 8 : at + size]]
    while ends[-1] + 4 <= len(stream) and struct.unpack_from("<H", stream, ends[-1])[0] == _CONTINUE:
        length = struct.unpack_from("<H", stream, ends[-1] + 2)[0]
        pieces.append(stream[ends[-1] + 4 : ends[-1] + 4 + length])
        ends.append(ends[-1] + 4 + length)
    reader = _Pieces(pieces)
    for _ in range(count):
        if reader.at_end:
            return
        yield reader.text()


class _Pieces:
    """Reads texts across the records they were cut into."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces, self._piece, self._at = pieces, 0, 0

    @property
    def at_end(self) -> bool:
        while self._piece < len(self._pieces) and self._at >= len(self._pieces[self._piece]):
            self._piece, self._at = self._piece + 1, 0
        return self._piece >= len(self._pieces)

    def text(self) -> str:
        length, flags = struct.unpack("<HB", self._bytes(3))
        runs = struct.unpack("<H", self._bytes(2))[0] if flags & 8 else 0
        extra = struct.unpack("<L", self._bytes(4))[0] if flags & 4 else 0
        letters = []
        while length:
            wide = 2 if flags & 1 else 1
            here = self._pieces[self._piece][self._at : self._at + length * wide]
            taken = len(here) // wide
            letters.append(here[: taken * wide].decode("utf-16-le" if wide == 2 else "latin-1", "replace"))
            length -= taken
            self._at += taken * wide
            if length:  # cut here: the next record tells how wide the other letters are
                self._piece, self._at = self._piece + 1, 1
                flags = self._pieces[self._piece][0]
        self._skip(runs * 4 + extra)
        return "".join(letters)

    def _bytes(self, count: int) -> bytes:
        out = b""
        while len(out) < count:
            if self.at_end:
                raise IndexError("texts end early")
            more = self._pieces[self._piece][self._at : self._at + count - len(out)]
            out += more
            self._at += len(more)
        return out

    def _skip(self, count: int) -> None:
        while count and not self.at_end:
            step = min(count, len(self._pieces[self._piece]) - self._at)
            self._at += step
            count -= step


def _text(stream: bytes, at: int, end: int) -> str:
    """A text inside one record."""
    length, flags = struct.unpack_from("<HB", stream, at)
    wide = 2 if flags & 1 else 1
    stop = min(at + 3 + length * wide, end)
    return stream[at + 3 : stop].decode("utf-16-le" if wide == 2 else "latin-1", "replace")


def _unpacked(packed: int) -> float:
    """A number in four bytes: an integer or the upper half of a float, perhaps hundredths."""
    if packed & 2:
        number = float((packed ^ 0x80000000) - 0x80000000 >> 2)
    else:
        number = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0]
    return number / 100 if packed & 1 else number


def _shows_a_date(code: str) -> bool:
    """Whether a number format shows days or hours; what stands in quotes or brackets does not count."""
    return any(letter in "dmyhs" for letter in _NO_DATE_LETTERS.sub("", code).lower().replace("general", ""))
