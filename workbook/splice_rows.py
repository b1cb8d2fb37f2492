"""The rows of a long sheet as XML, so many at a time."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from xlsxwriter.utility import xl_col_to_name

from workbook.row_pieces import ROW, Chosen, Numbers, Piece
from workbook.splice_cells import Show, Strings, Values, cells, distinct, whole
from workbook.splice_links import Links


class Styled(NamedTuple):
    """A column whose formats have their numbers."""

    values: Values
    style: int
    styles: Mapping[Any, int]
    choice: Values | None
    show: Show | None


class Block(NamedTuple):
    """The rows of a sheet."""

    first: int  # row, from 0
    rows: int
    columns: tuple[Styled, ...]
    left: int  # column, from 0
    links: tuple[Links, ...]
    heights: float | Sequence[float] | None


def pieces(block: Block, start: int, stop: int, strings: Strings) -> list[Piece]:
    """What stands in the rows from ``start`` up to ``stop`` of a block."""
    out: list[Piece] = ['<row r="', ROW]
    if isinstance(block.heights, Sequence):
        heights, at = distinct(block.heights, start, stop)
        out.append(Chosen(list(map(_height, heights)), at))
    else:
        out.append(_height(block.heights))
    begins = [f'<c r="{xl_col_to_name(block.left + n)}' for n in range(len(block.columns))]
    out.append(begins[0])
    for column, behind in zip(block.columns, (*begins[1:], "</row>"), strict=True):
        out.append(ROW)
        style = f'" s="{column.style}"'
        if column.choice is not None:
            choices, at = distinct(column.choice, start, stop)
            out.append(Chosen([f'" s="{column.styles.get(choice, column.style)}"' for choice in choices], at))
            style = ""
        out += _cells(column, start, stop, strings, style, behind)
    return out


def _cells(column: Styled, start: int, stop: int, strings: Strings, before: str, behind: str) -> list[Piece]:
    """The cells of a column from behind their addresses on: numbers and texts that differ nearly everywhere as numbers,
    anything else by what stands in the cells."""
    numbers = whole(column.values, start, stop) if column.show is None else None
    if numbers is not None:
        return [f"{before}><v>", Numbers(numbers), f"</v></c>{behind}"]
    values, at = distinct(column.values, start, stop)
    shown = column.show(values) if column.show else values
    if 2 * len(values) > len(at) and set(map(type, shown)) == {str} and all(shown):
        places = array("i", map(strings.place, shown))
        return [f'{before} t="s"><v>', Numbers(_taken(places, at)), f"</v></c>{behind}"]
    return [Chosen(list(map(cells(strings, before, behind), shown)), at)]


def _taken(places: array[int], at: array[int]) -> array[int]:
    return places if at == array("i", range(len(places))) else array("i", map(places.__getitem__, at))


def _height(height: float | None) -> str:
    return '">' if height is None else f'" ht="{height:.16g}" customHeight="1">'
