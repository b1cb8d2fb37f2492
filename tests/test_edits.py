"""Findings -> edits, decided without any file.

R1 one paint a cell, the strongest; infos paint nothing; the other cells of an error are paler, unless they are many
R2 the list keeps every finding in its order, with status and counts
R3 restoring gives every computed cell its formula and its right value; inputs stay; each edit says what was there
R4 a typed total that its parts may fall short of is kept; nothing points at a cell that is not there
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_filings import FORM, GRID, filing, row

from toolkit import edits
from toolkit.compute import ledger_of
from toolkit.edits import ERROR, INVOLVED, WARNING
from toolkit.records import TOTAL_ROW, Edit, Figure, Filing, Finding, Key
from toolkit.wording import RESTORED, finding

SHEET = GRID.sheet


def found(severity: str, cell: str, *cells: str, sheet: str = "A") -> Finding:
    return Finding("x", severity, "thấy", "sửa", sheet, cell, cells)


def painted(*findings: Finding) -> dict[tuple[str, str], str]:
    some = edits.marks(findings)
    assert len({(e.sheet, e.cell) for e in some}) == len(some) and {e.kind for e in some} <= {"paint"}
    return {(e.sheet, e.cell): e.colour for e in some}


def test_colours() -> None:  # R1
    assert painted(found("error", "C3", "C3", "D3", "B!E1"), found("warning", "D3", "D3", "E3")) == {
        ("A", "C3"): ERROR, ("A", "D3"): WARNING, ("B", "E1"): INVOLVED,
    }  # fmt: skip
    assert painted(found("info", "C3", "C3"), found("warning", ""), found("error", "", sheet="")) == {}
    assert painted(found("warning", "C3"), found("error", "C3")) == {("A", "C3"): ERROR}
    assert painted(found("error", "A1", "A1", "C3"), found("warning", "C3")) == {
        ("A", "A1"): ERROR,
        ("A", "C3"): WARNING,
    }


@pytest.mark.parametrize(("many", "count"), [(12, 12), (13, 1)])
def test_a_whole_column_is_not_painted(many: int, count: int) -> None:  # R1
    assert len(painted(found("error", "A1", *(f"A{n}" for n in range(1, many + 1))))) == count


def test_the_strongest_colour_comes_first() -> None:  # R1: of two marks that meet in one merged cell, the first counts
    some = edits.marks([found("warning", "A1"), found("error", "B1", "B1", "C1")])
    assert [e.colour for e in some] == [ERROR, WARNING, INVOLVED]


@pytest.mark.parametrize(
    ("severities", "status"),
    [([], "ok"), (["info"], "ok"), (["info", "warning"], "warnings"), (["warning", "error", "error"], "errors")],
)
def test_listing(severities: list[str], status: str) -> None:  # R2
    findings = [found(s, f"A{n}") for n, s in enumerate(severities, 1)]
    listing = edits.listing(findings, ["Xã Vạn Tường"])
    assert (listing.status, listing.about) == (status, ("Xã Vạn Tường",))
    assert [line.cell for line in listing.lines] == [f.cell for f in findings]
    assert sum(listing.counts.values()) == len(findings) and listing.counts["error"] == severities.count("error")


def test_log() -> None:  # R2
    some = [
        Edit("paint", "A", "A1", colour=ERROR),
        Edit("formula", "A", "B1", formula="SUM(C1)", value=3, before="4", why="vì"),
        Edit("formula", "A", "B2", formula="C2", value=""),
        Edit("value", "A", "B3", value=0),
        Edit("value", "A", "B4", before="5"),
    ]
    lines = edits.log(some).lines
    assert [(line.cell, line.before, line.after) for line in lines] == [
        ("B1", "4", "=SUM(C1) → 3"), ("B2", "", "=C2 → (trống)"), ("B3", "", "0"), ("B4", "5", "(trống)"),
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------------ restoring


def with_figure(report: Filing, key: Key, **changes: object) -> Filing:
    figure = report.figures[key]._replace(**changes)
    return report._replace(figures={**report.figures, key: figure})


def grid(row_label: str, indicator: str) -> Key:
    return Key(GRID.id, row_label, indicator)


def calculated(report: Filing) -> Filing:
    """The report as Excel would have saved it: every formula with its right stored value."""
    values = ledger_of(FORM, report).values
    figures = {
        key: f._replace(stored=values.get(key)) if f.origin == "formula" else f for key, f in report.figures.items()
    }
    return report._replace(figures=figures)


def by_cell(report: Filing) -> dict[str, Edit]:
    return {e.cell: e for e in edits.restore(FORM, report) if e.sheet == SHEET}


def sound() -> Filing:
    """Two rows and a total row, all formulas in place."""
    report = filing(rows={"Hộ tịch": row(7, truc_tiep=2, truoc_han=9), "Đất đai": row(5, truoc_han=5)})
    figures = dict(report.figures)
    for key, figure in report.figures.items():
        if FORM.indicator(key.indicator).equals or (key.row == TOTAL_ROW and not FORM.indicator(key.indicator).of):
            figures[key] = figure._replace(value=None, raw="", origin="formula", formula="X1")
    return calculated(report._replace(figures=figures))


def test_nothing_to_restore() -> None:  # R3
    assert edits.restore(FORM, sound()) == ()


def test_typed_over() -> None:  # R3
    report = with_figure(sound(), grid("Hộ tịch", "tiep_nhan"), origin="overtyped", value=8, raw="8", formula=None)
    assert edits.restore(FORM, report) == (
        Edit("formula", SHEET, "C9", "", 'IF(COUNT(D9:F9)=0,"",SUM(D9:F9))', 9, "8", RESTORED["overtyped"]),
    )


def test_a_total_row_follows_what_is_restored_above() -> None:  # R3
    key = grid("Hộ tịch", "tiep_nhan")
    report = calculated(with_figure(sound(), key, origin="overtyped", value=8, raw="8", formula=None))
    assert report.figures[grid(TOTAL_ROW, "tiep_nhan")].stored == 13
    done = by_cell(report)
    assert {cell: e.value for cell, e in done.items()} == {"C9": 9, "C11": 14}
    assert done["C11"].formula == 'IF(COUNT(C9:C10)=0,"",SUM(C9:C10))' and done["C11"].why == RESTORED["stale"]


@pytest.mark.parametrize(
    ("changes", "reason", "before"),
    [
        ({"origin": "blank", "raw": "", "formula": None, "stored": None}, "blank", "(trống)"),
        ({"origin": "overtyped", "raw": "không", "formula": None, "value": None}, "overtyped", "không"),
        ({"origin": "overtyped", "raw": "3", "formula": "1+2", "value": 3}, "overtyped", "=1+2 → 3"),
        ({"origin": "overtyped", "raw": "14", "formula": None, "value": 14}, "overtyped", "14"),
        ({"stored": None}, "missing", "=X1"),
        ({"stored": 15, "raw": "15"}, "stale", "=X1 → 15"),
    ],
)
def test_reasons(changes: dict[str, object], reason: str, before: str) -> None:  # R3
    done = by_cell(with_figure(sound(), grid(TOTAL_ROW, "tiep_nhan"), **changes))
    assert [(e.cell, e.value, e.before, e.why) for e in done.values()] == [("C11", 14, before, RESTORED[reason])]


def test_scalars() -> None:  # R3
    key = Key("xa_hoi_so", "", "vneid_cai_dat")
    report = filing(scalars={"vneid_kich_hoat": 50, "vneid_chua_kich_hoat": 40, "vneid_cai_dat": 99})
    cells = {k.indicator: f.cell for k, f in report.figures.items() if k.block == key.block}
    done = next(e for e in edits.restore(FORM, report) if e.cell == cells["vneid_cai_dat"])
    assert done.value == 90 and cells["vneid_kich_hoat"] in done.formula and "!" not in done.formula


@pytest.mark.parametrize(("typed", "kept"), [(7, True), (8, True), (6, False), (5, False)])
def test_a_total_that_its_blank_parts_may_explain_is_kept(typed: int, kept: bool) -> None:  # R4
    report = sound()
    for part in ("ky_truoc", "truc_tiep"):
        report = with_figure(report, grid("Hộ tịch", part), value=None, raw="", origin="blank")
    report = with_figure(report, grid("Hộ tịch", "truc_tuyen"), value=6, raw="6")
    report = with_figure(report, grid("Hộ tịch", "tiep_nhan"), origin="overtyped", value=typed, raw=str(typed))
    done = by_cell(calculated(report))
    assert ("C9" not in done) is kept
    if not kept:
        assert done["C9"].value == 6


def test_a_total_without_any_part_is_kept() -> None:  # R4
    report = filing(rows={"Hộ tịch": {"tiep_nhan": 77}}, totals={"tiep_nhan": 77, "rut": 3})
    report = with_figure(report, grid("Hộ tịch", "da_giai_quyet"), origin="blank", formula=None)
    done = by_cell(report)
    assert {cell: e.value for cell, e in done.items()} == {"C10": 77, "G9": ""}  # the total row adds up what was typed
    assert done["G9"].why == RESTORED["blank"]


def test_settings_stay_in_the_formula_unless_names_are_lost() -> None:  # R3
    report = with_figure(sound(), grid("Hộ tịch", "da_giai_quyet"), stored=None)
    report = report._replace(settings={"rut": "trong_da_giai_quyet"})
    named = by_cell(report)["G9"].formula
    assert "bc_rut=" in named
    lost = report._replace(findings=(finding("CAU_004", phan="II.06a"),))
    assert by_cell(lost)["G9"].formula == 'IF(COUNT(H9:J9,N9)=0,"",SUM(H9:J9,N9))'


def test_a_total_jumps_over_section_rows() -> None:  # R3
    report = sound()
    moved: dict[Key, Figure] = {}
    for key, figure in report.figures.items():
        letters, number = figure.cell[0], int(figure.cell[1:])
        moved[key] = figure._replace(cell=f"{letters}{number + 3 * (number > 9)}") if key.block == GRID.id else figure
    section = finding("CAU_006", sheet=SHEET, cell="B11", dong="II. Cấp xã")
    report = with_figure(
        report._replace(figures=moved, findings=(section,)), grid(TOTAL_ROW, "rut"), stored=None, value=None
    )
    report = with_figure(report, grid(TOTAL_ROW, "tiep_nhan"), stored=1)
    assert by_cell(report)["C14"].formula == 'IF(COUNT(C9:C10,C12:C13)=0,"",SUM(C9:C10,C12:C13))'


def test_a_part_without_a_column() -> None:  # R4
    report = sound()
    lost = {k: f for k, f in report.figures.items() if k.indicator != "truc_tiep"}
    report = with_figure(report._replace(figures=lost), grid("Hộ tịch", "tiep_nhan"), origin="blank", formula=None)
    assert "C9" not in by_cell(report)


def test_a_total_row_above_its_rows() -> None:  # R4
    report = sound()
    moved = {
        k: f._replace(cell=f"{f.cell[0]}5") if k.block == GRID.id and k.row == TOTAL_ROW else f
        for k, f in report.figures.items()
    }
    report = with_figure(report._replace(figures=moved), grid("Hộ tịch", "tiep_nhan"), origin="blank", formula=None)
    assert by_cell(report) == {}


INPUTS = [i.id for i in GRID.indicators if not i.equals and not i.of]
COMPUTED = [i.id for i in GRID.indicators if i.equals]
numbers = st.one_of(st.none(), st.integers(0, 50))


row_values = st.dictionaries(st.sampled_from([*INPUTS, *COMPUTED]), numbers)


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["Hộ tịch", "Đất đai"]), row_values, min_size=1),
    st.dictionaries(st.sampled_from([*INPUTS, *COMPUTED]), st.integers(0, 99)),
    st.sampled_from(["rieng", "trong_da_giai_quyet", "trong_dung_han"]),
)
def test_after_restoring_there_is_nothing_to_restore(
    rows: dict[str, dict[str, int | None]], totals: dict[str, int], rut: str
) -> None:  # R3
    given_ = {r: {i: v for i, v in cells.items() if v is not None} for r, cells in rows.items()}
    report = filing(rows=given_, totals=totals, rut=rut)
    done = {(e.sheet, e.cell): e for e in edits.restore(FORM, report)}
    after: dict[Key, Figure] = {}
    for key, figure in report.figures.items():
        edit = done.get((figure.sheet, figure.cell))
        if edit is None:
            after[key] = figure
            continue
        assert FORM.indicator(key.indicator).equals or key.row == TOTAL_ROW  # never an input
        stored = edit.value if isinstance(edit.value, int) else None
        after[key] = figure._replace(
            origin="formula", formula=edit.formula, value=stored, stored=stored, raw=str(edit.value)
        )
    again = report._replace(figures=after)
    assert edits.restore(FORM, again) == ()
    values = ledger_of(FORM, again).values
    assert all(f.stored == values[k] for k, f in after.items() if f.origin == "formula" and k in values)
