"""What a merge keeps of a dossier register, and what there is to say about it: row by row, and for whole columns.

Both ways give the same. The quick one never decides what a cell means: it asks the row-wise functions once for each
value that occurs, once for all dossiers that are alike, and for every dossier that a test of whole columns suspects.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

from toolkit import form_differences, registers
from toolkit.columns import Column, firsts, places_of
from toolkit.compute import ledger_of, settings_of
from toolkit.dossiers import Kind, Register, register_of
from toolkit.figures import FIRST_YEAR, LAST_YEAR, is_blank, read_text
from toolkit.form import Block, Form, Indicator
from toolkit.form_totals import GRID, INDICATORS, NO_CHANNEL, RowNames, totals
from toolkit.odd_groups import LATE
from toolkit.privacy import shown_code, shown_unit, shown_word
from toolkit.ready_columns import KINDS, Profiles, Ready
from toolkit.records import TOTAL_ROW, Dossiers, Filing, Finding, Period
from toolkit.text import key
from toolkit.wording import MAY_BE_PERSONAL
from toolkit.workdays import Calendar
from toolkit.workdays_columns import UNKNOWN, late_many

_WORD_FIELDS = ("trang_thai", "hinh_thuc", "muc_do")
_ARE_LATE = frozenset(kind for kind, late in LATE.items() if late)
_SEPARATORS = b"./_-"
_LENGTHEN = ("/", "İ")  # keys of texts with these may be longer or shorter than the texts


class Held(NamedTuple):
    """``records.Dossiers`` before its columns get the form in which they are kept: days are ordinals, ``NO_DAY`` for
    none; days late ``workdays_columns.UNKNOWN`` where not known; texts ``Column``s."""

    sheet: str
    rows: int
    kinds: Mapping[str, int]
    fields: Mapping[str, tuple[int, int]]
    columns: Mapping[str, Any]
    codes: Column


def dossiers_of(
    register: Register,
    kinds: Sequence[Kind],
    calendar: Calendar,
    cutoff: date,
    block: Block,
    rows: Sequence[str],
    every: bool,
) -> Dossiers:
    """Row by row. ``kinds`` as of ``cutoff``; ``block`` and ``rows``: form II.06a and the rows that the filing has;
    ``every``: all dossiers, not only the late ones."""
    names = RowNames(block, rows)
    judged: Counter[str] = Counter()
    late: Counter[str] = Counter()
    for field, kind in zip(register.field, kinds, strict=True):
        name = names[field]
        if kind in LATE:
            judged[name] += 1
            late[name] += LATE[kind]
    codes = tuple(shown_code(code) or None for code in register.code)
    ends = tuple(map(register.end, range(len(register))))
    applicants = {key(name) for name in register.applicant if name}
    kept = range(len(register)) if every else [i for i, kind in enumerate(kinds) if kind in _ARE_LATE]

    def days_late(i: int) -> int | None:
        due, at = register.due[i], ends[i] if kinds[i] == "qua_han" else cutoff
        return calendar.days_late(due, at) if kinds[i] in _ARE_LATE and due and at else None

    columns: dict[str, Sequence[object]] = {
        "row": register.rows,
        "ma_ho_so": codes,
        "linh_vuc": _shown_cells(register.field, applicants),
        "ten_tthc": _shown_cells(register.procedure, applicants),
        "ngay_tiep_nhan": register.received,
        "ngay_hen_tra": register.due,
        "ngay_ket_qua": ends,
        "trang_thai": _shown_cells(register.status_text, applicants),
        "don_vi": [shown_unit(text, applicants) for text in register.unit],
        "kind": kinds,
    }
    cells = {name: tuple(column[i] for i in kept) for name, column in columns.items()}
    cells["days_late"] = tuple(map(days_late, kept))
    return Dossiers(
        sheet=register.sheet,
        rows=len(register),
        kinds=dict(sorted(Counter(kinds).items())),
        fields={name: (judged[name], late[name]) for name in sorted(judged)},
        columns=cells,
        codes=codes,
    )


def held(
    ready: Ready, kinds: Any, calendar: Calendar, cutoff: date, block: Block, rows: Sequence[str], every: bool
) -> Held:
    """The same for whole columns; ``kinds``: positions in ``KINDS``."""
    xp = ready.xp
    is_late = xp.asarray([kind in _ARE_LATE for kind in KINDS])[kinds]
    kept = xp.arange(ready.size) if every else xp.flatnonzero(is_late)
    codes = Column(ready.code.codes, _shown_codes(ready))
    days = late_many(calendar, ready.due, xp.where(kinds == KINDS.index("qua_han"), ready.end, cutoff.toordinal()))
    columns = {
        "row": ready.columns.rows,
        "ma_ho_so": codes,
        "ngay_tiep_nhan": ready.received,
        "ngay_hen_tra": ready.due,
        "ngay_ket_qua": ready.end,
        "kind": Column(kinds, KINDS),
        "days_late": xp.where(is_late, days, UNKNOWN),
        **_shown_words(ready),
    }
    return Held(
        sheet=ready.columns.sheet,
        rows=ready.size,
        kinds={kind: n for kind, n in sorted(_counted(ready, kinds, KINDS).items()) if n},
        fields=_by_row(ready, kinds, RowNames(block, rows)),
        columns={
            name: c._replace(codes=c.codes[kept]) if isinstance(c, Column) else c[kept] for name, c in columns.items()
        },
        codes=codes,
    )


def faults(form: Form, filing: Filing, ready: Ready) -> tuple[Finding, ...]:
    """What ``registers.check`` says about this register. Columns that hold nothing odd are not asked."""
    columns = ready.columns
    block = form.block(columns.block)
    doubted = {field for field in block.series or () if field in columns.columns}
    doubted |= {field.id for field in block.indicators if field.id in columns.columns and _doubtful(ready, field)}
    if not doubted:
        return ()
    table = columns.table(doubted)
    return registers.check(form, filing._replace(tables={columns.block: table}))


def strange_words(ready: Ready) -> tuple[Finding, ...]:
    """What ``register_of`` says about words that have no meaning."""
    words = (ready.vocabulary.statuses, ready.vocabulary.channels, ready.vocabulary.levels)
    for field, known in zip(_WORD_FIELDS, words, strict=True):
        column = ready.columns.columns.get(field)
        texts = [""] if column is None else [read_text(raw) for raw in column.values]
        if any(text and key(text) not in known for text in texts) or (field == "trang_thai" and "" in texts):
            return register_of(ready.columns.table(_WORD_FIELDS), ready.vocabulary)[1]
    return ()


def confronted(form: Form, filing: Filing, ready: Ready, profiles: Profiles) -> tuple[Finding, ...]:
    """``form_differences.confront``, asked only where form and register may differ."""
    if filing.period is None or _agree(form, filing, ready, profiles, filing.period):
        return ()
    return form_differences.confront(form, filing, ready.register)


def _agree(form: Form, filing: Filing, ready: Ready, profiles: Profiles, period: Period) -> bool:
    """Does every dossier have its place in the form, and every cell hold what the register gives?"""
    rows = filing.rows.get(GRID, ())
    rut, many = settings_of(form, filing.settings)["rut"], profiles.many.tolist()
    counted = totals(form.block(GRID), profiles.register, period, rut, rows, many=many)
    if counted.unplaced or not {*counted.rows} <= {*rows} or (TOTAL_ROW, NO_CHANNEL) in counted.counts:
        return False
    book = ledger_of(form, filing)
    for at, typed in book.values.items():
        if typed is not None and at.block == GRID and at.indicator in INDICATORS:
            own = counted.dossiers(at.row, at.indicator)
            if typed > own or (typed < own and at not in book.open):
                return False
    return True


def _doubtful(ready: Ready, field: Indicator) -> bool:
    if field.required and "" in ready.words(field.id).values:
        return True
    _, values, days = ready.columns.columns[field.id]
    if field.kind == "date":
        return field.within or (days is None and not all(map(_is_day, values)))
    listed = {key(choice) for choice in field.choices}
    return field.kind == "choice" and any(not is_blank(raw) and key(read_text(raw)) not in listed for raw in values)


def _is_day(raw: object) -> bool:
    return raw is None or (isinstance(raw, date) and FIRST_YEAR <= raw.year <= LAST_YEAR)


def _counted(ready: Ready, codes: Any, values: Sequence[str]) -> dict[str, int]:
    return dict(zip(values, ready.xp.bincount(codes, minlength=len(values)).tolist(), strict=True))


def _by_row(ready: Ready, kinds: Any, names: RowNames) -> dict[str, tuple[int, int]]:
    """Row of the form -> dossiers judged for time, late ones."""
    xp, n = ready.xp, len(KINDS)
    met, of = places_of(ready.field.codes, len(ready.field.values))
    in_order = met[xp.argsort(firsts(of, len(met)))].tolist()
    rows = {field: names[ready.field.values[field]] for field in in_order}
    many = xp.bincount(ready.field.codes * n + kinds, minlength=n * len(ready.field.values)).tolist()
    out: dict[str, tuple[int, int]] = {}
    for field, name in rows.items():
        for kind, count in zip(KINDS, many[field * n : field * n + n], strict=True):
            if count and kind in LATE:
                judged, late = out.get(name, (0, 0))
                out[name] = judged + count, late + count * LATE[kind]
    return dict(sorted(out.items()))


def _shown_codes(ready: Ready) -> list[str | None]:
    """Distinct codes as they may be shown. Most registers have codes of one pattern, which is looked at as a whole."""
    texts, table = ready.code.values, ready.characters
    if table is None:
        return [shown_code(text) or None for text in texts]
    digit, letter = table - 48 <= 9, (table & 0xDF) - 65 <= 25  # of bytes: below 0 they begin again at 255
    other = table == 0
    for separator in _SEPARATORS:
        other |= table == separator
    length = (table != 0).sum(axis=0)
    sure = (digit | letter | other).all(axis=0) & (digit | letter)[0] & (length >= 3) & (length <= 40)
    sure &= digit.any(axis=0) & letter.any(axis=0)  # with a letter it is no number of a person
    if sure.all():
        return [*texts]
    return [text if fits else shown_code(text) or None for text, fits in zip(texts, sure.tolist(), strict=True)]


def _shown_words(ready: Ready) -> dict[str, Column]:
    """The columns of words as far as they may be shown."""
    applicants = [text for text in ready.applicant.values if text]
    columns = {"linh_vuc": ready.field, "ten_tthc": ready.procedure, "trang_thai": ready.status_text}
    named = _named(chain(ready.unit.values, *(column.values for column in columns.values())), applicants)
    out = {"don_vi": ready.unit._replace(values=[shown_unit(text, named) for text in ready.unit.values])}
    for name, column in columns.items():
        many = _counted(ready, column.codes, column.values)
        out[name] = column._replace(values=[_shown(text, many[text], named) for text in column.values])
    return out


def _shown_cells(texts: Sequence[str], applicants: Collection[str]) -> list[str]:
    shown = {text: _shown(text, n, applicants) for text, n in Counter(texts).items()}
    return [*map(shown.__getitem__, texts)]


def _shown(text: str, times: int, applicants: Collection[str]) -> str:
    """``applicants``: keys of names."""
    if not text:
        return ""
    return shown_word(text, times) if shown_unit(text, applicants) else MAY_BE_PERSONAL


def _named(words: Iterable[str], applicants: Sequence[str]) -> set[str]:
    """Keys of those words that are the name of an applicant: only names of the same shape are made comparable."""
    keys = {key(word) for word in words if word}
    lengths, shapes, joined = {*map(len, keys)}, {*map(_shape, keys)}, "\n".join(applicants)
    like = [name for name in applicants if len(name) in lengths and _shape(name) in shapes]
    for sign in _LENGTHEN:
        if sign in joined:
            like += [name for name in applicants if sign in name]
    return keys & {*map(key, like)}


def _shape(text: str) -> tuple[int, int, int]:
    """What a key leaves as it is, but for ``_LENGTHEN``."""
    return len(text), text.find(" "), text.rfind(" ")
