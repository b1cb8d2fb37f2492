"""The rows of a grid over a province.

R1 rows + what came only as a total + typed totals that differ = the total of the summary, for any province
R2 a row that the form does not list keeps its first spelling, and counts the communes that have it
R3 rows are brought to the province's convention like totals, else marked
R4 a blank is not 0; a lower bound stays one
R5 only merged communes count
"""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from made_filings import FORM, GRID, PERIOD, PLACES, filing, row
from test_rollup import merge, shifted

from toolkit.by_row import Cell, RowTable, by_row
from toolkit.records import Filing, Summary

INPUTS = ("truc_tuyen", "truc_tiep", "ky_truoc", "truoc_han", "dung_han", "qua_han", "dang_trong_han", "rut")
CHOICES = ("rieng", "trong_da_giai_quyet", "trong_dung_han")


def table(summary: Summary) -> RowTable:
    return by_row(FORM, summary, GRID.id)


def total(of: RowTable, indicator: str) -> int | None:
    """Everything the table holds of an indicator; None: nothing."""
    parts = [c for (_, i), c in of.cells.items() if i == indicator]
    parts += [c for c in (of.only_total.get(indicator), of.differing.get(indicator)) if c]
    return sum(c.amount for c in parts) if parts else None


# --- R1


counts = st.one_of(st.none(), st.integers(0, 40))
lines = st.dictionaries(
    st.sampled_from(["Hộ tịch", "Đất đai", "Lĩnh vực lạ", "LĨNH VỰC  LẠ"]),
    st.fixed_dictionaries({i: counts for i in INPUTS}),
)
typed = st.dictionaries(
    st.sampled_from(["tiep_nhan", "da_giai_quyet", "dung_han", "rut", "ky_truoc"]), st.integers(0, 90)
)


@st.composite
def reports(draw: st.DrawFn) -> list[Filing]:
    return [
        filing(
            place,
            {name: {i: n for i, n in cells.items() if n is not None} for name, cells in draw(lines).items()},
            totals=draw(typed),
            rut=draw(st.sampled_from(CHOICES)),
            period=draw(st.sampled_from([PERIOD, PERIOD, shifted(30)])),
            ticked=draw(st.sampled_from([frozenset(), frozenset({GRID.id})])),
        )
        for place in draw(st.lists(st.sampled_from(PLACES), unique=True))
    ]


@settings(max_examples=150, deadline=None)
@given(reports())
def test_the_table_adds_up_to_the_summary(read: list[Filing]) -> None:  # R1
    summary = merge(*read)
    of = table(summary)
    for indicator in of.indicators:
        expected = summary.totals.get(indicator.id)
        # a block ticked "không phát sinh" is worth 0 and fills no cell
        assert (total(of, indicator.id) or 0) == (expected or 0)
        if expected is None:
            assert total(of, indicator.id) is None


def test_a_total_without_rows_and_a_total_that_is_not_its_rows_stand_apart() -> None:  # R1
    only = filing(PLACES[0], {}, totals={"tiep_nhan": 50})
    over = filing(PLACES[1], {"Đất đai": row(7)}, totals={"tiep_nhan": 6})
    same = filing(PLACES[2], {"Đất đai": row(7)}, totals={"tiep_nhan": 7})
    of = table(merge(only, over, same))
    assert of.cells["Đất đai", "tiep_nhan"] == Cell(14, 2, open=False, unconverted=False)
    assert of.only_total["tiep_nhan"].amount == 50
    assert of.differing["tiep_nhan"].amount == -1
    assert total(of, "tiep_nhan") == 63


# --- R2


def test_an_unlisted_row_keeps_its_first_spelling() -> None:
    names = ("Tôn giáo khác", "tôn  giáo KHÁC", "Biển đảo")
    read = [filing(p, {name: row(n)}) for n, (p, name) in enumerate(zip(PLACES, names, strict=False), 1)]
    of = table(merge(*reversed(read)))
    assert of.added == ("Tôn giáo khác", "Biển đảo")
    assert of.rows[: len(GRID.rows)] == GRID.rows
    assert of.communes == {"Tôn giáo khác": 2, "Biển đảo": 1}
    assert of.cells["Tôn giáo khác", "truc_tuyen"] == Cell(3, 2, open=False, unconverted=False)


def test_a_row_spelled_twice_in_one_report_is_one_commune() -> None:
    of = table(merge(filing(PLACES[0], {"Biển đảo": row(3), "BIỂN  ĐẢO": row(4)})))
    assert of.cells["Biển đảo", "truc_tuyen"] == Cell(7, 1, open=False, unconverted=False)
    assert of.communes == {"Biển đảo": 1}


def test_a_listed_row_is_no_added_row() -> None:
    of = table(merge(filing(PLACES[0], {"HỘ TỊCH": row(3)})))
    assert of.added == ()
    assert of.cells["Hộ tịch", "truc_tuyen"].amount == 3


# --- R3


def test_rows_follow_the_convention_of_the_province() -> None:
    plain = row(10, dung_han=8, dang_trong_han=1, rut=1)
    other = row(10, dung_han=9, dang_trong_han=1, rut=1)  # the one withdrawn is counted in time
    read = [filing(PLACES[0], {"Đất đai": plain}), filing(PLACES[1], {"Đất đai": plain})]
    of = table(merge(*read, filing(PLACES[2], {"Đất đai": other}, rut="trong_dung_han")))
    assert of.cells["Đất đai", "dung_han"] == Cell(24, 3, open=False, unconverted=False)
    assert of.cells["Đất đai", "da_giai_quyet"].amount == 24
    assert of.differing == {}


def test_a_row_that_cannot_be_converted_is_marked() -> None:
    unknown = {k: v for k, v in row(10, dung_han=9).items() if k != "rut"}
    read = [filing(p, {"Đất đai": row(1, dung_han=1)}) for p in PLACES[:2]]
    of = table(merge(*read, filing(PLACES[2], {"Đất đai": unknown}, rut="trong_dung_han")))
    assert of.cells["Đất đai", "dung_han"] == Cell(11, 3, open=False, unconverted=True)
    assert not of.cells["Đất đai", "truc_tuyen"].unconverted


# --- R4, R5


def test_a_blank_is_not_a_zero() -> None:
    of = table(merge(filing(PLACES[0], {"Đất đai": {"truc_tuyen": 5}})))
    assert of.cells["Đất đai", "tiep_nhan"] == Cell(5, 1, open=True, unconverted=False)
    assert ("Đất đai", "qua_han") not in of.cells
    assert of.communes == {"Đất đai": 1}


def test_off_period_reports_are_left_out() -> None:
    off = filing(PLACES[1], {"Đất đai": row(100)}, period=shifted(30))
    of = table(merge(filing(PLACES[0], {"Đất đai": row(7)}), off))
    assert of.cells["Đất đai", "truc_tuyen"] == Cell(7, 1, open=False, unconverted=False)
