"""A workbook as an archive in memory: whether it is packed in the plain way, and the same with other parts."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, LargeZipFile, ZipFile, ZipInfo

_END = struct.Struct("<4s4H2LH")  # the record at the end
_SIGN = b"PK\5\6"


def is_plain(content: bytes, members: Iterable[ZipInfo]) -> bool:
    """Whether every reader of archives sees the same in it: one directory, told of without contradiction; members
    packed by deflate or not at all, with whole names."""
    at = content.rfind(_SIGN)
    if at < 0 or len(content) < at + _END.size:
        return False
    _, disk, first_disk, here, count, _, _, comment = _END.unpack_from(content, at)
    if (disk, first_disk) != (0, 0) or here != count or at + _END.size + comment != len(content):
        return False
    return all(
        member.compress_type in (ZIP_STORED, ZIP_DEFLATED) and member.orig_filename == member.filename
        for member in members
    )


def with_parts(content: bytes, parts: Mapping[str, bytes]) -> bytes | None:
    """The archive with other contents of some members; None where its directory can be read, but not written again."""
    stream = BytesIO(content)
    try:
        with ZipFile(stream, "a", ZIP_STORED) as archive:
            archive.filelist = [info for info in archive.filelist if info.filename not in parts]
            for name, part in parts.items():
                archive.NameToInfo.pop(name, None)
                archive.writestr(ZipInfo(name), part)
    except (struct.error, ValueError, LargeZipFile):
        return None
    return stream.getvalue()
