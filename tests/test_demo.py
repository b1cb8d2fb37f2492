"""The whole path on three real communes and twelve invented ones.

D1 the contradictions of the published reports are found, and nothing else is called an error
D2 every planted slip is shown where it must be, and sound reports are left in peace
D3 the accounts of the merge close and its totals are the sum of what was filed
D4 the same bytes every time; nobody's own files are touched
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from toolkit.records import Finding
from toolkit.slips import invented_communes
from workbook import demo
from workbook.demo import DemoResult
from workbook.files import Refused
from workbook.forms import load_form, load_places

FORM = load_form()


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> DemoResult:
    return demo.make(tmp_path_factory.mktemp("demo"), 12)


def test_van_tuong__D1(result: DemoResult) -> None:
    findings = _real(result, "21061")
    assert Counter((f.code, f.difference) for f in findings if f.severity == "error") == Counter(
        [("CT_004", -3), ("CT_004", 3), ("can_doi_doi_chieu_rut_rieng", -6), ("O_006", None)]
    )
    assert ("truc_tuyen_chua_phan_muc_do", -607) in {(f.code, f.difference) for f in findings}
    keys = {f.key.indicator for f in findings if f.key}
    assert keys.isdisjoint({"truoc_han", "dung_han", "qua_han", "da_giai_quyet", "da_giai_quyet_doi_chieu"})


def test_minh_long__D1(result: DemoResult) -> None:
    findings = _real(result, "21361")
    assert [f.code for f in findings if f.severity == "error"] == []
    assert {"TL_004", "TL_005", "DS_001"} == {f.code for f in findings if f.severity == "warning"}
    (conflict,) = (f for f in findings if f.code == "TL_005")
    assert (conflict.left, conflict.right) == (687, 610)
    assert not any(f.key and f.key.block == "nhan_luc" for f in findings)


def test_chi_minh_has_nothing_to_correct__D1(result: DemoResult) -> None:
    assert [f.code for f in _real(result, "11131") if f.severity != "info"] == []


def test_every_planted_slip_is_shown__D2(result: DemoResult) -> None:
    assert len(result.planted) >= 12
    assert [p for p in result.planted if not p.shown] == []


def test_harmless_and_sound_reports_have_no_error__D2(result: DemoResult) -> None:
    period = result.real[0].published.period
    wrong = {"tong_go_sai", "doi_cho", "so_le", "ngay_sai", "dao_chu_so", "trang_web"}
    expected = {r.place.code for r in invented_communes(FORM, 12, period, "51") if wrong & {s.kind for s in r.slips}}
    found = {c.path.name[:5] for c in result.checked if c.status in ("errors", "unreadable")}
    assert found == expected | {"21061"}


def test_the_accounts_close__D3(result: DemoResult) -> None:
    summary = result.merged.summary
    assert Counter(summary.commune_status.values()) == {"merged": 10, "off_period": 2, "returned": 1, "missing": 1}
    files = Counter(o.status for o in summary.outcomes)
    assert files == {"merged": 10, "off_period": 2, "returned": 1, "superseded": 1}
    assert sum(files.values()) == len(list(result.communes.iterdir()))
    assert summary.commune_status["21361"] == "off_period"  # Minh Long's figures end twelve days later
    assert "11131" not in summary.commune_status


def test_totals_are_the_sum_of_what_was_filed__D3(result: DemoResult) -> None:
    summary, period = result.merged.summary, result.real[0].published.period
    merged = {code for code, status in summary.commune_status.items() if status == "merged"}
    invented = [r for r in invented_communes(FORM, 12, period, "51") if r.place.code in merged]
    online = sum(int(str(row["truc_tuyen"]).replace(".", "")) for r in invented for row in r.rows)
    assert len(invented) == 9
    assert summary.totals["truc_tuyen"] == online + 5297
    assert summary.totals["tthc_cap_xa"] == sum(r.scalars["tthc_cap_xa"] for r in invented) + 403


def test_lists_beside_the_result__D2(result: DemoResult) -> None:
    places = load_places(result.places)
    assert len(places.in_province("51")) == 14
    with result.slips.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    assert len(rows) == len(result.planted)
    assert {row["da_bao"] for row in rows} == {"x"}


def test_the_same_bytes_every_time__D4(tmp_path: Path) -> None:
    demo.make(tmp_path / "a", 2)
    first = _contents(tmp_path / "a")
    demo.make(tmp_path / "a", 2)  # over itself: its own files are not strange to it
    demo.make(tmp_path / "b", 2)
    assert _contents(tmp_path / "a") == _contents(tmp_path / "b") == first
    slips = [name for name in first if name.startswith("phieu/")]
    assert len(first) - len(slips) == 5 + 5 + 3  # workbooks, marked copies, province workbook and two lists
    assert "phieu/21061_Xa_Van_Tuong_tin_nhan.txt" in slips


def test_somebody_elses_report_is_left_alone__D4(tmp_path: Path) -> None:
    own = tmp_path / "xa" / "21061_Xa_Van_Tuong.xlsx"
    own.parent.mkdir()
    own.write_bytes(b"mine")
    with pytest.raises(Refused) as refusal:
        demo.make(tmp_path, 0)
    assert [f.code for f in refusal.value.findings] == ["RA_010"]
    assert _contents(tmp_path) == {"xa/21061_Xa_Van_Tuong.xlsx": b"mine"}


def test_only_the_real_ones(tmp_path: Path) -> None:
    result = demo.make(tmp_path, 0)
    assert result.planted == ()
    assert len(result.checked) == 3
    assert Counter(result.merged.summary.commune_status.values()) == {"merged": 1, "off_period": 1}


def _real(result: DemoResult, code: str) -> tuple[Finding, ...]:
    return next(r.checked.findings for r in result.real if r.published.commune == code)


def _contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
