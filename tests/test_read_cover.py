"""The cover: whose report it is, of which period, of which form, and what is no report at all."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import filled_books
import openpyxl
import pytest
from filled_books import GRID, PERIOD, PLACES, after, codes, put, reading, surgery

from toolkit.records import Period
from workbook.sniff import Unreadable

filled = filled_books.filled  # fixture


@pytest.mark.parametrize(
    ("cells", "codes", "place"),
    [
        ({"C5": 21061}, [], "21061"),
        ({"C5": " 21061 "}, [], "21061"),
        ({"C5": 99998, "C6": None}, ["BIA_002"], None),
        ({"C5": None}, ["BIA_007"], "21061"),
        ({"C5": None, "C6": "UBND XÃ VẠN TƯỜNG"}, ["BIA_007"], "21061"),
        ({"C5": None, "C6": "Xã Tân Tiến", "C7": None}, ["BIA_001"], None),
        ({"C5": None, "C6": "Xã Sơn Ha"}, ["BIA_001"], None),
        ({"C5": None, "C6": None}, ["BIA_001"], None),
        ({"C5": "99999"}, ["BIA_002"], None),
        ({"C6": "Xã Minh Long"}, ["BIA_003"], "21061"),
        ({"C6": None}, [], "21061"),
        ({"C6": "vạn tường"}, [], "21061"),
    ],
)
def test_whose_report_it_is(
    cells: dict[str, object], codes: list[str], place: str | None, filled: bytes, tmp_path: Path
) -> None:
    filing = after(filled, put(cells, "Bìa"), tmp_path)
    assert [f.code for f in filing.findings] == codes
    assert (filing.place.code if filing.place else None) == place


def test_a_code_that_became_a_number_gets_its_zeros_back(filled: bytes, tmp_path: Path) -> None:
    place = PLACES.find("00004")
    assert place is not None
    filing = after(filled, put({"C5": 4, "C6": f"{place.kind} {place.name}"}, "Bìa"), tmp_path)
    assert (filing.place, filing.findings) == (place, ())


@pytest.mark.parametrize(
    ("cells", "codes", "period"),
    [
        ({"C8": "01/07/2025", "C9": "25.9.2025"}, ["O_008", "O_008"], PERIOD),
        ({"C8": 45839}, [], PERIOD),
        ({"C8": None}, ["BIA_004"], None),
        ({"C8": "1/7/205"}, ["BIA_004"], None),
        ({"C9": date(2025, 6, 30)}, ["BIA_004"], None),
        ({"C9": date(2025, 7, 1)}, [], Period(date(2025, 7, 1), date(2025, 7, 1))),
        ({"C8": None, "C9": None}, ["BIA_004", "BIA_004"], None),
    ],
)
def test_of_which_period_it_is(
    cells: dict[str, object], codes: list[str], period: Period | None, filled: bytes, tmp_path: Path
) -> None:
    filing = after(filled, put(cells, "Bìa"), tmp_path)
    assert [f.code for f in filing.findings] == codes
    assert filing.period == period


@pytest.mark.parametrize(
    ("value", "chosen", "codes"),
    [
        ("Tách riêng", "rieng", []),
        ("trong đã  GIẢI quyết", "trong_da_giai_quyet", []),
        ("trong_dung_han", "trong_dung_han", []),
        (None, "rieng", []),
        ("không biết", "rieng", ["BIA_006"]),
    ],
)
def test_settings_are_choices(value: object, chosen: str, codes: list[str], filled: bytes, tmp_path: Path) -> None:
    filing = after(filled, put({cover_cell(filled, "bc_rut"): value}, "Bìa"), tmp_path)
    assert filing.settings == {"rut": chosen}
    assert [f.code for f in filing.findings] == codes


def cover_cell(content: bytes, name: str) -> str:
    return str(openpyxl.load_workbook(BytesIO(content)).defined_names[name].attr_text).split("!")[1].replace("$", "")


def test_another_version_is_told_and_another_form_refused(filled: bytes, tmp_path: Path) -> None:
    filing = after(filled, put({cover_cell(filled, "bc_phien_ban"): "0"}, "Bìa"), tmp_path)
    assert (codes(filing), filing.version) == (["BIA_005"], "0")
    with pytest.raises(Unreadable) as caught:
        after(filled, put({cover_cell(filled, "bc_bieu"): "bao_cao_tinh"}, "Bìa"), tmp_path)
    assert caught.value.code == "TEP_007"


def test_what_is_no_report_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet(GRID)["A1"] = "Danh sách khách mời"
    out = BytesIO()
    book.save(out)
    with pytest.raises(Unreadable) as caught:
        reading(out.getvalue(), tmp_path)
    assert caught.value.code == "TEP_007"


def test_a_result_of_the_toolkit_is_known(filled: bytes, tmp_path: Path) -> None:
    name = "<definedNames><definedName name=\"bc_tong_hop\">'Bìa'!$A$1</definedName>"
    content = surgery(filled, "xl/workbook.xml", lambda x: x.replace("<definedNames>", name))
    with pytest.raises(Unreadable) as caught:
        reading(content, tmp_path)
    assert caught.value.code == "TEP_012"
