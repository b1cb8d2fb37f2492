"""What a filing brings: where every computed cell is what its parts give, nothing is corrected, and nobody looks."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from made_filings import FORM, GRID, filing

from toolkit.addends import amounts_of
from toolkit.compute import ledger_of

numbers = st.one_of(st.none(), st.integers(0, 9))
typed = st.sampled_from([i.id for i in GRID.indicators if i.kind not in ("text", "rate")])
lines = st.dictionaries(typed, numbers, max_size=12)


@given(
    rows=st.dictionaries(st.sampled_from(["Hộ tịch", "Đất đai"]), lines),
    totals=st.dictionaries(typed, st.integers(0, 20), max_size=2),
)
@example(rows={}, totals={"truc_tuyen": 5, "tiep_nhan": 3})
@example(rows={"Hộ tịch": {"truoc_han": 1, "dung_han": 2}}, totals={})
@example(rows={"Hộ tịch": {"truc_tuyen": 1}}, totals={"tiep_nhan": 7})
def test_looking_changes_nothing(rows: dict[str, dict[str, int | None]], totals: dict[str, int]) -> None:
    filled = {row: {i: n for i, n in cells.items() if n is not None} for row, cells in rows.items()}
    report = filing(rows=filled, totals=totals)
    book = ledger_of(FORM, report)
    doubted = book._replace(expected=dict.fromkeys(book.expected, -1))
    assert amounts_of(FORM, report, book) == amounts_of(FORM, report, doubted)
