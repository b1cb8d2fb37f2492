"""Compound files that others read without a complaint.

Requirements
  CF01  olefile reads back every stream, and finds no defect
  CF02  siblings are ordered and coloured as the format asks, however many there are
  CF03  a name or a size that the format does not hold is refused
"""

from __future__ import annotations

import io
import struct

import olefile
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macros.compound_file import MINI_LIMIT, MINI_SECTOR, MOST_TABLES, SECTOR, compound_file

EDGES = sorted(
    {s + d for s in (0, MINI_SECTOR, SECTOR, MINI_LIMIT, 2 * MINI_LIMIT, 70_000) for d in (-1, 0, 1) if s + d >= 0}
)


@given(
    st.dictionaries(
        st.from_regex(r"(VBA/|Other/)?[A-Za-z_][A-Za-z0-9_]{0,30}", fullmatch=True).filter(
            lambda name: name.upper() not in ("VBA", "OTHER")
        ),
        st.sampled_from(EDGES),
        max_size=30,
    ).filter(lambda d: len({n.upper() for n in d}) == len(d))
)
def test_olefile_reads_it_back(sizes: dict[str, int]) -> None:  # CF01
    streams = {name: (name * (size // len(name) + 1)).encode()[:size] for name, size in sizes.items()}
    with olefile.OleFileIO(io.BytesIO(compound_file(streams)), raise_defects=olefile.DEFECT_UNSURE) as read:
        assert {"/".join(path): read.openstream(path).read() for path in read.listdir()} == streams
        assert read.parsing_issues == []


@pytest.mark.parametrize("count", [*range(0, 18), 31, 32, 100])
def test_siblings_are_a_red_black_tree(count: int) -> None:  # CF02
    file = compound_file({f"M{n}" + "x" * (n % 3): b"1" for n in range(count)})
    (first,) = struct.unpack_from("<I", file, 0x30)
    with olefile.OleFileIO(io.BytesIO(file)) as read:
        entries = {e.sid: e for e in read.direntries if e is not None}
    at = (first + 1) * SECTOR
    colours = {sid: file[at + 128 * sid + 67] for sid in entries if at + 128 * sid < len(file)}

    def black_height(sid: int, parent_red: bool) -> int:
        if sid == 0xFFFFFFFF:
            return 1
        entry, red = entries[sid], colours[sid] == 0
        assert not (red and parent_red)
        for child, less in ((entry.sid_left, True), (entry.sid_right, False)):
            if child != 0xFFFFFFFF:
                assert (key(entries[child].name) < key(entry.name)) is less
        left, right = black_height(entry.sid_left, red), black_height(entry.sid_right, red)
        assert left == right
        return left + (not red)

    root = entries[0].sid_child
    assert (root == 0xFFFFFFFF) == (count == 0)
    black_height(root, parent_red=False)


@pytest.mark.parametrize("name", ["ạ", "x" * 32, "a/b/c"])
def test_strange_name__error(name: str) -> None:  # CF03
    with pytest.raises(ValueError):
        compound_file({name: b""})


def test_too_large__error() -> None:  # CF03
    with pytest.raises(ValueError):
        compound_file({"a": bytes(MOST_TABLES * 128 * SECTOR)})


def key(name: str) -> tuple[int, str]:
    return len(name), name.upper()
