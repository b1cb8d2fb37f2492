"""Areas of an open sheet: many cells in few calls.

Requirements
  LA03  rectangles hold every cell once, addresses are as long as Excel takes; colours are the same without the add-in
  LA10  looking for merged cells costs one call where there are none
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import live_books
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.engine_openpyxl import ENGINE, open_book
from workbook.live_areas import LONGEST_ADDRESS, addresses, boxes, colours, paint, shown_at
from workbook.rectangle import Box

path = live_books.path  # fixture


def test_looking_for_merged_cells_costs_one_call_where_there_are_none(path: Path) -> None:  # LA10
    sheet = open_book(path).sheets.add("Gộp")
    calls = []
    for rows in (20, 2000):
        ENGINE.calls.clear()
        assert shown_at(sheet, [(r, 2) for r in range(1, rows, 3)]) == {(r, 2): (r, 2) for r in range(1, rows, 3)}
        calls.append(dict(ENGINE.calls))
    assert calls[0] == calls[1] == {"range.merge_cells": 1}


@given(st.sets(st.tuples(st.integers(1, 12), st.integers(1, 12)), max_size=60))
def test_rectangles_cover_the_cells_once(places: set[tuple[int, int]]) -> None:
    covered = [place for box in boxes(places) for place in box.places()]
    assert sorted(covered) == sorted(places)


@given(st.sets(st.tuples(st.integers(1, 99999), st.integers(1, 700)), min_size=1, max_size=120))
def test_addresses_are_short_and_complete(places: set[tuple[int, int]]) -> None:
    made = list(addresses(boxes(places)))
    assert all(len(address) <= LONGEST_ADDRESS for address in made)
    assert ",".join(made) == ",".join(box.address for box in boxes(places))
    assert all(len(f"{a},{b.partition(',')[0]}") > LONGEST_ADDRESS - 1 for a, b in pairwise(made))


def test_colours_are_the_same_either_way(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = open_book(path)
    sheet = book.sheets.add("Màu")
    paint(sheet, {"F8CBAD": [Box(1, 1, 3, 2)], "000000": [Box(2, 2, 2, 2)], "-": [Box(3, 1, 3, 1)]})
    helped = colours(sheet, [Box(1, 1, 4, 3)])
    monkeypatch.setattr(book.app.impl, "macros", {})
    assert colours(sheet, [Box(1, 1, 4, 3)]) == helped
    assert (helped[2, 2], helped[3, 1], helped[1, 1], helped[4, 3]) == ("000000", "-", "F8CBAD", "-")
