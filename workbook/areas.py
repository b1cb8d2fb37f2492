"""Rectangles of a workbook's sheets, as its defined names mean them."""

# Without "from __future__ import annotations", as in ``toolkit.records``.

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from toolkit.letters import column_number

_REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!,]+))!\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_LONGEST_REFERENCE = 300  # characters of one that means a rectangle: a title has 31, rarely some more


class Area(NamedTuple):
    """A rectangle of a sheet; rows and columns count from 1."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int


def area_of(reference: str, titles: Mapping[str, str]) -> Area | None:
    """The rectangle that a defined name means; ``titles``: lower-case title -> title. None: something else."""
    area = _area(reference) if len(reference) <= _LONGEST_REFERENCE else None
    title = area and titles.get(area.sheet)
    return Area(title, *area[1:]) if area and title is not None else None


@lru_cache(maxsize=1024)  # those of a form stand in every report
def _area(reference: str) -> Area | None:
    """With the title in lower case, as it is written there."""
    match = _REFERENCE.fullmatch(reference.strip().lstrip("="))
    if match is None:
        return None
    top, left = int(match[4]), column_number(match[3])
    bottom, right = int(match[6] or top), column_number(match[5] or match[3])
    title = (match[1] or match[2]).replace("''", "'").lower()
    return Area(title, min(top, bottom), min(left, right), max(top, bottom), max(left, right))
