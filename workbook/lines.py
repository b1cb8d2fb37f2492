"""Where single cells stand: indicators on lines of their own, and the cover.

A defined name is believed when its line carries the right label, or no known one; otherwise the label decides.
"""

# Without "from __future__ import annotations", as in ``toolkit.records``.

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from toolkit.form import Block, Form
from toolkit.once import once
from toolkit.text import key
from workbook.areas import Area
from workbook.headers import cell, label_key
from workbook.locate import main_sheet, most_frequent, search
from workbook.package import Package, Rows

_VALUE_HEADINGS = frozenset(map(key, ("Giá trị", "Số liệu", "Số lượng", "Trị số")))


class Spot(NamedTuple):
    sheet: str
    row: int
    column: int


class Lines(NamedTuple):
    """The value cells found."""

    spots: Mapping[str, Spot] = {}
    by_label: frozenset[str] = frozenset()  # ids whose name was missing or wrong


def find_lines(package: Package, form: Form, sheet: str, blocks: Sequence[Block]) -> Lines:
    """The value cells of the indicators of some blocks that share a sheet."""
    labels = {b.id: _labels(b) for b in blocks}
    named = {i.id: area for b in blocks for i in b.indicators if (area := package.names.get(form.prefix + i.id))}
    title = main_sheet(named.values())
    lines = _labelled(package.values(title), blocks, labels) if title else {}
    if len(lines) * 2 < sum(map(len, labels.values())):

        def find(rows: Rows) -> dict[str, tuple[int, int]] | None:
            return _labelled(rows, blocks, labels) or None

        found = search(package, form, sheet, find, lambda lines: len(lines) * 2 >= sum(map(len, labels.values())))
        if found is not None and len(found[1]) > len(lines):
            title, lines = found
    if not title:
        return Lines()
    rows = package.values(title)
    units = frozenset(key(form.units[i.unit].label) for b in blocks for i in b.indicators if i.unit)
    column = _value_column(rows, lines, units, [a.left for a in named.values() if a.sheet == title])
    return _settle(named, {id_: Spot(title, row, column) for id_, (row, _) in lines.items()} if column else {})


def find_cover(package: Package, form: Form, labels: Mapping[str, Iterable[str]]) -> Lines:
    """Cells of the cover by their name (without the prefix), or right of one of their labels."""
    named = {id_: area for id_ in labels if (area := package.names.get(form.prefix + id_))}
    keys = {id_: frozenset(map(key, texts)) for id_, texts in labels.items()}
    title = main_sheet(named.values())
    labelled = [_right_of(package, sheet, keys) for sheet in ([title] if title else package.sheets)]
    best = max(labelled, key=len, default={})
    return _settle(named, best if title or len(best) > 1 else {}, any_column=True)


@once
def _labels(block: Block) -> Mapping[str, frozenset[str]]:
    """Indicator -> keys of what its label may say."""
    return {i.id: frozenset(map(key, (i.label, i.name, *i.aliases))) for i in block.indicators}


def _settle(named: Mapping[str, Area], labelled: Mapping[str, Spot], any_column: bool = False) -> Lines:
    """Names where the labels agree or say nothing, labels elsewhere; a name on the line of another label is dropped.
    ``any_column``: a label decides the row only."""
    owners = {(spot.sheet, spot.row): id_ for id_, spot in labelled.items()}
    spots: dict[str, Spot] = {}
    by_label: set[str] = set()
    for id_ in dict.fromkeys((*named, *labelled)):
        area, spot = named.get(id_), labelled.get(id_)
        at_name = Spot(area.sheet, area.top, area.left) if area else None
        if at_name and spot is None:
            if owners.get(at_name[:2], id_) == id_:
                spots[id_] = at_name
        elif at_name and spot and (spot[:2] == at_name[:2] if any_column else spot == at_name):
            spots[id_] = at_name
        elif spot:
            spots[id_] = spot
            by_label.add(id_)
    return Lines(spots, frozenset(by_label))


def _labelled(
    rows: Rows, blocks: Sequence[Block], labels: Mapping[str, Mapping[str, frozenset[str]]]
) -> dict[str, tuple[int, int]]:
    """Indicator -> row and column of its label. Under its block's title when it stands there, else anywhere when only
    one place on the sheet says so."""
    cells: dict[str, list[tuple[int, int]]] = {}
    for row, values in enumerate(rows, 1):
        for column, value in enumerate(values, 1):
            if value and isinstance(value, str):
                cells.setdefault(label_key(value), []).append((row, column))
    titles = {b.id: min(cells.get(key(b.title), ()), default=(0, 0))[0] for b in blocks}
    starts = sorted(row for row in titles.values() if row)
    found: dict[str, tuple[int, int]] = {}
    for block in blocks:
        start = titles[block.id]
        end = next((s for s in starts if s > start), len(rows) + 1)
        for id_, texts in labels[block.id].items():
            places = sorted([place for text in texts if text in cells for place in cells[text]])
            within = [place for place in places if start < place[0] < end] if start else []
            for choice in (within, places):
                if choice and choice[0][0] == choice[-1][0]:  # all in one row
                    found[id_] = choice[0]
                    break
    owners = Counter(row for row, _ in found.values())
    return {id_: place for id_, place in found.items() if owners[place[0]] == 1}


def _value_column(rows: Rows, lines: Mapping[str, tuple[int, int]], units: frozenset[str], named: Sequence[int]) -> int:
    """The column of the values: as its heading says, else as most names say (unless labels or units stand there), else
    right of the units. 0: not known."""
    if not lines:
        return 0
    first = min(row for row, _ in lines.values())
    for row in range(first - 1, 0, -1):
        for column, value in enumerate(rows[row - 1], 1):
            if isinstance(value, str) and label_key(value) in _VALUE_HEADINGS:
                return column
    label = most_frequent(column for _, column in lines.values())
    width = max(map(len, rows))
    unit = most_frequent(
        column
        for row, _ in lines.values()
        for column in range(label + 1, width + 1)
        if label_key(cell(rows, row, column)) in units
    )
    after_unit = unit + 1 if unit else 0
    usual = most_frequent(named)
    return usual if usual and usual >= max(after_unit, label + 1) else after_unit


def _right_of(package: Package, sheet: str, labels: Mapping[str, frozenset[str]]) -> dict[str, Spot]:
    """Id -> the cell right of its label: the next one that is filled, else the next one."""
    rows = package.values(sheet)
    found: dict[str, Spot] = {}
    ids: dict[str, list[str]] = {}
    for id_, texts in labels.items():
        for text in texts:
            ids.setdefault(text, []).append(id_)
    for row, values in enumerate(rows, 1):
        for column, value in enumerate(values, 1):
            if not value or not isinstance(value, str):
                continue
            for id_ in ids.get(label_key(value), ()):
                if id_ not in found:
                    right = (c for c in range(column + 1, len(values) + 1) if cell(rows, row, c) not in ("", None))
                    found[id_] = Spot(sheet, row, next(right, column + 1))
    return found
