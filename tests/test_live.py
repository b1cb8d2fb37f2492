"""An open book is read as its file is.

Requirements
  LV01  the filing of an open book equals that of the closed file, SHA-256 apart, and so do its findings
  LV02  reading costs one call for values and one for formulas a sheet, however many rows it has
  LV03  without the add-in's function for names the same is read
  LV04  an error value, a time of the day, a text that looks like a formula are told apart
  LV05  a used range that only formats make is not read
  LV06  whatever stands in the cells, the open book gives the findings and the edits that its file gives
"""

from __future__ import annotations

from datetime import time
from pathlib import Path
from random import Random
from typing import Any

import pytest
from live_books import FORM, PLACES, book_file, row

from toolkit.edits import restore
from toolkit.records import Edit, Figure, Filing
from workbook import mark
from workbook.demo import make
from workbook.engine_openpyxl import ENGINE, open_book
from workbook.intake import judged
from workbook.live import LivePackage, read_live
from workbook.read import read
from workbook.sniff import Unreadable


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The workbooks of the demonstration and their marked copies."""
    result = make(tmp_path_factory.mktemp("demo"), many=1)
    folders = (result.communes, result.elsewhere, result.marked)
    return sorted(path for folder in folders for path in folder.glob("*.xlsx"))


def test_filing_equals_that_of_the_file(demo: list[Path]) -> None:  # LV01
    assert len(demo) >= 8
    for path in demo:
        shut, live = read(path, FORM, PLACES), read_live(open_book(path), FORM, PLACES)
        assert live == shut._replace(sha256=""), path.name
        assert judged(FORM, live) == judged(FORM, shut)


def test_filing_with_a_register(tmp_path: Path) -> None:  # LV01
    path = book_file(tmp_path, dossiers=60)
    assert read_live(open_book(path), FORM, PLACES) == read(path, FORM, PLACES)._replace(sha256="")


@pytest.mark.parametrize("seed", range(8))
def test_whatever_stands_there(seed: int, tmp_path: Path) -> None:  # LV06
    chosen = Random(seed)
    path = book_file(tmp_path, dossiers=chosen.choice((0, 9)))
    filing = read(path, FORM, PLACES)
    figures = chosen.sample(sorted(filing.figures.values(), key=lambda f: (f.sheet, f.cell)), 30)
    edits = [odd_edit(chosen, figure) for figure in figures]
    path.write_bytes(mark.apply(path.read_bytes(), edits))
    shut, live = read(path, FORM, PLACES), read_live(open_book(path), FORM, PLACES)
    assert live == shut._replace(sha256="")
    assert judged(FORM, live) == judged(FORM, shut) != judged(FORM, filing)
    assert restore(FORM, live) == restore(FORM, shut)


def odd_edit(chosen: Random, figure: Figure) -> Edit:
    """Something that an official, a program or an old file may leave in a cell of the form."""
    value = chosen.choice(
        [None, 0, 7, -3, 2**31, "7", " 5.676 ", "1,5", "12%", "không", "=1+1", "'8", "#N/A?", "x" * 99]
    )
    if figure.origin == "formula" and chosen.random() < 0.5:
        stored = chosen.choice([0, 12, "", "chữ"])
        formula = figure.formula if chosen.random() < 0.5 else "1+11"
        return Edit("formula", figure.sheet, figure.cell, formula=formula or "", value=stored)
    return Edit("value", figure.sheet, figure.cell, value=value)


def test_a_changed_cell_is_seen(tmp_path: Path) -> None:  # LV01 can fail
    path = book_file(tmp_path)
    book = open_book(path)
    book.sheets["II.06a"].range("D9").value = 11
    assert read_live(book, FORM, PLACES) != read(path, FORM, PLACES)._replace(sha256="")


def test_reads_do_not_grow_with_the_register(tmp_path: Path) -> None:  # LV02
    few, many = (reads(book_file(tmp_path, dossiers=n, name=f"{n}.xlsx")) for n in (20, 600))
    assert few == many
    assert few["range.value.get"] <= 8 and few["range.formula.get"] <= 8


def test_names_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # LV03
    path = book_file(tmp_path)
    book = open_book(path)
    helped = read_live(book, FORM, PLACES)
    monkeypatch.setattr(book.app.impl, "macros", {})
    assert read_live(book, FORM, PLACES) == helped
    assert ENGINE.calls["name.refers_to"] > 100


def test_odd_cells(tmp_path: Path) -> None:  # LV04
    book = open_book(book_file(tmp_path))
    sheet = book.sheets.add("Lạ")
    sheet.range("B1").number_format = "@"
    sheet.range("A1:C1").value = ["#N/A", "=1+1", "=1+1"]
    sheet.impl.xl["D1"] = time(8, 30)
    package = LivePackage(book)
    assert package.errors("Lạ") == {(1, 1): "#N/A"}
    assert package.formulas("Lạ") == {(1, 3): "1+1"}
    assert list(package.values("Lạ")[0]) == ["", "=1+1", "", time(8, 30)]


def test_formats_alone_make_no_rows(tmp_path: Path) -> None:  # LV05
    book = open_book(book_file(tmp_path))
    sheet = book.sheets.add("Rộng")
    sheet.range("A1").value = 1
    sheet.range("B200001").color = "#FFFFFF"
    assert len(LivePackage(book).values("Rộng")) == 1
    sheet.range("Z300000").value = 1
    with pytest.raises(Unreadable) as told:
        LivePackage(book).values("Rộng")
    assert told.value.code == "TEP_006"


def test_a_book_that_is_no_report__error(tmp_path: Path) -> None:
    import openpyxl

    openpyxl.Workbook().save(tmp_path / "khac.xlsx")
    with pytest.raises(Unreadable) as told:
        read_live(open_book(tmp_path / "khac.xlsx"), FORM, PLACES)
    assert told.value.code == "TEP_007"


def reads(path: Path) -> dict[str, int]:
    book: Any = open_book(path)
    ENGINE.calls.clear()
    filing: Filing = read_live(book, FORM, PLACES)
    assert filing.rows["bieu_06a"][0] and row()["linh_vuc"] in filing.rows["bieu_06a"]
    return dict(ENGINE.calls)
