"""What each command of ``tthc`` may be given. A function a command: only that of the command that runs is called."""

from __future__ import annotations

import argparse
from pathlib import Path

from macros import arguments


def new(command: argparse.ArgumentParser) -> None:
    unit = command.add_mutually_exclusive_group(required=True)
    unit.add_argument("--commune", metavar="MÃ", help="mã xã, 5 chữ số")
    unit.add_argument("--province", metavar="TỈNH", help="mã tỉnh, 2 chữ số, hoặc tên tỉnh")
    _add_period(command)
    command.add_argument("--values", type=Path, metavar="TỆP.json", help="số liệu điền sẵn (chỉ với --commune)")
    command.add_argument(
        "--previous", type=Path, metavar="SỔ", help="sổ kỳ trước: chép số từ kỳ trước, số giữ nguyên (tỉnh: thư mục)"
    )
    _add_out(command, "tệp .xlsx; với --province: thư mục")


def formulas(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="TỆP", help="sổ báo cáo")
    _add_out(command, "bản sao .xlsx")


def check(command: argparse.ArgumentParser) -> None:
    command.add_argument("paths", type=Path, nargs="+", metavar="TỆP", help="tệp hoặc thư mục")
    command.add_argument("--marked", type=Path, metavar="THƯ_MỤC", help="ghi bản sao có đánh dấu ô sai vào đây")
    command.add_argument(
        "--previous", type=Path, metavar="SỔ", help="sổ kỳ trước của xã: so số từ kỳ trước (chỉ với một tệp)"
    )
    _add_json(command)


def accept(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="TỆP", help="bản đánh dấu (do check --marked tạo)")
    _add_out(command, "bản sao .xlsx")


def handbook(command: argparse.ArgumentParser) -> None:
    _add_out(command, "tệp .md")


def merge(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path, metavar="THƯ_MỤC", help="nơi để các báo cáo, kể cả thư mục con")
    command.add_argument("--province", required=True, metavar="TỈNH", help="mã tỉnh, 2 chữ số, hoặc tên tỉnh")
    _add_period(command)
    command.add_argument("--places", type=Path, metavar="TỆP.csv", help="danh sách xã cần nộp, thay danh sách có sẵn")
    command.add_argument("--tolerance-days", type=arguments.count, metavar="N", help="kỳ lệch đến N ngày vẫn cộng")
    command.add_argument("--include-off-period", action="store_true", help="cộng cả báo cáo lệch kỳ, ghi cả hai tổng")
    command.add_argument(
        "--received", type=Path, metavar="TỆP", help="danh sách ngày nhận: cột Ngày nhận và cột Tệp, Mã xã hoặc Tên xã"
    )
    command.add_argument("--deadline", type=arguments.day, metavar="NGÀY", help="hạn nộp, để biết xã nào nộp muộn")
    command.add_argument("--previous", type=Path, metavar="SỔ", help="sổ tổng hợp kỳ trước: so số từ kỳ trước")
    command.add_argument("--slips", type=Path, metavar="THƯ_MỤC", help="viết phiếu trả lại cho từng xã vào đây")
    command.add_argument("--mend-by", type=arguments.day, metavar="NGÀY", help="hạn gửi lại, ghi trên phiếu")
    command.add_argument(
        "--register", dest="every_dossier", action="store_true", help="thêm trang mọi hồ sơ của tỉnh (hoặc tệp Parquet)"
    )
    command.add_argument("--cluster", metavar="ĐỊA_CHỈ", help="chạy trên nhiều máy, xem docs/nhieu_may.md")
    command.add_argument(
        "--forget", dest="remember", action="store_false", help="không ghi nhớ cho lần tổng hợp sau, đọc lại mọi tệp"
    )
    _add_out(command, "sổ tổng hợp .xlsx")
    _add_json(command)


def import_(command: argparse.ArgumentParser) -> None:
    command.add_argument("exports", type=Path, nargs="+", metavar="TỆP_XUẤT", help="tệp xuất: .xlsx, .xls, .ods, .csv")
    command.add_argument("--into", type=Path, required=True, metavar="SỔ", help="sổ báo cáo nhận hồ sơ")
    command.add_argument(
        "--answer",
        type=arguments.answer,
        action="append",
        default=[],
        metavar="CỘT=NGHĨA",
        help='cột của tệp xuất là cột nào của sổ, ví dụ "Ngày trả kết quả=ngay_hen_tra"',
    )
    _add_out(command, "bản sao .xlsx")
    _add_json(command)


def overdue(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="TỆP", help="sổ báo cáo có danh sách hồ sơ")
    command.add_argument(
        "--on",
        type=arguments.cutoff,
        metavar="NGÀY",
        help="tính đến hết ngày này (hom-nay: hôm nay); mặc định: ngày cuối kỳ báo cáo",
    )
    command.add_argument(
        "--soon", type=arguments.count, metavar="N", help="còn đến N ngày làm việc là sắp đến hạn (mặc định 3)"
    )
    command.add_argument("--days-off", type=Path, metavar="TỆP.csv", help="lịch nghỉ thay cho lịch có sẵn")
    command.add_argument(
        "--list", type=Path, metavar="TỆP.xlsx", help="ghi thêm danh sách quá hạn để gửi đi, không có tên công dân"
    )
    command.add_argument("--clear", action="store_true", help="chỉ xóa các dấu đã tô của công cụ")
    _add_out(command, "bản sao .xlsx")


def addin_build(command: argparse.ArgumentParser) -> None:
    command.add_argument("--libreoffice", action="store_true", help="tạo phần mở rộng .oxt cho LibreOffice")
    _add_out(command, "tệp .xlam; với --libreoffice: tệp .oxt")


def addin_offline(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path, metavar="THƯ_MỤC", help="thư mục mới, để chép bằng USB")


def demo(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "folder", type=Path, nargs="?", default=Path("ket_qua"), metavar="THƯ_MỤC", help="mặc định ket_qua"
    )
    command.add_argument("--many", type=arguments.count, metavar="N", help="số xã giả định thêm vào (0 đến 999)")


def _add_period(command: argparse.ArgumentParser) -> None:
    for option, words in (("from", "ngày đầu kỳ, ví dụ 1/7/2025"), ("to", "ngày cuối kỳ, ví dụ 25/9/2025")):
        command.add_argument(
            f"--{option}",
            dest=f"{option}_",
            type=arguments.day,
            required=True,
            metavar="NGÀY",
            help=words,
        )


def _add_out(command: argparse.ArgumentParser, words: str) -> None:
    command.add_argument("-o", "--out", type=Path, required=True, metavar="KẾT_QUẢ", help=words)


def _add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="in kết quả dạng JSON cho chương trình khác")
