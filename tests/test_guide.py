"""The handbook page of a form.

R1 the page in docs is what the form says now
R2 every rule, indicator, block and choice of the form stands in it
R3 a form that Python knows nothing of has a page too
R4 a quotient reads as it is computed
"""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.catalogue import load
from toolkit.detect import every_setting
from toolkit.form import Form
from toolkit.guide import page
from workbook.forms import load_form

ROOT = Path(__file__).parent.parent
FORM = load_form()
TINY = load((ROOT / "tests" / "forms" / "so_giao_ban.toml").read_text(encoding="utf-8"))


def test_the_page_in_docs_is_up_to_date() -> None:  # R1
    written = (ROOT / "docs" / "so_tay" / f"{FORM.id}.md").read_bytes().decode()
    assert written == page(FORM), "run: python -m macros.cli handbook -o docs/so_tay/bao_cao_xa.md"


@pytest.mark.parametrize("form", [FORM, TINY], ids=lambda form: form.id)
def test_nothing_of_the_form_is_left_out(form: Form) -> None:  # R2, R3
    lines = page(form).splitlines()
    assert [r.id for r in form.rules if sum(line.endswith(f"| `{r.id}` |") for line in lines) != 1] == []
    at = 0
    for block in form.blocks:
        at = next(n for n in range(at, len(lines)) if lines[n].startswith("## ") and f"“{block.sheet}”" in lines[n])
        end = next(n for n in range(at + 1, len(lines)) if lines[n].startswith("## "))
        named = [line.split(" | ")[1] for line in lines[at:end] if line.startswith("| ") and line.endswith(" |")]
        assert named[1:] == [i.name for i in block.indicators]
        at = end
    for setting in form.settings:
        assert all(any(line.startswith(f"- {c.label}") and c.help in line for line in lines) for c in setting.choices)


@pytest.mark.parametrize("form", [FORM, TINY], ids=lambda form: form.id)
def test_every_row_of_a_table_has_its_cells(form: Form) -> None:  # R2, R3
    width = 0
    for line in page(form).splitlines():
        if line.startswith("|---"):
            assert width == line.count("|")
        if line.startswith("|"):
            width = width or line.count("|")
            assert line.count("|") == width
        else:
            width = 0


@pytest.mark.parametrize("form", [FORM, TINY], ids=lambda form: form.id)
def test_the_rules_are_examined_under_every_choice(form: Form) -> None:  # R2, R3
    assert page(form).count("\n### ") == len(list(every_setting(form)))


def test_a_quotient_of_sums_has_its_brackets() -> None:  # R4
    lines = page(FORM).splitlines()
    assert any("= ((8) + (9)) / (7)" in line for line in lines)
    assert any("= (4) / ((4) + (5))" in line for line in lines)
