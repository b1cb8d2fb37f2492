"""A filing as a system of conditions over the cells that somebody typed.

R1 an intact formula is never a cell of the system; a typed-over one, a typed total and a control are
R2 a blank is an unknown >= 0; in a block ticked "không phát sinh" it is nothing
R3 rows without a number are one unknown row, unless a rule of the grid speaks of a fixed number
R4 only rules of severity error that apply under the settings are conditions
R5 the system is violated exactly where the checks find an error (complete filings)
R6 what a side says about missing values holds in the system too
"""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from toolkit.balance import BLANK_ROWS, System, system
from toolkit.compute import formula_of, ledger_of, outcomes, settings_of
from toolkit.conditions import COMPUTED, CONTROL
from toolkit.form import Form
from toolkit.records import TOTAL_ROW, Figure, Filing, Key
from workbook.forms import load_form

FORM = load_form()
GRID = "bieu_06a"
INPUTS = (
    "truc_tuyen", "truc_tiep", "ky_truoc", "truoc_han", "dung_han", "qua_han", "dang_trong_han", "dang_qua_han", "rut",
)  # fmt: skip
TOTALS = ("tiep_nhan", "da_giai_quyet", "dang_giai_quyet")
SOUND = dict(zip(INPUTS, (50, 40, 10, 60, 15, 5, 12, 6, 2), strict=True))


def cell(indicator: str, row: str = "A") -> Key:
    block = FORM.indicator(indicator).block
    return Key(block, row if block == GRID else "", indicator)


def filing_of(
    values: Mapping[Key, int],
    settings: Mapping[str, str] | None = None,
    ticked: frozenset[str] = frozenset(),
    blank_rows: tuple[str, ...] = (),
) -> Filing:
    """A filing with these typed numbers; its other cells are blank or hold their formula."""
    figures = {k: Figure(k, v, "S", f"C{n}", str(v), "typed") for n, (k, v) in enumerate(values.items(), start=9)}
    rows = tuple(dict.fromkeys(k.row for k in values if k.block == GRID and k.row != TOTAL_ROW))
    return Filing("f", "", FORM.id, "1", None, None, settings or {}, {GRID: rows + blank_rows}, figures, {}, ticked)


def system_of(filing: Filing, form: Form = FORM) -> System:
    return system(form, filing, ledger_of(form, filing))


def origins(whole: System) -> list[str]:
    return sorted(c.origin for c in whole.conditions)


def broken(whole: System) -> bool:
    """Whether a condition fails with blanks as 0."""
    for c in whole.conditions:
        residual = c.const + sum(f * (whole.values[v] or 0) for v, f in c.factors.items())
        if residual and (c.equal or residual < 0):
            return True
    return False


def row_of(figures: Mapping[str, int], row: str = "A") -> dict[Key, int]:
    return {cell(i, row): v for i, v in figures.items()}


def test_formulas_are_put_in() -> None:  # R1
    whole = system_of(filing_of(row_of(SOUND)))
    typed = {k.indicator for k, v in zip(whole.keys, whole.values, strict=True) if v is not None}
    assert typed == set(INPUTS)
    assert not {k.indicator for k in whole.keys} & set(TOTALS)
    (rule,) = (c for c in whole.conditions if c.origin == "can_doi_rut_rieng")
    assert rule.equal and sorted(rule.factors.values()) == [-1] * 6 + [1] * 3


def test_typed_totals_and_controls_are_cells() -> None:  # R1
    values = row_of({**SOUND, "tiep_nhan": 100, "da_giai_quyet_doi_chieu": 80})
    values |= {cell("rut", TOTAL_ROW): 2, cell("tiep_nhan_doi_chieu", TOTAL_ROW): 100}
    whole = system_of(filing_of(values))
    assert set(values) <= set(whole.keys)
    assert origins(whole).count(COMPUTED) == 2 and origins(whole).count(CONTROL) == 2
    assert [whole.weights[whole.keys.index(cell(i))] for i in ("rut", "tiep_nhan", "da_giai_quyet_doi_chieu")] == [
        1,
        2,
        3,
    ]


def test_blanks_are_unknown_unless_ticked() -> None:  # R2
    values = row_of({k: v for k, v in SOUND.items() if k != "ky_truoc"})
    whole = system_of(filing_of(values))
    assert whole.values[whole.keys.index(cell("ky_truoc"))] is None
    ticked = system_of(filing_of(values, ticked=frozenset({GRID})))
    assert cell("ky_truoc") not in ticked.keys
    assert broken(ticked)


def test_typed_total_with_a_blank_part() -> None:  # R2
    """Equal to its parts it is taken at its word, and in rules it stands for "this or more"; else it is exact."""
    part = {k: v for k, v in SOUND.items() if k != "ky_truoc"}
    equal = system_of(filing_of(row_of({**part, "tiep_nhan": 90})))
    own = next(c for c in equal.conditions if c.origin == COMPUTED)
    blank = equal.keys.index(cell("ky_truoc"))
    assert blank not in own.factors
    assert blank in next(c for c in equal.conditions if c.origin == "can_doi_rut_rieng").factors
    more = system_of(filing_of(row_of({**part, "tiep_nhan": 100})))
    own = next(c for c in more.conditions if c.origin == COMPUTED)
    assert more.keys.index(cell("ky_truoc")) in own.factors


def test_blank_rows_are_one() -> None:  # R3
    values = {**row_of(SOUND), **{cell(i, TOTAL_ROW): v for i, v in SOUND.items()}}
    whole = system_of(filing_of(values, blank_rows=("B", "C")))
    assert {k.row for k in whole.keys if k.block == GRID} == {"A", BLANK_ROWS, TOTAL_ROW}
    rules = tuple(r._replace(tolerance=1) if r.id == "can_doi_rut_rieng" else r for r in FORM.rules)
    apart = system_of(filing_of(values, blank_rows=("B", "C")), FORM._replace(rules=rules))
    assert {k.row for k in apart.keys if k.block == GRID} == {"A", "B", "C", TOTAL_ROW}


def test_rule_with_a_fixed_number_is_asked_of_the_total() -> None:  # R3
    values = {**row_of(SOUND), **row_of(SOUND, "B")}
    asked = [c for c in system_of(filing_of(values)).conditions if c.origin == "can_doi_rut_rieng"]
    rules = tuple(r._replace(tolerance=1) if r.id == "can_doi_rut_rieng" else r for r in FORM.rules)
    fixed = system_of(filing_of(values), FORM._replace(rules=rules)).conditions
    assert len(asked) == 2  # one for each row; the sum follows
    assert len([c for c in fixed if c.origin == "can_doi_rut_rieng"]) == 6  # not more, not less: two rows and the total


def test_only_errors_that_apply() -> None:  # R4
    values = row_of(SOUND) | {cell("nv_hoan_thanh"): 3, cell("nv_dung_han"): 1, cell("nv_qua_han"): 1}
    assert "nv_hoan_thanh_tong" not in origins(system_of(filing_of(values)))
    other = origins(system_of(filing_of(values, {"rut": "trong_dung_han"})))
    assert "rut_trong_dung_han" in other and "can_doi" in other and "can_doi_rut_rieng" not in other


def test_missing_of_a_side() -> None:  # R6
    values = {cell("may_diet_virus"): 5}

    def conditions(**missing: str) -> list[str]:
        rules = tuple(r._replace(**missing) if r.id == "diet_virus_khong_vuot" else r for r in FORM.rules)
        return [o for o in origins(system_of(filing_of(values), FORM._replace(rules=rules))) if o.startswith("diet")]

    assert conditions() == ["diet_virus_khong_vuot"]
    assert conditions(missing_right="skip") == []
    rules = tuple(r._replace(missing_right="zero") if r.id == "diet_virus_khong_vuot" else r for r in FORM.rules)
    assert broken(system_of(filing_of(values), FORM._replace(rules=rules)))


@given(st.data())
def test_violated_exactly_where_checks_find_an_error(data: st.DataObject) -> None:  # R5
    values = complete_values(data)
    settings = {"rut": data.draw(st.sampled_from(("rieng", "trong_da_giai_quyet", "trong_dung_han")))}
    filing = filing_of(values, settings)
    assert broken(system_of(filing)) == bool(errors(filing))


def complete_values(data: st.DataObject) -> dict[Key, int]:
    """Two complete rows, some totals typed over, some controls; mostly consistent, sometimes not."""
    values: dict[Key, int] = {}
    small = st.integers(0, 12)
    for row in ("A", "B"):
        drawn = {i: data.draw(small) for i in INPUTS}
        drawn["truc_tuyen"] = max(0, sum(drawn[i] for i in INPUTS[3:]) - drawn["truc_tiep"] - drawn["ky_truoc"])
        values |= row_of(drawn, row)
    filing = filing_of(values)
    book = ledger_of(FORM, filing)
    for key in [k for k in book.expected if k.block == GRID]:
        if data.draw(st.booleans()):
            values[key] = book.values[key] or 0
    for total in TOTALS:
        if data.draw(st.booleans()):
            values[cell(f"{total}_doi_chieu", TOTAL_ROW)] = book.values[cell(total, TOTAL_ROW)] or 0
    for key in data.draw(st.lists(st.sampled_from(sorted(values)), max_size=2)):
        values[key] = data.draw(small)
    return values


def errors(filing: Filing) -> list[object]:
    """What the checks call wrong, by the ledger alone: rules, computed cells, totals and controls."""
    book = ledger_of(FORM, filing)
    out: list[object] = [
        (o.rule.id, o.row)
        for o in outcomes(FORM, filing.settings, filing.rows, book)
        if o.verdict is False and o.rule.severity == "error"
    ]
    settings = settings_of(FORM, filing.settings)
    for key, value in book.values.items():
        indicator = FORM.indicator(key.indicator)
        own = book.values.get(key._replace(indicator=indicator.of)) if indicator.of else book.expected.get(key)
        target = key._replace(indicator=indicator.of) if indicator.of else key
        if (
            value is None
            or own is None
            or not (indicator.of or formula_of(indicator, settings) or key.row == TOTAL_ROW)
        ):
            continue
        lower = target in book.open if indicator.of else bool(book.blanks.get(key))
        if value < own or (value > own and not lower):
            out.append(key)
    return out
