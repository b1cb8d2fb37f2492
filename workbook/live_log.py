"""The log sheet of an open book: what each run changed, for people in its columns, for ``undo`` in a hidden one.

Each line carries a record (run, what, sheet, cells, before, after) as JSON. A run that only painted has one line; its
colours are in the list sheet. What is taken back is a run of its own, so that the log only grows.

What was written into blank cells many at a time, citizens' names among it, is known by a fingerprint of each row: the
log repeats none of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from toolkit.edits import Log, LogLine
from toolkit.wording import LIVE_HINTS, LIVE_LOG, LOG_SHEET, fill
from workbook.list_sheet import LOG_MAGIC, render_log
from workbook.live import LivePackage, table
from workbook.live_areas import Place, boxes
from workbook.live_guard import opened
from workbook.live_sheets import NAMESPACE, Contents, Look, Looks, add, contents, find_ours, put, write
from workbook.rectangle import Box

UNDO, PAINT = "undo", "paint"
NEW_SHEET = "trang"
"""``before`` of all that stands in a sheet that the run made: taking it back removes the sheet."""

MOST_ROWS = 900  # whose fingerprints a cell of the log holds: older Excels take 8.000 characters in a table of values
_RECORD = 8  # hidden column
_COLUMNS = 6
PRINT = 8  # characters of a row's fingerprint
_HEADER = 4  # row of the headings in a log sheet of ours

_DAY_0 = datetime(1899, 12, 30)
_WORDS = frozenset({"TRUE", "FALSE"})

Content = float | str | None
"""What a cell holds, as it is written: "=…" a formula, "'…" a text that looks like something else, None a blank."""


class Change(NamedTuple):
    """One change of content. ``before`` of filled blanks is None, or NEW_SHEET; ``after`` is the fingerprint."""

    sheet: str
    cells: str  # "C9"; "A5:L300" for blank cells that were filled, "B7:B7" for one of them
    before: Content
    after: Content


class Record(NamedTuple):
    run: int
    what: str  # key of LIVE_LOG, or UNDO with the run taken back as ``after``
    sheet: str
    cells: str  # "" for PAINT and UNDO
    before: Content
    after: Content


class Journal:
    """The log sheet as it stands; ``run`` is the number of the next run, or of the one that is still going on."""

    def __init__(self, book: Any, run: int = 0) -> None:
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
        self.run = run or max((record.run for record in self.records), default=0) + 1

    @property
    def sheet(self) -> Any:
        """None when there is none."""
        return self._sheet

    def append(
        self, what: str, lines: Sequence[LogLine], changes: Mapping[tuple[str, str], Change], painted: int = 0
    ) -> bool:
        """Adds the lines of one run, each with its change where it has one (by sheet and cell of the line), and one
        line for what was painted. False: there was nothing to add."""
        if not lines and not painted:
            return False
        listed = list(lines)
        records = [
            Record(self.run, what, *change) if (change := changes.get((line.sheet, line.cell))) else None
            for line in lines
        ]
        if painted:
            listed.append(LogLine("", "", "", fill(LIVE_LOG[PAINT], {"n": painted}), LIVE_LOG.get(what, "")))
            records.append(Record(self.run, what, PAINT, "", None, None))
        self._write(listed, records)
        return True

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


def filled_blanks(area: Any, before: Content = None) -> list[Change]:
    """The changes of blank cells that were just filled: ``area`` of an open book, in parts of at most MOST_ROWS."""
    sheet, rows = str(area.sheet.name), table(area.options(ndim=2).value)
    top, left, right = int(area.row), int(area.column), int(area.column) + len(rows[0]) - 1
    parts = [(n, rows[n : n + MOST_ROWS]) for n in range(0, len(rows), MOST_ROWS)]
    return [
        Change(sheet, _range(Box(top + n, left, top + n + len(part) - 1, right)), before, fingerprint(part))
        for n, part in parts
    ]


def fingerprint(rows: Sequence[Sequence[object]]) -> str:
    """Of rows as they come out of a book: eight characters each."""
    texts = (repr([None if value in (None, "") else str(value) for value in row]) for row in rows)
    return "".join(hashlib.sha256(text.encode()).hexdigest()[:PRINT] for text in texts)


def quoted(text: str) -> str:
    """A text that Excel would turn into a number, a day or a formula, with the mark that keeps it a text."""
    return f"'{text}" if text[0] in "0123456789+-.=@'(" or text.upper() in _WORDS else text


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
    return Contents(lines, looks, {}, (), None)


def _range(box: Box) -> str:
    """An address with both ends, also of a single cell."""
    return box.address if ":" in box.address else f"{box.address}:{box.address}"
