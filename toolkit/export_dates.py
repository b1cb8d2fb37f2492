"""Two things that dates of an export can be wrong about, decided by evidence alone.

A program in an American locale that opens 05/09/2025 makes 9 May of it, and leaves 25/09/2025 as text, for there is
no month 25: a column with both kinds is the fingerprint. And "Ngày trả kết quả" means the promised day in some
systems and the day of the return in others. What the rest of the row does not prove stays as it is and is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from toolkit.export_rows import Record, Taken, code_key, day_of
from toolkit.figures import read_date
from toolkit.header_row import CODE
from toolkit.text import tidy

RECEIVED, DUE, DONE, RETURNED = "ngay_tiep_nhan", "ngay_hen_tra", "ngay_ket_qua", "ngay_tra"
STATUS = "trang_thai"

_LEAST = 3  # rows that make evidence
_PAIR = 2  # cells that make a fingerprint
_SHARE = 0.8
_FEW = 0.1
_CODE_DAY = re.compile(r"-(\d{2})(\d{2})(\d{2})-")
_MONTH_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})(\2\d{4}.*)")
_OPEN = frozenset({"dang", "bo_sung", "tai_chinh"})
_CLOSED = frozenset({"xong"})


@dataclass(frozen=True, slots=True)
class Swap:
    """A column in which day and month may have been exchanged."""

    field: str
    suspects: tuple[int, ...]  # rows whose date reads both ways
    texts: int  # cells kept as text
    exchanged: Mapping[int, object]  # row -> the date that the rest of its row proves
    kept: int  # suspects that the rest of their row proves right as they are
    open: tuple[int, ...]  # rows that nothing decides


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a doubtful date column means: ``field`` "" when nothing decides."""

    field: str
    why: str  # "hai_cot", "hoi_som", "tuong_lai", "dang_xu_ly", "da_xong"; "" without evidence
    count: int = 0
    of: int = 0


def swaps(taken: Taken, *, all_of: frozenset[str] = frozenset()) -> tuple[Swap, ...]:
    """The columns with the fingerprint. ``all_of``: fields of which a person said that every suspect is exchanged."""
    found = {field: s for field, cells in taken.raw_dates.items() if (s := _suspects(cells))}
    out = []
    for field, (suspects, texts) in found.items():
        exchanged: dict[int, object] = {}
        kept = 0
        left = []
        for n in suspects:
            record = taken.records[n]
            now, other = record.get(field), _exchanged(taken.raw_dates[field][n], record.get(field))
            verdict = True if field in all_of or day_of(now) is None else _proof(field, record, now, other, found, n)
            if verdict:
                exchanged[taken.rows[n]] = other
            elif verdict is None:
                left.append(taken.rows[n])
            else:
                kept += 1
        out.append(Swap(field, tuple(taken.rows[n] for n in suspects), texts, exchanged, kept, tuple(left)))
    return tuple(out)


def meaning(
    options: Sequence[str],
    taken_fields: frozenset[str],
    values: Sequence[object],
    records: Sequence[Record],
    bucket: Callable[[str], str],
) -> Meaning:
    """What a doubtful column means, by the other columns and by its values (one per record)."""
    free = [field for field in options if field not in taken_fields]
    if DUE not in free:  # the promised day has a column of its own
        return Meaning(free[0], "hai_cot") if len(free) == 1 and DUE in options else Meaning("", "")
    returned = next((field for field in free if field != DUE), "")
    rows = [(day_of(value), record) for value, record in zip(values, records, strict=True)]
    days = [(day, record) for day, record in rows if day]
    opens = [day for day, record in rows if bucket(str(record.get(STATUS, ""))) in _OPEN]
    closed = [day for day, record in rows if bucket(str(record.get(STATUS, ""))) in _CLOSED]
    early = sum((done := day_of(record.get(DONE))) is not None and day < done for day, record in days)
    finished = [day for _, record in rows if (day := day_of(record.get(DONE)))]
    known = [*finished, *(day for _, record in rows if (day := day_of(record.get(RECEIVED))))]
    future = sum(day > max(known) for day, record in days if DONE not in record) if finished else 0
    open_filled, closed_filled = sum(map(bool, opens)), sum(map(bool, closed))
    for_due = [
        Meaning(DUE, "dang_xu_ly", open_filled, len(opens)) if _most(open_filled, len(opens)) else None,
        Meaning(DUE, "hoi_som", early, len(days)) if early >= _LEAST else None,
    ]
    for_return = (
        Meaning(returned, "da_xong", len(opens) - open_filled, len(opens))
        if returned and _most(len(opens) - open_filled, len(opens)) and _most(closed_filled, len(closed))
        else None
    )
    due = next((m for m in for_due if m), None)
    if due and not for_return:
        return due
    if for_return and not due and not future:
        return for_return
    if not due and not for_return and not opens and _most(future, len(days), _FEW):
        return Meaning(DUE, "tuong_lai", future, len(days))
    return Meaning("", "")


def code_day(code: object) -> date | None:
    """The day of receipt inside a dossier code (…-YYMMDD-…)."""
    match = _CODE_DAY.search(code_key(code))
    if match is None:
        return None
    try:
        return date(2000 + int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _most(part: int, whole: int, share: float = _SHARE) -> bool:
    return part >= _LEAST and part >= share * whole


def _suspects(cells: Sequence[object]) -> tuple[list[int], int] | None:
    """Positions of the cells that read both ways, and how many texts betray them; None without the fingerprint."""
    real = [(n, day) for n, raw in enumerate(cells) if not isinstance(raw, str) and (day := read_date(raw).value)]
    text = [(n, tidy(raw)) for n, raw in enumerate(cells) if isinstance(raw, str) and raw.strip()]
    parts = [(n, int(m[1]), int(m[3])) for n, raw in text if (m := _MONTH_FIRST.fullmatch(raw))]
    late = sum(first > 12 for _, first, _ in parts)
    both = [n for n, day in real if day.day <= 12 and day.day != day.month]
    if late and len(both) >= _PAIR and all(day.day <= 12 for _, day in real) and late == len(parts):
        return both, late
    month_first = sum(second > 12 for _, _, second in parts)
    if month_first >= _PAIR and not late:
        same = {n for n, first, second in parts if first == second}
        doubtful = both if all(day.day <= 12 for _, day in real) else []
        return sorted({n for n, _, _ in parts} - same | set(doubtful)), month_first
    return None


def _exchanged(raw: object, now: object) -> object:
    """The same cell with day and month exchanged."""
    if isinstance(now, datetime | date):
        return now.replace(month=now.day, day=now.month)
    match = _MONTH_FIRST.fullmatch(tidy(str(raw)))
    return day if match and (day := read_date(f"{match[3]}/{match[1]}{match[4]}").value) else now


def _proof(
    field: str, record: Record, now: object, other: object, doubted: Mapping[str, tuple[list[int], int]], n: int
) -> bool | None:
    """True: exchanged; False: right as it is; None: nothing in the row decides."""
    first, second = day_of(now), day_of(other)
    if first is None or second is None:
        return None
    coded = code_day(record.get(CODE, ""))
    if field == RECEIVED:
        return None if coded not in (first, second) else coded == second
    sure = RECEIVED in record and (RECEIVED not in doubted or n not in doubted[RECEIVED][0])
    start = day_of(record[RECEIVED]) if sure else coded
    if start is None or (first >= start) == (second >= start):
        return None
    return second >= start
