"""Values by columns <-> JSON, for ``transport``: a coder for each type that a hint of ``records`` may name.

Making Python objects one by one is what costs: records travel as columns, and repeated values once.
"""

from __future__ import annotations

from collections import abc
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from itertools import chain, count, islice, repeat
from types import NoneType, UnionType
from typing import Any, Literal, Protocol, Union, get_args, get_origin, get_type_hints

from toolkit.records import Key

Json = Any

_WHOLE = 1 << 63  # a number beyond it goes as hexadecimal, which is read in linear time
_DIGITS = 400  # of a Decimal before or after its point
_MANY = 64  # records of one report, at least, that may be alike in others
_KINDS = 16  # forms, filled in whatever order, of which they are kept
_SIGNS = [chr(n) for n in range(0x23, 0x180) if n != 0x5C and not 0x7F <= n <= 0xA0]
"""Each stands for a place among the distinct values of a column: signs that JSON writes as they are, read at once."""


class Misshapen(ValueError):
    """Bytes, or a value to be made into bytes, that are not exactly of our shape."""


class Coder(Protocol):
    """A column of values of one type <-> JSON. ``unpack`` gives ``n`` values, or raises."""

    shape: str
    nothing: Json  # no values packed

    def pack(self, values: list[Any]) -> Json: ...

    def unpack(self, packed: Json, n: int) -> list[Any]: ...


@cache
def coder_of(hint: Any) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if hint is object:
        return _Scalars(_ANY)
    if hint in _ANY:
        return _Scalars({hint})
    if origin is Literal:
        return _Scalars({str}, args)
    if origin in (Union, UnionType):
        if set(args) <= set(_ANY):
            return _Scalars(args)
        (item,) = (arg for arg in args if arg is not NoneType)
        return _Maybe(coder_of(item))
    if origin is abc.Mapping:
        return _Mappings(coder_of(args[0]), coder_of(args[1]))
    if origin is abc.Sequence:
        return _Many(coder_of(args[0]), tuple, list)
    if origin is frozenset:
        return _Many(coder_of(args[0]), frozenset)
    if origin is tuple and args[-1] is Ellipsis:
        return _Many(coder_of(args[0]), tuple)
    if origin is tuple:
        return _Records(tuple, {str(n): coder_of(arg) for n, arg in enumerate(args)})
    hints = get_type_hints(hint)
    return (_Alike if hint is Key else _Records)(hint, {field: coder_of(hints[field]) for field in hint._fields})


@cache
def shape_name(coder: Coder) -> str:
    """Tells records of another shape, older or newer, apart."""
    return sha256(coder.shape.encode()).hexdigest()[:16]


class _Scalars:
    """Numbers, texts, dates, truth values, None; what JSON does not know stands as [mark, text]. A column with few
    distinct values is an object: the values, and the place of each in them, as a sign or as a number."""

    def __init__(self, types: Iterable[type], choices: Iterable[str] = ()) -> None:
        self.nothing: Json = []
        self._types, self._choices = frozenset(types), frozenset(choices)
        self.shape = f"[{' '.join(sorted([t.__name__ for t in self._types] + list(self._choices)))}]"

    def pack(self, values: list[Any]) -> Json:
        types = set(map(type, values))
        if not types <= self._types:
            raise Misshapen(f"{types - self._types} among {self.shape}")
        marked = types & {date, Decimal} or (int in types and not _small(values))
        items = [_marked(value) for value in values] if marked else values
        if len(items) > 8:
            distinct = dict.fromkeys(items)
            if 2 * len(distinct) <= len(items):
                few = len(distinct) <= len(_SIGNS)
                place: dict[Any, Any] = dict(zip(distinct, _SIGNS if few else count(), strict=False))
                at = list(map(place.__getitem__, items))
                return {"of": list(distinct), "at": "".join(at) if few else at}
        return items

    def unpack(self, packed: Json, n: int) -> list[Any]:
        if type(packed) is dict and packed.keys() == {"of", "at"}:
            distinct, at = self._values(packed["of"]), packed["at"]
            if type(at) is str:
                values = list(map(dict(zip(_SIGNS, distinct, strict=False)).__getitem__, at))
            else:
                _require(type(at) is list and set(map(type, at)) <= {int} and (not at or min(at) >= 0))
                _require(not at or max(at) < len(distinct))
                values = list(map(distinct.__getitem__, at))
        else:
            values = self._values(packed)
        if len(values) != n:
            raise Misshapen("another length")
        return values

    def _values(self, packed: Json) -> list[Any]:
        if type(packed) is not list:
            raise Misshapen("no column")
        values: list[Any] = packed
        types = set(map(type, values))
        if list in types:
            values = [_unmarked(*value) if type(value) is list else value for value in values]
            types = set(map(type, values))
        if not types <= self._types or (self._choices and not self._choices.issuperset(values)):
            raise Misshapen(f"not of {self.shape}")
        return values


class _Records:
    """Records of one class, a column a field."""

    def __init__(self, kind: type[tuple[Any, ...]], coders: Mapping[str, Coder]) -> None:
        self._kind, self.fields = kind, coders
        self.shape = f"{kind.__name__}({', '.join(f'{name}: {coder.shape}' for name, coder in coders.items())})"
        self.nothing = [coder.nothing for coder in coders.values()]

    def pack(self, values: list[Any]) -> Json:
        if not set(map(type, values)) <= {self._kind} or not set(map(len, values)) <= {len(self.fields)}:
            raise Misshapen(f"not every one is a {self.shape}")
        columns = zip(*values, strict=True) if values else repeat((), len(self.fields))
        return [coder.pack(list(column)) for coder, column in zip(self.fields.values(), columns, strict=True)]

    def unpack(self, packed: Json, n: int) -> list[Any]:
        if not n:
            return _none(packed, self.nothing)
        _require(type(packed) is list and len(packed) == len(self.fields))
        columns = [coder.unpack(column, n) for coder, column in zip(self.fields.values(), packed, strict=True)]
        return list(map(tuple.__new__, repeat(self._kind), zip(*columns, strict=True)))


class _Alike(_Records):
    """Records that are the same in most reports on a form: made once for all of them, which then share them."""

    def __init__(self, kind: type[tuple[Any, ...]], coders: Mapping[str, Coder]) -> None:
        super().__init__(kind, coders)
        self._met: dict[Any, list[Any]] = {}

    def unpack(self, packed: Json, n: int) -> list[Any]:
        columns = _alike(packed) if n >= _MANY else None
        if columns is None:
            return super().unpack(packed, n)
        found = self._met.get(columns)
        if found is None or len(found) != n:
            found = super().unpack(packed, n)
            if len(self._met) >= _KINDS:
                self._met.clear()
            self._met[columns] = found
        return found


class _Maybe:
    """Values of a type that is no scalar, or None: which of them are there, then those."""

    def __init__(self, item: Coder) -> None:
        self._item, self.shape, self.nothing = item, f"{item.shape}?", [[], item.nothing]

    def pack(self, values: list[Any]) -> Json:
        there = [value for value in values if value is not None]
        return [_LENGTHS.pack([int(value is not None) for value in values]), self._item.pack(there)]

    def unpack(self, packed: Json, n: int) -> list[Any]:
        if not n:
            return _none(packed, self.nothing)
        _require(type(packed) is list and len(packed) == 2)
        there = _LENGTHS.unpack(packed[0], n)
        _require(set(there) <= {0, 1})
        items = iter(self._item.unpack(packed[1], sum(there)))
        return [next(items) if one else None for one in there]


class _Many:
    """Tuples, lists or sets: how long each is, then all their items in one column."""

    def __init__(self, item: Coder, *kinds: type[Any]) -> None:
        self._item, self._kinds = item, {kind.__name__: kind for kind in kinds}
        self._names = _Scalars({str}, self._kinds)
        self.shape = f"{'|'.join(self._kinds)}<{item.shape}>"
        self.nothing = [[], [], item.nothing]

    def pack(self, values: list[Any]) -> Json:
        if not set(map(type, values)) <= set(self._kinds.values()):
            raise Misshapen(f"not every one is a {self.shape}")
        names = [type(value).__name__ for value in values]
        items = chain.from_iterable(sorted(value) if isinstance(value, frozenset) else value for value in values)
        return [self._names.pack(names), _LENGTHS.pack(list(map(len, values))), self._item.pack(list(items))]

    def unpack(self, packed: Json, n: int) -> list[Any]:
        if not n:
            return _none(packed, self.nothing)
        _require(type(packed) is list and len(packed) == 3)
        kinds = map(self._kinds.__getitem__, self._names.unpack(packed[0], n))
        lengths = _lengths(packed[1], n)
        items = iter(self._item.unpack(packed[2], sum(lengths)))
        values = [kind(islice(items, length)) for kind, length in zip(kinds, lengths, strict=True)]
        _require(list(map(len, values)) == lengths)
        return values


class _Mappings:
    """Dicts: how long each is, their keys in one column, their values in another. Keys that stand in the values too
    (``key`` of a record) are not written twice."""

    def __init__(self, key: Coder, value: Coder) -> None:
        self._key, self._value = key, value
        own = value.fields if isinstance(value, _Records) else {}
        self._at = list(own).index("key") if "key" in own and own["key"].shape == key.shape else None
        self.shape = f"{{{key.shape}: {value.shape}}}"
        self.nothing = [[], key.nothing if self._at is None else None, value.nothing]

    def pack(self, values: list[Any]) -> Json:
        if not all(isinstance(value, abc.Mapping) for value in values):
            raise Misshapen(f"not every one is a {self.shape}")
        keys = [key for value in values for key in value]
        items = [item for value in values for item in value.values()]
        lengths = _LENGTHS.pack(list(map(len, values)))
        packed = self._value.pack(items)
        known = self._at is not None and [item[self._at] for item in items] == keys
        return [lengths, None if known else self._key.pack(keys), packed]

    def unpack(self, packed: Json, n: int) -> list[Any]:
        if not n:
            return _none(packed, self.nothing)
        _require(type(packed) is list and len(packed) == 3)
        lengths = _lengths(packed[0], n)
        items = self._value.unpack(packed[2], sum(lengths))
        if packed[1] is None and self._at is not None:
            keys = [item[self._at] for item in items]
        else:
            keys = self._key.unpack(packed[1], sum(lengths))
        pairs = zip(keys, items, strict=True)
        values = [dict(islice(pairs, length)) for length in lengths]
        _require(list(map(len, values)) == lengths)  # no key twice
        return values


_LENGTHS = _Scalars({int})
_ANY = (str, int, bool, date, Decimal, NoneType)


def _lengths(packed: Json, n: int) -> list[int]:
    lengths = _LENGTHS.unpack(packed, n)
    _require(not lengths or min(lengths) >= 0)
    return lengths


def _small(values: Iterable[Any]) -> bool:
    return all(-_WHOLE < value < _WHOLE for value in values if type(value) is int)


def _marked(value: Any) -> Json:
    """Hashable, so that equal ones are found; a Decimal by its text, because 0.90 is not 0.9 here."""
    if type(value) is date:
        return ("d", value.toordinal())
    if type(value) is Decimal:
        _require(value.is_finite() and abs(value.adjusted()) <= _DIGITS)
        return ("n", str(value))
    return ("i", hex(value)) if type(value) is int and not -_WHOLE < value < _WHOLE else value


def _unmarked(mark: Json, what: Json) -> Any:
    if mark == "d" and type(what) is int:
        return date.fromordinal(what)
    if mark == "n" and type(what) is str:
        number = Decimal(what)
        _require(number.is_finite() and abs(number.adjusted()) <= _DIGITS)
        return number
    _require(mark == "i" and type(what) is str)
    return int(what, 16)


def _alike(packed: Json) -> Any:
    """Columns of texts by value, hashable: what is equal to them is the same. None: they are others."""
    columns: list[Any] = []
    for column in packed if type(packed) is list else ():
        if type(column) is dict and column.keys() == {"of", "at"} and type(column["at"]) is str:
            columns.append(column["at"])
            column = column["of"]
        if type(column) is not list or not {str}.issuperset(map(type, column)):
            return None
        columns.append(tuple(column))
    return tuple(columns)


def _none(packed: Json, nothing: Json) -> list[Any]:
    """No values, however many columns they would have: most records of a digest have none of most kinds."""
    if packed != nothing:
        raise Misshapen("values of nothing")
    return []


def _require(holds: bool) -> None:
    if not holds:
        raise Misshapen("not of our shape")
