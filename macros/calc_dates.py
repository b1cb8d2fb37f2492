"""A day that one of our Calc functions gives is shown as a day, as one of Calc's own functions would be.

An add-in can hand Calc a number, never its format (LibreOffice 7.4: ``ScInterpreter::ScExternal`` pushes a bare
number), and no function may change cells while Calc computes. So, once Calc is idle again, the cells of open workbooks
that hold such a formula and have no format of their own get one; a format that somebody chose stays. It belongs to the
step that put the formula there: one "undo" takes both back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import uno  # type: ignore[import-not-found, unused-ignore]  # LibreOffice's own
import unohelper  # type: ignore[import-not-found, unused-ignore]  # LibreOffice's own
from com.sun.star.awt import XCallback  # type: ignore[import-not-found, unused-ignore]  # made by the line above

from macros.calc_functions import gives_a_day

FORMAT = "DD/MM/YYYY"
_FORMULA = 16  # com.sun.star.sheet.CellFlags


def show_soon(context: Any) -> None:
    """Asks once, however many cells are computed, to be called when Calc is idle. Never raises: a cell is waiting."""
    if not _waiting:
        with suppress(Exception):
            _service(context, "com.sun.star.awt.AsyncCallback").addCallback(_Idle(context), None)
            _waiting.append(True)


def show_days(document: Any) -> None:
    """Gives each cell of a workbook that computes a day, and has no format yet, that of a day."""
    found = [area for sheet in document.Sheets for area in _plain(sheet)]
    if found:
        key = _key(document)
        with _part_of_the_step_before(document):
            for area in found:
                with suppress(Exception):  # a protected cell
                    area.NumberFormat = key


_waiting: list[bool] = []


class _Idle(unohelper.Base, XCallback):  # type: ignore[misc, unused-ignore]  # classes that only LibreOffice has
    def __init__(self, context: Any) -> None:
        self._context = context

    def notify(self, data: object) -> None:
        _waiting.clear()
        with suppress(Exception):  # a workbook that is just being closed; a bare number is no reason to stop
            for document in _each(_service(self._context, "com.sun.star.frame.Desktop").Components):
                changed = getattr(document, "isModified", bool)()  # merely opened: nothing is changed behind its back
                if changed and document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
                    show_days(document)


def _service(context: Any, name: str) -> Any:
    return context.ServiceManager.createInstanceWithContext(name, context)


def _plain(sheet: Any) -> Iterator[Any]:
    """Ranges of cells, each within one column, that compute a day and have no format of their own."""
    for area in _each(sheet.queryContentCells(_FORMULA)):
        for column, formulas in enumerate(zip(*area.getFormulaArray(), strict=True)):
            for first, last in _runs([gives_a_day(formula) for formula in formulas]):
                run = area.getCellRangeByPosition(column, first, column, last)
                if run.NumberFormat is None:  # not the same everywhere
                    cells = (area.getCellByPosition(column, row) for row in range(first, last + 1))
                    yield from (cell for cell in cells if not cell.NumberFormat)
                elif not run.NumberFormat:
                    yield run


def _runs(marks: list[bool]) -> Iterator[tuple[int, int]]:
    """First and last place of each unbroken run of marks."""
    start = None
    for at, mark in enumerate([*marks, False]):
        if mark and start is None:
            start = at
        elif not mark and start is not None:
            yield start, at - 1
            start = None


def _each(container: Any) -> Iterator[Any]:
    items = container.createEnumeration()
    while items.hasMoreElements():
        yield items.nextElement()


def _key(document: Any) -> int:
    locale = uno.createUnoStruct("com.sun.star.lang.Locale")
    locale.Language, locale.Country = "en", "US"
    known = int(document.NumberFormats.queryKey(FORMAT, locale, False))
    return known if known != -1 else int(document.NumberFormats.addNew(FORMAT, locale))


@contextmanager
def _part_of_the_step_before(document: Any) -> Iterator[None]:
    undo = document.UndoManager
    if undo.isUndoPossible() and not undo.isLocked():
        undo.enterHiddenUndoContext()
        leave = undo.leaveUndoContext
    else:
        undo.lock()
        leave = undo.unlock
    try:
        yield
    finally:
        leave()
