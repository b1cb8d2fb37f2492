"""Published rates: exact arithmetic of what is printed, and what the rates of a report say together."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from toolkit.compute import ledger_of
from toolkit.rates import check, denominators, explain, numerators
from toolkit.records import TOTAL_ROW, Figure, Filing, Finding, Key
from workbook.forms import load_form

FORM = load_form()


def filing(values: Mapping[str, int | str], rows: Mapping[str, Mapping[str, int]] | None = None) -> Filing:
    """``values``: scalars and totals of the grid, rates as text; ``rows``: lĩnh vực -> column -> count."""
    figures: dict[Key, Figure] = {}
    cell = 0
    for block in FORM.blocks:
        for indicator in block.indicators if block.kind != "records" else ():
            cell += 1
            raw = values.get(indicator.id)
            value = Decimal(raw) if isinstance(raw, str) else raw
            key = Key(block.id, TOTAL_ROW if block.kind == "grid" else "", indicator.id)
            figures[key] = Figure(key, value, block.sheet, f"D{cell}", str(raw or ""), "typed")
    for row, counts in (rows or {}).items():
        for column, count in counts.items():
            cell += 1
            key = Key("bieu_06a", row, column)
            figures[key] = Figure(key, count, "II.06a", f"C{cell}", str(count), "typed")
    return Filing("t.xlsx", "0" * 64, "bao_cao_xa", "1", None, None, {}, {"bieu_06a": tuple(rows or ())}, figures, {})


def found(values: Mapping[str, int | str], rows: Mapping[str, Mapping[str, int]] | None = None) -> tuple[Finding, ...]:
    report = filing(values, rows)
    return check(FORM, report, ledger_of(FORM, report))


def codes(values: Mapping[str, int | str], rows: Mapping[str, Mapping[str, int]] | None = None) -> list[str]:
    return [f.code for f in found(values, rows)]


def cell(*ids: str) -> list[str]:
    figures = {key.indicator: figure for key, figure in filing({}).figures.items()}
    return [figures[i].cell for i in ids]


MINH_LONG: dict[str, int | str] = {
    "tthc_toan_trinh": 266,
    "tthc_mot_phan_truc_tiep": 496,
    "hs_mot_phan": 687,
    "ty_le_mot_phan": "0.9016",
    "ty_le_truc_tuyen": "0.8005",
    "ty_le_truc_tiep": "0.1995",
}


# --- arithmetic


def test_a_rate_of_687_names_its_base() -> None:
    assert list(denominators(687, Decimal("0.9016"))) == [762]
    assert list(numerators(762, Decimal("0.8005"))) == [610]
    assert list(numerators(762, Decimal("0.1995"))) == [152]


def test_rounded_cut_and_neither() -> None:
    assert explain(2, 3, Decimal("0.6667")) == "rounded"
    assert explain(2, 3, Decimal("0.6666")) == "cut"
    assert explain(2, 3, Decimal("0.6665")) is None
    assert explain(2, 3, Decimal("0.6668")) is None
    assert explain(0, 0, Decimal("0.00")) is None


def test_ties_round_up_and_to_even() -> None:
    assert explain(1, 8, Decimal("0.13")) == "rounded"  # 12,5% half up
    assert explain(1, 8, Decimal("0.12")) == "rounded"  # half even; cut as well
    assert explain(3, 8, Decimal("0.38")) == "rounded"
    assert explain(3, 8, Decimal("0.37")) == "cut"  # odd: no rounding gives it


def test_a_rate_of_zero_and_of_one() -> None:
    assert 1 in denominators(0, Decimal("0.00"))
    assert denominators(1, Decimal("0.00")).start == 200  # 0,5% rounds to even
    assert list(denominators(5, Decimal("1.00"))) == [5]
    assert not denominators(0, Decimal("0.50"))
    assert not numerators(0, Decimal("0.50"))


def test_numbers_beyond_any_float() -> None:
    big = 10**30
    assert big in denominators(big // 4, Decimal("0.2500"))
    assert big + 1 in numerators(4 * big + 4, Decimal("0.2500"))


shares = st.tuples(st.integers(0, 400), st.integers(1, 400), st.integers(0, 4))


def printed(n: int, d: int, decimals: int, rounding: str) -> Decimal:
    return (Decimal(n) / Decimal(d)).quantize(Decimal(1).scaleb(-decimals), rounding=rounding)


@given(shares)
def test_what_was_printed_is_recovered(share: tuple[int, int, int]) -> None:
    n, d, decimals = share
    for rounding, cut in ((ROUND_HALF_UP, False), (ROUND_HALF_EVEN, False), (ROUND_FLOOR, True)):
        rate = printed(n, d, decimals, rounding)
        assert d in denominators(n, rate, cut)
        assert n in numerators(d, rate, cut)


@given(shares, st.integers(0, 10**4), st.booleans())
def test_nothing_else_is_offered(share: tuple[int, int, int], shown: int, cut: bool) -> None:
    n, _, decimals = share
    rate = Decimal(shown).scaleb(-decimals)
    step = Fraction(1, 10**decimals)
    for d in {*denominators(n, rate, cut)[:3], *denominators(n, rate, cut)[-3:]}:
        off = Fraction(n, d) - Fraction(rate)
        assert 0 <= off < step if cut else abs(off) <= step / 2
    for m in {*numerators(share[1], rate, cut)[:3], *numerators(share[1], rate, cut)[-3:]}:
        off = Fraction(m, share[1]) - Fraction(rate)
        assert 0 <= off < step if cut else abs(off) <= step / 2


@given(st.integers(1, 300), st.integers(1, 10**4), st.booleans())
def test_both_directions_agree(n: int, shown: int, cut: bool) -> None:
    rate = Decimal(shown).scaleb(-4)
    fits = denominators(n, rate, cut)
    for d in range(1, 400):
        assert (d in fits) == (n in numerators(d, rate, cut))


# --- Minh Long, October 2025


def test_minh_long() -> None:
    base, clash = found(MINH_LONG)
    assert (base.code, base.severity, base.left, base.right, base.difference) == ("TL_004", "warning", 762, 762, 0)
    assert base.sheet == "Chỉ tiêu" and [base.cell] == cell("ty_le_mot_phan")
    assert base.key == Key("ty_le", "", "ty_le_mot_phan")
    ids = ("ty_le_mot_phan", "ty_le_truc_tuyen", "ty_le_truc_tiep", "hs_mot_phan")
    assert list(base.cells) == cell(*ids, "tthc_toan_trinh", "tthc_mot_phan_truc_tiep")
    for part in ("687 = 90,16%", "610 = 80,05%", "152 = 19,95%", "762 = 266 + 496 thủ tục", "762 hồ sơ"):
        assert part in base.message
    assert (clash.code, clash.severity, clash.left, clash.right, clash.difference) == (
        "TL_005",
        "warning",
        687,
        610,
        77,
    )
    assert [clash.cell] == cell("hs_mot_phan") and clash.key == Key("tthc", "", "hs_mot_phan")
    assert set(cell(*ids)) == set(clash.cells)


def test_a_base_that_nobody_reported_is_only_named() -> None:
    assert codes(MINH_LONG | {"tthc_toan_trinh": 267}) == ["TL_006", "TL_005"]


def test_a_base_reported_in_its_own_unit_is_no_contradiction() -> None:
    assert codes(MINH_LONG | {"hs_toan_trinh": 762}) == ["TL_006", "TL_005"]


def test_an_equal_number_of_another_matter_is_chance() -> None:
    values = {**MINH_LONG, "may_tinh": 762}
    del values["tthc_toan_trinh"]
    assert codes(values) == ["TL_006", "TL_005"]


def test_no_contradiction_when_the_online_share_is_large_enough() -> None:
    assert codes(MINH_LONG | {"ty_le_truc_tuyen": "0.9016", "ty_le_truc_tiep": "0.0984"}) == ["TL_004"]
    assert codes(MINH_LONG | {"ty_le_truc_tuyen": "0.9003", "ty_le_truc_tiep": "0.0997"}) == ["TL_004", "TL_005"]


def test_a_rate_off_by_one_hundredth_leaves_no_base() -> None:
    assert codes(MINH_LONG | {"ty_le_truc_tuyen": "0.8007", "ty_le_truc_tiep": "0.1993"}) == ["TL_007"]


def test_rates_of_one_whole_that_do_not_sum_to_it() -> None:
    (told,) = found({"ty_le_truc_tuyen": "0.8005", "ty_le_truc_tiep": "0.1999"})
    assert told.code == "TL_008" and list(told.cells) == cell("ty_le_truc_tuyen", "ty_le_truc_tiep")
    assert codes({"ty_le_truc_tuyen": "0.8005", "ty_le_truc_tiep": "0.1994"}) == []  # one of the two was cut
    assert codes({"ty_le_truc_tuyen": "0.8005", "ty_le_truc_tiep": "0.1993"}) == ["TL_008"]
    assert codes({"ty_le_truc_tuyen": "0.8005", "ty_le_truc_tiep": "0.1997"}) == ["TL_008"]
    assert codes(MINH_LONG | {"ty_le_truc_tiep": "0.1999"}) == ["TL_008"]  # and no base is sought


def test_the_parts_of_a_base_must_be_able_to_make_it() -> None:
    rates = {"ty_le_truc_tuyen": "0.80", "ty_le_truc_tiep": "0.21"}  # 79,5 + 20,5, both rounded up: not of an odd base
    assert codes({"hs_mot_phan": 100, "ty_le_mot_phan": "0.5000", **rates}) == ["TL_006"]
    assert codes({"hs_mot_phan": 100, "ty_le_mot_phan": "0.5025", **rates}) == ["TL_007"]  # 199


def test_a_computed_denominator_is_known_by_its_parts() -> None:
    assert codes({"ty_le_truoc_dung_han": "0.9856", "ty_le_qua_han": "0.0144"}) == []
    assert codes({"ty_le_truoc_dung_han": "0.9856", "ty_le_qua_han": "0.0147"}) == ["TL_008"]


def test_two_known_numerators() -> None:
    values = {"hs_mot_phan": 600, "ty_le_mot_phan": "0.7874", "truc_tuyen": 610, "ty_le_truc_tuyen": "0.8005"}
    (told,) = found(values)
    assert (told.code, told.left) == ("TL_006", 762)
    assert codes(values | {"truc_tuyen": 700}) == ["TL_007"]


def test_a_base_that_fits_only_when_cut() -> None:
    base, cut = found({"hs_mot_phan": 687, "ty_le_mot_phan": "0.9015"})  # 687/762 = 90,157%
    assert (base.code, base.left, cut.code) == ("TL_006", 762, "TL_002")


def test_many_possible_bases_say_nothing() -> None:
    assert codes({"hs_mot_phan": 687, "ty_le_mot_phan": "0.90"}) == []
    assert codes({"hs_mot_phan": 10**14, "ty_le_mot_phan": "0.01"}) == []
    assert codes({"hs_mot_phan": 687, "ty_le_mot_phan": "0.0000"}) == []
    assert codes({"ty_le_mot_phan": "0.9016"}) == []


# --- both sides known

ONLINE = {"truc_tuyen": 5297, "truc_tiep": 382}


def test_a_rate_that_follows_says_nothing() -> None:
    assert codes({**ONLINE, "ty_le_truc_tuyen": "0.9327"}) == []
    assert codes({**ONLINE, "ty_le_truc_tuyen": "0.93"}) == []


def test_a_rate_that_was_cut() -> None:
    (told,) = found({**ONLINE, "ty_le_truc_tuyen": "0.932"})
    assert (told.code, told.severity) == ("TL_002", "info")


def test_a_rate_of_another_base_is_named() -> None:
    (told,) = found({**ONLINE, "ky_truoc": 400, "tiep_nhan": 6079, "ty_le_truc_tuyen": "0.8714"})
    assert (told.code, told.left, told.right, told.difference) == ("TL_003", 5679, 6079, -400)
    (told,) = found({**ONLINE, "tiep_nhan": 6079, "ty_le_truc_tuyen": "0.8713"})  # cut, of 6.079
    assert told.code == "TL_003"
    (told,) = found({**ONLINE, "tiep_nhan": 6079, "ty_le_truc_tuyen": "0.8715"})
    assert told.code == "TL_001"


def test_a_share_is_never_of_less_than_itself() -> None:
    values = {"truc_tuyen": 300, "truc_tiep": 20, "ty_le_truc_tuyen": "1.00"}
    assert codes(values) == ["TL_001"]  # 300 of 300 is no other base
    assert codes(values | {"qua_han": 299}) == ["TL_001"]  # 300 of 299 prints 100% as well
    assert codes(values | {"qua_han": 301}) == ["TL_003"]


def test_a_rate_that_follows_from_nothing() -> None:
    (told,) = found({**ONLINE, "ty_le_truc_tuyen": "0.95"})
    assert (told.code, told.severity, told.difference) == ("TL_001", "warning", Decimal("0.02"))
    assert told.cells == (
        *cell("ty_le_truc_tuyen"),
        "II.06a!" + cell("truc_tuyen")[0],
        "II.06a!" + cell("truc_tiep")[0],
    )


def test_an_open_total_is_not_known() -> None:
    rows = {"Hộ tịch": {"truc_tuyen": 50, "truc_tiep": 50}, "Đất đai": {"truc_tuyen": 30}}
    assert codes({"ty_le_truc_tuyen": "0.70"}, rows) == []
    rows["Đất đai"]["truc_tiep"] = 0
    assert codes({"ty_le_truc_tuyen": "0.70"}, rows) == ["TL_001"]


def test_nothing_of_nothing() -> None:
    zero = {"truc_tuyen": 0, "truc_tiep": 0}
    assert codes({**zero, "ty_le_truc_tuyen": "1.00", "ty_le_truc_tiep": "0.00"}) == []
    assert codes({**zero, "ty_le_truc_tuyen": "0.50"}) == ["TL_001"]


def test_an_unrounded_rate() -> None:
    assert codes({**ONLINE, "ty_le_truc_tuyen": "0.932734636379644"}) == []
    assert codes({**ONLINE, "ty_le_truc_tuyen": "0.932734646379644"}) == ["TL_001"]
    assert (
        codes({**ONLINE, "ty_le_truc_tiep": "0.0672653636203558"}) == []
    )  # 1 − 0,9327… as Excel has it: noise at the end


def test_a_sum_is_a_base_only_where_the_settings_add_it_up() -> None:
    values = {"tiep_nhan": 90, "da_giai_quyet": 80, "dang_giai_quyet": 18, "rut": 2, "so_hoa_dau_vao": 50}
    report = filing({**values, "ty_le_so_hoa_dau_vao": "0.5000"})
    for setting, expected in (("rieng", "TL_003"), ("trong_dung_han", "TL_001")):
        chosen = report._replace(settings={"rut": setting})
        assert [f.code for f in check(FORM, chosen, ledger_of(FORM, chosen))] == [expected]


# --- base known, count not


def test_a_rate_without_a_whole_count() -> None:
    assert codes({"tiep_nhan": 10, "ty_le_so_hoa_dau_vao": "0.8005"}) == ["TL_010"]
    assert codes({"tiep_nhan": 10, "ty_le_so_hoa_dau_vao": "0.8000"}) == []


def test_an_implied_count_below_what_is_written() -> None:
    rows = {"Hộ tịch": {"qua_han": 3}, "Đất đai": {}}
    assert codes({"da_giai_quyet": 100, "ty_le_qua_han": "0.0300"}, rows) == []
    (told,) = found({"da_giai_quyet": 100, "ty_le_qua_han": "0.0200"}, rows)
    assert (told.code, told.left, told.right, told.difference) == ("TL_009", 2, 3, -1)


def test_implied_counts_against_a_typed_total() -> None:
    values = {"da_giai_quyet": 100, "ty_le_truoc_han": "0.9000", "ty_le_qua_han": "0.0500", "dung_han": 5}
    assert codes(values) == []
    (told,) = found({**values, "dung_han": 6})
    assert (told.code, told.left, told.right) == ("TL_005", 100, 101)


def test_a_rule_already_broken_is_not_told_again() -> None:
    values = {"truc_tuyen": 800, "ty_le_truc_tuyen": "0.8000", "ty_le_truc_tiep": "0.2000"}  # of 1.000, so 200 directly
    assert codes(values) == ["TL_006"]
    assert codes(values | {"tiep_nhan": 999}) == ["TL_006", "TL_005"]
    assert codes(values | {"tiep_nhan": 1000}) == ["TL_006"]
    assert codes(values | {"tiep_nhan": 799}) == ["TL_006"]  # 799 = 800 + x is false without any rate


def test_nothing_is_concluded_from_a_base_that_a_rate_denies() -> None:
    values = {"da_giai_quyet": 100, "truoc_han": 90, "dung_han": 6, "ty_le_qua_han": "0.0500"}
    assert codes(values) == ["TL_005"]
    assert codes(values | {"ty_le_truoc_han": "0.8000"}) == ["TL_001"]


def test_a_base_is_at_least_its_part() -> None:
    assert codes({"hs_mot_phan": 150, "ty_le_mot_phan": "1.00", "truc_tuyen": 200}) == ["TL_006", "TL_009"]


@pytest.mark.parametrize("setting", ["rieng", "trong_da_giai_quyet", "trong_dung_han"])
def test_every_setting_is_served(setting: str) -> None:
    report = filing(MINH_LONG)._replace(settings={"rut": setting})
    assert [f.code for f in check(FORM, report, ledger_of(FORM, report))] == ["TL_004", "TL_005"]


counts = st.integers(0, 3000)


# all cut: rounded, only 2.504 would fit, but 2.502 is the truth
@example(online=1251, direct=1251, partly=313, decimals=4, rounding=ROUND_FLOOR, known=False)
@given(
    counts, counts, counts, st.sampled_from([2, 3, 4, 6]), st.sampled_from([ROUND_HALF_UP, ROUND_FLOOR]), st.booleans()
)
def test_true_rates_of_true_counts_raise_no_warning(
    online: int, direct: int, partly: int, decimals: int, rounding: str, known: bool
) -> None:
    partly = min(partly, online)
    base = online + direct
    if not base:
        return
    values: dict[str, int | str] = {"hs_mot_phan": partly, "hs_toan_trinh": online - partly}
    if known:
        values |= {"truc_tuyen": online, "truc_tiep": direct}
    for rate, count in (("ty_le_mot_phan", partly), ("ty_le_truc_tuyen", online), ("ty_le_truc_tiep", direct)):
        values[rate] = str(printed(count, base, decimals, rounding))
    assert not [f for f in found(values) if f.severity != "info"]
