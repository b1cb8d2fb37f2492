"""What a form's computed cells and rule columns look like as Excel formulas.

Only functions of Excel 2010 and before, no locale-dependent text, input cells read by SUM and COUNT so that a blank
or an empty text counts as nothing. ``toolkit.compute`` says the same in Python. All texts are without "=".
"""

# Without "from __future__ import annotations", as in ``toolkit.records``.

from collections.abc import Callable, Mapping
from typing import NamedTuple

from toolkit.compute import counts
from toolkit.form import Block, Form, Indicator, Missing, Rule
from toolkit.formula import Linear, Term, excel_count, excel_sum, names, ranges
from toolkit.letters import column_letters as column_letters
from toolkit.letters import column_number as column_number


class Grid(NamedTuple):
    """Where a grid stands in a sheet. ``last`` is the last row above the total row."""

    sheet: str
    first: int
    last: int
    total: int
    label: str  # column letters of the labels
    columns: Mapping[str, str]  # indicator -> column letters
    opens: Mapping[str, str]  # computed indicator -> column letters of its helper column


class Layout(NamedTuple):
    """Where every count of a form stands in one workbook."""

    grids: Mapping[str, Grid] = {}  # block -> grid
    scalars: Mapping[str, tuple[str, str]] = {}  # indicator -> (sheet, cell)


def condition(form: Form, when: Mapping[str, tuple[str, ...]]) -> str:
    """Whether the settings on the cover are as in ``when``; an emptied setting cell means the default."""
    tests = []
    for setting in form.settings:
        if setting.id in when:
            name = f"{form.prefix}{setting.id}"
            labels = [c.label for c in setting.choices if c.id in when[setting.id]]
            if setting.default in when[setting.id]:
                labels.append("")
            alternatives = ",".join(f"{name}={_text(label)}" for label in labels)
            tests.append(f"OR({alternatives})" if len(labels) > 1 else alternatives)
    return tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"


def computed_cell(form: Form, indicator: Indicator, layout: Layout, row: int | None = None) -> str:
    """The formula of a computed indicator: of a grid row, or (``row`` None) of its scalar cell."""

    def one(formula: Linear) -> str:
        refer = _referrer(form, indicator.block, layout, row)
        return f'IF({excel_count(formula, refer)}=0,"",{excel_sum(formula, refer)})'

    return _by_setting(form, indicator, one)


def total_cell(indicator: Indicator, grid: Grid) -> str:
    """The total row of a grid column: the sum of the numbers present, "" when there is none."""
    cells = _column(grid, grid.columns[indicator.id])
    return f'IF(COUNT({cells})=0,"",SUM({cells}))'


def open_cell(form: Form, indicator: Indicator, layout: Layout, row: int | None = None) -> str:
    """1 where a computed cell is only a lower bound, else 0 (helper column of a grid; part of a rule for a scalar)."""
    refer = _referrer(form, indicator.block, layout, row)

    def one(formula: Linear) -> str:
        own = refer(Term(indicator.id))
        parts = len(names(formula))
        exact = f"IF(SUM({own})={excel_sum(formula, refer)},IF({excel_count(formula, refer)}<{parts},1,0),0)"
        return f"IF(COUNT({own})=0,1,{exact})"  # a text typed over the formula says nothing

    text = f'IF({_tick(form, indicator.block)}<>"",0,{_by_setting(form, indicator, one)})'
    if row is None:
        return text
    return f'IF({layout.grids[indicator.block].label}{row}="",0,{text})'


def rule_cell(form: Form, rule: Rule, layout: Layout, row: int | None = None) -> str:
    """The verdict of a rule: 0 holds, "?" unknown, the signed difference when broken, "" when it is not asked.

    ``row`` is a row of the rule's grid (the total row too); None for a rule of the whole form.
    """
    refer = _referrer(form, rule.block, layout, row)
    difference = f"({excel_sum(rule.holds.left, refer)})-({excel_sum(rule.holds.right, refer)})"
    up: list[str] = []  # open terms that can raise left - right
    down: list[str] = []
    skip: list[str] = []
    sides: tuple[tuple[Linear, int, Missing], ...] = (
        (rule.holds.left, 1, rule.missing_left),
        (rule.holds.right, -1, rule.missing_right),
    )
    for side, sign, missing in sides:
        for term, factor in side.terms:
            text = _open(form, rule.block, term, layout, row)
            if missing == "skip":
                skip.append(text)
            elif missing == "unknown":
                (up if sign * factor > 0 else down).append(text)
    answer = _answer(difference, "+".join(up) or "0", "+".join(down) or "0", rule)
    if skip:
        answer = f'IF({"+".join(skip)}>0,"?",{answer})'
    if row is not None:
        answer = f'IF({_not_asked(form.block(rule.block), layout.grids[rule.block], row)},"",{answer})'
    return f'IF({condition(form, rule.when)},{answer},"")' if rule.when else answer


def _answer(difference: str, up: str, down: str, rule: Rule) -> str:
    limit = rule.tolerance
    match rule.holds.operator:
        case "<=":
            return f'IF({difference}<={limit},IF({up}=0,0,"?"),IF({down}=0,{difference},"?"))'
        case ">=":
            return f'IF({difference}>={-limit},IF({down}=0,0,"?"),IF({up}=0,{difference},"?"))'
    broken = f"OR(AND({difference}>{limit},{down}=0),AND({difference}<{-limit},{up}=0))"
    return f'IF({broken},{difference},IF({up}+{down}=0,0,"?"))'


def _not_asked(block: Block, grid: Grid, row: int) -> str:
    cells = ranges(f"{grid.columns[i.id]}{row}" for i in counts(block))
    empty = f"COUNT({cells})=0"
    return empty if row == grid.total else f'OR({grid.label}{row}="",{empty})'


def _open(form: Form, scope: str, term: Term, layout: Layout, row: int | None) -> str:
    """A number above 0 where a term's cell is blank or only a lower bound."""
    indicator = form.indicator(term.id)
    grid = layout.grids.get(indicator.block)
    if grid is None:
        if indicator.equals:
            return open_cell(form, indicator, layout)
        sheet, cell = layout.scalars[term.id]
        return _blank(form, indicator, _at(sheet, cell))
    local = bool(scope) and not term.total
    if local and row != grid.total:
        if indicator.equals:
            return f"{grid.opens[term.id]}{row}"
        return _blank(form, indicator, f"{grid.columns[term.id]}{row}")
    prefix = "" if local else f"{_quoted(grid.sheet)}!"
    own = f"{prefix}{grid.columns[term.id]}{grid.total}"
    if indicator.kind == "control":
        return _blank(form, indicator, own)
    cells = f"{prefix}{_column(grid, grid.columns[term.id])}"
    if indicator.equals:
        blanks = f"SUM({prefix}{_column(grid, grid.opens[term.id])})"
    else:
        labels = f"{prefix}{_column(grid, grid.label)}"
        blanks = f'SUMPRODUCT(--({labels}<>""),--NOT(ISNUMBER({cells})))*({_tick(form, indicator.block)}="")'
    nothing = f'IF({_tick(form, indicator.block)}="",1,0)'
    return f"IF(COUNT({own})=0,{nothing},IF(SUM({own})=SUM({cells}),{blanks},0))"


def _blank(form: Form, indicator: Indicator, address: str) -> str:
    missing = f"1-COUNT({address})"
    return f"({missing})" if indicator.kind == "control" else f'({missing})*({_tick(form, indicator.block)}="")'


def _referrer(form: Form, scope: str, layout: Layout, row: int | None) -> Callable[[Term], str]:
    """Term -> address: in the grid row, in the total row of a grid, or a scalar's cell with its sheet."""

    def refer(term: Term) -> str:
        block = form.indicator(term.id).block
        grid = layout.grids.get(block)
        if grid is not None and row is not None and block == scope and not term.total:
            return f"{grid.columns[term.id]}{row}"
        if grid is not None:
            return f"{_quoted(grid.sheet)}!{grid.columns[term.id]}{grid.total}"
        sheet, cell = layout.scalars[term.id]
        own = scope and form.block(scope).kind == "scalars"  # a computed scalar reads its neighbours
        return cell if own else _at(sheet, cell)

    return refer


def _by_setting(form: Form, indicator: Indicator, write: Callable[[Linear], str]) -> str:
    *special, plain = indicator.equals
    text = write(plain.formula)
    for variant in reversed(special):
        text = f"IF({condition(form, variant.when)},{write(variant.formula)},{text})"
    return text


def _tick(form: Form, block: str) -> str:
    return f"{form.prefix}{block}_khong_phat_sinh"


def _column(grid: Grid, letters: str) -> str:
    return f"{letters}{grid.first}:{letters}{grid.last}"


def _at(sheet: str, cell: str) -> str:
    return f"{_quoted(sheet)}!{cell}"


def _quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"


def _text(label: str) -> str:
    return '"' + label.replace('"', '""') + '"'
