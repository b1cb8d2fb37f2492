"""The buttons as the ribbon of Excel 2010 and later: the part customUI14.xml of the add-in."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from macros.buttons import BUTTONS, GROUPS, TAB_ID, TAB_KEYTIP, TAB_LABEL, Button

NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"
PART = "customUI/customUI14.xml"
RELATIONSHIP = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"


def ribbon_xml() -> str:
    """One tab, a group for each group of ``BUTTONS``, in their order."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
        f'<customUI xmlns="{NAMESPACE}">',
        "<ribbon><tabs>",
    ]
    lines.append(f"<tab{_attributes(id=TAB_ID, label=TAB_LABEL, keytip=TAB_KEYTIP)}>")
    for group in GROUPS:
        lines.append(f"<group{_attributes(id=group.id, label=group.label)}>")
        lines += [_button(button) for button in BUTTONS if button.group == group.id]
        lines.append("</group>")
    return "\n".join([*lines, "</tab>", "</tabs></ribbon>", "</customUI>", ""])


def callback(button: Button) -> str:
    """Name of the Sub that Excel calls."""
    return f"Press_{button.id}"


def _button(button: Button) -> str:
    attributes = _attributes(
        id=button.id,
        label=button.label,
        size="large" if button.large else "normal",
        imageMso=button.image,
        screentip=button.screentip,
        supertip=button.supertip,
        keytip=button.keytip,
        onAction=callback(button),
    )
    return f"<button{attributes}/>"


def _attributes(**given: str) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in given.items())
