"""Blank workbooks of one form, period and province for many communes: laid out once, then only the unit is put in.

Laying a workbook out takes a fifth of a second, putting a unit in a fortieth of that; the bytes are those of ``build``.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from toolkit.form import Form
from toolkit.records import Period, Place, Province
from workbook.build import build

# Signs for private use, which no text of a form has: they stand where the code, the kind and the name will.
_CODE, _KIND, _NAME = "\ue000", "\ue001", "\ue002"
_STRINGS = "xl/sharedStrings.xml"


class Blanks:
    def __init__(self, form: Form, province: Province, period: Period) -> None:
        self._form, self._province, self._period = form, province, period
        self._model = [*_members(build(form, Place(_CODE, _KIND, _NAME, ""), province, period))]

    def of(self, place: Place) -> bytes:
        """``build`` for this commune."""
        unit = f"{place.kind} {place.name}"
        code, name = (escape(text, quote=False).encode() for text in (place.code, unit))
        strings = next(content for info, content in self._model if info.filename == _STRINGS)
        told_apart = all(b"<t>%s</t>" % text not in strings for text in (code, name)) and code != name
        if not told_apart or any(not text.isprintable() or text != text.strip() for text in (place.code, unit)):
            return build(self._form, place, self._province, self._period)  # texts that XlsxWriter writes otherwise
        buffer = BytesIO()
        with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
            for info, content in self._model:
                own = content.replace(f"{_KIND} {_NAME}".encode(), name).replace(_CODE.encode(), code)
                member = ZipInfo(info.filename, info.date_time)
                member.compress_type, member.external_attr = ZIP_DEFLATED, info.external_attr
                archive.writestr(member, own)
        return buffer.getvalue()


def _members(workbook: bytes) -> Iterator[tuple[ZipInfo, bytes]]:
    with ZipFile(BytesIO(workbook)) as archive:
        for info in archive.infolist():
            yield info, archive.read(info)
