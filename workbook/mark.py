"""Edits -> a marked copy of a workbook. Nothing else in it changes: every other part keeps its bytes.

Changed parts: the sheets that hold an edited cell, the styles, the workbook part with its relationships and content
types when a sheet is added. The list sheet carries, in hidden cells, how every painted cell looked before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toolkit.edits import Listing, Log
from toolkit.records import Edit
from toolkit.wording import DOSSIER_SHEET, LIST_SHEET, LOG_SHEET, finding
from workbook.book_part import Book, SheetEntry
from workbook.files import Refused
from workbook.list_sheet import (
    LIST_MAGIC,
    LOG_MAGIC,
    Mark,
    Rendered,
    append_log,
    hidden_record,
    load_marks,
    reference,
    render_list,
    render_log,
    shared_strings,
)
from workbook.ooxml import Package
from workbook.sheet_part import Address, Cell, SheetPart, address, filled, styled
from workbook.sniff import Unreadable
from workbook.style_part import EMPTY, NO_FILL, StylePart
from workbook.xml_part import BrokenPackage

if TYPE_CHECKING:
    from toolkit.highlights import Highlights  # imports what only a register needs


def apply(
    source: bytes, edits: Sequence[Edit], listing: Listing | Highlights | None = None, log: Log | None = None
) -> bytes:
    """A copy of the workbook with these edits, the list sheet (of findings or of dossiers) and the log lines.

    Marks of an earlier run are taken off first when there is something new to mark or to list; the log only grows.
    An edit of a merged cell goes to its top-left cell; of two paints of one cell the first counts. Raises Unreadable
    (TEP_001) for a damaged file or one without the sheet of an edit, Refused (GHI_001) for a formula or value inside
    an array formula of several cells.
    """
    with _coded():
        copy = _Copy(source)
        if listing is not None or any(edit.kind == "paint" for edit in edits):
            copy.clear()
        copy.edit(edits)
        if listing is not None:
            copy.add_list(listing)
        if log is not None and log.lines:
            copy.add_log(log)
        return copy.to_bytes()


def clear(source: bytes) -> bytes:
    """A copy without our paint and without our list sheets; the same bytes when there is none."""
    with _coded():
        copy = _Copy(source)
        return copy.to_bytes() if copy.clear() else source


@contextmanager
def _coded() -> Iterator[None]:
    """Damage found in the file (a missing part, a number that is none, bytes that are no text) gets its code."""
    try:
        yield
    except (BrokenPackage, KeyError, ValueError) as fault:
        raise Unreadable("TEP_001", ly_do="nội dung bên trong hỏng") from fault


@dataclass(slots=True)
class _Wanted:
    """What becomes of one cell."""

    colour: str = ""
    content: Edit | None = None


@dataclass(slots=True)
class _Marks:
    """Painted cells, grouped by how they looked before."""

    groups: dict[tuple[str, str, str, int, str], list[str]] = field(default_factory=dict)

    def add(self, sheet: str, colour: str, before: str, painted: int, fill: bytes, cell: Address) -> None:
        self.groups.setdefault((sheet, colour, before, painted, fill.decode()), []).append(str(cell))

    def records(self) -> tuple[Mark, ...]:
        return tuple(Mark(*group, tuple(cells)) for group, cells in self.groups.items())


class _Copy:
    """The copy being made."""

    def __init__(self, source: bytes) -> None:
        self._package = Package(source)
        self._book = Book(self._package)
        self._styles_part = self._book.related("styles") or self._book.add_styles(EMPTY)
        self._styles = StylePart(self._package.read(self._styles_part))
        self._marks = _Marks()

    def to_bytes(self) -> bytes:
        data = self._styles.to_bytes()
        if data != self._package.read(self._styles_part):
            self._package.write(self._styles_part, data)
        return self._package.to_bytes()

    def clear(self) -> bool:
        """Takes off what an earlier run painted and removes its list sheet. False when there is none."""
        found = self._ours(LIST_SHEET, LIST_MAGIC) or self._ours(DOSSIER_SHEET, LIST_MAGIC)
        if found is None:
            return False
        entry, record = found
        self._book.remove_sheet(entry.name)
        known: dict[str, dict[Address, Mark]] = {}
        for mark in load_marks(record):
            known.setdefault(mark.sheet, {}).update({address(cell): mark for cell in mark.cells})
        signed = self._styles.ours()
        for sheet in self._book.sheets():
            if sheet.kind == "worksheet":
                part = SheetPart(self._package.read(sheet.part))
                recorded = known.get(sheet.name, {})
                wanted = {*recorded, *part.with_styles(signed)}
                if wanted:
                    self._package.write(sheet.part, part.rewritten(wanted, _Unpaint(self._styles, signed, recorded)))
        return True

    def edit(self, edits: Iterable[Edit]) -> None:
        by_sheet: dict[str, list[Edit]] = {}
        for edit in edits:
            by_sheet.setdefault(edit.sheet, []).append(edit)
        entries = {sheet.name: sheet for sheet in self._book.sheets() if sheet.kind == "worksheet"}
        for name, some in by_sheet.items():
            if name not in entries:
                raise BrokenPackage(f"no sheet {name}")
            data = self._edited(name, self._package.read(entries[name].part), some)
            self._package.write(entries[name].part, data)
        if any(edit.kind != "paint" for some in by_sheet.values() for edit in some):
            self._book.drop_calculation_chain()
            self._book.calculate_on_load()

    def add_list(self, listing: Listing | Highlights) -> None:
        marks, namespace = self._marks.records(), self._book.namespace
        if isinstance(listing, Listing):
            self._add(LIST_SHEET, render_list(listing, marks, self._styles, namespace))
        else:
            from workbook.dossier_sheet import render_dossiers  # late: only a register needs it

            self._add(DOSSIER_SHEET, render_dossiers(listing, marks, self._styles, namespace))

    def add_log(self, log: Log) -> None:
        found = self._ours(LOG_SHEET, LOG_MAGIC)
        if found is None:
            self._add(LOG_SHEET, render_log(log, self._styles, self._book.namespace))
        else:
            entry, record = found
            data = append_log(self._package.read(entry.part), log, self._styles, int(record) if record.isdigit() else 0)
            self._package.write(entry.part, data)

    def _edited(self, sheet: str, data: bytes, edits: Sequence[Edit]) -> bytes:
        part = SheetPart(data)
        shown = part.shown([address(edit.cell) for edit in edits])
        wanted: dict[Address, _Wanted] = {}
        for edit in edits:
            cell = wanted.setdefault(shown[address(edit.cell)], _Wanted())
            if edit.kind == "paint":
                cell.colour = cell.colour or edit.colour
            else:
                cell.content = edit
        contents = [at for at, cell in wanted.items() if cell.content]
        if contents:
            for at in part.in_arrays(contents):
                raise Refused(finding("GHI_001", sheet=sheet, cell=str(at)))
            part = SheetPart(part.unshared(contents))

        def write(cell: Cell) -> Cell:
            want = wanted[cell.at]
            if want.colour:
                before = "-" if not cell.exists else str(cell.style) if cell.names_style else ""
                painted = self._styles.painted(cell.style, want.colour)
                self._marks.add(sheet, want.colour, before, painted, self._styles.fill(cell.style), cell.at)
                cell = styled(cell, painted)
            if want.content:
                cell = filled(cell, part.prefix, want.content.formula, want.content.value)
            return cell

        return part.rewritten(wanted, write)

    def _add(self, name: str, sheet: Rendered) -> None:
        taken = {entry.name.casefold() for entry in self._book.sheets()}
        free = name
        number = 1
        while free.casefold() in taken:
            number += 1
            free = f"{name} ({number})"
        self._book.add_sheet(free, sheet.data, [(title, reference(free, cells)) for title, cells in sheet.names])

    def _ours(self, name: str, magic: str) -> tuple[SheetEntry, str] | None:
        """The sheet of that name (or name and number) that bears our magic, and its hidden record."""
        shared: list[str] | None = None
        for entry in self._book.sheets():
            if entry.kind == "worksheet" and entry.name.startswith(name):
                if shared is None:
                    part = self._book.related("sharedStrings")
                    shared = shared_strings(self._package.read(part)) if part else []
                record = hidden_record(self._package.read(entry.part), shared, magic)
                if record is not None:
                    return entry, record
        return None


@dataclass(frozen=True, slots=True)
class _Unpaint:
    """Gives a cell back the look it had, unless somebody has painted it otherwise since."""

    styles: StylePart
    signed: set[int]
    recorded: dict[Address, Mark]

    def __call__(self, cell: Cell) -> Cell | None:
        mark = self.recorded.get(cell.at)
        if not cell.exists:
            return None
        if cell.style not in self.signed and not (mark and self.styles.colour(cell.style) == mark.colour):
            return cell
        if mark is None:
            return styled(cell, self.styles.filled(cell.style, NO_FILL))
        if mark.style == "-" and not cell.body:
            return None
        untouched = mark.painted == cell.style and mark.style != "-"
        if untouched and self.styles.differ_in_fill_only(int(mark.style or 0), cell.style):
            return styled(cell, int(mark.style) if mark.style else None)
        return styled(cell, self.styles.filled(cell.style, mark.fill.encode()))
