"""Edits on an open book: the same as on a file, in few calls.

Requirements; clearing, undo, and what guards a book that is open have their own modules
  LA01  the same edits give the same colours, values and formulas in the same cells as in a marked copy
  LA02  the list sheet says the same, its addresses lead to the same cells; so does the list of dossiers
  LA03  the number of calls is the same with 20 and with 2.000 rows; without the add-in's functions it stays small
  LA08  texts of the list are never formulas, whatever they begin with
  LA09  the sheets that are added have the filter, frozen headings, tab, page and printed titles of those in a file
  LA10  an edit of a merged cell goes to its top-left cell, as in a file; undo finds it there
  LA12  a value inside an array formula of several cells is refused as in a file, before anything is painted or written
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import live_books
import openpyxl
import pytest
from live_books import EMPTY, FORM, ONE, PAINTED, PLACES, book_file, cells, decided, fills, overtyped, row, said

from toolkit.edits import Listing, ListLine, log
from toolkit.records import Edit
from toolkit.wording import DOSSIER_SHEET, LIST_SHEET, LOG_SHEET
from workbook import mark
from workbook.dossier_jobs import SOON, decide
from workbook.engine_openpyxl import ENGINE, open_book
from workbook.files import Refused
from workbook.forms import load_calendar
from workbook.live import read_live
from workbook.live_apply import apply
from workbook.live_undo import undo
from workbook.read import read

path = live_books.path  # fixture


def test_same_as_in_a_file(tmp_path: Path) -> None:  # LA01, LA02
    path = overtyped(tmp_path)
    edits, listed = decided(path)
    assert {edit.kind for edit in edits} == {"paint", "formula"} and listed.lines
    (tmp_path / "file.xlsx").write_bytes(mark.apply(path.read_bytes(), edits, listed, log(edits)))
    book = open_book(path)
    done = apply(book, edits, listed, log(edits), "check")
    book.save(tmp_path / "live.xlsx")
    for title in (block.sheet for block in FORM.blocks):
        assert cells(tmp_path / "live.xlsx", title) == cells(tmp_path / "file.xlsx", title), title
    assert said(tmp_path / "live.xlsx", LIST_SHEET) == said(tmp_path / "file.xlsx", LIST_SHEET)
    assert done.painted == sum(edit.kind == "paint" for edit in edits)
    assert done.listed == LIST_SHEET and not done.locked


def test_same_list_of_dossiers(tmp_path: Path, path: Path) -> None:  # LA01, LA02
    filing = read(path, FORM, PLACES)
    made = decide(FORM, filing, load_calendar(), "lịch", None, SOON)
    assert made.edits
    (tmp_path / "file.xlsx").write_bytes(mark.apply(path.read_bytes(), made.edits, made.told))
    book = open_book(path)
    apply(book, made.edits, made.told, what="overdue")
    book.save(tmp_path / "live.xlsx")
    assert cells(tmp_path / "live.xlsx", "Hồ sơ") == cells(tmp_path / "file.xlsx", "Hồ sơ")
    assert said(tmp_path / "live.xlsx", DOSSIER_SHEET) == said(tmp_path / "file.xlsx", DOSSIER_SHEET)


@pytest.mark.parametrize("title", [LIST_SHEET, LOG_SHEET, DOSSIER_SHEET])
def test_sheets_are_furnished_as_in_a_file(title: str, tmp_path: Path) -> None:  # LA09
    path = book_file(tmp_path, dossiers=12, grids={"bieu_06a": [row(tiep_nhan=15, da_giai_quyet=12)]})
    edits, told = decided(path)
    if title == DOSSIER_SHEET:
        made = decide(FORM, read(path, FORM, PLACES), load_calendar(), "lịch", None, SOON)
        edits, told = made.edits, made.told  # type: ignore[assignment]
    (tmp_path / "file.xlsx").write_bytes(mark.apply(path.read_bytes(), edits, told, log(edits)))
    book = open_book(path)
    apply(book, edits, told, log(edits), "check")
    book.save(tmp_path / "live.xlsx")
    shut, live = (furniture(tmp_path / name, title) for name in ("file.xlsx", "live.xlsx"))
    assert live == shut
    assert live["frozen"] and live["titles"] and live["tab"]
    assert bool(live["filter"]) == (title != LOG_SHEET)


def test_a_sheet_comes_without_what_excel_refuses(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # LA09
    def no_printer(_: object) -> Any:
        raise OSError

    monkeypatch.setattr("workbook.engine_openpyxl_sheet.page_setup", no_printer)
    book = open_book(path)
    apply(book, PAINTED, EMPTY)
    assert book.sheets[LIST_SHEET].impl.xl.freeze_panes and fills(book)["D9"] == (248, 203, 173)
    assert book.sheets.active.name != LIST_SHEET


@pytest.mark.parametrize("cell", ["D9", "E9", "D10", "E10", "F9"])
def test_merged_cells_as_in_a_file(cell: str, path: Path, tmp_path: Path) -> None:  # LA10
    merged = tmp_path / "gop.xlsx"
    workbook = openpyxl.load_workbook(path)
    workbook["II.06a"].merge_cells("D9:E10")
    workbook.save(merged)
    edits = [
        Edit("paint", "II.06a", cell, colour="F8CBAD"),
        Edit("paint", "II.06a", "D9", colour="FFE699"),
        Edit("value", "II.06a", cell, value=77, before="10"),
    ]
    (tmp_path / "file.xlsx").write_bytes(mark.apply(merged.read_bytes(), edits, EMPTY, log(edits)))
    book = open_book(merged)
    before = cells(merged, "II.06a")
    apply(book, edits, EMPTY, log(edits), "accept")
    book.save(tmp_path / "live.xlsx")
    shown = cells(tmp_path / "live.xlsx", "II.06a")
    assert shown == cells(tmp_path / "file.xlsx", "II.06a")
    assert shown["F9" if cell == "F9" else "D9"] == (77, "F8CBAD")
    assert undo(book).restored == 1
    book.save(tmp_path / "back.xlsx")
    assert cells(tmp_path / "back.xlsx", "II.06a") == before


@pytest.mark.parametrize("cell", ["D9", "E10"])
def test_inside_an_array_formula__reason(cell: str, path: Path, tmp_path: Path) -> None:  # LA12
    from openpyxl.worksheet.formula import ArrayFormula

    workbook = openpyxl.load_workbook(path)
    workbook["II.06a"]["D9"] = ArrayFormula("D9:E10", "=TRANSPOSE(H9:I10)")
    workbook["II.06a"]["F9"] = ArrayFormula("F9", "=SUM(H9:I10*1)")  # one of one cell is as any other
    workbook.save(tmp_path / "mang.xlsx")
    book = open_book(tmp_path / "mang.xlsx")
    before = fills(book)
    edits = [*ONE, Edit("value", "Bìa", "A40", value=1), Edit("value", "II.06a", cell, value=77)]
    for tried in (lambda: mark.apply((tmp_path / "mang.xlsx").read_bytes(), edits), lambda: apply(book, edits, EMPTY)):
        with pytest.raises(Refused) as refused:
            tried()
        assert [(f.code, f.cell) for f in refused.value.findings] == [("GHI_001", cell)]
    assert fills(book) == before and book.sheets["Bìa"].range("A40").value is None
    assert LIST_SHEET not in book.sheet_names
    apply(book, [Edit("paint", "II.06a", cell, colour="F8CBAD"), Edit("value", "II.06a", "F9", value=7)], EMPTY)
    assert book.sheets["II.06a"].range("F9").value == 7.0


def test_calls_do_not_grow_with_the_rows(tmp_path: Path) -> None:  # LA03
    few, many = (overdue_calls(book_file(tmp_path, n, f"{n}.xlsx")) for n in (20, 2000))
    assert few == many
    assert few < 150


def test_calls_without_the_addin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # LA03
    book = open_book(book_file(tmp_path, 200))
    monkeypatch.setattr(book.app.impl, "macros", {})
    alone = overdue_calls(None, book)
    assert alone < 320  # rows are late in turns of three, the worst that there is


@pytest.mark.parametrize("text", ["=1+1", "+84", "-1", "@x", "007", "'a"])
def test_texts_of_the_list_stay_texts(path: Path, text: str) -> None:  # LA08
    line = ListLine("error", "II.06a", "D9", text, text, 1, 2, -1)
    book = open_book(path)
    apply(book, ONE, Listing("errors", {"error": 1, "warning": 0, "info": 0}, (text,), (line,)))
    sheet = book.sheets[LIST_SHEET]
    last = sheet.used_range.last_cell
    values = sheet.range((1, 1), last).value
    formulas = [f for line in sheet.range((1, 1), last).formula for f in line]
    assert [text in map(str, row) for row in values].count(True) == 2
    assert [f for f in formulas if f.startswith("=") and "HYPERLINK" not in f and f != text] == []


def overdue_calls(path: Path | None, book: Any = None) -> int:
    book = book or open_book(path)  # type: ignore[arg-type]
    filing = read_live(book, FORM, PLACES)
    made = decide(FORM, filing, load_calendar(), "lịch", None, SOON)
    ENGINE.calls.clear()
    done = apply(book, made.edits, made.told)
    assert done.painted >= 12 * (len(filing.tables["ho_so"].rows) // 3)
    return sum(ENGINE.calls.values())


def furniture(path: Path, title: str) -> dict[str, Any]:
    """What a sheet is beside its cells."""
    sheet = openpyxl.load_workbook(path)[title]
    margins = sheet.page_margins
    page = sheet.page_setup
    return {
        "frozen": sheet.freeze_panes,
        "filter": sheet.auto_filter.ref,
        "titles": sheet.print_title_rows,
        "tab": sheet.sheet_properties.tabColor.rgb[-6:],
        "grid": sheet.sheet_view.showGridLines,
        "margins": [
            round(getattr(margins, side), 6) for side in ("left", "right", "top", "bottom", "header", "footer")
        ],
        "page": (page.orientation, int(page.paperSize), int(page.fitToWidth or 1), int(page.fitToHeight)),
        "fit": sheet.sheet_properties.pageSetUpPr.fitToPage,
    }
