"""The rows of a grid: which line is which lĩnh vực, which is none, and which is the total row."""

from __future__ import annotations

from pathlib import Path

import filled_books
from filled_books import FORM, GRID, PLACES, after, edited, put, said, values_only, without_names
from office import saved

from toolkit.checks import confront
from toolkit.compute import ledger_of
from toolkit.records import TOTAL_ROW, Key
from workbook import jobs
from workbook.read import read

filled = filled_books.filled  # fixture


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


def test_formulas_that_fail_make_no_row_of_a_spare_line(filled: bytes, tmp_path: Path) -> None:
    """As where the names are lost and a program has calculated since."""
    filing = after(filled, put({"G36": "#NAME?", "K36": "#NAME?", "H37": 4}), tmp_path)
    assert said(filing) == [("CAU_005", "B37")]
    assert filing.rows["bieu_06a"][-1] == "(dòng 37)"


def test_section_rows_and_subtotals_are_no_rows(filled: bytes, tmp_path: Path) -> None:
    cells = {"A36": "I", "B36": "Trên Hệ thống các Bộ", "D36": 9, "B37": "Cộng mục I", "D37": 9, "B38": "II. Còn lại"}
    filing = after(filled, put(cells), tmp_path)
    assert said(filing, "O_018") == [
        ("CAU_006", "B36"),
        ("CAU_006", "B37"),
        ("CAU_006", "B38"),
        ("CAU_008", "B36"),
        ("CAU_008", "B37"),
    ]
    assert filing.rows["bieu_06a"][-1] == "Lưu trữ"
    assert filing.figures[Key("bieu_06a", TOTAL_ROW, "tiep_nhan_doi_chieu")].cell == "P41"


def test_a_title_without_figures_leaves_the_totals_as_they_are(filled: bytes, tmp_path: Path) -> None:
    filing = after(filled, put({"B36": "II. Còn lại"}), tmp_path)
    totals = {key.indicator: figure.origin for key, figure in filing.figures.items() if key.row == TOTAL_ROW}
    assert {totals[i] for i in ("tiep_nhan", "truc_tuyen", "rut")} == {"formula"}


def test_a_section_row_with_figures_is_not_counted_twice(filled: bytes, tmp_path: Path) -> None:
    filing = after(filled, put({"B36": "II. Còn lại", "D36": 9, "E36": 0, "F36": "chín"}), tmp_path)
    assert said(filing, "O_018") == [("CAU_006", "B36"), ("CAU_008", "B36")]
    (doubled,) = (f for f in filing.findings if f.code == "CAU_008")
    assert (doubled.severity, doubled.cells) == ("error", ("B36", "D41"))
    totals = {key.indicator: figure.origin for key, figure in filing.figures.items() if key.row == TOTAL_ROW}
    assert totals["truc_tuyen"] == "formula"


def test_what_office_adds_twice_counts_once_and_is_mended(filled: bytes, tmp_path: Path) -> None:
    """The whole way: the total row is calculated by LibreOffice, checked, restored, and calculated again."""

    def told(path: Path) -> tuple[list[str], int | None, object]:
        filing = read(path, FORM, PLACES)
        codes = [
            f.code for f in confront(FORM, filing) if f.severity == "error" and f.code.startswith(("CAU", "CT_001"))
        ]
        total = Key("bieu_06a", TOTAL_ROW, "truc_tuyen")
        return codes, ledger_of(FORM, filing).values[total], filing.figures[total].stored

    sums = {"A36": "II", "B36": "Cộng mục I", "D36": 5305, "E36": 382}
    given, mended, again = (tmp_path / name for name in ("a.xlsx", "b.xlsx", "c.xlsx"))
    given.write_bytes(saved(tmp_path / "1", edited(filled, put(sums)))[0])
    assert told(given) == (["CAU_008"], 5305, 10_610)
    jobs.formulas(FORM, PLACES, given, mended)
    again.write_bytes(saved(tmp_path / "2", mended.read_bytes())[0])
    assert told(again) == ([], 5305, 5305)


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


def test_labels_are_known_by_what_they_say_when_nothing_stands_above(filled: bytes, tmp_path: Path) -> None:
    filing = after(without_names(filled), put({"B5": "Nội dung"}), tmp_path)
    assert filing.rows["bieu_06a"][-1] == "Lưu trữ"
    assert not [f for f in filing.findings if f.severity != "info"]


def test_the_total_row_above_another_one_is_no_row(filled: bytes, tmp_path: Path) -> None:
    filing = after(filled, put({"B36": "TỔNG CỘNG", "D36": 5305}), tmp_path)
    assert said(filing, "O_018") == [("CAU_006", "B36"), ("CAU_008", "B36")]
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


def test_a_second_table_below_does_not_move_the_total_row(filled: bytes, tmp_path: Path) -> None:
    filing = after(filled, put({"B48": "Tổng cộng", "D48": 1}), tmp_path)
    assert said(filing) == []
    assert filing.figures[Key("bieu_06a", TOTAL_ROW, "truc_tuyen")].cell == "D41"


def test_a_total_row_of_values_without_label_is_known_by_its_name(filled: bytes, tmp_path: Path) -> None:
    cells = {"B41": None, **{f"{letters}41": 1 for letters in "CDEFGHIJKLMN"}}
    filing = after(filled, put(cells), tmp_path)
    assert said(filing) == []
    assert filing.figures[Key("bieu_06a", TOTAL_ROW, "truc_tuyen")].value == 1
