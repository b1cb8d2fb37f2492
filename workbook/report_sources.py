"""The passport of each figure of the province workbook: file, cell, what stood there, what was made of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from toolkit.carry import left_open
from toolkit.form import Indicator
from toolkit.records import TOTAL_ROW, Amount, Key, Source
from toolkit.wording import show_period
from workbook.report_page import LINKED, SOURCES, Page, file_width, in_file, list_sheet, published
from workbook.splice import MOST_ROWS, Column, Splice
from workbook.splice_links import Links, targets

_COLUMNS = (
    ("Mã xã", 7),
    ("Đơn vị", 20),
    ("Kỳ", 21),
    ("Chỉ tiêu", 36),
    ("Mã chỉ tiêu", 20),
    ("Dòng", 34),
    ("Tệp", 20.0),
    ("Trang", 10),
    ("Ô", 6),
    ("Nguyên văn", 14),
    ("Cách ghi", 16),
    ("Giá trị đọc", 14),
    ("Đưa vào tổng", 14),
    ("Tính lại", 14),
    ("Ghi chú", 28),
    ("SHA-256", 52),
)
_LINKED = (6, 8)  # first and last column of a row's link
_TITLE = "NGUỒN CỦA TỪNG SỐ (bấm vào ô để mở đúng chỗ trong tệp của xã)"
_ORIGINS = {
    "blank": "để trống",
    "typed": "gõ tay",
    "text": "số dạng chữ",
    "formula": "công thức của mẫu",
    "overtyped": "gõ đè công thức",
}
_FIRST = 3  # row, from 0
_LONGEST_FILE = 75.0  # how wide the column becomes for long file names
_A3 = 8  # as Excel numbers paper


def sources(page: Page, splice: Splice) -> Mapping[tuple[str, str], int]:
    """Sheet with the passport of each figure. Returns (commune code, indicator) -> its first row, from 0."""
    heads, given = zip(*_COLUMNS, strict=True)
    files = file_width((f.file for f in page.summary.filings.values()), given[_LINKED[0]], _LONGEST_FILE)
    widths = (*given[: _LINKED[0]], files, *given[_LINKED[0] + 1 :])
    sheet, _ = list_sheet(page, SOURCES, _TITLE, heads, widths)
    sheet.set_paper(_A3)
    passports = _passports(page)[: MOST_ROWS - _FIRST]
    first: dict[tuple[str, str], int] = {}
    rows: list[tuple[object, ...]] = []
    links: list[str] = []
    for row, (source, indicator) in enumerate(passports, _FIRST):
        figure, code = source.figure, source.commune
        opening = first.setdefault((code, indicator.id), row) == row
        amount = page.summary.amounts.get(indicator.id, {}).get(code) if opening else None
        period = page.summary.filings[code].period
        rows.append(
            (
                code,
                page.name(code),
                show_period(period) if period else "",
                indicator.name,
                indicator.id,
                "Tổng cộng" if figure.key.row == TOTAL_ROW else figure.key.row,
                source.file,
                figure.sheet,
                figure.cell,
                figure.raw,
                _ORIGINS[figure.origin],
                figure.value if isinstance(figure.value, int | Decimal) else None,
                amount.counted if amount else None,
                amount.corrected if amount else None,
                _note(amount) if amount else "",
                source.sha256,
            )
        )
        links.append(in_file(page.folder, source.file, figure.sheet, figure.cell))
    columns = list(zip(*rows, strict=True)) or [()] * len(_COLUMNS)
    plain, number = page.styles(), page.styles(num_format="#,##0")
    formats = [plain] * len(_COLUMNS)
    formats[_LINKED[0] : _LINKED[1] + 1] = [page.styles(font_color=LINKED)] * (_LINKED[1] - _LINKED[0] + 1)
    formats[12:14] = [number] * 2
    formats[14] = page.styles(indent=1)
    formats[15] = page.styles(font_size=8)
    block = [Column(values, style) for values, style in zip(columns, formats, strict=True)]
    kinds = tuple(map(type, columns[11]))
    block[11] = Column(columns[11], {int: number, Decimal: page.styles(num_format="0.00%"), type(None): plain}, kinds)
    sheet.print_area(0, 0, max(_FIRST + len(rows) - 1, _FIRST), len(_COLUMNS) - 2)  # SHA-256: in the list of files
    splice.rows(sheet, _FIRST, block, links=(Links(*_LINKED, targets(links)),))
    sheet.autofilter(_FIRST - 1, 0, max(_FIRST + len(rows) - 1, _FIRST), len(_COLUMNS) - 1)
    return first


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
        for key, value in left_open(page.form, filing).items():  # by these the next period is checked
            known = {source.figure.key for source in by[code, key.indicator]}
            if key in filing.figures and key not in known:
                figure = filing.figures[key]._replace(value=value)
                by[code, key.indicator].append(Source(code, filing.file, filing.sha256, figure))
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
