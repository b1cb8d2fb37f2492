"""What a sheet of ours is beside its cells: frozen headings, filter, choices in a column, tab, page for the printer.

Read from the sheet as ``list_sheet``, ``dossier_sheet`` and ``own_sheets`` write it into a file, so that the open book
gets the same. xlwings has no word for most of it: these are Excel's own words (``sheet.api``, ``book.api``), which our
engines understand too. Never tried in a real Excel; Excel for Mac has other words, a sheet there would come without.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from workbook.live_guard import is_busy

_LANDSCAPE = 2  # XlPageOrientation
_LIST, _WARNING = 3, 2  # XlDVType, XlDVAlertStyle
_POINTS = 72  # in an inch
_MARGINS = ("left", "right", "top", "bottom", "header", "footer")


class Choices(NamedTuple):
    """A column in which a list drops down; what is not in it is warned of, not refused."""

    cells: str  # "B4:B210"
    source: str  # "$D$4:$D$12"


class Page(NamedTuple):
    """How a sheet of ours stands on the screen and on paper. A4, fitted to the width of one page."""

    frozen: int  # rows
    filtered: str  # "A7:K20"; "" without a filter
    titles: str  # rows that every page repeats, "$7:$7"; "" for none
    tab: str  # colour
    grid: bool  # whether the screen shows grid lines
    landscape: bool
    margins: tuple[float, ...]  # inches: left, right, top, bottom, header, footer
    choices: tuple[Choices, ...]


def page_of(root: Element, namespace: str, titles: str) -> Page:
    """``root``: a worksheet part of ours."""

    def given(name: str) -> dict[str, str]:
        found = next(root.iter(f"{{{namespace}}}{name}"), None)
        return {} if found is None else found.attrib

    margins = given("pageMargins")
    rules = root.iter(f"{{{namespace}}}dataValidation")
    return Page(
        int(given("pane").get("ySplit", 0)),
        given("autoFilter").get("ref", ""),
        titles,
        given("tabColor").get("rgb", "")[-6:],
        given("sheetView").get("showGridLines") != "0",
        given("pageSetup").get("orientation") == "landscape",
        tuple(float(margins[side]) for side in _MARGINS),
        tuple(Choices(rule.get("sqref", ""), rule.findtext(f"{{{namespace}}}formula1", "")) for rule in rules),
    )


def furnish(sheet: Any, page: Page) -> None:
    """Gives a new sheet all this, in a number of calls that does not grow with its lines. The sheet is shown for it:
    only a shown one can be frozen. What Excel refuses is left out, such as the page on a computer without a printer."""
    api, book = sheet.api, sheet.book.api
    sheet.activate()
    with _as_far_as_possible():
        window = book.Windows(1)
        window.DisplayGridlines = page.grid
        window.FreezePanes = False
        window.ScrollRow = 1  # what is scrolled out of sight would be frozen out of sight
        window.SplitColumn = 0
        window.SplitRow = page.frozen
        window.FreezePanes = True
    with _as_far_as_possible():
        api.Tab.Color = _bgr(page.tab)
    if page.filtered:
        with _as_far_as_possible():
            api.Range(page.filtered).AutoFilter(Field=1)
    for choices in page.choices:
        with _as_far_as_possible():
            validation = api.Range(choices.cells).Validation
            validation.Delete()
            validation.Add(Type=_LIST, AlertStyle=_WARNING, Formula1=f"={choices.source}")
            validation.IgnoreBlank = True
    with _as_far_as_possible(), _one_talk_with_the_printer(book):
        setup = api.PageSetup
        setup.PaperSize = 9
        if page.landscape:
            setup.Orientation = _LANDSCAPE
        setup.Zoom = False
        setup.FitToPagesWide = 1
        setup.FitToPagesTall = False
        if page.titles:
            setup.PrintTitleRows = page.titles
        for side, inches in zip(_MARGINS, page.margins, strict=True):
            setattr(setup, f"{side.title()}Margin", inches * _POINTS)


@contextmanager
def _as_far_as_possible() -> Iterator[None]:
    try:
        yield
    except Exception as fault:  # whatever Excel answers; the cells are there already
        if is_busy(fault):
            raise


@contextmanager
def _one_talk_with_the_printer(book: Any) -> Iterator[None]:
    """Each property of a page asks the printer, unless Excel is told to wait for all of them."""
    book.Application.PrintCommunication = False
    try:
        yield
    finally:
        book.Application.PrintCommunication = True


def _bgr(colour: str) -> int:
    """ "C00000" as Excel counts colours."""
    red, green, blue = (int(colour[n : n + 2], 16) for n in (0, 2, 4))
    return blue << 16 | green << 8 | red
