"""What of a register may be shown elsewhere: pasted columns slip, and a phone stands for a code, a name for a unit."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from string import ascii_letters, digits

from toolkit.text import key
from toolkit.wording import MAY_BE_PERSONAL

_CODE_LENGTHS = range(3, 41)
_USUAL_CODE = re.compile(r"(?=[A-Za-zĐđ./_-]*\d)(?=[\d./_-]*[A-Za-zĐđ])[A-Za-zĐđ\d][A-Za-zĐđ\d./_-]*")
_SHAPES = str.maketrans(digits + ascii_letters, "0" * len(digits) + "A" * len(ascii_letters))
_SEPARATORS = re.compile(r"[./_-]")
_NUMBER_CODE = re.compile(r"\d[\d./_-]*")
_PERSONAL_NUMBER = re.compile(r"0\d{9,10}|84\d{9,10}|0\d{11}")  # phones, CCCD
_OLD_IDENTITY = re.compile(r"\d{9}")
_NAME_SEEN = 5  # times that a text like a name must occur to be a word of the software
_LONG_NUMBER = re.compile(r"\d[\d .-]{7,}\d")
_YEARS = re.compile(r"((?:19|20)\d\d) ?- ?((?:19|20)\d\d)")  # "2021-2025": of a plan, of nobody


def shown_code(text: str) -> str:
    """A dossier code as it is; "" for what may be a name, a phone or an identity number."""
    if _is_usual(text):
        return text
    if len(text) not in _CODE_LENGTHS or not _NUMBER_CODE.fullmatch(text):
        return ""
    personal = _PERSONAL_NUMBER.fullmatch(_SEPARATORS.sub("", text)) or _OLD_IDENTITY.fullmatch(text)
    return "" if personal else text


def shown_codes(texts: Sequence[str]) -> Sequence[str]:
    """``shown_code`` of each. A million codes have a few shapes, and only those need a look where all are usual."""
    shapes = "\n".join(texts).translate(_SHAPES).split("\n")
    if len(shapes) == len(texts) and all(not shape or _is_usual(shape) for shape in {*shapes}):
        return texts
    return list(map(shown_code, texts))


def shown_unit(text: str, applicants: Collection[str]) -> str:
    """The name of a unit; "" for the name of an applicant (``applicants``: their keys) or a text with a long number."""
    return "" if key(text) in applicants or _long_number(text) else text


def shown_word(text: str, times: int) -> str:
    """A word of the software such as a status, met so many times; another text for what may be a name or a number of
    somebody (two words or more, each with a capital)."""
    words = text.split()
    named = len(words) > 1 and all(word[0].isupper() for word in words) and times < _NAME_SEEN
    return MAY_BE_PERSONAL if named or _long_number(text) else text


def _is_usual(code: str) -> bool:
    """Whether a code has letters and digits, as nearly every one has, and no number of a person."""
    return len(code) in _CODE_LENGTHS and _USUAL_CODE.fullmatch(code) is not None


def _long_number(text: str) -> bool:
    """Whether a number as long as those of a person stands in it; a span of years is none."""
    for run in _LONG_NUMBER.finditer(text):
        years = _YEARS.fullmatch(run[0])
        if not years or years[1] > years[2]:
            return True
    return False
