"""How much chance alone explains, for counts of any size: exact binomial tails and limits, many looks at once.

A z-score needs a long series and a rate far from 0; a commune has 40 dossiers of a lĩnh vực and 1 % late. Here the
tail itself is added up, term by term. Chances are right to nine digits; below 1e-300 they are 0.0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from math import exp, lgamma, log, log1p

_SMALLEST = 2.0**-60  # terms below this share of the sum so far change nothing
_HALVINGS = 60


def at_least(k: int, n: int, rate: float) -> float:
    """Chance of ``k`` or more in ``n`` when each has the chance ``rate``.

    When the n have different chances with the mean ``rate`` and k > n * rate + 1, the true chance is smaller
    (Hoeffding 1956, theorem 4).
    """
    if k <= 0:
        return 1.0
    if k > n or rate <= 0:
        return 0.0
    if rate >= 1:
        return 1.0
    if k <= n * rate:  # the other side is the shorter one
        return max(0.0, 1.0 - at_most(k - 1, n, rate))
    odds = rate / (1 - rate)
    total = term = _exactly(k, n, rate)
    for i in range(k, n):
        term *= (n - i) / (i + 1) * odds
        total += term
        if term < total * _SMALLEST:
            break
    return min(total, 1.0)


def at_most(k: int, n: int, rate: float) -> float:
    """Chance of ``k`` or fewer in ``n`` when each has the chance ``rate``: the others are ``n - k`` or more."""
    return at_least(n - k, n, 1 - rate) if k < n * rate else max(0.0, 1.0 - at_least(k + 1, n, rate))


def interval(k: int, n: int, risk: float) -> tuple[float, float]:
    """Rates that ``k`` of ``n`` leaves open, each end missed with a chance of at most ``risk`` / 2
    (Clopper and Pearson 1934)."""
    low = 0.0 if k <= 0 else _where(lambda rate: at_least(k, n, rate) > risk / 2)
    high = 1.0 if k >= n else _where(lambda rate: at_most(k, n, rate) <= risk / 2)
    return low, high


def most(n: int, rate: float, risk: float) -> int:
    """The greatest number in ``n`` that chance still explains: more of them has a chance of at most ``risk``."""
    low, high = -1, n
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if at_least(middle + 1, n, rate) <= risk else (middle, high)
    return high


def beyond(chances: Sequence[float], risk: float) -> tuple[bool, ...]:
    """Which of several looks tell something: with a chance of ``risk`` at most, one of them does so wrongly
    (Holm 1979)."""
    out = [False] * len(chances)
    order = sorted(range(len(chances)), key=lambda i: chances[i])
    for left, i in zip(count(len(chances), -1), order, strict=False):
        if chances[i] > risk / left:
            break
        out[i] = True
    return tuple(out)


def _exactly(k: int, n: int, rate: float) -> float:
    """Chance of ``k`` of ``n``, 0 < rate < 1."""
    ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return exp(ways + k * log(rate) + (n - k) * log1p(-rate))


def _where(beyond_it: Callable[[float], bool]) -> float:
    """The rate from which on something holds."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if beyond_it(middle) else (middle, high)
    return (low + high) / 2
