"""What goes with a province workbook: the register in Parquet, the memory, the carry-over, the list of arrivals."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow.parquet
import pytest
import python_calamine

from toolkit.records import Period
from toolkit.wording import SENTENCES
from workbook import jobs, merge_job, report_register
from workbook.digest import digest
from workbook.files import Refused
from workbook.forms import load_form, load_places
from workbook.merge_job import Options

FORM, PLACES = load_form(), load_places()
PERIOD = Period(date(2025, 7, 1), date(2025, 9, 25))
BEFORE = Period(date(2025, 4, 1), date(2025, 6, 30))
COMMUNES = PLACES.in_province("51")[:3]
APPLICANT = "Nguyễn Thị Bí Mật"


def book(path: Path, code: str, carried: int, running: int, period: Period = PERIOD, late: int = 2) -> Path:
    row = {"linh_vuc": "Đất đai", "truc_tuyen": running, "truc_tiep": 0, "ky_truoc": carried, "truoc_han": carried}
    row |= {"dung_han": 0, "qua_han": 0, "dang_trong_han": running, "dang_qua_han": 0, "rut": 0}
    dossier = {"ten_tthc": "Tách thửa", "linh_vuc": "Đất đai", "chu_ho_so": APPLICANT, "trang_thai": "Đang xử lý"}
    days = {"ngay_tiep_nhan": "2025-07-02", "ngay_hen_tra": "2025-07-15"}
    dossiers = [{"ma_ho_so": f"H48.{code}-{n:04}", **dossier, **days} for n in range(late)]
    values = {"grids": {"bieu_06a": [row]}, "records": {"ho_so": dossiers}}
    return jobs.new(FORM, PLACES, code, period, path, values)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tỉnh") / "nhận"
    for n, place in enumerate(COMMUNES):
        book(folder / jobs.file_name(place), place.code, carried=4, running=6 + n)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "nhận"))


def merge(folder: Path, out: Path, period: Period = PERIOD, **options: object) -> merge_job.Merged:
    return merge_job.merge(FORM, PLACES, folder, "51", period, out, Options(**options))


def cells(path: Path, sheet: str) -> Iterator[object]:
    for row in python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python():
        yield from row


def test_a_register_too_long_for_a_sheet_goes_to_parquet(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_register, "LONG", 5)
    result = merge(folder, tmp_path / "t.xlsx", every_dossier=True)
    assert result.parquet == tmp_path / "t.parquet"
    table = pyarrow.parquet.read_table(result.parquet)
    assert sorted(table["ma_ho_so"].to_pylist()) == sorted(f"H48.{p.code}-{n:04}" for p in COMMUNES for n in range(2))
    assert any("t.parquet" in str(cell) for cell in cells(result.path, report_register.DOSSIERS))
    assert APPLICANT.encode() not in result.parquet.read_bytes()


def test_a_register_that_fits_stands_in_the_workbook(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_register, "LONG", 6)
    result = merge(folder, tmp_path / "t.xlsx", every_dossier=True)
    assert result.parquet is None
    held = [str(cell) for cell in cells(result.path, report_register.DOSSIERS)]
    assert sum(cell.startswith("H48.") for cell in held) == 6
    assert APPLICANT not in held


def test_only_what_changed_is_read_again(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, read = tmp_path / "t.xlsx", list[str]()
    monkeypatch.setattr(
        "workbook.spread.digest", lambda lens, name, content: read.append(name) or digest(lens, name, content)
    )
    first = merge(folder, out)
    assert len(read) == 3 and first.bridge is None
    before = out.read_bytes()
    assert merge(folder, out).bridge is not None and len(read) == 3
    assert out.read_bytes() == before  # nothing changed: no sheet of changes, the same bytes
    place = COMMUNES[1]
    changed = book(folder / jobs.file_name(place), place.code, carried=4, running=10)
    again = merge(folder, out)
    assert read[3:] == [changed.name]
    bridge = again.bridge
    assert bridge is not None
    assert [(c.commune, c.key.indicator, c.before, c.after) for c in bridge.cells] == [
        (place.code, "truc_tuyen", 7, 10),
        (place.code, "dang_trong_han", 7, 10),
    ]
    assert "THAY ĐỔI" in python_calamine.CalamineWorkbook.from_path(out).sheet_names
    merge(folder, out, remember=False)
    assert len(read) == 7


def test_what_came_over_is_held_against_the_last_province_workbook(folder: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "kỳ trước"
    for n, place in enumerate(COMMUNES):
        book(earlier / jobs.file_name(place), place.code, 0, running=4 if n else 5, period=BEFORE, late=0)
    last = merge(earlier, tmp_path / "q2.xlsx", BEFORE).path
    found = merge(folder, tmp_path / "q3.xlsx", previous=last).summary.findings
    differing = [(file, f.code, f.left, f.right) for file, f in found if f.code.startswith("KT_01")]
    assert differing == [(jobs.file_name(COMMUNES[0]), "KT_011", 4, 5)]


@pytest.mark.parametrize("of", [PERIOD, Period(date(2025, 10, 1), date(2025, 12, 31))])
def test_a_province_workbook_that_is_not_of_a_period_before_is_refused(
    of: Period, folder: Path, tmp_path: Path
) -> None:
    last = merge(folder, tmp_path / "q.xlsx", of, remember=False).path
    with pytest.raises(Refused) as refusal:
        merge(folder, tmp_path / "t.xlsx", previous=last, slips=tmp_path / "phieu")
    assert [f.code for f in refusal.value.findings] == ["KT_007"]
    assert not (tmp_path / "t.xlsx").exists() and not (tmp_path / "phieu").exists()


def test_a_province_workbook_of_another_province_is_refused(folder: Path, tmp_path: Path) -> None:
    elsewhere = PLACES.in_province("56")[0]
    book(tmp_path / "xa" / "1.xlsx", elsewhere.code, 0, running=4, period=BEFORE, late=0)
    theirs = merge_job.merge(FORM, PLACES, tmp_path / "xa", "56", BEFORE, tmp_path / "q2.xlsx").path
    with pytest.raises(Refused) as refusal:
        merge(folder, tmp_path / "t.xlsx", previous=theirs)
    assert [f.code for f in refusal.value.findings] == ["KT_017"] and not (tmp_path / "t.xlsx").exists()


def test_communes_whose_last_period_does_not_fit_are_one_remark_of_the_province(folder: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "kỳ trước"
    for n, place in enumerate(COMMUNES):
        book(earlier / jobs.file_name(place), place.code, 0, running=5, period=BEFORE if n else PERIOD, late=0)
    last = merge(earlier, tmp_path / "q2.xlsx", BEFORE).path
    found = merge(folder, tmp_path / "q3.xlsx", previous=last).summary.findings
    held = sorted((file, f.code, f.severity) for file, f in found if f.code.startswith("KT_"))
    assert held[0] == ("", "KT_016", "warning")
    assert [(file, code) for file, code, _ in held[1:]] == [(jobs.file_name(p), "KT_011") for p in COMMUNES[1:]]
    assert COMMUNES[0].name in next(f.message for _, f in found if f.code == "KT_016")


def test_a_report_of_the_last_period_sent_again_is_told_once(folder: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "kỳ trước"
    for place in COMMUNES:
        book(earlier / jobs.file_name(place), place.code, 0, running=4, period=BEFORE, late=0)
    last = merge(earlier, tmp_path / "q2.xlsx", BEFORE).path
    again = jobs.file_name(COMMUNES[0])
    shutil.copy(earlier / again, folder / again)
    summary = merge(folder, tmp_path / "q3.xlsx", previous=last).summary
    assert [(file, f.code) for file, f in summary.findings if f.code in ("GOP_002", "KT_016")] == [(again, "GOP_002")]
    assert [summary.commune_status[p.code] for p in COMMUNES] == ["off_period", "merged", "merged"]
    assert [(o.file, o.status) for o in summary.outcomes if o.status != "merged"] == [(again, "off_period")]


def test_who_came_when(folder: Path, tmp_path: Path) -> None:
    mail = tmp_path / "so_den.csv"
    mail.write_text(f"Mã xã;Ngày nhận\n{COMMUNES[0].code};1/10/2025\n{COMMUNES[1].code};5/10/2025\n", encoding="utf-8")
    result = merge(folder, tmp_path / "t.xlsx", received=mail, deadline=date(2025, 10, 2))
    assert result.summary.received == {
        jobs.file_name(COMMUNES[0]): date(2025, 10, 1),
        jobs.file_name(COMMUNES[1]): date(2025, 10, 5),
    }
    rows = python_calamine.CalamineWorkbook.from_path(result.path).get_sheet_by_name("TIẾN ĐỘ NỘP").to_python()
    said = {code: row for row in rows for code in (p.code for p in COMMUNES) if code in row}
    assert ["Nộp muộn" in said[p.code] for p in COMMUNES] == [False, True, False]
    assert ["Đúng hạn" in said[p.code] for p in COMMUNES] == [True, False, False]
    assert 3.0 in said[COMMUNES[1].code]


@pytest.mark.parametrize("option", ["deadline", "mend_by"])
def test_a_deadline_of_another_year_is_refused_before_anything_is_read(
    option: str, folder: Path, tmp_path: Path
) -> None:
    for day in (date(2024, 10, 5), date(2026, 10, 5)):
        with pytest.raises(Refused) as refusal:
            merge(folder, tmp_path / "t.xlsx", **{option: day})
        assert [f.code for f in refusal.value.findings] == ["RA_027"]
    assert merge(folder, tmp_path / "t.xlsx", **{option: PERIOD.start}).path.exists()


def test_a_workbook_of_ours_is_no_list_of_arrivals(folder: Path, tmp_path: Path) -> None:
    """The province's own sheet of submission has every heading of such a list."""
    of_ours = merge(folder, tmp_path / "t.xlsx", slips=tmp_path / "phieu").path
    slip = next((tmp_path / "phieu").glob("*_phieu.xlsx"))
    report = folder / jobs.file_name(COMMUNES[0])
    before = of_ours.read_bytes()
    for path, code in ((of_ours, "RA_025"), (slip, "RA_025"), (report, "RA_026")):
        with pytest.raises(Refused) as refusal:
            merge(folder, of_ours, received=path)
        assert [f.code for f in refusal.value.findings] == [code]
        assert path.name in refusal.value.findings[0].message
    assert of_ours.read_bytes() == before
    copied = tmp_path / "chép ra.csv"
    rows = python_calamine.CalamineWorkbook.from_path(of_ours).get_sheet_by_name("TIẾN ĐỘ NỘP").to_python()
    copied.write_text("\n".join(";".join(str(v).replace(";", ",") for v in row) for row in rows), encoding="utf-8")
    assert merge(folder, of_ours, received=copied).summary.received == {}  # a list, be it without a day


def test_a_folder_without_a_report_replaces_no_result(folder: Path, tmp_path: Path) -> None:
    out = merge(folder, tmp_path / "t.xlsx").path
    before = out.read_bytes()
    empty = tmp_path / "trống"
    empty.mkdir()
    for _ in range(2):
        with pytest.raises(Refused) as refusal:
            merge(empty, out, slips=tmp_path / "phieu")
        assert [f.code for f in refusal.value.findings] == ["RA_019"]
        assert out.read_bytes() == before and not (tmp_path / "phieu").exists()
        (empty / "Công văn.docx").write_bytes(b"x")
        shutil.copy(out, empty / "tỉnh.xlsx")
    (empty / "hỏng.xlsx").write_bytes(b"x")  # may be a report
    assert [o.status for o in merge(empty, out).summary.outcomes].count("returned") == 1


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    there = tmp_path / "ds.csv"
    there.write_bytes(b"x")
    for path, code in ((there, "RA_020"), (tmp_path / "không có", "RA_003")):
        with pytest.raises(Refused) as refusal:
            merge(path, tmp_path / "t.xlsx")
        assert [f.code for f in refusal.value.findings] == [code]


def test_every_code_of_the_merge_has_a_sentence() -> None:
    assert {f"GOP_{n:03}" for n in range(1, 22)} <= SENTENCES.keys()
