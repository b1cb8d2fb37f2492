"""The files of a merge, digested by processes of this machine: Python's threads share one interpreter, processes don't.

For front doors that run in a Python of their own (the command line): a process started by an office suite would start
that suite again. Each worker has a pipe of its own, so that when one dies it is known over which file.
"""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
import signal
import sys
from collections import Counter, deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from time import monotonic
from typing import Any, NamedTuple, cast

from toolkit.records import Digest
from workbook import log
from workbook.digest import Lens, Source, lost, taken
from workbook.intake import Tell, quietly
from workbook.spread import Known, one, side_by_side, threads

WORTH = 3_000_000  # bytes of files from which starting processes pays
_AHEAD = 2  # files that a worker has been asked for: it never waits
_HELD = 4  # digests for each worker that may wait for their turn
_TRIES = 2  # a process may also be ended by chance
_MOST = 8  # workers; each takes 100 MB
_ROOMY = 200_000  # objects between two searches for cycles, of which a digest has none
_PATIENCE = 10  # seconds that workers have for their last file when nobody waits for it any more


class Answer(NamedTuple):
    """What comes back for a file, and what its process has to say besides."""

    digest: Digest
    fault: str = ""  # why nothing can be kept any more, see ``Known``
    log: str = ""  # see ``log.handed_over``


def processes(lens: Lens, sources: Sequence[Source], known: Known | None, tell: Tell) -> Iterator[Digest]:
    """A ``Spread``. A caller that stops listening, or whose ``tell`` raises, cancels what has not begun."""
    there = _remembered(sources, known)
    left = [source for source, digest in zip(sources, there, strict=True) if digest is None]
    workers = min(os.cpu_count() or 1, _MOST, len(left))
    fresh = (threads if workers < 2 or sum(map(_size, left)) < WORTH else _by_crew)(lens, left, known, quietly)
    try:
        for done, (source, digest) in enumerate(zip(sources, there, strict=True), 1):
            found = digest or next(fresh)
            tell(done, len(sources), source.name)
            yield found
    finally:
        fresh.close()


def _remembered(sources: Sequence[Source], known: Known | None) -> list[Digest | None]:
    """What is known of each file already; nobody is sent for that."""
    kept = known.kept() if known else frozenset()

    def recalled(source: Source) -> Digest | None:
        content = taken(source)
        sha256 = "" if isinstance(content, Digest) else hashlib.sha256(content).hexdigest()
        return known.recall(sha256, source.name) if known and sha256 in kept else None

    return list(side_by_side(recalled, sources, lambda *_: None)) if kept else [None] * len(sources)


def _by_crew(lens: Lens, sources: Sequence[Source], known: Known | None, tell: Tell) -> Generator[Digest, None, None]:
    crew = _Crew(min(os.cpu_count() or 1, _MOST, len(sources)), lens, sources, known)
    try:
        for done, source in enumerate(sources, 1):
            answer = crew.answer(done - 1)
            if answer.fault and known:
                known.fault = answer.fault
            log.add(answer.log)
            tell(done, len(sources), source.name)
            yield answer.digest
    finally:
        crew.dismiss()


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
        self._told = pickle.dumps((lens, known))  # to each worker
        self._left = deque(range(len(sources)))
        self._answers: dict[int, Answer] = {}
        self._deaths: Counter[int] = Counter()
        self._size = workers
        self._workers: dict[Connection, _Worker] = {}
        self._alone = False

    def answer(self, place: int) -> Answer:
        """What a source gave. Asked in the order of the sources, each once."""
        while place not in self._answers:
            if self._alone:
                self._answers[place] = Answer(one(self._lens, self._sources[place], self._known))
                break
            self._hire()
            self._ask(place + _HELD * self._size)
            for pipe in wait([*self._workers]) if self._workers else ():
                if worker := self._workers.get(cast(Connection, pipe)):  # not buried meanwhile
                    self._listen(worker)
        return self._answers.pop(place)

    def dismiss(self) -> None:
        for worker in self._workers.values():
            worker.pipe.close()  # that is how it learns to stop
        end = monotonic() + _PATIENCE
        for worker in self._workers.values():
            worker.process.join(max(0, end - monotonic()))
            worker.process.kill()  # nothing less ends one that somebody has stopped
            worker.process.join()
        self._workers.clear()

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
    each source, until the pipe is closed."""
    gc.set_threshold(_ROOMY)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for whoever started us, who then closes the pipe
    log.hold()
    try:
        pipe.send(None)
        lens, known = pipe.recv()
        pipe.send(None)
        while True:
            digest = one(lens, pipe.recv(), known)
            pipe.send(Answer(digest, known.fault if known else "", log.handed_over()))
    except (EOFError, OSError, MemoryError):  # nobody asks any more, or there is nothing to answer with
        return


def _size(source: Source) -> int:
    try:
        return source.path.stat().st_size
    except OSError:
        return 0
