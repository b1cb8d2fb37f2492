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
_ADDRESS = b'<c r="'
_TYPES = {b's"': SHARED, b'n"': NUMBER, b'b"': BOOLEAN, b'e"': ERROR, b'str"': TEXT}
_FOUR = 2**32 - 1
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
    is_cell = (tags == _CELL) | (tags == _CELL_EMPTY)
    cells, filled = np.flatnonzero(is_cell), np.flatnonzero((tags >= _F) & (tags <= _V))
    words = np.ndarray((len(body) - 7,), np.dtype("<u8"), body, strides=(1,))  # eight characters from each place on
    placed = _places(words, opens[cells], np)
    described = placed and _attributes(words, placed[2], after[cells], np)
    if not placed or not described:
        return None
    row, column, _ = placed
    style, kind = described
    at = np.cumsum(is_cell, dtype=np.int64)[filled] - 1
    extent = Extent(int(row[at].max(initial=0)), int(column[at].max(initial=0)))
    is_value = tags[filled] == _V
    values, owners = filled[is_value], at[is_value]
    spans = start + 3 + opens[values], start + after[values]
    return Cells(row[owners], column[owners], style[owners], kind[owners], *spans), extent


def whole_numbers(xml: bytes, start: Any, end: Any, np: Any) -> Any:
    """Values of at most nine digits as numbers; -1 for any other."""
    body = np.frombuffer(xml, np.uint8)
    length = end - start
    plain = (length > 0) & (length <= 9)
    number = np.zeros(len(start), np.int64)
    for place in range(int(length[plain].max(initial=0))):
        digit = body.take(start + place, mode="clip").astype(np.int16) - 48
        inside = place < length
        plain &= ~inside | ((digit >= 0) & (digit <= 9))
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
        char = body.take(start + place, mode="clip")
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
    tags = np.frombuffer(_KIND_OF, np.int8)[body[opens[:-1] + 1].astype(np.int64) << 8 | body[opens[:-1] + 2]]
    after = opens[1:]
    closed, empty = body[after - 1] == 62, body[after - 2] == 47
    with_text = (tags == _V) | (tags == _F)
    if not (closed | with_text).all():
        return None
    can_be_empty = np.flatnonzero(empty & ((tags == _CELL) | (tags == _F) | (tags == _ROW)))
    tags[can_be_empty] += 1  # each kind is followed by its empty form
    length = np.frombuffer(_LENGTHS, np.int8)[tags]
    fits = (length == 0) | (after - opens[:-1] == length)
    rows = np.flatnonzero((tags == _ROW) | (tags == _ROW_EMPTY))
    third, fourth = body[opens[rows] + 3], body[opens[rows] + 4]
    ends = np.flatnonzero(tags == _END_ROW)
    named = (third == 119) & ((fourth == 32) | (fourth == 62))
    if not fits.all() or not named.all() or not (body[opens[ends, None] + [3, 4]] == [111, 119]).all():
        return None
    pairs = tags[:-1] * np.int16(16) + tags[1:]
    whole = tags[0] in (_ROW, _ROW_EMPTY) and tags[-1] in (_END_ROW, _ROW_EMPTY)
    return tags if whole and np.frombuffer(_ALLOWED, np.int8)[pairs].all() else None


def _places(words: Any, at: Any, np: Any) -> tuple[Any, Any, Any] | None:
    """(row, column, position after the address) of cells that stand in order, each with its address first."""
    address = words[at + len(_ADDRESS)]
    letters = [_byte(address, n, np) - 64 for n in range(3)]
    second = (letters[1] >= 1) & (letters[1] <= 26)
    third = second & (letters[2] >= 1) & (letters[2] <= 26)
    column = np.where(second, letters[0] * 26 + letters[1], letters[0])
    column = np.where(third, column * 26 + letters[2], column)
    size = second.astype(np.int64) + third + 1
    digits = words[at + (len(_ADDRESS) + size)]
    row, inside, length = np.zeros(len(at), np.int64), np.ones(len(at), bool), np.zeros(len(at), np.int64)
    for n in range(8):
        digit = _byte(digits, n, np) - 48
        inside = inside & (digit >= 0) & (digit <= 9)
        if not inside.any():
            break
        row = np.where(inside, row * 10 + digit, row)
        length += inside
    good = (words[at] & np.uint64(2**48 - 1)) == np.uint64(int.from_bytes(_ADDRESS, "little"))
    good &= (letters[0] >= 1) & (letters[0] <= 26) & (length >= 1) & (length <= 7)
    good &= (
        (_byte(digits, np.minimum(length, 7), np) == 34) & (row >= 1) & (row <= MOST_ROWS) & (column <= MOST_COLUMNS)
    )
    if not good.all() or not (np.diff(row * (MOST_COLUMNS + 1) + column) > 0).all():
        return None
    return row, column, at + (len(_ADDRESS) + 1) + size + length


def _attributes(words: Any, at: Any, after: Any, np: Any) -> tuple[Any, Any] | None:
    """(style, kind) of cells with nothing else than ``s`` below 1000 and ``t``, in this order; ``after``: the next
    tag."""
    word = words[at]
    styled = (word & _FOUR) == np.uint64(int.from_bytes(b' s="', "little"))
    style, inside, length = np.zeros(len(at), np.int64), styled, np.zeros(len(at), np.int64)
    for n in range(4, 7):
        digit = _byte(word, n, np) - 48
        inside = inside & (digit >= 0) & (digit <= 9)
        style = np.where(inside, style * 10 + digit, style)
        length += inside
    good = ~styled | ((length > 0) & (_byte(word, 4 + length, np) == 34))
    at = at + np.where(styled, 5 + length, 0)
    word = words[at]
    typed = (word & _FOUR) == np.uint64(int.from_bytes(b' t="', "little"))
    letters = (word >> np.uint64(32)).astype(np.int64)
    kind = np.full(len(at), NUMBER, np.int8)
    known = ~typed
    size = np.where(typed, 6, 0)
    for name, meaning in _TYPES.items():
        mask = 2 ** (8 * len(name)) - 1
        mine = typed & ((letters & mask) == int.from_bytes(name, "little"))
        kind[mine], size[mine] = meaning, 4 + len(name)
        known |= mine
    rest = after - at - size  # ">", "/>" or " />"
    tail = words[at + size]
    good &= known & (
        (rest == 1) | ((rest == 2) & (_byte(tail, 0, np) == 47)) | ((rest == 3) & (_byte(tail, 0, np) == 32))
    )
    return (style, kind) if good.all() else None


def _byte(words: Any, n: Any, np: Any) -> Any:
    return ((words >> np.uint64(8 * n) if isinstance(n, int) else words >> (n * 8).astype(np.uint64)) & 255).astype(
        np.int64
    )
