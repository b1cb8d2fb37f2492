"""Working in somebody's open Excel: quietly, never hanging, and every protection put back as it was found.

The only place that goes below the object model of xlwings, which has no word for protection: ``sheet.api`` and
``book.api`` are Excel's own objects there, and our engines answer to the same words. Busy Excel and these words were
tried on fakes only, never in a real Excel.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from toolkit.wording import finding
from workbook.files import Refused

ATTEMPTS = 40
"""Times that a call to a busy Excel is repeated; xlwings would repeat for ever."""

_WAITS = (0.1, 0.2, 0.4, 0.8, 1.5)  # seconds between looks whether Excel listens again
_REJECTED = {-2147418111, -2146777998, -2147417846}  # call rejected; ignored while a cell is edited; try again later
_QUIET = {"screen_updating": False, "enable_events": False, "calculation": "manual"}
_ALLOWED = (
    "AllowFormattingCells",
    "AllowFormattingColumns",
    "AllowFormattingRows",
    "AllowInsertingColumns",
    "AllowInsertingRows",
    "AllowInsertingHyperlinks",
    "AllowDeletingColumns",
    "AllowDeletingRows",
    "AllowSorting",
    "AllowFiltering",
    "AllowUsingPivotTables",
)


@contextmanager
def quiet(book: Any) -> Iterator[None]:
    """The screen stands still, nothing is calculated in between; then all is as it was found. Raises ``Refused``
    (SO_MO_001) when Excel does not listen: somebody is typing in a cell, or a window of it waits for an answer."""
    app = book.app
    with _finite_attempts():
        try:
            found = _listening(app)
            try:
                for name, value in _QUIET.items():
                    setattr(app, name, value)
                yield
            finally:
                for name, value in found.items():
                    with suppress(Exception):  # what can be put back is
                        setattr(app, name, value)
        except Refused:
            raise
        except Exception as fault:
            if is_busy(fault):
                raise Refused(finding("SO_MO_001")) from fault
            raise


@contextmanager
def opened(sheet: Any) -> Iterator[bool]:
    """A sheet without its protection, which comes back exactly as it was. False: it has a password that we do not
    know, and stays protected."""
    api = sheet.api
    if not api.ProtectContents:
        yield True
        return
    found = _protection(api)
    selection = api.EnableSelection
    try:
        api.Unprotect(Password="")  # without the word Password Excel would ask for one
    except Exception as fault:
        if is_busy(fault):
            raise
        yield False
        return
    if api.ProtectContents:
        yield False
        return
    try:
        yield True
    finally:
        api.Protect(**found)
        api.EnableSelection = selection


@contextmanager
def structure_opened(book: Any) -> Iterator[bool]:
    """A workbook to which sheets can be added. False: its structure has a password that we do not know."""
    api = book.api
    if not api.ProtectStructure:
        yield True
        return
    try:
        api.Unprotect(Password="")
    except Exception as fault:
        if is_busy(fault):
            raise
        yield False
        return
    if api.ProtectStructure:
        yield False
        return
    try:
        yield True
    finally:
        api.Protect(Structure=True)


def is_busy(fault: BaseException) -> bool:
    """Whether Excel refused because it is busy: a cell being edited, an open window."""
    codes = {getattr(fault, "hresult", None), *(a for a in getattr(fault, "args", ()) if isinstance(a, int))}
    excepinfo = getattr(fault, "excepinfo", None) or next(
        (a for a in getattr(fault, "args", ()) if isinstance(a, tuple) and len(a) == 6), None
    )
    if excepinfo:
        codes.add(excepinfo[5])
    return bool(codes & _REJECTED) or type(fault).__name__ == "ExcelBusyError"


def _listening(app: Any) -> dict[str, object]:
    """The settings as they are, once Excel answers."""
    for wait in (*_WAITS, None):
        try:
            return {name: getattr(app, name) for name in _QUIET}
        except Exception as fault:
            if wait is None or not is_busy(fault):
                raise
            time.sleep(wait)
    raise AssertionError  # the last wait is None


@contextmanager
def _finite_attempts() -> Iterator[None]:
    windows = sys.modules.get("xlwings._xlwindows")  # there only where Excel is
    before = getattr(windows, "N_COM_ATTEMPTS", None)
    if windows is None:
        yield
        return
    windows.N_COM_ATTEMPTS = ATTEMPTS  # type: ignore[attr-defined]
    try:
        yield
    finally:
        windows.N_COM_ATTEMPTS = before  # type: ignore[attr-defined]


def _protection(api: Any) -> dict[str, bool]:
    """What ``Protect`` takes to make a protection like this one."""
    allowed = api.Protection
    found = {name: bool(getattr(allowed, name)) for name in _ALLOWED}
    return {
        "DrawingObjects": bool(api.ProtectDrawingObjects),
        "Contents": True,
        "Scenarios": bool(api.ProtectScenarios),
        "UserInterfaceOnly": bool(api.ProtectionMode),
        **found,
    }
