"""A province's merge as ratios to what python-calamine needs only to read the same files, and to what people write.

    python benchmarks/merge_speed.py FOLDER [-n ROUNDS] [--communes N] [--rows N] [--naive]

``FOLDER`` keeps the invented workbooks (``province.py``) for the next run. Everything is measured in one run, in turn:
the merge with provenance, findings, memory and slips; the same again after one workbook changed; with one worker.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.province import PERIOD, PROVINCE, make  # noqa: E402  # the path above comes first
from benchmarks.side_by_side import measure, table  # noqa: E402

SLIPS, MERGE, AGAIN, ONE = "merge with slips", "merge", "again, one file changed", "merge on one core"
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
    changed = with_one_changed(sources, given.folder / f"{given.communes}x{given.rows}_changed")
    once = {SLIPS: [results / "slips"], MERGE: [results / "plain"], ONE: [results / "one"]}
    rows = measure(commands(sources, changed, results, given.naive), given.n, fresh=once)
    print(table(rows))
    print(f"again to cold: {rows[AGAIN].seconds / rows[MERGE].seconds:.2f}")
    print(f"second core: {rows[ONE].seconds / rows[MERGE].seconds:.2f} times as fast")
    return 0


def with_one_changed(sources: Path, folder: Path) -> Path:
    """The same workbooks, but one has other bytes."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(sources, folder)
    with zipfile.ZipFile(min(folder.glob("*.xlsx")), "a") as archive:
        archive.writestr("docProps/changed.txt", "")
    return folder


def commands(sources: Path, changed: Path, results: Path, naive: bool) -> dict[str, list[str]]:
    python, asked = sys.executable, ["--province", PROVINCE, "--from", f"{PERIOD.start}", "--to", f"{PERIOD.end}"]

    def merge(folder: Path, out: str, cores: str = "") -> list[str]:
        start = (
            f"import os, sys; sys.path.insert(0, {str(ROOT)!r}); {cores}from macros.__main__ import command; command()"
        )
        return [python, "-c", start, "merge", str(folder), *asked, "-o", str(results / out / "tong_hop.xlsx")]

    peer = [python, str(ROOT / "benchmarks" / "naive_merge.py"), str(sources), str(results / "naive.xlsx")]
    one_core = "os.sched_setaffinity(0, {0}); os.cpu_count = lambda: 1; "
    found = {
        "calamine reads": [python, "-c", READ, str(sources)],
        SLIPS: [*merge(sources, "slips"), "--slips", str(results / "slips" / "slips")],
        MERGE: merge(sources, "plain"),
        AGAIN: merge(changed, "plain"),
        ONE: merge(sources, "one", one_core),
        "pandas, tuned": [*peer, "--tuned"],
    }
    return found | ({"pandas, openpyxl": peer} if naive else {})


if __name__ == "__main__":
    sys.exit(main())
