"""Findings -> edits: what to paint, what to list, which computed cells to restore. Decided once, applied anywhere.

``workbook.mark`` applies them to a copy of a file; an open workbook takes the same list.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from toolkit.checks import Status, overall
from toolkit.compute import Ledger, formula_of, ledger, ledger_of, settings_of
from toolkit.excel import Grid, Layout, computed_cell, total_cell
from toolkit.form import COUNT_KINDS, Block, Form, Indicator, Variant
from toolkit.formula import verdict
from toolkit.proposals import Offer, offers, words
from toolkit.records import TOTAL_ROW, Edit, Figure, Filing, Finding, Key, Severity
from toolkit.wording import RESTORED

ERROR = "F8CBAD"
INVOLVED = "FCE4D6"  # another cell of an error: paler, so that the one to look at first stands out
WARNING = "FFE699"

_FEW = 12  # a rule that looks at more cells than this would paint a whole column: only its first cell is painted


@dataclass(frozen=True, slots=True)
class ListLine:
    severity: Severity
    sheet: str  # "" when it concerns the whole file
    cell: str
    message: str
    fix: str
    left: int | Decimal | None
    right: int | Decimal | None
    difference: int | Decimal | None
    proposal: str = ""  # the smallest repair in words
    offers: tuple[Offer, ...] = ()  # what accepting it writes; () when it cannot be accepted as it stands


@dataclass(frozen=True, slots=True)
class Listing:
    """What the list sheet of a marked copy says."""

    status: Status
    counts: Mapping[Severity, int]
    about: tuple[str, ...]  # lines under the status, e.g. commune and period
    lines: tuple[ListLine, ...]


@dataclass(frozen=True, slots=True)
class LogLine:
    sheet: str
    cell: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class Log:
    """What the log sheet gets: one line for each change of content."""

    lines: tuple[LogLine, ...]


def marks(findings: Sequence[Finding]) -> tuple[Edit, ...]:
    """One paint edit for each cell to colour, strongest colour first; infos paint nothing."""
    colours: dict[str, dict[tuple[str, str], None]] = {ERROR: {}, WARNING: {}, INVOLVED: {}}
    for finding in findings:
        if not finding.cell or finding.severity == "info":
            continue
        colours[ERROR if finding.severity == "error" else WARNING][finding.sheet, finding.cell] = None
        if finding.severity == "error" and len(finding.cells) <= _FEW:
            colours[INVOLVED].update(dict.fromkeys(_cell(finding.sheet, cell) for cell in finding.cells))
    done: dict[tuple[str, str], Edit] = {}
    for colour, cells in colours.items():
        for sheet, cell in cells:
            done.setdefault((sheet, cell), Edit("paint", sheet, cell, colour=colour))
    return tuple(done.values())


def listing(findings: Sequence[Finding], about: Sequence[str] = ()) -> Listing:
    """The list sheet for some findings, in their order."""
    counts: dict[Severity, int] = {"error": 0, "warning": 0, "info": 0}
    for finding in findings:
        counts[finding.severity] += 1
    lines = tuple(
        ListLine(
            f.severity, f.sheet, f.cell, f.message, f.fix, f.left, f.right, f.difference, "\n".join(words(f)), offers(f)
        )
        for f in findings
    )
    return Listing(overall(findings), counts, tuple(about), lines)


def log(edits: Sequence[Edit]) -> Log:
    """The log of some edits; paint is not logged, the list sheet shows it."""
    return Log(tuple(LogLine(e.sheet, e.cell, e.before, _after(e), e.why) for e in edits if e.kind != "paint"))


def restore(form: Form, filing: Filing) -> tuple[Edit, ...]:
    """The edits after which every computed cell holds its formula and the right stored value.

    Touched: a computed or total cell that was typed over or emptied, or whose stored value is missing or old. Left
    alone: inputs; a total typed where blank parts may make up what is missing (a formula there would show less and
    lose the figure); a cell whose formula would point at a part that this file has no cell for.
    """
    layout = _layout(form, filing)
    book = ledger_of(form, filing)
    computed = {key: figure for key, figure in filing.figures.items() if key in book.expected}
    formulas = {key: text for key in computed if (text := _formula(form, filing, layout, key)) is not None}
    restored: set[Key] = set()
    while more := {key for key in formulas.keys() - restored if not _only_source(computed[key], book)}:
        restored |= more
        book = _recomputed(form, filing, restored)  # what is restored in the rows may settle a total below
    edits = []
    for key, text in formulas.items():
        figure, value = computed[key], book.values[key]
        if key in restored and (why := _reason(figure, value)):
            stored = "" if value is None else value
            words = {"before": _before(figure), "why": RESTORED[why]}
            edits.append(Edit("formula", figure.sheet, figure.cell, formula=text, value=stored, **words))
    return tuple(edits)


def _only_source(figure: Figure, book: Ledger) -> bool:
    """Whether a typed total may say more than its parts, because some of them are blank."""
    expected = book.expected[figure.key]
    if figure.origin == "formula" or not isinstance(figure.value, int) or figure.value == expected:
        return False
    if expected is None:
        return True
    return verdict(figure.value - expected, [-1] * book.blanks[figure.key], "==") is None


def _recomputed(form: Form, filing: Filing, restored: Collection[Key]) -> Ledger:
    """The ledger once these cells hold their formulas again."""
    given = {
        key: figure.value
        for key, figure in filing.figures.items()
        if key not in restored and figure.origin != "formula" and isinstance(figure.value, int)
    }
    return ledger(form, filing.settings, filing.rows, given, filing.none_declared)


def _reason(figure: Figure, value: int | None) -> str:
    if figure.origin != "formula":
        return "blank" if figure.origin == "blank" else "overtyped"
    if figure.stored == value:
        return ""
    return "missing" if figure.stored is None else "stale"


def _before(figure: Figure) -> str:
    if figure.formula is None:
        return figure.raw or "(trống)"
    return f"={figure.formula}" + (f" → {figure.raw}" if figure.raw else "")


def _after(edit: Edit) -> str:
    value = "(trống)" if edit.value in (None, "") else str(edit.value)
    return f"={edit.formula} → {value}" if edit.kind == "formula" else value


def _formula(form: Form, filing: Filing, layout: Layout, key: Key) -> str | None:
    """The Excel text of a computed or total cell, None when one of its parts has no cell to point at."""
    indicator = form.indicator(key.indicator)
    block = form.block(key.block)
    if block.kind == "grid":
        grid = layout.grids.get(block.id)
        if grid is None:
            return None
        if key.row == TOTAL_ROW:
            return _total(filing, indicator, grid)
        needed = {t.id for v in indicator.equals for t, _ in v.formula.terms}
        row = _row(filing.figures[key].cell)
        return (
            computed_cell(form, _settled(form, filing, indicator), layout, row)
            if needed <= grid.columns.keys()
            else None
        )
    needed = {t.id for v in indicator.equals for t, _ in v.formula.terms}
    sheets = {layout.scalars[i][0] if i in layout.scalars else "" for i in (indicator.id, *needed)}
    return computed_cell(form, _settled(form, filing, indicator), layout) if len(sheets) == 1 else None


def _settled(form: Form, filing: Filing, indicator: Indicator) -> Indicator:
    """The indicator as it stands; where the names of the workbook are lost, with the one formula of its settings,
    because a formula that asks the setting's name would show an error."""
    formula = formula_of(indicator, settings_of(form, filing.settings))
    if formula is None or not any(f.code == "CAU_004" for f in filing.findings):
        return indicator
    return indicator._replace(equals=(Variant({}, formula),))


def _total(filing: Filing, indicator: Indicator, grid: Grid) -> str:
    """The formula of a total cell; it jumps over section and subtotal rows, which are no rows of the grid."""
    left_out = sorted(
        row
        for f in filing.findings
        if f.code == "CAU_006" and f.sheet == grid.sheet and grid.first <= (row := _row(f.cell)) <= grid.last
    )
    if not left_out:
        return total_cell(indicator, grid)
    letters = grid.columns[indicator.id]
    spans = zip([grid.first, *(r + 1 for r in left_out)], [*(r - 1 for r in left_out), grid.last], strict=True)
    cells = ",".join(f"{letters}{a}:{letters}{b}" for a, b in spans if a <= b)
    return f'IF(COUNT({cells})=0,"",SUM({cells}))'


def _layout(form: Form, filing: Filing) -> Layout:
    """Where the counts of a form stand in this file, by the cells its figures were read from."""
    grids: dict[str, Grid] = {}
    scalars: dict[str, tuple[str, str]] = {}
    for block in form.blocks:
        figures = [f for k, f in filing.figures.items() if k.block == block.id]
        if block.kind == "scalars":
            scalars |= {f.key.indicator: (f.sheet, f.cell) for f in figures}
        elif block.kind == "grid" and (grid := _grid(block, figures)):
            grids[block.id] = grid
    return Layout(grids, scalars)


def _grid(block: Block, figures: Sequence[Figure]) -> Grid | None:
    """None when the rows do not stand above one total row, so that no formula can be trusted."""
    totals = {_row(f.cell) for f in figures if f.key.row == TOTAL_ROW}
    rows = {_row(f.cell) for f in figures if f.key.row != TOTAL_ROW}
    if len(totals) != 1 or not rows or max(rows) >= min(totals):
        return None
    counts = {i.id for i in block.indicators if i.kind in COUNT_KINDS}
    columns = {f.key.indicator: _letters(f.cell) for f in figures if f.key.indicator in counts}
    (total,) = totals
    return Grid(figures[0].sheet, min(rows), total - 1, total, "", columns, {})


def _cell(sheet: str, cell: str) -> tuple[str, str]:
    """ "C9" or "Sheet!C9" -> (sheet, cell)."""
    other, _, own = cell.rpartition("!")
    return other or sheet, own


def _letters(cell: str) -> str:
    return cell.rstrip("0123456789")


def _row(cell: str) -> int:
    return int(cell[len(_letters(cell)) :])
