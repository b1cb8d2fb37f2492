"""OpenDocument spreadsheets and XML spreadsheets of 2003 -> sheets of values, within limits.

One pass over the XML. A blank that is said to repeat a million times costs nothing: it is only counted, and written
out when something stands behind it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from xml.parsers import expat
from zipfile import ZipFile

from workbook.members import MOST_RATIO, MOST_UNPACKED, RATIO_FROM
from workbook.package import MOST_CELLS
from workbook.sniff import Unreadable

_WIDEST, _HIGHEST = 16_384, 1_048_576
_SPOILT = "nội dung bên trong hỏng"
_NUMBERS = ("float", "currency", "percentage")


@dataclass(slots=True)
class XmlSheet:
    title: str
    rows: list[tuple[object, ...]] = field(default_factory=list)  # str, float, bool, datetime; "" for a blank


def read_ods(content: bytes) -> tuple[XmlSheet, ...]:
    """The sheets of an .ods. Raises Unreadable: TEP_001 damaged, TEP_002 encrypted, TEP_006 too large."""
    return _walk(_Ods(), content_of_ods(content))


def content_of_ods(content: bytes) -> bytes:
    """The part of an .ods that holds its sheets and names. Raises as ``read_ods``."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            info = archive.getinfo("content.xml")
            packed = max(info.compress_size, 1)
            if info.file_size > MOST_UNPACKED or (info.file_size > RATIO_FROM and info.file_size > MOST_RATIO * packed):
                raise Unreadable("TEP_006", ly_do=f"nội dung bung ra đến {info.file_size // 1_000_000} MB")
            if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise Unreadable("TEP_002")
            return archive.read(info)
    except Unreadable:
        raise
    except Exception as fault:  # zipfile and zlib raise a dozen kinds for a damaged archive
        raise Unreadable("TEP_001", ly_do="tệp nén hỏng, có thể chép hoặc tải về chưa xong") from fault


def read_xml_2003(content: bytes) -> tuple[XmlSheet, ...]:
    """The sheets of an XML spreadsheet as Excel 2003 wrote them. Raises Unreadable: TEP_001 damaged, TEP_006."""
    return _walk(_Xml2003(), content)


class _Sheets:
    """Sheets being built; blanks wait until something stands behind them."""

    def __init__(self) -> None:
        self.sheets: list[XmlSheet] = []
        self._cells: list[object] = []
        self._blank_cells = self._blank_rows = self._count = 0
        self._text: list[str] | None = None

    def start(self, tag: str, given: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, tag: str) -> None:
        raise NotImplementedError

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _sheet(self, title: str) -> None:
        self.sheets.append(XmlSheet(title))
        self._blank_rows = 0

    def _add_cell(self, value: object, times: int = 1) -> None:
        if value == "":
            self._blank_cells += times
            return
        if self._blank_cells + len(self._cells) + times > _WIDEST:
            raise Unreadable("TEP_006", ly_do=f"có dòng dài hơn {_WIDEST} cột")
        self._cells += [""] * self._blank_cells + [value] * times
        self._blank_cells = 0

    def _add_row(self, times: int = 1) -> None:
        row = tuple(self._cells)
        self._cells, self._blank_cells = [], 0
        if not row:
            self._blank_rows += times
            return
        rows = self.sheets[-1].rows
        self._count += len(row) * times
        if self._count > MOST_CELLS or self._blank_rows + len(rows) + times > _HIGHEST:
            raise Unreadable("TEP_006", ly_do=f"trang có hơn {MOST_CELLS} ô")
        rows += [()] * self._blank_rows + [row] * times
        self._blank_rows = 0


class _Ods(_Sheets):
    _kind = ""
    _value = ""
    _times = _row_times = 1
    _paragraphs = 0
    _note = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if self._note:
            return
        match name:
            case "table":
                self._sheet(given.get("table:name", ""))
            case "table-row":
                self._row_times = _times(given.get("table:number-rows-repeated"))
            case "table-cell" | "covered-table-cell":
                self._times = _times(given.get("table:number-columns-repeated"))
                self._kind = given.get("office:value-type", "") if name == "table-cell" else ""
                self._value = next(
                    (given[k] for k in ("office:value", "office:date-value", "office:string-value") if k in given), ""
                )
                self._text, self._paragraphs = [], 0
            case "p" if self._text is not None:
                self._text.append("\n" if self._paragraphs else "")
                self._paragraphs += 1
            case "s" if self._text is not None:
                self._text.append(" ")
            case "tab" | "line-break" if self._text is not None:
                self._text.append("\t" if name == "tab" else "\n")
            case "annotation":
                self._note = True

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "annotation":
            self._note = False
        elif name in ("table-cell", "covered-table-cell"):
            self._add_cell(self._content(), self._times)
            self._text = None
        elif name == "table-row":
            self._add_row(self._row_times)

    def data(self, text: str) -> None:
        if self._text is not None and self._paragraphs and not self._note:
            self._text.append(text)

    def _content(self) -> object:
        if self._kind in _NUMBERS:
            return _number(self._value)
        if self._kind == "date":
            return _moment(self._value)
        return self._value or "".join(self._text or ())


class _Xml2003(_Sheets):
    _kind = ""
    _across = 0

    def start(self, tag: str, given: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "Worksheet":
                self._sheet(given.get("ss:Name", ""))
            case "Row":
                at = _times(given.get("ss:Index"), 0)
                if at and self.sheets:
                    self._blank_rows = max(self._blank_rows, at - 1 - len(self.sheets[-1].rows))
            case "Cell":
                at = _times(given.get("ss:Index"), 0)
                self._blank_cells = max(self._blank_cells, at - 1 - len(self._cells))
                self._across = _times(given.get("ss:MergeAcross"), 0)
                self._value: object = ""
            case "Data":
                self._kind, self._text = given.get("ss:Type", "String"), []

    def end(self, tag: str) -> None:
        match tag.rpartition(":")[2]:
            case "Data" if self._text is not None:
                text, self._text = "".join(self._text), None
                self._value = _number(text) if self._kind == "Number" else text
                if self._kind == "DateTime":
                    self._value = _moment(text)
            case "Cell":
                self._add_cell(self._value)
                self._blank_cells += self._across
            case "Row" if self.sheets:
                self._add_row()


def _walk(sheets: _Sheets, xml: bytes) -> tuple[XmlSheet, ...]:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = sheets.start
    parser.EndElementHandler = sheets.end
    parser.CharacterDataHandler = sheets.data
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, LookupError, IndexError) as fault:
        raise Unreadable("TEP_001", ly_do=_SPOILT) from fault
    return tuple(sheets.sheets)


def _no_doctype(*_: object) -> None:
    raise Unreadable("TEP_006", ly_do="nội dung bên trong có khai báo DOCTYPE")


def _times(text: str | None, default: int = 1) -> int:
    return int(text) if text and text.isdecimal() and len(text) <= 7 else default


def _number(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text


def _moment(text: str) -> object:
    """A date as written in XML; kept as text when it is none that Python knows."""
    try:
        return datetime.fromisoformat(text[:19])
    except ValueError:
        return text
