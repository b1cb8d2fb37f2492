from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.text import all_tidy, fold_tone, key, keys_of, nfc, similar, strip_accents, tidy

VIETNAMESE = st.text("aàăâbcdđeêghiklmnoôơpqrstuưvxyýỳỷáạảãóòọỏõúùụủũ ĐÂÊÔƠƯ/-–’\n\u00a0\u0301\u0323", max_size=30)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Thanh Hoá", "Thanh Hóa"),
        ("KHÁNH HOÀ", "Khánh Hòa"),
        ("Thuỷ lợi", "Thủy lợi"),
        ("Uỷ ban", "Ủy ban"),
        ("quý", "qúy"),
        ("Lý do", "Lí do"),
        ("Tỷ lệ", "tỉ lệ"),
        ("Trực tiếp,\ndịch vụ  bưu\u00a0chính ", "Trực tiếp, dịch vụ bưu chính"),
        ("Trả lại/ Rút HS", "Trả lại / Rút HS"),
        ("– đã kích hoạt", "- đã kích hoạt"),
        ("d’Ran", "d'Ran"),
        (unicodedata.normalize("NFD", "Hồ sơ đã giải quyết"), "Hồ sơ đã giải quyết"),
        ("Đất\u200b đai", "Đất đai"),
    ],
)
def test_spellings_of_one_label_share_a_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sơn Hà", "Sơn Hạ"), ("Ba Tơ", "Ba Tô"), ("Tân Thành", "Tân Thạnh"), ("Quá hạn", "Qua hạn"), ("y tế", "i tế")],
)
def test_accents_and_words_are_never_folded_away(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize("word", ["hoàng", "hoán", "huỳnh", "khuya", "toàn", "thuở"])
def test_only_open_syllables_are_tone_folded(word: str) -> None:
    assert fold_tone(word) == word


def test_tone_folding_keeps_case() -> None:
    assert [fold_tone(t) for t in ("Hòa", "HÒA", "hòa", "ÒA")] == ["Hoà", "HOÀ", "hoà", "OÀ"]


def test_accents_go_with_d() -> None:
    assert strip_accents("Đường Đắk Tô, thường ổn") == "Duong Dak To, thuong on"


def test_similar_is_symmetric_and_one_only_for_the_same_key() -> None:
    assert similar("Đất đai", "đất  Đai") == 1
    assert similar("Sơn Hà", "Sơn Hạ") == similar("Sơn Hạ", "Sơn Hà") < 1
    assert similar("Bảo trợ xã hội", "Bảo trơ xã hội") > 0.9 > similar("Hộ tịch", "Chứng thực")


@given(VIETNAMESE | st.text(max_size=20))
def test_key_and_tidy_are_idempotent_and_blind_to_composition(text: str) -> None:
    assert key(key(text)) == key(text)
    assert tidy(tidy(text)) == tidy(text) == nfc(tidy(text))
    assert key(unicodedata.normalize("NFD", text)) == key(text) == key(tidy(text))


@given(st.lists(VIETNAMESE | st.text(max_size=5)))
def test_a_column_called_tidy_is_tidy(texts: list[str]) -> None:
    assert not all_tidy(texts) or [tidy(text) for text in texts] == texts
    assert keys_of(texts) == tuple(map(key, texts))


@pytest.mark.parametrize(
    ("texts", "tidy_ones"),
    [
        ([], True),
        (["", "Đã trả kết quả", "H48.22-250908-0001", ""], True),
        (["Hộ tịch ", "Đất đai"], False),
        (["Hộ tịch", " Đất đai"], False),
        (["Hộ  tịch"], False),
        ([" "], False),
        (["a", unicodedata.normalize("NFD", "Đã trả")], False),
        (["Đất\u200bđai"], False),
        (["a\u00a0b"], False),
        (["a\nb"], False),
    ],
)
def test_a_column_is_tidy_as_a_whole(texts: list[str], tidy_ones: bool) -> None:
    assert all_tidy(texts) is tidy_ones
