"""One cell of a form -> Figure: its value, how it stands there, and what there is to say about it."""

# Without "from __future__ import annotations", as in ``toolkit.records``.

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from toolkit.check_words import describe
from toolkit.excel import column_letters
from toolkit.figures import Converted, explain, read_count, read_date, read_rate, read_text, stored_text
from toolkit.form import COUNT_KINDS, Form, Indicator
from toolkit.records import Figure, Finding, Key, Origin, Value
from toolkit.text import key as text_key
from toolkit.text import shows
from toolkit.wording import finding
from workbook.cells import Cell
from workbook.own_formulas import Own
from workbook.package import Package


class _Page(NamedTuple):
    """A sheet as it is read."""

    rows: list[list[object]]  # from A1 on: a value, the text of an error, None for a blank
    special: Mapping[tuple[int, int], Cell]  # the cells with a formula or an error
    merged: Mapping[tuple[int, int], str]  # the cells of merged areas

    def raw(self, row: int, column: int) -> object:
        try:
            return self.rows[row - 1][column - 1] if row > 0 and column > 0 else None
        except IndexError:  # outside the used area
            return None


class Reader:
    """Reads single cells of one workbook and collects what there is to say."""

    def __init__(self, package: Package, form: Form) -> None:
        self.package, self.form = package, form
        self.findings: list[Finding] = []
        self._foreign: dict[str, list[tuple[str, Key]]] = {}
        self._merged: dict[tuple[str, str], list[tuple[str, Key]]] = {}
        self._pages: dict[str, _Page] = {}

    def raw(self, sheet: str, row: int, column: int) -> object:
        """What stands in a cell: a value, the text of an error, None for a blank."""
        return self._page(sheet).raw(row, column)

    def rows(self, sheet: str) -> Sequence[Sequence[object]]:
        """What stands in the used cells of a sheet, from A1 on; as ``raw``."""
        return self._page(sheet).rows

    def all_findings(self) -> tuple[Finding, ...]:
        """What there is to say; foreign formulas without a result are said once for each sheet, figures that were
        merged into one once for each area."""
        told = [
            finding(
                "O_018",
                sheet=sheet,
                cell=cells[0][0],
                key=cells[0][1],
                n=len(cells) - 1,
                cells=tuple(where for where, _ in cells),
                ten=describe(self.form, cells[0][1]),
            )
            for sheet, cells in self._foreign.items()
        ]
        told += [
            finding(
                "O_019",
                sheet=sheet,
                cell=cells[0][0],
                key=cells[0][1],
                cells=tuple(where for where, _ in cells),
                ten=describe(self.form, cells[0][1]),
                vung=area,
                cac_ten="; ".join(describe(self.form, key) for _, key in cells[1:]),
            )
            for (sheet, area), cells in self._merged.items()
            if len(cells) > 1
        ]
        return (*self.findings, *told)

    def say(self, code: str, sheet: str, row: int, column: int, /, **fields: object) -> None:
        self.findings.append(finding(code, sheet=sheet, cell=address(row, column), **fields))  # type: ignore[arg-type]

    def figure(
        self,
        indicator: Indicator,
        key: Key,
        sheet: str,
        row: int,
        column: int,
        own: Own | None = None,
    ) -> Figure:
        """The figure of a cell. ``own`` tells the form's own formula from a foreign one; None: an input."""
        page = self._pages.get(sheet) or self._page(sheet)
        raw, special = page.raw(row, column), page.special.get((row, column))
        if area := page.merged.get((row, column)):
            joined = self._merged.setdefault((sheet, area), [])
            if (raw is None) is bool(joined):  # the first of them has a number, the others lost theirs
                joined.append((address(row, column), key))
        if raw is None and special is None:
            return _blank(key, sheet, row, column)
        where = address(row, column)
        formula = special.formula if special else None
        shown = stored_text(raw)
        if own is not None and formula is not None and own(formula):
            read = read_count(raw if isinstance(raw, float) else None)
            return Figure(key, read.value, sheet, where, shown, "formula", formula, read.value)
        value = self._convert(indicator, key, sheet, where, raw)
        if special and formula is not None and not special.calculated:
            if own is None:
                self.findings.append(finding("O_017", sheet=sheet, cell=where, key=key, ten=describe(self.form, key)))
            else:
                self._foreign.setdefault(sheet, []).append((where, key))
        origin: Origin = "text" if isinstance(raw, str) and indicator.kind not in _WORDS else "typed"
        if own is not None:
            origin = "overtyped"
        stored = value if formula is not None and isinstance(value, int) else None
        return Figure(key, value, sheet, where, shown, origin, formula, stored)

    def _page(self, sheet: str) -> _Page:
        if sheet not in self._pages:
            special = self.package.cells(sheet)
            rows = [
                [value if type(value) is not str or (value and shows(value)) else None for value in row]
                for row in self.package.values(sheet)
            ]
            for (row, column), cell in special.items():
                if cell.error:
                    rows += [[] for _ in range(row - len(rows))]
                    rows[row - 1] += [None] * (column - len(rows[row - 1]))
                    rows[row - 1][column - 1] = cell.error
            self._pages[sheet] = _Page(rows, special, self.package.merged(sheet))
        return self._pages[sheet]

    def _convert(self, indicator: Indicator, key: Key, sheet: str, where: str, raw: object) -> Value | None:
        read: Converted[int] | Converted[Decimal] | Converted[date]
        if indicator.kind in COUNT_KINDS:
            read = read_count(raw)
        elif indicator.kind == "rate":
            read = read_rate(raw)
        elif indicator.kind == "date":
            read = read_date(raw)
        else:
            return self._words(indicator, key, sheet, where, raw)
        if read.code:
            said = explain(read, raw, sheet=sheet, cell=where, name=describe(self.form, key), key=key)
            self.findings += [said] if said else []
        return read.value

    def _words(self, indicator: Indicator, key: Key, sheet: str, where: str, raw: object) -> str | None:
        text = read_text(raw)
        if indicator.kind != "choice" or not text:
            return text or None
        listed = {text_key(choice): choice for choice in indicator.choices}
        if text_key(text) not in listed:
            name = describe(self.form, key)
            self.findings.append(finding("O_010", sheet=sheet, cell=where, key=key, ten=name, goc=text))
        return listed.get(text_key(text), text)


_WORDS = frozenset({"text", "choice", "code"})


@lru_cache(maxsize=4096)  # a form has some hundred cells
def address(row: int, column: int) -> str:
    """(9, 3) -> "C9"."""
    return f"{column_letters(column)}{row}"


@lru_cache(maxsize=4096)  # most cells of a form stay blank, the same ones in most reports
def _blank(key: Key, sheet: str, row: int, column: int) -> Figure:
    return Figure(key, None, sheet, address(row, column), "", "blank")
