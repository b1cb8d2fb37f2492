"""Package surgery: what is not named keeps its bytes.

R1 an untouched package comes back with the same members, order, dates and compressed bytes
R2 a written part changes alone; an added one stands at the end with a fixed date; a removed one is gone
R3 tags are found whatever the prefix, quoting, comments, CDATA sections; a document type is refused
R4 setting an attribute leaves every other byte of the tag
"""

from __future__ import annotations

import io
import zipfile
import zlib

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from workbook.ooxml import Package
from workbook.xml_part import BrokenPackage, Xml, attributes, set_attribute
from workbook.zip_writing import Deflating


def by_xlsxwriter() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("Tổng hợp").write(0, 0, 1)
    return out.getvalue()


def by_openpyxl() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def odd_zip() -> bytes:
    """Stored and deflated members, a stream written with data descriptors, a name with accents, a zip comment."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.comment = "ghi chú".encode()
        archive.writestr(zipfile.ZipInfo("stored.xml", (2025, 7, 1, 8, 30, 58)), b"<a/>")
        info = zipfile.ZipInfo("tiếng việt.xml", (2107, 12, 31, 23, 59, 58))
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        info.extra = b"\x55\x54\x05\x00\x01\x00\x00\x00\x00"
        with archive.open(info, "w") as stream:
            stream.write(b"<b/>" * 100)
    return out.getvalue()


def streamed_zip() -> bytes:
    out = io.BytesIO()

    class NoSeek(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            return out.write(data)

    with zipfile.ZipFile(NoSeek(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", b"<a>1</a>" * 50)
        archive.writestr("b.xml", b"<b/>")
    return out.getvalue()


def members(content: bytes) -> list[tuple[object, ...]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return [
            (i.filename, i.date_time, i.compress_type, i.compress_size, i.external_attr, i.extra, archive.read(i))
            for i in archive.infolist()
        ]


@pytest.mark.parametrize("make", [by_xlsxwriter, by_openpyxl, odd_zip, streamed_zip])
def test_an_untouched_package_comes_back(make) -> None:  # R1
    source = make()
    again = Package(source).to_bytes()
    assert members(again) == members(source)
    assert zipfile.ZipFile(io.BytesIO(again)).comment == zipfile.ZipFile(io.BytesIO(source)).comment
    assert Package(again).to_bytes() == again
    assert not any(i.flag_bits & 8 for i in zipfile.ZipFile(io.BytesIO(again)).infolist())  # no descriptors follow


def test_a_streamed_zip_has_data_descriptors() -> None:
    assert zipfile.ZipFile(io.BytesIO(streamed_zip())).infolist()[0].flag_bits & 8


def test_only_the_written_part_changes() -> None:  # R2
    source = by_xlsxwriter()
    package = Package(source)
    package.write("XL/Styles.xml", b"<new/>")  # part names have no case
    package.write("xl/thêm.xml", b"<added/>")
    package.remove("docProps/app.xml")
    assert "docProps/app.xml" not in package and package.read("xl/styles.xml") == b"<new/>"
    before = [m for m in members(source) if m[0] != "docProps/app.xml"]
    after = members(package.to_bytes())
    assert [m[0] for m in after] == [*(m[0] for m in before), "xl/thêm.xml"]
    assert [m[0] for m, n in zip(before, after, strict=False) if m != n] == ["xl/styles.xml"]
    assert [m[1] for m in after if m[0] == "xl/styles.xml"] == [m[1] for m in before if m[0] == "xl/styles.xml"]
    assert after[-1][1] == (1980, 1, 1, 0, 0, 0)


def test_a_part_in_pieces() -> None:
    whole, pieces = Package(by_xlsxwriter()), Package(by_xlsxwriter())
    part = Deflating()
    for piece in (b"<new>", b"x" * 100_000, b"", b"</new>"):
        part.add(piece)
    pieces.write("xl/styles.xml", part.done())
    whole.write("xl/styles.xml", pieces.read("xl/styles.xml"))
    assert whole.read("xl/styles.xml") == b"<new>" + b"x" * 100_000 + b"</new>"
    for package in (pieces, whole):
        with zipfile.ZipFile(io.BytesIO(package.to_bytes())) as archive:
            assert archive.testzip() is None
            assert archive.read("xl/styles.xml") == whole.read("xl/styles.xml")


def test_a_broken_member_is_told() -> None:
    source = by_xlsxwriter()
    info = zipfile.ZipFile(io.BytesIO(source)).getinfo("xl/styles.xml")
    at = source.index(b"xl/styles.xml") + len("xl/styles.xml") + 5
    broken = source[:at] + bytes([source[at] ^ 255]) + source[at + 1 :]
    assert info.compress_size > 100
    with pytest.raises(BrokenPackage):
        Package(broken).read("xl/styles.xml")
    with pytest.raises(BrokenPackage):
        Package(broken).read("xl/missing.xml")
    with pytest.raises(BrokenPackage):
        Package(b"no zip at all")


def test_relationships() -> None:
    package = Package(by_openpyxl())
    assert {r.kind: r.target for r in package.relationships("").values()}["officeDocument"] == "xl/workbook.xml"
    found = {r.kind: r.target for r in package.relationships("xl/workbook.xml").values()}
    assert found["worksheet"] == "xl/worksheets/sheet1.xml"  # written there with a leading "/"
    assert package.relationships("xl/theme/theme1.xml") == {}


ODD = b"""<?xml version='1.0'?><!-- <x:a n="0"/> --><x:root xmlns:x='u"v'><x:a n="1 > 0"/>
<?p <x:a n="7"/>?><x:a n='2'><x:b><x:a n="3"/></x:b><![CDATA[</x:a><x:a n="8">]]></x:a ><y:a xmlns:y="w"/>\
<x:c></x:c></x:root>"""


def test_children_of_an_odd_part() -> None:  # R3
    xml = Xml(ODD)
    assert (xml.prefix, xml.namespace) == (b"x:", 'u"v')
    assert [xml.attributes(n) for n in xml.children(xml.root, b"a")] == [{"n": "1 > 0"}, {"n": "2"}]
    assert [n.name for n in xml.children(xml.root)] == [b"x:a", b"x:a", b"y:a", b"x:c"]
    second = list(xml.children(xml.root, b"a"))[1]
    assert xml.text(second).startswith(b"<x:a n='2'>") and xml.text(second).endswith(b"]]></x:a >")
    assert xml.find(b"b", xml.root.inner, xml.root.close) == next(xml.children(second, b"b"))
    assert xml.child(b"none") is None and xml.find(b"none", xml.root.inner, xml.root.close) is None


@pytest.mark.parametrize("declared", [b"", b"<?xml version='1.0'?>"])
@pytest.mark.parametrize("odd", [b"<!-- <a/> -->", b"<![CDATA[<a/>]]>", b"<?p <a/>?>", b"really?! >"])
def test_what_is_no_markup(odd: bytes, declared: bytes) -> None:  # R3
    xml = Xml(declared + b"<r>" + odd + b"<b/></r>")
    assert [node.name for node in xml.children(xml.root)] == [b"b"]


def test_replacements() -> None:  # R3
    xml = Xml(b"<r><a/><b n='1'>t</b></r>")
    first, second = xml.children(xml.root)
    xml.append(first, b"<new/>")
    xml.set_attributes(second, n="2", m="<&")
    xml.append(second, b"u")
    xml.insert_child("c", ("a", "c", "b"), b"<c/>")
    assert xml.to_bytes() == b'<r><a><new/></a><c/><b n="2" m="&lt;&amp;">tu</b></r>'


@pytest.mark.parametrize("bad", [b"", b"no xml", b"<a>", b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'])
def test_no_part_to_edit(bad: bytes) -> None:  # R3
    with pytest.raises(BrokenPackage):
        Xml(bad)


def test_utf16_is_read_as_utf8() -> None:  # R3
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.xml", '<?xml version="1.0" encoding="UTF-16"?><a b="Đất"/>'.encode("utf-16"))
    xml = Xml(Package(out.getvalue()).read("a.xml"))
    assert xml.attributes(xml.root) == {"b": "Đất"} and b'encoding="UTF-8"' in xml.data


names = st.sampled_from(["r", "s", "t", "xml:space", "customFormat", "spans"])
values = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=8)


@given(st.dictionaries(names, values), names, values, st.booleans())
def test_one_attribute_at_a_time(given_: dict[str, str], name: str, value: str, empty: bool) -> None:  # R4
    tag = b"<c"
    for key, old in given_.items():
        tag = set_attribute(tag + b">", key, old)[:-1]
    tag += b" />" if empty else b">"
    assert attributes(tag[2:-1]) == given_
    changed = set_attribute(tag, name, value)
    assert attributes(changed[2:-1]) == {**given_, name: value}
    assert changed.endswith(b" />" if empty else b">")
    back = set_attribute(changed, name, given_.get(name))
    assert back == tag


def test_checksums_are_right() -> None:
    package = Package(by_xlsxwriter())
    package.write("xl/styles.xml", b"<a/>" * 9)
    with zipfile.ZipFile(io.BytesIO(package.to_bytes())) as archive:
        assert zlib.crc32(b"<a/>" * 9) == archive.getinfo("xl/styles.xml").CRC
