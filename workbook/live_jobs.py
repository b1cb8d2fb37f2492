"""What a button asks of the open book: read it, decide with ``toolkit``, apply. The same functions decide for files.

Each job takes the book (``xlwings.Book``), prints nothing and returns a plain record with the three numbers that
matter. Raises ``Refused`` for what cannot be done as asked, in sentences for the official; ``tell(done, total, name)``
hears of progress.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, TypeVar

from toolkit.edits import listing, log, marks, restore
from toolkit.form import Form
from toolkit.proposals import Offer
from toolkit.proposals import accept as accepted_edits
from toolkit.records import Edit, Filing, Finding
from toolkit.wording import LIST_SHEET, LOG_SHEET, finding
from workbook import live_apply, live_log, live_undo
from workbook.files import Refused
from workbook.forms import REGISTER, load_form, load_places
from workbook.intake import Tell, about, judged, left_blank, quietly, told
from workbook.list_sheet import ACCEPT_COLUMN, LIST_MAGIC, OFFER_MAGIC, load_offers
from workbook.live import LivePackage, read_live, table
from workbook.live_areas import place_of
from workbook.live_guard import quiet
from workbook.live_sheets import find_ours
from workbook.sniff import Unreadable

if TYPE_CHECKING:
    from toolkit.form_fill import FromRegister  # imports what only a register needs

P = ParamSpec("P")
R = TypeVar("R")

_STEPS = 4  # of a job, for the status bar


class Numbers(NamedTuple):
    """What a message box shows: a word and a number, three times at most."""

    first: tuple[str, int]
    second: tuple[str, int]
    third: tuple[str, int]


class Done(NamedTuple):
    """What a job did. ``job`` and the names of its numbers are keys of ``macros.boxes``."""

    job: str
    numbers: Numbers
    status: str = ""  # of the report after a check: "ok", "warnings", "blank", "errors"
    locked: tuple[str, ...] = ()  # sheets with somebody's password: nothing was painted or written there
    findings: tuple[Finding, ...] = ()
    listed: str = ""  # title of the sheet with the details


class Jump(NamedTuple):
    """The cell that was gone to."""

    number: int  # among the cells of the list, from 1; 0: the list is empty
    total: int
    sheet: str
    cell: str
    message: str
    proposal: str


class Proposal(NamedTuple):
    """What can be accepted: the ticked lines of the list, or what is proposed for the selected cell."""

    offers: tuple[Offer, ...]
    ticked: bool
    words: str  # "" when ticked


class Filled(NamedTuple):
    """Form II.06a from the register, and what waits for a yes."""

    done: Done
    other: tuple[Edit, ...]  # cells that hold another number; write them with ``replace``
    run: int  # in the log; 0: nothing was written


def _readable(job: Callable[P, R]) -> Callable[P, R]:
    """A job whose book is no report says so as ``Refused``."""

    @wraps(job)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return job(*args, **kwargs)
        except Unreadable as fault:
            raise Refused(told(fault)) from fault

    return run


@_readable
def check_book(book: Any, tell: Tell = quietly) -> Done:
    """Checks the book, paints the cells to look at and renews the list sheet. Numbers: errors, warnings, remarks."""
    return _checked(book, tell)


def _checked(book: Any, tell: Tell, run: int = 0) -> Done:
    """``run``: the run of the log that the check is part of; 0: one of its own."""
    form = load_form()
    tell(0, _STEPS, "")
    with quiet(book):
        filing = read_live(book, form, load_places())
    tell(1, _STEPS, "")
    findings = judged(form, filing)
    tell(2, _STEPS, "")
    made = listing(findings, (*about(filing), *left_blank(filing)))
    applied = live_apply.apply(book, marks(findings), made, what="check", run=run)
    tell(_STEPS, _STEPS, "")
    counts = Numbers(*((severity, made.counts[severity]) for severity in ("error", "warning", "info")))
    return Done("check", counts, made.status, applied.locked, findings, applied.listed)


@_readable
def fill_formulas(book: Any, tell: Tell = quietly) -> Done:
    """Restores computed cells; inputs untouched. Numbers: restored; typed over, with totals that are left alone because
    some of their parts are blank; emptied ones restored."""
    form = load_form()
    with quiet(book):
        filing = read_live(book, form, load_places())
    edits = restore(form, filing)
    applied = live_apply.apply(book, edits, log=log(edits), what="formulas")
    origin = {(figure.sheet, figure.cell): figure.origin for figure in filing.figures.values()}
    overtyped = [at for at, how in origin.items() if how == "overtyped" and at[0] not in applied.locked]
    was = [origin[edit.sheet, edit.cell] for edit in edits if edit.sheet not in applied.locked]
    numbers = Numbers(("restored", applied.written), ("overtyped", len(overtyped)), ("blank", was.count("blank")))
    return Done("formulas", numbers, locked=applied.locked, listed=LOG_SHEET if edits else "")


@_readable
def blanks(book: Any) -> int:
    """How many cells ``fill_zeros`` would fill: asked before, because a blank is no zero."""
    from toolkit.form_fill import zeros

    form = load_form()
    with quiet(book):
        return len(zeros(form, read_live(book, form, load_places())))


@_readable
def fill_zeros(book: Any, tell: Tell = quietly) -> Done:
    """0 into every blank count. Numbers: cells filled, sheets, sheets left alone."""
    from toolkit.form_fill import zeros

    form = load_form()
    with quiet(book):
        filing = read_live(book, form, load_places())
    edits = zeros(form, filing)
    applied = live_apply.apply(book, edits, log=log(edits), what="zeros")
    sheets = {edit.sheet for edit in edits} - {*applied.locked}
    numbers = Numbers(("filled", applied.written), ("sheets", len(sheets)), ("locked", len(applied.locked)))
    return Done("zeros", numbers, locked=applied.locked, listed=LOG_SHEET if edits else "")


def clear_marks(book: Any, tell: Tell = quietly) -> Done:
    """Takes off our paint and our list sheets. Numbers: cells, sheets removed, sheets left alone."""
    done = live_apply.clear(book)
    numbers = Numbers(("unpainted", done.cells), ("removed", done.sheets), ("locked", len(done.locked)))
    return Done("clear", numbers, locked=done.locked)


def next_finding(book: Any, step: int = 1) -> Jump:
    """Goes to the next cell of the list (-1: the one before) from the selected one. Raises ``Refused`` (SO_MO_003)
    without a list."""
    with quiet(book):
        lines = _lines(book)
        cells = list(dict.fromkeys((line.sheet, line.cell) for line in lines if line.cell))
        if not cells:
            return Jump(0, 0, "", "", "", "")
        at = _selected(book)
        here = cells.index(at) if at in cells else -1 if step > 0 else 0
        number = (here + step) % len(cells)
        sheet, cell = cells[number]
        line = next(line for line in lines if (line.sheet, line.cell) == (sheet, cell))
        if sheet not in {str(s.name) for s in book.sheets}:  # renamed since
            return Jump(number + 1, len(cells), sheet, cell, line.message, line.proposal)
    book.sheets[sheet].activate()
    book.sheets[sheet].range(cell).select()
    return Jump(number + 1, len(cells), sheet, cell, line.message, line.proposal)


def propose(book: Any) -> Proposal:
    """What can be accepted now: the lines ticked in the list, else the proposal for the selected cell. Raises
    ``Refused``: SO_MO_003 no list, SO_MO_004 nothing proposed there, NHAN_005 a tick that is no clear yes."""
    with quiet(book):
        lines = _lines(book)
        at = _selected(book)
    ticked = [line for line in lines if line.tick]
    unclear = [line for line in ticked if line.tick.lower() != "x"]
    if unclear:
        raise Refused(*(finding("NHAN_005", o=line.place, goc=line.tick) for line in unclear))
    if ticked:
        empty = [line for line in ticked if not line.offers]
        if empty:
            raise Refused(*(finding("NHAN_006", o=line.place) for line in empty))
        return Proposal(tuple(offer for line in ticked for offer in line.offers), True, "")
    here = [
        line for line in lines if at in {(line.sheet, line.cell), line.at} | {(o.sheet, o.cell) for o in line.offers}
    ]
    found = next((line for line in here if line.offers), None)
    if found is None:
        raise Refused(finding("SO_MO_004", cot=ACCEPT_COLUMN, trang=LIST_SHEET))
    return Proposal(found.offers, False, found.proposal)


@_readable
def accept(book: Any, offers: Iterable[Offer], tell: Tell = quietly) -> Done:
    """Writes the values of proposals, logs them, and checks again. Numbers: cells written, errors and warnings left.
    Nothing is written when a cell has changed since, or two proposals contradict each other (``Refused``). One undo
    takes back all of it."""
    form = load_form()
    with quiet(book):
        filing = read_live(book, form, load_places())
    figures = {(f.sheet, f.cell): f for f in filing.figures.values()}
    texts = {at: figure.raw for at, figure in figures.items()}
    numbers = {at: figure.value for at, figure in figures.items() if isinstance(figure.value, int)}
    edits, faults = accepted_edits(offers, texts, numbers)
    if faults:
        raise Refused(*faults)
    applied = live_apply.apply(book, edits, log=log(edits), what="accept")
    book.app.calculate()
    checked = _checked(book, tell, applied.run)
    left = Numbers(("written", applied.written), checked.numbers.first, checked.numbers.second)
    return checked._replace(job="accept", numbers=left, locked=(*applied.locked, *checked.locked))


@_readable
def overdue_book(book: Any, on: date | None = None, tell: Tell = quietly) -> Done:
    """Paints late, soon due and odd dossiers and lists them, as of the end of ``on`` (default: of the period).
    Numbers: late and still open, late when done, soon due."""
    from toolkit.wording import HIGHLIGHTS
    from workbook.dossier_jobs import SOON, decide  # late: only a register needs it
    from workbook.forms import load_calendar

    form = load_form()
    with quiet(book):
        filing = read_live(book, form, load_places())
    tell(1, _STEPS, "")
    decided = decide(form, filing, load_calendar(), HIGHLIGHTS["lich_san"], on, SOON)
    tell(2, _STEPS, "")
    applied = live_apply.apply(book, decided.edits, decided.told, what="overdue")
    tell(_STEPS, _STEPS, "")
    counts: Mapping[Any, int] = decided.told.counts
    kinds = ("dang_qua_han", "qua_han", "sap_den_han")
    numbers = Numbers(*((kind, counts.get(kind, 0)) for kind in kinds))
    return Done("overdue", numbers, locked=applied.locked, findings=decided.findings, listed=applied.listed)


@_readable
def totals_from_register(book: Any, replace: Filled | None = None, tell: Tell = quietly) -> Filled:
    """Form II.06a counted from the register: blank cells are filled in; with ``replace``, the result of the same press
    before, other numbers are replaced, and one undo takes back both. Numbers: cells written, cells that hold another
    number, dossiers that could not be placed."""
    form = load_form()
    with quiet(book):
        filing = read_live(book, form, load_places())
    counted = _from_register(form, filing)
    edits = (*counted.blank, *(counted.other if replace else ()))
    run, before = (replace.run, replace.done.numbers.first[1]) if replace else (0, 0)
    applied = live_apply.apply(book, edits, log=log(edits), what="totals", run=run)
    other = () if replace else counted.other
    written = before + applied.written
    numbers = Numbers(("written", written), ("other", len(other)), ("unplaced", counted.unplaced))
    done = Done("totals", numbers, locked=applied.locked, listed=LOG_SHEET if written else "")
    return Filled(done, other, applied.run or run)


@_readable
def import_into(
    book: Any, files: Sequence[Path], answers: Mapping[str, str] | None = None, tell: Tell = quietly
) -> Done:
    """Dossiers of one-door exports into the register of the book. Numbers: added, changed, dossiers now. Raises
    ``Asked`` when a person has to decide first, as ``register_jobs.prepare``."""
    from workbook.forms import load_vocabulary
    from workbook.live_import import write_dossiers
    from workbook.register_jobs import prepare  # late: it knows every kind of export

    form = load_form()
    with quiet(book):
        package = LivePackage(book)
    prepared = prepare(form, load_vocabulary(), files, package, answers, tell)
    write_dossiers(book, form, prepared)
    joined = prepared.joined
    total = len(prepared.register.records) + len(joined.added)
    numbers = Numbers(("added", len(joined.added)), ("changed", len(joined.changed)), ("total", total))
    found = (*prepared.findings, *(f for file in prepared.files for f in file.findings))
    return Done("import", numbers, findings=found, listed=prepared.register.sheet)


def undo(book: Any, tell: Tell = quietly) -> Done:
    """Takes back the last run. Numbers: cells put back, cells that lost our paint, cells changed since and kept."""
    done = live_undo.undo(book)
    numbers = Numbers(("restored", done.restored), ("unpainted", done.painted), ("kept", done.kept))
    return Done("undo", numbers, status=done.what, locked=done.locked)


def show_log(book: Any) -> bool:
    """Goes to the log sheet; False when there is none."""
    with quiet(book):
        journal = live_log.Journal(book)
    if journal.sheet is None:
        return False
    journal.sheet.activate()
    return True


class _Line(NamedTuple):
    """A line of the list sheet."""

    at: tuple[str, str]  # where the line itself stands: sheet, cell of its address
    sheet: str
    cell: str
    message: str
    proposal: str
    tick: str
    offers: tuple[Offer, ...]

    @property
    def places(self) -> set[tuple[str, str]]:
        """The cells from which its proposal is asked for."""
        return {self.at, (self.sheet, self.cell), *((offer.sheet, offer.cell) for offer in self.offers)}

    @property
    def place(self) -> str:
        return f"{self.at[0]}, {self.at[1]}"


def _lines(book: Any) -> list[_Line]:
    ours = next(find_ours(book, (LIST_SHEET,), LIST_MAGIC), None)
    if ours is None:
        raise Refused(finding("SO_MO_003", trang=LIST_SHEET))
    sheet = ours[0]
    last = sheet.used_range.last_cell
    rows = table(sheet.range((1, 1), (last.row, last.column)).options(ndim=2, empty="").value)
    shown = [[str(value) for value in row] for row in rows]
    header = next((n for n, row in enumerate(shown) if ACCEPT_COLUMN in row), len(shown))
    return list(_read_lines(str(sheet.name), shown, header))


def _read_lines(title: str, rows: Sequence[Sequence[str]], header: int) -> Iterator[_Line]:
    if header >= len(rows):
        return
    heading = list(rows[header])
    tick = heading.index(ACCEPT_COLUMN)
    for number, row in enumerate(rows[header + 1 :], header + 2):
        _, sheet, cell, message, _, _, _, _, proposal = row[:9]
        records = [text for text in row if text.startswith(OFFER_MAGIC)]
        offers = tuple(offer for text in records for offer in load_offers(text.removeprefix(OFFER_MAGIC)))
        if cell or offers or message:
            yield _Line((title, f"C{number}"), sheet, cell, message, proposal, row[tick].strip(), offers)


def _selected(book: Any) -> tuple[str, str]:
    """Sheet and cell that are selected; on the list sheet, of any cell of a line that of its address."""
    selected = book.app.selection
    title = str(book.sheets.active.name)
    if selected is None:
        return title, ""
    address = str(selected.address).replace("$", "").partition(":")[0].partition(",")[0]
    try:
        row, _ = place_of(address)
    except ValueError:
        return title, ""
    return (title, f"C{row}") if title.startswith(LIST_SHEET) else (title, address)


def _from_register(form: Form, filing: Filing) -> FromRegister:
    from toolkit.form_fill import from_register  # late: only a register needs it
    from workbook.dossier_checks import read_register

    register = filing.tables.get(REGISTER)
    if register is None or not register.rows:
        raise Refused(finding("RA_013", tep=filing.file, trang=form.block(REGISTER).sheet))
    if filing.period is None:
        raise Refused(finding("RA_012", tep=filing.file))
    return from_register(form, filing, read_register(filing, register)[0])
