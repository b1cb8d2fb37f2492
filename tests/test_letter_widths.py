"""How wide words are in Times New Roman: against the widths that its makers publish (thousandths of an em)."""

from __future__ import annotations

import pytest

from toolkit.text import strip_accents
from workbook.forms import load_places
from workbook.letter_widths import SPACE, word_width
from workbook.report_page import line_height

EM = 11 * 96 / 72 / 7 / 1000  # of 11 points, in units of a column's width


@pytest.mark.parametrize(
    ("word", "ems"), [("Minh", 889 + 278 + 500 + 500), ("W", 944), ("mm", 1556), ("(Ill)", 1555), ("2025", 2000)]
)
def test_a_word_is_as_wide_as_its_letters(word: str, ems: int) -> None:
    assert ems * EM < word_width(word) < 1.05 * ems * EM


def test_accents_take_no_room() -> None:
    for place in load_places().in_province("51"):
        assert [*map(word_width, place.name.split())] == [*map(word_width, strip_accents(place.name).split())]


def test_the_height_of_a_row_follows_from_them() -> None:
    """ "Ill" is narrower than its letters are many, "MMM" wider; a name breaks where it is too wide by a hair."""
    assert [line_height((name, 7.0), least=0) for name in ("Ill Ill Ill", "MM MMM")] == [15.5, 31]
    name = "Xã Ví dụ 01 (số liệu bịa)"
    whole = sum(map(word_width, name.split())) + SPACE * name.count(" ")
    assert whole < 22
    assert [line_height((name, whole + off), least=0) for off in (0.01, -0.01)] == [15.5, 31]
