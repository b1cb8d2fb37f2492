"""The columns of a dossier register, made comparable: tidy words, days as ordinals, groups of dossiers alike.

What cells mean is decided by the row-wise functions (``dossiers.register_of``), asked once for each value that occurs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from itertools import count
from math import prod
from types import NoneType
from typing import Any, NamedTuple, get_args

from toolkit.columns import Column, Columns, firsts, places_of
from toolkit.dossiers import Kind, Register, kinds, register_of
from toolkit.figures import FIRST_YEAR, LAST_YEAR, read_text
from toolkit.records import Period, Table
from toolkit.text import all_tidy, key
from toolkit.vocabulary import BUCKETS, Vocabulary
from toolkit.workdays import Calendar

KINDS: tuple[Kind, ...] = get_args(Kind)

NO_DAY = 0
"""A blank or unreadable date among ordinals."""

FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR, 12, 31).toordinal()
_DAYS = frozenset({date, datetime, NoneType})
_WORDS = frozenset({str, NoneType})
_WIDEST = 64  # characters of the codes that are looked at all together
_JUDGED = ("linh_vuc", "hinh_thuc", "ngay_tiep_nhan", "ngay_hen_tra", "ngay_ket_qua", "ngay_tra", "trang_thai")


class Profiles(NamedTuple):
    """Dossiers that no verdict and no cell of form II.06a tells apart, one of each kind standing for all."""

    register: Register  # the representatives
    of: Any  # array: which of them each dossier is like
    many: Any  # array: dossiers like each of them


class Ready:
    """A register with what is made of it on demand, once."""

    def __init__(self, columns: Columns, vocabulary: Vocabulary) -> None:
        self.columns, self.vocabulary = columns, vocabulary
        self.xp = columns.rows.__array_namespace__()
        self.size = len(columns.rows)
        self._words: dict[str, Column] = {}
        self.code, self.procedure, self.field = map(self.words, ("ma_ho_so", "ten_tthc", "linh_vuc"))
        self.unit, self.officer, self.applicant = map(self.words, ("don_vi", "can_bo", "chu_ho_so"))
        self.status_text = self.words("trang_thai")
        self.channel = self._meant(self.words("hinh_thuc"), vocabulary.channels)
        self.level = self._meant(self.words("muc_do"), vocabulary.levels)
        self.received, _ = self._days("ngay_tiep_nhan")
        self.due, bad_due = self._days("ngay_hen_tra")
        self.done, bad_done = self._days("ngay_ket_qua")
        self.returned, bad_returned = self._days("ngay_tra")
        self.unreadable = bad_due | bad_done | bad_returned
        self.end = self.xp.where(self.done > 0, self.done, self.returned)
        self.status = self._statuses()

    @cached_property
    def field_key(self) -> Column:
        return self.keyed(self.field)

    @cached_property
    def procedure_key(self) -> Column:
        return self.keyed(self.procedure)

    @cached_property
    def characters(self) -> Any:
        """The characters of all distinct codes, filled up with 0: a line for each place in a code. None when there are
        none, others than ASCII, or long codes."""
        texts, longest = self.code.values, max({*map(len, self.code.values)}, default=0)
        joined = "".join(texts)
        if not joined.isascii() or "\0" in joined or not 0 < longest <= _WIDEST:
            return None
        if len(joined) < longest * len(texts):
            joined = "".join([text.ljust(longest, "\0") for text in texts])
        return self.xp.frombuffer(joined.encode(), dtype=self.xp.uint8).reshape(len(texts), longest).T.copy()

    @cached_property
    def outline(self) -> Register:
        """All dossiers with nothing but their codes and rows: enough to say where something stands."""
        rows, codes, nothing = tuple(self.columns.rows.tolist()), tuple(self.code.cells()), ((),) * 13
        return Register(self.columns.sheet, self.columns.letters, rows, (), codes, *nothing, frozenset(), ())

    @cached_property
    def register(self) -> Register:
        """All dossiers, without the minutes that they took."""
        return self.some(slice(None))

    def some(self, at: Any) -> Register:
        """Some of the dossiers, without the minutes that they took; ``at``: their positions."""
        columns, rows = self.columns, tuple(self.columns.rows[at].tolist())
        n = len(rows)
        ordinals = (self.received, self.due, self.done, self.returned)
        received, due, done, returned = (self._dates(days[at]) for days in ordinals)

        def cells(column: Column) -> tuple[Any, ...]:
            return tuple(column._replace(codes=column.codes[at]).cells())

        return Register(
            sheet=columns.sheet,
            letters=columns.letters,
            rows=rows,
            source=(0,) * n,
            code=cells(self.code),
            procedure=cells(self.procedure),
            field=cells(self.field),
            channel=cells(self.channel),
            level=cells(self.level),
            received=received,
            due=due,
            done=done,
            returned=returned,
            minutes=(None,) * n,
            status=cells(self.status),
            status_text=cells(self.status_text),
            unit=cells(self.unit),
            officer=cells(self.officer),
            unreadable=frozenset(self.xp.flatnonzero(self.unreadable[at]).tolist()),
            applicant=cells(self.applicant),
        )

    def part(self, at: Any) -> Register:
        """Some of the dossiers, exactly as they are read cell by cell; ``at``: their positions."""
        return register_of(self.columns.table(at=at), self.vocabulary)[0]

    def keyed(self, words: Column) -> Column:
        """Words that share a key as one."""
        return self.renamed(words, [key(text) for text in words.values])

    def profiles(self, cutoff: date, period: Period | None) -> Profiles:
        xp = self.xp
        last = cutoff.toordinal()
        start, end = (period.start.toordinal(), period.end.toordinal()) if period else (last, last)
        order = xp.sign(self.end - self.due) + 1
        apart = (
            (self.field.codes, len(self.field.values)),
            (self.status.codes, len(self.status.values)),
            (self.channel.codes, len(self.channel.values)),
            (self.unreadable, 2),
            (order, 3),
            self._classes(self.received, (1, start, end + 1, last + 1)),
            self._classes(self.due, (1, end, last)),
            self._classes(self.end, (1, start, end + 1, last + 1)),
        )
        whole = xp.zeros(self.size, dtype=xp.int64)
        for codes, many in apart:
            whole = whole * many + codes
        met, of = places_of(whole, prod(many for _, many in apart))
        register, _ = register_of(self.columns.table(_JUDGED, firsts(of, len(met))), self.vocabulary)
        return Profiles(register, of, xp.bincount(of))

    def kinds(self, profiles: Profiles, cutoff: date) -> Any:
        """Position in ``KINDS`` of the verdict on each dossier."""
        judged = [KINDS.index(kind) for kind in kinds(profiles.register, cutoff)]
        return self.xp.asarray(judged, dtype=self.xp.int64)[profiles.of]

    def terms(self, calendar: Calendar) -> Any:
        """Working days from receipt to the due date, each; -1: not known."""
        xp, base, size = self.xp, calendar.first.toordinal() - 1, len(calendar.counts)
        received, due = self.received - base, self.due - base
        known = (received > 0) & (due >= received) & (due < size)
        counts = xp.asarray(calendar.counts, dtype=xp.int64)
        lasting = counts.take(due, mode="clip") - counts.take(received, mode="clip")
        return xp.where(known, lasting, -1)

    def words(self, field: str) -> Column:
        """A column as tidy texts, "" where there is nothing."""
        if field not in self._words:
            self._words[field] = self._tidied(field)
        return self._words[field]

    def _tidied(self, field: str) -> Column:
        column = self.columns.columns.get(field)
        if column is None:
            return Column(self.xp.zeros(self.size, dtype=self.xp.int64), ("",))
        types = {*map(type, column.values)}
        if types <= _WORDS and all_tidy(column.values):
            values = [value or "" for value in column.values] if NoneType in types else column.values
            if NoneType not in types or values.count("") == 1:
                return Column(column.codes, values)
        return self.renamed(column, [read_text(value) for value in column.values])

    def renamed(self, column: Column, texts: Sequence[str]) -> Column:
        """A column with other texts for its values; the same one for several makes them one."""
        if len({*texts}) == len(texts):
            return Column(column.codes, texts)
        known = dict(zip(dict.fromkeys(texts), count()))
        places = self.xp.asarray([*map(known.__getitem__, texts)], dtype=self.xp.int64)
        return Column(places[column.codes], [*known])

    def _meant(self, words: Column, meanings: Mapping[str, str]) -> Column:
        return self.renamed(words, [meanings.get(key(text)) or "" for text in words.values])

    def _statuses(self) -> Column:
        """``vocabulary.Bucket`` of each dossier, as ``register_of`` has it."""
        xp, words = self.xp, self.status_text
        buckets = [self.vocabulary.statuses.get(key(text)) or "chua_phan_loai" for text in words.values]
        codes = xp.asarray([BUCKETS.index(bucket) for bucket in buckets], dtype=xp.int64)[words.codes]
        if "" in words.values:
            dated = bool(self.columns.columns.keys() & {"ngay_ket_qua", "ngay_tra"})
            open_ = BUCKETS.index("dang" if dated else "chua_phan_loai")
            blank = words.codes == words.values.index("")
            codes = xp.where(blank, xp.where(self.end > 0, BUCKETS.index("xong"), open_), codes)
        return Column(codes, BUCKETS)

    def _days(self, field: str) -> tuple[Any, Any]:
        """Ordinals of a column of dates, and which of its cells are no date that can be read."""
        xp, column = self.xp, self.columns.columns.get(field)
        if column is None:
            return xp.zeros(self.size, dtype=xp.int64), xp.zeros(self.size, dtype=bool)
        if column.days is not None:
            return column.days[column.codes], xp.zeros(self.size, dtype=bool)
        if {*map(type, column.values)} <= _DAYS:
            days = [value.toordinal() if value else NO_DAY for value in column.values]
            if all(FIRST_DAY <= day <= LAST_DAY or day == NO_DAY for day in days):
                return xp.asarray(days, dtype=xp.int64)[column.codes], xp.zeros(self.size, dtype=bool)
        asked = Table("", "", {}, tuple(range(len(column.values))), {"ngay_hen_tra": tuple(column.values)})
        read, _ = register_of(asked, self.vocabulary)
        days = [day.toordinal() if day else NO_DAY for day in read.due]
        bad = xp.zeros(len(days), dtype=bool)
        bad[list(read.unreadable)] = True
        return xp.asarray(days, dtype=xp.int64)[column.codes], bad[column.codes]

    def _dates(self, ordinals: Any) -> tuple[date | None, ...]:
        days = ordinals.tolist()
        known = {day: date.fromordinal(day) if day else None for day in {*days}}
        return tuple(map(known.__getitem__, days))

    def _classes(self, days: Any, bounds: Sequence[int]) -> tuple[Any, int]:
        limits = sorted({*bounds})
        return self.xp.searchsorted(self.xp.asarray(limits), days, side="right"), len(limits) + 1
