"""Export files made the way one-door systems make them, each with what an import must make of it.

Headings are those met in real systems; people, codes and dates are invented. A cell is a text as the system prints it,
a date, or a number; ``html``, ``csv``, ``xlsx``, ``xml_2003`` write a table of them, ``convert`` lets LibreOffice write
an .xls or .ods from an .xlsx.
"""

from __future__ import annotations

import html as markup
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

from office import saved
from xlsxwriter import Workbook

Cell = str | float | date
Table = Sequence[Sequence[Cell]]

IGATE = ["STT", "Số hồ sơ", "Tên thủ tục hành chính", "Tên lĩnh vực", "Ngày tiếp nhận", "Ngày hẹn trả",
         "Ngày kết thúc xử lý", "Cơ quan/đơn vị", "Chủ hồ sơ", "Số điện thoại", "Cán bộ xử lý hiện tại",
         "Trạng thái hồ sơ"]  # fmt: skip
THANH_HOA = ["STT", "Đơn vị tiếp nhận", "Người tiếp nhận", "Lĩnh vực", "Tên thủ tục hành chính / Nội dung hồ sơ",
             "Mã hồ sơ", "Trạng thái", "Địa chỉ", "Người nộp", "Chủ hồ sơ", "Ngày nộp hồ sơ", "Ngày nhận",
             "Ngày hẹn trả", "Ngày kết thúc xử lý", "Đơn vị/ cá nhân giải quyết", "Lý do xin rút/ trả lại",
             "Số điện thoại", "Mã vận đơn bưu điện"]  # fmt: skip
LAND_TOOL = ["Mã hồ sơ", "Loại biến động", "Ngày nhận hồ sơ", "Ngày trả kết quả", "CHỦ SỬ DỤNG", "CCCD", "GHI CHÚ"]
CHON_THANH = ["MÃ HỒ SƠ", "CHỦ SỬ DỤNG", "SỐ ĐIỆN THOẠI", "CCCD", "ĐỊA CHỈ", "XÃ PHƯỜNG", "NHÓM", "TỜ", "THỬA",
              "DIỆN TÍCH", "LOẠI HỒ SƠ", "NỘI DUNG", "NGÀY TIẾP NHẬN", "NGÀY HẸN TRẢ", "NGÀY GIAO NV",
              "NGÀY HOÀN THÀNH", "TRẠNG THÁI", "NGƯỜI XỬ LÝ"]  # fmt: skip
SYNC = ["MaHoSo", "MaTTHC", "NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy", "NgayTra", "KenhThucHien",
        "NgayYeuCauBoSung"]  # fmt: skip

PRIVATE = ("Nguyễn Văn Bí", "Lò Thị Mật", "0912345678", "051099001234", "Thôn Kín, xã Đáo")
"""What must reach no message: two people, a phone number, a CCCD, an address."""

OWNER, OTHER_OWNER, PHONE, CCCD, ADDRESS = PRIVATE
TODAY = "Quảng Ngãi, ngày 25 tháng 9 năm 2025"


def code(day: date, serial: int) -> str:
    return f"000.17.22.H56-{day:%y%m%d}-{serial:04d}"


def igate_row(n: int, received: str, due: str, done: str, status: str, serial: int | None = None) -> list[Cell]:
    """One line of an iGate export; the code's date is that of receipt."""
    day = datetime.strptime(received[:10], "%d/%m/%Y").date()
    return [str(n), code(day, serial or n), "Đăng ký khai sinh", "Hộ tịch", received, due, done, "UBND xã Đáo",
            OWNER, PHONE, "Phạm Cán Bộ", status]  # fmt: skip


IGATE_ROWS: list[list[Cell]] = [
    igate_row(1, "01/07/2025 08:15:30", "02/07/2025 17:00:00", "02/07/2025 09:00:00", "Đã trả kết quả"),
    igate_row(2, "15/07/2025 14:02:00", "18/07/2025 17:00:00", "21/07/2025 10:30:00", "Đã xử lý xong"),
    igate_row(3, "24/09/2025 09:00:00", "29/09/2025 17:00:00", "", "Đang xử lý"),
]
IGATE_SECRET = igate_row(99, "01/08/2025", "02/08/2025", "", "Đang xử lý")
IGATE_TITLE: list[list[Cell]] = [
    ["ỦY BAN NHÂN DÂN XÃ ĐÁO"],
    ["DANH SÁCH HỒ SƠ"],
    ["Từ ngày 01/07/2025 đến ngày 25/09/2025"],
    [],
]
IGATE_FOOT: list[list[Cell]] = [
    ["", "Tổng cộng: 3 hồ sơ"],
    [],
    ["", "", "", "", "", "", "", "", TODAY],
    ["", "Người lập biểu", "", "", "", "", "", "", "Thủ trưởng đơn vị"],
    ["", OTHER_OWNER],
]
IGATE_FULL: list[list[Cell]] = [*IGATE_TITLE, [*IGATE], *IGATE_ROWS, *IGATE_FOOT]


def html(table: Table, *, charset: str = "", encoding: str = "utf-8", header: int = -1) -> bytes:
    """An HTML table as systems save it under the name of .xls; titles span all columns, tags in their own style."""
    width = max(map(len, table))
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">' if charset else ""
    rows = []
    for n, row in enumerate(table):
        tag = "th" if n == header else "td"
        if len(row) == 1:
            rows.append(f'<TR><TD colspan="{width}" align=center><b>{_shown(row[0])}</b></TD></TR>')
        else:
            rows.append("<tr>" + "".join(f'<{tag} class="xl{n}">{_shown(cell)}</{tag}>' for cell in row) + "</tr>")
    page = f"<html><head>{meta}<style>td {{ mso-number-format:'\\@' }}</style></head><body>\n"
    text = f"{page}<table border=1 cellspacing='0'>\n" + "\n".join(rows) + "\n</table></body></html>"
    return to_cp1258(text) if encoding == "cp1258" else text.encode(encoding)


def csv(table: Table, delimiter: str = ",", encoding: str = "utf-8-sig", newline: str = "\r\n") -> bytes:
    def cell(value: Cell) -> str:
        text = _plain(value)
        return '"' + text.replace('"', '""') + '"' if any(c in text for c in f'{delimiter}"\n') else text

    text = newline.join(delimiter.join(map(cell, row)) for row in table) + newline
    return to_cp1258(text) if encoding == "cp1258" else text.encode(encoding)


def xlsx(table: Table, *, merged: Sequence[str] = (), hidden: bool = False, sheets: Sequence[Table] = ()) -> bytes:
    """Text as text, dates as dates of Excel, numbers as numbers."""
    out = BytesIO()
    book = Workbook(out, {"in_memory": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    for number, some in enumerate((table, *sheets)):
        sheet = book.add_worksheet(f"Trang {number + 1}")
        for at, row in enumerate(some):
            for column, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(at, column, value, moment)
                elif isinstance(value, date):
                    sheet.write_datetime(at, column, datetime(value.year, value.month, value.day), day)
                elif isinstance(value, str):
                    sheet.write_string(at, column, value)
                else:
                    sheet.write_number(at, column, value)
        if not number:
            for area in merged:
                first = area.partition(":")[0]
                row_, column_ = int(first[1:]) - 1, ord(first[0]) - ord("A")
                sheet.merge_range(area, table[row_][column_] if column_ < len(table[row_]) else "")
    if hidden:
        secret = book.add_worksheet("Trang ẩn")
        for at, row in enumerate((IGATE, IGATE_SECRET)):
            secret.write_row(at, 0, row)
        secret.hide()
    book.close()
    return out.getvalue()


def xml_2003(table: Table) -> bytes:
    """An XML spreadsheet as Excel 2003 wrote it."""
    rows = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{_shown(cell)}</Data></Cell>' for cell in row) + "</Row>"
        for row in table
    )
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        f'<Workbook xmlns="{space}" xmlns:ss="{space}">'
        f'<Worksheet ss:Name="DS"><Table>{rows}</Table></Worksheet></Workbook>'
    ).encode()


def convert(folder: Path, source: bytes, kind: str) -> bytes:
    """An .xlsx as LibreOffice saves it in another format: "xls" (BIFF8) or "ods"."""
    return saved(folder / kind, source, kind=kind)[0]


def to_cp1258(text: str) -> bytes:
    """Windows for Vietnamese: base letters in one piece, tones apart."""
    out = bytearray()
    for letter in unicodedata.normalize("NFC", text):
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            apart = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in apart[1:] if mark in "\u0300\u0301\u0303\u0309\u0323")
            base = unicodedata.normalize("NFC", apart.replace(tone, ""))
            out += base.encode("cp1258") + tone.encode("cp1258")
    return bytes(out)


def nfd(table: Table) -> list[list[Cell]]:
    return [[unicodedata.normalize("NFD", c) if isinstance(c, str) else c for c in row] for row in table]


def american(text: str) -> Cell:
    """What Excel in an American locale makes of a day: 05/09/2025 becomes 9 May, 25/09/2025 stays text."""
    day, month, year = int(text[:2]), int(text[3:5]), int(text[6:10])
    return date(year, day, month) if day <= 12 else text


def _plain(value: Cell) -> str:
    if isinstance(value, str):
        return value
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else f"{value:g}"


def _shown(value: Cell) -> str:
    return markup.escape(_plain(value))
