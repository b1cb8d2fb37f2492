"""Filings of a province -> one ``Summary`` that remembers every addend.

Every file found gets exactly one outcome, every expected commune exactly one status, and no figure enters a total
twice. The order in which files are handed over never matters.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from toolkit.addends import cells_of, convention, convert, ratios, summed
from toolkit.arrivals import Received
from toolkit.compute import settings_of
from toolkit.double_counting import SeenTwice, double_counted
from toolkit.form import Choice, Form, Setting
from toolkit.places import named_in
from toolkit.proposals import effect
from toolkit.records import (
    Amount,
    Dossiers,
    FileOutcome,
    Filing,
    Finding,
    Period,
    Place,
    Province,
    Source,
    Summary,
    Unread,
)
from toolkit.unfilled import unfilled
from toolkit.versions import Remarks, Report, counting, outcome, reports, superseded
from toolkit.wording import SENTENCES, finding

_SEVERITIES = {"error": 0, "warning": 1, "info": 2}
_CODE_IN_NAME = re.compile(r"(?<!\d)\d{5}(?!\d)")


def roll_up(
    form: Form,
    province: Province,
    period: Period,
    expected: Sequence[Place],
    read: Sequence[Filing | Unread],
    *,
    findings: Mapping[str, tuple[Finding, ...]],
    tolerance_days: int = 3,
    include_off_period: bool = False,
    received: Received = Received(),  # noqa: B008  # immutable
    deadline: date | None = None,
    dossiers: Mapping[str, Dossiers] | None = None,
    remarks: Sequence[tuple[str, Finding]] = (),
    twice: SeenTwice | None = None,
) -> Summary:
    """The province's totals over ``expected`` communes, in their order.

    ``read`` holds every file found, each under its own ``file`` name; ``findings`` what checking each filing found
    (file -> findings); ``dossiers`` what its register brings (file -> dossiers); ``received`` when they came in,
    where somebody kept a list; ``remarks`` what else there is to say ("" or file, finding). ``twice``: see
    ``double_counting``.
    """
    sorted_out, groups = _sorted_out(form, province, expected, read)
    chosen: dict[str, Report] = {}
    latest = {file: days[-1] for file, days in received.files.items()}
    arrived: dict[str, tuple[date, ...]] = {}
    for place in expected:
        if place.code in groups:
            first, *others = reports(form, period, groups[place.code], tolerance_days, latest)
            chosen[place.code] = first
            if days := _arrived(first, others, received, place.code):
                arrived[place.code] = days
            sorted_out.append(counting(first, period, tolerance_days))
            sorted_out += [superseded(form, first, other) for other in others]
    outcomes = sorted((o for r in sorted_out for o in r.outcomes), key=lambda o: (o.file, o.sha256))
    notes = [*remarks, *(note for r in sorted_out for note in r.findings)]

    merged = [code for code, report in chosen.items() if report.in_period]
    counted = [*merged, *(code for code, report in chosen.items() if not report.in_period)]
    conventions = {
        s.id: convention(s, [settings_of(form, chosen[c].filing.settings)[s.id] for c in merged]) for s in form.settings
    }
    amounts: dict[str, dict[str, Amount]] = {i.id: {} for i in summed(form)}
    for code, report in chosen.items():
        filing = report.filing
        if (how := unfilled(form, filing)) and not (dossiers and filing.file in dossiers):
            notes.append((filing.file, finding("GOP_026" if how == "carried" else "GOP_025")))
        brought, differing = convert(form, filing.settings, conventions, report.amounts)
        notes += [(filing.file, note) for note in _conversions(form, filing, conventions, differing)]
        notes += [(filing.file, note) for note in findings.get(filing.file, filing.findings)]
        for indicator, amount in brought.items():
            amounts[indicator][code] = amount
    totals = _totals(amounts, merged)
    files = {code: chosen[code].filing.file for code in merged}
    registers = {code: dossiers[file] for code, file in files.items() if file in dossiers} if dossiers else {}
    notes += [(files[code], note) for code, note in double_counted(registers, expected, twice)]
    return Summary(
        province=province,
        period=period,
        form=form.id,
        places=tuple(expected),
        outcomes=tuple(outcomes),
        commune_status=_statuses(expected, chosen, outcomes),
        totals=totals,
        corrected={i: sum(by[c].corrected for c in merged if c in by) for i, by in amounts.items() if _any(by, merged)},
        rates=ratios(form, amounts, merged),
        amounts={i: by for i, by in amounts.items() if by},
        sources=_sources(form, chosen),
        filings={code: _without_registers(report.filing) for code, report in chosen.items()},
        conventions=conventions,
        findings=tuple(_ranked(notes, outcomes, expected, totals)),
        totals_with_off_period=_totals(amounts, counted) if include_off_period else {},
        dossiers={code: register._replace(codes=()) for code, register in registers.items()},
        received=latest,
        arrived=arrived,
        deadline=deadline,
    )


def _without_registers(filing: Filing) -> Filing:
    """The same one where it has none: what was made of it (``toolkit.once``) need not be made again."""
    return filing._replace(tables={}) if filing.tables else filing


def _sorted_out(
    form: Form, province: Province, expected: Sequence[Place], read: Sequence[Filing | Unread]
) -> tuple[list[Remarks], Mapping[str, list[Filing]]]:
    """The files that cannot count, and commune code -> the files that can."""
    codes = {place.code for place in expected}
    remarks: list[Remarks] = []
    groups: dict[str, list[Filing]] = defaultdict(list)
    refused: list[tuple[Filing, Finding]] = []
    for item in read:
        if isinstance(item, Unread):
            remarks.append(_unread(item, expected))
        elif (refusal := _refusal(form, item, province, codes)) is not None:
            refused.append((item, refusal))
        elif item.place is not None:
            groups[item.place.code].append(item)
    without = [place for place in expected if place.code not in groups]
    remarks += (_refused(f, refusal, () if f.place and f.place.code in codes else without) for f, refusal in refused)
    remarks += (_misnamed(filing, without) for filings in groups.values() for filing in filings)
    return remarks, groups


def _misnamed(filing: Filing, without: Sequence[Place]) -> Remarks:
    """A report counts for the commune that its cover names. Where its file is called after one that sent nothing, one
    of them may have filled in the other's workbook."""
    named, cover = _called(filing, without), filing.place
    if named is None or cover is None or cover.code in filing.file:
        return Remarks(())
    told = finding("GOP_022", ten=_name(named), ma=named.code, ten_bia=_name(cover), ma_bia=cover.code)
    return Remarks((), ((filing.file, told),))


def _refused(filing: Filing, refusal: Finding, without: Sequence[Place]) -> Remarks:
    """A report that does not count. Where its cover names no expected commune, its file's name may speak of one that
    sent nothing else (``without``): then that one is told what the cover says; no figure rests on it."""
    returned, note = outcome(filing, "returned", refusal), (filing.file, refusal)
    named = _called(filing, without)
    if named is None:
        return Remarks((returned,), (note,))
    hint = finding("GOP_019", ten=_name(named), ma=named.code)
    reason = f"{refusal.message} {hint.message}"
    return Remarks((returned._replace(commune=named.code, reason=reason, fix=hint.fix),), (note,))


def _called(filing: Filing, places: Sequence[Place]) -> Place | None:
    """Which of some communes a report's file is called after; None where that is a namesake of the one on its cover."""
    named, cover = named_in(filing.file, places), filing.place
    namesake = named and cover and cover.name == named.name and named.code not in filing.file
    return None if namesake else named


def _unread(item: Unread, expected: Sequence[Place]) -> Remarks:
    """A file without a filing. The code in its name may say which commune must send it again; no figure rests on it."""
    sentence = SENTENCES[item.code]
    if sentence.severity == "info":
        ignored = FileOutcome(item.file, "ignored", item.reason, item.code, sha256=item.sha256, fix=sentence.fix)
        return Remarks((ignored,))
    named = set(_CODE_IN_NAME.findall(item.file))
    places = [p for p in expected if p.code in named]
    commune, reason = "", item.reason
    if len(places) == 1:
        commune = places[0].code
        hint = finding("GOP_013", ma=commune, ten=_name(places[0]))
        reason = f"{reason} {hint.message}"
    returned = FileOutcome(item.file, "returned", reason, item.code, commune, item.sha256, sentence.fix)
    return Remarks((returned,), ((item.file, Finding(item.code, sentence.severity, item.reason, sentence.fix)),))


def _refusal(form: Form, filing: Filing, province: Province, codes: set[str]) -> Finding | None:
    """Why a readable file cannot be attributed to an expected commune; None when it can."""
    if filing.form != form.id:
        return finding("TEP_007", ly_do=f"tệp theo mẫu “{filing.form}”, cần mẫu “{form.id}”")
    place = filing.place
    if place is None:
        known = (f for f in filing.findings if f.code in ("BIA_001", "BIA_002"))
        return next(known, None) or finding("BIA_001", o=filing.file)
    if place.province != province.code:
        return finding("GOP_003", ma=place.code, ten=_name(place), tinh=province.name)
    return None if place.code in codes else finding("GOP_007", ma=place.code, ten=_name(place))


def _arrived(first: Report, others: Sequence[Report], received: Received, code: str) -> tuple[date, ...]:
    """The days on which a commune's reports came in; those of another period leave no trace beside one of this."""
    alike = [first, *(other for other in others if other.in_period == first.in_period)]
    files = [filing.file for report in alike for filing in (report.filing, *report.copies)]
    days = [*received.communes.get(code, ()), *(day for file in files for day in received.files.get(file, ()))]
    return tuple(sorted({*days}))


def _conversions(
    form: Form, filing: Filing, conventions: Mapping[str, str], differing: Mapping[str, tuple[str, ...]]
) -> list[Finding]:
    if not differing:
        return []
    names = {i.id: i.name for i in summed(form)}
    out = []
    for setting in (s for s in form.settings if s.id in differing):
        missing = ", ".join(names[m] for m in differing[setting.id])
        own = _choice(setting, settings_of(form, filing.settings)[setting.id]).label
        common = _choice(setting, conventions[setting.id]).label
        if missing:
            why = f"thiếu số “{missing}”"
            out.append(finding("GOP_004", ten=setting.label, cach=own, cach_chung=common, vi_sao=why))
        else:
            out.append(finding("GOP_012", ten=setting.label, cach=own, cach_chung=common))
    return out


def _choice(setting: Setting, choice: str) -> Choice:
    return next(c for c in setting.choices if c.id == choice)


def _statuses(
    expected: Sequence[Place], chosen: Mapping[str, Report], outcomes: Iterable[FileOutcome]
) -> dict[str, str]:
    returned = {o.commune for o in outcomes if o.status == "returned"}
    counts = {code: "merged" if report.in_period else "off_period" for code, report in chosen.items()}
    return {p.code: counts.get(p.code) or ("returned" if p.code in returned else "missing") for p in expected}


def _totals(amounts: Mapping[str, Mapping[str, Amount]], communes: Sequence[str]) -> dict[str, int]:
    return {i: sum(by[c].counted for c in communes if c in by) for i, by in amounts.items() if _any(by, communes)}


def _any(by_commune: Mapping[str, Amount], communes: Sequence[str]) -> bool:
    return any(c in by_commune for c in communes)


def _sources(form: Form, chosen: Mapping[str, Report]) -> dict[str, tuple[Source, ...]]:
    out: dict[str, list[Source]] = defaultdict(list)
    for code, report in chosen.items():
        filing = report.filing
        for indicator in summed(form):
            if indicator.id in report.amounts:
                cells = cells_of(form, filing, report.book, indicator)
                out[indicator.id] += [Source(code, filing.file, filing.sha256, cell) for cell in cells]
    return {indicator: tuple(cells) for indicator, cells in out.items()}


def _ranked(
    notes: Iterable[tuple[str, Finding]],
    outcomes: Iterable[FileOutcome],
    expected: Sequence[Place],
    totals: Mapping[str, int],
) -> list[tuple[str, Finding]]:
    """Errors first, what moves the province totals most before the rest; then by commune in the order expected, by
    file, and as the check ordered them."""
    order = {place.code: n for n, place in enumerate(expected)}
    last = len(order)
    rank = {"": last} | {o.file: order.get(o.commune, last) for o in outcomes}  # "": of the merge as a whole
    return sorted(notes, key=lambda n: (_SEVERITIES[n[1].severity], -effect(n[1], totals), rank[n[0]], n[0]))


def _name(place: Place) -> str:
    return f"{place.kind} {place.name}"
