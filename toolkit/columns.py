"""A register as columns of numbers and the few values that they stand for.

Arrays are those of the caller's library (numpy), which this layer does not import: they bring their own methods.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from toolkit.records import Table

_SPARSE = 20  # so many times the numbers themselves: sorting is quicker than counting


class Asked(Sequence[Any]):
    """Values that take time to make: those that are needed are asked for together."""

    @abstractmethod
    def several(self, places: Sequence[int]) -> Sequence[Any]: ...

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return self.several(range(*index.indices(len(self))))
        return self.several([index])[0]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.several(range(len(self))))


class Column(NamedTuple):
    codes: Any  # array of whole numbers, one a record: which of ``values`` it has
    values: Sequence[Any]  # each of them once, each in some record; ``Asked`` ones may be there twice
    days: Any = None  # array: the day of each value as an ordinal, 0 for a blank; only where all are dates or blanks

    def cells(self) -> Iterator[Any]:
        if isinstance(self.values, Asked):
            return iter(self.values.several(self.codes.tolist()))
        return map(self.values.__getitem__, self.codes.tolist())


class Columns(NamedTuple):
    """A ``records.Table`` in columns of this kind; their values are raw."""

    block: str
    sheet: str
    letters: Mapping[str, str]
    rows: Any  # array of Excel row numbers
    columns: Mapping[str, Column]

    def table(self, fields: Iterable[str] | None = None, at: Any = None) -> Table:
        """The same cell by cell: all fields and records, or only some (``at``: their positions)."""
        kept = self.columns.keys() if fields is None else [f for f in fields if f in self.columns]
        columns = self.columns if at is None else {f: c._replace(codes=c.codes[at]) for f, c in self.columns.items()}
        rows = self.rows if at is None else self.rows[at]
        cells = {field: tuple(columns[field].cells()) for field in kept}
        return Table(self.block, self.sheet, self.letters, tuple(rows.tolist()), cells)


def places_of(codes: Any, size: int) -> tuple[Any, Any]:
    """Which numbers below ``size`` occur, in their order, and the place of each code among them."""
    xp, least = codes.__array_namespace__(), 0
    if size > _SPARSE * len(codes) > 0:  # days, for one, are large numbers that lie close together
        least = int(codes.min())
        codes, size = codes - least, int(codes.max()) - least + 1
    if size > _SPARSE * len(codes):
        in_order = xp.sort(codes)
        met = in_order[xp.diff(in_order, prepend=in_order[:1] - 1) > 0]  # as ``unique``, which is slower
        return met + least, xp.searchsorted(met, codes)
    met = xp.flatnonzero(xp.bincount(codes, minlength=size))
    places = xp.zeros(size, dtype=xp.int64)
    places[met] = xp.arange(len(met))
    return met + least, places[codes]


def firsts(of: Any, many: int) -> Any:
    """Where each of ``many`` places occurs first."""
    xp = of.__array_namespace__()
    first = xp.zeros(many, dtype=xp.int64)
    first[of[::-1]] = xp.arange(len(of) - 1, -1, -1)  # the last one written stays
    return first


def columns_of(table: Table, xp: Any) -> Columns:
    """The other way round. ``xp``: the library of the arrays."""
    out = {}
    for field, cells in table.columns.items():
        known: dict[tuple[type, object], int] = {}  # 1 and True are equal, and do not hold the same
        codes = [known.setdefault((type(raw), raw), len(known)) for raw in cells]
        out[field] = Column(xp.asarray(codes, dtype=xp.int64), [raw for _, raw in known])
    return Columns(table.block, table.sheet, table.letters, xp.asarray(table.rows, dtype=xp.int64), out)
