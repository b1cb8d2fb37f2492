"""Form II.06a as it was typed against what the register gives, both ways: cells that differ, with the dossiers that
explain the difference, and dossiers for which the form has no place."""

# Without "from __future__ import annotations", as in ``toolkit.records``.

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from toolkit.compute import Ledger, formula_of, ledger_of, settings_of
from toolkit.dossiers import Register
from toolkit.form import Block, Form
from toolkit.form_totals import GRID, INDICATORS, NO_CHANNEL, Totals, dossiers_in, totals
from toolkit.privacy import shown_code, shown_word
from toolkit.records import TOTAL_ROW, Filing, Finding, Key
from toolkit.wording import COUNTED_HERE, MATCHES_IF, UNPLACED, WAYS, fill, finding

_RUT = ("rieng", "trong_da_giai_quyet", "trong_dung_han")
_TOLD_CODES = 5  # dossiers that a message names


class Difference(NamedTuple):
    """One cell of the form that does not hold what the register gives."""

    row: str
    indicator: str
    typed: int
    counted: int
    way: str  # key of wording.WAYS: counted that way the two agree; "" when none explains it
    dossiers: tuple[int, ...]  # those that this way counts otherwise; without one, those counted in the cell


def differences(
    form: Form, filing: Filing, register: Register, counted: Totals, book: Ledger
) -> tuple[Difference, ...]:
    """Cells of a filing that differ from its register, by rows and columns of the form; a blank cell says nothing.

    Each is tried under the other ways of counting met in practice: where one gives exactly the typed number, it is
    named, with the dossiers that it counts otherwise.
    """
    ways: list[tuple[str, Totals]] = []
    found = []
    for row in (*filing.rows.get(GRID, ()), TOTAL_ROW):
        for indicator in INDICATORS:
            at = Key(GRID, row, indicator)
            typed, own = book.values.get(at), counted.dossiers(row, indicator)
            if typed is None or own <= typed <= own + _loose(counted, row, indicator):
                continue
            if typed < own and at in book.open:
                continue  # a blank part is worth what is missing
            ways = ways or list(_ways(form.block(GRID), filing, register, counted))
            found.append(_difference(counted, ways, row, indicator, typed))
    return tuple(found)


def confront(form: Form, filing: Filing, register: Register) -> tuple[Finding, ...]:
    """A register against the form as it was filled in: what could not be placed, rows that are missing, cells that
    differ. A total is told only where none of its parts is. Without a period there is nothing to count."""
    if filing.period is None:
        return ()
    settings = settings_of(form, filing.settings)
    block, book = form.block(GRID), ledger_of(form, filing)
    rows = filing.rows.get(GRID, ())
    counted = totals(block, register, filing.period, settings["rut"], rows)
    found = [*_left_open(register, counted), *_missing_rows(register, counted, rows)]
    off = differences(form, filing, register, counted, book)
    for difference in off:
        figure = filing.figures.get(Key(GRID, difference.row, difference.indicator))
        if figure is None or _follows(form, settings, book, counted, rows, off, difference):
            continue
        indicator = form.indicator(difference.indicator)
        explained = _explained(register, difference)
        found.append(
            finding(
                "HS_006",
                sheet=figure.sheet,
                cell=figure.cell,
                key=figure.key,
                left=difference.typed,
                right=difference.counted,
                ten=indicator.name,
                giai_thich=explained,
            )
        )
    return tuple(found)


def _follows(
    form: Form,
    settings: Mapping[str, str],
    book: Ledger,
    counted: Totals,
    rows: tuple[str, ...],
    off: tuple[Difference, ...],
    difference: Difference,
) -> bool:
    """Is a difference told already: by a part of the sum, or by a row, as the total row is the sum of its rows?"""
    formula = formula_of(form.indicator(difference.indicator), settings)
    parts = {term.id for term, _ in formula.terms} if formula else set()
    if any(d.row == difference.row and d.indicator in parts for d in off):
        return True
    at = Key(GRID, difference.row, difference.indicator)
    if difference.row != TOTAL_ROW or difference.typed != book.expected[at]:
        return False
    missing = any(counted.dossiers(row, at.indicator) for row in counted.rows if row and row not in rows)
    return missing or any(d.row != TOTAL_ROW and d.indicator == at.indicator for d in off)


def _loose(counted: Totals, row: str, indicator: str) -> int:
    """How many more than counted a cell may hold, because a channel or a lĩnh vực is not known."""
    rows = [row] if row == TOTAL_ROW else [row, ""]
    more = sum(counted.dossiers(r, NO_CHANNEL) for r in rows) if indicator in ("truc_tuyen", "truc_tiep") else 0
    return more + (counted.dossiers("", indicator) if row != TOTAL_ROW else 0)


def _ways(block: Block, filing: Filing, register: Register, counted: Totals) -> Iterator[tuple[str, Totals]]:
    rows = filing.rows.get(GRID, ())
    for way in WAYS:
        choice = way.removeprefix("rut_")
        if choice in _RUT:
            if choice != counted.rut:
                yield way, totals(block, register, counted.period, choice, rows)
        else:
            yield way, totals(block, register, counted.period, counted.rut, rows, way)


def _difference(counted: Totals, ways: list[tuple[str, Totals]], row: str, indicator: str, typed: int) -> Difference:
    here = dossiers_in(counted, row, indicator)
    for way, other in ways:
        if other.dossiers(row, indicator) == typed:
            moved = {*here} ^ {*dossiers_in(other, row, indicator)}
            return Difference(row, indicator, typed, len(here), way, tuple(sorted(moved)))
    return Difference(row, indicator, typed, len(here), "", here)


def _explained(register: Register, difference: Difference) -> str:
    n = len(difference.dossiers)
    if not n:
        return ""
    told = difference.dossiers[:_TOLD_CODES]
    codes = ", ".join(shown_code(register.code[i]) or f"dòng {register.rows[i]}" for i in told)
    words: dict[str, object] = {"n": n, "ma": codes + (", …" if n > _TOLD_CODES else "")}
    if difference.way:
        return fill(MATCHES_IF, {"cach": WAYS[difference.way], **words})
    return fill(COUNTED_HERE, words)


def _left_open(register: Register, counted: Totals) -> Iterator[Finding]:
    """Dossiers that are in no cell, or only in some of those they belong to."""
    for why, indices in counted.unplaced.items():
        yield _about(register, indices, "ma_ho_so", "HS_005", vi_sao=UNPLACED[why])
    for code, field, members in (
        ("HS_007", "hinh_thuc", dossiers_in(counted, TOTAL_ROW, NO_CHANNEL)),
        ("HS_009", "linh_vuc", dossiers_in(counted, "", "tiep_nhan")),
    ):
        if members:
            yield _about(register, members, field, code)


def _missing_rows(register: Register, counted: Totals, rows: tuple[str, ...]) -> Iterator[Finding]:
    for row in counted.rows:
        if row and row not in rows:
            members = dossiers_in(counted, row, "tiep_nhan")
            yield _about(register, members, "linh_vuc", "HS_008", dong=shown_word(row, len(members)))


def _about(register: Register, indices: tuple[int, ...], field: str, code: str, **fields: object) -> Finding:
    letters = register.letters.get(field) or next(iter(register.letters.values()))
    cell = f"{letters}{register.rows[indices[0]]}"
    return finding(code, sheet=register.sheet, cell=cell, n=len(indices), **fields)  # type: ignore[arg-type]
