"""Odd dossiers are looked for by whole columns.

Requirements
  BT08  what is found by whole columns is what is found when every dossier is looked at alone
"""

from __future__ import annotations

from datetime import date, timedelta

import row_by_row
from hypothesis import given, settings
from hypothesis import strategies as st
from made_dossiers import register
from odd_registers import MONDAY, PERIOD, Row, dossier

from toolkit.odd_dossiers import CODE, days_in_codes, odd_dossiers, terms_of
from workbook.forms import load_calendar


@given(st.lists(st.from_regex(r"[A-Z]?[0-9.]{0,3}(-[0-9]{3,6}){0,3}-?", fullmatch=True)))
def test_days_in_codes_are_read_all_at_once_as_one_by_one(codes: list[str]) -> None:
    one_by_one = [match[1] if match else "" for match in map(CODE.search, codes)]
    assert list(days_in_codes(codes)) == one_by_one
    dated = [code for code, day in zip(codes, one_by_one, strict=True) if day]
    assert list(days_in_codes(dated)) == list(filter(None, one_by_one))


DAYS = st.dates(date(2025, 6, 20), date(2025, 10, 10))


@st.composite
def careless(draw: st.DrawFn) -> list[Row]:
    """Registers in which few words and days are shared by many dossiers, and slips of every kind are frequent."""
    rows: list[Row] = []
    usual = draw(st.integers(1, 15))
    for n in range(draw(st.integers(0, 40))):
        received = draw(st.sampled_from((MONDAY, MONDAY, MONDAY + timedelta(1))) | DAYS)
        term = usual if draw(st.integers(0, 3)) else draw(st.integers(-2, 90))
        code = received - timedelta(draw(st.sampled_from((0, 0, 0, 1, 1, 3, -2))))
        row = dossier(
            n,
            ma_ho_so=draw(st.sampled_from((f"H48-{code:%y%m%d}-{n:04d}", f"h48-{code:%y%m%d} -0001", "12 3", ""))),
            ten_tthc=draw(st.sampled_from(("Khai sinh", "khai  sinh", "Chứng thực", ""))),
            linh_vuc=draw(st.sampled_from(("Hộ tịch", "hộ tịch", "Đất đai", ""))),
            hinh_thuc=draw(st.sampled_from(("Trực tuyến", "Trực tiếp", ""))),
            ngay_tiep_nhan=draw(st.sampled_from((received, received, None))),
            ngay_hen_tra=draw(
                st.sampled_from((received + timedelta(term), received + timedelta(term), None, "31/2/2025"))
            ),
            ngay_ket_qua=draw(st.sampled_from((received + timedelta(term - 1), received + timedelta(1), None))),
            ngay_tra=draw(st.sampled_from((None, received))),
            trang_thai=draw(st.sampled_from(("Đã trả kết quả", "Đang xử lý", "Rút hồ sơ", "Mới đăng ký", ""))),
            chu_ho_so=draw(st.sampled_from(("An", "AN", "Bình", "", f"Chi {n}"))),
        )
        rows.append(row)
    return rows


@settings(max_examples=150, deadline=None)
@given(careless())
def test_columns_find_what_rows_find(rows: list[Row]) -> None:  # BT08
    made, _ = register(rows)
    calendar = load_calendar()
    kinds = ("BT_005", "BT_006", "BT_007", "BT_008", "BT_009", "BT_010")
    by_columns = {
        (o.code, o.dossiers) for o in odd_dossiers(made, terms_of(made, calendar), calendar, PERIOD) if o.code in kinds
    }
    assert by_columns == row_by_row.odd(made, calendar, PERIOD)


def test_rows_find_every_kind_that_columns_look_at() -> None:  # BT08
    """So that the comparison above is one of something."""
    made, _ = register(
        [dossier(n) for n in range(20)]
        + [
            dossier(20, ngay_hen_tra=date(2025, 7, 12)),
            dossier(21, ma_ho_so="H48.22-250601-1021"),
            dossier(22, ma_ho_so="H48.22-250709-1002"),
            dossier(23, ngay_tiep_nhan=MONDAY, ma_ho_so="H48.22-250707-1", chu_ho_so="người thứ 0"),
            dossier(24, ngay_tiep_nhan=date(2025, 9, 26), ngay_hen_tra=date(2025, 10, 3)),
            dossier(25, ngay_hen_tra=MONDAY + timedelta(60)),
        ]
    )
    codes = {code for code, _ in row_by_row.odd(made, load_calendar(), PERIOD)}
    assert codes == {"BT_005", "BT_006", "BT_007", "BT_008", "BT_009", "BT_010"}
