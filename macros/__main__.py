"""What ``tthc`` runs, and ``python -m macros``: one command in a process of its own."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

_ROOMY = 1_000_000  # objects between two searches for cycles; a province has fewer


def command() -> NoReturn:
    """Looking for cycles among our modules and a register's cells, and taking everything apart at the end, would cost
    a tenth of a click: hence the late import and the short end. numpy's algebra, which nothing here uses, would begin
    threads that keep the other processors busy for a tenth of a second with waiting for work, in each worker too."""
    gc.set_threshold(_ROOMY)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        _look_ahead(sys.argv[1:])
        from macros.cli import main

        code = main()
    except SystemExit as end:  # wrong usage, or help
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:  # before there was anything to say about
        code = 1
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, AttributeError):  # nobody listens any more, or never did
            stream.flush()
    os._exit(code)


def _look_ahead(arguments: list[str]) -> None:
    """The one file of a check is parsed while the other modules are loaded and the arguments are understood. Whatever
    is wrong with either is told then."""
    files = [word for word in arguments[1:] if os.path.isfile(word)] if arguments[:1] == ["check"] else []
    if len(files) == 1:
        from workbook.begun import begin

        with suppress(Exception):
            begin(Path(files[0]))


if __name__ == "__main__":
    command()
