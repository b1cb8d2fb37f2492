"""Invented communes: sound by construction, the same every time, and never mistaken for real ones.

I1 every identity of the form holds in a sound report   I2 the same number gives the same commune
I3 no code of a real commune, and the name says it is invented   I4 the first twelve show every kind of slip
I5 a slip changes what it says and nothing else
"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.invent import Dice, Invented, sound_report, web_page
from toolkit.records import Period
from toolkit.slips import LIMIT, invented_communes
from toolkit.values import parse_values
from workbook.forms import load_form, load_places

FORM = load_form()
PERIOD = Period(date(2025, 7, 1), date(2025, 9, 25))
numbers = st.integers(1, LIMIT)


@given(numbers)
def test_identities_hold__I1(number: int) -> None:
    report = sound_report(FORM, number, PERIOD, "51")
    for row in report.rows:
        cell = {name: int(value) for name, value in row.items() if name != "linh_vuc"}
        assert min(cell.values()) >= 0
        received = cell["truc_tuyen"] + cell["truc_tiep"] + cell["ky_truoc"]
        done = cell["truoc_han"] + cell["dung_han"] + cell["qua_han"]
        assert received == done + cell["dang_trong_han"] + cell["dang_qua_han"] + cell["rut"]
    s = report.scalars
    assert s["hs_toan_trinh"] + s["hs_mot_phan"] == sum(int(row["truc_tuyen"]) for row in report.rows)
    assert s["tthc_cap_xa"] == s["tthc_toan_trinh"] + s["tthc_mot_phan"] + s["tthc_truc_tiep"]
    assert s["co_mat"] == s["thac_si"] + s["dai_hoc"] + s["cao_dang"] + s["trung_cap"]
    days = [paper["ngay"] for paper in report.records["van_ban"]]
    assert PERIOD.start.isoformat() <= min(days) <= max(days) <= PERIOD.end.isoformat()
    parse_values(report.data, FORM)


@given(numbers)
def test_the_same_number_gives_the_same_commune__I2(number: int) -> None:
    assert sound_report(FORM, number, PERIOD, "51") == sound_report(FORM, number, PERIOD, "51")


def test_communes_differ_from_each_other() -> None:
    reports = [sound_report(FORM, number, PERIOD, "51") for number in range(1, 60)]
    assert len({str(report.rows) for report in reports}) == 59


def test_invented_communes_cannot_be_taken_for_real__I3() -> None:
    places, invented = load_places(), invented_communes(FORM, LIMIT, PERIOD, "51")
    assert len({report.place.code for report in invented}) == LIMIT
    assert [r.place.code for r in invented if places.find(r.place.code) or len(r.place.code) != 5] == []
    assert all("số liệu bịa" in r.place.name and places.match(r.place.name) is None for r in invented)


def test_the_first_twelve_show_every_slip__I4() -> None:
    first = invented_communes(FORM, 12, PERIOD, "51")
    kinds = {
        "tong_go_sai", "doi_cho", "so_dang_chu", "go_de_dung", "chu_nfd", "so_le", "ngay_sai", "dao_chu_so",
        "cach_tinh_khac", "gui_hai_lan", "lech_ky", "trang_web", "chua_nop",
    }  # fmt: skip
    assert {slip.kind for report in first for slip in report.slips} == kinds
    assert first[0].slips == ()
    whole = invented_communes(FORM, 120, PERIOD, "51")
    assert {slip.kind for report in whole[12:] for slip in report.slips} == kinds
    assert sum(not report.slips for report in whole[12:]) >= 72  # two in three are sound


def test_a_slip_changes_only_what_it_says__I5() -> None:
    invented = invented_communes(FORM, 40, PERIOD, "51")
    changed = {slip.kind: _changed(report) for report in invented for slip in report.slips}
    assert {kind: len(cells) for kind, cells in changed.items()} == {
        "tong_go_sai": 1, "doi_cho": 2, "so_dang_chu": 2, "go_de_dung": 2, "chu_nfd": 2, "so_le": 1, "ngay_sai": 1,
        "dao_chu_so": 1, "cach_tinh_khac": 2, "gui_hai_lan": 0, "lech_ky": 6, "trang_web": 0, "chua_nop": 0,
    }  # fmt: skip


@pytest.mark.parametrize("many", [-1, LIMIT + 1])
def test_how_many_is_bounded(many: int) -> None:
    with pytest.raises(ValueError, match=str(LIMIT)):
        invented_communes(FORM, many, PERIOD, "51")


def test_a_web_page_is_one() -> None:
    page = web_page(sound_report(FORM, 1, PERIOD, "51"))
    assert page.startswith("<html") and page.count("<tr>") == 1 + len(FORM.block("bieu_06a").rows)


def test_dice_reach_both_ends_and_never_draw_twice() -> None:
    dice = Dice("thử")
    assert {dice.between(3, 5) for _ in range(60)} == {3, 4, 5}
    assert sorted(dice.draw(range(9), 9)) == list(range(9))


def _changed(report: Invented) -> set[str]:
    """Paths of the values that differ from the same commune's sound report."""
    sound = _leaves(sound_report(FORM, int(report.place.code) - 99000, PERIOD, "51").data)
    found = _leaves(report.data)
    return {path for path in sound.keys() | found.keys() if sound.get(path) != found.get(path)}


def _leaves(value: object, path: str = "") -> dict[str, object]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if items is None:
        return {path: value}
    return {p: v for name, part in items for p, v in _leaves(part, f"{path}/{name}").items()}
