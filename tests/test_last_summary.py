"""Guards workbook/last_summary.py on province workbooks written by hand, so that each oddity stands alone.

Requirements
  LS01  figures come by their headings wherever these stand; code of the indicator first, its name in older results
  LS02  totals of the form's own formulas as evaluated by us; lower bounds and blanks are no numbers
  LS03  what is no result of ours, or has lost a heading or its period, is refused with its code
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from toolkit.carry import Closing
from toolkit.records import TOTAL_ROW
from workbook.files import Refused
from workbook.forms import load_form
from workbook.last_summary import load_last

FORM = load_form()
HEADS = ("Mã xã", "Kỳ", "Chỉ tiêu", "Mã chỉ tiêu", "Dòng", "Tệp", "Trang", "Ô", "Cách ghi", "Giá trị đọc")
HEADS += ("Đưa vào tổng", "Ghi chú")
ABOUT = "Tỉnh Quảng Ngãi, kỳ 01/7/2025 – 25/9/2025"
OPEN = "Tổng số hồ sơ đang giải quyết"
OWN = "công thức của mẫu"
Row = Sequence[object]


def line(
    row: str, value: object, how: str = "gõ tay", added: object = None, note: str = "", code: str = "21061"
) -> Row:
    period = "01/7/2025 – 25/9/2025"
    return (code, period, OPEN, "dang_giai_quyet", row, "a.xlsx", "II.06a", "K9", how, value, added, note)


def book(
    path: Path, rows: Sequence[Row], heads: Sequence[str] = HEADS, about: str = ABOUT, name: str = "bc_tong_hop"
) -> Path:
    workbook = Workbook(path)
    sheet = workbook.add_worksheet("NGUỒN")
    workbook.define_name(name, "='NGUỒN'!$A$1")
    sheet.write_string(1, 0, about)
    for n, row in enumerate((heads, *rows), 2):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(n, column, value)
    workbook.close()
    return path


def figures(path: Path, commune: str = "21061") -> dict[tuple[str, str], int]:
    return {at: closing.value for at, closing in load_last(path, FORM).communes.get(commune, {}).items()}


def test_by_headings(tmp_path: Path) -> None:  # LS01
    rows = [line("Tổng cộng", 18), line("Đất đai", 11), line("Hộ tịch", 7), line("Hộ tịch", 3, code="21361")]
    found = load_last(book(tmp_path / "a.xlsx", rows), FORM)
    assert found.communes["21061"]["Đất đai", "dang_giai_quyet"] == Closing(11, "a.xlsx", "II.06a", "K9")
    assert figures(tmp_path / "a.xlsx") == {
        (row, "dang_giai_quyet"): n for row, n in ((TOTAL_ROW, 18), ("Đất đai", 11), ("Hộ tịch", 7))
    }
    assert set(found.periods.values()) == {found.period} and set(found.periods) == set(found.communes)
    mixed = book(tmp_path / "b.xlsx", [row[::-1] for row in rows], HEADS[::-1])
    assert load_last(mixed, FORM).communes == found.communes
    older = book(tmp_path / "c.xlsx", [(*row[:3], *row[4:]) for row in rows], (*HEADS[:3], *HEADS[4:]))
    assert load_last(older, FORM).communes == found.communes


def test_what_is_a_number(tmp_path: Path) -> None:  # LS02
    def one(*given: object, row: str = "Tổng cộng") -> list[int]:
        return list(figures(book(tmp_path / "a.xlsx", [line(row, *given)])).values())  # type: ignore[arg-type]

    assert one(17, OWN, 18) == one(None, OWN, 18) == [18]  # the stored result is old, or was never there
    assert one(17, "gõ đè công thức", 18) == one(17, OWN, 18, "đã quy đổi theo cách chung") == [17]
    assert one(17, OWN, 17, "cận dưới: còn ô trống") == one(None) == one("17") == one(1.5) == one(True) == []
    assert one(4, "gõ tay", 18, "cận dưới: còn ô trống", row="Đất đai") == [4]  # the remark is about the column
    assert one(4, OWN, None, row="Đất đai") == [4]
    stranger = list(line("Đất đai", 4))
    stranger[3] = "khong_co"
    assert figures(book(tmp_path / "b.xlsx", [stranger, line("Đất đai", 4, code="")])) == {}


def refused(path: Path) -> list[str]:
    with pytest.raises(Refused) as caught:
        load_last(path, FORM)
    return [f.code for f in caught.value.findings]


def test_refusals(tmp_path: Path) -> None:  # LS03
    rows = [line("Đất đai", 4)]
    assert refused(tmp_path / "khong.xlsx") == ["RA_003"]
    assert refused(book(tmp_path / "a.xlsx", rows, name="khac")) == ["KT_009"]
    assert refused(book(tmp_path / "b.xlsx", rows, about="Tỉnh Quảng Ngãi")) == ["KT_010"]
    assert refused(book(tmp_path / "c.xlsx", rows, about=ABOUT.replace("25/9", "31/9"))) == ["KT_010"]
    for name in ("Mã xã", "Dòng", "Tệp", "Trang", "Ô", "Giá trị đọc"):
        heads = ["?" if head == name else head for head in HEADS]
        assert refused(book(tmp_path / "d.xlsx", rows, heads)) == ["KT_010"]
    heads = ["?" if head.endswith("tiêu") else head for head in HEADS]
    assert refused(book(tmp_path / "e.xlsx", rows, heads)) == ["KT_010"]
    (tmp_path / "f.xlsx").write_bytes(b"PK\x03\x04 cut off")
    assert refused(tmp_path / "f.xlsx") == ["KT_009"]
