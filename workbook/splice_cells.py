"""The cells of spliced sheets: what a value says behind its address, the shared table, columns in pieces."""

from __future__ import annotations

import math
import re
import sys
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any, Protocol

from workbook.arrow_columns import computed
from workbook.xml_part import MAIN, NO_XML

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")

_LONGEST_TEXT = 32_767  # UTF-16 units in a cell
_DAY_ZERO = date(1899, 12, 30).toordinal()
_MARCH_1900 = date(1900, 3, 1).toordinal()  # Excel believes in 29 February 1900: days before count one less
_EXACT = 2**53  # whole numbers up to here are exact in a cell
_FIRST_DAY = date(1900, 1, 1).toordinal()
_ODD_TEXT = re.compile(r"[&<>\x00-\x1f\ud800-\udfff\ufffe\uffff]|_x|^\s|\s$")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # a text that looks like an escape of Excel
_EDGE = re.compile(r"^\s|\s$")
_PIECE = 10_000  # texts written at a time


class Arrow(Protocol):
    """A pyarrow Array or ChunkedArray."""

    def __len__(self) -> int: ...
    def slice(self, offset: int, length: int) -> Any: ...


Show = Callable[[Sequence[Any]], Sequence[object]]
"""The distinct values of a piece of a column -> what is to be written of each."""

Values = Sequence[Any] | Arrow
"""str, int, float, Decimal, date, datetime; None, "" and what is no number (NaN) leave a formatted cell empty."""


def each(values: Values, start: int, stop: int, show: Show) -> Iterator[Any]:
    """What is shown of the values from ``start`` up to ``stop``."""
    found, at = distinct(values, start, stop)
    return map(show(found).__getitem__, at)


def distinct(values: Values, start: int, stop: int) -> tuple[Sequence[Any], array[int]]:
    """The distinct values from ``start`` up to ``stop`` as they come, None last in an Arrow column, and the place of
    each of the values in them ("i")."""
    if isinstance(values, Sequence):
        some = values[start:stop]
        places = {value: n for n, value in enumerate(dict.fromkeys(some))}
        return list(places), array("i", map(places.__getitem__, some))
    piece = _one_piece(values, start, stop)
    if piece.null_count == len(piece):
        return [None], array("i", bytes(4 * len(piece)))
    encoded = computed("dictionary_encode", piece)
    found = encoded.dictionary.to_pylist()
    indices = _as_int32(encoded.indices)
    if indices.null_count:
        indices = computed("coalesce", indices, _number(len(found), indices.type))
        found.append(None)
    return found, _numbers(indices)


def whole(values: Values, start: int, stop: int) -> array[int] | None:
    """The values from ``start`` up to ``stop``; None unless all are whole numbers of at most 32 bits ("i")."""
    if isinstance(values, Sequence):
        some = values[start:stop]
        if not isinstance(some, range) and not set(map(type, some)) <= {int}:
            return None
        try:
            return array("i", some)
        except OverflowError:
            return None
    piece = _one_piece(values, start, stop)
    if piece.null_count or not str(piece.type).startswith(("int", "uint")):
        return None
    try:
        return _numbers(_as_int32(piece))
    except ValueError:  # as Arrow says that one is too large
        return None


class Strings:
    """The shared table: what XlsxWriter put into it, then our texts."""

    def __init__(self, xml: str) -> None:
        start = xml.index(">", xml.index("<sst")) + 1
        self._written = xml[start : xml.rindex("</sst>")]
        there = self._written.count("<si>")
        self._known: defaultdict[str, int] = defaultdict(count(there).__next__)
        self.place: Callable[[str], int] = self._known.__getitem__
        """Of a text in the table."""

    def xml(self) -> Iterator[bytes]:
        head = f'<sst xmlns="{MAIN}" uniqueCount="{self._written.count("<si>") + len(self._known)}">'
        yield f"{DECLARATION}{head}{self._written}".encode()
        texts = list(self._known)
        for start in range(0, len(texts), _PIECE):
            piece = texts[start : start + _PIECE]
            if _plain(piece):
                yield f"<si><t>{'</t></si><si><t>'.join(piece)}</t></si>".encode()
            else:
                yield "".join(map(_shared, piece)).encode()
        yield b"</sst>"


def one_by_one(show: Callable[[Any], object]) -> Show:
    """What is to be written of each value by itself."""
    return lambda values: list(map(show, values))


def cells(strings: Strings, before: str = "", behind: str = "") -> Callable[[Any], str]:
    """What makes of a value its cell, from behind its address, with what stands before it and behind it. Asked a
    million times: text, the most frequent, goes first."""
    place = strings.place

    def cell(value: Any) -> str:
        if type(value) is str:
            return f'{before} t="s"><v>{place(value)}</v></c>{behind}' if value else f"{before}/>{behind}"
        if type(value) is int and -_EXACT <= value <= _EXACT:
            return f"{before}><v>{value}</v></c>{behind}"
        return f"{before}{_content(strings, value)}{behind}"

    return cell


def _content(strings: Strings, value: object) -> str:
    if isinstance(value, str):
        return f' t="s"><v>{strings.place(value)}</v></c>' if value else "/>"
    if isinstance(value, int) and abs(value) <= _EXACT:
        return f"><v>{int(value)}</v></c>"  # True is 1
    if isinstance(value, date):
        day = value.toordinal()
        if day < _FIRST_DAY:  # no day of Excel's
            return _content(strings, f"{value:%d/%m}/{value.year:04}")
        serial = day - _DAY_ZERO - (day < _MARCH_1900)
        if isinstance(value, datetime):
            seconds = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
            return f"><v>{serial + seconds / 86400!r}</v></c>"
        return f"><v>{serial}</v></c>"
    if isinstance(value, int | float | Decimal):
        number = float(Decimal(value))  # a whole number beyond all bounds becomes infinite
        return f"><v>{number!r}</v></c>" if math.isfinite(number) else "/>"
    return "/>"


def _one_piece(values: Arrow, start: int, stop: int) -> Any:
    piece = values.slice(start, stop - start)
    return piece.combine_chunks() if hasattr(piece, "combine_chunks") else piece


def _as_int32(numbers: Any) -> Any:
    return numbers if numbers.type == "int32" else numbers.cast("int32")


def _numbers(column: Any) -> array[int]:
    """The numbers of an Arrow array of 32 bits without nulls."""
    numbers = array("i")
    content = column.buffers()[1]
    if len(column):
        numbers.frombytes(memoryview(content)[4 * column.offset : 4 * (column.offset + len(column))])
    return numbers


def _number(number: int, kind: Any) -> Any:
    """A number as Arrow has it: a plain one would import pandas."""
    import pyarrow as pa

    return pa.Array.from_buffers(kind, 1, [None, pa.py_buffer(number.to_bytes(4, sys.byteorder))])[0]


def _plain(texts: Sequence[str]) -> bool:
    """Whether all of them stand in the table as they are. False only costs a moment."""
    if max(map(len, texts)) > _LONGEST_TEXT // 2:
        return False
    lines = "\n".join(["", *texts, ""])
    odd = any(sign in lines for sign in ("&", "<", ">", "_x", " \n", "\n "))
    return not odd and "".join(texts).isprintable()  # of all spaces, only the common one is


def _shared(text: str) -> str:
    """An entry of the shared table."""
    if len(text) > _LONGEST_TEXT // 2:
        units = text.encode("utf-16-le", "surrogatepass")
        if len(units) > 2 * _LONGEST_TEXT:
            text = units[: 2 * (_LONGEST_TEXT - 1)].decode("utf-16-le", "ignore") + "…"
    if not _ODD_TEXT.search(text):
        return f"<si><t>{text}</t></si>"
    text = _ESCAPE.sub("_x005F_", text)
    text = CONTROL.sub(lambda m: f"_x{ord(m[0]):04X}_", NO_XML.sub("�", text))
    space = ' xml:space="preserve"' if _EDGE.search(text) else ""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<si><t{space}>{text}</t></si>"
