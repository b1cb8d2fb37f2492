"""The command line: ``tthc COMMAND``. Each command calls one job and hands its result to ``say``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from macros import arguments, console, options, say
from toolkit.places import Gazetteer, PlacesError
from toolkit.records import Period
from toolkit.wording import LIST_FAULTS, fill, finding, show_date
from workbook import jobs
from workbook.begun import begin
from workbook.files import Refused, reason, require_xlsx
from workbook.forms import load_form, load_places, load_vocabulary


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; only help ends the process."""
    console.set_up(None)
    asked = sys.argv[1:] if arguments is None else list(arguments)
    return console.guard(lambda: _run(asked), "--json" in asked)


def _run(asked: Sequence[str]) -> int:
    given = _parser().parse_args(asked)
    console.set_up(given.log)
    return int(given.run(given))


def new(given: argparse.Namespace) -> int:
    form, places, period = load_form(), load_places(), _period(given)
    if given.province and given.values:
        given.parser.error("không dùng --values cùng với --province")
    if given.commune:
        require_xlsx(given.out)
    if given.previous:
        from workbook import carry_job  # late: a check need not wait for it

        last, out = given.previous, given.out
        if given.province:
            return say.begun(
                carry_job.new_province_after(form, places, given.province, period, last, out, console.progress)
            )
        values = _values(given.values)
        return say.begun(carry_job.new_after(form, places, given.commune, period, last, out, values))
    if given.province:
        return say.made(jobs.new_province(form, places, given.province, period, given.out, console.progress))
    return say.made([jobs.new(form, places, given.commune, period, given.out, _values(given.values))])


def formulas(given: argparse.Namespace) -> int:
    return say.filled(jobs.formulas(load_form(), load_places(), given.file, require_xlsx(given.out)))


def check(given: argparse.Namespace) -> int:
    if given.previous and (len(given.paths) != 1 or given.paths[0].is_dir()):
        given.parser.error("--previous chỉ đi với một tệp")
    if len(given.paths) == 1:
        begin(given.paths[0])
    results = jobs.check(load_form(), load_places(), given.paths, given.marked, console.progress, given.previous)
    return say.checked(results, given.json)


def accept(given: argparse.Namespace) -> int:
    from workbook.accept_job import accept_proposals  # late: a check need not wait for it

    return say.accepted(accept_proposals(load_form(), load_places(), given.file, require_xlsx(given.out)))


def handbook(given: argparse.Namespace) -> int:
    return say.written(jobs.handbook(load_form(), given.out))


def merge(given: argparse.Namespace) -> int:
    from workbook import merge_job  # late: a check need not wait for it

    require_xlsx(given.out)
    if given.mend_by and not given.slips:
        given.parser.error("--mend-by chỉ đi với --slips")
    asked = {name: value for name in merge_job.Options._fields if (value := getattr(given, name, None)) is not None}
    options = merge_job.Options(expected=_own_list(given.places), **asked)
    form, places, period = load_form(), load_places(), _period(given)
    with merge_job.workers(given.cluster, options) as (spread, aside):
        where = (given.folder, given.province, period, given.out)
        result = merge_job.merge(form, places, *where, options, tell=console.progress, spread=spread, aside=aside)
    return say.merged(result, given.json)


def import_(given: argparse.Namespace) -> int:
    from workbook.register_jobs import import_exports  # late: a check need not wait for it

    require_xlsx(given.out)
    answers = dict(given.answer)
    form, words = load_form(), load_vocabulary()
    result = import_exports(form, words, given.exports, given.into, given.out, answers, console.progress)
    return say.imported(result, given.json)


def overdue(given: argparse.Namespace) -> int:
    from workbook import dossier_jobs  # late, like the import

    for out in filter(None, (given.out, given.list)):
        require_xlsx(out)
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


def addin_offline(given: argparse.Namespace) -> int:
    from macros import offline

    return say.addin_offline(offline.make(given.folder))


def demo(given: argparse.Namespace) -> int:
    from workbook.demo import make  # late, with everything that it needs

    options = {} if given.many is None else {"many": given.many}
    return say.demonstrated(make(given.folder, tell=console.progress, **options))


def _parser() -> argparse.ArgumentParser:
    parser = arguments.Parser(prog="tthc", description="Lập, kiểm tra và tổng hợp báo cáo TTHC của xã, phường.")
    commands = parser.add_subparsers(title="các lệnh", metavar="LỆNH", required=True, parser_class=arguments.LateParser)
    for name, run, option, words in (
        ("new", new, options.new, "tạo sổ báo cáo cho một xã, hoặc cho mọi xã của một tỉnh"),
        ("formulas", formulas, options.formulas, "điền và khôi phục công thức vào một bản sao"),
        ("check", check, options.check, "kiểm tra sổ báo cáo; tệp gốc không bị ghi"),
        ("accept", accept, options.accept, "sửa theo các đề xuất đã ghi x trong bản đánh dấu, vào một bản sao"),
        ("handbook", handbook, options.handbook, "viết trang sổ tay của mẫu: chỉ tiêu, điều kiểm tra, chỗ còn hở"),
        ("merge", merge, options.merge, "tổng hợp các báo cáo trong một thư mục thành sổ của tỉnh"),
        ("import", import_, options.import_, "nhập danh sách hồ sơ từ phần mềm một cửa vào một bản sao của sổ"),
        ("overdue", overdue, options.overdue, "tô màu hồ sơ quá hạn, sắp đến hạn, bất thường trong một bản sao"),
    ):
        _command(commands, name, run, words, option)
    commands.add_parser("addin", help="bộ nút cho Excel: tạo tệp, cài, xem tình trạng, gỡ", fill=_addin)
    _command(commands, "demo", demo, "xem thử cả quy trình trên số liệu đã công bố của ba xã thật", options.demo)
    return parser


def _addin(command: argparse.ArgumentParser) -> None:
    parts = command.add_subparsers(title="các việc", metavar="VIỆC", required=True)
    _command(parts, "build", addin_build, "tạo tệp bộ nút .xlam; cho LibreOffice: .oxt", options.addin_build)
    _command(parts, "install", addin_install, "cài bộ nút cho người dùng này (Windows, không cần quyền quản trị)")
    _command(parts, "status", addin_status, "xem bộ nút đã cài thế nào")
    _command(parts, "remove", addin_remove, "gỡ bộ nút; chỉ xóa những tệp đã cài")
    _command(
        parts,
        "offline",
        addin_offline,
        "làm thư mục cài cho máy Windows không có mạng (cần mạng)",
        options.addin_offline,
    )


def _command(
    commands: Any,
    name: str,
    run: Callable[[argparse.Namespace], int],
    words: str,
    option: Callable[[argparse.ArgumentParser], None] = lambda command: None,
) -> None:
    def fill(command: argparse.ArgumentParser) -> None:
        command.set_defaults(run=run, parser=command)
        command.add_argument("--log", type=Path, metavar="TỆP", help="ghi nhật ký cho người hỗ trợ vào tệp này")
        option(command)

    commands.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".", fill=fill)


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
    except json.JSONDecodeError as fault:
        where = fill(LIST_FAULTS["json"], {"n": fault.lineno, "cot": fault.colno})
        raise Refused(finding("RA_008", tep=path.name, ly_do=where)) from fault
    except ValueError as fault:
        why = LIST_FAULTS["ma_hoa" if isinstance(fault, UnicodeDecodeError) else "so_dai"]
        raise Refused(finding("RA_008", tep=path.name, ly_do=why)) from fault


def _own_list(path: Path | None) -> Gazetteer | None:
    if path is None:
        return None
    if path.is_dir():
        raise Refused(finding("RA_009", tep=str(path), ly_do=LIST_FAULTS["thu_muc"]))
    if not path.exists():
        raise Refused(finding("RA_003", tep=str(path)))
    try:
        return load_places(path)
    except OSError as fault:
        raise Refused(finding("RA_009", tep=str(path), ly_do=reason(fault))) from fault
    except PlacesError as fault:
        raise Refused(finding("RA_009", tep=str(path), ly_do=str(fault))) from fault


if __name__ == "__main__":
    from macros.__main__ import command

    command()
