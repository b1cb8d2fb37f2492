"""What changed between two merges.

R1 each waterfall closes, whatever the two merges are, and begins and ends with their totals
R2 every file has exactly one change, or stayed as it was
R3 exactly the cells that somebody changed are told; the form's own formulas follow in the totals only
R4 another convention is told apart from changed cells
R5 merges of another question are not compared
R6 a bridge to the same merge tells nothing; back and forth are opposites
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from made_filings import FORM, GRID, PLACES, STRANGER, filing, row
from test_rollup import BROKEN, LOCK, files, merge, shifted

from toolkit.arrivals import Received
from toolkit.bridge import Bridge, CellChange, CopyChange, Waterfall, bridge, consistent, slim
from toolkit.records import TOTAL_ROW, Filing, Key, Province, Summary

FULL = row(100, truc_tiep=20, truoc_han=80, dung_han=10, dang_trong_han=28, rut=2)


def of(before: Summary, after: Summary) -> Bridge:
    return bridge(before, after, FORM)


def steps(found: Bridge) -> dict[str, tuple[int | None, int, int, int, int, int | None]]:
    return {w.indicator: tuple(w)[1:7] for w in found.totals}


# --- R1, R2, R6: for any two merges


@settings(max_examples=60)
@given(files(), files())
def test_every_waterfall_closes(one: list[Filing], other: list[Filing]) -> None:
    before, after = merge(*one), merge(*other)
    found = of(before, after)
    told = {w.indicator: w for w in found.totals}
    for indicator in before.totals.keys() | after.totals.keys():
        left, right = before.totals.get(indicator), after.totals.get(indicator)
        w = told.pop(indicator, Waterfall(indicator, left, 0, 0, 0, 0, left))
        assert (w.before, w.after) == (left, right)
        assert (w.before or 0) + w.came + w.left + w.cells + w.convention == (w.after or 0)
        assert w.came >= 0 >= w.left
    assert not told


@settings(max_examples=60)
@given(files(), files())
def test_every_file_has_one_change(one: list[Filing], other: list[Filing]) -> None:
    before, after = merge(*one), merge(*other)
    found = of(before, after)
    names = Counter(c.before for c in found.files if c.kind != "new")
    now = Counter(c.file for c in found.files if c.kind != "gone")
    assert set(names.values()) | set(now.values()) <= {1}
    kinds = Counter(c.kind for c in found.files)
    both = found.same + kinds["changed"] + kinds["renamed"]
    assert both + kinds["gone"] == len(before.outcomes)
    assert both + kinds["new"] == len(after.outcomes)


@settings(max_examples=40)
@given(files(), files())
def test_there_and_back(one: list[Filing], other: list[Filing]) -> None:
    before, after = merge(*one), merge(*other)
    assert not of(before, before).anything
    there, back = of(before, after), of(after, before)
    assert [(w.after, -w.left, -w.came, -w.cells, -w.convention, w.before) for w in there.totals] == [
        tuple(w)[1:7] for w in back.totals
    ]
    assert {(c.key, c.before, c.after) for c in there.cells} == {(c.key, c.after, c.before) for c in back.cells}


@settings(max_examples=40)
@given(files())
def test_slim_is_enough(read: list[Filing]) -> None:
    whole = merge(*read)
    kept = slim(whole)
    assert consistent(kept)
    assert of(kept._replace(filings=whole.filings), whole) == of(whole, whole)


# --- R2


def test_files_in_and_out() -> None:
    one, two = filing(PLACES[0]), filing(PLACES[1])
    before = merge(one, two, BROKEN, LOCK)
    after = merge(
        one._replace(file="tên mới.xlsx"),
        two._replace(sha256="1" * 64),
        filing(PLACES[2]),
        BROKEN._replace(code="TEP_002"),
    )
    found = of(before, after)
    assert [(c.kind, c.file, c.before, c.commune, c.status_before, c.status) for c in found.files] == [
        ("changed", "21001.xlsx", "21001.xlsx", "21001", "merged", "merged"),
        ("new", "21002.xlsx", "", "21002", "", "merged"),
        ("renamed", "tên mới.xlsx", "21000.xlsx", "21000", "merged", "merged"),
        ("gone", "~$21000.xlsx", "~$21000.xlsx", "", "ignored", ""),
    ]
    assert found.same == 1
    assert [tuple(c) for c in found.communes] == [("21002", "missing", "merged")]
    assert not found.cells


def test_swapped_names_are_two_changes() -> None:
    one, two = filing(PLACES[0], file="a.xlsx"), filing(PLACES[1], file="b.xlsx")
    found = of(merge(one, two), merge(one._replace(file="b.xlsx"), two._replace(file="a.xlsx")))
    assert [c.kind for c in found.files] == ["changed", "changed"]
    assert not found.totals and not found.cells


def test_files_that_cannot_be_opened_are_no_copies_of_each_other() -> None:
    one, other = (BROKEN._replace(file=f"{name}.xlsx", sha256="") for name in "ab")
    found = of(merge(one), merge(other))
    assert [(c.kind, c.file) for c in found.files] == [("gone", "a.xlsx"), ("new", "b.xlsx")]


# --- R1, R3


def test_one_cell_mended() -> None:
    before = merge(filing(PLACES[0], {"Đất đai": FULL, "Hộ tịch": row(7)}), filing(PLACES[1], {"Đất đai": FULL}))
    mended = filing(PLACES[0], {"Đất đai": {**FULL, "truc_tuyen": 101}, "Hộ tịch": row(7)})
    found = of(before, merge(mended, filing(PLACES[1], {"Đất đai": FULL})))
    key = Key(GRID.id, "Đất đai", "truc_tuyen")
    cell = mended.figures[key].cell
    assert found.cells == (
        CellChange("21000", key, "21000.xlsx", GRID.sheet, cell, 100, "21000.xlsx", GRID.sheet, cell, 101),
    )
    assert steps(found) == {"tiep_nhan": (247, 0, 0, 1, 0, 248), "truc_tuyen": (207, 0, 0, 1, 0, 208)}
    assert found.same == 1 and [c.kind for c in found.files] == ["changed"]


def test_came_and_left() -> None:
    before = merge(filing(PLACES[0], {"Đất đai": row(5)}), filing(PLACES[1], {"Đất đai": row(11)}))
    after = merge(filing(PLACES[1], {"Đất đai": row(11)}, period=shifted(30)), filing(PLACES[2], {"Hộ tịch": row(3)}))
    found = of(before, after)
    assert steps(found)["truc_tuyen"] == (16, 3, -16, 0, 0, 3)
    assert [tuple(c) for c in found.communes] == [
        ("21000", "merged", "missing"),
        ("21001", "merged", "off_period"),
        ("21002", "missing", "merged"),
    ]
    assert not found.cells  # no commune counts in both


def test_blank_to_zero_is_a_change() -> None:
    blank = row(5)
    del blank["rut"]
    found = of(merge(filing(PLACES[0], {"Đất đai": blank})), merge(filing(PLACES[0], {"Đất đai": row(5)})))
    assert [(c.key.indicator, c.before, c.after) for c in found.cells] == [("rut", None, 0)]
    assert steps(found) == {"rut": (None, 0, 0, 0, 0, 0)}


def test_row_taken_out() -> None:
    both, one = filing(PLACES[0], {"Đất đai": row(5), "Hộ tịch": row(7)}), filing(PLACES[0], {"Đất đai": row(5)})
    found = of(merge(both), merge(one))
    assert {c.key.row for c in found.cells} == {"Hộ tịch"}
    online = next(c for c in found.cells if c.key.indicator == "truc_tuyen")
    assert (online.before, online.after, online.cell) == (7, None, "")
    assert not any(c.key.indicator == "tiep_nhan" for c in found.cells)
    assert steps(found)["tiep_nhan"] == (12, 0, 0, -7, 0, 5)


def test_formula_typed_over_and_restored() -> None:
    typed = filing(PLACES[0], {"Đất đai": FULL}, totals={"truc_tuyen": 90})
    plain = filing(PLACES[0], {"Đất đai": FULL})
    found = of(merge(typed), merge(plain))
    assert [(c.key, c.before, c.after) for c in found.cells] == [(Key(GRID.id, TOTAL_ROW, "truc_tuyen"), 90, 100)]
    assert steps(found) == {"truc_tuyen": (90, 0, 0, 10, 0, 100)}


def test_rate_and_scalar() -> None:
    given = {"ty_le_truc_tuyen": Decimal("0.90"), "hop_tong": 3}
    changed = {"ty_le_truc_tuyen": Decimal("0.91"), "hop_tong": 4}
    found = of(merge(filing(PLACES[0], scalars=given)), merge(filing(PLACES[0], scalars=changed)))
    assert {(c.key.indicator, c.before, c.after) for c in found.cells} == {
        ("ty_le_truc_tuyen", Decimal("0.90"), Decimal("0.91")),
        ("hop_tong", 3, 4),
    }


def test_other_file_of_the_same_commune_counts() -> None:
    first, second = (
        filing(PLACES[0], {"Đất đai": row(5)}),
        filing(PLACES[0], {"Đất đai": row(6)}, file="x bản sửa.xlsx"),
    )
    found = of(merge(first), merge(first, second))
    (cell,) = found.cells
    assert (cell.file_before, cell.file, cell.before, cell.after) == ("21000.xlsx", "x bản sửa.xlsx", 5, 6)
    assert [(c.kind, c.file) for c in found.files] == [("new", "x bản sửa.xlsx")] and found.same == 1
    assert found.copies == (CopyChange("21000", "21000.xlsx", "x bản sửa.xlsx"),)


def test_another_copy_counts_though_no_file_changed() -> None:
    files = [filing(PLACES[0], {"Đất đai": row(n)}, file=f"{n}.xlsx") for n in (5, 6)]
    days = ({"5.xlsx": (date(2025, 9, 26),), "6.xlsx": (date(2025, 9, n),)} for n in (25, 27))
    found = of(*(merge(*files, received=Received(given)) for given in days))
    assert not found.files and found.same == 2 and found.anything
    assert found.copies == (CopyChange("21000", "5.xlsx", "6.xlsx"),)


def test_a_new_name_is_no_other_copy() -> None:
    one = filing(PLACES[0], {"Đất đai": row(5)})
    assert not of(merge(one), merge(one._replace(file="x.xlsx"))).copies


def test_a_cell_that_held_text_tells_it() -> None:
    one, other = (filing(PLACES[0], {"Đất đai": row(5)}) for _ in range(2))
    key = Key(GRID.id, "Đất đai", "truc_tuyen")
    text = one.figures[key]._replace(value=None, raw="106 hồ sơ", origin="text")
    found = of(merge(one._replace(figures={**one.figures, key: text}, sha256="1" * 64)), merge(other))
    assert [(c.before, c.text_before, c.after, c.text) for c in found.cells] == [(None, "106 hồ sơ", 5, "")]


def test_lower_bounds_stay_lower_bounds() -> None:
    blank = row(5)
    del blank["truc_tuyen"]
    found = of(
        merge(filing(PLACES[0], {"Đất đai": row(5), "Hộ tịch": blank})),
        merge(filing(PLACES[0], {"Đất đai": row(7), "Hộ tịch": row(1)})),
    )
    bounds = {w.indicator: (w.open_before, w.open) for w in found.totals}
    assert bounds["truc_tuyen"] == bounds["tiep_nhan"] == (True, False)


# --- R4


def test_another_convention() -> None:
    """Two new communes tip the convention; the third one's figures are converted and did not change."""
    own = filing(PLACES[0], {"Đất đai": FULL})
    others = [filing(place, {"Đất đai": FULL}, rut="trong_dung_han") for place in PLACES[1:3]]
    found = of(merge(own), merge(own, *others))
    assert not found.cells
    assert [tuple(c) for c in found.choices] == [("", "rut", "rieng", "trong_dung_han")]
    assert steps(found)["dung_han"] == (10, 20, 0, 0, 2, 32)


def test_setting_of_a_commune() -> None:
    one, other = (filing(PLACES[0], {"Đất đai": FULL}, rut=rut) for rut in ("rieng", "trong_dung_han"))
    more = [filing(place) for place in PLACES[1:3]]
    found = of(merge(one, *more), merge(other, *more))
    assert [tuple(c) for c in found.choices] == [("21000", "rut", "rieng", "trong_dung_han")]
    assert not found.cells
    assert steps(found)["dung_han"] == (10, 0, 0, 0, -2, 8)


def test_a_setting_that_turns_a_formula_tells_its_cells() -> None:
    """Every cell listed adds up to the step, though nobody typed into the one that the setting turned."""
    given = {**FULL, "rut": 7}
    one, other = (filing(PLACES[0], {"Đất đai": given}, rut=rut) for rut in ("rieng", "trong_da_giai_quyet"))
    more = [filing(place, rut="trong_da_giai_quyet") for place in PLACES[1:3]]
    found = of(merge(one, *more), merge(other, *more))
    listed = [c for c in found.cells if c.key.indicator == "da_giai_quyet"]
    assert [c.key.row for c in listed] == ["Đất đai"]
    told = sum((c.after or 0) - (c.before or 0) for c in listed)
    assert told == 7 == next(w.cells for w in found.totals if w.indicator == "da_giai_quyet")


# --- R5


@pytest.mark.parametrize("field", ["period", "province", "form"])
def test_another_question__error(field: str) -> None:
    before = merge(filing(PLACES[0]))
    other = {"period": shifted(1), "province": Province("01", "Thành phố Hà Nội"), "form": "bao_cao_khac"}[field]
    found = of(before, before._replace(**{field: other}))
    assert found.why is not None and found.why.code == "NHO_002"
    assert not found.anything


def test_other_list_of_communes_is_told() -> None:
    before = merge(filing(PLACES[0], {"Đất đai": row(5)}))
    shorter = before._replace(places=PLACES[:3], commune_status={p.code: "missing" for p in PLACES[:3]})
    found = of(before, shorter._replace(totals={}, amounts={}, outcomes=()))
    assert ("21003", "missing", "") in [tuple(c) for c in found.communes]
    assert steps(found)["truc_tuyen"] == (5, 0, -5, 0, 0, None)


# --- what comes from a file that somebody else may have written


def test_inconsistent_summary_is_told() -> None:
    summary = slim(merge(filing(PLACES[0], {"Đất đai": row(5)}), filing(STRANGER)))
    assert consistent(summary)
    assert not consistent(summary._replace(totals={**summary.totals, "truc_tuyen": 6}))
    assert not consistent(summary._replace(outcomes=()))
    assert not consistent(summary._replace(outcomes=tuple(o._replace(commune="21001") for o in summary.outcomes)))
    assert not consistent(summary._replace(commune_status={}))
