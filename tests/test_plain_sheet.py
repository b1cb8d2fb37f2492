"""workbook.plain_sheet: the short cuts lead to the bytes of XlsxWriter's own sheets."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO

import pytest
from made_filings import FORM, PERIOD, PLACES, PROVINCE
from test_report import province
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from workbook import build, report
from workbook.plain_sheet import LAST_COLUMN, PlainSheet


class Long(Worksheet):  # type: ignore[misc]
    """The long way."""

    def open_columns(self, first: int, look: Format) -> None:
        self.set_column(first, LAST_COLUMN, None, look)


def test_a_template(monkeypatch: pytest.MonkeyPatch) -> None:
    short = build.build(FORM, PLACES[0], PROVINCE, PERIOD)
    monkeypatch.setattr(build, "PlainSheet", Long)

    assert short == build.build(FORM, PLACES[0], PROVINCE, PERIOD)


def test_a_province_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    short = report.write(FORM, province())
    monkeypatch.setattr(report, "PlainSheet", Worksheet)

    assert short == report.write(FORM, province())


@pytest.mark.parametrize("widths", [{}, {3: 9}, {3: None}, {0: 9}])
def test_open_columns(widths: dict[int, float | None]) -> None:
    """Columns before them that look otherwise, or the same, or that nobody has set."""

    def made(kind: type[Worksheet]) -> bytes:
        stream = BytesIO()
        workbook = Workbook(stream, {"in_memory": True})
        workbook.set_properties({"created": datetime(2025, 9, 25)})
        workbook.worksheet_class = kind
        sheet, look = workbook.add_worksheet("Một"), workbook.add_format({"locked": False})
        sheet.set_row(2, 20, look)
        for column, style in enumerate((look, None), 2):
            for row, value in enumerate(("hai", 0.1, 10**15 + 1, -7, None, True, "", date(2025, 7, 1))):
                sheet.write(row, column, value, style)
        sheet.write_string("B2", "hai")
        sheet.write_formula("B3", "=SUM(A1:A2)")
        sheet.write_array_formula("B4:B4", "{=SUM(A1:A2*2)}")
        sheet.conditional_format("A1:A9", {"type": "formula", "criteria": "=COUNT($A1)=1", "format": look})
        sheet.open_columns(4, look)
        for column, width in widths.items():
            sheet.set_column(column, column, width, look)
        workbook.close()
        return stream.getvalue()

    assert made(PlainSheet) == made(Long)
