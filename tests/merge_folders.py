"""Folders of reports drawn from ``merge_pool``, whole and damaged, and merges of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from merge_pool import CODES, COUNTRY, EARLIER, FORM, PERIOD, PLACES, Sent, sent

from toolkit.records import Digest
from workbook import digest as digests
from workbook import merge_job, spread
from workbook.digest import Lens, Source, renamed
from workbook.intake import Tell
from workbook.merge_job import Merged, Options
from workbook.spread import Known

LENS = Lens(FORM, COUNTRY, PERIOD.end)
DAMAGE: Mapping[str, Callable[[bytes], bytes]] = {
    "half": lambda content: content[: len(content) // 2],
    "empty": lambda content: b"",
    "text": lambda content: b"Kinh gui UBND tinh",
    "inside": lambda content: content[:200] + bytes(400) + content[600:],
}
VARIANTS = ((), (0,), (1,), (2,), (0, 1), (1, 2), (2, 0))
WITH_EARLIER = ((0,), (1,), (EARLIER,), (1, EARLIER), (EARLIER, 0))


def examples(n: int) -> settings:
    """Without shrinking: that would take minutes, and a failing folder says enough."""
    checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=n, suppress_health_check=checks, phases=[Phase.explicit, Phase.generate])


class Inbox(NamedTuple):
    """A folder: files with what they hold; None: damaged."""

    files: Mapping[str, Sent | None]
    contents: Mapping[str, bytes]

    def __repr__(self) -> str:
        return f"Inbox({dict(self.files)})"

    @property
    def standing(self) -> dict[str, tuple[str, Sent]]:
        """Commune -> the file that stands for it: of two, the one of the period, else the one called "(2)"."""
        out: dict[str, tuple[str, Sent]] = {}
        for name, report in sorted(self.files.items(), key=lambda item: "(2)" in item[0]):
            if report is not None and (report.in_period or report.code not in out):
                out[report.code] = name, report
        return out

    @property
    def counting(self) -> dict[str, tuple[str, Sent]]:
        """Those that are added up."""
        return {code: found for code, found in self.standing.items() if found[1].in_period}

    @property
    def reports(self) -> list[Sent]:
        return [report for _, report in self.counting.values()]

    @property
    def status(self) -> dict[str, str]:
        named = {code for code in CODES for name in self.files if code in name}
        status = dict.fromkeys(CODES, "missing") | dict.fromkeys(named, "returned")
        return status | dict.fromkeys(self.standing, "off_period") | dict.fromkeys(self.counting, "merged")


@st.composite
def inboxes(draw: st.DrawFn, damage: bool = True, twice: bool = True, most: int = len(CODES)) -> Inbox:
    """Any variants of any communes; of a commune with two, the second is called "(2)"."""
    codes = CODES[:: len(CODES) // most]
    choices = [
        [v for v in (WITH_EARLIER if n % 4 == 1 else VARIANTS) if twice or len(v) < 2] for n in range(len(codes))
    ]
    chosen = draw(st.tuples(*map(st.sampled_from, choices)))
    files = {
        f"bao_cao_{code}{' (2)' if n else ''}.xlsx": sent(code, variant)
        for code, variants in zip(codes, chosen, strict=True)
        for n, variant in enumerate(variants)
    }
    spoilt: Mapping[str, str] = {}
    if damage and files:
        spoilt = draw(st.dictionaries(st.sampled_from(sorted(files)), st.sampled_from(sorted(DAMAGE)), max_size=4))
    return Inbox(
        {name: None if name in spoilt else report for name, report in files.items()},
        {name: DAMAGE[spoilt[name]](r.content) if name in spoilt else r.content for name, r in files.items()},
    )


def run(folder: Path, out: Path, *, really: bool = False, written: bool = True) -> Merged:
    """``really``: through the threads of a merge, with its memory. Not ``written``: all but the workbook."""
    with pytest.MonkeyPatch.context() as patch:
        if not written:
            patch.setattr(merge_job, "_written", lambda form, made, *_: made)
        options = Options(expected=PLACES, remember=really)
        by = spread.threads if really else once
        return merge_job.merge(FORM, COUNTRY, folder, "51", PERIOD, out, options, spread=by)


def once(lens: Lens, sources: Sequence[Source], known: Known | None, tell: Tell) -> Iterator[Digest]:
    """As ``spread.threads``, but each content is read once for all examples."""
    assert (lens.form, lens.cutoff, lens.every) == (FORM, LENS.cutoff, LENS.every)
    for source in sources:
        content = digests.taken(source)
        yield content if isinstance(content, Digest) else renamed(_read(content, source.path.suffix), source.name)


class Counting:
    """Counts what is read, with everything else as it is."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.read: list[str] = []
        plainly = spread.digest

        def counting(lens: Lens, name: str, content: bytes) -> Digest:
            self.read.append(name)
            return renamed(_read(content, Path(name).suffix), name)

        assert plainly is digests.digest
        monkeypatch.setattr(spread, "digest", counting)

    def taken(self) -> list[str]:
        out, self.read = sorted(self.read), []
        return out


@cache
def _read(content: bytes, suffix: str) -> Digest:
    return digests.digest(LENS, f"x{suffix}", content)
