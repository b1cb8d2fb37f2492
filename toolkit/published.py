"""A published report as data: each figure with the words it was taken from, or the reason it follows.

How a values file is written: ``xlsx_templates/demo/README.md``. Such a file is ours, like a catalogue, so a bad one
raises.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from toolkit.form import Form
from toolkit.records import Period
from toolkit.text import nfc
from toolkit.wording import show, show_date

ASSUMED = "suy ra: "

_COMMUNE, _PERIOD = "Mã đơn vị", {"from": "Từ ngày", "to": "Đến ngày"}


class PublishedError(ValueError):
    """A values file that must not be used. ``args[0]`` says where and why."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One value with where it comes from: ``quote``, ``inferred``, or both."""

    what: str  # indicator, setting, "from", "to" or "commune"
    value: object
    words: str  # both as an official reads them: "Từ kỳ trước chuyển sang: 0"
    quote: str  # words of the report; "" when nothing there says it
    inferred: str  # why it follows although it is not written (Vietnamese); "" when it is written


@dataclass(frozen=True, slots=True)
class Published:
    commune: str  # code
    name: str  # with its kind
    source: str  # which report
    period: Period
    data: Mapping[str, object]  # the values of ``tthc new --values``
    statements: tuple[Statement, ...]  # every single value; the fields of records are in ``records``
    records: tuple[tuple[str, Mapping[str, object], str], ...]  # block, fields, words of the report
    remarks: tuple[Statement, ...]  # words that give no figure: the cell stays blank, ``inferred`` says why

    @property
    def assumed(self) -> tuple[Statement, ...]:
        """What was typed although the report does not write it."""
        return tuple(s for s in self.statements if s.inferred)


def parse_published(text: str, form: Form) -> Published:
    """A values file. Raises PublishedError when it is not one, or a value has neither words nor a reason."""
    try:
        return _published(tomllib.loads(nfc(text)), form)
    except (tomllib.TOMLDecodeError, LookupError, StopIteration, TypeError, AttributeError) as error:
        raise PublishedError(f"not a values file: {error!r}") from error


def _published(data: dict[str, object], form: Form) -> Published:
    report = _table(data["report"])
    start, end = (_statement(form, name, _table(report[name])) for name in ("from", "to"))
    settings = tuple(_statement(form, str(t["id"]), t) for t in _tables(data, "setting"))
    figures = tuple((t, _statement(form, str(t["id"]), t)) for t in _tables(data, "figure"))
    remarks = tuple(Statement(str(t["id"]), None, "", str(t["quote"]), str(t["text"])) for t in _tables(data, "remark"))
    records = tuple(_record(t) for t in _tables(data, "record"))
    scalars = tuple(s for t, s in figures if "row" not in t)
    noted = (*scalars, *(s for t, s in figures if "row" in t and s.inferred), *remarks)
    table: dict[str, dict[str, dict[str, object]]] = {}
    for t, s in figures:
        if "row" in t:
            block, row = str(t["block"]), str(t["row"])
            label = {form.block(block).row_id: row}
            table.setdefault(block, {}).setdefault(row, dict(label))[s.what] = s.value
    lists: dict[str, list[Mapping[str, object]]] = {}
    for block, fields, _ in records:
        lists.setdefault(block, []).append(fields)
    code = str(report["commune"])
    commune = Statement(
        "commune", code, f"{_COMMUNE}: {code}", str(report.get("quote", "")), str(report.get("inferred", ""))
    )
    if not isinstance(start.value, date) or not isinstance(end.value, date):
        raise PublishedError("report: from and to are dates")
    return Published(
        commune=code,
        name=str(report["name"]),
        source=str(report["source"]),
        period=Period(start.value, end.value),
        data={
            "settings": {s.what: s.value for s in settings},
            "scalars": {s.what: s.value for s in scalars},
            "grids": {block: list(rows.values()) for block, rows in table.items()},
            "records": lists,
            "notes": {s.what: _note(s) for s in noted},
        },
        statements=(commune, start, end, *settings, *(s for _, s in figures)),
        records=records,
        remarks=remarks,
    )


def _statement(form: Form, what: str, table: Mapping[str, object]) -> Statement:
    quote, inferred = str(table.get("quote", "")), str(table.get("inferred", ""))
    if not (quote or inferred):
        raise PublishedError(f"{what}: neither quoted nor inferred")
    return Statement(what, table["value"], _words(form, what, table["value"]), quote, inferred)


def _words(form: Form, what: str, value: object) -> str:
    for setting in form.settings:
        for choice in setting.choices:
            if (setting.id, choice.id) == (what, value):
                return f"{setting.label}: {choice.label}"
    name = _PERIOD[what] if what in _PERIOD else form.indicator(what).name
    return f"{name}: {show_date(value) if isinstance(value, date) else show(value)}"


def _record(table: Mapping[str, object]) -> tuple[str, Mapping[str, object], str]:
    """A quote given as ``{field = "words"}`` is that field's value and its proof at once."""
    fields, quote = dict(_table(table["values"])), table["quote"]
    if isinstance(quote, dict):
        fields |= quote
        quote = " ".join(map(str, quote.values()))
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in fields.items()}
    return str(table["block"]), plain, str(quote)


def _note(statement: Statement) -> str:
    """What stands beside the figure in the workbook: the words of the report, or why it follows from them."""
    words = f"“{statement.quote}”" if statement.quote else ""
    reason = statement.inferred if statement.value is None else f"{ASSUMED}{statement.inferred}"
    return f"{reason} {words}".strip() if statement.inferred else words


def _table(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise PublishedError(f"a table expected, not {value!r}")
    return value


def _tables(data: Mapping[str, object], key: str) -> list[dict[str, object]]:
    values = data.get(key, [])
    if not isinstance(values, list):
        raise PublishedError(f"[[{key}]] expected")
    return [_table(v) for v in values]
