"""The dossiers that communes handed on, side by side: Arrow columns where they came so, else plain ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from toolkit.records import DOSSIER_COLUMNS, Summary

COLUMNS = ("commune", "file", "sheet", *DOSSIER_COLUMNS)


def side_by_side(summary: Summary) -> Mapping[str, Any]:
    """``COLUMNS`` -> one value a dossier, by commune in the order of the list, each in its own order."""
    parts = [
        (place.code, summary.filings[place.code].file, dossiers)
        for place in summary.places
        if (dossiers := summary.dossiers.get(place.code)) is not None and len(dossiers.columns["row"])
    ]
    columns: dict[str, list[Sequence[object]]] = {name: [] for name in COLUMNS}
    for commune, file, dossiers in parts:
        n = len(dossiers.columns["row"])
        for name, value in (("commune", commune), ("file", file), ("sheet", dossiers.sheet)):
            columns[name].append([value] * n)
        for name in DOSSIER_COLUMNS:
            columns[name].append(dossiers.columns[name])
    if parts and _in_arrow(columns["row"]):
        return _joined_in_arrow(columns)
    return {name: tuple(chain.from_iterable(map(_plain, pieces))) for name, pieces in columns.items()}


def seen_twice(columns: Sequence[Any]) -> set[str]:
    """``double_counting.SeenTwice`` for columns of Arrow: a million codes are compared without becoming objects."""
    if not columns or not _in_arrow(columns):
        from toolkit.double_counting import seen_twice as plain

        return plain(map(_plain, columns))
    import pyarrow as pa
    import pyarrow.compute as pc

    distinct = [column.unique() for column in columns]
    counted = pa.chunked_array(distinct, type=pa.string()).value_counts()
    twice = counted.filter(pc.greater(counted.field("counts"), 1)).field("values").to_pylist()
    return {code for code in twice if code}


def _joined_in_arrow(columns: Mapping[str, list[Sequence[object]]]) -> Mapping[str, Any]:
    import pyarrow as pa  # late: only where registers came as Arrow columns, so it is loaded already

    out: dict[str, Any] = {}
    for name, pieces in columns.items():
        repeated = name in ("commune", "file", "sheet")
        chunks = [pa.array(piece).dictionary_encode() if repeated else piece for piece in pieces]
        out[name] = pa.chunked_array(chunks).unify_dictionaries()
    return out


def _in_arrow(columns: Sequence[Any]) -> bool:
    return all(hasattr(column, "to_pylist") for column in columns)


def _plain(column: Any) -> Sequence[Any]:
    return column.to_pylist() if hasattr(column, "to_pylist") else column  # type: ignore[no-any-return]
