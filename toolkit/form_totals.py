"""Form II.06a counted from a dossier register, each dossier with its place in the form.

A dossier that can be placed stands in one of (4) (5) (6) and in one of (8) (9) (10) (12) (13) (14), so every balance
of the form holds by construction. One that cannot (no receipt date, an unknown status) stands nowhere and is listed
with its reason. Where the way of receipt is not known, (4) and (5) are only lower bounds; where the lĩnh vực is not
known, every row is.
"""

# Without "from __future__ import annotations", as in ``toolkit.records``.

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Literal, NamedTuple

from toolkit.dossiers import Register, judge
from toolkit.form import Block
from toolkit.records import TOTAL_ROW, Period
from toolkit.text import key
from toolkit.vocabulary import Bucket

GRID = "bieu_06a"
INDICATORS = (
    "tiep_nhan",
    "truc_tuyen",
    "truc_tiep",
    "ky_truoc",
    "da_giai_quyet",
    "truoc_han",
    "dung_han",
    "qua_han",
    "dang_giai_quyet",
    "dang_trong_han",
    "dang_qua_han",
    "rut",
)
"""Columns (3) to (14) of the form."""

NO_CHANNEL = "khong_ro_hinh_thuc"
"""Received in the period, in (3), but neither in (4) nor in (5)."""

_OUTCOMES = frozenset({"truoc_han", "dung_han", "qua_han", "dang_trong_han", "dang_qua_han", "rut"})
_LEVELS = {"toan_trinh": "hs_toan_trinh", "mot_phan": "hs_mot_phan"}
_INTAKE = {"truc_tuyen": "truc_tuyen", "truc_tiep": "truc_tiep", "buu_chinh": "truc_tiep", "": NO_CHANNEL}


_Moment = Literal["truoc", "trong", "sau", "khong_ro"]  # a receipt against the period
_Seen = tuple[Bucket, _Moment, date | None, date | None, date | None, str, bool]
"""What the place of a dossier depends on: status, receipt, days due, done and returned, channel, whether unreadable."""

_Stand = tuple[str, str] | str | None
"""(intake, outcome) of a dossier, why it has none, or None: it does not belong to the period."""


class Place(NamedTuple):
    """Where one dossier stands in the form."""

    row: str  # the form's row, or the lĩnh vực as written; "" when it has none
    intake: str  # truc_tuyen, truc_tiep, ky_truoc or NO_CHANNEL
    outcome: str  # truoc_han, dung_han, qua_han, dang_trong_han, dang_qua_han or rut


class Totals(NamedTuple):
    """What a register gives for a period."""

    period: Period
    rut: str  # choice of the setting
    rows: tuple[str, ...]  # rows that have a dossier: those of the form first, then others
    counts: Mapping[tuple[str, str], int]  # (row or TOTAL_ROW, indicator or NO_CHANNEL) -> dossiers; absent: 0
    levels: Mapping[str, int]  # hs_toan_trinh and hs_mot_phan among (4); "": level not known
    places: tuple[Place | None, ...]  # one a dossier; None: not in this form
    unplaced: Mapping[str, tuple[int, ...]]  # key of wording.UNPLACED -> dossiers that should be in it

    def dossiers(self, row: str, indicator: str) -> int:
        return self.counts.get((row, indicator), 0)


def totals(
    block: Block,
    register: Register,
    period: Period,
    rut: str,
    rows: Sequence[str] = (),
    way: str = "",
    many: Sequence[int] = (),
) -> Totals:
    """The grid's rows from a register. ``rut`` is the choice of the setting of that name; ``rows`` are labels that
    a filing has beyond the form's own; ``way`` another way of counting, a key of ``wording.WAYS``; ``many``: for
    how many dossiers each of the register stands in the counts; empty: for itself."""
    row_of = RowNames(block, rows)
    stands = _stands(register, period, way)
    wholes = tuple(zip(register.field, stands, register.level, strict=True))
    counted = Counter(wholes)
    for whole, n in zip(wholes, many or (), strict=bool(many)):
        counted[whole] += n - 1
    known = {  # in the order of rows: a row that is not listed goes by its first spelling
        (field, stand, level): Place(row_of[field], *stand)
        for field, stand, level in counted
        if isinstance(stand, tuple)
    }
    places = tuple(map(known.get, wholes))  # type: ignore[arg-type]
    counts: dict[tuple[str, str], int] = defaultdict(int)
    levels: dict[str, int] = defaultdict(int)
    for whole, place in known.items():
        n, level = counted[whole], whole[2]
        for indicator in _cells(place.intake, place.outcome, rut):
            counts[place.row, indicator] += n
            counts[TOTAL_ROW, indicator] += n
        if place.intake == "truc_tuyen":
            levels[_LEVELS.get(level, "")] += n
    listed = (*block.rows, *rows)
    used = {place.row for place in known.values()}
    order = [*dict.fromkeys(row for row in listed if row in used), *sorted(used.difference(listed))]
    unplaced: dict[str, list[int]] = {}
    for i, why in enumerate(stands) if any(isinstance(stand, str) for _, stand, _ in counted) else ():
        if isinstance(why, str):
            unplaced.setdefault(why, []).append(i)
    listing = {why: tuple(indices) for why, indices in unplaced.items()}
    return Totals(period, rut, tuple(order), counts, levels, places, listing)


def dossiers_in(counted: Totals, row: str, indicator: str) -> tuple[int, ...]:
    """The dossiers that stand in a cell."""
    if not counted.dossiers(row, indicator):
        return ()
    here = {
        place
        for place in {*counted.places}
        if place and row in (place.row, TOTAL_ROW) and indicator in _cells(place.intake, place.outcome, counted.rut)
    }
    return tuple(i for i, place in enumerate(counted.places) if place in here)


def _stands(register: Register, period: Period, way: str) -> tuple[_Stand, ...]:
    """Where each dossier stands; asked once for all that have the same of what it depends on."""
    moments = {day: _moment(day, period) for day in {*register.received}}
    wholes: tuple[_Seen, ...] = tuple(
        zip(
            register.status,
            map(moments.__getitem__, register.received),
            register.due,
            register.done,
            register.returned,
            register.channel,
            map(register.unreadable.__contains__, range(len(register))),
            strict=True,
        )
    )
    known = {whole: _stand(whole, period, way) for whole in {*wholes}}
    stands = tuple(map(known.__getitem__, wholes))
    if way != "mot_ma_mot_lan":
        return stands
    newest = {code: i for i, code in enumerate(register.code) if code}
    return tuple(
        stand if newest.get(code, i) == i else None
        for i, (code, stand) in enumerate(zip(register.code, stands, strict=True))
    )


def _moment(received: date | None, period: Period) -> _Moment:
    if received is None:
        return "khong_ro"
    return "truoc" if received < period.start else "trong" if received <= period.end else "sau"


def _stand(seen: _Seen, period: Period, way: str) -> _Stand:
    status, received, due, done, returned, channel, unreadable = seen
    end = (returned or done) if way == "theo_ngay_tra" else (done or returned)
    if way == "ca_moi_dang_ky" and status == "chua_tinh":
        status = "dang"
    if status == "chua_tinh" or received == "sau":
        return None
    if received == "khong_ro":
        return "khong_ngay_nhan"
    if unreadable:
        return "ngay_khong_doc"
    if status in ("xong", "rut") and end is not None and end < period.start:
        return None if received == "truoc" else "xong_truoc_nhan"
    if status == "rut" and end is None and received == "truoc":
        return "rut_khong_ngay"
    kind, why = judge(status, due, end, period.end)
    if kind == "chua_phan_loai":
        return why
    outcome = kind
    if kind not in _OUTCOMES:  # what waits for the citizen is in time
        late = way == "cho_theo_han" and due is not None and due < period.end
        outcome = "dang_qua_han" if late else "dang_trong_han"
    elif way == "den_han_la_qua" and kind == "dang_trong_han" and due == period.end:
        outcome = "dang_qua_han"
    intake = "ky_truoc" if received == "truoc" else _INTAKE[channel]
    return intake, outcome


@cache
def _cells(intake: str, outcome: str, rut: str) -> tuple[str, ...]:
    """The columns in which a dossier is counted."""
    cells = ["tiep_nhan", intake, outcome]
    if outcome in ("dang_trong_han", "dang_qua_han"):
        cells.append("dang_giai_quyet")
    elif outcome != "rut" or rut != "rieng":
        cells.append("da_giai_quyet")
    if outcome == "rut" and rut == "trong_dung_han":
        cells.append("dung_han")
    return tuple(cells)


class RowNames(dict[str, str]):
    """lĩnh vực as written -> row of the form, of the filing, or its first spelling."""

    def __init__(self, block: Block, rows: Iterable[str]) -> None:
        super().__init__({"": "", TOTAL_ROW: ""})
        self._known = {key(row): row for row in (*rows, *block.rows)}
        for row, aliases in block.row_aliases.items():
            self._known |= {key(alias): row for alias in aliases}

    def __missing__(self, text: str) -> str:
        self[text] = row = self._known.setdefault(key(text), text)
        return row
