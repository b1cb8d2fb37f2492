"""One .xlsx taken apart within safe limits: its parts, its sheets, its defined names, its cells.

Values come from python-calamine; what it does not give (formulas, error values, names) from the XML. Calamine makes
a dense table between the first and the last used cell, and the process dies when that does not fit in memory:
nothing is handed to it before the XML has been looked at. ``<dimension>`` is never believed.
"""

# Without "from __future__ import annotations", as in ``toolkit.records``.

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from posixpath import normpath
from typing import NamedTuple
from urllib.parse import unquote
from xml.parsers import expat  # not ElementTree: it takes longer to import than these parts to read

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from workbook.areas import Area, area_of
from workbook.beside import Beside
from workbook.cells import Cell, cells_of, errors_of, exact_extent, side_by_side, used_extent, well_formed
from workbook.members import WORKBOOK, Members, plain
from workbook.merged_cells import merged_cells
from workbook.sniff import Unreadable

MOST_SHEETS = 200
MOST_CELLS = 3_000_000  # of the rectangle that a sheet uses
MOST_PROVED = 1_000_000  # bytes of a part that is proved to be XML; a larger one has only its checksum
MOST_ANNOUNCED = 1_000_000  # things of a kind that a part says it has
LONG = 500_000  # bytes of a sheet that is worth a thread of its own: zlib and calamine let others run meanwhile
MOST_TEXT = 300_000_000  # bytes of all texts of a sheet, each time they are shown

# Compiled when first asked for: few books have anything of the kind.
_END_OF_TEXT = rb"</(?:[\w.-]+:)?si\s*>"
_INDEX = rb"<(?:[\w.-]+:)?v(?:\s[^>]*)?>\s*(\d{1,9})\s*<"
_HIDDEN_NUMBER = rb"<(?:[\w.-]+:)?v(?:\s[^>]*)?>[0-9.eE+\-\s]*(?:<!|&#)"  # calamine sees a blank there
_ANNOUNCED = re.compile(rb"ount(?<=[cC]ount)\s*=\s*[\"']\s*\+?(\d{7,})")
_ERROR_KINDS = (b'"e"', b"'e'")
_LEAST_CELL = 16  # bytes of the shortest cell that shows a shared text: <c t="s"><v>0</v>

Rows = Sequence[Sequence[object]]


class _Element(NamedTuple):
    """An element of a small part; the names of its attributes may have a namespace."""

    name: str
    attributes: dict[str, str]
    text: list[str]  # what follows its start, in pieces, up to the next start


class Sheet(NamedTuple):
    title: str
    part: str  # name of its XML in the archive
    hidden: bool


class Package:
    """An open .xlsx. Raises Unreadable (TEP_001, TEP_002, TEP_006, TEP_010, TEP_011) where the file is to blame."""

    sheets: Mapping[str, Sheet]  # by title, worksheets only, in the order of the tabs
    names: Mapping[str, Area]  # workbook-wide defined names that mean one rectangle of an existing sheet

    def __init__(self, content: bytes, name: str, ahead: bool = False) -> None:
        """``ahead``: the longest sheet is sure to be asked for, so that it is unpacked beside the other parts; and
        ``prove_texts`` will be called before any value is believed."""
        self._members = Members(content, name)
        self._parts: dict[str, bytes] = {}
        self._unpacked = self._unpack_ahead() if ahead else {}
        self._tables: dict[str, Rows] = {}
        workbook = self._xml(WORKBOOK)
        self.sheets = self._find_sheets(workbook)
        self.names = _find_names(workbook, self.sheets)
        self._longest_text: int | None = None
        if not ahead:
            self.prove_texts()
        self._calamine = self._open_calamine(content)
        self._parsed_ahead: dict[str, Beside[CalamineSheet]] = {}  # by title, one at most

    def part(self, name: str) -> bytes:
        """The bytes of a part, unpacked once; b"" when there is none. A part that declares entities is refused."""
        if name not in self._parts:
            beside = self._unpacked.pop(plain(name), None)
            self._parts[name] = beside.result() if beside else self._members.unpacked(name)
        return self._parts[name]

    def values(self, title: str) -> Rows:
        """The sheet as rows of values from A1 on: str, float, bool, date, datetime, time, timedelta; "" for a blank
        and for an error value (``cells`` tells them apart). An unknown title: no rows."""
        if title not in self._tables:
            self._tables[title] = self._read(title) if title in self.sheets else ()
        return self._tables[title]

    def parse_ahead(self) -> bool:
        """Lets calamine parse the longest sheet, when it is long, beside whatever comes next. False: none is long."""
        if self._parsed_ahead:
            return True
        members = self._members.by_name
        sizes = {s.title: members[p].file_size for s in self.sheets.values() if (p := plain(s.part)) in members}
        longest = max(sizes, key=sizes.__getitem__, default="")
        if sizes.get(longest, 0) < LONG:
            return False
        with suppress(Unreadable):  # told when the sheet is asked for
            for title, size in sizes.items():
                if size < LONG:
                    self.values(title)  # now: calamine has no time for a second sheet meanwhile
            self._look_over(longest)
            self._parsed_ahead[longest] = Beside(lambda: self._calamine.get_sheet_by_name(longest))
        return True

    def prove(self, part: str) -> None:
        """Raises TEP_001 for a small part that is no sound XML: calamine reads on behind a broken tag, and what it
        then leaves out, or reads as something else, nobody would notice."""
        xml = self.part(part)
        if xml and len(xml) <= MOST_PROVED and not well_formed(xml):
            raise Unreadable("TEP_001", ly_do="nội dung bên trong hỏng")

    def prove_texts(self) -> None:
        """``prove`` for the texts that all sheets share."""
        self.prove("xl/sharedStrings.xml")

    def cells(self, title: str) -> Mapping[tuple[int, int], Cell]:
        """The cells of a sheet that hold a formula or an error value, by (row, column) from 1."""
        if title not in self.sheets:
            return {}
        from workbook.plain_formulas import plain_formulas  # late: first the longest sheet gets on its way

        xml = self.part(self.sheets[title].part)
        plain = plain_formulas(xml)
        return cells_of(xml) if plain is None else plain

    def merged(self, title: str) -> Mapping[tuple[int, int], str]:
        """The merged cells of a sheet, by (row, column) from 1: the area of each. An open book tells of none."""
        sheet = self.sheets.get(title)
        return merged_cells(self.part(sheet.part)) if sheet else {}

    def errors(self, title: str) -> dict[tuple[int, int], str]:
        """The error values of a sheet by (row, column) from 1. Costs next to nothing when there are none."""
        sheet = self.sheets.get(title)
        xml = b"" if sheet is None else self.part(sheet.part)
        if b"#" not in xml or not any(kind in xml for kind in _ERROR_KINDS):  # an error reads "#DIV/0!"
            return {}
        return errors_of(xml)

    def _read(self, title: str) -> Rows:
        try:
            return self._parsed(title).to_python(skip_empty_area=False)
        except BaseException as fault:
            if not _of_calamine(fault):
                raise
            raise Unreadable("TEP_001", ly_do=f"trang “{title}” hỏng") from fault

    def _parsed(self, title: str) -> CalamineSheet:
        if title in self._parsed_ahead:
            return self._parsed_ahead[title].result()
        self._look_over(title)
        for other in self._parsed_ahead.values():
            other.join()  # calamine refuses whoever asks for a second sheet meanwhile
        return self._calamine.get_sheet_by_name(title)

    def _look_over(self, title: str) -> None:
        """Raises Unreadable for a sheet that must not come before calamine."""
        xml = self.part(self.sheets[title].part)
        if not xml:
            raise Unreadable("TEP_001", ly_do=f"thiếu nội dung trang “{title}”")
        used = used_extent(xml)
        if used.rows * used.columns > MOST_CELLS:
            used = exact_extent(xml)
        if used.rows * used.columns > MOST_CELLS:
            raise Unreadable("TEP_006", ly_do=f"trang “{title}” dùng đến {used.rows} dòng × {used.columns} cột")
        if not self._texts_fit(xml):
            raise Unreadable("TEP_006", ly_do=f"trang “{title}” chứa quá nhiều chữ")
        if (side_by_side(xml, b"!", b"<!") or side_by_side(xml, b"#", b"&#")) and re.search(_HIDDEN_NUMBER, xml):
            raise Unreadable("TEP_001", ly_do=f"trang “{title}” ghi số theo cách không đọc được")

    def _texts_fit(self, xml: bytes) -> bool:
        """Whether the shared texts of a sheet fit in memory: a text is copied into every cell that shows it."""
        shared = self.part("xl/sharedStrings.xml")
        if self._longest_text is None:  # or more, where texts end otherwise
            self._longest_text = max(map(len, shared.split(b"</si>")))
        if self._longest_text * (len(xml) // _LEAST_CELL) <= MOST_TEXT:
            return True
        texts = [len(text) for text in re.split(_END_OF_TEXT, shared)]
        shown = map(int, re.findall(_INDEX, xml))
        return b"<![" not in xml and sum(texts[n] for n in shown if n < len(texts)) <= MOST_TEXT

    def _open_calamine(self, content: bytes) -> CalamineWorkbook:
        for name in ("xl/sharedStrings.xml", "xl/styles.xml", "[Content_Types].xml"):
            self.part(name)  # calamine reads them itself; here they are only looked at
        for name in ("xl/sharedStrings.xml", "xl/styles.xml"):
            part = self.part(name)  # calamine reserves memory for as many as are announced
            if any(int(n) > max(MOST_ANNOUNCED, len(part)) for n in _ANNOUNCED.findall(part)):
                raise Unreadable("TEP_006", ly_do="số lượng khai báo bên trong lớn bất thường")
        try:
            return CalamineWorkbook.from_filelike(BytesIO(content))
        except BaseException as fault:
            if not _of_calamine(fault):
                raise
            raise Unreadable("TEP_001", ly_do="nội dung bên trong hỏng") from fault

    def _find_sheets(self, workbook: Sequence[_Element]) -> dict[str, Sheet]:
        targets = {}
        for _, attributes, _ in self._xml("xl/_rels/workbook.xml.rels"):
            if attributes.get("Type", "").endswith("/worksheet"):
                target = unquote(attributes.get("Target", "")).replace("\\", "/")
                part = target[1:] if target.startswith("/") else normpath(f"xl/{target}")
                targets[attributes.get("Id", "")] = part
        found: dict[str, Sheet] = {}
        for tag, attributes, _ in workbook:
            if tag == "sheet":
                link = next((v for k, v in attributes.items() if _local(k) == "id"), "")
                title, hidden = attributes.get("name", ""), attributes.get("state", "visible") != "visible"
                if link in targets:
                    found.setdefault(title, Sheet(title, targets[link], hidden))
        if len(found) > MOST_SHEETS:
            raise Unreadable("TEP_006", ly_do=f"sổ có {len(found)} trang")
        return found

    def _xml(self, name: str) -> list[_Element]:
        try:
            return _elements(self.part(name))
        except (expat.ExpatError, LookupError, ValueError) as fault:  # the last two: an unknown encoding
            raise Unreadable("TEP_001", ly_do="nội dung bên trong hỏng") from fault

    def _unpack_ahead(self) -> dict[str, Beside[bytes]]:
        sheets = [info for name, info in self._members.by_name.items() if name.startswith("xl/worksheets/")]
        longest = max(sheets, key=lambda info: info.file_size, default=None)
        if longest is None or longest.file_size < LONG:
            return {}
        return {plain(longest.filename): Beside(lambda: self._members.unpacked(longest.filename))}


def _find_names(workbook: Sequence[_Element], sheets: Mapping[str, Sheet]) -> dict[str, Area]:
    """Workbook-wide names only: a copied sheet brings copies of its names that are valid on that sheet alone."""
    titles = {title.lower(): title for title in sheets}
    found: dict[str, Area] = {}
    for tag, attributes, text in workbook:
        if tag == "definedName" and "localSheetId" not in attributes:
            area = area_of("".join(text), titles)
            if area is not None:
                found[attributes.get("name", "")] = area
    return found


def _elements(xml: bytes) -> list[_Element]:
    """Every element of a small part, in its order. Raises ExpatError, and LookupError or ValueError for an encoding."""
    found: list[_Element] = []
    parser = expat.ParserCreate(namespace_separator="}")

    def start(tag: str, attributes: dict[str, str]) -> None:
        found.append(_Element(_local(tag), attributes, []))

    def text(piece: str) -> None:
        found[-1].text.append(piece)

    parser.StartElementHandler, parser.CharacterDataHandler = start, text
    parser.Parse(xml, True)
    return found


def _of_calamine(fault: BaseException) -> bool:
    """Whether calamine says that a file is spoilt; it says so with a panic, which is no Exception, here and there."""
    return isinstance(fault, CalamineError) or type(fault).__name__ == "PanicException"


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
