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


if __name__ == "__main__":
    assert uno
    sys.stdout.write(json.dumps(main(*map(Path, sys.argv[1:]))))
