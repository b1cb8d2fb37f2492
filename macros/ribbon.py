"""One function for each button: takes the open book, calls one job, tells the result.

``press(id)`` is all that VBA and LibreOffice call. Whatever goes wrong, the official reads a sentence: what cannot be
done as asked says why, a fault of ours names the log file for whoever helps.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from macros import boxes
from macros.boxes import Box
from macros.buttons import BUTTONS
from toolkit.figures import read_date
from toolkit.records import Finding, Period
from toolkit.wording import finding, show_date
from workbook import live_jobs as jobs
from workbook import log
from workbook.files import Refused
from workbook.forms import load_form, load_places

if TYPE_CHECKING:
    from workbook.export_lists import Asked

TITLE = "Báo cáo xã"


class Desk(Protocol):
    """How a button talks with the official. ``macros.desk`` has one for Windows and one that only remembers."""

    def tell(self, box: Box) -> None: ...
    def ask(self, question: str) -> bool: ...
    def ask_text(self, question: str, proposed: str = "") -> str | None:
        """None: the official gave up."""

    def pick_files(self, title: str, many: bool = True) -> tuple[Path, ...]: ...
    def pick_folder(self, title: str) -> Path | None: ...
    def open(self, page: Path) -> None: ...
    def as_book(self, path: Path) -> AbstractContextManager[Any] | None:
        """A saved workbook as a book that is open; None where we read files ourselves."""


class Click(NamedTuple):
    """What a handler gets."""

    book: Any
    desk: Desk
    button: str

    def progress(self, done: int, total: int, name: str) -> None:
        """On the status bar; a finished job gives it back to Excel."""
        self.book.app.status_bar = f"{TITLE}: {done}/{total} {name}".rstrip() if done < total else False


def press(button: str, desk: Desk | None = None, book: Any = None) -> str:
    """Runs a button on the book from which it was pressed; gives back what was told. Never raises."""
    from macros.desk import desk_for  # late: it asks which system this is

    said = _Said(desk or desk_for(sys.platform))
    log.start(None)
    try:
        run = HANDLERS[button]
        click = Click(_caller() if book is None else book, said, button)
        try:
            run(click)
        finally:
            _give_back_the_status_bar(click, button)
    except Refused as refusal:
        said.tell(boxes.refused(refusal.findings))
    except Exception:
        log.fault(f"button {button}")
        said.tell(boxes.fault(log.written()))
    return said.text


def new_template(click: Click) -> None:
    asked = _unit_and_period(click, "Mã xã (5 chữ số):")
    if not asked:
        return
    last: tuple[Path, ...] = ()
    if click.desk.ask(boxes.ASK_PREVIOUS):
        last = click.desk.pick_files("Sổ kỳ trước của xã", many=False)
        if not last:
            return
    folder = click.desk.pick_folder("Thư mục để sổ mới")
    if folder:
        code, period = asked
        out = _free(folder, f"bao_cao_{code}")
        click.desk.tell(boxes.begun(*_begun(click.desk, code, period, out, last)))


def fill_formulas(click: Click) -> None:
    click.desk.tell(boxes.done(jobs.fill_formulas(click.book, click.progress)))


def fill_zeros(click: Click) -> None:
    n = jobs.blanks(click.book)
    if n == 0 or click.desk.ask(boxes.ASK_ZEROS.format(n=n)):
        click.desk.tell(boxes.done(jobs.fill_zeros(click.book, click.progress)))


def import_dossiers(click: Click) -> None:
    files = click.desk.pick_files("Tệp xuất từ phần mềm một cửa")
    if not files:
        return
    from workbook.export_lists import Asked  # late: it knows every kind of export

    try:
        result = jobs.import_into(click.book, files, tell=click.progress)
    except Asked as asked:
        result = jobs.import_into(click.book, files, _answers(click.desk, asked), click.progress)
    click.desk.tell(boxes.done(result))


def check(click: Click) -> None:
    click.desk.tell(boxes.done(jobs.check_book(click.book, click.progress)))


def next_finding(click: Click) -> None:
    click.book.app.status_bar = boxes.jumped(jobs.next_finding(click.book))


def previous_finding(click: Click) -> None:
    click.book.app.status_bar = boxes.jumped(jobs.next_finding(click.book, -1))


def propose(click: Click) -> None:
    found = jobs.propose(click.book)
    question = boxes.ASK_TICKED if found.ticked else boxes.ASK_ACCEPT
    if click.desk.ask(question.format(n=len(found.offers), de_xuat=found.words)):
        click.desk.tell(boxes.done(jobs.accept(click.book, found.offers, click.progress)))


def clear_marks(click: Click) -> None:
    click.desk.tell(boxes.done(jobs.clear_marks(click.book, click.progress)))


def overdue(click: Click) -> None:
    click.desk.tell(boxes.done(jobs.overdue_book(click.book, tell=click.progress)))


def totals_from_register(click: Click) -> None:
    filled = jobs.totals_from_register(click.book, tell=click.progress)
    if filled.other and click.desk.ask(boxes.ASK_REPLACE.format(n=len(filled.other))):
        filled = jobs.totals_from_register(click.book, filled, click.progress)
    click.desk.tell(boxes.done(filled.done))


def merge(click: Click) -> None:
    _merge(click, slips=False)


def return_slips(click: Click) -> None:
    _merge(click, slips=True)


def handbook(click: Click) -> None:
    from macros.handbook_pages import open_page  # late

    if not open_page(next(b.page for b in BUTTONS if b.id == click.button), click.desk.open):
        click.desk.tell(Box("Hướng dẫn", boxes.NO_HANDBOOK, serious=True))


def self_test(click: Click) -> None:
    import tempfile  # late

    from macros.self_test import run

    path, found = run(click.book.app, Path(tempfile.gettempdir()))
    failed = sum(check.ok is False for check in found)
    click.desk.tell(boxes.self_tested(len(found), failed, path))


def show_log(click: Click) -> None:
    if not jobs.show_log(click.book):
        click.desk.tell(Box("Nhật ký", boxes.no_log()))


def undo(click: Click) -> None:
    click.desk.tell(boxes.done(jobs.undo(click.book, click.progress)))


HANDLERS: dict[str, Callable[[Click], None]] = {button.id: globals()[button.handler] for button in BUTTONS}
"""Button id -> what it runs."""

_KEEPS_STATUS_BAR = frozenset({"btnLoiSau", "btnLoiTruoc"})


class _Said:
    """A desk that remembers what was told, for whoever called ``press``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.text = ""

    def tell(self, box: Box) -> None:
        self.text = box.text
        self._desk.tell(box)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._desk, name)

    def ask(self, question: str) -> bool:
        return self._desk.ask(question)

    def ask_text(self, question: str, proposed: str = "") -> str | None:
        return self._desk.ask_text(question, proposed)

    def pick_files(self, title: str, many: bool = True) -> tuple[Path, ...]:
        return self._desk.pick_files(title, many)

    def pick_folder(self, title: str) -> Path | None:
        return self._desk.pick_folder(title)

    def open(self, page: Path) -> None:
        self._desk.open(page)

    def as_book(self, path: Path) -> AbstractContextManager[Any] | None:
        return self._desk.as_book(path)


def _caller() -> Any:
    from macros.light_xlwings import load

    return load().Book.caller()


def _give_back_the_status_bar(click: Click, button: str) -> None:
    if button not in _KEEPS_STATUS_BAR:
        click.book.app.status_bar = False


def _begun(desk: Desk, code: str, period: Period, out: Path, last: Sequence[Path]) -> tuple[Path, tuple[Finding, ...]]:
    """A new workbook, blank or from the last one, and what there is to say about what came over."""
    form, places = load_form(), load_places()
    if not last:
        from workbook.jobs import new  # late, like every job that not each click needs

        return new(form, places, code, period, out), ()
    from workbook import carry_job

    book = desk.as_book(last[0])
    if book is None:
        begun = carry_job.new_after(form, places, code, period, last[0], out)
    else:
        from workbook.live import read_live
        from workbook.sniff import Unreadable

        try:
            with book as opened:
                filing = read_live(opened, form, places)
        except Unreadable as fault:
            raise carry_job.no_last(last[0], fault) from fault
        begun = carry_job.new_from(form, places, code, period, filing, out)
    return begun.paths[0], begun.findings


def _merge(click: Click, slips: bool) -> None:
    from workbook import merge_job

    asked = _unit_and_period(click, "Mã tỉnh (2 chữ số):")
    mend_by = click.desk.ask_text(boxes.ASK_MEND_BY) if asked and slips else ""
    if not asked or mend_by is None:
        return
    day = _day(mend_by) if mend_by else None
    folder = click.desk.pick_folder("Thư mục có báo cáo các xã")
    if not folder:
        return
    province, period = asked
    out = folder.parent / f"tong_hop_{province}.xlsx"
    options = merge_job.Options(slips=folder.parent / "phieu_tra_lai" if slips else None, mend_by=day)
    result = merge_job.merge(load_form(), load_places(), folder, province, period, out, options, tell=click.progress)
    click.desk.tell(boxes.merged(result.summary, result.path, result.slips))


def _unit_and_period(click: Click, question: str) -> tuple[str, Period] | None:
    """A code and a period, asked one after the other; None when the official gave up."""
    code = click.desk.ask_text(question)
    start = click.desk.ask_text("Từ ngày (ví dụ 1/7/2025):") if code else None
    end = click.desk.ask_text("Đến ngày (ví dụ 25/9/2025):") if start else None
    return (code, _period(start, end)) if code and start and end else None


def _period(start: str, end: str) -> Period:
    """Raises ``Refused``: SO_MO_006 for what is no day, RA_006 for an end before the start."""
    days = [read_date(text).value for text in (start, end)]
    wrong = [text for text, day in zip((start, end), days, strict=True) if day is None]
    if days[0] is None or days[1] is None:
        raise Refused(*(finding("SO_MO_006", goc=text) for text in wrong))
    if days[1] < days[0]:
        raise Refused(finding("RA_006", tu=show_date(days[0]), den=show_date(days[1])))
    return Period(days[0], days[1])


def _day(text: str) -> date:
    """Raises ``Refused`` (SO_MO_006)."""
    day = read_date(text).value
    if day is None:
        raise Refused(finding("SO_MO_006", goc=text))
    return day


def _answers(desk: Desk, asked: Asked) -> dict[str, str]:
    """What the official says that columns of an export mean; a column that is none of what was offered is left out."""
    from toolkit.export_list import SKIP  # late: it knows every kind of export

    answers: dict[str, str] = {}
    for file, question in asked.questions:
        options = (o for o in question.options if desk.ask(boxes.about_column(file, question.heading, o)))
        answers[question.heading] = next(options, SKIP)
    return answers


def _free(folder: Path, stem: str) -> Path:
    names = (folder / f"{stem}{f'_{n}' if n else ''}.xlsx" for n in range(1000))
    return next(path for path in names if not path.exists())
