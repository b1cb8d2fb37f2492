"""Exports as they come: each is imported right. No cell with a person reaches a message.

Requirements; NX04 to NX08 have their own modules
  NX01  what a file is, its first bytes say
  NX02  titles, sections, totals, signatures and blanks are left out, and counted
  NX03  codes keep their zeros, dates their time of day, unreadable dates their text
"""

from __future__ import annotations

from datetime import date, datetime

import exports_made as made
import import_runs
import pytest
from exports_made import IGATE, IGATE_ROWS, igate_row
from import_runs import IGATE_EXPECTED, IGATE_FILES, IGATE_LEFT_OUT, Importer, codes, needs_office, register
from openpyxl import load_workbook

from workbook.exports import open_export

blank, importer = import_runs.blank, import_runs.importer  # fixtures


@pytest.mark.parametrize("name", IGATE_FILES)
def test_one_list_in_every_format(name: str, importer: Importer) -> None:  # NX01 NX02 NX03
    result = importer((name, IGATE_FILES[name]))
    assert register(result.path) == IGATE_EXPECTED
    assert result.files[0].left_out == IGATE_LEFT_OUT
    assert set(codes(result)) == {"XN_007", "XN_008", "XN_009"}


@pytest.mark.office
@needs_office
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_written_by_libreoffice(kind: str, importer: Importer) -> None:  # NX01
    days = [  # real dates, and a number where the land office writes one
        ["H56.14-240823-0001", made.OWNER, made.PHONE, made.CCCD, made.ADDRESS, "Đáo", "1", 12, 345, 1000.5, "Cấp đổi",
         "Cấp đổi GCN", date(2025, 7, 1), datetime(2025, 7, 30, 17), date(2025, 7, 2), date(2025, 7, 28),
         "Đã ký Giấy chứng nhận", "Phạm Cán Bộ"],
    ]  # fmt: skip
    source = made.xlsx([["DANH SÁCH HỒ SƠ ĐẤT ĐAI"], [], made.CHON_THANH, *days])
    content = made.convert(importer.folder, source, kind)
    assert open_export(importer.file(f"dat.{kind}", content)).kind == kind
    result = importer((f"dat.{kind}", content))
    assert register(result.path) == [
        {
            "ma_ho_so": "H56.14-240823-0001",
            "ten_tthc": "Cấp đổi",
            "ngay_tiep_nhan": datetime(2025, 7, 1),
            "ngay_hen_tra": datetime(2025, 7, 30, 17),
            "ngay_ket_qua": datetime(2025, 7, 28),
            "trang_thai": "Đã ký Giấy chứng nhận",
            "chu_ho_so": made.OWNER,
        }
    ]
    personal = next(f for f in result.files[0].findings if f.code == "XN_008")
    assert all(heading in personal.message for heading in ("SỐ ĐIỆN THOẠI", "CCCD", "ĐỊA CHỈ"))
    assert "XN_012" in codes(result)  # its status says nothing about a result


def test_thanh_hoa(importer: Importer) -> None:  # NX02
    rows = [
        ["1", "Bộ phận một cửa", "Lê Tiếp Nhận", "Đất đai", "Cấp đổi GCN", "000.00.06.H56-231027-0361", "Đang xử lý",
         made.ADDRESS, made.OTHER_OWNER, made.OWNER, "26/10/2023 22:10", "27/10/2023 08:00", "10/11/2023", "",
         "Địa chính", "", made.PHONE, ""],
    ]  # fmt: skip
    table = [
        ["BÁO CÁO CHI TIẾT"],
        ["(Kèm theo công văn)"],
        made.THANH_HOA,
        *rows,
        ["", "Cộng: 1"],
        ["", "Tổng số", "1"],
    ]
    result = importer(("th.xlsx", made.xlsx(table, merged=["A1:R1"])))
    (row,) = register(result.path)
    assert row["ngay_tiep_nhan"] == datetime(2023, 10, 27, 8)  # the day of receipt, not that of handing in
    assert row["chu_ho_so"] == made.OWNER
    assert row["don_vi"] == "Địa chính"
    spare = [f for f in result.files[0].findings if f.code == "XN_025"]
    assert len(spare) == 3  # Đơn vị tiếp nhận, Người nộp, Ngày nộp hồ sơ


def test_sync_names_without_accents(importer: Importer) -> None:
    rows = [["000.00.53.H48-220921-0099", "1.001612.000.00.00.H48", "2022-09-21T08:00:00", "2022-09-23", "2022-09-22",
             "2022-09-23", "2", ""]]  # fmt: skip
    result = importer(("sync.csv", made.csv([made.SYNC, *rows])))
    (row,) = register(result.path)
    assert row == {
        "ma_ho_so": "000.00.53.H48-220921-0099",
        "ngay_tiep_nhan": datetime(2022, 9, 21, 8),
        "ngay_hen_tra": datetime(2022, 9, 23),
        "ngay_ket_qua": datetime(2022, 9, 22),
        "ngay_tra": datetime(2022, 9, 23),
        "hinh_thuc": "2",
    }


def test_two_row_heading_with_groups(importer: Importer) -> None:
    table = [
        ["DANH SÁCH"],
        ["TT", "Mã hồ sơ", "Thủ tục", "Ngày", "", "", "Trạng thái"],
        ["", "", "", "Tiếp nhận", "Hẹn trả", "Hoàn thành", ""],
        ["I", "Hộ tịch"],
        ["1", "HS-2025-001", "Khai sinh", "01/7/2025", "02/7/2025", "02/7/2025", "Đã trả kết quả"],
        ["II", "Đất đai"],
        ["2", "HS-2025-002", "Cấp đổi", "03/7/2025", "30/7/2025", "", "Đang xử lý"],
    ]
    merged = ["D2:F2", "A2:A3", "B2:B3", "C2:C3", "G2:G3"]
    result = importer(("nhom.xlsx", made.xlsx(table, merged=merged)))
    assert [
        (r["ma_ho_so"], r["ngay_tiep_nhan"], r["ngay_hen_tra"], r.get("ngay_ket_qua")) for r in register(result.path)
    ] == [
        ("HS-2025-001", datetime(2025, 7, 1), datetime(2025, 7, 2), datetime(2025, 7, 2)),
        ("HS-2025-002", datetime(2025, 7, 3), datetime(2025, 7, 30), None),
    ]
    assert result.files[0].left_out == {"tieu_de": 3, "dong_muc": 2}


def test_three_row_heading_in_html(importer: Importer) -> None:
    page = """<table><tr><td colspan=7>DANH SÁCH HỒ SƠ</td></tr>
    <tr><th rowspan=3>STT<th rowspan=3>Số<br>biên nhận<th rowspan=3>Tên thủ tục<th colspan=4>Quá trình giải quyết
    <tr><th colspan=2>Ngày<th rowspan=2>Ngày kết thúc<br/>xử lý<th rowspan=2>Tình trạng
    <tr><th>tiếp nhận<th>hẹn trả
    <tr><td>(1)<td>(2)<td>(3)<td>(4)<td>(5)<td>(6)<td>(7)
    <tr><td>1<td>BN-00012<td>Chứng&nbsp;thực<td>05/09/2025<td>05/09/2025<td>05/09/2025<td>Đã trả kết quả
    </table>"""
    result = importer(("ba_dong.xls", page.encode()))
    (row,) = register(result.path)
    assert (row["ma_ho_so"], row["ten_tthc"], row["trang_thai"]) == ("BN-00012", "Chứng thực", "Đã trả kết quả")
    assert row["ngay_tiep_nhan"] == row["ngay_hen_tra"] == row["ngay_ket_qua"] == datetime(2025, 9, 5)
    assert result.files[0].left_out == {"tieu_de": 5}


def test_codes_keep_their_zeros(importer: Importer) -> None:  # NX03
    head = ["Mã hồ sơ", "Ngày nhận", "Hạn trả", "Trạng thái"]
    text = [head, ['="0012"', "01/07/2025", "02/07/2025", "Đang xử lý"], ["'0013", "01/07/2025", "02/07/2025", ""]]
    result = importer(("a.csv", made.csv(text)))
    assert [row["ma_ho_so"] for row in register(result.path)] == ["0012", "0013"]
    assert "XN_017" not in codes(result)
    lost = [head, [12.0, "01/07/2025", "02/07/2025", "Đang xử lý"], [1.23e17, "01/07/2025", "02/07/2025", ""]]
    result = importer(("b.xlsx", made.xlsx(lost)))
    assert [row["ma_ho_so"] for row in register(result.path)] == ["12", "123000000000000000"]
    assert {"XN_017", "XN_018"} <= set(codes(result))


def test_odd_dates_stay_and_are_told(importer: Importer) -> None:  # NX03
    rows = [igate_row(1, "01/07/2025", "31/11/2025", "", "Đang xử lý"), igate_row(2, "02/07/2025", "28/7/205", "", "")]
    result = importer(("a.csv", made.csv([IGATE, *rows])))
    assert [row["ngay_hen_tra"] for row in register(result.path)] == ["31/11/2025", "28/7/205"]
    assert codes(result).count("XN_021") == 1


def test_formula_texts_stay_text(importer: Importer) -> None:
    row = igate_row(1, "01/07/2025", "02/07/2025", "", "Đang xử lý")
    row[8] = "=HYPERLINK(1)"
    result = importer(("a.csv", made.csv([IGATE, row])))
    sheet = load_workbook(result.path)["Hồ sơ"]
    assert (sheet["L5"].value, sheet["L5"].data_type) == ("=HYPERLINK(1)", "s")


def test_several_sheets_and_a_hidden_one(importer: Importer) -> None:
    book = made.xlsx([IGATE, *IGATE_ROWS[:1]], sheets=[[IGATE, *IGATE_ROWS[1:]], [["Ghi chú"]]], hidden=True)
    result = importer(("a.xlsx", book))
    assert register(result.path) == IGATE_EXPECTED
    assert {"XN_026", "XN_031"} <= set(codes(result))
