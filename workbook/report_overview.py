"""The first sheet, one page: what came, how it stands, the key figures, what to look at first, what to do next.

Every number is a live formula on the sheets behind it, with the value it has now.
"""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from toolkit.addends import summed
from toolkit.form import Indicator
from toolkit.proposals import effect
from toolkit.wording import show_period
from workbook.report_accounts import (
    EFFECT_COLUMN,
    LIST_FIRST,
    communes_line,
    files_line,
    late_note,
    next_steps,
    overall,
    statuses,
)
from workbook.report_charts import fields_chart, late_chart, status_chart
from workbook.report_fields import Fields
from workbook.report_page import (
    BAND,
    FINDINGS,
    HEAD,
    LINKED,
    MUTED,
    OVERVIEW,
    PROGRESS,
    SEVERITY_FILLS,
    SEVERITY_WORDS,
    STATUS_FILLS,
    STATUS_WORDS,
    SUMMARY,
    WHOLE,
    Links,
    Page,
    foot,
    in_book,
    line_height,
    live,
    merged,
    shortened,
    text,
)
from workbook.report_summary import Cells
from workbook.report_totals import NONE

CARDS = {
    "tiep_nhan": "Tiếp nhận",
    "da_giai_quyet": "Đã giải quyết",
    "ty_le_truoc_dung_han": "Trước và đúng hạn",
    "dang_giai_quyet": "Đang giải quyết",
    "dang_qua_han": "Quá hạn chưa xong",
    "ty_le_truc_tuyen": "Nộp trực tuyến",
}
"""Key figures and their short names; a form without them shows the first figures that it has."""

LATE = {"dang_qua_han": "Quá hạn chưa xong", "qua_han": "Xong nhưng quá hạn"}
MOST_FINDINGS, MOST_COMMUNES = 8, 10
COLUMNS, WIDTH = 12, 9.2
_CARDS, _CHARTS = 7, 11  # rows, from 0
_TALL, _LINE = 13, 17  # rows below the heading of the charts, their height in points
_FINDINGS = _CHARTS + _TALL + 2
_ADDRESSES = ("A3", "A4", "A5")  # of status and accounting lines; the summary sheet shows them too


def overview_sheet(page: Page, cells: Cells, fields: Fields | None) -> None:
    sheet = page.sheet(OVERVIEW)
    sheet.hide_gridlines(2)
    sheet.set_column(0, COLUMNS - 1, WIDTH)
    _banner(page, sheet)
    _cards(page, sheet, cells)
    links = Links(sheet)
    for row in range(_CHARTS + 1, _CHARTS + 1 + _TALL):
        sheet.set_row(row, _LINE)
    _submission(page, sheet, links)
    fields_chart(page, sheet, fields, (_CHARTS, 5), _TALL * _LINE)
    row = _findings(page, sheet, links, _FINDINGS)
    row = _late(page, sheet, links, cells, row + 1)
    _foot(page, sheet, row + 1)
    sheet.activate()


def section(page: Page, sheet: Worksheet, row: int, columns: tuple[int, int], title: str) -> None:
    """Heading of a part of the page."""
    style = page.styles(plain=True, bold=True, font_size=12, font_color=LINKED, bottom=1, bottom_color=LINKED)
    for column in range(columns[0], columns[1] + 1):
        sheet.write_blank(row, column, None, style)
    text(sheet, row, columns[0], title, style)
    sheet.set_row(row, 21)


def _banner(page: Page, sheet: Worksheet) -> None:
    styles, last = page.styles, COLUMNS - 1
    merged(
        sheet,
        0,
        0,
        0,
        last,
        f"TỔNG QUAN {page.summary.province.name.upper()}",
        styles(plain=True, bold=True, font_size=20),
    )
    about = f"Kỳ {show_period(page.summary.period)}. {page.form.title}."
    merged(sheet, 1, 0, 1, last, about, styles(plain=True, font_color=MUTED, text_wrap=True))
    formula, words, fill = overall(page)
    lines = (
        (formula, words, styles(plain=True, bold=True, font_size=14, bg_color=fill, indent=1)),
        (*communes_line(page), styles(plain=True, font_size=12)),
        (*files_line(page), styles(plain=True, font_size=12)),
    )
    for row, (formula, words, style) in enumerate(lines, 2):
        merged(sheet, row, 0, row, last, "", style)
        live(sheet, row, 0, formula, words, style)
    steps = next_steps(page)
    merged(sheet, 5, 0, 5, last, steps, styles(plain=True, bold=True, bg_color=HEAD, text_wrap=True, indent=1))
    wide = COLUMNS * WIDTH
    heights = (30, line_height((about, wide), least=17), 27, 20, 20, line_height((steps, wide * 0.9), least=24), 8)
    for row, height in enumerate(heights):
        sheet.set_row(row, height)


def _cards(page: Page, sheet: Worksheet, cells: Cells) -> None:
    """Key figures: name, live value, how many communes gave it."""
    chosen = [(i, name) for i, name in CARDS.items() if i in cells.columns]
    chosen = chosen or [(i.id, i.name) for i in summed(page.form)[: len(CARDS)]]
    for n, (id_, name) in enumerate(chosen):
        left, right = 2 * n, 2 * n + 1
        is_rate = page.form.indicator(id_).kind == "rate"
        fill = BAND
        look = {"plain": True, "bg_color": fill, "align": "center"}
        sides = {"left": 5, "left_color": "#FFFFFF", "right": 5, "right_color": "#FFFFFF"}
        merged(sheet, _CARDS, left, _CARDS, right, name, page.styles(**look, **sides, font_color=MUTED))
        value, marked = _value(page, id_)
        shown = ("≈ " if is_rate else "≥ ") if marked else ""
        form = (f'"{shown}"' if shown else "") + ("0.0%" if is_rate else "#,##0")
        style = page.styles(**look, **sides, bold=True, font_size=20, num_format=form)
        merged(sheet, _CARDS + 1, left, _CARDS + 1, right, "", style)
        live(sheet, _CARDS + 1, left, cells.at(id_, cells.total), value, style)
        style = page.styles(**look, **sides, font_size=9, font_color=MUTED, num_format='"số của "0" đơn vị"')
        merged(sheet, _CARDS + 2, left, _CARDS + 2, right, "", style)
        live(sheet, _CARDS + 2, left, cells.at(id_, cells.how_many), _given(page, id_), style)
    for row, height in ((_CARDS, 19), (_CARDS + 1, 31), (_CARDS + 2, 16), (_CARDS + 3, 8)):
        sheet.set_row(row, height)


def _value(page: Page, id_: str) -> tuple[float | str, bool]:
    """A province figure as the summary sheet has it, and whether a part of it is a lower bound."""
    summary, indicator = page.summary, page.form.indicator(id_)
    parts = _parts(indicator) or (id_,)
    marked = any(
        a.open for i in parts for c, a in summary.amounts.get(i, {}).items() if summary.commune_status[c] == "merged"
    )
    if indicator.kind == "rate":
        ratio = summary.rates.get(id_)
        return (ratio.numerator / ratio.denominator if ratio and ratio.denominator > 0 else NONE), marked
    return summary.totals.get(id_, NONE), marked


def _given(page: Page, id_: str) -> int:
    """How many merged communes gave a figure."""
    if page.form.indicator(id_).kind == "rate":
        ratio = page.summary.rates.get(id_)
        return ratio.communes if ratio else 0
    status = page.summary.commune_status
    return sum(status[c] == "merged" for c in page.summary.amounts.get(id_, {}))


def _parts(indicator: Indicator) -> tuple[str, ...]:
    return tuple(t.id for p in (indicator.numerator, indicator.denominator) if p is not None for t, _ in p.terms)


def _submission(page: Page, sheet: Worksheet, links: Links) -> None:
    """How many communes sent what, live, and a ring of it."""
    section(page, sheet, _CHARTS, (0, 4), "Tình hình nộp")
    first = _CHARTS + 1
    for row, (status, (formula, now)) in enumerate(statuses(page).items(), first):
        style = page.styles(bg_color=STATUS_FILLS[status], font_color=LINKED, indent=1)
        merged(sheet, row, 0, row, 2, "", style)
        links.add(row, 0, in_book(PROGRESS, 0), style)
        text(sheet, row, 0, STATUS_WORDS[status], style)
        merged(sheet, row, 3, row, 4, "", page.styles())
        live(sheet, row, 3, formula, now, page.styles(bold=True, num_format='0" xã, phường"', align="center"))
    status_chart(page, sheet, (first + 4, 0), (first, first + 3), (_TALL - 4) * _LINE)


def _findings(page: Page, sheet: Worksheet, links: Links, row: int) -> int:
    """What moves the province totals most, each linked to its line. Returns the next free row."""
    ranked = _ranked(page)
    section(
        page,
        sheet,
        row,
        (0, COLUMNS - 1),
        "Điều cần xem trước (mỗi tệp một điều, ảnh hưởng tổng tỉnh nhiều trước; bấm tên để tới trang SAI LỆCH)",
    )
    if not ranked:
        text(sheet, row + 1, 0, "Không có lỗi hay cảnh báo nào.", page.styles(plain=True))
        return row + 2
    head = page.styles(bold=True, bg_color=HEAD, align="center", font_size=10)
    for left, right, words in ((0, 0, "Mức độ"), (1, 3, "Đơn vị"), (4, 10, "Nội dung"), (11, 11, "Ảnh hưởng")):
        merged(sheet, row + 1, left, row + 1, right, words, head)
    commune = {o.file: o.commune for o in page.summary.outcomes}
    for below, (at, share) in enumerate(ranked, row + 2):
        file, found = page.summary.findings[at]
        fill = page.styles(bg_color=SEVERITY_FILLS[found.severity], font_size=10, align="center")
        wrapped = page.styles(text_wrap=True, font_size=10)
        linked = page.styles(font_size=10, font_color=LINKED)
        text(sheet, below, 0, SEVERITY_WORDS[found.severity], fill)
        merged(sheet, below, 1, below, 3, "", linked)
        links.add(below, 1, in_book(FINDINGS, LIST_FIRST + at, 7), linked)
        text(sheet, below, 1, shortened(page.name(commune.get(file, "")) or file or WHOLE, 34), linked)
        words = shortened(found.message, 170)
        merged(sheet, below, 4, below, 10, words, wrapped)
        if share:
            cell = f"'{FINDINGS}'!{xl_rowcol_to_cell(LIST_FIRST + at, EFFECT_COLUMN, True, True)}"
            live(sheet, below, 11, cell, share, page.styles(num_format="0.00%", font_size=10, align="center"))
        else:
            text(sheet, below, 11, NONE, page.styles(font_size=10, align="center"))
        sheet.set_row(below, line_height((words, 7 * WIDTH * 1.1), least=17))
    return row + 2 + len(ranked)


def _ranked(page: Page) -> Sequence[tuple[int, float]]:
    """What to look at first, one finding a file: (place among the findings, share of a province total that hangs on
    it)."""
    best: dict[str, tuple[int, float]] = {}
    for n, (file, found) in enumerate(page.summary.findings):
        share = float(effect(found, page.summary.totals)) if found.severity != "info" else -1.0
        if share > best.get(file, (0, -1.0))[1]:
            best[file] = (n, share)
    return sorted(best.values(), key=lambda at: (-at[1], at[0]))[:MOST_FINDINGS]


def _late(page: Page, sheet: Worksheet, links: Links, cells: Cells, row: int) -> int:
    """The communes with most overdue dossiers, live, and bars of them. Returns the next free row."""
    ids = [i for i in LATE if i in cells.columns]
    if not ids:
        return row
    amounts = {i: page.summary.amounts.get(i, {}) for i in ids}
    status = page.summary.commune_status
    worth = {c: sum(amounts[i][c].counted for i in ids if c in amounts[i]) for c in cells.rows if status[c] == "merged"}
    most = sorted((c for c in worth if worth[c] > 0), key=lambda c: (-worth[c], c))[:MOST_COMMUNES]
    section(page, sheet, row, (0, COLUMNS - 1), f"Nhiều hồ sơ quá hạn nhất ({len(most)} đơn vị)")
    if not most:
        text(sheet, row + 1, 0, "Chưa đơn vị nào báo có hồ sơ quá hạn.", page.styles(plain=True))
        return row + 2
    head = page.styles(bold=True, bg_color=HEAD, align="center", text_wrap=True, font_size=10)
    merged(sheet, row + 1, 0, row + 1, 2, "Đơn vị", head)
    for column, words in enumerate([*(LATE[i] for i in ids), "Cộng"], 3):
        text(sheet, row + 1, column, words, head)
    sheet.set_row(row + 1, 44)
    number, bold = page.styles(num_format="#,##0"), page.styles(num_format="#,##0", bold=True)
    for below, code in enumerate(most, row + 2):
        linked = page.styles(font_color=LINKED)
        merged(sheet, below, 0, below, 2, "", linked)
        links.add(below, 0, in_book(SUMMARY, cells.rows[code]), linked)
        text(sheet, below, 0, page.name(code), linked)
        for column, id_ in enumerate(ids, 3):
            given = amounts[id_].get(code)
            if given is None:
                text(sheet, below, column, NONE, page.styles(align="right"))
            else:
                style = page.styles(num_format='"≥ "#,##0') if given.open else number
                live(sheet, below, column, cells.of(id_, code), given.counted, style)
        ends = (xl_rowcol_to_cell(below, 3), xl_rowcol_to_cell(below, 2 + len(ids)))
        least = page.styles(num_format='"≥ "#,##0', bold=True)
        open_ = any(amounts[i][code].open for i in ids if code in amounts[i])
        live(sheet, below, 3 + len(ids), f"SUM({ends[0]}:{ends[1]})", worth[code], least if open_ else bold)
        sheet.set_row(below, _LINE)
    late_chart(
        page, sheet, (row + 1, 4 + len(ids)), (row + 2, row + 1 + len(most)), [LATE[i] for i in ids], worth[most[0]]
    )
    return row + 2 + len(most)


def _foot(page: Page, sheet: Worksheet, row: int) -> None:
    muted = page.styles(plain=True, italic=True, font_size=9, font_color=MUTED, text_wrap=True)
    words = "≥ cận dưới, còn ô để trống; ≈ có phần là cận dưới; – chưa có số. Bấm vào chữ xanh để tới chỗ chi tiết."
    chosen = page.choices(page.summary.conventions, named=True)
    if chosen:
        words += f" Cách tính chung. {chosen}."
    if note := late_note(page):
        words = f"{note} {words}"
    merged(sheet, row, 0, row, COLUMNS - 1, words, muted)
    sheet.set_row(row, line_height((words, COLUMNS * WIDTH * 1.1), least=14))
    sheet.set_paper(9)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    foot(sheet)
    sheet.print_area(0, 0, row, COLUMNS - 1)
