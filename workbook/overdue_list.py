"""The list of late dossiers to be forwarded: the columns of the annex in use, no citizen's data, ready to print."""

from __future__ import annotations

from datetime import date, datetime, time
from io import BytesIO

from xlsxwriter.workbook import Workbook

from toolkit.form import Form
from toolkit.highlights import Highlights
from toolkit.records import Place
from toolkit.wording import show, show_date
from workbook.styles import DATE, Styles, fit_row, page, put

SHEET = "Quá hạn"
_COLUMNS = (
    ("STT", 6),
    ("Mã hồ sơ", 29),
    ("Ngày tiếp nhận", 14),
    ("Ngày hẹn trả", 14),
    ("Ngày có kết quả", 14),
    ("Đơn vị giải quyết", 26),
    ("Lý do/Ghi chú", 56),
)
_TITLE = "DANH SÁCH HỒ SƠ QUÁ HẠN, ĐANG QUÁ HẠN GIẢI QUYẾT"
_NOTHING = "Không có hồ sơ quá hạn."


def overdue_list(form: Form, told: Highlights, place: Place | None) -> bytes:
    """An .xlsx of the late dossiers, the open ones first. The same lines give the same bytes."""
    stream = BytesIO()
    workbook = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    created = datetime.combine(told.cutoff, time())
    workbook.set_properties({"title": _TITLE, "author": "tthc-toolkit", "created": created})
    style, sheet = Styles(workbook), workbook.add_worksheet(SHEET)
    page(sheet, landscape=True, title=_TITLE)
    for column, (_, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
    still = sum(line.group == "dang_qua_han" for line in told.late)
    unit = f"{place.kind} {place.name} ({place.code})" if place else ""
    done = len(told.late) - still
    counted = f"{show(still + done)} hồ sơ: {show(still)} đang quá hạn, {show(done)} đã giải quyết quá hạn"
    put(sheet, "A1", _TITLE, style("banner"))
    put(sheet, "A2", "; ".join(filter(None, (unit, f"tính đến hết ngày {show_date(told.cutoff)}", counted))), style())
    put(sheet, "A3", told.calendar, style("small", "muted"))
    header = 5
    for column, (label, _) in enumerate(_COLUMNS):
        put(sheet, f"{_letter(column)}{header}", label, style("head"))
    fit_row(sheet, header, *_COLUMNS)
    words, day, number = (
        style("box", "wrap", "top"),
        style("box", "center", "top", number=DATE),
        style("box", "center", "top"),
    )
    for n, line in enumerate(told.late, 1):
        row = header + n
        values: tuple[int | str | date | None, ...] = (
            n,
            line.name,
            line.received,
            line.due,
            line.end,
            line.unit,
            line.reason,
        )
        for column, value in enumerate(values):
            look = number if column == 0 else day if column in (2, 3, 4) else words
            put(sheet, f"{_letter(column)}{row}", value or None, look)
        fit_row(sheet, row, (line.name, 29), (line.unit, 26), (line.reason, 60))
    if not told.late:
        put(sheet, f"B{header + 1}", _NOTHING, style())
    sheet.freeze_panes(header, 0)
    sheet.repeat_rows(header - 1)
    sheet.autofilter(header - 1, 0, header + max(1, len(told.late)) - 1, len(_COLUMNS) - 1)
    workbook.define_name(f"{form.prefix}tong_hop", f"='{SHEET}'!$A$1")  # by which reading knows a result of ours
    workbook.close()
    return stream.getvalue()


def _letter(column: int) -> str:
    return "ABCDEFG"[column]
