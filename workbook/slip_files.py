"""Return slips of a merge -> files in one flat folder: per commune a page, a message, and the workbook to mend.

``00_danh_sach_phieu.xlsx`` lists them and remembers, hidden, the SHA-256 of every file. A later run replaces or takes
away what still is as it was written; a workbook to mend that somebody has changed since is left as it is.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from toolkit.form import Form
from toolkit.records import Summary
from toolkit.returns import Slip
from toolkit.wording import finding
from workbook.files import Refused, refuse_any, write
from workbook.intake import Tell, quietly
from workbook.package import Package
from workbook.slip_making import MEND, MESSAGE, PAGE, Begun
from workbook.slip_page import Entry, index_page
from workbook.slip_place import refuse_place
from workbook.sniff import Unreadable

INDEX = "00_danh_sach_phieu.xlsx"

_NOT_OURS = "0" * 64  # what the list remembers of a file that is not as we wrote it: the SHA-256 of none
_DIGEST = re.compile("[0-9a-f]{64}")


class Folder(NamedTuple):
    """What a folder of slips is to hold; nothing is written yet."""

    slips: tuple[Slip, ...]
    files: Mapping[str, bytes]  # name -> content, the list last
    there: frozenset[str]  # names of those that stand there already, to the last byte
    kept: tuple[str, ...]  # workbooks to mend that somebody has changed: they stay as they are
    stale: tuple[str, ...]  # files of an earlier run, as they were written, that nobody needs any more


def write_slips(
    form: Form,
    summary: Summary,
    sources: Mapping[str, Path],
    folder: Path,
    begun: Begun,
    tell: Tell = quietly,
) -> tuple[Path, ...]:
    """Writes the slips of a merge; their paths, the list last. Paths of ``collect`` that were kept are not among them.
    Raises as ``collect``, before anything is written, and Refused (RA_002)."""
    made = collect(form, summary, sources, folder, begun, tell)
    for name, content in made.files.items():
        if name not in made.there and name != INDEX:
            write(folder / name, content)
    for name in made.stale:
        (folder / name).unlink(missing_ok=True)
    write(folder / INDEX, made.files[INDEX])  # last: a run that was cut short is known by the list of the one before
    return tuple(folder / name for name in made.files)


def collect(
    form: Form,
    summary: Summary,
    sources: Mapping[str, Path],
    folder: Path,
    begun: Begun,
    tell: Tell = quietly,
) -> Folder:
    """The slips as files of a folder. ``sources``: file name in the summary -> where it is. Raises Refused: as
    ``refuse_place``; PH_002 when a file would replace one that is not as an earlier run wrote it,
    RA_001 when it would replace a report."""
    refuse_place(folder, {_root(name, path) for name, path in sources.items()})
    made = []
    for done, one in enumerate(begun.made, 1):
        tell(done, len(begun.slips), one.slip.place.name)
        made.append(one)
    earlier = _earlier(form, folder / INDEX)
    standing = _Standing(folder, earlier)
    files: dict[str, bytes] = {}
    digests: dict[str, str] = {}
    kept, entries = [], []
    for slip, mend, contents in made:
        ours = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
        if mend and standing.changed(mend, ours[mend]):
            kept.append(mend)
            ours[mend] = _NOT_OURS
        files |= {name: content for name, content in contents.items() if name not in kept}
        digests |= ours
        names = (*(name for name in contents if name != mend), mend)
        note = finding("PH_003", tep=mend).message if mend in kept else ""
        entries.append(Entry(slip, names, note, tuple(ours.get(name, "") for name in names)))
    files[INDEX] = index_page(form, summary.period, entries, len(summary.places) - len(made))
    digests[INDEX] = hashlib.sha256(files[INDEX]).hexdigest()
    refuse_any((folder / name for name in files), sources.values())
    others = [n for n in files if (n != INDEX or INDEX not in earlier) and standing.changed(n, digests[n])]
    if others:
        raise Refused(finding("PH_002", n=len(others), tep=others[0]))
    there = frozenset(name for name in files if standing.sha256(name) == digests[name])
    stale = [n for n in sorted(earlier) if n not in files and n not in kept and standing.sha256(n) == earlier[n]]
    return Folder(tuple(one.slip for one in made), files, there, tuple(kept), tuple(stale))


class _Standing:
    """The files in a folder, each read once. ``earlier``: name -> SHA-256 of what an earlier run wrote."""

    def __init__(self, folder: Path, earlier: Mapping[str, str]) -> None:
        self._folder, self._earlier = folder, earlier
        self._known: dict[str, str | None] = {}

    def sha256(self, name: str) -> str | None:
        """None: nothing is there; "": it cannot be read as a file."""
        if name not in self._known:
            path = self._folder / name
            self._known[name] = _sha256(path) if os.path.lexists(path) else None
        return self._known[name]

    def changed(self, name: str, sha256: str) -> bool:
        """Whether something else stands there than what this run, which has ``sha256``, or the one before wrote."""
        return self.sha256(name) not in (None, sha256, self._earlier.get(name))


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


def _sha256(path: Path) -> str:
    """ "" for what cannot be read as a file."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
