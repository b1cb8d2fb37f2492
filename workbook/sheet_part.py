"""Single cells of one worksheet part: found by position, rewritten or inserted in order, all else left as it is."""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from toolkit.excel import column_letters, column_number
from workbook.cells import shifted
from workbook.xml_part import ATTRIBUTES, BrokenPackage, Node, Xml, attributes, escape, set_attribute

_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")
_ROW_NUMBER = re.compile(rb"\sr\s*=\s*[\"'](\d+)")
_CELL_ADDRESS = re.compile(rb"\sr\s*=\s*[\"']([A-Z]+)(\d+)")
_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LONGEST = 32767  # characters in a cell
_STYLE = re.compile(rb"\ss\s*=\s*[\"'](\d+)")


class Address(NamedTuple):
    row: int
    column: int

    def __str__(self) -> str:
        return f"{column_letters(self.column)}{self.row}"


@dataclass(slots=True)
class Cell:
    """One cell as it stands: the inside of its start tag and its content, both raw."""

    at: Address
    inside: bytes  # e.g. b' r="A1" s="3" t="s"'
    body: bytes  # e.g. b"<v>7</v>"; b"" when blank
    exists: bool
    default_style: int  # of its row or column: what a cell that does not exist looks like

    @property
    def names_style(self) -> bool:
        """Whether the cell has a style attribute, be it 0."""
        return _STYLE.search(self.inside) is not None

    @property
    def style(self) -> int:
        found = _STYLE.search(self.inside)
        return int(found[1]) if found else 0 if self.exists else self.default_style


class SheetPart:
    """The XML of one worksheet."""

    def __init__(self, data: bytes) -> None:
        self._xml = Xml(data)
        prefix = re.escape(self._xml.prefix)
        self._row = re.compile(rb"<" + prefix + rb"row(?=[\s/>])(" + ATTRIBUTES + rb")>")
        self._cell = re.compile(rb"<" + prefix + rb"c(?=[\s/>])(" + ATTRIBUTES + rb")>")
        self._formula = re.compile(rb"<" + prefix + rb"f(?=[\s/>])(" + ATTRIBUTES + rb")>")
        root = self._xml.root
        found = self._xml.find(b"sheetData", root.inner, root.close)
        if found is None:
            raise BrokenPackage("sheetData")
        self._data: Node = found
        self._row_start = re.compile(rb"<" + prefix + rb'row(?:\s+r="(\d+)"|(?=[\s/>]))')
        self._numbers, self._starts = self._find_rows()
        cols = self._xml.find(b"cols", root.inner, found.start)
        given = [self._xml.attributes(node) for node in self._xml.children(cols, b"col")] if cols else []
        self._columns = [(int(g["min"]), int(g["max"]), int(g.get("style", 0))) for g in given]

    @property
    def prefix(self) -> bytes:
        return self._xml.prefix

    @property
    def last_row(self) -> int:
        """Number of the last row that is written, 0 without any."""
        return max(self._numbers, default=0)

    def column_style(self, column: int) -> int:
        """What a cell of this column looks like that does not exist."""
        return next((style for first, last, style in self._columns if first <= column <= last), 0)

    def shown(self, wanted: Collection[Address]) -> dict[Address, Address]:
        """Each cell with the one that shows for it: the top-left one of its merged range, else itself."""
        ordered = sorted(set(wanted))
        out = {at: at for at in ordered}
        node = self._xml.find(b"mergeCells", self._data.end, self._xml.root.close)
        for cell in self._xml.children(node, b"mergeCell") if node else ():
            first, last = corners(self._xml.attributes(cell)["ref"])
            begin, end = bisect_left(ordered, Address(first.row, 0)), bisect_left(ordered, Address(last.row + 1, 0))
            out |= {at: first for at in ordered[begin:end] if first.column <= at.column <= last.column}
        return out

    def cells(self, row: int) -> Iterator[Cell]:
        """The cells written in one row."""
        for place, number in enumerate(self._numbers):
            if number == row:
                for cell, _, _ in self._cells(self._row_at(place)):
                    yield cell

    def with_styles(self, styles: Collection[int]) -> list[Address]:
        """The cells that have one of these styles."""
        wanted = {str(style).encode() for style in styles}
        return [
            cell.at
            for row in map(self._row_at, range(len(self._starts)))
            if not wanted.isdisjoint(_STYLE.findall(self._xml.scan, row.inner, row.close))
            for cell, _, _ in self._cells(row)
            if str(cell.style).encode() in wanted
        ]

    def in_arrays(self, wanted: Collection[Address]) -> list[Address]:
        """Those cells that belong to an array formula or a data table of several cells: none of it may change alone."""
        ranges = []
        for found in self._formula.finditer(self._xml.scan, self._data.inner, self._data.close):
            given = attributes(found[1])
            if given.get("t") in ("array", "dataTable") and ":" in given.get("ref", ""):
                ranges.append(corners(given["ref"]))
        return [
            at
            for at in sorted(set(wanted))
            if any(a.row <= at.row <= b.row and a.column <= at.column <= b.column for a, b in ranges)
        ]

    def rewritten(self, wanted: Collection[Address], write: Callable[[Cell], Cell | None]) -> bytes:
        """The part with each wanted cell as ``write`` gives it back; None removes the cell, and its row when
        nothing is left in a row that says nothing of itself. Missing cells are inserted at their places."""
        by_row: dict[int, list[int]] = {}
        for at in sorted(set(wanted)):
            by_row.setdefault(at.row, []).append(at.column)
        known = {number: place for place, number in reversed([*enumerate(self._numbers)])}
        new_rows = []
        for number, columns in by_row.items():
            if number in known:
                self._rewrite_row(self._row_at(known[number]), columns, write)
                continue
            cells = [write(self._missing(Address(number, column), b"")) for column in columns]
            if body := b"".join(self._render(cell) for cell in cells if cell):
                next_row = bisect_left(self._numbers, number)
                place = self._starts[next_row] if next_row < len(self._starts) else None
                new_rows.append((place, self._tag(b"row", f' r="{number}"'.encode(), body)))
        for place, text in new_rows:
            if place is not None:
                self._xml.replace(place, place, text)
        if tail := b"".join(text for place, text in new_rows if place is None):
            self._xml.append(self._data, tail)
        return self._xml.to_bytes()

    def with_rows(self, rows: bytes) -> bytes:
        """The part with more rows at its end."""
        self._xml.append(self._data, rows)
        return self._xml.to_bytes()

    def unshared(self, replaced: Collection[Address]) -> bytes:
        """The part with every shared formula whose master is about to be replaced written out in its other cells."""
        masters: dict[str, tuple[str, Address]] = {}
        members: list[tuple[str, Address, int, int]] = []
        for row in map(self._row_at, range(len(self._starts))):
            if b"shared" not in self._xml.scan[row.inner : row.close]:
                continue
            for cell, start, end in self._cells(row):
                found = self._formula.search(self._xml.scan, start, end)
                given = attributes(found[1]) if found else {}
                if found is None or given.get("t") != "shared":
                    continue
                group = given.get("si", "")
                close = found.end()
                if not found[1].endswith(b"/"):
                    close = self._xml.scan.find(b">", self._xml.scan.find(b"</" + self.prefix + b"f", close)) + 1
                    if "ref" in given and cell.at in replaced:
                        text = Xml(self._xml.data[found.start() : close])
                        masters[group] = text.data[text.root.inner : text.root.close].decode(), cell.at
                members.append((group, cell.at, found.start(), close))
        for group, at, start, end in members:
            if group in masters and at not in replaced:
                formula, master = masters[group]
                moved = shifted(html.unescape(formula), at.row - master.row, at.column - master.column)
                self._xml.replace(start, end, self._tag(b"f", b"", escape(moved).encode()))
        return self._xml.to_bytes()

    def _rewrite_row(self, row: _Row, columns: list[int], write: Callable[[Cell], Cell | None]) -> None:
        old = list(self._cells(row))
        pieces: list[bytes] = []
        done = row.inner
        inside = self._xml.data[row.start : row.inner][len(self.prefix) + 4 : -1].removesuffix(b"/")
        pending = list(columns)
        for cell, start, end in [*old, (None, row.close, row.close)]:
            while pending and (cell is None or pending[0] < cell.at.column):
                new = write(self._missing(Address(row.number, pending.pop(0)), inside))
                if new:
                    pieces += [self._xml.data[done:start], self._render(new)]
                    done = start
            if cell and pending and pending[0] == cell.at.column:
                pending.pop(0)
                same = write(cell)
                pieces += [self._xml.data[done:start], self._render(same) if same else b""]
                done = end
        body = b"".join([*pieces, self._xml.data[done : row.close]])
        spans = attributes(inside).get("spans", "")
        if spans and not (columns[0] >= int(spans.partition(":")[0]) and columns[-1] <= int(spans.rpartition(":")[2])):
            inside = set_attribute(inside, "spans", None)  # only a hint; a wrong one is worse than none
        if not body and not re.sub(rb"\sr=\"\d+\"", b"", inside).strip():
            self._xml.replace(row.start, row.end, b"")
        else:
            self._xml.replace(row.start, row.end, self._tag(b"row", inside, body))

    def _missing(self, at: Address, row_inside: bytes) -> Cell:
        given = attributes(row_inside)
        style = int(given.get("s", 0)) if given.get("customFormat") in ("1", "true") else self.column_style(at.column)
        inside = f' r="{at}"' + (f' s="{style}"' if style else "")
        return Cell(at, inside.encode(), b"", False, style)

    def _render(self, cell: Cell) -> bytes:
        return self._tag(b"c", cell.inside, cell.body)

    def _tag(self, name: bytes, inside: bytes, body: bytes) -> bytes:
        name = self.prefix + name
        return b"<%b%b>%b</%b>" % (name, inside, body, name) if body else b"<%b%b/>" % (name, inside)

    def _find_rows(self) -> tuple[list[int], list[int]]:
        """The number of each row and where it starts. Where it ends is asked of few rows: a register has thousands."""
        numbers, starts, number = [], [], 0
        for found in self._row_start.finditer(self._xml.scan, self._data.inner, self._data.close):
            written = found[1]
            if written is None:
                tag = self._row.match(self._xml.scan, found.start())
                given = _ROW_NUMBER.search(tag[1]) if tag else None
                written = given[1] if given else None
            number = number + 1 if written is None else int(written)
            numbers.append(number)
            starts.append(found.start())
        return numbers, starts

    def _row_at(self, place: int) -> _Row:
        scan = self._xml.scan
        number, start = self._numbers[place], self._starts[place]
        found = self._row.match(scan, start)
        if found is None:
            raise BrokenPackage("row")
        if found[1].endswith(b"/"):
            return _Row(number, start, found.end(), found.end(), found.end())
        close = scan.find(b"</" + self.prefix + b"row", found.end())
        return _Row(number, start, found.end(), close, scan.find(b">", close) + 1)

    def _cells(self, row: _Row) -> Iterator[tuple[Cell, int, int]]:
        """Each cell of a row with its start and end."""
        column = 0
        at = row.inner
        scan, data = self._xml.scan, self._xml.data
        end_tag = b"</" + self.prefix + b"c"
        while found := self._cell.search(scan, at, row.close):
            given = _CELL_ADDRESS.search(found[1])
            column = column_number(given[1].decode()) if given else column + 1
            inside, body, at = data[found.start(1) : found.end(1)], b"", found.end()
            if inside.endswith(b"/"):
                inside = inside[:-1]
            else:
                close = scan.find(end_tag, at)
                body, at = data[at:close], scan.find(b">", close) + 1
            yield Cell(Address(row.number, column), inside, body, True, 0), found.start(), at


class _Row(NamedTuple):
    number: int
    start: int
    inner: int
    close: int
    end: int


def address(text: str) -> Address:
    """ "C9" or "$C$9" -> Address. Raises ValueError."""
    found = _ADDRESS.fullmatch(text)
    if found is None:
        raise ValueError(f"not a cell: {text}")
    return Address(int(found[2]), column_number(found[1]))


def corners(ref: str) -> tuple[Address, Address]:
    """The first and last cell of a range such as "B2:D4" or "B2"."""
    first, _, last = ref.partition(":")
    return address(first), address(last or first)


def styled(cell: Cell, style: int | None) -> Cell:
    """The cell with another style; None takes the attribute away."""
    return replace(cell, inside=set_attribute(cell.inside, "s", None if style is None else str(style)))


def filled(cell: Cell, prefix: bytes, formula: str = "", value: int | Decimal | str | None = None) -> Cell:
    """The cell with another content: a value, or a formula with its stored value. Text is never a formula."""
    kind: str | None = None
    p = prefix.decode()
    if formula:
        stored = "" if value is None else f"<{p}v>{escape(clean(str(value)))}</{p}v>"
        kind = "str" if isinstance(value, str) else None
        body = f"<{p}f>{escape(clean(formula))}</{p}f>{stored}"
    elif isinstance(value, str):
        kind = "inlineStr"
        body = f'<{p}is><{p}t xml:space="preserve">{escape(clean(value))}</{p}t></{p}is>'
    else:
        body = "" if value is None else f"<{p}v>{value}</{p}v>"
    inside = cell.inside
    for name, new in (("t", kind), ("cm", None), ("vm", None)):
        inside = set_attribute(inside, name, new)
    return replace(cell, inside=inside, body=body.encode())


def clean(text: str) -> str:
    """Text as a cell can hold it: no control characters, at most 32.767 characters, "_x0041_" kept as it is."""
    text = _FORBIDDEN.sub("", text)
    return _LOOKS_ESCAPED.sub("_x005F_", text)[:_LONGEST]
