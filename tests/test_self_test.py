"""The self-test says what is missing, and nothing about the person or the workbook.

Requirements
  SE01  each condition fails by itself, and is told
  SE02  what Excel does not answer is empty, not a fault
  SE03  the report is one UTF-8 file with a mark; two runs write the same; no path in it
  SE04  every check has words
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from macros.install import Computer, status
from macros.self_test import PACKAGES, WORDS, Excel, Facts, checks, excel_facts, form_digest, report, run
from workbook.files import Refused

EXCEL = Excel("16.0", "17328", "Windows (32-bit) NT 10.00", ", . 84")
GOOD = Facts((3, 11, 0), 64, "Windows-10", dict.fromkeys(PACKAGES, "1.0"), "abc", True, True, True, 1252, EXCEL)


@pytest.mark.parametrize(
    ("change", "failed"),
    [
        ({}, None),
        ({"python": (3, 10, 99)}, "python"),
        ({"bits": 32}, "python_bits"),
        ({"packages": dict.fromkeys(PACKAGES, "1") | {"pywin32": ""}}, "package"),
        ({"libraries": False}, "libraries"),
        ({"ascii": False}, "ascii"),
        ({"writable": False}, "writable"),
        ({"excel": EXCEL._replace(version="13.9")}, "excel"),
        ({"excel": EXCEL._replace(version="")}, "excel"),
        ({"excel": None}, None),
    ],
)
def test_each_condition(change: dict[str, Any], failed: str | None) -> None:  # SE01
    found = checks(GOOD._replace(**change))
    assert [check.name for check in found if check.ok is False] == ([] if failed is None else [failed])
    assert report(found).count("[CHƯA ĐẠT]") == (failed is not None)


def test_excel_that_answers() -> None:  # SE02
    answers = {1: 84, 3: ",", 5: "."}
    api = SimpleNamespace(Version="16.0", Build=17328, OperatingSystem=EXCEL.system, International=answers.__getitem__)
    assert excel_facts(SimpleNamespace(api=api)) == EXCEL
    assert excel_facts(SimpleNamespace()) == Excel("", "", "", "  ")


def test_report(tmp_path: Path) -> None:  # SE03
    path, found = run(None, tmp_path)
    text = path.read_bytes()
    assert text.startswith(b"\xef\xbb\xbf") and form_digest().encode() in text
    assert run(None, tmp_path) == (path, found) and path.read_bytes() == text
    assert str(tmp_path).encode() not in text and str(Path.home()).encode() + b"/" not in text
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_folder_that_cannot_be_written__error(tmp_path: Path) -> None:  # SE03
    (tmp_path / "tep").touch()
    with pytest.raises(Refused):
        run(None, tmp_path / "tep")


def test_words(tmp_path: Path) -> None:  # SE04
    environment = dict.fromkeys(("APPDATA", "LOCALAPPDATA", "ProgramData"), str(tmp_path))
    computer = Computer("win32", environment, tmp_path, tmp_path, (), lambda key, name: None)
    assert {check.name for check in (*checks(GOOD), *status(computer))} == set(WORDS)
