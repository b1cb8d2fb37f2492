"""An .ods or an .xls: no report that can be read, but perhaps one of our workbooks that somebody saved so. The defined
names that it still holds tell."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from toolkit.figures import read_text
from toolkit.form import Form
from toolkit.text import key
from workbook.package import Rows
from workbook.read_cover import CODE, LABELS, result_of_ours, unit_of
from workbook.sniff import Unreadable

if TYPE_CHECKING:
    from workbook.exports import Export  # imports this module

_NAME = re.compile(rb'<table:named-(?:range|expression)\s[^>]*?table:name="([^"]+)"')
_FIRST_ROWS = 40


def names_in(content: bytes) -> frozenset[str]:
    """The defined names of an .ods or .xls. Raises Unreadable for a file that is damaged or beyond the limits."""
    if content.startswith(b"PK"):
        from workbook.xml_tables import content_of_ods  # late, like the other reader: few files need one of them

        return frozenset(
            html.unescape(name.decode(errors="replace")) for name in _NAME.findall(content_of_ods(content))
        )
    from workbook.biff import read_names

    return read_names(content)


def told_apart(fault: Unreadable, content: bytes, form: Form) -> Unreadable:
    """TEP_012 for a result of ours, else what was said of the file (TEP_004, TEP_011)."""
    try:
        return Unreadable("TEP_012") if result_of_ours(names_in(content), form) else fault
    except Unreadable:
        return fault


def unit_of_export(export: Export, form: Form) -> str | None:
    """The code on the cover of a workbook of the form, "" where there is none; None for any other file."""
    if export.package is not None:
        return unit_of(export.package, form)
    if form.prefix + CODE not in export.names:
        return None
    return next((unit for sheet in export.sheets if (unit := _unit_by_label(sheet.rows))), "")


def _unit_by_label(rows: Rows) -> str:
    """The code that stands beside its label."""
    units = {key(label) for label in LABELS[CODE]}
    for row in rows[:_FIRST_ROWS]:
        texts = [text for value in row if (text := read_text(value))]
        if len(texts) > 1 and key(texts[0]) in units:
            return texts[1].zfill(5) if texts[1].isdecimal() else texts[1]
    return ""
