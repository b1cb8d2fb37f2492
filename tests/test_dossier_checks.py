"""What a check says about the register of a book.

Requirements
  DC01  the form and the register are compared; the dossiers that explain a difference are named by their codes
  DC02  an empty register costs and says nothing; without a period only the words are looked at
  DC03  findings of one code are capped, and the rest counted
  DC04  a difference between form and register is a warning: either may be wrong
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from test_overdue import FORM, PERIOD, PLACES, ROWS, dossier, made

from toolkit.records import Finding
from workbook.dossier_checks import MOST_ODD, check_register
from workbook.intake import examine

ROOT = Path(__file__).parent.parent
COUNTED = {"linh_vuc": "Hộ tịch", "truc_tuyen": 0, "truc_tiep": 7, "ky_truoc": 0, "truoc_han": 0, "dung_han": 1} | {
    "qua_han": 1,
    "dang_trong_han": 3,
    "dang_qua_han": 2,
    "rut": 0,
}
"""The form as ``ROWS`` give it, without the one of an unknown status."""


def found(path: Path, rows: list[dict[str, object]], grid: dict[str, object] | None = None) -> tuple[Finding, ...]:
    return examine(FORM, PLACES, made(path, rows, grid)).findings


def of(findings: tuple[Finding, ...], *codes: str) -> list[Finding]:
    return [f for f in findings if f.code in codes]


def with_channel(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [row | {"hinh_thuc": "Trực tiếp"} for row in rows]


def test_form_and_register_agree__DC01(tmp_path: Path) -> None:
    assert of(found(tmp_path / "so.xlsx", with_channel(ROWS[:7]), COUNTED), "HS_006", "HS_008") == []


@pytest.mark.parametrize(("column", "dossiers"), [("qua_han", [1]), ("dang_qua_han", [4])])
def test_one_more_than_the_register__DC01_DC04(column: str, dossiers: list[int], tmp_path: Path) -> None:
    """One more is late when what waits for a supplement is counted by its due date: that one is named."""
    typed = COUNTED | {column: int(str(COUNTED[column])) + 1}
    findings = of(found(tmp_path / "so.xlsx", with_channel(ROWS[:7]), typed), "HS_006")
    (said,) = [f for f in findings if f.key and f.key.indicator == column]
    assert (said.severity, said.difference, said.right) == ("warning", 1, COUNTED[column])
    assert [n for n, row in enumerate(ROWS) if str(row["ma_ho_so"]) in said.message] == dossiers


def test_words_and_unplaced__DC01(tmp_path: Path) -> None:
    codes = {f.code for f in found(tmp_path / "so.xlsx", with_channel(ROWS))}
    assert {"HS_002", "HS_005"} <= codes


def test_empty_register_costs_nothing__DC02(tmp_path: Path) -> None:
    path = made(tmp_path / "so.xlsx", [])
    code = (
        "import sys; from pathlib import Path; from workbook.intake import examine;"
        "from workbook.forms import load_form, load_places;"
        f"examine(load_form(), load_places(), Path({str(path)!r})); print(*sys.modules)"
    )
    printed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {"toolkit.checks", "workbook.read"} <= set(printed.split())
    assert {"toolkit.dossiers", "toolkit.workdays", "toolkit.anomalies", "toolkit.vocabulary"} & set(
        printed.split()
    ) == set()


def test_without_a_period__DC02(tmp_path: Path) -> None:
    filing = examine(FORM, PLACES, made(tmp_path / "so.xlsx", ROWS)).filing
    assert filing and filing.period == PERIOD
    blind = filing._replace(period=None)
    assert {f.code for f in check_register(FORM, blind, filing.tables["ho_so"])} == {"HS_002"}


def test_odd_dossiers_are_capped__DC03(tmp_path: Path) -> None:
    rows = [dossier(n, date(2025, 9, 15), date(2025, 8, 1)) for n in range(MOST_ODD + 3)]
    findings = found(tmp_path / "so.xlsx", rows)
    counts = Counter(f.code for f in findings)
    assert (counts["BT_001"], counts["HS_010"]) == (MOST_ODD, 1)
    exact = found(tmp_path / "vua.xlsx", rows[:MOST_ODD])
    assert Counter(f.code for f in exact)["HS_010"] == 0
