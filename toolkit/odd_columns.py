"""``anomalies.anomalies_of`` for whole columns: the same anomalies, but only suspects are looked at one by one.

Tests of whole columns tell which dossiers may be odd; the row-wise functions then judge these. What a register does
often (terms, codes, namesakes) is counted over all of it and handed to them. Groups are counted first; only when one
of them may stand out are they judged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from toolkit.anomalies import FEW, HABIT, Anomaly, in_words
from toolkit.columns import Column, firsts, places_of
from toolkit.limits import at_least, beyond
from toolkit.odd_dossiers import (
    CODE,
    GIVEN_BACK,
    OPEN,
    Odd,
    Terms,
    Usual,
    day_in,
    odd_dossiers,
    odd_lags,
    of_one_person,
    usual_terms,
)
from toolkit.odd_groups import FEWEST, IMPLAUSIBLE, LATE, RISK, TIMES, odd_groups
from toolkit.ready_columns import KINDS, LAST_DAY, NO_DAY, Ready
from toolkit.records import Period
from toolkit.text import keys_of
from toolkit.vocabulary import BUCKETS
from toolkit.wording import show_date
from toolkit.workdays import Calendar

_ALONE = ("BT_001", "BT_002", "BT_003", "BT_004", "BT_005", "BT_009")
"""Kinds that a dossier's own cells decide, whatever the others are."""

_SLACK = 1 - 1e-6  # whatever is so near to standing out is judged in the ordinary way
_DASH, _ZERO, _SPACE, _LOWER_A = map(ord, "-0 a")


def odd_in_columns(ready: Ready, kinds: Any, calendar: Calendar, period: Period) -> tuple[Anomaly, ...]:
    """``kinds``: positions in ``KINDS`` of the verdicts at the end of the period."""
    terms, usual, counts = _terms(ready, calendar)
    suspects = _suspects(ready, terms, usual, calendar, period)
    odd = [*_judged(ready, suspects, terms, usual, counts, calendar, period)]
    odd += _codes(ready, calendar)
    odd += _one_person(ready)
    groups: list[Odd] = []
    if _may_stand_out(ready, kinds, terms):
        by_procedure = keys_of(ready.register.procedure)
        every = tuple(None if term < 0 else term for term in terms.tolist())
        whole = Terms(by_procedure, every, counts, usual)
        groups = [*odd_groups(ready.register, [KINDS[n] for n in kinds.tolist()], whole)]
    return in_words(ready.outline, odd, groups) if odd or groups else ()


def _terms(ready: Ready, calendar: Calendar) -> tuple[Any, Mapping[str, Usual], Mapping[tuple[str, int | None], int]]:
    """The term of each dossier, what is usual, and how many have each procedure and term."""
    xp, procedures = ready.xp, ready.procedure_key
    terms = ready.terms(calendar)
    width = int(terms.max(initial=0)) + 2
    met, of = places_of(procedures.codes * width + terms + 1, len(procedures.values) * width)
    many, counts = xp.bincount(of), {}
    for i in xp.argsort(firsts(of, len(met))).tolist():
        procedure, term = divmod(int(met[i]), width)
        counts[procedures.values[procedure], term - 1 if term else None] = int(many[i])
    return terms, usual_terms(counts), counts


def _suspects(
    ready: Ready, terms: Any, usual: Mapping[str, Usual], calendar: Calendar, period: Period
) -> dict[str, Any]:
    """Kind -> mask of the dossiers that are odd in this way (``_ALONE``), or that may be."""
    xp, received, due, end, status = ready.xp, ready.received, ready.due, ready.end, ready.status
    start, last = period.start.toordinal(), period.end.toordinal()
    taken, ended = received != NO_DAY, end != NO_DAY
    tells_end = bool(ready.columns.letters.keys() & {"ngay_ket_qua", "ngay_tra"})
    finished = status.codes == BUCKETS.index("xong")
    open_ = _one_of(xp, status, OPEN)
    known = [usual.get(procedure) for procedure in ready.procedure_key.values]
    least = xp.asarray([u.least if u else -1 for u in known])[ready.procedure_key.codes]
    most = xp.asarray([u.most if u else -1 for u in known])[ready.procedure_key.codes]
    return {
        "BT_001": taken & ended & (end < received),
        "BT_002": taken & (due != NO_DAY) & (due < received),
        "BT_003": finished & ~ended & ~ready.unreadable & tells_end,
        "BT_004": ended & open_,
        "BT_005": _on_days_off(ready, calendar),
        "BT_007": _twice(ready),
        "BT_009": taken & ((received > last) | ((received < start) & ended & (received <= end) & (end < start))),
        "BT_010": (terms >= 0) & (least >= 0) & ((terms <= least - xp.maximum(2, least // 4)) | (terms > most)),
        "BT_011": taken & (received == ready.done) & (least >= 2),
    }


def _judged(
    ready: Ready,
    suspects: Mapping[str, Any],
    terms: Any,
    usual: Mapping[str, Usual],
    counts: Mapping[tuple[str, int | None], int],
    calendar: Calendar,
    period: Period,
) -> Iterator[Odd]:
    """The suspects, judged row by row. Of a kind that is told only once the first one is enough."""
    xp, asked = ready.xp, ready.xp.zeros(ready.size, dtype=bool)
    habits: dict[str, tuple[int, ...]] = {}
    for kind, mask in suspects.items():
        at = xp.flatnonzero(mask)
        if kind in _ALONE and len(at) > max(FEW, HABIT * ready.size):
            habits[kind] = tuple(at.tolist())
            at = at[:1]
        asked[at] = True
    places = xp.flatnonzero(asked)
    if not len(places):
        return
    part = ready.part(places)
    at = places.tolist()
    some = tuple(None if term < 0 else term for term in terms[places].tolist())
    told = set()
    own = Terms(keys_of(part.procedure), some, counts, usual)
    for odd in odd_dossiers(part, own, calendar, period, learnt=False):
        if odd.code in told:
            continue
        if odd.code in habits:
            told.add(odd.code)
            dossiers = habits[odd.code]
            words = {"n": len(dossiers), "tong": ready.size}
            yield odd._replace(
                sure="chac_chan" if odd.sure == "chac_chan" else "nen_xem", dossiers=dossiers, words=words, many=True
            )
        else:
            yield odd._replace(dossiers=tuple(at[i] for i in odd.dossiers))


def _on_days_off(ready: Ready, calendar: Calendar) -> Any:
    """Dossiers that are due on no working day, as far as the calendar goes."""
    counts = ready.xp.asarray(calendar.counts)
    day = ready.due - (calendar.first.toordinal() - 1)
    inside = (day > 0) & (day < len(counts))
    return inside & (counts.take(day, mode="clip") == counts.take(day - 1, mode="clip"))


def _twice(ready: Ready) -> Any:
    """Dossiers whose code stands in several rows, spaces and case apart."""
    xp, table, bare = ready.xp, ready.characters, ready.code
    if table is None or ((table == _SPACE) | (table - _LOWER_A < 26)).any():
        plain = "\n".join(bare.values).upper().replace(" ", "")
        bare = ready.renamed(bare, plain.split("\n"))
    if len(bare.values) == ready.size:
        return xp.zeros(ready.size, dtype=bool)
    return (xp.bincount(bare.codes)[bare.codes] > 1) & (bare.codes != _place(bare, ""))


def _codes(ready: Ready, calendar: Calendar) -> Iterator[Odd]:
    """Codes that carry another day than they should: BT_006."""
    xp, written = ready.xp, _written(ready)[ready.code.codes]
    used = (written != NO_DAY) & (ready.received != NO_DAY)
    if not used.any():
        return
    lags = _lags(ready, calendar, written)
    online = ready.channel.codes == _place(ready.channel, "truc_tuyen")
    mask = xp.zeros(ready.size, dtype=bool)
    for among in (used & online, used & ~online):
        met, many = xp.unique(lags[among], return_counts=True)
        odd = odd_lags(dict(zip(met.tolist(), many.tolist(), strict=True)))
        if odd:
            mask |= among & xp.isin(lags, xp.asarray(sorted(odd)))
    for i in xp.flatnonzero(mask).tolist():
        days = date.fromordinal(int(written[i])), date.fromordinal(int(ready.received[i]))
        words = dict(zip(("ngay", "nhan"), map(show_date, days), strict=True))
        yield Odd("BT_006", "rat_co_the", (i,), ("ma_ho_so", "ngay_tiep_nhan"), words)


def _lags(ready: Ready, calendar: Calendar, written: Any) -> Any:
    """Working days from the day in the code to the receipt, days where the calendar ends; where both are there."""
    xp, base, size = ready.xp, calendar.first.toordinal() - 1, len(calendar.counts)
    counts = xp.asarray(calendar.counts, dtype=xp.int64)
    first, last = written - base, ready.received - base
    inside = (first > 0) & (first < size) & (last > 0) & (last < size)
    lag = counts.take(last, mode="clip") - counts.take(first, mode="clip")
    return xp.where(inside, xp.where(first > last, xp.minimum(lag, -1), lag), last - first)


def _written(ready: Ready) -> Any:
    """The day that each distinct code carries, as an ordinal."""
    xp, table = ready.xp, ready.characters
    if table is None:
        matches = map(CODE.search, ready.code.values)
        return xp.asarray([_ordinal(match[1]) if match else NO_DAY for match in matches], dtype=xp.int64)
    tail = _ends(xp, table, 13)
    digit, dash = tail - _ZERO <= 9, tail == _DASH
    number = xp.zeros(table.shape[1], dtype=xp.int64)
    for digits in (3, 4, 5):
        to = 12 - digits  # where the second dash stands
        fits = digit[to - 6 : to].all(axis=0) & digit[to + 1 :].all(axis=0) & dash[to] & dash[to - 7]
        if fits.any():
            day = sum((tail[to - 6 + n] - _ZERO).astype(xp.int64) * 10 ** (5 - n) for n in range(6))
            number = xp.where(fits, day, number)
    met, of = places_of(number, 10**6)
    days = xp.asarray([_ordinal(f"{day:06d}") if day else NO_DAY for day in met.tolist()], dtype=xp.int64)
    return days[of]


def _ends(xp: Any, table: Any, many: int) -> Any:
    """The last characters of texts, 0 before the first one. ``table``: as ``Ready.characters``."""
    if len(table) >= many and table[-1].all():
        return table[-many:]
    ends = (table != 0).sum(axis=0) + xp.arange(-many, 0)[:, None]
    return xp.where(ends >= 0, table[xp.maximum(ends, 0), xp.arange(table.shape[1])], 0)


@lru_cache(maxsize=1024)  # few days, many registers
def _ordinal(written: str) -> int:
    day = day_in(written)
    return NO_DAY if day is None else day.toordinal()


def _one_person(ready: Ready) -> Iterator[Odd]:
    """Dossiers of one person, procedure and day: BT_008."""
    xp, procedures, received = ready.xp, ready.procedure_key, ready.received
    persons = ready.renamed(ready.applicant, "\n".join(ready.applicant.values).casefold().split("\n"))
    asked = (received != NO_DAY) & ~_one_of(xp, ready.status, GIVEN_BACK)
    for column in (persons, procedures):
        asked &= column.codes != _place(column, "")
    places = xp.flatnonzero(asked)
    if not len(places):
        return
    days = received - received[places].min()
    span = int(days[places].max()) + 1
    whole = ((persons.codes * len(procedures.values) + procedures.codes) * span + days)[places]
    in_order = xp.sort(whole)
    several = in_order[1:][in_order[1:] == in_order[:-1]]
    if not len(several):
        return
    together = several.take(several.searchsorted(whole), mode="clip") == whole
    groups: dict[int, list[int]] = {}
    for group, place in zip(whole[together].tolist(), places[together].tolist(), strict=True):
        groups.setdefault(group, []).append(place)
    fields = xp.bincount(ready.field_key.codes, minlength=len(ready.field_key.values)).tolist()
    many_of = dict(zip(ready.field_key.values, fields, strict=True))
    places = places[together]
    at = {place: i for i, place in enumerate(places.tolist())}
    alike = [tuple(map(at.__getitem__, group)) for group in groups.values()]
    for odd in of_one_person(ready.some(places), alike, many_of, _namesakes(ready, places)):
        yield odd._replace(dossiers=tuple(places[[*odd.dossiers]].tolist()))


def _namesakes(ready: Ready, places: Any) -> Mapping[str, float]:
    """Pairs of namesakes on one day to be expected in each procedure that some dossiers have."""
    xp, procedures = ready.xp, ready.procedure_key
    names = xp.bincount(ready.applicant.codes, minlength=len(ready.applicant.values))
    if (blank := _place(ready.applicant, "")) >= 0:
        names[blank] = 0
    whole = int(names.sum())
    share = int((names * (names - 1)).sum()) / (whole * (whole - 1)) if whole > 1 else 0.0
    asked = xp.zeros(len(procedures.values), dtype=bool)
    asked[procedures.codes[places]] = True
    among = xp.flatnonzero(asked[procedures.codes])
    days, day = places_of(ready.received[among], LAST_DAY + 1)
    met, of = places_of(procedures.codes[among] * len(days) + day, len(procedures.values) * len(days))
    many, order = xp.bincount(of), xp.argsort(firsts(of, len(met)))  # sums of fractions depend on the order of rows
    expected: dict[str, float] = {}
    for place, n in zip((met[order] // len(days)).tolist(), many[order].tolist(), strict=True):
        procedure = procedures.values[place]
        expected[procedure] = expected.get(procedure, 0.0) + n * (n - 1) / 2 * share
    return expected


def _may_stand_out(ready: Ready, kinds: Any, terms: Any) -> bool:
    """Whether ``odd_groups`` may have something to tell."""
    xp = ready.xp
    asked = _one_of(xp, Column(kinds, KINDS), LATE)
    late = _one_of(xp, Column(kinds, KINDS), [kind for kind in LATE if LATE[kind]])
    chances: list[float] = []
    if asked.any():
        chances += _chances_of_late(ready, late, asked)
    on_day = (kinds == KINDS.index("dung_han")) & (terms >= 2)
    ended = (on_day | (kinds == KINDS.index("truoc_han"))) & (terms >= 2)
    if ended.any():
        whole = at_least(int(on_day.sum()), int(ended.sum()), IMPLAUSIBLE)
        chances.append(whole)
        for labels in () if whole <= RISK else (ready.field_key, ready.officer):
            hits, members = _in_groups(xp, labels, on_day, ended)
            chances += [at_least(k, n, IMPLAUSIBLE) for k, n in zip(hits, members, strict=True)]
    return any(beyond([chance * _SLACK for chance in chances], RISK))


def _chances_of_late(ready: Ready, late: Any, asked: Any) -> Iterator[float]:
    xp, fields = ready.xp, ready.field_key
    whole, some = xp.flatnonzero(asked), xp.flatnonzero(asked & late)
    own = len(some) / len(whole)
    counted = xp.bincount(fields.codes[whole], minlength=len(fields.values))
    among = xp.bincount(fields.codes[some], minlength=len(fields.values)) / xp.maximum(counted, 1)
    for labels in (fields, ready.officer, ready.unit):
        expected = xp.full(len(whole), own) if labels is fields else among[fields.codes[whole]]
        summed = xp.bincount(labels.codes[whole], weights=expected, minlength=len(labels.values))
        hits = xp.bincount(labels.codes[some], minlength=len(labels.values))
        members = xp.bincount(labels.codes[whole], minlength=len(labels.values))
        wholes = zip(labels.values, hits.tolist(), members.tolist(), summed.tolist(), strict=True)
        for label, k, n, expected_hits in wholes:
            if label and n:
                rate = expected_hits / n
                yield at_least(k, n, rate) if k >= max(FEWEST, TIMES * rate * n * _SLACK) else 1.0


def _in_groups(xp: Any, labels: Column, on_day: Any, ended: Any) -> tuple[list[int], list[int]]:
    """(hits, members) of each group that has a name and members."""
    members = xp.bincount(labels.codes[ended], minlength=len(labels.values))
    hits = xp.bincount(labels.codes[on_day & ended], minlength=len(labels.values))
    kept = (members > 0) & (xp.arange(len(labels.values)) != _place(labels, ""))
    return hits[kept].tolist(), members[kept].tolist()


def _one_of(xp: Any, column: Column, wanted: Collection[str]) -> Any:
    return xp.asarray([value in wanted for value in column.values])[column.codes]


def _place(column: Column, value: str) -> int:
    """Where a value stands; -1 when it does not occur."""
    return list(column.values).index(value) if value in column.values else -1
