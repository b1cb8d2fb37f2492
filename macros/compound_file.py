"""A compound file (MS-CFB, version 3) from named streams: the container of vbaProject.bin. Numbers: its sections.

Sectors of 512 bytes; streams below 4096 bytes share the mini stream in pieces of 64. The same streams give the same
bytes: all dates and class identifiers are zero.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import NamedTuple

SECTOR, MINI_SECTOR, MINI_LIMIT = 512, 64, 4096
MOST_TABLES = 109
"""Sectors of the allocation table that the header can name: files of some 7 MB."""
_FREE, _END, _TABLE, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RED, _BLACK = 0, 1


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """``streams``: "name" or "storage/name" -> content; names are ASCII, at most 31 characters.

    Raises ValueError for other names and for a file that would need more than ``MOST_TABLES`` table sectors.
    """
    entries = _tree(streams)
    body, mini = _Sectors(SECTOR), _Sectors(MINI_SECTOR)
    places = []
    for entry in entries:
        if entry.content is None:
            places.append((0, 0))
        else:
            home = body if len(entry.content) >= MINI_LIMIT else mini
            places.append((home.add(entry.content), len(entry.content)))
    places[0] = (body.add(bytes(mini.content)), len(mini.content))
    mini_table = _numbers(mini.chain)
    first_mini_table = body.add(mini_table)
    directory = b"".join(_entry_bytes(entry, *place) for entry, place in zip(entries, places, strict=True))
    spare = -len(directory) % SECTOR // _ENTRY.size
    first_directory = body.add(directory + _UNUSED * spare)

    tables = 1
    while tables * (SECTOR // 4) < len(body.chain) + tables:
        tables += 1
    if tables > MOST_TABLES:
        raise ValueError("too large")
    first_table = len(body.chain)
    table = _numbers([*body.chain, *[_TABLE] * tables])
    header = _HEADER.pack(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, tables, first_directory, 0, MINI_LIMIT,
        first_mini_table, -(-len(mini_table) // SECTOR), _END, 0,
    )  # fmt: skip
    header += _numbers([first_table + n for n in range(tables)], MOST_TABLES)
    return header + bytes(body.content) + table


class _Entry(NamedTuple):
    name: str
    kind: int
    content: bytes | None  # of a stream
    colour: int = _BLACK
    left: int = _NONE  # places in the directory
    right: int = _NONE
    child: int = _NONE


class _Sectors:
    """Sectors in the order in which they were given, and for each the next one of its stream."""

    def __init__(self, size: int) -> None:
        self.size, self.content, self.chain = size, bytearray(), list[int]()

    def add(self, data: bytes) -> int:
        """First sector of ``data``; the end mark when it is empty."""
        if not data:
            return _END
        first, count = len(self.chain), -(-len(data) // self.size)
        self.chain += [*range(first + 1, first + count), _END]
        self.content += data.ljust(count * self.size, b"\0")
        return first


_HEADER = struct.Struct("<8s16s5H6s9I")  # 2.2, without the list of table sectors
_ENTRY = struct.Struct("<64sHBB3I16sI16sIQ")  # 2.6.1
_UNUSED = _ENTRY.pack(b"", 0, 0, 0, _NONE, _NONE, _NONE, b"", 0, b"", 0, 0)


def _tree(streams: Mapping[str, bytes]) -> list[_Entry]:
    """The directory: root first, then what each storage holds, as a search tree of its own (2.6.4)."""
    storages: dict[str, dict[str, bytes]] = {"": {}}
    for path, content in streams.items():
        storage, _, name = path.rpartition("/")
        storages.setdefault(storage, {})[name] = content
    names = [name for listed in storages.values() for name in listed] + list(storages)
    if any(not name.isascii() or len(name) > 31 or "/" in name for name in names):
        raise ValueError("a name that this writer does not take")

    entries = [_Entry("Root Entry", _ROOT, None)]
    members: list[tuple[str, bytes | None]] = [*storages.pop("").items(), *((name, None) for name in storages)]
    entries[0] = entries[0]._replace(child=_add_siblings(entries, members))
    for at, entry in enumerate(entries):
        if entry.kind == _STORAGE:
            entries[at] = entry._replace(child=_add_siblings(entries, list(storages[entry.name].items())))
    return entries


def _add_siblings(entries: list[_Entry], members: Sequence[tuple[str, bytes | None]]) -> int:
    """Appends the members in their order (shorter names first, then upper case) and joins them to a balanced tree;
    the place of its root.

    Only a last level that is not full is red: then every path down has as many black entries, as the format asks.
    """
    first = len(entries)
    for name, content in sorted(members, key=lambda m: (len(m[0]), m[0].upper())):
        entries.append(_Entry(name, _STORAGE if content is None else _STREAM, content))
    full_levels = (len(members) + 1).bit_length() - 1

    def join(start: int, stop: int, level: int) -> int:
        if start == stop:
            return _NONE
        middle = (start + stop) // 2
        colour = _BLACK if level < full_levels else _RED
        left, right = join(start, middle, level + 1), join(middle + 1, stop, level + 1)
        entries[middle] = entries[middle]._replace(colour=colour, left=left, right=right)
        return middle

    return join(first, len(entries), 0)


def _entry_bytes(entry: _Entry, start: int, size: int) -> bytes:
    name = entry.name.encode("utf-16-le") + b"\0\0"
    around = (entry.left, entry.right, entry.child)
    return _ENTRY.pack(name, len(name), entry.kind, entry.colour, *around, b"", 0, b"", start, size)


def _numbers(values: Sequence[int], multiple: int = SECTOR // 4) -> bytes:
    """Four bytes each, filled up with free marks to a multiple."""
    filled = [*values, *[_FREE] * (-len(values) % multiple)]
    return struct.pack(f"<{len(filled)}I", *filled)
