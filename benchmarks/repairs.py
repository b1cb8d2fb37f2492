"""Planted errors: how often the smallest repairs name the wrong cells, and how long that takes.

    python benchmarks/repairs.py [-n FILINGS] [--seed N] [--json]

Invented reports (every identity holds) get one to four slips each. Half of the slips are of the kinds that the
toolkit knows; the other half come from a generator of keyboard slips that knows nothing of the form or its rules. The
figures of the period before are at hand in every report, so that a cumulated figure can be recognised, or wrongly so.
Prints Markdown tables; times are of the processor, so that other users of the machine do not count. Ends with 1 when
the search disagrees with complete enumeration on small systems.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from toolkit import typos  # noqa: E402  # the path above comes first
from toolkit.balance import System, system  # noqa: E402
from toolkit.blame import diagnose  # noqa: E402
from toolkit.compute import ledger_of  # noqa: E402
from toolkit.conditions import Condition  # noqa: E402
from toolkit.form import Form  # noqa: E402
from toolkit.invent import GRID, sound_report  # noqa: E402
from toolkit.records import TOTAL_ROW, Change, Figure, Filing, Key, Period  # noqa: E402
from toolkit.repair import propose  # noqa: E402
from workbook.forms import load_form  # noqa: E402

PERIOD = Period(date(2025, 7, 1), date(2025, 9, 30))
WAYS = ("formulas", "typed totals")
"""Whether the form's formulas are intact (with the software's three totals beside them), or every total is typed."""
NUMPAD = {
    "0": "12",
    "1": "024",
    "2": "0135",
    "3": "26",
    "4": "157",
    "5": "2468",
    "6": "359",
    "7": "48",
    "8": "579",
    "9": "68",
}
SIZES = (10, 40, 100, 200, 400, 600)

Values = dict[Key, int]


@dataclass(frozen=True, slots=True)
class Trial:
    kind: str  # of the first slip
    many: int
    known: bool  # drawn from the kinds that the toolkit knows
    way: str
    seen: bool  # some condition is broken
    given_up: bool  # a part with too many wrong cells
    among: bool  # the planted cells are one of the smallest repairs
    first: bool  # ... and the first one proposed
    exact: bool  # ... with exactly the right numbers
    plain: bool  # first without knowledge of slips (weights, then order in the sheet)
    certain: bool  # something was called certain
    wrongly: bool  # ... that was not planted, or with numbers that exclude the right one
    search: float  # seconds: from the ledger to the diagnosis
    whole: float  # seconds: to the ranked proposals


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("-n", type=int, default=5000, help="filings")
    options.add_argument("--seed", type=int, default=2025)
    options.add_argument("--small", type=int, default=2000, help="small systems against complete enumeration")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    form = load_form()
    dice = random.Random(given.seed)
    trials = [trial(form, dice) for _ in range(given.n)]
    agree = sum(agrees(random.Random(f"{given.seed}/{n}")) for n in range(given.small))
    growth = list(growing(form, random.Random(given.seed)))
    if given.json:
        rows = {" ".join(map(str, name)): shares(group) for name, group in grouped(trials)}
        print(json.dumps({"groups": rows, "agree": [agree, given.small], "growth": growth}, indent=1))
    else:
        print(table(trials, growth, agree, given.small))
    return 0 if agree == given.small else 1


def trial(form: Form, dice: random.Random) -> Trial:
    """One invented report with one to four slips, and what the toolkit made of it."""
    right = sound(form, dice)
    way = dice.choice(WAYS)
    if way == "typed totals":
        right |= totals(form, right)
    earlier = flows(form, sound(form, dice), way)
    known, many = dice.random() < 0.5, dice.randint(1, 4)
    wrong, kind = dict(right), ""
    while sum(wrong[k] != v for k, v in right.items()) < 1 or many:
        made = known_slip(right, earlier, dice) if known else keyboard_slip(right, dice)
        if made and not any(wrong[k] != right[k] for k in made[1]):
            kind, many = kind or made[0], many - 1
            wrong |= made[1]
    planted = {k: v for k, v in right.items() if wrong[k] != v}
    report = filing(form, wrong)
    book = ledger_of(form, report)
    started = time.process_time()
    whole = system(form, report, book)
    diagnosis = diagnose(whole)
    searched = time.process_time()
    repairs = propose(form, report, book, earlier=earlier)
    ended = time.process_time()

    alternatives = [[{p.key for p in a} for a in part.alternatives] for part in diagnosis.parts]
    among = bool(alternatives) and set(planted) == set().union(
        *(s for part in alternatives for s in part if s <= set(planted))
    )
    among = among and all(any(s <= set(planted) for s in part) for part in alternatives)
    proposed: dict[Key, int | None] = {}
    for number in range(len(diagnosis.parts)):
        ranked = [r for r in repairs if r.part == number and not (r.certain and r.found > 1)]
        proposed |= {c.key: c.after for c in ranked[0].changes} if ranked else {}
    plain = set().union(*(part[0] for part in alternatives if part)) if alternatives else set()
    certain = [c for r in repairs if r.certain for c in r.changes]
    return Trial(
        kind=kind,
        many=len(planted),
        known=known,
        way=way,
        seen=bool(diagnosis.parts),
        given_up=not all(part.complete for part in diagnosis.parts),
        among=among and sum(len(part[0]) for part in alternatives) == len(planted),
        first=set(proposed) == set(planted),
        exact=proposed == planted,
        plain=plain == set(planted),
        certain=bool(certain),
        wrongly=any(c.key not in planted or not _allows(c, right[c.key]) for c in certain),
        search=searched - started,
        whole=ended - searched,
    )


def _allows(change: Change, right: int) -> bool:
    return change.low <= right and (change.high is None or right <= change.high)


def sound(form: Form, dice: random.Random) -> Values:
    """An invented report in which every identity holds: typed inputs, the software's totals, single figures."""
    report = sound_report(form, dice.randint(1, 999), PERIOD, "51")
    out = {
        Key(GRID, str(row["linh_vuc"]), name): value
        for row in report.rows
        for name, value in row.items()
        if isinstance(value, int)
    }
    for name, value in report.scalars.items():
        indicator = form.indicator(name)
        out[Key(indicator.block, TOTAL_ROW if indicator.block == GRID else "", name)] = value
    return out


def flows(form: Form, values: Values, way: str) -> Values:
    """What a report of the period before says of the period: no stocks."""
    written = values | totals(form, values) if way == "typed totals" else values
    kind = {key: form.indicator(form.indicator(key.indicator).of or key.indicator).kind for key in written}
    return {key: value for key, value in written.items() if kind[key] == "flow"}


def totals(form: Form, values: Values) -> Values:
    """The computed cells and totals of a report, as somebody types them over the formulas."""
    book = ledger_of(form, filing(form, values))
    return {k: v for k, v in book.expected.items() if v is not None and k.block == GRID}


def filing(form: Form, values: Values) -> Filing:
    figures = {k: Figure(k, v, "II.06a", "A1", str(v), "typed") for k, v in values.items()}
    rows = tuple(dict.fromkeys(k.row for k in values if k.block == GRID and k.row != TOTAL_ROW))
    return Filing("", "", form.id, form.version, None, None, {}, {GRID: rows}, figures, {})


def known_slip(right: Values, earlier: Values, dice: random.Random) -> tuple[str, Values] | None:
    """A slip of a kind that the toolkit recognises."""
    kind = dice.choice((*typos.NUMBER_KINDS, *typos.PERIOD_KINDS, *typos.TOTAL_KINDS, *typos.PAIR_KINDS))
    cells = [k for k, v in right.items() if v >= 10]
    if kind in typos.TOTAL_KINDS:
        cells = [k for k in cells if k.row == TOTAL_ROW and not k.indicator.endswith("doi_chieu")]
    elif kind in typos.PERIOD_KINDS:
        cells = [k for k in cells if earlier.get(k)]
    elif kind == "chuyen_han":
        cells = [k for k in cells if k.row != TOTAL_ROW and k.indicator in ("dang_trong_han", "dang_qua_han")]
    if not cells:
        return None
    key = dice.choice(cells)
    if kind in typos.PERIOD_KINDS:
        return kind, {key: right[key] + earlier[key]}
    if kind in typos.NUMBER_KINDS:
        wrong = [w for w in typos.made(kind, right[key]) if w >= 0 and w != right[key]]
        return (kind, {key: dice.choice(wrong)}) if wrong else None
    if kind in typos.TOTAL_KINDS:
        addends = [v for k, v in right.items() if k.indicator == key.indicator and k.row not in ("", TOTAL_ROW) and v]
        part = dice.choice(addends)
        wrong_total = right[key] - part if kind == "sot_dong" else part
        return (kind, {key: wrong_total}) if wrong_total != right[key] else None
    if kind == "doi_cho":
        near = [k for k in neighbours(right, key) if right[k] != right[key]]
        return (kind, {key: right[other], other: right[key]}) if near and (other := dice.choice(near)) else None
    others = [
        k for k in right if k.row == key.row and {k.indicator, key.indicator} == {"dang_trong_han", "dang_qua_han"}
    ]
    if not others:
        return None
    moved = dice.randint(1, right[key])
    return kind, {key: right[key] - moved, others[0]: right[others[0]] + moved}


def neighbours(right: Values, key: Key) -> list[Key]:
    """The cells before and after in the row, above and below in the column."""
    row = [k for k in right if (k.block, k.row) == (key.block, key.row)]
    column = [k for k in right if (k.block, k.indicator) == (key.block, key.indicator) and k.row != TOTAL_ROW]
    lines = [row, column] if key.row not in ("", TOTAL_ROW) else [row]
    return [
        line[n + step] for line in lines for n in [line.index(key)] for step in (-1, 1) if 0 <= n + step < len(line)
    ]


def keyboard_slip(right: Values, dice: random.Random) -> tuple[str, Values] | None:
    """What fingers and eyes do, whatever the form says."""
    keys = list(right)
    key = dice.choice([k for k in keys if right[k]])
    text = str(right[key])
    at = dice.randrange(len(text))
    kind = dice.choice(
        ("next key", "double key", "missed key", "keys in wrong order", "copied from beside", "misread", "other")
    )
    if kind == "next key":
        wrong = text[:at] + dice.choice(NUMPAD[text[at]]) + text[at + 1 :]
    elif kind == "double key":
        wrong = text[:at] + text[at] + text[at:]
    elif kind == "missed key":
        wrong = text[:at] + text[at + 1 :]
    elif kind == "keys in wrong order":
        wrong = text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
    elif kind == "copied from beside":
        wrong = str(right[keys[keys.index(key) - 1]])
    elif kind == "misread":
        wrong = str(max(0, right[key] + dice.choice((-1, 1)) * dice.randint(1, 9)))
    else:
        wrong = str(dice.randint(0, 10 ** len(text)))
    return (kind, {key: int(wrong)}) if wrong and int(wrong) != right[key] else None


def agrees(dice: random.Random) -> bool:
    """Whether search and complete enumeration find the same smallest sets in one small random system."""
    cells, top = dice.randint(2, 6), dice.randint(1, 4)
    values = [None if dice.random() < 0.2 else dice.randint(0, top) for _ in range(cells)]
    conditions = [Condition({v: -1}, top, False, "") for v in range(cells)]
    for _ in range(dice.randint(1, 4)):
        inside = dice.sample(range(cells), dice.randint(1, min(cells, 4)))
        factors = {v: dice.choice((-3, -2, -1, -1, -1, 1, 1, 1, 2, 3)) for v in inside}
        conditions.append(Condition(factors, dice.randint(-4, 4), dice.random() < 0.5, ""))
    diagnosis = diagnose(System([Key("", "", str(v)) for v in range(cells)], values, [1] * cells, conditions), 10**6)
    found = {
        frozenset(int(p.key.indicator) for a in choice for p in a)
        for choice in product(*(part.alternatives for part in diagnosis.parts))
    }
    return found == enumerated(values, conditions, top)


def enumerated(values: list[int | None], conditions: list[Condition], top: int) -> set[frozenset[int]]:
    """The smallest sets of typed cells that must change, by trying all numbers from 0 to ``top``."""
    best: set[frozenset[int]] = set()
    for x in product(range(top + 1), repeat=len(values)):
        sums = ((c, c.const + sum(f * x[v] for v, f in c.factors.items())) for c in conditions)
        if all(s == 0 if c.equal else s >= 0 for c, s in sums):
            changed = frozenset(v for v, value in enumerate(values) if value is not None and value != x[v])
            if not best or len(changed) <= len(next(iter(best))):
                best = {s for s in best if len(s) == len(changed)} | {changed}
    return best


def growing(form: Form, dice: random.Random) -> Iterator[tuple[int, float, float]]:
    """(cells, median and worst milliseconds of the diagnosis) for grids of more and more rows, all totals typed."""
    for size in SIZES:
        taken = []
        rows = max(1, round(size / 12))
        for _ in range(40):
            base = [v for v in sound(form, dice).items() if v[0].block == GRID and v[0].row != TOTAL_ROW]
            lines = list(dict.fromkeys(k.row for k, _ in base))[:10]
            right = {Key(GRID, f"{n}", k.indicator): v for n in range(rows) for k, v in base if k.row == lines[n % 10]}
            right |= totals(form, right)
            wrong = dict(right)
            for _ in range(dice.randint(1, 4)):
                made = keyboard_slip(right, dice)
                wrong |= made[1] if made else {}
            report = filing(form, wrong)
            book = ledger_of(form, report)
            whole = system(form, report, book)
            started = time.process_time()
            diagnose(whole)
            taken.append(1000 * (time.process_time() - started))
        yield len(right), statistics.median(taken), max(taken)


def grouped(trials: list[Trial]) -> Iterator[tuple[tuple[object, ...], list[Trial]]]:
    """Trials by source, number of wrong cells and way; then by kind, of those with a single slip kind in one cell."""
    names = sorted({(t.known, t.way, min(t.many, 5)) for t in trials}, reverse=True)
    for known, way, many in names:
        yield (
            (
                "known kinds" if known else "keyboard",
                way,
                f"{many} cells" if many < 5 else "5 and more",
            ),
            [t for t in trials if (t.known, t.way, min(t.many, 5)) == (known, way, many)],
        )
    for kind in sorted({t.kind for t in trials if t.many <= 2}):
        yield (kind, "both", "1-2 cells"), [t for t in trials if t.kind == kind and t.many <= 2]


def shares(group: list[Trial]) -> dict[str, float]:
    """Percent of the filings of a group, of those in which something is broken."""
    seen = [t for t in group if t.seen]
    out: dict[str, float] = {"filings": len(group), "seen": round(100 * len(seen) / len(group), 1)}
    for name in ("given_up", "among", "plain", "first", "exact", "certain", "wrongly"):
        out[name] = round(100 * sum(getattr(t, name) for t in seen) / max(1, len(seen)), 1)
    out["median"] = round(1000 * statistics.median(t.search for t in group), 2)
    out["worst"] = round(1000 * max(t.search for t in group), 1)
    out["proposals"] = round(1000 * statistics.median(t.whole for t in group), 2)
    return out


def table(trials: list[Trial], growth: list[tuple[int, float, float]], agree: int, small: int) -> str:
    heads = (
        "filings",
        "seen %",
        "given up %",
        "among smallest %",
        "first, plain %",
        "first %",
        "exact %",
        "certain %",
        "wrongly %",
    )
    times = ("search ms", "worst ms", "proposals ms")
    lines = ["| slips | way | wrong cells | " + " | ".join((*heads, *times)) + " |", "|---" * 15 + "|"]
    for name, group in (*grouped(trials), (("all", "", ""), trials)):
        lines.append("| " + " | ".join(map(str, (*name, *shares(group).values()))) + " |")
    lines += ["", "| cells | median ms | worst ms |", "|---|---|---|"]
    lines += [f"| {cells} | {median:.2f} | {worst:.1f} |" for cells, median, worst in growth]
    lines += ["", f"Complete enumeration of small systems agrees in {agree} of {small}."]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
