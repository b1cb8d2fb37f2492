"""The repository keeps its house rules.

Requirements
  HO01  every path is short enough for Windows, and plain ASCII
  HO02  no tracked file names a path of somebody's machine or the address of a package registry
  HO03  the last entry of CHANGELOG.md belongs to the forms as they are
  HO04  every folder of the product has a map of at most 60 lines that names its modules
  HO05  the wheel holds the packages with their data, and the command
  HO06  every command of the command line stands in the README
  HO07  no test measures time: on a shared machine that fails for nothing
  HO08  a command that installs with extras works as typed, on Windows and on Linux
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from macros.cli import main
from toolkit.wording import PIP_EXCEL, SENTENCES

ROOT = Path(__file__).parent.parent
FOLDERS = ("toolkit", "workbook", "macros", "xlsx_templates", "benchmarks")
LONGEST_PATH = 80
MOST_LINES = 120
MACHINE = re.compile(
    rb"(?:^|[^A-Za-z0-9_.])/(?:work|farm|root|home)/[a-z]|[A-Z]:\\Users\\"
    rb"|https?://[^ ]*(?:pypi|pythonhosted|debian|npmjs)"
)
STOPWATCH = re.compile(rb"\b(?:perf_counter|process_time|thread_time|timeit|clock_gettime)\b")
DIGEST = re.compile(r"mã nhận dạng mẫu: `([0-9a-f]{12})`")


def test_paths_are_short() -> None:  # HO01
    paths = [p.relative_to(ROOT).as_posix() for p in tracked()]
    assert len(paths) > 20
    assert [p for p in paths if len(p) > LONGEST_PATH or not p.isascii()] == []


def test_no_machine_paths_or_registries() -> None:  # HO02
    assert MACHINE.search(b'open("/' + b'root/x")') and MACHINE.search(b"https://" + b"pypi.org/simple")
    assert [p.relative_to(ROOT).as_posix() for p in tracked() if MACHINE.search(p.read_bytes())] == []


def test_changelog_knows_the_forms() -> None:  # HO03
    last = DIGEST.search((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert last is not None
    assert last[1] == forms_digest(), "a form changed: say in CHANGELOG.md what the communes will see, with this digest"


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_folder_has_a_map(folder: str) -> None:  # HO04
    text = (ROOT / folder / "README.md").read_text(encoding="utf-8")
    modules = {p.name for p in (ROOT / folder).glob("*.py")} - {"__init__.py"}
    assert len(text.splitlines()) <= MOST_LINES
    assert {m for m in modules if f"`{m}`" not in text} == set()


def test_wheel_is_complete(tmp_path: Path) -> None:  # HO05
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), "."]
    subprocess.run(command, cwd=ROOT, check=True)
    (wheel,) = tmp_path.glob("tthc_toolkit-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        p.relative_to(ROOT).as_posix()
        for folder in FOLDERS[:4]
        for p in (ROOT / folder).rglob("*")
        if p.is_file() and "__pycache__" not in p.parts
    }
    assert wanted - names == set()
    assert {n.split("/")[0] for n in names if ".dist-info/" not in n} == set(FOLDERS[:4])


def test_readme_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:  # HO06
    with pytest.raises(SystemExit):
        main(["--help"])
    commands = re.findall(r"^    ([a-z]+) ", capsys.readouterr().out, flags=re.M)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {"new", "check", "merge", "formulas", "demo"} <= set(commands)
    assert [c for c in commands if f"`tthc {c}" not in readme and f"\ntthc {c}" not in readme] == []


def test_what_is_typed_to_install_works_from_the_folder() -> None:  # HO08
    """The product is on no registry; cmd and the shells of Linux share double quotes only."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert PIP_EXCEL in (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(PIP_EXCEL in SENTENCES[code].fix for code in ("CD_001", "CD_002", "CD_015"))
    told = [p for p in tracked() if p.suffix in (".md", ".py") and "tests" not in p.relative_to(ROOT).parts]
    told.remove(ROOT / "CHANGELOG.md")  # which also tells what was
    typed = [line for p in told for line in p.read_text(encoding="utf-8").splitlines() if "pip install " in line]
    named = [(line, *found) for line in typed for found in re.findall(r"(.)([\w.-]*)\[([\w,]+)\]", line)]
    assert len(named) >= 4
    for line, quote, what, which in named:
        assert quote == '"' and set(which.split(",")) <= set(extras), line
        assert what == "." or "--no-index" in line, line


def tracked() -> list[Path]:
    """The files git knows, or would know; everything that is there when this is no clone."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        there = [path for folder in (*FOLDERS, "tests") for path in (ROOT / folder).rglob("*")]
        return [path for path in there if path.is_file() and "__pycache__" not in path.parts]
    return [path for name in listed.decode().split("\0") if name and (path := ROOT / name).is_file()]


def forms_digest() -> str:
    """Of what the forms declare; remarks, spaces and the order of keys do not count."""
    total = hashlib.sha256()
    for path in sorted((ROOT / "xlsx_templates").glob("*.toml")):
        declared = tomllib.loads(path.read_text(encoding="utf-8"))
        if "form" in declared:
            total.update(path.name.encode() + repr(canonical(declared)).encode())
    return total.hexdigest()[:12]


def canonical(value: object) -> object:
    if isinstance(value, dict):
        return [(k, canonical(v)) for k, v in sorted(value.items())]
    return [canonical(v) for v in value] if isinstance(value, list) else value


def test_no_test_measures_time() -> None:  # HO07
    assert STOPWATCH.search(b"time.process" + b"_time()")
    tests = [p for p in tracked() if p.suffix == ".py" and p.parent.name == "tests" and p != Path(__file__)]
    assert [p.name for p in tests if STOPWATCH.search(p.read_bytes())] == []
