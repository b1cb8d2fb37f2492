"""The rows of a sheet's XML -> its filled cells, in one walk: ``scan_native.c``, where a compiler was there when the
product was installed (``hatch_build.py``)."""

from __future__ import annotations

import ctypes
from typing import Any

from workbook import native
from workbook.cells import Extent
from workbook.sheet_columns import Cells

_KINDS = ("int32", "int16", "int16", "uint8", "int32", "int32", "int32")  # of the arrays of Cells
_LEAST = 20  # bytes that a filled cell takes


def there() -> bool:
    """Whether this machine can."""
    return _scan() is not None


def scan(xml: bytes, start: int, last: int, np: Any) -> tuple[Cells, Extent] | None:
    """The cells of the rows between two places, and how far they reach."""
    walk = _scan()
    assert walk is not None
    arrays = [np.empty((last - start) // _LEAST, kind) for kind in _KINDS]  # what is not written takes no memory
    extent = np.empty(2, np.int32)
    count = walk(xml, start, last, *(array.ctypes.data for array in (*arrays, extent)))
    if count < 0:
        return None
    return Cells(*(array[:count] for array in arrays)), Extent(*extent.tolist())


def _scan() -> Any:
    places = [ctypes.c_void_p] * (len(_KINDS) + 1)
    return native.function("scan_1", ctypes.c_int64, ctypes.c_char_p, ctypes.c_int64, ctypes.c_int64, *places)
