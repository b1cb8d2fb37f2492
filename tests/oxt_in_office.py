"""Runs under LibreOffice's Python, not under ours: LibreOffice without a screen, with the extension, on one workbook.

    python3 oxt_in_office.py FOLDER WORKBOOK      reads FOLDER/ask.json, writes JSON to standard output

FOLDER holds the profile "lo" with the extension. ask.json: {"press": [button], "formulas": [formula], "watch": sheet}.
LibreOffice is started inside the folder of WORKBOOK, whose modules must not be found. Buttons are dispatched by their
address, as the menu does.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.sheet.FormulaResult import STRING as TEXT
from com.sun.star.util import URL
from press_in_office import connect as connect_desktop


def main(folder, workbook):
    asked = json.loads((folder / "ask.json").read_text(encoding="utf-8"))
    pipe = f"oxt{os.getpid()}"
    accept = f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext"
    command = ["soffice", f"-env:UserInstallation={(folder / 'lo').as_uri()}", "--headless", "--norestore", accept]
    quiet = subprocess.DEVNULL
    office = subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True, cwd=workbook.parent)
    try:
        desktop = connect_desktop(pipe)
        document = desktop.loadComponentFromURL(workbook.as_uri(), "_blank", 0, ())
        found = {"steps": [press(document, button, asked["watch"]) for button in asked["press"]]}
        found["titles"] = list(document.UndoManager.getAllUndoActionTitles())
        while document.UndoManager.isUndoPossible():
            document.UndoManager.undo()
        found["undone"] = look(document, asked["watch"])
        document.close(True)
        sheet = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, ())
        found["cells"] = [shown(sheet, row, formula) for row, formula in enumerate(asked["formulas"])]
        sheet.close(True)
        found["days"] = days(desktop, asked["day"])
        found["begun"] = begun(desktop, pipe, folder, workbook, folder / "oxt" / "pythonpath")
        desktop.terminate()
        office.wait(timeout=60)
        return found
    finally:
        if office.poll() is None:
            os.killpg(office.pid, signal.SIGKILL)


def press(document, button, watched):
    address = URL()
    address.Complete = f"vn.tthc:{button}"
    address.Protocol, address.Path = "vn.tthc:", button
    handler = document.CurrentController.Frame.queryDispatch(address, "_self", 0)
    if handler is None:
        raise SystemExit(f"no handler for {button}")
    handler.dispatch(address, ())
    return look(document, watched)


def look(document, watched):
    """Sheets, the selected cell, and of the watched sheet formulas and colours of what is filled in or painted."""
    sheet = document.Sheets.getByName(watched)
    cells = ((r, c, sheet.getCellByPosition(c, r)) for r in range(30, 40) for c in range(1, 20))
    painted = {f"{r},{c}": [cell.Formula, cell.CellBackColor] for r, c, cell in cells}
    selected = document.CurrentController.Selection
    return {"sheets": list(document.Sheets.ElementNames), "at": selected.AbsoluteName, "cells": painted}


def shown(document, row, formula):
    cell = document.Sheets.getByIndex(0).getCellByPosition(0, row)
    cell.Formula = formula
    return cell.String if cell.FormulaResultType2 == TEXT else cell.Value


def days(desktop, formula):
    """What cells show that compute a day: by itself, with a format of its own, within a sum, a whole column at once;
    then the steps that "undo" has, and the first cell after they were undone one by one and after one was redone."""
    document = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, ())
    undo, cell = document.UndoManager, document.Sheets.getByIndex(0).getCellRangeByName
    cell("C1").NumberFormat = 1
    undo.clear()
    cell("A1").Formula = formula
    day = changes(lambda: cell("A1").NumberFormat)
    cell("B1").Formula = f"{formula}-1"
    cell("C1").Formula = formula
    cell("E1:E3").setArrayFormula(formula)
    changes(lambda: cell("E3").NumberFormat)
    found = {"shown": {at: cell(at).String for at in ("A1", "B1", "C1", "E1", "E3")}}
    found["steps"] = len(undo.getAllUndoActionTitles())
    while undo.isUndoPossible():
        undo.undo()
    found["undone"] = [cell("A1").String, cell("A1").NumberFormat]
    undo.redo()
    found["redone"] = [cell("A1").String, cell("A1").NumberFormat == day]
    document.setModified(False)  # as when it has just been opened
    cell("A1").NumberFormat = 0
    document.setModified(False)
    document.calculateAll()
    time.sleep(1)
    found["opened"] = cell("A1").String
    document.close(True)
    return found


def begun(desktop, pipe, folder, last, ours):
    """A workbook of the next period from the last one, which LibreOffice reads for us: what is told of each, and how
    many documents are open before and afterwards. Then what comes of a file that is no workbook."""
    sys.path.append(str(ours))
    from macros.light_xlwings import load

    load()
    from datetime import date

    from macros.office import Office
    from macros.ribbon import _begun
    from toolkit.records import Period
    from workbook.files import Refused

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
    document = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, ())
    desk = Office(context, document.CurrentController.Frame)
    period, out = Period(date(2025, 9, 26), date(2025, 12, 25)), folder / "moi.xlsx"
    opened = [how_many(desktop)]
    path, findings = _begun(desk, "21061", period, out, (last,))
    found = {"made": path == out and out.stat().st_size > 1000, "codes": [f.code for f in findings]}
    strange = folder / "anh.png"
    strange.write_bytes(b"\x89PNG")
    try:
        _begun(desk, "21061", period, folder / "khac.xlsx", (strange,))
    except Refused as refused:
        found["refused"] = [f.code for f in refused.findings]
    found["opened"] = [*opened, how_many(desktop)]
    document.close(True)
    return found


def how_many(desktop):
    documents = desktop.Components.createEnumeration()
    n = 0
    while documents.hasMoreElements():
        documents.nextElement()
        n += 1
    return n


def changes(look_at):
    """What it is once it is no longer 0; 0 after some seconds."""
    for _ in range(100):
        if look_at():
            break
        time.sleep(0.1)
    return look_at()


if __name__ == "__main__":
    assert uno
    sys.stdout.write(json.dumps(main(*map(Path, sys.argv[1:]))))
