"""The bytes of a text file -> text, whatever program wrote it. What the file claims about itself is believed last."""

from __future__ import annotations

import codecs
from contextlib import suppress

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_OLD = "cp1258"
"""Windows for Vietnamese: what programs write that know no Unicode."""

_MOST_ODD = 0.001  # share of control characters above which this is no text


def decode(content: bytes, declared: str = "") -> str | None:
    """``content`` as text; None when it is none. Byte order mark first, then UTF-8 (Vietnamese in another encoding
    is never valid UTF-8 by chance), then the declared encoding, then the old Windows one."""
    for mark, name in _BOMS:
        if content.startswith(mark):
            return _proper(content[len(mark) :].decode(name, errors="replace"))
    if wide := _wide(content):
        return _proper(content.decode(wide, errors="replace"))
    for name in ("utf-8", declared, _OLD):
        with suppress(UnicodeDecodeError, LookupError):
            if name:
                return _proper(content.decode(name))
    return _proper(content.decode(_OLD, errors="replace"))


def _wide(content: bytes) -> str:
    """UTF-16 without a mark: every second byte of its markup, digits and delimiters is 0."""
    start = content[:2000]
    if len(start) < 4:
        return ""
    even, odd = start[::2].count(0), start[1::2].count(0)
    least = len(start) // 8
    return "utf-16-le" if odd > least > even else "utf-16-be" if even > least > odd else ""


def _proper(text: str) -> str | None:
    start = text[:20_000]
    odd = sum((c < " " and c not in "\t\n\r\f\x0b") or c == "\ufffd" for c in start)
    return None if odd > max(2, _MOST_ODD * len(start)) else text
