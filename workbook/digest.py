"""One file of a province -> all that its merge keeps of it.

A pure function of the file's bytes and of a ``Lens``: it may run in any thread, process or machine, and what it gave
can be kept for the next merge.
"""

from __future__ import annotations

import hashlib
import os
from datetime import date
from pathlib import Path
from typing import NamedTuple

from toolkit.checks import confront, in_order
from toolkit.form import Form
from toolkit.places import Gazetteer
from toolkit.records import Digest, Unread
from workbook import log
from workbook.intake import told
from workbook.read import read_apart
from workbook.sniff import MOST_BYTES, Unreadable, require_name, take


class Lens(NamedTuple):
    """What a digest depends on besides the bytes of its file."""

    form: Form
    places: Gazetteer  # communes that a report can be attributed to
    cutoff: date  # dossiers are late or not as of the end of this day
    every: bool = False  # keep all dossiers, not only the late ones


class Source(NamedTuple):
    path: Path
    name: str  # what the file is called in the result: its path within the folder, with "/"


def taken(source: Source) -> bytes | Digest:
    """The bytes of a file, read once; what there is to say when there are none."""
    try:
        if not os.path.isfile(source.path):
            raise Unreadable("TEP_009", ly_do="không phải là tệp, hoặc không có quyền mở thư mục")
        return take(source.path)
    except Unreadable as fault:
        return _unread(source.name, "", fault)


def fingerprint(source: Source, room: memoryview) -> str:
    """SHA-256 of the bytes that ``taken`` gives, "" where it gives none. Read piece by piece into ``room``, which takes
    half the time, and hardly needs the interpreter."""
    try:
        require_name(source.path)
        if not os.path.isfile(source.path):
            return ""
        total, size = hashlib.sha256(), 0
        with open(source.path, "rb", buffering=0) as stream:
            while size <= MOST_BYTES and (length := stream.readinto(room)):
                total.update(room[:length])
                size += length
    except (Unreadable, OSError):
        return ""
    return total.hexdigest() if 0 < size <= MOST_BYTES else ""


def digest(lens: Lens, name: str, content: bytes) -> Digest:
    """Never raises for what stands in the file, nor for a fault of ours."""
    try:
        filing, register = read_apart(content, name, lens.form, lens.places)
        findings = confront(lens.form, filing)
        dossiers = None
        if register is not None:
            from workbook.register_columns import digest_dossiers  # late: most books have an empty register

            dossiers, more = digest_dossiers(lens.form, filing, register, lens.cutoff, lens.every)
            findings = in_order(lens.form, [*findings, *more])
        return Digest(name, filing.sha256, filing._replace(file=name, tables={}), None, findings, dossiers)
    except Unreadable as fault:
        return _unread(name, hashlib.sha256(content).hexdigest(), fault)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as fault:  # also a panic of a library written in Rust, which is no Exception
        sha256 = hashlib.sha256(content).hexdigest()
        log.fault(f"file with SHA-256 {sha256}")
        return _unread(name, sha256, Unreadable("TEP_013", ly_do=type(fault).__name__))


def lost(source: Source) -> Digest:
    """Of a file that its process did not survive."""
    content = taken(source)
    if isinstance(content, Digest):
        return content
    stopped = Unreadable("TEP_013", ly_do="tiến trình đọc tệp dừng đột ngột")
    return _unread(source.name, hashlib.sha256(content).hexdigest(), stopped)


def renamed(digest: Digest, name: str) -> Digest:
    """The same content under another name."""
    filing, unread = digest.filing, digest.unread
    return digest._replace(
        file=name,
        filing=filing and filing._replace(file=name),
        unread=unread and unread._replace(file=name),
    )


def _unread(name: str, sha256: str, fault: Unreadable) -> Digest:
    why = told(fault)
    return Digest(name, sha256, None, Unread(name, why.code, why.message, sha256), (why,), None)
