"""The walk of an official, with a real mouse in a live LibreOffice; a picture after each step, for the handbook.

    python docs/pictures/walk.py [FOLDER]        default: docs/so_tay/hinh

Makes the workbook of Vạn Tường from its published report (with dossiers that are invented), builds and installs the
extension into a profile of its own, and lets ``drive.py`` click under Xvfb. Needs LibreOffice with its Python, Xvfb,
xdotool, ImageMagick (``import``), and pngquant for small files; says what is missing and ends with 0 then.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))

PICTURES = ROOT / "docs" / "so_tay" / "hinh"
OFFICE_PYTHON = "/usr/bin/python3"
NEEDED = ("soffice", "unopkg", "Xvfb", "xdotool", "import", "pngquant", OFFICE_PYTHON)
LARGEST = 150_000  # bytes of a picture
SCREEN = "1366x768"

SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Misc">
<prop oor:name="ShowTipOfTheDay" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>vi-VN</value></prop></item>
</oor:items>
"""


def main(folder: Path = PICTURES) -> int:
    missing = [tool for tool in NEEDED if not shutil.which(tool)]
    if missing:
        print(f"Không chụp được hình: thiếu {', '.join(missing)}.")
        return 0
    work = Path(tempfile.mkdtemp(prefix="tthc-hinh-"))
    display = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", f"{SCREEN}x24", "-ac", "-nolisten", "tcp"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert display.stdout is not None
        number = display.stdout.readline().strip()
        prepare(work)
        done = subprocess.run(
            [*as_a_user(work), f"DISPLAY=:{number}", OFFICE_PYTHON, "-B", str(HERE / "drive.py"), str(work)],
            check=False,
        )
        if done.returncode == 0:
            for picture in sorted(work.glob("*.png")):
                keep(picture, folder / picture.name)
        return done.returncode
    finally:
        display.terminate()
        display.wait()
        shutil.rmtree(work, ignore_errors=True)


def prepare(work: Path) -> None:
    """The workbook and a LibreOffice profile with the extension."""
    from macros import oxt

    profile = work / "lo" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(SETTINGS, encoding="utf-8")
    (work / "bao_cao_van_tuong.xlsx").write_bytes(workbook())
    oxt.build(work / oxt.FILE_NAME)
    for path in (work, *work.rglob("*")):
        path.chmod(0o777)
    command = ["unopkg", "add", "-s", "-f", f"-env:UserInstallation={(work / 'lo').as_uri()}"]
    subprocess.run([*as_a_user(work), *command, str(work / oxt.FILE_NAME)], check=True)


def as_a_user(home: Path) -> list[str]:
    """LibreOffice installs no extension for root."""
    start = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    return [*start, "env", f"HOME={home}"]


def workbook() -> bytes:
    from toolkit.values import parse_values
    from workbook.build import build
    from workbook.demo import published_reports
    from workbook.forms import load_form, load_places

    form, places = load_form(), load_places()
    report = published_reports(form)[0]
    place = places.find(report.commune)
    assert place is not None
    values = parse_values(report.data, form)
    extra = parse_values({"records": {"ho_so": [dossier(n) for n in range(12)]}}, form)
    values = replace(values, records={**values.records, **extra.records})
    return build(form, place, places.province(place.province), report.period, values)


def dossier(n: int) -> dict[str, object]:
    """An invented one; a third are late."""
    received = date(2025, 9, 8) + timedelta(days=n + 2 * (n // 5))
    due = received + timedelta(days=(7, 21, 14)[n % 3])
    done = n % 3 == 2
    ready = {"ngay_ket_qua": (received + timedelta(days=1)).isoformat()} if done else {}
    return {
        "ma_ho_so": f"000.00.00.H48-{received:%y%m%d}-{1000 + n}",
        "ten_tthc": ("Đăng ký khai sinh", "Chứng thực bản sao từ bản chính", "Đăng ký biến động đất đai")[n % 3],
        "linh_vuc": ("Hộ tịch", "Chứng thực", "Đất đai")[n % 3],
        "hinh_thuc": ("Trực tuyến", "Trực tiếp")[n % 2],
        "muc_do": ("Toàn trình", "Trực tiếp")[n % 2],
        "ngay_tiep_nhan": received.isoformat(),
        "ngay_hen_tra": due.isoformat(),
        **ready,
        "trang_thai": "Đã giải quyết" if done else "Đang xử lý",
    }


def keep(picture: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    command = ["pngquant", "--force", "--strip", "--speed", "1", "64", "--output", str(to), str(picture)]
    subprocess.run(command, check=True)
    size = to.stat().st_size
    print(f"{to.name}: {size // 1000} kB")
    assert size < LARGEST, to


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
