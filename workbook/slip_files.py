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
from workbook.files import Refused, refuse_inputs, write
from workbook.intake import Tell, quietly
from workbook.package import Package
from workbook.slip_making import MEND, MESSAGE, PAGE, Begun
from workbook.slip_page import Entry, index_page
from workbook.sniff import Unreadable

INDEX = "00_danh_sach_phieu.xlsx"

_DIGEST = re.compile("[0-9a-f]{64}")


class Folder(NamedTuple):
    """What a folder of slips is to hold; nothing is written yet."""

    slips: tuple[Slip, ...]
    files: Mapping[str, bytes]  # name -> content, the list last
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
    """Writes the slips of a merge; the paths written, the list last. Paths of ``collect`` that were kept are not
    among them. Raises as ``collect``, before anything is written, and Refused (RA_002)."""
    made = collect(form, summary, sources, folder, begun, tell)
    inputs = tuple(sources.values())
    *files, (index, listed) = made.files.items()
    for name, content in files:
        write(folder / name, content, inputs)
    for name in made.stale:
        (folder / name).unlink(missing_ok=True)
    write(folder / index, listed, inputs)  # last: a run that was cut short is known by the list of the one before
    return tuple(folder / name for name in made.files)


def collect(
    form: Form,
    summary: Summary,
    sources: Mapping[str, Path],
    folder: Path,
    begun: Begun,
    tell: Tell = quietly,
) -> Folder:
    """The slips as files of a folder. ``sources``: file name in the summary -> where it is. Raises Refused: PH_001 for
    a folder inside that of the reports, PH_002 when a file would replace one that is not as an earlier run wrote it,
    RA_001 when it would replace a report."""
    _refuse_inside(folder, sources)
    earlier = _earlier(form, folder / INDEX)
    files: dict[str, bytes] = {}
    kept, entries, shown = [], [], []
    for done, (slip, mend, made) in enumerate(begun.made, 1):
        tell(done, len(begun.slips), slip.place.name)
        if mend and _changed(folder / mend, made[mend], earlier):
            kept.append(mend)
        files |= {name: content for name, content in made.items() if name not in kept}
        names = (*(name for name in made if name != mend), mend)
        note = finding("PH_003", tep=mend).message if mend in kept else ""
        entries.append(Entry(slip, names, note, _digests(names, files)))
        shown.append(slip)
    files[INDEX] = index_page(form, summary.period, entries, len(summary.places) - len(shown))
    _refuse_others(folder, files, earlier, tuple(sources.values()))
    stale = [n for n in sorted(earlier) if n not in files and n not in kept and _sha256(folder / n) == earlier[n]]
    return Folder(tuple(shown), files, tuple(kept), tuple(stale))


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
