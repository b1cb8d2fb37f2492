"""Forms, communes, days off, words of one-door systems: those that come with the product, or a province's own list."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import xlsx_templates
from toolkit.form import Block, Choice, Form, Indicator, Rule, Setting, Unit, Variant
from toolkit.formula import Comparison, Linear, Term
from toolkit.places import Gazetteer, ListFault, PlacesError, parse_places
from toolkit.wording import finding
from workbook.compiled import ready

if TYPE_CHECKING:
    from toolkit.vocabulary import Vocabulary
    from toolkit.workdays import Calendar

REGISTER = "ho_so"
"""The block of a form that holds dossiers."""

# Not importlib.resources: it takes as long to import as the form takes to load.
_SHIPPED = Path(xlsx_templates.__file__).parent
_OF_A_FORM = (Form, Block, Indicator, Rule, Setting, Choice, Unit, Variant, Comparison, Linear, Term)


@cache
def load_form(form_id: str = "bao_cao_xa") -> Form:
    """A form shipped in ``xlsx_templates``. Raises FileNotFoundError, CatalogueError."""
    path = _SHIPPED / f"{form_id}.toml"
    text = path.read_text(encoding="utf-8")

    def make() -> Form:
        from toolkit.catalogue import load  # late, as below: a form that is ready needs no judge

        return load(text)

    return ready(path, text, _OF_A_FORM, make)


@cache
def load_places(path: Path | None = None) -> Gazetteer:
    """Communes of the country, or those listed in ``path`` (columns as in ``don_vi_hanh_chinh.csv``).

    Raises OSError, PlacesError.
    """
    try:
        communes = (path or _SHIPPED / "don_vi_hanh_chinh.csv").read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise PlacesError([ListFault.of("ma_hoa")]) from error
    return parse_places(communes, (_SHIPPED / "tinh.csv").read_text(encoding="utf-8"))


@cache
def load_calendar(path: Path | None = None) -> Calendar:
    """Working days by the list of days off shipped in ``xlsx_templates``, or by ``path`` (columns as in
    ``lich_nghi.csv``). Raises OSError, CalendarError.
    """
    from toolkit.workdays import Calendar, CalendarError, DayOff, parse_days, whole_years  # late: few need it

    list_ = path or _SHIPPED / "lich_nghi.csv"
    try:
        days_off = list_.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CalendarError([finding("LN_006", ly_do="không phải UTF-8")]) from error

    def make() -> Calendar:
        return whole_years(parse_days(days_off))

    return make() if path else ready(list_, days_off, (Calendar, DayOff), make)


@cache
def load_vocabulary() -> Vocabulary:
    """Words of one-door systems shipped in ``xlsx_templates``. Raises VocabularyError."""
    from toolkit.vocabulary import Vocabulary, parse_vocabulary

    path = _SHIPPED / "tu_vung_ho_so.toml"
    text = path.read_text(encoding="utf-8")
    return ready(path, text, (Vocabulary,), lambda: parse_vocabulary(text))
