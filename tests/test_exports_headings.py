"""Headings of exports that may mean two things.

Requirements
  NX04  a doubtful heading is decided by evidence or asked, and an answer is remembered in the book
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import exports_made as made
import import_runs
import pytest
from exports_made import IGATE, IGATE_FULL, IGATE_ROWS, igate_row
from import_runs import AMBIGUOUS, IGATE_EXPECTED, LAND, Importer, codes, register
from openpyxl import load_workbook

from toolkit.wording import MAPPING_SHEET
from workbook.export_lists import Asked
from workbook.files import Refused

blank, importer = import_runs.blank, import_runs.importer  # fixtures


def test_doubtful_heading_without_evidence_is_asked(importer: Importer, tmp_path: Path) -> None:  # NX04
    with pytest.raises(Asked) as asked:
        importer(("dat.xlsx", made.xlsx(LAND)))
    assert [f.code for f in asked.value.findings] == ["XN_003"]
    ((file, question),) = asked.value.questions
    assert (file, question.heading, question.options) == ("dat.xlsx", AMBIGUOUS, ("ngay_hen_tra", "ngay_tra"))
    assert list(tmp_path.glob("ra_*")) == []


@pytest.mark.parametrize(("reply", "field"), [("ngay_hen_tra", "ngay_hen_tra"), ("hẹn trả", "ngay_hen_tra"),
                                              ("Ngày trả", "ngay_tra"), ("bo_qua", None)])  # fmt: skip
def test_an_answer_is_remembered(importer: Importer, reply: str, field: str | None) -> None:  # NX04
    dat = ("dat.xlsx", made.xlsx(LAND))
    first = importer(dat, answers={AMBIGUOUS: reply})
    expected = {"ngay_hen_tra", "ngay_tra"} & set(register(first.path)[0])
    assert expected == ({field} if field else set())
    later = [LAND[0], ["H56.14-250703-0003", "Tách thửa", "03/07/2025", "01/08/2025", made.OWNER, made.CCCD, ""]]
    second = importer(("dat_2.xlsx", made.xlsx(later)), into=first.path)
    assert second.added == 1
    assert set(register(second.path)[2]) == set(register(second.path)[0])
    assert "XN_020" in codes(second)
    assert MAPPING_SHEET in load_workbook(second.path).sheetnames


def igate_with(heading: str, days: list[str], statuses: list[str]) -> list[list[made.Cell]]:
    """A list whose column "Ngày hẹn trả" has another name."""
    head = [heading if h == "Ngày hẹn trả" else h for h in IGATE]
    rows = []
    for n, (day, status) in enumerate(zip(days, statuses, strict=True), 1):
        done = "20/07/2025" if status == "Đã trả kết quả" else ""
        rows.append(igate_row(n, f"{n:02d}/07/2025", day, done, status))
    return [head, *rows]


OPEN_FILLED = igate_with(AMBIGUOUS, ["25/07/2025"] * 6, ["Đang xử lý"] * 3 + ["Đã trả kết quả"] * 3)
OPEN_BLANK = igate_with(AMBIGUOUS, [""] * 3 + ["25/07/2025"] * 3, ["Đang xử lý"] * 3 + ["Đã trả kết quả"] * 3)
EARLY = igate_with(AMBIGUOUS, ["19/07/2025"] * 3 + ["21/07/2025"] * 3, ["Đã trả kết quả"] * 6)
TOO_FEW = igate_with(AMBIGUOUS, ["25/07/2025"] * 2 + ["25/07/2025"] * 3, ["Đang xử lý"] * 2 + ["Đã trả kết quả"] * 3)
FUTURE = igate_with(AMBIGUOUS, ["25/07/2025"] * 6, ["Lạ"] * 3 + ["Đã trả kết quả"] * 3)
UNKNOWN = igate_with(AMBIGUOUS, ["20/07/2025"] * 6, ["Lạ"] * 3 + ["Đã trả kết quả"] * 3)


@pytest.mark.parametrize(
    ("table", "field"),
    [(OPEN_FILLED, "ngay_hen_tra"), (OPEN_BLANK, "ngay_tra"), (EARLY, "ngay_hen_tra"), (FUTURE, "ngay_hen_tra")],
    ids=["open dossiers have it", "only finished ones have it", "earlier than the result", "later than all is known"],
)
def test_evidence_decides(table: made.Table, field: str, importer: Importer) -> None:  # NX04
    result = importer(("a.csv", made.csv(table)))
    assert {"ngay_hen_tra", "ngay_tra"} & set(register(result.path)[-1]) == {field}
    assert "XN_004" in codes(result)


MIXED = igate_with(AMBIGUOUS, ["20/07/2025"] * 3 + [""] * 2, ["Đang xử lý"] * 5)
TORN = igate_with(AMBIGUOUS, [""] * 3 + ["19/07/2025"] * 3, ["Đang xử lý"] * 3 + ["Đã trả kết quả"] * 3)


@pytest.mark.parametrize(
    "table",
    [TOO_FEW, UNKNOWN, MIXED, TORN],
    ids=["one row short", "statuses that nobody knows", "three open dossiers of five", "evidence for both"],
)
def test_weak_evidence_is_asked(table: made.Table, importer: Importer) -> None:  # NX04
    with pytest.raises(Asked):
        importer(("a.csv", made.csv(table)))


def test_both_columns_present(importer: Importer) -> None:  # NX04
    head = ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", AMBIGUOUS, "Trạng thái"]
    row = ["HS-1", "01/07/2025", "05/07/2025", "04/07/2025", "Đã trả kết quả"]
    (row_,) = register(importer(("a.csv", made.csv([head, row]))).path)
    assert (row_["ngay_hen_tra"], row_["ngay_tra"]) == (datetime(2025, 7, 5), datetime(2025, 7, 4))


def test_an_answer_meant_for_another_list(importer: Importer) -> None:  # NX04
    head = ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", AMBIGUOUS, "Trạng thái"]
    both = [head, ["HS-1", "01/07/2025", "05/07/2025", "04/07/2025", "Đã trả kết quả"]]
    files = ("dat.xlsx", made.xlsx(LAND)), ("hai_cot.csv", made.csv(both))
    rows = register(importer(*files, answers={AMBIGUOUS: "ngay_hen_tra"}).path)
    assert [r.get("ngay_tra") for r in rows] == [None, None, datetime(2025, 7, 4)]
    assert rows[2]["ngay_hen_tra"] == datetime(2025, 7, 5)


def test_the_other_meaning_taken_is_no_proof(importer: Importer) -> None:  # NX04
    head = ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày trả", AMBIGUOUS, "Trạng thái"]
    with pytest.raises(Asked):
        importer(("a.csv", made.csv([head, ["HS-1", "01/07/2025", "05/07/2025", "04/07/2025", "Đã trả kết quả"]])))


def test_memory_yields_to_evidence(importer: Importer) -> None:  # NX04
    first = importer(("dat.xlsx", made.xlsx(LAND)), answers={AMBIGUOUS: "ngay_hen_tra"})
    with pytest.raises(Asked):
        importer(("a.csv", made.csv(OPEN_BLANK)), into=first.path)


def test_did_you_mean(importer: Importer) -> None:  # NX04
    table = [["Ngày hẹn trar" if h == "Ngày hẹn trả" else h for h in IGATE], *IGATE_ROWS]
    with pytest.raises(Asked) as asked:
        importer(("a.csv", made.csv(table)))
    assert [f.code for f in asked.value.findings] == ["XN_005"]
    result = importer(("a.csv", made.csv(table)), answers={"Ngày hẹn trar": "ngay_hen_tra"})
    assert register(result.path) == IGATE_EXPECTED
    table = [["Lĩnh vựcc" if h == "Tên lĩnh vực" else h for h in IGATE], *IGATE_ROWS]
    assert "XN_006" in codes(importer(("b.csv", made.csv(table))))  # no verdict hangs on it: told, not asked


@pytest.mark.parametrize(
    "answers", [{"Ngày trả": "ngay_tra"}, {"Ngày hẹn trả": "ngay_gi"}, {"Ngày hẹn trả": "dao_ngay_thang"}]
)
def test_an_answer_that_fits_nothing(answers: dict[str, str], importer: Importer) -> None:  # NX04
    with pytest.raises(Refused) as refused:
        importer(("a.csv", made.csv(IGATE_FULL)), answers=answers)
    assert [f.code for f in refused.value.findings] == ["XN_019"]
