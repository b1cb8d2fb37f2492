"""Workbooks with any register, sound or odd, written cell by cell into the sheet's XML: what people paste, and what
other programs write, no template writer would."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from xml.sax.saxutils import escape

from toolkit.excel import column_letters
from toolkit.records import Period
from workbook import jobs
from workbook.forms import load_form, load_places
from workbook.package import Package

FORM, PLACES = load_form(), load_places()
PERIOD = Period(date(2025, 7, 1), date(2025, 9, 25))
FIRST = 5
FIELDS = tuple(i.id for i in FORM.block("ho_so").indicators)
_DAY_0 = datetime(1899, 12, 30)
_STRINGS = "xl/sharedStrings.xml"


class Raw(str):
    """A cell as XML after its address: ``' t="b"><v>1</v></c>'``."""


def book(
    columns: Mapping[str, Sequence[object]],
    *,
    rows: Sequence[int] = (),
    grid: Mapping[str, object] | None = None,
    period: Period = PERIOD,
    shared: bool = True,
    before: str = "",
    after: str = "",
) -> bytes:
    """The bytes of a report with these registered cells: str, int, float, bool, date, datetime, None, ``Raw``.

    ``rows``: Excel row of each record; ``grid``: one row of II.06a; ``shared``: texts in the shared table, else in the
    cells; ``before``, ``after``: XML around the rows.
    """
    parts = dict(_template(period, tuple((grid or {}).items())))
    sheet = Package(_zipped(parts), "mau.xlsx").sheets["Hồ sơ"].part
    strings = parts[_STRINGS].decode()
    known = strings.count("<si>")
    texts: dict[str, int] = {}
    n = len(next(iter(columns.values()), ()))
    body = []
    for i, row in enumerate(rows or range(FIRST, FIRST + n)):
        cells = []
        for at, field in enumerate(FIELDS, 1):
            raw = columns[field][i] if field in columns else None
            address = f"{column_letters(at)}{row}"
            if isinstance(raw, str) and not isinstance(raw, Raw) and shared:
                place = known + texts.setdefault(raw, len(texts))
                cells.append(f'<c r="{address}" s="{TEXT}" t="s"><v>{place}</v></c>')
            else:
                cells.append(f'<c r="{address}"{_cell(raw)}')
        body.append(f'<row r="{row}">{"".join(cells)}</row>')
    xml = parts[sheet].decode()
    cut = xml.index(f'<row r="{FIRST}"')
    parts[sheet] = f"{xml[:cut]}{before}{''.join(body)}{after}{xml[xml.index('</sheetData>') :]}".encode()
    more = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    parts[_STRINGS] = strings.replace("</sst>", f"{more}</sst>").encode()
    return _zipped(parts)


def changed(content: bytes, part: str, old: str, new: str) -> bytes:
    """A workbook with another text in one of its parts: a title, or the name of a part."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = next((s.part for title, s in Package(content, "so.xlsx").sheets.items() if title == part), part)
    assert re.search(old, parts[name].decode(), re.S), old
    parts[name] = re.sub(old, new, parts[name].decode(), flags=re.S).encode()
    return _zipped(parts)


@cache
def _template(period: Period, grid: tuple[tuple[str, object], ...]) -> tuple[tuple[str, bytes], ...]:
    import tempfile
    from pathlib import Path

    values: dict[str, object] = {"records": {"ho_so": [{"ma_ho_so": "H48.22-1"}]}}
    if grid:
        values["grids"] = {"bieu_06a": [dict(grid)]}
    with tempfile.TemporaryDirectory() as folder:
        made = jobs.new(FORM, PLACES, "21061", period, Path(folder) / "mau.xlsx", values)
        with zipfile.ZipFile(made) as archive:
            return tuple((name, archive.read(name)) for name in archive.namelist())


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 1)
    return stream.getvalue()


def _cell(raw: object) -> str:
    if isinstance(raw, Raw):
        return raw
    if raw is None:
        return f' s="{CODE}"/>'
    if isinstance(raw, bool):
        return f' t="b"><v>{int(raw)}</v></c>'
    if isinstance(raw, str):
        return f' t="inlineStr"><is><t xml:space="preserve">{escape(raw)}</t></is></c>'
    if isinstance(raw, date):
        moment = raw if isinstance(raw, datetime) else datetime.combine(raw, time())
        past = moment - _DAY_0
        number = past.days + past.seconds / 86400
        return f' s="{DATE}"><v>{int(number) if number == int(number) else number!r}</v></c>'
    return f' s="{CODE}"><v>{raw!r}</v></c>'


def _style(field: str) -> int:
    """The style that the template gives the column of a field."""
    parts = dict(_template(PERIOD, ()))
    xml = parts[Package(_zipped(parts), "mau.xlsx").sheets["Hồ sơ"].part].decode()
    column = FIELDS.index(field) + 1
    spans = re.findall(r'<col min="(\d+)" max="(\d+)"[^>]* style="(\d+)"', xml)
    return next(int(style) for first, last, style in spans if int(first) <= column <= int(last))


CODE, DATE, TEXT = _style("ma_ho_so"), _style("ngay_tiep_nhan"), _style("ten_tthc")
"""Numbers of styles: of codes, which are plain; of dates; of words."""
