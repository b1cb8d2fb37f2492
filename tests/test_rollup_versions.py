"""Which report of a commune counts in a province.

R4 no commune counts twice: identical bytes, two contents, two periods
R5 a period off by more than the tolerance is added only when asked for, then both totals stand side by side
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from made_filings import PERIOD, PLACES, filing, row
from test_rollup import BROKEN, found, merge, outcomes, shifted

from toolkit.arrivals import Received
from toolkit.records import TOTAL_ROW, Key, Period


def came(days: Mapping[str, date]) -> Received:
    return Received({file: (day,) for file, day in days.items()})


# --- R4: several files of one commune


def test_identical_bytes_count_once() -> None:
    summary = merge(*(filing(rows={"Đất đai": row(5)}, file=f) for f in ("a.xlsx", "a (1).xlsx", "b.xlsx")))
    copy = ("superseded", "GOP_006")
    assert outcomes(summary) == {"a.xlsx": ("merged", ""), "a (1).xlsx": copy, "b.xlsx": copy}
    assert summary.totals["truc_tuyen"] == 5
    assert not [f for _, f in summary.findings if f.severity == "error"]


def test_the_same_figures_saved_again_are_no_conflict() -> None:
    summary = merge(*(filing(rows={"Đất đai": row(5)}, file=f"{c}.xlsx", content=c) for c in "ab"))
    assert sorted(outcomes(summary).values()) == [("merged", ""), ("superseded", "GOP_010")]


@pytest.mark.parametrize("correction", ["21000 bản sửa.xlsx", "21000_v2.xlsx", "21000 (1).xlsx", "21000_Lần 2.xlsx"])
def test_a_name_decides_between_two_contents_but_never_silently(correction: str) -> None:
    old, new = filing(rows={"Đất đai": row(5)}), filing(rows={"Đất đai": row(9)}, file=correction)
    summary = merge(old, new)
    assert outcomes(summary) == {old.file: ("superseded", "GOP_005"), correction: ("merged", "")}
    assert summary.totals["truc_tuyen"] == 9
    [(file, conflict)] = found(summary, "GOP_005")
    assert (file, conflict.severity, conflict.left, conflict.right) == (correction, "error", 9, 5)
    assert conflict.key == Key("bieu_06a", TOTAL_ROW, "tiep_nhan")
    assert old.file in conflict.message


def test_without_any_sign_the_choice_is_still_the_same_on_every_run() -> None:
    files = [filing(rows={"Đất đai": row(n)}, file=f"{n}.xlsx") for n in (5, 9)]
    summaries = [merge(*files), merge(*reversed(files))]
    assert summaries[0] == summaries[1]
    assert len(found(summaries[0], "GOP_005")) == 1
    assert summaries[0].totals["truc_tuyen"] in (5, 9)


def test_the_file_received_last_counts_whatever_its_name() -> None:
    old = filing(rows={"Đất đai": row(5)}, file="21000_v2.xlsx")
    new = filing(rows={"Đất đai": row(9)})
    days = {old.file: date(2025, 9, 26), new.file: date(2025, 9, 27)}
    summary = merge(old, new, received=came(days))
    assert outcomes(summary) == {old.file: ("superseded", "GOP_001"), new.file: ("merged", "")}
    assert found(summary, "GOP_005") == []
    same_day = merge(old, new, received=came(dict.fromkeys(days, date(2025, 9, 26))))
    assert outcomes(same_day)[new.file] == ("superseded", "GOP_005")


MENDED = "21000_Xa_An_Phu_sua.xlsx"


@pytest.mark.parametrize(
    ("days", "counts", "code"),
    [
        ({}, MENDED, "GOP_018"),
        ({"old": 26}, MENDED, "GOP_018"),  # nobody wrote down when the other came: no reason to pass it over
        ({MENDED: 26}, MENDED, "GOP_018"),
        ({"old": 26, MENDED: 26}, MENDED, "GOP_018"),
        ({"old": 26, MENDED: 27}, MENDED, "GOP_001"),
        ({"old": 27, MENDED: 26}, "old", "GOP_001"),  # both are known: the later one counts
    ],
)
def test_a_day_decides_only_where_every_copy_has_one(days: dict[str, int], counts: str, code: str) -> None:
    old, new = filing(rows={"Đất đai": row(5)}, file="old"), filing(rows={"Đất đai": row(9)}, file=MENDED)
    summary = merge(old, new, received=came({file: date(2025, 9, day) for file, day in days.items()}))
    assert {o.file for o in summary.outcomes if o.status == "merged"} == {counts}
    assert [o.code for o in summary.outcomes if o.status == "superseded"] == [code]
    assert [f.code for _, f in summary.findings if f.severity == "error"] == []


def test_a_later_version_than_the_mended_copy_is_a_question() -> None:
    old, new = filing(rows={"Đất đai": row(5)}, file="21000 (2).xlsx"), filing(rows={"Đất đai": row(9)}, file=MENDED)
    assert outcomes(merge(old, new)) == {old.file: ("superseded", "GOP_005"), MENDED: ("merged", "")}
    twice = merge(new, filing(rows={"Đất đai": row(5)}, file="21000_Xa_An_Phu_sua (1).xlsx"))
    assert [o.code for o in twice.outcomes if o.status == "superseded"] == ["GOP_005"]


def test_a_day_of_another_period_hides_none() -> None:
    """Last period's report has no day; between the two of this period the days decide."""
    last = filing(rows={"Đất đai": row(1)}, period=shifted(90), file="last.xlsx")
    old, new = filing(rows={"Đất đai": row(5)}, file="v2.xlsx"), filing(rows={"Đất đai": row(9)}, file="new.xlsx")
    summary = merge(last, old, new, received=came({"v2.xlsx": date(2025, 9, 26), "new.xlsx": date(2025, 9, 27)}))
    assert outcomes(summary)["new.xlsx"] == ("merged", "")


def test_a_commune_is_in_time_by_its_first_report_of_the_period() -> None:
    """Sent again later, under another name or the same: the first day still is the first."""
    first, again, later = (date(2025, 9, n) for n in (26, 28, 30))
    last = filing(rows={"Đất đai": row(1)}, period=shifted(90), file="last.xlsx")
    old, new = filing(rows={"Đất đai": row(5)}, file="old.xlsx"), filing(rows={"Đất đai": row(9)}, file="new.xlsx")
    days = {"last.xlsx": (date(2025, 6, 1),), "old.xlsx": (first,), "new.xlsx": (again, later)}
    summary = merge(last, old, new, received=Received(days))
    assert summary.arrived == {"21000": (first, again, later)}
    assert summary.received["new.xlsx"] == later and outcomes(summary)["new.xlsx"] == ("merged", "")
    told = merge(old, new, BROKEN, received=Received({BROKEN.file: (first,)}, {"21000": (again, later)}))
    assert told.arrived == {"21000": (again, later)}
    assert merge(last, received=Received(days)).arrived == {"21000": (date(2025, 6, 1),)}


def test_the_report_of_the_asked_period_counts_before_a_later_one() -> None:
    right, wrong = (
        filing(rows={"Đất đai": row(5)}),
        filing(rows={"Đất đai": row(9)}, period=shifted(30), file="v9.xlsx"),
    )
    for include in (False, True):
        summary = merge(right, wrong, include_off_period=include, received=came({"v9.xlsx": date(2026, 1, 1)}))
        assert outcomes(summary) == {right.file: ("merged", ""), "v9.xlsx": ("superseded", "GOP_009")}
        assert summary.totals["truc_tuyen"] == 5
    assert summary.totals_with_off_period["truc_tuyen"] == 5


# --- R5: periods


@pytest.mark.parametrize(
    ("days", "status", "code"),
    [
        (0, "merged", ""),
        (3, "merged", "GOP_011"),
        (-3, "merged", "GOP_011"),
        (4, "off_period", "GOP_002"),
        (-4, "off_period", "GOP_002"),
    ],
)
def test_the_tolerance_is_exact_to_the_day(days: int, status: str, code: str) -> None:
    summary = merge(filing(rows={"Đất đai": row(5)}, period=shifted(days)))
    assert outcomes(summary) == {"21000.xlsx": (status, code)}
    assert summary.commune_status["21000"] == status
    assert summary.totals.get("truc_tuyen") == (5 if status == "merged" else None)
    moved_start = Period(PERIOD.start + timedelta(days), PERIOD.end)
    assert outcomes(merge(filing(period=moved_start))) == {"21000.xlsx": (status, code)}


def test_off_period_reports_are_added_only_when_asked_and_then_beside_the_plain_total() -> None:
    read = [filing(PLACES[0], {"Đất đai": row(5)}), filing(PLACES[1], {"Đất đai": row(9)}, period=shifted(30))]
    assert merge(*read).totals_with_off_period == {}
    both = merge(*read, include_off_period=True)
    assert (both.totals["truc_tuyen"], both.totals_with_off_period["truc_tuyen"]) == (5, 14)
    assert both.commune_status["21001"] == "off_period"


def test_an_unknown_period_is_never_added_silently() -> None:
    summary = merge(filing(rows={"Đất đai": row(5)}, period=None))
    assert outcomes(summary) == {"21000.xlsx": ("off_period", "GOP_008")}
    assert summary.totals == {}
