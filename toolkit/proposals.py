"""Repairs in words, and the edits of those that an official accepted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from toolkit.form import Form
from toolkit.records import Change, Edit, Filing, Finding, Repair
from toolkit.repair import conventions
from toolkit.wording import ACCEPTED, PLAIN_SLIP, PROPOSED, SLIP_KINDS, fill, finding, place


@dataclass(frozen=True, slots=True)
class Offer:
    """The values of one proposal that can be accepted as they stand."""

    sheet: str
    cell: str
    before: int | None
    after: int
    kind: str


def words(found: Finding) -> tuple[str, ...]:
    """The proposals of a finding, the best first: at most one for each part of the form that it touches."""
    return tuple(_sentence(repair) for repair in _best(found.repairs))


def offers(found: Finding) -> tuple[Offer, ...]:
    """What accepting a finding's proposals writes; () when they leave a value open or the file has no such cell."""
    changes = [change for repair in _best(found.repairs) for change in repair.changes]
    made = tuple(
        Offer(c.sheet, c.cell, c.before, c.after, c.kind) for c in changes if c.cell and c.sheet and c.after is not None
    )
    return made if len(made) == len(changes) else ()


def effect(found: Finding, totals: Mapping[str, int]) -> Fraction:
    """How much of a province total hangs on a finding: the largest share that a certain proposal, or else its
    difference, would move. 0 where nothing can be said, as of a figure that has no total. One of several proposals is a
    choice, often of a small figure; the difference is a fact, held against the total of the figure that the finding is
    about."""
    best = _best(found.repairs)
    moved = [share for repair in best if repair.certain for share in _shares(repair, totals)]
    if not moved and found.key is not None and isinstance(found.difference, int) and found.key.indicator in totals:
        moved = [Fraction(abs(found.difference), max(1, abs(totals[found.key.indicator])))]
    if not moved:
        moved = [share for repair in best for share in _shares(repair, totals)]
    return max(moved, default=Fraction(0))


def doubted_settings(form: Form, filing: Filing) -> tuple[Finding, ...]:
    """A convention of the cover that the figures contradict, where another one needs fewer cells to be mended."""
    choices = {(s.id, c.id): c.label for s in form.settings for c in s.choices}
    labels = {r.id: r.label for r in form.rules}
    found = []
    for setting in form.settings:
        own, *others = (c for c in conventions(form, filing) if c.setting == setting.id)
        fewer = [c for c in others if c.cells is not None and (own.cells is None or c.cells < own.cells)]
        if not own.broken or not fewer:
            continue
        better = []
        for other in sorted(fewer, key=lambda c: c.cells or 0):
            cells = "; ".join(map(_change, other.certain)) or f"{other.cells} ô"
            words_of = PROPOSED["setting" if other.cells else "setting_fits"]
            better.append(fill(words_of, {"lua_chon": choices[other.setting, other.choice], "cac_o": cells}))
        found.append(
            finding(
                "QT_002",
                ten=setting.label,
                dang=choices[own.setting, own.choice],
                vi_pham="; ".join(labels[rule] for rule in own.broken),
                khac="; ".join(better),
            )
        )
    return tuple(found)


def accept(
    wanted: Iterable[Offer], present: Mapping[tuple[str, str], str], numbers: Mapping[tuple[str, str], int]
) -> tuple[tuple[Edit, ...], tuple[Finding, ...]]:
    """(edits, what stands against them). ``present``: text of each cell now; ``numbers``: what it means.

    A cell that is no longer what it was when the proposal was made, or that two lines want to be different numbers,
    is a finding; the caller then writes nothing.
    """
    edits: dict[tuple[str, str], Edit] = {}
    faults: list[Finding] = []
    for offer in wanted:
        at = (offer.sheet, offer.cell)
        o = place(*at)
        if numbers.get(at) != offer.before:
            before = "(trống)" if offer.before is None else offer.before
            goc = present.get(at) or "(trống)"
            faults.append(finding("NHAN_003", o=o, truoc=before, sau=offer.after, goc=goc))
        elif at in edits and edits[at].value != offer.after:
            faults.append(finding("NHAN_004", o=o, truoc=edits[at].value, sau=offer.after))
        else:
            why = fill(ACCEPTED, {"kieu": SLIP_KINDS.get(offer.kind, PLAIN_SLIP)})
            edits[at] = Edit("value", *at, value=offer.after, before=present.get(at, ""), why=why)
    return tuple(edits.values()), tuple(faults)


def _shares(repair: Repair, totals: Mapping[str, int]) -> list[Fraction]:
    return [
        Fraction(abs(c.after - (c.before or 0)), max(1, abs(totals[c.key.indicator])))
        for c in repair.changes
        if c.after is not None and c.key.indicator in totals
    ]


def _best(repairs: Sequence[Repair]) -> tuple[Repair, ...]:
    """The first repair of each part: what is certain stands first, then the likeliest."""
    firsts: dict[int, Repair] = {}
    for repair in repairs:
        firsts.setdefault(repair.part, repair)
    return tuple(firsts.values())


def _sentence(repair: Repair) -> str:
    cells = "; ".join(_change(change) for change in repair.changes)
    how = "certain" if repair.certain and repair.found > 1 else "one_of" if repair.found > 1 else "alone"
    if not repair.found:
        how = "one_of_many"
    return fill(PROPOSED[how], {"cac_o": cells, "n": repair.found}) + "."


def _change(change: Change) -> str:
    kind = "cell" if change.after is not None else "least" if change.high is None else "range"
    fields: dict[str, object] = {
        "o": f"{change.sheet}!{change.cell}" if change.sheet else change.key.indicator,
        "truoc": "(trống)" if change.before is None else change.before,
        "sau": change.after,
        "tu": change.low,
        "den": change.high,
    }
    text = fill(PROPOSED[kind], fields)
    return text + (fill(PROPOSED["kind"], {"kieu": SLIP_KINDS[change.kind]}) if change.kind else "")
