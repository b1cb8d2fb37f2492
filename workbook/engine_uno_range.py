"""What stands in the cells of a range, in the LibreOffice engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from workbook.engine_common import Formula, as_typed
from workbook.engine_uno_cells import alike, as_calc, as_excel, box_of, cells_of
from workbook.engine_uno_format import Formats
from workbook.rectangle import Box

_EPOCH = datetime(1899, 12, 30)
_DATETIME, _CONTENT = 2, 23  # com.sun.star.sheet.CellFlags: date and time; values, days, texts, formulas
_EVERYTHING = 1023
_ERROR = 4  # com.sun.star.sheet.FormulaResult
_ERROR_NAMES = {
    502: "#VALUE!",
    503: "#NUM!",
    519: "#VALUE!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
    32767: "#N/A",
}


class Range(Formats):
    """A range; what takes several areas in Excel takes them here."""

    @property
    def raw_value(self) -> Any:
        self.count("range.value.get")
        cells = self._xl
        rows = [list(row) for row in cells.getDataArray()]
        for found in cells.queryContentCells(_DATETIME).RangeAddresses:
            for r, c in self._within(found):
                if isinstance(rows[r][c], float):
                    rows[r][c] = _EPOCH + timedelta(seconds=round(rows[r][c] * 86_400))
        for found in cells.queryFormulaCells(_ERROR).RangeAddresses:
            for r, c in self._within(found):
                rows[r][c] = _ERROR_NAMES.get(cells.getCellByPosition(c, r).getError(), "#VALUE!")
        return rows[0][0] if len(self) == 1 else rows

    @raw_value.setter
    def raw_value(self, value: object) -> None:
        self.count("range.value.set")
        self._write(value)

    @property
    def formula(self) -> Any:
        self.count("range.formula.get")
        rows = tuple(
            tuple(as_excel(text) if text[:1] == "=" else text.removeprefix("'") for text in row)
            for row in self._xl.getFormulaArray()
        )
        return rows[0][0] if len(self) == 1 else rows

    @formula.setter
    def formula(self, value: object) -> None:
        self.count("range.formula.set")
        self._write(value)

    @property
    def has_array(self) -> bool | None:
        """True where one cell of it belongs to an array formula; what is partly one is not told from what wholly is."""
        self.count("range.has_array")
        return any(text[:2] == "{=" for row in self._xl.getFormulaArray() for text in row)

    @property
    def CurrentArray(self) -> Range:
        """Excel's own: the whole of the array formula that the cell belongs to."""
        self.count("range.current_array")
        cursor = self._sheet.xl.createCursorByRange(self._xl)
        cursor.collapseToCurrentArray()
        return Range(self._sheet, box_of(cursor.RangeAddress))

    def clear_contents(self) -> None:
        self.count("range.clear_contents")
        for box in self.areas:
            cells_of(self._sheet.xl, box).clearContents(_CONTENT)

    def clear(self) -> None:
        self.count("range.clear")
        for box in self.areas:
            cells_of(self._sheet.xl, box).clearContents(_EVERYTHING)

    def select(self) -> None:
        self.count("range.select")
        self._sheet.book.doc.CurrentController.select(self._xl)

    def find(self, text: str, whole: bool, direction: str, order: str, match_case: bool) -> Range | None:
        """Only what asks for the last cell with anything in it: ``find("*", direction="backward")``."""
        self.count("range.find")
        if text != "*" or direction != "backward":
            raise NotImplementedError
        ends = [box_of(found) for found in self._sheet.xl.queryContentCells(_CONTENT).RangeAddresses]
        if not ends:
            return None
        corners = [(box.bottom, box.right) for box in ends]
        last = max(corners) if order == "rows" else max(corners, key=lambda at: at[::-1])
        return Range(self._sheet, last)

    def _within(self, found: Any) -> Iterator[tuple[int, int]]:
        """Positions in this range, from 0."""
        box = box_of(found)
        rows = range(box.top - self.row, box.bottom - self.row + 1)
        return ((r, c) for r in rows for c in range(box.left - self.column, box.right - self.column + 1))

    def _write(self, value: object) -> None:
        rows = self.shaped(value)
        columns = len(rows[0])
        target = cells_of(
            self._sheet.xl, Box(self.row, self.column, self.row + len(rows) - 1, self.column + columns - 1)
        )
        texts: set[tuple[int, int]] = set()
        for one in alike(target):
            if self.code(one.NumberFormat) == "@":
                texts.update(self._within(one.RangeAddress))
        typed = [[as_typed(given, (r, c) in texts) for c, given in enumerate(row)] for r, row in enumerate(rows)]
        target.setDataArray(tuple(tuple(map(_plain, row)) for row in typed))
        for r, row in enumerate(typed):
            for c, given in enumerate(row):
                if isinstance(given, Formula):
                    target.getCellByPosition(c, r).setFormula(as_calc(given))
                elif isinstance(given, datetime):
                    cell = target.getCellByPosition(c, r)
                    if self.code(cell.NumberFormat) == "General":
                        cell.NumberFormat = self.key("dd/mm/yyyy")


def _plain(value: object) -> object:
    """A value as LibreOffice keeps it in an array; a formula is set afterwards."""
    if value is None or isinstance(value, Formula):
        return ""
    if isinstance(value, datetime):
        return (value - _EPOCH).total_seconds() / 86_400
    return float(value) if isinstance(value, bool) else value
