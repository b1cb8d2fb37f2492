"""The province workbook.

R1 LibreOffice computes from the formulas exactly the values stored with them; a grand total adds no subtotal
R2 the same summary gives the same bytes; the file conforms to the standard
R3 every figure links to its line in NGUỒN, and that line to its cell in the file
R4 text of a source file is never a formula; odd names break nothing
R5 an empty merge is a workbook too; off-period rows stand apart and both totals show
R6 the sheets stand in one order; what they need stands in them: charts, names and links lead to cells that are there
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache, partial
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from made_filings import FORM, PERIOD, PLACES, PROVINCE, STRANGER, filing, row
from office import saved
from openpyxl.worksheet.worksheet import Worksheet
from openxml_audit import OpenXmlValidator
from test_rollup import BROKEN, LOCK, merge, shifted

from toolkit.catalogue import load
from toolkit.checks import confront
from toolkit.records import Filing, Finding, Summary, Unread
from toolkit.rollup import roll_up
from workbook.report import write
from workbook.report_page import Links, in_file

HEAD = 8  # last header row of the summary sheet


def book(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(content))


def province(include: bool = False) -> Summary:
    """Conventions, blanks, a typed-over total, an off-period report, returned files, a commune that sent nothing."""
    plain = row(100, truc_tiep=20, truoc_han=80, dung_han=10, dang_trong_han=28, rut=2)
    read: list[Filing | Unread] = [
        filing(
            PLACES[0],
            {"Đất đai": plain, "Hộ tịch": row(7)},
            scalars={"hop_tong": 3, "ty_le_truc_tuyen": Decimal("0.9016")},
        ),
        filing(
            PLACES[1],
            {"Đất đai": plain},
            totals={"tiep_nhan": 121},
            scalars={"kp_duyet": 1_234_567_890},
            rut="trong_dung_han",
        ),
        filing(PLACES[2], {"Đất đai": {"truc_tuyen": 5}}, period=shifted(30)),
        filing(STRANGER),
        LOCK,
        BROKEN,
    ]
    findings = {r.file: confront(FORM, r) for r in read if isinstance(r, Filing)}
    return roll_up(FORM, PROVINCE, PERIOD, PLACES, read, findings=findings, include_off_period=include)


def received(summary: Summary) -> Summary:
    """With days on which files came in, before, on and after the deadline."""
    days = {o.file: PERIOD.end + timedelta(days=n) for n, o in enumerate(summary.outcomes) if n != 1}
    arrived = {o.commune: (days[o.file],) for o in summary.outcomes if o.file in days and o.status == "merged"}
    return summary._replace(received=days, arrived=arrived, deadline=PERIOD.end + timedelta(days=2))


def alike() -> Summary:
    """Seven communes of one kind, enough to be compared; one of them late far beyond chance, one with a blank."""
    places = tuple(PLACES[0]._replace(code=f"{21000 + n}", name=f"Số {n}") for n in range(7))
    late = [6, 5, 4, 6, 5, 90, 5]
    rows = [row(200, truc_tiep=100, truoc_han=190 - n, qua_han=n, dang_trong_han=100, dang_qua_han=10) for n in late]
    del rows[6]["truc_tuyen"]
    read = [filing(p, {"Đất đai": cells}) for p, cells in zip(places, rows, strict=True)]
    return roll_up(FORM, PROVINCE, PERIOD, places, read, findings={f.file: confront(FORM, f) for f in read})


def rows_of(sheet: Worksheet) -> dict[str, int]:
    """Commune code -> row."""
    return {str(sheet.cell(r, 2).value): r for r in range(HEAD + 1, sheet.max_row + 1) if sheet.cell(r, 2).value}


def column_of(indicator: str) -> int:
    shown = [
        i.id
        for b in FORM.blocks
        if b.kind != "records"
        for i in b.indicators
        if i.kind not in ("text", "date", "choice", "code")
    ]
    return 7 + shown.index(indicator)


# --- R1


LIVE = ("TỔNG QUAN", "TỔNG HỢP", "THEO LĨNH VỰC", "TIẾN ĐỘ NỘP", "SO SÁNH")


@pytest.mark.office
@pytest.mark.parametrize("which", [partial(province, False), partial(province, True), alike])
def test_libreoffice_computes_the_stored_values(tmp_path: Path, which: Callable[[], Summary]) -> None:
    content = write(FORM, received(which()))
    stored = {name: _values(content, name) for name in LIVE}
    (computed,) = saved(tmp_path, _without_stored_values(content))
    for name, values in stored.items():
        again = _values(computed, name)
        assert len(values) > 4
        for cell, value in values.items():
            assert (again[cell] or 0) == (pytest.approx(value) if isinstance(value, float) else value or 0), (
                name,
                cell,
            )


def _values(content: bytes, sheet: str) -> dict[str, object]:
    """Formula cell -> the value stored with it."""
    formulas = book(content)[sheet]
    values = openpyxl.load_workbook(BytesIO(content), data_only=True)[sheet]
    return {c.coordinate: values[c.coordinate].value for line in formulas for c in line if c.data_type == "f"}


def _without_stored_values(content: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data)
            target.writestr(name, data)
    return out.getvalue()


def test_totals_are_live_and_right() -> None:
    summary = province(include=True)
    content = write(FORM, summary)
    sheet, values = book(content)["TỔNG HỢP"], _values(content, "TỔNG HỢP")
    column = column_of("tiep_nhan")
    total = sheet.cell(HEAD + 1, column)
    assert str(total.value).startswith("=")
    assert values[total.coordinate] == summary.totals["tiep_nhan"] == 248
    assert values[sheet.cell(HEAD + 2, column).coordinate] == summary.totals_with_off_period["tiep_nhan"] == 253
    assert sheet.cell(HEAD + 3, column).value == summary.corrected["tiep_nhan"] == 247
    assert values[sheet.cell(HEAD + 4, column).coordinate] == 1
    assert values[sheet.cell(HEAD + 5, column).coordinate] == 2


def test_a_grand_total_adds_communes_and_no_subtotal() -> None:
    kinds = ("Xã", "Phường", "Đặc khu", "Xã")
    places = tuple(p._replace(kind=kind) for p, kind in zip(PLACES, kinds, strict=True))
    read = [filing(p, {"Đất đai": row(10**n)}) for n, p in enumerate(places)]
    content = write(FORM, roll_up(FORM, PROVINCE, PERIOD, places, read, findings={}))
    sheet, values = book(content)["TỔNG HỢP"], _values(content, "TỔNG HỢP")
    column = column_of("tiep_nhan")
    rows = rows_of(sheet)
    assert list(rows) == ["21001", "21000", "21003", "21002"]  # phường, xã, đặc khu, each in the order of the list
    assert all(sheet.row_dimensions[r].outlineLevel == 1 for r in rows.values())
    total = sheet.cell(HEAD + 1, column)
    ends = re.findall(r"[A-Z]+(\d+)(?::[A-Z]+(\d+))?", str(total.value).partition("SUM")[2])
    assert {r for a, b in ends for r in range(int(a), int(b or a) + 1)} == set(rows.values())
    assert values[total.coordinate] == 1111
    subtotals = [rows["21001"] - 1, rows["21000"] - 1, rows["21002"] - 1]
    assert [values[sheet.cell(r, column).coordinate] for r in subtotals] == [10, 1001, 100]
    assert not any(sheet.row_dimensions[r].outlineLevel for r in subtotals)


# --- R2


def test_same_summary_same_bytes() -> None:
    assert write(FORM, province()) == write(FORM, province())


def test_the_file_conforms(tmp_path: Path) -> None:
    path = tmp_path / "tong_hop.xlsx"
    path.write_bytes(write(FORM, province(include=True)))
    result = OpenXmlValidator().validate(path)
    assert result.is_valid, result.errors


# --- R3


def test_every_figure_leads_to_its_cell() -> None:
    summary = province()
    opened = book(write(FORM, summary, folder="../vào"))
    sheet, origins = opened["TỔNG HỢP"], opened["NGUỒN"]
    rows = rows_of(sheet)
    seen = 0
    for indicator, by_commune in summary.amounts.items():
        for code, amount in by_commune.items():
            cell = sheet.cell(rows[code], column_of(indicator))
            assert cell.value == amount.counted
            assert cell.hyperlink is not None
            line = origins[int(str(cell.hyperlink.location).partition("!")[2].lstrip("A"))]
            source = next(s for s in summary.sources[indicator] if s.commune == code)
            at = {head.value: cell for head, cell in zip(origins[3], line, strict=True)}
            assert [at[h].value for h in ("Mã xã", "Tệp", "Ô")] == [code, source.file, source.figure.cell]
            assert [at[h].value for h in ("Mã chỉ tiêu", "Đưa vào tổng", "SHA-256")] == [
                indicator,
                amount.counted,
                source.sha256,
            ]
            link = at["Ô"].hyperlink
            assert link is not None
            assert link.location == f"'{source.figure.sheet}'!{source.figure.cell}"
            seen += 1
    assert seen > 20


@pytest.mark.parametrize(
    ("file", "address"),
    [
        ("a b#1.xlsx", "external:../v/a%20b%231.xlsx"),
        ("50%.xlsx", "external:../v/50%25.xlsx"),
        ("x/á.xlsx", "external:../v/x/á.xlsx"),
    ],
)
def test_addresses_of_files(file: str, address: str) -> None:
    assert in_file("../v", file) == address
    assert in_file("../v", file, "It's", "C9") == f"{address}#'It''s'!C9"


def test_no_more_links_than_excel_opens() -> None:
    written: list[tuple[int, int]] = []

    class Sheet:
        def write_url(self, row: int, column: int, *_: object) -> None:
            written.append((row, column))

    links = Links(Sheet())
    for n in range(70_000):
        links.add(n, 0, "internal:'NGUỒN'!A1", None)
    assert 0 < len(written) < 65_530


# --- R4


HOSTILE = [
    "=1+1",
    "{=1+1}",
    "+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "-2+3",
    "http://x.vn",
    "a\x00b\x0b",
    "a\udcffb\uffff",
    "x" * 40_000,
    "<b>&amp;",
    "<r><t>x</t></r>",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_text_of_a_source_file_is_never_a_formula(words: str, tmp_path: Path) -> None:
    path = tmp_path / "la.xlsx"
    path.write_bytes(_of(words))
    result = OpenXmlValidator().validate(path)
    assert result.is_valid, result.errors
    assert _formulas(path.read_bytes()) == _formulas(_of("An toàn"))


def _of(words: str) -> bytes:
    """A province workbook in which a source file says ``words`` wherever it can."""
    report = filing(PLACES[0], {words[:200]: row(3)}, file=f"{words[:80]}.xlsx")
    figures = {k: f._replace(raw=words) for k, f in report.figures.items()}
    found = (Finding("X", "error", words, words, sheet=words[:31], cell="C9"),)
    return write(FORM, merge(report._replace(figures=figures, findings=found)))


@lru_cache(maxsize=2)
def _formulas(content: bytes) -> dict[tuple[str, str], object]:
    return {(s.title, c.coordinate): c.value for s in book(content) for line in s for c in line if c.data_type == "f"}


# --- R5


def test_an_empty_merge() -> None:
    content = write(FORM, merge())
    sheet = book(content)["TỔNG HỢP"]
    assert len(rows_of(sheet)) == len(PLACES)
    assert "–" in {sheet.cell(r, c).value for r in (HEAD + 2, HEAD + 3) for c in range(7, 20)}


def test_off_period_reports_stand_apart() -> None:
    summary = province()
    sheet = book(write(FORM, summary))["TỔNG HỢP"]
    rows = rows_of(sheet)
    assert list(rows) == ["21000", "21001", "21003", "21002"]
    column = column_of("truc_tuyen")
    assert sheet.cell(rows["21002"], column).value == 5
    last = max(int(n) for n in re.findall(r"[A-Z]+(\d+)", str(sheet.cell(HEAD + 1, column).value)))
    assert last < rows["21002"]
    assert rows["21003"] == last


def test_a_province_of_168_communes_stays_within_the_limits_of_excel() -> None:
    places = tuple(PLACES[0]._replace(code=f"{n:05d}") for n in range(168))
    blank_total = {"Đất đai": row(1), "Hộ tịch": row(2)}
    read = [filing(p, blank_total, scalars={"hop_tong": 1, "kp_duyet": 5}) for p in places]
    summary = roll_up(FORM, PROVINCE, PERIOD, places, read, findings={})
    sheet = book(write(FORM, summary))["NGUỒN"]
    left_open = 2  # rows of which the next period asks
    assert sheet.max_row == 3 + 168 * (len(summary.totals) + left_open)


# --- R6


def test_the_sheets_stand_in_their_order() -> None:
    expected = ["TỔNG QUAN", "TỔNG HỢP", "THEO LĨNH VỰC", "TIẾN ĐỘ NỘP", "SAI LỆCH", "SO SÁNH", "TỆP", "NGUỒN"]
    for summary in (province(), merge()):
        opened = book(write(FORM, summary))
        assert opened.sheetnames == expected
        assert opened.active.title == "TỔNG QUAN"


def test_charts_draw_from_cells_that_are_there() -> None:
    content = write(FORM, alike())
    opened = openpyxl.load_workbook(BytesIO(content), data_only=True)
    with zipfile.ZipFile(BytesIO(content)) as parts:
        charts = [parts.read(n).decode() for n in parts.namelist() if n.startswith("xl/charts/chart")]
    drawn = [a for chart in charts for a in re.findall(r"<c:f>'([^']+)'!([^<]+)</c:f>", chart)]
    assert len(charts) == 6  # ring, lĩnh vực, most late; a funnel for each share
    for sheet, area in drawn:
        cells = opened[sheet][area.replace("$", "")]
        assert all(c.value is not None for line in (cells if isinstance(cells, tuple) else ((cells,),)) for c in line)


def test_the_chart_by_lĩnh_vực_leaves_room_for_its_labels() -> None:
    """Without, LibreOffice breaks long labels into lines and leaves out every other one."""
    with zipfile.ZipFile(BytesIO(write(FORM, alike()))) as parts:
        charts = [parts.read(n).decode() for n in parts.namelist() if n.startswith("xl/charts/chart")]
    (chart,) = [c for c in charts if "!$O$" in c and "barChart" in c]
    left = re.search(r'<c:plotArea><c:layout><c:manualLayout>.*?<c:x val="([0-9.]+)"', chart)
    assert left and float(left[1]) >= 0.35


def test_another_form_has_its_workbook_too(tmp_path: Path) -> None:
    form = load((Path(__file__).parent / "forms" / "so_giao_ban.toml").read_text(encoding="utf-8"))
    path = tmp_path / "khac.xlsx"
    path.write_bytes(write(form, roll_up(form, PROVINCE, PERIOD, PLACES, [], findings={})))
    assert OpenXmlValidator().validate(path).is_valid
    assert len(book(path.read_bytes()).sheetnames) == 8
