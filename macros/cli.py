"""The command line: ``tthc COMMAND``. Each command calls one job and hands its result to ``say``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from macros import arguments, say
from toolkit.places import Gazetteer, PlacesError
from toolkit.records import Period
from toolkit.wording import finding, show_date
from workbook import jobs
from workbook.files import Refused, reason
from workbook.forms import load_form, load_places, load_vocabulary
from workbook.read import begin


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; wrong usage ends the process with 2, as argparse does."""
    say.set_up(None)
    given = _parser().parse_args(arguments)
    say.set_up(given.log)
    return say.guard(lambda: int(given.run(given)), getattr(given, "json", False))


def new(given: argparse.Namespace) -> int:
    form, places, period = load_form(), load_places(), _period(given)
    if given.province and given.values:
        given.parser.error("không dùng --values cùng với --province")
    if given.previous:
        from workbook import carry_job  # late: a check need not wait for it

        last, out = given.previous, given.out
        if given.province:
            return say.begun(
                carry_job.new_province_after(form, places, given.province, period, last, out, say.progress)
            )
        values = _values(given.values)
        return say.begun(carry_job.new_after(form, places, given.commune, period, last, out, values))
    if given.province:
        return say.made(jobs.new_province(form, places, given.province, period, given.out, say.progress))
    return say.made([jobs.new(form, places, given.commune, period, given.out, _values(given.values))])


def formulas(given: argparse.Namespace) -> int:
    return say.filled(jobs.formulas(load_form(), load_places(), given.file, given.out))


def check(given: argparse.Namespace) -> int:
    if given.previous and (len(given.paths) != 1 or given.paths[0].is_dir()):
        given.parser.error("--previous chỉ đi với một tệp")
    if len(given.paths) == 1:
        begin(given.paths[0])
    results = jobs.check(load_form(), load_places(), given.paths, given.marked, say.progress, given.previous)
    return say.checked(results, given.json)


def accept(given: argparse.Namespace) -> int:
    from workbook.accept_job import accept_proposals  # late: a check need not wait for it

    return say.accepted(accept_proposals(load_form(), load_places(), given.file, given.out))


def handbook(given: argparse.Namespace) -> int:
    return say.written(jobs.handbook(load_form(), given.out))


def merge(given: argparse.Namespace) -> int:
    from workbook import merge_job  # late: a check need not wait for it

    asked = {name: value for name in merge_job.Options._fields if (value := getattr(given, name, None)) is not None}
    options = merge_job.Options(expected=_own_list(given.places), **asked)
    form, places, period = load_form(), load_places(), _period(given)
    spread = merge_job.spread_over(given.cluster)
    result = merge_job.merge(
        form, places, given.folder, given.province, period, given.out, options, tell=say.progress, spread=spread
    )
    return say.merged(result, given.json)


def import_(given: argparse.Namespace) -> int:
    from workbook.register_jobs import import_exports  # late: a check need not wait for it

    answers = dict(given.answer)
    result = import_exports(load_form(), load_vocabulary(), given.exports, given.into, given.out, answers, say.progress)
    return say.imported(result, given.json)


def overdue(given: argparse.Namespace) -> int:
    from workbook import dossier_jobs  # late, like the import

    chosen = {"on": given.on, "soon": given.soon, "days_off": given.days_off, "listed": given.list}
    options = {name: value for name, value in chosen.items() if value is not None}
    if given.clear:
        if options:
            given.parser.error("--clear chỉ đi với TỆP và -o")
        return say.cleared(dossier_jobs.clear(given.file, given.out))
    return say.highlighted(dossier_jobs.overdue(load_form(), load_places(), given.file, given.out, **options))


def addin_build(given: argparse.Namespace) -> int:
    from macros import addin, oxt  # late, like the other three

    return say.made([oxt.build(given.out) if given.libreoffice else addin.build(given.out)])


def addin_install(given: argparse.Namespace) -> int:
    from macros import install

    return say.addin_installed(install.install(install.this_computer()))


def addin_status(given: argparse.Namespace) -> int:
    from macros import install

    return say.addin_status(install.status(install.this_computer()))


def addin_remove(given: argparse.Namespace) -> int:
    from macros import install

    return say.addin_removed(install.remove(install.this_computer()))


def demo(given: argparse.Namespace) -> int:
    from workbook.demo import make  # late, with everything that it needs

    options = {} if given.many is None else {"many": given.many}
    return say.demonstrated(make(given.folder, tell=say.progress, **options))


def _parser() -> argparse.ArgumentParser:
    parser = arguments.Parser(prog="tthc", description="Lập, kiểm tra và tổng hợp báo cáo TTHC của xã, phường.")
    commands = parser.add_subparsers(title="các lệnh", metavar="LỆNH", required=True)

    command = _command(commands, "new", new, "tạo sổ báo cáo cho một xã, hoặc cho mọi xã của một tỉnh")
    unit = command.add_mutually_exclusive_group(required=True)
    unit.add_argument("--commune", metavar="MÃ", help="mã xã, 5 chữ số")
    unit.add_argument("--province", metavar="MÃ", help="mã tỉnh, 2 chữ số")
    _add_period(command)
    command.add_argument("--values", type=Path, metavar="TỆP.json", help="số liệu điền sẵn (chỉ với --commune)")
    command.add_argument(
        "--previous", type=Path, metavar="SỔ", help="sổ kỳ trước: chép số từ kỳ trước, số giữ nguyên (tỉnh: thư mục)"
    )
    _add_out(command, "tệp .xlsx; với --province: thư mục")

    command = _command(commands, "formulas", formulas, "điền và khôi phục công thức vào một bản sao")
    command.add_argument("file", type=Path, metavar="TỆP", help="sổ báo cáo")
    _add_out(command, "bản sao .xlsx")

    command = _command(commands, "check", check, "kiểm tra sổ báo cáo; tệp gốc không bị ghi")
    command.add_argument("paths", type=Path, nargs="+", metavar="TỆP", help="tệp hoặc thư mục")
    command.add_argument("--marked", type=Path, metavar="THƯ_MỤC", help="ghi bản sao có đánh dấu ô sai vào đây")
    command.add_argument(
        "--previous", type=Path, metavar="SỔ", help="sổ kỳ trước của xã: so số từ kỳ trước (chỉ với một tệp)"
    )
    _add_json(command)

    command = _command(commands, "accept", accept, "sửa theo các đề xuất đã ghi x trong bản đánh dấu, vào một bản sao")
    command.add_argument("file", type=Path, metavar="TỆP", help="bản đánh dấu (do check --marked tạo)")
    _add_out(command, "bản sao .xlsx")

    command = _command(commands, "handbook", handbook, "viết trang sổ tay của mẫu: chỉ tiêu, điều kiểm tra, chỗ còn hở")
    _add_out(command, "tệp .md")

    command = _command(commands, "merge", merge, "tổng hợp các báo cáo trong một thư mục thành sổ của tỉnh")
    command.add_argument("folder", type=Path, metavar="THƯ_MỤC", help="nơi để các báo cáo, kể cả thư mục con")
    command.add_argument("--province", required=True, metavar="MÃ", help="mã tỉnh, 2 chữ số")
    _add_period(command)
    command.add_argument("--places", type=Path, metavar="TỆP.csv", help="danh sách xã phải nộp, thay danh sách có sẵn")
    command.add_argument("--tolerance-days", type=arguments.count, metavar="N", help="kỳ lệch đến N ngày vẫn cộng")
    command.add_argument("--include-off-period", action="store_true", help="cộng cả báo cáo lệch kỳ, ghi cả hai tổng")
    command.add_argument(
        "--received", type=Path, metavar="TỆP", help="danh sách ngày nhận: cột Ngày nhận và cột Tệp hoặc Mã xã"
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

    command = _command(commands, "import", import_, "nhập danh sách hồ sơ từ phần mềm một cửa vào một bản sao của sổ")
    command.add_argument("exports", type=Path, nargs="+", metavar="TỆP_XUẤT", help="tệp xuất: .xlsx, .xls, .ods, .csv")
    command.add_argument("--into", type=Path, required=True, metavar="SỔ", help="sổ báo cáo nhận hồ sơ")
    command.add_argument(
        "--answer",
        type=arguments.answer,
        action="append",
        default=[],
        metavar="CỘT=NGHĨA",
        help="cột của tệp xuất là cột nào",
    )
    _add_out(command, "bản sao .xlsx")
    _add_json(command)

    command = _command(commands, "overdue", overdue, "tô màu hồ sơ quá hạn, sắp đến hạn, bất thường trong một bản sao")
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

    command = commands.add_parser("addin", help="bộ nút cho Excel: tạo tệp, cài, xem tình trạng, gỡ")
    parts = command.add_subparsers(title="các việc", metavar="VIỆC", required=True)
    command = _command(parts, "build", addin_build, "tạo tệp bộ nút .xlam; cho LibreOffice: .oxt")
    command.add_argument("--libreoffice", action="store_true", help="tạo phần mở rộng .oxt cho LibreOffice")
    _add_out(command, "tệp .xlam; với --libreoffice: tệp .oxt")
    _command(parts, "install", addin_install, "cài bộ nút cho người dùng này (Windows, không cần quyền quản trị)")
    _command(parts, "status", addin_status, "xem bộ nút đã cài thế nào")
    _command(parts, "remove", addin_remove, "gỡ bộ nút; chỉ xóa những tệp đã cài")

    command = _command(commands, "demo", demo, "xem thử cả quy trình trên số liệu đã công bố của ba xã thật")
    command.add_argument(
        "folder", type=Path, nargs="?", default=Path("ket_qua"), metavar="THƯ_MỤC", help="mặc định ket_qua"
    )
    command.add_argument("--many", type=arguments.count, metavar="N", help="số xã giả định thêm vào (0 đến 999)")
    return parser


def _command(commands: Any, name: str, run: Any, help: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=help, description=help[0].upper() + help[1:] + "."
    )
    command.set_defaults(run=run, parser=command)
    command.add_argument("--log", type=Path, metavar="TỆP", help="ghi nhật ký cho người hỗ trợ vào tệp này")
    return command


def _add_period(command: argparse.ArgumentParser) -> None:
    for option, words in (("from", "ngày đầu kỳ"), ("to", "ngày cuối kỳ")):
        command.add_argument(
            f"--{option}",
            dest=f"{option}_",
            type=arguments.day,
            required=True,
            metavar="NGÀY",
            help=f"{words}, ví dụ 2025-07-01",
        )


def _add_out(command: argparse.ArgumentParser, words: str) -> None:
    command.add_argument("-o", "--out", type=Path, required=True, metavar="KẾT_QUẢ", help=words)


def _add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="in kết quả dạng JSON cho chương trình khác")


def _period(given: argparse.Namespace) -> Period:
    if given.from_ > given.to_:
        raise Refused(finding("RA_006", tu=show_date(given.from_), den=show_date(given.to_)))
    return Period(given.from_, given.to_)


def _values(path: Path | None) -> object:
    if path is None:
        return None
    import json  # late: few commands take values

    try:
        return json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except OSError as fault:
        raise Refused(finding("RA_008", tep=path.name, ly_do=reason(fault))) from fault
    except ValueError as fault:
        raise Refused(finding("RA_008", tep=path.name, ly_do=str(fault))) from fault


def _own_list(path: Path | None) -> Gazetteer | None:
    try:
        return None if path is None else load_places(path)
    except OSError as fault:
        raise Refused(finding("RA_009", tep=str(path), ly_do=reason(fault))) from fault
    except (PlacesError, UnicodeDecodeError) as fault:
        raise Refused(finding("RA_009", tep=str(path), ly_do=str(fault))) from fault


if __name__ == "__main__":
    from macros.__main__ import command

    command()
