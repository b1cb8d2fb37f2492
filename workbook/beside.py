"""Something that is done by a thread of its own while this one goes on, and asked for later."""

# Without "from __future__ import annotations", as in ``toolkit.records``.

from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Beside(Thread, Generic[T]):
    """Begins at once. Whatever is raised there is raised for whoever asks."""

    def __init__(self, work: Callable[[], T]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._done: list[T] = []
        self._fault: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self._done.append(self._work())
        except BaseException as fault:  # a panic of calamine too
            self._fault = fault

    def result(self) -> T:
        self.join()
        if self._fault is not None:
            raise self._fault
        return self._done[0]
