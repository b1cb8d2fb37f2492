"""The openpyxl engine is as strict as Excel, and counts.

Requirements
  EO01  text written to a cell becomes what Excel makes of it, unless the cell is formatted as text
  EO02  numbers come back as float, days as datetime, blanks as None, errors only when asked for
  EO03  an address of more than 255 characters is refused
  EO04  a locked cell of a protected sheet cannot be written; a foreign password does not open it
  EO05  every call is counted once, whatever the size of its range
  EO06  a text that begins with "=" survives where the cell is text; one written elsewhere is a formula
  EO07  merged cells and Excel's own words are told and taken as Excel does; words that it does not know are errors
  EO08  a fill of the theme or of the old palette has the colour that it shows, a pattern is told from one colour
  EO09  calculating automatically again gives formulas their results
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from live_books import book_file

from workbook.engine_common import BLACK, EngineError, Formula, as_typed, boxes
from workbook.engine_openpyxl import ENGINE, open_book
from workbook.rectangle import Box


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return book_file(tmp_path_factory.mktemp("engine"))


@pytest.fixture
def sheet(path: Path) -> Any:
    """A new, unprotected sheet."""
    return open_book(path).sheets.add("Thử")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("079099001234", 79099001234.0),
        ("5,676", 5676.0),
        ("5.676", 5.676),
        ("12%", 0.12),
        ("-3", -3.0),
        ("1e3", 1000.0),
        ("TRUE", True),
        ("1/7/2025", datetime(2025, 7, 1)),
        ("2025-07-01", datetime(2025, 7, 1)),
        ("32/7/2025", "32/7/2025"),
        ("=A1", Formula("=A1")),
        ("-A1", Formula("=-A1")),
        ("'0123", "0123"),
        ("Xã", "Xã"),
        ("", None),
        (7, 7.0),
    ],
)
def test_what_excel_makes_of_it(written: object, expected: object) -> None:  # EO01
    made = as_typed(written, is_text=False)
    assert (made, type(made)) == (expected, type(expected))


@given(st.text(min_size=1).filter(lambda text: text != "'"))
def test_a_text_cell_keeps_any_text(text: str) -> None:  # EO01, EO06
    assert as_typed(text, is_text=True) == text


def test_digits_turn_into_a_number_and_back_as_float(sheet: Any) -> None:  # EO01, EO02
    sheet.range("A1:A2").value = [["079099001234"], [5]]
    sheet.range("B1").number_format = "@"
    sheet.range("B1").value = "079099001234"
    assert sheet.range("A1:B2").value == [[79099001234.0, "079099001234"], [5.0, None]]


def test_errors_are_told_on_request(sheet: Any) -> None:  # EO02
    sheet.range("A1").value = "#N/A"
    assert sheet.range("A1").value is None
    assert sheet.range("A1").options(err_to_str=True).value == "#N/A"


def test_formulas_and_texts_that_look_like_one(sheet: Any) -> None:  # EO06
    sheet.range("B1").number_format = "@"
    sheet.range("A1:B1").value = ["=1+1", "=1+1"]
    assert sheet.range("A1:B1").formula == (("=1+1", "=1+1"),)
    assert sheet.range("A1:B1").value == [None, "=1+1"]  # the formula has no result here, the text is one


def test_long_address__error() -> None:  # EO03
    fits = ",".join(["AB10000"] * 31)
    assert len(fits) == 247 and len(boxes(fits)) == 31
    with pytest.raises(EngineError):
        boxes(fits + ",A1,A1,A1")


def test_locked_cell__error(path: Path) -> None:  # EO04
    book = open_book(path)
    grid = book.sheets["II.06a"]
    grid.range("D9").value = 3  # an input
    with pytest.raises(EngineError):
        grid.range("C9").value = 3  # a formula
    grid.api.Unprotect(Password="")
    grid.range("C9").value = 3
    assert grid.range("C9:D9").value == [3.0, 3.0]


def test_foreign_password__error(path: Path) -> None:  # EO04
    book = open_book(path)
    grid = book.sheets["II.06a"]
    grid.impl.xl.protection.password = "bi mat"
    with pytest.raises(EngineError):
        grid.api.Unprotect(Password="")
    assert grid.api.ProtectContents


def test_calls_are_counted_not_cells(sheet: Any) -> None:  # EO05
    for rows in (2, 200):
        ENGINE.calls.clear()
        sheet.range((1, 1), (rows, 3)).value = [[1, 2, 3]] * rows
        sheet.range("A1:C2,E5").color = "#F8CBAD"
        assert sheet.range((1, 1), (rows, 3)).value[1] == [1.0, 2.0, 3.0]
        calls = {name: n for name, n in ENGINE.calls.items() if name.startswith("range.")}
        assert calls == {"range.value.set": 1, "range.color.set": 1, "range.value.get": 1}


def test_mixed_fills_look_black(sheet: Any) -> None:
    sheet.range("A1").color = "#F8CBAD"
    assert sheet.range("A1").color == (248, 203, 173)
    assert sheet.range("A1:A2").color == BLACK
    assert sheet.range("A2").color is None


def test_clearing_stays_within_the_range(sheet: Any) -> None:
    sheet.range("A1:C9").value = [[1, 2, 3]] * 9
    sheet.range("B3:C4").clear_contents()
    assert [sum(v is not None for v in line) for line in sheet.range("A1:C9").value] == [3, 3, 1, 1, 3, 3, 3, 3, 3]


def test_merged_cells(sheet: Any) -> None:  # EO07
    sheet.impl.xl.merge_cells("B2:C4")
    told = [sheet.range(address).merge_cells for address in ("A1:A9", "B2:C4", "C3", "A1:B2")]
    assert told == [False, True, True, None]
    assert [sheet.range(cell).merge_area.address for cell in ("C4", "D4")] == ["$B$2:$C$4", "$D$4"]


def test_colours_of_the_theme(sheet: Any) -> None:  # EO08
    from openpyxl.styles import PatternFill
    from openpyxl.styles.colors import Color

    sheet.book.impl.xl.loaded_theme = b"<a:clrScheme><a:accent1><a:srgbClr val='4F81BD'/></a:accent1></a:clrScheme>"
    sheet.impl.xl["A1"].fill = PatternFill("solid", fgColor=Color(theme=4))
    sheet.impl.xl["A2"].fill = PatternFill("lightUp", fgColor="FF0000FF")
    assert sheet.range("A1").color == (0x4F, 0x81, 0xBD)
    told = [sheet.range(a).api.Interior.Pattern for a in ("A1", "A3", "A1:A3")]
    assert told == [1, -4142, None] and sheet.range("A2").api.Interior.Pattern not in (1, -4142, None)
    scheme = sheet.book.api.Theme.ThemeColorScheme
    assert [hex(scheme.Colors(n).RGB) for n in (1, 2, 5)] == ["0x0", "0xffffff", "0xbd814f"]  # Dark1, Light1, Accent1


def test_words_of_excel_that_it_does_not_know__error(sheet: Any) -> None:  # EO07
    with pytest.raises(AttributeError):
        sheet.api.PageSetup.Orientatoin = 2
    sheet.api.PageSetup.Orientation = 2
    assert sheet.impl.xl.page_setup.orientation == "landscape"


def test_calculating_again_settles_what_waited(path: Path) -> None:  # EO09
    book = open_book(path)
    asked = []
    book.impl.recalculate = asked.append
    book.app.calculation = "manual"
    assert asked == []
    book.app.calculation = "automatic"
    assert asked == [book.impl]


def test_areas() -> None:
    assert boxes("$A$1:$B$2,C3") == [Box(1, 1, 2, 2), Box(3, 3, 3, 3)]
    for wrong in ("", "A0", "XFE1", "A1048577", "Tên"):
        with pytest.raises(EngineError):
            boxes(wrong)
