"""One file of a province -> all that its merge keeps of it.

A pure function of the file's bytes and of a ``Lens``: it may run in any thread, process or machine, and what it gave
can be kept for the next merge.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

from toolkit.form import Form
from toolkit.places import Gazetteer
from toolkit.records import Digest, Unread
from workbook.intake import Checked, examine


class Lens(NamedTuple):
    """What a digest depends on besides the bytes of its file."""

    form: Form
    places: Gazetteer  # communes that a report can be attributed to
    cutoff: date  # dossiers are late or not as of the end of this day
    every: bool = False  # keep all dossiers, not only the late ones


def digest(lens: Lens, path: Path, name: str) -> Digest:
    """``name``: what the file is called in the result. Never raises for what stands in the file."""
    return digest_of(lens, examine(lens.form, lens.places, path), name)


def digest_of(lens: Lens, checked: Checked, name: str) -> Digest:
    filing = checked.filing
    if filing is None:
        why = checked.findings[0]
        unread = Unread(name, why.code, why.message, checked.sha256)
        return Digest(name, checked.sha256, None, unread, checked.findings, None)
    light = filing._replace(file=name, tables={})
    return Digest(name, checked.sha256, light, None, checked.findings, None)


def renamed(digest: Digest, name: str) -> Digest:
    """The same content under another name."""
    filing, unread = digest.filing, digest.unread
    return digest._replace(
        file=name,
        filing=filing and filing._replace(file=name),
        unread=unread and unread._replace(file=name),
    )
