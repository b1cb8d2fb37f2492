"""The files of a merge, digested side by side in threads; ``processes`` and ``cluster`` do the same with more."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple, Protocol, TypeVar

from toolkit.records import Digest
from workbook.digest import Lens, Source, digest, taken
from workbook.intake import Tell

T = TypeVar("T")
R = TypeVar("R")

WORKERS = 2
"""Reading a register leaves the interpreter free for a second thread; everything else is one thread's work."""


class Fetched(NamedTuple):
    """What is known of a content, not yet made into records."""

    size: int  # bytes that it holds
    told: Callable[[str], Digest | None]  # as ``Known.recall``, under the name given


class Known(Protocol):
    """What was read before (``workbook.memory.Memory``)."""

    fault: str
    """Why nothing can be kept any more; "" as long as it can."""

    def kept(self) -> frozenset[str]:
        """SHA-256 of the contents that it may know."""

    def recall(self, sha256: str, file: str) -> Digest | None:
        """What a content gave, under the name ``file``; None: read it."""

    def fetch(self, sha256: str) -> Fetched:
        """The part of ``recall`` that hardly needs the interpreter: it goes on in a thread beside another."""

    def keep(self, digest: Digest) -> None: ...


class Spread(Protocol):
    """The digests of some files, in the order of the files, whoever makes them."""

    def __call__(self, lens: Lens, sources: Sequence[Source], known: Known | None, tell: Tell) -> Iterator[Digest]: ...


class Aside(Protocol):
    """``work`` of each of some things, in their order, whoever does it: it may have begun when the first is asked for.
    What is made elsewhere is what would be made here."""

    def __call__(self, work: Callable[[T], R], things: Sequence[T], /) -> Iterator[R]: ...


def threads(lens: Lens, sources: Sequence[Source], known: Known | None, tell: Tell) -> Generator[Digest, None, None]:
    """On this machine. A caller that stops listening, or whose ``tell`` raises, cancels what has not begun."""

    def told(done: int, total: int, source: Source) -> None:
        tell(done, total, source.name)

    yield from side_by_side(lambda source: one(lens, source, known), sources, told)


def side_by_side(
    work: Callable[[T], R], things: Sequence[T], tell: Callable[[int, int, T], None] = lambda *_: None
) -> Iterator[R]:
    """An ``Aside`` that begins when it is asked, by threads. ``tell``: how many are done, of how many, which last."""
    from concurrent.futures import ThreadPoolExecutor  # late: a check of a single file does not need it

    pool = ThreadPoolExecutor(WORKERS)
    try:
        running = [pool.submit(work, thing) for thing in things]
        for done, (thing, future) in enumerate(zip(things, running, strict=True), 1):
            found = future.result()
            tell(done, len(things), thing)
            yield found
    finally:
        pool.shutdown(cancel_futures=True)


def ahead(work: Callable[[T], R], things: Sequence[T], size: Callable[[R], int], most: int) -> Generator[R, None, None]:
    """``work`` of each of some things, in their order, by a thread that goes ahead of whoever listens: until what
    nobody has heard yet has the ``size`` ``most`` together, or nobody listens any more."""
    made: deque[tuple[R | BaseException, int]] = deque()
    news, unheard, over = threading.Condition(), 0, False

    def go() -> None:
        nonlocal unheard
        for thing in things:
            try:
                found = work(thing)
                told: tuple[R | BaseException, int] = found, size(found)
            except BaseException as fault:
                told = fault, most
            with news:
                made.append(told)
                unheard += told[1]
                news.notify()
                while unheard >= most and not over:
                    news.wait()
            if over:
                return

    thread = threading.Thread(target=go, daemon=True)
    thread.start()
    try:
        for _ in things:
            with news:
                news.wait_for(lambda: made)
                found, heard = made.popleft()
                unheard -= heard
                news.notify()
            if isinstance(found, BaseException):
                raise found
            yield found
    finally:
        with news:
            over = True
            news.notify()
        thread.join()


def remembered(known: Known | None, content: bytes, name: str) -> Digest | None:
    return known.recall(sha256(content).hexdigest(), name) if known else None


def one(lens: Lens, source: Source, known: Known | None) -> Digest:
    """From the memory where it can be, else read and remembered."""
    content = taken(source)
    if isinstance(content, Digest):
        return content
    return remembered(known, content, source.name) or _read(lens, source, content, known)


def anew(lens: Lens, source: Source, known: Known | None) -> Digest:
    """Read and remembered, where it is known already that it is not in the memory."""
    content = taken(source)
    return content if isinstance(content, Digest) else _read(lens, source, content, known)


def _read(lens: Lens, source: Source, content: bytes, known: Known | None) -> Digest:
    found = digest(lens, source.name, content)
    if known:
        known.keep(found)
    return found
