"""The short way to a sheet's formulas gives what the walk over its elements gives, or nothing."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.records import Period
from workbook.build import build
from workbook.cells import cells_of
from workbook.forms import load_form, load_places
from workbook.plain_formulas import plain_formulas
from workbook.sniff import Unreadable

_SHEET = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet><sheetData>{}</sheetData></worksheet>'
_ROW = '<row r="{}">{}</row>'
PLAIN = [
    '<c r="A1"><f>B1+1</f><v>3</v></c>',
    '<c r="B1" s="4" t="str"><f>IF(A1&lt;2,&quot;&amp;lt;&quot;,"")</f><v></v></c>',
    '<c r="C1" t="str"><f>A1&amp;B1</f><v/></c>',
    '<c r="D1"><f>A1</f><v/></c>',
    '<c r="E1"><f>A1</f></c>',
    '<c r="F1"><f t="array" ref="F1:F2">SUM(A1:B1)</f><v>0</v></c>',
    '<c r="G1" t="b"><f>TRUE()</f><v>1</v></c>',
    '<c r="AB1"><v>3</v></c>',
    '<c r="AC1" s="2"/>',
]
OTHERWISE = [
    '<c r="A1"><f t="shared" ref="A1:A2" si="0">B1+1</f><v>3</v></c>',
    '<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    '<c r="A1" t="e"><v>#N/A</v></c>',
    "<c r=\"A1\" t='e'><v>#N/A</v></c>",
    '<c r="A1"><f/><v>3</v></c>',
    "<c r='A1'><f>B1</f><v>3</v></c>",
    '<c s="1"><f>B1</f><v>3</v></c>',
    '<c r="A1"><f>B1</f> <v>3</v></c>',
    '<c r="A1"><f>"&#65;"</f><v>3</v></c>',
    '<c r="A1"><f><![CDATA[B1]]></f><v>3</v></c>',
    '<c r="A1"><!-- x --><f>B1</f><v>3</v></c>',
    '<c r="A1"><f>B1</f><v>3</c>',
    '<c r="A1"><f>B1</f><v>3</v></c><c r="1A"><v>1</v></c>',
    '<x:c r="A1"><x:f>B1</x:f><x:v>3</x:v></x:c>',
]


def test_plain_cells() -> None:
    xml = _SHEET.format(_ROW.format(1, "".join(PLAIN))).encode()
    assert plain_formulas(xml) == cells_of(xml)
    assert len(cells_of(xml)) == 7


@pytest.mark.parametrize("cells", OTHERWISE)
def test_otherwise_written_is_left_to_the_walk(cells: str) -> None:
    assert plain_formulas(_SHEET.format(_ROW.format(1, cells)).encode()) is None


@pytest.mark.parametrize(
    "xml",
    [
        _SHEET.format('<row r="x"></row>'),
        _SHEET.format('<row spans="1:2"></row>'),
        _SHEET.replace("UTF-8", "latin-1").format(""),
        "<!DOCTYPE a []>" + _SHEET[56:].format(""),
        _SHEET.format('<row r="1"><c r="A1"><f>B1\r\n</f></c></row>'),
        _SHEET.format('<row r="1"><c r="A1"><v>\x01</v></c></row>'),
        _SHEET.format('<row r="1"><c r="A1"><v>]]></v></c></row>'),
        _SHEET.format('<row r="1"><c r="A1"></row><row r="2"></c></row>'),
        _SHEET.replace("</sheetData></worksheet>", "").format("</sheetData></worksheet><row r='1'/>"),
        "<worksheet></worksheet>" + _ROW.format(1, PLAIN[0]),
        "<worksheet>" + _ROW.format(1, PLAIN[0]) + "</worksheet></sheetData>",
        "",
    ],
)
def test_other_sheets_are_left_to_the_walk(xml: str) -> None:
    assert plain_formulas(xml.encode()) is None


def test_every_sheet_of_the_form() -> None:
    form, places = load_form(), load_places()
    province = places.provinces[0]
    period = Period(date(2025, 7, 1), date(2025, 9, 25))
    content = build(form, places.in_province(province.code)[0], province, period)
    with ZipFile(BytesIO(content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    short = [plain_formulas(xml) for xml in sheets]
    assert sum(found is not None for found in short) >= 5
    for xml, found in zip(sheets, short, strict=True):
        assert found is None or (found == cells_of(xml) and list(found) == list(cells_of(xml)))


def test_a_value_that_is_odd_for_xml_only_when_it_is() -> None:
    """Each is looked at on its own, whatever the others are."""
    row = '<row r="1"><c r="A1" t="str"><f>B1</f><v>{}</v></c><c r="C1"><v>7</v></c></row>'
    for value in ("", " ", "Sơn Hà", "a &amp; b", "\u00a0", "0"):
        xml = _SHEET.format(row.format(value)).encode()
        assert plain_formulas(xml) == cells_of(xml)
    assert plain_formulas(_SHEET.format(row.format("\xff")).encode("latin-1")) is None


def test_a_file_of_excel_has_a_line_of_its_own_for_the_declaration() -> None:
    xml = _SHEET.replace("\n", "\r\n").format(_ROW.format(1, PLAIN[0])).encode()
    assert plain_formulas(xml) == cells_of(xml) != {}


_BREAKS = (
    "<v>",
    "</v>",
    "</row>",
    '<row r="2">',
    "&",
    "é",
    " ",
    "</sheetData>",
    "<sheetData>",
    "</worksheet>",
    "<!--",
    "-->",
)


@given(st.lists(st.sampled_from([*PLAIN, *OTHERWISE, *_BREAKS]), max_size=8))
def test_never_another_answer_than_the_walk(pieces: list[str]) -> None:
    xml = _SHEET.format(_ROW.format(1, "".join(pieces))).encode()
    found = plain_formulas(xml)
    if found is not None:
        try:
            assert found == cells_of(xml)
        except Unreadable:
            pytest.fail("the walk refuses this sheet")
