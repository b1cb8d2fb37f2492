"""How many planted faults the anomalies find, how many alarms are right, and how many a sound register raises.

    python benchmarks/anomalies.py [--registers N] [--rows N] [--seed N] [--write docs/bat_thuong.md]

``--write`` puts the tables into the page, between its two marks. The seeds of the page were not used while the limits
of the search were chosen (those were seeds below 1000). Ends with 1 when a sound register raises more than a handful.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.planted import faulty  # noqa: E402  # the path above comes first
from benchmarks.registers import Invented, Planted, sound  # noqa: E402
from toolkit.anomalies import Anomaly, anomalies  # noqa: E402
from toolkit.dossiers import register_of, verdicts  # noqa: E402
from toolkit.limits import interval  # noqa: E402
from toolkit.records import Period  # noqa: E402
from toolkit.wording import ODDITIES  # noqa: E402
from workbook.forms import load_calendar, load_vocabulary  # noqa: E402

PERIOD = Period(date(2025, 7, 1), date(2025, 9, 25))
HANDFUL = 5
BEGIN, END = "<!-- số liệu: đầu -->", "<!-- số liệu: cuối -->"


@dataclass
class Count:
    planted: Counter[tuple[str, str]] = field(default_factory=Counter)
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    alarms: list[int] = field(default_factory=list)  # of each sound register
    false: Counter[str] = field(default_factory=Counter)  # alarms of sound registers by kind
    seconds: list[float] = field(default_factory=list)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--registers", type=int, default=100, help="sound ones, and as many with faults")
    options.add_argument("--rows", type=int, default=6000)
    options.add_argument("--seed", type=int, default=1000, help="of the first register")
    options.add_argument("--write", type=Path, help="page that takes the tables")
    given = options.parse_args()
    count = measure(range(given.seed, given.seed + given.registers), given.rows)
    tables = "\n".join(page(count, given.rows))
    print(tables)
    print(f"\nanomalies of {given.rows} rows: {1000 * statistics.median(count.seconds):.0f} ms (median)")
    if given.write:
        text = given.write.read_text(encoding="utf-8")
        head, tail = text.split(BEGIN)[0], text.split(END)[1]
        given.write.write_text(f"{head}{BEGIN}\n{tables}\n{END}{tail}", encoding="utf-8")
    return 0 if statistics.mean(count.alarms) <= HANDFUL else 1


def measure(seeds: Sequence[int], rows: int) -> Count:
    count = Count()
    calendar = load_calendar()
    for seed in seeds:
        alarms = find(sound(seed, rows, calendar, PERIOD), count)
        count.alarms.append(len(alarms))
        count.false.update(a.code for a in alarms)
        compare(invented := faulty(seed, rows, calendar, PERIOD), find(invented, count), count)
    return count


def find(invented: Invented, count: Count) -> tuple[Anomaly, ...]:
    calendar = load_calendar()
    register, _ = register_of(invented.table, load_vocabulary())
    judged = verdicts(register, calendar, invented.period.end, 2)
    started = time.perf_counter()
    alarms = anomalies(register, judged, calendar, invented.period)
    count.seconds.append(time.perf_counter() - started)
    return alarms


def compare(invented: Invented, alarms: Sequence[Anomaly], count: Count) -> None:
    """A fault is found when an alarm of its kind touches it, a group when most dossiers of the alarm are of the fault.
    An alarm is right when it touches any planted dossier: one wrong day may well show twice."""
    touched = {i for planted in invented.planted for i in planted.rows}
    for planted in invented.planted:
        count.planted[planted.kind, planted.what] += 1
        count.found[planted.kind, planted.what] += any(tells(a, planted) for a in alarms)
    for alarm in alarms:
        count.said[alarm.code] += 1
        if alarm.group:
            count.right[alarm.code] += any(tells(alarm, planted) for planted in invented.planted)
        else:
            count.right[alarm.code] += not touched.isdisjoint(alarm.dossiers)


def tells(alarm: Anomaly, planted: Planted) -> bool:
    shared = len(set(planted.rows) & set(alarm.dossiers))
    return alarm.code == planted.kind and (2 * shared > len(alarm.dossiers) if alarm.group else shared > 0)


def page(count: Count, rows: int) -> Iterator[str]:
    n = len(count.alarms)
    yield f"{n} sổ sạch và {n} sổ có gài lỗi, mỗi sổ {rows} hồ sơ. Trong ngoặc: khoảng tin cậy 95%."
    yield ""
    yield "| Mã | Lỗi đã gài | Số lỗi | Tìm thấy | Báo đúng |"
    yield "|---|---|---|---|---|"
    for (kind, what), planted in sorted(count.planted.items()):
        found = share(count.found[kind, what], planted)
        yield f"| {kind} | {what} | {planted} | {found} | {share(count.right[kind], count.said[kind])} |"
    yield ""
    mean = statistics.mean(count.alarms)
    few = sum(a <= HANDFUL for a in count.alarms)
    yield (
        f"Sổ sạch: trung bình {comma(mean)} cảnh báo mỗi sổ, nhiều nhất {max(count.alarms)}; {few}/{n} sổ có không quá "
        f"{HANDFUL} cảnh báo, {count.alarms.count(0)}/{n} sổ không có cảnh báo nào."
    )
    yield ""
    yield "| Mã | Cảnh báo sai | Số lần trong các sổ sạch |"
    yield "|---|---|---|"
    for kind, name in ODDITIES.items():
        yield f"| {kind} | {name} | {count.false[kind]} |"


def share(k: int, n: int) -> str:
    if not n:
        return "–"
    low, high = interval(k, n, 0.05)
    return f"{comma(100 * k / n)}% ({comma(100 * low)} – {comma(100 * high)})"


def comma(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")


if __name__ == "__main__":
    sys.exit(main())
