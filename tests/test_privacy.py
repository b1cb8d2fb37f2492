"""What of a register may be shown elsewhere.

Requirements
  PV01  dossier codes as one-door systems give them are shown
  PV02  names, phones and identity numbers are not, wherever they slipped to
  PV03  a span of years ("2021-2025") is shown, whatever is longer by a digit is not
"""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from toolkit.privacy import shown_code, shown_codes, shown_unit, shown_word
from toolkit.text import key
from toolkit.wording import MAY_BE_PERSONAL

CODES = [
    "000.00.53.H48-220921-0099",
    "H56.14-240823-0001",
    "000.17.22.H56-210531-0001",
    "2025-00123",
    "BN0457",
    "12345",
]
NUMBERS = ["0912345678", "0912.345.678", "84912345678", "051190001234", "212345678", "0912-345-678"]
NAMES = ["Nguyễn Thị Bí Mật", "LÊ VĂN KÍN", "Hồ Văn A"]


@pytest.mark.parametrize("code", CODES)
def test_codes_are_shown__PV01(code: str) -> None:
    assert shown_code(code) == code


@pytest.mark.parametrize("text", [*NUMBERS, *NAMES, "", "=1+1", "ABC", "A1", "H" + "1" * 40, "1" * 41])
def test_what_is_no_code__PV02(text: str) -> None:
    assert shown_code(text) == ""


@given(st.lists(st.one_of(st.sampled_from([*CODES, *NUMBERS, *NAMES, ""]), st.text("AHđ019./_- ٣\n", max_size=8))))
@example(CODES[:3])
def test_many_codes_as_each__PV01_PV02(texts: list[str]) -> None:
    assert shown_codes(texts) == [shown_code(text) for text in texts]


def test_units__PV01_PV02() -> None:
    applicants = {key(NAMES[0])}
    assert shown_unit("Phòng Văn hóa - Xã hội", applicants) == "Phòng Văn hóa - Xã hội"
    assert shown_unit("nguyễn thị  bí mật", applicants) == ""
    assert all(shown_unit(f"số {number}", ()) == "" for number in NUMBERS)


SPELLED = [
    *NUMBERS,
    "0912 345 678",
    "+84 912 345 678",
    "0255 3822 123",
    "3822 1234",
    "051-190-001-234",
    "051 190 001 234",
]


@pytest.mark.parametrize("span", ["2021-2025", "2021 - 2025", "1999-2001", "2025-2025"])
def test_a_span_of_years_is_nobodys_number__PV03(span: str) -> None:
    for text in (span, f"Kế hoạch {span}", f"Kế hoạch {span} (sửa đổi)"):
        assert shown_word(text, 1) == text == shown_unit(text, ())


LONGER = ["2021-20255", "12021-2025", "2021-2025-1", "2021-2025 1", "2021--2025", "2021.2025", "2021-1825", "2121-2225"]
LONGER += ["2025-2024", "20212025 1", "202120251", "2021-2025 và 0912345678"]


@pytest.mark.parametrize("text", [*LONGER, *SPELLED])
def test_one_digit_more_may_be_somebodys__PV03(text: str) -> None:
    assert shown_word(text, 9) == shown_word(f"số {text}", 9) == MAY_BE_PERSONAL
    assert shown_unit(text, ()) == shown_unit(f"số {text}", ()) == ""


def test_words__PV01_PV02() -> None:
    for word in ("Đang bay", "DA_PHE_DUYET", "Chưa trả kết quả", "Hoàn"):
        assert shown_word(word, 1) == word
    assert [shown_word(name, 1) for name in NAMES] == [MAY_BE_PERSONAL] * 3
    assert [shown_word(number, 9) for number in NUMBERS] == [MAY_BE_PERSONAL] * len(NUMBERS)
    assert shown_word("Đã Ký Số", 4) == MAY_BE_PERSONAL
    assert shown_word("Đã Ký Số", 5) == "Đã Ký Số"
