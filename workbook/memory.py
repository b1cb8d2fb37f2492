"""What a merge remembers for the next one, in a folder beside its result: what each content gave, and the last totals.

An entry is found by the SHA-256 of its file and by the lens it was read through; it is plain data with a checksum
(``toolkit.transport``), so that whatever else stands in the folder is simply not there. A crash at any moment leaves
entries that are whole or not found, and the index of the run before. The folder may be deleted at any time.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import cache, partial
from hashlib import sha256
from pathlib import Path, PurePosixPath
from types import NoneType
from typing import NamedTuple

import toolkit
import workbook
import xlsx_templates
from toolkit.bridge import Bridge, asked_otherwise, bridge, consistent, slim
from toolkit.coders import Misshapen
from toolkit.figures import MOST_EXACT
from toolkit.form import Form
from toolkit.records import DOSSIER_COLUMNS, Digest, Filing, Finding, Summary
from toolkit.transport import Sealed, decode, encode, read_record, unsealed, write_record
from toolkit.wording import SENTENCES, finding
from workbook import arrow_columns
from workbook.digest import renamed
from workbook.files import reason
from workbook.inflate import quick_zlib
from workbook.memory_folder import ABOUT, ENTRY, INDEX, SIGN, TEMPORARY, content_of
from workbook.sniff import is_lock
from workbook.spread import Fetched

_OF_THE_MOMENT = frozenset({"TEP_009", "TEP_013"})  # locked, or a fault of ours: the next run may do better
_PLAIN = frozenset({str, int, bool, date, Decimal, NoneType})
_MOST = 64_000_000  # bytes of an entry before and after packing; one with 20.000 dossiers, all kept, has 5 million


class Run(NamedTuple):
    """The last merge that went to its end."""

    lens: str
    summary: Summary  # its filings, cells and findings left out


class Memory:
    """Every method may be called from several threads. Nothing here raises for what stands in the folder."""

    def __init__(self, folder: Path, form: Form, lens: str) -> None:
        """``lens``: a ``lens_id``. Nothing is written before the first ``keep`` or ``close``."""
        self._folder, self._form, self._lens = folder, form, lens
        self._known = {(b.id, i.id) for b in form.blocks for i in b.indicators}
        self.fault, self._signed = "", False

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What there is to say about the memory itself."""
        return (finding("NHO_001", ly_do=self.fault),) if self.fault else ()

    def kept(self) -> frozenset[str]:
        """SHA-256 of the contents that have an entry under this lens; whether it is whole, ``recall`` finds out."""
        end = f".{self._lens}"
        try:
            return frozenset(name.removesuffix(end) for name in os.listdir(self._folder) if name.endswith(end))
        except OSError:
            return frozenset()

    def recall(self, sha256: str, file: str) -> Digest | None:
        """What reading this content gave, under the name ``file``; None: read it."""
        return self._told(self._fetched(sha256, self._lens), sha256, file)

    def fetch(self, sha256: str) -> Fetched:
        entry = self._fetched(sha256, self._lens)
        return Fetched(sum(map(len, (entry.text, *entry.packed))) if entry else 0, partial(self._told, entry, sha256))

    def keep(self, digest: Digest) -> None:
        """Remembers what reading a file gave, unless that was of the moment."""
        if self.fault or not _lasts(digest):
            return
        try:
            content = encode(digest, arrow_columns.pack)
        except ValueError:  # a value that the records do not foresee: read again next time
            return
        self._put(f"{digest.sha256}.{self._lens}", content)

    def bridge(self, summary: Summary) -> Bridge | None:
        """From the last merge to this one, before ``close``; None when there is no last one."""
        run = self._last()
        if run is None:
            return None
        why = asked_otherwise(run.summary, summary)
        if why is not None:
            return Bridge(why)
        filings, lost = self._filings(run, summary)
        if lost:
            return Bridge(finding("NHO_003", n=lost))
        return bridge(run.summary._replace(filings=filings), summary, self._form)

    def close(self, summary: Summary) -> None:
        """The merge went to its end: it becomes the last one. Entries that neither it nor the one before needs go."""
        before, now = self._last(), Run(self._lens, slim(summary))
        self._put(INDEX, write_record(now))
        if self.fault:
            return
        needed = {f"{o.sha256}.{run.lens}" for run in (before, now) if run for o in run.summary.outcomes}
        with suppress(OSError):  # what cannot be tidied up now can be next time
            for path in self._folder.iterdir():
                if TEMPORARY.fullmatch(path.name) or (ENTRY.fullmatch(path.name) and path.name not in needed):
                    path.unlink(missing_ok=True)

    def _last(self) -> Run | None:
        try:
            run, _ = read_record(Run, _unpacked(content_of(self._folder / INDEX, _MOST)))
        except Misshapen:
            return None
        return run if consistent(run.summary) else None

    def _filings(self, run: Run, summary: Summary) -> tuple[Mapping[str, Filing], int]:
        """Of the communes that count in both: commune -> its filing then; and how many are not known any more."""
        filings: dict[str, Filing] = {}
        lost = 0
        for outcome in run.summary.outcomes:
            code = outcome.commune
            if outcome.status != "merged" or summary.commune_status.get(code) != "merged":
                continue
            filing: Filing | None = summary.filings[code]
            if filing is None or (outcome.sha256, run.lens) != (filing.sha256, self._lens):
                digest = self._told(self._fetched(outcome.sha256, run.lens), outcome.sha256, outcome.file)
                filing = digest and digest.filing
            if filing is None:
                lost += 1
            else:
                filings[code] = filing
        return filings, lost

    def _fetched(self, sha256: str, lens: str) -> Sealed | None:
        name = f"{sha256}.{lens}"
        if not ENTRY.fullmatch(name):
            return None
        try:
            return unsealed(_unpacked(content_of(self._folder / name, _MOST)))
        except Misshapen:
            return None

    def _told(self, entry: Sealed | None, sha256: str, file: str) -> Digest | None:
        if entry is None:
            return None
        try:
            digest = decode(entry, arrow_columns.unpack)
        except Misshapen:
            return None
        fits = digest.sha256 == sha256 and _lasts(digest) and _same_kind(digest, file) and self._sensible(digest)
        return renamed(digest, file) if fits else None

    def _sensible(self, digest: Digest) -> bool:
        """Whether the form could have given it: a checksum says that nothing was damaged, not who wrote it."""
        filing, unread, dossiers = digest.filing, digest.unread, digest.dossiers
        if unread is not None:
            return filing is None and dossiers is None and unread.sha256 == digest.sha256 and unread.code in SENTENCES
        if filing is None or filing.sha256 != digest.sha256 or filing.form != self._form.id:
            return False
        choices = {s.id: {c.id for c in s.choices} for s in self._form.settings}
        lengths = {len(column) for column in dossiers.columns.values()} if dossiers else set()
        return (
            {(key.block, key.indicator) for key in filing.figures} <= self._known
            and all(abs(f.value) < MOST_EXACT for f in filing.figures.values() if isinstance(f.value, int))
            and all(choice in choices.get(setting, ()) for setting, choice in filing.settings.items())
            and (dossiers is None or dossiers.columns.keys() == set(DOSSIER_COLUMNS))
            and len(lengths) <= 1
        )

    def _put(self, name: str, content: bytes) -> None:
        """Whole or not at all. Not forced to the disk: after a power cut the checksum tells a half one."""
        if self.fault:
            return
        part = self._folder / f"~{os.getpid()}-{threading.get_ident()}.tmp"
        try:
            if not self._signed:
                self._folder.mkdir(parents=True, exist_ok=True)
                (self._folder / SIGN).write_bytes(ABOUT)  # known as ours before anything else is in it
                self._signed = True
            try:
                part.write_bytes(quick_zlib().compress(content, 1))
                os.replace(part, self._folder / name)
            finally:
                part.unlink(missing_ok=True)
        except OSError as fault:
            self.fault = reason(fault)


def lens_id(*parts: object) -> str:
    """Short name of all that a digest depends on besides the bytes of its file: ``parts`` (records, by value) and the
    toolkit itself with the forms, days off and words that it ships."""
    return sha256(f"{_toolkit()}\n{_canonical(parts)}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _lasts(digest: Digest) -> bool:
    """Whether the content alone decided what reading it gave."""
    return bool(digest.sha256) and (digest.unread is None or digest.unread.code not in _OF_THE_MOMENT)


def _same_kind(digest: Digest, file: str) -> bool:
    """What is no report is told partly by its name: its ending, and lock files."""
    one, other = PurePosixPath(digest.file), PurePosixPath(file)
    if is_lock(other.name) or digest.unread is not None:
        return (one.suffix.lower(), is_lock(one.name)) == (other.suffix.lower(), is_lock(other.name))
    return True


def _unpacked(content: bytes) -> bytes:
    """Raises Misshapen."""
    zlib = quick_zlib()
    stream = zlib.decompressobj()
    try:
        plain: bytes = stream.decompress(content, _MOST)
    except zlib.error as fault:
        raise Misshapen("damaged") from fault
    if not stream.eof or stream.unused_data:
        raise Misshapen("cut off, or too large")
    return plain


@cache
def _toolkit() -> str:
    """Of the product's own files: another version may read the same workbook better."""
    total = sha256()
    for package in (toolkit, workbook, xlsx_templates):
        for path in sorted(Path(str(package.__file__)).parent.iterdir()):
            if path.suffix in (".py", ".c", ".toml", ".csv"):
                content = path.read_bytes()
                total.update(f"{path.name} {len(content)}\n".encode() + content)
    return total.hexdigest()


def _canonical(value: object) -> str:
    """By value: the same in every process, whatever the order of sets and dicts."""
    if isinstance(value, Mapping):
        return f"{{{','.join(sorted(f'{_canonical(k)}:{_canonical(v)}' for k, v in value.items()))}}}"
    if isinstance(value, frozenset):
        return f"<{','.join(sorted(map(_canonical, value)))}>"
    if isinstance(value, tuple | list):
        if _PLAIN.issuperset(map(type, value)):
            return repr(tuple(value))
        return f"({','.join(map(_canonical, value))})"
    return repr(value)
