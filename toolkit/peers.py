"""A commune beside its peers: how far its rate lies from theirs, and how much of that chance alone explains.

Peers are the communes of its kind (phường, xã), or the whole province where its kind has too few. The limits are exact
for counts of any size; all looks at a province share one guard (Holm 1979), so that a hundred communes without any
difference give no accusation. A rate beyond chance says that something differs, not that somebody is to blame.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from toolkit.limits import at_least, at_most, beyond, most
from toolkit.records import Summary

Verdict = Literal["higher", "lower", "watch", "within", "few", "alone", "unknown"]
"""Beyond what chance explains, among so many looks; ``watch``: beyond its own 95 % limits only; ``few``: even twice
the peers' rate would still lie within the limits; ``alone``: too few communes to compare with; ``unknown``: a figure
is blank, only a lower bound, or contradicts another."""

RISK = 0.01
"""Chance of at least one wrong "higher" or "lower" in a province in which all communes are alike."""

LIMITS = (0.05, 0.002)
"""Chances that a rate lies outside the limits by accident: 95 % and 99,8 %, half of it at each end."""

FEWEST = 5
"""Communes with figures below which a kind is no group of peers."""

ORDER: tuple[Verdict, ...] = ("higher", "lower", "watch", "within", "few", "alone", "unknown")


class Look(NamedTuple):
    """A share that is compared: the sum of ``hits`` in the sum of ``among``."""

    id: str
    hits: tuple[str, ...]
    among: tuple[str, ...]


LOOKS = (
    Look("qua_han", ("qua_han",), ("da_giai_quyet",)),
    Look("dang_qua_han", ("dang_qua_han",), ("dang_giai_quyet",)),
    Look("truc_tuyen", ("truc_tuyen",), ("truc_tuyen", "truc_tiep")),
)


class Band(NamedTuple):
    """Numbers that chance explains, both ends included."""

    low: int
    high: int


class Standing(NamedTuple):
    """One commune in one look."""

    look: str
    commune: str
    kind: str
    n: int | None  # None: not given
    k: int | None
    peers: str | None  # kind of its peers, "" the province, None: not compared
    rate: float | None  # of its peers, itself among them
    bands: tuple[Band, ...]  # one for each of ``LIMITS``; empty: not compared
    chance: float  # of a number at least as far off, on either side
    verdict: Verdict


def standings(summary: Summary, looks: Sequence[Look] = LOOKS) -> tuple[Standing, ...]:
    """Every merged commune in every look that the summary has figures for, by look, peers and verdict."""
    given = [s for look in looks for s in _given(summary, look)]
    rates = _rates(given)
    placed = [_placed(s, rates) for s in given]
    asked = [i for i, s in enumerate(placed) if s.rate is not None]
    told = dict(zip(asked, beyond([placed[i].chance for i in asked], RISK), strict=True))
    judged = [s._replace(verdict=_verdict(s, told.get(i, False))) for i, s in enumerate(placed)]
    order = {look.id: n for n, look in enumerate(looks)}
    place = {p.code: n for n, p in enumerate(summary.places)}
    groups = {kind: n for n, kind in enumerate(_kinds(given))}
    return tuple(
        sorted(
            judged,
            key=lambda s: (
                order[s.look],
                len(groups) + (s.peers is None) if not s.peers else groups[s.peers],
                ORDER.index(s.verdict),
                s.chance,
                place[s.commune],
            ),
        )
    )


def group_rates(standing: Sequence[Standing]) -> Mapping[tuple[str, str], float]:
    """(look, peers) -> their rate, of the groups that are compared with."""
    return {(s.look, s.peers): s.rate for s in standing if s.peers is not None and s.rate is not None}


def band(n: int, rate: float, risk: float) -> Band:
    """The numbers in ``n`` that chance explains, with a chance of at most ``risk`` / 2 beyond each end."""
    return Band(n - most(n, 1 - rate, risk / 2), most(n, rate, risk / 2))


def sizes(largest: int, many: int = 40) -> tuple[int, ...]:
    """Numbers of dossiers from 1 to ``largest`` at which to draw limits: dense where they bend."""
    return tuple(sorted({max(1, round(largest * (i / many) ** 2)) for i in range(1, many + 1)}))


def _given(summary: Summary, look: Look) -> Iterator[Standing]:
    if not all(i in summary.amounts for i in (*look.hits, *look.among)):
        return
    for place in summary.places:
        if summary.commune_status[place.code] != "merged":
            continue
        parts = [[summary.amounts[i].get(place.code) for i in side] for side in (look.hits, look.among)]
        k, n = (None if None in side else sum(a.counted for a in side if a) for side in parts)
        doubtful = any(a is None or a.open or a.unconverted for side in parts for a in side)
        fit = not doubtful and k is not None and n is not None and 0 <= k <= n and n > 0
        verdict: Verdict = "few" if not doubtful and n == k == 0 else "unknown"
        yield Standing(look.id, place.code, place.kind, n, k, place.kind if fit else None, None, (), 1.0, verdict)


def _kinds(given: Sequence[Standing]) -> list[str]:
    return sorted({s.kind for s in given})


def _rates(given: Sequence[Standing]) -> dict[tuple[str, str], float]:
    """(look, kind or "") -> rate of the groups that are large enough."""
    members: dict[tuple[str, str], list[Standing]] = {}
    for s in given:
        if s.peers is not None:
            for group in (s.peers, ""):
                members.setdefault((s.look, group), []).append(s)
    return {
        at: sum(s.k or 0 for s in of) / sum(s.n or 0 for s in of) for at, of in members.items() if len(of) >= FEWEST
    }


def _placed(s: Standing, rates: Mapping[tuple[str, str], float]) -> Standing:
    """With its peers, their limits for its number of dossiers, and how likely chance goes so far."""
    if s.peers is None or s.n is None or s.k is None:
        return s
    peers = s.peers if (s.look, s.peers) in rates else ""
    if (s.look, peers) not in rates:
        return s._replace(peers=None, verdict="alone")
    rate = rates[s.look, peers]
    chance = min(1.0, 2 * min(at_least(s.k, s.n, rate), at_most(s.k, s.n, rate)))
    return s._replace(peers=peers, rate=rate, bands=tuple(band(s.n, rate, risk) for risk in LIMITS), chance=chance)


def _verdict(s: Standing, told: bool) -> Verdict:
    if s.rate is None or s.n is None or s.k is None:
        return s.verdict
    if told:
        return "higher" if s.k > s.n * s.rate else "lower"
    if not s.bands[0].low <= s.k <= s.bands[0].high:
        return "watch"
    rarer = min(s.rate, 1 - s.rate)
    return "within" if 2 * rarer * s.n > most(s.n, rarer, LIMITS[0] / 2) else "few"
