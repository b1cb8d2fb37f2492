"""toolkit.unfilled: a book that nobody filled in is neither a pass nor an error.

R1 nothing typed: CHUA_001; a single 0, a ticked part or a dossier is something
R2 only figures of a kind that comes over from the period before: CHUA_002
R3 parts that are wholly blank are named in a line that is no finding, unless ticked or not in the file
R4 the standing "blank" gives way to an error; front doors say it, the JSON keeps its four words, the exit code is 0
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from live_books import FORM, PLACES, book_file, dossier
from made_filings import filing

from macros import boxes, cli, say
from toolkit.checks import overall
from toolkit.edits import listing
from toolkit.records import Filing
from toolkit.unfilled import blank_parts, remarks, unfilled
from toolkit.wording import LIST_SHEET, STANDINGS, finding
from workbook import jobs, live_jobs
from workbook.engine_openpyxl import open_book
from workbook.intake import left_blank
from workbook.read import read

GRID = "bieu_06a"
OLD = {"Đất đai": {"ky_truoc": 4}}  # comes over; ``truc_tuyen`` does not


@pytest.mark.parametrize(
    ("report", "how"),
    [
        (filing(), "nothing"),
        (filing(rows={"Đất đai": {}}), "nothing"),
        (filing(scalars={"hop_tong": 0}), ""),
        (filing(ticked=frozenset({GRID})), ""),
        (filing(rows=OLD), "carried"),
        (filing(rows=OLD, scalars={"may_tinh": 3}), "carried"),
        (filing(scalars={"may_tinh": 3}), ""),
        (filing(rows={"Đất đai": {"ky_truoc": 4, "truc_tuyen": 0}}), ""),
        (filing(rows=OLD, ticked=frozenset({"hop"})), ""),
    ],
)
def test_whether_anything_of_this_period_was_typed(report: Filing, how: str) -> None:  # R1, R2
    assert unfilled(FORM, report) == how
    codes = {"nothing": ["CHUA_001"], "carried": ["CHUA_002"]}
    assert [f.code for f in remarks(FORM, report, dossiers=False)] == codes.get(how, [])


def test_a_dossier_is_something__other_lists_are_not(tmp_path: Path) -> None:  # R1
    assert remarks(FORM, filing(), dossiers=True) == ()
    for records, codes in (({"ho_so": [dossier(1)]}, []), ({"kien_nghi": [{"noi_dung": "x"}]}, ["CHUA_001"])):
        (checked,) = jobs.check(FORM, PLACES, [book_file(tmp_path, grids={}, records=records)])
        assert [f.code for f in checked.findings if f.code.startswith("CHUA")] == codes


def test_blank_parts_are_named(tmp_path: Path) -> None:  # R3
    def parts(**values: object) -> tuple[str, ...]:
        return blank_parts(FORM, read(book_file(tmp_path, grids={}, **values), FORM, PLACES))

    counted = [b for b in FORM.blocks if b.kind != "records" and b.id != "ty_le"]  # published rates may be left out
    assert len(parts()) == len(counted)
    one = parts(scalars={"hop_tong": 1})
    assert {*parts()} - {*one} == {FORM.block("hop").title}
    assert {*one} - {*parts(scalars={"hop_tong": 1, "pakn_nhan": 0})} == {FORM.block("pakn").title}


def test_a_ticked_part_is_filled_in(tmp_path: Path) -> None:  # R3
    report = read(book_file(tmp_path, grids={}, scalars={"hop_tong": 1}), FORM, PLACES)
    code = FORM.block(GRID).code
    assert code in blank_parts(FORM, report)
    assert code not in blank_parts(FORM, report._replace(none_declared=frozenset({GRID})))


def test_blank_parts_are_no_findings_but_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # R3
    path = book_file(tmp_path, grids={}, scalars={"hop_tong": 1})
    (checked,) = jobs.check(FORM, PLACES, [path])
    assert (checked.status, checked.findings) == ("ok", ()) and checked.filing is not None
    (line,) = left_blank(checked.filing)
    assert str(len(blank_parts(FORM, checked.filing))) in line
    cli.main(["check", str(path)])
    assert line in capsys.readouterr().out
    book = open_book(path)
    live_jobs.check_book(book)
    assert line in [cell for row in book.sheets[LIST_SHEET].used_range.value for cell in row]
    assert left_blank(read(book_file(tmp_path, grids={}), FORM, PLACES)) == ()  # CHUA_001 says it all


def test_an_error_is_said_before_that_nothing_is_filled_in() -> None:  # R4
    blank, wrong, seen = finding("CHUA_001"), finding("BIA_001", o="Bìa"), finding("BIA_003", o="Bìa")
    assert [overall(f) for f in ((blank,), (blank, seen), (blank, wrong), (seen,))] == [
        "blank",
        "blank",
        "errors",
        "warnings",
    ]
    assert listing([blank]).status == "blank"


def test_every_door_says_that_nothing_is_filled_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # R4
    path = book_file(tmp_path, grids={})
    done = live_jobs.check_book(open_book(path))
    assert (done.status, [f.code for f in done.findings]) == ("blank", ["CHUA_001"])
    assert boxes.done(done).text.startswith(STANDINGS["blank"])
    assert cli.main(["check", str(path)]) == say.FOUND_NOTHING
    assert capsys.readouterr().out.startswith(STANDINGS["blank"])
    assert cli.main(["check", str(path), "--json"]) == say.FOUND_NOTHING
    (shape,) = json.loads(capsys.readouterr().out)["files"]
    assert (shape["status"], [f["code"] for f in shape["findings"]]) == ("warnings", ["CHUA_001"])
