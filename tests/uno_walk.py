"""Run by the Python that LibreOffice comes with: the jobs of the buttons on documents open in a live LibreOffice.

Usage: uno_walk.py FOLDER, with the books ``so.xlsx`` and ``demo.xlsx`` in it. Its output is one JSON object, which
``test_engine_uno`` judges. Ends the office that it started.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno

from macros.light_xlwings import load

load()

from macros.desk import Remembering  # noqa: E402  # xlwings first, and light
from macros.ribbon import press  # noqa: E402
from toolkit.wording import LIST_SHEET, LOG_SHEET  # noqa: E402
from workbook import live_jobs as jobs  # noqa: E402
from workbook.engine_uno import ENGINE, attach  # noqa: E402
from workbook.forms import load_form, load_places  # noqa: E402
from workbook.intake import judged  # noqa: E402
from workbook.live import read_live  # noqa: E402
from workbook.read import read  # noqa: E402

FORM, PLACES = load_form(), load_places()
PATIENCE = 90  # seconds for the office to start


def main(folder: Path) -> None:
    pipe = f"tthc{abs(hash(str(folder))) % 10**8}"
    command = ["soffice", f"-env:UserInstallation={(folder / 'lo').as_uri()}", "--headless", "--norestore", "--nologo"]
    office = subprocess.Popen([*command, f"--accept=pipe,name={pipe};urp;"], stdout=subprocess.DEVNULL)
    try:
        desktop = connected(pipe)
        try:
            sys.stdout.write(json.dumps(walk(desktop, folder)))
        finally:
            desktop.terminate()
            office.wait(30)
    finally:
        office.kill()


def walk(desktop: Any, folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name in ("demo.xlsx", "so.xlsx"):
        book = opened(desktop, folder / name)
        live, shut = read_live(book, FORM, PLACES), read(folder / name, FORM, PLACES)
        told[f"{name} equal"] = live == shut._replace(sha256="")
        told[f"{name} findings"] = judged(FORM, live) == judged(FORM, shut)
        told[f"{name} differs"] = [f for f in live._fields if getattr(live, f) != getattr(shut, f)]
    told |= walk_of_an_official(opened(desktop, folder / "demo.xlsx"), folder)
    told |= strict(opened(desktop, folder / "so.xlsx"))
    return told


def walk_of_an_official(book: Any, folder: Path) -> dict[str, Any]:
    before = read_live(book, FORM, PLACES)
    grid = book.sheets["II.06a"]
    told: dict[str, Any] = {}
    jump_box = press("btnKiemTra", Remembering())
    told["check"] = jump_box.splitlines()
    jump = jobs.next_finding(book)
    told["painted"] = hex_of(book.sheets[jump.sheet].range(jump.cell).color)
    told["selected"] = book.app.selection.get_address(False, False) == jump.cell
    found = jobs.propose(book)
    told["offers"] = [[o.sheet, o.cell, o.before, o.after] for o in found.offers]
    press("btnGoiYSua", Remembering(yes=True))
    told["accepted"] = [book.sheets[o.sheet].range(o.cell).value for o in found.offers]
    told["left"] = [list(pair) for pair in jobs.check_book(book).numbers]
    book.save(str(folder / "saved.xlsx"))
    told["overdue"] = press("btnToQuaHan", Remembering())
    press("btnXoaDanhDau", Remembering())
    told["unpainted"] = grid.range(jump.cell).color is None or hex_of(grid.range(jump.cell).color) != told["painted"]
    press("btnHoanTac", Remembering())
    told["undone"] = read_live(book, FORM, PLACES).figures == before.figures
    told["protected"] = [bool(sheet.api.ProtectContents) for sheet in book.sheets if sheet.name not in OURS]
    told["sheets"] = book.sheet_names
    return told


def strict(book: Any) -> dict[str, Any]:
    """What the engine does where LibreOffice itself would be lenient, and the calls that a check takes."""
    sheet = book.sheets.add("Thử")
    sheet.range("B1").number_format = "@"
    sheet.range("A1:C1").value = ["079099001234", "079099001234", "=1+1"]
    sheet.range("B2").number_format = "@"
    sheet.range("A2:C2").value = ["1/7/2025", "=1+1", "'007"]
    sheet.range("A3").formula = "=1/0"
    ENGINE.calls.clear()
    jobs.check_book(book)
    return {
        "typed": sheet.range("A1:C1").value,
        "day": str(sheet.range("A2").value),
        "texts": sheet.range("B2:C2").value,
        "formulas": list(sheet.range("B2:C2").formula[0]),
        "error": sheet.range("A3").options(err_to_str=True).value,
        "calls": sum(ENGINE.calls.values()),
        "dossiers": jobs.overdue_book(book).numbers.first[1],
    }


def opened(desktop: Any, path: Path) -> Any:
    hidden = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    hidden.Name, hidden.Value = "Hidden", True
    return attach(desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, (hidden,)))


def connected(pipe: str) -> Any:
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    until = time.monotonic() + PATIENCE
    while True:
        try:
            office = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return office.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", office)
        except Exception:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)


def hex_of(colour: tuple[int, int, int] | None) -> str:
    return "" if colour is None else "{:02X}{:02X}{:02X}".format(*colour)


OURS = (LIST_SHEET, LOG_SHEET)

if __name__ == "__main__":
    main(Path(sys.argv[1]))
