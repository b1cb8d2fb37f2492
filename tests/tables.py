"""A filing written as a table inside a test: columns are indicator ids, cells as an official sees them.

5.297   a typed number                    (blank)  nothing typed; a computed cell has its formula
'5.297  a number kept as text             xóa      a computed cell whose formula was deleted
#REF!   an error value                    =12      a computed cell whose formula has 12 stored with it
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from toolkit.check_words import describe
from toolkit.figures import explain, is_error, read_count, read_rate
from toolkit.form import COUNT_KINDS, Form, Indicator
from toolkit.records import TOTAL_ROW, Figure, Filing, Finding, Key
from toolkit.values import Values
from workbook.build_plan import plan_of
from workbook.forms import load_form

FORM = load_form()
Cell = int | str


def filing(
    table: str,
    *,
    scalars: Mapping[str, Cell] | None = None,
    settings: Mapping[str, str] | None = None,
    ticked: frozenset[str] = frozenset(),
    form: Form = FORM,
) -> Filing:
    """A report with the rows of a Markdown table: the first column holds the labels, the total row its own label.
    A row that ends early is blank from there on."""
    (_, *ids), *rows = [[cell.strip() for cell in line.strip(" |").split("|")] for line in table.strip().splitlines()]
    if any(len(row) > len(ids) + 1 for row in rows):
        raise ValueError("a row is longer than the heading")
    given = {label: dict(zip(ids, cells, strict=False)) for label, *cells in rows}
    return made(given, scalars or {}, settings=settings, ticked=ticked, form=form)


def made(
    rows: Mapping[str, Mapping[str, Cell]],
    scalars: Mapping[str, Cell],
    *,
    settings: Mapping[str, str] | None = None,
    ticked: frozenset[str] = frozenset(),
    form: Form = FORM,
) -> Filing:
    """A report with these rows of its grid (under the total's label: the total row) and these scalars. Cells stand
    where the template has them; a cell that is not given is blank, or has its formula."""
    block = next(b for b in form.blocks if b.kind == "grid")
    given = {TOTAL_ROW if label == block.total else label: cells for label, cells in rows.items()}
    labels = tuple(label for label in given if label != TOTAL_ROW)
    plan = plan_of(form, Values(grids={block.id: {label: {} for label in labels}}))
    unknown = {id_ for cells in given.values() for id_ in cells} - {i.id for i in block.indicators}
    unknown |= set(scalars) - set(plan.layout.scalars)
    if unknown:
        raise LookupError(f"the form has no {sorted(unknown)}")

    def read() -> Iterator[tuple[Figure, Finding | None]]:
        grid = plan.grids[block.id]
        for label in (*labels, TOTAL_ROW):
            for indicator in block.indicators:
                total = label == TOTAL_ROW and indicator.kind != "control"
                at = block.sheet, f"{grid.grid.columns[indicator.id]}{grid.row_of(label)}"
                cell = given.get(label, {}).get(indicator.id, "")
                yield _read(form, indicator, Key(block.id, label, indicator.id), at, cell, total)
        for id_, at in plan.layout.scalars.items():
            indicator = form.indicator(id_)
            yield _read(form, indicator, Key(indicator.block, "", id_), at, scalars.get(id_, ""))

    cells = list(read())
    return Filing(
        file="bang.xlsx",
        sha256="",
        form=form.id,
        version=form.version,
        place=None,
        period=None,
        settings=settings or {},
        rows={block.id: labels},
        figures={figure.key: figure for figure, _ in cells},
        tables={},
        none_declared=ticked,
        findings=tuple(said for _, said in cells if said),
    )


def _read(
    form: Form, indicator: Indicator, key: Key, at: tuple[str, str], cell: Cell, total: bool = False
) -> tuple[Figure, Finding | None]:
    text, computed = str(cell), total or bool(indicator.equals)
    if text in ("", "xóa"):
        return Figure(key, None, *at, "", "formula" if computed and not text else "blank"), None
    if text.startswith("="):
        return Figure(key, int(text[1:]), *at, text[1:], "formula", None, int(text[1:])), None
    raw: object = text.removeprefix("'")
    if raw == text and not is_error(text) and indicator.kind in COUNT_KINDS:
        raw = float(Decimal(text.replace(".", "").replace(",", ".").replace("−", "-")))
    read = read_count(raw) if indicator.kind in COUNT_KINDS else read_rate(raw)
    origin = "overtyped" if computed else "text" if isinstance(raw, str) else "typed"
    said = explain(read, raw, sheet=at[0], cell=at[1], name=describe(form, key), key=key)
    return Figure(key, read.value, *at, text, origin), said
