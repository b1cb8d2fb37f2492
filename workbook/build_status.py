"""How each block stands: formulas for the cover with the values they have now, said side by side."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.excel import Grid
from toolkit.form import COUNT_KINDS, Block, Indicator
from toolkit.records import TOTAL_ROW, Value
from workbook.build_plan import RECORDS_LAST, GridPlan, Plan, RecordsPlan, rules_of, runs, touches
from workbook.build_stored import Evaluated


@dataclass(frozen=True, slots=True)
class Count:
    """A number on the cover: its formula (an array formula) and what it is now."""

    formula: str
    value: int


def wrong(plan: Plan, block: Block, filled: Evaluated) -> Count:
    """Places of a block that are certainly wrong: broken rules, text or odd numbers where a figure belongs."""
    if block.kind == "records":
        return _wrong_records(plan.records[block.id], filled)
    parts = _form_rules(plan, block, filled)
    parts += (
        _wrong_grid(plan, plan.grids[block.id], filled) if block.kind == "grid" else _wrong_scalars(plan, block, filled)
    )
    return _sum(parts)


def blank(plan: Plan, block: Block, filled: Evaluated) -> Count | None:
    """Figures still to be typed; 0 when ticked "không phát sinh". None for a register, which has no fixed rows."""
    if block.kind == "records":
        return None
    parts = _blank_grid(plan.grids[block.id], filled) if block.kind == "grid" else _blank_scalars(plan, block, filled)
    count = _sum(parts)
    ticked = block.id in filled.values.none_declared
    return Count(f'IF({plan.name(block.id, "khong_phat_sinh")}<>"",0,{count.formula})', 0 if ticked else count.value)


def records_used(records: RecordsPlan, filled: Evaluated) -> Count:
    """How many rows a register has at least."""
    rows = filled.values.records.get(records.block.id, ())
    columns = {id_: f"COUNTA({_column(records, id_)})" for id_ in records.columns}
    return Count(f"MAX({','.join(columns.values())})", max((sum(i in row for row in rows) for i in columns), default=0))


def _form_rules(plan: Plan, block: Block, filled: Evaluated) -> list[Count]:
    return [
        Count(f"(N({plan.name('kt', rule.id)})<>0)", _broken(filled.rule(rule, "")))
        for rule in rules_of(plan.form, "")
        if rule.severity == "error" and touches(rule, block)
    ]


def _wrong_grid(plan: Plan, grid: GridPlan, filled: Evaluated) -> list[Count]:
    rows, block = grid.grid, grid.block
    labels = [label for label in grid.labels if label]
    counts = []
    for rule in rules_of(plan.form, block.id):
        area = _area(rows, grid.rules[rule.id], rows.total)
        now = sum(_broken(filled.rule(rule, row)) for row in (*labels, TOTAL_ROW))
        if rule.severity == "error":
            counts.append(Count(f"SUM(ISNUMBER({area})*({area}<>0))", now))
    for members, end in ((_inputs(grid), rows.last), (list(grid.controls), rows.total)):
        given = {**filled.values.grids.get(block.id, {})}
        if end == rows.last:
            given.pop(TOTAL_ROW, None)
        odd = sum(_odd(cells[i.id]) for cells in given.values() for i in members if i.id in cells)
        areas = [_area(rows, first, end, last) for first, last in runs([rows.columns[i.id] for i in members])]
        counts += [Count("+".join(_odd_cells(area) for area in areas), odd)] if areas else []
    for control in grid.controls:
        own, against = (_area(rows, rows.columns[i], rows.total) for i in (control.id, control.of))
        opens = _area(rows, rows.opens[control.of], rows.total)
        formula = f"SUM(ISNUMBER({own})*ISNUMBER({against})*(({own}<{against})+({own}>{against})*({opens}=0)))"
        counts.append(Count(formula, sum(_differs(grid, control, row, filled) for row in (*labels, TOTAL_ROW))))
    return counts


def _wrong_scalars(plan: Plan, block: Block, filled: Evaluated) -> list[Count]:
    counts = []
    for indicator in block.indicators:
        value = filled.values.scalars.get(indicator.id)
        name = plan.name(indicator.id)
        if indicator.kind == "rate":
            now = value is not None and (isinstance(value, str) or not 0 <= value <= 1)  # type: ignore[operator]
            counts.append(Count(f"(ISTEXT({name})+(N({name})<0)+(N({name})>1))", int(now)))
        elif indicator.kind in COUNT_KINDS and not indicator.equals:
            counts.append(Count(_odd_cells(name), 0 if value is None else _odd(value)))
    return counts


def _wrong_records(records: RecordsPlan, filled: Evaluated) -> Count:
    """Dates kept as text and missing required fields."""
    rows = filled.values.records.get(records.block.id, ())
    used = records_used(records, filled)
    counts = []
    for indicator in records.block.indicators:
        area = _column(records, indicator.id)
        if indicator.kind == "date":
            texts = sum(isinstance(row.get(indicator.id), str) for row in rows)
            counts.append(Count(f"COUNTA({area})-COUNT({area})", texts))
        if indicator.required:
            missing = used.value - sum(indicator.id in row for row in rows)
            counts.append(Count(f"{used.formula}-COUNTA({area})", missing))
    return _sum(counts)


def _blank_grid(grid: GridPlan, filled: Evaluated) -> list[Count]:
    rows, block = grid.grid, grid.block
    labels = _area(rows, rows.label, rows.last)
    inputs = _inputs(grid)
    now = sum(filled.number(block.id, label, i.id) == "" for label in grid.labels if label for i in inputs)
    areas = [_area(rows, first, rows.last, last) for first, last in runs([rows.columns[i.id] for i in inputs])]
    return [Count("+".join(f'SUM(({labels}<>"")*(1-ISNUMBER({area})))' for area in areas), now)] if areas else []


def _blank_scalars(plan: Plan, block: Block, filled: Evaluated) -> list[Count]:
    """Blank counts; a published rate may be left out."""
    inputs = [i for i in block.indicators if i.kind in COUNT_KINDS and not i.equals]
    if not inputs:
        return []
    now = sum(filled.number(block.id, "", i.id) == "" for i in inputs)
    return [Count(f"{len(inputs)}-COUNT({','.join(plan.name(i.id) for i in inputs)})", now)]


def _inputs(grid: GridPlan) -> list[Indicator]:
    return [i for i in grid.printed if not i.equals]


def _differs(grid: GridPlan, control: Indicator, row: str, filled: Evaluated) -> bool:
    block = grid.block.id
    own, against = filled.number(block, row, control.id), filled.number(block, row, control.of)
    if isinstance(own, str) or isinstance(against, str):
        return False
    return own < against or (own > against and not filled.open(block, row, control.of))


def _odd(value: Value) -> int:
    return int(isinstance(value, str) or value < 0 or value != int(value))  # type: ignore[operator,arg-type]


def _odd_cells(area: str) -> str:
    return f"SUM(IF(ISTEXT({area}),1,IF({area}<0,1,IF({area}<>INT({area}),1,0))))"


def _broken(answer: object) -> int:
    return int(not isinstance(answer, str) and answer != 0)


def _sum(counts: list[Count]) -> Count:
    return Count("+".join(c.formula for c in counts) or "0", sum(c.value for c in counts))


def _area(rows: Grid, first: str, end: int, last: str = "") -> str:
    sheet = rows.sheet.replace("'", "''")
    return f"'{sheet}'!${first}${rows.first}:${last or first}${end}"


def _column(records: RecordsPlan, field: str) -> str:
    sheet, letters = records.block.sheet.replace("'", "''"), records.columns[field]
    return f"'{sheet}'!${letters}${records.first}:${letters}${RECORDS_LAST}"
