"""A unit put into a workbook that was laid out before gives the parts of a workbook laid out for it."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest

from toolkit.records import Period, Place
from workbook import build_blanks
from workbook.build import build
from workbook.build_blanks import Blanks
from workbook.forms import load_form, load_places

FORM, PLACES = load_form(), load_places()
PROVINCE = PLACES.provinces[0]
PERIOD = Period(date(2025, 7, 1), date(2025, 9, 25))
OWN = PLACES.in_province(PROVINCE.code)[0]


@pytest.fixture(scope="module")
def blanks() -> Blanks:
    return Blanks(FORM, PROVINCE, PERIOD)


@pytest.mark.parametrize(
    "place",
    [
        OWN,
        PLACES.in_province(PROVINCE.code)[-1]._replace(kind="Đặc khu"),
        OWN._replace(name='Ia & <Đ’Ơn> "B\'r"'),
        OWN._replace(name=" Tân\nMới "),  # XlsxWriter marks such texts
        OWN._replace(code="Tên đơn vị"),  # a text that the workbook has elsewhere
        OWN._replace(code="Xã A", kind="Xã", name="A"),
    ],
)
def test_same_parts_as_built_anew(blanks: Blanks, place: Place) -> None:
    made = blanks.of(place)
    assert parts(made) == parts(build(FORM, place, PROVINCE, PERIOD))
    assert made == blanks.of(place)


def parts(content: bytes) -> list[tuple[str, bytes]]:
    with ZipFile(BytesIO(content)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def test_laid_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Place] = []

    def counted(form: object, place: Place, province: object, period: object) -> bytes:
        made.append(place)
        return build(FORM, place, PROVINCE, PERIOD)

    monkeypatch.setattr(build_blanks, "build", counted)
    blanks = Blanks(FORM, PROVINCE, PERIOD)
    for place in PLACES.in_province(PROVINCE.code)[:3]:
        blanks.of(place)
    assert len(made) == 1
