"""What nobody filled in yet: a book that still is as it went out, parts of one that are wholly blank.

A blank is no error and no zero, but a book without a single figure has not passed a check either: there was nothing to
check. Ticked "không phát sinh", a part is filled in.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from toolkit.form import COUNT_KINDS, Block, Form
from toolkit.records import Figure, Filing, Finding
from toolkit.wording import finding

Unfilled = Literal["", "nothing", "carried"]
UNFILLED_CODES = frozenset({"CHUA_001", "CHUA_002"})
"""A report with one of these has no standing yet: neither passed nor failed."""


def unfilled(form: Form, filing: Filing) -> Unfilled:
    """Whether nobody typed any figure ("nothing"), or none but such as come over from the period before ("carried"),
    what was left open then among them.
    Registers are not looked at; "" with a single figure, be it 0, or a part ticked as without occurrence."""
    typed = _typed(filing.figures.values())
    if not typed:
        return "" if filing.none_declared else "nothing"
    kinds = [form.indicator(f.key.indicator) for f in typed]
    # stocks alone may have been typed by hand; what was left open last time, without anything of this period, was not
    old = all(i.carries for i in kinds) and any(i.carries != i.id for i in kinds)
    return "carried" if old and not filing.none_declared else ""


def remarks(form: Form, filing: Filing, dossiers: bool) -> tuple[Finding, ...]:
    """CHUA_001, CHUA_002: no figure is filled in yet, nor does the register of dossiers hold any. A merge says the same
    as GOP_025, GOP_026."""
    how = "" if dossiers else unfilled(form, filing)
    if not how:
        return ()
    return (finding("CHUA_002", n=len(_typed(filing.figures.values()))) if how == "carried" else finding("CHUA_001"),)


def blank_parts(form: Form, filing: Filing) -> tuple[str, ...]:
    """What the parts in which nothing was typed are called. No finding: a blank is no fault, but whoever is about to
    send a book wants to know."""
    return tuple(block.code or block.title for block in form.blocks if _is_blank(block, filing))


def _typed(figures: Iterable[Figure]) -> list[Figure]:
    return [f for f in figures if f.origin not in ("blank", "formula")]


def _is_blank(block: Block, filing: Filing) -> bool:
    """Whether a part that the file has, and in which counts belong, holds nothing typed."""
    if block.id in filing.none_declared or not any(i.kind in COUNT_KINDS and not i.equals for i in block.indicators):
        return False
    figures = [f for key, f in filing.figures.items() if key.block == block.id]
    return bool(figures) and not _typed(figures)
