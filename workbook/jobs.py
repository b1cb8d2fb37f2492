"""What an official can ask for: gather files, decide with ``toolkit``, write the result. One function a command.

A job takes what it needs, prints nothing and returns a plain record; ``tell(done, total, name)`` hears of progress.
Results are written whole, at the end, so that an interruption leaves no half file behind. Raises ``Refused`` for a
request that cannot be carried out as asked.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from toolkit.form import Form
from toolkit.places import Gazetteer
from toolkit.records import Edit, Filing, Finding, Period, Place, Province, Summary, Unread
from toolkit.text import strip_accents
from toolkit.wording import finding
from workbook.files import Refused, refuse_inputs, same, write
from workbook.intake import Checked, Tell, about, each, examine, gather, quietly, told
from workbook.read import read
from workbook.sniff import Unreadable


class Filled(NamedTuple):
    """A copy in which the computed cells are filled in."""

    path: Path
    edits: tuple[Edit, ...]


class Merged(NamedTuple):
    path: Path
    summary: Summary


def new(form: Form, places: Gazetteer, commune: str, period: Period, out: Path, values: object = None) -> Path:
    """A template for one commune, filled with ``values`` (the object of a ``--values`` file) when given.

    All faults of the values are told at once.
    """
    from toolkit.values import ValuesError, parse_values  # late, like every module that only some commands need
    from workbook.build import build

    place = places.find(commune)
    if place is None:
        raise Refused(_unknown(commune, places))
    try:
        given = None if values is None else parse_values(values, form)
    except ValuesError as fault:
        raise Refused(*fault.faults) from fault
    write(out, build(form, place, places.province(place.province), period, given))
    return out


def new_province(
    form: Form, places: Gazetteer, province: str, period: Period, folder: Path, tell: Tell = quietly
) -> tuple[Path, ...]:
    """One template for each commune of a province. A file there with another content may be a filled report:
    then nothing is written at all."""
    from workbook.build import build

    unit = _province(places, province)
    communes = places.in_province(unit.code)
    made: dict[Path, bytes] = {}
    for done, place in enumerate(communes, 1):
        made[folder / file_name(place)] = build(form, place, unit, period, None)
        tell(done, len(communes), f"{place.kind} {place.name}")
    taken = [path for path, content in made.items() if path.exists() and path.read_bytes() != content]
    if taken:
        raise Refused(finding("RA_007", n=len(taken), tep=taken[0].name))
    for path, content in made.items():
        write(path, content)
    return tuple(made)


def check(
    form: Form, places: Gazetteer, paths: Sequence[Path], marked: Path | None = None, tell: Tell = quietly
) -> tuple[Checked, ...]:
    """Checks files, and the files of folders. ``marked``: folder for a marked copy of every readable one.

    Every file met has its place in the result; those of a folder that are no reports say so (``no_report``).
    """
    files = gather(paths)
    if not files:
        raise Refused(finding("RA_004", tep=", ".join(map(str, paths))))
    results = tuple(each(lambda path: examine(form, places, path), files, tell))
    return results if marked is None else _mark_all(results, marked)


def formulas(form: Form, places: Gazetteer, path: Path, out: Path) -> Filled:
    """A copy in which computed cells are filled in and restored; inputs untouched, every change logged in the copy."""
    from toolkit.edits import log, restore
    from workbook.mark import apply

    if not path.exists():
        raise Refused(finding("RA_003", tep=str(path)))
    refuse_inputs(out, [path])
    try:
        edits = restore(form, read(path, form, places))
        copy = apply(path.read_bytes(), edits, log=log(edits))
    except Unreadable as fault:
        raise Refused(told(fault)) from fault
    write(out, copy, inputs=[path])
    return Filled(out, edits)


def handbook(form: Form, out: Path) -> Path:
    """The form's page of the handbook."""
    from toolkit.guide import page

    write(out, page(form).encode())
    return out


def merge(
    form: Form,
    places: Gazetteer,
    folder: Path,
    province: str,
    period: Period,
    out: Path,
    *,
    expected: Gazetteer | None = None,
    tolerance_days: int | None = None,
    include_off_period: bool = False,
    tell: Tell = quietly,
) -> Merged:
    """One province workbook from every file of a folder and the folders in it.

    ``expected``: the province's own list of communes, instead of the one that comes with the product.
    A file at ``out`` that is an earlier result of ours is replaced and is no input; any other is refused.
    """
    from toolkit.rollup import roll_up
    from workbook.report import write as report

    if not folder.is_dir():
        raise Refused(finding("RA_003", tep=str(folder)))
    unit = _province(places, province)
    known = places if expected is None else _joined(places, expected)
    found = gather([folder])
    earlier = next((path for path in found if same(path, out)), None)
    if earlier is not None and not examine(form, known, earlier).is_result:
        raise Refused(finding("RA_001", tep=out.name))
    files = [path for path in found if path != earlier]
    results = [c._replace(filing=_light(c, folder)) for c in each(lambda p: examine(form, known, p), files, tell)]
    options: dict[str, Any] = {} if tolerance_days is None else {"tolerance_days": tolerance_days}
    summary = roll_up(
        form,
        unit,
        period,
        (expected or places).in_province(unit.code),
        [c.filing or _unread(c, folder) for c in results],
        findings={c.filing.file: c.findings for c in results if c.filing},
        include_off_period=include_off_period,
        **options,
    )
    write(out, report(form, summary, folder=_seen_from(out, folder)), inputs=files)
    return Merged(out, summary)


def file_name(place: Place) -> str:
    """File name of a commune's template: code and name in plain letters, which survive every zip and mail program."""
    return f"{place.code}_{re.sub(r'[^A-Za-z0-9]+', '_', strip_accents(f'{place.kind} {place.name}')).strip('_')}.xlsx"


def _mark_all(results: tuple[Checked, ...], folder: Path) -> tuple[Checked, ...]:
    inputs = [c.path for c in results]
    copies: dict[Path, bytes] = {}
    out: list[Checked] = []
    for checked in results:
        if checked.filing is None:
            out.append(checked)
            continue
        target = _free(folder, f"{checked.path.stem}_danh_dau", checked.path.suffix, copies)
        refuse_inputs(target, inputs)
        try:
            copies[target] = _marked(checked, checked.filing)
            out.append(checked._replace(marked=target))
        except Unreadable as fault:  # readable as values, but its package is too odd to be edited
            said = finding("RA_011", ly_do=told(fault).message)
            out.append(checked._replace(findings=(*checked.findings, said)))
    for target, content in copies.items():
        write(target, content, inputs)
    return tuple(out)


def _marked(checked: Checked, filing: Filing) -> bytes:
    from toolkit.edits import listing, marks
    from workbook.mark import apply

    list_sheet = listing(checked.findings, about(filing))
    return apply(checked.path.read_bytes(), marks(checked.findings), list_sheet)


def _free(folder: Path, stem: str, suffix: str, taken: dict[Path, bytes]) -> Path:
    """A name in ``folder`` that no other copy of this run has: communes like to call their files the same."""
    names = (folder / f"{stem}{f'_{n}' if n else ''}{suffix}" for n in range(len(taken) + 1))
    return next(name for name in names if name not in taken)


def _unread(checked: Checked, folder: Path) -> Unread:
    why = checked.findings[0]
    return Unread(_name(checked.path, folder), why.code, why.message, checked.sha256)


def _light(checked: Checked, folder: Path) -> Filing | None:
    """The filing under its name in the folder; its registers, already checked, are let go."""
    filing = checked.filing
    return filing and filing._replace(file=_name(checked.path, folder), tables={})


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path != folder else path.name


def _seen_from(out: Path, folder: Path) -> str:
    """``folder`` as a link in the workbook ``out`` names it; "" when they lie side by side."""
    try:
        link = Path(os.path.relpath(folder.resolve(), out.resolve().parent)).as_posix()
    except ValueError:  # on another drive of Windows
        link = folder.resolve().as_posix()
    return "" if link == "." else link


def _province(places: Gazetteer, code: str) -> Province:
    province = places.province(code)
    if province is None or not places.in_province(province.code):
        raise Refused(finding("RA_005", ma=code, goi_y="mã tỉnh gồm 2 chữ số, ví dụ 51."))
    return province


def _unknown(code: str, places: Gazetteer) -> Finding:
    named = places.suggest(code)
    goi_y = "; ".join(f"{p.kind} {p.name}: {p.code}" for p in named) or "mã xã gồm 5 chữ số, ví dụ 21061"
    return finding("RA_005", ma=code, goi_y=f"{goi_y}.")


def _joined(shipped: Gazetteer, own: Gazetteer) -> Gazetteer:
    """Both lists, the province's own first, so that a report from elsewhere is still recognised as such."""
    codes = {place.code for place in own.places}
    return Gazetteer(shipped.provinces, (*own.places, *(p for p in shipped.places if p.code not in codes)))
