"""Whole processes in turn (A B C, A B C, ...), so that a drifting machine hits all alike.

Seconds and processor seconds of each, the greatest memory of its tree of processes, and the ratio of its seconds to the
first one's, taken within each round.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

_EVERY = 0.05  # seconds between two looks at the memory


class Run(NamedTuple):
    seconds: float
    processor: float


class Row(NamedTuple):
    """Medians over the rounds."""

    seconds: float
    processor: float
    memory: float  # MB at most, resident, children included; of one round
    ratio: float  # of seconds to the first process's
    lowest: float
    highest: float


def measure(
    commands: Mapping[str, Sequence[str]], rounds: int, *, fresh: Mapping[str, Sequence[Path]] | None = None
) -> dict[str, Row]:
    """One round more warms the caches, that of compiled modules too, which an installation has; in it the memory is
    looked at, which takes time. ``fresh``: files that a command must not find from the round before."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    memory: dict[str, list[float]] = {name: [] for name in commands}
    with TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for number in range(rounds + 1):
            for name, command in commands.items():
                for path in (fresh or {}).get(name, ()):
                    subprocess.run(["rm", "-rf", str(path)], check=True)
                if number:
                    runs[name].append(run(command, environment))
                else:
                    run(command, environment, memory[name])
    first = next(iter(runs.values()))
    return {name: _row(many, max(memory[name]), first) for name, many in runs.items()}


def run(command: Sequence[str], environment: Mapping[str, str], memory: list[float] | None = None) -> Run:
    """``memory``: takes what the tree of processes holds, MB, again and again. Raises SystemExit for a command that
    ends otherwise than with 0 or 1 (findings)."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    over = threading.Event()

    def watch() -> None:
        while memory is not None and not over.wait(_EVERY):
            memory.append(_resident(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    over.set()
    watcher.join()
    if process.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)}\n{said.decode(errors='replace')[-2000:]}")
    if memory is not None:
        memory.append(used.ru_maxrss / 1024)
    return Run(seconds, used.ru_utime + used.ru_stime)


def table(rows: Mapping[str, Row]) -> str:
    head = f"{'':34} {'seconds':>8} {'processor':>9} {'MB':>6} {'ratio':>6}  lowest-highest"
    lines = (
        f"{name:34} {r.seconds:8.2f} {r.processor:9.2f} {r.memory:6.0f} {r.ratio:6.2f}  {r.lowest:.2f}-{r.highest:.2f}"
        for name, r in rows.items()
    )
    return "\n".join([head, *lines])


def _row(runs: Sequence[Run], memory: float, first: Sequence[Run]) -> Row:
    ratios = [a.seconds / b.seconds for a, b in zip(runs, first, strict=True)]
    seconds, processor = (median(column) for column in zip(*runs, strict=True))
    return Row(seconds, processor, memory, median(ratios), min(ratios), max(ratios))


def _resident(root: int) -> float:
    """MB of a process and everything below it (Linux); pages that several of them share are counted once."""
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with suppress(OSError):  # it ended meanwhile
                state = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
                children.setdefault(int(state[1]), []).append(int(entry))
    total, left = 0, [root]
    while left:
        process = left.pop()
        with suppress(OSError):
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        left += children.get(process, [])
    return total / 1024
