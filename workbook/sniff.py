"""First bytes -> what a file really is, whatever its extension says; a coded reason when it is no workbook of ours."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import BinaryIO

from workbook.files import is_leftover, reason

MOST_BYTES = 50_000_000
"""A file of one commune is below 5 MB; a folder of pictures pasted into one is not a report."""

_EXCEL_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".xltx", ".xltm", ".et", ".ett"})
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = rb"(?is)\s*+(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html|head|body|meta|style|table|div)\b"
_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")


class Unreadable(Exception):
    """A file that is not a readable report. ``code`` and ``fields`` make the sentence: ``finding(code, **fields)``."""

    def __init__(self, code: str, **fields: object) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields


def take(path: Path) -> bytes:
    """The bytes of a file, read once. Raises Unreadable: TEP_005 empty, TEP_006 too large, TEP_008 a lock file,
    TEP_014 a temporary file of ours (both told by their names, never opened), TEP_015 a folder, TEP_009 unreadable."""
    require_name(path)
    try:
        with open(path, "rb") as stream:
            content = read_up_to(stream, MOST_BYTES)
    except OSError as fault:
        if path.is_dir():  # each system has its own number for that
            raise Unreadable("TEP_015", ten=path.name) from fault
        raise Unreadable("TEP_009", ly_do=reason(fault)) from fault
    if not content:
        raise Unreadable("TEP_005")
    if len(content) > MOST_BYTES:
        raise Unreadable("TEP_006", ly_do=f"tệp lớn hơn {MOST_BYTES // 1_000_000} MB")
    return content


def require_name(path: Path) -> None:
    """Raises Unreadable for what is told by its name: TEP_008, TEP_014."""
    if is_lock(path.name):
        raise Unreadable("TEP_008")
    if is_leftover(path):
        raise Unreadable("TEP_014")


def is_lock(name: str) -> bool:
    """Whether a file so called only says that somebody has another one open, in Excel or in LibreOffice."""
    return name.startswith("~$") or (name.startswith(".~lock.") and name.endswith("#"))


def read_up_to(stream: BinaryIO, most: int) -> bytes:
    """What is left of an open file, up to a byte more than ``most``. Asked for in the size that it says it has: room
    for the largest one would be made, and given back, for each."""
    size = min(os.fstat(stream.fileno()).st_size, most)
    content = stream.read(size + 1)
    return content if len(content) <= size or size == most else content + stream.read(most - size)


def take_again(path: Path, sha256: str) -> bytes:
    """The bytes that were taken before. Raises Unreadable (TEP_009) when the file has changed since."""
    import hashlib  # late: milliseconds that a file need not wait for before it is parsed

    content = take(path)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Unreadable("TEP_009", ly_do="tệp vừa được ghi lại trong lúc đang đọc")
    return content


def require_zip(content: bytes, name: str) -> None:
    """Pass a zip archive (an .xlsx is one); raise Unreadable with what else the file is: TEP_001 damaged or of another
    format, TEP_002 encrypted, TEP_003 a web page, TEP_004 an old .xls, TEP_010 no workbook at all."""
    if content.startswith(b"PK"):
        return
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Unreadable("TEP_002")
        if any(stream.encode("utf-16-le") in content for stream in ("Workbook", "Book")):
            raise Unreadable("TEP_004")
        raise not_excel(name)
    start = content[:4096]
    if start[:2] in _UTF16_BOMS:
        start = start.replace(b"\0", b"")[2:]
    start = start.removeprefix(_UTF8_BOM)
    if re.match(_HTML, start) or b"<html" in start.lower() or start.lower().startswith(b"mime-version:"):
        raise Unreadable("TEP_003")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise Unreadable("TEP_001", ly_do="đây là bảng tính XML đời 2003")
    if not start.strip(b"\0"):
        raise Unreadable("TEP_001", ly_do="tệp chỉ có byte 0, có thể chép hoặc tải về chưa xong")
    raise not_excel(name)


def is_excel_name(name: str) -> bool:
    """Whether a file calls itself a workbook."""
    return Path(name).suffix.lower() in _EXCEL_SUFFIXES


def not_excel(name: str) -> Unreadable:
    """TEP_001 for a file that calls itself a workbook, TEP_010 for one that does not."""
    suffix = Path(name).suffix.lower()
    if is_excel_name(name):
        return Unreadable("TEP_001", ly_do=f"nội dung không phải định dạng của đuôi {suffix}")
    return Unreadable("TEP_010", duoi=suffix or "trống")
