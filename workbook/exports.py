"""A list as a one-door system gave it -> its sheets, whatever its extension says. The file is read once, and only read.

Told by the first bytes: .xlsx, .ods, .xls (BIFF), HTML or XML under the name of .xls, text with delimiters.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from workbook.package import Package, Rows
from workbook.sniff import Unreadable, require_zip, take

Kind = Literal["xlsx", "ods", "xls", "html", "xml", "csv"]

_TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".xls", ".xlsx"})
_XML_2003 = b"urn:schemas-microsoft-com:office:spreadsheet"
_SINGLE_FILE_PAGE = re.compile(rb"\s*mime-version:", re.I)


@dataclass(frozen=True, slots=True)
class ExportSheet:
    title: str  # "" for a file without sheets
    rows: Rows  # str, int, float, bool, date, datetime; "" for a blank


@dataclass(frozen=True, slots=True)
class Export:
    file: str  # name without its folder
    sha256: str
    kind: Kind
    sheets: tuple[ExportSheet, ...]  # visible ones
    hidden: tuple[str, ...] = ()  # titles of hidden sheets: not read
    package: Package | None = None  # .xlsx only
    names: Collection[str] = ()  # defined names: .xlsx, .ods, .xls


def open_export(path: Path) -> Export:
    """The content of an export. Raises Unreadable (``TEP_…``) when it cannot be opened."""
    content = take(path)
    kind = _kind(content, path.name)
    hidden: tuple[str, ...] = ()
    package: Package | None = None
    names: Collection[str] = ()
    if kind == "xlsx":
        package = Package(content, path.name)
        sheets, hidden = _xlsx(package)
        names = package.names
    elif kind == "xls":
        from workbook.biff import read_xls  # late, like each reader: a click needs one of them

        found, hidden = read_xls(content)
        sheets = tuple(ExportSheet(title, rows) for title, rows in found)
    elif kind == "html":
        from workbook.html_table import read_html

        sheets = tuple(ExportSheet("", rows) for rows in read_html(content))
    elif kind == "csv":
        from workbook.csv_table import read_csv

        sheets = (ExportSheet("", read_csv(content)),)
    else:
        from workbook.xml_tables import read_ods, read_xml_2003

        read = read_ods if kind == "ods" else read_xml_2003
        sheets = tuple(ExportSheet(sheet.title, sheet.rows) for sheet in read(content))
    if kind in ("ods", "xls"):
        from workbook.other_formats import names_in

        names = names_in(content)
    return Export(path.name, hashlib.sha256(content).hexdigest(), kind, sheets, hidden, package, names)


def _kind(content: bytes, name: str) -> Kind:
    """What the first bytes say. Raises Unreadable for what is no list at all."""
    if content.startswith(b"PK"):
        return "ods" if b"opendocument.spreadsheet" in content[:200] else "xlsx"
    start = content[:4096].replace(b"\0", b"")
    if _XML_2003 in start:
        return "xml"
    if _SINGLE_FILE_PAGE.match(start):
        raise Unreadable("TEP_003")
    try:
        require_zip(content, name)
    except Unreadable as fault:
        if fault.code == "TEP_003":
            return "html"
        if fault.code == "TEP_004":
            return "xls"
        if fault.code == "TEP_002" or Path(name).suffix.lower() not in _TEXT_SUFFIXES or not start:
            raise
        if content.startswith(b"\xd0\xcf\x11\xe0"):
            raise
    return "csv"


def _xlsx(package: Package) -> tuple[tuple[ExportSheet, ...], tuple[str, ...]]:
    shown = [title for title, sheet in package.sheets.items() if not sheet.hidden]
    hidden = tuple(title for title, sheet in package.sheets.items() if sheet.hidden)
    return tuple(ExportSheet(title, package.values(title)) for title in shown), hidden
