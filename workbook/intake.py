"""Files as they come in -> what reading and checking each of them gave. No file is forgotten, none stops the others."""

# Without "from __future__ import annotations", as in ``toolkit.records``.

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from toolkit.checks import Status, confront, in_order, overall
from toolkit.form import Form
from toolkit.places import Gazetteer
from toolkit.records import Filing, Finding, Key
from toolkit.unfilled import blank_parts, remarks
from toolkit.wording import BLANK_PARTS, fill, finding, show_period
from workbook import log
from workbook.files import Refused
from workbook.forms import REGISTER, load_form
from workbook.read import read
from workbook.sniff import MOST_BYTES, Unreadable

Tell = Callable[[int, int, str], None]
"""Hears of progress: how many are done, of how many, and the name of the one just done."""

T = TypeVar("T")
_WORKERS = 2  # calamine lets a second thread run while it parses; more would only wait for each other


class Checked(NamedTuple):
    """What checking one file gave."""

    path: Path
    filing: Filing | None  # None: not readable; the one finding says why
    findings: tuple[Finding, ...]
    status: Status | str  # "unreadable" when there is no filing
    sha256: str
    marked: Path | None = None  # the marked copy, when one was asked for

    @property
    def no_report(self) -> bool:
        """Whether there is nothing for anybody to correct: a lock file, an attachment, a result of ours."""
        return self.filing is None and self.findings[0].severity == "info"

    @property
    def is_result(self) -> bool:
        """Whether the toolkit made it as the result of a merge."""
        return self.filing is None and self.findings[0].code == "TEP_012"


def quietly(done: int, total: int, name: str) -> None:
    """For callers that show no progress."""


def gather(paths: Sequence[Path]) -> list[Path]:
    """The files asked for: as given, and every file below a folder, in the order of their names, each once. What a
    merge left there to remember (``workbook.memory``) is no input.

    Raises ``Refused`` naming every path that is not there.
    """
    missing = [path for path in paths if not os.path.lexists(path)]
    if missing:
        raise Refused(*(finding("RA_003", tep=str(path)) for path in missing))
    return list(dict.fromkeys(file for path in paths for file in _below(path)))


def examine(form: Form, places: Gazetteer, path: Path, earlier: Mapping[Key, int] | None = None) -> Checked:
    """Reads and checks one file; ``earlier`` as in ``checks.confront``. Never raises for what stands in the file, nor
    for a fault of ours."""
    try:
        if not os.path.isfile(path):
            raise Unreadable("TEP_009", ly_do="không phải là tệp, hoặc không có quyền mở thư mục")
        filing = read(path, form, places)
        findings = judged(form, filing, earlier)
        return Checked(path, filing, findings, overall(findings), filing.sha256)
    except Unreadable as fault:
        return Checked(path, None, (told(fault),), "unreadable", _sha256(path))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as fault:  # also a panic of a library written in Rust, which is no Exception
        sha256 = _sha256(path)
        log.fault(f"file with SHA-256 {sha256}")
        return Checked(path, None, (finding("TEP_013", ly_do=type(fault).__name__),), "unreadable", sha256)


def judged(form: Form, filing: Filing, earlier: Mapping[Key, int] | None = None) -> tuple[Finding, ...]:
    """Everything there is to say about a report, its dossiers included, in the order of telling."""
    findings = confront(form, filing, earlier)
    if more := remarks(form, filing, _has_dossiers(filing)):
        findings = in_order(form, [*findings, *more])
    if (table := filing.tables.get(REGISTER)) and table.rows:
        from workbook.dossier_checks import check_register  # late: most books have an empty register

        findings = in_order(form, [*findings, *check_register(form, filing, table)])
    return findings


def each(work: Callable[[Path], T], files: Sequence[Path], tell: Tell) -> Iterator[T]:
    """``work`` on every file, results in the order of the files."""
    if len(files) == 1:
        yield work(files[0])
        return
    from concurrent.futures import ThreadPoolExecutor  # late: a single file need not wait for its import

    with ThreadPoolExecutor(_WORKERS) as pool:
        for done, (path, result) in enumerate(zip(files, pool.map(work, files), strict=True), 1):
            tell(done, len(files), path.name)
            yield result


def about(filing: Filing) -> tuple[str, str]:
    """Whose report it is, and of which period, in words."""
    place, period = filing.place, filing.period
    unit = f"{place.kind} {place.name} ({place.code})" if place else "Chưa rõ đơn vị"
    return unit, f"kỳ {show_period(period) if period else 'chưa rõ'}"


def left_blank(filing: Filing) -> tuple[str, ...]:
    """A sentence on the parts in which nothing was typed, where there are some and others are filled in."""
    form = load_form()
    parts = () if remarks(form, filing, _has_dossiers(filing)) else blank_parts(form, filing)
    return (fill(BLANK_PARTS, {"n": len(parts), "cac_phan": "; ".join(parts)}),) if parts else ()


def told(fault: Unreadable) -> Finding:
    fields: dict[str, Any] = fault.fields
    return finding(fault.code, **fields)


def _has_dossiers(filing: Filing) -> bool:
    table = filing.tables.get(REGISTER)
    return bool(table and table.rows)


def _below(folder: Path) -> Iterator[Path]:
    """In the order of names, however deep folders lie in folders."""
    if not os.path.isdir(folder):
        yield folder
        return
    from workbook.memory_folder import is_memory  # late: often a single file is asked about

    waiting = [folder]
    while waiting:
        path = waiting.pop()
        if not os.path.isdir(path) or (os.path.islink(path) and path != folder):
            yield path  # a link is never followed into another folder: that could go round in circles
            continue
        try:
            entries = sorted(path.iterdir(), key=lambda entry: entry.name, reverse=True)
        except OSError:
            yield path  # a folder that may not be opened is told of, like a file that may not be read
            continue
        waiting += (entry for entry in entries if os.path.islink(entry) or not is_memory(entry))


def _sha256(path: Path) -> str:
    """ "" for what cannot be opened as a file, or would take too long."""
    try:
        if not os.path.isfile(path) or path.stat().st_size > MOST_BYTES:
            return ""
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
