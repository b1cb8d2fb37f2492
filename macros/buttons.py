"""The ribbon as a table: one row for each button, and nothing else knows what a button is called.

From it come the ribbon of the add-in (``ribbon_xml``), the menu of LibreOffice and the list of the handbook; a test
compares it with the VBA and with the handlers. Labels are Vietnamese and never reach VBA, which is plain ASCII.

Images are names of Office's own pictures that every Excel from 2013 to 365 lists (list of the common names:
OfficeDev/office-fluent-ui-command-identifiers, read on 22 Nov 2026; that each shows in Excel was not seen).
"""

from __future__ import annotations

from typing import NamedTuple

TAB_ID, TAB_LABEL, TAB_KEYTIP = "tabBaoCaoXa", "Báo cáo xã", "BX"


class Group(NamedTuple):
    id: str
    label: str


class Button(NamedTuple):
    id: str  # the same in the ribbon, in VBA and in ``ribbon.press``
    label: str
    screentip: str  # one line, in bold
    supertip: str  # what happens to the open workbook
    image: str  # imageMso
    keytip: str  # typed after Alt, B, X; none begins another
    group: str  # id of its group
    handler: str  # function of ``macros.ribbon``
    page: str  # handbook page, docs/so_tay/<page>
    large: bool = False


GROUPS = (
    Group("grpNhapLieu", "Nhập liệu"),
    Group("grpKiemTra", "Kiểm tra"),
    Group("grpHoSo", "Hồ sơ"),
    Group("grpTongHop", "Tổng hợp"),
    Group("grpTroGiup", "Trợ giúp"),
)

BUTTONS: tuple[Button, ...] = (
    Button(
        id="btnTaoMau",
        label="Tạo mẫu báo cáo",
        screentip="Tạo sổ báo cáo mới cho xã",
        supertip="Hỏi mã xã, kỳ báo cáo, có lấy số từ sổ kỳ trước không, rồi tạo sổ mới. Sổ đang mở không thay đổi.",
        image="FileNew",
        keytip="TM",
        group="grpNhapLieu",
        handler="new_template",
        page="tao_mau.md",
        large=True,
    ),
    Button(
        id="btnDienCongThuc",
        label="Điền công thức",
        screentip="Điền lại các ô tính tự động",
        supertip="Khôi phục công thức bị xóa hoặc gõ đè. Số anh chị nhập giữ nguyên; từng ô ghi vào nhật ký.",
        image="AutoSum",
        keytip="CT",
        group="grpNhapLieu",
        handler="fill_formulas",
        page="dien_cong_thuc.md",
    ),
    Button(
        id="btnDien0",
        label="Điền 0 vào ô trống",
        screentip="Điền 0 vào các ô số còn trống",
        supertip="Chỉ bấm khi chắc chắn các ô còn trống là không phát sinh: ô trống nghĩa là chưa có số liệu.",
        image="ReplaceDialog",
        keytip="D0",
        group="grpNhapLieu",
        handler="fill_zeros",
        page="dien_so_0.md",
    ),
    Button(
        id="btnNhapHoSo",
        label="Nhập hồ sơ từ phần mềm một cửa",
        screentip="Nhập danh sách hồ sơ vào trang Hồ sơ",
        supertip="Chọn tệp xuất từ phần mềm một cửa. Hồ sơ mới được thêm, hồ sơ đã có được cập nhật.",
        image="FileOpen",
        keytip="NH",
        group="grpNhapLieu",
        handler="import_dossiers",
        page="nhap_ho_so.md",
    ),
    Button(
        id="btnKiemTra",
        label="Kiểm tra số liệu",
        screentip="Kiểm tra sổ báo cáo đang mở",
        supertip="Tô màu ô cần xem lại và lập trang Kết quả kiểm tra: ô nào, sai gì, cách sửa. Số liệu không bị sửa.",
        image="ErrorChecking",
        keytip="KT",
        group="grpKiemTra",
        handler="check",
        page="kiem_tra.md",
        large=True,
    ),
    Button(
        id="btnLoiSau",
        label="Tới lỗi kế tiếp",
        screentip="Tới ô cần xem tiếp theo",
        supertip="Chọn ô của lỗi tiếp theo trong trang Kết quả kiểm tra.",
        image="MacroPlay",
        keytip="LS",
        group="grpKiemTra",
        handler="next_finding",
        page="kiem_tra.md",
    ),
    Button(
        id="btnLoiTruoc",
        label="Về lỗi trước",
        screentip="Về ô cần xem trước đó",
        supertip="Chọn ô của lỗi đứng trước trong trang Kết quả kiểm tra.",
        image="HyperlinkInsert",
        keytip="LT",
        group="grpKiemTra",
        handler="previous_finding",
        page="kiem_tra.md",
    ),
    Button(
        id="btnGoiYSua",
        label="Gợi ý sửa",
        screentip="Xem và chấp nhận đề xuất sửa ít ô nhất",
        supertip="Nêu ô nên sửa và số suy ra được. Chỉ những đề xuất anh chị chấp nhận mới được ghi vào sổ và nhật ký.",
        image="FunctionWizard",
        keytip="GY",
        group="grpKiemTra",
        handler="propose",
        page="sua_it_o_nhat.md",
    ),
    Button(
        id="btnXoaDanhDau",
        label="Xóa đánh dấu",
        screentip="Bỏ màu và trang kết quả của công cụ",
        supertip="Chỉ bỏ màu do công cụ tô, trả lại màu cũ của ô. Số liệu và màu của anh chị giữ nguyên.",
        image="ClearFormats",
        keytip="XD",
        group="grpKiemTra",
        handler="clear_marks",
        page="xoa_danh_dau.md",
    ),
    Button(
        id="btnToQuaHan",
        label="Tô hồ sơ quá hạn",
        screentip="Tô màu hồ sơ quá hạn, sắp đến hạn, bất thường",
        supertip="Tính theo ngày làm việc đến ngày cuối kỳ báo cáo; nói rõ muộn mấy ngày và vì sao.",
        image="ConditionalFormattingMenu",
        keytip="QH",
        group="grpHoSo",
        handler="overdue",
        page="to_qua_han.md",
        large=True,
    ),
    Button(
        id="btnLapBieu",
        label="Lập biểu từ hồ sơ",
        screentip="Tính biểu II.06a từ trang Hồ sơ",
        supertip="Đếm trang Hồ sơ theo lĩnh vực và điền vào biểu. Ô đã có số khác thì hỏi trước khi thay.",
        image="PivotTableInsert",
        keytip="LB",
        group="grpHoSo",
        handler="totals_from_register",
        page="lap_bieu.md",
    ),
    Button(
        id="btnGop",
        label="Gộp báo cáo các xã",
        screentip="Tổng hợp một thư mục báo cáo thành sổ của tỉnh",
        supertip="Chọn thư mục có báo cáo các xã. Xã nào đã nộp, thiếu, trả lại đều được kể; mỗi số kèm ô nguồn.",
        image="Consolidate",
        keytip="GB",
        group="grpTongHop",
        handler="merge",
        page="gop_bao_cao.md",
        large=True,
    ),
    Button(
        id="btnPhieuTra",
        label="Phiếu trả lại",
        screentip="Lập phiếu trả lại cho từng xã",
        supertip="Mỗi xã một phiếu một trang: ô, đang ghi, vì sao, đề xuất, hạn gửi lại; kèm tin nhắn để dán vào Zalo.",
        image="ReviewNewComment",
        keytip="PT",
        group="grpTongHop",
        handler="return_slips",
        page="phieu_tra_lai.md",
    ),
    Button(
        id="btnHuongDan",
        label="Hướng dẫn",
        screentip="Mở sổ tay hướng dẫn",
        supertip="Mở sổ tay có sẵn trong máy, không cần mạng.",
        image="Help",
        keytip="HD",
        group="grpTroGiup",
        handler="handbook",
        page="bat_dau_5_phut.md",
        large=True,
    ),
    Button(
        id="btnTuKiemTra",
        label="Tự kiểm tra",
        screentip="Kiểm tra công cụ trên máy này",
        supertip="Ghi một tệp về Excel, Python và công cụ trên máy để gửi người hỗ trợ; không có số liệu của xã.",
        image="PropertySheet",
        keytip="TK",
        group="grpTroGiup",
        handler="self_test",
        page="tu_kiem_tra.md",
    ),
    Button(
        id="btnNhatKy",
        label="Nhật ký",
        screentip="Mở trang Nhật ký chỉnh sửa của sổ",
        supertip="Từng ô công cụ đã thay: trước đó là gì, nay là gì, vì sao.",
        image="NameManager",
        keytip="NK",
        group="grpTroGiup",
        handler="show_log",
        page="nhat_ky.md",
    ),
    Button(
        id="btnHoanTac",
        label="Hoàn tác lần chạy trước",
        screentip="Trả các ô về như trước lần chạy cuối",
        supertip="Theo trang Nhật ký chỉnh sửa; dùng được cả sau khi lưu và trên máy khác.",
        image="Undo",
        keytip="HT",
        group="grpTroGiup",
        handler="undo",
        page="nhat_ky.md",
    ),
)
