"""The handbook for the screen: every page of docs/so_tay as one HTML file that needs nothing else, no network either.

The Markdown files are the only source; the wheel carries them (pyproject.toml), and the first click turns them into
HTML. An own converter instead of a package: it does the part of Markdown that the handbook keeps to, in milliseconds,
and an official's computer has one package less to install. A page that leaves this part is refused by the tests.
"""

from __future__ import annotations

import base64
import html
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from workbook.files import write

FIRST = "README.md"
"""The table of contents; its HTML is called index.html."""

Picture = Callable[[str], bytes]
"""Content of a picture by its address in the page. Raises ``FileNotFoundError``."""

_FOLDER = "tthc_so_tay"
_HERE = Path(__file__).parent
_SOURCES = (_HERE / "so_tay", _HERE.parent / "docs" / "so_tay")  # installed; a copy of the sources
_ITEM = re.compile(r"(-|\d+\.) +")
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
_CODE = re.compile(r"(`+)(.+?)\1")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_ITALIC = re.compile(r"(?<![\w*])\*([^\s*][^*]*)\*(?![\w*])")
_RULER = re.compile(r"\|[-| :]+\|")
_CELLS = re.compile(r"(?<!\\)\|")
_MARGIN = re.compile(r" {1,3}")

_PAGE = """<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ max-width: 47em; margin: 1.5em auto; padding: 0 1em; color: #1f2a37;
  font: 17px/1.55 "Segoe UI", Arial, sans-serif; }}
h1 {{ font-size: 1.6em; color: #1f4e79; margin: .4em 0 .6em; }}
h2 {{ font-size: 1.2em; color: #1f4e79; margin: 1.4em 0 .4em; }}
a {{ color: #0b5cad; }}
table {{ border-collapse: collapse; margin: .8em 0; }}
th, td {{ border: 1px solid #c9d1da; padding: .3em .6em; text-align: left; vertical-align: top; }}
th {{ background: #dce6ef; }}
code {{ background: #eef3f7; padding: .1em .3em; overflow-wrap: anywhere;
  font: .92em Consolas, "Courier New", monospace; }}
pre {{ background: #eef3f7; padding: .7em; white-space: pre-wrap; }}
pre code {{ padding: 0; }}
img {{ max-width: 100%; border: 1px solid #c9d1da; }}
li {{ margin: .25em 0; }}
nav {{ border-bottom: 1px solid #c9d1da; padding-bottom: .4em; font-size: .9em; }}
@media print {{ nav {{ display: none; }} body {{ margin: 0; }} }}
</style>
</head>
<body>
<nav><a href="index.html">Sổ tay – mọi trang</a></nav>
{body}
</body>
</html>
"""


def open_page(page: str, show: Callable[[Path], object], folder: Path | None = None) -> bool:
    """Shows a page (or "README.md", the table of contents); False when this copy of the product has no handbook.

    The pages go into ``folder``, by default one among the temporary files of the user. ``show`` gets the HTML file:
    ``os.startfile`` on Windows. Raises ``Refused`` (RA_002) when they cannot be written.
    """
    source = next((f for f in _SOURCES if (f / page).is_file()), None)
    if source is None:
        return False
    target = folder or Path(tempfile.gettempdir()) / _FOLDER
    write_pages(source, target)
    show(target / html_name(page))
    return True


def write_pages(source: Path, target: Path) -> tuple[Path, ...]:
    """Every page of ``source`` as HTML in ``target``; a file that is already as it should be stays untouched."""
    pages = {path.name: path.read_text(encoding="utf-8") for path in sorted(source.glob("*.md"))}
    written = []
    for name, text in pages.items():
        content = to_html(text, lambda at: (source / at).read_bytes()).encode()
        path = target / html_name(name)
        if not path.is_file() or path.read_bytes() != content:
            write(path, content)
        written.append(path)
    return tuple(written)


def html_name(page: str) -> str:
    return "index.html" if page == FIRST else f"{page.removesuffix('.md')}.html"


def to_html(text: str, picture: Picture) -> str:
    """One page. A picture that is not there shows its words instead."""
    lines = text.splitlines()
    title = next((line.removeprefix("# ") for line in lines if line.startswith("# ")), "Sổ tay")
    return _PAGE.format(title=html.escape(_plain(title)), body="\n".join(_blocks(lines, picture)))


def _blocks(lines: Sequence[str], picture: Picture) -> Iterator[str]:
    """Paragraphs, headings, tables, lists, code; lines are taken from the front of a copy."""
    rest, words = list(lines), partial(_inline, picture=picture)
    while rest:
        line = rest[0]
        if not line.strip():
            del rest[0]
        elif line.startswith("<!--"):
            _take(rest, lambda at: "-->" not in rest[at], and_last=True)
        elif line.startswith("```"):
            del rest[0]
            code = _take(rest, lambda at: not rest[at].startswith("```"), and_last=True)
            yield f"<pre><code>{html.escape(chr(10).join(code[:-1]))}</code></pre>"
        elif line.startswith("#"):
            marks, _, heading = rest.pop(0).partition(" ")
            yield f"<h{len(marks)}>{words(heading)}</h{len(marks)}>"
        elif line.startswith("|"):
            yield _table(_take(rest, lambda at: rest[at].startswith("|")), words)
        elif _ITEM.match(line):
            yield _list(rest, picture)
        else:
            yield f"<p>{words(' '.join(_take(rest, lambda at: _goes_on(rest[at]))))}</p>"


def _take(rest: list[str], while_: Callable[[int], bool], and_last: bool = False) -> list[str]:
    """Removes lines from the front while they pass; ``and_last``: also the one that does not."""
    end = next((at for at in range(len(rest)) if not while_(at)), len(rest)) + and_last
    taken, rest[:] = rest[:end], rest[end:]
    return taken


def _goes_on(line: str) -> bool:
    """Whether a line can belong to the paragraph before it."""
    return bool(line.strip()) and not line.startswith(("#", "|", "```", "<!--")) and not _ITEM.match(line)


def _list(rest: list[str], picture: Picture) -> str:
    """The items at the front of ``rest``; what is indented under an item belongs to it."""
    ordered, items = rest[0][0].isdigit(), []
    while rest and (mark := _ITEM.match(rest[0])) and mark[1][0].isdigit() == ordered:
        width = mark.end()
        own = [rest.pop(0)[width:]]
        own += _take(rest, lambda at: _indented(rest, at))
        body = list(_blocks([_dedented(line, width) for line in own], picture))
        if body and body[0].startswith("<p>"):
            body[0] = body[0].removeprefix("<p>").removesuffix("</p>")
        items.append(f"<li>{chr(10).join(body)}</li>")
        while rest and not rest[0].strip() and len(rest) > 1 and _ITEM.match(rest[1]):
            del rest[0]
    tag = "ol" if ordered else "ul"
    return f"<{tag}>\n{chr(10).join(items)}\n</{tag}>"


def _indented(rest: Sequence[str], at: int) -> bool:
    """Whether a line stands under an item: indented, or blank before an indented one."""
    following = next((line for line in rest[at:] if line.strip()), "")
    return following.startswith("  ")


def _dedented(line: str, width: int) -> str:
    return line[width:] if not line[:width].strip() else line.lstrip()


def _table(lines: Sequence[str], words: Callable[[str], str]) -> str:
    rows = [[cell.strip().replace("\\|", "|") for cell in _CELLS.split(line.strip().strip("|"))] for line in lines]
    heads, body = (rows[:1], rows[2:]) if len(lines) > 1 and _RULER.fullmatch(lines[1].strip()) else ([], rows)
    out = ["<tr>" + "".join(f"<th>{words(cell)}</th>" for cell in row) + "</tr>" for row in heads if any(row)]
    out += ["<tr>" + "".join(f"<td>{words(cell)}</td>" for cell in row) + "</tr>" for row in body]
    return "<table>\n" + "\n".join(out) + "\n</table>"


def _inline(text: str, picture: Picture) -> str:
    """Bold, italic, code, links and pictures of a run of text."""
    codes: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        codes.append(f"<code>{html.escape(match[2].strip())}</code>")
        return f"\0{len(codes) - 1}\0"

    text = html.escape(_CODE.sub(put_aside, text), quote=False)
    text = _LINK.sub(partial(_linked, picture=picture), text)
    text = _ITALIC.sub(r"<em>\1</em>", _BOLD.sub(r"<strong>\1</strong>", text))
    return re.sub("\0(\\d+)\0", lambda match: codes[int(match[1])], text)


def _linked(match: re.Match[str], picture: Picture) -> str:
    is_picture, words, address = match.groups()
    if is_picture:
        try:
            content = base64.b64encode(picture(address)).decode()
        except FileNotFoundError:
            return words
        return f'<img alt="" src="data:image/png;base64,{content}"><br><small>{words}</small>'
    path, mark, anchor = address.partition("#")
    target = html_name(path) if path.endswith(".md") and "/" not in path else path
    return f'<a href="{html.escape(target + mark + anchor)}">{words}</a>'


def _plain(text: str) -> str:
    return re.sub(r"[*`]", "", text)
