"""Marks come off an open book again, and every fill comes back.

Requirements
  LA04  marks of an earlier run are taken off first; clearing gives every cell its fill back, but not one that somebody
        painted since; a copy marked as a file is cleared in the open book, and the other way
  LA11  a fill of the theme comes back as it looked, painted here or in a file; a pattern is never painted over
"""

from __future__ import annotations

from pathlib import Path

import live_books
import openpyxl
import pytest
from live_books import EMPTY, ONE, PAINTED, fills, sheets_named

from toolkit.wording import LIST_SHEET
from workbook import mark
from workbook.engine_openpyxl import open_book
from workbook.live_apply import apply, clear

path = live_books.path  # fixture


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
