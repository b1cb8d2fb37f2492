"""The VBA module of the worksheet functions, made without Excel.

Requirements
  UW01  plain ASCII, the same bytes each time, lines that VBA takes
  UW02  one Function for each of ours, every argument optional, none volatile, nothing of an open workbook
  UW03  a cell never shows what VBA or Python call an error
  UW04  xlwings hands ranges over whole, with their errors
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from macros import udf_wrapper
from macros.addin import Place, settings
from macros.udfs import FUNCTIONS

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def source() -> str:
    return udf_wrapper.vba_source()


def test_same_plain_text__UW01(source: str) -> None:
    assert source.isascii() and source == udf_wrapper.vba_source()
    assert source.startswith('Attribute VB_Name = "xlwings_udfs"\n')
    assert max(map(len, source.splitlines())) < 1000
    assert len(re.findall(r"_$", source, flags=re.M)) == 0


def test_no_module_no_text__UW01() -> None:
    assert udf_wrapper.vba_source("macros.khong_co") == ""


def test_every_function__UW02(source: str) -> None:
    declared = dict(re.findall(r"^Function (\w+)\((.*)\)$", source, flags=re.M))
    assert declared == {
        name: ", ".join(f"Optional {a.name}" for a in function.arguments) for name, function in FUNCTIONS.items()
    }
    assert source.count("End Function") == len(FUNCTIONS)
    assert "Volatile" not in source and "ActiveWorkbook" not in source
    for name in FUNCTIONS:
        assert f'{name} = XLPy.CallUDF("macros.udfs", "{name}", Array(' in source


def test_no_error_is_shown__UW03(source: str) -> None:
    assert "Err.Description" not in source
    assert source.count(f'GetConfig("{udf_wrapper.NO_ANSWER}")') == len(FUNCTIONS)
    told = dict(settings(Place(), ""))[udf_wrapper.NO_ANSWER]
    assert told.startswith("Lỗi: ") and len(told) < 255


def test_how_xlwings_calls__UW04() -> None:
    """What ``call_udf`` reads of each function on Windows, and what its converter makes of arguments."""
    code = """
import json, sys
from macros import udf_wrapper
udf_wrapper.main("macros.udfs")
import xlwings as xw
from xlwings import conversion
from macros import udfs

class Engine:
    name, type = "excel", "desktop"
    def clean_value_data(self, data, datetime_builder, empty_as, number_builder, err_to_str):
        return [[empty_as if cell in ("", None) else cell for cell in row] for row in data]
    def prepare_xl_data_element(self, cell, options):
        return cell

xw.engines.add(xw.Engine(impl=Engine()))
def called(name, *given):
    told = getattr(udfs, name).__xlfunc__
    assert conversion.accessors  # the same pipelines as call_udf
    cells = [conversion.read(None, cell, a["options"]) for cell, a in zip(given, told["args"])]
    return conversion.write(getattr(udfs, name)(*cells), None, told["ret"]["options"])
told = {n: getattr(udfs, n).__xlfunc__ for n in udfs.FUNCTIONS}
print(json.dumps({
    "told": {n: [t["volatile"], t["async_mode"], t["sub"], [a["options"] for a in t["args"]],
                 [a.get("optional", "no") for a in t["args"]], t["ret"]["options"]] for n, t in told.items()},
    "one": called("XA_SO", "5.676"),
    "column": called("XA_SO", (("5.676",), (None,), ("x",))),
    "row": called("XA_TY_LE", ((1.0, 2.0),), 4.0),
}))
"""
    printed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = json.loads(printed)
    assert set(found["told"]) == set(FUNCTIONS)
    for name, (volatile, mode, sub, options, optional, ret) in found["told"].items():
        n = len(FUNCTIONS[name].arguments)
        assert (volatile, mode, sub, ret) == (False, None, False, {})
        assert options == [{"ndim": 2, "err_to_str": True}] * n
        assert optional == [None] * n
    assert found["one"] == [[5676.0]]
    assert found["column"][:2] == [[5676.0], [""]] and found["column"][2][0].startswith("Lỗi: ")
    assert found["row"] == [[0.25, 0.5]]
