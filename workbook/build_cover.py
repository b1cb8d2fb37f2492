"""The cover ("Bìa") and the last sheet ("Kiểm tra")."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from xlsxwriter.worksheet import Worksheet

from toolkit.excel import condition, rule_cell
from toolkit.form import Block
from toolkit.records import TOTAL_ROW
from toolkit.text import strip_accents
from workbook.build_plan import CHECKS, GridPlan, Plan, rules_of
from workbook.build_status import blank, records_used, wrong
from workbook.build_stored import Evaluated, Stored
from workbook.build_typing import allow_choice, allow_day
from workbook.styles import (
    DATE,
    HOW_MANY,
    VERDICT,
    Styles,
    choice_list,
    fit_row,
    merge,
    page,
    protect,
    put,
    put_formula,
)

UNIT_HEADING, SETTINGS_HEADING, STATUS_HEADING, GUIDE_HEADING = (
    "1. Đơn vị và kỳ báo cáo", "2. Cách tính của đơn vị", "3. Tình trạng từng phần", "4. Cách điền",
)  # fmt: skip
UNIT_LINES = (
    ("Mã đơn vị hành chính", "Mã 5 chữ số của xã, phường, đặc khu."),
    ("Tên đơn vị", "Ví dụ: Xã Vạn Tường."),
    ("Tỉnh, thành phố", ""),
    ("Từ ngày", "Ngày đầu kỳ, ghi ngày/tháng/năm."),
    ("Đến ngày", "Ngày cuối kỳ; không nhất thiết là cuối tháng, cuối quý."),
)
STATUS_COLUMNS = ("Phần", "Trang", "Tình trạng", "Chỗ sai", "Ô trống", "Không phát sinh")
TICK, TICK_HELP = "x", "Chọn x nếu cả phần này không phát sinh trong kỳ: ô trống được tính là 0."
GUIDE = (
    "Điền từ trên xuống: trang Bìa trước, rồi lần lượt từng trang. Chỉ ghi vào ô màu kem; ô xám xanh tự tính.",
    "Không phát sinh thì ghi 0. Ô trống nghĩa là chưa có số liệu, không phải 0.",
    "Ghi số bằng chữ số, không kèm chữ hay đơn vị. Ngày ghi theo ngày/tháng/năm.",
    "Ô đỏ: các số không khớp nhau. Ô cam: không đọc được thành số hoặc ngày. Ô vàng: nên xem lại.",
    "Trang “Kiểm tra” và các cột bên phải bảng cho biết lệch bao nhiêu và cần làm gì.",
    "Sổ chỉ khóa để tránh gõ nhầm, không có mật khẩu: Xem lại (Review) > Bỏ bảo vệ trang tính (Unprotect Sheet).",
)  # fmt: skip
NO_UNIT, NO_PERIOD = "Chưa ghi mã đơn vị", "Kỳ báo cáo thiếu hoặc ngày cuối trước ngày đầu"
ALL_GOOD = "Đủ số liệu, chưa thấy chỗ sai"
WRONG, MISSING, NONE, UNUSED, COMPLETE = "sai", "thiếu", "không phát sinh", "chưa ghi", "đủ"
CHECKS_TITLE = "KIỂM TRA SỐ LIỆU"
CHECKS_HELP = (
    "✓ khớp · lệch: vế trái trừ vế phải · ? chưa đủ số liệu để kết luận · "
    "trống: không hỏi đến theo lựa chọn ở trang Bìa"
)
CHECKS_COLUMNS = (("STT", 6), ("Điều phải đúng", 62), ("Kết quả", 18), ("Mức", 11), ("Khi lệch thì làm gì", 72))
SEVERITY = {"error": "Lỗi", "warning": "Cảnh báo", "info": "Lưu ý"}
ACROSS = "Quan hệ giữa các chỉ tiêu"


class Cover:
    """Writes the cover from top to bottom; ``names`` are its defined names afterwards."""

    def __init__(self, sheet: Worksheet, plan: Plan, filled: Evaluated, styles: Styles) -> None:
        self.sheet, self.plan, self.filled, self.styles = sheet, plan, filled, styles
        self.names: list[tuple[str, str]] = []
        self._row = 4

    def write(self) -> None:
        sheet, form, styles = self.sheet, self.plan.form, self.styles
        page(sheet, landscape=False, title=form.title)
        for letters, width in zip("ABCDEFG", (2, 48, 22, 18, 11, 11, 17), strict=True):
            sheet.set_column(f"{letters}:{letters}", width)
        sheet.set_row(0, 44)
        merge(sheet, "B1:G1", form.title.upper(), styles("title"))
        sheet.set_row(1, 30)
        self._unit()
        self._settings()
        self._status()
        self._guide()
        merge(sheet, f"B{self._row + 1}:C{self._row + 1}", form.source, styles("small", "muted", "wrap"))
        sheet.set_row(self._row, 30)
        put(sheet, f"F{self._row + 1}", form.id, styles("small", "muted", "right"))
        put(sheet, f"G{self._row + 1}", form.version, styles("small", "muted", "left"))
        self._name("bieu", f"F{self._row + 1}")
        self._name("phien_ban", f"G{self._row + 1}")
        sheet.print_area(f"A1:G{self._row + 1}")
        protect(sheet)

    def _unit(self) -> None:
        filled, period = self.filled, self.filled.period
        self._section(UNIT_HEADING)
        values = (
            filled.unit_code or None,
            filled.unit_name or None,
            filled.province_name or None,
            period.start,
            period.end,
        )
        for (label, note), value, name in zip(
            UNIT_LINES, values, ("ma_don_vi", "ten_don_vi", "", "tu_ngay", "den_ngay"), strict=True
        ):
            day = isinstance(value, date)
            style = self.styles("input", "box", "left", "indent", "wrap", "bold", number=DATE if day else "@")
            self._line(label, value, style, note)
            cell = f"C{self._row - 1}"
            if name:
                self._name(name, cell)
            if day:
                allow_day(self.sheet, cell, label, note)
        self.sheet.set_selection(f"C{self._row - len(values)}")

    def _settings(self) -> None:
        form = self.plan.form
        if not form.settings:
            return
        self._section(SETTINGS_HEADING)
        for setting in form.settings:
            chosen = next(c for c in setting.choices if c.id == self.filled.settings[setting.id])
            style = self.styles("input", "box", "left", "indent", "wrap", "bold")
            self._line(setting.label, chosen.label, style, setting.help)
            cell = f"C{self._row - 1}"
            self._name(setting.id, cell)
            labels = choice_list(c.label for c in setting.choices)
            helps = "\n".join(f"{c.label}: {c.help}" for c in setting.choices if c.help)
            allow_choice(self.sheet, cell, labels, setting.label, helps or setting.help)

    def _status(self) -> None:
        sheet, styles = self.sheet, self.styles
        self._section(STATUS_HEADING)
        for letters, heading in zip("BCDEFG", STATUS_COLUMNS, strict=True):
            put(sheet, f"{letters}{self._row}", heading, styles("head"))
        first = self._row + 1
        counts = [self._block(block, first + n) for n, block in enumerate(self.plan.form.blocks)]
        last = first + len(counts) - 1
        self._row = last + 2
        state = f"D{first}:D{last}"
        for text, look in ((WRONG, "wrong"), (MISSING, "warn"), (COMPLETE, "good"), (NONE, "good")):
            rule = {"type": "formula", "criteria": f'=$D{first}="{text}"', "format": styles.rule(look)}
            sheet.conditional_format(state, rule)
        for column, look in (("E", "wrong"), ("F", "warn")):
            rule = {"type": "formula", "criteria": f"=N({column}{first})>0", "format": styles.rule(look)}
            sheet.conditional_format(f"{column}{first}:{column}{last}", rule)
        self._overall(first, last, counts)

    def _block(self, block: Block, row: int) -> tuple[int, int]:
        """One line of the status table; how many places are wrong and how many blank."""
        sheet, plan, filled, styles = self.sheet, self.plan, self.filled, self.styles
        cells = styles("center", "box", number="#,##0")
        target = plan.grids[block.id].grid.first if block.id in plan.grids else 1
        link = f"internal:'{block.sheet}'!A{target}"
        put(sheet, f"B{row}", _short(block), styles("box", "wrap", "indent"))
        fit_row(sheet, row, (_short(block), 46), least=20)
        sheet.write_url(f"C{row}", link, styles("link", "indent", "box"), block.sheet)
        faults, blanks = wrong(plan, block, filled), blank(plan, block, filled)
        tick = f"G{row}"
        ticked = block.id in filled.values.none_declared
        put_formula(sheet, f"E{row}", faults.formula, faults.value, cells, array=True)
        if blanks is None:
            used = records_used(plan.records[block.id], filled)
            rest = f'IF({used.formula}>0,"{COMPLETE}",IF({tick}<>"","{NONE}","{UNUSED}"))'
            rest_now = COMPLETE if used.value else NONE if ticked else UNUSED
            put(sheet, f"F{row}", None, cells)
        else:
            put_formula(sheet, f"F{row}", blanks.formula, blanks.value, cells, array=True)
            rest = f'IF(F{row}>0,"{MISSING}",IF({tick}<>"","{NONE}","{COMPLETE}"))'
            rest_now = MISSING if blanks.value else NONE if ticked else COMPLETE
        now = WRONG if faults.value else rest_now
        put_formula(sheet, f"D{row}", f'IF(E{row}>0,"{WRONG}",{rest})', now, styles("bold", "center", "box"))
        put(sheet, tick, TICK if ticked else None, styles("input", "center", "box"))
        allow_choice(sheet, tick, [TICK], STATUS_COLUMNS[-1], TICK_HELP)
        self._name(f"{block.id}_khong_phat_sinh", tick)
        return faults.value, blanks.value if blanks else 0

    def _overall(self, first: int, last: int, counts: list[tuple[int, int]]) -> None:
        """The first line of the sheet: one status for the whole report."""
        plan, filled = self.plan, self.filled
        code, start, end = (plan.name(n) for n in ("ma_don_vi", "tu_ngay", "den_ngay"))
        wrongs, blanks = (f'COUNTIF({c}{first}:{c}{last},">0")' for c in "EF")
        formula = (
            f'IF({code}="","{NO_UNIT}",IF(COUNT({start},{end})<2,"{NO_PERIOD}",IF({start}>{end},"{NO_PERIOD}",'
            f'IF({wrongs}+{blanks}=0,"{ALL_GOOD}",'
            f'IF({wrongs}>0,{wrongs}&" phần có chỗ sai","")&IF({wrongs}*{blanks}>0,", ","")'
            f'&IF({blanks}>0,{blanks}&" phần chưa đủ số liệu","")))))'
        )
        wrong_now, blank_now = (sum(pair[n] > 0 for pair in counts) for n in (0, 1))
        said = [f"{wrong_now} phần có chỗ sai"] * bool(wrong_now) + [f"{blank_now} phần chưa đủ số liệu"] * bool(
            blank_now
        )
        now = NO_UNIT if not filled.unit_code else ", ".join(said) or ALL_GOOD
        merge(self.sheet, "B2:G2", now, self.styles("bold", "center", "box"), formula)
        looks = (
            ("warn", f'{code}=""'),
            ("wrong", f"SUM($E${first}:$E${last})>0"),
            ("warn", f'$B$2<>"{ALL_GOOD}"'),
            ("good", f'$B$2="{ALL_GOOD}"'),
        )
        for look, test in looks:
            options = {"type": "formula", "criteria": f"={test}", "format": self.styles.rule(look)}
            self.sheet.conditional_format("B2:G2", options)

    def _guide(self) -> None:
        self._section(GUIDE_HEADING)
        for number, text in enumerate(GUIDE):
            merge(self.sheet, f"B{self._row + number}:G{self._row + number}", f"•  {text}", self.styles("left"))
        self._row += len(GUIDE)

    def _section(self, heading: str) -> None:
        self.sheet.set_row(self._row - 1, 24)
        merge(self.sheet, f"B{self._row}:G{self._row}", heading, self.styles("section", "left"))
        self._row += 1

    def _line(self, label: str, value: str | date | None, style: object, note: str) -> None:
        row = self._row
        put(self.sheet, f"B{row}", label, self.styles("indent"))
        merge(self.sheet, f"C{row}:D{row}", value, style)
        merge(self.sheet, f"E{row}:G{row}", note or None, self.styles("small", "muted", "italic", "wrap", "indent"))
        shown = value if isinstance(value, str) else ""
        fit_row(self.sheet, row, (shown, 34), (note, 56), least=20)
        self._row += 1

    def _name(self, part: str, cell: str) -> None:
        letters, row = cell.rstrip("0123456789"), cell.lstrip("ABCDEFG")
        self.names.append((self.plan.name(part), f"'{self.sheet.get_name()}'!${letters}${row}"))


def write_checks(sheet: Worksheet, plan: Plan, filled: Evaluated, styles: Styles) -> Iterator[tuple[str, str]]:
    """Fills the last sheet; yields (defined name, address) of the verdict of each rule of the whole form."""
    page(sheet, landscape=True, title=CHECKS_TITLE)
    merge(sheet, "A1:E1", CHECKS_TITLE, styles("title"))
    merge(sheet, "A2:E2", CHECKS_HELP, styles("small", "italic", "muted", "center"))
    for letters, (heading, width) in zip("ABCDE", CHECKS_COLUMNS, strict=True):
        sheet.set_column(f"{letters}:{letters}", width)
        put(sheet, f"{letters}4", heading, styles("head"))
    sheet.set_row(0, 30)
    sheet.set_row(3, 24)
    row = 5
    for heading, grid in [(_short(g.block), g) for g in plan.grids.values()] + [(ACROSS, None)]:
        rules = rules_of(plan.form, grid.block.id if grid else "")
        if not rules:
            continue
        sheet.set_row(row - 1, 27)
        merge(sheet, f"A{row}:E{row}", heading, styles("section", "left"))
        for number, rule in enumerate(rules, start=1):
            row += 1
            put(sheet, f"A{row}", number, styles("center", "box"))
            put(sheet, f"B{row}", rule.label, styles("wrap", "indent", "box"))
            put(sheet, f"D{row}", SEVERITY[rule.severity], styles("center", "box"))
            put(sheet, f"E{row}", rule.fix, styles("wrap", "indent", "box", "small"))
            if grid:
                formula, now = _broken_rows(plan, grid, rule.id, filled)
                style = styles("bold", "center", "box", number=HOW_MANY)
            else:
                now = filled.rule(rule, "")
                formula = rule_cell(plan.form, rule, plan.layout)
                style = styles("bold", "center", "box", number=VERDICT)
                yield plan.name("kt", rule.id), f"'{CHECKS}'!$C${row}"
            fit_row(sheet, row, (rule.label, CHECKS_COLUMNS[1][1] - 2), (rule.fix, CHECKS_COLUMNS[4][1] * 1.1))
            put_formula(sheet, f"C{row}", formula, now, style, array=bool(grid))
            look = styles.rule("wrong" if rule.severity == "error" else "warn")
            sheet.conditional_format(f"C{row}", {"type": "formula", "criteria": f"=N(C{row})<>0", "format": look})
        row += 2
    verdicts = f"C5:C{row}"
    sheet.conditional_format(verdicts, {"type": "formula", "criteria": "=ISTEXT(C5)", "format": styles.rule("grey")})
    settled = {"type": "formula", "criteria": "=AND(ISNUMBER(C5),N(C5)=0)", "format": styles.rule("good")}
    sheet.conditional_format(verdicts, settled)
    sheet.print_area(f"A1:E{row}")
    sheet.repeat_rows(3)
    sheet.freeze_panes(4, 0)
    protect(sheet)


def _broken_rows(plan: Plan, grid: GridPlan, rule_id: str, filled: Evaluated) -> tuple[str, Stored]:
    """In how many rows a rule of a grid is broken (the total row too); "" while the settings do not ask for it."""
    rule = next(r for r in rules_of(plan.form, grid.block.id) if r.id == rule_id)
    area = plan.name(grid.block.id, "kt", rule_id)
    answers = [filled.rule(rule, row) for row in (*(label for label in grid.labels if label), TOTAL_ROW)]
    broken = sum(not isinstance(answer, str) and answer != 0 for answer in answers)
    formula = f"SUM(ISNUMBER({area})*({area}<>0))"
    formula = f'IF({formula}>0,{formula},IF(SUM(({area}="?")*1)>0,"?",IF(COUNT({area})>0,0,"")))'
    if rule.when:
        formula = f'IF({condition(plan.form, rule.when)},{formula},"")'
    now: Stored = broken or ("?" if "?" in answers else 0 if 0 in answers else "")
    return formula, now


def _short(block: Block) -> str:
    """What a list calls a block: its printed code, or its title in sentence case with acronyms kept."""
    if block.code or not block.title.isupper():
        return block.code or block.title
    first, *rest = block.title.split()
    return " ".join([first.capitalize(), *(w.lower() if _is_syllable(w) else w for w in rest)])


def _is_syllable(word: str) -> bool:
    letters = word.strip(".,;:()“”")
    return letters.isalpha() and any(c in "AEIOUY" for c in strip_accents(letters))
