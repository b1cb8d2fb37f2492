"""Old workbooks (.xls), written by LibreOffice: read like another reader does, refused soon when damaged.

Requirements
  NX01  what a file is, its first bytes say
  NX08  hostile files cost little
"""

from __future__ import annotations

import io
import random
from contextlib import suppress
from datetime import date, datetime

import exports_made as made
import import_runs
import pytest
from effort import ends
from import_runs import Importer, needs_office
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from workbook.exports import open_export
from workbook.sniff import Unreadable

blank, importer = import_runs.blank, import_runs.importer  # fixtures


@pytest.mark.office
@needs_office
@pytest.mark.parametrize("last", [[""] * 255 + ["z"], [""] * 6 + [1.0] * 250], ids=["far cells", "rows of numbers"])
def test_a_wide_old_workbook(last: list[made.Cell], importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    path = importer.file("xa.xls", made.convert(importer.folder, made.xlsx([last] * 4), "xls"))
    monkeypatch.setattr("workbook.biff.MOST_CELLS", 4 * 256 + 3)
    assert len(open_export(path).sheets[0].rows) == 4
    monkeypatch.setattr("workbook.biff.MOST_CELLS", 4 * 256 + 2)
    with pytest.raises(Unreadable) as refused:
        open_export(path)
    assert refused.value.code == "TEP_006"


@pytest.fixture(scope="module")
def old_workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An .xls with every kind of cell: long texts that run over several records, rich ones, formulas, dates."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Đủ loại")
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    for row in range(40):
        sheet.write_string(row, 0, f"{row} " + ("chữ Việt " if row % 2 else "plain ") * 90)
        sheet.write_row(row, 1, [row, row / 3, -row * 1e9, row % 2 == 0])
        sheet.write_datetime(row, 5, datetime(2025, 1, 1 + row % 28, row % 24, 30), day)
        sheet.write_formula(row, 6, f"=B{row + 1}*2", None, row * 2)
        sheet.write_formula(row, 7, f'="x"&B{row + 1}', None, f"x{row}")
        sheet.write_rich_string(row, 8, "đậm ", bold, "nhạt", " hết")
        sheet.write_number(row, 9, row, book.add_format({"num_format": '#,##0 "đồng"'}))
    book.close()
    folder = tmp_path_factory.mktemp("xls")
    return made.convert(folder, out.getvalue(), "xls")


@pytest.mark.office
@needs_office
def test_old_workbook_as_calamine_reads_it(old_workbook: bytes, importer: Importer) -> None:  # NX01
    export = open_export(importer.file("a.xls", old_workbook))
    expected = CalamineWorkbook.from_filelike(io.BytesIO(old_workbook)).get_sheet_by_index(0).to_python()
    assert [list(map(comparable, row)) for row in export.sheets[0].rows] == [
        list(map(comparable, row)) for row in expected
    ]
    assert len(expected) == 40


def comparable(value: object) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return value


@pytest.mark.office
@needs_office
def test_a_damaged_old_workbook(old_workbook: bytes, importer: Importer) -> None:  # NX08
    """A wrong length in such a file once made a library ask for 54 GB, which ends the process."""
    spoil = random.Random(7)
    for _ in range(60):
        damaged = bytearray(old_workbook)
        for _ in range(spoil.choice((1, 5, 50))):
            damaged[spoil.randrange(512, len(damaged))] = spoil.randrange(256)
        with ends(), suppress(Unreadable):
            open_export(importer.file("a.xls", bytes(damaged)))
