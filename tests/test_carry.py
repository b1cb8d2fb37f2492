"""Guards toolkit/carry.py.

Requirements
  CA01  what comes over is what the form says (another's last figure by row, a stock's own), nothing else
  CA02  only figures that were really there: typed or fully computed; a blank, a lower bound stay behind
  CA03  settings and unlisted rows come along, ticks and flows do not; --values win cell by cell
  CA04  another commune, an unknown cover, a period that is not earlier: refused, each with its code
  CA05  a gap or an overlap, errors that touch a carried figure, a total that the rows do not make: told
  CA06  the check finds a difference of exactly one, by row and in total, a fact once; unknown is no difference
"""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from made_filings import FORM, GRID, PERIOD, PLACES, filing, row

from toolkit.carry import Closing, carried, closings, differences, earlier_flows, over, seam
from toolkit.records import TOTAL_ROW, Filing, Finding, Key, Period
from toolkit.values import Values

NEXT = Period(date(2025, 9, 26), date(2025, 10, 25))
CARRY = "ky_truoc"


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [f.code for f in findings]


def grid_of(values: Values) -> dict[str, dict[str, object]]:
    return {label: dict(cells) for label, cells in values.grids[GRID.id].items()}


def sound(online: int, open_: int, late: int = 0) -> dict[str, int]:
    """A row that balances: ``open_`` and ``late`` dossiers are left of those received."""
    return row(online, dang_trong_han=open_, dang_qua_han=late, dung_han=online - open_ - late)


def test_what_the_form_says_comes_over() -> None:  # CA01
    last = filing(rows={"Hộ tịch": sound(9, 4, 2), "Đất đai": sound(5, 0)}, scalars={"may_tinh": 40, "pakn_ton": 3})
    values, told = carried(FORM, last, PLACES[0], NEXT)
    assert grid_of(values) == {"Hộ tịch": {CARRY: 6}, "Đất đai": {CARRY: 0}}
    assert dict(values.scalars) == {"may_tinh": 40} and set(values.notes) == {"may_tinh"}
    assert codes(told) == ["KT_001"] and not values.records


def test_only_what_was_really_there() -> None:  # CA02
    part = {i: v for i, v in sound(9, 4).items() if i != "dang_qua_han"}  # 4 and a blank: at least 4
    last = filing(rows={"Hộ tịch": part, "Đất đai": {}, "Chứng thực": part | {"dang_giai_quyet": 5}})
    values, told = carried(FORM, last, PLACES[0], NEXT)
    assert grid_of(values) == {"Chứng thực": {CARRY: 5}}
    assert "KT_015" in codes(told) and "KT_001" in codes(told)
    nothing, told = carried(FORM, filing(rows={"Đất đai": {}}), PLACES[0], NEXT)
    assert grid_of(nothing) == {} and codes(told) == ["KT_008"]


def test_settings_and_own_rows_come_along() -> None:  # CA03
    last = filing(rows={"Du lịch": {}, "Hộ tịch": {}}, rut="trong_dung_han", ticked=frozenset({"hop"}))
    values, _ = carried(FORM, last, PLACES[0], NEXT)
    assert values.settings == {"rut": "trong_dung_han"} and not values.none_declared
    assert grid_of(values) == {"Du lịch": {}}


def test_given_values_win_cell_by_cell() -> None:  # CA03
    first = Values(
        settings={"rut": "rieng"},
        scalars={"may_tinh": 40, "may_scan": 2},
        grids={GRID.id: {"Du lịch": {CARRY: 3}}},
        notes={"may_tinh": "a", "may_scan": "b"},
    )
    mine = Values(
        settings={"rut": "trong_dung_han"}, scalars={"may_tinh": 41}, grids={GRID.id: {"du lịch": {"rut": 1}}}
    )
    both = over(first, mine)
    assert both.settings == {"rut": "trong_dung_han"} and both.scalars == {"may_tinh": 41, "may_scan": 2}
    assert grid_of(both) == {"Du lịch": {CARRY: 3, "rut": 1}} and both.notes == {"may_scan": "b"}
    assert grid_of(over(first, Values(grids={GRID.id: {"Du lịch": {CARRY: 4}}}))) == {"Du lịch": {CARRY: 4}}


def test_refusals() -> None:  # CA04
    def refused(last: Filing, period: Period = NEXT) -> list[str]:
        values, told = carried(FORM, last, PLACES[0], period)
        assert values == Values()
        return codes(told)

    assert refused(filing(PLACES[1])) == ["KT_005"]
    assert refused(filing(None)) == ["KT_006"] and refused(filing(period=None)) == ["KT_006"]
    start, end = PERIOD
    assert refused(filing(), PERIOD) == ["KT_007"]
    assert refused(filing(), Period(start, date(2025, 10, 25))) == ["KT_007"]  # cumulates from the same day
    assert refused(filing(), Period(date(2025, 7, 2), end)) == ["KT_007"]
    assert carried(FORM, filing(), PLACES[0], Period(date(2025, 7, 2), date(2025, 9, 26)))[1][0].severity != "error"


def test_gap_and_overlap() -> None:  # CA05
    for start, told in ((25, ["KT_002"]), (26, []), (27, ["KT_002"])):
        found = seam(PERIOD, Period(date(2025, 9, start), date(2025, 10, 25)))
        assert [found.code] * bool(found) == told if found else told == []


def test_doubtful_figures_come_over_as_written() -> None:  # CA05
    wrong = sound(9, 4) | {"dung_han": 4}  # 9 received, 4 + 4 accounted for
    last = filing(rows={"Hộ tịch": wrong, "Đất đai": sound(5, 1)}, scalars={"may_tinh": 3, "may_diet_virus": 4})
    values, told = carried(FORM, last, PLACES[0], NEXT)
    assert grid_of(values) == {"Hộ tịch": {CARRY: 4}, "Đất đai": {CARRY: 1}}
    doubtful = {(f.key.row, f.key.indicator) for f in told if f.code == "KT_003" and f.key}
    assert doubtful == {("Hộ tịch", "dang_giai_quyet"), ("", "may_tinh"), ("", "may_diet_virus")}


def test_doubt_about_a_part_is_doubt_about_its_sum() -> None:  # CA05
    last = filing(rows={"Hộ tịch": sound(9, 4)}, totals={"dang_trong_han": 5})
    doubtful = [f.key for f in carried(FORM, last, PLACES[0], NEXT)[1] if f.code == "KT_003"]
    assert doubtful == [Key(GRID.id, "Hộ tịch", "dang_giai_quyet")]


def test_total_that_the_rows_do_not_make() -> None:  # CA05
    last = filing(rows={"Hộ tịch": sound(9, 4)}, totals={"dang_giai_quyet": 5})
    found = [f for f in carried(FORM, last, PLACES[0], NEXT)[1] if f.code == "KT_004"]
    assert [(f.left, f.right) for f in found] == [(5, 4)]


def figures(last: Filing) -> dict[tuple[str, str], Closing]:
    return closings(FORM, last)


LAST = filing(rows={"Hộ tịch": sound(9, 4), "Đất đai": sound(5, 1), "Du lịch": sound(3, 2)})


def now(**carry: int | None) -> Filing:
    """A report whose rows (spelled with _ for a space) say what came over; None: blank."""
    names = {"ho": "Hộ tịch", "dat": "Đất đai", "du": "Du lịch", "moi": "Việc làm"}
    rows = {
        names[n]: {i: v for i, v in (row() | {CARRY: value}).items() if v is not None} for n, value in carry.items()
    }
    return filing(rows=rows, period=NEXT)


def test_the_same_is_no_difference() -> None:  # CA06
    assert differences(FORM, figures(LAST), now(ho=4, dat=1, du=2)) == ()


def test_a_difference_of_one_is_told_once() -> None:  # CA06
    (found,) = differences(FORM, figures(LAST), now(ho=5, dat=1, du=2))
    assert (found.code, found.severity, found.left, found.right, found.difference) == ("KT_011", "warning", 5, 4, 1)
    assert found.key == Key(GRID.id, "Hộ tịch", CARRY) and found.cell


def test_rows_of_one_period_only() -> None:  # CA06
    found = differences(FORM, figures(LAST), now(ho=4, dat=1, moi=2))
    assert sorted(codes(found)) == ["KT_012", "KT_013"]
    assert codes(differences(FORM, figures(LAST), now(ho=4, dat=1, du=2, moi=0))) == []


def test_total_only_where_rows_do_not_explain_it() -> None:  # CA06
    total = {(TOTAL_ROW, "dang_giai_quyet"): Closing(7, "tinh.xlsx", "II.06a", "K40")}
    assert differences(FORM, total, now(ho=4, dat=1, du=2)) == ()
    (found,) = differences(FORM, total, now(ho=4, dat=1, du=3))
    assert found.key == Key(GRID.id, TOTAL_ROW, CARRY) and found.difference == 1
    by_rows = {**figures(LAST), (TOTAL_ROW, "dang_giai_quyet"): Closing(8, "f", "s", "c")}
    (found,) = differences(FORM, by_rows, now(ho=4, dat=1, du=2))  # each row agrees, the typed total does not
    assert found.key == Key(GRID.id, TOTAL_ROW, CARRY) and found.difference == -1


def test_unknown_is_no_difference() -> None:  # CA06
    assert differences(FORM, {}, now(ho=4)) == ()
    assert differences(FORM, figures(LAST), now(ho=None, dat=1, du=2)) == ()
    part = {i: v for i, v in sound(9, 4).items() if i != "dang_qua_han"}
    assert differences(FORM, figures(filing(rows={"Hộ tịch": part, "Đất đai": sound(5, 1)})), now(ho=5, dat=1)) == ()


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=3, max_size=3), st.booleans())
def test_told_differences_sum_to_that_of_the_total(pairs: list[tuple[int, int]], typed: bool) -> None:  # CA06
    labels = ("Hộ tịch", "Đất đai", "Du lịch")
    last = filing(rows={n: sound(100, a) for n, (a, _) in zip(labels, pairs, strict=True)})
    here = now(**{n: b for n, (_, b) in zip(("ho", "dat", "du"), pairs, strict=True)})
    found = differences(FORM, figures(last), here)
    assert sum(f.difference or 0 for f in found) == sum(b - a for a, b in pairs)
    assert len(found) == sum(a != b for a, b in pairs)


def test_a_new_workbook_agrees_with_the_last_one() -> None:  # CA01, CA06
    values, _ = carried(FORM, LAST, PLACES[0], NEXT)
    rows = {label: row() | {i: int(str(v)) for i, v in cells.items()} for label, cells in grid_of(values).items()}
    assert differences(FORM, figures(LAST), filing(rows=rows, period=NEXT)) == ()


def test_flows_of_the_last_period() -> None:
    flows = earlier_flows(FORM, figures(LAST))
    assert flows[Key(GRID.id, "Hộ tịch", "truc_tuyen")] == 9 and flows[Key(GRID.id, TOTAL_ROW, "truc_tuyen")] == 17
    assert not {k for k in flows if k.indicator in (CARRY, "dang_giai_quyet", "dang_trong_han")}
