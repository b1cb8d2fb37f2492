"""A file opened before it is asked for: its longest sheet is parsed beside what a command loads meanwhile.

Apart from ``read``, because the fewer modules come first, the longer the two go side by side.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from workbook.package import Package
from workbook.sniff import Unreadable, require_zip, take

_begun: dict[Path, tuple[bytes, Package]] = {}


def begin(path: Path) -> None:
    """Opens a file for ``opened``. What is wrong with it is told there."""
    if path in _begun or not os.path.isfile(path):
        return
    with suppress(Unreadable):
        _, package = _begun[path] = _open(path, ahead=True)
        if package.parse_ahead():
            from workbook import dossier_checks

            dossier_checks.prepare()  # a long sheet is a register: they will be needed


def opened(path: Path) -> tuple[bytes, Package]:
    """The bytes of a file, and its package. What was begun is given once. Raises Unreadable."""
    if path not in _begun:
        return _open(path)
    content, package = _begun.pop(path)
    package.prove_texts()
    return content, package


def _open(path: Path, ahead: bool = False) -> tuple[bytes, Package]:
    content = take(path)
    require_zip(content, path.name)
    return content, Package(content, path.name, ahead)
