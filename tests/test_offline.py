"""The folder for a PC without network holds all that the PC needs; what it holds was proved without network.

Requirements
  OF01  pip is asked for what pyproject.toml says and for what Windows needs besides, as wheels for the Python named;
        then to install from the folder alone, and our own version among them
  OF02  script and text are there: plain ASCII and a marked UTF-8, lines as Windows ends them; both name what is there
  OF03  each thing that can go wrong is told with its own code; nothing is written then
  OF04  the command line makes it, and says which packages it holds
  OF05  nothing that was compiled here goes into it: it is for Windows
"""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

import hatch_build
from macros import cli, offline
from macros.offline import INSTALL, ON_WINDOWS, PACKAGES, PLATFORM, PYTHON, READ, SCRIPT, make, requirements
from workbook.files import Refused

ROOT = Path(__file__).parent.parent
PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")


class Pip:
    """Writes the files that pip would; fails at the command of that number."""

    def __init__(self, fails_at: int = -1) -> None:
        self.asked: list[Sequence[str]] = []
        self._fails_at = fails_at

    def __call__(self, arguments: Sequence[str]) -> tuple[int, str]:
        self.asked.append(arguments)
        if len(self.asked) - 1 == self._fails_at:
            return 1, "one\n\nERROR: no matching distribution\n"
        for option in ("--wheel-dir", "--dest"):
            if option in arguments:
                folder = Path(arguments[arguments.index(option) + 1])
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f"goi{len(self.asked)}.whl").touch()
        return 0, ""


def test_what_pip_is_asked_for(tmp_path: Path) -> None:  # OF01
    pip = Pip()
    made = make(tmp_path / "bo cai", ROOT, pip)
    assert [p.name for p in made.packages] == ["goi1.whl", "goi2.whl"] and made.folder == tmp_path / "bo cai"
    assert [a[3] for a in pip.asked] == ["wheel", "download", "install"]
    for asked in pip.asked[1:]:
        assert {"--only-binary=:all:", PLATFORM, PYTHON} <= {*asked}
    assert pip.asked[1][-len(requirements(PROJECT)) :] == requirements(PROJECT)
    proof = pip.asked[2]
    assert {"--dry-run", "--no-index", *ON_WINDOWS, "tthc-toolkit[excel]"} <= {*proof}
    assert proof[proof.index("--find-links") + 1] == str(made.folder / PACKAGES)


def test_our_own_package_is_made_without_what_was_compiled_here(monkeypatch: pytest.MonkeyPatch) -> None:  # OF05
    told: list[str | None] = []

    def run(*_: object, env: dict[str, str], **__: object) -> subprocess.CompletedProcess[str]:
        told.append(env.get(hatch_build.PURE))
        return subprocess.CompletedProcess([], 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    offline._python(["-m", "pip"])
    assert told == ["1"]


def test_requirements_are_those_of_the_product() -> None:  # OF01
    project = tomllib.loads(PROJECT)["project"]
    names = [re.split("[~=<>]", r)[0] for r in requirements(PROJECT)]
    assert names == ["python-calamine", "XlsxWriter", "xlwings", "pywin32"]
    assert all(r in requirements(PROJECT) for r in project["dependencies"])
    assert f"{project['name']}[excel]" in SCRIPT


def test_script_and_text(tmp_path: Path) -> None:  # OF02
    make(tmp_path, ROOT, Pip())
    script, text = (tmp_path / INSTALL).read_bytes(), (tmp_path / READ).read_bytes()
    assert script.isascii() and text.startswith(b"\xef\xbb\xbf")
    for content in (script, text):
        assert content.count(b"\r\n") == content.count(b"\n") > 10
    assert INSTALL.encode() in text and READ.encode() in script and f"--find-links {PACKAGES}".encode() in script
    labels = {*re.findall(rb"(?m)^:(\w+)", script)}
    assert {*re.findall(rb"goto (\w+)", script)} == labels
    assert "(" not in re.sub(r"for %%f in \([^)]*\)", "", SCRIPT)  # a bracket in a folder's name would end a block


@pytest.mark.parametrize("step", [0, 1, 2])
def test_pip_fails__error(tmp_path: Path, step: int) -> None:  # OF03
    with pytest.raises(Refused) as refused:
        make(tmp_path, ROOT, Pip(step))
    (told,) = refused.value.findings
    assert told.code == "CD_011" and "no matching distribution" in told.message
    assert not (tmp_path / INSTALL).exists() and not (tmp_path / READ).exists()


def test_no_sources__error(tmp_path: Path) -> None:  # OF03
    pip = Pip()
    with pytest.raises(Refused) as refused:
        make(tmp_path / "x", tmp_path, pip)
    assert [f.code for f in refused.value.findings] == ["CD_010"] and pip.asked == []


def test_old_packages__error(tmp_path: Path) -> None:  # OF03
    make(tmp_path, ROOT, Pip())
    pip = Pip()
    with pytest.raises(Refused) as refused:
        make(tmp_path, ROOT, pip)
    assert [f.code for f in refused.value.findings] == ["CD_012"] and pip.asked == []


def test_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:  # OF04
    monkeypatch.setattr(offline, "_python", Pip())
    assert cli.main(["addin", "offline", str(tmp_path / "bo_cai")]) == 0
    told = capsys.readouterr().out
    assert "goi1.whl" in told and READ in told
    assert cli.main(["addin", "offline", str(tmp_path / "bo_cai")]) == 2  # again
