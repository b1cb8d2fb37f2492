"""Several lists of dossiers, and the register they go into -> one register in which every dossier stands once.

The order in which lists are given decides nothing: of two rows of one dossier the newer is the one with the later
result or return, then the one whose status is further on, then the one from the list that reaches further. A dossier
only gathers facts, so what the newer row leaves blank is taken from the older.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple

from toolkit.export_dates import DONE, RECEIVED, RETURNED, STATUS
from toolkit.export_rows import Record, code_key, day_of
from toolkit.figures import read_text
from toolkit.header_row import CODE
from toolkit.text import key

PROCEDURE = "ten_tthc"


class Place(NamedTuple):
    """Where a row stands: in which list (-1: the register itself), and in which row of it."""

    list: int
    row: int


@dataclass(frozen=True, slots=True)
class Twin:
    """Two rows of one dossier code. ``kept`` is the newer; or, when ``two``, both are kept as two dossiers."""

    code: str
    kept: Place
    other: Place
    decided: bool = True  # False: nothing says which is newer
    two: bool = False  # procedure and day of receipt both differ: one code for two dossiers
    status: str = ""  # of the kept row
    other_status: str = ""


@dataclass(frozen=True, slots=True)
class Joined:
    changed: Mapping[int, Record]  # position in the register -> the fields that become new
    added: tuple[Record, ...]
    places: tuple[Place, ...]  # of each added dossier: the row that it was read from
    twins: tuple[Twin, ...]  # contradictions; a row of the register that a list brings up to date is none
    repeated: tuple[Place, ...]  # rows of lists that are no dossier of their own: others of the same dossier count


def join(
    register: Sequence[Record],
    lists: Sequence[Sequence[Record]],
    rows: Sequence[Sequence[int]],
    stage: Callable[[str], int | None],
    kept: frozenset[str] = frozenset(),
) -> Joined:
    """``rows``: row numbers of the records of each list. ``stage``: how far on a status is, None when unknown.
    ``kept``: fields of the register that are filled when blank, and never overwritten."""
    entries: dict[object, list[_Entry]] = {}
    for number, (records, numbers) in enumerate(
        zip((register, *lists), (range(len(register)), *rows), strict=True), -1
    ):
        reach = _reach(records)
        seen: Counter[object] = Counter()
        for record, row in zip(records, numbers, strict=True):
            same = _same(record)
            if CODE not in record:  # two rows alike without a code are two dossiers; the same list again brings no more
                seen[same] += 1
                same = same, seen[same]
            entries.setdefault(same, []).append(_Entry(record, Place(number, row), reach))
    changed: dict[int, Record] = {}
    added: list[tuple[Place, Record]] = []
    twins: list[Twin] = []
    repeated: list[Place] = []
    for group in entries.values():
        for dossier in _dossiers(group, twins):
            order = _newest_first(dossier, stage)
            newest, record = order[0][1], order[0][1].record
            for (newness, _), (other_newness, other) in pairwise(order):
                record = _merged(record, newest, other, newness == other_newness, twins)
            home, incoming = dossier[0], [entry.place for entry in dossier if entry.place.list >= 0]
            fresh = _fresh(home.record, record, kept)
            if home.place.list >= 0:
                added.append((newest.place, record))
            elif fresh:
                changed[home.place.row] = fresh
            if incoming and (home.place.list >= 0 or fresh):
                incoming.remove(newest.place if newest.place in incoming else incoming[0])
            repeated += incoming
    added.sort(key=lambda pair: pair[0])
    return Joined(
        changed,
        tuple(record for _, record in added),
        tuple(place for place, _ in added),
        tuple(sorted(twins, key=lambda twin: (twin.code, twin.kept, twin.other))),
        tuple(sorted(repeated)),
    )


class _Entry(NamedTuple):
    record: Record
    place: Place
    reach: date | None  # latest day that its list knows of


def _same(record: Record) -> object:
    """What rows of one dossier share: its code, else all that they say."""
    if CODE in record:
        return code_key(record[CODE])
    return frozenset((field, day_of(value) or key(str(value))) for field, value in record.items())


def _dossiers(group: list[_Entry], twins: list[Twin]) -> list[list[_Entry]]:
    """Rows of one code, apart where procedure and day of receipt both differ."""
    out: list[list[_Entry]] = []
    for entry in group:
        mates = next((some for some in out if not _apart(some[0].record, entry.record)), None)
        if mates is not None:
            mates.append(entry)
            continue
        if out:
            code = read_text(entry.record[CODE])
            twins.append(Twin(code, out[0][0].place, entry.place, two=True))
        out.append([entry])
    return out


def _apart(one: Record, other: Record) -> bool:
    procedures = {key(str(r[PROCEDURE])) for r in (one, other) if PROCEDURE in r}
    days = {day for r in (one, other) if (day := day_of(r.get(RECEIVED)))}
    return len(procedures) == len(days) == 2


def _merged(record: Record, newest: _Entry, other: _Entry, doubtful: bool, twins: list[Twin]) -> Record:
    """``record``, gathered so far, with the facts of an older row. ``doubtful``: nothing says that it is older."""
    if not _differ(record, other.record):
        finer = {field: value for field, value in other.record.items() if _finer(value, record.get(field))}
        return other.record | record | finer
    if doubtful or other.place.list >= 0:
        twins.append(
            Twin(
                code=read_text(record.get(CODE)),
                kept=newest.place,
                other=other.place,
                decided=not doubtful,
                status=read_text(newest.record.get(STATUS)),
                other_status=read_text(other.record.get(STATUS)),
            )
        )
    return other.record | record


def _newest_first(
    dossier: Sequence[_Entry], stage: Callable[[str], int | None]
) -> list[tuple[tuple[date, int, date], _Entry]]:
    """The rows of a dossier with what makes them new: the last event, how far on the status is, how far the list
    reaches. One status that is not known leaves statuses out, so that any number of rows has one order."""
    stages = [stage(read_text(entry.record.get(STATUS))) for entry in dossier]
    known = [0 if None in stages or s is None else s for s in stages]
    dated = (
        ((_last_event(entry.record), s, entry.reach or date.min), entry)
        for entry, s in zip(dossier, known, strict=True)
    )
    return sorted(dated, key=lambda pair: pair[0], reverse=True)


def _last_event(record: Record) -> date:
    return max((day for f in (DONE, RETURNED) if (day := day_of(record.get(f)))), default=date.min)


def _reach(records: Sequence[Record]) -> date | None:
    days = (day_of(record.get(field)) for record in records for field in (RECEIVED, DONE, RETURNED))
    return max(filter(None, days), default=None)


def _differ(one: Record, other: Record) -> bool:
    """Whether they contradict each other in a field that both have."""
    return any(field in one and not _equal(one[field], value) for field, value in other.items())


def _equal(one: object, other: object) -> bool:
    if one == other:
        return True
    days = day_of(one), day_of(other)
    if days[0] or days[1]:
        return days[0] == days[1]
    return key(str(one)) == key(str(other))


def _finer(value: object, known: object) -> bool:
    """Whether it tells the time of day of a date that is known without."""
    return isinstance(value, datetime) and not isinstance(known, datetime) and day_of(known) == value.date()


def _fresh(known: Record, now: Record, kept: frozenset[str]) -> Record:
    """What the register does not say yet, or says otherwise."""
    return {
        field: value
        for field, value in now.items()
        if field not in known
        or (field != CODE and field not in kept and (_finer(value, known[field]) or not _equal(known[field], value)))
    }
