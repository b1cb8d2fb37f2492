"""Reading filled workbooks: whatever happened to the file on its way, the same figures come out of it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from toolkit.figures import read_text
from toolkit.records import TOTAL_ROW, Filing, Key, Period
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


def typed(filing: Filing) -> dict[Key, object]:
    """What somebody typed: the figures that no formula makes."""
    return {
        k: f.value for k, f in filing.figures.items() if f.origin not in ("formula", "blank") and f.value is not None
    }


def records(filing: Filing) -> dict[str, dict[str, list[str]]]:
    """The registers as their cells show them; cells stay raw, so that letters may still be decomposed."""
    return {b: {f: [read_text(raw) for raw in c] for f, c in t.columns.items()} for b, t in filing.tables.items()}


def codes(filing: Filing) -> list[str]:
    return [f.code for f in filing.findings]


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


def sorted_rows(book: Workbook) -> None:
    """The rows of the grid in another order, as after a sort (formulas stay where they are)."""
    sheet = book[GRID]
    rows = [[sheet.cell(r, c).value for c in range(2, 20)] for r in range(9, 41)]
    inputs = [c for c in range(2, 20) if not str(sheet.cell(9, c).value).startswith("=")]
    for r, values in enumerate(reversed(rows), 9):
        for c in inputs:
            sheet.cell(r, c).value = values[c - 2]


def renamed(book: Workbook) -> None:
    for sheet, title in zip(book, "abcdefgh", strict=False):
        sheet.title = f"Trang {title}"


def texts(book: Workbook) -> None:
    for row in book[GRID].iter_rows(min_row=9, max_row=40, min_col=3):
        for cell in row:
            if isinstance(cell.value, int):
                cell.value = f"{cell.value:,}".replace(",", ".")


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "names removed": without_names,
    "sheets renamed in Excel": lambda b: surgery(
        b, "xl/workbook.xml", lambda x: x.replace(GRID, "Biểu 06a xã").replace("Chỉ tiêu", "Sheet9")
    ),
    "sheets renamed by a tool": lambda b: edited(b, renamed),
    "names removed, sheets renamed": lambda b: without_names(edited(b, renamed)),
    "stored values removed": lambda b: surgery(
        b, "xl/worksheets/.*", lambda x: re.sub(r"(</f>)<v>[^<]*</v>", r"\1", x)
    ),
    "wrong dimension": lambda b: surgery(
        b, "xl/worksheets/.*", lambda x: re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:B2"', x)
    ),
    "text decomposed": lambda b: surgery(b, "xl/sharedStrings.xml", lambda x: unicodedata.normalize("NFD", x)),
    "numbers as text": lambda b: edited(b, texts),
    "rows sorted": lambda b: edited(b, sorted_rows),
    "rows inserted above by a tool": lambda b: edited(
        b, lambda w: [w[s].insert_rows(2, 3) for s in (GRID, LINES, LETTERS)]
    ),
    "row inserted below the heading": lambda b: edited(b, lambda w: w[GRID].insert_rows(9)),
    "row inserted in the middle": lambda b: edited(b, lambda w: w[GRID].insert_rows(20)),
    "rows inserted in the lines": lambda b: edited(b, lambda w: w[LINES].insert_rows(9, 2)),
    "column inserted before all": lambda b: edited(b, lambda w: [w[s].insert_cols(1) for s in (GRID, LINES, LETTERS)]),
    "column inserted in the grid": lambda b: edited(b, lambda w: w[GRID].insert_cols(5)),
    "column inserted before the values": lambda b: edited(b, lambda w: w[LINES].insert_cols(4)),
    "column inserted in a register": lambda b: edited(b, lambda w: w[LETTERS].insert_cols(2, 2)),
    "rows inserted on the cover": lambda b: edited(b, lambda w: w["Bìa"].insert_rows(1, 2)),
    "values pasted into a new book": values_only,
    "saved by a tool": lambda b: edited(b, lambda _: None),
}


def test_a_filled_workbook_reads_without_a_remark(plain: Filing, filled: bytes) -> None:
    assert plain.findings == ()
    assert (plain.place, plain.period, plain.settings) == (PLACE, PERIOD, {"rut": "trong_dung_han"})
    assert plain.none_declared == {"nhiem_vu"}
    assert plain.sha256 == hashlib.sha256(filled).hexdigest()
    assert (plain.form, plain.version, plain.file) == (FORM.id, FORM.version, "bao_cao.xlsx")
    assert plain.rows["bieu_06a"] == (*FORM.block("bieu_06a").rows, "Lưu trữ")
    assert typed(plain) == {
        Key("bieu_06a", "Hộ tịch", "truc_tuyen"): 5,
        Key("bieu_06a", "Hộ tịch", "truc_tiep"): 0,
        Key("bieu_06a", "Hộ tịch", "ky_truoc"): 1,
        Key("bieu_06a", "Hộ tịch", "truoc_han"): 6,
        Key("bieu_06a", "Đất đai", "truc_tuyen"): 5297,
        Key("bieu_06a", "Đất đai", "truc_tiep"): 382,
        Key("bieu_06a", "Đất đai", "qua_han"): 76,
        Key("bieu_06a", "Đất đai", "dang_qua_han"): 68,
        Key("bieu_06a", "Đất đai", "rut"): 8,
        Key("bieu_06a", "Lưu trữ", "truc_tuyen"): 3,
        Key("bieu_06a", TOTAL_ROW, "tiep_nhan_doi_chieu"): 5676,
        Key("tthc", "", "tthc_cap_xa"): 400,
        Key("ty_le", "", "ty_le_truc_tuyen"): Decimal("0.9327"),
        Key("pakn", "", "pakn_nhan"): 12,
        Key("pakn", "", "pakn_da_giai_quyet"): 10,
        Key("nhan_luc", "", "co_mat"): 259,
        Key("xa_hoi_so", "", "vneid_kich_hoat"): 70,
        Key("xa_hoi_so", "", "vneid_chua_kich_hoat"): 7,
        Key("kinh_phi", "", "kp_duyet"): 1_234_567_890,
    }
    assert plain.tables["van_ban"].columns["ngay"] == (date(2025, 7, 28), "28/7/205")
    assert plain.tables["van_ban"].rows == (5, 6)


def test_a_figure_keeps_its_cell_its_words_and_its_formula(plain: Filing) -> None:
    figure = plain.figures[Key("bieu_06a", "Đất đai", "truc_tuyen")]
    assert (figure.sheet, figure.cell, figure.raw, figure.origin) == (GRID, "D12", "5297", "typed")
    total = plain.figures[Key("bieu_06a", TOTAL_ROW, "truc_tuyen")]
    assert (total.cell, total.origin, total.value, total.stored) == ("D41", "formula", 5305, 5305)
    assert total.formula == 'IF(COUNT(D9:D40)=0,"",SUM(D9:D40))'
    blank = plain.figures[Key("bieu_06a", "Đất đai", "dung_han")]
    assert (blank.value, blank.raw, blank.origin) == (None, "", "blank")


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_on_the_way_leaves_the_same_figures(
    change: str, filled: bytes, plain: Filing, tmp_path: Path
) -> None:
    filing = reading(CHANGES[change](filled), tmp_path)
    expected = typed(plain)
    if change == "values pasted into a new book":  # computed cells are typed numbers then
        expected = {k: f.value for k, f in plain.figures.items() if f.value is not None}
    assert typed(filing) == expected
    assert set(filing.rows["bieu_06a"]) == set(plain.rows["bieu_06a"])
    assert (filing.place, filing.period, filing.settings) == (plain.place, plain.period, plain.settings)
    assert filing.none_declared == plain.none_declared
    assert records(filing) == records(plain)
    assert not [f for f in filing.findings if f.severity != "info"]
