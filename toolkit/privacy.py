"""What of a register may be shown elsewhere: a slipped column puts a phone where the code belongs, a name for a unit."""

from __future__ import annotations

import re
from collections.abc import Collection

from toolkit.text import key

_CODE = re.compile(r"(?=.*\d)[A-Za-zĐđ\d][A-Za-zĐđ\d./_-]{2,39}")
_SEPARATORS = re.compile(r"[./_-]")
_PERSONAL_NUMBER = re.compile(r"0\d{9,10}|84\d{9,10}|0\d{11}|\d{9}")  # phones, CCCD, CMND
_LONG_NUMBER = re.compile(r"\d[\d .-]{7,}\d")


def shown_code(text: str) -> str:
    """A dossier code as it is; "" for what may be a name, a phone or an identity number."""
    if not _CODE.fullmatch(text) or _PERSONAL_NUMBER.fullmatch(_SEPARATORS.sub("", text)):
        return ""
    return text


def shown_unit(text: str, applicants: Collection[str]) -> str:
    """The name of a unit; "" for the name of an applicant (``applicants``: their keys) or a text with a long number."""
    return "" if key(text) in applicants or _LONG_NUMBER.search(text) else text
