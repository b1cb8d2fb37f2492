"""Long formatted sheets in an XlsxWriter workbook, at a fraction of XlsxWriter's time.

XlsxWriter makes the workbook: formats, headings, widths, filters, conditional formats, everything but the rows of the
long sheets. After ``workbook.close()`` the rows are put into the sheet part as text, column by column: what a cell
says behind its address is made once for each distinct value of a piece of ``_CHUNK`` rows, and rows are joined from
these texts. A piece of an Arrow column arrives with its distinct values already found; a plain sequence takes the
same way and gives the same bytes, so that pyarrow only saves time.

Texts go to the shared table: measured smaller and faster than in the cells (registers repeat themselves), and every
program that shows workbooks knows it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from itertools import repeat
from typing import Any, NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from workbook.book_part import Book
from workbook.ooxml import RELATIONSHIPS, Deflated, Deflating, Package, escape, relationships_part
from workbook.splice_cells import CONTROL, DECLARATION, NO_XML, Strings, Values, cells, each

MOST_ROWS = 1_048_576
"""Rows of a sheet."""

MOST_LINKS = 65_000
"""Excel opens a sheet with at most 65.530 hyperlinks; what lies beyond stays without one."""

_CHUNK = 10_000  # rows rendered at a time: what is held beside the data
_WAITING = 2  # pieces rendered and not yet deflated
_LEVEL = 3  # deflate: by zlib half the time of level 6, by ISA-L a sixth; a sixth larger
_LONGEST_ADDRESS = 2_000  # Excel allows 2.079 characters
_DIGITS = "0123456789"
_STRINGS = "xl/sharedStrings.xml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_ROW = re.compile(r'<row r="(\d+)"')
_AFTER_LINKS = re.compile(r"<(?:printOptions|pageMargins)\b")
_IDENTITY = re.compile(r'Id="rId(\d+)"')


class Column(NamedTuple):
    """One column of a long sheet."""

    values: Values
    formats: Format | Mapping[Any, Format]  # one for all rows, or by what ``choice`` holds
    choice: Values | None = None  # what has no format among ``formats`` takes the first one
    show: Callable[[Any], object] | None = None  # value -> what to write; asked once for each distinct value


class Links(NamedTuple):
    """A hyperlink for each row over neighbouring columns."""

    first: int  # column, from 0
    last: int
    targets: Sequence[str]
    """Of the first rows: "internal:'Sheet'!A1", "external:path#'Sheet'!A1" with the path as in an address, "": none."""


class _Styled(NamedTuple):
    """A column whose formats have their numbers."""

    values: Values
    style: int
    styles: Mapping[Any, int]
    choice: Values | None
    show: Callable[[Any], object] | None


class _Block(NamedTuple):
    first: int  # row, from 0
    rows: int
    columns: tuple[_Styled, ...]
    left: int  # column, from 0
    links: tuple[Links, ...]
    heights: float | Sequence[float] | None


class Splice:
    """Collects the rows of long sheets while a workbook is made; ``finish`` puts them in."""

    def __init__(self) -> None:
        self._blocks: dict[str, _Block] = {}

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
        self._blocks[name] = _Block(first, rows, tuple(map(_styled, columns)), left, tuple(links), heights)

    def finish(self, package: bytes) -> bytes:
        """The closed workbook with its rows. Other parts keep their content; the same rows give the same bytes. The
        workbook needs a text of its own, such as a heading."""
        made = Package(package)
        parts = {entry.name: entry.part for entry in Book(made).sheets()}
        strings = Strings(made.read(_STRINGS).decode())
        with ThreadPoolExecutor(1) as behind:
            for part, block in ((parts[name], block) for name, block in self._blocks.items() if block.rows):
                links = relationships_part(part)
                sheet = _Sheet(made.read(part).decode(), made.read(links).decode() if links in made else "")
                made.write(part, _deflated(sheet.with_rows(block, strings), behind))
                if sheet.relationships:
                    made.write(links, sheet.relationships.encode())
            made.write(_STRINGS, _deflated(strings.xml(), behind))
        return made.to_bytes()


def _deflated(pieces: Iterable[bytes], behind: Executor) -> Deflated:
    """A part, deflated by a thread of its own, which needs no interpreter, while the next piece is made."""
    part = Deflating(_LEVEL)
    waiting: deque[Future[None]] = deque()
    for piece in pieces:
        waiting.append(behind.submit(part.add, piece))
        if len(waiting) > _WAITING:
            waiting.popleft().result()
    for future in waiting:
        future.result()
    return part.done()


class _Sheet:
    """A sheet part and its relationships, as XlsxWriter wrote them."""

    def __init__(self, xml: str, relationships: str) -> None:
        self._xml, self.relationships = xml, relationships

    def with_rows(self, block: _Block, strings: Strings) -> Iterator[bytes]:
        xml = _dimension(self._xml.replace("<sheetData/>", "<sheetData></sheetData>"), block)
        end = xml.index("</sheetData>")
        place = end
        for row in _ROW.finditer(xml, 0, end):
            if int(row[1]) > block.first + block.rows:
                place = row.start()
                break
            if int(row[1]) > block.first:
                raise ValueError(f"row {row[1]} is written twice")
        yield xml[:place].encode()
        for start in range(0, block.rows, _CHUNK):
            yield _rendered(block, start, min(start + _CHUNK, block.rows), strings)
        links = self._links(block, xml.count("<hyperlink "))
        if links and "</hyperlinks>" in xml:
            at = xml.index("</hyperlinks>")
        elif links:
            found = _AFTER_LINKS.search(xml, end)
            at = found.start() if found else xml.rindex("</worksheet>")
            links = f"<hyperlinks>{links}</hyperlinks>"
        else:
            at = place
        yield xml[place:at].encode()
        yield links.encode()
        yield xml[at:].encode()

    def _links(self, block: _Block, there: int) -> str:
        """The hyperlink elements; the files they lead to become relationships, each once."""
        out: list[str] = []
        known: dict[str, str] = {}
        heads: dict[str, str] = {}  # target without its row -> what stands behind the cells of the link
        base = max(map(int, _IDENTITY.findall(self.relationships)), default=0)
        for link in block.links:
            left, right = (xl_col_to_name(block.left + column) for column in (link.first, link.last))
            for row, target in enumerate(link.targets, block.first + 1):
                if not target or len(target) > _LONGEST_ADDRESS:
                    continue
                if there + len(out) == MOST_LINKS:
                    break
                placed = "#" in target[:-1] or not target.startswith("external:")  # else a path, digits and all
                stem = target.rstrip(_DIGITS) if placed else target
                if stem not in heads:
                    kind, _, place = stem.partition(":")
                    file = ""
                    if kind == "external":
                        path, _, place = place.partition("#")
                        identity = known.setdefault(path, f"rId{base + len(known) + 1}")
                        file = f' r:id="{identity}"'
                    heads[stem] = f'{file} location="{_attribute(place)}' if placed else file
                ref = f"{left}{row}" if left == right else f"{left}{row}:{right}{row}"
                behind = f'{target[len(stem) :]}"/>' if placed else "/>"
                out.append(f'<hyperlink ref="{ref}"{heads[stem]}{behind}')
        if known:
            self.relationships = _with_targets(self.relationships, known)
        return "".join(out)


def _rendered(block: _Block, start: int, stop: int, strings: Strings) -> bytes:
    """The rows from ``start`` up to ``stop`` of a block as XML."""
    numbers = list(map(str, range(block.first + 1 + start, block.first + 1 + stop)))
    pieces: list[Iterable[str]] = [repeat('<row r="'), numbers]
    if isinstance(block.heights, Sequence):
        pieces.append(each(block.heights, start, stop, _height))
    else:
        pieces.append(repeat(_height(block.heights)))
    begins = [f'<c r="{xl_col_to_name(block.left + n)}' for n in range(len(block.columns))]
    pieces.append(repeat(begins[0]))
    for column, behind in zip(block.columns, (*begins[1:], "</row>"), strict=True):  # the fewer pieces, the faster
        pieces.append(numbers)
        style = f'" s="{column.style}"'
        if column.choice is not None:
            pieces.append(each(column.choice, start, stop, partial(_chosen, column)))
            style = ""
        if isinstance(column.values, range) and column.show is None and column.choice is None:  # they all differ
            pieces += (repeat(f"{style}><v>"), map(str, column.values[start:stop]), repeat(f"</v></c>{behind}"))
            continue
        pieces.append(each(column.values, start, stop, cells(strings, column.show, style, behind)))
    return "".join(map("".join, zip(*pieces, strict=False))).encode()


def _chosen(column: _Styled, choice: object) -> str:
    return f'" s="{column.styles.get(choice, column.style)}"'


def _style(format: Format) -> int:
    """The number of a format in the styles part. XlsxWriter gives it out at the first use and keeps it; it has no
    public name for this."""
    return int(format._get_xf_index())


def _styled(column: Column) -> _Styled:
    given = column.formats if isinstance(column.formats, Mapping) else {None: column.formats}
    styles = {choice: _style(format) for choice, format in given.items()}
    return _Styled(column.values, next(iter(styles.values())), styles, column.choice, column.show)


def _height(height: float | None) -> str:
    return '">' if height is None else f'" ht="{height:.16g}" customHeight="1">'


def _dimension(xml: str, block: _Block) -> str:
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


def _with_targets(xml: str, targets: dict[str, str]) -> str:
    """A relationships part with more files to lead to."""
    if not xml:
        xml = f'{DECLARATION}<Relationships xmlns="{_PACKAGE}"></Relationships>'
    more = "".join(
        f'<Relationship Id="{identity}" Type="{RELATIONSHIPS}/hyperlink"'
        f' Target="{_attribute(_address(path))}" TargetMode="External"/>'
        for path, identity in targets.items()
    )
    return xml.replace("</Relationships>", more + "</Relationships>")


def _address(path: str) -> str:
    """A path as Excel and XlsxWriter write it: folders with a backslash, a drive or a server as a file address."""
    path = path.replace("/", "\\")
    return f"file:///{path}" if path.startswith("\\\\") or path[1:2] == ":" else path


def _attribute(text: str) -> str:
    text = CONTROL.sub("", NO_XML.sub("�", text))
    return escape(text).replace("\n", "&#10;").replace("\t", "&#9;")
