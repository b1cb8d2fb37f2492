"""What a form declares: the frozen picture of one catalogue file (``xlsx_templates/<form>.toml``).

From a ``Form`` come the template's cells, names, formulas and validations, the Python checks, the merged
columns and the handbook. ``toolkit.catalogue`` makes it from TOML text.
"""

# Without "from __future__ import annotations": of annotations kept as texts, NamedTuple compiles each at every start.

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Literal, NamedTuple

from toolkit.formula import Comparison, Linear
from toolkit.records import Severity

BlockKind = Literal["grid", "scalars", "records"]
IndicatorKind = Literal["stock", "flow", "amount", "rate", "text", "date", "choice", "code", "control"]
"""stock and flow: whole numbers >= 0; amount: đồng, whole >= 0; rate: fraction of 1; control: an optional whole number
typed beside a computed one (``of`` names it); code: text with its leading zeros; choice: one of ``choices``."""

Missing = Literal["unknown", "zero", "skip"]
"""What a blank on one side of a rule means: some whole number >= 0; 0; the rule is not asked."""

COUNT_KINDS = frozenset({"stock", "flow", "amount", "control"})
CARRIED_KINDS = frozenset({"stock", "amount", "rate"})
"""What may come over from the period before; a flow starts anew."""


class Unit(NamedTuple):
    id: str
    label: str  # e.g. "hồ sơ"


class Choice(NamedTuple):
    id: str
    label: str  # as shown in the cell
    help: str = ""
    adds: Mapping[str, Linear] = {}
    """What this choice counts in an indicator beyond what the default choice counts there: with ``rut`` counted in
    ``dung_han``, ``{"dung_han": rut}``. Lets a merge bring two choices to one (totals of grid columns and scalars)."""


class Setting(NamedTuple):
    """A convention that a unit chooses on the cover, e.g. how withdrawn dossiers are counted."""

    id: str
    label: str
    help: str
    source: str
    default: str  # id of a choice
    choices: tuple[Choice, ...]


class Variant(NamedTuple):
    """A formula that applies when the settings are as in ``when`` (empty: always). The first that fits counts."""

    when: Mapping[str, tuple[str, ...]]
    formula: Linear


class Indicator(NamedTuple):
    id: str
    block: str
    label: str  # as printed in its cell
    name: str  # as messages call it; the label when the form gives no other
    kind: IndicatorKind
    unit: str  # unit id; "" for text, date, choice and code
    source: str  # legal text or document; "" only with ``no_source``
    no_source: bool  # declared to have none: never printed as law
    aliases: tuple[str, ...]  # other headings met in the wild
    equals: tuple[Variant, ...]  # not empty: a computed cell
    group: str  # grid: first header row; scalars: section heading
    subgroup: str  # grid: second header row; "" elsewhere
    number: str  # column number as printed, e.g. "(3)"; "" when it has none
    of: str  # control: id of the computed indicator that it checks
    numerator: Linear | None  # rate
    denominator: Linear | None  # rate
    choices: tuple[str, ...]  # choice
    required: bool  # records: must be filled in a used row
    within: bool  # date: should lie in the reporting period
    weight: int  # trust for error localisation: more = accuse later
    width: float  # column width in characters, 0 = default
    help: str  # shown while typing
    carries: str = ""
    """Id of the indicator of the same block whose last figure this one begins with in a new period: another's id (what
    was left open last time is what comes over now, a fact that can be checked), or its own (a stock that stays until
    somebody changes it, a mere suggestion). "": every period starts blank."""


class Rule(NamedTuple):
    """A condition that must hold. ``block`` "" means the whole form: grid columns then stand inside ``sum()``;
    with a grid block the rule is asked of every row and of the total row."""

    id: str
    block: str
    holds: Comparison
    when: Mapping[str, tuple[str, ...]]  # setting id -> choices under which it applies; empty: always
    severity: Severity
    label: str  # what it says, in words
    fix: str  # what to do
    source: str
    no_source: bool
    missing_left: Missing
    missing_right: Missing
    tolerance: int
    note: str  # optional sentence; {thieu} = right - left, {lech} = left - right
    examples: Mapping[str, Mapping[str, int | None]]  # "holds" / "breaks" / "unknown" -> id -> value


class Block(NamedTuple):
    id: str
    kind: BlockKind
    sheet: str  # sheet title, at most 31 characters
    title: str  # printed title
    code: str  # printed form code, e.g. "Biểu số II.06a/VPCP/KSTT"
    source: str
    help: str
    indicators: tuple[Indicator, ...]
    row_id: str  # grid: field id of the label column, e.g. "linh_vuc"
    row_label: str  # grid: heading of the label column
    row_label_aliases: tuple[str, ...]
    rows: tuple[str, ...]  # grid: listed rows
    row_aliases: Mapping[str, tuple[str, ...]]  # listed row -> other spellings
    spare_rows: int  # grid: open rows for a label that is not listed; records: rows prepared
    total: str  # grid: label of the total row
    series: (
        tuple[str, str] | None
    )  # records: (number such as "651/QĐ-UBND", date): numbers of one series rise with the date


class _Declared(NamedTuple):
    id: str
    version: str
    title: str
    source: str
    checked_on: date  # when somebody last compared it with its source
    start: date
    until: date | None  # None: still in use
    prefix: str  # of defined names; no cell address can start so
    units: Mapping[str, Unit]
    settings: tuple[Setting, ...]
    blocks: tuple[Block, ...]
    rules: tuple[Rule, ...]


class Form(_Declared):
    """What one file declares; its index is made when first asked for."""

    def block(self, block_id: str) -> Block:
        return next(b for b in self.blocks if b.id == block_id)

    def indicator(self, indicator_id: str) -> Indicator:
        """A grid or scalar indicator by its id (unique in the form; record fields are looked up in their block)."""
        return self._indicators[indicator_id]

    @cached_property
    def _indicators(self) -> Mapping[str, Indicator]:
        return {i.id: i for b in reversed(self.blocks) if b.kind != "records" for i in reversed(b.indicators)}
