"""The folder of a merge's memory: what it is called, and how its files are known as our own."""

from __future__ import annotations

import re
from pathlib import Path

from workbook.sniff import read_up_to

SUFFIX = ".tthc"
SIGN = "LA_GI.txt"
INDEX = "lan_truoc"
ENTRY = re.compile(r"[0-9a-f]{64}\.[0-9a-f]{16}")
TEMPORARY = re.compile(r"~.*\.tmp")
ABOUT = """tthc-memory 1

Thư mục này do tthc tạo, để lần tổng hợp sau chỉ đọc các tệp đã đổi và kể được điều gì đã thay đổi.
Trong này không có tên người, số giấy tờ hay số điện thoại. Có thể xóa cả thư mục bất cứ lúc nào.
""".encode()


def folder_of(out: Path) -> Path:
    """Where the memory of the result ``out`` is."""
    return out.with_name(out.stem + SUFFIX)


def is_memory(path: Path) -> bool:
    """Whether a file belongs to a memory: our own output, never an input. Anything else in its folder does not."""
    if not path.parent.name.endswith(SUFFIX):
        return False
    ours = path.name in (SIGN, INDEX) or ENTRY.fullmatch(path.name) or TEMPORARY.fullmatch(path.name)
    return bool(ours) and content_of(path.with_name(SIGN), len(ABOUT)) == ABOUT


def content_of(path: Path, most: int) -> bytes:
    """b"" for what is no regular file, cannot be read or is larger than ``most``."""
    try:
        if not path.is_file():  # a pipe would be waited for
            return b""
        with path.open("rb") as stream:
            content = read_up_to(stream, most)
    except OSError:
        return b""
    return content if len(content) <= most else b""
