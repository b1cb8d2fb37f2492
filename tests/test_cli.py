"""The command line keeps its contract: exit codes, JSON, and sentences instead of tracebacks.

Requirements
  CL01  exit codes: 0 no error finding, 1 error findings or returned files, 2 wrong usage
  CL02  with --json, standard output holds one object of the promised shape and nothing else
  CL03  wrong usage is told in Vietnamese, all faults of a values file at once
  CL04  no traceback, whatever happens; interruption and a closed pipe end quietly
  CL05  an old Windows console and hostile names are no obstacle
  CL06  the screen and the workbook of a merge have one word for what became of a commune, of a file
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from macros import cli, console
from macros.say import worst
from macros.xlwings_vba import Unknown
from toolkit.wording import NO_REPORT, SENTENCES, STATUSES, finding
from workbook import jobs, log
from workbook.report_page import OVERVIEW

ROOT = Path(__file__).parent.parent
PERIOD = ["--from", "1/7/2025", "--to", "2025-09-25"]
SOUND = {"linh_vuc": "Đất đai", "truc_tuyen": 6, "truc_tiep": 3, "ky_truoc": 1, "truoc_han": 4, "dung_han": 3}
SOUND |= {"qua_han": 1, "dang_trong_han": 1, "dang_qua_han": 0, "rut": 1}

FINDING = {"code", "severity", "sheet", "cell", "cells", "message", "fix", "left", "right", "difference", "repairs"}
CHECKED = {"file", "commune", "period", "status", "findings"}
MERGED = {"communes", "found", "merged", "returned", "superseded", "off_period", "ignored", "files"} | {
    "missing_communes",
    "totals",
    "findings",
}


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """One sound report, one whose total is one too many, one that is no workbook."""
    folder = tmp_path / "đã nhận"
    new(folder / "dung.xlsx", "21061", SOUND)
    new(folder / "sai.xlsx", "21361", SOUND | {"da_giai_quyet": 9})
    (folder / "hong.xlsx").write_bytes(b"PK\x03\x04 cut off")
    return folder


def new(out: Path, commune: str, row: dict[str, object]) -> None:
    values = out.with_suffix(".json")
    out.parent.mkdir(exist_ok=True)
    values.write_text(json.dumps({"grids": {"bieu_06a": [row]}}), encoding="utf-8")
    assert cli.main(["new", "--commune", commune, *PERIOD, "--values", str(values), "-o", str(out)]) == 0
    values.unlink()


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A whole process, as a script starts it."""
    command = [sys.executable, "-m", "macros.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, check=False)


def usage(*arguments: object) -> int:
    """Exit code of a call that argparse may end."""
    try:
        return cli.main([str(a) for a in arguments])
    except SystemExit as end:
        return int(end.code or 0)


# --- CL01


@pytest.mark.parametrize(("files", "code"), [(["dung"], 0), (["sai"], 1), (["hong"], 1), (["dung", "sai"], 1)])
def test_exit_code_of_check__CL01(reports: Path, files: list[str], code: int) -> None:
    assert cli.main(["check", *(str(reports / f"{f}.xlsx") for f in files)]) == code


def test_exit_code_of_merge__CL01(reports: Path, tmp_path: Path) -> None:
    merge = ["merge", str(reports), "--province", "51", *PERIOD, "-o", str(tmp_path / "a.xlsx")]
    assert cli.main(merge) == 1
    (reports / "hong.xlsx").unlink()
    assert cli.main(merge) == 1  # "sai" is merged, its error stands in the result
    (reports / "sai.xlsx").unlink()
    assert cli.main(merge) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["frobnicate"],
        ["check"],
        ["check", "khong_co.xlsx"],
        ["check", ROOT / "tests" / "khong_co"],
        ["new", *PERIOD, "-o", "a.xlsx"],
        ["new", "--commune", "99999", *PERIOD, "-o", "a.xlsx"],
        ["new", "--province", "00", *PERIOD, "-o", "a"],
        ["new", "--commune", "21061", "--from", "31/2/2025", "--to", "1/3/2025", "-o", "a.xlsx"],
        ["new", "--commune", "21061", "--from", "2/3/2025", "--to", "1/3/2025", "-o", "a.xlsx"],
        ["new", "--province", "51", *PERIOD, "--values", "a.json", "-o", "a"],
        ["merge", "khong_co", "--province", "51", *PERIOD, "-o", "a.xlsx"],
        ["merge", ROOT, "--province", "51", *PERIOD, "--tolerance-days", "-1", "-o", "a.xlsx"],
        ["merge", ROOT, "--province", "51", *PERIOD, "--places", ROOT / "LICENSE", "-o", "a.xlsx"],
        ["formulas", "khong_co.xlsx", "-o", "a.xlsx"],
        ["check", "--mark", "x", ROOT],
    ],
)
def test_wrong_usage__CL01(
    arguments: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert usage(*arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err and "Traceback" not in printed.err
    assert list(tmp_path.iterdir()) == []


def test_the_first_line_counts_how_each_file_stands__CL01(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    cli.main(["check", str(reports)])
    first = capsys.readouterr().out.splitlines()[0]
    assert [int(n) for n in re.findall(r": (\d+)[;.]", first)] == [1, 1, 1]  # unreadable, wrong, sound


# --- CL02


def test_json_of_check__CL02(reports: Path, tmp_path: Path) -> None:
    (reports / "ghi chu.txt").write_text("x", encoding="utf-8")
    result = run("check", reports, "--json", "--marked", tmp_path / "dau")
    assert result.returncode == 1
    shape = json.loads(result.stdout)
    files = {Path(f["file"]).name: f for f in shape["files"]}
    assert {name: f["status"] for name, f in files.items()} == {
        "dung.xlsx": "ok",
        "sai.xlsx": "errors",
        "hong.xlsx": "unreadable",
    }
    assert all(f.keys() >= CHECKED for f in files.values())
    assert files["sai.xlsx"]["commune"] == {"code": "21361", "name": "Xã Minh Long"}
    assert files["sai.xlsx"]["period"] == {"from": "2025-07-01", "to": "2025-09-25"}
    assert (files["hong.xlsx"]["commune"], files["hong.xlsx"]["period"]) == (None, None)
    assert all(f.keys() == FINDING for file in files.values() for f in file["findings"])
    (wrong,) = (f for f in files["sai.xlsx"]["findings"] if f["severity"] == "error")
    assert (wrong["code"], wrong["left"], wrong["right"], wrong["difference"]) == ("CT_001", 9, 8, 1)
    assert [Path(f["file"]).name for f in shape["ignored"]] == ["ghi chu.txt"]


def test_json_of_merge__CL02(reports: Path, tmp_path: Path) -> None:
    result = run("merge", reports, "--province", "51", *PERIOD, "-o", tmp_path / "a.xlsx", "--json")
    shape = json.loads(result.stdout)
    assert result.returncode == 1
    assert shape.keys() >= MERGED
    assert shape["communes"] == {"expected": 96, "merged": 2, "returned": 0, "off_period": 0, "missing": 94}
    assert (shape["found"], shape["merged"], shape["returned"]) == (3, 2, 1)
    assert len(shape["missing_communes"]) == 94 and "21061" not in shape["missing_communes"]
    assert [(f["file"], f["status"], f["commune"]) for f in shape["files"]] == [
        ("dung.xlsx", "merged", "21061"),
        ("hong.xlsx", "returned", ""),
        ("sai.xlsx", "merged", "21361"),
    ]
    assert all(len(f["sha256"]) == 64 and f.keys() >= {"reason"} for f in shape["files"])
    assert (shape["totals"]["truc_tuyen"], shape["totals"]["da_giai_quyet"]) == (12, 17)
    assert all(f.keys() == FINDING | {"file", "commune"} for f in shape["findings"])


def test_json_of_a_refusal__CL02(tmp_path: Path) -> None:
    result = run("check", tmp_path / "khong co", "--json")
    assert result.returncode == 2
    assert [f["code"] for f in json.loads(result.stdout)["refused"]] == ["RA_003"]


def documented(command: str) -> set[str]:
    """The keys that README promises of what a command prints."""
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    (line,) = (line for line in lines if line.startswith(f"| {command} |"))
    return set(re.findall(r"`(\w+)`", line.split("|")[2]))


def test_json_is_as_documented__CL02(reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def printed(*arguments: object) -> dict[str, object]:
        usage(*arguments, "--json")
        return dict(json.loads(capsys.readouterr().out))

    capsys.readouterr()
    merge = ("merge", reports, "--province", "51", *PERIOD, "-o", tmp_path / "a.xlsx")
    checked, merged = printed("check", reports), printed(*merge)
    assert checked.keys() == documented("`check`")
    assert merged.keys() == documented("`merge`")
    extra = documented("`merge --include-off-period`")
    assert printed(*merge, "--include-off-period").keys() == documented("`merge`") | extra
    export = tmp_path / "xuat.csv"
    export.write_text("Mã hồ sơ;Lĩnh vực;Ngày tiếp nhận;Trạng thái\nH48.1-1;Đất đai;02/07/2025;Đang xử lý\n", "utf-8")
    imported = printed("import", export, "--into", reports / "dung.xlsx", "-o", tmp_path / "b.xlsx")
    assert imported.keys() == documented("`import`")
    findings = [f for file in checked["files"] for f in file["findings"]]
    assert findings and all(f.keys() | {"file", "commune"} == documented("each finding") for f in findings)
    assert all(f.keys() == documented("each finding") for f in merged["findings"])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["frobnicate"], "RA_022"),
        (["merge"], "RA_022"),
        (["check"], "RA_022"),
        (["check", "a", "b", "--previous", "c"], "RA_022"),
        (["import", "a.csv"], "RA_022"),
        (["check", "khong_co"], "RA_003"),
        (["merge", "khong_co", "--province", "51", *PERIOD, "-o", "th.txt"], "RA_021"),
        (["merge", "khong_co", "--province", "51", *PERIOD, "-o", "th"], "RA_021"),
        (["merge", "khong_co", "--province", "51", *PERIOD, "-o", "th.xls"], "RA_021"),
        (["merge", "khong_co", "--province", "51", *PERIOD, "-o", "TH.XLSX"], "RA_003"),
    ],
)
def test_whatever_is_refused_prints_one_object__CL02(
    arguments: list[str], code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert usage(*arguments, "--json") == 2
    printed = capsys.readouterr()
    shape = json.loads(printed.out)
    assert shape.keys() == {"refused"} and [f["code"] for f in shape["refused"]] == [code]
    assert shape["refused"][0].keys() == FINDING and printed.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["new", "--commune", "21061", *PERIOD, "-o"],
        ["formulas", "x.xlsx", "-o"],
        ["accept", "x.xlsx", "-o"],
        ["import", "x.csv", "--into", "y.xlsx", "-o"],
        ["overdue", "x.xlsx", "-o"],
        ["overdue", "x.xlsx", "-o", "a.xlsx", "--list"],
    ],
)
def test_a_workbook_is_called_one__CL03(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert usage(*arguments, "a.csv") == 2
    assert "a.csv" in capsys.readouterr().err and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", ["--received", "--previous", "--deadline", "--tolerance-days", "-o", "--from"])
def test_of_two_lists_none_is_dropped_silently__CL03(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    value = "1/7/2025" if option in ("--deadline", "--from") else "5"
    once = ["merge", "x", "--province", "51", *PERIOD, "-o", "a.xlsx"]
    once += [] if option in once else [option, value]
    assert usage(*once) == 2 and "x" in capsys.readouterr().err  # there is no such folder
    assert usage(*once, option, value) == 2
    assert option in capsys.readouterr().err.splitlines()[0]


def test_a_day_to_mend_by_stands_on_slips_only__CL03(capsys: pytest.CaptureFixture[str]) -> None:
    merge = ["merge", "x", "--province", "51", *PERIOD, "-o", "a.xlsx", "--mend-by", "1/10/2025"]
    assert usage(*merge) == usage(*merge, "--slips", "p") == 2
    assert ["--mend-by" in line for line in capsys.readouterr().err.splitlines() if "tthc merge:" in line] == [True]


def test_a_fault_of_ours_prints_one_object__CL02(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(jobs, "check", broken)
    assert cli.main(["check", "x", "--json"]) == 1
    assert [f["code"] for f in json.loads(capsys.readouterr().out)["refused"]] == ["RA_023"]


@pytest.mark.parametrize("lock", ["~$a.xlsx", ".~lock.a.xlsx#", ""])
def test_a_result_that_is_open_elsewhere_is_told__CL01(
    lock: str, reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if lock:
        (tmp_path / lock).write_bytes(b"x")
    capsys.readouterr()
    cli.main(["merge", str(reports), "--province", "Quảng Ngãi", *PERIOD, "-o", str(tmp_path / "a.xlsx")])
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("Kết quả: ") != bool(lock)


# --- CL03


def test_values_are_refused_with_all_faults__CL03(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    values = tmp_path / "so_lieu.json"
    arguments = ["new", "--commune", "21061", *PERIOD, "--values", str(values), "-o", str(tmp_path / "a.xlsx")]
    values.write_text('{"scalars": {"khong_co": 1}, "grids": {"khong_co": []}}', encoding="utf-8")
    assert cli.main(arguments) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
    values.write_text("{", encoding="utf-8")
    assert cli.main(arguments) == 2
    assert not (tmp_path / "a.xlsx").exists()


def test_usage_is_vietnamese__CL03(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["check"], ["frobnicate"], ["new", "-o"], ["check", "--frobnicate", "x"], ["new", *PERIOD]):
        assert usage(*arguments) == 2
        printed = capsys.readouterr().err
        english = ("usage", "required", "argument", "invalid", "unrecognized", "expected", "choose")
        assert [word for word in english if word in printed] == []


# --- CL04


def test_fault_of_ours_is_a_sentence__CL04(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("Nguyễn Văn A")

    monkeypatch.setattr(jobs, "check", broken)
    log = tmp_path / "nhat_ky.log"
    assert cli.main(["check", str(reports), "--log", str(log)]) == 1
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err and "RuntimeError" not in printed.err
    assert str(log) in printed.err
    assert "RuntimeError" in log.read_text(encoding="utf-8")
    assert "Nguyễn" not in log.read_text(encoding="utf-8")


def test_unwritable_log_is_no_obstacle__CL04(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(jobs, "check", broken)
    assert cli.main(["check", "x", "--log", str(tmp_path / "khong co" / "a.log")]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_interruption_is_a_sentence__CL04(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(jobs, "check", stopped)
    assert cli.main(["check", "x"]) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("options", [[], ["--json"]])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_what_cannot_be_said_is_told__CL04(reports: Path, tmp_path: Path, options: list[str], unbuffered: str) -> None:
    merge = ["merge", str(reports), "--province", "51", *PERIOD, "-o", str(tmp_path / "a.xlsx"), *options]
    command = [sys.executable, "-m", "macros", *merge]
    with open("/dev/full", "w", encoding="utf-8") as full:
        environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=full, stderr=subprocess.PIPE, check=False)
    sentence = SENTENCES["RA_024"]
    assert done.returncode == 1 and sentence.fix in done.stderr.decode()  # nothing else says that the work was done
    assert (tmp_path / "a.xlsx").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_refusal_that_cannot_be_said_as_json__CL04(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "macros", "check", str(tmp_path / "x.xlsx"), "--json"]
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2 and b"Traceback" not in done.stderr
    assert SENTENCES["RA_024"].fix not in done.stderr.decode()


def test_a_fault_that_is_not_of_the_screen__CL04(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(jobs, "check", broken)
    assert cli.main(["check", "x"]) == 1
    said = capsys.readouterr()
    assert SENTENCES["RA_024"].fix not in said.err and said.out == ""


def test_progress_that_cannot_be_shown_stops_nothing__CL04(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(io.StringIO):
        def isatty(self) -> bool:
            return True

        def write(self, text: str) -> int:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(sys, "stderr", Gone())
    console.progress(1, 2, "a.xlsx")


def test_one_word_for_what_became_of_a_file__CL06(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "a.xlsx"
    capsys.readouterr()
    assert cli.main(["merge", str(reports), "--province", "51", *PERIOD, "-o", str(out)]) == 1
    communes, files = capsys.readouterr().out.splitlines()[1:3]
    told = openpyxl.load_workbook(out, data_only=True)[OVERVIEW]
    for line, cell in ((communes, "A4"), (files, "A5")):
        words = {part.strip(" +=") for part in re.split(r"[\d.]+", line.partition("=")[2]) if part.strip(" +=")}
        assert words == {w for w in STATUSES.values() if w in line} and len(words) in (4, 5)
        assert all(word in told[cell].value for word in words)


def test_nothing_logged_no_log(tmp_path: Path, reports: Path) -> None:
    assert cli.main(["check", str(reports / "dung.xlsx"), "--log", str(tmp_path / "a.log")]) == 0
    assert not (tmp_path / "a.log").exists()
    assert log.written() == ""


# --- CL05


@pytest.mark.parametrize("encoding", ["cp1258", "cp1252", "ascii"])
def test_old_console__CL05(reports: Path, encoding: str) -> None:
    result = run("check", reports, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert result.returncode == 1
    assert "Đất đai" in result.stdout.decode("utf-8")


def test_hostile_names__CL05(tmp_path: Path) -> None:
    names = ["-rf.xlsx", "a'b\"c.xlsx", "=1+1.xlsx", "báo cáo [quý 3] #1 %20.xlsx", "x" * 200 + ".xlsx"]
    folder = tmp_path / "=HYPERLINK(1)"
    for name in names:
        new(folder / name, "21061", SOUND)
    result = run("check", folder, "--json", "--marked", tmp_path / "dấu")
    assert [Path(f["file"]).name for f in json.loads(result.stdout)["files"]] == sorted(names)
    assert len(list((tmp_path / "dấu").iterdir())) == len(names)


def test_name_that_is_no_text__CL05(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    new(folder / "a.xlsx", "21061", SOUND)
    (folder / "a.xlsx").rename(folder / os.fsdecode(b"x\xff.xlsx"))
    for json_or_text in ([], ["--json"]):
        assert run("check", folder, *json_or_text).returncode == 0
        merge = run("merge", folder, "--province", "51", *PERIOD, "-o", tmp_path / "a.xlsx", *json_or_text)
        assert merge.returncode == 0, merge.stderr


def test_reader_that_goes_away__CL04(reports: Path) -> None:
    command = [sys.executable, "-m", "macros.cli", "check", str(reports)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    process.wait()


def test_status_without_xlwings_is_a_sentence__CL04(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> Path:
        raise Unknown("")

    monkeypatch.setattr("macros.xlwings_vba.xlwings_folder", unknown)
    monkeypatch.setattr(sys, "platform", "linux")
    assert usage("addin", "status") == 2


@pytest.mark.parametrize(("name", "code"), [("không có.csv", "RA_003"), ("thư mục", "RA_009"), ("sai.csv", "RA_009")])
def test_a_list_of_communes_that_cannot_be_used__CL04(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, code: str
) -> None:
    (tmp_path / "thư mục").mkdir()
    (tmp_path / "sai.csv").write_bytes(b"\xff\xfe")
    asked = ["--province", "51", "--from", "2025-07-01", "--to", "2025-09-25", "--places", tmp_path / name, "--json"]
    assert usage("merge", tmp_path, *asked, "-o", tmp_path / "t.xlsx") == 2
    assert [f["code"] for f in json.loads(capsys.readouterr().out)["refused"]] == [code]


@pytest.mark.parametrize("content", [b"a,b", b"\xff\xfe", b"[" + b"9" * 5000 + b"]"], ids=["csv", "utf16", "digits"])
def test_values_that_cannot_be_read__CL04(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    asked = ["--commune", "21061", "--from", "2025-07-01", "--to", "2025-09-25", "--values", tmp_path / "a.json"]
    assert usage("new", *asked, "-o", tmp_path / "a.xlsx") == 2
    assert "a.json" in capsys.readouterr().err and not (tmp_path / "a.xlsx").exists()


# --- what only front doors say


def test_nothing_but_attachments_is_no_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ghi chu.txt").write_text("x", encoding="utf-8")
    assert cli.main(["check", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(NO_REPORT) and "ghi chu.txt" in printed


@pytest.mark.parametrize(("errors", "lines"), [(3, 4), (4, 4), (60, 4)])
def test_a_file_with_many_errors_hides_no_other(errors: int, lines: int) -> None:
    told = [("a.xlsx", finding("TEP_002", n=n)) for n in range(errors)] + [("b.xlsx", finding("TEP_005"))]
    said = worst(told)
    assert len(said) == lines and "b.xlsx" in said[-1]
    assert (str(errors - 3) in said[2]) == (errors > 3)
