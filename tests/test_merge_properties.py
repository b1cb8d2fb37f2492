"""What must hold for any set of reports, in any order, in any number of merges, with any of them damaged.

R1 the totals, in the JSON and in the cells, are the sums of what was typed into the reports that count; the late
   dossiers are those that are late
R2 neither the order of the files nor their names and folders matter
R3 merging in steps gives what merging at once gives; a damaged memory changes nothing
R4 a damaged file changes the standing of its own commune only; the accounting lines close
R5 each passport leads to a cell that holds exactly its raw text; each link leads to where it says
R6 the bridge closes for every total and lists exactly the cells that somebody changed
R7 a second merge reads nothing again

What a report is worth is worked out in ``merge_pool``, in plain Python.
"""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from merge_pool import (
    CODES,
    COUNTRY,
    EARLIER,
    FIGURES,
    FORM,
    GRID,
    PERIOD,
    PLACES,
    PRINTED,
    Sent,
    cell,
    common_way,
    counted,
    counted_cell,
    late,
    put,
    sent,
    total,
    written,
)
from python_calamine import CalamineWorkbook

from toolkit.bridge import Bridge
from toolkit.contract import summary_json
from toolkit.records import TOTAL_ROW, Digest, Key
from toolkit.values import parse_values
from workbook import digest as digests
from workbook import merge_job, spread
from workbook.build import build
from workbook.digest import Lens, Source, renamed
from workbook.files import Refused
from workbook.intake import Tell
from workbook.memory_folder import SIGN, folder_of
from workbook.merge_job import Merged, Options
from workbook.spread import Known

OVERVIEW, SUMMARY, FIELDS, OVERDUE, FINDINGS, SOURCES, FILES = (
    "TỔNG QUAN", "TỔNG HỢP", "THEO LĨNH VỰC", "QUÁ HẠN", "SAI LỆCH", "NGUỒN", "TỆP",
)  # fmt: skip
CHANGES = "THAY ĐỔI"
TOTAL, NONE = "TỔNG CỘNG (số như xã ghi)", "–"
DAMAGE: Mapping[str, Callable[[bytes], bytes]] = {
    "half": lambda content: content[: len(content) // 2],
    "empty": lambda content: b"",
    "text": lambda content: b"Kinh gui UBND tinh",
    "inside": lambda content: content[:200] + bytes(400) + content[600:],
}


def examples(n: int) -> settings:
    """Without shrinking: that would take minutes, and a failing folder says enough."""
    checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=n, suppress_health_check=checks, phases=[Phase.explicit, Phase.generate])


# --- folders


class Inbox(NamedTuple):
    """A folder: files with what they hold; None: damaged."""

    files: Mapping[str, Sent | None]
    contents: Mapping[str, bytes]

    def __repr__(self) -> str:
        return f"Inbox({dict(self.files)})"

    @property
    def standing(self) -> dict[str, tuple[str, Sent]]:
        """Commune -> the file that stands for it: of two, the one of the period, else the one called "(2)"."""
        out: dict[str, tuple[str, Sent]] = {}
        for name, report in sorted(self.files.items(), key=lambda item: "(2)" in item[0]):
            if report is not None and (report.in_period or report.code not in out):
                out[report.code] = name, report
        return out

    @property
    def counting(self) -> dict[str, tuple[str, Sent]]:
        """Those that are added up."""
        return {code: found for code, found in self.standing.items() if found[1].in_period}

    @property
    def reports(self) -> list[Sent]:
        return [report for _, report in self.counting.values()]

    @property
    def status(self) -> dict[str, str]:
        named = {code for code in CODES for name in self.files if code in name}
        status = dict.fromkeys(CODES, "missing") | dict.fromkeys(named, "returned")
        return status | dict.fromkeys(self.standing, "off_period") | dict.fromkeys(self.counting, "merged")


VARIANTS = ((), (0,), (1,), (2,), (0, 1), (1, 2), (2, 0))
WITH_EARLIER = ((0,), (1,), (EARLIER,), (1, EARLIER), (EARLIER, 0))


@st.composite
def inboxes(draw: st.DrawFn, damage: bool = True, twice: bool = True, most: int = len(CODES)) -> Inbox:
    """Any variants of any communes; of a commune with two, the second is called "(2)"."""
    codes = CODES[:: len(CODES) // most]
    choices = [
        [v for v in (WITH_EARLIER if n % 4 == 1 else VARIANTS) if twice or len(v) < 2] for n in range(len(codes))
    ]
    chosen = draw(st.tuples(*map(st.sampled_from, choices)))
    files = {
        f"bao_cao_{code}{' (2)' if n else ''}.xlsx": sent(code, variant)
        for code, variants in zip(codes, chosen, strict=True)
        for n, variant in enumerate(variants)
    }
    spoilt: Mapping[str, str] = {}
    if damage and files:
        spoilt = draw(st.dictionaries(st.sampled_from(sorted(files)), st.sampled_from(sorted(DAMAGE)), max_size=4))
    return Inbox(
        {name: None if name in spoilt else report for name, report in files.items()},
        {name: DAMAGE[spoilt[name]](r.content) if name in spoilt else r.content for name, r in files.items()},
    )


@cache
def _read(content: bytes, suffix: str) -> Digest:
    return digests.digest(LENS, f"x{suffix}", content)


def once(lens: Lens, sources: Sequence[Source], known: Known | None, tell: Tell) -> Iterator[Digest]:
    """As ``spread.threads``, but each content is read once for all examples."""
    assert (lens.form, lens.cutoff, lens.every) == (FORM, LENS.cutoff, LENS.every)
    for source in sources:
        content = digests.taken(source)
        yield content if isinstance(content, Digest) else renamed(_read(content, source.path.suffix), source.name)


LENS = Lens(FORM, COUNTRY, PERIOD.end)


def run(folder: Path, out: Path, *, really: bool = False, written: bool = True) -> Merged:
    """``really``: through the threads of a merge, with its memory. Not ``written``: all but the workbook."""
    with pytest.MonkeyPatch.context() as patch:
        if not written:
            patch.setattr(merge_job, "_written", lambda form, made, *_: made)
        options = Options(expected=PLACES, remember=really)
        by = spread.threads if really else once
        return merge_job.merge(FORM, COUNTRY, folder, "51", PERIOD, out, options, spread=by)


# --- what a result says, without the toolkit


class Book:
    """A workbook as it lies on the disk: values by calamine, links and formulas from the XML."""

    def __init__(self, content: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        self._calamine = CalamineWorkbook.from_filelike(io.BytesIO(content))
        targets = self._targets("xl/_rels/workbook.xml.rels")
        space = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
        book = ElementTree.fromstring(self._zip.read("xl/workbook.xml"))
        self.parts = {
            e.get("name", ""): part_of(targets[e.get(space, "")]) for e in book.iter() if e.tag.endswith("}sheet")
        }
        self._rows: dict[str, list[list[object]]] = {}
        self._xml: dict[str, str] = {}

    def rows(self, title: str) -> list[list[object]]:
        if title not in self._rows:
            self._rows[title] = self._calamine.get_sheet_by_name(title).to_python(skip_empty_area=False)
        return self._rows[title]

    def at(self, title: str, address: str) -> object:
        row, column = place_of(address)
        rows = self.rows(title)
        return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""

    def xml(self, title: str) -> str:
        if title not in self._xml:
            self._xml[title] = self._zip.read(self.parts[title]).decode()
        return self._xml[title]

    def has(self, title: str, address: str) -> bool:
        return title in self.parts and f'r="{address}"' in self.xml(title)

    def reaches(self, title: str, address: str) -> bool:
        """Whether the cell lies in the part of the sheet that is used; a blank one need not be written."""
        row, column = place_of(address)
        return title in self.parts and f'<row r="{row + 1}"' in self.xml(title) and column < len(self.rows(title)[0])

    def links(self, title: str) -> dict[str, tuple[str, str, str]]:
        """Cell -> (file or "", sheet or "", cell or "")."""
        part = self.parts[title]
        relations = f"{part.replace('worksheets/', 'worksheets/_rels/')}.rels"
        targets = self._targets(relations) if relations in self._zip.namelist() else {}
        out = {}
        for element in re.findall(r"<hyperlink [^>]*>", self.xml(title)):
            found = dict(re.findall(r'([\w:]+)="([^"]*)"', element))
            target = unquote(targets[found["r:id"]].replace("\\", "/")) if "r:id" in found else ""
            sheet, _, address = plain(found.get("location", "")).rpartition("!")
            first, _, last = found["ref"].partition(":")
            (row, left), (_, right) = place_of(first), place_of(last or first)
            where = target, sheet.strip("'").replace("''", "'"), address
            out |= {f"{letters(column)}{row + 1}": where for column in range(left, right + 1)}
        return out

    def formulas(self, title: str) -> dict[str, str]:
        return {
            cell: plain(text)
            for cell, text in re.findall(r'<c r="([A-Z]+\d+)"[^>]*><f>([^<]*)</f>', self.xml(title))
        }  # fmt: skip

    def sums(self, title: str) -> Iterator[tuple[str, object, object]]:
        """Cell, its stored value, and what its formula gives: sums with a dash for nothing."""
        for address, formula in self.formulas(title).items():
            if match := re.fullmatch(r'IF\(COUNT\(([A-Z0-9:,]+)\)=0,"–",SUM\(\1\)\)', formula):
                numbers = [n for area in match[1].split(",") for n in self._numbers(title, area)]
                yield address, self.at(title, address), sum(numbers) if numbers else NONE

    def _numbers(self, title: str, area: str) -> Iterator[float]:
        (top, left), (bottom, right) = map(place_of, (area.split(":") * 2)[:2])
        for row in self.rows(title)[top : bottom + 1]:
            yield from (n for n in row[left : right + 1] if isinstance(n, float))

    def _targets(self, part: str) -> dict[str, str]:
        return {e.get("Id", ""): e.get("Target", "") for e in ElementTree.fromstring(self._zip.read(part))}


def part_of(target: str) -> str:
    return target[1:] if target.startswith("/") else f"xl/{target}"


def plain(xml: str) -> str:
    return xml.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


def place_of(address: str) -> tuple[int, int]:
    """Row and column from 0."""
    match = re.fullmatch(r"\$?([A-Z]+)\$?(\d+)", address)
    assert match, address
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def letters(column: int) -> str:
    return (letters(column // 26 - 1) if column > 25 else "") + chr(65 + column % 26)


@cache
def source_book(content: bytes) -> Book:
    return Book(content)


def as_text(value: object) -> str:
    """What stands in a cell, as text."""
    if isinstance(value, date):
        return f"{value.day}/{value.month}/{value.year}"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return "" if value is None else str(value)


def number(value: object) -> int | None:
    if value in ("", NONE):
        return None
    assert isinstance(value, float), value
    assert value.is_integer()
    return int(value)


SHOWN = [
    i for b in FORM.blocks if b.kind != "records" for i in b.indicators if i.kind not in ("text", "date", "choice")
]


def summary_rows(book: Book) -> dict[str, dict[str, tuple[str, object]]]:
    """TỔNG HỢP: commune code, or what a line is called -> figure -> (cell, value). Columns by their headings."""
    rows = book.rows(SUMMARY)
    head = next(n for n, row in enumerate(rows) if row[:2] == ["TT", "Mã"])
    columns = {}
    for at, indicator in enumerate(SHOWN, 6):
        heads = [str(rows[n][at]) for n in range(head, head + 3)]
        assert any(h.endswith(f"{indicator.label}\n{indicator.number}".rstrip()) for h in heads), (indicator.id, heads)
        columns[indicator.id] = at
    assert all(not str(cell) for cell in rows[head + 2][6 + len(SHOWN) :])
    out = {}
    for n, row in enumerate(rows[head + 3 :], head + 3):
        if name := str(row[1] or row[0]):
            out[name] = {i: (f"{letters(c)}{n + 1}", row[c]) for i, c in columns.items()}
    return out


def field_rows(book: Book) -> dict[str, dict[str, object]]:
    """THEO LĨNH VỰC: label -> figure -> value."""
    rows = book.rows(FIELDS)
    head = next(n for n, row in enumerate(rows) if "(3)" in row)
    columns = {i.id: rows[head].index(i.number) for i in FORM.block(GRID).indicators if i.number}
    assert set(columns) == set(PRINTED)
    return {str(row[1]): {i: row[c] for i, c in columns.items()} for row in rows[head + 1 :] if row[1]}


def listed(book: Book, title: str) -> Iterator[tuple[int, dict[str, object]]]:
    """The rows of a list as Excel counts them, by heading."""
    heads, *rows = book.rows(title)[2:]
    for n, row in enumerate(rows, 4):
        if any(cell != "" for cell in row[1:]):
            yield n, dict(zip(map(str, heads), row, strict=True))


# --- R1, R4, R5: one merge, looked at from all sides


@examples(10)
@given(inbox=inboxes())
def test_a_merge_holds_what_was_sent(inbox: Inbox, tmp_path: Path) -> None:
    put(tmp_path / "đã nhận", inbox.contents)
    made = run(tmp_path / "đã nhận", tmp_path / "tổng hợp.xlsx")
    book = Book(made.path.read_bytes())
    accounts_close(made, book, inbox)
    totals_are_the_sums(made, book, inbox)
    rows_are_the_sums(book, inbox)
    formulas_give_what_is_stored(book)
    late_ones_are_listed(made, book, inbox)
    passports_hold(made, book, inbox)
    links_lead_there(book, inbox, tmp_path)


def accounts_close(made: Merged, book: Book, inbox: Inbox) -> None:
    said = summary_json(made.summary)
    communes = said["communes"]
    assert isinstance(communes, dict)
    assert made.summary.commune_status == inbox.status
    assert communes == {"expected": len(CODES)} | {
        status: list(inbox.status.values()).count(status) for status in ("merged", "returned", "off_period", "missing")
    }
    assert said["missing_communes"] == [p.code for p in PLACES.places if inbox.status[p.code] == "missing"]
    expected = {}
    for name, report in inbox.files.items():
        stands = report is not None and inbox.standing[report.code][0] == name
        expected[name] = inbox.status[report.code] if report and stands else "superseded" if report else "returned"
    assert {o.file: o.status for o in made.summary.outcomes} == expected
    kinds = Counter(expected.values())
    assert said["found"] == len(inbox.files) == len(made.summary.outcomes)
    for kind in ("merged", "returned", "superseded", "off_period", "ignored"):
        assert said[kind] == kinds[kind]
    standing = Counter(inbox.status.values())
    communes_line = [len(CODES), *(standing[s] for s in ("merged", "returned", "off_period", "missing"))]
    files_line = [len(inbox.files), *(kinds[s] for s in ("merged", "returned", "superseded", "off_period", "ignored"))]
    for title in (OVERVIEW, SUMMARY):
        said_there = [[int(n) for n in re.findall(r"\d+", str(row[0]))] for row in book.rows(title)[3:5]]
        assert said_there == [communes_line, files_line], title
    for outcome in made.summary.outcomes:
        content = inbox.contents[outcome.file]
        assert outcome.sha256 == (sha256(content).hexdigest() if content else "")
        assert bool(outcome.reason) == (outcome.status != "merged")


def totals_of(inbox: Inbox) -> dict[str, int]:
    return {figure: n for figure in FIGURES if (n := total(inbox.reports, figure)) is not None}


def totals_are_the_sums(made: Merged, book: Book, inbox: Inbox) -> None:
    common = common_way(inbox.reports)
    expected = totals_of(inbox)
    assert summary_json(made.summary)["totals"] == expected
    rows = summary_rows(book)
    assert numbers_of(rows[TOTAL]) == expected
    for code in CODES:
        report = inbox.standing.get(code)
        own = {f: n for f in FIGURES if report and (n := counted(report[1], f, common)) is not None}
        assert numbers_of(rows[code]) == own, code
    how_many = {i: number(value) for i, (_, value) in rows["Số xã có số"].items()}
    for figure in FIGURES:
        assert how_many[figure] == sum(written(report, figure) is not None for report in inbox.reports)


def numbers_of(line: Mapping[str, tuple[str, object]]) -> dict[str, int]:
    """The counts of a line of TỔNG HỢP."""
    counts = {i: number(value) for i, (_, value) in line.items() if FORM.indicator(i).kind != "rate"}
    return {i: n for i, n in counts.items() if n is not None}


def rows_are_the_sums(book: Book, inbox: Inbox) -> None:
    common, shown = common_way(inbox.reports), field_rows(book)
    by_label: dict[str, dict[str, int]] = defaultdict(dict)
    for report in inbox.reports:
        for label in report.rows:
            name = " ".join(label.lower().split())
            for figure in PRINTED:
                if (n := counted_cell(report, label, figure, common)) is not None:
                    by_label[name][figure] = by_label[name].get(figure, 0) + n
    said = {}
    for label, figures in shown.items():
        numbers = {i: n for i, value in figures.items() if (n := number(value)) is not None}
        if label == FORM.block(GRID).total:
            assert numbers == {f: n for f, n in totals_of(inbox).items() if f in PRINTED}
            break
        said[" ".join(label.lower().split())] = numbers
    names = {*map(str.lower, FORM.block(GRID).rows), *by_label}
    assert {label: n for label, n in said.items() if n and label in names} == by_label
    added = Counter[str]()
    for numbers in said.values():
        added.update(numbers)
    of_nothing = {f for f in PRINTED if f not in added}  # nobody has a line, and those without one say 0
    assert {f: added[f] for f in added} == {f: n for f, n in totals_of(inbox).items() if f in PRINTED and f in added}
    assert all(totals_of(inbox).get(f, 0) == 0 for f in of_nothing)


def formulas_give_what_is_stored(book: Book) -> None:
    looked = 0
    for title in (SUMMARY, FIELDS):
        for address, stored, now in book.sums(title):
            assert stored == now, (title, address)
            looked += 1
    assert looked > 2 * len(FIGURES)


def late_ones_are_listed(made: Merged, book: Book, inbox: Inbox) -> None:
    expected = {(report.code, code) for report in inbox.reports for code in late(report)}
    assert (OVERDUE in book.parts) == any(report.dossiers for report in inbox.reports)
    if OVERDUE not in book.parts:
        return
    rows = [(n, row) for n, row in listed(book, OVERDUE) if row["Mã hồ sơ"]]
    assert sorted((row["Mã xã"], row["Mã hồ sơ"]) for _, row in rows) == sorted(expected)
    held = made.summary.dossiers
    assert {code: d.rows for code, d in held.items()} == {r.code: len(r.dossiers) for r in inbox.reports if r.dossiers}
    links = book.links(OVERDUE)
    for n, row in rows:
        file, sheet, address = links[f"O{n}"]
        name, report = inbox.counting[str(row["Mã xã"])]
        assert (file, sheet, address) == (f"đã nhận/{name}", "Hồ sơ", f"A{as_text(row['Dòng'])}")
        assert row["Mã hồ sơ"] in source_book(report.content).rows("Hồ sơ")[place_of(address)[0]]


def passports_hold(made: Merged, book: Book, inbox: Inbox) -> None:
    """NGUỒN: the cell is there, holds the raw text, and the figures add up to the totals."""
    links = book.links(SOURCES)
    reports = dict(inbox.standing.values())
    added: dict[str, int] = {}
    common = common_way(inbox.reports)
    for n, row in listed(book, SOURCES):
        file, sheet, address = (str(row[name]) for name in ("Tệp", "Trang", "Ô"))
        report, figure = reports[file], str(row["Mã chỉ tiêu"])
        source = source_book(report.content)
        assert row["Mã xã"] == report.code
        assert row["SHA-256"] == sha256(report.content).hexdigest()
        assert source.has(sheet, address)
        assert as_text(source.at(sheet, address)) == row["Nguyên văn"], row
        assert {links[f"{column}{n}"] for column in "GHI"} == {(f"đã nhận/{file}", sheet, address)}
        if row["Đưa vào tổng"] != "":
            value = number(row["Đưa vào tổng"])
            assert value == counted(report, figure, common)
        if row["Đưa vào tổng"] != "" and report.in_period:
            added[figure] = added.get(figure, 0) + (value or 0)
    assert added == summary_json(made.summary)["totals"]


def links_lead_there(book: Book, inbox: Inbox, folder: Path) -> None:
    """TỔNG HỢP into NGUỒN; SAI LỆCH into the sources."""
    passports, links = dict(listed(book, SOURCES)), book.links(SUMMARY)
    rows = summary_rows(book)
    for code in CODES:
        for figure, (address, value) in rows[code].items():
            if value == "":
                assert address not in links
                continue
            file, sheet, at = links[address]
            passport = passports[place_of(at)[0] + 1]
            assert (file, sheet, passport["Mã xã"], passport["Mã chỉ tiêu"]) == ("", SOURCES, code, figure)
            assert passport["Đưa vào tổng"] == value
    links = book.links(FINDINGS)
    for n, row in listed(book, FINDINGS):
        if row["Tệp"]:
            name = str(row["Tệp"])
            assert links[f"E{n}"] == (f"đã nhận/{name}", "", "")
            assert (folder / links[f"E{n}"][0]).is_file()
        if row["Ô"]:
            report = inbox.files[str(row["Tệp"])]
            assert report is not None
            assert links[f"G{n}"] == (f"đã nhận/{row['Tệp']}", row["Trang"], row["Ô"])
            assert source_book(report.content).reaches(str(row["Trang"]), str(row["Ô"])), row


@pytest.mark.parametrize("typed", ["ticked", "only the total", "nothing"])
def test_formulas_where_no_row_has_a_number(typed: str, tmp_path: Path) -> None:
    """A commune that says 0 without a row says 0; one that says nothing does not."""
    grid = [{"linh_vuc": "Tổng cộng", **dict.fromkeys(PRINTED, 0)}] if typed == "only the total" else []
    data = {"grids": {GRID: grid}, "khong_phat_sinh": [GRID] if typed == "ticked" else []}
    book = build(FORM, PLACES.places[0], COUNTRY.province("51"), PERIOD, parse_values(data, FORM))
    put(tmp_path / "in", {"a.xlsx": book})
    made = run(tmp_path / "in", tmp_path / "out.xlsx")
    assert made.summary.totals == ({} if typed == "nothing" else dict.fromkeys(PRINTED, 0))
    formulas_give_what_is_stored(Book(made.path.read_bytes()))


def test_passports_as_another_reader_sees_the_cells(tmp_path: Path) -> None:
    """openpyxl and calamine agree with the raw text."""
    files = {sent(code, n % 3).file: sent(code, n % 3) for n, code in enumerate(CODES)}
    put(tmp_path / "in", {name: report.content for name, report in files.items()})
    book = Book(run(tmp_path / "in", tmp_path / "out.xlsx").path.read_bytes())
    books = {name: openpyxl.load_workbook(io.BytesIO(r.content), data_only=True) for name, r in [*files.items()][1:7]}
    looked = Counter[str]()
    for _, row in listed(book, SOURCES):
        if (other := books.get(str(row["Tệp"]))) is not None:
            held = other[str(row["Trang"])][str(row["Ô"])].value
            assert as_text(held) == row["Nguyên văn"], row
            looked[str(row["Cách ghi"])] += held is not None
    assert min(looked[kind] for kind in ("gõ tay", "số dạng chữ", "công thức của mẫu", "gõ đè công thức")) > 3


# --- R2


def contents(path: Path, names: Mapping[str, str]) -> dict[str, object]:
    """All that the sheets of a result say, with names of files replaced; lists in the order of names sorted."""
    book = Book(path.read_bytes())
    pattern = re.compile("|".join(sorted(map(re.escape, names), key=len, reverse=True)) or "(?!)")

    def said(value: object) -> object:
        return pattern.sub(lambda match: names[match[0]], value) if isinstance(value, str) else value

    out: dict[str, object] = {}
    for title in book.parts:
        rows = [[said(value) for value in row] for row in book.rows(title)]
        while rows and not any(value != "" for value in rows[-1]):
            rows.pop()
        links = {cell: tuple(map(said, where)) for cell, where in book.links(title).items()}
        if title == FILES:
            rows = sorted([row[1:] for row in rows[3:]], key=repr)
            links = {}
        out[title] = rows, links, book.formulas(title)
    return out


FOLDERS = ("", "a/", "đợt 2/", "đợt 2/Sơn Hà/", "z'#%! [x]/")
NAMES = ("", "a'b#c%20d! [1]? ", "😀 ", "&lt;ă" * 36, "=1+1 ", "{đ} ")


@examples(6)
@given(inbox=inboxes(twice=False, most=6), dice=st.randoms(use_true_random=False))
def test_order_names_and_folders_do_not_matter(inbox: Inbox, dice: object, tmp_path: Path) -> None:
    shuffle, choice = dice.shuffle, dice.choice  # type: ignore[attr-defined]
    names = [*inbox.contents]
    places = list(range(10, 10 + len(names)))
    shuffle(places)
    code = {name: name.split("_")[-1][:5] for name in names}
    new = {
        name: f"{choice(FOLDERS)}{at} {choice(NAMES)}{code[name]}.xlsx" for name, at in zip(names, places, strict=True)
    }
    put(tmp_path / "in", inbox.contents)
    first = run(tmp_path / "in", tmp_path / "a.xlsx")
    shuffle(names)
    put(tmp_path / "in", {name: inbox.contents[name] for name in names})
    assert run(tmp_path / "in", tmp_path / "b.xlsx").path.read_bytes() == first.path.read_bytes()
    put(tmp_path / "in", {new[name]: inbox.contents[name] for name in names})
    other = run(tmp_path / "in", tmp_path / "c.xlsx")
    of_new = {f: f"‹{code[name]}›" for name, f in new.items()}
    of_old = {name: f"‹{code[name]}›" for name in names}
    one, two = contents(first.path, of_old), contents(other.path, of_new)
    book = Book(other.path.read_bytes())
    targets = {target for title in book.parts for target, _, _ in book.links(title).values() if target}
    assert targets == {f"in/{name}" for name in new.values()}
    assert all((tmp_path / target).is_file() for target in targets)
    assert one.keys() == two.keys()
    for title in one:
        assert one[title] == two[title], title


# --- R3, R7


class Counting:
    """Counts what is read, with everything else as it is."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.read: list[str] = []
        plainly = spread.digest

        def counting(lens: Lens, name: str, content: bytes) -> Digest:
            self.read.append(name)
            return renamed(_read(content, Path(name).suffix), name)

        assert plainly is digests.digest
        monkeypatch.setattr(spread, "digest", counting)

    def taken(self) -> list[str]:
        out, self.read = sorted(self.read), []
        return out


@examples(6)
@given(before=inboxes(most=6), after=inboxes(most=6))
def test_in_steps_as_at_once(before: Inbox, after: Inbox, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        counting = Counting(patch)
        folder, out = tmp_path / "in", tmp_path / "out.xlsx"
        shutil.rmtree(folder_of(out), ignore_errors=True)
        put(folder, before.contents)
        run(folder, out, really=True, written=False)
        counting.taken()
        put(folder, after.contents)
        step = run(folder, out, really=True)
        known = {*before.contents.values()}
        assert counting.taken() == sorted(
            name for name, content in after.contents.items() if content not in known | {b""}
        )
        with_bridge = contents(out, {})
        again = run(folder, out, really=True).path.read_bytes()
        assert counting.taken() == []  # R7
        assert step.bridge is not None
        out.unlink()
        at_once = run(folder, out).path.read_bytes()
        assert again == at_once
        with_bridge.pop(CHANGES, None)
        assert with_bridge == contents(out, {})


@examples(6)
@given(inbox=inboxes(most=6), dice=st.randoms(use_true_random=False))
def test_a_damaged_memory_changes_nothing(inbox: Inbox, dice: object, tmp_path: Path) -> None:
    randrange, choice = dice.randrange, dice.choice  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        Counting(patch)
        folder, out = tmp_path / "in", tmp_path / "out.xlsx"
        shutil.rmtree(folder_of(out), ignore_errors=True)
        put(folder, inbox.contents)
        run(folder, out, really=True, written=False)
        sound = run(folder, out).path.read_bytes()
        expected = contents(out, {})
        for path in sorted(folder_of(out).iterdir()):
            content = bytearray(path.read_bytes())
            for _ in range(choice((0, 1, 1, 3))):
                content[randrange(len(content))] = randrange(256)
            path.write_bytes(content[: randrange(len(content))] if randrange(4) == 0 else content)
        run(folder, out, really=True)
        found = contents(out, {})
        found.pop(CHANGES, None)
        assert found == expected
        (folder_of(out) / SIGN).unlink(missing_ok=True)
        run(folder, out, really=True, written=False)
        assert run(folder, out, really=True).path.read_bytes() == sound


def test_a_list_without_a_commune_of_the_province_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "in", {})
    elsewhere = PLACES._replace(places=COUNTRY.in_province("48"))
    with pytest.raises(Refused) as refusal:
        merge_job.merge(FORM, COUNTRY, tmp_path / "in", "51", PERIOD, tmp_path / "o.xlsx", Options(expected=elsewhere))
    assert [f.code for f in refusal.value.findings] == ["RA_018"]


def test_a_second_merge_reads_nothing_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    files = {sent(code, n % 3).file: sent(code, n % 3).content for n, code in enumerate(CODES[:4])}
    put(tmp_path / "in", {**files, "công văn.pdf": b"%PDF-1.7", "hỏng.xlsx": b"PK\x03\x04", "trống.xlsx": b""})
    counting = Counting(monkeypatch)
    results = []
    for _ in range(2):
        results.append(run(tmp_path / "in", tmp_path / "out.xlsx", really=True))
        results.append(counting.taken())
    assert results[1] == sorted([*files, "công văn.pdf", "hỏng.xlsx"])
    assert results[3] == []
    assert results[0].summary._replace(filings={}) == results[2].summary._replace(filings={})
    assert summary_json(results[0].summary) == summary_json(results[2].summary)


# --- R6


@examples(12)
@given(before=inboxes(), after=inboxes())
def test_the_bridge(before: Inbox, after: Inbox, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        Counting(patch)
        folder, out = tmp_path / "in", tmp_path / "out.xlsx"
        shutil.rmtree(folder_of(out), ignore_errors=True)
        put(folder, before.contents)
        run(folder, out, really=True, written=False)
        put(folder, after.contents)
        made = run(folder, out, really=True, written=False)
    assert made.bridge is not None
    assert made.bridge.why is None
    it_closes(made.bridge, before, after)
    it_lists_the_cells(made.bridge, before, after)
    moved = {c.commune: (c.before, c.after) for c in made.bridge.communes}
    assert moved == {c: (was, now) for c in CODES if (was := before.status[c]) != (now := after.status[c])}
    files = {c.file for c in made.bridge.files}
    assert made.bridge.same == sum(before.contents.get(name) == content for name, content in after.contents.items())
    assert files <= before.contents.keys() | after.contents.keys()
    assert all(before.contents.get(name) != after.contents.get(name) for name in files)


def it_closes(bridge: Bridge, before: Inbox, after: Inbox) -> None:
    was, now = before.counting, after.counting
    told = {w.indicator: w for w in bridge.totals}
    ways = common_way(before.reports), common_way(after.reports)
    for figure in FIGURES:
        came = sum(counted(now[c][1], figure, ways[1]) or 0 for c in now.keys() - was.keys())
        left = -sum(counted(was[c][1], figure, ways[0]) or 0 for c in was.keys() - now.keys())
        both = was.keys() & now.keys()
        cells = sum((written(now[c][1], figure) or 0) - (written(was[c][1], figure) or 0) for c in both)
        one, other = total(before.reports, figure), total(after.reports, figure)
        rest = (other or 0) - (one or 0) - came - left - cells
        if any((came, left, cells, rest)) or one != other:
            w = told.pop(figure)
            assert (w.before, w.came, w.left, w.cells, w.convention, w.after) == (one, came, left, cells, rest, other)
    assert not told


def it_lists_the_cells(bridge: Bridge, before: Inbox, after: Inbox) -> None:
    expected = {}
    was, now = before.counting, after.counting
    for code in was.keys() & now.keys():
        one, other = typed(was[code][1]), typed(now[code][1])
        for key in one.keys() | other.keys():
            left, right = value_at(was[code][1], key), value_at(now[code][1], key)
            if left != right:
                expected[code, key] = left, right
    assert {(c.commune, c.key): (c.before, c.after) for c in bridge.cells} == expected
    for change in bridge.cells:
        for side, sheet, address, value in (
            (was, change.sheet_before, change.cell_before, change.before),
            (now, change.sheet, change.cell, change.after),
        ):
            report = side[change.commune][1]
            if change.key in typed(report):
                held = as_text(source_book(report.content).at(sheet, address))
                assert held.strip().replace(".", "") == str(value)


def typed(report: Sent) -> dict[Key, int]:
    """Every number that somebody typed."""
    rows = {" ".join(row.split()): given for row, given in report.rows.items()}
    out = {Key(GRID, row, figure): n for row, given in rows.items() for figure, n in given.items()}
    out |= {Key(GRID, TOTAL_ROW, figure): n for figure, n in report.totals.items()}
    return out | {Key(FORM.indicator(figure).block, "", figure): n for figure, n in report.scalars.items()}


def value_at(report: Sent, key: Key) -> int | None:
    if key.row == TOTAL_ROW:
        return written(report, key.indicator)
    if key.row:
        rows = {" ".join(row.split()): given for row, given in report.rows.items()}
        return cell(report, rows.get(key.row, {}), key.indicator)
    return cell(report, report.scalars, key.indicator)
