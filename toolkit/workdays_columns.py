"""Deadlines and days late of whole columns: days as proleptic ordinals (``date.toordinal``), one lookup a row.

Arrays bring their own library (``__array_namespace__``, numpy 2 or later), so that this layer imports none; a
datetime64 column becomes ordinals by ``.astype("datetime64[D]").astype("int64") + 719163``. Plain sequences give
lists, with None where there is no answer.
"""

from __future__ import annotations

from itertools import repeat
from typing import Any

from toolkit.workdays import Calendar

UNKNOWN = -(2**31)
"""In arrays: a blank, a day outside the calendar, a negative term. A blank comes as UNKNOWN or 0."""

_FAR = 2**30  # beyond any count of days, and its double still fits 32 bits


def due_many(calendar: Calendar, received: Any, days: Any) -> Any:
    """``Calendar.due`` of each row; ``days`` is one term for all rows or one for each."""
    if hasattr(received, "__array_namespace__"):
        return _due_array(calendar, received, days)
    base, counts, working = calendar.first.toordinal() - 1, calendar.counts, calendar.working
    out: list[int | None] = []
    for day, term in zip(received, repeat(days, len(received)) if isinstance(days, int) else days, strict=True):
        at = None
        if day is not None and term is not None and 0 < day - base < len(counts) and term >= 0:
            at = counts[day - base] + term - 1 if term else counts[day - base - 1]
        out.append(working[at] if at is not None and at < len(working) else None)
    return out


def late_many(calendar: Calendar, due: Any, done: Any) -> Any:
    """``Calendar.days_late`` of each row."""
    if hasattr(due, "__array_namespace__"):
        return _late_array(calendar, due, done)
    base, counts = calendar.first.toordinal() - 1, calendar.counts
    end = len(counts)
    return [
        max(counts[b - base] - counts[a - base], 0)
        if a is not None and b is not None and 0 < a - base < end and 0 < b - base < end
        else None
        for a, b in zip(due, done, strict=True)
    ]


def _due_array(calendar: Calendar, received: Any, days: Any) -> Any:
    xp = received.__array_namespace__()
    working = xp.asarray((UNKNOWN, *calendar.working, UNKNOWN), dtype=xp.int64)
    nth = _counts(xp, calendar, -_FAR).take(received - (calendar.first.toordinal() - 1), mode="clip")
    terms = xp.asarray(days)
    least = terms.min(initial=1)
    nth += terms
    if least < 0:
        nth[xp.broadcast_to(terms < 0, nth.shape)] = -_FAR
    due = working.take(nth, mode="clip")
    if least <= 0:  # "trong ngày" on a day off is the next working day
        rolls = (terms == 0) & (due != received)
        due[rolls] = working.take(nth[rolls] + 1, mode="clip")
    return due


def _late_array(calendar: Calendar, due: Any, done: Any) -> Any:
    xp = due.__array_namespace__()
    base = calendar.first.toordinal() - 1
    late = _counts(xp, calendar, -_FAR).take(done - base, mode="clip")
    late -= _counts(xp, calendar, _FAR).take(due - base, mode="clip")
    unknown = late < -_FAR // 2 if late.min(initial=0) < -_FAR // 2 else None
    xp.maximum(late, 0, out=late)
    if unknown is not None:
        late[unknown] = UNKNOWN
    return late


def _counts(xp: Any, calendar: Calendar, beyond: int) -> Any:
    """Working days up to the n-th day, ``beyond`` outside the calendar."""
    return xp.asarray((beyond, *calendar.counts[1:], beyond), dtype=xp.int64)
