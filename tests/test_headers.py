"""Headings that are remembered: what another report says in the same place is not taken for them."""

from __future__ import annotations

import pytest

from workbook.forms import load_form
from workbook.headers import find_header, header_above, label_key, wanted_columns

BLOCK = load_form().block("van_ban")
WANTED = wanted_columns(BLOCK)
HEADING = [indicator.label for indicator in BLOCK.indicators]


def test_what_is_equal_reads_by_its_kind() -> None:
    assert [label_key(value) for value in (1, True, 1.0, "1 :", True)] == ["1", "true", "1", "1", "true"]


@pytest.mark.parametrize(
    "rows",
    [
        [HEADING],
        [HEADING[::-1]],
        [["Tên báo cáo"], HEADING],
        [HEADING, ["(1)", 2.0, True]],
        [HEADING, ["(1)", True, 2.0]],
        [HEADING + [""] * 3_000],  # too many cells to be remembered
        [["Tên báo cáo"]],
    ],
)
def test_the_heading_above_a_table(rows: list[list[object]]) -> None:
    for _ in range(2):
        assert header_above(rows, WANTED) == find_header(rows, WANTED)
