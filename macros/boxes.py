"""What a message box says: the result of a job as a title and a few lines, the three numbers that matter among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from toolkit.records import Finding, Summary
from toolkit.wording import LIVE_LOG, LOG_SHEET, STANDINGS, STATUSES, show
from workbook.forms import REGISTER, load_form
from workbook.live_jobs import Done, Jump

NUMBERS = {
    "error": "lỗi phải sửa",
    "warning": "cảnh báo",
    "info": "ghi chú",
    "restored": "ô đã trả lại",
    "overtyped": "ô bị gõ đè",
    "blank": "ô bị xóa",
    "filled": "ô đã điền 0",
    "sheets": "trang có ô được điền",
    "locked": "trang có mật khẩu, để nguyên",
    "unpainted": "ô đã bỏ màu",
    "removed": "trang kết quả đã bỏ",
    "written": "ô đã ghi",
    "dang_qua_han": "hồ sơ quá hạn chưa xong",
    "qua_han": "hồ sơ xong muộn",
    "sap_den_han": "hồ sơ sắp đến hạn",
    "other": "ô đang có số khác, chưa thay",
    "unplaced": "hồ sơ chưa xếp được vào biểu",
    "added": "hồ sơ mới",
    "changed": "hồ sơ được cập nhật",
    "total": "hồ sơ trong sổ",
    "kept": "ô đã có người sửa sau đó, để nguyên",
}
"""Words beside the numbers of ``live_jobs.Numbers``."""

_TITLES = {**LIVE_LOG, "clear": "Xóa đánh dấu"}
_TOLD = 3  # findings that a box repeats; the sheet has them all
_DETAILS = "Chi tiết ở trang “{trang}”."
_LOCKED = "Trang có mật khẩu riêng, không tô màu và không ghi: {trang}."
_NOTHING_TO_UNDO = "Không còn lần chạy nào để hoàn tác."
_UNDONE = "Đã hoàn tác: {viec}."
FAULT = "Công cụ gặp lỗi ngoài dự kiến và đã dừng. Gửi tệp này cho người hỗ trợ (không có số liệu của xã):\n{tep}"
NO_FINDING = "Trang kết quả không có ô nào cần xem."
NO_LOG = "Sổ chưa có trang “{trang}”: công cụ chưa thay ô nào."
ASK_ZEROS = "Điền 0 vào {n} ô còn trống? Chỉ đồng ý khi chắc chắn không phát sinh; ô chưa có số liệu thì để trống."
ASK_REPLACE = "{n} ô của biểu đang có số khác với trang Hồ sơ. Thay bằng số đếm được?"
ASK_ACCEPT = "{de_xuat}\n\nGhi {n} ô này vào sổ?"
ASK_TICKED = "Ghi các đề xuất đã đánh dấu x: {n} ô?"
_COLUMN = "Cột “{cot}” có phải là “{nghia}” không?"
_EXCHANGE = "Cột “{cot}” có ngày và tháng bị đổi chỗ cho nhau phải không?"
_KEEP = "Cột “{cot}” ghi đúng ngày tháng, giữ nguyên phải không?"
ASK_PREVIOUS = (
    "Lấy số từ sổ kỳ trước của xã (số từ kỳ trước, máy tính, nhân lực, lĩnh vực tự thêm)?\n\n"
    "Nếu không, sổ mới để trống các ô ấy."
)
ASK_MEND_BY = "Hạn xã gửi lại, ghi trên phiếu (ví dụ 30/9/2025); để trống nếu phiếu không ghi hạn:"
_MORE = "… và {n} điều nữa về số chép sang; các ô ấy xem lại trong sổ mới."
NO_HANDBOOK = "Không tìm thấy sổ tay trên máy này; gửi dòng này cho người hỗ trợ."


class Box(NamedTuple):
    title: str
    text: str
    serious: bool = False  # shown as a warning


def done(result: Done) -> Box:
    """The three numbers, and where the rest stands."""
    lines = [STANDINGS[result.status]] if result.status in STANDINGS else []
    if result.job == "undo":
        lines = [_UNDONE.format(viec=LIVE_LOG.get(result.status, result.status)) if result.status else _NOTHING_TO_UNDO]
    lines += [f"{show(n)} {NUMBERS[name]}" for name, n in result.numbers]
    if result.job == "import":
        lines += [f.message for f in result.findings if f.severity != "info"][:_TOLD]
    if result.locked:
        lines.append(_LOCKED.format(trang=", ".join(dict.fromkeys(result.locked))))
    if result.listed:
        lines.append(_DETAILS.format(trang=result.listed))
    return Box(_TITLES.get(result.job, ""), "\n".join(lines), result.status == "errors")


def jumped(result: Jump) -> str:
    """One line for the status bar."""
    if not result.total:
        return NO_FINDING
    return f"{result.number}/{result.total}. {result.sheet}, ô {result.cell}: {result.message}"


def refused(findings: Iterable[Finding]) -> Box:
    listed = tuple(findings)
    serious = any(f.severity == "error" for f in listed)
    return Box("", "\n\n".join(f"{f.message}\n{f.fix}" for f in listed[:_TOLD]), serious)


def fault(log: str) -> Box:
    return Box("", FAULT.format(tep=log), serious=True)


def merged(summary: Summary, path: Path, slips: Sequence[Path]) -> Box:
    statuses = [*summary.commune_status.values()]
    lines = [
        *(f"{show(statuses.count(s))} xã {STATUSES[s]}" for s in ("merged", "returned", "missing")),
        f"Kết quả: {path}",
    ]
    if slips:
        lines.append(f"{show(len(slips))} tệp phiếu trong {slips[0].parent}")
    return Box("Gộp báo cáo các xã", "\n".join(lines))


def begun(path: Path, findings: Sequence[Finding]) -> Box:
    """A new workbook, and what came over from the last one."""
    lines = [f"Đã tạo {path}.", *(f.message for f in findings[:_TOLD])]
    if len(findings) > _TOLD:
        lines.append(_MORE.format(n=len(findings) - _TOLD))
    return Box("Tạo mẫu báo cáo", "\n".join(lines), any(f.severity == "warning" for f in findings))


def self_tested(looked: int, failed: int, report: Path) -> Box:
    return Box("Tự kiểm tra", f"{looked} điều đã xem, {failed} chưa đạt.\nGửi tệp này: {report}", failed > 0)


def about_column(file: str, heading: str, option: str) -> str:
    """The question what a column of an export means."""
    from toolkit.export_list import EXCHANGE, KEEP  # late: it knows every kind of export

    meant = {EXCHANGE: _EXCHANGE, KEEP: _KEEP}.get(option)
    return f"{file}\n{meant.format(cot=heading) if meant else _COLUMN.format(cot=heading, nghia=_field(option))}"


def _field(id_: str) -> str:
    return next((i.name for i in load_form().block(REGISTER).indicators if i.id == id_), id_)


def no_log() -> str:
    return NO_LOG.format(trang=LOG_SHEET)
