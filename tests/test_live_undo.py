"""What was written into an open book is taken back.

Requirements
  LA06  undo puts contents and paint back, after saving and opening again; cells changed since stay
"""

from __future__ import annotations

from pathlib import Path

import live_books
import pytest
from live_books import cells, decided, overtyped, said

from toolkit.edits import log
from toolkit.records import Edit
from toolkit.wording import LOG_SHEET
from workbook.engine_openpyxl import open_book
from workbook.live_apply import apply
from workbook.live_undo import undo

path = live_books.path  # fixture


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
