"""Protection and a busy Excel: nothing stays open, nothing hangs.

Requirements
  LA05  a protected sheet is protected again exactly as it was, also when writing fails; with a foreign password nothing
        happens there but the list
  LA07  Excel being busy gives a sentence, in finite time, and settings are put back
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import live_books
import pytest
from live_books import EMPTY, PAINTED, decided, fills

from toolkit.records import Edit
from toolkit.wording import LIST_SHEET
from workbook.engine_openpyxl import open_book
from workbook.files import Refused
from workbook.live_apply import apply
from workbook.live_guard import ATTEMPTS, is_busy, quiet

path = live_books.path  # fixture


def test_protection_comes_back_as_it_was(path: Path) -> None:  # LA05
    book = open_book(path)
    before = protection(book, "II.06a")
    apply(book, [*PAINTED, Edit("formula", "II.06a", "C9", formula="1+1")], EMPTY)
    assert protection(book, "II.06a") == before and before["sheet"]


def test_protection_comes_back_when_writing_fails(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # LA05
    book = open_book(path)
    before = protection(book, "II.06a")

    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("workbook.live_apply.write_contents", fail)
    with pytest.raises(MemoryError):
        apply(book, [Edit("value", "II.06a", "D9", value=1)])
    assert protection(book, "II.06a") == before
    assert book.app.screen_updating and book.app.calculation == "automatic"


def test_a_foreign_password_leaves_only_the_list(path: Path) -> None:  # LA05
    book = open_book(path)
    before = fills(book)
    book.sheets["II.06a"].impl.xl.protection.password = "bi mat"
    done = apply(book, [*PAINTED, Edit("value", "II.06a", "D9", value=1)], decided(path)[1])
    assert done.locked == ("II.06a",) and (done.painted, done.written) == (0, 0)
    assert fills(book) == before and book.sheets["II.06a"].api.ProtectContents
    assert done.listed == LIST_SHEET


def test_structure_with_a_foreign_password(path: Path) -> None:  # LA05
    from openpyxl.workbook.protection import WorkbookProtection

    book = open_book(path)
    before = fills(book)
    book.impl.xl.security = WorkbookProtection(workbookPassword="bi mat", lockStructure=True)
    with pytest.raises(Refused) as refused:
        apply(book, PAINTED, EMPTY)
    assert [f.code for f in refused.value.findings] == ["SO_MO_002"]
    assert fills(book) == before
    book.impl.xl.security = WorkbookProtection(lockStructure=True)
    apply(book, PAINTED, EMPTY)
    assert book.impl.xl.security.lockStructure and fills(book) != before


class Busy(Exception):
    """What pywin32 raises while a cell is being edited."""

    hresult = -2147418111


def test_busy_excel__sentence(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # LA07
    book = open_book(path)
    monkeypatch.setattr("workbook.live_guard.time", SimpleNamespace(sleep=lambda _: None))
    asked = []

    def busy(_: object) -> Any:
        asked.append(1)
        raise Busy

    monkeypatch.setattr(type(book.app.impl), "screen_updating", property(busy))
    with pytest.raises(Refused) as refused:
        apply(book, PAINTED, EMPTY)
    assert [f.code for f in refused.value.findings] == ["SO_MO_001"]
    assert 1 < len(asked) < 20


def test_busy_for_a_moment__ok(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # LA07
    book = open_book(path)
    monkeypatch.setattr("workbook.live_guard.time", SimpleNamespace(sleep=lambda _: None))
    answers: Iterator[bool] = iter([False, False])

    def soon(_: object) -> bool:
        if next(answers, None) is not None:
            raise Busy
        return True

    monkeypatch.setattr(type(book.app.impl), "screen_updating", property(soon, lambda _, value: None))
    assert apply(book, PAINTED, EMPTY).painted == 2


def test_attempts_are_finite_and_come_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # LA07
    windows = SimpleNamespace(N_COM_ATTEMPTS=0)
    monkeypatch.setitem(sys.modules, "xlwings._xlwindows", windows)
    with quiet(open_book(path)):
        assert windows.N_COM_ATTEMPTS == ATTEMPTS > 0
    assert windows.N_COM_ATTEMPTS == 0


def test_what_counts_as_busy() -> None:  # LA07
    edited = Exception(-2147352567, "Exception occurred.", (0, None, None, None, 0, -2146777998), None)
    other = Exception(-2147352567, "Exception occurred.", (0, "Excel", "1004", None, 0, -2146827284), None)
    assert is_busy(Busy()) and is_busy(edited)
    assert not is_busy(other) and not is_busy(ValueError("x"))


def protection(book: Any, title: str) -> dict[str, Any]:
    given = book.sheets[title].impl.xl.protection
    return {name: getattr(given, name) for name in given.__attrs__}
