"""One stream of an OLE compound file (MS-CFB), with every link checked: a damaged chain costs no more than the file."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

_FREE, _END = 0xFFFFFFFF, 0xFFFFFFFE
_ENTRY = 128  # bytes of a directory entry
_ROOT = 5  # kind of the entry that holds the small streams


def read_stream(content: bytes, names: Sequence[str]) -> bytes:
    """The first of ``names`` that is there. Raises ValueError, IndexError or struct.error for a damaged file."""
    file = _File(content)
    entries = dict(file.entries())
    for name in names:
        if name in entries:
            return file.stream(*entries[name])
    raise ValueError("no such stream")


class _File:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self._sector, self._mini = (1 << n for n in struct.unpack_from("<2H", content, 30))
        if self._sector not in (512, 4096) or self._mini != 64:
            raise ValueError("sector size")
        self._most = len(content) // self._sector + 1
        self._numbers = struct.Struct(f"<{self._sector // 4}L")
        self._directory, self._cutoff, first_mini, _, difat, difats = struct.unpack_from("<L4x5L", content, 48)
        self._fat = self._read_fat(difat, difats)
        self._mini_fat = [n for sector in self._chain(first_mini, self._fat) for n in self._numbers.unpack(sector)]
        self._small = b""

    def entries(self) -> Iterator[tuple[str, tuple[int, int]]]:
        """Name, first sector and size of every stream."""
        directory = b"".join(self._chain(self._directory, self._fat))
        for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
            entry = directory[at : at + _ENTRY]
            start, size = struct.unpack_from("<2L", entry, 116)
            length = struct.unpack_from("<H", entry, 64)[0]
            if entry[66] == _ROOT:
                self._small = b"".join(self._chain(start, self._fat))
            elif length > 2:
                yield entry[: min(length - 2, 62)].decode("utf-16-le", "replace"), (start, size)

    def stream(self, start: int, size: int) -> bytes:
        if size >= self._cutoff:
            return b"".join(self._chain(start, self._fat))[:size]
        pieces = (self._small[n * self._mini : (n + 1) * self._mini] for n in self._links(start, self._mini_fat))
        return b"".join(pieces)[:size]

    def _read_fat(self, difat: int, difats: int) -> list[int]:
        """Sector -> the one that follows it."""
        tables = list(struct.unpack_from("<109L", self._content, 76))
        while difat < _END and difats and len(tables) <= self._most + 109:
            *more, difat = self._numbers.unpack(self._read(difat))
            tables += more
            difats -= 1
        used = [number for number in tables if number != _FREE][: self._most]
        return [n for number in used for n in self._numbers.unpack(self._read(number))]

    def _chain(self, number: int, links: Sequence[int]) -> Iterator[bytes]:
        return (self._read(n) for n in self._links(number, links))

    def _links(self, number: int, links: Sequence[int]) -> Iterator[int]:
        for _ in range(len(links) + 1):
            if number >= _END:
                return
            yield number
            number = links[number]
        raise ValueError("a chain that goes round in circles")

    def _read(self, number: int) -> bytes:
        if number > self._most:
            raise ValueError("a sector outside the file")
        return self._content[(number + 1) * self._sector : (number + 2) * self._sector]
