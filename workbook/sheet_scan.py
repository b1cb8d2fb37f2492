"""The XML of a sheet -> its filled cells as arrays: in one walk where that was compiled, else by numpy.

Only the plain way in which Excel, LibreOffice and XlsxWriter write a sheet is understood, and its rows are vouched for
byte by byte: anything else (texts in the cells, other prefixes, cells out of order, attributes in another order, other
entities) is answered with None, and the caller reads the sheet in the ordinary way.
"""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any

from workbook import scan_native
from workbook.cells import Extent
from workbook.sheet_columns import BEGIN, END, Cells

_DECLARATION = re.compile(
    rb"(?:\xef\xbb\xbf)?<\?xml version=[\"']1.0[\"']"
    rb"(?: encoding=[\"'](?i:utf-8)[\"'])?(?: standalone=[\"']\w+[\"'])? ?\?>"
)
_LONGEST = 2**31 - 1  # bytes, so that a place is an int32


def scan(xml: bytes, np: Any) -> tuple[Cells, Extent] | None:
    """The cells, and how far the sheet is used (formulas without a result too). ``np``: numpy. None: not written in the
    plain way, or no cell that holds something."""
    first, last = xml.find(BEGIN), xml.rfind(END)
    prolog = xml[: max(first, 0)]
    if first < 0 or last < first or b"<!" in prolog or prolog.count(b"<?") != len(_DECLARATION.findall(prolog)):
        return None
    start = first + len(BEGIN)
    if start == last or len(xml) > _LONGEST:
        return None
    found: tuple[Cells, Extent] | None = engine().scan(xml, start, last, np)
    return found if found and found[1].rows else None


def engine() -> ModuleType:
    """The quicker one of those that work on this machine."""
    if scan_native.there():
        return scan_native
    from workbook import scan_planes  # late: hardly any other machine needs it

    return scan_planes
