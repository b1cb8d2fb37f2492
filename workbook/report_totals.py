"""The lines of the summary sheet that add up: the province above everything, and a line above each kind of unit.

Live formulas with their stored values; a grand total adds the lines of the communes, never a subtotal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from toolkit.addends import ratios
from toolkit.form import Indicator
from toolkit.formula import Linear
from toolkit.records import Amount, Ratio
from workbook.report_page import BAND, MUTED, TOTAL, Page, published, shape, text

NONE = "–"  # nobody gave it
_SIGNED = "[Red]+#,##0;[Red]−#,##0;0"


@dataclass(frozen=True, slots=True)
class Group:
    """The communes of one kind; rows from 0."""

    kind: str
    row: int  # of its subtotal
    communes: tuple[str, ...]

    @property
    def area(self) -> tuple[int, int]:
        return self.row + 1, self.row + len(self.communes)


@dataclass(frozen=True, slots=True)
class Table:
    """Where things stand in the summary sheet; rows and columns from 0."""

    top: int  # first of the total lines
    fixed: int  # columns before the figures
    columns: Mapping[str, int]  # indicator -> column
    groups: tuple[Group, ...]  # the communes that count
    apart: tuple[int, int] | None  # first and last row of the communes off period
    both: bool  # a line with them added

    @property
    def how_many(self) -> int:
        """Row that says how many communes gave a figure."""
        return self.top + (4 if self.both else 3)

    @property
    def areas(self) -> tuple[tuple[int, int], ...]:
        """First and last row of each run of communes that count; one blank row where there is none."""
        return tuple(g.area for g in self.groups) or ((self.how_many + 1, self.how_many + 1),)


def totals(page: Page, sheet: Worksheet, indicators: Sequence[Indicator], table: Table) -> None:
    """The lines under the header: total as filed, with off-period, recomputed, difference, how many gave."""
    names = ["TỔNG CỘNG (số như xã ghi)"]
    if table.both:
        names.append("CỘNG CẢ LỆCH KỲ")
    names += ["Tính lại từ thành phần", "Chênh lệch (ghi − tính lại)", "Số xã có số"]
    for row, name in enumerate(names, table.top):
        bold = row == table.top or name.startswith("CỘNG")
        style = page.styles(bg_color=TOTAL, bold=bold, border=0, top=1, bottom=1)
        _head(sheet, row, table.fixed, name, style)
        sheet.set_row(row, 20 if bold else 17)
    codes = {c for c, status in page.summary.commune_status.items() if status == "merged"}
    for indicator in indicators:
        column, row = table.columns[indicator.id], table.top
        if indicator.kind == "rate":
            _rate(page, sheet, row, indicator, table, table.areas, codes, page.summary.rates.get(indicator.id), TOTAL)
            for below in range(row + 1, table.how_many):
                sheet.write_blank(below, column, None, page.styles(bg_color=TOTAL))
            _how_many(page, sheet, indicator, table, codes)
        else:
            _count_totals(page, sheet, indicator, table, codes)


def subtotals(page: Page, sheet: Worksheet, indicators: Sequence[Indicator], table: Table) -> None:
    """A line above the communes of each kind."""
    for group in table.groups:
        merged = {c for c in group.communes if page.summary.commune_status[c] == "merged"}
        rates = ratios(page.form, page.summary.amounts, merged)
        style = page.styles(bg_color=BAND, bold=True, border=0, top=1, bottom=1)
        name = f"{group.kind.upper()} ({len(merged)}/{len(group.communes)} đơn vị đã gộp)"
        _head(sheet, group.row, table.fixed, name, style)
        sheet.set_row(group.row, 19)
        for indicator in indicators:
            if indicator.kind == "rate":
                ratio = rates.get(indicator.id)
                _rate(page, sheet, group.row, indicator, table, [group.area], merged, ratio, BAND)
            else:
                given = _given(page, indicator, merged)
                _sum(page, sheet, group.row, table.columns[indicator.id], [group.area], given, BAND)


def _head(sheet: Worksheet, row: int, columns: int, name: str, style: object) -> None:
    for column in range(columns):
        sheet.write_blank(row, column, None, style)
    text(sheet, row, 0, name, style)


def _given(page: Page, indicator: Indicator, communes: Set[str]) -> list[Amount]:
    return [a for c, a in page.summary.amounts.get(indicator.id, {}).items() if c in communes]


def _sum(
    page: Page,
    sheet: Worksheet,
    row: int,
    column: int,
    areas: Sequence[tuple[int, int]],
    given: Sequence[Amount],
    fill: str,
    total: int | None = None,
) -> None:
    """The sum of some communes; ``total``: known already."""
    marked = shape(
        any(a.open for a in given), converted=False, unconverted=any(a.unconverted for a in given), off=False
    )
    style = page.styles(bold=True, bg_color=fill, num_format=marked, align="right")
    ranges = ",".join(xl_range(first, column, last, column) for first, last in areas)
    value = total if total is not None else sum(a.counted for a in given) if given else NONE
    sheet.write_formula(row, column, f'=IF(COUNT({ranges})=0,"{NONE}",SUM({ranges}))', style, value)


def _count_totals(page: Page, sheet: Worksheet, indicator: Indicator, table: Table, communes: Set[str]) -> None:
    summary, styles, column, row = page.summary, page.styles, table.columns[indicator.id], table.top
    given = _given(page, indicator, communes)
    total, again = summary.totals.get(indicator.id), summary.corrected.get(indicator.id)
    _sum(page, sheet, row, column, table.areas, given, TOTAL, total)
    written = xl_rowcol_to_cell(row, column)
    if table.both:
        row += 1
        apart = {c for c, status in summary.commune_status.items() if status == "off_period"}
        areas = [*table.areas, *([table.apart] if table.apart else [])]
        both = summary.totals_with_off_period.get(indicator.id)
        _sum(page, sheet, row, column, areas, [*given, *_given(page, indicator, apart)], TOTAL, both)
    plain = styles(bg_color=TOTAL, num_format="#,##0", align="right")
    if again is None:
        text(sheet, row + 1, column, NONE, plain)
    else:
        sheet.write_number(row + 1, column, again, plain)
    difference = NONE if total is None or again is None else total - again
    cell = xl_rowcol_to_cell(row + 1, column)
    style = styles(bg_color=TOTAL, num_format=_SIGNED, align="right")
    sheet.write_formula(row + 2, column, f'=IF(COUNT({cell})=0,"{NONE}",SUM({written})-{cell})', style, difference)
    _how_many(page, sheet, indicator, table, communes)


def _rate(
    page: Page,
    sheet: Worksheet,
    row: int,
    indicator: Indicator,
    table: Table,
    areas: Sequence[tuple[int, int]],
    communes: Set[str],
    ratio: Ratio | None,
    fill: str,
) -> None:
    """A rate of some communes: the sums of its parts over those that gave all of them; "–" when it has no base."""
    column = table.columns[indicator.id]
    terms = _terms(indicator)
    is_open = any(a.open for t in terms for a in _given(page, page.form.indicator(t), communes))
    shown = '"≈ "0.00%' if is_open else "0.00%"  # a part is a lower bound: the rate may be more or less
    style = page.styles(bold=True, bg_color=fill, num_format=shown, align="right")
    if indicator.numerator is None or indicator.denominator is None:
        text(sheet, row, column, NONE, style)
        return
    top, bottom = (_over(part, terms, table, areas) for part in (indicator.numerator, indicator.denominator))
    stored = ratio.numerator / ratio.denominator if ratio and ratio.denominator > 0 else NONE
    sheet.write_formula(row, column, f'=IF({bottom}<=0,"{NONE}",({top})/({bottom}))', style, stored)


def _over(part: Linear, terms: Sequence[str], table: Table, areas: Sequence[tuple[int, int]]) -> str:
    """A linear expression summed over the communes that gave every one of ``terms``, as Excel text."""
    out = []
    for area in areas:
        mask = _mask(table, terms, area)
        out += [
            f"{factor:+d}*SUMPRODUCT({mask},{xl_range(area[0], table.columns[t.id], area[1], table.columns[t.id])})"
            for t, factor in part.terms
        ]
        if part.const:
            out.append(f"{part.const:+d}*SUMPRODUCT({mask})")
    return "".join(out).removeprefix("+") or "0"


def _mask(table: Table, terms: Sequence[str], area: tuple[int, int]) -> str:
    """1 for each commune that gave every one of ``terms``."""
    columns = (table.columns[t] for t in terms)
    return "*".join(["1", *(f"ISNUMBER({xl_range(area[0], c, area[1], c)})" for c in columns)])


def _terms(indicator: Indicator) -> tuple[str, ...]:
    parts = [p for p in (indicator.numerator, indicator.denominator) if p is not None]
    return tuple(dict.fromkeys(t.id for part in parts for t, _ in part.terms))


def _how_many(page: Page, sheet: Worksheet, indicator: Indicator, table: Table, communes: Set[str]) -> None:
    column = table.columns[indicator.id]
    terms = _terms(indicator)
    if terms:
        ratio = page.summary.rates.get(indicator.id)
        formula = "+".join(f"SUMPRODUCT({_mask(table, terms, area)})" for area in table.areas)
        value = ratio.communes if ratio else 0
    else:
        formula = f"COUNT({','.join(xl_range(a, column, b, column) for a, b in table.areas)})"
        if indicator.kind == "rate":
            value = sum(published(page.summary.filings[c], indicator) is not None for c in communes)
        else:
            value = len(_given(page, indicator, communes))
    form = f'0"/{len(page.summary.places)}"'
    style = page.styles(bg_color=TOTAL, num_format=form, align="right", font_color=MUTED)
    sheet.write_formula(table.how_many, column, f"={formula}", style, value)
