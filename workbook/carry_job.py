"""The last period at hand: a new workbook that begins with its figures, a check against what was left open then."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from toolkit.carry import carried, closings, differences, earlier_flows, seam, unfit
from toolkit.checks import in_order, overall
from toolkit.form import Form
from toolkit.places import Gazetteer
from toolkit.records import Filing, Finding, Period, Place
from toolkit.values import Values
from toolkit.wording import CHOOSE_REPORT, finding
from workbook import jobs
from workbook.files import Refused, refuse_inputs
from workbook.intake import Checked, Tell, each, examine, gather, quietly, told
from workbook.read import read
from workbook.sniff import Unreadable


class Begun(NamedTuple):
    """Workbooks made from those of the last period, and what there is to say about what came over."""

    paths: tuple[Path, ...]
    findings: tuple[Finding, ...]


def new_after(
    form: Form, places: Gazetteer, commune: str, period: Period, last: Path, out: Path, values: object = None
) -> Begun:
    """A workbook for one commune that begins with the figures of its last one; ``values`` (the object of a
    ``--values`` file) win over them.

    Raises Refused: the last workbook is unreadable (KT_009), another commune's or not of the period before (KT_005 to
    KT_007), or ``out`` itself; else as ``jobs.new``.
    """
    refuse_inputs(out, [last])
    return new_from(form, places, commune, period, read_last(form, places, last), out, values)


def new_from(
    form: Form, places: Gazetteer, commune: str, period: Period, filing: Filing, out: Path, values: object = None
) -> Begun:
    """The same, the last workbook being read already."""
    unit = places.find(commune)
    begun, findings = carried(form, filing, unit, period) if unit else (Values(), ())  # else jobs.new refuses
    faults = [f for f in findings if f.severity == "error"]
    if faults:
        raise Refused(*faults)
    return Begun((jobs.new(form, places, commune, period, out, values, begun),), findings)


def new_province_after(
    form: Form, places: Gazetteer, province: str, period: Period, folder: Path, out: Path, tell: Tell = quietly
) -> Begun:
    """One workbook for each commune of a province; ``folder`` holds those of the last period, in any order.

    Of several workbooks of one commune the one whose period ends last counts. Where two contents share that period, or
    none is of a period before, the commune begins blank and is told of (KT_014). What is no report is passed over.
    """
    known = {place.code: place for place in places.in_province(province)}
    found: dict[str, list[Filing]] = {}
    for filing in each(lambda path: _read_or_none(form, places, path), gather([folder]), tell):
        if filing is not None and filing.place is not None and filing.place.code in known:
            found.setdefault(filing.place.code, []).append(filing)
    begun = {code: _latest(form, known[code], period, filings) for code, filings in found.items()}
    values = {code: one for code, (one, _) in begun.items()}
    paths = jobs.new_province(form, places, province, period, out, tell, values)
    return Begun(paths, tuple(f for code in known if code in begun for f in begun[code][1]))


def check_after(form: Form, places: Gazetteer, path: Path, last: Path) -> Checked:
    """One checked file, with where its carry-over differs from the last workbook of the same commune; proposals then
    know the cumulated figure. Raises Refused like ``new_after``."""
    before = read_last(form, places, last)
    figures = closings(form, before)
    checked = examine(form, places, path, earlier_flows(form, figures))
    now = checked.filing
    if now is None:
        return checked
    if fault := unfit(before, now.place, now.period):
        raise Refused(fault)
    gap = seam(before.period, now.period) if before.period and now.period else None
    told_now = [*checked.findings, *([gap] if gap else ()), *differences(form, figures, now)]
    ordered = in_order(form, told_now)
    return checked._replace(findings=ordered, status=overall(ordered))


def read_last(form: Form, places: Gazetteer, path: Path) -> Filing:
    """The last period's workbook. Raises Refused (RA_003, KT_009)."""
    if not path.exists():
        raise Refused(finding("RA_003", tep=str(path)))
    try:
        return read(path, form, places)
    except Unreadable as fault:
        raise no_last(path, fault) from fault


def no_last(path: Path, fault: Unreadable) -> Refused:
    """Why a file cannot be the last period's workbook (KT_009)."""
    why = told(fault)
    remedy = CHOOSE_REPORT if why.severity == "info" else why.fix
    return Refused(finding("KT_009", tep=path.name, ly_do=why.message, can_lam=remedy))


def _read_or_none(form: Form, places: Gazetteer, path: Path) -> Filing | None:
    try:
        return read(path, form, places)
    except Unreadable:
        return None


def _latest(form: Form, place: Place, period: Period, filings: Sequence[Filing]) -> tuple[Values, tuple[Finding, ...]]:
    before = [f for f in filings if f.period and unfit(f, place, period) is None]
    if not before:
        why = unfit(filings[0], place, period)
        return _blank(place, filings, why.message if why else "")
    end = max(f.period.end for f in before if f.period)
    newest = sorted((f for f in before if f.period and f.period.end == end), key=lambda f: f.file)
    if len({f.sha256 for f in newest}) > 1:
        return _blank(place, newest, "các bản cùng kỳ có nội dung khác nhau")
    return carried(form, newest[0], place, period)


def _blank(place: Place, filings: Sequence[Filing], why: str) -> tuple[Values, tuple[Finding, ...]]:
    names = ", ".join(sorted(f.file for f in filings))
    unit = f"{place.kind} {place.name}"
    return Values(), (finding("KT_014", tep=names, n=len(filings), ten=unit, ly_do=why.rstrip(".")),)
