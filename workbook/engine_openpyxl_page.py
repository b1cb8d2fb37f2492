"""Window, page, filter and choices of a sheet in the openpyxl engine, in Excel's own words."""

from __future__ import annotations

from typing import Any

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from workbook.engine_base import Words
from workbook.engine_common import EngineError, colour_of, hex_of

_ORIENTATIONS = {1: "portrait", 2: "landscape"}
_ALERTS = {1: "stop", 2: "warning", 3: "information"}
_POINTS = 72  # in an inch
_SIDES = ("left", "right", "top", "bottom", "header", "footer")


def window(book: Any) -> Words:
    """The window of a book: what it says is said of the sheet that it shows."""
    split = {"row": 0, "column": 0}

    def freeze(on: bool) -> None:
        at = book.xl.active.cell(split["row"] + 1, split["column"] + 1).coordinate
        book.xl.active.freeze_panes = at if on and at != "A1" else None

    return Words(
        book.count,
        {
            "DisplayGridlines": lambda on: setattr(book.xl.active.sheet_view, "showGridLines", on),
            "ScrollRow": lambda row: None,
            "SplitColumn": lambda n: split.update(column=n),
            "SplitRow": lambda n: split.update(row=n),
            "FreezePanes": freeze,
        },
    )


def page_setup(sheet: Any) -> Words:
    xl = sheet.xl

    def fit(zoom: object) -> None:
        xl.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=zoom is False)

    def margin(side: str) -> Any:
        return lambda points: setattr(xl.page_margins, side, points / _POINTS)

    return Words(
        sheet.count,
        {
            "Orientation": lambda n: setattr(xl.page_setup, "orientation", _ORIENTATIONS[n]),
            "PaperSize": lambda n: setattr(xl.page_setup, "paperSize", n),
            "Zoom": fit,
            "FitToPagesWide": lambda n: setattr(xl.page_setup, "fitToWidth", n or 0),
            "FitToPagesTall": lambda n: setattr(xl.page_setup, "fitToHeight", n or 0),
            "PrintTitleRows": lambda rows: setattr(xl, "print_title_rows", rows.replace("$", "")),
            **{f"{side.title()}Margin": margin(side) for side in _SIDES},
        },
    )


def tab(sheet: Any) -> Words:
    def paint(colour: int) -> None:
        sheet.xl.sheet_properties.tabColor = "FF" + hex_of(colour_of(colour))

    return Words(sheet.count, {"Color": paint})


class RangeApi:
    """The part of Excel's own Range that the product needs. ``of``: a range of this engine."""

    def __init__(self, of: Any) -> None:
        self._of = of
        self.Validation = ValidationApi(of)

    def AutoFilter(self, Field: int) -> None:
        self._of.count("range.autofilter")
        self._of.sheet.require_unprotected()
        self._of.sheet.xl.auto_filter.ref = self._of.box.address


class ValidationApi:
    def __init__(self, of: Any) -> None:
        self._of = of
        self._made: DataValidation | None = None

    def Delete(self) -> None:
        self._of.count("validation.delete")
        self._of.sheet.require_unprotected()
        kept = self._of.sheet.xl.data_validations
        kept.dataValidation = [one for one in kept.dataValidation if str(one.sqref) != self._of.box.address]

    def Add(self, Type: int, AlertStyle: int, Formula1: str) -> None:
        self._of.count("validation.add")
        if Type != 3:
            raise EngineError("only lists")
        self._made = DataValidation("list", Formula1.removeprefix("="), errorStyle=_ALERTS[AlertStyle])
        self._made.showErrorMessage = True
        self._made.add(self._of.box.address)
        self._of.sheet.xl.add_data_validation(self._made)

    @property
    def IgnoreBlank(self) -> bool:
        return bool(self._made and self._made.allow_blank)

    @IgnoreBlank.setter
    def IgnoreBlank(self, value: bool) -> None:
        self._of.count("validation.ignore_blank")
        if self._made is None:
            raise EngineError("no validation")
        self._made.allow_blank = value
