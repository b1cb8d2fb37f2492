"""Guards toolkit/beyond.py: a part of a filing that is beyond a short repair says so, and which balances are broken.

R1 one info finding for the part, with the number of contradictions, at a cell of the first one; none when a short
   repair exists
R2 the repair that a solver finds is never certain, is not counted, and has its own words
"""

from __future__ import annotations

import pytest
from test_balance import FORM, SOUND, cell, filing_of, row_of

from toolkit.checks import confront
from toolkit.proposals import words
from toolkit.records import TOTAL_ROW, Filing, Finding
from toolkit.smallest import MOST_CELLS

ROWS = "ABCDEFGH"


def spoilt(rows: int) -> Filing:
    """So many rows whose three typed totals disagree with their parts and with each other, all under one typed total
    of the column that disagrees with them too."""
    values = {}
    for n, row in enumerate(ROWS):
        values |= row_of(SOUND, row)
        if n < rows:
            values |= {cell("tiep_nhan", row): 137 + n, cell("da_giai_quyet", row): 911 + n}
    values[cell("tiep_nhan", TOTAL_ROW)] = 50_000
    return filing_of(values)


def of_code(findings: tuple[Finding, ...], code: str) -> list[Finding]:
    return [f for f in findings if f.code == code]


def test_says_so() -> None:  # R1
    found = of_code(confront(FORM, spoilt(MOST_CELLS + 1)), "QT_003")
    assert [f.severity for f in found] == ["info"]
    assert found[0].cell and found[0].sheet and str(MOST_CELLS) in found[0].message


def test_not_where_a_short_repair_exists() -> None:  # R1
    assert of_code(confront(FORM, spoilt(1)), "QT_003") == []


def test_one_way_of_many() -> None:  # R2
    pytest.importorskip("scipy")
    repairs = {r for f in confront(FORM, spoilt(MOST_CELLS + 1)) for r in f.repairs}
    assert repairs and all(r.found == 0 and not r.certain and len(r.changes) > MOST_CELLS for r in repairs)
    error = next(f for f in confront(FORM, spoilt(MOST_CELLS + 1)) if f.repairs)
    assert words(error)
