"""Long formatted sheets in an XlsxWriter workbook, at a fraction of XlsxWriter's time.

XlsxWriter makes the workbook: formats, headings, widths, filters, conditional formats, everything but the rows of the
long sheets. After ``workbook.close()`` the rows are put into the sheet part as text, column by column: what a cell
says behind its address is made once for each distinct value of a piece of ``_CHUNK`` rows (``splice_rows``), and rows
are joined from these texts (``row_pieces``). A piece of an Arrow column arrives with its distinct values already found;
a plain sequence takes the same way and gives the same bytes, so that pyarrow only saves time.

Texts go to the shared table: measured smaller and faster than in the cells (registers repeat themselves), and every
program that shows workbooks knows it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from workbook.book_part import Book
from workbook.ooxml import Package, relationships_part
from workbook.row_pieces import Buffer, join
from workbook.splice_cells import Show, Strings, Values
from workbook.splice_links import Hyperlinks, Links
from workbook.splice_rows import Block, Styled, pieces
from workbook.zip_writing import Deflated, Deflating

MOST_ROWS = 1_048_576
"""Rows of a sheet."""

_CHUNK = 10_000  # rows rendered at a time: what is held beside the data
_WAITING = 2  # pieces rendered and not yet deflated
_STRINGS = "xl/sharedStrings.xml"
_ROW = re.compile(r'<row r="(\d+)"')
_AFTER_LINKS = re.compile(r"<(?:printOptions|pageMargins)\b")
_Piece = Callable[[], Buffer]  # of a part, to be made when its turn comes


class Column(NamedTuple):
    """One column of a long sheet."""

    values: Values
    formats: Format | Mapping[Any, Format]  # one for all rows, or by what ``choice`` holds
    choice: Values | None = None  # what has no format among ``formats`` takes the first one
    show: Show | None = None


class Splice:
    """Collects the rows of long sheets while a workbook is made; ``finish`` puts them in."""

    def __init__(self) -> None:
        self._blocks: dict[str, Block] = {}

    def rows(
        self,
        sheet: Worksheet,
        first: int,
        columns: Sequence[Column],
        *,
        left: int = 0,
        links: Sequence[Links] = (),
        heights: float | Sequence[float] | None = None,
    ) -> None:
        """The rows of a sheet from row ``first`` and column ``left`` (from 0) on, before the workbook is closed; once
        a sheet. Nothing else may be written into these rows. ``heights`` in points: of every row, or one a row; None:
        as the sheet has it. Filters, print titles and conditional formats are asked of XlsxWriter as usual; a chart of
        these rows has no points of its own stored, programs take them from the cells.

        Raises ValueError where a call is wrong, never for a value.
        """
        lengths = {len(c.values) for c in columns} | {len(c.choice) for c in columns if c.choice is not None}
        lengths |= {len(heights)} if isinstance(heights, Sequence) else set()
        if len(lengths) != 1:
            raise ValueError("columns of different lengths")
        rows, name = lengths.pop(), sheet.get_name()
        if first + rows > MOST_ROWS or name in self._blocks:
            raise ValueError("more rows than a sheet has" if first + rows > MOST_ROWS else "rows given twice")
        self._blocks[name] = Block(first, rows, tuple(map(_styled, columns)), left, tuple(links), heights)

    def finish(self, package: bytes) -> bytes:
        """The closed workbook with its rows. Other parts keep their content; the same rows give the same bytes. The
        workbook needs a text of its own, such as a heading."""
        made = Package(package)
        parts = {entry.name: entry.part for entry in Book(made).sheets()}
        strings = Strings(made.read(_STRINGS).decode())
        with ThreadPoolExecutor(1) as behind:
            for part, block in ((parts[name], block) for name, block in self._blocks.items() if block.rows):
                relationships = relationships_part(part)
                known = made.read(relationships).decode() if relationships in made else ""
                sheet = _Sheet(made.read(part).decode(), known)
                made.write(part, _deflated(sheet.with_rows(block, strings), behind))
                if sheet.links.relationships:
                    made.write(relationships, sheet.links.relationships.encode())
            made.write(_STRINGS, _deflated(map(_as_is, strings.xml()), behind))
        return made.to_bytes()


def _deflated(pieces: Iterable[_Piece], behind: Executor) -> Deflated:
    """A part, made and deflated by a thread of its own, which hardly needs the interpreter, while the next piece is
    prepared."""
    part = Deflating()
    waiting: deque[Future[None]] = deque()
    for piece in pieces:
        waiting.append(behind.submit(_add, part, piece))
        if len(waiting) > _WAITING:
            waiting.popleft().result()
    for future in waiting:
        future.result()
    return part.done()


def _add(part: Deflating, piece: _Piece) -> None:
    part.add(piece())


def _as_is(content: Buffer) -> _Piece:
    return lambda: content


class _Sheet:
    """A sheet part and its relationships, as XlsxWriter wrote them."""

    def __init__(self, xml: str, relationships: str) -> None:
        self._xml, self.links = xml, Hyperlinks(xml.count("<hyperlink "), relationships)

    def with_rows(self, block: Block, strings: Strings) -> Iterator[_Piece]:
        xml = _dimension(self._xml.replace("<sheetData/>", "<sheetData></sheetData>"), block)
        end = xml.index("</sheetData>")
        place = end
        for row in _ROW.finditer(xml, 0, end):
            if int(row[1]) > block.first + block.rows:
                place = row.start()
                break
            if int(row[1]) > block.first:
                raise ValueError(f"row {row[1]} is written twice")
        yield _as_is(xml[:place].encode())
        for start in range(0, block.rows, _CHUNK):
            stop = min(start + _CHUNK, block.rows)
            yield partial(join, pieces(block, start, stop, strings), block.first + 1 + start, stop - start)
        links = [e for each in block.links for e in self.links.elements(each, block.first + 1, block.left)]
        if links and "</hyperlinks>" in xml:
            at = xml.index("</hyperlinks>")
        elif links:
            found = _AFTER_LINKS.search(xml, end)
            at = found.start() if found else xml.rindex("</worksheet>")
            links = [b"<hyperlinks>", *links, b"</hyperlinks>"]
        else:
            at = place
        for content in (xml[place:at].encode(), *links, xml[at:].encode()):
            yield _as_is(content)


def _style(format: Format) -> int:
    """The number of a format in the styles part. XlsxWriter gives it out at the first use and keeps it; it has no
    public name for this."""
    return int(format._get_xf_index())


def _styled(column: Column) -> Styled:
    given = column.formats if isinstance(column.formats, Mapping) else {None: column.formats}
    styles = {choice: _style(format) for choice, format in given.items()}
    return Styled(column.values, next(iter(styles.values())), styles, column.choice, column.show)


def _dimension(xml: str, block: Block) -> str:
    """The sheet part with its used range widened by the block."""
    found = re.search(r'<dimension ref="([A-Z0-9]+)(?::([A-Z0-9]+))?"/>', xml)
    if found is None:
        return xml
    top, left = xl_cell_to_rowcol(found[1])
    bottom, right = xl_cell_to_rowcol(found[2] or found[1])
    top, left = min(top, block.first), min(left, block.left)
    bottom = max(bottom, block.first + block.rows - 1)
    right = max(right, block.left + len(block.columns) - 1)
    ref = f"{xl_rowcol_to_cell(top, left)}:{xl_rowcol_to_cell(bottom, right)}"
    return f'{xml[: found.start()]}<dimension ref="{ref}"/>{xml[found.end() :]}'
