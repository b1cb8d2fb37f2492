"""The worksheet functions as Calc calls them: the same table as in Excel, under names that UNO can spell.

Calc hands over a day as its number, a range as rows of cells, and a single blank cell as 0; that cannot be told from a
number, so 0 is taken for a blank wherever a function has no use for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from macros.udfs import FUNCTIONS
from macros.worksheet import Argument, Cells, Function, answer, as_serial

ZERO_IS_MEANT = frozenset({"so_ngay", "phan", "tong", "o", "sap_den_han"})
"""Arguments whose 0 means something."""

GIVE_DAYS = frozenset({"XA_HAN_TRA", "XA_NGAY"})
"""Functions whose answer is a day: to Calc, its number."""


def method(shown: str) -> str:
    """XA_HAN_TRA -> xaHanTra; "" for a name that is not ours."""
    return spelt(shown) if shown in FUNCTIONS else ""


def spelt(name: str) -> str:
    """ngay_nhan -> ngayNhan: UNO takes no underscore."""
    first, *rest = name.lower().split("_")
    return first + "".join(map(str.capitalize, rest))


def gives_days(method_name: str) -> bool:
    return function(method_name).name in GIVE_DAYS


def gives_a_day(formula: str) -> bool:
    """Whether a formula, as the API spells it, is one call of such a function and nothing around it."""
    if not _DAY.match(formula):
        return False
    text, open_ = _QUOTED.sub("", formula.strip("{}")), 0
    for at, letter in enumerate(text):
        open_ += (letter == "(") - (letter == ")")
        if letter == ")" and not open_:
            return not text[at + 1 :].strip()
    return False


def function(method_name: str) -> Function:
    """Raises StopIteration for an unknown method: Calc asks only for those that we declare."""
    return next(f for name, f in FUNCTIONS.items() if method(name) == method_name)


def call(method_name: str, cells: Sequence[Cells]) -> tuple[tuple[object, ...], ...]:
    """Rows of cells, one row of one for one value: Python cannot hand a table to LibreOffice as ``any``."""
    asked = function(method_name)
    given = [_blank_again(a, cell) for a, cell in zip(asked.arguments, cells, strict=True)]
    found = as_serial(answer(asked, given))
    return tuple(map(tuple, found)) if isinstance(found, list) else ((found,),)


def idl() -> str:
    """The interface that Calc calls; LibreOffice reads it as text, no compiler is needed."""
    lines = []
    for name, f in FUNCTIONS.items():
        arguments = ", ".join(f"[in] any {spelt(argument.name)}" for argument in f.arguments)
        lines.append(f"        sequence< sequence< any > > {method(name)}({arguments});")
    body = "\n".join(lines)
    return (
        "module vn { module tthc {\n    interface XFunctions : com::sun::star::uno::XInterface\n    {\n"
        f"{body}\n    }};\n}}; }};\n"
    )


_DAY = re.compile(rf"\{{?=\s*vn\.tthc\.Functions\.(?:{'|'.join(sorted(map(method, GIVE_DAYS)))})\s*\(", flags=re.I)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def _blank_again(argument: Argument, cell: Cells) -> Cells:
    return "" if cell == 0 and argument.name not in ZERO_IS_MEANT else cell
