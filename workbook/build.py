"""Form -> workbook that an official fills. Everything in it comes from the form; nothing here knows a form.

Byte-reproducible: no clock, no random order. Every formula is written with the value it has.
"""

from __future__ import annotations

from datetime import datetime, time
from io import BytesIO

from xlsxwriter.workbook import Workbook

from toolkit.form import Form
from toolkit.records import Period, Place, Province
from toolkit.values import Values
from workbook.build_cover import Cover, write_checks
from workbook.build_grid import names_of, write_grid
from workbook.build_lists import record_names, scalar_names, write_records, write_scalars
from workbook.build_plan import CHECKS, COVER, plan_of
from workbook.build_stored import Evaluated
from workbook.plain_sheet import PlainSheet
from workbook.styles import FONT_STYLE, TABS, Styles


def build(
    form: Form,
    place: Place | None,
    province: Province | None,
    period: Period,
    values: Values | None = None,
) -> bytes:
    """A workbook of ``form`` for one commune and period, filled with ``values`` where given.

    ``place`` None: a blank template without a unit. Raises ValueError for a form that a workbook cannot hold.
    """
    values = values or Values()
    plan = plan_of(form, values)
    filled = Evaluated(plan, values, period, place, province)
    buffer = BytesIO()
    workbook = Workbook(
        buffer, {"in_memory": True, "default_format_properties": dict(FONT_STYLE), "strings_to_urls": False}
    )
    made = datetime.combine(period.end, time())
    workbook.set_properties({"title": form.title, "subject": form.id, "created": made})
    styles = Styles(workbook)

    workbook.worksheet_class = PlainSheet
    cover_sheet = workbook.add_worksheet(COVER)
    sheets = {title: workbook.add_worksheet(title) for title in plan.sheets}
    checks_sheet = workbook.add_worksheet(CHECKS)

    cover = Cover(cover_sheet, plan, filled, styles)
    cover.write()
    cover_sheet.set_tab_color(TABS["cover"])
    names = list(cover.names)
    for grid in plan.grids.values():
        write_grid(sheets[grid.block.sheet], plan, grid, filled, styles)
        sheets[grid.block.sheet].set_tab_color(TABS["grid"])
        names += names_of(plan, grid)
    for title in plan.lines:
        write_scalars(sheets[title], plan, title, filled, styles)
        sheets[title].set_tab_color(TABS["scalars"])
        names += scalar_names(plan, title)
    for records in plan.records.values():
        write_records(sheets[records.block.sheet], plan, records, filled, styles)
        sheets[records.block.sheet].set_tab_color(TABS["records"])
        names += record_names(plan, records)
    names += write_checks(checks_sheet, plan, filled, styles)
    checks_sheet.set_tab_color(TABS["checks"])
    for name, address in names:
        workbook.define_name(name, f"={address}")
    cover_sheet.activate()
    workbook.close()
    return buffer.getvalue()
