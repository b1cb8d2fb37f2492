"""A million deadlines: due date and working days late, as a ratio to numpy's own business-day calls.

    python benchmarks/deadlines.py [-n ROUNDS] [--rows N] [--json]

numpy knows no worked Saturday, so both are first compared, row by row, on the calendar without make-up days; then the
calendar as it is, make-up days included, is measured against numpy with the same days off. Both in turn, each ratio
within its round. Ends with 1 when the median ratio is below the target.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from toolkit.workdays import Calendar, calendar  # noqa: E402  # the path above comes first
from toolkit.workdays_columns import due_many, late_many  # noqa: E402
from workbook.forms import load_calendar  # noqa: E402

TARGET = 4.0
ORDINAL_1970 = 719_163
LAST_RECEIPT, LAST_RESULT = 650, 800  # working days from the first one of the list: all stay inside it


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("-n", type=int, default=9, help="rounds (median is reported)")
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    report = measure(load_calendar(), given.n, given.rows)
    if given.json:
        print(json.dumps(report, indent=1))
    else:
        for name in ("table", "numpy"):
            print(f"{name:6} {report[f'{name}_ms']:7.1f} ms  {given.rows / report[f'{name}_ms'] * 1000:12,.0f} rows/s")
        print(f"rows whose due date a worked Saturday moves: {report['moved']:.1%}")
        print(f"table against numpy: {report['ratio']:.1f} times as fast, target {TARGET:g} at least")
    return 0 if report["ratio"] >= TARGET else 1


def measure(shipped: Calendar, rounds: int, rows: int) -> dict[str, float]:
    """Median times and the median of the ratios within each round. One round more warms the caches."""
    plain = calendar((d for d in shipped.days_off if d.kind == "nghi"), shipped.first, shipped.last)
    received, terms, done = invented(plain, rows)
    days_off = days([d.day.toordinal() for d in plain.days_off])
    numpy_calendar = np.busdaycalendar(holidays=days_off)
    numpy_received, numpy_done = days(received), days(done)

    def table(made: Calendar) -> tuple[Any, Any]:
        due = due_many(made, received, terms)
        return due, late_many(made, due, done)

    def busday() -> tuple[Any, Any]:
        due = np.busday_offset(numpy_received, terms, roll="forward", busdaycal=numpy_calendar)
        return due, np.maximum(np.busday_count(due, numpy_done, busdaycal=numpy_calendar), 0)

    (due, late), (numpy_due, numpy_late) = table(plain), busday()
    if (days(due) != numpy_due).any() or (late != numpy_late).any():
        raise SystemExit("the table and numpy disagree on a calendar without make-up days")
    pairs = [(seconds(lambda: table(shipped)), seconds(busday)) for _ in range(rounds + 1)][1:]
    return {
        "table_ms": round(statistics.median(a for a, _ in pairs) * 1000, 2),
        "numpy_ms": round(statistics.median(b for _, b in pairs) * 1000, 2),
        "ratio": round(statistics.median(b / a for a, b in pairs), 2),
        "moved": round(float((due_many(shipped, received, terms) != due).mean()), 4),
    }


def invented(made: Calendar, rows: int) -> tuple[Any, Any, Any]:
    """Days of receipt, terms and days of result, the same on every run, all on working days."""
    dice = np.random.default_rng(6000)
    working = np.array(made.working)
    received = working[dice.integers(0, LAST_RECEIPT, rows)]
    return received, dice.integers(1, 31, rows), working[dice.integers(0, LAST_RESULT, rows)]


def days(ordinals: Any) -> Any:
    return (np.asarray(ordinals) - ORDINAL_1970).astype("datetime64[D]")


def seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
