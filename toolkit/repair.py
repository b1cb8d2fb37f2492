"""Proposals for a filing that does not balance: the smallest repairs, each with the kind of slip that explains it.

``toolkit.blame`` says which cells; this module says it in records, puts what looks like a slip of the keyboard first,
and compares the conventions that a unit may have chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from toolkit import typos
from toolkit.balance import System, system
from toolkit.beyond import beyond_repair
from toolkit.blame import Alternative, Diagnosis, Part, Proposal, diagnose, implied, one_of_many
from toolkit.compute import Ledger, formula_of, ledger_of, outcomes, settings_of
from toolkit.form import Form
from toolkit.records import TOTAL_ROW, Change, Filing, Finding, Key, Repair

_LISTED = 20  # alternatives of one part


@dataclass(frozen=True, slots=True)
class Convention:
    """What a filing looks like if a setting of its cover had this choice."""

    setting: str
    choice: str
    cells: int | None  # how many cells must change; None: too many
    found: int  # how many smallest repairs
    certain: tuple[Change, ...]
    broken: tuple[str, ...]  # the rules of this choice that the figures contradict


def propose(
    form: Form, filing: Filing, book: Ledger, limit: int = _LISTED, earlier: Mapping[Key, int] | None = None
) -> tuple[Repair, ...]:
    """The smallest repairs, part by part: what is certain first, then at most ``limit`` alternatives of each part.

    Alternatives of a part are all of one size; cells that are trusted less come first, then likelier slips. Where one
    cell is enough, an exchange of two neighbours that settles all is one slip too and stands before them, and so does
    the figure of the last period (``earlier``: its flows) taken off a cumulated one where the rules leave a range.
    """
    whole = system(form, filing, book)
    return _proposed(form, filing, book, whole, diagnose(whole), limit, earlier or {})


def _proposed(
    form: Form,
    filing: Filing,
    book: Ledger,
    whole: System,
    diagnosis: Diagnosis,
    limit: int,
    earlier: Mapping[Key, int],
) -> tuple[Repair, ...]:
    if not diagnosis.parts:
        return ()
    reader = _Reader(form, filing, book, whole, diagnosis.parts, earlier)
    out: list[Repair] = []
    for number, part in enumerate(diagnosis.parts):
        if part.given_up:
            if solved := one_of_many(whole, part):
                _, kind, changes = reader.read(solved)
                out.append(Repair(changes, kind, False, number, 0))
            continue
        if part.certain and part.found > 1:
            _, kind, changes = reader.read(part.certain)
            out.append(Repair(changes, kind, True, number, part.found))
        slips = [*map(reader.read, (*reader.exchanged(number), *reader.cumulated(number)))]
        read = slips + sorted(map(reader.read, part.alternatives), key=lambda item: item[0])
        for _, kind, changes in read[:limit]:
            out.append(Repair(changes, kind, part.complete and len(read) == 1, number, part.found))
    return tuple(out)


def derived(form: Form, filing: Filing, book: Ledger) -> tuple[Change, ...]:
    """Blank and unreadable cells whose value the rules determine. To be offered, never filled in unasked."""
    whole = system(form, filing, book)
    empty = [n for n, key in enumerate(whole.keys) if whole.values[n] is None and key in filing.figures]
    changes = []
    for p in implied(whole, empty):
        figure = filing.figures[p.key]
        kind = _unread_kind(figure.raw, p.low)
        changes.append(Change(p.key, figure.cell, None, p.low, p.low, p.low, kind, figure.sheet))
    return tuple(changes)


def attach(
    form: Form,
    filing: Filing,
    book: Ledger,
    findings: Sequence[Finding],
    earlier: Mapping[Key, int] | None = None,
) -> list[Finding]:
    """The findings, each error with the repairs that change one of its cells, and what is said about parts that are
    beyond a short repair. Cheap when no balance is broken."""
    if not any(f.severity == "error" and isinstance(f.difference, int) for f in findings):
        return list(findings)
    whole = system(form, filing, book)
    diagnosis = diagnose(whole)
    repairs = _proposed(form, filing, book, whole, diagnosis, _LISTED, earlier or {})
    at = {f"{figure.sheet}!{figure.cell}": key for key, figure in filing.figures.items()}
    out = []
    for finding in findings:
        if finding.severity == "error" and isinstance(finding.difference, int):
            cells = (c if "!" in c else f"{finding.sheet}!{c}" for c in (finding.cell, *finding.cells))
            concerned = _behind(form, filing, (at[cell] for cell in cells if cell in at))
            fitting = tuple(r for r in repairs if any(c.key in concerned for c in r.changes))
            finding = finding._replace(repairs=fitting) if fitting else finding
        out.append(finding)
    return [*out, *(beyond_repair(form, filing, whole, part) for part in diagnosis.parts if part.given_up)]


def _behind(form: Form, filing: Filing, keys: Iterable[Key]) -> set[Key]:
    """These cells and, behind computed ones and totals, the cells that they add up."""
    settings = settings_of(form, filing.settings)
    found: set[Key] = set()
    left = list(keys)
    while left:
        key = left.pop()
        if key in found:
            continue
        found.add(key)
        indicator = form.indicator(key.indicator)
        if key.row == TOTAL_ROW and indicator.kind != "control":
            left += [key._replace(row=row) for row in filing.rows.get(key.block, ())]
        elif formula := formula_of(indicator, settings):
            left += [key._replace(indicator=term.id) for term, _ in formula.terms]
    return found


def conventions(form: Form, filing: Filing) -> tuple[Convention, ...]:
    """The filing under every choice of every setting, its own first: which convention do the figures speak for?"""
    out = []
    chosen = settings_of(form, filing.settings)
    for setting in form.settings:
        for choice in sorted((c.id for c in setting.choices), key=lambda c: c != chosen[setting.id]):
            other = filing._replace(settings={**chosen, setting.id: choice})
            book = ledger_of(form, other)
            whole = system(form, other, book)
            diagnosis = diagnose(whole)
            reader = _Reader(form, other, book, whole, diagnosis.parts, {})
            asked = outcomes(form, other.settings, other.rows, book)
            broken = [o.rule.id for o in asked if o.verdict is False and setting.id in o.rule.when]
            known = all(part.alternatives for part in diagnosis.parts)
            cells = sum(len(part.alternatives[0]) for part in diagnosis.parts) if known else None
            certain = reader.read(diagnosis.certain)[2]
            out.append(Convention(setting.id, choice, cells, diagnosis.count, certain, tuple(dict.fromkeys(broken))))
    return tuple(out)


class _Reader:
    """Reads the alternatives of a diagnosis as slips in this filing."""

    def __init__(
        self,
        form: Form,
        filing: Filing,
        book: Ledger,
        whole: System,
        parts: Sequence[Part],
        earlier: Mapping[Key, int],
    ) -> None:
        self.form, self.filing, self.book, self.whole, self.parts = form, filing, book, whole, parts
        self.earlier = earlier
        self.settings = settings_of(form, filing.settings)
        self.number = {key: n for n, key in enumerate(whole.keys)}
        self.holding: dict[int, set[int]] = {}
        for n, c in enumerate(whole.conditions):
            for v in c.factors:
                self.holding.setdefault(v, set()).add(n)
        self.swaps = dict(self._swaps())

    def read(self, alternative: Alternative) -> tuple[tuple[int, int], str, tuple[Change, ...]]:
        """((trust in the accused cells, how surprising), the one kind of slip or "", its changes)"""
        kinds = [self._pair_kind(p, alternative) or self._kind(p) for p in alternative]
        surprise = 0
        for p, kind in zip(alternative, kinds, strict=True):
            right = p.before or 0 if p.after is None else p.after
            cost = typos.cost(kind, right, len(self._addends(p.key)) if kind in typos.TOTAL_KINDS else 1)
            surprise += cost // 2 if kind in typos.PAIR_KINDS else cost
        changes = tuple(map(self._change, alternative, kinds))
        trust = sum(self.whole.weights[self.number[p.key]] for p in alternative)
        return (trust, surprise), kinds[0] if len(set(kinds)) == 1 else "", changes

    def exchanged(self, part: int) -> Iterator[Alternative]:
        """Two neighbouring cells whose exchange settles a part for which one cell would do."""
        keys, values, inside = self.whole.keys, self.whole.values, self.parts[part]
        if not inside.alternatives or len(inside.alternatives[0]) != 1:
            return
        for (a, b), parts in self.swaps.items():
            if parts == {part}:
                after = {a: values[b] or 0, b: values[a] or 0}
                yield tuple(Proposal(keys[n], values[n], after[n], after[n]) for n in (a, b))

    def cumulated(self, part: int) -> Iterator[Alternative]:
        """Cells that would do, whose figures without those of the last period lie in the ranges which the rules leave
        them. Nearly any excess does so; hence one cell only where it meets an end of its range exactly, several only in
        one row of one block. Where the rules determine a value, it is among the alternatives already."""
        for alternative in self.parts[part].alternatives:
            found: list[Proposal] = []
            for p in alternative:
                after = (p.before or 0) - (self._last(p.key) or 0)
                low, high = p.low, after if p.high is None else p.high
                if p.before is not None and p.after is None and low <= after < p.before and after <= high:
                    found.append(Proposal(p.key, p.before, after, after))
            exact = len(found) == 1 and found[0].low in (alternative[0].low or None, alternative[0].high)
            if len(found) == len(alternative) and (exact or self._together(found)):
                yield tuple(found)

    def _together(self, proposals: Sequence[Proposal]) -> bool:
        """Whether several cells of one row and block settle, as proposed, every condition that looks at them."""
        if len(proposals) < 2 or len({p.key[:2] for p in proposals}) > 1:
            return False
        change = {self.number[p.key]: p.low - (p.before or 0) for p in proposals}
        touched = {n for v in change for n in self.holding.get(v, ())}
        return not any(self._residual(n, change) for n in touched)

    def _last(self, key: Key) -> int | None:
        """The flow of the last period; of a control, else that of the figure beside it."""
        of = self.form.indicator(key.indicator).of
        return self.earlier.get(key, self.earlier.get(key._replace(indicator=of)) if of else None)

    def _change(self, p: Proposal, kind: str) -> Change:
        figure = self.filing.figures.get(p.key)
        cell, sheet = (figure.cell, figure.sheet) if figure else ("", "")
        return Change(p.key, cell, p.before, p.after, p.low, p.high, kind, sheet)

    def _kind(self, p: Proposal) -> str:
        if p.before is None or p.after is None:
            return ""
        for a, b in self.swaps:
            for n, m in ((a, b), (b, a)):
                if self.whole.keys[n] == p.key and self.whole.values[m] == p.after:
                    return "doi_cho"
        addends = self._addends(p.key)
        kinds = (
            typos.number_kind(p.before, p.after),
            typos.period_kind(p.before, p.after, self._last(p.key)),
            typos.total_kind(p.before, p.after, addends),
        )
        return min((k for k in kinds if k), key=lambda k: typos.cost(k, p.after or 0, len(addends)), default="")

    def _pair_kind(self, p: Proposal, alternative: Alternative) -> str:
        for q in alternative:
            if p.before is None or p.after is None or q.before is None or q.after is None or p is q:
                continue
            one_total = p.key.row == q.key.row and self._one_total(p.key.indicator, q.key.indicator)
            kind = typos.pair_kind((p.before, p.after), (q.before, q.after), self._near(p.key, q.key), one_total)
            if kind:
                return kind
        return ""

    def _addends(self, key: Key) -> list[int]:
        """The numbers that a typed computed cell or total should add up."""
        if key.row == TOTAL_ROW:
            cells = [key._replace(row=row) for row in self.filing.rows.get(key.block, ())]
        else:
            formula = formula_of(self.form.indicator(key.indicator), self.settings)
            cells = [key._replace(indicator=term.id) for term, _ in formula.terms] if formula else []
        return [value for cell in cells if (value := self.book.values.get(cell))]

    def _one_total(self, a: str, b: str) -> bool:
        """Whether two indicators are parts of one computed one."""
        for indicator in self.form.block(self.form.indicator(a).block).indicators:
            formula = formula_of(indicator, self.settings)
            if formula and {a, b} <= {term.id for term, _ in formula.terms}:
                return True
        return False

    def _near(self, a: Key, b: Key) -> bool:
        return b in (self.whole.keys[n] for n in self._neighbours(self.number[a]))

    def _neighbours(self, n: int) -> Iterator[int]:
        """The cells typed next to a cell: in its row, and above and below it."""
        keys, key = self.whole.keys, self.whole.keys[n]
        for m in (n - 1, n + 1):
            if 0 <= m < len(keys) and keys[m].block == key.block and keys[m].row == key.row:
                yield m
        rows = self.filing.rows.get(key.block, ())
        if key.row in rows:
            at = rows.index(key.row)
            for row in (*rows[max(0, at - 1) : at], *rows[at + 1 : at + 2]):
                m = self.number.get(key._replace(row=row), -1)
                if m >= 0:
                    yield m

    def _swaps(self) -> Iterator[tuple[tuple[int, int], set[int]]]:
        """Neighbours whose exchange settles every part that it touches, with these parts."""
        values, seen = self.whole.values, set[tuple[int, int]]()
        broken = [{n for n in part.conditions if self._residual(n, {})} for part in self.parts]
        for part in broken:
            shortest = min(part, key=lambda n: (len(self.whole.conditions[n].factors), n), default=None)
            for a in self.whole.conditions[shortest].factors if shortest is not None else ():
                for b in self._neighbours(a):
                    pair = (min(a, b), max(a, b))
                    if pair in seen or values[a] is None or values[b] is None or values[a] == values[b]:
                        continue
                    seen.add(pair)
                    touched = self.holding.get(a, set()) | self.holding.get(b, set())
                    change = {a: (values[b] or 0) - (values[a] or 0), b: (values[a] or 0) - (values[b] or 0)}
                    whole = all(other <= touched or other.isdisjoint(touched) for other in broken)
                    if whole and not any(self._residual(n, change) for n in touched):
                        yield pair, {number for number, other in enumerate(broken) if other and other <= touched}

    def _residual(self, n: int, change: Mapping[int, int]) -> int:
        """How far a condition is from holding; 0 when it holds (blanks as 0)."""
        c, values = self.whole.conditions[n], self.whole.values
        residual = c.const + sum(f * ((values[v] or 0) + change.get(v, 0)) for v, f in c.factors.items())
        return residual if c.equal else min(residual, 0)


def _unread_kind(raw: str, right: int) -> str:
    """The slip that explains what stands in a cell that could not be read as a count."""
    digits = "".join(c for c in raw if c.isdigit())
    if not digits or not right:
        return ""
    if int(digits) == right:
        return "dau" if raw.strip().startswith(("-", "−", "(")) else "nghin"
    return "nghin" if any(int(digits) * 10**n == right for n in (1, 2)) and len(digits) < len(str(right)) else ""
