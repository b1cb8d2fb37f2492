"""The register of dossiers inside a filled workbook: its rows as records, and a copy with more of them.

Only the register's sheet is written, with the names and the filter that say how far it reaches; every other sheet
keeps its bytes. Rows are added below the last used one; a known dossier gets its new values where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from toolkit.excel import column_letters
from toolkit.export_rows import Record, read_code, read_moment
from toolkit.figures import read_text
from toolkit.form import Block, Form
from toolkit.text import key
from toolkit.wording import finding
from workbook import locate
from workbook.book_part import Book
from workbook.files import Refused
from workbook.ooxml import Package
from workbook.package import Package as Reader
from workbook.sheet_part import Address, Cell, SheetPart, clean
from workbook.style_part import StylePart
from workbook.xml_part import Xml, escape

_DAY_0 = datetime(1899, 12, 30)
_DATE_FORMAT = "dd/mm/yyyy"
_LINE = 15.5  # points
_REFERENCE = re.compile(rb"(\$?[A-Z]{1,3}\$?[0-9]+:\$?[A-Z]{1,3}\$?)([0-9]+)\s*$")
_AUTOFILTER = re.compile(rb"([A-Z]{1,3}[0-9]+:[A-Z]{1,3})([0-9]+)")


@dataclass(frozen=True, slots=True)
class Register:
    """A register as it stands."""

    block: Block
    sheet: str
    columns: Mapping[str, int]  # field -> column, from 1
    rows: tuple[int, ...]  # row of each record
    records: tuple[Record, ...]
    free: int  # first row below the last used one


def read_register(book: Reader, form: Form, block: Block) -> Register:
    """The register of a book made from the form. Raises Refused (XN_022) when there is none."""
    known = any(name.startswith(form.prefix) for name in book.names) or any(
        key(title) == key(block.sheet) for title in book.sheets
    )
    table = locate.find_table(book, form, block) if known else None
    if table is None:
        raise Refused(finding("XN_022", trang=block.sheet))
    kinds = {i.id: i.kind for i in block.indicators}
    rows: list[int] = []
    records: list[Record] = []
    for number, cells in enumerate(book.values(table.sheet)[table.first - 1 :], table.first):
        record: Record = {}
        for field, at in table.columns.items():
            raw = cells[at - 1] if at <= len(cells) else ""
            if raw is None or raw == "":
                continue
            value = (
                read_moment(raw)
                if kinds[field] == "date"
                else read_code(raw)
                if kinds[field] == "code"
                else read_text(raw)
            )
            if value != "":
                record[field] = value
        if record:
            rows.append(number)
            records.append(record)
    free = max((*rows, table.first - 1)) + 1
    return Register(block, table.sheet, table.columns, tuple(rows), tuple(records), free)


def write_register(
    book: Book,
    styles: StylePart,
    form: Form,
    register: Register,
    changed: Mapping[int, Record],
    added: Sequence[Record],
) -> None:
    """Writes new values of known dossiers (by position) and new dossiers into the book's package."""
    entry = next(s for s in book.sheets() if s.name == register.sheet)
    part = SheetPart(book.package.read(entry.part))
    pen = _Pen(part, styles, register)
    cells = {
        Address(register.rows[n], register.columns[field]): value
        for n, record in changed.items()
        for field, value in record.items()
        if field in register.columns
    }
    beyond = max(part.last_row, register.free - 1)
    inside = added[: beyond + 1 - register.free]
    for row, record in enumerate(inside, register.free):
        cells |= {Address(row, register.columns[f]): value for f, value in record.items() if f in register.columns}
    if cells:
        part = SheetPart(part.rewritten(cells, lambda cell: pen.over(cell, cells[cell.at])))
    tail = b"".join(pen.row(row, record) for row, record in enumerate(added[len(inside) :], beyond + 1))
    data = part.with_rows(tail) if tail else part.with_rows(b"")
    last = register.free + len(added) - 1
    book.package.write(entry.part, _with_filter(data, last))
    _stretch_names(book.package, book.part, form, register, last)
    book.calculate_on_load()


class _Pen:
    """Writes values as the register's columns show them."""

    def __init__(self, part: SheetPart, styles: StylePart, register: Register) -> None:
        self._prefix = part.prefix
        self._columns = {field: (at, column_letters(at)) for field, at in register.columns.items()}
        self._dates = frozenset(i.id for i in register.block.indicators if i.kind == "date")
        self._fields = {at: field for field, (at, _) in self._columns.items()}
        self._styles = {field: part.column_style(at) for field, (at, _) in self._columns.items()}
        for field in self._dates & self._styles.keys():
            if not self._styles[field]:  # a column without a format would show the day's number
                self._styles[field] = styles.add(number=_DATE_FORMAT, alignment='vertical="top" horizontal="center"')
        self._widths = {i.id: max(i.width or 18.0, 8.0) for i in register.block.indicators}
        self._order = sorted(self._columns, key=lambda field: self._columns[field][0])

    def row(self, number: int, record: Record) -> bytes:
        p = self._prefix.decode()
        cells = []
        lines = 1
        for field in self._order:
            if field not in record:
                continue
            value = record[field]
            kind, body = self._content(value)
            style = f' s="{self._styles[field]}"' if self._styles[field] else ""
            cells.append(f'<{p}c r="{self._columns[field][1]}{number}"{style}{kind}>{body}</{p}c>')
            if isinstance(value, str) and len(value) > self._widths[field]:
                lines = max(lines, -(-len(value) // int(self._widths[field])))
        height = f' ht="{3 + _LINE * lines:g}" customHeight="1"' if lines > 1 else ""
        return f'<{p}row r="{number}"{height}>{"".join(cells)}</{p}row>'.encode()

    def over(self, cell: Cell, value: object) -> Cell:
        """A cell with another value; it keeps its look."""
        kind, body = self._content(value)
        style = cell.style or self._styles[self._fields[cell.at.column]]
        inside = f' r="{cell.at}"' + (f' s="{style}"' if style else "") + kind
        return Cell(cell.at, inside.encode(), body.encode(), cell.exists, cell.default_style)

    def _content(self, value: object) -> tuple[str, str]:
        """The type attribute and the content of a cell; text is never a formula."""
        p = self._prefix.decode()
        if isinstance(value, date):
            moment = value if isinstance(value, datetime) else datetime.combine(value, time())
            return "", f"<{p}v>{_serial(moment)}</{p}v>"
        text = escape(clean(str(value)))
        return ' t="inlineStr"', f'<{p}is><{p}t xml:space="preserve">{text}</{p}t></{p}is>'


def _serial(moment: datetime) -> str:
    since = moment - _DAY_0
    return f"{since.days}" if not since.seconds else f"{since.days + since.seconds / 86_400:.10f}".rstrip("0")


def _with_filter(data: bytes, last: int) -> bytes:
    """The sheet with its filter reaching the last row."""
    xml = Xml(data)
    node = xml.find(b"autoFilter", xml.root.inner, xml.root.close)
    if node is None:
        return data
    found = _AUTOFILTER.fullmatch(xml.attributes(node).get("ref", "").encode())
    if found and int(found[2]) < last:
        xml.set_attributes(node, ref=f"{found[1].decode()}{last}")
    return xml.to_bytes()


def _stretch_names(package: Package, part: str, form: Form, register: Register, last: int) -> None:
    """Makes the register's names and its filter reach the last row."""
    xml = Xml(package.read(part))
    names = xml.child(b"definedNames")
    own = {f"{form.prefix}{register.block.id}"} | {
        f"{form.prefix}{register.block.id}_{field}" for field in register.columns
    }
    sheet = b"'" + escape(register.sheet.replace("'", "''")).encode() + b"'!"
    for node in xml.children(names) if names else ():
        name = xml.attributes(node).get("name", "")
        text = xml.data[node.inner : node.close]
        place = text.removeprefix(sheet)
        if name not in own and not (name == "_xlnm._FilterDatabase" and place != text):
            continue
        found = _REFERENCE.search(text)
        if found and int(found[2]) < last:
            xml.replace(node.inner, node.close, text[: found.start()] + found[1] + str(last).encode())
    package.write(part, xml.to_bytes())
