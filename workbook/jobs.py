"""What an official can ask for: gather files, decide with ``toolkit``, write the result. One function a command.

A job takes what it needs, prints nothing and returns a plain record; ``tell(done, total, name)`` hears of progress.
Results are written whole, at the end, so that an interruption leaves no half file behind. Raises ``Refused`` for a
request that cannot be carried out as asked.
"""

# Without "from __future__ import annotations", as in ``toolkit.records``.

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from toolkit.form import Form
from toolkit.places import Gazetteer, file_stem
from toolkit.records import Edit, Filing, Finding, Period, Place, Province
from toolkit.text import nfc
from toolkit.wording import finding
from workbook.files import Refused, refuse_inputs, write
from workbook.intake import Checked, Tell, about, each, examine, gather, left_blank, quietly, told
from workbook.read import read
from workbook.sniff import Unreadable, take_again

if TYPE_CHECKING:
    from toolkit.values import Values  # a check need not wait for it


_LONGEST_NAME = 230  # bytes; disks take 255, and a marked copy has a longer name


class Filled(NamedTuple):
    """A copy in which the computed cells are filled in."""

    path: Path
    edits: tuple[Edit, ...]


def new(
    form: Form,
    places: Gazetteer,
    commune: str,
    period: Period,
    out: Path,
    values: object = None,
    begun: "Values | None" = None,
) -> Path:
    """A template for one commune, filled with ``values`` (the object of a ``--values`` file) when given, and with what
    it begins with (``begun``, see ``carry_job``) where the values say nothing.

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
    if begun is not None and given is not None:
        from toolkit.carry import over

        given = over(begun, given)
    write(out, build(form, place, places.province(place.province), period, given or begun))
    return out


def new_province(
    form: Form,
    places: Gazetteer,
    province: str,
    period: Period,
    folder: Path,
    tell: Tell = quietly,
    begun: "Mapping[str, Values] | None" = None,
) -> tuple[Path, ...]:
    """One template for each commune of a province, with what it begins with (by its code) where given. A file there
    with another content may be a filled report: then nothing is written at all."""
    from workbook.build import build

    unit = province_of(places, province)
    communes = places.in_province(unit.code)
    made: dict[Path, bytes] = {}
    for done, place in enumerate(communes, 1):
        made[folder / file_name(place)] = build(form, place, unit, period, (begun or {}).get(place.code))
        tell(done, len(communes), f"{place.kind} {place.name}")
    taken = [path for path, content in made.items() if path.exists() and path.read_bytes() != content]
    if taken:
        raise Refused(finding("RA_007", n=len(taken), tep=taken[0].name))
    for path, content in made.items():
        write(path, content)
    return tuple(made)


def check(
    form: Form,
    places: Gazetteer,
    paths: Sequence[Path],
    marked: Path | None = None,
    tell: Tell = quietly,
    previous: Path | None = None,
) -> tuple[Checked, ...]:
    """Checks files, and the files of folders. ``marked``: folder for a marked copy of every readable one; ``previous``:
    the workbook of the period before, by the same commune, against which the carry-over is checked.

    Every file met has its place in the result; those of a folder that are no reports say so (``no_report``).
    """
    files = gather(paths)
    if not files:
        raise Refused(finding("RA_004", tep=", ".join(map(str, paths))))
    if previous is None:
        results = tuple(each(lambda path: examine(form, places, path), files, tell))
    else:
        from workbook.carry_job import check_after  # late: few checks have it

        results = tuple(each(lambda path: check_after(form, places, path, previous), files, tell))
    return results if marked is None else _mark_all(results, marked)


def formulas(form: Form, places: Gazetteer, path: Path, out: Path) -> Filled:
    """A copy in which computed cells are filled in and restored; inputs untouched, every change logged in the copy."""
    from toolkit.edits import log, restore
    from workbook.mark import apply

    if not path.exists():
        raise Refused(finding("RA_003", tep=str(path)))
    refuse_inputs(out, [path])
    try:
        filing = read(path, form, places)
        edits = restore(form, filing)
        copy = apply(take_again(path, filing.sha256), edits, log=log(edits))
    except Unreadable as fault:
        raise Refused(told(fault)) from fault
    write(out, copy, inputs=[path])
    return Filled(out, edits)


def handbook(form: Form, out: Path) -> Path:
    """The form's page of the handbook."""
    from toolkit.guide import page

    write(out, page(form).encode())
    return out


def file_name(place: Place) -> str:
    """File name of a commune's template."""
    return f"{file_stem(place)}.xlsx"


def _mark_all(results: tuple[Checked, ...], folder: Path) -> tuple[Checked, ...]:
    inputs = [c.path for c in results]
    copies: dict[Path, bytes] = {}
    names: set[str] = set()
    out: list[Checked] = []
    for checked in results:
        if checked.filing is None:
            out.append(checked)
            continue
        target = folder / _free(checked.path, names)
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

    list_sheet = listing(checked.findings, (*about(filing), *left_blank(filing)))
    return apply(take_again(checked.path, filing.sha256), marks(checked.findings), list_sheet)


def _free(path: Path, taken: set[str]) -> str:
    """A name for the marked copy that no other of this run has (communes like to call their files the same), also on
    a disk to which letters large and small, or accents composed or not, are one. ``taken`` grows."""
    stem, suffix = path.stem, path.suffix
    if len(os.fsencode(path.name)) > _LONGEST_NAME:
        stem, suffix = os.fsencode(stem)[: _LONGEST_NAME - 10].decode(errors="ignore"), suffix[:10]
    for n in range(len(taken) + 1):
        name = f"{stem}_danh_dau{f'_{n}' if n else ''}{suffix}"
        if (folded := nfc(name).casefold()) not in taken:
            break
    taken.add(folded)
    return name


def province_of(places: Gazetteer, said: str) -> Province:
    """By code or name. Raises Refused (RA_005) for what is neither, and for a province without communes."""
    province = places.province_named(said)
    if province is None or not places.in_province(province.code):
        raise Refused(finding("RA_005", ma=said, goi_y="mã tỉnh gồm 2 chữ số, ví dụ 51, hoặc tên tỉnh."))
    return province


def _unknown(code: str, places: Gazetteer) -> Finding:
    named = places.suggest(code)
    goi_y = "; ".join(f"{p.kind} {p.name}: {p.code}" for p in named) or "mã xã gồm 5 chữ số, ví dụ 21061"
    return finding("RA_005", ma=code, goi_y=f"{goi_y}.")
