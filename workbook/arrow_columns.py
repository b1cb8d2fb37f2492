"""Columns held as Arrow <-> bytes (Arrow's own stream format). pyarrow is loaded only for what is Arrow already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from sys import byteorder
from typing import Any


def pack(columns: Mapping[str, Sequence[object]]) -> bytes:
    """Columns of one length; those in several chunks come back in one. Raises ValueError for what Arrow cannot hold."""
    import pyarrow as pa

    arrays: list[Any] = []
    try:
        for column in columns.values():
            whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
            arrays.append(whole if isinstance(whole, pa.Array) else pa.array(whole))
        batch = pa.record_batch(arrays, names=list(columns))
    except pa.ArrowException as fault:
        raise ValueError("not for Arrow") from fault
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def unpack(content: bytes) -> Mapping[str, Sequence[object]]:
    """Raises ValueError for bytes that are no such columns, and where pyarrow is not installed."""
    try:
        import pyarrow as pa
    except ImportError as fault:
        raise ValueError("pyarrow is not installed") from fault
    try:
        with pa.ipc.open_stream(content) as reader:
            batches = list(reader)
        for batch in batches:
            batch.validate(full=True)
    except (pa.ArrowException, OSError) as fault:
        raise ValueError("no Arrow stream") from fault
    if len(batches) != 1:
        raise ValueError("not one batch")
    return dict(zip(batches[0].schema.names, batches[0].columns, strict=True))


def seen_twice(columns: Sequence[Any]) -> set[str]:
    """``double_counting.seen_twice``: a million codes in Arrow are compared without becoming objects."""
    if not columns or not all(hasattr(column, "to_pylist") for column in columns):
        from toolkit.double_counting import seen_twice as plain

        return plain(column.to_pylist() if hasattr(column, "to_pylist") else column for column in columns)
    import pyarrow as pa
    import pyarrow.compute as pc

    counted = pa.chunked_array([column.unique() for column in columns], type=pa.string()).value_counts()
    one = pa.Array.from_buffers(pa.int64(), 1, [None, pa.py_buffer((1).to_bytes(8, byteorder))])[0]  # no pandas for 1
    twice = counted.filter(pc.greater(counted.field("counts"), one)).field("values").to_pylist()
    return {code for code in twice if code}
