"""What the workbook of a merge says, without the toolkit: values by calamine, links and formulas from the XML."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from functools import cache
from urllib.parse import unquote
from xml.etree import ElementTree

from merge_pool import FORM, GRID, PRINTED
from python_calamine import CalamineWorkbook

OVERVIEW, SUMMARY, FIELDS, OVERDUE, FINDINGS, SOURCES, FILES = (
    "TỔNG QUAN", "TỔNG HỢP", "THEO LĨNH VỰC", "QUÁ HẠN", "SAI LỆCH", "NGUỒN", "TỆP",
)  # fmt: skip
CHANGES = "THAY ĐỔI"
TOTAL, NONE = "TỔNG CỘNG (số như xã ghi)", "–"


class Book:
    """A workbook as it lies on the disk: values by calamine, links and formulas from the XML."""

    def __init__(self, content: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        self._calamine = CalamineWorkbook.from_filelike(io.BytesIO(content))
        targets = self._targets("xl/_rels/workbook.xml.rels")
        space = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
        book = ElementTree.fromstring(self._zip.read("xl/workbook.xml"))
        self.parts = {
            e.get("name", ""): part_of(targets[e.get(space, "")]) for e in book.iter() if e.tag.endswith("}sheet")
        }
        self._rows: dict[str, list[list[object]]] = {}
        self._xml: dict[str, str] = {}

    def rows(self, title: str) -> list[list[object]]:
        if title not in self._rows:
            self._rows[title] = self._calamine.get_sheet_by_name(title).to_python(skip_empty_area=False)
        return self._rows[title]

    def at(self, title: str, address: str) -> object:
        row, column = place_of(address)
        rows = self.rows(title)
        return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""

    def xml(self, title: str) -> str:
        if title not in self._xml:
            self._xml[title] = self._zip.read(self.parts[title]).decode()
        return self._xml[title]

    def has(self, title: str, address: str) -> bool:
        return title in self.parts and f'r="{address}"' in self.xml(title)

    def reaches(self, title: str, address: str) -> bool:
        """Whether the cell lies in the part of the sheet that is used; a blank one need not be written."""
        row, column = place_of(address)
        return title in self.parts and f'<row r="{row + 1}"' in self.xml(title) and column < len(self.rows(title)[0])

    def links(self, title: str) -> dict[str, tuple[str, str, str]]:
        """Cell -> (file or "", sheet or "", cell or "")."""
        part = self.parts[title]
        relations = f"{part.replace('worksheets/', 'worksheets/_rels/')}.rels"
        targets = self._targets(relations) if relations in self._zip.namelist() else {}
        out = {}
        for element in re.findall(r"<hyperlink [^>]*>", self.xml(title)):
            found = dict(re.findall(r'([\w:]+)="([^"]*)"', element))
            target = unquote(targets[found["r:id"]].replace("\\", "/")) if "r:id" in found else ""
            sheet, _, address = plain(found.get("location", "")).rpartition("!")
            first, _, last = found["ref"].partition(":")
            (row, left), (_, right) = place_of(first), place_of(last or first)
            where = target, sheet.strip("'").replace("''", "'"), address
            out |= {f"{letters(column)}{row + 1}": where for column in range(left, right + 1)}
        return out

    def formulas(self, title: str) -> dict[str, str]:
        return {
            cell: plain(text)
            for cell, text in re.findall(r'<c r="([A-Z]+\d+)"[^>]*><f>([^<]*)</f>', self.xml(title))
        }  # fmt: skip

    def sums(self, title: str) -> Iterator[tuple[str, object, object]]:
        """Cell, its stored value, and what its formula gives: sums with a dash for nothing."""
        for address, formula in self.formulas(title).items():
            if match := re.fullmatch(r'IF\(COUNT\(([A-Z0-9:,]+)\)=0,"–",SUM\(\1\)\)', formula):
                numbers = [n for area in match[1].split(",") for n in self._numbers(title, area)]
                yield address, self.at(title, address), sum(numbers) if numbers else NONE

    def _numbers(self, title: str, area: str) -> Iterator[float]:
        (top, left), (bottom, right) = map(place_of, (area.split(":") * 2)[:2])
        for row in self.rows(title)[top : bottom + 1]:
            yield from (n for n in row[left : right + 1] if isinstance(n, float))

    def _targets(self, part: str) -> dict[str, str]:
        return {e.get("Id", ""): e.get("Target", "") for e in ElementTree.fromstring(self._zip.read(part))}


@cache
def source_book(content: bytes) -> Book:
    return Book(content)


SHOWN = [
    i for b in FORM.blocks if b.kind != "records" for i in b.indicators if i.kind not in ("text", "date", "choice")
]


def summary_rows(book: Book) -> dict[str, dict[str, tuple[str, object]]]:
    """TỔNG HỢP: commune code, or what a line is called -> figure -> (cell, value). Columns by their headings."""
    rows = book.rows(SUMMARY)
    head = next(n for n, row in enumerate(rows) if row[:2] == ["TT", "Mã"])
    columns = {}
    for at, indicator in enumerate(SHOWN, 6):
        heads = [str(rows[n][at]) for n in range(head, head + 3)]
        assert any(h.endswith(f"{indicator.label}\n{indicator.number}".rstrip()) for h in heads), (indicator.id, heads)
        columns[indicator.id] = at
    assert all(not str(cell) for cell in rows[head + 2][6 + len(SHOWN) :])
    out = {}
    for n, row in enumerate(rows[head + 3 :], head + 3):
        if name := str(row[1] or row[0]):
            out[name] = {i: (f"{letters(c)}{n + 1}", row[c]) for i, c in columns.items()}
    return out


def field_rows(book: Book) -> dict[str, dict[str, object]]:
    """THEO LĨNH VỰC: label -> figure -> value."""
    rows = book.rows(FIELDS)
    head = next(n for n, row in enumerate(rows) if "(3)" in row)
    columns = {i.id: rows[head].index(i.number) for i in FORM.block(GRID).indicators if i.number}
    assert set(columns) == set(PRINTED)
    return {str(row[1]): {i: row[c] for i, c in columns.items()} for row in rows[head + 1 :] if row[1]}


def listed(book: Book, title: str) -> Iterator[tuple[int, dict[str, object]]]:
    """The rows of a list as Excel counts them, by heading."""
    heads, *rows = book.rows(title)[2:]
    for n, row in enumerate(rows, 4):
        if any(cell != "" for cell in row[1:]):
            yield n, dict(zip(map(str, heads), row, strict=True))


def as_text(value: object) -> str:
    """What stands in a cell, as text."""
    if isinstance(value, date):
        return f"{value.day}/{value.month}/{value.year}"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return "" if value is None else str(value)


def number(value: object) -> int | None:
    if value in ("", NONE):
        return None
    assert isinstance(value, float), value
    assert value.is_integer()
    return int(value)


def place_of(address: str) -> tuple[int, int]:
    """Row and column from 0."""
    match = re.fullmatch(r"\$?([A-Z]+)\$?(\d+)", address)
    assert match, address
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def letters(column: int) -> str:
    return (letters(column // 26 - 1) if column > 25 else "") + chr(65 + column % 26)


def part_of(target: str) -> str:
    return target[1:] if target.startswith("/") else f"xl/{target}"


def plain(xml: str) -> str:
    return xml.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
