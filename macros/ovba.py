"""A VBA project as Excel stores it, from plain text: the compression and the streams of MS-OVBA, written from the spec.

Numbers in brackets are its sections. The project holds source only (no compiled code, 2.3.4.1): Excel compiles it
when it opens the file, as it does with the add-ins that xlwings and LibreOffice write.
"""

from __future__ import annotations

import re
import struct
import uuid
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from macros.compound_file import compound_file

CHUNK = 4096
"""Bytes that are compressed together (2.4.1.1.4)."""
LONGEST_LINE = 1022
"""Characters of a line that the VBA editor takes."""


class Module(NamedTuple):
    """``source`` begins with its ``Attribute VB_Name``; a document belongs to the workbook or to one of its sheets."""

    name: str
    source: str
    kind: Literal["standard", "document"]


class Reference(NamedTuple):
    name: str
    library: str  # libid (2.1.1.8)


REFERENCES = (
    Reference(
        "stdole",
        r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation",
    ),
    Reference(  # IRibbonControl; Excel finds the version that is there by the identifier
        "Office",
        r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files\Microsoft Shared"
        r"\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library",
    ),
)


def vba_project(name: str, modules: Sequence[Module]) -> bytes:
    """vbaProject.bin. Raises ValueError for source that is not plain ASCII, or that the VBA editor would not take.

    ASCII, because a module is stored in one code page and no code page of Windows writes Vietnamese in the usual form.
    """
    if len({m.name.lower() for m in modules}) != len(modules):
        raise ValueError("two modules of one name")
    streams = {f"VBA/{module.name}": compress(_code(module)) for module in modules}
    streams["VBA/dir"] = compress(_directory(name, modules))
    streams["VBA/_VBA_PROJECT"] = struct.pack("<HHBH", 0x61CC, 0xFFFF, 0, 0)  # no performance cache
    streams["PROJECT"] = _project_text(name, modules)
    streams["PROJECTwm"] = _name_map(modules)
    return compound_file(streams)


def compress(data: bytes) -> bytes:
    """The compressed container of ``data`` (2.4.1.3.6). Raises ValueError for noise that a short last chunk cannot
    hold: a raw chunk has always 4096 bytes, so that the length would be lost.
    """
    out = bytearray(b"\x01")
    for start in range(0, len(data), CHUNK):
        chunk = data[start : start + CHUNK]
        tokens = _tokens(chunk)
        if len(tokens) < CHUNK or len(tokens) == CHUNK > len(chunk):
            out += struct.pack("<H", 0xB000 | (len(tokens) - 1)) + tokens
        elif len(chunk) == CHUNK:
            out += struct.pack("<H", 0x3000 | (CHUNK - 1)) + chunk
        else:
            raise ValueError("data cannot be compressed")
    return bytes(out)


def encrypt(data: bytes, project_id: str, seed: int) -> str:
    """Data encryption of the PROJECT stream (2.4.3.2), in hexadecimal. It hides nothing; Excel asks for its form."""
    key = sum(project_id.encode("ascii")) & 0xFF
    out = bytearray([seed, seed ^ 2, seed ^ key])
    plain_before = key

    def add(byte: int) -> None:
        nonlocal plain_before
        out.append(byte ^ (out[-2] + plain_before & 0xFF))
        plain_before = byte

    for _ in range((seed & 6) // 2):
        add(0)
    for byte in struct.pack("<I", len(data)) + data:
        add(byte)
    return out.hex().upper()


def _tokens(chunk: bytes) -> bytearray:
    """Literals and copies of earlier bytes of the chunk, in eights behind a byte that tells which is which."""
    out = bytearray()
    seen: dict[bytes, list[int]] = {}  # three bytes -> where they begin
    at, bit, flag_at = 0, 8, 0
    while at < len(chunk):
        if bit == 8:
            flag_at, bit = len(out), 0
            out.append(0)
        offset, length = _longest_copy(chunk, at, seen)
        if length:
            out += struct.pack("<H", (offset - 1) << (16 - _offset_bits(at)) | (length - 3))
            out[flag_at] |= 1 << bit
        else:
            length = 1
            out.append(chunk[at])
        for done in range(at, at + length):
            seen.setdefault(chunk[done : done + 3], []).append(done)
        at, bit = at + length, bit + 1
    return out


def _longest_copy(chunk: bytes, at: int, seen: dict[bytes, list[int]]) -> tuple[int, int]:
    """How far back and how many bytes, the nearest of the longest; (0, 0) for less than three bytes."""
    most = min((0xFFFF >> _offset_bits(at)) + 3, len(chunk) - at)
    best = (0, 0)
    if most < 3:
        return best
    for start in reversed(seen.get(chunk[at : at + 3], ())):
        length = 3
        while length < most and chunk[start + length] == chunk[at + length]:
            length += 1
        if length > best[1]:
            best = (at - start, length)
            if length == most:
                break
    return best


def _offset_bits(at: int) -> int:
    """Bits of a copy token that hold the offset: enough for every byte before ``at``, at least four (2.4.1.3.19.1)."""
    return max((at - 1).bit_length() if at else 0, 4)


def _code(module: Module) -> bytes:
    lines = module.source.replace("\r\n", "\n").split("\n")
    if lines[0] != f'Attribute VB_Name = "{module.name}"' or not re.fullmatch(
        r"[A-Za-z][A-Za-z0-9_]{0,30}", module.name
    ):
        raise ValueError(f"{module.name}: not the name of its first line")
    for number, line in enumerate(lines, 1):
        if not line.isascii() or not line.replace("\t", " ").isprintable():
            raise ValueError(f"{module.name}, line {number}: not plain ASCII")
        if len(line) > LONGEST_LINE:
            raise ValueError(f"{module.name}, line {number}: too long")
    return "\r\n".join(lines).encode("ascii")


def _directory(name: str, modules: Sequence[Module]) -> bytes:
    """The dir stream before compression (2.3.4.2): how the project is called, what it uses, its modules."""
    out = bytearray()
    for identifier, content in _information(name):
        out += _record(identifier, content)
    out += struct.pack("<HIIH", 0x09, 4, 1, 0) + _record(0x0C, b"") + _record(0x3C, b"")  # version, constants
    for reference in REFERENCES:
        library = reference.library.encode("ascii")
        out += _record(0x16, reference.name.encode("ascii")) + _record(0x3E, reference.name.encode("utf-16-le"))
        out += _record(0x0D, struct.pack("<I", len(library)) + library + bytes(6))
    out += _record(0x0F, struct.pack("<H", len(modules))) + _record(0x13, b"\xff\xff")
    for module in modules:
        narrow, wide = module.name.encode("ascii"), module.name.encode("utf-16-le")
        for identifier, content in (
            (0x19, narrow),  # name
            (0x47, wide),
            (0x1A, narrow),  # stream
            (0x32, wide),
            (0x1C, b""),  # description
            (0x48, b""),
            (0x31, bytes(4)),  # the source begins at once
            (0x1E, bytes(4)),  # help context
            (0x2C, b"\xff\xff"),  # cookie
            (0x21 if module.kind == "standard" else 0x22, b""),
            (0x2B, b""),  # end of the module
        ):
            out += _record(identifier, content)
    return bytes(out + _record(0x10, b""))


def _information(name: str) -> Iterable[tuple[int, bytes]]:
    yield 0x01, struct.pack("<I", 3)  # Windows, 64 bit; a 32-bit Excel reads it too
    yield 0x02, struct.pack("<I", 0x409)
    yield 0x14, struct.pack("<I", 0x409)
    yield 0x03, struct.pack("<H", 1252)
    yield 0x04, name.encode("ascii")
    yield from ((0x05, b""), (0x40, b""), (0x06, b""), (0x3D, b""), (0x07, bytes(4)), (0x08, bytes(4)))


def _record(identifier: int, content: bytes) -> bytes:
    return struct.pack("<HI", identifier, len(content)) + content


def _project_text(name: str, modules: Sequence[Module]) -> bytes:
    """The PROJECT stream (2.3.1): unprotected, visible, no window open."""
    identifier = "{" + str(uuid.uuid5(uuid.NAMESPACE_URL, name)).upper() + "}"
    lines = [f'ID="{identifier}"']
    lines += [f"Document={m.name}/&H00000000" if m.kind == "document" else f"Module={m.name}" for m in modules]
    lines += [f'Name="{name}"', 'HelpContextID="0"', 'VersionCompatible32="393222000"']
    for key, data in (("CMG", bytes(4)), ("DPB", bytes(1)), ("GC", b"\xff")):
        lines.append(f'{key}="{encrypt(data, identifier, seed=0x5D)}"')
    lines += ["", "[Host Extender Info]", "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000"]
    lines += ["", "[Workspace]", *(f"{m.name}=0, 0, 0, 0, C" for m in modules), ""]
    return "\r\n".join(lines).encode("ascii")


def _name_map(modules: Sequence[Module]) -> bytes:
    """The PROJECTwm stream (2.3.3): each name in both spellings."""
    pairs = (m.name.encode("ascii") + b"\0" + m.name.encode("utf-16-le") + b"\0\0" for m in modules)
    return b"".join(pairs) + b"\0\0"
