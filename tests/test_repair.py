"""Proposals for a filing that does not balance.

R1 the slip is named for each cell, and for the whole repair when one kind explains it
R2 trusted cells come later; among equals the likelier slip comes first; an exchange of neighbours first of all
R3 what is common to all repairs comes first and is certain; a single repair is certain
R4 each error finding carries the repairs that change one of its cells, nothing else does
R5 conventions are compared: cells needed, what is certain, which rules the figures contradict
R6 unreadable cells whose value follows are derived, with the slip that explains them
"""

from __future__ import annotations

from test_balance import FORM, SOUND, cell, filing_of, row_of
from test_blame import van_tuong

from toolkit import checks
from toolkit.compute import ledger_of
from toolkit.records import TOTAL_ROW, Change, Figure, Filing, Key, Repair
from toolkit.repair import attach, conventions, derived, propose


def proposals(filing: Filing, limit: int = 20) -> tuple[Repair, ...]:
    return propose(FORM, filing, ledger_of(FORM, filing), limit)


def moves(repair: Repair) -> set[tuple[str, int | None, int | None]]:
    return {(c.key.indicator, c.before, c.after) for c in repair.changes}


def test_van_tuong() -> None:  # R1, R3
    (only,) = proposals(van_tuong("control"))
    assert only.certain and only.found == 1 and only.kind == "thay_chu_so"
    assert moves(only) == {("tiep_nhan_doi_chieu", 5676, 5679), ("dang_giai_quyet_doi_chieu", 414, 411)}
    assert {c.kind for c in only.changes} == {"thay_chu_so"} and all(c.cell for c in only.changes)


def test_ranges_are_told() -> None:  # R1
    repairs = proposals(van_tuong("control", "trong_dung_han"))
    (withdrawn,) = {c for r in repairs for c in r.changes if c.key.indicator == "rut"}
    assert withdrawn == Change(cell("rut"), withdrawn.cell, 8, None, 0, 2, "", withdrawn.sheet)
    assert not any(r.certain for r in repairs) and {r.found for r in repairs} == {13}


def test_likelier_slip_first() -> None:  # R2
    """81 is 18 with its digits swapped; for the six others on the right side it would be any number."""
    values = row_of({**SOUND, "truc_tuyen": 81, "truc_tiep": 40, "truoc_han": 28})
    first, *others = proposals(filing_of(values))
    assert moves(first) == {("truc_tuyen", 81, 18)} and first.kind == "dao_chu_so"
    assert len(others) == 6 and not any(r.certain for r in (first, *others))


def test_trusted_cells_later() -> None:  # R2
    values = row_of({**SOUND, "tiep_nhan_doi_chieu": 130})
    repairs = proposals(filing_of(values))
    assert moves(repairs[0]) == {("tiep_nhan_doi_chieu", 130, 100)}  # the row rule leaves no other
    values = {**row_of(SOUND), cell("hop_tong"): 13, cell("hop_toan_the"): 10}
    values |= {cell("hop_thuong_truc"): 0, cell("hop_to_giup_viec"): 0, cell("hop_phoi_hop"): 0}
    trusting = FORM._replace(blocks=tuple(heavier(b, "hop_tong") for b in FORM.blocks))
    filing = filing_of(values)
    order = [r.changes[0].key.indicator for r in propose(trusting, filing, ledger_of(trusting, filing))]
    assert order[-1] == "hop_tong" and order[0] == "hop_toan_the"


def heavier(block, indicator: str):
    inside = tuple(i._replace(weight=9) if i.id == indicator else i for i in block.indicators)
    return block._replace(indicators=inside)


def test_exchange_of_neighbours() -> None:  # R2
    """One cell would do; the exchange of ky_truoc and truoc_han explains it with one slip, and comes first."""
    first, *others = proposals(filing_of(row_of({**SOUND, "ky_truoc": 60, "truoc_han": 10})))
    assert moves(first) == {("ky_truoc", 60, 10), ("truoc_han", 10, 60)} and first.kind == "doi_cho"
    assert others and not first.certain and all(len(r.changes) == 1 for r in others)


def test_exchange_between_rows() -> None:  # R2
    """Two numbers of one column exchanged: two parts, in each of which that cell comes first."""
    other = {**SOUND, "truc_tuyen": 350, "truc_tiep": 67, "truoc_han": 387}
    rows = {**row_of(SOUND), **row_of(other, "B")}
    a, b = cell("truoc_han"), cell("truoc_han", "B")
    repairs = proposals(filing_of({**rows, a: rows[b], b: rows[a]}))
    for part, key in ((0, a), (1, b)):
        first = next(r for r in repairs if r.part == part)
        assert [c.key for c in first.changes] == [key] and first.kind == "doi_cho"


def test_total_that_left_out_a_row() -> None:  # R1
    values = {**row_of(SOUND), **row_of(SOUND, "B"), **row_of(SOUND, "C")}
    values[cell("truc_tuyen", TOTAL_ROW)] = 100
    first = proposals(filing_of(values))[0]
    assert moves(first) == {("truc_tuyen", 100, 150)} and first.kind == "sot_dong" and first.certain


def test_moved_between_in_time_and_late() -> None:  # R1, R2
    """Five dossiers of one row counted late instead of in time: seen only because the column totals are typed."""
    values = {**row_of(SOUND), **row_of({**SOUND, "dang_trong_han": 5, "dang_qua_han": 13}, "B")}
    values |= {cell("dang_trong_han", TOTAL_ROW): 22, cell("dang_qua_han", TOTAL_ROW): 14}
    wanted = {("dang_trong_han", 5, 10), ("dang_qua_han", 13, 8)}
    (found,) = [r for r in proposals(filing_of(values)) if moves(r) == wanted]
    assert found.kind == "chuyen_han" and not found.certain


def test_common_part_is_certain() -> None:  # R3
    """The control of "received" is wrong in every repair; beside it any of the two open figures may be."""
    values = row_of({**SOUND, "tiep_nhan_doi_chieu": 110, "dang_giai_quyet": 19})
    values |= {cell("nv_giao"): 5, cell("nv_hoan_thanh"): 3, cell("nv_dang_thuc_hien"): 1}
    repairs = proposals(filing_of(values))
    certain = [r for r in repairs if r.certain]
    assert ("tiep_nhan_doi_chieu", 110, 100) in set().union(*map(moves, certain))
    assert sorted({r.part for r in repairs}) == [0, 1] and [r.found for r in repairs if r.part == 1] == [3, 3, 3]


def test_limit() -> None:  # R3
    filing = filing_of(row_of({**SOUND, "rut": 3}))
    assert len(proposals(filing)) == 9
    assert proposals(filing, limit=2) == proposals(filing)[:2]


def test_sound_filing_has_no_repair() -> None:
    assert proposals(filing_of(row_of(SOUND))) == ()


def test_findings_carry_their_repairs() -> None:  # R4
    filing = filing_of(
        {**row_of(SOUND), **row_of({**SOUND, "rut": 3}, "B"), cell("may_tinh"): 3, cell("may_diet_virus"): 4}
    )
    book = ledger_of(FORM, filing)
    bare = [f._replace(repairs=()) for f in checks.confront(FORM, filing)]
    found = {f.code: f for f in attach(FORM, filing, book, bare)}
    assert {c.key.row for r in found["can_doi_rut_rieng"].repairs for c in r.changes} == {"B"}
    exchanged, *virus = found["diet_virus_khong_vuot"].repairs
    assert exchanged.kind == "doi_cho"
    assert {(c.key.indicator, c.after, c.low, c.high) for r in virus for c in r.changes} == {
        ("may_tinh", None, 4, None), ("may_diet_virus", None, 0, 3),
    }  # fmt: skip
    assert all(not f.repairs for f in found.values() if f.severity != "error")
    warnings = [f._replace(severity="warning") for f in bare]
    assert attach(FORM, filing, book, warnings) == warnings


def test_conventions() -> None:  # R5
    own, *others = conventions(FORM, van_tuong("control", "trong_dung_han"))
    assert (own.setting, own.choice, own.cells, own.found, own.certain) == ("rut", "trong_dung_han", 4, 13, ())
    assert "rut_trong_dung_han" in own.broken
    assert [(c.choice, c.cells) for c in others] == [("rieng", 2), ("trong_da_giai_quyet", 3)]
    agreed = set.intersection(*({(c.key.indicator, c.after) for c in o.certain} for o in others))
    assert agreed == {("tiep_nhan_doi_chieu", 5679), ("dang_giai_quyet_doi_chieu", 411)}


def test_derived_values() -> None:  # R6
    values = row_of({i: v for i, v in SOUND.items() if i != "truc_tuyen"}) | {cell("tiep_nhan_doi_chieu"): 5100}
    values[cell("truoc_han")] = 5060
    for raw, kind in (("5.05", "nghin"), ("-5050", "dau"), ("", ""), ("năm nghìn", "")):
        filing = filing_of(values)
        key: Key = cell("truc_tuyen")
        unread = Figure(key, None, "S", "C5", raw, "typed" if raw else "blank")
        filing = filing._replace(figures={**filing.figures, key: unread})
        assert derived(FORM, filing, ledger_of(FORM, filing)) == (Change(key, "C5", None, 5050, 5050, 5050, kind, "S"),)


def test_cumulated_figure() -> None:  # R1, R2
    """60 received online in the last period were typed again: 50 becomes 110. One less, and nothing is recognised."""
    last = {cell("truc_tuyen"): 60, cell("truc_tiep"): 7}
    for typed, kind in ((110, "luy_ke"), (111, "")):
        filing = filing_of(row_of({**SOUND, "truc_tuyen": typed, "truc_tiep": 40}))
        book = ledger_of(FORM, filing)
        found = {c.key.indicator: c.kind for r in propose(FORM, filing, book, earlier=last) for c in r.changes}
        assert found["truc_tuyen"] == kind
        assert "luy_ke" not in {c.kind for r in propose(FORM, filing, book) for c in r.changes}
    first, *_ = propose(FORM, filing_of(row_of({**SOUND, "truc_tuyen": 110})), book, earlier=last)
    assert first.kind == "luy_ke" and moves(first) == {("truc_tuyen", 110, 50)} and not first.certain


def test_cumulated_control_and_stock() -> None:  # R1
    """A control of a flow is held against the last figure beside it; a stock is never cumulated."""
    filing = filing_of(row_of({**SOUND, "tiep_nhan_doi_chieu": 230}))
    only, *_ = propose(FORM, filing, ledger_of(FORM, filing), earlier={cell("tiep_nhan"): 130})
    assert moves(only) == {("tiep_nhan_doi_chieu", 230, 100)} and only.kind == "luy_ke"


def test_cumulated_within_a_range() -> None:  # R2
    """100 received, 170 digitised: without the last period nearly any excess would do, so that alone says nothing."""
    for last, kinds in ((70, ["luy_ke", ""]), (71, [""]), (80, [""]), (69, [""]), (171, [""])):
        filing = filing_of(row_of(SOUND) | {cell("so_hoa_dau_vao"): 170})
        repairs = propose(FORM, filing, ledger_of(FORM, filing), earlier={cell("so_hoa_dau_vao"): last})
        mine = [r for r in repairs if r.changes[0].key == cell("so_hoa_dau_vao")]
        assert [r.kind for r in mine] == kinds and not any(r.certain for r in mine if r.kind)
        assert [c.after for r in mine for c in r.changes] == [100, None][-len(kinds) :]


def test_cumulated_where_two_figures_say_so() -> None:  # R2
    """Two figures of a block, each over its own total, and both fit without the last period: one cause for both."""
    typed = {cell("so_hoa_dau_vao"): 170, cell("so_hoa_dau_ra"): 150}
    last = {cell("so_hoa_dau_vao"): 80, cell("so_hoa_dau_ra"): 75}
    filing = filing_of(row_of(SOUND) | typed)
    both = propose(FORM, filing, ledger_of(FORM, filing), earlier=last)
    assert {m for r in both if r.kind == "luy_ke" for m in moves(r)} == {
        ("so_hoa_dau_vao", 170, 90),
        ("so_hoa_dau_ra", 150, 75),
    }
    one = propose(FORM, filing, ledger_of(FORM, filing), earlier={cell("so_hoa_dau_vao"): 80})
    assert not any(r.kind == "luy_ke" for r in one)
