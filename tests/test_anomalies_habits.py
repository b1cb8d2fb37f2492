"""What a register does often is no anomaly. Examples become a habit by exactly one dossier.

Requirements
  BT02  what a register does often is its habit: told once, or not at all
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from odd_registers import MONDAY, Row, dossier, found, sound, told

from toolkit.anomalies import FEW
from workbook.forms import load_calendar


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
