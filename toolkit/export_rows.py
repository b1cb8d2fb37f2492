"""Rows below the heading of an exported list -> dossiers, and what every other row is. No row is lost: each is a
dossier or stands, with its number, under the reason why it is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from toolkit.figures import read_date, read_text, stored_text
from toolkit.header_row import CODE, Header, Rows
from toolkit.text import key, tidy

Record = dict[str, object]
"""Field id -> text, date or datetime; a date that nobody can read stays as written. Blank fields are absent."""

HEADING, SECTION, TOTAL, SIGNATURE, BLANK, OTHER = "tieu_de", "dong_muc", "dong_cong", "chu_ky", "trong", "khac"
REPEATED = "trung"
"""Why a row is not a dossier of its own. ``toolkit.register_merge`` tells the last."""

_CODE = re.compile(r"(?=[^ ]*[0-9])[A-Za-z0-9]+(?:[./_-]+[A-Za-z0-9]+)*")
_TOTAL = re.compile(r"(?:[ivx\d]+[.)] *)?(?:tổng (?:cộng|số|hợp)\b.*|tổng|cộng(?: (?:mục|phần|nhóm|[ivx\d]+)\b.*)?)")
_COLUMN_NUMBER = re.compile(r"\(?\d{1,2}\)?")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?Z?$")
_MOST_DIGITS = 10**15  # Excel keeps no more
_SECTION_CELLS = 3
_EXCEL_DAYS = (20_000, 80_000)  # numbers that a date column can hold: 1954 to 2119


@dataclass(frozen=True, slots=True)
class Taken:
    """What a list gave."""

    records: tuple[Record, ...]
    rows: tuple[int, ...]  # row of each, from 1
    raw_dates: Mapping[str, tuple[object, ...]]  # date field -> the cell of each record as it stands
    left_out: Mapping[str, tuple[int, ...]]  # reason -> rows
    numbers: tuple[int, ...]  # rows whose code is kept as a number: leading zeros may be gone
    long_numbers: tuple[int, ...]  # rows whose code has more digits than Excel keeps
    without_code: tuple[int, ...]


def take(rows: Rows, header: Header, dates: frozenset[str]) -> Taken:
    """The dossiers below a heading. ``dates``: the fields that hold dates, doubtful columns by their heading too."""
    kinds = _Kinds(rows, header)
    chosen = [n for n in range(header.last + 1, len(rows) + 1) if kinds.is_dossier(n)]
    last = chosen[-1] if chosen else header.last
    dossiers = set(chosen)
    left_out: dict[str, list[int]] = {}
    for n in range(1, len(rows) + 1):
        if n not in dossiers:
            left_out.setdefault(kinds.reason(n, last), []).append(n)
    fields = {c.field: c.at for c in header.columns if c.field}
    records: list[Record] = [{} for _ in chosen]
    raw_dates: dict[str, tuple[object, ...]] = {}
    for field, at in fields.items():
        cells = [_cell(rows, n, at) for n in chosen]
        if field in dates:
            raw_dates[field] = tuple(cells)
            known: dict[object, object] = {}
            for record, raw in zip(records, cells, strict=True):
                if raw not in ("", None):
                    same = (type(raw), raw)
                    if same not in known:
                        known[same] = read_moment(raw)
                    record[field] = known[same]
        else:
            for record, raw in zip(records, cells, strict=True):
                if text := (read_code(raw) if field == CODE else read_text(raw)):
                    record[field] = text
    codes = [(n, _cell(rows, n, fields.get(CODE, 0))) for n in chosen]
    numeric = [(n, raw) for n, raw in codes if isinstance(raw, int | float) and not isinstance(raw, bool)]
    return Taken(
        records=tuple(records),
        rows=tuple(chosen),
        raw_dates=raw_dates,
        left_out={reason: tuple(numbers) for reason, numbers in left_out.items()},
        numbers=tuple(n for n, raw in numeric if raw < _MOST_DIGITS),
        long_numbers=tuple(n for n, raw in numeric if raw >= _MOST_DIGITS),
        without_code=tuple(n for n, record in zip(chosen, records, strict=True) if CODE not in record),
    )


def read_code(raw: object) -> str:
    """A code with its leading zeros; the apostrophe that kept them in Excel is none of it."""
    return read_text(raw).removeprefix("'").strip()


def read_moment(raw: object) -> object:
    """A date, with its time of day when it has one (a datetime); what is no date as it stands, tidied."""
    if isinstance(raw, datetime):
        return raw if raw.time() != time() else raw.date()
    if isinstance(raw, float | int) and not isinstance(raw, bool):
        return _serial(raw)
    day = read_date(raw).value
    if day is None:
        return tidy(stored_text(raw))
    if isinstance(raw, str) and (clock := _TIME.search(raw.strip())):
        hour, minute, second = (int(part or 0) for part in clock.groups())
        if hour < 24 and minute < 60 and second < 60 and (hour or minute or second):
            return datetime(day.year, day.month, day.day, hour, minute, second)
    return day


def is_code(text: str) -> bool:
    """Whether it can be a dossier code and no words: one or two pieces of letters and digits, some digit in them."""
    return len(text.split()) < 3 and _CODE.fullmatch("".join(text.split())) is not None


def code_key(code: object) -> str:
    """What two spellings of one dossier code share."""
    return "".join(read_text(code).split()).upper()


def day_of(value: object) -> date | None:
    """The calendar day of a read date; None for a blank or what is no date."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _serial(raw: float) -> object:
    """A number in a date column: Excel's day count; anything else stays as it is."""
    day = read_date(raw).value if _EXCEL_DAYS[0] <= raw <= _EXCEL_DAYS[1] else None
    if day is None:
        return stored_text(float(raw))
    seconds = round(raw % 1 * 86_400)
    if not 0 < seconds < 86_400:
        return day
    return datetime(day.year, day.month, day.day, seconds // 3600, seconds // 60 % 60, seconds % 60)


class _Kinds:
    """What each row is."""

    def __init__(self, rows: Rows, header: Header) -> None:
        self._rows, self._header = rows, header
        told = range(header.first, header.last + 1)
        self._headings = {
            c.at: frozenset(t for n in told if isinstance(t := _cell(rows, n, c.at), str) and t.strip())
            for c in header.columns
        }
        self._fields = {c.field: c.at for c in header.columns if c.field}
        self._mapped = [c.at for c in header.columns if c.field or c.options]
        self._dates = [c.at for c in header.columns if (c.field or "".join(c.options)).startswith("ngay_")]

    def is_dossier(self, n: int) -> bool:
        filled = sum(_cell(self._rows, n, at) not in ("", None) for at in self._mapped)
        if filled < 2 or self._is_heading(n):
            return False
        dated = any(read_date(_cell(self._rows, n, at)).value for at in self._dates)
        code = read_code(_cell(self._rows, n, self._fields.get(CODE, 0)))
        if is_code(code) and (dated or not self._is_total(n)):
            return True
        return (dated or filled > _SECTION_CELLS) and not self._is_total(n)

    def reason(self, n: int, last: int) -> str:
        if n <= self._header.last:
            return HEADING if self._filled(n) else BLANK
        filled = self._filled(n)
        if not filled or (len(filled) == 1 and read_text(filled[0]).isdigit()):  # nothing but a serial number
            return BLANK
        if self._is_heading(n):
            return HEADING
        if self._is_total(n):
            return TOTAL
        if n > last:
            return SIGNATURE
        return SECTION if len(filled) <= _SECTION_CELLS else OTHER

    def _filled(self, n: int) -> list[object]:
        return [raw for raw in self._rows[n - 1] if raw is not None and read_text(raw)]

    def _is_heading(self, n: int) -> bool:
        """The heading once more, at the top of a printed page, or a row of column numbers."""
        if sum(_cell(self._rows, n, at) in texts for at, texts in self._headings.items()) > 1:
            return True
        texts = [read_text(raw) for raw in self._filled(n)]
        return len(texts) > _SECTION_CELLS and all(_COLUMN_NUMBER.fullmatch(text) for text in texts)

    def _is_total(self, n: int) -> bool:
        texts = (raw for raw in self._rows[n - 1] if isinstance(raw, str) and raw.strip())
        first = next((key(text) for text in texts if not read_text(text).isdigit()), "")
        return _TOTAL.fullmatch(first.rstrip(" :")) is not None


def _cell(rows: Sequence[Sequence[object]], row: int, at: int) -> object:
    cells = rows[row - 1]
    return cells[at - 1] if 0 < at <= len(cells) else ""
