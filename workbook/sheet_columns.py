"""The filled cells of a sheet as arrays, and what their values say, without making a Python object a cell."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

SHARED, NUMBER, BOOLEAN, ERROR, TEXT = range(5)
"""Kinds of a cell: an index of the shared texts; a number or a date; TRUE; "#N/A"; the text of a formula."""

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384

BEGIN, END = b"<sheetData>", b"</sheetData>"
"""Around the rows of a sheet."""

_ZERO = ord("0")
_LONGEST_NUMBER, _NEAR = 24, 5  # characters of a fraction, and nines with which it counts as the next day
_ROW = re.compile(rb"<row\s")


class Cells(NamedTuple):
    """Cells that hold something, in the order of rows and columns; arrays of equal length."""

    row: Any  # int32, from 1
    column: Any  # int16, from 1
    style: Any  # int16
    kind: Any  # uint8
    start: Any  # int32, where its value begins in the XML
    end: Any
    number: Any  # int32, what its value says when that is at most nine digits; else -1


def whole_numbers(body: Any, start: Any, end: Any, np: Any) -> Any:
    """Values of at most nine digits as numbers (int32); -1 for any other. ``body``: the XML as bytes of numpy."""
    length = end - start
    plain = (length > 0) & (length <= 9)
    length = np.where(plain, length, 0).astype(np.uint8)
    number = np.zeros(len(start), np.int32)
    for place in range(int(length.max(initial=0))):
        digit = char_at(body, start, place) - _ZERO
        inside = length > place
        plain &= ~inside | (digit <= 9)
        number = np.where(inside, number * 10 + digit, number)
    return np.where(plain, number, -1)


def moments(xml: bytes, start: Any, end: Any, np: Any) -> Any:
    """The whole days of numbers with a fraction, such as 45861.4375; -1 for any other, and for what is so near to the
    next day that rounding decides."""
    body = np.frombuffer(xml, np.uint8)
    length, good = end - start, np.ones(len(start), bool)
    dot, nines = np.full(len(start), -1), np.zeros(len(start), np.int64)
    good &= (length >= 3) & (length <= _LONGEST_NUMBER)
    for place in range(int(length[good].max(initial=0))):
        char = char_at(body, start, place)
        inside, is_dot = place < length, char == 46
        good &= ~inside | ((char >= 48) & (char <= 57)) | (is_dot & (dot < 0) & (place > 0))
        dot = np.where(inside & is_dot, place, dot)
        nines += inside & (char == 57) & (dot >= 0) & (place == dot + nines + 1)
    good &= (dot > 0) & (dot < length - 1) & (nines < _NEAR)
    return np.where(good, whole_numbers(body, start, start + np.where(good, dot, 0), np), -1)


def head_of(xml: bytes, rows: int) -> bytes:
    """The same sheet with its first rows only."""
    at = xml.find(BEGIN)
    for count, match in enumerate(_ROW.finditer(xml, at)):
        if count == rows:
            return xml[: match.start()] + xml[xml.rfind(END) :]
    return xml


def char_at(body: Any, at: Any, offset: int) -> Any:
    """The byte so many bytes after each place; beyond the end one that no cell in order asks for."""
    return body[offset:].take(at, mode="wrap")
