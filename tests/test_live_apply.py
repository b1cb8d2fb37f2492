"""Edits on an open book: the same as on a file, in few calls, and everything put back.

Requirements
  LA01  the same edits give the same colours, values and formulas in the same cells as in a marked copy
  LA02  the list sheet says the same, its addresses lead to the same cells; so does the list of dossiers
  LA03  the number of calls is the same with 20 and with 2.000 rows; without the add-in's functions it stays small
  LA04  marks of an earlier run are taken off first; clearing gives every cell its fill back, but not one that somebody
        painted since; a copy marked as a file is cleared in the open book, and the other way
  LA05  a protected sheet is protected again exactly as it was, also when writing fails; with a foreign password nothing
        happens there but the list
  LA06  undo puts contents and paint back, after saving and opening again; cells changed since stay
  LA07  Excel being busy gives a sentence, in finite time, and settings are put back
  LA08  texts of the list are never formulas, whatever they begin with
  LA09  the sheets that are added have the filter, frozen headings, tab, page and printed titles of those in a file
  LA10  an edit of a merged cell goes to its top-left cell, as in a file; undo finds it there
  LA12  a value inside an array formula of several cells is refused as in a file, before anything is painted or written
  LA11  a fill of the theme comes back as it looked, painted here or in a file; a pattern is never painted over
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from live_books import FORM, PLACES, book_file, cells, row

from toolkit.edits import Listing, ListLine, listing, log, marks, restore
from toolkit.records import Edit
from toolkit.wording import DOSSIER_SHEET, LIST_SHEET, LOG_SHEET
from workbook import mark
from workbook.dossier_jobs import SOON, decide
from workbook.engine_openpyxl import ENGINE, open_book
from workbook.files import Refused
from workbook.forms import load_calendar
from workbook.intake import about, judged
from workbook.live import read_live
from workbook.live_apply import apply, clear
from workbook.live_areas import LONGEST_ADDRESS, addresses, boxes, colours, paint, shown_at
from workbook.live_guard import ATTEMPTS, is_busy, quiet
from workbook.live_undo import undo
from workbook.read import read
from workbook.rectangle import Box

_LINK = re.compile(r"=HYPERLINK\(\"#(.*)\",\"(.*)\"\)")
PAINTED = [Edit("paint", "II.06a", "D9", colour="F8CBAD"), Edit("paint", "II.06a", "E9", colour="FFE699")]
ONE = [Edit("paint", "II.06a", "D9", colour="F8CBAD")]
EMPTY = listing(())


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Only ever opened: what becomes of it is saved elsewhere."""
    return book_file(tmp_path_factory.mktemp("live"), dossiers=12)


def overtyped(folder: Path) -> Path:
    """A book in which two computed cells were typed over."""
    return book_file(folder, grids={"bieu_06a": [row(tiep_nhan=15, da_giai_quyet=12)]})


def decided(path: Path) -> tuple[tuple[Edit, ...], Listing]:
    filing = read(path, FORM, PLACES)
    findings = judged(FORM, filing)
    return (*marks(findings), *restore(FORM, filing)), listing(findings, about(filing))


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


def test_looking_for_merged_cells_costs_one_call_where_there_are_none(path: Path) -> None:  # LA10
    sheet = open_book(path).sheets.add("Gộp")
    calls = []
    for rows in (20, 2000):
        ENGINE.calls.clear()
        assert shown_at(sheet, [(r, 2) for r in range(1, rows, 3)]) == {(r, 2): (r, 2) for r in range(1, rows, 3)}
        calls.append(dict(ENGINE.calls))
    assert calls[0] == calls[1] == {"range.merge_cells": 1}


def test_a_fill_of_the_theme_comes_back(path: Path, tmp_path: Path) -> None:  # LA11
    from openpyxl.styles import PatternFill
    from openpyxl.styles.colors import Color

    workbook = openpyxl.load_workbook(path)
    for cell, colour in (("D9", Color(theme=4, tint=0.6)), ("E9", Color(indexed=42))):
        workbook["II.06a"][cell].fill = PatternFill("solid", fgColor=colour)
    workbook.save(tmp_path / "mau.xlsx")
    before = fills(open_book(tmp_path / "mau.xlsx"))
    assert before["D9"] not in (None, (255, 255, 255), (0, 0, 0)) and before["E9"] == (204, 255, 204)

    book = open_book(tmp_path / "mau.xlsx")
    apply(book, PAINTED, EMPTY)
    assert fills(book)["D9"] == (248, 203, 173)
    clear(book)
    assert fills(book) == before  # painted and cleared here

    (tmp_path / "dau.xlsx").write_bytes(mark.apply((tmp_path / "mau.xlsx").read_bytes(), PAINTED, EMPTY))
    book = open_book(tmp_path / "dau.xlsx")
    clear(book)
    assert fills(book) == before  # painted in a file, cleared here


@pytest.mark.parametrize("helped", [True, False])
def test_a_pattern_is_not_painted_over(helped: bool, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # LA11
    from openpyxl.styles import PatternFill

    book = open_book(path)
    if not helped:
        monkeypatch.setattr(book.app.impl, "macros", {})
    cell = book.sheets["II.06a"].impl.xl["D9"]
    cell.fill = PatternFill("lightUp", fgColor="FF0000FF", bgColor="FFF8CBAD")
    done = apply(book, PAINTED, EMPTY)
    assert done.painted == 1 and fills(book)["E9"] == (255, 230, 153)
    clear(book)
    assert (cell.fill.fill_type, cell.fill.fgColor.rgb, cell.fill.bgColor.rgb) == ("lightUp", "FF0000FF", "FFF8CBAD")


def test_calls_do_not_grow_with_the_rows(tmp_path: Path) -> None:  # LA03
    few, many = (overdue_calls(book_file(tmp_path, n, f"{n}.xlsx")) for n in (20, 2000))
    assert few == many
    assert few < 150


def test_calls_without_the_addin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # LA03
    book = open_book(book_file(tmp_path, 200))
    monkeypatch.setattr(book.app.impl, "macros", {})
    alone = overdue_calls(None, book)
    assert alone < 320  # rows are late in turns of three, the worst that there is


@given(st.sets(st.tuples(st.integers(1, 12), st.integers(1, 12)), max_size=60))
def test_rectangles_cover_the_cells_once(places: set[tuple[int, int]]) -> None:
    covered = [place for box in boxes(places) for place in box.places()]
    assert sorted(covered) == sorted(places)


@given(st.sets(st.tuples(st.integers(1, 99999), st.integers(1, 700)), min_size=1, max_size=120))
def test_addresses_are_short_and_complete(places: set[tuple[int, int]]) -> None:
    made = list(addresses(boxes(places)))
    assert all(len(address) <= LONGEST_ADDRESS for address in made)
    assert ",".join(made) == ",".join(box.address for box in boxes(places))
    assert all(len(f"{a},{b.partition(',')[0]}") > LONGEST_ADDRESS - 1 for a, b in pairwise(made))


def test_colours_are_the_same_either_way(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = open_book(path)
    sheet = book.sheets.add("Màu")
    paint(sheet, {"F8CBAD": [Box(1, 1, 3, 2)], "000000": [Box(2, 2, 2, 2)], "-": [Box(3, 1, 3, 1)]})
    helped = colours(sheet, [Box(1, 1, 4, 3)])
    monkeypatch.setattr(book.app.impl, "macros", {})
    assert colours(sheet, [Box(1, 1, 4, 3)]) == helped
    assert (helped[2, 2], helped[3, 1], helped[1, 1], helped[4, 3]) == ("000000", "-", "F8CBAD", "-")


def test_clearing_gives_the_fill_back(path: Path, tmp_path: Path) -> None:  # LA04
    book = open_book(path)
    before = fills(book)
    apply(book, PAINTED, EMPTY)
    assert fills(book)["D9"] == (248, 203, 173)
    apply(book, ONE, EMPTY)
    assert fills(book)["E9"] == before["E9"] and sheets_named(book, LIST_SHEET) == [LIST_SHEET]
    done = clear(book)
    assert fills(book) == before and sheets_named(book, LIST_SHEET) == []
    assert (done.cells, done.sheets) == (1, 1)


def test_somebody_elses_paint_stays(path: Path) -> None:  # LA04
    book = open_book(path)
    apply(book, PAINTED, EMPTY)
    book.sheets["II.06a"].impl.xl.protection.formatCells = False
    book.sheets["II.06a"].range("D9").color = "#00FF00"
    clear(book)
    assert fills(book)["D9"] == (0, 255, 0)


def test_marks_of_a_file_come_off_in_the_open_book(path: Path, tmp_path: Path) -> None:  # LA04
    (tmp_path / "dau.xlsx").write_bytes(mark.apply(path.read_bytes(), PAINTED, EMPTY))
    book = open_book(tmp_path / "dau.xlsx")
    clear(book)
    assert fills(book) == fills(open_book(path)) and not sheets_named(book, LIST_SHEET)


def test_marks_of_the_open_book_come_off_in_a_file(path: Path, tmp_path: Path) -> None:  # LA04
    book = open_book(path)
    before = fills(book)
    apply(book, PAINTED, EMPTY)
    book.save(tmp_path / "dau.xlsx")
    cleared = mark.clear((tmp_path / "dau.xlsx").read_bytes())
    (tmp_path / "sach.xlsx").write_bytes(cleared)
    assert fills(open_book(tmp_path / "sach.xlsx")) == before
    assert LIST_SHEET not in openpyxl.load_workbook(tmp_path / "sach.xlsx").sheetnames


def test_a_users_sheet_of_that_name_stays(path: Path) -> None:  # LA04
    book = open_book(path)
    book.sheets.add(LIST_SHEET).range("A1").value = "của tôi"
    apply(book, ONE, EMPTY)
    assert sheets_named(book, LIST_SHEET) == [LIST_SHEET, f"{LIST_SHEET} (2)"]
    clear(book)
    assert book.sheets[LIST_SHEET].range("A1").value == "của tôi"


def test_protection_comes_back_as_it_was(path: Path) -> None:  # LA05
    book = open_book(path)
    before = protection(book, "II.06a")
    apply(book, [*PAINTED, Edit("formula", "II.06a", "C9", formula="1+1")], EMPTY)
    assert protection(book, "II.06a") == before and before["sheet"]


def test_protection_comes_back_when_writing_fails(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # LA05
    book = open_book(path)
    before = protection(book, "II.06a")

    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("workbook.live_apply.write_contents", fail)
    with pytest.raises(MemoryError):
        apply(book, [Edit("value", "II.06a", "D9", value=1)])
    assert protection(book, "II.06a") == before
    assert book.app.screen_updating and book.app.calculation == "automatic"


def test_a_foreign_password_leaves_only_the_list(path: Path) -> None:  # LA05
    book = open_book(path)
    before = fills(book)
    book.sheets["II.06a"].impl.xl.protection.password = "bi mat"
    done = apply(book, [*PAINTED, Edit("value", "II.06a", "D9", value=1)], decided(path)[1])
    assert done.locked == ("II.06a",) and (done.painted, done.written) == (0, 0)
    assert fills(book) == before and book.sheets["II.06a"].api.ProtectContents
    assert done.listed == LIST_SHEET


def test_structure_with_a_foreign_password(path: Path) -> None:  # LA05
    from openpyxl.workbook.protection import WorkbookProtection

    book = open_book(path)
    before = fills(book)
    book.impl.xl.security = WorkbookProtection(workbookPassword="bi mat", lockStructure=True)
    with pytest.raises(Refused) as refused:
        apply(book, PAINTED, EMPTY)
    assert [f.code for f in refused.value.findings] == ["SO_MO_002"]
    assert fills(book) == before
    book.impl.xl.security = WorkbookProtection(lockStructure=True)
    apply(book, PAINTED, EMPTY)
    assert book.impl.xl.security.lockStructure and fills(book) != before


def test_undo_after_saving(tmp_path: Path) -> None:  # LA06
    path = overtyped(tmp_path)
    before = {title: cells(path, title) for title in ("II.06a", "Chỉ tiêu")}
    edits, listed = decided(path)
    book = open_book(path)
    apply(book, edits, listed, log(edits), "formulas")
    book.save(tmp_path / "luu.xlsx")
    again = open_book(tmp_path / "luu.xlsx")
    done = undo(again)
    again.save(tmp_path / "tra.xlsx")
    assert {title: cells(tmp_path / "tra.xlsx", title) for title in before} == before
    assert done.what == "formulas" and done.restored == sum(edit.kind != "paint" for edit in edits)
    assert undo(again).what == ""
    assert said(tmp_path / "tra.xlsx", LOG_SHEET)[4][:3] == ["1", "II.06a", "C9"]


def test_undo_goes_back_run_by_run(path: Path) -> None:  # LA06
    book = open_book(path)
    grid = book.sheets["II.06a"]
    for value in (7, 8):
        edits = [Edit("value", "II.06a", "D9", value=value)]
        apply(book, edits, log=log(edits), what="zeros")
    assert (undo(book).restored, grid.range("D9").value) == (1, 7.0)
    assert (undo(book).restored, grid.range("D9").value) == (1, 10.0)
    assert undo(book).what == ""


def test_undo_keeps_what_was_changed_since(path: Path) -> None:  # LA06
    book = open_book(path)
    edits = [Edit("value", "II.06a", "D9", value=7), Edit("value", "II.06a", "E9", value=7)]
    apply(book, edits, log=log(edits))
    book.sheets["II.06a"].range("D9").value = 99
    done = undo(book)
    assert (done.restored, done.kept) == (1, 1)
    assert book.sheets["II.06a"].range("D9:E9").value == [99.0, 5.0]


@pytest.mark.parametrize("text", ["0123", "=1+1", "5.676", "TRUE", "1/7/2025", "'a", "Xã"])
def test_undo_gives_a_text_back_as_text(path: Path, text: str) -> None:  # LA06
    book = open_book(path)
    cell = book.sheets["II.06a"].range("D9")
    book.sheets["II.06a"].impl.xl["D9"] = text
    book.sheets["II.06a"].impl.xl["D9"].data_type = "s"
    edits = [Edit("value", "II.06a", "D9", value=7)]
    apply(book, edits, log=log(edits))
    undo(book)
    assert cell.value == text


class Busy(Exception):
    """What pywin32 raises while a cell is being edited."""

    hresult = -2147418111


def test_busy_excel__sentence(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # LA07
    book = open_book(path)
    monkeypatch.setattr("workbook.live_guard.time", SimpleNamespace(sleep=lambda _: None))
    asked = []

    def busy(_: object) -> Any:
        asked.append(1)
        raise Busy

    monkeypatch.setattr(type(book.app.impl), "screen_updating", property(busy))
    with pytest.raises(Refused) as refused:
        apply(book, PAINTED, EMPTY)
    assert [f.code for f in refused.value.findings] == ["SO_MO_001"]
    assert 1 < len(asked) < 20


def test_busy_for_a_moment__ok(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # LA07
    book = open_book(path)
    monkeypatch.setattr("workbook.live_guard.time", SimpleNamespace(sleep=lambda _: None))
    answers: Iterator[bool] = iter([False, False])

    def soon(_: object) -> bool:
        if next(answers, None) is not None:
            raise Busy
        return True

    monkeypatch.setattr(type(book.app.impl), "screen_updating", property(soon, lambda _, value: None))
    assert apply(book, PAINTED, EMPTY).painted == 2


def test_attempts_are_finite_and_come_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # LA07
    windows = SimpleNamespace(N_COM_ATTEMPTS=0)
    monkeypatch.setitem(sys.modules, "xlwings._xlwindows", windows)
    with quiet(open_book(path)):
        assert windows.N_COM_ATTEMPTS == ATTEMPTS > 0
    assert windows.N_COM_ATTEMPTS == 0


def test_what_counts_as_busy() -> None:  # LA07
    edited = Exception(-2147352567, "Exception occurred.", (0, None, None, None, 0, -2146777998), None)
    other = Exception(-2147352567, "Exception occurred.", (0, "Excel", "1004", None, 0, -2146827284), None)
    assert is_busy(Busy()) and is_busy(edited)
    assert not is_busy(other) and not is_busy(ValueError("x"))


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


def fills(book: Any) -> dict[str, Any]:
    return {cell: book.sheets["II.06a"].range(cell).color for cell in ("C9", "D9", "E9", "D10")}


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


def sheets_named(book: Any, title: str) -> list[str]:
    return [name for name in book.sheet_names if name.startswith(title)]


def protection(book: Any, title: str) -> dict[str, Any]:
    given = book.sheets[title].impl.xl.protection
    return {name: getattr(given, name) for name in given.__attrs__}


def said(path: Path, title: str) -> list[list[str]]:
    """What a sheet of ours shows, without its hidden record: texts and numbers, and where its links lead."""
    sheet = openpyxl.load_workbook(path)[title]
    rows = []
    for line in sheet.iter_rows():
        shown = []
        for cell in line:
            link = _LINK.fullmatch(str(cell.value))
            text = (
                link[2]
                if link
                else ""
                if cell.value is None
                else f"{cell.value:g}"
                if cell.data_type == "n"
                else cell.value
            )
            target = link[1] if link else cell.hyperlink.location if cell.hyperlink else ""
            if not str(text).startswith("tthc:") and not str(text).startswith("["):
                shown.append(f"{text}{'→' + target if target else ''}")
        rows.append(shown)
    rows = [["" if text.startswith("Bấm vào địa chỉ") else text for text in line] for line in rows]  # how to go on
    last = max((n for n, line in enumerate(rows) if any(line)), default=-1)
    width = max((n for line in rows for n, text in enumerate(line) if text), default=-1)
    return [[*line, *[""] * width][: width + 1] for line in rows[: last + 1]]
