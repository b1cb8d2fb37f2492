"""What is kept ready beside Python's byte code is what would be made now.

Requirements
  CO01  the copy gives the same records as the text: forms, calendar, words
  CO02  a copy of another text, of other modules, of another Python or of other content, however damaged, is not used:
        it is made anew
  CO03  nothing is written where Python writes no byte code, or where nobody may write; nothing is kept of a fault
  CO04  the check of a sound book needs neither the parsers of forms nor any other module that only faults need
"""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
import zlib
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from effort import ends

from toolkit.catalogue import load
from toolkit.vocabulary import parse_vocabulary
from toolkit.workdays import parse_days, whole_years
from workbook import compiled, forms
from workbook.compiled import copy_of, ready

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "xlsx_templates"


class Leaf(NamedTuple):
    day: date | None
    share: float


class Tree(NamedTuple):
    name: str
    leaves: tuple[Leaf, ...]
    more: dict[str, Leaf | tuple[str, ...]]
    marks: frozenset[str] = frozenset()


TREE = Tree(
    "cây",
    (Leaf(date(2025, 7, 1), 0.5), Leaf(None, 1.0)),
    {"a": Leaf(date(1, 1, 1), -1.5), "b": ("x", "y"), "c": ()},
    frozenset({"đ"}),
)
RECORDS = (Tree, Leaf)


@pytest.fixture(autouse=True)
def byte_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python keeps byte code, in a folder of the test's own."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "byte_code"))
    for loader in (forms.load_form, forms.load_calendar, forms.load_vocabulary):
        loader.cache_clear()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "mau.toml"
    path.write_text("một")
    return path


class Maker:
    """Counts how often it is asked."""

    def __init__(self, made: object = TREE) -> None:
        self.made, self.asked = made, 0

    def __call__(self) -> object:
        self.asked += 1
        return self.made


def test_comes_back_the_same__CO01(source: Path) -> None:
    make = Maker()
    first, second = (ready(source, "một", RECORDS, make) for _ in range(2))
    assert make.asked == 1
    assert first == second == TREE and repr(second) == repr(TREE)
    assert isinstance(second, Tree) and type(second.more["a"]) is Leaf


def test_shipped_files_come_back_the_same__CO01() -> None:
    made = [forms.load_form(), forms.load_calendar(), forms.load_vocabulary()]
    for loader in (forms.load_form, forms.load_calendar, forms.load_vocabulary):
        loader.cache_clear()
    names = ("bao_cao_xa.toml", "lich_nghi.csv", "tu_vung_ho_so.toml")
    assert all(copy_of(SHIPPED / name).is_file() for name in names)
    form, days, words = ((SHIPPED / name).read_text(encoding="utf-8") for name in names)
    parsed = [load(form), whole_years(parse_days(days)), parse_vocabulary(words)]
    kept = [forms.load_form(), forms.load_calendar(), forms.load_vocabulary()]
    assert kept == made == parsed
    assert repr(kept[:2]) == repr(parsed[:2])  # records are equal to plain tuples, but do not read so


def test_another_text_is_never_served_from_an_old_copy__CO02(source: Path) -> None:
    ready(source, "một", RECORDS, Maker())
    again = Maker(TREE._replace(name="khác"))
    assert ready(source, "mốt", RECORDS, again) == again.made  # of the same length, and the file has the same time
    assert ready(source, "mốt", RECORDS, Maker()) == again.made


def test_other_modules_and_another_python__CO02(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(source, "một", RECORDS, Maker())
    for change in (
        lambda: monkeypatch.setattr(compiled, "_code", lambda: [("form.py", 1, 1)]),
        lambda: monkeypatch.setattr(sys, "version", sys.version + "+"),
    ):
        change()
        make = Maker()
        assert ready(source, "một", RECORDS, make) == TREE and make.asked == 1


def test_a_module_that_changes_is_seen__CO02(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = tmp_path / "form.py"
    module.write_text("a = 1")
    monkeypatch.setattr(compiled, "_MAKERS", tmp_path)
    seen = []
    for step in (lambda: None, lambda: module.write_text("a = 10"), lambda: os.utime(module, (1, 1))):
        step()
        compiled._code.cache_clear()
        seen.append(compiled._code())
    compiled._code.cache_clear()
    assert len({str(code) for code in seen}) == 3


def signed(packed: bytes) -> bytes:
    return compiled._SIGN + zlib.crc32(packed).to_bytes(4, "big") + packed


@pytest.mark.parametrize("cut", [0, 1, 10, 14, 15, 16, -1])
def test_a_copy_cut_short__CO02(source: Path, cut: int) -> None:
    ready(source, "một", RECORDS, Maker())
    content = copy_of(source).read_bytes()
    copy_of(source).write_bytes(content[:cut])
    make = Maker()
    assert ready(source, "một", RECORDS, make) == TREE and make.asked == 1
    assert copy_of(source).read_bytes() == content  # mended


def test_a_copy_with_any_byte_changed__CO02(source: Path) -> None:
    ready(source, "một", RECORDS, Maker())
    content = copy_of(source).read_bytes()
    for at in range(0, len(content), 7):
        copy_of(source).write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        make = Maker()
        assert ready(source, "một", RECORDS, make) == TREE and make.asked == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\3\4",
        signed(b""),
        signed(b"\xff" * 20),
        signed(marshal.dumps(None)),
        signed(marshal.dumps((["x"], [0]))),
        compiled._SIGN,
    ],
)
def test_a_foreign_copy__CO02(source: Path, content: bytes) -> None:
    copy_of(source).parent.mkdir(parents=True)
    copy_of(source).write_bytes(content)
    make = Maker()
    assert ready(source, "một", RECORDS, make) == TREE and make.asked == 1


def test_a_copy_of_records_that_are_gone__CO02(source: Path) -> None:
    """Of the very same modules, and yet: as if somebody had signed it."""
    known = [sys.version, "một", compiled._code()]
    copy_of(source).parent.mkdir(parents=True)
    deep: tuple[object, ...] = ()
    for _ in range(sys.getrecursionlimit() - 10):  # less than what marshal takes
        deep = (deep,)
    for plain in ([5, "a"], [0, "a"], [], 7, [-1, 10**30], deep):
        copy_of(source).write_bytes(signed(marshal.dumps((known, plain))))
        make = Maker()
        assert ready(source, "một", RECORDS, make) == TREE and make.asked == 1


def test_no_regular_file_in_its_place__CO02(source: Path) -> None:
    """Nothing is waited for, nothing large is read, nothing of anybody is written to."""
    copy, own = copy_of(source), source.with_name("của ai đó")
    own.write_bytes(b"mine")
    copy.parent.mkdir(parents=True)

    def put_large() -> None:
        copy.write_bytes(b"")
        os.truncate(copy, 10**12)

    for put in (
        lambda: os.mkfifo(copy),
        lambda: copy.symlink_to(own),
        lambda: copy.symlink_to(copy),
        put_large,
        copy.mkdir,
    ):
        try:
            put()
        except (AttributeError, OSError):  # Windows has no such things
            continue
        make = Maker()
        with ends():
            assert ready(source, "một", RECORDS, make) == TREE
        assert make.asked == 1 and own.read_bytes() == b"mine"
        if not copy.is_dir():
            assert copy.is_file() and not copy.is_symlink()
            copy.unlink()


def test_nothing_is_written_where_no_byte_code_is__CO03(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert ready(source, "một", RECORDS, Maker()) == TREE
    assert not copy_of(source).exists()


def test_a_folder_in_which_nobody_may_write__CO03(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tep").write_text("")
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "tep"))  # no folder: nobody at all may write there
    assert ready(source, "một", RECORDS, Maker()) == TREE


def test_beside_the_byte_code_of_the_package__CO03(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", None)
    ready(source, "một", RECORDS, Maker())
    assert [p.name for p in (source.parent / "__pycache__").iterdir()] == [f"mau.{sys.implementation.cache_tag}.ready"]


def test_nothing_is_kept_of_a_fault__CO03(source: Path) -> None:
    def fail() -> object:
        raise ValueError("faulty")

    with pytest.raises(ValueError, match="faulty"):
        ready(source, "một", RECORDS, fail)
    with pytest.raises(KeyError):
        ready(source, "một", (Tree,), Maker())  # a record that is not listed
    assert not copy_of(source).exists()


def test_a_form_of_a_province_is_judged_as_before__CO03(tmp_path: Path) -> None:
    from toolkit.workdays import CalendarError

    own = tmp_path / "lich.csv"
    own.write_text("ngay,loai,can_cu\n2025-09-02,nghỉ,Quốc khánh\n", encoding="utf-8")
    assert [d.day for d in forms.load_calendar(own).days_off] == [date(2025, 9, 2)]
    assert not copy_of(own).exists()  # somebody's own list is read each time
    own.write_text("ngay\n", encoding="utf-8")
    forms.load_calendar.cache_clear()
    with pytest.raises(CalendarError):
        forms.load_calendar(own)


def test_a_form_that_is_ready_needs_no_parser__CO04(tmp_path: Path) -> None:
    code = (
        "import sys; from workbook.forms import load_calendar, load_form, load_vocabulary;"
        "load_form(), load_calendar(), load_vocabulary(); print(*sys.modules)"
    )
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    parsers = {"ast", "csv", "tomllib", "toolkit.catalogue", "toolkit.toml_table", "toolkit.formula_text"}
    loaded = []
    for _ in range(2):
        printed = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        ).stdout
        loaded.append(parsers & set(printed.split()))
    assert loaded == [parsers, set()]
