"""workbook.shared_texts: what it proves expat proves too; plain texts are what a parser finds."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from effort import ends
from hypothesis import example, given
from hypothesis import strategies as st

from workbook.cells import well_formed
from workbook.shared_texts import first_texts, last_text, shared_texts

HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns="x" count="2" uniqueCount="2">'
NAMESPACE = "{x}"


def sst(*items: bytes, head: bytes = HEAD) -> bytes:
    return head + b"".join(items) + b"</sst>"


def plain(*texts: str) -> bytes:
    return sst(*(b"<si><t>%s</t></si>" % text.encode() for text in texts))


def test_plain_texts_are_told_and_proved() -> None:
    found = shared_texts(plain("Vạn Tường", "", "5.676 > 5.297", "a&amp;b"))

    assert found == (["Vạn Tường", "", "5.676 > 5.297", "a&amp;b"], True)


def test_spaces_are_kept_where_the_text_says_so_and_left_to_judge_where_not() -> None:
    kept, bare = b'<si><t xml:space="preserve"> a </t></si>', b"<si><t> a </t></si>"

    assert shared_texts(sst(kept, bare, b"<si><t>b</t></si>")) == ([" a ", bare, "b"], True)


@pytest.mark.parametrize(
    "item", [b"<si><r><t>rich</t></r></si>", b"<si><t/></si>", b'<si><t xml:lang="vi">a</t></si>', b"<si></si>"]
)
def test_an_item_that_is_not_plain_is_told_as_its_xml(item: bytes) -> None:
    found = shared_texts(sst(b"<si><t>a</t></si>", item))

    assert found == (["a", item], False)


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        sst(),
        sst(b"<si><t>a</t></si>", head=HEAD.replace(b"UTF-8", b"UTF-16")),
        sst(b"<si><t>a</t></si>", b"<extLst/>"),
        sst(b"<si><t>a<!-- b --></t></si>"),
        sst(b"<si><t>a</t></si>") + b" ",
        sst(b"<si><t>a</t></si>")[:-1],
    ],
)
def test_what_is_written_otherwise_is_for_somebody_else(xml: bytes) -> None:
    found = shared_texts(xml)

    assert found is None or not found.texts


@pytest.mark.parametrize(
    "spoilt", ["\1", "\x1f", "\uffff", "\ufffe", "]]>", "&", "&nbsp;", "&amp", "&#0;", "&AMP;", "a]]]>b"]
)
def test_what_no_xml_may_hold_is_not_proved(spoilt: str) -> None:
    xml = plain("a", f"b{spoilt}c")

    assert not well_formed(xml)
    found = shared_texts(xml)
    assert found is None or not found.sound


@pytest.mark.parametrize("head", [HEAD.replace(b'xmlns="x"', b"xmlns"), HEAD.replace(b'"UTF-8"', b'"UTF-8" UTF')])
def test_a_spoilt_head_is_not_proved(head: bytes) -> None:
    found = shared_texts(sst(b"<si><t>a</t></si>", head=head))

    assert found is not None
    assert not found.sound


def test_bytes_that_are_no_text_are_not_proved() -> None:
    with_half_a_letter = sst(b"<si><t>a\xe1\xba</t></si>")

    found = shared_texts(with_half_a_letter)
    assert found is None or not found.sound


@pytest.mark.parametrize("text", ["&amp;", "a\r", "_x000D_", " a &lt;"])
def test_kept_spaces_beside_signs_are_left_as_they_are_written(text: str) -> None:
    item = b'<si><t xml:space="preserve">%s</t></si>' % text.encode()

    assert shared_texts(sst(item)) == ([item], True)
    assert shared_texts(sst(item, b"<si><r><t>b</t></r></si>")) == ([item, b"<si><r><t>b</t></r></si>"], False)


@pytest.mark.parametrize("items", [b"<si><t>a</t></si ><si><t>b</t></si>", b"<si><t>a</t><si><t>b</t></si>"])
def test_two_items_are_never_taken_for_one(items: bytes) -> None:
    assert shared_texts(sst(items)) is None


@pytest.mark.parametrize("body", [b"<si>" * 64_000, b'encoding="utf-8"' * 16_000])
def test_hostile_texts_are_given_up_soon(body: bytes) -> None:
    with ends():
        assert shared_texts(b"<?xml " + body + HEAD + body + b"</sst>") is None
        assert shared_texts(HEAD + body + b"</sst>") is None


def test_the_first_texts() -> None:
    xml = plain("a", "b", "c")

    assert [first_texts(xml, many) for many in (1, 2, 3, 4)] == [plain("a"), plain("a", "b"), xml, xml]


SHOWN = b'<c r="A1" s="4" t="s"><v>12</v></c><c r="B1"><v>90</v></c><c r="C1" t="s"><v>7</v></c>'


def test_the_last_text_that_a_sheet_shows() -> None:
    assert last_text(SHOWN) == 12
    assert last_text(SHOWN.replace(b'"s"', b'"n"')) == -1


@pytest.mark.parametrize(
    "cell",
    [
        b"<c r='A2' t='s'><v>3</v></c>",
        b'<c t="s" r="A2"><v>3</v></c>',
        b'<c r="A2" t="s"><f>B2</f><v>3</v></c>',
        b'<c r="A2" t="s"><v xml:space="preserve">3</v></c>',
        b'<c r="A2" t="s"><v>&#51;</v></c>',
        b'<c r="A2" t="s"><v/></c>',
        b'<c r="A2" t="s"><v>3',
        b'<c r="A2" t="s"><v>3</v><v>4</v></c>',
    ],
)
def test_a_text_shown_in_another_way_is_not_overlooked(cell: bytes) -> None:
    assert last_text(SHOWN + cell) is None


PIECES = (
    "<",
    ">",
    "&",
    "]",
    "\1",
    "\t",
    "\n",
    " ",
    "\xa0",
    "\uffff",
    "amp;",
    "&lt;",
    "</t>",
    "<t>",
    "</si>",
    "<si>",
    "ạ",
    "a",
)


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=8).map("".join), min_size=1, max_size=4))
@example(["</t></si><si><t>"])
@example(["a</t></si><si><t", "b"])
def test_what_is_proved_is_xml_with_these_texts(texts: list[str]) -> None:
    xml = plain(*texts)
    found = shared_texts(xml)
    if found is None or not found.sound:
        return
    assert well_formed(xml)
    items = ElementTree.fromstring(xml).findall(f"{NAMESPACE}si/{NAMESPACE}t")
    told = [ElementTree.fromstring(f"<t>{t}</t>").text if isinstance(t, str) else t for t in found.texts]
    assert len(told) == len(items)
    for text, item in zip(told, items, strict=True):
        assert isinstance(text, bytes) or (text or "") == (item.text or "")
