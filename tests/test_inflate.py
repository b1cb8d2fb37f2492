"""workbook.inflate: what it gives is what ``zipfile`` gives; whatever is not in order it leaves to that."""

from __future__ import annotations

import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook import inflate
from workbook.inflate import Inflater

try:
    from isal import isal_zlib
except ImportError:
    ENGINES = [zlib]
else:
    ENGINES = [zlib, isal_zlib]

TEXT = b"<row><c/></row>" * 400


@pytest.fixture(params=ENGINES, ids=lambda engine: engine.__name__)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inflate, "quick_zlib", lambda: request.param)


def archive(method: int = ZIP_DEFLATED, **members: bytes) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", method) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return stream.getvalue()


def given_by(content: bytes, name: str) -> bytes | None:
    with ZipFile(BytesIO(content)) as made:
        return Inflater(content, made.infolist()).unpacked(made.getinfo(name))


def test_every_member_is_whole(engine: None) -> None:
    content = archive(a=TEXT, b=b"", c=b"x")

    assert [given_by(content, name) for name in "abc"] == [TEXT, b"", b"x"]


def test_what_stands_before_the_archive_shifts_it(engine: None) -> None:
    assert given_by(b"some bytes" + archive(a=TEXT), "a") == TEXT


def test_a_stored_member_is_left_to_zipfile(engine: None) -> None:
    assert given_by(archive(ZIP_STORED, a=TEXT), "a") is None


def test_a_name_that_is_not_plain_is_left_to_zipfile(engine: None) -> None:
    assert given_by(archive(**{"đ": TEXT}), "đ") is None


def test_another_name_in_the_member_than_in_the_directory(engine: None) -> None:
    content = archive(a=TEXT)

    assert given_by(content.replace(b"a", b"b", 1), "a") is None


@pytest.mark.parametrize("field", ["CRC", "file_size", "compress_size"])
@pytest.mark.parametrize("step", [-1, 1])
def test_a_directory_that_is_wrong_by_one(engine: None, field: str, step: int) -> None:
    content = archive(a=TEXT, b=TEXT)
    with ZipFile(BytesIO(content)) as made:
        info = made.getinfo("a")
        setattr(info, field, getattr(info, field) + step)

        assert Inflater(content, made.infolist()).unpacked(info) is None


def test_members_that_lie_in_each_other(engine: None) -> None:
    content = archive(a=TEXT, b=TEXT)
    with ZipFile(BytesIO(content)) as made:
        first, second = made.infolist()
        second.header_offset = first.header_offset + 1

        assert Inflater(content, made.infolist()).unpacked(first) is None


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.__name__)
@given(data=st.data())
def test_a_changed_byte_is_never_believed(engine: object, data: st.DataObject) -> None:
    """Either the content that ``zipfile`` vouches for, or nothing."""
    content = bytearray(archive(a=TEXT[: data.draw(st.integers(0, 200))], b=b"y" * 50))
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        made = ZipFile(BytesIO(content))
    except (BadZipFile, ValueError, NotImplementedError):
        return
    inflater = Inflater(bytes(content), made.infolist())
    inflater._zlib = engine
    for info in made.infolist():
        found = inflater.unpacked(info)
        assert found is None or found == made.read(info)
