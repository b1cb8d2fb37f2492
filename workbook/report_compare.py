"""The sheet of comparison: each commune beside its peers with exact limits, and a funnel chart for each share.

Numbers, rates and limits are live; the verdict is the toolkit's own, because it weighs all communes at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from toolkit.peers import FEWEST, LIMITS, LOOKS, Look, Standing, Verdict, standings
from workbook.report_funnel import draw, funnels, tall
from workbook.report_page import COMPARE, MUTED, SUMMARY, Links, Page, in_book, list_sheet, live, text
from workbook.report_summary import Cells
from workbook.report_totals import NONE

LOOK_NAMES = {
    "qua_han": "Quá hạn trong số đã giải quyết",
    "dang_qua_han": "Quá hạn trong số đang giải quyết",
    "truc_tuyen": "Nộp trực tuyến trong số nộp mới",
}
VERDICTS: Mapping[Verdict, str] = {
    "higher": "Cao hơn mức ngẫu nhiên giải thích được",
    "lower": "Thấp hơn mức ngẫu nhiên giải thích được",
    "watch": "Hơi lệch, có thể do ngẫu nhiên",
    "within": "Trong giới hạn",
    "few": "Chưa đủ hồ sơ để nói",
    "alone": "Chưa đủ đơn vị để so sánh",
    "unknown": "Chưa đủ số liệu",
}
PROVINCE = "Cả tỉnh"
_FILLS: Mapping[Verdict, str] = {"higher": "#F8DCD8", "lower": "#DCE9F5", "watch": "#FBEBCB"}
_HEADS: tuple[str, ...] = (
    "TT",
    "Tỷ lệ so sánh",
    "Mã xã",
    "Đơn vị",
    "So với",
    "Tổng số hồ sơ",
    "Trong đó",
    "Tỷ lệ",
    "Mức chung",
)
_HEADS += ("95%: từ", "đến", "99,8%: từ", "đến", "Kết luận")
_WIDTHS = (5, 30, 7.5, 25, 10, 10, 10, 9, 9, 9, 9, 9, 9, 38)
_N, _K, _RATE, _PEERS, _BANDS, _VERDICT = 5, 6, 7, 8, 9, 13  # columns
_ABOUT = (
    "Mỗi xã so với các đơn vị cùng loại (dưới {fewest} đơn vị thì so với cả tỉnh). Giới hạn là số hồ sơ mà chỉ ngẫu "
    "nhiên cũng gặp với số hồ sơ của xã đó (phân phối nhị thức, tính đúng).",
    "“Cao hơn” hay “thấp hơn” nghĩa là có điều gì khác, không phải là ai có lỗi: địa bàn, loại hồ sơ, cách đếm đều có "
    "thể là lý do. Kết luận đã tính việc xem nhiều xã cùng lúc (Holm, 1%).",
)
_DIFFERENT = (
    "“{name}”: {outside}/{of} đơn vị nằm ngoài, tức là các đơn vị vốn rất khác nhau; xem những đơn vị xa nhất trước."
)
_MANY = 1 / 3
_CHARTS, _RIGHT = 5, 7  # row of the first chart, column of the charts on the right


def compare_sheet(page: Page, cells: Cells) -> None:
    standing = standings(page.summary)
    looks = {look.id: look for look in LOOKS}
    shown = funnels(standing)
    head = _CHARTS + tall(shown) * -(-len(shown) // 2) + 1
    title = "SO SÁNH GIỮA CÁC ĐƠN VỊ: lệch bao nhiêu thì không còn là ngẫu nhiên"
    sheet, links = list_sheet(page, COMPARE, title, _HEADS, _WIDTHS, head=head, freeze=False)
    muted = page.styles(plain=True, italic=True, font_color=MUTED, font_size=10)
    for row, words in enumerate((*_ABOUT, _spread(standing)), 2):
        text(sheet, row, 0, words.format(fewest=FEWEST), muted)
    if not standing:
        text(sheet, head + 1, 0, "Chưa có số liệu để so sánh.", page.styles(plain=True))
        return
    first, last = head + 1, head + len(standing)
    for row, s in enumerate(standing, first):
        _line(page, sheet, links, row, row - first + 1, s, looks[s.look], cells, (first, last))
    sheet.autofilter(head, 0, last, len(_HEADS) - 1)
    sheet.set_h_pagebreaks([head])
    sheet.print_area(0, 0, last, len(_HEADS) - 1)
    for number, funnel in enumerate(shown):
        at = _CHARTS + tall(shown) * (number // 2), 0 if number % 2 == 0 else _RIGHT
        name = f"{LOOK_NAMES[funnel.look]} – {funnel.peers or PROVINCE}"
        draw(page, sheet, funnel, number, at, name, first, (_N, _RATE, _PEERS), tall(shown), limits)


def _line(
    page: Page,
    sheet: Worksheet,
    links: Links,
    row: int,
    number: int,
    s: Standing,
    look: Look,
    cells: Cells,
    rows: tuple[int, int],
) -> None:
    plain, count = page.styles(), page.styles(num_format="#,##0")
    percent = page.styles(num_format="0.00%")
    peers = NONE if s.peers is None else s.peers or PROVINCE
    sheet.write_number(row, 0, number, page.styles(align="center"))
    text(sheet, row, 1, LOOK_NAMES.get(s.look, s.look), plain)
    text(sheet, row, 2, s.commune, plain)
    links.add(row, 3, in_book(SUMMARY, cells.rows[s.commune]), page.styles(font_color="#1F4E79"))
    text(sheet, row, 3, page.name(s.commune), page.styles(font_color="#1F4E79"))
    text(sheet, row, 4, peers, page.styles(align="center"))
    for column, ids, now in ((_N, look.among, s.n), (_K, look.hits, s.k)):
        if now is None:
            text(sheet, row, column, NONE, page.styles(align="right"))
        else:
            live(sheet, row, column, "+".join(cells.of(i, s.commune) for i in ids), now, count)
    n, k, p = (xl_rowcol_to_cell(row, c) for c in (_N, _K, _PEERS))
    fits = s.n is not None and s.k is not None and s.n > 0
    if fits:
        live(sheet, row, _RATE, f"{k}/{n}", (s.k or 0) / (s.n or 1), percent)
    else:
        text(sheet, row, _RATE, NONE, page.styles(align="right"))
    if s.rate is None:
        for column in range(_PEERS, _VERDICT):
            text(sheet, row, column, NONE, page.styles(align="right"))
    else:
        live(sheet, row, _PEERS, _pooled(row, s, rows), s.rate, percent)
        for at, (risk, band) in enumerate(zip(LIMITS, s.bands, strict=True)):
            low, high = limits(n, p, risk)
            live(sheet, row, _BANDS + 2 * at, low, band.low, count)
            live(sheet, row, _BANDS + 2 * at + 1, high, band.high, count)
    fill = _FILLS.get(s.verdict)
    look_of = {"bg_color": fill, "bold": s.verdict != "watch"} if fill else {}
    style = page.styles(indent=1, **look_of)
    text(sheet, row, _VERDICT, VERDICTS[s.verdict], style)


def limits(n: str, rate: str, risk: float) -> tuple[str, str]:
    """Least and greatest number in ``n`` that chance explains, as Excel text (CRITBINOM: also before Excel 2010)."""
    inside = 1 - risk / 2
    return (
        f"IF(OR({rate}<=0,{rate}>=1),{n}*{rate},{n}-CRITBINOM({n},1-{rate},{inside}))",
        f"IF(OR({rate}<=0,{rate}>=1),{n}*{rate},CRITBINOM({n},{rate},{inside}))",
    )


def _spread(standing: Sequence[Standing]) -> str:
    """A word of caution where so many communes lie outside that they differ by nature."""
    out = []
    for look, name in LOOK_NAMES.items():
        verdicts = [s.verdict for s in standing if s.look == look and s.rate is not None]
        outside = sum(v in ("higher", "lower") for v in verdicts)
        if verdicts and outside > _MANY * len(verdicts):
            out.append(_DIFFERENT.format(name=name, outside=outside, of=len(verdicts)))
    return " ".join(out)


def _pooled(row: int, s: Standing, rows: tuple[int, int]) -> str:
    """The rate of the peers: their hits over their number, of those that are compared at all."""

    def area(column: int) -> str:
        first, last = (xl_rowcol_to_cell(r, column, True, True) for r in rows)
        return f"{first}:{last}"

    look, peers = xl_rowcol_to_cell(row, 1), xl_rowcol_to_cell(row, 4)
    among = peers if s.peers else f'"<>{NONE}"'
    sums = (f"SUMIFS({area(c)},{area(1)},{look},{area(4)},{among})" for c in (_K, _N))
    return "/".join(sums)
