"""A filled workbook, what happens to one on its way (tools, pasting, typing), and what is read of it then."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from toolkit.records import Filing, Key, Period
from toolkit.values import Values, parse_values
from workbook.build import build
from workbook.forms import load_form, load_places
from workbook.read import read

FORM, PLACES = load_form(), load_places()
PLACE = PLACES.find("21061")
PERIOD = Period(date(2025, 7, 1), date(2025, 9, 25))
GRID, LINES, LETTERS = "II.06a", "Chỉ tiêu", "Văn bản"
DATA: dict[str, object] = {
    "settings": {"rut": "trong_dung_han"},
    "scalars": {
        "tthc_cap_xa": 400,
        "pakn_nhan": 12,
        "pakn_da_giai_quyet": 10,
        "co_mat": 259,
        "kp_duyet": 1_234_567_890,
        "vneid_kich_hoat": 70,
        "vneid_chua_kich_hoat": 7,
        "ty_le_truc_tuyen": "93,27%",
    },
    "grids": {
        "bieu_06a": [
            {"linh_vuc": "Hộ tịch", "truc_tuyen": 5, "truc_tiep": 0, "ky_truoc": 1, "truoc_han": 6},
            {"linh_vuc": "Đất đai", "truc_tuyen": 5297, "truc_tiep": 382, "qua_han": 76, "dang_qua_han": 68, "rut": 8},
            {"linh_vuc": "Lưu trữ", "truc_tuyen": 3},
            {"linh_vuc": "Tổng cộng", "tiep_nhan_doi_chieu": 5676},
        ]
    },
    "records": {
        "van_ban": [
            {"so_ky_hieu": "651/QĐ-UBND", "ngay": "2025-07-28", "trich_yeu": "Thành lập tổ giúp việc"},
            {"so_ky_hieu": "12/KH-UBND", "ngay": "28/7/205", "trich_yeu": "Kế hoạch"},
        ]
    },
    "khong_phat_sinh": ["nhiem_vu"],
}


@pytest.fixture(scope="module")
def filled() -> bytes:
    return made(parse_values(DATA, FORM))


@pytest.fixture(scope="module")
def plain(filled: bytes, tmp_path_factory: pytest.TempPathFactory) -> Filing:
    return reading(filled, tmp_path_factory.mktemp("plain"))


def made(values: Values | None = None) -> bytes:
    return build(FORM, PLACE, PLACES.province("51"), PERIOD, values)


def reading(content: bytes, folder: Path, name: str = "bao_cao.xlsx") -> Filing:
    path = folder / name
    path.write_bytes(content)
    return read(path, FORM, PLACES)


def after(content: bytes, change: Callable[[Workbook], object], folder: Path) -> Filing:
    return reading(edited(content, change), folder)


def put(cells: Mapping[str, object], sheet: str = GRID) -> Callable[[Workbook], object]:
    def change(book: Workbook) -> None:
        for address, value in cells.items():
            book[sheet][address] = value

    return change


def said(filing: Filing, *but: str) -> list[tuple[str, str]]:
    """Code and cell of every finding, without the codes in ``but``."""
    return [(f.code, f.cell) for f in filing.findings if f.code not in but]


def codes(filing: Filing) -> list[str]:
    return [f.code for f in filing.findings]


def typed(filing: Filing) -> dict[Key, object]:
    """What somebody typed: the figures that no formula makes."""
    return {
        k: f.value for k, f in filing.figures.items() if f.origin not in ("formula", "blank") and f.value is not None
    }


def surgery(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """The archive with one part (a pattern) changed."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for info in source.infolist():
            data = source.read(info)
            if re.fullmatch(part, info.filename):
                data = change(data.decode()).encode()
            target.writestr(info, data)
    return out.getvalue()


def edited(content: bytes, change: Callable[[Workbook], object]) -> bytes:
    """The workbook after a tool that, unlike Excel, moves no name and no formula, and stores no result."""
    book = openpyxl.load_workbook(BytesIO(content))
    change(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def without_names(content: bytes) -> bytes:
    return surgery(content, "xl/workbook.xml", lambda x: re.sub(r"<definedNames>.*</definedNames>", "", x))


def values_only(content: bytes) -> bytes:
    """Everything pasted as values into a new book: no names, no merged cells, no styles, no formulas."""
    source = openpyxl.load_workbook(BytesIO(content), data_only=True)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in source:
        copy = book.create_sheet(sheet.title)
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value not in (None, ""):
                    copy.cell(cell.row, cell.column, cell.value)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
