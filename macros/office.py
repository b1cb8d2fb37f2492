"""A button pressed in LibreOffice: the same ``ribbon.press`` as in Excel, over the document of the window in front.

What a button changes is one step of LibreOffice's own undo as well. Boxes and dialogs are LibreOffice's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from importlib.util import find_spec
from itertools import starmap
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found, unused-ignore]  # LibreOffice's own

from macros import boxes
from macros.boxes import Box
from macros.buttons import BUTTONS
from toolkit.wording import finding

_TITLE = "Báo cáo xã"
_READ_FILES = frozenset({"btnGop", "btnPhieuTra"})  # nothing but closed workbooks
_OK, _YES_NO = 1, 3  # com.sun.star.awt.MessageBoxButtons
_YES = 2  # com.sun.star.awt.MessageBoxResults
_URIS_ONLY = 1  # com.sun.star.system.SystemShellExecuteFlags
_NOT_OPENED = "Máy này chưa chọn trình duyệt; anh chị mở tệp này bằng trình duyệt:\n{tep}"
_FILE_PICKER, _FOLDER_PICKER = "com.sun.star.ui.dialogs.FilePicker", "com.sun.star.ui.dialogs.FolderPicker"
_UNSEEN = (("Hidden", True), ("ReadOnly", True), ("MacroExecutionMode", 0), ("UpdateDocMode", 0))
_WIDTH = 220  # of the box that asks for a text, in units of a dialog


def press(context: Any, frame: Any, button: str) -> str:
    """Runs a button on the workbook of a window; gives back what was told. "" for what is no button of ours."""
    label = next((b.label for b in BUTTONS if b.id == button), "")
    document = frame.Controller.Model
    if not label or not document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
        return ""
    desk = Office(context, frame)
    if button in _READ_FILES and not _reads_files():
        told = boxes.refused((finding("LO_001"),))
        desk.tell(told)
        return told.text
    from macros.light_xlwings import load

    load()  # first: whatever imports xlwings next gets the light one
    from macros import ribbon
    from workbook.engine_uno import attach

    with _one_step(document, f"{_TITLE}: {label}"):
        return ribbon.press(button, desk, attach(document))


class Office:
    """How a button talks in LibreOffice. Without a screen (headless) a question is answered no, a box is not shown."""

    def __init__(self, context: Any, frame: Any) -> None:
        self._context, self._frame = context, frame

    def tell(self, box: Box) -> None:
        title = f"{_TITLE} – {box.title}" if box.title else _TITLE
        self._box("WARNINGBOX" if box.serious else "INFOBOX", _OK, title, box.text)

    def ask(self, question: str) -> bool:
        return self._box("QUERYBOX", _YES_NO, _TITLE, question) == _YES

    def ask_text(self, question: str, proposed: str = "") -> str | None:
        model = self._service("com.sun.star.awt.UnoControlDialogModel")
        model.Width, model.Height, model.Title = _WIDTH, 76, _TITLE
        inner = _WIDTH - 12
        _add(model, "FixedText", "question", (6, 6, inner, 22), Label=question, MultiLine=True)  # two lines
        _add(model, "Edit", "text", (6, 32, inner, 14), Text=proposed)
        _add(model, "Button", "ok", (inner - 104, 54, 50, 16), Label="Đồng ý", PushButtonType=1, DefaultButton=True)
        _add(model, "Button", "cancel", (inner - 44, 54, 50, 16), Label="Thôi", PushButtonType=2)
        dialog = self._service("com.sun.star.awt.UnoControlDialog")
        dialog.setModel(model)
        dialog.createPeer(self._frame.ContainerWindow.Toolkit, self._frame.ContainerWindow)
        try:
            answered = dialog.execute()
            return str(dialog.getControl("text").Text).strip() if answered else None
        finally:
            dialog.dispose()

    def pick_files(self, title: str, many: bool = True) -> tuple[Path, ...]:
        picker = self._service(_FILE_PICKER)
        picker.setTitle(title)
        picker.setMultiSelectionMode(many)
        return tuple(map(_path, picker.getSelectedFiles())) if picker.execute() else ()

    def pick_folder(self, title: str) -> Path | None:
        picker = self._service(_FOLDER_PICKER)
        picker.setTitle(title)
        return _path(picker.getDirectory()) if picker.execute() else None

    def open(self, page: Path) -> None:
        try:
            self._service("com.sun.star.system.SystemShellExecute").execute(page.as_uri(), "", _URIS_ONLY)
        except Exception:  # UNO's own: no program for such files on this computer
            self.tell(Box("Hướng dẫn", _NOT_OPENED.format(tep=page)))

    def as_book(self, path: Path) -> AbstractContextManager[Any] | None:
        return None if _reads_files() else self._unseen(path)

    @contextmanager
    def _unseen(self, path: Path) -> Iterator[Any]:
        """A saved workbook, read by LibreOffice: unseen, never written, without its macros and links. Raises
        ``Unreadable`` (TEP_009) for what LibreOffice does not open as a workbook."""
        from workbook.engine_uno import attach
        from workbook.sniff import Unreadable

        before = self._frame.Controller.Model
        desktop = self._service("com.sun.star.frame.Desktop")
        try:
            document = desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, tuple(starmap(_property, _UNSEEN)))
        except Exception:  # UNO's own
            document = None
        try:
            if document is None or not document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
                raise Unreadable("TEP_009", ly_do="LibreOffice không mở được tệp này như một bảng tính")
            yield attach(document)
        finally:
            if document is not None:
                document.close(True)
            attach(before)

    def _box(self, kind: str, buttons: int, title: str, text: str) -> int:
        window = self._frame.ContainerWindow
        asked = uno.Enum("com.sun.star.awt.MessageBoxType", kind)
        box = window.Toolkit.createMessageBox(window, asked, buttons, title, text)
        try:
            return int(box.execute())
        finally:
            box.dispose()

    def _service(self, name: str) -> Any:
        return self._context.ServiceManager.createInstanceWithContext(name, self._context)


def _reads_files() -> bool:
    """Whether python-calamine is here, and not what the extension brings in its place."""
    found = find_spec("python_calamine")
    return found is not None and found.origin != str(Path(__file__).parent.parent / "python_calamine.py")


@contextmanager
def _one_step(document: Any, name: str) -> Iterator[None]:
    undo = document.UndoManager
    undo.enterUndoContext(name)
    try:
        yield
    finally:
        with suppress(Exception):  # a document that was closed meanwhile
            undo.leaveUndoContext()


def _add(model: Any, kind: str, name: str, place: tuple[int, int, int, int], **properties: object) -> None:
    control = model.createInstance(f"com.sun.star.awt.UnoControl{kind}Model")
    control.PositionX, control.PositionY, control.Width, control.Height = place
    for key, value in properties.items():
        setattr(control, key, value)
    model.insertByName(name, control)


def _property(name: str, value: object) -> Any:
    found = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    found.Name, found.Value = name, value
    return found


def _path(url: str) -> Path:
    return Path(uno.fileUrlToSystemPath(url))
