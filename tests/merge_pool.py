"""Reports of a dozen communes, and what they are worth in plain Python: nothing here asks the toolkit.

Each commune has four: as the template writes it; with totals typed over, blanks and another convention; as a program
leaves it that calculates nothing and writes numbers as text; and of another period.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from toolkit.places import Gazetteer
from toolkit.records import Period, Place
from toolkit.values import parse_values
from workbook.build import build
from workbook.forms import load_form, load_places

FORM, COUNTRY = load_form(), load_places()
PERIOD, BEFORE = Period(date(2025, 7, 1), date(2025, 9, 25)), Period(date(2025, 4, 1), date(2025, 6, 30))
_KINDS = {"Phường": 3, "Xã": 8, "Đặc khu": 1}
COMMUNES: tuple[Place, ...] = tuple(
    place
    for kind, n in _KINDS.items()
    for place in [p for p in COUNTRY.in_province("51") if p.kind == kind and p.name not in ("Ba Tơ",)][:n]
)
CODES = tuple(place.code for place in COMMUNES)
PLACES = Gazetteer(COUNTRY.provinces, tuple(sorted(COMMUNES, key=lambda p: p.code)))
VARIANTS = 4
EARLIER = 3  # the variant of another period

GRID = "bieu_06a"
INPUTS = (
    "truc_tuyen", "truc_tiep", "ky_truoc", "truoc_han", "dung_han", "qua_han", "dang_trong_han", "dang_qua_han", "rut",
)  # fmt: skip
PARTS = {
    "tiep_nhan": ("truc_tuyen", "truc_tiep", "ky_truoc"),
    "da_giai_quyet": ("truoc_han", "dung_han", "qua_han"),
    "dang_giai_quyet": ("dang_trong_han", "dang_qua_han"),
    "vneid_cai_dat": ("vneid_kich_hoat", "vneid_chua_kich_hoat"),
}
PRINTED = (
    "tiep_nhan", "truc_tuyen", "truc_tiep", "ky_truoc", "da_giai_quyet", "truoc_han", "dung_han", "qua_han",
    "dang_giai_quyet", "dang_trong_han", "dang_qua_han", "rut",
)  # fmt: skip
CONTROLS = ("tiep_nhan_doi_chieu", "da_giai_quyet_doi_chieu", "dang_giai_quyet_doi_chieu")
SCALARS = ("tthc_cap_xa", "hs_toan_trinh", "may_tinh", "co_mat", "kp_duyet", "pakn_nhan", "vneid_cai_dat",
           "vneid_kich_hoat", "vneid_chua_kich_hoat")  # fmt: skip
FIGURES = (*PRINTED, *CONTROLS, *SCALARS)
WITH_RUT = {  # which figures have the withdrawn dossiers in them
    "rieng": (),
    "trong_da_giai_quyet": ("da_giai_quyet", "da_giai_quyet_doi_chieu"),
    "trong_dung_han": ("dung_han", "da_giai_quyet", "da_giai_quyet_doi_chieu"),
}
_FIRST, _COLUMN = 9, dict(zip(PRINTED, "CDEFGHIJKLMN", strict=True))
_STATUSES = {  # as a one-door system calls it -> what it means
    "Đã trả kết quả": "done", "Đã xử lý xong": "done", "Đang xử lý": "open", "Được tiếp nhận": "open",
    "Yêu cầu bổ sung giấy tờ": "waits", "Yêu cầu thực hiện nghĩa vụ tài chính": "waits", "Tạm dừng": "waits",
    "Công dân yêu cầu rút hồ sơ": "withdrawn", "Mới đăng ký": "not yet", "Chuyển lên trời": "unknown", "": "",
}  # fmt: skip
_DATES = ("ngay_tiep_nhan", "ngay_hen_tra", "ngay_ket_qua", "ngay_tra")
_LONG = 900  # dossiers of the one register that is read as columns


class Sent(NamedTuple):
    """One report: what somebody typed into it."""

    code: str
    variant: int
    content: bytes
    rut: str
    rows: Mapping[str, Mapping[str, int]]  # lĩnh vực -> figure -> number, over formulas too
    totals: Mapping[str, int]  # typed into the total row
    scalars: Mapping[str, int]
    ticked: bool  # "không phát sinh" for the whole form
    dossiers: tuple[Mapping[str, object], ...]

    def __repr__(self) -> str:
        return f"sent({self.code!r}, {self.variant})"

    @property
    def in_period(self) -> bool:
        return self.variant != EARLIER

    @property
    def file(self) -> str:
        return f"bao_cao_{self.code}.xlsx"


# --- what it is worth, in plain Python


def cell(sent: Sent, given: Mapping[str, int], figure: str) -> int | None:
    """A figure of one line: as typed, else the sum of the parts that are there."""
    if figure in given:
        return given[figure]
    parts = PARTS.get(figure, ())
    if figure == "da_giai_quyet" and sent.rut == "trong_da_giai_quyet":
        parts = (*parts, "rut")
    there = [given[part] for part in parts if part in given]
    return sum(there) if there else None


def written(sent: Sent, figure: str) -> int | None:
    """What the commune says of the whole of itself."""
    if figure in SCALARS:
        return cell(sent, sent.scalars, figure)
    if figure in sent.totals:
        return sent.totals[figure]
    if figure in CONTROLS:
        return None
    there = [n for given in sent.rows.values() if (n := cell(sent, given, figure)) is not None]
    return sum(there) if there else 0 if sent.ticked else None


def _moved(figure: str, value: int | None, rut: int | None, own: str, common: str) -> int | None:
    if value is None or rut is None:
        return value
    return value + rut * ((figure in WITH_RUT[common]) - (figure in WITH_RUT[own]))


def counted(sent: Sent, figure: str, common: str) -> int | None:
    """The same where withdrawn dossiers are counted as most communes do."""
    return _moved(figure, written(sent, figure), written(sent, "rut"), sent.rut, common)


def counted_cell(sent: Sent, row: str, figure: str, common: str) -> int | None:
    given = sent.rows.get(row, {})
    return _moved(figure, cell(sent, given, figure), cell(sent, given, "rut"), sent.rut, common)


def common_way(reports: Iterable[Sent]) -> str:
    """What most do; the default when as many do otherwise."""
    ways = Counter(sent.rut for sent in reports)
    return max(WITH_RUT, key=lambda way: (ways[way], way == "rieng"))


def total(reports: Iterable[Sent], figure: str) -> int | None:
    """The province."""
    all_of_them = list(reports)
    common = common_way(all_of_them)
    there = [n for sent in all_of_them if (n := counted(sent, figure, common)) is not None]
    return sum(there) if there else None


def late(sent: Sent, cutoff: date = PERIOD.end) -> set[str]:
    """Codes of the dossiers that are late at the end of a day: finished after the day promised, or not finished and the
    day is past. What waits for the citizen, was withdrawn, or cannot be told, is not."""
    return {str(row["ma_ho_so"]) for row in sent.dossiers if _is_late(row, cutoff)}


def _is_late(row: Mapping[str, object], cutoff: date) -> bool:
    days = {name: _day(row.get(name)) for name in _DATES}
    received, due = days["ngay_tiep_nhan"], days["ngay_hen_tra"]
    if isinstance(received, date) and received > cutoff:
        return False
    if "unreadable" in (due, days["ngay_ket_qua"], days["ngay_tra"]):
        return False
    end = days["ngay_ket_qua"] or days["ngay_tra"]
    meaning = _STATUSES[str(row.get("trang_thai", ""))] or ("done" if end else "open")
    if not isinstance(due, date) or meaning in ("waits", "not yet", "unknown"):
        return False
    if meaning == "open":
        return due < cutoff
    if not isinstance(end, date):
        return False
    if end > cutoff:  # it was still open then
        return due < cutoff
    return meaning == "done" and end > due


def _day(value: object) -> object:
    """A date, None, or "unreadable"; typed dates are day/month/year."""
    if value is None or isinstance(value, date):
        return value
    day, month, year = map(int, str(value).split("/"))
    try:
        return date(year, month, day)
    except ValueError:
        return "unreadable"


# --- made once


@cache
def sent(code: str, variant: int) -> Sent:
    n = CODES.index(code)
    dice = Random(n * VARIANTS + variant)
    if variant == 2:
        return _left_by_a_program(sent(code, 0), dice)
    labels = sorted(dice.sample(FORM.block(GRID).rows, 4), key=FORM.block(GRID).rows.index)
    if variant:
        labels += ["Lĩnh vực khác của xã"] if n % 2 else ["Đền bù & tái định cư <1>", "lĩnh  vực KHÁC của xã"]
    ticked = variant == 1 and n == 5
    rows: dict[str, dict[str, int]] = {} if ticked else {label: _row(dice) for label in labels}
    totals: dict[str, int] = {}
    if variant and not ticked:
        for given in rows.values():
            for figure in dice.sample(INPUTS, dice.choice((0, 0, 1, 2))):
                del given[figure]
        rows[labels[0]]["tiep_nhan"] = dice.randrange(900)  # typed over
        totals = {figure: dice.randrange(5000) for figure in dice.sample((*PRINTED, *CONTROLS), 2)}
    scalars = {figure: dice.randrange(2000) for figure in SCALARS if figure not in PARTS and dice.random() < 0.7}
    if "kp_duyet" in scalars:
        scalars["kp_duyet"] *= 10**9 + 7
    if variant and n % 4 == 0:
        scalars["vneid_cai_dat"] = dice.randrange(5000)
    rut = dice.choice(("rieng", "trong_da_giai_quyet", "trong_dung_han")) if variant else "rieng"
    dossiers = _register(dice, code, variant, _LONG if (n, variant) == (0, 0) else dice.randrange(4, 25))
    if n % 3 != variant:
        dossiers = ()
    grid = [*({"linh_vuc": row} | given for row, given in rows.items()), {"linh_vuc": "Tổng cộng"} | totals]
    records = [{k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()} for row in dossiers]
    data = {
        "settings": {"rut": rut},
        "scalars": scalars,
        "grids": {GRID: grid},
        "records": {"ho_so": records},
        "khong_phat_sinh": [GRID] if ticked else [],
    }
    period = BEFORE if variant == EARLIER else PERIOD
    content = build(FORM, COMMUNES[n], COUNTRY.province("51"), period, parse_values(data, FORM))
    return Sent(code, variant, content, rut, rows, totals, scalars, ticked, dossiers)


def _row(dice: Random) -> dict[str, int]:
    """A line of which most hold: received = settled + running + withdrawn."""
    given = {figure: dice.randrange(60) for figure in INPUTS}
    rest = sum(given[f] for f in INPUTS[4:])
    given["truoc_han"] = sum(given[f] for f in INPUTS[:3]) - rest
    if given["truoc_han"] < 0:
        given["truc_tuyen"] += -given["truoc_han"]
        given["truoc_han"] = 0
    if dice.random() < 0.15:
        given[dice.choice(INPUTS)] += 1
    return given


def _register(dice: Random, code: str, variant: int, n: int) -> tuple[dict[str, object], ...]:
    out = []
    for number in range(n):
        start = PERIOD.start + timedelta(dice.randrange(-40, 95))  # some after the period
        row: dict[str, object] = {
            "ma_ho_so": f"H48.{code[2:]}.{variant}-{start:%y%m%d}-{number:04d}",
            "linh_vuc": dice.choice(FORM.block(GRID).rows[:5]),
            "ten_tthc": "Đăng ký",
            "ngay_tiep_nhan": start,
            "ngay_hen_tra": start + timedelta(dice.randrange(0, 40)) if dice.random() < 0.95 else None,
            "trang_thai": dice.choice([*_STATUSES]),
        }
        due = row["ngay_hen_tra"]
        about = due if isinstance(due, date) else start
        for field, share in (("ngay_ket_qua", 0.6), ("ngay_tra", 0.3)):
            if dice.random() < share:
                row[field] = about + timedelta(dice.choice((-3, -1, 0, 0, 1, 2, 9)))
        for field in ("ngay_hen_tra", "ngay_ket_qua"):
            day = row.get(field)
            if isinstance(day, date) and dice.random() < 0.1:
                row[field] = dice.choice((f"{day.day}/{day.month}/{day.year}", f"31/11/{day.year}"))
        if dice.random() < 0.1:  # the last possible moment, on both sides
            row |= {"trang_thai": "Đang xử lý", "ngay_hen_tra": PERIOD.end - timedelta(dice.randrange(2))}
        out.append({name: value for name, value in row.items() if value not in (None, "")})
    return tuple(out)


def _left_by_a_program(base: Sent, dice: Random) -> Sent:
    """No formula has a result, and some numbers are texts, with other values than before."""
    grid = _sheet(base.content, 2)
    rows = {label: dict(given) for label, given in base.rows.items()}
    for label in dice.sample([*rows], 2):
        figure = dice.choice(INPUTS)
        rows[label][figure] = number = dice.randrange(1000, 90_000)
        where = f"{_COLUMN[figure]}{_FIRST + FORM.block(GRID).rows.index(label)}"
        shown = f"{number:,}".replace(",", ".")
        new = rf'<c r="{where}"\1 t="inlineStr"><is><t>{shown}</t></is></c>'
        grid, n = re.subn(rf'<c r="{where}"( s="\d+")><v>\d+</v></c>', new, grid)
        assert n == 1, where
    lines, scalars = _sheet(base.content, 3), dict(base.scalars)
    for figure in dice.sample([f for f in base.scalars if f != "kp_duyet"], 2):
        shown = f' t="inlineStr"><is><t xml:space="preserve"> {base.scalars[figure] + 7}  </t></is></c>'
        new, n = re.subn(rf'(<c r="D\d+" s="\d+")><v>{base.scalars[figure]}</v></c>', rf"\1{shown}", lines)
        if n == 1:
            lines, scalars[figure] = new, base.scalars[figure] + 7
    parts = {f"xl/worksheets/sheet{n}.xml": _sheet(base.content, n) for n in (1, 8)}
    parts["xl/worksheets/sheet3.xml"] = lines
    parts["xl/worksheets/sheet2.xml"] = grid
    bare = {name: re.sub(r"(</f>)<v>[^<]*</v>", r"\1", text).encode() for name, text in parts.items()}
    return base._replace(variant=2, content=with_parts(base.content, bare), rows=rows, scalars=scalars)


def _sheet(content: bytes, n: int) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(f"xl/worksheets/sheet{n}.xml").decode()


def with_parts(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The archive with other parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(item, parts.get(item.filename, old.read(item)))
    return out.getvalue()


def put(folder: Path, files: Mapping[str, bytes]) -> None:
    """Exactly these files in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
