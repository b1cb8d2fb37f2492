"""What is painted in a register, and the list that says the same in words.

Requirements
  HL01  every painted row is listed in words, every listed one is painted, over the form's columns
  HL02  the most pressing first: open before finished, then by days late
  HL03  the counts add up to all dossiers
  HL04  anomalies: their cells over the row; habits, groups and remarks paint nothing but are told
  HL05  the calendar is named; expected days off and days outside it are said, only where they count
  HL06  no citizen, wherever a name or a number slipped to
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.anomalies import Anomaly, anomalies
from toolkit.dossiers import Register, register_of, verdicts
from toolkit.highlights import COLOURS, LATE, ODD, Highlights, edits, highlights
from toolkit.records import Edit, Period, Table
from toolkit.wording import VERDICTS, finding
from workbook.forms import load_calendar, load_vocabulary

ON = date(2025, 9, 25)
PERIOD = Period(date(2025, 7, 1), ON)
SOON = 3
CALENDAR, WORDS = load_calendar(), load_vocabulary()
FIELDS = ("ma_ho_so", "ngay_tiep_nhan", "ngay_hen_tra", "ngay_ket_qua", "trang_thai", "don_vi", "chu_ho_so")
LETTERS = dict(zip(FIELDS, "ABCDEFG", strict=True))
SECRET, PHONE = "Nguyễn Thị Bí Mật", "0912345678"
Row = tuple[object, ...]


def row(
    n: int, due: date | str | None, done: date | None = None, status: str = "", received: date | None = None
) -> Row:
    start = received or date(2025, 8, 4)
    code = f"000.00.53.H48-{start:%y%m%d}-{n:04d}"
    return code, start, due, done, status or ("Đã trả kết quả" if done else "Đang xử lý"), "Phòng Kinh tế", SECRET


def register(*rows: Row, first: int = 5) -> Register:
    columns = dict(zip(FIELDS, zip(*rows, strict=True), strict=True))
    table = Table("ho_so", "Hồ sơ", LETTERS, tuple(range(first, first + len(rows))), columns)
    return register_of(table, WORDS)[0]


def shown(*rows: Row, on: date = ON, period: Period = PERIOD) -> tuple[Highlights, tuple[Edit, ...]]:
    dossiers = register(*rows)
    kinds = verdicts(dossiers, CALENDAR, on, SOON)
    odd = anomalies(dossiers, kinds, CALENDAR, period)
    told = highlights(dossiers, kinds, CALENDAR, on, SOON, calendar_name="lịch thử", anomalies=odd)
    return told, edits(dossiers, told, odd)


def painted(paint: tuple[Edit, ...]) -> dict[str, str]:
    """Cell -> colour: of two paints of one cell the first counts."""
    out: dict[str, str] = {}
    for edit in paint:
        out.setdefault(edit.cell, edit.colour)
    return out


# --- HL01


@pytest.mark.parametrize(
    ("one", "group"),
    [
        (row(1, date(2025, 9, 24)), "dang_qua_han"),
        (row(1, date(2025, 9, 15), date(2025, 9, 16)), "qua_han"),
        (row(1, date(2025, 9, 30)), "sap_den_han"),
        (row(1, date(2025, 9, 15), status="Yêu cầu bổ sung"), "cho_bo_sung"),
        (row(1, date(2025, 9, 15), status="Chờ thực hiện nghĩa vụ tài chính"), "cho_nghia_vu_tai_chinh"),
        (row(1, date(2025, 9, 15), status="Tạm dừng"), "dung_xu_ly"),
        (row(1, date(2025, 9, 15), status="Đang bay"), "chua_phan_loai"),
    ],
)
def test_painted_by_verdict__HL01(one: Row, group: str) -> None:
    told, paint = shown(one)
    assert painted(paint) == {f"{letter}5": COLOURS[group] for letter in "ABCDEFG"}
    (line,) = told.lines
    assert (line.group, line.label, line.cell) == (group, VERDICTS[group], "A5")
    assert line.reason


@pytest.mark.parametrize(
    "one",
    [
        row(1, date(2025, 10, 1)),  # four working days left: one more than soon
        row(1, date(2025, 9, 15), date(2025, 9, 15)),
        row(1, date(2025, 9, 15), date(2025, 9, 12)),
        row(1, date(2025, 9, 15), status="Rút hồ sơ"),
        row(1, date(2025, 9, 15), status="Mới đăng ký"),
    ],
)
def test_not_painted__HL01(one: Row) -> None:
    assert shown(one)[1] == ()
    assert shown(one)[0].lines == ()


STATUSES = st.sampled_from(["Đang xử lý", "Đã trả kết quả", "Yêu cầu bổ sung", "Tạm dừng", "Rút hồ sơ", "lạ", ""])
DAYS = st.dates(date(2025, 7, 1), date(2025, 10, 15))
ROWS = st.lists(st.builds(row, st.integers(0, 30), DAYS | st.none(), DAYS | st.none(), STATUSES, DAYS), min_size=1)


@given(ROWS)
def test_list_and_paint_agree__HL01_HL03(rows: list[Row]) -> None:
    told, paint = shown(*rows)
    colours = painted(paint)
    by_row = {line.dossier + 5: line for line in told.lines}
    assert {int(cell[1:]) for cell in colours} == set(by_row)
    for number, line in by_row.items():
        colour = {colours[f"{letter}{number}"] for letter in "ABCDEFG"}
        assert COLOURS[line.group] in colour
        assert colour <= {COLOURS[line.group], COLOURS[ODD]}
    assert sum(told.counts.values()) == len(rows)
    assert {k: sum(line.group == k for line in told.lines) for k in LATE} == {k: told.counts.get(k, 0) for k in LATE}
    assert {edit.sheet for edit in paint} <= {"Hồ sơ"} and {edit.kind for edit in paint} <= {"paint"}


# --- HL02


def test_most_pressing_first__HL02() -> None:
    told, _ = shown(
        row(1, date(2025, 9, 30)),
        row(2, date(2025, 9, 15), date(2025, 9, 16)),
        row(3, date(2025, 9, 24)),
        row(4, date(2025, 9, 15), date(2025, 9, 17)),
        row(5, date(2025, 9, 23)),
        row(6, date(2025, 9, 26)),
        row(7, date(2025, 9, 15), status="Tạm dừng"),
    )
    assert [line.dossier for line in told.lines] == [4, 2, 3, 1, 5, 0, 6]
    assert [line.days for line in told.lines] == [2, 1, 2, 1, -1, -3, None]
    assert [line.dossier for line in told.late] == [4, 2, 3, 1]


# --- HL04


def test_cells_of_anomalies_over_the_row__HL04() -> None:
    told, paint = shown(row(1, date(2025, 9, 20)))  # due on a Saturday, and late
    (line,) = told.lines
    assert line.group == "dang_qua_han"
    assert painted(paint) == {f"{c}5": COLOURS[ODD if c == "C" else "dang_qua_han"] for c in "ABCDEFG"}
    assert told.odd == 1


def test_only_odd__HL04() -> None:
    told, paint = shown(row(1, date(2025, 8, 15), date(2025, 8, 1)))  # a result before the receipt
    (line,) = told.lines
    assert (line.group, told.odd, told.counts) == (ODD, 1, {"truoc_han": 1})
    assert set(painted(paint).values()) == {COLOURS[ODD]}


def test_habits_and_remarks_paint_nothing__HL04() -> None:
    rows = [row(n, date(2025, 10, 4)) for n in range(30)]  # all due on a Saturday: a habit of the software
    told, paint = shown(*rows)
    assert (paint, told.odd, told.lines) == ((), 0, ())
    assert [f.code for f in told.findings] == ["BT_000"]


def test_groups_paint_nothing__HL04() -> None:
    rows = [row(n, date(2025, 10, 10)) for n in range(3)]
    dossiers = register(*rows)
    kinds = verdicts(dossiers, CALENDAR, ON, SOON)
    group = Anomaly("BT_013", "rat_co_the", (0, 1), True, finding("BT_013", sheet="Hồ sơ", cell="C5"))
    told = highlights(dossiers, kinds, CALENDAR, ON, SOON, calendar_name="", anomalies=[group])
    assert (edits(dossiers, told, [group]), told.odd, told.lines) == ((), 0, ())
    assert [f.code for f in told.findings] == ["BT_013"]


# --- HL05


def test_expected_days_off_are_said__HL05() -> None:
    plain = shown(row(1, date(2025, 9, 24)))[0].calendar
    assert "lịch thử" in plain
    future = shown(row(1, date(2027, 3, 1)), on=date(2027, 3, 5))[0].calendar
    assert "2027" in future.removeprefix(plain)
    unused = shown(row(1, date(2027, 3, 1)), row(2, date(2025, 9, 24)))[0].calendar
    assert unused == plain


def test_outside_the_calendar_is_said__HL05() -> None:
    plain = shown(row(1, date(2025, 9, 24)))[0].calendar
    early = CALENDAR.first - timedelta(1)
    told, paint = shown(row(1, date(2025, 9, 24)), row(2, early))
    assert told.calendar != plain
    assert str(early.year) not in told.calendar  # not covered is not the same as expected
    assert [(line.dossier, line.days) for line in told.lines] == [(1, None), (0, 1)]
    assert len(painted(paint)) == 14


# --- HL06


def slipped(told: Highlights, paint: tuple[Edit, ...]) -> str:
    return repr((told, paint))


@given(ROWS, st.integers(0, 6), st.sampled_from([SECRET, PHONE, "051190001234", SECRET.upper()]))
def test_no_citizen__HL06(rows: list[Row], at: int, secret: str) -> None:
    moved = list(rows[0])
    moved[at] = secret
    told, paint = shown(tuple(moved), *rows[1:])
    assert secret.lower() not in slipped(told, paint).lower()
    assert all(line.name for line in told.lines)
