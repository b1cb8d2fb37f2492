"""The lines between header and communes of the summary sheet: live totals with their stored values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from toolkit.form import Indicator
from toolkit.formula import Linear
from workbook.report_page import MUTED, TOTAL, Page, published, shape, text


@dataclass(frozen=True, slots=True)
class Table:
    """Where things stand in the summary sheet; rows and columns from 0."""

    top: int  # first of the total lines
    fixed: int  # columns before the figures
    columns: Mapping[str, int]  # indicator -> column
    main: tuple[int, int]  # first and last row of the communes that count
    apart: tuple[int, int] | None  # the same for the communes off period


def totals(page: Page, sheet: Worksheet, indicators: Sequence[Indicator], table: Table) -> None:
    """The lines between header and communes: total as filed, with off-period, recomputed, difference, how many gave."""
    summary, at = page.summary, table.top
    names = ["TỔNG CỘNG (số như xã ghi)"]
    if summary.totals_with_off_period:
        names.append("CỘNG CẢ LỆCH KỲ")
    names += ["Tính lại từ thành phần", "Chênh lệch (ghi − tính lại)", "Số xã có số"]
    for row, name in enumerate(names, at):
        bold = row == at or name.startswith("CỘNG")
        for column in range(table.fixed):
            sheet.write_blank(row, column, None, page.styles(bg_color=TOTAL, bold=bold, border=0, top=1, bottom=1))
        text(sheet, row, 0, name, page.styles(bg_color=TOTAL, bold=bold, border=0, top=1, bottom=1))
        sheet.set_row(row, 20 if bold else 17)
    merged_codes = [c for c, status in summary.commune_status.items() if status == "merged"]
    for indicator in indicators:
        write = _rate_totals if indicator.kind == "rate" else _count_totals
        write(page, sheet, indicator, table, merged_codes)


def _count_totals(page: Page, sheet: Worksheet, indicator: Indicator, table: Table, communes: Sequence[str]) -> None:
    summary, styles, column, row = page.summary, page.styles, table.columns[indicator.id], table.top
    area = xl_range(table.main[0], column, table.main[1], column)
    given = [a for c, a in summary.amounts.get(indicator.id, {}).items() if c in communes]
    total, again = summary.totals.get(indicator.id), summary.corrected.get(indicator.id)
    marked = shape(
        any(a.open for a in given), converted=False, unconverted=any(a.unconverted for a in given), off=False
    )
    bold = styles(bold=True, bg_color=TOTAL, num_format=marked, align="right")
    plain = styles(bg_color=TOTAL, num_format="#,##0", align="right")
    sheet.write_formula(row, column, f'=IF(COUNT({area})=0,"–",SUM({area}))', bold, "–" if total is None else total)
    written = xl_rowcol_to_cell(row, column)
    if summary.totals_with_off_period:
        row += 1
        both = f"{area},{xl_range(table.apart[0], column, table.apart[1], column)}" if table.apart else area
        value = summary.totals_with_off_period.get(indicator.id, "–")
        sheet.write_formula(row, column, f'=IF(COUNT({both})=0,"–",SUM({both}))', bold, value)
    if again is None:
        text(sheet, row + 1, column, "–", plain)
    else:
        sheet.write_number(row + 1, column, again, plain)
    difference = "–" if total is None or again is None else total - again
    style = styles(bg_color=TOTAL, num_format="[Red]+#,##0;[Red]−#,##0;0", align="right")
    cell = xl_rowcol_to_cell(row + 1, column)
    sheet.write_formula(row + 2, column, f'=IF(COUNT({cell})=0,"–",SUM({written})-{cell})', style, difference)
    _how_many(page, sheet, row + 3, column, f"=COUNT({area})", len(given))


def _rate_totals(page: Page, sheet: Worksheet, indicator: Indicator, table: Table, communes: Sequence[str]) -> None:
    """A province rate: the sums of its parts over the communes that gave all of them; "–" when it has no base."""
    summary, styles, column, row = page.summary, page.styles, table.columns[indicator.id], table.top
    style = styles(bold=True, bg_color=TOTAL, num_format="0.00%", align="right")
    blank = styles(bg_color=TOTAL)
    if indicator.numerator is None or indicator.denominator is None:
        text(sheet, row, column, "–", style)
        area = xl_range(table.main[0], column, table.main[1], column)
        how_many, value = (
            f"=COUNT({area})",
            sum(published(summary.filings[c], indicator) is not None for c in communes),
        )
    else:
        areas = {
            t.id: xl_range(table.main[0], table.columns[t.id], table.main[1], table.columns[t.id])
            for part in (indicator.numerator, indicator.denominator)
            for t, _ in part.terms
        }
        mask = "*".join(["1", *(f"ISNUMBER({area})" for area in areas.values())])
        top, bottom = (_over(part, mask, areas) for part in (indicator.numerator, indicator.denominator))
        ratio = summary.rates.get(indicator.id)
        stored = ratio.numerator / ratio.denominator if ratio and ratio.denominator > 0 else "–"
        sheet.write_formula(row, column, f'=IF({bottom}<=0,"–",({top})/({bottom}))', style, stored)
        how_many, value = f"=SUMPRODUCT({mask})", ratio.communes if ratio else 0
    lines = 3 if summary.totals_with_off_period else 2
    for below in range(row + 1, row + 1 + lines):
        sheet.write_blank(below, column, None, blank)
    _how_many(page, sheet, row + 1 + lines, column, how_many, value)


def _over(part: Linear, mask: str, areas: Mapping[str, str]) -> str:
    """A linear expression summed over the rows of the mask, as Excel text."""
    terms = [f"{factor:+d}*SUMPRODUCT({mask},{areas[term.id]})" for term, factor in part.terms]
    if part.const:
        terms.append(f"{part.const:+d}*SUMPRODUCT({mask})")
    return "".join(terms).removeprefix("+") or "0"


def _how_many(page: Page, sheet: Worksheet, row: int, column: int, formula: str, value: int) -> None:
    form = f'0"/{len(page.summary.places)}"'
    style = page.styles(bg_color=TOTAL, num_format=form, align="right", font_color=MUTED)
    sheet.write_formula(row, column, formula, style, value)
