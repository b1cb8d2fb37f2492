"""From one period to the next: what a new workbook begins with, and whether what came over is what was left open.

Which figures come over stands in the form (``Indicator.carries``). A figure counts only when it was really there:
typed, or a formula none of whose parts is blank; a sum with a blank part is a lower bound and nothing to go on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from toolkit.check_words import describe
from toolkit.checks import confront
from toolkit.compute import Ledger, counts, formula_of, ledger_of, settings_of
from toolkit.form import Block, Form, Indicator
from toolkit.records import TOTAL_ROW, Figure, Filing, Finding, Key, Period, Place, Value
from toolkit.text import key as text_key
from toolkit.values import Values
from toolkit.wording import CARRIED_NOTE, NO_SUCH_ROW, SEAM, fill, finding, place, show_date, show_period


class Closing(NamedTuple):
    """A figure of the last period and the cell that it stood in."""

    value: int
    file: str
    sheet: str
    cell: str


Figures = Mapping[tuple[str, str], Closing]
"""Figures of one commune's last period by (row, indicator): row label of a grid, ``TOTAL_ROW``, "" for a scalar.
What is absent is not known."""


def carried(form: Form, last: Filing, unit: Place, period: Period) -> tuple[Values, tuple[Finding, ...]]:
    """(What a workbook of ``unit`` for ``period`` begins with, what there is to say about it).

    ``last``: the report of the period before. With an error among the findings (KT_005 to KT_007: another commune, not
    the period before) the values are empty. Figures come over as written, also those an error finding touches (KT_003).
    """
    if fault := unfit(last, unit, period):
        return Values(), (fault,)
    move = _Move(form, last)
    for block in form.blocks:
        if block.kind == "grid":
            move.grid(block)
        elif block.kind == "scalars":
            move.scalars(block)
    return move.values(), tuple(_told(move, period))


def over(first: Values, given: Values) -> Values:
    """Both together; where both give a cell, ``given`` wins, and the note of the other goes with its figure."""
    grids: dict[str, dict[str, dict[str, Value]]] = {}
    for source in (first, given):
        for block, rows in source.grids.items():
            into = grids.setdefault(block, {})
            spelled = {text_key(row): row for row in into}
            for row, cells in rows.items():
                into.setdefault(spelled.get(text_key(row), row), {}).update(cells)
    notes = {id_: note for id_, note in first.notes.items() if id_ not in given.scalars}
    return Values(
        settings={**first.settings, **given.settings},
        scalars={**first.scalars, **given.scalars},
        grids=grids,
        records={**first.records, **given.records},
        notes={**notes, **given.notes},
        none_declared=first.none_declared | given.none_declared,
    )


def unfit(last: Filing, unit: Place | None, period: Period | None) -> Finding | None:
    """Why a report cannot be that of the period before: another commune's (KT_005), commune or period not known
    (KT_006), or a period that does not begin and end earlier (KT_007)."""
    if last.place is None or last.period is None:
        return finding("KT_006", tep=last.file, thieu="đơn vị" if last.place is None else "kỳ báo cáo")
    if unit is None or last.place.code != unit.code:
        now = _unit(unit) if unit else "(chưa rõ đơn vị)"
        return finding("KT_005", tep=last.file, kia=_unit(last.place), nay=now)
    return not_before(last.file, last.period, period)


def not_before(file: str, last: Period, period: Period | None) -> Finding | None:
    """KT_007 when a period does not both begin and end earlier (a report that cumulates from one day on does not)."""
    if period is not None and last.start < period.start and last.end < period.end:
        return None
    now = show_period(period) if period else "(chưa rõ kỳ)"
    return finding("KT_007", tep=file, kia=show_period(last), nay=now)


def seam(last: Period, period: Period) -> Finding | None:
    """KT_002 when a period does not begin on the day after the last one ends; None when it does."""
    days = (period.start - last.end - timedelta(days=1)).days
    if not days:
        return None
    how = fill(SEAM["gap" if days > 0 else "overlap"], {"n": abs(days)})
    return finding("KT_002", den=show_date(last.end), tu=show_date(period.start), khoang=how)


def closings(form: Form, last: Filing) -> dict[tuple[str, str], Closing]:
    """The counts of a report that were really there."""
    book = ledger_of(form, last)
    found = {}
    for block in form.blocks:
        if block.kind == "records":
            continue
        for row in (*last.rows.get(block.id, ()), TOTAL_ROW) if block.kind == "grid" else ("",):
            for indicator in counts(block):
                key = Key(block.id, row, indicator.id)
                value, figure = _there(last, book, key), last.figures.get(key)
                if isinstance(value, int):
                    found[row, indicator.id] = Closing(value, last.file, *_at(figure))
    return found


def left_open(form: Form, last: Filing) -> dict[Key, int]:
    """The figures, row by row, that the next period must begin with: a province workbook shows each with its cell."""
    book, found = ledger_of(form, last), {}
    for block in form.blocks:
        carried = {i.carries for i in block.indicators if i.carries not in ("", i.id)} if block.kind == "grid" else ()
        wanted = [i.id for i in counts(block) if i.id in carried]
        for row in last.rows.get(block.id, ()) if wanted else ():
            for key in (Key(block.id, row, indicator) for indicator in wanted):
                if isinstance(value := _there(last, book, key), int):
                    found[key] = value
    return found


def earlier_flows(form: Form, last: Figures) -> dict[Key, int]:
    """The flows among the figures of the last period, as ``checks.confront`` takes them."""
    found = {}
    for (row, id_), closing in last.items():
        indicator = form.indicator(id_)
        kind = form.indicator(indicator.of).kind if indicator.of else indicator.kind
        if kind == "flow":
            found[Key(indicator.block, row, id_)] = closing.value
    return found


def differences(form: Form, last: Figures, now: Filing) -> tuple[Finding, ...]:
    """Where what came over from the last period is not what was left open then, row by row (KT_011), in rows that
    only one of both periods has (KT_012, KT_013), and in total where the rows do not explain it (KT_011).

    Blank or unknown on either side is no difference; a row without any figure in the last period is. Warnings: a
    correction in between is lawful.
    """
    book = ledger_of(form, now)
    found: list[Finding] = []
    for block in form.blocks:
        for indicator in block.indicators if block.kind != "records" else ():
            if indicator.carries not in ("", indicator.id):
                found += _differences(form, block, indicator, last, now, book)
    return tuple(found)


def _differences(
    form: Form, block: Block, indicator: Indicator, last: Figures, now: Filing, book: Ledger
) -> Iterator[Finding]:
    whole = TOTAL_ROW if block.kind == "grid" else ""
    theirs = {
        text_key(row): (row, closing)
        for (row, id_), closing in last.items()
        if id_ == indicator.carries and row != whole
    }
    by_row = bool(theirs)
    known = {text_key(row) for row, _ in last if row != whole}
    explained = 0
    for row in now.rows.get(block.id, ()) if block.kind == "grid" else ():
        key = Key(block.id, row, indicator.id)
        value = _there(now, book, key)
        before = theirs.pop(text_key(row), (row, None))[1]
        if not isinstance(value, int) or not by_row:
            continue
        if before is not None and value != before.value:
            explained += value - before.value
            yield _differs(form, now, key, indicator, value, before)
        elif before is None and value and text_key(row) not in known:
            explained += value
            sheet, cell = _at(now.figures.get(key))
            ten = describe(form, key)
            yield finding("KT_012", sheet=sheet, cell=cell, key=key, left=value, ten=ten, dong=row)
    total = Key(block.id, whole, indicator.id)
    sheet, cell = _at(now.figures.get(total))
    for row, gone in theirs.values():
        if gone.value:
            explained -= gone.value
            where = _where(gone)
            ten = form.indicator(indicator.carries).name
            o = place(sheet, cell) if cell else NO_SUCH_ROW
            yield finding(
                "KT_013", sheet=sheet, cell=cell, key=total, right=gone.value, o=o, dong=row, ten=ten, noi=where
            )
    value, closing = _there(now, book, total), last.get((whole, indicator.carries))
    if isinstance(value, int) and closing is not None and value - closing.value != explained:
        yield _differs(form, now, total, indicator, value, closing)


def _differs(form: Form, now: Filing, key: Key, indicator: Indicator, value: int, before: Closing) -> Finding:
    sheet, cell = _at(now.figures.get(key))
    return finding(
        "KT_011",
        sheet=sheet,
        cell=cell,
        key=key,
        left=value,
        right=before.value,
        ten=describe(form, key),
        truoc=form.indicator(indicator.carries).name,
        noi=_where(before),
    )


class _Move:
    """Figures on their way from one report to the next workbook."""

    def __init__(self, form: Form, last: Filing) -> None:
        self.form, self.last, self.book = form, last, ledger_of(form, last)
        self.cells: dict[str, dict[str, dict[str, Value]]] = {}
        self.lines: dict[str, Value] = {}
        self.notes: dict[str, str] = {}
        self.taken: list[tuple[Indicator, Key, Value]] = []  # (what it becomes, where it stood, what it is)
        self.open: list[Key] = []  # lower bounds, left behind

    def grid(self, block: Block) -> None:
        rows = self.cells.setdefault(block.id, {})
        for row in self.last.rows.get(block.id, ()):
            found = {i.id: value for i in block.indicators if (value := self._take(block, row, i)) is not None}
            if found or row not in block.rows:  # a lĩnh vực that the form does not list comes along, figures or none
                rows[row] = found

    def scalars(self, block: Block) -> None:
        for indicator in block.indicators:
            if (value := self._take(block, "", indicator)) is not None:
                self.lines[indicator.id] = value
                self.notes[indicator.id] = CARRIED_NOTE

    def values(self) -> Values:
        known = {s.id: {c.id for c in s.choices} for s in self.form.settings}
        settings = {id_: choice for id_, choice in self.last.settings.items() if choice in known.get(id_, ())}
        return Values(settings=settings, scalars=self.lines, grids=self.cells, notes=self.notes)

    def _take(self, block: Block, row: str, indicator: Indicator) -> Value | None:
        if not indicator.carries:
            return None
        key = Key(block.id, row, indicator.carries)
        value = _there(self.last, self.book, key)
        if value is not None:
            self.taken.append((indicator, key, value))
        elif self.book.values.get(key) is not None:
            self.open.append(key)
        return value


def _told(move: _Move, period: Period) -> Iterator[Finding]:
    form, last = move.form, move.last
    columns: dict[str, int] = {}
    for indicator, key, _ in move.taken:
        block = form.block(key.block)
        name = indicator.name if indicator.id != indicator.carries else block.title
        columns[name] = columns.get(name, 0) + 1
    ky = show_period(last.period) if last.period else ""
    if columns:
        listed = "; ".join(f"“{name}” {n} ô" for name, n in columns.items())
        yield finding("KT_001", n=len(move.taken), tep=last.file, ky=ky, cac_cot=listed)
    else:
        yield finding("KT_008", tep=last.file, ky=ky)
    if move.open:
        first = move.open[0]
        sheet, cell = _at(last.figures.get(first))
        ten = describe(form, first)
        yield finding("KT_015", sheet=sheet, cell=cell, key=first, tep=last.file, ten=ten, n=len(move.open))
    if last.period and (gap := seam(last.period, period)):
        yield gap
    yield from _doubtful(move)
    for block in form.blocks:
        for indicator in block.indicators if block.kind == "grid" else ():
            if indicator.carries:
                yield from _lost(move, indicator)


def _doubtful(move: _Move) -> Iterator[Finding]:
    """Carried figures that an error of the last report touches, also through the cells that they add up."""
    form, last = move.form, move.last
    at = {(f.sheet, f.cell): key for key, f in last.figures.items()}
    wrong: dict[Key, list[str]] = {}
    for found in confront(form, last):
        if found.severity != "error":
            continue
        cells = (c.rpartition("!") if "!" in c else (found.sheet, "", c) for c in (found.cell, *found.cells))
        for key in dict.fromkeys(at[sheet, cell] for sheet, _, cell in cells if (sheet, cell) in at):
            wrong.setdefault(key, []).append(found.message)
    settings = settings_of(form, last.settings)
    for _, key, value in move.taken:
        formula = formula_of(form.indicator(key.indicator), settings)
        parts = [key._replace(indicator=term.id) for term, _ in formula.terms] if formula else []
        said = dict.fromkeys(message for k in (key, *parts) for message in wrong.get(k, ()))
        if said:
            sheet, cell = _at(last.figures.get(key))
            ten, loi = describe(form, key), next(iter(said))
            yield finding(
                "KT_003", sheet=sheet, cell=cell, key=key, tep=last.file, ten=ten, gia_tri=value, n=len(said), loi=loi
            )


def _lost(move: _Move, indicator: Indicator) -> Iterator[Finding]:
    """The total of the last report against what of it came over."""
    total = Key(indicator.block, TOTAL_ROW, indicator.carries)
    value = _there(move.last, move.book, total)
    came = sum(v for i, _, v in move.taken if i.id == indicator.id and isinstance(v, int))
    if isinstance(value, int) and value != came:
        sheet, cell = _at(move.last.figures.get(total))
        ten = describe(move.form, total)
        yield finding("KT_004", sheet=sheet, cell=cell, key=total, left=value, right=came, tep=move.last.file, ten=ten)


def _there(filing: Filing, book: Ledger, key: Key) -> int | Decimal | None:
    """A figure that was really there; None: blank, unreadable, or a sum with a blank part."""
    figure = filing.figures.get(key)
    if figure is not None and figure.origin not in ("blank", "formula"):
        return figure.value if isinstance(figure.value, int | Decimal) else None
    return None if key in book.open else book.values.get(key)


def _at(figure: Figure | None) -> tuple[str, str]:
    return (figure.sheet, figure.cell) if figure else ("", "")


def _where(closing: Closing) -> str:
    return f"{closing.file}, {place(closing.sheet, closing.cell)}" if closing.cell else closing.file


def _unit(unit: Place) -> str:
    return f"{unit.kind} {unit.name} ({unit.code})"
