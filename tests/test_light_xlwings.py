"""A click waits for nothing that it does not need.

Requirements
  LX01  a button imports none of pandas, numpy, scipy, pyarrow, openpyxl, nor the PRO part of xlwings
  LX02  what was left out can be imported afterwards, and xlwings is the same module
  LX03  without the guard xlwings would import pandas: the guard is what keeps it away
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from live_books import book_file

pytest.importorskip("xlwings", reason="the extra excel is not installed")

ROOT = Path(__file__).parent.parent
HEAVY = {"pandas", "numpy", "scipy", "pyarrow", "openpyxl", "matplotlib", "PIL", "lxml", "xlsxwriter", "fastexcel"}
CLICK = """
import sys
from types import SimpleNamespace
import macros.ribbon as ribbon
from macros.desk import Remembering
from macros.light_xlwings import load
xlwings = load()
from workbook import engine_common, live_jobs, live_apply, live_import  # all that a click on the book may reach
ribbon.press("btnKiemTra", Remembering())
print(*sys.modules)
"""
PRESSED = """
import sys
from macros.light_xlwings import load
load()
from workbook.engine_openpyxl import open_book
book = open_book({path!r})
for name in [name for name in sys.modules if name.partition(".")[0] in {heavy!r}]:
    del sys.modules[name]  # what the engine of this test brought
import macros.ribbon as ribbon
from macros.desk import Remembering
from workbook import log
for button in {buttons!r}:
    ribbon.press(button, Remembering(), book)
print(*sys.modules, log.written() or "pressed")
"""
BUTTONS_ON_THE_BOOK = (
    "btnKiemTra", "btnLoiSau", "btnGoiYSua", "btnDienCongThuc", "btnDien0", "btnToQuaHan", "btnLapBieu", "btnHoanTac",
    "btnNhatKy", "btnXoaDanhDau",
)  # fmt: skip


def test_click_path_is_light() -> None:  # LX01
    loaded = modules(CLICK)
    assert {"xlwings.main", "workbook.live_apply", "python_calamine"} <= loaded
    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()
    assert "xlwings.pro._xlremote" not in loaded


def test_later_all_can_be_imported() -> None:  # LX02
    code = "import sys; from macros.light_xlwings import load; x = load(); import numpy, xlwings"
    code += "; print(*sys.modules, x is xlwings)"
    loaded = modules(code)
    assert "numpy" in loaded and "True" in loaded


@pytest.mark.skipif(find_spec("pandas") is None, reason="pandas is not installed")
def test_the_guard_is_needed() -> None:  # LX03
    assert "pandas" in modules("import xlwings, sys; print(*sys.modules)")


def test_every_button_is_light(tmp_path: Path) -> None:  # LX01
    path = book_file(tmp_path, dossiers=12)
    loaded = modules(PRESSED.format(path=str(path), heavy=HEAVY, buttons=BUTTONS_ON_THE_BOOK))
    assert "pressed" in loaded and "toolkit.dossiers" in loaded
    assert {name.partition(".")[0] for name in loaded} & (HEAVY - {"openpyxl"}) == set()


def modules(code: str) -> set[str]:
    command = [sys.executable, "-c", code]
    return set(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split())
