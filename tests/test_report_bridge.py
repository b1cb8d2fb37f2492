"""The sheet of what changed since the last merge.

R1 every step stands in its line, what they come to is a formula, and LibreOffice computes what is stored
R2 cells and files lead to where they stand
R3 nothing changed, or nothing to compare with, is said and nothing else stands there
R4 odd text breaks nothing; the file conforms to the standard; the same bridge gives the same bytes
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, time
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from made_filings import FORM, PERIOD, PLACES, PROVINCE, filing, row
from office import saved
from openpyxl.worksheet.worksheet import Worksheet
from openxml_audit import OpenXmlValidator
from test_rollup import BROKEN, merge, shifted
from xlsxwriter.workbook import Workbook

from toolkit.bridge import Bridge, CellChange, CopyChange, Waterfall, bridge
from toolkit.records import Key, Summary
from toolkit.wording import finding
from workbook import report_bridge
from workbook.report_bridge import CHANGES, changes
from workbook.report_page import Page, Styles
from workbook.report_waterfall import _axis

LARGE = row(1200, truc_tiep=200, truoc_han=900, dung_han=200, dang_trong_han=300)


def before() -> Summary:
    return merge(
        filing(PLACES[0], {"Đất đai": LARGE, "Hộ tịch": row(7)}, scalars={"ty_le_truc_tuyen": Decimal("0.90")}),
        filing(PLACES[1], {"Đất đai": row(500)}),
        filing(PLACES[2], {"Hộ tịch": row(40)}, file="cũ.xlsx"),
        BROKEN,
    )


def after() -> Summary:
    mended = {"Đất đai": {**LARGE, "truc_tuyen": 1251}, "Hộ tịch": row(7, truoc_han=6)}
    return merge(
        filing(PLACES[0], mended, scalars={"ty_le_truc_tuyen": Decimal("0.91"), "hop_tong": 5}),
        filing(PLACES[1], {"Đất đai": row(500)}, period=shifted(40)),
        filing(PLACES[2], {"Hộ tịch": row(40)}, file="tên mới.xlsx"),
        filing(PLACES[3], {"Đất đai": row(88)}),
    )


def write(found: Bridge, summary: Summary) -> bytes:
    stream = BytesIO()
    workbook = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({"created": datetime.combine(PERIOD.end, time())})
    names = {p.code: f"{p.kind} {p.name}" for p in PLACES}
    changes(Page(workbook, Styles(workbook), FORM, summary, "xa", names), found)
    workbook.close()
    return stream.getvalue()


def sheet_of(content: bytes, *, values: bool = True) -> Worksheet:
    return openpyxl.load_workbook(BytesIO(content), data_only=values)[CHANGES]


def section(sheet: Worksheet, title: str) -> Iterator[tuple[object, ...]]:
    """The numbered lines below a title."""
    rows = sheet.iter_rows(values_only=True)
    for line in rows:
        if isinstance(line[0], str) and line[0].startswith(title):
            next(rows)
            break
    for line in rows:
        if not isinstance(line[0], int):
            return
        yield line[:11]


def without_stored_values(content: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data)
            target.writestr(name, data)
    return out.getvalue()


FOUND, AFTER = bridge(before(), after(), FORM), after()
CONTENT = write(FOUND, AFTER)


# --- R1


def test_waterfalls() -> None:
    lines = list(section(sheet_of(CONTENT), "TỔNG"))
    names = {FORM.indicator(w.indicator).name: w for w in FOUND.totals}
    assert len(lines) == len(names) > 3
    for line in lines:
        w = names[str(line[1])]
        assert line[4:] == (
            "–" if w.before is None else w.before,
            w.came,
            w.left,
            w.cells,
            w.convention,
            w.after,
            w.net,
        )
    formulas = [line[9] for line in section(sheet_of(CONTENT, values=False), "TỔNG")]
    assert all(str(formula).startswith("=SUM(E") for formula in formulas)


def test_lists() -> None:
    sheet = sheet_of(CONTENT)
    assert [line[1:5] for line in section(sheet, "XÃ ĐỔI")] == [
        ("21001", "Xã Ba Gia", "Đã gộp", "Lệch kỳ"),
        ("21003", "Xã Bờ Y", "Chưa nộp", "Đã gộp"),
    ]
    files = [(line[3], line[4], line[7]) for line in section(sheet, "TỆP THÊM")]
    assert len(files) == len(FOUND.files)
    assert ("tên mới.xlsx", "Đổi tên", "cũ.xlsx") in files
    cells = [(line[1], line[4], line[6], line[8], line[9]) for line in section(sheet, "Ô SỐ LIỆU")]
    assert len(cells) == len(FOUND.cells) == 4
    assert ("21000", "Đất đai", "D9", 1200, 1251) in cells
    assert any(values[-2:] == (0.90, 0.91) for values in cells)
    assert any(values[-2:] == ("(trống)", 5) for values in cells)


@pytest.mark.office
def test_libreoffice_computes_the_stored_values(tmp_path: Path) -> None:
    totals = (Waterfall("tiep_nhan", 70, 3, -20, 5, -9, 49), *FOUND.totals)
    content = write(FOUND._replace(totals=totals), AFTER)
    (again,) = saved(tmp_path, without_stored_values(content))
    formulas = sheet_of(content, values=False)
    stored, computed = sheet_of(content), sheet_of(again)
    checked = 0
    for line in formulas.iter_rows():
        for cell in line:
            if isinstance(cell.value, str) and cell.value.startswith("="):
                checked += 1
                assert computed[cell.coordinate].value == pytest.approx(stored[cell.coordinate].value), cell.coordinate
    assert checked > 30


def test_chart_is_of_the_total_that_moved_most() -> None:
    with zipfile.ZipFile(BytesIO(CONTENT)) as package:
        (name,) = [n for n in package.namelist() if n.startswith("xl/charts/chart")]
        chart = package.read(name).decode()
    assert FORM.indicator("tiep_nhan").name in chart
    assert "−500" in chart and "+88" in chart and "+51" in chart


@pytest.mark.parametrize(
    ("running", "least"),
    [
        ([0, 5], 0),
        ([100, 130], 0),
        ([1_000_000, 1_000_051], 999_970),
        ([100_000, 99_000, 99_500], 98_000),
        ([900, 901], 899),
    ],
)
def test_axis(running: list[int], least: int) -> None:
    """From 0 where the steps can be seen so; else from a round number below them."""
    assert _axis(running) == least


def test_money_does_not_outweigh_dossiers() -> None:
    totals = (Waterfall("kp_duyet", 0, 10**12, 0, 0, 0, 10**12), Waterfall("tiep_nhan", 1, 2, 0, 0, 0, 3))
    content = write(Bridge(None, totals=totals), AFTER)
    with zipfile.ZipFile(BytesIO(content)) as package:
        chart = package.read("xl/charts/chart1.xml").decode()
    assert FORM.indicator("tiep_nhan").name in chart


def test_the_total_of_dossiers_is_drawn_where_it_changed() -> None:
    totals = (Waterfall("tiep_nhan", 1, 2, 0, 0, 0, 3), Waterfall("hop_tong", 0, 900, 0, 0, 0, 900))
    still = (Waterfall("tiep_nhan", None, 0, 0, 0, 0, 0), totals[1])
    for given, name in ((totals, "tiep_nhan"), (still, "hop_tong")):
        with zipfile.ZipFile(BytesIO(write(Bridge(None, totals=given), AFTER))) as package:
            assert FORM.indicator(name).name in package.read("xl/charts/chart1.xml").decode()


def test_lower_bounds_texts_and_other_copies_are_shown() -> None:
    key = Key("bieu_06a", "Đất đai", "truc_tuyen")
    found = Bridge(
        None,
        totals=(Waterfall("tiep_nhan", 1, 2, 0, 0, 0, 3, True, True), Waterfall("rut", 1, 2, 0, 0, 0, 3)),
        copies=(CopyChange("21000", "một.xlsx", "hai.xlsx"),),
        cells=(CellChange("21000", key, "a", "S", "D9", None, "a", "S", "D9", 106, "106 hồ sơ", ""),),
    )
    sheet = sheet_of(write(found, AFTER))
    shown = {cell.value: cell.number_format for line in sheet.iter_rows() for cell in line if cell.value is not None}
    assert "106 hồ sơ" in shown and any("một.xlsx" in str(v) and "hai.xlsx" in str(v) for v in shown)
    lines = [line for line in sheet.iter_rows() if isinstance(line[0].value, int) and line[9].value == 3]
    assert [("≥" in line[4].number_format, "≥" in line[9].number_format) for line in lines] == [
        (True,) * 2,
        (False,) * 2,
    ]


def test_many_other_copies_are_told_in_few_lines() -> None:
    copies = tuple(CopyChange(PLACES[n % 4].code, f"{n}.xlsx", f"{n}_sua.xlsx") for n in range(40))
    sheet = sheet_of(write(Bridge(None, copies=copies), AFTER))
    told = [str(line[0].value) for line in sheet.iter_rows() if "_sua.xlsx" in str(line[0].value)]
    assert len(told) == 8


def test_total_that_nobody_gives_any_more() -> None:
    content = write(
        Bridge(None, totals=(Waterfall("rut", None, 0, 0, 0, 0, 0), Waterfall("rut", 0, 0, 0, 0, 0, None))), AFTER
    )
    came, left = section(sheet_of(content), "TỔNG")
    assert (came[4], came[9], left[4], left[9]) == ("–", 0, 0, "–")
    with zipfile.ZipFile(BytesIO(content)) as package:
        assert not [n for n in package.namelist() if "chart" in n]  # nothing moved


# --- R2


def test_links() -> None:
    sheet = sheet_of(CONTENT)
    links = {cell.value: cell.hyperlink for line in sheet.iter_rows() for cell in line if cell.hyperlink}
    assert links["D9"].target == "xa\\21000.xlsx" and links["D9"].location == "'II.06a'!D9"
    assert links["tên mới.xlsx"].target == "xa\\tên%20mới.xlsx"
    assert BROKEN.file not in links  # it is not there any more


# --- R3


@pytest.mark.parametrize(
    "found", [bridge(AFTER, AFTER, FORM), Bridge(finding("NHO_003", n=2))], ids=["nothing", "no comparison"]
)
def test_nothing_to_tell(found: Bridge) -> None:
    content = write(found, AFTER)
    words = [str(cell.value) for line in sheet_of(content).iter_rows() for cell in line if cell.value is not None]
    assert 3 <= len(words) <= 4
    assert found.why is None or found.why.message in words


# --- R4


def test_odd_text_and_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_bridge, "MOST_CELLS", 3)
    key = Key("bieu_06a", "=1+1", "tiep_nhan")
    odd = CellChange("99999", key, "a\x01.xlsx", "<r>x", "A1", 10**14, "=b\ud800.xlsx", "'", "B2", None)
    content = write(Bridge(None, cells=(odd,) * 5), AFTER)
    lines = list(section(sheet_of(content), "Ô SỐ LIỆU"))
    assert len(lines) == 3
    assert lines[0][4] == "=1+1" and lines[0][7] == " <r>x!A1"
    rows = sheet_of(content, values=False).iter_rows()
    assert {cell.data_type for line in rows for cell in line if cell.value == "=1+1"} == {"s"}


def test_conforms_and_is_the_same_each_time(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(CONTENT)
    result = OpenXmlValidator().validate(str(path))
    assert result.is_valid, result.errors
    assert write(bridge(before(), after(), FORM), after()) == CONTENT
    assert PROVINCE.name in str(sheet_of(CONTENT)["A2"].value)
