"""Finding the heading of an exported list, telling its rows apart, and joining lists: the pure part of importing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import permutations

import pytest
from exports_made import CHON_THANH, IGATE, LAND_TOOL, SYNC, THANH_HOA, code
from hypothesis import given
from hypothesis import strategies as st

from toolkit.answers import in_words, reply_of
from toolkit.export_dates import code_day, swaps
from toolkit.export_list import DATES
from toolkit.export_rows import Record, code_key, is_code, read_moment, take
from toolkit.header_row import Header, Rows, answered, find_header, is_spoilt, words_of
from toolkit.register_merge import Joined, Place, join
from workbook.forms import load_form, load_vocabulary

BLOCK = load_form().block("ho_so")
VOCABULARY = load_vocabulary()
WORDS = words_of(VOCABULARY, BLOCK)
STAGES = {"Đang xử lý": 1, "Đã trả kết quả": 2}


def header(*rows: Sequence[object]) -> Header:
    found = find_header(rows, WORDS)
    assert found is not None
    return found


def fields(*rows: Sequence[object]) -> dict[str, int]:
    return {c.field: c.at for c in header(*rows).columns if c.field}


# --- the heading


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        (IGATE, "ma_ho_so ten_tthc linh_vuc ngay_tiep_nhan ngay_hen_tra ngay_ket_qua don_vi chu_ho_so trang_thai"),
        (THANH_HOA, "linh_vuc ten_tthc ma_ho_so trang_thai chu_ho_so ngay_tiep_nhan ngay_hen_tra ngay_ket_qua don_vi"),
        (LAND_TOOL, "ma_ho_so ten_tthc ngay_tiep_nhan chu_ho_so"),
        (CHON_THANH, "ma_ho_so chu_ho_so ten_tthc ngay_tiep_nhan ngay_hen_tra ngay_ket_qua trang_thai"),
        (SYNC, "ma_ho_so ngay_tiep_nhan ngay_hen_tra ngay_ket_qua ngay_tra hinh_thuc"),
    ],
    ids=["iGate", "Thanh Hóa", "land tool", "Chơn Thành", "sync"],
)
def test_headings_of_real_systems(heading: list[str], expected: str) -> None:
    assert set(fields(heading)) == set(expected.split())


@given(above=st.integers(0, 20), left=st.integers(0, 3), upper=st.booleans())
def test_heading_anywhere(above: int, left: int, upper: bool) -> None:
    """Where the heading stands, and how it is written, does not matter."""
    row = [""] * left + [h.upper() if upper else f" {h} :" for h in IGATE]
    found = header(*[["UBND xã"]] * above, row, ["x"] * len(row))
    assert (found.first, found.last) == (above + 1, above + 1)
    assert {c.field: c.at - left for c in found.columns if c.field} == fields(IGATE)


def test_no_heading() -> None:
    two_names = ["Mã hồ sơ", "Trạng thái", "Khác"]
    assert find_header([two_names], WORDS) is None
    assert find_header([[*two_names[:2], "Lĩnh vực"]], WORDS) is not None
    assert find_header([], WORDS) is None


def test_a_doubtful_heading_stays_open() -> None:
    (column,) = (c for c in header(LAND_TOOL).columns if c.options)
    assert (column.heading, column.options, column.field) == ("Ngày trả kết quả", ("ngay_hen_tra", "ngay_tra"), "")


def test_accents_count() -> None:
    found = header(["Mã hồ sơ", "Ngày tiếp nhận", "Ngay hen tra", "Ngày hen trà", "Trạng thái"])
    assert [c.field for c in found.columns] == ["ma_ho_so", "ngay_tiep_nhan", "ngay_hen_tra", "", "trang_thai"]


@pytest.mark.parametrize(
    ("heading", "like"), [("Ngày hẹn trar", "ngay_hen_tra"), ("Trạng thái hồ sơơ", "trang_thai"), ("Ngày sinh", "")]
)
def test_did_you_mean(heading: str, like: str) -> None:
    found = header(["Mã hồ sơ", "Lĩnh vực", "Ngày nhận", heading])
    assert [c.like for c in found.columns if c.heading == heading] == [like]


def test_personal_columns_are_known() -> None:
    found = header([*IGATE, "Số CCCD/CMND", "Địa chỉ thường trú", "Ghi chú"])
    assert [c.heading for c in found.columns if c.personal] == ["Số điện thoại", "Số CCCD/CMND", "Địa chỉ thường trú"]


def test_the_surer_name_wins() -> None:
    found = header(["Mã hồ sơ", "Ngày nộp hồ sơ", "Người nộp", "Chủ hồ sơ", "Ngày nhận"])
    assert [(c.heading, c.spare) for c in found.columns if c.spare] == [
        ("Ngày nộp hồ sơ", "ngay_tiep_nhan"),
        ("Người nộp", "chu_ho_so"),
    ]


def test_an_answer_moves_a_field() -> None:
    found = answered(
        header(["Mã hồ sơ", "Ngày nộp hồ sơ", "Ngày nhận", "Lĩnh vực"]), "ngày nộp hồ sơ", "ngay_tiep_nhan"
    )
    assert found.at("ngay_tiep_nhan") == 2
    assert answered(found, "Lĩnh vực", "").at("linh_vuc") == 0


@pytest.mark.parametrize(
    ("text", "reply"),
    [("hẹn trả", "ngay_hen_tra"), ("ngay_hen_tra", "ngay_hen_tra"), ("Hạn xử lý", "ngay_hen_tra"), ("CCCD", ""),
     ("bỏ qua", "bo_qua"), ("đảo ngày tháng", "dao_ngay_thang"), ("gì đó", "")],
)  # fmt: skip
def test_replies(text: str, reply: str) -> None:
    assert reply_of(text, VOCABULARY, BLOCK) == reply
    assert not reply or reply_of(in_words(reply, BLOCK), VOCABULARY, BLOCK) == reply


def test_spoilt_text() -> None:
    assert is_spoilt([[h.encode().decode("cp1252", "replace") for h in IGATE]])
    assert is_spoilt([[h.encode().decode("latin-1") for h in IGATE]])
    assert not is_spoilt([IGATE, THANH_HOA, ["ÁO DÀI", "SÃO TOMÉ", "Ã Ơ"]])


# --- the rows


@pytest.mark.parametrize("text", ["000.00.53.H48-220921-0099", "H56.14-240823-0001", "BN-001", "0012", "12/2025"])
def test_codes(text: str) -> None:
    assert is_code(text)


@pytest.mark.parametrize("text", ["", "Người lập biểu", "HS", "ngày 30 tháng 9", "Trang 1/3 của 5", "I. Hộ tịch"])
def test_no_codes(text: str) -> None:
    assert not is_code(text)


HEAD = ["STT", "Chủ hồ sơ", "Mã hồ sơ", "Ngày nhận", "Trạng thái"]
DOSSIER = ["1", "Cộng đồng thôn", "HS-1", "01/07/2025", "Đang xử lý"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (DOSSIER, None),
        (["1", "Tổng công ty X", "HS-1", "01/07/2025", "Đang xử lý"], None),
        (["1", "Tổng cộng", "HS-1", "01/07/2025", "Đang xử lý"], None),  # a code and a day: no total, whatever it says
        (["1", "", "", "01/07/2025", "Đang xử lý"], None),  # no code, but a day
        (["", "Tổng cộng", "12", "", ""], "dong_cong"),
        (["", "Cộng mục I: 12 hồ sơ"], "dong_cong"),
        (["II", "Đất đai"], "dong_muc"),
        (["2"], "trong"),
        (["", "", ""], "trong"),
        (HEAD, "tieu_de"),
        (["1", "2", "3", "4", "5"], "tieu_de"),
        (["a", "b", "", "c", "", "d", "e"], "khac"),
    ],
)
def test_kinds_of_rows(row: list[str], reason: str | None) -> None:
    rows = [HEAD, DOSSIER, row, DOSSIER]
    taken = take(rows, header(*rows), DATES)
    assert taken.rows == ((2, 4) if reason else (2, 3, 4))
    assert taken.left_out == ({"tieu_de": (1,)} if not reason else joined_reasons(reason))
    tail = take([HEAD, DOSSIER, ["", "Người lập biểu", "", "Thủ trưởng"]], header(HEAD), DATES)
    assert tail.left_out["chu_ky"] == (3,)


def joined_reasons(reason: str) -> dict[str, tuple[int, ...]]:
    return {"tieu_de": (1, 3)} if reason == "tieu_de" else {"tieu_de": (1,), reason: (3,)}


@given(
    st.lists(
        st.lists(st.sampled_from(["", "x", "Tổng cộng", "HS-1", "01/07/2025", "5", 7.0, None]), max_size=6), max_size=12
    )
)
def test_no_row_is_lost(body: list[list[object]]) -> None:
    rows: Rows = [HEAD, *body]
    taken = take(rows, header(HEAD), DATES)
    everywhere = sorted([*taken.rows, *(n for some in taken.left_out.values() for n in some)])
    assert everywhere == list(range(1, len(rows) + 1))


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("05/09/2025", date(2025, 9, 5)),
        ("5-9-2025", date(2025, 9, 5)),
        ("05/09/2025 08:15", datetime(2025, 9, 5, 8, 15)),
        ("05/09/2025 00:00:00", date(2025, 9, 5)),
        ("2025-09-05T08:15:30", datetime(2025, 9, 5, 8, 15, 30)),
        (datetime(2025, 9, 5), date(2025, 9, 5)),
        (45905.0, date(2025, 9, 5)),
        (45905.5, datetime(2025, 9, 5, 12)),
        (12.0, "12"),
        ("31/11/2025", "31/11/2025"),
        (" chưa\nrõ ", "chưa rõ"),
    ],
)
def test_moments(raw: object, value: object) -> None:
    assert read_moment(raw) == value
    assert type(read_moment(raw)) is type(value)


# --- exchanged day and month


@given(st.lists(st.dates(date(2025, 1, 1), date(2025, 12, 31)), min_size=8, max_size=40))
def test_an_american_excel_is_undone(days: list[date]) -> None:
    """With codes that carry the day of receipt, every exchanged cell is put right, and no other is touched."""
    cells = [date(d.year, d.day, d.month) if d.day <= 12 else f"{d:%d/%m/%Y}" for d in days]
    rows = [["Mã hồ sơ", "Ngày nhận", "Trạng thái"]]
    rows += [[code(d, n), cell, "Đang xử lý"] for n, (d, cell) in enumerate(zip(days, cells, strict=True))]
    taken = take(rows, header(rows[0]), DATES)
    found = swaps(taken)
    ambiguous = [d for d in days if d.day <= 12 and d.day != d.month]
    fingerprint = len(ambiguous) >= 2 and any(d.day > 12 for d in days)
    assert bool(found) == fingerprint
    for swap in found:
        records = [r["ngay_tiep_nhan"] for r in taken.records]
        now = [swap.exchanged.get(row, value) for row, value in zip(taken.rows, records, strict=True)]
        assert now == days
        assert swap.open == ()


def test_day_in_a_code() -> None:
    assert code_day("000.00.53.H48-220921-0099") == date(2022, 9, 21)
    assert code_day("000.00.53.H48-221321-0099") is None
    assert code_day("HS-1") is None


# --- joining

RECORDS = st.fixed_dictionaries(
    {"ma_ho_so": st.sampled_from(["A-1", "a-1", "B-2"])},
    optional={
        "trang_thai": st.sampled_from([*STAGES, "Lạ"]),
        "ngay_tiep_nhan": st.dates(date(2025, 7, 1), date(2025, 7, 3)),
        "ngay_ket_qua": st.dates(date(2025, 7, 2), date(2025, 7, 4)),
        "linh_vuc": st.just("Hộ tịch"),
    },
)
LISTS = st.lists(st.lists(RECORDS, max_size=4), max_size=3)


def joined(book: Sequence[Record], *lists: Sequence[Record]) -> Joined:
    return join(book, lists, [range(len(records)) for records in lists], STAGES.get)


@given(book=st.lists(RECORDS, max_size=3, unique_by=lambda r: code_key(r["ma_ho_so"])), lists=LISTS)
def test_joining(book: list[Record], lists: list[list[Record]]) -> None:
    """Every row is a dossier, an update, or counted; joining the same again brings nothing; no code is forgotten."""
    made = joined(book, *lists)
    assert sum(map(len, lists)) == len(made.added) + len(made.changed) + len(made.repeated)
    now = [record | made.changed.get(n, {}) for n, record in enumerate(book)] + list(made.added)
    known = {code_key(r["ma_ho_so"]) for records in (book, *lists) for r in records}
    assert {code_key(r["ma_ho_so"]) for r in now} == known
    for value in ("linh_vuc", "ngay_ket_qua"):  # a dossier only gathers facts
        had = {code_key(r["ma_ho_so"]) for records in (book, *lists) for r in records if value in r}
        assert {code_key(r["ma_ho_so"]) for r in now if value in r} == had
    again = joined(now, now)
    assert (again.added, again.changed, again.twins) == ((), {}, ())


@given(LISTS)
def test_what_evidence_decides_does_not_depend_on_order(lists: list[list[Record]]) -> None:
    results = [joined([], *some) for some in permutations(lists)]
    decided = [made for made in results if all(twin.decided for twin in made.twins)]
    if len(decided) == len(results):
        assert len({repr(sorted(map(plain, made.added))) for made in results}) <= 1


def plain(record: Record) -> str:
    return str(sorted((record | {"ma_ho_so": code_key(record["ma_ho_so"])}).items()))


OPEN: Record = {"ma_ho_so": "A-1", "trang_thai": "Đang xử lý", "ngay_tiep_nhan": date(2025, 7, 1)}
DONE: Record = {**OPEN, "trang_thai": "Đã trả kết quả", "ngay_ket_qua": date(2025, 7, 2)}


def test_the_later_result_is_newer() -> None:
    for lists in ([OPEN], [DONE]), ([DONE], [OPEN]):
        made = joined([], *lists)
        assert made.added == (DONE,)
        (twin,) = made.twins
        assert (twin.decided, twin.status) == (True, "Đã trả kết quả")


def test_then_the_status_further_on() -> None:
    made = joined([], [{**OPEN, "trang_thai": "Đã trả kết quả"}], [OPEN])
    assert made.added[0]["trang_thai"] == "Đã trả kết quả"


def test_then_the_list_that_reaches_further() -> None:
    other = {**OPEN, "trang_thai": "Lạ"}
    later: Record = {"ma_ho_so": "B-2", "ngay_tiep_nhan": date(2025, 7, 9)}
    assert joined([], [OPEN], [other, later]).added[0]["trang_thai"] == "Lạ"
    assert joined([], [OPEN, later], [other]).added[0]["trang_thai"] == "Đang xử lý"
    (twin,) = joined([], [OPEN], [other]).twins
    assert not twin.decided


def test_owner_of_the_book_is_never_overwritten() -> None:
    book: list[Record] = [{**OPEN, "chu_ho_so": "X"}]
    newer: Record = {**DONE, "chu_ho_so": "Y"}
    made = join(book, [[newer]], [[7]], STAGES.get, frozenset({"chu_ho_so"}))
    assert made.changed == {0: {"trang_thai": "Đã trả kết quả", "ngay_ket_qua": date(2025, 7, 2)}}
    assert (made.repeated, made.twins) == ((), ())


def test_the_time_of_day_is_added() -> None:
    finer: Record = {**OPEN, "ngay_tiep_nhan": datetime(2025, 7, 1, 8)}
    assert joined([OPEN], [finer]).changed == {0: {"ngay_tiep_nhan": datetime(2025, 7, 1, 8)}}
    assert joined([finer], [OPEN]).changed == {}


def test_rows_without_a_code() -> None:
    nameless: Record = {"ten_tthc": "Khai sinh", "ngay_tiep_nhan": date(2025, 7, 1)}
    made = joined([nameless], [nameless, nameless])
    assert (len(made.added), made.repeated) == (1, (Place(0, 0),))
