"""How cells look in the openpyxl engine: fills, fonts, borders, number formats, widths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from openpyxl.styles import Alignment, Border, Color, Font, PatternFill, Side

from toolkit.excel import column_letters
from workbook.engine_base import RangeBase
from workbook.engine_common import BLACK, Colour, colour_of, hex_of
from workbook.fill_colours import of_attributes
from workbook.rectangle import Box

WHITE = (255, 255, 255)
_PATTERNS: dict[str | None, int] = {None: -4142, "solid": 1}


class Formats(RangeBase):
    """The looks of a range."""

    def _cells(self, box: Box | None = None) -> list[list[Any]]:
        b = box or self.box
        return [[self._sheet.cell(r, c) for c in range(b.left, b.right + 1)] for r in range(b.top, b.bottom + 1)]

    @property
    def color(self) -> Colour:
        self.count("range.color.get")
        found = {filled(self._sheet, r, c) for b in self.areas for r, c in b.places()}
        return found.pop() if len(found) == 1 else BLACK

    @color.setter
    def color(self, value: object) -> None:
        self.count("range.color.set")
        self._sheet.require_formatting()
        for box in self.areas:
            fill(self._sheet, box, colour_of(value))

    @property
    def number_format(self) -> str | None:
        self.count("range.number_format.get")
        found = {cell.number_format for box in self.areas for row in self._cells(box) for cell in row}
        return found.pop() if len(found) == 1 else None

    @number_format.setter
    def number_format(self, value: str) -> None:
        self._style("number_format", number_format=value)

    @property
    def wrap_text(self) -> bool:
        return bool(self._cells()[0][0].alignment.wrap_text)

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self._align("wrap_text", wrap_text=value)

    @property
    def horizontal_alignment(self) -> str:
        return str(self._cells()[0][0].alignment.horizontal or "general")

    @horizontal_alignment.setter
    def horizontal_alignment(self, value: str) -> None:
        self._align("horizontal_alignment", horizontal=value)

    @property
    def vertical_alignment(self) -> str:
        return str(self._cells()[0][0].alignment.vertical or "bottom")

    @vertical_alignment.setter
    def vertical_alignment(self, value: str) -> None:
        self._align("vertical_alignment", vertical=value)

    @property
    def Interior(self) -> InteriorOf:
        return InteriorOf(self)

    @property
    def merge_cells(self) -> bool | None:
        self.count("range.merge_cells")
        merged = {(r, c) in self._sheet.merged() for box in self.areas for r, c in box.places()}
        return merged.pop() if len(merged) == 1 else None

    @property
    def merge_area(self) -> Any:
        self.count("range.merge_area")
        at = (self.row, self.column)
        return type(self)(self._sheet, *self._sheet.merged().get(at, (at, at)))

    @property
    def font(self) -> FontOf:
        return FontOf(self)

    @property
    def borders(self) -> BordersOf:
        return BordersOf(self)

    @property
    def column_width(self) -> float:
        return float(self._sheet.xl.column_dimensions[column_letters(self.column)].width)

    @column_width.setter
    def column_width(self, value: float) -> None:
        self.count("range.column_width.set")
        for box in self.areas:
            for column in range(box.left, box.right + 1):
                self._sheet.xl.column_dimensions[column_letters(column)].width = value

    @property
    def column_hidden(self) -> bool:
        return bool(self._sheet.xl.column_dimensions[column_letters(self.column)].hidden)

    @column_hidden.setter
    def column_hidden(self, value: bool) -> None:
        self.count("range.column_hidden.set")
        for column in range(self.box.left, self.box.right + 1):
            self._sheet.xl.column_dimensions[column_letters(column)].hidden = value

    def autofit(self, axis: str | None = None) -> None:
        self.count("range.autofit")

    def style(self, call: str, change: Callable[[Any], None]) -> None:
        self.count(f"range.{call}.set")
        self._sheet.require_formatting()
        for box in self.areas:
            for row in self._cells(box):
                for cell in row:
                    change(cell)

    def _style(self, call: str, **attributes: object) -> None:
        def change(cell: Any) -> None:
            for name, value in attributes.items():
                setattr(cell, name, value)

        self.style(call, change)

    def _align(self, call: str, **attributes: object) -> None:
        def change(cell: Any) -> None:
            now = {name: getattr(cell.alignment, name) for name in ("horizontal", "vertical", "wrap_text")}
            cell.alignment = Alignment(**{**now, **attributes})

        self.style(call, change)


class FontOf:
    def __init__(self, of: Formats) -> None:
        self._of = of

    def _change(self, **attributes: object) -> None:
        names = ("name", "size", "bold", "italic", "underline", "color")

        def change(cell: Any) -> None:
            now = {name: getattr(cell.font, name) for name in names}
            cell.font = Font(**{**now, **attributes})

        self._of.style("font", change)

    @property
    def bold(self) -> bool:
        return bool(self._of._cells()[0][0].font.bold)

    @bold.setter
    def bold(self, value: bool) -> None:
        self._change(bold=value)

    @property
    def size(self) -> float:
        return float(self._of._cells()[0][0].font.size)

    @size.setter
    def size(self, value: float) -> None:
        self._change(size=value)

    @property
    def color(self) -> Colour:
        given = self._of._cells()[0][0].font.color
        return colour_of(given.rgb[-6:]) if given is not None and given.type == "rgb" else None

    @color.setter
    def color(self, value: object) -> None:
        self._change(color="FF" + hex_of(colour_of(value)))


class BordersOf:
    def __init__(self, of: Formats) -> None:
        self._of = of

    def set(self, which: str = "all", **attributes: object) -> None:
        """Thin lines on every side: all that the product draws."""
        colour = hex_of(colour_of(attributes.get("color", "#000000")))
        side = Side(style="thin", color=Color("FF" + colour))

        def change(cell: Any) -> None:
            cell.border = Border(left=side, right=side, top=side, bottom=side)

        self._of.style("borders", change)


def filled(sheet: Any, row: int, column: int) -> Colour:
    """What Excel says about the fill of a cell; of a pattern, the paper behind it."""
    fill = sheet.cell(row, column).fill
    if not fill.fill_type:
        return None
    return _shown(sheet, fill.fgColor if fill.fill_type == "solid" else getattr(fill, "bgColor", None)) or WHITE


def fill(sheet: Any, box: Box, colour: Colour) -> None:
    made = PatternFill() if colour is None else PatternFill("solid", fgColor="FF" + hex_of(colour))
    for row, column in box.places():
        sheet.cell(row, column).fill = made


def told(sheet: Any, row: int, column: int) -> str:
    """The fill of a cell in the words of the VBA function ``LiveColours``."""
    kind = sheet.cell(row, column).fill.fill_type
    return "?" if kind not in (None, "solid") else hex_of(filled(sheet, row, column))


def _shown(sheet: Any, colour: Color | None) -> Colour:
    if colour is None:
        return None
    given = {colour.type: str(getattr(colour, colour.type)), "tint": str(colour.tint)}
    found = of_attributes(given, sheet.book.palette)
    return None if found is None else colour_of(found)


class InteriorOf:
    """Excel's own Interior, as far as xlwings has no word for it."""

    def __init__(self, of: Formats) -> None:
        self._of = of

    @property
    def Pattern(self) -> int | None:
        """1 a plain colour, -4142 no fill, others patterns; None: different ones."""
        self._of.count("range.pattern.get")
        kinds = {cell.fill.fill_type for box in self._of.areas for row in self._of._cells(box) for cell in row}
        return _PATTERNS.get(kinds.pop(), 4_000) if len(kinds) == 1 else None
