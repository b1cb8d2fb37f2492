"""A marked copy: what was asked is done, everything else in the file stays.

R1 only the sheets edited, the styles, the workbook part and its lists change; all other parts keep their bytes
R2 a painted cell keeps everything but its fill; every other cell keeps everything
R3 formulas and values go in with the right type; shared formulas, arrays, merged cells, calcChain stay sound
R4 whatever a writer does differently (prefixes, quotes, missing addresses, missing parts) is understood
R5 marking again replaces the list and the paint, the log grows; ``clear`` gives the file back
R6 the list tells status, counts, each finding with a link; text is never a formula
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from effort import calls
from hypothesis import given, settings
from hypothesis import strategies as st
from marked_files import (
    CELLS,
    DATA,
    MAIN,
    OFFICE,
    SOURCES,
    STYLES,
    changed,
    load,
    looks,
    package,
    parts,
    rich_by_openpyxl,
    rich_by_xlsxwriter,
    unsound,
)
from python_calamine import CalamineWorkbook

from toolkit import edits as decide
from toolkit.edits import ERROR, WARNING
from toolkit.records import Edit, Finding
from toolkit.wording import LIST_SHEET, LOG_SHEET
from workbook import mark
from workbook.files import Refused
from workbook.sheet_part import Address, SheetPart
from workbook.sniff import Unreadable

EMPTY_LIST = decide.listing(())


def paint(cell: str, colour: str = ERROR, sheet: str = DATA) -> Edit:
    return Edit("paint", sheet, cell, colour=colour)


def formula(cell: str, text: str, value: int | str | None = None, sheet: str = DATA) -> Edit:
    return Edit("formula", sheet, cell, formula=text, value=value, before="cũ", why="vì")


def value(cell: str, new: int | str | None, sheet: str = DATA) -> Edit:
    return Edit("value", sheet, cell, value=new)


MARKS = (paint("A1"), paint("B2", WARNING), paint("F3"), paint("H40"), paint("B31", WARNING))


# ------------------------------------------------------------------------------------------------ R1, R2


@pytest.mark.parametrize("name", SOURCES)
def test_only_what_was_asked_changes(name: str, tmp_path: Path) -> None:
    source = SOURCES[name]()
    copy = mark.apply(source, MARKS, EMPTY_LIST)
    old, new = parts(source), parts(copy)
    differ = {n for n in old if old[n] != new.get(n)}
    lists = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
    assert differ == {*lists, "xl/styles.xml", "xl/worksheets/sheet1.xml"}
    assert list(new)[: len(old)] == list(old) and len(new) == len(old) + 1
    before, after = looks(source), looks(copy)
    painted = [c for c in ("A1", "B2", "F3") if (DATA, c) in before]
    assert changed(source, copy) == {(DATA, c) for c in painted}
    for cell in painted:
        assert before[DATA, cell][:2] == after[DATA, cell][:2]
    assert load(copy)[DATA]["A1"].fill.fgColor.rgb == "FF" + ERROR
    assert load(copy)[DATA]["B2"].fill.fgColor.rgb == "FF" + WARNING
    assert unsound(copy, tmp_path) == unsound(source, tmp_path)
    assert CalamineWorkbook.from_filelike(io.BytesIO(copy)).sheet_names[-1] == LIST_SHEET
    assert mark.apply(source, MARKS, EMPTY_LIST) == copy
    painted_only = parts(mark.apply(source, MARKS))["xl/styles.xml"]
    assert painted_only.count(b'applyFill="1"') > old["xl/styles.xml"].count(b'applyFill="1"')


def test_dates_and_order_of_members_stay() -> None:
    source = rich_by_openpyxl()
    copy = mark.apply(source, MARKS, EMPTY_LIST)
    before, after = (
        [(i.filename, i.date_time) for i in zipfile.ZipFile(io.BytesIO(content)).infolist()]
        for content in (source, copy)
    )
    assert after == [*before, ("xl/worksheets/sheet3.xml", (1980, 1, 1, 0, 0, 0))]


def test_protection_stays_as_it_was() -> None:
    source = rich_by_xlsxwriter()
    copy = mark.apply(source, MARKS, EMPTY_LIST)
    old, new = (x["xl/worksheets/sheet1.xml"] for x in (parts(source), parts(copy)))
    start, end = b"<sheetData>", b"</sheetData>"
    assert old[: old.index(start)] == new[: new.index(start)] and b"<cols>" in old[: old.index(start)]
    assert old[old.index(end) :] == new[new.index(end) :] and b"<sheetProtection" in old[old.index(end) :]
    locked = mark.apply(rich_by_openpyxl(), MARKS, EMPTY_LIST)
    assert b"lockStructure" in parts(locked)["xl/workbook.xml"]


def test_a_new_cell_looks_like_its_row_or_column() -> None:
    copy = load(mark.apply(rich_by_xlsxwriter(), (paint("H40"), paint("K31"), paint("M50")), EMPTY_LIST))[DATA]
    assert (copy["H40"].number_format, copy["H40"].font.b) == ("dd/mm/yyyy", True)
    assert (copy["K31"].number_format, copy["K31"].protection.locked) == ("#,##0", False)
    assert (copy["M50"].number_format, copy["M50"].fill.fgColor.rgb) == ("General", "FF" + ERROR)


def test_no_edits_no_change() -> None:
    source = rich_by_xlsxwriter()
    assert parts(mark.apply(source, ())) == parts(source)


def test_a_sheet_that_is_not_there() -> None:
    with pytest.raises(Unreadable, match="TEP_001"):
        mark.apply(package(), [paint("A1", sheet="Không có")])


DAMAGES = [
    ("xl/worksheets/sheet1.xml", b"<sheetData>", b"<sheetDatum>"),
    ("xl/worksheets/sheet1.xml", b"<sheetData>", b'<cols><col min="a"/></cols><sheetData>'),
    ("xl/workbook.xml", b"sheetId='1'", b"sheetId='m'"),
    ("xl/workbook.xml", b"</workbook>", b"<!DOCTYPE x></workbook>"),
    ("[Content_Types].xml", b"</Types>", b""),
]


@pytest.mark.parametrize(("part", "old", "new"), DAMAGES)
def test_a_damaged_file_has_a_code(part: str, old: bytes, new: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts(package()).items():
            archive.writestr(name, data.replace(old, new) if name == part else data)
    try:
        mark.apply(out.getvalue(), [paint("A1"), value("A9", 1)], EMPTY_LIST)
    except Unreadable as fault:
        assert fault.code == "TEP_001"
    else:
        pytest.fail("marked all the same")
    with pytest.raises(Unreadable, match="TEP_001"):
        mark.clear(b"PK")


# ------------------------------------------------------------------------------------------------ R3


def test_formulas_and_values(tmp_path: Path) -> None:
    source = rich_by_xlsxwriter()
    some = [
        formula("A1", 'IF(COUNT(B1:E1)=0,"",SUM(B1:E1))', 10),
        formula("B1", 'IF(A1<1,"a&b","")', ""),
        formula("C1", "A1"),
        value("D1", 7),
        value("E1", "=1+1"),
        value("F1", None),
        value("Z90", 3),
        value("B14", "thay chữ"),
        paint("A1"),
    ]
    copy = mark.apply(source, some, EMPTY_LIST, decide.log(some))
    sheet = load(copy)[DATA]
    assert [sheet[c].value for c in ("A1", "B1", "C1")] == [
        '=IF(COUNT(B1:E1)=0,"",SUM(B1:E1))', '=IF(A1<1,"a&b","")', "=A1",
    ]  # fmt: skip
    assert [sheet[c].value for c in ("D1", "E1", "F1", "Z90", "B14")] == [7, "=1+1", None, 3, "thay chữ"]
    assert sheet["E1"].data_type == "s" and sheet["A1"].fill.fgColor.rgb == "FF" + ERROR
    assert sheet["D1"].number_format == load(source)[DATA]["D1"].number_format
    stored = CalamineWorkbook.from_filelike(io.BytesIO(copy)).get_sheet_by_name(DATA).to_python()
    assert stored[0][:6] == [10.0, "", "", 7.0, "=1+1", ""]
    assert changed(source, copy) == {(DATA, c) for c in ("A1", "B1", "C1", "D1", "E1", "F1", "B14")}
    assert b"fullCalcOnLoad" in parts(copy)["xl/workbook.xml"]
    assert unsound(copy, tmp_path) == []


def test_paint_alone_asks_for_no_calculation() -> None:
    chain = ("xl/calcChain.xml", "calcChain", "calcChain", '<calcChain xmlns="{ns}"><c r="C3" i="1"/></calcChain>')
    source = package(extra=[chain], book="<calcPr calcId='1'/>")
    painted = parts(mark.apply(source, [paint("C3")]))
    assert "xl/calcChain.xml" in painted and b"fullCalcOnLoad" not in painted["xl/workbook.xml"]
    restored = parts(mark.apply(source, [formula("A1", "B1", 2)]))
    assert "xl/calcChain.xml" not in restored
    assert b"calcChain" not in restored["[Content_Types].xml"] + restored["xl/_rels/workbook.xml.rels"]
    assert b"""calcId='1' fullCalcOnLoad="1\"""" in restored["xl/workbook.xml"]


def test_merged_cells_mean_their_first() -> None:
    copy = load(mark.apply(rich_by_xlsxwriter(), [paint("D22"), paint("C21", WARNING), value("C20", "mới")]))[DATA]
    assert (copy["B20"].fill.fgColor.rgb, copy["B20"].value) == ("FF" + ERROR, "mới")


SHARED = (
    """<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f t="shared" ref="B1:C3" si="0">A1*$A$1&amp;""</f><v>1</v></c>"""
    """<c r="C1"><f t='shared' si='0'></f><v>1</v></c></row>"""
    """<row r="2"><c r="A2"><v>2</v></c><c r="B2"><f t="shared" si="0"/><v>2</v></c>"""
    """<c r="C2"><f t="shared" ref="C2:C3" si="1">A:A</f><v>2</v></c></row>"""
    """<row r="3"><c r="B3" t="str"><f si="0" t="shared"/><v>3</v></c>"""
    """<c r="C3"><f t="shared" si="1"/><v>2</v></c></row>"""
)


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_a_shared_formula_survives_its_master(prefix: str) -> None:
    source = package(SHARED, prefix=prefix)
    before = load(source)[DATA]
    copy = mark.apply(source, [formula("B1", "A1", 1), value("B3", 9)])
    after = load(copy)[DATA]
    assert (
        before["C1"].value == after["C1"].value == '=B1*$A$1&""'
        and before["B2"].value == after["B2"].value == '=A2*$A$1&""'
    )
    assert (after["B1"].value, after["B3"].value) == ("=A1", 9)
    sheet = parts(copy)["xl/worksheets/sheet1.xml"]
    assert b'si="0"' not in sheet and sheet.count(b'si="1"') == 2  # the other group stays shared
    child = parts(mark.apply(source, [value("B2", 9)]))["xl/worksheets/sheet1.xml"]
    assert child.count(b'si="0"') + child.count(b"si='0'") == 3


def test_arrays_change_as_a_whole_only() -> None:
    source = rich_by_xlsxwriter()
    for cell in ("A16", "B17"):
        with pytest.raises(Refused) as caught:
            mark.apply(source, [value(cell, 1)])
        assert [f.code for f in caught.value.findings] == ["GHI_001"]
    assert changed(source, mark.apply(source, [paint("B17"), paint("A16")])) == {(DATA, "A16"), (DATA, "B17")}
    one = package('<row r="1"><c r="A1" cm="1"><f t="array" ref="A1">B1:B1</f><v>1</v></c></row>')
    assert (
        b'<c r="A1"><f>B1</f><v>5</v></c>'
        in parts(mark.apply(one, [formula("A1", "B1", 5)]))["xl/worksheets/sheet1.xml"]
    )


# ------------------------------------------------------------------------------------------------ R4

NO_ADDRESSES = (
    "<row><c><v>1</v></c><c s='1'><v>2</v></c></row>"
    "<row r='4'><c r='B4'><v>3</v></c><c><v>4</v></c></row><row><c><v>5</v></c></row>"
)
ODD_CELLS = (
    """<!-- <row r="1"><c r="A1"/></row> --><row r="2" spans="1:2" ht="30">"""
    """<c r="B2" t="inlineStr"><is><t><![CDATA[</c><c r="B2">]]></t></is></c>"""
    """<c r="D2" s="1"></c ></row ><row r='5' />"""
    """<row r="7"><c r="A7" s='1' ><v>0</v></c></row>"""
)
NONE = [None] * 3
FIVE = [5, None, None]


@pytest.mark.parametrize("prefix", ["", "x:"])
@pytest.mark.parametrize(
    ("cells", "edits", "expected"),
    [
        (NO_ADDRESSES, [value("A1", 9)], [[9, 2, None], NONE, NONE, [None, 3, 4], FIVE]),
        (NO_ADDRESSES, [value("C1", 9)], [[1, 2, 9], NONE, NONE, [None, 3, 4], FIVE]),
        (NO_ADDRESSES, [value("A3", 8), value("C4", 9)], [[1, 2, None], NONE, [8, None, None], [None, 3, 9], FIVE]),
        (NO_ADDRESSES, [value("A4", 8), value("A5", 9)], [[1, 2, None], NONE, NONE, [8, 3, 4], [9, None, None]]),
        ("", [value("B1", 1), value("A2", 2), value("C1", 3)], [[None, 1, 3], [2, None, None]]),
    ],
)
def test_missing_addresses(prefix: str, cells: str, edits: list[Edit], expected: list[list[object]]) -> None:
    sheet = load(mark.apply(package(cells, prefix=prefix), edits))[DATA]
    assert [[c.value for c in row] for row in sheet.iter_rows()] == expected


def test_odd_cells() -> None:
    edits = [paint("B2"), paint("C2"), paint("D2"), paint("A5"), value("A3", 1), paint("A7"), paint("F2")]
    source = package(ODD_CELLS)
    sheet = parts(mark.apply(source, edits))["xl/worksheets/sheet1.xml"]
    assert b'<!-- <row r="1"><c r="A1"/></row> -->' in sheet and b'<![CDATA[</c><c r="B2">]]>' in sheet
    part = SheetPart(sheet)
    found = [[(str(c.at), c.names_style) for c in part.cells(row)] for row in (2, 3, 5, 7)]
    assert found == [
        [("B2", True), ("C2", True), ("D2", True), ("F2", True)], [("A3", False)], [("A5", True)], [("A7", True)],
    ]  # fmt: skip
    assert b"spans" not in sheet and b'ht="30"' in sheet
    assert part.last_row == 7


@pytest.mark.parametrize(
    "styles",
    [
        None,
        STYLES.replace(' count="1"', "").replace(' count="2"', ""),
        '<styleSheet xmlns="{ns}"/>',
        '<styleSheet xmlns="{ns}"><fills/><cellXfs count="1"><xf/></cellXfs><dxfs count="0"/></styleSheet>',
        '<styleSheet xmlns="{ns}"><numFmts><numFmt numFmtId="164" formatCode="0.0"/></numFmts><cellXfs/></styleSheet>',
    ],
)
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_poor_styles(styles: str | None, prefix: str) -> None:
    cells = CELLS if styles and "fonts" in styles else CELLS.replace(' s="1"', "")
    source = package(cells, styles=styles, prefix=prefix)
    copy = mark.apply(source, [paint("A1"), paint("B1", WARNING)], EMPTY_LIST)
    sheet = load(copy)[DATA]
    assert [sheet[c].fill.fgColor.rgb for c in ("A1", "B1", "C3")] == ["FF" + ERROR, "FF" + WARNING, "00000000"]
    assert CalamineWorkbook.from_filelike(io.BytesIO(copy)).get_sheet_by_name(DATA).to_python()[0][:2] == [1.0, 2.0]
    assert mark.apply(copy, [paint("A1"), paint("B1", WARNING)], EMPTY_LIST) == copy
    fills = re.findall(rb"<(?:x:)?fill>.*?</(?:x:)?fill>", parts(copy)["xl/styles.xml"])
    assert b"gray125" in fills[1]  # Excel shows that whatever stands there


def test_styles_keep_the_order_of_the_schema() -> None:
    source = package(CELLS.replace(' s="1"', ""), styles='<styleSheet xmlns="{ns}"><dxfs count="0"/></styleSheet>')
    styles = parts(mark.apply(source, [paint("A1")], decide.listing(findings())))["xl/styles.xml"]
    order = [styles.index(b"<" + n) for n in (b"numFmts", b"fonts", b"fills", b"borders", b"cellXfs", b"dxfs")]
    assert order == sorted(order)


def test_a_strict_workbook_gets_strict_parts() -> None:
    strict = {
        name: data.replace(OFFICE.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships").replace(
            MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main"
        )
        for name, data in parts(package()).items()
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in strict.items():
            archive.writestr(name, data)
    new = parts(mark.apply(out.getvalue(), [paint("A1")], EMPTY_LIST))
    assert OFFICE.encode() not in b"".join(new.values()) and MAIN.encode() not in b"".join(new.values())


# ------------------------------------------------------------------------------------------------ R5


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


# ------------------------------------------------------------------------------------------------ R6


def findings() -> list[Finding]:
    return [
        Finding("a", "error", "=1+1", "+sửa\nhai dòng", DATA, "A1", ("A1", "B1"), 5676, 5679, -3),
        Finding(
            "b",
            "warning",
            "@x & <y> \x0b_x0041_",
            "-z",
            "II.06a",
            "AB12",
            (),
            Decimal("0.9016"),
            Decimal("0.9"),
            Decimal("0.0016"),
        ),
        Finding("c", "info", "x" * 40_000, ""),
    ]


def test_the_list(tmp_path: Path) -> None:
    copy = mark.apply(package(), decide.marks(findings()[:1]), decide.listing(findings(), ["Xã Vạn Tường"]))
    sheet = load(copy)[LIST_SHEET]
    rows = [[c.value for c in row][:8] for row in sheet.iter_rows()]
    header = next(n for n, row in enumerate(rows) if row[7])
    assert [row[0] for row in rows[:3]] == [
        "KẾT QUẢ KIỂM TRA",
        "Chưa đạt, có lỗi phải sửa: 1 lỗi, 1 cảnh báo, 1 ghi chú.",
        "Xã Vạn Tường",
    ]
    assert rows[header + 1] == ["Lỗi", DATA, "A1", "=1+1", "+sửa\nhai dòng", 5676, 5679, -3]
    assert [c.data_type for c in sheet[header + 2]][:5] == ["s"] * 5
    assert rows[header + 2][3:] == ["@x & <y> _x0041_", "-z", 0.9016, 0.9, 0.0016]
    assert len(str(rows[header + 3][3])) == 32_767
    assert b"_x005F_x0041_" in parts(copy)["xl/worksheets/sheet2.xml"]  # Excel would read _x0041_ as A
    assert sheet.cell(header + 2, 3).hyperlink.location == "'Dữ liệu''s'!A1"
    assert sheet.cell(header + 3, 3).hyperlink.location == "'II.06a'!AB12"
    assert all(c.quotePrefix for c in sheet[header + 2][:5])
    assert sheet.auto_filter.ref == f"A{header + 1}:K{header + 4}" and sheet.freeze_panes == f"A{header + 2}"
    assert sheet.column_dimensions["K"].hidden
    assert sheet["A1"].font.name == "Arial"  # the workbook's own font
    assert unsound(copy, tmp_path) == unsound(package(), tmp_path)


def test_a_list_of_nothing() -> None:
    sheet = load(mark.apply(package(), (), EMPTY_LIST))[LIST_SHEET]
    assert [c.value for c in sheet["A"]][1].startswith("Đạt: 0 lỗi")


def test_many_marks_fill_several_hidden_cells() -> None:
    source = package()
    many = [paint(str(Address(row, column))) for row in range(1, 3001) for column in (1, 2, 3)]
    copy = mark.apply(source, many, EMPTY_LIST)
    assert parts(mark.clear(copy))["xl/worksheets/sheet1.xml"] == parts(source)["xl/worksheets/sheet1.xml"]


def test_two_thousand_marks_in_twenty_thousand_rows() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(DATA)
        for row in range(20_000):
            for column in range(12):
                sheet.write_number(row, column, row * column)
    many = [paint(f"{'ABCDEFGH'[n % 8]}{n * 10 + 1}") for n in range(2000)]
    few, all_ = (calls(lambda n=n: mark.apply(out.getvalue(), many[:n], EMPTY_LIST)) for n in (20, 2000))
    assert all_ - few < 400 * (2000 - 20)


# ------------------------------------------------------------------------------------------------ any sheet


CONTENTS = ["/>", "><v>7</v></c>", ' t="str"><v>a</v></c>', "><f>1+1</f><v>2</v></c>", ' t="b"><v>1</v></c>']


@st.composite
def sheets(draw: st.DrawFn) -> str:
    """Rows and cells with gaps, with and without addresses, styles 0..1, several types."""
    out = []
    number = 0
    for _ in range(draw(st.integers(0, 5))):
        gap = draw(st.integers(1, 3))
        named = gap > 1 or draw(st.booleans())
        number += gap
        cells = []
        column = 0
        for _ in range(draw(st.integers(0, 4))):
            step = draw(st.integers(1, 2))
            column += step
            where = f' r="{Address(number, column)}"' if step > 1 or draw(st.booleans()) else ""
            look = draw(st.sampled_from(["", ' s="1"', " s='0'"]))
            content = draw(
                st.sampled_from(
                    ["/>", "><v>7</v></c>", ' t="str"><v>a</v></c>', "><f>1+1</f><v>2</v></c>", ' t="b"><v>1</v></c>']
                )
            )
            cells.append(f"<c{where}{look}{content}")
        r = f' r="{number}"' if named else ""
        out.append(f"<row{r}>{''.join(cells)}</row>" if cells or draw(st.booleans()) else f"<row{r}/>")
    return "".join(out)


addresses = st.builds(lambda r, c: str(Address(r, c)), st.integers(1, 12), st.integers(1, 9))
some_edits = st.lists(
    st.one_of(
        st.builds(paint, addresses, st.sampled_from([ERROR, WARNING])),
        st.builds(formula, addresses, st.just("1+2"), st.just(3)),
        st.builds(value, addresses, st.sampled_from([5, "chữ", None])),
    ),
    max_size=8,
)


@settings(deadline=None)
@given(sheets(), some_edits, st.sampled_from(["", "x:"]))
def test_any_sheet_any_edits(cells: str, edits: list[Edit], prefix: str) -> None:
    source = package(cells, prefix=prefix)
    copy = mark.apply(source, edits, EMPTY_LIST)
    before, after = load(source)[DATA], load(copy)[DATA]
    painted: dict[str, str] = {}
    content: dict[str, object] = {}
    for edit in edits:
        if edit.kind == "paint":
            painted.setdefault(edit.cell, edit.colour)
        else:
            content[edit.cell] = f"={edit.formula}" if edit.formula else edit.value
    for row in range(1, 14):
        for column in range(1, 11):
            old, new = before.cell(row, column), after.cell(row, column)
            at = new.coordinate
            assert new.value == content.get(at, old.value)
            assert (new.number_format, new.protection.locked) == (old.number_format, old.protection.locked)
            expected = ("solid", "FF" + painted[at]) if at in painted else (old.fill.fill_type, old.fill.fgColor.rgb)
            assert (new.fill.fill_type, new.fill.fgColor.rgb) == expected
    again = SheetPart(parts(copy)["xl/worksheets/sheet1.xml"])
    found = [c.at for row in range(1, 14) for c in again.cells(row)]
    assert found == sorted(set(found))  # in order, none twice
    if not content:
        cleared = load(mark.clear(copy))[DATA]
        for row in range(1, 14):
            for column in range(1, 11):
                assert repr(cleared.cell(row, column).fill) == repr(before.cell(row, column).fill)


# ------------------------------------------------------------------------------------------------ LibreOffice


@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_and_saves_a_marked_copy(tmp_path: Path) -> None:
    source = rich_by_xlsxwriter()
    some = [formula("A1", "SUM(B1:C1)", 3)]
    copy = mark.apply(source, [*MARKS, *some], decide.listing(findings()), decide.log(some))
    (tmp_path / "copy.xlsx").write_bytes(copy)
    (tmp_path / "out").mkdir()
    command = [
        "soffice",
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "xlsx",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path / "out"), str(tmp_path / "copy.xlsx")],
        check=True,
        capture_output=True,
        timeout=120,
    )
    saved = (tmp_path / "out" / "copy.xlsx").read_bytes()
    assert load(saved).sheetnames == [DATA, "Khác", LIST_SHEET, LOG_SHEET]
    assert load(saved)[DATA]["B2"].fill.fgColor.rgb == "FF" + WARNING
    back = load(mark.clear(saved))
    assert back.sheetnames == [DATA, "Khác", LOG_SHEET]
    original = load(source)[DATA]
    for cell in ("A1", "B2", "F3"):
        assert back[DATA][cell].fill.fgColor.rgb in (original[cell].fill.fgColor.rgb, "00000000")
        assert back[DATA][cell].fill.fill_type == original[cell].fill.fill_type
