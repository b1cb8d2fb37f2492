"""Nothing of the open workbook or of its folder decides which Python runs, or what it imports.

Requirements
  XV01  each change finds its text exactly once, or the build stops
  XV02  settings come from the add-in's own sheet alone; the open workbook is named only as the book to work on
  XV03  the two commands that start Python import nothing from a hostile folder, even where it is the current one,
        even when the setting that asks for it were "true"; without the changes they do (the test can fail)
  XV04  the licence of xlwings stays on top; no message of a programmer reaches an official
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from macros import xlwings_vba
from macros.addin import Place, settings
from macros.xlwings_vba import PROJECT, harden, xlwings_folder, xlwings_module

ROOT = Path(__file__).parent.parent
THEIRS = (xlwings_folder() / "xlwings_custom_addin.bas").read_text(encoding="utf-8").replace("\r\n", "\n")
OURS = xlwings_module()
LOOK = "import json,sys,pandas,bao_cao_xa;print(json.dumps([sys.path,pandas.__file__,bao_cao_xa.__file__]))"
HONEST = "import json,sys;print(json.dumps([sys.path]))"


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A folder as a stranger would send it: a workbook with a folder, modules and a zip file waiting for Python."""
    folder = tmp_path / "1;2;3;4;5;6;7"  # a name that would add pieces to a list with ";"
    folder.mkdir()
    for name in ("pandas", "xlwings", "macros", "json", "sitecustomize"):
        (folder / f"{name}.py").write_text(f"open({str(tmp_path / 'fallen')!r}, 'a').write({name!r})\n")
    with ZipFile(folder / "bao_cao.zip", "w") as stuffed:
        stuffed.writestr("bao_cao_xa.py", "raise SystemExit('fallen')")
    (folder / f"{PROJECT}.conf").write_text('"INTERPRETER_WIN","C:\\evil.exe"\n')
    return folder


@pytest.mark.parametrize("at", range(len(xlwings_vba._CHANGES)))
def test_changed_source__error(at: int) -> None:  # XV01
    change = xlwings_vba._CHANGES[at]
    assert harden(THEIRS) == OURS
    with pytest.raises(ValueError):
        harden(THEIRS.replace(change.start, ""))
    with pytest.raises(ValueError):
        harden(change.start + THEIRS)
    if change.stop:
        head, start, tail = THEIRS.partition(change.start)
        with pytest.raises(ValueError):
            harden(head + start + tail.replace(change.stop, ""))


def test_settings_come_from_the_addin_alone() -> None:  # XV02
    read = function("GetConfig")
    assert set(re.findall(r"(?:SheetExists|GetConfigFromSheet)\((\w+)", read)) == {"ThisWorkbook"}
    assert set(re.findall(r"(?:SheetExists|GetConfigFromSheet)\((\w+)", function("GetConfig", THEIRS))) > {
        "ThisWorkbook"
    }
    assert not re.search(r"File|Directory|USERPROFILE|Open ", read)
    assert f'PROJECT_NAME As String = "{PROJECT}"' in OURS


def test_nothing_calls_what_was_left_out() -> None:  # XV02
    left_out = {name for name in defined(THEIRS) if name not in defined(OURS)}
    assert {"GetConfigFromFile", "GetDirectoryConfigFilePath", "GetUdfModules", "GetFullName"} <= left_out
    assert [name for name in left_out if re.search(rf"\b{name}\b", OURS)] == []


def test_the_open_workbook_is_only_worked_on() -> None:  # XV02
    compiled = without_mac(OURS)
    lines = [line.strip() for line in compiled.splitlines() if "ActiveWorkbook" in line and line.strip()[0] != "'"]
    assert lines == [
        'XLPy.SetAttr XLPy.Module("xlwings._xlwindows"), "BOOK_CALLER", ActiveWorkbook',
        '" --wb=" & """" & ActiveWorkbook.Name & """ --from_xl=1" & " --app=" & Chr(34) & _',
    ]
    assert len([line for line in without_mac(THEIRS).splitlines() if "ActiveWorkbook" in line]) > 10


@pytest.mark.parametrize("asked", ["false", "true"])
@pytest.mark.parametrize("start", ["click", "server"])
def test_hostile_folder(hostile: Path, start: str, asked: str) -> None:  # XV03
    printed = run(command(OURS, start, HONEST, hostile, asked), hostile)
    (paths,) = json.loads(printed)
    assert not (hostile.parent / "fallen").exists()
    assert str(ROOT) in paths
    assert [
        p for p in paths if p in ("", ".") or not Path(p).is_absolute() or Path(p).is_relative_to(hostile.parent)
    ] == []


@pytest.mark.parametrize("start", ["click", "server"])
def test_hostile_folder_without_the_changes__error(hostile: Path, start: str) -> None:  # XV03
    run(command(THEIRS, start, HONEST, hostile, "false"), hostile)
    assert "xlwings" in (hostile.parent / "fallen").read_text()


@pytest.mark.parametrize("path", ["", r"C:\a;", "a", r"C:a", r"a\b", ";"])
def test_path_that_means_the_current_folder__error(path: str) -> None:  # XV03
    with pytest.raises(ValueError):
        settings(Place(python_path=path), "")
    for good in (r"C:\a", r"%ProgramData%\a;D:\b", r"\\server\a"):
        assert dict(settings(Place(python_path=good), ""))["PYTHONPATH"] == good


def test_windows_finds_its_own_shell() -> None:  # XV03
    shells = re.findall(
        r"(.{40})cmd\.exe", without_mac(OURS).replace('PYTHON_WIN = "cmd.exe " & ConsoleSwitch & " /K " & CondaCmd', "")
    )
    assert len([s for s in shells if s.endswith('Environ("SystemRoot") & "\\System32\\')]) == 2


def test_licence_and_words() -> None:  # XV04
    assert "BSD 3-clause license" in OURS and "Copyright (C) 2014-present, Zoomer Analytics LLC." in OURS
    assert OURS.isascii()
    assert "Popup" not in OURS and 'Tell "MSG FAILED", Message' in function("ShowError")


def command(source: str, start: str, look: str, folder: Path, asked: str) -> list[str]:
    """What VBA hands to Windows, as a list: its expressions evaluated for a workbook in ``folder``."""
    names = {
        "AddExcelDir": asked,
        "ActiveWorkbook.FullName": str(folder / "bao_cao.xlsx"),
        "ThisWorkbook.FullName": str(folder / "tthc.xlam"),
        "ActiveFullName": str(folder / "bao_cao.xlsx"),
        "ThisFullName": str(folder / "tthc.xlam"),
        'GetConfig("PYTHONPATH")': str(ROOT),
        "PythonInterpreter": f'"{sys.executable}"',
        "PYTHON_WIN": f'"{sys.executable}"',
        "PythonCommand": look,
    }
    inside = function("RunPython" if start == "click" else "XLPyCommand", without_mac(source))
    names["PYTHONPATH"] = text(re.findall(r"^ *PYTHONPATH = (AddExcelDir .*)$", inside, flags=re.M)[-1], names)
    if start == "click":
        (line,) = re.findall(r"RunCommand = (CondaCmd .*)$", source, flags=re.M)
        return shlex.split(text(line, names))
    (line,) = re.findall(r'tail = (".*)$', source, flags=re.M)
    return shlex.split(
        names["PYTHON_WIN"] + text(line, names).replace("import xlwings; xlwings.serve('$(CLSID)')", look)
    )


def run(arguments: list[str], folder: Path) -> str:
    return subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False).stdout


def text(expression: str, names: dict[str, str]) -> str:
    """Value of a VBA expression that joins texts and names with "&"; a name that is not known is empty."""
    out = ""
    for piece in re.findall(r'"(?:[^"]|"")*"|[\w.]+(?:\("\w[^"]*"\))?', expression):
        out += piece[1:-1].replace('""', '"') if piece[0] == '"' else names.get(piece, "")
    return out


def defined(source: str) -> set[str]:
    return set(re.findall(r"^(?:Public |Private )?(?:Sub|Function) (\w+)", source, flags=re.M))


def function(name: str, source: str = OURS) -> str:
    """Source of a Sub or Function."""
    found = re.search(rf"^(?:Public )?(Sub|Function) {name}\(.*?^End \1", source, flags=re.M | re.S)
    assert found, name
    return found[0]


def without_mac(source: str) -> str:
    """What Excel for Windows compiles."""
    out, open_ = [], []
    for line in source.splitlines():
        word = line.strip()
        if word.startswith("#If"):
            open_.append("Mac" not in word or "Not Mac" in word)
        elif word.startswith("#Else"):
            open_[-1] = not open_[-1]
        elif word == "#End If":
            open_.pop()
        elif all(open_):
            out.append(line)
    return "\n".join(out)
