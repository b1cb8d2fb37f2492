"""Groups of dossiers that differ from their commune by more than chance explains.

A lĩnh vực is held against the commune's own rate, an officer or a unit against the rates of the lĩnh vực that they
work on: whoever does land dossiers is not to blame that land takes longer. The group itself is part of what it is held
against, so that one late dossier in a commune without any other is no news. All looks of a register share one guard.
"""

# Without "from __future__ import annotations", as in ``toolkit.records``.

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from toolkit.dossiers import Kind, Register
from toolkit.limits import at_least, beyond, most
from toolkit.odd_dossiers import Odd, Terms
from toolkit.text import keys_of
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

LATE: Mapping[str, bool] = {
    **dict.fromkeys(("qua_han", "dang_qua_han"), True),
    **dict.fromkeys(("truoc_han", "dung_han", "dang_trong_han", "sap_den_han"), False),
}
_ON_DAY: Mapping[str, bool] = {"dung_han": True, "truoc_han": False}


class _Look(NamedTuple):
    """One group held against something."""

    column: str  # "so" for the whole register
    members: Sequence[int]  # positions
    hits: Sequence[int]  # those that are late, or finished on the very due day
    rate: float  # what the share of hits is held against
    against: str  # key of wording.ODD_WORDS; "" for results on the very due day
    chance: float  # of so many hits


def odd_groups(register: Register, kinds: Sequence[Kind], terms: Terms) -> Iterator[Odd]:
    """Lĩnh vực, officers and units with more late dossiers, or more finished on the very due day, than chance gives."""
    fields = keys_of(register.field)
    late = [*map(LATE.get, kinds)]
    on_day = [
        _ON_DAY.get(kind) if term is not None and term >= 2 else None
        for kind, term in zip(kinds, terms.term, strict=True)
    ]
    looks = [*_late(register, fields, late), *_on_day(register, fields, on_day)]
    for look, told in zip(looks, beyond([look.chance for look in looks], RISK), strict=True):
        if told:
            yield _odd(register, look)


def _late(register: Register, fields: Sequence[str], late: Sequence[bool | None]) -> Iterator[_Look]:
    asked = [i for i, one in enumerate(late) if one is not None]
    if not asked:
        return
    by_field = _members(fields, asked)
    among_field = {name: sum(late[i] is True for i in members) / len(members) for name, members in by_field.items()}
    own = late.count(True) / len(asked)
    for name, members in by_field.items():
        if name:
            yield _late_look("linh_vuc", members, late, own, "chung_so")
    for column, labels in (("can_bo", register.officer), ("don_vi", register.unit)):
        for name, members in _members(labels, asked).items() if any(labels) else ():
            if name:
                rate = sum(among_field[fields[i]] for i in members) / len(members)
                yield _late_look(column, members, late, rate, "chung_linh_vuc")


def _late_look(column: str, members: Sequence[int], late: Sequence[bool | None], rate: float, against: str) -> _Look:
    hits = [i for i in members if late[i]]
    many = len(hits) >= max(FEWEST, TIMES * rate * len(members))
    return _Look(column, members, hits, rate, against, at_least(len(hits), len(members), rate) if many else 1.0)


def _on_day(register: Register, fields: Sequence[str], on_day: Sequence[bool | None]) -> Iterator[_Look]:
    asked = [i for i, one in enumerate(on_day) if one is not None]
    if not asked:
        return
    yield (whole := _on_day_look("so", asked, on_day))
    if whole.chance <= RISK:
        return  # the register as a whole has it: no group stands out
    for column, labels in (("linh_vuc", fields), ("can_bo", register.officer)):
        for name, members in _members(labels, asked).items() if any(labels) else ():
            if name:
                yield _on_day_look(column, members, on_day)


def _on_day_look(column: str, members: Sequence[int], on_day: Sequence[bool | None]) -> _Look:
    hits = [i for i in members if on_day[i]]
    return _Look(column, members, hits, IMPLAUSIBLE, "", at_least(len(hits), len(members), IMPLAUSIBLE))


def _odd(register: Register, look: _Look) -> Odd:
    column, members, hits = look.column, look.members, tuple(look.hits or look.members[:1])
    few = column == "linh_vuc" and len(members) < NAMED
    who = fill(ODD_WORDS["linh_vuc_o" if few else column], {"ten": register.field[members[0]]})
    words: dict[str, object] = {"ai": who, "n": len(look.hits), "tong": len(members)}
    if not look.against:
        fields = ("ngay_ket_qua",) if column == "so" else (column,)
        return Odd("BT_012", "nen_xem", hits, fields, words, look.chance)
    words["chung"] = fill(ODD_WORDS[look.against], {"ty_le": _percent(look.rate)})
    words["nhieu_nhat"] = most(len(members), look.rate, RISK)
    return Odd("BT_013", "rat_co_the", hits, (column,), words, look.chance)


def _members(labels: Sequence[str], asked: Sequence[int]) -> Mapping[str, Sequence[int]]:
    """Which of the dossiers asked about bear each label."""
    members: defaultdict[str, list[int]] = defaultdict(list)
    for i in asked:
        members[labels[i]].append(i)
    return members


def _percent(rate: float) -> str:
    return show_rate(Decimal(f"{rate:.4f}"))
