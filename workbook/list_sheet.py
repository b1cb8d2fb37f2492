"""The two sheets that marking adds: the list of what was found, and the log of what was changed."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from toolkit.edits import ERROR, INVOLVED, WARNING, Listing, Log
from toolkit.proposals import Offer
from toolkit.wording import STANDINGS
from workbook.sheet_part import Address, Cell, SheetPart, clean, filled
from workbook.style_part import StylePart
from workbook.xml_part import escape

LIST_MAGIC = "tthc:ket-qua:1:"
LOG_MAGIC = "tthc:nhat-ky:1:"
OFFER_MAGIC = "tthc:de-xuat:1:"
"""Start of a hidden cell in row 1 that tells our sheets from a user's sheet of the same name; of a hidden cell in the
line of a proposal that can be accepted."""

ACCEPT_COLUMN = "Chấp nhận"

_CHUNK = 30_000  # characters of the hidden record in one cell
_LIST_COLUMNS = (
    ("Mức độ", 11.0), ("Trang", 12.0), ("Ô", 10.0), ("Điều thấy", 50.0), ("Cách sửa", 38.0),
    ("Trái", 11.0), ("Phải", 11.0), ("Lệch", 9.0), ("Đề xuất sửa ít ô nhất", 40.0), (ACCEPT_COLUMN, 11.0),
)  # fmt: skip
_LOG_COLUMNS = (
    ("STT", 6.0),
    ("Trang", 15.0),
    ("Ô", 8.0),
    ("Trước khi sửa", 36.0),
    ("Sau khi sửa", 48.0),
    ("Lý do", 46.0),
)
_SEVERITY = {"error": ("Lỗi", ERROR), "warning": ("Cảnh báo", WARNING), "info": ("Ghi chú", "")}
_STATUS_INK = {"errors": "C00000", "blank": "7F6000", "warnings": "7F6000", "ok": "375623"}
_HINT = (
    "Bấm vào địa chỉ ở cột “Ô” để tới ô đó. Màu chỉ có trong bản chép này; tệp gốc giữ nguyên. "
    "Đồng ý với đề xuất thì ghi x vào cột “Chấp nhận”, lưu lại rồi chạy: tthc accept."
)
_LOG_HINT = (
    "Mỗi dòng là một ô đã được công cụ sửa trong bản chép này. Muốn trả lại thì ghi lại nội dung ở cột “Trước khi sửa”."
)
_NOTHING = "Không có điều gì cần sửa."
_LINE_HEIGHT, _HIGHEST = 15.0, 400.0  # points; Excel allows 409
_LETTERS = 1.08  # letters of running text in the width of one digit
LINE = "BFBFBF"
_HEADER = "D9E1F2"
_INPUT = "FFFDE7"
_LINK = "0563C1"


@dataclass(frozen=True, slots=True)
class Mark:
    """Painted cells that looked alike before: what ``clear`` needs to take the paint off again."""

    sheet: str
    colour: str
    style: str  # style id before; "" when the cell named none; "-" when there was no cell
    painted: int  # style id since
    fill: str  # XML of the fill before, without prefix: for a file whose styles were renumbered since
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A worksheet part and the built-in names that go with it (name, reference without the sheet)."""

    data: bytes
    names: tuple[tuple[str, str], ...]


def render_list(
    listing: Listing, marks: Sequence[Mark], styles: StylePart, namespace: str, hint: str = _HINT
) -> Rendered:
    """The list sheet: overall status and counts first, then a line for each finding."""
    sheet = Sheet(heights={1: 24, 2: 20})
    plain = styles.add(alignment='vertical="top"')
    sheet.text(1, 1, "KẾT QUẢ KIỂM TRA", styles.add(bold=True, size=14, alignment='vertical="center"'))
    counts = ", ".join(f"{listing.counts.get(s, 0)} {_SEVERITY[s][0].lower()}" for s in ("error", "warning", "info"))
    status = styles.add(bold=True, size=12, ink=_STATUS_INK[listing.status], alignment='vertical="center"')
    sheet.text(2, 1, f"{STANDINGS[listing.status].capitalize()}: {counts}.", status)
    row = 3
    for text in listing.about:
        sheet.text(row, 1, text, plain)
        row += 1
    for column, (label, colour) in enumerate((("Lỗi", ERROR), ("Ô liên quan", INVOLVED), ("Cảnh báo", WARNING)), 1):
        legend = styles.add(fill=colour, border=LINE, alignment='horizontal="center" vertical="top"')
        sheet.text(row, column, label, legend)
    sheet.text(row, 4, hint, styles.add(ink="595959", alignment='vertical="top" horizontal="left" indent="1"'))
    header = row + 2
    header_row(sheet, header, _LIST_COLUMNS, styles)
    write = _Line(styles)
    for row, line in enumerate(listing.lines, header + 1):
        label, colour = _SEVERITY[line.severity]
        sheet.text(row, 1, label, write.severity(colour))
        sheet.text(row, 2, line.sheet, write.words)
        if line.sheet and line.cell:
            sheet.link(row, 3, line.cell, line.sheet, write.link)
        else:
            sheet.text(row, 3, line.cell, write.words)
        sheet.text(row, 4, line.message, write.words)
        sheet.text(row, 5, line.fix, write.words)
        for column, number, signed in ((6, line.left, False), (7, line.right, False), (8, line.difference, True)):
            sheet.number(row, column, number, write.number(number, signed))
        sheet.text(row, 9, line.proposal, write.words)
        sheet.text(row, 10, "", write.tick if line.offers else write.words)
        if line.offers:
            sheet.text(row, len(_LIST_COLUMNS) + 1, OFFER_MAGIC + dump_offers(line.offers), plain)
        sheet.grow(row, ("", line.sheet, "", line.message, line.fix, "", "", "", line.proposal), _LIST_COLUMNS)
    last = header + max(1, len(listing.lines))
    if not listing.lines:
        for column in range(1, len(_LIST_COLUMNS) + 1):
            sheet.text(header + 1, column, _NOTHING if column == 4 else "", write.words)
    hidden = sheet.hide(len(_LIST_COLUMNS) + 1, LIST_MAGIC + dump_marks(marks), plain)
    area = f"$A${header}:$K${last}"  # with the hidden proposals, so that they stay with their line when it is sorted
    names = (("_xlnm._FilterDatabase", area), ("_xlnm.Print_Titles", f"${header}:${header}"))
    colour = {"errors": "C00000", "blank": "FFC000", "warnings": "FFC000", "ok": "70AD47"}[listing.status]
    return Rendered(sheet.xml(namespace, _LIST_COLUMNS, header, colour, hidden, filtered=area.replace("$", "")), names)


def render_log(log: Log, styles: StylePart, namespace: str, hint: str = _LOG_HINT) -> Rendered:
    """A new log sheet."""
    sheet = Sheet(heights={1: 24})
    sheet.text(1, 1, "NHẬT KÝ CHỈNH SỬA", styles.add(bold=True, size=14, alignment='vertical="center"'))
    sheet.text(2, 1, hint, styles.add(ink="595959", alignment='vertical="top"'))
    header = 4
    header_row(sheet, header, _LOG_COLUMNS, styles)
    _log_rows(sheet, log, header + 1, 1, styles)
    hidden = sheet.hide(len(_LOG_COLUMNS) + 2, f"{LOG_MAGIC}{header}", styles.add(alignment='vertical="top"'))
    data = sheet.xml(namespace, _LOG_COLUMNS, header, "7F7F7F", hidden)
    return Rendered(data, (("_xlnm.Print_Titles", f"${header}:${header}"),))


def append_log(data: bytes, log: Log, styles: StylePart, header: int) -> bytes:
    """An existing log sheet with more lines at its end."""
    part = SheetPart(data)
    last = max(part.last_row, header)
    sheet = Sheet(part.prefix)
    _log_rows(sheet, log, last + 1, last - header + 1, styles)
    return part.with_rows(sheet.body())


def hidden_record(data: bytes, shared: Sequence[str], magic: str) -> str | None:
    """What stands behind the magic in row 1 of a sheet, None when the sheet is not ours."""
    found: list[str] = []
    for cell in SheetPart(data).cells(1):
        text = _text(cell, shared)
        if found or text.startswith(magic):
            found.append(text)
    return "".join(found)[len(magic) :] if found else None


def load_marks(record: str) -> tuple[Mark, ...]:
    """The marks of a list sheet; none when the record was spoilt."""
    try:
        return tuple(
            Mark(str(s), str(c), str(old), int(new), str(fill), tuple(str(cells).split()))
            for s, c, old, new, fill, cells in json.loads(record)
        )
    except (ValueError, TypeError):
        return ()


def dump_offers(offers: Sequence[Offer]) -> str:
    return json.dumps([(o.sheet, o.cell, o.before, o.after, o.kind) for o in offers], ensure_ascii=False)


def load_offers(record: str) -> tuple[Offer, ...]:
    """The proposal of a line; none when the record was spoilt."""
    try:
        return tuple(
            Offer(str(sheet), str(cell), None if before is None else int(before), int(after), str(kind))
            for sheet, cell, before, after, kind in json.loads(record)
        )
    except (ValueError, TypeError):
        return ()


def shared_strings(data: bytes) -> list[str]:
    """The texts of a shared strings part."""
    items = re.findall(rb"<(?:\w+:)?si(?=[\s/>])[^>]*?(?:/>|>(.*?)</(?:\w+:)?si\s*>)", data, re.DOTALL)
    return [_joined_text(item) for item in items]


def reference(sheet: str, cells: str) -> str:
    """ "II.06a", "C9" -> "'II.06a'!C9"."""
    return "'" + sheet.replace("'", "''") + f"'!{cells}"


class _Line:
    """Styles of the cells of a line."""

    def __init__(self, styles: StylePart) -> None:
        self._styles = styles
        top = 'vertical="top" wrapText="1"'
        self.words = styles.add(border=LINE, alignment=top)
        self.link = styles.add(border=LINE, ink=_LINK, underline=True, alignment='vertical="top" horizontal="center"')
        self.tick = styles.add(border=LINE, fill=_INPUT, bold=True, alignment='vertical="top" horizontal="center"')

    def severity(self, colour: str) -> int:
        return self._styles.add(border=LINE, fill=colour, alignment='vertical="top" horizontal="center"')

    def number(self, value: int | Decimal | None, signed: bool) -> int:
        code = "0.00%" if isinstance(value, Decimal) else "#,##0"
        if signed:
            code = f'+{code};"−"{code};0'
        return self._styles.add(border=LINE, number=code, alignment='vertical="top"')


@dataclass(slots=True)
class Sheet:
    """A small worksheet being written; texts are inline strings."""

    prefix: bytes = b""
    rows: dict[int, dict[int, bytes]] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)

    def text(self, row: int, column: int, text: str, style: int) -> None:
        self.value(row, column, text or None, style)

    def number(self, row: int, column: int, number: int | Decimal | None, style: int) -> None:
        self.value(row, column, number, style)

    def link(self, row: int, column: int, cell: str, sheet: str, style: int) -> None:
        self.text(row, column, cell, style)
        target = escape(clean(reference(sheet, cell)))
        self.links.append(f'<hyperlink ref="{Address(row, column)}" location="{target}" display="{escape(cell)}"/>')

    def value(self, row: int, column: int, value: int | Decimal | str | None, style: int) -> None:
        at = Address(row, column)
        cell = filled(Cell(at, f' r="{at}" s="{style}"'.encode(), b"", False, 0), self.prefix, value=value)
        tag = self.prefix + b"c"
        close = b">%b</%b>" % (cell.body, tag) if cell.body else b"/>"
        self.rows.setdefault(row, {})[column] = b"<%b%b%b" % (tag, cell.inside, close)

    def grow(self, row: int, texts: Iterable[str], columns: Iterable[tuple[str, float]]) -> None:
        """Makes a row as high as its longest wrapped text needs: LibreOffice does not do it by itself."""
        widths = (width * _LETTERS for _, width in columns)
        lines = [sum(1 + int(len(part) / w) for part in t.split("\n")) for t, w in zip(texts, widths, strict=False)]
        self.heights[row] = min(_HIGHEST, _LINE_HEIGHT * max(lines) + 3)

    def hide(self, column: int, text: str, style: int) -> tuple[int, int]:
        """Text in row 1 from ``column`` on, as many cells as it needs. Returns the first and last column."""
        chunks = [text[n : n + _CHUNK] for n in range(0, len(text), _CHUNK)]
        for number, chunk in enumerate(chunks):
            self.text(1, column + number, chunk, style)
        return column, column + len(chunks) - 1

    def xml(
        self,
        namespace: str,
        columns: Iterable[tuple[str, float]],
        header: int,
        tab: str,
        hidden: tuple[int, int],
        filtered: str = "",
    ) -> bytes:
        cols = "".join(f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, (_, w) in enumerate(columns, 1))
        cols += f'<col min="{hidden[0]}" max="{hidden[1]}" width="9" hidden="1" customWidth="1"/>'
        pane = f'<pane ySplit="{header}" topLeftCell="A{header + 1}" activePane="bottomLeft" state="frozen"/>'
        head = (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{namespace}">'
            f'<sheetPr><tabColor rgb="FF{tab}"/><pageSetUpPr fitToPage="1"/></sheetPr>'
            f'<sheetViews><sheetView showGridLines="0" workbookViewId="0">{pane}'
            f'<selection pane="bottomLeft" activeCell="A{header + 1}" sqref="A{header + 1}"/></sheetView></sheetViews>'
            f'<sheetFormatPr defaultRowHeight="15"/><cols>{cols}</cols><sheetData>'
        )
        tail = "</sheetData>"
        tail += f'<autoFilter ref="{filtered}"/>' if filtered else ""
        tail += f"<hyperlinks>{''.join(self.links)}</hyperlinks>" if self.links else ""
        tail += '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
        tail += '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
        return head.encode() + self.body() + tail.encode()

    def body(self) -> bytes:
        """The rows."""
        tag = self.prefix.decode() + "row"
        out: list[bytes] = []
        for row, cells in sorted(self.rows.items()):
            height = f' ht="{self.heights[row]:g}" customHeight="1"' if row in self.heights else ""
            out.append(f'<{tag} r="{row}"{height}>'.encode())
            out += [*(cell for _, cell in sorted(cells.items())), f"</{tag}>".encode()]
        return b"".join(out)


def header_row(sheet: Sheet, row: int, columns: Iterable[tuple[str, float]], styles: StylePart) -> None:
    style = styles.add(
        bold=True, fill=_HEADER, border=LINE, alignment='horizontal="center" vertical="center" wrapText="1"'
    )
    sheet.heights[row] = 21
    for column, (label, _) in enumerate(columns, 1):
        sheet.text(row, column, label, style)


def _log_rows(sheet: Sheet, log: Log, row: int, number: int, styles: StylePart) -> None:
    words = styles.add(border=LINE, alignment='vertical="top" wrapText="1"')
    centred = styles.add(border=LINE, number="0", alignment='vertical="top" horizontal="center"')
    for n, line in enumerate(log.lines):
        texts = (line.sheet, line.cell, line.before, line.after, line.why)
        sheet.value(row + n, 1, number + n, centred)
        for column, text in enumerate(texts, 2):
            sheet.text(row + n, column, text, words)
        sheet.grow(row + n, ("", *texts), _LOG_COLUMNS)


def dump_marks(marks: Sequence[Mark]) -> str:
    rows = [(m.sheet, m.colour, m.style, m.painted, m.fill, " ".join(m.cells)) for m in marks]
    return json.dumps(rows, separators=(",", ":"))


def _text(cell: Cell, shared: Sequence[str]) -> str:
    kind = re.search(rb"\st\s*=\s*[\"'](\w+)", cell.inside)
    if kind and kind[1] == b"s":
        index = re.search(rb">(\d+)<", cell.body)
        return shared[int(index[1])] if index and int(index[1]) < len(shared) else ""
    return _joined_text(cell.body)


def _joined_text(xml: bytes) -> str:
    texts = re.findall(rb"<(?:\w+:)?[tv](?=[\s>])[^>]*>([^<]*)<", xml)
    return html.unescape(b"".join(texts).decode()).replace("_x005F_", "_")
