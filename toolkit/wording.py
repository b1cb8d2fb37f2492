"""Every generic sentence an official may read: code -> severity, what and why, what to do.

A rule's own words stand in its form; everything else stands here and nowhere else in Python. Tests assert on the
code, never on the sentence, so that wording can be improved freely.
"""

# Without "from __future__ import annotations", as in ``toolkit.records``.

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from toolkit.records import Finding, Key, Period, Severity


class Sentence(NamedTuple):
    severity: Severity
    message: str  # with {fields}
    fix: str  # with {fields}


LIST_SHEET = "Kết quả kiểm tra"
DOSSIER_SHEET = "Hồ sơ cần chú ý"
LOG_SHEET = "Nhật ký chỉnh sửa"
STATUS_SHEET = "Trạng thái hồ sơ"
MAPPING_SHEET = "Ánh xạ cột"
ADDED_SHEETS = (LIST_SHEET, DOSSIER_SHEET, LOG_SHEET, STATUS_SHEET, MAPPING_SHEET)
"""Names of the sheets that marking and importing add. A reader looks for no table there; no form may take them."""

STATUSES: dict[str, str] = {
    "merged": "đã gộp",
    "returned": "trả lại",
    "superseded": "đã có bản khác",
    "off_period": "lệch kỳ",
    "missing": "chưa nộp",
    "ignored": "bỏ qua",
}
"""What became of a commune, or of a file, in a merge: the same word on the screen and in the workbook."""

STANDINGS: dict[str, str] = {
    "ok": "ĐẠT",
    "warnings": "ĐẠT, có điều cần xem lại",
    "blank": "CHƯA ĐIỀN, chưa có số liệu để kiểm tra",
    "errors": "CHƯA ĐẠT, có lỗi phải sửa",
    "unreadable": "KHÔNG ĐỌC ĐƯỢC",
}
"""How a report stands after a check: the same words on the screen, in a message box and in the list sheet."""

BLANK_PARTS = "Còn {n} phần chưa ghi số nào: {cac_phan}. Chưa có số liệu thì để trống; không phát sinh thì ghi 0 hoặc đánh dấu ở trang Bìa."
"""After a check: no fault, but good to know before the book is sent."""

NO_REPORT = "KHÔNG CÓ BÁO CÁO NÀO ĐỂ KIỂM TRA"

PIP_EXCEL = 'python3 -m pip install ".[excel]"'
"""What installs the product with all that the buttons need, from its folder: no registry has it. As in the README;
double quotes are quotes for cmd, PowerShell and the shells of Linux alike."""

INSTALL_EXCEL = f"Tại thư mục mã nguồn gõ: {PIP_EXCEL} (Windows: py thay cho python3)"

SENTENCES: dict[str, Sentence] = {
    # --- the file itself
    "TEP_001": Sentence("error", "Tệp hỏng hoặc không phải sổ Excel: {ly_do}.", "Mở lại sổ gốc bằng Excel, lưu thành .xlsx rồi gửi lại; không có sổ gốc thì chép số liệu sang mẫu do tỉnh gửi."),
    "TEP_002": Sentence("error", "Tệp có mật khẩu mở.", "Mở bằng Excel, bỏ mật khẩu (Tệp > Thông tin > Bảo vệ sổ), lưu rồi gửi lại."),
    "TEP_003": Sentence("error", "Tệp là trang web (HTML) mang đuôi .xls.", "Mở bằng Excel, chọn Lưu thành > .xlsx rồi gửi lại."),
    "TEP_004": Sentence("error", "Tệp là Excel đời cũ (.xls).", "Mở bằng Excel, chọn Lưu thành > .xlsx, rồi dùng tệp .xlsx ấy."),
    "TEP_005": Sentence("error", "Tệp rỗng (0 byte).", "Gửi lại tệp; có thể lần trước chép chưa xong."),
    "TEP_006": Sentence("error", "Tệp vượt giới hạn an toàn: {ly_do}.", "Xóa các dòng, cột, trang thừa ở xa bảng rồi lưu lại."),
    "TEP_007": Sentence("error", "Không tìm thấy mẫu báo cáo trong tệp: {ly_do}.", "Chép số liệu sang mẫu do tỉnh gửi rồi gửi lại."),
    "TEP_008": Sentence("info", "Tệp tạm của Excel hoặc LibreOffice (sổ đang mở), không phải báo cáo.", "Đóng sổ rồi chạy lại; không cần gửi tệp này."),
    "TEP_009": Sentence("error", "Không đọc được tệp: {ly_do}.", "Kiểm tra tệp có đang bị khóa hoặc thiếu quyền đọc không."),
    "TEP_010": Sentence("info", "Không phải sổ Excel (đuôi {duoi}).", "Không cần làm gì nếu đây là tài liệu kèm theo."),
    "TEP_011": Sentence("error", "Tệp là sổ OpenDocument (.ods).", "Mở bằng LibreOffice, chọn Lưu thành > .xlsx, rồi dùng tệp .xlsx ấy."),
    "TEP_012": Sentence("info", "Bản tổng hợp hoặc phiếu do bộ công cụ tạo ra, không phải báo cáo của xã.", "Không cần làm gì."),
    "TEP_013": Sentence("error", "Công cụ gặp lỗi ngoài dự kiến khi đọc tệp này ({ly_do}); các tệp khác không bị ảnh hưởng.", "Gửi tệp nhật ký cho người hỗ trợ; số liệu của tệp này chưa được kiểm tra."),
    "TEP_014": Sentence("info", "Tệp tạm do bộ công cụ để lại sau một lần bị ngắt giữa chừng, không phải báo cáo.", "Không cần làm gì; có thể xóa tệp này."),
    "TEP_015": Sentence("error", "“{ten}” là thư mục; ở đây cần một tệp.", "Chọn một tệp trong thư mục ấy."),
    # --- the cover
    "BIA_001": Sentence("error", "{o}: chưa có mã đơn vị, không biết báo cáo của xã nào.", "Ghi mã đơn vị hành chính 5 chữ số của xã: 5 chữ số đầu của tên tệp sổ mẫu tỉnh gửi."),
    "BIA_002": Sentence("error", "{o}: mã “{ma}” không có trong danh mục đơn vị hành chính.", "Sửa mã; {goi_y}"),
    "BIA_003": Sentence("warning", "{o}: tên “{ten}” không khớp mã {ma} ({dung}).", "Kiểm tra mã và tên (xã đã sáp nhập, đổi tên thì ghi tên mới); công cụ đang tính theo mã."),
    "BIA_004": Sentence("error", "{o}: kỳ báo cáo thiếu hoặc không hợp lệ ({ly_do}).", "Ghi Từ ngày và Đến ngày, ví dụ 01/07/2025 và 25/09/2025."),
    "BIA_005": Sentence("warning", "{o}: phiên bản mẫu là “{phien_ban}”, công cụ đang dùng “{hien_tai}”.", "Dùng mẫu mới nhất cho kỳ sau."),
    "BIA_006": Sentence("warning", "{o}: lựa chọn “{gia_tri}” của “{ten}” không có trong danh sách; tạm tính theo “{mac_dinh}”.", "Chọn lại trong danh sách ở trang Bìa."),
    "BIA_007": Sentence("warning", "{o}: chưa có mã; nhận ra xã theo tên “{ten}” ({ma}).", "Ghi mã đơn vị để chắc chắn."),
    # --- not filled in
    "CHUA_001": Sentence("warning", "Sổ chưa ghi số nào ở các biểu, nên chưa có số liệu để kiểm tra.", "Điền vào các ô nền vàng nhạt, lưu lại rồi kiểm tra lần nữa. Kỳ này không phát sinh thì ghi 0, hoặc đánh dấu “không phát sinh” ở trang Bìa; chưa có số liệu thì để trống. Nếu anh chị đã điền, có thể đang mở nhầm tệp hoặc chưa lưu."),
    "CHUA_002": Sentence("warning", "Sổ mới có {n} số thuộc loại chép từ kỳ trước sang (số từ kỳ trước, máy tính, nhân lực…), chưa có số nào của kỳ này.", "Xem lại các số đã chép, điền số của kỳ này, lưu lại rồi kiểm tra lần nữa. Kỳ này không phát sinh thì ghi 0, hoặc đánh dấu “không phát sinh” ở trang Bìa."),
    # --- structure
    "CAU_001": Sentence("error", "Không tìm thấy phần “{phan}”.", "Mở lại sổ mẫu tỉnh đã gửi, điền trang này, chép số liệu các trang khác sang rồi gửi sổ ấy."),
    "CAU_002": Sentence("error", "Trang “{trang}”: không tìm thấy cột “{cot}”.", "Khôi phục tiêu đề cột như trong mẫu."),
    "CAU_003": Sentence("error", "{o}: dòng “{dong}” có hai lần trong bảng (lần trước ở {o_truoc}).", "Gộp hai dòng thành một, hoặc sửa tên lĩnh vực."),
    "CAU_004": Sentence("info", "Tên vùng của mẫu đã mất ở “{phan}”; tìm theo tiêu đề.", "Không cần làm gì nếu số liệu đúng; kỳ sau dùng mẫu gốc."),
    "CAU_005": Sentence("warning", "{o}: có số liệu nhưng dòng không có tên lĩnh vực.", "Ghi tên lĩnh vực cho dòng này."),
    "CAU_006": Sentence("info", "{o}: dòng “{dong}” là dòng mục hoặc dòng cộng, không tính là lĩnh vực.", "Không cần làm gì."),
    "CAU_007": Sentence("warning", "Trang “{trang}”: không tìm thấy dòng “{dong}”.", "Khôi phục dòng này như trong mẫu."),
    "CAU_008": Sentence("error", "{o}: dòng “{dong}” là dòng mục hoặc dòng cộng, nhưng công thức dòng tổng trong tệp ({o_tong}) cộng cả số của dòng này, nên tổng hiện ra bị tính hai lần.", "Bấm “Điền công thức” để dòng tổng bỏ qua dòng này; hoặc xóa số ở dòng này. Công cụ chỉ cộng các dòng lĩnh vực."),
    # --- cells
    "O_001": Sentence("info", "{o} ({ten}): số ghi dạng chữ “{goc}”, đọc là {gia_tri}.", "Gõ lại số vào ô; hoặc bấm vào dấu tam giác xanh ở góc ô (nếu có), chọn chuyển thành số."),
    "O_002": Sentence("error", "{o} ({ten}): không đọc được số từ “{goc}”.", "Ghi lại bằng chữ số, không kèm chữ hay đơn vị."),
    "O_003": Sentence("error", "{o} ({ten}): số lẻ {goc} trong cột đếm.", "Số đếm phải là số nguyên. Có phải {goi_y} không? Sửa lại cho đúng."),
    "O_004": Sentence("error", "{o} ({ten}): số âm {goc}.", "Số đếm không thể âm; sửa lại."),
    "O_005": Sentence("error", "{o} ({ten}): ô báo lỗi {goc}.", "Sửa công thức hoặc ghi lại số."),
    "O_006": Sentence("error", "{o} ({ten}): “{goc}” không phải một ngày có thật, hoặc năm không ghi đủ 4 chữ số.", "Ghi lại ngày/tháng/năm, năm đủ 4 chữ số, ví dụ 28/7/2025."),
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
    "O_019": Sentence("warning", "{o} ({ten}): ô này bị gộp thành {vung}, chung với ô của: {cac_ten}. Excel chỉ giữ số ở ô đầu, các ô kia thành trống.", "Bỏ gộp ô (Trang chủ > Gộp và căn giữa), rồi ghi số riêng vào từng ô."),
    # --- accepting proposals
    "NHAN_001": Sentence("error", "{tep}: không có trang “{trang}”; đây không phải bản đánh dấu của công cụ.", "Chạy tthc check … --marked, ghi x vào cột “Chấp nhận” của bản đánh dấu rồi chạy lại."),
    "NHAN_002": Sentence("error", "{tep}: chưa có dòng nào ghi x ở cột “Chấp nhận”.", "Ghi x vào các dòng đồng ý sửa, lưu lại rồi chạy lại."),
    "NHAN_003": Sentence("error", "{o}: đề xuất sửa {truoc} thành {sau}, nhưng ô đang là {goc}.", "Ô đã được sửa từ lúc kiểm tra: kiểm tra lại để có đề xuất mới."),
    "NHAN_004": Sentence("error", "{o}: các dòng được chấp nhận muốn ghi hai số khác nhau ({truoc} và {sau}).", "Chỉ giữ x ở một trong các dòng đó."),
    "NHAN_005": Sentence("error", "{o}: cột “Chấp nhận” ghi “{goc}”, công cụ chỉ nhận chữ x.", "Ghi x nếu đồng ý, xóa trống nếu không đồng ý, lưu lại rồi chạy lại."),
    "NHAN_006": Sentence("error", "{o}: đã ghi x nhưng dòng này không có đề xuất chấp nhận được ngay.", "Xóa x ở dòng này; sửa các ô ấy bằng tay theo cột “Cách sửa”."),
    # --- computed cells and controls
    "CT_001": Sentence("error", "{o} ({ten}): đã gõ đè {trai} lên công thức, trong khi {ve_phai} = {phai} (lệch {lech}).{ghi_chu}", "Bấm “Điền công thức” để khôi phục, hoặc sửa các số thành phần nếu số đã gõ là đúng."),
    "CT_002": Sentence("info", "{o} ({ten}): công thức đã bị gõ đè bằng đúng kết quả {trai}{khac}.", "Bấm “Điền công thức” để khôi phục công thức."),
    "CT_003": Sentence("info", "{o} ({ten}): kết quả lưu trong tệp là {trai}, tính lại là {phai}.", "Công cụ đã dùng số tính lại. Nếu có số ghi dạng chữ thì sửa các số ấy; rồi mở bằng Excel và lưu lại."),
    "CT_004": Sentence("error", "{o} ({ten}): {trai}, nhưng {ve_phai} = {phai} (lệch {lech}).{ghi_chu}", "Đối chiếu phần mềm một cửa: sửa số in ra nếu chép nhầm, hoặc sửa số thành phần."),
    "CT_005": Sentence("warning", "{o} ({ten}): tổng gõ tay {trai}, các ô cộng thành tổng này để trống nên chưa kiểm tra được{khac}.", "Điền các ô ấy; không có thì ghi 0."),
    "CT_006": Sentence("warning", "{o} ({ten}): {trai} nhiều hơn {ve_phai} = {phai}; phần hơn {hon} có thể nằm ở {n} ô còn trống hoặc chưa đọc được, nên chưa kết luận được.", "Điền nốt các ô trống (không phát sinh thì ghi 0), sửa các ô chưa đọc được."),
    "CT_007": Sentence("info", "{o} ({ten}): công thức đã bị xóa; công cụ tự tính {phai}.", "Bấm “Điền công thức” để khôi phục công thức."),
    "CT_008": Sentence("error", "{o} ({ten}): {trai}, nhưng cộng ngang dòng này: {ve_phai} = {phai} (lệch {lech}).{ghi_chu}", "Sửa số gõ sai ở dòng tổng; tốt nhất là ghi số vào từng dòng và để công thức tự cộng."),
    # --- a broken rule of the form: its label, numbers on both sides, its own note and remedy
    "QT_001": Sentence("error", "{o}{dong}: “{quan_he}” chưa đúng: {trai_ve} {dau} {phai_ve} (lệch {lech}).{ghi_chu}", ""),
    "QT_002": Sentence("warning", "Lựa chọn “{ten}: {dang}” không hợp với số liệu (trái với: {vi_pham}). Nếu là {khac}.", "Xem phần mềm một cửa đang đếm theo cách nào rồi chọn lại ở trang Bìa; nếu lựa chọn đã đúng thì sửa các ô liên quan."),
    "QT_003": Sentence("info", "{o}: quanh đây có {n} chỗ trái nhau ({vi_pham}); không tìm được cách sửa nào trong vòng {nhieu_nhat} ô.", "Đối chiếu lại cả phần này với phần mềm một cửa và ghi lại từ đầu, thay vì sửa từng ô."),
    # --- rates
    "TL_001": Sentence("warning", "{o} ({ten}): {goc} không ra từ {tu_so}/{mau_so} = {dung}.", "Tính lại tỷ lệ; nếu đã chia cho một số khác thì ghi số ấy ở cột Ghi chú."),
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
    # --- the list of days off
    "LN_001": Sentence("warning", "Ngày {ngay} nằm ngoài lịch nghỉ ({tu} – {den}): chưa tính được số ngày làm việc.", "Bổ sung ngày nghỉ, ngày làm bù của năm đó vào lịch nghỉ."),
    "LN_002": Sentence("error", "{o}: “{goc}” không phải một loại ngày.", "Ghi một trong: nghỉ, làm bù, dự kiến nghỉ, dự kiến làm bù."),
    "LN_003": Sentence("error", "{o}: ngày {ngay} ghi “{loai}”, ở trên đã ghi “{truoc}”; đang dùng dòng trên.", "Giữ một dòng cho mỗi ngày, đúng theo thông báo."),
    "LN_004": Sentence("error", "Lịch nghỉ không có ngày nào.", "Chép lại lịch nghỉ đi kèm bộ công cụ rồi sửa thêm."),
    "LN_005": Sentence("error", "Dòng đầu của lịch nghỉ phải là các cột: {cot}.", "Chép lại lịch nghỉ đi kèm bộ công cụ rồi sửa thêm."),
    "LN_006": Sentence("error", "Không đọc được lịch nghỉ: {ly_do}.", "Mở lịch nghỉ bằng Excel, chọn Lưu thành > CSV UTF-8."),
    # --- the register of dossiers
    "HS_001": Sentence("warning", "{o}: “{goc}” không phải một nhóm trạng thái.", "Chọn một trong: {lua_chon}."),
    "HS_002": Sentence("warning", "{o}: trạng thái “{goc}” chưa có trong bảng trạng thái ({n} hồ sơ); tính là chưa phân loại.", "Ghi trạng thái này và nhóm của nó vào bảng trạng thái rồi chạy lại."),
    "HS_003": Sentence("info", "{o}: {n} hồ sơ không ghi trạng thái; có ngày kết quả thì tính là đã giải quyết, không có thì tính là đang giải quyết.", "Xuất lại danh sách kèm cột Trạng thái nếu phần mềm cho phép."),
    "HS_004": Sentence("warning", "{o}: không rõ “{goc}” là hình thức hay mức độ nào ({n} hồ sơ).", "Ghi lại theo cách của mẫu, ví dụ Trực tuyến, Trực tiếp; Toàn trình, Một phần."),
    "HS_005": Sentence("warning", "{o}: {n} hồ sơ chưa xếp được vào biểu vì {vi_sao}.", "Bổ sung cho các hồ sơ này rồi tính lại."),
    "HS_006": Sentence("warning", "{o} ({ten}): biểu ghi {trai}, sổ hồ sơ đếm được {phai} (lệch {lech}).{giai_thich}", "Đối chiếu biểu với danh sách hồ sơ; sửa số trong biểu, hoặc xuất lại danh sách đủ kỳ."),
    "HS_007": Sentence("info", "{o}: {n} hồ sơ tiếp nhận trong kỳ không rõ hình thức, nên chưa tách được trực tuyến với trực tiếp.", "Xuất lại danh sách kèm cột Hình thức tiếp nhận nếu phần mềm cho phép."),
    "HS_008": Sentence("warning", "{o}: sổ hồ sơ có {n} hồ sơ thuộc “{dong}”, biểu không có dòng này.", "Thêm dòng lĩnh vực này vào biểu, hoặc sửa tên lĩnh vực trong sổ hồ sơ."),
    "HS_009": Sentence("info", "{o}: {n} hồ sơ không ghi lĩnh vực, nên chỉ đối chiếu được dòng tổng cộng.", "Xuất lại danh sách kèm cột Lĩnh vực nếu phần mềm cho phép."),
    "HS_010": Sentence("info", "{o}: còn {n} điều khác cùng loại (mã {ma}), không kể từng điều.", "Sửa xong các chỗ đã nêu thì kiểm tra lại; hồ sơ nào quá hạn, bất thường thì xem bằng tthc overdue."),
    # --- importing dossier lists from one-door systems
    "XN_001": Sentence("error", "{tep}: không thấy dòng tiêu đề của danh sách hồ sơ.", "Xuất lại danh sách hồ sơ (mỗi dòng một hồ sơ, có Mã hồ sơ, Ngày tiếp nhận, Ngày hẹn trả…), không phải bảng tổng hợp."),
    "XN_002": Sentence("error", "{tep}{trang}: danh sách không có cột mã hồ sơ; các cột có: {cot}.", "Xuất lại kèm cột Mã hồ sơ; nếu cột ấy mang tên khác thì thêm --answer \"TÊN CỘT=ma_ho_so\"."),
    "XN_003": Sentence("error", "{tep}{trang}, cột {cot} “{tieu_de}”: có thể là {cac_nghia}; số liệu trong cột chưa đủ để biết là cột nào.", "Thêm --answer \"{tieu_de}={nghia}\" (hoặc {nghia_khac}), rồi chạy lại; trả lời một lần, sổ sẽ nhớ."),
    "XN_004": Sentence("info", "{tep}{trang}: cột “{tieu_de}” được đọc là {nghia}, vì {vi_sao}.", "Nếu không đúng thì thêm --answer \"{tieu_de}=…\" rồi chạy lại."),
    "XN_005": Sentence("error", "{tep}{trang}, cột {cot} “{tieu_de}”: không có trong danh mục; có phải là {cac_nghia} không?", "Đúng thì thêm --answer \"{tieu_de}={nghia}\", không thì --answer \"{tieu_de}=bo_qua\", rồi chạy lại; trả lời một lần, sổ sẽ nhớ."),
    "XN_006": Sentence("warning", "{tep}{trang}: chưa nhập cột “{tieu_de}”; có phải là {nghia} không?", "Đúng thì thêm --answer \"{tieu_de}={nghia}\" rồi chạy lại."),
    "XN_007": Sentence("info", "{tep}{trang}: sổ không có chỗ cho {n} cột: {cot}.", "Không cần làm gì."),
    "XN_008": Sentence("info", "{tep}{trang}: không nhập {n} cột dữ liệu cá nhân: {cot}.", "Không cần làm gì: sổ không cần các dữ liệu này."),
    "XN_009": Sentence("info", "{tep}{trang}: {n} dòng không phải hồ sơ nên không nhập: {ly_do}.", "Không cần làm gì."),
    "XN_010": Sentence("warning", "{tep}{trang}, cột “{tieu_de}”: {so_ngay} ô là ngày của Excel (đều từ mùng 12 trở xuống) lẫn {so_chu} ô là chữ: dấu hiệu ngày và tháng bị đảo khi mở tệp. Đã trả lại đúng {dao} ô mà dòng ấy chứng minh được; {giu} ô đúng sẵn; còn {n} ô chưa chắc, giữ nguyên (dòng {dong}).", "Xuất lại tệp và nhập thẳng, đừng mở rồi lưu bằng Excel; hoặc thêm --answer \"{tieu_de}=dao_ngay_thang\" nếu cả cột bị đảo, \"{tieu_de}=giu_nguyen\" nếu cả cột đúng."),
    "XN_011": Sentence("info", "{tep}{trang}, cột “{tieu_de}”: ngày và tháng bị đảo ở {dao} ô; đã trả lại đúng ({giu} ô khác đúng sẵn).", "Không cần làm gì; lần sau nên nhập thẳng tệp xuất, đừng mở rồi lưu bằng Excel."),
    "XN_012": Sentence("warning", "Trạng thái “{goc}” ({n} hồ sơ) chưa có trong danh mục, giữ nguyên và để “Chưa phân loại”.", "Chọn nhóm cho trạng thái này ở trang “{trang}” của sổ."),
    "XN_013": Sentence("warning", "Mã {ma}: có ở {giu} và {bo}; giữ bản mới hơn (“{tt_giu}”, bản kia “{tt_bo}”).", "Không cần làm gì nếu đúng là một hồ sơ."),
    "XN_014": Sentence("warning", "Mã {ma}: {giu} và {bo} khác cả thủ tục lẫn ngày tiếp nhận; giữ cả hai.", "Kiểm tra lại mã hồ sơ trên phần mềm một cửa."),
    "XN_016": Sentence("warning", "Mã {ma}: {giu} và {bo} khác nhau mà không rõ bản nào mới hơn; đang giữ bản đầu (“{tt_giu}”, bản kia “{tt_bo}”).", "Đối chiếu phần mềm một cửa rồi sửa trong sổ."),
    "XN_017": Sentence("warning", "{tep}{trang}: {n} mã hồ sơ là số chứ không phải chữ (dòng {dong}); có thể đã mất số 0 ở đầu.", "Xuất lại tệp và nhập thẳng, đừng mở rồi lưu bằng Excel."),
    "XN_018": Sentence("error", "{tep}{trang}: {n} mã hồ sơ là số dài hơn 15 chữ số (dòng {dong}); Excel đã làm tròn nên mã không còn đúng.", "Xuất lại tệp và nhập thẳng, đừng mở rồi lưu bằng Excel."),
    "XN_019": Sentence("error", "--answer “{tra_loi}”: {ly_do}.", "Viết --answer \"TIÊU ĐỀ CỘT=MÃ CỘT\"; {goi_y}."),
    "XN_020": Sentence("info", "{tep}{trang}: cột “{tieu_de}” được đọc là {nghia} theo trả lời lần trước, ghi ở trang “{o_trang}” của sổ.", "Nếu không còn đúng thì xóa dòng ấy ở trang “{o_trang}” rồi chạy lại."),
    "XN_021": Sentence("warning", "{tep}{trang}, cột “{tieu_de}”: {n} ô không đọc được thành ngày (dòng {dong}), giữ nguyên như đã ghi.", "Sửa lại các ngày ấy trong sổ, theo dạng ngày/tháng/năm."),
    "XN_022": Sentence("error", "Sổ nhận không có trang “{trang}” của mẫu.", "Chọn sổ báo cáo tạo bằng lệnh tthc new."),
    "XN_023": Sentence("warning", "{tep}{trang}: {n} hồ sơ không có mã (dòng {dong}); vẫn nhập.", "Bổ sung mã hồ sơ trong sổ; không có mã thì không nhận ra được hồ sơ trùng."),
    "XN_024": Sentence("warning", "{tep}{trang}: {n} dòng có nội dung nhưng không giống hồ sơ (dòng {dong}), không nhập.", "Xem lại các dòng ấy trong tệp xuất; là hồ sơ thì bổ sung mã hồ sơ, ngày tiếp nhận rồi nhập lại."),
    "XN_025": Sentence("info", "{tep}{trang}: cột “{tieu_de}” cũng là {nghia}; đã lấy cột “{da_lay}”.", "Nếu muốn lấy cột này thì thêm --answer \"{tieu_de}={nghia}\" rồi chạy lại."),
    "XN_026": Sentence("warning", "{tep}: không đọc trang ẩn {trang}.", "Cần nhập thì bỏ ẩn trang ấy, lưu lại rồi nhập."),
    "XN_027": Sentence("info", "{tep}: nội dung y hệt {kia}, chỉ nhập một lần.", "Không cần làm gì."),
    "XN_028": Sentence("info", "Còn {n} trường hợp khác như vậy (mã {ma}), không kể từng trường hợp.", "Xem trong sổ, trang nhật ký."),
    "XN_029": Sentence("warning", "Sổ không có cột {cot} của mẫu nên dữ liệu cột ấy không có chỗ ghi.", "Khôi phục cột này trong sổ như mẫu rồi nhập lại."),
    "XN_030": Sentence("error", "{tep}: chữ trong tệp đã vỡ dấu (tệp UTF-8 bị mở bằng bảng mã khác rồi lưu lại).", "Xuất lại tệp và nhập thẳng, đừng mở rồi lưu bằng Excel."),
    "XN_031": Sentence("warning", "{tep}: trang {trang} không phải danh sách hồ sơ, không nhập.", "Không cần làm gì, nếu trang ấy không có hồ sơ."),
    "XN_032": Sentence("error", "{tep}: sổ tổng hợp, phiếu hoặc danh sách do bộ công cụ tạo ra, không phải danh sách xuất từ phần mềm một cửa.", "Chọn tệp xuất từ phần mềm một cửa của xã."),
    "XN_033": Sentence("error", "{tep}: sổ báo cáo của đơn vị {kia}, sổ nhận là của {nay}.", "Chọn tệp xuất từ phần mềm một cửa của đúng xã, hoặc đúng sổ nhận."),
    # --- dossiers that look odd
    "BT_000": Sentence("info", "{o}: {n} trên {tong} hồ sơ cùng bị như vậy: {ten}. Nhiều như thế thường do một nguyên nhân chung (cách ghi của phần mềm, nhầm cột), không phải lỗi từng hồ sơ.", "Xem vài hồ sơ, tìm nguyên nhân chung rồi sửa một lần; cần thì báo đơn vị quản lý phần mềm."),
    "BT_001": Sentence("error", "{o} ({ma}): có kết quả ngày {ngay}, trước ngày tiếp nhận {nhan}.", "Đối chiếu phần mềm một cửa: một trong hai ngày sai."),
    "BT_002": Sentence("error", "{o} ({ma}): hẹn trả ngày {ngay}, trước ngày tiếp nhận {nhan}.", "Đối chiếu giấy hẹn: một trong hai ngày sai."),
    "BT_003": Sentence("error", "{o} ({ma}): trạng thái là đã giải quyết nhưng không có ngày kết quả, nên chưa biết đúng hạn hay quá hạn.", "Ghi ngày có kết quả, hoặc sửa trạng thái."),
    "BT_004": Sentence("error", "{o} ({ma}): có ngày kết quả {ngay} nhưng trạng thái là chưa giải quyết xong.", "Kết thúc hồ sơ trên phần mềm, hoặc xóa ngày kết quả ghi nhầm."),
    "BT_005": Sentence("warning", "{o} ({ma}): hẹn trả ngày {ngay} là ngày nghỉ{du_kien}.", "Đối chiếu giấy hẹn; nếu đúng thì hẹn sang ngày làm việc tiếp theo."),
    "BT_006": Sentence("warning", "{o} ({ma}): trong mã là ngày {ngay}, nhưng tiếp nhận ngày {nhan}.", "Đối chiếu phần mềm một cửa: ngày tiếp nhận hoặc mã có thể sai."),
    "BT_007": Sentence("error", "{o} ({ma}): mã này có ở {n} dòng.", "Giữ một dòng cho mỗi hồ sơ, dòng có trạng thái mới nhất."),
    "BT_008": Sentence("info", "{o} ({ma}): {n} hồ sơ của cùng một người, cùng thủ tục, cùng ngày tiếp nhận {nhan}; ở thủ tục này ít khi như vậy.", "Xem có tiếp nhận hai lần không; nếu là hồ sơ khác nhau thì không cần làm gì."),
    "BT_009": Sentence("warning", "{o} ({ma}): tiếp nhận ngày {nhan}{xong}, không thuộc kỳ {ky}.", "Kiểm tra ngày tiếp nhận, hoặc xuất lại danh sách đúng kỳ."),
    "BT_010": Sentence("warning", "{o} ({ma}): hẹn {so} ngày làm việc; {n} hồ sơ khác của thủ tục này hầu hết hẹn {thuong} ngày.", "Đối chiếu giấy hẹn: ngày hẹn trả hoặc tên thủ tục có thể sai."),
    "BT_011": Sentence("warning", "{o} ({ma}): {khi}; thủ tục này thường hẹn {thuong} ngày làm việc.", "Xem hồ sơ có được nhập vào phần mềm sau khi đã giải quyết không."),
    "BT_012": Sentence("info", "{o}: {ai}, {n} trong {tong} hồ sơ giải quyết không quá hạn có kết quả đúng vào ngày hẹn trả.", "Xem ngày kết quả là ngày làm xong thật hay do phần mềm tự ghi bằng ngày hẹn."),
    "BT_013": Sentence("warning", "{o}: {ai}, {n} trong {tong} hồ sơ quá hạn; theo tỷ lệ {chung} thì thường không quá {nhieu_nhat}.", "Xem các hồ sơ quá hạn này có chung nguyên nhân không."),
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
    "GOP_014": Sentence("warning", "Danh sách ngày nhận {danh_sach}, dòng {n}: không có báo cáo đọc được nào là “{ten}”.{goi_y}", "Sửa tên tệp, mã xã hoặc tên xã (đủ dấu) ở dòng này."),
    "GOP_015": Sentence("warning", "Danh sách ngày nhận {danh_sach}, dòng {n}: “{ten}” có nhiều hơn một tệp, chưa rõ ngày là của tệp nào.", "Ghi đủ tên tệp, kể cả thư mục."),
    "GOP_016": Sentence("warning", "Danh sách ngày nhận {danh_sach}, dòng {n}: “{goc}” không phải là ngày có thật, nên dòng này không được dùng.", "Ghi đủ ngày/tháng/năm, năm 4 chữ số, ví dụ 02/10/2025."),
    "GOP_017": Sentence("warning", "{n} mã hồ sơ có trong sổ của cả {xa_1} và {xa_2}, ví dụ {ma}: có thể đếm trùng.", "Hai xã đối chiếu xem hồ sơ thuộc đơn vị nào; số chưa bị trừ."),
    "GOP_018": Sentence("info", "Đã dùng bản xã sửa theo phiếu trả lại: {tep}; bản này không cộng.", "Không cần làm gì."),
    "GOP_019": Sentence("warning", "Tên tệp là của {ten} ({ma}) nhưng trang Bìa không ghi xã này, nên số chưa được cộng.", "Nếu là báo cáo của xã thì ghi mã {ma} ở trang Bìa rồi gửi lại."),
    "GOP_020": Sentence("warning", "Danh sách ngày nhận {danh_sach} chỉ ghi {xa}, mà xã có {n} tệp khác nhau: chưa rõ ngày nào của tệp nào. Hạn nộp tính theo ngày đầu {ngay}; ngày không dùng để chọn bản.", "Ghi tên tệp ở cột “Tệp” cho từng ngày."),
    "GOP_021": Sentence("warning", "Danh sách ngày nhận {danh_sach}, dòng {n}: mã {ma} và tên “{ten}” không phải cùng một xã, nên dòng này không được dùng.", "Sửa mã hoặc tên xã ở dòng này."),
    "GOP_022": Sentence("warning", "Tên tệp là của {ten} ({ma}), xã chưa có tệp nào khác, nhưng trang Bìa ghi {ten_bia} ({ma_bia}): số được cộng cho {ten_bia}.", "Hỏi hai xã: nếu chép nhầm sổ thì {ten} ghi lại trang Bìa rồi gửi lại."),
    "GOP_023": Sentence("warning", "Danh sách ngày nhận {danh_sach}, dòng {n}: “{ten}” đã có tệp trong thư mục nhưng chưa ghi ngày nhận.", "Ghi ngày nhận ở dòng này."),
    "GOP_024": Sentence("warning", "Danh sách ngày nhận {danh_sach}, dòng {n}: “{ten}” ghi ngày nhận {ngay}, không thể là của kỳ {ky}, nên dòng này không được dùng.", "Kiểm tra lại ngày, nhất là năm."),
    "GOP_025": Sentence("warning", "Báo cáo chưa ghi số nào, cũng không đánh dấu “không phát sinh”: có thể gửi nhầm sổ mẫu còn trống.", "Gửi lại sổ đã điền; nếu cả kỳ không có gì thì đánh dấu “không phát sinh” ở trang Bìa hoặc ghi 0."),
    "GOP_026": Sentence("warning", "Báo cáo mới có các số thuộc loại chép từ kỳ trước sang, chưa ghi số nào của kỳ này: có thể gửi nhầm sổ chưa điền xong.", "Gửi lại sổ đã điền; nếu cả kỳ không có gì thì đánh dấu “không phát sinh” ở trang Bìa hoặc ghi 0."),
    # --- the memory of a merge
    "NHO_001": Sentence("info", "Không ghi được bộ nhớ của lần tổng hợp này ({ly_do}).", "Không cần làm gì: kết quả vẫn đủ; lần sau sẽ đọc lại mọi tệp và không kể được điều gì đã thay đổi."),
    "NHO_002": Sentence("info", "Chưa so được với lần tổng hợp trước: lần trước là {truoc}, lần này là {nay}.", "Không cần làm gì; muốn so hai lần thì tổng hợp cùng tỉnh, cùng kỳ ra cùng một tệp kết quả."),
    "NHO_003": Sentence("info", "Chưa so được với lần tổng hợp trước: bộ nhớ của lần ấy không còn đủ ({n} tệp).", "Không cần làm gì; lần sau sẽ so được."),
    # --- return slips
    "PH_001": Sentence("error", "Thư mục phiếu “{tep}” nằm trong thư mục báo cáo: lần tổng hợp sau sẽ đọc cả sổ mẫu ở đó như báo cáo đã nộp.", "Chọn một thư mục ở ngoài thư mục báo cáo."),
    "PH_002": Sentence("error", "Thư mục phiếu có {n} tệp trùng tên mà không phải do lần chạy trước để lại nguyên vẹn, ví dụ {tep}.", "Chuyển các tệp ấy đi nơi khác, hoặc chọn một thư mục khác."),
    "PH_003": Sentence("info", "{tep} đã được sửa sau khi công cụ ghi ra: giữ nguyên, không ghi lên.", "Chép tệp đã sửa vào thư mục báo cáo rồi tổng hợp lại."),
    "PH_004": Sentence("error", "{tep} là một tệp; phiếu trả lại cần một thư mục.", "Chọn một thư mục khác, hoặc ghi một tên chưa có."),
    # --- from one period to the next
    "KT_001": Sentence("info", "Đã chép {n} ô từ kỳ trước ({ky}, {tep}): {cac_cot}.", "Xem lại các ô đã chép, sửa những số đã thay đổi."),
    "KT_002": Sentence("warning", "Kỳ trước kết thúc ngày {den}, kỳ này bắt đầu ngày {tu}: {khoang}.", "Kiểm tra kỳ báo cáo của hai sổ; nếu đúng là như vậy thì đối chiếu số từ kỳ trước với phần mềm một cửa."),
    "KT_003": Sentence("warning", "{tep}, {o} ({ten}): đã chép {gia_tri} như đã ghi, nhưng kỳ trước còn {n} lỗi ở số này: {loi}", "Sửa sổ kỳ trước rồi tạo lại, hoặc sửa số này trong sổ mới."),
    "KT_004": Sentence("warning", "{tep}, {o} ({ten}): tổng kỳ trước là {trai}, các dòng chép sang cộng lại là {phai} (lệch {lech}).", "Điền nốt hoặc sửa các dòng còn thiếu trong sổ mới; dòng tổng của sổ mới do công thức tự cộng."),
    "KT_005": Sentence("error", "{tep} là báo cáo của {kia}, không phải của {nay}.", "Chọn sổ kỳ trước của đúng xã."),
    "KT_006": Sentence("error", "{tep}: trang Bìa chưa rõ {thieu}, nên chưa biết có phải sổ kỳ trước không.", "Điền trang Bìa của sổ kỳ trước rồi chạy lại."),
    "KT_007": Sentence("error", "{tep} có kỳ {kia}, không phải kỳ trước của {nay}.", "Chọn sổ của kỳ liền trước, bắt đầu và kết thúc sớm hơn kỳ này."),
    "KT_008": Sentence("warning", "{tep} (kỳ {ky}): không có số nào đủ chắc để chép sang kỳ mới.", "Điền các số từ kỳ trước bằng tay, theo phần mềm một cửa."),
    "KT_009": Sentence("error", "{tep}: không dùng làm sổ kỳ trước được. {ly_do}", "{can_lam}"),
    "KT_010": Sentence("error", "{tep}: trang “{trang}” không có {thieu}, nên không lấy được số kỳ trước.", "Chọn sổ tổng hợp do tthc merge tạo ra, chưa bị sửa tiêu đề."),
    "KT_011": Sentence("warning", "{o} ({ten}): kỳ này ghi {trai}, kỳ trước “{truoc}” là {phai} ({noi}) (lệch {lech}).", "Đối chiếu phần mềm một cửa rồi sửa số sai; nếu kỳ trước đã được đính chính thì báo tỉnh số đính chính."),
    "KT_012": Sentence("warning", "{o} ({ten}): kỳ này ghi {trai}, báo cáo kỳ trước không có số cho dòng “{dong}”.", "Kiểm tra tên lĩnh vực ở hai kỳ có giống nhau không; giống thì đối chiếu phần mềm một cửa."),
    "KT_013": Sentence("warning", "{o}: kỳ trước, dòng “{dong}” có {ten} là {phai} ({noi}); kỳ này không có dòng ấy.", "Thêm dòng lĩnh vực ấy, hoặc ghi đúng tên như kỳ trước."),
    "KT_015": Sentence("info", "{tep}, {o} ({ten}): số này còn thiếu một phần nên không chép; tất cả có {n} ô như vậy.", "Điền các ô ấy trong sổ mới theo phần mềm một cửa."),
    "KT_014": Sentence("warning", "{tep}: {n} tệp trong thư mục kỳ trước không dùng được cho xã {ten} ({ly_do}); sổ của xã để trống phần từ kỳ trước.", "Kiểm tra các tệp ấy, hoặc tạo riêng cho xã bằng --commune … --previous."),
    "KT_016": Sentence("warning", "Chưa đối chiếu số từ kỳ trước của {n} xã, vì kỳ của xã trong {tep} không trước kỳ của báo cáo: {cac_xa}.", "Xem cột “Kỳ” của các xã này ở trang NGUỒN của sổ ấy và trang Bìa của báo cáo."),
    "KT_017": Sentence("error", "{tep}: không có số của xã nào cần nộp của {tinh}, nên không đối chiếu được với kỳ trước.", "Chọn sổ tổng hợp kỳ trước của đúng tỉnh; kỳ trước chưa có số liệu thì bỏ --previous."),
    # --- a request that cannot be carried out
    "GHI_001": Sentence("error", "{o}: ô thuộc một công thức mảng nhiều ô nên không thay riêng được.", "Xóa công thức mảng ở vùng này, rồi làm lại."),
    "RA_001": Sentence("error", "Không ghi lên tệp đầu vào {tep}.", "Chọn một tên khác cho tệp kết quả."),
    "RA_002": Sentence("error", "Không ghi được {tep}: {ly_do}.", "Đóng tệp nếu đang mở, kiểm tra chỗ trống và quyền ghi rồi chạy lại; tệp cũ vẫn còn nguyên."),
    "RA_003": Sentence("error", "Không thấy tệp hoặc thư mục {tep}.", "Kiểm tra lại đường dẫn."),
    "RA_004": Sentence("error", "Không có sổ Excel nào trong {tep}.", "Kiểm tra lại thư mục."),
    "RA_005": Sentence("error", "Không có đơn vị nào là “{ma}”.", "Kiểm tra lại mã hoặc tên; {goi_y}"),
    "RA_006": Sentence("error", "Kỳ báo cáo ngược: từ {tu} đến {den}.", "Ghi ngày đầu kỳ trước, ngày cuối kỳ sau."),
    "RA_007": Sentence("error", "Thư mục đã có {n} tệp khác nội dung cùng tên, ví dụ {tep}.", "Chọn một thư mục khác, để không ghi lên báo cáo đã điền."),
    "RA_008": Sentence("error", "{tep}: không đọc được JSON ({ly_do}).", "Sửa lại tệp số liệu."),
    "RA_009": Sentence("error", "Không đọc được danh mục xã {tep}: {ly_do}.", "Lưu lại danh mục thành CSV (UTF-8) đúng các cột rồi chạy lại."),
    "RA_010": Sentence("error", "Thư mục trình diễn đã có {n} tệp không do bộ công cụ làm ra, ví dụ {tep}.", "Chọn một thư mục mới hoặc thư mục trống."),
    "RA_011": Sentence("warning", "Không tạo được bản đánh dấu: {ly_do}", "Mở tệp bằng Excel, lưu lại thành .xlsx rồi kiểm tra lại."),
    "RA_012": Sentence("error", "{tep}: chưa rõ tính đến ngày nào, trang Bìa không có kỳ báo cáo.", "Ghi Từ ngày, Đến ngày ở trang Bìa, hoặc cho biết ngày chốt bằng --on."),
    "RA_013": Sentence("error", "{tep}: sổ hồ sơ chưa có hồ sơ nào.", "Nhập danh sách xuất từ phần mềm một cửa vào trang “{trang}” rồi chạy lại."),
    "RA_014": Sentence("error", "{tep}: sổ hồ sơ không có cột {cot}, nên không biết hồ sơ nào quá hạn.", "Khôi phục cột này ở trang “{trang}” như mẫu rồi chạy lại."),
    "RA_015": Sentence("error", "Hai kết quả cùng ghi vào một tệp: {tep}.", "Chọn hai tên khác nhau."),
    "RA_016": Sentence("error", "Không đọc được danh sách ngày nhận {tep}: {ly_do}.", "Cần một dòng tiêu đề có cột “Ngày nhận” và cột “Tệp”, “Mã xã” hoặc “Tên xã”; lưu thành .xlsx hoặc CSV."),
    "RA_017": Sentence("error", "Không dùng được cụm máy {dia_chi}: {ly_do}.", "Khởi động lại cụm theo trang hướng dẫn nhiều máy, hoặc bỏ --cluster để chạy trên máy này."),
    "RA_018": Sentence("error", "Danh mục xã không có xã nào của {tinh}.", "Kiểm tra mã tỉnh đã chọn và cột ma_tinh của danh mục rồi chạy lại."),
    "RA_019": Sentence("error", "{tep}: không có tệp nào có thể là báo cáo của xã ({n} tệp khác); chưa ghi gì.", "Chọn thư mục để các sổ báo cáo nhận được; sổ tổng hợp lần trước vẫn còn nguyên."),
    "RA_020": Sentence("error", "{tep} là một tệp; ở đây cần thư mục.", "Chép các sổ nhận được vào một thư mục rồi ghi tên thư mục ấy."),
    "RA_021": Sentence("error", "{tep}: kết quả là sổ Excel nên tên phải kết thúc bằng .xlsx.", "Ghi lại tên, ví dụ {goi_y}."),
    "RA_022": Sentence("error", "Lệnh chưa đúng: {ly_do}.", "Xem hướng dẫn: {lenh} --help"),
    "RA_023": Sentence("error", "Công cụ gặp lỗi ngoài dự kiến và đã dừng; tệp gốc của anh chị không bị thay đổi.", "Gửi tệp nhật ký cho người hỗ trợ."),
    "RA_024": Sentence("error", "Việc đã làm xong, nhưng không ghi được lời báo kết quả ra nơi đã chọn: {ly_do}.", "Tệp kết quả, nếu lệnh này tạo tệp, đã được ghi đủ; tệp gốc không thay đổi. Chọn nơi khác để nhận lời báo rồi chạy lại lệnh."),
    "RA_025": Sentence("error", "{tep}: sổ tổng hợp, phiếu hoặc danh sách do bộ công cụ tạo ra, không phải danh sách ngày nhận của tỉnh.", "Chọn tệp ghi ngày nhận báo cáo; nếu ngày nhận ghi trong sổ này thì chép các dòng ấy sang một tệp mới."),
    "RA_026": Sentence("error", "{tep}: sổ báo cáo của đơn vị {ma}, không phải danh sách ngày nhận của tỉnh.", "Chọn tệp ghi ngày nhận báo cáo của các xã."),
    "RA_027": Sentence("error", "Hạn {ngay} không thể là hạn của báo cáo kỳ {ky}.", "Kiểm tra lại hạn, nhất là năm, rồi chạy lại."),
    # --- the Excel add-in
    "CD_001": Sentence("error", "Chưa có gói xlwings, nên chưa làm được bộ nút cho Excel.", f"{INSTALL_EXCEL}, rồi chạy lại; máy không có mạng: xem docs/cai_dat_ngoai_mang.md."),
    "CD_002": Sentence("error", "Bộ công cụ chưa biết xlwings phiên bản {phien_ban}.", f"{INSTALL_EXCEL} để có phiên bản mà bộ công cụ đã thử, rồi chạy lại."),
    "CD_003": Sentence("error", "Bộ nút chỉ cài được trên Windows có Excel.", "Trên máy này vẫn dùng được dòng lệnh tthc và LibreOffice."),
    "CD_004": Sentence("error", "Thư mục {ten} có chữ có dấu hoặc ký tự lạ, Excel không mở được Python ở đó: {duong_dan}.", "Cài Python vào C:\\ProgramData\\TTHC\\python (cách làm: docs/cai_dat_ngoai_mang.md) rồi chạy lại bằng Python ấy."),
    "CD_005": Sentence("error", "Không tìm thấy {tep} cạnh Python đang chạy ({thu_muc}).", "Cài lại Python từ python.org (không dùng bản của Microsoft Store), cài lại bộ công cụ rồi chạy lại."),
    "CD_006": Sentence("error", "{tep} đã có mà không phải do bộ công cụ này cài, hoặc đã bị sửa.", "Nếu không cần tệp ấy thì chuyển nó đi nơi khác rồi chạy lại; bộ công cụ không ghi đè tệp của người khác."),
    "CD_007": Sentence("error", "Không ghi hay xóa được {tep}: {ly_do}.", "Lưu các sổ, đóng hẳn Excel rồi chạy lại."),
    "CD_008": Sentence("error", "Python của Microsoft Store không chạy được cùng Excel.", "Cài Python từ python.org rồi chạy lại bằng Python ấy."),
    "SO_MO_001": Sentence("error", "Excel đang bận: có ô đang gõ dở hoặc có cửa sổ đang chờ trả lời.", "Nhấn Enter hoặc Esc để gõ xong ô ấy, đóng cửa sổ đang chờ, rồi bấm lại nút."),
    "SO_MO_002": Sentence("error", "Không thêm được trang {trang} vào {tep}: cấu trúc sổ có mật khẩu.", "Bỏ mật khẩu (Xem lại > Bảo vệ sổ làm việc) rồi bấm lại nút."),
    "SO_MO_003": Sentence("info", "Chưa có trang {trang} trong sổ.", "Bấm Kiểm tra số liệu trước."),
    "SO_MO_004": Sentence("info", "Ô đang chọn không có đề xuất nào nhận được.", "Bấm Tới lỗi kế tiếp, hoặc ghi x vào cột {cot} của trang {trang} rồi bấm lại."),
    "SO_MO_005": Sentence("error", "Trang {trang} có mật khẩu riêng nên không được ghi.", "Bỏ mật khẩu của trang (Xem lại > Bỏ bảo vệ trang tính) rồi bấm lại nút."),
    "SO_MO_006": Sentence("error", "“{goc}” không phải là ngày.", "Ghi ngày, tháng, năm, ví dụ 1/7/2025."),
    "LO_001": Sentence("error", "Trong LibreOffice, bộ công cụ làm việc trên sổ đang mở, chưa đọc được các tệp Excel khác.", "Mở từng sổ rồi bấm nút; để gộp hoặc nhập tệp, dùng lệnh tthc (xem README.md) hoặc bộ nút trong Excel."),
    "CD_009": Sentence("error", "Windows không cho biết thư mục {ten}.", "Đăng nhập lại rồi chạy lại; vẫn không được thì gửi dòng này cho người hỗ trợ."),
    "CD_010": Sentence("error", "Ở đây không có mã nguồn của bộ công cụ, nên chưa làm được bộ cài.", "Chạy lệnh tại thư mục mã nguồn (có tệp pyproject.toml): python -m macros addin offline THƯ_MỤC."),
    "CD_011": Sentence("error", "pip {viec} không xong: {ly_do}", "Kiểm tra máy này có mạng và pip, rồi chạy lại; vẫn không được thì gửi dòng này cho người hỗ trợ."),
    "CD_012": Sentence("error", "Thư mục {thu_muc} đã có tệp; để lẫn bản cũ thì máy xã có thể cài nhầm.", "Chọn thư mục khác, hoặc chuyển các tệp ấy đi rồi chạy lại."),
    "CD_013": Sentence("error", "Chưa tạo {tep}: bộ nút cho Excel phải có đuôi .xlam.", "Đặt tên kết quả kết thúc bằng .xlam; muốn phần mở rộng cho LibreOffice thì thêm --libreoffice và dùng đuôi .oxt."),
    "CD_014": Sentence("error", "Chưa tạo {tep}: phần mở rộng cho LibreOffice phải có đuôi .oxt.", "Đặt tên kết quả kết thúc bằng .oxt; muốn bộ nút cho Excel thì bỏ --libreoffice và dùng đuôi .xlam."),
    "CD_015": Sentence("error", "Chưa có gói {goi}, nên chưa làm được phần mở rộng cho LibreOffice (phần mở rộng mang theo vài tệp của gói này).", f"{INSTALL_EXCEL}, rồi chạy lại."),
}

CHOOSE_REPORT = "Chọn sổ báo cáo kỳ trước của chính xã ấy."
"""What to do with a file that is no report where the last report is asked for."""

CARRIED_NOTE = "Theo kỳ trước; sửa nếu đã khác."
BROKEN: dict[str, str] = {
    "rule": "{ten}{dong}",
    "computed": "{ten}: số gõ tay khác tổng các thành phần",
    "control": "{ten}: khác số của biểu",
    "row": " (dòng {dong})",
    "more": "và {n} chỗ khác",
}
"""What contradicts itself in a part of the form that is beyond a short repair."""

NO_SUCH_ROW = "Báo cáo kỳ này"
SEAM: dict[str, str] = {
    "gap": "{n} ngày ở giữa không thuộc kỳ nào",
    "overlap": "{n} ngày thuộc cả hai kỳ",
}
"""Words about what comes over from the period before."""

LIST_FAULTS: dict[str, str] = {
    "dau": "dòng đầu phải là {cot}",
    "csv": "không phải CSV ghi đúng cách",
    "cot": "phải có {n} cột",
    "ma": "mã phải có {n} chữ số (Excel hay bỏ số 0 ở đầu), đang ghi “{gia_tri}”",
    "loai": "loại phải là {cac_loai}, đang ghi “{gia_tri}”",
    "ten": "chưa ghi tên",
    "ma_tinh": "mã tỉnh phải có 2 chữ số, đang ghi “{gia_tri}”",
    "lap": "mã {gia_tri} đã có ở dòng trên",
    "dong": "dòng {n}: {loi}",
    "tinh": "danh mục tỉnh, {loi}",
    "con": "và {n} chỗ nữa",
    "ma_hoa": "tệp không ghi bằng UTF-8",
    "thu_muc": "đây là thư mục, cần một tệp",
    "tieu_de": "không có dòng tiêu đề",
    "json": "dòng {n}, cột {cot}",
    "so_dai": "có số dài quá mức",
}
"""What is wrong with a list that a province keeps itself, or with a file of values."""

BLANK = "(trống)"
LIKELY = " Có thể là: {cac_xa}."
ALL_ROWS = "tổng các dòng"
AND_OTHERS = " (và {n} ô khác như vậy)"
STILL_WRONG = " Ô trống ghi số nào cũng không khớp."
"""Parts of sentences about counts."""

ODDITIES: dict[str, str] = {
    "BT_001": "có kết quả trước ngày tiếp nhận",
    "BT_002": "hẹn trả trước ngày tiếp nhận",
    "BT_003": "đã giải quyết nhưng không có ngày kết quả",
    "BT_004": "có ngày kết quả nhưng chưa kết thúc",
    "BT_005": "hẹn trả vào ngày nghỉ",
    "BT_006": "ngày trong mã trái với ngày tiếp nhận",
    "BT_007": "trùng mã hồ sơ",
    "BT_008": "cùng người, cùng thủ tục, cùng ngày",
    "BT_009": "tiếp nhận ngoài kỳ",
    "BT_010": "hạn khác các hồ sơ cùng thủ tục",
    "BT_011": "giải quyết trong vài phút",
    "BT_012": "quá nhiều hồ sơ xong đúng ngày hẹn",
    "BT_013": "quá hạn nhiều hơn mức chung",
}
"""What is odd about a dossier or a group of dossiers."""

SURENESS: dict[str, str] = {
    "chac_chan": "Chắc chắn sai",
    "rat_co_the": "Rất có thể sai",
    "nen_xem": "Nên xem lại",
}

ODD_WORDS: dict[str, str] = {
    "so": "cả sổ hồ sơ",
    "linh_vuc": "lĩnh vực “{ten}”",
    "linh_vuc_o": "lĩnh vực ghi ở ô này",
    "don_vi": "đơn vị ghi ở ô này",
    "can_bo": "cán bộ ghi ở ô này",
    "chung_so": "chung {ty_le} của xã",
    "chung_linh_vuc": "{ty_le} của các lĩnh vực đã làm",
    "du_kien": " (dự kiến)",
    "xong": " và xong ngày {ngay}",
    "sau_phut": "có kết quả sau {n} phút",
    "truoc_gio": "có kết quả trước giờ tiếp nhận {n} phút, cùng ngày",
    "khong_ma": "hồ sơ ở dòng {dong}",
}
"""Parts of sentences about what is odd. Officers and units are named by their cell, citizens never."""

VERDICTS: dict[str, str] = {
    "truoc_han": "Trước hạn",
    "dung_han": "Đúng hạn",
    "qua_han": "Quá hạn",
    "dang_trong_han": "Đang trong hạn",
    "sap_den_han": "Sắp đến hạn",
    "dang_qua_han": "Đang quá hạn",
    "cho_bo_sung": "Chờ bổ sung",
    "cho_nghia_vu_tai_chinh": "Chờ nghĩa vụ tài chính",
    "dung_xu_ly": "Dừng xử lý",
    "rut": "Rút, trả lại",
    "chua_tinh": "Chưa tính",
    "chua_phan_loai": "Chưa phân loại",
}
"""What a dossier is worth on a day."""

REASONS: dict[str, str] = {
    "truoc_han": "{ten}{so}: hẹn {hen}, có kết quả {ngay}",
    "dung_han": "{ten}: hẹn {hen}, có kết quả {ngay}",
    "qua_han": "{ten}{so}: hẹn {hen}, có kết quả {ngay}",
    "truoc_han_tra": "{ten}{so}: hẹn {hen}, trả {ngay} (không ghi ngày có kết quả)",
    "dung_han_tra": "{ten}: hẹn {hen}, trả {ngay} (không ghi ngày có kết quả)",
    "qua_han_tra": "{ten}{so}: hẹn {hen}, trả {ngay} (không ghi ngày có kết quả)",
    "dang_trong_han": "{ten}{so}: hẹn {hen}, tính đến {ngay}",
    "sap_den_han": "{ten}{so}: hẹn {hen}, tính đến {ngay}",
    "dang_qua_han": "{ten}{so}: hẹn {hen}, đến {ngay} chưa có kết quả",
    "cho_bo_sung": "{ten}, không tính quá hạn",
    "cho_nghia_vu_tai_chinh": "{ten}, không tính quá hạn",
    "dung_xu_ly": "{ten}, không tính quá hạn",
    "rut": "{ten}, không tính quá hạn",
    "chua_tinh": "{ten}: mới đăng ký hoặc không được tiếp nhận",
    "tiep_nhan_sau": "{ten}: tiếp nhận sau ngày chốt",
    "chua_phan_loai": "{ten}: trạng thái không có trong bảng trạng thái",
    "ngay_khong_doc": "{ten}: ngày hẹn trả hoặc ngày kết quả không đọc được",
    "xong_khong_ngay": "{ten}: đã giải quyết nhưng không có ngày kết quả",
    "khong_hen_xong": "{ten}: không có ngày hẹn trả nên không thể quá hạn",
    "khong_hen_dang": "{ten}: không có ngày hẹn trả nên không thể quá hạn",
    # pieces
    "so_ngay": " {n} ngày làm việc",
    "con": ", còn {n} ngày làm việc",
    "khong_ngay": " (chưa qua ngày làm việc nào)",
    "nghi": "; không tính ngày nghỉ {ngay}",
    "lam_bu": "; tính ngày làm bù {ngay}",
    "du_kien": " (lịch nghỉ mới là dự kiến)",
    "ngoai_lich": "; ngoài lịch nghỉ {tu} – {den} nên chưa đếm được ngày làm việc",
}
"""Why a dossier got its verdict."""

FUNCTION_FAULTS: dict[str, str] = {
    "dau": "Lỗi: ",
    "ngay": "không đọc được ngày",
    "so": "không đọc được số",
    "so_le": "không rõ là số lẻ hay dấu ngăn nghìn, ghi lại {goi_y}",
    "so_am": "số âm",
    "so_lon": "số có trên 15 chữ số, bảng tính không giữ đủ",
    "o_loi": "ô nguồn báo lỗi {goc}",
    "so_ngay": "số ngày phải là số nguyên không âm",
    "ngoai_lich": "ngoài lịch nghỉ {tu} – {den}",
    "trang_thai": "trạng thái không có trong bảng trạng thái",
    "cot": "các cột không dài bằng nhau",
    "vung": "các vùng chọn không rộng bằng nhau",
    "mot_o": "{ten}: chỉ chọn một ô",
    "thieu": "thiếu {ten}",
    "dong": "chọn đúng {n} ô của một dòng, từ cột {dau} đến cột {cuoi} (đang chọn {co} ô)",
    "o_cot": "cột {cot}: {ly_do}",
    "lua_chon": "không có cách tính “{goc}”; chọn một trong: {cac}",
    "hong": "công cụ gặp sự cố, gửi tệp nhật ký cho người hỗ trợ",
    "mau_so": "–",
}
"""What a worksheet function shows instead of a value; all but the last begin with the first."""

ROW_ANSWERS: dict[str, str] = {
    "khop": "Khớp",
    "chua_du": "Chưa đủ số liệu",
    "lech": "Lệch {lech}, {dieu}: {trai} so với {phai}",
    "khong_sua": "Không cần sửa",
    "nhieu": "Sai nhiều ô: chép lại cả dòng từ nguồn",
}
"""What the worksheet functions on a row of the form answer."""

MAY_BE_PERSONAL = "(không hiện vì có thể là dữ liệu cá nhân)"
"""Stands for the content of a cell that may be somebody's name or number."""

HIGHLIGHTS: dict[str, str] = {
    "bat_thuong": "Bất thường",
    "trong_do": "Trong đó bất thường",
    "tong": "Tổng số hồ sơ",
    # lines over the list
    "tom_tat": "Tính đến hết ngày {ngay}: {tong} hồ sơ, {dang_qua_han} đang quá hạn, {qua_han} đã giải quyết quá hạn, {sap_den_han} sắp đến hạn (còn không quá {soon} ngày làm việc), {bat_thuong} bất thường.",
    "lich": "Ngày làm việc đếm theo {lich}, từ {tu} đến {den}.",
    "du_kien": " Ngày nghỉ năm {nam} mới là dự kiến: số ngày có thể thay đổi.",
    "ngoai_lich": " {n} hồ sơ có ngày nằm ngoài lịch nên chưa đếm được số ngày.",
    "khong_hen": " {n} hồ sơ không có ngày hẹn trả nên không thể quá hạn.",
    # pieces of a line
    "va": "{ly_do}. Bất thường: {bat_thuong}",
    "ca_so": "Ghi chú về cả sổ hồ sơ",
    "khong_ma": "(dòng {dong} của sổ)",
    # which list of days off
    "lich_san": "lịch nghỉ kèm bộ công cụ",
    "lich_rieng": "lịch nghỉ {tep}",
}
"""Parts of the list of dossiers that need attention."""

UNPLACED: dict[str, str] = {
    "khong_ngay_nhan": "không có ngày tiếp nhận",
    "ngay_khong_doc": "ngày hẹn trả hoặc ngày kết quả không đọc được",
    "chua_phan_loai": "trạng thái chưa phân loại",
    "xong_khong_ngay": "đã giải quyết nhưng không có ngày kết quả",
    "rut_khong_ngay": "rút, trả lại nhưng không có ngày, không rõ trước kỳ hay trong kỳ",
    "xong_truoc_nhan": "có kết quả trước ngày tiếp nhận",
}
"""Why a dossier cannot be counted in form II.06a."""

LEFT_OUT: dict[str, str] = {
    "tieu_de": "tiêu đề",
    "dong_muc": "dòng mục",
    "dong_cong": "dòng cộng",
    "chu_ky": "ghi chú, chữ ký cuối bảng",
    "trong": "dòng trống",
    "khac": "không giống hồ sơ",
    "trung": "lặp lại hồ sơ đã có",
}
"""Why a row of an export is no dossier of its own."""

EVIDENCE: dict[str, str] = {
    "hai_cot": "tệp đã có cột khác cho nghĩa kia",
    "dang_xu_ly": "{n}/{tren} hồ sơ đang xử lý đã có ngày ở cột này",
    "hoi_som": "{n}/{tren} ngày ở cột này sớm hơn ngày có kết quả của chính hồ sơ ấy",
    "tuong_lai": "{n}/{tren} ngày ở cột này muộn hơn mọi ngày khác trong tệp mà hồ sơ chưa có kết quả",
    "da_xong": "{n}/{tren} hồ sơ đang xử lý để trống cột này, còn hồ sơ đã xong thì có ngày",
}
"""Why a doubtful column of an export was read as it was."""

WAYS: dict[str, str] = {
    "theo_ngay_tra": "tính theo ngày trả kết quả thay cho ngày có kết quả",
    "cho_theo_han": "xét cả ngày hẹn của hồ sơ chờ bổ sung, chờ nghĩa vụ tài chính, dừng xử lý",
    "den_han_la_qua": "coi hồ sơ hẹn trả đúng ngày cuối kỳ là quá hạn",
    "mot_ma_mot_lan": "mỗi mã hồ sơ chỉ đếm một lần",
    "ca_moi_dang_ky": "đếm cả hồ sơ mới đăng ký, chưa được tiếp nhận",
    "rut_rieng": "tách riêng hồ sơ rút, trả lại",
    "rut_trong_da_giai_quyet": "tính hồ sơ rút, trả lại vào đã giải quyết",
    "rut_trong_dung_han": "tính hồ sơ rút, trả lại vào đúng hạn",
}
"""Other ways of counting form II.06a met in practice, tried when the typed number differs from the register."""

MATCHES_IF = " Khớp nếu {cach} ({n} hồ sơ: {ma})."
COUNTED_HERE = " Ở ô này sổ có {n} hồ sơ: {ma}."

SLIP_KINDS: dict[str, str] = {
    "thay_chu_so": "gõ nhầm một chữ số",
    "dao_chu_so": "đảo hai chữ số liền nhau",
    "rot_chu_so": "gõ sót một chữ số",
    "them_chu_so": "gõ thừa một chữ số",
    "dau": "nhầm dấu âm",
    "nghin": "nhầm dấu chấm phần nghìn (gấp hoặc kém 1.000 lần)",
    "doi_cho": "hai ô liền nhau bị đổi chỗ",
    "luy_ke": "ghi số lũy kế (đã cộng cả kỳ trước) thay cho số trong kỳ",
    "sot_dong": "tổng cộng sót một phần",
    "phan_vao_tong": "ghi một phần vào ô tổng",
    "chuyen_han": "chuyển nhầm giữa hai phần của cùng một tổng (như trong hạn, quá hạn)",
}
"""Kinds of slip that a proposed repair looks like (``Repair.kind``, ``Change.kind``)."""

PROPOSED: dict[str, str] = {
    "cell": "ô {o} {truoc} → {sau}",
    "range": "ô {o} {truoc} → từ {tu} đến {den}",
    "least": "ô {o} {truoc} → từ {tu} trở lên",
    "kind": " ({kieu})",
    "certain": "Sửa {cac_o}. Chắc chắn: cách sửa ít ô nhất nào cũng có",
    "alone": "Sửa {cac_o}. Chắc chắn: không có cách nào khác sửa ít ô như vậy",
    "one_of": "Sửa {cac_o}. Một trong {n} cách sửa ít ô nhất",
    "one_of_many": "Sửa {cac_o}. Chỉ là một trong nhiều cách, chưa đếm hết",
    "setting": "“{lua_chon}” thì chỉ cần sửa {cac_o}",
    "setting_fits": "“{lua_chon}” thì mọi số đều khớp",
}
"""The parts of a proposal: which cells, to what, how sure."""

RETURN_STATUS: dict[str, str] = {
    "errors": "báo cáo đã được cộng, nhưng có {loi} chỗ phải sửa",
    "warnings": "báo cáo đã được cộng; có {can_xem} chỗ cần xem lại",
    "off_period": "báo cáo chưa được cộng vào kỳ này vì kỳ báo cáo không khớp",
    "returned": "báo cáo chưa dùng được nên chưa được cộng",
    "missing": "chưa nhận được báo cáo",
    "va_xem": " và {can_xem} chỗ cần xem lại",
}
"""Where a report stands, for its sender."""

RETURN_SEVERITY: dict[str, str] = {"error": "Phải sửa", "warning": "Cần xem", "info": "Nhắc"}

RETURN_FIXES: dict[str, str] = {
    "GOP_002": "Xem Từ ngày, Đến ngày ở trang Bìa: ghi nhầm thì sửa lại ngày; nếu là số liệu của kỳ khác thì điền báo cáo đúng kỳ rồi gửi lại.",
    "GOP_005": "Cho biết bản nào đúng, hoặc gửi lại một bản đúng duy nhất.",
    "TEP_004": "Mở bằng Excel, chọn Lưu thành > .xlsx rồi gửi lại.",
    "TEP_009": "Mở tệp bằng Excel, chọn Lưu thành > .xlsx rồi gửi lại.",
    "TEP_011": "Mở bằng LibreOffice, chọn Lưu thành > .xlsx rồi gửi lại.",
    "TEP_013": "Mở tệp bằng Excel, chọn Lưu thành > .xlsx rồi gửi lại; vẫn không được thì chép số liệu sang sổ mẫu kèm theo.",
}
"""What the sender of a file can do, where the sentence itself speaks to whoever merges."""

RETURNS: dict[str, str] = {
    "ky": "kỳ {ky}",
    "tep": "Tệp đã nhận: {tep}.",
    "han": "Đề nghị gửi lại trước ngày {ngay}.",
    "han_nop": "Đề nghị gửi trước ngày {ngay}.",
    "nhan_them": "Cũng nhận được tệp {tep}: {ly_do}",
    "tep_hong": "Tệp {tep} không dùng được: {ly_do}",
    "tep_hong_khac": "Tệp {tep} không dùng được ({ly_do}); đang dùng tệp {dung}.",
    "tep_hong_sua": "Nếu tệp này mới hơn thì gửi lại theo cách sau, nếu không thì không cần làm gì. {sua}",
    "chua_nop": "Chưa nhận được báo cáo kỳ {ky}.",
    "chua_nop_sua": "Điền và gửi báo cáo. Nếu đã gửi thì báo lại tên tệp và ngày gửi.",
    # proposed values
    "tu_den": "từ {tu} đến {den}",
    "tro_len": "từ {tu} trở lên",
    "nhan": "Đối chiếu nguồn số liệu; đúng như đề xuất thì ghi {sau}{kieu}.",
    "co_ve": " (có vẻ {kieu})",
    "cung_sua": "Sửa ô này cùng các ô khác có đề xuất thì mọi số khớp.",
    "cach": "Một trong {n} cách: {cac_cach}",
    "cach_nhieu": "Chỉ là một trong nhiều cách, chưa đếm hết: {cac_cach}",
    "con_cach": "; còn {n} cách khác",
    "xem_o": "Như ở {o}",
    "doi_chieu": "Số đề xuất suy ra từ các số khác của báo cáo, không phải kết luận: đối chiếu nguồn số liệu trước khi sửa.",
    # the rest, and what to do with the file
    "con_lai": "Còn {n} điều khác chưa kể ở đây: xem trang “{trang}” trong tệp {tep}.",
    "con_lai_tin": "Còn {n} điều khác, xem phiếu kèm theo: {o}.",
    "sua_danh_dau": "Cách gửi lại: mở tệp {tep}, sửa những chỗ nêu trên (ô tô màu, kể ở trang “{trang}”), lưu lại với đuôi .xlsx rồi gửi cho nơi đã gửi phiếu này. Màu và trang kê không ảnh hưởng đến số liệu.",
    "sua_trong": "Cách gửi lại: gửi lại tệp của xã đã sửa như trên, hoặc điền vào sổ mẫu {tep} (đã ghi sẵn đơn vị, kỳ), lưu với đuôi .xlsx rồi gửi cho nơi đã gửi phiếu này.",
    "sua_tep_xa": "Cách gửi lại: sửa trong tệp của xã ({tep}), lưu lại với đuôi .xlsx rồi gửi cho nơi đã gửi phiếu này.",
    "dien_moi": "Cách gửi: điền vào sổ mẫu {tep} (đã ghi sẵn đơn vị, kỳ), lưu với đuôi .xlsx rồi gửi cho nơi đã gửi phiếu này.",
    "dang_ghi": "đang ghi {goc}, đề xuất {de_xuat}",
    "ca_tep": "Cả tệp",
}
"""Parts of the slip that goes back to the sender of a file."""

ACCEPTED = "Chấp nhận đề xuất: {kieu}"
PLAIN_SLIP = "số không khớp với các ô liên quan"

RESTORED: dict[str, str] = {
    "overtyped": "Công thức của mẫu đã bị gõ đè; khôi phục công thức.",
    "blank": "Công thức của mẫu đã bị xóa; điền lại công thức.",
    "missing": "Công thức chưa có kết quả; tính và điền kết quả.",
    "stale": "Kết quả lưu trong tệp đã cũ; tính lại.",
}
"""Why a computed cell was restored, for the log sheet."""

FILLED: dict[str, str] = {
    "zero": "Ô còn trống, người lập biểu cho biết không phát sinh.",
    "register": "Đếm từ trang Hồ sơ.",
}
"""Why a cell was filled in at a click, for the log sheet."""

LIVE_LOG: dict[str, str] = {
    "check": "Kiểm tra số liệu",
    "formulas": "Điền công thức",
    "zeros": "Điền 0 vào ô trống",
    "accept": "Gợi ý sửa",
    "overdue": "Tô hồ sơ quá hạn",
    "totals": "Lập biểu từ hồ sơ",
    "import": "Nhập hồ sơ",
    "paint": "Tô màu {n} ô",
    "undo": "Hoàn tác",
    "rows": "Thêm {n} hồ sơ",
    "lines": "Thêm {n} dòng",
    "filled": "Điền vào ô trống",
}
"""What a run on an open book did, for its log sheet."""

LIVE_HINTS: dict[str, str] = {
    "list": "Bấm vào địa chỉ ở cột “Ô” để tới ô đó. Muốn bỏ màu: nút Xóa đánh dấu. Đồng ý với đề xuất: ghi x vào cột “Chấp nhận” rồi bấm Gợi ý sửa.",
    "dossiers": "Bấm vào địa chỉ ở cột “Ô” để tới hồ sơ đó. Muốn bỏ màu: nút Xóa đánh dấu.",
    "log": "Mỗi dòng là một ô đã được công cụ sửa. Muốn trả lại: nút Hoàn tác lần chạy trước. Đừng xóa trang này nếu còn muốn hoàn tác.",
}
"""How to go on from our sheets in an open book."""


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


def show_day(day: date) -> str:
    """A date whose year is plain: 05/9, 05/02."""
    return show_date(day).rpartition("/")[0]


def show_days(days: Iterable[date]) -> str:
    """Days in order, runs as one: "16/02 – 20/02, 27/4"."""
    runs: list[list[date]] = []
    for day in days:
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1][1:] = [day]
        else:
            runs.append([day])
    return ", ".join(" – ".join(map(show_day, run)) for run in runs)


def show_period(period: Period) -> str:
    """A period as official letters write it: 01/7/2025 – 25/9/2025."""
    return f"{show_date(period.start)} – {show_date(period.end)}"


class _Known(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "(không rõ)"
