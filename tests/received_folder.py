"""A folder as a province receives it: small reports of a few communes, a damaged one, and what is no report."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from toolkit.records import Period
from workbook import jobs
from workbook.forms import load_form, load_places

FORM, PLACES = load_form(), load_places()
PROVINCE = "51"
PERIOD = Period(date(2025, 7, 1), date(2025, 9, 25))


def fill(folder: Path, communes: int) -> Path:
    """Reports of the first communes of the province, each with nine dossiers, and a file that is cut off."""
    for place in PLACES.in_province(PROVINCE)[:communes]:
        rows = [{"linh_vuc": "Đất đai", "truc_tuyen": int(place.code) % 97, "truoc_han": 3, "dang_trong_han": 5}]
        dossiers = [
            {"ma_ho_so": f"H48.{place.code}-{n:04}", "ngay_tiep_nhan": "2025-07-02", "ngay_hen_tra": f"2025-07-{3 + n}"}
            for n in range(9)
        ]
        values = {"grids": {"bieu_06a": rows}, "records": {"ho_so": dossiers}}
        jobs.new(FORM, PLACES, place.code, PERIOD, folder / jobs.file_name(place), values)
    (folder / "hỏng.xlsx").write_bytes(b"PK\x03\x04 cut off")
    return folder
