"""Values files of the real communes: every value is in the words quoted for it, or says why it follows.

P1 each figure, date and record stands in its own quote   P2 an inferred value has a reason, and only those
P3 nothing that nobody reported is given   P4 a bad file is refused
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from toolkit.published import ASSUMED, PublishedError, parse_published
from toolkit.values import parse_values
from workbook.demo import REPORTS, published_reports
from workbook.forms import load_form, load_places

FORM = load_form()
REAL = dict(zip(REPORTS, published_reports(FORM), strict=True))


def test_every_figure_stands_in_its_quote__P1() -> None:
    quoted = [s for report in REAL.values() for s in report.statements if s.quote and not s.inferred]
    assert len(quoted) >= 30
    assert [s for s in quoted if not _says(s.quote, s.value)] == []


@pytest.mark.parametrize(("quote", "value"), [("là 5.676 hồ sơ", 5676), ("đúng hạn là 02;", 2), ("17/40 máy", 17)])
def test_a_number_is_found_however_printed(quote: str, value: int) -> None:
    assert _says(quote, value)
    assert not _says(quote, value + 1)


def test_every_record_stands_in_its_quote__P1() -> None:
    classified = {"loai", "tinh_trang"}  # chosen from a list of the form, not quoted
    fields = [
        (name, value, quote)
        for report in REAL.values()
        for block, record, quote in report.records
        for name, value in record.items()
        if not (name in classified and (block != "van_ban" or name == "tinh_trang"))
    ]
    assert len(fields) >= 80
    assert [f for f in fields if not _says(f[2], _day(f[1]))] == []


def test_what_is_not_written_says_why__P2() -> None:
    assumed = {name: {s.what: s.value for s in report.assumed} for name, report in REAL.items()}
    assert assumed == {
        "van_tuong": {"rut": "rieng", "ky_truoc": 0},
        "minh_long": {"from": date(2025, 7, 1), "to": date(2025, 10, 7)},
        "chi_minh": {"commune": "11131", "from": date(2025, 7, 1), "to": date(2025, 7, 31), "nv_giao": 29},
    }


def test_inferred_figures_are_marked_in_the_workbook__P2() -> None:
    marked = {n: parse_values(r.data, FORM).notes for n, r in REAL.items()}
    assert {i for notes in marked.values() for i, text in notes.items() if text.startswith(ASSUMED)} == {
        "ky_truoc", "nv_giao",
    }  # fmt: skip
    assert {"da_giai_quyet", "dang_giai_quyet", "may_tinh"} <= marked["chi_minh"].keys()


def test_what_nobody_reported_stays_blank__P3() -> None:
    grids = {name: parse_values(report.data, FORM).grids for name, report in REAL.items()}
    assert grids["minh_long"] == {}
    (row,) = grids["chi_minh"]["bieu_06a"].values()
    assert row == {"truc_tuyen": 1117}
    assert not any(i.startswith("kp_") for report in REAL.values() for i in parse_values(report.data, FORM).scalars)


def test_communes_are_those_of_the_list() -> None:
    places = load_places()
    found = [places.find(report.commune) for report in REAL.values()]
    assert [f"{p.kind} {p.name}" if p else "" for p in found] == [report.name for report in REAL.values()]
    assert [p.province if p else "" for p in found] == ["51", "51", "31"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[report",
        "[report]\ncommune = '21061'",
        "[report]\ncommune='1'\nname='x'\nsource='x'\nfrom={value=2025-07-01}\nto={value=2025-07-02, quote='x'}",
        "[report]\ncommune='1'\nname='x'\nsource='x'\nfrom={value=1, quote='x'}\nto={value=2025-07-02, quote='x'}",
    ],
)
def test_a_bad_file_is_refused__P4(text: str) -> None:
    with pytest.raises(PublishedError):
        parse_published(text, FORM)


def _says(quote: str, value: object) -> bool:
    """Is ``value`` in the words, as a report prints it?"""
    if isinstance(value, date):
        return value in set(_dates(quote))
    if isinstance(value, int):
        return value in {int(number.replace(".", "")) for number in re.findall(r"\d+(?:\.\d{3})*", quote)}
    return str(value) in quote


def _dates(quote: str) -> Iterator[date]:
    for day, month, year in re.findall(r"(\d{1,2})/(\d{1,2})/(\d{4})", quote):
        yield date(int(year), int(month), int(day))


def _day(value: object) -> object:
    """A date of a record, which travels as ISO text."""
    return date.fromisoformat(value) if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) else value
