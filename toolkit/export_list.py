"""One sheet of an export -> its dossiers, what was decided on the way, and what only a person can say.

A doubtful heading is decided by a person's answer, by an answer given before (unless the values speak against it), or
by evidence; else it is asked, and nothing is imported until it is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from toolkit.export_dates import DONE, DUE, RECEIVED, RETURNED, STATUS, Meaning, Swap, meaning, swaps
from toolkit.export_rows import Record, Taken, read_moment, take
from toolkit.header_row import CODE, Header, Rows, Words, answered, find_header
from toolkit.text import key

SKIP, EXCHANGE, KEEP = "bo_qua", "dao_ngay_thang", "giu_nguyen"
"""Answers that name no field: leave the column out; day and month are exchanged in all of it; they are right."""

DATES = frozenset({RECEIVED, DUE, DONE, RETURNED})
_NEEDED = DATES | {CODE, STATUS}
"""A heading that only resembles one of these is asked about: a verdict would be wrong without it."""


@dataclass(frozen=True, slots=True)
class Question:
    """What only a person can say. Answered by heading and one of the options (or another field, or ``SKIP``)."""

    heading: str
    options: tuple[str, ...]  # field ids
    alike: bool  # the heading is not known and only resembles the option
    at: int  # column, from 1


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of dossiers."""

    header: Header
    taken: Taken
    records: tuple[Record, ...]  # as they go into the register
    swaps: tuple[Swap, ...]
    meanings: Mapping[str, Meaning]  # heading -> what evidence made of it
    remembered: tuple[str, ...]  # headings read as a person once said
    questions: tuple[Question, ...]


def read_list(
    rows: Rows,
    words: Words,
    bucket: Callable[[str], str],
    answers: Mapping[str, str],
    remembered: Mapping[str, str],
) -> Listed | None:
    """None when there is no heading of a dossier list. ``answers``, ``remembered``: key of a heading -> field or one of
    the answers above. ``bucket``: a status -> its group."""
    header = find_header(rows, words)
    if header is None:
        return None
    for column in header.columns:
        given = answers.get(key(column.heading), "")
        if column.options and header.at(given):
            continue  # said of another list: here that field has a column whose heading leaves no doubt
        if given == SKIP or given in words.places:
            header = answered(header, column.heading, "" if given == SKIP else given)
    meanings: dict[str, Meaning] = {}
    used: list[str] = []
    questions: list[Question] = []
    for column in [c for c in header.columns if c.options and not c.field]:
        before = take(rows, header, DATES)
        fields = frozenset(c.field for c in header.columns if c.field)
        values = [read_moment(_cell(rows, row, column.at)) for row in before.rows]
        meant = meaning(column.options, fields, values, before.records, bucket)
        known = remembered.get(key(column.heading), "")
        if known == SKIP:
            header = answered(header, column.heading, "")
            used.append(column.heading)
        elif known and known not in fields and meant.field in ("", known):
            header = answered(header, column.heading, known)
            used.append(column.heading)
        elif meant.field and not known:
            header = answered(header, column.heading, meant.field)
            meanings[column.heading] = meant
        else:
            questions.append(Question(column.heading, column.options, False, column.at))
    for column in header.columns:
        if column.like in _NEEDED and not column.field:
            known = remembered.get(key(column.heading), "")
            if known == SKIP or (known in words.places and not header.at(known)):
                header = answered(header, column.heading, "" if known == SKIP else known)
                used.append(column.heading)
            elif not known and key(column.heading) not in answers:
                questions.append(Question(column.heading, (column.like,), True, column.at))
    taken = take(rows, header, DATES)
    found = _swaps(header, taken, answers)
    records = [dict(record) for record in taken.records]
    place = {row: n for n, row in enumerate(taken.rows)}
    for swap in found:
        for row, value in swap.exchanged.items():
            records[place[row]][swap.field] = value
    return Listed(header, taken, tuple(records), found, meanings, tuple(used), tuple(questions))


def _swaps(header: Header, taken: Taken, answers: Mapping[str, str]) -> tuple[Swap, ...]:
    said = {c.field: answers.get(key(c.heading), "") for c in header.columns if c.field}
    exchanged = frozenset(field for field, answer in said.items() if answer == EXCHANGE)
    return tuple(swap for swap in swaps(taken, all_of=exchanged) if said.get(swap.field) != KEEP)


def _cell(rows: Rows, row: int, at: int) -> object:
    return rows[row - 1][at - 1] if at <= len(rows[row - 1]) else ""
