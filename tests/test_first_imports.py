"""How a command starts: what it needs comes first, what it does not need never comes.

Requirements
  ST01  the one file of a check is begun before anything else is loaded; with several files, a folder, or another
        command nothing is begun
  ST02  what is wrong with the arguments is told all the same, with its exit code
  ST03  of all commands only the one that runs gets its arguments
  ST04  the modules of a check are loaded without compiling an annotation, and without those that few checks need
  ST05  Ctrl+C while modules are loaded, and a console that is not there, leave no traceback
  ST06  numpy begins no threads of its own in a command, unless somebody asks for them
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import macros.__main__ as start
from macros import cli, options
from workbook import begun

ROOT = Path(__file__).parent.parent
COMMANDS = ("new", "formulas", "check", "accept", "handbook", "merge", "import", "overdue", "addin", "demo")
MODULES = "macros.__main__, workbook.begun, workbook.dossier_checks, macros.cli"
SELDOM = {"ast", "csv", "json", "tomllib", "toolkit.catalogue", "toolkit.rates", "toolkit.repair", "macros.shapes"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "bao_cao.xlsx"
    path.write_bytes(b"PK\x03\x04 cut off")
    return path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    paths: list[Path] = []
    monkeypatch.setattr(begun, "begin", paths.append)
    return paths


@pytest.mark.parametrize("more", [[], ["--json"], ["--marked", "noi_nao_do"]])
def test_one_file_is_begun__ST01(file: Path, opened: list[Path], more: list[str]) -> None:
    start._look_ahead(["check", str(file), *more])
    assert opened == [file]


def test_nothing_else_is_begun__ST01(file: Path, opened: list[Path]) -> None:
    one, folder = str(file), str(file.parent)
    for arguments in (
        [],
        ["check"],
        ["check", folder],
        ["check", one, one],
        ["check", one, "--previous", one],
        ["accept", one],
        [one, "check"],
    ):
        start._look_ahead(arguments)
    assert opened == []


def test_a_fault_while_looking_ahead_is_left_to_the_check__ST01(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> None:
        raise RuntimeError(path)

    monkeypatch.setattr(begun, "begin", fail)
    start._look_ahead(["check", str(file)])


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["check", "{}"], 1, b""),
        (["check", "{}", "--nope"], 2, b"--nope"),
        (["check", "--help"], 0, b"--marked"),
        (["--help"], 0, b"merge"),
        ([], 2, b"tthc"),
    ],
)
def test_exit_codes_of_a_whole_process__ST02(file: Path, arguments: list[str], code: int, told: bytes) -> None:
    command = [sys.executable, "-m", "macros", *(word.format(file) for word in arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == code
    assert told in done.stdout + done.stderr and b"Traceback" not in done.stderr


def test_only_the_command_that_runs_gets_its_arguments__ST03(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    for name in (name for name in vars(options) if not name.startswith("_")):
        known = getattr(options, name)
        if getattr(known, "__module__", "") == options.__name__:
            monkeypatch.setattr(options, name, lambda command, n=name, f=known: (asked.append(n), f(command)))
    given = cli._parser().parse_args(["check", "so.xlsx", "--json"])
    assert asked == ["check"]
    assert (given.run, given.paths, given.json) == (cli.check, [Path("so.xlsx")], True)
    cli._parser().parse_args(["addin", "build", "-o", "a.xlam"])
    assert asked == ["check", "addin_build"]


def test_help_lists_every_command__ST03(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    shown = capsys.readouterr().out
    assert all(f"\n    {name} " in shown for name in COMMANDS)


@pytest.mark.parametrize("command", [*COMMANDS[:-2], "demo"])
def test_each_command_has_its_own_help__ST03(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main([command, "--help"])
    shown = capsys.readouterr().out
    assert end.value.code == 0
    assert f"cách dùng: tthc {command} " in shown and "--log" in shown


def test_no_annotation_is_compiled__ST04() -> None:
    """A named tuple whose annotations are texts (``from __future__ import annotations``) compiles each at every start,
    and the first one costs a millisecond."""
    code = (
        "import sys, typing; told = []; real = typing.ForwardRef.__init__\n"
        "def counted(self, text, *more, **options):\n"
        "    frame = sys._getframe()\n"
        "    while frame.f_code.co_filename in (typing.__file__, '<string>'): frame = frame.f_back\n"
        "    told.append(frame.f_globals['__name__'] + ' ' + text); real(self, text, *more, **options)\n"
        "typing.ForwardRef.__init__ = counted\n"
        f"import {MODULES}\n"
        "print(*told, sep='; ')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_modules_that_few_checks_need_come_late__ST04() -> None:
    code = f"import sys, {MODULES}; print(*sys.modules)"
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "toolkit.dossiers" in loaded
    assert SELDOM & loaded == set()


def test_interrupted_while_loading__ST05() -> None:
    code = """
import sys
class Interrupted:
    def find_spec(self, name, *_):
        if name == "macros.cli":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupted())
from macros.__main__ import command
command()
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(os.name == "nt", reason="closes what is inherited")
def test_without_a_console__ST05() -> None:
    command = 'exec "$0" -m macros check --help'
    for closed in (">&-", "2>&-", "<&- >&- 2>&-"):
        done = subprocess.run(["sh", "-c", f"{command} {closed}", sys.executable], cwd=ROOT, capture_output=True)
        assert (done.returncode, done.stderr.count(b"Traceback")) == (0, 0)


def test_progress_without_a_console__ST05(monkeypatch: pytest.MonkeyPatch) -> None:
    from macros import console

    monkeypatch.setattr(sys, "stderr", None)
    console.progress(1, 2, "a.xlsx")


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="threads are counted on Linux")
@pytest.mark.parametrize("asked", ["", "2"])
def test_numpy_begins_no_threads__ST06(asked: str) -> None:
    pytest.importorskip("numpy")
    code = """
import os, macros.cli
def main():
    import numpy
    print(os.environ["OPENBLAS_NUM_THREADS"], len(os.listdir("/proc/self/task")))
    return 0
macros.cli.main = main
from macros.__main__ import command
command()
"""
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    environment |= {"OPENBLAS_NUM_THREADS": asked} if asked else {}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    setting, threads = done.stdout.split()
    assert setting == (asked or "1")
    assert asked or threads == "1"
