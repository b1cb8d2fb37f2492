"""What is odd in a register, found the plain way: every dossier is looked at alone and nothing is asked once for many.
Slow; the measure of ``toolkit.odd_dossiers``, which goes by columns."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from toolkit.dossiers import Register
from toolkit.odd_dossiers import FEWEST_ALIKE, NAMESAKES, PAUSES, RECURS, SEVERAL
from toolkit.records import Period
from toolkit.text import key
from toolkit.workdays import Calendar

Found = set[tuple[str, tuple[int, ...]]]  # code and positions
Usual = dict[str, tuple[int, int]]  # procedure -> least and most of the terms that recur


def odd(register: Register, calendar: Calendar, period: Period) -> Found:
    """The kinds whose columns are looked at whole."""
    found = {("BT_005", (i,)) for i, due in enumerate(register.due) if due and calendar.is_working(due) is False}
    found |= {("BT_006", (i,)) for i in _codes(register, calendar)}
    found |= {("BT_007", alike) for alike in _alike(["".join(code.split()).upper() for code in register.code])}
    found |= {("BT_008", alike) for alike in _same_person(register)}
    found |= {("BT_009", (i,)) for i in range(len(register)) if _outside(register, i, period)}
    return found | {("BT_010", (i,)) for i in _terms(register, calendar)}


def _codes(register: Register, calendar: Calendar) -> Iterator[int]:
    lags: dict[int, int] = {}
    for i, received in enumerate(register.received):
        match = re.search(r"-(\d\d)(\d\d)(\d\d)-\d{3,5}$", register.code[i])
        if match and received:
            try:
                day = date(2000 + int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                continue
            lag = calendar.between(day, received)
            lags[i] = (received - day).days if lag is None else min(lag, -1) if day > received else lag
    for online in (True, False):
        among = {i: lag for i, lag in lags.items() if (register.channel[i] == "truc_tuyen") is online}
        counts = Counter(among.values())
        enough = max(3, len(among) // 1000)
        usual, before = 0, 0
        while counts[usual + 1] >= enough:
            usual += 1
        while counts[before - 1] >= enough:
            before -= 1
        yield from (i for i, lag in among.items() if not before <= lag <= usual + (usual > 0))


def _same_person(register: Register) -> Iterator[tuple[int, ...]]:
    procedures, fields = [*map(key, register.procedure)], [*map(key, register.field)]
    wholes = [
        (name.casefold(), procedure, received)
        if name and procedure and received and status not in ("rut", "dung", "chua_tinh")
        else None
        for name, procedure, received, status in zip(
            register.applicant, procedures, register.received, register.status, strict=True
        )
    ]
    groups = [*_alike(wholes)]
    more: Counter[str] = Counter()
    for alike in groups:
        more[fields[alike[0]]] += len(alike) - 1
    names = Counter(filter(None, register.applicant))
    pairs = names.total() * (names.total() - 1)
    share = sum(n * (n - 1) for n in names.values()) / pairs if pairs else 0.0
    expected: defaultdict[str, float] = defaultdict(float)
    for (procedure, _), n in Counter(zip(procedures, register.received, strict=True)).items():
        expected[procedure] += n * (n - 1) / 2 * share
    for alike in groups:
        field = fields[alike[0]]
        usual = more[field] >= max(3, SEVERAL * fields.count(field)) or expected[procedures[alike[0]]] > NAMESAKES
        if not usual and len({register.code[i] for i in alike}) > 1:
            yield alike


def _outside(register: Register, i: int, period: Period) -> bool:
    received, end = register.received[i], register.end(i)
    if received is None or period.start <= received <= period.end:
        return False
    return received > period.end or (end is not None and received <= end < period.start)


def _terms(register: Register, calendar: Calendar) -> Iterator[int]:
    terms: dict[int, int] = {}
    by_procedure: defaultdict[str, list[int]] = defaultdict(list)
    for i, (received, due) in enumerate(zip(register.received, register.due, strict=True)):
        if received and due and due >= received and (term := calendar.between(received, due)) is not None:
            terms[i] = term
            by_procedure[key(register.procedure[i])].append(term)
    usual: Usual = {}
    for procedure, counted in by_procedure.items():
        recurring = [term for term in counted if counted.count(term) >= max(2, RECURS * len(counted))]
        if procedure and len(counted) >= FEWEST_ALIKE and recurring:
            usual[procedure] = min(recurring), max(recurring)
    known = {i: (term, *usual[p]) for i, term in terms.items() if (p := key(register.procedure[i])) in usual}
    further = sorted(term - most for term, _, most in known.values() if term > most)
    pauses = PAUSES * further[len(further) // 2] if len(further) >= FEWEST_ALIKE else 0
    for i, (term, least, most) in known.items():
        received, end = register.received[i], register.end(i)
        assert received is not None
        early = False
        if end is not None and term >= most + max(3, most // 2):
            taken = calendar.between(received, end)
            early = taken is not None and 0 <= taken < most - 1
        if term <= least - max(2, least // 4) or term > most + max(most + 2, pauses) or early:
            yield i


def _alike(keys: list[str] | list[tuple[str, str, date] | None]) -> Iterator[tuple[int, ...]]:
    for one in dict.fromkeys(keys):
        places = tuple(i for i, other in enumerate(keys) if other == one)
        if one and len(places) > 1:
            yield places
