"""Sound registers to make odd by exactly one day, minute or dossier, and what is then told of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from toolkit.anomalies import Anomaly, anomalies
from toolkit.dossiers import register_of, verdicts
from toolkit.records import Period, Table
from workbook.forms import load_calendar, load_vocabulary

PERIOD = Period(date(2025, 7, 1), date(2025, 9, 25))
MONDAY = date(2025, 7, 7)
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
