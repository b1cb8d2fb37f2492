"""The two small sheets that an import adds to a book and reads back: what statuses mean, and what headings mean.

Both are for people to edit. A sheet is known by its title; only its first two columns are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.figures import read_text
from toolkit.records import Table
from toolkit.text import key
from toolkit.vocabulary import STATUS_FIELDS
from toolkit.wording import MAPPING_SHEET, STATUS_SHEET
from workbook.book_part import Book
from workbook.package import Package as Reader
from workbook.sheet_part import Address, Cell, SheetPart, filled
from workbook.style_part import StylePart

_HEADING = 3  # row of the column headings
_STATUS_TEXTS = (
    "TRẠNG THÁI HỒ SƠ THUỘC NHÓM NÀO",
    "Chọn lại nhóm ở cột B nếu chưa đúng; công cụ tính theo trang này. “Chưa phân loại” thì chưa được tính.",
    ("Trạng thái trong phần mềm một cửa", 44.0),
    ("Nhóm", 28.0),
)
_MAPPING_TEXTS = (
    "CỘT CỦA TỆP XUẤT ĐỌC THÀNH CỘT NÀO CỦA SỔ",
    "Những điều anh chị đã trả lời khi nhập. Xóa một dòng thì lần sau công cụ hỏi lại.",
    ("Tiêu đề cột trong tệp xuất", 44.0),
    ("Đọc là", 28.0),
)
_LISTED = 4  # column in which the choices stand
_HEADER_FILL, _LINE = "D9E1F2", "BFBFBF"
_PAGE = (
    '<pageMargins left="0.5" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" fitToHeight="0"/>'
)
_ROOM = 200  # rows below the list that offer the choices too


@dataclass(frozen=True, slots=True)
class Pairs:
    """What a sheet gets: its lines, and the choices for the second column."""

    sheet: str
    lines: tuple[tuple[str, str], ...]
    choices: tuple[str, ...] = ()


def status_table(book: Reader) -> Table | None:
    """The sheet of statuses as ``toolkit.vocabulary.with_statuses`` takes it; None when there is none."""
    rows = _rows(book, STATUS_SHEET)
    if rows is None:
        return None
    kept = [(n, row) for n, row in enumerate(rows, 1) if n > _HEADING and any(row)]
    return Table(
        block="",
        sheet=STATUS_SHEET,
        letters=dict(zip(STATUS_FIELDS, "AB", strict=True)),
        rows=tuple(n for n, _ in kept),
        columns={field: tuple(row[at] for _, row in kept) for at, field in enumerate(STATUS_FIELDS)},
    )


def remembered(book: Reader) -> dict[str, str]:
    """Heading as written -> what it is read as, as written."""
    rows = _rows(book, MAPPING_SHEET) or []
    return {heading: meant for heading, meant in rows[_HEADING:] if heading and meant}


def add_pairs(book: Book, styles: StylePart, pairs: Pairs) -> None:
    """Adds lines to one of the sheets, which is made when it is not there."""
    entry = next((s for s in book.sheets() if key(s.name) == key(pairs.sheet)), None)
    look = styles.add(border=_LINE, alignment='vertical="top" wrapText="1"')
    if entry is not None:
        part = SheetPart(book.package.read(entry.part))
        rows = _lines(pairs.lines, max(part.last_row, _HEADING) + 1, look, part.prefix)
        book.package.write(entry.part, part.with_rows(rows))
        return
    book.add_sheet(pairs.sheet, render_pairs(pairs, styles, book.namespace))


def render_pairs(pairs: Pairs, styles: StylePart, namespace: str) -> bytes:
    """A new sheet of that kind."""
    look = styles.add(border=_LINE, alignment='vertical="top" wrapText="1"')
    texts = _STATUS_TEXTS if pairs.sheet == STATUS_SHEET else _MAPPING_TEXTS
    return _sheet(pairs, texts, look, styles, namespace)


def _rows(book: Reader, title: str) -> list[tuple[str, str]] | None:
    """The first two columns of one of our sheets as texts."""
    found = next((t for t in book.sheets if key(t) == key(title)), None)
    if found is None:
        return None
    texts = ([read_text(value) for value in row[:2]] for row in book.values(found))
    return [(row[0] if row else "", row[1] if len(row) > 1 else "") for row in texts]


def _sheet(
    pairs: Pairs,
    texts: tuple[str, str, tuple[str, float], tuple[str, float]],
    look: int,
    styles: StylePart,
    namespace: str,
) -> bytes:
    title, note, *columns = texts
    bold = styles.add(bold=True, size=14, alignment='vertical="center"')
    small = styles.add(ink="595959", alignment='vertical="top"')
    head = styles.add(bold=True, fill=_HEADER_FILL, border=_LINE, alignment='horizontal="center" vertical="center"')
    rows: dict[int, list[bytes]] = {1: [_cell(1, 1, title, bold)], 2: [_cell(2, 1, note, small)]}
    rows[_HEADING] = [_cell(_HEADING, n, heading, head) for n, (heading, _) in enumerate(columns, 1)]
    for row, line in enumerate(pairs.lines, _HEADING + 1):
        rows[row] = [_cell(row, n, text, look) for n, text in enumerate(line, 1)]
    for row, choice in enumerate(pairs.choices, _HEADING + 1):
        rows.setdefault(row, []).append(_cell(row, _LISTED, choice, small))
    body = b"".join(_row(number, cells) for number, cells in sorted(rows.items()))
    widths = [width for _, width in columns] + [4.0] + ([28.0] if pairs.choices else [])
    cols = "".join(f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, w in enumerate(widths, 1))
    guard = ""
    if pairs.choices:
        last = _HEADING + len(pairs.choices)
        cells = f"B{_HEADING + 1}:B{_HEADING + len(pairs.lines) + _ROOM}"
        guard = (
            '<dataValidations count="1"><dataValidation type="list" errorStyle="warning" allowBlank="1" '
            f'showErrorMessage="1" sqref="{cells}"><formula1>$D${_HEADING + 1}:$D${last}</formula1>'
            "</dataValidation></dataValidations>"
        )
    pane = f'<pane ySplit="{_HEADING}" topLeftCell="A{_HEADING + 1}" activePane="bottomLeft" state="frozen"/>'
    return (
        (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{namespace}">'
            f'<sheetPr><tabColor rgb="FF7F7F7F"/><pageSetUpPr fitToPage="1"/></sheetPr>'
            f'<sheetViews><sheetView workbookViewId="0">{pane}'
            f'</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>{cols}</cols><sheetData>'
        ).encode()
        + body
        + f"</sheetData>{guard}{_PAGE}</worksheet>".encode()
    )


def _lines(lines: Sequence[tuple[str, str]], first: int, look: int, prefix: bytes) -> bytes:
    return b"".join(
        _row(row, [_cell(row, n, text, look, prefix) for n, text in enumerate(line, 1)], prefix)
        for row, line in enumerate(lines, first)
    )


def _row(number: int, cells: Sequence[bytes], prefix: bytes = b"") -> bytes:
    return b'<%brow r="%d">%b</%brow>' % (prefix, number, b"".join(cells), prefix)


def _cell(row: int, column: int, text: str, style: int, prefix: bytes = b"") -> bytes:
    cell = filled(
        Cell(Address(row, column), f' r="{Address(row, column)}" s="{style}"'.encode(), b"", False, 0),
        prefix,
        value=text,
    )
    return b"<%bc%b>%b</%bc>" % (prefix, cell.inside, cell.body, prefix)
