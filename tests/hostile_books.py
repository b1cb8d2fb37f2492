"""Packages written otherwise than Excel writes them, rightly or wrongly."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

sys.path.insert(0, str(Path(__file__).parent.parent))


from hostile import (
    CELL,
    DOSSIERS,
    GRID,
    LETTERS,
    LINES,
    READ,
    Case,
    changed,
    good,
    one_case,
    packed,
    parts,
    replaced,
    sheet,
    sheet_of,
    strings_of,
    substituted,
    with_cell,
)
from hostile_bombs import archive_of, deflated

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def odd_packages() -> Iterator[Case]:
    def one(name: str, make: Callable[[], bytes], *wanted: str, **more: Any) -> Case:
        return one_case("packages", name, make, *(wanted or (READ,)), **more)

    book, rels, types, shared = (
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "[Content_Types].xml",
        "xl/sharedStrings.xml",
    )
    yield one("the good one", good, same=True)
    yield one("stored, not packed", lambda: packed(parts(), 0), same=True)
    yield one("parts in another order", lambda: packed(dict(reversed(parts().items()))), same=True)
    yield one("with folders as members", lambda: packed({"xl/": b"", "xl/worksheets/": b"", **parts()}), same=True)
    yield one(
        "a member in other case",
        lambda: packed({n.replace("sheet1", "SHEET1"): c for n, c in parts().items()}),
        same=True,
    )
    yield one(
        "backslashes in names",
        lambda: packed({n.replace("/", "\\"): c for n, c in parts().items()}),
        READ,
        "TEP_001",
        same=True,
    )
    yield one("a remark on the archive", lambda: _commented(), same=True)
    yield one("macros", lambda: _with_macros(), file="a.xlsm", same=True)
    yield one("macros called xlsx", lambda: _with_macros(), same=True)
    yield one("doubled member", lambda: _doubled(sheet(GRID)), "TEP_001")
    yield one("doubled member in other case", lambda: packed({**parts(), "XL/workbook.XML": parts()[book]}), "TEP_001")
    for evil in ("../../etc/passwd", "/etc/passwd", "C:/Windows/x.xml", "xl/../../x"):
        yield one(f"member {evil}", lambda e=evil: packed({**parts(), e: b"x"}), "TEP_001")
    for target, same in (
        ("/xl/worksheets/sheet2.xml", True), ("./worksheets/sheet2.xml", False), ("../xl/worksheets/sheet2.xml", False),
        ("worksheets//sheet2.xml", False), ("worksheets\\sheet2.xml", False), ("Worksheets/Sheet2.xml", True),
        ("worksheets/sheet2%2Exml", False), ("../../etc/passwd", False), ("/etc/passwd", False), ("", False),
        ("http://example.invalid/sheet2.xml", False), ("file:///etc/passwd", False), ("workbook.xml", False),
        ("sharedStrings.xml", False), ("worksheets/sheet99.xml", False), ("worksheets", False), (".", False),
        ("%00", False), ("%", False), ("worksheets/sheet2.xml#x", False), ("\u0110", False),
        ("worksheets/sheet3.xml", False),
    ):  # fmt: skip
        make = lambda t=target: replaced(rels, 'Target="worksheets/sheet2.xml"', f'Target="{t}"')  # noqa: E731  # made when the case is judged
        yield one(f"target {target!r}", make, *((READ,) if same else (READ, "TEP_001", "TEP_007")), same=same)
    circle = f'<Relationship Id="rId90" Type="{OFFICE}/worksheet" Target="workbook.xml"/>'
    yield one(
        "relations in a circle", lambda: replaced(rels, "</Relationships>", circle + "</Relationships>"), same=True
    )
    yield one("a sheet that is the book", lambda: _two(
        (rels, "</Relationships>", circle + "</Relationships>"),
        (book, "</sheets>", '<sheet name="x" sheetId="90" r:id="rId90"/></sheets>')
    ), READ, "TEP_001")  # fmt: skip
    root = parts()["_rels/.rels"].decode()
    yield one(
        "root that points at itself",
        lambda: changed({"_rels/.rels": root.replace("xl/workbook.xml", "_rels/.rels").encode()}),
        READ,
        "TEP_001",
    )
    yield one("relation twice", lambda: replaced(rels, 'Id="rId3"', 'Id="rId2"'), READ, "TEP_001")
    yield one("relations without ids", lambda: substituted(rels, r' Id="[^"]*"', ""), READ, "TEP_001", "TEP_007")
    yield one("relations without types", lambda: substituted(rels, r' Type="[^"]*"', ""), READ, "TEP_001", "TEP_007")
    yield one(
        "relations without targets", lambda: substituted(rels, r' Target="[^"]*"', ""), READ, "TEP_001", "TEP_007"
    )
    yield one("sheets without ids", lambda: substituted(book, r' r:id="[^"]*"', ""), READ, "TEP_001", "TEP_007")
    yield one(
        "sheets without names", lambda: substituted(book, r'<sheet name="[^"]*"', "<sheet"), READ, "TEP_001", "TEP_007"
    )
    yield one(
        "all sheets of one name",
        lambda: substituted(book, r'<sheet name="[^"]*"', '<sheet name="A"'),
        READ,
        "TEP_001",
        "TEP_007",
    )
    yield one(
        "two sheets of one name", lambda: replaced(book, 'name="Chỉ tiêu"', 'name="II.06a"'), READ, "TEP_001", "TEP_007"
    )
    yield one("sheet with a name of 5000", lambda: replaced(book, 'name="Kiểm tra"', f'name="{"K" * 5000}"'), READ)
    yield one(
        "sheet with markup for a name",
        lambda: replaced(book, 'name="Kiểm tra"', 'name="&lt;a&gt; &amp;#39;]["'),
        same=True,
    )
    yield one(
        "chart sheet",
        lambda: replaced(
            rels,
            'relationships/worksheet" Target="worksheets/sheet8',
            'relationships/chartsheet" Target="worksheets/sheet8',
        ),
        same=True,
    )
    yield one("all hidden", lambda: substituted(book, r'(<sheet name="[^"]*")', r'\1 state="veryHidden"'), same=True)
    for state in ("visible", "odd", ""):
        yield one(
            f"state {state!r}",
            lambda s=state: substituted(book, r'(<sheet name="[^"]*")', rf'\1 state="{s}"'),
            READ,
            "TEP_001",
            same=True,
        )
    yield one("no content types", lambda: changed({types: None}), READ, same=True)
    yield one("no defined names", lambda: substituted(book, r"<definedNames>.*</definedNames>", ""))
    yield one("names that lead nowhere", lambda: substituted(book, r">'[^'<]*'!\$[A-Z]", ">#REF!$A"))
    yield one("names that lead to row 0", lambda: substituted(book, r"!\$([A-Z]+)\$\d+", r"!$\1$0"), READ, "TEP_007")
    yield one(
        "names beyond the sheet", lambda: substituted(book, r"!\$([A-Z]+)\$\d+", r"!$XFD$9999999"), READ, "TEP_007"
    )
    yield one(
        "names far beyond", lambda: substituted(book, r"!\$([A-Z]+)\$\d+", "!$A$1:$ZZZ$" + "9" * 30), READ, "TEP_007"
    )
    yield one(
        "every name twice", lambda: substituted(book, r"(<definedName .*</definedName>)", r"\1\1"), READ, "TEP_001"
    )
    yield one("names in other case", lambda: substituted(book, 'name="bc_', 'name="BC_'))
    yield one("names to another book", lambda: substituted(book, r">'([^'<]*)'!", r">'[1]\1'!"), READ)
    link = '<externalReferences><externalReference r:id="rId91"/></externalReferences><definedNames>'
    yield one("link to another book", lambda: replaced(book, "<definedNames>", link), same=True)
    for code in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        for part in (sheet(GRID), book, shared):
            make = lambda c=code, p=part: changed({p: parts()[p].decode().replace('"UTF-8"', f'"{c}"', 1).encode(c)})  # noqa: E731  # made when the case is judged
            yield one(f"{part} in {code}", make, READ, "TEP_001")
    for code in ("windows-1258", "latin-1", "ascii", "utf-7", "cp037", "punycode", "rot13", "\0", ""):
        for part in (sheet(GRID), book):
            make = lambda c=code, p=part: changed({p: parts()[p].decode().replace('"UTF-8"', f'"{c}"', 1).encode()})  # noqa: E731  # made when the case is judged
            yield one(f"{part} says {code!r}", make, READ, "TEP_001")
    for part in (sheet(GRID), book, shared, rels, types, "xl/styles.xml"):
        yield one(f"BOM in {part}", lambda p=part: changed({p: b"\xef\xbb\xbf" + parts()[p]}), READ, same=True)
        yield one(f"blanks before {part}", lambda p=part: changed({p: b"\n " + parts()[p]}), READ, "TEP_001", same=True)
        yield one(
            f"no header in {part}", lambda p=part: changed({p: parts()[p][parts()[p].find(b"?>") + 2 :]}), same=True
        )
        yield one(
            f"something after {part}", lambda p=part: changed({p: parts()[p] + b"<x/>"}), READ, "TEP_001", same=True
        )
        yield one(f"zeros after {part}", lambda p=part: changed({p: parts()[p] + bytes(9)}), READ, "TEP_001", same=True)
    strict = {"http://schemas.openxmlformats.org/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
              OFFICE: "http://purl.oclc.org/ooxml/officeDocument/relationships"}  # fmt: skip
    yield one(
        "strict",
        lambda: changed({n: _swapped(c, strict) for n, c in parts().items() if n.endswith((".xml", ".rels"))}),
        same=True,
    )
    yield one("no namespace", lambda: substituted(sheet(GRID), r' xmlns="[^"]*"', ""), READ, "TEP_001", same=True)
    yield one(
        "another namespace",
        lambda: substituted(sheet(GRID), r' xmlns="[^"]*"', ' xmlns="urn:x"'),
        READ,
        "TEP_001",
        same=True,
    )
    for part in (sheet(GRID), sheet(LINES), sheet(DOSSIERS), shared, book):
        yield one(f"prefixes in {part}", lambda p=part: changed({p: _prefixed(parts()[p])}), same=True)
    yield one(
        "prefixes everywhere",
        lambda: changed(
            {
                n: _prefixed(parts()[n])
                for n in (sheet(GRID), sheet(LINES), sheet(LETTERS), sheet(DOSSIERS), sheet("sheet1"), shared, book)
            }
        ),
        same=True,
    )
    single = {n: _single_quoted(c) for n, c in parts().items() if n.startswith("xl/worksheets/sheet")}
    yield one("single quotes", lambda: changed(single), same=True)
    yield one("blanks between all tags", lambda: substituted(sheet(GRID), r"><(?!/v|/t|/f)", ">\n  <"), READ, same=True)
    yield one(
        "blanks inside tags", lambda: substituted(sheet(GRID), r'<c r="([A-Z]+\d+)"', r'<c  r = "\1" '), same=True
    )
    yield one(
        "attributes in another order",
        lambda: substituted(sheet(GRID), r'<c r="([A-Z]+\d+)" s="(\d+)"', r'<c s="\2" r="\1"'),
        same=True,
    )
    yield one("no addresses of cells", lambda: changed({sheet("sheet6"): _unaddressed(parts()[sheet("sheet6")])}), READ)
    yield one("no addresses of rows", lambda: substituted(sheet(GRID), r'<row r="\d+"', "<row"), same=True)
    yield one(
        "rows in wrong order",
        lambda: changed({sheet(LETTERS): _rows_reversed(parts()[sheet(LETTERS)])}),
        READ,
        same=True,
    )
    yield one(
        "every row twice", lambda: substituted(sheet(LETTERS), r"(<row .*?</row>)", r"\1\1"), READ, "TEP_001", same=True
    )
    yield one(
        "small letters in addresses",
        lambda: changed(
            {
                sheet(GRID): re.sub(
                    rb'<c r="([A-Z]+)', lambda m: m[0].lower().replace(b"<c r", b"<c r"), parts()[sheet(GRID)]
                )
            }
        ),
        READ,
        "TEP_001",
        same=True,
    )
    yield one(
        "dollars in addresses",
        lambda: substituted(sheet(GRID), r'<c r="([A-Z]+)(\d+)"', r'<c r="$\1$\2"'),
        "TEP_001",
        READ,
        same=True,
    )
    yield one(
        "remarks everywhere",
        lambda: substituted(sheet(GRID), r"(<c )", r'<!-- <c r="D9"><v>9</v></c> -->\1'),
        same=True,
    )
    yield one("CDATA", lambda: substituted(sheet(GRID), r"<v>(\d+)</v>", r"<v><![CDATA[\1]]></v>"), "TEP_001")
    yield one(
        "CDATA for texts", lambda: substituted(shared, r"<t>([^<]*)</t>", r"<t><![CDATA[\1]]></t>"), READ, "TEP_001"
    )
    for part in ("xl/styles.xml", sheet(GRID), sheet(LETTERS), shared):
        for number in ("1000000000000", "99999999999999999999", "-5", "x"):
            make = partial(substituted, part, r'([cC]ount)="\d+"', rf'\1="{number}"')
            yield one(f"counts of {part} {number}", make, READ, "TEP_006", "TEP_001", same=True)
    yield one(
        "instructions",
        lambda: substituted(sheet(GRID), r"(<row )", r'<?x <c r="D9"><v>9</v></c> ?>\1'),
        READ,
        same=True,
    )
    yield one(
        "newer features",
        lambda: substituted(
            sheet(GRID),
            r"<sheetData>",
            '<mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice Requires="x"><x/></mc:Choice>'
            "<mc:Fallback/></mc:AlternateContent><sheetData>",
        ),
        same=True,
    )
    yield one(
        "an extension that holds cells",
        lambda: replaced(
            sheet(GRID),
            "</worksheet>",
            '<extLst><ext><x:sheetData xmlns:x="urn:x"><x:row r="9"><x:c r="D9"><x:v>99</x:v></x:c></x:row>'
            "</x:sheetData></ext></extLst></worksheet>",
        ),
        READ,
        same=True,
    )
    yield one("1904", lambda: replaced(book, "<workbookPr ", '<workbookPr date1904="1" '))
    yield one("no styles", lambda: changed({"xl/styles.xml": None}), READ, "TEP_001")
    for at in ("-1", "99999", "4294967296", "x", "", "9" * 500):
        make = lambda a=at: with_cell(f'<c r="{CELL}" s="{a}"><v>6</v></c>')  # noqa: E731  # made when the case is judged
        yield one(f"style {at[:12]!r}", make, READ, "TEP_001", same=True)
    yield one(
        "a format of 100.000 letters",
        lambda: replaced(
            "xl/styles.xml",
            "<numFmts ",
            f'<numFmts><numFmt numFmtId="999" formatCode="{"0;" * 50_000}"/></numFmts><numFmts ',
        ),
        READ,
        "TEP_001",
    )
    yield one("no rich texts end", lambda: replaced(shared, "</si>", ""), "TEP_001")
    yield one("no shared strings", lambda: changed({shared: None}), READ, "TEP_001", "TEP_007")
    yield one("shared strings of nothing", lambda: changed({shared: strings_of([])}), READ, "TEP_001", "TEP_007")
    yield one(
        "half of the shared strings", lambda: changed({shared: _sub_half(parts()[shared])}), READ, "TEP_001", "TEP_007"
    )
    yield one(
        "rich texts",
        lambda: substituted(
            shared, r"<t>([^<]{2})([^<]*)</t>", r'<r><rPr><b/></rPr><t>\1</t></r><r><t xml:space="preserve">\2</t></r>'
        ),
        same=True,
    )
    yield one(
        "sounds beside texts",
        lambda: substituted(shared, r"(<t>[^<]*</t>)", r'\1<rPh sb="0" eb="1"><t>xx</t></rPh>'),
        same=True,
    )
    yield one("wrong count of strings", lambda: substituted(shared, r'ount="\d+"', 'ount="99999"'), same=True)


def _two(*changes: tuple[str, str, str]) -> bytes:
    found = {}
    for part, old, new in changes:
        text = parts()[part].decode()
        assert old in text
        found[part] = text.replace(old, new, 1).encode()
    return changed(found)


def _swapped(xml: bytes, words: Mapping[str, str]) -> bytes:
    for old, new in words.items():
        xml = xml.replace(old.encode(), new.encode())
    return xml


def _prefixed(xml: bytes) -> bytes:
    """Every element of the default namespace under the prefix "x", as some writers of other languages do."""
    return re.sub(rb"<(/?)([A-Za-z]+)(?=[\s/>])", rb"<\1x:\2", xml).replace(b' xmlns="', b' xmlns:x="', 1)


def _single_quoted(xml: bytes) -> bytes:
    return re.sub(rb'="([^"\']*)"', rb"='\1'", xml)


def _unaddressed(xml: bytes) -> bytes:
    return re.sub(rb' r="[A-Z]+\d+"', b"", xml)


def _rows_reversed(xml: bytes) -> bytes:
    start, end = xml.find(b"<sheetData>") + 11, xml.find(b"</sheetData>")
    rows = re.findall(rb"<row .*?(?:</row>|/>(?=<row|$))", xml[start:end])
    return xml[:start] + b"".join(reversed(rows)) + xml[end:]


def _sub_half(xml: bytes) -> bytes:
    texts = re.findall(rb"<si>.*?</si>", xml)
    return xml[: xml.find(b"<si>")] + b"".join(texts[: len(texts) // 2]) + b"</sst>"


def _commented() -> bytes:
    out = BytesIO(good())
    with ZipFile(out, "a") as archive:
        archive.comment = b"from a mail program " * 100
    return out.getvalue()


def _doubled(name: str) -> bytes:
    members = [(n, *deflated(c)) for n, c in parts().items()]
    return archive_of([*members, (name, *deflated(sheet_of("")))])


def _with_macros() -> bytes:
    types = parts()["[Content_Types].xml"].replace(
        b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml"
    )
    return changed({"[Content_Types].xml": types, "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(2000)})
