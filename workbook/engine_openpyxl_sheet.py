"""A sheet in the openpyxl engine, and its protection in Excel's own words."""

from __future__ import annotations

from copy import copy
from typing import Any

from openpyxl.utils.protection import hash_password
from openpyxl.worksheet.worksheet import Worksheet

from workbook.engine_base import SheetBase, Words
from workbook.engine_common import EngineError
from workbook.engine_openpyxl_page import RangeApi, page_setup, tab
from workbook.engine_openpyxl_range import Range
from workbook.rectangle import Box

_ALLOWED = {
    "AllowFormattingCells": "formatCells",
    "AllowFormattingColumns": "formatColumns",
    "AllowFormattingRows": "formatRows",
    "AllowInsertingColumns": "insertColumns",
    "AllowInsertingRows": "insertRows",
    "AllowInsertingHyperlinks": "insertHyperlinks",
    "AllowDeletingColumns": "deleteColumns",
    "AllowDeletingRows": "deleteRows",
    "AllowSorting": "sort",
    "AllowFiltering": "autoFilter",
    "AllowUsingPivotTables": "pivotTables",
}


class Sheet(SheetBase):
    ranges = Range

    @property
    def api(self) -> SheetApi:
        return SheetApi(self)

    @property
    def name(self) -> str:
        return str(self.xl.title)

    @name.setter
    def name(self, value: str) -> None:
        self.xl.title = value

    @property
    def index(self) -> int:
        return int(self.book.xl.worksheets.index(self.xl)) + 1

    @property
    def visible(self) -> bool:
        return bool(self.xl.sheet_state == "visible")

    @visible.setter
    def visible(self, value: bool) -> None:
        self.xl.sheet_state = "visible" if value else "hidden"

    @property
    def used_range(self) -> Range:
        self.count("sheet.used_range")
        ws = self.xl
        return Range(self, (ws.min_row, ws.min_column), (ws.max_row, ws.max_column))

    def activate(self) -> None:
        self.count("sheet.activate")
        self.book.xl.active = self.xl

    def clear(self) -> None:
        self.count("sheet.clear")
        self.require_unprotected()
        for ws_rows in list(self.xl._cells):
            del self.xl._cells[ws_rows]
        self.forget(None)

    def delete(self) -> None:
        self.count("sheet.delete")
        if self.book.api.ProtectStructure:
            raise EngineError("the structure of the workbook is protected")
        self.forget(None)
        front, at = self.book.xl.active, self.index - 1
        self.book.xl.remove(self.xl)
        rest = self.book.xl.worksheets
        self.book.xl.active = (
            rest[min(at, len(rest) - 1)] if front is self.xl else front
        )  # a neighbour comes to the front

    def cell(self, row: int, column: int) -> Any:
        """A cell; one that was never written looks like its column."""
        known = (row, column) in self.xl._cells
        cell = self.xl.cell(row, column)
        if not known:
            for dimension in self.xl.column_dimensions.values():
                if dimension.min and dimension.min <= column <= dimension.max and dimension.has_style:
                    cell._style = copy(dimension._style)
        return cell

    def merged(self) -> dict[tuple[int, int], tuple[tuple[int, int], tuple[int, int]]]:
        """Each cell of a merged area -> first and last cell of the area."""
        areas = [((m.min_row, m.min_col), (m.max_row, m.max_col)) for m in self.xl.merged_cells.ranges]
        return {at: (first, last) for first, last in areas for at in Box(*first, *last).places()}

    def forget(self, box: Box | None) -> None:
        """Drops results of formulas that are no longer there; None: of the whole sheet."""
        results = self.book.results
        for at in [
            (title, r, c)
            for title, r, c in results
            if title == self.name and (box is None or (box.top <= r <= box.bottom and box.left <= c <= box.right))
        ]:
            del results[at]

    def require_unprotected(self) -> None:
        if self.xl.protection.sheet:
            raise EngineError(f"{self.name} is protected")

    def require_formatting(self) -> None:
        if self.xl.protection.sheet and self.xl.protection.formatCells:
            raise EngineError(f"{self.name} is protected")


class SheetApi:
    """The part of Excel's own Worksheet that xlwings has no word for: protection, tab, filter, page."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    @property
    def Tab(self) -> Words:
        return tab(self._sheet)

    @property
    def PageSetup(self) -> Words:
        return page_setup(self._sheet)

    def Range(self, address: str) -> RangeApi:
        return RangeApi(Range(self._sheet, address))

    @property
    def ProtectContents(self) -> bool:
        self._sheet.count("sheet.protection")
        return bool(self._sheet.xl.protection.sheet)

    @property
    def ProtectDrawingObjects(self) -> bool:
        return bool(self._sheet.xl.protection.objects)

    @property
    def ProtectScenarios(self) -> bool:
        return bool(self._sheet.xl.protection.scenarios)

    @property
    def ProtectionMode(self) -> bool:
        return False

    @property
    def EnableSelection(self) -> int:
        given = self._sheet.xl.protection
        return -4142 if given.selectUnlockedCells else 1 if given.selectLockedCells else 0

    @EnableSelection.setter
    def EnableSelection(self, value: int) -> None:
        self._sheet.xl.protection.selectLockedCells = value != 0
        self._sheet.xl.protection.selectUnlockedCells = value == -4142

    @property
    def Protection(self) -> ProtectionApi:
        return ProtectionApi(self._sheet.xl)

    def Unprotect(self, Password: str = "") -> None:
        self._sheet.count("sheet.unprotect")
        given = self._sheet.xl.protection
        stored = given.hashValue or given.password
        if stored and stored != (hash_password(Password) if Password else None):
            raise EngineError("wrong password")
        given.sheet = False

    def Protect(self, **options: object) -> None:
        self._sheet.count("sheet.protect")
        given = self._sheet.xl.protection
        given.sheet = True
        given.objects = bool(options.get("DrawingObjects", True))
        given.scenarios = bool(options.get("Scenarios", True))
        for name, own in _ALLOWED.items():
            setattr(given, own, not options.get(name, False))


class ProtectionApi:
    def __init__(self, xl: Worksheet) -> None:
        self._xl = xl

    def __getattr__(self, name: str) -> bool:
        return not getattr(self._xl.protection, _ALLOWED[name])
