"""A rectangle of cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from toolkit.excel import column_letters


class Box(NamedTuple):
    """Rows and columns count from 1; both ends belong to it."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def address(self) -> str:
        first, last = f"{column_letters(self.left)}{self.top}", f"{column_letters(self.right)}{self.bottom}"
        return first if first == last else f"{first}:{last}"

    def places(self) -> Iterator[tuple[int, int]]:
        """Row and column of each cell, row by row."""
        return ((r, c) for r in range(self.top, self.bottom + 1) for c in range(self.left, self.right + 1))
