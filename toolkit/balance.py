"""A filing as a system of linear conditions over the cells that somebody typed.

Cells that hold the form's own formula cannot be wrong: they are replaced by what they add up. What stays are typed
cells, typed-over totals and control cells, and blanks, which may be any whole number >= 0. Rows of a grid that are
filled in alike share one compiled pattern.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from toolkit.compute import Ledger, applies, counts, formula_of, settings_of
from toolkit.conditions import COMPUTED, CONTROL, Condition, Sum, added, asked, difference, fixed, settled
from toolkit.form import Block, Form, Indicator, Rule
from toolkit.formula import Term, names
from toolkit.records import TOTAL_ROW, Filing, Key

BLANK_ROWS = "…"
"""Row of the key that stands for all wholly blank rows of a grid together: sums of rows obey a row's rules too."""


@dataclass(frozen=True, slots=True)
class System:
    """Cell n is ``keys[n]`` with the number typed there (None: blank) and its weight: how far it is trusted."""

    keys: Sequence[Key]
    values: Sequence[int | None]
    weights: Sequence[int]
    conditions: Sequence[Condition]


def system(form: Form, filing: Filing, book: Ledger) -> System:
    """The conditions of every computed cell, control cell and rule of severity ``error`` that applies.

    A typed total that equals its parts while one of them is blank is taken at its word (the blank is not in it), yet
    as in the checks it then stands in rules for "this number or more".
    """
    return _Builder(form, filing, book).build()


@dataclass(slots=True)
class _Figures:
    """Figures by indicator: what each is worth, and what of it is written (blanks left out)."""

    worth: dict[str, Sum] = field(default_factory=dict)
    written: dict[str, Sum] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What rows that are filled in alike have in common; cells are counted from the first one of the row."""

    slots: tuple[Indicator, ...]
    figures: _Figures
    conditions: tuple[Condition, ...]


class _Builder:
    def __init__(self, form: Form, filing: Filing, book: Ledger) -> None:
        self.form, self.filing, self.book = form, filing, book
        self.settings = settings_of(form, filing.settings)
        self.rules = [r for r in form.rules if r.severity == "error" and applies(r.when, self.settings)]
        self.blocks = {b.id: b for b in form.blocks if b.kind != "records"}
        self.indicators = {i.id: i for b in self.blocks.values() for i in counts(b)}
        self.formulas = {i.id: f for i in self.indicators.values() if (f := formula_of(i, self.settings))}
        self.typed: dict[tuple[str, str], dict[str, tuple[Key, int]]] = {}
        for key, figure in filing.figures.items():
            if figure.origin != "formula" and isinstance(figure.value, int) and key.indicator in self.indicators:
                self.typed.setdefault((key.block, key.row), {})[key.indicator] = key, figure.value
        self.keys: list[Key] = []
        self.values: list[int | None] = []
        self.weights: list[int] = []
        self.conditions: list[Condition] = []
        self.rows: dict[str, list[tuple[_Pattern, int]]] = {}  # block -> its rows, each with its first cell
        self.totals: dict[str, _Figures] = {}  # grid -> its total row
        self.columns: dict[tuple[str, str, bool], Sum] = {}

    def build(self) -> System:
        for block in self.blocks.values():
            self._rows(block)
            if block.kind == "grid":
                self._total_row(block)
        for rule in self.rules:
            if not rule.block:
                self.conditions += settled(asked(rule, self._anywhere), ())
        for n, value in enumerate(self.values):
            if value is not None and value < 0:
                self.conditions.append(Condition({n: 1}, 0, False, COMPUTED))
        return System(self.keys, self.values, self.weights, self.conditions)

    def _rows(self, block: Block) -> None:
        rules = [r for r in self.rules if r.block == block.id]
        indicators = counts(block)
        computed = [i.id for i in indicators if i.id in self.formulas]
        patterns: dict[object, _Pattern] = {}
        placed = self.rows.setdefault(block.id, [])
        for row in self._labels(block, rules):
            typed = self.typed.get((block.id, row), {})
            over = [i for i in computed if i in typed and Key(block.id, row, i) in self.book.open]
            mark = (*typed, "", *over)
            if mark not in patterns:
                patterns[mark] = self._pattern(block, indicators, rules, typed, over)
            pattern = patterns[mark]
            first = len(self.keys)
            for indicator in pattern.slots:
                key, value = typed.get(indicator.id) or (Key(block.id, row, indicator.id), None)
                self._cell(key, value)
            for c in pattern.conditions:
                moved = {first + cell: f for cell, f in c.factors.items()}
                self.conditions.append(Condition(moved, c.const, c.equal, c.origin))
            placed.append((pattern, first))

    def _labels(self, block: Block, rules: Iterable[Rule]) -> Iterator[str]:
        """The rows with a number, and those that have none: together, unless a rule speaks of a fixed number."""
        if block.kind == "scalars":
            yield ""
            return
        blank = []
        for row in self.filing.rows.get(block.id, ()):
            if (block.id, row) in self.typed:
                yield row
            else:
                blank.append(row)
        if blank and block.id not in self.filing.none_declared:
            yield from blank if any(map(fixed, rules)) else (BLANK_ROWS,)

    def _pattern(
        self,
        block: Block,
        indicators: Iterable[Indicator],
        rules: Iterable[Rule],
        typed: Collection[str],
        over: Collection[str],
    ) -> _Pattern:
        slots: list[Indicator] = []
        figures, conditions = _Figures(), []
        loose: list[int] = []  # blank controls
        nothing = block.id in self.filing.none_declared
        for i in indicators:
            if i.id in self.formulas and i.id not in typed:
                continue
            blank = i.id not in typed
            if blank and nothing and i.kind != "control":
                figures.worth[i.id] = figures.written[i.id] = Sum()
                continue
            figures.worth[i.id] = own = Sum({len(slots): 1}, blank=blank)
            figures.written[i.id] = Sum() if blank else own
            if blank and i.kind == "control":
                loose.append(len(slots))
            slots.append(i)
        for name in (i.id for i in indicators if i.id in self.formulas):
            worth, written = (added(self.formulas[name], part) for part in (figures.worth, figures.written))
            if name in typed:
                own = figures.worth[name]
                conditions.append(difference(own, written if name in over else worth, COMPUTED))
            if name not in typed or name in over:
                figures.worth[name] = worth
            if name not in typed:
                figures.written[name] = written
        for i in indicators:
            if i.kind == "control" and i.id in typed:
                conditions.append(difference(figures.worth[i.id], figures.worth[i.of], CONTROL))
        for rule in rules:
            conditions += asked(rule, lambda term: (figures.worth[term.id], figures.written[term.id]))
        conditions = settled(conditions, loose)
        unused = set(loose).difference(*(c.factors for c in conditions))
        if unused:
            place = {old: new for new, old in enumerate(n for n in range(len(slots)) if n not in unused)}
            slots = [slots[old] for old in place]
            conditions = [
                Condition({place[v]: f for v, f in c.factors.items()}, c.const, c.equal, c.origin) for c in conditions
            ]
            for part in (figures.worth, figures.written):
                for name, own in part.items():
                    part[name] = Sum({place[v]: f for v, f in own.factors.items() if v in place}, own.const, own.blank)
        return _Pattern(tuple(slots), figures, tuple(conditions))

    def _total_row(self, block: Block) -> None:
        """Typed totals are the sum of their column, controls are typed on their own."""
        typed = self.typed.get((block.id, TOTAL_ROW), {})
        figures = self.totals[block.id] = _Figures()
        conditions: list[Condition] = []
        loose: list[int] = []
        for i in counts(block):
            if i.id in typed:
                own = Sum({self._cell(*typed[i.id]): 1})
                figures.written[i.id] = figures.worth[i.id] = own
                if i.kind != "control":
                    over = typed[i.id][0] in self.book.open
                    conditions.append(difference(own, self._column(block.id, i.id, not over), COMPUTED))
                    if over:
                        figures.worth[i.id] = self._column(block.id, i.id, True)
        for i in counts(block):
            if i.kind == "control" and i.id in typed:
                conditions.append(difference(figures.worth[i.id], self._total(block.id, i.of)[0], CONTROL))
        for rule in self.rules:
            if rule.block == block.id:
                controls = [
                    t.id for t in names(rule.holds.left, rule.holds.right) if self.indicators[t.id].kind == "control"
                ]
                if not controls and not fixed(rule):
                    continue  # true of a sum when true of its rows
                for name in controls:
                    if name not in figures.worth:
                        loose.append(self._cell(Key(block.id, TOTAL_ROW, name), None))
                        figures.worth[name], figures.written[name] = Sum({loose[-1]: 1}, blank=True), Sum()
                conditions += asked(rule, lambda term: self._total(block.id, term.id))
        self.conditions += settled(conditions, loose)

    def _cell(self, key: Key, value: int | None) -> int:
        self.keys.append(key)
        self.values.append(value)
        self.weights.append(self.indicators[key.indicator].weight)
        return len(self.keys) - 1

    def _column(self, block: str, name: str, blanks: bool) -> Sum:
        """The sum of a grid column. Not to be changed."""
        found = self.columns.get((block, name, blanks))
        if found is None:
            found = self.columns[block, name, blanks] = Sum()
            for pattern, first in self.rows[block]:
                found.add((pattern.figures.worth if blanks else pattern.figures.written)[name], 1, first)
        return found

    def _total(self, block: str, name: str) -> tuple[Sum, Sum]:
        total = self.totals[block]
        worth = total.worth.get(name) or self._column(block, name, True)
        return worth, total.written.get(name) or self._column(block, name, False)

    def _anywhere(self, term: Term) -> tuple[Sum, Sum]:
        """A term of a rule of the whole form: a grid's total, or a single figure."""
        block = self.indicators[term.id].block
        if term.total:
            return self._total(block, term.id)
        pattern, first = self.rows[block][0]
        worth, written = pattern.figures.worth[term.id], pattern.figures.written[term.id]
        return Sum().add(worth, 1, first), Sum().add(written, 1, first)
