"""Low-level surgery on one XML part: whatever is not named stays byte for byte as it was.

A part is never parsed into a tree and written again. Tags are found by their positions and single pieces are
replaced, so that extensions, odd prefixes and quoting survive untouched.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONSHIPS = "http://purl.oclc.org/ooxml/officeDocument/relationships"

ATTRIBUTES = rb"(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+"
"""Pattern of the inside of a start tag; a ">" may stand in a quoted value."""

NO_XML = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
"""What no part can hold; the name of a file may."""

_TAG = re.compile(rb"<(/?)([^\s/>!?]+)(" + ATTRIBUTES + rb")>")
_ATTRIBUTE = re.compile(rb"([^\s=\"'/]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_NOT_MARKUP = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)


class BrokenPackage(Exception):
    """The file is no workbook that can be edited. ``args[0]`` says which part of it."""


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
