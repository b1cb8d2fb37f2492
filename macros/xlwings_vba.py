"""The VBA module of xlwings as our add-in carries it: taken from the installed xlwings, and hardened.

xlwings looks for its settings first in the open workbook and in its folder, and puts that folder on Python's path: an
open workbook may come from a stranger, so that here it is never asked. Each change names the text that it replaces
and must find it exactly once: another version of xlwings is noticed when the add-in is built, not on an official's PC.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import NamedTuple

PROJECT = "tthc"
"""Name of the VBA project; the settings stand in the sheet ``tthc.conf`` of the add-in."""


class Unknown(Exception):
    """The installed xlwings is not there, or not one that this module knows. ``args[0]``: its version, "" for none."""


def xlwings_folder() -> Path:
    """Where xlwings is installed, without importing it (that takes a second). Raises ``Unknown``."""
    spec = importlib.util.find_spec("xlwings")
    if spec is None or not spec.submodule_search_locations:
        raise Unknown("")
    return Path(spec.submodule_search_locations[0])


def xlwings_version() -> str:
    """Raises ``Unknown``."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("xlwings")
    except PackageNotFoundError as error:
        raise Unknown("") from error


def xlwings_module() -> str:
    """Source of the module ``xlwings``, ready for the add-in; its licence (BSD) stays on top. Raises ``Unknown``."""
    try:
        source = (xlwings_folder() / "xlwings_custom_addin.bas").read_text(encoding="utf-8")
        return harden(source.replace("\r\n", "\n"))
    except (OSError, ValueError) as error:
        raise Unknown(xlwings_version()) from error


def harden(source: str) -> str:
    """``source`` with every change. Raises ValueError when one does not find its text exactly once."""
    for start, stop, new in _CHANGES:
        begin = source.find(start)
        end = len(source) if stop is None else source.find(stop, begin + len(start)) if stop else begin + len(start)
        if source.count(start) != 1 or end < 0:
            raise ValueError(f"not exactly once: {start!r}")
        source = source[:begin] + new + source[end:]
    return source


class _Change(NamedTuple):
    start: str  # found exactly once
    stop: str | None  # everything from ``start`` up to here is replaced; "": ``start`` alone, None: all the rest
    new: str


_CHANGES = (
    _Change(
        "'xlwings is distributed under a BSD 3-clause license.",
        "",
        "'Changed for the add-in of tthc-toolkit: the open workbook, its folder and the user's folder give no\n"
        "'settings and no Python path, functions that it does not use are left out, errors are told in Vietnamese.\n\n"
        "'xlwings is distributed under a BSD 3-clause license.",
    ),
    _Change('PROJECT_NAME As String = "myaddin"', "", f'PROJECT_NAME As String = "{PROJECT}"'),
    # Settings: the sheet of the add-in, then the default.
    _Change("            'Workbook Sheet Config\n", "            'Add-in Sheet Config", ""),
    _Change("    ' Directory Config\n", "    ' Defaults\n", ""),
    _Change(
        '#If App = "Microsoft Excel" Then\nFunction GetDirectoryPath(',
        '#If App = "Microsoft Excel" Then\nFunction GetConfigFromSheet(',
        "",
    ),
    _Change("Function SaveConfigToFile(", "'Attribute VB_Name = \"Utils\"\n", ""),
    _Change('#If App = "Microsoft Excel" Then\nFunction GetFullName(', None, ""),
    # Python path: neither folder is named, whatever the setting says; a file name with ";" adds nothing either.
    _Change(
        '    #If Mac Then\n        If InStr(ActiveWorkbook.FullName, "://") = 0',
        "    OPTIMIZED_CONNECTION = ",
        '    PYTHONPATH = AddExcelDir & ";" & "" & ";" & "" & ";" & "" & ";" & "" & ";" & "" & ";" &'
        ' GetConfig("PYTHONPATH")\n\n',
    ),
    _Change('PYTHONPATH = AddExcelDir & ";" & ActiveWorkbook.FullName & ";" & ThisWorkbook.FullName & ";"', "",
            'PYTHONPATH = AddExcelDir & ";" & "" & ";" & "" & ";"'),
    # Python puts no current folder on its path (-P): Excel's is often that of the workbook. Windows does not look for
    # cmd.exe there either.
    _Change('PythonInterpreter & " -B -c ""import xlwings.utils;', "",
            'PythonInterpreter & " -P -B -c ""import xlwings.utils;'),
    _Change('tail = " -B -c ""import sys, os;"', "", 'tail = " -P -B -c ""import sys, os;"'),
    _Change('WScript.Run("cmd.exe /C "', "", 'WScript.Run(Environ("SystemRoot") & "\\System32\\cmd.exe /C "'),
    _Change('PYTHON_WIN = "cmd.exe " & ConsoleSwitch & " /K " & Chr(34) & Chr(34) & PYTHON_WIN', "",
            'PYTHON_WIN = Environ("SystemRoot") & "\\System32\\cmd.exe " & ConsoleSwitch & " /K " & Chr(34) & Chr(34)'
            " & PYTHON_WIN"),
    # Code in sheets called *.py, and making functions anew in the open workbook: nothing of ours.
    _Change("    ' Check for embedded Python code\n", "    If uses_embedded_code = True Then\n        AddExcelDir", ""),
    _Change('#If App = "Microsoft Excel" Then\nFunction GetUdfModules(', "Private Sub CleanUp()", ""),
    _Change("Sub ImportPythonUDFsBase(", "Private Sub GetDLLVersion()", ""),
    _Change("Public Function RunFrozenPython(", "Private Sub CleanUp()", ""),
    # What goes wrong when the server starts is told as well, not shown as a run-time error of VBA.
    _Change(
        '            XLPy.SetAttr XLPy.Module("xlwings._xlwindows"), "BOOK_CALLER", ActiveWorkbook\n',
        "            XLPy.Exec ",
        "            On Error GoTo err_handling\n"
        '            XLPy.SetAttr XLPy.Module("xlwings._xlwindows"), "BOOK_CALLER", ActiveWorkbook\n',
    ),
    # What went wrong is told by ``Guard``, in Vietnamese and without a traceback.
    _Change(
        "    ' Shows a MsgBox with the content of a text file\n",
        "End Sub\n",
        '    If Message = "" Then Message = ReadFile(FileName)\n    Tell "MSG FAILED", Message\n',
    ),
)  # fmt: skip
