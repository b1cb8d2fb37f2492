"""The files of a merge, digested side by side; ``workbook.cluster`` does the same on many machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Protocol

from toolkit.records import Digest
from workbook.digest import Lens, Source, digest, taken
from workbook.intake import Tell

WORKERS = 2
"""Reading a register leaves the interpreter free for a second thread; everything else is one thread's work."""


class Known(Protocol):
    """What was read before (``workbook.memory.Memory``)."""

    def recall(self, sha256: str, file: str) -> Digest | None:
        """What a content gave, under the name ``file``; None: read it."""

    def keep(self, digest: Digest) -> None: ...


class Spread(Protocol):
    """The digests of some files, in the order of the files, whoever makes them."""

    def __call__(self, lens: Lens, sources: Sequence[Source], known: Known | None, tell: Tell) -> Iterator[Digest]: ...


def threads(lens: Lens, sources: Sequence[Source], known: Known | None, tell: Tell) -> Iterator[Digest]:
    """On this machine. A caller that stops listening, or whose ``tell`` raises, cancels what has not begun."""
    yield from in_order(lambda source: _one(lens, source, known), sources, tell)


def in_order(work: Callable[[Source], Digest], sources: Sequence[Source], tell: Tell) -> Iterator[Digest]:
    from concurrent.futures import ThreadPoolExecutor  # late: a check of a single file does not need it

    pool = ThreadPoolExecutor(WORKERS)
    try:
        running = [pool.submit(work, source) for source in sources]
        for done, (source, future) in enumerate(zip(sources, running, strict=True), 1):
            found = future.result()
            tell(done, len(sources), source.name)
            yield found
    finally:
        pool.shutdown(cancel_futures=True)


def remembered(known: Known | None, content: bytes, name: str) -> Digest | None:
    return known.recall(sha256(content).hexdigest(), name) if known else None


def _one(lens: Lens, source: Source, known: Known | None) -> Digest:
    content = taken(source)
    if isinstance(content, Digest):
        return content
    before = remembered(known, content, source.name)
    if before is not None:
        return before
    found = digest(lens, source.name, content)
    if known:
        known.keep(found)
    return found
