"""The lists of the province workbook: findings and files."""

from __future__ import annotations

from decimal import Decimal

from toolkit.proposals import effect, words
from toolkit.wording import show_date, show_period
from workbook.report_page import (
    FILES,
    FINDINGS,
    INDENT,
    LINKED,
    LONGEST_FILE,
    SEVERITY_FILLS,
    SEVERITY_WORDS,
    STATUS_FILLS,
    STATUS_WORDS,
    WHOLE,
    Page,
    file_width,
    in_file,
    line_height,
    link_column,
    list_sheet,
    text,
)

_FILE_ORDER = ("returned", "off_period", "superseded", "merged", "ignored")


def findings(page: Page) -> None:
    """Sheet of findings, errors first, filterable, each linked to its cell."""
    heads = (
        "TT",
        "Mức độ",
        "Mã xã",
        "Đơn vị",
        "Tệp",
        "Trang",
        "Ô",
        "Nội dung",
        "Cách sửa",
        "Trái",
        "Phải",
        "Lệch",
        "Đề xuất",
        "Ảnh hưởng tổng tỉnh",
        "Mã",
    )
    wide = file_width((file for file, _ in page.summary.findings), 30, LONGEST_FILE)
    widths = (5, 10, 7, 22, wide, 10, 6, 59.5, 39.5, 10, 10, 11.5, 43.5, 11, 23.5)
    title = "SAI LỆCH VÀ ĐIỀU CẦN XEM LẠI (lỗi trước; ảnh hưởng tổng tỉnh nhiều trước)"
    sheet, links = list_sheet(page, FINDINGS, title, heads, widths, wide=True)
    communes = {o.file: o.commune for o in page.summary.outcomes}
    plain, small = page.styles(), page.styles(font_size=9, indent=1)
    wrapped = page.styles(text_wrap=True, indent=1)  # numbers stand before it, or another wrapped text
    number, rate = page.styles(num_format="#,##0"), page.styles(num_format="0.00%")
    signed = page.styles(num_format="+#,##0;−#,##0;0", bold=True)
    linked = page.styles(font_color=LINKED)
    row = 2
    for row, (file, found) in enumerate(page.summary.findings, 3):
        style = page.styles(bg_color=SEVERITY_FILLS[found.severity], bold=found.severity == "error")
        sheet.write_number(row, 0, row - 2, page.styles(align="center"))
        text(sheet, row, 1, SEVERITY_WORDS[found.severity], style)
        text(sheet, row, 2, communes.get(file, ""), plain)
        at = link_column(file, 4, wide)
        if file:
            links.add(row, at, in_file(page.folder, file), linked)
        text(sheet, row, 3, page.name(communes.get(file, "")), linked if file and at == 3 else plain)
        text(sheet, row, 4, file or WHOLE, linked if file and at == 4 else page.styles(text_wrap=True))
        text(sheet, row, 5, found.sheet, plain)
        if found.cell:
            links.add(row, 6, in_file(page.folder, file, found.sheet, found.cell), linked)
        text(sheet, row, 6, found.cell, linked)
        text(sheet, row, 7, found.message, wrapped)
        text(sheet, row, 8, found.fix, wrapped)
        for column, value, style in (
            (9, found.left, number),
            (10, found.right, number),
            (11, found.difference, signed),
        ):
            if value is None:
                sheet.write_blank(row, column, None, plain)
            else:
                sheet.write_number(row, column, float(value), rate if isinstance(value, Decimal) else style)
        proposal = "\n".join(words(found))
        text(sheet, row, 12, proposal, wrapped)
        share = effect(found, page.summary.totals)
        if share:
            sheet.write_number(row, 13, float(share), page.styles(num_format="0.000%"))
        else:
            sheet.write_blank(row, 13, None, plain)
        text(sheet, row, 14, found.code, small)
        tall = [(said, widths[n] - INDENT) for said, n in ((found.message, 7), (found.fix, 8), (proposal, 12))]
        sheet.set_row(row, line_height(*tall, (file, wide)))
    sheet.autofilter(2, 0, max(row, 3), len(heads) - 1)


def files(page: Page) -> None:
    """Sheet of every file found with what became of it."""
    heads: tuple[str, ...] = (
        "TT",
        "Tệp",
        "Kết quả",
        "Mã xã",
        "Đơn vị",
        "Lý do",
        "Cần làm gì",
        "Kỳ của báo cáo",
        "Phiên bản mẫu",
    )
    heads += ("Cách tính", "Ngày nhận", "Mã", "SHA-256")
    wide = file_width((o.file for o in page.summary.outcomes), 34, LONGEST_FILE)
    widths = (5, wide, 14, 7, 22, 47.5, 33.5, 21, 9, 17, 11, 9, 42)
    title = f"MỌI TỆP TÌM THẤY ({len(page.summary.outcomes)}) VÀ KẾT QUẢ"
    sheet, links = list_sheet(page, FILES, title, heads, widths, wide=True)
    plain, wrapped = page.styles(), page.styles(text_wrap=True)
    indented = page.styles(text_wrap=True, indent=1)
    linked = page.styles(font_color=LINKED)
    small = page.styles(font_size=8)
    counting = {f.file: f for f in page.summary.filings.values()}
    row = 2
    ordered = sorted(page.summary.outcomes, key=lambda o: (_FILE_ORDER.index(o.status), o.file))
    for row, outcome in enumerate(ordered, 3):
        filing = counting.get(outcome.file)
        received = page.summary.received.get(outcome.file)
        at = link_column(outcome.file, 1, wide)
        links.add(row, at, in_file(page.folder, outcome.file), linked)
        first = page.styles(align="center", font_color=LINKED) if at == 0 else page.styles(align="center")
        sheet.write_number(row, 0, row - 2, first)
        text(sheet, row, 1, outcome.file, linked if at == 1 else wrapped)
        text(sheet, row, 2, STATUS_WORDS[outcome.status], page.styles(bg_color=STATUS_FILLS[outcome.status]))
        text(sheet, row, 3, outcome.commune, plain)
        text(sheet, row, 4, page.name(outcome.commune), wrapped)
        text(sheet, row, 5, outcome.reason, indented)
        text(sheet, row, 6, outcome.fix, indented)
        text(sheet, row, 7, show_period(filing.period) if filing and filing.period else "", plain)
        text(sheet, row, 8, filing.version if filing else "", page.styles(align="center"))
        chosen = page.choices(filing.settings) if filing else ""
        text(sheet, row, 9, chosen, wrapped)
        text(sheet, row, 10, show_date(received) if received else "", plain)
        text(sheet, row, 11, outcome.code, plain)
        text(sheet, row, 12, outcome.sha256, small)
        tall = [(outcome.reason, widths[5] - INDENT), (outcome.fix, widths[6] - INDENT), (chosen, widths[9])]
        sheet.set_row(row, line_height((outcome.file, wide), *tall))
    sheet.autofilter(2, 0, max(row, 3), len(heads) - 1)
