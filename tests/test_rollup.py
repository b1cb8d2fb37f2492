"""Merging filings into a province.

R1 every file found has exactly one outcome; both accounting lines hold
R2 totals are the sums of what the merged communes gave; a blank is not 0
R3 the order of files never matters
R4, R5 which report of a commune counts: ``test_rollup_versions.py``
R6 settings: brought to one convention where the figures allow it, else marked; never added silently
R7 figures as filed are added, the corrected total stands beside; every addend knows its cell
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_filings import FORM, PERIOD, PLACES, PROVINCE, STRANGER, UNLISTED, dossiers_of, filing, row

from toolkit.contract import summary_json
from toolkit.records import TOTAL_ROW, Filing, Finding, Key, Period, Place, Ratio, Summary, Unread
from toolkit.returns import to_mend
from toolkit.rollup import roll_up

LOCK = Unread("~$21000.xlsx", "TEP_008", "tệp tạm", "")
BROKEN = Unread("hong.xlsx", "TEP_001", "Tệp hỏng.", "0" * 64)


def merge(*read: Filing | Unread, **options: object) -> Summary:
    findings = {r.file: r.findings for r in read if isinstance(r, Filing)}
    return roll_up(FORM, PROVINCE, PERIOD, PLACES, read, findings=findings, **options)


def outcomes(summary: Summary) -> dict[str, tuple[str, str]]:
    return {o.file: (o.status, o.code) for o in summary.outcomes}


def found(summary: Summary, code: str) -> list[tuple[str, Finding]]:
    return [(file, f) for file, f in summary.findings if f.code == code]


def shifted(days: int) -> Period:
    return Period(PERIOD.start, PERIOD.end + timedelta(days))


# --- R1, R2, R3: for any province


cells = st.one_of(st.none(), st.integers(0, 50))
grid_rows = st.dictionaries(
    st.sampled_from(["Hộ tịch", "Đất đai"]),
    st.fixed_dictionaries({i: cells for i in ("truc_tuyen", "truc_tiep", "ky_truoc", "truoc_han", "dung_han", "rut")}),
)
periods = st.sampled_from([PERIOD, shifted(3), shifted(-4), shifted(30), None])


@st.composite
def files(draw: st.DrawFn) -> list[Filing | Unread]:
    drawn: list[Filing | Unread] = []
    for n in range(draw(st.integers(0, 8))):
        if draw(st.integers(0, 4)) == 0:
            drawn.append(draw(st.sampled_from([LOCK, BROKEN]))._replace(file=f"tep_{n}.xlsx"))
            continue
        rows = {label: {i: v for i, v in c.items() if v is not None} for label, c in draw(grid_rows).items()}
        drawn.append(
            filing(
                draw(st.sampled_from([*PLACES[:3], STRANGER, UNLISTED, None])),
                rows,
                totals=draw(st.sampled_from([{}, {"tiep_nhan": 7}, {"rut": 2}])),
                rut=draw(st.sampled_from(["rieng", "trong_da_giai_quyet", "trong_dung_han"])),
                period=draw(periods),
                file=f"tep_{n}{draw(st.sampled_from(['', ' (1)', ' bản sửa', '_v2']))}.xlsx",
            )
        )
    return drawn


@settings(max_examples=60, deadline=None)
@given(files(), st.randoms(use_true_random=False), st.booleans())
def test_any_province(read: list[Filing | Unread], order: random.Random, include: bool) -> None:
    summary = merge(*read, include_off_period=include)
    statuses = Counter(o.status for o in summary.outcomes)
    communes = Counter(summary.commune_status.values())
    assert sorted(o.file for o in summary.outcomes) == sorted(r.file for r in read)
    assert sum(statuses.values()) == len(read)
    assert set(summary.commune_status) == {p.code for p in PLACES}
    assert statuses["merged"] == communes["merged"]
    assert statuses["off_period"] == communes["off_period"]

    merged = {c for c, status in summary.commune_status.items() if status == "merged"}
    for indicator, total in summary.totals.items():
        assert total == sum(a.counted for c, a in summary.amounts[indicator].items() if c in merged)
    for code in merged:
        assert summary.filings[code].file in [o.file for o in summary.outcomes if o.status == "merged"]
    for indicator, sources in summary.sources.items():
        assert {s.commune for s in sources} == set(summary.amounts[indicator])
        assert len({(s.file, s.figure.sheet, s.figure.cell) for s in sources}) == len(sources)

    shuffled = list(read)
    order.shuffle(shuffled)
    assert merge(*shuffled, include_off_period=include) == summary


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(0, 10**9)), min_size=4, max_size=4))
def test_totals_are_sums_of_the_cells(values: list[int | None]) -> None:
    read = [
        filing(place, {"Đất đai": {"truc_tuyen": v} if v is not None else {}})
        for place, v in zip(PLACES, values, strict=True)
    ]
    summary = merge(*read)
    present = [v for v in values if v is not None]
    assert summary.totals.get("truc_tuyen") == (sum(present) if present else None)
    assert len(summary.amounts.get("truc_tuyen", {})) == len(present)
    assert summary_json(summary)["counts"].get("truc_tuyen", 0) == len(present)


# --- R1: what becomes of a file


def test_a_file_of_another_province_and_one_not_expected_are_returned() -> None:
    summary = merge(filing(STRANGER), filing(UNLISTED), filing(None), LOCK, BROKEN)
    assert outcomes(summary) == {
        "00004.xlsx": ("returned", "GOP_003"),
        "21099.xlsx": ("returned", "GOP_007"),
        "khong_ro.xlsx": ("returned", "BIA_001"),
        LOCK.file: ("ignored", "TEP_008"),
        BROKEN.file: ("returned", "TEP_001"),
    }
    assert set(summary.commune_status.values()) == {"missing"}
    assert summary.totals == {}
    assert {f.code for _, f in summary.findings} == {"GOP_003", "GOP_007", "BIA_001", "TEP_001"}


def test_a_report_of_another_form_is_returned() -> None:
    summary = merge(filing(rows={"Đất đai": row(5)})._replace(form="bao_cao_quy"))
    assert outcomes(summary) == {"21000.xlsx": ("returned", "TEP_007")}
    assert summary.commune_status["21000"] == "returned"


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("21001_hong.xlsx", "returned"),
        ("210010.xlsx", "missing"),
        ("21001_21002.xlsx", "missing"),
        ("x.xlsx", "missing"),
    ],
)
def test_the_code_in_the_name_of_an_unreadable_file_says_who_must_send_again(name: str, status: str) -> None:
    assert merge(BROKEN._replace(file=name)).commune_status["21001"] == status


@pytest.mark.parametrize(
    ("cover", "name", "status"),
    [
        (STRANGER, "21001_Xa_Ba_Gia.xlsx", "returned"),
        (STRANGER, "báo cáo xã Ba Gia.xlsx", "returned"),
        (STRANGER, "Bao cao BA GIA quy 3.xlsx", "returned"),
        (None, "21001.xlsx", "returned"),
        (UNLISTED, "Ba Gia.xlsx", "returned"),
        (STRANGER, "ba_gia_ba_vi.xlsx", "missing"),  # two communes
        (STRANGER, "21001_Xa_Ba_Vi.xlsx", "missing"),  # code and name disagree
        (STRANGER, "bao cao.xlsx", "missing"),
        (STRANGER._replace(name="Ba Gia"), "Ba Gia.xlsx", "missing"),  # a namesake: the file is what its cover says
    ],
)
def test_a_report_with_a_foreign_code_is_told_to_the_commune_of_its_name(
    cover: Place | None, name: str, status: str
) -> None:
    summary = merge(filing(cover, rows={"Đất đai": row(5)}, file=name))
    assert summary.commune_status["21001"] == status
    assert [o.commune for o in summary.outcomes if o.commune == "21001"] == ["21001"] * (status == "returned")
    assert summary.totals == {} and [o.status for o in summary.outcomes] == ["returned"]
    own = merge(filing(cover, file=name), filing(PLACES[1], rows={"Đất đai": row(5)}))
    assert own.commune_status["21001"] == "merged" and "21001" not in {
        o.commune for o in own.outcomes if o.status == "returned"
    }


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("21001_Xa_Ba_Gia.xlsx", True),
        ("21000_Xa_Ba_Gia.xlsx", False),  # code and name disagree
        ("21000_Xa_Ba_To.xlsx", False),
        ("bao cao.xlsx", False),
    ],
)
def test_a_report_in_a_file_of_another_commune_counts_and_is_told(file: str, told: bool) -> None:
    mine = filing(PLACES[0], rows={"Đất đai": row(5)}, file=file)
    alone, both = merge(mine), merge(mine, filing(PLACES[1], rows={"Đất đai": row(9)}, content="b"))
    assert ("GOP_022" in [f.code for _, f in alone.findings]) is told
    assert "GOP_022" not in [f.code for _, f in both.findings]  # the other one has sent a report of its own
    assert alone.totals["truc_tuyen"] == 5 and alone.commune_status["21001"] == "missing"


def test_an_unreadable_file_takes_nothing_from_a_commune_that_counts() -> None:
    summary = merge(filing(rows={"Đất đai": row(5)}), BROKEN._replace(file="21000_hong.xlsx"))
    assert summary.commune_status["21000"] == "merged"
    assert outcomes(summary)["21000_hong.xlsx"] == ("returned", "TEP_001")


# --- R6: settings


def test_other_conventions_are_brought_to_that_of_the_majority() -> None:
    inside = row(100, truoc_han=80, dung_han=12, dang_trong_han=8, rut=2)
    plain = row(100, truoc_han=80, dung_han=10, dang_trong_han=8, rut=2)
    read = [filing(p, {"Đất đai": plain}) for p in PLACES[:2]] + [
        filing(PLACES[2], {"Đất đai": inside}, rut="trong_dung_han")
    ]
    summary = merge(*read)
    assert summary.conventions == {"rut": "rieng"}
    assert summary.totals["dung_han"] == 30
    assert summary.totals["da_giai_quyet"] == summary.corrected["da_giai_quyet"] == 270
    assert summary.totals["tiep_nhan"] == 300
    assert summary.amounts["dung_han"]["21002"].written == 12
    assert [file for file, _ in found(summary, "GOP_012")] == ["21002.xlsx"]
    other_way = merge(read[0], read[2], filing(PLACES[3], {"Đất đai": inside}, rut="trong_dung_han"))
    assert other_way.conventions == {"rut": "trong_dung_han"}
    assert (other_way.totals["dung_han"], other_way.totals["da_giai_quyet"]) == (36, 276)


def test_two_conventions_neither_of_them_the_default_meet() -> None:
    figures = row(100, truoc_han=80, dung_han=10, dang_trong_han=8, rut=2)
    inside = row(100, truoc_han=80, dung_han=12, dang_trong_han=8, rut=2)
    read = [filing(p, {"Đất đai": figures}, rut="trong_da_giai_quyet") for p in PLACES[:2]]
    summary = merge(*read, filing(PLACES[2], {"Đất đai": inside}, rut="trong_dung_han"))
    assert summary.conventions == {"rut": "trong_da_giai_quyet"}
    assert (summary.totals["da_giai_quyet"], summary.totals["dung_han"]) == (276, 30)


def test_a_tie_goes_to_the_default_of_the_form() -> None:
    read = [filing(PLACES[0], rut="trong_dung_han"), filing(PLACES[1], rut="rieng")]
    assert merge(*read).conventions == {"rut": "rieng"}


def test_what_cannot_be_converted_is_marked() -> None:
    blank = {i: v for i, v in row(100, truoc_han=80, dung_han=12).items() if i != "rut"}
    summary = merge(filing(PLACES[0], {"Đất đai": row(5)}), filing(PLACES[1], {"Đất đai": blank}, rut="trong_dung_han"))
    assert summary.amounts["dung_han"]["21001"].unconverted
    assert not summary.amounts["truc_tuyen"]["21001"].unconverted
    [(file, finding)] = found(summary, "GOP_004")
    assert (file, finding.severity) == ("21001.xlsx", "warning")
    assert summary.totals["dung_han"] == 12


# --- R7: figures


def test_a_typed_over_total_is_added_as_typed_and_corrected_beside() -> None:
    rows = {"Hộ tịch": row(5297, truc_tiep=300), "Đất đai": row(0, truc_tiep=82)}
    summary = merge(filing(rows=rows, totals={"tiep_nhan": 5676}), filing(PLACES[1], {"Đất đai": row(1)}))
    assert (summary.totals["tiep_nhan"], summary.corrected["tiep_nhan"]) == (5677, 5680)
    [source, _] = summary.sources["tiep_nhan"]
    assert (source.file, source.figure.cell, source.figure.raw, source.figure.value) == (
        "21000.xlsx",
        "C11",
        "5676",
        5676,
    )
    assert source.sha256 == summary.filings["21000"].sha256


def test_totals_typed_without_any_row_are_corrected_from_their_parts() -> None:
    totals = {"tiep_nhan": 5676, "truc_tuyen": 5297, "truc_tiep": 382, "ky_truoc": 0}
    summary = merge(filing(totals=totals))
    assert (summary.totals["tiep_nhan"], summary.corrected["tiep_nhan"]) == (5676, 5679)


def test_a_blank_part_corrects_a_typed_total_only_upwards() -> None:
    for typed, corrected in ((500, 500), (399, 400)):
        summary = merge(filing(rows={"Đất đai": {"truc_tuyen": 300, "truc_tiep": 100, "tiep_nhan": typed}}))
        assert (summary.totals["tiep_nhan"], summary.corrected["tiep_nhan"]) == (typed, corrected)


def test_a_total_row_left_blank_is_the_sum_of_its_rows_and_says_so() -> None:
    report = filing(rows={"Hộ tịch": row(3), "Đất đai": row(4)})
    key = Key("bieu_06a", TOTAL_ROW, "truc_tuyen")
    blank = report._replace(figures={**report.figures, key: report.figures[key]._replace(origin="blank")})
    summary = merge(blank)
    assert summary.totals["truc_tuyen"] == 7
    assert [s.figure.key.row for s in summary.sources["truc_tuyen"]] == ["Hộ tịch", "Đất đai"]


def test_a_blank_is_not_zero_and_a_ticked_block_is() -> None:
    summary = merge(
        filing(PLACES[0], scalars={"hop_tong": 0}), filing(PLACES[1]), filing(PLACES[2], ticked=frozenset({"hop"}))
    )
    assert summary.totals["hop_tong"] == 0
    assert set(summary.amounts["hop_tong"]) == {"21000", "21002"}
    assert "pakn_nhan" not in summary.totals


def test_a_lower_bound_stays_one() -> None:
    summary = merge(filing(rows={"Đất đai": {"truc_tuyen": 300}}))
    assert summary.amounts["tiep_nhan"]["21000"].open
    assert not merge(filing(rows={"Đất đai": row(300)})).amounts["tiep_nhan"]["21000"].open


def test_a_province_rate_rests_on_the_communes_that_gave_all_its_parts() -> None:
    summary = merge(
        filing(PLACES[0], {"Đất đai": row(90, truc_tiep=10)}, scalars={"ty_le_truc_tuyen": Decimal("0.5")}),
        filing(PLACES[1], {"Đất đai": {"truc_tuyen": 1000}}),
        filing(PLACES[2], {"Đất đai": row(30, truc_tiep=70)}),
    )
    assert summary.rates["ty_le_truc_tuyen"] == Ratio(120, 200, 2)
    assert "ty_le_so_hoa_dau_vao" not in summary.rates


def test_registers_do_not_travel_into_a_summary() -> None:
    assert all(not f.tables for f in merge(filing()).filings.values())


# --- findings and JSON


def test_findings_come_errors_first_then_by_commune() -> None:
    def report(place: int, *severities: str) -> Filing:
        found = tuple(Finding(f"{place}{n}", s, "", "") for n, s in enumerate(severities))
        return filing(PLACES[place], {"Đất đai": row(1)}, file=f"{9 - place}.xlsx")._replace(findings=found)

    summary = merge(report(1, "warning", "error"), report(0, "info", "error", "error"))
    assert [f.code for _, f in summary.findings] == ["01", "02", "11", "10", "00"]


@pytest.mark.parametrize(
    ("report", "blank"),
    [
        (filing(), True),
        (filing(rows={"Đất đai": {}}), True),
        (filing(rows={"Đất đai": {"rut": 0}}), False),
        (filing(totals={"tiep_nhan": 3}), False),
        (filing(scalars={"hop_tong": 0}), False),
        (filing(ticked=frozenset({"bieu_06a"})), False),
    ],
)
def test_a_workbook_that_came_back_as_it_went_out_is_told(report: Filing, blank: bool) -> None:
    summary = merge(report)
    assert [(file, f.code) for file, f in summary.findings if f.code == "GOP_025"] == [(report.file, "GOP_025")] * blank
    assert summary.commune_status[PLACES[0].code] == "merged" and not to_mend(summary)
    assert not any(f.code == "GOP_025" for _, f in merge(report, dossiers={report.file: dossiers_of("H1")}).findings)


def test_a_workbook_with_nothing_but_figures_of_the_period_before_is_told() -> None:
    old = {"Đất đai": {"ky_truoc": 4}}
    assert [f.code for _, f in merge(filing(rows=old)).findings] == ["GOP_026"]
    assert merge(filing(rows=old, scalars={"hop_tong": 0})).findings == ()


def test_the_contract_of_merge_json() -> None:
    summary = merge(filing(rows={"Đất đai": row(5)}), LOCK, BROKEN, filing(PLACES[1], period=shifted(9)))
    data = summary_json(summary)
    assert data["communes"] == {"expected": 4, "merged": 1, "returned": 0, "off_period": 1, "missing": 2}
    numbers = ("found", "merged", "returned", "superseded", "off_period", "ignored")
    assert [data[k] for k in numbers] == [4, 1, 1, 0, 1, 1]
    assert data["missing_communes"] == ["21002", "21003"]
    assert data["to_mend_communes"] == list(to_mend(summary))
    assert data["totals"]["truc_tuyen"] == 5
    assert {tuple(sorted(f)) for f in data["files"]} == {("code", "commune", "file", "reason", "sha256", "status")}
    assert {
        "code",
        "severity",
        "sheet",
        "cell",
        "cells",
        "message",
        "fix",
        "left",
        "right",
        "difference",
        "repairs",
    } < set(data["findings"][0])
    assert "totals_with_off_period" not in data


def test_codes_are_not_kept_when_they_have_told() -> None:
    one, other = filing(PLACES[0]), filing(PLACES[1])
    summary = merge(one, other, dossiers={one.file: dossiers_of("H1", "H2"), other.file: dossiers_of("H2")})
    assert len(found(summary, "GOP_017")) == 1
    assert [(code, register.codes) for code, register in summary.dossiers.items()] == [
        (PLACES[0].code, ()),
        (PLACES[1].code, ()),
    ]
