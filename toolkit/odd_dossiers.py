"""Dossiers whose own cells cannot all be right, or that are unlike the others of their register.

What a register does often is its habit and no fault of a dossier: codes that carry the day of submission, people who
bring five copies to certify, pauses that lengthen a term. Each habit is learnt from the register itself.

Thousands of dossiers share few days, terms and procedures: what these mean is asked once for each of them that is met,
and single dossiers are looked at only where something odd was met.
"""

# Without "from __future__ import annotations", as in ``toolkit.records``.

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, repeat
from typing import Literal, NamedTuple

from toolkit.dossiers import Register
from toolkit.records import Period
from toolkit.text import key, keys_of
from toolkit.wording import ODD_WORDS, fill, show_date, show_period
from toolkit.workdays import Calendar

Sureness = Literal["chac_chan", "rat_co_the", "nen_xem"]

RECURS = 0.02
"""A term that so large a share of a procedure has, and two dossiers at least, is usual there."""

FEWEST_ALIKE = 8
"""Dossiers of a procedure below which nothing is usual."""

QUICK = 10
"""Minutes from receipt to result in which nobody decides a dossier that has days."""

SEVERAL = 0.005
"""A lĩnh vực with so large a share of further dossiers of one person on one day, and three at least, has the habit."""

NAMESAKES = 0.3
"""A procedure in which so many pairs of namesakes on one day are to be expected says nothing about any pair."""

PAUSES = 6
"""A term is longer than pauses and extensions make it when it is so many times as far beyond the usual as half of the
longer ones are."""

CODE = re.compile(r"-(\d{6})-\d{3,5}$")
_CODES = re.compile(CODE.pattern, re.MULTILINE)
OPEN = ("dang", "bo_sung", "tai_chinh", "chua_tinh")
GIVEN_BACK = ("rut", "dung", "chua_tinh")


class Odd(NamedTuple):
    """Something odd, before it is put into words."""

    code: str
    sure: Sureness
    dossiers: tuple[int, ...]  # positions in the register, the one to look at first
    fields: tuple[str, ...]  # the columns to look at, the first one first
    words: Mapping[str, object]
    chance: float | None = None  # of a group: that there are so many by chance
    many: bool = False  # stands for many of its kind


class Usual(NamedTuple):
    """Terms of one procedure that recur, in working days."""

    many: int  # dossiers with a term
    least: int
    most: int
    commonest: int


class Terms(NamedTuple):
    procedure: tuple[str, ...]  # key of each dossier's procedure
    term: tuple[int | None, ...]  # working days from receipt to the due date, each; None: not known
    counts: Mapping[tuple[str, int | None], int]  # procedure and term -> dossiers
    usual: Mapping[str, Usual]  # procedures with enough dossiers

    def usual_of(self, i: int) -> Usual | None:
        return self.usual.get(self.procedure[i])


def terms_of(register: Register, calendar: Calendar) -> Terms:
    """The term of each dossier and what is usual for its procedure. A term below 0 is none."""
    procedures = keys_of(register.procedure)
    pairs = tuple(zip(register.received, register.due, strict=True))
    known = {pair: _term(calendar, *pair) for pair in {*pairs}}
    terms = tuple(map(known.__getitem__, pairs))
    counts = Counter(zip(procedures, terms, strict=True))
    return Terms(procedures, terms, counts, usual_terms(counts))


def usual_terms(counts: Mapping[tuple[str, int | None], int]) -> Mapping[str, Usual]:
    """What is usual for each procedure; ``counts`` as in ``Terms``."""
    by_procedure: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for (procedure, term), n in counts.items():
        if term is not None and procedure:
            by_procedure[procedure][term] = n
    usual = {}
    for procedure, counted in by_procedure.items():
        many = sum(counted.values())
        recurring = [term for term, n in counted.items() if n >= max(2, RECURS * many)]
        if many >= FEWEST_ALIKE and recurring:
            usual[procedure] = Usual(many, min(recurring), max(recurring), max(counted, key=counted.__getitem__))
    return usual


def odd_dossiers(
    register: Register, terms: Terms, calendar: Calendar, period: Period | None, learnt: bool = True
) -> Iterator[Odd]:
    """Every odd dossier, kind by kind. ``learnt``: those too that only the other dossiers show, BT_006 and BT_008."""
    yield from _contradictions(register)
    yield from _days_off(register, calendar)
    if learnt:
        yield from _codes(register, calendar)
    yield from _twice(register)
    if learnt:
        yield from _same_person(register, terms)
    if period is not None:
        yield from _outside(register, period)
    yield from _terms(register, terms, calendar)
    yield from _quick(register, terms)


def _contradictions(register: Register) -> Iterator[Odd]:
    columns = zip(register.received, register.due, register.done, register.returned, register.status, strict=True)
    tells_end = bool(register.letters.keys() & {"ngay_ket_qua", "ngay_tra"})
    for i, (received, due, done, returned, status) in enumerate(columns):
        end, field = (done, "ngay_ket_qua") if done is not None else (returned, "ngay_tra")
        if received is not None and end is not None and end < received:
            words = {"ngay": show_date(end), "nhan": show_date(received)}
            yield Odd("BT_001", "chac_chan", (i,), (field, "ngay_tiep_nhan"), words)
        if received is not None and due is not None and due < received:
            words = {"ngay": show_date(due), "nhan": show_date(received)}
            yield Odd("BT_002", "chac_chan", (i,), ("ngay_hen_tra", "ngay_tiep_nhan"), words)
        if status == "xong" and end is None and tells_end and i not in register.unreadable:
            field = "ngay_ket_qua" if "ngay_ket_qua" in register.letters else "ngay_tra"
            yield Odd("BT_003", "chac_chan", (i,), (field, "trang_thai"), {})
        if end is not None and status in OPEN:
            yield Odd("BT_004", "chac_chan", (i,), (field, "trang_thai"), {"ngay": show_date(end)})


def _days_off(register: Register, calendar: Calendar) -> Iterator[Odd]:
    off: dict[date | None, tuple[Sureness, Mapping[str, object]]] = {}
    for day in {*register.due}:
        if day is not None and calendar.is_working(day) is False:
            expected = calendar.provisional(day)
            words = {"ngay": show_date(day), "du_kien": ODD_WORDS["du_kien"] if expected else ""}
            off[day] = "nen_xem" if expected else "rat_co_the", words
    for i, due in enumerate(register.due):
        if due in off:
            sure, told = off[due]
            yield Odd("BT_005", sure, (i,), ("ngay_hen_tra",), told)


def _codes(register: Register, calendar: Calendar) -> Iterator[Odd]:
    """A code may carry the day of submission: so many working days before the receipt as others have, are usual."""
    written = days_in_codes(register.code)
    wholes = tuple(zip(written, register.received, register.channel, strict=True))
    counted = Counter(wholes)
    lags = {(day, received): _lag(calendar, day, received) for day, received, _ in counted}
    met: dict[bool, Counter[int]] = {True: Counter(), False: Counter()}  # online or not -> lag -> dossiers
    for (day, received, channel), n in counted.items():
        lag = lags[day, received]
        if lag is not None:
            met[channel == "truc_tuyen"][lag] += n
    odd = {(online, lag) for online, counts in met.items() for lag in odd_lags(counts)}
    for i, (day, received, channel) in enumerate(wholes) if odd else ():
        if (channel == "truc_tuyen", lags[day, received]) in odd and (submitted := day_in(day)) and received:
            words = {"ngay": show_date(submitted), "nhan": show_date(received)}
            yield Odd("BT_006", "rat_co_the", (i,), ("ma_ho_so", "ngay_tiep_nhan"), words)


def days_in_codes(codes: Sequence[str]) -> Sequence[str]:
    """The day of submission that each code carries, as digits; "" for none. ``codes``: tidy, thus of one line each."""
    found = _CODES.findall("\n".join(codes))  # where all carry one, it need not be known whose it is
    return found if len(found) == len(codes) else [m[1] if m else "" for m in map(CODE.search, codes)]


def odd_lags(counts: Mapping[int, int]) -> frozenset[int]:
    """Of the lags that dossiers of one channel have, those that are not usual among them."""
    enough = max(3, sum(counts.values()) // 1000)
    usual, before = 0, 0
    while counts.get(usual + 1, 0) >= enough:
        usual += 1
    while counts.get(before - 1, 0) >= enough:
        before -= 1
    return frozenset(lag for lag in counts if lag < before or lag > usual + (1 if usual else 0))


def _twice(register: Register) -> Iterator[Odd]:
    codes = [code.replace(" ", "") for code in map(str.upper, register.code)]  # tidy texts have no other space
    for alike in _groups(codes):
        yield Odd("BT_007", "chac_chan", alike, ("ma_ho_so",), {"n": len(alike)})


def _same_person(register: Register, terms: Terms) -> Iterator[Odd]:
    """Only the first dossier of a person is told; a dossier given back may well come again on the same day."""
    wholes = tuple(zip(map(str.casefold, register.applicant), terms.procedure, register.received, strict=True))
    groups = []
    for alike in _groups(wholes):
        still = tuple(i for i in alike if register.status[i] not in GIVEN_BACK)
        if all(wholes[alike[0]]) and len(still) > 1:
            groups.append(still)
    if groups:
        yield from of_one_person(register, groups, Counter(keys_of(register.field)), _namesakes(register, terms))


def of_one_person(
    register: Register, groups: Sequence[tuple[int, ...]], many: Mapping[str, int], namesakes: Mapping[str, float]
) -> Iterator[Odd]:
    """Which groups of dossiers of one person, procedure and day are odd. By keys: ``many`` dossiers of each lĩnh vực,
    pairs of ``namesakes`` to be expected in each procedure."""
    more = Counter[str]()
    for alike in groups:
        more[key(register.field[alike[0]])] += len(alike) - 1
    for alike in groups:
        field, procedure = key(register.field[alike[0]]), key(register.procedure[alike[0]])
        usual = more[field] >= max(3, SEVERAL * many[field]) or namesakes[procedure] > NAMESAKES
        if not usual and len({register.code[i] for i in alike}) > 1:
            received = register.received[alike[0]]
            words = {"n": len(alike), "nhan": "" if received is None else show_date(received)}
            yield Odd("BT_008", "nen_xem", alike, ("ma_ho_so", "ngay_tiep_nhan"), words)


def _namesakes(register: Register, terms: Terms) -> Mapping[str, float]:
    """Pairs of namesakes on one day to be expected in each procedure, by how often names recur in the register."""
    names = Counter(filter(None, register.applicant))
    two = names.total() * (names.total() - 1)
    share = sum(n * (n - 1) for n in names.values()) / two if two else 0.0
    expected: dict[str, float] = {}
    for (procedure, _), n in Counter(zip(terms.procedure, register.received, strict=True)).items():
        expected[procedure] = expected.get(procedure, 0.0) + n * (n - 1) / 2 * share
    return expected


def _outside(register: Register, period: Period) -> Iterator[Odd]:
    """Received after the period, or received and finished before it: what was still open then is carried over."""
    outside = {day for day in {*register.received} if day is not None and not period.start <= day <= period.end}
    for i, received in enumerate(register.received) if outside else ():
        if received is None or received not in outside:
            continue
        end = register.end(i)
        finished = end if end is not None and received <= end < period.start else None
        if received > period.end or finished is not None:
            over = "" if finished is None else fill(ODD_WORDS["xong"], {"ngay": show_date(finished)})
            words = {"nhan": show_date(received), "xong": over, "ky": show_period(period)}
            yield Odd("BT_009", "rat_co_the", (i,), ("ngay_tiep_nhan",), words)


def _terms(register: Register, terms: Terms, calendar: Calendar) -> Iterator[Odd]:
    """Shorter than usual: nothing shortens a term. Longer: pauses and extensions do, as far as this register has them;
    but then there was no result within the usual term."""
    met = [(whole, n, usual) for whole, n in terms.counts.items() if (usual := terms.usual.get(whole[0]))]
    further = sorted(
        chain.from_iterable(
            repeat(term - usual.most, n) for (_, term), n, usual in met if term is not None and term > usual.most
        )
    )
    pauses = PAUSES * further[len(further) // 2] if len(further) >= FEWEST_ALIKE else 0
    asked: dict[tuple[str, int | None], tuple[bool, bool]] = {}  # procedure and term -> too short, too long
    for (procedure, term), _, usual in met:
        if term is not None:
            short = term <= usual.least - max(2, usual.least // 4)
            long = term > usual.most + max(usual.most + 2, pauses)
            if short or long or term >= usual.most + max(3, usual.most // 2):
                asked[procedure, term] = short, long
    for i, whole in enumerate(zip(terms.procedure, terms.term, strict=True)) if asked else ():
        received, usual = register.received[i], terms.usual_of(i)
        if whole not in asked or received is None or usual is None:
            continue
        short, long = asked[whole]
        end = register.end(i)
        if not (short or long) and end is not None:
            taken = calendar.between(received, end)
            long = taken is not None and 0 <= taken < usual.most - 1
        if short or long:
            words = {"so": whole[1], "n": usual.many - 1, "thuong": _range(usual)}
            fields = ("ngay_hen_tra", "ngay_tiep_nhan", "ten_tthc")
            yield Odd("BT_010", "rat_co_the" if short else "nen_xem", (i,), fields, words)


def _quick(register: Register, terms: Terms) -> Iterator[Odd]:
    for i, minutes in enumerate(register.minutes):
        if minutes is None or minutes > QUICK or register.received[i] != register.done[i]:
            continue
        usual = terms.usual_of(i)
        if usual is not None and usual.least >= 2:
            when = fill(ODD_WORDS["sau_phut" if minutes >= 0 else "truoc_gio"], {"n": abs(minutes)})
            words = {"khi": when, "thuong": _range(usual)}
            yield Odd("BT_011", "rat_co_the", (i,), ("ngay_ket_qua", "ngay_tiep_nhan"), words)


def _groups(keys: Sequence[Hashable]) -> Iterator[tuple[int, ...]]:
    """Positions that share a key, None and "" left out, where there are two or more."""
    if len({*keys}) == len(keys):
        return iter(())
    shared = {one for one, n in Counter(keys).items() if n > 1 and one}
    places: defaultdict[Hashable, list[int]] = defaultdict(list)
    for i, one in enumerate(keys) if shared else ():
        if one in shared:
            places[one].append(i)
    return map(tuple, places.values())


def _term(calendar: Calendar, received: date | None, due: date | None) -> int | None:
    """Working days; of a due date before the receipt none."""
    return None if received is None or due is None or due < received else calendar.between(received, due)


def _lag(calendar: Calendar, written: str, received: date | None) -> int | None:
    """Working days from the day in the code to the receipt; days, where the calendar ends. A code of a later day is
    never 0. None: no such day, or no receipt."""
    day = day_in(written)
    if day is None or received is None:
        return None
    lag = calendar.between(day, received)
    if lag is None:
        return (received - day).days
    return min(lag, -1) if day > received else lag


def day_in(written: str) -> date | None:
    """ "250908" -> 8/9/2025."""
    try:
        return date(2000 + int(written[:2]), int(written[2:4]), int(written[4:]))
    except ValueError:
        return None


def _range(usual: Usual) -> str:
    return str(usual.least) if usual.least == usual.most else f"{usual.least} – {usual.most}"
