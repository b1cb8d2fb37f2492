"""Return slips as files: a page, a message and a workbook to mend for each sender.

R1 three files a commune, flat, and a list of them; the same input gives the same bytes
R2 a mended cell in the marked copy is read again and its finding is gone; the mended copy counts before the original
R3 a commune that sent nothing usable gets a blank workbook with its unit and period, and nothing else in it
R4 a page conforms to the standard, is one page of A4 however many warnings there are, and is no report when read
R5 a changed workbook to mend is never overwritten; nor any file that is not as we wrote it; reports least of all
R6 what nobody needs any more is taken away, and only that
R7 a message is what Notepad opens and a chat takes
R8 no citizen in a page, a message or the list
R9 a file that cannot be marked, or is not the merged one any more, is mended by its owner
"""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from marked_files import unsound
from openxml_audit import OpenXmlValidator
from test_overdue import ROWS, SECRETS, dossier

from toolkit.edits import ERROR
from toolkit.records import Period, Place, Severity, Summary, Unread
from toolkit.return_words import message
from toolkit.returns import Line, Slip
from toolkit.rollup import roll_up
from workbook import demo, jobs
from workbook.files import Refused, write
from workbook.forms import load_form, load_places
from workbook.intake import Checked, Tell, examine, quietly
from workbook.slip_files import INDEX, Folder, collect, write_slips
from workbook.slip_making import PAGE, begin
from workbook.slip_page import slip_page

FORM, PLACES = load_form(), load_places()
PERIOD = Period(date(2025, 7, 1), date(2025, 9, 25))
DAY = date(2025, 10, 5)
UNIT = PLACES.province("51")
VAN_TUONG, MINH_LONG, THIRD = (PLACES.find(code) for code in ("21061", "21361", "21040"))
STEM = "21061_Xa_Van_Tuong"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Vạn Tường as published."""
    report = demo.published_reports(FORM)[0]
    assert report.commune == "21061"
    path = tmp_path_factory.mktemp("goc") / f"{STEM}.xlsx"
    return jobs.new(FORM, PLACES, "21061", PERIOD, path, report.data).read_bytes()


@pytest.fixture
def province(original: bytes, tmp_path: Path) -> Path:
    """The folder of reports: one with contradictions, one that is no workbook; a third commune sent nothing."""
    folder = tmp_path / "bao_cao"
    write(folder / f"{STEM}.xlsx", original)
    write(folder / "21361.xls", b"<html><table></table></html>")
    return folder


@cache
def checked(name: str, content: bytes) -> Checked:
    """Examining costs most of these tests' time, and they examine the same few contents."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return examine(FORM, PLACES, path)


def merged(folder: Path, *others: Place | None) -> tuple[Summary, Mapping[str, Path]]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    sources = {p.relative_to(folder).as_posix(): p for p in files}
    read = {name: checked(path.name, path.read_bytes()) for name, path in sources.items()}
    items = [
        c.filing._replace(file=name, tables={})
        if c.filing
        else Unread(name, c.findings[0].code, c.findings[0].message, c.sha256)
        for name, c in read.items()
    ]
    places = [p for p in (VAN_TUONG, *others) if p]
    assert UNIT is not None
    findings = {name: c.findings for name, c in read.items()}
    return roll_up(FORM, UNIT, PERIOD, places, items, findings=findings), sources


def run(province: Path, folder: Path, deadline: date | None = DAY, *others: Place | None) -> tuple[Path, ...]:
    summary, sources = merged(province, *others)
    return write_slips(FORM, summary, sources, folder, begin(FORM, PLACES, summary, sources, deadline))


def made_for(
    summary: Summary, sources: Mapping[str, Path], folder: Path, deadline: date | None = None, tell: Tell = quietly
) -> Folder:
    return collect(FORM, summary, sources, folder, begin(FORM, PLACES, summary, sources, deadline), tell)


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


def cells(path: Path) -> list[str]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [str(value) for line in sheet.iter_rows(values_only=True) for value in line if value is not None]


def mend(path: Path, **numbers: int) -> bytes:
    book = openpyxl.load_workbook(path)
    for cell, number in numbers.items():
        book["II.06a"][cell] = number
    book.save(path)
    return path.read_bytes()


def test_three_files_a_commune__R1(province: Path, tmp_path: Path) -> None:
    written = run(province, tmp_path / "phieu", DAY, MINH_LONG, THIRD)
    stems = [STEM, "21361_Xa_Minh_Long", "21040_Xa_Binh_Son"]
    names = {f"{stem}{end}" for stem in stems for end in ("_phieu.xlsx", "_tin_nhan.txt", "_sua.xlsx")}
    assert {p.name for p in written} == names | {INDEX} and len(written) == 10
    assert {p.name for p in (tmp_path / "phieu").iterdir()} == {p.name for p in written}
    run(province, tmp_path / "again", DAY, MINH_LONG, THIRD)
    assert contents(tmp_path / "again") == contents(tmp_path / "phieu")
    listed = cells(tmp_path / "phieu" / INDEX)
    assert {"21061", "21361", "21040"} <= set(listed)


def test_the_page_says_what_to_mend__R1(province: Path, tmp_path: Path) -> None:
    folder = tmp_path / "phieu"
    run(province, folder)
    shown = cells(folder / f"{STEM}_phieu.xlsx")
    for before, after in (("5.676", "5.679"), ("414", "411")):
        assert shown.index(after) > shown.index(before)
    assert any("05/10/2025" in text for text in shown)
    run(province, folder, None)  # its own files may be replaced
    assert not any("05/10/2025" in text for text in cells(folder / f"{STEM}_phieu.xlsx"))


def test_a_mended_copy_is_read_again__R2(province: Path, tmp_path: Path) -> None:
    folder = tmp_path / "phieu"
    run(province, folder)
    before, _ = merged(province)
    wrong = {f.cell for _, f in before.findings if f.severity == "error" and f.sheet == "II.06a"}
    assert wrong == {"P35", "R35"}

    write(province / f"{STEM}_sua.xlsx", mend(folder / f"{STEM}_sua.xlsx", P35=5679))
    half, _ = merged(province)
    assert {f.cell for _, f in half.findings if f.severity == "error" and f.sheet == "II.06a" and f.key} == {"R35"}

    write(province / f"{STEM}_sua.xlsx", mend(folder / f"{STEM}_sua.xlsx", P35=5679, R35=411))
    after, sources = merged(province)
    assert after.filings["21061"].file == f"{STEM}_sua.xlsx"  # the correction counts, the original stands aside
    assert after.commune_status["21061"] == "merged"
    about = [f for file, f in after.findings if file == f"{STEM}_sua.xlsx" and f.severity == "error"]
    assert not [f for f in about if f.sheet == "II.06a" and f.code != "GOP_005"]
    slip = made_for(after, sources, tmp_path / "lan_2").slips[0]
    assert not any(line.certain for line in slip.lines)


def test_nothing_but_paint_and_the_list_differs__R2(province: Path, original: bytes, tmp_path: Path) -> None:
    run(province, tmp_path / "phieu")
    path = tmp_path / "phieu" / f"{STEM}_sua.xlsx"
    again, first = examine(FORM, PLACES, path), examine(FORM, PLACES, province / f"{STEM}.xlsx")
    assert again.filing and first.filing
    assert again.filing.figures == first.filing.figures and again.findings == first.findings
    assert unsound(path.read_bytes(), tmp_path) == unsound(original, tmp_path) == []
    sheet = openpyxl.load_workbook(path)["II.06a"]
    assert {sheet[c].fill.fgColor.rgb[2:] for c in ("P35", "R35")} == {ERROR}


def test_the_cell_to_mend_is_painted__R2(tmp_path: Path) -> None:
    """86 for 68: the rule speaks of C9, the control of Q9; the cell is H9."""
    figures = {"truc_tuyen": 100, "truc_tiep": 20, "ky_truoc": 0, "truoc_han": 86, "dung_han": 10, "qua_han": 0}
    figures |= {"dang_trong_han": 40, "dang_qua_han": 0, "rut": 2, "da_giai_quyet_doi_chieu": 78}
    values = {"grids": {"bieu_06a": [{"linh_vuc": "Hộ tịch", **figures}]}}
    jobs.new(FORM, PLACES, "21061", PERIOD, tmp_path / "bao_cao" / f"{STEM}.xlsx", values)
    run(tmp_path / "bao_cao", tmp_path / "phieu")
    assert cells(tmp_path / "phieu" / f"{STEM}_phieu.xlsx").count("68") == 1
    sheet = openpyxl.load_workbook(tmp_path / "phieu" / f"{STEM}_sua.xlsx")["II.06a"]
    assert sheet["H9"].value == 86 and sheet["H9"].fill.fgColor.rgb[2:] == ERROR


def test_blank_workbook__R3(province: Path, tmp_path: Path) -> None:
    run(province, tmp_path / "phieu", DAY, MINH_LONG)
    path = tmp_path / "phieu" / "21361_Xa_Minh_Long_sua.xlsx"
    filing = examine(FORM, PLACES, path).filing
    assert filing and (filing.place, filing.period) == (MINH_LONG, PERIOD)
    assert all(f.value is None for f in filing.figures.values())
    assert [*sheets(path)] == [*sheets(jobs.new(FORM, PLACES, "21361", PERIOD, tmp_path / "so.xlsx"))]


def test_pages_are_sound_and_no_reports__R4(province: Path, tmp_path: Path) -> None:
    for path in run(province, tmp_path / "phieu"):
        if path.name.endswith("_phieu.xlsx") or path.name == INDEX:
            assert OpenXmlValidator().validate(path).errors == []
            assert [f.code for f in examine(FORM, PLACES, path).findings] == ["TEP_012"]
            assert all("<f>" not in part for part in sheets(path))


def sheets(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as package:
        yield from (package.read(n).decode() for n in package.namelist() if n.startswith("xl/worksheets/sheet"))


def many(n: int, severity: Severity) -> Slip:
    why = "Số hồ sơ đã giải quyết quá hạn lớn hơn số hồ sơ tiếp nhận trong kỳ của cùng lĩnh vực này. " * 2
    told = [
        Line(severity, "II.06a", f"C{i}", "Tiếp nhận, dòng Đất đai", "5.676", why, "", False, why) for i in range(n)
    ]
    assert VAN_TUONG is not None
    return Slip(VAN_TUONG, "errors", PERIOD, "=1+1 <r>.xlsx", DAY, tuple(told), (), "marked")


def test_warnings_fit_one_page_errors_are_all_told__R4(tmp_path: Path) -> None:
    path = tmp_path / "phieu.xlsx"
    path.write_bytes(slip_page(FORM, many(60, "warning"), "sua.xlsx"))
    shown = cells(path)
    kept = sum(text.startswith("II.06a, ô C") for text in shown)
    assert 3 <= kept < 60 and any(str(60 - kept) in text and "sua.xlsx" in text for text in shown)
    path.write_bytes(slip_page(FORM, many(60, "error"), "sua.xlsx"))
    assert sum(text.startswith("II.06a, ô C") for text in cells(path)) == 60


def test_own_files_are_replaced_others_refused__R5(province: Path, tmp_path: Path) -> None:
    folder = tmp_path / "phieu"
    run(province, folder)
    page = folder / f"{STEM}_phieu.xlsx"
    page.write_bytes(page.read_bytes() + b"note")
    before = contents(folder)
    with pytest.raises(Refused) as refusal:
        run(province, folder, None)
    assert [f.code for f in refusal.value.findings] == ["PH_002"]
    assert contents(folder) == before


def test_what_stands_there_already_is_not_written_again__R5(province: Path, tmp_path: Path) -> None:
    paths = run(province, tmp_path / "phieu")
    gone, *rest = (path for path in paths if path.name != INDEX)
    before = gone.read_bytes()
    gone.unlink()
    for path in rest:
        os.utime(path, (1, 1))
    assert run(province, tmp_path / "phieu") == paths
    assert gone.read_bytes() == before and {path.stat().st_mtime for path in rest} == {1}


def test_a_report_is_never_replaced__R5(province: Path, tmp_path: Path) -> None:
    """Not even where a report has the name of a slip, and is the very file."""
    page = next(path for path in run(province, tmp_path / "phieu") if path.name.endswith(PAGE))
    report = next(path for path in province.iterdir() if path.suffix == ".xlsx")
    before = report.read_bytes()
    page.unlink()
    os.link(report, page)
    with pytest.raises(Refused) as refusal:
        run(province, tmp_path / "phieu")
    assert [f.code for f in refusal.value.findings] == ["RA_001"]
    assert report.read_bytes() == before


def test_a_list_of_somebody_else_is_refused__R5(province: Path, tmp_path: Path) -> None:
    write(tmp_path / "phieu" / INDEX, b"mine")
    with pytest.raises(Refused) as refusal:
        run(province, tmp_path / "phieu")
    assert [f.code for f in refusal.value.findings] == ["PH_002"]
    assert contents(tmp_path / "phieu") == {INDEX: b"mine"}


@pytest.mark.parametrize("known", [True, False])
def test_a_mended_workbook_is_kept__R5(province: Path, tmp_path: Path, known: bool) -> None:
    folder = tmp_path / "phieu"
    path = folder / f"{STEM}_sua.xlsx"
    if known:
        run(province, folder)
        mended = mend(path, P35=5679)
    else:
        write(path, mended := b"somebody's work")
    for _ in range(2):  # also not by the run after the next
        written = run(province, folder, None)
        assert path.read_bytes() == mended and path not in written
        assert any(path.name in text for text in cells(folder / INDEX))
    summary, sources = merged(province)
    assert made_for(summary, sources, folder).kept == (path.name,)


@pytest.mark.parametrize("inside", [".", "phieu", "a/b"])
def test_not_into_the_folder_of_reports__R5(province: Path, inside: str) -> None:
    before = contents(province)
    with pytest.raises(Refused) as refusal:
        run(province, province / inside)
    assert [f.code for f in refusal.value.findings] == ["PH_001"]
    assert contents(province) == before


@pytest.mark.parametrize("below", ["", "a/b"])
def test_a_file_is_no_folder__R5(province: Path, tmp_path: Path, below: str) -> None:
    (tmp_path / "tep").write_bytes(b"")
    with pytest.raises(Refused) as refusal:
        run(province, tmp_path / "tep" / below)
    assert [f.code for f in refusal.value.findings] == ["PH_004"]


def test_reports_in_folders_and_slips_beside__R5(province: Path, tmp_path: Path) -> None:
    """A report may lie in a folder of the folder: what must not hold slips is the whole folder that was merged."""
    for path in list(province.iterdir()):
        write(province / "huyen" / path.name, path.read_bytes())
        path.unlink()
    with pytest.raises(Refused) as refusal:
        run(province, province / "khac")
    assert [f.code for f in refusal.value.findings] == ["PH_001"]
    assert run(province, tmp_path / "phieu")


def test_what_nobody_needs_is_taken_away__R6(province: Path, tmp_path: Path) -> None:
    folder = tmp_path / "phieu"
    run(province, folder, DAY, MINH_LONG, THIRD)
    write(folder / "ghi_chu_phieu.xlsx", b"mine")
    changed = folder / "21361_Xa_Minh_Long_sua.xlsx"
    changed.write_bytes(b"filled in")
    (province / "21361.xls").unlink()
    for code in ("21361", "21040"):
        jobs.new(FORM, PLACES, code, PERIOD, province / f"{code}.xlsx", {"scalars": {"may_tinh": 3}})
    run(province, folder, DAY, MINH_LONG, THIRD)
    left = {p.name for p in folder.iterdir() if not p.name.startswith(STEM)}
    assert left == {INDEX, "ghi_chu_phieu.xlsx", changed.name}


def test_message_file__R7(province: Path, tmp_path: Path) -> None:
    run(province, tmp_path / "phieu")
    content = (tmp_path / "phieu" / f"{STEM}_tin_nhan.txt").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") and content.count(b"\xef\xbb\xbf") == 1
    text = content.decode("utf-8-sig")
    assert "\n" not in text.replace("\r\n", "")
    summary, sources = merged(province)
    slip = made_for(summary, sources, tmp_path / "khac", DAY).slips[0]
    assert text.replace("\r\n", "\n") == message(slip, f"{STEM}_sua.xlsx")


def test_no_citizen__R8(tmp_path: Path) -> None:
    """Also where columns slipped: a name for a code, a phone for a date."""
    slipped = [dossier(9, None) | {"ma_ho_so": SECRETS[0], "ngay_hen_tra": SECRETS[2]}]
    odd = [dossier(n, date(2025, 9, 15), date(2025, 8, 1)) | {"trang_thai": SECRETS[n % 2]} for n in range(3)]
    values = {"records": {"ho_so": [*ROWS, *slipped, *odd]}}
    jobs.new(FORM, PLACES, "21061", PERIOD, tmp_path / "bao_cao" / f"{STEM}.xlsx", values)
    summary, sources = merged(tmp_path / "bao_cao")
    made = made_for(summary, sources, tmp_path / "phieu", DAY)
    assert len([line for line in made.slips[0].lines if line.sheet == "Hồ sơ"]) > 3
    for name, content in made.files.items():
        if not name.endswith("_sua.xlsx"):  # that is the commune's own
            shown = content.decode("utf-8-sig") if name.endswith(".txt") else everything(content)
            assert not [secret for secret in SECRETS if secret in shown]


def everything(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return "".join(package.read(name).decode() for name in package.namelist())


def test_a_file_changed_since_the_merge__R9(province: Path, tmp_path: Path) -> None:
    summary, sources = merged(province)
    mend(province / f"{STEM}.xlsx", P35=1)
    made = made_for(summary, sources, tmp_path / "phieu")
    assert made.slips[0].mend == "own" and f"{STEM}_sua.xlsx" not in made.files
    gone = made_for(summary, {}, tmp_path / "phieu")
    assert gone.slips[0].mend == "own"
    assert f"{STEM}.xlsx" in gone.files[f"{STEM}_tin_nhan.txt"].decode("utf-8-sig")


def test_progress(province: Path, tmp_path: Path) -> None:
    summary, sources = merged(province, MINH_LONG)
    heard: list[tuple[int, int]] = []
    made_for(summary, sources, tmp_path / "p", tell=lambda done, total, name: heard.append((done, total)))
    assert heard == [(1, 2), (2, 2)]
