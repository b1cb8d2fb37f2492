"""A raw cell value -> whole number, rate, date, or the reason why not. The only code that turns a cell into a number.

Vietnamese writes 5.676 for five thousand six hundred seventy-six and 90,16 % for a share, while Excel may hold either
as text, or the first as the real number 5.676. What is certain is read (and said when it was text); what could mean
two things is refused with the likely value as a suggestion. Nothing is rounded or multiplied.
"""

# Without "from __future__ import annotations", as in ``toolkit.records``.

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Generic, NamedTuple, TypeVar

from toolkit.records import Finding, Key
from toolkit.text import shows, tidy
from toolkit.wording import finding, show, show_rate

V = TypeVar("V", int, Decimal, date)

MOST_EXACT = 10**15
"""Excel keeps 15 digits: from here on a number is no longer what was typed."""

FIRST_YEAR, LAST_YEAR = 1945, 2100
"""Years that a date of a report can have; anything else is a slip (28/7/205) or a number that is no date."""

ERRORS = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!"}
)

# Compiled when first asked for: a register whose cells have their types needs none.
_THOUSANDS = r"[1-9][0-9]{0,2}(?:([. ])[0-9]{3}(?:\1[0-9]{3})*|(?:,[0-9]{3}){2,})"
_DIGITS = r"[0-9]+"
_FRACTION = r"[0-9]+[.,][0-9]+"
_PERCENT = r"([-−]?[0-9]+(?:[.,][0-9]+)?) ?(%?)"
_LIBREOFFICE_ERROR = r"Err:[0-9]{3}"
_DAY_FIRST = r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{1,4})(?:[ T]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
_ISO = r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?)?"
_EXCEL_DAY_0 = date(1899, 12, 30)


class Converted(NamedTuple, Generic[V]):
    """What a cell means."""

    value: V | None  # None: blank (no code), or not readable (the code says why)
    code: str = ""  # wording code of what there is to say; "" when nothing
    suggestion: str = ""  # O_003: what may have been meant, as an official writes it
    text: bool = False  # the cell holds text


def read_count(raw: object) -> Converted[int]:
    """A whole number >= 0. Codes: O_001 (text, read), O_002, O_003, O_004, O_005, O_013."""
    if isinstance(raw, float) and raw.is_integer() and 0 <= raw < MOST_EXACT:  # as nearly all are
        return Converted(int(raw))
    if raw is None:
        return Converted(None)
    if isinstance(raw, bool):
        return Converted(None, "O_002")
    if isinstance(raw, int | float):
        return _count(_decimal(raw) if isinstance(raw, float) else Decimal(raw), text=False)
    if not isinstance(raw, str):
        return Converted(None, "O_002")
    text = tidy(raw)
    if not text:
        return Converted(None, text=True)
    if is_error(text):
        return Converted(None, "O_005", text=True)
    negative = text[0] in "-−" and bool(re.match(_DIGITS, text[1:].lstrip()))
    bare = text[1:].lstrip() if negative else text
    if re.fullmatch(_DIGITS, bare) or re.fullmatch(_THOUSANDS, bare):
        number = Decimal("".join(c for c in bare if c.isdigit()))
    elif re.fullmatch(_FRACTION, bare):
        number = Decimal(bare.replace(",", "."))
        if not negative:  # "5,676" or "12,5": a fraction here, thousands there
            return Converted(None, "O_003", _meant(number), text=True)
    else:
        return Converted(None, "O_002", text=True)
    return _count(-number if negative else number, text=True)


def read_rate(raw: object) -> Converted[Decimal]:
    """A fraction of 1 whose exponent keeps the decimals given, at least two ("80,05 %" -> Decimal("0.8005")).

    A number above 1 is a percentage written without its sign (said with O_014).
    Codes: O_001 (text, read), O_002, O_005, O_009, O_014.
    """
    if raw is None:
        return Converted(None)
    if isinstance(raw, bool):
        return Converted(None, "O_002")
    if isinstance(raw, int | float):
        return _rate(_decimal(float(raw)), percent=False, text=False)
    if not isinstance(raw, str):
        return Converted(None, "O_002")
    text = tidy(raw)
    if not text:
        return Converted(None, text=True)
    if is_error(text):
        return Converted(None, "O_005", text=True)
    match = re.fullmatch(_PERCENT, text)
    if match is None:
        return Converted(None, "O_002", text=True)
    number = Decimal(match[1].replace(",", ".").replace("−", "-"))
    return _rate(number, percent=bool(match[2]), text=True)


def read_date(raw: object) -> Converted[date]:
    """A calendar date, day before month; the time of day is dropped; a number is an Excel serial day.

    Codes: O_005, O_006 (no such date: 31/11, a year of two or three digits), O_008 (text, read).
    """
    if isinstance(raw, date):  # a datetime too
        return _date(raw.year, raw.month, raw.day, False)
    if raw is None:
        return Converted(None)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        if not 0 <= raw <= 2_958_465:  # 31/12/9999
            return Converted(None, "O_006")
        day = _EXCEL_DAY_0 + timedelta(days=int(raw))
        return _date(day.year, day.month, day.day, False)
    if not isinstance(raw, str):
        return Converted(None, "O_006")
    text = tidy(raw)
    if not text:
        return Converted(None, text=True)
    if is_error(text):
        return Converted(None, "O_005", text=True)
    if match := re.fullmatch(_DAY_FIRST, text):
        return _date(int(match[4]), int(match[3]), int(match[1]), True)
    if match := re.fullmatch(_ISO, text):
        return _date(int(match[1]), int(match[2]), int(match[3]), True)
    return Converted(None, "O_006", text=True)


def read_text(raw: object) -> str:
    """A label, a code or free text, tidied; a number as its digits (1234.0 -> "1234"); a blank as ""."""
    return tidy(raw if isinstance(raw, str) else stored_text(raw))


def is_error(text: str) -> bool:
    """Is this what Excel or LibreOffice shows for a formula that failed?"""
    return text in ERRORS or (text[:4] == "Err:" and re.fullmatch(_LIBREOFFICE_ERROR, text) is not None)


def is_blank(raw: object) -> bool:
    """Nothing that an eye would see."""
    return raw is None or (isinstance(raw, str) and not shows(raw))


def stored_text(raw: object) -> str:
    """The content of a cell as text, exactly as typed or stored: text untouched, 5.0 as "5", a date as 5/10/2025."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float):
        if raw.is_integer() and abs(raw) < 1e21:
            return str(int(raw))
        return f"{_decimal(raw):f}" if abs(raw) < 1e21 else repr(raw)
    if isinstance(raw, datetime) and (raw.hour or raw.minute or raw.second):
        return f"{raw.day}/{raw.month}/{raw.year} {raw:%H:%M:%S}"
    if isinstance(raw, date):
        return f"{raw.day}/{raw.month}/{raw.year}"
    return str(raw)


def explain(
    read: Converted[int] | Converted[Decimal] | Converted[date],
    raw: object,
    *,
    sheet: str,
    cell: str,
    name: str,
    key: Key | None = None,
) -> Finding | None:
    """The finding that belongs to a conversion; None when there is nothing to say."""
    if not read.code:
        return None
    shown: object = read.value
    if isinstance(read.value, Decimal):
        shown = show_rate(read.value)
    elif isinstance(read.value, date):
        shown = stored_text(read.value)
    return finding(
        read.code,
        sheet=sheet,
        cell=cell,
        key=key,
        ten=name,
        goc=show(_decimal(raw)) if isinstance(raw, float) and isfinite(raw) else stored_text(raw),
        gia_tri=shown,
        goi_y=read.suggestion or None,
    )


def _count(number: Decimal, *, text: bool) -> Converted[int]:
    if not number.is_finite():
        return Converted(None, "O_002", text=text)
    if number < 0:
        return Converted(None, "O_004", text=text)
    if number >= MOST_EXACT:
        return Converted(None, "O_013", text=text)
    if number != number.to_integral_value():
        return Converted(None, "O_003", _meant(number), text)
    return Converted(int(number), "O_001" if text else "", text=text)


def _meant(number: Decimal) -> str:
    """What a fraction in a count column may have been: 5.676 was 5.676 with a thousands dot; 2.0000001 was 2."""
    nearest = number.to_integral_value()
    thousand = number * 1000
    if abs(number - nearest) < Decimal("0.00001"):
        return show(int(nearest))
    if thousand == thousand.to_integral_value():
        return show(int(thousand))
    return f"{show(int(number))} hoặc {show(int(number) + 1)}"


def _rate(number: Decimal, *, percent: bool, text: bool) -> Converted[Decimal]:
    if not number.is_finite():
        return Converted(None, "O_002", text=text)
    unsigned = not percent and number > 1
    fraction = number.scaleb(-2) if percent or unsigned else number
    if not 0 <= fraction <= 1:
        return Converted(None, "O_009", text=text)
    if int(fraction.as_tuple().exponent) > -2:
        fraction = fraction.quantize(Decimal("0.01"))
    return Converted(fraction, "O_014" if unsigned else "O_001" if text else "", text=text)


@lru_cache(maxsize=4096)  # few days, many dossiers
def _date(year: int, month: int, day: int, text: bool) -> Converted[date]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Converted(None, "O_006", text=text)
    try:
        value = date(year, month, day)
    except ValueError:
        return Converted(None, "O_006", text=text)
    return Converted(value, "O_008" if text else "", text=text)


def _decimal(number: float) -> Decimal:
    """A stored number with the fewest digits that mean it: 0.90159999999999996 is 0.9016."""
    return Decimal(int(number)) if number.is_integer() else Decimal(repr(number))
