"""The hyperlinks of a long sheet: a row each, over neighbouring cells, to a cell of a sheet or of another file."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from xlsxwriter.utility import xl_col_to_name

from workbook.row_pieces import Buffer, Chosen, Numbers, Piece, join
from workbook.splice_cells import CONTROL, DECLARATION
from workbook.xml_part import NO_XML, RELATIONSHIPS, escape

MOST_LINKS = 65_000
"""Excel opens a sheet with at most 65.530 hyperlinks; what lies beyond stays without one."""

LONGEST_ADDRESS = 2_000
"""Characters of a link; Excel allows 2.079."""

_LONGEST_NUMBER = 9
_CHUNK = 10_000  # links made at a time
_DIGITS = "0123456789"
_IDENTITY = re.compile(r'Id="rId(\d+)"')
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


class Targets(NamedTuple):
    """Where each row leads to: one of some stems and, unless it is 0, the number behind it. Many rows lead into few
    sheets."""

    stems: Sequence[str]
    """"internal:'Sheet'!A", "external:path#'Sheet'!A" with the path as in an address, "external:path", "": nowhere."""
    at: array[int]  # "i"
    numbers: array[int]  # "i"


class Links(NamedTuple):
    """A hyperlink for each of the first rows over neighbouring columns."""

    first: int  # column, from 0
    last: int
    targets: Targets


def targets(addresses: Iterable[str]) -> Targets:
    """Whole addresses taken apart."""
    stems: dict[str, int] = {}
    at, numbers = array("i"), array("i")
    for address in addresses:
        inside = "#" in address[:-1] or not address.startswith("external:")  # else a path, digits and all
        stem = address.rstrip(_DIGITS) if inside else address
        number = address[len(stem) :]
        if number.startswith("0") or len(number) > _LONGEST_NUMBER:
            stem, number = address, ""
        at.append(stems.setdefault(stem, len(stems)))
        numbers.append(int(number or 0))
    return Targets(list(stems), at, numbers)


class Hyperlinks:
    """The elements of a sheet, and its relationships: the files that they lead to, each once."""

    def __init__(self, there: int, relationships: str) -> None:
        """``there``: how many hyperlinks the sheet has already; ``relationships``: "" where it has none."""
        self._left, self._before = MOST_LINKS - there, relationships
        self._base = max(map(int, _IDENTITY.findall(relationships)), default=0)
        self._files: dict[str, str] = {}  # path -> its relationship

    @property
    def relationships(self) -> str:
        if not self._files:
            return self._before
        xml = self._before or f'{DECLARATION}<Relationships xmlns="{_PACKAGE}"></Relationships>'
        more = "".join(
            f'<Relationship Id="{identity}" Type="{RELATIONSHIPS}/hyperlink"'
            f' Target="{_attribute(_address(path))}" TargetMode="External"/>'
            for path, identity in self._files.items()
        )
        return xml.replace("</Relationships>", more + "</Relationships>")

    def elements(self, links: Links, first: int, left: int) -> Iterator[Buffer]:
        """``first``: row of the first target, from 1; ``left``: column, from 0, from which those of ``links`` count."""
        stems, at, numbers = links.targets
        leads = [0 < len(stem) <= LONGEST_ADDRESS - _LONGEST_NUMBER for stem in stems]
        rows = [row for row, stem in enumerate(at) if leads[stem]][: self._left]
        self._left -= len(rows)
        heads = [""] * len(stems)
        for stem in dict.fromkeys(at[row] for row in rows):
            heads[stem] = self._head(stems[stem])
        corners = [xl_col_to_name(left + column) for column in dict.fromkeys((links.first, links.last))]
        numbered, plain = [row for row in rows if numbers[row]], [row for row in rows if not numbers[row]]
        for group in (numbered, plain):
            for some in (group[start : start + _CHUNK] for start in range(0, len(group), _CHUNK)):
                where = Numbers(array("i", [first + row for row in some]))
                pieces: list[Piece] = ['<hyperlink ref="', corners[0], where]
                if len(corners) > 1:
                    pieces += [f":{corners[1]}", where]
                pieces.append(Chosen(heads, array("i", [at[row] for row in some])))
                if group is numbered:
                    pieces.append(Numbers(array("i", [numbers[row] for row in some])))
                yield join([*pieces, '"/>'], 1, len(some))

    def _head(self, stem: str) -> str:
        """What stands between the cells of a link and its number."""
        kind, _, place = stem.partition(":")
        if kind != "external":
            return f'" location="{_attribute(place)}'
        path, _, place = place.partition("#")
        identity = self._files.setdefault(path, f"rId{self._base + len(self._files) + 1}")
        return f'" r:id="{identity}' + (f'" location="{_attribute(place)}' if place else "")


def _address(path: str) -> str:
    """A path as Excel and XlsxWriter write it: folders with a backslash, a drive or a server as a file address."""
    path = path.replace("/", "\\")
    return f"file:///{path}" if path.startswith("\\\\") or path[1:2] == ":" else path


def _attribute(text: str) -> str:
    text = CONTROL.sub("", NO_XML.sub("�", text))
    return escape(text).replace("\n", "&#10;").replace("\t", "&#9;")
