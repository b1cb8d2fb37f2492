"""The members of a workbook's archive, unpacked within safe limits."""

from __future__ import annotations

import re
import zlib
from collections.abc import Container, Mapping, Sequence
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from workbook.inflate import Inflater
from workbook.sniff import Unreadable, is_excel_name, not_excel

MOST_PARTS = 5_000
MOST_UNPACKED = 300_000_000  # bytes, all parts together
MOST_RATIO = 200  # unpacked / packed, once it is worth asking
RATIO_FROM = 30_000_000

WORKBOOK = "xl/workbook.xml"

_SPOILT = (BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError)
# Compiled when first asked for: few books have anything of the kind.
_MARKUP_DECLARATION = rb"(?i)<!\s*(?:DOCTYPE|ENTITY)"


class Members:
    """Raises Unreadable where the archive is to blame."""

    by_name: Mapping[str, ZipInfo]
    """By their names as ``plain`` spells them."""

    def __init__(self, content: bytes, name: str) -> None:
        """``name``: of the file, for what is said of one that is no workbook."""
        self._zip = _opened(content)
        found = self._zip.infolist()
        _check(found)
        self.by_name = {plain(info.filename): info for info in found}
        if WORKBOOK not in self.by_name:
            raise _no_workbook(self.by_name, content, name)
        self._inflater = Inflater(content, found)

    def unpacked(self, name: str) -> bytes:
        """The content of a part; b"" when there is none. One that is no UTF-8, or declares entities, is refused."""
        info = self.by_name.get(plain(name))
        if info is None:
            return b""
        content = self._inflater.unpacked(info)
        if content is None:
            content = self._unpacked_slowly(info)
        if b"\0" in content[:4] or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise Unreadable("TEP_001", ly_do="nội dung bên trong không phải chữ UTF-8")
        if b"!" in content and re.search(_MARKUP_DECLARATION, content):
            raise Unreadable("TEP_006", ly_do="nội dung bên trong có khai báo DOCTYPE")
        return content

    def _unpacked_slowly(self, info: ZipInfo) -> bytes:
        try:
            with self._zip.open(info) as stream:  # ``ZipFile.read`` would unpack more than the size stated
                return stream.read(info.file_size + 1)  # to the end, where its checksum must fit
        except _SPOILT as fault:
            raise _spoilt() from fault


def plain(name: str) -> str:
    """A part's name as calamine compares it."""
    return name.lower().replace("\\", "/")


def _opened(content: bytes) -> ZipFile:
    try:
        return ZipFile(BytesIO(content))
    except _SPOILT as fault:
        raise _spoilt() from fault


def _check(members: Sequence[ZipInfo]) -> None:
    """Raises Unreadable for a directory beyond the limits, and for one that readers may understand differently."""
    if len(members) > MOST_PARTS:
        raise Unreadable("TEP_006", ly_do=f"tệp nén có {len(members)} phần")
    # Readers differ in case and slashes: a part that one reader sees and another does not could carry other figures.
    seen = {plain(m.filename) for m in members}
    if len(seen) < len(members):
        raise Unreadable("TEP_001", ly_do="tệp nén có hai phần trùng tên")
    if any(n.startswith("/") or ".." in n.split("/") or ":" in n for n in seen):
        raise Unreadable("TEP_001", ly_do="tệp nén có phần mang tên không hợp lệ")
    if any(m.flag_bits & 1 for m in members):
        raise Unreadable("TEP_002")
    unpacked, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    if unpacked > MOST_UNPACKED or (unpacked > RATIO_FROM and unpacked > MOST_RATIO * packed):
        raise Unreadable("TEP_006", ly_do=f"nội dung bung ra đến {unpacked // 1_000_000} MB")


def _no_workbook(names: Container[str], content: bytes, name: str) -> Unreadable:
    if "mimetype" in names and b"opendocument.spreadsheet" in content[:200]:
        return Unreadable("TEP_011")
    if "word/document.xml" in names and is_excel_name(name):
        return Unreadable("TEP_001", ly_do="đây là tài liệu Word mang đuôi của Excel")
    if "xl/workbook.bin" in names:
        return Unreadable("TEP_001", ly_do="đây là sổ nhị phân .xlsb")
    return not_excel(name)


def _spoilt() -> Unreadable:
    return Unreadable("TEP_001", ly_do="tệp nén hỏng, có thể chép hoặc tải về chưa xong")
