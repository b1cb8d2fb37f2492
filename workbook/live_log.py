"""The log sheet of an open book: what each run changed, for people in its columns, for ``undo`` in a hidden one.

Each line carries a record (run, what, sheet, cells, before, after) as JSON. A run that only painted has one line; its
colours are in the list sheet. What is taken back is a run of its own, so that the log only grows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from toolkit.edits import Log, LogLine
from toolkit.figures import stored_text
from toolkit.wording import DOSSIER_SHEET, LIST_SHEET, LIVE_HINTS, LIVE_LOG, LOG_SHEET, fill
from workbook.list_sheet import LIST_MAGIC, LOG_MAGIC, render_log
from workbook.live import LivePackage, table
from workbook.live_areas import Place, boxes, place_of
from workbook.live_guard import opened, quiet
from workbook.live_sheets import NAMESPACE, Contents, Look, Looks, add, contents, find_ours, put, show, write
from workbook.rectangle import Box

UNDO, PAINT, ROWS = "undo", "paint", "rows"
_RECORD = 8  # hidden column
_COLUMNS = 6
_HEADER = 4  # row of the headings in a log sheet of ours

_DAY_0 = datetime(1899, 12, 30)
_WORDS = frozenset({"TRUE", "FALSE"})

Content = float | str | None
"""What a cell holds, as it is written: "=…" a formula, "'…" a text that looks like something else, None a blank."""


class Change(NamedTuple):
    """One change of content. ``before`` of added rows is blank, ``after`` a fingerprint of them."""

    sheet: str
    cells: str  # "C9", or "A5:L300" for added rows
    before: Content
    after: Content


class Record(NamedTuple):
    run: int
    what: str  # key of LIVE_LOG, or UNDO with the run taken back as ``after``
    sheet: str
    cells: str  # "" for PAINT and UNDO
    before: Content
    after: Content


class Undone(NamedTuple):
    what: str  # of the run taken back; "" when there was none
    restored: int  # cells
    kept: int  # cells changed by somebody since: left as they are
    painted: int  # cells that lost our paint
    locked: tuple[str, ...]


class Journal:
    """The log sheet as it stands; ``run`` is the number of the next run."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._sheet: Any = None
        self._last = _HEADER
        self.records: list[Record] = []
        for sheet, header in find_ours(book, (LOG_SHEET,), LOG_MAGIC):
            self._sheet, self._header = sheet, int(header) if header.isdigit() else _HEADER
            self._last = max(int(sheet.used_range.last_cell.row), self._header)
            cells = sheet.range((1, _RECORD), (self._last, _RECORD)).options(ndim=2).value
            self.records = [record for (text,) in cells if (record := _record(text))]
            break
        self.run = max((record.run for record in self.records), default=0) + 1

    @property
    def sheet(self) -> Any:
        """None when there is none."""
        return self._sheet

    def append(self, what: str, lines: Sequence[LogLine], changes: Sequence[Change], painted: int = 0) -> None:
        """Adds the lines of one run, each with its change where it has one, and one line for what was painted."""
        if not lines and not painted:
            return
        by_cell = {(change.sheet, change.cells): change for change in changes}
        listed = list(lines)
        records = [
            Record(self.run, what, *change) if (change := by_cell.get((line.sheet, line.cell))) else None
            for line in lines
        ]
        if painted:
            listed.append(LogLine("", "", "", fill(LIVE_LOG[PAINT], {"n": painted}), LIVE_LOG.get(what, "")))
            records.append(Record(self.run, what, PAINT, "", None, None))
        self._write(listed, records)

    def undone(self, run: int, lines: Sequence[LogLine]) -> None:
        """Adds that a run was taken back."""
        listed = [*lines, LogLine("", "", "", LIVE_LOG[UNDO], "")]
        self._write(listed, [*[None] * len(lines), Record(self.run, UNDO, "", "", None, float(run))])

    def _write(self, lines: Sequence[LogLine], records: Sequence[Record | None]) -> None:
        looks = Looks()
        made = contents(render_log(Log(tuple(lines)), looks, NAMESPACE, LIVE_HINTS["log"]), looks)
        for n, record in enumerate(records, _HEADER + 1):
            if record:
                made.values[n, _RECORD] = json.dumps(record, ensure_ascii=False)
            made.looks[n, _RECORD] = Look()
        if self._sheet is None:
            self._sheet = add(self._book, LOG_SHEET)
            put(self._sheet, made)
            return
        moved = _moved(made, self._last - _HEADER, self._last - self._header)
        with opened(self._sheet) as possible:
            if possible:
                write(self._sheet, moved, (self._last + 1, 1), (self._last + len(lines), _RECORD))


def undo(book: Any) -> Undone:
    """Puts back what the last run changed that was not taken back yet: contents from the log, paint by the list sheet.
    A cell that somebody changed since keeps what stands there. Raises ``Refused`` as ``live_apply.apply``."""
    from workbook.live_apply import take_off  # late: it needs this module

    with quiet(book):
        journal = Journal(book)
        taken = {int(record.after or 0) for record in journal.records if record.what == UNDO}
        by_paint = {record.run for record in journal.records if record.sheet == PAINT}
        if by_paint and any(find_ours(book, (LIST_SHEET, DOSSIER_SHEET), LIST_MAGIC)):
            by_paint.remove(max(by_paint))  # its marks are there; those of earlier runs were taken off by it
        taken |= by_paint - {record.run for record in journal.records if record.sheet != PAINT}
        runs = [record.run for record in journal.records if record.what != UNDO and record.run not in taken]
        if not runs:
            return Undone("", 0, 0, 0, ())
        last = max(runs)
        records = [record for record in journal.records if record.run == last]
        front = str(book.sheets.active.name)
        painted, locked = 0, set[str]()
        if any(record.sheet == PAINT for record in records):
            unmarked = take_off(book)
            painted = unmarked.cells
            locked |= {*unmarked.locked}
        restored, kept, more = _put_back(book, [r for r in records if r.sheet != PAINT])
        locked |= more
        lines = [LogLine(r.sheet, r.cells, _shown(r.after), _shown(r.before), LIVE_LOG[UNDO]) for r in restored]
        journal.undone(last, lines)
        show(book, front)
    return Undone(records[0].what, len(restored), kept, painted, tuple(sorted(locked)))


def fingerprint(rows: Sequence[Sequence[object]]) -> str:
    """Of added rows as they come out of a book."""
    told = repr([[None if value in (None, "") else str(value) for value in row] for row in rows])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def quoted(text: str) -> str:
    """A text that Excel would turn into a number, a day or a formula, with the mark that keeps it a text."""
    return f"'{text}" if text[0] in "0123456789+-.=@'(" or text.upper() in _WORDS else text


def _put_back(book: Any, records: Sequence[Record]) -> tuple[list[Record], int, set[str]]:
    titles = {str(sheet.name) for sheet in book.sheets}
    by_sheet: dict[str, list[Record]] = {}
    for record in records:
        by_sheet.setdefault(record.sheet, []).append(record)
    restored: list[Record] = []
    kept, locked = 0, set[str]()
    package = LivePackage(book)
    for title, some in by_sheet.items():
        if title not in titles:
            kept += len(some)
            continue
        sheet = book.sheets[title]
        with opened(sheet) as possible:
            if not possible:
                locked.add(title)
                continue
            cells: dict[Place, Content] = {}
            for record in some:
                if ":" in record.cells:
                    area = sheet.range(record.cells)
                    if fingerprint(table(area.options(ndim=2).value)) == record.after:
                        area.clear_contents()
                        restored.append(record)
                    else:
                        kept += 1
                elif _same(content_of(package, title, place_of(record.cells)), record.after):
                    cells[place_of(record.cells)] = record.before
                    restored.append(record)
                else:
                    kept += 1
            write_contents(sheet, cells)
    return restored, kept, locked


def write_contents(sheet: Any, cells: dict[Place, Content]) -> None:
    """Values and formulas; cells beside or below each other in one call."""
    kinds: dict[bool, dict[Place, Content]] = {True: {}, False: {}}
    for place, content in cells.items():
        kinds[isinstance(content, str) and content.startswith("=")][place] = content
    for is_formula, some in kinds.items():
        for box in boxes(some):
            area = sheet.range((box.top, box.left), (box.bottom, box.right))
            rows = _rows(box, some)
            if is_formula:
                area.formula = rows
            else:
                area.value = rows


def content_of(package: LivePackage, title: str, place: Place) -> Content:
    """What stands in a cell of an open book, so that it can be put back."""
    formula = package.formulas(title).get(place)
    if formula is not None:
        return f"={formula}"
    rows = package.values(title)
    row, column = place
    return content(rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else None)


def content(value: object) -> Content:
    """A value as it is kept and written again: days as numbers of days, a text so that it stays one."""
    if value is None or value == "":
        return None
    if isinstance(value, (bool, str)):
        return quoted(str(value)) if isinstance(value, str) else str(value)
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, time):
        value = datetime.combine(_DAY_0, value)
    if isinstance(value, datetime):
        return (value - _DAY_0).total_seconds() / 86_400
    return float((value - _DAY_0.date()).days) if isinstance(value, date) else str(value)


def _same(now: Content, after: Content) -> bool:
    if isinstance(now, str) and isinstance(after, str) and after.startswith("="):
        return "".join(now.split()).upper() == "".join(after.split()).upper()  # Excel writes a formula in its own way
    return now == after


def _rows(box: Box, cells: dict[Place, Content]) -> list[list[Content]]:
    return [[cells[row, c] for c in range(box.left, box.right + 1)] for row in range(box.top, box.bottom + 1)]


def _record(text: object) -> Record | None:
    try:
        run, what, sheet, cells, before, after = json.loads(str(text))
        return Record(int(run), str(what), str(sheet), str(cells), before, after)
    except (ValueError, TypeError):
        return None


def _moved(made: Contents, down: int, numbered: int) -> Contents:
    """The lines of a new log sheet as they continue another: ``down`` rows lower, numbers ``numbered`` higher."""

    def number(place: Place, value: float | str) -> float | str:
        return value + numbered if place[1] == 1 and isinstance(value, float) else value

    lines = {(r + down, c): number((r, c), v) for (r, c), v in made.values.items() if r > _HEADER}
    looks = {(r + down, c): look for (r, c), look in made.looks.items() if r > _HEADER}
    return Contents(lines, looks, {}, ())


def _shown(content: Content) -> str:
    return "(trống)" if content is None else stored_text(content).removeprefix("'")
