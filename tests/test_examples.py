"""Examples that an official can write: ``examples/<form>.toml``.

E1 each says exactly what it lists, with the signed differences
E2 every rule of a form is broken in one of them; a rule without an example fails here
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from tables import FORM, made

from toolkit.checks import confront

FILE = Path(__file__).parent / "examples" / f"{FORM.id}.toml"
EXAMPLES = tomllib.loads(FILE.read_text(encoding="utf-8"))["example"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e["name"])
def test_example__E1(example: dict) -> None:
    assert set(example) <= {"name", "settings", "rows", "total", "scalars", "findings"}
    rows = example.get("rows", {}) | {"Tổng cộng": example.get("total", {})}
    report = made(rows, example.get("scalars", {}), settings=example.get("settings"))
    told = [[f.code] if f.difference is None else [f.code, int(f.difference)] for f in confront(FORM, report)]
    assert told == example["findings"]


def test_every_rule_has_an_example__E2() -> None:
    shown = {code for example in EXAMPLES for code, *_ in example["findings"]}
    assert {rule.id for rule in FORM.rules} - shown == set()


def test_names_tell_examples_apart() -> None:
    names = [example["name"] for example in EXAMPLES]
    assert len(set(names)) == len(names)
