"""The rows of a sheet's XML -> its filled cells, by numpy: tag by tag in planes of bytes, the same as ``scan_native.c``
finds in one walk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from workbook.cells import Extent
from workbook.sheet_columns import (
    BOOLEAN,
    ERROR,
    MOST_COLUMNS,
    MOST_ROWS,
    NUMBER,
    SHARED,
    TEXT,
    Cells,
    char_at,
    whole_numbers,
)

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
_KINDS = bytearray([_OTHER]) * 2**16
for _start, _tag in _STARTS.items():
    _KINDS[int.from_bytes(_start, "big")] = _tag
_KIND_OF = bytes(_KINDS)
_LENGTHS = bytes({_END_F: 4, _END_V: 4, _END_CELL: 4, _END_ROW: 6}.get(tag, 0) for tag in range(12))
_ADDRESS, _STYLE, _TYPE, _VALUE = b'r="', b' s="', b' t="', b"<v>"
_QUOTE, _ZERO = ord('"'), ord("0")
_TYPES = {"s": SHARED, "n": NUMBER, "b": BOOLEAN, "e": ERROR}  # and "str": TEXT
_KIND_OF_TYPE = bytes(_TYPES.get(chr(n), _OTHER) for n in range(256))
_ROW_BEGIN = b"<row"
_ATTRIBUTES = rb'(?: [A-Za-z_][\w:.-]*="[^"<>&\x00-\x1f\x80-\xff]*")* ?/?>'
_TAG = re.compile(rb"<(?:row|f)%s" % _ATTRIBUTES)
_NAME = re.compile(rb' ([\w:.-]+)="')
_R, _ROW_NUMBER = b' r="', re.compile(rb"[0-9]{1,7}")
_NO_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)")
_MOST_ATTRIBUTES = 16
_RARE = {9, 10, *range(128, 256)}  # tab, new line, and letters with accents, which a text may have
_PIECE = 1_000_000  # bytes looked at together: what is made of them then stays near the processor


def scan(xml: bytes, start: int, last: int, np: Any) -> tuple[Cells, Extent] | None:
    """The cells of the rows between two places, and how far they reach."""
    pieces: list[Cells] = []
    extents, before = [], 0
    while start < last:
        cut = xml.find(_ROW_BEGIN, start + _PIECE, last)
        end = last if cut < 0 else cut
        found = _scan(xml, start, end, before, np)
        if found is None:
            return None
        cells, extent, before = found
        pieces.append(cells)
        extents.append(extent)
        start = end
    rows, columns = (max(far) for far in zip(*extents, strict=True))
    return Cells(*map(np.concatenate, zip(*pieces, strict=True))), Extent(rows, columns)


def _scan(xml: bytes, start: int, end: int, before: int, np: Any) -> tuple[Cells, Extent, int] | None:
    """Some whole rows, and the number of the last one. ``before``: of the row before them."""
    body = np.frombuffer(xml, np.uint8)[start:]
    opens = np.append(np.flatnonzero(body[: end - start] == 60), end - start)
    tags = _tags(body, opens, np)
    if tags is None or not _sound(xml, start, end, len(tags), np):
        return None
    opens, after = opens[:-1], opens[1:]
    is_row, is_cell = (tags == _ROW) | (tags == _ROW_EMPTY), (tags == _CELL) | (tags == _CELL_EMPTY)
    is_formula, is_value = (tags == _F) | (tags == _F_EMPTY), tags == _V
    cells, values = np.flatnonzero(is_cell), np.flatnonzero(is_value)
    rows = _rows(_spans(xml, start, opens[is_row], after[is_row]), np)
    placed = _places(body, opens.take(cells), np)
    described = placed and _attributes(body, placed[2], after.take(cells), np)
    formulas = {tag[: tag.find(b">") + 1] for tag in _spans(xml, start, opens[is_formula], after[is_formula])}
    if rows is None or not placed or not described or not all(map(_in_order, formulas)):
        return None
    row, column, _ = placed
    in_order = (np.diff(rows, prepend=before) > 0).all() and (rows <= MOST_ROWS).all()
    if not in_order or not (rows.take((np.cumsum(is_row) - 1).take(cells)) == row).all():
        return None
    style, kind = described
    at = np.cumsum(is_cell, dtype=np.int32)
    filled = at.take(np.flatnonzero(is_value | is_formula)) - 1
    owners = at.take(values) - 1
    extent = Extent(int(row.take(filled).max(initial=0)), int(column.take(filled).max(initial=0)))
    begin, stop = opens.take(values) + len(_VALUE), after.take(values)
    number = whole_numbers(body, begin, stop, np)
    found = Cells(
        row.astype(np.int32).take(owners),
        column.astype(np.int16).take(owners),
        style.astype(np.int16).take(owners),
        kind.take(owners),
        (begin + start).astype(np.int32),
        (stop + start).astype(np.int32),
        number,
    )
    return found, extent, int(rows[-1])


def _spans(xml: bytes, start: int, opens: Any, after: Any) -> list[bytes]:
    return [xml[begin:end] for begin, end in zip((opens + start).tolist(), (after + start).tolist(), strict=True)]


def _sound(xml: bytes, start: int, end: int, tags: int, np: Any) -> bool:
    """Whether texts and tags are without signs that would have to be looked at more closely."""
    body = np.frombuffer(xml, np.uint8)[start:end]
    rare = body - np.uint8(32) >= 96  # control characters, and what is beyond ASCII
    if rare.any():
        if not {*body[rare].tolist()} <= _RARE:
            return False
        try:
            xml[start:end].decode()
        except UnicodeDecodeError:
            return False
    if np.count_nonzero(body == 62) != tags:
        return False
    return xml.find(b"&", start, end) < 0 or not _NO_ENTITY.search(xml, start, end)


def _rows(tags: Sequence[bytes], np: Any) -> Any:
    """The numbers of rows; None where a tag is not in order."""
    numbers, others = [], set()
    for tag in tags:
        front, _, rest = tag.partition(_R)
        number, _, back = rest.partition(b'"')
        numbers.append(number)
        others.add((front, back))
    if not all(map(_ROW_NUMBER.fullmatch, numbers)) or not all(_in_order(b'%s r="1"%s' % parts) for parts in others):
        return None
    return np.array([int(number) for number in numbers])


def _in_order(tag: bytes) -> bool:
    """A tag with attributes, none of them twice."""
    names = _NAME.findall(tag)
    return _TAG.fullmatch(tag) is not None and len({*names}) == len(names) <= _MOST_ATTRIBUTES


def _tags(body: Any, opens: Any, np: Any) -> Any:
    """What each tag is; None where one is of another kind, or stands where it may not. Between tags stands nothing but
    the text of a value or a formula."""
    if len(opens) < 2 or opens[0]:
        return None
    at, after = opens[:-1], opens[1:]
    tags = np.frombuffer(_KIND_OF, np.uint8).take(char_at(body, at, 1).astype(np.uint16) << 8 | char_at(body, at, 2))
    closed, empty = body.take(after - 1) == 62, body.take(after - 2) == 47
    with_text = (tags == _V) | (tags == _F)
    if not (closed | with_text).all():
        return None
    can_be_empty = np.flatnonzero(closed & empty & ((tags == _CELL) | (tags == _F) | (tags == _ROW)))
    tags[can_be_empty] += 1  # each kind is followed by its empty form
    length = np.frombuffer(_LENGTHS, np.uint8).take(tags)
    fits = (length == 0) | (after - at == length)
    if not fits.all() or not _reads(body, at[tags == _END_ROW], b"ow", 3).all():
        return None
    pairs = tags[:-1] << 4 | tags[1:]
    whole = tags[0] in (_ROW, _ROW_EMPTY) and tags[-1] in (_END_ROW, _ROW_EMPTY)
    return tags if whole and np.frombuffer(_ALLOWED, np.uint8).take(pairs).all() else None


def _places(body: Any, at: Any, np: Any) -> tuple[Any, Any, Any] | None:
    """(row, column, position after the address) of cells that stand in order, each with its address first."""
    good = _reads(body, at, _ADDRESS, len("<c "))
    at = at + len("<c ") + len(_ADDRESS)
    first, second, third = (char_at(body, at, n) - np.uint8(64) for n in range(3))  # letters are 1 to 26
    two = second - np.uint8(1) < 26
    three = two & (third - np.uint8(1) < 26)
    column = np.where(two, first.astype(np.int64) * 26 + second, first)
    column = np.where(three, column * 26 + third, column)
    at = at + (two.astype(np.int64) + three + 1)
    row, length = _number(body, at, 7, np)
    at += length
    good &= (first - np.uint8(1) < 26) & (length > 0) & (char_at(body, at, 0) == _QUOTE)
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
    good = ~styled | ((length > 0) & (char_at(body, end, 0) == _QUOTE))
    at = np.where(styled, end + 1, at)
    typed = _reads(body, at, _TYPE, 0)
    letter, second = (char_at(body, at, len(_TYPE) + n) for n in range(2))
    kind = np.where(typed, np.frombuffer(_KIND_OF_TYPE, np.uint8).take(letter), NUMBER)
    long = np.flatnonzero(typed & (second != _QUOTE))
    if not _reads(body, at[long], b'str"', len(_TYPE)).all():
        return None
    kind[long] = TEXT
    size = typed * len(_TYPE + b's"')
    size[long] = len(_TYPE + b'str"')
    at = at + size
    rest = after - at  # ">", "/>" or " />"
    empty, spaced = _reads(body, at, b"/", 0), _reads(body, at, b" /", 0)
    good &= (kind != _OTHER) & ((rest == 1) | ((rest == 2) & empty) | ((rest == 3) & spaced))
    return (np.where(styled, style, 0).astype(np.int64), kind) if good.all() else None


def _number(body: Any, at: Any, most: int, np: Any) -> tuple[Any, Any]:
    """The numbers that stand at some places, and how many digits each has; ``most`` of them are read."""
    number, length = np.zeros(len(at), np.int32), np.zeros(len(at), np.int64)
    inside = np.ones(len(at), bool)
    for place in range(most):
        digit = char_at(body, at, place) - _ZERO
        inside &= digit <= 9
        if not inside.any():
            break
        number = np.where(inside, number * 10 + digit, number)
        length += inside
    return number, length


def _reads(body: Any, at: Any, text: bytes, offset: int) -> Any:
    """Whether ``text`` stands so many bytes after each place."""
    good = char_at(body, at, offset) == text[0]
    for place, char in enumerate(text[1:], offset + 1):
        good &= char_at(body, at, place) == char
    return good
