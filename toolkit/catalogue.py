"""TOML text -> ``Form``. A bad catalogue is refused with all its faults at once, each with a code and a place.

This module reads the shape (keys, types, defaults); ``toolkit.catalogue_faults`` judges what the form means. How a
form file is written: ``xlsx_templates/README.md``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from typing import cast, get_args

from toolkit.catalogue_faults import UNREAD, faults_of
from toolkit.form import (
    CARRIED_KINDS,
    Block,
    BlockKind,
    Choice,
    Form,
    Indicator,
    IndicatorKind,
    Missing,
    Rule,
    Setting,
    Unit,
    Variant,
)
from toolkit.formula import Comparison, Linear
from toolkit.formula_text import FormulaError, parse, parse_comparison
from toolkit.records import Severity
from toolkit.text import nfc
from toolkit.toml_table import Fault, Table

_NO_DAY = date(1, 1, 1)  # stands for a missing date


class CatalogueError(ValueError):
    """A form file that must not be used. ``faults`` lists everything that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(f"{f.code} {f.where}: {f.what}" for f in faults))
        self.faults = faults


def load(text: str) -> Form:
    """The form that a catalogue file declares. Raises CatalogueError."""
    try:
        data = tomllib.loads(nfc(text))
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError((Fault("DM_001", "file", f"not TOML: {error}"),)) from error
    faults: list[Fault] = []
    form = _form(Table(data, "", faults))
    faults += faults_of(form)
    if faults:
        raise CatalogueError(tuple(faults))
    return form


def _form(file: Table) -> Form:
    head = Table(file.table("form", required=True).data, "form", file.faults)
    source, _ = head.source()
    blocks = [_block(t) for t in file.tables("block", "block", required=True)]
    form = Form(
        id=head.text("id", required=True),
        version=head.text("version", required=True),
        title=head.text("title", required=True),
        source=source,
        checked_on=head.day("checked_on", required=True) or _NO_DAY,
        start=head.day("from", required=True) or _NO_DAY,
        until=head.day("until"),
        prefix=head.text("prefix", required=True),
        units=_units(Table(file.table("units", required=True).data, "units", file.faults)),
        settings=tuple(_setting(t) for t in file.tables("setting", "setting")),
        blocks=tuple(block for block, _ in blocks),
        rules=tuple(rule for _, rules in blocks for rule in rules) + _rules(file, ""),
    )
    head.close()
    file.close()
    return form


def _units(table: Table) -> Mapping[str, Unit]:
    return {id_: Unit(id_, table.text(id_, required=True)) for id_ in table.data}


def _setting(table: Table) -> Setting:
    setting = Setting(
        id=table.text("id", required=True),
        label=table.text("label", required=True),
        help=table.text("help"),
        source=table.source()[0],
        default=table.text("default", required=True),
        choices=tuple(_choice(t) for t in table.tables("choices", "choice", required=True)),
    )
    table.close()
    return setting


def _choice(table: Table) -> Choice:
    moved = table.table("adds")
    adds = {id_: _formula(moved, id_, required=True) or UNREAD for id_ in moved.data}
    choice = Choice(table.text("id", required=True), table.text("label", required=True), table.text("help"), adds)
    table.close()
    return choice


def _block(table: Table) -> tuple[Block, tuple[Rule, ...]]:
    """A block and its row rules."""
    id_ = table.text("id", required=True)
    kind = cast(BlockKind, table.one_of("kind", get_args(BlockKind)))
    grid, records = kind == "grid", kind == "records"
    allowed = {"rows": grid, "row_id": grid, "row_label": grid, "row_label_aliases": grid, "row_aliases": grid}
    allowed |= {"total": grid, "rule": grid, "spare_rows": grid or records, "series": records}
    _refuse(table, {key for key, fits in allowed.items() if not fits}, f"a {kind} block")
    source = table.text("source")
    series = table.texts("series")
    if series and len(series) != 2:
        table.fault("DM_024", "series names two fields: the number and the date")
    block = Block(
        id=id_,
        kind=kind,
        sheet=table.text("sheet", required=True),
        title=table.text("title", required=True),
        code=table.text("code"),
        source=source,
        help=table.text("help"),
        indicators=tuple(_indicator(t, id_, source) for t in table.tables("indicators", "indicator", required=True)),
        row_id=table.text("row_id", required=grid),
        row_label=table.text("row_label", required=grid),
        row_label_aliases=table.texts("row_label_aliases"),
        rows=table.texts("rows"),
        row_aliases=table.text_lists("row_aliases"),
        spare_rows=table.number("spare_rows", default=0),
        total=table.text("total", required=grid),
        series=(series[0], series[1]) if len(series) == 2 else None,
    )
    rules = _rules(table, id_)
    table.close()
    return block, rules


def _indicator(table: Table, block: str, block_source: str) -> Indicator:
    kind = cast(IndicatorKind, table.one_of("kind", get_args(IndicatorKind)))
    counted = kind in ("stock", "flow", "amount")
    allowed = {"of": kind == "control", "choices": kind == "choice", "within": kind == "date"}
    allowed |= {"carries": kind in CARRIED_KINDS}
    allowed |= {"equals": counted, "equals_when": counted, "numerator": kind == "rate", "denominator": kind == "rate"}
    _refuse(table, {key for key, fits in allowed.items() if not fits}, f"a {kind} indicator")
    label = table.text("label", required=True)
    source, no_source = table.source(block_source)
    indicator = Indicator(
        id=table.text("id", required=True),
        block=block,
        label=label,
        name=table.text("name", default=label),
        kind=kind,
        unit=table.text("unit"),
        source=source,
        no_source=no_source,
        aliases=table.texts("aliases"),
        equals=_variants(table),
        group=table.text("group"),
        subgroup=table.text("subgroup"),
        number=table.text("number"),
        of=table.text("of", required=kind == "control"),
        numerator=_formula(table, "numerator", "denominator" in table.data),
        denominator=_formula(table, "denominator", "numerator" in table.data),
        choices=table.texts("choices", required=kind == "choice"),
        required=table.flag("required"),
        within=table.flag("within"),
        weight=table.number("weight", default=1, least=1),
        width=table.decimal("width"),
        help=table.text("help"),
        carries=table.text("carries"),
    )
    table.close()
    return indicator


def _variants(table: Table) -> tuple[Variant, ...]:
    """``equals_when`` in its order, then ``equals``, which always applies."""
    variants: list[Variant] = []
    for case in table.tables("equals_when", "equals_when"):
        formula = _formula(case, "formula", required=True)
        when = case.text_lists("when")
        if not when:
            case.fault("DM_002", "when is missing")
        variants.append(Variant(when, formula or UNREAD))
        case.close()
    plain = _formula(table, "equals", required=bool(variants))
    return (*variants, Variant({}, plain)) if plain else tuple(variants)


def _formula(table: Table, key: str, required: bool = False) -> Linear | None:
    """The formula of a key; None when there is none."""
    text = table.text(key, required)
    if not text:
        return None
    try:
        return parse(text)
    except FormulaError as error:
        table.fault("DM_010", f"{key}: {error}")
        return UNREAD


def _rules(parent: Table, block: str) -> tuple[Rule, ...]:
    return tuple(_rule(t, block) for t in parent.tables("rule", "rule"))


def _rule(table: Table, block: str) -> Rule:
    missing_left, missing_right = _missing(table)
    source, no_source = table.source()
    rule = Rule(
        id=table.text("id", required=True),
        block=block,
        holds=_comparison(table),
        when=table.text_lists("when"),
        severity=cast(Severity, table.one_of("severity", get_args(Severity), default="error")),
        label=table.text("label", required=True),
        fix=table.text("fix", required=True),
        source=source,
        no_source=no_source,
        missing_left=missing_left,
        missing_right=missing_right,
        tolerance=table.number("tolerance", default=0),
        note=table.text("note"),
        examples=_examples(table),
    )
    table.close()
    return rule


def _comparison(table: Table) -> Comparison:
    text = table.text("holds", required=True)
    try:
        return parse_comparison(text) if text else Comparison(UNREAD, "==", UNREAD)
    except FormulaError as error:
        table.fault("DM_010", f"holds: {error}")
        return Comparison(UNREAD, "==", UNREAD)


def _missing(table: Table) -> tuple[Missing, Missing]:
    """``missing = "zero"`` for both sides, or ``missing = { left = "zero" }`` for one."""
    kinds = get_args(Missing)
    if not isinstance(table.data.get("missing"), dict):
        both = cast(Missing, table.one_of("missing", kinds, default="unknown"))
        return both, both
    sides = table.table("missing")
    left, right = sides.one_of("left", kinds, default="unknown"), sides.one_of("right", kinds, default="unknown")
    sides.close()
    return cast(Missing, left), cast(Missing, right)


def _examples(table: Table) -> Mapping[str, Mapping[str, int | None]]:
    part = table.table("examples")
    examples: dict[str, Mapping[str, int | None]] = {}
    for name in ("holds", "breaks", "unknown"):
        if name in part.data:
            values = part.table(name)
            examples[name] = {id_: values.number(id_, default=0) for id_ in values.data}
    part.close()
    return examples


def _refuse(table: Table, keys: set[str], by: str) -> None:
    for key in table.data:
        if key in keys:
            table.fault("DM_025", f"{key} does not go with {by}")
