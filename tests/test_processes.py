"""Processes of this machine give what its threads give, whatever becomes of one of them.

Requirements
  PR01  the same digests in the same order, the same bytes of the result
  PR02  a file that ends its process is told as a fault of ours under its own name; all others are read
  PR03  what a worker cannot keep, and what it logs, reaches the process that started it
  PR04  a caller that stops ends the workers; few bytes start none; where none can begin, it goes without
  PR05  nothing hangs, whenever a worker ends or is stopped, and no worker says a word of its own on the screen
  PR06  what is begun aside gives what is made here, in its order, whatever becomes of a worker; slips have the same
        bytes, and a merge that is stopped meanwhile, or refused, leaves none half made and no worker
  PR07  what is remembered is fetched ahead by a thread, in bounded memory; a damaged entry among others is read again;
        a fault is told, and whoever stops listening leaves no thread
"""

from __future__ import annotations

import errno
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from multiprocessing import spawn
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

import pytest
from effort import ends
from received_folder import FORM, PERIOD, PLACES, PROVINCE, fill

from toolkit.records import Digest
from workbook import digest as of_one_file
from workbook import log, merge_job, processes, report, sniff
from workbook.digest import Lens, Source, digest
from workbook.files import Refused
from workbook.memory import Memory
from workbook.memory_folder import ENTRY
from workbook.slip_files import INDEX
from workbook.slip_making import MEND, MESSAGE, PAGE
from workbook.spread import ahead, threads

LENS = Lens(FORM, PLACES, PERIOD.end)


class Deadly(type(Path())):  # type: ignore[misc]  # the class of paths of this machine
    """A path that ends the process to which it is sent."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (9,)


class Greedy(type(Path())):  # type: ignore[misc]
    """A path that asks for more memory than there is, where it is sent."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return bytearray, (sys.maxsize,)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("đã nhận"), communes=9)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two workers for however few bytes; none is left over."""
    monkeypatch.setattr(processes, "WORTH", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    yield
    assert multiprocessing.active_children() == []


def sources(folder: Path) -> list[Source]:
    return [Source(path, path.name) for path in sorted(folder.iterdir())]


def by_processes(sources: list[Source], known: Memory | None = None, lens: Lens = LENS) -> list[Digest]:
    return list(processes.processes(lens, sources, known, lambda *_: None))


def plain(digests: list[Digest]) -> list[tuple[object, ...]]:
    """Without the columns, which Arrow does not compare by value."""
    return [(d.file, d.sha256, d.filing, d.unread, d.findings, d.dossiers and d.dossiers.kinds) for d in digests]


def test_same_digests__PR01(folder: Path) -> None:
    told: list[tuple[int, int, str]] = []
    given = list(processes.processes(LENS, sources(folder), None, lambda *said: told.append(said)))
    assert plain(given) == plain(list(threads(LENS, sources(folder), None, lambda *_: None)))
    assert told == [(n, 10, source.name) for n, source in enumerate(sources(folder), 1)]


def test_same_bytes__PR01(folder: Path, tmp_path: Path) -> None:
    for name, spread in (("a", threads), ("b", processes.processes)):
        merge_job.merge(FORM, PLACES, folder, PROVINCE, PERIOD, tmp_path / name / "t.xlsx", spread=spread)
    assert (tmp_path / "a" / "t.xlsx").read_bytes() == (tmp_path / "b" / "t.xlsx").read_bytes()
    remembered = [{p.name: p.read_bytes() for p in (tmp_path / name / "t.tthc").iterdir()} for name in "ab"]
    assert remembered[0] == remembered[1] and len(remembered[0]) > 10
    again = merge_job.merge(
        FORM, PLACES, folder, PROVINCE, PERIOD, tmp_path / "b" / "t.xlsx", spread=processes.processes
    )
    assert again.bridge is not None


@pytest.mark.parametrize("deadly", [{0}, {4}, {9}, {2, 3}])
def test_a_file_that_ends_its_process__PR02(folder: Path, deadly: set[int]) -> None:
    sound = sources(folder)
    asked = [Source(Deadly(path), name) if n in deadly else Source(path, name) for n, (path, name) in enumerate(sound)]
    given, expected = by_processes(asked), by_processes(sound)
    for n, (found, wanted) in enumerate(zip(given, expected, strict=True)):
        assert (found.file, found.sha256) == (wanted.file, wanted.sha256)
        if n in deadly:
            assert found.unread is not None and found.unread.code == "TEP_013"
        else:
            assert plain([found]) == plain([wanted])


def test_a_memory_that_cannot_be_written__PR03(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "t.tthc").write_text("not a folder")
    memory = Memory(tmp_path / "t.tthc", FORM, "0" * 16)
    assert len(by_processes(sources(folder), memory)) == 10
    assert [f.code for f in memory.findings] == ["NHO_001"]


def test_a_fault_of_ours_is_logged__PR03(folder: Path, tmp_path: Path) -> None:
    log.start(tmp_path / "nhat_ky.log")
    try:
        found = by_processes(sources(folder), lens=LENS._replace(form=None))  # type: ignore[arg-type]
        assert {d.unread and d.unread.code for d in found} == {"TEP_013", "TEP_001"}
        assert (tmp_path / "nhat_ky.log").read_text(encoding="utf-8").count("file with SHA-256") == 9
    finally:
        log.start(None)


def test_cancelling__PR04(folder: Path) -> None:
    def cancel(done: int, total: int, name: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(processes.processes(LENS, sources(folder), None, cancel))
    stopped = processes.processes(LENS, sources(folder), None, lambda *_: None)
    next(stopped)
    stopped.close()  # type: ignore[attr-defined]


def test_few_bytes_start_nothing__PR04(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_Crew", None)
    monkeypatch.setattr(processes, "WORTH", sum(path.stat().st_size for path in folder.iterdir()) + 1)
    assert len(by_processes(sources(folder))) == 10
    monkeypatch.setattr(processes, "WORTH", processes.WORTH - 1)
    with pytest.raises(TypeError):
        by_processes(sources(folder))


def test_what_is_remembered_starts_nothing__PR04(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory(tmp_path / "t.tthc", FORM, "0" * 16)
    first = by_processes(sources(folder), memory)
    monkeypatch.setattr(processes, "WORTH", 1)
    monkeypatch.setattr(processes, "_Crew", None)
    assert plain(by_processes(sources(folder), memory)) == plain(first)
    with pytest.raises(TypeError):
        by_processes(sources(folder), Memory(tmp_path / "t.tthc", FORM, "1" * 16))  # looked at otherwise


def test_where_no_process_can_begin__PR04(folder: Path) -> None:
    unsendable = LENS._replace(places=Deadly())  # ends each worker before it says a word
    found = by_processes(sources(folder), lens=unsendable)
    assert [d.file for d in found] == [s.name for s in sources(folder)]
    assert {d.unread and d.unread.code for d in found} == {"TEP_013", "TEP_001"}  # read here, with places that are none


@pytest.mark.skipif(shutil.which("false") is None, reason="no program that ends at once")
def test_a_process_that_reads_nothing__PR05(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spawn, "_python_exe", os.fsencode(str(shutil.which("false"))))
    with ends():
        assert len(by_processes(sources(folder))) == 10


@pytest.mark.parametrize("room", [0, 1])
def test_no_room_for_processes__PR05(folder: Path, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    begin, begun = SpawnProcess.start, []

    def start(process: SpawnProcess) -> None:
        begun.append(process)
        if len(begun) > room:
            raise OSError(errno.EAGAIN, "no more processes")
        begin(process)

    expected = by_processes(sources(folder))
    monkeypatch.setattr(SpawnProcess, "start", start)
    assert plain(by_processes(sources(folder))) == plain(expected)
    assert len(begun) == room + 1


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="Windows stops no process")
def test_cancelling_while_a_worker_is_stopped__PR05(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_PATIENCE", 0.1)
    running = processes.processes(LENS, sources(folder), None, lambda *_: None)
    next(running)
    for worker in multiprocessing.active_children():
        os.kill(int(worker.pid or 0), signal.SIGSTOP)
    with ends():
        running.close()  # type: ignore[attr-defined]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals that wait")
def test_interrupted_while_they_begin__PR05(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    begin, interrupted = SpawnProcess.start, []

    def start(process: SpawnProcess) -> None:
        begin(process)
        os.kill(int(process.pid or 0), signal.SIGINT)
        interrupted.append(process)

    monkeypatch.setattr(SpawnProcess, "start", start)
    assert len(by_processes(sources(folder))) == 10
    assert (len(interrupted), capfd.readouterr().err) == (2, "")


def test_interrupting_is_possible_again__PR05(folder: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts what is behind it without one
    try:
        running = processes.processes(LENS, sources(folder), None, lambda *_: None)
        next(running)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        running.close()  # type: ignore[attr-defined]
    finally:
        signal.signal(signal.SIGINT, before)


def test_no_memory_for_a_file__PR05(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    sound = sources(folder)
    asked = [Source(Greedy(path), name) if n == 4 else Source(path, name) for n, (path, name) in enumerate(sound)]
    found = by_processes(asked)
    assert [n for n, d in enumerate(found) if d.unread and d.unread.code == "TEP_013"] == [4]
    assert capfd.readouterr().err == ""


# --- PR07


def test_ahead_in_bounded_memory__PR07() -> None:
    """Each thing has the size 1: at most three wait, and one more is in hand."""
    made: list[int] = []
    for heard, found in enumerate(ahead(lambda n: (made.append(n), n)[1], range(50), lambda _: 1, 3)):
        assert found == heard
        assert len(made) - heard <= 5
        time.sleep(0.001 if heard < 20 else 0)
    assert made == [*range(50)]


def test_larger_than_what_may_wait__PR07() -> None:
    with ends():
        assert list(ahead(lambda n: n, range(9), lambda _: 100, 3)) == [*range(9)]
        assert list(ahead(lambda n: n, [], lambda _: 100, 3)) == []


@pytest.mark.parametrize("n", [0, 5, 8])
def test_a_fault_ahead_is_told__PR07(n: int) -> None:
    before, heard = threading.active_count(), []
    with ends(), pytest.raises(ZeroDivisionError):
        for found in ahead(lambda at: 1 // (n - at) or at, range(9), lambda _: 1, 3):
            heard.append(found)
    assert (len(heard), threading.active_count()) == (n, before)


def test_nobody_listens_any_more__PR07() -> None:
    before, made = threading.active_count(), []
    going = ahead(lambda n: (made.append(n), n)[1], range(1_000), lambda _: 1, 3)
    next(going)
    with ends():
        going.close()
    assert threading.active_count() == before and len(made) < 10


@pytest.mark.parametrize("damage", [lambda _: b"", lambda content: content[:-9], lambda _: zlib.compress(b"planted")])
def test_a_damaged_entry_among_others__PR07(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[bytes], bytes]
) -> None:
    memory = Memory(tmp_path / "t.tthc", FORM, "0" * 16)
    first = by_processes(sources(folder), memory)
    entries = sorted(path for path in (tmp_path / "t.tthc").iterdir() if ENTRY.fullmatch(path.name))
    kept = entries[4].read_bytes()
    entries[4].write_bytes(damage(kept))
    read: list[str] = []
    monkeypatch.setattr("workbook.spread.digest", lambda *of: (read.append(of[1]), digest(*of))[1])
    monkeypatch.setattr(processes, "WORTH", 10**9)  # here, so that it is seen
    assert plain(by_processes(sources(folder), memory)) == plain(first)
    assert len(read) == 1
    assert entries[4].read_bytes() == kept


def test_fingerprint_is_that_of_what_is_taken__PR07(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sniff, of_one_file):
        monkeypatch.setattr(module, "MOST_BYTES", 1_000)
    contents = {"a": 1, "b.xlsx": 99, "c": 100, "d": 101, "e": 1_000, "f": 1_001, "g": 0, "~$h.xlsx": 9}
    for name, size in contents.items():
        (tmp_path / name).write_bytes(bytes(range(256)) * 4 + b"x" if size == 1_001 else os.urandom(size))
    (tmp_path / "folder").mkdir()
    room, told = memoryview(bytearray(100)), {}
    for name in (*contents, "folder", "nowhere"):
        source = Source(tmp_path / name, name)
        content = of_one_file.taken(source)
        told[name] = of_one_file.fingerprint(source, room)
        assert told[name] == (sha256(content).hexdigest() if isinstance(content, bytes) else "")
    assert [name for name, found in told.items() if found] == ["a", "b.xlsx", "c", "d", "e"]


def doubled(n: int) -> int:
    return 2 * n


def big(n: int) -> bytes:
    return bytes(n)


def deadly(n: int) -> int:
    """Ends a worker at the third thing it is asked for."""
    if n == 5 and multiprocessing.parent_process():
        os._exit(9)
    return 2 * n


def faulty(n: int) -> int:
    if n == 5:
        raise ZeroDivisionError
    return 2 * n


def sleeping(n: int) -> int:
    if multiprocessing.parent_process():
        time.sleep(1_000)
    return 2 * n


@pytest.fixture
def here(folder: Path) -> Iterator[processes.Processes]:
    """Workers that have read."""
    with closing(processes.Processes()) as here:
        assert len([*here(LENS, sources(folder), None, lambda *_: None)]) == 10
        yield here


@pytest.mark.parametrize(("cores", "most"), [(1, 0), (2, 1), (3, 2), (9, 7)])
def test_aside__PR06(folder: Path, monkeypatch: pytest.MonkeyPatch, cores: int, most: int) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    with closing(processes.Processes()) as here:
        list(here(LENS, sources(folder), None, lambda *_: None))
        found = here.aside(doubled, range(20))
        assert len(multiprocessing.active_children()) <= most  # one processor is ours; not all may have begun
        assert list(found) == [2 * n for n in range(20)]
        assert list(here.aside(doubled, [])) == []


def test_more_than_a_pipe_holds__PR06(here: processes.Processes) -> None:
    with ends():
        assert [len(found) for found in here.aside(big, [10**6] * 5)] == [10**6] * 5


def test_a_worker_that_dies_aside__PR06(here: processes.Processes, capfd: pytest.CaptureFixture[str]) -> None:
    with ends():
        assert list(here.aside(deadly, range(20))) == [2 * n for n in range(20)]
    assert capfd.readouterr().err == ""


def test_a_worker_that_died_before__PR06(here: processes.Processes) -> None:
    for worker in multiprocessing.active_children():
        worker.kill()
        worker.join()
    with ends():
        assert list(here.aside(doubled, range(20))) == [2 * n for n in range(20)]


def test_a_fault_aside_is_told_here__PR06(here: processes.Processes, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError):
        list(here.aside(faulty, range(20)))
    assert capfd.readouterr().err == ""


def test_stopping_waits_for_nothing_aside__PR06(here: processes.Processes) -> None:
    here.aside(sleeping, range(20))
    with ends():
        here.close()


def slips_of(folder: Path, out: Path, **by: Any) -> dict[str, bytes]:
    options = merge_job.Options(slips=out / "phiếu", remember=False)
    merge_job.merge(FORM, PLACES, folder, PROVINCE, PERIOD, out / "t.xlsx", options, **by)
    return {path.name: path.read_bytes() for path in (out / "phiếu").iterdir()}


def test_same_slips__PR06(folder: Path, tmp_path: Path) -> None:
    with merge_job.workers(None, merge_job.Options(slips=tmp_path)) as (spread, aside):
        by_workers = slips_of(folder, tmp_path / "a", spread=spread, aside=aside)
    by_threads = slips_of(folder, tmp_path / "b")
    assert by_workers == by_threads
    assert all(any(name.endswith(end) for name in by_threads) for end in (PAGE, MESSAGE, MEND))


def test_stopped_while_slips_are_made__PR06(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = slips_of(folder, tmp_path)
    written = (tmp_path / "t.xlsx").read_bytes()

    def stopped(*_: object, **__: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(report, "write", stopped)
    with (
        pytest.raises(KeyboardInterrupt),
        merge_job.workers(None, merge_job.Options(slips=tmp_path)) as (spread, aside),
    ):
        slips_of(folder, tmp_path, spread=spread, aside=aside)
    assert (tmp_path / "t.xlsx").read_bytes() == written
    assert {path.name: path.read_bytes() for path in (tmp_path / "phiếu").iterdir()} == earlier


@pytest.mark.parametrize("code", ["PH_001", "PH_002"])
def test_refused_slips__PR06(folder: Path, tmp_path: Path, code: str) -> None:
    """A wrong folder before anything is read; files in the way after the workbook of the province."""
    home = shutil.copytree(folder, tmp_path / "vào")
    slips = home / "phiếu" if code == "PH_001" else tmp_path / "phiếu"
    if code == "PH_002":
        slips.mkdir()
        (slips / INDEX).write_bytes(b"somebody else's")
    options = merge_job.Options(slips=slips, remember=False)
    with pytest.raises(Refused) as refused, merge_job.workers(None, options) as (spread, aside):
        merge_job.merge(FORM, PLACES, home, PROVINCE, PERIOD, tmp_path / "t.xlsx", options, spread=spread, aside=aside)
    assert [found.code for found in refused.value.findings] == [code]
    assert (tmp_path / "t.xlsx").is_file() == (code == "PH_002")
    assert [p.name for p in slips.iterdir()] == [INDEX] if code == "PH_002" else not slips.exists()


@pytest.mark.parametrize("start", [["-m", "macros"], ["-c", "from macros.__main__ import command; command()"]])
def test_from_the_command_line__PR01(folder: Path, tmp_path: Path, start: list[str]) -> None:
    """Workers begin by importing what started their parent: that must not merge again."""
    shutil.copytree(folder, tmp_path / "vào")
    (tmp_path / "vào" / "ảnh.pdf").write_bytes(b"%PDF-1.7" + bytes(processes.WORTH + 3_000_000))
    asked = ["merge", "vào", "--province", "51", "--from", "2025-07-01", "--to", "2025-09-25", "-o", "ra/t.xlsx"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run([sys.executable, *start, *asked], cwd=tmp_path, env=environment, capture_output=True)
    assert (done.returncode, done.stderr.count(b"Traceback")) == (1, 0)
    merge_job.merge(FORM, PLACES, tmp_path / "vào", PROVINCE, PERIOD, tmp_path / "ra" / "s.xlsx", spread=threads)
    assert (tmp_path / "ra" / "t.xlsx").read_bytes() == (tmp_path / "ra" / "s.xlsx").read_bytes()
