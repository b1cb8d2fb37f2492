"""The list sheet of a marked copy; many marks; LibreOffice opens the copy.

R6 the list tells status, counts, each finding with a link; text is never a formula
"""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
import xlsxwriter
from effort import calls
from marked_files import (
    DATA,
    EMPTY_LIST,
    MARKS,
    findings,
    formula,
    load,
    package,
    paint,
    parts,
    rich_by_xlsxwriter,
    unsound,
)
from office import saved

from toolkit import edits as decide
from toolkit.edits import WARNING
from toolkit.wording import LIST_SHEET, LOG_SHEET
from workbook import mark
from workbook.sheet_part import Address


def test_the_list(tmp_path: Path) -> None:
    copy = mark.apply(package(), decide.marks(findings()[:1]), decide.listing(findings(), ["Xã Vạn Tường"]))
    sheet = load(copy)[LIST_SHEET]
    rows = [[c.value for c in row][:8] for row in sheet.iter_rows()]
    header = next(n for n, row in enumerate(rows) if row[7])
    assert [row[0] for row in rows[:3]] == [
        "KẾT QUẢ KIỂM TRA",
        "Chưa đạt, có lỗi phải sửa: 1 lỗi, 1 cảnh báo, 1 ghi chú.",
        "Xã Vạn Tường",
    ]
    assert rows[header + 1] == ["Lỗi", DATA, "A1", "=1+1", "+sửa\nhai dòng", 5676, 5679, -3]
    assert [c.data_type for c in sheet[header + 2]][:5] == ["s"] * 5
    assert rows[header + 2][3:] == ["@x & <y> _x0041_", "-z", 0.9016, 0.9, 0.0016]
    assert len(str(rows[header + 3][3])) == 32_767
    assert b"_x005F_x0041_" in parts(copy)["xl/worksheets/sheet2.xml"]  # Excel would read _x0041_ as A
    assert sheet.cell(header + 2, 3).hyperlink.location == "'Dữ liệu''s'!A1"
    assert sheet.cell(header + 3, 3).hyperlink.location == "'II.06a'!AB12"
    assert all(c.quotePrefix for c in sheet[header + 2][:5])
    assert sheet.auto_filter.ref == f"A{header + 1}:K{header + 4}" and sheet.freeze_panes == f"A{header + 2}"
    assert sheet.column_dimensions["K"].hidden
    assert sheet["A1"].font.name == "Arial"  # the workbook's own font
    assert unsound(copy, tmp_path) == unsound(package(), tmp_path)


def test_a_list_of_nothing() -> None:
    sheet = load(mark.apply(package(), (), EMPTY_LIST))[LIST_SHEET]
    assert [c.value for c in sheet["A"]][1].startswith("Đạt: 0 lỗi")


def test_many_marks_fill_several_hidden_cells() -> None:
    source = package()
    many = [paint(str(Address(row, column))) for row in range(1, 3001) for column in (1, 2, 3)]
    copy = mark.apply(source, many, EMPTY_LIST)
    assert parts(mark.clear(copy))["xl/worksheets/sheet1.xml"] == parts(source)["xl/worksheets/sheet1.xml"]


def test_two_thousand_marks_in_twenty_thousand_rows() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(DATA)
        for row in range(20_000):
            for column in range(12):
                sheet.write_number(row, column, row * column)
    many = [paint(f"{'ABCDEFGH'[n % 8]}{n * 10 + 1}") for n in range(2000)]
    few, all_ = (calls(lambda n=n: mark.apply(out.getvalue(), many[:n], EMPTY_LIST)) for n in (20, 2000))
    assert all_ - few < 400 * (2000 - 20)


@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_and_saves_a_marked_copy(tmp_path: Path) -> None:
    source = rich_by_xlsxwriter()
    some = [formula("A1", "SUM(B1:C1)", 3)]
    copy = mark.apply(source, [*MARKS, *some], decide.listing(findings()), decide.log(some))
    (again,) = saved(tmp_path, copy)
    assert load(again).sheetnames == [DATA, "Khác", LIST_SHEET, LOG_SHEET]
    assert load(again)[DATA]["B2"].fill.fgColor.rgb == "FF" + WARNING
    back = load(mark.clear(again))
    assert back.sheetnames == [DATA, "Khác", LOG_SHEET]
    original = load(source)[DATA]
    for cell in ("A1", "B2", "F3"):
        assert back[DATA][cell].fill.fgColor.rgb in (original[cell].fill.fgColor.rgb, "00000000")
        assert back[DATA][cell].fill.fill_type == original[cell].fill.fill_type
