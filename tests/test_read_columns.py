"""The columns of a grid and the lines of a list: known by name, number, heading and label, told when gone."""

from __future__ import annotations

from pathlib import Path

import filled_books
from filled_books import GRID, LINES, after, codes, put, reading, said, surgery, without_names
from openpyxl.cell import MergedCell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from toolkit.records import TOTAL_ROW, Key

filled = filled_books.filled  # fixture


def test_a_column_that_is_gone_is_told(filled: bytes, tmp_path: Path) -> None:
    filing = after(without_names(filled), lambda w: w[GRID].delete_cols(14), tmp_path)  # (14) Rút
    assert [f.code for f in filing.findings if f.severity == "error"] == ["CAU_002"]
    assert not [k for k in filing.figures if k.indicator == "rut"]
    assert filing.figures[Key("bieu_06a", TOTAL_ROW, "tiep_nhan_doi_chieu")].value == 5676


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
