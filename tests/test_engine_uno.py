"""The same buttons on documents that are open in a live LibreOffice.

Requirements
  EU01  the filing of an open document equals that of its file, and so do the findings
  EU02  the walk of an official: check, jump, accept a proposal, check again, clear, undo; everything is back
  EU03  writing is as strict as in Excel; a check takes few calls
  EU04  what LibreOffice saves afterwards is a sound report with our marks and our log; the sheets that we added have
        their filter, frozen headings, page and printed titles
  EU05  the first press on a fresh document finds what the file says, although LibreOffice has put off calculating
  EU06  a protected sheet is protected again with every permission that it had; a foreign password stays
  EU07  marks of a file come off with themed fills as they looked; an edit of a merged cell goes to its top-left cell;
        array formulas are told
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest
from live_books import FORM, PLACES, book_file, row

from toolkit.edits import ERROR, INVOLVED, WARNING, listing
from toolkit.records import Edit
from toolkit.wording import LIST_SHEET, LOG_SHEET
from workbook import mark
from workbook.demo import make
from workbook.read import read

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice (soffice)"),
]
ROOT = Path(__file__).parent.parent
THEMED = "B8CCE4"  # accent 1 of Office, 60 % lighter, as Excel shows it
WAYS: dict[str, dict[str, Any]] = {
    "mo": {},
    "thuong": {"sheet": True},
    "nhieu": {"sheet": True, "formatCells": False, "sort": False, "autoFilter": False, "objects": True},
    "tat_ca": {"sheet": True, **dict.fromkeys(("formatCells", "insertRows", "deleteRows", "pivotTables"), False)},
    "khong_chon": {"sheet": True, "selectLockedCells": True, "selectUnlockedCells": True},
    "mat_khau": {"sheet": True, "password": "bi mat", "formatRows": False},
}
"""Title of a sheet -> how it is protected; False: allowed."""

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


def uno_python() -> str | None:
    """A Python that can talk to LibreOffice, of our version: it borrows our packages, some of which are compiled."""
    said = f"import uno, sys; print('%d.%d' % sys.version_info[:2] == '{HERE}')"
    for python in ("/usr/bin/python3", shutil.which("python3") or ""):
        if python and os.access(python, os.X_OK):
            answer = subprocess.run([python, "-c", said], capture_output=True, text=True, check=False)
            if answer.stdout.strip() == "True":
                return python
    return None


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    python = uno_python()
    if python is None:
        pytest.skip(f"no Python {HERE} with the module uno (Debian: python3-uno)")
    folder = tmp_path_factory.mktemp("uno")
    book_file(folder, dossiers=30)
    result = make(tmp_path_factory.mktemp("demo"), many=0)
    shutil.copy(next(result.communes.glob("21061*")), folder / "demo.xlsx")
    book_file(folder, name="de.xlsx", grids={"bieu_06a": [row(tiep_nhan=15, da_giai_quyet=12)]})
    protected_ways(folder / "khoa.xlsx")
    themed(folder / "so.xlsx", folder / "mau.xlsx")
    path = os.pathsep.join([str(ROOT), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    done = subprocess.run(
        [python, str(ROOT / "tests" / "uno_walk.py"), str(folder)],
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1]), folder


def test_read_as_the_file(walked: tuple[dict[str, Any], Path]) -> None:  # EU01
    told, _ = walked
    for name in ("demo.xlsx", "so.xlsx"):
        assert told[f"{name} differs"] == ["sha256"], name
        assert told[f"{name} equal"] and told[f"{name} findings"]


def test_walk_of_an_official(walked: tuple[dict[str, Any], Path]) -> None:  # EU02
    told, _ = walked
    assert any(line.startswith("4 ") for line in told["check"])
    assert told["painted"] in (ERROR, WARNING, INVOLVED) and told["selected"]
    assert [[o[2], o[3]] for o in told["offers"]] == [[5676, 5679], [414, 411]]
    assert told["accepted"] == [5679, 411]
    assert told["left"][0] == ["error", 1]
    assert told["overdue"] and told["unpainted"] and told["undone"]
    assert all(told["protected"]) and LIST_SHEET not in told["sheets"] and LOG_SHEET in told["sheets"]


def test_as_strict_as_excel(walked: tuple[dict[str, Any], Path]) -> None:  # EU03
    told, _ = walked
    assert told["typed"] == [79099001234.0, "079099001234", 2.0]
    assert told["day"] == "2025-07-01 00:00:00"
    assert told["texts"] == ["=1+1", "007"] and told["formulas"] == ["=1+1", "007"]
    assert told["error"] == "#DIV/0!"
    assert told["shown"] == ["5.676", "25,0%", "01/07/2025"]  # as officials write, by the codes of Excel
    assert [code.lower() for code in told["codes"]] == ["#,##0", "0.0%", "dd/mm/yyyy"]
    assert told["calls"] < 200 and told["dossiers"] == 10


def test_what_libreoffice_saves(walked: tuple[dict[str, Any], Path]) -> None:  # EU04
    import openpyxl

    _, folder = walked
    filing = read(folder / "saved.xlsx", FORM, PLACES)
    assert filing.place is not None and filing.place.code == "21061"
    book = openpyxl.load_workbook(folder / "saved.xlsx")
    assert {LIST_SHEET, LOG_SHEET} <= set(book.sheetnames)
    assert all(book[block.sheet].protection.sheet for block in FORM.blocks)
    listed = book[LIST_SHEET]
    assert listed.freeze_panes and listed.print_title_rows and listed.auto_filter.ref
    assert (listed.page_setup.orientation, listed.page_setup.paperSize) == ("landscape", 9)
    assert listed.sheet_properties.pageSetUpPr.fitToPage and listed.page_setup.fitToHeight == 0
    assert book[LOG_SHEET].freeze_panes and not book[LOG_SHEET].auto_filter.ref
    assert not any(book[block.sheet].freeze_panes == listed.freeze_panes for block in FORM.blocks)


def test_first_press(walked: tuple[dict[str, Any], Path]) -> None:  # EU05
    told, _ = walked
    assert told["first press"] == {"demo.xlsx": True, "so.xlsx": True, "de.xlsx": True}


def test_permissions_come_back(walked: tuple[dict[str, Any], Path]) -> None:  # EU06
    import openpyxl

    told, folder = walked
    assert told["opened"] == [True, True, True, True, True, False]
    assert told["written"] == [7.0, 7.0, 7.0, 7.0, 7.0, 1.0]
    before, after = (permissions(folder / name) for name in ("khoa_truoc.xlsx", "khoa_sau.xlsx"))
    assert after == before and len({*map(str, before.values())}) == len(WAYS)  # each is another one
    assert openpyxl.load_workbook(folder / "khoa_sau.xlsx")["mat_khau"].protection.password


def test_looks(walked: tuple[dict[str, Any], Path]) -> None:  # EU07
    told, _ = walked
    assert told["marked"] == ["F8CBAD", "FFE699"]
    themed_one, indexed = told["cleared"]
    assert max(abs(int(themed_one[n : n + 2], 16) - int(THEMED[n : n + 2], 16)) for n in (0, 2, 4)) <= 1
    assert indexed == "CCFFCC"
    assert told["merged"] == [False, None, None, None, False]
    assert told["areas"] == ["$B$2:$C$4", "$D$4"]
    assert told["arrays"] == [False, True, True] and told["array"] == "$F$1:$G$2"
    assert told["top left"] == ["F8CBAD", 5.0]


def protected_ways(path: Path) -> None:
    """A book with a sheet for each way of protecting one."""
    import openpyxl

    book = openpyxl.Workbook()
    del book[book.sheetnames[0]]
    for title, settings in WAYS.items():
        sheet = book.create_sheet(title)
        sheet["A1"] = 1
        for name, value in settings.items():
            setattr(sheet.protection, name, value)
    book.save(path)


def permissions(path: Path) -> dict[str, dict[str, Any]]:
    import openpyxl

    book = openpyxl.load_workbook(path)
    return {s.title: {name: getattr(s.protection, name) for name in s.protection.__attrs__} for s in book}


def themed(source: Path, path: Path) -> None:
    """A book with fills of the theme and of the old palette, marked over them as a file is."""
    import openpyxl
    from openpyxl.styles import PatternFill
    from openpyxl.styles.colors import Color

    book = openpyxl.load_workbook(source)
    for cell, colour in (("D9", Color(theme=4, tint=0.6)), ("E9", Color(indexed=42))):
        book["II.06a"][cell].fill = PatternFill("solid", fgColor=colour)
    book.save(path)
    edits = [Edit("paint", "II.06a", "D9", colour="F8CBAD"), Edit("paint", "II.06a", "E9", colour="FFE699")]
    path.write_bytes(mark.apply(path.read_bytes(), edits, listing(())))
