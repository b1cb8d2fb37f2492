"""The files of a merge, digested by processes of this machine: Python's threads share one interpreter, processes don't.

For front doors that run in a Python of their own (the command line): a process started by an office suite would start
that suite again. Each worker has a pipe of its own, so that when one dies it is known over which file.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from time import monotonic
from typing import Any, NamedTuple, TypeVar, cast

from toolkit.records import Digest
from workbook import log
from workbook.digest import Lens, Source, fingerprint, lost
from workbook.intake import Tell, quietly
from workbook.spread import Fetched, Known, ahead, anew, side_by_side, threads

WORTH = 3_000_000  # bytes of files from which starting processes pays
_AHEAD = 2  # files that a worker has been asked for: it never waits
_HELD = 4  # digests for each worker that may wait for their turn
_TRIES = 2  # a process may also be ended by chance
_ROOM = 1 << 18  # bytes of a file that are looked at together: they stay near the processor
_UNTOLD = 8_000_000  # bytes of what is remembered that wait to be made into records: 35 files with 6.000 dossiers
_MOST = 8  # workers; each takes 100 MB
_ROOMY = 200_000  # objects between two searches for cycles, of which a digest has none
_PATIENCE = 10  # seconds that workers have for their last file when nobody waits for it any more

T = TypeVar("T")
R = TypeVar("R")


class Answer(NamedTuple):
    """What comes back for a file, and what its process has to say besides."""

    digest: Digest
    fault: str = ""  # why nothing can be kept any more, see ``Known``
    log: str = ""  # see ``log.handed_over``


class Processes:
    """A ``Spread`` whose workers stay, and do what is begun ``aside``, until it is closed."""

    def __init__(self) -> None:
        self._crew: _Crew | None = None

    def __call__(
        self, lens: Lens, sources: Sequence[Source], known: Known | None, tell: Tell
    ) -> Generator[Digest, None, None]:
        """A caller that stops listening, or whose ``tell`` raises, cancels what has not begun."""
        there = _remembered(sources, known)
        left = [source for source, digest in zip(sources, there, strict=True) if digest is None]
        workers = min(os.cpu_count() or 1, _MOST, len(left))
        if workers < 2 or sum(map(_size, left)) < WORTH:
            fresh = threads(lens, left, known, quietly)
        else:
            self._crew = _Crew(workers, lens, left, known)
            fresh = self._crew.digests()
        try:
            for done, (source, digest) in enumerate(zip(sources, there, strict=True), 1):
                found = digest or next(fresh)
                tell(done, len(sources), source.name)
                yield found
        finally:
            fresh.close()

    def aside(self, work: Callable[[T], R], things: Sequence[T]) -> Iterator[R]:
        """An ``Aside``: by the workers that have read, which know the form already; here, where there are none."""
        return self._crew.aside(work, things) if self._crew else side_by_side(work, things)

    def close(self) -> None:
        if self._crew:
            self._crew.dismiss()
            self._crew = None


def processes(lens: Lens, sources: Sequence[Source], known: Known | None, tell: Tell) -> Generator[Digest, None, None]:
    """A ``Spread`` of its own, whose workers go when all is read."""
    with closing(Processes()) as here:
        yield from here(lens, sources, known, tell)


def _remembered(sources: Sequence[Source], known: Known | None) -> list[Digest | None]:
    """What is known of each file already; nobody is sent for that. A thread goes ahead with what hardly needs the
    interpreter, this one makes the records: two that did both would wait for each other."""
    kept = known.kept() if known else frozenset()
    if not known or not kept:
        return [None] * len(sources)
    room = memoryview(bytearray(_ROOM))

    def fetched(source: Source) -> Fetched | None:
        sha256 = fingerprint(source, room)
        return known.fetch(sha256) if sha256 in kept else None

    found = ahead(fetched, sources, lambda one: one.size if one else 0, _UNTOLD)
    return [one and one.told(source.name) for source, one in zip(sources, found, strict=True)]


class _Share(NamedTuple):
    """What a worker is to do besides reading."""

    work: Callable[[Any], Any]
    things: Sequence[Any]


class _Worker:
    """A process that answers what it is asked, in that order."""

    def __init__(self, context: Any) -> None:
        """Raises OSError where there is no room for another process. A process is given nothing but its pipe: one that
        dies before it has taken more than a pipe holds would be waited for forever."""
        self.pipe, there = context.Pipe()
        self.process = context.Process(target=_work, args=(there,), daemon=True)
        try:
            with there, _uninterrupted():  # closed here, the pipe ends with the process
                self.process.start()
        except OSError:
            self.pipe.close()
            raise
        self.asked: deque[int] = deque()  # places of the sources it has not answered yet
        self.awake = self.ready = False


class _Crew:
    def __init__(self, workers: int, lens: Lens, sources: Sequence[Source], known: Known | None) -> None:
        self._context: Any = get_context("spawn")  # a fork would copy our threads; and it is what Windows does
        self._lens, self._sources, self._known = lens, sources, known
        self._patience = float(_PATIENCE)
        self._left = deque(range(len(sources)))
        self._answers: dict[int, Answer] = {}
        self._deaths: Counter[int] = Counter()
        self._size = workers
        self._workers: dict[Connection, _Worker] = {}
        self._alone = False

    def digests(self) -> Generator[Digest, None, None]:
        """Of the sources, in their order. Asked once."""
        self._hire()
        self._told = pickle.dumps((self._lens, self._known))  # to each worker: made while they begin
        for place in range(len(self._sources)):
            answer = self._answer(place)
            if answer.fault and self._known:
                self._known.fault = answer.fault
            log.add(answer.log)
            yield answer.digest

    def aside(self, work: Callable[[T], R], things: Sequence[T]) -> Iterator[R]:
        """An ``Aside`` for when all is read: each worker gets its share at once, and keeps what it made until somebody
        listens. One fewer than have read: the processor of the last, and its memory, are for what goes on here. What
        one that has died owes is made here too."""
        self._patience = 0  # nobody misses what is cut short now
        idle = [worker for worker in self._workers.values() if worker.ready]
        chosen = idle[: max(1, self._size - 1)]
        self._dismiss([worker for worker in self._workers.values() if worker not in chosen])
        for n, worker in enumerate(chosen):
            with suppress(OSError):  # it has died: its pipe will tell
                worker.pipe.send(_Share(work, things[n :: len(chosen)]))
        return _collected(work, things, [worker.pipe for worker in chosen]) if chosen else side_by_side(work, things)

    def _answer(self, place: int) -> Answer:
        while place not in self._answers:
            if self._alone:
                self._answers[place] = Answer(anew(self._lens, self._sources[place], self._known))
                break
            self._hire()
            self._ask(place + _HELD * self._size)
            for pipe in wait([*self._workers]) if self._workers else ():
                if worker := self._workers.get(cast(Connection, pipe)):  # not buried meanwhile
                    self._listen(worker)
        return self._answers.pop(place)

    def dismiss(self) -> None:
        self._dismiss([*self._workers.values()])

    def _dismiss(self, workers: Sequence[_Worker]) -> None:
        for worker in workers:
            worker.pipe.close()  # that is how it learns to stop
        end = monotonic() + self._patience
        for worker in workers:
            worker.process.join(max(0, end - monotonic()))
            worker.process.kill()  # nothing less ends one that somebody has stopped
            worker.process.join()
        self._workers = {pipe: worker for pipe, worker in self._workers.items() if worker not in workers}

    def _hire(self) -> None:
        while len(self._workers) < self._size:
            try:
                worker = _Worker(self._context)
            except OSError:  # as many as there are, then
                self._size = len(self._workers)
                self._alone = self._size == 0
                return
            self._workers[worker.pipe] = worker

    def _ask(self, before: int) -> None:
        for worker in self._workers.values():
            while worker.ready and self._left and self._left[0] < before and len(worker.asked) < _AHEAD:
                worker.asked.append(self._left.popleft())
                try:
                    worker.pipe.send(self._sources[worker.asked[-1]])
                except OSError:  # it has died: its pipe will tell
                    break

    def _listen(self, worker: _Worker) -> None:
        try:
            answer = worker.pipe.recv()
            if not worker.awake:
                worker.pipe.send_bytes(self._told)
        except (EOFError, OSError):
            self._bury(worker)
            return
        if worker.ready:
            self._answers[worker.asked.popleft()] = answer
        worker.ready, worker.awake = worker.awake, True

    def _bury(self, worker: _Worker) -> None:
        """It was at the first file it was asked for; the others it has not begun."""
        del self._workers[worker.pipe]
        worker.pipe.close()
        worker.process.kill()
        worker.process.join()
        self._alone |= not worker.ready  # processes cannot begin here: without them
        if worker.asked:
            place = worker.asked[0]
            self._deaths[place] += 1
            if self._deaths[place] == _TRIES:
                worker.asked.popleft()
                self._answers[place] = Answer(lost(self._sources[place]))
        self._left.extendleft(reversed(worker.asked))
        if self._alone:
            self.dismiss()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl+C waits, for this thread and for good for a process that it starts: that would say in English where it was.
    Windows has nothing of the kind."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # or it would be started now, and end the waiting
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: Connection) -> None:
    """What a worker does: says that it is awake, is told what to look for, says that it is ready; then a digest for
    each source, or what is made of its share, until the pipe is closed."""
    gc.set_threshold(_ROOMY)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for whoever started us, who then closes the pipe
    log.hold()
    try:
        pipe.send(None)
        lens, known = pipe.recv()
        pipe.send(None)
        while True:
            asked = pipe.recv()
            if isinstance(asked, _Share):
                for made in [asked.work(thing) for thing in asked.things]:
                    pipe.send(made)
            else:
                digest = anew(lens, asked, known)
                pipe.send(Answer(digest, known.fault if known else "", log.handed_over()))
    except Exception:  # nobody asks any more, or whoever asked will meet the same fault and tell it
        os._exit(0)  # whoever waits for our end need not wait until all that was read is taken apart


def _collected(work: Callable[[T], R], things: Sequence[T], pipes: Sequence[Connection]) -> Iterator[R]:
    for n, thing in enumerate(things):
        try:
            yield pipes[n % len(pipes)].recv()
        except (EOFError, OSError):
            yield work(thing)


def _size(source: Source) -> int:
    try:
        return source.path.stat().st_size
    except OSError:
        return 0
