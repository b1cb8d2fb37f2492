"""What every sheet of the province workbook shares: names, one calm palette, formats made once, links, safe text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from toolkit.form import Form, Indicator
from toolkit.records import Filing, Key, Summary
from toolkit.wording import STATUSES, show_period
from workbook.letter_widths import SPACE, word_width
from workbook.splice_links import LONGEST_ADDRESS, MOST_LINKS
from workbook.styles import put_formula
from workbook.xml_part import NO_XML

OVERVIEW, SUMMARY, FIELDS, PROGRESS = "TỔNG QUAN", "TỔNG HỢP", "THEO LĨNH VỰC", "TIẾN ĐỘ NỘP"
FINDINGS, OVERDUE, COMPARE, FILES, SOURCES = "SAI LỆCH", "QUÁ HẠN", "SO SÁNH", "TỆP", "NGUỒN"
WHOLE = "(cả lần tổng hợp)"
"""In place of a file, where a finding is about none."""

FONT = "Times New Roman"
INK, MUTED, LINKED, LINE = "#1F2A37", "#5B6673", "#1F4E79", "#C9D1DA"
HEAD, BAND, TOTAL = "#DCE6EF", "#EEF3F7", "#F5F0E1"

STATUS_WORDS: dict[str, str] = {status: word.capitalize() for status, word in STATUSES.items()}
STATUS_FILLS = {
    "merged": "#E3F1E4",
    "returned": "#F8DCD8",
    "off_period": "#FBEBCB",
    "missing": "#ECEEF0",
    "superseded": "#E6E9F5",
    "ignored": "#F3F4F6",
}
SEVERITY_WORDS = {"error": "LỖI", "warning": "Cảnh báo", "info": "Ghi chú"}
SEVERITY_FILLS = {"error": "#F8DCD8", "warning": "#FBEBCB", "info": "#ECEEF0"}
GOOD, BAD, MIDDLE, QUIET = "#6FA287", "#C4574A", "#D9A441", "#8DA3B8"
"""Colours of charts: in time, late, to be watched, anything else."""

_LONGEST_TEXT = 32_767  # characters in a cell
_ESCAPED = {n: f"%{n:02X}" for n in (*range(0x21), *b'%#"<>[]^`{|}?', 0x7F)}  # what an address must not hold
_NARROW = 24  # characters
_BOLD = 0.94  # of a column's width holds, in bold letters, what all of it holds in plain ones
INDENT = 1.5  # width that an indent takes
LONGEST_FILE = 45.0  # how wide a column of a list becomes for long file names
_CHARACTERS = 1.22  # of running text in Times New Roman, to one character of column width; measured 1,3 to 1,45
_CONTROL = dict.fromkeys(range(0x20))


class Styles:
    """Formats of one workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def __call__(self, **properties: Any) -> Format:
        """A format of the house: bordered cell, vertically centred; ``properties`` as XlsxWriter names them."""
        key = tuple(properties.items())
        if key not in self._made:
            base = {"font_name": FONT, "font_size": 11, "font_color": INK, "valign": "vcenter"}
            if not properties.get("plain"):
                base |= {"border": 1, "border_color": LINE}
            given = {k: v for k, v in properties.items() if k != "plain"}
            self._made[key] = self._workbook.add_format(base | given)
        return self._made[key]


@dataclass(frozen=True, slots=True)
class Page:
    """What every sheet needs."""

    workbook: Workbook
    styles: Styles
    form: Form
    summary: Summary
    folder: str  # from the province workbook to the source files
    names: Mapping[str, str]  # commune code -> "Xã Vạn Tường"

    def name(self, code: str) -> str:
        return self.names.get(code, "")

    def choices(self, settings: Mapping[str, str], *, named: bool = False) -> str:
        """The conventions in words, where none was chosen the default; ``named``: with what they are about."""
        words = []
        for setting in self.form.settings:
            choice = next((c for c in setting.choices if c.id == settings.get(setting.id, setting.default)), None)
            if choice is not None:
                words.append(f"{setting.label}: {choice.label}" if named else choice.label)
        return "; ".join(words)

    def sheet(self, name: str) -> Worksheet:
        """The sheet of this name: sheets are made in their order first, and filled as their figures are known."""
        return self.workbook.get_worksheet_by_name(name) or self.workbook.add_worksheet(name)


class Links:
    """Hyperlinks of one sheet, as many as Excel takes; beyond that a cell keeps its text without a link."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet, self._left = sheet, MOST_LINKS

    def add(self, row: int, column: int, target: str, style: Format) -> None:
        """Links a cell; what it shows is written by the caller afterwards."""
        if self._left and len(target) <= LONGEST_ADDRESS:
            self._left -= 1
            self._sheet.write_url(row, column, target, style, "")


def text(sheet: Worksheet, row: int, column: int, value: str, style: Format) -> None:
    """Writes text as text, whatever it begins with (XlsxWriter takes "<r>" for markup of its own)."""
    if value:
        plain = f" {value}" if value.startswith("<r>") else value
        sheet.write_string(row, column, shortened(NO_XML.sub("�", plain), _LONGEST_TEXT), style)
    else:
        sheet.write_blank(row, column, None, style)


def live(sheet: Worksheet, row: int, column: int, formula: str, value: int | float | str | None, style: Format) -> None:
    """A formula (without "=") with the value it has now; None: an empty text."""
    now = Decimal(repr(value)) if isinstance(value, float) else "" if value is None else value
    put_formula(sheet, xl_rowcol_to_cell(row, column), formula, now, style)


def merged(sheet: Worksheet, row: int, column: int, to_row: int, to_column: int, value: str, style: Format) -> None:
    """Text over a range; one cell is not merged."""
    if (row, column) != (to_row, to_column):
        sheet.merge_range(row, column, to_row, to_column, "", style)
    text(sheet, row, column, value, style)


def list_sheet(
    page: Page,
    name: str,
    title: str,
    heads: Sequence[str],
    widths: Sequence[float],
    *,
    head: int = 2,
    freeze: bool = True,
    wide: bool = False,
) -> tuple[Worksheet, Links]:
    """A list: title, period, header in row ``head`` (from 0), frozen and printed on each page; ``wide``: on A3."""
    sheet = page.sheet(name)
    sheet.hide_gridlines(2)
    text(sheet, 0, 0, title, page.styles(plain=True, bold=True, font_size=14))
    about = f"{page.summary.province.name}, kỳ {show_period(page.summary.period)}"
    text(sheet, 1, 0, about, page.styles(plain=True, italic=True))
    for column, (words, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(column, column, width)
        text(sheet, head, column, words, page.styles(bold=True, bg_color=HEAD, align="center", text_wrap=True))
    sheet.set_row(0, 22)
    sheet.set_row(head, line_height(*((words, _BOLD * w) for words, w in zip(heads, widths, strict=True)), least=24))
    if freeze:
        sheet.freeze_panes(head + 1, 0)
    sheet.repeat_rows(head)
    sheet.set_landscape()
    sheet.set_paper(8 if wide else 9)
    sheet.fit_to_pages(1, 0)
    foot(sheet)
    return sheet, Links(sheet)


def foot(sheet: Worksheet) -> None:
    """Margins, and at the foot the name of the sheet and the page."""
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
    sheet.set_footer('&L&"Times New Roman"&9&A&C&"Times New Roman"&9Trang &P/&N', {"margin": 0.3})


def line_height(*cells: tuple[str, float], least: float = 15.5) -> float:
    """Row height in points for wrapped texts in columns of these widths, so that none is cut."""
    return max(least, *(15.5 * sum(_lines(part, width) for part in words.split("\n")) for words, width in cells))


def file_width(files: Iterable[str], least: float, most: float) -> float:
    """Width of a column in which the longest of these file names stands in one line, within limits."""
    return min(most, max(least, *(_taken(name) for name in files), 0.0))


def link_column(file: str, column: int, width: float) -> int:
    """Which cell of a row opens the file named in ``column``: the name itself, or the cell before it where the name
    takes several lines, because LibreOffice does not wrap a link."""
    return column if _taken(file) <= width else column - 1


def in_book(sheet: str, row: int, column: int = 0) -> str:
    """Link target inside the workbook."""
    return f"internal:'{sheet}'!{xl_rowcol_to_cell(row, column)}"


def in_file(folder: str, file: str, sheet: str = "", cell: str = "") -> str:
    """Link target in a source file, relative to the folder of the province workbook."""
    path = f"{folder.rstrip('/')}/{file}" if folder else file
    address = "external:" + path.translate(_ESCAPED)
    if sheet and cell:
        address += f"#'{sheet.translate(_CONTROL).replace(chr(39), chr(39) * 2)}'!{cell}"
    return NO_XML.sub("�", address)


def shortened(value: str, most: int) -> str:
    return value if len(value) <= most else value[: most - 1] + "…"


def shape(is_open: bool, converted: bool, unconverted: bool, off: bool) -> str:
    """Number format with the marks of the legend."""
    marks = ("*" if converted else "") + ("!" if unconverted else "") + ("▲" if off else "")
    number = ('"≥ "' if is_open else "") + "#,##0" + (f'" {marks}"' if marks else "")
    return number


def published(filing: Filing, indicator: Indicator) -> Decimal | None:
    """A rate as the commune gives it itself; None when it gives none."""
    figure = filing.figures.get(Key(indicator.block, "", indicator.id))
    return figure.value if figure is not None and isinstance(figure.value, Decimal) else None


def _taken(name: str) -> float:
    """Width that a file name takes in one line."""
    return 2 + len(name) / _CHARACTERS


def _lines(words: str, width: float) -> int:
    """How many lines a text takes, a little pessimistic; word by word where words are long for the column."""
    if width >= _NARROW:
        return -(-len(words) // int(width * _CHARACTERS)) or 1
    lines, used = 1, 0.0
    for word in words.split():
        long, gap = word_width(word), SPACE if used else 0.0
        lines, used = (lines + 1, long) if used and used + gap + long > width else (lines, used + gap + long)
    return lines
