"""The rule set examines itself.

R1 a contradiction is named by rules none of which can be left out
R2 a rule that follows from the others is redundant, and no other
R3 a cell that the rules leave one value is fixed
R4 for each cell, how many others must be wrong too for an error to stay unseen
R5 the form in use contradicts itself under no setting and fixes no cell
"""

from __future__ import annotations

import pytest
from test_balance import FORM

from toolkit.detect import every_setting, examine
from toolkit.form import Form
from toolkit.formula_text import parse_comparison
from toolkit.records import Severity


def form_with(*texts: str, severity: Severity = "error", drop: str = "") -> Form:
    """The form with more rules of the whole form, named r0, r1, ..."""
    model = next(r for r in FORM.rules if r.id == "diet_virus_khong_vuot")
    more = [model._replace(id=f"r{n}", holds=parse_comparison(t), severity=severity) for n, t in enumerate(texts)]
    return FORM._replace(rules=(*(r for r in FORM.rules if r.id != drop), *more))


def test_contradiction() -> None:  # R1
    found = examine(form_with("may_tinh <= 4", "may_diet_virus >= 5", "may_scan >= 1"), {})
    assert set(found.contradiction) == {"diet_virus_khong_vuot", "r0", "r1"}
    assert examine(form_with("may_tinh <= 5", "may_diet_virus >= 5"), {}).contradiction == ()


def test_contradiction_of_whole_numbers() -> None:  # R1
    assert examine(form_with("2 * may_tinh == 2 * may_scan + 1"), {}).contradiction == ("r0",)


def test_redundant() -> None:  # R2
    found = examine(form_with("may_diet_virus <= may_tinh + 1", "may_tinh >= 1"), {}).redundant
    assert "r0" in found and "r1" not in found and "diet_virus_khong_vuot" not in found
    sharper = examine(form_with("may_diet_virus <= may_tinh - 1"), {}).redundant
    assert "diet_virus_khong_vuot" in sharper and "r0" not in sharper


def test_the_same_rule_twice() -> None:  # R2
    twice = examine(form_with("may_diet_virus <= may_tinh", "nv_giao == nv_hoan_thanh + nv_dang_thuc_hien"), {})
    assert {"r0", "r1", "diet_virus_khong_vuot", "nv_giao_tong"} <= set(twice.redundant)


def test_fixed() -> None:  # R3
    found = examine(form_with("may_tinh <= 4", "may_diet_virus >= 4", "may_scan <= 0", "duong_truyen <= 1"), {})
    assert found.fixed == {"may_tinh": 4, "may_diet_virus": 4, "may_scan": 0}


def test_unseen() -> None:  # R4
    plain, beside = examine(FORM, {}, controls=False), examine(FORM, {})
    assert plain.unseen["truc_tuyen"] == 1 and plain.unseen["hs_toan_trinh"] == 0
    assert plain.unseen["tthc_mot_phan_truc_tiep"] == 2
    assert plain.unseen["rut"] == 1 and beside.unseen["rut"] == 2
    assert "tiep_nhan_doi_chieu" not in plain.unseen and beside.unseen["tiep_nhan_doi_chieu"] == 2
    fixed = examine(form_with("may_scan == 3"), {})
    assert fixed.unseen["may_scan"] is None


def test_warnings_see_too() -> None:  # R4
    without = examine(form_with(drop="nv_hoan_thanh_tong"), {}, controls=False).unseen
    with_ = examine(FORM, {}, controls=False).unseen
    assert (without["nv_dung_han"], with_["nv_dung_han"]) == (0, 1)
    assert (without["nv_hoan_thanh"], with_["nv_hoan_thanh"]) == (1, 2)


@pytest.mark.parametrize("settings", list(every_setting(FORM)), ids=lambda s: "-".join(s.values()))
@pytest.mark.parametrize("controls", [True, False])
def test_form_in_use(settings: dict[str, str], controls: bool) -> None:  # R5
    found = examine(FORM, settings, controls)
    assert found.contradiction == () and found.fixed == {} and found.settings == settings
