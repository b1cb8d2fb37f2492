"""The JSON of checks and imports: what scripts rely on, beside ``toolkit.contract``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.contract import finding_json
from workbook.intake import Checked

if TYPE_CHECKING:
    from workbook.register_jobs import Imported  # imports what only an import needs


def file_json(result: Checked) -> dict[str, object]:
    place = result.filing.place if result.filing else None
    period = result.filing.period if result.filing else None
    return {
        "file": str(result.path),
        "commune": place and {"code": place.code, "name": f"{place.kind} {place.name}"},
        "period": period and {"from": period.start.isoformat(), "to": period.end.isoformat()},
        "status": "warnings" if result.status == "blank" else result.status,  # four words, a contract: CHUA_… tells
        "marked": result.marked and str(result.marked),
        "findings": [finding_json(f) for f in result.findings],
    }


def imported_json(result: Imported) -> dict[str, object]:
    return {
        "out": str(result.path),
        "added": result.added,
        "changed": result.changed,
        "total": result.total,
        "files": [
            {
                "file": file.file,
                "status": "refused" if file.refused else "imported" if file.dossiers else "ignored",
                "kind": file.kind,
                "sha256": file.sha256,
                "dossiers": file.dossiers,
                "left_out": dict(file.left_out),
                "findings": [finding_json(f) for f in file.findings],
            }
            for file in result.files
        ],
        "findings": [finding_json(f) for f in result.findings],
    }
