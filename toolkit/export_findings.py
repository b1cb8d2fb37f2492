"""What there is to say about an imported list. No sentence carries a cell that could hold a person's name: headings,
dossier codes, statuses and row numbers only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from toolkit.excel import column_letters
from toolkit.export_dates import STATUS
from toolkit.export_list import DATES, SKIP, Listed, Question
from toolkit.export_rows import OTHER, Record, day_of
from toolkit.figures import read_text
from toolkit.form import Block
from toolkit.header_row import Header
from toolkit.privacy import shown_code, shown_word
from toolkit.records import Finding
from toolkit.register_merge import Place, Twin
from toolkit.wording import EVIDENCE, LEFT_OUT, fill, finding, show

MOST_TOLD = 20
"""Findings of one kind that are told one by one; the others are counted."""

_ROWS = 10
_LONGEST = 60
_SERIAL = frozenset({"stt", "tt", "số tt", "số thứ tự"})


def asked(question: Question, block: Block, **where: object) -> Finding:
    """What only a person can say, with the answers that the command takes."""
    names = _names(block)
    shown = [f"{names[field]} ({field})" for field in question.options]
    others = [f"={field}" for field in (*question.options[1:], SKIP)]
    return finding(
        "XN_005" if question.alike else "XN_003",
        cot=column_letters(question.at),
        tieu_de=question.heading,
        cac_nghia=" hoặc ".join(shown),
        nghia=question.options[0],
        nghia_khac=", ".join(others),
        **where,  # type: ignore[arg-type]
    )


def explained(listed: Listed, block: Block, **where: object) -> Iterator[Finding]:
    """How a list was read. ``where``: fields ``tep`` and ``trang`` of every sentence."""

    def told(code: str, **fields: object) -> Finding:
        return finding(code, **where, **fields)  # type: ignore[arg-type]

    names, header, taken = _names(block), listed.header, listed.taken
    for heading, meant in listed.meanings.items():
        why = fill(EVIDENCE[meant.why], {"n": meant.count, "tren": meant.of})
        yield told("XN_004", tieu_de=heading, nghia=names[meant.field], vi_sao=why)
    for column in header.columns:
        if column.spare:
            chosen = next((c.heading for c in header.columns if c.field == column.spare), "")
            yield told("XN_025", tieu_de=column.heading, nghia=names[column.spare], da_lay=chosen)
        elif column.like and not column.field and not any(q.heading == column.heading for q in listed.questions):
            yield told("XN_006", tieu_de=column.heading, nghia=column.like)
    personal = [c.heading for c in header.columns if c.personal]
    if personal:
        yield told("XN_008", n=len(personal), cot=", ".join(personal))
    others = [c.heading for c in header.columns if _is_other(c.field, c.spare, c.like, c.personal, c.heading)]
    if others:
        yield told("XN_007", n=len(others), cot=", ".join(others))
    counts = {reason: len(rows) for reason, rows in taken.left_out.items() if reason != OTHER}
    if counts:
        parts = ", ".join(f"{show(n)} {LEFT_OUT[reason]}" for reason, n in counts.items())
        yield told("XN_009", n=sum(counts.values()), ly_do=parts)
    for code, rows in (
        ("XN_017", taken.numbers),
        ("XN_018", taken.long_numbers),
        ("XN_023", taken.without_code),
        ("XN_024", taken.left_out.get(OTHER, ())),
    ):
        if rows:
            yield told(code, n=len(rows), dong=_rows(rows))
    yield from _about_dates(listed, header, told)


def about_statuses(statuses: Mapping[str, int], sheet: str) -> Iterator[Finding]:
    """Statuses that the vocabulary does not know, the most frequent first."""
    found = sorted(statuses.items(), key=lambda pair: (-pair[1], pair[0]))
    told = [
        finding("XN_012", goc=shown_word(status[:_LONGEST], n), n=n, trang=sheet) for status, n in found[:MOST_TOLD]
    ]
    yield from told
    yield from _others(told, len(found))


def about_twins(twins: Sequence[Twin], shown: Callable[[Place], str]) -> Iterator[Finding]:
    """Rows of one dossier code. ``shown``: where a row stands, in words."""
    kinds: dict[str, list[Twin]] = {"XN_014": [], "XN_016": [], "XN_013": []}
    for twin in twins:
        kinds["XN_014" if twin.two else "XN_013" if twin.decided else "XN_016"].append(twin)
    for code, some in kinds.items():
        told = [
            finding(
                code,
                ma=shown_code(twin.code) or None,
                giu=shown(twin.kept),
                bo=shown(twin.other),
                tt_giu=shown_word(twin.status[:_LONGEST], 1),
                tt_bo=shown_word(twin.other_status[:_LONGEST], 1),
            )
            for twin in some[:MOST_TOLD]
        ]
        yield from told
        yield from _others(told, len(some))


def unknown_statuses(records: Sequence[Record], bucket: Callable[[str], str]) -> Counter[str]:
    """The statuses that mean nothing yet, as written, with the number of dossiers that have them."""
    counts = Counter(read_text(record[STATUS]) for record in records if STATUS in record)
    return Counter({status: n for status, n in counts.items() if not bucket(status)})


def _about_dates(listed: Listed, header: Header, told: Callable[..., Finding]) -> Iterator[Finding]:
    headings = {c.field: c.heading for c in header.columns if c.field}
    rows = listed.taken.rows
    for swap in listed.swaps:
        reals = sum(not isinstance(listed.taken.raw_dates[swap.field][rows.index(row)], str) for row in swap.suspects)
        yield told(
            "XN_010" if swap.open else "XN_011",
            tieu_de=headings[swap.field],
            so_ngay=reals,
            so_chu=swap.texts,
            dao=len(swap.exchanged),
            giu=swap.kept,
            n=len(swap.open),
            dong=_rows(swap.open),
        )
    for field in sorted(DATES & headings.keys()):
        odd = [
            row
            for row, record in zip(rows, listed.records, strict=True)
            if field in record and day_of(record[field]) is None
        ]
        if odd:
            yield told("XN_021", tieu_de=headings[field], n=len(odd), dong=_rows(odd))


def _others(told: Sequence[Finding], n: int) -> Iterator[Finding]:
    if n > len(told):
        yield finding("XN_028", n=n - len(told), ma=told[-1].code)


def _is_other(field: str, spare: str, like: str, personal: bool, heading: str) -> bool:
    return not (field or spare or like or personal) and heading.strip(". ").lower() not in _SERIAL


def _rows(rows: Sequence[int]) -> str:
    """Row numbers as a sentence names them."""
    shown = ", ".join(str(row) for row in rows[:_ROWS])
    return f"{shown}…" if len(rows) > _ROWS else shown


def _names(block: Block) -> dict[str, str]:
    return {i.id: i.name for i in block.indicators}
