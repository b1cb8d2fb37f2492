"""Exports as they come: each is imported right, or refused with its reason. No cell with a person reaches a message.

Requirements
  NX01  what a file is, its first bytes say
  NX02  titles, sections, totals, signatures and blanks are left out, and counted
  NX03  codes keep their zeros, dates their time of day, unreadable dates their text
  NX04  a doubtful heading is decided by evidence or asked, and an answer is remembered in the book
  NX05  exchanged day and month are found, and put right only where the row proves it
  NX06  a dossier stands once; the newer row wins; every row is accounted for; the order of files decides nothing
  NX07  only the register and our own small sheets change
  NX08  hostile files cost little
"""

from __future__ import annotations

import io
import itertools
import json
import random
import shutil
import tracemalloc
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from copy import copy
from datetime import date, datetime
from pathlib import Path

import exports_made as made
import pytest
from effort import calls, ends
from exports_made import IGATE, IGATE_FULL, IGATE_ROWS, igate_row
from openpyxl import load_workbook
from openxml_audit import OpenXmlValidator
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from macros.cli import main
from toolkit.records import Finding, Period
from toolkit.wording import MAPPING_SHEET, STATUS_SHEET
from workbook.build import build
from workbook.export_lists import Asked
from workbook.exports import open_export
from workbook.files import Refused
from workbook.forms import load_form, load_places, load_vocabulary
from workbook.package import Package
from workbook.register_jobs import Imported, import_exports
from workbook.sniff import Unreadable

FORM, PLACES, VOCABULARY = load_form(), load_places(), load_vocabulary()
FIELDS = [i.id for i in FORM.block("ho_so").indicators]
needs_office = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "so.xlsx"
    place = PLACES.find("21061")
    assert place
    period = Period(date(2025, 7, 1), date(2025, 9, 25))
    path.write_bytes(build(FORM, place, PLACES.province(place.province), period))
    return path


@pytest.fixture
def importer(blank: Path, tmp_path: Path) -> Importer:
    return Importer(blank, tmp_path)


class Importer:
    """Writes exports to a folder and imports them."""

    def __init__(self, book: Path, folder: Path) -> None:
        self.book, self.folder = book, folder
        self._runs = itertools.count()

    def file(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def __call__(
        self, *files: tuple[str, bytes], into: Path | None = None, answers: dict[str, str] | None = None
    ) -> Imported:
        paths = [self.file(*file) for file in files]
        out = self.folder / f"ra_{next(self._runs)}.xlsx"
        result = import_exports(FORM, VOCABULARY, paths, into or self.book, out, answers)
        check_result(result)
        return result


def check_result(result: Imported) -> None:
    """What holds for every import: the accounts add up, and nobody is named."""
    assert sum(file.dossiers for file in result.files) == result.added + result.changed
    assert result.total == len(register(result.path))
    check_private([*result.findings, *(f for file in result.files for f in file.findings)])


def check_private(findings: Iterable[Finding]) -> None:
    for finding in findings:
        said = json.dumps(
            [finding.message, finding.fix, finding.sheet, finding.cell, *finding.cells], ensure_ascii=False
        )
        assert [secret for secret in made.PRIVATE if secret in said] == [], finding.code


def register(path: Path) -> list[dict[str, object]]:
    """The register of a book as another program reads it; blank cells are absent."""
    sheet = load_workbook(path)["Hồ sơ"]
    rows = ([cell.value for cell in row[: len(FIELDS)]] for row in sheet.iter_rows(min_row=5))
    return [
        {field: value for field, value in zip(FIELDS, row, strict=False) if value is not None}
        for row in rows
        if any(row)
    ]


def codes(result: Imported) -> list[str]:
    return [f.code for file in result.files for f in file.findings] + [f.code for f in result.findings]


IGATE_EXPECTED = [
    {
        "ma_ho_so": made.code(date(2025, 7, 1), 1),
        "ten_tthc": "Đăng ký khai sinh",
        "linh_vuc": "Hộ tịch",
        "ngay_tiep_nhan": datetime(2025, 7, 1, 8, 15, 30),
        "ngay_hen_tra": datetime(2025, 7, 2, 17),
        "ngay_ket_qua": datetime(2025, 7, 2, 9),
        "trang_thai": "Đã trả kết quả",
        "don_vi": "UBND xã Đáo",
        "chu_ho_so": made.OWNER,
    },
    {
        "ma_ho_so": made.code(date(2025, 7, 15), 2),
        "ten_tthc": "Đăng ký khai sinh",
        "linh_vuc": "Hộ tịch",
        "ngay_tiep_nhan": datetime(2025, 7, 15, 14, 2),
        "ngay_hen_tra": datetime(2025, 7, 18, 17),
        "ngay_ket_qua": datetime(2025, 7, 21, 10, 30),
        "trang_thai": "Đã xử lý xong",
        "don_vi": "UBND xã Đáo",
        "chu_ho_so": made.OWNER,
    },
    {
        "ma_ho_so": made.code(date(2025, 9, 24), 3),
        "ten_tthc": "Đăng ký khai sinh",
        "linh_vuc": "Hộ tịch",
        "ngay_tiep_nhan": datetime(2025, 9, 24, 9),
        "ngay_hen_tra": datetime(2025, 9, 29, 17),
        "trang_thai": "Đang xử lý",
        "don_vi": "UBND xã Đáo",
        "chu_ho_so": made.OWNER,
    },
]
IGATE_LEFT_OUT = {"tieu_de": 4, "dong_cong": 1, "chu_ky": 3, "trong": 2}
IGATE_FILES = {  # the same list in every format
    "html_no_charset.xls": made.html(IGATE_FULL),
    "html_th.xls": made.html(IGATE_FULL, header=4, charset="utf-8"),
    "html_cp1258.xls": made.html(IGATE_FULL, charset="windows-1258", encoding="cp1258"),
    "html_wrong_charset.xls": made.html(IGATE_FULL, charset="iso-8859-1"),
    "html_utf16.xls": made.html(IGATE_FULL, encoding="utf-16"),
    "text.xlsx": made.xlsx(IGATE_FULL),
    "merged_title.xlsx": made.xlsx(IGATE_FULL, merged=["A1:L1", "A2:L2"]),
    "comma.csv": made.csv(IGATE_FULL),
    "semicolon_cp1258.csv": made.csv(IGATE_FULL, ";", "cp1258"),
    "tab_utf16.csv": made.csv(IGATE_FULL, "\t", "utf-16", "\n"),
    "tab_utf16_no_mark.txt": made.csv(IGATE_FULL, "\t", "utf-16-le"),
    "tab_named.xls": made.csv(IGATE_FULL, "\t", "utf-8"),
    "hint.csv": b"sep=;\r\n" + made.csv(IGATE_FULL, ";", "utf-8"),
    "nfd.csv": made.csv(made.nfd(IGATE_FULL), ";"),
    "xml_2003.xls": made.xml_2003(IGATE_FULL),
}


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


# --- NX04 doubtful headings

AMBIGUOUS = "Ngày trả kết quả"
LAND = [
    made.LAND_TOOL,
    ["H56.14-250701-0001", "Chuyển nhượng", "01/07/2025", "30/07/2025", made.OWNER, made.CCCD, ""],
    ["H56.14-250702-0002", "Tặng cho", "02/07/2025", "31/07/2025", made.OTHER_OWNER, made.CCCD, ""],
]


def test_doubtful_heading_without_evidence_is_asked(importer: Importer, tmp_path: Path) -> None:  # NX04
    with pytest.raises(Asked) as asked:
        importer(("dat.xlsx", made.xlsx(LAND)))
    assert [f.code for f in asked.value.findings] == ["XN_003"]
    ((file, question),) = asked.value.questions
    assert (file, question.heading, question.options) == ("dat.xlsx", AMBIGUOUS, ("ngay_hen_tra", "ngay_tra"))
    assert list(tmp_path.glob("ra_*")) == []


@pytest.mark.parametrize(("reply", "field"), [("ngay_hen_tra", "ngay_hen_tra"), ("hẹn trả", "ngay_hen_tra"),
                                              ("Ngày trả", "ngay_tra"), ("bo_qua", None)])  # fmt: skip
def test_an_answer_is_remembered(importer: Importer, reply: str, field: str | None) -> None:  # NX04
    dat = ("dat.xlsx", made.xlsx(LAND))
    first = importer(dat, answers={AMBIGUOUS: reply})
    expected = {"ngay_hen_tra", "ngay_tra"} & set(register(first.path)[0])
    assert expected == ({field} if field else set())
    later = [LAND[0], ["H56.14-250703-0003", "Tách thửa", "03/07/2025", "01/08/2025", made.OWNER, made.CCCD, ""]]
    second = importer(("dat_2.xlsx", made.xlsx(later)), into=first.path)
    assert second.added == 1
    assert set(register(second.path)[2]) == set(register(second.path)[0])
    assert "XN_020" in codes(second)
    assert MAPPING_SHEET in load_workbook(second.path).sheetnames


def igate_with(heading: str, days: list[str], statuses: list[str]) -> list[list[made.Cell]]:
    """A list whose column "Ngày hẹn trả" has another name."""
    head = [heading if h == "Ngày hẹn trả" else h for h in IGATE]
    rows = []
    for n, (day, status) in enumerate(zip(days, statuses, strict=True), 1):
        done = "20/07/2025" if status == "Đã trả kết quả" else ""
        rows.append(igate_row(n, f"{n:02d}/07/2025", day, done, status))
    return [head, *rows]


OPEN_FILLED = igate_with(AMBIGUOUS, ["25/07/2025"] * 6, ["Đang xử lý"] * 3 + ["Đã trả kết quả"] * 3)
OPEN_BLANK = igate_with(AMBIGUOUS, [""] * 3 + ["25/07/2025"] * 3, ["Đang xử lý"] * 3 + ["Đã trả kết quả"] * 3)
EARLY = igate_with(AMBIGUOUS, ["19/07/2025"] * 3 + ["21/07/2025"] * 3, ["Đã trả kết quả"] * 6)
TOO_FEW = igate_with(AMBIGUOUS, ["25/07/2025"] * 2 + ["25/07/2025"] * 3, ["Đang xử lý"] * 2 + ["Đã trả kết quả"] * 3)
FUTURE = igate_with(AMBIGUOUS, ["25/07/2025"] * 6, ["Lạ"] * 3 + ["Đã trả kết quả"] * 3)
UNKNOWN = igate_with(AMBIGUOUS, ["20/07/2025"] * 6, ["Lạ"] * 3 + ["Đã trả kết quả"] * 3)


@pytest.mark.parametrize(
    ("table", "field"),
    [(OPEN_FILLED, "ngay_hen_tra"), (OPEN_BLANK, "ngay_tra"), (EARLY, "ngay_hen_tra"), (FUTURE, "ngay_hen_tra")],
    ids=["open dossiers have it", "only finished ones have it", "earlier than the result", "later than all is known"],
)
def test_evidence_decides(table: made.Table, field: str, importer: Importer) -> None:  # NX04
    result = importer(("a.csv", made.csv(table)))
    assert {"ngay_hen_tra", "ngay_tra"} & set(register(result.path)[-1]) == {field}
    assert "XN_004" in codes(result)


MIXED = igate_with(AMBIGUOUS, ["20/07/2025"] * 3 + [""] * 2, ["Đang xử lý"] * 5)
TORN = igate_with(AMBIGUOUS, [""] * 3 + ["19/07/2025"] * 3, ["Đang xử lý"] * 3 + ["Đã trả kết quả"] * 3)


@pytest.mark.parametrize(
    "table",
    [TOO_FEW, UNKNOWN, MIXED, TORN],
    ids=["one row short", "statuses that nobody knows", "three open dossiers of five", "evidence for both"],
)
def test_weak_evidence_is_asked(table: made.Table, importer: Importer) -> None:  # NX04
    with pytest.raises(Asked):
        importer(("a.csv", made.csv(table)))


def test_both_columns_present(importer: Importer) -> None:  # NX04
    head = ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", AMBIGUOUS, "Trạng thái"]
    row = ["HS-1", "01/07/2025", "05/07/2025", "04/07/2025", "Đã trả kết quả"]
    (row_,) = register(importer(("a.csv", made.csv([head, row]))).path)
    assert (row_["ngay_hen_tra"], row_["ngay_tra"]) == (datetime(2025, 7, 5), datetime(2025, 7, 4))


def test_an_answer_meant_for_another_list(importer: Importer) -> None:  # NX04
    head = ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", AMBIGUOUS, "Trạng thái"]
    both = [head, ["HS-1", "01/07/2025", "05/07/2025", "04/07/2025", "Đã trả kết quả"]]
    files = ("dat.xlsx", made.xlsx(LAND)), ("hai_cot.csv", made.csv(both))
    rows = register(importer(*files, answers={AMBIGUOUS: "ngay_hen_tra"}).path)
    assert [r.get("ngay_tra") for r in rows] == [None, None, datetime(2025, 7, 4)]
    assert rows[2]["ngay_hen_tra"] == datetime(2025, 7, 5)


def test_the_other_meaning_taken_is_no_proof(importer: Importer) -> None:  # NX04
    head = ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày trả", AMBIGUOUS, "Trạng thái"]
    with pytest.raises(Asked):
        importer(("a.csv", made.csv([head, ["HS-1", "01/07/2025", "05/07/2025", "04/07/2025", "Đã trả kết quả"]])))


def test_memory_yields_to_evidence(importer: Importer) -> None:  # NX04
    first = importer(("dat.xlsx", made.xlsx(LAND)), answers={AMBIGUOUS: "ngay_hen_tra"})
    with pytest.raises(Asked):
        importer(("a.csv", made.csv(OPEN_BLANK)), into=first.path)


def test_did_you_mean(importer: Importer) -> None:  # NX04
    table = [["Ngày hẹn trar" if h == "Ngày hẹn trả" else h for h in IGATE], *IGATE_ROWS]
    with pytest.raises(Asked) as asked:
        importer(("a.csv", made.csv(table)))
    assert [f.code for f in asked.value.findings] == ["XN_005"]
    result = importer(("a.csv", made.csv(table)), answers={"Ngày hẹn trar": "ngay_hen_tra"})
    assert register(result.path) == IGATE_EXPECTED
    table = [["Lĩnh vựcc" if h == "Tên lĩnh vực" else h for h in IGATE], *IGATE_ROWS]
    assert "XN_006" in codes(importer(("b.csv", made.csv(table))))  # no verdict hangs on it: told, not asked


@pytest.mark.parametrize(
    "answers", [{"Ngày trả": "ngay_tra"}, {"Ngày hẹn trả": "ngay_gi"}, {"Ngày hẹn trả": "dao_ngay_thang"}]
)
def test_an_answer_that_fits_nothing(answers: dict[str, str], importer: Importer) -> None:  # NX04
    with pytest.raises(Refused) as refused:
        importer(("a.csv", made.csv(IGATE_FULL)), answers=answers)
    assert [f.code for f in refused.value.findings] == ["XN_019"]


# --- NX05 exchanged day and month


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


# --- NX06 one dossier, one row

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


# --- NX07 the book


def test_only_the_register_changes(importer: Importer) -> None:  # NX07
    result = importer(("a.csv", made.csv(IGATE_FULL)))
    before, after = (zipfile.ZipFile(path) for path in (importer.book, result.path))
    changed = {name for name in before.namelist() if before.read(name) != after.read(name)}
    register_part = Package(importer.book.read_bytes(), "so.xlsx").sheets["Hồ sơ"].part
    assert changed == {
        register_part,
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "[Content_Types].xml",
    }
    assert set(load_workbook(result.path).sheetnames) - set(load_workbook(importer.book).sheetnames) == {
        STATUS_SHEET,
        "Nhật ký chỉnh sửa",
    }
    assert OpenXmlValidator().is_valid(result.path)


def test_names_and_filter_reach_the_last_row(importer: Importer) -> None:  # NX07
    rows = [igate_row(n, "01/07/2025", "02/07/2025", "", "Đang xử lý") for n in range(1, 602)]
    result = importer(("a.csv", made.csv([IGATE, *rows])))
    book = load_workbook(result.path)
    assert book["Hồ sơ"].auto_filter.ref == "A4:L605"
    assert book.defined_names["bc_ho_so"].attr_text == "'Hồ sơ'!$A$5:$L$605"
    assert book.defined_names["bc_ho_so_ma_ho_so"].attr_text == "'Hồ sơ'!$A$5:$A$605"
    assert importer(("b.csv", made.csv([IGATE, *IGATE_ROWS])), into=result.path).total == 603  # one is known


def test_rows_typed_by_hand_stay(importer: Importer) -> None:  # NX07
    book = load_workbook(importer.book)
    sheet = book["Hồ sơ"]
    sheet["A6"], sheet["B6"], sheet["F6"] = "GÕ-TAY-1", "Thủ tục", datetime(2025, 7, 2)
    sheet["A9"].fill = copy(sheet["A4"].fill)  # looks, but says nothing
    typed = importer.folder / "go_tay.xlsx"
    book.save(typed)
    result = importer(("a.csv", made.csv(IGATE_FULL)), into=typed)
    assert [row["ma_ho_so"] for row in register(result.path)] == ["GÕ-TAY-1", *(r["ma_ho_so"] for r in IGATE_EXPECTED)]
    assert load_workbook(result.path)["Hồ sơ"]["A7"].value == IGATE_EXPECTED[0]["ma_ho_so"]


def test_only_a_book_of_the_form_takes_dossiers(importer: Importer) -> None:
    stranger = importer.file("la.xlsx", made.xlsx([["Tên", "Tuổi"]]))
    for into, code in ((stranger, "XN_022"), (importer.file("x.xlsx", b"abc"), "TEP_001")):
        with pytest.raises(Refused) as refused:
            importer(("a.csv", made.csv(IGATE_FULL)), into=into)
        assert [f.code for f in refused.value.findings] == [code]


# --- refused files

AGGREGATE = [
    ["BÁO CÁO TỔNG HỢP"],
    ["Lĩnh vực", "Tiếp nhận", "", "Đã xử lý", "", "", "Đang xử lý", ""],
    ["", "Tổng số", "Kỳ trước", "Trước hạn", "Đúng hạn", "Quá hạn", "Trong hạn", "Quá hạn"],
    ["Hộ tịch", "10", "1", "5", "3", "0", "2", "0"],
]
MOJIBAKE = [[c.encode().decode("cp1252", "replace") if isinstance(c, str) else c for c in row] for row in IGATE_FULL]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
PAGE = "<html><body><p>Phiên làm việc hết hạn</p></body></html>"
ENTITY = '<!DOCTYPE a [<!ENTITY b "c">]><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
REFUSED = {
    "tong_hop.xls": (made.html(AGGREGATE), "XN_001"),
    "khong_ma.csv": (made.csv([row[:1] + row[2:] for row in IGATE_FULL]), "XN_002"),
    "vo_dau.xlsx": (made.xlsx(MOJIBAKE), "XN_030"),
    "khong_bang.xls": (PAGE.encode(), "XN_001"),
    "mhtml.xls": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "TEP_003"),
    "rong.csv": (b"", "TEP_005"),
    "mot_cot.csv": ("chỉ một cột\nkhông dấu ngăn\n".encode(), "TEP_001"),
    "nhay.csv": (made.csv([IGATE, *IGATE_ROWS]) + b'"' + b"x,y\r\n" * 60, "TEP_001"),
    "mat_khau.xlsx": (OLE + "EncryptedPackage".encode("utf-16-le"), "TEP_002"),
    "cut.xls": (OLE + "Workbook".encode("utf-16-le"), "TEP_001"),
    "cut.xlsx": (made.xlsx(IGATE_FULL)[:900], "TEP_001"),
    "anh.png": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "TEP_010"),
    "thuc_the.xls": (ENTITY.encode(), "TEP_006"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_a_reason(name: str, importer: Importer) -> None:
    content, code = REFUSED[name]
    with pytest.raises(Refused) as refused:
        importer((name, content))
    assert [f.code for f in refused.value.findings] == [code]
    check_private(refused.value.findings)
    beside = importer((name, content), ("a.csv", made.csv(IGATE_FULL)))  # the others are imported all the same
    assert beside.added == 3
    assert {file.file: file.refused for file in beside.files} == {name: code != "TEP_010", "a.csv": False}


def test_several_sheets_and_a_hidden_one(importer: Importer) -> None:
    book = made.xlsx([IGATE, *IGATE_ROWS[:1]], sheets=[[IGATE, *IGATE_ROWS[1:]], [["Ghi chú"]]], hidden=True)
    result = importer(("a.xlsx", book))
    assert register(result.path) == IGATE_EXPECTED
    assert {"XN_026", "XN_031"} <= set(codes(result))


# --- NX08 cost


def bombs() -> dict[str, tuple[bytes, str]]:
    ods = io.BytesIO()
    cell = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    row = '<table:table-row table:number-rows-repeated="1048576">' + cell.replace(
        "<table:table-cell", '<table:table-cell table:number-columns-repeated="16384"'
    )
    spaces = "".join(f' xmlns:{p}="urn:{p}"' for p in ("office", "table", "text"))
    with zipfile.ZipFile(ods, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", "<a/>")
        archive.writestr("content.xml", f"<d{spaces}><table:table>{row}</table:table-row></table:table></d>")
    wide = "<table>" + "<tr>" + "<td colspan=99999 rowspan=99999>x" * 2000 + "</table>"
    tall = "<table>" + "<tr><td>x" * 3_000 + "<tr>" + "<td>x" * 1000 + "</table>"
    return {
        "bom.ods": (ods.getvalue(), "TEP_006"),
        "rong.xls": (wide.encode(), "XN_001"),
        "cao.xls": (tall.encode(), "TEP_006"),
        "so.csv": (b"a,b\n" * 1_600_000, "TEP_006"),
        "mo.xls": (b"<table>" + b'<a <!--<td "' * 400_000, "XN_001"),
        "ghi_chu.xls": (b"<table>" + b"<!--" * 400_000, "XN_001"),
    }


@pytest.mark.parametrize("name", ["bom.ods", "rong.xls", "cao.xls", "so.csv", "mo.xls", "ghi_chu.xls"])
def test_bombs(name: str, importer: Importer) -> None:  # NX08
    content, code = bombs()[name]
    path = importer.file(name, content)
    with ends(), pytest.raises(Refused) as refused:
        import_exports(FORM, VOCABULARY, [path], importer.book, importer.folder / "x.xlsx")
    assert [f.code for f in refused.value.findings] == [code]


def test_a_bomb_takes_little_memory(importer: Importer) -> None:  # NX08
    path = importer.file("bom.ods", bombs()["bom.ods"][0])
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable):
            open_export(path)
        assert tracemalloc.get_traced_memory()[1] < 80_000_000  # 50 MB of it to read any file
    finally:
        tracemalloc.stop()


@pytest.mark.office
@needs_office
@pytest.mark.parametrize("last", [[""] * 255 + ["z"], [""] * 6 + [1.0] * 250], ids=["far cells", "rows of numbers"])
def test_a_wide_old_workbook(last: list[made.Cell], importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    path = importer.file("xa.xls", made.convert(importer.folder, made.xlsx([last] * 4), "xls"))
    monkeypatch.setattr("workbook.biff.MOST_CELLS", 4 * 256 + 3)
    assert len(open_export(path).sheets[0].rows) == 4
    monkeypatch.setattr("workbook.biff.MOST_CELLS", 4 * 256 + 2)
    with pytest.raises(Unreadable) as refused:
        open_export(path)
    assert refused.value.code == "TEP_006"


@pytest.fixture(scope="module")
def old_workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An .xls with every kind of cell: long texts that run over several records, rich ones, formulas, dates."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Đủ loại")
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    for row in range(40):
        sheet.write_string(row, 0, f"{row} " + ("chữ Việt " if row % 2 else "plain ") * 90)
        sheet.write_row(row, 1, [row, row / 3, -row * 1e9, row % 2 == 0])
        sheet.write_datetime(row, 5, datetime(2025, 1, 1 + row % 28, row % 24, 30), day)
        sheet.write_formula(row, 6, f"=B{row + 1}*2", None, row * 2)
        sheet.write_formula(row, 7, f'="x"&B{row + 1}', None, f"x{row}")
        sheet.write_rich_string(row, 8, "đậm ", bold, "nhạt", " hết")
        sheet.write_number(row, 9, row, book.add_format({"num_format": '#,##0 "đồng"'}))
    book.close()
    folder = tmp_path_factory.mktemp("xls")
    return made.convert(folder, out.getvalue(), "xls")


@pytest.mark.office
@needs_office
def test_old_workbook_as_calamine_reads_it(old_workbook: bytes, importer: Importer) -> None:  # NX01
    export = open_export(importer.file("a.xls", old_workbook))
    expected = CalamineWorkbook.from_filelike(io.BytesIO(old_workbook)).get_sheet_by_index(0).to_python()
    assert [list(map(comparable, row)) for row in export.sheets[0].rows] == [
        list(map(comparable, row)) for row in expected
    ]
    assert len(expected) == 40


def comparable(value: object) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return value


@pytest.mark.office
@needs_office
def test_a_damaged_old_workbook(old_workbook: bytes, importer: Importer) -> None:  # NX08
    """A wrong length in such a file once made a library ask for 54 GB, which ends the process."""
    spoil = random.Random(7)
    for _ in range(60):
        damaged = bytearray(old_workbook)
        for _ in range(spoil.choice((1, 5, 50))):
            damaged[spoil.randrange(512, len(damaged))] = spoil.randrange(256)
        with ends(), suppress(Unreadable):
            open_export(importer.file("a.xls", bytes(damaged)))


@pytest.mark.parametrize("name", ["html_no_charset.xls", "xml_2003.xls", "comma.csv", "text.xlsx"])
def test_damaged_files(name: str, importer: Importer) -> None:  # NX08
    spoil = random.Random(11)
    for _ in range(60):
        damaged = bytearray(IGATE_FILES[name])
        for _ in range(spoil.choice((1, 5, 50))):
            damaged[spoil.randrange(len(damaged))] = spoil.randrange(256)
        with ends(), suppress(Unreadable):
            open_export(importer.file(name, bytes(damaged)))


def test_work_grows_no_faster_than_the_rows(importer: Importer) -> None:  # NX08
    def spent(size: int) -> int:
        rows = [igate_row(n, "01/07/2025 08:00:00", "02/07/2025 17:00:00", "02/07/2025 09:00:00", "Đã trả kết quả")
                for n in range(1, size + 1)]  # fmt: skip
        path, out = importer.file("a.xls", made.html([IGATE, *rows])), importer.folder / f"{size}.xlsx"

        def run() -> None:
            assert import_exports(FORM, VOCABULARY, [path], importer.book, out).added == size

        return calls(run)

    spent(10)  # what is loaded once
    assert spent(6000) < 6 * spent(1000)


# --- the command


def test_command(importer: Importer, capsys: pytest.CaptureFixture[str]) -> None:
    export, out = importer.file("dat.xlsx", made.xlsx(LAND)), importer.folder / "ra.xlsx"
    command = ["import", str(export), "--into", str(importer.book), "-o", str(out), "--json"]
    assert main(command) == 2
    assert [f["code"] for f in json.loads(capsys.readouterr().out)["refused"]] == ["XN_003"]
    assert not out.exists()
    assert main([*command, "--answer", f"{AMBIGUOUS}=hẹn trả"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["added"], said["total"], said["files"][0]["status"]) == (2, 2, "imported")
    empty = str(importer.file("b.csv", b""))
    assert main(["import", empty, *command[1:-1], "--answer", f"{AMBIGUOUS}=bo_qua"]) == 1
    printed = "".join(capsys.readouterr())
    assert not any(secret in printed for secret in made.PRIVATE)


def test_inputs_are_never_written(importer: Importer) -> None:
    export = importer.file("a.csv", made.csv(IGATE_FULL))
    for out in (export, importer.book):
        before = out.read_bytes()
        with pytest.raises(Refused) as refused:
            import_exports(FORM, VOCABULARY, [export], importer.book, out)
        assert [f.code for f in refused.value.findings] == ["RA_001"]
        assert out.read_bytes() == before


def test_missing_column_of_the_book_is_told(importer: Importer) -> None:
    form = FORM
    book = load_workbook(importer.book)
    book["Hồ sơ"].delete_cols(11)  # Đơn vị giải quyết
    names = [name for name in book.defined_names if name.startswith("bc_ho_so")]
    for name in names:
        del book.defined_names[name]
    path = importer.folder / "thieu.xlsx"
    book.save(path)
    result = import_exports(
        form, VOCABULARY, [importer.file("a.csv", made.csv(IGATE_FULL))], path, importer.folder / "x.xlsx"
    )
    assert "XN_029" in codes(result)
    assert load_workbook(result.path)["Hồ sơ"]["K5"].value == made.OWNER
