"""What comes instead of a workbook, and workbooks that would cost too much: a coded reason, soon, in little memory."""

from __future__ import annotations

import os
import random
import re
import struct
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from xlsxwriter import Workbook

import workbook
from toolkit.wording import SENTENCES
from workbook import package
from workbook.cells import cells_of, exact_extent, shifted, used_extent
from workbook.members import MOST_UNPACKED
from workbook.package import MOST_CELLS, Package
from workbook.sniff import Unreadable, read_up_to, require_zip, take

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = f'<worksheet xmlns="{MAIN}">'
SHEET = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def small() -> bytes:
    out = BytesIO()
    book = Workbook(out)
    sheet = book.add_worksheet("Một")
    sheet.write_row(0, 0, [1, "hai", 3.5])
    sheet.write_formula(1, 0, "=1/0", None, "#DIV/0!")
    book.add_worksheet("Ẩn").hide()
    book.define_name("bc_a", "=Một!$A$1")
    book.define_name("bc_lost", "=#REF!$A$1")
    book.define_name("Một!bc_local", "=Một!$B$1")
    book.close()
    return out.getvalue()


def rebuilt(changes: dict[str, bytes | None], extra: dict[str, bytes] | None = None) -> bytes:
    """The small workbook with parts replaced (None: left out) and added."""
    out = BytesIO()
    with ZipFile(BytesIO(small())) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = changes.get(name, source.read(name))
            if content is not None:
                target.writestr(name, content)
        for name, content in (extra or {}).items():
            target.writestr(name, content)
    return out.getvalue()


def sheet(rows: str) -> bytes:
    return f"{HEAD}<sheetData>{rows}</sheetData></worksheet>".encode()


def refused(content: bytes, name: str = "a.xlsx") -> str:
    """The code with which a file is refused, however far the reading of its first sheet gets."""
    with pytest.raises(Unreadable) as caught:
        require_zip(content, name)
        Package(content, name).values("Một")
    return caught.value.code


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "TEP_002"),
        (OLE + "Workbook".encode("utf-16-le"), "a.xls", "TEP_004"),
        (OLE + "Workbook".encode("utf-16-le"), "a.xlsx", "TEP_004"),
        (OLE + "WordDocument".encode("utf-16-le"), "a.doc", "TEP_010"),
        (b"<html><table><tr><td>5.676</td></tr></table></html>", "a.xls", "TEP_003"),
        (b"\xef\xbb\xbf\r\n  <TABLE border=1>", "a.xls", "TEP_003"),
        (b'<?xml version="1.0"?><!DOCTYPE html><html>', "a.xls", "TEP_003"),
        ("\ufeff<html>".encode("utf-16-le"), "a.xls", "TEP_003"),
        (b"MIME-Version: 1.0\r\n", "a.xls", "TEP_003"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "a.xls", "TEP_001"),
        (b"%PDF-1.7", "a.pdf", "TEP_010"),
        (b"%PDF-1.7", "a.xlsx", "TEP_001"),
        (bytes(5000), "a.xlsx", "TEP_001"),
        (b"PK\x03\x04 cut off", "a.xlsx", "TEP_001"),
        (b"PK\x05\x06" + bytes(18), "a.zip", "TEP_010"),
    ],
)
def test_what_is_no_workbook_is_called_by_its_name(content: bytes, name: str, code: str) -> None:
    assert refused(content, name) == code


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"", "TEP_005"),
        ("~$a.xlsx", b"x", "TEP_008"),
        (".~lock.a.xlsx#", b"x", "TEP_008"),
        ("a.xlsx", bytes(50_000_001), "TEP_006"),
    ],
)
def test_files_are_taken_within_limits(name: str, content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Unreadable) as caught:
        take(path)
    assert caught.value.code == code


def test_a_file_of_just_the_limit_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(bytes(50_000_000))
    assert len(take(tmp_path / "a.xlsx")) == 50_000_000


def test_a_file_that_is_gone_or_a_folder_has_a_reason(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "gone.xlsx", "TEP_009"), (tmp_path, "TEP_015")):
        with pytest.raises(Unreadable) as caught:
            take(path)
        assert caught.value.code == code


def test_a_sound_workbook_gives_its_sheets_names_and_cells() -> None:
    package = Package(small(), "a.xlsx")
    assert [(s.title, s.hidden) for s in package.sheets.values()] == [("Một", False), ("Ẩn", True)]
    assert dict(package.names) == {"bc_a": ("Một", 1, 1, 1, 1)}  # neither the broken nor the sheet's own name
    assert package.values("Một") == [[1.0, "hai", 3.5], ["", "", ""]]
    assert list(package.values("Ẩn")) == list(package.values("không có")) == []
    assert package.errors("Một") == {(2, 1): "#DIV/0!"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda: rebuilt({}, {"xl/WORKBOOK.xml": b"<x/>"}), "TEP_001"),
        (lambda: rebuilt({}, {"xl\\workbook.xml": b"<x/>"}), "TEP_001"),
        (lambda: rebuilt({}, {"../evil.xml": b"<x/>"}), "TEP_001"),
        (lambda: rebuilt({}, {"/etc/passwd": b"<x/>"}), "TEP_001"),
        (lambda: rebuilt({}, {"c:/evil.xml": b"<x/>"}), "TEP_001"),
        (lambda: rebuilt({}, {f"x{n}": b"" for n in range(5_000)}), "TEP_006"),
        (lambda: rebuilt({"xl/workbook.xml": None}), "TEP_001"),
        (lambda: rebuilt({"xl/workbook.xml": None}, {"xl/workbook.bin": b""}), "TEP_001"),
        (lambda: rebuilt({"xl/workbook.xml": b"<workbook"}), "TEP_001"),
        (lambda: rebuilt({SHEET: None}), "TEP_001"),
        (lambda: rebuilt({"xl/workbook.xml": b'<?xml version="1.0" encoding="UTF-q"?><workbook/>'}), "TEP_001"),
        (lambda: rebuilt({SHEET: b'<?xml version="1.0" encoding="UTF-q"?><!-- -->' + sheet("")}), "TEP_001"),
        (lambda: rebuilt({SHEET: sheet(f'<row r="{"9" * 5000}"><c><v>1</v></c></row>')}), "TEP_001"),
        (lambda: rebuilt({SHEET: sheet(f'<row r="1"><c r="A{"9" * 5000}"><v>1</v></c></row>')}), "TEP_001"),
        (lambda: rebuilt({SHEET: sheet(f'<row r="1"><c r="{"Z" * 20}1"><v>1</v></c></row>')}), "TEP_001"),
        (lambda: rebuilt({SHEET: b"<worksheet><sheetData><row"}), "TEP_001"),
        (lambda: rebuilt({SHEET: b'<!DOCTYPE a [<!ENTITY b "c">]>' + sheet("")}), "TEP_006"),
        (lambda: rebuilt({"xl/sharedStrings.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><sst/>'}), "TEP_006"),
        (lambda: rebuilt({SHEET: sheet("").decode().encode("utf-16")}), "TEP_001"),
        (lambda: rebuilt({SHEET: sheet('<row r="1"><c r="A1" t="s"><v>999</v></c></row>')}), "TEP_001"),
        (lambda: rebuilt({}, {"big": bytes(31_000_000)}), "TEP_006"),
    ],
)
def test_a_spoilt_or_hostile_archive_has_a_reason(change: Callable[[], bytes], code: str) -> None:
    assert refused(change()) == code


def test_duplicate_parts_are_refused() -> None:
    out = BytesIO(small())
    with pytest.warns(UserWarning), ZipFile(out, "a") as archive:
        archive.writestr(SHEET, sheet('<row r="1"><c r="A1"><v>9</v></c></row>'))
    assert refused(out.getvalue()) == "TEP_001"


def test_an_encrypted_member_is_a_password() -> None:
    content = bytearray(small())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        content[at + offset] |= 1
    assert refused(bytes(content)) == "TEP_002"


def test_a_member_that_lies_about_its_size_is_refused() -> None:
    """Python reads what the directory states, calamine what the stream holds: the checksum tells."""
    content = bytearray(rebuilt({SHEET: sheet('<row r="1"><c r="A1"><v>1</v></c></row>' * 1000)}))
    with ZipFile(BytesIO(content)) as archive:
        size = archive.getinfo(SHEET).file_size
    stated = struct.pack("<I", size)
    at = content.rfind(stated)
    content[at : at + 4] = struct.pack("<I", 300)
    assert refused(bytes(content)) == "TEP_001"


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="20000"><c r="XFD20000"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="XFD20000"><v>1</v></c></row>',
        '<row r="1"><c s="1" r="A1"><v>1</v></c><c s="1" r="xfd20000"><v>1</v></c></row>',
        "<row r='1'><c r='A1'><v>1</v></c><c r='XFD20000'><v>1</v></c></row>",
        '<row r="20000"><c r="XFC20000"><v>1</v></c><c><v>1</v></c></row><row><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="ZZZZZ1"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>',
        '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c><x:c r="XFD20000"><x:v>1</x:v></x:c></x:row>',
    ],
)
def test_a_billion_empty_cells_are_refused_before_a_reader_sees_them(rows: str) -> None:
    content = sheet(rows)
    if "<x:" in rows:
        content = content.replace(b"sheetData", b"x:sheetData").replace(b"worksheet", b"x:worksheet")
        content = content.replace(b"xmlns=", b"xmlns:x=")
    assert refused(rebuilt({SHEET: content})) == "TEP_006"


def test_a_second_part_of_cells_cannot_hide_the_first() -> None:
    hidden = '<x:sheetData><c r="XFD20000"><v>1</v></c></x:sheetData><sheetData><c r="A1"/></sheetData>'
    content = f'<worksheet xmlns:x="a">{hidden}</worksheet>'.encode()
    assert refused(rebuilt({SHEET: content})) == "TEP_006"


def test_an_area_of_just_the_limit_is_read() -> None:
    last = MOST_CELLS // 26
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="{0}"><c r="Z{0}"><v>2</v></c></row>'
    values = Package(rebuilt({SHEET: sheet(rows.format(last))}), "a.xlsx").values("Một")
    assert (len(values), values[-1][-1]) == (last, 2.0)
    assert refused(rebuilt({SHEET: sheet(rows.format(last + 1))})) == "TEP_006"


def test_far_cells_with_nothing_but_a_style_do_no_harm() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="20000"><c r="XFD20000" s="0"/></row>'
    assert Package(rebuilt({SHEET: sheet(rows)}), "a.xlsx").values("Một") == [[1.0]]


def test_a_text_shown_in_too_many_cells_is_refused() -> None:
    text = f"<sst><si><t>{'a' * 1_000_000}</t></si></sst>".encode()
    cells = "".join(f'<c r="A{n}" t="s"><v>0</v></c>' for n in range(1, 400))
    content = rebuilt({SHEET: sheet(f'<row r="1">{cells}</row>'), "xl/sharedStrings.xml": text})
    assert refused(content) == "TEP_006"
    few = rebuilt({SHEET: sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), "xl/sharedStrings.xml": text})
    assert len(str(Package(few, "a.xlsx").values("Một")[0][0])) == 1_000_000


def test_what_an_archive_says_that_it_unpacks_to_is_limited() -> None:
    others = sum(info.file_size for info in ZipFile(BytesIO(small())).infolist()[:-1])
    for last in (MOST_UNPACKED - others, MOST_UNPACKED - others + 1):
        content = bytearray(small())
        at = content.rfind(b"PK\x01\x02")
        content[at + 20 : at + 28] = struct.pack("<II", last, last)
        if last + others == MOST_UNPACKED:
            assert Package(bytes(content), "a.xlsx").sheets
        else:
            assert refused(bytes(content)) == "TEP_006"


def test_hostile_files_cost_little_memory() -> None:
    bomb = rebuilt({}, {"xl/media/a.bin": bytes(60_000_000)})
    tracemalloc.start()
    assert refused(bomb) == "TEP_006"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_damage_anywhere_gives_a_code_or_the_same_figures() -> None:
    """A file cut or with a changed byte never raises anything else (seeded: the same damage each time)."""
    whole = small()
    sound = Package(whole, "a.xlsx").values("Một")
    chance = random.Random(2)
    for _ in range(300):
        content = bytearray(whole)
        if chance.random() < 0.3:
            del content[chance.randrange(len(content)) :]
        else:
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        try:
            require_zip(bytes(content), "a.xlsx")
            values = Package(bytes(content), "a.xlsx").values("Một")
        except Unreadable:
            continue
        assert values in (sound, ())


def test_lock_files_are_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "~$a.xlsx"
    os.mkfifo(path) if hasattr(os, "mkfifo") else path.touch()
    with pytest.raises(Unreadable) as caught:
        take(path)
    assert caught.value.code == "TEP_008"


@pytest.mark.parametrize(
    "rows",
    [
        "",
        '<row r="3"><c r="B3"><v>1</v></c></row>',
        "<row><c><v>1</v></c><c><v>2</v></c></row><row/><row><c/><c/><c><v>2</v></c></row>",
        '<row r="4"><c><v>1</v></c><c r="F2"><v>2</v></c><c t="inlineStr"><is><t>a</t></is></c></row>',
        '<row r="123456"><c r="A123456"><v>1</v></c></row>',
        f'<row r="12345"><x:c xmlns:x="{MAIN}" r="A12345"><v>1</v></x:c></row>',
    ],
)
def test_extents_are_never_too_small(rows: str) -> None:
    values = Package(rebuilt({SHEET: sheet(rows)}), "a.xlsx").values("Một")
    true = (len(values), max(map(len, values), default=0))
    assert exact_extent(sheet(rows)) == true
    assert all(bound >= size for bound, size in zip(used_extent(sheet(rows)), true, strict=True))


@pytest.mark.parametrize("unpacked", [False, True])
@pytest.mark.parametrize("order", [["Một", "Ẩn"], ["Ẩn", "Một"]])
def test_a_sheet_parsed_ahead_holds_the_same(order: list[str], unpacked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when another sheet is asked for meanwhile: calamine itself refuses a second caller."""
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 2001))
    content = rebuilt({SHEET: sheet(rows)})
    plain = Package(content, "a.xlsx")
    monkeypatch.setattr(package, "LONG", 1000)
    ahead = Package(content, "a.xlsx", unpacked)
    assert len(ahead._unpacked) == unpacked
    assert ahead.parse_ahead()
    ahead._tables.clear()
    assert [ahead.values(title) for title in order] == [plain.values(title) for title in order]
    assert len(ahead.values("Một")) == 2000


def test_a_spoilt_sheet_unpacked_ahead_is_told_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    content = rebuilt({SHEET: sheet("<row/>" * 500)})
    with ZipFile(BytesIO(content)) as archive:
        info = archive.getinfo(SHEET)
    checksum = content.rindex(info.CRC.to_bytes(4, "little"))  # that of the directory counts
    spoilt = content[:checksum] + bytes(4) + content[checksum + 4 :]
    monkeypatch.setattr(package, "LONG", 1000)
    ahead = Package(spoilt, "a.xlsx", ahead=True)
    assert ahead.parse_ahead()
    for _ in range(2):
        with pytest.raises(Unreadable) as caught:
            ahead.values("Một")
        assert caught.value.code == "TEP_001"


def test_only_a_long_sheet_is_parsed_ahead() -> None:
    assert not Package(small(), "a.xlsx").parse_ahead()


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1" spans="1:1"><c r="A1"><v>1</v></c></row><row r="2"><c r="B100000"><v>2</v></c></row>',
        '<row r="1" spans="1:1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A',
    ],
)
def test_what_is_wrong_with_a_sheet_parsed_ahead_is_told_when_it_is_asked_for(
    rows: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = rebuilt({SHEET: sheet(rows + "<row/>" * 500)})
    monkeypatch.setattr(package, "MOST_CELLS", 100_000)
    wanted = refused(content)
    monkeypatch.setattr(package, "LONG", 1500)
    ahead = Package(content, "a.xlsx")
    assert ahead.parse_ahead()
    assert ahead.values("Ẩn") == []
    with pytest.raises(Unreadable) as caught:
        ahead.values("Một")
    assert caught.value.code == wanted


def test_formulas_errors_and_missing_results_are_told_apart() -> None:
    xml = sheet(
        '<row r="2"><c r="A2"><f>SUM(B2:C2)</f><v>5</v></c><c r="B2" t="str"><f>""</f><v></v></c>'
        "<c><f>1+1</f></c></row>"
        '<row><c t="e"><v>#REF!</v></c><c r="D3" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="E3"><v>7</v></c></row>'
    )
    found = {place: (c.formula, c.error, c.calculated) for place, c in cells_of(xml).items()}
    assert found == {
        (2, 1): ("SUM(B2:C2)", "", True),
        (2, 2): ('""', "", True),
        (2, 3): ("1+1", "", False),
        (3, 1): (None, "#REF!", True),
        (3, 4): ("1/0", "#DIV/0!", True),
    }


def test_shared_formulas_are_spelled_out() -> None:
    xml = sheet(
        '<row r="2"><c r="A2"><f t="shared" ref="A2:A4" si="0">SUM(B2:$C$2)</f><v>5</v></c></row>'
        '<row r="3"><c r="A3"><f t="shared" si="0"/><v>6</v></c></row>'
        '<row r="4"><c r="B4"><f t="shared" si="0"/><v>6</v></c></row>'
    )
    assert [c.formula for c in cells_of(xml).values()] == ["SUM(B2:$C$2)", "SUM(B3:$C$2)", "SUM(C4:$C$2)"]


def test_moving_a_formula_moves_addresses_only() -> None:
    formula = "IF(bc_rut=\"A1\",LOG10(A1)+'B 2'!C3+SUM($D4:E$5),Z9*1E3)"
    assert shifted(formula, 2, 1) == "IF(bc_rut=\"A1\",LOG10(B3)+'B 2'!D5+SUM($D6:F$5),AA11*1E3)"


def test_every_reason_has_its_sentence() -> None:
    """A code without a sentence would break the message that explains it."""
    modules = ("cells", "package", "read", "read_cover", "read_figures", "read_grid", "sniff")
    folder = Path(workbook.__file__).parent
    sources = [(folder / f"{module}.py").read_text(encoding="utf-8") for module in modules]
    used = {code for text in sources for code in re.findall(r'"([A-Z]+_\d{3})"', text)}
    assert used
    assert used <= SENTENCES.keys()


@pytest.mark.parametrize("stated", [0, 1, 9, 10, 11, 10**9])
@pytest.mark.parametrize("most", [1, 5, 9, 10, 11, 100])
def test_read_up_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stated: int, most: int) -> None:
    """Whatever size a file is said to have: it may grow meanwhile."""
    path = tmp_path / "a"
    path.write_bytes(b"0123456789")
    real = os.fstat
    with path.open("rb") as stream:
        monkeypatch.setattr(os, "fstat", lambda fd: os.stat_result((*real(fd)[:6], stated, *real(fd)[7:])))
        assert read_up_to(stream, most) == b"0123456789"[: most + 1]
