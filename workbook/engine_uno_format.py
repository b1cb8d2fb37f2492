"""How cells look in the LibreOffice engine: fills, fonts, borders, number formats, widths."""

from __future__ import annotations

from typing import Any

import uno  # type: ignore[import-not-found, unused-ignore]  # LibreOffice's own

from workbook.engine_base import RangeBase
from workbook.engine_common import BLACK, Colour, colour_of
from workbook.engine_uno_cells import alike, box_of, cells_of, number_of, several, triple
from workbook.rectangle import Box

_BOLD, _REGULAR = 150.0, 100.0
_VERTICAL = {"top": 1, "center": 2, "bottom": 3}


class Formats(RangeBase):
    """The looks of a range."""

    @property
    def _xl(self) -> Any:
        return cells_of(self._sheet.xl, self.box)

    @property
    def _all(self) -> Any:
        return self._xl if len(self.areas) == 1 else several(self._sheet.book.doc, self._sheet.xl, self.areas)

    @property
    def color(self) -> Colour:
        self.count("range.color.get")
        found = {one.CellBackColor for box in self.areas for one in alike(cells_of(self._sheet.xl, box))}
        return triple(found.pop()) if len(found) == 1 else BLACK

    @color.setter
    def color(self, value: object) -> None:
        self.count("range.color.set")
        self._all.CellBackColor = number_of(colour_of(value))

    @property
    def number_format(self) -> str | None:
        self.count("range.number_format.get")
        found = {self.code(one.NumberFormat) for one in alike(self._xl)}
        return found.pop() if len(found) == 1 else None

    @number_format.setter
    def number_format(self, value: str) -> None:
        self.count("range.number_format.set")
        self._all.NumberFormat = self.key(value)

    @property
    def wrap_text(self) -> bool:
        return bool(self._xl.IsTextWrapped)

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self.count("range.wrap_text.set")
        self._all.IsTextWrapped = value

    @property
    def horizontal_alignment(self) -> str:
        return str(self._xl.HoriJustify.value).lower()

    @horizontal_alignment.setter
    def horizontal_alignment(self, value: str) -> None:
        self.count("range.horizontal_alignment.set")
        self._all.HoriJustify = uno.Enum("com.sun.star.table.CellHoriJustify", value.upper())

    @property
    def vertical_alignment(self) -> str:
        return next(name for name, number in _VERTICAL.items() if number == self._xl.VertJustify)

    @vertical_alignment.setter
    def vertical_alignment(self, value: str) -> None:
        self.count("range.vertical_alignment.set")
        self._all.VertJustify = _VERTICAL[value]

    @property
    def Interior(self) -> Formats:
        return self

    @property
    def Pattern(self) -> int:
        """1 a plain colour, which patterns become in LibreOffice; -4142 no fill."""
        return -4142 if self.color is None else 1

    @property
    def merge_cells(self) -> bool | None:
        """False: nothing merged; what is partly merged is not told from what is merged throughout."""
        self.count("range.merge_cells")
        return None if any(self._merged(box).getIsMerged() for box in self.areas) else False

    @property
    def merge_area(self) -> Any:
        self.count("range.merge_area")
        box = box_of(self._merged(Box(self.row, self.column, self.row, self.column)).RangeAddress)
        return type(self)(self._sheet, (box.top, box.left), (box.bottom, box.right))

    def _merged(self, box: Box) -> Any:
        """The cells of a box, with those merged with them."""
        cursor = self._sheet.xl.createCursorByRange(cells_of(self._sheet.xl, box))
        cursor.collapseToMergedArea()
        return cursor

    @property
    def font(self) -> FontOf:
        return FontOf(self)

    @property
    def borders(self) -> BordersOf:
        return BordersOf(self)

    @property
    def column_width(self) -> float:
        return float(self._xl.Columns.getByIndex(0).Width) * 96 / 2540 / 7

    @column_width.setter
    def column_width(self, value: float) -> None:
        self.count("range.column_width.set")
        self._xl.Columns.Width = int((value * 7 + 5) / 96 * 2540)

    @property
    def column_hidden(self) -> bool:
        return not self._xl.Columns.getByIndex(0).IsVisible

    @column_hidden.setter
    def column_hidden(self, value: bool) -> None:
        self.count("range.column_hidden.set")
        self._xl.Columns.IsVisible = not value

    def autofit(self, axis: str | None = None) -> None:
        self.count("range.autofit")
        if axis != "c":
            self._xl.Rows.OptimalHeight = True
        if axis != "r":
            self._xl.Columns.OptimalWidth = True

    def key(self, code: str) -> int:
        if code == "General":
            return 0
        return int(self._sheet.book.doc.NumberFormats.addNewConverted(code, _american(), _of_the_machine()))

    def code(self, key: int) -> str:
        formats = self._sheet.book.doc.NumberFormats
        format = formats.getByKey(key)
        plain = formats.addNewConverted(format.FormatString, format.Locale, _american())
        return str(formats.getByKey(plain).FormatString)


class FontOf:
    def __init__(self, of: Formats) -> None:
        self._of = of
        self._xl = of._all

    @property
    def bold(self) -> bool:
        return bool(self._xl.CharWeight == _BOLD)

    @bold.setter
    def bold(self, value: bool) -> None:
        self._of.count("range.font.set")
        self._xl.CharWeight = _BOLD if value else _REGULAR

    @property
    def size(self) -> float:
        return float(self._xl.CharHeight)

    @size.setter
    def size(self, value: float) -> None:
        self._of.count("range.font.set")
        self._xl.CharHeight = value

    @property
    def color(self) -> Colour:
        return triple(self._xl.CharColor)

    @color.setter
    def color(self, value: object) -> None:
        self._of.count("range.font.set")
        self._xl.CharColor = number_of(colour_of(value))


class BordersOf:
    def __init__(self, of: Formats) -> None:
        self._of = of

    def set(self, which: str = "all", **attributes: object) -> None:
        """Thin lines on every side: all that the product draws."""
        self._of.count("range.borders.set")
        line = uno.createUnoStruct("com.sun.star.table.BorderLine2")
        line.OuterLineWidth, line.Color = 18, number_of(colour_of(attributes.get("color", "#000000")))
        for box in self._of.areas:
            area = cells_of(self._of.sheet.xl, box)
            border = area.TableBorder2
            for side in ("Top", "Bottom", "Left", "Right", "Horizontal", "Vertical"):
                setattr(border, f"{side}Line", line)
                setattr(border, f"Is{side}LineValid", True)
            area.TableBorder2 = border


def _american() -> Any:
    """The language of Excel's format codes: "#,##0"."""
    locale = _of_the_machine()
    locale.Language, locale.Country = "en", "US"
    return locale


def _of_the_machine() -> Any:
    """The language in which LibreOffice shows what it read from an .xlsx: 5.676 where officials write it so."""
    return uno.createUnoStruct("com.sun.star.lang.Locale")
