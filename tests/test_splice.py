"""Long sheets spliced into an XlsxWriter workbook.

Requirements
  SP01  every cell reads as the one that XlsxWriter writes: value, format, link; by calamine and by openpyxl
  SP02  any text comes back as it was, but for what a cell cannot hold
  SP03  Arrow columns and plain sequences give the same bytes, pyarrow or none, compiled or not; the same rows the same
        bytes
  SP04  what XlsxWriter wrote besides stays: filter, print titles, conditional formats, links, rows above and below
  SP05  the limits of a sheet hold; a wrong call is refused
  SP06  the file conforms to the standard, and LibreOffice reads it
"""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from office import saved
from openxml_audit import OpenXmlValidator
from python_calamine import load_workbook
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

import workbook.splice
from workbook import row_pieces
from workbook.splice import MOST_ROWS, Column, Splice
from workbook.splice_cells import one_by_one
from workbook.splice_links import MOST_LINKS, Links, targets

pa = pytest.importorskip("pyarrow")

CREATED = datetime(2025, 9, 25)
LOOKS: Mapping[str, Mapping[str, object]] = {
    "plain": {"border": 1, "border_color": "#C9D1DA"},
    "date": {"border": 1, "num_format": "dd/mm/yyyy"},
    "rate": {"border": 1, "num_format": "0.00%"},
    "late": {"border": 1, "bg_color": "#F2B8B0"},
}
WORDS = [
    "Đất đai",
    "",
    "=1+1",
    "0012",
    None,
    "a & b",
    "<i>",
    " đầu",
    "cuối ",
    "hai\ndòng",
    "tab\tvà",
    "_x000D_",
    "Đất đai",
]
NUMBERS = [1, 0, -5, 2**53, 0.1, 1e-300, 12345.678, None, Decimal("0.9016"), float("nan"), 7, 1.5, 10**15]
DAYS = [date(2025, 7, 1), None, date(1900, 1, 1), date(1900, 2, 28), date(1900, 3, 1), date(9999, 12, 31)]
DAYS += [datetime(2025, 7, 1, 13, 30), datetime(2025, 7, 1), date(2024, 2, 29)] + [None] * 4
CHOICE = ["late", "plain", "late", "none", None] * 2 + ["plain"] * 3
FILES = ["a.xlsx", "thư mục/b%20c.xlsx"]
TARGETS = [f"external:{FILES[n % 2]}#'Biểu 1'!C{n + 9}" for n in range(12)] + ["internal:'Dài'!A1"]

Fill = Callable[[Workbook, Worksheet, Mapping[str, Format]], None]


def made(fill: Fill, splice: Splice | None = None) -> bytes:
    """A workbook with a heading in row 1, filled, closed, and finished when there is something to splice."""
    stream = BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": CREATED})
    looks = {name: book.add_format(dict(look)) for name, look in LOOKS.items()}
    sheet = book.add_worksheet("Dài")
    sheet.write_string(0, 0, "Đầu", looks["plain"])
    fill(book, sheet, looks)
    book.close()
    return stream.getvalue() if splice is None else splice.finish(stream.getvalue())


def spliced(columns: Sequence[Any], *, first: int = 1, names: Sequence[str] = (), **more: Any) -> bytes:
    splice = Splice()

    def fill(_: Workbook, sheet: Worksheet, looks: Mapping[str, Format]) -> None:
        chosen = [looks[name] for name in names or ["plain"] * len(columns)]
        splice.rows(sheet, first, [Column(c, look) for c, look in zip(columns, chosen, strict=True)], **more)

    return made(fill, splice)


def everything(splice: Splice | None) -> bytes:
    """The same table, spliced or cell by cell."""

    def fill(_: Workbook, sheet: Worksheet, looks: Mapping[str, Format]) -> None:
        styles = {"plain": looks["plain"], "late": looks["late"]}
        if splice is not None:
            columns = [
                Column(WORDS, looks["plain"]),
                Column(NUMBERS, looks["rate"]),
                Column(DAYS, looks["date"]),
                Column(CHOICE, styles, CHOICE),
                Column(range(13), looks["plain"], show=one_by_one(lambda n: f"số {n}" if n % 2 else None)),
            ]
            splice.rows(sheet, 1, columns, links=(Links(4, 4, targets(TARGETS)),))
            return
        table = zip(WORDS, NUMBERS, DAYS, CHOICE, TARGETS, strict=True)
        for row, (word, number, day, choice, target) in enumerate(table, 1):
            write(sheet, row, 0, word, looks["plain"])
            write(sheet, row, 1, None if number != number else number, looks["rate"])
            write(sheet, row, 2, day, looks["date"])
            write(sheet, row, 3, choice, styles.get(str(choice), looks["plain"]))
            sheet.write_url(row, 4, target, looks["plain"], "")
            write(sheet, row, 4, f"số {row - 1}" if row % 2 == 0 else None, looks["plain"])

    return made(fill, splice)


def write(sheet: Worksheet, row: int, column: int, value: object, look: Format) -> None:
    if value is None or value == "":
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, look)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, look)
    else:
        sheet.write_number(row, column, value, look)


def by_calamine(content: bytes) -> list[list[object]]:
    return list(load_workbook(BytesIO(content)).get_sheet_by_name("Dài").to_python())


def by_openpyxl(content: bytes) -> list[list[tuple[object, ...]]]:
    sheet = openpyxl.load_workbook(BytesIO(content))["Dài"]
    return [[about(cell) for cell in row] for row in sheet.iter_rows()]


def about(cell: Any) -> tuple[object, ...]:
    link = cell.hyperlink
    look = cell.number_format, cell.fill.fgColor.rgb, cell.border.top.style
    return cell.value, cell.data_type, *look, link and (link.target, link.location)


def part(content: bytes, name: str = "xl/worksheets/sheet1.xml") -> str:
    with zipfile.ZipFile(BytesIO(content)) as file:
        return file.read(name).decode()


# --- SP01


@pytest.mark.parametrize("chunk", [3, 10_000])
def test_every_cell_is_as_xlsxwriter_writes_it__SP01(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook.splice, "_CHUNK", chunk)
    ours, plain = everything(Splice()), everything(None)
    assert by_openpyxl(ours) == by_openpyxl(plain)
    assert len(by_openpyxl(ours)) == 14
    assert by_calamine(ours) == by_calamine(plain)


def test_a_file_is_one_relationship__SP01() -> None:
    xml = part(everything(Splice()), "xl/worksheets/_rels/sheet1.xml.rels")
    assert re.findall(r'Target="([^"]*)"', xml) == ["a.xlsx", "thư mục\\b%20c.xlsx"]


def test_a_link_over_several_cells__SP01() -> None:
    content = spliced([["a"], ["b"], ["c"]], links=(Links(1, 2, targets(TARGETS[:1])),))
    (row,) = by_openpyxl(content)[1:]
    assert [cell[-1] for cell in row] == [None, *[("a.xlsx", "'Biểu 1'!C9")] * 2]


def test_drives_and_servers__SP01() -> None:
    given = targets(["external:C:/x/a.xlsx", "external://may/x/a.xlsx"])
    xml = part(spliced([["a", "b"]], links=(Links(0, 0, given),)), "xl/worksheets/_rels/sheet1.xml.rels")
    assert re.findall(r'Target="([^"]*)"', xml) == ["file:///C:\\x\\a.xlsx", "file:///\\\\may\\x\\a.xlsx"]


def test_numbers_keep_every_digit__SP01() -> None:
    exact = [0.1 + 0.2, 1 / 3, 5e-324, 1.7976931348623157e308, 2**53 - 1]
    assert [row[0] for row in by_calamine(spliced([exact]))[1:]] == exact


def test_what_is_no_number_of_a_cell__SP01() -> None:
    odd = [float("inf"), Decimal("NaN"), float("nan"), 10**400, True, 2**53 + 1, date(1899, 12, 31)]
    cells = [(value, kind) for ((value, kind, *_),) in by_openpyxl(spliced([odd]))[1:]]
    assert cells == [(None, "n")] * 4 + [(1, "n"), (2**53, "n"), ("31/12/1899", "s")]


def test_heights__SP01() -> None:
    sheet = openpyxl.load_workbook(BytesIO(spliced([[1, 2, 3]], heights=[15.5, 31, 15.5])))["Dài"]
    assert [sheet.row_dimensions[n].height for n in (1, 2, 3, 4)] == [None, 15.5, 31, 15.5]
    sheet = openpyxl.load_workbook(BytesIO(spliced([[1, 2]], heights=20.0)))["Dài"]
    assert [sheet.row_dimensions[n].height for n in (2, 3)] == [20, 20]


# --- SP02


ANY = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"),
        st.sampled_from("_x0041AFxF \r\n\t\x00\x1f<>&\"'"),
    )
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ANY, min_size=1, max_size=30))
@example(["_x0041_x0042_", "__x0041_", "_x005F_x0041_", "_X0041_", "_x00g1_", "\r\n", "𠀀", "\u00a0", "<r>x</r>"])
def test_any_text_comes_back__SP02(texts: list[str]) -> None:
    content = spliced([texts, range(len(texts))])
    xml = part(content, "xl/sharedStrings.xml")
    shared = [decoded(t) for t in re.findall(r"<t(?: [^>]*)?>([^<]*)</t>", xml)]
    numbers = re.findall(r'<c r="A\d+" s="1"(?:/>| t="s"><v>(\d+)</v></c>)', part(content))
    assert [shared[int(n)] if n else "" for n in numbers] == ["Đầu", *texts]
    assert [row[0] for row in by_calamine(content)[1:]] == texts


def decoded(xml: str) -> str:
    """What Excel shows of an entry."""
    plain = xml.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), plain)


@pytest.mark.parametrize("text", [w for w in WORDS if w] + ["_x005F_", "\r\n", "\x0b"])
def test_texts_as_xlsxwriter_escapes_them__SP02(text: str) -> None:
    plain = made(lambda _, sheet, looks: write(sheet, 1, 0, text, looks["plain"]))
    ours = spliced([[text]])
    found = [re.findall(r"<si>.*?</si>", part(c, "xl/sharedStrings.xml"), re.DOTALL) for c in (ours, plain)]
    assert found[0] == found[1]


def test_what_a_cell_cannot_hold__SP02() -> None:
    longest = 32_767
    given = ["x" * longest, "x" * (longest + 1), "𠀀" * 16_384, "a\ud800b\uffff"]
    got = [str(row[0]) for row in by_calamine(spliced([given]))[1:]]
    assert got == ["x" * longest, "x" * (longest - 1) + "…", "𠀀" * 16_383 + "…", "a�b�"]


# --- SP03


def arrow(values: Sequence[Any], kind: Any = None) -> Any:
    """A column in two pieces of which each starts inside its buffer."""
    array = pa.array([values[0], *values], kind)
    return pa.chunked_array([array[1:4], array[4:]])


def test_arrow_gives_the_same_bytes__SP03(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook.splice, "_CHUNK", 5)
    whole, half = [3, None, -1, 2**40, 0, 3, 9], [0.5, None, float("nan"), 1e300, 0.0, -2.5, 0.5]
    days = [date(2025, 7, 1), None, date(1900, 1, 1), date(2025, 7, 1), None, None, date(2024, 2, 29)]
    times = [datetime(2025, 7, 1, 8, 15), None, datetime(2025, 7, 1), None, None, None, None]
    words = ["a", None, "", "Đất đai", "a", "<", "Đất đai"]
    lists = [whole, half, days, times, words, words, words, [None] * 7, [Decimal("1.50"), *[None] * 6]]
    kinds = [None, None, pa.date32(), pa.timestamp("ms"), None, pa.large_string(), None, pa.null(), None]
    arrays = [arrow(values, kind) for values, kind in zip(lists, kinds, strict=True)]
    arrays[6] = arrays[6].dictionary_encode()
    assert spliced(arrays) == spliced(lists)
    assert spliced([a.combine_chunks() for a in arrays]) == spliced(lists)


def test_dictionaries_that_differ_between_pieces__SP03() -> None:
    pieces = [pa.array(["b", None, "a"]).dictionary_encode(), pa.array(["a", "c", "b"]).dictionary_encode()]
    assert spliced([pa.chunked_array(pieces)]) == spliced([["b", None, "a", "a", "c", "b"]])
    later = pa.array(["a", "b", "c", "b"]).dictionary_encode()[1:]
    assert by_calamine(spliced([later])) == by_calamine(spliced([["b", "c", "b"]]))


def test_arrow_chooses_formats__SP03() -> None:
    splices = Splice(), Splice()
    given = (CHOICE, pa.array(CHOICE))
    books = []
    for splice, choice in zip(splices, given, strict=True):

        def fill(
            _: Workbook, sheet: Worksheet, looks: Mapping[str, Format], s: Splice = splice, c: Any = choice
        ) -> None:
            s.rows(sheet, 1, [Column(c, {"plain": looks["plain"], "late": looks["late"]}, c)])

        books.append(made(fill, splice))
    assert books[0] == books[1]


def test_without_pyarrow__SP03() -> None:
    code = """
import sys
import pytest
sys.modules["pyarrow"] = None
pytest.importorskip = lambda name: None
sys.path.insert(0, "tests")
import test_splice
sys.stdout.buffer.write(test_splice.everything(test_splice.Splice()))
"""
    root = Path(__file__).parent.parent
    printed = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=True).stdout
    assert printed == everything(Splice())


def test_compiled_or_not__SP03(monkeypatch: pytest.MonkeyPatch) -> None:
    content = everything(Splice())
    monkeypatch.setattr(row_pieces, "engine", lambda: row_pieces.plain_join)
    assert everything(Splice()) == content


def test_texts_that_nearly_all_differ__SP03() -> None:
    same, mixed = [f"H29.{n}" for n in range(9)] + ["H29.0"], ["a", "b", None, "c", "", 5, 2.5, "a"]
    for values in (same, mixed, [-(2**31), 2**31 - 1], [-(2**31) - 1, 2**31]):
        read = [row[0] for row in by_calamine(spliced([values]))[1:]]
        assert read == [value if value is not None else "" for value in values]
    assert spliced([pa.array(same)]) == spliced([same])


def test_same_rows_same_bytes__SP03() -> None:
    content = everything(Splice())
    assert everything(Splice()) == content
    with zipfile.ZipFile(BytesIO(content)) as file:
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


# --- SP04


def around(book: Workbook, sheet: Worksheet, looks: Mapping[str, Format], last: int) -> None:
    """All sorts of things on a sheet whose rows from 3 to ``last`` (from 0) are to come."""
    sheet.write_string(1, 2, "trên", looks["plain"])
    sheet.set_row(2, 30)
    sheet.write_string(last + 2, 3, "dưới", looks["plain"])
    sheet.write_url(0, 1, "https://example.org/", looks["plain"], "liên kết")
    sheet.write_url(1, 1, "internal:'Dài'!A1", looks["plain"], "trong")
    sheet.autofilter(2, 0, last, 1)
    sheet.freeze_panes(3, 1)
    sheet.repeat_rows(2)
    rule = {"type": "cell", "criteria": ">", "value": 2, "format": book.add_format({"bold": True})}
    sheet.conditional_format(3, 0, last, 0, rule)
    sheet.data_validation(3, 1, last, 1, {"validate": "list", "source": ["a", "b"]})
    sheet.set_landscape()
    sheet.print_area(0, 0, last, 3)
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "='Dài'!$C$2"})
    book.add_worksheet("Khác").insert_chart("B2", chart)


def test_what_stands_around_stays__SP04() -> None:
    splice = Splice()
    n = 4

    def fill(book: Workbook, sheet: Worksheet, looks: Mapping[str, Format]) -> None:
        around(book, sheet, looks, 2 + n)
        columns = [Column(range(n), looks["plain"]), Column(["a", "b", None, "a"], looks["plain"])]
        splice.rows(sheet, 3, columns, links=(Links(1, 1, targets(["external:a.xlsx"] * n)),))

    def plain(book: Workbook, sheet: Worksheet, looks: Mapping[str, Format]) -> None:
        around(book, sheet, looks, 2 + n)
        for row, word in enumerate(("a", "b", None, "a"), 3):
            sheet.write_number(row, 0, row - 3, looks["plain"])
            sheet.write_url(row, 1, "external:a.xlsx", looks["plain"], "")
            write(sheet, row, 1, word, looks["plain"])

    ours, theirs = made(fill, splice), made(plain)
    assert by_openpyxl(ours) == by_openpyxl(theirs)
    for name in ("xl/workbook.xml", "xl/styles.xml", "xl/charts/chart1.xml", "xl/worksheets/sheet2.xml"):
        assert part(ours, name) == part(theirs, name)
    mine, other = part(ours), part(theirs)
    for tag in ("dimension", "sheetViews", "autoFilter", "conditionalFormatting", "dataValidations", "pageSetup"):
        pattern = rf"<{tag}\b.*?(?:/>|</{tag}>)"
        assert re.findall(pattern, mine, re.DOTALL) == re.findall(pattern, other, re.DOTALL) != []
    assert re.findall(r'<row r="(\d+)"', mine) == re.findall(r'<row r="(\d+)"', other)
    assert mine.count("<hyperlinks>") == 1
    order = ("sheetData", "autoFilter", "conditionalFormatting", "dataValidations", "hyperlinks", "pageMargins")
    assert all(a < b for a, b in pairwise(mine.index(f"<{name}") for name in order))


def test_no_rows__SP04() -> None:
    assert by_openpyxl(spliced([[], []])) == by_openpyxl(made(lambda *_: None))


def test_the_used_range_grows__SP04() -> None:
    assert '<dimension ref="A1:C3"/>' in part(spliced([[1, 2], [3, 4], [5, 6]]))


def test_rows_of_several_sheets__SP04() -> None:
    splice = Splice()

    def fill(book: Workbook, sheet: Worksheet, looks: Mapping[str, Format]) -> None:
        other = book.add_worksheet("Khác")
        splice.rows(other, 0, [Column(["b", "a"], looks["plain"])], left=2)
        splice.rows(sheet, 1, [Column(["a", "b"], looks["late"])])

    sheets = openpyxl.load_workbook(BytesIO(made(fill, splice)))
    assert [c.value for c in sheets["Khác"]["C"]] == ["b", "a"]
    assert [c.value for c in sheets["Dài"]["A"]] == ["Đầu", "a", "b"]
    assert sheets["Khác"].dimensions == "C1:C2"


# --- SP05


def test_no_more_links_than_excel_opens__SP05() -> None:
    n = MOST_LINKS + 5
    addresses = ["internal:'Dài'!A1"] * n
    addresses[3] = "external:" + "x" * 3000  # longer than an address may be
    given = Links(0, 0, targets(addresses))
    xml = part(spliced([range(n)], links=(given, given)))
    found = re.findall(r'<hyperlink ref="A(\d+)"', xml)
    assert len(found) == MOST_LINKS < 65_530
    assert "5" not in found


@pytest.mark.parametrize(
    ("columns", "more"),
    [
        ([[1], [1, 2]], {}),
        ([range(MOST_ROWS)], {}),
        ([[1, 2]], {"heights": [15.0]}),
    ],
)
def test_wrong_calls__SP05(columns: Sequence[Any], more: Mapping[str, Any]) -> None:
    with pytest.raises(ValueError):
        spliced(columns, **more)


def test_rows_given_or_written_twice__SP05() -> None:
    splice = Splice()

    def twice(_: Workbook, sheet: Worksheet, looks: Mapping[str, Format]) -> None:
        splice.rows(sheet, 1, [Column([1], looks["plain"])])
        splice.rows(sheet, 2, [Column([1], looks["plain"])])

    with pytest.raises(ValueError):
        made(twice)

    written = Splice()

    def below(_: Workbook, sheet: Worksheet, looks: Mapping[str, Format]) -> None:
        written.rows(sheet, 1, [Column([1, 2, 3], looks["plain"])])
        sheet.write_string(3, 0, "đã có")

    with pytest.raises(ValueError):
        made(below, written)


# --- SP06


def test_the_file_conforms__SP06(tmp_path: Path) -> None:
    path = tmp_path / "dai.xlsx"
    path.write_bytes(everything(Splice()))
    result = OpenXmlValidator().validate(path)
    assert result.is_valid, result.errors


@pytest.mark.office
def test_libreoffice_reads_it__SP06(tmp_path: Path) -> None:
    content = everything(Splice())
    again = by_calamine(saved(tmp_path, content)[0])
    digits = [[v for v in row if isinstance(v, float)] for row in again]  # it keeps 15 of them
    wanted = by_calamine(content)
    assert digits == [pytest.approx([v for v in row if isinstance(v, float)], rel=1e-14) for row in wanted]
    others = [[v for v in row if not isinstance(v, float)] for row in again]
    assert others == [[v for v in row if not isinstance(v, float)] for row in wanted]
