"""What must hold for any set of reports, with any of them damaged.

R1 the totals, in the JSON and in the cells, are the sums of what was typed into the reports that count; the late
   dossiers are those that are late
R4 a damaged file changes the standing of its own commune only; the accounting lines close
R5 each passport leads to a cell that holds exactly its raw text; each link leads to where it says

What a report is worth is worked out in ``merge_pool``, in plain Python; R2, R3 and R7 stand in
``test_merge_order.py``, R6 in ``test_merge_bridge.py``.
"""

from __future__ import annotations

import io
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from merge_folders import Inbox, examples, inboxes, run
from merge_pool import (
    CODES,
    COUNTRY,
    FIGURES,
    FORM,
    GRID,
    PERIOD,
    PLACES,
    PRINTED,
    common_way,
    counted,
    counted_cell,
    late,
    put,
    sent,
    total,
    written,
)
from result_books import (
    FIELDS,
    FINDINGS,
    OVERDUE,
    OVERVIEW,
    SOURCES,
    SUMMARY,
    TOTAL,
    Book,
    as_text,
    field_rows,
    listed,
    number,
    place_of,
    source_book,
    summary_rows,
)

from toolkit.contract import summary_json
from toolkit.values import parse_values
from workbook.build import build
from workbook.merge_job import Merged


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
