"""Workbooks to mark, as several writers make them, and what two copies differ in."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import openpyxl
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table
from openxml_audit import validator

from toolkit import edits as decide
from toolkit.edits import ERROR, WARNING
from toolkit.records import Edit, Finding
from toolkit.wording import LIST_SHEET, LOG_SHEET

DATA = "Dữ liệu's"
EMPTY_LIST = decide.listing(())


def png() -> io.BytesIO:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">2I5B", 1, 1, 8, 0, 0, 0, 0)
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    )


def rich_by_xlsxwriter() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_size(1200, 800)
        sheet, other = book.add_worksheet(DATA), book.add_worksheet("Khác")
        plain = book.add_format({"num_format": "#,##0", "border": 1, "locked": False})
        green = book.add_format({"bg_color": "#00FF00", "bold": True, "num_format": "dd/mm/yyyy"})
        sheet.set_column("H:H", 12, green)
        sheet.set_row(30, 40, plain)
        for row in range(12):
            for column in range(5):
                sheet.write_number(row, column, row * 10 + column, (plain, green, None)[column % 3])
            sheet.write_formula(row, 5, f"=SUM(A{row + 1}:E{row + 1})", plain, row * 50 + 10)
        sheet.write_string("A14", "=chữ", plain)
        sheet.write_rich_string("B14", "một ", green, "hai", plain)
        sheet.write_array_formula("A16:B17", "{=A1:B2*2}", None, 0)
        sheet.write_dynamic_array_formula("D16:D18", "=UNIQUE(A1:A3)", None, 0)
        sheet.merge_range("B20:D22", "gộp", green)
        sheet.data_validation("A1:A9", {"validate": "integer", "criteria": ">=", "value": 0, "input_title": "Nhập"})
        sheet.data_validation("C1:C9", {"validate": "list", "source": "='Khác'!$A$1:$A$3"})
        sheet.conditional_format("A1:A9", {"type": "data_bar", "data_bar_2010": True})
        sheet.conditional_format("B1:B9", {"type": "cell", "criteria": "<", "value": 5, "format": green})
        sheet.write_comment("A2", "ghi chú", {"author": "ai đó"})
        sheet.insert_image("J2", "một.png", {"image_data": png()})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": f"='{DATA.replace(chr(39), chr(39) * 2)}'!$A$1:$A$5"})
        sheet.insert_chart("J10", chart)
        sheet.insert_textbox("J30", "hộp chữ")
        sheet.add_sparkline("G1", {"range": "Khác!A1:A5"})
        sheet.write_url("A15", "https://example.org/")
        sheet.protect("", {"format_cells": True, "autofilter": True})
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        sheet.ignore_errors({"number_stored_as_text": "A1:A9"})
        other.add_table("A1:C5", {"columns": [{"header": h} for h in "abc"]})
        other.autofilter("E1:F5")
        other.hide()
        book.define_name("bc_tong", "='Khác'!$A$2")
        book.set_custom_property("Mã", "21061")
    return out.getvalue()


def rich_by_openpyxl() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = DATA
    for row in range(1, 9):
        for column in range(1, 7):
            sheet.cell(row, column, row * column)
    sheet["A1"].fill = openpyxl.styles.PatternFill("solid", start_color="FFF2CC", end_color="FFF2CC")
    sheet["B2"].fill = openpyxl.styles.GradientFill(stop=("000000", "FFFFFF"))
    sheet["C3"].number_format = '#,##0.00" đồng"'
    sheet["D4"].alignment = openpyxl.styles.Alignment(textRotation=45, wrap_text=True)
    sheet["D4"].protection = openpyxl.styles.Protection(locked=False, hidden=True)
    sheet["E5"].comment = Comment("ghi chú", "ai")
    sheet["F6"].hyperlink = "https://example.org/?a=1&b=2"
    sheet.merge_cells("A10:C11")
    sheet.protection.enable()
    book.security = openpyxl.workbook.protection.WorkbookProtection(lockStructure=True)
    other = book.create_sheet("Khác")
    for row in (["a", "b"], [1, 2], [3, 4]):
        other.append(row)
    other.add_table(Table(displayName="Bang1", ref="A1:B3"))
    chart = BarChart()
    chart.add_data(Reference(other, range_string="Khác!$A$1:$B$3"))
    book.create_chartsheet("Đồ thị").add_chart(chart)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


CELLS = (
    '<row r="1"><c r="A1" s="1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
    '<row r="3"><c r="C3" t="str"><f>A1&amp;"x"</f><v>1x</v></c></row>'
)
STYLES = (
    '<styleSheet xmlns="{ns}"><fonts count="1"><font><sz val="12"/><name val="Arial"/></font></fonts>'
    '<fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders><border/></borders><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    '<xf numFmtId="3" fontId="0" fillId="1" borderId="0"><protection locked="0"/></xf></cellXfs></styleSheet>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def package(
    cells: str = CELLS,
    *,
    styles: str | None = STYLES,
    prefix: str = "",
    extra: Iterable[tuple[str, str, str, str]] = (),
    book: str = "",
) -> bytes:
    """A bare workbook with one sheet as some writers make it. ``extra``: part, relationship kind, content type, XML."""

    def prefixed(xml: str) -> bytes:
        xml = xml.replace("{ns}", MAIN)
        if prefix:
            for old, new in (("</", "</x:"), ("<", "<x:"), ("<x:/x:", "</x:"), ("<x:!", "<!"), ("xmlns=", "xmlns:x=")):
                xml = xml.replace(old, new)
        return ('<?xml version="1.0" encoding="UTF-8"?>' + xml).encode()

    sheet = f'<worksheet xmlns="{{ns}}"><sheetData>{cells}</sheetData></worksheet>'
    parts = [("xl/worksheets/sheet1.xml", "worksheet", "worksheet", sheet)]
    parts += [("xl/styles.xml", "styles", "styles", styles)] if styles else []
    parts += list(extra)
    content = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{content}.{kind}+xml"/>'
        for name, kind in [("xl/workbook.xml", "sheet.main"), *((p[0], p[2]) for p in parts)]
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{name.removeprefix("xl/")}"/>'
        for n, (name, kind, _, _) in enumerate(parts, 1)
    )
    rels = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
        )
        main = f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        archive.writestr("_rels/.rels", f"{rels}{main}</Relationships>")
        archive.writestr("xl/_rels/workbook.xml.rels", f"{rels}{links}</Relationships>")
        entry = f"<sheets><sheet xmlns:r='{OFFICE}' name='{DATA.replace(chr(39), '&apos;')}' sheetId='1' r:id='rId1'/>"
        archive.writestr("xl/workbook.xml", prefixed(f'<workbook xmlns="{{ns}}">{entry}</sheets>{book}</workbook>'))
        for name, _, _, xml in parts:
            archive.writestr(name, prefixed(xml))
    return out.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def load(content: bytes) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(content), rich_text=True)


def looks(content: bytes) -> dict[tuple[str, str], tuple[object, ...]]:
    """(sheet, cell) -> value, look without fill, fill; of every cell that has either."""
    out: dict[tuple[str, str], tuple[object, ...]] = {}
    for sheet in load(content).worksheets:
        if sheet.title.startswith((LIST_SHEET, LOG_SHEET)):
            continue
        for row in sheet.iter_rows():
            for c in row:
                shown = (c.font, c.border, c.number_format, c.protection, c.alignment)
                text = getattr(c.value, "text", c.value) if c.data_type == "f" else str(c.value)
                out[sheet.title, c.coordinate] = (text, tuple(map(repr, shown)), repr(c.fill))
    return out


def changed(before: bytes, after: bytes) -> set[tuple[str, str]]:
    """Cells whose value, look or fill differ; a cell missing on one side counts as blank there when it has no look."""
    a, b = looks(before), looks(after)
    return {key for key in a.keys() & b.keys() if a[key] != b[key]}


def unsound(content: bytes, tmp_path: Path) -> list[str]:
    path = tmp_path / "audited.xlsx"
    path.write_bytes(content)
    found = [str(e) for e in validator.OpenXmlValidator().validate(path).errors]
    return [text for text in found if "inline-string" not in text]  # allowed, Excel moves them when it saves


SOURCES = {"xlsxwriter": rich_by_xlsxwriter, "openpyxl": rich_by_openpyxl, "bare": package}


def paint(cell: str, colour: str = ERROR, sheet: str = DATA) -> Edit:
    return Edit("paint", sheet, cell, colour=colour)


def formula(cell: str, text: str, value: int | str | None = None, sheet: str = DATA) -> Edit:
    return Edit("formula", sheet, cell, formula=text, value=value, before="cũ", why="vì")


def value(cell: str, new: int | str | None, sheet: str = DATA) -> Edit:
    return Edit("value", sheet, cell, value=new)


MARKS = (paint("A1"), paint("B2", WARNING), paint("F3"), paint("H40"), paint("B31", WARNING))


def findings() -> list[Finding]:
    return [
        Finding("a", "error", "=1+1", "+sửa\nhai dòng", DATA, "A1", ("A1", "B1"), 5676, 5679, -3),
        Finding(
            "b",
            "warning",
            "@x & <y> \x0b_x0041_",
            "-z",
            "II.06a",
            "AB12",
            (),
            Decimal("0.9016"),
            Decimal("0.9"),
            Decimal("0.0016"),
        ),
        Finding("c", "info", "x" * 40_000, ""),
    ]
