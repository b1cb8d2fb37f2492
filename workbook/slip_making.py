"""What goes back to each commune, made where there is room: a page, a message, and the workbook to mend.

Nothing here knows the folder of the slips: what may be written there is decided in ``slip_files``, when all is made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple

from toolkit.checks import in_order
from toolkit.edits import ERROR, listing, marks
from toolkit.form import Form
from toolkit.places import Gazetteer
from toolkit.records import Edit, Finding, Summary
from toolkit.return_words import message
from toolkit.returns import Slip, slips
from workbook.build_blanks import Blanks
from workbook.intake import about
from workbook.jobs import file_name
from workbook.mark import apply
from workbook.slip_page import slip_page
from workbook.sniff import Unreadable
from workbook.spread import Aside, side_by_side

PAGE, MESSAGE, MEND = "_phieu.xlsx", "_tin_nhan.txt", "_sua.xlsx"


class Made(NamedTuple):
    """What is to go back to one commune."""

    slip: Slip
    mend: str  # name of the workbook to mend; "" where the commune has to mend its own
    files: Mapping[str, bytes]  # name -> content


class Begun(NamedTuple):
    """The slips of a merge, of which some may be made already."""

    slips: tuple[Slip, ...]
    made: Iterator[Made]  # of each slip


def begin(
    form: Form,
    places: Gazetteer,
    summary: Summary,
    sources: Mapping[str, Path],
    deadline: date | None = None,
    aside: Aside = side_by_side,
) -> Begun:
    """``sources``: file name in the summary -> where it is. ``aside``: who makes them."""
    found: dict[str, list[Finding]] = {}
    for file, finding in summary.findings:
        found.setdefault(file, []).append(finding)
    told = slips(form, summary, deadline)
    homes = {s.place.province: places.province(s.place.province) for s in told if s.mend == "blank"}
    blanks = {code: Blanks(form, home or summary.province, summary.period) for code, home in homes.items()}

    def asked(slip: Slip) -> _Asked:
        filing = summary.filings.get(slip.place.code)
        given = (sources.get(slip.file), filing.sha256, about(filing)) if filing else (None, "", ())
        return _Asked(slip, found.get(slip.file, []), *given)

    return Begun(told, aside(partial(_made, form, blanks), [*map(asked, told)]))


class _Asked(NamedTuple):
    slip: Slip
    findings: list[Finding]  # of its file
    source: Path | None  # the file that counts
    sha256: str  # of what was merged; "" when nothing was
    about: tuple[str, ...]  # whose report it is, and of which period


def _made(form: Form, blanks: Mapping[str, Blanks], asked: _Asked) -> Made:
    """``blanks``: province code -> its blank workbooks."""
    if asked.slip.mend == "blank":
        slip, content = asked.slip, blanks[asked.slip.place.province].of(asked.slip.place)
    else:
        slip, content = _marked(form, asked)
    stem = file_name(slip.place).removesuffix(".xlsx")
    mend = stem + MEND if content else ""
    files = {mend: content} if mend else {}
    files[stem + PAGE] = slip_page(form, slip, mend)
    files[stem + MESSAGE] = _text(message(slip, mend))
    return Made(slip, mend, files)


def _marked(form: Form, asked: _Asked) -> tuple[Slip, bytes]:
    """The slip with the workbook to mend; b"" where the commune has to mend its own file, because it cannot be marked
    or is not the one that was merged any more."""
    slip = asked.slip
    try:
        content = asked.source.read_bytes() if asked.source else b""
        if hashlib.sha256(content).hexdigest() != asked.sha256:
            return slip._replace(mend="own"), b""
        certain = [
            Edit("paint", line.sheet, line.cell, colour=ERROR)
            for line in slip.lines
            if line.certain and line.severity == "error" and line.cell
        ]
        ordered = in_order(form, asked.findings)
        return slip, apply(content, [*certain, *marks(ordered)], listing(ordered, asked.about))
    except (Unreadable, OSError):
        return slip._replace(mend="own"), b""


def _text(words: str) -> bytes:
    """As every Notepad of Windows opens it: with a byte order mark, which copying to a chat leaves behind, and CRLF."""
    return words.replace("\n", "\r\n").encode("utf-8-sig", "replace")
