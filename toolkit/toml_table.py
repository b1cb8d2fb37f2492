"""One TOML table, read key by key: what is missing, mistyped or left over becomes a ``Fault`` with its place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple, cast


class Fault(NamedTuple):
    """Something wrong with a catalogue file, for the person who maintains it."""

    code: str  # stable, e.g. "DM_008"
    where: str  # e.g. "block bieu_06a, indicator rut"
    what: str


class Table:
    """A faulty value reads as an empty one, so that reading goes on to the next fault."""

    def __init__(self, data: Mapping[str, object], where: str, faults: list[Fault]) -> None:
        self.data, self.where, self.faults = data, where, faults
        self._read: set[str] = set()

    def fault(self, code: str, what: str) -> None:
        self.faults.append(Fault(code, self.where, what))

    def text(self, key: str, required: bool = False, default: str = "") -> str:
        value = self._take(key, str, "a text", required)
        if required and value == "":
            self.fault("DM_002", f"{key} is empty")
        return default if value is None else cast(str, value)

    def flag(self, key: str) -> bool:
        return self._take(key, bool, "true or false") is True

    def number(self, key: str, default: int, least: int = 0) -> int:
        value = self._take(key, int, "a whole number")
        if value is None:
            return default
        if cast(int, value) < least:
            self.fault("DM_004", f"{key} must be at least {least}")
        return cast(int, value)

    def decimal(self, key: str) -> float:
        value = float(cast(float, self._take(key, (int, float), "a number") or 0))
        if value < 0:
            self.fault("DM_004", f"{key} must not be negative")
        return value

    def day(self, key: str, required: bool = False) -> date | None:
        value = self._take(key, date, "a date such as 2025-07-01", required)
        if isinstance(value, datetime):
            self.fault("DM_004", f"{key} must be a date without a time")
            return value.date()
        return cast("date | None", value)

    def one_of(self, key: str, allowed: tuple[str, ...], default: str = "") -> str:
        """One of ``allowed``; required when there is no ``default``."""
        value = self.text(key, required=not default, default=default)
        if value not in allowed and (value or default):
            self.fault("DM_004", f"{key} must be one of {', '.join(allowed)}")
        return value if value in allowed else default or allowed[0]

    def texts(self, key: str, required: bool = False) -> tuple[str, ...]:
        value = cast("list[object]", self._take(key, list, "a list of texts", required) or [])
        if not all(isinstance(item, str) and item for item in value):
            self.fault("DM_004", f"{key} must be a list of texts, none empty")
            return ()
        if required and not value and key in self.data:
            self.fault("DM_002", f"{key} is empty")
        return tuple(cast("list[str]", value))

    def text_lists(self, key: str) -> Mapping[str, tuple[str, ...]]:
        """A table whose every value is a list of texts, such as ``when`` and ``row_aliases``."""
        part = self.table(key)
        return {name: part.texts(name) for name in part.data}

    def table(self, key: str, required: bool = False) -> Table:
        value = self._take(key, dict, "a table", required) or {}
        return Table(cast("Mapping[str, object]", value), self.where, self.faults)

    def tables(self, key: str, name: str, required: bool = False) -> list[Table]:
        """The tables of a list, each with its place: ``block tthc, indicator tthc_cap_xa``."""
        out: list[Table] = []
        items = cast("list[object]", self._take(key, list, "a list of tables", required) or [])
        if required and not items and key in self.data:
            self.fault("DM_002", f"{key} is empty")
        for number, item in enumerate(items, 1):
            if not isinstance(item, dict):
                self.fault("DM_004", f"{key} must be a list of tables")
                continue
            own = item.get("id")
            place = f"{name} {own if isinstance(own, str) and own else f'#{number}'}"
            out.append(Table(item, f"{self.where}, {place}" if self.where else place, self.faults))
        return out

    def source(self, inherited: str = "") -> tuple[str, bool]:
        """A legal source or the mark that there is none, exactly one of them: (source, no_source)."""
        own, none = self.text("source"), self.flag("no_source")
        if own and none:
            self.fault("DM_009", "both source and no_source")
        if not (own or none or inherited):
            self.fault("DM_009", "source is missing; write no_source = true when there is none")
        return ("" if none else own or inherited), none

    def close(self) -> None:
        for key in self.data:
            if key not in self._read:
                self.fault("DM_003", f"{key} is not a key of this table")

    def _take(self, key: str, kind: type | tuple[type, ...], says: str, required: bool = False) -> object | None:
        self._read.add(key)
        value = self.data.get(key)
        if value is None:
            if required:
                self.fault("DM_002", f"{key} is missing")
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.fault("DM_004", f"{key} must be {says}")
            return None
        return value
