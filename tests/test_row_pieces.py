"""Rows joined from pieces, compiled or not.

Requirements
  RP01  a row is its pieces one behind the other, with the number of the row where that is asked
  RP02  compiled and by Python alone the same bytes, for any texts and numbers
  RP03  without a library rows are joined all the same
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from pathlib import Path

import pytest
from engines import NATIVE_THERE
from hypothesis import example, given
from hypothesis import strategies as st

from workbook import native, row_native, row_pieces
from workbook.row_pieces import ROW, Chosen, Numbers, Piece, plain_join

WHOLE = st.integers(-(2**31), 2**31 - 1)
TEXTS = st.lists(st.text(max_size=5), min_size=1, max_size=4)


@st.composite
def rows(draw: st.DrawFn) -> tuple[list[Piece], int, int]:
    n = draw(st.integers(0, 5))
    pieces: list[Piece] = []
    for _ in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from(["text", "row", "chosen", "numbers"]))
        if kind == "text":
            pieces.append(draw(st.text(max_size=4)))
        elif kind == "row":
            pieces.append(ROW)
        elif kind == "chosen":
            texts = draw(TEXTS)
            places = draw(st.lists(st.integers(0, len(texts) - 1), min_size=n, max_size=n))
            pieces.append(Chosen(texts, array("i", places)))
        else:
            pieces.append(Numbers(array("i", draw(st.lists(WHOLE, min_size=n, max_size=n)))))
    return pieces, draw(st.integers(1, 2**20)), n


def test_a_row_is_its_pieces__RP01() -> None:
    pieces = ["<r ", ROW, ">", Chosen(["á", "", "bc"], array("i", [2, 0, 1])), Numbers(array("i", [-7, 0, 2**31 - 1]))]
    expected = "<r 9>bc-7<r 10>á0<r 11>2147483647"
    assert plain_join(pieces, 9, 3).decode() == expected
    assert bytes(row_pieces.join(pieces, 9, 3)).decode() == expected


def test_only_texts__RP01() -> None:
    assert bytes(row_pieces.join(["a", "b"], 1, 3)) == plain_join(["a", "b"], 1, 3) == b"ababab"
    assert bytes(row_pieces.join([], 1, 3)) == plain_join([], 1, 3) == b""
    assert bytes(row_pieces.join(["a", ROW], 1, 0)) == plain_join(["a", ROW], 1, 0) == b""


@NATIVE_THERE
@given(rows())
@example((["a", Numbers(array("i", [-(2**31)]))], 1, 1))
def test_compiled_or_not__RP02(given: tuple[Sequence[Piece], int, int]) -> None:
    assert bytes(row_native.join(*given)) == plain_join(*given)


def test_without_a_library__RP03(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without:
        without.setattr(native, "_LIBRARY", tmp_path / "lib.so")
        native.forget()
        assert row_pieces.engine() is plain_join
    native.forget()
