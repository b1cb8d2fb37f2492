"""How a generated workbook looks: one family of cell formats, and the few ways in which a cell is written.

Times New Roman as in official forms; cream cells are for typing, grey-blue cells are computed; red, amber and orange
are kept for faults. Text is always written as text, never as a formula, whatever it starts with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from toolkit.form import COUNT_KINDS, Indicator
from toolkit.records import Value
from workbook.xml_part import NO_XML

FONT = "Times New Roman"
INK, MUTED, LINE = "#1F2933", "#7B8794", "#B8C2CC"
HEAD, INPUT, COMPUTED, TOTAL = "#DCE6EF", "#FFFDF0", "#EEF3F7", "#E1EAF2"
WRONG, WARN, ODD, GOOD = "#F9D9D5", "#FFEFC9", "#FFD8A8", "#DFF0E0"
WRONG_INK, WARN_INK, GOOD_INK, LINK_INK = "#A3190F", "#7A5300", "#22663A", "#1F5C99"
TABS = {"cover": "#2F6690", "grid": "#3A7D7C", "scalars": "#6B8F71", "records": "#9AA5B1", "checks": "#C08A3E"}

ROW = 18  # height of a row in points
_INCH, _A4 = 72, (595, 842)  # points
_MARGINS = {"left": 0.5, "right": 0.4, "top": 0.5, "bottom": 0.6}  # inches
_CHARACTER, _PADDING = 6.0, 4.5  # points that a character of a column's width takes in this font, and its borders
_FILLED = 0.92  # of a page: the rest is left to other margins and to rows that grow
COUNT, RATE, DATE = "#,##0", "0.00%", "dd/mm/yyyy"
VERDICT = '"lệch +"#,##0;"lệch −"#,##0;"✓";@'
HOW_MANY = '#,##0" dòng lệch";-0;"✓";@'

FONT_STYLE = {"font_name": FONT, "font_size": 12, "font_scheme": False}  # no scheme: a theme would win over the name

_BASE = {**FONT_STYLE, "font_color": INK, "valign": "vcenter"}
_TRAITS: dict[str, dict[str, object]] = {
    "box": {"border": 1, "border_color": LINE},
    "head": {"bold": True, "align": "center", "text_wrap": True, "bg_color": HEAD, "border": 1, "border_color": LINE},
    "input": {"bg_color": INPUT, "locked": False},
    "open": {"locked": False},
    "computed": {"bg_color": COMPUTED},
    "total": {"bg_color": TOTAL, "bold": True},
    "bold": {"bold": True},
    "italic": {"italic": True},
    "wrap": {"text_wrap": True},
    "top": {"valign": "top"},
    "left": {"align": "left"},
    "center": {"align": "center"},
    "right": {"align": "right"},
    "indent": {"indent": 1},
    "title": {"font_size": 15, "bold": True, "align": "center", "text_wrap": True},
    "banner": {"font_size": 15, "bold": True},
    "section": {"bold": True, "font_size": 13, "font_color": LINK_INK, "bottom": 1, "bottom_color": LINE},
    "small": {"font_size": 10},
    "muted": {"font_color": MUTED},
    "link": {"font_color": LINK_INK, "underline": 1},
    "wrong": {"bg_color": WRONG, "font_color": WRONG_INK},
    "warn": {"bg_color": WARN, "font_color": WARN_INK},
    "odd": {"bg_color": ODD},
    "fraction": {"bg_color": ODD, "num_format": "#,##0.0##"},
    "good": {"bg_color": GOOD, "font_color": GOOD_INK},
    "negative": {"font_color": WRONG_INK, "bold": True},
    "grey": {"font_color": MUTED},
    "frame": {"border": 1, "border_color": LINE},
}


class Styles:
    """The formats of one workbook; each combination of traits is made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[object, ...], Format] = {}

    def __call__(self, *traits: str, number: str = "") -> Format:
        """A cell format: the traits' properties, later ones winning, and a number format."""
        return self._format(_BASE, traits, number)

    def rule(self, *traits: str) -> Format:
        """A conditional format: only what differs."""
        return self._format({}, traits, "")

    def _format(self, base: dict[str, object], traits: tuple[str, ...], number: str) -> Format:
        cached = (bool(base), traits, number)
        if cached not in self._made:
            properties = dict(base)
            for trait in traits:
                properties |= _TRAITS[trait]
            if number:
                properties["num_format"] = number
            self._made[cached] = self._workbook.add_format(properties)
        return self._made[cached]


def number_format(indicator: Indicator, value: Value | None = None) -> str:
    """The number format of an indicator's cell; a rate keeps the decimals it was printed with."""
    if indicator.kind == "rate":
        if isinstance(value, Decimal):
            decimals = max(0, -int(value.as_tuple().exponent) - 2)
            return f"0.{'0' * decimals}%" if decimals else "0%"
        return RATE
    if indicator.kind in COUNT_KINDS:
        return COUNT
    return {"date": DATE, "code": "@"}.get(indicator.kind, "")


def put(sheet: Worksheet, cell: str, value: Value | None, style: Format) -> None:
    """Writes a value as what it is; None leaves the formatted cell blank."""
    if value is None:
        sheet.write_blank(cell, None, style)
    elif isinstance(value, str):
        # XlsxWriter takes a text that looks like its own rich-text markup for markup.
        sheet.write_string(cell, NO_XML.sub("�", f" {value}" if value.startswith("<r>") else value), style)
    elif isinstance(value, date):
        sheet.write_datetime(cell, value, style)
    else:
        sheet.write_number(cell, float(value) if isinstance(value, Decimal) else value, style)


def put_formula(
    sheet: Worksheet, cell: str, formula: str, value: int | Decimal | str, style: Format, *, array: bool = False
) -> None:
    """Writes a formula (without "=") with the value it has now."""
    stored = float(value) if isinstance(value, Decimal) else value if value != "" else _EMPTY
    if array:
        sheet.write_array_formula(f"{cell}:{cell}", f"{{={formula}}}", style, stored)
    else:
        sheet.write_formula(cell, f"={formula}", style, stored)


def merge(sheet: Worksheet, area: str, value: Value | None, style: Format, formula: str = "") -> None:
    """Merges an area such as "C1:K2" (one cell is left as it is) and writes its first cell."""
    first, _, last = area.partition(":")
    if last and last != first:
        sheet.merge_range(area, "", style)
    if formula:
        put_formula(sheet, first, formula, "" if value is None or isinstance(value, date) else value, style)
    else:
        put(sheet, first, value, style)


def fit_row(sheet: Worksheet, row: int, *cells: tuple[str, float], least: float = ROW) -> None:
    """Makes a row high enough for wrapped texts, each with its column width in characters.

    Neither Excel nor LibreOffice does this for a file that neither has saved.
    """
    sheet.set_row(row - 1, row_height(*cells, least=least))


def row_height(*cells: tuple[str, float], least: float = ROW) -> float:
    """Points that a row of wrapped texts takes, each with its column width in characters."""
    return max(least, *(3 + 15.5 * _lines(text, width) for text, width in cells))


def page_breaks(
    widths: Iterable[float],
    head: float,
    rows: Sequence[float],
    foot: float,
    again: float,
    *,
    landscape: bool = True,
) -> list[int]:
    """After how many of ``rows`` a page of A4 ends when the columns are made to fit its width.

    ``widths``: of the columns, in characters; ``head``, ``rows``, ``foot`` and ``again`` (what is repeated on each
    further page): heights in points. The pages are equally full: neither another printer's margins nor a row that
    grows pushes a single row onto a page of its own. [] where one page holds everything.
    """
    short, long = _A4
    across, down = (long, short) if landscape else (short, long)
    wide = across - _INCH * (_MARGINS["left"] + _MARGINS["right"])
    high = down - _INCH * (_MARGINS["top"] + _MARGINS["bottom"])
    scale = min(1.0, wide / sum(_CHARACTER * width + _PADDING for width in widths))
    room, pages = high / scale * _FILLED, 1
    whole = head + sum(rows) + foot
    while whole + (pages - 1) * again > pages * room and pages < len(rows):
        pages += 1
    share = (whole + (pages - 1) * again) / pages
    ends: list[int] = []
    used = head
    for n, height in enumerate(rows):
        if n and ((len(ends) < pages - 1 and used + height / 2 > share) or used + height > high / scale):
            ends.append(n)
            used = again
        used += height
    return ends


def clip(text: str, length: int) -> str:
    """``text`` within the length Excel allows for a message."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def choice_list(labels: Iterable[str]) -> list[str]:
    """Labels for a drop-down list. Raises ValueError for a catalogue whose labels a list cannot hold."""
    offered = list(labels)
    if any("," in label for label in offered) or len(",".join(offered)) > 255:
        raise ValueError(f"a drop-down list cannot hold these choices: {offered}")
    return offered


def protect(sheet: Worksheet, *, rows: bool = False) -> None:
    """Guards against slips only: no password. ``rows``: rows may be inserted and deleted (registers)."""
    allowed = ["format_cells", "format_columns", "format_rows", "sort", "autofilter"]
    allowed += ["insert_rows", "delete_rows", "insert_hyperlinks"] if rows else []
    sheet.protect("", dict.fromkeys(allowed, True))


def page(sheet: Worksheet, *, landscape: bool, title: str, wide: int = 1) -> None:
    """A4, ``wide`` pages wide, page numbers at the foot."""
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(wide, 0)
    sheet.set_margins(**_MARGINS)
    sheet.center_horizontally()
    sheet.set_footer(f"&L&9{title.replace('&', '&&')}&R&9&P/&N", {"margin": 0.3})
    sheet.print_black_and_white()
    sheet.hide_gridlines(2)
    sheet.set_default_row(ROW)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes, a little pessimistic so that none is cut."""
    lines, used = 1, 0.0
    for word in text.split():
        long = len(word) * (1.2 if word.isupper() else 0.92)
        if used and used + 0.6 + long > width:
            lines, used = lines + 1, long
        else:
            used += long + (0.6 if used else 0)
    return lines


class _Empty(str):
    """An empty text that XlsxWriter stores as a text: it takes a plain "" for "no value yet"."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = str.__hash__


_EMPTY = _Empty()
