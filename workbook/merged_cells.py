"""Which cells of a sheet lie under merged ones: Excel keeps one value for all of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from toolkit.letters import column_number

_AREA = re.compile(rb"<(?:\w+:)?mergeCell\s(?:[^>]*\s)?ref=[\"']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})[\"']")
_ROWS_END, _BEGIN = b"sheetData>", b"mergeCells"
_MOST = 20_000  # cells; more than any form has, and soon counted


def merged_cells(xml: bytes) -> Mapping[tuple[int, int], str]:
    """(row, column), from 1, of the cells of a sheet's XML that are merged -> the whole area, "D12:E12"."""
    tail = xml[max(xml.rfind(_ROWS_END), 0) :]  # the rows are long, and found from behind
    start = tail.find(_BEGIN)
    return _covered(tail[start : tail.rfind(_BEGIN)]) if start >= 0 else {}


@lru_cache(maxsize=64)  # the same in all reports on a form
def _covered(areas: bytes) -> Mapping[tuple[int, int], str]:
    out: dict[tuple[int, int], str] = {}
    for match in _AREA.finditer(areas):
        left, top, right, bottom = (part.decode() for part in match.groups())
        rows, columns = range(int(top), int(bottom) + 1), range(column_number(left), column_number(right) + 1)
        if len(out) + len(rows) * len(columns) > _MOST:
            continue
        out |= dict.fromkeys(((row, column) for row in rows for column in columns), f"{left}{top}:{right}{bottom}")
    return MappingProxyType(out)
