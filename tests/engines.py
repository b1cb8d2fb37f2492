"""The two ways in which the rows of a sheet are scanned, for tests that must hold for both."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import pytest

from workbook import scan_native, scan_planes, sheet_scan

NATIVE_THERE = pytest.mark.skipif(not scan_native.there(), reason="no C compiler was there at installation")
ENGINES = [pytest.param(scan_planes, id="planes"), pytest.param(scan_native, id="native", marks=NATIVE_THERE)]


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[ModuleType]:
    """``sheet_scan.scan`` uses this one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheet_scan, "engine", lambda: request.param)
        yield request.param
