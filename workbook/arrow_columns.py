"""Columns held as Arrow <-> bytes (Arrow's own stream format). pyarrow is loaded only for what is Arrow already."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

_LOOKED_AT = 256  # bytes of a text; a code has 30, and those alike so far are compared whole


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


def computed(function: str, *columns: Any) -> Any:
    """A function of Arrow's own, by its name. As a method of a column it would first import ``pyarrow.compute``, which
    makes a Python function, with its text, of each of three hundred: 25 ms of every process."""
    try:
        from pyarrow._compute import call_function
    except ImportError:  # not there any more
        from pyarrow.compute import call_function
    return call_function(function, [*columns])


def seen_twice(columns: Sequence[Any]) -> Mapping[str, Sequence[int]]:
    """``double_counting.seen_twice``: a million codes in Arrow are compared without becoming objects."""
    if not columns or not all(hasattr(column, "to_pylist") for column in columns):
        from toolkit.double_counting import seen_twice as plain

        return plain([column.to_pylist() if hasattr(column, "to_pylist") else column for column in columns])
    pieces = [_texts(column) for column in columns]
    files: dict[str, set[int]] = {}
    for number, (piece, places) in enumerate(zip(pieces, _alike(pieces), strict=True)):
        for text in computed("take", piece, _places(places)).to_pylist() if places else ():
            if text:
                files.setdefault(text, set()).add(number)
    return {text: sorted(among) for text, among in files.items() if len(among) > 1}


def _texts(column: Any) -> Any:
    """A column in one piece."""
    if hasattr(column, "combine_chunks"):
        column = column.combine_chunks()
    return column if column.type == "string" else column.cast("string")


def _places(places: Sequence[int]) -> Any:
    """Row numbers as Arrow has them; a plain list would import pandas."""
    import pyarrow as pa

    return pa.Array.from_buffers(pa.int64(), len(places), [None, pa.py_buffer(array("q", places))])


def _alike(columns: Sequence[Any]) -> list[list[int]]:
    """Where texts stand in each column that may be there more than once: those whose length and first bytes mix to the
    same 64 bits. A million codes are mixed and sorted in a fifth of the time in which they are counted; column by
    column, because what is small stays near the processor."""
    import numpy as np

    mixed = [_mixed(column) for column in columns]
    ordered = np.sort(np.concatenate(mixed))
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    return [np.flatnonzero(np.isin(some, twice)).tolist() if len(twice) else [] for some in mixed]


def _mixed(texts: Any) -> Any:
    """A number of 64 bits for each text."""
    import numpy as np

    ends = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    content = texts.buffers()[2]
    words = np.frombuffer((content.to_pybytes() if content else b"") + bytes(8), np.uint8)
    words = np.ndarray((len(words) - 7,), np.dtype("<u8"), words, strides=(1,))  # eight bytes from each place on
    at, left = ends[:-1], np.diff(ends)
    masks = np.array([(1 << 8 * n) - 1 for n in range(9)], np.uint64)
    mixed = left.astype(np.uint64)
    rest = np.arange(len(texts))
    for done in range(0, min(int(left.max(initial=0)), _LOOKED_AT), 8):  # fewer and fewer texts are that long
        rest = rest[left[rest] > done]
        piece = words[at[rest] + done] & masks[np.minimum(left[rest] - done, 8)]
        stirred = (mixed[rest] ^ piece) * np.uint64(0x9E3779B97F4A7C15)
        mixed[rest] = stirred ^ (stirred >> np.uint64(29))
    return mixed
