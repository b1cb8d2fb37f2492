"""Proposals as an official gets them.

R1 every cell and value of a proposal is in its words; a value left open is told as a range
R2 an offer writes what the repair says; none when a value is open or the file has no such cell
R3 accepted lines become edits; the same change twice is one edit
R4 a cell that changed since is refused, two lines that contradict each other are refused, each by name of its cell
R5 a convention that the figures contradict is doubted only where another one needs fewer cells
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from test_balance import FORM, SOUND, filing_of, row_of
from test_blame import van_tuong

from toolkit.checks import confront
from toolkit.proposals import Offer, accept, doubted_settings, effect, offers, words
from toolkit.records import Change, Filing, Finding, Key, Repair
from toolkit.wording import finding

SHEET = "II.06a"
ONE = Offer(SHEET, "C9", 5676, 5679, "thay_chu_so")
AT = (SHEET, "C9")


def errors(filing: Filing) -> list[Finding]:
    return [f for f in confront(FORM, filing) if f.severity == "error"]


def with_repairs(*repairs: Repair) -> Finding:
    return finding("CT_001", o="")._replace(repairs=repairs)


def change(
    cell: str, before: int | None = 1, after: int | None = 2, low: int = 0, high: int | None = None, sheet: str = SHEET
) -> Change:
    return Change(Key("bieu_06a", "A", "rut"), cell, before, after, low, high, sheet=sheet)


@pytest.mark.parametrize("way", ["typed over", "control"])
def test_van_tuong_is_offered(way: str) -> None:  # R1, R2
    found = [f for f in errors(van_tuong(way)) if f.repairs]
    assert found
    for f in found:
        assert {(o.before, o.after, o.kind) for o in offers(f)} == {
            (5676, 5679, "thay_chu_so"), (414, 411, "thay_chu_so"),
        }  # fmt: skip
        (told,) = words(f)
        assert all(f"{o.sheet}!{o.cell}" in told for o in offers(f))
        assert all(number in told for number in ("5.676", "5.679", "414", "411"))


def test_an_open_value_is_told_and_not_offered() -> None:  # R1, R2
    filing = van_tuong("typed over", "trong_dung_han")
    found = [f for f in errors(filing) if f.repairs]
    assert found and all(offers(f) == () for f in found)
    withdrawn = next(f for k, f in filing.figures.items() if k.indicator == "rut" and f.value == 8)
    assert all(f"!{withdrawn.cell} " in " ".join(words(f)) for f in found)


def test_a_range_shows_both_ends_and_an_open_end_shows_one() -> None:  # R1
    (told,) = words(with_repairs(Repair((change("N9", 8, None, low=31, high=77),), "", False)))
    assert "N9" in told and "31" in told and "77" in told
    (told,) = words(with_repairs(Repair((change("N9", 8, None, low=31, high=None),), "", False)))
    assert "31" in told and "None" not in told


def test_no_offer_without_a_cell() -> None:  # R2
    there, nowhere = change("C9"), change("", sheet="")
    assert offers(with_repairs(Repair((there,), "", True))) == (Offer(SHEET, "C9", 1, 2, ""),)
    assert offers(with_repairs(Repair((there, nowhere), "", True))) == ()
    assert offers(with_repairs()) == () and words(with_repairs()) == ()


def test_one_repair_of_each_part() -> None:  # R2
    repairs = (
        Repair((change("C9"),), "", True, 0, 3), Repair((change("D9"),), "", False, 0, 3),
        Repair((change("E9"),), "", True, 1, 1),
    )  # fmt: skip
    assert [o.cell for o in offers(with_repairs(*repairs))] == ["C9", "E9"]
    assert len(words(with_repairs(*repairs))) == 2


def test_accepted_lines_are_edits() -> None:  # R3
    edits, faults = accept([ONE, ONE], {AT: "5.676"}, {AT: 5676})
    assert faults == ()
    assert [(e.kind, e.sheet, e.cell, e.value, e.before) for e in edits] == [("value", SHEET, "C9", 5679, "5.676")]
    assert edits[0].why


def test_a_blank_may_be_filled() -> None:  # R3
    (edit,), faults = accept([Offer(SHEET, "C9", None, 5679, "")], {AT: ""}, {})
    assert (edit.value, faults) == (5679, ())


@pytest.mark.parametrize("now", [5677, None])
def test_a_cell_changed_since_is_refused(now: int | None) -> None:  # R4
    numbers = {} if now is None else {AT: now}
    edits, faults = accept([ONE], {AT: str(now or "")}, numbers)
    assert edits == () and [f.code for f in faults] == ["NHAN_003"]
    assert "C9" in faults[0].message and "5.676" in faults[0].message


def test_a_blank_filled_since_is_refused() -> None:  # R4
    _, faults = accept([Offer(SHEET, "C9", None, 5679, "")], {AT: "1"}, {AT: 1})
    assert [f.code for f in faults] == ["NHAN_003"]


def test_lines_that_contradict_each_other_are_refused() -> None:  # R4
    _, faults = accept([ONE, Offer(SHEET, "C9", 5676, 5680, "")], {AT: "5676"}, {AT: 5676})
    assert [f.code for f in faults] == ["NHAN_004"]
    assert all(text in faults[0].message for text in ("C9", "5.679", "5.680"))


@pytest.mark.parametrize(("setting", "others"), [("trong_dung_han", 2), ("trong_da_giai_quyet", 1), ("rieng", 0)])
def test_a_contradicted_convention_is_doubted(setting: str, others: int) -> None:  # R5
    found = doubted_settings(FORM, van_tuong("typed over", setting))
    assert [f.code for f in found] == ["QT_002"] * bool(others)
    assert sum(f.message.count("5.679") for f in found) == others  # told once for each better choice


def test_a_sound_filing_is_not_doubted() -> None:  # R5
    assert doubted_settings(FORM, filing_of(row_of(SOUND))) == ()


def test_a_choice_among_repairs_is_no_effect() -> None:
    """One of seven ways changes a small figure by 90; that 90 of 19.000 are in doubt is what is known."""
    key = Key("bieu_06a", "*", "tiep_nhan")
    change = Change(key._replace(indicator="rut"), "O9", 5, 95, 95, 95, "", "II.06a")
    totals = {"tiep_nhan": 19_000, "rut": 100}
    found = Finding("x", "error", "", "", key=key, difference=90)
    for certain, share in ((False, Fraction(90, 19_000)), (True, Fraction(90, 100))):
        repair = Repair((change,), "", certain, 0, 1 if certain else 7)
        assert effect(found._replace(repairs=(repair,)), totals) == share
    unsaid = found._replace(key=None, repairs=(Repair((change,), "", False, 0, 7),))
    assert effect(unsaid, totals) == Fraction(90, 100)


def test_what_has_no_total_moves_none() -> None:
    """Not all of a total of 0: a control that no commune gave in whole is added nowhere."""
    key = Key("bieu_06a", "*", "tiep_nhan_doi_chieu")
    certain = Repair((Change(key, "P41", 5, 8, 8, 8, "", "II.06a"),), "", True)
    for found in (
        Finding("x", "error", "", "", key=key, difference=3),
        Finding("x", "error", "", "", repairs=(certain,)),
    ):
        assert effect(found, {"tiep_nhan": 9}) == 0
        assert effect(found, {"tiep_nhan_doi_chieu": 0}) == 3
