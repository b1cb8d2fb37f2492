"""The Excel add-in, from text: ribbon, VBA and settings sheet to one .xlam file. The same sources, the same bytes.

Settings stand in a sheet of the add-in and nowhere else: an open workbook, its folder and the user's own folder are
never asked. So do the few sentences that VBA says while Python is not there yet.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import NamedTuple

from macros import ribbon_xml, udf_wrapper, xlwings_vba
from macros.ovba import Module, vba_project
from toolkit.wording import finding
from workbook.files import Refused, write
from workbook.ooxml import Package

SUFFIX = ".xlam"
FILE_NAME = f"tthc{SUFFIX}"
SHEET = f"{xlwings_vba.PROJECT}.conf"
DOCUMENTS = ("ThisWorkbook", "Sheet1")
"""Modules that belong to the workbook and to its sheet; the names stand in the workbook too."""


class Place(NamedTuple):
    """Where the add-in finds Python. Plain ASCII: VBA asks Windows in the code page of the PC. May hold %NAMES%."""

    interpreter: str = r"%ProgramData%\TTHC\python\pythonw.exe"
    python_path: str = r"%ProgramData%\TTHC\app"  # folder of our packages; never "", see ``settings``
    temporary: str = r"%ProgramData%\TTHC\tmp"


def build(out: Path, place: Place | None = None) -> Path:
    """Writes the add-in. Raises ``Refused``: CD_001 without xlwings, CD_002 with one that we do not know, CD_013 for a
    name that Excel would not take for an add-in."""
    if out.suffix.lower() != SUFFIX:
        raise Refused(finding("CD_013", tep=out.name))
    write(out, addin(place or Place()))
    return out


def addin(place: Place) -> bytes:
    """The .xlam file. Raises ``Refused`` as ``build`` does."""
    all_modules, ribbon = modules(), ribbon_xml.ribbon_xml()
    return package(all_modules, settings(place, fingerprint(all_modules, ribbon)), ribbon)


def modules() -> tuple[Module, ...]:
    """Our VBA, that of xlwings, and the worksheet functions when there are any. Raises ``Refused``."""
    ours = {path.stem: path.read_text(encoding="ascii") for path in _sources()}
    try:
        theirs = {"xlwings": xlwings_vba.xlwings_module()}
    except xlwings_vba.Unknown as unknown:
        version = unknown.args[0]
        raise Refused(finding("CD_002", phien_ban=version) if version else finding("CD_001")) from unknown
    functions = udf_wrapper.vba_source()
    if functions:
        theirs["xlwings_udfs"] = functions
    documents = [Module(name, ours.pop(name), "document") for name in DOCUMENTS]
    return (*documents, *(Module(name, source, "standard") for name, source in (ours | theirs).items()))


def fingerprint(all_modules: Iterable[Module], ribbon: str) -> str:
    """Twelve digits that tell one build from another, wherever it was installed."""
    return hashlib.sha256(repr((tuple(all_modules), ribbon, sentences())).encode()).hexdigest()[:12]


def settings(place: Place, build: str) -> tuple[tuple[str, str], ...]:
    """The rows of the settings sheet; the keys are those of xlwings, and ours.

    Raises ValueError for a Python path with an empty or relative piece: to Python that means the current folder, which
    is often the folder of the open workbook.
    """
    if not all(_absolute(piece) for piece in place.python_path.split(";")):
        raise ValueError(place.python_path)
    return (
        ("INTERPRETER_WIN", place.interpreter),
        ("PYTHONPATH", place.python_path),
        ("ADD_WORKBOOK_TO_PYTHONPATH", "false"),
        ("USE UDF SERVER", "True"),  # one Python process stays: a click does not wait for a new one
        ("SHOW CONSOLE", "False"),
        ("TEMP DIR", place.temporary),
        ("BUILD", build),
        *sentences(),
    )


def sentences() -> tuple[tuple[str, str], ...]:
    """What VBA says without Python, and the help of the functions."""
    from macros.udf_help import settings_rows  # late: it brings the functions and their rules

    return (*_SENTENCES, *settings_rows())


def package(all_modules: Sequence[Module], rows: Iterable[tuple[str, str]], ribbon: str) -> bytes:
    """A workbook with a sheet of settings, made an add-in with VBA and a ribbon."""
    import xlsxwriter  # late, like in every module that a click may load

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"title": "Báo cáo xã", "created": _CREATED})
    sheet = book.add_worksheet(SHEET)
    for at, (key, value) in enumerate(rows):
        sheet.write_string(at, 0, key)
        sheet.write_string(at, 1, value)
    book.set_vba_name(DOCUMENTS[0])
    sheet.set_vba_name(DOCUMENTS[1])
    book.add_vba_project(io.BytesIO(vba_project(xlwings_vba.PROJECT, all_modules)), is_stream=True)
    book.close()

    parts = Package(stream.getvalue())
    _replace(parts, "[Content_Types].xml", "ms-excel.sheet.macroEnabled.main", "ms-excel.addin.macroEnabled.main")
    relationship = f'<Relationship Id="rIdRibbon" Type="{ribbon_xml.RELATIONSHIP}" Target="{ribbon_xml.PART}"/>'
    _replace(parts, "_rels/.rels", "</Relationships>", f"{relationship}</Relationships>")
    parts.write(ribbon_xml.PART, ribbon.encode())
    return parts.to_bytes()


_CREATED = datetime(2026, 1, 1)
_VBA = Path(__file__).parent / "vba"

_SENTENCES = (
    ("MSG TITLE", "Báo cáo xã"),
    (
        "MSG NO WORKBOOK",
        "Chưa có sổ nào đang mở để làm việc. Hãy mở sổ báo cáo (hoặc một sổ trống) rồi bấm lại. Nếu thấy thanh vàng "
        "“Protected View” (Dạng xem được bảo vệ) ở đầu cửa sổ thì bấm “Enable Editing” (Bật chỉnh sửa) trước.",
    ),
    (
        "MSG NO PYTHON",
        "Không tìm thấy Python của bộ công cụ; có thể thư mục cài đặt đã bị xóa hoặc bị phần mềm diệt vi-rút giữ lại. "
        "Sổ của anh chị không thay đổi. Hãy cài lại bộ công cụ, hoặc gửi ảnh hộp thoại này cho người hỗ trợ.",
    ),
    (
        "MSG FAILED",
        "Công cụ chưa chạy được và đã dừng. Hãy lưu sổ, đóng Excel, mở lại rồi bấm một lần nữa. Nếu vẫn như vậy, hãy "
        "gửi ảnh hộp thoại này cho người hỗ trợ; dòng dưới đây là để người hỗ trợ đọc.",
    ),
    (
        udf_wrapper.NO_ANSWER,
        "Lỗi: chưa gọi được Python của bộ công cụ. Bấm Tự kiểm tra, hoặc lưu sổ, đóng Excel rồi mở lại.",
    ),
)


def _absolute(path: str) -> bool:
    return path.startswith("%") or PureWindowsPath(path).is_absolute() or PurePosixPath(path).is_absolute()


def _sources() -> list[Path]:
    return sorted(path for path in _VBA.iterdir() if path.suffix in (".bas", ".cls"))


def _replace(parts: Package, name: str, old: str, new: str) -> None:
    text = parts.read(name).decode()
    assert text.count(old) == 1, name
    parts.write(name, text.replace(old, new).encode())
