"""The JSON that scripts rely on (``check --json``, ``merge --json``): plain dicts, keys fixed, values JSON-ready."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from toolkit.records import Finding, Repair, Summary
from toolkit.returns import to_mend

_FILES = ("merged", "returned", "superseded", "off_period", "ignored")
_COMMUNES = ("merged", "returned", "off_period", "missing")


def finding_json(finding: Finding) -> dict[str, object]:
    """One finding, with the keys of ``check --json``."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "cells": list(finding.cells),
        "message": finding.message,
        "fix": finding.fix,
        "left": _number(finding.left),
        "right": _number(finding.right),
        "difference": _number(finding.difference),
        "repairs": [_repair(repair) for repair in finding.repairs],
    }


def refused_json(findings: Iterable[Finding]) -> dict[str, object]:
    """What any command prints instead of its result when it wrote none: wrong usage, a request that cannot be carried
    out, a fault of ours."""
    return {"refused": [finding_json(f) for f in findings]}


def summary_json(summary: Summary) -> dict[str, object]:
    """A whole merge. ``totals`` are figures as written in the province's convention; ``counts`` says how many of the
    merged communes gave each of them, ``rates`` the parts of each rate over the communes that gave all of them."""
    files = Counter[str](o.status for o in summary.outcomes)
    communes = Counter(summary.commune_status.values())
    of_file = {o.file: o.commune for o in summary.outcomes}
    merged = {c for c, status in summary.commune_status.items() if status == "merged"}
    out: dict[str, object] = {
        "province": {"code": summary.province.code, "name": summary.province.name},
        "period": {"from": _day(summary.period.start), "to": _day(summary.period.end)},
        "communes": {"expected": len(summary.places), **{status: communes[status] for status in _COMMUNES}},
        "found": len(summary.outcomes),
        **{status: files[status] for status in _FILES},
        "files": [
            {
                "file": o.file,
                "status": o.status,
                "code": o.code,
                "reason": o.reason,
                "commune": o.commune,
                "sha256": o.sha256,
            }
            for o in summary.outcomes
        ],
        "missing_communes": [c for c, status in summary.commune_status.items() if status == "missing"],
        "to_mend_communes": list(to_mend(summary)),
        "settings": dict(summary.conventions),
        "totals": dict(summary.totals),
        "corrected": dict(summary.corrected),
        "counts": {i: len(merged & summary.amounts[i].keys()) for i in summary.totals},
        "rates": {
            i: {"numerator": r.numerator, "denominator": r.denominator, "communes": r.communes}
            for i, r in summary.rates.items()
        },
        "findings": [
            {"file": file, "commune": of_file.get(file, ""), **finding_json(finding)}
            for file, finding in summary.findings
        ],
    }
    if summary.totals_with_off_period:
        out["totals_with_off_period"] = dict(summary.totals_with_off_period)
    return out


def _repair(repair: Repair) -> dict[str, object]:
    changes = [{"indicator": c.key.indicator, "cell": c.cell, "from": c.before, "to": c.after} for c in repair.changes]
    return {"changes": changes, "kind": repair.kind, "certain": repair.certain}


def _number(value: int | Decimal | None) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value


def _day(day: date) -> str:
    return day.isoformat()
