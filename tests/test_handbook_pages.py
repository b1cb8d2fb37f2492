"""The handbook for the screen opens from any folder, without network, and says what its Markdown says.

Requirements
  HP01  every page becomes one HTML file that needs no other file but the pages it links to, and no network
  HP02  a click opens the page that was asked for, from a folder of any name; a second one writes nothing
  HP03  the part of Markdown that the handbook keeps to is turned into what it means
  HP04  text is never read as HTML
  HP05  no page leaves that part: nothing of Markdown is left over in the text
  HP06  "Hướng dẫn" opens it; a copy without a handbook says so instead
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import NoReturn

import pytest

from macros import handbook_pages, ribbon
from macros.boxes import NO_HANDBOOK
from macros.desk import Remembering
from macros.handbook_pages import html_name, open_page, to_html, write_pages

HANDBOOK = Path(__file__).parent.parent / "docs" / "so_tay"
PAGES = sorted(path.name for path in HANDBOOK.glob("*.md"))
MARKS = re.compile(r"\*\*|\]\(|```|^#|^\s*(?:-|\d+\.) |\|---|<!--", flags=re.M)
VOID = {"meta", "img", "br"}


class Seen(HTMLParser):
    """Text outside code and headings ("1. Hạ tầng" is one), addresses, pictures; fails for tags that do not nest."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.links: list[str] = []
        self.pictures: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a":
            self.links.append(values["href"] or "")
        if tag == "img":
            self.pictures.append(values["src"] or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"code", "style", "title", "h1", "h2", "h3"} & {*self.open}:
            self.words.append(data)


def nobody(at: str) -> NoReturn:
    raise FileNotFoundError(at)


def body(text: str) -> str:
    page = to_html(text, nobody)
    return page.partition("</nav>\n")[2].partition("\n</body>")[0]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("Sổ tay của Nguyễn Thị Ánh")
    assert len(write_pages(HANDBOOK, folder)) == len(PAGES) > 15
    return folder


@pytest.mark.parametrize("page", PAGES)
def test_page_stands_alone(written: Path, page: str) -> None:  # HP01
    text = (written / html_name(page)).read_text(encoding="utf-8")
    seen = Seen(text)
    assert {link for link in seen.links if not (written / link.partition("#")[0]).is_file()} == set()
    assert [src for src in seen.pictures if not src.startswith("data:image/png;base64,")] == []
    assert not re.search(r"https?://|<script|<link|@import|url\(", text)


@pytest.mark.parametrize("page", PAGES)
def test_nothing_of_markdown_is_left(written: Path, page: str) -> None:  # HP05
    words = "".join(Seen((written / html_name(page)).read_text(encoding="utf-8")).words)
    assert MARKS.findall(words) == []
    assert len(words) > 300


def test_left_over_markdown_is_seen() -> None:  # HP05, the guard itself
    assert MARKS.search("".join(Seen(to_html("Một **chữ đậm", nobody)).words))
    assert MARKS.search("".join(Seen(to_html("Một\n> [lời](dẫn", nobody)).words))


def test_opens_the_page(tmp_path: Path) -> None:  # HP02
    shown: list[Path] = []
    folder = tmp_path / "Tài liệu của Đỗ Ước"
    assert open_page("kiem_tra.md", shown.append, folder)
    assert shown == [folder / "kiem_tra.html"]
    assert "Kiểm tra số liệu" in shown[0].read_text(encoding="utf-8")
    stamps = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    spoilt = folder / "index.html"
    spoilt.write_bytes(b"")
    assert open_page("README.md", shown.append, folder)
    changed = {path for path in folder.iterdir() if path.stat().st_mtime_ns != stamps[path]}
    assert changed == {spoilt} and spoilt.read_bytes()


def test_same_bytes(tmp_path: Path) -> None:  # HP01
    one, other = (write_pages(HANDBOOK, tmp_path / name) for name in "ab")
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in other]


def test_the_button_opens_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # HP06
    monkeypatch.setattr(handbook_pages.tempfile, "gettempdir", lambda: str(tmp_path))
    desk = Remembering()
    click = ribbon.Click(None, desk, "btnHuongDan")
    ribbon.handbook(click)
    assert [path.name for path in desk.opened] == ["bat_dau_5_phut.html"] and desk.opened[0].is_file()
    monkeypatch.setattr(handbook_pages, "_SOURCES", (tmp_path / "khong_co",))
    ribbon.handbook(click)
    assert [box.text for box in desk.boxes] == [NO_HANDBOOK] and len(desk.opened) == 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("# Một", "<h1>Một</h1>"),
        ("Một\nhai\n\nba", "<p>Một hai</p>\n<p>ba</p>"),
        ("**đậm** *nghiêng* `a*b*`", "<p><strong>đậm</strong> <em>nghiêng</em> <code>a*b*</code></p>"),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
        ("[x](kiem_tra.md)", '<p><a href="kiem_tra.html">x</a></p>'),
        ("[`x`](README.md#y)", '<p><a href="index.html#y"><code>x</code></a></p>'),
        ("[**x**](a.md)", '<p><a href="a.html"><strong>x</strong></a></p>'),
        ("- a\n  b\n- c", "<ul>\n<li>a b</li>\n<li>c</li>\n</ul>"),
        ("1. a\n\n   ```\n   x  y\n   ```\n2. b", "<ol>\n<li>a\n<pre><code>x  y</code></pre></li>\n<li>b</li>\n</ol>"),
        ("- a\n  1. b", "<ul>\n<li>a\n<ol>\n<li>b</li>\n</ol></li>\n</ul>"),
        ("- a\n\nb", "<ul>\n<li>a</li>\n</ul>\n<p>b</p>"),
        ("```\n<a> **b**\n\n# c\n```\nd", "<pre><code>&lt;a&gt; **b**\n\n# c</code></pre>\n<p>d</p>"),
        ("a\n<!-- b\nc -->\nd", "<p>a</p>\n<p>d</p>"),
        (
            "| A | |\n|---|---|\n| `b\\|c` | d |",
            "<table>\n<tr><th>A</th><th></th></tr>\n<tr><td><code>b|c</code></td><td>d</td></tr>\n</table>",
        ),
        ("| | |\n|---|---|\n| a | |", "<table>\n<tr><td>a</td><td></td></tr>\n</table>"),
        ("![hình một](hinh/01.png)", "<p>hình một</p>"),
    ],
)
def test_markdown(text: str, wanted: str) -> None:  # HP03
    assert body(text) == wanted


def test_picture() -> None:  # HP03
    page = to_html("![ô “sai”](hinh/a.png)", lambda at: at.encode())
    assert 'src="data:image/png;base64,aGluaC9hLnBuZw=="><br><small>ô “sai”</small>' in page


@pytest.mark.parametrize("text", ["<b>x</b> & y", "`<b>x</b>`", "| <b>x</b> |", "- <b>x</b>", "# <b>x</b>"])
def test_text_is_no_html(text: str) -> None:  # HP04
    assert "<b>" not in to_html(text, nobody) and "&lt;b&gt;x" in to_html(text, nobody)
