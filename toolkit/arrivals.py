"""A list of when reports came in -> which file came in on which day, and on which days each commune sent one.

The day is the province's own record (a register of incoming mail, a mailbox); a file's time stamp says only when it
was last copied. A line names a file, or a commune by its code or name; a name without any accent only where that can be
but one of the expected communes. A commune is in time by the first day on which a report of it came in that can be
read; what came later is told as sent again. A day that names a commune of several files is no day of any of them: it
decides nothing between them. A line without a day says that nothing came yet; it is told where a report is there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from toolkit.figures import is_blank, read_date, read_text, stored_text
from toolkit.places import Gazetteer, named_in
from toolkit.records import Digest, Finding, Period, Place
from toolkit.text import key
from toolkit.versions import is_mended
from toolkit.wording import LIKELY, SENTENCES, fill, finding, show_date, show_period

_FILE = tuple(map(key, ("Tệp", "Tên tệp", "File", "Tập tin")))
_COMMUNE = tuple(map(key, ("Mã xã", "Mã đơn vị", "Mã ĐVHC", "Mã đơn vị hành chính", "Mã")))
_NAMES = ("Tên xã", "Xã", "Xã, phường", "Xã/phường", "Xã, phường, đặc khu", "Tên xã, phường", "Đơn vị", "Tên đơn vị")
_NAME = tuple(map(key, (*_NAMES, "Đơn vị gửi", "Đơn vị nộp", "Đơn vị báo cáo", "Nơi gửi", "Địa phương")))
_ACTS = ("nhận", "đến", "nộp", "gửi")  # a list may tell several days: the day of receipt counts
_DAY = tuple(key(f"{head} {act}{of}") for act in _ACTS for head in ("Ngày", "Thời gian") for of in ("", " báo cáo"))
_LOOKED_AT = 20  # rows in which the heading must stand
_LATEST = timedelta(366)  # after the end of a period


class Line(NamedTuple):
    number: int  # row in the list, from 1
    file: str
    commune: str  # its code, or what else stands in that column
    name: str  # of the commune
    day: date | None  # None: left blank


class Arrivals(NamedTuple):
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]  # lines that cannot be used


class Received(NamedTuple):
    """What a list of arrivals tells of the files that are there; days in their order, each once."""

    files: Mapping[str, tuple[date, ...]] = {}  # file -> days it is listed under, the last that of what lies there now
    communes: Mapping[str, tuple[date, ...]] = {}  # commune code -> days that name the commune, not one of its files


def read_arrivals(rows: Sequence[Sequence[object]], name: str) -> Arrivals | None:
    """The lines of a list called ``name``; None when it has no heading with a day and a file or a commune."""
    for at, row in enumerate(rows[:_LOOKED_AT]):
        heads = [key(read_text(cell)) for cell in row]
        day, *named = (_column(heads, words) for words in (_DAY, _FILE, _COMMUNE, _NAME))
        if day is not None and any(column is not None for column in named):
            return _lines(rows[at + 1 :], at + 2, name, [day, *named])
    return None


def is_likely(day: date, period: Period) -> bool:
    """Whether a day may have to do with the sending of reports of a period, or is a slip of the hand in the year."""
    return period.start <= day <= period.end + _LATEST


def received(
    arrivals: Arrivals, digests: Iterable[Digest], expected: Sequence[Place], name: str, period: Period
) -> tuple[Received, tuple[Finding, ...]]:
    """Which days of the list called ``name`` belong to what; the lines that name nothing, or more than one thing, or a
    day that cannot be one of a report of ``period``."""
    there = _There(digests, expected)
    files: dict[str, set[date]] = defaultdict(set)
    communes: dict[str, set[date]] = defaultdict(set)
    found: list[Finding] = []
    undated: list[tuple[tuple[str, ...], str | None, Finding]] = []  # files, commune code, what to say
    for line in arrivals.lines:
        code = "" if line.file else there.code(line)
        if line.file:
            named = there.named(line.file)
            fault = "GOP_014" if not named else "GOP_015" if len(named) > 1 else ""
        else:
            named = there.only_content(code)
            fault = "GOP_021" if code is None else "" if there.contents.get(code) else "GOP_014"
        said = line.name if fault == "GOP_021" else line.file or f"{line.commune} {line.name}".strip()
        about = partial(finding, danh_sach=name, n=line.number, ten=said)
        if line.day is None:
            if not fault:
                undated.append((named or there.files(code), code, about("GOP_023")))
        elif fault:
            found.append(about(fault, ma=line.commune, goi_y=there.likely(line, code)))
        elif not is_likely(line.day, period):
            found.append(about("GOP_024", ngay=show_date(line.day), ky=show_period(period)))
        elif named:
            for one in named:
                files[one].add(line.day)
        elif code:
            communes[code].add(line.day)
    for named, code, remark in undated:
        if code not in communes and not any(one in files for one in named):
            found.append(remark)
    for code, days in communes.items():
        if there.doubtful(code):
            first = show_date(min(days))
            found.append(finding("GOP_020", danh_sach=name, xa=there.called(code), n=there.several(code), ngay=first))
    return Received(_ordered(files), _ordered(communes)), tuple(found)


class _There:
    """The files that are there, by their names and by the commune that sent them."""

    def __init__(self, digests: Iterable[Digest], expected: Sequence[Place]) -> None:
        self.contents: dict[str, dict[str, tuple[str, ...]]] = {}  # commune code -> SHA-256 -> files with that content
        self._mended: set[str] = set()  # commune codes of which a copy came back mended: that one counts
        self._unread: dict[str, int] = Counter()  # commune code -> files of it, by their names, that cannot be read
        self._places = Gazetteer((), tuple(expected))
        files: dict[str, tuple[str, ...]] = {}
        whole: dict[str, tuple[str, ...]] = {}
        for digest in digests:
            name = key(digest.file.rpartition("/")[2])
            files[name] = (*files.get(name, ()), digest.file)
            whole[key(digest.file)] = (digest.file,)
            if digest.filing and digest.filing.place:
                same = self.contents.setdefault(digest.filing.place.code, {})
                same[digest.sha256] = (*same.get(digest.sha256, ()), digest.file)
                if is_mended(digest.filing):
                    self._mended.add(digest.filing.place.code)
            elif digest.unread and (named := named_in(digest.file, expected)):
                self._unread[named.code] += SENTENCES[digest.unread.code].severity != "info"
        self._files = files | whole  # a path in full means that file, also where others are called so

    def named(self, file: str) -> tuple[str, ...]:
        return self._files.get(key(file.replace("\\", "/")), ())

    def code(self, line: Line) -> str | None:
        """The commune that a line means; what it says where nobody is called so; None where code and name differ."""
        coded, same = self._places.find(line.commune), self._places.meant(line.name or line.commune)
        named = same[0] if len(same) == 1 else None
        if coded and named and coded != named and line.name:
            return None
        meant = coded or named
        return meant.code if meant else line.commune or line.name

    def likely(self, line: Line, code: str | None) -> str:
        """Which communes a line that names none may mean, in words; "" where it names one, or may mean none."""
        if line.file or code is None or self._places.find(code):
            return ""
        places = self._places.suggest(line.name or line.commune)
        return fill(LIKELY, {"cac_xa": ", ".join(map(_called, places))}) if places else ""

    def several(self, code: str) -> int:
        return len(self.contents.get(code, {})) + self._unread.get(code, 0)

    def doubtful(self, code: str) -> bool:
        """Whether it matters which file of a commune came on a day, and is not known."""
        return self._unread.get(code, 0) > 0 or code not in self._mended

    def called(self, code: str) -> str:
        place = self._places.find(code)
        return _called(place) if place else code

    def files(self, code: str | None) -> tuple[str, ...]:
        """Every file of a commune that can be read."""
        return tuple(file for same in self.contents.get(code or "", {}).values() for file in same)

    def only_content(self, code: str | None) -> tuple[str, ...]:
        """The files of a commune with one content, all of which can be read; else ()."""
        return next(iter(self.contents[code].values())) if code in self.contents and self.several(code) == 1 else ()


def _called(place: Place) -> str:
    return f"{place.kind} {place.name} ({place.code})"


def _ordered(days: Mapping[str, set[date]]) -> dict[str, tuple[date, ...]]:
    return {name: tuple(sorted(found)) for name, found in days.items()}


def _lines(rows: Iterable[Sequence[object]], first: int, name: str, columns: Sequence[int | None]) -> Arrivals:
    """``columns``: of day, file, code, name of the commune."""
    lines: list[Line] = []
    found: list[Finding] = []
    for number, row in enumerate(rows, first):
        cells = [None if column is None or column >= len(row) else row[column] for column in columns]
        if all(map(is_blank, cells[1:])):
            continue  # a blank line, or a remark
        when = read_date(cells[0]).value
        if when is None and not is_blank(cells[0]):
            found.append(finding("GOP_016", danh_sach=name, n=number, goc=stored_text(cells[0])))
            continue
        lines.append(Line(number, read_text(cells[1]), _code(cells[2]), read_text(cells[3]), when))
    return Arrivals(tuple(lines), tuple(found))


def _code(raw: object) -> str:
    """A commune code; Excel drops the leading zeros of one that was typed as a number."""
    text = read_text(raw)
    return text.zfill(5) if text.isdecimal() else text


def _column(heads: Sequence[str], words: Sequence[str]) -> int | None:
    """The column of the first of these words that is a heading."""
    return next((heads.index(word) for word in words if word in heads), None)
