"""A zip file of members that stay as they were and of new ones: the same input gives the same bytes."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import NamedTuple

from workbook.inflate import quick_zlib

_QUICK = 2  # deflate: by ISA-L in a tenth of the time of zlib's usual level, a quarter larger
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # date of new members: the same input gives the same bytes


class Deflated(NamedTuple):
    """A part as it stands in an archive."""

    packed: bytes
    size: int
    crc: int


class Deflating:
    """A part that is deflated piece by piece."""

    def __init__(self, level: int = _QUICK) -> None:
        quick = quick_zlib()
        self._crc32, self._squeeze = quick.crc32, quick.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._packed, self._size, self._crc = bytearray(), 0, 0

    def add(self, piece: bytes | memoryview) -> None:
        self._packed += self._squeeze.compress(piece)
        self._size += len(piece)
        self._crc = self._crc32(piece, self._crc)

    def done(self) -> Deflated:
        self._packed += self._squeeze.flush()
        return Deflated(bytes(self._packed), self._size, self._crc)


class Archive:
    """A zip file in the making, of less than 4 GB."""

    def __init__(self) -> None:
        self._out, self._directory, self._count = io.BytesIO(), bytearray(), 0

    def copy(self, info: zipfile.ZipInfo, name: bytes, extra: bytes, packed: bytes) -> None:
        """A member of another archive. ``name``, ``extra`` and ``packed``: as they stand there."""
        year, month, day, hour, minute, second = info.date_time
        extra, central = _without_zip64(extra), _without_zip64(info.extra)
        common = struct.pack(
            "<5H3L2H",
            20,
            info.flag_bits & ~0x8,  # sizes stand in the header, so that a trailing data descriptor is not needed
            info.compress_type,
            hour << 11 | minute << 5 | second // 2,
            (year - 1980) << 9 | month << 5 | day,
            info.CRC,
            info.compress_size,
            info.file_size,
            len(name),
            len(extra),
        )
        self._directory += struct.pack("<4s2B", b"PK\1\2", 20, info.create_system) + common[:-2]
        self._directory += struct.pack(
            "<4H2L", len(central), len(info.comment), 0, info.internal_attr, info.external_attr, self._out.tell()
        )
        self._directory += name + central + info.comment
        self._out.write(b"PK\3\4" + common + name + extra)
        self._out.write(packed)
        self._count += 1

    def add(self, name: str, data: bytes | Deflated, instead: zipfile.ZipInfo | None = None) -> None:
        """A member of our own, which keeps the date and the attributes of the one it stands instead of."""
        if isinstance(data, bytes):
            whole = Deflating()
            whole.add(data)
            data = whole.done()
        info = zipfile.ZipInfo(name, instead.date_time if instead else _FIRST_DAY)
        if instead:
            info.external_attr, info.internal_attr = instead.external_attr, instead.internal_attr
            info.create_system = instead.create_system
        info.CRC, info.file_size, info.compress_size = data.crc, data.size, len(data.packed)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.flag_bits = 0 if name.isascii() else 0x800  # name in UTF-8
        self.copy(info, name.encode(), b"", data.packed)

    def to_bytes(self, comment: bytes = b"") -> bytes:
        """The whole archive, once everything is in it."""
        size, start = len(self._directory), self._out.tell()
        end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, self._count, self._count, size, start, len(comment))
        self._out.write(self._directory + end + comment)
        return self._out.getvalue()


def _without_zip64(extra: bytes) -> bytes:
    """An extra field without the sizes that stand in the header now."""
    kept = b""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        if kind != 1:
            kept += extra[at : at + 4 + size]
        at += 4 + size
    return kept
