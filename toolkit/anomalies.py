"""What is odd in a register of dossiers, each with its reason and how sure, the surest first.

Nothing here is a verdict: a dossier stays as it is counted. Messages carry dossier codes, days and cells; of citizens
nothing, and nothing of a cell that might hold one (pasted columns slip sideways): a code that is no code is told by its
row.
"""

# Without "from __future__ import annotations", as in ``toolkit.records``.

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, get_args

from toolkit.dossiers import Kind, Register, Verdict
from toolkit.odd_dossiers import Odd, Sureness, odd_dossiers, terms_of
from toolkit.odd_groups import odd_groups
from toolkit.privacy import shown_code
from toolkit.records import Finding, Period, Severity
from toolkit.wording import ODD_WORDS, ODDITIES, fill, finding
from toolkit.workdays import Calendar

HABIT = 0.05
"""A kind that more than this share of a register has, and more than ``FEW`` dossiers, is told once: it has one cause,
such as a habit of the software or a column taken for another."""

FEW = 20

_SURENESS: tuple[Sureness, ...] = get_args(Sureness)
_SEVERITIES: dict[Sureness, Severity] = {"chac_chan": "error", "rat_co_the": "warning", "nen_xem": "info"}
_GROUPS = ("BT_012", "BT_013")
_TOGETHER = ("BT_007", "BT_008")  # the dossiers are odd only side by side


class Anomaly(NamedTuple):
    code: str  # the kind, a key of wording.ODDITIES; the finding has another code when it tells of many at once
    sure: Sureness
    dossiers: tuple[int, ...]  # positions in the register; of a group the dossiers that make it odd
    group: bool  # of a lĩnh vực, an officer, a unit or the whole register: no single dossier is at fault
    finding: Finding
    chance: float | None = None  # of a group: how often chance alone does so


def anomalies(
    register: Register, verdicts: Sequence[Verdict], calendar: Calendar, period: Period | None
) -> tuple[Anomaly, ...]:
    """All anomalies, surest first, then by kind, then in the order of rows; of groups the least likely first.

    ``verdicts`` as ``dossiers.verdicts`` gives them; without a ``period`` no receipt lies outside it.
    """
    return anomalies_of(register, [verdict.kind for verdict in verdicts], calendar, period)


def anomalies_of(
    register: Register, kinds: Sequence[Kind], calendar: Calendar, period: Period | None
) -> tuple[Anomaly, ...]:
    """The same from the kinds of the verdicts alone, which are much cheaper to have."""
    terms = terms_of(register, calendar)
    return in_words(register, odd_dossiers(register, terms, calendar, period), odd_groups(register, kinds, terms))


def in_words(register: Register, odd: Iterable[Odd], groups: Iterable[Odd]) -> tuple[Anomaly, ...]:
    """What is odd, sorted and put into words; a kind that many dossiers have is told once."""
    found = [*_folded(register, odd), *groups]
    found.sort(key=lambda o: (_SURENESS.index(o.sure), o.code, o.chance or 0.0, o.dossiers))
    return tuple(_anomaly(register, o) for o in found)


def _folded(register: Register, odd: Iterable[Odd]) -> Iterator[Odd]:
    kinds: dict[str, list[Odd]] = {}
    for one in odd:
        kinds.setdefault(one.code, []).append(one)
    for alike in kinds.values():
        if len(alike) <= max(FEW, HABIT * len(register)):
            yield from alike
        else:
            dossiers = tuple(sorted({i for one in alike for i in one.dossiers}))
            sure: Sureness = "chac_chan" if alike[0].sure == "chac_chan" else "nen_xem"
            words = {"n": len(dossiers), "tong": len(register)}
            yield Odd(alike[0].code, sure, dossiers, alike[0].fields, words, many=True)


def _anomaly(register: Register, odd: Odd) -> Anomaly:
    first = odd.dossiers[0]
    letters = [register.letters[field] for field in odd.fields if field in register.letters] or ["A"]
    cell = f"{letters[0]}{register.rows[first]}"
    rows = odd.dossiers[:FEW] if odd.many or odd.code in _TOGETHER else (first,)
    cells = tuple(f"{letter}{register.rows[i]}" for i in rows for letter in letters)
    told = finding(
        "BT_000" if odd.many else odd.code,
        sheet=register.sheet,
        cell=cell,
        cells=cells,
        ma=_code(register, first),
        ten=ODDITIES[odd.code],
        **odd.words,  # type: ignore[arg-type]
    )
    told = told._replace(severity=_SEVERITIES[odd.sure])
    return Anomaly(odd.code, odd.sure, odd.dossiers, odd.code in _GROUPS, told, odd.chance)


def _code(register: Register, i: int) -> str:
    return shown_code(register.code[i]) or fill(ODD_WORDS["khong_ma"], {"dong": str(register.rows[i])})
