"""The rows of a grid added up over a province: form II.06a by lĩnh vực, in the province's convention.

The rows, what communes gave only as a total, and where a typed total is not the sum of its rows: together they are
exactly the total of the summary.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from toolkit.addends import convert
from toolkit.compute import counts, ledger_of, settings_of
from toolkit.form import Block, Form, Indicator
from toolkit.records import Amount, Filing, Summary
from toolkit.text import key

_Addend = tuple[str, Amount]  # commune code


class Cell(NamedTuple):
    """One figure of one row over the merged communes."""

    amount: int  # in the province's convention
    communes: int  # that gave it
    open: bool  # only a lower bound: a part is blank
    unconverted: bool  # a commune counts in another way and its figures do not allow to convert it


class RowTable(NamedTuple):
    """A grid of the province. A figure that no commune gave is absent: it is unknown, not 0."""

    block: str
    indicators: tuple[Indicator, ...]  # the columns, in the order of the form
    listed: tuple[str, ...]  # rows of the form
    added: tuple[str, ...]  # rows that communes added, spelled as first typed in the order of the communes
    cells: Mapping[tuple[str, str], Cell]  # (row, indicator)
    communes: Mapping[str, int]  # row -> communes with a figure in it; absent: none
    only_total: Mapping[str, Cell]  # indicator -> given by communes that fill no row of it
    differing: Mapping[str, Cell]  # indicator -> total less rows, of communes whose typed total is not their sum

    @property
    def rows(self) -> tuple[str, ...]:
        return (*self.listed, *self.added)


def by_row(form: Form, summary: Summary, block_id: str) -> RowTable:
    """The grid ``block_id`` over the merged communes.

    For each indicator: its rows + ``only_total`` + ``differing`` = ``summary.totals``.
    """
    block = form.block(block_id)
    indicators = tuple(i for i in counts(block) if i.kind != "control")
    rows: dict[tuple[str, str], list[_Addend]] = defaultdict(list)
    having: dict[str, set[str]] = defaultdict(set)
    totals: dict[str, list[_Addend]] = defaultdict(list)
    differing: dict[str, list[_Addend]] = defaultdict(list)
    spelled: dict[str, str] = {key(label): label for label in block.rows}
    merged = [p.code for p in summary.places if summary.commune_status[p.code] == "merged"]
    for code in merged:
        own: dict[str, list[Amount]] = defaultdict(list)
        for label, amounts in _rows_of(form, summary.filings[code], block, indicators, summary.conventions):
            row = spelled.setdefault(key(label), label)
            if amounts:
                having[row].add(code)
            for indicator, amount in amounts.items():
                rows[row, indicator].append((code, amount))
                own[indicator].append(amount)
        for indicator in (i.id for i in indicators):
            total = summary.amounts.get(indicator, {}).get(code)
            if total is None:
                continue
            rest = total.counted - sum(a.counted for a in own[indicator])
            if not own[indicator]:
                totals[indicator].append((code, total))  # 0 too: it was said
            elif rest:
                differing[indicator].append((code, total._replace(counted=rest)))
    return RowTable(
        block=block_id,
        indicators=indicators,
        listed=block.rows,
        added=tuple(spelled.values())[len(block.rows) :],
        cells={at: _cell(amounts) for at, amounts in rows.items()},
        communes={row: len(codes) for row, codes in having.items()},
        only_total={i: _cell(amounts) for i, amounts in totals.items()},
        differing={i: _cell(amounts) for i, amounts in differing.items()},
    )


def _rows_of(
    form: Form, filing: Filing, block: Block, indicators: Iterable[Indicator], conventions: Mapping[str, str]
) -> Iterable[tuple[str, dict[str, Amount]]]:
    """Each row of a filing with its figures in the conventions; a blank figure is absent."""
    book, columns = ledger_of(form, filing), {indicator.id for indicator in indicators}
    alike = settings_of(form, filing.settings) == conventions
    rows: dict[str, dict[str, Amount]] = {label: {} for label in filing.rows.get(block.id, ())}
    for at, value in book.values.items():
        if value is not None and at.block == block.id and at.row in rows and at.indicator in columns:
            rows[at.row][at.indicator] = Amount(value, value, value, at in book.open)
    for label, filed in rows.items():
        yield label, filed if alike else convert(form, filing.settings, conventions, filed)[0]


def _cell(addends: Sequence[_Addend]) -> Cell:
    """A commune may spell a row in two ways: it counts once."""
    return Cell(
        amount=sum(a.counted for _, a in addends),
        communes=len({code for code, _ in addends}),
        open=any(a.open for _, a in addends),
        unconverted=any(a.unconverted for _, a in addends),
    )
