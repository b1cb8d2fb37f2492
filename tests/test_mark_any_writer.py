"""Marking files of any writer, with any sheet in them.

R4 whatever a writer does differently (prefixes, quotes, missing addresses, missing parts) is understood
"""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked_files import (
    CELLS,
    DATA,
    EMPTY_LIST,
    MAIN,
    OFFICE,
    STYLES,
    findings,
    formula,
    load,
    package,
    paint,
    parts,
    value,
)
from python_calamine import CalamineWorkbook

from toolkit import edits as decide
from toolkit.edits import ERROR, WARNING
from toolkit.records import Edit
from workbook import mark
from workbook.sheet_part import Address, SheetPart

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
            content = draw(st.sampled_from(CONTENTS))
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
