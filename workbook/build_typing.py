"""What guards a cell while somebody types: data validation with Vietnamese messages, and colours for plain faults."""

from __future__ import annotations

from datetime import date

from xlsxwriter.worksheet import Worksheet

from toolkit.excel import Grid, computed_cell, total_cell
from toolkit.figures import FIRST_YEAR, LAST_YEAR
from toolkit.form import COUNT_KINDS, Indicator
from toolkit.formula import names
from workbook.build_plan import GridPlan, Plan, rules_of, runs
from workbook.styles import Styles, choice_list, clip

TITLE, MESSAGE = 32, 255  # characters that Excel allows
COUNT_FAULT = ("Số chưa đúng", "Ghi số nguyên, không âm, không kèm chữ hay đơn vị. Không phát sinh thì ghi 0.")
RATE_FAULT = ("Tỷ lệ chưa đúng", "Ghi tỷ lệ từ 0% đến 100%, ví dụ 90,16%.")
DATE_FAULT = ("Ngày chưa đúng", "Ghi ngày/tháng/năm, ví dụ 28/7/2025. Chọn Có (Yes) nếu vẫn muốn giữ như đã ghi.")
CHOICE_FAULT = ("Ngoài danh sách", "Chọn một mục trong danh sách của ô. Chọn Có (Yes) nếu vẫn muốn giữ như đã ghi.")
LIST_FAULT = ("Ngoài danh sách", "Chọn một mục trong danh sách của ô.")
RATE_HELP = "Ghi đúng tỷ lệ đã công bố, ví dụ 90,16%. Không có thì để trống."


def guard_grid(sheet: Worksheet, plan: Plan, grid: GridPlan, styles: Styles) -> None:
    """Messages, limits and colours that show the plainest faults with no macro."""
    rows = grid.grid
    for indicator in (*grid.printed, *grid.controls):
        letters = rows.columns[indicator.id]
        if not indicator.equals:
            bottom = rows.total if indicator.kind == "control" else rows.last
            allow(sheet, f"{letters}{rows.first}:{letters}{bottom}", indicator)
            flag_fractions(sheet, f"{letters}{rows.first}:{letters}{bottom}", styles)
    for first, end in runs([rows.columns[i.id] for i in (*grid.printed, *grid.controls)]):
        flag_count_faults(sheet, f"{first}{rows.first}:{end}{rows.total}", styles)
    for indicator in grid.printed:
        own = rows.columns[indicator.id]
        if indicator.equals:
            formula = computed_cell(plan.form, indicator, plan.layout, rows.first)
            parts = [f"{rows.columns[id_]}{rows.first}" for id_ in parts_of(indicator)]
            flag_overtyped(sheet, f"{own}{rows.first}:{own}{rows.last}", formula, parts, styles)
        flag_overtyped(sheet, f"{own}{rows.total}", total_cell(indicator, rows), [], styles)
    for indicator in grid.controls:
        own, against, opens = rows.columns[indicator.id], rows.columns[indicator.of], rows.opens[indicator.of]
        at = rows.first
        differs = f"OR({own}{at}<{against}{at},AND({own}{at}>{against}{at},{opens}{at}=0))"
        _colour(sheet, rows, own, f"=AND(COUNT({own}{at},{against}{at})=2,{differs})", styles.rule("wrong"))
    for rule in rules_of(plan.form, grid.block.id):
        letters = grid.rules[rule.id]
        looked_at = {
            term.id for side in (rule.holds.left, rule.holds.right) for term, _ in side.terms if not term.total
        }
        fault = styles.rule("wrong" if rule.severity == "error" else "warn")
        cells = [rows.columns[i.id] for i in (*grid.printed, *grid.controls) if i.id in looked_at]
        _colour(sheet, rows, letters, f"=N(${letters}{rows.first})<>0", fault)
        for first, end in runs(cells):
            _colour(sheet, rows, first, f"=N(${letters}{rows.first})<>0", fault, end)


def allow(sheet: Worksheet, area: str, indicator: Indicator) -> None:
    """The data validation of one indicator's cells, with its help as the input message."""
    if indicator.kind in COUNT_KINDS:
        rule = {"validate": "integer", "criteria": ">=", "value": 0, **_error(COUNT_FAULT, "stop")}
    elif indicator.kind == "rate":
        rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1, **_error(RATE_FAULT, "stop")}
    elif indicator.kind == "date":
        first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
        rule = {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
        rule |= _error(DATE_FAULT, "warning")
    elif indicator.kind == "choice":
        rule = {"validate": "list", "source": choice_list(indicator.choices), **_error(CHOICE_FAULT, "warning")}
    else:
        rule = {"validate": "any"}
    tip = indicator.help or (RATE_HELP if indicator.kind == "rate" else "")
    if tip:
        rule |= {"input_title": clip(indicator.name, TITLE), "input_message": clip(tip, MESSAGE)}
    elif rule["validate"] == "any":
        return
    sheet.data_validation(area, rule)


def allow_choice(sheet: Worksheet, cell: str, labels: list[str], title: str, message: str) -> None:
    """A drop-down list that takes nothing else."""
    rule = {"validate": "list", "source": choice_list(labels), **_error(LIST_FAULT, "stop")}
    sheet.data_validation(cell, rule | {"input_title": clip(title, TITLE), "input_message": clip(message, MESSAGE)})


def allow_day(sheet: Worksheet, cell: str, title: str, message: str) -> None:
    """A day of the cover: taken only when it is one."""
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    rule = {"validate": "date", "criteria": "between", "minimum": first, "maximum": last, **_error(DATE_FAULT, "stop")}
    sheet.data_validation(cell, rule | {"input_title": clip(title, TITLE), "input_message": clip(message, MESSAGE)})


def flag_count_faults(sheet: Worksheet, area: str, styles: Styles) -> None:
    """Text where a number belongs: orange; a negative number: red figures."""
    cell = area.partition(":")[0]
    _flag(sheet, area, f'=AND(ISTEXT({cell}),{cell}<>"")', styles.rule("odd", "frame"))
    _flag(sheet, area, f"=N({cell})<0", styles.rule("negative"))


def flag_fractions(sheet: Worksheet, area: str, styles: Styles) -> None:
    """A fraction in a count cell: orange, with its decimals, for 5,676 must not look like 6."""
    cell = area.partition(":")[0]
    _flag(sheet, area, f"=N({cell})<>INT(N({cell}))", styles.rule("fraction", "frame"))


def flag_rate_faults(sheet: Worksheet, area: str, styles: Styles) -> None:
    """Text, or a rate outside 0–100 %."""
    cell = area.partition(":")[0]
    _flag(sheet, area, f'=OR(AND(ISTEXT({cell}),{cell}<>""),N({cell})<0,N({cell})>1)', styles.rule("odd", "frame"))


def flag_date_faults(sheet: Worksheet, area: str, styles: Styles, within: tuple[str, str] | None) -> None:
    """Text where a date belongs: orange; outside the period named on the cover: amber."""
    cell = area.partition(":")[0]
    _flag(sheet, area, f'=AND(ISTEXT({cell}),TRIM({cell})<>"")', styles.rule("odd", "frame"))
    if within:
        start, end = within
        outside = f"OR({cell}<{start},INT({cell})>{end})"
        _flag(sheet, area, f"=IF(COUNT({cell},{start},{end})=3,{outside},FALSE)", styles.rule("warn", "frame"))


def flag_overtyped(sheet: Worksheet, area: str, formula: str, parts: list[str], styles: Styles) -> None:
    """A number typed over a formula: red where no values of blank parts could make it right, amber where some could."""
    cell = area.partition(":")[0]
    both = f"ISNUMBER({cell}),ISNUMBER({formula})"
    complete = f"COUNT({','.join(parts)})={len(parts)}" if parts else "FALSE"
    surely = f"OR({cell}<{formula},AND({cell}>{formula},{complete}))"
    _flag(sheet, area, f"=AND({both},{surely})", styles.rule("wrong", "frame"))
    _flag(sheet, area, f"=AND({both},{cell}>{formula})", styles.rule("warn", "frame"))


def parts_of(indicator: Indicator) -> tuple[str, ...]:
    """The indicators that a computed one adds up, under any setting."""
    return tuple(dict.fromkeys(term.id for term in names(*(v.formula for v in indicator.equals))))


def _colour(sheet: Worksheet, rows: Grid, first: str, formula: str, style: object, last: str = "") -> None:
    area = f"{first}{rows.first}:{last or first}{rows.total}"
    sheet.conditional_format(area, {"type": "formula", "criteria": formula, "format": style})


def _flag(sheet: Worksheet, area: str, formula: str, style: object) -> None:
    sheet.conditional_format(area, {"type": "formula", "criteria": formula, "format": style})


def _error(fault: tuple[str, str], kind: str) -> dict[str, str]:
    return {"error_type": kind, "error_title": fault[0], "error_message": fault[1]}
