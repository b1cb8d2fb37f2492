"""A marked copy: what was asked is done, everything else in the file stays.

Other writers' files, marking again and the list have their own modules.

R1 only the sheets edited, the styles, the workbook part and its lists change; all other parts keep their bytes
R2 a painted cell keeps everything but its fill; every other cell keeps everything
R3 formulas and values go in with the right type; shared formulas, arrays, merged cells, calcChain stay sound
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from marked_files import (
    DATA,
    EMPTY_LIST,
    MARKS,
    SOURCES,
    changed,
    formula,
    load,
    looks,
    package,
    paint,
    parts,
    rich_by_openpyxl,
    rich_by_xlsxwriter,
    unsound,
    value,
)
from python_calamine import CalamineWorkbook

from toolkit import edits as decide
from toolkit.edits import ERROR, WARNING
from toolkit.wording import LIST_SHEET
from workbook import mark
from workbook.files import Refused
from workbook.sniff import Unreadable

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
