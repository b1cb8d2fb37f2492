"""How much work a piece of code does, told without a clock: machines are shared, and a slow minute is no fault."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

PATIENCE = 120
"""Seconds after which something that hangs is interrupted: a hundred times what any of it takes."""


def calls(action: Callable[[], object]) -> int:
    """The function calls of an action in this thread, also those of built-in functions: the same on every machine."""
    count = 0

    def profile(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        action()
    finally:
        sys.setprofile(before)
    return count


@contextmanager
def ends() -> Iterator[None]:
    """What is done here ends at some time: a watchdog for input that might be read forever, not a measure of speed."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def bite(_number: int, _frame: object) -> None:
        raise AssertionError("hangs")

    before = signal.signal(signal.SIGALRM, bite)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
