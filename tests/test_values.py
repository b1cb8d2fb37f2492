"""Figures from a ``--values`` file.

R1 what fits the form arrives as its cell should hold it; text that is no number stays text
R2 rows are found by label whatever its spelling; the total label addresses the total row; a grid's control id under
   "scalars" goes to the total row
R3 all faults are told at once, each with a code
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.records import TOTAL_ROW
from toolkit.values import LONGEST, Values, ValuesError, parse_values
from workbook.forms import load_form

FORM = load_form()


def codes(data: object) -> list[str]:
    with pytest.raises(ValuesError) as caught:
        parse_values(data, FORM)
    return [fault.code for fault in caught.value.faults]


def grid(*rows: dict[str, object]) -> dict[str, object]:
    return {"grids": {"bieu_06a": list(rows)}}


def test_nothing_given_is_nothing() -> None:
    assert parse_values({}, FORM) == Values()


@pytest.mark.parametrize(
    ("given_", "value"),
    [(5676, 5676), (5676.0, 5676), ("5.676", "5.676"), (5.676, Decimal("5.676")), (-3, -3), (0, 0), ("abc", "abc")],
)
def test_a_count_is_taken_as_given(given_: object, value: object) -> None:  # R1
    taken = parse_values({"scalars": {"nv_giao": given_}}, FORM).scalars["nv_giao"]
    assert (taken, type(taken)) == (value, type(value))


@pytest.mark.parametrize(
    ("given_", "value"),
    [
        (0.9016, Decimal("0.9016")),
        ("90,16%", Decimal("0.9016")),
        ("80,05 %", Decimal("0.8005")),
        ("90%", Decimal("0.90")),
        ("90,16", "90,16"),  # 90,16 % or 9016 %: not for us to say
        ("chưa có", "chưa có"),
    ],
)
def test_a_rate_keeps_its_decimals(given_: object, value: object) -> None:  # R1
    taken = parse_values({"scalars": {"ty_le_qua_han": given_}}, FORM).scalars["ty_le_qua_han"]
    assert str(taken) == str(value)


@pytest.mark.parametrize(
    ("given_", "value"),
    [
        ("2025-07-28", date(2025, 7, 28)),
        ("28/7/2025", date(2025, 7, 28)),
        ("28/7/205", "28/7/205"),
        ("31/11/2025", "31/11/2025"),
    ],
)
def test_a_date_that_exists_is_a_date(given_: str, value: object) -> None:  # R1
    assert parse_values({"records": {"van_ban": [{"ngay": given_}]}}, FORM).records["van_ban"] == ({"ngay": value},)


def test_blank_stays_blank() -> None:
    assert parse_values({"scalars": {"nv_giao": None, "nv_hoan_thanh": ""}}, FORM).scalars == {}


def test_a_setting_by_id_or_by_label() -> None:
    assert parse_values({"settings": {"rut": "trong_dung_han"}}, FORM).settings == {"rut": "trong_dung_han"}
    assert parse_values({"settings": {"rut": "Trong đúng hạn"}}, FORM).settings == {"rut": "trong_dung_han"}


def test_rows_are_found_by_label() -> None:  # R2
    rows = ({"linh_vuc": " đất  ĐAI", "rut": 1}, {"linh_vuc": "Hộ kinh doanh", "rut": 2}, {"linh_vuc": "Mới", "rut": 3})
    taken = parse_values(grid(*rows, {"linh_vuc": "tổng cộng", "rut": 6}), FORM).grids["bieu_06a"]
    business = "Thành lập và hoạt động của hộ kinh doanh"
    assert taken == {"Đất đai": {"rut": 1}, business: {"rut": 2}, "Mới": {"rut": 3}, TOTAL_ROW: {"rut": 6}}


def test_a_control_among_the_scalars_belongs_to_the_total_row() -> None:  # R2
    taken = parse_values({"scalars": {"tiep_nhan_doi_chieu": 5676}}, FORM)
    assert (taken.scalars, taken.grids) == ({}, {"bieu_06a": {TOTAL_ROW: {"tiep_nhan_doi_chieu": 5676}}})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ([], "GT_001"),
        ({"scalars": []}, "GT_001"),
        ({"scalars": {"nv_giao": True}}, "GT_001"),
        ({"scalars": {"nv_giao": [1]}}, "GT_001"),
        ({"scalars": {"nv_giao": float("nan")}}, "GT_001"),
        ({"records": {"van_ban": [{"ngay": 45000}]}}, "GT_001"),
        ({"records": {"van_ban": {}}}, "GT_001"),
        ({"notes": {"nv_giao": 1}}, "GT_001"),
        ({"khong_phat_sinh": "nv"}, "GT_001"),
        ({"scalar": {}}, "GT_002"),
        ({"scalars": {"nv_gia": 1}}, "GT_002"),
        ({"scalars": {"truc_tuyen": 1}}, "GT_002"),
        ({"grids": {"bieu_06b": []}}, "GT_002"),
        ({"khong_phat_sinh": ["nv_giao"]}, "GT_002"),
        (grid({"linh_vuc": "Đất đai", "nv_giao": 1}), "GT_002"),
        ({"settings": {"rut": "khac"}}, "GT_003"),
        (grid({"linh_vuc": "Đất đai"}, {"linh_vuc": "ĐẤT ĐAI"}), "GT_004"),
        (
            {
                "grids": {"bieu_06a": [{"linh_vuc": "Tổng cộng", "tiep_nhan_doi_chieu": 1}]},
                "scalars": {"tiep_nhan_doi_chieu": 1},
            },
            "GT_004",
        ),
        ({"notes": {"nv_giao": "x" * (LONGEST + 1)}}, "GT_005"),
        ({"scalars": {"nv_giao": 10**15}}, "GT_005"),
        (grid({"rut": 1}), "GT_006"),
    ],
)
def test_each_fault_has_its_code(data: object, code: str) -> None:  # R3
    assert codes(data) == [code]


def test_all_faults_at_once() -> None:  # R3
    data = {"settings": {"rut": "x"}, "scalars": {"nv_gia": 1}, **grid({"linh_vuc": " "}), "khac": 1}
    assert sorted(codes(data)) == ["GT_002", "GT_002", "GT_003", "GT_006"]


def test_a_near_miss_is_suggested() -> None:  # R3
    with pytest.raises(ValuesError) as caught:
        parse_values({"scalars": {"nv_gia": 1}}, FORM)
    assert "nv_giao" in caught.value.faults[0].fix


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner)
       | st.dictionaries(st.sampled_from(["scalars", "grids", "records", "notes", "settings", "bieu_06a", "van_ban",
                                          "linh_vuc", "nv_giao", "ngay", "khong_phat_sinh"]), inner)))  # fmt: skip
def test_nothing_else_is_raised(data: object) -> None:
    try:
        parse_values(data, FORM)
    except ValuesError as error:
        assert error.faults
