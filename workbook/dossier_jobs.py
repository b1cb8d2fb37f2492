"""Jobs on the register of a book: which dossiers are late, soon due or odd, painted in a copy and listed apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from toolkit.anomalies import anomalies
from toolkit.dossiers import Register, verdicts
from toolkit.form import Form
from toolkit.highlights import Highlights, edits, highlights
from toolkit.places import Gazetteer
from toolkit.records import Edit, Filing, Finding
from toolkit.wording import HIGHLIGHTS, fill, finding
from toolkit.workdays import Calendar, CalendarError
from workbook.dossier_checks import read_register
from workbook.files import Refused, reason, refuse_inputs, same, write
from workbook.forms import REGISTER, load_calendar
from workbook.intake import about, told
from workbook.package import Package
from workbook.read import read
from workbook.sniff import Unreadable, require_zip, take, take_again

SOON = 3
"""Working days left from which on a dossier is soon due, unless asked otherwise."""

_NEEDED = "ngay_hen_tra"


@dataclass(frozen=True, slots=True)
class Highlighted:
    """A copy with its register painted."""

    path: Path
    told: Highlights
    findings: tuple[Finding, ...]  # of dossiers and of the register as a whole
    listed: Path | None  # the list for forwarding, when one was asked for


class Decided(NamedTuple):
    """What to do with a register."""

    told: Highlights
    edits: tuple[Edit, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Cleared:
    path: Path
    marked: bool  # False: there was nothing of ours to take off


def overdue(
    form: Form,
    places: Gazetteer,
    path: Path,
    out: Path,
    *,
    on: date | None = None,
    soon: int = SOON,
    days_off: Path | None = None,
    listed: Path | None = None,
) -> Highlighted:
    """A copy in which late, soon due and odd dossiers are painted and listed, as of the end of ``on`` (default: of the
    report's period). Marks of an earlier run are replaced. ``days_off``: a list of days off instead of the shipped
    one. ``listed``: where the list for forwarding goes."""
    from workbook.mark import apply

    outputs = [out] if listed is None else [out, listed]
    for target in outputs:
        refuse_inputs(target, [path, *([days_off] if days_off else [])])
    if listed is not None and (same(out, listed) or out.absolute() == listed.absolute()):
        raise Refused(finding("RA_015", tep=listed.name))
    if not path.exists():
        raise Refused(finding("RA_003", tep=str(path)))
    calendar = _calendar(days_off)
    name = fill(HIGHLIGHTS["lich_rieng"], {"tep": days_off.name}) if days_off else HIGHLIGHTS["lich_san"]
    try:
        filing = read(path, form, places)
        decided = decide(form, filing, calendar, name, on, soon)
        said = decided.told
        copy = apply(take_again(path, filing.sha256), decided.edits, said)
    except Unreadable as fault:
        raise Refused(told(fault)) from fault
    if listed is not None:
        from workbook.overdue_list import overdue_list

        forwarded = overdue_list(form, said, filing.place)
        write(listed, forwarded, inputs=[path])
    write(out, copy, inputs=[path])
    return Highlighted(out, said, decided.findings, listed)


def decide(form: Form, filing: Filing, calendar: Calendar, name: str, on: date | None, soon: int) -> Decided:
    """What to paint and to list in a report's register. ``name``: of the calendar, for the list. Raises ``Refused``:
    RA_012 no day to count to, RA_013 no register, RA_014 no due dates in it."""
    register, found = _register(form, filing)
    cutoff = _cutoff(filing, on)
    kinds = verdicts(register, calendar, cutoff, soon)
    odd = anomalies(register, kinds, calendar, filing.period)
    said = highlights(
        register,
        kinds,
        calendar,
        cutoff,
        soon,
        calendar_name=name,
        about=about(filing),
        anomalies=odd,
        findings=found,
    )
    return Decided(said, edits(register, said, odd), (*found, *(a.finding for a in odd)))


def clear(path: Path, out: Path) -> Cleared:
    """A copy without any mark of ours, be it of dossiers or of findings."""
    from workbook.mark import clear as without_marks

    if not path.exists():
        raise Refused(finding("RA_003", tep=str(path)))
    refuse_inputs(out, [path])
    try:
        source = take(path)
        require_zip(source, path.name)
        Package(source, path.name)  # within the limits
        copy = without_marks(source)
    except Unreadable as fault:
        raise Refused(told(fault)) from fault
    write(out, copy, inputs=[path])
    return Cleared(out, copy != source)


def _register(form: Form, filing: Filing) -> tuple[Register, tuple[Finding, ...]]:
    block = form.block(REGISTER)
    table = filing.tables.get(REGISTER)
    if table is None or not table.rows:
        raise Refused(finding("RA_013", tep=filing.file, trang=table.sheet if table else block.sheet))
    if _NEEDED not in table.columns:
        name = next(i.name for i in block.indicators if i.id == _NEEDED)
        raise Refused(finding("RA_014", tep=filing.file, trang=table.sheet, cot=name))
    return read_register(filing, table)


def _calendar(days_off: Path | None) -> Calendar:
    try:
        return load_calendar(days_off)
    except CalendarError as fault:
        raise Refused(*fault.findings) from fault
    except OSError as fault:
        raise Refused(finding("LN_006", ly_do=reason(fault))) from fault


def _cutoff(filing: Filing, on: date | None) -> date:
    if on is not None:
        return on
    if filing.period is None:
        raise Refused(finding("RA_012", tep=filing.file))
    return filing.period.end
