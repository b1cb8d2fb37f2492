"""A list of when reports came in -> which file came in on which day.

The day is the province's own record (a register of incoming mail, a mailbox); a file's time stamp says only when it
was last copied. A line names a file, or a commune where only one content of that commune came in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from toolkit.figures import is_blank, read_date, read_text, stored_text
from toolkit.records import Digest, Finding
from toolkit.text import key
from toolkit.wording import finding

_FILE = frozenset(map(key, ("Tệp", "Tên tệp", "File", "Tập tin")))
_COMMUNE = frozenset(map(key, ("Mã xã", "Mã đơn vị", "Mã ĐVHC", "Mã")))
_DAY = frozenset(map(key, ("Ngày nhận", "Ngày nộp", "Ngày gửi", "Ngày đến", "Thời gian nhận")))
_LOOKED_AT = 20  # rows in which the heading must stand


class Line(NamedTuple):
    number: int  # row in the list, from 1
    file: str
    commune: str
    day: date


class Arrivals(NamedTuple):
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]  # lines that cannot be used


def read_arrivals(rows: Sequence[Sequence[object]], name: str) -> Arrivals | None:
    """The lines of a list called ``name``; None when it has no heading with a day and a file or a commune."""
    for at, row in enumerate(rows[:_LOOKED_AT]):
        heads = [key(read_text(cell)) for cell in row]
        day, file, commune = (_column(heads, words) for words in (_DAY, _FILE, _COMMUNE))
        if day is not None and (file is not None or commune is not None):
            return _lines(rows[at + 1 :], at + 2, name, day, file, commune)
    return None


def by_file(arrivals: Arrivals, digests: Iterable[Digest], name: str) -> tuple[dict[str, date], tuple[Finding, ...]]:
    """File -> the latest day that the list gives it, and the lines that name nothing or more than one thing."""
    files, contents = _by_name(digests)
    received: dict[str, date] = {}
    found: list[Finding] = []
    for line in arrivals.lines:
        if line.file:
            named = files.get(key(line.file.replace("\\", "/")), ())
            fault = "GOP_014" if not named else "GOP_015" if len(named) > 1 else ""
        else:
            same = contents.get(line.commune, {})
            named = next(iter(same.values()), ())
            fault = "GOP_014" if not same else "GOP_015" if len(same) > 1 else ""
        if fault:
            found.append(finding(fault, danh_sach=name, n=line.number, ten=line.file or line.commune))
            continue
        for one in named:
            received[one] = max(line.day, received.get(one, line.day))
    return received, tuple(found)


def _by_name(
    digests: Iterable[Digest],
) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, Mapping[str, tuple[str, ...]]]]:
    """Name, with its folders or without -> files; commune code -> SHA-256 -> files with that content."""
    files: dict[str, tuple[str, ...]] = {}
    whole: dict[str, tuple[str, ...]] = {}
    contents: dict[str, dict[str, tuple[str, ...]]] = {}
    for digest in digests:
        name = key(digest.file.rpartition("/")[2])
        files[name] = (*files.get(name, ()), digest.file)
        whole[key(digest.file)] = (digest.file,)
        if digest.filing and digest.filing.place:
            same = contents.setdefault(digest.filing.place.code, {})
            same[digest.sha256] = (*same.get(digest.sha256, ()), digest.file)
    return files | whole, contents  # a path in full means that file, also where others are called so


def _lines(
    rows: Iterable[Sequence[object]], first: int, name: str, day: int, file: int | None, commune: int | None
) -> Arrivals:
    lines: list[Line] = []
    found: list[Finding] = []
    for number, row in enumerate(rows, first):
        cells = [None if column is None or column >= len(row) else row[column] for column in (day, file, commune)]
        if all(map(is_blank, cells[1:])):
            continue  # a blank line, or a remark
        when = read_date(cells[0]).value
        if when is None:
            found.append(finding("GOP_016", danh_sach=name, n=number, goc=stored_text(cells[0])))
            continue
        lines.append(Line(number, read_text(cells[1]), _code(cells[2]), when))
    return Arrivals(tuple(lines), tuple(found))


def _code(raw: object) -> str:
    """A commune code; Excel drops the leading zeros of one that was typed as a number."""
    text = read_text(raw)
    return text.zfill(5) if text.isdecimal() else text


def _column(heads: Sequence[str], words: frozenset[str]) -> int | None:
    return next((n for n, head in enumerate(heads) if head in words), None)
