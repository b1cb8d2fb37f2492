"""The book that takes the dossiers of exports, and the command.

Requirements
  NX07  only the register and our own small sheets change
"""

from __future__ import annotations

import json
import zipfile
from copy import copy
from datetime import date, datetime
from pathlib import Path

import exports_made as made
import import_runs
import pytest
from exports_made import IGATE, IGATE_FULL, IGATE_ROWS, igate_row
from import_runs import AMBIGUOUS, FORM, IGATE_EXPECTED, LAND, PLACES, VOCABULARY, Importer, codes, register
from openpyxl import load_workbook
from openxml_audit import OpenXmlValidator

from macros.cli import main
from toolkit.edits import Log
from toolkit.records import Period
from toolkit.values import parse_values
from toolkit.wording import STATUS_SHEET
from workbook.build import build
from workbook.dossier_jobs import overdue
from workbook.files import Refused
from workbook.intake import examine
from workbook.mark import apply
from workbook.merge_job import Options, merge
from workbook.package import Package
from workbook.register_jobs import import_exports

blank, importer = import_runs.blank, import_runs.importer  # fixtures


def test_only_the_register_changes(importer: Importer) -> None:  # NX07
    result = importer(("a.csv", made.csv(IGATE_FULL)))
    before, after = (zipfile.ZipFile(path) for path in (importer.book, result.path))
    changed = {name for name in before.namelist() if before.read(name) != after.read(name)}
    register_part = Package(importer.book.read_bytes(), "so.xlsx").sheets["Hồ sơ"].part
    assert changed == {
        register_part,
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "[Content_Types].xml",
    }
    assert set(load_workbook(result.path).sheetnames) - set(load_workbook(importer.book).sheetnames) == {
        STATUS_SHEET,
        "Nhật ký chỉnh sửa",
    }
    assert OpenXmlValidator().is_valid(result.path)


def test_names_and_filter_reach_the_last_row(importer: Importer) -> None:  # NX07
    rows = [igate_row(n, "01/07/2025", "02/07/2025", "", "Đang xử lý") for n in range(1, 602)]
    result = importer(("a.csv", made.csv([IGATE, *rows])))
    book = load_workbook(result.path)
    assert book["Hồ sơ"].auto_filter.ref == "A4:L605"
    assert book.defined_names["bc_ho_so"].attr_text == "'Hồ sơ'!$A$5:$L$605"
    assert book.defined_names["bc_ho_so_ma_ho_so"].attr_text == "'Hồ sơ'!$A$5:$A$605"
    assert importer(("b.csv", made.csv([IGATE, *IGATE_ROWS])), into=result.path).total == 603  # one is known


def test_rows_typed_by_hand_stay(importer: Importer) -> None:  # NX07
    book = load_workbook(importer.book)
    sheet = book["Hồ sơ"]
    sheet["A6"], sheet["B6"], sheet["F6"] = "GÕ-TAY-1", "Thủ tục", datetime(2025, 7, 2)
    sheet["A9"].fill = copy(sheet["A4"].fill)  # looks, but says nothing
    typed = importer.folder / "go_tay.xlsx"
    book.save(typed)
    result = importer(("a.csv", made.csv(IGATE_FULL)), into=typed)
    assert [row["ma_ho_so"] for row in register(result.path)] == ["GÕ-TAY-1", *(r["ma_ho_so"] for r in IGATE_EXPECTED)]
    assert load_workbook(result.path)["Hồ sơ"]["A7"].value == IGATE_EXPECTED[0]["ma_ho_so"]


def test_only_a_book_of_the_form_takes_dossiers(importer: Importer) -> None:
    stranger = importer.file("la.xlsx", made.xlsx([["Tên", "Tuổi"]]))
    for into, code in ((stranger, "XN_022"), (importer.file("x.xlsx", b"abc"), "TEP_001")):
        with pytest.raises(Refused) as refused:
            importer(("a.csv", made.csv(IGATE_FULL)), into=into)
        assert [f.code for f in refused.value.findings] == [code]


def test_missing_column_of_the_book_is_told(importer: Importer) -> None:
    form = FORM
    book = load_workbook(importer.book)
    book["Hồ sơ"].delete_cols(11)  # Đơn vị giải quyết
    names = [name for name in book.defined_names if name.startswith("bc_ho_so")]
    for name in names:
        del book.defined_names[name]
    path = importer.folder / "thieu.xlsx"
    book.save(path)
    result = import_exports(
        form, VOCABULARY, [importer.file("a.csv", made.csv(IGATE_FULL))], path, importer.folder / "x.xlsx"
    )
    assert "XN_029" in codes(result)
    assert load_workbook(result.path)["Hồ sơ"]["K5"].value == made.OWNER


def test_inputs_are_never_written(importer: Importer) -> None:
    export = importer.file("a.csv", made.csv(IGATE_FULL))
    for out in (export, importer.book):
        before = out.read_bytes()
        with pytest.raises(Refused) as refused:
            import_exports(FORM, VOCABULARY, [export], importer.book, out)
        assert [f.code for f in refused.value.findings] == ["RA_001"]
        assert out.read_bytes() == before


# --- the command


def test_command(importer: Importer, capsys: pytest.CaptureFixture[str]) -> None:
    export, out = importer.file("dat.xlsx", made.xlsx(LAND)), importer.folder / "ra.xlsx"
    command = ["import", str(export), "--into", str(importer.book), "-o", str(out), "--json"]
    assert main(command) == 2
    assert [f["code"] for f in json.loads(capsys.readouterr().out)["refused"]] == ["XN_003"]
    assert not out.exists()
    assert main([*command, "--answer", f"{AMBIGUOUS}=hẹn trả"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["added"], said["total"], said["files"][0]["status"]) == (2, 2, "imported")
    empty = str(importer.file("b.csv", b""))
    assert main(["import", empty, *command[1:-1], "--answer", f"{AMBIGUOUS}=bo_qua"]) == 1
    printed = "".join(capsys.readouterr())
    assert not any(secret in printed for secret in made.PRIVATE)


# --- our own workbooks chosen by mistake


def other_book(importer: Importer, code: str) -> Path:
    place = PLACES.find(code)
    assert place
    period = Period(date(2025, 7, 1), date(2025, 9, 25))
    dossier = {"ma_ho_so": "H48.9-1", "linh_vuc": "Đất đai", "ngay_tiep_nhan": "2025-07-02", "trang_thai": "Đang xử lý"}
    values = parse_values({"records": {"ho_so": [dossier]}}, FORM)
    content = build(FORM, place, PLACES.province(place.province), period, values)
    return importer.file(f"{code}.xlsx", content)


@pytest.mark.parametrize(("code", "codes"), [("21028", ["XN_033"]), ("21061", [])])
def test_the_book_of_another_commune_is_no_list_of_this_one(code: str, codes: list[str], importer: Importer) -> None:
    export, out = other_book(importer, code), importer.folder / "x.xlsx"
    if not codes:
        assert import_exports(FORM, VOCABULARY, [export], importer.book, out).added == 1
        return
    marked = importer.file("danh_dau.xlsx", apply(export.read_bytes(), [], log=Log(())))
    for path in (export, marked):
        with pytest.raises(Refused) as refusal:
            import_exports(FORM, VOCABULARY, [path], importer.book, out)
        assert [f.code for f in refusal.value.findings] == codes and not out.exists()


def test_a_province_workbook_and_a_list_to_forward_are_no_exports(importer: Importer) -> None:
    export, out = other_book(importer, "21028"), importer.folder / "x.xlsx"
    province = merge(FORM, PLACES, _alone(export), "51", Period(date(2025, 7, 1), date(2025, 9, 25)),
                     importer.folder / "tinh.xlsx", Options(every_dossier=True)).path  # fmt: skip
    own = other_book(importer, "21061")
    late = overdue(FORM, PLACES, own, importer.folder / "to.xlsx", listed=importer.folder / "gui.xlsx").listed
    assert late
    for path in (province, late):
        with pytest.raises(Refused) as refusal:
            import_exports(FORM, VOCABULARY, [path], importer.book, out)
        assert [f.code for f in refusal.value.findings] == ["XN_032"] and not out.exists()
        assert examine(FORM, PLACES, path).is_result
    with pytest.raises(Refused) as refusal:
        import_exports(FORM, VOCABULARY, [own], province, out)
    assert [f.code for f in refusal.value.findings] == ["TEP_012"]


def _alone(path: Path) -> Path:
    folder = path.parent / "nhan"
    folder.mkdir()
    (folder / path.name).write_bytes(path.read_bytes())
    return folder
