"""What a colleague in a province's office would write with pandas: read each file, add up, write a sheet.

    python benchmarks/naive_merge.py FOLDER OUT.xlsx [--tuned]

``--tuned``: by somebody who knows: the fast reader, one open a file, the fast writer. It checks nothing, counts
calendar days, and writes neither formulas nor formats nor sources: it does less than the product.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

END = pd.Timestamp(date(2025, 9, 25))
FIRST_GRID_ROW, FIRST_DOSSIER_ROW = 8, 3  # rows above the figures, and above the heading of the register
COLUMNS = ["tt", "linh_vuc", *(f"({n})" for n in range(3, 15))]


def merge(folder: Path, out: Path, tuned: bool) -> int:
    engine = "calamine" if tuned else "openpyxl"
    grids, registers = [], []
    for path in sorted(folder.glob("*.xlsx")):
        source: Any = pd.ExcelFile(path, engine=engine) if tuned else path
        options: dict[str, Any] = {} if tuned else {"engine": engine}
        grid = pd.read_excel(source, sheet_name="II.06a", header=None, skiprows=FIRST_GRID_ROW, **options)
        grid = grid.iloc[:, : len(COLUMNS)].set_axis(COLUMNS, axis=1)
        grid = grid[pd.to_numeric(grid["tt"], errors="coerce").notna()]
        register = pd.read_excel(source, sheet_name="Hồ sơ", header=FIRST_DOSSIER_ROW, **options)
        grid["xa"] = register["xa"] = path.stem
        grids.append(grid)
        registers.append(register)
        if tuned:
            source.close()
    totals, dossiers = pd.concat(grids), pd.concat(registers)
    days = ("Ngày hẹn trả", "Ngày có kết quả")
    due, done = (pd.to_datetime(dossiers[name], dayfirst=True, errors="coerce") for name in days)
    dossiers["Số ngày quá hạn"] = (done.fillna(END).dt.normalize() - due.dt.normalize()).dt.days
    late = dossiers[dossiers["Số ngày quá hạn"] > 0]
    with pd.ExcelWriter(out, engine="xlsxwriter" if tuned else "openpyxl") as writer:
        totals.groupby("linh_vuc", sort=False)[COLUMNS[2:]].sum().to_excel(writer, sheet_name="Tổng hợp")
        totals.groupby("xa")[COLUMNS[2:]].sum().to_excel(writer, sheet_name="Theo xã")
        late.to_excel(writer, sheet_name="Quá hạn", index=False)
    return len(late)


if __name__ == "__main__":
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("folder", type=Path)
    given.add_argument("out", type=Path)
    given.add_argument("--tuned", action="store_true")
    asked = given.parse_args()
    print(merge(asked.folder, asked.out, asked.tuned), "late dossiers")
