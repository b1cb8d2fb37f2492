"""How a button talks with the official: boxes of Windows, dialogs of Excel, or a record where nobody is shown one.

The Windows half was written from the documentation and tried on fakes only.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from macros.boxes import Box

_INFORMATION, _WARNING, _QUESTION, _YES_NO, _ON_TOP = 0x40, 0x30, 0x20, 0x4, 0x40000
_YES = 6
_FILES, _FOLDER = 3, 4  # of Application.FileDialog
_TEXT = 2  # Application.InputBox
_TITLE = "Báo cáo xã"


class Remembering:
    """Nobody there: remembers what was told, answers as it was told before."""

    def __init__(
        self,
        yes: bool = True,
        texts: tuple[str, ...] = (),
        files: tuple[Path, ...] = (),
        folder: Path | None = None,
    ) -> None:
        self.boxes: list[Box] = []
        self.questions: list[str] = []
        self.opened: list[Path] = []
        self._yes, self._texts, self._files, self._folder = yes, list(texts), files, folder

    def tell(self, box: Box) -> None:
        self.boxes.append(box)

    def ask(self, question: str) -> bool:
        self.questions.append(question)
        return self._yes

    def ask_text(self, question: str, proposed: str = "") -> str | None:
        self.questions.append(question)
        return self._texts.pop(0) if self._texts else None

    def pick_files(self, title: str, many: bool = True) -> tuple[Path, ...]:
        return self._files if many else self._files[:1]

    def pick_folder(self, title: str) -> Path | None:
        return self._folder

    def open(self, page: Path) -> None:
        self.opened.append(page)

    def as_book(self, path: Path) -> None:
        """Files are read by ourselves."""


class Windows:
    """Boxes by Windows itself, whose letters are Unicode; dialogs by the Excel that was pressed."""

    def __init__(self, user32: Any = None, app: Any = None) -> None:
        self._user32, self._app = user32, app

    def tell(self, box: Box) -> None:
        title = f"{_TITLE} – {box.title}" if box.title else _TITLE
        self._show(box.text, title, (_WARNING if box.serious else _INFORMATION) | _ON_TOP)

    def ask(self, question: str) -> bool:
        return self._show(question, _TITLE, _QUESTION | _YES_NO | _ON_TOP) == _YES

    def ask_text(self, question: str, proposed: str = "") -> str | None:
        answer = self._excel().InputBox(question, _TITLE, proposed, Type=_TEXT)
        return None if answer is False else str(answer).strip()

    def pick_files(self, title: str, many: bool = True) -> tuple[Path, ...]:
        return tuple(map(Path, self._picked(_FILES, title, many)))

    def pick_folder(self, title: str) -> Path | None:
        return next((Path(path) for path in self._picked(_FOLDER, title, many=False)), None)

    def open(self, page: Path) -> None:
        import os

        start = getattr(os, "startfile", None)
        if start is not None:
            start(str(page))

    def as_book(self, path: Path) -> None:
        """Files are read by ourselves."""

    def _show(self, text: str, title: str, kind: int) -> int:
        if self._user32 is None:
            import ctypes

            self._user32 = ctypes.windll.user32  # type: ignore[attr-defined, unused-ignore]  # Windows
        return int(self._user32.MessageBoxW(0, text, title, kind))

    def _excel(self) -> Any:
        if self._app is None:
            from macros.light_xlwings import load

            self._app = load().Book.caller().app.api
        return self._app

    def _picked(self, kind: int, title: str, many: bool) -> list[str]:
        dialog = self._excel().FileDialog(kind)
        dialog.Title = title
        dialog.AllowMultiSelect = many
        if dialog.Show() != -1:
            return []
        chosen = dialog.SelectedItems
        return [str(chosen.Item(n)) for n in range(1, int(chosen.Count) + 1)]


def desk_for(platform: str) -> Windows | Remembering:
    """Where nobody can be shown a box, what is told is given back by ``ribbon.press``; questions are answered no."""
    return Windows() if platform == "win32" else Remembering(yes=False)
