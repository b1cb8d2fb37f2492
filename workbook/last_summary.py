"""The province workbook of the last period -> each commune's figures, for the check of what comes over.

Read from the sheet of sources by its headings, so that moved or added columns and rows do not matter. Only numbers that
stand there are taken; a lower bound is no number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple

from toolkit.carry import Closing
from toolkit.figures import read_count
from toolkit.form import COUNT_KINDS, Form, Indicator
from toolkit.records import TOTAL_ROW, Period
from toolkit.text import key, tidy
from toolkit.wording import finding
from workbook.files import Refused
from workbook.intake import told
from workbook.package import Package, Rows
from workbook.sniff import Unreadable, require_zip, take

SHEET = "NGUỒN"
OPEN = "cận dưới"
"""Begins the remark of the sheet of sources on a total that is only a lower bound."""

_OWN_FORMULA = "công thức của mẫu"
_CONVERTED = "quy đổi"
_NEEDED = ("Mã xã", "Dòng", "Tệp", "Trang", "Ô", "Giá trị đọc")
_CODE, _NAME, _ORIGIN, _ADDED, _NOTE = "Mã chỉ tiêu", "Chỉ tiêu", "Cách ghi", "Đưa vào tổng", "Ghi chú"
_WHEN = "Kỳ"
_DAY = r"(\d{1,2})/(\d{1,2})/(\d{4})"
_PERIOD = re.compile(rf"{_DAY} [–-] {_DAY}")


class LastSummary(NamedTuple):
    """What a province's last merge says."""

    file: str
    period: Period
    communes: Mapping[str, Mapping[tuple[str, str], Closing]]  # code -> figures as ``carry.differences`` takes them
    periods: Mapping[str, Period]  # code -> its own period, where it is told


def load_last(path: Path, form: Form) -> LastSummary:
    """The figures of an earlier result of ``tthc merge``.

    Raises Refused: RA_003 not there; KT_009 cannot be opened, or is no result of a merge of this form; KT_010 its sheet
    of sources is gone or has lost its headings or its period.
    """
    if not path.exists():
        raise Refused(finding("RA_003", tep=str(path)))
    try:
        content = take(path)
        require_zip(content, path.name)
        package = Package(content, path.name)
        if f"{form.prefix}tong_hop" not in package.names:
            why = "Đây không phải sổ tổng hợp của tỉnh theo mẫu này."
            raise Refused(finding("KT_009", tep=path.name, ly_do=why, can_lam="Chọn sổ do tthc merge tạo ra kỳ trước."))
        title = next((t for t in package.sheets if key(t) == key(SHEET)), "")
        rows = package.values(title) if title else ()
    except Unreadable as fault:
        said = told(fault)
        raise Refused(finding("KT_009", tep=path.name, ly_do=said.message, can_lam=said.fix)) from fault
    top, columns = _heading(rows)
    missing = [name for name in _NEEDED if name not in columns]
    if _CODE not in columns and _NAME not in columns:
        missing.append(_CODE)
    period = _period(rows[:top])
    if missing or period is None:
        lacking = "cột " + ", ".join(missing) if missing else "kỳ báo cáo"
        raise Refused(finding("KT_010", tep=path.name, trang=SHEET, thieu=lacking))
    communes: dict[str, dict[tuple[str, str], Closing]] = {}
    for code, at, closing in _figures(form, rows[top + 1 :], columns):
        communes.setdefault(code, {})[at] = closing
    return LastSummary(path.name, period, communes, dict(_periods(rows[top + 1 :], columns)))


def _heading(rows: Rows) -> tuple[int, dict[str, int]]:
    """The row with most of the headings, from 0, and heading -> column; (0, {}) when there is none."""
    names = {key(name): name for name in (*_NEEDED, _CODE, _NAME, _ORIGIN, _ADDED, _NOTE, _WHEN)}
    best: tuple[int, dict[str, int]] = (0, {})
    for n, row in enumerate(rows[:30]):
        found: dict[str, int] = {}
        for column, value in enumerate(row):
            if isinstance(value, str) and key(value) in names:
                found.setdefault(names[key(value)], column)
        if len(found) > len(best[1]):
            best = n, found
    return best


def _period(rows: Rows) -> Period | None:
    """The first period that is told."""
    return next((period for row in rows for value in row if (period := _read_period(value))), None)


def _periods(rows: Rows, columns: Mapping[str, int]) -> Iterator[tuple[str, Period]]:
    for row in rows:
        period = _read_period(_at(row, columns, _WHEN))
        if period:
            yield tidy(str(_at(row, columns, "Mã xã"))), period


def _read_period(value: object) -> Period | None:
    match = _PERIOD.search(tidy(value)) if isinstance(value, str) else None
    if match is None:
        return None
    d1, m1, y1, d2, m2, y2 = map(int, match.groups())
    try:
        return Period(date(y1, m1, d1), date(y2, m2, d2))
    except ValueError:
        return None


def _at(row: Sequence[object], columns: Mapping[str, int], name: str) -> object:
    """The cell under a heading; "" where there is none."""
    column = columns.get(name, -1)
    return row[column] if 0 <= column < len(row) else ""


def _figures(form: Form, rows: Rows, columns: Mapping[str, int]) -> Iterator[tuple[str, tuple[str, str], Closing]]:
    counted = [i for b in form.blocks if b.kind != "records" for i in b.indicators if i.kind in COUNT_KINDS]
    by_id = {i.id: i for i in counted}
    by_name: dict[str, Indicator | None] = {}
    for i in counted:
        by_name[key(i.name)] = None if key(i.name) in by_name else i
    for row in rows:
        at = partial(_at, row, columns)
        code, id_ = tidy(str(at("Mã xã"))), tidy(str(at(_CODE)))
        indicator = by_id.get(id_) if id_ else by_name.get(key(str(at(_NAME))))
        if not code or indicator is None:
            continue
        block = form.block(indicator.block)
        label = tidy(str(at("Dòng")))
        whole = block.kind == "grid" and key(label) in (key(block.total), key("Tổng cộng"))
        value = _number(at("Giá trị đọc"))
        note = key(str(at(_NOTE)))
        own = key(str(at(_ORIGIN))) == key(_OWN_FORMULA)
        one = whole or block.kind == "scalars"  # else the amount and its remark are those of the whole column
        if key(OPEN) in note and (one or own):
            continue
        if one and own and key(_CONVERTED) not in note:
            added = _number(at(_ADDED))  # evaluated by us, while the stored result may be missing or old
            value = value if added is None else added
        if value is not None:
            row_label = TOTAL_ROW if whole else label if block.kind == "grid" else ""
            place = tidy(str(at("Tệp"))), tidy(str(at("Trang"))), tidy(str(at("Ô")))
            yield code, (row_label, indicator.id), Closing(value, *place)


def _number(raw: object) -> int | None:
    read = read_count(raw if isinstance(raw, int | float) and not isinstance(raw, bool) else None)
    return read.value
