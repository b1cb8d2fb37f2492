"""What "Tự kiểm tra" looks at: is everything there that the buttons need, on this computer. One text file to send back.

Gathering and judging are apart: ``checks`` is pure. The file holds versions and settings, no path, no name of a person
or a computer, nothing of a workbook.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from workbook.files import Refused, write

REPORT = "tu_kiem_tra.txt"
OLDEST_PYTHON, OLDEST_EXCEL = (3, 11), 14
PACKAGES = ("xlwings", "pywin32", "python-calamine", "XlsxWriter")
"""What the buttons cannot do without, as their packages are called."""

WORDS = {
    "python": "Python",
    "python_bits": "Python 64 bit",
    "system": "Hệ điều hành",
    "package": "Gói {name}",
    "form": "Mẫu báo cáo, mã nhận dạng",
    "libraries": "Thư viện của xlwings cạnh Python",
    "ascii": "Thư mục Python không có dấu",
    "writable": "Ghi được tệp vào thư mục tạm",
    "code_page": "Bảng mã của Windows",
    "excel": "Excel",
    "excel_system": "Excel 32 hay 64 bit",
    "excel_region": "Dấu thập phân, dấu ngăn cách, mã nước",
    "addin": "Bộ nút trong XLSTART",
    "interpreter": "Python mà bộ nút gọi",
    "trusted": "Excel cho chạy VBA và tin thư mục XLSTART",
}


class Check(NamedTuple):
    name: str  # key of WORDS
    ok: bool | None  # None: only told, nothing to judge
    value: str  # what was found
    about: str = ""  # which package


class Excel(NamedTuple):
    version: str  # "16.0"; "" when Excel did not say
    build: str
    system: str  # "Windows (64-bit) NT 10.00": the bits are those of Excel
    region: str  # decimal sign, list separator, country code


class Facts(NamedTuple):
    python: tuple[int, int, int]
    bits: int
    system: str
    packages: Mapping[str, str]  # version; "" when it is not installed
    form: str
    libraries: bool  # those of xlwings, where the add-in looks for them
    ascii: bool
    writable: bool
    code_page: int | None  # ANSI code page; None where there is none
    excel: Excel | None  # None when no Excel was asked


def run(app: Any | None, folder: Path) -> tuple[Path, tuple[Check, ...]]:
    """Looks at this computer and at the running Excel (an ``xlwings.App``), writes the report into ``folder``.

    Raises ``Refused`` (RA_002) when the report cannot be written there.
    """
    found = checks(gather(app, folder))
    path = folder / REPORT
    write(path, report(found).encode("utf-8-sig"))  # with a mark, so that an old Notepad reads Vietnamese
    return path, found


def checks(facts: Facts) -> tuple[Check, ...]:
    """What was found, each with a verdict where there is one."""
    excel = facts.excel
    return (
        Check("python", facts.python >= OLDEST_PYTHON, ".".join(map(str, facts.python))),
        Check("python_bits", facts.bits == 64, str(facts.bits)),
        Check("system", None, facts.system),
        *(Check("package", bool(version), version, name) for name, version in facts.packages.items()),
        Check("form", None, facts.form),
        Check("libraries", facts.libraries, ""),
        Check("ascii", facts.ascii, ""),
        Check("writable", facts.writable, ""),
        Check("code_page", None, "" if facts.code_page is None else str(facts.code_page)),
        *(
            (
                Check("excel", _major(excel.version) >= OLDEST_EXCEL, f"{excel.version} ({excel.build})"),
                Check("excel_system", None, excel.system),
                Check("excel_region", None, excel.region),
            )
            if excel
            else ()
        ),
    )


def report(found: Iterable[Check]) -> str:
    """The text of the report, one line for each check; the same for the same computer."""
    listed = tuple(found)
    failed = sum(check.ok is False for check in listed)
    first = "Mọi điều kiện đều đạt." if not failed else f"{failed} điều kiện chưa đạt, xem các dòng CHƯA ĐẠT."
    return "\n".join(["Tự kiểm tra bộ công cụ Báo cáo xã", first, "", *map(line, listed), ""])


def line(check: Check) -> str:
    verdict = {True: "ĐẠT", False: "CHƯA ĐẠT", None: "thông tin"}[check.ok]
    words = WORDS[check.name].format(name=check.about)
    return f"[{verdict}] {words}" + (f": {check.value}" if check.value else "")


def gather(app: Any | None, folder: Path) -> Facts:
    from importlib import metadata  # late: a click on another button needs none of it
    from platform import platform

    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = ""
    python = Path(sys.executable).parent
    return Facts(
        python=sys.version_info[:3],
        bits=64 if sys.maxsize > 2**32 else 32,
        system=platform(),
        packages=versions,
        form=form_digest(),
        libraries=all(
            any((f / n).is_file() for f in (python, python.parent)) for n in library_names(versions["xlwings"])
        ),
        ascii=str(python).isascii(),
        writable=_writable(folder),
        code_page=_code_page(),
        excel=None if app is None else excel_facts(app),
    )


def excel_facts(app: Any) -> Excel:
    """What Excel says of itself; "" for what it does not say."""

    def ask(question: Any) -> str:
        with suppress(Exception):  # a broken answer of Excel is a finding, not a fault
            return str(question())
        return ""

    numbers = {"decimal": 3, "list": 5, "country": 1}  # XlApplicationInternational
    return Excel(
        version=ask(lambda: app.api.Version),
        build=ask(lambda: app.api.Build),
        system=ask(lambda: app.api.OperatingSystem),
        region=" ".join(ask(lambda n=n: app.api.International(n)) for n in numbers.values()),
    )


def library_names(version: str) -> tuple[str, str]:
    """Libraries of xlwings for a 32-bit and a 64-bit Excel; looked for beside Python or one folder up."""
    return f"xlwings32-{version}.dll", f"xlwings64-{version}.dll"


def form_digest() -> str:
    """Twelve digits that tell one form file from another."""
    import xlsx_templates  # late

    text = (Path(xlsx_templates.__file__).parent / "bao_cao_xa.toml").read_text(encoding="utf-8")
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _major(version: str) -> int:
    head = version.split(".")[0]
    return int(head) if head.isdecimal() else 0


def _writable(folder: Path) -> bool:
    try:
        write(folder / "tthc_thu_ghi.tmp", b"")
        (folder / "tthc_thu_ghi.tmp").unlink()
    except (Refused, OSError):
        return False
    return True


def _code_page() -> int | None:
    import ctypes

    windows = getattr(ctypes, "windll", None)
    return int(windows.kernel32.GetACP()) if windows else None
