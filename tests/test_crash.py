"""Killed at any moment, on a full disk, in a folder of oddities: outputs are whole, nothing is lost, a reason is said.

Requirements
  CR01  kill -9 at any moment of merge, new --province and check --marked: under a final name stands the old file or the
        new one; what is left behind is known by its name, read as no report, and harms no later run
  CR02  a full disk or a folder where nothing may be written: the old output is whole, the reason is coded
  CR03  a file that changes while it is read is read as it was, or refused; never half and half
  CR04  10.000 tiny files, deep folders, a huge file: every one is told of, soon
  CR05  names: accents composed or not, spaces, 200 characters, differing by case only, bytes that are no text
  CR06  links, pipes, sockets, folders called like books, folders that may not be opened: told, never waited for
"""

from __future__ import annotations

import hashlib
import os
import random
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from toolkit.places import Gazetteer
from toolkit.records import Period
from workbook import intake, jobs, log, merge_job, read
from workbook.files import Refused, is_leftover
from workbook.forms import load_form, load_places
from workbook.memory_folder import SUFFIX

FORM, PLACES = load_form(), load_places()
FEW = Gazetteer(PLACES.provinces, PLACES.in_province("51")[:6])
PERIOD = Period(date(2025, 7, 1), date(2025, 9, 25))
ROOT = Path(__file__).parent.parent
WORDS = ["--from", "1/7/2025", "--to", "25/9/2025"]
ROW = {"linh_vuc": "Đất đai", "truc_tuyen": 6, "truc_tiep": 3, "ky_truoc": 1, "truoc_han": 4, "dung_han": 3} | {
    "qua_han": 1,
    "dang_trong_han": 1,
    "dang_qua_han": 0,
    "rut": 1,
}
NOBODY = 65_534

Job = Callable[[Path], object]


def book(path: Path, commune: str = "21061", online: int = 6) -> Path:
    return jobs.new(FORM, PLACES, commune, PERIOD, path, {"grids": {"bieu_06a": [{**ROW, "truc_tuyen": online}]}})


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What three communes sent, in a folder that holds nothing else."""
    folder = tmp_path_factory.mktemp("nhan") / "đã nhận"
    for place in FEW.places[:3]:
        book(folder / f"{place.code}.xlsx", place.code)
    return folder


def merge(folder: Path, out: Path) -> merge_job.Merged:
    return merge_job.merge(FORM, PLACES, folder, "51", PERIOD, out)


def whole(folder: Path) -> dict[str, str]:
    """Files by name with what they hold; what a killed run left behind, and a memory, left out."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not is_leftover(path) and not path.parent.name.endswith(SUFFIX)
    }


# --- CR01: at every step of writing, exactly


def killed(job: Callable[[], object], step: int, out: Path) -> bool:
    """Runs a job in a process of its own that is killed when it touches something in ``out`` for the ``step``-th time.
    False: it came to its end before."""
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            count = 0

            def count_down(event: str, arguments: tuple[object, ...]) -> None:
                nonlocal count
                touches = event in ("os.rename", "os.remove", "os.mkdir") or (event == "open" and arguments[1] == "wb")
                if touches and str(arguments[0]).startswith(str(out)):
                    count += 1
                    if count == step:
                        os.kill(os.getpid(), signal.SIGKILL)

            sys.addaudithook(count_down)
            job()
            os._exit(0)
        os._exit(1)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def steps(job: Callable[[Path], object], before: Path, tmp_path: Path) -> Iterator[tuple[Path, bool]]:
    """The state of a copy of ``before`` after the job was killed at its first step, at its second … and not at all."""
    for step in range(1, 60):
        folder = tmp_path / f"{step}" / before.name
        shutil.copytree(before, folder)
        dead = killed(lambda folder=folder: job(folder), step, folder)
        yield folder, dead
        if not dead:
            return
    pytest.fail("a job of more than 60 steps")


def test_merge_killed_at_each_step__CR01(reports: Path, tmp_path: Path) -> None:
    before = tmp_path / "nhan"
    shutil.copytree(reports, before)
    first = merge(before, before / "tong_hop.xlsx").path.read_bytes()
    book(before / "sau.xlsx", FEW.places[4].code)
    after = tmp_path / "xong" / "nhan"
    shutil.copytree(before, after)
    second = merge(after, after / "tong_hop.xlsx").path.read_bytes()
    assert first != second
    seen = set()
    for folder, dead in steps(lambda folder: merge(folder, folder / "tong_hop.xlsx"), before, tmp_path):
        result = (folder / "tong_hop.xlsx").read_bytes()
        assert result in (first, second)
        seen.add((dead, result == second))
        assert whole(folder).keys() == whole(after).keys()
        left = [path for path in folder.iterdir() if is_leftover(path)]
        summary = merge(folder, folder / "tong_hop.xlsx").summary
        assert {o.code for o in summary.outcomes if o.file in {path.name for path in left}} <= {"TEP_014"}
        assert [o.file for o in summary.outcomes if o.status == "merged"] == sorted(
            {*whole(folder)} - {"tong_hop.xlsx"}
        )
        assert summary.totals["truc_tuyen"] == 24
    assert seen >= {(True, False), (False, True)}


@pytest.mark.parametrize("name", ["new", "marked"])
def test_many_outputs_killed_at_each_step__CR01(name: str, reports: Path, tmp_path: Path) -> None:
    two = FEW._replace(places=FEW.places[:2])
    work: dict[str, Job] = {
        "new": lambda folder: jobs.new_province(FORM, two, "51", PERIOD, folder / "ra"),
        "marked": lambda folder: jobs.check(FORM, PLACES, [reports], folder / "ra"),
    }
    before, after = tmp_path / "trống", tmp_path / "xong"
    before.mkdir()
    work[name](after)
    wanted = whole(after)
    assert len(wanted) >= 2
    counts = set()
    for folder, _ in steps(work[name], before, tmp_path):
        found = whole(folder)
        assert found.items() <= wanted.items()
        counts.add(len(found))
        work[name](folder)
        assert whole(folder) == wanted
    assert counts == set(range(len(wanted) + 1))


def test_leftovers_are_told_and_ignored__CR01(reports: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(reports, tmp_path / "nhan"))
    halves = [folder / "~tthc-1.tmp", folder / "~tthc-4194304.tmp"]
    for half in halves:
        half.write_bytes(next(reports.iterdir()).read_bytes()[:9000])
    checked = {c.path: c.findings[0].code for c in jobs.check(FORM, PLACES, [folder]) if c.no_report}
    assert checked == dict.fromkeys(halves, "TEP_014")
    assert not any(map(is_leftover, (folder / "~tthc-.tmp", folder / "~tthc-1.tmp.xlsx", folder / "tthc-1.tmp")))


# --- CR01: a real process, at random moments


def test_commands_killed_at_random_moments__CR01(reports: Path, tmp_path: Path) -> None:
    dice = random.Random(7)
    before = whole(reports)
    dead = 0
    for moment in range(12):
        out = tmp_path / f"{moment}"
        process = run(
            (
                ["merge", str(reports), "--province", "51", *WORDS, "-o", str(out / "a.xlsx")],
                ["new", "--province", "12", *WORDS, "-o", str(out)],
                ["check", str(reports), "--marked", str(out)],
            )[moment % 3]
        )
        with suppress(subprocess.TimeoutExpired):
            process.wait(dice.uniform(0.1, 1.2))
        process.kill()
        dead += process.wait(120) == -signal.SIGKILL
        found = [path for path in out.rglob("*.xlsx") if not is_leftover(path)]
        assert [path.name for path in found if ZipFile(path).testzip() is not None] == []
    assert dead
    assert whole(reports) == before


def run(words: list[str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "macros", *words]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=ROOT, stdin=quiet, stdout=quiet, stderr=quiet)


# --- CR02


def in_child(work: Callable[[], None]) -> str:
    """What a job refused with in a process of its own, whose limits and rights ``work`` may change; "" when it did
    what was asked."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        said = "no end"
        try:
            work()
            said = ""
        except Refused as refusal:
            said = ",".join(f.code for f in refusal.findings)
        except BaseException as fault:
            said = f"{type(fault).__name__}: {fault}"
        os.write(theirs, said.encode())
        os._exit(0)
    os.close(theirs)
    with open(ours, encoding="utf-8") as stream:
        said = stream.read()
    assert os.waitpid(child, 0)[1] == 0
    return said


WRITERS: dict[str, Callable[[Path, Path], object]] = {
    "merge": lambda reports, out: merge(reports, out / "a.xlsx"),
    "new": lambda reports, out: book(out / "a.xlsx"),
    "province": lambda reports, out: jobs.new_province(FORM, FEW, "51", PERIOD, out),
    "marked": lambda reports, out: jobs.check(FORM, PLACES, [reports], out),
    "formulas": lambda reports, out: jobs.formulas(FORM, PLACES, next(reports.iterdir()), out / "a.xlsx"),
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_disk_that_is_full_half_way__CR02(name: str, reports: Path, tmp_path: Path) -> None:
    """The system itself stops the writing after 9.000 bytes."""
    out = tmp_path / "ra"
    out.mkdir()
    (out / "a.xlsx").write_bytes(b"old")

    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000))
        WRITERS[name](reports, out)

    assert in_child(full) == "RA_002"
    assert whole(out) == {"a.xlsx": hashlib.sha256(b"old").hexdigest()}
    assert not any(is_leftover(path) for path in out.iterdir())


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_where_the_folder_should_be__CR02(name: str, reports: Path, tmp_path: Path) -> None:
    (tmp_path / "ra").write_bytes(b"old")
    with pytest.raises(Refused) as refusal:
        WRITERS[name](reports, tmp_path / "ra")
    assert {f.code for f in refusal.value.findings} == {"RA_002"}
    assert (tmp_path / "ra").read_bytes() == b"old"


@pytest.mark.parametrize("name", WRITERS)
def test_a_folder_that_may_only_be_read__CR02(name: str, reports: Path, tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as open_to_all:  # that of pytest is closed to others
        home = Path(open_to_all)
        shutil.copytree(reports, home / "nhan")
        WRITERS[name](home / "nhan", home / "thu")  # everything is imported now
        out = home / "ra"
        out.mkdir()
        (out / "a.xlsx").write_bytes(b"old")
        home.chmod(0o755)
        out.chmod(0o555)

        def as_nobody() -> None:
            if os.geteuid() == 0:  # who may write everywhere
                os.setgroups([])
                os.setegid(NOBODY)
                os.seteuid(NOBODY)
            WRITERS[name](home / "nhan", out)

        assert in_child(as_nobody) == "RA_002"
        assert whole(out) == {"a.xlsx": hashlib.sha256(b"old").hexdigest()}
        out.chmod(0o755)


def test_a_folder_that_bears_the_name_of_the_result__CR02(reports: Path, tmp_path: Path) -> None:
    (tmp_path / "ra" / "a.xlsx").mkdir(parents=True)
    for name in ("merge", "new", "formulas"):
        with pytest.raises(Refused) as refusal:
            WRITERS[name](reports, tmp_path / "ra")
        assert [f.code for f in refusal.value.findings] == ["RA_002"]
    assert [p.name for p in (tmp_path / "ra").iterdir() if not p.name.endswith(SUFFIX)] == ["a.xlsx"]


# --- CR03


def test_bytes_are_taken_once__CR03(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book(tmp_path / "a.xlsx")
    content = path.read_bytes()
    true_require = read.require_zip

    def require_zip(given: bytes, name: str) -> None:
        path.write_bytes(content[:2000])  # Excel begins to save
        true_require(given, name)

    monkeypatch.setattr(read, "require_zip", require_zip)
    checked = intake.examine(FORM, PLACES, path)
    assert checked.status == "ok"
    assert checked.sha256 == hashlib.sha256(content).hexdigest()
    path.write_bytes(content)
    merged = merge(tmp_path, tmp_path / "ra" / "a.xlsx").summary
    assert {o.sha256 for o in merged.outcomes} == {hashlib.sha256(content).hexdigest()}
    assert merged.totals["truc_tuyen"] == 6


@pytest.mark.parametrize("change", [lambda p: book(p, online=7), lambda p: p.write_bytes(b"PK"), Path.unlink])
def test_no_marks_on_a_file_that_changed_since__CR03(
    change: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = book(tmp_path / "a.xlsx"), book(tmp_path / "b.xlsx", FEW.places[1].code)
    true_examine = jobs.examine

    def examine(form: object, places: object, path: Path, *rest: object) -> intake.Checked:
        checked = true_examine(form, places, path, *rest)  # type: ignore[arg-type]
        if path == one:
            change(path)
        return checked

    monkeypatch.setattr(jobs, "examine", examine)
    results = {c.path: c for c in jobs.check(FORM, PLACES, [one, other], tmp_path / "ra")}
    assert [f.code for f in results[one].findings][-1] == "RA_011" and results[one].marked is None
    assert results[other].marked is not None
    assert len(list((tmp_path / "ra").iterdir())) == 1


def test_no_formulas_into_a_file_that_changed_since__CR03(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book(tmp_path / "a.xlsx")
    true_read = jobs.read

    def then_changed(*arguments: object) -> object:
        filing = true_read(*arguments)  # type: ignore[arg-type]
        book(path, online=7)
        return filing

    monkeypatch.setattr(jobs, "read", then_changed)
    with pytest.raises(Refused) as refusal:
        jobs.formulas(FORM, PLACES, path, tmp_path / "ra.xlsx")
    assert [f.code for f in refusal.value.findings] == ["TEP_009"]
    assert not (tmp_path / "ra.xlsx").exists()


# --- CR04


def test_ten_thousand_tiny_files__CR04(tmp_path: Path) -> None:
    folder = tmp_path / "nhan"
    book(folder / "a.xlsx")
    for n in range(10_000):
        (folder / f"{n}.{('xlsx', 'txt', 'pdf', 'tmp')[n % 4]}").write_bytes(b"PK"[: n % 3])
    checked = jobs.check(FORM, PLACES, [folder])
    assert len(checked) == 10_001
    assert {c.findings[0].code for c in checked if c.filing is None} == {"TEP_001", "TEP_005", "TEP_010"}
    summary = merge(folder, tmp_path / "ra.xlsx").summary
    assert len(summary.outcomes) == 10_001
    assert [o.file for o in summary.outcomes if o.status == "merged"] == ["a.xlsx"]


def test_folders_in_folders_in_folders__CR04(tmp_path: Path) -> None:
    deep = tmp_path / "nhan"
    for _ in range(1_100):  # not with ``parents``, which would call itself as often
        deep.mkdir()
        deep = deep / "x"
    deep.mkdir()
    try:
        book(deep / "a.xlsx")
        (found,) = intake.gather([tmp_path / "nhan"])
        assert found == deep / "a.xlsx"
        assert [o.status for o in merge(tmp_path / "nhan", tmp_path / "ra.xlsx").summary.outcomes] == ["merged"]
    finally:  # pytest could not take it away: shutil.rmtree calls itself for each folder
        (deep / "a.xlsx").unlink(missing_ok=True)
        while deep != tmp_path:
            deep.rmdir()
            deep = deep.parent


def test_a_huge_file_is_not_read_to_its_end__CR04(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "nhan" / "a.xlsx"
    book(path)
    with path.open("r+b") as stream:
        stream.truncate(1 << 40)  # a hole: nothing is stored
    (checked,) = jobs.check(FORM, PLACES, [path])
    assert (checked.findings[0].code, checked.sha256) == ("TEP_006", "")
    assert [o.code for o in merge(path.parent, tmp_path / "ra.xlsx").summary.outcomes] == ["TEP_006"]


# --- CR05


NAMES = {
    "composed": unicodedata.normalize("NFC", "Báo cáo xã Vạn Tường quý 3.xlsx"),
    "apart": unicodedata.normalize("NFD", "Báo cáo xã Vạn Tường quý 3.xlsx"),
    "small": "báo cáo xã vạn tường quý 3.xlsx",
    "long": "x" * 195 + ".xlsx",
    "as long as may be": "ệ" * 83 + ".xlsx",
    "blanks": "  a  .xlsx",
    "marks": "a'b#c%20[d]&e=f;g!$h.xlsx",
    "like an option": "--json.xlsx",
    "a formula": "=1+1.xlsx",
    "lines": "a\nb\tc.xlsx",
    "turned": "a\u202excod.xlsx",
    "no end": "bao cao",
    "dots": "...xlsx",
}


def test_names__CR05(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "thư mục có dấu"
    content = book(folder / "a.xlsx").read_bytes()
    (folder / "a.xlsx").unlink()
    names = {os.fsencode(name) for name in NAMES.values()} | {"b\u00e1o c\u00e1o.xlsx".encode("cp1258")}
    for name in names:
        (folder / os.fsdecode(name)).write_bytes(content)
    checked = jobs.check(FORM, PLACES, [folder], tmp_path / "ra")
    assert {os.fsencode(c.path.name) for c in checked if c.filing} == names
    marked = [c.marked for c in checked if c.marked]
    assert len({_folded(path) for path in marked}) == len(names)  # also where letters large and small are one
    assert all(path.is_file() for path in marked)
    summary = merge(folder, tmp_path / "tong_hop.xlsx").summary
    assert sorted(o.status for o in summary.outcomes) == ["merged", *["superseded"] * (len(names) - 1)]
    assert {os.fsencode(o.file) for o in summary.outcomes} == names
    assert summary.totals["truc_tuyen"] == 6


def test_slip_for_a_file_whose_name_is_no_text__CR05(tmp_path: Path) -> None:
    folder = tmp_path / "nhan"
    name = os.fsdecode("b\u00e1o c\u00e1o.xlsx".encode("cp1258"))
    (folder / name).write_bytes(book(folder / "a.xlsx", online=7).read_bytes())  # one more than is accounted for
    (folder / "a.xlsx").unlink()
    options = merge_job.Options(expected=FEW, slips=tmp_path / "phieu")
    merged = merge_job.merge(FORM, PLACES, folder, "51", PERIOD, tmp_path / "tong_hop.xlsx", options)
    assert [o.file for o in merged.summary.outcomes] == [name]
    pages = [path for path in merged.slips if path.name.startswith("21061") and path.name.endswith("_phieu.xlsx")]
    assert "b\ufffdo c\ufffdo.xlsx" in ZipFile(pages[0]).read("xl/sharedStrings.xml").decode()


def _folded(path: Path) -> str:
    return unicodedata.normalize("NFC", path.name).casefold()


# --- CR06


def test_what_is_no_file__CR06(reports: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(reports, tmp_path / "nhan"))
    book(folder / "x.xlsx" / "y.xlsx" / "z.xlsx", FEW.places[4].code)
    (folder / "trống.xlsx").mkdir()
    os.symlink(folder / "không có", folder / "đứt.xlsx")
    os.symlink(folder / "vòng.xlsx", folder / "vòng.xlsx")
    os.symlink(folder, folder / "lên trên")
    os.symlink("/dev/zero", folder / "vô tận.xlsx")
    os.mkfifo(folder / "ống.xlsx")
    here = os.getcwd()
    os.chdir(folder)  # the name of a socket may not be long
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("cắm.xlsx")
    os.chdir(here)
    odd = {"đứt.xlsx", "vòng.xlsx", "lên trên", "vô tận.xlsx", "ống.xlsx", "cắm.xlsx"}
    codes = {c.path.name: c.findings[0].code for c in jobs.check(FORM, PLACES, [folder]) if c.filing is None}
    assert codes == dict.fromkeys(odd, "TEP_009")
    outcomes = merge(folder, tmp_path / "ra.xlsx").summary.outcomes
    assert {o.file for o in outcomes if o.status == "returned"} == odd
    assert sum(o.status == "merged" for o in outcomes) == 4


def test_a_folder_that_may_not_be_opened__CR06(reports: Path) -> None:
    with tempfile.TemporaryDirectory() as open_to_all:
        home = Path(open_to_all)
        shutil.copytree(reports, home / "nhan")
        for name, rights in (("đóng", 0), ("chỉ thấy tên", 0o444), ("chỉ đi qua", 0o111)):
            book(home / "nhan" / name / "a.xlsx", FEW.places[4].code)
            (home / "nhan" / name).chmod(rights)
        book(home / "nhan" / "khóa.xlsx", FEW.places[4].code).chmod(0)
        jobs.check(FORM, PLACES, [reports])
        home.chmod(0o755)

        def as_nobody() -> None:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setegid(NOBODY)
                os.seteuid(NOBODY)
            log.start(None)
            results = jobs.check(FORM, PLACES, [home / "nhan"])
            codes = {c.path.relative_to(home / "nhan").as_posix(): c.findings[0].code for c in results if not c.filing}
            assert codes == dict.fromkeys(("chỉ thấy tên/a.xlsx", "chỉ đi qua", "khóa.xlsx", "đóng"), "TEP_009"), codes

        assert in_child(as_nobody) == ""
        for name in ("đóng", "chỉ thấy tên", "chỉ đi qua"):
            (home / "nhan" / name).chmod(0o755)
