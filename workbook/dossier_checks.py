"""What checking a book says about its register of dossiers: words that are not known, dossiers that are odd, and where
the register and form II.06a differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from toolkit.anomalies import anomalies_of
from toolkit.dossiers import Register, kinds, register_of
from toolkit.form import Form
from toolkit.form_differences import confront
from toolkit.records import STATUS_TABLE, Filing, Finding, Table
from toolkit.vocabulary import with_statuses
from toolkit.wording import ODDITIES, finding
from workbook.forms import load_calendar, load_vocabulary

MOST_TOLD, MOST_ODD = 20, 5
"""Findings of one code, and of one kind of odd dossiers; the others are counted. ``tthc overdue`` lists them all."""


def prepare() -> None:
    """Reads what every register is checked by: where there is time for it, while the register is parsed."""
    load_calendar()
    load_vocabulary()


def check_register(form: Form, filing: Filing, table: Table) -> tuple[Finding, ...]:
    """``table``: the filing's register, with at least one dossier. Without a period only the words are looked at."""
    register, found = read_register(filing, table)
    if filing.period is None:
        return tuple(capped(found))
    calendar = load_calendar()
    odd = anomalies_of(register, kinds(register, filing.period.end), calendar, filing.period)
    return tuple(capped([*found, *confront(form, filing, register), *(a.finding for a in odd)]))


def read_register(filing: Filing, table: Table) -> tuple[Register, tuple[Finding, ...]]:
    """A register in columns, its words as one-door systems use them and as the unit's own sheet of statuses says."""
    own = filing.tables.get(STATUS_TABLE)
    vocabulary, found = with_statuses(load_vocabulary(), own) if own else (load_vocabulary(), ())
    register, more = register_of(table, vocabulary)
    return register, (*found, *more)


def capped(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The first findings of each code, in their order, and how many more there are."""
    by_code: dict[str, list[Finding]] = {}
    for one in findings:
        by_code.setdefault(one.code, []).append(one)
    for code, alike in by_code.items():
        most = MOST_ODD if code in ODDITIES else MOST_TOLD
        yield from alike[:most]
        if len(alike) > most:
            last = alike[most - 1]
            yield finding("HS_010", sheet=last.sheet, cell=last.cell, n=len(alike) - most, ma=code)
