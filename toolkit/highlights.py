"""Verdicts on a register -> what to paint in it, and the list that says the same in words, the most pressing first.

A row is painted by its verdict, the cells of an anomaly over that; a row that is only odd is painted as odd. Nothing
here names a citizen: codes, dates, units and reasons, each only when it can be nothing else (``toolkit.privacy``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from toolkit.anomalies import Anomaly
from toolkit.dossiers import Kind, Register, Verdict, reason
from toolkit.privacy import shown_code, shown_unit
from toolkit.records import Edit, Finding
from toolkit.text import key
from toolkit.wording import HIGHLIGHTS, ODDITIES, VERDICTS, fill, show_date
from toolkit.workdays import Calendar

ODD = "bat_thuong"

COLOURS: Mapping[str, str] = {
    "dang_qua_han": "F2B8B0",
    "qua_han": "FADEDB",
    "sap_den_han": "FFF2B3",
    ODD: "FBD3A3",
    "chua_phan_loai": "E3E0DC",
    "cho_bo_sung": "D3DEE8",
    "cho_nghia_vu_tai_chinh": "D3DEE8",
    "dung_xu_ly": "D3DEE8",
}
"""What is painted ("RRGGBB"), in the order of the list."""

LATE = ("dang_qua_han", "qua_han")
TIMED = (*LATE, "sap_den_han")

_RANK = {group: n for n, group in enumerate(COLOURS)}


@dataclass(frozen=True, slots=True)
class Line:
    """One painted dossier."""

    dossier: int  # position in the register
    group: str  # key of COLOURS
    label: str
    cell: str  # in the register
    name: str  # its code, or its row when that may be something else than a code
    received: date | None
    due: date | None
    end: date | None  # there is a result, or it was handed over
    unit: str
    days: int | None  # working days after the due date, negative before it; None: not asked, or outside the calendar
    reason: str


@dataclass(frozen=True, slots=True)
class Highlights:
    """What the list says: ``counts`` add up to all dossiers; ``odd`` of them look odd besides."""

    sheet: str  # of the register
    cutoff: date
    summary: str
    about: tuple[str, ...]  # whose register, of which period
    calendar: str  # which calendar counted the days, and where it could not
    counts: Mapping[Kind, int]  # every verdict that occurs, the painted ones first
    odd: int
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]  # what concerns no single dossier

    @property
    def late(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.group in LATE)


def highlights(
    register: Register,
    verdicts: Sequence[Verdict],
    calendar: Calendar,
    cutoff: date,
    soon: int,
    *,
    calendar_name: str,
    about: Sequence[str] = (),
    anomalies: Sequence[Anomaly] = (),
    findings: Sequence[Finding] = (),
) -> Highlights:
    """``verdicts`` as of ``cutoff`` with ``soon``; ``findings``: of reading the register, told below the list."""
    odd = _odd(anomalies)
    applicants = {key(name) for name in register.applicant if name}
    lines = [
        _line(register, i, verdict, calendar, odd.get(i, ()), applicants)
        for i, verdict in enumerate(verdicts)
        if verdict.kind in COLOURS or i in odd
    ]
    lines.sort(key=_urgency)
    counted = Counter(verdict.kind for verdict in verdicts)
    order = [*(k for k in VERDICTS if k in COLOURS), *(k for k in VERDICTS if k not in COLOURS)]
    counts: dict[Kind, int] = {k: counted[k] for k in order if counted[k]}  # type: ignore[index, misc]
    fields: dict[str, object] = {k: counted[k] for k in TIMED}  # type: ignore[index]
    fields |= {"ngay": show_date(cutoff), "tong": len(verdicts), "soon": soon, ODD: len(odd)}
    return Highlights(
        sheet=register.sheet,
        cutoff=cutoff,
        summary=fill(HIGHLIGHTS["tom_tat"], fields),
        about=tuple(about),
        calendar=_about_calendar(verdicts, calendar, calendar_name),
        counts=counts,
        odd=len(odd),
        lines=tuple(lines),
        findings=(*findings, *(a.finding for a in anomalies if not _of_dossiers(a))),
    )


def edits(register: Register, told: Highlights, anomalies: Sequence[Anomaly] = ()) -> tuple[Edit, ...]:
    """What to paint: the cells of anomalies, then the rows of the list, in the columns that the form has."""
    odd = [
        Edit("paint", told.sheet, cell, colour=COLOURS[ODD])
        for anomaly in anomalies
        if _of_dossiers(anomaly)
        for cell in anomaly.finding.cells
    ]
    letters = tuple(register.letters.values())
    rows = [
        Edit("paint", told.sheet, f"{letter}{register.rows[line.dossier]}", colour=COLOURS[line.group])
        for line in sorted(told.lines, key=lambda line: line.dossier)
        for letter in letters
    ]
    return (*dict.fromkeys(odd), *rows)


def _of_dossiers(anomaly: Anomaly) -> bool:
    """Is each of its dossiers to be looked at? Habits of a whole register and remarks paint nothing."""
    return not anomaly.group and anomaly.finding.severity != "info"


def _odd(anomalies: Sequence[Anomaly]) -> dict[int, list[Anomaly]]:
    """The anomalies of each dossier, surest first."""
    odd: dict[int, list[Anomaly]] = {}
    for anomaly in anomalies:
        for i in anomaly.dossiers if _of_dossiers(anomaly) else ():
            odd.setdefault(i, []).append(anomaly)
    return odd


def _line(
    register: Register,
    i: int,
    verdict: Verdict,
    calendar: Calendar,
    anomalies: Sequence[Anomaly],
    applicants: set[str],
) -> Line:
    group = min({verdict.kind, ODD if anomalies else verdict.kind} & _RANK.keys(), key=_RANK.__getitem__)
    letter = register.letters.get("ma_ho_so") or next(iter(register.letters.values()))
    return Line(
        dossier=i,
        group=group,
        label=HIGHLIGHTS[ODD] if group == ODD else VERDICTS[group],
        cell=f"{letter}{register.rows[i]}",
        name=shown_code(register.code[i]) or fill(HIGHLIGHTS["khong_ma"], {"dong": str(register.rows[i])}),
        received=register.received[i],
        due=register.due[i],
        end=register.end(i),
        unit=shown_unit(register.unit[i], applicants),
        days=verdict.days if verdict.kind in COLOURS else None,
        reason=_reason(verdict, calendar, anomalies),
    )


def _reason(verdict: Verdict, calendar: Calendar, anomalies: Sequence[Anomaly]) -> str:
    """The verdict in words, and what is odd besides."""
    text = reason(verdict, calendar)
    text = text[:1].upper() + text[1:]
    if not anomalies:
        return text
    odd = "; ".join(dict.fromkeys(ODDITIES[a.code] for a in anomalies))
    return fill(HIGHLIGHTS["va"], {"ly_do": text, "bat_thuong": odd})


def _urgency(line: Line) -> tuple[int, bool, int, date, int]:
    """By group, then the most days late (what lies outside the calendar is later still), then the earliest due date."""
    return _RANK[line.group], line.days is not None, -(line.days or 0), line.due or date.max, line.dossier


def _about_calendar(verdicts: Sequence[Verdict], calendar: Calendar, name: str) -> str:
    """Which calendar counted the days that are shown, and where it could not."""
    said: dict[str, object] = {"lich": name, "tu": show_date(calendar.first), "den": show_date(calendar.last)}
    text = fill(HIGHLIGHTS["lich"], said)
    timed = [(v.due, v.at, v.days) for v in verdicts if v.kind in TIMED]
    counted = [d for due, at, days in timed if days is not None for d in (due, at) if d]
    years = sorted({d.year for d in counted if calendar.provisional(d)})
    outside = sum(days is None for _, _, days in timed)
    without = sum(v.why in ("khong_hen_xong", "khong_hen_dang") for v in verdicts)
    if years:
        text += fill(HIGHLIGHTS["du_kien"], {"nam": ", ".join(map(str, years))})
    if outside:
        text += fill(HIGHLIGHTS["ngoai_lich"], {"n": outside})
    return text + (fill(HIGHLIGHTS["khong_hen"], {"n": without}) if without else "")
