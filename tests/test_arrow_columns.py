"""Columns of Arrow in a merge: codes that two communes have, and no pandas, whose import takes long."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.double_counting import seen_twice as plain
from workbook.arrow_columns import seen_twice

pa = pytest.importorskip("pyarrow")

_COLUMNS = [["a", "b", "b", None], ["c", "b", ""], ["", "a", "d"], ["d"]]
_WITHOUT_PANDAS = """
import sys
import pyarrow as pa
from workbook.arrow_columns import seen_twice
from workbook.report_register import _taken
from workbook.splice_cells import each, one_by_one
ends = pa.py_buffer(bytes([0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0]))
codes = pa.Array.from_buffers(pa.string(), 2, [None, ends, pa.py_buffer(b"ab")])
assert seen_twice([codes, codes]) == {"a": [0, 1], "b": [0, 1]}
assert _taken(codes, [1, 0, 1]).to_pylist() == ["b", "a", "b"]
days = pa.Array.from_buffers(pa.int32(), 3, [pa.py_buffer(bytes([5])), pa.py_buffer(bytes(12))])
assert list(each(days, 0, 3, one_by_one(str))) == ["0", "None", "0"]
assert list(each(days, 1, 2, one_by_one(str))) == ["None"]
assert "pandas" not in sys.modules
"""


def test_the_same_as_row_by_row() -> None:
    told = {"a": [0, 2], "b": [0, 1], "d": [2, 3]}
    assert seen_twice([pa.array(column) for column in _COLUMNS]) == plain(_COLUMNS) == told


TEXTS = st.one_of(
    st.none(),
    st.text("ab", max_size=3),
    st.text("0-", min_size=7, max_size=18),  # eight bytes are looked at together
    st.sampled_from(["Hồ sơ", "Hồ sơ\0", "Hồ sơ\0\0", "x" * 8, "x" * 9, "x" * 16, "x" * 40, "x" * 39 + "y"]),
    st.sampled_from(["x" * 300, "x" * 299 + "y", "x" * 301]),  # only their beginnings are mixed
)


@given(st.lists(st.lists(TEXTS, max_size=6), min_size=1, max_size=5), st.integers(0, 3), st.booleans())
def test_any_texts_the_same_as_row_by_row(columns: list[list[str | None]], left_out: int, chunked: bool) -> None:
    arrays = [pa.array([*"zzz"[:left_out], *column], pa.string()).slice(left_out) for column in columns]
    given = [pa.chunked_array([array, array[:0]]) if chunked else array for array in arrays]
    assert seen_twice(given) == plain(columns)


def test_a_long_text_is_no_longer_work() -> None:
    """A cell may hold whatever somebody put there."""
    short, long = ([pa.array(["x" * n]), pa.array(["x" * n, "y"])] for n in (300, 100_000))
    assert seen_twice(long) == {"x" * 100_000: [0, 1]}
    assert lines(lambda: seen_twice(long)) == lines(lambda: seen_twice(short))


def lines(action: Callable[[], object]) -> int:
    """The lines of Python that an action runs through; operators of numpy are no calls that could be counted."""
    count = 0

    def trace(*_: object) -> object:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        action()
    finally:
        sys.settrace(before)
    return count


def test_pandas_is_not_imported() -> None:
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run([sys.executable, "-c", _WITHOUT_PANDAS], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
