"""One cell: what was typed into it, and whether its formula is the form's own."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import filled_books
import pytest
from filled_books import FORM, GRID, after, put, reading, said, surgery

from toolkit.records import Key
from workbook.locate import Table
from workbook.own_formulas import GridFormulas

filled = filled_books.filled  # fixture


@pytest.mark.parametrize(
    ("value", "origin", "read", "codes"),
    [
        (5676, "typed", 5676, []),
        ("5.676", "text", 5676, ["O_001"]),
        (5.676, "typed", None, ["O_003"]),
        (-1, "typed", None, ["O_004"]),
        ("#REF!", "text", None, ["O_005"]),
        ("khoảng 5 nghìn", "text", None, ["O_002"]),
        (True, "typed", None, ["O_002"]),
        (date(2025, 2, 1), "typed", None, ["O_002"]),
        ("=5000+676", "typed", None, ["O_017"]),
        ("  ", "blank", None, []),
    ],
)
def test_an_input_cell_is_read_as_it_stands(
    value: object, origin: str, read: int | None, codes: list[str], filled: bytes, tmp_path: Path
) -> None:
    filing = after(filled, put({"I12": value}), tmp_path)
    figure = filing.figures[Key("bieu_06a", "Đất đai", "dung_han")]
    assert (figure.value, figure.origin) == (read, origin)
    assert said(filing) == [(code, "I12") for code in codes]
    assert all(f.key == figure.key for f in filing.findings)


def stored(content: bytes, cell: str, new: str) -> bytes:
    """The workbook with one cell of the grid written anew, everything else untouched."""
    pattern = rf'(<c r="{cell}"(?: s="\d+")?)[^>]*?(?:/>|>.*?</c>)'
    sheet = surgery(content, "xl/worksheets/sheet2.xml", lambda x: re.sub(pattern, rf"\1{new}", x, count=1))
    assert sheet != content
    return sheet


@pytest.mark.parametrize(
    ("cell", "new", "origin", "value", "stored_value"),
    [
        ("C12", "><f>IF(COUNT(D12:F12)=0,&quot;&quot;,SUM(D12:F12))</f><v>5679</v></c>", "formula", 5679, 5679),
        ("C12", "><f>IF(COUNT($D12:F12) = 0,&quot;&quot;,sum(D12:F12))</f></c>", "formula", None, None),
        ("C12", "><f>D12+E12+F12</f><v>5679</v></c>", "overtyped", 5679, 5679),
        ("C12", "><f>IF(COUNT(D12:E12)=0,&quot;&quot;,SUM(D12:E12))</f><v>5679</v></c>", "overtyped", 5679, 5679),
        ("C12", "><f>IF(COUNT(D13:F13)=0,&quot;&quot;,SUM(D13:F13))</f><v>5</v></c>", "overtyped", 5, 5),
        ("C12", "><v>5676</v></c>", "overtyped", 5676, None),
        ("C12", "/>", "blank", None, None),
        ("D41", "><f>IF(COUNT(D9:D40)=0,&quot;&quot;,SUM(D9:D40))</f><v>1</v></c>", "formula", 1, 1),
        ("D41", "><f>IF(COUNT(D9:D34)=0,&quot;&quot;,SUM(D9:D34))</f><v>1</v></c>", "overtyped", 1, 1),
        ("D41", "><f>IF(COUNT(D9:D20,D20:D40)=0,&quot;&quot;,SUM(D9:D20,D20:D40))</f><v>1</v></c>", "overtyped", 1, 1),
        ("D41", "><f>IF(COUNT(D9:D20,D21:D40)=0,&quot;&quot;,SUM(D9:D20,D21:D40))</f><v>1</v></c>", "formula", 1, 1),
        ("D41", "><f>IF(COUNT(E9:E40)=0,&quot;&quot;,SUM(E9:E40))</f><v>1</v></c>", "overtyped", 1, 1),
        ("D41", "><f>IF(COUNT(E9,D10:D40)=0,&quot;&quot;,SUM(E9,D10:D40))</f><v>1</v></c>", "overtyped", 1, 1),
        ("D41", "><f>SUM(D9:D40)</f><v>1</v></c>", "overtyped", 1, 1),
    ],
)
def test_own_and_foreign_formulas_of_computed_cells(
    cell: str, new: str, origin: str, value: int | None, stored_value: int | None, filled: bytes, tmp_path: Path
) -> None:
    filing = reading(stored(filled, cell, new), tmp_path)
    figure = next(f for f in filing.figures.values() if f.cell == cell and f.sheet == GRID)
    assert (figure.origin, figure.value, figure.stored) == (origin, value, stored_value)
    assert said(filing) == []


def test_a_foreign_formula_without_a_result_is_told_once_for_a_sheet(filled: bytes, tmp_path: Path) -> None:
    filing = after(filled, put({"C12": "=D12", "C13": "=D13"}), tmp_path)
    assert said(filing) == [("O_018", "C12")]
    assert filing.findings[0].cells == ("C12", "C13")


def test_an_error_in_a_cell_of_its_own_formula_is_left_to_its_parts(filled: bytes, tmp_path: Path) -> None:
    own = "IF(COUNT(D12:F12)=0,&quot;&quot;,SUM(D12:F12))"
    filing = reading(stored(filled, "C12", f' t="e"><f>{own}</f><v>#REF!</v></c>'), tmp_path)
    figure = filing.figures[Key("bieu_06a", "Đất đai", "tiep_nhan")]
    assert (figure.origin, figure.value, figure.raw) == ("formula", None, "#REF!")
    filing = reading(stored(filled, "D12", ' t="e"><f>1/0</f><v>#DIV/0!</v></c>'), tmp_path)
    assert said(filing) == [("O_005", "D12")]


def test_a_range_may_run_over_an_inserted_column_while_it_is_empty() -> None:
    """Column E was inserted between the parts D, F and G; only where it holds nothing does the sum mean the same."""
    columns = {"tiep_nhan": 3, "truc_tuyen": 4, "truc_tiep": 6, "ky_truoc": 7}
    table = Table(GRID, columns, first=9, last=40, total=41, by_heading=False)
    grid = GridFormulas(FORM, table, range(9, 41), (), {}, raw=lambda row, column: None if row == 9 else 1)
    for row, same in ((9, True), (10, False)):
        own = grid.of(FORM.indicator("tiep_nhan"), row)
        assert own is not None
        assert own(f'IF(COUNT(D{row}:G{row})=0,"",SUM(D{row}:G{row}))') is same
        assert own(f'IF(COUNT(D{row},F{row}:G{row})=0,"",SUM(D{row},F{row}:G{row}))')
