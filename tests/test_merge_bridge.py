"""What changed between two merges of any reports.

R6 the bridge closes for every total and lists exactly the cells that somebody changed
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from merge_folders import Counting, Inbox, examples, inboxes, run
from merge_pool import CODES, FIGURES, FORM, GRID, Sent, cell, common_way, counted, put, total, written
from result_books import as_text, source_book

from toolkit.bridge import Bridge
from toolkit.records import TOTAL_ROW, Key
from workbook.memory_folder import folder_of


@examples(12)
@given(before=inboxes(), after=inboxes())
def test_the_bridge(before: Inbox, after: Inbox, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        Counting(patch)
        folder, out = tmp_path / "in", tmp_path / "out.xlsx"
        shutil.rmtree(folder_of(out), ignore_errors=True)
        put(folder, before.contents)
        run(folder, out, really=True, written=False)
        put(folder, after.contents)
        made = run(folder, out, really=True, written=False)
    assert made.bridge is not None
    assert made.bridge.why is None
    it_closes(made.bridge, before, after)
    it_lists_the_cells(made.bridge, before, after)
    moved = {c.commune: (c.before, c.after) for c in made.bridge.communes}
    assert moved == {c: (was, now) for c in CODES if (was := before.status[c]) != (now := after.status[c])}
    files = {c.file for c in made.bridge.files}
    assert made.bridge.same == sum(before.contents.get(name) == content for name, content in after.contents.items())
    assert files <= before.contents.keys() | after.contents.keys()
    assert all(before.contents.get(name) != after.contents.get(name) for name in files)


def it_closes(bridge: Bridge, before: Inbox, after: Inbox) -> None:
    was, now = before.counting, after.counting
    told = {w.indicator: w for w in bridge.totals}
    ways = common_way(before.reports), common_way(after.reports)
    for figure in FIGURES:
        came = sum(counted(now[c][1], figure, ways[1]) or 0 for c in now.keys() - was.keys())
        left = -sum(counted(was[c][1], figure, ways[0]) or 0 for c in was.keys() - now.keys())
        both = was.keys() & now.keys()
        cells = sum((written(now[c][1], figure) or 0) - (written(was[c][1], figure) or 0) for c in both)
        one, other = total(before.reports, figure), total(after.reports, figure)
        rest = (other or 0) - (one or 0) - came - left - cells
        if any((came, left, cells, rest)) or one != other:
            w = told.pop(figure)
            assert (w.before, w.came, w.left, w.cells, w.convention, w.after) == (one, came, left, cells, rest, other)
    assert not told


def it_lists_the_cells(bridge: Bridge, before: Inbox, after: Inbox) -> None:
    expected = {}
    was, now = before.counting, after.counting
    for code in was.keys() & now.keys():
        one, other = typed(was[code][1]), typed(now[code][1])
        for key in one.keys() | other.keys():
            left, right = value_at(was[code][1], key), value_at(now[code][1], key)
            if left != right:
                expected[code, key] = left, right
    told = {(c.commune, c.key): (c.before, c.after) for c in bridge.cells}
    turned = {at: pair for at, pair in told.items() if at not in expected}  # formulas that read a changed setting
    assert {at: pair for at, pair in told.items() if at in expected} == expected
    assert all(FORM.indicator(key.indicator).equals and left != right for (_, key), (left, right) in turned.items())
    assert {code for code, _ in turned} <= {c.commune for c in bridge.choices}
    for change in bridge.cells:
        for side, sheet, address, value in (
            (was, change.sheet_before, change.cell_before, change.before),
            (now, change.sheet, change.cell, change.after),
        ):
            report = side[change.commune][1]
            if change.key in typed(report):
                held = as_text(source_book(report.content).at(sheet, address))
                assert held.strip().replace(".", "") == str(value)


def typed(report: Sent) -> dict[Key, int]:
    """Every number that somebody typed."""
    rows = {" ".join(row.split()): given for row, given in report.rows.items()}
    out = {Key(GRID, row, figure): n for row, given in rows.items() for figure, n in given.items()}
    out |= {Key(GRID, TOTAL_ROW, figure): n for figure, n in report.totals.items()}
    return out | {Key(FORM.indicator(figure).block, "", figure): n for figure, n in report.scalars.items()}


def value_at(report: Sent, key: Key) -> int | None:
    if key.row == TOTAL_ROW:
        return written(report, key.indicator)
    if key.row:
        rows = {" ".join(row.split()): given for row, given in report.rows.items()}
        return cell(report, rows.get(key.row, {}), key.indicator)
    return cell(report, report.scalars, key.indicator)
