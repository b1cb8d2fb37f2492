"""What each button costs: imports of a fresh process, calls to the program that holds the book, seconds cold and warm.

The book is open in the openpyxl engine, which is not Excel: its seconds say nothing about Excel's, its calls are those
that Excel would get (one COM round trip each, at least). "Start" is a fresh Python that has imported all that the
button needs, xlwings without pandas; "cold" the first press in a process, "warm" the best of three on the same book.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
BUTTONS = (
    "btnKiemTra",
    "btnLoiSau",
    "btnGoiYSua",
    "btnDienCongThuc",
    "btnDien0",
    "btnToQuaHan",
    "btnLapBieu",
    "btnHoanTac",
    "btnXoaDanhDau",
    "btnNhatKy",
)
STARTS = {
    "bare interpreter": "pass",
    "import pandas": "import pandas",
    "import xlwings": "import xlwings",
    "light xlwings": "from macros.light_xlwings import load; load()",
    "all that a button needs": "from macros.light_xlwings import load; load(); import macros.ribbon, macros.desk",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=[20, 2000], help="dossiers in the register")
    parser.add_argument("--rounds", type=int, default=7, help="rounds of the starts")
    parser.add_argument("--one", nargs=2, metavar=("BUTTON", "BOOK"), help="press one button in this process")
    given = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    if given.one:
        print(json.dumps(pressed(*given.one)))
        return
    for name, seconds in starts(given.rounds).items():
        print(f"{name:26} {seconds * 1000:6.0f} ms")
    with tempfile.TemporaryDirectory() as folder:
        books = {rows: book(Path(folder), rows) for rows in given.rows}
        print(f"\n{'button':18}" + "".join(f"{rows:>8} rows: calls   cold ms   warm ms" for rows in books))
        for button in BUTTONS:
            line = f"{button:18}"
            for path in books.values():
                told = in_new_process("--one", button, str(path))
                line += f"{told['calls']:20} {told['cold'] * 1000:9.0f} {told['warm'] * 1000:9.0f}"
            print(line)


def starts(rounds: int) -> dict[str, float]:
    """Median seconds of fresh processes, in turn."""
    taken: dict[str, list[float]] = {name: [] for name in STARTS}
    for _ in range(rounds):
        for name, code in STARTS.items():
            taken[name].append(timed(partial(subprocess.run, [sys.executable, "-c", code], cwd=ROOT, check=True)))
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def pressed(button: str, path: str) -> dict[str, Any]:
    """One button on a checked book: calls, seconds of the first press, the best of three more."""
    from macros.desk import Remembering
    from macros.light_xlwings import load

    load()
    from macros.ribbon import press
    from workbook.engine_openpyxl import ENGINE, open_book

    book = open_book(path)
    if button not in ("btnKiemTra", "btnToQuaHan"):
        press("btnKiemTra", Remembering(), book)  # something to jump to, to accept and to take off
        press("btnLoiSau", Remembering(), book)
    ENGINE.calls.clear()
    cold = timed(lambda: press(button, Remembering(), book))
    calls = sum(ENGINE.calls.values())
    warm = min(timed(lambda: press(button, Remembering(), book)) for _ in range(3))
    return {"calls": calls, "cold": cold, "warm": warm}


def book(folder: Path, dossiers: int) -> Path:
    """A report in which a control is off by one, every third dossier late."""
    from toolkit.records import Period
    from toolkit.values import parse_values
    from workbook.build import build
    from workbook.forms import load_form, load_places

    form, places = load_form(), load_places()
    place = places.find("21061")
    assert place is not None
    row = {"linh_vuc": "Hộ tịch", "truc_tuyen": 10, "truc_tiep": 5, "ky_truoc": 1, "truoc_han": 9, "dung_han": 4}
    row |= {"qua_han": 0, "dang_trong_han": 3, "dang_qua_han": 0, "tiep_nhan_doi_chieu": 17}
    values = {"grids": {"bieu_06a": [row]}, "records": {"ho_so": [dossier(n) for n in range(dossiers)]}}
    period = Period(date(2025, 7, 1), date(2025, 9, 25))
    path = folder / f"so_{dossiers}.xlsx"
    path.write_bytes(build(form, place, places.province(place.province), period, parse_values(values, form)))
    return path


def dossier(n: int) -> dict[str, str]:
    received = date(2025, 7, 1) + timedelta(days=n % 40)
    due = received + timedelta(days=10)
    done = {} if n % 3 == 0 else {"ngay_ket_qua": (due - timedelta(days=2)).isoformat()}
    return {
        "ma_ho_so": f"000.00.01.H48-2507{n:05d}",
        "ten_tthc": "Đăng ký khai sinh",
        "linh_vuc": "Hộ tịch",
        "hinh_thuc": ("Trực tuyến", "Trực tiếp")[n % 2],
        "ngay_tiep_nhan": received.isoformat(),
        "ngay_hen_tra": due.isoformat(),
        "trang_thai": "Đang giải quyết" if n % 3 == 0 else "Đã trả kết quả",
    } | done


def in_new_process(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, str(Path(__file__)), *arguments]
    told: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return told


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
