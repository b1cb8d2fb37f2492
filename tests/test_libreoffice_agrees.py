"""Python and Excel formulas say the same: LibreOffice computes what ``toolkit.compute`` and the stored values say.

L1 computed and total cells, open helpers and rule columns, on the three communes of the demo and on random reports
L2 every other formula of these workbooks
L3 the test itself can fail: the reports reach every answer of every rule
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from drawn import GRID, any_report
from tables import FORM
from test_build import recalculated

from toolkit.compute import Ledger, applies, counts, ledger, outcome, settings_of, shown
from toolkit.form import Form, Rule
from toolkit.records import TOTAL_ROW, Key, Period, Value
from toolkit.values import Values, parse_values
from workbook.build import build
from workbook.build_plan import Plan, plan_of
from workbook.demo import published_reports

RANDOM_REPORTS = 100
LEAN = FORM._replace(blocks=tuple(b for b in FORM.blocks if b.kind != "records"))
"""The form without its registers, which hold no formula but cost most of the time."""

NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

Cells = dict[tuple[str, str], float | str]
"""(sheet, cell) -> value; "" for an empty text."""


@dataclass(frozen=True, slots=True)
class Report:
    form: Form
    period: Period
    values: Values

    @property
    def plan(self) -> Plan:
        return plan_of(self.form, self.values)

    def written(self) -> bytes:
        return build(self.form, None, None, self.period, self.values)

    def ledger(self) -> Ledger:
        given = {Key(GRID.id, row, i): n for row, cells in self.grid.items() for i, n in cells.items()}
        given |= {Key(FORM.indicator(i).block, "", i): n for i, n in self.values.scalars.items()}
        rows = {GRID.id: tuple(label for label in self.plan.grids[GRID.id].labels if label)}
        counts_ = {key: n for key, n in given.items() if isinstance(n, int)}
        return ledger(self.form, self.values.settings, rows, counts_, self.values.none_declared)

    @property
    def grid(self) -> Mapping[str, Mapping[str, Value]]:
        return self.values.grids.get(GRID.id, {})

    def asks(self, rule: Rule) -> bool:
        return applies(rule.when, settings_of(FORM, self.values.settings))


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    published = [Report(FORM, r.period, parse_values(r.data, FORM)) for r in published_reports(FORM)]
    drawn = [any_report(Random(seed)).values() for seed in range(RANDOM_REPORTS)]
    return [*published, *(Report(LEAN, published[0].period, values) for values in drawn)]


@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_agrees__L1_L2(reports: list[Report], tmp_path: Path) -> None:
    written = [report.written() for report in reports]
    compared = 0
    for report, before, after in zip(reports, written, recalculated(written, tmp_path), strict=True):
        computed = formula_cells(after)
        expected = in_python(report, rule_cells(before))
        assert {at: computed[at] for at in expected} == expected
        assert computed == formula_cells(before)
        compared += len(expected)
    assert compared > 300 * len(reports)


def test_the_reports_reach_every_answer__L3(reports: list[Report]) -> None:
    reached: dict[str, set[str]] = {rule.id: set() for rule in FORM.rules}
    for report in reports:
        book = report.ledger()
        for rule in filter(report.asks, FORM.rules):
            for row in (*report.grid, TOTAL_ROW) if rule.block else ("",):
                answer = answer_of(rule, row, book)
                reached[rule.id].add(answer if isinstance(answer, str) else "holds" if answer == 0 else "broken")
    for rule in FORM.rules:
        assert reached[rule.id] == {"holds", "broken", "?"} | ({""} if rule.block else set()), rule.id


def in_python(report: Report, form_rules: Mapping[str, tuple[str, str]]) -> Cells:
    """What ``toolkit.compute`` says of every computed cell, total, helper and rule cell of a workbook."""
    book, plan = report.ledger(), report.plan
    cells: Cells = {}
    grid = plan.grids[GRID.id]
    for label in (*(label for label in grid.labels if label), TOTAL_ROW):
        row = grid.row_of(label)
        for indicator in grid.printed:
            key = Key(GRID.id, label, indicator.id)
            if key in book.expected and indicator.id not in report.grid.get(label, {}):
                cells[GRID.sheet, f"{grid.grid.columns[indicator.id]}{row}"] = _shown(book.values[key])
            if indicator.equals:
                opens = book.blanks[key] if label == TOTAL_ROW else 1  # a total counts its open rows
                cells[GRID.sheet, f"{grid.grid.opens[indicator.id]}{row}"] = opens * (key in book.open)
        for id_, letters in grid.rules.items():
            rule = _rule(id_)
            cells[GRID.sheet, f"{letters}{row}"] = answer_of(rule, label, book) if report.asks(rule) else ""
    for id_, at in plan.layout.scalars.items():
        if FORM.indicator(id_).equals and id_ not in report.values.scalars:
            cells[at] = _shown(book.values[Key(FORM.indicator(id_).block, "", id_)])
    return cells | {at: answer_of(_rule(id_), "", book) for id_, at in form_rules.items()}


def answer_of(rule: Rule, row: str, book: Ledger) -> int | str:
    """What a rule cell shows while the settings ask for the rule."""
    cells = [Key(GRID.id, row, i.id) for i in counts(GRID)]
    if rule.block and all(book.values[key] is None for key in cells):
        return ""
    return shown(outcome(FORM, rule, row, book))


def rule_cells(content: bytes) -> dict[str, tuple[str, str]]:
    """Rule of the whole form -> its cell, as its defined name says."""
    with ZipFile(BytesIO(content)) as archive:
        names = archive.read("xl/workbook.xml").decode()
    found = re.findall(rf"<definedName name=\"{FORM.prefix}kt_(\w+)\">'?([^'!]+)'?!\$([A-Z]+)\$(\d+)<", names)
    assert len(found) == sum(not rule.block for rule in FORM.rules)
    return {id_: (sheet, f"{column}{row}") for id_, sheet, column, row in found}


def formula_cells(content: bytes) -> Cells:
    """Every formula cell of a workbook with its value."""
    cells: Cells = {}
    with ZipFile(BytesIO(content)) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        for number, sheet in enumerate(book.iter(f"{NAMESPACE}sheet"), 1):
            part = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
            for cell in part.iter(f"{NAMESPACE}c"):
                if cell.find(f"{NAMESPACE}f") is not None:
                    value = cell.findtext(f"{NAMESPACE}v") or ""
                    text = cell.get("t") in ("str", "e")
                    cells[sheet.attrib["name"], cell.attrib["r"]] = value if text else float(value)
    return cells


def _shown(value: int | None) -> int | str:
    return "" if value is None else value


def _rule(id_: str) -> Rule:
    return next(rule for rule in FORM.rules if rule.id == id_)
