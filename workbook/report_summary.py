"""The summary sheet: what was received, the totals, and a row per commune.

Communes off period stand apart below the others, outside every total that is not named so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from toolkit.addends import summed
from toolkit.form import COUNT_KINDS, Block, Indicator
from toolkit.records import Amount
from toolkit.wording import show_period
from workbook.report_page import (
    BAND,
    HEAD,
    MUTED,
    SEVERITY_FILLS,
    SOURCES,
    STATUS_FILLS,
    STATUS_WORDS,
    SUMMARY,
    Links,
    Page,
    in_book,
    in_file,
    merged,
    published,
    shape,
    text,
)
from workbook.report_totals import Table, totals

_FIXED = (("TT", 4.5), ("Mã", 7), ("Đơn vị", 25), ("Trạng thái", 10.5), ("Kỳ báo cáo", 20.5), ("Tệp", 18))
_FROZEN = 4  # columns that stay in view and on every printed page
_WIDTH, _WIDE = 10, 17  # of figure columns; wide for amounts of money
_HEAD = 5  # first of three header rows, from 0
_PAGE = 238  # character widths that fit on A3 landscape at the print scale
_LEGEND = (
    "≥  cận dưới: trong các số cộng lại còn ô để trống.     *  đã quy đổi về cách tính chung.     "
    "!  chưa quy đổi được, cộng nguyên số đã ghi.     ▲  khác số tính lại từ thành phần.     –  chưa có số.",
    "Số trong bảng là số như xã đã ghi; bấm vào một số để tới ô gốc của nó ở trang NGUỒN. Ô trống là chưa báo cáo, "
    "không phải 0. Tỷ lệ của tỉnh tính từ tổng tử số và tổng mẫu số của các xã có đủ cả hai.",
)


@dataclass(frozen=True, slots=True)
class Cells:
    """Addresses in the summary sheet that the charts read."""

    status: str
    top: Indicator | None
    of_top: Mapping[str, str]  # commune code -> cell


def summary_sheet(page: Page, sheet: Worksheet, title: str, origins: Mapping[tuple[str, str], int]) -> Cells:
    summary = page.summary
    shown = [(b, list(_shown(b))) for b in page.form.blocks if b.kind != "records" and any(_shown(b))]
    indicators = [i for _, block in shown for i in block]
    columns = {i.id: n for n, i in enumerate(indicators, len(_FIXED))}
    main = [p.code for p in summary.places if summary.commune_status[p.code] != "off_period"]
    apart = [p.code for p in summary.places if summary.commune_status[p.code] == "off_period"]
    lines = 5 if summary.totals_with_off_period else 4
    first = _HEAD + 3 + lines
    last = first + max(len(main), 1) - 1
    below = (last + 2, last + 1 + len(apart)) if apart else None
    table = Table(_HEAD + 3, len(_FIXED), columns, (first, last), below)

    _banner(page, sheet, title)
    _heads(page, sheet, shown)
    totals(page, sheet, indicators, table)
    links = Links(sheet)
    for number, code in enumerate(main, 1):
        _commune(page, sheet, links, first + number - 1, number, code, indicators, origins)
    if below:
        note = (
            "CÁC XÃ LỆCH KỲ – đã cộng riêng ở dòng “CỘNG CẢ LỆCH KỲ”"
            if summary.totals_with_off_period
            else ("CÁC XÃ LỆCH KỲ – không cộng vào tổng")
        )
        style = page.styles(bold=True, bg_color=STATUS_FILLS["off_period"], border=0)
        for column in range(len(_FIXED) + len(indicators)):
            sheet.write_blank(last + 1, column, None, style)
        text(sheet, last + 1, 0, note, style)
        for number, code in enumerate(apart, len(main) + 1):
            _commune(page, sheet, links, below[0] + number - len(main) - 1, number, code, indicators, origins)
    end = below[1] if below else last
    for row, line in enumerate(_LEGEND, end + 2):
        text(sheet, row, 0, line, page.styles(plain=True, italic=True, font_color=MUTED, font_size=10))
    _view(page, sheet, shown, first, end + 1 + len(_LEGEND))
    top = next(iter(summed(page.form)), None)
    status = f"'{SUMMARY}'!{xl_range_abs(first, 3, end, 3)}"
    given = summary.amounts.get(top.id, {}) if top else {}
    of_top = {
        code: f"'{SUMMARY}'!{xl_rowcol_to_cell(first + n, columns[top.id])}"
        for n, code in enumerate(main)
        if top and code in given
    }
    return Cells(status, top, of_top)


def _shown(block: Block) -> list[Indicator]:
    """The indicators of a block that have a column."""
    return [i for i in block.indicators if i.kind in COUNT_KINDS or i.kind == "rate"]


def _banner(page: Page, sheet: Worksheet, title: str) -> None:
    """Title, overall status, and the two accounting lines."""
    summary, styles = page.summary, page.styles
    severities = Counter(f.severity for _, f in summary.findings)
    files, communes = Counter[str](o.status for o in summary.outcomes), Counter(summary.commune_status.values())
    text(sheet, 0, 0, f"{title}, kỳ {show_period(summary.period)}", styles(plain=True, bold=True, font_size=16))
    if severities["error"] or files["returned"]:
        word, fill = "CÓ LỖI CẦN XỬ LÝ", SEVERITY_FILLS["error"]
    elif severities["warning"] or communes["missing"]:
        word, fill = "CÓ ĐIỀU CẦN XEM LẠI", SEVERITY_FILLS["warning"]
    else:
        word, fill = "ĐẠT", STATUS_FILLS["merged"]
    status = f"{word}: {severities['error']} lỗi, {severities['warning']} cảnh báo (trang SAI LỆCH)"
    if communes["missing"]:
        status += f"; còn {communes['missing']} xã chưa nộp"
    filled = styles(plain=True, bold=True, bg_color=fill)
    for column in range(len(_FIXED)):
        sheet.write_blank(1, column, None, filled)
    text(sheet, 1, 0, status, filled)
    parts = " + ".join(f"{name} {communes[s]}" for s, name in _COMMUNES)
    text(sheet, 2, 0, f"Xã: cần nộp {len(summary.places)} = {parts}", styles(plain=True))
    parts = " + ".join(f"{name} {files[s]}" for s, name in _FILES)
    text(sheet, 3, 0, f"Tệp: tìm thấy {len(summary.outcomes)} = {parts} (trang TỆP)", styles(plain=True))
    text(sheet, 4, 0, _conventions(page), styles(plain=True, font_color=MUTED, italic=True))


_COMMUNES = (("merged", "đã gộp"), ("returned", "trả lại"), ("off_period", "lệch kỳ"), ("missing", "chưa nộp"))
_FILES = (
    ("merged", "đã gộp"),
    ("returned", "trả lại"),
    ("superseded", "đã có bản khác"),
    ("off_period", "lệch kỳ"),
    ("ignored", "bỏ qua"),
)


def _conventions(page: Page) -> str:
    """How the totals count what communes may count in several ways."""
    parts = []
    for setting in page.form.settings:
        choice = next(c for c in setting.choices if c.id == page.summary.conventions[setting.id])
        parts.append(f"{setting.label}: {choice.label}")
    return f"Cách tính chung. {'; '.join(parts)}." if parts else ""


def _heads(page: Page, sheet: Worksheet, shown: Sequence[tuple[Block, list[Indicator]]]) -> None:
    """Three header rows: block, group, indicator."""
    top = page.styles(bold=True, bg_color=HEAD, align="center", text_wrap=True)
    label = page.styles(bg_color=BAND, align="center", text_wrap=True, font_size=9.5)
    for column, (head, width) in enumerate(_FIXED):
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
    for row, height in ((0, 23), (1, 19), (_HEAD, 31), (_HEAD + 1, 30), (_HEAD + 2, 54)):
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
) -> None:
    summary, plain = page.summary, page.styles()
    status, filing = summary.commune_status[code], summary.filings.get(code)
    sheet.write_number(row, 0, number, page.styles(align="center"))
    text(sheet, row, 1, code, plain)
    text(sheet, row, 2, page.name(code), plain)
    text(sheet, row, 3, STATUS_WORDS[status], page.styles(bg_color=STATUS_FILLS[status]))
    period = filing.period if filing else None
    text(sheet, row, 4, show_period(period) if period else "", plain)
    if filing:
        links.add(row, 5, in_file(page.folder, filing.file), plain)
    text(sheet, row, 5, filing.file if filing else "", plain)
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


def _style(page: Page, amount: Amount) -> Format:
    off = amount.corrected != amount.counted
    converted = amount.counted != amount.written
    marked = shape(amount.open, converted, amount.unconverted, off)
    look: dict[str, Any] = {"font_color": "#A3271B"} if off else {}
    if converted or amount.unconverted:
        look["bg_color"] = STATUS_FILLS["off_period"]
    return page.styles(num_format=marked, **look)


def _view(page: Page, sheet: Worksheet, shown: Sequence[tuple[Block, list[Indicator]]], first: int, last: int) -> None:
    """Frozen panes and print layout: A3 landscape, left columns and header on each page, page breaks between blocks."""
    sheet.hide_gridlines(2)
    sheet.freeze_panes(_HEAD + 4, _FROZEN)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.set_print_scale(63)
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
    sheet.repeat_rows(_HEAD, _HEAD + 3)
    sheet.repeat_columns(0, _FROZEN - 1)
    sheet.set_footer('&L&"Times New Roman"&9&F&C&"Times New Roman"&9Trang &P/&N')
    fixed = sum(width for _, width in _FIXED[:_FROZEN])
    used = sum(width for _, width in _FIXED)
    column, breaks = len(_FIXED), []
    for _, indicators in shown:
        width = sum(_WIDE if i.kind == "amount" else _WIDTH for i in indicators)
        if used + width > _PAGE and column > len(_FIXED):
            breaks.append(column)
            used = fixed
        used += width
        column += len(indicators)
    sheet.set_v_pagebreaks(breaks)
    sheet.print_area(0, 0, last, column - 1)
