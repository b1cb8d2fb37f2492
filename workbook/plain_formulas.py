"""The formulas of a sheet that is written in the plain way, without a walk over every element.

In a merge this is asked of every form sheet. Without their values, the rows of a hundred communes are the same ones:
what is left of a row is looked at once. What is not vouched for (shared formulas, error values, other prefixes, CDATA,
odd addresses) is answered with None, and ``cells.cells_of`` walks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from toolkit.letters import column_number
from workbook.cells import Cell, well_formed

_START = re.compile(
    rb'(?:<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?(?: standalone="yes")?\?>\s*)?<worksheet[\s>]'
)
_OTHERWISE = re.compile(rb'<[!?]|<[^\s<>:/]+:(?:c|f|v|is|row)[\s/>]|["\']e["\']|\r')
_ODD = re.compile(rb'<(?:c(?=[\s/>])(?! r="[A-Z]{1,3}[0-9]{1,7}")|row(?=[\s/>])(?! r="[0-9]{1,10}"))')
_FORMULAS = re.compile(rb"<f[\s/>]")
_PLAIN_FORMULAS = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"((?: [a-z]+="[^"<>&]*")*)>'
    rb'<f(?: t="array" ref="[A-Z0-9:]+")?>([^<]*)</f>(?:(<v)(?:/>|>(?:([^<])[^<]*)?</v>))?</c>'
)
_NAMED = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))

_LONG = 300_000  # bytes of a sheet that is hardly of the form: its rows are not remembered

_Cells = Mapping[tuple[int, int], Cell]


def plain_formulas(xml: bytes) -> _Cells | None:
    """As ``cells.cells_of``; None: ask that."""
    rows, end, below = _without_values(xml).partition(b"</sheetData>")
    above, *rows_apart = rows.split(b"<row ")
    is_frame, cells_in = (_is_frame, _cells) if len(xml) <= _LONG else (_is_frame.__wrapped__, _cells.__wrapped__)
    if (rows_apart and not end) or not is_frame(above + end + below):
        return None
    found: dict[tuple[int, int], Cell] = {}
    for row in rows_apart:
        if (cells := cells_in(row)) is None:
            return None
        found |= cells
    return found


def _without_values(xml: bytes) -> bytes:
    """A sheet with 0 for whatever its cells show; values that might be no sound XML stay. Soundness stays as it is."""
    first, *others = xml.split(b"<v>")
    parts = [other.partition(b"</v>") for other in others]
    if _is_plain(b" ".join([value for value, _, _ in parts])):
        return first + b"".join([(b"<v>0" if value else b"<v>") + end + rest for value, end, rest in parts])
    return first + b"".join(
        [b"<v>" + (b"0" if value and _is_plain(value) else value) + end + rest for value, end, rest in parts]
    )


def _is_plain(text: bytes) -> bool:
    """Whether a text means itself wherever in XML it stands."""
    if b"<" in text or b"&" in text or b">" in text:
        return False
    try:
        return text.decode().isprintable()
    except UnicodeDecodeError:
        return False


@lru_cache(maxsize=64)
def _is_frame(frame: bytes) -> bool:
    """Whether a sheet without its rows is written in the plain way: then a row may stand before any end of a tag."""
    start = _START.match(frame)
    return (
        start is not None
        and not _OTHERWISE.search(frame, start.end())
        and not _ODD.search(frame)
        and not _FORMULAS.search(frame)
        and well_formed(frame)
    )


@lru_cache(maxsize=1024)
def _cells(row: bytes) -> _Cells | None:
    """The formulas of one row, which comes without the beginning of its tag."""
    row = b"<row " + row
    found = _PLAIN_FORMULAS.findall(row)
    if _OTHERWISE.search(row) or _ODD.search(row) or len(found) != len(_FORMULAS.findall(row)) or not well_formed(row):
        return None
    out = {}
    for letters, number, attributes, formula, result, value in found:
        if b"&#" in formula:
            return None
        calculated = bool(value) or (bool(result) and b' t="str"' in attributes)
        out[int(number), column_number(letters.decode())] = Cell(_text(formula), "", calculated)
    return out


def _text(written: bytes) -> str:
    text = written.decode()
    if "&" in text:
        for name, sign in _NAMED:
            text = text.replace(name, sign)
    return text
