"""Which of a commune's files counts, and what is said about the others.

``_rank`` states the rule. File names are only a hint: when nothing firmer decides between two contents, the choice
still is the same on every run, and an error finding (GOP_005) names both files and both figures. Only the file that
went out with a return slip and came back under its name settles it: the commune did as it was asked (GOP_018).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from toolkit.addends import amounts_of, cells_of, summed, total_key
from toolkit.compute import Ledger, ledger_of
from toolkit.form import Form
from toolkit.places import file_stem
from toolkit.records import Amount, FileOutcome, FileStatus, Filing, Finding, Period
from toolkit.text import strip_accents
from toolkit.wording import finding, show, show_period

_VERSION = re.compile(r"\((\d{1,2})\)|(?<![a-z])(?:v|ver|version|lan|ban)\.? ?(\d{1,2})(?!\d)")
_CORRECTION = re.compile(
    r"(?<![a-z])(?:sua|chinh sua|dieu chinh|dinh chinh|bo sung|cap nhat|thay the|ban moi|ban cuoi|final)(?![a-z])"
)
_MENDED = re.compile(r"_sua(?: ?\(\d+\))?\.xlsx$", re.IGNORECASE)  # ends the name of the file of a return slip


@dataclass(frozen=True, slots=True)
class Report:
    """One content that a commune sent, perhaps in several identical files."""

    filing: Filing  # the file that stands for it
    copies: tuple[Filing, ...]  # the other files with the same bytes
    in_period: bool
    off: int | None  # days by which its period is off; None: period unknown
    received: date | None  # the latest of its copies
    hint: int  # what the file names say: 0 nothing, more = a later version
    mended: bool  # whether one of its copies is called like the file that goes with a return slip
    book: Ledger
    amounts: Mapping[str, Amount]  # as filed


@dataclass(frozen=True, slots=True)
class Remarks:
    """What became of some files, and what to tell about them: (file, finding)."""

    outcomes: tuple[FileOutcome, ...]
    findings: tuple[tuple[str, Finding], ...] = ()


def reports(
    form: Form, period: Period, filings: Iterable[Filing], tolerance: int, received: Mapping[str, date]
) -> list[Report]:
    """The contents one commune sent, the one that counts first."""
    by_content: dict[str, list[Filing]] = defaultdict(list)
    for filing in sorted(filings, key=lambda f: f.file):
        by_content[filing.sha256].append(filing)
    found = [_report(form, period, same, tolerance, received) for same in by_content.values()]
    undated = {r.off for r in found if r.received is None}
    return sorted(found, key=lambda r: _rank(r, dated=r.off not in undated), reverse=True)


def counting(report: Report, period: Period, tolerance: int) -> Remarks:
    """What becomes of the content that stands for its commune, and of its copies."""
    filing = report.filing
    code = "" if report.off == 0 else "GOP_011" if report.in_period else "GOP_008" if report.off is None else "GOP_002"
    status: FileStatus = "merged" if report.in_period else "off_period"
    if not code:
        return Remarks((outcome(filing, status, None), *_copies(report)))
    remark = finding(code, ky=_period(filing), ky_gop=show_period(period), ngay=tolerance)
    return Remarks((outcome(filing, status, remark), *_copies(report)), ((filing.file, remark),))


def superseded(form: Form, winner: Report, loser: Report) -> Remarks:
    """What becomes of a content that does not count, and of its copies."""
    file, about = winner.filing.file, loser.filing.file
    if _content(winner.filing) == _content(loser.filing):
        reason = finding("GOP_010", tep=file)
    elif winner.in_period != loser.in_period or (not winner.in_period and winner.off != loser.off):
        reason = finding("GOP_009", tep=file, ky=_period(loser.filing))
    elif winner.received is not None and loser.received is not None and winner.received > loser.received:
        reason = finding("GOP_001", tep=file)
    elif winner.mended and not loser.mended and winner.hint >= loser.hint:
        reason = finding("GOP_018", tep=file)
    else:
        reason, about = _conflict(form, winner, loser), file
    return Remarks((outcome(loser.filing, "superseded", reason), *_copies(loser)), ((about, reason),))


def is_in_period(filing: Filing, period: Period, tolerance: int) -> bool:
    """Whether a report is of the period asked for, which may be off by so many days at either end."""
    off = _off(filing.period, period)
    return off is not None and off <= tolerance


def outcome(filing: Filing, status: FileStatus, reason: Finding | None) -> FileOutcome:
    """The outcome of a readable file."""
    return FileOutcome(
        file=filing.file,
        status=status,
        reason=reason.message if reason else "",
        code=reason.code if reason else "",
        commune=filing.place.code if filing.place else "",
        sha256=filing.sha256,
        fix=reason.fix if reason else "",
    )


def is_mended(filing: Filing) -> bool:
    """Whether a file is called like the one that went out to its commune with a return slip."""
    name = filing.file.rpartition("/")[2]
    if filing.place is None or (end := _MENDED.search(name)) is None:
        return False
    return name[: end.start()].casefold() == file_stem(filing.place).casefold()


def _report(form: Form, period: Period, same: list[Filing], tolerance: int, received: Mapping[str, date]) -> Report:
    """``same``: files with the same bytes, by name."""
    first = min(same, key=lambda f: _hint(f.file))  # "(1)" is the copy, the plain name the original
    off = _off(first.period, period)
    book = ledger_of(form, first)
    return Report(
        filing=first,
        copies=tuple(f for f in same if f is not first),
        in_period=is_in_period(first, period, tolerance),
        off=off,
        received=max((received[f.file] for f in same if f.file in received), default=None),
        hint=max(_hint(f.file) for f in same),
        mended=any(map(is_mended, same)),
        book=book,
        amounts=amounts_of(form, first, book),
    )


def _rank(report: Report, dated: bool) -> tuple[bool, int, date, bool, int, str]:
    """Which content of a commune counts, highest first: in the period; nearest to it; received last, where the day of
    every such content is known (``dated``), else a day would decide against files merely because nobody wrote theirs
    down; mended as a return slip asked; the file name says it is a correction; and, so that two runs never differ, the
    content's SHA-256."""
    distance = report.off if report.off is not None else date.max.toordinal()
    day = report.received if dated and report.received else date.min
    return report.in_period, -distance, day, report.mended, report.hint, report.filing.sha256


def _conflict(form: Form, winner: Report, loser: Report) -> Finding:
    """GOP_005: both files with their first figure that differs."""
    for indicator in summed(form):
        left, right = (a.written if (a := r.amounts.get(indicator.id)) else None for r in (winner, loser))
        if left != right:
            cells = cells_of(form, winner.filing, winner.book, indicator)
            used, unused = ("trống" if value is None else show(value) for value in (left, right))
            return finding(
                "GOP_005",
                sheet=cells[0].sheet if cells else "",
                cell=cells[0].cell if cells else "",
                left=left,
                right=right,
                key=total_key(form, indicator),
                dung=f"{winner.filing.file} ({indicator.name}: {used})",
                bo=f"{loser.filing.file} ({unused})",
            )
    return finding("GOP_005", dung=winner.filing.file, bo=loser.filing.file)


def _copies(report: Report) -> list[FileOutcome]:
    reason = finding("GOP_006", tep=report.filing.file)
    return [outcome(copy, "superseded", reason) for copy in report.copies]


def _content(filing: Filing) -> tuple[object, ...]:
    """Everything of a filing that a total or a rate can rest on. Values of the form's own formulas follow from it."""
    figures = {k: f.value for k, f in filing.figures.items() if f.value is not None and f.origin != "formula"}
    return filing.period, dict(filing.settings), filing.none_declared, figures


def _off(period: Period | None, asked: Period) -> int | None:
    """The larger of the two distances, in days."""
    if period is None:
        return None
    return max(abs((period.start - asked.start).days), abs((period.end - asked.end).days))


def _period(filing: Filing) -> str:
    return show_period(filing.period) if filing.period else "chưa rõ"


def _hint(file: str) -> int:
    """What a file name says about its version: "(2)", "v2", "lần 2" -> 2; "bản sửa" -> 1; nothing -> 0."""
    name = re.sub(r"[_\-.\s]+", " ", strip_accents(file).lower())
    numbers = [int(a or b) for a, b in _VERSION.findall(name)]
    return max([*numbers, 1 if _CORRECTION.search(name) else 0])
