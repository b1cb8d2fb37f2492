"""Records -> bytes -> the same records, for the memory of a merge and for work on other machines.

Only the shapes of ``records`` go through, as their type hints tell them (``coders``): no code, no class name, nothing
that could run. Bytes: one line (mark, shape, SHA-256 of the rest, lengths), the JSON, then columns that somebody else
packed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import DecimalException
from hashlib import sha256
from itertools import accumulate, pairwise
from typing import Any, NamedTuple, TypeVar, cast

from toolkit.coders import Misshapen, coder_of, shape_name
from toolkit.records import Digest

Pack = Callable[[Mapping[str, Sequence[object]]], bytes]
Unpack = Callable[[bytes], Mapping[str, Sequence[object]]]
"""Columns that are neither tuples nor lists (Arrow) as bytes, and back: their library is no matter of this module.
``Unpack`` raises ValueError for bytes that are no such columns, and where their library is not at hand."""

R = TypeVar("R", bound=tuple[Any, ...])

_MARK = "tthc-record-1"
_CODES = "codes"


class Sealed(NamedTuple):
    """Bytes of ours whose checksum fits."""

    text: bytes  # JSON
    packed: list[bytes]  # what went along


def encode(digest: Digest, pack: Pack | None = None) -> bytes:
    """Raises Misshapen for a filing that still holds its registers (personal data), for columns that are neither
    tuples nor lists when there is no ``pack``, and for values that the hints of ``records`` do not allow."""
    if digest.filing is not None and digest.filing.tables:
        raise Misshapen("registers do not travel")
    packed = [b"", b""]
    dossiers = digest.dossiers
    if dossiers is not None and pack is not None:
        if not all(isinstance(column, tuple | list) for column in dossiers.columns.values()):
            packed[0], dossiers = pack(dossiers.columns), dossiers._replace(columns={})
        if not isinstance(dossiers.codes, tuple | list):
            packed[1], dossiers = pack({_CODES: dossiers.codes}), dossiers._replace(codes=())
    return write_record(digest._replace(dossiers=dossiers), packed)


def unsealed(content: bytes) -> Sealed:
    """What ``encode`` wrote, undamaged. Next to no work for the interpreter: another thread may ``decode`` meanwhile.
    Raises Misshapen."""
    return _unsealed(Digest, content, 2)


def decode(content: bytes | Sealed, unpack: Unpack | None = None) -> Digest:
    """Raises Misshapen for anything that ``encode`` did not write, or wrote when records had another shape."""
    text, packed = unsealed(content) if isinstance(content, bytes) else content
    digest = _told(Digest, text)
    if not any(packed):
        return digest
    dossiers = digest.dossiers
    if dossiers is None or unpack is None:
        raise Misshapen("columns that cannot be unpacked here")
    try:
        columns, codes = (unpack(part) if part else None for part in packed)
        if columns is not None:
            dossiers = dossiers._replace(columns=columns)
        if codes is not None:
            dossiers = dossiers._replace(codes=cast(Sequence[str | None], codes[_CODES]))
    except (ValueError, KeyError) as fault:
        raise Misshapen("damaged columns") from fault
    return digest._replace(dossiers=dossiers)


def write_record(record: R, packed: Sequence[bytes] = ()) -> bytes:
    """Any record of NamedTuples with hints, with bytes that go along. The same record gives the same bytes."""
    coder = coder_of(type(record))
    text = json.dumps(coder.pack([record]), ensure_ascii=False, separators=(",", ":"), check_circular=False)
    parts = [text.encode("utf-8", "surrogatepass"), *packed]  # a file name may hold half of a surrogate pair
    rest = b"".join(parts)
    head = (_MARK, shape_name(coder), sha256(rest).hexdigest(), *(str(len(part)) for part in parts))
    return " ".join(head).encode() + b"\n" + rest


def read_record(kind: type[R], content: bytes, packed: int = 0) -> tuple[R, list[bytes]]:
    """The record and the bytes that went along. Raises Misshapen."""
    text, parts = _unsealed(kind, content, packed)
    return _told(kind, text), parts


def _unsealed(kind: type[R], content: bytes, packed: int) -> Sealed:
    coder = coder_of(kind)
    begin = content.find(b"\n") + 1
    head = content[:begin].decode("latin-1").rstrip("\n").split(" ")
    checksum = sha256(memoryview(content)[begin:]).hexdigest()
    if head[:3] != [_MARK, shape_name(coder), checksum] or len(head) != 4 + packed:
        raise Misshapen("damaged, or of another version")
    if not all(size.isascii() and size.isdecimal() and len(size) < 12 for size in head[3:]):
        raise Misshapen("no lengths")
    ends = list(accumulate(map(int, head[3:]), initial=begin))
    if ends[-1] != len(content):
        raise Misshapen("other lengths")
    text, *parts = (content[start:end] for start, end in pairwise(ends))
    return Sealed(text, parts)


def _told(kind: type[R], text: bytes) -> R:
    try:
        (record,) = coder_of(kind).unpack(json.loads(text.decode("utf-8", "surrogatepass")), 1)
    except Misshapen:
        raise
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError, DecimalException) as fault:
        raise Misshapen(type(fault).__name__) from fault
    return cast(R, record)
