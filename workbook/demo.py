"""The demonstration: workbooks of three real communes and of invented ones, checked, marked and merged.

The real figures stand in ``xlsx_templates/demo``, each with the words of the published report. The invented communes
say in their names that they are, and every slip planted in them is listed beside the result.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import xlsx_templates
from toolkit.form import Form
from toolkit.invent import Invented, Slip, web_page
from toolkit.places import Gazetteer
from toolkit.published import Published, parse_published
from toolkit.records import Finding, Place, Summary, Value
from toolkit.slips import invented_communes
from toolkit.values import Values, parse_values
from toolkit.wording import finding
from workbook import jobs
from workbook.files import Refused, write
from workbook.forms import load_form, load_places
from workbook.intake import Checked, Tell, gather, quietly
from workbook.merge_job import Merged, Options, merge

REPORTS = ("van_tuong", "minh_long", "chi_minh")
PROVINCE = "51"

_PLACES_HEADER = ("ma", "loai", "ten", "ma_tinh")
_SLIPS_HEADER = ("ma", "ten", "tep", "loi_da_cai", "ma_thong_bao", "da_bao")
_VALUES = Path(xlsx_templates.__file__).parent / "demo"


@dataclass(frozen=True, slots=True)
class Real:
    """A real commune: what its report says and what checking it gave."""

    published: Published
    checked: Checked


@dataclass(frozen=True, slots=True)
class Planted:
    """A slip planted in an invented commune, and whether the toolkit showed it."""

    place: Place
    file: str  # "" when the commune sent nothing
    slip: Slip
    shown: bool


@dataclass(frozen=True, slots=True)
class DemoResult:
    communes: Path  # folder of the province's workbooks
    elsewhere: Path  # folder of the workbooks of other provinces, checked but not merged
    marked: Path  # folder of the marked copies
    places: Path  # CSV: the communes that the province expects
    slips: Path  # CSV: what was planted
    real: tuple[Real, ...]
    checked: tuple[Checked, ...]  # every file, real and invented
    merged: Merged
    planted: tuple[Planted, ...]


def make(folder: Path, many: int = 12, tell: Tell = quietly) -> DemoResult:
    """Everything below ``folder``; ``many`` (0 to 999) is the number of invented communes.

    Raises ``Refused`` when ``folder`` holds workbooks that this demonstration did not make, ValueError for ``many``.
    """
    form, shipped = load_form(), load_places()
    published = published_reports(form)
    invented = invented_communes(form, many, published[0].period, PROVINCE)
    ours = [_place(shipped, p) for p in published]
    expected = Gazetteer(
        shipped.provinces, (*(p for p in ours if p.province == PROVINCE), *(report.place for report in invented))
    )
    known = Gazetteer(shipped.provinces, (*shipped.places, *(report.place for report in invented)))

    communes, elsewhere = folder / "xa", folder / "xa_tinh_khac"
    files: dict[Path, bytes] = {}
    for place, report in zip(ours, published, strict=True):
        home = communes if place.province == PROVINCE else elsewhere
        files[home / jobs.file_name(place)] = _workbook(form, known, place, report, parse_values(report.data, form))
    real = tuple(files)
    sent = {report.place.code: _sent(form, known, report) for report in invented}
    files |= {communes / name: content for parcel in sent.values() for name, content in parcel.items()}
    _refuse_others(files, communes, elsewhere)
    for path, content in files.items():
        write(path, content)

    marked = folder / "danh_dau"
    checked = jobs.check(form, known, [communes, elsewhere], marked, tell)
    by_path = {c.path: c for c in checked}
    out = folder / f"tong_hop_{PROVINCE}.xlsx"
    merged = merge(
        form,
        known,
        communes,
        PROVINCE,
        published[0].period,
        out,
        Options(expected, slips=folder / "phieu", remember=False),
        tell=tell,
    )
    findings = {c.path.name: c.findings for c in checked}
    planted = tuple(
        Planted(report.place, file, slip, _shown(form, report, slip, file, findings, merged.summary))
        for report in invented
        for slip in report.slips
        for file in [tuple(sent[report.place.code])[-1] if sent[report.place.code] else ""]
    )
    result = DemoResult(
        communes=communes,
        elsewhere=elsewhere,
        marked=marked,
        places=folder / "danh_sach_xa.csv",
        slips=folder / "loi_da_cai.csv",
        real=tuple(Real(report, by_path[path]) for report, path in zip(published, real, strict=True)),
        checked=checked,
        merged=merged,
        planted=planted,
    )
    write(result.places, _csv(_PLACES_HEADER, ((p.code, p.kind, p.name, p.province) for p in expected.places)))
    rows = ((p.place.code, p.place.name, p.file, p.slip.what, p.slip.code, "x" * p.shown) for p in planted)
    write(result.slips, _csv(_SLIPS_HEADER, rows))
    return result


def published_reports(form: Form) -> tuple[Published, ...]:
    """The reports of ``REPORTS``, in that order."""
    return tuple(parse_published((_VALUES / f"{n}.toml").read_text(encoding="utf-8"), form) for n in REPORTS)


def _place(places: Gazetteer, report: Published) -> Place:
    place = places.find(report.commune)
    if place is None:
        raise LookupError(f"{report.name}: no commune {report.commune}")
    return place


def _workbook(form: Form, places: Gazetteer, place: Place, report: Published | Invented, values: Values) -> bytes:
    from workbook.build import build  # late, like every module that needs XlsxWriter

    return build(form, place, places.province(place.province), report.period, values)


def _sent(form: Form, places: Gazetteer, report: Invented) -> Mapping[str, bytes]:
    """What an invented commune sends: file name -> content; the file that a slip is about comes last."""
    name = Path(jobs.file_name(report.place))
    if report.delivery == "not_sent":
        return {}
    if report.delivery == "web_page":
        return {f"{name.stem}.xls": web_page(report).encode()}
    values = parse_values(report.data, form)
    values = replace(values, records={**values.records, **{b: _nfd(values.records[b]) for b in report.decomposed}})
    content = _workbook(form, places, report.place, report, values)
    if report.delivery == "twice":
        return {name.name: content, f"{name.stem} (1).xlsx": content}
    return {name.name: content}


def _nfd(records: Iterable[Mapping[str, Value]]) -> tuple[Mapping[str, Value], ...]:
    def decomposed(value: Value) -> Value:
        return unicodedata.normalize("NFD", value) if isinstance(value, str) else value

    return tuple({name: decomposed(value) for name, value in record.items()} for record in records)


def _refuse_others(files: Mapping[Path, bytes], *folders: Path) -> None:
    """Somebody's own reports are neither overwritten nor merged into a demonstration."""
    there = [path for folder in folders if folder.exists() for path in gather([folder])]
    others = [p for p in there if not p.name.startswith("~$") and (p not in files or p.read_bytes() != files[p])]
    if others:
        raise Refused(finding("RA_010", n=len(others), tep=others[0].name))


def _shown(
    form: Form, report: Invented, slip: Slip, file: str, findings: Mapping[str, tuple[Finding, ...]], summary: Summary
) -> bool:
    """Whether the toolkit showed a slip where it must."""
    match slip.shown:
        case "finding":
            found = {f.key for f in findings[file] if f.code == slip.code}
            return bool(found) and found >= set(slip.keys)
        case "file":
            return any(o.commune == report.place.code and o.code == slip.code for o in summary.outcomes)
        case "merge":
            return any(name == file and f.code == slip.code for name, f in summary.findings)
        case "missing":
            return summary.commune_status.get(report.place.code) == "missing"
        case "nothing":
            sheets = {form.block(block).sheet for block in report.decomposed}
            return not any(f.sheet in sheets for f in findings[file])


def _csv(header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> bytes:
    """As a Vietnamese Excel opens it by double click: separated by ";", with a byte order mark."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([header, *rows])
    return text.getvalue().encode("utf-8-sig")
