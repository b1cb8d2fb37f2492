"""The worksheet functions: which rule answers under which name.

One source for every program: ``FUNCTIONS`` holds them with their help, which is their docstring; where there is xlwings
each is an Excel function too. A whole column is answered by one call. None asks the clock, none is volatile.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial, wraps
from types import ModuleType

from macros.light_xlwings import load
from macros.worksheet import (
    Cells,
    Function,
    Grid,
    Unusable,
    answer,
    by_cell,
    described,
    flat,
    for_excel,
    one_cell,
    one_size,
    used_rows,
)
from toolkit import functions as rules
from toolkit.figures import is_blank, read_count
from toolkit.functions import fault
from workbook.forms import load_calendar, load_form, load_vocabulary

FUNCTIONS: dict[str, Function] = {}
SOON = 3
"""Working days left from which on a dossier is soon due, as in ``workbook.dossier_jobs``."""


def _excel() -> ModuleType | None:
    try:
        return load()
    except ImportError:  # LibreOffice
        return None


_XLWINGS = _excel()


def _function(compute: Callable[..., Grid]) -> Callable[..., object]:
    """Enters a function in ``FUNCTIONS`` and gives its face in Excel: every argument may be left out there, because
    Excel would answer #VALUE!; the sentence that says which one is missing is ours."""
    function = FUNCTIONS[compute.__name__] = described(compute)

    @wraps(compute)
    def face(*cells: Cells) -> object:
        return for_excel(answer(function, cells))

    signature = inspect.signature(compute)
    face.__signature__ = signature.replace(  # type: ignore[attr-defined]  # inspect and xlwings read it
        parameters=[p.replace(default=None) for p in signature.parameters.values()]
    )
    face.__annotations__ = {}
    if _XLWINGS is None:
        return face
    for argument in function.arguments:
        _XLWINGS.arg(argument.name, ndim=2, err_to_str=True, doc=argument.help)(face)
    _XLWINGS.func(face)
    return face


@_function
def XA_HAN_TRA(ngay_nhan: Grid, so_ngay: Grid) -> Grid:
    """Hạn trả kết quả: ngày làm việc thứ mấy kể từ sau ngày nhận. Bỏ thứ bảy, chủ nhật, ngày lễ; tính ngày làm bù.

    ngay_nhan: Ngày nhận hồ sơ, một ô hoặc cả cột
    so_ngay: Số ngày làm việc được giải quyết, một ô hoặc cả cột
    =XA_HAN_TRA("22/9/2025"; 5) → 29/9/2025
    =XA_HAN_TRA("25/4/2025"; 1) → 26/4/2025
    """
    return by_cell(partial(rules.deadlines, calendar=load_calendar()), ngay_nhan, so_ngay)


@_function
def XA_NGAY_LAM_VIEC(tu_ngay: Grid, den_ngay: Grid) -> Grid:
    """Số ngày làm việc từ sau ngày đầu đến hết ngày cuối; là số âm khi ngày cuối đến trước.

    tu_ngay: Ngày đầu (không đếm ngày này), một ô hoặc cả cột
    den_ngay: Ngày cuối (đếm cả ngày này), một ô hoặc cả cột
    =XA_NGAY_LAM_VIEC("22/9/2025"; "29/9/2025") → 5
    =XA_NGAY_LAM_VIEC("25/4/2025"; "5/5/2025") → 4
    """
    return by_cell(partial(rules.working_days, calendar=load_calendar()), tu_ngay, den_ngay)


@_function
def XA_NGAY_QUA_HAN(ngay_hen: Grid, ngay_ket_qua: Grid, den_ngay: Grid) -> Grid:
    """Số ngày làm việc quá hạn: từ sau ngày hẹn trả đến ngày có kết quả, chưa có thì đến ngày chốt số liệu.
    Không quá hạn thì bằng 0.

    ngay_hen: Ngày hẹn trả, một ô hoặc cả cột
    ngay_ket_qua: Ngày có kết quả, một ô hoặc cả cột; ô trống là chưa có
    den_ngay: Ngày chốt số liệu, một ô
    =XA_NGAY_QUA_HAN("22/9/2025"; "25/9/2025"; "30/9/2025") → 3
    =XA_NGAY_QUA_HAN("22/9/2025"; ""; "30/9/2025") → 6
    """
    return by_cell(partial(rules.days_late, calendar=load_calendar()), ngay_hen, ngay_ket_qua, den_ngay)


@_function
def XA_TINH_TRANG(
    ngay_hen: Grid, ngay_ket_qua: Grid, trang_thai: Grid, den_ngay: Grid, sap_den_han: Grid | None = None
) -> Grid:
    """Hồ sơ trước hạn, đúng hạn, quá hạn, còn trong hạn, chờ bổ sung… tính đến hết ngày chốt số liệu.

    ngay_hen: Ngày hẹn trả, một ô hoặc cả cột
    ngay_ket_qua: Ngày có kết quả, một ô hoặc cả cột; ô trống là chưa có
    trang_thai: Trạng thái như phần mềm một cửa ghi, một ô hoặc cả cột; ô trống thì xét theo ngày có kết quả
    den_ngay: Ngày chốt số liệu, một ô
    sap_den_han: Số ngày làm việc còn lại được coi là sắp đến hạn, một ô; bỏ qua là 3
    =XA_TINH_TRANG("22/9/2025"; "25/9/2025"; "Đã trả kết quả"; "30/9/2025") → Quá hạn
    =XA_TINH_TRANG("2/10/2025"; ""; "Đang xử lý"; "30/9/2025") → Sắp đến hạn
    =XA_TINH_TRANG("2/10/2025"; ""; "Đang xử lý"; "30/9/2025"; 0) → Đang trong hạn
    """
    left = one_cell(sap_den_han, "số ngày sắp đến hạn")
    soon = SOON if is_blank(left) else read_count(left).value
    if soon is None:
        raise Unusable(rules.handed_on(left) or fault("so_ngay"))
    cutoff = one_cell(den_ngay, "ngày chốt số liệu")
    judge = partial(rules.verdict, cutoff=cutoff, soon=soon, calendar=load_calendar(), vocabulary=load_vocabulary())
    return by_cell(judge, ngay_hen, ngay_ket_qua, trang_thai)


@_function
def XA_TY_LE(phan: Grid, tong: Grid) -> Grid:
    """Tỷ lệ của một phần trong tổng, là phân số của 1: định dạng ô kiểu phần trăm để xem. Tổng bằng 0 thì ghi “–”.

    phan: Phần, một ô hoặc cả cột
    tong: Tổng, một ô hoặc cả cột
    =XA_TY_LE(3; 4) → 0,75
    =XA_TY_LE("1.250"; "5.000") → 0,25
    =XA_TY_LE(0; 0) → –
    """
    return by_cell(rules.rates, phan, tong)


@_function
def XA_SO(o: Grid) -> Grid:
    """Số từ chữ ghi theo kiểu Việt Nam: dấu chấm ngăn nghìn, dấu phẩy thập phân chỉ trong tỷ lệ phần trăm.

    o: Ô có số hoặc chữ, một ô hoặc cả vùng
    =XA_SO("5.676") → 5676
    =XA_SO("80,05 %") → 0,8005
    =XA_SO("5,676") → Lỗi: không rõ là số lẻ hay dấu ngăn nghìn, ghi lại 5.676
    """
    return by_cell(rules.numbers, o)


@_function
def XA_NGAY(o: Grid) -> Grid:
    """Ngày từ chữ ghi theo kiểu Việt Nam: ngày trước, tháng sau. Giờ bị bỏ; ngày không có thật thì báo lỗi.

    o: Ô có ngày hoặc chữ, một ô hoặc cả vùng
    =XA_NGAY("5/10/2025 08:30") → 5/10/2025
    =XA_NGAY("31/11/2025") → Lỗi: không đọc được ngày
    """
    return by_cell(rules.dates, o)


@_function
def XA_CHUAN_HOA(o: Grid) -> Grid:
    """Chữ gọn gàng: dấu tiếng Việt dựng sẵn, một dấu cách giữa hai từ, không xuống dòng, không ký tự ẩn.

    o: Ô có chữ, một ô hoặc cả vùng; số và ngày giữ nguyên
    =XA_CHUAN_HOA("  Đất   đai ") → Đất đai
    """
    return by_cell(rules.tidied, o)


@_function
def XA_KHOA_SO_SANH(o: Grid) -> Grid:
    """Khóa để so hai tên viết khác nhau: bỏ qua chữ hoa, dấu cách thừa, chỗ đặt dấu thanh (hòa, hoà), i và y.

    o: Ô có tên, một ô hoặc cả vùng
    =XA_KHOA_SO_SANH("Xã Hòa Bình")=XA_KHOA_SO_SANH("xã  Hoà Bình") → TRUE
    """
    return by_cell(rules.keys, o)


@_function
def XA_DEM(
    cot_1: Grid,
    can_tim_1: Grid,
    cot_2: Grid | None = None,
    can_tim_2: Grid | None = None,
    cot_3: Grid | None = None,
    can_tim_3: Grid | None = None,
    cot_4: Grid | None = None,
    can_tim_4: Grid | None = None,
) -> Grid:
    """Đếm số dòng của sổ thỏa mọi điều kiện. Tên viết hoa, viết thường, đặt dấu khác nhau vẫn là một;
    ngày so theo ngày.

    cot_1: Cột thứ nhất của sổ, ví dụ cột lĩnh vực
    can_tim_1: Giá trị cần tìm ở cột thứ nhất, một ô hoặc một danh sách; ô trống thì không đặt điều kiện này
    cot_2: Cột thứ hai, dài bằng cột thứ nhất; bỏ qua được
    can_tim_2: Giá trị cần tìm ở cột thứ hai
    cot_3: Cột thứ ba; bỏ qua được
    can_tim_3: Giá trị cần tìm ở cột thứ ba
    cot_4: Cột thứ tư; bỏ qua được
    can_tim_4: Giá trị cần tìm ở cột thứ tư
    =XA_DEM(A2:A4; "đất đai") → 2
    =XA_DEM(A2:A4; "đất đai"; F2:F4; "Đang xử lý") → 1
    """
    pairs = ((cot_1, can_tim_1), (cot_2, can_tim_2), (cot_3, can_tim_3), (cot_4, can_tim_4))
    if any(column is None and wanted is not None for column, wanted in pairs):
        raise Unusable(fault("thieu", ten="cột của một điều kiện"))
    columns = [column for column, _ in pairs if column is not None]
    one_size(columns)
    rows = used_rows(columns)
    register = [flat(column, rows) for column in columns]
    asked = [wanted for column, wanted in pairs if column is not None]
    return by_cell(lambda *wanted: rules.count(*zip(register, wanted, strict=True)), *asked)


@_function
def XA_KIEM_DONG(dong: Grid, cach_tinh_rut: Grid | None = None) -> Grid:
    """Một dòng của biểu II.06a có cân đối không: “Khớp”, “Chưa đủ số liệu”, hoặc lệch ở đâu và bao nhiêu.

    dong: Các ô từ cột (3) đến cột (14), một dòng hoặc nhiều dòng; ô trống không phải là 0
    cach_tinh_rut: Cách tính hồ sơ rút như trang Bìa ghi, một ô; bỏ qua là “Tách riêng”
    =XA_KIEM_DONG(A7:L7) → Khớp
    =XA_KIEM_DONG(A8:L8) → Lệch +1, (3) = (4) + (5) + (6): 11 so với 10
    """
    from toolkit.row_functions import balances  # late: brings the checks

    return [[said] for said in balances(dong, load_form(), one_cell(cach_tinh_rut, "cách tính rút"))]


@_function
def XA_SUA_DONG(dong: Grid, cach_tinh_rut: Grid | None = None) -> Grid:
    """Cách sửa ít ô nhất để một dòng của biểu II.06a cân đối. Là gợi ý chỗ cần đối chiếu nguồn, không phải kết luận.

    dong: Các ô từ cột (3) đến cột (14), một dòng hoặc nhiều dòng; ô trống không phải là 0
    cach_tinh_rut: Cách tính hồ sơ rút như trang Bìa ghi, một ô; bỏ qua là “Tách riêng”
    =XA_SUA_DONG(A7:L7) → Không cần sửa
    =XA_SUA_DONG(A8:L8) → Sửa ô (3) 11 → 10 (gõ nhầm một chữ số). Chắc chắn: không có cách nào khác sửa ít ô như vậy.
    """
    from toolkit.row_functions import repairs

    return [[said] for said in repairs(dong, load_form(), one_cell(cach_tinh_rut, "cách tính rút"))]
