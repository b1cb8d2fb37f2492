"""Cells that somebody merged: of two figures only one is left, and that is told."""

from __future__ import annotations

from pathlib import Path

import filled_books
import pytest
from filled_books import GRID, after, said

from toolkit.records import Key
from workbook.merged_cells import merged_cells

filled = filled_books.filled  # fixture


def test_two_figures_in_one_cell_are_told(filled: bytes, tmp_path: Path) -> None:
    filing = after(filled, lambda book: book[GRID].merge_cells("D12:E12"), tmp_path)
    assert said(filing) == [("O_019", "D12")]
    (told,) = (f for f in filing.findings if f.code == "O_019")
    assert (told.severity, told.cells) == ("warning", ("D12", "E12"))
    assert filing.figures[Key("bieu_06a", "Đất đai", "truc_tuyen")].value == 5297
    assert filing.figures[Key("bieu_06a", "Đất đai", "truc_tiep")].value is None


@pytest.mark.parametrize("area", ["B12:C12", "A36:B36", "R12:S12", "D37:E37", "D41:E41"])
def test_other_merged_cells_are_no_matter(area: str, filled: bytes, tmp_path: Path) -> None:
    assert said(after(filled, lambda book: book[GRID].merge_cells(area), tmp_path)) == []


def test_what_is_merged() -> None:
    areas = b'<mergeCells count="2"><mergeCell ref="B2:C3"/><x:mergeCell a="1" ref=\'AA10:AA10\' /></mergeCells>'
    found = merged_cells(b"<sheetData/>" + areas + b"<pageMargins/>")
    assert found == {
        **dict.fromkeys([(2, 2), (2, 3), (3, 2), (3, 3)], "B2:C3"),
        (10, 27): "AA10:AA10",
    }
    assert merged_cells(b"<sheetData/>") == merged_cells(b"") == {}


def test_a_whole_sheet_in_one_cell_takes_no_memory() -> None:
    areas = b'<mergeCell ref="A1:XFD1048576"/>' * 3 + b'<mergeCell ref="A1:B1"/>'
    assert set(merged_cells(b"<mergeCells>" + areas + b"</mergeCells>").values()) == {"A1:B1"}
