"""What is told of a filing written as a table: codes with differences, and one sound row to spoil."""

from __future__ import annotations

from tables import FORM, Cell, made

from toolkit.checks import confront
from toolkit.records import Filing, Finding

Told = list[tuple[str, int | None]]

VAN_TUONG = "5.297 | 382 | 0 | 5.182 | 2 | 76 | 343 | 68 | 8"
INPUTS = "truc_tuyen | truc_tiep | ky_truoc | truoc_han | dung_han | qua_han | dang_trong_han | dang_qua_han | rut"
SOUND: dict[str, Cell] = dict(zip(INPUTS.split(" | "), (60, 30, 10, 50, 20, 10, 12, 6, 2), strict=True))
"""100 received = 80 done + 18 in process + 2 withdrawn."""


def told(filing: Filing, *severities: str) -> Told:
    """Code and difference of the findings, errors and warnings unless said."""
    kept = severities or ("error", "warning")
    return [(f.code, _whole(f)) for f in confront(FORM, filing) if f.severity in kept]


def at(filing: Filing, code: str) -> list[tuple[str, str]]:
    """Row and indicator that the findings of a code point at."""
    return [(f.key.row, f.key.indicator) for f in confront(FORM, filing) if f.code == code and f.key]


def sound(
    total: dict[str, Cell] | None = None,
    *,
    scalars: dict[str, Cell] | None = None,
    settings: dict[str, str] | None = None,
    **cells: Cell,
) -> Filing:
    """A report of one row, ``SOUND`` but for ``cells``; ``total``: what is typed into the total row."""
    return made({"Đất đai": SOUND | cells, "Tổng cộng": total or {}}, scalars or {}, settings=settings)


def _whole(f: Finding) -> int | None:
    return None if f.difference is None else int(f.difference)
