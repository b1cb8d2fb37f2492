"""Reading filled workbooks: whatever happened to the file on its way, the same figures come out of it."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell import MergedCell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from toolkit.figures import read_text
from toolkit.records import TOTAL_ROW, Filing, Key, Period
from toolkit.values import Values, parse_values
from workbook import package
from workbook.begun import begin
from workbook.build import build
from workbook.forms import load_form, load_places
from workbook.locate import Table
from workbook.own_formulas import GridFormulas
from workbook.read import _kept, read
from workbook.sniff import Unreadable

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


# Rows 9 to 34 are listed, "Lưu trữ" was added in row 35, rows 36 to 40 are spare, row 41 is the total row.


def test_a_lĩnh_vực_written_twice_is_kept_twice_and_told(filled: bytes, tmp_path: Path) -> None:
    filing = after(filled, put({"B36": " ĐẤT ĐAI ", "D36": 7, "E12": None}), tmp_path)
    assert said(filing) == [("CAU_003", "B36")]
    assert filing.figures[Key("bieu_06a", "Đất đai", "truc_tuyen")].value == 5297
    assert filing.figures[Key("bieu_06a", "ĐẤT ĐAI (dòng 36)", "truc_tuyen")].value == 7


def test_a_prepared_row_left_empty_is_no_second_row(filled: bytes, tmp_path: Path) -> None:
    """The official wrote "Xây dựng" on a spare line and left "Hoạt động xây dựng" empty."""
    filing = after(filled, put({"B36": "Xây dựng", "D36": 7}), tmp_path)
    assert said(filing) == []
    assert filing.figures[Key("bieu_06a", "Hoạt động xây dựng", "truc_tuyen")].cell == "D36"
    assert filing.rows["bieu_06a"].count("Hoạt động xây dựng") == 1


def test_two_names_of_one_lĩnh_vực_are_two_rows(filled: bytes, tmp_path: Path) -> None:
    filing = after(filled, put({"D14": 3, "B36": "Xây dựng", "D36": 7}), tmp_path)
    assert said(filing) == []
    assert filing.figures[Key("bieu_06a", "Hoạt động xây dựng", "truc_tuyen")].value == 3
    assert filing.figures[Key("bieu_06a", "Xây dựng", "truc_tuyen")].value == 7


def test_figures_without_a_label_are_kept_and_told(filled: bytes, tmp_path: Path) -> None:
    filing = after(filled, put({"E38": 4}), tmp_path)
    assert said(filing) == [("CAU_005", "B38")]
    assert filing.figures[Key("bieu_06a", "(dòng 38)", "truc_tiep")].value == 4
    assert filing.rows["bieu_06a"][-1] == "(dòng 38)"


def test_section_rows_and_subtotals_are_no_rows(filled: bytes, tmp_path: Path) -> None:
    cells = {"A36": "I", "B36": "Trên Hệ thống các Bộ", "D36": 9, "B37": "Cộng mục I", "D37": 9, "B38": "II. Còn lại"}
    filing = after(filled, put(cells), tmp_path)
    assert said(filing, "O_018") == [("CAU_006", "B36"), ("CAU_006", "B37"), ("CAU_006", "B38")]
    assert filing.rows["bieu_06a"][-1] == "Lưu trữ"
    assert filing.figures[Key("bieu_06a", TOTAL_ROW, "tiep_nhan_doi_chieu")].cell == "P41"


def test_rows_numbered_in_roman_all_through_are_rows(filled: bytes, tmp_path: Path) -> None:
    numerals = {
        f"A{row}": numeral for row, numeral in zip(range(9, 36), ["I", "II", "III", "IV", "V"] * 6, strict=False)
    }
    filing = after(filled, put(numerals), tmp_path)
    assert said(filing) == []
    assert filing.rows["bieu_06a"][-1] == "Lưu trữ"


def test_numbers_before_a_label_do_not_hide_it(filled: bytes, tmp_path: Path) -> None:
    filing = after(filled, put({"B9": "1. Hộ tịch", "B12": "4) Đất  đai"}), tmp_path)
    assert filing.rows["bieu_06a"][0] == "Hộ tịch"
    assert filing.figures[Key("bieu_06a", "Đất đai", "truc_tuyen")].value == 5297


def test_the_total_row_above_another_one_is_no_row(filled: bytes, tmp_path: Path) -> None:
    filing = after(filled, put({"B36": "TỔNG CỘNG", "D36": 5305}), tmp_path)
    assert said(filing, "O_018") == [("CAU_006", "B36")]
    assert filing.figures[Key("bieu_06a", TOTAL_ROW, "truc_tuyen")].cell == "D41"


def test_a_table_without_a_total_row_is_read_and_told(filled: bytes, tmp_path: Path) -> None:
    filing = after(without_names(filled), lambda w: w[GRID].delete_rows(41), tmp_path)
    assert [f.code for f in filing.findings if f.severity != "info"] == ["CAU_007"]
    assert filing.rows["bieu_06a"][-1] == "Lưu trữ"
    assert not [k for k in filing.figures if k.row == TOTAL_ROW]


def test_a_total_row_without_label_and_name_is_known_by_its_sums(filled: bytes, tmp_path: Path) -> None:
    filing = after(without_names(filled), put({"B41": None}), tmp_path)
    assert not [f for f in filing.findings if f.severity != "info"]
    assert filing.rows["bieu_06a"][-1] == "Lưu trữ"
    assert filing.figures[Key("bieu_06a", TOTAL_ROW, "truc_tuyen")].cell == "D41"


def test_sums_typed_without_label_name_and_formula_are_at_least_told(filled: bytes, tmp_path: Path) -> None:
    filing = after(values_only(filled), put({"B41": None}), tmp_path)
    assert [(f.code, f.cell) for f in filing.findings if f.severity != "info"] == [("CAU_007", ""), ("CAU_005", "B41")]


def test_a_total_row_whose_label_is_gone_is_known_by_its_name(filled: bytes, tmp_path: Path) -> None:
    filing = after(filled, put({"B41": None}), tmp_path)
    assert said(filing) == []
    assert filing.figures[Key("bieu_06a", TOTAL_ROW, "truc_tuyen")].origin == "formula"


def test_a_column_that_is_gone_is_told(filled: bytes, tmp_path: Path) -> None:
    filing = after(without_names(filled), lambda w: w[GRID].delete_cols(14), tmp_path)  # (14) Rút
    assert [f.code for f in filing.findings if f.severity == "error"] == ["CAU_002"]
    assert not [k for k in filing.figures if k.indicator == "rut"]
    assert filing.figures[Key("bieu_06a", TOTAL_ROW, "tiep_nhan_doi_chieu")].value == 5676


def test_parts_that_are_gone_are_told_one_by_one(filled: bytes, tmp_path: Path) -> None:
    def remove(book: Workbook) -> None:
        for title in (GRID, LINES, LETTERS):
            del book[title]

    filing = after(filled, remove, tmp_path)
    assert [f.code for f in filing.findings] == ["CAU_001"] * 3
    assert set(filing.tables) == {"nhiem_vu", "kien_nghi", "ho_so"}
    assert not filing.figures


def test_a_line_that_is_gone_is_told(filled: bytes, tmp_path: Path) -> None:
    filing = after(without_names(filled), put({"B7": "không rõ là gì"}, LINES), tmp_path)
    assert [f.code for f in filing.findings if f.severity != "info"] == ["CAU_007"]
    assert Key("tthc", "", "tthc_cap_xa") not in filing.figures


def test_a_name_that_stands_on_another_line_is_not_believed(filled: bytes, tmp_path: Path) -> None:
    content = surgery(filled, "xl/workbook.xml", lambda x: x.replace("'Chỉ tiêu'!$D$7<", "'Chỉ tiêu'!$D$8<"))
    filing = reading(content, tmp_path)
    assert codes(filing) == ["CAU_004"]
    assert filing.figures[Key("tthc", "", "tthc_cap_xa")].cell == "D7"


def test_a_name_is_believed_where_the_label_was_reworded(filled: bytes, tmp_path: Path) -> None:
    filing = after(filled, put({"B7": "Số TTHC của xã"}, LINES), tmp_path)
    assert said(filing) == []
    assert filing.figures[Key("tthc", "", "tthc_cap_xa")].value == 400


@pytest.mark.parametrize(
    ("value", "origin", "read", "codes"),
    [
        (5676, "typed", 5676, []),
        ("5.676", "text", 5676, ["O_001"]),
        (5.676, "typed", None, ["O_003"]),
        (-1, "typed", None, ["O_004"]),
        ("#REF!", "text", None, ["O_005"]),
        ("khoảng 5 nghìn", "text", None, ["O_002"]),
        (True, "typed", None, ["O_002"]),
        (date(2025, 2, 1), "typed", None, ["O_002"]),
        ("=5000+676", "typed", None, ["O_017"]),
        ("  ", "blank", None, []),
    ],
)
def test_an_input_cell_is_read_as_it_stands(
    value: object, origin: str, read: int | None, codes: list[str], filled: bytes, tmp_path: Path
) -> None:
    filing = after(filled, put({"I12": value}), tmp_path)
    figure = filing.figures[Key("bieu_06a", "Đất đai", "dung_han")]
    assert (figure.value, figure.origin) == (read, origin)
    assert said(filing) == [(code, "I12") for code in codes]
    assert all(f.key == figure.key for f in filing.findings)


def stored(content: bytes, cell: str, new: str) -> bytes:
    """The workbook with one cell of the grid written anew, everything else untouched."""
    pattern = rf'(<c r="{cell}"(?: s="\d+")?)[^>]*?(?:/>|>.*?</c>)'
    sheet = surgery(content, "xl/worksheets/sheet2.xml", lambda x: re.sub(pattern, rf"\1{new}", x, count=1))
    assert sheet != content
    return sheet


@pytest.mark.parametrize(
    ("cell", "new", "origin", "value", "stored_value"),
    [
        ("C12", "><f>IF(COUNT(D12:F12)=0,&quot;&quot;,SUM(D12:F12))</f><v>5679</v></c>", "formula", 5679, 5679),
        ("C12", "><f>IF(COUNT($D12:F12) = 0,&quot;&quot;,sum(D12:F12))</f></c>", "formula", None, None),
        ("C12", "><f>D12+E12+F12</f><v>5679</v></c>", "overtyped", 5679, 5679),
        ("C12", "><f>IF(COUNT(D12:E12)=0,&quot;&quot;,SUM(D12:E12))</f><v>5679</v></c>", "overtyped", 5679, 5679),
        ("C12", "><f>IF(COUNT(D13:F13)=0,&quot;&quot;,SUM(D13:F13))</f><v>5</v></c>", "overtyped", 5, 5),
        ("C12", "><v>5676</v></c>", "overtyped", 5676, None),
        ("C12", "/>", "blank", None, None),
        ("D41", "><f>IF(COUNT(D9:D40)=0,&quot;&quot;,SUM(D9:D40))</f><v>1</v></c>", "formula", 1, 1),
        ("D41", "><f>IF(COUNT(D9:D34)=0,&quot;&quot;,SUM(D9:D34))</f><v>1</v></c>", "overtyped", 1, 1),
        ("D41", "><f>IF(COUNT(D9:D20,D20:D40)=0,&quot;&quot;,SUM(D9:D20,D20:D40))</f><v>1</v></c>", "overtyped", 1, 1),
        ("D41", "><f>IF(COUNT(D9:D20,D21:D40)=0,&quot;&quot;,SUM(D9:D20,D21:D40))</f><v>1</v></c>", "formula", 1, 1),
        ("D41", "><f>IF(COUNT(E9:E40)=0,&quot;&quot;,SUM(E9:E40))</f><v>1</v></c>", "overtyped", 1, 1),
        ("D41", "><f>IF(COUNT(E9,D10:D40)=0,&quot;&quot;,SUM(E9,D10:D40))</f><v>1</v></c>", "overtyped", 1, 1),
        ("D41", "><f>SUM(D9:D40)</f><v>1</v></c>", "overtyped", 1, 1),
    ],
)
def test_own_and_foreign_formulas_of_computed_cells(
    cell: str, new: str, origin: str, value: int | None, stored_value: int | None, filled: bytes, tmp_path: Path
) -> None:
    filing = reading(stored(filled, cell, new), tmp_path)
    figure = next(f for f in filing.figures.values() if f.cell == cell and f.sheet == GRID)
    assert (figure.origin, figure.value, figure.stored) == (origin, value, stored_value)
    assert said(filing) == []


def test_a_foreign_formula_without_a_result_is_told_once_for_a_sheet(filled: bytes, tmp_path: Path) -> None:
    filing = after(filled, put({"C12": "=D12", "C13": "=D13"}), tmp_path)
    assert said(filing) == [("O_018", "C12")]
    assert filing.findings[0].cells == ("C12", "C13")


def test_an_error_in_a_cell_of_its_own_formula_is_left_to_its_parts(filled: bytes, tmp_path: Path) -> None:
    own = "IF(COUNT(D12:F12)=0,&quot;&quot;,SUM(D12:F12))"
    filing = reading(stored(filled, "C12", f' t="e"><f>{own}</f><v>#REF!</v></c>'), tmp_path)
    figure = filing.figures[Key("bieu_06a", "Đất đai", "tiep_nhan")]
    assert (figure.origin, figure.value, figure.raw) == ("formula", None, "#REF!")
    filing = reading(stored(filled, "D12", ' t="e"><f>1/0</f><v>#DIV/0!</v></c>'), tmp_path)
    assert said(filing) == [("O_005", "D12")]


def test_a_file_that_was_begun_reads_the_same(
    filled: bytes, plain: Filing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "LONG", 1000)
    path = tmp_path / "bao_cao.xlsx"
    path.write_bytes(filled)
    begin(path)
    path.unlink()  # so that it is not read again
    assert read(path, FORM, PLACES) == plain
    with pytest.raises(Unreadable):  # begun once, read once
        read(path, FORM, PLACES)


def test_texts_that_are_spoilt_are_told_of_a_file_that_was_begun(
    filled: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where calamine reads on behind the broken tag."""
    monkeypatch.setattr(package, "LONG", 1000)
    path = tmp_path / "bao_cao.xlsx"
    path.write_bytes(surgery(filled, "xl/sharedStrings.xml", lambda x: x.replace("</t></si>", "</t></s>", 1)))
    told = []
    for first in (lambda: None, lambda: begin(path)):
        first()
        with pytest.raises(Unreadable) as caught:
            read(path, FORM, PLACES)
        told.append((caught.value.code, caught.value.fields))
    assert told[0] == told[1] and told[0][0] == "TEP_001"


@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_what_is_wrong_with_a_file_that_was_begun_is_told_by_reading(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bao_cao.xlsx"
    path.write_bytes(content)
    for other in (path, tmp_path, tmp_path / "khong_co.xlsx"):
        begin(other)
    with pytest.raises(Unreadable):
        read(path, FORM, PLACES)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "bao_cao.xlsx"
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes in folders here")
    os.mkfifo(path)
    begin(path)


def test_errors_in_a_register_are_kept_as_their_text(filled: bytes, tmp_path: Path) -> None:
    register = "xl/worksheets/sheet4.xml"
    content = surgery(
        filled, register, lambda x: re.sub(r'<c r="B5"[^>]*>.*?</c>', '<c r="B5" t="e"><v>#N/A</v></c>', x)
    )
    assert reading(content, tmp_path).tables["van_ban"].columns["ngay"] == ("#N/A", "28/7/205")


def test_a_register_goes_on_below_its_prepared_rows_and_over_gaps(filled: bytes, tmp_path: Path) -> None:
    cells = {"A9": "7/QĐ-UBND", "D200": "Pasted far below", "A201": "   "}
    table = after(filled, put(cells, LETTERS), tmp_path).tables["van_ban"]
    assert table.rows == (5, 6, 9, 200)
    assert table.columns["trich_yeu"][2:] == (None, "Pasted far below")


def test_a_row_of_spaces_is_no_row_even_where_each_row_of_a_register_has_a_text(filled: bytes, tmp_path: Path) -> None:
    table = after(filled, put({"A7": "   "}, LETTERS), tmp_path).tables["van_ban"]
    assert table.rows == (5, 6)


@given(st.lists(st.lists(st.sampled_from(("a", " ", None, 0.0, False)), min_size=2, max_size=2), max_size=5))
def test_rows_are_kept_as_each_cell_says(rows: list[list[object]]) -> None:
    columns = [[row[c] for row in rows] for c in (0, 1)]
    assert [*_kept(columns)] == [any(cell not in (None, " ") for cell in row) for row in rows]


@pytest.mark.parametrize(
    ("cells", "codes", "place"),
    [
        ({"C5": 21061}, [], "21061"),
        ({"C5": " 21061 "}, [], "21061"),
        ({"C5": 99998, "C6": None}, ["BIA_002"], None),
        ({"C5": None}, ["BIA_007"], "21061"),
        ({"C5": None, "C6": "UBND XÃ VẠN TƯỜNG"}, ["BIA_007"], "21061"),
        ({"C5": None, "C6": "Xã Tân Tiến", "C7": None}, ["BIA_001"], None),
        ({"C5": None, "C6": "Xã Sơn Ha"}, ["BIA_001"], None),
        ({"C5": None, "C6": None}, ["BIA_001"], None),
        ({"C5": "99999"}, ["BIA_002"], None),
        ({"C6": "Xã Minh Long"}, ["BIA_003"], "21061"),
        ({"C6": None}, [], "21061"),
        ({"C6": "vạn tường"}, [], "21061"),
    ],
)
def test_whose_report_it_is(
    cells: dict[str, object], codes: list[str], place: str | None, filled: bytes, tmp_path: Path
) -> None:
    filing = after(filled, put(cells, "Bìa"), tmp_path)
    assert [f.code for f in filing.findings] == codes
    assert (filing.place.code if filing.place else None) == place


def test_a_code_that_became_a_number_gets_its_zeros_back(filled: bytes, tmp_path: Path) -> None:
    place = PLACES.find("00004")
    assert place is not None
    filing = after(filled, put({"C5": 4, "C6": f"{place.kind} {place.name}"}, "Bìa"), tmp_path)
    assert (filing.place, filing.findings) == (place, ())


@pytest.mark.parametrize(
    ("cells", "codes", "period"),
    [
        ({"C8": "01/07/2025", "C9": "25.9.2025"}, ["O_008", "O_008"], PERIOD),
        ({"C8": 45839}, [], PERIOD),
        ({"C8": None}, ["BIA_004"], None),
        ({"C8": "1/7/205"}, ["BIA_004"], None),
        ({"C9": date(2025, 6, 30)}, ["BIA_004"], None),
        ({"C9": date(2025, 7, 1)}, [], Period(date(2025, 7, 1), date(2025, 7, 1))),
        ({"C8": None, "C9": None}, ["BIA_004", "BIA_004"], None),
    ],
)
def test_of_which_period_it_is(
    cells: dict[str, object], codes: list[str], period: Period | None, filled: bytes, tmp_path: Path
) -> None:
    filing = after(filled, put(cells, "Bìa"), tmp_path)
    assert [f.code for f in filing.findings] == codes
    assert filing.period == period


@pytest.mark.parametrize(
    ("value", "chosen", "codes"),
    [
        ("Tách riêng", "rieng", []),
        ("trong đã  GIẢI quyết", "trong_da_giai_quyet", []),
        ("trong_dung_han", "trong_dung_han", []),
        (None, "rieng", []),
        ("không biết", "rieng", ["BIA_006"]),
    ],
)
def test_settings_are_choices(value: object, chosen: str, codes: list[str], filled: bytes, tmp_path: Path) -> None:
    filing = after(filled, put({cover_cell(filled, "bc_rut"): value}, "Bìa"), tmp_path)
    assert filing.settings == {"rut": chosen}
    assert [f.code for f in filing.findings] == codes


def cover_cell(content: bytes, name: str) -> str:
    return str(openpyxl.load_workbook(BytesIO(content)).defined_names[name].attr_text).split("!")[1].replace("$", "")


def test_another_version_is_told_and_another_form_refused(filled: bytes, tmp_path: Path) -> None:
    filing = after(filled, put({cover_cell(filled, "bc_phien_ban"): "0"}, "Bìa"), tmp_path)
    assert (codes(filing), filing.version) == (["BIA_005"], "0")
    with pytest.raises(Unreadable) as caught:
        after(filled, put({cover_cell(filled, "bc_bieu"): "bao_cao_tinh"}, "Bìa"), tmp_path)
    assert caught.value.code == "TEP_007"


def test_what_is_no_report_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet(GRID)["A1"] = "Danh sách khách mời"
    out = BytesIO()
    book.save(out)
    with pytest.raises(Unreadable) as caught:
        reading(out.getvalue(), tmp_path)
    assert caught.value.code == "TEP_007"


def test_a_result_of_the_toolkit_is_known(filled: bytes, tmp_path: Path) -> None:
    name = "<definedNames><definedName name=\"bc_tong_hop\">'Bìa'!$A$1</definedName>"
    content = surgery(filled, "xl/workbook.xml", lambda x: x.replace("<definedNames>", name))
    with pytest.raises(Unreadable) as caught:
        reading(content, tmp_path)
    assert caught.value.code == "TEP_012"


def test_reading_changes_no_byte(filled: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(filled)
    path.chmod(0o444)
    before = path.stat()
    read(path, FORM, PLACES)
    assert path.read_bytes() == filled
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def test_a_range_may_run_over_an_inserted_column_while_it_is_empty() -> None:
    """Column E was inserted between the parts D, F and G; only where it holds nothing does the sum mean the same."""
    columns = {"tiep_nhan": 3, "truc_tuyen": 4, "truc_tiep": 6, "ky_truoc": 7}
    table = Table(GRID, columns, first=9, last=40, total=41, by_heading=False)
    grid = GridFormulas(FORM, table, range(9, 41), (), {}, blank=lambda row, column: row == 9)
    for row, same in ((9, True), (10, False)):
        own = grid.of(FORM.indicator("tiep_nhan"), row)
        assert own is not None
        assert own(f'IF(COUNT(D{row}:G{row})=0,"",SUM(D{row}:G{row}))') is same
        assert own(f'IF(COUNT(D{row},F{row}:G{row})=0,"",SUM(D{row},F{row}:G{row}))')


def test_a_second_table_below_does_not_move_the_total_row(filled: bytes, tmp_path: Path) -> None:
    filing = after(filled, put({"B48": "Tổng cộng", "D48": 1}), tmp_path)
    assert said(filing) == []
    assert filing.figures[Key("bieu_06a", TOTAL_ROW, "truc_tuyen")].cell == "D41"


def test_a_total_row_of_values_without_label_is_known_by_its_name(filled: bytes, tmp_path: Path) -> None:
    cells = {"B41": None, **{f"{letters}41": 1 for letters in "CDEFGHIJKLMN"}}
    filing = after(filled, put(cells), tmp_path)
    assert said(filing) == []
    assert filing.figures[Key("bieu_06a", TOTAL_ROW, "truc_tuyen")].value == 1


def test_labels_are_known_by_what_they_say_when_nothing_stands_above(filled: bytes, tmp_path: Path) -> None:
    filing = after(without_names(filled), put({"B5": "Nội dung"}), tmp_path)
    assert filing.rows["bieu_06a"][-1] == "Lưu trữ"
    assert not [f for f in filing.findings if f.severity != "info"]


def test_a_control_column_never_stands_in_for_a_lost_total(filled: bytes, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book[GRID]["C6"] = book[GRID]["G6"] = "không rõ"  # found by their numbers (3) and (7)
        book[GRID].delete_cols(11)  # (11) Tổng số đang giải quyết

    filing = after(without_names(filled), change, tmp_path)
    assert [f.code for f in filing.findings if f.severity == "error"] == ["CAU_002"]
    columns = {k.indicator: f.cell for k, f in filing.figures.items() if k.row == TOTAL_ROW}
    assert "dang_giai_quyet" not in columns
    assert columns["dang_giai_quyet_doi_chieu"] == "Q41"
    assert (columns["tiep_nhan"], columns["da_giai_quyet"]) == ("C41", "G41")


def blank_row(sheet: Worksheet, row: int) -> None:
    for cell in sheet[row]:
        if not isinstance(cell, MergedCell):
            cell.value = None


def test_one_heading_for_several_columns_is_told_apart_by_its_group(filled: bytes, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        blank_row(book[GRID], 8)  # the row of column numbers
        book[GRID]["C6"] = "không rõ"

    filing = after(without_names(filled), change, tmp_path)
    columns = {k.indicator: f.cell for k, f in filing.figures.items() if k.row == TOTAL_ROW}
    assert "tiep_nhan" not in columns
    assert (columns["da_giai_quyet"], columns["dang_giai_quyet"]) == ("G41", "K41")
    assert (columns["qua_han"], columns["dang_qua_han"]) == ("J41", "M41")


def test_one_heading_for_several_columns_without_groups_goes_by_order(filled: bytes, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        blank_row(book[GRID], 8)
        blank_row(book[GRID], 5)
        book[GRID]["B5"] = "Lĩnh vực"

    filing = after(without_names(filled), change, tmp_path)
    columns = {k.indicator: f.cell for k, f in filing.figures.items() if k.row == TOTAL_ROW}
    assert [columns.get(i) for i in ("qua_han", "dang_qua_han")] == ["J41", "M41"]
    # "Tổng số" three times, and headings of the controls that also mean these totals: not decided, but told
    assert codes(filing).count("CAU_002") == 3
    assert not columns.keys() & {"tiep_nhan", "da_giai_quyet", "dang_giai_quyet"}


def test_a_label_counts_under_the_title_of_its_block(filled: bytes, tmp_path: Path) -> None:
    filing = after(without_names(filled), put({"B8": "Có mặt"}, LINES), tmp_path)
    assert filing.figures[Key("nhan_luc", "", "co_mat")].value == 259
    assert Key("tthc", "", "tthc_toan_trinh") not in filing.figures


def test_a_name_on_the_line_of_another_label_gives_no_figure(filled: bytes, tmp_path: Path) -> None:
    content = surgery(filled, "xl/workbook.xml", lambda x: x.replace("'Chỉ tiêu'!$D$7<", "'Chỉ tiêu'!$D$8<"))
    filing = after(content, put({"B7": "không rõ là gì", "D8": 250}, LINES), tmp_path)
    assert "CAU_007" in codes(filing)
    assert Key("tthc", "", "tthc_cap_xa") not in filing.figures
    assert filing.figures[Key("tthc", "", "tthc_toan_trinh")].value == 250


COUNTS = [i.id for i in FORM.block("bieu_06a").indicators]
LABELS = [*FORM.block("bieu_06a").rows, "Lưu trữ", "=SUM(A1)", "<b>&\"'"]
ROW = st.dictionaries(st.sampled_from(COUNTS), st.integers(0, 10**15 - 1), max_size=6)


@settings(max_examples=15, deadline=None)
@given(
    rows=st.dictionaries(st.sampled_from(LABELS), ROW, max_size=6),
    scalars=st.dictionaries(st.sampled_from([i.id for i in FORM.block("nhan_luc").indicators]), st.integers(0, 10**6)),
    notes=st.lists(st.text("aă=+-@<&\"' \n", min_size=1, max_size=9), max_size=4),
)
def test_what_build_writes_reads_back(
    rows: dict[str, dict[str, int]],
    scalars: dict[str, int],
    notes: list[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    data = {
        "scalars": scalars,
        "grids": {"bieu_06a": [{"linh_vuc": label, **row} for label, row in rows.items()]},
        "records": {"kien_nghi": [{"noi_dung": note} for note in notes]},
    }
    values = parse_values(data, FORM)
    filing = reading(made(values), tmp_path_factory.mktemp("built"))
    expected: dict[Key, object] = {Key("bieu_06a", label, i): n for label, row in rows.items() for i, n in row.items()}
    expected |= {Key("nhan_luc", "", i): n for i, n in scalars.items()}
    assert typed(filing) == expected
    assert not filing.findings
    written = [read_text(note) for note in notes if note.strip()]
    assert [read_text(t) for t in filing.tables["kien_nghi"].columns["noi_dung"]] == written
