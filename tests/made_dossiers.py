"""Dossier registers made without a workbook, for tests of what comes after reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from random import Random

from toolkit.dossiers import Register, register_of
from toolkit.records import Finding, Table
from workbook.forms import load_vocabulary

VOCABULARY = load_vocabulary()
FIELDS = (
    "ma_ho_so",
    "ten_tthc",
    "linh_vuc",
    "hinh_thuc",
    "muc_do",
    "ngay_tiep_nhan",
    "ngay_hen_tra",
    "ngay_ket_qua",
    "ngay_tra",
    "trang_thai",
    "don_vi",
    "can_bo",
    "chu_ho_so",
)
Row = Mapping[str, object]


def table(rows: Sequence[Row], fields: Sequence[str] = FIELDS) -> Table:
    """Rows of field -> raw cell, from line 5 on; a field that is not in ``fields`` has no column."""
    return Table(
        block="ho_so",
        sheet="Hồ sơ",
        letters={field: chr(ord("A") + n) for n, field in enumerate(fields)},
        rows=tuple(range(5, 5 + len(rows))),
        columns={field: tuple(row.get(field) for row in rows) for field in fields},
    )


def register(rows: Sequence[Row], fields: Sequence[str] = FIELDS) -> tuple[Register, tuple[Finding, ...]]:
    return register_of(table(rows, fields), VOCABULARY)


def dossier(status: str = "Đang xử lý", *days: str, **more: object) -> dict[str, object]:
    """``days``: received, due, result, handed over, as ISO texts; "" where there is none."""
    named = ("ngay_tiep_nhan", "ngay_hen_tra", "ngay_ket_qua", "ngay_tra")
    dates = {field: date.fromisoformat(day) for field, day in zip(named, days, strict=False) if day}
    return {
        "ma_ho_so": "H48.22-1",
        "linh_vuc": "Hộ tịch",
        "hinh_thuc": "Trực tiếp",
        "trang_thai": status,
        **dates,
        **more,
    }


def invented(n: int, seed: int, first: date, last: date, fields: Iterable[str]) -> list[dict[str, object]]:
    """Dossiers of every kind with days from ``first`` to ``last``, the same on every run; order of days included,
    anything that a careless export can hold."""
    dice = Random(seed)
    labels = [*fields]
    statuses = ["Đã trả kết quả", "Đang xử lý", "Đã xử lý xong", "Yêu cầu bổ sung", "Rút hồ sơ", "Tạm dừng"]
    statuses += ["Mới đăng ký", "Chờ nghĩa vụ tài chính", "Chưa rõ", ""]
    span = last.toordinal() - first.toordinal()

    def day(share: float) -> date | None:
        return date.fromordinal(first.toordinal() + dice.randrange(span + 1)) if dice.random() < share else None

    out: list[dict[str, object]] = []
    for number in range(n):
        status = dice.choices(statuses, (40, 20, 10, 6, 6, 3, 3, 3, 3, 6))[0]
        done = status in ("Đã trả kết quả", "Đã xử lý xong", "Rút hồ sơ")
        out.append(
            {
                "ma_ho_so": f"H48.22-{number:06d}",
                "linh_vuc": dice.choice(labels),
                "hinh_thuc": dice.choice(("Trực tuyến", "TRỰC TIẾP", "Bưu chính", "2", None)),
                "muc_do": dice.choice(("Toàn trình", "Một phần", "")),
                "ngay_tiep_nhan": day(0.98),
                "ngay_hen_tra": day(0.95),
                "ngay_ket_qua": day(0.93 if done else 0.05),
                "ngay_tra": day(0.5 if done else 0.02),
                "trang_thai": status,
            }
        )
    return out
