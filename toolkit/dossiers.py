"""The dossier register as columns, and what each dossier is worth on a day: in time, late, waiting, withdrawn.

The due date in the export is the truth: pauses and extensions are in it, and nothing else tells them. Days are
compared, never times of day, and never with the clock: as of a cut-off day. What waits for the citizen (supplement,
payment) or was withdrawn is never called late. Calendars only count the days; no verdict depends on them.
"""

# Without "from __future__ import annotations", as in ``toolkit.records``.

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from types import NoneType
from typing import Literal, NamedTuple, TypeVar, cast

from toolkit.figures import FIRST_YEAR, LAST_YEAR, is_blank, read_date, read_text
from toolkit.privacy import shown_word
from toolkit.records import Finding, Table
from toolkit.text import all_tidy, key
from toolkit.vocabulary import Bucket, Vocabulary
from toolkit.wording import REASONS, VERDICTS, fill, finding, show_date, show_day, show_days
from toolkit.workdays import Calendar

Kind = Literal[
    "truoc_han",
    "dung_han",
    "qua_han",
    "dang_trong_han",
    "sap_den_han",
    "dang_qua_han",
    "cho_bo_sung",
    "cho_nghia_vu_tai_chinh",
    "dung_xu_ly",
    "rut",
    "chua_tinh",
    "chua_phan_loai",
]

Meaning = TypeVar("Meaning", bound=str)
Meant = TypeVar("Meant")

_WAITING: Mapping[str, Kind] = {
    "bo_sung": "cho_bo_sung",
    "tai_chinh": "cho_nghia_vu_tai_chinh",
    "dung": "dung_xu_ly",
}
_COUNTED = frozenset({"truoc_han", "qua_han", "dang_trong_han", "sap_den_han", "dang_qua_han"})
_FINISHED = frozenset({"truoc_han", "dung_han", "qua_han"})
_COMPARED = _COUNTED | _FINISHED
_TIME = re.compile(r"[ T]+([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?$")
_WITH_TIME = frozenset({str, datetime})  # kinds of cells that may show a time of day
_LONGEST = 60  # characters of a status that a message repeats


class Register(NamedTuple):
    """Dossiers as columns of equal length. A text that is not there is ""; a date None."""

    sheet: str
    letters: Mapping[str, str]  # field of the form -> column letters
    rows: tuple[int, ...]  # Excel row numbers
    source: tuple[int, ...]  # which of several exports a row came from
    code: tuple[str, ...]
    procedure: tuple[str, ...]
    field: tuple[str, ...]  # lĩnh vực
    channel: tuple[str, ...]  # "truc_tuyen", "truc_tiep", "buu_chinh"; "" also when the word is not known
    level: tuple[str, ...]  # "toan_trinh", "mot_phan", "truc_tiep"; "" also when the word is not known
    received: tuple[date | None, ...]
    due: tuple[date | None, ...]
    done: tuple[date | None, ...]  # there is a result
    returned: tuple[date | None, ...]  # it was handed over
    minutes: tuple[int | None, ...]  # from receipt to result, where both carry a time of day
    status: tuple[Bucket, ...]
    status_text: tuple[str, ...]
    unit: tuple[str, ...]
    officer: tuple[str, ...]
    unreadable: frozenset[int]  # dossiers with a due date or a result date that cannot be read
    applicant: tuple[str, ...]  # personal data: compared, never shown

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"Register({self.sheet!r}, {len(self)} dossiers)"

    def end(self, i: int) -> date | None:
        """When it was finished: the result, else the handing over."""
        return self.done[i] or self.returned[i]


class Verdict(NamedTuple):
    kind: Kind
    days: int | None  # working days after the due date, negative before it; None: not asked, or outside the calendar
    why: str  # key of wording.REASONS
    due: date | None
    at: date | None  # the day that was compared with it: of the result, or the cut-off


def register_of(table: Table, vocabulary: Vocabulary, source: int = 0) -> tuple[Register, tuple[Finding, ...]]:
    """A register sheet as it was read, in columns, and what its words leave open. Dates that cannot be read are told
    by ``registers.check``; here they only keep a dossier from a verdict."""
    n = len(table.rows)
    received, _ = _dates(table, "ngay_tiep_nhan")
    (due, bad_due), (done, bad_done), (returned, bad_returned) = (
        _dates(table, f) for f in ("ngay_hen_tra", "ngay_ket_qua", "ngay_tra")
    )
    status_text = _texts(table, "trang_thai")
    found: list[Finding] = []
    status: list[Bucket] = _meanings(table, "trang_thai", status_text, vocabulary.statuses, "chua_phan_loai", found)
    blank = [i for i, text in enumerate(status_text) if not text] if "" in status_text else []
    dated = bool(table.columns.keys() & {"ngay_ket_qua", "ngay_tra"})
    for i in blank:
        status[i] = "xong" if done[i] or returned[i] else "dang" if dated else "chua_phan_loai"
    if blank:
        found.append(_finding(table, "trang_thai" if "trang_thai" in table.letters else "ma_ho_so", blank, "HS_003"))
    channels: list[str] = _meanings(table, "hinh_thuc", _texts(table, "hinh_thuc"), vocabulary.channels, "", found)
    levels: list[str] = _meanings(table, "muc_do", _texts(table, "muc_do"), vocabulary.levels, "", found)
    register = Register(
        sheet=table.sheet,
        letters=table.letters,
        rows=table.rows,
        source=(source,) * n,
        code=_texts(table, "ma_ho_so"),
        procedure=_texts(table, "ten_tthc"),
        field=_texts(table, "linh_vuc"),
        channel=tuple(channels),
        level=tuple(levels),
        received=received,
        due=due,
        done=done,
        returned=returned,
        minutes=_minutes(table, received, done),
        status=tuple(status),
        status_text=status_text,
        unit=_texts(table, "don_vi"),
        officer=_texts(table, "can_bo"),
        unreadable=frozenset(bad_due | bad_done | bad_returned),
        applicant=_texts(table, "chu_ho_so"),
    )
    return register, tuple(found)


def judge(status: Bucket, due: date | None, end: date | None, cutoff: date) -> tuple[Kind, str]:
    """The verdict on one dossier as of the end of a day, and why. What was finished later was still open then."""
    if status == "chua_tinh" or status == "chua_phan_loai":
        return status, status
    if status in _WAITING:
        return _WAITING[status], _WAITING[status]
    if status == "xong" or status == "rut":
        if end is None:
            return ("rut", "rut") if status == "rut" else ("chua_phan_loai", "xong_khong_ngay")
        if end <= cutoff:
            if status == "rut":
                return "rut", "rut"
            if due is None:
                return "dung_han", "khong_hen_xong"
            kind: Kind = "truoc_han" if end < due else "dung_han" if end == due else "qua_han"
            return kind, kind
    if due is None:
        return "dang_trong_han", "khong_hen_dang"
    return ("dang_trong_han", "dang_trong_han") if due >= cutoff else ("dang_qua_han", "dang_qua_han")


def kinds(register: Register, cutoff: date) -> tuple[Kind, ...]:
    """The kinds that ``verdicts`` gives when nothing is called "sắp đến hạn"; ``judge`` is asked once for all dossiers
    that it cannot tell apart."""
    ends = tuple(done or returned for done, returned in zip(register.done, register.returned, strict=True))
    wholes = tuple(zip(register.status, register.due, ends, strict=True))
    known = {whole: judge(*whole, cutoff)[0] for whole in {*wholes}}
    out = [*map(known.__getitem__, wholes)]
    for i in register.unreadable:
        out[i] = "chua_phan_loai"
    later = {day for day in {*register.received} if day is not None and day > cutoff}
    for i, day in enumerate(register.received) if later else ():
        if day in later:
            out[i] = "chua_tinh"
    return tuple(out)


def verdicts(register: Register, calendar: Calendar, cutoff: date, soon: int) -> tuple[Verdict, ...]:
    """A verdict for each dossier as of the end of ``cutoff``; ``soon``: so many working days left are "sắp đến hạn"."""
    out = []
    known: dict[tuple[date, date], int | None] = {}
    for i, (status, received, due) in enumerate(zip(register.status, register.received, register.due, strict=True)):
        end = register.end(i)
        if received is not None and received > cutoff:
            out.append(Verdict("chua_tinh", None, "tiep_nhan_sau", due, received))
            continue
        if i in register.unreadable:
            out.append(Verdict("chua_phan_loai", None, "ngay_khong_doc", due, None))
            continue
        kind, why = judge(status, due, end, cutoff)
        at = end if kind in _FINISHED or kind == "rut" else cutoff
        days = None
        if kind in _COMPARED and due is not None and at is not None:
            pair = due, at
            if pair not in known:
                known[pair] = calendar.between(due, at)
            days = known[pair]
            if kind == "dang_trong_han" and days is not None and -days <= soon:
                kind = why = "sap_den_han"
        if why in _FINISHED and register.done[i] is None:
            why += "_tra"
        out.append(Verdict(kind, days, why, due, at))
    return tuple(out)


def reason(verdict: Verdict, calendar: Calendar) -> str:
    """The verdict in words, with its dates and the days off between them:
    "quá hạn 2 ngày làm việc: hẹn 03/9, có kết quả 05/9"."""
    due, at, days = verdict.due, verdict.at, verdict.days
    same_year = due is None or at is None or due.year == at.year
    shown = show_day if same_year else show_date
    fields: dict[str, object] = {"ten": VERDICTS[verdict.kind].lower(), "so": ""}
    if due is not None:
        fields["hen"] = shown(due)
    if at is not None:
        fields["ngay"] = shown(at)
    if days is not None:
        in_time = verdict.kind in ("dang_trong_han", "sap_den_han")
        fields["so"] = fill(REASONS["con" if in_time else "so_ngay" if days else "khong_ngay"], {"n": abs(days)})
    text = fill(REASONS[verdict.why], fields)
    if due is None or at is None or verdict.kind not in _COUNTED:
        return text
    if days is None:
        return text + fill(REASONS["ngoai_lich"], {"tu": show_date(calendar.first), "den": show_date(calendar.last)})
    span = calendar.explain(due, at)
    if span.off:
        text += fill(REASONS["nghi"], {"ngay": show_days(d.day for d in span.off)})
    if span.made_up:
        text += fill(REASONS["lam_bu"], {"ngay": show_days(d.day for d in span.made_up)})
    return text + (REASONS["du_kien"] if span.provisional else "")


def _texts(table: Table, field_id: str) -> tuple[str, ...]:
    """A column as tidy texts."""
    cells = table.columns.get(field_id)
    if cells is None:
        return ("",) * len(table.rows)
    different = {*cells}
    if {*map(type, different)} == {str} and all_tidy(cast("set[str]", different)):
        return cast("tuple[str, ...]", cells)
    return _each(cells, read_text)


def _dates(table: Table, field_id: str) -> tuple[tuple[date | None, ...], set[int]]:
    """A column as days, and the positions of what is no day; the time of day does not count."""
    cells = table.columns.get(field_id)
    if cells is None:
        return (None,) * len(table.rows), set()
    if {*map(type, cells)} <= {date, NoneType}:  # as a sound file has them
        dates = cast("tuple[date | None, ...]", cells)
        odd_days = {day for day in {*dates} if day and not FIRST_YEAR <= day.year <= LAST_YEAR}
        if not odd_days:
            return dates, set()
        bad = {i for i, day in enumerate(dates) if day in odd_days}
        return tuple(None if day in odd_days else day for day in dates), bad
    if not _WITH_TIME.isdisjoint(map(type, cells)):
        cells = tuple(map(_without_time, cells))
    odd = []

    def day_of(raw: object) -> date | None:
        day = read_date(raw).value
        if day is None and not is_blank(raw):
            odd.append(raw)
        return day

    days = _each(cells, day_of)
    return days, {i for i, day in enumerate(days) if day is None and not is_blank(cells[i])} if odd else set()


def _each(cells: Sequence[object], convert: Callable[[object], Meant]) -> tuple[Meant, ...]:
    """Cells converted one by one, those that hold the same only once."""
    if len({*map(type, cells)} - {NoneType}) < 2:
        known = {raw: convert(raw) for raw in set(cells)}
        return tuple(map(known.__getitem__, cells))
    typed = tuple(zip(map(type, cells), cells, strict=True))  # 1 and True are equal, and do not hold the same
    meant = {(kind, raw): convert(raw) for kind, raw in set(typed)}
    return tuple(map(meant.__getitem__, typed))


def _without_time(raw: object) -> object:
    if isinstance(raw, datetime):
        return raw.date()
    return _TIME.split(raw)[0] if isinstance(raw, str) else raw


def _minutes(table: Table, starts: Sequence[date | None], ends: Sequence[date | None]) -> tuple[int | None, ...]:
    cells = [table.columns.get(f, starts) for f in ("ngay_tiep_nhan", "ngay_ket_qua")]
    if any(_WITH_TIME.isdisjoint(map(type, column)) for column in cells):
        return (None,) * len(starts)
    out = []
    for first, a, last, b in zip(cells[0], starts, cells[1], ends, strict=True):
        minutes = None
        if a is not None and b is not None:
            begun, over = _clock(first), _clock(last)
            if begun is not None and over is not None:
                minutes = (b - a).days * 1440 + over - begun
        out.append(minutes)
    return tuple(out)


def _clock(raw: object) -> int | None:
    """Minutes after midnight of a cell that shows a time of day; midnight itself is none."""
    if isinstance(raw, datetime):
        return raw.hour * 60 + raw.minute or None
    if isinstance(raw, str) and (match := _TIME.search(raw)):
        return int(match[1]) * 60 + int(match[2]) or None
    return None


def _meanings(
    table: Table,
    field_id: str,
    texts: Sequence[str],
    words: Mapping[str, Meaning],
    unknown: Meaning,
    found: list[Finding],
) -> list[Meaning]:
    """What the words of a column mean; words that are not listed are told, each once, and mean ``unknown``."""
    meaning = {text: words.get(key(text)) for text in set(texts)}
    strange = {text for text, known in meaning.items() if known is None and text}
    if strange:
        places: dict[str, list[int]] = {}
        for i, text in enumerate(texts):
            if text in strange:
                places.setdefault(text, []).append(i)
        told: dict[str, list[int]] = {}
        for text, indices in places.items():
            told.setdefault(shown_word(text, len(indices)), []).extend(indices)
        for text, indices in told.items():
            shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
            code = "HS_002" if field_id == "trang_thai" else "HS_004"
            found.append(_finding(table, field_id, indices, code, goc=shown))
    settled = {text: known or unknown for text, known in meaning.items()}
    return [*map(settled.__getitem__, texts)]


def _finding(table: Table, field_id: str, indices: Sequence[int], code: str, **fields: object) -> Finding:
    letters = table.letters.get(field_id, "A")
    cell = f"{letters}{table.rows[indices[0]]}"
    return finding(code, sheet=table.sheet, cell=cell, n=len(indices), **fields)  # type: ignore[arg-type]
