"""Slips planted in invented reports, each with the code by which the toolkit must show it.

They are the slips of real life: a total typed over, two digits exchanged, "5.676" taken for a fraction, a date that
does not exist, the wrong period, the same file twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from toolkit.form import Form
from toolkit.invent import GRID, Cell, Dice, Invented, Slip, papers, sound_report
from toolkit.records import TOTAL_ROW, Key, Period
from toolkit.typos import made
from toolkit.wording import show

LIMIT = 999


def invented_communes(form: Form, many: int, period: Period, province: str) -> tuple[Invented, ...]:
    """``many`` (at most 999) invented communes; the first twelve show every slip, later ones one in three.

    Raises ValueError for another number.
    """
    if not 0 <= many <= LIMIT:
        raise ValueError(f"0 to {LIMIT} communes can be invented, not {many}")
    reports = []
    for number in range(1, many + 1):
        report = sound_report(form, number, period, province)
        for plant in _plan(number):
            report = plant(report)
        reports.append(report)
    return tuple(reports)


_Plant = Callable[[Invented], Invented]


def _plan(number: int) -> tuple[_Plant, ...]:
    if number <= len(_PLAN):
        return _PLAN[number - 1]
    return _PLAN[number // 3 % len(_PLAN)] if number % 3 == 0 else ()


def _total_mistyped(report: Invented) -> Invented:
    row = _row(report, "Chứng thực")
    right = _sum(row, "truc_tuyen", "truc_tiep", "ky_truoc")
    wrong = right + (30 if right // 10 % 10 < 7 else -30)  # one digit differs
    what = f"Chứng thực, cột (3): gõ đè {show(wrong)} lên công thức, đúng ra là {show(right)}"
    return _typed(report, row, "tiep_nhan", wrong, "tong_go_sai", what, "CT_001")


def _overtyped_right(report: Invented) -> Invented:
    row = _row(report, "Hộ tịch")
    right = _sum(row, "truoc_han", "dung_han", "qua_han")
    what = "Hộ tịch, cột (7): công thức bị gõ đè bằng đúng kết quả"
    return _typed(report, row, "da_giai_quyet", right, "go_de_dung", what, "CT_002")


def _number_as_text(report: Invented) -> Invented:
    row = _row(report, "Chứng thực")
    text = show(row["truc_tuyen"])
    what = f"Chứng thực, cột (4): số ghi thành chữ “{text}”"
    return _typed(report, row, "truc_tuyen", text, "so_dang_chu", what, "O_001")


def _fraction(report: Invented) -> Invented:
    row = next(row for row in report.rows if int(row["truoc_han"]) % 1000)
    right = int(row["truoc_han"])
    fraction = right / 1000
    what = f"{row['linh_vuc']}, cột (8): {show(right)} bị máy hiểu thành số lẻ {show(Decimal(str(fraction)))}"
    return _typed(report, row, "truoc_han", fraction, "so_le", what, "O_003")


def _digits_exchanged(report: Invented) -> Invented:
    row, wrong = next((row, wrong) for row in report.rows for wrong in made("dao_chu_so", int(row["truoc_han"])))
    what = f"{row['linh_vuc']}, cột (8): {show(row['truoc_han'])} gõ đảo chữ số thành {show(wrong)}"
    return _typed(report, row, "truoc_han", wrong, "dao_chu_so", what, "can_doi_rut_rieng", "tiep_nhan")


def _controls_exchanged(report: Invented) -> Invented:
    a, b = "da_giai_quyet_doi_chieu", "dang_giai_quyet_doi_chieu"
    scalars = {**report.scalars, a: report.scalars[b], b: report.scalars[a]}
    what = "Dòng Tổng cộng: hai số đối chiếu của cột (7) và cột (11) bị đổi chỗ"
    keys = tuple(Key(GRID, TOTAL_ROW, name) for name in (a, b))
    return _slip(replace(report, scalars=scalars), Slip("doi_cho", what, "finding", "CT_004", keys))


def _impossible_date(report: Invented) -> Invented:
    *others, last = report.records["van_ban"]
    records = {**report.records, "van_ban": (*others, {**last, "ngay": "31/9/2025"})}
    what = "Văn bản thứ ba: ngày 31/9/2025 không có thật"
    return _slip(replace(report, records=records), Slip("ngay_sai", what, "finding", "O_006"))


def _decomposed_text(report: Invented) -> Invented:
    what = "Kiến nghị: chữ có dấu tách rời (dán từ máy khác), phải đọc như chữ thường"
    return _slip(replace(report, decomposed=frozenset({"kien_nghi"})), Slip("chu_nfd", what, "nothing"))


def _other_setting(report: Invented) -> Invented:
    """The same dossiers, withdrawn ones counted as done: consistent in itself, of another convention."""
    done = report.scalars["da_giai_quyet_doi_chieu"] + sum(int(row["rut"]) for row in report.rows)
    changed = replace(
        report,
        settings={"rut": "trong_da_giai_quyet"},
        scalars={**report.scalars, "da_giai_quyet_doi_chieu": done},
    )
    what = "Bìa: hồ sơ rút tính trong đã giải quyết, khác các xã kia"
    return _slip(changed, Slip("cach_tinh_khac", what, "merge", "GOP_012"))


def _other_period(report: Invented) -> Invented:
    period = Period(date(report.period.end.year + 1, 1, 1), date(report.period.end.year + 1, 3, 31))
    records = {**report.records, "van_ban": papers(period, Dice(f"quý I {report.place.code}"))}
    changed = replace(report, period=period, records=records)
    return _slip(changed, Slip("lech_ky", "Báo cáo của quý I năm sau gửi nhầm vào kỳ này", "file", "GOP_002"))


def _sent_twice(report: Invented) -> Invented:
    return _slip(
        replace(report, delivery="twice"), Slip("gui_hai_lan", "Gửi thêm một bản chép “(1)”", "file", "GOP_006")
    )


def _as_web_page(report: Invented) -> Invented:
    return _slip(
        replace(report, delivery="web_page"), Slip("trang_web", "Gửi trang web mang đuôi .xls", "file", "TEP_003")
    )


def _not_sent(report: Invented) -> Invented:
    return _slip(replace(report, delivery="not_sent"), Slip("chua_nop", "Chưa nộp báo cáo", "missing"))


_PLAN: tuple[tuple[_Plant, ...], ...] = (
    (),
    (_total_mistyped,),
    (_controls_exchanged,),
    (_number_as_text, _overtyped_right, _decomposed_text),
    (_fraction,),
    (_impossible_date,),
    (_digits_exchanged,),
    (_other_setting,),
    (_sent_twice,),
    (_other_period,),
    (_as_web_page,),
    (_not_sent,),
)


def _typed(
    report: Invented,
    row: Mapping[str, Cell],
    indicator: str,
    value: Cell,
    kind: str,
    what: str,
    code: str,
    shown_at: str = "",
) -> Invented:
    """``value`` typed into one cell of a row; the finding stands at ``shown_at``, or at that cell."""
    name = str(row["linh_vuc"])
    rows = tuple({**r, indicator: value} if r["linh_vuc"] == name else r for r in report.rows)
    slip = Slip(kind, what, "finding", code, (Key(GRID, name, shown_at or indicator),))
    return _slip(replace(report, rows=rows), slip)


def _slip(report: Invented, slip: Slip) -> Invented:
    return replace(report, slips=(*report.slips, slip))


def _row(report: Invented, name: str) -> Mapping[str, Cell]:
    return next(row for row in report.rows if row["linh_vuc"] == name)


def _sum(row: Mapping[str, Cell], *names: str) -> int:
    return sum(int(row[name]) for name in names)
