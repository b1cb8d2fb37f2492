"""A sheet in the LibreOffice engine, with its protection in Excel's own words."""

from __future__ import annotations

from workbook.engine_base import SheetBase, Words
from workbook.engine_uno_cells import used
from workbook.engine_uno_page import RangeApi, page_setup, tab
from workbook.engine_uno_range import Range

_EVERYTHING = 1023  # com.sun.star.sheet.CellFlags


class Sheet(SheetBase):
    ranges = Range

    @property
    def api(self) -> SheetApi:
        return SheetApi(self)

    @property
    def name(self) -> str:
        return str(self.xl.Name)

    @name.setter
    def name(self, value: str) -> None:
        self.xl.Name = value

    @property
    def index(self) -> int:
        return int(self.xl.RangeAddress.Sheet) + 1

    @property
    def visible(self) -> bool:
        return bool(self.xl.IsVisible)

    @visible.setter
    def visible(self, value: bool) -> None:
        self.xl.IsVisible = value

    @property
    def used_range(self) -> Range:
        self.count("sheet.used_range")
        box = used(self.xl)
        return Range(self, (box.top, box.left), (box.bottom, box.right))

    def activate(self) -> None:
        self.count("sheet.activate")
        self.book.doc.CurrentController.setActiveSheet(self.xl)

    def clear(self) -> None:
        self.count("sheet.clear")
        self.xl.clearContents(_EVERYTHING)

    def delete(self) -> None:
        self.count("sheet.delete")
        self.book.doc.Sheets.removeByName(self.name)


class SheetApi:
    """The part of Excel's own Worksheet that xlwings has no word for: protection, tab, filter, page.

    What a protected sheet allows (formatting, sorting, filters, which cells can be selected) LibreOffice tells nobody,
    but it keeps it through ``Unprotect`` and ``Protect``: seen in 7.4 for every permission that an .xlsx can name.
    """

    EnableSelection = 0  # kept by LibreOffice
    ProtectDrawingObjects = ProtectScenarios = True
    ProtectionMode = False

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    @property
    def ProtectContents(self) -> bool:
        self._sheet.count("sheet.protection")
        return bool(self._sheet.xl.isProtected())

    @property
    def Protection(self) -> SheetApi:
        return self

    def __getattr__(self, name: str) -> bool:
        if name.startswith("Allow"):
            return False  # ``Protect`` does not need it
        raise AttributeError(name)

    def Unprotect(self, Password: str = "") -> None:
        self._sheet.count("sheet.unprotect")
        self._sheet.xl.unprotect(Password)

    def Protect(self, **options: object) -> None:
        self._sheet.count("sheet.protect")
        self._sheet.xl.protect("")

    @property
    def Tab(self) -> Words:
        return tab(self._sheet)

    @property
    def PageSetup(self) -> Words:
        return page_setup(self._sheet)

    def Range(self, address: str) -> RangeApi:
        return RangeApi(Range(self._sheet, address))
