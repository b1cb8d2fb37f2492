"""The workbook that an official fills.

R1 the same input gives the same bytes
R2 the defined names are those that reading relies on, each on the cells it says
R3 nothing that Excel 2010 lacks: no x14, no later function, no other sheet in a conditional format but by name
R4 every formula stands with the value that LibreOffice computes
R5 inputs are open, everything else is locked, no password
R6 given values stand in their cells as what they are; text is never a formula
R7 a new form needs no Python
R8 a blank template raises no finding when it is read back
R9 a long grid breaks into equally full pages: the signatures never stand alone with a last row
R10 a register prints one page across, all its rows; an empty one is one page
"""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import saved
from openpyxl.workbook import Workbook
from openxml_audit import OpenXmlValidator

from toolkit.catalogue import load
from toolkit.checks import confront
from toolkit.form import Form
from toolkit.records import Period
from toolkit.values import Values, parse_values
from workbook.build import build
from workbook.forms import load_form, load_places
from workbook.read import read
from workbook.styles import page_breaks

FORM, PLACES = load_form(), load_places()
TINY = load((Path(__file__).parent / "forms" / "so_giao_ban.toml").read_text(encoding="utf-8"))
PLACE, PROVINCE = PLACES.find("21061"), PLACES.province("51")
PERIOD = Period(date(2025, 7, 1), date(2025, 9, 25))
GRID, LINES = "II.06a", "Chỉ tiêu"
EXCEL_2010 = {"AND", "COUNT", "COUNTA", "COUNTIF", "DAY", "IF", "INT", "ISNUMBER", "ISTEXT", "LEN", "MAX", "MONTH", "N"}
EXCEL_2010 |= {"NOT", "OR", "SUM", "SUMPRODUCT", "TRIM", "YEAR"}
FILLED = {
    "settings": {"rut": "trong_da_giai_quyet"},
    "scalars": {"ty_le_qua_han": "1,5%", "nv_giao": "1.234", "tiep_nhan_doi_chieu": 99, "vneid_cai_dat": 7},
    "grids": {
        "bieu_06a": [
            {"linh_vuc": "Đất đai", "truc_tuyen": 10, "truc_tiep": 5, "ky_truoc": 0, "da_giai_quyet": 11},
            {"linh_vuc": "Lĩnh vực khác", "truc_tuyen": 1},
            {"linh_vuc": "Tổng cộng", "da_giai_quyet": 5, "dang_qua_han": 4},
        ]
    },
    "records": {
        "van_ban": [{"so_ky_hieu": "=1+1", "ngay": "28/7/205"}, {"ngay": "2025-07-28", "trich_yeu": "<r>a</r>"}]
    },
    "notes": {"nv_giao": "+cmd|' /C calc'!A0"},
    "khong_phat_sinh": ["hop"],
}


def made(data: object = None, form: Form = FORM) -> bytes:
    return build(form, PLACE, PROVINCE, PERIOD, parse_values(data, form) if data else None)


def opened(content: bytes, *, values: bool = False) -> Workbook:
    return openpyxl.load_workbook(BytesIO(content), data_only=values)


def parts(content: bytes) -> Iterator[tuple[str, str]]:
    with ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            yield name, archive.read(name).decode()


BLANK, FULL = made(), made(FILLED)
BOOK = opened(FULL)


def area(name: str) -> tuple[str, str]:
    """Sheet and range of a defined name."""
    ((sheet, cells),) = BOOK.defined_names[name].destinations
    return sheet, cells.replace("$", "")


# --- R1


@pytest.mark.parametrize("data", [None, FILLED])
def test_the_same_bytes_twice(data: object) -> None:
    assert made(data) == made(data)


# --- R2


def test_cover_names() -> None:
    cover = BOOK["Bìa"]
    seen = {}
    for name in ("ma_don_vi", "ten_don_vi", "tu_ngay", "den_ngay", "bieu", "phien_ban", "rut", "hop_khong_phat_sinh"):
        sheet, cell = area(f"bc_{name}")
        assert sheet == "Bìa"
        seen[name] = cover[cell].value
    assert seen.pop("tu_ngay").date() == PERIOD.start
    assert seen.pop("den_ngay").date() == PERIOD.end
    assert seen == {
        "ma_don_vi": "21061",
        "ten_don_vi": "Xã Vạn Tường",
        "bieu": FORM.id,
        "phien_ban": FORM.version,
        "rut": "Trong đã giải quyết",
        "hop_khong_phat_sinh": "x",
    }


def test_grid_names_reach_from_the_first_row_to_the_total_row() -> None:
    sheet, cells = area("bc_bieu_06a_linh_vuc")
    rows = BOOK[sheet][cells]
    assert (sheet, cells) == (GRID, "B9:B41")
    assert (rows[0][0].value, rows[-1][0].value) == (FORM.block("bieu_06a").rows[0], "Tổng cộng")
    assert area("bc_bieu_06a") == (GRID, "B9:R41")
    assert area("bc_bieu_06a_tiep_nhan") == (GRID, "C9:C41")
    assert area("bc_bieu_06a_dang_giai_quyet_doi_chieu") == (GRID, "R9:R41")


def test_every_column_rule_and_helper_has_its_name() -> None:
    names = set(BOOK.defined_names)
    for block in FORM.blocks:
        assert f"bc_{block.id}_khong_phat_sinh" in names
        for indicator in block.indicators:
            assert (f"bc_{indicator.id}" if block.kind == "scalars" else f"bc_{block.id}_{indicator.id}") in names
            if block.kind == "grid" and indicator.equals:
                assert f"bc_{block.id}_trong_{indicator.id}" in names
    for rule in FORM.rules:
        assert (f"bc_{rule.block}_kt_{rule.id}" if rule.block else f"bc_kt_{rule.id}") in names


def test_a_scalar_name_is_the_cell_beside_its_id() -> None:
    for indicator in (i for b in FORM.blocks if b.kind == "scalars" for i in b.indicators):
        sheet, cell = area(f"bc_{indicator.id}")
        assert (sheet, BOOK[sheet][cell].offset(column=2).value) == (LINES, indicator.id)


def test_more_unlisted_rows_than_spare_ones_make_the_table_grow() -> None:
    extra = [{"linh_vuc": f"Lĩnh vực {n}", "rut": n} for n in range(FORM.block("bieu_06a").spare_rows + 2)]
    book = opened(made({"grids": {"bieu_06a": extra}}))
    ((_, cells),) = book.defined_names["bc_bieu_06a_rut"].destinations
    assert cells.replace("$", "") == "N9:N43"
    assert [row[0].value for row in book[GRID]["N35:N42"]] == list(range(8))


# --- R3


@pytest.mark.parametrize("content", [BLANK, FULL], ids=["blank", "full"])
def test_nothing_that_excel_2010_lacks(content: bytes) -> None:
    for name, text in parts(content):
        assert not re.search("x14|_xlfn|_xlws|cm=", text), name
        for formula in re.findall(r"<(?:f|formula|formula1|formula2|definedName)[ >][^<]*", text):
            code = re.sub(r'"[^"]*"|&quot;.*?&quot;', "", formula)
            assert set(re.findall(r"\b([A-Z][A-Z0-9.]*)\(", code)) <= EXCEL_2010, formula
            assert len(formula) < 8192


def test_conditional_formats_see_other_sheets_by_name_only() -> None:
    formats = [rule for sheet in BOOK for area_ in sheet.conditional_formatting for rule in area_.rules]
    assert len(formats) > 50
    assert not [f for rule in formats for f in rule.formula if "!" in f]


def test_messages_fit_excel() -> None:
    rules = [rule for sheet in BOOK for rule in sheet.data_validations.dataValidation]
    assert len(rules) > 30
    for rule in rules:
        assert max(len(rule.errorTitle or ""), len(rule.promptTitle or "")) <= 32
        assert max(len(rule.error or ""), len(rule.prompt or ""), len(rule.formula1 or "")) <= 255


@pytest.mark.parametrize("content", [BLANK, FULL, made(form=TINY)], ids=["blank", "full", "tiny"])
def test_a_second_opinion_finds_nothing(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(content)
    assert list(OpenXmlValidator().validate(str(tmp_path / "book.xlsx")).errors) == []


# --- R4


def test_every_formula_has_a_stored_value() -> None:
    for name, text in parts(FULL):
        if name.startswith("xl/worksheets/sheet"):
            for attributes, value in re.findall(r"<c ([^>]*)><f[^<]*</f>(.{0,20})", text):
                assert value.startswith("<v>"), attributes
                assert 't="str"' in attributes or not value.startswith("<v></v>"), attributes


@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_computes_the_stored_values(tmp_path: Path) -> None:
    filings = [made(random_data(random.Random(seed))) for seed in range(12)]
    books = [
        BLANK,
        FULL,
        made(form=TINY),
        made({"grids": {"giao_viec": [{"bo_phan": "Kinh tế", "viec_con": 3}]}}, TINY),
    ]
    formulas = 0
    for before, after in zip([*books, *filings], recalculated([*books, *filings], tmp_path), strict=True):
        cells, stored, computed = opened(before), opened(before, values=True), opened(after, values=True)
        for sheet in cells:
            where = [c.coordinate for row in sheet.iter_rows() for c in row if c.data_type == "f"]
            formulas += len(where)
            here, there = stored[sheet.title], computed[sheet.title]
            assert {c: there[c].value or 0 for c in where} == pytest.approx({c: here[c].value or 0 for c in where})
            assert [c for c in where if (there[c].value in (None, "")) != (here[c].value in (None, ""))] == []
    assert formulas > 5_000


def recalculated(contents: list[bytes], folder: Path) -> list[bytes]:
    """The workbooks as LibreOffice saves them, their stored values taken away before."""
    bare = []
    for content in contents:
        out = BytesIO()
        with ZipFile(BytesIO(content)) as source, ZipFile(out, "w") as target:
            for name in source.namelist():
                data = source.read(name)
                if name.startswith("xl/worksheets/sheet"):
                    data = re.sub(rb"</f><v>[^<]*</v>", b"</f>", data)
                target.writestr(name, data)
        bare.append(out.getvalue())
    return saved(folder, *bare)


def random_data(r: random.Random) -> dict[str, object]:
    """A filing with blanks, overtyped totals, texts, unlisted rows and ticks; half of them with small numbers."""
    grid = FORM.block("bieu_06a")
    high = r.choice([3, 10**6])
    labels = r.sample(grid.rows, r.randint(0, 8)) + [f"Khác {n}" for n in range(r.choice([0, 0, 2, 8]))]
    rows = []
    for label in [*labels, *[grid.total] * (r.random() < 0.5)]:
        full = r.choice([0.1 if label == grid.total else 0.4, 1])
        row: dict[str, object] = {"linh_vuc": label}
        for i in grid.indicators:
            if r.random() < (0.15 if i.equals or i.kind == "control" else full):
                row[i.id] = r.randint(0, high) if r.random() < 0.97 else r.choice(["5.676", "x", -3, 2.5])
        if r.random() < 0.3:  # a row that balances
            parts_ = {i: r.randint(0, high) for i in ("truc_tuyen", "truc_tiep", "ky_truoc")}
            rest = dict.fromkeys(("dung_han", "qua_han", "dang_trong_han", "dang_qua_han", "rut"), 0)
            row = {"linh_vuc": label, **parts_, **rest, "truoc_han": sum(parts_.values())}
        rows.append(row)
    scalars: dict[str, object] = {}
    for block in (b for b in FORM.blocks if b.kind == "scalars"):
        full = r.choice([0, 0.6, 1])
        for i in block.indicators:
            if r.random() < (full / 3 if i.equals else full):
                count = r.randint(0, high) if r.random() < 0.97 else "abc"
                scalars[i.id] = r.choice([0.5, "90,16%", "x", 1.2]) if i.kind == "rate" else count
    records = {
        b.id: [
            {
                i.id: r.choice(["2025-08-01", "28/7/205"]) if i.kind == "date" else "a"
                for i in b.indicators
                if r.random() < 0.7
            }
            for _ in range(r.choice([0, 3]))
        ]
        for b in FORM.blocks
        if b.kind == "records"
    }
    return {
        "settings": {"rut": r.choice([c.id for c in FORM.settings[0].choices])},
        "grids": {grid.id: rows},
        "scalars": scalars,
        "records": records,
        "khong_phat_sinh": [b.id for b in FORM.blocks if r.random() < 0.15],
    }


# --- R5


def test_sheets_are_protected_without_a_password() -> None:
    for sheet in BOOK:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        assert sheet.protection.hashValue is None


def test_inputs_are_open_and_formulas_locked() -> None:
    grid = BOOK[GRID]
    for letters, indicator in zip("CDEFGHIJKLMN", FORM.block("bieu_06a").indicators, strict=False):
        assert grid[f"{letters}20"].protection.locked == bool(indicator.equals), indicator.id
        assert grid[f"{letters}41"].protection.locked  # total row
    assert [grid[c].protection.locked for c in ("B9", "B35", "B40", "P9", "P41", "T9", "A2")] == [
        True, False, False, False, False, True, False,
    ]  # fmt: skip
    for sheet, cells in (area(f"bc_{i.id}") for b in FORM.blocks if b.kind == "scalars" for i in b.indicators):
        assert BOOK[sheet][cells].protection.locked == (cells == area("bc_vneid_cai_dat")[1])
    assert BOOK["Hồ sơ"]["A4"].protection.locked
    assert not BOOK["Hồ sơ"].column_dimensions["A"].protection.locked


# --- R6


def test_given_values_stand_in_their_cells() -> None:
    grid, lines = BOOK[GRID], BOOK[LINES]
    land = 9 + FORM.block("bieu_06a").rows.index("Đất đai")
    assert [grid[f"{c}{land}"].value for c in "DEFG"] == [10, 5, 0, 11]
    assert grid[f"C{land}"].data_type == "f"
    assert [grid["B35"].value, grid["D35"].value, grid["M41"].value, grid["P41"].value] == ["Lĩnh vực khác", 1, 4, 99]
    rate = lines[area("bc_ty_le_qua_han")[1]]
    assert (rate.value, rate.number_format) == (0.015, "0.0%")
    told = lines[area("bc_nv_giao")[1]]
    assert (told.value, told.data_type) == ("1.234", "s")
    assert lines[area("bc_vneid_cai_dat")[1]].value == 7


def test_text_is_never_a_formula_nor_markup() -> None:
    letters, lines = BOOK["Văn bản"], BOOK[LINES]
    assert [(letters[c].value, letters[c].data_type) for c in ("A5", "B5", "D6")] == [
        ("=1+1", "s"), ("28/7/205", "s"), (" <r>a</r>", "s"),
    ]  # fmt: skip
    assert letters["B6"].value.date() == date(2025, 7, 28)
    note = lines[area("bc_nv_giao")[1]].offset(column=1)
    assert (note.value, note.data_type) == (FILLED["notes"]["nv_giao"], "s")


def test_the_printed_page() -> None:
    grid = BOOK[GRID]
    assert (grid.page_setup.orientation, grid.page_setup.paperSize, grid.freeze_panes) == ("landscape", 9, "C9")
    assert (grid.print_title_rows, grid.print_area) == ("$5:$8", "'II.06a'!$A$1:$N$50")
    assert [grid[f"{c}8"].value for c in "ABCDN"] == ["(1)", "(2)", "(3)", "(4)", "(14)"]
    assert {str(r) for r in grid.merged_cells.ranges} >= {"A5:A7", "B5:B7", "C5:F5", "D6:E6", "C6:C7", "G5:J5"}
    assert {cell.font.name for row in grid["A1:X45"] for cell in row if cell.value is not None} == {"Times New Roman"}
    assert "scheme" not in dict(parts(FULL))["xl/styles.xml"]


def test_signatures_stand_with_rows_of_the_table() -> None:  # R9
    for book in (opened(BLANK), BOOK):
        grid = book[GRID]
        (after,) = (b.id for b in grid.row_breaks.brk)
        listed = [row for row in range(9, 41) if isinstance(grid[f"A{row}"].value, int)]
        assert sum(row <= after for row in listed) >= 5 and sum(row > after for row in listed) >= 5
        assert (grid.page_setup.fitToWidth or 1, grid.page_setup.fitToHeight) == (1, 0)
    assert not opened(made(form=TINY))["Giao việc"].row_breaks.brk


def test_no_block_of_single_figures_is_torn_apart() -> None:  # R9
    for book in (opened(BLANK), BOOK):
        lines = book[LINES]
        (after,) = (b.id for b in lines.row_breaks.brk)
        blocks = [
            row for row in range(6, lines.max_row + 1) if lines[f"B{row}"].value is None and lines[f"A{row}"].value
        ]
        assert after + 1 in blocks and abs(2 * blocks.index(after + 1) - len(blocks)) <= 3
        assert lines.page_setup.orientation == "portrait"


def test_a_page_ends_only_where_one_is_full() -> None:  # R9
    widths, high = [5, 39, *[10] * 12], (8.27 - 0.5 - 0.6) * 72  # inches of A4 between the margins, to points
    scale = (11.69 - 0.5 - 0.4) * 72 / sum(6 * w + 4.5 for w in widths)
    most = int((high / scale * 0.92 - 300) / 18)
    assert page_breaks(widths, 200, [18] * most, 100, 90) == []
    (end,) = page_breaks(widths, 200, [18] * (most + 1), 100, 90)  # one row more, and both pages are half full
    assert abs(end - most / 2) <= 1
    assert page_breaks([10], 0, [high] * 3, 0, 0) == [1, 2]  # rows as high as a page


@given(rows=st.lists(st.floats(10, 60), max_size=120), width=st.floats(60, 300))
def test_no_page_is_fuller_than_paper_nor_nearly_empty(rows: list[float], width: float) -> None:  # R9
    ends = page_breaks([width], 200, rows, 180, 90)
    edges = [0, *ends, len(rows)]
    assert edges == sorted(set(edges)) or not rows
    full = [sum(rows[a:b]) + (90 if a else 200) + (180 if b == len(rows) else 0) for a, b in pairwise(edges)]
    room = (8.27 - 0.5 - 0.6) * 72 * max(1, (6 * width + 4.5) / ((11.69 - 0.5 - 0.4) * 72))
    if room > 400:  # a page takes more than what stands around the rows
        assert all(used <= room for used in full) and (not ends or min(full) >= room / 3)


def test_a_register_prints_on_one_page_across() -> None:  # R10
    for records in (b for b in FORM.blocks if b.kind == "records"):
        for book in (opened(BLANK), BOOK):
            sheet = book[records.sheet]
            assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
            assert sheet.print_title_rows == "$4:$4" and not sheet.print_area  # whatever is pasted prints
        assert opened(BLANK)[records.sheet].max_row == 4


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_prints_every_row_of_a_register(tmp_path: Path) -> None:  # R9, R10
    content = made({"records": {"ho_so": [{"ma_ho_so": f"H48-{n}"} for n in range(200)]}})
    blank, full = saved(tmp_path / "pdf", BLANK, content, kind="pdf")
    assert pages(blank) == 10  # cover 1, grid 2, single figures 2, registers 1 each, rules 1
    assert 13 <= pages(full) <= 16  # some forty rows a page


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


# --- R7


def test_another_form_needs_no_python() -> None:
    book = opened(made({"scalars": {"cuoc_hop": 4}}, TINY))
    assert book.sheetnames == ["Bìa", "Giao việc", "Chung", "Kiểm tra"]
    assert book["Giao việc"]["C9"].data_type == "f"
    assert {"gb_giao_viec_viec_xong", "gb_cuoc_hop", "gb_ky_hop", "gb_giao_viec_kt_con_khong_qua_xong"} <= set(
        book.defined_names
    )


# --- R8


def test_a_blank_template_raises_no_finding(tmp_path: Path) -> None:
    (tmp_path / "blank.xlsx").write_bytes(BLANK)
    filing = read(tmp_path / "blank.xlsx", FORM, PLACES)
    assert (filing.place, filing.period, filing.settings) == (PLACE, PERIOD, {"rut": "rieng"})
    assert [f.code for f in confront(FORM, filing)] == []


def test_a_template_without_a_unit_can_be_made() -> None:
    book = opened(build(FORM, None, None, PERIOD, Values()))
    assert [book["Bìa"][c].value for c in ("C5", "C6", "C7")] == [None, None, None]
