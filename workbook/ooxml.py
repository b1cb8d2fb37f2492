"""Low-level surgery on an Office Open XML package: whatever is not named stays byte for byte as it was.

A part is never parsed into a tree and written again. Tags are found by their positions and single pieces are
replaced, so that extensions, odd prefixes and quoting survive untouched. Callers pass files that
``workbook.sniff`` has accepted; here nothing limits sizes.
"""

from __future__ import annotations

import html
import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from workbook.inflate import Inflater, quick_zlib

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONSHIPS = "http://purl.oclc.org/ooxml/officeDocument/relationships"

_QUICK = 2  # deflate: by ISA-L in a tenth of the time of zlib's usual level, a quarter larger
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # date of new members: the same input gives the same bytes

ATTRIBUTES = rb"(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+"
"""Pattern of the inside of a start tag; a ">" may stand in a quoted value."""

_TAG = re.compile(rb"<(/?)([^\s/>!?]+)(" + ATTRIBUTES + rb")>")
_ATTRIBUTE = re.compile(rb"([^\s=\"'/]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_NOT_MARKUP = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)


class BrokenPackage(Exception):
    """The file is no workbook that can be edited. ``args[0]`` says which part of it."""


class Package:
    """The members of a zip file. Members that are not replaced keep their compressed bytes, order and dates."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(source))
        except zipfile.BadZipFile as error:
            raise BrokenPackage("zip") from error
        self._kept = {_key(info.filename): info for info in self._zip.infolist()}
        self._inflater = Inflater(source, self._zip.infolist())
        self._changed: dict[str, bytes | Deflated | None] = {}  # None: removed
        self._added: dict[str, str] = {}  # key -> name

    def __contains__(self, name: str) -> bool:
        key = _key(name)
        return self._changed[key] is not None if key in self._changed else key in self._kept

    def names(self) -> list[str]:
        """Of the parts that are in the source, in its order."""
        return [info.filename for info in self._zip.infolist()]

    def read(self, name: str) -> bytes:
        """The content of a part, in UTF-8. Part names are compared without case, as OPC does."""
        key = _key(name)
        data = self._changed.get(key)
        if data is not None:
            return data if isinstance(data, bytes) else zlib.decompress(data.packed, -zlib.MAX_WBITS)
        if key not in self:
            raise BrokenPackage(name)
        info = self._kept[key]
        plain = self._inflater.unpacked(info)
        if plain is not None:
            return _utf8(plain)
        try:
            with self._zip.open(info) as stream:  # ``ZipFile.read`` may unpack more than the size stated
                return _utf8(stream.read(info.file_size + 1))
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
            raise BrokenPackage(name) from error

    def write(self, name: str, data: bytes | Deflated) -> None:
        """Replaces a part, or adds it at the end."""
        key = _key(name)
        if key not in self._kept:
            self._added[key] = name
        self._changed[key] = data

    def remove(self, name: str) -> None:
        self._changed[_key(name)] = None
        self._added.pop(_key(name), None)

    def relationships(self, part: str) -> Mapping[str, Relationship]:
        """Id -> relationship of a part ("" for the package itself)."""
        name = relationships_part(part)
        return _relationships(self.read(name), posixpath.dirname(part)) if name in self else {}

    def to_bytes(self) -> bytes:
        out = io.BytesIO()
        directory = bytearray()
        count = 0
        for info in self._zip.infolist():
            data = self._changed.get(_key(info.filename), b"")
            if data is None:
                continue
            if _key(info.filename) not in self._changed:
                _append(out, directory, info, *self._raw(info))
            else:
                new = zipfile.ZipInfo(info.filename, info.date_time)
                new.external_attr, new.internal_attr = info.external_attr, info.internal_attr
                new.create_system = info.create_system
                _append(out, directory, *_deflated(new, data))
            count += 1
        for key, name in self._added.items():
            new = zipfile.ZipInfo(name, _FIRST_DAY)
            _append(out, directory, *_deflated(new, self._changed[key] or b""))
            count += 1
        comment = self._zip.comment
        end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), out.tell(), len(comment))
        out.write(directory + end + comment)
        return out.getvalue()

    def _raw(self, info: zipfile.ZipInfo) -> tuple[bytes, bytes, bytes]:
        """Name, extra field and compressed bytes of a member, as they stand in the source."""
        at = info.header_offset
        name_size, extra_size = struct.unpack_from("<2H", self._source, at + 26)
        start = at + 30 + name_size
        name, extra = self._source[at + 30 : start], self._source[start : start + extra_size]
        start += extra_size
        return name, extra, self._source[start : start + info.compress_size]


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


class Relationship(NamedTuple):
    type: str
    target: str  # part name without a leading "/"

    @property
    def kind(self) -> str:
        """Last part of the type: "worksheet", "styles" ... the same in the strict and the transitional dialect."""
        return self.type.rpartition("/")[2]


class Node(NamedTuple):
    """Where an element stands in its part; ``inner`` == ``close`` == ``end`` for ``<a/>``."""

    name: bytes  # as written, with its prefix
    start: int  # of "<"
    inner: int  # behind the start tag
    close: int  # of "</"
    end: int  # behind the end tag


class Xml:
    """One XML part: its bytes, positions in them, and the replacements to make."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.scan = _blanked(data)  # the same positions; comments, CDATA and processing instructions are blanked
        first = _TAG.search(self.scan)
        if first and first[3].endswith(b"/"):  # an empty root is opened, so that children can be added
            self.data = data[: first.end() - 2].rstrip() + b"></" + first[2] + b">" + data[first.end() :]
            self.scan = _blanked(self.data)
            first = _TAG.search(self.scan)
        if first is None or _holds(self.scan, b"<!DOCTYPE"):
            raise BrokenPackage("xml")
        close = self.scan.rfind(b"</" + first[2])
        if close < 0:
            raise BrokenPackage("xml")
        self.root = Node(first[2], first.start(), first.end(), close, self.scan.find(b">", close) + 1)
        self.prefix = first[2].rpartition(b":")[0] + b":" if b":" in first[2] else b""
        self._splices: list[tuple[int, int, bytes]] = []

    @property
    def namespace(self) -> str:
        """The namespace of the root element."""
        name = b"xmlns:" + self.prefix[:-1] if self.prefix else b"xmlns"
        return self.attributes(self.root).get(name.decode(), MAIN)

    def children(self, node: Node, name: bytes = b"") -> Iterator[Node]:
        """Direct children, or those of one local name in the root's namespace."""
        wanted = self.prefix + name
        depth = start = inner = 0
        title = b""
        for tag in _TAG.finditer(self.scan, node.inner, node.close):
            closing, this, inside = tag.groups()
            if closing:
                depth -= 1
                if depth == 0 and (not name or title == wanted):
                    yield Node(title, start, inner, tag.start(), tag.end())
            else:
                if depth == 0:
                    title, start, inner = this, tag.start(), tag.end()
                if not inside.endswith(b"/"):
                    depth += 1
                elif depth == 0 and (not name or title == wanted):
                    yield Node(title, start, inner, inner, inner)

    def child(self, name: bytes, node: Node | None = None) -> Node | None:
        """The first direct child of that local name (of the root when no node is given)."""
        return next(self.children(node or self.root, name), None)

    def find(self, name: bytes, start: int, stop: int) -> Node | None:
        """The first element of that local name between two positions, without looking at what lies around it: for a
        large part, and for names that are met once there."""
        title = self.prefix + name
        pattern = re.compile(rb"<" + re.escape(title) + rb"(?=[\s/>])(" + ATTRIBUTES + rb")>")
        opening = pattern.search(self.scan, start, stop)
        if opening is None:
            return None
        inner = close = end = opening.end()
        if not opening[1].endswith(b"/"):
            close = self.scan.rfind(b"</" + title, inner, stop)
            end = self.scan.find(b">", close) + 1
        return Node(title, opening.start(), inner, close, end)

    def attributes(self, node: Node) -> dict[str, str]:
        """The attributes of an element by their names as written."""
        return attributes(self.data[node.start + 1 + len(node.name) : node.inner])

    def text(self, node: Node) -> bytes:
        """An element as it stands."""
        return self.data[node.start : node.end]

    def replace(self, start: int, end: int, new: bytes) -> None:
        self._splices.append((start, end, new))

    def set_attributes(self, node: Node, **values: str | None) -> None:
        """Sets (None: removes) attributes of an element and leaves the others as they are."""
        tag = self.data[node.start : node.inner]
        for name, value in values.items():
            tag = set_attribute(tag, name, value)
        self.replace(node.start, node.inner, tag)

    def append(self, node: Node, new: bytes) -> None:
        """Adds content at the end of an element that has no other replacement of its start tag."""
        if node.inner == node.end and node.close == node.end:
            tag = self.data[node.start : node.end].removesuffix(b">").rstrip().removesuffix(b"/").rstrip()
            self.replace(node.start, node.end, tag + b">" + new + b"</" + node.name + b">")
        else:
            self.replace(node.close, node.close, new)

    def insert_child(self, name: str, order: tuple[str, ...], new: bytes) -> None:
        """Adds a child of the root at its place in the schema's ``order`` of local names."""
        later = {self.prefix + n.encode() for n in order[order.index(name) + 1 :]}
        place = next((c.start for c in self.children(self.root) if c.name in later), self.root.close)
        self.replace(place, place, new)

    def to_bytes(self) -> bytes:
        """The part with its replacements. Insertions at one place keep the order in which they were asked."""
        pieces = []
        done = 0
        for start, end, new in sorted(self._splices, key=lambda s: s[:2]):
            pieces += [self.data[done:start], new]
            done = end
        return b"".join([*pieces, self.data[done:]])


@lru_cache(maxsize=16)  # asked again and again, and the same in many workbooks of one form
def _relationships(data: bytes, folder: str) -> Mapping[str, Relationship]:
    """Of a relationships part. ``folder``: of the part whose they are."""
    xml = Xml(data)
    out = {}
    for node in xml.children(xml.root, b"Relationship"):
        given = xml.attributes(node)
        target = given.get("Target", "")
        if given.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        out[given.get("Id", "")] = Relationship(given.get("Type", ""), target)
    return MappingProxyType(out)


def relationships_part(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")


def attributes(inside: bytes) -> dict[str, str]:
    """Attributes from the inside of a start tag."""
    return {
        m[1].decode(): html.unescape((m[2] if m[3] is None else m[3]).decode()) for m in _ATTRIBUTE.finditer(inside)
    }


def set_attribute(tag: bytes, name: str, value: str | None) -> bytes:
    """A start tag (or its inside) with one attribute set; None removes it. Everything else keeps its bytes."""
    new = b"" if value is None else f' {name}="{escape(value)}"'.encode()
    for found in _ATTRIBUTE.finditer(tag):
        if found[1] == name.encode():
            return tag[: found.start()].rstrip() + new + tag[found.end() :]
    end = len(tag) - (tag.endswith(b">"))
    end -= tag[:end].endswith(b"/")
    end = len(tag[:end].rstrip())
    return tag[:end] + new + tag[end:]


def escape(text: str) -> str:
    """Text for an element or a double-quoted attribute."""
    return html.escape(text, quote=False).replace('"', "&quot;")


def _blanked(data: bytes) -> bytes:
    declared = data.find(b"?>") + 2 if data.startswith(b"<?xml ") else 0
    if not _holds(data, b"<!") and not _holds(data, b"<?", declared):
        return data
    return _NOT_MARKUP.sub(lambda m: b" " * len(m[0]), data)


def _holds(data: bytes, mark: bytes, start: int = 0) -> bool:
    """Whether ``mark`` stands in ``data``. Its second sign, rare in a sheet, is found absent in a hundredth of the
    time that the many "<" take."""
    return data.find(mark[1:2], start) >= 0 and data.find(mark, start) >= 0


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _utf8(data: bytes) -> bytes:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16")
        return re.sub(r"encoding=(['\"])[^'\"]*\1", 'encoding="UTF-8"', text, count=1).encode()
    return data


def _deflated(info: zipfile.ZipInfo, data: bytes | Deflated) -> tuple[zipfile.ZipInfo, bytes, bytes, bytes]:
    """A member written by us, as ``_append`` takes it."""
    if isinstance(data, bytes):
        whole = Deflating()
        whole.add(data)
        data = whole.done()
    info.CRC, info.file_size, info.compress_size = data.crc, data.size, len(data.packed)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.flag_bits = 0 if info.filename.isascii() else 0x800  # name in UTF-8
    return info, info.filename.encode(), b"", data.packed


def _append(
    out: io.BytesIO, directory: bytearray, info: zipfile.ZipInfo, name: bytes, extra: bytes, packed: bytes
) -> None:
    """One member: local header and data to ``out``, its entry to ``directory``. Sizes stand in the header, so that
    a trailing data descriptor is not needed."""
    year, month, day, hour, minute, second = info.date_time
    common = struct.pack(
        "<5H3L2H",
        20,
        info.flag_bits & ~0x8,
        info.compress_type,
        hour << 11 | minute << 5 | second // 2,
        (year - 1980) << 9 | month << 5 | day,
        info.CRC,
        info.compress_size,
        info.file_size,
        len(name),
        len(extra := _without_zip64(extra)),
    )
    central = _without_zip64(info.extra)
    directory += struct.pack("<4s2B", b"PK\1\2", 20, info.create_system) + common[:-2]
    directory += struct.pack(
        "<4H2L", len(central), len(info.comment), 0, info.internal_attr, info.external_attr, out.tell()
    )
    directory += name + central + info.comment
    out.write(b"PK\3\4" + common + name + extra)
    out.write(packed)


def _without_zip64(extra: bytes) -> bytes:
    kept = b""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        if kind != 1:
            kept += extra[at : at + 4 + size]
        at += 4 + size
    return kept
