"""Reading the registers of a workbook: which rows they have, and what stands in them."""

from __future__ import annotations

import re
from pathlib import Path

import filled_books
from filled_books import LETTERS, after, put, reading, surgery
from hypothesis import given
from hypothesis import strategies as st

from workbook.read import _kept

filled = filled_books.filled  # fixture


def test_errors_in_a_register_are_kept_as_their_text(filled: bytes, tmp_path: Path) -> None:
    register = "xl/worksheets/sheet4.xml"
    content = surgery(
        filled, register, lambda x: re.sub(r'<c r="B5"[^>]*>.*?</c>', '<c r="B5" t="e"><v>#N/A</v></c>', x)
    )
    assert reading(content, tmp_path).tables["van_ban"].columns["ngay"] == ("#N/A", "28/7/205")


def test_a_register_goes_on_below_its_prepared_rows_and_over_gaps(filled: bytes, tmp_path: Path) -> None:
    cells = {"A9": "7/QĐ-UBND", "D200": "Pasted far below", "A201": "   "}
    table = after(filled, put(cells, LETTERS), tmp_path).tables["van_ban"]
    assert table.rows == (5, 6, 9, 200)
    assert table.columns["trich_yeu"][2:] == (None, "Pasted far below")


def test_a_row_of_spaces_is_no_row_even_where_each_row_of_a_register_has_a_text(filled: bytes, tmp_path: Path) -> None:
    table = after(filled, put({"A7": "   "}, LETTERS), tmp_path).tables["van_ban"]
    assert table.rows == (5, 6)


@given(st.lists(st.lists(st.sampled_from(("a", " ", None, 0.0, False)), min_size=2, max_size=2), max_size=5))
def test_rows_are_kept_as_each_cell_says(rows: list[list[object]]) -> None:
    columns = [[row[c] for row in rows] for c in (0, 1)]
    assert [*_kept(columns)] == [any(cell not in (None, " ") for cell in row) for row in rows]
