"""toolkit.columns: numbers counted instead of sorted, as numpy's ``unique`` has them."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from toolkit.columns import firsts, places_of


@given(st.lists(st.integers(0, 30), max_size=60), st.sampled_from([1, 3, 5_000]), st.sampled_from([0, 700_000]))
@example([], 1, 0)
@example([30], 1, 0)
@example([0, 30, 30], 5_000, 700_000)
def test_places_and_firsts(numbers: list[int], apart: int, least: int) -> None:
    """Few numbers far from each other are sorted, others counted, from 0 or from the least; all give the same."""
    codes = np.asarray(numbers, dtype=np.int64) * apart + least

    met, of = places_of(codes, 30 * apart + least + 1)

    unique, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    assert met.tolist() == unique.tolist()
    assert of.tolist() == inverse.tolist()
    assert firsts(of, len(met)).tolist() == first.tolist()
