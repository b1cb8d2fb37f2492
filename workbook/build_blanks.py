"""Blank workbooks of one form, period and province for many communes: laid out once, then only the unit is put in.

Laying a workbook out takes a hundred times as long as putting a unit in, because only the parts that name it are
deflated again, and quickly; what they say is what ``build`` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from threading import Lock
from typing import NamedTuple

from toolkit.form import Form
from toolkit.records import Period, Place, Province
from workbook.build import build
from workbook.ooxml import Package

# Signs for private use, which no text of a form has: they stand where the code, the kind and the name will.
_CODE, _KIND, _NAME = "\ue000", "\ue001", "\ue002"
_STRINGS = "xl/sharedStrings.xml"
_laying_out = Lock()  # by one thread; the others wait for it


class _Model(NamedTuple):
    content: bytes
    strings: bytes  # the shared texts
    own: Mapping[str, bytes]  # parts that name the unit


class Blanks:
    def __init__(self, form: Form, province: Province, period: Period) -> None:
        """Laid out when the first is asked for, by whoever is asked: that may be another process."""
        self._form, self._province, self._period = form, province, period
        self._model: _Model | None = None

    def of(self, place: Place) -> bytes:
        """A workbook with the parts of ``build`` for this commune. May be called from several threads."""
        with _laying_out:
            model = self._model = self._model or self._laid_out()
        unit = f"{place.kind} {place.name}"
        code, name = (escape(text, quote=False).encode() for text in (place.code, unit))
        told_apart = all(b"<t>%s</t>" % text not in model.strings for text in (code, name)) and code != name
        if not told_apart or any(not text.isprintable() or text != text.strip() for text in (place.code, unit)):
            return build(self._form, place, self._province, self._period)  # texts that XlsxWriter writes otherwise
        package = Package(model.content)
        for part, content in model.own.items():
            package.write(part, content.replace(f"{_KIND} {_NAME}".encode(), name).replace(_CODE.encode(), code))
        return package.to_bytes()

    def _laid_out(self) -> _Model:
        content = build(self._form, Place(_CODE, _KIND, _NAME, ""), self._province, self._period)
        package = Package(content)
        parts = {name: package.read(name) for name in package.names()}
        own = {name: part for name, part in parts.items() if _CODE.encode() in part or _NAME.encode() in part}
        return _Model(content, parts[_STRINGS], own)
