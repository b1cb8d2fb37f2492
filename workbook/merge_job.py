"""The reports in a folder -> one province workbook, and what goes with it.

Each file is digested by itself, then everything is decided over the digests; results are written whole, at the end.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from toolkit.arrivals import by_file
from toolkit.form import Form
from toolkit.places import Gazetteer
from toolkit.records import Digest, Finding, Period, Summary
from toolkit.rollup import roll_up
from toolkit.wording import finding
from workbook.digest import Lens, digest
from workbook.files import Refused, same, write
from workbook.intake import Tell, each, examine, gather, quietly
from workbook.jobs import province_of
from workbook.province_dossiers import seen_twice
from workbook.received_list import load_arrivals

Spread = Callable[[Callable[[Path], Any], Sequence[Path], Tell], Iterator[Any]]
"""Work on every file, results in the order of the files: ``intake.each`` on this machine, others on many."""


class Options(NamedTuple):
    """What may be asked of a merge beyond the folder, the province, the period and the result."""

    expected: Gazetteer | None = None  # the province's own list of communes, instead of the one of the product
    tolerance_days: int = 3  # a period off by more is listed apart
    include_off_period: bool = False
    received: Path | None = None  # list of when files came in
    deadline: date | None = None  # day by which communes had to send


class Merged(NamedTuple):
    path: Path
    summary: Summary


def merge(
    form: Form,
    places: Gazetteer,
    folder: Path,
    province: str,
    period: Period,
    out: Path,
    options: Options = Options(),  # noqa: B008  # immutable
    *,
    tell: Tell = quietly,
    spread: Spread = each,
) -> Merged:
    """One province workbook from every file of a folder and the folders in it.

    A file at ``out`` that is an earlier result of ours is replaced and is no input; any other is refused.
    """
    from workbook.report import write as report  # late: XlsxWriter is not needed to be refused

    if not folder.is_dir():
        raise Refused(finding("RA_003", tep=str(folder)))
    unit = province_of(places, province)
    expected = (options.expected or places).in_province(unit.code)
    known = places if options.expected is None else _joined(places, options.expected)
    lens = Lens(form, known, period.end)
    files = _inputs(form, known, folder, out)
    digests: list[Digest] = list(spread(lambda path: digest(lens, path, _name(path, folder)), files, tell))
    received, remarks = _received(options.received, digests)
    summary = roll_up(
        form,
        unit,
        period,
        expected,
        [found for d in digests if (found := d.filing or d.unread)],
        findings={d.file: d.findings for d in digests if d.filing},
        tolerance_days=options.tolerance_days,
        include_off_period=options.include_off_period,
        received=received,
        deadline=options.deadline,
        dossiers={d.file: d.dossiers for d in digests if d.dossiers},
        remarks=[("", remark) for remark in remarks],
        twice=seen_twice,
    )
    write(out, report(form, summary, folder=_seen_from(out, folder)), inputs=files)
    return Merged(out, summary)


def _inputs(form: Form, places: Gazetteer, folder: Path, out: Path) -> list[Path]:
    """The files to merge: all of the folder but an earlier result at ``out``."""
    found = gather([folder])
    earlier = next((path for path in found if same(path, out)), None)
    if earlier is not None and not examine(form, places, earlier).is_result:
        raise Refused(finding("RA_001", tep=out.name))
    return [path for path in found if path != earlier]


def _received(path: Path | None, digests: Sequence[Digest]) -> tuple[dict[str, date], tuple[Finding, ...]]:
    if path is None:
        return {}, ()
    arrivals = load_arrivals(path)
    received, remarks = by_file(arrivals, digests, path.name)
    return received, (*arrivals.findings, *remarks)


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path != folder else path.name


def _seen_from(out: Path, folder: Path) -> str:
    """``folder`` as a link in the workbook ``out`` names it; "" when they lie side by side."""
    try:
        link = Path(os.path.relpath(folder.resolve(), out.resolve().parent)).as_posix()
    except ValueError:  # on another drive of Windows
        link = folder.resolve().as_posix()
    return "" if link == "." else link


def _joined(shipped: Gazetteer, own: Gazetteer) -> Gazetteer:
    """Both lists, the province's own first, so that a report from elsewhere is still recognised as such."""
    codes = {place.code for place in own.places}
    return Gazetteer(shipped.provinces, (*own.places, *(p for p in shipped.places if p.code not in codes)))
