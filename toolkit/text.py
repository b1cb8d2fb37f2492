"""Vietnamese text as it arrives: composed or not, both tone placements, both spellings of i/y, odd spaces and dashes.

``tidy`` is what may be shown or stored; ``key`` is what may be compared. Accents are never dropped in a comparison:
inside one province "Sơn Hà" and "Sơn Hạ" are two communes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

_TONED = {"a": "àảãáạ", "e": "èẻẽéẹ", "o": "òỏõóọ", "u": "ùủũúụ", "y": "ỳỷỹýỵ", "i": "ìỉĩíị"}


def _tone_pairs() -> dict[str, str]:
    """Tone on the first vowel -> tone on the second, in every case: "òa" -> "oà", "Òa" -> "Oà", "ÒA" -> "OÀ"."""
    pairs: dict[str, str] = {}
    for first, second in ("oa", "oe", "uy"):
        for toned_first, toned_second in zip(_TONED[first], _TONED[second], strict=True):
            old, new = toned_first + second, first + toned_second
            pairs |= {old: new, old.upper(): new.upper(), old.capitalize(): new.capitalize()}
    return pairs


_TONE_PAIRS = _tone_pairs()
_TONE = re.compile(f"(?:{'|'.join(_TONE_PAIRS)})(?!\\w)")
_Y = re.compile(rf"\b([bcdđghklmnprstvx]+)([y{_TONED['y']}])(?!\w)")
_Y_TO_I = str.maketrans("y" + _TONED["y"], "i" + _TONED["i"])
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_INVISIBLE = dict.fromkeys(map(ord, _UNSEEN))
_LOOKALIKES = str.maketrans({c: "-" for c in "‐‑‒–—―−"} | {c: "'" for c in "‘’ʼ`´"} | {c: '"' for c in "“”„"})
_SLASH = re.compile(r"\s*/\s*")
_D = str.maketrans("đĐ", "dD")
_PRINTABLE = bytes(range(0x20, 0x7F))


def nfc(text: str) -> str:
    """``text`` with every letter in one piece: macOS and web exports send letter and accents apart."""
    return unicodedata.normalize("NFC", text)


def tidy(text: str) -> str:
    """``text`` as it should be shown: composed, one line, single spaces, nothing invisible, nothing around it."""
    if not text.isascii():  # codes and many words are: a register has thousands
        text = nfc(text if text.isprintable() else text.translate(_INVISIBLE))
    return " ".join(text.split())


def all_tidy(texts: Iterable[str]) -> bool:
    """Whether ``tidy`` leaves every text of a column as it is; False may also mean that each has to be asked."""
    joined = " ".join(filter(None, texts))  # a space around a text makes two side by side
    # " " is the only space that is printable; letters without accents are looked at all at once
    printable = not joined.encode().translate(None, _PRINTABLE) if joined.isascii() else joined.isprintable()
    return (
        printable
        and joined[:1] != " " != joined[-1:]
        and "  " not in joined
        and unicodedata.is_normalized("NFC", joined)
    )


def shows(text: str) -> bool:
    """Whether ``text`` has anything that an eye would see: whether ``tidy`` leaves something, but quicker."""
    return text[:1].isalnum() or bool(text.translate(_INVISIBLE).strip())


def fold_tone(text: str) -> str:
    """Both tone placements as one: "hòa" and "hoà" -> "hoà". Only oa, oe, uy at the end of a syllable:
    "hoàng" has one spelling and stays."""
    return _TONE.sub(lambda m: _TONE_PAIRS[m[0]], nfc(text))


def strip_accents(text: str) -> str:
    """``text`` without any accent, đ as d. For suggestions and file names, never to decide that two names are one."""
    apart = unicodedata.normalize("NFD", text)
    return nfc("".join(c for c in apart if not unicodedata.combining(c))).translate(_D)


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """What two spellings of one label share: case, spaces, tone placement, i/y, dashes and quotes do not count."""
    folded = fold_tone(tidy(text).lower())
    folded = _Y.sub(lambda m: m[1] + m[2].translate(_Y_TO_I), folded)
    return _SLASH.sub("/", folded.translate(_LOOKALIKES))


def keys_of(texts: Sequence[str]) -> tuple[str, ...]:
    """The key of each text of a column, made once for texts that stand in it many times."""
    known = {text: key(text) for text in {*texts}}
    return tuple(map(known.__getitem__, texts))


def similar(a: str, b: str) -> float:
    """How alike two labels are, 0 to 1, by their keys. 1 only for the same key."""
    from difflib import SequenceMatcher  # late: most labels match exactly

    first, second = sorted((key(a), key(b)))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()
