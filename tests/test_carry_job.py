"""The last period at hand, on files: a new workbook, a check, a province, and the province's last summary.

Requirements
  CJ01  a new workbook begins with what came over; the last one keeps every byte; the command says how many cells
  CJ02  refused with a code and nothing written: unreadable, another commune, the last workbook as output
  CJ03  check --previous tells differences, on one file only; proposals know the cumulated figure
  CJ04  a province: each commune from its own workbook, the latest of several; two contents of one period: blank, told
  CJ05  the result of a merge gives each commune's figures, row by row, for the check of the next period
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from macros import cli
from toolkit.carry import differences
from toolkit.places import Gazetteer
from toolkit.records import TOTAL_ROW, Key, Period
from workbook.carry_job import new_province_after
from workbook.forms import load_form, load_places
from workbook.last_summary import load_last
from workbook.read import read

FORM, PLACES = load_form(), load_places()
LAST = ["--from", "1/7/2025", "--to", "25/9/2025"]
NEXT = ["--from", "26/9/2025", "--to", "25/10/2025"]
ROW = {"linh_vuc": "Đất đai", "truc_tuyen": 60, "truc_tiep": 30, "ky_truoc": 10, "truoc_han": 40, "dung_han": 30}
ROW |= {"qua_han": 10, "dang_trong_han": 11, "dang_qua_han": 7, "rut": 2}
CUMULATED = ROW | {"truc_tuyen": 130, "ky_truoc": 18, "dang_trong_han": 29}  # 60 of them were received before


def new(out: Path, period: list[str], row: dict[str, object], *more: str, commune: str = "21061") -> Path:
    out.parent.mkdir(parents=True, exist_ok=True)
    values = out.with_suffix(".json")
    values.write_text(json.dumps({"scalars": {"may_tinh": 40}, "grids": {"bieu_06a": [row]}}), encoding="utf-8")
    assert cli.main(["new", "--commune", commune, *period, "--values", str(values), *more, "-o", str(out)]) == 0
    values.unlink()
    return out


@pytest.fixture
def last(tmp_path: Path) -> Path:
    return new(tmp_path / "ky truoc" / "sổ.xlsx", LAST, ROW)


def begin(last: Path, out: Path, *more: str, commune: str = "21061") -> int:
    return cli.main(["new", "--commune", commune, *NEXT, "--previous", str(last), *more, "-o", str(out)])


def value(path: Path, row: str, indicator: str) -> object:
    block = FORM.indicator(indicator).block
    return read(path, FORM, PLACES).figures[Key(block, row, indicator)].value


def test_new_begins_with_the_last(last: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # CJ01
    before, out = last.read_bytes(), tmp_path / "moi.xlsx"
    assert begin(last, out) == 0
    assert last.read_bytes() == before
    assert value(out, "Đất đai", "ky_truoc") == 18 and value(out, "", "may_tinh") == 40
    assert value(out, "Đất đai", "truc_tuyen") is None
    assert " 2 ô " in capsys.readouterr().out
    again = tmp_path / "lai.xlsx"
    assert begin(last, again) == 0 and again.read_bytes() == out.read_bytes()


def test_values_win(last: Path, tmp_path: Path) -> None:  # CJ01
    out = new(tmp_path / "moi.xlsx", NEXT, {"linh_vuc": "Đất đai", "ky_truoc": 17}, "--previous", str(last))
    assert value(out, "Đất đai", "ky_truoc") == 17


def test_refused(last: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # CJ02
    out, broken = tmp_path / "moi.xlsx", tmp_path / "hong.xlsx"
    broken.write_bytes(b"PK\x03\x04 cut off")
    before = last.read_bytes()
    assert begin(broken, out) == begin(tmp_path / "khong_co.xlsx", out) == begin(last, last) == 2
    assert begin(last, out, commune="21361") == 2
    assert cli.main(["new", "--commune", "21061", *LAST, "--previous", str(last), "-o", str(out)]) == 2
    assert not out.exists() and last.read_bytes() == before
    assert "Traceback" not in capsys.readouterr().err


def check(path: Path, last: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict]]:
    capsys.readouterr()
    code = cli.main(["check", str(path), "--previous", str(last), "--json"])
    said = json.loads(capsys.readouterr().out)
    return code, said["files"][0]["findings"] if "files" in said else said["refused"]


def test_check_against_the_last(last: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # CJ03
    good = new(tmp_path / "dung.xlsx", NEXT, ROW | {"ky_truoc": 18, "dang_trong_han": 19})
    assert check(good, last, capsys) == (0, [])
    off = new(tmp_path / "lech.xlsx", NEXT, ROW | {"ky_truoc": 19, "dang_trong_han": 20})
    code, found = check(off, last, capsys)
    assert code == 0 and [(f["code"], f["left"], f["right"]) for f in found] == [("KT_011", 19, 18)]
    other = new(tmp_path / "khac.xlsx", NEXT, ROW, commune="21361")
    assert check(other, last, capsys)[0] == 2
    assert cli.main(["check", str(good), str(off), "--previous", str(last)]) == 2


def test_cumulated_figure_is_recognised(last: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # CJ03
    wrong = new(tmp_path / "luy_ke.xlsx", NEXT, CUMULATED)  # 178 received, 118 accounted for
    code, found = check(wrong, last, capsys)
    first = next(f for f in found if f["severity"] == "error")["repairs"][0]
    assert code == 1 and first["kind"] == "luy_ke"
    assert [(c["indicator"], c["from"], c["to"]) for c in first["changes"]] == [("truc_tuyen", 130, 70)]


def test_province(last: Path, tmp_path: Path) -> None:  # CJ04
    folder = last.parent
    new(folder / "cu" / "som hon.xlsx", ["--from", "1/5/2025", "--to", "30/6/2025"], ROW | {"dang_qua_han": 9})
    new(folder / "minh_long.xlsx", LAST, ROW, commune="21361")
    new(folder / "minh_long_2.xlsx", LAST, ROW | {"dang_qua_han": 8}, commune="21361")
    (folder / "ghi chu.txt").write_text("không phải sổ", encoding="utf-8")
    few = Gazetteer(PLACES.provinces, tuple(p for p in PLACES.places if p.code in ("21061", "21361", "21364")))
    period = Period(date(2025, 9, 26), date(2025, 10, 25))
    begun = new_province_after(FORM, few, "51", period, folder, tmp_path / "tinh")
    books = {path.name[:5]: path for path in begun.paths}
    assert len(books) == len(few.places) > 1
    assert value(books["21061"], "Đất đai", "ky_truoc") == 18 and value(books["21361"], "Đất đai", "ky_truoc") is None
    assert [f.code for f in begun.findings if f.severity != "info"] == ["KT_014"]


def test_last_summary_of_a_merge(last: Path, tmp_path: Path) -> None:  # CJ05
    summary = tmp_path / "tong_hop.xlsx"
    cli.main(["merge", str(last.parent), "--province", "51", *LAST, "-o", str(summary)])
    found = load_last(summary, FORM)
    assert list(found.communes) == ["21061"] and found.period == Period(date(2025, 7, 1), date(2025, 9, 25))
    figures = found.communes["21061"]
    assert figures["Đất đai", "dang_giai_quyet"].value == 18 and figures["", "may_tinh"].value == 40
    assert (TOTAL_ROW, "dang_giai_quyet") not in figures  # the other rows are blank: at least 18
    off = new(tmp_path / "lech.xlsx", NEXT, ROW | {"ky_truoc": 19, "dang_trong_han": 20})
    (told,) = differences(FORM, figures, read(off, FORM, PLACES))
    assert (told.code, told.left, told.right) == ("KT_011", 19, 18)
