"""Files that are no export, or mean harm: refused with a reason, at little cost.

Requirements
  NX08  hostile files cost little
"""

from __future__ import annotations

import io
import random
import tracemalloc
import zipfile
from contextlib import suppress

import exports_made as made
import import_runs
import pytest
from effort import calls, ends
from exports_made import IGATE, IGATE_FULL, IGATE_ROWS, igate_row
from import_runs import FORM, IGATE_FILES, VOCABULARY, Importer, check_private

from workbook.exports import open_export
from workbook.files import Refused
from workbook.register_jobs import import_exports
from workbook.sniff import Unreadable

blank, importer = import_runs.blank, import_runs.importer  # fixtures


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
    assert spent(6000) < 2_000 * 6000  # whatever earlier tests left in caches
