"""What stands in the cells of a range, in the openpyxl engine."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from workbook.engine_common import EngineError, Formula, as_typed, boxes
from workbook.engine_openpyxl_format import Formats
from workbook.rectangle import Box

_LINK = re.compile(r'=HYPERLINK\("(?:[^"]|"")*","((?:[^"]|"")*)"\)')  # the one formula whose result needs no reckoning
_PLAIN_DAY = "dd/mm/yyyy"  # what Excel shows a day in that is written to a cell without a format


class Range(Formats):
    """A range; what takes several areas in Excel takes them here."""

    @property
    def raw_value(self) -> Any:
        self.count("range.value.get")
        b, ws, results, title = self.box, self._sheet.xl, self._sheet.book.results, self._sheet.name

        def shown(r: int, c: int) -> object:
            cell = ws._cells.get((r, c))
            if cell is None or cell.value is None:
                return None
            return _over_com(results.get((title, r, c)) if cell.data_type == "f" else cell.value)

        rows = [[shown(r, c) for c in range(b.left, b.right + 1)] for r in range(b.top, b.bottom + 1)]
        return rows[0][0] if len(self) == 1 else rows

    @raw_value.setter
    def raw_value(self, value: object) -> None:
        self.count("range.value.set")
        self._write(value)

    @property
    def formula(self) -> Any:
        self.count("range.formula.get")
        b, ws = self.box, self._sheet.xl

        def text(r: int, c: int) -> str:
            cell = ws._cells.get((r, c))
            if cell is None or cell.value is None:
                return ""
            value = getattr(cell.value, "text", cell.value) if cell.data_type == "f" else _over_com(cell.value)
            return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)

        rows = tuple(tuple(text(r, c) for c in range(b.left, b.right + 1)) for r in range(b.top, b.bottom + 1))
        return rows[0][0] if len(self) == 1 else rows

    @formula.setter
    def formula(self, value: object) -> None:
        self.count("range.formula.set")
        self._write(value)

    @property
    def has_array(self) -> bool | None:
        self.count("range.has_array")
        arrays = self._arrays()
        found = (
            {any(_within(at, a) for a in arrays) for box in self.areas for at in box.places()} if arrays else {False}
        )
        return found.pop() if len(found) == 1 else None

    @property
    def CurrentArray(self) -> Range:
        """Excel's own: the whole of the array formula that the cell belongs to."""
        self.count("range.current_array")
        at = (self.row, self.column)
        return Range(self._sheet, next(array for array in self._arrays() if _within(at, array)))

    def _arrays(self) -> list[Box]:
        references = (getattr(cell.value, "ref", None) for cell in self._sheet.xl._cells.values())
        return [boxes(reference)[0] for reference in references if reference]

    def clear_contents(self) -> None:
        self.count("range.clear_contents")
        for box in self.areas:
            Range(self._sheet, box)._write(None)

    def clear(self) -> None:
        self.count("range.clear")
        self._sheet.require_unprotected()
        for b in self.areas:
            for at in [k for k in self._sheet.xl._cells if b.top <= k[0] <= b.bottom and b.left <= k[1] <= b.right]:
                del self._sheet.xl._cells[at]
            self._sheet.forget(b)

    def select(self) -> None:
        self.count("range.select")
        if self._sheet.book.xl.active is not self._sheet.xl:
            raise EngineError("only a cell of the active sheet can be selected")
        self._sheet.book.app.selected = self

    def find(self, text: str, whole: bool, direction: str, order: str, match_case: bool) -> Range | None:
        """Only what asks for the last cell with anything in it: ``find("*", direction="backward")``."""
        self.count("range.find")
        if text != "*" or direction != "backward":
            raise NotImplementedError
        used = [at for at, cell in self._sheet.xl._cells.items() if cell.value is not None]
        if not used:
            return None
        row, column = max(used) if order == "rows" else max(used, key=lambda at: at[::-1])
        return Range(self._sheet, (row, column))

    def _write(self, value: object) -> None:
        rows = self.shaped(value)
        sheet, locked = self._sheet, self._sheet.xl.protection.sheet
        cells = [
            (sheet.cell(self.row + down, self.column + across), given)
            for down, row in enumerate(rows)
            for across, given in enumerate(row)
        ]
        if locked and any(cell.protection.locked for cell, _ in cells):
            raise EngineError(f"{sheet.name} is protected")
        arrays = [array for array in self._arrays() if array.top < array.bottom or array.left < array.right]
        if any(_within((cell.row, cell.column), array) for cell, _ in cells for array in arrays):
            raise EngineError("part of an array")
        for cell, given in cells:
            if type(cell).__name__ == "MergedCell":
                continue  # what is written there vanishes in Excel too
            value = as_typed(given, cell.number_format == "@")
            _put(cell, value)
            at = (sheet.name, cell.row, cell.column)
            sheet.book.results.pop(at, None)
            if isinstance(value, Formula) and (link := _LINK.fullmatch(value)):
                sheet.book.results[at] = link[1].replace('""', '"')


def _within(at: tuple[int, int], box: Box) -> bool:
    return box.top <= at[0] <= box.bottom and box.left <= at[1] <= box.right


def _put(cell: Any, value: object) -> None:
    if isinstance(value, datetime) and cell.number_format == "General":
        cell.number_format = _PLAIN_DAY
    given = cell.number_format
    cell.value = value
    if isinstance(value, str) and not isinstance(value, Formula):
        cell.data_type = "s"  # openpyxl would make a formula of a text that begins with "="
    cell.number_format = given


def _over_com(value: object) -> object:
    """A stored value as it comes over COM: numbers are float, days and times datetime."""
    if isinstance(value, (bool, datetime)) or value is None:
        return value
    if isinstance(value, int):
        return float(value)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, time):
        return datetime.combine(date(1899, 12, 30), value)
    if isinstance(value, timedelta):
        return datetime(1899, 12, 30) + value
    return str(value) if not isinstance(value, (float, str)) or type(value).__name__ == "CellRichText" else value
