"""The lists of the province workbook: findings, files, the passport of each figure, and two small charts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from toolkit.form import Indicator
from toolkit.proposals import effect, words
from toolkit.records import TOTAL_ROW, Amount, Key, Source
from toolkit.wording import show_period
from workbook.report_page import (
    BAND,
    CHARTS,
    FILES,
    FINDINGS,
    HEAD,
    LINKED,
    SEVERITY_FILLS,
    SEVERITY_WORDS,
    SOURCES,
    STATUS_FILLS,
    STATUS_WORDS,
    Links,
    Page,
    in_file,
    published,
    text,
)

_ORIGINS = {
    "blank": "để trống",
    "typed": "gõ tay",
    "text": "số dạng chữ",
    "formula": "công thức của mẫu",
    "overtyped": "gõ đè công thức",
}
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
    widths = (5, 10, 7, 20, 18, 10, 6, 58, 38, 13, 13, 13, 40, 11, 22)
    sheet, links = _list(
        page, FINDINGS, "SAI LỆCH VÀ ĐIỀU CẦN XEM LẠI (lỗi trước; ảnh hưởng tổng tỉnh nhiều trước)", heads, widths
    )
    communes = {o.file: o.commune for o in page.summary.outcomes}
    plain, wrapped, small = page.styles(), page.styles(text_wrap=True), page.styles(font_size=9)
    number, rate = page.styles(num_format="#,##0"), page.styles(num_format="0.00%")
    signed = page.styles(num_format="+#,##0;−#,##0;0", bold=True)
    linked = page.styles(font_color=LINKED)
    row = 2
    for row, (file, found) in enumerate(page.summary.findings, 3):
        style = page.styles(bg_color=SEVERITY_FILLS[found.severity], bold=found.severity == "error")
        sheet.write_number(row, 0, row - 2, page.styles(align="center"))
        text(sheet, row, 1, SEVERITY_WORDS[found.severity], style)
        text(sheet, row, 2, communes.get(file, ""), plain)
        text(sheet, row, 3, page.name(communes.get(file, "")), plain)
        links.add(row, 4, in_file(page.folder, file), linked)
        text(sheet, row, 4, file, linked)
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
        sheet.set_row(row, _height((found.message, widths[7]), (found.fix, widths[8]), (proposal, widths[12])))
    sheet.autofilter(2, 0, max(row, 3), len(heads) - 1)


def files(page: Page) -> None:
    """Sheet of every file found with what became of it, then the communes that sent nothing."""
    heads = ("TT", "Tệp", "Kết quả", "Mã xã", "Đơn vị", "Lý do", "Cần làm gì", "Mã", "SHA-256")
    widths = (5, 34, 15, 7, 22, 62, 38, 9, 52)
    sheet, links = _list(page, FILES, "MỌI TỆP TÌM THẤY VÀ KẾT QUẢ", heads, widths)
    plain, wrapped, linked = page.styles(), page.styles(text_wrap=True), page.styles(font_color=LINKED)
    small = page.styles(font_size=8)
    row = 2
    ordered = sorted(page.summary.outcomes, key=lambda o: (_FILE_ORDER.index(o.status), o.file))
    for row, outcome in enumerate(ordered, 3):
        sheet.write_number(row, 0, row - 2, page.styles(align="center"))
        links.add(row, 1, in_file(page.folder, outcome.file), linked)
        text(sheet, row, 1, outcome.file, linked)
        text(sheet, row, 2, STATUS_WORDS[outcome.status], page.styles(bg_color=STATUS_FILLS[outcome.status]))
        text(sheet, row, 3, outcome.commune, plain)
        text(sheet, row, 4, page.name(outcome.commune), plain)
        text(sheet, row, 5, outcome.reason, wrapped)
        text(sheet, row, 6, outcome.fix, wrapped)
        text(sheet, row, 7, outcome.code, plain)
        text(sheet, row, 8, outcome.sha256, small)
        sheet.set_row(row, _height((outcome.reason, widths[5]), (outcome.fix, widths[6])))
    sheet.autofilter(2, 0, max(row, 3), len(heads) - 1)
    missing = [p for p in page.summary.places if page.summary.commune_status[p.code] == "missing"]
    if missing:
        row = max(row, 3) + 2
        title = f"XÃ CHƯA NỘP ({len(missing)})"
        text(sheet, row, 1, title, page.styles(plain=True, bold=True, font_size=13))
        for below, place in enumerate(missing, row + 1):
            text(sheet, below, 1, page.name(place.code), plain)
            text(sheet, below, 2, STATUS_WORDS["missing"], page.styles(bg_color=STATUS_FILLS["missing"]))
            text(sheet, below, 3, place.code, plain)


def sources(page: Page) -> Mapping[tuple[str, str], int]:
    """Sheet with the passport of each figure. Returns (commune code, indicator) -> its first row, from 0."""
    heads: tuple[str, ...] = ("Mã xã", "Đơn vị", "Chỉ tiêu", "Dòng", "Tệp", "Trang", "Ô", "Nguyên văn", "Cách ghi")
    heads += ("Giá trị đọc", "Đưa vào tổng", "Tính lại", "Ghi chú", "SHA-256")
    widths = (7, 20, 36, 14, 20, 10, 6, 14, 16, 14, 14, 14, 28, 52)
    title = "NGUỒN CỦA TỪNG SỐ (bấm vào ô để mở đúng chỗ trong tệp của xã)"
    sheet, links = _list(page, SOURCES, title, heads, widths)
    plain, small, linked = page.styles(), page.styles(font_size=8), page.styles(font_color=LINKED)
    number, rate = page.styles(num_format="#,##0"), page.styles(num_format="0.00%")
    first: dict[tuple[str, str], int] = {}
    row = 2
    for source, indicator in _passports(page):
        row += 1
        figure, code = source.figure, source.commune
        amount = page.summary.amounts.get(indicator.id, {}).get(code)
        opening = (code, indicator.id) not in first
        first.setdefault((code, indicator.id), row)
        text(sheet, row, 0, code, plain)
        text(sheet, row, 1, page.name(code), plain)
        text(sheet, row, 2, indicator.name, plain)
        text(sheet, row, 3, "Tổng cộng" if figure.key.row == TOTAL_ROW else figure.key.row, plain)
        links.add(row, 4, in_file(page.folder, source.file), linked)
        text(sheet, row, 4, source.file, linked)
        text(sheet, row, 5, figure.sheet, plain)
        links.add(row, 6, in_file(page.folder, source.file, figure.sheet, figure.cell), linked)
        text(sheet, row, 6, figure.cell, linked)
        text(sheet, row, 7, figure.raw, plain)
        text(sheet, row, 8, _ORIGINS[figure.origin], plain)
        if isinstance(figure.value, int):
            sheet.write_number(row, 9, figure.value, number)
        elif isinstance(figure.value, Decimal):
            sheet.write_number(row, 9, float(figure.value), rate)
        else:
            sheet.write_blank(row, 9, None, plain)
        for column in (10, 11):
            if amount is not None and opening:
                sheet.write_number(row, column, amount.counted if column == 10 else amount.corrected, number)
            else:
                sheet.write_blank(row, column, None, plain)
        text(sheet, row, 12, _note(amount) if amount is not None and opening else "", plain)
        text(sheet, row, 13, source.sha256, small)
    sheet.autofilter(2, 0, max(row, 3), len(heads) - 1)
    return first


def charts(page: Page, status_cells: str, top: Indicator | None, cells: Mapping[str, str]) -> None:
    """Sheet with the submission status (live counts of ``status_cells``) and the ten largest communes of ``top``,
    whose figures stand in ``cells`` (commune code -> address in the summary sheet)."""
    sheet = page.workbook.add_worksheet(CHARTS)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 14)
    head, plain, number = page.styles(bold=True, bg_color=HEAD), page.styles(), page.styles(num_format="#,##0")
    text(sheet, 0, 0, "TÌNH HÌNH NỘP BÁO CÁO", page.styles(plain=True, bold=True, font_size=14))
    text(sheet, 1, 0, "Trạng thái", head)
    text(sheet, 1, 1, "Số xã", head)
    given = list(page.summary.commune_status.values())
    statuses = ("merged", "returned", "off_period", "missing")
    for row, status in enumerate(statuses, 2):
        text(sheet, row, 0, STATUS_WORDS[status], page.styles(bg_color=STATUS_FILLS[status]))
        formula = f'=COUNTIF({status_cells},"{STATUS_WORDS[status]}")'
        sheet.write_formula(row, 1, formula, number, given.count(status))
    _chart(page, sheet, "D1", "Số xã theo tình hình nộp", 2, 1 + len(statuses), 220)
    if top is None:
        return
    amounts = page.summary.amounts.get(top.id, {})
    largest = sorted(cells, key=lambda c: (-amounts[c].counted, c))[:10]
    if not largest:
        return
    text(sheet, 14, 0, top.name.upper(), page.styles(plain=True, bold=True, font_size=14))
    text(sheet, 15, 0, "Đơn vị", head)
    text(sheet, 15, 1, page.form.units[top.unit].label.capitalize(), head)
    for row, code in enumerate(largest, 16):
        text(sheet, row, 0, page.name(code), plain)
        sheet.write_formula(row, 1, f"={cells[code]}", number, amounts[code].counted)
    title = f"{top.name}: {len(largest)} đơn vị nhiều nhất"
    _chart(page, sheet, "D14", title, 16, 15 + len(largest), 120 + 28 * len(largest))


def _list(
    page: Page, name: str, title: str, heads: tuple[str, ...], widths: tuple[int, ...]
) -> tuple[Worksheet, Links]:
    """A list sheet: title, period, header in row 3, frozen and printed on each page."""
    sheet = page.workbook.add_worksheet(name)
    sheet.hide_gridlines(2)
    text(sheet, 0, 0, title, page.styles(plain=True, bold=True, font_size=14))
    about = f"{page.summary.province.name}, kỳ {show_period(page.summary.period)}"
    text(sheet, 1, 0, about, page.styles(plain=True, italic=True))
    for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(column, column, width)
        text(sheet, 2, column, head, page.styles(bold=True, bg_color=HEAD, align="center", text_wrap=True))
    sheet.set_row(0, 22)
    sheet.set_row(2, 24)
    sheet.freeze_panes(3, 0)
    sheet.repeat_rows(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
    sheet.set_footer('&C&"Times New Roman"&9Trang &P/&N')
    return sheet, Links(sheet)


def _height(*cells: tuple[str, float]) -> float:
    """Row height in points for wrapped texts in columns of these widths."""
    return 15.5 * max(1, *(-(-len(words) // int(width * 1.05)) for words, width in cells))


def _passports(page: Page) -> list[tuple[Source, Indicator]]:
    """Every cell that a shown figure was taken from, by commune, then in the order of the form."""
    by: dict[tuple[str, str], list[Source]] = defaultdict(list)
    for indicator, cells in page.summary.sources.items():
        for source in cells:
            by[source.commune, indicator].append(source)
    rates = [i for b in page.form.blocks for i in b.indicators if i.kind == "rate"]
    for code, filing in page.summary.filings.items():
        for rate in rates:
            if published(filing, rate) is not None:
                figure = filing.figures[Key(rate.block, "", rate.id)]
                by[code, rate.id].append(Source(code, filing.file, filing.sha256, figure))
    indicators = [i for b in page.form.blocks if b.kind != "records" for i in b.indicators]
    return [(s, i) for p in page.summary.places for i in indicators for s in by.get((p.code, i.id), ())]


def _note(amount: Amount) -> str:
    notes = []
    if amount.open:
        notes.append("cận dưới: còn ô trống")
    if amount.unconverted:
        notes.append("chưa quy đổi được")
    elif amount.counted != amount.written:
        notes.append("đã quy đổi theo cách chung")
    if amount.corrected != amount.counted:
        notes.append("khác số tính lại")
    return "; ".join(notes)


def _chart(page: Page, sheet: Worksheet, at: str, title: str, first: int, last: int, height: int) -> None:
    chart = page.workbook.add_chart({"type": "bar"})
    font = {"name": "Times New Roman", "size": 11}
    chart.add_series(
        {
            "categories": f"='{CHARTS}'!{xl_range_abs(first, 0, last, 0)}",
            "values": f"='{CHARTS}'!{xl_range_abs(first, 1, last, 1)}",
            "fill": {"color": "#7C9BB8"},
            "gap": 60,
            "data_labels": {"value": True, "font": font, "num_format": "#,##0"},
        }
    )
    chart.set_title({"name": title, "name_font": {**font, "size": 13}, "overlay": False})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "num_font": font, "line": {"none": True}, "major_tick_mark": "none"})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    chart.set_size({"width": 640, "height": height})
    chart.set_chartarea({"border": {"none": True}, "fill": {"color": BAND}})
    sheet.insert_chart(at, chart)
