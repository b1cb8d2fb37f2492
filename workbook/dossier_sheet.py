"""The sheet that painting a register adds: verdicts counted, what the colours mean, every painted dossier in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from toolkit.highlights import COLOURS, LATE, ODD, TIMED, Highlights
from toolkit.wording import HIGHLIGHTS, VERDICTS, show
from workbook.list_sheet import LINE, LIST_MAGIC, Mark, Rendered, Sheet, dump_marks, header_row
from workbook.style_part import StylePart

_COLUMNS = (
    ("Nhóm", 17.0), ("Mã hồ sơ", 28.0), ("Ngày tiếp nhận", 14.0), ("Ngày hẹn trả", 14.0), ("Ngày có kết quả", 14.0),
    ("Đơn vị giải quyết", 26.0), ("Số ngày làm việc", 12.0), ("Lý do", 64.0), ("Ô", 9.0),
)  # fmt: skip
_HINT = "Bấm vào địa chỉ ở cột “Ô” để tới hồ sơ đó. Màu chỉ có trong bản chép này; tệp gốc giữ nguyên."
_NOTHING = "Không có hồ sơ nào cần chú ý."
_DATE, _DAYS = "dd/mm/yyyy", '"muộn "0;"còn "0;0'
_TALL = 21.0
_EXCEL_DAY_0 = date(1899, 12, 30)


def render_dossiers(
    told: Highlights, marks: Sequence[Mark], styles: StylePart, namespace: str, hint: str = _HINT
) -> Rendered:
    """``marks`` go into hidden cells, as in the list of findings: they tell how to take the paint off again."""
    sheet = Sheet(heights={1: 24, 2: 20})
    plain = styles.add(alignment='vertical="top"')
    muted = styles.add(ink="595959", alignment='vertical="top"')
    sheet.text(1, 1, "HỒ SƠ CẦN CHÚ Ý", styles.add(bold=True, size=14, alignment='vertical="center"'))
    sheet.text(2, 1, told.summary, styles.add(bold=True, size=12, alignment='vertical="center"'))
    row = 3
    for text, style in (*((text, plain) for text in (", ".join(told.about), told.calendar)), (hint, muted)):
        sheet.text(row, 1, text, style)
        row += 1
    for legend in _legend(told):
        for column, (label, colour) in enumerate(legend, 1):
            look = styles.add(fill=colour, border=LINE, alignment='horizontal="center" vertical="center" wrapText="1"')
            sheet.text(row, column, label, look)
        sheet.grow(row, [label for label, _ in legend], _COLUMNS)
        row += 1
    header = row + 1
    header_row(sheet, header, _COLUMNS, styles)
    sheet.heights[header] = _TALL * 1.6
    _lines(sheet, told, header + 1, styles)
    last = header + max(1, len(told.lines))
    _notes(sheet, told, last + 2, styles)
    hidden = sheet.hide(len(_COLUMNS) + 2, LIST_MAGIC + dump_marks(marks), plain)
    area = f"$A${header}:$I${last}"
    names = (("_xlnm._FilterDatabase", area), ("_xlnm.Print_Titles", f"${header}:${header}"))
    tab = "C00000" if told.counts.get("dang_qua_han") else "FFC000" if told.lines else "70AD47"
    return Rendered(sheet.xml(namespace, _COLUMNS, header, tab, hidden, filtered=area.replace("$", "")), names)


def _legend(told: Highlights) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(label with its count, colour): what is painted, then the rest with the sum of both."""
    counts = dict.fromkeys(TIMED, 0) | dict(told.counts.items())
    labels = {kind: f"{VERDICTS[kind]}: {show(n)}" for kind, n in counts.items()}
    painted = [(labels[kind], colour) for kind, colour in COLOURS.items() if kind in labels]
    rest = [(label, "") for kind, label in labels.items() if kind not in COLOURS]
    rest.append((f"{HIGHLIGHTS['tong']}: {show(sum(told.counts.values()))}", ""))
    rest.append((f"{HIGHLIGHTS['trong_do']}: {show(told.odd)}", COLOURS[ODD]))
    return painted, rest


def _lines(sheet: Sheet, told: Highlights, first: int, styles: StylePart) -> None:
    top = 'vertical="top"'
    words = styles.add(border=LINE, alignment=f'{top} wrapText="1"')
    day = styles.add(border=LINE, number=_DATE, alignment=f'{top} horizontal="center"')
    days = styles.add(border=LINE, number=_DAYS, alignment=f'{top} horizontal="center"')
    link = styles.add(border=LINE, ink="0563C1", underline=True, alignment=f'{top} horizontal="center"')
    group = {
        key: styles.add(border=LINE, fill=colour, bold=key == LATE[0], alignment=f'{top} wrapText="1"')
        for key, colour in COLOURS.items()
    }
    for row, line in enumerate(told.lines, first):
        sheet.text(row, 1, line.label, group[line.group])
        sheet.text(row, 2, line.name, words)
        for column, when in ((3, line.received), (4, line.due), (5, line.end)):
            sheet.value(row, column, (when - _EXCEL_DAY_0).days if when else None, day)
        sheet.text(row, 6, line.unit, words)
        sheet.value(row, 7, line.days, days)
        sheet.text(row, 8, line.reason, words)
        sheet.link(row, 9, line.cell, told.sheet, link)
        sheet.grow(row, (line.label, line.name, "", "", "", line.unit, "", line.reason), _COLUMNS)
    if not told.lines:
        for column in range(1, len(_COLUMNS) + 1):
            sheet.text(first, column, _NOTHING if column == 8 else "", words)


def _notes(sheet: Sheet, told: Highlights, first: int, styles: StylePart) -> None:
    if not told.findings:
        return
    bold, plain, muted = styles.add(bold=True), styles.add(), styles.add(ink="595959")
    sheet.text(first, 1, HIGHLIGHTS["ca_so"], bold)
    for n, finding in enumerate(told.findings):
        sheet.text(first + 1 + 2 * n, 1, finding.message, plain)
        sheet.text(first + 2 + 2 * n, 1, finding.fix, muted)
