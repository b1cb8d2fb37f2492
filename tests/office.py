"""LibreOffice at work for a test: in a profile of its own, ended when it hangs, asked again when it crashes.

That LibreOffice crashes now and then on a busy machine is nothing that these tests are about.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

XLSX = "xlsx:Calc MS Excel 2007 XML"

_PATIENCE = 300  # seconds
_TRIES = 2
_CRASHED = 128  # exit codes from here on, and negative ones, tell of a signal


def saved(folder: Path, *contents: bytes, kind: str = XLSX, name: str = "so.xlsx") -> list[bytes]:
    """Workbooks as LibreOffice saves them in a format; ``folder`` is used for nothing else."""
    given, out = folder / "in", folder / "out"
    given.mkdir(parents=True)
    paths = [given / f"{number:03}_{name}" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'lo').as_uri()}"
    run(["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(out), *map(str, paths)])
    ending = f".{kind.partition(':')[0]}"
    return [(out / path.name).with_suffix(ending).read_bytes() for path in paths]


def run(command: Sequence[str], cwd: Path | None = None) -> str:
    """What a program of LibreOffice printed. Fails where it ends otherwise than well."""
    for _ in range(_TRIES):
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False, cwd=cwd)
        if 0 <= done.returncode < _CRASHED:
            break
    assert done.returncode == 0, done.stderr
    return done.stdout
