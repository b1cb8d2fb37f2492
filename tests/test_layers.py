"""The layers of the tree hold, and the guard that says so can fail.

Requirements
  LA01  the contracts of pyproject.toml hold
  LA02  each contract fails on a planted import, in a copy of the packages
  LA03  the start of a check imports nothing heavy
  LA04  no package is named like a module of the standard library
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("toolkit", "workbook", "macros", "xlsx_templates")
HEAVY = {
    "pandas",
    "openpyxl",
    "lxml",
    "numpy",
    "scipy",
    "pyarrow",
    "fastexcel",
    "xlsxwriter",
    "xlwings",
    "concurrent.futures",
}
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The packages and the contracts, to be spoilt."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_contracts_hold__ok(copy: Path) -> None:  # LA01
    result = lint(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "planted", "contract"),
    [
        ("toolkit/text.py", "import workbook.files", "Imports run one way"),
        ("workbook/files.py", "import macros.say", "Imports run one way"),
        ("toolkit/figures.py", "import os", "toolkit is pure"),
        ("toolkit/rollup.py", "def late() -> None:\n    import pandas", "toolkit is pure"),
        ("macros/cli.py", "import openpyxl", "Front doors hold no rule"),
        ("workbook/jobs.py", "import socket", "No network"),
    ],
)
def test_planted_violation__error(copy: Path, module: str, planted: str, contract: str) -> None:  # LA02
    with (copy / module).open("a", encoding="utf-8") as source:
        source.write(f"\n\n{planted}\n")
    result = lint(copy)
    broken = [line for line in result.stdout.splitlines() if "BROKEN" in line]
    assert result.returncode == 1
    assert any(line.startswith(contract) for line in broken), result.stdout


def test_click_path_is_light() -> None:  # LA03
    code = "import sys, macros.cli, workbook.read; print(*sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    loaded = set(printed.split())
    assert "python_calamine" in loaded
    assert loaded & HEAVY == set()


def test_no_package_hides_the_standard_library() -> None:  # LA04
    assert set(PACKAGES) & set(sys.stdlib_module_names) == set()


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"}
    command = [sys.executable, "-c", LINT, "--no-cache"]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
