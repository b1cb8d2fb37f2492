"""The texts that all sheets of a workbook share, from their XML at one stroke.

They are mostly written in one plain way, which is also quicker to prove sound than by a parser. What is written
otherwise is told apart, item by item, for somebody else to judge.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from workbook.cells import side_by_side, well_formed

_START = re.compile(rb'(?:\xef\xbb\xbf)?<\?xml[^<>]*encoding="(?:utf-8|UTF-8)"[^<>]*\?>\s*<sst\b[^<>]*[^<>/]>')
_END = b"</sst>"
_FIRST, _BETWEEN, _LAST = b"<si><t>", "</t></si><si><t>", b"</t></si>"
_LONGEST_START = 2_000  # bytes, of a beginning that somebody wrote in good faith
_ITEM_START, _ITEM_END = b"<si>", b"</si>"
_SHOWN, _SHOWN_END = b'"s"><v>', b"</v></c>"
_TAGS = 4  # of a text
_MARK = "\1"  # no XML has it
ODD_SIGNS = ("&", "\r", "_x")
"""What stands for something else in a text of a workbook."""
_KEPT, _MARKED = b'<t xml:space="preserve">', b"<t>" + _MARK.encode()
_PLAIN_ITEM = re.compile(rb"<si><t>((?!\s)[^<]*)(?<!\s)</t></si>")
_FORBIDDEN = bytes(sign for sign in range(32) if sign not in b"\t\n\r")
_NAMED = (b"amp;", b"lt;", b"gt;", b"quot;", b"apos;")
_NO_SIGNS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")


class Texts(NamedTuple):
    texts: list[str | bytes]  # one that is not plain text as its XML
    sound: bool  # the whole is proved to be XML; else nothing is said


def shared_texts(xml: bytes) -> Texts | None:
    """None: not written in the usual way, or none. Spaces around a text that does not say that they belong to it make
    it one that is not plain."""
    match = _START.match(xml, 0, _LONGEST_START)
    if match is None or not xml.endswith(_END) or side_by_side(xml, b"!", b"<!"):
        return None
    body = xml[match.end() : -len(_END)]
    try:
        return _read(body, match[0])
    except UnicodeDecodeError:
        return None


def first_texts(xml: bytes, many: int) -> bytes:
    """The same with its first texts only; ``xml``: what ``shared_texts`` has read."""
    pieces = xml.split(_ITEM_END, many)
    return xml[: -len(pieces[-1])] + _END if len(pieces) > many else xml


def last_text(sheet: bytes) -> int | None:
    """The greatest place of a text that a sheet shows, -1: it shows none; None: not written in the usual way."""
    shown = sheet.split(_SHOWN)[1:]
    if len(shown) != sheet.count(b'"s"') or b"'s'" in sheet:
        return None
    try:
        return max(map(int, [after[: after.index(_SHOWN_END)] for after in shown]), default=-1)
    except ValueError:  # no number, or another one behind it
        return None


def _read(body: bytes, head: bytes) -> Texts | None:
    plain = _plain(body)
    if plain is not None:
        return Texts(plain, _sound(body) and well_formed(head + _END))
    *items, rest = [item + _ITEM_END for item in body.split(_ITEM_END)]
    if rest != _ITEM_END or not all(item.startswith(_ITEM_START) and item.count(b"<si") == 1 for item in items):
        return None
    read = (_PLAIN_ITEM.fullmatch(item.replace(_KEPT, _MARKED)) for item in items)
    return Texts(
        [_as_written(match[1].decode()) if match else item for match, item in zip(read, items, strict=True)], False
    )


def _plain(body: bytes) -> list[str | bytes] | None:
    """Where each text stands in ``<si><t>`` and nothing else, but for the word that its spaces are to be kept."""
    marked = body.replace(_KEPT, _MARKED) if b"=" in body else body
    if _MARK.encode() in body or not (marked.startswith(_FIRST) and marked.endswith(_LAST)):
        return None
    texts = marked[len(_FIRST) : -len(_LAST)].decode().split(_BETWEEN)
    if marked.count(b"<") != _TAGS * len(texts):
        return None
    plain = marked is body and texts == [*map(str.strip, texts)]  # as most are
    return [*texts] if plain else [*map(_as_written, texts)]


def _as_written(text: str) -> str | bytes:
    """A text, marked where it says that its spaces are to be kept: as its XML where that may matter."""
    if text[:1] != _MARK:
        return text if text == text.strip() else _FIRST + text.encode() + _LAST
    return _ITEM_START + _KEPT + text[1:].encode() + _LAST if any(sign in text for sign in ODD_SIGNS) else text[1:]


def _sound(body: bytes) -> bool:
    """Whether what stands between tags that are in order may stand there."""
    if not all(after.startswith(_NAMED) for after in body.split(b"&")[1:]):
        return False
    if side_by_side(body, b"]", b"]]>") or (b"\xef" in body and any(sign in body for sign in _NO_SIGNS)):
        return False
    return len(body.translate(None, _FORBIDDEN)) == len(body)
