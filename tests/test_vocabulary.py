"""Words of one-door systems: what is listed means one thing, what is not means nothing.

Requirements
  TV01  the national status and channel codes, and the headings of every system known, are in the shipped file
  TV02  the form's own headings mean the same field; personal data is marked
  TV03  comparison forgives composition, case, spaces, tone placement, i/y; never accents
  TV04  a heading that may mean two fields means none beyond doubt
  TV05  a bad file is refused with all its faults
  TV06  a unit's own sheet adds and corrects statuses; a faulty line is a finding; what is written reads back
"""

from __future__ import annotations

import unicodedata

import pytest

from toolkit.records import Table
from toolkit.text import key
from toolkit.vocabulary import BUCKETS, VocabularyError, parse_vocabulary, status_records, with_statuses
from workbook.forms import load_form, load_vocabulary

WORDS = load_vocabulary()

STATUSES = {
    "chua_tinh": "1 3 Mới đăng ký|Không được tiếp nhận|Chờ tiếp nhận trực tuyến|CHO_TIEP_NHAN",
    "dang": "2 4 Được tiếp nhận|Đang xử lý|Mới tiếp nhận|DA_TIEP_NHAN|DANG_THU_LY|TRINH_DUYET",
    "bo_sung": "5 Yêu cầu bổ sung giấy tờ|Yêu cầu bổ sung",
    "tai_chinh": "6 Yêu cầu thực hiện nghĩa vụ tài chính|Chờ thực hiện nghĩa vụ tài chính",
    "rut": "7 Công dân yêu cầu rút hồ sơ",
    "dung": "8 Dừng xử lý",
    "xong": "9 10 Đã xử lý xong|Đã trả kết quả|HOAN_THANH",
}
UNDECIDED = ("Chưa trả kết quả", "Đã ký Giấy chứng nhận", "DA_PHE_DUYET", "DA_PHAT_HANH", "11", "Đang bay")

HEADINGS = {
    "VNPT iGate": "Số hồ sơ|Tên thủ tục hành chính|Tên lĩnh vực|Phòng ban|Ngày tiếp nhận|Ngày hẹn trả"
    "|Ngày kết thúc xử lý|Cơ quan/đơn vị|Chủ hồ sơ|Số điện thoại|Cán bộ xử lý hiện tại"
    "|Trạng thái hồ sơ|Hạn xử lý|Trạng thái",
    "land tool": "Mã hồ sơ|Loại biến động|Ngày nhận hồ sơ|CHỦ SỬ DỤNG|CCCD",
    "Thanh Hóa": "Đơn vị tiếp nhận|Người tiếp nhận|Lĩnh vực|Tên thủ tục hành chính / Nội dung hồ sơ|Mã hồ sơ|Trạng thái"
    "|Địa chỉ|Người nộp|Chủ hồ sơ|Ngày nộp hồ sơ|Ngày nhận|Ngày hẹn trả|Ngày kết thúc xử lý|Đơn vị/ cá nhân giải quyết",
    "Chơn Thành": "MÃ HỒ SƠ|SỐ ĐIỆN THOẠI|ĐỊA CHỈ|NỘI DUNG|NGÀY TIẾP NHẬN|NGÀY HẸN TRẢ|NGÀY HOÀN THÀNH|NGƯỜI XỬ LÝ",
    "DVCQG": "MaHoSo|MaTTHC|NgayTiepNhan|NgayHenTra|NgayKetThucXuLy|NgayTra|KenhThucHien",
}


@pytest.mark.parametrize("bucket", STATUSES)
def test_national_statuses(bucket: str) -> None:  # TV01
    codes, _, names = STATUSES[bucket].partition("|")
    first = codes.split(" ")
    numbers = [part for part in first if part.isdigit()]
    words = [*numbers, " ".join(first[len(numbers) :]), *names.split("|")]
    assert {WORDS.statuses.get(key(word)) for word in words if word} == {bucket}


def test_undecided_statuses_have_no_meaning() -> None:  # TV01
    assert [status for status in UNDECIDED if key(status) in WORDS.statuses] == []


def test_channels() -> None:  # TV01
    named = [WORDS.channels[key(c)] for c in ("1", "2", "3", "Trực tiếp", "Trực tuyến", "Qua bưu chính công ích")]
    assert named == ["truc_tiep", "truc_tuyen", "buu_chinh"] * 2
    assert (WORDS.levels[key("Toàn trình")], WORDS.levels[key("Một phần")]) == ("toan_trinh", "mot_phan")


@pytest.mark.parametrize("system", HEADINGS)
def test_headings_of_systems(system: str) -> None:  # TV01
    known = WORDS.headings.keys() | WORDS.weaker.keys()
    assert [h for h in HEADINGS[system].split("|") if key(h) not in known] == []


def test_agrees_with_the_form() -> None:  # TV02
    meanings = {**WORDS.weaker, **WORDS.headings}
    fields = load_form().block("ho_so").indicators
    assert [(f.id, name) for f in fields for name in (f.label, *f.aliases) if meanings.get(key(name)) != f.id] == []
    assert {"chu_ho_so", "so_giay_to", "dien_thoai", "dia_chi"} == WORDS.private


def test_comparison() -> None:  # TV03
    for heading in ("SỐ  HỒ SƠ", unicodedata.normalize("NFD", "Số hồ sơ"), "số\nhồ sơ "):
        assert WORDS.field(heading) == "ma_ho_so"
    assert WORDS.field("Ngày kết thúc xử lí") == "ngay_ket_qua"
    assert WORDS.field("Co quan / don vi") is None
    assert WORDS.field("CƠ QUAN / ĐƠN VỊ") == "don_vi"
    assert WORDS.nearest("Ngày tiếp nhậnn") == "ngay_tiep_nhan"
    assert WORDS.nearest("Họ tên bố") is None


def test_ambiguous_heading() -> None:  # TV04
    heading = "Ngày trả kết quả"
    assert WORDS.field(heading) is None and key(heading) not in WORDS.weaker
    assert WORDS.ambiguous[key(heading)] == ("ngay_hen_tra", "ngay_tra")


GOOD = """
source = "x"
field = [{ id = "a", names = ["A"] }, { id = "b", names = ["B"], weaker = ["C"], private = true }]
ambiguous = [{ name = "D", fields = ["a", "b"] }]
""" + "".join(
    f'[[{kind}]]\nid = "{id_}"\nlabel = "{id_}"\n'
    for kind, ids in (
        ("bucket", BUCKETS),
        ("channel", ("truc_tiep", "truc_tuyen", "buu_chinh")),
        ("level", ("toan_trinh", "mot_phan", "truc_tiep")),
    )
    for id_ in ids
)


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("", "", []),
        ('source = "x"', "", ["DM_002"]),
        ('source = "x"', "source = 1", ["DM_004"]),
        ('source = "x"', 'source = "x"\nmore = 1', ["DM_003"]),
        ('["B"]', '["a"]', ["DM_028"]),
        ('["C"]', '["A"]', ["DM_028"]),
        ('"D"', '"C"', ["DM_028"]),
        ('["a", "b"]', '["a", "e"]', ["DM_011"]),
        ('label = "dang"', 'label = "rut"', ["DM_028"]),
        ('id = "dang"', 'id = "bay"', ["DM_004", "DM_002"]),
        (', names = ["A"]', "", ["DM_002"]),
        ("source", "= source", ["DM_001"]),
    ],
)
def test_bad_file__error(old: str, new: str, codes: list[str]) -> None:  # TV05
    text = GOOD.replace(old, new, 1)
    if not codes:
        assert parse_vocabulary(text).private == {"b"}
        return
    with pytest.raises(VocabularyError) as caught:
        parse_vocabulary(text)
    assert [f.code for f in caught.value.faults] == codes


def sheet(*pairs: tuple[object, object]) -> Table:
    columns = {"trang_thai": tuple(a for a, _ in pairs), "nhom": tuple(b for _, b in pairs)}
    return Table("trang_thai", "Trạng thái", {"trang_thai": "A", "nhom": "B"}, tuple(range(4, 4 + len(pairs))), columns)


def test_own_sheet_adds_and_corrects() -> None:  # TV06
    mine, findings = with_statuses(
        WORDS,
        sheet(("Đang bay", "đang  giải quyết"), ("Tạm dừng", "Chờ bổ sung"), ("Lạ", "xong"), (None, "Rút"), (7.0, "")),
    )
    assert mine.statuses[key("Đang bay")] == "dang"
    assert mine.statuses[key("Tạm dừng")] == "bo_sung"
    assert key("Lạ") not in mine.statuses and mine.statuses["7"] == "rut"
    assert [(f.code, f.sheet, f.cell) for f in findings] == [("HS_001", "Trạng thái", "B6")]
    assert WORDS.statuses[key("Tạm dừng")] == "dung"


def test_statuses_survive_writing() -> None:  # TV06
    written = status_records(WORDS)
    again, findings = with_statuses(WORDS, sheet(*((r["trang_thai"], r["nhom"]) for r in written)))
    assert (again, findings) == (WORDS, ())
    assert {r["nhom"] for r in written} == set(WORDS.labels.values())
