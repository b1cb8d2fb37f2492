"""One table of buttons: the ribbon, the VBA, the handlers and the handbook know the same ones.

Requirements
  BU01  ids, keys and callbacks are unique; each group and each field is filled in
  BU02  each button has its Sub in VBA, that Sub alone, with the fixed command; VBA is plain ASCII
  BU03  each button has its handler in ``macros.ribbon``
  BU04  each button has its page in the handbook
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from pathlib import Path

import pytest

from macros.buttons import BUTTONS, GROUPS
from macros.ribbon_xml import callback

ROOT = Path(__file__).parent.parent
VBA = ROOT / "macros" / "vba"
SUB = re.compile(
    r"^Public Sub (\w+)\(ByVal control As IRibbonControl\)\n"
    r"    If Ready\(\) Then RunPython \"(.*)\"\nEnd Sub$",
    flags=re.M,
)


def test_table_is_whole() -> None:  # BU01
    for field in ("id", "label", "screentip", "keytip"):
        values = [getattr(b, field) for b in BUTTONS]
        assert len(set(values)) == len(values), field
    assert all(all(part or part is False for part in button) for button in BUTTONS)
    assert {b.group for b in BUTTONS} == {g.id for g in GROUPS}
    assert all(b.id.isascii() and b.id.startswith("btn") and b.handler.isidentifier() for b in BUTTONS)


def test_each_button_has_its_sub() -> None:  # BU02
    source = (VBA / "RibbonCalls.bas").read_text(encoding="ascii")
    subs = SUB.findall(source)
    assert dict(subs) == {callback(b): f"import macros.ribbon as r; r.press('{b.id}')" for b in BUTTONS}
    assert (
        len(subs) == len(BUTTONS) == len(re.findall(r"^\s*(?:Public |Private )?(?:Sub|Function) ", source, flags=re.M))
    )


def test_vba_is_ascii() -> None:  # BU02
    files = sorted(VBA.iterdir())
    assert {f.suffix for f in files} == {".bas", ".cls"}
    for file in files:
        text = file.read_bytes()
        assert text.isascii()
        assert re.search(rb"^Option Explicit\r?$", text, flags=re.M), file.name


@pytest.mark.skipif(importlib.util.find_spec("macros.ribbon") is None, reason="macros/ribbon.py is not there yet")
def test_each_button_has_its_handler() -> None:  # BU03
    ribbon = importlib.import_module("macros.ribbon")
    assert [b.handler for b in BUTTONS if not callable(getattr(ribbon, b.handler, None))] == []
    assert callable(ribbon.press)


def test_each_button_has_its_page() -> None:  # BU04
    assert all(re.fullmatch(r"[a-z0-9_]+\.md", b.page) for b in BUTTONS)
    assert [b.page for b in BUTTONS if not (ROOT / "docs" / "so_tay" / b.page).exists()] == []
