"""Where the heading of an exported list stands, and which column means which field of the register.

A heading may stand below titles, take several rows with groups ("Ngày" over "Tiếp nhận"), say one thing in many ways.
What two fields could claim is never decided here: such a column carries its ``options``, and evidence or a person
decides (``toolkit.export_dates``, the command's ``--answer``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from toolkit.figures import read_text
from toolkit.form import Block
from toolkit.text import key, similar, strip_accents
from toolkit.vocabulary import Vocabulary

Rows = Sequence[Sequence[object]]

CODE = "ma_ho_so"
SEARCHED = 60  # rows from the top in which the heading may stand
TALLEST = 3  # rows of a heading

_LEAST = 3  # fields that a heading must name
_ALIKE = 0.8  # from here on a heading is worth a question
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_SPOILT = re.compile("Ã[\x80-\xbfƒ¡-ÿ]|á[º»][\x80-\xff‚-›]|Æ°|Ä‘")
_LONGEST = 80  # characters of a heading that are shown


@dataclass(frozen=True, slots=True)
class Words:
    """What headings may say."""

    names: Mapping[str, tuple[str, ...]]  # field id -> its headings, the surest first; fields without a place too
    places: frozenset[str]  # the fields that the register has a place for
    doubtful: Mapping[str, tuple[str, ...]]  # heading -> the fields that it may mean
    personal: frozenset[str]  # fields that hold personal data


@dataclass(frozen=True, slots=True)
class Column:
    at: int  # from 1
    heading: str  # as printed, groups first
    field: str = ""  # what it is read as; "" when it is not imported
    options: tuple[str, ...] = ()  # a doubtful heading: the fields that it may mean
    like: str = ""  # the field that an unknown heading resembles
    spare: str = ""  # the field that it names too, but that another column names better
    known: str = ""  # the field that it names, but that the register has no place for
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    first: int  # row, from 1
    last: int
    columns: tuple[Column, ...]  # every column with a heading, from the left

    def at(self, field: str) -> int:
        """The column of a field, 0 when there is none."""
        return next((c.at for c in self.columns if c.field == field), 0)


def words_of(vocabulary: Vocabulary, block: Block) -> Words:
    """The headings that a vocabulary knows, and those of the register itself."""
    names: dict[str, dict[str, None]] = {
        i.id: dict.fromkeys(map(key, (i.label, i.name, *i.aliases))) for i in block.indicators
    }
    for listed in (vocabulary.headings, vocabulary.weaker):
        for heading, field in listed.items():
            names.setdefault(field, {})[heading] = None
    doubtful = vocabulary.ambiguous
    return Words(
        {field: tuple(h for h in headings if h not in doubtful) for field, headings in names.items()},
        frozenset(i.id for i in block.indicators),
        doubtful,
        vocabulary.private,
    )


def find_header(rows: Rows, words: Words) -> Header | None:
    """The heading that names most fields, the first of equals; None when no row names three."""
    known = _Known(words)
    best: Header | None = None
    most = 0
    for bottom in range(1, min(len(rows), SEARCHED) + 1):
        header = _header(rows, bottom, known)
        named = sum(bool(c.field or c.options or c.known) for c in header.columns)
        if named > most:
            best, most = header, named
    if best is None or most < _LEAST:
        return None
    columns = (
        replace(c, personal=known.is_personal(c.heading)) if not (c.field or c.options or c.known) else c
        for c in best.columns
    )
    return replace(best, columns=_with_likes(tuple(columns), words))


def answered(header: Header, heading: str, field: str) -> Header:
    """The header with one column read as ``field`` ("": not at all); another column of that field steps back."""
    wanted = key(heading)
    columns = []
    for column in header.columns:
        if key(column.heading) == wanted:
            column = replace(column, field=field, options=(), like="", spare="")
        elif field and column.field == field:
            column = replace(column, field="", spare=field)
        columns.append(column)
    return replace(header, columns=tuple(columns))


def says(header: Header, heading: str) -> bool:
    """Whether a column is headed so."""
    return any(key(c.heading) == key(heading) for c in header.columns)


def is_spoilt(rows: Rows) -> bool:
    """Whether somebody opened UTF-8 as if it were Western European: "MÃ£ há»“ sÆ¡"."""
    texts = [cell for row in rows[:SEARCHED] for cell in row if isinstance(cell, str)]
    return sum(_SPOILT.search(text) is not None for text in texts) >= _LEAST


class _Known:
    """Headings by their keys."""

    def __init__(self, words: Words) -> None:
        self.doubtful = {key(heading): fields for heading, fields in words.doubtful.items()}
        self.words = words
        self._personal = tuple(key(h) for field in words.personal - words.places for h in words.names.get(field, ()))
        self.ranks: dict[str, tuple[str, int]] = {}
        plain: dict[str, set[str]] = {}
        for field, headings in words.names.items():
            for rank, heading in enumerate(headings):
                self.ranks.setdefault(key(heading), (field, rank))
                plain.setdefault(_plain(heading), set()).add(field)
        for heading, fields in words.doubtful.items():
            plain.setdefault(_plain(heading), set()).update(fields)
        self._plain = {text: next(iter(fields)) for text, fields in plain.items() if len(fields) == 1}

    def field(self, heading: str) -> tuple[str, int]:
        """The field that a heading names, and how sure that name is (0 is surest)."""
        found = self.ranks.get(key(heading))
        if found is None and heading.isascii() and (field := self._plain.get(_plain(heading))):
            return field, len(self.ranks)  # a heading that knows no accents at all
        return found or ("", 0)

    def is_personal(self, heading: str) -> bool:
        return any(re.search(rf"\b{re.escape(name)}\b", key(heading)) for name in self._personal)


def _header(rows: Rows, bottom: int, known: _Known) -> Header:
    """The columns as a heading that ends in this row would name them."""
    top = max(1, bottom - TALLEST + 1)
    width = max((len(rows[n - 1]) for n in range(top, bottom + 1)), default=0)
    stacks = {at: stack for at in range(1, width + 1) if (stack := _stack(rows, top, bottom, at))}
    named = {at: found for at, stack in stacks.items() if (found := _named(at, stack, known))}
    first = min((row for found in named.values() for row in found.rows), default=bottom)
    best: dict[str, int] = {}
    for at, found in named.items():
        field = found.column.field
        if field and (field not in best or found.rank < named[best[field]].rank):
            best[field] = at
    columns = []
    for at, stack in stacks.items():
        texts = [text for row, text in stack if row >= first]
        if at in named:
            column = named[at].column
            spare = column.field and best[column.field] != at
            columns.append(replace(column, field="", spare=column.field) if spare else column)
        elif texts:
            columns.append(Column(at, " ".join(texts[-2:])[:_LONGEST]))
    return Header(first, bottom, tuple(columns))


class _Named(NamedTuple):
    column: Column
    rank: int  # how sure the name is, 0 is surest
    rows: frozenset[int]  # the rows that name it


def _named(at: int, stack: Sequence[tuple[int, str]], known: _Known) -> _Named | None:
    """A column by what stands over it; None when that says nothing."""
    for order, parts in _readings(len(stack)):
        text = " ".join(stack[n][1] for n in order)
        rows = frozenset(stack[n][0] for n in parts)
        heading = text[:_LONGEST]
        field, rank = known.field(text)
        if field in known.words.places:
            return _Named(Column(at, heading, field=field), rank, rows)
        if field:
            return _Named(Column(at, heading, known=field, personal=field in known.words.personal), rank, rows)
        if options := known.doubtful.get(key(text)):
            return _Named(Column(at, heading, options=options), rank, rows)
    return None


def _stack(rows: Rows, top: int, bottom: int, at: int) -> list[tuple[int, str]]:
    """(row, text) over a column from the top down: its own cells, and the group that spans it from the left."""
    stack = []
    own = max((row for row in range(top, bottom + 1) if _text(rows, row, at)), default=0)
    for row in range(top, own + 1):
        text = _text(rows, row, at)
        left = at
        while not text and row < own and left > 1:  # a merged group keeps its text in its first column
            left -= 1
            text = _text(rows, row, left)
        if text:
            stack.append((row, text))
    return stack


def _readings(count: int) -> Iterable[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Which of the texts over a column make its name, the fullest first, and the same from the top down:
    "Ngày" over "Tiếp nhận" may say "Ngày tiếp nhận", the reverse too."""
    leaf = count - 1
    if count > 2:
        yield tuple(range(count - 3, count)), tuple(range(count - 3, count))
    for above in range(leaf - 1, -1, -1):
        yield (above, leaf), (above, leaf)
        yield (leaf, above), (above, leaf)
    yield (leaf,), (leaf,)


def _with_likes(columns: tuple[Column, ...], words: Words) -> tuple[Column, ...]:
    """Unknown headings with the field that each resembles, when no column has that field."""
    taken = {c.field for c in columns if c.field}
    free = {field: headings for field, headings in words.names.items() if field not in taken}
    out = []
    for column in columns:
        if not (column.field or column.options or column.personal or column.spare or column.known):
            likes = [
                (similar(_plain(column.heading), _plain(h)), field)
                for field, headings in free.items()
                for h in headings
            ]
            best = max(likes, default=(0.0, ""))
            if best[0] >= _ALIKE:
                column = replace(column, like=best[1])
        out.append(column)
    return tuple(out)


def _text(rows: Rows, row: int, at: int) -> str:
    """A cell of a heading; numbers stand there too, dates never."""
    if not (1 <= row <= len(rows) and 1 <= at <= len(rows[row - 1])):
        return ""
    value = rows[row - 1][at - 1]
    return read_text(value).strip(" :*") if isinstance(value, str | float | int) else ""


def _plain(text: str) -> str:
    """Letters and digits without accents: "MaHoSo" and "Mã hồ sơ" -> "mahoso"."""
    return _NOT_LETTERS.sub("", strip_accents(text).lower())
