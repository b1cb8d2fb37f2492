"""What was compiled when the product was installed, where a compiler was there (``hatch_build.py``)."""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path
from typing import Any

_LIBRARY = Path(__file__).with_name("libnative.so")  # so called on Windows too


@cache
def function(name: str, result: Any, *arguments: Any) -> Any:
    """A function of the library, which lets other threads run; None where there is no library, or one of another
    version: a name counts up when the function wants other arguments."""
    library = _library()
    found = getattr(library, name, None)
    if found is not None:
        found.restype, found.argtypes = result, arguments
    return found


def forget() -> None:
    """For tests: the library is looked for again."""
    function.cache_clear()
    _library.cache_clear()


@cache
def _library() -> Any:
    try:
        return ctypes.CDLL(str(_LIBRARY))
    except OSError:
        return None
