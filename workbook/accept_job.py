"""Accepting proposals: ticked lines of a marked copy -> another copy with these values, logged and checked again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from toolkit.checks import overall
from toolkit.edits import listing, log, marks, restore
from toolkit.form import Form
from toolkit.places import Gazetteer
from toolkit.proposals import Offer, accept
from toolkit.records import Edit, Filing, Finding
from toolkit.text import key
from toolkit.wording import LIST_SHEET, finding, place
from workbook.files import Refused, refuse_inputs, write
from workbook.intake import Checked, about, judged, left_blank, told
from workbook.list_sheet import ACCEPT_COLUMN, OFFER_MAGIC, load_offers
from workbook.mark import apply
from workbook.package import Package
from workbook.read import read_package
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
        figures = {(f.sheet, f.cell): f for f in _filing(form, places, content, path.name).figures.values()}
        texts = {at: figure.raw for at, figure in figures.items()}
        numbers = {at: figure.value for at, figure in figures.items() if isinstance(figure.value, int)}
        edits, faults = accept(wanted, texts, numbers)
        if faults:
            raise Refused(*faults)
        settled, checked = _settled(form, places, apply(content, edits, log=log(edits)), out)
    except Unreadable as fault:
        raise Refused(told(fault)) from fault
    write(out, settled, inputs=[path])
    return Accepted(out, edits, checked)


def _settled(form: Form, places: Gazetteer, copy: bytes, out: Path) -> tuple[bytes, Checked]:
    """The copy with the results of its formulas brought up to date, checked, marked and listed again."""
    filing = _filing(form, places, copy, out.name)
    intact = {(f.sheet, f.cell) for f in filing.figures.values() if f.origin == "formula"}
    stale = [edit for edit in restore(form, filing) if (edit.sheet, edit.cell) in intact]
    copy = apply(copy, stale)
    filing = _filing(form, places, copy, out.name)
    findings = judged(form, filing)
    copy = apply(copy, marks(findings), listing(findings, (*about(filing), *left_blank(filing))))
    return copy, Checked(out, filing, findings, overall(findings), hashlib.sha256(copy).hexdigest())


def _filing(form: Form, places: Gazetteer, content: bytes, name: str) -> Filing:
    return read_package(Package(content, name), name, form, places)


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
