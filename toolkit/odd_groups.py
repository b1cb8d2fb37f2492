"""Groups of dossiers that differ from their commune by more than chance explains.

A lĩnh vực is held against the commune's own rate, an officer or a unit against the rates of the lĩnh vực that they
work on: whoever does land dossiers is not to blame that land takes longer. The group itself is part of what it is held
against, so that one late dossier in a commune without any other is no news. All looks of a register share one guard.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from toolkit.dossiers import Register, Verdict
from toolkit.limits import at_least, beyond, most
from toolkit.odd_dossiers import Odd, Terms
from toolkit.text import key
from toolkit.wording import ODD_WORDS, fill, show_rate

RISK = 0.01
"""Chance of at least one wrong group in a register in which all groups are alike."""

FEWEST = 3
"""Late dossiers below which a group is no group."""

TIMES = 2
"""A group is told when its rate is so many times what it is held against: a small difference is no oddity, however
certain."""

IMPLAUSIBLE = 0.5
"""Where results take days, more than this share of them does not fall on the very day that was promised."""

NAMED = 10
"""Dossiers from which on a lĩnh vực is named and not only its cell: what slipped into that column by mistake, such as
names, does not come so often."""

_LATE = ("qua_han", "dang_qua_han")
_IN_TIME = ("truoc_han", "dung_han", "dang_trong_han", "sap_den_han")


def odd_groups(register: Register, verdicts: Sequence[Verdict], terms: Terms) -> Iterator[Odd]:
    """Lĩnh vực, officers and units with more late dossiers, or more finished on the very due day, than chance gives."""
    kinds = [verdict.kind for verdict in verdicts]
    late = [True if kind in _LATE else False if kind in _IN_TIME else None for kind in kinds]
    days = [term is not None and term >= 2 for term in terms.term]
    on_day = [
        kind == "dung_han" if long and kind in ("truoc_han", "dung_han") else None
        for kind, long in zip(kinds, days, strict=True)
    ]
    looks = [*_late(register, late), *_on_day(register, on_day)]
    for odd, told in zip(looks, beyond([1.0 if o.chance is None else o.chance for o in looks], RISK), strict=True):
        if told:
            yield odd


def _late(register: Register, late: Sequence[bool | None]) -> Iterator[Odd]:
    asked = [i for i, one in enumerate(late) if one is not None]
    if not asked:
        return
    fields = tuple(map(key, register.field))
    own = sum(late[i] is True for i in asked) / len(asked)
    among_field = {
        name: sum(late[i] is True for i in members) / len(members) for name, members in _members(fields, asked).items()
    }
    for column, labels in (("linh_vuc", fields), ("can_bo", register.officer), ("don_vi", register.unit)):
        for name, members in _members(labels, asked).items():
            if not name:
                continue
            if column == "linh_vuc":
                rate, against = own, "chung_so"
            else:
                rate, against = sum(among_field[fields[i]] for i in members) / len(members), "chung_linh_vuc"
            hits = tuple(i for i in members if late[i])
            chance = 1.0
            if len(hits) >= max(FEWEST, TIMES * rate * len(members)):
                chance = at_least(len(hits), len(members), rate)
            words = {
                "ai": _who(register, column, members),
                "n": len(hits),
                "tong": len(members),
                "chung": fill(ODD_WORDS[against], {"ty_le": _percent(rate)}),
                "nhieu_nhat": most(len(members), rate, RISK),
            }
            yield Odd("BT_013", "rat_co_the", hits or members[:1], (column,), words, chance)


def _on_day(register: Register, on_day: Sequence[bool | None]) -> Iterator[Odd]:
    asked = [i for i, one in enumerate(on_day) if one is not None]
    whole = [*_much(register, on_day, "so", ("",) * len(on_day), asked)]
    yield from whole
    if any(odd.chance is not None and odd.chance <= RISK for odd in whole):
        return  # the register as a whole has it: no group stands out
    for column, labels in (("linh_vuc", tuple(map(key, register.field))), ("can_bo", register.officer)):
        yield from _much(register, on_day, column, labels, asked)


def _much(
    register: Register, on_day: Sequence[bool | None], column: str, labels: Sequence[str], asked: Sequence[int]
) -> Iterator[Odd]:
    for name, members in _members(labels, asked).items():
        if not name and column != "so":
            continue
        hits = tuple(i for i in members if on_day[i])
        words = {"ai": _who(register, column, members), "n": len(hits), "tong": len(members)}
        cells = ("ngay_ket_qua",) if column == "so" else (column,)
        yield Odd(
            "BT_012", "nen_xem", hits or members[:1], cells, words, at_least(len(hits), len(members), IMPLAUSIBLE)
        )


def _who(register: Register, column: str, members: Sequence[int]) -> str:
    few = column == "linh_vuc" and len(members) < NAMED
    return fill(ODD_WORDS["linh_vuc_o" if few else column], {"ten": register.field[members[0]]})


def _members(labels: Sequence[str], asked: Sequence[int]) -> dict[str, tuple[int, ...]]:
    members: dict[str, list[int]] = {}
    for i in asked:
        members.setdefault(labels[i], []).append(i)
    return {name: tuple(places) for name, places in members.items()}


def _percent(rate: float) -> str:
    return show_rate(Decimal(f"{rate:.4f}"))
