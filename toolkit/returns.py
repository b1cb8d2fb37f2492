"""Summary -> return slips: what each sender has to mend, cell by cell.

A value is proposed only where every smallest repair has it; where there are several ways, they are told as such.
Nothing of a slip may be a citizen's: dossiers stand by their code, an unreadable cell that may hold a name or a
number of somebody is not repeated.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from toolkit.check_words import describe
from toolkit.form import Form
from toolkit.privacy import shown_word
from toolkit.records import Change, Figure, FileOutcome, Filing, Finding, Period, Place, Repair, Severity, Summary
from toolkit.wording import (
    BLANK,
    MAY_BE_PERSONAL,
    PROPOSED,
    RETURN_FIXES,
    RETURNS,
    SENTENCES,
    SLIP_KINDS,
    fill,
    place,
    show,
    show_period,
    show_rate,
)

Status = Literal["errors", "warnings", "off_period", "returned", "missing"]
Mend = Literal["marked", "blank", "own"]
"""The file that goes with a slip: the commune's own with marks; a blank template; none, the commune mends its own."""

_MOST_WAYS = 3
_RETURNED: Status = "returned"
_MISSING: Status = "missing"
_OFF_PERIOD = ("GOP_002", "GOP_008")
_HOW_MANY = frozenset({"O_015", "HS_010"})  # infos that say how many cells like the one above need the same
_ASKING = frozenset({"QT_003"})  # infos that ask for something by themselves
_FIELD = re.compile(r"\{(\w+)\}")

_At = tuple[str, str, str]
"""Sheet, cell, and what tells apart lines that have no cell."""


class Line(NamedTuple):
    """One thing to mend."""

    severity: Severity  # "info": a reminder
    sheet: str  # "" when it concerns the whole file
    cell: str
    label: str  # what the figure is, e.g. "Giải quyết trước hạn, dòng Đất đai"; "" when not known
    written: str | None  # as it stands in the cell; None: not about the content of one cell
    why: str
    proposed: str  # "5.679"; "từ 0 đến 2"; several ways in words; "" when nothing can be said
    certain: bool  # ``proposed`` is in every smallest repair
    fix: str


class Slip(NamedTuple):
    """What goes back to the sender of a report."""

    place: Place
    status: Status
    period: Period  # of the merge
    file: str  # the file that counts, or the first that could not be used; "" when nothing came
    deadline: date | None  # day by which to send again; None: nobody said
    lines: tuple[Line, ...]  # errors first, in each what concerns the whole file, then by effect on the province
    remarks: tuple[str, ...]  # Vietnamese: other files that came
    mend: Mend

    def count(self, severity: Severity) -> int:
        return sum(line.severity == severity for line in self.lines)


def slips(form: Form, summary: Summary, deadline: date | None = None) -> tuple[Slip, ...]:
    """A slip for each commune that has something to mend or to send, in the order of the list of communes."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for file, finding in summary.findings:
        found[file].append(finding)
    came: dict[str, list[FileOutcome]] = defaultdict(list)
    for outcome in summary.outcomes:
        came[outcome.commune].append(outcome)
    made = (_slip(form, summary, p, found, came.get(p.code, ()), deadline) for p in summary.places)
    return tuple(slip for slip in made if slip is not None)


def to_mend(summary: Summary) -> tuple[str, ...]:
    """Codes of the communes whose report was added and has an error to mend, in the order of the list of communes:
    those whose slip stands at "errors"."""
    file = {code: summary.filings[code].file for code, s in summary.commune_status.items() if s == "merged"}
    wrong = {name for name, found in summary.findings if found.severity == "error"}
    return tuple(p.code for p in summary.places if file.get(p.code) in wrong)


def _slip(
    form: Form,
    summary: Summary,
    commune: Place,
    found: Mapping[str, Sequence[Finding]],
    came: Sequence[FileOutcome],
    deadline: date | None,
) -> Slip | None:
    filing = summary.filings.get(commune.code)
    unusable = [o for o in came if o.status == "returned"]
    if filing is None:
        lines = [_unusable(o) for o in unusable] or [_missing(summary.period)]
        file, stands = (unusable[0].file, _RETURNED) if unusable else ("", _MISSING)
        return Slip(commune, stands, summary.period, file, deadline, tuple(lines), (), "blank")
    lines = list(_lines(form, filing, found.get(filing.file, ())))
    lines += [_unusable(o, filing.file) for o in unusable]
    lines.sort(key=lambda line: (line.severity != "error", line.sheet != ""))  # stable: by effect within
    worst: Status = "errors" if any(line.severity == "error" for line in lines) else "warnings"
    off = summary.commune_status[commune.code] == "off_period"
    if all(line.severity == "info" for line in lines):
        return None
    return Slip(
        place=commune,
        status="off_period" if off else worst,
        period=summary.period,
        file=filing.file,
        deadline=deadline,
        lines=tuple(lines),
        remarks=tuple(
            fill(RETURNS["nhan_them"], {"tep": o.file, "ly_do": o.reason})
            for o in came
            if o.status == "superseded" and o.code != "GOP_005"  # which is told as an error
        ),
        mend="marked",
    )


def _missing(asked: Period) -> Line:
    why = fill(RETURNS["chua_nop"], {"ky": show_period(asked)})
    return Line("info", "", "", "", None, why, "", False, RETURNS["chua_nop_sua"])


def _unusable(outcome: FileOutcome, used: str = "") -> Line:
    """A file that gave no figures. ``used``: another file of the commune that did."""
    fields: dict[str, object] = {"tep": outcome.file, "ly_do": outcome.reason.rstrip("."), "dung": used}
    fix = RETURN_FIXES.get(outcome.code, outcome.fix)
    if not used:
        return Line("error", "", "", "", None, fill(RETURNS["tep_hong"] + ".", fields), "", False, fix)
    why = fill(RETURNS["tep_hong_khac"], fields)
    return Line("warning", "", "", "", None, why, "", False, fill(RETURNS["tep_hong_sua"], {"sua": fix}))


def _lines(form: Form, filing: Filing, found: Sequence[Finding]) -> Iterator[Line]:
    """A line for each cell to mend. What is said about a cell that only follows from a wrong one stands with that one;
    a cell that is certain to be wrong has its line also where nothing is said about it."""
    figures = {(f.sheet, f.cell): f for f in filing.figures.values()}
    groups: dict[_At, list[Finding]] = {}
    values: dict[_At, Change] = {}
    for n, finding in enumerate(found):
        at = (finding.sheet, finding.cell, "" if finding.cell else str(n))
        joins = finding.code in _HOW_MANY and at in groups
        if finding.severity == "info" and finding.code not in _ASKING and not joins:
            continue
        certain = {_at(c): c for repair in finding.repairs if repair.certain for c in repair.changes}
        if certain and at not in certain and all(repair.certain for repair in finding.repairs):
            at = next(iter(certain))
        groups.setdefault(at, []).append(finding)
        for cell, right in certain.items():
            groups.setdefault(cell, [])
            values.setdefault(cell, right)
    severity: Severity = "error"
    told_ways: dict[int, _At] = {}
    for at, findings in groups.items():
        figure, change = figures.get(at[:2]), values.get(at)
        if any(f.code in _OFF_PERIOD for f in findings):
            severity = "error"
        elif findings:
            severity = findings[0].severity
        label, written, why = _said(form, figure, at, findings)
        if change is not None:
            label = label or describe(form, change.key)
            unsettled = [f for f in findings if not f.repairs]
            fix = " ".join([_accept(change), *_fixes(unsettled)])
            yield Line(severity, at[0], at[1], label, written or BLANK, why, _value(change), True, fix)
        else:
            ways = _ways(at, findings, told_ways)
            yield Line(severity, at[0], at[1], label, written, why, ways, False, " ".join(_fixes(findings)))


def _said(form: Form, figure: Figure | None, at: _At, findings: Sequence[Finding]) -> tuple[str, str | None, str]:
    """(what the figure is, as written, why)"""
    label, quoted, whys = "", "", []
    for finding in findings:
        named, why = _split(finding)
        if (finding.sheet, finding.cell) == at[:2]:
            label, quoted = label or named, quoted or _quoted(finding)
        else:
            o = _cell(finding.sheet, finding.cell, at[0])
            why = f"{o[:1].upper()}{o[1:]}: {why}"
        whys.append(why)
    why = " ".join(dict.fromkeys(whys)) or RETURNS["cung_sua"]
    if figure is None:
        return label, quoted or None, why
    shown = _shown(figure) or (quoted if figure.value is None else "") or figure.raw or BLANK
    if _secret(form, figure):
        for secret in filter(None, (figure.raw, quoted)):
            why = why.replace(secret, MAY_BE_PERSONAL)
        shown = MAY_BE_PERSONAL
    return describe(form, figure.key), shown, why


def _shown(figure: Figure) -> str:
    """A number as officials write it; "" for what is none, or was typed as text."""
    if figure.origin == "text":
        return ""
    if isinstance(figure.value, Decimal):
        return show_rate(figure.value)
    return show(figure.value) if isinstance(figure.value, int) else ""


def _fixes(findings: Sequence[Finding]) -> list[str]:
    return list(dict.fromkeys(RETURN_FIXES.get(f.code, f.fix) for f in findings))


def _at(change: Change) -> _At:
    return (change.sheet, change.cell, "" if change.cell else str(change.key))


def _ways(at: _At, findings: Sequence[Finding], told: dict[int, _At]) -> str:
    """The smallest repairs of each part that has several, told at the first line that has them."""
    parts: dict[int, dict[Repair, None]] = {}
    for finding in findings:
        for repair in finding.repairs:
            if not repair.certain:
                parts.setdefault(repair.part, {})[repair] = None
    texts = []
    for part, repairs in parts.items():
        first = told.setdefault(part, at)
        if first != at:
            texts.append(fill(RETURNS["xem_o"], {"o": _cell(first[0], first[1], at[0])}))
            continue
        shown = list(repairs)[:_MOST_WAYS]
        found = shown[0].found and max(shown[0].found, len(repairs))  # 0: not counted
        listed = "; ".join(
            f"({n}) " + ", ".join(_change(change, at[0]) for change in repair.changes)
            for n, repair in enumerate(shown, 1)
        )
        if found > len(shown):
            listed += fill(RETURNS["con_cach"], {"n": found - len(shown)})
        texts.append(fill(RETURNS["cach" if found else "cach_nhieu"], {"n": found, "cac_cach": listed}))
    return "; ".join(texts)


def _change(change: Change, sheet: str) -> str:
    kind = "cell" if change.after is not None else "least" if change.high is None else "range"
    fields: dict[str, object] = {
        "o": f"{change.sheet}!{change.cell}" if change.sheet != sheet else change.cell or change.key.indicator,
        "truoc": BLANK if change.before is None else change.before,
        "sau": change.after,
        "tu": change.low,
        "den": change.high,
    }
    return fill(PROPOSED[kind], fields)


def _cell(sheet: str, cell: str, own: str) -> str:
    """A cell as seen from the sheet ``own``."""
    return place("" if sheet == own else sheet, cell)


def _value(change: Change) -> str:
    if change.after is not None:
        return show(change.after)
    return fill(RETURNS["tro_len" if change.high is None else "tu_den"], {"tu": change.low, "den": change.high})


def _accept(change: Change) -> str:
    kind = fill(RETURNS["co_ve"], {"kieu": SLIP_KINDS[change.kind]}) if change.kind else ""
    return fill(RETURNS["nhan"], {"sau": _value(change), "kieu": kind})


def _secret(form: Form, figure: Figure) -> bool:
    """Whether an unreadable cell may hold somebody's name or number; an amount of money is long by nature."""
    if figure.value is not None or not figure.raw or form.indicator(figure.key.indicator).kind == "amount":
        return False
    return shown_word(figure.raw, 1) == MAY_BE_PERSONAL


def _split(finding: Finding) -> tuple[str, str]:
    """(what the figure is called, what is said) of a message that begins with its place: place and figure have columns
    of their own."""
    start = place(finding.sheet, finding.cell)
    if not finding.cell or not finding.message.startswith(start):
        return "", finding.message
    rest, label = finding.message[len(start) :], ""
    if rest.startswith(" ("):
        depth = 0
        for n, letter in enumerate(rest):
            depth += (letter == "(") - (letter == ")")
            if depth == 0 and n > 1:
                label, rest = rest[2:n], rest[n + 1 :]
                break
    rest = rest.removeprefix(":").strip()
    return label, rest[:1].upper() + rest[1:]


def _quoted(finding: Finding) -> str:
    """The content of the cell as its message quotes it; "" when it does not."""
    sentence = SENTENCES.get(finding.code)
    if sentence is None or "{goc}" not in sentence.message:
        return ""
    texts = _FIELD.split(sentence.message)  # text, field, text, ...
    pattern = "".join(
        re.escape(text) if n % 2 == 0 else "(?P<goc>.*?)" if text == "goc" else ".*?" for n, text in enumerate(texts)
    )
    match = re.fullmatch(pattern, finding.message, re.DOTALL)
    return match["goc"] if match else ""
