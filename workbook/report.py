"""Summary -> province workbook: a row per commune, live totals, and behind each figure its cell of origin.

Numbers are written as numbers and totals as formulas with their stored value; text of a source file is always
written as text. The same summary gives the same bytes.
"""

from __future__ import annotations

from datetime import datetime, time
from io import BytesIO

from xlsxwriter.workbook import Workbook

from toolkit.form import Form
from toolkit.records import Summary
from toolkit.wording import show_period
from workbook import report_lists as lists
from workbook.report_page import SUMMARY, Page, Styles
from workbook.report_summary import summary_sheet


def write(form: Form, summary: Summary, *, folder: str = "") -> bytes:
    """The province workbook as .xlsx. ``folder``: where the source files lie, seen from the workbook, with "/";
    "" when they lie beside it."""
    stream = BytesIO()
    workbook = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    title = f"TỔNG HỢP {summary.province.name.upper()}"
    workbook.set_properties(
        {
            "title": f"{title}, kỳ {show_period(summary.period)}",
            "author": "tthc-toolkit",
            "created": datetime.combine(summary.period.end, time()),
        }
    )
    names = {p.code: f"{p.kind} {p.name}" for p in summary.places}
    page = Page(workbook, Styles(workbook), form, summary, folder, names)
    sheet = workbook.add_worksheet(SUMMARY)
    lists.findings(page)
    lists.files(page)
    origins = lists.sources(page)
    cells = summary_sheet(page, sheet, title, origins)
    lists.charts(page, cells.status, cells.top, cells.of_top)
    workbook.define_name(f"{form.prefix}tong_hop", f"='{SUMMARY}'!$A$1")  # by which reading knows a result of ours
    workbook.close()
    return stream.getvalue()
