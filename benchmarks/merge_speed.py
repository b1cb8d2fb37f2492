"""A province's merge as ratios to what python-calamine needs only to read the same files, and to what people write.

    python benchmarks/merge_speed.py FOLDER [-n ROUNDS] [--communes N] [--rows N] [--naive]

``FOLDER`` keeps the invented workbooks (``province.py``) for the next run. Everything is measured in one run, in turn:
the merge with provenance, findings, memory and slips; the same again after one workbook changed; with one worker.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.province import PERIOD, PROVINCE, make  # noqa: E402  # the path above comes first
from benchmarks.side_by_side import measure, table  # noqa: E402

READ = """
import sys
from pathlib import Path
from python_calamine import CalamineWorkbook
kept = []
for path in sorted(Path(sys.argv[1]).glob("*.xlsx")):
    book = CalamineWorkbook.from_path(path)
    kept.append([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
"""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("-n", type=int, default=3, help="rounds (medians are reported)")
    options.add_argument("--communes", type=int, default=100)
    options.add_argument("--rows", type=int, default=6000)
    options.add_argument(
        "--naive", action="store_true", help="also the merge with pandas and openpyxl, which takes long"
    )
    given = options.parse_args()
    sources = given.folder / f"{given.communes}x{given.rows}"
    make(sources, given.communes, given.rows)
    results = given.folder / "results"
    shutil.rmtree(results, ignore_errors=True)
    results.mkdir()
    rows = measure(commands(sources, results, given.naive), given.n, fresh={"merge": [results / "cold"]})
    print(table(rows))
    return 0


def commands(sources: Path, results: Path, naive: bool) -> dict[str, list[str]]:
    python = sys.executable
    start = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from macros.__main__ import command; command()"
    asked = ["--province", PROVINCE, "--from", PERIOD.start.isoformat(), "--to", PERIOD.end.isoformat()]
    merge = [python, "-c", start, "merge", str(sources), *asked]
    peer = [python, str(ROOT / "benchmarks" / "naive_merge.py"), str(sources), str(results / "naive.xlsx")]
    found = {
        "calamine reads": [python, "-c", READ, str(sources)],
        "merge": [*merge, "-o", str(results / "cold" / "tong_hop.xlsx"), "--slips", str(results / "cold" / "slips")],
        "pandas, tuned": [*peer, "--tuned"],
    }
    return found | ({"pandas, openpyxl": peer} if naive else {})


if __name__ == "__main__":
    sys.exit(main())
