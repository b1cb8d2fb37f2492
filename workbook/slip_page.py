"""A return slip as a page (XlsxWriter): A4 landscape, one page unless the errors alone need more, ready to print.

The list of all slips of a run is made here too. Both carry the name by which reading knows a result of ours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time
from io import BytesIO
from typing import NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from toolkit.form import Form
from toolkit.records import Period
from toolkit.return_words import closing, due, period, status, title, where
from toolkit.returns import Line, Slip
from toolkit.wording import LIST_SHEET, RETURN_SEVERITY, RETURNS, fill
from workbook.plain_sheet import PlainSheet
from workbook.styles import ROW, Styles, clip, fit_row, merge, page, put, row_height

SHEET, INDEX_SHEET = "Phiếu", "Danh sách phiếu"
TITLE = "PHIẾU ĐỀ NGHỊ RÀ SOÁT SỐ LIỆU"
INDEX_TITLE = "DANH SÁCH PHIẾU ĐỀ NGHỊ RÀ SOÁT SỐ LIỆU"
FOOT = "Phiếu do bộ công cụ lập từ số liệu đã nhận, để trao đổi nghiệp vụ; không phải văn bản hành chính."
_COLUMNS = (
    ("STT", 5),
    ("Mức độ", 9),
    ("Vị trí", 14),
    ("Số liệu", 25),
    ("Đang ghi", 12),
    ("Vì sao", 44),
    ("Đề xuất", 16),
    ("Việc cần làm", 33),
)
_INDEX_COLUMNS = (
    ("STT", 5),
    ("Mã", 8),
    ("Đơn vị", 28),
    ("Tình trạng", 50),
    ("Phải sửa", 8),
    ("Cần xem", 8),
    ("Phiếu", 42),
    ("Ghi chú", 26),
)
_HIDDEN = 6  # columns: the names of the files, and what their bytes were
_WIDTH = sum(width for _, width in _COLUMNS)
_PAGE = 560.0  # points of rows that fit a landscape A4 once the columns are scaled to its width
_LONGEST = 600  # characters of one cell
_LOOKS = {"errors": "wrong", "warnings": "warn", "off_period": "warn", "returned": "wrong", "missing": "total"}
_SEVERITIES = {"error": "wrong", "warning": "warn", "info": "total"}
_LETTERS = "ABCDEFGH"
_WORD = re.compile(r"(\S{30})(?=\S)")


class Entry(NamedTuple):
    """A line of the list of slips."""

    slip: Slip
    files: tuple[str, ...]  # page, message, file to mend; "" when there is none
    note: str
    digests: tuple[str, ...]  # SHA-256 of each file as we wrote it; "" when there is none


def slip_page(form: Form, slip: Slip, mend: str) -> bytes:
    """The page of one slip. ``mend``: name of the file that goes with it. The same slip gives the same bytes."""
    stream = BytesIO()
    workbook, style = _book(stream, f"{TITLE}: {title(slip)}", slip.period)
    sheet = workbook.add_worksheet(SHEET)
    page(sheet, landscape=True, title=FOOT)
    for column, (_, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
    received = [fill(RETURNS["tep"], {"tep": slip.file})] if slip.file else []
    used = _across(sheet, 1, TITLE, style("title"), least=26)
    used += _across(sheet, 2, title(slip), style("bold", "center"))
    used += _across(sheet, 3, ". ".join([_upper(period(slip)), *received]), style("center", "wrap"))
    stands = style("bold", "center", "wrap", _LOOKS[slip.status])
    used += _across(sheet, 4, f"{_upper(status(slip))}.", stands, least=22)
    row = 5
    if due(slip):
        used += _across(sheet, row, due(slip), style("bold", "center"))
        row += 1
    header = row + 1
    for column, (label, _) in enumerate(_COLUMNS):
        put(sheet, f"{_LETTERS[column]}{header}", label, style("head"))
    below = [text for text in closing(slip, mend) if text != due(slip)]
    used += 2 * ROW + sum(_height(text) for text in below) + 2 * ROW
    shown = _fitting(slip.lines, _PAGE - used) if slip.mend == "marked" else slip.lines  # the rest stands in the copy
    for n, line in enumerate(shown, 1):
        _line(sheet, header + n, n, line, style)
    row = header + len(shown) + 1
    if left := len(slip.lines) - len(shown):
        below.insert(0, fill(RETURNS["con_lai"], {"n": left, "trang": LIST_SHEET, "tep": mend}))
    for text in below:
        row += 1
        _across(sheet, row, text, style("wrap", "top"))
    sheet.repeat_rows(header - 1)
    sheet.print_area(0, 0, row - 1, len(_COLUMNS) - 1)
    return _closed(form, workbook, stream, SHEET)


def index_page(form: Form, asked: Period, entries: Sequence[Entry], unbothered: int) -> bytes:
    """Who gets what. ``unbothered``: communes without a slip. Hidden beside it: what each file's bytes were."""
    stream = BytesIO()
    workbook, style = _book(stream, INDEX_TITLE, asked)
    sheet = workbook.add_worksheet(INDEX_SHEET)
    page(sheet, landscape=True, title=FOOT)
    for column, (_, width) in enumerate(_INDEX_COLUMNS):
        sheet.set_column(column, column, width)
    put(sheet, "A1", INDEX_TITLE, style("banner"))
    wrong = sum(entry.slip.status == "errors" for entry in entries)
    counted = f"{len(entries)} đơn vị có phiếu ({wrong} phải sửa lỗi); {unbothered} đơn vị không có gì phải sửa."
    put(sheet, "A2", counted, style())
    header = 4
    for column, (label, _) in enumerate(_INDEX_COLUMNS):
        put(sheet, f"{_LETTERS[column]}{header}", label, style("head"))
    plain, middle = style("box", "wrap", "top"), style("box", "center", "top")
    for row, entry in enumerate(entries, header + 1):
        slip = entry.slip
        unit = f"{slip.place.kind} {slip.place.name}"
        looks = (middle, middle, plain, style("box", "wrap", "top", _LOOKS[slip.status]), middle, middle)
        values: list[int | str] = [row - header, slip.place.code, unit, _upper(status(slip))]
        values += [slip.count("error"), slip.count("warning"), entry.files[0], entry.note]
        for letter, value, look in zip(_LETTERS, values, (*looks, style("box", "top", "link"), plain), strict=True):
            put(sheet, f"{letter}{row}", value or None, look)
        sheet.write_url(f"G{row}", f"external:{entry.files[0]}", style("box", "top", "link"), entry.files[0])
        for column, text in enumerate((*entry.files, *entry.digests), len(_INDEX_COLUMNS)):
            sheet.write_string(row - 1, column, text)
        fit_row(sheet, row, *((str(v), w) for v, (_, w) in zip(values, _INDEX_COLUMNS, strict=True)))
    sheet.set_column(len(_INDEX_COLUMNS), len(_INDEX_COLUMNS) + _HIDDEN - 1, None, None, {"hidden": True})
    last = max(header + len(entries), header + 1)
    sheet.autofilter(header - 1, 0, last - 1, len(_INDEX_COLUMNS) + _HIDDEN - 1)  # what is hidden moves along
    sheet.freeze_panes(header, 3)
    sheet.repeat_rows(header - 1)
    return _closed(form, workbook, stream, INDEX_SHEET)


def _book(stream: BytesIO, name: str, asked: Period) -> tuple[Workbook, Styles]:
    workbook = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    workbook.worksheet_class = PlainSheet
    created = datetime.combine(asked.end, time())
    workbook.set_properties({"title": name, "author": "tthc-toolkit", "created": created})
    return workbook, Styles(workbook)


def _closed(form: Form, workbook: Workbook, stream: BytesIO, sheet: str) -> bytes:
    workbook.define_name(f"{form.prefix}tong_hop", f"='{sheet}'!$A$1")
    workbook.close()
    return stream.getvalue()


def _across(sheet: Worksheet, row: int, text: str, style: Format, least: float = ROW) -> float:
    """A text over the whole width; the height of its row."""
    merge(sheet, f"A{row}:{_LETTERS[len(_COLUMNS) - 1]}{row}", text, style)
    fit_row(sheet, row, (text, _WIDTH), least=least)
    return max(least, _height(text))


def _height(text: str) -> float:
    return row_height((text, _WIDTH))


def _line(sheet: Worksheet, row: int, number: int, line: Line, style: Styles) -> None:
    words, middle = style("box", "wrap", "top"), style("box", "center", "top", "wrap")
    mark = style("box", "center", "top", "wrap", "bold", _SEVERITIES[line.severity])
    value = style("box", "center", "top", "wrap", "bold") if line.certain else words
    for letter, cell, look in zip(
        _LETTERS, _cells(number, line), (middle, mark, words, words, middle, words, value, words), strict=False
    ):
        put(sheet, f"{letter}{row}", cell or None, look)
    fit_row(sheet, row, *_fields(line))


def _cells(number: int, line: Line) -> tuple[int | str, ...]:
    texts = (where(line), line.label, line.written or "", line.why, line.proposed, line.fix)
    return (number, RETURN_SEVERITY[line.severity], *(clip(text, _LONGEST) for text in texts))


def _fields(line: Line) -> list[tuple[str, float]]:
    """What decides the height of a row: texts, a word that is wider than any column in pieces, and their widths."""
    shown = (_WORD.sub(r"\1 ", str(cell)) for cell in _cells(0, line))
    return [(text, width) for text, (_, width) in zip(shown, _COLUMNS, strict=True)]


def _fitting(lines: Sequence[Line], room: float) -> Sequence[Line]:
    """Every error, and of the others, in their order, what fits."""
    shown: list[Line] = []
    for line in lines:
        room -= row_height(*_fields(line))
        if line.severity != "error" and room < 0:
            break
        shown.append(line)
    return shown


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
