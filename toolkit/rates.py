"""Published percentages: do they follow from their counts, and which counts could they follow from.

A rate printed with so many decimals stands for an interval, so every question is one of whole numbers and is answered
exactly, at any size. A report that prints "90,16%" of 687 dossiers tells its base (762) without naming it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Literal

from toolkit.bases import Group, Share, expanded, groups, identities, known, least, other_bases, solve, words
from toolkit.compute import Ledger, Outcome, applies, outcome, settings_of
from toolkit.figures import MOST_EXACT
from toolkit.form import Form
from toolkit.formula import names
from toolkit.records import Figure, Filing, Finding, Key
from toolkit.wording import finding, show, show_rate

MOST_BASES = 20_000
"""More candidates than this are never narrowed down to one: beyond 10.000 every base has a numerator for "xx,xx%"."""


def denominators(numerator: int, rate: Decimal, cut: bool = False) -> range:
    """All whole denominators >= 1 for which numerator/denominator prints as ``rate``, a fraction of 1 whose exponent
    says how many decimals are printed. Rounded half up (a tie that half-even rounds to ``rate`` fits as well), or
    ``cut``. A rate of 0 fits without end: the range then stops at what a cell can hold."""
    low, high, unit, closed = _interval(rate, cut)
    if numerator < 0 or high < 0:
        return range(0)
    first = -(-unit * numerator // high) if closed else unit * numerator // high + 1
    last = unit * numerator // low if low > 0 else MOST_EXACT
    return range(max(first, 1), last + 1)


def numerators(denominator: int, rate: Decimal, cut: bool = False) -> range:
    """All whole numerators >= 0 for which numerator/denominator prints as ``rate`` (see ``denominators``)."""
    low, high, unit, closed = _interval(rate, cut)
    if denominator < 1 or high < 0:
        return range(0)
    last = high * denominator // unit if closed else (high * denominator - 1) // unit
    return range(max(-(-low * denominator // unit), 0), last + 1)


def explain(numerator: int, denominator: int, rate: Decimal) -> Literal["rounded", "cut"] | None:
    """How ``rate`` follows from the two numbers; None: it does not."""
    if numerator in numerators(denominator, rate):
        return "rounded"
    return "cut" if numerator in numerators(denominator, rate, cut=True) else None


def check(form: Form, filing: Filing, ledger: Ledger) -> tuple[Finding, ...]:
    """Every published rate against its numerator and denominator; where one of them was not reported, what the rates
    of one denominator say together, and whether that contradicts what was reported."""
    found: list[Finding] = []
    implied: dict[Key, int] = {}
    witnesses: dict[Key, tuple[Share, ...]] = {}
    for group in groups(form, filing, ledger):
        off, sound = _complements(group)
        found += off
        base = known(group, group.denominator)
        told: list[Finding] = []
        if base is not None:
            told = _judge(group, base)
        elif not off:
            told, base = _infer(group, sound)
        found += told
        if base and not any(f.code in _UNSOUND for f in told):
            found += _imply(group, base, implied, witnesses)
    found += _contradictions(form, filing, ledger, implied, witnesses)
    return tuple(found)


_UNSOUND = frozenset({"TL_001", "TL_003"})
"""After these nothing more is concluded from the rates of that denominator."""


def _interval(rate: Decimal, cut: bool) -> tuple[int, int, int, bool]:
    """What a printed rate stands for: low <= unit x quotient < high, or <= high when closed."""
    scale = 10 ** max(_decimals(rate), 0)
    shown = int(rate * scale)
    if cut:
        return 2 * shown, 2 * shown + 2, 2 * scale, False
    return 2 * shown - 1, 2 * shown + 1, 2 * scale, shown % 2 == 0


def _decimals(rate: Decimal) -> int:
    return -int(rate.as_tuple().exponent)


def _quotient(numerator: int, denominator: int, decimals: int) -> Decimal:
    """numerator/denominator rounded half up."""
    scale = 10**decimals
    return Decimal((2 * scale * numerator + denominator) // (2 * denominator)).scaleb(-decimals)


def _bases_of(numerator: int, rate: Decimal, cut: bool) -> range:
    """Denominators that fit when rounded, or also when cut: the two intervals overlap."""
    rounded = denominators(numerator, rate)
    return range(denominators(numerator, rate, cut=True).start, rounded.stop) if cut else rounded


def _counts_of(denominator: int, rate: Decimal, cut: bool) -> range:
    rounded = numerators(denominator, rate)
    return range(rounded.start, numerators(denominator, rate, cut=True).stop) if cut else rounded


def _judge(group: Group, base: int) -> list[Finding]:
    """Rates whose denominator is known, as far as their numerators are."""
    out = []
    for share in group.shares:
        count = known(group, share.numerator)
        if base == 0 and share.rate in (0, 1):
            continue  # nothing of nothing: practice prints 0% or 100%
        if count is None:
            if not _counts_of(base, share.rate, cut=True):
                name = words(group.form, group.denominator)
                out.append(_at("TL_010", group, (share,), mau_so=base, ten_mau_so=name))
            continue
        how = explain(count, base, share.rate)
        if how == "cut":
            out.append(_cut(group, share, count, base))
        elif how is None:
            out.append(_unexplained(group, share, count, base))
    return out


def _cut(group: Group, share: Share, count: int, base: int) -> Finding:
    places = _decimals(share.rate)
    exact, rounded = _quotient(count, base, places + 2), _quotient(count, base, places)
    shown = show_rate(exact)
    return _at("TL_002", group, (share,), left=share.rate, right=rounded, dung=shown, lam_tron=show_rate(rounded))


def _unexplained(group: Group, share: Share, count: int, base: int) -> Finding:
    name = words(group.form, group.denominator)
    own = {group.key(term) for term in names(share.numerator)}
    others = (b for b in other_bases(group) if b.value >= count and set(b.keys) != own)
    fits = [b for b in others if explain(count, b.value, share.rate)]
    if not fits:
        right = _quotient(count, base, _decimals(share.rate)) if base else None
        shown = "–" if right is None else show_rate(right)
        return _at("TL_001", group, (share,), left=share.rate, right=right, tu_so=count, mau_so=base, dung=shown)
    other = min(fits, key=lambda b: (b.unit != group.unit, len(b.keys)))  # the same unit and the plainest first
    fields = {"mau_khac": other.value, "ten_mau": other.name, "mau_so": base, "ten_mau_so": name}
    return _at("TL_003", group, (share,), others=other.keys, left=base, right=other.value, **fields)


def _complements(group: Group) -> tuple[list[Finding], list[tuple[Share, ...]]]:
    """Rates that are together the whole must sum to 1 as far as rounding and cutting allow: those that do not (told
    when a count is missing, else each is judged by itself), and the sets of shares that do."""
    off, sound = [], []
    whole = expanded(group, [group.denominator])
    for size in range(2, len(group.shares) + 1):
        for shares in combinations(group.shares, size):
            parts = [s.numerator for s in shares]
            if expanded(group, parts) != whole:
                continue
            total = sum((s.rate for s in shares), Decimal(0))
            slack = sum((Decimal(1).scaleb(-_decimals(s.rate)) for s in shares), Decimal(0))
            if 1 - slack < total <= 1 + slack / 2:
                sound.append(shares)
            elif any(known(group, part) is None for part in (group.denominator, *parts)):
                texts = " + ".join(show_rate(s.rate) for s in shares)
                off.append(_at("TL_008", group, shares, cac_ty_le=texts, tong=show_rate(total)))
    return off, sound


def _infer(group: Group, sound: Sequence[tuple[Share, ...]]) -> tuple[list[Finding], int | None]:
    """What there is to say about the base of rates whose denominator was not reported, and that base when it is the
    only one also if some of the rates were cut: only then may more be concluded from it."""
    counts = {s: n for s in group.shares if (n := known(group, s.numerator)) is not None}
    shares = (*counts, *(s for s in group.shares if s not in counts))
    rounded, either = (_bases(shares, counts, sound, cut) for cut in (False, True))
    if rounded is None or either is None:
        return [], None
    if not either:
        rates = ", ".join(show_rate(s.rate) for s in shares)
        return [_at("TL_007", group, shares, goc=rates, tu_so=", ".join(map(show, counts.values())))], None
    bases = rounded or either
    if len(bases) > 1:
        return [], None
    base = bases[0]
    cuts = [_cut(group, s, n, base) for s, n in counts.items() if explain(n, base, s.rate) == "cut"]
    return [_found(group, shares, counts, base), *cuts], base if len(either) == 1 else None


def _bases(
    shares: Sequence[Share], counts: Mapping[Share, int], sound: Sequence[tuple[Share, ...]], cut: bool
) -> list[int] | None:
    """Every base that all rates can be of; None: too many to tell."""
    spans = [_bases_of(n, s.rate, cut) for s, n in counts.items()]
    if not spans:
        return None
    candidates = range(max(*counts.values(), *(r.start for r in spans)), min(r.stop for r in spans))
    if len(candidates) > MOST_BASES:
        return None
    return [base for base in candidates if _possible(base, shares, counts, sound, cut)]


def _possible(
    base: int, shares: Sequence[Share], counts: Mapping[Share, int], sound: Sequence[tuple[Share, ...]], cut: bool
) -> bool:
    """Can every rate be one of this base, and the parts of the whole add up to it?"""
    spans = {s: _counts_of(base, s.rate, cut) for s in shares}
    if not all(counts[s] in span if s in counts else span for s, span in spans.items()):
        return False
    spans |= {s: range(n, n + 1) for s, n in counts.items()}
    return all(sum(spans[s][0] for s in whole) <= base <= sum(spans[s][-1] for s in whole) for whole in sound)


def _found(group: Group, shares: tuple[Share, ...], counts: Mapping[Share, int], base: int) -> Finding:
    """TL_004 when the base stands in the report under another unit only, else TL_006."""
    texts = []
    for share in shares:
        fits = _counts_of(base, share.rate, cut=True)
        count = counts.get(share, fits[0] if len(fits) == 1 else None)
        texts.append(show_rate(share.rate) if count is None else f"{show(count)} = {show_rate(share.rate)}")
    units = group.form.units
    equal = [b for b in other_bases(group) if b.value == base]
    in_place = not equal or any(b.unit == group.unit for b in equal)
    other = None if in_place else max(equal, key=lambda b: len(b.keys))  # a sum tells more than a figure
    return _at(
        "TL_004" if other else "TL_006",
        group,
        shares,
        others=other.keys if other else (),
        left=base,
        right=other.value if other else None,
        n=len(shares),
        cac_ty_le=", ".join(texts),
        mau_so=base,
        don_vi=units[group.unit].label,
        bieu_thuc=other and (other.spelled if len(other.keys) == 1 else f"{show(base)} = {other.spelled}"),
        don_vi_khac=other and units[other.unit].label,
    )


def _imply(
    group: Group, base: int, implied: dict[Key, int], witnesses: dict[Key, tuple[Share, ...]]
) -> Iterator[Finding]:
    """Adds to ``implied`` the counts that follow from the rates of a base; yields those below what is written."""
    parts = [(s.numerator, span, (s,)) for s in group.shares if (span := _counts_of(base, s.rate, cut=True))]
    for part, span, shares in (*parts, (group.denominator, range(base, base + 1), group.shares)):
        if known(group, part) is not None:
            continue
        written = least(group, part)
        if written > span[-1]:
            told = _in_words(group.form, span[-1], group.unit, words(group.form, part))
            yield _at("TL_009", group, shares, left=span[-1], right=written, suy_ra=told)
        elif len(span) == 1 and (solved := solve(group, part, span[0], implied)) and solved[1] >= 0:
            implied[solved[0]] = solved[1]
            witnesses[solved[0]] = group.shares


def _contradictions(
    form: Form, filing: Filing, book: Ledger, implied: Mapping[Key, int], witnesses: Mapping[Key, tuple[Share, ...]]
) -> Iterator[Finding]:
    """Rules that the written counts do not break, but break with the implied ones."""
    with_implied = book._replace(values={**book.values, **implied}, open=book.open - implied.keys())
    settings = settings_of(form, filing.settings)
    for rule in (*form.rules, *identities(form, filing)) if implied else ():
        if not applies(rule.when, settings):
            continue
        for row in dict.fromkeys(key.row for key in implied if key.block == rule.block) if rule.block else ("",):
            result = outcome(form, rule, row, with_implied)
            used = [key for key in result.keys if key in implied]
            if result.verdict is False and used and outcome(form, rule, row, book).verdict is not False:
                shares = dict.fromkeys(share for key in used for share in witnesses[key])
                yield _contradiction(form, filing, result, {key: implied[key] for key in used}, shares)


def _contradiction(
    form: Form, filing: Filing, result: Outcome, used: Mapping[Key, int], shares: Iterable[Share]
) -> Finding:
    written = [f for key in result.keys if key not in used and (f := filing.figures.get(key)) and f.value is not None]
    figures = [*written, *(share.figure for share in shares)]
    first = figures[0]
    told = (
        _in_words(form, value, indicator.unit, indicator.name)
        for key, value in used.items()
        for indicator in (form.indicator(key.indicator),)
    )
    return finding(
        "TL_005",
        sheet=first.sheet,
        cell=first.cell,
        cells=_cells(first, figures),
        key=first.key,
        left=result.left,
        right=result.right,
        suy_ra=", ".join(told),
        quan_he=result.rule.label,
    )


def _in_words(form: Form, value: int, unit: str, name: str) -> str:
    """'610 hồ sơ “Tiếp nhận trực tuyến trong kỳ”'."""
    return f"{show(value)} {form.units[unit].label} “{name}”"


def _at(
    code: str,
    group: Group,
    shares: Sequence[Share],
    *,
    others: Sequence[Key] = (),
    left: int | Decimal | None = None,
    right: int | Decimal | None = None,
    **fields: object,
) -> Finding:
    """A finding about published rates: it stands at the first; its cells are the rates and what they are made of."""
    first = shares[0].figure
    parts = [group.denominator, *(s.numerator for s in shares)]
    keys = dict.fromkeys((*(group.key(term) for term in names(*parts)), *others))
    figures = [f for key in keys if (f := group.filing.figures.get(key)) and f.value is not None]
    name = group.form.indicator(first.key.indicator).name
    return finding(
        code,
        sheet=first.sheet,
        cell=first.cell,
        cells=_cells(first, [*(s.figure for s in shares), *figures]),
        key=first.key,
        left=left,
        right=right,
        **{"ten": name, "goc": show_rate(shares[0].rate), **fields},
    )


def _cells(first: Figure, figures: Iterable[Figure]) -> tuple[str, ...]:
    """Addresses, with their sheet when it is another than the first one's."""
    return tuple(dict.fromkeys(f.cell if f.sheet == first.sheet else f"{f.sheet}!{f.cell}" for f in figures))
