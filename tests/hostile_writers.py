"""The same report as other writers write it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))


from hostile import READ, Case, good, one_case


def other_writers() -> Iterator[Case]:
    def one(name: str, make: Callable[[], bytes], *wanted: str, group: str = "writers", **more: Any) -> Case:
        return one_case(group, name, make, *(wanted or (READ,)), **more)

    yield one("openpyxl, saved again", lambda: _openpyxl(), same=True)
    yield one("openpyxl, results only", lambda: _openpyxl(data_only=True))
    yield one("openpyxl, values only", lambda: _copied("openpyxl"))
    yield one("openpyxl, write only", lambda: _copied("openpyxl write only"))
    yield one("XlsxWriter, values only", lambda: _copied("xlsxwriter"))
    yield one("XlsxWriter, constant memory", lambda: _copied("xlsxwriter", constant_memory=True))
    yield one("XlsxWriter, in memory", lambda: _copied("xlsxwriter", in_memory=True))
    yield one("XlsxWriter, 64 bit", lambda: _copied("xlsxwriter", zip64=True))
    yield one("XlsxWriter, numbers as texts", lambda: _copied("xlsxwriter", as_text=True))
    yield one("pandas by openpyxl", lambda: _pandas("openpyxl"))
    yield one("pandas by XlsxWriter", lambda: _pandas("xlsxwriter"))
    yield one("pyexcelerate", lambda: _copied("pyexcelerate"), group="pyexcelerate")
    yield one("excelize", _excelize, group="excelize", same=True)


def _openpyxl(data_only: bool = False) -> bytes:
    import openpyxl

    out = BytesIO()
    openpyxl.load_workbook(BytesIO(good()), data_only=data_only).save(out)
    return out.getvalue()


def _tables() -> dict[str, list[list[Any]]]:
    """The sheets as rows of values, as somebody sees them."""
    import openpyxl

    book = openpyxl.load_workbook(BytesIO(good()), data_only=True)
    return {s.title: [list(row) for row in s.iter_rows(values_only=True)] for s in book if s.title != "Kiểm tra"}


def _copied(writer: str, as_text: bool = False, **options: bool) -> bytes:
    """Values alone, in a new book: no names, no formulas, no styles but that of dates."""
    tables, out = _tables(), BytesIO()
    if as_text:
        tables = {t: [[str(v) if isinstance(v, int) else v for v in row] for row in rows] for t, rows in tables.items()}
    if writer == "pyexcelerate":
        import pyexcelerate

        book = pyexcelerate.Workbook()
        for title, rows in tables.items():
            book.new_sheet(title, data=rows)
        book.save(out)
    elif writer.startswith("openpyxl"):
        import openpyxl

        book = openpyxl.Workbook(write_only="only" in writer)
        if "only" not in writer:
            book.remove(book.active)
        for title, rows in tables.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(out)
    else:
        import xlsxwriter

        with xlsxwriter.Workbook(out, {"default_date_format": "dd/mm/yyyy", **options}) as book:
            if options.get("zip64"):
                book.use_zip64()
            for title, rows in tables.items():
                sheet = book.add_worksheet(title)
                for number, row in enumerate(rows):
                    sheet.write_row(number, 0, row)
    return out.getvalue()


def _pandas(engine: Any) -> bytes:
    import pandas

    out = BytesIO()
    sheets = pandas.read_excel(BytesIO(good()), sheet_name=None, header=None, engine="openpyxl")
    with pandas.ExcelWriter(out, engine=engine) as writer:
        for title, frame in sheets.items():
            frame.to_excel(writer, sheet_name=title, header=False, index=False)
    return out.getvalue()


def _excelize() -> bytes:
    import excelize

    book = excelize.open_reader(good())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        book.save_as(str(path))
        book.close()
        return path.read_bytes()
