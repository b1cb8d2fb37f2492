"""The list of when reports came in, as a province keeps it: .xlsx, .xls, .ods, .csv."""

from __future__ import annotations

from pathlib import Path

from toolkit.arrivals import Arrivals, read_arrivals
from toolkit.form import Form
from toolkit.records import Finding
from toolkit.wording import LIST_FAULTS, finding
from workbook.exports import Export, open_export
from workbook.files import Refused
from workbook.intake import told
from workbook.other_formats import unit_of_export
from workbook.read_cover import result_of_ours
from workbook.sniff import Unreadable


def load_arrivals(path: Path, form: Form) -> Arrivals:
    """The lines of the first sheet that is such a list.

    Raises Refused: RA_003 not there; RA_016 no such list; RA_025 a result of ours, which has sheets with days too;
    RA_026 a report.
    """
    if path.is_dir():
        raise Refused(finding("RA_016", tep=path.name, ly_do=LIST_FAULTS["thu_muc"]))
    if not path.is_file():
        raise Refused(finding("RA_003", tep=str(path)))
    try:
        export = open_export(path)
        strange = _strange(export, form)
    except Unreadable as fault:
        raise Refused(finding("RA_016", tep=path.name, ly_do=told(fault).message.rstrip("."))) from fault
    if strange is not None:
        raise Refused(strange)
    for sheet in export.sheets:
        if (arrivals := read_arrivals(sheet.rows, path.name)) is not None:
            return arrivals
    raise Refused(finding("RA_016", tep=path.name, ly_do=LIST_FAULTS["tieu_de"]))


def _strange(export: Export, form: Form) -> Finding | None:
    """Why a workbook is no list of days, whatever its sheets look like."""
    if result_of_ours(export.names, form):
        return finding("RA_025", tep=export.file)
    unit = unit_of_export(export, form)
    return None if unit is None else finding("RA_026", tep=export.file, ma=unit or "(chưa ghi mã)")
