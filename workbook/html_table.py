"""The table of a web page that calls itself .xls -> rows of texts.

One-door systems write such files: an HTML table with the extension of Excel, often without saying its encoding. Every
cell stays text: "5.676" and "0012" must not turn into numbers. A merged cell keeps its text in its first place, as in
a workbook. Not ``html.parser``: it takes several times as long as a click may.
"""

from __future__ import annotations

import html
import re

from workbook.package import MOST_CELLS
from workbook.plain_text import decode
from workbook.sniff import Unreadable

_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_HIDDEN = re.compile(r"<(?:(!--)|[!?]|(script|style|title)\b)", re.I)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:]*)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
_SPAN = re.compile(r"\b(col|row)span\s*=\s*[\"']?\s*(\d{1,5})", re.I)
_BREAKS = frozenset({"br", "p", "div", "li"})
_WIDEST = 1_000
"""Columns of a row: more than any list has, and few enough that a wrong colspan costs nothing."""

_HOW_DECLARED = 4096  # bytes in which a page says its encoding


def read_html(content: bytes) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """The tables of a page, outermost ones, in their order; texts in inner tables belong to the cell around them.

    Raises Unreadable: TEP_001 no text, TEP_006 too large.
    """
    declared = _DECLARED.search(content[:_HOW_DECLARED])
    text = decode(content, declared[1].decode() if declared else "")
    if text is None:
        raise Unreadable("TEP_001", ly_do="nội dung không phải chữ")
    page = _Page()
    done = 0
    text = _shown(text)
    for tag in _TAG.finditer(text):
        page.text(text, done, tag.start())
        page.tag(tag[2].lower(), bool(tag[1]), tag[3])
        done = tag.end()
    page.text(text, done, len(text))
    page.close()
    return tuple(page.tables)


def _shown(page: str) -> str:
    """The page without comments, scripts, styles and declarations; what nobody closed runs to the end."""
    pieces = []
    done = 0
    while hidden := _HIDDEN.search(page, done):
        comment, name = hidden.groups()
        pieces.append(page[done : hidden.start()])
        if name:
            closing = re.compile(rf"</{name}\s*>", re.I).search(page, hidden.end())
            done = closing.end() if closing else len(page)
        else:
            mark = "-->" if comment else ">"
            end = page.find(mark, hidden.end())
            done = end + len(mark) if end >= 0 else len(page)
    return " ".join([*pieces, page[done:]])


class _Page:
    """The tables met so far. Tags that nobody closed are closed by what follows, as browsers do."""

    def __init__(self) -> None:
        self.tables: list[tuple[tuple[str, ...], ...]] = []
        self._rows: list[dict[int, str]] = []
        self._depth = 0
        self._row: dict[int, str] | None = None
        self._cell: list[str] | None = None
        self._at = 0
        self._down: dict[int, int] = {}  # column -> rows still covered by a cell above
        self._count = 0

    def text(self, page: str, start: int, end: int) -> None:
        if self._cell is not None and end > start:
            self._cell.append(page[start:end])

    def tag(self, name: str, closing: bool, inside: str) -> None:
        if name == "table":
            self._table(closing)
        elif self._depth != 1:
            if self._cell is not None and (name in _BREAKS or name in ("td", "tr", "th")):
                self._cell.append(" ")
        elif name == "tr":
            self._end_row()
            if not closing:
                self._row = {}
        elif name in ("td", "th"):
            self._end_cell()
            if not closing:
                self._begin_cell(inside)
        elif name in _BREAKS and self._cell is not None:
            self._cell.append(" ")

    def close(self) -> None:
        if self._depth:
            self._depth = 1
            self._table(closing=True)

    def _table(self, closing: bool) -> None:
        self._depth += -1 if closing else 1
        if self._depth < 0:
            self._depth = 0
        elif self._depth == 0:
            self._end_row()
            width = max((max(row, default=-1) for row in self._rows), default=-1) + 1
            if width * len(self._rows) > MOST_CELLS:
                raise Unreadable("TEP_006", ly_do=f"bảng có {len(self._rows)} dòng × {width} cột")
            self.tables.append(tuple(tuple(row.get(n, "") for n in range(width)) for row in self._rows))
            self._rows, self._down = [], {}

    def _begin_cell(self, inside: str) -> None:
        if self._row is None:
            self._row = {}
        while self._at in self._down:
            self._at += 1
        spans = {kind.lower(): int(size) for kind, size in _SPAN.findall(inside)} if "span" in inside.lower() else {}
        across = max(1, min(spans.get("col", 1), _WIDEST - self._at))
        if spans.get("row", 1) > 1:
            self._down |= dict.fromkeys(range(self._at, self._at + across), spans["row"])
        self._place, self._at = self._at, min(self._at + across, _WIDEST)
        self._cell = []

    def _end_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        text = "".join(self._cell)
        if "&" in text:
            text = html.unescape(text)
        text = text.strip()
        if text:
            self._row[self._place] = text
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is not None:
            self._rows.append(self._row)
            self._down = {column: rows - 1 for column, rows in self._down.items() if rows > 1}
        self._row, self._at = None, 0
