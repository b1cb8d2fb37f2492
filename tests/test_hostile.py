"""Whatever arrives, reading it ends soon, in little memory, with a coded reason or with what stands in the file.

Requirements (``hostile*.py`` make the files and judge them)
  HT01  damaged files: a coded reason, or figures that stand in the file just so; never a fault of ours (TEP_013)
  HT02  bombs of every kind: the process that reads them has 1 GB and ends by itself
  HT03  odd but sound workbooks are read as the good one is; a marked copy of them is read likewise
  HT04  the same report by other writers is read as the good one is
  HT05  the judge itself can fail
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from collections import Counter
from io import BytesIO
from pathlib import Path

import hostile_judge
import pytest
from hostile import FORM, KEY, PLACES, READ, Case, good, with_cell
from hostile_judge import cases, judged
from office import saved

from workbook import intake

SCRIPT = Path(hostile_judge.__file__)
LEAST = {"cut": 60, "flipped": 60, "inside": 90, "torn": 100, "disguised": 50, "dangerous": 95} | {
    "packages": 170,
    "cells": 250,
    "writers": 11,
}


def ran(group: str, folder: Path) -> list[dict[str, object]]:
    """What reading the cases of a group gave. A case that did not end, and everything behind it, has no line."""
    command = [sys.executable, str(SCRIPT), group, str(folder)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=600)
    lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
    last = lines[-1] if lines else {}
    assert "started" not in last, f"the process ended in {last['started']!r}: {done.stderr.decode()[-500:]}"
    assert done.returncode == 0, done.stderr.decode()[-500:]
    return [line for line in lines if "name" in line]


@pytest.mark.parametrize("group", LEAST)
def test_each_case_ends_well__HT01_HT02_HT03_HT04(group: str, tmp_path: Path) -> None:
    lines = ran(group, tmp_path)
    assert {str(line["name"]): line["faults"] for line in lines if line["faults"]} == {}
    assert len(lines) >= LEAST[group]
    assert list(tmp_path.iterdir()) == []


def test_the_corpus_is_large_and_always_the_same() -> None:
    listed = list(cases())
    assert len(listed) >= 500
    assert Counter(c.group for c in listed).keys() >= LEAST.keys()
    assert len({(c.group, c.name) for c in listed}) == len(listed)
    assert [c.name for c in cases()] == [c.name for c in listed]


@pytest.mark.parametrize("library", ["pyexcelerate", "excelize"])
def test_writers_that_are_not_of_this_project__HT04(library: str, tmp_path: Path) -> None:
    if importlib.util.find_spec(library) is None:
        pytest.skip(f"{library} is not installed; the project does not depend on it")
    assert {str(line["name"]): line["faults"] for line in ran(library, tmp_path) if line["faults"]} == {}


@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize(("kind", "code"), [("xlsx", READ), ("ods", "TEP_011"), ("xls", "TEP_004")])
def test_saved_by_libreoffice__HT04(kind: str, code: str, tmp_path: Path) -> None:
    (content,) = saved(tmp_path, good(), kind=kind)
    case = Case("", "", good, frozenset({code}), f"a.{kind}", same=True)
    assert verdict(case, content, tmp_path / "out") == []


def test_encrypted_by_another_library(tmp_path: Path) -> None:
    library = pytest.importorskip("msoffcrypto.format.ooxml", reason="msoffcrypto-tool is not installed")
    out = BytesIO()
    library.OOXMLFile(BytesIO(good())).encrypt("mật khẩu", out)
    assert verdict(Case("", "", good, frozenset({"TEP_002"})), out.getvalue(), tmp_path) == []


@pytest.mark.parametrize(
    ("wanted", "content", "faults"),
    [
        ({"same": True}, lambda: good(), 0),
        ({"same": True}, lambda: with_cell('<c r="D9"><v>7</v></c>'), 1),
        ({"value": 6}, lambda: with_cell('<c r="D9"><v>7</v></c>'), 1),
        ({"value": 7}, lambda: with_cell('<c r="D9"><v>7</v></c>'), 0),
        ({"says": "O_003"}, lambda: with_cell('<c r="D9"><v>7</v></c>'), 1),
        ({"wanted": frozenset({"TEP_001"})}, lambda: good(), 1),
        ({}, lambda: good()[:99], 1),
    ],
)
def test_the_judge_can_fail__HT05(wanted: dict[str, object], content: object, faults: int, tmp_path: Path) -> None:
    case = Case("", "", good, frozenset({READ}))._replace(**wanted)  # type: ignore[arg-type]
    assert len(verdict(case, content(), tmp_path)) == faults  # type: ignore[operator]


def test_the_judge_sees_a_figure_that_does_not_stand_there__HT05(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true_examine = intake.examine

    def examine(*arguments: object) -> intake.Checked:
        checked = true_examine(*arguments)  # type: ignore[arg-type]
        assert checked.filing is not None
        figures = dict(checked.filing.figures)
        figures[KEY] = figures[KEY]._replace(raw="60")
        return checked._replace(filing=checked.filing._replace(figures=figures))

    monkeypatch.setattr(intake, "examine", examine)
    assert len(verdict(Case("", "", good, frozenset({READ})), good(), tmp_path)) == 1


def verdict(case: Case, content: bytes, folder: Path) -> list[str]:
    path = folder / case.file
    path.write_bytes(content)
    return judged(case, intake.examine(FORM, PLACES, path), content)
