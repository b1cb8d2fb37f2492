"""What our two engines of xlwings share: as strict as Excel over COM, and every call counted.

Strict means what makes a macro fail in Excel that a lenient engine would let pass: a text of digits becomes a number
unless its cell is formatted as text, a text that begins with "=" becomes a formula, numbers come back as float, a day
as datetime, ``Range("…")`` takes at most 255 characters, a locked cell of a protected sheet cannot be written.
Nothing here was compared with a real Excel; the rules are those documented for ``Range.Value`` (ADDIN.md, section 2).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from toolkit.excel import column_number
from workbook.rectangle import Box

LONGEST_ADDRESS = 255  # characters that Range("…") takes
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
ERRORS = frozenset({"#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
BLACK = (0, 0, 0)
"""What Excel says about the fill of cells that are filled differently, too."""

_AREA = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")
_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(\.\d*)?([eE][+-]?\d+)?(%?)")
_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")

Rows = list[list[Any]]
Colour = tuple[int, int, int] | None


class EngineError(Exception):
    """What Excel answers with error 1004 of its own."""


class Formula(str):
    """A formula with its "=" in front, told from a text."""


class Engine:
    """What xlwings asks of an engine. ``calls`` counts what would be one COM round trip each."""

    type = "desktop"  # one value for many cells goes in one call, as in Excel

    def __init__(self, name: str) -> None:
        self.name = name
        self.calls: Counter[str] = Counter()
        self.apps: Any = None

    def count(self, call: str) -> None:
        self.calls[call] += 1

    @staticmethod
    def clean_value_data(
        data: Iterable[Iterable[object]],
        datetime_builder: Callable[..., object],
        empty_as: object,
        number_builder: Callable[[float], object] | None,
        err_to_str: bool,
    ) -> Rows:
        def clean(value: object) -> object:
            if value is None or value == "":
                return empty_as
            if isinstance(value, datetime):
                parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
                return datetime_builder(**{part: getattr(value, part) for part in parts}, tzinfo=None)
            if isinstance(value, str) and value in ERRORS:
                return value if err_to_str else None
            return number_builder(value) if number_builder and isinstance(value, float) else value

        return [[clean(value) for value in row] for row in data]

    @staticmethod
    def prepare_xl_data_element(value: object, options: object) -> object:
        return "" if value is None else value


def boxes(address: str) -> list[Box]:
    """The areas of an address. Raises EngineError for one that Excel would not take."""
    if len(address) > LONGEST_ADDRESS:
        raise EngineError(f"address of {len(address)} characters")
    found = []
    for part in address.replace("$", "").split(","):
        match = _AREA.fullmatch(part)
        if match is None:
            raise EngineError(f"no address: {part}")
        top, left = int(match[2]), column_number(match[1])
        bottom, right = int(match[4] or top), column_number(match[3] or match[1])
        if not (1 <= top <= bottom <= LAST_ROW and left <= right <= LAST_COLUMN):
            raise EngineError(f"no address: {part}")
        found.append(Box(top, left, bottom, right))
    return found


def as_typed(value: object, is_text: bool) -> object:
    """What Excel makes of a value written to a cell: None, float, bool, datetime, Formula or str.

    ``is_text``: the cell is formatted as text ("@").
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    text = str(value)
    return text if is_text else _typed(text)


def colour_of(value: Any) -> Colour:
    """A colour as xlwings takes it: a triple, "#rrggbb" or None."""
    if value is None:
        return None
    if isinstance(value, str):
        text = value.lstrip("#")
        return int(text[:2], 16), int(text[2:4], 16), int(text[4:6], 16)
    if isinstance(value, int):
        return value & 255, value >> 8 & 255, value >> 16 & 255
    red, green, blue = value
    return int(red), int(green), int(blue)


def hex_of(colour: Colour) -> str:
    """(248, 203, 173) -> "F8CBAD"; "-" for none."""
    return "-" if colour is None else "{:02X}{:02X}{:02X}".format(*colour)


def painting(plan: str) -> Iterator[tuple[Colour, list[Box]]]:
    """The plan of the VBA function ``LivePaint``: "F8CBAD=A1:B2,C3;-=D4"."""
    for part in filter(None, plan.split(";")):
        colour, _, areas = part.partition("=")
        yield (None if colour == "-" else colour_of(colour)), [b for area in areas.split(",") for b in boxes(area)]


def _typed(text: str) -> object:
    if text[0] == "'":
        return text[1:] or None
    if text.upper() in ("TRUE", "FALSE"):
        return text.upper() == "TRUE"
    if text in ERRORS:
        return text
    number = _NUMBER.fullmatch(text.strip())
    if number:
        sign, whole, part, power, percent = number.groups(default="")
        value = float(f"{sign}{whole.replace(',', '') or '0'}{part}{power}")
        return value / 100 if percent else value
    day = _DAY.fullmatch(text.strip())
    if day:
        d, m, y = (day[1], day[2], day[3]) if day[1] else (day[6], day[5], day[4])
        try:
            return datetime(int(y), int(m), int(d))
        except ValueError:
            return text
    if text[0] in "=+-@" and len(text) > 1:
        return Formula(text if text[0] == "=" else "=" + text)
    return text
