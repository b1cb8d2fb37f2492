"""What is said about a part of a filing that contradicts itself in so many places that no short repair is found."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.balance import BLANK_ROWS, System
from toolkit.blame import Part, broken
from toolkit.check_words import describe
from toolkit.conditions import COMPUTED, CONTROL
from toolkit.form import Form
from toolkit.records import TOTAL_ROW, Filing, Finding, Key
from toolkit.smallest import MOST_CELLS
from toolkit.wording import BROKEN, fill, finding

_TOLD = 6  # contradictions named; the others are counted


def beyond_repair(form: Form, filing: Filing, whole: System, part: Part) -> Finding:
    """QT_003: which balances of the part are broken, at the first cell of the first one."""
    conditions = broken(whole, part)
    said = list(dict.fromkeys(_named(form, whole, conditions)))
    words = "; ".join(said[:_TOLD])
    if len(said) > _TOLD:
        words += "; " + fill(BROKEN["more"], {"n": len(said) - _TOLD})
    keys = [whole.keys[v] for n in conditions for v in sorted(whole.conditions[n].factors)]
    figures = [filing.figures[key] for key in dict.fromkeys(keys) if key in filing.figures]
    first = figures[0] if figures else None
    sheet = first.sheet if first else ""
    return finding(
        "QT_003",
        sheet=sheet,
        cell=first.cell if first else "",
        cells=tuple(f.cell if f.sheet == sheet else f"{f.sheet}!{f.cell}" for f in figures),
        key=first.key if first else None,
        n=len(said),
        vi_pham=words,
        nhieu_nhat=MOST_CELLS,
    )


def _named(form: Form, whole: System, conditions: tuple[int, ...]) -> Iterator[str]:
    labels = {rule.id: rule.label for rule in form.rules}
    for n in conditions:
        condition = whole.conditions[n]
        keys = [whole.keys[v] for v in sorted(condition.factors)]
        if condition.origin in labels:
            row = _row(form, keys)
            where = fill(BROKEN["row"], {"dong": row}) if row else ""
            yield fill(BROKEN["rule"], {"ten": labels[condition.origin], "dong": where})
        else:
            kind = {COMPUTED: "computed", CONTROL: "control"}[condition.origin]
            yield fill(BROKEN[kind], {"ten": _typed(form, whole, n)})


def _row(form: Form, keys: list[Key]) -> str:
    """The row that a rule was asked of; "" for the whole form."""
    rows = {key.row for key in keys if key.row not in ("", BLANK_ROWS)}
    if len(rows) == 1 and len({key.block for key in keys}) == 1:
        (row,) = rows
        return form.block(keys[0].block).total if row == TOTAL_ROW else row
    return ""


def _typed(form: Form, whole: System, n: int) -> str:
    """The typed-over or control cell that a condition is about: the one that enters with factor 1 first written."""
    return describe(form, whole.keys[next(iter(whole.conditions[n].factors))])
