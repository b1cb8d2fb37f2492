"""The reports in a folder -> one province workbook, and what goes with it.

Each file is digested by itself, then everything is decided over the digests; results are written whole, at the end.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from toolkit import arrivals
from toolkit.bridge import Bridge
from toolkit.checks import in_order
from toolkit.form import Form
from toolkit.places import Gazetteer
from toolkit.records import Digest, Filing, Finding, Period, Place, Province, Summary
from toolkit.rollup import roll_up
from toolkit.versions import is_in_period
from toolkit.wording import SENTENCES, finding, show_date, show_period
from workbook.arrow_columns import seen_twice
from workbook.digest import Lens, Source
from workbook.files import Refused, same, write
from workbook.intake import Tell, examine, gather, quietly
from workbook.jobs import province_of
from workbook.memory import Memory, lens_id
from workbook.memory_folder import folder_of
from workbook.received_list import load_arrivals
from workbook.slip_place import refuse_place
from workbook.spread import Aside, Spread, side_by_side, threads

if TYPE_CHECKING:
    from workbook.last_summary import LastSummary
    from workbook.slip_making import Begun

_NAMED = 8  # communes that a sentence names


class Options(NamedTuple):
    """What may be asked of a merge beyond the folder, the province, the period and the result."""

    expected: Gazetteer | None = None  # the province's own list of communes, instead of the one of the product
    tolerance_days: int = 3  # a period off by more is listed apart
    include_off_period: bool = False
    received: Path | None = None  # list of when files came in
    deadline: date | None = None  # day by which communes had to send
    every_dossier: bool = False  # hand on all dossiers, not only the late ones
    previous: Path | None = None  # the province workbook of the period before, for the check of what came over
    slips: Path | None = None  # folder for what each commune has to mend
    mend_by: date | None = None  # day by which they are to send again
    remember: bool = True  # keep what was read for the next merge, in a folder beside the result


class Merged(NamedTuple):
    path: Path
    summary: Summary
    bridge: Bridge | None = None  # from the last merge to this one; None: there is no last one
    slips: tuple[Path, ...] = ()
    parquet: Path | None = None  # the register of the province, where a sheet cannot hold it


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
    spread: Spread = threads,
    aside: Aside = side_by_side,
) -> Merged:
    """One province workbook from every file of a folder and the folders in it.

    A file at ``out`` that is an earlier result of ours is replaced and is no input; any other is refused. So is a
    folder without a file that could be a report (RA_019): a province of nothing would replace the last result.
    ``spread`` reads the files; ``aside`` makes the slips while the workbook is made here.
    """
    if not folder.is_dir():
        raise Refused(finding("RA_020" if os.path.lexists(folder) else "RA_003", tep=str(folder)))
    unit = province_of(places, province)
    expected = (options.expected or places).in_province(unit.code)
    if not expected:  # every report would be sent back
        raise Refused(finding("RA_018", tinh=unit.name))
    for wrong in (day for day in (options.deadline, options.mend_by) if day and not arrivals.is_likely(day, period)):
        raise Refused(finding("RA_027", ngay=show_date(wrong), ky=show_period(period)))
    if options.slips:
        refuse_place(options.slips, [folder])
    known = places if options.expected is None else _joined(places, options.expected)
    last = _last(options.previous, form, period, unit, expected)
    listed = load_arrivals(options.received, form) if options.received else None
    files = _inputs(form, known, folder, out)
    sources = [Source(path, _name(path, folder)) for path in files]
    lens = Lens(form, known, period.end, options.every_dossier)
    memory = Memory(folder_of(out), form, lens_id(*lens)) if options.remember else None
    digests: list[Digest] = []
    for digest in spread(lens, sources, memory, tell):
        digests.append(digest)
        if len(digests) == 1:
            _look_ahead(options)
    if not any(d.filing or (d.unread and SENTENCES[d.unread.code].severity != "info") for d in digests):
        raise Refused(finding("RA_019", tep=str(folder), n=len(digests)))
    asked = [d for d in digests if d.filing and is_in_period(d.filing, period, options.tolerance_days)]
    received, remarks = _received(listed, options.received, digests, expected, period)
    summary = roll_up(
        form,
        unit,
        period,
        expected,
        [found for d in digests if (found := d.filing or d.unread)],
        findings={d.file: _with_carry_over(form, d, last) for d in digests if d.filing},
        tolerance_days=options.tolerance_days,
        include_off_period=options.include_off_period,
        received=received,
        deadline=options.deadline,
        dossiers={d.file: d.dossiers for d in digests if d.dossiers},
        remarks=[
            ("", remark)
            for remark in (*remarks, *_not_held(asked, last, expected), *(memory.findings if memory else ()))
        ],
        twice=seen_twice,
    )
    del digests, asked  # their registers take a quarter of the memory, and are told
    where = {source.name: source.path for source in sources}
    begun = _begun(form, known, summary, where, options.mend_by, aside) if options.slips else None
    made = Merged(out, summary, memory.bridge(summary) if memory else None)
    made = _written(form, made, _seen_from(out, folder), options, files)
    if options.slips and begun:
        from workbook.slip_files import write_slips  # late, like all about slips: not every merge makes them

        made = made._replace(slips=write_slips(form, summary, where, options.slips, begun, tell))
    if memory:
        memory.close(summary)
    return made


@contextmanager
def workers(cluster: str | None, options: Options) -> Iterator[tuple[Spread, Aside]]:
    """The processors of this machine, for a Python that runs nothing else; or the machines of a Dask scheduler."""
    if cluster is not None:
        from workbook.cluster import Cluster  # late: an optional extra

        yield Cluster(cluster), side_by_side
        return
    from workbook.processes import Processes, processes  # late: other commands need none

    if not options.slips:
        yield processes, side_by_side
        return
    with closing(Processes()) as here:
        yield here, here.aside


def _look_ahead(options: Options) -> None:
    """What is needed when all is read, is loaded while others read: then everybody would wait for it."""
    import_module("workbook.report")
    if options.slips:
        import_module("workbook.slip_files")


def _written(form: Form, made: Merged, folder: str, options: Options, inputs: Sequence[Path]) -> Merged:
    """The workbook on the disk, and the register beside it where it is too long for a sheet."""
    from workbook import report, report_register  # late: XlsxWriter is not needed to be refused

    beside = made.path.with_suffix(".parquet") if options.every_dossier and _too_long(made.summary) else None
    content = report.write(
        form,
        made.summary,
        folder=folder,
        bridge=made.bridge,
        every=options.every_dossier,
        parquet_file=beside.name if beside else "",
    )
    if beside is not None:  # both are made before either is written: nobody shall find a new one beside an old one
        write(beside, report_register.parquet(report_register.gathered(made.summary)), inputs=inputs)
    write(made.path, content, inputs=inputs)
    return made._replace(parquet=beside)


def _begun(
    form: Form, places: Gazetteer, summary: Summary, where: Mapping[str, Path], mend_by: date | None, aside: Aside
) -> Begun:
    from workbook.slip_making import begin

    return begin(form, places, summary, where, mend_by, aside)


def _too_long(summary: Summary) -> bool:
    """Whether all dossiers are too many for a sheet, and a Parquet file can be written instead."""
    from importlib.util import find_spec

    from workbook.report_register import LONG

    return sum(d.rows for d in summary.dossiers.values()) > LONG and find_spec("pyarrow") is not None


def _last(
    path: Path | None, form: Form, period: Period, unit: Province, expected: Sequence[Place]
) -> LastSummary | None:
    """Raises Refused also for a book whose own period is not before that of the merge (KT_007), and for one without a
    figure of any expected commune: that of another province (KT_017)."""
    if path is None:
        return None
    from toolkit.carry import not_before
    from workbook.last_summary import load_last

    last = load_last(path, form)
    if wrong := not_before(last.file, last.period, period):
        raise Refused(wrong)
    if not any(place.code in last.communes for place in expected):
        raise Refused(finding("KT_017", tep=last.file, tinh=unit.name))
    return last


def _with_carry_over(form: Form, digest: Digest, last: LastSummary | None) -> tuple[Finding, ...]:
    """What is to be said of a file, and where what came over from the last period is not what was left open then."""
    filing = digest.filing
    if last is None or filing is None or filing.place is None:
        return digest.findings
    from toolkit.carry import differences

    earlier = last.communes.get(filing.place.code, {})
    if not earlier or _apart(filing, last):
        return digest.findings
    return in_order(form, [*digest.findings, *differences(form, earlier, filing)])


def _apart(filing: Filing, last: LastSummary) -> bool:
    """Whether a commune's report of the last period was not of a period before this one."""
    from toolkit.carry import not_before

    code = filing.place.code if filing.place else ""
    return not_before(last.file, last.periods.get(code, last.period), filing.period) is not None


def _not_held(digests: Sequence[Digest], last: LastSummary | None, expected: Sequence[Place]) -> tuple[Finding, ...]:
    """KT_016, for the province: the communes whose two periods do not follow each other, so that nothing is held
    against anything. It is no fault of theirs that the two books do not fit. ``digests``: those of the period of the
    merge; what is of another is told already (GOP_002)."""
    if last is None:
        return ()
    filings = [d.filing for d in digests if d.filing and d.filing.place and d.filing.period]
    codes = {f.place.code for f in filings if f.place and last.communes.get(f.place.code) and _apart(f, last)}
    fitting = {f.place.code for f in filings if f.place and not _apart(f, last)}
    names = [f"{p.kind} {p.name}" for p in expected if p.code in codes - fitting]
    if not names:
        return ()
    more = f" và {len(names) - _NAMED} xã khác" if len(names) > _NAMED else ""
    return (finding("KT_016", tep=last.file, n=len(names), cac_xa=", ".join(names[:_NAMED]) + more),)


def _inputs(form: Form, places: Gazetteer, folder: Path, out: Path) -> list[Path]:
    """The files to merge: all of the folder but an earlier result at ``out``."""
    found = gather([folder])
    earlier = next((path for path in found if same(path, out)), None)
    if earlier is not None and not examine(form, places, earlier).is_result:
        raise Refused(finding("RA_001", tep=out.name))
    return [path for path in found if path != earlier]


def _received(
    listed: arrivals.Arrivals | None,
    path: Path | None,
    digests: Sequence[Digest],
    expected: Sequence[Place],
    period: Period,
) -> tuple[arrivals.Received, tuple[Finding, ...]]:
    if listed is None or path is None:
        return arrivals.Received(), ()
    received, remarks = arrivals.received(listed, digests, expected, path.name, period)
    return received, (*listed.findings, *remarks)


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
