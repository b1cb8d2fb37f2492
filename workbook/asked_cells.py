"""What cells of a long register mean, as calamine reads them: dates, styles and texts are decided by nobody else.

Some cells are asked for at a time, in a small workbook with the styles of theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO
from typing import Any, cast
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from python_calamine import CalamineWorkbook

from toolkit.columns import Asked
from workbook import sheet_columns
from workbook.package import Package
from workbook.shared_texts import ODD_SIGNS
from workbook.sniff import Unreadable

_STRINGS = "xl/sharedStrings.xml"
_SHARED_STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</sst>'
_TRUTHS = (b"0", b"1")
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_MOST = 1e9  # of a number that nobody asks for: it may be shown as a date
_KINDS = {
    sheet_columns.NUMBER: b"n",
    sheet_columns.BOOLEAN: b"b",
    sheet_columns.TEXT: b"str",
    sheet_columns.ERROR: b"e",
}
_WORKSHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
_BOOK = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml")


class ReadByCells(Exception):
    """The register is nothing for columns: read the file in the ordinary way."""


class Meanings:
    """Of the cells of one sheet. Every method raises ReadByCells where calamine would stumble."""

    def __init__(self, package: Package, title: str, body: bytes, cells: sheet_columns.Cells, np: Any) -> None:
        """``body``: the XML of the sheet, whose ``cells`` these are. The package is not kept."""
        self._title, self._body, self._cells, self._np = title, body, cells, np
        self._sheet = package.sheets[title].part
        try:
            self._book = {name: package.part(name) for name in _BOOK}
        except Unreadable as fault:  # a part that nobody else reads
            raise ReadByCells from fault

    def contents(self, places: Any) -> Iterator[tuple[int, int, int, bytes]]:
        """(place, style, kind, content) of cells."""
        cells = self._cells
        spans = (part[places].tolist() for part in (cells.style, cells.kind, cells.start, cells.end))
        for i, style, kind, start, end in zip(places.tolist(), *spans, strict=True):
            yield i, style, kind, self._body[start:end]

    def sound(self, places: Any) -> bool:
        """Will calamine read these cells, which nobody asks for?"""
        errors = set()
        for _, _, kind, content in self.contents(places):
            if kind == sheet_columns.NUMBER and not (_NUMBER.fullmatch(content) and abs(float(content)) < _MOST):
                return False
            if kind == sheet_columns.BOOLEAN and content not in _TRUTHS:
                return False
            if kind == sheet_columns.ERROR:
                errors.add(b't="e"><v>%s</v></c>' % content)
        self._ask(sorted(errors))
        return True

    def of_texts(self, texts: Sequence[str | bytes]) -> list[object]:
        """Shared texts as calamine reads them."""
        plain = {*map(type, texts)} <= {str}
        joined = "\n".join(cast("Sequence[str]", texts)) if plain else "&"
        if not any(sign in joined for sign in ODD_SIGNS):
            return [text or None for text in texts] if "" in texts else [*texts]
        out: list[object] = [text or None for text in texts]
        odd = [i for i, text in enumerate(texts) if isinstance(text, bytes) or any(sign in text for sign in ODD_SIGNS)]
        if odd:
            items = [
                text if isinstance(text, bytes) else b"<si><t>%s</t></si>" % text.encode()
                for text in map(texts.__getitem__, odd)
            ]
            cells = [b't="s"><v>%d</v></c>' % n for n in range(len(odd))]
            for i, value in zip(odd, self._ask(cells, _SHARED_STRINGS % b"".join(items)), strict=True):
                out[i] = value or None
        return out

    def of(self, places: Sequence[int]) -> list[object]:
        """What some cells hold."""
        content, errors = [], {}
        for n, (_, style, kind, value) in enumerate(self.contents(self._np.asarray(places, dtype=self._np.int64))):
            if kind == sheet_columns.ERROR:
                errors[n] = value.decode()
            elif kind == sheet_columns.NUMBER and not _NUMBER.fullmatch(value):
                raise ReadByCells
            content.append(b's="%d" t="%s"><v>%s</v></c>' % (style, _KINDS[kind], value))
        read = [errors.get(n, value) for n, value in enumerate(self._ask(content))]
        return [None if value == "" else value for value in read]

    def day_0(self, styles: Sequence[int]) -> int | None:
        """The ordinal of day 0 in cells of these styles; None: not all of them are dates."""
        asked = [
            b's="%d" t="n"><v>%s</v></c>' % (style, number) for style in styles for number in (b"45000", b"45000.5")
        ]
        days = {value.toordinal() - 45_000 if isinstance(value, date) else None for value in self._ask(asked)}
        return days.pop() if len(days) == 1 else None

    def _ask(self, cells: Sequence[bytes], strings: bytes = b"") -> list[Any]:
        """The values of cells, by calamine, with the styles of this workbook."""
        if not cells:
            return []
        rows = b"".join(b'<row r="%d"><c r="A%d" %s</row>' % (n, n, cell) for n, cell in enumerate(cells, 1))
        parts = self._book | {self._sheet: _WORKSHEET % rows}
        if strings:
            parts[_STRINGS] = strings
        stream = BytesIO()
        with ZipFile(stream, "w", ZIP_STORED) as archive:
            for name, part in parts.items():
                if part:
                    archive.writestr(ZipInfo(name), part)
        stream.seek(0)
        try:
            book = CalamineWorkbook.from_filelike(stream)
            read = book.get_sheet_by_name(self._title).to_python(skip_empty_area=False)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as fault:  # also a panic of a library written in Rust, which is no Exception
            raise ReadByCells from fault
        values = [row[0] for row in read]
        return values + [""] * (len(cells) - len(values))


class Moments(Asked):
    """Dates with a time of day, by the places of their cells; -1: a blank."""

    def __init__(self, meanings: Meanings, places: Sequence[int]) -> None:
        self._meanings, self._places = meanings, places

    def __len__(self) -> int:
        return len(self._places)

    def several(self, places: Sequence[int]) -> Sequence[Any]:
        cells = [self._places[i] for i in places]
        there = [i for i in cells if i >= 0]
        known = dict(zip(there, self._meanings.of(there), strict=True))
        return [known.get(i) for i in cells]
