"""Time of ``tthc check`` on one workbook with a long register, as ratios to a bare ``import pandas``.

    python benchmarks/check_speed.py [-n ROUNDS] [--rows N] [--json]

Whole processes in turn (A B C, A B C, ...), so that a drifting machine hits all alike; each ratio is taken within
its round. Ends with 1 when the median ratio of the check is above the target.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from toolkit.records import Period  # noqa: E402  # the path above comes first
from workbook import jobs  # noqa: E402
from workbook.forms import load_form, load_places  # noqa: E402

TARGET = 0.5
COMMUNE = "21061"
PERIOD = Period(date(2025, 7, 1), date(2025, 9, 30))
FIELDS = ("Đất đai", "Hộ tịch", "Chứng thực", "Hoạt động xây dựng", "Bảo trợ xã hội")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("-n", type=int, default=7, help="rounds (median is reported)")
    options.add_argument("--rows", type=int, default=6000, help="rows of the register")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "so_ho_so.xlsx"
        jobs.new(load_form(), load_places(), COMMUNE, PERIOD, book, {"records": {"ho_so": register(given.rows)}})
        processes = commands(book)
        require_whole_check([*processes["check"], "--json"])
        report = measure(processes, given.n, Path(folder) / "compiled")
    print(json.dumps(report, indent=1) if given.json else table(report))
    if not given.json:
        print(
            f"check of {given.rows} rows against import pandas: {report['check']['ratio']:.2f}, target {TARGET} at most"
        )
    return 0 if report["check"]["ratio"] <= TARGET else 1


def register(rows: int) -> list[dict[str, str]]:
    """Invented dossiers, the same on every run."""
    dice = random.Random(6000)
    out = []
    for number in range(rows):
        received = PERIOD.start + timedelta(days=dice.randrange(80))
        due = received + timedelta(days=dice.choice((1, 3, 10, 20)))
        row = {
            "ma_ho_so": f"H48.22-{received:%y%m%d}-{number:04d}",
            "ten_tthc": f"Thủ tục giả định số {dice.randrange(120)}",
            "linh_vuc": dice.choice(FIELDS),
            "hinh_thuc": dice.choice(("Trực tuyến", "Trực tiếp")),
            "muc_do": dice.choice(("Toàn trình", "Một phần")),
            "ngay_tiep_nhan": received.isoformat(),
            "ngay_hen_tra": due.isoformat(),
            "trang_thai": "Đang xử lý",
            "don_vi": "Trung tâm Phục vụ hành chính công",
            "chu_ho_so": f"Người giả định {number}",
        }
        if dice.random() < 0.9:
            done = received + timedelta(days=dice.randrange(1, 22))
            row |= {"ngay_ket_qua": done.isoformat(), "ngay_tra": done.isoformat(), "trang_thai": "Đã trả kết quả"}
        out.append(row)
    return out


def commands(book: Path) -> dict[str, list[str]]:
    python = sys.executable
    tthc = [python, "-c", "from macros.__main__ import command; command()"]  # as the installed script does
    return {
        "pandas": [python, "-c", "import pandas"],
        "interpreter": [python, "-c", "pass"],
        "help": [*tthc, "--help"],
        "check": [*tthc, "check", str(book)],
    }


def require_whole_check(command: list[str]) -> None:
    """A check that stops early must not count as a fast one: these dossiers are due on days off, which it tells."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    found = {f["code"] for file in json.loads(done.stdout)["files"] for f in file["findings"]}
    if "BT_000" not in found:
        raise SystemExit(f"the check did not look at the dossiers; it told {sorted(found)}")


def measure(processes: dict[str, list[str]], rounds: int, compiled: Path) -> dict[str, dict[str, float]]:
    """Median seconds of each process and the median of its ratios to the first.

    One round more warms the caches. ``compiled``: folder for the byte code of all of them, as an installation has it.
    """
    if importlib.util.find_spec("pandas") is None:
        raise SystemExit('pandas is the yardstick: python3 -m pip install ".[analysis]"')
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(compiled)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    seconds: dict[str, list[float]] = {name: [] for name in processes}
    for number in range(rounds + 1):
        for name, command in processes.items():
            started = time.perf_counter()
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
            if done.returncode not in (0, 1):
                raise SystemExit(f"{name} failed: {done.stderr.decode(errors='replace')}")
            if number:
                seconds[name].append(time.perf_counter() - started)
    first = seconds[next(iter(processes))]
    return {
        name: {
            "seconds": round(statistics.median(taken), 4),
            "ratio": round(statistics.median(a / b for a, b in zip(taken, first, strict=True)), 3),
        }
        for name, taken in seconds.items()
    }


def table(report: dict[str, dict[str, float]]) -> str:
    return "\n".join(f"{name:12} {row['seconds']:8.3f} s {row['ratio']:6.2f}" for name, row in report.items())


if __name__ == "__main__":
    sys.exit(main())
