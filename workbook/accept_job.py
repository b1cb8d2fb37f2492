"""Accepting proposals: ticked lines of a marked copy -> another copy with these values, logged and checked again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from toolkit.edits import listing, log, marks, restore
from toolkit.form import Form
from toolkit.places import Gazetteer
from toolkit.proposals import Offer, accept
from toolkit.records import Edit, Finding
from toolkit.text import key
from toolkit.wording import LIST_SHEET, finding, place
from workbook.files import Refused, refuse_inputs, write
from workbook.intake import Checked, about, examine, told
from workbook.list_sheet import ACCEPT_COLUMN, OFFER_MAGIC, load_offers
from workbook.mark import apply
from workbook.package import Package
from workbook.read import read
from workbook.sheet_part import Address
from workbook.sniff import Unreadable, take


class Accepted(NamedTuple):
    path: Path
    edits: tuple[Edit, ...]  # the accepted values
    checked: Checked  # the copy, checked again


def accept_proposals(form: Form, places: Gazetteer, path: Path, out: Path) -> Accepted:
    """A copy of a marked copy in which every ticked proposal is carried out, with the log and a fresh list of what is
    left. Nothing is written when a cell has changed since, or two lines contradict each other (``Refused``)."""
    if not path.exists():
        raise Refused(finding("RA_003", tep=str(path)))
    refuse_inputs(out, [path])
    try:
        content = take(path)
        wanted = tuple(_ticked(Package(content, path.name), path.name))
        figures = {(f.sheet, f.cell): f for f in read(path, form, places).figures.values()}
        texts = {at: figure.raw for at, figure in figures.items()}
        numbers = {at: figure.value for at, figure in figures.items() if isinstance(figure.value, int)}
        edits, faults = accept(wanted, texts, numbers)
        if faults:
            raise Refused(*faults)
        write(out, apply(content, edits, log=log(edits)), inputs=[path])
        return Accepted(out, edits, _settled(form, places, out))
    except Unreadable as fault:
        raise Refused(told(fault)) from fault


def _settled(form: Form, places: Gazetteer, out: Path) -> Checked:
    """The copy with the results of its formulas brought up to date, checked, marked and listed again."""
    filing = read(out, form, places)
    intact = {(f.sheet, f.cell) for f in filing.figures.values() if f.origin == "formula"}
    stale = [edit for edit in restore(form, filing) if (edit.sheet, edit.cell) in intact]
    write(out, apply(out.read_bytes(), stale))
    checked = examine(form, places, out)
    if checked.filing is not None:
        sheet = listing(checked.findings, about(checked.filing))
        write(out, apply(out.read_bytes(), marks(checked.findings), sheet))
    return checked


def _ticked(package: Package, name: str) -> Iterator[Offer]:
    """The proposals of the lines with an x. Raises Refused when there is no list, no line is
    ticked, or a line in a way that is no clear yes."""
    titles = [s.title for s in package.sheets.values() if key(s.title) == key(LIST_SHEET)]
    rows = package.values(titles[0]) if titles else []
    at = next(((n, row.index(ACCEPT_COLUMN)) for n, row in enumerate(rows) if ACCEPT_COLUMN in row), None)
    if at is None:
        raise Refused(finding("NHAN_001", tep=name, trang=LIST_SHEET))
    header, column = at
    lines = ((n, row) for n, row in enumerate(rows[header + 1 :], header + 2) if len(row) > column)
    ticked = [(n, row, str(row[column]).strip()) for n, row in lines if str(row[column]).strip()]
    if not ticked:
        raise Refused(finding("NHAN_002", tep=name))
    faults: list[Finding] = []
    for n, row, tick in ticked:
        o = place(titles[0], str(Address(n, column + 1)))
        records = [str(cell) for cell in row if str(cell).startswith(OFFER_MAGIC)]
        made = [offer for record in records for offer in load_offers(record.removeprefix(OFFER_MAGIC))]
        if tick.lower() != "x":
            faults.append(finding("NHAN_005", o=o, goc=tick))
        elif not made:
            faults.append(finding("NHAN_006", o=o))
        yield from made
    if faults:
        raise Refused(*faults)
