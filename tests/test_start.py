"""The newcomer's script: what it says when something is missing, and that running it again is quick.

The two commands themselves are what CI runs.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import start


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The processes that would be started, in a project that holds little; making an environment makes its Python."""
    made: list[list[str]] = []
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    (tmp_path / "toolkit").mkdir()
    monkeypatch.setattr(start, "ROOT", tmp_path)

    def call(command: list[str], **_: object) -> int:
        made.append(command[1:])
        if command[1:3] == ["-m", "venv"]:
            for place in ("bin/python", "Scripts/python.exe"):
                python = Path(command[3]) / place
                python.parent.mkdir(parents=True)
                python.write_text("", encoding="utf-8")
        return 0

    monkeypatch.setattr(subprocess, "call", call)
    monkeypatch.setattr(subprocess, "check_call", call)
    return made


def what(calls: list[list[str]]) -> list[str]:
    """Each process in a word: "venv", or what pip installs."""
    words = ["venv" if c[:2] == ["-m", "venv"] else " ".join(w for w in c[5:] if w != "--quiet") for c in calls]
    calls.clear()
    return words


def test_only_what_changed_is_installed(tmp_path: Path, calls: list[list[str]]) -> None:
    folder = tmp_path / ".venv"
    assert start.environment(folder, extra="[test]") is not None
    assert what(calls) == ["venv", ".[test]"]
    assert start.environment(folder, extra="[test]") is not None
    assert what(calls) == []
    (tmp_path / "toolkit" / "new.py").write_text("", encoding="utf-8")
    start.environment(folder, extra="[test]")
    assert what(calls) == ["--no-deps --force-reinstall ."]
    (tmp_path / "pyproject.toml").write_text("[project]\n\n", encoding="utf-8")
    start.environment(folder, extra="[test]")
    assert what(calls) == [".[test]"]


def test_moved_environment_is_made_anew(tmp_path: Path, calls: list[list[str]]) -> None:
    start.environment(tmp_path / ".venv", extra="")
    (tmp_path / ".venv").rename(tmp_path / ".moved")
    what(calls)
    start.environment(tmp_path / ".moved", extra="")
    assert what(calls) == ["venv", "."]


def test_no_venv_module_is_said(
    tmp_path: Path, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def half_made(command: list[str], **_: object) -> int:
        Path(command[3]).mkdir()
        return 1

    monkeypatch.setattr(subprocess, "call", half_made)
    assert start.environment(tmp_path / ".venv", extra="") is None
    assert "python3-venv" in capsys.readouterr().err
    assert not (tmp_path / ".venv").exists()


def test_failed_install_is_tried_again(tmp_path: Path, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(command: list[str], **_: object) -> int:
        raise subprocess.CalledProcessError(1, command)

    with monkeypatch.context() as broken:
        broken.setattr(subprocess, "check_call", offline)
        assert start.environment(tmp_path / ".venv", extra="") is None
    what(calls)
    assert start.environment(tmp_path / ".venv", extra="") is not None
    assert what(calls) == ["."]


def test_unknown_word_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert start.main(["frobnicate"]) == 2
    assert "start.py test" in capsys.readouterr().out
