"""Imported dossiers into the register of an open book: new rows as one table of values, known ones where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from toolkit.edits import LogLine
from toolkit.excel import column_letters
from toolkit.export_rows import Record
from toolkit.form import Form
from toolkit.text import key
from toolkit.wording import LIVE_LOG, finding
from workbook.files import Refused
from workbook.list_sheet import Rendered
from workbook.live import LivePackage
from workbook.live_areas import boxes, cell_of
from workbook.live_guard import opened, quiet
from workbook.live_log import NEW_SHEET, Change, Journal, content, content_of, filled_blanks, fingerprint
from workbook.live_sheets import NAMESPACE, Looks, add, contents, put
from workbook.own_sheets import Pairs, render_pairs
from workbook.rectangle import Box
from workbook.register_jobs import PERSONAL, Prepared
from workbook.register_sheet import Register

_TEXTS = frozenset({"text", "choice", "code"})


def write_dossiers(book: Any, form: Form, prepared: Prepared) -> None:
    """Writes what ``register_jobs.prepare`` decided, and logs it. Raises ``Refused`` (SO_MO_005) where the register's
    sheet has somebody's password: then nothing is written."""
    register, joined = prepared.register, prepared.joined
    with quiet(book):
        front = book.sheets.active
        journal = Journal(book)
        sheet = book.sheets[register.sheet]
        with opened(sheet) as possible:
            if not possible:
                raise Refused(finding("SO_MO_005", trang=register.sheet))
            changes = _write_changed(book, sheet, register, joined.changed)
            filled = [(change, "filled") for change in changes if ":" in change.cells]
            if joined.added:
                filled += [(change, "rows") for change in _write_added(sheet, register, joined.added)]
        for pairs in prepared.pairs:
            if pairs.lines:
                filled += [(change, "lines") for change in _add_pairs(book, pairs)]
        last = register.free + len(joined.added) - 1
        if joined.added:
            _stretch_names(book, form, register, last)
        lines = [line for line in prepared.log.lines if not line.after.startswith("Thêm ")] if changes else []
        lines += [_line(change, how) for change, how in filled]
        journal.append("import", lines, {(c.sheet, c.cells): c for c in (*changes, *(c for c, _ in filled))})
        front.activate()


def _line(change: Change, how: str) -> LogLine:
    """How many rows were filled, and nothing of what stands in them."""
    rows = len(str(change.after)) // len(fingerprint([[]]))
    return LogLine(change.sheet, change.cells, "", LIVE_LOG[how].format(n=rows), LIVE_LOG["import"])


def _write_changed(book: Any, sheet: Any, register: Register, changed: Mapping[int, Record]) -> list[Change]:
    """One column after the other: what is new of known dossiers, runs of rows in one call. Fields that a log must not
    repeat come as filled blanks."""
    kinds = {i.id: i.kind for i in register.block.indicators}
    new = {
        (register.rows[n], register.columns[field]): (field, value)
        for n, record in changed.items()
        for field, value in record.items()
        if field in register.columns
    }
    if not new:
        return []
    before = LivePackage(book)
    personal = {at for at, (field, _) in new.items() if field in PERSONAL}
    changes = [
        Change(register.sheet, cell_of(at), content_of(before, register.sheet, at), content(value))
        for at, (_, value) in new.items()
        if at not in personal
    ]
    for box in boxes(new):
        for column in range(box.left, box.right + 1):
            area = sheet.range((box.top, column), (box.bottom, column))
            _format(area, kinds[new[box.top, column][0]])
            area.value = [[_cell(new[row, column][1])] for row in range(box.top, box.bottom + 1)]
    for box in boxes(personal):
        changes += filled_blanks(sheet.range(box.address))
    return changes


def _write_added(sheet: Any, register: Register, added: Sequence[Record]) -> list[Change]:
    kinds = {i.id: i.kind for i in register.block.indicators}
    fields = {column: field for field, column in register.columns.items()}
    box = Box(register.free, min(fields), register.free + len(added) - 1, max(fields))
    for column, field in sorted(fields.items()):
        _format(sheet.range((box.top, column), (box.bottom, column)), kinds[field])
    area = sheet.range((box.top, box.left), (box.bottom, box.right))
    columns = range(box.left, box.right + 1)
    area.value = [[_cell(record.get(fields.get(column, ""))) for column in columns] for record in added]
    return filled_blanks(area)


def _format(area: Any, kind: str) -> None:
    """A code keeps its zeros, a text with "=" in front stays a text, a day is shown as one."""
    if kind in _TEXTS:
        area.number_format = "@"
    elif area.number_format in ("General", None):
        area.number_format = "dd/mm/yyyy"


def _cell(value: object) -> object:
    if isinstance(value, datetime) or value is None:
        return value
    return datetime.combine(value, time()) if isinstance(value, date) else str(value)


def _stretch_names(book: Any, form: Form, register: Register, last: int) -> None:
    """Makes the register's names reach the last row."""
    own = {f"{form.prefix}{register.block.id}"} | {f"{form.prefix}{register.block.id}_{f}" for f in register.columns}
    areas = LivePackage(book).names
    title = register.sheet.replace("'", "''")
    for name in sorted(own & areas.keys()):
        area = areas[name]
        if area.sheet == register.sheet and area.bottom < last:
            ends = f"${column_letters(area.left)}${area.top}:${column_letters(area.right)}${last}"
            book.names[name].refers_to = f"='{title}'!{ends}"


def _add_pairs(book: Any, pairs: Pairs) -> list[Change]:
    """Adds lines to the sheet of statuses or of headings, which is made when it is not there."""
    found = next((s for s in book.sheets if key(str(s.name)) == key(pairs.sheet)), None)
    if found is None:
        looks = Looks()
        made = contents(Rendered(render_pairs(pairs, looks, NAMESPACE), ()), looks)
        sheet = add(book, pairs.sheet)
        put(sheet, made)
        return filled_blanks(
            sheet.range((1, 1), (max(r for r, _ in made.looks), max(c for _, c in made.looks))), NEW_SHEET
        )
    first = int(found.used_range.last_cell.row) + 1
    with opened(found) as possible:
        if not possible:
            return []
        area = found.range((first, 1), (first + len(pairs.lines) - 1, 2))
        area.number_format = "@"
        area.value = [list(line) for line in pairs.lines]
        return filled_blanks(area)
