"""What a worksheet function is, whichever program calls it: named, explained, asked with ranges, answered with ranges.

A range is a list of rows of cells. One cell counts for every row; an argument that was left out is None. Whatever is
asked, an answer comes back: a value, a blank, or a Vietnamese sentence; never an exception.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from toolkit.figures import is_blank
from toolkit.functions import fault
from workbook import log

Grid = list[list[object]]
Cells = Any
"""A range as a program hands it over: rows of cells, one row, one cell, or None. (xlwings reads the annotation.)"""


class Argument(NamedTuple):
    name: str  # ASCII: it stands in VBA
    help: str  # Vietnamese; up to the first comma it is what the argument is called
    required: bool


class Function(NamedTuple):
    name: str
    help: str
    arguments: tuple[Argument, ...]
    examples: tuple[tuple[str, str], ...]  # formula as typed on a Vietnamese Windows, what the cell then shows
    compute: Callable[..., Grid]  # one ``Grid`` or None for each argument


class Unusable(Exception):
    """A range that a function cannot work on; the text is the sentence to show."""


def described(compute: Callable[..., Grid]) -> Function:
    """A function with the help that its docstring holds.

    The first paragraph says what it gives; then "argument: what it is" for each argument, "=FORMULA → what it shows"
    for each example.
    """
    doc = inspect.getdoc(compute) or ""
    first, _, rest = doc.partition("\n\n")
    lines = rest.splitlines()
    told = dict(line.split(": ", 1) for line in lines if line and not line.startswith("="))
    arguments = tuple(
        Argument(p.name, told[p.name], p.default is p.empty) for p in inspect.signature(compute).parameters.values()
    )
    examples = tuple((f, v) for f, arrow, v in (line.partition(" → ") for line in lines) if arrow)
    return Function(compute.__name__, " ".join(first.split()), arguments, examples, compute)


def answer(function: Function, cells: Sequence[Cells]) -> Grid | object:
    """What the function gives for these arguments: a range of the same shape, or one value. Dates are ``date``."""
    try:
        grids = [None if given is None else _grid(given) for given in cells]
        grids += [None] * (len(function.arguments) - len(grids))
        for argument, grid in zip(function.arguments, grids, strict=True):
            if argument.required and grid is None:
                return fault("thieu", ten=called(argument))
        out = function.compute(*grids)
    except Unusable as stopped:
        return str(stopped)
    except Exception:  # a fault of ours: Excel would show #VALUE! or a traceback
        log.fault(f"worksheet function {function.name}")
        return fault("hong")
    return out[0][0] if len(out) == 1 == len(out[0]) else out


def for_excel(found: object) -> object:
    """An answer as Excel takes it from a function: numbers as double, dates as date and time, no None."""
    return [[_excel(cell) for cell in row] for row in found] if isinstance(found, list) else _excel(found)


def as_serial(found: object) -> object:
    """The same where a program knows no dates (LibreOffice): a date is the number of the day."""
    return [[_serial(cell) for cell in row] for row in found] if isinstance(found, list) else _serial(found)


def called(argument: Argument) -> str:
    """What an argument is called within a sentence."""
    name = argument.help.partition(",")[0]
    return name[0].lower() + name[1:]


def by_cell(work: Callable[..., Sequence[object]], *grids: Grid | None) -> Grid:
    """``work`` on columns of cells, row by row through ranges of one size; one cell counts for every row.

    Raises Unusable for ranges that are not equally wide. Ranges that are not equally long are for ``work`` to tell.
    """
    many = [grid for grid in grids if grid is not None and not _one(grid)]
    width, height = _width(many), max(map(len, many), default=1)
    asked = min(used_rows(many) + 1, height)  # what comes after is blank, and answered like the last row asked
    columns = [grid[0][0] if grid is not None and _one(grid) else grid and flat(grid, asked) for grid in grids]
    cells = list(work(*columns))
    out = [cells[i : i + width] for i in range(0, len(cells), width)]
    return out + [out[-1]] * (height - asked)


def flat(grid: Grid, rows: int) -> list[object]:
    """The cells of the first rows, row by row."""
    return [cell for row in grid[:rows] for cell in row]


def used_rows(grids: Sequence[Grid]) -> int:
    """How many rows of ranges, which may be whole columns, come before nothing but blanks. All rows, where one range is
    longer than another."""
    rows = max(map(len, grids), default=1)
    if all(len(grid) == rows for grid in grids):
        while rows and all(is_blank(cell) for grid in grids for cell in grid[rows - 1]):
            rows -= 1
    return rows


def one_size(grids: Sequence[Grid]) -> None:
    """Raises Unusable for ranges that are not equally wide and long."""
    _width(grids)
    if len({len(grid) for grid in grids}) > 1:
        raise Unusable(fault("cot"))


def one_cell(grid: Grid | None, name: str) -> object:
    """The only cell of a range; None when it was left out. Raises Unusable."""
    if grid is None:
        return None
    if not _one(grid):
        raise Unusable(fault("mot_o", ten=name))
    return grid[0][0]


_DAY_0 = date(1899, 12, 30).toordinal()
_ERRORS = {
    2000: "#NULL!",
    2007: "#DIV/0!",
    2015: "#VALUE!",
    2023: "#REF!",
    2029: "#NAME?",
    2036: "#NUM!",
    2042: "#N/A",
    2043: "#GETTING_DATA",
    2045: "#SPILL!",
}
_NO_ERROR = -2146828288  # COM hands over an error value as this plus its number


def _grid(given: Cells) -> Grid:
    """What a program hands over, as rows of cells."""
    if not isinstance(given, list | tuple):
        return [[_cell(given)]]
    if not given or not isinstance(given[0], list | tuple):
        return [[_cell(cell) for cell in given] or [None]]
    return [[_cell(cell) for cell in row] for row in given]


def _cell(cell: object) -> object:
    if isinstance(cell, Decimal):  # currency
        return float(cell)
    if isinstance(cell, int) and 2000 <= cell - _NO_ERROR < 2100:
        return _ERRORS.get(cell - _NO_ERROR, "#CALC!")
    return cell


def _excel(cell: object) -> object:
    if isinstance(cell, str | bool | float):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)
    return float(cell) if isinstance(cell, int | Decimal) else ""


def _serial(cell: object) -> object:
    return float(cell.toordinal() - _DAY_0) if isinstance(cell, date) else _excel(cell)


def _one(grid: Grid) -> bool:
    return len(grid) == 1 == len(grid[0])


def _width(grids: Sequence[Grid]) -> int:
    widths = {len(grid[0]) for grid in grids}
    if len(widths) > 1:
        raise Unusable(fault("vung"))
    return widths.pop() if widths else 1
