"""Writing a file so that nothing is ever half written, and so that an original is never written at all."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toolkit.records import Finding


class Refused(Exception):
    """A request that cannot be carried out as asked (wrong usage). Nothing was written. ``findings`` say why."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(", ".join(f.code for f in findings))
        self.findings = findings


def write(path: Path, content: bytes, inputs: Iterable[Path] = ()) -> None:
    """Write ``content`` to ``path``: whole or not at all, also after a crash or on a full disk.

    Missing folders are made. Raises ``Refused``: RA_001 when ``path`` is one of ``inputs``, also by another spelling
    or link; RA_002 when the system does not let us write.
    """
    refuse_inputs(path, inputs)
    part = path.with_name(f"~tthc-{os.getpid()}.tmp")  # a name that ``is_leftover`` knows, should we be killed
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(part, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, path)
    except OSError as fault:
        raise _refused("RA_002", path, reason(fault)) from fault
    finally:
        with suppress(OSError):  # not there any more, or never: its folder may be a file
            part.unlink()


def is_leftover(path: Path) -> bool:
    """Whether a file is what a run of ours that was killed left behind."""
    return _PART.fullmatch(path.name) is not None


def refuse_inputs(path: Path, inputs: Iterable[Path]) -> None:
    """Raise ``Refused`` (RA_001) when ``path`` is one of ``inputs``."""
    refuse_any((path,), inputs)


def refuse_any(paths: Iterable[Path], inputs: Iterable[Path]) -> None:
    """Raise ``Refused`` (RA_001) when one of ``paths`` is one of ``inputs``. Each is looked at once: of both there may
    be hundreds, on another computer."""
    there = {identity: path for path in paths if (identity := _identity(path))}
    if not there:
        return
    for given in inputs:
        if (identity := _identity(given)) in there:
            raise _refused("RA_001", there[identity])


def open_elsewhere(path: Path) -> bool:
    """Whether Excel or LibreOffice says, by its lock file beside it, that somebody has this workbook open."""
    return any(os.path.lexists(path.with_name(name)) for name in (f"~${path.name}", f".~lock.{path.name}#"))


def require_xlsx(path: Path) -> Path:
    """A name for a workbook that Excel will open. Raises ``Refused`` (RA_021)."""
    if path.suffix.lower() == ".xlsx":
        return path
    from toolkit.wording import finding  # late, as below

    raise Refused(finding("RA_021", tep=path.name, goi_y=f"{path.stem}.xlsx"))


def same(one: Path, other: Path) -> bool:
    """Whether both are there and are one file, whatever they are called."""
    there = _identity(one)
    return there is not None and there == _identity(other)


def reason(fault: OSError) -> str:
    """Why the system refused, in words an official knows."""
    return _REASONS.get(fault.errno or 0, fault.strerror or type(fault).__name__)


def _identity(path: Path) -> tuple[int, int] | None:
    """What a file has in common with itself only, whatever it is called; None: it is not there."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def _refused(code: str, path: Path, why: str = "") -> Refused:
    from toolkit.wording import finding  # late: mostly a file is read or written without a word

    return Refused(finding(code, tep=path.name, ly_do=why))


_PART = re.compile(r"~tthc-[0-9]+\.tmp")
_REASONS = {
    errno.ENOSPC: "ổ đĩa đầy",
    errno.EFBIG: "tệp lớn hơn mức ổ đĩa cho phép",
    errno.EACCES: "không có quyền, hoặc tệp đang mở trong Excel",
    errno.EPERM: "không có quyền",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.EISDIR: "đã có thư mục trùng tên",
    errno.ENOTDIR: "một phần của đường dẫn là tệp, không phải thư mục",
    errno.EEXIST: "một phần của đường dẫn là tệp, không phải thư mục",
    errno.ENAMETOOLONG: "tên tệp quá dài",
    errno.ENOENT: "không có thư mục này",
}
