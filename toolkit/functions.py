"""What the worksheet functions compute, a column at a time: cells in, cells out, the same rules as everywhere.

An argument is a list of cells or one cell, which then counts for every row. A blank gives a blank (""), never 0; what
cannot be computed gives a sentence that begins with "Lỗi: ", never an exception; such a sentence, or an error of
Excel, in an argument is handed on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

from toolkit import text
from toolkit.dossiers import register_of, verdicts
from toolkit.figures import Converted, is_blank, is_error, read_count, read_date, read_rate, read_text
from toolkit.records import Table
from toolkit.vocabulary import Vocabulary
from toolkit.wording import FUNCTION_FAULTS, VERDICTS, fill, show_date
from toolkit.workdays import Calendar

Column = object
"""A list or tuple of cells, or one cell."""

Cells = list[object]
V = TypeVar("V", int, Decimal, date)

_FAULT = FUNCTION_FAULTS["dau"]
_NO_COUNT = {"O_003": "so_le", "O_004": "so_am", "O_013": "so_lon"}


class _Fault(Exception):
    """Says why a row has no value; never leaves this module."""


def deadlines(received: Column, days: Column, calendar: Calendar) -> Cells:
    """The last day of each term of working days; the day of receipt is not counted."""

    def one(start: object, term: object) -> object:
        day = _day(start)
        due = calendar.due(day, _count(term, "so_ngay"))
        return _inside(due, calendar)

    return _each(one, received, days)


def working_days(start: Column, end: Column, calendar: Calendar) -> Cells:
    """Working days after ``start`` up to and including ``end``; negative when ``end`` comes first."""
    return _each(lambda a, b: _inside(calendar.between(_day(a), _day(b)), calendar), start, end)


def days_late(due: Column, done: Column, cutoff: Column, calendar: Calendar) -> Cells:
    """Working days from the due date to the result, or, where there is none, to the cut-off; 0 when in time."""

    def one(promised: object, finished: object, at: object) -> object:
        if is_blank(promised):
            return ""
        end = _day(at) if is_blank(finished) else _day(finished)
        return _inside(calendar.days_late(_day(promised), end), calendar)

    return _each(one, due, done, cutoff, blanks=True)


def verdict(
    due: Column,
    done: Column,
    status: Column,
    cutoff: object,
    *,
    soon: int,
    calendar: Calendar,
    vocabulary: Vocabulary,
) -> Cells:
    """The verdict on each dossier in words. Without a status, a dossier with a result is finished."""
    columns, n = _aligned((due, done, status))
    at = read_date(cutoff).value
    if at is None:
        return [handed_on(cutoff) or fault("ngay")] * n
    fields = ("ngay_hen_tra", "ngay_ket_qua", "trang_thai")
    raw = {
        field: tuple(None if c is _MISSING else c for c in cells) for field, cells in zip(fields, columns, strict=True)
    }
    register, _ = register_of(
        Table("", "", dict(zip(fields, "ABC", strict=True)), tuple(range(1, n + 1)), raw), vocabulary
    )
    out: Cells = []
    for i, (found, cells) in enumerate(
        zip(verdicts(register, calendar, at, soon), zip(*columns, strict=True), strict=True)
    ):
        broken = next(filter(None, map(handed_on, cells)), "")
        if any(cell is _MISSING for cell in cells):
            out.append(fault("cot"))
        elif broken or all(map(is_blank, cells)):
            out.append(broken)
        elif i in register.unreadable:
            out.append(fault("ngay"))
        elif register.status[i] == "chua_phan_loai":
            out.append(fault("trang_thai"))
        else:
            out.append(VERDICTS[found.kind])
    return out


def rates(part: Column, whole: Column) -> Cells:
    """Each share as a fraction of 1; "–" of nothing."""

    def one(numerator: object, denominator: object) -> object:
        a, b = _count(numerator), _count(denominator)
        return float(Decimal(a) / b) if b else FUNCTION_FAULTS["mau_so"]

    return _each(one, part, whole)


def numbers(cells: Column) -> Cells:
    """Whole numbers and percentages as Vietnamese writes them: "5.676" -> 5676, "80,05 %" -> 0.8005."""

    def one(cell: object) -> object:
        if isinstance(cell, str) and "%" in cell:
            return float(_value(read_rate(cell)))
        return _count(cell)

    return _each(one, cells)


def dates(cells: Column) -> Cells:
    """Dates as Vietnamese writes them, day before month."""
    return _each(_day, cells)


def tidied(cells: Column) -> Cells:
    """Texts composed, on one line, with single spaces and nothing invisible; what is no text stays as it is."""
    return _each(lambda cell: text.tidy(cell) if isinstance(cell, str) else cell, cells)


def keys(cells: Column) -> Cells:
    """What two spellings of one name share, to look a name up by."""
    return _each(lambda cell: text.key(read_text(cell)), cells)


def count(*conditions: tuple[Column, Column]) -> Cells:
    """How many rows of a register meet all conditions, each a column and what is wanted of it, spelled in any way.

    ``wanted`` may be a list: then one number for each. A blank wanted value is no condition; where there is none, the
    answer is blank.
    """
    columns, _ = _aligned([column for column, _ in conditions])
    wanted, many = _aligned([value for _, value in conditions])
    if any(cell is _MISSING for cells in (*columns, *wanted) for cell in cells):
        return [fault("cot")] * many
    positions: list[dict[str, set[int]]] = [{} for _ in columns]
    for at, cells in zip(positions, columns, strict=True):
        for i, value in enumerate(_all_compared(cells)):
            at.setdefault(value, set()).add(i)
    counted: dict[tuple[str, ...], int | None] = {}  # a list of wanted values often repeats a few
    out: Cells = []
    for row, values in zip(zip(*wanted, strict=True), zip(*map(_all_compared, wanted), strict=True), strict=True):
        if broken := next(filter(None, map(handed_on, row)), ""):
            out.append(broken)
            continue
        if values not in counted:
            asked = [at.get(value, set()) for at, value in zip(positions, values, strict=True) if value]
            counted[values] = len(set.intersection(*asked)) if asked else None
        number = counted[values]
        out.append("" if number is None else number)
    return out


def handed_on(cell: object) -> str:
    """The sentence to hand on for a cell that failed already; "" for any other."""
    if not isinstance(cell, str):
        return ""
    if cell.startswith(_FAULT):
        return cell
    if "#" not in cell and "Err:" not in cell:  # most cells, and columns are long
        return ""
    return fault("o_loi", goc=text.tidy(cell)) if is_error(text.tidy(cell)) else ""


def fault(code: str, **fields: object) -> str:
    """The sentence that stands instead of a value, by its key in ``wording.FUNCTION_FAULTS``."""
    return _FAULT + fill(FUNCTION_FAULTS[code], fields)


_MISSING = object()


def _each(work: Callable[..., object], *arguments: Column, blanks: bool = False) -> Cells:
    """``work`` on every row. A row with a blank is blank, unless ``work`` knows ``blanks``."""
    columns, _ = _aligned(arguments)
    out: Cells = []
    for cells in zip(*columns, strict=True):
        broken = next(filter(None, map(handed_on, cells)), "")
        if broken:
            out.append(broken)
        elif _MISSING in cells:
            out.append(fault("cot"))
        elif all(map(is_blank, cells)) or (not blanks and any(map(is_blank, cells))):
            out.append("")
        else:
            try:
                out.append(work(*cells))
            except _Fault as stopped:
                out.append(str(stopped))
    return out


def _aligned(arguments: Sequence[Column]) -> tuple[list[Sequence[object]], int]:
    """Columns of one length: one cell for every row, a column that ends early goes on with ``_MISSING``."""
    lengths = [len(a) for a in arguments if isinstance(a, list | tuple)]
    n = max(lengths, default=1)
    out: list[Sequence[object]] = []
    for argument in arguments:
        if not isinstance(argument, list | tuple):
            out.append([argument] * n)
        elif len(argument) == 1:
            out.append([argument[0]] * n)
        else:
            out.append([*argument, *[_MISSING] * (n - len(argument))])
    return out, n


def _day(cell: object) -> date:
    return _value(read_date(cell), "ngay")


def _count(cell: object, otherwise: str = "so") -> int:
    return _value(read_count(cell), otherwise)


def _value(read: Converted[V], otherwise: str = "so") -> V:
    if read.value is not None:
        return read.value
    if otherwise != "so":
        raise _Fault(fault(otherwise))
    raise _Fault(fault(_NO_COUNT.get(read.code, "so"), goi_y=read.suggestion))


def _inside(value: date | int | None, calendar: Calendar) -> date | int:
    if value is None:
        raise _Fault(fault("ngoai_lich", tu=show_date(calendar.first), den=show_date(calendar.last)))
    return value


def _all_compared(cells: Sequence[object]) -> list[str]:
    known = {cell: _compared(cell) for cell in {cell for cell in cells if isinstance(cell, str)}}
    return [known[cell] if isinstance(cell, str) else _compared(cell) for cell in cells]


def _compared(cell: object) -> str:
    """A cell as conditions compare it: a date by its day, however it is written, a text by its key."""
    day = read_date(cell).value if isinstance(cell, str | date) else None
    return day.isoformat() if day else text.key(read_text(cell))
