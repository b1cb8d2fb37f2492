"""The columns that a merge keeps of a register: as Arrow has them, where it is installed, else as plain values.

A million dossiers take 63 MB as Arrow columns. They are made of buffers, not by ``pyarrow.array``: that imports pandas.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from toolkit.columns import Column, places_of
from toolkit.dossier_columns import Held
from toolkit.ready_columns import NO_DAY
from toolkit.records import DOSSIER_COLUMNS, Dossiers
from toolkit.workdays_columns import UNKNOWN
from workbook.arrow_columns import computed
from workbook.asked_cells import ReadByCells
from workbook.lean_package import library

_DATES = frozenset({"ngay_tiep_nhan", "ngay_hen_tra", "ngay_ket_qua"})
_EPOCH = date(1970, 1, 1).toordinal()


def kept(held: Held) -> Dossiers:
    """Columns as Arrow has them, where it is installed: a million dossiers then take 80 MB. Else as plain values."""
    try:
        pa = library("pyarrow")
    except ReadByCells:
        columns = {name: tuple(_plain(name, column)) for name, column in held.columns.items()}
        return Dossiers(held.sheet, held.rows, held.kinds, held.fields, columns, tuple(held.codes.cells()))
    texts, own = _strings(pa, held.codes.values), held.columns["ma_ho_so"]
    codes = _each(pa, texts, held.codes.codes)
    arrow = {name: _arrow(pa, name, column) for name, column in held.columns.items() if name != "ma_ho_so"}
    if len(own.codes) == held.rows:
        arrow["ma_ho_so"] = codes
    else:
        texts = texts if own.values is held.codes.values else _strings(pa, own.values)
        arrow["ma_ho_so"] = _each(pa, texts, own.codes)
    return Dossiers(held.sheet, held.rows, held.kinds, held.fields, {n: arrow[n] for n in DOSSIER_COLUMNS}, codes)


def in_arrow(dossiers: Dossiers) -> Dossiers:
    """Plain columns as ``kept`` has those that were never cells."""
    try:
        np = library("numpy")
        library("pyarrow")
    except ReadByCells:
        return dossiers
    columns: dict[str, Any] = {}
    for name, cells in dossiers.columns.items():
        if name in _DATES:
            columns[name] = np.asarray(
                [day.toordinal() if isinstance(day, date) else NO_DAY for day in cells], np.int64
            )
        elif name in ("row", "days_late"):
            columns[name] = np.asarray([UNKNOWN if n is None else n for n in cells], np.int64)
        else:
            columns[name] = _column(np, cells)
    codes = _column(np, dossiers.codes)
    return kept(Held(dossiers.sheet, dossiers.rows, dossiers.kinds, dossiers.fields, columns, codes))


def _column(np: Any, cells: Sequence[object]) -> Column:
    known: dict[object, int] = {}
    codes = [known.setdefault(cell, len(known)) for cell in cells]
    return Column(np.asarray(codes, np.int64), [*known])


def _plain(name: str, column: Any) -> Iterator[object]:
    if isinstance(column, Column):
        return column.cells()
    if name in _DATES:
        return (date.fromordinal(day) if day != NO_DAY else None for day in column.tolist())
    return (None if n == UNKNOWN else n for n in column.tolist())


def _arrow(pa: Any, name: str, column: Any) -> Any:
    if isinstance(column, Column):
        met, codes = places_of(column.codes, len(column.values))
        words = _strings(pa, [column.values[i] for i in met.tolist()])
        return pa.DictionaryArray.from_arrays(_whole(pa, pa.int32(), codes), words)
    if name in _DATES:
        return _whole(pa, pa.date32(), column - _EPOCH, column != NO_DAY)
    return _whole(pa, pa.int32(), column, column != UNKNOWN)


def _whole(pa: Any, kind: Any, numbers: Any, there: Any = None) -> Any:
    np = library("numpy")
    valid = None if there is None or there.all() else pa.py_buffer(np.packbits(there, bitorder="little"))
    return pa.Array.from_buffers(kind, len(numbers), [valid, pa.py_buffer(np.ascontiguousarray(numbers, np.int32))])


def _strings(pa: Any, values: Sequence[Any]) -> Any:
    """Texts; None is no text."""
    np, valid = library("numpy"), None
    if None in values:
        valid = pa.py_buffer(np.packbits(np.asarray([text is not None for text in values]), bitorder="little"))
        values = [text or "" for text in values]
    joined = "".join(values)
    lengths = map(len, values if joined.isascii() else map(str.encode, values))
    ends = np.zeros(len(values) + 1, np.int32)
    np.cumsum(np.fromiter(lengths, np.int32, len(values)), out=ends[1:])
    buffers = [valid, pa.py_buffer(ends), pa.py_buffer(joined.encode())]
    return pa.Array.from_buffers(pa.string(), len(values), buffers)


def _each(pa: Any, texts: Any, codes: Any) -> Any:
    """The text of each code."""
    plain = len(codes) == len(texts) and (codes == library("numpy").arange(len(texts))).all()
    return texts if plain else computed("take", texts, _whole(pa, pa.int32(), codes))
