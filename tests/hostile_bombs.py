"""Workbooks that cost time or memory: bombs in zip and in XML, cells far away, very many or very long things."""

from __future__ import annotations

import re
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))


from hostile import (
    CELL,
    DOSSIERS,
    GRID,
    LETTERS,
    LINES,
    READ,
    Case,
    after_header,
    before_end,
    changed,
    one_case,
    packed,
    parts,
    replaced,
    sheet,
    sheet_of,
    substituted,
    with_cell,
    with_rows,
)


def dangerous() -> Iterator[Case]:
    def one(name: str, make: Callable[[], bytes], *wanted: str, **more: Any) -> Case:
        return one_case("dangerous", name, make, *wanted, **more)

    for name in (sheet(GRID), "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml", "xl/media/a.png"):
        yield one(f"1 GB of zeros as {name}", lambda n=name: bomb(n, 1 << 30), "TEP_006")
        yield one(f"100 MB of blanks as {name}", lambda n=name: bomb(n, 100 << 20, b" "), "TEP_006")
    yield one("1 GB of cells", lambda: bomb(sheet(GRID), 1 << 30, b'<row><c t="n"><v>1</v></c></row>'), "TEP_006")
    yield one("1 GB that says 1 kB", lambda: bomb(sheet(GRID), 1 << 30, stated=1000), "TEP_001", "TEP_006")
    yield one("1 GB in a sheet of no interest", lambda: bomb(sheet("sheet8"), 1 << 30, stated=1000), READ, marked=True)
    yield one("200 MB that say 1 kB", lambda: bomb("xl/styles.xml", 200 << 20, stated=1000), "TEP_001", "TEP_006")
    yield one("1 kB that says 4 GB", lambda: bomb(sheet(GRID), 1000, stated=(1 << 32) - 2), "TEP_001", "TEP_006")
    yield one("10.000 members", lambda: changed({f"x/{n}.xml": b"" for n in range(10_000)}), "TEP_006")
    yield one("bomb in a bomb", lambda: changed({"x.zip": bomb("x", 1 << 30), "y.zip": packed({})}), READ, same=True)
    yield one("overlapping members", _overlapping, "TEP_001", "TEP_006")
    yield one("members that point at one another", _one_data, "TEP_001", "TEP_006", READ)
    laughs = "<!DOCTYPE a [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    heads = {
        "laughs": laughs + "]>",
        "outer entity": '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        "outer DTD": '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">',
        "odd case": "<!doctype a>",
    }
    for part in (sheet(GRID), "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"):
        for name, head in heads.items():
            yield one(f"{name} in {part}", lambda p=part, h=head: changed({p: after_header(parts()[p], h)}), "TEP_006")
    rels = "xl/_rels/workbook.xml.rels"
    yield one("laughs in relations", lambda: changed({rels: after_header(parts()[rels], laughs + "]>")}), "TEP_006")
    for name, part in (("theme", "xl/theme/theme1.xml"), ("remarks", "xl/comments1.xml")):
        yield one(
            f"laughs in {name}", lambda p=part: changed({p: after_header(parts()[p], laughs + "]>")}), READ, "TEP_006"
        )
    two = '<row r="1"><c r="A1"><v>1</v></c></row><row r="20000"><c r="XFD20000"><v>1</v></c></row>'
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    beyond = '<row r="4294967295"><c r="XFDXFD4294967295"><v>1</v></c></row>'
    empty = "<sheetData/><sheetData>"
    for title, rows in (("A1 and XFD20000", two), ("XFD1048576", far), ("beyond every sheet", beyond)):
        yield one(f"cells at {title}", lambda r=rows: changed({sheet(GRID): sheet_of(r)}), "TEP_001", "TEP_006")
        yield one(f"grid, and cells at {title}", lambda r=rows: with_rows(r), "TEP_001", "TEP_006")
        yield one(f"register, and cells at {title}", lambda r=rows: with_rows(r, DOSSIERS), "TEP_001", "TEP_006")
    styled = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    yield one("a style at XFD1048576", lambda: with_rows(styled), READ, same=True)
    yield one("blank rows to the end", lambda: with_rows('<row r="1048576" ht="20"/>'), READ, same=True)
    yield one("two sheetData", lambda: replaced(sheet(GRID), "<sheetData>", empty), "TEP_001", "TEP_006", READ)
    for ref, *codes in (
        ("A1:XFD1048576",), ("A1:ZZZZZZZZ9999999999",), ("A1",), ("XFD1048576:A1",),
        ("", "TEP_001"), ("A0:A0", "TEP_001"), ("-1", "TEP_001"), ("A1:A1:A1", "TEP_001"), ("Đồ", "TEP_001"),
    ):  # fmt: skip
        make = partial(substituted, sheet(GRID), r'<dimension ref="[^"]*"', f'<dimension ref="{ref}"')
        yield one(f"dimension {ref or 'blank'}", make, READ, *codes, same=True)
    yield one(
        "100.000 names",
        lambda: _with_names(range(100_000), "<definedName name=\"n{0}\">'II.06a'!$A${0}</definedName>"),
        READ,
        "TEP_006",
        same=True,
    )
    yield one(
        "100.000 names of one cell",
        lambda: _with_names(range(100_000), "<definedName name=\"bc_truc_tuyen\">'II.06a'!$A${0}</definedName>"),
        READ,
        "TEP_006",
    )
    long = "'" + "''" * 100_000 + "!$A$1"
    for text in (long, "a" * 1_000_000, "!" * 100_000, "A1," * 100_000, "'a'!$A$1:$B$" + "9" * 100_000, "Bìa!$A$0"):
        make = partial(_with_names, range(1), f'<definedName name="bc_x">{text}</definedName>')
        yield one(f"name of {len(text)} {text[:5]!r}", make, READ, "TEP_006", same=True)
    yield one(
        "10.000 sheets",
        lambda: replaced(
            "xl/workbook.xml",
            "</sheets>",
            "".join(f'<sheet name="t{n}" sheetId="{n + 50}" r:id="rId1"/>' for n in range(10_000)) + "</sheets>",
        ),
        "TEP_006",
    )
    yield one(
        "10.000 sheets of no part",
        lambda: replaced(
            "xl/workbook.xml",
            "</sheets>",
            "".join(f'<sheet name="t{n}" sheetId="{n + 50}" r:id="rIdx"/>' for n in range(10_000)) + "</sheets>",
        ),
        READ,
        "TEP_001",
        "TEP_006",
    )
    yield one("a million merged cells", partial(_merged, range(100, 1_000_100)), READ, "TEP_006", same=True)
    yield one("a merge of everything", partial(_merged, range(1), "A1:XFD1048576"), READ, same=True)
    deep = "<a>" * 200_000
    yield one("200.000 deep", lambda: with_rows(deep), "TEP_001")
    for part in (sheet(GRID), "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", rels):
        make = lambda p=part: changed({p: before_end(parts()[p], "<a>" * 200_000 + "</a>" * 200_000)})  # noqa: E731  # made when the case is judged
        yield one(f"200.000 deep and closed in {part}", make, "TEP_001", "TEP_006", READ)
    many = " ".join(f'a{n}="1"' for n in range(100_000))
    yield one("100.000 attributes", lambda: with_cell(f'<c r="{CELL}" {many}><v>6</v></c>'), READ, "TEP_001", same=True)
    yield one(
        "an attribute of 10 MB",
        lambda: with_cell(f'<c r="{CELL}" x="{"a" * 10_000_000}"><v>6</v></c>'),
        READ,
        "TEP_006",
        same=True,
    )
    yield one("one long text shown 160.000 times", _long_text_everywhere, "TEP_006")
    yield one("a long formula shared by 60.000 cells", partial(_shared_by_many, GRID), "TEP_006")
    yield one("a long formula shared by 60.000 dossiers", partial(_shared_by_many, DOSSIERS), READ)
    yield one("a long formula in error shared by 60.000 letters", partial(_shared_by_many, LETTERS, True), READ)
    nested = "(" * 20_000 + "1" + ")" * 20_000
    yield one("a formula 20.000 deep", lambda: with_cell(f'<c r="{CELL}"><f>{nested}</f><v>6</v></c>'), READ, value=6)
    quotes = "&quot;" * 50_001
    yield one("a formula of quotes", lambda: with_cell(f'<c r="{CELL}"><f>{quotes}</f><v>6</v></c>'), READ, value=6)
    yield one("a computed cell of quotes", lambda: with_cell(f'<c r="C9"><f>{quotes}</f><v>10</v></c>', "C9"), READ)
    digits = "9" * 1_000_000
    yield one(
        "a number of a million digits",
        lambda: with_cell(f'<c r="{CELL}"><v>{digits}</v></c>'),
        READ,
        "TEP_001",
        "TEP_006",
    )
    for kind in ("str", "inlineStr"):
        body = f"<is><t>{digits}</t></is>" if kind == "inlineStr" else f"<v>{digits}</v>"
        yield one(
            f"a text of a million digits ({kind})",
            lambda k=kind, b=body: with_cell(f'<c r="{CELL}" t="{k}">{b}</c>'),
            READ,
            "TEP_006",
        )
    accents = "o" + "\u0301" * 300_000
    yield one(
        "300.000 accents on one letter",
        lambda: with_cell(f'<c r="B9" t="inlineStr"><is><t>{accents}</t></is></c>', "B9"),
        READ,
        "TEP_006",
    )
    spaces = " " * 300_000 + "x"
    yield one(
        "300.000 spaces",
        lambda: with_cell(f'<c r="B9" t="inlineStr"><is><t xml:space="preserve">{spaces}</t></is></c>', "B9"),
        READ,
        "TEP_006",
    )
    for label in (
        "I" * 300_000,
        "I. " * 100_000,
        "1." * 150_000,
        "cộng mục " * 30_000,
        "a/" * 150_000,
        "tổng số " * 40_000,
    ):
        make = lambda t=label: with_cell(f'<c r="B9" t="inlineStr"><is><t>{t}</t></is></c>', "B9")  # noqa: E731  # made when the case is judged
        yield one(f"a label of {len(label)} {label[:8]!r}", make, READ, "TEP_006")
    for part, column, kind in ((GRID, "B", "Lĩnh vực {0}"), (LETTERS, "A", "{0}/QĐ-UBND"), (DOSSIERS, "A", "H48.{0}")):
        yield one(f"3.000 more rows in {part}", partial(_more_rows, part, column, kind), READ, "TEP_006")


def _merged(numbers: range, ref: str = "A{0}:B{0}") -> bytes:
    xml = re.sub(r"<mergeCells.*?</mergeCells>", "", parts()[sheet(LETTERS)].decode())
    cells = "".join(f'<mergeCell ref="{ref.format(n)}"/>' for n in numbers)
    tag = f'</sheetData><mergeCells count="{len(numbers)}">{cells}</mergeCells>'
    return changed({sheet(LETTERS): xml.replace("</sheetData>", tag).encode()})


def _with_names(numbers: range, pattern: str) -> bytes:
    names = "".join(pattern.format(n) for n in numbers)
    return replaced("xl/workbook.xml", "<definedNames>", "<definedNames>" + names)


def _long_text_everywhere() -> bytes:
    shared = parts()["xl/sharedStrings.xml"].decode()
    number = shared.count("<si>")
    cells = "".join(f'<c r="{c}{{0}}" t="s"><v>{number}</v></c>' for c in "ABCDEFGH")
    rows = "".join(f'<row r="{n}">{cells.format(n)}</row>' for n in range(100, 20_000))
    text = f"<si><t>{'x' * 32_767}</t></si></sst>"
    grid = parts()[sheet(GRID)].decode().replace("</sheetData>", rows + "</sheetData>")
    return changed({"xl/sharedStrings.xml": shared.replace("</sst>", text).encode(), sheet(GRID): grid.encode()})


def _shared_by_many(part: str, error: bool = False) -> bytes:
    value = ' t="e"><f t="shared" {}<v>#REF!</v></c></row>' if error else '><f t="shared" {}<v>1</v></c></row>'
    first = f'ref="A2050:A60000" si="99">{"A1+" * 2000}A1</f>'
    rows = f'<row r="2050"><c r="A2050"{value.format(first)}'
    rows += "".join(f'<row r="{n}"><c r="A{n}"{value.format("""si="99"/>""")}' for n in range(2051, 60_000))
    return with_rows(rows, part)


def _more_rows(part: str, column: str, text: str) -> bytes:
    label = '<row r="{0}"><c r="' + column + '{0}" t="inlineStr"><is><t>' + text + "</t></is></c>"
    rows = (label.format(n) + f'<c r="D{n}"><v>{n}</v></c></row>' for n in range(1060, 4060))
    return with_rows("".join(rows), part)


def bomb(name: str, size: int, unit: bytes = b"\0", stated: int | None = None) -> bytes:
    """The good workbook with one member that unpacks to ``size`` bytes, in the size it states or ``stated``."""
    data, crc = _repeated(size, unit)
    return archive_of(
        [(n, *deflated(c)) for n, c in parts().items() if n != name] + [(name, data, stated or size, crc)]
    )


@cache
def _repeated(size: int, unit: bytes) -> tuple[bytes, int]:
    """At least ``size`` bytes of ``unit``, deflated, and their checksum: one block is packed, and then repeated."""
    block = unit * (min(size, 1 << 20) // len(unit) + 1)
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = squeeze.compress(block) + squeeze.flush(zlib.Z_FULL_FLUSH)
    times, crc = size // len(block) + 1, 0
    for _ in range(times):
        crc = zlib.crc32(block, crc)
    return piece * times + squeeze.flush(), crc


def deflated(content: bytes) -> tuple[bytes, int, int]:
    squeeze = zlib.compressobj(6, zlib.DEFLATED, -15)
    return squeeze.compress(content) + squeeze.flush(), len(content), zlib.crc32(content)


def archive_of(
    members: list[tuple[str, bytes, int, int]], shift: Callable[[int, int], int] = lambda n, at: at
) -> bytes:
    """A zip written by hand from (name, packed, stated size, checksum); ``shift`` may lie about where a member is."""
    out, directory = bytearray(), bytearray()
    for number, (name, data, size, crc) in enumerate(members):
        title = name.encode()
        common = struct.pack("<5H3L2H", 20, 0x800, 8, 0, 33, crc, len(data), size, len(title), 0)
        at = shift(number, len(out))
        directory += b"PK\1\2" + struct.pack("<H", 20) + common + struct.pack("<3H2L", 0, 0, 0, 0, at) + title
        out += b"PK\3\4" + common + title + data
    start = len(out)
    out += directory + b"PK\5\6" + struct.pack("<4H2LH", 0, 0, len(members), len(members), len(directory), start, 0)
    return bytes(out)


def _overlapping() -> bytes:
    """Many members that all point at the data of one: the directory is honest about each, and lies about all."""
    one = deflated(bytes(10_000_000))
    members = [(n, *deflated(c)) for n, c in parts().items()] + [(f"x/{n}", *one) for n in range(25)]
    first = len(parts())
    place: dict[int, int] = {}

    def shift(number: int, at: int) -> int:
        return place.setdefault(first, at) if number >= first else at

    return archive_of(members, shift)


def _one_data() -> bytes:
    """Two sheets whose entries point at the same data."""
    members = [(n, *deflated(c)) for n, c in parts().items()]
    names = [m[0] for m in members]
    one, other = names.index(sheet(GRID)), names.index(sheet(LINES))
    place: dict[int, int] = {}

    def shift(number: int, at: int) -> int:
        place[number] = at
        return place[one] if number == other else at

    return archive_of(members, shift)
