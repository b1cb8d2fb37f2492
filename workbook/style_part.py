"""The styles of a workbook: clones of existing cell formats with another fill, and a few new ones of our own."""

from __future__ import annotations

import re

from workbook.xml_part import MAIN, Xml, attributes, escape, set_attribute

SIGNATURE = "FFFEFDFC"
"""Background colour of our solid fills. A solid fill never shows it, so it can tell our paint from the user's."""

_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors",
    "extLst",
)  # fmt: skip
_FIRST_CUSTOM_FORMAT = 164
NO_FILL = b'<fill><patternFill patternType="none"/></fill>'

EMPTY = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{MAIN}">'
    '<fonts count="1"><font><sz val="11"/><name val="Times New Roman"/><family val="1"/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>'
).encode()
"""For a workbook without a styles part."""


class StylePart:
    """The XML of the styles part. New entries are appended; equal ones are reused, so that marking again adds none."""

    def __init__(self, data: bytes) -> None:
        self._xml = Xml(data)
        self._items: dict[str, list[bytes]] = {}
        self._index: dict[str, dict[bytes, int]] = {}
        self._old: dict[str, int] = {}
        self._painted: dict[tuple[int, bytes], int] = {}
        self._fills: dict[int, bytes] = {}
        for name in ("numFmts", "fonts", "fills", "borders", "cellXfs"):
            node = self._xml.child(name.encode())
            items = [self._xml.text(child) for child in self._xml.children(node)] if node else []
            self._items[name], self._old[name] = items, len(items)
            self._index[name] = {item: n for n, item in reversed(list(enumerate(items)))}
        defaults = {"fonts": b"<font/>", "fills": NO_FILL, "borders": b"<border/>"}
        defaults["cellXfs"] = b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        for name, default in defaults.items():  # index 0 of each is what an unstyled cell has
            if not self._items[name]:
                self._add(name, default)
        if len(self._items["fills"]) == 1:
            self._add("fills", b'<fill><patternFill patternType="gray125"/></fill>')  # Excel reserves index 1

    def painted(self, style: int, colour: str) -> int:
        """The style that is ``style`` with our solid fill of that colour ("RRGGBB")."""
        fill = f'<fill><patternFill patternType="solid"><fgColor rgb="FF{colour}"/><bgColor rgb="{SIGNATURE}"/>'
        return self.filled(style, f"{fill}</patternFill></fill>".encode())

    def filled(self, style: int, fill: bytes) -> int:
        """The style that is ``style`` with the given fill (XML without prefix)."""
        if (style, fill) not in self._painted:
            number = str(self._add("fills", fill))
            xf = self._xf(style)
            cut = xf.index(b">") + 1
            tag = set_attribute(set_attribute(xf[:cut], "fillId", number), "applyFill", "1")
            self._painted[style, fill] = self._add("cellXfs", tag + xf[cut:], raw=True)
        return self._painted[style, fill]

    def fill(self, style: int) -> bytes:
        """The fill of a style, as XML without prefix."""
        if style not in self._fills:
            fills = self._items["fills"]
            number = int(attributes(self._xf(style)).get("fillId", 0))
            self._fills[style] = self._plain(fills[number] if number < len(fills) else fills[0])
        return self._fills[style]

    def colour(self, style: int) -> str:
        """The colour ("RRGGBB") of a solid fill given as RGB, else ""."""
        return self._solid(style)[0]

    def ours(self) -> set[int]:
        """The styles whose fill bears our signature."""
        return {n for n in range(len(self._items["cellXfs"])) if self._solid(n)[1] == SIGNATURE}

    def differ_in_fill_only(self, one: int, other: int) -> bool:
        if max(one, other) >= len(self._items["cellXfs"]):
            return False
        first, second = (attributes(self._xf(n)) for n in (one, other))
        for given in (first, second):
            given.pop("fillId", None)
            given.pop("applyFill", None)
        cut = [self._xf(n)[self._xf(n).index(b">") :] for n in (one, other)]
        return first == second and cut[0] == cut[1]

    def font_name(self) -> str:
        """The name of the workbook's normal font."""
        found = re.search(rb"<(?:\w+:)?name\s+val\s*=\s*[\"']([^\"']+)", self._items["fonts"][0])
        return found[1].decode() if found else "Times New Roman"

    def add(
        self,
        *,
        bold: bool = False,
        size: int = 11,
        ink: str = "000000",
        underline: bool = False,
        fill: str = "",
        border: str = "",
        number: str = "",
        alignment: str = "",
    ) -> int:
        """A style of our own in the workbook's font. Colours are "RRGGBB", ``border`` that of four thin lines,
        ``alignment`` the attributes of that element. Text never turns into a formula when somebody edits it."""
        font = "<font>" + "<b/>" * bold + "<u/>" * underline + f'<sz val="{size}"/><color rgb="FF{ink}"/>'
        font += f'<name val="{self.font_name()}"/></font>'
        colours = f'<fgColor rgb="FF{fill}"/><bgColor indexed="64"/>'
        solid = f'<fill><patternFill patternType="solid">{colours}</patternFill></fill>'
        fill_id = self._add("fills", solid.encode()) if fill else 0
        line = f' style="thin"><color rgb="FF{border}"/></' if border else ""
        sides = "".join(f"<{s}{line}{s}>" if border else f"<{s}/>" for s in ("left", "right", "top", "bottom"))
        xf = f'<xf numFmtId="{self._number(number)}" fontId="{self._add("fonts", font.encode())}"'
        xf += f' fillId="{fill_id}"'
        xf += f' borderId="{self._add("borders", f"<border>{sides}<diagonal/></border>".encode())}" xfId="0"'
        xf += "" if number else ' quotePrefix="1"'
        xf += ' applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
        return self._add("cellXfs", f"{xf}<alignment {alignment}/></xf>".encode())

    def to_bytes(self) -> bytes:
        prefix = self._xml.prefix
        for name, items in self._items.items():
            new = b"".join(items[self._old[name] :])
            node = self._xml.child(name.encode())
            if not new:
                continue
            if node is None:
                tag = prefix + name.encode()
                self._xml.insert_child(name, _ORDER, b'<%b count="%d">%b</%b>' % (tag, len(items), new, tag))
            elif node.close == node.end:
                tag = prefix + name.encode()
                self._xml.replace(node.start, node.end, b'<%b count="%d">%b</%b>' % (tag, len(items), new, tag))
            else:
                if "count" in self._xml.attributes(node):
                    self._xml.set_attributes(node, count=str(len(items)))
                self._xml.append(node, new)
        return self._xml.to_bytes()

    def _xf(self, style: int) -> bytes:
        xfs = self._items["cellXfs"]
        return xfs[style] if style < len(xfs) else xfs[0]

    def _solid(self, style: int) -> tuple[str, str]:
        fill = self.fill(style)
        if not re.search(rb"patternType\s*=\s*[\"']solid", fill):
            return "", ""
        colours = dict(re.findall(rb"<(fg|bg)Color\s[^>]*?rgb\s*=\s*[\"'](\w{8})", fill))
        return colours.get(b"fg", b"")[2:].decode().upper(), colours.get(b"bg", b"").decode().upper()

    def _number(self, code: str) -> int:
        if not code:
            return 0
        known = {}
        for item in self._items["numFmts"]:
            given = attributes(item)
            known[given.get("formatCode", "")] = int(given.get("numFmtId", 0))
        if code not in known:
            known[code] = max([_FIRST_CUSTOM_FORMAT - 1, *known.values()]) + 1
            self._add("numFmts", f'<numFmt numFmtId="{known[code]}" formatCode="{escape(code)}"/>'.encode())
        return known[code]

    def _add(self, section: str, item: bytes, *, raw: bool = False) -> int:
        """Index of an item, appended when there is none like it. ``raw``: it has the part's prefix already."""
        if not raw and self._xml.prefix:
            item = re.sub(rb"<(/?)(?=\w)", rb"<\1" + self._xml.prefix, item)
        items, index = self._items[section], self._index[section]
        if item not in index:
            index[item] = len(items)
            items.append(item)
        return index[item]

    def _plain(self, item: bytes) -> bytes:
        return re.sub(rb"<(/?)" + re.escape(self._xml.prefix), rb"<\1", item) if self._xml.prefix else item
