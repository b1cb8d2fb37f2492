"""Return slips in words: their lines above and below the table, and the whole slip as a message to be pasted."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.returns import Line, Mend, Slip
from toolkit.wording import (
    BLANK,
    LIST_SHEET,
    RETURN_SEVERITY,
    RETURN_STATUS,
    RETURNS,
    fill,
    place,
    show_date,
    show_period,
)

LONGEST_MESSAGE = 1_500  # characters: one screen of a phone, and below what chat programs cut
_LONGEST_POINT, _LONGEST_NAME, _LONGEST_REST = 360, 90, 300
_WAYS_BACK: dict[Mend, str] = {"marked": "sua_danh_dau", "blank": "sua_trong", "own": "sua_tep_xa"}


def title(slip: Slip) -> str:
    """ "Xã Vạn Tường (21061)"."""
    return f"{slip.place.kind} {slip.place.name} ({slip.place.code})"


def period(slip: Slip) -> str:
    return fill(RETURNS["ky"], {"ky": show_period(slip.period)})


def status(slip: Slip) -> str:
    """Where the report stands, in words, without a full stop."""
    counts: dict[str, object] = {"loi": slip.count("error"), "can_xem": slip.count("warning")}
    more = RETURN_STATUS["va_xem"] if slip.status == "errors" and slip.count("warning") else ""
    return fill(RETURN_STATUS[slip.status] + more, counts)


def closing(slip: Slip, file: str) -> tuple[str, ...]:
    """What stands below the lines: how sure proposals are, other files, the way back (``file``: the one to mend), the
    deadline."""
    way = RETURNS["dien_moi" if slip.status == "missing" else _WAYS_BACK[slip.mend]]
    sent = _clip(slip.file, _LONGEST_NAME) if slip.mend == "own" else file
    return (
        *((RETURNS["doi_chieu"],) if any(line.proposed for line in slip.lines) else ()),
        *slip.remarks,
        fill(way, {"tep": sent, "trang": LIST_SHEET}),
        *filter(None, (due(slip),)),
    )


def due(slip: Slip) -> str:
    """By when to send, in words; "" when nobody said."""
    words = RETURNS["han_nop" if slip.status == "missing" else "han"]
    return fill(words, {"ngay": show_date(slip.deadline)}) if slip.deadline else ""


def where(line: Line) -> str:
    """ "II.06a, ô P35"; the sheet alone, or the whole file."""
    return place(line.sheet, line.cell) if line.cell else line.sheet or RETURNS["ca_tep"]


def message(slip: Slip, file: str) -> str:
    """The slip as text for a chat, at most ``LONGEST_MESSAGE`` characters: unit, period and status; numbered points, as
    on the page, and of those that find no room the cells; the way back and the deadline. ``file``: the one to mend."""
    head = f"{title(slip)}, {period(slip)}: {status(slip)}."
    told = [head] + ([fill(RETURNS["tep"], {"tep": _clip(slip.file, _LONGEST_NAME)})] if slip.file else [])
    tail = [text for text in closing(slip, file) if text not in slip.remarks]
    points = [f"{n}. {_point(line)}" for n, line in enumerate(slip.lines, 1)]
    for kept in range(len(points), -1, -1):
        left = slip.lines[kept:]
        more = [fill(RETURNS["con_lai_tin"], {"n": len(left), "o": _places(left)})] if left else []
        text = "\n".join([*told, *points[:kept], *more, *tail])
        if len(text) <= LONGEST_MESSAGE:
            return text
    return _clip(text, LONGEST_MESSAGE)


def _places(lines: Sequence[Line]) -> str:
    """Where several points are, each sheet named once: "II.06a, ô C9, D10; Văn bản, ô B5"."""
    cells: dict[str, list[str]] = {}
    for line in lines:
        cells.setdefault(line.sheet, []).append(line.cell)
    told = []
    for sheet, found in cells.items():
        named = ", ".join(dict.fromkeys(filter(None, found)))
        told.append(place(sheet, named) if named else sheet or RETURNS["ca_tep"].lower())
    return _clip("; ".join(told), _LONGEST_REST)


def _point(line: Line) -> str:
    label = f" ({line.label})" if line.label else ""
    head = f"{RETURN_SEVERITY[line.severity]}: {where(line)}{label}: "
    if line.certain:
        said = fill(RETURNS["dang_ghi"], {"goc": line.written or BLANK, "de_xuat": line.proposed}) + "."
        return head + said
    more = line.proposed or ("" if line.severity == "warning" else line.fix)
    said = f"{line.why} {more}".rstrip()
    if not line.cell and not line.sheet:
        head = head.replace(f"{where(line)}: ", "")
    return _clip(head + said, _LONGEST_POINT)


def _clip(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
