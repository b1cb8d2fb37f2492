"""The sheet that tells what changed since the last merge, and what each change did to the totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from toolkit.bridge import Bridge, CellChange
from toolkit.records import TOTAL_ROW
from toolkit.wording import BLANK, show_period
from workbook.report_page import (
    HEAD,
    LINKED,
    MUTED,
    STATUS_FILLS,
    STATUS_WORDS,
    Links,
    Page,
    foot,
    in_file,
    line_height,
    link_column,
    live,
    merged,
    text,
)
from workbook.report_waterfall import CHANGES, SIGNED, number, section, waterfalls

MOST_CELLS = 20_000
"""Changed cells that are listed; how many there are beyond is said."""

_TITLE = "THAY ĐỔI SO VỚI LẦN TỔNG HỢP TRƯỚC"
_FILE = 3  # column of file names
_WIDTHS = (5, 8, 25, 40, 22, 14, 14, 14, 14, 14, 14)
_KINDS = {"new": "Tệp mới", "gone": "Không còn", "changed": "Nội dung đổi", "renamed": "Đổi tên"}
_NAMED = 8  # communes named in a sentence


def changes(page: Page, bridge: Bridge) -> None:
    """The sheet of a bridge; where two merges cannot be compared, the reason."""
    sheet = page.sheet(CHANGES)
    _view(page, sheet)
    row = 3
    for sentence in _sentences(page, bridge):
        height = line_height((sentence, sum(_WIDTHS)))
        merged(sheet, row, 0, row, len(_WIDTHS) - 1, sentence, page.styles(plain=True, text_wrap=True))
        sheet.set_row(row, height)
        row += 1
    links = Links(sheet)
    if bridge.totals:
        row = waterfalls(page, sheet, row + 1, bridge.totals)
    if bridge.communes:
        row = _communes(page, sheet, row + 1, bridge)
    if bridge.files:
        row = _files(page, sheet, links, row + 1, bridge)
    if bridge.cells:
        row = _cells(page, sheet, links, row + 1, bridge.cells)
    sheet.print_area(0, 0, row, len(_WIDTHS) - 1)


def _view(page: Page, sheet: Worksheet) -> None:
    sheet.hide_gridlines(2)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    text(sheet, 0, 0, _TITLE, page.styles(plain=True, bold=True, font_size=14))
    about = f"{page.summary.province.name}, kỳ {show_period(page.summary.period)}"
    text(sheet, 1, 0, about, page.styles(plain=True, italic=True))
    sheet.set_row(0, 22)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    foot(sheet)


def _sentences(page: Page, bridge: Bridge) -> list[str]:
    if bridge.why is not None:
        return [bridge.why.message, bridge.why.fix]
    if not bridge.anything:
        return [f"So với lần tổng hợp trước: không có gì thay đổi ({bridge.same} tệp giữ nguyên)."]
    kinds = Counter[str](change.kind for change in bridge.files)
    words = (("new", "tệp mới"), ("changed", "tệp đổi nội dung"), ("renamed", "tệp đổi tên"), ("gone", "tệp không còn"))
    parts = [f"{kinds[kind]} {name}" for kind, name in words if kinds[kind]]
    out = [f"So với lần tổng hợp trước: {', '.join([*parts, f'{bridge.same} tệp giữ nguyên'])}."]
    came = [s.commune for s in bridge.communes if s.after == "merged"]
    left = [s.commune for s in bridge.communes if s.before == "merged"]
    for codes, what in ((came, "xã được cộng thêm"), (left, "xã không còn được cộng")):
        if codes:
            out.append(f"{len(codes)} {what}: {_names(page, codes)}.")
    changed = list(dict.fromkeys(cell.commune for cell in bridge.cells))
    if changed:
        out.append(f"{len(bridge.cells)} ô số liệu đổi ở {len(changed)} xã: {_names(page, changed)}.")
    out += [
        f"{_name(page, copy.commune)}: lần trước dùng tệp {copy.before}, lần này dùng tệp {copy.after}."
        for copy in bridge.copies[:_NAMED]
    ]
    if others := bridge.copies[_NAMED:]:
        out.append(f"Cũng dùng tệp khác lần trước: {_names(page, [copy.commune for copy in others])}.")
    for choice in bridge.choices:
        whose = _name(page, choice.commune) if choice.commune else "Cách tính chung của tỉnh"
        setting = next(s for s in page.form.settings if s.id == choice.setting)
        label = {c.id: c.label for c in setting.choices}
        was, now = (label.get(id_, id_) for id_ in (choice.before, choice.after))
        out.append(f"{whose}, “{setting.label}”: trước là “{was}”, nay là “{now}”.")
    if not bridge.totals:
        out.append("Không tổng nào của tỉnh đổi.")
    return out


def _communes(page: Page, sheet: Worksheet, row: int, bridge: Bridge) -> int:
    plain = page.styles()
    section(page, sheet, row, f"XÃ ĐỔI TÌNH TRẠNG ({len(bridge.communes)})")
    _heads(page, sheet, row + 1, ("TT", "Mã xã", "Đơn vị", "Lần trước", "Lần này"))
    for at, change in enumerate(bridge.communes, row + 2):
        sheet.write_number(at, 0, at - row - 1, page.styles(align="center"))
        text(sheet, at, 1, change.commune, plain)
        text(sheet, at, 2, page.name(change.commune), plain)
        for column, status in ((3, change.before), (4, change.after)):
            _status(page, sheet, at, column, status, "Không có trong danh sách")
    return row + 2 + len(bridge.communes)


def _files(page: Page, sheet: Worksheet, links: Links, row: int, bridge: Bridge) -> int:
    plain, wrapped, linked = page.styles(), page.styles(text_wrap=True), page.styles(font_color=LINKED)
    wide, last_time = _WIDTHS[_FILE], sum(_WIDTHS[7:])
    section(page, sheet, row, f"TỆP THÊM, BỚT, ĐỔI ({len(bridge.files)})")
    _heads(page, sheet, row + 1, ("TT", "Mã xã", "Đơn vị", "Tệp", "Thay đổi", "Lần trước", "Lần này"))
    merged(sheet, row + 1, 7, row + 1, 10, "Tên lần trước", page.styles(bold=True, bg_color=HEAD, align="center"))
    for at, change in enumerate(bridge.files, row + 2):
        sheet.write_number(at, 0, at - row - 1, page.styles(align="center"))
        text(sheet, at, 1, change.commune, plain)
        link = link_column(change.file, _FILE, wide) if change.kind != "gone" else 0
        if link:
            links.add(at, link, in_file(page.folder, change.file), linked)
        text(sheet, at, 2, page.name(change.commune), linked if link == 2 else plain)
        text(sheet, at, _FILE, change.file, linked if link == _FILE else wrapped)
        text(sheet, at, 4, _KINDS[change.kind], page.styles(indent=1))
        _status(page, sheet, at, 5, change.status_before, "–")
        _status(page, sheet, at, 6, change.status, "–")
        before = change.before if change.kind == "renamed" else ""
        merged(sheet, at, 7, at, 10, before, wrapped)
        sheet.set_row(at, line_height((change.file, wide), (before, last_time)))
    return row + 2 + len(bridge.files)


def _cells(page: Page, sheet: Worksheet, links: Links, row: int, cells: Sequence[CellChange]) -> int:
    plain, linked = page.styles(), page.styles(font_color=LINKED)
    wrapped = page.styles(text_wrap=True)
    listed = cells[:MOST_CELLS]
    more = f", kể {len(listed)} ô đầu" if len(listed) < len(cells) else ""
    section(page, sheet, row, f"Ô SỐ LIỆU ĐÃ ĐỔI ({len(cells)}{more}; bấm vào ô để mở đúng chỗ trong tệp của xã)")
    heads = ("TT", "Mã xã", "Đơn vị", "Chỉ tiêu", "Dòng", "Trang", "Ô", "Ô lần trước")
    _heads(page, sheet, row + 1, (*heads, "Lần trước", "Lần này", "Chênh lệch"))
    for at, change in enumerate(listed, row + 2):
        indicator = page.form.indicator(change.key.indicator)
        label = "Tổng cộng" if change.key.row == TOTAL_ROW else change.key.row
        rate = indicator.kind == "rate"
        sheet.write_number(at, 0, at - row - 1, page.styles(align="center"))
        text(sheet, at, 1, change.commune, plain)
        text(sheet, at, 2, page.name(change.commune), plain)
        text(sheet, at, 3, indicator.name, wrapped)
        text(sheet, at, 4, label, wrapped)
        text(sheet, at, 5, change.sheet or change.sheet_before, plain)
        if change.cell:
            links.add(at, 6, in_file(page.folder, change.file, change.sheet, change.cell), linked)
        text(sheet, at, 6, change.cell or "–", linked if change.cell else plain)
        text(sheet, at, 7, _moved_from(change), plain)
        shown = page.styles(num_format="0.00%" if rate else "#,##0", align="right")
        for column, value, instead in ((8, change.before, change.text_before), (9, change.after, change.text)):
            number(sheet, at, column, value, shown, instead or BLANK)
        before, after = xl_rowcol_to_cell(at, 8), xl_rowcol_to_cell(at, 9)
        style = page.styles(num_format="+0.00%;−0.00%;0%" if rate else SIGNED, bold=True)
        difference = (change.after or 0) - (change.before or 0)
        live(
            sheet,
            at,
            10,
            f"SUM({after})-SUM({before})",
            difference if isinstance(difference, int) else float(difference),
            style,
        )
        sheet.set_row(at, line_height((indicator.name, _WIDTHS[3]), (label, _WIDTHS[4])))
    last = row + 1 + len(listed)
    sheet.autofilter(row + 1, 0, last, len(_WIDTHS) - 1)
    return last + 1


def _heads(page: Page, sheet: Worksheet, row: int, heads: Iterable[str]) -> None:
    style = page.styles(bold=True, bg_color=HEAD, align="center", text_wrap=True)
    for column, head in enumerate(heads):
        text(sheet, row, column, head, style)
    sheet.set_row(row, 24)


def _status(page: Page, sheet: Worksheet, row: int, column: int, status: str, none: str) -> None:
    look = {"bg_color": STATUS_FILLS[status]} if status else {"font_color": MUTED}
    text(sheet, row, column, STATUS_WORDS[status] if status else none, page.styles(**look))


def _moved_from(change: CellChange) -> str:
    """Where it stood last time, when that was elsewhere."""
    if not change.cell_before or (change.sheet_before, change.cell_before) == (change.sheet, change.cell):
        return ""
    return change.cell_before if change.sheet_before == change.sheet else f"{change.sheet_before}!{change.cell_before}"


def _name(page: Page, code: str) -> str:
    return page.name(code) or code


def _names(page: Page, codes: Sequence[str]) -> str:
    named = ", ".join(_name(page, code) for code in codes[:_NAMED])
    return f"{named} và {len(codes) - _NAMED} xã khác" if len(codes) > _NAMED else named
