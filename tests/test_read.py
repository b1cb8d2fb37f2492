"""Reading filled workbooks: whatever happened to the file on its way, the same figures come out of it.

Rows, columns, cells and the cover have their own modules.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import filled_books
import pytest
from filled_books import (
    FORM,
    GRID,
    LETTERS,
    LINES,
    PERIOD,
    PLACE,
    PLACES,
    after,
    edited,
    made,
    reading,
    surgery,
    typed,
    values_only,
    without_names,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from toolkit.figures import read_text
from toolkit.records import TOTAL_ROW, Filing, Key
from toolkit.values import parse_values
from workbook.read import read

filled, plain = filled_books.filled, filled_books.plain  # fixtures


def records(filing: Filing) -> dict[str, dict[str, list[str]]]:
    """The registers as their cells show them; cells stay raw, so that letters may still be decomposed."""
    return {b: {f: [read_text(raw) for raw in c] for f, c in t.columns.items()} for b, t in filing.tables.items()}


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


def test_parts_that_are_gone_are_told_one_by_one(filled: bytes, tmp_path: Path) -> None:
    def remove(book: Workbook) -> None:
        for title in (GRID, LINES, LETTERS):
            del book[title]

    filing = after(filled, remove, tmp_path)
    assert [f.code for f in filing.findings] == ["CAU_001"] * 3
    assert set(filing.tables) == {"nhiem_vu", "kien_nghi", "ho_so"}
    assert not filing.figures


def test_reading_changes_no_byte(filled: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(filled)
    path.chmod(0o444)
    before = path.stat()
    read(path, FORM, PLACES)
    assert path.read_bytes() == filled
    assert path.stat().st_mtime_ns == before.st_mtime_ns


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
