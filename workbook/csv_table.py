"""A text file with delimiters -> rows of texts: any of the encodings and delimiters that systems write."""

from __future__ import annotations

import csv
import re
from collections import Counter
from io import StringIO
from itertools import islice

from workbook.package import MOST_CELLS
from workbook.plain_text import decode
from workbook.sniff import Unreadable

_DELIMITERS = "\t;,|"
_HINT = re.compile(r"sep=(.)\r?\n", re.I)
_LOOKED_AT = 200  # rows
_FORMULA_TEXT = re.compile(r"=\"((?:[^\"]|\"\")*)\"")
_LONGEST = 40  # lines of one cell: beyond it somebody forgot a quotation mark


def read_csv(content: bytes) -> tuple[tuple[str, ...], ...]:
    """The rows of a file. Every cell stays text, ="0012" as 0012. Raises Unreadable: TEP_001 no table, TEP_006."""
    text = decode(content)
    if text is None or not text.strip():
        raise Unreadable("TEP_001", ly_do="nội dung không phải chữ")
    hint = _HINT.match(text)
    if hint:
        text = text[hint.end() :]
    delimiter = hint[1] if hint else _delimiter(text)
    if not delimiter:
        raise Unreadable("TEP_001", ly_do="tệp chữ không có dấu ngăn cột")
    if text.count(delimiter) + text.count("\n") > MOST_CELLS:
        raise Unreadable("TEP_006", ly_do=f"tệp có hơn {MOST_CELLS} ô")
    try:
        rows = [tuple(map(_plain, row)) for row in csv.reader(_lines(text), delimiter=delimiter)]
    except csv.Error as fault:
        raise Unreadable("TEP_001", ly_do="có dấu nháy kép không khép") from fault
    if any(cell.count("\n") > _LONGEST for row in rows for cell in row):
        raise Unreadable("TEP_001", ly_do="có dấu nháy kép không khép")
    return tuple(rows)


def _delimiter(text: str) -> str:
    """The one that cuts most rows into the same number of columns; "" when none cuts any."""
    best = "", 0
    for delimiter in _DELIMITERS:
        try:
            widths = Counter(len(row) for row in islice(csv.reader(_lines(text), delimiter=delimiter), _LOOKED_AT))
        except csv.Error:
            continue
        score = max(((width - 1) * count for width, count in widths.items()), default=0)
        if score > best[1]:
            best = delimiter, score
    return best[0]


def _lines(text: str) -> StringIO:
    return StringIO(text, newline="")  # a line break inside a cell stays as it is


def _plain(cell: str) -> str:
    cell = cell.strip()
    match = _FORMULA_TEXT.fullmatch(cell)
    return match[1].replace('""', '"') if match else cell
