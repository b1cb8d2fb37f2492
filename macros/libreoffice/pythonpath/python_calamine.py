"""Stands in for python-calamine, which is compiled, where LibreOffice's own Python has none: the buttons on the open
book never call it, and what reads closed workbooks says kindly that it cannot here.

LibreOffice appends our folder to ``sys.path``, so that a real one, when installed, comes first.
"""

from __future__ import annotations

from workbook.sniff import Unreadable


class CalamineError(Exception):
    """Never raised: nothing is read."""


class CalamineSheet:
    """For annotations."""


class CalamineWorkbook:
    @staticmethod
    def from_filelike(file: object) -> CalamineWorkbook:
        raise Unreadable("LO_001")
