"""The add-in is what its sources say, and other readers find nothing wrong with it.

Requirements
  AD01  two builds have the same bytes
  AD02  olevba gives back exactly our sources; olefile finds no defect; VBA is plain ASCII
  AD03  openxml-audit finds nothing; the file is an add-in; the ribbon is in it
  AD04  the settings sheet holds what VBA asks for, without an empty row; its build number changes with the sources
  AD05  LibreOffice runs the VBA: each button hands exactly its command to Python; what stands in the way is found
  AD06  without xlwings, or with one that we do not know, the person is told
  AD07  the names of the document modules are those of the workbook
  AD08  when it is loaded, Excel gets the help of each function, without Python; what Excel refuses disturbs nobody
"""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from zipfile import ZipFile

import olefile
import pytest
import read_vba
from openxml_audit import OpenXmlValidator

from macros import addin, ribbon_xml, xlwings_vba
from macros.addin import Place, build, fingerprint, package, settings
from macros.buttons import BUTTONS, TAB_LABEL
from macros.cli import main
from macros.ovba import Module
from macros.udfs import FUNCTIONS
from workbook.files import Refused

PRESS = Path(__file__).parent / "press_in_office.py"
SYSTEM_PYTHON = "/usr/bin/python3"
STUB = """Attribute VB_Name = "xlwings"
Option Explicit

Public Function RunPython(PythonCommand As String)
    ThisWorkbook.Sheets("tthc.conf").Range("D1").Value = PythonCommand
End Function

Public Function GetConfig(configKey As String) As Variant
    Dim at As Long
    With ThisWorkbook.Sheets("tthc.conf")
        For at = 1 To 50
            If .Cells(at, 1).Value = configKey Then GetConfig = .Cells(at, 2).Value
        Next at
    End With
End Function

Public Sub TakeHelp(Macro As String, Description As String, Category As String, ArgumentDescriptions As Variant)
    Dim hint As Variant
    If InStr(Macro, "XA_SO") > 0 Then Err.Raise 1004
    With ThisWorkbook.Sheets("tthc.conf").Range("D1")
        .Value = .Value & "#" & Macro & "|" & Category & "|" & Description
        For Each hint In ArgumentDescriptions
            .Value = .Value & "|" & hint
        Next hint
    End With
End Sub
"""
"""Instead of the module of xlwings, with which LibreOffice runs nothing at all; it has a FileExists of its own. Takes
help as Excel would (LibreOffice knows no MacroOptions), but for one function."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("addin") / "tthc.xlam")


def test_same_bytes(built: Path, tmp_path: Path) -> None:  # AD01
    assert main(["addin", "build", "-o", str(tmp_path / "x.xlam")]) == 0
    assert (tmp_path / "x.xlam").read_bytes() == built.read_bytes()


def test_olevba_gives_back_the_sources(built: Path) -> None:  # AD02
    suffix = {"document": "cls", "standard": "bas"}
    expected = {f"{m.name}.{suffix[m.kind]}": m.source.replace("\n", "\r\n") for m in listed()}
    assert read_vba.modules(built) == expected
    ours = {p.name: p.read_text(encoding="ascii") for p in (Path(addin.__file__).parent / "vba").iterdir()}
    assert {name: code.replace("\r\n", "\n") for name, code in expected.items() if name in ours} == ours
    assert all(code.isascii() for code in expected.values())


def test_no_defect(built: Path) -> None:  # AD02
    project = part(built, "xl/vbaProject.bin")
    with olefile.OleFileIO(io.BytesIO(project), raise_defects=olefile.DEFECT_UNSURE) as read:
        assert read.parsing_issues == []
        assert {"PROJECT", "PROJECTwm", "VBA/dir", "VBA/_VBA_PROJECT"} <= {"/".join(p) for p in read.listdir()}


def test_package(built: Path) -> None:  # AD03
    assert OpenXmlValidator().validate(built).errors == []
    types = part(built, "[Content_Types].xml").decode()
    assert 'PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.addin.macroEnabled.main+xml"' in types
    assert "sheet.macroEnabled" not in types and 'Extension="xml"' in types
    assert part(built, ribbon_xml.PART).decode() == ribbon_xml.ribbon_xml()
    assert f'Type="{ribbon_xml.RELATIONSHIP}" Target="{ribbon_xml.PART}"' in part(built, "_rels/.rels").decode()


def test_settings(built: Path) -> None:  # AD04
    rows = read_vba.settings(built)
    assert all(key and value for key, value in rows) and len(dict(rows)) == len(rows)
    found = dict(rows)
    assert found["ADD_WORKBOOK_TO_PYTHONPATH"] == "false"
    assert found["INTERPRETER_WIN"].isascii() and found["INTERPRETER_WIN"].endswith("pythonw.exe")
    asked = {key for m in listed() for key in re.findall(r'"(MSG [A-Z ]+|BUILD)"', m.source)}
    assert asked == {key for key, _ in rows if key.startswith("MSG ") or key == "BUILD"}


def test_build_number() -> None:  # AD04
    some = listed()
    number = fingerprint(some, "a")
    assert re.fullmatch("[0-9a-f]{12}", number)
    assert len({number, fingerprint(some, "b"), fingerprint(some[1:], "a")}) == 3


def test_document_names(built: Path) -> None:  # AD07
    assert re.search('<workbookPr codeName="ThisWorkbook"', part(built, "xl/workbook.xml").decode())
    assert re.search('<sheetPr codeName="Sheet1"', part(built, "xl/worksheets/sheet1.xml").decode())
    assert [m.name for m in listed() if m.kind == "document"] == ["ThisWorkbook", "Sheet1"]


def test_no_xlwings__error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # AD06
    out = tmp_path / "x.xlam"
    monkeypatch.setattr(xlwings_vba, "_CHANGES", (xlwings_vba._Change("not in it", "", ""),))
    with pytest.raises(Refused) as refused:
        build(out)
    assert [f.code for f in refused.value.findings] == ["CD_002"]
    monkeypatch.setattr(xlwings_vba.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Refused) as refused:
        build(out)
    assert [f.code for f in refused.value.findings] == ["CD_001"]
    assert not out.exists()


@pytest.mark.parametrize("name", ["c.oxt", "c", "c.xlsm"])
def test_another_suffix__error(tmp_path: Path, name: str) -> None:  # AD06
    with pytest.raises(Refused) as refused:
        build(tmp_path / name)
    assert [f.code for f in refused.value.findings] == ["CD_013"]
    assert not list(tmp_path.iterdir())
    assert build(tmp_path / "C.XLAM").is_file()


@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.skipif(not Path(SYSTEM_PYTHON).exists(), reason="no system Python with uno")
def test_libreoffice_presses_each_button(tmp_path: Path) -> None:  # AD05, AD08
    there, missing = tmp_path / "tthc.xlam", tmp_path / "khong_co.xlam"
    there.write_bytes(variant("/bin/sh"))
    missing.write_bytes(variant("/khong/co/python"))
    help_, loaded = "tthc.FunctionHelp.GiveHelp", "tthc.ThisWorkbook.Workbook_Open"
    presses = {f"tthc.RibbonCalls.{ribbon_xml.callback(b)}": b.id for b in BUTTONS}

    found = press(there, tmp_path, "tthc.Diagnosis.SelfTest", help_, loaded, *presses)
    assert found.pop("tthc.Diagnosis.SelfTest") == "VBA-OK thu READY"
    taken = "".join(
        "|".join([f"#'tthc.xlam'!{f.name}", TAB_LABEL, f.help, *(a.help for a in f.arguments)])
        for f in FUNCTIONS.values()
        if f.name != "XA_SO"
    )
    assert found.pop(help_) == taken
    assert found.pop(loaded) == taken  # the add-in itself is the open workbook here
    assert found == {sub: f"import macros.ribbon as r; r.press('{id_}')" for sub, id_ in presses.items()}
    assert press(missing, tmp_path, "tthc.Diagnosis.SelfTest") == {
        "tthc.Diagnosis.SelfTest": "VBA-OK thu MSG NO PYTHON"
    }


@cache
def listed() -> tuple[Module, ...]:
    return addin.modules()


def variant(interpreter: str) -> bytes:
    """Our own modules with a stub instead of xlwings; LibreOffice does not know the type of a ribbon control."""
    ours = [m for m in listed() if not m.name.startswith("xlwings")]
    for theirs, here in (("As IRibbonControl", "As Object"), ("Application.MacroOptions", "TakeHelp")):
        ours = [m._replace(source=m.source.replace(theirs, here)) for m in ours]
    stubbed = [*ours, Module("xlwings", STUB, "standard")]
    return package(stubbed, settings(Place(interpreter), "thu"), ribbon_xml.ribbon_xml())


def press(file: Path, folder: Path, *subs: str) -> dict[str, object]:
    command = [SYSTEM_PYTHON, str(PRESS), str(file), str(folder / "lo"), "D1", *subs]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def part(file: Path, name: str) -> bytes:
    with ZipFile(file) as archive:
        return archive.read(name)
