"""Return slips of a merge -> files in one flat folder: per commune a page, a message, and the workbook to mend.

``00_danh_sach_phieu.xlsx`` lists them and remembers, hidden, the SHA-256 of every file. A later run replaces or takes
away what still is as it was written; a workbook to mend that somebody has changed since is left as it is.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from toolkit.checks import in_order
from toolkit.edits import ERROR, listing, marks
from toolkit.form import Form
from toolkit.places import Gazetteer
from toolkit.records import Edit, Finding, Summary
from toolkit.return_words import message
from toolkit.returns import Slip, slips
from toolkit.wording import finding
from workbook.build_blanks import Blanks
from workbook.files import Refused, refuse_inputs, write
from workbook.intake import Tell, about, quietly
from workbook.jobs import file_name
from workbook.mark import apply
from workbook.package import Package
from workbook.slip_page import Entry, index_page, slip_page
from workbook.sniff import Unreadable
from workbook.spread import side_by_side

INDEX = "00_danh_sach_phieu.xlsx"
PAGE, MESSAGE, MEND = "_phieu.xlsx", "_tin_nhan.txt", "_sua.xlsx"

_DIGEST = re.compile("[0-9a-f]{64}")


class Made(NamedTuple):
    """What a folder of slips is to hold; nothing is written yet."""

    slips: tuple[Slip, ...]
    files: Mapping[str, bytes]  # name -> content, the list last
    kept: tuple[str, ...]  # workbooks to mend that somebody has changed: they stay as they are
    stale: tuple[str, ...]  # files of an earlier run, as they were written, that nobody needs any more


def write_slips(
    form: Form,
    places: Gazetteer,
    summary: Summary,
    sources: Mapping[str, Path],
    folder: Path,
    deadline: date | None = None,
    tell: Tell = quietly,
) -> tuple[Path, ...]:
    """Writes the slips of a merge; the paths written, the list last. Paths of ``make_slips`` that were kept are not
    among them. ``sources``: file name in the summary -> where it is. Raises as ``make_slips``, before anything is
    written, and Refused (RA_002)."""
    made = make_slips(form, places, summary, sources, folder, deadline, tell)
    inputs = tuple(sources.values())
    *files, (index, listed) = made.files.items()
    for name, content in files:
        write(folder / name, content, inputs)
    for name in made.stale:
        (folder / name).unlink(missing_ok=True)
    write(folder / index, listed, inputs)  # last: a run that was cut short is known by the list of the one before
    return tuple(folder / name for name in made.files)


def make_slips(
    form: Form,
    places: Gazetteer,
    summary: Summary,
    sources: Mapping[str, Path],
    folder: Path,
    deadline: date | None = None,
    tell: Tell = quietly,
) -> Made:
    """The slips as files. Raises Refused: PH_001 for a folder inside that of the reports, PH_002 when a file would
    replace one that is not as an earlier run wrote it, RA_001 when it would replace a report."""
    _refuse_inside(folder, sources)
    earlier = _earlier(form, folder / INDEX)
    findings: dict[str, list[Finding]] = {}
    for file, found in summary.findings:
        findings.setdefault(file, []).append(found)
    told = slips(form, summary, deadline)
    files: dict[str, bytes] = {}
    kept, entries, shown = [], [], []
    homes = {s.place.province: places.province(s.place.province) for s in told if s.mend == "blank"}
    blanks = {code: Blanks(form, home or summary.province, summary.period) for code, home in homes.items()}

    def mended(slip: Slip) -> tuple[Slip, bytes]:
        if slip.mend == "blank":
            return slip, blanks[slip.place.province].of(slip.place)
        return _marked(form, summary, slip, findings.get(slip.file, []), sources.get(slip.file))

    def told_of(done: int, total: int, slip: Slip) -> None:
        tell(done, total, slip.place.name)

    for slip, content in side_by_side(mended, told, told_of):
        stem = file_name(slip.place).removesuffix(".xlsx")
        mend = stem + MEND if content else ""
        if mend and _changed(folder / mend, content, earlier):
            kept.append(mend)
        elif mend:
            files[mend] = content
        files[stem + PAGE] = slip_page(form, slip, mend)
        files[stem + MESSAGE] = _text(message(slip, mend))
        names = (stem + PAGE, stem + MESSAGE, mend)
        note = finding("PH_003", tep=mend).message if mend in kept else ""
        entries.append(Entry(slip, names, note, _digests(names, files)))
        shown.append(slip)
    files[INDEX] = index_page(form, summary.period, entries, len(summary.places) - len(told))
    _refuse_others(folder, files, earlier, tuple(sources.values()))
    stale = [n for n in sorted(earlier) if n not in files and n not in kept and _sha256(folder / n) == earlier[n]]
    return Made(tuple(shown), files, tuple(kept), tuple(stale))


def _marked(form: Form, summary: Summary, slip: Slip, found: list[Finding], source: Path | None) -> tuple[Slip, bytes]:
    """The slip with the workbook to mend; b"" where the commune has to mend its own file, because it cannot be marked
    or is not the one that was merged any more."""
    filing = summary.filings[slip.place.code]
    try:
        content = source.read_bytes() if source else b""
        if hashlib.sha256(content).hexdigest() != filing.sha256:
            return slip._replace(mend="own"), b""
        certain = [
            Edit("paint", line.sheet, line.cell, colour=ERROR)
            for line in slip.lines
            if line.certain and line.severity == "error" and line.cell
        ]
        ordered = in_order(form, found)
        return slip, apply(content, [*certain, *marks(ordered)], listing(ordered, about(filing)))
    except (Unreadable, OSError):
        return slip._replace(mend="own"), b""


def _text(words: str) -> bytes:
    """As every Notepad of Windows opens it: with a byte order mark, which copying to a chat leaves behind, and CRLF."""
    return words.replace("\n", "\r\n").encode("utf-8-sig", "replace")


def _refuse_inside(folder: Path, sources: Mapping[str, Path]) -> None:
    """The next merge would take the blank workbooks of the slips for reports."""
    homes = {_root(name, path) for name, path in sources.items()}
    target = folder.resolve()
    if any(target == home or home in target.parents for home in homes):
        raise Refused(finding("PH_001", tep=folder.name))


def _root(name: str, path: Path) -> Path:
    """The folder that was merged: ``name`` is the path of a file within it."""
    return path.resolve().parents[name.count("/")]


def _earlier(form: Form, index: Path) -> dict[str, str]:
    """File name -> SHA-256 as the list of an earlier run remembers them, the list itself among them with ""; {}
    without a list of ours."""
    if not os.path.isfile(index):
        return {}
    try:
        package = Package(index.read_bytes(), index.name)
        rows = package.values(next(iter(package.sheets), ""))
    except (Unreadable, OSError):
        return {}
    if f"{form.prefix}tong_hop" not in package.names:
        return {}
    known = {INDEX: ""}
    for row in rows:
        cells = [str(cell) for cell in row]
        names = [cell for cell in cells if cell.endswith((PAGE, MESSAGE, MEND)) and Path(cell).name == cell]
        digests = [cell for cell in cells if _DIGEST.fullmatch(cell)]
        names = list(dict.fromkeys(names))  # the page is named twice: for the eye, and beside it for us
        if len(names) == len(digests):
            known |= zip(names, digests, strict=True)
    return known


def _changed(path: Path, content: bytes, earlier: Mapping[str, str]) -> bool:
    """Whether something else stands there than what this run or the one before wrote."""
    if not os.path.lexists(path):
        return False
    there = _sha256(path)
    return there not in (hashlib.sha256(content).hexdigest(), earlier.get(path.name))


def _refuse_others(
    folder: Path, files: Mapping[str, bytes], earlier: Mapping[str, str], inputs: tuple[Path, ...]
) -> None:
    for name in files:
        refuse_inputs(folder / name, inputs)
    others = [n for n, content in files.items() if n != INDEX and _changed(folder / n, content, earlier)]
    if INDEX not in earlier and _changed(folder / INDEX, files[INDEX], {}):
        others.append(INDEX)
    if others:
        raise Refused(finding("PH_002", n=len(others), tep=others[0]))


def _digests(names: tuple[str, ...], files: Mapping[str, bytes]) -> tuple[str, ...]:
    """SHA-256 of each file as we wrote it; for one that is not ours any more, one that nothing has."""
    return tuple(
        hashlib.sha256(files[name]).hexdigest() if name in files else "0" * 64 if name else "" for name in names
    )


def _sha256(path: Path) -> str:
    """ "" for what cannot be read as a file."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
