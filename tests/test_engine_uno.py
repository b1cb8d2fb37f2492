"""The same buttons on documents that are open in a live LibreOffice.

Requirements
  EU01  the filing of an open document equals that of its file, and so do the findings
  EU02  the walk of an official: check, jump, accept a proposal, check again, clear, undo; everything is back
  EU03  writing is as strict as in Excel; a check takes few calls
  EU04  what LibreOffice saves afterwards is a sound report with our marks and our log
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
from live_books import FORM, PLACES, book_file

from toolkit.edits import ERROR, INVOLVED, WARNING
from toolkit.wording import LIST_SHEET, LOG_SHEET
from workbook.demo import make
from workbook.read import read

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice (soffice)"),
]
ROOT = Path(__file__).parent.parent
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
    assert told["calls"] < 200 and told["dossiers"] == 10


def test_what_libreoffice_saves(walked: tuple[dict[str, Any], Path]) -> None:  # EU04
    import openpyxl

    _, folder = walked
    filing = read(folder / "saved.xlsx", FORM, PLACES)
    assert filing.place is not None and filing.place.code == "21061"
    book = openpyxl.load_workbook(folder / "saved.xlsx")
    assert {LIST_SHEET, LOG_SHEET} <= set(book.sheetnames)
    assert all(book[block.sheet].protection.sheet for block in FORM.blocks)
