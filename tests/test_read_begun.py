"""A file whose reading was begun ahead gives what it gives at once, its faults too."""

from __future__ import annotations

import os
from pathlib import Path

import filled_books
import pytest
from filled_books import FORM, PLACES, surgery

from toolkit.records import Filing
from workbook import package
from workbook.begun import begin
from workbook.read import read
from workbook.sniff import Unreadable

filled, plain = filled_books.filled, filled_books.plain  # fixtures


def test_a_file_that_was_begun_reads_the_same(
    filled: bytes, plain: Filing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "LONG", 1000)
    path = tmp_path / "bao_cao.xlsx"
    path.write_bytes(filled)
    begin(path)
    path.unlink()  # so that it is not read again
    assert read(path, FORM, PLACES) == plain
    with pytest.raises(Unreadable):  # begun once, read once
        read(path, FORM, PLACES)


def test_texts_that_are_spoilt_are_told_of_a_file_that_was_begun(
    filled: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where calamine reads on behind the broken tag."""
    monkeypatch.setattr(package, "LONG", 1000)
    path = tmp_path / "bao_cao.xlsx"
    path.write_bytes(surgery(filled, "xl/sharedStrings.xml", lambda x: x.replace("</t></si>", "</t></s>", 1)))
    told = []
    for first in (lambda: None, lambda: begin(path)):
        first()
        with pytest.raises(Unreadable) as caught:
            read(path, FORM, PLACES)
        told.append((caught.value.code, caught.value.fields))
    assert told[0] == told[1] and told[0][0] == "TEP_001"


@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_what_is_wrong_with_a_file_that_was_begun_is_told_by_reading(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bao_cao.xlsx"
    path.write_bytes(content)
    for other in (path, tmp_path, tmp_path / "khong_co.xlsx"):
        begin(other)
    with pytest.raises(Unreadable):
        read(path, FORM, PLACES)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "bao_cao.xlsx"
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes in folders here")
    os.mkfifo(path)
    begin(path)
