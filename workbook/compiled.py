"""What was read from a data file of the product (a form, a list of days off), kept ready beside Python's byte code.

Reading and judging the form takes a tenth of a click, and its answer never changes. The copy is as good as byte code
and treated likewise: it stands in ``__pycache__`` (or below ``sys.pycache_prefix``), is not written where Python is
told to write no byte code, and is made anew without a word when it is missing, damaged, of another Python, of another
text, or of other modules of ``toolkit`` than are installed now. The text itself is compared, not a date.
"""

from __future__ import annotations

import marshal
import os
import sys
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, TypeVar

import toolkit
from workbook.files import Refused, write

T = TypeVar("T")

_SIGN = b"tthc ready\n"
_MAKERS = Path(toolkit.__file__).parent
_MOST = 10_000_000  # bytes of a copy; the form has 80.000
_DAY = -1  # stands where the number of a record stands
_NOTHING_IN_IT = frozenset({str, int, float, bool, type(None), bytes, frozenset})


def ready(path: Path, text: str, records: Sequence[type[Any]], make: Callable[[], T]) -> T:
    """What ``make`` gives for the ``text`` of the file ``path``: from the copy, else made and kept.

    ``records``: the named tuples it is made of, besides tuples, dictionaries, frozen sets, days, texts and numbers.
    Raises what ``make`` raises, of which nothing is kept, and KeyError for a record that is not listed.
    """
    copy = copy_of(path)
    known: list[object] = [sys.version, text, _code()]
    with suppress(Exception):  # whatever a foreign file may lead to
        return _kept(_content(copy), known, records)  # type: ignore[no-any-return]
    made = make()
    if copy != path and not sys.dont_write_bytecode:
        packed = marshal.dumps((known, _plain(made, {record: n for n, record in enumerate(records)})))
        with suppress(Refused):  # a folder in which nobody may write
            write(copy, _SIGN + zlib.crc32(packed).to_bytes(4, "big") + packed)
    return made


def copy_of(path: Path) -> Path:
    """Where the copy stands; ``path`` itself where this Python keeps no byte code."""
    try:
        return Path(cache_from_source(path)).with_suffix(".ready")
    except NotImplementedError:
        return path


def _content(copy: Path) -> bytes:
    """Raises OSError, ValueError for what none of ours can be: a pipe would be waited for."""
    if not copy.is_file() or copy.stat().st_size > _MOST:
        raise ValueError("not ours")
    return copy.read_bytes()


def _kept(content: bytes, known: list[object], records: Sequence[type[Any]]) -> Any:
    """Raises ValueError, among others, for a copy that is not of what is known."""
    packed = memoryview(content)[len(_SIGN) + 4 :]
    if content[: -len(packed) or None] != _SIGN + zlib.crc32(packed).to_bytes(4, "big"):
        raise ValueError("damaged")
    of, plain = marshal.loads(packed)
    if of != known:
        raise ValueError("of something else")
    return _record(plain, records)


@cache
def _code() -> list[tuple[str, int, int]]:
    """The modules that make it, as byte code knows its source: size and time of each."""
    with os.scandir(_MAKERS) as entries:
        modules = [(e.name, e.stat()) for e in entries if e.name.endswith((".py", ".pyc"))]
    return sorted((name, stat.st_size, stat.st_mtime_ns) for name, stat in modules)


def _plain(value: Any, numbers: dict[type[Any], int]) -> Any:
    """As builtin types alone; a record becomes a list, which no frozen record holds."""
    kind = type(value)
    if kind in _NOTHING_IN_IT:
        return value
    if kind is date:
        return [_DAY, value.toordinal()]
    if kind is dict:
        return {key: _plain(part, numbers) for key, part in value.items()}
    parts = [_plain(part, numbers) for part in value]
    return tuple(parts) if kind is tuple else [numbers[kind], *parts]


def _record(plain: Any, records: Sequence[type[Any]]) -> Any:
    """The way back; what has nothing in it is passed over without a call, there are thousands."""
    kind = type(plain)
    if kind is dict:
        return {key: part if type(part) in _NOTHING_IN_IT else _record(part, records) for key, part in plain.items()}
    if kind is list and plain[0] == _DAY:
        return date.fromordinal(plain[1])
    parts = [part if type(part) in _NOTHING_IN_IT else _record(part, records) for part in plain]
    return records[parts[0]]._make(parts[1:]) if kind is list else tuple(parts)
