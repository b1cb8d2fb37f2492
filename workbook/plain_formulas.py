"""The formulas of a sheet that is written in the plain way, without a walk over every element.

In a merge this is asked of every form sheet. What is not vouched for (shared formulas, error values, other prefixes,
CDATA, odd addresses) is answered with None, and ``cells.cells_of`` walks.
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
_OTHERWISE = re.compile(rb"<[!?]|<[^\s<>:/]+:(?:c|f|v|is|row)[\s/>]")
_ODD = re.compile(rb'<(?:c(?=[\s/>])(?! r="[A-Z]{1,3}[0-9]{1,7}")|row(?=[\s/>])(?! r="[0-9]{1,10}"))')
_FORMULAS = re.compile(rb"<f[\s/>]")
_PLAIN_FORMULAS = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"((?: [a-z]+="[^"<>&]*")*)>'
    rb'<f(?: t="array" ref="[A-Z0-9:]+")?>([^<]*)</f>(?:(<v)(?:/>|>(?:([^<])[^<]*)?</v>))?</c>'
)
_NAMED = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))

Found = tuple[tuple[bytes, bytes, bytes, bytes, bytes, bytes], ...]


def plain_formulas(xml: bytes) -> Mapping[tuple[int, int], Cell] | None:
    """As ``cells.cells_of``; None: ask that."""
    start = _START.match(xml)
    if start is None or b'"e"' in xml or b"\r" in xml or _OTHERWISE.search(xml, start.end()) or _ODD.search(xml):
        return None
    found = tuple(_PLAIN_FORMULAS.findall(xml))
    if len(found) != len(_FORMULAS.findall(xml)) or not well_formed(xml):
        return None
    if any(b"&#" in cell[3] for cell in found):
        return None
    return _cells(found)


@lru_cache(maxsize=16)
def _cells(found: Found) -> Mapping[tuple[int, int], Cell]:
    """In a merge the sheets of a hundred communes have the same formulas."""
    columns = {letters: column_number(letters.decode()) for letters in {cell[0] for cell in found}}
    out = {}
    for letters, row, attributes, formula, result, value in found:
        calculated = bool(value) or (bool(result) and b' t="str"' in attributes)
        out[int(row), columns[letters]] = Cell(_text(formula), "", calculated)
    return out


def _text(written: bytes) -> str:
    text = written.decode()
    if "&" in text:
        for name, sign in _NAMED:
            text = text.replace(name, sign)
    return text
