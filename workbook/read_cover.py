"""The cover of a filled workbook: whose report it is, of which period, with which settings."""

# Without "from __future__ import annotations", as in ``toolkit.records``.

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from toolkit.figures import explain, is_blank, read_date, read_text, stored_text
from toolkit.form import Block, Form
from toolkit.places import Gazetteer
from toolkit.records import Period, Place
from toolkit.text import key
from toolkit.wording import finding
from workbook.headers import cell, label_key
from workbook.lines import Lines, Spot, find_cover
from workbook.package import Package
from workbook.read_figures import Reader, address

CODE, NAME, PROVINCE, START, END, FORM_ID, VERSION = (
    "ma_don_vi", "ten_don_vi", "tinh", "tu_ngay", "den_ngay", "bieu", "phien_ban",
)  # fmt: skip
LABELS: Mapping[str, tuple[str, ...]] = {
    CODE: ("Mã đơn vị hành chính", "Mã đơn vị", "Mã xã"),
    NAME: ("Tên đơn vị", "Đơn vị báo cáo", "Đơn vị"),
    PROVINCE: ("Tỉnh, thành phố", "Tỉnh"),
    START: ("Từ ngày",),
    END: ("Đến ngày",),
    FORM_ID: (),
    VERSION: (),
}
TICKS = "Không phát sinh"  # heading of the column of ticks
_COVER = "Bìa"
_NO_DAY, _WRONG_DAY, _BACKWARDS = "chưa ghi {}", "“{}” không phải là ngày", "Đến ngày trước Từ ngày"
_DAY_NAMES = {START: "Từ ngày", END: "Đến ngày"}
_TRY = "có thể là {}."
_LOOK_UP = "tra mã trong danh mục đơn vị hành chính."


class Cover(NamedTuple):
    place: Place | None
    period: Period | None
    settings: Mapping[str, str]
    none_declared: frozenset[str]
    form: str  # id that the workbook says; "" when it says nothing
    version: str
    found: bool  # anything of a cover was there


def read_cover(reader: Reader, places: Gazetteer) -> Cover:
    """Findings go to the reader; a doubtful cell never stops the reading."""
    form = reader.form
    settings = {s.id: (s.label,) for s in form.settings}
    lines = find_cover(reader.package, form, {**LABELS, **settings})
    page = _Page(reader, lines)
    if page.moved:
        reader.findings.append(finding("CAU_004", phan=_COVER))
    return Cover(
        place=_place(page, places),
        period=_period(page),
        settings=_settings(page, form),
        none_declared=_ticks(page, form),
        form=page.text(FORM_ID),
        version=_version(page, form),
        found=bool(lines.spots),
    )


def result_of_ours(names: Collection[str], form: Form) -> bool:
    """Whether the toolkit wrote a workbook with these defined names for the province or as a slip: no report of
    anybody, no list of dossiers."""
    return f"{form.prefix}tong_hop" in names


def unit_of(package: Package, form: Form) -> str | None:
    """The code on the cover of a workbook of the form, "" where there is none; None for any other file."""
    if (area := package.names.get(form.prefix + CODE)) is None:
        return None
    text = read_text(cell(package.values(area.sheet), area.top, area.left))
    return text.zfill(5) if text.isdecimal() else text


class _Page(NamedTuple):
    reader: Reader
    lines: Lines

    @property
    def moved(self) -> bool:
        """Whether names are lost or wrong. The province never had one: its label is its only mark."""
        return bool(self.lines.by_label - {PROVINCE})

    def raw(self, id_: str) -> object:
        spot = self.lines.spots.get(id_)
        return None if spot is None else self.reader.raw(*spot)

    def text(self, id_: str) -> str:
        return read_text(self.raw(id_))

    def say(self, code: str, id_: str, **fields: object) -> None:
        spot = self.lines.spots.get(id_)
        if spot is None:
            self.reader.findings.append(finding(code, o=f"Trang {_COVER}", **fields))  # type: ignore[arg-type]
        else:
            self.reader.say(code, *spot, **fields)


def _place(page: _Page, places: Gazetteer) -> Place | None:
    code, name = page.text(CODE), page.text(NAME)
    if not code:
        province = next((p.code for p in places.provinces if key(p.name) == key(page.text(PROVINCE))), None)
        match = places.match(name, province) if name else None
        if match is None:
            page.say("BIA_001", CODE)
        else:
            page.say("BIA_007", CODE, ten=name, ma=match.code)
        return match
    place = places.find(code)
    if place is None:
        likely = places.suggest(name) if name else ()
        options = ", ".join(f"{p.code} ({p.kind} {p.name})" for p in likely)
        page.say("BIA_002", CODE, ma=code, goi_y=_TRY.format(options) if options else _LOOK_UP)
    elif name and places.match(name, place.province) != place:
        page.say("BIA_003", NAME, ten=name, ma=place.code, dung=f"{place.kind} {place.name}")
    return place


def _period(page: _Page) -> Period | None:
    days: list[date] = []
    for id_, name in _DAY_NAMES.items():
        raw = page.raw(id_)
        read = read_date(raw)
        if read.value is not None:
            days.append(read.value)
            spot = page.lines.spots[id_]
            said = explain(read, raw, sheet=spot.sheet, cell=address(spot.row, spot.column), name=name)
            if said is not None:
                page.reader.findings.append(said)
        else:
            why = _NO_DAY.format(name) if is_blank(raw) else _WRONG_DAY.format(stored_text(raw))
            page.say("BIA_004", id_, ly_do=why)
    if len(days) < 2:
        return None
    if days[1] < days[0]:
        page.say("BIA_004", END, ly_do=_BACKWARDS)
        return None
    return Period(*days)


def _settings(page: _Page, form: Form) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for setting in form.settings:
        text = page.text(setting.id)
        by_text = {key(t): c.id for c in setting.choices for t in (c.id, c.label)}
        chosen[setting.id] = by_text.get(key(text), setting.default)
        if text and key(text) not in by_text:
            default = next(c.label for c in setting.choices if c.id == setting.default)
            page.say("BIA_006", setting.id, gia_tri=text, ten=setting.label, mac_dinh=default)
    return chosen


def _ticks(page: _Page, form: Form) -> frozenset[str]:
    """The blocks ticked "không phát sinh": by the name of the tick, by its line where names of the cover are lost."""
    reader = page.reader
    spots: dict[str, Spot | None] = {}
    for block in form.blocks:
        area = reader.package.names.get(f"{form.prefix}{block.id}_khong_phat_sinh")
        named = Spot(area.sheet, area.top, area.left) if area else None
        spots[block.id] = named if named and not page.moved else _tick_by_label(page, block) or named
    return frozenset(id_ for id_, spot in spots.items() if spot is not None and not is_blank(reader.raw(*spot)))


def _tick_by_label(page: _Page, block: Block) -> Spot | None:
    spot = next(iter(page.lines.spots.values()), None)
    if spot is None:
        return None
    rows = page.reader.package.values(spot.sheet)
    heading, lines = key(TICKS), {key(block.title)}
    for top, values in enumerate(rows, 1):
        column = next((c for c, v in enumerate(values, 1) if isinstance(v, str) and label_key(v) == heading), 0)
        if column:
            for row in range(top + 1, len(rows) + 1):
                if any(label_key(cell(rows, row, c)) in lines for c in range(1, column)):
                    return Spot(spot.sheet, row, column)
    return None


def _version(page: _Page, form: Form) -> str:
    version = page.text(VERSION)
    if version and version != form.version:
        page.say("BIA_005", VERSION, phien_ban=version, hien_tai=form.version)
    return version or form.version
