"""xlwings without what it imports merely because it is installed: a click must not wait for pandas.

Where pandas, numpy, matplotlib and others are installed, ``import xlwings`` imports them all for converters that no
button uses. While it is imported for the first time they are made to look absent, as is its PRO part, which none of
ours may need; then everything can be imported again. Its converters for their tables stay off in this process.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

LEFT_OUT = frozenset({"pandas", "numpy", "matplotlib", "PIL", "plotly", "polars", "xlwings.pro"})


def load() -> ModuleType:
    """xlwings. Raises ImportError where it is not installed."""
    if "xlwings" not in sys.modules:
        guard = _LeaveOut()
        sys.meta_path.insert(0, guard)
        try:
            import xlwings
        finally:
            sys.meta_path.remove(guard)
        return xlwings
    return sys.modules["xlwings"]


class _LeaveOut:
    """A finder; without importlib.abc as its base, which would take half as long to import as all of xlwings."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname in LEFT_OUT or fullname.partition(".")[0] in LEFT_OUT:
            raise ModuleNotFoundError(f"{fullname} is left out while xlwings starts", name=fullname)
        return None
