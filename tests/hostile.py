"""Damaged workbooks, all made from one good one with a fixed seed; nothing is kept in files.

A case is cheap to list and makes its bytes when asked. Here stand the good workbook, what takes it apart and puts it
together, and damage by chance; ``hostile_bombs``, ``hostile_books`` and ``hostile_writers`` have the rest, and
``hostile_judge`` reads and judges them all.
"""

from __future__ import annotations

import json
import random
import re
import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

sys.path.insert(0, str(Path(__file__).parent.parent))

from toolkit.published import parse_published
from toolkit.records import Key, Period
from workbook.build import build
from workbook.forms import load_form, load_places

FORM, PLACES = load_form(), load_places()
PERIOD = Period(date(2025, 7, 1), date(2025, 9, 25))
COMMUNE = "21061"
SEED = 20250925

READ = ""  # among the wanted: read as a report
GRID, LINES, LETTERS, DOSSIERS = "sheet2", "sheet3", "sheet4", "sheet7"
CELL = "D9"  # an input of the grid: hồ sơ trực tuyến of the first lĩnh vực
KEY = Key("bieu_06a", "Hộ tịch", "truc_tuyen")


class Case(NamedTuple):
    group: str
    name: str
    make: Callable[[], bytes]
    wanted: frozenset[str]  # codes it may give; READ among them: it may be read
    file: str = "a.xlsx"
    value: object = ...  # of KEY, when read
    says: str = ""  # code of a finding, when read
    same: bool = False  # every figure as in the good workbook
    marked: bool = False  # a marked copy is tried whatever its number


@cache
def good() -> bytes:
    """The published figures of a commune, with dossiers that a register has."""
    published = Path(__file__).parent.parent / "xlsx_templates" / "demo" / "van_tuong.toml"
    report = parse_published(published.read_text(encoding="utf-8"), FORM)
    values: dict[str, Any] = json.loads(json.dumps(report.data, default=str))
    row = {"truc_tuyen": 6, "truc_tiep": 3, "ky_truoc": 1, "truoc_han": 4, "dung_han": 3, "qua_han": 1}
    values["grids"]["bieu_06a"].insert(0, {"linh_vuc": "Hộ tịch", **row, "dang_trong_han": 1, "rut": 1})
    values["records"]["ho_so"] = [
        {"ma_ho_so": f"H48.21-2507{n:02d}-0001", "linh_vuc": "Hộ tịch", "ngay_tiep_nhan": f"2025-07-{n:02d}"}
        | {"ngay_hen_tra": "2025-07-30", "trang_thai": "Đang giải quyết", "hinh_thuc": "Trực tuyến"}
        for n in range(1, 13)
    ]
    return made(values)


def made(values: object, commune: str = COMMUNE) -> bytes:
    from toolkit.values import parse_values

    place = PLACES.find(commune)
    assert place is not None
    return build(FORM, place, PLACES.province(place.province), PERIOD, parse_values(values, FORM))


# --- taking apart and putting together


@cache
def parts() -> Mapping[str, bytes]:
    with ZipFile(BytesIO(good())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: Mapping[str, bytes], level: int = 6) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in members.items():
            archive.writestr(ZipInfo(name, (2025, 1, 1, 0, 0, 0)), content, ZIP_DEFLATED)
    return out.getvalue()


def changed(changes: Mapping[str, bytes | None], **more: bytes) -> bytes:
    """The good workbook with parts replaced, left out (None) or added."""
    whole = {**parts(), **changes, **more}
    return packed({name: content for name, content in whole.items() if content is not None})


def replaced(part: str, old: str, new: str, count: int = 1) -> bytes:
    """The good workbook with a text of one part exchanged; the text must be there."""
    text = parts()[part].decode()
    assert old in text, (part, old)
    return changed({part: text.replace(old, new, count).encode()})


def sheet(name: str) -> str:
    return f"xl/worksheets/{name}.xml"


def with_cell(xml: str, at: str = CELL, part: str = GRID) -> bytes:
    """The good workbook with one cell written as given."""
    text = parts()[sheet(part)].decode()
    found = re.search(rf'<c r="{at}"[^>]*?(?:/>|>.*?</c>)', text)
    assert found, at
    return changed({sheet(part): (text[: found.start()] + xml + text[found.end() :]).encode()})


def with_rows(xml: str, part: str = GRID) -> bytes:
    """More rows at the end of a sheet."""
    return replaced(sheet(part), "</sheetData>", xml + "</sheetData>")


def one_case(group: str, name: str, make: Callable[[], bytes], *wanted: str, **more: Any) -> Case:
    return Case(group, name, make, frozenset(wanted), **more)


def after_header(xml: bytes, text: str) -> bytes:
    at = xml.find(b"?>") + 2
    return xml[:at] + text.encode() + xml[at:]


def before_end(xml: bytes, text: str) -> bytes:
    at = xml.rfind(b"</")
    return xml[:at] + text.encode() + xml[at:]


def sheet_of(rows: str) -> bytes:
    head = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return f"{head}<sheetData>{rows}</sheetData></worksheet>".encode()


def strings_of(texts: list[str]) -> bytes:
    head = '<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return f"{head}{''.join(f'<si><t>{t}</t></si>' for t in texts)}</sst>".encode()


def substituted(part: str, pattern: str, new: str) -> bytes:
    text, count = re.subn(pattern, new, parts()[part].decode())
    assert count, (part, pattern)
    return changed({part: text.encode()})


# --- damage by chance, and disguises


def cut() -> Iterator[Case]:
    """Copied or downloaded in part."""
    dice = random.Random(SEED)
    size = len(good())

    def cut(n: int) -> Callable[[], bytes]:
        return lambda: good()[:n]

    for n in (1, 2, 4, 30, size - 22, size - 1, *(dice.randrange(5, size - 1) for _ in range(39))):
        yield one_case("cut", f"cut at {n}", cut(n), "TEP_001")
    for _ in range(10):
        n, m = sorted(dice.sample(range(4, size), 2))
        yield one_case("cut", f"hole {n}-{m}", lambda n=n, m=m: good()[:n] + good()[m:], "TEP_001", READ)
        yield one_case(
            "cut", f"zeros {n}-{m}", lambda n=n, m=m: good()[:n] + bytes(m - n) + good()[m:], "TEP_001", READ
        )
    yield one_case("cut", "tail of zeros", lambda: good() + bytes(5000), "TEP_001", READ, same=True)
    yield one_case("cut", "something before", lambda: b"PK" + bytes(40) + good(), "TEP_001", READ, same=True)
    yield one_case("cut", "twice in a row", lambda: good() + good(), "TEP_001", READ, same=True)
    yield one_case("cut", "first half twice", lambda: good()[: size // 2] * 2, "TEP_001")


def flipped() -> Iterator[Case]:
    """Bytes of the file spoilt: a bad disk, a bad stick."""
    dice = random.Random(SEED + 1)
    size = len(good())
    directory = good().rfind(b"PK\1\2", 0, good().find(b"PK\1\2") + 4)

    def flip(places: tuple[tuple[int, int], ...]) -> Callable[[], bytes]:
        def make() -> bytes:
            content = bytearray(good())
            for at, mask in places:
                content[at] ^= mask
            return bytes(content)

        return make

    for number in range(66):
        first = directory if number % 3 == 0 else 0  # a third of them in the directory of the archive
        places = tuple((dice.randrange(first, size), dice.randrange(1, 256)) for _ in range(dice.choice((1, 1, 2, 8))))
        what = ",".join(f"{at}^{mask}" for at, mask in places)
        codes = ("TEP_001", "TEP_002", "TEP_006", "TEP_010", READ)
        yield one_case("flipped", f"flipped {what}", flip(places), *codes)


_NASTY = b"<>&\"'/=! \0\xff\xc3A09-.:#"


def flipped_inside() -> Iterator[Case]:
    """Bytes of a part spoilt before it was packed, so that every checksum fits."""
    dice = random.Random(SEED + 2)
    weighted = [name for name in parts() for _ in range(6 if "sheet" in name or "workbook" in name else 2)]
    for _ in range(96):
        name = dice.choice(weighted)
        size = len(parts()[name])
        places = tuple((dice.randrange(size), dice.choice(_NASTY)) for _ in range(dice.choice((1, 1, 1, 3))))

        def make(name: str = name, places: tuple[tuple[int, int], ...] = places) -> bytes:
            content = bytearray(parts()[name])
            for at, byte in places:
                content[at] = byte
            return changed({name: bytes(content)})

        what = f"{name} " + ",".join(f"{at}={byte:02x}" for at, byte in places)
        yield one_case("inside", what, make, "TEP_001", "TEP_006", "TEP_007", READ)


def torn() -> Iterator[Case]:
    """Parts that are gone, empty, cut, exchanged, or in which a piece is gone or doubled."""
    dice = random.Random(SEED + 3)
    codes = ("TEP_001", "TEP_007", "TEP_010", READ)
    names = list(parts())
    for name in names:
        yield one_case("torn", f"without {name}", lambda n=name: changed({n: None}), *codes)
        yield one_case("torn", f"empty {name}", lambda n=name: changed({n: b""}), *codes)
        yield one_case("torn", f"nothing in {name}", lambda n=name: changed({n: b"<x/>"}), *codes)
        at = dice.randrange(1, len(parts()[name]))
        yield one_case("torn", f"{name} cut at {at}", lambda n=name, a=at: changed({n: parts()[n][:a]}), *codes)
        other = dice.choice(names)
        yield one_case("torn", f"{other} as {name}", lambda n=name, o=other: changed({n: parts()[o]}), *codes)
    for name in ("sheet2", "sheet3", "sheet4", "sheet7"):
        size = len(parts()[sheet(name)])
        for at in (size - 12, size // 2, size - size // 10):
            yield one_case(
                "torn",
                f"{name} ends at {at}",
                lambda n=name, a=at: changed({sheet(n): parts()[sheet(n)][:a]}),
                "TEP_001",
            )
    for _ in range(30):
        name = dice.choice([n for n in names if "sheet" in n or "workbook" in n or "shared" in n])
        size = len(parts()[name])
        at = dice.randrange(size)
        end = min(size, at + dice.choice((10, 100, 3000)))
        keep = dice.random() < 0.5

        def make(name: str = name, at: int = at, end: int = end, keep: bool = keep) -> bytes:
            xml = parts()[name]
            return changed({name: xml[:end] + xml[at:] if keep else xml[:at] + xml[end:]})

        yield one_case(
            "torn", f"{name} {'doubled' if keep else 'without'} {at}-{end}", make, "TEP_001", "TEP_007", READ
        )
    without_sheets = "".join(re.split(r"<sheets>.*</sheets>", parts()["xl/workbook.xml"].decode()))
    yield one_case(
        "torn", "no sheets at all", lambda: changed({"xl/workbook.xml": without_sheets.encode()}), "TEP_007", "TEP_001"
    )


def disguised() -> Iterator[Case]:
    """What is no .xlsx, or a good one by another name."""

    def named(suffix: str) -> Case:
        return one_case("disguised", f"a good book called {suffix}", good, READ, file=f"a{suffix}", same=True)

    for suffix in (".xls", ".csv", ".pdf", ".XLSX", "", ".xlsx.bak", ".docx", ".tmp"):
        yield named(suffix)
    web = "<html><head><meta charset=utf-8></head><body><table><tr><td>5.676</td></tr></table></body></html>"
    old = Path(__file__)  # any text
    things: tuple[tuple[str, Callable[[], bytes], str, str], ...] = (
        ("nothing", lambda: b"", "a.xlsx", "TEP_005"),
        ("one byte", lambda: b"P", "a.xlsx", "TEP_001"),
        ("one byte zero", lambda: b"\0", "a.xlsx", "TEP_001"),
        ("two bytes", lambda: b"PK", "a.xlsx", "TEP_001"),
        ("web page", web.encode, "a.xls", "TEP_003"),
        ("web page called xlsx", web.encode, "a.xlsx", "TEP_003"),
        ("web page in UTF-16", lambda: web.encode("utf-16"), "a.xls", "TEP_003"),
        ("web page after 3000 spaces", lambda: b" " * 3000 + web.encode(), "a.xls", "TEP_003"),
        ("web page after a remark", lambda: b"<!--" + b"-" * 500 + b"-->" + web.encode(), "a.xls", "TEP_003"),
        ("open remark", lambda: b"<!--" * 1_000_000, "a.xls", "TEP_001"),
        ("remarks", lambda: b"<!---->" * 500_000, "a.xls", "TEP_001"),
        ("mht", lambda: b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n", "a.xls", "TEP_003"),
        ("XML of 2003", lambda: _xml_2003(), "a.xls", "TEP_001"),
        ("csv", "Mã;Tên\n21061;Vạn Tường\n".encode, "a.csv", "TEP_010"),
        ("csv called xlsx", "Mã;Tên\n21061;Vạn Tường\n".encode, "a.xlsx", "TEP_001"),
        ("source", old.read_bytes, "a.xlsx", "TEP_001"),
        ("pdf", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40, "a.pdf", "TEP_010"),
        ("pdf called xlsx", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40, "a.xlsx", "TEP_001"),
        ("picture", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "a.png", "TEP_010"),
        ("picture called xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "a.xlsx", "TEP_001"),
        ("rar", lambda: b"Rar!\x1a\x07\x01\x00" + bytes(300), "a.rar", "TEP_010"),
        ("7z called xlsx", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(300), "a.xlsx", "TEP_001"),
        ("gzip called xlsx", lambda: b"\x1f\x8b\x08" + bytes(300), "a.xlsx", "TEP_001"),
        ("zeros", lambda: bytes(100_000), "a.xlsx", "TEP_001"),
        ("noise", lambda: random.Random(SEED).randbytes(100_000), "a.xlsx", "TEP_001"),
        ("noise called PK", lambda: b"PK\3\4" + random.Random(SEED).randbytes(100_000), "a.xlsx", "TEP_001"),
        ("empty zip", lambda: packed({}), "a.zip", "TEP_010"),
        ("empty zip called xlsx", lambda: packed({}), "a.xlsx", "TEP_001"),
        ("zip of books", lambda: packed({"a.xlsx": good(), "b.xlsx": good()}), "a.zip", "TEP_010"),
        ("zip of books called xlsx", lambda: packed({"a.xlsx": good()}), "a.xlsx", "TEP_001"),
        ("docx", _docx, "a.docx", "TEP_010"),
        ("docx called xlsx", _docx, "a.xlsx", "TEP_001"),
        ("book in a folder", lambda: packed({f"a/{n}": c for n, c in parts().items()}), "a.xlsx", "TEP_001"),
        ("locked by Excel", lambda: b"\x05Lan" + bytes(160), "~$a.xlsx", "TEP_008"),
        ("good but called a lock", good, "~$a.xlsx", "TEP_008"),
        ("encrypted", encrypted, "a.xlsx", "TEP_002"),
        ("encrypted called xls", encrypted, "a.xls", "TEP_002"),
        ("encrypted, cut", lambda: encrypted()[: len(encrypted()) // 2], "a.xlsx", "TEP_002"),
        ("compound file of nothing", lambda: encrypted()[:512], "a.xls", "TEP_001"),
        ("compound file of noise", lambda: encrypted()[:8] + random.Random(1).randbytes(5000), "a.xls", "TEP_001"),
        ("members encrypted", _members_encrypted, "a.xlsx", "TEP_002"),
        ("xlsb", lambda: packed({"[Content_Types].xml": b"", "xl/workbook.bin": b"\x83\1\0"}), "a.xlsb", "TEP_001"),
        ("ods", _ods, "a.ods", "TEP_011"),
        ("ods called xlsx", _ods, "a.xlsx", "TEP_011"),
        ("too large", lambda: good() + bytes(50_000_001), "a.xlsx", "TEP_006"),
    )
    for name, make, file, code in things:
        yield one_case("disguised", name, make, code, file=file)


def encrypted() -> bytes:
    """A compound file with the two streams that Excel writes for a workbook with a password to open."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 62, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<9L", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<L", 0)
    header += b"\xff" * (512 - len(header))
    stream = random.Random(SEED).randbytes(4096)
    fat = struct.pack("<2L", 0xFFFFFFFD, 0xFFFFFFFE) + struct.pack("<8L", *range(3, 10), 0xFFFFFFFE)
    entries = b"".join(
        title.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<H2B", 2 * len(title) + 2, kind, 1)
        + struct.pack("<3L", 0xFFFFFFFF, 0xFFFFFFFF, child)
        + bytes(36)
        + struct.pack("<LQ", start, size)
        for title, kind, child, start, size in (
            ("Root Entry", 5, 1, 0xFFFFFFFE, 0),
            ("EncryptedPackage", 2, 0xFFFFFFFF, 2, 4096),
        )
    )
    return header + fat.ljust(512, b"\xff") + entries.ljust(512, b"\0") + stream


def _members_encrypted() -> bytes:
    content = bytearray(good())
    at = 0
    while (at := content.find(b"PK\1\2", at + 1)) > 0:
        content[at + 8] |= 1
    return bytes(content)


def _docx() -> bytes:
    return packed(
        {"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<Relationships/>", "word/document.xml": b"<a/>"}
    )


def _ods() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", ZIP_STORED)
        archive.writestr("content.xml", "<office:document-content/>")
    return out.getvalue()


def _xml_2003() -> bytes:
    return b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
