#!/usr/bin/env python3
"""The two commands of a newcomer. Needs Python 3.11 or later and nothing else.

    python start.py         makes .venv, installs the product, shows the whole path on the figures of real communes
    python start.py test    makes .venv-test, installs what the tests need, runs every check

On Windows say ``py`` instead of ``python``. Running a command again is quick: it installs only what has changed.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
PACKAGES = ("toolkit", "workbook", "macros", "xlsx_templates", "hatch_build.py")
MADE = (".pyc", ".so")  # by Python and by our build: no source
DEMO_FOLDER = "ket_qua"
COMPILER = ("gcc", "libc6-dev")
OFFICE = ("libreoffice-calc", "python3-uno", "poppler-utils", "fonts-liberation")  # Debian and Ubuntu names


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036  # the one place that an older Python reaches
        return stop("Cần Python 3.11 trở lên; máy đang chạy " + sys.version.split()[0] + ". Cài bản mới rồi chạy lại.")
    if arguments == []:
        return demo()
    if arguments == ["test"]:
        return test()
    print(__doc__)
    return 0 if arguments in (["-h"], ["--help"]) else 2


def demo() -> int:
    python = environment(ROOT / ".venv", extra="")
    if python is None:
        return 1
    command = [str(python), "-P", "-m", "macros.cli"]  # -P: run what was installed, not the folder we stand in
    return subprocess.call([*command, "demo", DEMO_FOLDER], cwd=ROOT)


def test() -> int:
    installed("trình biên dịch C", ("cc",), COMPILER)  # what it compiles is tested where there is one
    python = environment(ROOT / ".venv-test", extra="[test]")
    if python is None:
        return 1
    office = installed("LibreOffice", ("soffice", "pdftoppm"), OFFICE) or shutil.which("soffice") is not None
    lint_imports = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    checks = {
        "ruff check": ["-m", "ruff", "check", "."],
        "ruff format": ["-m", "ruff", "format", "--check", "."],
        "mypy": ["-m", "mypy"],
        "lint-imports": ["-c", lint_imports],
        "pytest": ["-m", "pytest", "-n", "auto"],
    }
    failed = []
    for name, command in checks.items():
        print(f"\n== {name}", flush=True)
        if subprocess.call([str(python), *command], cwd=ROOT) != 0:
            failed.append(name)
    if not office:
        print(f"\nChưa có LibreOffice nên các phép thử cần nó đã bỏ qua. Cài: {how_to_get_office()}")
    print("\n" + ("Không đạt: " + ", ".join(failed) if failed else "Mọi phép thử đều đạt."))
    missing_in_ci = not office and bool(os.environ.get("CI"))
    return 1 if failed or missing_in_ci else 0


def environment(folder: Path, extra: str) -> Path | None:
    """The Python of a virtual environment that holds this product; None, after saying why, when there is none."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    # An environment does not survive being moved or a change of Python: then it is made anew.
    made_for = f"{folder} {sys.version}"
    if stamp(folder, "made") != made_for or not python.exists():
        print(f"Đang tạo môi trường Python riêng trong {folder.name} …", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        if subprocess.call([sys.executable, "-m", "venv", str(folder)]) != 0:
            shutil.rmtree(folder, ignore_errors=True)
            stop("Python của máy thiếu phần venv. Trên Debian, Ubuntu: sudo apt install python3-venv, rồi chạy lại.")
            return None
        write_stamp(folder, "made", made_for)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    wanted = {"needs": digest(ROOT / "pyproject.toml"), "code": digest(*map(ROOT.joinpath, PACKAGES))}
    try:
        if stamp(folder, "needs") != wanted["needs"]:
            print("Đang cài các gói cần thiết (lần đầu mất một vài phút) …", flush=True)
            subprocess.check_call([*pip, f".{extra}"], cwd=ROOT)
        elif stamp(folder, "code") != wanted["code"]:
            subprocess.check_call([*pip, "--no-deps", "--force-reinstall", "."], cwd=ROOT)
    except subprocess.CalledProcessError:
        stop("Không cài được các gói Python: xem dòng báo lỗi ở trên; kiểm tra kết nối mạng rồi chạy lại.")
        return None
    for name, value in wanted.items():
        write_stamp(folder, name, value)
    return python


def installed(name: str, commands: tuple[str, ...], packages: tuple[str, ...]) -> bool:
    """Whether all commands are there, after trying to install them where that needs no question to anybody."""
    if not all(map(shutil.which, commands)) and shutil.which("apt-get"):
        sudo = [] if hasattr(os, "geteuid") and os.geteuid() == 0 else ["sudo", "-n"]
        if not sudo or shutil.which("sudo"):
            print(f"Đang cài {name} …", flush=True)
            apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
            subprocess.call([*apt, "update"], stdout=subprocess.DEVNULL)
            subprocess.call([*apt, "install", "--no-install-recommends", *packages], stdout=subprocess.DEVNULL)
    return all(map(shutil.which, commands))


def how_to_get_office() -> str:
    if shutil.which("apt-get"):
        return "sudo apt install " + " ".join(OFFICE)
    return "LibreOffice (libreoffice.org), và thêm thư mục chứa soffice vào PATH"


def digest(*paths: Path) -> str:
    files = sorted(f for p in paths for f in (p.rglob("*") if p.is_dir() else [p]) if f.is_file())
    total = hashlib.sha256()
    for file in files:
        if file.suffix not in MADE:
            total.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def stamp(folder: Path, name: str) -> str:
    file = folder / f"stamp-{name}.txt"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def write_stamp(folder: Path, name: str, value: str) -> None:
    (folder / f"stamp-{name}.txt").write_text(value, encoding="utf-8")


def stop(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")  # an old Windows console cannot write Vietnamese
    sys.exit(main(sys.argv[1:]))
