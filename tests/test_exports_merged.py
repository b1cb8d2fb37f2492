"""Several exports, and exports into a book that has dossiers: one dossier, one row.

Requirements
  NX06  a dossier stands once; the newer row wins; every row is accounted for; the order of files decides nothing
"""

from __future__ import annotations

from datetime import datetime

import exports_made as made
import import_runs
from exports_made import IGATE, IGATE_FULL, IGATE_ROWS, igate_row
from import_runs import Importer, codes, register
from openpyxl import load_workbook

from toolkit.wording import STATUS_SHEET

blank, importer = import_runs.blank, import_runs.importer  # fixtures

OLDER = igate_row(7, "10/09/2025", "15/09/2025", "", "Đang xử lý")
NEWER = igate_row(7, "10/09/2025", "15/09/2025", "16/09/2025", "Đã trả kết quả")


def test_the_newer_row_wins_whatever_the_order(importer: Importer) -> None:  # NX06
    one, two = ("a.csv", made.csv([IGATE, OLDER])), ("b.csv", made.csv([IGATE, *IGATE_ROWS, NEWER]))
    first, second = importer(one, two), importer(two, one)
    assert first.path.read_bytes() == second.path.read_bytes()
    assert [r["trang_thai"] for r in register(first.path) if r["ma_ho_so"] == NEWER[1]] == ["Đã trả kết quả"]
    assert codes(first).count("XN_013") == 1
    assert [file.left_out.get("trung", 0) for file in first.files] == [1, 0]


def test_twice_in_one_file(importer: Importer) -> None:  # NX06
    result = importer(("a.csv", made.csv([IGATE, NEWER, OLDER, OLDER])))
    (row,) = register(result.path)
    assert row["trang_thai"] == "Đã trả kết quả"
    assert result.files[0].left_out["trung"] == 2


def test_a_later_export_brings_the_book_up_to_date(importer: Importer) -> None:  # NX06
    nobody = [cell if cell != made.OWNER else "" for cell in OLDER]
    first = importer(("a.csv", made.csv([IGATE, nobody])))
    second = importer(("b.csv", made.csv([IGATE, NEWER])), into=first.path)
    (row,) = register(second.path)
    assert (row["trang_thai"], row["ngay_ket_qua"]) == ("Đã trả kết quả", datetime(2025, 9, 16))
    assert (second.added, second.changed) == (0, 1)
    assert "XN_013" not in codes(second)
    log = load_workbook(second.path)["Nhật ký chỉnh sửa"]
    said = [[cell.value for cell in row[:6]] for row in log.iter_rows(min_row=5)]
    assert ["J5", "Đang xử lý", "Đã trả kết quả"] in [line[2:5] for line in said]
    assert made.OWNER not in str(said)
    third = importer(("a.csv", made.csv([IGATE, OLDER])), into=second.path)  # the old list once more
    assert register(third.path) == register(second.path)
    assert (third.added, third.changed, third.files[0].left_out["trung"]) == (0, 0, 1)


def test_importing_again_changes_nothing(importer: Importer) -> None:  # NX06
    nameless = igate_row(9, "11/09/2025", "12/09/2025", "", "Đang xử lý")
    nameless[1] = ""
    export = ("a.csv", made.csv([*IGATE_FULL[:8], nameless, nameless]))
    first = importer(export)
    assert (first.added, codes(first).count("XN_023")) == (5, 1)
    again = importer(export, into=first.path)
    assert (again.added, again.changed) == (0, 0)
    assert register(again.path) == register(first.path)


def test_nothing_says_which_is_newer(importer: Importer) -> None:  # NX06
    waiting = igate_row(7, "10/09/2025", "15/09/2025", "", "Yêu cầu bổ sung giấy tờ")
    result = importer(("a.csv", made.csv([IGATE, OLDER, waiting])))
    assert [r["trang_thai"] for r in register(result.path)] == ["Đang xử lý"]
    assert codes(result).count("XN_016") == 1


def test_one_code_for_two_dossiers(importer: Importer) -> None:  # NX06
    other = [*OLDER]
    other[2], other[4] = "Chứng thực bản sao", "11/09/2025"
    result = importer(("a.csv", made.csv([IGATE, OLDER, other])))
    assert (result.added, codes(result).count("XN_014")) == (2, 1)


def test_the_same_file_twice(importer: Importer) -> None:
    content = made.csv(IGATE_FULL)
    result = importer(("a.csv", content), ("b.csv", content))
    assert (result.added, codes(result).count("XN_027")) == (3, 1)


# --- statuses


def test_unknown_status_is_kept_told_and_sorted_by_hand(importer: Importer) -> None:
    row = igate_row(1, "01/07/2025", "02/07/2025", "", "Chờ liên thông thuế")
    first = importer(("a.csv", made.csv([IGATE, row])))
    assert register(first.path)[0]["trang_thai"] == "Chờ liên thông thuế"
    assert codes(first).count("XN_012") == 1
    book = load_workbook(first.path)
    sheet = book[STATUS_SHEET]
    assert (sheet["A4"].value, sheet["B4"].value) == ("Chờ liên thông thuế", "Chưa phân loại")
    again = importer(("a.csv", made.csv([IGATE, row])), into=first.path)
    assert codes(again).count("XN_012") == 1  # until somebody sorts it
    sheet["B4"] = "Đang giải quyết"
    sorted_ = importer.folder / "da_phan_loai.xlsx"
    book.save(sorted_)
    strange = igate_row(2, "01/07/2025", "02/07/2025", "", "Lạ nữa")
    second = importer(("b.csv", made.csv([IGATE, row, strange])), into=sorted_)
    told = [f for f in second.findings if f.code == "XN_012"]
    assert len(told) == 1 and "Lạ nữa" in told[0].message
    lines = [row[0].value for row in load_workbook(second.path)[STATUS_SHEET].iter_rows(min_row=4)]
    assert (lines[0], lines[-1]) == ("Chờ liên thông thuế", "Lạ nữa")
