"""Summary -> province workbook, made to be looked at first and read second.

An overview on one page, then the totals with a row per commune, and behind each figure its cell of origin. Numbers
are written as numbers and totals as formulas with their stored value; text of a source file is always written as
text. The same summary gives the same bytes.
"""

from __future__ import annotations

from datetime import datetime, time
from io import BytesIO

from xlsxwriter.workbook import Workbook

from toolkit.bridge import Bridge
from toolkit.form import Form
from toolkit.records import Summary
from toolkit.wording import show_period
from workbook import report_lists as lists
from workbook import report_register as register
from workbook.plain_sheet import PlainSheet
from workbook.report_bridge import changes
from workbook.report_compare import compare_sheet
from workbook.report_fields import fields_sheet
from workbook.report_overview import overview_sheet
from workbook.report_page import (
    COMPARE,
    FIELDS,
    FILES,
    FINDINGS,
    OVERDUE,
    OVERVIEW,
    PROGRESS,
    SOURCES,
    SUMMARY,
    Page,
    Styles,
)
from workbook.report_progress import progress_sheet
from workbook.report_sources import sources
from workbook.report_summary import summary_sheet
from workbook.report_waterfall import CHANGES
from workbook.splice import Splice

ORDER = (OVERVIEW, CHANGES, SUMMARY, FIELDS, PROGRESS, FINDINGS, OVERDUE, register.DOSSIERS, COMPARE, FILES, SOURCES)
"""The sheets as they stand in the workbook, whatever the order in which they are filled."""


def write(
    form: Form,
    summary: Summary,
    *,
    folder: str = "",
    bridge: Bridge | None = None,
    every: bool = False,
    parquet_file: str = "",
) -> bytes:
    """The province workbook as .xlsx. ``folder``: where the source files lie, seen from the workbook, with "/";
    "" when they lie beside it. ``bridge``: what changed since the last merge, told on a sheet when anything did. Where
    the summary holds registers there is a sheet of late dossiers, with ``every`` one of all that it holds too;
    ``parquet_file``: name of the file beside the workbook for more than a sheet can hold."""
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
    splice = Splice()
    page = Page(workbook, Styles(workbook), form, summary, folder, names)
    changed = bridge is not None and bool(bridge.why or bridge.anything)
    asked = ((CHANGES, changed), (OVERDUE, summary.dossiers), (register.DOSSIERS, every))
    left_out = {name for name, wanted in asked if not wanted}
    workbook.worksheet_class = PlainSheet
    for name in ORDER:
        if name not in left_out:
            workbook.add_worksheet(name)
    lists.findings(page)
    lists.files(page)
    cells = summary_sheet(page, title, sources(page, splice))
    fields = fields_sheet(page, cells)
    progress_sheet(page, cells)
    compare_sheet(page, cells)
    overview_sheet(page, cells, fields)
    if bridge is not None and changed:
        changes(page, bridge)
    if summary.dossiers:
        register.overdue(page, splice, register.gathered(summary))
    if every:
        register.dossiers(page, splice, register.gathered(summary), parquet_file)
    workbook.define_name(f"{form.prefix}tong_hop", f"='{SUMMARY}'!$A$1")  # by which reading knows a result of ours
    workbook.close()
    return splice.finish(stream.getvalue())
