"""A list of when reports came in: which file it names, and which of its lines cannot be used."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from made_filings import PERIOD, PLACES, digest_of, filing

from toolkit.arrivals import Received, read_arrivals
from toolkit.arrivals import received as received_of
from toolkit.records import Digest, Place, Unread

DAY, LATER = date(2025, 10, 2), date(2025, 10, 9)
HEAD = ("Tên tệp", "Ngày nhận")


def digests(*named: tuple[str, str]) -> list[Digest]:
    """(file, content): all of one commune, 21000."""
    return [digest_of(filing(file=file, content=content)) for file, content in named]


def listed(rows: list[tuple[object, ...]], *there: Digest) -> tuple[Received, list[str]]:
    arrivals = read_arrivals(rows, "so_den.xlsx")
    assert arrivals is not None
    found, findings = received_of(arrivals, there, PLACES, "so_den.xlsx", PERIOD)
    return found, [f.code for f in (*arrivals.findings, *findings)]


def received(rows: list[tuple[object, ...]], *named: tuple[str, str]) -> tuple[dict[str, tuple[date, ...]], list[str]]:
    found, codes = listed(rows, *digests(*named))
    return dict(found.files), codes


@pytest.mark.parametrize(
    "name", ["a.xlsx", "A.XLSX", "thư mục/a.xlsx", "thư mục\\a.xlsx"], ids=["name", "capitals", "path", "Windows path"]
)
def test_a_line_names_a_file(name: str) -> None:
    assert received([HEAD, (name, DAY)], ("thư mục/a.xlsx", "x")) == ({"thư mục/a.xlsx": (DAY,)}, [])


@pytest.mark.parametrize("raw", [datetime(2025, 10, 2, 16, 30), "2/10/2025", "2025-10-02", 45932])
def test_a_day_in_any_dress(raw: object) -> None:
    assert received([HEAD, ("a.xlsx", raw)], ("a.xlsx", "x")) == ({"a.xlsx": (DAY,)}, [])


@pytest.mark.parametrize("name", ["Tên xã", "Xã, phường, đặc khu", "ĐƠN VỊ BÁO CÁO", "Nơi gửi"])
@pytest.mark.parametrize("day", ["Ngày nhận", "Ngày nộp báo cáo", "Thời gian gửi", "NGÀY  ĐẾN"])
def test_headings_as_people_write_them(name: str, day: str) -> None:
    assert received([("TT", name, day), (1, "An Phú", DAY)], ("a.xlsx", "x")) == ({"a.xlsx": (DAY,)}, [])


def test_of_several_days_that_of_receipt_counts() -> None:
    rows: list[tuple[object, ...]] = [("Tên tệp", "Ngày gửi", "Ngày nhận báo cáo"), ("a.xlsx", DAY, LATER)]
    assert received(rows, ("a.xlsx", "x")) == ({"a.xlsx": (LATER,)}, [])


def test_a_line_names_a_commune() -> None:
    rows: list[tuple[object, ...]] = [("Sổ văn bản đến",), ("Mã xã", "Ngày đến"), (21000, DAY)]
    assert received(rows, ("a.xlsx", "x"), ("a (1).xlsx", "x")) == ({"a.xlsx": (DAY,), "a (1).xlsx": (DAY,)}, [])


def test_leading_zeros_lost_in_a_list_are_no_other_commune() -> None:
    arrivals = read_arrivals([("Mã xã", "Ngày nhận"), (7, DAY), ("00007", DAY)], "so.csv")
    assert arrivals is not None and {line.commune for line in arrivals.lines} == {"00007"}


def test_a_day_of_a_commune_with_two_contents_is_of_the_commune_alone() -> None:
    rows: list[tuple[object, ...]] = [("Mã xã", "Ngày đến"), ("21000", LATER), ("21000", DAY)]
    found, codes = listed(rows, *digests(("a.xlsx", "x"), ("b.xlsx", "y")))
    assert found == Received({}, {"21000": (DAY, LATER)})
    assert codes == ["GOP_020"]


def test_a_mended_copy_leaves_no_doubt() -> None:
    """It counts whatever the day; the commune was in time by its first."""
    rows: list[tuple[object, ...]] = [("Mã xã", "Ngày đến"), ("21000", DAY)]
    two = digests(("a.xlsx", "x"), ("21000_Xa_An_Phu_sua.xlsx", "y"))
    assert listed(rows, *two) == (Received({}, {"21000": (DAY,)}), [])


def test_a_file_that_cannot_be_read_may_be_what_came_on_that_day() -> None:
    bad = Digest("21000 hỏng.xlsx", "0", None, Unread("21000 hỏng.xlsx", "TEP_001", "Tệp hỏng."), (), None)
    lock = bad._replace(file="~$21000.xlsx", unread=Unread("~$21000.xlsx", "TEP_008", "Tệp tạm."))
    rows: list[tuple[object, ...]] = [("Mã xã", "Ngày đến"), ("21000", DAY)]
    assert listed(rows, *digests(("a.xlsx", "x")), bad) == (Received({}, {"21000": (DAY,)}), ["GOP_020"])
    assert listed(rows, *digests(("a.xlsx", "x")), lock) == (Received({"a.xlsx": (DAY,)}), [])
    assert listed(rows, bad) == (Received(), ["GOP_014"])  # no report came that can be read


@pytest.mark.parametrize(
    ("heads", "line", "codes"),
    [
        (("Tên xã",), ("Xã An Phú",), []),
        (("Đơn vị",), ("an phú",), []),
        (("Mã xã",), ("An Phú",), []),
        (("Mã xã", "Tên xã"), ("21000", "An Phú"), []),
        (("Mã xã", "Tên xã"), ("21000", "không rõ"), []),  # the code is enough
        (("Mã xã", "Tên xã"), ("", "An Phú"), []),
        (("Mã xã", "Tên xã"), ("21000", "Ba Gia"), ["GOP_021"]),
        (("Tên xã",), ("An Phu",), []),  # no other expected commune has these letters
        (("Đơn vị",), ("UBND Xa AN PHU",), []),
        (("Mã xã", "Tên xã"), ("21000", "ba gia"), ["GOP_021"]),
        (("Mã xã", "Tên xã"), ("21000", "Bo Y"), ["GOP_021"]),
        (("Tên xã",), ("An Phù",), ["GOP_014"]),  # accents of its own: another name
        (("Tên xã",), ("An Phụ",), ["GOP_014"]),
        (("Tên xã",), ("Ba Gia",), ["GOP_014"]),  # nothing came from there
    ],
)
def test_a_line_names_a_commune_by_its_name(heads: tuple[str, ...], line: tuple[str, ...], codes: list[str]) -> None:
    found = received([(*heads, "Ngày nhận"), (*line, DAY)], ("a.xlsx", "x"))
    assert found == ({} if codes else {"a.xlsx": (DAY,)}, codes)


@pytest.mark.parametrize(
    ("typed", "meant"), [("Sơn Hà", 0), ("Sơn Hạ", 1), ("Son Ha", None), ("Xa Son Ha", None), ("Sơn Ha", None)]
)
def test_accents_decide_where_they_tell_communes_apart(typed: str, meant: int | None) -> None:
    two = [Place("21289", "Xã", "Sơn Hà", "51"), Place("21292", "Xã", "Sơn Hạ", "51")]
    there = [digest_of(filing(place, file=f"{place.code}.xlsx", content=place.code)) for place in two]
    arrivals = read_arrivals([("Tên xã", "Ngày nhận"), (typed, DAY)], "so.xlsx")
    assert arrivals is not None
    found, findings = received_of(arrivals, there, [*two, *PLACES], "so.xlsx", PERIOD)
    assert dict(found.files) == ({} if meant is None else {f"{two[meant].code}.xlsx": (DAY,)})
    assert [f.code for f in findings] == ([] if meant is not None else ["GOP_014"])
    told = [place.code in f.message for f in findings for place in (*two, PLACES[0])]
    assert told in ([], [True, True, False])  # which ones it could be, and no other


def test_a_line_of_a_known_commune_is_told_no_other() -> None:
    arrivals = read_arrivals([("Tên xã", "Ngày nhận"), ("Ba Gia", DAY)], "s")
    assert arrivals is not None
    (told,) = received_of(arrivals, [], PLACES, "s", PERIOD)[1]
    assert told.code == "GOP_014" and not any(place.code in told.message for place in PLACES)


def test_one_name_in_two_folders() -> None:
    files = (("1/a.xlsx", "x"), ("2/a.xlsx", "y"))
    assert received([HEAD, ("a.xlsx", DAY)], *files) == ({}, ["GOP_015"])
    assert received([HEAD, ("2/a.xlsx", DAY)], *files) == ({"2/a.xlsx": (DAY,)}, [])
    outside = (("a.xlsx", "x"), ("2/a.xlsx", "y"))
    assert received([HEAD, ("a.xlsx", DAY)], *outside) == ({"a.xlsx": (DAY,)}, [])


def test_lines_that_cannot_be_used_are_told() -> None:
    bad: list[tuple[object, ...]] = [("khác.xlsx", DAY), ("a.xlsx", "31/11/2025"), ("a.xlsx", ""), ("", "")]
    rows: list[tuple[object, ...]] = [HEAD, *bad, ("a.xlsx", LATER), ("a.xlsx", DAY)]
    assert received(rows, ("a.xlsx", "x")) == ({"a.xlsx": (DAY, LATER)}, ["GOP_016", "GOP_014"])


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        ([("a.xlsx", "")], ["GOP_023"]),  # it is there: when did it come?
        ([("khác.xlsx", "")], []),  # nothing came yet
        ([("TỔNG CỘNG", "")], []),
        ([("a.xlsx", ""), ("a.xlsx", DAY)], []),
    ],
)
def test_a_line_without_a_day(lines: list[tuple[object, ...]], codes: list[str]) -> None:
    assert received([HEAD, *lines], ("a.xlsx", "x"))[1] == codes


@pytest.mark.parametrize("second", [[], [("b.xlsx", "y")]])
@pytest.mark.parametrize(
    ("lines", "undated"),
    [([("21000", "")], 1), ([("21001", "")], 0), ([("21000", ""), ("21000", DAY)], 0), ([("21000", None)], 1)],
)
def test_a_commune_without_a_day(second: list[tuple[str, str]], lines: list[tuple[object, ...]], undated: int) -> None:
    rows: list[tuple[object, ...]] = [("Mã xã", "Ngày nhận"), *lines]
    assert received(rows, ("a.xlsx", "x"), *second)[1].count("GOP_023") == undated


@pytest.mark.parametrize(
    ("day", "fits"),
    [
        (PERIOD.start, True),
        (PERIOD.start - timedelta(1), False),
        (PERIOD.end + timedelta(366), True),
        (PERIOD.end + timedelta(367), False),
    ],
)
def test_a_day_of_another_year_is_a_slip_of_the_hand(day: date, fits: bool) -> None:
    found, codes = received([HEAD, ("a.xlsx", day)], ("a.xlsx", "x"))
    assert (found, codes) == (({"a.xlsx": (day,)}, []) if fits else ({}, ["GOP_024"]))


@pytest.mark.parametrize("rows", [[], [("Tên tệp", "Ghi chú"), ("a.xlsx", DAY)], [("Ngày nhận",), (DAY,)]])
def test_no_such_list(rows: list[tuple[object, ...]]) -> None:
    assert read_arrivals(rows, "so.xlsx") is None
