"""Edits that fill in a form at a click: zeros for what did not occur, form II.06a counted from the register.

Only what somebody types is filled in: a computed cell, a total and a control keep what they hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from toolkit.compute import settings_of
from toolkit.dossiers import Register
from toolkit.form import COUNT_KINDS, Form, Indicator
from toolkit.form_totals import GRID, INDICATORS, totals
from toolkit.records import TOTAL_ROW, Edit, Figure, Filing, Key
from toolkit.wording import FILLED


class FromRegister(NamedTuple):
    """What the register says for form II.06a."""

    blank: tuple[Edit, ...]  # cells with nothing in them
    other: tuple[Edit, ...]  # cells that hold something else: to be replaced only when somebody says so
    unplaced: int  # dossiers that should be in the form and could not be placed
    rows: tuple[str, ...]  # lĩnh vực of dossiers for which the form has no row


def zeros(form: Form, filing: Filing) -> tuple[Edit, ...]:
    """0 into every blank count that somebody types. A block ticked "không phát sinh" needs none."""
    return tuple(
        Edit("value", figure.sheet, figure.cell, value=0, why=FILLED["zero"])
        for key, figure in filing.figures.items()
        if figure.origin == "blank" and key.block not in filing.none_declared and _typed(form, key)
    )


def from_register(form: Form, filing: Filing, register: Register) -> FromRegister:
    """Form II.06a as the register gives it, cell by cell. Without a period there is nothing to count."""
    if filing.period is None:
        return FromRegister((), (), 0, ())
    rows = filing.rows.get(GRID, ())
    counted = totals(form.block(GRID), register, filing.period, settings_of(form, filing.settings)["rut"], rows)
    edits = [
        (figure, Edit("value", figure.sheet, figure.cell, value=n, before=figure.raw, why=FILLED["register"]))
        for figure in _cells(form, filing, rows)
        if (n := counted.dossiers(figure.key.row, figure.key.indicator)) != figure.value
    ]
    return FromRegister(
        tuple(edit for figure, edit in edits if figure.origin == "blank"),
        tuple(edit for figure, edit in edits if figure.origin != "blank"),
        sum(map(len, counted.unplaced.values())),
        tuple(row for row in counted.rows if row and row not in rows),
    )


def _cells(form: Form, filing: Filing, rows: tuple[str, ...]) -> Iterator[Figure]:
    for row in rows:
        for id_ in INDICATORS:
            figure = filing.figures.get(Key(GRID, row, id_))
            if figure is not None and _input(form.indicator(id_)):
                yield figure


def _typed(form: Form, key: Key) -> bool:
    return key.row != TOTAL_ROW and _input(form.indicator(key.indicator))


def _input(indicator: Indicator) -> bool:
    return indicator.kind in COUNT_KINDS and indicator.kind != "control" and not indicator.equals
