"""The workbook part and what hangs on it: which sheets there are, adding one at the end, taking one out."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

from workbook.ooxml import Package, Relationship, relationships_part
from workbook.xml_part import RELATIONSHIPS, STRICT_RELATIONSHIPS, BrokenPackage, Node, Xml, escape

_ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr",
    "smartTagTypes", "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip
_HIDDEN = ' hidden="1"'
_TYPES = "[Content_Types].xml"
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml."


@dataclass(frozen=True, slots=True)
class SheetEntry:
    name: str
    part: str  # part name, "" for an entry without a part
    kind: str  # "worksheet", "chartsheet" ...
    relationship: str  # its id


class Book:
    """A workbook inside its package. Every change is written into the package at once."""

    def __init__(self, package: Package) -> None:
        self.package = package
        office = (r for r in package.relationships("").values() if r.kind == "officeDocument")
        main = next(office, None)
        if main is None:
            raise BrokenPackage("workbook")
        self.part = main.target
        self._strict = STRICT_RELATIONSHIPS in main.type

    @property
    def namespace(self) -> str:
        """Namespace of the spreadsheet parts: strict or transitional."""
        return self._xml().namespace

    def sheets(self) -> list[SheetEntry]:
        """The sheets in the order of their tabs."""
        known, none = self._relationships(), Relationship("", "")
        links = ((name, known.get(identity, none), identity) for name, identity in _tabs(self.package.read(self.part)))
        return [SheetEntry(name, link.target, link.kind, identity) for name, link, identity in links]

    def related(self, kind: str) -> str:
        """The part of a kind such as "styles", "" when the workbook has none."""
        return next((r.target for r in self._relationships().values() if r.kind == kind), "")

    def add_styles(self, data: bytes) -> str:
        """Adds a styles part; other programs look for it under this name only. Returns its name."""
        name = posixpath.join(posixpath.dirname(self.part), "styles.xml")
        self._add_part("styles", name, data)
        return name

    def add_sheet(self, name: str, data: bytes, names: Sequence[tuple[str, str]] = ()) -> None:
        """Adds a worksheet as the last one, with its built-in names (name, reference), e.g. print titles."""
        index = len(self.sheets())
        home = posixpath.dirname(self.part)
        number = next(n for n in count(1) if f"{home}/worksheets/sheet{n}.xml" not in self.package)
        identity = self._add_part("worksheet", f"{home}/worksheets/sheet{number}.xml", data)
        xml = self._xml()
        ids = [int(xml.attributes(n).get("sheetId", 0)) for n in _sheet_nodes(xml)]
        base = STRICT_RELATIONSHIPS if self._strict else RELATIONSHIPS
        entry = f'sheet xmlns:r="{base}" name="{escape(name)}" sheetId="{max(ids, default=0) + 1}" r:id="{identity}"'
        xml.append(_sheets_node(xml), self._element(xml, entry))
        tag = (xml.prefix + b"definedName").decode()
        texts = [
            f'<{tag} name="{title}" localSheetId="{index}"{_HIDDEN * title.endswith("FilterDatabase")}>'
            f"{escape(reference)}</{tag}>"
            for title, reference in names
        ]
        new = "".join(texts).encode()
        place = xml.child(b"definedNames")
        if new and place:
            xml.append(place, new)
        elif new:
            xml.insert_child("definedNames", _ORDER, b"<%bs>%b</%bs>" % (tag.encode(), new, tag.encode()))
        self.package.write(self.part, xml.to_bytes())

    def remove_sheet(self, name: str) -> None:
        """Takes a sheet out with its part, its names and its place in the views."""
        sheets = self.sheets()
        index = next(n for n, sheet in enumerate(sheets) if sheet.name == name)
        xml = self._xml()
        node = list(_sheet_nodes(xml))[index]
        xml.replace(node.start, node.end, b"")
        self._forget_names(xml, index)
        views = xml.child(b"bookViews")
        for view in xml.children(views, b"workbookView") if views else ():
            given = xml.attributes(view)
            moved = {k: int(given[k]) for k in ("activeTab", "firstSheet") if int(given.get(k, 0)) >= max(index, 1)}
            xml.set_attributes(
                view, **{k: str(v - 1 if v > index or v == len(sheets) - 1 else v) for k, v in moved.items()}
            )
        self.package.write(self.part, xml.to_bytes())
        self._remove_part(sheets[index].relationship, sheets[index].part)

    def drop_calculation_chain(self) -> None:
        """The chain must list exactly the formula cells; Excel builds a new one when there is none."""
        for identity, link in self._relationships().items():
            if link.kind == "calcChain":
                self._remove_part(identity, link.target)

    def calculate_on_load(self) -> None:
        """Makes Excel calculate every formula when it opens the workbook."""
        xml = self._xml()
        node = xml.child(b"calcPr")
        if node:
            xml.set_attributes(node, fullCalcOnLoad="1")
        else:
            xml.insert_child("calcPr", _ORDER, self._element(xml, 'calcPr fullCalcOnLoad="1"'))
        self.package.write(self.part, xml.to_bytes())

    def _add_part(self, kind: str, name: str, data: bytes) -> str:
        """Adds a part of this kind with content type and relationship. Returns the id of the relationship."""
        self.package.write(name, data)
        types = Xml(self.package.read(_TYPES))
        override = f'PartName="/{escape(name)}" ContentType="{_CONTENT}{kind}+xml"'
        types.append(types.root, self._element(types, f"Override {override}"))
        self.package.write(_TYPES, types.to_bytes())
        links = relationships_part(self.part)
        xml = Xml(self.package.read(links))
        used = [int(n) for n in re.findall(r"(?<=^rId)\d+$", "\n".join(self._relationships()), re.MULTILINE)]
        identity = f"rId{max(used, default=0) + 1}"
        base = STRICT_RELATIONSHIPS if self._strict else RELATIONSHIPS
        target = posixpath.relpath(name, posixpath.dirname(self.part))
        link = f'Relationship Id="{identity}" Type="{base}/{kind}" Target="{escape(target)}"'
        xml.append(xml.root, self._element(xml, link))
        self.package.write(links, xml.to_bytes())
        return identity

    def _forget_names(self, xml: Xml, index: int) -> None:
        place = xml.child(b"definedNames")
        names = list(xml.children(place)) if place else []
        gone = 0
        for node in names:
            local = int(xml.attributes(node).get("localSheetId", -1))
            if local == index:
                xml.replace(node.start, node.end, b"")
                gone += 1
            elif local > index:
                xml.set_attributes(node, localSheetId=str(local - 1))
        if place and names and gone == len(names):  # an empty list is not allowed
            xml.replace(place.start, names[0].start, b"")
            xml.replace(names[-1].end, place.end, b"")

    def _remove_part(self, identity: str, part: str) -> None:
        self.package.remove(part)
        self.package.remove(relationships_part(part))
        types = Xml(self.package.read(_TYPES))
        for node in types.children(types.root, b"Override"):
            if types.attributes(node).get("PartName", "").lstrip("/").casefold() == part.casefold():
                types.replace(node.start, node.end, b"")
        self.package.write(_TYPES, types.to_bytes())
        links = relationships_part(self.part)
        xml = Xml(self.package.read(links))
        for node in xml.children(xml.root, b"Relationship"):
            if xml.attributes(node).get("Id") == identity:
                xml.replace(node.start, node.end, b"")
        self.package.write(links, xml.to_bytes())

    def _relationships(self) -> Mapping[str, Relationship]:
        return self.package.relationships(self.part)

    def _xml(self) -> Xml:
        return Xml(self.package.read(self.part))

    @staticmethod
    def _element(xml: Xml, text: str) -> bytes:
        return b"<%b%b/>" % (xml.prefix, text.encode())


@lru_cache(maxsize=8)  # asked again and again, and the same in many workbooks of one form
def _tabs(data: bytes) -> tuple[tuple[str, str], ...]:
    """Name and id of the relationship of each sheet of a workbook part."""
    xml = Xml(data)
    tabs = []
    for node in _sheet_nodes(xml):
        given = xml.attributes(node)
        tabs.append((given.get("name", ""), next((v for k, v in given.items() if k.endswith(":id")), "")))
    return tuple(tabs)


def _sheet_nodes(xml: Xml) -> list[Node]:
    return list(xml.children(_sheets_node(xml), b"sheet"))


def _sheets_node(xml: Xml) -> Node:
    node = xml.child(b"sheets")
    if node is None:
        raise BrokenPackage("sheets")
    return node
