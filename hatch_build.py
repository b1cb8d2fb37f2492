"""What happens when the product is built: the C files of ``workbook`` are compiled where a compiler is there.

    python hatch_build.py   the same for those who run the product from its own folder

The library knows nothing of Python, so that one serves every version of it. Without a compiler, or with PURE set, the
product is the same for all machines, and a merge takes somewhat longer.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
SOURCES = (ROOT / "workbook" / "row_native.c", ROOT / "workbook" / "scan_native.c")
LIBRARY = ROOT / "workbook" / "libnative.so"
PURE = "TTHC_TOOLKIT_PURE"  # an environment variable
COMPILERS = ("cc", "gcc", "clang")
OPTIONS = ("-O3", "-std=c11", "-shared", "-fPIC", "-fvisibility=hidden")
LONGEST = 60  # seconds


def compiled(sources: Sequence[Path] = SOURCES, library: Path = LIBRARY) -> bool:
    """Compiles, or says that nothing here can. A library that is in use stays whole for those who use it."""
    found = next(filter(None, map(shutil.which, COMPILERS)), None)
    command = shlex.split(os.environ.get("CC", "")) or ([found] if found else [])
    new = library.with_name(f"{library.name}.{os.getpid()}")
    try:
        if command:
            subprocess.run([*command, *OPTIONS, *map(str, sources), "-o", str(new)], check=True, timeout=LONGEST)
            new.replace(library)
            return True
    except (OSError, subprocess.SubprocessError) as fault:
        print(f"{library.name} is left out: {fault}", file=sys.stderr)
    with contextlib.suppress(OSError):
        new.unlink()
    return False


def get_build_hook() -> Any:
    """Called by hatchling."""
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface  # nobody else needs it

    class CompiledWhereItCan(BuildHookInterface[Any]):
        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            if not os.environ.get(PURE) and compiled():
                platform = sysconfig.get_platform().translate(str.maketrans("-.", "__"))
                build_data.update(pure_python=False, tag=f"py3-none-{platform}")
                build_data["artifacts"].append(f"/{LIBRARY.relative_to(ROOT).as_posix()}")

    return CompiledWhereItCan


if __name__ == "__main__":
    sys.exit(0 if compiled() else 1)
