"""What an old .xls (BIFF) would cost to read, before a library reads it: a dense table between its far corners."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from workbook.package import MOST_CELLS
from workbook.sniff import Unreadable

_FREE, _END = 0xFFFFFFFF, 0xFFFFFFFE
_SPOILT = "nội dung bên trong hỏng"
_BOF, _FILEPASS = 0x0809, 0x002F
_CELLS = frozenset({0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E})
"""FORMULA, MULRK, MULBLANK, RSTRING, LABELSST, BLANK, NUMBER, LABEL, BOOLERR, RK."""

_MULTIPLE = frozenset({0x00BD, 0x00BE})  # their last column stands at their end


def check_limits(content: bytes) -> None:
    """Passes a workbook that can be read in bounded memory. Raises Unreadable: TEP_001 damaged, TEP_002 with a
    password, TEP_006 too large."""
    try:
        stream = _workbook_stream(content)
        corners = list(_corners(stream))
    except (struct.error, IndexError, ValueError) as fault:
        raise Unreadable("TEP_001", ly_do=_SPOILT) from fault
    if sum(rows * columns for rows, columns in corners) > MOST_CELLS:
        rows, columns = max(corners, key=lambda corner: corner[0] * corner[1])
        raise Unreadable("TEP_006", ly_do=f"có trang dùng đến {rows} dòng × {columns} cột")


def _corners(stream: bytes) -> Iterator[tuple[int, int]]:
    """Rows and columns used by each sheet (and once for the part before them)."""
    at = rows = columns = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<2H", stream, at)
        if kind == _BOF:
            yield rows, columns
            rows = columns = 0
        elif kind == _FILEPASS:
            raise Unreadable("TEP_002")
        elif kind in _CELLS and size >= 4:
            row, column = struct.unpack_from("<2H", stream, at + 4)
            if kind in _MULTIPLE:
                column = struct.unpack_from("<H", stream, at + 2 + size)[0]
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        at += 4 + size
    yield rows, columns


def _workbook_stream(content: bytes) -> bytes:
    """The stream "Workbook" (or "Book") of an OLE file."""
    sector, mini = 1 << struct.unpack_from("<H", content, 30)[0], 1 << struct.unpack_from("<H", content, 32)[0]
    if sector not in (512, 4096) or mini != 64:
        raise ValueError("sector size")
    first_directory, cutoff, first_mini = (struct.unpack_from("<L", content, at)[0] for at in (48, 56, 60))
    first_difat, difat_count = struct.unpack_from("<2L", content, 68)
    most = len(content) // sector + 1

    def read(number: int) -> bytes:
        return content[(number + 1) * sector : (number + 2) * sector]

    tables = list(struct.unpack_from("<109L", content, 76))
    while first_difat < _END and difat_count and len(tables) <= most + 109:
        *more, first_difat = struct.unpack(f"<{sector // 4}L", read(first_difat))
        tables += more
        difat_count -= 1
    fat: list[int] = []
    for number in tables[: most + 109]:
        if number != _FREE:
            fat += struct.unpack(f"<{sector // 4}L", read(number))

    def chain(number: int, links: list[int]) -> Iterator[int]:
        steps = 0
        while number < _END:
            yield number
            number = links[number]
            steps += 1
            if steps > len(links):
                raise ValueError("circle")

    directory = b"".join(map(read, chain(first_directory, fat)))
    root_start, found = _END, None
    for at in range(0, len(directory), 128):
        entry = directory[at : at + 128]
        name = entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le", "replace")
        start, size = struct.unpack_from("<2L", entry, 116)
        if entry[66] == 5:
            root_start = start
        elif name in ("Workbook", "Book") and (found is None or name == "Workbook"):
            found = start, size
    if found is None:
        raise ValueError("no stream")
    start, size = found
    if size >= cutoff:
        return b"".join(map(read, chain(start, fat)))[:size]
    small = b"".join(map(read, chain(root_start, fat)))
    mini_fat = [n for number in chain(first_mini, fat) for n in struct.unpack(f"<{sector // 4}L", read(number))]
    return b"".join(small[n * mini : (n + 1) * mini] for n in chain(start, mini_fat))[:size]
