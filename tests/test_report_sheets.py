"""What stands in the sheets of the province workbook: values, not words.

S1 the first lines add up: communes expected = merged + returned + off_period + missing; files found = merged +
   returned + superseded + off_period + ignored; the lists behind them hold each commune and each file once
S2 the form by lĩnh vực has the totals of the summary
S3 late and on time to the day, from a list of received days only; the deadline can be changed in the sheet
S4 what to look at first: by effect on the totals, one finding a file, each linked to its line
S5 key figures are those of the summary, marked where they are lower bounds
S6 the verdicts of the comparison stand beside live numbers and limits
S7 file names stand there in full, with a link in the cell or in the one before; no number touches a text
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from io import BytesIO
from urllib.parse import unquote

import openpyxl
import pytest
from made_filings import FORM, GRID, PERIOD, PLACES, PROVINCE, filing, row
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from test_report import alike, province
from test_rollup import BROKEN, LOCK, merge, shifted

from toolkit.peers import standings
from toolkit.proposals import effect
from toolkit.records import DOSSIER_COLUMNS, Dossiers, Place, Summary
from toolkit.rollup import roll_up
from toolkit.wording import finding, show_date
from workbook.report import write
from workbook.report_compare import VERDICTS
from workbook.report_fields import AGREES, ONLY_TOTAL
from workbook.report_page import (
    FIELDS,
    FILES,
    FINDINGS,
    OVERDUE,
    OVERVIEW,
    PROGRESS,
    SOURCES,
    STATUS_WORDS,
    SUMMARY,
    WHOLE,
)
from workbook.report_progress import LATE, ON_TIME

STATUS = {word: status for status, word in STATUS_WORDS.items()}
WORDS = {word.lower(): status for status, word in STATUS_WORDS.items()}


def values(summary: Summary) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(write(FORM, summary)), data_only=True)


def formulas(summary: Summary) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(write(FORM, summary)))


def line(words: object) -> tuple[int, dict[str, int]]:
    """ "Tệp: tìm thấy 3 = đã gộp 2 + …" -> the total, and status -> count."""
    left, _, right = str(words).partition("=")
    parts = dict(re.findall(r"([^+\d]+?) (\d+)", right))
    return int(left.split()[-1]), {WORDS[name.strip(" +")]: int(n) for name, n in parts.items()}


def progress(sheet: Worksheet) -> dict[str, tuple[object, ...]]:
    """Commune code -> the cells of its line."""
    return {str(r[1]): r for r in sheet.iter_rows(min_row=9, values_only=True) if r[1]}


# --- S1


@pytest.mark.parametrize("summary", [province(), province(include=True), alike(), merge(), merge(LOCK, BROKEN)])
def test_the_first_lines_add_up(summary: Summary) -> None:
    opened = values(summary)
    overview = opened[OVERVIEW]
    expected, communes = line(overview["A4"].value)
    found, files = line(overview["A5"].value)
    assert expected == len(summary.places) == sum(communes.values())
    assert found == len(summary.outcomes) == sum(files.values())
    assert list(communes) == ["merged", "returned", "off_period", "missing"]
    assert list(files) == ["merged", "returned", "superseded", "off_period", "ignored"]
    listed = progress(opened[PROGRESS])
    assert {c: STATUS[str(r[4])] for c, r in listed.items()} == dict(summary.commune_status)
    assert Counter(summary.commune_status.values()) == Counter({s: n for s, n in communes.items() if n})
    lines = [r for r in opened[FILES].iter_rows(min_row=4, values_only=True) if r[1]]
    assert Counter(str(r[1]) for r in lines) == Counter(o.file for o in summary.outcomes)
    assert Counter(STATUS[str(r[2])] for r in lines) == Counter({s: n for s, n in files.items() if n})
    assert [opened[SUMMARY].cell(r, 1).value for r in (4, 5)] == [overview["A4"].value, overview["A5"].value]


def test_files_carry_what_they_are() -> None:
    report = filing(PLACES[0], {"Đất đai": row(3)}, rut="trong_dung_han")
    came = {report.file: date(2025, 9, 26)}
    sheet = values(merge(report)._replace(received=came))[FILES]
    at = {head.value: cell.value for head, cell in zip(sheet[3], sheet[4], strict=True)}
    assert (at["SHA-256"], at["Phiên bản mẫu"], at["Ngày nhận"]) == (report.sha256, FORM.version, "26/9/2025")
    assert at["Cách tính"] == "Trong đúng hạn"
    assert at["Kỳ của báo cáo"] == "01/7/2025 – 25/9/2025"


# --- S2


def typed_totals() -> Summary:
    """Rows, a total without rows, a total that is not the sum of its rows, a row of somebody's own."""
    return merge(
        filing(PLACES[0], {"Đất đai": row(100), "Biển đảo": row(7)}),
        filing(PLACES[1], {}, totals={"tiep_nhan": 50}),
        filing(PLACES[2], {"Hộ tịch": row(9)}, totals={"tiep_nhan": 8}),
    )


@pytest.mark.parametrize("summary", [typed_totals(), province(), alike(), merge()])
def test_the_form_has_the_totals_of_the_summary(summary: Summary) -> None:
    sheet = values(summary)[FIELDS]
    lines = {str(r[1]): r for r in sheet.iter_rows(min_row=9, values_only=True) if r[1]}
    shown = [i.id for i in GRID.indicators if i.kind != "control"]
    total = lines[GRID.total]
    assert dict(zip(shown, total[2:], strict=False)) == {i: summary.totals.get(i, "–") for i in shown}
    for column, indicator in enumerate(shown, 2):
        added = [r[column] for r in lines.values() if r is not total and isinstance(r[column], int)]
        assert sum(added) == summary.totals.get(indicator, 0)
    assert total[len(shown) + 3] == AGREES


def test_every_row_of_the_form_and_of_the_communes_stands_there() -> None:
    sheet = values(typed_totals())[FIELDS]
    labels = [r[1] for r in sheet.iter_rows(min_row=9, values_only=True)]
    assert labels[: len(GRID.rows)] == list(GRID.rows)
    assert labels[len(GRID.rows) : len(GRID.rows) + 2] == ["Biển đảo", ONLY_TOTAL]
    printed = [i for i in GRID.indicators if i.kind != "control"]
    assert [c.value for c in sheet[8]][: len(printed) + 2] == ["(1)", "(2)", *(i.number for i in printed)]
    assert sheet.cell(9 + GRID.rows.index("Đất đai"), 3).value == 100
    assert sheet.cell(9 + len(GRID.rows), len(printed) + 4).value == 1  # communes with this row


# --- S3


@pytest.mark.parametrize(("days", "word", "late"), [(-1, ON_TIME, 0), (0, ON_TIME, 0), (1, LATE, 1), (9, LATE, 9)])
def test_late_is_exact_to_the_day(days: int, word: str, late: int) -> None:
    deadline = date(2025, 9, 30)
    report = filing(PLACES[0], {"Đất đai": row(3)})
    came = deadline + timedelta(days=days)
    again = (came, came + timedelta(days=20))
    summary = merge(report)._replace(received={report.file: again[1]}, arrived={"21000": again}, deadline=deadline)
    sheet = values(summary)[PROGRESS]
    assert progress(sheet)["21000"][7:9] == (word, late)
    assert [sheet["G5"].value, sheet["H5"].value] == [int(word == ON_TIME), int(word == LATE)]
    assert not progress(sheet)["21001"][7]
    assert show_date(again[1]) in str(progress(sheet)["21000"][12])  # sent again


@pytest.mark.parametrize("known", ["received", "deadline", "neither"])
def test_without_a_list_or_a_deadline_nothing_is_said(known: str) -> None:
    report = filing(PLACES[0], {"Đất đai": row(3)})
    summary = merge(report)
    if known == "received":
        summary = summary._replace(arrived={"21000": (date(2025, 10, 30),)})
    if known == "deadline":
        summary = summary._replace(deadline=date(2025, 9, 1))
    line_ = progress(values(summary)[PROGRESS])["21000"]
    assert not line_[7] and not line_[8]
    cell = formulas(summary)[PROGRESS]["H9"].value
    assert str(cell).startswith("=") and "$E$6" in str(cell)  # a deadline typed there later counts


def test_a_file_that_cannot_be_read_is_never_in_time() -> None:
    bad, day = BROKEN._replace(file="21000.xlsx"), date(2025, 9, 29)
    sheet = values(merge(bad)._replace(received={bad.file: day}, deadline=date(2025, 9, 30)))[PROGRESS]
    line_ = progress(sheet)["21000"]
    assert not line_[6] and not line_[7] and show_date(day) in str(line_[12])


def test_errors_and_warnings_are_counted_for_each_commune() -> None:
    summary = province()
    commune = {o.file: o.commune for o in summary.outcomes}
    lines = progress(values(summary)[PROGRESS])
    for place in summary.places:
        mine = Counter(f.severity for file, f in summary.findings if commune[file] == place.code)
        assert lines[place.code][10:12] == (mine["error"], mine["warning"])
    assert sum(int(str(r[10])) for r in lines.values()) > 0


def test_why_and_what_to_do_stand_beside_what_did_not_count() -> None:
    off = filing(PLACES[1], {"Đất đai": row(3)}, period=shifted(30))
    summary = merge(off, BROKEN._replace(file="21002.xlsx"), filing(PLACES[3]), filing(PLACES[3], file="lan 2.xlsx"))
    lines = progress(values(summary)[PROGRESS])
    assert all(lines[c][12] and lines[c][13] for c in ("21001", "21002"))
    assert lines["21000"][13] and not lines["21000"][5]
    other = next(o.file for o in summary.outcomes if o.status == "superseded")
    assert other in str(lines["21003"][12])


# --- S4


def test_a_finding_about_no_file_leads_to_none() -> None:
    remark = finding("GOP_014", danh_sach="nhan.xlsx", n=2, ten="x")
    summary = merge(filing(PLACES[0], {"Đất đai": row(3)}), remarks=[("", remark)])
    content = openpyxl.load_workbook(BytesIO(write(FORM, summary, folder="ky2")))
    lines = [r for r in content[FINDINGS].iter_rows(min_row=4) if r[14].value == "GOP_014"]
    assert [(r[4].value, r[4].hyperlink) for r in lines] == [(WHOLE, None)]


def test_late_dossiers_of_some_communes_only_are_told_so() -> None:
    late = {"dang_qua_han": 7, "qua_han": 2}
    kinds = {name: () for name in DOSSIER_COLUMNS}
    report = filing(PLACES[0], {"Đất đai": row(9, **late)}), filing(PLACES[1], {"Đất đai": row(9)})
    for register, told in (({"dang_qua_han": 7}, True), (late, False), ({"dang_qua_han": 9}, False), (None, False)):
        given = {"21000.xlsx": Dossiers("Hồ sơ", 9, register, {}, kinds, ())} if register else {}
        opened = values(merge(*report, dossiers=given))
        seen = [str(c.value) for r in opened[OVERVIEW].iter_rows() for c in r if OVERDUE in str(c.value)]
        assert bool(seen) == told
        if given:
            assert (OVERDUE in str(opened[OVERDUE]["A2"].value)) == told


def test_what_moves_the_totals_most_comes_first() -> None:
    summary = province()
    sheet = formulas(summary)[OVERVIEW]
    stored = values(summary)
    linked = [c for c in (sheet.cell(r, 2) for r in range(26, 45)) if c.hyperlink and FINDINGS in c.hyperlink.location]
    assert 0 < len(linked) <= 8
    effects = []
    files = []
    for cell in linked:
        target = int(re.findall(r"\d+$", cell.hyperlink.location)[0])
        file, found = summary.findings[target - 4]
        assert stored[FINDINGS].cell(target, 8).value == found.message
        assert str(sheet.cell(cell.row, 5).value)[:40] == found.message[:40]
        shown = stored[OVERVIEW].cell(cell.row, 12).value
        share = effect(found, summary.totals)
        assert shown == (pytest.approx(float(share)) if share else "–")
        effects.append(share)
        files.append(file)
    assert effects == sorted(effects, reverse=True)
    assert effects[0] == max(effect(f, summary.totals) for _, f in summary.findings if f.severity != "info") > 0
    assert len(set(files)) == len(files)


# --- S5


def test_key_figures_are_those_of_the_summary() -> None:
    summary = alike()
    sheet, live = values(summary)[OVERVIEW], formulas(summary)[OVERVIEW]
    cards = [sheet.cell(9, c).value for c in range(1, 13, 2)]
    ratio = summary.rates["ty_le_truoc_dung_han"]
    assert cards[0] == summary.totals["tiep_nhan"]
    assert cards[1] == summary.totals["da_giai_quyet"]
    assert cards[2] == pytest.approx(ratio.numerator / ratio.denominator)
    assert cards[4] == summary.totals["dang_qua_han"] == 70
    assert all(str(live.cell(9, c).value).startswith(f"='{SUMMARY}'!") for c in range(1, 13, 2))
    assert "≥" in live.cell(9, 1).number_format  # one commune left a part blank
    assert "≥" not in live.cell(9, 9).number_format
    assert [sheet.cell(10, c).value for c in (1, 11)] == [7, 6]  # communes that gave it


def test_the_ten_latest_communes_come_first() -> None:
    summary = alike()
    sheet = values(summary)[OVERVIEW]
    top = next(r for r in range(20, 60) if sheet.cell(r, 1).value == "Xã Số 5")
    assert [sheet.cell(top, c).value for c in (4, 5, 6)] == [10, 90, 100]
    assert [sheet.cell(top + n, 6).value for n in range(7)] == [100, 16, 16, 15, 15, 15, 14]


# --- S6


def test_the_comparison_shows_numbers_limits_and_verdict() -> None:
    summary = alike()
    opened = values(summary)["SO SÁNH"]
    lines = [r for r in opened.iter_rows(values_only=True) if isinstance(r[0], int)]
    expected = standings(summary)
    assert len(lines) == len(expected) == 21
    for shown, s in zip(lines, expected, strict=True):
        assert [shown[2], shown[5], shown[6]] == [s.commune, *("–" if x is None else x for x in (s.n, s.k))]
        assert shown[13] == VERDICTS[s.verdict]
        limits = tuple(end for band in s.bands for end in band) or ("–",) * 4
        assert shown[9:13] == limits
        assert shown[8] == (s.rate if s.rate is not None else "–")
    assert {s.verdict for s in expected} >= {"higher", "unknown"}


def test_one_commune_and_many_kinds_are_workbooks_too() -> None:
    place = Place("21000", "Đặc khu", "Lý Sơn", "51")
    read = [filing(place, {"Đất đai": row(9, qua_han=1)})]
    one = roll_up(FORM, PROVINCE, PERIOD, (place,), read, findings={})
    opened = values(one)
    assert line(opened[OVERVIEW]["A4"].value)[0] == 1
    lines = [r for r in opened["SO SÁNH"].iter_rows(values_only=True) if isinstance(r[0], int)]
    assert [r[13] for r in lines] == [VERDICTS["alone"], VERDICTS["few"], VERDICTS["alone"]]


# --- S7

LONG = "21000_Báo cáo kết quả giải quyết thủ tục hành chính của Ủy ban nhân dân xã An Phú, bản gửi lại lần hai.xlsx"
SHORT = "21001_Xa_Ba_Gia_quy_III_nam_2025.xlsx"
NAMED = {SUMMARY: 6, PROGRESS: 6, FINDINGS: 5, FILES: 2}  # sheet -> column of file names, from 1


def test_file_names_stand_there_in_full() -> None:
    wrong = finding("CT_004", sheet="II.06a", cell="C9", left=3, right=5)
    reports = [
        filing(place, {"Đất đai": row(n)}, file=file)._replace(findings=(wrong,))
        for n, (place, file) in enumerate(zip(PLACES, (LONG, SHORT), strict=False), 3)
    ]
    opened = values(merge(*reports))
    for title, column in NAMED.items():
        sheet = opened[title]
        width = sheet.column_dimensions[sheet.cell(1, column).column_letter].width
        cells = {cell.value: cell for (cell,) in sheet.iter_rows(min_col=column, max_col=column)}
        name, before = cells[SHORT], sheet.cell(cells[SHORT].row, column - 1)
        assert name.hyperlink and not before.hyperlink and len(SHORT) / 1.3 <= width, title
        name, before = cells[LONG], sheet.cell(cells[LONG].row, column - 1)
        assert not name.hyperlink and name.alignment.wrap_text, title  # LibreOffice wraps no link
        assert unquote(before.hyperlink.target).endswith(LONG), title
        lines = sheet.row_dimensions[name.row].height / 15.5
        assert lines * width * 1.3 >= len(LONG), title
    assert opened[SUMMARY].page_setup.scale < 63
    assert values(merge())[SUMMARY].page_setup.scale == 63


def test_the_sources_are_printed_in_letters_that_can_be_read() -> None:
    """On A3 across, all columns but the last, which no paper needs; every row, however few there are."""
    for reports in ((), (filing(PLACES[0], {"Đất đai": row(3)}),)):
        sheet = values(merge(*reports))[SOURCES]
        heads = [cell.value for cell in sheet[3]]
        last = max(sheet.max_row, 4)
        assert heads.index("SHA-256") == len(heads) - 1
        assert sheet.print_area == f"'{SOURCES}'!$A$1:${get_column_letter(len(heads) - 1)}${last}"
        points = sum(5.25 * sheet.column_dimensions[get_column_letter(n)].width + 3.75 for n in range(1, len(heads)))
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth or 1) == (8, 1)
        assert 11 * (1190 - 0.8 * 72) / points > 7.5  # points that a letter has on the paper


def test_a_number_never_touches_the_text_after_it() -> None:
    wrong = finding("CT_004", sheet="II.06a", cell="C9", left=3, right=5)
    sheet = values(merge(filing(PLACES[0], {"Đất đai": row(3)})._replace(findings=(wrong,))))[FINDINGS]
    at = {head.value: cell for head, cell in zip(sheet[3], sheet[4], strict=True)}
    assert at["Lệch"].value == -2
    assert all(at[head].alignment.indent for head in ("Đề xuất", "Mã"))
