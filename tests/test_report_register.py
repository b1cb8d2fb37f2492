"""Registers of a whole province in its workbook.

Requirements
  RR01  every late dossier stands in QUÁ HẠN once: by commune, most days late first; the counts are in the first line
  RR02  each leads to its row in its file; the open ones look different
  RR03  nothing that may name a citizen is shown, in a sheet or in Parquet
  RR04  what no sheet can hold is in the Parquet file, and the sheet says so; nothing is lost silently
  RR05  Arrow columns and plain ones give the same bytes; the same columns the same bytes
  RR06  the file conforms
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given as drawing
from hypothesis import settings
from hypothesis import strategies as st
from made_filings import FORM, PERIOD, PLACES, PROVINCE, filing, row
from openpyxl.worksheet.worksheet import Worksheet
from openxml_audit import OpenXmlValidator
from xlsxwriter.workbook import Workbook

import workbook.report_register as register
from toolkit.highlights import COLOURS
from toolkit.records import DOSSIER_COLUMNS, Dossiers, Filing, Unread
from toolkit.rollup import roll_up
from toolkit.wording import MAY_BE_PERSONAL
from workbook.report_page import Page, Styles
from workbook.report_register import FIELDS, dossiers, gathered, overdue, parquet
from workbook.splice import Splice

pa = pytest.importorskip("pyarrow")

DUE = date(2025, 9, 1)
NAMES = {p.code: f"{p.kind} {p.name}" for p in PLACES}


def dossier(
    n: int, commune: str = "21000", kind: str = "dang_qua_han", days: int | None = 3, **more: Any
) -> dict[str, Any]:
    made = {
        "commune": commune,
        "ma_ho_so": f"H48.{commune}-250901-{n:04}",
        "linh_vuc": "Đất đai",
        "ten_tthc": "Đăng ký biến động",
        "ngay_tiep_nhan": DUE - timedelta(10),
        "ngay_hen_tra": DUE,
        "ngay_ket_qua": DUE + timedelta(days or 0) if kind == "qua_han" else None,
        "trang_thai": "Đang xử lý",
        "don_vi": "Phòng Kinh tế",
        "kind": kind,
        "days_late": days,
        "file": f"{commune}.xlsx",
        "sheet": "Hồ sơ",
        "row": n + 6,
    }
    return made | more


LATE = [
    dossier(1, days=2),
    dossier(2, kind="qua_han", days=9),
    dossier(3, "21002", days=40),
    dossier(4, "21001", kind="dang_trong_han", days=-4),
    dossier(5, "21001", days=None),
    dossier(6, "21001", kind="qua_han", days=100),
    dossier(7, "21001", kind="rut", days=None),
]
ORDER = [2, 1, 5, 6, 3]
"""Positions in the register from 1, as QUÁ HẠN has them; days outside the calendar are more than any."""


def columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    return {name: [r[name] for r in rows] for name in FIELDS}


def arrow(given: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    kinds = {n: pa.date32() for n in FIELDS if n.startswith("ngay")} | {"days_late": pa.int32(), "row": pa.int32()}
    return {name: pa.array(values, kinds.get(name, pa.string())) for name, values in given.items()}


def book(write: Any, given: Mapping[str, Any], *more: Any, read: Sequence[Filing] = ()) -> bytes:
    summary = roll_up(FORM, PROVINCE, PERIOD, PLACES, read, findings={})
    stream, splice = BytesIO(), Splice()
    made = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    made.set_properties({"created": datetime(2025, 9, 25)})
    write(Page(made, Styles(made), FORM, summary, "../nhận", NAMES), splice, given, *more)
    made.close()
    return splice.finish(stream.getvalue())


def sheet_of(content: bytes) -> Worksheet:
    return openpyxl.load_workbook(BytesIO(content)).worksheets[0]


def shown(content: bytes) -> list[dict[str, Any]]:
    """The rows below the header, heading -> cell."""
    heads, *rows = sheet_of(content).iter_rows(min_row=3)
    return [{str(h.value): c for h, c in zip(heads, r, strict=True)} for r in rows]


# --- RR01


def test_late_ones_by_commune_and_days__RR01() -> None:
    content = book(overdue, columns(LATE))
    got = shown(content)
    wanted = [LATE[n - 1] for n in ORDER]
    assert [r["Mã hồ sơ"].value for r in got] == [d["ma_ho_so"] for d in wanted]
    assert [r["STT"].value for r in got] == [1, 2, 3, 4, 5]
    assert [r["Số ngày quá hạn"].value for r in got] == [9, 2, None, 100, 40]
    assert [r["Đơn vị"].value for r in got] == [NAMES[d["commune"]] for d in wanted]
    assert [r["Ngày hẹn trả"].value.date() for r in got] == [DUE] * 5
    assert [r["Ngày có kết quả"].value is None for r in got] == [d["kind"] == "dang_qua_han" for d in wanted]
    assert {r["Tình trạng"].value for r in got} == {"Đang quá hạn", "Đã giải quyết quá hạn"}
    assert str(sheet_of(content)["A1"].value).partition(":")[2] == " 5 (3 đang quá hạn, 2 đã giải quyết quá hạn)"


def test_filter_freeze_and_titles__RR01() -> None:
    sheet = sheet_of(book(overdue, columns(LATE)))
    assert (sheet.auto_filter.ref, sheet.freeze_panes, sheet.print_title_rows) == ("A3:O8", "A4", "$3:$3")


def test_none_is_late__RR01() -> None:
    for given in (columns([]), columns(LATE[3:4]), arrow(columns([]))):
        sheet = sheet_of(book(overdue, given))
        assert sheet["A4"].value is not None
        assert sheet["B4"].value is None


DRAWN = st.tuples(
    st.sampled_from(["21000", "21001", "21003", "99999"]),
    st.sampled_from(["qua_han", "dang_qua_han", "rut"]),
    st.none() | st.integers(1, 900),
)


@settings(max_examples=25, deadline=None)
@drawing(st.lists(DRAWN, max_size=30))
def test_each_once__RR01(drawn: list[tuple[str, str, int | None]]) -> None:
    given = [dossier(n, commune, kind, days) for n, (commune, kind, days) in enumerate(drawn)]
    late = [d for d in given if d["kind"] != "rut"]
    got = shown(book(overdue, columns(given))) if late else []
    assert sorted(r["Mã hồ sơ"].value for r in got) == sorted(d["ma_ho_so"] for d in late)
    keys = [(r["Mã xã"].value, -(r["Số ngày quá hạn"].value or 10**6)) for r in got]
    assert keys == sorted(keys)


# --- RR02


def test_links_and_colours__RR02() -> None:
    for r, n in zip(shown(book(overdue, columns(LATE))), ORDER, strict=True):
        link = r["Dòng"].hyperlink
        assert (link.target, link.location) == (f"..\\nhận\\{LATE[n - 1]['file']}", f"'Hồ sơ'!A{n + 6}")
        assert r["Tệp"].hyperlink.location == link.location
        assert r["Dòng"].value == n + 6
        fill = r["Tình trạng"].fill.fgColor.rgb
        assert fill == "FF" + COLOURS[LATE[n - 1]["kind"]] == r["Số ngày quá hạn"].fill.fgColor.rgb


def test_a_long_file_name_stands_there_in_full__RR02() -> None:
    file = f"21000_{'Báo cáo quý III ' * 5}.xlsx"
    late = [d | {"file": file} for d in LATE]
    (first, *_) = shown(book(overdue, columns(late), read=[filing(PLACES[0], {"Đất đai": row(3)}, file=file)]))
    assert first["Tệp"].value == file and first["Tệp"].alignment.wrap_text
    assert first["Tệp"].hyperlink is None and first["Dòng"].hyperlink is not None  # LibreOffice wraps no link
    sheet = first["Tệp"].parent
    lines = sheet.row_dimensions[first["Tệp"].row].height / 15.5
    assert lines * sheet.column_dimensions["N"].width * 1.3 >= len(file)


# --- RR03

SECRET = "Nguyễn Thị Bí Mật"
PHONE = "0912345678"


@pytest.mark.parametrize("field", ["ma_ho_so", "linh_vuc", "ten_tthc", "trang_thai", "don_vi"])
@pytest.mark.parametrize("secret", [SECRET, PHONE, SECRET.upper()])
@pytest.mark.parametrize("made", [columns, lambda rows: arrow(columns(rows))])
def test_no_citizen_is_named__RR03(field: str, secret: str, made: Any) -> None:
    rows = [dossier(n) for n in range(3)]
    rows[1][field] = secret
    given = made(rows)
    for content in (book(overdue, given), book(dossiers, given)):
        assert [c.value for line in sheet_of(content) for c in line if secret in str(c.value)] == []
        assert [c.value for line in sheet_of(content) for c in line].count(MAY_BE_PERSONAL) == 1
    stored = table(parquet(given))
    assert [v for name in FIELDS for v in stored[name] if secret in str(v)] == []
    assert stored[field][1] == MAY_BE_PERSONAL
    assert stored["ma_ho_so"][0] == rows[0]["ma_ho_so"]


def test_words_of_the_software_are_shown__RR03() -> None:
    rows = [dossier(n, trang_thai="Đã Ký Số", kind="qua_han" if n == 0 else "rut") for n in range(5)]
    assert [r["Trạng thái"].value for r in shown(book(overdue, columns(rows)))] == ["Đã Ký Số"]
    assert [r["Trạng thái"].value for r in shown(book(overdue, columns(rows[:4])))] == [MAY_BE_PERSONAL]


# --- RR04


def table(content: bytes) -> dict[str, list[Any]]:
    from pyarrow.parquet import read_table

    return dict(read_table(BytesIO(content)).to_pydict())


@pytest.mark.parametrize("piece", [2, 100_000])
@pytest.mark.parametrize("made", [columns, lambda rows: arrow(columns(rows))])
def test_parquet_holds_every_dossier__RR04(piece: int, made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "_PIECE", piece)
    assert table(parquet(made(LATE))) == columns(LATE)


def test_every_dossier_in_the_order_given__RR04() -> None:
    got = shown(book(dossiers, columns(LATE)))
    assert [r["Mã hồ sơ"].value for r in got] == [d["ma_ho_so"] for d in LATE]
    assert [r["Số ngày quá hạn"].value for r in got] == [2, 9, 40, None, None, 100, None]
    assert len({r["Tình trạng"].value for r in got}) == 4


def test_more_than_a_sheet_holds__RR04(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "MOST_DOSSIERS", len(LATE) - 1)
    for given in (columns(LATE), arrow(columns(LATE))):
        said = sheet_of(book(dossiers, given, "ho_so.parquet"))
        assert "ho_so.parquet" in str(said["A4"].value) and str(said["A4"].value).startswith("7 ")
        assert said.max_row == 4
        cut = book(dossiers, given)
        assert [r["Mã hồ sơ"].value for r in shown(cut)] == [d["ma_ho_so"] for d in LATE[:-1]]
        assert {"6", "7"} <= set(str(sheet_of(cut)["A2"].value).split())


# --- RR05


def test_same_bytes__RR05() -> None:
    for write in (overdue, dossiers):
        assert book(write, columns(LATE)) == book(write, arrow(columns(LATE))) == book(write, columns(LATE))
    assert parquet(columns(LATE)) == parquet(arrow(columns(LATE)))


@pytest.mark.parametrize("made", [dict, arrow])
def test_gathered_from_a_summary(made: Any) -> None:
    by_file: dict[str, Dossiers] = {}
    read: list[Filing | Unread] = []
    for place in (PLACES[2], PLACES[1]):
        report = filing(place, {"Đất đai": row(1)})
        rows = [d for d in LATE if d["commune"] == place.code]
        given = made({n: [d[n] for d in rows] for n in FIELDS})
        held = {name: given[name] for name in DOSSIER_COLUMNS}
        by_file[report.file] = Dossiers("Hồ sơ", len(rows), {}, {}, held, ())
        read.append(report)
    summary = roll_up(FORM, PROVINCE, PERIOD, PLACES, read, findings={}, dossiers=by_file)
    got = gathered(summary)
    wanted = columns([d for c in ("21001", "21002") for d in LATE if d["commune"] == c])
    assert {name: register._listed(values) for name, values in got.items()} == wanted


def test_gathered_from_nothing() -> None:
    summary = roll_up(FORM, PROVINCE, PERIOD, PLACES, [], findings={})
    assert gathered(summary) == columns([])


# --- RR06


def test_the_file_conforms__RR06(tmp_path: Path) -> None:
    path = tmp_path / "qua_han.xlsx"
    path.write_bytes(book(overdue, columns(LATE)))
    result = OpenXmlValidator().validate(path)
    assert result.is_valid, result.errors
