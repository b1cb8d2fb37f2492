"""The log for whoever helps an official: where in our code, and which kind of fault. Never a word of it, which may
quote a cell. Not ``logging``: it would take longer to start than the form takes to load, for a file rarely written.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

_asked: Path | None = None
_written = ""
_held: list[str] | None = None


def start(path: Path | None) -> None:
    """Forget what was written; write to ``path`` from now on, or, when None, to a new file among the temporary ones."""
    global _asked, _written
    _asked, _written = path, ""


def fault(what: str) -> None:
    """Adds the exception being handled. A log that cannot be written does not stop the work."""
    import traceback  # late, like the rest: only when something went wrong
    from datetime import datetime

    kind, _, trace = sys.exc_info()
    frames = [f"  {Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)]
    lines = [f"{datetime.now():%Y-%m-%d %H:%M:%S} {what}", *frames, f"  {kind.__name__ if kind else ''}"]
    add("\n".join(lines) + "\n")


def add(text: str) -> None:
    """What another process of ours held."""
    global _written
    if _held is not None:
        _held.append(text)
    elif text:
        import tempfile

        with suppress(OSError):
            path = _written or _asked or Path(tempfile.mkdtemp(prefix="tthc-")) / "nhat_ky.log"
            with open(path, "a", encoding="utf-8") as stream:
                stream.write(text)
            _written = str(path)


def hold() -> None:
    """From now on, keep it for the process that started this one."""
    global _held
    _held = []


def handed_over() -> str:
    """What was held since the last call."""
    text = "".join(_held or ())
    if _held:
        _held.clear()
    return text


def written() -> str:
    """Path of the log; "" when there was nothing to write."""
    return _written
