"""Figures given from outside (the ``--values`` JSON) -> ``Values``, ready to be written into a template.

The giver is an IT helper or a script, so a wrong id or shape is refused with all faults at once. The figures
themselves are taken as they are: a count given as text stays text, an impossible date stays text, because that is how
real reports arrive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeGuard

from toolkit.figures import MOST_EXACT, read_date, read_rate
from toolkit.form import COUNT_KINDS, Block, Form, Indicator, Setting
from toolkit.records import TOTAL_ROW, Finding, Value
from toolkit.text import key, nfc, tidy
from toolkit.wording import finding

LONGEST = 32_767
"""Characters that one Excel cell holds."""

_SECTIONS = ("settings", "scalars", "grids", "records", "notes", "khong_phat_sinh")


@dataclass(frozen=True, slots=True)
class Values:
    """What to write into a template. An id that is absent stays blank (a blank is not 0).

    A count is ``int``, or ``Decimal`` for a fraction, or ``str`` when it was given as text; a rate is ``Decimal`` with
    its decimals, or ``str``; a date is ``date``, or ``str`` when no such day exists.
    """

    settings: Mapping[str, str] = field(default_factory=dict)  # setting -> choice id
    scalars: Mapping[str, Value] = field(default_factory=dict)
    grids: Mapping[str, Mapping[str, Mapping[str, Value]]] = field(default_factory=dict)
    """Block -> row label as the form spells it (``TOTAL_ROW`` for the total row) -> indicator -> value."""
    records: Mapping[str, tuple[Mapping[str, Value], ...]] = field(default_factory=dict)
    """Block -> rows of field -> value."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """Scalar -> text of its note cell; grid indicator -> comment on its total cell."""
    none_declared: frozenset[str] = frozenset()  # blocks ticked "không phát sinh"


class ValuesError(ValueError):
    """The data does not fit the form. ``faults`` lists everything that is wrong with it (codes GT_…)."""

    def __init__(self, faults: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(f"{f.message} {f.fix}" for f in faults))
        self.faults = faults


def parse_values(data: object, form: Form) -> Values:
    """Reads the object of a ``--values`` file. Raises ValuesError."""
    reader = _Reader(form)
    values = reader.values(data)
    if reader.faults:
        raise ValuesError(tuple(reader.faults))
    return values


class _Reader:
    def __init__(self, form: Form) -> None:
        self.form = form
        self.faults: list[Finding] = []
        self.lines = {b.id: b for b in form.blocks}
        self.scalars = {i.id: i for b in form.blocks if b.kind == "scalars" for i in b.indicators}
        self.grid_ids = {i.id: i for b in form.blocks if b.kind == "grid" for i in b.indicators}

    def values(self, data: object) -> Values:
        given = dict(self.known(data, "values", _SECTIONS))
        grids = {b.id: self.grid(rows, b, where) for b, rows, where in self.blocks(given, "grids", "grid")}
        return Values(
            settings=self.settings(given.get("settings", {})),
            scalars=self.scalar_values(given.get("scalars", {}), grids),
            grids=grids,
            records={b.id: self.records(rows, b, where) for b, rows, where in self.blocks(given, "records", "records")},
            notes=self.notes(given.get("notes", {})),
            none_declared=self.ticks(given.get("khong_phat_sinh", [])),
        )

    def settings(self, data: object) -> dict[str, str]:
        settings = {s.id: s for s in self.form.settings}
        chosen = {}
        for id_, value in self.known(data, "settings", tuple(settings)):
            choice = _choice(settings[id_], value)
            if choice is None:
                offered = ", ".join(c.id for c in settings[id_].choices)
                self.fault("GT_003", f"settings.{id_}", gia_tri=value, lua_chon=offered)
            else:
                chosen[id_] = choice
        return chosen

    def scalar_values(self, data: object, grids: dict[str, dict[str, dict[str, Value]]]) -> dict[str, Value]:
        """The scalars; a grid's control id goes to the total row of ``grids``."""
        controls = {id_: i for id_, i in self.grid_ids.items() if i.kind == "control"}
        values = {}
        for id_, raw in self.known(data, "scalars", (*self.scalars, *controls)):
            where = f"scalars.{id_}"
            value = self.value(raw, self.scalars.get(id_) or controls[id_], where)
            if value is None:
                continue
            if id_ in self.scalars:
                values[id_] = value
                continue
            total = grids.setdefault(controls[id_].block, {}).setdefault(TOTAL_ROW, {})
            if id_ in total:
                self.fault("GT_004", where, ma=id_)
            total[id_] = value
        return values

    def grid(self, data: object, block: Block, where: str) -> dict[str, dict[str, Value]]:
        spelled = {key(other): row for row, others in block.row_aliases.items() for other in others}
        spelled |= {key(row): row for row in block.rows} | {key(block.total): TOTAL_ROW}
        fields = {i.id: i for i in block.indicators}
        rows: dict[str, dict[str, Value]] = {}
        for place, row in self.rows(data, where, (block.row_id, *fields)):
            label = row.pop(block.row_id, None)
            if not isinstance(label, str) or not tidy(label):
                self.fault("GT_006", place, ma=block.row_id)
                continue
            label = spelled.get(key(label), tidy(label))
            if label in rows:
                self.fault("GT_004", place, ma=block.total if label == TOTAL_ROW else label)
            rows[label] = self.row(row, fields, place)
        return rows

    def records(self, data: object, block: Block, where: str) -> tuple[dict[str, Value], ...]:
        fields = {i.id: i for i in block.indicators}
        return tuple(self.row(row, fields, place) for place, row in self.rows(data, where, tuple(fields)))

    def notes(self, data: object) -> dict[str, str]:
        notes = {}
        for id_, text in self.known(data, "notes", (*self.scalars, *self.grid_ids)):
            if isinstance(text, str):
                notes[id_] = self.text(text, f"notes.{id_}")
            else:
                self.shape(f"notes.{id_}", text, "một chuỗi")
        return notes

    def ticks(self, data: object) -> frozenset[str]:
        if not _is_list(data):
            self.shape("khong_phat_sinh", data, "một danh sách mã phần")
            return frozenset()
        ids = frozenset(map(str, data))
        for id_ in sorted(ids - set(self.lines)):
            self.unknown("khong_phat_sinh", id_, tuple(self.lines))
        return ids

    def blocks(self, given: Mapping[str, object], section: str, kind: str) -> Iterator[tuple[Block, object, str]]:
        ids = tuple(b.id for b in self.form.blocks if b.kind == kind)
        for id_, rows in self.known(given.get(section, {}), section, ids):
            yield self.lines[id_], rows, f"{section}.{id_}"

    def rows(self, data: object, where: str, ids: tuple[str, ...]) -> Iterator[tuple[str, dict[str, object]]]:
        if not _is_list(data):
            self.shape(where, data, "một danh sách dòng")
            return
        for number, row in enumerate(data):
            place = f"{where}[{number}]"
            yield place, dict(self.known(row, place, ids))

    def row(self, row: Mapping[str, object], fields: Mapping[str, Indicator], where: str) -> dict[str, Value]:
        read = {id_: self.value(raw, fields[id_], f"{where}.{id_}") for id_, raw in row.items()}
        return {id_: value for id_, value in read.items() if value is not None}

    def value(self, raw: object, indicator: Indicator, where: str) -> Value | None:
        """The value as its cell should hold it; None: leave the cell blank."""
        if raw is None:
            return None
        if isinstance(raw, str):
            text = self.text(raw, where)
            return _from_text(text, indicator) if text else None
        number = _number(raw)
        if number is None or (indicator.kind == "date"):
            self.shape(where, raw, "ngày dạng chữ, ví dụ “2025-07-28”" if indicator.kind == "date" else "số hoặc chữ")
            return None
        if not -MOST_EXACT < number < MOST_EXACT:
            self.fault("GT_005", where, ly_do="Excel chỉ giữ chính xác 15 chữ số")
            return None
        if indicator.kind == "rate":
            return Decimal(number)
        if indicator.kind in COUNT_KINDS:
            return number
        return f"{number:f}" if isinstance(number, Decimal) else str(number)

    def text(self, raw: str, where: str) -> str:
        text = nfc(raw)
        if len(text) > LONGEST:
            self.fault("GT_005", where, ly_do=f"một ô chỉ chứa {LONGEST} ký tự")
        return text

    def known(self, data: object, where: str, ids: Sequence[str]) -> Iterator[tuple[str, object]]:
        """The items of an object whose names are expected; a fault for every other one."""
        if not isinstance(data, Mapping):
            self.shape(where, data, "một đối tượng {…}")
            return
        for id_, value in data.items():
            if id_ in ids:
                yield id_, value
            else:
                self.unknown(where, str(id_), ids)

    def unknown(self, where: str, id_: str, ids: Sequence[str]) -> None:
        self.fault("GT_002", where, ma=id_, goi_y=self.suggestion(id_, ids))

    def suggestion(self, id_: str, ids: Sequence[str]) -> str:
        from difflib import get_close_matches  # late: only for a fault

        if id_ in self.grid_ids and id_ not in ids:
            return f"mã này thuộc bảng {self.grid_ids[id_].block}: ghi vào grids.{self.grid_ids[id_].block}."
        if id_ in self.scalars and id_ not in ids:
            return "mã này là chỉ tiêu một dòng: ghi vào scalars."
        near = get_close_matches(id_, ids, n=1)
        if near:
            return f"có phải “{near[0]}” không?"
        return "các mã dùng được: " + ", ".join(ids[:12]) + (", …" if len(ids) > 12 else "") + "."

    def shape(self, where: str, found: object, wanted: str) -> None:
        self.fault("GT_001", where, can=wanted, dang=type(found).__name__)

    def fault(self, code: str, where: str, **fields: Any) -> None:
        self.faults.append(finding(code, o=where, **fields))


def _choice(setting: Setting, value: object) -> str | None:
    """The id of a choice, given its id or its label."""
    return next((c.id for c in setting.choices if isinstance(value, str) and value in (c.id, c.label)), None)


def _from_text(text: str, indicator: Indicator) -> Value:
    readers: dict[str, Callable[[str], Value | None]] = {"rate": _rate, "date": lambda t: read_date(t).value}
    read = readers.get(indicator.kind)
    value = read(text) if read else None
    return text if value is None else value


def _rate(text: str) -> Decimal | None:
    """ "90,16%" -> Decimal("0.9016"); None for a text that could mean two things, such as "90,16"."""
    read = read_rate(text)
    return read.value if read.code == "O_001" else None


def _number(raw: object) -> int | Decimal | None:
    """A JSON number: whole -> ``int``, else ``Decimal`` with the digits given; None for anything else."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        return None
    number = Decimal(str(raw))
    if not number.is_finite():
        return None
    return int(number) if number == number.to_integral_value() else number


def _is_list(data: object) -> TypeGuard[Sequence[object]]:
    return isinstance(data, Sequence) and not isinstance(data, str | bytes)
