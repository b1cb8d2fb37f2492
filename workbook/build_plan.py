"""Where everything of a form stands in the generated workbook. Addresses come from here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toolkit.excel import Grid, Layout, column_letters
from toolkit.form import Block, Form, Indicator, Rule
from toolkit.records import TOTAL_ROW
from toolkit.values import Values

COVER, CHECKS = "Bìa", "Kiểm tra"
GRID_FIRST = 9  # four lines of heading, three header rows, the row of column numbers
SCALARS_HEADER = 5
RECORDS_HEADER = 4
RECORDS_LAST = 20_000
"""Formats and messages of a register reach this far; a longer list can still be pasted."""


@dataclass(frozen=True, slots=True)
class GridPlan:
    block: Block
    grid: Grid
    labels: tuple[str, ...]  # of each row from the first to the last; "" for a spare row
    printed: tuple[Indicator, ...]
    controls: tuple[Indicator, ...]
    rules: Mapping[str, str]  # rule id -> column letters
    last_printed: str  # column letters
    last: str  # column letters of the last control, or of the last printed column

    def row_of(self, label: str) -> int:
        return self.grid.total if label == TOTAL_ROW else self.grid.first + self.labels.index(label)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a scalars sheet: a heading (no indicator) or an indicator."""

    row: int
    number: str
    text: str
    indicator: Indicator | None = None


@dataclass(frozen=True, slots=True)
class RecordsPlan:
    block: Block
    columns: Mapping[str, str]  # field -> column letters
    first: int
    last: int  # last prepared row


@dataclass(frozen=True, slots=True)
class Plan:
    form: Form
    layout: Layout
    sheets: tuple[str, ...]  # titles of the block sheets, in the form's order
    grids: Mapping[str, GridPlan]
    lines: Mapping[str, tuple[Line, ...]]  # scalars sheet -> its lines
    records: Mapping[str, RecordsPlan]

    def name(self, *parts: str) -> str:
        """A defined name: ("bieu_06a", "rut") -> "bc_bieu_06a_rut"."""
        return self.form.prefix + "_".join(parts)


def plan_of(form: Form, values: Values) -> Plan:
    """Places a form; a grid grows when ``values`` has more unlisted rows than there are spare ones."""
    grids = {b.id: _grid(form, b, values) for b in form.blocks if b.kind == "grid"}
    sheets = tuple(dict.fromkeys(b.sheet for b in form.blocks))
    lines = {s: _lines(form, s) for s in sheets if any(b.sheet == s and b.kind == "scalars" for b in form.blocks)}
    return Plan(
        form=form,
        layout=Layout(
            grids={id_: g.grid for id_, g in grids.items()},
            scalars={
                line.indicator.id: (sheet, f"D{line.row}")
                for sheet, of_sheet in lines.items()
                for line in of_sheet
                if line.indicator
            },
        ),
        sheets=sheets,
        grids=grids,
        lines=lines,
        records={b.id: _records(b, values) for b in form.blocks if b.kind == "records"},
    )


def rules_of(form: Form, block: str) -> tuple[Rule, ...]:
    """The rules of a grid, or ("") of the whole form."""
    return tuple(r for r in form.rules if r.block == block)


def touches(rule: Rule, block: Block) -> bool:
    """Whether a rule of the whole form looks at a block."""
    ids = {i.id for i in block.indicators}
    return any(term.id in ids for side in (rule.holds.left, rule.holds.right) for term, _ in side.terms)


def runs(letters: list[str]) -> list[tuple[str, str]]:
    """Columns as ranges of neighbours: D, E, G -> (D, E), (G, G). The columns are in order."""
    known = {column_letters(n): n for n in range(1, 200)}
    out: list[tuple[str, str]] = []
    for letter in letters:
        if out and known[letter] == known[out[-1][1]] + 1:
            out[-1] = (out[-1][0], letter)
        else:
            out.append((letter, letter))
    return out


def _grid(form: Form, block: Block, values: Values) -> GridPlan:
    extra = [row for row in values.grids.get(block.id, {}) if row != TOTAL_ROW and row not in block.rows]
    labels = (*block.rows, *extra, *[""] * (block.spare_rows - len(extra)))
    printed = tuple(i for i in block.indicators if i.kind != "control")
    controls = tuple(i for i in block.indicators if i.kind == "control")
    columns = {i.id: column_letters(3 + n) for n, i in enumerate(printed)}
    used = 2 + len(printed)
    if controls:  # a thin empty column stands before the controls, and before the rules
        columns |= {i.id: column_letters(used + 2 + n) for n, i in enumerate(controls)}
        used += 1 + len(controls)
    rules = {r.id: column_letters(used + 2 + n) for n, r in enumerate(rules_of(form, block.id))}
    used += 1 + len(rules)
    opens = {i.id: column_letters(used + 1 + n) for n, i in enumerate(i for i in printed if i.equals)}
    last = GRID_FIRST + len(labels) - 1
    ordered = [columns[i.id] for i in (*printed, *controls)]
    return GridPlan(
        block=block,
        grid=Grid(block.sheet, GRID_FIRST, last, last + 1, "B", columns, opens),
        labels=labels,
        printed=printed,
        controls=controls,
        rules=rules,
        last_printed=ordered[len(printed) - 1],
        last=ordered[-1],
    )


def _lines(form: Form, sheet: str) -> tuple[Line, ...]:
    lines: list[Line] = []
    row = SCALARS_HEADER + 1
    for block in form.blocks:
        if block.sheet != sheet or block.kind != "scalars":
            continue
        lines.append(Line(row, "", block.title))
        row += 1
        group = ""
        for number, indicator in enumerate(block.indicators, start=1):
            if indicator.group and indicator.group != group:
                lines.append(Line(row, "", indicator.group))
                row += 1
            group = indicator.group
            lines.append(Line(row, str(number), indicator.label, indicator))
            row += 1
    return tuple(lines)


def _records(block: Block, values: Values) -> RecordsPlan:
    first = RECORDS_HEADER + 1
    prepared = max(block.spare_rows, len(values.records.get(block.id, ())), 1)
    columns = {i.id: column_letters(1 + n) for n, i in enumerate(block.indicators)}
    return RecordsPlan(block, columns, first, first + prepared - 1)
