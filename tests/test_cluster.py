"""Many machines give what one gives, byte for byte, also when one of them dies half-way.

A real scheduler and real worker processes of Dask on this machine, on ports of their own, stopped at the end.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from received_folder import FORM, PERIOD, PLACES, PROVINCE, fill

from workbook import merge_job
from workbook.cluster import Cluster
from workbook.files import Refused

DASK = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
WORKER = [sys.executable, "-m", "distributed.cli.dask_worker"]
SECONDS = 60


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = fill(tmp_path_factory.mktemp("tỉnh") / "đã nhận", communes=6)
    (folder / "công văn.pdf").write_bytes(b"%PDF-1.7")
    return folder


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    file = tmp_path_factory.mktemp("dask") / "scheduler.json"
    options = ["--port", "0", "--no-dashboard", "--scheduler-file", str(file), "--host", "127.0.0.1"]
    with started([*DASK, *options], file.parent):
        wait_for(file.exists)
        yield file


class started:
    """A process that ends with the block, however the block ends."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self.command, self.folder = command, folder

    def __enter__(self) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{len(list(self.folder.iterdir()))}.log").open("wb")
        self.process = subprocess.Popen(self.command, stdout=log, stderr=log, cwd=Path(__file__).parent.parent)
        return self.process

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()


def worker(scheduler: Path) -> started:
    options = ["--scheduler-file", str(scheduler), "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    folder = scheduler.parent
    return started([*WORKER, *options, "--host", "127.0.0.1", "--local-directory", str(folder)], folder)


def wait_for(condition: object) -> None:
    end = time.monotonic() + SECONDS
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.05)


def merged(province: Path, out: Path, **options: object) -> bytes:
    asked = merge_job.Options(remember=False)
    merge_job.merge(FORM, PLACES, province, PROVINCE, PERIOD, out, asked, **options)  # type: ignore[arg-type]
    return out.read_bytes()


def test_two_workers_one_of_which_dies(province: Path, scheduler: Path, tmp_path: Path) -> None:
    here = merged(province, tmp_path / "here" / "a.xlsx")
    with worker(scheduler) as first, worker(scheduler):
        wait_for(lambda: workers(scheduler) == 2)

        def kill(done: int, total: int, name: str) -> None:
            if done == 2:
                first.kill()

        there = merged(province, tmp_path / "there" / "a.xlsx", spread=Cluster(str(scheduler)), tell=kill)
        assert first.wait(SECONDS) != 0
        assert there == here
        assert workers(scheduler) == 1
        again = merged(province, tmp_path / "again" / "a.xlsx", spread=Cluster(str(scheduler)))
        assert again == here


def test_a_scheduler_that_dies(province: Path, tmp_path: Path) -> None:
    file, out = tmp_path / "scheduler.json", tmp_path / "kq" / "a.xlsx"
    options = ["--port", "0", "--no-dashboard", "--scheduler-file", str(file), "--host", "127.0.0.1"]
    old = merged(province, out)
    with started([*DASK, *options], tmp_path) as scheduler:
        wait_for(file.exists)
        with worker(file), pytest.raises(Refused) as refusal:

            def kill(done: int, total: int, name: str) -> None:
                scheduler.kill()
                scheduler.wait()

            merged(province, out, spread=Cluster(str(file)), tell=kill)
    assert [f.code for f in refusal.value.findings] == ["RA_017"]
    assert out.read_bytes() == old


def test_a_cluster_that_is_not_there(province: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbook.cluster._SECONDS", 1)
    with pytest.raises(Refused) as refusal:
        merged(province, tmp_path / "a.xlsx", spread=Cluster("tcp://127.0.0.1:9"))
    assert [f.code for f in refusal.value.findings] == ["RA_017"]
    assert not (tmp_path / "a.xlsx").exists()


def workers(scheduler: Path) -> int:
    from distributed import Client

    with Client(scheduler_file=str(scheduler), set_as_default=False) as client:
        return len(client.scheduler_info()["workers"])
