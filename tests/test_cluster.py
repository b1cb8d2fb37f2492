"""Many machines give what one gives, byte for byte, also when one of them dies half-way.

A real scheduler and real worker processes of Dask on this machine, on ports of their own, stopped at the end.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from toolkit.records import Period
from workbook import jobs, merge_job
from workbook.cluster import Cluster
from workbook.files import Refused
from workbook.forms import load_form, load_places

FORM, PLACES = load_form(), load_places()
PERIOD = Period(date(2025, 7, 1), date(2025, 9, 25))
DASK = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
WORKER = [sys.executable, "-m", "distributed.cli.dask_worker"]
SECONDS = 60


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tỉnh") / "đã nhận"
    for place in PLACES.in_province("51")[:6]:
        rows = [{"linh_vuc": "Đất đai", "truc_tuyen": int(place.code) % 97, "truoc_han": 3, "dang_trong_han": 5}]
        dossiers = [
            {"ma_ho_so": f"H48.{place.code}-{n:04}", "ngay_tiep_nhan": "2025-07-02", "ngay_hen_tra": f"2025-07-{3 + n}"}
            for n in range(9)
        ]
        values = {"grids": {"bieu_06a": rows}, "records": {"ho_so": dossiers}}
        jobs.new(FORM, PLACES, place.code, PERIOD, folder / jobs.file_name(place), values)
    (folder / "hỏng.xlsx").write_bytes(b"PK\x03\x04 cut off")
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
    merge_job.merge(FORM, PLACES, province, "51", PERIOD, out, asked, **options)  # type: ignore[arg-type]
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
