"""Late dossiers in a copy and in a list for forwarding, by the job and by the command line.

Requirements
  OV01  nothing but fills of register rows and our sheet differs from the original, which is never written
  OV02  a second run replaces the first run's marks, also those of a check; clearing gives the original look back
  OV03  as of the end of the reporting period, or of the day asked for; never of the clock unasked
  OV04  no citizen in any output, message or log
  OV05  list and copy agree; the list has the columns of the annex, and only late dossiers
  OV06  what cannot be done is refused with its reason, and nothing is written
  OV07  the unit's own statuses and days off count
  OV08  exit codes: 0 without an error finding, 1 with one, 2 for wrong usage; counts come first
  OV09  same input, same bytes; a marked copy is read and checked like its original
"""

from __future__ import annotations

import html
import shutil
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from marked_files import changed, looks, parts, unsound

from macros import cli
from toolkit.highlights import COLOURS
from toolkit.records import Period
from toolkit.text import key
from toolkit.wording import DOSSIER_SHEET, LIST_SHEET, MAPPING_SHEET, STATUS_SHEET
from workbook import dossier_jobs, jobs, locate
from workbook.dossier_jobs import Highlighted, clear, overdue
from workbook.files import Refused
from workbook.forms import load_form, load_places
from workbook.intake import examine

FORM, PLACES = load_form(), load_places()
ON = date(2025, 9, 25)
PERIOD = Period(date(2025, 7, 1), ON)
SECRETS = ("Nguyễn Thị Bí Mật", "Trần Kín", "0912345678", "051190001234", "Thôn Giấu")
COLUMNS = "ABCDEFGHIJKL"
FIRST = 5  # row of the first dossier in the template


def dossier(n: int, due: date | None, done: date | None = None, status: str = "") -> dict[str, object]:
    received = date(2025, 8, 4)
    row: dict[str, object] = {
        "ma_ho_so": f"000.00.53.H48-{received:%y%m%d}-{n:04d}",
        "ten_tthc": f"Thủ tục {n}",
        "linh_vuc": "Hộ tịch",
        "ngay_tiep_nhan": received.isoformat(),
        "trang_thai": status or ("Đã trả kết quả" if done else "Đang xử lý"),
        "don_vi": "Phòng Kinh tế",
        "chu_ho_so": SECRETS[n % 2],
    }
    return row | {f: d.isoformat() for f, d in (("ngay_hen_tra", due), ("ngay_ket_qua", done)) if d}


ROWS = [
    dossier(1, date(2025, 9, 15), date(2025, 9, 15)),
    dossier(2, date(2025, 9, 15), date(2025, 9, 17)),
    dossier(3, date(2025, 9, 23)),
    dossier(4, date(2025, 9, 30)),
    dossier(5, date(2025, 9, 15), status="Yêu cầu bổ sung"),
    dossier(6, date(2025, 9, 10)),
    dossier(7, date(2025, 10, 10)),
    dossier(8, date(2025, 9, 12), status="Đang bay"),
]
EXPECTED = {1: "qua_han", 2: "dang_qua_han", 3: "sap_den_han", 4: "cho_bo_sung", 5: "dang_qua_han", 7: "chua_phan_loai"}
"""Position -> group, of the painted ones."""


def made(path: Path, rows: list[dict[str, object]], grid: dict[str, object] | None = None) -> Path:
    values: dict[str, object] = {"records": {"ho_so": rows}}
    if grid:
        values["grids"] = {"bieu_06a": [grid]}
    return jobs.new(FORM, PLACES, "21061", PERIOD, path, values)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("so") / "so.xlsx", ROWS)


@pytest.fixture
def book(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(original, tmp_path / "so.xlsx"))


def run(book: Path, **options: object) -> Highlighted:
    out = book.with_name("ra.xlsx")
    return overdue(FORM, PLACES, book, out, **options)  # passed on


def edited(book: Path, change: Callable[[openpyxl.Workbook], object]) -> Path:
    workbook = openpyxl.load_workbook(book)
    change(workbook)
    workbook.save(book)
    return book


def fills(path: Path) -> dict[int, str]:
    """Position -> colour of the whole row, of those painted in one of our colours."""
    sheet = openpyxl.load_workbook(path)["Hồ sơ"]
    out = {}
    for n in range(len(ROWS)):
        colours = {sheet[f"{c}{FIRST + n}"].fill.fgColor.rgb[2:] for c in COLUMNS}
        if colours & set(COLOURS.values()):
            (out[n],) = colours
    return out


def cells(path: Path, title: str) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(path)[title].iter_rows(values_only=True))


def texts(path: Path) -> str:
    """Everything that stands anywhere in a package."""
    with zipfile.ZipFile(path) as archive:
        return html.unescape("\n".join(archive.read(n).decode("utf-8", "replace") for n in archive.namelist()))


# --- OV01


def test_only_fills_of_register_rows_differ__OV01(book: Path, tmp_path: Path) -> None:
    before = book.read_bytes()
    after = run(book).path.read_bytes()
    assert book.read_bytes() == before
    painted = {("Hồ sơ", f"{c}{FIRST + n}") for n in EXPECTED for c in COLUMNS}
    assert changed(before, after) == painted
    was, now = looks(before), looks(after)
    written = {cell for cell in painted if was[cell][0] != "None"}  # the others had only their column's look
    assert len(written) > 40
    assert {cell: was[cell][:2] for cell in written} == {cell: now[cell][:2] for cell in written}
    assert all(now[cell][0] == "None" for cell in painted - written)
    assert fills(book.with_name("ra.xlsx")) == {n: COLOURS[group] for n, group in EXPECTED.items()}
    old, new = parts(before), parts(after)
    names = {f"xl/{name}" for name in ("styles.xml", "workbook.xml", "_rels/workbook.xml.rels")}
    assert len({n for n in old if old[n] != new[n]} - names - {"[Content_Types].xml"}) == 1  # the register
    assert len(new) == len(old) + 1
    assert unsound(after, tmp_path) == unsound(before, tmp_path)


# --- OV02


def test_second_run_replaces_the_first__OV02(book: Path) -> None:
    run(book, on=date(2025, 10, 20))  # later: more is late
    first = Path(shutil.move(book.with_name("ra.xlsx"), book.with_name("lan_1.xlsx")))
    assert fills(first) != {n: COLOURS[group] for n, group in EXPECTED.items()}
    again = run(first)
    assert fills(again.path) == {n: COLOURS[group] for n, group in EXPECTED.items()}
    titles = openpyxl.load_workbook(again.path).sheetnames
    assert titles == [*openpyxl.load_workbook(book).sheetnames, DOSSIER_SHEET]
    once = overdue(FORM, PLACES, book, book.with_name("mot_lan.xlsx")).path
    assert [r[:9] for r in cells(again.path, DOSSIER_SHEET)] == [r[:9] for r in cells(once, DOSSIER_SHEET)]


def test_clear_gives_the_look_back__OV02(book: Path) -> None:
    marked = run(book).path
    cleared = clear(marked, book.with_name("sach.xlsx"))
    assert cleared.marked
    assert changed(book.read_bytes(), cleared.path.read_bytes()) == set()
    assert openpyxl.load_workbook(cleared.path).sheetnames == openpyxl.load_workbook(book).sheetnames
    old, new = (parts(p.read_bytes()) for p in (book, cleared.path))
    assert {n for n in old if old[n] != new[n]} <= {"xl/styles.xml"}


def test_clear_without_marks_copies__OV02(book: Path) -> None:
    cleared = clear(book, book.with_name("sach.xlsx"))
    assert not cleared.marked
    assert cleared.path.read_bytes() == book.read_bytes()


def test_marks_of_a_check_are_replaced_too__OV02(tmp_path: Path) -> None:
    book = made(tmp_path / "so.xlsx", ROWS, {"linh_vuc": "Hộ tịch", "truc_tuyen": 9, "tiep_nhan": 8})
    (checked,) = jobs.check(FORM, PLACES, [book], tmp_path / "danh_dau")
    assert checked.marked
    out = overdue(FORM, PLACES, checked.marked, tmp_path / "ra.xlsx").path
    titles = openpyxl.load_workbook(out).sheetnames
    assert LIST_SHEET not in titles and DOSSIER_SHEET in titles
    assert changed(book.read_bytes(), out.read_bytes()) == {
        ("Hồ sơ", f"{c}{FIRST + n}") for n in EXPECTED for c in COLUMNS
    }


# --- OV03


def test_as_of_the_end_of_the_period__OV03(book: Path) -> None:
    told = run(book).told
    assert told.cutoff == ON
    assert {line.dossier: line.group for line in told.lines} == EXPECTED
    day = run(book, on=date(2025, 9, 10)).told
    assert {line.dossier for line in day.late} == set()
    assert run(book, on=date(2025, 9, 11)).told.counts["dang_qua_han"] == 1


def test_soon_is_a_setting__OV03(book: Path) -> None:
    assert run(book, soon=2).told.counts.get("sap_den_han", 0) == 0  # 30/9 is three working days away
    assert run(book, soon=3).told.counts["sap_den_han"] == 1


def test_today_only_when_asked__OV03(
    book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []

    def spy(*_: object, **options: object) -> Highlighted:
        asked.append(options.get("on"))
        raise Refused()

    monkeypatch.setattr(dossier_jobs, "overdue", spy)
    for on in ([], ["--on", "hom-nay"], ["--on", "20/9/2025"]):
        cli.main(["overdue", str(book), "-o", str(book.with_name("ra.xlsx")), *on])
    assert asked[0] is None
    assert isinstance(asked[1], date) and abs(asked[1] - date.today()) <= timedelta(1)
    assert asked[2] == date(2025, 9, 20)
    capsys.readouterr()


# --- OV04, OV05


def test_nobody_is_named__OV04(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rows = [*ROWS]
    rows[2] = rows[2] | {"ma_ho_so": SECRETS[2], "don_vi": SECRETS[0]}  # columns that slipped
    rows[5] = rows[5] | {"ma_ho_so": SECRETS[3], "trang_thai": SECRETS[1]}
    book = made(tmp_path / "so.xlsx", rows)
    edited(book, lambda w: w["Hồ sơ"].cell(4, 14, "Địa chỉ") and w["Hồ sơ"].cell(7, 14, SECRETS[4]))
    out, listed, log = tmp_path / "ra.xlsx", tmp_path / "ds.xlsx", tmp_path / "log.txt"
    cli.main(["overdue", str(book), "-o", str(out), "--list", str(listed), "--log", str(log)])
    cli.main(["check", str(book), "--marked", str(tmp_path / "danh_dau")])
    said = "".join(capfd.readouterr()) + texts(listed) + (log.read_text(encoding="utf-8") if log.exists() else "")
    ours = "\n".join(str(cell) for row in cells(out, DOSSIER_SHEET) for cell in row)
    ours += "\n".join(str(c) for row in cells(tmp_path / "danh_dau" / "so_danh_dau.xlsx", LIST_SHEET) for c in row)
    for secret in SECRETS:
        assert secret in texts(book)
        assert secret.lower() not in (said + ours).lower(), secret
    assert f"dòng {FIRST + 2}" in said  # told by its row instead


def test_list_for_forwarding__OV05(book: Path) -> None:
    result = run(book, listed=book.with_name("ds.xlsx"))
    assert result.listed
    rows = cells(result.listed, "Quá hạn")
    at = next(n for n, row in enumerate(rows) if row[0] == "STT")
    assert rows[at] == (
        "STT",
        "Mã hồ sơ",
        "Ngày tiếp nhận",
        "Ngày hẹn trả",
        "Ngày có kết quả",
        "Đơn vị giải quyết",
        "Lý do/Ghi chú",
    )
    assert [(row[0], row[1], row[3], row[4]) for row in rows[at + 1 :]] == [
        (1, ROWS[5]["ma_ho_so"], datetime(2025, 9, 10), None),
        (2, ROWS[2]["ma_ho_so"], datetime(2025, 9, 23), None),
        (3, ROWS[1]["ma_ho_so"], datetime(2025, 9, 15), datetime(2025, 9, 17)),
    ]
    painted = {ROWS[n]["ma_ho_so"] for n, colour in fills(result.path).items() if colour in
               (COLOURS["dang_qua_han"], COLOURS["qua_han"])}  # fmt: skip
    assert {row[1] for row in rows[at + 1 :]} == painted
    told = [row for row in cells(result.path, DOSSIER_SHEET) if row[1] in painted]
    assert [(row[1], row[7]) for row in told] == [(row[1], row[6]) for row in rows[at + 1 :]]


def test_list_without_late_dossiers__OV05(tmp_path: Path) -> None:
    book = made(tmp_path / "so.xlsx", ROWS[:1])
    result = run(book, listed=tmp_path / "ds.xlsx")
    assert result.listed and result.told.late == ()
    assert len(cells(result.listed, "Quá hạn")) == 6


def test_the_sheet_is_sound__OV05(book: Path, tmp_path: Path) -> None:
    result = run(book, listed=tmp_path / "ds.xlsx")
    assert result.listed
    assert unsound(result.listed.read_bytes(), tmp_path) == []
    sheet = openpyxl.load_workbook(result.path)[DOSSIER_SHEET]
    links = {cell.value: cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert links == {line.cell: f"'Hồ sơ'!{line.cell}" for line in result.told.lines}
    assert [line.cell for line in result.told.lines if line.group == "qua_han"] == [f"A{FIRST + 1}"]


# --- OV06


@pytest.mark.parametrize("target", ["out", "listed"])
def test_inputs_are_never_written__OV06(book: Path, target: str) -> None:
    before = book.read_bytes()
    with pytest.raises(Refused) as refused:
        overdue(FORM, PLACES, book, *([book] if target == "out" else [book.with_name("ra.xlsx")]),
                listed=book if target == "listed" else None)  # fmt: skip
    assert [f.code for f in refused.value.findings] == ["RA_001"]
    assert book.read_bytes() == before
    assert sorted(p.name for p in book.parent.iterdir()) == ["so.xlsx"]


def test_the_days_off_are_an_input_too__OV06(book: Path, tmp_path: Path) -> None:
    days_off = tmp_path / "lich.csv"
    days_off.write_text("ngay,loai,can_cu\n2025-09-24,nghỉ,\n", encoding="utf-8")
    for options in ({"listed": days_off}, {"out": days_off}):
        with pytest.raises(Refused) as refused:
            overdue(FORM, PLACES, book, **{"out": tmp_path / "ra.xlsx", "days_off": days_off, **options})
        assert [f.code for f in refused.value.findings] == ["RA_001"]
    assert days_off.read_text(encoding="utf-8").startswith("ngay,")


def refusal(book: Path, **options: object) -> list[str]:
    with pytest.raises(Refused) as refused:
        run(book, **options)
    assert not book.with_name("ra.xlsx").exists()
    return [f.code for f in refused.value.findings]


def test_refused_with_a_reason__OV06(book: Path, tmp_path: Path) -> None:
    assert refusal(book, listed=book.with_name("ra.xlsx")) == ["RA_015"]
    assert refusal(tmp_path / "khong_co.xlsx") == ["RA_003"]
    broken = tmp_path / "hong.xlsx"
    broken.write_bytes(b"PK\x03\x04")
    assert refusal(broken) == ["TEP_001"]
    assert refusal(made(tmp_path / "trong.xlsx", [])) == ["RA_013"]
    days_off = tmp_path / "lich.csv"
    assert refusal(book, days_off=days_off) == ["LN_006"]
    days_off.write_text("ngay,loai,can_cu\n2025-09-02,ngủ,\n", encoding="utf-8")
    assert refusal(book, days_off=days_off) == ["LN_002"]


def test_without_a_period_a_day_must_be_given__OV06(book: Path) -> None:
    def forget(workbook: openpyxl.Workbook) -> None:
        for name in ("bc_tu_ngay", "bc_den_ngay"):
            ((sheet, cell),) = workbook.defined_names[name].destinations
            workbook[sheet][cell.replace("$", "")] = None

    edited(book, forget)
    assert refusal(book) == ["RA_012"]
    assert run(book, on=ON).told.counts["dang_qua_han"] == 2


def test_without_the_due_dates_nothing_is_known__OV06(book: Path) -> None:
    def spoil(workbook: openpyxl.Workbook) -> None:
        del workbook.defined_names["bc_ho_so_ngay_hen_tra"]
        workbook["Hồ sơ"]["G4"] = "Cột khác"

    assert refusal(edited(book, spoil)) == ["RA_014"]


def test_clear_refuses__OV06(book: Path, tmp_path: Path) -> None:
    for path, out, code in ((book, book, "RA_001"), (tmp_path / "x.xlsx", tmp_path / "y.xlsx", "RA_003")):
        with pytest.raises(Refused) as refused:
            clear(path, out)
        assert [f.code for f in refused.value.findings] == [code]


# --- OV07


def test_own_statuses_count__OV07(book: Path) -> None:
    def explain(workbook: openpyxl.Workbook) -> None:
        sheet = workbook.create_sheet(STATUS_SHEET)
        for row in (["TRẠNG THÁI"], [], ["Trạng thái", "Nhóm"], ["Đang bay", "Đang giải quyết"], ["Lạ", "Chuyện khác"]):
            sheet.append(row)

    assert key(STATUS_SHEET) == locate.STATUSES
    assert {key(s) for s in (STATUS_SHEET, MAPPING_SHEET, DOSSIER_SHEET)} < locate.OWN_SHEETS
    result = run(edited(book, explain))
    assert {line.dossier: line.group for line in result.told.lines} == EXPECTED | {7: "dang_qua_han"}
    assert [f.code for f in result.findings] == ["HS_001"]


def test_own_days_off_count__OV07(book: Path, tmp_path: Path) -> None:
    days_off = tmp_path / "lich.csv"
    days_off.write_text("ngay,loai,can_cu\n2025-09-24,nghỉ,Lễ hội của tỉnh\n", encoding="utf-8")
    lines = {line.dossier: line for line in run(book, days_off=days_off).told.lines}
    assert {line.dossier: line for line in run(book).told.lines}[2].days == 2
    assert lines[2].days == 1
    assert "lich.csv" in run(book, days_off=days_off).told.calendar


# --- OV08


def command(*arguments: object) -> int:
    try:
        return cli.main(["overdue", *map(str, arguments)])
    except SystemExit as end:
        return int(end.code or 0)


def test_exit_codes__OV08(book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "ra.xlsx"
    assert command(book, "-o", out, "--soon", 2) == 0
    printed = capsys.readouterr().out.splitlines()
    assert "8 hồ sơ" in printed[0] and "2 đang quá hạn" in printed[0]
    wrong = made(tmp_path / "sai.xlsx", [dossier(1, date(2025, 9, 15), date(2025, 8, 1))])  # result before receipt
    assert command(wrong, "-o", out) == 1
    assert command("--clear", out, "-o", tmp_path / "sach.xlsx") == 0
    assert command("--clear", out, "-o", tmp_path / "sach.xlsx", "--soon", 2) == 2
    assert command(book, "-o", book) == 2
    assert command(book) == command(book, "-o", out, "--on", "mai") == 2


# --- OV09


def test_same_input_same_bytes__OV09(book: Path) -> None:
    one = run(book, listed=book.with_name("ds.xlsx"))
    assert one.listed
    before = one.path.read_bytes(), one.listed.read_bytes()
    run(book, listed=book.with_name("ds.xlsx"))
    assert (one.path.read_bytes(), one.listed.read_bytes()) == before


def test_marked_copy_is_checked_like_its_original__OV09(book: Path) -> None:
    marked = run(book).path
    one, other = (examine(FORM, PLACES, path) for path in (book, marked))
    assert one.findings == other.findings
    assert one.filing and other.filing and one.filing.tables == other.filing.tables
