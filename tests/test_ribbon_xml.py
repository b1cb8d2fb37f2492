"""The ribbon is what its schema and every Excel since 2010 take, and shows each button once.

Requirements
  RB01  no fault by the schema, ids, keys, images, callbacks
  RB02  the lint finds each kind of fault
  RB03  every button, in the order of the table, with its label in Vietnamese, as UTF-8
"""

from __future__ import annotations

import re

import pytest
from lxml import etree
from ribbon_lint import COMMON_IMAGES, lint

from macros.buttons import BUTTONS, GROUPS, TAB_LABEL
from macros.ribbon_xml import NAMESPACE, callback, ribbon_xml

PART = ribbon_xml().encode()
CHECK = '<button id="btnKiemTra"'


def test_lint__ok() -> None:  # RB01
    assert lint(PART) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (CHECK, f'{CHECK} color="red"', "attribute button@color"),
        ('size="large"', 'size="huge"', "enum button@size"),
        (CHECK, f'{CHECK} visible="yes"', "boolean button@visible"),
        ('id="btnLoiSau"', 'id="btnLoiTruoc"', "duplicate-id btnLoiTruoc"),
        ('keytip="LS"', 'keytip="LT"', "duplicate-keytip LT"),
        ('keytip="LS"', 'keytip="L"', "keytip-prefix L"),
        ('keytip="LS"', 'keytip="LSLS"', "length button@keytip"),
        ('label="Kiểm tra số liệu"', f'label="{"á" * 1025}"', "length button@label"),
        ('label="Kiểm tra số liệu"', 'label=""', "length button@label"),
        (CHECK, f"<knob/>{CHECK}", "element group/knob"),
        ("<ribbon>", "<ribbon><tabs/>", None),
        (' onAction="Press_btnKiemTra"', "", "no-action btnKiemTra"),
        ('imageMso="ErrorChecking"', 'imageMso="EraseStyle"', "image EraseStyle"),
        ('<group id="grpKiemTra"', "<group", "no-id group"),
        (NAMESPACE, NAMESPACE.replace("2009/07", "2006/01"), "root"),
    ],
)
def test_lint__seeded_fault(old: str, new: str, fault: str | None) -> None:  # RB02
    text = PART.decode()
    assert old in text
    found = lint(text.replace(old, new, 1).encode())
    assert found == ([] if fault is None else [fault]) or fault == "root" == found[0]


def test_every_button_stands_there_once() -> None:  # RB03
    root = etree.fromstring(PART)
    shown = [(e.get("id"), e.get("label"), e.get("onAction")) for e in root.iter(f"{{{NAMESPACE}}}button")]
    in_order = [b for g in GROUPS for b in BUTTONS if b.group == g.id]
    assert shown == [(b.id, b.label, callback(b)) for b in in_order]
    assert [e.get("label") for e in root.iter(f"{{{NAMESPACE}}}group")] == [g.label for g in GROUPS]
    assert [e.get("label") for e in root.iter(f"{{{NAMESPACE}}}tab")] == [TAB_LABEL]
    assert PART.startswith(b'<?xml version="1.0" encoding="UTF-8"')
    assert re.search("[ạảãăđơư]", PART.decode())
    assert {b.image for b in BUTTONS} <= COMMON_IMAGES
