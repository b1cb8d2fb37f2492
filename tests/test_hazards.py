"""96 communes of Quảng Ngãi with hazards of every kind: what was planted and what was reported agree completely."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import hazards
import pytest
from hazards import FORM, PERIOD, PLACES, Parcel

from toolkit.records import Summary
from workbook.merge_job import Options, merge

COMMUNES = [hazards.commune(place) for place in PLACES.in_province("51")]


@pytest.fixture(scope="module")
def parcels() -> dict[str, Parcel]:
    return hazards.planted(COMMUNES)


@pytest.fixture(scope="module")
def summary(parcels: dict[str, Parcel], tmp_path_factory: pytest.TempPathFactory) -> Summary:
    folder = tmp_path_factory.mktemp("đã nhận")
    hazards.write(folder, parcels)
    mail = folder.parent / "so_den.csv"
    days = [(file, day) for parcel in parcels.values() for file, day in parcel.received.items()]
    mail.write_text("Tệp;Ngày nhận\n" + "".join(f"{f};{d:%d/%m/%Y}\n" for f, d in days), encoding="utf-8")
    out = folder.parent / "tong_hop.xlsx"
    return merge(FORM, PLACES, folder, "51", PERIOD, out, Options(received=mail, include_off_period=True)).summary


def test_every_hazard_is_planted(parcels: dict[str, Parcel]) -> None:
    assert len(parcels) == len(COMMUNES) == 96
    assert len(hazards.HAZARDS) + 2 < len(parcels)


def test_each_commune_has_its_status(summary: Summary, parcels: dict[str, Parcel]) -> None:
    assert summary.commune_status == {code: parcel.status for code, parcel in parcels.items()}


def test_each_file_has_its_outcome(summary: Summary, parcels: dict[str, Parcel]) -> None:
    reported = {o.file: (o.status, o.code) for o in summary.outcomes}
    assert len(reported) == len(summary.outcomes)
    for parcel in parcels.values():
        either = [names for names in parcel.outcomes if "|" in names]
        for names in either:  # two equal contents: either may count
            pair = sorted(reported.pop(name) for name in names.split("|"))
            assert pair == sorted([("merged", ""), parcel.outcomes[names]])
        for file in () if either else parcel.files:
            assert reported.pop(file) == parcel.outcomes.get(file, ("merged", "")), file
    assert reported == {name: outcome for name, (_, outcome) in hazards.beside().items()}


def test_each_finding_is_planted_and_each_planted_one_found(summary: Summary, parcels: dict[str, Parcel]) -> None:
    of_file = {file: code for code, parcel in parcels.items() for file in parcel.files}
    found: dict[str, set[str]] = {}
    for file, finding in summary.findings:
        if finding.severity != "info" or file not in of_file:
            found.setdefault(of_file.get(file, file), set()).add(finding.code)
        elif finding.code in parcels[of_file[file]].codes:
            found.setdefault(of_file[file], set()).add(finding.code)
    planted = {code: set(parcel.codes) for code, parcel in parcels.items() if parcel.codes}
    planted["tỉnh khác.xlsx"] = {"GOP_003"}
    assert found == planted


def test_the_total_is_the_sum_of_what_was_planted(summary: Summary, parcels: dict[str, Parcel]) -> None:
    brought = {code: amount.counted for code, amount in summary.amounts["tiep_nhan"].items()}
    planted = {code: parcel.tiep_nhan for code, parcel in parcels.items() if parcel.tiep_nhan is not None}
    assert brought == planted
    counted = sum(n for code, n in planted.items() if parcels[code].status == "merged")
    assert summary.totals["tiep_nhan"] == counted
    assert summary.totals_with_off_period["tiep_nhan"] == sum(planted.values())
    assert {c for c, a in summary.amounts["tiep_nhan"].items() if a.open} == {c for c, p in parcels.items() if p.open}


def test_the_two_accounting_lines(summary: Summary) -> None:
    communes = Counter(summary.commune_status.values())
    assert len(summary.places) == sum(communes[s] for s in ("merged", "returned", "off_period", "missing")) == 96
    files = Counter(o.status for o in summary.outcomes)
    assert sum(files.values()) == sum(files[s] for s in ("merged", "returned", "superseded", "off_period", "ignored"))


def test_every_passport_leads_to_its_raw_text(summary: Summary, parcels: dict[str, Parcel], tmp_path: Path) -> None:
    """The cell named by a passport holds exactly that raw text."""
    import python_calamine

    contents = {file: content for parcel in parcels.values() for file, content in parcel.files.items()}
    looked = 0
    for source in summary.sources["truc_tuyen"]:
        path = tmp_path / "a.xlsx"
        path.write_bytes(contents[source.file])
        sheet = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name(source.figure.sheet)
        rows = sheet.to_python(skip_empty_area=False)
        column = ord(source.figure.cell[0]) - ord("A")
        held = rows[int(source.figure.cell[1:]) - 1][column]
        raw = source.figure.raw
        assert raw == (f"{held:.0f}" if isinstance(held, float) else held) or held == "", source
        looked += held != ""
    assert looked > 50
