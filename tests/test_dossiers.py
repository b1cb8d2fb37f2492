"""Dossiers: columns from raw cells, verdicts as of a day, reasons.

Requirements
  HS01  days are compared, never times of day; before, on, after the due date is trước, đúng, quá hạn
  HS02  open: in time up to and on the due date; "sắp đến hạn" is a setting in working days
  HS03  what waits for the citizen or was withdrawn is never late
  HS04  what happened after the cut-off has not happened yet
  HS05  without a due date nothing is late; without a result date nothing is called in time
  HS06  a date that cannot be read is no missing date
  HS07  words that are not listed are told once each, never guessed; without a status the dates decide, told
  HS08  the reason names days, working days and the days off between
  HS09  verdicts equal a slow computation on 100.000 dossiers, across Tết and make-up Saturdays
  HS10  texts keep leading zeros; a person's name is in no repr and in no finding
  HS11  6.000 rows import no library
  HS12  what is done for a whole column, or once for many dossiers, is what each of them gives alone
"""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_dossiers import FIELDS, dossier, invented, register, table

from toolkit.dossiers import Verdict, kinds, reason, verdicts
from toolkit.figures import is_blank, read_date, read_text
from toolkit.wording import REASONS, VERDICTS
from workbook.forms import load_calendar

CALENDAR = load_calendar()
CUTOFF = date(2026, 9, 10)
CELLS: tuple[object, ...] = (
    *(date(2026, 8, 3), date(2026, 8, 3), datetime(2026, 8, 3), date(1900, 1, 1)),
    *("3/8/2026", "31/2/2026", "2026-08-04", "", " ", "An", " An ", "A\u0301n"),
    *(46_237.0, 1, 1.0, True, None, None),
)


def verdict(row: dict[str, object], cutoff: date = CUTOFF, soon: int = 2) -> Verdict:
    made, _ = register([row])
    return verdicts(made, CALENDAR, cutoff, soon)[0]


@pytest.mark.parametrize(
    ("result", "kind", "days"),
    [
        ("2026-09-03", "truoc_han", -1),
        ("2026-09-04", "dung_han", 0),
        ("2026-09-05", "qua_han", 0),  # a Saturday
        ("2026-09-07", "qua_han", 1),
        ("2026-08-28", "truoc_han", -2),  # 31/8, 1/9, 2/9 off
        ("2026-08-21", "truoc_han", -8),  # 22/8 worked
    ],
)
def test_finished(result: str, kind: str, days: int) -> None:  # HS01
    row = dossier("Đã trả kết quả", "2026-08-03", "2026-09-04", result)
    assert verdict(row)[:2] == (kind, days)


def test_time_of_day_does_not_count() -> None:  # HS01
    row = dossier("Đã xử lý xong", "2026-08-03")
    row |= {"ngay_hen_tra": datetime(2026, 9, 4, 8, 0), "ngay_ket_qua": "04/09/2026 16:59:00"}
    assert verdict(row).kind == "dung_han"


@pytest.mark.parametrize(
    ("due", "soon", "kind", "days"),
    [
        ("2026-09-09", 2, "dang_qua_han", 1),
        ("2026-09-10", 2, "sap_den_han", 0),
        ("2026-09-14", 2, "sap_den_han", -2),
        ("2026-09-15", 2, "dang_trong_han", -3),
        ("2026-09-11", 0, "dang_trong_han", -1),
        ("2026-09-10", 0, "sap_den_han", 0),
        ("2026-09-10", -1, "dang_trong_han", 0),
        ("2028-01-10", 2, "dang_trong_han", None),
    ],
)
def test_open(due: str, soon: int, kind: str, days: int | None) -> None:  # HS02
    assert verdict(dossier("Đang xử lý", "2026-08-03", due), soon=soon)[:2] == (kind, days)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("Yêu cầu bổ sung giấy tờ", "cho_bo_sung"),
        ("Yêu cầu thực hiện nghĩa vụ tài chính", "cho_nghia_vu_tai_chinh"),
        ("Dừng xử lý", "dung_xu_ly"),
        ("Công dân yêu cầu rút hồ sơ", "rut"),
        ("Mới đăng ký", "chua_tinh"),
    ],
)
def test_never_late(status: str, kind: str) -> None:  # HS03
    made = verdict(dossier(status, "2026-08-03", "2026-08-10", "2026-09-01" if kind == "rut" else ""))
    assert made[:3] == (kind, None, kind)


def test_as_of_the_cutoff() -> None:  # HS04
    finished = dossier("Đã trả kết quả", "2026-08-03", "2026-09-04", "2026-09-07")
    assert verdict(finished, date(2026, 9, 7)).kind == "qua_han"
    assert verdict(finished, date(2026, 9, 6)).kind == "dang_qua_han"
    assert verdict(finished, date(2026, 9, 4)).kind == "sap_den_han"
    assert verdict(finished, date(2026, 8, 2))[:3] == ("chua_tinh", None, "tiep_nhan_sau")
    withdrawn = dossier("Rút hồ sơ", "2026-08-03", "2026-09-04", "2026-09-09")
    assert verdict(withdrawn, date(2026, 9, 8)).kind == "dang_qua_han"
    assert verdict(withdrawn, date(2026, 9, 9)).kind == "rut"


@pytest.mark.parametrize(
    ("days", "status", "kind", "why"),
    [
        (("2026-08-03", "", "2026-09-04"), "Đã trả kết quả", "dung_han", "khong_hen_xong"),
        (("2026-08-03",), "Đang xử lý", "dang_trong_han", "khong_hen_dang"),
        (("2026-08-03", "2026-08-10"), "Đã trả kết quả", "chua_phan_loai", "xong_khong_ngay"),
        (("2026-08-03", "2026-08-10", "", "2026-08-11"), "Đã trả kết quả", "qua_han", "qua_han_tra"),
        (("2026-08-03", "2026-08-10", "2026-08-10", "2026-08-11"), "Đã trả kết quả", "dung_han", "dung_han"),
        (("2026-08-03", "2026-08-10", "2026-08-05"), "Đang xử lý", "dang_qua_han", "dang_qua_han"),
    ],
)
def test_missing_days(days: tuple[str, ...], status: str, kind: str, why: str) -> None:  # HS05
    made = verdict(dossier(status, *days))
    assert (made.kind, made.why) == (kind, why)


@pytest.mark.parametrize("field", ["ngay_hen_tra", "ngay_ket_qua", "ngay_tra"])
def test_unreadable_date_gives_no_verdict(field: str) -> None:  # HS06
    row = dossier("Đã trả kết quả", "2026-08-03", "2026-08-10", "2026-08-10", "2026-08-10") | {field: "31/11/2026"}
    assert verdict(row)[:3] == ("chua_phan_loai", None, "ngay_khong_doc")
    assert verdict(row | {field: "  "}).kind != "chua_phan_loai"


def test_unknown_words_are_told() -> None:  # HS07
    rows = [dossier("Đang bay"), dossier("Đang bay"), dossier("Đã trả kết quả"), dossier("Lạ", hinh_thuc="Chim bồ câu")]
    made, findings = register(rows)
    assert made.status == ("chua_phan_loai", "chua_phan_loai", "xong", "chua_phan_loai")
    assert made.channel == ("truc_tiep", "truc_tiep", "truc_tiep", "")
    assert [(f.code, f.cell) for f in findings] == [("HS_002", "J5"), ("HS_002", "J8"), ("HS_004", "D8")]
    assert {v.kind for v in verdicts(made, CALENDAR, CUTOFF, 2)} == {"chua_phan_loai"}


def test_without_status_the_dates_decide() -> None:  # HS07
    rows = [
        dossier("", "2026-08-03", "", "2026-08-10"),
        dossier("", "2026-08-03"),
        dossier("", "", "", "", "2026-08-03"),
    ]
    made, findings = register(rows)
    assert made.status == ("xong", "dang", "xong")
    assert [(f.code, f.severity, f.cell) for f in findings] == [("HS_003", "info", "J5")]
    short = [f for f in FIELDS if f not in ("trang_thai", "ngay_ket_qua", "ngay_tra")]
    made, findings = register(rows, short)
    assert set(made.status) == {"chua_phan_loai"}
    assert [f.code for f in findings] == ["HS_003"]


def test_reason_of_the_issue() -> None:  # HS08
    row = dossier("Đã trả kết quả", "2025-08-25", "2025-09-03", "2025-09-05")
    assert reason(verdict(row), CALENDAR) == "quá hạn 2 ngày làm việc: hẹn 03/9, có kết quả 05/9"


def test_reason_names_the_days_off() -> None:  # HS08
    row = dossier("Đã trả kết quả", "2026-08-03", "2026-08-21", "2026-09-04")
    told = reason(verdict(row), CALENDAR)
    assert all(day in told for day in ("8 ngày", "21/8", "04/9", "31/8 – 02/9", "22/8"))
    assert "dự kiến" not in told
    over = verdict(dossier("Đang xử lý", "2026-12-01", "2026-12-31"), date(2027, 1, 4))
    assert all(part in reason(over, CALENDAR) for part in ("31/12/2026", "04/01/2027", "01/01", "dự kiến"))


def test_every_reason_is_whole() -> None:  # HS08
    for row in invented(2000, 7, date(2026, 1, 1), date(2026, 12, 31), ["x"]):
        made = verdict(row, date(2026, 9, 30))
        told = reason(made, CALENDAR)
        assert made.why in REASONS and VERDICTS[made.kind].lower() in told
        assert not any(sign in told for sign in ("{", "không rõ)", "None"))
    outside = verdict(dossier("Đã trả kết quả", "2019-01-02", "2019-02-01", "2019-03-01"))
    assert outside[:2] == ("qua_han", None) and "2024" in reason(outside, CALENDAR)


def test_verdicts_equal_a_slow_computation() -> None:  # HS09
    first, last, cutoff, soon = date(2025, 12, 20), date(2026, 10, 20), date(2026, 8, 24), 3
    off = {d.day for d in CALENDAR.days_off if d.kind == "nghi"}
    made_up = {d.day for d in CALENDAR.days_off if d.kind == "lam_bu"}
    assert {date(2026, 1, 10), date(2026, 8, 22)} <= made_up and date(2026, 2, 17) in off
    worked = {
        n: day in made_up or (day not in off and day.weekday() < 5)
        for n in range(first.toordinal(), last.toordinal() + 1)
        for day in (date.fromordinal(n),)
    }

    def days_between(a: date, b: date) -> int:
        if b < a:
            return -days_between(b, a)
        return sum(worked[n] for n in range(a.toordinal() + 1, b.toordinal() + 1))

    def slow(row: dict[str, object]) -> tuple[str, int | None]:
        received, due, result, handed = (row[f] for f in ("ngay_tiep_nhan", "ngay_hen_tra", "ngay_ket_qua", "ngay_tra"))
        end, status = result or handed, row["trang_thai"]
        if received and received > cutoff:
            return "chua_tinh", None
        if status == "":
            status = "Đã xử lý xong" if end else "Đang xử lý"
        fixed = {
            "Mới đăng ký": "chua_tinh",
            "Chưa rõ": "chua_phan_loai",
            "Yêu cầu bổ sung": "cho_bo_sung",
            "Chờ nghĩa vụ tài chính": "cho_nghia_vu_tai_chinh",
            "Tạm dừng": "dung_xu_ly",
        }
        if status in fixed:
            return fixed[str(status)], None
        if status == "Rút hồ sơ" and (end is None or end <= cutoff):
            return "rut", None
        if status in ("Đã trả kết quả", "Đã xử lý xong"):
            if end is None:
                return "chua_phan_loai", None
            if end <= cutoff:
                if due is None:
                    return "dung_han", None
                late = days_between(due, end)
                return ("qua_han" if end > due else "truoc_han" if end < due else "dung_han"), late
        if due is None:
            return "dang_trong_han", None
        late = days_between(due, cutoff)
        if due < cutoff:
            return "dang_qua_han", late
        return ("sap_den_han" if -late <= soon else "dang_trong_han"), late

    rows = invented(100_000, 11, first, last, ["Hộ tịch"])
    made, _ = register(rows)
    found = [(v.kind, v.days) for v in verdicts(made, CALENDAR, cutoff, soon)]
    assert found == [slow(row) for row in rows]
    assert {kind for kind, _ in found} == set(VERDICTS)


@given(st.integers(0, 10**6), st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_kinds_are_those_of_the_verdicts(seed: int, cutoff: date) -> None:  # HS12
    rows = invented(60, seed, date(2026, 1, 1), date(2026, 12, 31), ["Hộ tịch"])
    rows += [dossier(ngay_ket_qua="31/2/2026", ngay_tiep_nhan=row["ngay_tiep_nhan"]) for row in rows[:5]]
    made, _ = register(rows)
    assert list(kinds(made, cutoff)) == [v.kind for v in verdicts(made, CALENDAR, cutoff, soon=-1000)]


@given(st.lists(st.lists(st.sampled_from(CELLS), min_size=5, max_size=5), max_size=8))
def test_columns_hold_what_each_cell_means(rows: list[list[object]]) -> None:  # HS12
    fields = ("ma_ho_so", "ngay_tiep_nhan", "ngay_hen_tra", "ngay_ket_qua", "chu_ho_so")
    made, _ = register([dict(zip(fields, row, strict=True)) for row in rows], fields)
    code, *days, applicant = zip(*rows, strict=True) if rows else ((),) * 5
    assert made.code == tuple(map(read_text, code)) and made.applicant == tuple(map(read_text, applicant))
    assert (made.received, made.due, made.done) == tuple(
        tuple(read_date(raw).value for raw in column) for column in days
    )
    assert made.unreadable == {
        i for column in days[1:] for i, raw in enumerate(column) if read_date(raw).value is None and not is_blank(raw)
    }


def test_texts_and_privacy() -> None:  # HS10
    row = dossier("Lạ", "2026-08-03", ma_ho_so="000.00.53.H48-1", chu_ho_so="Nguyễn Thị Bí Mật", can_bo="  A\u0301n ")
    made, findings = register([row])
    assert (made.code, made.officer, made.applicant) == (("000.00.53.H48-1",), ("Án",), ("Nguyễn Thị Bí Mật",))
    assert "Bí Mật" not in repr(made)
    assert all("Bí Mật" not in f.message + f.fix for f in findings)
    assert len(made) == 1 and made.source == (0,) and made.rows == (5,)


def test_minutes_need_both_times() -> None:
    at = datetime(2026, 8, 3, 8, 0)
    rows = [
        dossier(ngay_tiep_nhan=at, ngay_ket_qua=at + timedelta(minutes=3, seconds=50)),
        dossier(ngay_tiep_nhan="03/08/2026 08:00:10", ngay_ket_qua="04/08/2026 07:59"),
        dossier(ngay_tiep_nhan=at, ngay_ket_qua=datetime(2026, 8, 3)),
        dossier(ngay_tiep_nhan=at),
    ]
    made, _ = register(rows)
    assert made.minutes == (3, 1439, None, None)
    assert made.received[1] == date(2026, 8, 3)


def test_no_library_is_loaded() -> None:  # HS11
    code = """
import sys
sys.path.insert(0, "tests")
from datetime import date
from made_dossiers import invented, register
from toolkit.dossiers import verdicts
from workbook.forms import load_calendar
made, _ = register(invented(100, 1, date(2026, 1, 1), date(2026, 9, 1), ["x"]))
assert len(verdicts(made, load_calendar(), date(2026, 9, 1), 2)) == 100
print(*sys.modules)
"""
    root = Path(__file__).parent.parent
    printed = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True).stdout
    assert {"numpy", "pandas", "holidays"}.isdisjoint(printed.split())


def test_empty_register() -> None:
    made, findings = register([])
    assert len(made) == 0 and findings == () and verdicts(made, CALENDAR, CUTOFF, 2) == ()
    assert table([]).rows == ()
