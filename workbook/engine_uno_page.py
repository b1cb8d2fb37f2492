"""Window, page, filter and choices of a sheet in the LibreOffice engine, in Excel's own words."""

from __future__ import annotations

from typing import Any

import uno  # type: ignore[import-not-found, unused-ignore]  # LibreOffice's own

from workbook.engine_base import Words
from workbook.engine_common import EngineError, boxes, colour_of
from workbook.engine_uno_cells import cells_of, number_of
from workbook.rectangle import Box

_PAPERS = {9: (21_000, 29_700)}  # XlPaperSize -> width and height in hundredths of a millimetre
_MILLIMETRES = 2540 / 72  # hundredths in a point
_ALERTS = {1: "STOP", 2: "WARNING", 3: "INFO"}


def window(book: Any) -> Words:
    """The window of a document: what it says is said of the sheet that it shows. Grid lines stay, because the API takes
    them from all sheets or from none; a document opened hidden has no rows on a screen that could be frozen."""
    split = {"row": 0, "column": 0}

    def freeze(on: bool) -> None:
        book.doc.CurrentController.freezeAtPosition(split["column"] if on else 0, split["row"] if on else 0)

    return Words(
        book.count,
        {
            "DisplayGridlines": lambda on: None,
            "ScrollRow": lambda row: book.doc.CurrentController.setFirstVisibleRow(row - 1),
            "SplitColumn": lambda n: split.update(column=n),
            "SplitRow": lambda n: split.update(row=n),
            "FreezePanes": freeze,
        },
    )


def page_setup(sheet: Any) -> Words:
    """A page style of the sheet's own, without header and footer."""
    style = _style(sheet)

    def turn(orientation: int) -> None:
        landscape = orientation == 2
        short, long = sorted((style.Width, style.Height))
        style.IsLandscape = landscape
        style.Width, style.Height = (long, short) if landscape else (short, long)

    def paper(size: int) -> None:
        short, long = _PAPERS[size]
        style.Width, style.Height = (long, short) if style.IsLandscape else (short, long)

    def titles(rows: str) -> None:
        first, last = (int(row) for row in rows.replace("$", "").split(":"))
        sheet.xl.setTitleRows(cells_of(sheet.xl, Box(first, 1, last, 1)).RangeAddress)
        sheet.xl.setPrintTitleRows(True)

    def margin(side: str) -> Any:
        return lambda points: setattr(style, f"{side}Margin", round(points * _MILLIMETRES))

    return Words(
        sheet.count,
        {
            "Orientation": turn,
            "PaperSize": paper,
            "Zoom": lambda zoom: None,  # fitting to pages puts it out of force
            "FitToPagesWide": lambda n: setattr(style, "ScaleToPagesX", n or 0),
            "FitToPagesTall": lambda n: setattr(style, "ScaleToPagesY", n or 0),
            "PrintTitleRows": titles,
            **{f"{side}Margin": margin(side) for side in ("Left", "Right", "Top", "Bottom")},
            **{f"{side}Margin": lambda points: None for side in ("Header", "Footer")},
        },
    )


def tab(sheet: Any) -> Words:
    return Words(sheet.count, {"Color": lambda colour: setattr(sheet.xl, "TabColor", number_of(colour_of(colour)))})


class RangeApi:
    """The part of Excel's own Range that the product needs. ``of``: a range of this engine."""

    def __init__(self, of: Any) -> None:
        self._of = of
        self.Validation = ValidationApi(of)

    def AutoFilter(self, Field: int) -> None:
        self._of.count("range.autofilter")
        address = cells_of(self._of.sheet.xl, self._of.box).RangeAddress
        ranges = self._of.sheet.book.doc.getPropertyValue("UnnamedDatabaseRanges")
        ranges.setByTable(address)
        ranges.getByTable(address.Sheet).AutoFilter = True


class ValidationApi:
    def __init__(self, of: Any) -> None:
        self._of = of

    def Delete(self) -> None:
        self._change("delete", Type=uno.Enum("com.sun.star.sheet.ValidationType", "ANY"))

    def Add(self, Type: int, AlertStyle: int, Formula1: str) -> None:
        if Type != 3:
            raise EngineError("only lists")
        (source,) = boxes(Formula1.removeprefix("="))
        cells = cells_of(self._of.sheet.xl, self._of.box)
        validation = cells.Validation
        validation.Type = uno.Enum("com.sun.star.sheet.ValidationType", "LIST")
        validation.ErrorAlertStyle = uno.Enum("com.sun.star.sheet.ValidationAlertStyle", _ALERTS[AlertStyle])
        validation.ShowErrorMessage = True
        validation.setFormula1(cells_of(self._of.sheet.xl, source).AbsoluteName)
        self._of.count("validation.add")
        cells.Validation = validation

    @property
    def IgnoreBlank(self) -> bool:
        return bool(cells_of(self._of.sheet.xl, self._of.box).Validation.IgnoreBlankCells)

    @IgnoreBlank.setter
    def IgnoreBlank(self, value: bool) -> None:
        self._change("ignore_blank", IgnoreBlankCells=value)

    def _change(self, call: str, **properties: object) -> None:
        self._of.count(f"validation.{call}")
        cells = cells_of(self._of.sheet.xl, self._of.box)
        validation = cells.Validation
        for name, value in properties.items():
            setattr(validation, name, value)
        cells.Validation = validation


def _style(sheet: Any) -> Any:
    styles, name = sheet.book.doc.StyleFamilies.getByName("PageStyles"), f"tthc {sheet.name}"
    if not styles.hasByName(name):
        styles.insertByName(name, sheet.book.doc.createInstance("com.sun.star.style.PageStyle"))
        style = styles.getByName(name)
        style.HeaderIsOn = style.FooterIsOn = False
    sheet.xl.PageStyle = name
    return styles.getByName(name)
