"""The first lines of the province workbook: what was expected, what came, how it stands, what to do next.

Each line is text that counts in the lists behind it, with the text it has now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from xlsxwriter.utility import xl_range_abs

from toolkit.highlights import LATE
from toolkit.returns import to_mend
from toolkit.wording import show
from workbook.report_page import (
    FILES,
    FINDINGS,
    OVERDUE,
    PROGRESS,
    SEVERITY_FILLS,
    SEVERITY_WORDS,
    STATUS_FILLS,
    STATUS_WORDS,
    Page,
)

COMMUNES = ("merged", "returned", "off_period", "missing")
FILES_OF = ("merged", "returned", "superseded", "off_period", "ignored")

LIST_FIRST = 3  # first line of SAI LỆCH and TỆP, from 0
PROGRESS_FIRST = 8  # first commune of TIẾN ĐỘ NỘP, from 0
SEVERITY_COLUMN, CODE_COLUMN, EFFECT_COLUMN = 1, 2, 13  # of SAI LỆCH
FILE_STATUS_COLUMN, STATUS_COLUMN, TIMELY_COLUMN = 2, 4, 7  # of TỆP; of TIẾN ĐỘ NỘP


_STEPS = {
    "returned": "gửi trả {n} xã có tệp chưa dùng được (trang TỆP)",
    "missing": "nhắc {n} xã chưa nộp (trang TIẾN ĐỘ NỘP)",
    "off_period": "xác nhận kỳ với {n} xã lệch kỳ",
    "error": "gửi {n} xã sửa lỗi số liệu (trang SAI LỆCH), rồi tổng hợp lại",
    "warning": "xem các cảnh báo (trang SAI LỆCH) trước khi ký",
    "nothing": "đủ báo cáo, không còn lỗi: có thể trình ký",
}


def column_of(sheet: str, column: int, first: int, count: int) -> str:
    """A column of a list with ``count`` lines, as Excel text."""
    return f"'{sheet}'!{xl_range_abs(first, column, first + max(count, 1) - 1, column)}"


def statuses(page: Page) -> Mapping[str, tuple[str, int]]:
    """Commune status -> (formula that counts it, its count now)."""
    given = Counter(page.summary.commune_status.values())
    area = column_of(PROGRESS, STATUS_COLUMN, PROGRESS_FIRST, len(page.summary.places))
    return {s: (f'COUNTIF({area},"{STATUS_WORDS[s]}")', given[s]) for s in COMMUNES}


def severities(page: Page) -> Mapping[str, tuple[str, int]]:
    """Severity -> (formula that counts it, its count now)."""
    given = Counter(f.severity for _, f in page.summary.findings)
    area = column_of(FINDINGS, SEVERITY_COLUMN, LIST_FIRST, len(page.summary.findings))
    return {s: (f'COUNTIF({area},"{SEVERITY_WORDS[s]}")', given[s]) for s in ("error", "warning", "info")}


def communes_line(page: Page) -> tuple[str, str]:
    """Formula and text: communes expected = merged + returned + off_period + missing."""
    everyone = f"ROWS({column_of(PROGRESS, STATUS_COLUMN, PROGRESS_FIRST, len(page.summary.places))})"
    total = (everyone if page.summary.places else "0", len(page.summary.places))
    return _line("Xã, phường: cần nộp ", total, statuses(page))


def files_line(page: Page) -> tuple[str, str]:
    """Formula and text: files found = merged + returned + superseded + off_period + ignored."""
    outcomes = page.summary.outcomes
    given = Counter[str](o.status for o in outcomes)
    area = column_of(FILES, FILE_STATUS_COLUMN, LIST_FIRST, len(outcomes))
    parts = {s: (f'COUNTIF({area},"{STATUS_WORDS[s]}")', given[s]) for s in FILES_OF}
    return _line("Tệp: tìm thấy ", (f"COUNTA({area})", len(outcomes)), parts)


def overall(page: Page) -> tuple[str, str, str]:
    """Formula, text and colour of how the province stands."""
    counts, communes = severities(page), statuses(page)
    errors, warnings, missing = counts["error"], counts["warning"], communes["missing"]
    if errors[1] or communes["returned"][1]:
        word, fill = "CÓ LỖI CẦN XỬ LÝ", SEVERITY_FILLS["error"]
    elif warnings[1] or missing[1] or communes["off_period"][1]:
        word, fill = "CÓ ĐIỀU CẦN XEM LẠI", SEVERITY_FILLS["warning"]
    else:
        word, fill = "ĐẠT", STATUS_FILLS["merged"]
    formula = f'"{word}: "&{errors[0]}&" lỗi, "&{warnings[0]}&" cảnh báo"'
    words = f"{word}: {errors[1]} lỗi, {warnings[1]} cảnh báo"
    if missing[1]:
        formula += f'&"; còn "&{missing[0]}&" xã chưa nộp"'
        words += f"; còn {missing[1]} xã chưa nộp"
    return formula, words, fill


def next_steps(page: Page) -> str:
    """One line: what to do now, the most urgent first."""
    summary = page.summary
    given = Counter(summary.commune_status.values())
    counts = {**{s: given[s] for s in ("returned", "missing", "off_period")}, "error": len(to_mend(summary))}
    steps = [_STEPS[s].format(n=n) for s, n in counts.items() if n]
    if not steps:
        steps = [_STEPS["warning" if any(f.severity == "warning" for _, f in summary.findings) else "nothing"]]
    return "Việc cần làm tiếp: " + "; ".join(f"{n}) {s}" if len(steps) > 1 else s for n, s in enumerate(steps, 1)) + "."


def late_note(page: Page) -> str:
    """Why QUÁ HẠN tells another number of late dossiers than the form; "" where it does not, and without registers."""
    summary, registers = page.summary, page.summary.dossiers.values()
    listed = sum(register.kinds.get(kind, 0) for register in registers for kind in LATE)
    reported = sum(summary.totals.get(kind, 0) for kind in LATE)  # figures of the form are called as verdicts
    if not registers or listed == reported:
        return ""
    merged = sum(status == "merged" for status in summary.commune_status.values())
    if merged == len(registers):
        return (
            f"Trang {OVERDUE} kể {show(listed)} hồ sơ theo sổ hồ sơ của {merged} xã đã gộp; "
            f"biểu của các xã ấy ghi cộng lại là {show(reported)}."
        )
    return (
        f"Trang {OVERDUE} kể {show(listed)} hồ sơ, chỉ của {len(registers)} xã có sổ hồ sơ trong báo cáo; "
        f"biểu của {merged} xã đã gộp ghi cộng lại là {show(reported)}."
    )


def _line(words: str, total: tuple[str, int], parts: Mapping[str, tuple[str, int]]) -> tuple[str, str]:
    formula, now = f'"{words}"&{total[0]}', f"{words}{total[1]}"
    for n, (status, (count, value)) in enumerate(parts.items()):
        joint = f" {'+' if n else '='} {STATUS_WORDS[status].lower()} "
        formula += f'&"{joint}"&{count}'
        now += f"{joint}{value}"
    return formula, now
