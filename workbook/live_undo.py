"""Taking back what the last run changed in an open book: contents by its log sheet, paint by its list sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from toolkit.edits import LogLine
from toolkit.figures import stored_text
from toolkit.wording import DOSSIER_SHEET, LIST_SHEET, LIVE_LOG
from workbook.list_sheet import LIST_MAGIC
from workbook.live import LivePackage, table
from workbook.live_apply import take_off
from workbook.live_areas import Place, boxes, place_of
from workbook.live_guard import opened, quiet
from workbook.live_log import (
    NEW_SHEET,
    PAINT,
    PRINT,
    UNDO,
    Content,
    Journal,
    Record,
    content_of,
    fingerprint,
    write_contents,
)
from workbook.live_sheets import find_ours, remove, show


class Undone(NamedTuple):
    what: str  # of the run taken back; "" when there was none
    restored: int  # cells
    kept: int  # cells changed by somebody since: left as they are
    painted: int  # cells that lost our paint
    locked: tuple[str, ...]


def undo(book: Any) -> Undone:
    """Puts back what the last run changed that was not taken back yet: contents from the log, paint by the list sheet.
    A cell that somebody changed since keeps what stands there, a row that was added stays whole. Raises ``Refused`` as
    ``live_apply.apply``."""
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
        back = _put_back(book, [r for r in records if r.sheet != PAINT])
        lines = [LogLine(r.sheet, r.cells, _shown(r), _before(r), LIVE_LOG[UNDO]) for r in back.records]
        if lines or not back.locked:  # else nothing was taken back: it can be tried again without the password
            journal.undone(last, lines)
        show(book, front)
    return Undone(records[0].what, back.cells, back.kept, painted, tuple(sorted(locked | back.locked)))


class _Back(NamedTuple):
    """What was put back."""

    records: list[Record]
    cells: int
    kept: int
    locked: set[str]


def _put_back(book: Any, records: Sequence[Record]) -> _Back:
    titles = {str(sheet.name) for sheet in book.sheets}
    by_sheet: dict[str, list[Record]] = {}
    for record in records:
        by_sheet.setdefault(record.sheet, []).append(record)
    back: list[Record] = []
    blanked, kept, locked = 0, 0, set[str]()
    package = LivePackage(book)
    for title, some in by_sheet.items():
        if title not in titles:
            kept += len(some)
            continue
        sheet = book.sheets[title]
        new = all(record.before == NEW_SHEET for record in some)
        with opened(sheet) as possible:
            if not possible:
                locked.add(title)
                continue
            cells: dict[Place, Content] = {}
            left = 0
            for record in some:
                if ":" in record.cells:
                    emptied, stay = _empty(sheet, record)
                    blanked, left = blanked + emptied, left + stay
                    back += [record] * (emptied > 0)
                elif _same(content_of(package, title, place_of(record.cells)), record.after):
                    cells[place_of(record.cells)] = record.before
                    back.append(record)
                else:
                    left += 1
            write_contents(sheet, cells)
        kept += left
        if new and not left:
            remove(book, sheet)
    return _Back(back, blanked + sum(":" not in record.cells for record in back), kept, locked)


def _empty(sheet: Any, record: Record) -> tuple[int, int]:
    """Empties the rows that are still as they were filled; how many cells were emptied, how many stay."""
    area = sheet.range(record.cells)
    top, left = int(area.row), int(area.column)
    rows = table(area.options(ndim=2).value)
    prints, told = fingerprint(rows), str(record.after)
    emptied: set[Place] = set()
    counts = {True: 0, False: 0}
    for n, row in enumerate(rows):
        same = prints[n * PRINT : (n + 1) * PRINT] == told[n * PRINT : (n + 1) * PRINT]
        counts[same] += sum(value not in (None, "") for value in row)
        if same:
            emptied |= {(top + n, left + column) for column in range(len(row))}
    for box in boxes(emptied):
        sheet.range(box.address).clear_contents()
    return counts[True], counts[False]


def _same(now: Content, after: Content) -> bool:
    if isinstance(now, str) and isinstance(after, str) and after.startswith("="):
        return "".join(now.split()).upper() == "".join(after.split()).upper()  # Excel writes a formula in its own way
    return now == after


def _shown(record: Record) -> str:
    """What the run had written, for people."""
    return LIVE_LOG["filled"] if ":" in record.cells else _words(record.after)


def _before(record: Record) -> str:
    return _words(None if ":" in record.cells else record.before)


def _words(content: Content) -> str:
    return "(trống)" if content is None else stored_text(content).removeprefix("'")
