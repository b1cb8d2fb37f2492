"""Installing touches only what it installed, on a made-up computer.

Requirements
  IN01  the add-in stands in XLSTART with the paths of this Python; the libraries of xlwings beside it
  IN02  again: nothing changes; an older one of ours is replaced
  IN03  a file in the way that is not ours, or that somebody changed, is neither replaced nor deleted
  IN04  removing leaves everything as it was
  IN05  what makes the buttons fail later is refused now, before anything is written
  IN06  status tells what is wrong
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from read_vba import settings

from macros.install import HOME, LIST, Computer, install, remove, status
from macros.self_test import library_names
from macros.xlwings_vba import xlwings_version
from workbook.files import Refused

LIBRARIES = library_names(xlwings_version())


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Computer:
    monkeypatch.setattr("macros.udf_wrapper.vba_source", lambda: "")  # takes a process of its own each time
    python, base = tmp_path / "Python", tmp_path / "userbase"
    for folder in (python, base, tmp_path / "app"):
        folder.mkdir()
    (python / "pythonw.exe").touch()
    for name in LIBRARIES:
        (base / name).write_bytes(name.encode())
    names = {"APPDATA": "Nguyễn/Roaming", "LOCALAPPDATA": "Nguyễn/Local", "ProgramData": "ProgramData"}
    environment = {name: str(tmp_path / folder) for name, folder in names.items()}
    registry = {r"Software\Classes\Excel.Application\CurVer": "Excel.Application.16"}
    return Computer("win32", environment, python, tmp_path / "app", (base,), lambda key, name: registry.get(key))


def test_install(computer: Computer, tmp_path: Path) -> None:  # IN01
    done = install(computer)
    assert done.addin == tmp_path / "Nguyễn/Roaming/Microsoft/Excel/XLSTART/tthc.xlam"
    assert done.copied == tuple(computer.python / name for name in LIBRARIES)
    assert [path.read_bytes().decode() for path in done.copied] == list(LIBRARIES)
    found = dict(settings(done.addin))
    assert found["INTERPRETER_WIN"] == str(computer.python / "pythonw.exe")
    assert found["PYTHONPATH"] == str(tmp_path / "app")
    assert found["TEMP DIR"] == str(tmp_path / "ProgramData" / HOME / "tmp") and Path(found["TEMP DIR"]).is_dir()
    assert all(check.ok for check in status(computer))


def test_ascii_user_keeps_to_their_own_folder(computer: Computer, tmp_path: Path) -> None:  # IN01
    computer.environment["LOCALAPPDATA"] = str(tmp_path / "Local")
    install(computer)
    assert (tmp_path / "Local" / HOME / "tmp").is_dir() and not (tmp_path / "ProgramData").exists()


def test_python_path_is_never_empty_nor_spoilt(computer: Computer, tmp_path: Path) -> None:  # IN01
    done = install(computer._replace(packages=tmp_path / "Nguyễn"))
    assert dict(settings(done.addin))["PYTHONPATH"] == str(computer.python)


def test_again(computer: Computer, tmp_path: Path) -> None:  # IN02
    first = install(computer)
    before = contents(tmp_path)
    assert install(computer) == first._replace(copied=())
    assert contents(tmp_path) == before
    install(computer._replace(packages=tmp_path / "app2"))
    changed = {path for path, data in contents(tmp_path).items() if data != before[path]}
    assert {Path(path).name for path in changed} == {"tthc.xlam", LIST}


def test_lost_list(computer: Computer, tmp_path: Path) -> None:  # IN02
    install(computer)
    (tmp_path / "Nguyễn/Local" / HOME / LIST).write_text("[1]")
    install(computer)
    assert remove(computer).deleted


@pytest.mark.parametrize("act", [install, remove])
def test_changed_file_stays(computer: Computer, act: Callable[[Computer], object]) -> None:  # IN03
    done = install(computer)
    done.addin.write_bytes(b"of somebody else")
    if act is install:
        assert codes(install, computer) == ["CD_006"]
    else:
        assert remove(computer).kept == (done.addin,)
    assert done.addin.read_bytes() == b"of somebody else"


def test_file_in_the_way(computer: Computer, tmp_path: Path) -> None:  # IN03
    target = tmp_path / "Nguyễn/Roaming/Microsoft/Excel/XLSTART/tthc.xlam"
    target.parent.mkdir(parents=True)
    target.write_bytes(b"older, of somebody else")
    before = contents(tmp_path)
    assert codes(install, computer) == ["CD_006"]
    assert remove(computer) == ((), ())
    assert contents(tmp_path) == before


def test_remove(computer: Computer, tmp_path: Path) -> None:  # IN04
    before = contents(tmp_path)
    strange = tmp_path / "Nguyễn/Roaming/Microsoft/Excel/XLSTART/cua_toi.xlam"
    strange.parent.mkdir(parents=True)
    strange.write_bytes(b"mine")
    done = install(computer)
    assert set(remove(computer).deleted) == {done.addin, *done.copied}
    assert contents(tmp_path) == before | {str(strange): b"mine"}
    assert not (tmp_path / "ProgramData" / HOME).exists() and not (tmp_path / "Nguyễn/Local" / HOME).exists()
    assert remove(computer) == ((), ())


def test_remove_while_excel_runs(computer: Computer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # IN04
    done = install(computer)
    unlink = Path.unlink

    def busy(path: Path, missing_ok: bool = False) -> None:
        if path == done.addin:
            raise PermissionError(13, "in use")
        unlink(path, missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", busy)
        assert codes(remove, computer) == ["CD_007"]
    listed = json.loads((tmp_path / "Nguyễn/Local" / HOME / LIST).read_text(encoding="utf-8"))["files"]
    assert list(listed) == [str(done.addin)]
    assert remove(computer).deleted == (done.addin,)


def test_refused(computer: Computer, tmp_path: Path) -> None:  # IN05
    accented = tmp_path / "Trần"
    accented.mkdir()
    (accented / "pythonw.exe").touch()
    store = tmp_path / "WindowsApps"
    store.mkdir()
    before = contents(tmp_path)
    cases = {
        "CD_003": computer._replace(system="linux"),
        "CD_004": computer._replace(python=accented),
        "CD_005": computer._replace(libraries=()),
        "CD_008": computer._replace(python=store),
        "CD_009": computer._replace(environment={**computer.environment, "APPDATA": ""}),
    }
    assert {code: codes(install, case) for code, case in cases.items()} == {code: [code] for code in cases}
    (computer.python / "pythonw.exe").unlink()
    assert codes(install, computer) == ["CD_005"]
    del before[str(computer.python / "pythonw.exe")]
    assert contents(tmp_path) == before


def test_status(computer: Computer) -> None:  # IN06
    assert wrong(computer) == {"addin", "libraries"}
    done = install(computer)
    assert wrong(computer) == set()
    blocked = computer._replace(registry=lambda key, name: 1 if name == "AllLocationsDisabled" else None)
    assert wrong(blocked) == {"excel", "trusted"}
    (computer.python / "pythonw.exe").unlink()
    (computer.python / LIBRARIES[0]).unlink()
    done.addin.write_bytes(b"")
    assert wrong(computer) == {"addin", "interpreter", "libraries"}


def wrong(computer: Computer) -> set[str]:
    return {check.name for check in status(computer) if not check.ok}


def codes(act: Callable[[Computer], object], computer: Computer) -> list[str]:
    with pytest.raises(Refused) as refused:
        act(computer)
    return [f.code for f in refused.value.findings]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
