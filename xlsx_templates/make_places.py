"""Writes tinh.csv and don_vi_hanh_chinh.csv: facts taken once from the MIT package vietnamadminunits 1.0.4, corrected.

    python xlsx_templates/make_places.py PATH/TO/vietnamadminunits/data/dataset.db

Not part of the product: the package is not a dependency. Each correction is data with its source; see SOURCES.md.
"""

from __future__ import annotations

import csv
import sqlite3
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path

REMARK = "# Nguồn: vietnamadminunits 1.0.4 (giấy phép MIT), đã sửa đến 30/4/2026; xem SOURCES.md"

# Nghị quyết 30/2026/QH16, from 30/4/2026.
CITIES = {"75": "Thành phố Đồng Nai"}

# Nghị quyết 237/NQ-UBTVQH16, from 30/4/2026: ten xã of Đồng Nai become phường.
WARDS = {
    "25270": "Lộc Ninh",
    "25357": "Tân Khai",
    "25363": "Đồng Phú",
    "26116": "Tân Phú",
    "26170": "Trị An",
    "26248": "Trảng Bom",
    "26326": "Dầu Giây",
    "26368": "Long Thành",
    "26425": "Xuân Lộc",
    "26485": "Nhơn Trạch",
}

# Ba Chẽ: two other lists have 06978.
CODES = {"06970": "06978"}


def main(database: str) -> None:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT wardCode, ward, provinceCode, province FROM admin_units").fetchall()
    provinces = {code: CITIES.get(code, name) for _, _, code, name in rows}
    # The full name decides: column wardType contradicts it in four rows (10543, 11848, 31213, 31299).
    communes = {CODES.get(code, code): (name, province) for code, name, province, _ in rows}
    for code, name in WARDS.items():
        old, province = communes[code]
        if old != f"Xã {name}":
            raise SystemExit(f"{code} is {old}, not Xã {name}: read the corrections again")
        communes[code] = (f"Phường {name}", province)
    folder = Path(__file__).parent
    _write(folder / "tinh.csv", ("ma", "loai", "ten"), ((c, *_split(n)) for c, n in provinces.items()))
    _write(
        folder / "don_vi_hanh_chinh.csv",
        ("ma", "loai", "ten", "ma_tinh"),
        ((code, *_split(name), province) for code, (name, province) in communes.items()),
    )


def _split(full_name: str) -> tuple[str, str]:
    """("Đặc khu", "Lý Sơn")."""
    name = " ".join(unicodedata.normalize("NFC", full_name).split())
    kind = next(k for k in ("Xã", "Phường", "Đặc khu", "Tỉnh", "Thành phố") if name.startswith(f"{k} "))
    return kind, name.removeprefix(f"{kind} ")


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(REMARK + "\n")
        csv.writer(file, lineterminator="\n").writerows([header, *sorted(rows)])


if __name__ == "__main__":
    main(sys.argv[1])
