"""Buttons: each has a handler, says one thing in Vietnamese, and never shows a traceback.

Requirements
  RB01  every button of the table has the handler that it names, and no other handler exists
  RB02  what is told holds the three numbers of the job, each in words
  RB03  a request that cannot be carried out is told in sentences; a fault of ours names a log without personal data
  RB04  the status bar is given back, also after a fault; jumping keeps its line there
  RB05  what changes figures by guesswork is asked first: zeros, replacing, accepting
  RB06  a new workbook, a merge and return slips come from the same jobs as on the command line
        (asked: by when to mend; whether to begin from the last workbook; whoever gives up leaves everything as it was)
  RB07  boxes of Windows and dialogs of Excel are called as documented (on fakes: nothing runs in real Excel here)
  RB08  the caller's book is the one that is worked on
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from inspect import getsource
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from exports_made import IGATE, IGATE_ROWS, OWNER, csv
from live_books import FORM, PERIOD, PLACES, book_file

from macros import boxes, ribbon
from macros.boxes import Box
from macros.buttons import BUTTONS
from macros.desk import Remembering, Windows, desk_for
from macros.ribbon import HANDLERS, press
from toolkit.records import Key
from toolkit.wording import LIST_SHEET, LOG_SHEET, finding
from workbook import live_jobs, log
from workbook.engine_openpyxl import open_book
from workbook.live import read_live
from workbook.read import read


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Only ever opened."""
    return book_file(tmp_path_factory.mktemp("ribbon"), dossiers=12)


@pytest.fixture
def book(path: Path) -> Any:
    return open_book(path)


def test_each_button_has_its_handler() -> None:  # RB01
    assert HANDLERS.keys() == {button.id for button in BUTTONS}
    assert all(run.__name__ == button.handler for button, run in zip(BUTTONS, HANDLERS.values(), strict=True))


def test_the_three_numbers_are_told(book: Any) -> None:  # RB02
    desk = Remembering()
    text = press("btnKiemTra", desk)
    (box,) = desk.boxes
    done = live_jobs.check_book(book)
    assert box.text == text and box.serious and LIST_SHEET in text
    for name, n in done.numbers:
        assert f"{n} {boxes.NUMBERS[name]}" in text.splitlines()


def test_each_number_has_words() -> None:  # RB02
    made = [n for n in ast.walk(ast.parse(getsource(live_jobs))) if isinstance(n, ast.Call)]
    calls = [n for n in made if isinstance(n.func, ast.Name) and n.func.id == "Numbers"]
    names = {part.elts[0].value for n in calls for part in n.args if isinstance(part, ast.Tuple)}
    loops = {"error", "warning", "info", "dang_qua_han", "qua_han", "sap_den_han"}
    assert names | loops == boxes.NUMBERS.keys()


def test_a_request_that_cannot_be_carried_out(book: Any) -> None:  # RB03
    desk = Remembering()
    assert LIST_SHEET in press("btnLoiSau", desk) and len(desk.boxes) == 1
    assert log.written() == ""


def test_a_fault_of_ours(book: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # RB03, RB04
    def fail(*_: Any, **__: Any) -> None:
        book.app.status_bar = "đang làm"
        raise KeyError(OWNER)

    monkeypatch.setattr(live_jobs, "check_book", fail)
    desk = Remembering()
    text = press("btnKiemTra", desk)
    written = Path(log.written())
    assert str(written) in text and "Traceback" not in text and "KeyError" not in text
    told = written.read_text(encoding="utf-8")
    assert "KeyError" in told and "btnKiemTra" in told and OWNER not in told
    assert book.app.status_bar is False


def test_an_unknown_button_and_no_book(monkeypatch: pytest.MonkeyPatch) -> None:  # RB03
    assert "nhat_ky.log" in press("btnKhongCo", Remembering())

    def nobody() -> None:
        raise RuntimeError

    monkeypatch.setattr(ribbon, "_caller", nobody)
    assert "nhat_ky.log" in press("btnKiemTra", Remembering())


def test_progress_goes_to_the_status_bar(book: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # RB04
    seen: list[Any] = []
    monkeypatch.setattr(type(book.app.impl), "status_bar", property(lambda _: False, lambda _, v: seen.append(v)))
    press("btnKiemTra", Remembering())
    assert any("/" in str(text) for text in seen) and seen[-1] is False
    press("btnLoiSau", Remembering())
    assert str(seen[-1]).startswith("1/")


def test_zeros_are_asked_first(book: Any) -> None:  # RB05
    before = read_live(book, FORM, PLACES)
    desk = Remembering(yes=False)
    assert press("btnDien0", desk) == "" and len(desk.questions) == 1
    assert read_live(book, FORM, PLACES) == before
    press("btnDien0", Remembering(yes=True))
    assert read_live(book, FORM, PLACES) != before
    press("btnHoanTac", Remembering())
    assert read_live(book, FORM, PLACES).figures == before.figures


def test_replacing_is_asked_first(book: Any) -> None:  # RB05
    cell = book.sheets["II.06a"].range("D9")
    desk = Remembering(yes=False)
    press("btnLapBieu", desk)
    assert len(desk.questions) == 1 and cell.value == 10.0
    press("btnLapBieu", Remembering(yes=True))
    assert cell.value == 6.0


def test_accepting_is_asked_first(book: Any) -> None:  # RB05
    press("btnKiemTra", Remembering())
    for _ in range(20):
        press("btnLoiSau", Remembering())
        desk = Remembering(yes=False)
        press("btnGoiYSua", desk)
        if desk.questions:
            break
    assert desk.questions and not desk.boxes
    assert LOG_SHEET in book.sheet_names


def test_every_button_answers_in_words(book: Any) -> None:  # RB03
    for button in BUTTONS:
        desk = Remembering(yes=False)
        press(button.id, desk)
        assert log.written() == "", button.id
        assert all("Traceback" not in box.text and box.text for box in desk.boxes)


def test_import(book: Any, tmp_path: Path) -> None:  # RB02
    (tmp_path / "xuat.csv").write_bytes(csv([IGATE, *IGATE_ROWS]))
    text = press("btnNhapHoSo", Remembering(files=(tmp_path / "xuat.csv",)))
    assert f"3 {boxes.NUMBERS['added']}" in text and OWNER not in text


def test_import_asks_about_columns(book: Any, tmp_path: Path) -> None:  # RB05
    heading = ["Hạn xử lý" if name == "Ngày hẹn trả" else name for name in IGATE]
    (tmp_path / "xuat.csv").write_bytes(csv([heading, *IGATE_ROWS]))
    desk = Remembering(files=(tmp_path / "xuat.csv",))
    text = press("btnNhapHoSo", desk)
    assert boxes.NUMBERS["added"] in text or desk.questions == []


def test_new_workbook(book: Any, tmp_path: Path) -> None:  # RB06
    given: dict[str, Any] = {"yes": False, "texts": ("21061", "1/7/2025", "25/9/2025"), "folder": tmp_path}
    press("btnTaoMau", Remembering(**given))
    press("btnTaoMau", Remembering(**given))
    assert made(tmp_path) == ["bao_cao_21061.xlsx", "bao_cao_21061_1.xlsx"]
    for texts in (
        ("21061", "hôm qua", "25/9/2025"),
        ("21061", "25/9/2025", "1/7/2025"),
        ("99999", "1/7/2025", "2/7/2025"),
    ):
        desk = Remembering(**given | {"texts": texts})
        assert press("btnTaoMau", desk) and desk.boxes[0].serious
    assert press("btnTaoMau", Remembering(texts=("21061",))) == ""  # gave up
    assert press("btnTaoMau", Remembering(**given | {"folder": None})) == ""
    assert len(made(tmp_path)) == 2


OTHER = next(place.code for place in PLACES.in_province("51") if place.code != "21061")


class Lending(Remembering):
    """As in LibreOffice, where files are not read by ourselves."""

    @contextmanager
    def as_book(self, path: Path) -> Iterator[Any]:  # type: ignore[override]
        yield open_book(path)


@pytest.mark.parametrize("desk", [Remembering, Lending])
def test_new_workbook_from_the_last(desk: type[Remembering], book: Any, path: Path, tmp_path: Path) -> None:  # RB06
    given: dict[str, Any] = {"texts": ("21061", "26/9/2025", "25/12/2025"), "folder": tmp_path, "files": (path, path)}
    text = press("btnTaoMau", desk(**given))
    begun = read(tmp_path / "bao_cao_21061.xlsx", FORM, PLACES)
    over = begun.figures[Key("bieu_06a", "Hộ tịch", "ky_truoc")].value
    assert over == read(path, FORM, PLACES).figures[Key("bieu_06a", "Hộ tịch", "dang_giai_quyet")].value == 3
    assert text.splitlines()[0].endswith("bao_cao_21061.xlsx.") and path.name in text

    for change in ({"files": ()}, {"folder": None}):  # gave up
        assert press("btnTaoMau", desk(**given | change)) == ""
    other = desk(**given | {"texts": (OTHER, *given["texts"][1:])})
    assert path.name in press("btnTaoMau", other) and other.boxes[0].serious  # another commune's
    exported = tmp_path / "khac.xlsx"
    openpyxl.Workbook().save(exported)
    strange = desk(**given | {"files": (exported,)})
    assert exported.name in press("btnTaoMau", strange) and strange.boxes[0].serious
    assert made(tmp_path) == ["bao_cao_21061.xlsx", "khac.xlsx"]


def made(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.glob("*.xlsx"))


def test_much_came_over() -> None:  # RB06
    many = tuple(finding("KT_008", tep=f"{n}.xlsx", ky="") for n in range(9))
    box = boxes.begun(Path("x.xlsx"), many)
    assert box.serious and len(box.text.splitlines()) == 5 and " 6 " in box.text.splitlines()[-1]
    assert not boxes.begun(Path("x.xlsx"), ()).serious


def test_merge_and_slips(book: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # RB06
    asked: list[tuple[Any, ...]] = []

    def merge(
        form: Any, places: Any, folder: Path, province: str, period: Any, out: Path, options: Any, **_: Any
    ) -> Any:
        asked.append((folder, province, period, out, options.slips, options.mend_by))
        status = {"21061": "merged", "21064": "missing"}
        return SimpleNamespace(summary=SimpleNamespace(commune_status=status), path=out, slips=())

    monkeypatch.setattr("workbook.merge_job.merge", merge)
    given: dict[str, Any] = {"texts": ("51", "1/7/2025", "25/9/2025"), "folder": tmp_path / "xa"}
    text = press("btnGop", Remembering(**given))
    for answers in (("5/10/2025",), ("",), (), ("mai",)):  # a day; none; gave up; no day
        press("btnPhieuTra", Remembering(**given | {"texts": given["texts"] + answers}))
    assert text.splitlines()[:3] == ["1 xã đã gộp", "0 xã trả lại", "1 xã chưa nộp"]
    asked_for = (tmp_path / "xa", "51", PERIOD, tmp_path / "tong_hop_51.xlsx")
    slips = tmp_path / "phieu_tra_lai"
    assert asked == [(*asked_for, None, None), (*asked_for, slips, date(2025, 10, 5)), (*asked_for, slips, None)]


class User32:
    def __init__(self, answer: int = 1) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self._answer = answer

    def MessageBoxW(self, *given: Any) -> int:
        self.calls.append(given)
        return self._answer


def test_boxes_of_windows() -> None:  # RB07
    user = User32()
    Windows(user).tell(Box("Kiểm tra số liệu", "3 lỗi phải sửa", serious=True))
    ((window, text, title, kind),) = user.calls
    assert (window, text, title) == (0, "3 lỗi phải sửa", "Báo cáo xã – Kiểm tra số liệu")
    assert kind & 0x30 == 0x30 and kind & 0x40000
    assert Windows(User32(6)).ask("?") and not Windows(User32(7)).ask("?")


def test_dialogs_of_excel() -> None:  # RB07
    items = SimpleNamespace(Count=2, Item=lambda n: f"C:/tep {n}.xlsx")
    dialog = SimpleNamespace(Show=lambda: -1, SelectedItems=items, Title="", AllowMultiSelect=None)
    app = SimpleNamespace(FileDialog=lambda kind: dialog, InputBox=lambda *_, **__: " 21061 ")
    desk = Windows(User32(), app)
    assert [p.name for p in desk.pick_files("Tệp")] == ["tep 1.xlsx", "tep 2.xlsx"]
    assert dialog.AllowMultiSelect is True and desk.ask_text("Mã:") == "21061"
    desk.pick_files("Tệp", many=False)
    assert dialog.AllowMultiSelect is False
    dialog.Show = lambda: 0
    assert desk.pick_folder("Thư mục") is None
    app.InputBox = lambda *_, **__: False
    assert desk.ask_text("Mã:") is None


def test_which_desk() -> None:
    assert isinstance(desk_for("win32"), Windows)
    assert isinstance(desk_for("linux"), Remembering) and not desk_for("linux").ask("?")


def test_the_callers_book(path: Path) -> None:  # RB08
    other, mine = open_book(path), open_book(path)
    other.set_mock_caller()
    press("btnKiemTra", Remembering())
    assert LIST_SHEET in other.sheet_names and LIST_SHEET not in mine.sheet_names
    press("btnKiemTra", Remembering(), mine)
    assert LIST_SHEET in mine.sheet_names
