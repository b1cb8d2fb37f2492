"""The sheet of submission: a line per expected commune, with what came, when, how it stands and what to do.

Late or on time is told only from a list of received days, never from a file's own time stamp.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from toolkit.records import FileOutcome, Place, Severity
from toolkit.wording import show_date, show_period
from workbook.report_accounts import (
    CODE_COLUMN,
    LIST_FIRST,
    PROGRESS_FIRST,
    SEVERITY_COLUMN,
    TIMELY_COLUMN,
    column_of,
    communes_line,
    statuses,
)
from workbook.report_page import (
    FINDINGS,
    HEAD,
    INDENT,
    LINKED,
    LONGEST_FILE,
    MUTED,
    PROGRESS,
    SEVERITY_WORDS,
    STATUS_FILLS,
    STATUS_WORDS,
    SUMMARY,
    Links,
    Page,
    file_width,
    in_book,
    in_file,
    line_height,
    link_column,
    list_sheet,
    live,
    text,
)
from workbook.report_summary import Cells

ON_TIME, LATE = "Đúng hạn", "Nộp muộn"
_HEADS: tuple[str, ...] = (
    "TT",
    "Mã xã",
    "Đơn vị",
    "Loại",
    "Tình trạng",
    "Tệp",
    "Ngày nhận",
    "So với hạn",
    "Muộn (ngày)",
)
_HEADS += ("Kỳ của báo cáo", "Lỗi", "Cảnh báo", "Lý do", "Cần làm gì")
_WIDTHS = (4, 7, 22, 8, 10.5, 29.0, 11, 10.5, 7, 21, 5.5, 7, 36.5, 29.5)
_FILE = 5  # column of file names
_SEVERITIES: tuple[tuple[int, Severity], ...] = ((10, "error"), (11, "warning"))  # columns
_DAY = "dd/mm/yyyy"
_DEADLINE = (5, 4)  # cell of the deadline
_REMIND = "Nhắc nộp; chưa có tệp nào."  # one line: early in a period most communes have it
_NO_LIST = "Ngày nhận lần đầu, theo danh sách ngày nhận của tỉnh; không có trong danh sách thì để trống."


def progress_sheet(page: Page, cells: Cells) -> None:
    summary = page.summary
    wide = file_width((o.file for o in summary.outcomes), _WIDTHS[_FILE], LONGEST_FILE)
    widths = (*_WIDTHS[:_FILE], wide, *_WIDTHS[_FILE + 1 :])
    sheet, links = list_sheet(page, PROGRESS, "TIẾN ĐỘ NỘP BÁO CÁO", _HEADS, widths, head=PROGRESS_FIRST - 1)
    live(sheet, 2, 0, *communes_line(page), page.styles(plain=True, bold=True))
    _counts(page, sheet)
    files: dict[str, list[FileOutcome]] = defaultdict(list)
    for outcome in summary.outcomes:
        files[outcome.commune].append(outcome)
    file_of = {o.file: o.commune for o in summary.outcomes}
    found = Counter((file_of.get(file, ""), f.severity) for file, f in summary.findings)
    for number, place in enumerate(summary.places, 1):
        _commune(page, sheet, links, PROGRESS_FIRST + number - 1, place, files[place.code], cells, wide)
        row = PROGRESS_FIRST + number - 1
        sheet.write_number(row, 0, number, page.styles(align="center"))
        code = xl_rowcol_to_cell(row, 1, col_abs=True)
        lists = [column_of(FINDINGS, c, LIST_FIRST, len(summary.findings)) for c in (CODE_COLUMN, SEVERITY_COLUMN)]
        for column, severity in _SEVERITIES:
            formula = f'COUNTIFS({lists[0]},{code},{lists[1]},"{SEVERITY_WORDS[severity]}")'
            live(
                sheet, row, column, formula, found[place.code, severity], page.styles(num_format="0;;", align="center")
            )
    last = PROGRESS_FIRST + max(len(summary.places), 1) - 1
    sheet.autofilter(PROGRESS_FIRST - 1, 0, last, len(_HEADS) - 1)


def _counts(page: Page, sheet: Worksheet) -> None:
    """Above the list: how many of each status, how many in time, and the deadline, which may be changed here."""
    summary = page.summary
    head, number = page.styles(bold=True, bg_color=HEAD, align="center"), page.styles(bold=True, align="center")
    for column, (status, (formula, now)) in enumerate(statuses(page).items(), 2):
        fill = STATUS_FILLS[status]
        text(sheet, 3, column, STATUS_WORDS[status], page.styles(bold=True, bg_color=fill, align="center"))
        live(sheet, 4, column, formula, now, number)
    timely = column_of(PROGRESS, TIMELY_COLUMN, PROGRESS_FIRST, len(summary.places))
    days = [_days(page, p.code) for p in summary.places]
    for column, word, now in (
        (6, ON_TIME, sum(d is not None and d <= 0 for d in days)),
        (7, LATE, sum(d is not None and d > 0 for d in days)),
    ):
        text(sheet, 3, column, word, head)
        live(sheet, 4, column, f'COUNTIF({timely},"{word}")', now, number)
    row, column = _DEADLINE
    text(sheet, row, column - 2, "Hạn nộp báo cáo:", page.styles(plain=True, bold=True))
    style = page.styles(num_format=_DAY, bg_color="#FFFDF0", align="center", bold=True)
    if summary.deadline:
        sheet.write_datetime(row, column, summary.deadline, style)
    else:
        sheet.write_blank(row, column, None, style)
    text(sheet, row, column + 1, _NO_LIST, page.styles(plain=True, italic=True, font_color=MUTED, font_size=10))


def _commune(
    page: Page,
    sheet: Worksheet,
    links: Links,
    row: int,
    place: Place,
    files: list[FileOutcome],
    cells: Cells,
    wide: float,
) -> None:
    summary, plain = page.summary, page.styles()
    wrapped, linked = page.styles(text_wrap=True, indent=1), page.styles(font_color=LINKED)
    status = summary.commune_status[place.code]
    counting = _counting(page, place.code, files)
    others = [o for o in files if o is not counting]
    reason = counting.reason if counting and status != "merged" else ""
    if others:
        more = "; ".join(f"{o.file} ({STATUS_WORDS[o.status].lower()})" for o in others)
        reason = f"{reason} Tệp khác: {more}.".strip()
    fix = _REMIND if status == "missing" else counting.fix if counting and status != "merged" else ""
    filing = summary.filings.get(place.code)
    name = counting.file if counting else ""
    text(sheet, row, 1, place.code, plain)
    if place.code in cells.rows:
        links.add(row, 2, in_book(SUMMARY, cells.rows[place.code]), linked)
    text(sheet, row, 2, page.name(place.code), page.styles(font_color=LINKED, text_wrap=True))
    text(sheet, row, 3, place.kind, plain)
    at = link_column(name, _FILE, wide)
    if name:
        links.add(row, at, in_file(page.folder, name), linked)
    look = {"bg_color": STATUS_FILLS[status], "align": "center"} | ({} if at == _FILE else {"font_color": LINKED})
    text(sheet, row, 4, STATUS_WORDS[status], page.styles(**look))
    text(sheet, row, _FILE, name, linked if at == _FILE else page.styles(text_wrap=True))
    received, *again = summary.arrived.get(place.code, ()) or (None,)
    if again:
        reason = f"{reason} Gửi lại ngày {', '.join(map(show_date, again))}.".strip()
    elif received is None and name in summary.received:  # what cannot be read has not come in
        reason = f"{reason} Tệp này nhận ngày {show_date(summary.received[name])}.".strip()
    day = page.styles(num_format=_DAY, align="center")
    if received:
        sheet.write_datetime(row, 6, received, day)
    else:
        sheet.write_blank(row, 6, None, day)
    came, due = xl_rowcol_to_cell(row, 6), xl_rowcol_to_cell(*_DEADLINE, True, True)
    days = _days(page, place.code)
    late = f'IF({came}>{due},"{LATE}","{ON_TIME}")'
    word = None if days is None else LATE if days > 0 else ON_TIME
    live(sheet, row, 7, f'IF(COUNT({came},{due})<2,"",{late})', word, page.styles(align="center"))
    value = None if days is None else max(days, 0)
    live(sheet, row, 8, f'IF(COUNT({came},{due})<2,"",MAX(0,{came}-{due}))', value, page.styles(align="center"))
    text(sheet, row, 9, show_period(filing.period) if filing and filing.period else "", plain)
    text(sheet, row, 12, reason, wrapped)
    text(sheet, row, 13, fix, wrapped)
    tall = [(reason, _WIDTHS[12] - INDENT), (fix, _WIDTHS[13] - INDENT), (page.name(place.code), _WIDTHS[2])]
    sheet.set_row(row, line_height((name, wide), *tall, least=17))


def _counting(page: Page, code: str, files: list[FileOutcome]) -> FileOutcome | None:
    """The file of a commune that its status rests on; None when none came."""
    status = page.summary.commune_status[code]
    filing = page.summary.filings.get(code)
    of = [o for o in files if o.status == status and (filing is None or o.file == filing.file)]
    return of[0] if of else None


def _days(page: Page, code: str) -> int | None:
    """Days after the deadline at which the first report of a commune that can be read came; None: not known."""
    summary = page.summary
    days = summary.arrived.get(code)
    return (days[0] - summary.deadline).days if days and summary.deadline else None
