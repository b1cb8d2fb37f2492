"""Worksheet functions on rows of a form's table: does a row balance, and which numbers would mend it.

A row is a report of its own here: the same rules, the same words and the same search as in the check of a whole
report decide, only that nothing outside the row is known. Its cells stand as the form prints its columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from toolkit import text
from toolkit.checks import confront
from toolkit.compute import counts, formula_of, ledger_of, outcomes, settings_of
from toolkit.figures import is_blank, read_count, read_text, stored_text
from toolkit.form import Block, Form, Indicator
from toolkit.functions import Cells, fault, handed_on, numbers
from toolkit.proposals import words
from toolkit.records import Change, Figure, Filing, Finding, Key, Origin
from toolkit.wording import FUNCTION_FAULTS, ROW_ANSWERS, fill

Row = Sequence[object]

_ROW = "1"  # label of the only row


def balances(rows: Sequence[Row], form: Form, choice: object = None) -> Cells:
    """One sentence a row: it balances, not enough numbers are there, or what is broken and by how much.

    ``choice``: id or label of a choice of the form's settings (how withdrawn dossiers are counted); blank: the default.
    A row has the cells of the form's table in its order, with or without the control cells at its end.
    """
    return _each(_balance, rows, form, choice)


def repairs(rows: Sequence[Row], form: Form, choice: object = None) -> Cells:
    """One sentence a row: the smallest repair, best proposal first; "nothing to mend" where no rule is broken."""
    return _each(_repair, rows, form, choice)


def columns(form: Form) -> tuple[str, ...]:
    """What a row holds, as printed: column numbers, for the control cells at its end their names."""
    return tuple(map(_column, counts(_table(form))))


def width(form: Form) -> int:
    """How many cells a row has without its control cells."""
    return sum(i.kind != "control" for i in counts(_table(form)))


def _balance(form: Form, filing: Filing) -> str:
    broken = _broken(form, filing)
    if broken:
        return "; ".join(_differs(form, filing, finding) for finding in broken)
    book = ledger_of(form, filing)
    block = _table(form).id
    asked = outcomes(form, filing.settings, filing.rows, book)
    controls = {i.id for i in counts(_table(form)) if i.kind == "control"}
    rules = [
        o.verdict
        for o in asked
        if o.rule.severity == "error" and o.row == _ROW and not controls & {key.indicator for key in o.keys}
    ]
    sums = [open_parts for key, open_parts in book.blanks.items() if key.block == block and key.row == _ROW]
    known = all(rules) and not any(sums)
    return ROW_ANSWERS["khop" if known else "chua_du"]


def _repair(form: Form, filing: Filing) -> str:
    broken = _broken(form, filing)
    if not broken:
        return ROW_ANSWERS["khong_sua"]
    named = dict(zip((i.id for i in counts(_table(form))), columns(form), strict=True))
    found = dict.fromkeys(repair for finding in broken for repair in finding.repairs)
    here = [
        repair._replace(changes=tuple(_printed(change, named) for change in repair.changes))
        for repair in sorted(found, key=lambda repair: (repair.part, not repair.certain))
        if all(change.key.indicator in named for change in repair.changes)
    ]
    return " ".join(words(broken[0]._replace(repairs=tuple(here)))) or ROW_ANSWERS["nhieu"]


def _printed(change: Change, named: Mapping[str, str]) -> Change:
    """The change under the number of its column: where the row stands in a workbook is not known."""
    return change._replace(sheet="", key=change.key._replace(indicator=named[change.key.indicator]))


def _broken(form: Form, filing: Filing) -> list[Finding]:
    return [f for f in confront(form, filing) if f.severity == "error" and isinstance(f.difference, int)]


def _differs(form: Form, filing: Filing, finding: Finding) -> str:
    """What is broken, by the numbers of the columns: "(3) = (4) + (5) + (6)"."""
    label = next((rule.label for rule in form.rules if rule.id == finding.code), "")
    if not label and finding.key is not None:
        indicator = form.indicator(finding.key.indicator)
        formula = formula_of(indicator, settings_of(form, filing.settings))
        parts = [form.indicator(term.id) for term, _ in formula.terms] if formula else [form.indicator(indicator.of)]
        label = f"{_column(indicator)} = {' + '.join(map(_column, parts))}"
    fields: dict[str, object] = {"dieu": label, "trai": finding.left, "phai": finding.right}
    return fill(ROW_ANSWERS["lech"], {**fields, "lech": finding.difference})


def _each(work: Callable[[Form, Filing], str], rows: Sequence[Row], form: Form, choice: object) -> Cells:
    settings = _settings(form, choice)
    if isinstance(settings, str):
        return [settings] * len(rows)
    return [_asked(partial(work, form), row, form, settings) for row in rows]


def _asked(work: Callable[[Filing], str], row: Row, form: Form, settings: dict[str, str]) -> str:
    if all(map(is_blank, row)):
        return ""
    least, most = width(form), len(counts(_table(form)))
    if len(row) not in (least, most):
        first, *_, last = columns(form)[:least]
        return fault("dong", n=least, dau=first, cuoi=last, co=len(row))
    filing = _filing(form, row, settings)
    return filing if isinstance(filing, str) else work(filing)


def _filing(form: Form, row: Row, settings: dict[str, str]) -> Filing | str:
    """The row as a report; a sentence for a cell that holds no whole number."""
    block = _table(form)
    figures = {}
    for n, (indicator, cell) in enumerate(zip(counts(block), row, strict=False), start=1):
        value = read_count(cell).value
        if value is None and not is_blank(cell):
            return fault("o_cot", cot=_column(indicator), ly_do=_why(cell))
        key = Key(block.id, _ROW, indicator.id)
        origin: Origin = "blank" if value is None else "overtyped" if formula_of(indicator, settings) else "typed"
        figures[key] = Figure(key, value, block.sheet, f"C{n}", stored_text(cell), origin)
    return Filing("", "", form.id, form.version, None, None, settings, {block.id: (_ROW,)}, figures, {})


def _why(cell: object) -> str:
    said = numbers(cell)[0]
    return said.removeprefix(FUNCTION_FAULTS["dau"]) if isinstance(said, str) else FUNCTION_FAULTS["so"]


def _settings(form: Form, choice: object) -> dict[str, str] | str:
    """Every setting, with this choice where one is named; a sentence when no setting has it."""
    if is_blank(choice):
        return settings_of(form, {})
    if said := handed_on(choice):
        return said
    wanted = text.key(read_text(choice))
    for setting in form.settings:
        for known in setting.choices:
            if wanted in (text.key(known.id), text.key(known.label)):
                return settings_of(form, {setting.id: known.id})
    return fault("lua_chon", goc=read_text(choice), cac="; ".join(c.label for s in form.settings for c in s.choices))


def _table(form: Form) -> Block:
    """The form's table: its first grid."""
    return next(block for block in form.blocks if block.kind == "grid")


def _column(indicator: Indicator) -> str:
    return indicator.number or indicator.name
