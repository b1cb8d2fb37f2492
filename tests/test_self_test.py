"""The self-test says what is missing, and nothing about the person or the workbook.

Requirements
  SE01  each condition fails by itself, and is told
  SE02  what Excel does not answer is empty, not a fault
  SE03  the report is one UTF-8 file with a mark; two runs write the same; no path in it
  SE04  every check has words
  SE05  in LibreOffice nothing is called missing that is not needed there; what is needed is
  SE06  the rule of Defender is found wherever it may be set; what cannot be read is not called off
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from macros.install import Computer, status
from macros.self_test import (
    NOT_HERE,
    NOT_READ,
    ON_OPEN_BOOK,
    PACKAGES,
    WORDS,
    Excel,
    Facts,
    checks,
    excel_facts,
    form_digest,
    report,
    run,
)
from macros.windows_facts import UNREADABLE, child_process_rule, language_name, registry, screen_language
from workbook.files import Refused

EXCEL = Excel("16.0", "17328", "Windows (32-bit) NT 10.00", ", . 84", "c2r", "vi_VN")
VERSIONS = dict.fromkeys(PACKAGES, "1.0")
GOOD = Facts((3, 11, 0), 64, "Windows-10", True, VERSIONS, "abc", True, True, True, 1252, "vi_VN", "off", EXCEL)
OFFICE = GOOD._replace(
    windows=False, bits=32, packages=VERSIONS | {"pywin32": "", "python-calamine": ""}, libraries=False, ascii=False,
    excel=None, office="7.4.7.2 (en-US)",
)  # fmt: skip


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
        ({"excel": EXCEL._replace(kind="store")}, "excel_kind"),
        ({"excel": EXCEL._replace(kind="", language="")}, None),
        ({"language": ""}, None),
        ({"rule": "block"}, "child_processes"),
        ({"rule": "warn"}, None),
        ({"rule": "audit"}, None),
        ({"rule": UNREADABLE}, None),
        ({"windows": False, "packages": VERSIONS | {"pywin32": ""}, "libraries": False, "ascii": False}, None),
        ({"windows": False, "packages": VERSIONS | {"python-calamine": ""}}, "package"),
    ],
)
def test_each_condition(change: dict[str, Any], failed: str | None) -> None:  # SE01
    found = checks(GOOD._replace(**change))
    assert [check.name for check in found if check.ok is False] == ([] if failed is None else [failed])
    assert report(found).count("[CHƯA ĐẠT]") == (failed is not None)


def test_what_could_not_be_read_says_so() -> None:  # SE01
    blind = GOOD._replace(rule=UNREADABLE, language="", excel=EXCEL._replace(kind="", language=""))
    told = {check.name for check in checks(blind) if check.value == NOT_READ}
    assert told == {"child_processes", "language", "excel_kind", "excel_language"}


@pytest.mark.parametrize("system", [{}, {"windows": True, "rule": "block"}])
def test_no_false_alarm_in_libreoffice(system: dict[str, Any]) -> None:  # SE05
    found = checks(OFFICE._replace(**system))
    assert [check for check in found if check.ok is False] == []
    assert {check.about for check in found if check.value in (NOT_HERE, ON_OPEN_BOOK)} == {
        "pywin32", "python-calamine", ""
    }  # fmt: skip
    assert [check.value for check in found if check.name == "office"] == [OFFICE.office]
    without = OFFICE.packages | {"XlsxWriter": ""}
    assert [c.about for c in checks(OFFICE._replace(packages=without)) if c.ok is False] == ["XlsxWriter"]


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        (r"C:\Program Files\WindowsApps\Microsoft.Office.Desktop.Excel_16051\Office16", "store"),
        (r"C:\Program Files (x86)\Microsoft Office\root\Office16", "c2r"),
        (r"C:\Program Files\Microsoft Office\Office15", "msi"),
        ("", ""),
    ],
)
def test_how_excel_was_installed(folder: str, kind: str) -> None:  # SE02
    api = SimpleNamespace(Path=folder, LanguageSettings=SimpleNamespace(LanguageID={2: 1066}.__getitem__))
    assert excel_facts(SimpleNamespace(api=api))[-2:] == (kind, "vi_VN")


RULE = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
POLICY = r"SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
MANAGED = r"SOFTWARE\Policies\Microsoft\Windows Defender\Policy Manager"
LOCAL = r"SOFTWARE\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({}, "off"),
        ({(POLICY, RULE): "1"}, "block"),
        ({(POLICY, RULE): "0"}, "off"),
        ({(LOCAL, RULE): 1}, "block"),
        ({(LOCAL, RULE): 6}, "warn"),
        ({(MANAGED, "ASRRules"): f"26190899-1602-49e8-8b27-eb1d0a1ce869=1|{RULE.upper()}=2"}, "audit"),
        ({(MANAGED, "ASRRules"): "26190899-1602-49e8-8b27-eb1d0a1ce869=1"}, "off"),
        ({(LOCAL, RULE): UNREADABLE}, UNREADABLE),
        ({(MANAGED, "ASRRules"): UNREADABLE}, UNREADABLE),
        ({(LOCAL, RULE): UNREADABLE, (POLICY, RULE): "1"}, "block"),
    ],
)
def test_rule_that_stops_python(told: dict[tuple[str, str], object], state: str) -> None:  # SE06
    assert child_process_rule(lambda key, name: told.get((key, name))) == state


def test_languages() -> None:  # SE02
    assert [language_name(n) for n in (1066, 1033, 0, None, 99999)] == ["vi_VN", "en_US", "", "", "99999"]
    if sys.platform != "win32":
        assert (screen_language(), registry("SOFTWARE", "x")) == ("", None)


def test_excel_that_answers() -> None:  # SE02
    answers = {1: 84, 3: ",", 5: "."}
    api = SimpleNamespace(Version="16.0", Build=17328, OperatingSystem=EXCEL.system, International=answers.__getitem__)
    assert excel_facts(SimpleNamespace(api=api)) == EXCEL._replace(kind="", language="")
    assert excel_facts(SimpleNamespace()) == Excel("", "", "", "  ", "", "")


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
    assert {check.name for check in (*checks(GOOD), *checks(OFFICE), *status(computer))} == set(WORDS)
