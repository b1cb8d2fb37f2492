"""Workbooks of a whole province, invented: reports that agree with their own registers of dossiers.

    python benchmarks/province.py FOLDER [--communes N] [--rows N]

One workbook a commune of Thành phố Hồ Chí Minh (it has 168), the same bytes on every run. Two processes. An eighth of
the dossiers is late, so that the list of late ones is as long as any province will have it.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.registers import OPEN, invent, written  # noqa: E402  # the path above comes first
from toolkit.dossiers import register_of  # noqa: E402
from toolkit.form_totals import GRID, INDICATORS, totals  # noqa: E402
from toolkit.invent import Dice, papers  # noqa: E402
from toolkit.records import Period, Place, Table  # noqa: E402
from workbook import jobs  # noqa: E402
from workbook.forms import load_calendar, load_form, load_places, load_vocabulary  # noqa: E402

PROVINCE = "79"
PERIOD = Period(date(2025, 7, 1), date(2025, 9, 25))
KINDS = 8
"""Registers invented; communes beyond them have the same dossiers under codes of their own."""

LATE = 0.125


def make(folder: Path, communes: int, rows: int) -> list[Path]:
    """The workbooks of the first ``communes`` communes with ``rows`` dossiers each; those there already stay."""
    places = load_places().in_province(PROVINCE)[:communes]
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(2) as pool:
        return list(pool.map(workbook, [folder] * len(places), places, [rows] * len(places), range(len(places))))


def workbook(folder: Path, place: Place, rows: int, number: int) -> Path:
    path = folder / jobs.file_name(place)
    if not path.exists():
        jobs.new(load_form(), load_places(), place.code, PERIOD, path, report(number, rows))
    return path


def report(number: int, rows: int) -> dict[str, object]:
    """The object of a ``--values`` file: the register, and form II.06a counted from it."""
    form = load_form()
    table = with_prefix(_register(number % KINDS, rows), f"H29.{number:03}")
    register, _ = register_of(table, load_vocabulary())
    block = form.block(GRID)
    counted = totals(block, register, PERIOD, "rieng")
    inputs = {i.id for i in block.indicators if not i.equals and i.kind != "control"}
    typed = [name for name in INDICATORS if name in inputs]
    grid = [{"linh_vuc": row, **{name: counted.dossiers(row, name) for name in typed}} for row in counted.rows]
    scalars = {
        "tthc_cap_xa": 400 + number,
        **{name: counted.levels.get(name, 0) for name in ("hs_toan_trinh", "hs_mot_phan")},
    }
    fields = [f.id for f in form.block("ho_so").indicators if f.id in table.columns]
    dossiers = [
        {name: cell for name in fields if (cell := _typed(table.columns[name][n])) is not None}
        for n in range(len(table.rows))
    ]
    return {
        "settings": {"rut": "rieng"},
        "scalars": scalars,
        "grids": {GRID: grid},
        "records": {"ho_so": dossiers, "van_ban": [dict(p) for p in papers(PERIOD, Dice(f"{number}"))]},
    }


def with_prefix(table: Table, prefix: str) -> Table:
    """No two communes share a code."""
    codes = tuple(f"{prefix}.{str(code).partition('.')[2]}" for code in table.columns["ma_ho_so"])
    return table._replace(columns={**table.columns, "ma_ho_so": codes})


@cache
def _register(seed: int, rows: int) -> Table:
    """A sound register, a share of whose results come one to eight days after they were due."""
    dossiers, habits = invent(seed, rows, load_calendar(), PERIOD)
    dice = Random(seed)
    for one in dossiers:
        if one.due is None or one.done is None or dice.random() >= LATE:
            continue
        result = one.due + timedelta(days=dice.randrange(1, 9))
        result += timedelta(days=(7 - result.weekday()) if result.weekday() > 4 else 0)
        if result > PERIOD.end:
            one.done, one.returned, one.status = None, None, OPEN[0]
        else:
            one.done = one.returned = datetime.combine(result, time(9))
    return written(dossiers, replace(habits, dates="day"), PERIOD, ()).table


def _typed(cell: object) -> object:
    return cell.date().isoformat() if isinstance(cell, datetime) else cell


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--communes", type=int, default=100)
    options.add_argument("--rows", type=int, default=6000)
    given = options.parse_args()
    print(len(make(given.folder, given.communes, given.rows)), "workbooks in", given.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
