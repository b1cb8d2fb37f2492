"""A register sheet of 100.000 rows x 14 formatted cells: spliced from Arrow columns against XlsxWriter cell by cell.

    python benchmarks/writing.py [-n ROUNDS] [--rows N] [--json]

Both write the same sheet, checked cell by cell, in turn within one process; the ratio is taken within each round.
Making the rows is not counted, and XlsxWriter gets them as Python values. Peak memory above the data is measured in a
process of its own for each (Linux). Ends with 1 when the median ratio is above the target.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import pyarrow as pa  # noqa: E402  # the path above comes first
from xlsxwriter.format import Format  # noqa: E402
from xlsxwriter.workbook import Workbook  # noqa: E402
from xlsxwriter.worksheet import Worksheet  # noqa: E402

from workbook.splice import Column, Splice  # noqa: E402

TARGET = 0.12
STATUS = ("Đang giải quyết", "Đã trả kết quả", "Chờ bổ sung")
METHODS = ("splice", "splice_lists", "xlsxwriter")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("-n", type=int, default=3, help="rounds (median is reported)")
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--json", action="store_true")
    options.add_argument("--memory-of", choices=METHODS, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.memory_of:
        print(memory(given.memory_of, given.rows))
        return 0
    report = measure(given.n, given.rows)
    if given.json:
        print(json.dumps(report, indent=1))
    else:
        for name in METHODS:
            of = report[name]
            above = f"{of['memory_mb']:6.0f} MB above the data" if of["memory_mb"] is not None else ""
            print(f"{name:12} {of['seconds']:7.2f} s  {of['ratio']:6.3f}  file {of['file_mb']:5.1f} MB  {above}")
        print(f"spliced from Arrow, to XlsxWriter: {report['splice']['ratio']:.3f}, target {TARGET:g} at most")
    return 0 if report["splice"]["ratio"] <= TARGET else 1


def measure(rounds: int, rows: int) -> dict[str, dict[str, Any]]:
    """Median seconds and median of the ratios within each round, after a round that checks and warms up."""
    data = {name: rows_for(name, rows) for name in METHODS}
    made = {name: write(name, data[name]) for name in METHODS}
    cells = {name: read(content) for name, content in made.items()}
    if not cells["splice"] == cells["splice_lists"] == cells["xlsxwriter"]:
        raise SystemExit("the sheets differ")
    taken = [{name: seconds(partial(write, name, data[name])) for name in METHODS} for _ in range(rounds)]
    return {
        name: {
            "seconds": round(statistics.median(t[name] for t in taken), 3),
            "ratio": round(statistics.median(t[name] / t["xlsxwriter"] for t in taken), 4),
            "file_mb": round(len(made[name]) / 1e6, 2),
            "memory_mb": memory_apart(name, rows),
        }
        for name in METHODS
    }


def rows_for(method: str, rows: int) -> Sequence[Any]:
    """The columns as the method takes them."""
    columns = invented(rows)
    return [pa.array(column) for column in columns] if method == "splice" else columns


def invented(rows: int) -> list[list[Any]]:
    """An overdue register of a hundred communes, the same on every run."""
    dice = random.Random(7)
    first = date(2025, 1, 1)
    fields = [f"Lĩnh vực hành chính số {n}" for n in range(35)]
    procedures = [f"Thủ tục đăng ký, cấp giấy xác nhận số {n} theo quy định mới" for n in range(300)]
    received = [dice.randrange(250) for _ in range(rows)]
    due = [day + dice.randrange(1, 31) for day in received]
    late = [dice.randrange(90) for _ in range(rows)]
    return [
        list(range(1, rows + 1)),
        [f"{21000 + n * 100 // rows}" for n in range(rows)],
        [f"Xã Số {n * 100 // rows}" for n in range(rows)],
        [f"H48.{n % 100:02}-25{dice.randrange(1, 13):02}{dice.randrange(1, 29):02}-{n:06}" for n in range(rows)],
        dice.choices(fields, k=rows),
        dice.choices(procedures, k=rows),
        [first + timedelta(day) for day in received],
        [first + timedelta(day) for day in due],
        [None if n % 3 == 0 else first + timedelta(day + n) for day, n in zip(due, late, strict=True)],
        dice.choices(STATUS, k=rows),
        [f"Phòng chuyên môn {n % 5}" for n in range(rows)],
        ["Đang quá hạn" if n % 3 == 0 else "Đã giải quyết quá hạn" for n in late],
        late,
        [f"xa_{21000 + n * 100 // rows}.xlsx" for n in range(rows)],
    ]


def write(method: str, columns: Sequence[Any]) -> bytes:
    stream = BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(2025, 9, 25)})
    base = {"font_name": "Times New Roman", "font_size": 11, "border": 1}
    plain, day = book.add_format(base), book.add_format(base | {"num_format": "dd/mm/yyyy"})
    open_late = book.add_format(base | {"bg_color": "#F2B8B0"})
    sheet = book.add_worksheet("QUÁ HẠN")
    for column in range(len(columns)):
        sheet.write_string(0, column, f"Cột {column}", plain)
    looks = [day if 6 <= n <= 8 else plain for n in range(len(columns))]
    if method == "xlsxwriter":
        cell_by_cell(sheet, columns, looks, open_late)
        book.close()
        return stream.getvalue()
    splice = Splice()
    block = [Column(values, look) for values, look in zip(columns, looks, strict=True)]
    block[11] = Column(columns[11], {None: plain, "Đang quá hạn": open_late}, columns[11])
    splice.rows(sheet, 1, block)
    book.close()
    return splice.finish(stream.getvalue())


def cell_by_cell(sheet: Worksheet, columns: Sequence[Sequence[Any]], looks: Sequence[Format], late: Format) -> None:
    """As XlsxWriter is fastest: the right method for each cell, row after row."""
    for row, values in enumerate(zip(*columns, strict=True), 1):
        for column, (value, look) in enumerate(zip(values, looks, strict=True)):
            if value is None:
                sheet.write_blank(row, column, None, look)
            elif isinstance(value, str):
                sheet.write_string(row, column, value, late if value == "Đang quá hạn" else look)
            elif isinstance(value, int):
                sheet.write_number(row, column, value, look)
            else:
                sheet.write_datetime(row, column, value, look)


def read(content: bytes) -> list[list[Any]]:
    from python_calamine import load_workbook

    return list(load_workbook(BytesIO(content)).get_sheet_by_index(0).to_python())


def memory_apart(method: str, rows: int) -> float | None:
    command = [sys.executable, __file__, "--memory-of", method, "--rows", str(rows)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    return None if printed == "None" else float(printed)


def memory(method: str, rows: int) -> float | None:
    """Peak memory of writing above what the process held before, in MB; None where the system does not tell."""
    try:
        write(method, rows_for(method, 1))  # what the libraries hold is not what writing needs
        data = rows_for(method, rows)
        before = status("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
        content = write(method, data)
        return round((status("VmHWM") - before) / 1024, 1) if content else None
    except OSError:
        return None


def status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name + ":"))


def seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
