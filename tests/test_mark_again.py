"""Marking a copy again, and taking the marks off, also after somebody worked on it.

R5 marking again replaces the list and the paint, the log grows; ``clear`` gives the file back
"""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from marked_files import (
    DATA,
    EMPTY_LIST,
    MARKS,
    SOURCES,
    formula,
    load,
    looks,
    package,
    paint,
    parts,
    rich_by_openpyxl,
    rich_by_xlsxwriter,
    value,
)

from toolkit import edits as decide
from toolkit.edits import WARNING
from toolkit.wording import LIST_SHEET, LOG_SHEET
from workbook import mark


@pytest.mark.parametrize("name", SOURCES)
def test_clear_gives_the_file_back(name: str) -> None:
    source = SOURCES[name]()
    back = parts(mark.clear(mark.apply(source, MARKS, EMPTY_LIST)))
    old = parts(source)
    assert list(back) == list(old)
    loose = {"xl/styles.xml", "xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"}
    assert {n for n in old if old[n] != back[n]} <= loose
    assert load(mark.clear(source)).sheetnames == load(source).sheetnames


def test_clear_of_an_unmarked_file_is_the_file() -> None:
    source = rich_by_xlsxwriter()
    assert mark.clear(source) == source


def test_marking_again_replaces() -> None:
    source = rich_by_xlsxwriter()
    first = mark.apply(source, MARKS, EMPTY_LIST)
    other = [paint("C5"), paint("A1", WARNING)]
    again = mark.apply(first, other, EMPTY_LIST)
    assert looks(again) == looks(mark.apply(source, other, EMPTY_LIST))
    assert load(again).sheetnames == [DATA, "Khác", LIST_SHEET]
    assert mark.apply(again, other, EMPTY_LIST) == again  # nothing piles up
    assert looks(mark.clear(again)) == looks(source)


def test_the_log_grows_and_outlives_the_list() -> None:
    one, two = [formula("A1", "B1", 1)], [value("B2", 5), value("B3", "x")]
    copy = mark.apply(package(), one, None, decide.log(one))
    copy = mark.apply(copy, [*two, paint("A1")], EMPTY_LIST, decide.log(two))
    copy = mark.clear(mark.apply(copy, (), None, decide.log(())))
    assert load(copy).sheetnames == [DATA, LOG_SHEET]
    rows = [[c.value for c in row][:6] for row in load(copy)[LOG_SHEET].iter_rows(min_row=5)]
    assert rows == [
        [1, DATA, "A1", "cũ", "=B1 → 1", "vì"],
        [2, DATA, "B2", None, "5", None],
        [3, DATA, "B3", None, "x", None],
    ]


def test_a_sheet_of_the_user_with_our_name_is_left_alone() -> None:
    book = openpyxl.Workbook()
    book.active.title = DATA
    book.create_sheet(LIST_SHEET)["A1"] = "của tôi"
    out = io.BytesIO()
    book.save(out)
    twice = mark.apply(mark.apply(out.getvalue(), [paint("A1")], EMPTY_LIST), [paint("A2")], EMPTY_LIST)
    assert load(twice).sheetnames == [DATA, LIST_SHEET, f"{LIST_SHEET} (2)"]
    assert load(twice)[LIST_SHEET]["A1"].value == "của tôi"
    assert load(mark.clear(twice)).sheetnames == [DATA, LIST_SHEET]


def test_names_and_views_follow_when_the_list_goes() -> None:
    """The user moved the list sheet to the front, added a sheet behind it and saved with another program."""
    book = load(mark.apply(rich_by_openpyxl(), [paint("A1"), paint("B3"), paint("A10")], EMPTY_LIST))
    del book["Đồ thị"]  # openpyxl counts sheets wrongly beside it
    book.move_sheet(LIST_SHEET, -2)
    book.create_sheet("Thêm").print_title_rows = "1:2"
    book.active = 3
    out = io.BytesIO()
    book.save(out)
    back = load(mark.clear(out.getvalue()))
    assert back.sheetnames == [DATA, "Khác", "Thêm"] and back.active.title == "Thêm"
    assert back["Thêm"].print_title_rows == "$1:$2" and not back[DATA].print_title_rows
    source = load(rich_by_openpyxl())[DATA]
    for cell in ("A1", "B3", "A10"):  # styles were renumbered: the recorded fills are put back
        assert repr(back[DATA][cell].fill) == repr(source[cell].fill)


def test_paint_that_moved_is_taken_off_too() -> None:
    book = load(mark.apply(rich_by_openpyxl(), [paint("C4"), paint("D4")], EMPTY_LIST))
    book[DATA].insert_rows(2)
    book[DATA]["D5"].fill = openpyxl.styles.PatternFill("solid", start_color="112233")  # the user's own paint stays
    out = io.BytesIO()
    book.save(out)
    back = load(mark.clear(out.getvalue()))[DATA]
    assert back["C5"].fill.fill_type is None and back["D5"].fill.fgColor.rgb == "00112233"


def test_what_the_user_painted_since_stays() -> None:
    book = load(mark.apply(rich_by_openpyxl(), [paint("C4"), paint("D4")], EMPTY_LIST))
    book[DATA]["C4"].fill = openpyxl.styles.PatternFill("solid", start_color="112233")
    out = io.BytesIO()
    book.save(out)
    back = load(mark.clear(out.getvalue()))[DATA]
    assert back["C4"].fill.fgColor.rgb == "00112233" and back["D4"].fill.fill_type is None


def test_an_old_style_that_means_something_else_now_is_not_put_back() -> None:
    """Another program renumbered the styles: the id recorded is now a percentage."""
    marked = mark.apply(package(), [paint("A1")], EMPTY_LIST)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts(marked).items():
            archive.writestr(name, data.replace(b'numFmtId="3"', b'numFmtId="9"', 1) if "styles" in name else data)
    cell = load(mark.clear(out.getvalue()))[DATA]["A1"]
    assert (cell.number_format, cell.fill.fill_type) == ("#,##0", "gray125")


def test_a_value_typed_into_a_painted_blank_stays() -> None:
    source = rich_by_openpyxl()
    marked = mark.apply(source, [paint("K20"), paint("K21")], EMPTY_LIST)
    back = load(mark.clear(mark.apply(marked, [value("K20", 5)])))[DATA]
    assert (back["K20"].value, back["K20"].fill.fill_type, back.max_row) == (5, None, 20)
