"""Guards toolkit/catalogue.py, catalogue_faults.py and toml_table.py.

1. Every file in bad_forms raises exactly the code of its file name, with a place.
2. Every code has a file in bad_forms.
3. All faults of a file are told at once.
4. The shipped form and a second form load; a form can be loosened by one without a test noticing: never.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from toolkit import catalogue, catalogue_faults, toml_table
from toolkit.catalogue import CatalogueError, load
from toolkit.formula_text import parse
from toolkit.wording import ADDED_SHEETS
from workbook import build_plan
from workbook.forms import load_form

HERE = Path(__file__).parent
BAD = sorted((HERE / "bad_forms").glob("*.toml"))
SHIPPED = (HERE.parent / "xlsx_templates" / "bao_cao_xa.toml").read_text(encoding="utf-8")
SECOND = (HERE / "forms" / "so_giao_ban.toml").read_text(encoding="utf-8")


def faults_of(text: str) -> list[tuple[str, str]]:
    """(code, place) of every fault; empty for a good form."""
    try:
        load(text)
    except CatalogueError as error:
        assert all(fault.what for fault in error.faults)
        return [(fault.code, fault.where) for fault in error.faults]
    return []


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_form_is_refused_for_its_own_fault_only(path: Path) -> None:
    found = faults_of(path.read_text(encoding="utf-8"))
    assert [code for code, _ in found] == [path.stem[:6]]
    assert all(where for _, where in found) or path.stem == "DM_002_khong_co_khoi"


def test_every_code_has_a_bad_form() -> None:
    sources = "".join(
        Path(str(m.__file__)).read_text(encoding="utf-8") for m in (catalogue, catalogue_faults, toml_table)
    )
    assert set(re.findall(r"DM_\d{3}", sources)) == {path.stem[:6] for path in BAD}


def test_sheets_of_the_product_are_not_for_a_form() -> None:
    assert set(catalogue_faults.OWN_SHEETS) == {build_plan.COVER, build_plan.CHECKS, *ADDED_SHEETS}


def test_all_faults_are_told_at_once_each_with_its_place() -> None:
    text = (
        SECOND.replace('kind = "flow", unit = "cuoc"', 'kind = "flow"')
        .replace('"viec_xong + viec_con"', '"viec_xong + viec_mat"')
        .replace('default = "tuan"', 'default = "nam"')
        .replace("breaks = { viec_con = 6,", "breaks = { viec_con = 8,")
        .replace('prefix = "gb_"', 'prefix = "gb"')
        .replace('fix = "Đếm lại', 'fxi = "Đếm lại')
    )
    assert sorted(faults_of(text)) == [
        ("DM_002", "rule tre_khong_qua_con"),
        ("DM_003", "rule tre_khong_qua_con"),
        ("DM_008", "block hop_giao_ban, indicator cuoc_hop"),
        ("DM_011", "block giao_viec, indicator viec_giao"),
        ("DM_015", "setting ky_hop"),
        ("DM_018", "block giao_viec, rule con_khong_qua_xong"),
        ("DM_021", "form"),
    ]


def test_the_error_shows_every_fault_in_its_text() -> None:
    with pytest.raises(CatalogueError) as caught:
        load(SECOND.replace("viec_", "Viec_"))
    assert len(caught.value.faults) > 3
    assert str(caught.value).count("\n") == len(caught.value.faults) - 1


def test_an_empty_file_is_refused_not_crashed_on() -> None:
    assert {code for code, _ in faults_of("")} == {"DM_002", "DM_009"}


@pytest.mark.parametrize("value", ["1", '"x"', "true", "[]", "[1]", "{}", "[{}]", "2025-01-01", "2025-01-01T00:00:00"])
@pytest.mark.parametrize("key", ["form", "units", "setting", "block", "rule"])
def test_a_table_of_any_other_type_is_a_fault_never_a_crash(key: str, value: str) -> None:
    rest = "\n".join(line for line in SECOND.splitlines() if line.startswith("#"))
    assert faults_of(f"{key} = {value}\n{rest}")


# what a key may also be: not every value below is wrong everywhere
ALSO_GOOD = {
    '""': {"help"},
    "true": {"no_source"},
    "[]": {"rows"},
    '["x"]': {"rows"},
    "2025-01-01": {"checked_on", "from"},
}


@pytest.mark.parametrize(
    "value", ["-1", "1.5", '""', "true", "[]", '["x"]', "{}", "[{}]", "2025-01-01", "2025-01-01T00:00:00"]
)
def test_a_key_of_any_other_type_is_a_fault_never_a_crash(value: str) -> None:
    lines = SECOND.splitlines()
    single = [n for n, line in enumerate(lines) if re.match(r"\w+ = ", line) and not line.endswith("[")]
    assert len(single) > 30
    for n in single:
        name = lines[n].split(" = ")[0]
        changed = "\n".join([*lines[:n], f"{name} = {value}", *lines[n + 1 :]])
        good = name in ALSO_GOOD.get(value, ()) or (name, value) == ("when", "{}")
        assert bool(faults_of(changed)) != good, (lines[n], value)


# --- what a good form becomes


def test_the_second_form_needs_no_python() -> None:
    form = load(SECOND)
    assert (form.id, form.prefix, form.start, form.until) == ("so_giao_ban", "gb_", date(2026, 1, 1), None)
    assert [(b.id, b.kind, len(b.indicators)) for b in form.blocks] == [
        ("giao_viec", "grid", 3),
        ("hop_giao_ban", "scalars", 2),
    ]
    assert [(r.id, r.block, r.severity) for r in form.rules] == [
        ("con_khong_qua_xong", "giao_viec", "warning"),
        ("tre_khong_qua_con", "", "error"),
    ]


def test_defaults() -> None:
    form = load(SECOND)
    rule, indicator = form.rules[1], form.indicator("viec_tre")
    assert (rule.missing_left, rule.missing_right, rule.tolerance, rule.when) == ("unknown", "unknown", 0, {})
    assert (indicator.name, indicator.weight, indicator.equals) == (indicator.label, 1, ())
    assert (indicator.source, indicator.no_source) == (form.block("hop_giao_ban").source, False)


def test_missing_is_said_for_both_sides_or_for_one() -> None:
    rule = 'id = "tre_khong_qua_con"\n'
    both = load(SECOND.replace(rule, rule + 'missing = "skip"\n')).rules[1]
    one = load(SECOND.replace(rule, rule + 'missing = { right = "skip" }\n')).rules[1]
    assert (both.missing_left, both.missing_right) == ("skip", "skip")
    assert (one.missing_left, one.missing_right) == ("unknown", "skip")


def test_when_no_blank_can_be_unknown_no_such_example_is_asked() -> None:
    rule = 'id = "tre_khong_qua_con"\n'
    text = SECOND.replace(rule, rule + 'missing = "zero"\n').replace(", unknown = { viec_tre = 10 }", "")
    assert faults_of(text) == []


def test_the_shipped_form() -> None:
    form = load_form()
    grid = form.block("bieu_06a")
    assert [i.number for i in grid.indicators if i.number] == [f"({n})" for n in range(3, 15)]
    assert [i.of for i in grid.indicators if i.kind == "control"] == ["tiep_nhan", "da_giai_quyet", "dang_giai_quyet"]
    assert [(v.when, v.formula) for v in form.indicator("da_giai_quyet").equals] == [
        ({"rut": ("trong_da_giai_quyet",)}, parse("truoc_han + dung_han + qua_han + rut")),
        ({}, parse("truoc_han + dung_han + qua_han")),
    ]
    assert (form.indicator("rut").source, form.indicator("rut").no_source) == ("", True)
    assert form.block("van_ban").series == ("so_ky_hieu", "ngay")
    assert load_form() is form


def test_every_indicator_and_rule_says_its_source_or_that_it_has_none() -> None:
    form = load_form()
    said = [(i.source, i.no_source) for b in form.blocks for i in b.indicators]
    said += [(r.source, r.no_source) for r in form.rules]
    assert all(bool(source) != none for source, none in said)


def test_a_rule_loosened_or_tightened_by_one_is_refused() -> None:
    """The examples of each rule pin it: one more or one less on a side, and the form no longer loads."""
    texts = [r["holds"] for r in _rules(SHIPPED) + _rules(SECOND)]
    assert len(texts) > 20
    for text in (SHIPPED, SECOND):
        for rule in _rules(text):
            for changed in (f"{rule['holds']} + 1", f"{rule['holds']} - 1"):
                found = faults_of(text.replace(f'"{rule["holds"]}"', f'"{changed}"'))
                assert {code for code, _ in found} & {"DM_018", "DM_019"}, (rule["id"], changed)


def test_composition_and_line_ends_of_the_file_do_not_count() -> None:
    assert load(unicodedata.normalize("NFD", SHIPPED)) == load_form()
    assert load(SHIPPED.replace("\n", "\r\n")) == load_form()


def _rules(text: str) -> list[dict[str, str]]:
    data = tomllib.loads(text)
    return [rule for part in (*data["block"], data) for rule in part.get("rule", [])]
