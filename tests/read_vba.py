"""What others read in an add-in: olevba (without its warnings about its own parser) its VBA, calamine its settings."""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path

from python_calamine import CalamineWorkbook

from macros.addin import SHEET

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from oletools.olevba import VBA_Parser, decompress_stream


def modules(path: Path) -> dict[str, str]:
    """File name of each VBA module in a workbook or project -> its source, as olevba reads it."""
    parser = VBA_Parser(str(path))
    try:
        return {name: code for _, _, name, code in parser.extract_macros()}
    finally:
        parser.close()


def settings(path: Path) -> list[tuple[str, str]]:
    """Rows of the settings sheet."""
    rows = CalamineWorkbook.from_filelike(BytesIO(path.read_bytes())).get_sheet_by_name(SHEET).to_python()
    return [(str(key), str(value)) for key, value in rows]


def decompressed(data: bytes) -> bytes:
    return bytes(decompress_stream(bytearray(data)))
