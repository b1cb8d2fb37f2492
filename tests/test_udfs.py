"""The worksheet functions: names, shapes, values as Excel hands and takes them.

Requirements
  UD01  a name is no cell, no R1C1 reference, nothing of Excel or VBA; so are the names of arguments
  UD02  every function and argument has help that fits Excel; every example of the help is true
  UD03  the answer has the shape of the ranges; one cell counts for every row; whole columns cost what they hold
  UD04  an answer is what ``toolkit`` answers, as Excel takes it: doubles, dates with a time, text, never None
  UD05  blanks stay blank; errors, missing arguments and our own faults are Vietnamese sentences
  UD06  the functions need no xlwings, load nothing heavy and never ask the clock
  UD07  the page of the handbook is up to date; Excel is given the help of every function
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from effort import calls
from hypothesis import given, settings
from hypothesis import strategies as st

from macros import udfs, worksheet
from macros.udf_help import SAMPLE, page, settings_rows
from macros.udfs import FUNCTIONS
from macros.worksheet import answer, as_serial, for_excel
from toolkit import functions as rules
from toolkit.functions import fault
from toolkit.wording import FUNCTION_FAULTS
from workbook import dossier_jobs, log
from workbook.forms import load_calendar, load_vocabulary

ROOT = Path(__file__).parent.parent
ASK: dict[str, Callable[..., Any]] = {name: getattr(udfs, name) for name in FUNCTIONS}
NAMES = sorted(FUNCTIONS)
FAULT = FUNCTION_FAULTS["dau"]
CELLS = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)),
    st.sampled_from(["#N/A", "Lỗi: đã hỏng", "5.676", "28/7/2025", "31/11/2025", "Đang xử lý", "80,05 %", 45922.0]),
    st.sampled_from([-2146826246, -2146826238, Decimal("12.5"), 10.0**17, "123456789012345678"]),
)
GRIDS = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=4)
)
ARGUMENTS = st.one_of(st.none(), CELLS, GRIDS)

CELL = re.compile(r"[A-Z]{1,3}[0-9]+", re.I)
R1C1 = re.compile(r"R[0-9]*|C[0-9]*|R[0-9]*C[0-9]*", re.I)
EXCEL = {"N", "T", "PI", "DATE", "DAY", "RATE", "COUNT", "LET", "LAMBDA", "TRUE", "FALSE", "INDEX", "TEXT", "VALUE"}
VBA_WORDS = (
    "and as boolean byref byte byval call case cdate const currency date debug decimal declare dim do double each else "
    "elseif empty end enum erase error event exit false for friend function get global gosub goto if implements in "
    "input integer is len let like long loop lset me mid mod new next not nothing null object of on open option "
    "optional or paramarray preserve print private property public put raiseevent redim rem resume return rset seek "
    "select set single static stop string sub then time to true type typeof until variant wend while with "
    "withevents write xor array range application err caller failed"
)
VBA = set(VBA_WORDS.split())


def usable(name: str) -> bool:
    """Whether Excel and VBA take a name for nothing else."""
    return bool(
        re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name)
        and not CELL.fullmatch(name)
        and not R1C1.fullmatch(name)
        and name.upper() not in EXCEL
        and name.lower() not in VBA
    )


# --- UD01, UD02


@pytest.mark.parametrize("name", ["XFD1048576", "XA1", "a1", "R", "C", "R1C1", "rc", "R5", "COUNT", "HẠN", "1A", "SUB"])
def test_guard_of_names_can_fail__UD01(name: str) -> None:
    assert not usable(name)


@pytest.mark.parametrize("name", NAMES)
def test_names__UD01(name: str) -> None:
    function = FUNCTIONS[name]
    arguments = [a.name for a in function.arguments]
    assert name.startswith("XA_") and usable(name) and len(name) <= 31
    assert all(usable(a) or a == "o" for a in arguments)
    assert len({a.lower() for a in arguments}) == len(arguments)
    assert not {a.lower() for a in arguments} & {n.lower() for n in NAMES}
    assert ASK[name].__name__ == name


@pytest.mark.parametrize("name", NAMES)
def test_help_fits_excel__UD02(name: str) -> None:
    function = FUNCTIONS[name]
    for told in (function.help, *(a.help for a in function.arguments)):
        assert 5 < len(told) <= 255
        assert not told.isascii()
    assert len(function.arguments) <= 10
    assert sum(len(a.name) + 2 for a in function.arguments) <= 255
    required = [a.required for a in function.arguments]
    assert required == sorted(required, reverse=True)  # what may be left out comes last
    assert function.examples


@pytest.mark.parametrize(("name", "formula", "shown"), [(n, *e) for n in NAMES for e in FUNCTIONS[n].examples])
def test_examples_are_true__UD02(name: str, formula: str, shown: str) -> None:
    calls = re.findall(r"(XA_[A-Z_]+)\(([^()]*)\)", formula)
    assert calls[0][0] == name
    found = [ASK[function](*map(operand, arguments.split("; "))) for function, arguments in calls]
    if len(found) == 2:
        assert formula == "=" + "=".join(f"{f}({a})" for f, a in calls)
        assert displayed(found[0] == found[1]) == shown
    else:
        assert displayed(found[0]) == shown


def operand(text: str) -> object:
    """An argument as typed on a Vietnamese Windows: text, number, or a range of the sample sheet."""
    if text.startswith('"'):
        return text.strip('"')
    if at := re.fullmatch(r"([A-L])([0-9])(?::([A-L])([0-9]))?", text):
        left, top, right, bottom = at[1], at[2], at[3] or at[1], at[4] or at[2]
        rows = SAMPLE[int(top) - 1 : int(bottom)]
        return [list(row[ord(left) - 65 : ord(right) - 64]) for row in rows]
    return float(text.replace(",", "."))


def displayed(cell: object) -> str:
    if isinstance(cell, datetime):
        return f"{cell.day}/{cell.month}/{cell.year}"
    if isinstance(cell, float):
        return f"{cell:.10g}".replace(".", ",")
    return str(cell).upper() if isinstance(cell, bool) else str(cell)


# --- UD03


def test_scalar_in_scalar_out__UD03() -> None:
    assert udfs.XA_SO("5.676") == udfs.XA_SO([["5.676"]]) == udfs.XA_SO((("5.676",),)) == 5676.0
    assert udfs.XA_SO([["1", "2"], ["3", "4"]]) == [[1.0, 2.0], [3.0, 4.0]]
    assert udfs.XA_SO(("1", "2")) == [[1.0, 2.0]]  # an array of one dimension is a row
    assert udfs.XA_SO([["1"], ["2"]]) == [[1.0], [2.0]]


def test_one_cell_counts_for_every_row__UD03() -> None:
    assert udfs.XA_TY_LE([[1.0], [2.0]], 4.0) == udfs.XA_TY_LE([[1.0], [2.0]], [[4.0]]) == [[0.25], [0.5]]
    assert udfs.XA_TY_LE(1.0, [[4.0, 2.0]]) == [[0.25, 0.5]]


def test_ranges_of_different_sizes_are_told__UD03() -> None:
    assert udfs.XA_TY_LE([[1.0], [2.0]], [[4.0, 4.0]]) == fault("vung")
    assert udfs.XA_TY_LE([[1.0], [2.0], [3.0]], [[4.0], [4.0]]) == [[0.25], [0.5], [fault("cot")]]
    assert udfs.XA_DEM([["a"], ["b"]], "a", [["x"]] * 3, "x") == fault("cot")
    assert udfs.XA_DEM([["a"], ["b"]], "a", [["x"]], "x") == fault("cot")  # a register has one length
    assert udfs.XA_TINH_TRANG([["1/9/2025"]], "", "", [["2/9/2025"], ["3/9/2025"]]).startswith(FAULT)
    assert udfs.XA_KIEM_DONG([[1.0] * 12], [["Tách riêng"]] * 2).startswith(FAULT)


@given(st.sampled_from(NAMES), st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_is_asked_is_answered__UD03_UD05(name: str, data: st.DataObject) -> None:
    asked = [data.draw(ARGUMENTS) for _ in FUNCTIONS[name].arguments]
    found = ASK[name](*asked)
    rows = found if isinstance(found, list) else [[found]]
    assert len({len(row) for row in rows}) == 1
    assert {type(cell) for row in rows for cell in row} <= {str, float, datetime, bool}
    assert fault("hong") not in [cell for row in rows for cell in row]
    sizes = {(len(a), len(a[0])) for a in asked if isinstance(a, list)} - {(1, 1)}
    if name in ("XA_TY_LE", "XA_SO", "XA_HAN_TRA", "XA_NGAY_LAM_VIEC") and len(sizes) == 1 and None not in asked:
        assert (len(rows), len(rows[0])) in sizes


def test_whole_columns__UD03() -> None:
    blank: list[list[object]] = [[None]] * 100_000
    found = udfs.XA_NGAY_QUA_HAN([["22/9/2025"], *blank], [["25/9/2025"], *blank], "30/9/2025")
    assert found[:2] == [[3.0], [""]]
    assert len(found) == 100_001
    assert udfs.XA_DEM([["a"], ["A"], *blank], "a") == 2.0
    assert udfs.XA_DEM([["a"], *blank, ["a"]], "a") == 2.0
    assert udfs.XA_HAN_TRA("22/9/2025", [[5.0], *blank[:2]]) == [[datetime(2025, 9, 29)], [""], [""]]
    # the blanks below answer like the first of them, whatever the one cell says
    assert udfs.XA_TINH_TRANG("22/9/2025", [["25/9/2025"], *blank[:2]], "", "30/9/2025") == [
        ["Quá hạn"],
        ["Đang quá hạn"],
        ["Đang quá hạn"],
    ]


@pytest.mark.parametrize("name", ["XA_HAN_TRA", "XA_TINH_TRANG", "XA_SO", "XA_DEM", "XA_KHOA_SO_SANH"])
def test_work_grows_no_faster_than_the_rows__UD03(name: str) -> None:
    def spent(size: int) -> int:
        days = [[datetime(2025, 1 + n % 9, 1 + n % 27)] for n in range(size)]
        texts = [[f"{n % 900 + 1}.{n % 1000:03}"] for n in range(size)]
        status = [["Đã trả kết quả" if n % 3 else "Đang xử lý"] for n in range(size)]
        asked: dict[str, list[Any]] = {
            "XA_HAN_TRA": [days, 15.0],
            "XA_TINH_TRANG": [days, days[::-1], status, datetime(2025, 9, 30)],
            "XA_SO": [texts],
            "XA_DEM": [texts, texts, status, "đang xử lý"],
            "XA_KHOA_SO_SANH": [texts],
        }
        return calls(lambda: ASK[name](*asked[name]))

    spent(10)  # what is loaded once
    assert spent(8000) < 400 * 8000  # whatever earlier tests left in caches


# --- UD04


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=2, max_size=5), st.dates(date(2025, 1, 1), date(2025, 12, 31)))
@settings(max_examples=50, deadline=None)
def test_as_the_toolkit_answers__UD04(rows: list[tuple[object, ...]], cutoff: date) -> None:
    clean = [[_as_read(cell) for cell in row] for row in rows]
    a, b, c = ([row[n] for row in clean] for n in range(3))
    grids = [[[row[n]] for row in rows] for n in range(3)]
    calendar, words = load_calendar(), load_vocabulary()
    at = datetime(cutoff.year, cutoff.month, cutoff.day)
    pairs = (
        (udfs.XA_HAN_TRA(*grids[:2]), rules.deadlines(a, b, calendar)),
        (udfs.XA_NGAY_LAM_VIEC(*grids[:2]), rules.working_days(a, b, calendar)),
        (udfs.XA_NGAY_QUA_HAN(*grids[:2], at), rules.days_late(a, b, cutoff, calendar)),
        (
            udfs.XA_TINH_TRANG(*grids, at, 5.0),
            rules.verdict(a, b, c, cutoff, soon=5, calendar=calendar, vocabulary=words),
        ),
        (udfs.XA_TY_LE(*grids[:2]), rules.rates(a, b)),
        (udfs.XA_SO(grids[0]), rules.numbers(a)),
        (udfs.XA_NGAY(grids[0]), rules.dates(a)),
        (udfs.XA_CHUAN_HOA(grids[0]), rules.tidied(a)),
        (udfs.XA_KHOA_SO_SANH(grids[0]), rules.keys(a)),
        (udfs.XA_DEM(*grids[:2]), rules.count((a, b))),
    )
    for found, expected in pairs:
        assert found == [[_as_written(cell)] for cell in expected]


def _as_read(cell: object) -> object:
    if isinstance(cell, Decimal):
        return float(cell)
    return {-2146826246: "#N/A", -2146826238: "#CALC!"}.get(cell, cell) if type(cell) is int else cell


def _as_written(cell: object) -> object:
    if isinstance(cell, datetime):
        return datetime(cell.year, cell.month, cell.day)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)
    return "" if cell is None else float(cell) if type(cell) is int else cell


def test_dates_as_excel_hands_them__UD04() -> None:
    for day in ("5/10/2025", datetime(2025, 10, 5, 8, 30), 45935.0, 45935.7, "2025-10-05"):
        assert udfs.XA_NGAY(day) == datetime(2025, 10, 5)
    assert as_serial(answer(FUNCTIONS["XA_NGAY"], ["5/10/2025"])) == 45935.0
    assert as_serial(answer(FUNCTIONS["XA_NGAY"], [[["5/10/2025"], [None]]])) == [[45935.0], [""]]


def test_numbers_as_excel_takes_them__UD04() -> None:
    assert type(udfs.XA_SO("3.000.000.000")) is float  # a 64-bit integer is #VALUE! to Excel
    assert udfs.XA_SO(Decimal("1500")) == 1500.0  # a currency cell
    assert udfs.XA_SO("999.999.999.999.999") == 999_999_999_999_999.0
    for beyond in ("1.000.000.000.000.000", 10.0**15, "123456789012345678"):
        assert udfs.XA_SO(beyond) == fault("so_lon")
    assert for_excel(None) == "" and for_excel(True) is True


def test_soon_is_that_of_the_command__UD04() -> None:
    assert udfs.SOON == dossier_jobs.SOON


# --- UD05


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("blank", [None, "", "  "])
def test_blank_stays_blank__UD05(name: str, blank: object) -> None:
    cells: list[object] = [[[blank]] for _ in FUNCTIONS[name].arguments]
    if name in ("XA_NGAY_QUA_HAN", "XA_TINH_TRANG"):
        cells[2 if name == "XA_NGAY_QUA_HAN" else 3] = "30/9/2025"
    assert ASK[name](*cells) == ""


@pytest.mark.parametrize("name", NAMES)
def test_missing_argument_is_told__UD05(name: str) -> None:
    required = [a for a in FUNCTIONS[name].arguments if a.required]
    for n, argument in enumerate(required):
        assert ASK[name](*["1"] * n) == fault("thieu", ten=worksheet.called(argument))
    assert ASK[name](*["1"] * len(required)) is not None
    assert udfs.XA_DEM("a", "a", None, "b").startswith(FAULT)


@pytest.mark.parametrize("cell", ["#N/A", -2146826246, "#REF!", -2146826265])
def test_error_of_a_cell_is_handed_on__UD05(cell: object) -> None:
    shown = cell if isinstance(cell, str) else {-2146826246: "#N/A", -2146826265: "#REF!"}[cell]  # type: ignore[index]
    assert udfs.XA_SO([[cell], [1.0]]) == [[fault("o_loi", goc=shown)], [1.0]]
    assert udfs.XA_HAN_TRA(udfs.XA_NGAY(cell), 5.0) == fault("o_loi", goc=shown)
    assert udfs.XA_TINH_TRANG("1/9/2025", "", "", "2/9/2025", cell) == fault("o_loi", goc=shown)


def test_our_own_fault_is_no_traceback__UD05(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(*_: object) -> list[object]:
        raise ZeroDivisionError("Nguyễn Văn A")

    log.start(tmp_path / "log.txt")
    monkeypatch.setattr(rules, "numbers", broken)
    assert udfs.XA_SO([["1"], ["2"]]) == fault("hong")
    written = (tmp_path / "log.txt").read_text(encoding="utf-8")
    assert "ZeroDivisionError" in written and "Nguyễn" not in written
    log.start(None)


# --- UD06


def test_light_and_without_xlwings__UD06() -> None:
    code = (
        "import sys; sys.modules['xlwings'] = None\n"
        "import macros.udfs as u, macros.udf_help\n"
        "assert u.XA_SO('5.676') == 5676.0 and u.XA_HAN_TRA('22/9/2025', 5.0).day == 29\n"
        "print(*sys.modules)"
    )
    printed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    heavy = {"pandas", "numpy", "openpyxl", "lxml", "xlsxwriter", "pyarrow", "scipy", "python_calamine", "asyncio"}
    assert set(printed.split()) & heavy == set()


def test_no_clock__UD06() -> None:
    for module in ("udfs.py", "worksheet.py"):
        source = (ROOT / "macros" / module).read_text(encoding="utf-8")
        assert not re.search(r"today\(|now\(|import time|volatile=", source)


# --- UD07


def test_page_is_up_to_date__UD07() -> None:
    written = (ROOT / "docs" / "so_tay" / "ham_trang_tinh.md").read_bytes().decode()
    assert written == page(), "run: python -m macros.udf_help > docs/so_tay/ham_trang_tinh.md"
    assert [n for n in NAMES if f"## {n}\n" not in written] == []


def test_every_row_of_a_table_has_its_cells__UD07() -> None:
    width = 0
    for line in page().splitlines():
        width = line.count("|") if line.startswith("|") and not width else width if line.startswith("|") else 0
        assert line.count("|") == width or not line.startswith("|")


def test_help_stands_in_the_settings__UD07() -> None:
    (first, names), *rows = settings_rows()
    assert (first, names.split()) == ("HELP", [*FUNCTIONS])
    assert [key for key, _ in rows] == [f"HELP {name}" for name in FUNCTIONS]
    for (_, told), function in zip(rows, FUNCTIONS.values(), strict=True):
        assert told.split("\n") == [function.help, *(argument.help for argument in function.arguments)]
        assert max(map(len, told.split("\n"))) <= 255  # more is cut off by Excel
        assert "%" not in told  # xlwings takes it for a variable of Windows
