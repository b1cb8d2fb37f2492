"""Rows joined from their pieces in one walk: ``row_native.c``, where a compiler was there when the product was
installed (``hatch_build.py``)."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from workbook import native
from workbook.row_pieces import Chosen, Numbers, Piece

_MOST_DIGITS = 20


def there() -> bool:
    """Whether this machine can."""
    return _join() is not None


def join(pieces: Sequence[Piece], first: int, rows: int) -> memoryview:
    """See ``row_pieces.join``. Other threads run meanwhile."""
    texts: list[bytes | None] = []
    bounds: list[array[int] | None] = []
    at: list[array[int] | None] = []
    longest = 0
    for piece in pieces:
        some = [piece] if isinstance(piece, str) else piece.texts if isinstance(piece, Chosen) else ()
        encoded = [text.encode() for text in some]
        ends = array("i", accumulate(map(len, encoded), initial=0)) if encoded else None
        texts.append(b"".join(encoded) if encoded else None)
        bounds.append(ends)
        at.append(piece.at if isinstance(piece, Chosen | Numbers) else None)
        longest += max(map(len, encoded), default=_MOST_DIGITS)
    out = bytearray(longest * rows)
    buffer = (ctypes.c_char * len(out)).from_buffer(out)
    length = _join()(first, rows, len(texts), _texts(texts), _places(bounds), _places(at), buffer)
    return memoryview(out)[:length]


def _texts(texts: Sequence[bytes | None]) -> Any:
    return (ctypes.c_char_p * len(texts))(*texts)


def _places(arrays: Sequence[array[int] | None]) -> Any:
    addresses: list[Any] = [None if numbers is None else numbers.buffer_info()[0] for numbers in arrays]
    return (ctypes.c_void_p * len(arrays))(*addresses)


def _join() -> Any:
    pointers = [ctypes.c_void_p] * 4
    return native.function("join_1", ctypes.c_int64, *[ctypes.c_int64] * 3, *pointers)
