"""Kinds of slip: how a right number becomes the wrong one that stands in a cell.

Recognising is the reverse of making: a change is a slip of a kind when that slip, made on the proposed value, gives
the typed one. Sources: Scholtus, CBS 09046 (2009) for typing errors (replaced digits are by far the most frequent,
numbers of one digit say nothing); CBS 08015 (2008) for signs and interchanged values; Survey Methodology 42 (2016)
for operations on two cells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from math import log2

NUMBER_KINDS = ("thay_chu_so", "dao_chu_so", "rot_chu_so", "them_chu_so", "dau", "nghin")
"""Slips of one number: a digit replaced, two neighbouring digits swapped, one dropped, one added; the sign; a thousand
separator read as a decimal comma or the reverse."""
PERIOD_KINDS = ("luy_ke",)
"""Slips of a flow that only the period before shows: the cumulated figure was typed where the period's own belongs."""
TOTAL_KINDS = ("sot_dong", "phan_vao_tong")
"""Slips of a typed total: one part was left out; one part was typed there."""
PAIR_KINDS = ("doi_cho", "chuyen_han")
"""Slips of two cells: two neighbours exchanged; an amount moved between two parts of one total (trong hạn, quá hạn)."""

_SHARES = {
    "thay_chu_so": 0.40, "dao_chu_so": 0.15, "rot_chu_so": 0.12, "them_chu_so": 0.10, "dau": 0.02, "nghin": 0.03,
    "doi_cho": 0.05, "luy_ke": 0.04, "sot_dong": 0.05, "phan_vao_tong": 0.03, "chuyen_han": 0.05, "": 0.05,
}  # fmt: skip
"""How often a wrong cell is of each kind: a rough prior, which only orders repairs of equal size."""


def made(kind: str, right: int) -> Iterator[int]:
    """The wrong numbers that a slip of this kind can make of a number; some twice."""
    text = str(right)
    spots = range(len(text))
    if kind == "thay_chu_so":
        yield from (int(text[:n] + d + text[n + 1 :]) for n in spots for d in "0123456789" if d != text[n])
    elif kind == "dao_chu_so":
        yield from (int(text[:n] + text[n + 1] + text[n] + text[n + 2 :]) for n in spots[:-1] if text[n] != text[n + 1])
    elif kind == "rot_chu_so":
        yield from (int(text[:n] + text[n + 1 :]) for n in spots if len(text) > 1)
    elif kind == "them_chu_so":
        yield from (int(text[:n] + d + text[n:]) for n in range(len(text) + 1) for d in "0123456789" if n or d != "0")
    elif kind == "dau" and right:
        yield -right
    elif kind == "nghin" and right:
        yield right * 1000
        if right % 1000 == 0:
            yield right // 1000


def number_kind(before: int, after: int) -> str:
    """The kind of slip by which ``after`` was typed as ``before``; "" for none. Numbers of one digit say nothing."""
    if before == after or after < 10 or abs(before) < 10:
        return "nghin" if after and before in made("nghin", after) else ""
    return next((kind for kind in NUMBER_KINDS if before in made(kind, after)), "")


def period_kind(before: int, after: int, earlier: int | None) -> str:
    """The slip of a flow whose figure of the period before is ``earlier``: that figure was added to it. As a commune
    reports from period to period, "lũy kế" = last period + this one; a sum over more periods is not recognised."""
    return "luy_ke" if earlier and after >= 0 and before - earlier == after else ""


def total_kind(before: int, after: int, addends: Collection[int]) -> str:
    """The slip of a typed total, given the numbers that it should add up."""
    if before != after and after - before in addends:
        return "sot_dong"
    return "phan_vao_tong" if before and before != after and before in addends else ""


def pair_kind(a: tuple[int, int], b: tuple[int, int], neighbours: bool, one_total: bool) -> str:
    """The slip that explains two cells of one repair together, each as (typed, proposed)."""
    if neighbours and a[0] != b[0] and a == (b[1], b[0]):
        return "doi_cho"
    return "chuyen_han" if one_total and a[0] != a[1] and a[1] - a[0] == b[0] - b[1] else ""


def cost(kind: str, right: int, ways: int = 1) -> int:
    """How surprising a slip is, in eighths of a bit: rare kinds and kinds with many outcomes cost more. ``ways``: how
    many places the slip could have come from, where the number itself does not say so."""
    if kind in NUMBER_KINDS:
        ways = len(set(made(kind, right)))
    elif not kind:
        ways = 10 ** max(2, len(str(abs(right))))  # any number of this length
    return round(8 * (log2(max(ways, 1)) - log2(_SHARES[kind])))
