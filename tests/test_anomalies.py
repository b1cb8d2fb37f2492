"""What is odd in a register of dossiers. Examples are odd by exactly one day, minute or dossier.

Requirements; habits of a register, groups and the search by columns have their own modules
  BT01  a sound register has no anomaly; each kind is told when its dossier is off by one, and not before
  BT03  days off follow the calendar: make-up Saturdays are no days off, expected ones are less sure
  BT05  surest first; each anomaly has its cell, its cells and its dossiers
  BT06  no finding carries the name of a citizen or an officer, or a code that may be something else
  BT07  planted faults are found, sound registers raise at most a handful; the page has the table of every kind
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odd_registers import MONDAY, PERIOD, Row, dossier, found, sound, told

from benchmarks import registers
from benchmarks.anomalies import BEGIN, END, Count, compare, find
from benchmarks.planted import faulty
from toolkit.anomalies import anomalies
from toolkit.dossiers import register_of
from toolkit.records import Table
from toolkit.wording import ODDITIES, SENTENCES, SURENESS
from workbook.forms import load_calendar, load_vocabulary

PAGE = Path(__file__).parent.parent / "docs" / "bat_thuong.md"


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
