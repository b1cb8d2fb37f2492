"""The values that the formulas of a generated workbook have now, by ``toolkit.compute``; nothing is computed twice."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from toolkit.compute import applies, counts, ledger, outcome, settings_of, shown
from toolkit.form import Rule
from toolkit.records import TOTAL_ROW, Key, Period, Place, Province
from toolkit.values import Values
from workbook.build_plan import Plan

Stored = int | Decimal | str


class Evaluated:
    """A form of one unit filled with some values: what each formula gives, "" where it has nothing to add up."""

    def __init__(
        self, plan: Plan, values: Values, period: Period, place: Place | None, province: Province | None
    ) -> None:
        form = plan.form
        self.form = form
        self.period = period
        self.unit_code = place.code if place else ""
        self.unit_name = f"{place.kind} {place.name}" if place else ""
        self.province_name = province.name if province else ""
        self.values = values
        self.settings = settings_of(form, values.settings)
        self.rows = {id_: tuple(label for label in g.labels if label) for id_, g in plan.grids.items()}
        given = {
            Key(block, row, id_): None if isinstance(value, str) else value
            for block, rows in values.grids.items()
            for row, cells in rows.items()
            for id_, value in cells.items()
        }
        for block in form.blocks:
            for indicator in block.indicators if block.kind == "scalars" else ():
                if indicator.id in values.scalars:
                    value = values.scalars[indicator.id]
                    given[Key(block.id, "", indicator.id)] = None if isinstance(value, str) else value
        # A text stands in its cell and counts as nothing: None. A fraction is added up as Excel does.
        typed = cast(dict[Key, int], given)
        self._cells = ledger(form, self.settings, self.rows, typed)
        self._ticked = ledger(form, self.settings, self.rows, typed, values.none_declared)

    def number(self, block: str, row: str, indicator: str) -> Stored:
        """What a count cell adds to a SUM; "" for nothing."""
        value = self._cells.values.get(Key(block, row, indicator))
        return "" if value is None else value

    def open(self, block: str, row: str, indicator: str) -> int:
        """The helper column of a computed cell; in the total row, how many addends are open."""
        key = Key(block, row, indicator)
        if row != TOTAL_ROW:
            return int(key in self._ticked.open)
        exact = (self._ticked.values[key] or 0) != (self._ticked.expected[key] or 0)
        return 0 if exact else self._ticked.blanks[key]

    def rule(self, rule: Rule, row: str) -> Stored:
        """What a rule cell shows; ``row`` "" for a rule of the whole form, or a spare row."""
        if not applies(rule.when, self.settings):
            return ""
        if rule.block:
            ids = [i.id for i in counts(self.form.block(rule.block))]
            if not row or all(self.number(rule.block, row, i) == "" for i in ids):
                return ""
        return shown(outcome(self.form, rule, row, self._ticked))
