"""Our sheets in an open book: the same cells that ``list_sheet`` and ``dossier_sheet`` write into a file, in a number
of calls that does not grow with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from xml.etree import ElementTree

from toolkit.wording import finding
from workbook.files import Refused
from workbook.list_sheet import LIST_MAGIC, LOG_MAGIC, Rendered
from workbook.live import table
from workbook.live_areas import Place, addresses, boxes, paint, place_of
from workbook.live_guard import structure_opened
from workbook.live_page import Page, furnish, page_of
from workbook.style_part import StylePart

NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_N = f"{{{NAMESPACE}}}"
_CHUNK = 8_000  # characters of a text that older Excels take in a table of values
_ALIGNED = re.compile(r'(\w+)="(\w+)"')
_MAGICS = (LIST_MAGIC, LOG_MAGIC)


Width = tuple[int, int, float, bool]
"""First and last column, width in characters, hidden."""


class Look(NamedTuple):
    """What a cell of ours looks like; "" and False: as any cell does."""

    bold: bool = False
    size: int = 11
    ink: str = "000000"
    underline: bool = False
    fill: str = ""
    border: str = ""
    number: str = ""
    alignment: str = ""


class Looks(StylePart):
    """Takes the looks that a rendered sheet asks for, instead of the styles of a file."""

    def __init__(self) -> None:
        self.all: list[Look] = []

    def add(self, **look: Any) -> int:
        wanted = Look(**look)
        if wanted not in self.all:
            self.all.append(wanted)
        return self.all.index(wanted)


class Contents(NamedTuple):
    """A rendered sheet as values: numbers, texts, links; by place."""

    values: dict[Place, float | str]
    looks: dict[Place, Look]
    links: dict[Place, str]  # place -> reference such as "'II.06a'!C9"
    widths: tuple[Width, ...]
    page: Page | None  # None: lines for a sheet that is there


def contents(rendered: Rendered, looks: Looks) -> Contents:
    """What stands in a rendered sheet. A hidden record comes in pieces that any Excel takes."""
    root = ElementTree.fromstring(rendered.data)
    values: dict[Place, float | str] = {}
    of: dict[Place, Look] = {}
    for cell in root.iter(f"{_N}c"):
        place = place_of(cell.get("r", ""))
        of[place] = looks.all[int(cell.get("s", 0))]
        if cell.get("t") == "inlineStr":
            values[place] = "".join(t.text or "" for t in cell.iter(f"{_N}t")).replace("_x005F_", "_")
        elif (number := cell.findtext(f"{_N}v")) is not None:
            values[place] = float(number)
    widths: list[Width] = [
        (int(c.get("min", 0)), int(c.get("max", 0)), float(c.get("width", 0)), c.get("hidden") == "1")
        for c in root.iter(f"{_N}col")
    ]
    links = {place_of(h.get("ref", "")): h.get("location", "") for h in root.iter(f"{_N}hyperlink")}
    _cut(values, of, widths)
    titles = next((rows for name, rows in rendered.names if name.endswith("Print_Titles")), "")
    return Contents(values, of, links, tuple(widths), page_of(root, NAMESPACE, titles))


def put(sheet: Any, given: Contents) -> None:
    """Writes a sheet of ours, one table of values, and gives it its looks."""
    last = max(row for row, _ in given.looks), max(column for _, column in given.looks)
    write(sheet, given, (1, 1), last)
    for first, end, width, hidden in given.widths:
        columns = sheet.range((1, first), (1, end))
        columns.column_width = width
        if hidden:
            columns.columns.hidden = True
    sheet.range((1, 1), last).rows.autofit()
    if given.page:
        furnish(sheet, given.page)


def write(sheet: Any, given: Contents, first: Place, last: Place) -> None:
    """The cells from ``first`` to ``last``: formats, values, looks."""
    rows, columns = range(first[0], last[0] + 1), range(first[1], last[1] + 1)
    whole = sheet.range(first, last)
    whole.number_format = "@"  # a text of digits stays a text, and one with "=" in front is no formula
    numbers: dict[str, list[Place]] = {}
    for place, look in given.looks.items():
        if look.number or place in given.links:
            numbers.setdefault("General" if place in given.links else look.number, []).append(place)
    for code, places in numbers.items():
        _each(sheet, places, "number_format", code)
    whole.value = [[_cell(given, (row, column)) for column in columns] for row in rows]
    _dress(sheet, given.looks)


def find_ours(book: Any, titles: Sequence[str], magic: str) -> Iterator[tuple[Any, str]]:
    """Our sheets that begin with one of these titles, each with its hidden record."""
    for sheet in book.sheets:
        if any(str(sheet.name).startswith(title) for title in titles):
            last = sheet.used_range.last_cell
            (row, *_) = table(sheet.range((1, 1), (1, max(2, int(last.column)))).value)
            texts = [value if isinstance(value, str) else "" for value in row]
            at = next((n for n, text in enumerate(texts) if text.startswith(magic)), None)
            if at is not None:
                yield sheet, "".join(texts[at:])[len(magic) :]


def add(book: Any, title: str) -> Any:
    """A new sheet at the end, under the title or the next free number; what was in front stays there. Raises
    ``Refused`` (SO_MO_002) where a password forbids new sheets."""
    taken = {str(sheet.name).casefold() for sheet in book.sheets}
    free, number = title, 1
    while free.casefold() in taken:
        number += 1
        free = f"{title} ({number})"
    with structure_opened(book) as possible:
        if not possible:
            raise Refused(finding("SO_MO_002", tep=str(book.name), trang=title))
        front = book.sheets.active
        sheet = book.sheets.add(free, after=book.sheets[-1])
        front.activate()
    return sheet


def show(book: Any, title: str) -> None:
    """Brings a sheet to the front, where it is still there."""
    if title in {str(sheet.name) for sheet in book.sheets}:
        book.sheets[title].activate()


def remove(book: Any, sheet: Any) -> bool:
    """Deletes a sheet of ours; where a password forbids it, it is emptied. False: only emptied."""
    with structure_opened(book) as possible:
        if possible:
            app = book.app
            before = app.display_alerts
            app.display_alerts = False  # Excel would ask
            try:
                sheet.delete()
            finally:
                app.display_alerts = before
            return True
    sheet.clear()
    return False


def _cut(
    values: dict[Place, float | str], looks: dict[Place, Look], widths: list[tuple[int, int, float, bool]]
) -> None:
    """Makes a hidden record of row 1 into more and shorter texts."""
    start = next((at for at in values if at[0] == 1 and str(values[at]).startswith(_MAGICS)), None)
    if start is None:
        return
    record = "".join(str(values.pop(at)) for at in sorted(values) if at[0] == 1 and at >= start)
    for n, begin in enumerate(range(0, len(record), _CHUNK)):
        values[1, start[1] + n] = record[begin : begin + _CHUNK]
        looks[1, start[1] + n] = looks[start]
    end = start[1] + (len(record) - 1) // _CHUNK
    widths[:] = [(a, max(b, end) if hidden else b, width, hidden) for a, b, width, hidden in widths]


def _cell(given: Contents, place: Place) -> float | str | None:
    value = given.values.get(place)
    if place not in given.links or value is None:
        return value
    target, text = (part.replace('"', '""') for part in (given.links[place], str(value)))
    return f'=HYPERLINK("#{target}","{text}")'


def _dress(sheet: Any, looks: dict[Place, Look]) -> None:
    """Each property once for all cells that share it."""
    wanted: dict[tuple[str, object], list[Place]] = {}
    for place, look in looks.items():
        aligned = dict(_ALIGNED.findall(look.alignment))
        for name, value in (
            ("bold", look.bold),
            ("size", look.size if look.size != 11 else None),
            ("ink", look.ink if look.ink != "000000" else None),
            ("fill", look.fill),
            ("border", look.border),
            ("wrap", aligned.get("wrapText") == "1"),
            ("horizontal", aligned.get("horizontal")),
            ("vertical", aligned.get("vertical")),
        ):
            if value:
                wanted.setdefault((name, value), []).append(place)
    paint(sheet, {str(value): boxes(places) for (name, value), places in wanted.items() if name == "fill"})
    for (name, value), places in wanted.items():
        for address in addresses(boxes(places)):
            cells = sheet.range(address)
            match name:
                case "bold":
                    cells.font.bold = True
                case "size":
                    cells.font.size = value
                case "ink":
                    cells.font.color = f"#{value}"
                case "border":
                    cells.borders.set("all", line_style="continuous", weight="thin", color=f"#{value}")
                case "wrap":
                    cells.wrap_text = True
                case "horizontal":
                    cells.horizontal_alignment = value
                case "vertical":
                    cells.vertical_alignment = value


def _each(sheet: Any, places: Sequence[Place], name: str, value: object) -> None:
    for address in addresses(boxes(places)):
        setattr(sheet.range(address), name, value)
