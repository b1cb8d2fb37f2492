"""What a merge keeps of a dossier register, and what there is to say about it: from columns, where the register was
read so (``lean_package``), else row by row."""

from __future__ import annotations

from datetime import date

from toolkit import dossier_columns, registers
from toolkit.columns import Columns
from toolkit.dossiers import kinds
from toolkit.form import Form
from toolkit.form_totals import GRID
from toolkit.odd_columns import odd_in_columns
from toolkit.ready_columns import Ready
from toolkit.records import STATUS_TABLE, Dossiers, Filing, Finding, Table
from toolkit.vocabulary import with_statuses
from workbook.dossier_checks import capped, check_register, read_register
from workbook.forms import load_calendar, load_vocabulary
from workbook.held_columns import in_arrow, kept


def digest_dossiers(
    form: Form, filing: Filing, register: Columns | Table, cutoff: date, every: bool
) -> tuple[Dossiers, tuple[Finding, ...]]:
    """What a merge keeps of a register with at least one dossier, and what ``registers.check`` and ``check_register``
    say of it. ``filing``: the rest of the report, with its own sheet of statuses; ``cutoff``: dossiers are late or not
    as of the end of this day; ``every``: all dossiers are kept, not only the late ones."""
    if isinstance(register, Table):
        return _by_cells(form, filing, register, cutoff, every)
    calendar, own = load_calendar(), filing.tables.get(STATUS_TABLE)
    vocabulary, found = with_statuses(load_vocabulary(), own) if own else (load_vocabulary(), ())
    ready = Ready(register, vocabulary)
    profiles = ready.profiles(cutoff, filing.period)
    told = [*found, *dossier_columns.strange_words(ready)]
    if filing.period is not None:
        told += dossier_columns.confronted(form, filing, ready, profiles)
        at_end = ready.kinds(profiles, filing.period.end)
        told += [a.finding for a in odd_in_columns(ready, at_end, calendar, filing.period)]
    block, rows = form.block(GRID), filing.rows.get(GRID, ())
    held = dossier_columns.held(ready, ready.kinds(profiles, cutoff), calendar, cutoff, block, rows, every)
    findings = (*dossier_columns.faults(form, filing, ready), *capped(told))
    return kept(held), findings


def _by_cells(
    form: Form, filing: Filing, table: Table, cutoff: date, every: bool
) -> tuple[Dossiers, tuple[Finding, ...]]:
    whole = filing._replace(tables={**filing.tables, table.block: table})
    faults = registers.check(form, whole._replace(tables={table.block: table}))
    findings = (*faults, *check_register(form, whole, table))
    register, _ = read_register(whole, table)
    block, rows = form.block(GRID), filing.rows.get(GRID, ())
    calendar, judged = load_calendar(), kinds(register, cutoff)
    dossiers = dossier_columns.dossiers_of(register, judged, calendar, cutoff, block, rows, every)
    return in_arrow(dossiers), findings
