"""What is odd in a register of dossiers. Examples are odd by exactly one day, minute or dossier.

Requirements
  BT01  a sound register has no anomaly; each kind is told when its dossier is off by one, and not before
  BT02  what a register does often is its habit: told once, or not at all
  BT03  days off follow the calendar: make-up Saturdays are no days off, expected ones are less sure
  BT04  a group is told by the exact tail, all looks under one guard; who works on a slow lĩnh vực is not to blame
  BT05  surest first; each anomaly has its cell, its cells and its dossiers
  BT06  no finding carries the name of a citizen or an officer, or a code that may be something else
  BT07  planted faults are found, sound registers raise at most a handful; the page has the table of every kind
  BT08  what is found by whole columns is what is found when every dossier is looked at alone
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import row_by_row
from hypothesis import given, settings
from hypothesis import strategies as st
from made_dossiers import register

from benchmarks import registers
from benchmarks.anomalies import BEGIN, END, Count, compare, find
from benchmarks.planted import faulty
from toolkit.anomalies import FEW, Anomaly, anomalies
from toolkit.dossiers import register_of, verdicts
from toolkit.limits import at_least
from toolkit.odd_dossiers import CODE, days_in_codes, odd_dossiers, terms_of
from toolkit.odd_groups import RISK
from toolkit.records import Period, Table
from toolkit.wording import ODDITIES, SENTENCES, SURENESS
from workbook.forms import load_calendar, load_vocabulary

PERIOD = Period(date(2025, 7, 1), date(2025, 9, 25))
MONDAY = date(2025, 7, 7)
PAGE = Path(__file__).parent.parent / "docs" / "bat_thuong.md"
Row = dict[str, object]


def dossier(n: int, **other: object) -> Row:
    """A sound dossier of a procedure of 5 working days, another one for each ``n``."""
    received = MONDAY + timedelta(n % 5)
    row: Row = {
        "ma_ho_so": f"H48.22-{received:%y%m%d}-{1000 + n}",
        "ten_tthc": "Hỗ trợ chi phí mai táng",
        "linh_vuc": "Bảo trợ xã hội",
        "hinh_thuc": "Trực tiếp",
        "ngay_tiep_nhan": received,
        "ngay_hen_tra": received + timedelta(7),
        "ngay_ket_qua": received + timedelta(3 if received.weekday() < 2 else 5),
        "ngay_tra": None,
        "trang_thai": "Đã trả kết quả",
        "don_vi": "",
        "can_bo": "",
        "chu_ho_so": f"Người thứ {n}",
    }
    return row | other


def sound(n: int = 20) -> list[Row]:
    return [dossier(i) for i in range(n)]


def found(rows: Sequence[Mapping[str, object]], period: Period | None = PERIOD) -> tuple[Anomaly, ...]:
    columns = {name: tuple(row[name] for row in rows) for name in rows[0]}
    letters = dict(zip(columns, "ABCDEFGHIJKL", strict=False))
    table = Table("ho_so", "Hồ sơ", letters, tuple(range(6, 6 + len(rows))), columns)
    register, _ = register_of(table, load_vocabulary())
    calendar = load_calendar()
    return anomalies(register, verdicts(register, calendar, PERIOD.end, 2), calendar, period)


def told(rows: Sequence[Mapping[str, object]], period: Period | None = PERIOD) -> set[tuple[str, int]]:
    """Kind and position of the first dossier."""
    return {(a.code, a.dossiers[0]) for a in found(rows, period)}


def test_sound_register__ok() -> None:  # BT01
    assert found(sound()) == ()
    assert found([dossier(0) | dict.fromkeys(dossier(0))]) == ()  # a row without anything
    nothing, _ = register_of(Table("ho_so", "Hồ sơ", {}, (), {}), load_vocabulary())
    assert anomalies(nothing, (), load_calendar(), PERIOD) == ()


@pytest.mark.parametrize(
    ("fine", "odd", "code"),
    [
        ({"ngay_ket_qua": MONDAY}, {"ngay_ket_qua": MONDAY - timedelta(1)}, "BT_001"),
        (
            {"ngay_ket_qua": None, "ngay_tra": MONDAY},
            {"ngay_ket_qua": None, "ngay_tra": MONDAY - timedelta(1)},
            "BT_001",
        ),
        (
            {"trang_thai": "Đã xử lý xong", "ngay_ket_qua": None, "ngay_tra": MONDAY + timedelta(3)},
            {"trang_thai": "Đã xử lý xong", "ngay_ket_qua": None},
            "BT_003",
        ),
        ({"trang_thai": "Đang xử lý", "ngay_ket_qua": None}, {"trang_thai": "Đang xử lý"}, "BT_004"),
        ({"trang_thai": "Dừng xử lý"}, {"trang_thai": "Yêu cầu bổ sung giấy tờ"}, "BT_004"),
        ({"ngay_hen_tra": date(2025, 7, 14)}, {"ngay_hen_tra": date(2025, 7, 13)}, "BT_005"),
        ({"ma_ho_so": "H48.22-250707-0001"}, {"ma_ho_so": "H48.22-250708-0001"}, "BT_006"),
        ({"ma_ho_so": "H48.22-250707-0001"}, {"ma_ho_so": "H48.22-250706-0001"}, "BT_006"),
        ({"ma_ho_so": "H48.22-250707-1001"}, {"ma_ho_so": "h48.22-250707-1005"}, "BT_007"),
        ({"ngay_hen_tra": MONDAY + timedelta(4)}, {"ngay_hen_tra": MONDAY + timedelta(3)}, "BT_010"),
        (
            {"ngay_hen_tra": MONDAY + timedelta(16), "ngay_ket_qua": MONDAY + timedelta(4)},
            {"ngay_hen_tra": MONDAY + timedelta(17), "ngay_ket_qua": MONDAY + timedelta(4)},
            "BT_010",
        ),
        (
            {"ngay_hen_tra": MONDAY + timedelta(16), "ngay_ket_qua": MONDAY + timedelta(4)},
            {"ngay_hen_tra": MONDAY + timedelta(16), "ngay_ket_qua": MONDAY + timedelta(3)},
            "BT_010",
        ),
        ({"ngay_hen_tra": MONDAY + timedelta(9)}, {"ngay_hen_tra": MONDAY + timedelta(10)}, "BT_010"),
        (
            {"ngay_tiep_nhan": datetime(2025, 7, 7, 8, 0), "ngay_ket_qua": datetime(2025, 7, 7, 8, 11)},
            {"ngay_tiep_nhan": datetime(2025, 7, 7, 8, 0), "ngay_ket_qua": datetime(2025, 7, 7, 8, 10)},
            "BT_011",
        ),
        (
            {"ngay_tiep_nhan": "07/07/2025", "ngay_ket_qua": "07/07/2025"},
            {"ngay_tiep_nhan": "07/07/2025 08:10:00", "ngay_ket_qua": "07/07/2025 08:00:59"},
            "BT_011",
        ),
    ],
)
def test_off_by_one__told(fine: Row, odd: Row, code: str) -> None:  # BT01
    rows = sound()
    assert told([dossier(0, **fine), *rows[1:]]) == set()
    assert told([dossier(0, **odd), *rows[1:]]) == {(code, 0)}


def test_due_before_receipt__told() -> None:  # BT01
    rows = [dossier(i, ten_tthc="Chứng thực chữ ký", ngay_hen_tra=MONDAY + timedelta(i % 5)) for i in range(20)]
    for row in rows:
        row["ngay_ket_qua"] = row["ngay_hen_tra"]
    assert found(rows) == ()
    rows[1]["ngay_hen_tra"] = MONDAY
    assert told(rows) == {("BT_002", 1)}


def test_same_person_same_procedure_same_day__told() -> None:  # BT01
    rows = sound()
    rows[5] |= {"chu_ho_so": "NGƯỜI THỨ 0"}
    (one,) = found(rows)
    assert (one.code, one.dossiers, one.finding.cells) == ("BT_008", (0, 5), ("A6", "E6", "A11", "E11"))
    for other in ({"ten_tthc": "Thủ tục khác"}, {"trang_thai": "Công dân yêu cầu rút hồ sơ"}, {"chu_ho_so": ""}):
        assert told([*rows[:5], rows[5] | other, *rows[6:]]) == set()


@pytest.mark.parametrize(
    ("received", "done", "odd"),
    [
        (PERIOD.end, None, False),
        (PERIOD.end + timedelta(1), None, True),
        (date(2025, 6, 24), None, False),  # carried over
        (date(2025, 6, 24), PERIOD.start, False),
        (date(2025, 6, 24), PERIOD.start - timedelta(1), True),
    ],
)
def test_outside_the_period(received: date, done: date | None, odd: bool) -> None:  # BT01
    due = load_calendar().due(received, 5)
    status = "Đang xử lý" if done is None else "Đã xử lý xong"
    row = dossier(0, ngay_tiep_nhan=received, ngay_hen_tra=due, ngay_ket_qua=done, trang_thai=status)
    row["ma_ho_so"] = f"H48.22-{received:%y%m%d}-0001"
    rows = [row, *sound()[1:]]
    assert told(rows) == ({("BT_009", 0)} if odd else set())
    assert told(rows, None) == set()


def test_many_of_a_kind__told_once() -> None:  # BT02
    rows = [dossier(i, trang_thai="Đang xử lý" if i <= FEW else "Đã trả kết quả") for i in range(60)]
    (one,) = found(rows)
    assert (one.code, one.finding.code, one.sure) == ("BT_004", "BT_000", "chac_chan")
    assert one.dossiers == tuple(range(FEW + 1)) and len(one.finding.cells) == 2 * FEW
    rows[0]["trang_thai"] = "Đã trả kết quả"
    assert [a.finding.code for a in found(rows)] == ["BT_004"] * FEW


def test_column_without_any_result__told_once() -> None:  # BT02
    rows = [dossier(i, ngay_ket_qua=None) for i in range(40)]
    assert [(a.code, a.finding.code) for a in found(rows)] == [("BT_003", "BT_000")]
    assert found([{k: v for k, v in row.items() if k not in ("ngay_ket_qua", "ngay_tra")} for row in rows]) == ()


def test_codes_of_the_day_before__habit() -> None:  # BT02
    def coded(n: int) -> Row:
        return dossier(5 * n + 1, ma_ho_so=f"H48.22-{MONDAY:%y%m%d}-{n:04d}", hinh_thuc="Trực tuyến")

    assert len(found([*sound(), coded(7), coded(8)])) == 2
    assert found([*sound(), coded(7), coded(8), coded(9)]) == ()
    assert len(found([*sound(), coded(7), coded(8), coded(9) | {"hinh_thuc": "Trực tiếp"}])) == 3

    def lag(n: int, days: int) -> Row:
        received = date(2025, 7, 11)
        code = f"H48.22-{received - timedelta(days):%y%m%d}-{n:04d}"
        return dossier(4, ma_ho_so=code, chu_ho_so=f"Người khác {n}")

    some = [*sound(), *(lag(n, 1) for n in range(3))]
    assert (told([*some, lag(7, 2)]), told([*some, lag(7, 3)])) == (set(), {("BT_006", 23)})
    assert told([*sound(), lag(7, -1)]) == {("BT_006", 20)}  # Saturday after Friday
    assert told([*sound(), *(lag(n, -1) for n in range(3))]) == set()


def test_people_with_several_dossiers__habit() -> None:  # BT02
    others = [dossier(i, ten_tthc=f"Thủ tục {i}", linh_vuc="Hộ tịch") for i in range(50, 250)]
    rows = [*sound(30), *others]
    for i in range(2):
        rows[i + 5]["chu_ho_so"] = rows[i]["chu_ho_so"]
    assert Counter(a.code for a in found(rows)) == {"BT_008": 2}
    rows[7]["chu_ho_so"] = rows[2]["chu_ho_so"]
    assert found(rows) == ()


def test_term_that_recurs__usual() -> None:  # BT02
    rows = sound()
    rows[0]["ngay_hen_tra"] = MONDAY + timedelta(3)
    assert told(rows) == {("BT_010", 0)}
    rows[5]["ngay_hen_tra"] = MONDAY + timedelta(3)
    assert told(rows) == set()


def test_pauses_of_the_register__usual() -> None:  # BT02
    def rows(paused: int, term: int) -> list[Row]:
        """Among 40 dossiers so many that were paused for 1, 2, 3 … days, and one open one with another term."""
        calendar = load_calendar()
        out = sound(40)
        for i in range(paused):
            due = calendar.due(MONDAY, 6 + i)
            out[5 * i] |= {"ngay_hen_tra": due, "ngay_ket_qua": due}
        out[1] |= {"ngay_hen_tra": calendar.due(MONDAY + timedelta(1), term), "ngay_ket_qua": None}
        out[1]["trang_thai"] = "Đang xử lý"
        return out

    assert told(rows(6, 12)) == set() and told(rows(6, 13)) == {("BT_010", 1)}
    assert told(rows(7, 35)) == set() and told(rows(7, 36)) == {("BT_010", 1)}


def test_namesakes_of_a_busy_procedure__usual() -> None:  # BT02
    def rows(names: int) -> list[Row]:
        """100 dossiers of a week; the first two of Monday are of one person."""
        out = [dossier(i, chu_ho_so=f"Người thứ {i // 5 % names}") for i in range(100)]
        for i, row in enumerate(out):
            row["chu_ho_so"] = f"{row['chu_ho_so']} {i % 5 if names > 20 else ''}"
        out[5]["chu_ho_so"] = out[0]["chu_ho_so"]
        return out

    assert told(rows(100)) == {("BT_008", 0)}
    assert told(rows(20)) == set()


def test_unreadable_result__no_gap() -> None:  # BT02
    assert told([dossier(0, ngay_ket_qua="đang chờ"), *sound()[1:]]) == set()


def test_days_off_follow_the_calendar() -> None:  # BT03
    def due(day: date, received: date) -> Row:
        return dossier(0, ten_tthc="Khác", ngay_hen_tra=day, ngay_ket_qua=None, trang_thai="Đang xử lý") | {
            "ngay_tiep_nhan": received,
            "ma_ho_so": f"H48.22-{received:%y%m%d}-0001",
        }

    made_up, holiday = due(date(2026, 8, 22), date(2026, 8, 14)), due(date(2026, 8, 31), date(2026, 8, 14))
    expected, unlisted = due(date(2027, 11, 24), date(2027, 11, 1)), due(date(2031, 1, 4), date(2030, 12, 20))
    assert [a.sure for row in (made_up, holiday, expected, unlisted) for a in found([row], None)] == [
        "rat_co_the",
        "nen_xem",
    ]


def test_late_group_by_the_exact_tail() -> None:  # BT04
    def rows(late: int) -> list[Row]:
        """Five lĩnh vực of 40 dossiers; ``late`` in the first, one in each other."""
        out = []
        for i in range(200):
            name, n = f"Lĩnh vực {i % 5}", i // 5
            row = dossier(i, linh_vuc=name, ten_tthc=f"Thủ tục {i % 5}")
            if n < (late if i % 5 == 0 else 1):
                row["ngay_ket_qua"] = row["ngay_hen_tra"] + timedelta(7)
            out.append(row)
        return out

    looks = 5 + 1 + 5  # lĩnh vực late; the register and lĩnh vực finished on the day
    first = next(k for k in range(40) if found(rows(k)))
    chances = [at_least(k, 40, (k + 4) / 200) for k in (first - 1, first)]
    assert chances[1] <= RISK / looks < chances[0]
    (one,) = found(rows(first))
    assert (one.code, one.group, one.sure, len(one.dossiers)) == ("BT_013", True, "rat_co_the", first)
    assert one.chance == chances[1]
    assert one.finding.cell == "C6"


def test_officer_of_a_slow_field__not_to_blame() -> None:  # BT04
    def groups(late: tuple[int, int, int], rows: int = 300) -> list[str]:
        """Cells of the groups told: of three officers, each with 40 land dossiers, so many late, and 60 other ones."""
        out = []
        for i in range(rows):
            row = dossier(i, linh_vuc="Đất đai" if i < 120 else "Hộ tịch", can_bo=("Một", "Hai", "Ba")[i % 3])
            if i < 120 and i // 3 < late[i % 3]:
                row["ngay_ket_qua"] = row["ngay_hen_tra"] + timedelta(7)
            out.append(row)
        return [a.finding.cell for a in found(out)]

    assert groups((12, 12, 12)) == ["C6"]
    split = [
        dossier(i, linh_vuc="Đất đai" if i < 120 else "Hộ tịch", can_bo="Một" if i < 60 else "Hai") for i in range(300)
    ]
    for row in split[:120:3]:
        row["ngay_ket_qua"] = row["ngay_hen_tra"] + timedelta(7)
    assert [a.finding.cell for a in found(split)] == ["C6"]
    assert groups((3, 30, 3)) == ["C6", "K7"]
    assert groups((3, 30, 3), rows=120) == ["K7"]
    assert groups((12, 12, 12), rows=120) == []


def test_small_difference__no_group() -> None:  # BT04
    def rows(late: int) -> list[Row]:
        out = [dossier(i, linh_vuc=f"Lĩnh vực {i % 2}", ten_tthc=f"Thủ tục {i % 2}") for i in range(1000)]
        for row in [*out[: 2 * late : 2], *out[1:101:2]]:
            row["ngay_ket_qua"] = row["ngay_hen_tra"] + timedelta(7)
        return out

    assert at_least(150, 500, 0.2) < 1e-6
    assert found(rows(150)) == ()


def test_two_late_dossiers__no_group() -> None:  # BT04
    def rows(late: int) -> list[Row]:
        late_one = {"ngay_ket_qua": MONDAY + timedelta(21), "linh_vuc": "Văn hóa cơ sở"}
        return [*(dossier(i, **late_one) for i in range(late)), *sound(400)[late:]]

    assert at_least(2, 2, 2 / 400) < 1e-4
    assert (found(rows(2)), [a.code for a in found(rows(3))]) == ((), ["BT_013"])


def test_results_on_the_promised_day__told() -> None:  # BT04
    def rows(on_day: int, n: int = 40) -> list[Row]:
        out = sound(n)
        for row in out[:on_day]:
            row["ngay_ket_qua"] = row["ngay_hen_tra"]
        return out

    looks = 1 + 1 + 1  # late by lĩnh vực; the register and its lĩnh vực on the day
    first = next(k for k in range(41) if found(rows(k)))
    assert at_least(first, 40, 0.5) <= RISK / (looks - 1) and at_least(first - 1, 40, 0.5) > RISK / looks
    (one,) = found(rows(first))
    assert (one.code, one.group, one.sure, len(one.dossiers)) == ("BT_012", True, "nen_xem", first)


def test_surest_first() -> None:  # BT05
    rows = sound()
    rows[5]["chu_ho_so"] = rows[0]["chu_ho_so"]  # should be looked at
    rows[1] |= {"ngay_hen_tra": date(2025, 7, 19), "ngay_ket_qua": date(2025, 7, 14)}  # very likely
    rows[3]["ngay_ket_qua"] = None  # certain
    rows[2]["ngay_ket_qua"] = MONDAY  # certain
    rows[4]["ngay_hen_tra"] = rows[4]["ngay_ket_qua"]  # very likely
    listed = found(rows)
    assert [(a.code, a.sure, a.finding.severity, a.finding.cell) for a in listed] == [
        ("BT_001", "chac_chan", "error", "G8"),
        ("BT_003", "chac_chan", "error", "G9"),
        ("BT_005", "rat_co_the", "warning", "F7"),
        ("BT_010", "rat_co_the", "warning", "F10"),
        ("BT_008", "nen_xem", "info", "A6"),
    ]
    assert listed[0].finding.cells == ("G8", "E8")
    assert listed == found(rows)


def test_every_kind_has_words() -> None:  # BT05
    assert {code for code in SENTENCES if code.startswith("BT_")} == {*ODDITIES, "BT_000"}
    assert set(SURENESS) == {"chac_chan", "rat_co_the", "nen_xem"}


@given(st.lists(st.from_regex(r"[A-Z]?[0-9.]{0,3}(-[0-9]{3,6}){0,3}-?", fullmatch=True)))
def test_days_in_codes_are_read_all_at_once_as_one_by_one(codes: list[str]) -> None:
    one_by_one = [match[1] if match else "" for match in map(CODE.search, codes)]
    assert list(days_in_codes(codes)) == one_by_one
    dated = [code for code, day in zip(codes, one_by_one, strict=True) if day]
    assert list(days_in_codes(dated)) == list(filter(None, one_by_one))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_names_in_findings(data: st.DataObject) -> None:  # BT06
    secret = {"chu_ho_so": "Bùi Thị Bí Mật", "can_bo": "Cán Bộ Kín"}
    days = st.sampled_from([None, MONDAY, MONDAY - timedelta(9), date(2025, 7, 12), date(2026, 1, 1), "mật", 45845.0])
    rows = []
    for i in range(data.draw(st.integers(1, 30))):
        row = dossier(i) | secret
        for name in ("ngay_tiep_nhan", "ngay_hen_tra", "ngay_ket_qua", "ngay_tra"):
            if data.draw(st.booleans()):
                row[name] = data.draw(days)
        row["ma_ho_so"] = data.draw(st.sampled_from([row["ma_ho_so"], "Bùi Thị Bí Mật", "0905123456", "051088001234"]))
        rows.append(row)
    for anomaly in found(rows):
        words = repr(anomaly)
        for name in ("Bí Mật", "Kín", "0905123456", "051088001234", "mật"):
            assert name not in words


def test_slipped_columns_name_nobody() -> None:  # BT06
    late = {"ngay_ket_qua": MONDAY + timedelta(21)}
    rows = [dossier(i, linh_vuc="Bùi Thị Bí Mật", **late) if i < 9 else dossier(i) for i in range(200)]
    (one,) = [a for a in found(rows) if a.code == "BT_013"]
    assert "Bí Mật" not in repr(one)


DAYS = st.dates(date(2025, 6, 20), date(2025, 10, 10))


@st.composite
def careless(draw: st.DrawFn) -> list[Row]:
    """Registers in which few words and days are shared by many dossiers, and slips of every kind are frequent."""
    rows: list[Row] = []
    usual = draw(st.integers(1, 15))
    for n in range(draw(st.integers(0, 40))):
        received = draw(st.sampled_from((MONDAY, MONDAY, MONDAY + timedelta(1))) | DAYS)
        term = usual if draw(st.integers(0, 3)) else draw(st.integers(-2, 90))
        code = received - timedelta(draw(st.sampled_from((0, 0, 0, 1, 1, 3, -2))))
        row = dossier(
            n,
            ma_ho_so=draw(st.sampled_from((f"H48-{code:%y%m%d}-{n:04d}", f"h48-{code:%y%m%d} -0001", "12 3", ""))),
            ten_tthc=draw(st.sampled_from(("Khai sinh", "khai  sinh", "Chứng thực", ""))),
            linh_vuc=draw(st.sampled_from(("Hộ tịch", "hộ tịch", "Đất đai", ""))),
            hinh_thuc=draw(st.sampled_from(("Trực tuyến", "Trực tiếp", ""))),
            ngay_tiep_nhan=draw(st.sampled_from((received, received, None))),
            ngay_hen_tra=draw(
                st.sampled_from((received + timedelta(term), received + timedelta(term), None, "31/2/2025"))
            ),
            ngay_ket_qua=draw(st.sampled_from((received + timedelta(term - 1), received + timedelta(1), None))),
            ngay_tra=draw(st.sampled_from((None, received))),
            trang_thai=draw(st.sampled_from(("Đã trả kết quả", "Đang xử lý", "Rút hồ sơ", "Mới đăng ký", ""))),
            chu_ho_so=draw(st.sampled_from(("An", "AN", "Bình", "", f"Chi {n}"))),
        )
        rows.append(row)
    return rows


@settings(max_examples=150, deadline=None)
@given(careless())
def test_columns_find_what_rows_find(rows: list[Row]) -> None:  # BT08
    made, _ = register(rows)
    calendar = load_calendar()
    kinds = ("BT_005", "BT_006", "BT_007", "BT_008", "BT_009", "BT_010")
    by_columns = {
        (o.code, o.dossiers) for o in odd_dossiers(made, terms_of(made, calendar), calendar, PERIOD) if o.code in kinds
    }
    assert by_columns == row_by_row.odd(made, calendar, PERIOD)


def test_rows_find_every_kind_that_columns_look_at() -> None:  # BT08
    """So that the comparison above is one of something."""
    made, _ = register(
        [dossier(n) for n in range(20)]
        + [
            dossier(20, ngay_hen_tra=date(2025, 7, 12)),
            dossier(21, ma_ho_so="H48.22-250601-1021"),
            dossier(22, ma_ho_so="H48.22-250709-1002"),
            dossier(23, ngay_tiep_nhan=MONDAY, ma_ho_so="H48.22-250707-1", chu_ho_so="người thứ 0"),
            dossier(24, ngay_tiep_nhan=date(2025, 9, 26), ngay_hen_tra=date(2025, 10, 3)),
            dossier(25, ngay_hen_tra=MONDAY + timedelta(60)),
        ]
    )
    codes = {code for code, _ in row_by_row.odd(made, load_calendar(), PERIOD)}
    assert codes == {"BT_005", "BT_006", "BT_007", "BT_008", "BT_009", "BT_010"}


def test_planted_faults_are_found() -> None:  # BT07
    count = Count()
    calendar = load_calendar()
    for seed in (1, 2, 3):
        invented = faulty(seed, 2500, calendar, PERIOD, each=4)
        compare(invented, find(invented, count), count)
        count.alarms.append(len(find(registers.sound(seed, 2500, calendar, PERIOD), count)))
    kinds = {kind for kind, _ in count.planted}
    assert kinds == set(ODDITIES)
    certain = {"BT_001", "BT_002", "BT_003", "BT_004", "BT_005", "BT_007", "BT_009"}
    missed = {kind for (kind, what), n in count.planted.items() if count.found[kind, what] < n}
    assert missed.isdisjoint(certain)
    assert all(count.found[key] > 0 for key in count.planted)
    assert all(count.right[kind] == count.said[kind] for kind in certain)
    assert max(count.alarms) <= 5


def test_same_seed_same_register() -> None:  # BT07
    calendar = load_calendar()
    assert faulty(5, 400, calendar, PERIOD) == faulty(5, 400, calendar, PERIOD)
    assert faulty(5, 400, calendar, PERIOD) != faulty(6, 400, calendar, PERIOD)


def test_page_has_every_kind() -> None:  # BT07
    measured = PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    assert {code for code in ODDITIES if measured.count(f"| {code} |") < 2} == set()
