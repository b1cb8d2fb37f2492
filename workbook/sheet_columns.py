"""The XML of a sheet -> its filled cells as arrays, without making a Python object a cell.

Only the plain way in which Excel, LibreOffice and XlsxWriter write a sheet is understood, and it is vouched for tag by
tag: anything else (texts in the cells, other prefixes, cells out of order, attributes in another order) is answered
with None, and the caller reads the sheet in the ordinary way.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from workbook.cells import Extent

SHARED, NUMBER, BOOLEAN, ERROR, TEXT = range(5)
"""Kinds of a cell: an index of the shared texts; a number or a date; TRUE; "#N/A"; the text of a formula."""

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384

_ROW, _ROW_EMPTY, _CELL, _CELL_EMPTY, _F, _F_EMPTY, _V, _END_F, _END_V, _END_CELL, _END_ROW, _OTHER = range(12)
_NEXT = {
    _ROW: (_CELL, _CELL_EMPTY, _END_ROW),
    _ROW_EMPTY: (_ROW, _ROW_EMPTY),
    _CELL: (_F, _F_EMPTY, _V, _END_CELL),
    _CELL_EMPTY: (_CELL, _CELL_EMPTY, _END_ROW),
    _F: (_END_F,),
    _F_EMPTY: (_V, _END_CELL),
    _END_F: (_V, _END_CELL),
    _V: (_END_V,),
    _END_V: (_END_CELL,),
    _END_CELL: (_CELL, _CELL_EMPTY, _END_ROW),
    _END_ROW: (_ROW, _ROW_EMPTY),
}
_ALLOWED = bytes(second in _NEXT.get(first, ()) for first in range(12) for second in range(16))
_STARTS = {
    b"ro": _ROW, b"c ": _CELL, b"f>": _F, b"f ": _F, b"f/": _F, b"v>": _V,
    b"/f": _END_F, b"/v": _END_V, b"/c": _END_CELL, b"/r": _END_ROW,
}  # fmt: skip
_KIND_OF = bytes(_STARTS.get(n.to_bytes(2, "big"), _OTHER) for n in range(2**16))
_LENGTHS = bytes({_END_F: 4, _END_V: 4, _END_CELL: 4, _END_ROW: 6}.get(tag, 0) for tag in range(12))
_ADDRESS, _STYLE, _TYPE, _VALUE = b'r="', b' s="', b' t="', b"<v>"
_QUOTE, _ZERO = ord('"'), ord("0")
_TYPES = {"s": SHARED, "n": NUMBER, "b": BOOLEAN, "e": ERROR}  # and "str": TEXT
_KIND_OF_TYPE = bytes(_TYPES.get(chr(n), _OTHER) for n in range(256))
_LONGEST_NUMBER, _NEAR = 24, 5  # characters of a fraction, and nines with which it counts as the next day
_ROW_BEGIN = b"<row"
_PIECE = 1_000_000  # bytes looked at together: what is made of them then stays near the processor
_START, _END = b"<sheetData>", b"</sheetData>"
_ROW_START = re.compile(rb"<row\s")
_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[^>]*?\?>")


class Cells(NamedTuple):
    """Cells that hold something, in the order of rows and columns; arrays of equal length."""

    row: Any  # from 1
    column: Any  # from 1
    style: Any
    kind: Any
    start: Any  # where its value begins in the XML
    end: Any


def scan(xml: bytes, np: Any) -> tuple[Cells, Extent] | None:
    """The cells, and how far the sheet is used (formulas without a result too). ``np``: numpy. None: not written in the
    plain way, or no cell that holds something."""
    first, last = xml.find(_START), xml.rfind(_END)
    prolog = xml[: max(first, 0)]
    if first < 0 or last < first or b"<!" in prolog or prolog.count(b"<?") != len(_DECLARATION.findall(prolog)):
        return None
    found, start, rows, columns = [], first + len(_START), 0, 0
    while start < last:
        cut = xml.find(_ROW_BEGIN, start + _PIECE, last)
        end = last if cut < 0 else cut
        piece = _scan(xml, start, end, np)
        if piece is None or (len(piece[0].row) and piece[0].row[0] <= rows):
            return None
        if piece[1].rows:
            found.append(piece[0])
            rows, columns = piece[1].rows, max(columns, piece[1].columns)
        start = end
    if not rows:
        return None
    return Cells(*map(np.concatenate, zip(*found, strict=True))), Extent(rows, columns)


def _scan(xml: bytes, start: int, end: int, np: Any) -> tuple[Cells, Extent] | None:
    """Some whole rows."""
    body = np.frombuffer(xml, np.uint8)[start:]
    opens = np.append(np.flatnonzero(body[: end - start] == 60), end - start)
    tags = _tags(body, opens, np)
    if tags is None:
        return None
    opens, after = opens[:-1], opens[1:]
    is_cell, is_value = (tags == _CELL) | (tags == _CELL_EMPTY), tags == _V
    cells, values = np.flatnonzero(is_cell), np.flatnonzero(is_value)
    placed = _places(body, opens.take(cells), np)
    described = placed and _attributes(body, placed[2], after.take(cells), np)
    if not placed or not described:
        return None
    row, column, _ = placed
    style, kind = described
    at = np.cumsum(is_cell, dtype=np.int32)
    filled = at.take(np.flatnonzero(is_value | (tags == _F) | (tags == _F_EMPTY))) - 1
    owners = at.take(values) - 1
    extent = Extent(int(row.take(filled).max(initial=0)), int(column.take(filled).max(initial=0)))
    spans = opens.take(values) + (start + len(_VALUE)), after.take(values) + start
    return Cells(row.take(owners), column.take(owners), style.take(owners), kind.take(owners), *spans), extent


def whole_numbers(xml: bytes, start: Any, end: Any, np: Any) -> Any:
    """Values of at most nine digits as numbers; -1 for any other."""
    body = np.frombuffer(xml, np.uint8)
    length = end - start
    plain = (length > 0) & (length <= 9)
    length = np.where(plain, length, 0).astype(np.uint8)
    number = np.zeros(len(start), np.int32)
    for place in range(int(length.max(initial=0))):
        digit = _char(body, start, place) - _ZERO
        inside = length > place
        plain &= ~inside | (digit <= 9)
        number = np.where(inside, number * 10 + digit, number)
    return np.where(plain, number, -1).astype(np.int64)


def moments(xml: bytes, start: Any, end: Any, np: Any) -> Any:
    """The whole days of numbers with a fraction, such as 45861.4375; -1 for any other, and for what is so near to the
    next day that rounding decides."""
    body = np.frombuffer(xml, np.uint8)
    length, good = end - start, np.ones(len(start), bool)
    dot, nines = np.full(len(start), -1), np.zeros(len(start), np.int64)
    good &= (length >= 3) & (length <= _LONGEST_NUMBER)
    for place in range(int(length[good].max(initial=0))):
        char = _char(body, start, place)
        inside, is_dot = place < length, char == 46
        good &= ~inside | ((char >= 48) & (char <= 57)) | (is_dot & (dot < 0) & (place > 0))
        dot = np.where(inside & is_dot, place, dot)
        nines += inside & (char == 57) & (dot >= 0) & (place == dot + nines + 1)
    good &= (dot > 0) & (dot < length - 1) & (nines < _NEAR)
    return np.where(good, whole_numbers(xml, start, start + np.where(good, dot, 0), np), -1)


def head_of(xml: bytes, rows: int) -> bytes:
    """The same sheet with its first rows only."""
    at = xml.find(_START)
    for count, match in enumerate(_ROW_START.finditer(xml, at)):
        if count == rows:
            return xml[: match.start()] + xml[xml.rfind(_END) :]
    return xml


def _tags(body: Any, opens: Any, np: Any) -> Any:
    """What each tag is; None where one is of another kind, or stands where it may not. Between tags stands nothing but
    the text of a value or a formula."""
    if len(opens) < 2:
        return None
    at, after = opens[:-1], opens[1:]
    tags = np.frombuffer(_KIND_OF, np.uint8).take(_char(body, at, 1).astype(np.uint16) << 8 | _char(body, at, 2))
    closed, empty = body.take(after - 1) == 62, body.take(after - 2) == 47
    with_text = (tags == _V) | (tags == _F)
    if not (closed | with_text).all():
        return None
    can_be_empty = np.flatnonzero(empty & ((tags == _CELL) | (tags == _F) | (tags == _ROW)))
    tags[can_be_empty] += 1  # each kind is followed by its empty form
    length = np.frombuffer(_LENGTHS, np.uint8).take(tags)
    fits = (length == 0) | (after - at == length)
    rows = at[(tags == _ROW) | (tags == _ROW_EMPTY)]
    third, fourth = _char(body, rows, 3), _char(body, rows, 4)
    named = (third == 119) & ((fourth == 32) | (fourth == 62))
    ends = at[tags == _END_ROW]
    if not fits.all() or not named.all() or not _reads(body, ends, b"ow", 3).all():
        return None
    pairs = tags[:-1] << 4 | tags[1:]
    whole = tags[0] in (_ROW, _ROW_EMPTY) and tags[-1] in (_END_ROW, _ROW_EMPTY)
    return tags if whole and np.frombuffer(_ALLOWED, np.uint8).take(pairs).all() else None


def _places(body: Any, at: Any, np: Any) -> tuple[Any, Any, Any] | None:
    """(row, column, position after the address) of cells that stand in order, each with its address first."""
    good = _reads(body, at, _ADDRESS, len("<c "))
    at = at + len("<c ") + len(_ADDRESS)
    first, second, third = (_char(body, at, n) - np.uint8(64) for n in range(3))  # letters are 1 to 26
    two = second - np.uint8(1) < 26
    three = two & (third - np.uint8(1) < 26)
    column = np.where(two, first.astype(np.int64) * 26 + second, first)
    column = np.where(three, column * 26 + third, column)
    at = at + (two.astype(np.int64) + three + 1)
    row, length = _number(body, at, 7, np)
    at += length
    good &= (first - np.uint8(1) < 26) & (length > 0) & (_char(body, at, 0) == _QUOTE)
    good &= (row >= 1) & (row <= MOST_ROWS) & (column <= MOST_COLUMNS)
    row = row.astype(np.int64)
    if not good.all() or not (np.diff(row * (MOST_COLUMNS + 1) + column) > 0).all():
        return None
    return row, column, at + 1


def _attributes(body: Any, at: Any, after: Any, np: Any) -> tuple[Any, Any] | None:
    """(style, kind) of cells with nothing else than ``s`` below 1000 and ``t``, in this order; ``after``: the next
    tag."""
    styled = _reads(body, at, _STYLE, 0)
    style, length = _number(body, at + len(_STYLE), 3, np)
    end = at + len(_STYLE) + length
    good = ~styled | ((length > 0) & (_char(body, end, 0) == _QUOTE))
    at = np.where(styled, end + 1, at)
    typed = _reads(body, at, _TYPE, 0)
    letter, second = (_char(body, at, len(_TYPE) + n) for n in range(2))
    kind = np.where(typed, np.frombuffer(_KIND_OF_TYPE, np.uint8).take(letter), NUMBER)
    long = np.flatnonzero(typed & (second != _QUOTE))
    if not _reads(body, at[long], b'str"', len(_TYPE)).all():
        return None
    kind[long] = TEXT
    size = typed * len(_TYPE + b's"')
    size[long] = len(_TYPE + b'str"')
    at = at + size
    rest, tail = after - at, _char(body, at, 0)  # ">", "/>" or " />"
    good &= (kind != _OTHER) & ((rest == 1) | ((rest == 2) & (tail == 47)) | ((rest == 3) & (tail == 32)))
    return (np.where(styled, style, 0).astype(np.int64), kind) if good.all() else None


def _number(body: Any, at: Any, most: int, np: Any) -> tuple[Any, Any]:
    """The numbers that stand at some places, and how many digits each has; ``most`` of them are read."""
    number, length = np.zeros(len(at), np.int32), np.zeros(len(at), np.int64)
    inside = np.ones(len(at), bool)
    for place in range(most):
        digit = _char(body, at, place) - _ZERO
        inside &= digit <= 9
        if not inside.any():
            break
        number = np.where(inside, number * 10 + digit, number)
        length += inside
    return number, length


def _reads(body: Any, at: Any, text: bytes, offset: int) -> Any:
    """Whether ``text`` stands so many bytes after each place."""
    good = _char(body, at, offset) == text[0]
    for place, char in enumerate(text[1:], offset + 1):
        good &= _char(body, at, place) == char
    return good


def _char(body: Any, at: Any, offset: int) -> Any:
    """The byte so many bytes after each place; beyond the end one that no cell in order asks for."""
    return body[offset:].take(at, mode="wrap")
