"""A workbook that somebody filled in -> Filing. The file is read once, and only read.

What cannot be read is a finding; only a file that is no report at all raises ``Unreadable``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING, cast

from toolkit.excel import Layout, column_letters
from toolkit.form import Block, Form
from toolkit.places import Gazetteer
from toolkit.records import STATUS_TABLE, Figure, Filing, Key, Table
from toolkit.text import key as text_key
from toolkit.wording import finding
from workbook import locate
from workbook.begun import opened
from workbook.forms import REGISTER
from workbook.lines import Spot, find_lines
from workbook.own_formulas import own_formula
from workbook.package import Package
from workbook.read_cover import read_cover, result_of_ours
from workbook.read_figures import Reader, address
from workbook.read_grid import read_grid
from workbook.sniff import Unreadable, require_zip, take

if TYPE_CHECKING:
    from toolkit.columns import Columns
    from workbook.lean_package import Lean

_LONG = 70_000  # bytes of a file that may hold a register of some length


def read(path: Path, form: Form, places: Gazetteer) -> Filing:
    """The report in a file. Raises Unreadable (``TEP_…``) when the file cannot be opened or is no such report."""
    try:
        content, package = opened(path)
    except Unreadable as fault:
        raise _told_apart(fault, path, form) from fault
    _require_report(package, form)
    package.parse_ahead()
    filing, _ = _report(package, content, path.name, form, places)
    return filing


def read_apart(content: bytes, name: str, form: Form, places: Gazetteer) -> tuple[Filing, Columns | Table | None]:
    """The report in the bytes of a file, and its dossiers, which ``filing.tables`` then lacks: as columns, where numpy
    is installed and the sheet is written in the plain way. None: no register, or no dossier in it. Raises as ``read``.
    """
    try:
        return _read_apart(content, name, form, places)
    except Unreadable as fault:
        raise _told_apart(fault, content, form) from fault


def _read_apart(content: bytes, name: str, form: Form, places: Gazetteer) -> tuple[Filing, Columns | Table | None]:
    require_zip(content, name)
    if len(content) >= _LONG:
        from workbook.asked_cells import ReadByCells
        from workbook.lean_package import Lean  # late: numpy takes a tenth of a second

        try:
            lean = Lean(content, name, form, form.block(REGISTER))
            _require_report(lean, form)
            return _report(lean, content, name, form, places, lean)
        except ReadByCells:
            pass
    package = Package(content, name)
    _require_report(package, form)
    filing, _ = _report(package, content, name, form, places)
    table = filing.tables.get(REGISTER)
    light = filing._replace(tables={id_: t for id_, t in filing.tables.items() if id_ != REGISTER})
    return light, table if table and table.rows else None


def read_package(package: Package, name: str, form: Form, places: Gazetteer) -> Filing:
    """The report in a package that is open, be it no file at all: it comes without a SHA-256. Raises as ``read``."""
    _require_report(package, form)
    filing, _ = _report(package, b"", name, form, places)
    return filing._replace(sha256="")


def _told_apart(fault: Unreadable, source: Path | bytes, form: Form) -> Unreadable:
    """The same, unless it is a result of ours that somebody saved in another format."""
    if fault.code not in ("TEP_004", "TEP_011"):
        return fault
    from workbook.other_formats import told_apart  # late: few files are of these formats

    return told_apart(fault, source if isinstance(source, bytes) else take(source), form)


def _require_report(package: Package, form: Form) -> None:
    if result_of_ours(package.names, form):
        raise Unreadable("TEP_012")


def _report(
    package: Package, content: bytes, name: str, form: Form, places: Gazetteer, lean: Lean | None = None
) -> tuple[Filing, Columns | None]:
    """``lean``: the package, when its register is read as columns; they come apart from the filing."""
    register: Columns | None = None
    reader = Reader(package, form)
    cover = read_cover(reader, places)
    if cover.form and cover.form != form.id:
        raise Unreadable("TEP_007", ly_do=f"tệp theo mẫu “{cover.form}”, không phải “{form.id}”")
    rows: dict[str, tuple[str, ...]] = {}
    figures: dict[Key, Figure] = {}
    tables: dict[str, Table] = {}
    found = cover.found
    for block in form.blocks:
        if block.kind == "scalars":
            continue
        table: locate.Table | None
        if lean is not None and block.id == REGISTER:
            table, register = lean.register()
        else:
            table = locate.find_table(package, form, block)
        if table is None:
            reader.findings.append(finding("CAU_001", phan=block.title))
            continue
        found = True
        _say_how_found(reader, block, table)
        if block.kind == "grid":
            rows[block.id], more = read_grid(reader, block, table, cover.settings)
            figures |= more
        elif lean is None or block.id != REGISTER:
            tables[block.id] = _register(reader, block, table)
    if locate.STATUSES in map(text_key, package.sheets):
        from workbook.own_sheets import status_table  # late: few books have it

        if statuses := status_table(package):
            tables[STATUS_TABLE] = statuses
    scalars = _scalars(reader, cover.settings)
    if not found and not scalars:
        raise Unreadable("TEP_007", ly_do="không có tên vùng, tiêu đề hay nhãn nào của mẫu")
    filing = Filing(
        file=name,
        sha256=hashlib.sha256(content).hexdigest(),
        form=form.id,
        version=cover.version,
        place=cover.place,
        period=cover.period,
        settings=cover.settings,
        rows=rows,
        figures=figures | scalars,
        tables=tables,
        none_declared=cover.none_declared,
        findings=reader.all_findings(),
    )
    return filing, register


def _say_how_found(reader: Reader, block: Block, table: locate.Table) -> None:
    if table.by_heading:
        reader.findings.append(finding("CAU_004", phan=block.title))
    for indicator in block.indicators:
        if indicator.id not in table.columns:
            said = finding("CAU_002", sheet=table.sheet, trang=table.sheet, cot=indicator.name)
            reader.findings.append(said)
    if block.kind == "grid" and not table.total:
        reader.findings.append(finding("CAU_007", sheet=table.sheet, trang=table.sheet, dong=block.total))


def _register(reader: Reader, block: Block, table: locate.Table) -> Table:
    """The rows of a register that are not wholly blank, as columns; raw, because a million cells may come."""
    reader.package.prove(reader.package.sheets[table.sheet].part)
    grid = reader.package.values(table.sheet)[table.first - 1 : table.last]
    errors = reader.package.errors(table.sheet)
    order = [i.id for i in block.indicators if i.id in table.columns]
    at = [table.columns[id_] - 1 for id_ in order]
    raw = tuple(zip(*grid, strict=True))
    columns: list[list[object]] = [_blanks_as_none(raw[c]) if c < len(raw) else [None] * len(grid) for c in at]
    for (row, column), text in errors.items():
        if table.first <= row <= table.last:
            for cells, c in zip(columns, at, strict=True):
                if c == column - 1:
                    cells[row - table.first] = text
    kept, rows = _kept(columns), range(table.first, table.last + 1)
    some = not all(kept)
    return Table(
        block=block.id,
        sheet=table.sheet,
        letters={id_: column_letters(c + 1) for id_, c in zip(order, at, strict=True)},
        rows=tuple(compress(rows, kept) if some else rows[: len(kept)]),
        columns={id_: tuple(compress(c, kept) if some else c) for id_, c in zip(order, columns, strict=True)},
    )


def _blanks_as_none(cells: tuple[object, ...]) -> list[object]:
    if "" in cells:
        return [None if type(value) is str and not value else value for value in cells]
    return [*cells]


def _kept(columns: Sequence[Sequence[object]]) -> Sequence[bool]:
    """Which rows show anything. Mostly all do, as one column tells: that of the codes or of the numbers."""
    for cells in columns:
        if {*map(type, cells)} == {str} and not any(map(str.isspace, cast("Sequence[str]", cells))):
            return [True] * len(cells)
    return [any(map(_shows, record)) for record in zip(*columns, strict=True)]


def _shows(value: object) -> bool:
    return value is not None and not (isinstance(value, str) and value.isspace())


def _scalars(reader: Reader, settings: Mapping[str, str]) -> dict[Key, Figure]:
    """The figures that stand on lines of their own."""
    form = reader.form
    figures: dict[Key, Figure] = {}
    for sheet in dict.fromkeys(b.sheet for b in form.blocks if b.kind == "scalars"):
        blocks = [b for b in form.blocks if b.kind == "scalars" and b.sheet == sheet]
        lines = find_lines(reader.package, form, sheet, blocks)
        if not lines.spots:
            reader.findings.append(finding("CAU_001", phan=sheet))
            continue
        if lines.by_label:
            reader.findings.append(finding("CAU_004", phan=sheet))
        layout = Layout(scalars={id_: (spot.sheet, address(*spot[1:])) for id_, spot in lines.spots.items()})
        for block in blocks:
            figures |= _lines(reader, block, lines.spots, layout, settings)
    return figures


def _lines(
    reader: Reader, block: Block, spots: Mapping[str, Spot], layout: Layout, settings: Mapping[str, str]
) -> dict[Key, Figure]:
    figures: dict[Key, Figure] = {}
    for indicator in block.indicators:
        spot = spots.get(indicator.id)
        if spot is None:
            said = finding("CAU_007", sheet=block.sheet, trang=block.sheet, dong=indicator.name)
            reader.findings.append(said)
            continue
        key = Key(block.id, "", indicator.id)
        own = own_formula(reader.form, indicator, settings, layout) if indicator.equals else None
        figures[key] = reader.figure(indicator, key, *spot, own)
    return figures
