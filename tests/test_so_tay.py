"""The handbook says what the product shows: names of buttons, sheets and columns, commands, sentences.

Requirements
  ST01  every page that a button names is there, names the button, and has the four parts
  ST02  what a page tells to press is a button
  ST03  what a page calls a sheet is a sheet of the product; the page on the province workbook has all of them
  ST04  every command line in docs is one that the command line takes
  ST05  what a page quotes (columns, sentences of a box) stands in the product
  ST06  every picture that a page shows is there, and every picture that is there is shown
  ST07  every page is reached from the table of contents, which names every button
  ST08  a page stays short
"""

from __future__ import annotations

import re
import shlex
import unicodedata
from pathlib import Path

import pytest

from macros.buttons import BUTTONS, GROUPS
from macros.cli import _parser
from macros.console import Misused
from toolkit.catalogue_faults import OWN_SHEETS
from workbook.forms import load_form
from workbook.overdue_list import SHEET as LATE_SHEET
from workbook.report import ORDER
from workbook.slip_page import INDEX_SHEET
from workbook.slip_page import SHEET as SLIP_SHEET

ROOT = Path(__file__).parent.parent
HANDBOOK = ROOT / "docs" / "so_tay"
PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted(HANDBOOK.glob("*.md"))}
GENERATED = {"bao_cao_xa.md", "ham_trang_tinh.md"}
WRITTEN = sorted(PAGES.keys() - GENERATED)
LABELS = {button.label for button in BUTTONS}
SHEETS = {*OWN_SHEETS, *ORDER, LATE_SHEET, SLIP_SHEET, INDEX_SHEET, *(block.sheet for block in load_form().blocks)}
PARTS = ["Khi nào dùng", "Làm thế nào", "Kết quả trông ra sao", "Nếu có gì lạ"]
OTHER_SHAPE = {"sua_it_o_nhat.md", "phieu_tra_lai.md", "bat_dau_5_phut.md"}
"""Pages with parts of their own."""

PRESSED = re.compile(r"(?:[Bb]ấm|[Nn]út)(?: lại)? \[?\*\*([^*]+)\*\*")
SHEET = re.compile(r"[Tt]rang “([^”]+)”")
QUOTED = re.compile(r"“([^”]+)”")
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
COMMAND = re.compile(r"^ *(tthc .+)$|`(tthc [^`]+)`", flags=re.M)
WINDOWS = {"No"}
"""Quoted, but a word of Windows."""

MOST_LINES = 60


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: button.id)
def test_each_button_has_its_page(button: object) -> None:  # ST01
    assert isinstance(button, type(BUTTONS[0]))
    text = PAGES[button.page]
    if button.id != "btnHuongDan":
        assert f"**{button.label}**" in text
    if button.page not in OTHER_SHAPE:
        assert [part for part in re.findall(r"^## (.+)$", text, flags=re.M) if part in PARTS] == PARTS


@pytest.mark.parametrize("page", WRITTEN)
def test_what_is_pressed_is_a_button(page: str) -> None:  # ST02
    assert [label for label in PRESSED.findall(PAGES[page]) if label not in LABELS] == []


def test_presses_are_seen() -> None:  # ST02, the guard itself
    assert sum(len(PRESSED.findall(PAGES[page])) for page in WRITTEN) >= len(BUTTONS)
    assert PRESSED.findall("Bấm **Không có** hay nút [**Gộp**](x)") == ["Không có", "Gộp"]


@pytest.mark.parametrize("page", WRITTEN)
def test_sheets_are_sheets(page: str) -> None:  # ST03
    assert [name for name in SHEET.findall(PAGES[page]) if name not in SHEETS and name != "…"] == []


def test_every_sheet_of_the_province_is_told() -> None:  # ST03
    rows = re.findall(r"^\| “([^”]+)” \|", PAGES["doc_so_tong_hop.md"], flags=re.M)
    assert tuple(rows) == ORDER
    assert "Hồ sơ" in SHEET.findall(PAGES["to_qua_han.md"])


@pytest.mark.parametrize("page", sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")))
def test_commands_are_taken(page: str) -> None:  # ST04
    for command in commands((ROOT / page).read_text(encoding="utf-8")):
        if not page.startswith("docs/so_tay/") and ("…" in command or len(command.split()) == 2):
            continue  # named, not to be typed
        try:
            _parser().parse_args(shlex.split(command)[1:])
        except Misused as wrong:
            pytest.fail(f"{command}: {wrong}")


def test_commands_are_seen() -> None:  # ST04, the guard itself
    found = {command.split()[1] for page in WRITTEN for command in commands(PAGES[page])}
    assert {"new", "formulas", "check", "accept", "merge", "import", "overdue", "addin", "demo"} <= found
    with pytest.raises(Misused):
        _parser().parse_args(["merge", "xa", "--provinces", "51"])


@pytest.mark.parametrize("page", WRITTEN)
def test_quotes_are_words_of_the_product(page: str, product: str) -> None:  # ST05
    parts = [part.strip() for quote in QUOTED.findall(PAGES[page]) for part in quote.split("…")]
    assert [part for part in parts if part and part not in WINDOWS and part.casefold() not in product] == []


def test_pictures_are_there() -> None:  # ST06
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md")}
    shown = {(path.parent / at).resolve() for path, text in texts.items() for at in PICTURE.findall(text)}
    assert shown == {path.resolve() for path in (HANDBOOK / "hinh").glob("*.png")}


def test_every_page_is_reached() -> None:  # ST07
    reached, left = set[str](), ["README.md"]
    while left:
        page = left.pop()
        if page not in reached:
            reached.add(page)
            left += LINK.findall(PAGES[page])
    assert reached == set(PAGES)


def test_contents_name_every_button() -> None:  # ST07
    cells = re.findall(r"^\| \[[^|]+\) \| ([^|]*?) ?\|$", PAGES["README.md"], flags=re.M)
    named = {label for cell in cells for label in cell.split(", ")} - {"", "dùng lệnh", "gõ trong ô"}
    help_ = {b.label for b in BUTTONS if b.page in ("tu_kiem_tra.md", "bat_dau_5_phut.md")}
    assert len(GROUPS) == 5 and named == LABELS - help_


@pytest.mark.parametrize("page", WRITTEN)
def test_page_is_short(page: str) -> None:  # ST08
    assert sum(bool(line.strip()) for line in PAGES[page].splitlines()) <= MOST_LINES


@pytest.fixture(scope="module")
def product() -> str:
    """All that the product says: its sources, without the line breaks of long sentences."""
    files = [path for folder in ("toolkit", "workbook", "macros") for path in (ROOT / folder).glob("*.py")]
    files += (ROOT / "xlsx_templates").glob("*.toml")
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(files))
    return unicodedata.normalize("NFC", re.sub(r'"\s*\n\s*f?"', "", text)).casefold()


def commands(text: str) -> list[str]:
    return [line or span for line, span in COMMAND.findall(text)]
