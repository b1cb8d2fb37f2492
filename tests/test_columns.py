"""toolkit.columns: numbers counted instead of sorted, as numpy's ``unique`` has them."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from toolkit.columns import firsts, places_of


@given(st.lists(st.integers(0, 30), max_size=60), st.sampled_from([31, 32, 5_000]))
@example([], 31)
@example([30], 31)
def test_places_and_firsts(numbers: list[int], size: int) -> None:
    """Few numbers among many possible ones are sorted, others counted; both give the same."""
    codes = np.asarray(numbers, dtype=np.int64)

    met, of = places_of(codes, size)

    unique, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    assert met.tolist() == unique.tolist()
    assert of.tolist() == inverse.tolist()
    assert firsts(of, len(met)).tolist() == first.tolist()
