"""Every generic sentence an official may read: code -> severity, what and why, what to do.

A rule's own words stand in its form; everything else stands here and nowhere else in Python. Tests assert on the
code, never on the sentence, so that wording can be improved freely.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from toolkit.records import Finding, Key, Period, Severity


class Sentence(NamedTuple):
    severity: Severity
    message: str  # with {fields}
    fix: str  # with {fields}


SENTENCES: dict[str, Sentence] = {
    # --- the file itself
    "TEP_001": Sentence("error", "Tệp hỏng hoặc không phải sổ Excel: {ly_do}.", "Mở lại tệp gốc bằng Excel, lưu thành .xlsx rồi gửi lại."),
    "TEP_002": Sentence("error", "Tệp có mật khẩu mở.", "Mở bằng Excel, bỏ mật khẩu (Tệp > Thông tin > Bảo vệ sổ), lưu rồi gửi lại."),
    "TEP_003": Sentence("error", "Tệp là trang web (HTML) mang đuôi .xls.", "Mở bằng Excel, chọn Lưu thành > .xlsx rồi gửi lại."),
    "TEP_004": Sentence("error", "Tệp là Excel đời cũ (.xls).", "Mở bằng Excel, chọn Lưu thành > .xlsx rồi gửi lại."),
    "TEP_005": Sentence("error", "Tệp rỗng (0 byte).", "Gửi lại tệp; có thể lần trước chép chưa xong."),
    "TEP_006": Sentence("error", "Tệp vượt giới hạn an toàn: {ly_do}.", "Xóa các dòng, cột, trang thừa ở xa bảng rồi lưu lại."),
    "TEP_007": Sentence("error", "Không tìm thấy mẫu báo cáo trong tệp: {ly_do}.", "Chép số liệu sang mẫu do tỉnh gửi rồi gửi lại."),
    "TEP_008": Sentence("info", "Tệp tạm của Excel (đang mở), không phải báo cáo.", "Đóng Excel rồi chạy lại; không cần gửi tệp này."),
    "TEP_009": Sentence("error", "Không đọc được tệp: {ly_do}.", "Kiểm tra tệp có đang bị khóa hoặc thiếu quyền đọc không."),
    "TEP_010": Sentence("info", "Không phải sổ Excel (đuôi {duoi}).", "Không cần làm gì nếu đây là tài liệu kèm theo."),
    "TEP_011": Sentence("error", "Tệp là sổ OpenDocument (.ods).", "Mở bằng LibreOffice, chọn Lưu thành > .xlsx rồi gửi lại."),
    "TEP_012": Sentence("info", "Bản tổng hợp hoặc phiếu do bộ công cụ tạo ra, không phải báo cáo của xã.", "Không cần làm gì."),
    "TEP_013": Sentence("error", "Công cụ gặp lỗi ngoài dự kiến khi đọc tệp này ({ly_do}); các tệp khác không bị ảnh hưởng.", "Gửi tệp nhật ký cho người hỗ trợ; số liệu của tệp này chưa được kiểm tra."),
    # --- the cover
    "BIA_001": Sentence("error", "{o}: chưa có mã đơn vị, không biết báo cáo của xã nào.", "Ghi mã đơn vị hành chính 5 chữ số của xã."),
    "BIA_002": Sentence("error", "{o}: mã “{ma}” không có trong danh mục đơn vị hành chính.", "Sửa mã; {goi_y}"),
    "BIA_003": Sentence("warning", "{o}: tên “{ten}” không khớp mã {ma} ({dung}).", "Kiểm tra mã và tên; công cụ đang tính theo mã."),
    "BIA_004": Sentence("error", "{o}: kỳ báo cáo thiếu hoặc không hợp lệ ({ly_do}).", "Ghi Từ ngày và Đến ngày, ví dụ 01/07/2025 và 25/09/2025."),
    "BIA_005": Sentence("warning", "{o}: phiên bản mẫu là “{phien_ban}”, công cụ đang dùng “{hien_tai}”.", "Dùng mẫu mới nhất cho kỳ sau."),
    "BIA_006": Sentence("warning", "{o}: lựa chọn “{gia_tri}” của “{ten}” không có trong danh sách; tạm tính theo “{mac_dinh}”.", "Chọn lại trong danh sách ở trang Bìa."),
    "BIA_007": Sentence("warning", "{o}: chưa có mã; nhận ra xã theo tên “{ten}” ({ma}).", "Ghi mã đơn vị để chắc chắn."),
    # --- structure
    "CAU_001": Sentence("error", "Không tìm thấy phần “{phan}”.", "Khôi phục trang này từ mẫu, hoặc chép số liệu sang mẫu mới."),
    "CAU_002": Sentence("error", "Trang “{trang}”: không tìm thấy cột “{cot}”.", "Khôi phục tiêu đề cột như trong mẫu."),
    "CAU_003": Sentence("error", "{o}: dòng “{dong}” có hai lần trong bảng (lần trước ở {o_truoc}).", "Gộp hai dòng thành một, hoặc sửa tên lĩnh vực."),
    "CAU_004": Sentence("info", "Tên vùng của mẫu đã mất ở “{phan}”; tìm theo tiêu đề.", "Không cần làm gì nếu số liệu đúng; kỳ sau dùng mẫu gốc."),
    "CAU_005": Sentence("warning", "{o}: có số liệu nhưng dòng không có tên lĩnh vực.", "Ghi tên lĩnh vực cho dòng này."),
    "CAU_006": Sentence("info", "{o}: dòng “{dong}” là dòng mục hoặc dòng cộng, không tính là lĩnh vực.", "Không cần làm gì."),
    "CAU_007": Sentence("warning", "Trang “{trang}”: không tìm thấy dòng “{dong}”.", "Khôi phục dòng này như trong mẫu."),
    # --- cells
    "O_001": Sentence("info", "{o} ({ten}): số ghi dạng chữ “{goc}”, đọc là {gia_tri}.", "Bấm vào dấu tam giác xanh ở ô, chọn chuyển thành số."),
    "O_002": Sentence("error", "{o} ({ten}): không đọc được số từ “{goc}”.", "Ghi lại bằng chữ số, không kèm chữ hay đơn vị."),
    "O_003": Sentence("error", "{o} ({ten}): số lẻ {goc} trong cột đếm.", "Số đếm phải là số nguyên. Có phải {goi_y} không? Sửa lại cho đúng."),
    "O_004": Sentence("error", "{o} ({ten}): số âm {goc}.", "Số đếm không thể âm; sửa lại."),
    "O_005": Sentence("error", "{o} ({ten}): ô báo lỗi {goc}.", "Sửa công thức hoặc ghi lại số."),
    "O_006": Sentence("error", "{o} ({ten}): ngày “{goc}” không có thật.", "Ghi lại ngày theo dạng ngày/tháng/năm, ví dụ 28/7/2025."),
    "O_007": Sentence("warning", "{o} ({ten}): ngày {goc} nằm ngoài kỳ báo cáo {tu} – {den}.", "Kiểm tra ngày, hoặc kỳ báo cáo ở trang Bìa."),
    "O_008": Sentence("info", "{o} ({ten}): ngày ghi dạng chữ “{goc}”, đọc là {gia_tri}.", "Ghi lại thành ngày của Excel để lọc và sắp xếp được."),
    "O_009": Sentence("error", "{o} ({ten}): tỷ lệ {goc} không nằm trong 0–100%.", "Kiểm tra lại tỷ lệ."),
    "O_010": Sentence("warning", "{o} ({ten}): “{goc}” không có trong danh sách lựa chọn.", "Chọn lại trong danh sách của ô."),
    "O_011": Sentence("warning", "{o}: thiếu {ten}.", "Điền nốt, hoặc xóa cả dòng nếu không dùng."),
    "O_012": Sentence("info", "{o} ({ten}) và {n} ô khác cùng cột: ngày ghi dạng chữ.", "Dùng Dữ liệu > Văn bản thành cột để chuyển cả cột thành ngày."),
    "O_013": Sentence("error", "{o} ({ten}): số {goc} quá lớn, Excel chỉ giữ chính xác 15 chữ số.", "Kiểm tra lại số; có thể dán nhầm mã vào ô số."),
    "O_014": Sentence("info", "{o} ({ten}): tỷ lệ ghi {goc} không có dấu %, đọc là {gia_tri}.", "Ghi lại kèm dấu %, ví dụ 90,16%."),
    "O_015": Sentence("info", "{o} ({ten}): còn {n} ô khác cùng cột bị như vậy (mã {ma}), không kể từng ô.", "Sửa xong các ô đã nêu thì lọc cả cột để sửa các ô còn lại."),
    "O_016": Sentence("warning", "{o} ({ten}): nội dung ô không phải là ngày.", "Ghi ngày theo dạng ngày/tháng/năm, ví dụ 28/7/2025; chưa có thì để trống."),
    "O_017": Sentence("warning", "{o} ({ten}): công thức chưa có kết quả lưu trong tệp.", "Mở tệp bằng Excel, lưu lại rồi gửi lại; hoặc ghi thẳng số."),
    "O_018": Sentence("info", "{o} ({ten}) và {n} ô khác của trang: công thức khác mẫu, chưa có kết quả lưu trong tệp; công cụ đã tính lại từ các số thành phần.", "Bấm “Điền công thức” để khôi phục công thức của mẫu."),
    # --- computed cells and controls
    "CT_001": Sentence("error", "{o} ({ten}): đã gõ đè {trai} lên công thức; {ve_phai} = {phai} (lệch {lech}).", "Bấm “Điền công thức” để khôi phục, hoặc sửa các số thành phần nếu tổng mới là đúng."),
    "CT_002": Sentence("info", "{o} ({ten}): công thức đã bị gõ đè bằng đúng kết quả {trai}.", "Bấm “Điền công thức” để khôi phục công thức."),
    "CT_003": Sentence("info", "{o} ({ten}): kết quả lưu trong tệp là {trai}, tính lại là {phai}.", "Mở bằng Excel rồi lưu lại; công cụ đã dùng số tính lại."),
    "CT_004": Sentence("error", "{o} ({ten}): {trai}, nhưng {ve_phai} = {phai} (lệch {lech}).", "Đối chiếu phần mềm một cửa: sửa số in ra nếu chép nhầm, hoặc sửa số thành phần."),
    "CT_005": Sentence("warning", "{o} ({ten}): tổng gõ tay {trai}, thành phần để trống nên chưa kiểm tra được.", "Điền các số thành phần; không có thì ghi 0."),
    "CT_006": Sentence("warning", "{o} ({ten}): {trai} lớn hơn {ve_phai} = {phai} đúng {lech}; còn {n} ô trống nên chưa kết luận được.", "Điền nốt các ô trống (không phát sinh thì ghi 0)."),
    "CT_007": Sentence("info", "{o} ({ten}): công thức đã bị xóa; công cụ tự tính {phai}.", "Bấm “Điền công thức” để khôi phục công thức."),
    # --- a broken rule of the form: its label, numbers on both sides, its own note and remedy
    "QT_001": Sentence("error", "{o}{dong}: {quan_he}, nhưng {trai_ve} {dau} {phai_ve} (lệch {lech}).{ghi_chu}", ""),
    # --- rates
    "TL_001": Sentence("warning", "{o} ({ten}): {goc} không ra từ {tu_so}/{mau_so} = {dung}.", "Tính lại tỷ lệ, hoặc ghi rõ mẫu số khác."),
    "TL_002": Sentence("info", "{o} ({ten}): {goc} là {dung} bị cắt, không làm tròn.", "Nên làm tròn thành {lam_tron}."),
    "TL_003": Sentence("warning", "{o} ({ten}): {goc} tính trên mẫu số {mau_khac} ({ten_mau}), không phải {mau_so} ({ten_mau_so}).", "Dùng đúng mẫu số, hoặc ghi rõ mẫu số đã dùng."),
    "TL_004": Sentence("warning", "{o}: mẫu số duy nhất khớp cả {n} tỷ lệ ({cac_ty_le}) là {mau_so} {don_vi}; báo cáo lại ghi {bieu_thuc} {don_vi_khac}.", "Hoặc chữ “{don_vi_khac}” sai, hoặc mẫu số sai: kiểm tra rồi sửa một trong hai."),
    "TL_005": Sentence("warning", "{o}: các tỷ lệ đã công bố cho thấy {suy_ra}, trái với “{quan_he}”: {trai} so với {phai} (lệch {lech}).", "Một trong các số này sai: đối chiếu phần mềm một cửa rồi sửa."),
    "TL_006": Sentence("info", "{o}: mẫu số duy nhất khớp cả {n} tỷ lệ ({cac_ty_le}) là {mau_so} {don_vi}.", "Nên ghi rõ mẫu số này trong báo cáo."),
    "TL_007": Sentence("warning", "{o} ({ten}): không có mẫu số nguyên nào cho {goc} với tử số {tu_so}.", "Kiểm tra lại tỷ lệ và tử số."),
    "TL_008": Sentence("warning", "{o} ({ten}): {cac_ty_le} = {tong}, không phải 100%.", "Các phần của cùng một tổng phải cộng lại bằng 100%: tính lại các tỷ lệ này."),
    "TL_009": Sentence("warning", "{o} ({ten}): tỷ lệ cho thấy nhiều nhất {suy_ra}, nhưng các số đã ghi cộng lại là {phai} (lệch {lech}).", "Kiểm tra lại tỷ lệ và các số đã ghi."),
    "TL_010": Sentence("warning", "{o} ({ten}): không có tử số nguyên nào cho {goc} của {mau_so} ({ten_mau_so}).", "Kiểm tra lại tỷ lệ, hoặc ghi rõ mẫu số đã dùng."),
    # --- registers
    "DS_001": Sentence("warning", "{o}: số {so} ngày {ngay} nhỏ hơn số {so_truoc} ngày {ngay_truoc} của cùng loại {loai}.", "Kiểm tra lại số hoặc ngày của hai văn bản."),
    # --- figures given by a script (--values)
    "GT_001": Sentence("error", "{o}: cần {can}, đang là {dang}.", "Sửa lại tệp --values theo hướng dẫn."),
    "GT_002": Sentence("error", "{o}: không có mã “{ma}” ở đây.", "Sửa mã; {goi_y}"),
    "GT_003": Sentence("error", "{o}: “{gia_tri}” không phải một lựa chọn.", "Dùng một trong: {lua_chon}."),
    "GT_004": Sentence("error", "{o}: “{ma}” đã có ở trên.", "Gộp lại thành một."),
    "GT_005": Sentence("error", "{o}: giá trị không ghi được vào một ô ({ly_do}).", "Rút ngắn hoặc ghi lại giá trị."),
    "GT_006": Sentence("error", "{o}: dòng không có “{ma}”.", "Ghi tên dòng."),
    # --- merging
    "GOP_001": Sentence("info", "Bản mới hơn của cùng xã đã được dùng: {tep}.", "Không cần làm gì."),
    "GOP_002": Sentence("warning", "Kỳ {ky} lệch kỳ tổng hợp {ky_gop} quá {ngay} ngày.", "Gửi lại báo cáo đúng kỳ, hoặc chọn cộng cả báo cáo lệch kỳ."),
    "GOP_003": Sentence("error", "Đơn vị {ma} ({ten}) không thuộc {tinh}.", "Gửi báo cáo cho đúng tỉnh, hoặc sửa mã đơn vị."),
    "GOP_004": Sentence("warning", "“{ten}” của xã là “{cach}”, cách chung của tỉnh là “{cach_chung}”; chưa quy đổi được vì {vi_sao}, đang cộng nguyên số đã ghi.", "Thống nhất cách tính ở trang Bìa, hoặc điền số còn thiếu."),
    "GOP_005": Sentence("error", "Hai bản của cùng xã, nội dung khác nhau: dùng {dung}, không cộng {bo}.", "Xác nhận với xã bản nào đúng rồi bỏ bản kia."),
    "GOP_006": Sentence("info", "Bản chép trùng nguyên vẹn của {tep}.", "Không cần làm gì."),
    "GOP_007": Sentence("error", "Cùng tỉnh nhưng không có trong danh sách xã cần nộp: {ma} ({ten}).", "Kiểm tra danh sách xã cần nộp."),
    "GOP_008": Sentence("warning", "Chưa rõ kỳ báo cáo nên chưa cộng; kỳ tổng hợp là {ky_gop}.", "Ghi Từ ngày, Đến ngày ở trang Bìa rồi gửi lại."),
    "GOP_009": Sentence("info", "Kỳ {ky}; đã dùng bản đúng kỳ hơn của cùng xã: {tep}.", "Không cần làm gì nếu đây là báo cáo của kỳ khác."),
    "GOP_010": Sentence("info", "Số liệu giống hệt {tep}, chỉ khác lần lưu.", "Không cần làm gì."),
    "GOP_011": Sentence("info", "Kỳ {ky} lệch kỳ tổng hợp {ky_gop} trong mức cho phép {ngay} ngày; đã cộng.", "Không cần làm gì nếu xã chốt số đúng ngày đó."),
    "GOP_012": Sentence("info", "“{ten}” của xã là “{cach}”; đã quy đổi về cách chung của tỉnh “{cach_chung}”.", "Không cần làm gì; kỳ sau nên thống nhất ở trang Bìa."),
    "GOP_013": Sentence("info", "Nhận ra xã {ma} ({ten}) chỉ theo mã trong tên tệp.", "Không cần làm gì."),
    # --- a request that cannot be carried out
    "GHI_001": Sentence("error", "{o}: ô thuộc một công thức mảng nhiều ô nên không thay riêng được.", "Xóa công thức mảng ở vùng này, rồi làm lại."),
    "RA_001": Sentence("error", "Không ghi lên tệp đầu vào {tep}.", "Chọn một tên khác cho tệp kết quả."),
    "RA_002": Sentence("error", "Không ghi được {tep}: {ly_do}.", "Đóng tệp nếu đang mở, kiểm tra chỗ trống và quyền ghi rồi chạy lại; tệp cũ vẫn còn nguyên."),
    "RA_003": Sentence("error", "Không thấy tệp hoặc thư mục {tep}.", "Kiểm tra lại đường dẫn."),
    "RA_004": Sentence("error", "Không có sổ Excel nào trong {tep}.", "Kiểm tra lại thư mục."),
    "RA_005": Sentence("error", "Không có đơn vị mang mã “{ma}”.", "Kiểm tra lại mã; {goi_y}"),
    "RA_006": Sentence("error", "Kỳ báo cáo ngược: từ {tu} đến {den}.", "Ghi ngày đầu kỳ trước, ngày cuối kỳ sau."),
    "RA_007": Sentence("error", "Thư mục đã có {n} tệp khác nội dung cùng tên, ví dụ {tep}.", "Chọn một thư mục khác, để không ghi lên báo cáo đã điền."),
    "RA_008": Sentence("error", "{tep}: không đọc được JSON ({ly_do}).", "Sửa lại tệp số liệu."),
    "RA_009": Sentence("error", "Không đọc được danh mục xã {tep}: {ly_do}.", "Lưu lại danh mục thành CSV (UTF-8) đúng các cột rồi chạy lại."),
    "RA_010": Sentence("error", "Thư mục trình diễn đã có {n} tệp không do bộ công cụ làm ra, ví dụ {tep}.", "Chọn một thư mục mới hoặc thư mục trống."),
    "RA_011": Sentence("warning", "Không tạo được bản đánh dấu: {ly_do}", "Mở tệp bằng Excel, lưu lại thành .xlsx rồi kiểm tra lại."),
}

RESTORED: dict[str, str] = {
    "overtyped": "Công thức của mẫu đã bị gõ đè; khôi phục công thức.",
    "blank": "Công thức của mẫu đã bị xóa; điền lại công thức.",
    "missing": "Công thức chưa có kết quả; tính và điền kết quả.",
    "stale": "Kết quả lưu trong tệp đã cũ; tính lại.",
}
"""Why a computed cell was restored, for the log sheet."""


def finding(
    code: str,
    *,
    sheet: str = "",
    cell: str = "",
    cells: tuple[str, ...] = (),
    left: int | Decimal | None = None,
    right: int | Decimal | None = None,
    key: Key | None = None,
    **fields: object,
) -> Finding:
    """A generic finding: severity and words from ``SENTENCES``. ``{o}`` is filled from sheet and cell when not given."""
    sentence = SENTENCES[code]
    if "o" not in fields and cell:
        fields["o"] = place(sheet, cell)
    difference = left - right if left is not None and right is not None else None
    fields = {"trai": left, "phai": right, "lech": difference, **fields}
    return Finding(
        code=code,
        severity=sentence.severity,
        message=fill(sentence.message, fields),
        fix=fill(sentence.fix, fields),
        sheet=sheet,
        cell=cell,
        cells=cells or ((cell,) if cell else ()),
        left=left,
        right=right,
        difference=difference,
        key=key,
    )


def fill(text: str, fields: dict[str, object]) -> str:
    """``text`` with its {fields}; a missing field never breaks a message, it reads "(không rõ)"."""
    shown = {name: show(value, signed=name == "lech") for name, value in fields.items() if value is not None}
    return text.format_map(_Known(shown))


def place(sheet: str, cell: str) -> str:
    """Where a cell is, in words: "II.06a, ô C9"."""
    return f"{sheet}, ô {cell}" if sheet else f"ô {cell}"


def show(value: object, *, signed: bool = False) -> str:
    """A value as officials write it: 5.676; 90,16; −3 (a true minus sign)."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return str(value)
    text = f"{abs(value):,}".translate(str.maketrans(",.", ".,"))
    sign = "−" if value < 0 else "+" if signed and value > 0 else ""
    return sign + text


def show_rate(rate: Decimal) -> str:
    """A fraction of 1 as a percentage with the decimals it carries: Decimal("0.9016") -> "90,16%"."""
    percent = rate.scaleb(2)
    if percent.as_tuple().exponent > 0:  # type: ignore[operator]  # finite by construction
        percent = percent.quantize(Decimal(1))
    return f"{percent:f}".replace(".", ",") + "%"


def show_date(day: date) -> str:
    """A date as official letters write it (Decree 30/2020): 01/7/2025, 05/02/2026."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}" if day.month < 3 else f"{day.day:02d}/{day.month}/{day.year}"


def show_period(period: Period) -> str:
    """A period as official letters write it: 01/7/2025 – 25/9/2025."""
    return f"{show_date(period.start)} – {show_date(period.end)}"


class _Known(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "(không rõ)"
