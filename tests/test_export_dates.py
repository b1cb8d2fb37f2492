"""Dates of exports in which a program exchanged day and month.

Requirements
  NX05  exchanged day and month are found, and put right only where the row proves it
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import exports_made as made
import import_runs
from exports_made import IGATE, igate_row
from import_runs import Importer, codes, register

blank, importer = import_runs.blank, import_runs.importer  # fixtures


def swapped(rows: list[list[made.Cell]], columns: Iterable[int] = (4, 5, 6)) -> list[list[made.Cell]]:
    """Rows as an American Excel saves them."""
    return [[made.american(str(c)) if n in columns and c else c for n, c in enumerate(row)] for row in rows]


def test_american_excel(importer: Importer) -> None:  # NX05
    true = [
        igate_row(1, "05/09/2025", "25/09/2025", "24/09/2025", "Đã trả kết quả"),
        igate_row(2, "06/09/2025", "10/09/2025", "09/09/2025", "Đã trả kết quả"),
        igate_row(3, "15/09/2025", "07/10/2025", "", "Đang xử lý"),
        igate_row(4, "02/01/2025", "03/04/2025", "20/01/2025", "Đã trả kết quả"),
    ]
    result = importer(("a.xlsx", made.xlsx([IGATE, *swapped(true)])))
    rows = register(result.path)
    assert [r["ngay_tiep_nhan"] for r in rows] == [datetime(2025, m, d) for m, d in ((9, 5), (9, 6), (9, 15), (1, 2))]
    assert rows[1]["ngay_hen_tra"] == datetime(2025, 10, 9)  # 9 October or 10 September? Both follow the receipt
    assert rows[2]["ngay_hen_tra"] == datetime(2025, 10, 7)  # 10 July would be before the receipt
    told = {f.code: f for f in result.files[0].findings if f.code in ("XN_010", "XN_011")}
    assert set(told) == {"XN_010", "XN_011"}


def test_undecided_days_stay_until_somebody_says(importer: Importer) -> None:  # NX05
    rows = [["HS-1", "05/09/2025"], ["HS-2", "06/10/2025"], ["HS-3", "25/09/2025"]]
    table = [["Mã hồ sơ", "Ngày nhận", "Trạng thái"], *([a, made.american(b), "Đang xử lý"] for a, b in rows)]
    book = made.xlsx(table)
    as_is = importer(("a.xlsx", book))
    assert [r["ngay_tiep_nhan"] for r in register(as_is.path)][:2] == [datetime(2025, 5, 9), datetime(2025, 6, 10)]
    assert "XN_010" in codes(as_is)
    put_right = importer(("a.xlsx", book), answers={"Ngày nhận": "dao_ngay_thang"})
    assert [r["ngay_tiep_nhan"] for r in register(put_right.path)][:2] == [datetime(2025, 9, 5), datetime(2025, 10, 6)]
    kept = importer(("a.xlsx", book), answers={"Ngày nhận": "giu_nguyen"})
    assert register(kept.path) == register(as_is.path)
    assert "XN_010" not in codes(kept)


def test_mixed_kinds_without_the_fingerprint(importer: Importer) -> None:  # NX05
    table = [["Mã hồ sơ", "Ngày nhận", "Trạng thái"], ["HS-1", date(2025, 9, 5), ""], ["HS-2", date(2025, 9, 6), ""],
             ["HS-3", date(2025, 9, 13), ""], ["HS-4", "25/09/2025", ""]]  # fmt: skip
    result = importer(("a.xlsx", made.xlsx(table)))  # a thirteenth that is a real date: nothing was exchanged
    assert not {"XN_010", "XN_011"} & set(codes(result))


def test_month_first_texts(importer: Importer) -> None:  # NX05
    rows = [("000.17.22.H56-250928-0001", "9/28/2025"), ("000.17.22.H56-250905-0002", "9/5/2025"),
            ("000.17.22.H56-250930-0003", "9/30/2025")]  # fmt: skip
    table = [["Mã hồ sơ", "Ngày nhận", "Trạng thái"], *([a, b, "Đang xử lý"] for a, b in rows)]
    result = importer(("a.csv", made.csv(table)))
    assert [r["ngay_tiep_nhan"] for r in register(result.path)] == [datetime(2025, 9, d) for d in (28, 5, 30)]
    assert "XN_011" in codes(result)
