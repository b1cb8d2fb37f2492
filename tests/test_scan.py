"""The rows of a sheet as arrays: by numpy, and by C where that was compiled.

Requirements
  SC01  both find the same in anything, sound or spoilt, and end; only cells that hold something are given
  SC02  a row, a cell, a formula or a text that is not in perfect order is left to the ordinary reading
  SC03  where C was not compiled, is too old or cannot be loaded, numpy does it
  SC04  a build compiles where a compiler is there, and goes on without; a library in use is replaced, never rewritten
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from engines import NATIVE_THERE, engine
from hypothesis import example, given, settings
from hypothesis import strategies as st

import hatch_build
from workbook import native, scan_native, scan_planes, sheet_scan
from workbook.sheet_columns import BOOLEAN, ERROR, NUMBER, SHARED, TEXT

pytestmark = pytest.mark.usefixtures(engine.__name__)

Found = tuple[list[tuple[int, int, int, int, bytes, int]], tuple[int, int]] | None

SHEET = b'<?xml version="1.0" encoding="UTF-8"?><worksheet><sheetData>%s</sheetData></worksheet>'
ROWS = re.sub(
    r"\n *",
    "",
    """
    <row r="2" spans="1:3" ht="15.75" x14ac:dyDescent="0.25">
        <c r="A2" s="12" t="s"><v>7</v></c>
        <c r="C2"><v>-1.5</v></c>
    </row>
    <row r="3" />
    <row hidden="false" r="9">
        <c r="B9" s="1"/>
        <c r="Z9" s="1" />
        <c r="AA9" t="b"><v>1</v></c>
        <c r="AB9" t="e"><v>#N/A</v></c>
        <c r="XFD9" t="str"><f t="shared" ref="A1:A2" si="0">A1&amp;"é"</f><v>x&lt;é</v></c>
    </row>
    <row r="10">
        <c r="A10"><f>1/0</f></c>
        <c r="B10"><f si="0"/><v>123456789</v></c>
        <c r="C10" t="n"><v>1234567890</v></c>
    </row>
    <row r="1048576"><c r="A1048576"></c></row>""",
).encode()


def found(xml: bytes, by: ModuleType | None = None) -> Found:
    if by is None:
        scanned = sheet_scan.scan(xml, np)
    else:
        start = xml.find(b"<sheetData>") + len(b"<sheetData>")
        scanned = by.scan(xml, start, xml.rfind(b"</sheetData>"), np)
    if scanned is None:
        return None
    cells, extent = scanned
    spans = zip(cells.start.tolist(), cells.end.tolist(), strict=True)
    parts = (cells.row.tolist(), cells.column.tolist(), cells.style.tolist(), cells.kind.tolist())
    values = [xml[start:end] for start, end in spans]
    return [*zip(*parts, values, cells.number.tolist(), strict=True)], tuple(extent)


def test_cells_that_hold_something() -> None:  # SC01
    assert found(SHEET % ROWS) == (
        [
            (2, 1, 12, SHARED, b"7", 7),
            (2, 3, 0, NUMBER, b"-1.5", -1),
            (9, 27, 0, BOOLEAN, b"1", 1),
            (9, 28, 0, ERROR, b"#N/A", -1),
            (9, 16384, 0, TEXT, "x&lt;é".encode(), -1),
            (10, 2, 0, NUMBER, b"123456789", 123_456_789),
            (10, 3, 0, NUMBER, b"1234567890", -1),
        ],
        (10, 16384),
    )


def test_kinds_of_the_arrays() -> None:  # SC01
    scanned = sheet_scan.scan(SHEET % ROWS, np)
    assert scanned is not None
    assert [part.dtype.name for part in scanned[0]] == ["int32", "int16", "int16", "uint8", "int32", "int32", "int32"]


@pytest.mark.parametrize("rows", [b"", b'<row r="1"/>', b'<row r="1"><c r="A1" s="3"/></row>'])
def test_nothing_in_it(rows: bytes) -> None:  # SC01
    assert found(SHEET % rows) is None


def test_rows_beyond_a_piece(monkeypatch: pytest.MonkeyPatch) -> None:  # SC01
    whole = found(SHEET % ROWS)
    monkeypatch.setattr(scan_planes, "_PIECE", 10)
    assert found(SHEET % ROWS) == whole
    twice = ROWS.replace(b'<row r="3" />', b'<row r="2" />')
    assert found(SHEET % twice) is None


WRONG: dict[bytes, tuple[bytes, ...]] = {
    b'<row r="2"': (
        b'<row r="0"',
        b'<row r="1048577"',
        b'<row r="3"',
        b'<row r="abc"',
        b'<row r=""',
        b"<row",
        b'<rov r="2"',
    ),
    b'spans="1:3"': (
        b'spans="1:3',
        b"spans=1:3",
        b'spans="&#49;"',
        b'ht="1"',
        b'r="2"',
        b'1a=""',
        b'a=">"',
        b'a="\xc3\xa9"',
    ),
    b'r="A2"': (b'r="a2"', b'r="A3"', b'r="D2"', b'r="2"', b'r="A"', b'r="ABCD2"', b'r="A02x"', b'a="A2"'),
    b's="12"': (b's="12" ,', b's="1234"', b's=""', b's="-1"', b'z="1"', b's="1" s="1"'),
    b' t="s"': (b' t="d"', b' t="inlineStr"', b' t="strs"', b' t=""', b'  t="s"', b' t="s" s="1"'),
    b"<v>7</v>": (b"<v>7<v>", b"<v/>", b"<v >7</v>", b"<v>7</v><v>7</v>", b"<is><t>7</t></is>", b"<v>7</v> ", b"7"),
    b"</c><c": (b"<c", b"</c></c><c", b"</c>\n<c", b"</c ><c"),
    b"&amp;": (b"&", b"&amp", b"&bad;", b"&#48;", b"&AMP;", b">", b"\1", b"\r", b"\xff", b"\xed\xa0\x80", b"\xc0\xaf"),
    b"</f><v>x": (b"<v>x", b"</f></f><v>x", b"</v><v>x", b"</f><f/><v>x"),
    b'si="0">': (b'si="0" si="1">', b"si>", b'si="<">'),
    b"XFD": (b"XFE", b"ZZZ", b"AA", b"XFDA"),
    b"A1048576": (b"A1048577", b"A1"),
    b"</row><row": (b"<row", b"</row>x<row", b"</row></row><row", b"</rom><row"),
}


@pytest.mark.parametrize(("right", "wrong"), [(right, wrong) for right, all_ in WRONG.items() for wrong in all_])
def test_wrong_by_one_sign(right: bytes, wrong: bytes) -> None:  # SC02
    assert right in ROWS
    assert found(SHEET % ROWS.replace(right, wrong, 1)) is None


@pytest.mark.parametrize(
    "sheet",
    [
        b"<worksheet>%s</worksheet>",
        b"<!DOCTYPE a><worksheet><sheetData>%s</sheetData></worksheet>",
        b"<?other?><worksheet><sheetData>%s</sheetData></worksheet>",
        b'<?xml version="1.0" encoding="UTF-16"?><worksheet><sheetData>%s</sheetData></worksheet>',
        b"<worksheet></sheetData>%s<sheetData></worksheet>",
    ],
)
def test_wrong_around_the_rows(sheet: bytes) -> None:  # SC02
    assert found(sheet % ROWS) is None


PARTS = {*re.findall(rb"[^<>]?<[^<> ]*|[ />\"=]|\w+", ROWS)}
SIGNS = sorted(PARTS | {b"&", b"&#49;", b"\0", b"\xc3", b"\xa9", b"</sheetData>"})


@NATIVE_THERE
@settings(max_examples=400)
@given(st.data())
def test_both_find_the_same_in_anything(data: st.DataObject) -> None:  # SC01
    rows = bytearray(ROWS)
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(rows)))
        rows[at : at + data.draw(st.integers(0, 12))] = data.draw(st.sampled_from(SIGNS) | st.binary(max_size=3))
    xml = SHEET % bytes(rows)
    assert found(xml, scan_native) == found(xml, scan_planes)
    cut = xml[: data.draw(st.integers(len(SHEET), len(xml)))] + b"</sheetData>"
    assert found(cut, scan_native) == found(cut, scan_planes)


@NATIVE_THERE
@given(st.text(st.sampled_from(' \t\n\x7f<>&;amp"é\u0301\ufffd\U0001f600'), max_size=6), st.binary(max_size=4))
@example("", b"\xf4\x90\x80\x80")
@example("", b"\xe0\x9f\xbf")
def test_both_find_the_same_in_any_text(text: str, odd: bytes) -> None:  # SC01
    xml = SHEET % (b'<row r="1"><c r="A1" t="str"><v>%s</v></c></row>' % (text.encode() + odd))
    assert found(xml, scan_native) == found(xml, scan_planes)


def test_without_a_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # SC03
    for content in (None, b"not a library"):
        library = tmp_path / "lib.so"
        if content:
            library.write_bytes(content)
        monkeypatch.setattr(native, "_LIBRARY", library)
        native.forget()
        assert not scan_native.there()
    monkeypatch.undo()
    native.forget()


def test_a_build_puts_it_where_it_is_looked_for() -> None:  # SC04
    assert native._LIBRARY.resolve() == hatch_build.LIBRARY


@pytest.mark.skipif(not shutil.which("cc"), reason="no C compiler")
def test_a_build_compiles(tmp_path: Path) -> None:  # SC04
    library = tmp_path / "lib.so"
    library.write_bytes(b"in use")
    with library.open("rb") as used:
        assert hatch_build.compiled(library=library)
        assert used.read() == b"in use"
    ask = "import ctypes, sys; print(ctypes.CDLL(sys.argv[1]).scan_1 is not None)"
    assert subprocess.run([sys.executable, "-c", ask, str(library)], capture_output=True, text=True).stdout == "True\n"


@pytest.mark.parametrize("compiler", ["no-such-compiler", sys.executable])
def test_a_build_goes_on_without(compiler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # SC04
    monkeypatch.setenv("CC", compiler)
    assert not hatch_build.compiled(library=tmp_path / "lib.so")
    assert not [*tmp_path.iterdir()]
