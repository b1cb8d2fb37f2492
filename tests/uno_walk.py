"""Run by the Python that LibreOffice comes with: the jobs of the buttons on documents open in a live LibreOffice.

Usage: uno_walk.py FOLDER, with the books ``so.xlsx``, ``demo.xlsx``, ``de.xlsx`` (computed cells typed over),
``khoa.xlsx`` (protected in several ways) and ``mau.xlsx`` (themed fills, marked as a file) in it. Its output is one
JSON object, which ``test_engine_uno`` judges. Ends the office that it started.
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
from toolkit.records import Edit  # noqa: E402
from toolkit.wording import LIST_SHEET, LOG_SHEET  # noqa: E402
from workbook import live_apply, live_guard  # noqa: E402
from workbook import live_jobs as jobs  # noqa: E402
from workbook.engine_uno import ENGINE, attach  # noqa: E402
from workbook.forms import load_form, load_places  # noqa: E402
from workbook.intake import judged  # noqa: E402
from workbook.live import read_live  # noqa: E402
from workbook.read import read  # noqa: E402

FORM, PLACES = load_form(), load_places()
PATIENCE = 90  # seconds for the office to start
VIETNAMESE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>vi-VN</value></prop></item></oor:items>
"""


def main(folder: Path) -> None:
    pipe = f"tthc{abs(hash(str(folder))) % 10**8}"
    command = ["soffice", f"-env:UserInstallation={(folder / 'lo').as_uri()}", "--headless", "--norestore", "--nologo"]
    (folder / "lo" / "user").mkdir(parents=True)
    (folder / "lo" / "user" / "registrymodifications.xcu").write_text(VIETNAMESE)
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
    told: dict[str, Any] = {"first press": first_presses(desktop, folder)}
    for name in ("demo.xlsx", "so.xlsx"):
        book = opened(desktop, folder / name)
        live, shut = read_live(book, FORM, PLACES), read(folder / name, FORM, PLACES)
        told[f"{name} equal"] = live == shut._replace(sha256="")
        told[f"{name} findings"] = judged(FORM, live) == judged(FORM, shut)
        told[f"{name} differs"] = [f for f in live._fields if getattr(live, f) != getattr(shut, f)]
    told |= walk_of_an_official(opened(desktop, folder / "demo.xlsx", hidden=False), folder)
    told |= strict(opened(desktop, folder / "so.xlsx"))
    told |= protections(opened(desktop, folder / "khoa.xlsx"), folder)
    told |= looks(opened(desktop, folder / "mau.xlsx"))
    return told


def first_presses(desktop: Any, folder: Path) -> dict[str, bool]:
    """Whether a check finds the same as in the file when nothing has asked the fresh document for anything yet."""
    equal = {}
    for name in ("demo.xlsx", "so.xlsx", "de.xlsx"):
        found = judged(FORM, read(folder / name, FORM, PLACES))
        book = opened(desktop, folder / name)
        equal[name] = jobs.check_book(book).findings == found
        book.impl.doc.close(True)
    return equal


def protections(book: Any, folder: Path) -> dict[str, Any]:
    """Saves the book as LibreOffice does, before and after each sheet was opened and closed again."""
    book.save(str(folder / "khoa_truoc.xlsx"))
    possible = []
    for sheet in book.sheets:
        with live_guard.opened(sheet) as able:
            possible.append(able)
            if able:
                sheet.range("A1").value = 7
    book.save(str(folder / "khoa_sau.xlsx"))
    return {"opened": possible, "written": [sheet.range("A1").value for sheet in book.sheets]}


def looks(book: Any) -> dict[str, Any]:
    """Takes the marks of a file off; merged cells."""
    grid = book.sheets["II.06a"]
    told: dict[str, Any] = {"marked": [hex_of(grid.range(cell).color) for cell in ("D9", "E9")]}
    live_apply.clear(book)
    told["cleared"] = [hex_of(grid.range(cell).color) for cell in ("D9", "E9")]
    sheet = book.sheets.add("Gộp")
    sheet.impl.xl.getCellRangeByName("B2:C4").merge(True)
    told["merged"] = [sheet.range(address).merge_cells for address in ("A1:A9", "B2:C4", "C3", "A1:B2", "D5")]
    told["areas"] = [sheet.range(cell).merge_area.address for cell in ("C4", "D4")]
    edits = [Edit("paint", "Gộp", "C3", colour="F8CBAD"), Edit("value", "Gộp", "C4", value=5)]
    live_apply.apply(book, edits)
    sheet.impl.xl.getCellRangeByName("F1:G2").setArrayFormula("A1:B2*2")
    told["arrays"] = [sheet.range(address).has_array for address in ("A1:E9", "G2", "E1:F1")]
    told["array"] = sheet.range("G2").api.CurrentArray.address
    told["top left"] = [hex_of(sheet.range("B2").color), sheet.range("B2").value]
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
    sheet.range("A4:C4").value = [5676, 0.25, "1/7/2025"]
    for cell, code in SHOWN.items():
        sheet.range(cell).number_format = code
    ENGINE.calls.clear()
    jobs.check_book(book)
    return {
        "typed": sheet.range("A1:C1").value,
        "day": str(sheet.range("A2").value),
        "texts": sheet.range("B2:C2").value,
        "formulas": list(sheet.range("B2:C2").formula[0]),
        "error": sheet.range("A3").options(err_to_str=True).value,
        "shown": [sheet.impl.xl.getCellRangeByName(cell).String for cell in SHOWN],
        "codes": [sheet.range(cell).number_format for cell in SHOWN],
        "calls": sum(ENGINE.calls.values()),
        "dossiers": jobs.overdue_book(book).numbers.first[1],
    }


SHOWN = {"A4": "#,##0", "B4": "0.0%", "C4": "dd/mm/yyyy"}


def opened(desktop: Any, path: Path, hidden: bool = True) -> Any:
    how = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    how.Name, how.Value = "Hidden", hidden
    return attach(desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, (how,)))


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
