"""The summary sheet: the totals, and a row per commune under the subtotal of its kind.

Communes off period stand apart below the others, outside every total that is not named so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from toolkit.form import COUNT_KINDS, Block, Indicator
from toolkit.records import Amount
from toolkit.wording import show_period
from workbook.report_accounts import communes_line, files_line, overall
from workbook.report_page import (
    BAND,
    HEAD,
    LINKED,
    MUTED,
    OVERVIEW,
    SOURCES,
    STATUS_FILLS,
    STATUS_WORDS,
    SUMMARY,
    Links,
    Page,
    file_width,
    foot,
    in_book,
    in_file,
    line_height,
    link_column,
    live,
    merged,
    published,
    shape,
    text,
)
from workbook.report_totals import Group, Table, subtotals, totals

KINDS = ("Phường", "Xã", "Đặc khu")
"""Kinds of unit in the order of an official list; any other kind follows."""

_FIXED = (("TT", 4.5), ("Mã", 7), ("Đơn vị", 25), ("Trạng thái", 10.5), ("Kỳ báo cáo", 20.5), ("Tệp", 18.0))
_FILE, _LONGEST_FILE = 5, 40.0  # column of file names, and how wide it becomes for long ones
_FROZEN = 4  # columns that stay in view and on every printed page
_REPEATED = sum(width for _, width in _FIXED[:_FROZEN])
_WIDTH, _WIDE = 10, 17  # of figure columns; wide for amounts of money
_HEAD = 5  # first of three header rows, from 0
_SCALE, _PAGE = 63, 238  # print scale in percent; character widths that fit on A3 landscape at this scale
_LEGEND = (
    "≥ cận dưới: trong các số cộng lại còn ô để trống; * đã quy đổi về cách tính chung; ! chưa quy đổi được, cộng "
    "nguyên số đã ghi; ▲ khác số tính lại từ thành phần; – chưa có số; ≈ tỷ lệ có số là cận dưới.",
    "Số trong bảng là số như xã đã ghi; bấm vào một số để tới ô gốc của nó ở trang NGUỒN. Ô trống là chưa báo cáo, "
    "không phải 0. Tỷ lệ của tỉnh tính từ tổng tử số và tổng mẫu số của các xã có đủ cả hai.",
)


@dataclass(frozen=True, slots=True)
class Cells:
    """Addresses in the summary sheet, for the sheets that draw from it."""

    rows: Mapping[str, int]  # commune code -> row, from 0
    columns: Mapping[str, int]  # indicator -> column
    total: int  # row of the province
    how_many: int  # row with the number of communes that gave a figure

    def at(self, indicator: str, row: int) -> str:
        """A cell as Excel text."""
        return f"'{SUMMARY}'!{xl_rowcol_to_cell(row, self.columns[indicator], True, True)}"

    def of(self, indicator: str, code: str) -> str:
        return self.at(indicator, self.rows[code])


def summary_sheet(page: Page, title: str, origins: Mapping[tuple[str, str], int]) -> Cells:
    """``origins``: (commune, indicator) -> its row in the sheet of sources."""
    summary, sheet = page.summary, page.sheet(SUMMARY)
    shown = [(b, list(_shown(b))) for b in page.form.blocks if b.kind != "records" and any(_shown(b))]
    indicators = [i for _, block in shown for i in block]
    columns = {i.id: n for n, i in enumerate(indicators, len(_FIXED))}
    apart = [p.code for p in summary.places if summary.commune_status[p.code] == "off_period"]
    both = bool(summary.totals_with_off_period)
    first = _HEAD + 3 + (5 if both else 4)
    groups = _groups(page, first)
    last = groups[-1].area[1] if groups else first
    below = (last + 2, last + 1 + len(apart)) if apart else None
    table = Table(_HEAD + 3, len(_FIXED), columns, groups, below, both)

    wide = file_width((f.file for f in summary.filings.values()), _FIXED[_FILE][1], _LONGEST_FILE)
    widths = [width for _, width in _FIXED]
    widths[_FILE] = wide
    _banner(page, sheet, title)
    _heads(page, sheet, shown, widths)
    totals(page, sheet, indicators, table)
    subtotals(page, sheet, indicators, table)
    links, rows = Links(sheet), {}
    order = [(c, g.area[0] + n) for g in groups for n, c in enumerate(g.communes)]
    order += [(c, below[0] + n) for n, c in enumerate(apart) if below]
    for number, (code, row) in enumerate(order, 1):
        rows[code] = row
        _commune(page, sheet, links, row, number, code, indicators, origins, wide)
        sheet.set_row(row, _height(page, code, wide), None, {"level": 1})
    if below:
        note = "LỆCH KỲ (cộng ở dòng CỘNG CẢ LỆCH KỲ)" if both else "LỆCH KỲ (không cộng vào tổng)"
        style = page.styles(bold=True, bg_color=STATUS_FILLS["off_period"], border=0)
        for column in range(len(_FIXED) + len(indicators)):
            sheet.write_blank(last + 1, column, None, style)
        text(sheet, last + 1, 0, note, style)
    end = below[1] if below else last
    muted = page.styles(plain=True, italic=True, font_color=MUTED, font_size=10, text_wrap=True, valign="top")
    legend = (*_LEGEND, f"Cách tính chung. {page.choices(summary.conventions, named=True)}.")
    for row, line in enumerate(legend, end + 2):
        merged(sheet, row, 0, row, _FROZEN - 1, line, muted)
        sheet.set_row(row, line_height((line, 1.05 * _REPEATED), least=14))
    _view(page, sheet, shown, end + 1 + len(legend), widths)
    return Cells(rows, columns, table.top, table.how_many)


def _groups(page: Page, first: int) -> tuple[Group, ...]:
    """The communes that count, by kind."""
    by_kind: dict[str, list[str]] = {}
    for place in page.summary.places:
        if page.summary.commune_status[place.code] != "off_period":
            by_kind.setdefault(place.kind, []).append(place.code)
    ordered = sorted(by_kind, key=lambda k: (KINDS.index(k) if k in KINDS else len(KINDS), k))
    groups: list[Group] = []
    for kind in ordered:
        groups.append(Group(kind, groups[-1].area[1] + 1 if groups else first, tuple(by_kind[kind])))
    return tuple(groups)


def _shown(block: Block) -> list[Indicator]:
    """The indicators of a block that have a column."""
    return [i for i in block.indicators if i.kind in COUNT_KINDS or i.kind == "rate"]


def _banner(page: Page, sheet: Worksheet, title: str) -> None:
    """Title, overall status and the two accounting lines, inside the columns that every printed page repeats."""
    styles = page.styles
    lines: list[tuple[str, str, Format]] = [
        ("", title, styles(plain=True, bold=True, font_size=13, text_wrap=True)),
        ("", f"Kỳ {show_period(page.summary.period)}", styles(plain=True, bold=True)),
    ]
    _, words, fill = overall(page)
    lines.append(("A3", words, styles(plain=True, bold=True, bg_color=fill, text_wrap=True)))
    lines.append(("A4", communes_line(page)[1], styles(plain=True, font_size=10, text_wrap=True)))
    lines.append(("A5", files_line(page)[1], styles(plain=True, font_size=10, text_wrap=True)))
    for row, (cell, words, style) in enumerate(lines):
        merged(sheet, row, 0, row, _FROZEN - 1, "" if cell else words, style)
        if cell:
            live(sheet, row, 0, f"'{OVERVIEW}'!{cell}", words, style)
        sheet.set_row(row, line_height((words, _REPEATED * (0.75 if row == 0 else 0.95)), least=18))


def _heads(
    page: Page, sheet: Worksheet, shown: Sequence[tuple[Block, list[Indicator]]], widths: Sequence[float]
) -> None:
    """Three header rows: block, group, indicator."""
    top = page.styles(bold=True, bg_color=HEAD, align="center", text_wrap=True)
    label = page.styles(bg_color=BAND, align="center", text_wrap=True, font_size=9.5)
    for column, ((head, _), width) in enumerate(zip(_FIXED, widths, strict=True)):
        sheet.set_column(column, column, width)
        merged(sheet, _HEAD, column, _HEAD + 2, column, head, top)
    column = len(_FIXED)
    for block, indicators in shown:
        name = f"{block.code} – {block.title}" if block.code else block.title
        merged(sheet, _HEAD, column, _HEAD, column + len(indicators) - 1, name, top)
        for group, members in groupby(indicators, key=lambda i: i.group):
            part = list(members)
            if group:
                merged(sheet, _HEAD + 1, column, _HEAD + 1, column + len(part) - 1, group, label)
            for at, indicator in enumerate(part, column):
                merged(sheet, _HEAD + (2 if group else 1), at, _HEAD + 2, at, _heading(indicator), label)
                sheet.set_column(at, at, _WIDE if indicator.kind == "amount" else _WIDTH)
            column += len(part)
    for row, height in ((_HEAD, 31), (_HEAD + 1, 30), (_HEAD + 2, 54)):
        sheet.set_row(row, height)


def _heading(indicator: Indicator) -> str:
    words = f"{indicator.subgroup}: {indicator.label}" if indicator.subgroup else indicator.label
    return f"{words}\n{indicator.number}" if indicator.number else words


def _commune(
    page: Page,
    sheet: Worksheet,
    links: Links,
    row: int,
    number: int,
    code: str,
    indicators: Sequence[Indicator],
    origins: Mapping[tuple[str, str], int],
    wide: float,
) -> None:
    summary, plain = page.summary, page.styles()
    status, filing = summary.commune_status[code], summary.filings.get(code)
    sheet.write_number(row, 0, number, page.styles(align="center"))
    text(sheet, row, 1, code, plain)
    text(sheet, row, 2, page.name(code), plain)
    text(sheet, row, 3, STATUS_WORDS[status], page.styles(bg_color=STATUS_FILLS[status]))
    period = filing.period if filing else None
    linked = page.styles(font_color=LINKED)
    at = link_column(filing.file, _FILE, wide) if filing else 0
    if filing:
        links.add(row, at, in_file(page.folder, filing.file), linked)
    text(sheet, row, 4, show_period(period) if period else "", linked if at == 4 else plain)
    name_style = linked if at == _FILE else page.styles(text_wrap=True)
    text(sheet, row, _FILE, filing.file if filing else "", name_style)
    for column, indicator in enumerate(indicators, len(_FIXED)):
        amount = summary.amounts.get(indicator.id, {}).get(code)
        rate = published(filing, indicator) if filing and indicator.kind == "rate" else None
        if amount is not None:
            value, style = float(amount.counted), _style(page, amount)
        elif rate is not None:
            value, style = float(rate), page.styles(num_format="0.00%")
        else:
            sheet.write_blank(row, column, None, plain)
            continue
        if (code, indicator.id) in origins:
            links.add(row, column, in_book(SOURCES, origins[code, indicator.id]), style)
        sheet.write_number(row, column, value, style)


def _height(page: Page, code: str, wide: float) -> float | None:
    """Of the row of a commune, in points; None: the usual one."""
    filing = page.summary.filings.get(code)
    wraps = filing is not None and link_column(filing.file, _FILE, wide) != _FILE
    return line_height((filing.file, wide)) if filing and wraps else None


def _style(page: Page, amount: Amount) -> Format:
    off = amount.corrected != amount.counted
    converted = amount.counted != amount.written
    marked = shape(amount.open, converted, amount.unconverted, off)
    look: dict[str, Any] = {"font_color": "#A3271B"} if off else {}
    if converted or amount.unconverted:
        look["bg_color"] = STATUS_FILLS["off_period"]
    return page.styles(num_format=marked, **look)


def _view(
    page: Page,
    sheet: Worksheet,
    shown: Sequence[tuple[Block, list[Indicator]]],
    last: int,
    fixed: Sequence[float],
) -> None:
    """Frozen panes and print layout: A3 landscape, left columns and header on each page, page breaks between blocks."""
    sheet.hide_gridlines(2)
    sheet.freeze_panes(_HEAD + 4, _FROZEN)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.outline_settings(symbols_below=False)
    sheet.repeat_rows(_HEAD, _HEAD + 3)
    sheet.repeat_columns(0, _FROZEN - 1)
    foot(sheet)
    blocks = [sum(_WIDE if i.kind == "amount" else _WIDTH for i in indicators) for _, indicators in shown]
    used = sum(fixed)
    most = _PAGE + _LONGEST_FILE - _FIXED[_FILE][1]
    room = max(_PAGE, min(used + sum(blocks[:1]), most))  # long file names do not push the first block off its page
    sheet.set_print_scale(int(_SCALE * _PAGE / room))
    column, breaks = len(_FIXED), []
    for (_, indicators), width in zip(shown, blocks, strict=True):
        if used + width > room and column > len(_FIXED):
            breaks.append(column)
            used = _REPEATED
        used += width
        column += len(indicators)
    sheet.set_v_pagebreaks(breaks)
    sheet.print_area(0, 0, last, column - 1)
