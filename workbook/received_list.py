"""The list of when reports came in, as a province keeps it: .xlsx, .xls, .ods, .csv."""

from __future__ import annotations

from pathlib import Path

from toolkit.arrivals import Arrivals, read_arrivals
from toolkit.wording import LIST_FAULTS, finding
from workbook.exports import open_export
from workbook.files import Refused
from workbook.intake import told
from workbook.sniff import Unreadable


def load_arrivals(path: Path) -> Arrivals:
    """The lines of the first sheet that is such a list. Raises Refused (RA_003, RA_016)."""
    if path.is_dir():
        raise Refused(finding("RA_016", tep=path.name, ly_do=LIST_FAULTS["thu_muc"]))
    if not path.is_file():
        raise Refused(finding("RA_003", tep=str(path)))
    try:
        sheets = open_export(path).sheets
    except Unreadable as fault:
        raise Refused(finding("RA_016", tep=path.name, ly_do=told(fault).message.rstrip("."))) from fault
    for sheet in sheets:
        if (arrivals := read_arrivals(sheet.rows, path.name)) is not None:
            return arrivals
    raise Refused(finding("RA_016", tep=path.name, ly_do=LIST_FAULTS["tieu_de"]))
