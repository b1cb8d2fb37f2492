"""What ``tthc`` runs, and ``python -m macros``: one command in a process of its own."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn


def command() -> NoReturn:
    """Looking for cycles among our modules and a register's cells, and taking everything apart at the end, would cost
    a tenth of a click: hence the late import and the short end."""
    gc.set_threshold(200_000)
    from macros.cli import main

    code = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # nobody listens any more
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    command()
