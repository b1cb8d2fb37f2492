"""What became of a command: sentences for people, JSON for scripts, and its exit code (``console``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from macros.console import FOUND_ERRORS, FOUND_NOTHING, point_to_log, print_json
from toolkit.records import FileStatus, Finding, Severity
from toolkit.wording import LEFT_OUT, NO_REPORT, STANDINGS, STATUSES, place, show, show_period
from workbook.files import open_elsewhere
from workbook.intake import Checked, about, left_blank
from workbook.jobs import Filled

if TYPE_CHECKING:
    from macros.install import Installed, Removed
    from macros.offline import Made
    from macros.self_test import Check
    from toolkit.bridge import Bridge
    from workbook.accept_job import Accepted
    from workbook.carry_job import Begun
    from workbook.demo import DemoResult  # imports what only a demonstration needs
    from workbook.dossier_jobs import Cleared, Highlighted
    from workbook.merge_job import Merged
    from workbook.register_jobs import Imported

_SEVERITIES: dict[Severity, str] = {"error": "LỖI", "warning": "CẢNH BÁO", "info": "Ghi chú"}
_WORST_FIRST = ("unreadable", "errors", "blank", "warnings", "ok")
_COMMUNES = ("merged", "returned", "off_period", "missing")
_FILES: tuple[FileStatus, ...] = ("merged", "returned", "superseded", "off_period", "ignored")
_MANY, _MANY_OF_FILE = 20, 3
"""Lines of one list on the screen, and of one file among them; the rest is in the result file and in the JSON."""


def checked(results: Sequence[Checked], as_json: bool) -> int:
    point_to_log()
    reports = [c for c in results if not c.no_report]
    if as_json:
        from macros.shapes import file_json

        print_json(
            {
                "files": [file_json(c) for c in reports],
                "ignored": [{"file": str(c.path), "reason": c.findings[0].message} for c in results if c.no_report],
            }
        )
    else:
        _print_checked(reports, [c for c in results if c.no_report])
    return FOUND_ERRORS if any(c.status in ("errors", "unreadable") for c in reports) else FOUND_NOTHING


def merged(result: Merged, as_json: bool) -> int:
    point_to_log()
    summary = result.summary
    if as_json:
        from toolkit.contract import summary_json

        print_json(summary_json(summary))
    else:
        _print_merged(result)
    returned = any(o.status == "returned" for o in summary.outcomes)
    return FOUND_ERRORS if returned or any(f.severity == "error" for _, f in summary.findings) else FOUND_NOTHING


def imported(result: Imported, as_json: bool) -> int:
    point_to_log()
    if as_json:
        from macros.shapes import imported_json

        print_json(imported_json(result))
    else:
        _print_imported(result)
    findings = [*result.findings, *(f for file in result.files for f in file.findings)]
    return FOUND_ERRORS if any(f.severity == "error" for f in findings) else FOUND_NOTHING


def made(paths: Sequence[Path]) -> int:
    print(f"Đã tạo {paths[0]}." if len(paths) == 1 else f"Đã tạo {show(len(paths))} sổ trong {paths[0].parent}.")
    return FOUND_NOTHING


def begun(result: Begun) -> int:
    """What was made, and what came over from the last period."""
    made(result.paths)
    _print_lines(f for f in result.findings if f.severity != "info" or len(result.paths) == 1)
    if len(result.paths) > 1:
        carried = sum(f.code == "KT_001" for f in result.findings)
        print(f"{show(carried)} sổ có số chép từ kỳ trước, {show(len(result.paths) - carried)} sổ để trống phần ấy.")
    return FOUND_NOTHING


def filled(result: Filled) -> int:
    print(f"Đã khôi phục {show(len(result.edits))} ô công thức trong {result.path}; mọi thay đổi ghi ở trang nhật ký.")
    return FOUND_NOTHING


def accepted(result: Accepted) -> int:
    """What was carried out, then what is left."""
    print(f"Đã sửa {show(len(result.edits))} ô theo đề xuất được chấp nhận; trang nhật ký ghi từng ô.")
    for edit in result.edits:
        print(f"  {place(edit.sheet, edit.cell)}: {edit.before or '(trống)'} → {show(edit.value)}. {edit.why}.")
    return checked((result.checked,), as_json=False)


def written(path: Path) -> int:
    print(f"Đã viết {path}.")
    return FOUND_NOTHING


def highlighted(result: Highlighted) -> int:
    """Late dossiers by code, then what is surely wrong; no citizen is ever named."""
    told = result.told
    print(told.summary)
    print(f"{', '.join(told.about)}. {told.calendar}")
    _print_some([f"  {line.name}: {line.reason}" for line in told.late])
    wrong = [f for f in result.findings if f.severity == "error"]
    _print_some([f"  {_SEVERITIES['error']} {f.message}" for f in wrong])
    _print_lines(f for f in told.findings if f.severity != "error")
    print(f"Bản đánh dấu: {result.path}")
    if result.listed:
        print(f"Danh sách để gửi đi: {result.listed}")
    return FOUND_ERRORS if wrong else FOUND_NOTHING


def cleared(result: Cleared) -> int:
    done = "Đã xóa các dấu đã tô" if result.marked else "Tệp không có dấu nào của công cụ; đã chép nguyên"
    print(f"{done}: {result.path}")
    return FOUND_NOTHING


def addin_installed(result: Installed) -> int:
    print(f"Đã cài bộ nút: {result.addin}")
    for path in result.copied:
        print(f"Đã chép cạnh Python: {path}")
    print("Đóng hẳn Excel rồi mở lại: trên thanh lệnh có thẻ “Báo cáo xã”. Bấm Tự kiểm tra trước tiên.")
    return FOUND_NOTHING


def addin_status(found: Sequence[Check]) -> int:
    from macros.self_test import line  # late: only this command tells it

    for check in found:
        print(line(check))
    return FOUND_ERRORS if any(check.ok is False for check in found) else FOUND_NOTHING


def addin_offline(result: Made) -> int:
    print(f"Đã tạo bộ cài trong {result.folder}: {', '.join(path.name for path in result.packages)}.")
    print("Còn một việc: tải bộ cài Python 64 bit ở python.org (tên tệp ghi trong DOC_TRUOC.txt) vào thư mục ấy.")
    return FOUND_NOTHING


def addin_removed(result: Removed) -> int:
    print(f"Đã gỡ {show(len(result.deleted))} tệp." if result.deleted else "Không có tệp nào của bộ nút để gỡ.")
    for path in result.kept:
        print(f"Giữ lại, vì đã bị sửa sau khi cài: {path}")
    return FOUND_NOTHING


def demonstrated(result: DemoResult) -> int:
    """The demonstration succeeded when it shows what it should; the findings in it are no fault of the caller."""
    for real in result.real:
        print(f"{real.published.name}: {STANDINGS[real.checked.status]}. Theo {real.published.source}")
        _print_findings(real.checked.findings)
        for statement in real.published.assumed:
            print(f"  Suy ra, báo cáo không ghi: {statement.words}. {statement.inferred}")
        print()
    if result.planted:
        print("Các xã giả định, mỗi xã một lỗi cài sẵn:")
        _print_some([f"  {'đã báo' if p.shown else 'CHƯA BÁO'}: {p.place.name}: {p.slip.what}" for p in result.planted])
        print()
    _print_merged(result.merged)
    print(f"Sổ của các xã: {result.communes}, {result.elsewhere}")
    print(f"Bản đánh dấu: {result.marked}")
    print(f"Phiếu trả lại: {result.merged.slips[-1].parent}")
    print(f"Lỗi cài sẵn: {result.slips}; danh sách xã: {result.places}")
    return FOUND_NOTHING if all(p.shown for p in result.planted) else FOUND_ERRORS


def _print_checked(reports: Sequence[Checked], passed_over: Sequence[Checked]) -> None:
    given = Counter(c.status for c in reports)
    stands = [(STANDINGS[s], given[s]) for s in _WORST_FIRST if given[s]] or [(NO_REPORT, 0)]
    words = "; ".join(f"{name}: {show(n)}" for name, n in stands) if len(reports) > 1 else stands[0][0]
    print(f"{words}. {show(len(reports))} tệp: {_count(f for c in reports for f in c.findings)}.")
    for report in reports:
        whose = " – " + ", ".join(about(report.filing)) if report.filing else ""
        print(f"\n{report.path}{whose}: {STANDINGS[report.status]}")
        _print_findings(report.findings)
        for line in left_blank(report.filing) if report.filing else ():
            print(f"  {line}")
        if report.marked:
            print(f"  Bản đánh dấu: {report.marked}")
    if passed_over:
        print(f"\nBỏ qua {show(len(passed_over))} tệp không phải báo cáo:")
        _print_some([f"  {c.path}: {c.findings[0].message}" for c in passed_over])


def _print_findings(findings: Iterable[Finding]) -> None:
    """Grouped by sheet, in the order in which the sheets first come (most serious first)."""
    sheets: dict[str, list[Finding]] = {}
    for finding in findings:
        sheets.setdefault(finding.sheet, []).append(finding)
    for sheet, listed in sheets.items():
        print(f"  [{sheet or 'Cả tệp'}]")
        _print_lines(listed)


def _print_lines(findings: Iterable[Finding]) -> None:
    proposed: dict[str, None] = {}  # one repair often settles several findings: told once
    for finding in findings:
        print(f"  {_SEVERITIES[finding.severity]} {finding.message}")
        print(f"    Cách sửa: {finding.fix}")
        for proposal in _proposals(finding):
            if proposal not in proposed:
                print(f"    Đề xuất: {proposal}")
            proposed[proposal] = None


def _proposals(finding: Finding) -> tuple[str, ...]:
    if not finding.repairs:
        return ()
    from toolkit.proposals import words  # late: a sound report has no proposals

    return words(finding)


def _print_merged(result: Merged) -> None:
    from toolkit.returns import to_mend  # late: only a merge tells it

    summary = result.summary
    communes = Counter(summary.commune_status.values())
    files = Counter(o.status for o in summary.outcomes)
    parts = " + ".join(f"{show(communes[s])} {STATUSES[s]}" for s in _COMMUNES)
    print(f"{summary.province.name}, kỳ {show_period(summary.period)}")
    print(f"Xã: {show(len(summary.places))} cần nộp = {parts}")
    parts = " + ".join(f"{show(files[s])} {STATUSES[s]}" for s in _FILES)
    print(f"Tệp: {show(len(summary.outcomes))} tìm thấy = {parts}")
    print(f"Trong các tệp: {_count(f for _, f in summary.findings)}; {show(len(to_mend(summary)))} xã phải sửa lỗi.")
    unmerged = [o for o in summary.outcomes if o.status != "merged"]
    _print_some([f"  {o.file}: {STATUSES[o.status]}. {o.reason}" for o in unmerged])
    _print_some(worst((file, f) for file, f in summary.findings if f.severity == "error"))
    if result.bridge is not None:
        print(_since(result.bridge))
    if result.slips:
        print(f"Phiếu trả lại: {show(len(result.slips))} tệp trong {result.slips[-1].parent}")
    if result.parquet:
        print(f"Mọi hồ sơ của tỉnh: {result.parquet}")
    print(f"Kết quả: {result.path}")
    if open_elsewhere(result.path):
        print("Sổ kết quả đang được mở: bản đang mở là bản cũ. Đóng mà không lưu, rồi mở lại.")


def worst(told: Iterable[tuple[str, Finding]]) -> list[str]:
    """In their order, the first few of each file: one with very many would hide all others."""
    found = list(told)
    total, seen = Counter(file for file, _ in found), Counter[str]()
    lines: list[str] = []
    for file, finding in found:
        seen[file] += 1
        more = total[file] - _MANY_OF_FILE if seen[file] == _MANY_OF_FILE else 0
        if seen[file] <= _MANY_OF_FILE:
            lines.append(f"  {file}: {finding.message}" + (f" (và {show(more)} lỗi khác của tệp này)" if more else ""))
    return lines


def _since(bridge: Bridge) -> str:
    if bridge.why is not None:
        return f"{bridge.why.message} {bridge.why.fix}"
    if not bridge.anything:
        return "So với lần tổng hợp trước: không có gì thay đổi."
    return (
        f"So với lần tổng hợp trước: {show(len(bridge.files))} tệp khác, {show(len(bridge.cells))} ô số liệu đổi, "
        f"{show(len(bridge.totals))} tổng của tỉnh đổi (trang THAY ĐỔI)."
    )


def _print_imported(result: Imported) -> None:
    refused = sum(file.refused for file in result.files)
    print(
        f"{show(len(result.files))} tệp: {show(len(result.files) - refused)} đã nhập, {show(refused)} không nhập được."
    )
    for file in result.files:
        left_out = "".join(f", {show(n)} {LEFT_OUT[reason]}" for reason, n in file.left_out.items())
        print(f"\n{file.file}: " + ("KHÔNG NHẬP ĐƯỢC" if file.refused else f"{show(file.dossiers)} hồ sơ{left_out}"))
        _print_lines(file.findings)
    if result.findings:
        print("\nCả sổ:")
        _print_lines(result.findings)
    print(
        f"\nSổ hồ sơ: thêm {show(result.added)}, cập nhật {show(result.changed)}, nay có {show(result.total)} hồ sơ."
        f"\nKết quả: {result.path}"
    )


def _print_some(lines: Sequence[str]) -> None:
    for line in lines[:_MANY]:
        print(line)
    if len(lines) > _MANY:
        print(f"  … và {show(len(lines) - _MANY)} dòng nữa, xem trong tệp kết quả.")


def _count(findings: Iterable[Finding]) -> str:
    counts = Counter(f.severity for f in findings)
    return f"{show(counts['error'])} lỗi, {show(counts['warning'])} cảnh báo, {show(counts['info'])} ghi chú"
