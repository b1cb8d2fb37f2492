"""Dossier codes that two communes claim: told for each pair, however many they are."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_filings import PLACES, dossiers_of

from toolkit.double_counting import double_counted
from toolkit.records import Dossiers
from workbook.arrow_columns import seen_twice

A, B, C, D = (p.code for p in PLACES)


def told(claims: dict[str, Dossiers]) -> list[tuple[str, str]]:
    return [(code, f.code) for code, f in double_counted(claims, PLACES)]


def test_one_code_in_two_registers() -> None:
    assert told({A: dossiers_of("H1", "H2"), B: dossiers_of("H2", "H3"), C: dossiers_of("H4")}) == [(A, "GOP_017")]
    assert told({A: dossiers_of("H1", "H2"), B: dossiers_of("H3"), C: dossiers_of("H4")}) == []


def test_a_code_twice_in_one_register_is_not_claimed_by_two() -> None:
    assert told({A: dossiers_of("H1", "H1"), B: dossiers_of("H2")}) == []


def test_three_communes_are_three_pairs() -> None:
    assert told({code: dossiers_of("H1") for code in (C, A, B)}) == [(A, "GOP_017"), (A, "GOP_017"), (B, "GOP_017")]


@pytest.mark.parametrize("blank", [None, ""])
def test_dossiers_without_a_code_are_not_one_dossier(blank: str | None) -> None:
    nameless = dossiers_of("H1")._replace(codes=(blank, blank))
    assert told({A: nameless, B: nameless}) == []


@given(st.lists(st.lists(st.sampled_from(["H1", "H2", "H3", None]), max_size=4), min_size=4, max_size=4))
def test_columns_of_arrow_say_the_same(codes: list[list[str | None]]) -> None:
    plain = {p.code: dossiers_of()._replace(codes=tuple(c)) for p, c in zip(PLACES, codes, strict=True)}
    arrow = {code: d._replace(codes=pa.array(d.codes, pa.string())) for code, d in plain.items()}
    assert double_counted(arrow, PLACES, seen_twice) == double_counted(plain, PLACES)
