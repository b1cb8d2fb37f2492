"""Accepting proposals, from the checked file to the repaired copy, as an official does it.

R1 Vạn Tường: the accepted values stand in the copy, in the log with before and after, and no balance is broken any more
R2 neither the report nor the marked copy changes by a byte
R3 an input cell is repaired: the formulas of its row and column get their new stored results
R4 nothing ticked, no marked copy, a tick that is no clear yes, a line that offers nothing: refused, nothing written
R5 a cell changed since the check: refused, nothing written
R6 a proposal stays with its line when the list is sorted
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from toolkit.records import Period
from toolkit.wording import LIST_SHEET, LOG_SHEET
from workbook import jobs
from workbook.accept_job import Accepted, accept_proposals
from workbook.files import Refused
from workbook.forms import load_form, load_places
from workbook.list_sheet import ACCEPT_COLUMN, OFFER_MAGIC

FORM, PLACES = load_form(), load_places()
PERIOD = Period(date(2025, 7, 1), date(2025, 9, 25))
INPUTS = {
    "truc_tuyen": 5297, "truc_tiep": 382, "ky_truoc": 0, "truoc_han": 5182, "dung_han": 2, "qua_han": 76,
    "dang_trong_han": 343, "dang_qua_han": 68, "rut": 8,
}  # fmt: skip
PRINTED = {"tiep_nhan": 5676, "da_giai_quyet": 5260, "dang_giai_quyet": 414}
BALANCES = {"CT_001", "CT_004", *(rule.id for rule in FORM.rules)}


def marked(folder: Path, figures: dict[str, int]) -> Path:
    """The marked copy of a report with one row."""
    values = {"grids": {"bieu_06a": [{"linh_vuc": "Tất cả lĩnh vực", **figures}]}}
    report = jobs.new(FORM, PLACES, "21061", PERIOD, folder / "bao_cao.xlsx", values)
    (checked,) = jobs.check(FORM, PLACES, [report], folder / "danh_dau")
    assert checked.marked is not None
    return checked.marked


def edit(path: Path, change: Callable[[openpyxl.Workbook], None]) -> Path:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def tick(sheet: Worksheet, mark: str = "x", *, offering: bool = True) -> int:
    """Ticks every line with a proposal, or every line without. Returns how many."""
    heading = next(cell for row in sheet.iter_rows() for cell in row if cell.value == ACCEPT_COLUMN)
    done = 0
    for row in sheet.iter_rows(min_row=heading.row + 1):
        if row[0].value and any(str(cell.value).startswith(OFFER_MAGIC) for cell in row) is offering:
            sheet.cell(row[0].row, heading.column).value = mark
            done += 1
    return done


def ticked(mark: str = "x", *, offering: bool = True) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        tick(book[LIST_SHEET], mark, offering=offering)

    return change


def accepted(path: Path) -> Accepted:
    return accept_proposals(FORM, PLACES, path, path.parent / "da_sua.xlsx")


def refused(path: Path) -> list[str]:
    before, out = path.read_bytes(), path.parent / "da_sua.xlsx"
    with pytest.raises(Refused) as refusal:
        accept_proposals(FORM, PLACES, path, out)
    assert not out.exists() and path.read_bytes() == before
    return [f.code for f in refusal.value.findings]


def stored(result: Accepted) -> dict[str, object]:
    """What the one filled row and the total row hold without being calculated: "C35" -> value."""
    sheet = openpyxl.load_workbook(result.path, data_only=True)["II.06a"]
    return {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}


def cells(result: Accepted, row: str) -> dict[str, str]:
    assert result.checked.filing is not None
    return {k.indicator: f.cell for k, f in result.checked.filing.figures.items() if k.row == row}


@pytest.fixture
def van_tuong(tmp_path: Path) -> Path:
    return marked(tmp_path, {**INPUTS, **PRINTED})


def test_van_tuong_is_repaired(van_tuong: Path) -> None:  # R1
    def change(book: openpyxl.Workbook) -> None:
        assert tick(book[LIST_SHEET]) == 3

    result = accepted(edit(van_tuong, change))
    assert {(e.value, e.before) for e in result.edits} == {(5679, "5676"), (411, "414")}
    at, now = cells(result, "Tất cả lĩnh vực"), stored(result)
    assert [now[at[i]] for i in PRINTED] == [5679, 5260, 411]
    assert BALANCES.isdisjoint(f.code for f in result.checked.findings if f.severity == "error")
    assert result.checked.status == "ok"

    book = openpyxl.load_workbook(result.path)
    lines = [row[1:5] for row in book[LOG_SHEET].iter_rows(min_row=5, values_only=True)]
    assert lines == [
        ("II.06a", at["tiep_nhan"], "5676", "5679"),
        ("II.06a", at["dang_giai_quyet"], "414", "411"),
    ]
    assert tick(book[LIST_SHEET]) == 0  # the list is that of the repaired copy


def test_totals_below_follow(van_tuong: Path) -> None:  # R1, R3
    result = accepted(edit(van_tuong, ticked()))
    at, now = cells(result, "*"), stored(result)
    assert (now[at["tiep_nhan"]], now[at["dang_giai_quyet"]]) == (5679, 411)


def test_originals_stay(van_tuong: Path) -> None:  # R2
    edit(van_tuong, ticked())
    report = van_tuong.parent.parent / "bao_cao.xlsx"
    before = report.read_bytes(), van_tuong.read_bytes()
    accepted(van_tuong)
    assert (report.read_bytes(), van_tuong.read_bytes()) == before


def test_an_input_is_repaired_and_its_formulas_follow(tmp_path: Path) -> None:  # R3
    controls = {"tiep_nhan_doi_chieu": 5679, "da_giai_quyet_doi_chieu": 5260, "dang_giai_quyet_doi_chieu": 411}
    path = marked(tmp_path, {**INPUTS, "truoc_han": 5128, **controls})
    result = accepted(edit(path, ticked()))
    assert [(e.value, e.before) for e in result.edits] == [(5182, "5128")]
    now = stored(result)
    for row in ("Tất cả lĩnh vực", "*"):
        at = cells(result, row)
        assert (now[at["truoc_han"]], now[at["da_giai_quyet"]]) == (5182, 5260)
    sheet = openpyxl.load_workbook(result.path)["II.06a"]
    assert str(sheet[cells(result, "*")["da_giai_quyet"]].value).startswith("=")
    assert (result.checked.status, [f.code for f in result.checked.findings]) == ("ok", [])


def test_nothing_ticked(van_tuong: Path) -> None:  # R4
    assert refused(van_tuong) == ["NHAN_002"]


def test_no_marked_copy(van_tuong: Path) -> None:  # R4
    assert refused(van_tuong.parent.parent / "bao_cao.xlsx") == ["NHAN_001"]


@pytest.mark.parametrize("mark", ["không", "0", "x?"])
def test_a_tick_that_is_no_clear_yes(van_tuong: Path, mark: str) -> None:  # R4
    assert set(refused(edit(van_tuong, ticked(mark)))) == {"NHAN_005"}


def test_a_capital_x_is_a_yes(van_tuong: Path) -> None:  # R4
    assert len(accepted(edit(van_tuong, ticked(" X "))).edits) == 2


def test_a_line_that_offers_nothing(van_tuong: Path) -> None:  # R4
    assert refused(edit(van_tuong, ticked(offering=False))) == ["NHAN_006"]


def test_onto_the_marked_copy(van_tuong: Path) -> None:  # R2, R4
    with pytest.raises(Refused) as refusal:
        accept_proposals(FORM, PLACES, van_tuong, van_tuong)
    assert [f.code for f in refusal.value.findings] == ["RA_001"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:  # R4
    with pytest.raises(Refused) as refusal:
        accepted(tmp_path / "khong_co.xlsx")
    assert [f.code for f in refusal.value.findings] == ["RA_003"]


def test_a_cell_changed_since_the_check(van_tuong: Path) -> None:  # R5
    def change(book: openpyxl.Workbook) -> None:
        tick(book[LIST_SHEET])
        typed = next(cell for row in book["II.06a"].iter_rows() for cell in row if cell.value == 5676)
        typed.value = 5677

    assert set(refused(edit(van_tuong, change))) == {"NHAN_003"}


def test_a_proposal_is_sorted_with_its_line(van_tuong: Path) -> None:  # R6
    sheet = openpyxl.load_workbook(van_tuong)[LIST_SHEET]
    offered = {c.column_letter for r in sheet.iter_rows() for c in r if str(c.value).startswith(OFFER_MAGIC)}
    last = sheet.auto_filter.ref.split(":")[1]
    assert offered == {last.rstrip("0123456789")}
    assert all(sheet.column_dimensions[letter].hidden for letter in offered)
