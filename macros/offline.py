"""A folder to carry on a stick, from which a Windows PC without network gets Python, our packages and the buttons.

pip fetches the packages, here and now; all that runs on an official's PC is ``cai_dat.cmd``, which installs from the
folder alone. What is needed stands in ``pyproject.toml`` and nowhere else.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from toolkit.wording import finding
from workbook.files import Refused, write

PYTHON, PLATFORM = "3.12", "win_amd64"
"""The Python that is installed there. 64 bit only: xlwings has no library for a 32-bit Python. Excel may be 32 bit."""

PACKAGES, INSTALL, READ = "goi", "cai_dat.cmd", "DOC_TRUOC.txt"
ON_WINDOWS = ("pywin32",)
"""What xlwings needs on Windows; pip on another system leaves it out."""

_ROOT = Path(__file__).parent.parent
_NAME = "tthc-toolkit[excel]"
_LINES = 5  # of what pip said, for whoever helps

Run = Callable[[Sequence[str]], tuple[int, str]]
"""Arguments for Python -> exit code, what it said on standard error."""


class Made(NamedTuple):
    folder: Path
    packages: tuple[Path, ...]


def make(folder: Path, source: Path = _ROOT, run: Run | None = None) -> Made:
    """Fills ``folder`` with the packages, the script and what to read first; then lets pip prove, without network, that
    nothing is missing among them.

    Raises ``Refused``: CD_010 where there are no sources to make our own package from, CD_011 when pip fails, CD_012
    where packages lie already (old ones would be installed), RA_002 when it cannot be written.
    """
    ask = run or _python
    packages = folder / PACKAGES
    if not (source / "pyproject.toml").is_file():
        raise Refused(finding("CD_010"))
    if packages.exists() and any(packages.iterdir()):
        raise Refused(finding("CD_012", thu_muc=str(packages)))
    only = ("--only-binary=:all:", "--platform", PLATFORM, "--python-version", PYTHON)
    wanted = requirements((source / "pyproject.toml").read_text(encoding="utf-8"))
    prove = ("install", "--dry-run", "--no-index", "--find-links", str(packages), *only, "--target", str(packages))
    for command in (
        ("wheel", "--no-deps", "--wheel-dir", str(packages), str(source)),
        ("download", *only, "--dest", str(packages), *wanted),
        (*prove, _NAME, *ON_WINDOWS),
    ):
        code, said = ask(("-m", "pip", "--disable-pip-version-check", *command))
        if code:
            last = [line for line in said.splitlines() if line.strip()][-_LINES:]
            raise Refused(finding("CD_011", viec=command[0], ly_do=" | ".join(last)))
    write(folder / INSTALL, SCRIPT.replace("\n", "\r\n").encode("ascii"))
    write(folder / READ, TEXT.replace("\n", "\r\n").encode("utf-8-sig"))  # with a mark, for an old Notepad
    return Made(folder, tuple(sorted(packages.glob("*.whl"))))


def requirements(pyproject: str) -> tuple[str, ...]:
    """What pip is asked for: what the product and its buttons need."""
    project = tomllib.loads(pyproject)["project"]
    return (*project["dependencies"], *project["optional-dependencies"]["excel"], *ON_WINDOWS)


def _python(arguments: Sequence[str]) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        env={**os.environ, "TTHC_TOOLKIT_PURE": "1"},  # for Windows: nothing that was compiled here (hatch_build.py)
    )
    return done.returncode, done.stderr


# No brackets around blocks: %ProgramData% or a folder's name may hold one. No word to read: cmd.exe shows Vietnamese
# only with a fitting code page and font, so that Notepad shows the text.
SCRIPT = rf"""@echo off
setlocal
cd /d "%~dp0"
set "PY=%ProgramData%\TTHC\python"
if exist "%PY%\python.exe" goto packages
set "SETUP="
for %%f in (python-{PYTHON}.*-amd64.exe) do set "SETUP=%%f"
if not defined SETUP goto failed
set "PARTS=InstallAllUsers=0 PrependPath=0 Include_launcher=0 Include_test=0 Shortcuts=0"
start /wait "" "%SETUP%" /passive TargetDir="%PY%" %PARTS%
if not exist "%PY%\python.exe" goto failed
:packages
"%PY%\python.exe" -m pip install --no-index --find-links {PACKAGES} --upgrade "{_NAME}"
if errorlevel 1 goto failed
"%PY%\python.exe" -m macros addin install
if errorlevel 1 goto failed
"%PY%\python.exe" -m macros addin status
pause
exit /b 0
:failed
start "" notepad "%~dp0{READ}"
pause
exit /b 1
"""

TEXT = f"""Bộ công cụ Báo cáo xã: cài cho máy không có mạng

Máy cần: Windows 10 trở lên, 64 bit; Excel 2010 trở lên (32 hay 64 bit), không phải bản của Microsoft Store.
Không cần quyền quản trị.

1. Trong thư mục này phải có tệp python-{PYTHON}.x-amd64.exe tải ở python.org. Chưa có thì nhờ người chuẩn bị tải thêm.
2. Chép cả thư mục vào máy. Nhận bằng tệp nén: bấm chuột phải vào tệp nén, chọn Properties, đánh dấu Unblock, rồi mới
   giải nén; không chạy thẳng trong tệp nén.
3. Đóng hẳn Excel. Bấm đúp {INSTALL}, đợi đến khi cửa sổ đen nói xong.
4. Mở Excel: có thẻ Báo cáo xã. Bấm Tự kiểm tra, gửi tệp nó nêu tên cho người hỗ trợ.

Nếu tệp này tự mở ra khi đang cài: việc cài chưa xong. Xem lại bước 1, rồi chụp cửa sổ đen gửi người hỗ trợ.
Mỗi người dùng của máy chạy {INSTALL} một lần. Cài bản mới: chạy lại {INSTALL} của thư mục mới.

Gỡ: mở cửa sổ lệnh, chạy  C:\\ProgramData\\TTHC\\python\\python.exe -m macros addin remove
Chưa ai chạy các bước này trên Windows thật. Thấy gì khác, xin ghi lại và gửi người hỗ trợ.
"""
