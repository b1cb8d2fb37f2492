"""Where return slips may go. Asked before anything is read, so that nobody waits for a merge to hear of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from toolkit.wording import finding
from workbook.files import Refused


def refuse_place(folder: Path, homes: Iterable[Path]) -> None:
    """Raises Refused: PH_004 for what is a file, or lies below one; PH_001 for a folder in one of those of the reports
    (``homes``): the next merge would take the blank workbooks of the slips for reports."""
    file = next((path for path in (folder, *folder.parents) if path.is_file()), None)
    if file is not None:
        raise Refused(finding("PH_004", tep=file.name))
    target = folder.resolve()
    if any(home == target or home in target.parents for home in (home.resolve() for home in homes)):
        raise Refused(finding("PH_001", tep=folder.name))
