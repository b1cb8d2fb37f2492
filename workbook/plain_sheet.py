"""A sheet of XlsxWriter that takes short cuts to the same bytes: nothing of ours is newer than Excel 2010.

Without them XlsxWriter looks into each formula for thirty to a hundred and thirty newer functions, and keeps, compares
and walks over 16.384 columns of a register one by one: two thirds of the time of laying out a template. Each cell is
put together from a list of attributes: a twentieth of the time of a province workbook.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import CellBlankTuple, CellNumberTuple, CellStringTuple, Worksheet

LAST_COLUMN = 16_383  # from 0


class PlainSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter tells no types
    """``worksheet_class`` of a workbook."""

    dim_colmax: int

    def __init__(self) -> None:
        super().__init__()
        self._open_from: int | None = None

    def open_columns(self, first: int, look: Format) -> None:
        """Every column from ``first`` (from 0) on has this format; none of them is set by itself, nor
        has a cell without a format of its own."""
        self._open_from = first
        self.set_column(first, first, None, look)

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("{").removeprefix("=").removesuffix("}")

    def _write_dimension(self) -> None:
        within = self.dim_colmax
        if self._open_from is not None:
            self.dim_colmax = LAST_COLUMN
        super()._write_dimension()
        self.dim_colmax = within

    def _write_col_info(self, col_min: int, col_max: int, col_info: Any) -> None:
        super()._write_col_info(col_min, LAST_COLUMN if col_max == self._open_from else col_max, col_info)

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if not cell.format or self.constant_memory:
            super()._write_cell(row, col, cell)
            return
        kind, begin = type(cell), f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{cell.format._get_xf_index()}"'
        if kind is CellBlankTuple:
            self.fh.write(f"{begin}/>")
        elif kind is CellStringTuple:
            self.fh.write(f'{begin} t="s"><v>{cell.string}</v></c>')
        elif kind is CellNumberTuple:
            self.fh.write(f"{begin}><v>{cell.number:.16G}</v></c>")
        else:
            super()._write_cell(row, col, cell)
