"""Books for the tests of buttons: made by the product, opened in an engine, and what a saved file holds."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from toolkit.edits import Listing, listing, marks, restore
from toolkit.records import Edit, Period
from toolkit.values import parse_values
from workbook.build import build
from workbook.forms import load_form, load_places
from workbook.intake import about, judged
from workbook.live import read_live
from workbook.live_areas import place_of
from workbook.read import read

pytest.importorskip("xlwings", reason="the extra excel is not installed")

FORM, PLACES = load_form(), load_places()
PERIOD = Period(date(2025, 7, 1), date(2025, 9, 25))
COMMUNE = "21061"
WRONG = {"linh_vuc": "Hộ tịch", "truc_tuyen": 10, "truc_tiep": 5, "ky_truoc": 1, "truoc_han": 9, "dung_han": 4}
"""A row whose totals do not add up by one once its controls are read."""
PAINTED = [Edit("paint", "II.06a", "D9", colour="F8CBAD"), Edit("paint", "II.06a", "E9", colour="FFE699")]
ONE = [Edit("paint", "II.06a", "D9", colour="F8CBAD")]
EMPTY = listing(())

_WAYS = ("Trực tuyến", "Trực tiếp")
_LINK = re.compile(r"=HYPERLINK\(\"#(.*)\",\"(.*)\"\)")


def book_file(folder: Path, dossiers: int = 0, name: str = "so.xlsx", **values: Any) -> Path:
    """A filled workbook of a commune with that many dossiers; every third of them is late and still open."""
    place = PLACES.find(COMMUNE)
    assert place is not None
    given: dict[str, Any] = {
        "grids": {"bieu_06a": [row()]},
        "records": {"ho_so": [dossier(n) for n in range(dossiers)]},
    }
    content = build(FORM, place, PLACES.province(place.province), PERIOD, parse_values(given | values, FORM))
    path = folder / name
    path.write_bytes(content)
    return path


def row(**changes: Any) -> dict[str, Any]:
    """A row of form II.06a: 16 = 10 + 5 + 1 received, 13 done, 3 open; the one-door system says 17."""
    sound = {"qua_han": 0, "dang_trong_han": 3, "dang_qua_han": 0, "rut": 0, "tiep_nhan_doi_chieu": 17}
    return {**WRONG, **sound, **changes}


def dossier(n: int) -> dict[str, Any]:
    received = date(2025, 7, 1) + timedelta(days=n % 40)
    late = n % 3 == 0
    due = received + timedelta(days=10)
    return {
        "ma_ho_so": f"000.00.01.H48-2507{n:05d}",
        "ten_tthc": "Đăng ký khai sinh",
        "linh_vuc": "Hộ tịch",
        "hinh_thuc": _WAYS[n % 2],
        "ngay_tiep_nhan": received.isoformat(),
        "ngay_hen_tra": due.isoformat(),
        **({} if late else {"ngay_ket_qua": (due - timedelta(days=2)).isoformat()}),
        "trang_thai": "Đang giải quyết" if late else "Đã trả kết quả",
    }


def cells(path: Path, title: str) -> dict[str, tuple[Any, str]]:
    """What stands in a sheet of a file: address -> value or formula, fill ("" for none)."""
    sheet = openpyxl.load_workbook(path)[title]
    found = {}
    for line in sheet.iter_rows():
        for cell in line:
            solid = cell.fill.fill_type == "solid" and cell.fill.fgColor.type == "rgb"
            fill = cell.fill.fgColor.rgb[-6:] if solid else ""
            if cell.value is not None or fill:
                found[cell.coordinate] = (cell.value, fill)
    return found


def recalculating(book: Any) -> Any:
    """The openpyxl engine calculates nothing: this gives the form's own formulas the results that they have."""

    def settle(_: object) -> None:
        for edit in restore(FORM, read_live(book, FORM, PLACES)):
            row, column = place_of(edit.cell)
            value = float(edit.value) if isinstance(edit.value, int) else None
            book.impl.results[edit.sheet, row, column] = value

    book.impl.recalculate = settle
    return book


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Only ever opened: what becomes of it is saved elsewhere."""
    return book_file(tmp_path_factory.mktemp("live"), dossiers=12)


def overtyped(folder: Path) -> Path:
    """A book in which two computed cells were typed over."""
    return book_file(folder, grids={"bieu_06a": [row(tiep_nhan=15, da_giai_quyet=12)]})


def decided(path: Path) -> tuple[tuple[Edit, ...], Listing]:
    filing = read(path, FORM, PLACES)
    findings = judged(FORM, filing)
    return (*marks(findings), *restore(FORM, filing)), listing(findings, about(filing))


def fills(book: Any) -> dict[str, Any]:
    return {cell: book.sheets["II.06a"].range(cell).color for cell in ("C9", "D9", "E9", "D10")}


def sheets_named(book: Any, title: str) -> list[str]:
    return [name for name in book.sheet_names if name.startswith(title)]


def said(path: Path, title: str) -> list[list[str]]:
    """What a sheet of ours shows, without its hidden record: texts and numbers, and where its links lead."""
    sheet = openpyxl.load_workbook(path)[title]
    rows = []
    for line in sheet.iter_rows():
        shown = []
        for cell in line:
            link = _LINK.fullmatch(str(cell.value))
            text = (
                link[2]
                if link
                else ""
                if cell.value is None
                else f"{cell.value:g}"
                if cell.data_type == "n"
                else cell.value
            )
            target = link[1] if link else cell.hyperlink.location if cell.hyperlink else ""
            if not str(text).startswith("tthc:") and not str(text).startswith("["):
                shown.append(f"{text}{'→' + target if target else ''}")
        rows.append(shown)
    rows = [["" if text.startswith("Bấm vào địa chỉ") else text for text in line] for line in rows]  # how to go on
    last = max((n for n, line in enumerate(rows) if any(line)), default=-1)
    width = max((n for line in rows for n, text in enumerate(line) if text), default=-1)
    return [[*line, *[""] * width][: width + 1] for line in rows[: last + 1]]
