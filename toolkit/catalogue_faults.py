"""What can be wrong with a form whose keys and types are right: ids, units, formulas, rules and their examples.

Every fault is found in one pass. The codes are stable; ``tests/bad_forms`` has one file for each way to be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from keyword import iskeyword

from toolkit.compute import Ledger, Outcome, key_of, outcome
from toolkit.form import COUNT_KINDS, Block, Choice, Form, Indicator, Rule
from toolkit.formula import Linear, Term, names
from toolkit.records import Key
from toolkit.text import key
from toolkit.toml_table import Fault
from toolkit.wording import ADDED_SHEETS

UNREAD = Linear(0, ())
"""Stands for a formula that could not be read: its fault is known, nothing more is said about it."""

_ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_ADDRESS = re.compile(r"[a-z]{1,3}[0-9]{1,7}|r[0-9]*(?:c[0-9]*)?|c[0-9]*")  # A1 and R1C1
_PREFIX = re.compile(r"[a-z]{2,8}_")
_SHEET = re.compile(r"(?!')[^\[\]:*?/\\]{1,31}(?<!')")
OWN_SHEETS = ("Bìa", "Kiểm tra", *ADDED_SHEETS)
"""Titles of the sheets that every workbook gets besides those of its form."""

_Known = Mapping[tuple[str, str], tuple[Block, Indicator]]  # (block, id), and ("", id) for the whole form
_COVER_NAMES = ("ma_don_vi", "ten_don_vi", "tu_ngay", "den_ngay", "bieu", "phien_ban")
_KINDS_OF_BLOCK = {
    "grid": COUNT_KINDS,
    "scalars": frozenset({"stock", "flow", "amount", "rate", "text", "date", "choice", "code"}),
    "records": frozenset({"stock", "flow", "amount", "rate", "text", "date", "choice", "code"}),
}


def faults_of(form: Form) -> tuple[Fault, ...]:
    """Everything that is wrong with what a form means; empty: the form may be used."""
    ids = tuple(_ids(form))
    known = _known(form)
    found = [*ids, *_head(form), *_settings(form)]
    for block in form.blocks:
        found += [*_block(form, block), *_headings(block)]
        for indicator in block.indicators:
            found += [*_indicator(form, block, indicator), *_formulas(form, known, block, indicator)]
    for rule in form.rules:
        found += _rule(form, known, rule)
    if not ids:  # otherwise a double id would be told twice
        found += _defined_names(form)
    return tuple(found)


def _ids(form: Form) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for scope, id_, where in _named(form):
        if id_ and (not _ID.fullmatch(id_) or _ADDRESS.fullmatch(id_) or iskeyword(id_) or id_ == "sum"):
            yield Fault("DM_005", where, f"{id_}: an id is snake_case, not a cell address, not a word of Python or sum")
        if id_ and (scope, id_) in seen:
            yield Fault("DM_006", where, f"{id_} is there twice")
        seen.add((scope, id_))


def _named(form: Form) -> Iterator[tuple[str, str, str]]:
    """Everything that has an id: (scope in which it must be unique, id, place)."""
    yield "form", form.id, "form"
    for unit in form.units:
        yield "unit", unit, "units"
    for setting in form.settings:
        yield "setting", setting.id, f"setting {setting.id}"
        for choice in setting.choices:
            yield f"setting {setting.id}", choice.id, f"setting {setting.id}"
    for block in form.blocks:
        yield "block", block.id, f"block {block.id}"
        scope = f"block {block.id}" if block.kind == "records" else "indicator"
        if block.kind == "grid":
            yield f"row id of {block.id}", block.row_id, f"block {block.id}"
        for indicator in block.indicators:
            yield scope, indicator.id, _at(block, indicator)
    for rule in form.rules:
        yield "rule", rule.id, _of(rule)


def _defined_names(form: Form) -> Iterator[Fault]:
    owners = {name: "the cover" for name in _COVER_NAMES}
    for name, where in _names_of(form):
        owner = owners.setdefault(name, where)
        if owner != where:
            yield Fault("DM_029", where, f"the defined name {form.prefix}{name} is also that of {owner}")


def _names_of(form: Form) -> Iterator[tuple[str, str]]:
    """The defined names of a workbook, without their prefix, each with its owner."""
    for setting in form.settings:
        yield setting.id, f"setting {setting.id}"
    for block in form.blocks:
        yield f"{block.id}_khong_phat_sinh", f"block {block.id}"
        if block.kind != "scalars":
            yield block.id, f"block {block.id}"
        if block.kind == "grid":
            yield f"{block.id}_{block.row_id}", f"block {block.id}, row_id"
        for indicator in block.indicators:
            where = _at(block, indicator)
            yield indicator.id if block.kind == "scalars" else f"{block.id}_{indicator.id}", where
            if indicator.equals and block.kind == "grid":
                yield f"{block.id}_trong_{indicator.id}", where
    for rule in form.rules:
        yield f"{rule.block}_kt_{rule.id}".lstrip("_"), _of(rule)


def _head(form: Form) -> Iterator[Fault]:
    if form.prefix and not _PREFIX.fullmatch(form.prefix):
        yield Fault("DM_021", "form", f"prefix {form.prefix}: two to eight letters and _, as no cell address begins")
    if form.until and form.until < form.start:
        yield Fault("DM_020", "form", f"until {form.until} is before from {form.start}")
    kinds: dict[str, set[str]] = {}
    titles = {title.casefold(): "" for title in (*OWN_SHEETS, "History")}  # History is Excel's own
    for block in form.blocks:
        kinds.setdefault(block.sheet, set()).add(block.kind if block.kind == "scalars" else block.id)
        title = titles.setdefault(block.sheet.casefold(), block.sheet)
        if block.sheet and (not _SHEET.fullmatch(block.sheet) or title != block.sheet):
            what = f"sheet {block.sheet}: at most 31 characters, none of []:*?/\\, not the title of another sheet"
            yield Fault("DM_007", f"block {block.id}", what)
        if block.sheet and len(kinds[block.sheet]) > 1:
            yield Fault(
                "DM_031", f"block {block.id}", f"sheet {block.sheet}: a grid or register stands alone in its sheet"
            )


def _settings(form: Form) -> Iterator[Fault]:
    for setting in form.settings:
        where = f"setting {setting.id}"
        if setting.default and setting.default not in {c.id for c in setting.choices}:
            yield Fault("DM_015", where, f"default {setting.default} is not a choice")
        yield from _repeated((c.label for c in setting.choices), where)
        for choice in setting.choices:
            if choice.adds:
                yield from _adds(form, choice, choice.id == setting.default, f"{where}, choice {choice.id}")


def _adds(form: Form, choice: Choice, default: bool, where: str) -> Iterator[Fault]:
    if default:
        yield Fault("DM_032", where, "adds: the default choice is what others add to")
    counts = {i.id for b in form.blocks if b.kind != "records" for i in b.indicators if i.kind in COUNT_KINDS}
    terms = [term for formula in choice.adds.values() for term in names(formula)]
    for id_ in dict.fromkeys((*choice.adds, *(term.id for term in terms))):
        if id_ not in counts:
            yield Fault("DM_032", where, f"adds: {id_} is no count of this form")
    if any(term.total for term in terms):
        yield Fault("DM_012", where, "adds: names stand without sum()")


def _block(form: Form, block: Block) -> Iterator[Fault]:
    where = f"block {block.id}"
    if block.kind != "scalars" and not block.rows and not block.spare_rows:
        yield Fault("DM_002", where, "no row to fill: rows or spare_rows is missing")
    aliases = (alias for others in block.row_aliases.values() for alias in others)
    yield from _repeated((*block.rows, *aliases, block.total), where)
    for row in block.row_aliases:
        if row not in block.rows:
            yield Fault("DM_023", where, f"row_aliases: {row} is not a row")
    if block.series:
        kinds = {i.id: i.kind for i in block.indicators}
        for field, fitting in zip(block.series, (("code", "text"), ("date",)), strict=True):
            if kinds.get(field) not in fitting:
                yield Fault("DM_024", where, f"series: {field} is not a field of kind {' or '.join(fitting)}")


def _headings(block: Block) -> Iterator[Fault]:
    """Two columns or lines that nobody could tell apart by what is printed."""
    seen: set[tuple[str, ...]] = set()
    for indicator in block.indicators:
        spellings = (indicator.label, *indicator.aliases) if block.kind == "records" else (indicator.label,)
        own = {(key(indicator.group), key(indicator.subgroup), key(spelling)) for spelling in spellings if spelling}
        if own & seen:
            yield Fault("DM_028", _at(block, indicator), f"{indicator.label}: another one is headed the same")
        seen |= own


def _indicator(form: Form, block: Block, indicator: Indicator) -> Iterator[Fault]:
    where = _at(block, indicator)
    measured = indicator.kind in COUNT_KINDS or indicator.kind == "rate"
    if indicator.kind not in _KINDS_OF_BLOCK[block.kind]:
        yield Fault("DM_026", where, f"kind {indicator.kind} has no place in a {block.kind} block")
    if measured and indicator.unit not in form.units:
        yield Fault(
            "DM_008", where, f"unit {indicator.unit} is not in [units]" if indicator.unit else "unit is missing"
        )
    if not measured and indicator.unit:
        yield Fault("DM_025", where, f"unit does not go with a {indicator.kind} indicator")
    if block.kind == "records" and (indicator.equals or indicator.numerator):
        yield Fault("DM_025", where, "a field of a register has no formula")
    if block.kind != "records" and indicator.required:
        yield Fault("DM_025", where, "required goes with a field of a register")
    if indicator.of and not any(i.id == indicator.of and i.equals for i in block.indicators):
        yield Fault("DM_014", where, f"of: {indicator.of} is not a computed indicator of this block")
    if indicator.carries:
        yield from _carries(block, indicator, where)
    yield from _repeated(indicator.choices, where)


def _carries(block: Block, indicator: Indicator, where: str) -> Iterator[Fault]:
    """What comes over from the period before must be a figure of the same block that can be written into an input."""
    if block.kind == "records" or indicator.equals:
        yield Fault("DM_033", where, "carries goes with an input cell: no computed one, no field of a register")
    elif not any(i.id == indicator.carries and i.kind == indicator.kind for i in block.indicators):
        what = f"carries: {indicator.carries} is no indicator of this block of kind {indicator.kind}"
        yield Fault("DM_033", where, what)


def _formulas(form: Form, known: _Known, block: Block, indicator: Indicator) -> Iterator[Fault]:
    where = _at(block, indicator)
    inputs = {i.id for i in block.indicators if not i.equals and i.kind != "control"}
    for variant in indicator.equals:
        yield from _when(form, variant.when, where)
        yield from _terms(known, block.id, (variant.formula,), where)
        for term in names(variant.formula):
            if term.id not in inputs and any(i.id == term.id for i in block.indicators):
                yield Fault(
                    "DM_013", where, f"equals: {term.id} is computed or a control; formulas read input cells only"
                )
    if indicator.numerator and indicator.denominator:
        for side in (indicator.numerator, indicator.denominator):
            yield from _terms(known, "", (side,), where)


def _rule(form: Form, known: _Known, rule: Rule) -> Iterator[Fault]:
    where = _of(rule)
    yield from _when(form, rule.when, where)
    if re.search(r"[{}]", re.sub(r"\{(?:thieu|lech)\}", "", rule.note)):
        yield Fault("DM_030", where, "note: only {thieu} and {lech} stand between braces")
    sides = (rule.holds.left, rule.holds.right)
    faults = [*_terms(known, rule.block, sides, where)]
    yield from faults
    if not faults and not any(side is UNREAD for side in sides):
        yield from _examples(form, rule)


def _terms(known: _Known, block_id: str, parts: tuple[Linear, ...], where: str) -> Iterator[Fault]:
    """Names that a formula must not have: in the scope of a block's row, or ("") of the whole form."""
    if any(part is UNREAD for part in parts):
        return
    terms = names(*parts)
    if not terms:
        yield Fault("DM_011", where, "a formula names at least one figure")
    for term in terms:
        found = known.get((block_id, term.id)) or known.get(("", term.id))
        if found is None:
            yield Fault("DM_011", where, f"{term.id} is not an indicator of this form")
            continue
        block, indicator = found
        if block_id and block.id != block_id:
            yield Fault("DM_011", where, f"{term.id} is not an indicator of this block")
        elif term.total != (not block_id and block.kind == "grid"):
            yield Fault("DM_012", where, f"{term.id}: sum() is for a grid column, in formulas outside its block")
        elif indicator.kind not in COUNT_KINDS:
            yield Fault("DM_027", where, f"{term.id} is no whole number (kind {indicator.kind})")


def _known(form: Form) -> _Known:
    known: dict[tuple[str, str], tuple[Block, Indicator]] = {}
    for block in form.blocks:
        if block.kind != "records":
            for indicator in block.indicators:
                known[block.id, indicator.id] = block, indicator
                known.setdefault(("", indicator.id), (block, indicator))
    return known


def _when(form: Form, when: Mapping[str, tuple[str, ...]], where: str) -> Iterator[Fault]:
    choices = {s.id: {c.id for c in s.choices} for s in form.settings}
    for setting, chosen in when.items():
        if setting not in choices:
            yield Fault("DM_016", where, f"when: {setting} is not a setting")
        elif not chosen or not choices[setting].issuperset(chosen):
            yield Fault("DM_016", where, f"when: {setting} has the choices {', '.join(sorted(choices[setting]))}")


def _examples(form: Form, rule: Rule) -> Iterator[Fault]:
    where = _of(rule)
    asked = ("holds", True), ("breaks", False), ("unknown", None)
    for name, wanted in asked:
        values = rule.examples.get(name)
        if values is None:
            if name != "unknown" or {rule.missing_left, rule.missing_right} != {"zero"}:  # then nothing is ever unknown
                yield Fault("DM_017", where, f"example {name} is missing")
            continue
        strange = sorted(set(values) - {t.id for t in names(rule.holds.left, rule.holds.right)})
        if strange:
            yield Fault("DM_017", where, f"example {name}: the rule does not name {', '.join(strange)}")
            continue
        result = _asked(form, rule, values)
        if result.verdict is not wanted:
            yield Fault("DM_019", where, f"example {name}: the verdict is {result.verdict}, not {wanted}")
        elif wanted is False and _excess(result) != 1:
            yield Fault("DM_018", where, f"example breaks: off by {_excess(result)}, not by exactly one")


def _asked(form: Form, rule: Rule, values: Mapping[str, int | None]) -> Outcome:
    """The rule asked of an example as the checks ask it of a filing."""
    row = "example" if rule.block else ""

    def place(term: Term) -> Key:
        return key_of(form, rule.block, row, term)

    terms = names(rule.holds.left, rule.holds.right)
    figures = {place(term): values.get(term.id) for term in terms}
    blank = frozenset(k for k, value in figures.items() if value is None)
    return outcome(form, rule, row, Ledger(figures, {}, blank, {}))


def _excess(result: Outcome) -> int:
    """By how much a rule is broken, beyond its tolerance."""
    beyond = {"==": abs(result.difference), "<=": result.difference, ">=": -result.difference}
    return beyond[result.rule.holds.operator] - result.rule.tolerance


def _repeated(labels: Iterable[str], where: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for label in labels:
        if label and key(label) in seen:
            yield Fault("DM_022", where, f"{label} is there twice")
        seen.add(key(label))


def _at(block: Block, indicator: Indicator) -> str:
    return f"block {block.id}, indicator {indicator.id}"


def _of(rule: Rule) -> str:
    return f"block {rule.block}, rule {rule.id}" if rule.block else f"rule {rule.id}"
