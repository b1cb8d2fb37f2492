"""What a button does to an open book is what the command line does to a file.

Requirements
  LJ01  checking finds the same; restoring writes the same formulas; overdue paints and lists the same dossiers
  LJ02  zeros go into blank inputs alone, never into computed cells, controls or ticked blocks
  LJ03  the form from the register: blanks are filled, other numbers only when asked; afterwards nothing differs
  LJ04  importing writes the register that importing into a file writes, codes keep their zeros, names reach the end,
        nobody's name is in the log; importing again changes nothing; undo takes the rows away
  LJ05  jumping goes through the cells of the list, round and back, from wherever one stands
  LJ06  proposals: those ticked, else that of the selected cell; accepting checks again; a changed cell stops it all
  LJ08  one undo takes back one press of a button, whatever it did
  LJ09  undo of an import takes back and counts every cell: new rows, names filled into blanks, sheets that it made; a
        row that somebody changed since stays, whole
  LJ07  a check of 2.000 dossiers costs no more calls than one of 20
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import live_books
import openpyxl
import pytest
from exports_made import IGATE, IGATE_ROWS, OWNER, csv
from live_books import FORM, PLACES, book_file, cells, recalculating, row

from toolkit.edits import log
from toolkit.records import Edit, Key
from toolkit.wording import DOSSIER_SHEET, LIST_SHEET, LOG_SHEET, STATUS_SHEET
from workbook import dossier_jobs, jobs, live_jobs, live_log, live_sheets, register_jobs
from workbook.engine_openpyxl import ENGINE, open_book
from workbook.files import Refused
from workbook.forms import load_vocabulary
from workbook.list_sheet import ACCEPT_COLUMN
from workbook.live import read_live
from workbook.live_apply import apply
from workbook.read import read

GRID = "bieu_06a"
MOST_ROWS = live_log.MOST_ROWS
path = live_books.path  # fixture


@pytest.fixture
def book(path: Path) -> Any:
    return recalculating(open_book(path))


@pytest.fixture
def export(tmp_path: Path) -> Path:
    (tmp_path / "igate.csv").write_bytes(csv([IGATE, *IGATE_ROWS]))
    return tmp_path / "igate.csv"


def numbers(done: live_jobs.Done) -> dict[str, int]:
    return dict(done.numbers)


def test_check_agrees_with_the_file(path: Path, book: Any) -> None:  # LJ01
    (checked,) = jobs.check(FORM, PLACES, [path])
    done = live_jobs.check_book(book)
    assert done.findings == checked.findings and done.status == checked.status == "errors"
    assert numbers(done)["error"] == sum(f.severity == "error" for f in checked.findings) > 0
    assert live_jobs.check_book(book).findings == done.findings  # its own marks are no findings


def test_pressed_on_the_list_itself(book: Any) -> None:
    live_jobs.check_book(book)
    book.sheets[LIST_SHEET].activate()
    live_jobs.check_book(book)
    assert str(book.sheets.active.name) == LIST_SHEET
    live_jobs.clear_marks(book)
    assert str(book.sheets.active.name) != LIST_SHEET


def test_formulas_agree_with_the_file(tmp_path: Path) -> None:  # LJ01
    path = book_file(tmp_path, grids={GRID: [row(tiep_nhan=15, da_giai_quyet=12)]})
    edits = jobs.formulas(FORM, PLACES, path, tmp_path / "file.xlsx").edits
    book = open_book(path)
    done = live_jobs.fill_formulas(book)
    book.save(tmp_path / "live.xlsx")
    assert numbers(done) == {"restored": len(edits), "overtyped": 2, "blank": 0}
    assert cells(tmp_path / "live.xlsx", "II.06a") == cells(tmp_path / "file.xlsx", "II.06a")


def test_typed_over_totals_are_counted_where_they_stay(tmp_path: Path) -> None:  # LJ01
    book = open_book(book_file(tmp_path))
    grid = book.sheets["II.06a"]
    grid.api.Unprotect()
    grid.range("C10").value = 12  # a total whose parts are blank: a formula there would lose the figure
    done = live_jobs.fill_formulas(book)
    assert grid.range("C10").value == 12.0 and numbers(done)["overtyped"] == 1
    grid.range("C9").value = 12
    grid.range("G9").value = None
    done = live_jobs.fill_formulas(book)
    assert (numbers(done)["overtyped"], numbers(done)["blank"]) == (2, 1)
    assert grid.range("C9").formula.startswith("=") and grid.range("C10").value == 12.0


def test_overdue_agrees_with_the_file(path: Path, book: Any, tmp_path: Path) -> None:  # LJ01
    made = dossier_jobs.overdue(FORM, PLACES, path, tmp_path / "file.xlsx")
    done = live_jobs.overdue_book(book)
    book.save(tmp_path / "live.xlsx")
    assert numbers(done)["dang_qua_han"] == made.told.counts["dang_qua_han"] == 4
    assert done.listed == DOSSIER_SHEET
    assert cells(tmp_path / "live.xlsx", "Hồ sơ") == cells(tmp_path / "file.xlsx", "Hồ sơ")


def test_no_dossiers__reason(tmp_path: Path) -> None:
    book = open_book(book_file(tmp_path))
    for job in (live_jobs.overdue_book, live_jobs.totals_from_register):
        assert refused(job, book) == ["RA_013"]


def test_zeros(tmp_path: Path) -> None:  # LJ02
    path = book_file(tmp_path)
    before = read(path, FORM, PLACES)
    book = open_book(path)
    n = live_jobs.blanks(book)
    done = live_jobs.fill_zeros(book)
    after = read_live(book, FORM, PLACES)
    changed = {key for key, figure in after.figures.items() if figure.value != before.figures[key].value}
    assert numbers(done)["filled"] == n == len(changed) > 100
    for key in changed:
        indicator = FORM.indicator(key.indicator)
        assert after.figures[key].value == 0 and before.figures[key].origin == "blank"
        assert not indicator.equals and indicator.kind in ("stock", "flow", "amount") and key.row != "*"
    assert live_jobs.blanks(book) == 0
    live_jobs.undo(book)
    assert read_live(book, FORM, PLACES).figures == before.figures


def test_zeros_leave_ticked_blocks_alone(tmp_path: Path) -> None:  # LJ02
    from toolkit.form_fill import zeros

    filing = read(book_file(tmp_path), FORM, PLACES)
    ticked = filing._replace(none_declared=frozenset({GRID}))
    assert {e.sheet for e in zeros(FORM, filing)} - {e.sheet for e in zeros(FORM, ticked)} == {"II.06a"}


def test_form_from_the_register(book: Any) -> None:  # LJ03
    first = live_jobs.totals_from_register(book)
    assert first.other and numbers(first.done)["other"] == len(first.other)
    typed = {edit.cell: book.sheets["II.06a"].range(edit.cell).value for edit in first.other}
    assert typed[first.other[0].cell] != first.other[0].value  # still what somebody typed
    second = live_jobs.totals_from_register(book, first)
    assert numbers(second.done)["written"] == numbers(first.done)["written"] + len(first.other)
    assert not second.other and first.run == second.run > 0
    third = live_jobs.totals_from_register(book)
    assert numbers(third.done)["written"] == 0
    figures = read_live(book, FORM, PLACES).figures
    assert figures[Key(GRID, "Hộ tịch", "truc_tuyen")].value == 6  # every second of twelve


def test_import_agrees_with_the_file(tmp_path: Path, export: Path, path: Path) -> None:  # LJ04
    made = register_jobs.import_exports(FORM, load_vocabulary(), [export], path, tmp_path / "file.xlsx")
    book = open_book(path)
    done = live_jobs.import_into(book, [export])
    book.save(tmp_path / "live.xlsx")
    assert numbers(done) == {"added": made.added, "changed": made.changed, "total": made.total}
    assert made.added == 3
    shut, live = (read(tmp_path / name, FORM, PLACES) for name in ("file.xlsx", "live.xlsx"))
    assert live.tables == shut.tables and live.figures.keys() == shut.figures.keys()
    names = {name: openpyxl.load_workbook(tmp_path / name).defined_names for name in ("file.xlsx", "live.xlsx")}
    own = f"{FORM.prefix}ho_so"
    assert names["live.xlsx"][own].attr_text == names["file.xlsx"][own].attr_text
    lists = [dropdowns(tmp_path / name, STATUS_SHEET) for name in ("file.xlsx", "live.xlsx")]
    assert lists[0] == lists[1] != []


def test_import_into_a_short_register_stretches_its_names(tmp_path: Path, path: Path) -> None:  # LJ04
    from workbook.package import Package

    book = open_book(path)
    own = f"{FORM.prefix}ho_so"
    reference = book.names[own].refers_to
    short = f"{reference.rpartition('$')[0]}$16"  # twelve dossiers from row 5 on
    book.names[own].refers_to = short
    rows = [igate_line(n) for n in range(1, 10)]
    (tmp_path / "nhieu.csv").write_bytes(csv([IGATE, *rows]))
    live_jobs.import_into(book, [tmp_path / "nhieu.csv"])
    book.save(tmp_path / "live.xlsx")
    area = Package((tmp_path / "live.xlsx").read_bytes(), "live.xlsx").names[own]
    assert area.bottom == 16 + 9


def test_import_twice_and_undo(book: Any, export: Path) -> None:  # LJ04
    before = read_live(book, FORM, PLACES).tables["ho_so"]
    live_jobs.import_into(book, [export])
    after = read_live(book, FORM, PLACES).tables["ho_so"]
    assert len(after.rows) == len(before.rows) + 3
    assert numbers(live_jobs.import_into(book, [export])) == {"added": 0, "changed": 0, "total": len(after.rows)}
    log = [str(v) for line in book.sheets[LOG_SHEET].used_range.value for v in line if v is not None]
    assert log and not any(OWNER in text for text in log)
    assert STATUS_SHEET in book.sheet_names
    assert live_jobs.undo(book).status == "import"
    assert read_live(book, FORM, PLACES).tables["ho_so"] == before


def test_undo_of_an_import_counts_every_cell(book: Any, export: Path) -> None:  # LJ09
    sheets = list(book.sheet_names)
    register = book.sheets["Hồ sơ"]
    before = everything(register)
    live_jobs.import_into(book, [export])
    written = len(everything(register)) - len(before) + len(everything(book.sheets[STATUS_SHEET]))
    assert OWNER in everything(register).values() and written > 30
    done = live_jobs.undo(book)
    assert numbers(done) == {"restored": written, "unpainted": 0, "kept": 0}
    assert everything(register) == before
    assert set(book.sheet_names) - set(sheets) == {LOG_SHEET}
    assert numbers(live_jobs.undo(book))["restored"] == 0


def test_undo_takes_names_out_of_blanks(book: Any, tmp_path: Path) -> None:  # LJ09
    nameless = [[*line[:8], "", *line[9:]] for line in IGATE_ROWS]
    for name, rows in (("khong_ten.csv", nameless), ("co_ten.csv", IGATE_ROWS)):
        (tmp_path / name).write_bytes(csv([IGATE, *rows]))
    live_jobs.import_into(book, [tmp_path / "khong_ten.csv"])
    before = everything(book.sheets["Hồ sơ"])
    done = live_jobs.import_into(book, [tmp_path / "co_ten.csv"])
    assert numbers(done)["changed"] == 3
    assert [*everything(book.sheets["Hồ sơ"]).values()].count(OWNER) == 3
    assert not any(OWNER in str(value) for value in everything(book.sheets[LOG_SHEET]).values())
    assert numbers(live_jobs.undo(book))["restored"] == 3
    assert everything(book.sheets["Hồ sơ"]) == before


def test_undo_of_an_import_keeps_a_row_changed_since(book: Any, export: Path) -> None:  # LJ09
    before = everything(book.sheets["Hồ sơ"])
    live_jobs.import_into(book, [export])
    rows = sorted({row for row, _ in everything(book.sheets["Hồ sơ"]).keys() - before.keys()})
    second = {at: value for at, value in everything(book.sheets["Hồ sơ"]).items() if at[0] == rows[1]}
    column = next(column for (_, column), value in second.items() if value == OWNER)
    book.sheets["Hồ sơ"].range((rows[1], column)).value = "Người khác"
    done = live_jobs.undo(book)
    left = everything(book.sheets["Hồ sơ"])
    assert left == {**before, **second, (rows[1], column): "Người khác"}
    assert numbers(done)["kept"] == len(second)


def test_undo_waits_for_a_locked_sheet(book: Any) -> None:  # LJ09
    cell = book.sheets["II.06a"].range("D9")
    edits = [Edit("value", "II.06a", "D9", value=7)]
    apply(book, edits, log=log(edits), what="accept")
    protection = book.sheets["II.06a"].impl.xl.protection
    protection.password = "bi mat"
    done = live_jobs.undo(book)
    assert (done.locked, numbers(done)["restored"], cell.value) == (("II.06a",), 0, 7.0)
    protection.set_password("", already_hashed=True)
    assert (numbers(live_jobs.undo(book))["restored"], cell.value) == (1, 10.0)


def test_an_import_of_many_rows_is_logged_in_parts(book: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbook.live_log.MOST_ROWS", 2)
    before = everything(book.sheets["Hồ sơ"])
    (tmp_path / "nhieu.csv").write_bytes(csv([IGATE, *(igate_line(n) for n in range(1, 6))]))
    live_jobs.import_into(book, [tmp_path / "nhieu.csv"])
    assert live_log.PRINT * MOST_ROWS < live_sheets._CHUNK  # what a cell takes in a table of values
    said = [str(value) for value in everything(book.sheets[LOG_SHEET]).values()]
    assert [f"Thêm {n} hồ sơ" in said for n in (2, 1, 5)] == [True, True, False]
    live_jobs.undo(book)
    assert everything(book.sheets["Hồ sơ"]) == before


def test_one_undo_for_proposals(book: Any) -> None:  # LJ08
    figures = read_live(book, FORM, PLACES).figures
    looks = book.sheets["II.06a"].range("D9:R9").color
    live_jobs.check_book(book)
    go_to_a_proposal(book)
    live_jobs.accept(book, live_jobs.propose(book).offers)
    assert read_live(book, FORM, PLACES).figures != figures
    done = live_jobs.undo(book)
    assert done.status == "accept" and numbers(done)["restored"] == 1 and numbers(done)["unpainted"] > 0
    assert read_live(book, FORM, PLACES).figures == figures
    assert LIST_SHEET not in book.sheet_names and book.sheets["II.06a"].range("D9:R9").color == looks
    assert live_jobs.undo(book).status == ""


def test_one_undo_for_the_form_from_the_register(book: Any) -> None:  # LJ08
    figures = read_live(book, FORM, PLACES).figures
    book.sheets["II.06a"].range("D9").value = None  # one to fill beside those to replace
    book.app.calculate()
    emptied = read_live(book, FORM, PLACES).figures
    assert emptied != figures
    first = live_jobs.totals_from_register(book)
    assert numbers(first.done)["written"] > 0
    second = live_jobs.totals_from_register(book, first)
    done = live_jobs.undo(book)
    assert numbers(done)["restored"] == numbers(second.done)["written"] > numbers(first.done)["written"]
    assert read_live(book, FORM, PLACES).figures == emptied


def test_import_into_a_locked_register__reason(book: Any, export: Path) -> None:  # LJ04
    book.sheets["Hồ sơ"].impl.xl.protection.password = "bi mat"
    before = read_live(book, FORM, PLACES)
    assert refused(live_jobs.import_into, book, [export]) == ["SO_MO_005"]
    assert read_live(book, FORM, PLACES) == before


def test_jumping(book: Any) -> None:  # LJ05
    assert refused(live_jobs.next_finding, book) == ["SO_MO_003"]
    live_jobs.check_book(book)
    there = [live_jobs.next_finding(book) for _ in range(3)]
    total = there[0].total
    assert [jump.number for jump in there] == [1 + n % total for n in range(3)]
    assert str(book.sheets.active.name) == there[-1].sheet
    assert book.app.selection.get_address(False, False) == there[-1].cell
    assert live_jobs.next_finding(book, -1) == there[-2]
    book.sheets[LIST_SHEET].activate()
    header = next(n for n, line in enumerate(book.sheets[LIST_SHEET].used_range.value, 1) if ACCEPT_COLUMN in line)
    book.sheets[LIST_SHEET].range(f"D{header + 1}").select()
    live_jobs.next_finding(book)
    book.sheets["Bìa"].activate()
    book.sheets["Bìa"].range("A1").select()
    assert live_jobs.next_finding(book).number == 1


def test_nothing_to_jump_to(tmp_path: Path) -> None:  # LJ05
    from toolkit.edits import listing

    book = open_book(book_file(tmp_path))
    apply(book, (), listing(()))
    assert live_jobs.next_finding(book).total == 0


def test_proposal_of_the_selected_cell(book: Any) -> None:  # LJ06
    live_jobs.check_book(book)
    assert refused(live_jobs.propose, book) == ["SO_MO_004"]
    go_to_a_proposal(book)
    found = live_jobs.propose(book)
    assert not found.ticked and found.words
    before = {o: book.sheets[o.sheet].range(o.cell).value for o in found.offers}
    left = live_jobs.accept(book, found.offers)
    assert numbers(left)["written"] == len(found.offers)
    assert all(book.sheets[o.sheet].range(o.cell).value == o.after for o in found.offers)
    assert all(value in (o.before, None) for o, value in before.items())


def test_ticked_proposals(book: Any) -> None:  # LJ06
    live_jobs.check_book(book)
    tick = go_to_a_proposal(book)
    book.sheets[LIST_SHEET].range(tick).value = "có"
    assert refused(live_jobs.propose, book) == ["NHAN_005"]
    book.sheets[LIST_SHEET].range(tick).value = " X "
    found = live_jobs.propose(book)
    assert found.ticked and found.offers
    changed = found.offers[0]
    book.sheets[changed.sheet].range(changed.cell).value = 999
    assert refused(live_jobs.accept, book, found.offers) == ["NHAN_003"]
    assert book.sheets[changed.sheet].range(changed.cell).value == 999.0


def test_a_check_costs_the_same(tmp_path: Path) -> None:  # LJ07
    few, many = (check_calls(book_file(tmp_path, n, f"{n}.xlsx")) for n in (20, 2000))
    assert many <= few < 200  # with twenty, some dossiers are odd: one more sheet to paint


def test_marks_come_off(book: Any) -> None:
    live_jobs.check_book(book)
    done = live_jobs.clear_marks(book)
    assert numbers(done)["removed"] == 1 and LIST_SHEET not in book.sheet_names
    assert live_jobs.show_log(book) and str(book.sheets.active.name) == LOG_SHEET


def igate_line(n: int) -> list[Any]:
    line = list(IGATE_ROWS[2])
    return [str(n), f"000.17.22.H56-250924-{n:04d}", *line[2:]]


def dropdowns(path: Path, title: str) -> list[tuple[object, ...]]:
    rules = openpyxl.load_workbook(path)[title].data_validations.dataValidation
    return [(str(r.sqref), r.type, r.formula1, r.errorStyle, r.allow_blank, r.showErrorMessage) for r in rules]


def everything(sheet: Any) -> dict[tuple[int, int], Any]:
    """What stands in a sheet, by row and column."""
    rows = sheet.range((1, 1), sheet.used_range.last_cell).options(ndim=2).value
    found = {(r, c): value for r, row in enumerate(rows, 1) for c, value in enumerate(row, 1)}
    return {at: value for at, value in found.items() if value not in (None, "")}


def check_calls(path: Path) -> int:
    book = open_book(path)
    ENGINE.calls.clear()
    live_jobs.check_book(book)
    return sum(ENGINE.calls.values())


def go_to_a_proposal(book: Any) -> str:
    """Selects the cell of a line that can be accepted; the address of its tick."""
    sheet = book.sheets[LIST_SHEET]
    rows = sheet.range((1, 1), sheet.used_range.last_cell).value
    number, line = next((n, line) for n, line in enumerate(rows, 1) if str(line[10]).startswith("tthc:de-xuat"))
    book.sheets[line[1]].activate()
    book.sheets[line[1]].range(line[2]).select()
    return f"J{number}"


def refused(job: Callable[..., Any], *given: Any) -> list[str]:
    with pytest.raises(Refused) as told:
        job(*given)
    return [f.code for f in told.value.findings]
