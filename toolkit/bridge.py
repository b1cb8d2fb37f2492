"""What changed since the last merge, and what it did to the totals.

For each total: before + communes that came + communes that left + cells that changed + another convention = after,
in whole numbers, and it always closes. A cell is told when somebody changed it; what the form's own formulas make of it
is not told again, its effect on the totals is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from toolkit.addends import summed
from toolkit.compute import ledger_of, settings_of
from toolkit.form import COUNT_KINDS, Form
from toolkit.privacy import shown_word
from toolkit.records import TOTAL_ROW, Amount, Figure, FileOutcome, Filing, Finding, Key, Summary
from toolkit.wording import finding, show_period

FileChangeKind = Literal["new", "gone", "changed", "renamed"]


class FileChange(NamedTuple):
    kind: FileChangeKind  # renamed: the same bytes under another name; changed: other bytes under the same name
    file: str
    before: str  # name last time; "" new
    commune: str  # code; "" not attributable
    status_before: str  # what became of it last time; "" new
    status: str  # what becomes of it now; "" gone


class StatusChange(NamedTuple):
    commune: str
    before: str  # merged | returned | off_period | missing; "" not expected
    after: str


class ChoiceChange(NamedTuple):
    """Another convention: of a commune, or (commune "") of the totals."""

    commune: str
    setting: str
    before: str  # id of a choice
    after: str


class CellChange(NamedTuple):
    """A figure that counts with another value than last time. Sheet and cell are "" where the file has no such cell."""

    commune: str
    key: Key
    file_before: str
    sheet_before: str
    cell_before: str
    before: int | Decimal | None  # None: blank or not readable
    file: str
    sheet: str
    cell: str
    after: int | Decimal | None
    text_before: str = ""  # what stands in a cell that is not readable
    text: str = ""


class CopyChange(NamedTuple):
    """A commune of which another file counts than last time."""

    commune: str
    before: str  # file
    after: str


class Waterfall(NamedTuple):
    """One total: (before or 0) + came + left + cells + convention = (after or 0)."""

    indicator: str
    before: int | None  # None: no commune gave it
    came: int  # communes that count now and did not before
    left: int  # communes that counted before and do not now, <= 0
    cells: int  # communes that count in both, as filed
    convention: int  # the same communes: what bringing them to one convention adds now and did not before
    after: int | None
    open_before: bool = False  # whether it was only a lower bound
    open: bool = False

    @property
    def net(self) -> int:
        return (self.after or 0) - (self.before or 0)


class Bridge(NamedTuple):
    why: Finding | None  # why the two cannot be compared (then all else is empty); None: they can
    files: tuple[FileChange, ...] = ()
    same: int = 0  # files with the same name and the same bytes
    communes: tuple[StatusChange, ...] = ()
    choices: tuple[ChoiceChange, ...] = ()
    copies: tuple[CopyChange, ...] = ()
    cells: tuple[CellChange, ...] = ()  # by commune, then in the order of the form
    totals: tuple[Waterfall, ...] = ()  # of the indicators with anything to tell, in the order of the form

    @property
    def anything(self) -> bool:
        return any((self.files, self.communes, self.choices, self.copies, self.cells, self.totals))


def asked_otherwise(before: Summary, after: Summary) -> Finding | None:
    """Why two merges cannot be compared; None when they can."""
    one, other = _question(before), _question(after)
    return None if one == other else finding("NHO_002", truoc=one, nay=other)


def slim(summary: Summary) -> Summary:
    """What a bridge needs of an earlier merge; ``filings`` must be put back, of the communes merged in both."""
    return summary._replace(corrected={}, rates={}, sources={}, filings={}, findings=(), dossiers={})


def consistent(summary: Summary) -> bool:
    """Whether a slim summary read from somewhere holds what a bridge relies on."""
    merged = {code for code, status in summary.commune_status.items() if status == "merged"}
    counting = [o.commune for o in summary.outcomes if o.status == "merged"]
    if len(counting) != len(merged) or set(counting) != merged:
        return False
    sums = {i: [a.counted for code, a in by.items() if code in merged] for i, by in summary.amounts.items()}
    return summary.totals == {i: sum(counted) for i, counted in sums.items() if counted}


def bridge(before: Summary, after: Summary, form: Form) -> Bridge:
    """Both over the same province, period and form; else the bridge only says why there is none."""
    why = asked_otherwise(before, after)
    if why is not None:
        return Bridge(why)
    files, same = _files(before.outcomes, after.outcomes)
    order = [p.code for p in after.places]
    order += [p.code for p in before.places if p.code not in set(order)]
    was, now = before.commune_status, after.commune_status
    statuses = (StatusChange(code, was.get(code, ""), now.get(code, "")) for code in order)
    both = [code for code in order if was.get(code) == now.get(code) == "merged"]
    return Bridge(
        None,
        files,
        same,
        communes=tuple(s for s in statuses if s.before != s.after),
        choices=tuple(_choices(form, before, after, both)),
        copies=tuple(_copies(before, after, both)),
        cells=tuple(c for code in both for c in _cells(form, code, before.filings[code], after.filings[code])),
        totals=tuple(w for i in summed(form) if _tells(w := _waterfall(i.id, before, after, both))),
    )


def _files(before: Iterable[FileOutcome], after: Iterable[FileOutcome]) -> tuple[tuple[FileChange, ...], int]:
    """By name; and how many files stayed as they were."""
    was, now = ({outcome.file: outcome for outcome in outcomes} for outcomes in (before, after))
    kept = [file for file in now if file in was]
    changed = [(was[f], now[f]) for f in kept if was[f].sha256 != now[f].sha256]
    gone: dict[str, list[FileOutcome]] = defaultdict(list)
    for file in sorted(was.keys() - now.keys(), reverse=True):
        gone[was[file].sha256].append(was[file])
    out = [FileChange("changed", b.file, a.file, b.commune, a.status, b.status) for a, b in changed]
    for file in sorted(now.keys() - was.keys()):
        outcome, alike = now[file], gone[now[file].sha256] if now[file].sha256 else []
        if alike:
            old = alike.pop()
            out.append(FileChange("renamed", file, old.file, outcome.commune, old.status, outcome.status))
        else:
            out.append(FileChange("new", file, "", outcome.commune, "", outcome.status))
    left = (old for alike in gone.values() for old in alike)
    out += [FileChange("gone", old.file, old.file, old.commune, old.status, "") for old in left]
    return tuple(sorted(out, key=lambda c: c.file)), len(kept) - len(changed)


def _choices(form: Form, before: Summary, after: Summary, both: Iterable[str]) -> Iterator[ChoiceChange]:
    pairs = [("", before.conventions, after.conventions)]
    pairs += [(code, before.filings[code].settings, after.filings[code].settings) for code in both]
    for commune, old, new in pairs:
        was, now = settings_of(form, old), settings_of(form, new)
        yield from (ChoiceChange(commune, s, was[s], now[s]) for s in was if was[s] != now[s])


def _copies(before: Summary, after: Summary, both: Iterable[str]) -> Iterator[CopyChange]:
    """Communes whose figures now come from another file; one that merely got another name is told as such."""
    for code in both:
        was, now = before.filings[code], after.filings[code]
        if was.file != now.file and was.sha256 != now.sha256:
            yield CopyChange(code, was.file, now.file)


def _cells(form: Form, code: str, was: Filing, now: Filing) -> Iterator[CellChange]:
    """What somebody changed in the figures of a commune: not the form's own formulas, which follow, unless they read
    a setting that was changed."""
    if was._replace(file="", findings=()) == now._replace(file="", findings=()):
        return
    old, new = ledger_of(form, was).values, ledger_of(form, now).values
    turned = _turned(form, was, now)
    labels = {b: list(dict.fromkeys([*was.rows.get(b, ()), *now.rows.get(b, ())])) for b in {*was.rows, *now.rows}}
    for block in (b for b in form.blocks if b.kind != "records"):
        rows = [*labels.get(block.id, ()), TOTAL_ROW] if block.kind == "grid" else [""]
        for key, kind in ((Key(block.id, row, i.id), i.kind) for row in rows for i in block.indicators):
            one, other = was.figures.get(key), now.figures.get(key)
            if key not in turned and all(figure is None or figure.origin == "formula" for figure in (one, other)):
                continue
            if kind in COUNT_KINDS:
                left: object = old.get(key)
                right: object = new.get(key)
            elif kind == "rate":
                left, right = one and one.value, other and other.value
            else:
                continue
            if left != right:
                yield CellChange(
                    code,
                    key,
                    was.file,
                    one.sheet if one else "",
                    one.cell if one else "",
                    _number(left),
                    now.file,
                    other.sheet if other else "",
                    other.cell if other else "",
                    _number(right),
                    _unreadable(one),
                    _unreadable(other),
                )


def _turned(form: Form, was: Filing, now: Filing) -> frozenset[Key]:
    """The computed figures, in both reports, that another setting alone makes others; a total row only where no row
    does."""
    if settings_of(form, was.settings) == settings_of(form, now.settings):
        return frozenset()
    keys: set[Key] = set()
    for filing, settings in ((was, now.settings), (now, was.settings)):
        old, new = (ledger_of(form, f).values for f in (filing, filing._replace(settings=settings)))
        keys |= {key for key, value in old.items() if new.get(key) != value}
    keys &= was.figures.keys() & now.figures.keys()
    rows = {(key.block, key.indicator) for key in keys if key.row != TOTAL_ROW}
    return frozenset(key for key in keys if key.row != TOTAL_ROW or (key.block, key.indicator) not in rows)


def _unreadable(figure: Figure | None) -> str:
    """What stands in a cell that holds no number; "" for a blank."""
    return shown_word(figure.raw, 1) if figure is not None and figure.value is None else ""


def _waterfall(indicator: str, before: Summary, after: Summary, both: Sequence[str]) -> Waterfall:
    was, now = _counting(indicator, before), _counting(indicator, after)
    nothing = Amount(0, 0, 0, False)
    pairs = [(was.get(code, nothing), now.get(code, nothing)) for code in both]
    return Waterfall(
        indicator,
        before.totals.get(indicator),
        came=sum(a.counted for code, a in now.items() if code not in both),
        left=-sum(a.counted for code, a in was.items() if code not in both),
        cells=sum(b.written - a.written for a, b in pairs),
        convention=sum((b.counted - b.written) - (a.counted - a.written) for a, b in pairs),
        after=after.totals.get(indicator),
        open_before=any(a.open for a in was.values()),
        open=any(a.open for a in now.values()),
    )


def _counting(indicator: str, summary: Summary) -> dict[str, Amount]:
    given = summary.amounts.get(indicator, {})
    return {code: amount for code, amount in given.items() if summary.commune_status.get(code) == "merged"}


def _tells(waterfall: Waterfall) -> bool:
    steps = (waterfall.came, waterfall.left, waterfall.cells, waterfall.convention)
    return any(steps) or waterfall.before != waterfall.after


def _number(value: object) -> int | Decimal | None:
    return value if isinstance(value, int | Decimal) else None


def _question(summary: Summary) -> str:
    return f"{summary.province.name}, kỳ {show_period(summary.period)}, mẫu {summary.form}"
