"""Edits -> an open book: the same edits that ``mark`` applies to a copy of a file, in a number of calls that does not
grow with the rows.

The list sheet carries how every painted cell looked before, in the words of ``mark``, so that either takes the other's
marks off. What was written, and over what, stands in hidden cells of the log sheet: ``undo`` reads it there, after
saving and on another PC too.

A cell that is filled with a pattern or a gradient is never painted, because the object model could not give it back;
the list names it all the same. A colour of the theme comes back as the colour that it shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from toolkit.edits import Listing, Log
from toolkit.records import Edit
from toolkit.wording import DOSSIER_SHEET, LIST_SHEET, LIVE_HINTS, finding
from workbook.files import Refused
from workbook.fill_colours import OFFICE, colour_of_fill
from workbook.list_sheet import LIST_MAGIC, Mark, Rendered, load_marks, render_list
from workbook.live import LivePackage
from workbook.live_areas import Place, boxes, cell_of, colours, in_arrays, paint, place_of, shown_at
from workbook.live_guard import opened, quiet
from workbook.live_log import Change, Content, Journal, content, content_of, write_contents
from workbook.live_sheets import NAMESPACE, Looks, add, contents, find_ours, put, remove, show
from workbook.style_part import NO_FILL

if TYPE_CHECKING:
    from toolkit.highlights import Highlights  # imports what only a register needs

_NOT_PAINTED = -1  # no style of a file: cells of an open book are painted without one


class Applied(NamedTuple):
    painted: int  # cells
    written: int
    locked: tuple[str, ...]  # sheets with a password of somebody: nothing was painted or written there
    listed: str  # title of the list sheet; "" without one
    run: int  # its number in the log; 0: nothing was logged


class Unmarked(NamedTuple):
    cells: int
    sheets: int
    locked: tuple[str, ...]


def apply(
    book: Any,
    edits: Sequence[Edit],
    listing: Listing | Highlights | None = None,
    log: Log | None = None,
    what: str = "",
    run: int = 0,
) -> Applied:
    """Paints and writes these edits, renews the list sheet, and adds to the log sheet.

    As in ``mark.apply``: marks of an earlier run are taken off first when there is something new to mark or to list;
    an edit of a merged cell goes to its top-left cell; of two paints of one cell the first counts. ``what``: key of
    ``LIVE_LOG``, names the run in the log; ``run``: the run that this is still part of, so that one undo takes back
    what one press did. Raises ``Refused``: SO_MO_001 Excel is busy, SO_MO_002 no sheet can be added, GHI_001 a formula
    or value goes inside an array formula of several cells; then nothing was painted or written yet.
    """
    by_sheet: dict[str, list[Edit]] = {}
    for edit in edits:
        by_sheet.setdefault(edit.sheet, []).append(edit)
    with quiet(book):
        front = str(book.sheets.active.name)
        shown = {title: _shown(book.sheets[title], some) for title, some in by_sheet.items()}
        if listing is not None or any(edit.kind == "paint" for edit in edits):
            take_off(book)
        sheet = _list_sheet(book, listing)  # first: where it cannot be made, no cell is painted that nobody could clear
        journal = Journal(book, run)
        marks: list[Mark] = []
        changes: dict[tuple[str, str], Change] = {}
        locked: list[str] = []
        for title, some in by_sheet.items():
            target = book.sheets[title]
            with opened(target) as possible:
                if not possible:
                    locked.append(title)
                    continue
                marks += _paint(target, some, shown[title])
                changes |= _write(book, target, [edit for edit in some if edit.kind != "paint"], shown[title])
        if sheet is not None and listing is not None:
            put(sheet, contents(*_rendered(listing, marks)))
        painted = sum(len(mark.cells) for mark in marks)
        lines = [line for line in (log.lines if log else ()) if line.sheet not in locked]
        logged = journal.append(what, lines, changes, painted)
        show(book, front)
    titled = "" if sheet is None else str(sheet.name)
    return Applied(painted, len(changes), tuple(locked), titled, journal.run if logged else 0)


def clear(book: Any) -> Unmarked:
    """Takes off our paint, unless somebody painted a cell otherwise since, and removes our list sheets."""
    with quiet(book):
        front = str(book.sheets.active.name)
        done = take_off(book)
        show(book, front)
    return done


def take_off(book: Any) -> Unmarked:
    """``clear`` for a caller that keeps Excel quiet itself."""
    cells = sheets = 0
    locked: list[str] = []
    for ours, record in list(find_ours(book, (LIST_SHEET, DOSSIER_SHEET), LIST_MAGIC)):
        by_sheet: dict[str, list[Mark]] = {}
        for mark in load_marks(record):
            by_sheet.setdefault(mark.sheet, []).append(mark)
        titles = {str(sheet.name) for sheet in book.sheets}
        for title, marks in by_sheet.items():
            if title not in titles:
                continue  # renamed or deleted since
            with opened(book.sheets[title]) as possible:
                if possible:
                    cells += _unpaint(book.sheets[title], marks)
                else:
                    locked.append(title)
        sheets += 1
        remove(book, ours)
    return Unmarked(cells, sheets, tuple(locked))


def _unpaint(sheet: Any, marks: Sequence[Mark]) -> int:
    ours = {place_of(cell): mark for mark in marks for cell in mark.cells}
    now = colours(sheet, boxes(ours))
    palette = _palette(sheet.book) if any("theme=" in mark.fill for mark in marks) else OFFICE
    plan: dict[str, list[Place]] = {}
    for place, mark in ours.items():
        if now[place] == mark.colour:
            plan.setdefault(colour_of_fill(mark.fill, palette) or "-", []).append(place)
    paint(sheet, {colour: boxes(places) for colour, places in plan.items()})
    return sum(map(len, plan.values()))


def _palette(book: Any) -> tuple[str, ...]:
    """The colours of the book's theme, in the order in which a file counts them."""
    with suppress(Exception):  # a book that does not tell; then those that a book without a theme has
        colours = book.api.Theme.ThemeColorScheme
        bgr = [int(colours.Colors(index).RGB) for index in (2, 1, 4, 3, *range(5, 13))]
        return tuple(f"{n & 255:02X}{n >> 8 & 255:02X}{n >> 16 & 255:02X}" for n in bgr)
    return OFFICE


def _shown(sheet: Any, edits: Sequence[Edit]) -> dict[Place, Place]:
    """Each cell of these edits with the one that shows for it. Raises Refused (GHI_001)."""
    shown = shown_at(sheet, [place_of(edit.cell) for edit in edits])
    written = {shown[place_of(edit.cell)] for edit in edits if edit.kind != "paint"}
    for place in in_arrays(sheet, written):
        raise Refused(finding("GHI_001", sheet=str(sheet.name), cell=cell_of(place)))
    return shown


def _list_sheet(book: Any, listing: Listing | Highlights | None) -> Any:
    if listing is None:
        return None
    return add(book, LIST_SHEET if isinstance(listing, Listing) else DOSSIER_SHEET)


def _rendered(listing: Listing | Highlights, marks: Sequence[Mark]) -> tuple[Rendered, Looks]:
    looks = Looks()
    if isinstance(listing, Listing):
        return render_list(listing, marks, looks, NAMESPACE, LIVE_HINTS["list"]), looks
    from workbook.dossier_sheet import render_dossiers  # late: only a register needs it

    return render_dossiers(listing, marks, looks, NAMESPACE, LIVE_HINTS["dossiers"]), looks


def _paint(sheet: Any, edits: Iterable[Edit], shown: Mapping[Place, Place]) -> list[Mark]:
    """``shown``: each cell with the one that shows for it."""
    wanted: dict[Place, str] = {}
    for edit in edits:
        if edit.kind == "paint":
            wanted.setdefault(shown[place_of(edit.cell)], edit.colour)
    before = colours(sheet, boxes(wanted))
    plan: dict[str, list[Place]] = {}
    groups: dict[tuple[str, str], list[str]] = {}
    for place, colour in wanted.items():
        if before[place] != "?":
            plan.setdefault(colour, []).append(place)
            groups.setdefault((colour, before[place]), []).append(cell_of(place))
    paint(sheet, {colour: boxes(places) for colour, places in plan.items()})
    title = str(sheet.name)
    return [
        Mark(title, colour, "", _NOT_PAINTED, _fill_of(old), tuple(cells)) for (colour, old), cells in groups.items()
    ]


def _write(book: Any, sheet: Any, edits: Sequence[Edit], shown: Mapping[Place, Place]) -> dict[tuple[str, str], Change]:
    """Writes, the last of several edits of one cell; each change by sheet and cell of its edit."""
    cells = {shown[place_of(edit.cell)]: edit for edit in edits}
    if not cells:
        return {}
    title, before = str(sheet.name), LivePackage(book)
    new: dict[Place, Content] = {place: _content(edit) for place, edit in cells.items()}
    changes = {
        (title, edit.cell): Change(title, cell_of(at), content_of(before, title, at), new[at])
        for at, edit in cells.items()
    }
    write_contents(sheet, new)
    return changes


def _content(edit: Edit) -> Content:
    if edit.kind == "formula":
        return f"={edit.formula}"
    return content(edit.value)


def _fill_of(colour: str) -> str:
    """A colour as the XML of a fill, as ``mark`` keeps it."""
    if colour == "-":
        return NO_FILL.decode()
    solid = f'<fgColor rgb="FF{colour}"/><bgColor indexed="64"/>'
    return f'<fill><patternFill patternType="solid">{solid}</patternFill></fill>'
