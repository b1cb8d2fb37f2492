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

from macros.windows_facts import (
    UNREADABLE,
    child_process_rule,
    code_page,
    language_name,
    registry,
    screen_language,
)
from workbook.files import Refused, write

REPORT = "tu_kiem_tra.txt"
OLDEST_PYTHON, OLDEST_EXCEL = (3, 11), 14
PACKAGES = ("xlwings", "pywin32", "python-calamine", "XlsxWriter")
"""What the buttons in Excel cannot do without, as their packages are called."""

IN_OFFICE = ("xlwings", "XlsxWriter")
"""What they need in LibreOffice; the extension brings both."""

NOT_HERE, NOT_READ = "không cần ở đây", "không đọc được"
ON_OPEN_BOOK = "không có; nút trên sổ đang mở không cần, gộp và nhập tệp .xlsx thì dùng lệnh tthc hoặc Excel"
RULES = {
    "off": (True, "không chặn"),
    "audit": (True, "chỉ ghi lại, không chặn"),
    "warn": (None, "hỏi người dùng trước khi cho chạy"),
    "block": (False, "đang chặn; nhờ người quản trị máy cho phép Excel gọi Python của bộ công cụ"),
    UNREADABLE: (None, NOT_READ),
}
"""State of the rule that stops programs which Excel starts -> verdict, words."""

KINDS = {"store": "Microsoft Store, bộ nút không chạy được", "c2r": "Click-to-Run", "msi": "MSI", "": NOT_READ}

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
    "language": "Ngôn ngữ của Windows",
    "child_processes": "Windows cho Excel gọi Python (quy tắc ASR của Defender)",
    "office": "LibreOffice",
    "excel": "Excel",
    "excel_system": "Excel 32 hay 64 bit",
    "excel_kind": "Excel được cài kiểu nào",
    "excel_language": "Ngôn ngữ của Excel",
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
    kind: str = ""  # key of KINDS
    language: str = ""  # of its screens


class Facts(NamedTuple):
    python: tuple[int, int, int]
    bits: int
    system: str
    windows: bool
    packages: Mapping[str, str]  # version; "" when it is not installed
    form: str
    libraries: bool  # those of xlwings, where the add-in looks for them
    ascii: bool
    writable: bool
    code_page: int | None  # ANSI code page; None where there is none
    language: str  # of the screens of Windows; "" elsewhere
    rule: str  # key of RULES
    excel: Excel | None  # None when no Excel was asked
    office: str | None = None  # version and language of LibreOffice, "" when it does not say; None: it is not used


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
    in_excel = facts.windows and facts.office is None
    return (
        Check("python", facts.python >= OLDEST_PYTHON, ".".join(map(str, facts.python))),
        Check("python_bits", facts.bits == 64 if in_excel else None, str(facts.bits)),
        Check("system", None, facts.system),
        *(_package(facts, name, version) for name, version in facts.packages.items()),
        Check("form", None, facts.form),
        Check("libraries", facts.libraries, "") if in_excel else Check("libraries", None, NOT_HERE),
        Check("ascii", facts.ascii, "") if in_excel else Check("ascii", None, NOT_HERE),
        Check("writable", facts.writable, ""),
        *(_windows(facts) if facts.windows else ()),
        *(_excel(facts.excel) if facts.excel and facts.office is None else ()),
        *(() if facts.office is None else (Check("office", None, facts.office or NOT_READ),)),
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
    from platform import platform  # late: a click on another button needs none of it

    packages = {name: _version(name) for name in PACKAGES}
    python = Path(sys.executable).parent
    inside = _in_office(app)
    return Facts(
        python=sys.version_info[:3],
        bits=64 if sys.maxsize > 2**32 else 32,
        system=platform(),
        windows=sys.platform == "win32",
        packages=packages,
        form=form_digest(),
        libraries=all(
            any((f / n).is_file() for f in (python, python.parent)) for n in library_names(packages["xlwings"])
        ),
        ascii=str(python).isascii(),
        writable=_writable(folder),
        code_page=code_page(),
        language=screen_language(),
        rule=child_process_rule(registry),
        excel=None if app is None or inside else excel_facts(app),
        office=office_version() if inside else None,
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
        kind=_kind(ask(lambda: app.api.Path)),
        language=ask(lambda: language_name(app.api.LanguageSettings.LanguageID(_SCREENS))),
    )


def office_version() -> str:
    """Version and language of the LibreOffice that this Python runs in; "" when it does not say."""
    with suppress(Exception):  # no LibreOffice, or one that only listens
        import uno  # type: ignore[import-not-found, unused-ignore]  # LibreOffice's own

        context = uno.getComponentContext()
        name = "com.sun.star.configuration.ConfigurationProvider"
        provider = context.ServiceManager.createInstanceWithContext(name, context)

        def read(node: str) -> Any:
            path = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
            path.Name, path.Value = "nodepath", f"/org.openoffice.Setup/{node}"
            service = "com.sun.star.configuration.ConfigurationAccess"
            return provider.createInstanceWithArguments(service, (path,))

        return f"{read('Product').ooSetupVersion} ({read('L10N').ooLocale})"
    return ""


def library_names(version: str) -> tuple[str, str]:
    """Libraries of xlwings for a 32-bit and a 64-bit Excel; looked for beside Python or one folder up."""
    return f"xlwings32-{version}.dll", f"xlwings64-{version}.dll"


def form_digest() -> str:
    """Twelve digits that tell one form file from another."""
    import xlsx_templates  # late

    text = (Path(xlsx_templates.__file__).parent / "bao_cao_xa.toml").read_text(encoding="utf-8")
    return hashlib.sha256(text.encode()).hexdigest()[:12]


_SCREENS = 2  # MsoAppLanguageID: of the interface


def _package(facts: Facts, name: str, version: str) -> Check:
    if facts.office is not None and name not in IN_OFFICE:
        return Check("package", None, version or (ON_OPEN_BOOK if name == "python-calamine" else NOT_HERE), name)
    if name == "pywin32" and not facts.windows:
        return Check("package", None, NOT_HERE, name)
    return Check("package", bool(version), version, name)


def _windows(facts: Facts) -> tuple[Check, ...]:
    told = (Check("code_page", None, str(facts.code_page or "")), Check("language", None, facts.language or NOT_READ))
    blocked, words = RULES[facts.rule]
    return told if facts.office is not None else (*told, Check("child_processes", blocked, words))


def _excel(excel: Excel) -> tuple[Check, ...]:
    return (
        Check("excel", _major(excel.version) >= OLDEST_EXCEL, f"{excel.version} ({excel.build})"),
        Check("excel_system", None, excel.system),
        Check("excel_kind", False if excel.kind == "store" else None, KINDS[excel.kind]),
        Check("excel_language", None, excel.language or NOT_READ),
        Check("excel_region", None, excel.region),
    )


def _kind(folder: str) -> str:
    """How Excel was installed, from its folder; the folder itself is not told."""
    low = folder.lower().replace("/", "\\")
    if not low:
        return ""
    return "store" if "\\windowsapps\\" in low else "c2r" if "\\root\\office" in low else "msi"


def _in_office(app: Any | None) -> bool:
    with suppress(Exception):
        return bool(app is not None and app.engine.name == "uno")
    return False


def _version(package: str) -> str:
    """Version of an installed package, or of one that the extension brings; "" for none."""
    from importlib import import_module, metadata  # late

    with suppress(metadata.PackageNotFoundError):
        return metadata.version(package)
    with suppress(Exception):
        return str(import_module(package.lower()).__version__) if package in IN_OFFICE else ""
    return ""


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
