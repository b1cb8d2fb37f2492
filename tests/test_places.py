"""Guards toolkit/places.py, the list of communes and the loaders of workbook/forms.py.

1. The counts, codes and corrections of DOMAIN section 7 (facts as of 30/4/2026).
2. A name matches whatever its composition, case, spaces, tone placement and kind; never without its accents.
3. A name that several communes bear is suggested, never matched.
4. A province's own list is read; a bad one is refused with all its faults at once.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from toolkit.places import Gazetteer, PlacesError, named_in, parse_places
from toolkit.records import Place, Province
from toolkit.text import key, strip_accents
from workbook.forms import load_places

PLACES = load_places()
HEADER = "ma,loai,ten,ma_tinh\n"


# --- the list


def test_counts_of_the_country() -> None:
    assert (len(PLACES.provinces), len(PLACES.places)) == (34, 3321)
    assert Counter(p.kind for p in PLACES.places) == {"Xã": 2611, "Phường": 697, "Đặc khu": 13}
    assert Counter(p.name.split(" ")[0] for p in PLACES.provinces) == {"Tỉnh": 27, "Thành": 7}


@pytest.mark.parametrize(
    ("province", "communes", "wards", "zones"),
    [("51", 86, 9, 1), ("19", 77, 15, 0), ("31", 67, 45, 2), ("01", 75, 51, 0), ("79", 54, 113, 1)],
)
def test_counts_of_a_province(province: str, communes: int, wards: int, zones: int) -> None:
    kinds = Counter(p.kind for p in PLACES.in_province(province))
    assert (kinds["Xã"], kinds["Phường"], kinds["Đặc khu"]) == (communes, wards, zones)


def test_sizes_of_the_provinces() -> None:
    sizes = sorted(len(PLACES.in_province(p.code)) for p in PLACES.provinces)
    assert (sizes[0], sizes[16], sizes[-1], sum(sizes)) == (38, 99, 168, 3321)


@pytest.mark.parametrize(
    ("code", "kind", "name", "province"),
    [
        ("21361", "Xã", "Minh Long", "51"),
        ("21061", "Xã", "Vạn Tường", "51"),
        ("11131", "Xã", "Chí Minh", "31"),
        ("12271", "Xã", "Chí Minh", "33"),
        ("06978", "Xã", "Ba Chẽ", "22"),
        ("10543", "Phường", "Việt Hòa", "31"),
        ("31299", "Xã", "Phong Điền", "92"),
        ("26368", "Phường", "Long Thành", "75"),
    ],
)
def test_single_facts(code: str, kind: str, name: str, province: str) -> None:
    assert PLACES.find(code) == Place(code, kind, name, province)


def test_corrections_of_dong_nai_and_ba_che() -> None:
    assert PLACES.province("75") == Province("75", "Thành phố Đồng Nai")
    became_wards = ["25270", "25357", "25363", "26116", "26170", "26248", "26326", "26368", "26425", "26485"]
    assert {p.kind for code in became_wards if (p := PLACES.find(code))} == {"Phường"}
    assert PLACES.find("06970") is None


def test_spelling_is_composed_and_tidy() -> None:
    for name in [p.name for p in PLACES.places] + [p.name for p in PLACES.provinces]:
        assert name == " ".join(unicodedata.normalize("NFC", name).split())
        assert all(word[0].isupper() or not word[0].isalpha() for word in name.removeprefix("Thành phố").split()), name


def test_codes_are_in_order_and_belong_to_a_province() -> None:
    codes = [p.code for p in PLACES.places]
    assert codes == sorted(set(codes))
    assert {p.province for p in PLACES.places} == {p.code for p in PLACES.provinces}


def test_accents_are_needed_inside_a_province() -> None:
    accented = Counter((p.province, key(p.name)) for p in PLACES.places)
    assert max(accented.values()) == 1
    plain: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for place in PLACES.places:
        plain[place.province, strip_accents(place.name).lower()].add(place.name)
    assert sorted(sorted(names) for names in plain.values() if len(names) > 1) == [
        ["Ba Tô", "Ba Tơ"],
        ["Cẩm Giang", "Cẩm Giàng"],
        ["Lộc Thành", "Lộc Thạnh"],
        ["Mỹ Tho", "Mỹ Thọ"],
        ["Sơn Hà", "Sơn Hạ"],
        ["Thanh An", "Thạnh An"],
        ["Tân Thành", "Tân Thạnh"],
        ["Tân Thành", "Tân Thạnh"],
        ["Văn Lang", "Văn Lăng"],
        ["Đông Tiến", "Đồng Tiến"],
    ]


# --- codes


def test_a_code_keeps_its_zeros_or_gets_them_back() -> None:
    first = PLACES.find("00004")
    assert first is not None
    assert PLACES.find("4") == PLACES.find(" 00004\u00a0") == first
    assert PLACES.find("") is PLACES.find("99999") is PLACES.find("xyz") is None
    assert PLACES.province("1") == PLACES.province("01") == Province("01", "Thành phố Hà Nội")
    assert PLACES.province("99") is None
    assert PLACES.in_province("99") == ()


# --- names

IN_FRONT = [
    "",
    "Xã ",
    "Phường ",
    "Đặc khu ",
    "UBND xã ",
    "UBND  phường ",
    "Ủy ban nhân dân xã ",
    "Uỷ ban nhân dân ",
    "X. ",
    "P.",
]
FORMS: list[Literal["NFC", "NFD"]] = ["NFC", "NFD"]
CASES: list[Callable[[str], str]] = [str, str.upper, str.lower, str.title]


FIRST = ["òa", "óa", "ỏa", "õa", "ọa", "ùy", "úy", "ủy", "ũy", "ụy"]
SECOND = ["oà", "oá", "oả", "oã", "oạ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"]
TONES = dict(zip(FIRST, SECOND, strict=True))


def other_tone(name: str) -> str:
    """The name with its tone on the other vowel of an open syllable: "Khánh Hòa" -> "Khánh Hoà"."""
    return " ".join(word[:-2] + TONES.get(word[-2:], word[-2:]) for word in name.split(" "))


@given(
    place=st.sampled_from(PLACES.places),
    front=st.sampled_from(IN_FRONT),
    case=st.sampled_from(CASES),
    form=st.sampled_from(FORMS),
    space=st.sampled_from([" ", "  ", "\u00a0", "\n", " \u200b"]),
    tone=st.booleans(),
)
def test_any_decoration_of_a_name_still_matches(
    place: Place, front: str, case: Callable[[str], str], form: Literal["NFC", "NFD"], space: str, tone: bool
) -> None:
    typed = case(front + (other_tone(place.name) if tone else place.name)).replace(" ", space)
    assert PLACES.match(unicodedata.normalize(form, f"{space}{typed}{space}"), place.province) == place


def test_the_other_tone_placement_is_really_tried() -> None:
    assert other_tone("Khánh Hòa") == "Khánh Hoà"
    assert other_tone("Hoàng Thủy") == "Hoàng Thuỷ"
    assert sum(other_tone(p.name) != p.name for p in PLACES.places) > 150


@given(place=st.sampled_from(PLACES.places))
def test_a_name_without_its_accents_is_suggested_never_matched(place: Place) -> None:
    typed = strip_accents(place.name)
    found = PLACES.match(typed, place.province)
    if found is None:
        assert place in PLACES.suggest(typed, place.province)
    else:  # somebody is really called so: "Thạnh An" without accents is its neighbour "Thanh An"
        assert key(found.name) == key(typed)


@pytest.mark.parametrize("name", ["Sơn Hà", "Sơn Hạ", "Ba Tơ", "Ba Tô"])
def test_names_that_differ_by_an_accent_are_kept_apart(name: str) -> None:
    found = PLACES.match(f"UBND XÃ {name.upper()}", "51")
    assert found is not None and found.name == name


def test_without_accents_both_are_suggested_and_nothing_else() -> None:
    assert PLACES.match("Son Ha", "51") is None
    assert [p.name for p in PLACES.suggest("Son Ha", "51")] == ["Sơn Hà", "Sơn Hạ"]
    assert [p.name for p in PLACES.suggest("Van Tuong")] == ["Vạn Tường"]  # not "An Tường", which is near too


@given(place=st.sampled_from(PLACES.places), kind=st.sampled_from(["", "Xa ", "UBND phuong ", "Xã "]))
def test_typed_without_accents_a_name_means_all_of_its_letters(place: Place, kind: str) -> None:
    typed = kind + strip_accents(place.name)
    found = PLACES.meant(typed, place.province)
    assert place in found or PLACES.match(typed, place.province) in found
    assert {strip_accents(key(p.name)) for p in found} == {strip_accents(key(place.name))}


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("Phuong Duc", ["10279"]),  # Phượng Dực: no phường called Dực
        ("Xa Phuong Duc", ["10279"]),
        ("Phường Dực", []),
        ("Phương Duc", []),  # an accent of its own
    ],
)
def test_a_name_that_begins_like_a_kind(typed: str, codes: list[str]) -> None:
    assert [p.code for p in PLACES.meant(typed, "01")] == codes


def test_a_slip_of_the_finger_is_suggested() -> None:
    assert PLACES.match("Vạn Tườg", "51") is None
    assert [p.code for p in PLACES.suggest("Vạn Tườg", "51")] == ["21061"]
    assert PLACES.suggest("Không có xã này đâu", "51") == ()


def test_a_name_of_several_communes_is_no_match() -> None:
    assert PLACES.match("Xã Chí Minh") is None
    assert {p.code for p in PLACES.suggest("Xã Chí Minh")} == {"11131", "12271"}
    found = PLACES.match("Xã Chí Minh", "31")
    assert found is not None and found.code == "11131"
    assert len(PLACES.suggest("Tân Tiến")) == 5


def test_the_kind_in_front_decides_nothing() -> None:
    """A file of a xã that became a phường is that commune's file; elsewhere a kind does not make a name unique."""
    became = PLACES.match("Xã Long Thành", "75")
    assert became is not None and became.kind == "Phường"
    assert PLACES.match("Phường Tân Phú") is None


def test_a_name_of_one_commune_in_the_country_needs_no_province() -> None:
    found = PLACES.match("vạn tường")
    assert found is not None and found.code == "21061"


@pytest.mark.parametrize("name", ["", " ", "Xã", "UBND", "UBND xã", "\u200b", "???"])
def test_no_name_is_no_match(name: str) -> None:
    assert PLACES.match(name) is PLACES.match(name, "51") is None
    assert PLACES.meant(name) == PLACES.meant(name, "51") == ()
    assert PLACES.suggest(name, "51") == ()


# --- a province's own list


def test_own_list(tmp_path: Path) -> None:
    own = tmp_path / "xa.csv"
    own.write_bytes("\ufeff# của tỉnh\r\nma;loai;ten;ma_tinh\r\n21061;Xã;Vạn Tường;51\r\n".encode())
    found = load_places(own)
    assert found.places == (Place("21061", "Xã", "Vạn Tường", "51"),)
    assert found.province("51") == Province("51", "Tỉnh Quảng Ngãi")


def test_own_list_in_another_encoding_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "xa.csv"
    own.write_bytes((HEADER + "21061,Xã,Vạn Tường,51\n").encode("utf-16"))
    with pytest.raises(PlacesError):
        load_places(own)


def test_without_provinces_none_has_a_name() -> None:
    assert parse_places(HEADER + "21061,Xã,Vạn Tường,51\n") == Gazetteer((), (Place("21061", "Xã", "Vạn Tường", "51"),))


@example([("21061", "Xã", "Vạn Tường", "51", ()), ("21061", "Xã", "Ba Đình", "51", ())])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("21061", "21361", "00004", "4", "2106x")),
            st.sampled_from(("Xã", "Phường", "Xóm")),
            st.sampled_from(("Vạn Tường", "Ba Đình", "")),
            st.sampled_from(("51", "01", "1")),
            st.sampled_from(((), (), (), ("thừa",))),
        ),
        max_size=4,
    )
)
def test_a_list_read_at_once_is_the_one_read_line_by_line(
    rows: list[tuple[str, str, str, str, tuple[str, ...]]],
) -> None:
    """A quotation mark anywhere has the list read line by line."""
    lines = [[*row[:4], *row[4]] for row in rows]
    plain, quoted = ("".join(",".join(map(mark, line)) + "\n" for line in lines) for mark in (str, '"{}"'.format))

    def outcome(text: str) -> object:
        try:
            return parse_places(HEADER + text)
        except PlacesError as error:
            return error.faults

    assert outcome(plain) == outcome(quoted)


def test_a_bad_list_is_refused_with_every_faulty_line() -> None:
    rows = [
        "4,Xã,A,01",
        "00005,Xóm,B,01",
        "00006,Xã,,01",
        "00007,Xã,C,1",
        "00008,Xã,D,01",
        "00008,Xã,E,01",
        "00009,Xã,F",
    ]
    with pytest.raises(PlacesError) as caught:
        parse_places(HEADER + "\n".join(rows))
    assert sorted((fault.line, fault.what) for fault in caught.value.faults) == [
        (2, "ma"), (3, "loai"), (4, "ten"), (5, "ma_tinh"), (7, "lap"), (8, "cot"),
    ]  # fmt: skip


def test_a_faulty_province_is_told_too() -> None:
    with pytest.raises(PlacesError) as caught:
        parse_places(HEADER + "00004,Phường,Ba Đình,01", "ma,loai,ten\n1,Thành phố,Hà Nội\n04,Huyện,Cao Bằng\n")
    found = [(fault.of_provinces, fault.line, fault.what) for fault in caught.value.faults]
    assert found == [(True, 2, "ma"), (True, 3, "loai")]


@pytest.mark.parametrize(
    "text", ["", "\n", "# chỉ có ghi chú\n", "code,kind,name\n", "ma,loai,ten\n", "21061,Xã,Vạn Tường,51\n"]
)
def test_a_list_without_its_header_is_refused(text: str) -> None:
    with pytest.raises(PlacesError):
        parse_places(text)


ALIKE = tuple(
    Place(f"2100{n}", "Xã", name, "51")
    for n, name in enumerate(("Trà Bồng", "Đông Trà Bồng", "Sơn Hà", "Sơn Hạ", "Huế"), 1)
)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("bao cao Dong Tra Bong.xlsx", "21002"),  # not the shorter name within it
        ("bao_cao_tra_bong.xlsx", "21001"),
        ("xã Sơn Hạ (2).xlsx", "21004"),
        ("xa Son Ha.xlsx", None),  # either of two
        ("21003 son ha.xlsx", "21003"),
        ("21003 21004.xlsx", None),
        ("21003 tra bong.xlsx", None),
        ("210033.xlsx", None),
        ("thành phố Huế.xlsx", None),  # a name of one word is any word
    ],
)
def test_the_commune_that_a_file_name_speaks_of(name: str, code: str | None) -> None:
    found = named_in(name, ALIKE)
    assert (found and found.code) == code


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("51", "51"),
        ("1", "01"),
        ("Quảng Ngãi", "51"),
        ("tỉnh  QUẢNG NGÃI", "51"),
        ("quang ngai", "51"),
        ("Tinh Quang Ngai", "51"),
        ("TP. Hà Nội", "01"),
        ("thanh pho Ha Noi", "01"),
        ("Quãng Ngãi", None),  # neither as written nor without accents
        ("quang", None),
        ("", None),
    ],
)
def test_a_province_by_its_name(said: str, code: str | None) -> None:
    found = PLACES.province_named(said)
    assert (found and found.code) == code


def test_without_accents_only_where_one_is_so_called() -> None:
    two = Gazetteer((Province("98", "Tỉnh Sơn Hà"), Province("99", "Tỉnh Sơn Hạ")), ())
    assert two.province_named("son ha") is None
    assert two.province_named("sơn hạ") == two.provinces[1]
