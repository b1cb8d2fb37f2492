"""Reads and judges every hostile workbook.

``python hostile_judge.py GROUP FOLDER`` reads the cases of a group the way a check does and prints one line of JSON for
each: so a case that hangs, eats the memory or ends the process takes only that process with it. What it must give
stands in the case; ``judged`` adds what holds for all: every figure read must stand in the file just so, found there by
a reader that shares no code with the product. A fault of ours (TEP_013) is wanted nowhere.
"""

from __future__ import annotations

import json
import re
import resource
import signal
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

sys.path.insert(0, str(Path(__file__).parent.parent))

from hostile import (
    FORM,
    KEY,
    PERIOD,
    PLACES,
    READ,
    Case,
    cut,
    disguised,
    flipped,
    flipped_inside,
    good,
    torn,
)
from hostile_bombs import dangerous
from hostile_books import odd_packages
from hostile_cells import odd_cells
from hostile_writers import other_writers

from toolkit.figures import stored_text
from toolkit.records import Filing, Key
from toolkit.unfilled import UNFILLED_CODES
from workbook import intake, read
from workbook.digest import Lens
from workbook.digest import digest as digest_of
from workbook.mark import apply
from workbook.sniff import Unreadable

SECONDS = 120  # a case that takes longer ends its process; the slowest takes a fortieth of it on an idle machine
MARKED = 5  # of so many cases, one is marked and read again
MEMORY = 1 << 30  # address space of the process that reads them


def cases() -> Iterator[Case]:
    yield from cut()
    yield from flipped()
    yield from flipped_inside()
    yield from torn()
    yield from disguised()
    yield from dangerous()
    yield from odd_packages()
    yield from odd_cells()
    yield from other_writers()


def main(group: str, folder: Path) -> None:
    """Reads every case of a group in this process, which is given little memory; one line of JSON for each."""
    read._LONG = 0  # every register is read as columns where that is possible at all
    harmless = group in ("writers", "pyexcelerate", "excelize")  # their libraries want more than a gigabyte
    if not harmless:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for number, case in enumerate(case for case in cases() if case.group == group):
        _say({"started": case.name})
        try:
            content = case.make()
        except ImportError as missing:
            _say({"name": case.name, "skipped": str(missing)})
            continue
        path = folder / case.file
        path.write_bytes(content)
        signal.alarm(SECONDS)
        checked = intake.examine(FORM, PLACES, path)
        faults = judged(case, checked, content)
        if harmless or case.marked or number % MARKED == 0:
            faults += [] if checked.filing is None else _marked(checked, checked.filing, content)
            faults += _merged(case, checked, content)
        signal.alarm(0)
        code = READ if checked.filing else checked.findings[0].code
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        line = {"name": case.name, "code": code, "faults": faults, "memory": memory}
        _say(line)
        path.unlink()


def judged(case: Case, checked: intake.Checked, content: bytes) -> list[str]:
    """What is wrong with what reading a case gave."""
    filing = checked.filing
    code = READ if filing else checked.findings[0].code
    if code not in case.wanted:
        words = checked.findings[0].message if checked.findings else ""
        return [f"gave {code or 'a report'!r}: {words}"]
    if filing is None:
        return []
    faults = _untrue(filing, content)
    figure = filing.figures.get(KEY)
    if case.value is not ... and (figure is None or figure.value != case.value):
        faults.append(f"value {figure and figure.value!r}, not {case.value!r}")
    if case.says and case.says not in [f.code for f in checked.findings]:
        faults.append(f"does not say {case.says}")
    if case.same:
        faults += _differences(filing)
    return faults


@cache
def _good_filing() -> Filing:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        path.write_bytes(good())
        filing = intake.examine(FORM, PLACES, path).filing
    assert filing is not None
    return filing


def _differences(filing: Filing, only: Callable[[Key], bool] = lambda key: True) -> list[str]:
    """Where a report differs from the good one. A result that was not stored is no difference."""
    faults = []
    for key, figure in _good_filing().figures.items():
        other = filing.figures.get(key)
        lost = figure.origin == "formula" and other is not None and other.value is None
        if only(key) and not lost and (other is None or other.value != figure.value):
            faults.append(f"{key}: {other and other.value!r}, not {figure.value!r}")
    for block, table in _good_filing().tables.items():
        other_table = filing.tables.get(block)
        if other_table is None or len(other_table.rows) != len(table.rows):
            faults.append(f"{block}: {other_table and len(other_table.rows)} rows, not {len(table.rows)}")
    return faults


def _merged(case: Case, checked: intake.Checked, content: bytes) -> list[str]:
    """A merge, which reads registers as columns, gives what a check does."""
    if checked.findings and checked.findings[0].code in ("TEP_005", "TEP_006", "TEP_008"):
        return []  # told before there is anything to merge
    digest = digest_of(Lens(FORM, PLACES, PERIOD.end), case.file, content)
    if checked.filing is None or digest.filing is None:
        code, other = (f.code if f else READ for f in (checked.filing is None and checked.findings[0], digest.unread))
        return [] if code == other else [f"checked: {code!r}, merged: {other!r}"]
    same = repr(digest.filing.figures) == repr(checked.filing.figures)
    told = [f.message for f in checked.findings if f.code not in UNFILLED_CODES]  # in a merge GOP_025, GOP_026
    said = sorted(f.message for f in digest.findings) == sorted(told)
    return [] if same and said else ["merged otherwise than checked"]


def _say(line: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _marked(checked: intake.Checked, filing: Filing, content: bytes) -> list[str]:
    """A marked copy can be made, or is refused with a code, and is read as the original was."""
    from toolkit.edits import listing, marks

    try:
        copy = apply(content, marks(checked.findings), listing(checked.findings, intake.about(filing)))
    except Unreadable:
        return []
    except Exception as fault:
        return [f"marking: {type(fault).__name__}"]
    path = checked.path.with_name(f"copy of {checked.path.name}")
    path.write_bytes(copy)
    again = intake.examine(FORM, PLACES, path)
    path.unlink()
    if again.filing is None:
        return [f"the marked copy gave {again.findings[0].code}: {again.findings[0].message}"]
    old = {k: f.value for k, f in filing.figures.items()}
    new = {k: f.value for k, f in again.filing.figures.items()}
    return [] if repr(old) == repr(new) else ["the marked copy reads otherwise"]


def _untrue(filing: Filing, content: bytes) -> list[str]:
    """Figures that do not stand in the file as they were read, and registers with other rows than the file."""
    try:
        shown = plainly(content)
    except (ElementTree.ParseError, KeyError, ValueError, LookupError) as fault:
        return [f"read, although nobody else can: {type(fault).__name__} {fault}"]
    used = {f.sheet for f in filing.figures.values()} | {t.sheet for t in filing.tables.values() if t.rows}
    unread = sorted(title for title in used if shown.get(title) is None)
    if unread:
        return [f"read, although nobody else can: {unread}"]
    faults = []
    for key, figure in filing.figures.items():
        text = (shown[figure.sheet] or {}).get(figure.cell, "")
        if not _agree(figure.raw, text):
            faults.append(f"{key} at {figure.cell}: read {figure.raw[:40]!r}, stands {text[:40]!r}")
    for table in filing.tables.values():
        cells = shown.get(table.sheet) or {}
        for field, column in table.columns.items():
            for row, cell in zip(table.rows, column, strict=True):
                text = cells.get(f"{table.letters[field]}{row}", "")
                if not _agree(stored_text(cell), text):
                    faults.append(f"{table.block} {field} {row}: read {str(cell)[:40]!r}, stands {text[:40]!r}")
    return faults[:5]


_DAY = re.compile(r"\d{1,2}/\d{1,2}/\d{1,5}.*|\d{2}:\d{2}:\d{2}.*")


def _agree(raw: str, text: str) -> bool:
    if _blank(raw) or _blank(text):
        return _blank(raw) == _blank(text)
    if raw == text or raw.split() == text.split():
        return True
    if text == _NO_TEXT:  # nobody knows what it would be: some text
        return not raw[:1].isdigit()
    if raw in ("TRUE", "FALSE"):
        return text.strip() in ("1", "0", "true", "false") and (raw == "TRUE") == (text.strip() in ("1", "true"))
    try:
        one, other = float(raw), float(text)
        return one == other or (one != one and other != other)  # not a number is never equal
    except ValueError:
        return _DAY.fullmatch(raw) is not None  # of a cell that looks like a date


def _blank(text: str) -> bool:
    return not text.translate(dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))).strip()


_NO_TEXT = "\0"  # stands for a shared text that there is not
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def plainly(content: bytes) -> dict[str, dict[str, str] | None]:
    """Sheet -> address -> the text that stands there, read with nothing but the standard library.

    A reader of its own: it believes the zip directory, the relations and the addresses, and refuses nothing but
    broken XML. None: a sheet that it cannot read."""
    with ZipFile(BytesIO(content)) as archive:
        members = {n.replace("\\", "/").lower(): n for n in archive.namelist()}

        def part(name: str) -> bytes:
            return archive.read(members[name.lower()])

        shared = part("xl/sharedStrings.xml") if "xl/sharedstrings.xml" in members else b"<sst/>"
        targets = {
            r.get("Id", ""): r.get("Target", "") for r in ElementTree.fromstring(part("xl/_rels/workbook.xml.rels"))
        }
        sheets: dict[str, dict[str, str] | None] = {}
        for node in ElementTree.fromstring(part("xl/workbook.xml")).iter():
            link = next((v for k, v in node.attrib.items() if k.endswith("}id")), "")
            if _local(node) != "sheet" or link not in targets:
                continue
            target = targets[link].replace("\\", "/")
            path = target[1:] if target.startswith("/") else f"xl/{target}"
            while "/./" in path or "//" in path or "/../" in path:
                path = re.sub(r"[^/]+/\.\./", "", path.replace("/./", "/").replace("//", "/"), count=1)
            if path.lower() in members and "sheet" in path:
                try:
                    sheets.setdefault(node.get("name", ""), _cells(part(path), shared))
                except (ElementTree.ParseError, ValueError, LookupError, BadZipFile, zlib.error, MemoryError):
                    sheets.setdefault(node.get("name", ""), None)
    return sheets


@lru_cache(maxsize=16)  # most cases spoil one part and leave the others
def _strings_of(shared: bytes) -> list[str]:
    return [_text_of(si) for si in ElementTree.fromstring(shared) if _local(si) == "si"]


@lru_cache(maxsize=32)
def _cells(xml: bytes, shared: bytes) -> dict[str, str]:
    root, strings = ElementTree.fromstring(xml), _strings_of(shared)
    found: dict[str, str] = {}
    data = next((n for n in root if _local(n) == "sheetData"), None)
    row_number = 0
    for row in data if data is not None else ():
        row_number = int(row.get("r", row_number + 1))
        column = 0
        for cell in row:
            if _local(cell) != "c":
                continue
            address = cell.get("r")
            if address:
                column = _column(address)
            else:
                column += 1
                address = f"{_letters(column)}{row_number}"
            kind = cell.get("t", "n")
            value = next((n.text or "" for n in reversed(cell) if _local(n) == "v"), "")
            if kind == "s":
                index = int(value) if re.fullmatch("[0-9]+", value) else len(strings)
                value = strings[index] if index < len(strings) else _NO_TEXT if value.strip() else ""
            elif kind == "inlineStr":
                value = "".join(_text_of(n) for n in cell if _local(n) == "is")
            found[address.upper()] = _ESCAPE.sub(lambda m: chr(int(m[1], 16)), value) or found.get(address.upper(), "")
    return found


def _text_of(node: ElementTree.Element) -> str:
    return "".join(
        t.text or ""
        for part in node
        for t in ((part,) if _local(part) == "t" else tuple(part) if _local(part) == "r" else ())
        if _local(t) == "t"
    )


def _column(address: str) -> int:
    number = 0
    for letter in address.upper():
        if letter.isalpha():
            number = number * 26 + ord(letter) - 64
    return number


def _letters(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def _local(node: ElementTree.Element) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
