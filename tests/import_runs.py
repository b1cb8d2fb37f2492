"""Imports of exports into a blank book, each looked at: the accounts add up, and nobody is named."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import exports_made as made
import pytest
from exports_made import IGATE_FULL
from openpyxl import load_workbook

from toolkit.records import Finding, Period
from workbook.build import build
from workbook.forms import load_form, load_places, load_vocabulary
from workbook.register_jobs import Imported, import_exports

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
AMBIGUOUS = "Ngày trả kết quả"
LAND = [
    made.LAND_TOOL,
    ["H56.14-250701-0001", "Chuyển nhượng", "01/07/2025", "30/07/2025", made.OWNER, made.CCCD, ""],
    ["H56.14-250702-0002", "Tặng cho", "02/07/2025", "31/07/2025", made.OTHER_OWNER, made.CCCD, ""],
]
