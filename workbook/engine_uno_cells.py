"""Cells of a LibreOffice sheet as its UNO objects, colours as its numbers, formulas in its grammar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from workbook.engine_common import Colour
from workbook.rectangle import Box

_QUOTED = re.compile(r"(\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*')")
_LO_SHEET = re.compile(r"\$?('(?:[^']|'')*'|[A-Za-z_]\w*)\.(?=\$?[A-Z]{1,3}\$?\d)")
_XL_SHEET = re.compile(r"('(?:[^']|'')*'|[A-Za-z_]\w*)!(?=\$?[A-Z]{1,3}\$?\d)")


def cells_of(xl: Any, box: Box) -> Any:
    return xl.getCellRangeByPosition(box.left - 1, box.top - 1, box.right - 1, box.bottom - 1)


def several(document: Any, xl: Any, areas: Sequence[Box]) -> Any:
    """Many areas as one object."""
    ranges = document.createInstance("com.sun.star.sheet.SheetCellRanges")
    ranges.addRangeAddresses(tuple(cells_of(xl, box).RangeAddress for box in areas), False)
    return ranges


def alike(cells: Any) -> list[Any]:
    """Parts of a range, each with the same formats throughout."""
    found = cells.getUniqueCellFormatRanges()
    groups = [found.getByIndex(n) for n in range(found.Count)]
    return [group.getByIndex(n) for group in groups for n in range(group.Count)]


def box_of(address: Any) -> Box:
    return Box(address.StartRow + 1, address.StartColumn + 1, address.EndRow + 1, address.EndColumn + 1)


def used(xl: Any) -> Box:
    cursor = xl.createCursor()
    cursor.gotoStartOfUsedArea(False)
    cursor.gotoEndOfUsedArea(True)
    return box_of(cursor.RangeAddress)


def number_of(colour: Colour) -> int:
    return -1 if colour is None else colour[0] << 16 | colour[1] << 8 | colour[2]


def triple(number: int) -> Colour:
    return None if number == -1 else (number >> 16 & 255, number >> 8 & 255, number & 255)


def as_excel(formula: str) -> str:
    """A formula of Calc as Excel writes it. Calc's own grammar: ";" between arguments, "$'Sheet'.A1"."""
    moved = _LO_SHEET.sub(r"\1!", formula)
    return "".join(piece if n % 2 else piece.replace(";", ",") for n, piece in enumerate(_QUOTED.split(moved)))


def as_calc(formula: str) -> str:
    pieces = _QUOTED.split(formula)
    text = "".join(piece if n % 2 else piece.replace(",", ";") for n, piece in enumerate(pieces))
    if not any("!" in piece for piece in pieces[::2]):
        return text  # what looks like a sheet stands in a text
    return _XL_SHEET.sub(r"$\1.", text)
