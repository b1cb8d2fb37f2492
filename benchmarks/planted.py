"""Faults planted in sound registers, one kind after the other; what was planted is kept apart from the register."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random

from benchmarks.registers import OPEN, PROCEDURES, Dossier, Habits, Invented, Planted, invent, office_time, written
from toolkit.records import Period
from toolkit.workdays import Calendar

Group = tuple[str, str, tuple[Dossier, ...], str]


def faulty(seed: int, rows: int, calendar: Calendar, period: Period, each: int = 6) -> Invented:
    """A register with ``each`` faults of every kind of a single dossier, and two odd groups."""
    dossiers, habits = invent(seed, rows, calendar, period)
    planted = _plant(dossiers, habits, Random(f"planted {seed}"), calendar, period, each)
    return written(dossiers, habits, period, planted)


def _plant(
    dossiers: list[Dossier], habits: Habits, dice: Random, calendar: Calendar, period: Period, each: int
) -> tuple[Planted, ...]:
    """Faults of every kind, at most one in a dossier; groups first, as they take many."""
    put: list[tuple[str, str, tuple[Dossier, ...], str]] = []
    for plant in (_plant_on_day, _plant_late):
        chosen = plant(dossiers, habits, dice, calendar, period)
        if chosen is not None:
            put.append(chosen)
    for kind, what, wanted, change in _CHANGES:
        if kind == "BT_011" and habits.dates == "day":
            continue  # no times of day: nothing to see
        fit = [d for d in dossiers if not d.planted and wanted(d)]
        for one in dice.sample(fit, min(each, len(fit))):
            touched = change(one, dossiers, dice, calendar, period)
            for d in touched:
                d.planted.add(kind)
            put.append((kind, what, touched, ""))
    at = {id(d): i for i, d in enumerate(dossiers)}
    return tuple(Planted(kind, what, tuple(at[id(d)] for d in touched), whose) for kind, what, touched, whose in put)


def _plant_on_day(
    dossiers: list[Dossier], habits: Habits, dice: Random, calendar: Calendar, period: Period
) -> Group | None:
    """Results dated on the promised day by the software."""
    name, members = _group(dossiers, habits, dice, lambda d: d.done is not None and d.procedure.term >= 3, 20, 400)
    if not members:
        return None
    for one in members:
        if dice.random() < 0.85 and one.due is not None and one.done is not None and one.due <= period.end:
            one.done = datetime.combine(one.due, office_time(dice))
            _later(one)
    return "BT_012", "một nhóm ghi ngày kết quả bằng ngày hẹn", _marked(members, "BT_012"), name


def _plant_late(
    dossiers: list[Dossier], habits: Habits, dice: Random, calendar: Calendar, period: Period
) -> Group | None:
    """One group is late far more often than the others."""
    name, members = _group(dossiers, habits, dice, lambda d: d.done is not None and not d.planted, 15, 300)
    if not members:
        return None
    share = dice.uniform(0.12, 0.4)
    touched = []
    for one in members:
        if dice.random() < share and one.due is not None:
            day = calendar.due(one.due, dice.randint(1, 8))
            if day is not None and day <= period.end:
                one.done = datetime.combine(day, office_time(dice))
                _later(one)
                touched.append(one)
    return "BT_013", "một nhóm quá hạn nhiều bất thường", _marked(touched, "BT_013"), name


def _group(
    dossiers: list[Dossier], habits: Habits, dice: Random, wanted: Callable[[Dossier], bool], least: int, most: int
) -> tuple[str, list[Dossier]]:
    groups: dict[str, list[Dossier]] = {}
    for one in dossiers:
        if wanted(one):
            groups.setdefault(one.officer if habits.officers else one.procedure.field, []).append(one)
    fit = sorted(name for name, members in groups.items() if least <= len(members) <= most)
    name = dice.choice(fit) if fit else ""
    return name, groups.get(name, [])


def _marked(members: Sequence[Dossier], kind: str) -> tuple[Dossier, ...]:
    for one in members:
        one.planted.add(kind)
    return tuple(members)


def _later(one: Dossier) -> None:
    if one.returned is not None and one.done is not None:
        one.returned = one.done + timedelta(minutes=5)


def _early_result(one: Dossier, all_: list[Dossier], dice: Random, *_: object) -> tuple[Dossier, ...]:
    one.done = one.received - timedelta(days=dice.choice((1, 2, 7, 30, 31, 365)))
    return (one,)


def _early_due(one: Dossier, all_: list[Dossier], dice: Random, *_: object) -> tuple[Dossier, ...]:
    one.due = one.received.date() - timedelta(days=dice.choice((1, 2, 10, 30, 31, 365)))
    return (one,)


def _no_result(one: Dossier, *_: object) -> tuple[Dossier, ...]:
    one.done = one.returned = None
    return (one,)


def _still_open(one: Dossier, all_: list[Dossier], dice: Random, *_: object) -> tuple[Dossier, ...]:
    one.status, one.returned = dice.choice(OPEN), None
    return (one,)


def _day_off(
    one: Dossier, all_: list[Dossier], dice: Random, calendar: Calendar, period: Period
) -> tuple[Dossier, ...]:
    assert one.due is not None
    while calendar.is_working(one.due):
        one.due += timedelta(days=1)
    return (one,)


def _wrong_code(one: Dossier, all_: list[Dossier], dice: Random, *_: object) -> tuple[Dossier, ...]:
    """A day, a month or a year of the code is another one."""
    day = one.received.date() + timedelta(days=dice.choice((1, -1)) * dice.choice((1, 2, 4, 10, 30, 31, 365)))
    one.code = f"H48.22-{day:%y%m%d}-{dice.randint(5000, 9999)}"
    return (one,)


def _twice(one: Dossier, all_: list[Dossier], dice: Random, *_: object) -> tuple[Dossier, ...]:
    """The same dossier exported again, or another one under its code."""
    if dice.random() < 0.5:
        again = replace(one, status="Đang xử lý" if one.done is None else "Đã xử lý xong", planted=set())
        all_.insert(dice.randint(0, len(all_)), again)
        return one, again
    same_day = [d for d in all_ if d is not one and not d.planted and d.received.date() == one.received.date()]
    if not same_day:
        return _twice(one, all_, dice)
    other = dice.choice(same_day)
    other.code = one.code
    return one, other


def _taken_twice(one: Dossier, all_: list[Dossier], dice: Random, *_: object) -> tuple[Dossier, ...]:
    again = replace(
        one,
        code=f"{one.code[:-4]}{dice.randint(5000, 9999)}",
        received=one.received + timedelta(minutes=7),
        planted=set(),
    )
    all_.insert(all_.index(one) + 1, again)
    return one, again


def _other_period(
    one: Dossier, all_: list[Dossier], dice: Random, calendar: Calendar, period: Period
) -> tuple[Dossier, ...]:
    """A dossier of another period in the export, in itself sound."""
    assert one.due is not None
    term = calendar.between(one.received.date(), one.due)
    if dice.random() < 0.5:
        start, status = period.end + timedelta(dice.randint(1, 40)), dice.choice(OPEN)
    else:
        start, status = period.start - timedelta(dice.randint(70, 200)), one.status
    day = calendar.due(start, 0)
    assert day is not None and term is not None
    one.received, one.due, one.status = datetime.combine(day, one.received.time()), calendar.due(day, term), status
    one.code = f"H48.22-{day:%y%m%d}-{dice.randint(5000, 9999)}"
    one.done = one.returned = None
    if day < period.start:
        done = calendar.due(day, max(term - 1, 0))
        assert done is not None
        one.done = max(datetime.combine(done, office_time(dice)), one.received + timedelta(minutes=40))
        one.status = "Đã xử lý xong"
    return (one,)


def _shorter_term(
    one: Dossier, all_: list[Dossier], dice: Random, calendar: Calendar, period: Period
) -> tuple[Dossier, ...]:
    """The term of another procedure."""
    return _with_term(one, dice, calendar, [p.term for p in PROCEDURES if p.term <= one.procedure.term - 2])


def _longer_term(
    one: Dossier, all_: list[Dossier], dice: Random, calendar: Calendar, period: Period
) -> tuple[Dossier, ...]:
    """The term of another procedure, or the right day of the next month."""
    now = one.procedure
    terms = [p.term for p in PROCEDURES if p.term >= now.term + 2 and p.term != now.variant]
    return _with_term(one, dice, calendar, [*terms, now.term + 21, now.term + 22])


def _with_term(one: Dossier, dice: Random, calendar: Calendar, terms: Sequence[int]) -> tuple[Dossier, ...]:
    one.due = calendar.due(one.received.date(), dice.choice(sorted(set(terms))))
    assert one.due is not None
    if one.done is not None and one.done.date() > one.due:
        one.done = max(datetime.combine(one.due, time(16, 30)), one.received + timedelta(minutes=40))
        _later(one)
    return (one,)


def _within_minutes(one: Dossier, all_: list[Dossier], dice: Random, *_: object) -> tuple[Dossier, ...]:
    one.done = one.received + timedelta(minutes=dice.randint(0, 9))
    _later(one)
    return (one,)


def _finished(one: Dossier) -> bool:
    return one.done is not None and one.status.startswith("Đã")


def _slow(one: Dossier) -> bool:
    return _finished(one) and one.procedure.term >= 3


def _any(one: Dossier) -> bool:
    return True


_CHANGES: tuple[tuple[str, str, Callable[[Dossier], bool], Callable[..., tuple[Dossier, ...]]], ...] = (
    ("BT_001", "có kết quả trước khi tiếp nhận", _finished, _early_result),
    ("BT_002", "hẹn trả trước khi tiếp nhận", _any, _early_due),
    ("BT_003", "đã xong, mất ngày kết quả", _finished, _no_result),
    ("BT_004", "có ngày kết quả, chưa kết thúc", _finished, _still_open),
    ("BT_005", "hẹn trả vào ngày nghỉ", _slow, _day_off),
    ("BT_006", "ngày trong mã khác ngày tiếp nhận", _any, _wrong_code),
    ("BT_007", "trùng mã hồ sơ", _any, _twice),
    ("BT_008", "một hồ sơ tiếp nhận hai lần", _slow, _taken_twice),
    ("BT_009", "hồ sơ của kỳ khác", _finished, _other_period),
    ("BT_010", "hạn ngắn hơn thủ tục đó", _slow, _shorter_term),
    ("BT_010", "hạn dài hơn thủ tục đó", _slow, _longer_term),
    ("BT_011", "nhập vào sau khi đã làm xong", _slow, _within_minutes),
)
