"""Rows of a sheet's XML as columns of pieces, and joined: in one walk where that was compiled, else by Python.

What a row says is made once for each distinct value; joining rows from these texts is what is left of writing a long
sheet.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import islice, repeat
from typing import NamedTuple


class Chosen(NamedTuple):
    """In each row one of some texts."""

    texts: Sequence[str]
    at: array[int]  # of each row, "i"


class Numbers(NamedTuple):
    """In each row a whole number."""

    at: array[int]  # "i"


class RowNumber(NamedTuple):
    """The number of the row itself."""


Piece = str | Chosen | Numbers | RowNumber
"""A text stands in every row."""

ROW = RowNumber()

Buffer = bytes | memoryview


def join(pieces: Sequence[Piece], first: int, rows: int) -> Buffer:
    """Rows with the numbers from ``first`` on, each its pieces one behind the other, as UTF-8."""
    return engine()(pieces, first, rows)


def engine() -> Callable[[Sequence[Piece], int, int], Buffer]:
    """The quicker one of those that work on this machine."""
    from workbook import row_native

    return row_native.join if row_native.there() else plain_join


def plain_join(pieces: Sequence[Piece], first: int, rows: int) -> bytes:
    numbers = list(map(str, range(first, first + rows)))
    columns: list[Iterable[str]] = []
    for piece in pieces:
        if isinstance(piece, str):
            columns.append(repeat(piece))
        elif isinstance(piece, Chosen):
            columns.append(map(piece.texts.__getitem__, piece.at))
        else:
            columns.append(map(str, piece.at) if isinstance(piece, Numbers) else numbers)
    return "".join(islice(map("".join, zip(*columns, strict=False)), rows)).encode()
