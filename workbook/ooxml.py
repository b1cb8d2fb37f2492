"""An Office Open XML package with other parts: whatever is not named stays byte for byte as it was.

Callers pass files that ``workbook.sniff`` has accepted; here nothing limits sizes.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from workbook.inflate import Inflater
from workbook.xml_part import BrokenPackage, Xml
from workbook.zip_writing import Archive, Deflated


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
        out = Archive()
        for info in self._zip.infolist():
            key = _key(info.filename)
            if key not in self._changed:
                out.copy(info, *self._raw(info))
            elif (data := self._changed[key]) is not None:
                out.add(info.filename, data, info)
        for key, name in self._added.items():
            out.add(name, self._changed[key] or b"")
        return out.to_bytes(self._zip.comment)

    def _raw(self, info: zipfile.ZipInfo) -> tuple[bytes, bytes, bytes]:
        """Name, extra field and compressed bytes of a member, as they stand in the source."""
        at = info.header_offset
        name_size, extra_size = struct.unpack_from("<2H", self._source, at + 26)
        start = at + 30 + name_size
        name, extra = self._source[at + 30 : start], self._source[start : start + extra_size]
        start += extra_size
        return name, extra, self._source[start : start + info.compress_size]


class Relationship(NamedTuple):
    type: str
    target: str  # part name without a leading "/"

    @property
    def kind(self) -> str:
        """Last part of the type: "worksheet", "styles" ... the same in the strict and the transitional dialect."""
        return self.type.rpartition("/")[2]


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


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _utf8(data: bytes) -> bytes:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16")
        return re.sub(r"encoding=(['\"])[^'\"]*\1", 'encoding="UTF-8"', text, count=1).encode()
    return data
