"""Puts the add-in where Excel starts it, says how it stands, and takes it away again.

Windows only. What is asked of the computer comes in one record, so that everything runs on a made-up one too. Only
files that this module wrote, and that nobody changed since, are ever replaced or deleted: a list with their SHA-256
(``cai_dat.json``) tells. No administrator is needed: the add-in goes into the user's own XLSTART folder, which Excel
trusts.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from macros import xlwings_vba
from macros.addin import FILE_NAME, Place, addin
from macros.self_test import RULES, Check, library_names
from macros.windows_facts import Registry, child_process_rule, registry
from toolkit.wording import finding
from workbook.files import Refused, reason, write

HOME = "TTHC"
LIST = "cai_dat.json"


class Computer(NamedTuple):
    system: str  # as sys.platform
    environment: Mapping[str, str]
    python: Path  # folder of python.exe and pythonw.exe
    packages: Path  # folder that holds our packages
    libraries: tuple[Path, ...]  # folders where pip may have put the libraries of xlwings
    registry: Registry


class Installed(NamedTuple):
    addin: Path
    copied: tuple[Path, ...]  # libraries of xlwings, put beside Python


class Removed(NamedTuple):
    deleted: tuple[Path, ...]
    kept: tuple[Path, ...]  # changed by somebody since we wrote them


def this_computer() -> Computer:
    import site  # late: only installing needs it

    python = Path(sys.executable).parent
    folders = (Path(sys.prefix), Path(sys.base_prefix), Path(site.getuserbase()), *_beside_xlwings())
    return Computer(sys.platform, os.environ, python, Path(__file__).parent.parent, folders, registry)


def install(computer: Computer) -> Installed:
    """Builds the add-in for this Python and copies it into XLSTART; also again, over an older one of ours.

    Raises ``Refused``, before anything is written: CD_001, CD_002 (xlwings), CD_003 (no Windows), CD_004 (folder that
    is not ASCII), CD_005 (a file of Python or of xlwings is missing), CD_006 (a file in the way that is not ours),
    CD_008 (Python of the Store), CD_009 (Windows names no folder). RA_002 when a file cannot be written.
    """
    _check_system(computer)
    interpreter = computer.python / "pythonw.exe"
    if not interpreter.is_file():
        raise Refused(finding("CD_005", tep=interpreter.name, thu_muc=str(computer.python)))
    if not str(computer.python).isascii():
        raise Refused(finding("CD_004", ten="của Python", duong_dan=str(computer.python)))
    try:
        version = xlwings_vba.xlwings_version()
    except xlwings_vba.Unknown as unknown:
        raise Refused(finding("CD_001")) from unknown
    content = addin(Place(str(interpreter), _python_path(computer), str(_home(computer, ascii_only=True) / "tmp")))
    wanted = {_target(computer): content} | _missing_libraries(computer, version)
    listed = _listed(computer)
    strange = [path for path in wanted if path.exists() and not _ours(path, listed, wanted[path])]
    if strange:
        raise Refused(*(finding("CD_006", tep=str(path)) for path in strange))

    for path, data in wanted.items():
        write(path, data)
        listed[str(path)] = _digest(data)
        _write_list(computer, listed)
    (_home(computer, ascii_only=True) / "tmp").mkdir(parents=True, exist_ok=True)
    return Installed(_target(computer), tuple(path for path in wanted if path != _target(computer)))


def status(computer: Computer) -> tuple[Check, ...]:
    """How the installation stands, the add-in first. Raises ``Refused``: CD_003, CD_009."""
    _check_system(computer)
    target, listed = _target(computer), _listed(computer)
    state = "không có" if not target.exists() else "nguyên vẹn" if _ours(target, listed) else "khác bản đã cài"
    excel = computer.registry(r"Software\Classes\Excel.Application\CurVer", "")
    return (
        Check("addin", state == "nguyên vẹn", state),
        Check("interpreter", (computer.python / "pythonw.exe").is_file(), ""),
        Check("ascii", str(computer.python).isascii(), ""),
        Check("libraries", not _absent(computer, _version()), _version()),
        Check("excel", isinstance(excel, str) and excel.startswith("Excel."), str(excel or "")),
        Check("trusted", not _blocked(computer.registry), ""),
        Check("child_processes", *RULES[child_process_rule(computer.registry)]),
    )


def remove(computer: Computer) -> Removed:
    """Deletes what was installed and is unchanged; a changed file is kept and named.

    Raises ``Refused``: CD_003, CD_009; CD_007 when a file is in use, after deleting the others.
    """
    _check_system(computer)
    listed = _listed(computer)
    deleted, kept, refused = [], [], []
    for name in list(listed):
        path = Path(name)
        try:
            if not path.exists():
                del listed[name]
            elif _ours(path, listed):
                path.unlink()
                deleted.append(path)
                del listed[name]
            else:
                kept.append(path)
        except OSError as fault:
            refused.append(finding("CD_007", tep=str(path), ly_do=reason(fault)))
    if refused:
        _write_list(computer, listed)
        raise Refused(*refused)
    _list_path(computer).unlink(missing_ok=True)
    home = _home(computer, ascii_only=True)
    for folder in dict.fromkeys((home / "tmp", home, _home(computer))):  # what lies inside comes first
        with suppress(OSError):  # not empty, or never made
            folder.rmdir()
    return Removed(tuple(deleted), tuple(kept))


def _check_system(computer: Computer) -> None:
    if computer.system != "win32":
        raise Refused(finding("CD_003"))
    if "windowsapps" in str(computer.python).lower():
        raise Refused(finding("CD_008"))


def _folder(computer: Computer, name: str) -> Path:
    if not computer.environment.get(name):
        raise Refused(finding("CD_009", ten=name))
    return Path(computer.environment[name])


def _target(computer: Computer) -> Path:
    return _folder(computer, "APPDATA") / "Microsoft" / "Excel" / "XLSTART" / FILE_NAME


def _home(computer: Computer, ascii_only: bool = False) -> Path:
    """The user's own folder of the toolkit; one for all users where VBA must read it and the user's is not ASCII."""
    own = _folder(computer, "LOCALAPPDATA") / HOME
    if str(own).isascii() or not ascii_only:
        return own
    return _folder(computer, "ProgramData") / HOME


def _python_path(computer: Computer) -> str:
    """Folder of our packages. Python finds them without it when they are installed; but the setting may not be empty
    (see ``addin.settings``), nor hold letters that the library of xlwings would spoil."""
    path = str(computer.packages)
    return path if path.isascii() and ";" not in path else str(computer.python)


def _missing_libraries(computer: Computer, version: str) -> dict[Path, bytes]:
    """Libraries of xlwings to be copied beside Python: where to, and what."""
    out = {}
    for name in _absent(computer, version):
        found = next((folder / name for folder in computer.libraries if (folder / name).is_file()), None)
        if found is None:
            raise Refused(finding("CD_005", tep=name, thu_muc=str(computer.python)))
        out[computer.python / name] = found.read_bytes()
    return out


def _absent(computer: Computer, version: str) -> list[str]:
    """Libraries that are neither beside Python nor one folder up, where the add-in looks."""
    around = (computer.python, computer.python.parent)
    return [name for name in library_names(version) if not any((folder / name).is_file() for folder in around)]


def _beside_xlwings() -> tuple[Path, ...]:
    """None without xlwings: whoever needs it says so in its own words (CD_001)."""
    try:
        return (xlwings_vba.xlwings_folder().parent,)
    except xlwings_vba.Unknown:
        return ()


def _version() -> str:
    try:
        return xlwings_vba.xlwings_version()
    except xlwings_vba.Unknown:
        return ""


def _ours(path: Path, listed: Mapping[str, str], content: bytes | None = None) -> bool:
    """Whether the file is as we wrote it, or already what we are about to write."""
    digest = _digest(path.read_bytes())
    return digest == listed.get(str(path)) or (content is not None and digest == _digest(content))


def _listed(computer: Computer) -> dict[str, str]:
    """Path -> SHA-256 of what was installed; empty when the list is not there or not ours."""
    try:
        files = json.loads(_list_path(computer).read_text(encoding="utf-8"))["files"]
        return {str(path): str(digest) for path, digest in files.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _write_list(computer: Computer, listed: Mapping[str, str]) -> None:
    text = json.dumps({"files": dict(sorted(listed.items()))}, ensure_ascii=False, indent=1)
    write(_list_path(computer), text.encode())


def _list_path(computer: Computer) -> Path:
    return _home(computer) / LIST


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _blocked(registry: Registry) -> bool:
    """Whether somebody switched off VBA, or the trust in folders such as XLSTART, for any Excel since 2010."""
    return any(registry(key, name) == 1 for key, name in _switches())


def _switches() -> Iterable[tuple[str, str]]:
    for version in ("14.0", "15.0", "16.0"):
        for root in (r"Software\Microsoft\Office", r"Software\Policies\Microsoft\Office"):
            yield rf"{root}\{version}\Excel\Security\Trusted Locations", "AllLocationsDisabled"
            yield rf"{root}\{version}\Common", "VBAOff"
