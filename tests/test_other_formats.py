"""workbook.other_formats: our own workbooks saved as .ods or .xls are told apart wherever a file may be given.

R1 a result (province workbook, slip) is one: ignored by a merge and a check, refused as a list of days and as an export
R2 a report is one: returned with what to do, refused as a list of days with its unit
R3 a list of days as .ods or .xls says what it says as .xlsx
R4 whatever else stands in such a file, it is no traceback
"""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from exports_made import convert
from exports_made import xlsx as table_file
from import_runs import needs_office
from live_books import FORM, PLACES, book_file
from xlsxwriter import Workbook

from toolkit.wording import finding
from workbook.carry_job import no_last
from workbook.exports import open_export
from workbook.files import Refused
from workbook.intake import examine
from workbook.other_formats import names_in, told_apart, unit_of_export
from workbook.read import read_apart
from workbook.received_list import load_arrivals
from workbook.sniff import Unreadable

pytestmark = [pytest.mark.office, needs_office]
KINDS = ["ods", "xls"]
DAYS = [["Mã xã", "Ngày nhận"], ["21061", "02/10/2025"], ["21361", "3/10/2025"]]


def result() -> bytes:
    """The least that marks a result of ours; on its sheet what a list of days would have."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("TIẾN ĐỘ")
    for n, row in enumerate(DAYS):
        sheet.write_row(n, 0, row)
    book.define_name(f"{FORM.prefix}tong_hop", "='TIẾN ĐỘ'!$A$1")
    book.close()
    return out.getvalue()


@pytest.fixture(scope="module", params=KINDS)
def saved(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A result, a report and a list of days, saved by LibreOffice in another format."""
    kind, folder = request.param, tmp_path_factory.mktemp(request.param)
    contents = {
        "result": result(),
        "report": book_file(folder, scalars={"hop_tong": 1}).read_bytes(),
        "days": table_file(DAYS),
    }
    paths = {}
    for name, content in contents.items():
        paths[name] = folder / f"{name}.{kind}"
        paths[name].write_bytes(convert(folder / name, content, kind))
    return paths


def refused(path: Path) -> list[str]:
    with pytest.raises(Refused) as told:
        load_arrivals(path, FORM)
    return [f.code for f in told.value.findings]


def test_a_result(saved: dict[str, Path]) -> None:  # R1
    path = saved["result"]
    checked = examine(FORM, PLACES, path)
    assert checked.no_report and checked.is_result
    with pytest.raises(Unreadable) as told:
        read_apart(path.read_bytes(), path.name, FORM, PLACES)
    assert told.value.code == "TEP_012"
    assert refused(path) == ["RA_025"]


def test_a_report(saved: dict[str, Path]) -> None:  # R2
    path = saved["report"]
    code = {".ods": "TEP_011", ".xls": "TEP_004"}[path.suffix]
    assert [f.code for f in examine(FORM, PLACES, path).findings] == [code]
    assert refused(path) == ["RA_026"]
    assert unit_of_export(open_export(path), FORM) == "21061"


def test_a_list_of_days(saved: dict[str, Path], tmp_path: Path) -> None:  # R3
    (tmp_path / "days.xlsx").write_bytes(table_file(DAYS))
    plain, other = load_arrivals(tmp_path / "days.xlsx", FORM), load_arrivals(saved["days"], FORM)
    assert len(plain.lines) == 2 and plain.lines == other.lines
    assert unit_of_export(open_export(saved["days"]), FORM) is None


def test_a_spoilt_file(saved: dict[str, Path]) -> None:  # R4
    content = saved["result"].read_bytes()
    said = Unreadable("TEP_011")
    assert told_apart(said, content, FORM).code == "TEP_012"
    assert told_apart(said, content[: len(content) // 2], FORM) is said
    assert f"{FORM.prefix}tong_hop" in names_in(content)


def test_no_result_is_asked_for_where_the_last_report_is() -> None:
    said = no_last(Path("a.ods"), Unreadable("TEP_012"))
    assert finding("TEP_012").fix not in said.findings[0].fix
