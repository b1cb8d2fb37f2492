"""Jobs: what an official asks for is done whole or not at all, and never on an original.

Requirements
  JO01  no input changes by a byte in check, marked check, formulas, merge and demo
  JO02  every file of a folder has its place in the result, whatever it is
  JO03  one broken file, or a fault of ours in it, does not take the others with it; the log quotes no cell
  JO04  an output is whole or the old one stays: full disk, interruption, output = input
  JO05  a second province template run never writes over a filled report
  JO06  names that communes give their files: accents, spaces, the same name in two folders
  JO07  the same input gives the same bytes, in whatever order and place it lies
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from toolkit.places import Gazetteer
from toolkit.records import Period
from workbook import digest, files, intake, jobs, log, merge_job
from workbook.files import Refused
from workbook.forms import load_form, load_places
from workbook.intake import Tell, quietly

FORM, PLACES = load_form(), load_places()
PERIOD = Period(date(2025, 7, 1), date(2025, 9, 25))
GOOD = {
    "grids": {
        "bieu_06a": [
            {"linh_vuc": "Đất đai", "truc_tuyen": 6, "truc_tiep": 3, "ky_truoc": 1, "truoc_han": 4, "dung_han": 3}
            | {"qua_han": 1, "dang_trong_han": 1, "dang_qua_han": 0, "rut": 1}
        ]
    }
}
WRONG = {"grids": {"bieu_06a": [{**GOOD["grids"]["bieu_06a"][0], "da_giai_quyet": 9}]}}
"""The total decided, typed over its formula, is one too many."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of reports as a province receives them."""
    folder = tmp_path_factory.mktemp("đã nhận")
    (folder / "nộp bổ sung").mkdir()
    book(folder / "21061 Xã Vạn Tường (bản cuối).xlsx", "21061", GOOD)
    book(folder / "nộp bổ sung" / "bao cao.xlsx", "21361", WRONG)
    (folder / "~$bao cao.xlsx").write_bytes(b"\x05Lan" + b"\0" * 160)
    (folder / "công văn.pdf").write_bytes(b"%PDF-1.7\n")
    (folder / "hong.xlsx").write_bytes((folder / "21061 Xã Vạn Tường (bản cuối).xlsx").read_bytes()[:3000])
    (folder / "rong.xlsx").write_bytes(b"")
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "đã nhận"))


def book(path: Path, commune: str, values: object = None) -> Path:
    return jobs.new(FORM, PLACES, commune, PERIOD, path, values)


def merge(folder: Path, out: Path, tell: Tell = quietly, **options: object) -> merge_job.Merged:
    return merge_job.merge(FORM, PLACES, folder, "51", PERIOD, out, merge_job.Options(**options), tell=tell)


def fingerprints(folder: Path) -> dict[str, str]:
    paths = [p for p in sorted(folder.rglob("*")) if p.is_file()]
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths}


# --- JO01


@pytest.mark.parametrize(
    "job",
    [
        lambda folder, out: jobs.check(FORM, PLACES, [folder]),
        lambda folder, out: jobs.check(FORM, PLACES, [folder], out),
        lambda folder, out: jobs.formulas(FORM, PLACES, folder / "nộp bổ sung" / "bao cao.xlsx", out / "a.xlsx"),
        lambda folder, out: merge(folder, out / "a.xlsx"),
    ],
    ids=["check", "marked", "formulas", "merge"],
)
def test_inputs_stay_as_they_are__JO01(folder: Path, tmp_path: Path, job: Callable[[Path, Path], object]) -> None:
    before = fingerprints(folder)
    job(folder, tmp_path / "ra")
    assert fingerprints(folder) == before


# --- JO02


def test_check_of_a_folder_forgets_nothing__JO02(folder: Path) -> None:
    results = jobs.check(FORM, PLACES, [folder])
    assert [c.path.relative_to(folder).as_posix() for c in results] == sorted(fingerprints(folder))
    assert {c.path.name: c.status for c in results if not c.no_report} == {
        "21061 Xã Vạn Tường (bản cuối).xlsx": "ok",
        "bao cao.xlsx": "errors",
        "hong.xlsx": "unreadable",
        "rong.xlsx": "unreadable",
    }
    assert {c.path.name: c.findings[0].code for c in results if c.no_report} == {
        "~$bao cao.xlsx": "TEP_008",
        "công văn.pdf": "TEP_010",
    }


def test_merge_accounts_for_every_file__JO02(folder: Path, tmp_path: Path) -> None:
    summary = merge(folder, tmp_path / "tong_hop.xlsx").summary
    assert {o.file: o.status for o in summary.outcomes} == {
        "21061 Xã Vạn Tường (bản cuối).xlsx": "merged",
        "nộp bổ sung/bao cao.xlsx": "merged",
        "~$bao cao.xlsx": "ignored",
        "công văn.pdf": "ignored",
        "hong.xlsx": "returned",
        "rong.xlsx": "returned",
    }
    assert summary.totals["truc_tuyen"] == 12
    assert summary.totals["da_giai_quyet"] == 17  # as written


def test_unusual_entries_are_told__JO02(folder: Path) -> None:
    os.symlink(folder, folder / "vong")
    os.symlink(folder / "khong co", folder / "dut.xlsx")
    os.mkfifo(folder / "ong.xlsx")
    results = jobs.check(FORM, PLACES, [folder])
    assert len(results) == len(fingerprints(folder)) + 3
    codes = {c.path.name: c.findings[0].code for c in results if c.filing is None}
    assert {codes[name] for name in ("vong", "dut.xlsx", "ong.xlsx")} == {"TEP_009"}


def test_earlier_result_is_no_input__JO02(folder: Path) -> None:
    first = merge(folder, folder / "tong_hop.xlsx")
    before = (folder / "tong_hop.xlsx").read_bytes()
    second = merge(folder, folder / "tong_hop.xlsx")
    assert second.summary == first.summary
    assert (folder / "tong_hop.xlsx").read_bytes() == before


def test_own_list_of_communes__JO02(folder: Path, tmp_path: Path) -> None:
    own = Gazetteer(PLACES.provinces, tuple(p for p in PLACES.places if p.code == "21361"))
    summary = merge(folder, tmp_path / "a.xlsx", expected=own).summary
    assert summary.commune_status == {"21361": "merged"}
    assert {o.code for o in summary.outcomes if o.file.startswith("21061")} == {"GOP_007"}


# --- JO03


def test_fault_of_ours_stays_with_its_file__JO03(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    true_read = intake.read

    def read(path: Path, *rest: object) -> object:
        if path.name == "bao cao.xlsx":
            raise ValueError("Nguyễn Văn A, CCCD 051099001234")
        return true_read(path, *rest)  # passed on

    monkeypatch.setattr(intake, "read", read)
    log.start(tmp_path / "nhat_ky.log")
    results = {c.path.name: c for c in jobs.check(FORM, PLACES, [folder])}
    assert results["bao cao.xlsx"].findings[0].code == "TEP_013"
    assert results["21061 Xã Vạn Tường (bản cuối).xlsx"].status == "ok"
    said = (tmp_path / "nhat_ky.log").read_text(encoding="utf-8")
    assert "ValueError" in said and "intake.py:" in said
    assert "Nguyễn" not in said and "051099001234" not in said
    monkeypatch.setattr(digest, "read_apart", lambda content, name, *rest: read(folder / name))
    outcomes = {o.file: o.code for o in merge(folder, tmp_path / "a.xlsx").summary.outcomes}
    assert outcomes["nộp bổ sung/bao cao.xlsx"] == "TEP_013"


# --- JO04


def test_full_disk_leaves_the_old_file__JO04(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "ra.xlsx"
    files.write(out, b"old")

    def full(number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused) as refusal:
        files.write(out, b"new")
    assert [f.code for f in refusal.value.findings] == ["RA_002"]
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"ra.xlsx": b"old"}


def test_interruption_leaves_nothing__JO04(folder: Path, tmp_path: Path) -> None:
    def stop(done: int, total: int, name: str) -> None:
        if done == 2:
            raise KeyboardInterrupt

    out = tmp_path / "ra"
    for job in (
        lambda: merge(folder, out / "a.xlsx", tell=stop, remember=False),
        lambda: jobs.check(FORM, PLACES, [folder], out, stop),
        lambda: jobs.new_province(FORM, PLACES, "12", PERIOD, out, stop),
    ):
        with pytest.raises(KeyboardInterrupt):
            job()
        assert not out.exists()
    with pytest.raises(KeyboardInterrupt):
        merge(folder, out / "a.xlsx", tell=stop)
    assert [p.name for p in out.iterdir()] == ["a.tthc"]  # what was read already need not be read again


def test_output_is_never_an_input__JO04(folder: Path, tmp_path: Path) -> None:
    report = folder / "21061 Xã Vạn Tường (bản cuối).xlsx"
    os.link(report, tmp_path / "cung_tep.xlsx")
    before = fingerprints(folder)
    for job in (
        lambda: jobs.formulas(FORM, PLACES, report, report),
        lambda: jobs.formulas(FORM, PLACES, report, tmp_path / "cung_tep.xlsx"),
        lambda: merge(folder, report),
        lambda: merge(folder, folder / "công văn.pdf"),
    ):
        with pytest.raises(Refused) as refusal:
            job()
        assert [f.code for f in refusal.value.findings] == ["RA_001"]
    assert fingerprints(folder) == before


def test_formulas_of_no_report__JO04(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        jobs.formulas(FORM, PLACES, folder / "rong.xlsx", tmp_path / "a.xlsx")
    assert [f.code for f in refusal.value.findings] == ["TEP_005"]
    assert not (tmp_path / "a.xlsx").exists()


# --- JO05


def test_province_templates__JO05(tmp_path: Path) -> None:
    few = Gazetteer(PLACES.provinces, PLACES.in_province("12")[:3])
    made = jobs.new_province(FORM, few, "12", PERIOD, tmp_path)
    assert [p.name[:5] for p in made] == [p.code for p in few.places]
    assert all(p.name.isascii() and " " not in p.name for p in made)
    assert jobs.new_province(FORM, few, "12", PERIOD, tmp_path) == made  # the same again harms nothing
    book(made[1], few.places[1].code, GOOD)
    before = fingerprints(tmp_path)
    with pytest.raises(Refused) as refusal:
        jobs.new_province(FORM, few, "12", PERIOD, tmp_path)
    assert [f.code for f in refusal.value.findings] == ["RA_007"]
    assert fingerprints(tmp_path) == before


# --- JO06


def test_marked_copies_of_one_name__JO06(tmp_path: Path) -> None:
    paths = [book(tmp_path / f"xã {n}" / "báo cáo 'quý' 3 #1.xlsx", code) for n, code in enumerate(("21061", "21361"))]
    results = jobs.check(FORM, PLACES, paths, tmp_path / "đánh dấu")
    marked = [c.marked for c in results]
    assert len(set(marked)) == 2
    for copy, original in zip(marked, results, strict=True):
        assert copy is not None and copy.exists()
        (again,) = jobs.check(FORM, PLACES, [copy])
        assert again.filing is not None and original.filing is not None
        assert again.filing.place == original.filing.place


# --- JO07


def test_same_input_same_bytes__JO07(folder: Path, tmp_path: Path) -> None:
    merge(folder, tmp_path / "a.xlsx")
    moved = Path(shutil.copytree(folder, tmp_path / "khác" / "đã nhận"))
    for path in moved.rglob("*.xlsx"):
        os.utime(path, (1, 1))
    merge(moved, tmp_path / "khác" / "a.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "khác" / "a.xlsx").read_bytes()


def test_gather_names_every_missing_path() -> None:
    with pytest.raises(Refused) as refusal:
        intake.gather([Path("khong_co_1"), Path(__file__), Path("khong_co_2")])
    assert [f.code for f in refusal.value.findings] == ["RA_003", "RA_003"]
