"""Worksheet functions on rows of the form's table.

Requirements
  WR01  what a row answers is what the check of a report with that row alone says
  WR02  a blank row is blank; blanks are no zeros; what is no number is told with its column
  WR03  the proposal makes the row balance, and names columns as printed
  WR04  a choice of the form's settings is known by its id or its label
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tables import made
from toolkit.checks import confront
from toolkit.row_functions import balances, columns, repairs, width
from toolkit.wording import FUNCTION_FAULTS, ROW_ANSWERS
from workbook.forms import load_form

FORM = load_form()
IDS = tuple(i.id for b in FORM.blocks if b.kind == "grid" for i in b.indicators)
FAULT = FUNCTION_FAULTS["dau"]
FITS = [10, 6, 4, 0, 7, 5, 2, 0, 3, 3, 0, 0]
VAN_TUONG = [5676, 5297, 382, 0, 5260, 5182, 2, 76, 414, 343, 68, 8]
SMALL = st.integers(0, 9)


def changed(row: list[int], *changes: tuple[int, object]) -> list[object]:
    """The row with cells, counted as printed from (3), replaced."""
    out: list[object] = [*row]
    for column, cell in changes:
        out[column - 3] = cell
    return out


def said(row: list[object], choice: object = None) -> tuple[object, object]:
    return balances([row], FORM, choice)[0], repairs([row], FORM, choice)[0]


@st.composite
def balanced(draw: st.DrawFn) -> list[int]:
    """A row that fits when withdrawn dossiers are counted apart."""
    early, punctual, late, within, beyond, withdrawn = (draw(SMALL) for _ in range(6))
    done, left = early + punctual + late, within + beyond
    received = done + left + withdrawn
    online = draw(st.integers(0, received))
    before = draw(st.integers(0, received - online))
    parts = [online, received - online - before, before]
    return [received, *parts, done, early, punctual, late, left, within, beyond, withdrawn]


def test_columns_are_those_of_the_form__WR01() -> None:
    assert width(FORM) == 12
    assert columns(FORM)[:12] == tuple(f"({n})" for n in range(3, 15))
    assert len(columns(FORM)) == len(IDS)


@given(st.lists(st.one_of(st.none(), SMALL), min_size=12, max_size=15).filter(lambda r: len(r) in (12, 15)))
@settings(max_examples=60, deadline=None)
def test_as_the_check_of_a_report__WR01(row: list[int | None]) -> None:
    given_cells = {i: "" if cell is None else cell for i, cell in zip(IDS, row, strict=False)}
    whole = made({"Đất đai": given_cells}, {})
    broken = [f for f in confront(FORM, whole) if f.severity == "error"]
    found, mended = said([*row])
    if all(cell is None for cell in row):
        assert found == mended == ""
    elif broken:
        assert str(found).count(";") == len(broken) - 1
        assert mended not in ("", ROW_ANSWERS["khong_sua"])
    else:
        assert found in (ROW_ANSWERS["khop"], ROW_ANSWERS["chua_du"])
        assert mended == ROW_ANSWERS["khong_sua"]


@given(balanced())
@settings(max_examples=40, deadline=None)
def test_balanced_row_fits__WR01(row: list[int]) -> None:
    assert said([*row]) == (ROW_ANSWERS["khop"], ROW_ANSWERS["khong_sua"])


@given(balanced(), st.integers(3, 14))
@settings(max_examples=40, deadline=None)
def test_wrong_by_one_in_any_cell_is_seen__WR01(row: list[int], column: int) -> None:
    found, mended = said(changed(row, (column, row[column - 3] + 1)))
    assert re.match(r"Lệch [+−]1, ", str(found))
    assert mended != ROW_ANSWERS["khong_sua"]


def test_blanks__WR02() -> None:
    assert said([None, "", " ", *[None] * 9]) == ("", "")
    assert said([None] * 3) == ("", "")
    assert said(changed(FITS, (14, None)))[0] == ROW_ANSWERS["chua_du"]  # a blank is not 0
    assert said(changed(FITS, (3, None)))[0] == ROW_ANSWERS["khop"]  # computed from its parts
    assert str(said(changed(FITS, (4, None), (3, 3)))[0]).startswith("Lệch −1, (3) = ")  # 4 + 0 are already more


@pytest.mark.parametrize("cell", ["abc", "5,676", -1, 1.5, 10**15, "#REF!", "Lỗi: đã hỏng", True])
def test_no_number_is_told_with_its_column__WR02(cell: object) -> None:
    for answer in said(changed(FITS, (9, cell))):
        assert str(answer).startswith(FAULT)
        assert "(9)" in str(answer)
        assert str(answer).count(FAULT) == 1


@pytest.mark.parametrize("cells", [1, 11, 13, 14, 16])
def test_row_of_another_width_is_told__WR02(cells: int) -> None:
    first = FAULT + FUNCTION_FAULTS["dong"].partition("{")[0]
    assert all(str(answer).startswith(first) for answer in said([1] * cells))


def test_van_tuong__WR03() -> None:
    _, mended = said([*VAN_TUONG])
    assert re.findall(r"ô (\(\d+\)) ([\d.]+) → ([\d.]+)", str(mended)) == [
        ("(3)", "5.676", "5.679"),
        ("(11)", "414", "411"),
    ]


@given(balanced(), st.integers(3, 14), st.integers(1, 30))
@settings(max_examples=40, deadline=None)
def test_what_is_proposed_mends_the_row__WR03(row: list[int], column: int, by: int) -> None:
    wrong = changed(row, (column, row[column - 3] + by))
    proposed = re.findall(r"ô \((\d+)\) [\d.]+ → (\d+)", str(said(wrong)[1]))
    assert proposed
    mended = changed([int(str(cell)) for cell in wrong], *((int(c), int(v)) for c, v in proposed))
    assert said(mended)[0] == ROW_ANSWERS["khop"]


def test_what_is_certain_comes_before_one_of_many__WR03() -> None:
    """One sentence for one part, whichever of its rules is asked."""
    _, mended = said([*VAN_TUONG, 5679, None, None], "trong_dung_han")
    assert re.findall(r"ô (\(\d+\)) [\d.]+ → ([\d.]+)", str(mended)) == [("(3)", "5.679")]


@pytest.mark.parametrize("choice", ["trong_da_giai_quyet", "Trong đã giải quyết", " TRONG  ĐÃ giải quyết"])
def test_choice_by_id_or_label__WR04(choice: str) -> None:
    inside = changed(FITS, (7, 8), (14, 1), (3, 11), (5, 5))  # 8 = 5 + 2 + 0 + 1, 11 = 8 + 3
    assert said(inside, choice)[0] == ROW_ANSWERS["khop"]
    assert said(inside)[0] != ROW_ANSWERS["khop"]


def test_unknown_choice_is_told__WR04() -> None:
    first = FAULT + FUNCTION_FAULTS["lua_chon"].partition("{")[0]
    for answers in (balances([FITS, FITS], FORM, "tách"), repairs([FITS, FITS], FORM, "tách")):
        assert [str(answer).startswith(first) for answer in answers] == [True, True]
    assert said([*FITS], "#N/A")[0] == FAULT + FUNCTION_FAULTS["o_loi"].replace("{goc}", "#N/A")
