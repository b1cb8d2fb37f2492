"""The help of the worksheet functions: in the function wizard of Excel, and as a page of the handbook.

python -m macros.udf_help > docs/so_tay/ham_trang_tinh.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from macros.udfs import FUNCTIONS
from macros.worksheet import Function

SAMPLE: tuple[tuple[object, ...], ...] = (
    ("Lĩnh vực", "Ngày nhận", "Số ngày", "Ngày hẹn trả", "Ngày có kết quả", "Trạng thái"),
    ("Đất đai", "22/9/2025", 5, "29/9/2025", "26/9/2025", "Đã trả kết quả"),
    ("Hộ tịch", "25/9/2025", 3, "30/9/2025", "2/10/2025", "Đã trả kết quả"),
    ("ĐẤT  ĐAI", "15/9/2025", 5, "22/9/2025", None, "Đang xử lý"),
    (),
    ("(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)", "(10)", "(11)", "(12)", "(13)", "(14)"),
    (10, 6, 4, 0, 7, 5, 2, 0, 3, 3, 0, 0),
    (11, 6, 4, 0, 7, 5, 2, 0, 3, 3, 0, 0),
)
"""The sheet, from A1, that examples refer to."""

_MOST = 255  # characters that Excel keeps of a description


def settings_rows() -> tuple[tuple[str, str], ...]:
    """What VBA gives Excel for the function wizard, as rows of the settings sheet: the names of the functions; for each
    what it does and, a line each, what its arguments are."""
    told = {f.name: (f.help, *(a.help for a in f.arguments)) for f in FUNCTIONS.values()}
    rows = ((f"HELP {name}", "\n".join(text[:_MOST] for text in texts)) for name, texts in told.items())
    return (("HELP", " ".join(told)), *rows)


def page() -> str:
    """The page of the handbook (Markdown)."""
    return "\n".join([*_head(), *(line for function in FUNCTIONS.values() for line in _section(function))]) + "\n"


def usage(function: Function) -> str:
    """The function with its arguments as a formula shows them; what may be left out stands in brackets."""
    arguments = (a.name if a.required else f"[{a.name}]" for a in function.arguments)
    return f"={function.name}({'; '.join(arguments)})"


def _head() -> Iterator[str]:
    yield from _INTRODUCTION.splitlines()
    for first, last in ((0, 4), (5, 8)):
        rows = SAMPLE[first:last]
        letters = "ABCDEFGHIJKL"[: len(rows[0])]
        yield ""
        yield f"| | {' | '.join(letters)} |"
        yield f"|{'---|' * (len(letters) + 1)}"
        for number, row in enumerate(rows, start=first + 1):
            yield f"| **{number}** | {' | '.join('' if cell is None else str(cell) for cell in row)} |"


def _section(function: Function) -> Iterator[str]:
    yield ""
    yield f"## {function.name}"
    yield ""
    yield function.help
    yield ""
    yield f"`{usage(function)}`"
    yield ""
    for argument in function.arguments:
        yield f"- `{argument.name}`: {argument.help}."
    yield ""
    yield "| Công thức | Kết quả |"
    yield "|---|---|"
    for formula, shown in function.examples:
        yield f"| `{formula}` | {shown} |"


_INTRODUCTION = """\
# Các hàm dùng trong ô

<!-- Do lệnh python -m macros.udf_help viết ra từ macros/udfs.py. Sửa ở đó, không sửa ở đây. -->

Khi bộ nút “Báo cáo xã” đã được cài, Excel hay LibreOffice có thêm các hàm dưới đây, dùng như mọi hàm khác. Các hàm theo
đúng những quy tắc mà nút *Kiểm tra* và *Tô hồ sơ quá hạn* theo. Đã thử trong LibreOffice 7.4; **chưa thử trong Excel
thật**.

- **Cả cột một lần.** Chọn cả cột thay cho từng ô: `=XA_HAN_TRA(B2:B5000; C2:C5000)`. Excel 365, 2021: gõ vào ô đầu
  rồi bấm Enter. Excel 2010 – 2019: chọn trước các ô sẽ chứa kết quả, gõ công thức, bấm Ctrl + Shift + Enter. Một công
  thức cho cả cột nhanh hơn nhiều so với kéo công thức xuống từng dòng.
- **Ô trống cho ra ô trống**, không phải 0.
- **Lỗi là một câu** bắt đầu bằng “Lỗi:”, nói vì sao; hàm dùng kết quả ấy chuyển tiếp nguyên câu.
- **Dấu ngăn đối số**: ví dụ dùng dấu chấm phẩy như Windows tiếng Việt. Máy dùng dấu phẩy thì thay `;` bằng `,`.
- **Không hàm nào tự lấy ngày hôm nay**: ngày chốt số liệu do anh chị ghi, nên mở lại sổ hôm khác vẫn ra kết quả ấy.
- **Kết quả là ngày.** Trong LibreOffice, ô có công thức chỉ gồm `XA_HAN_TRA` hoặc `XA_NGAY` tự hiện thành ngày
  (29/09/2025), trừ khi anh chị đã chọn kiểu hiển thị cho ô. Nơi khác, hoặc công thức dài hơn, mà hiện thành số (45929):
  chọn kiểu hiển thị Ngày (Date) cho ô.
- Gửi sổ cho nơi chưa cài bộ nút: chép cột kết quả rồi dán dạng giá trị (Paste Values), nếu không nơi ấy thấy `#NAME?`.
- Ngày nghỉ, ngày làm bù theo lịch đi kèm bộ công cụ.

Các ví dụ có địa chỉ ô dùng trang sau (dòng 1 và dòng 6 là tiêu đề):"""

if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]  # a real stream here
    sys.stdout.write(page())
