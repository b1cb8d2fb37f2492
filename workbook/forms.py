"""The forms and the list of communes: those that come with the product, or a province's own list."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import xlsx_templates
from toolkit.catalogue import load
from toolkit.form import Form
from toolkit.places import Gazetteer, PlacesError, parse_places

# Not importlib.resources: it takes as long to import as the form takes to load.
_SHIPPED = Path(xlsx_templates.__file__).parent


@cache
def load_form(form_id: str = "bao_cao_xa") -> Form:
    """A form shipped in ``xlsx_templates``. Raises FileNotFoundError, CatalogueError."""
    return load((_SHIPPED / f"{form_id}.toml").read_text(encoding="utf-8"))


@cache
def load_places(path: Path | None = None) -> Gazetteer:
    """Communes of the country, or those listed in ``path`` (columns as in ``don_vi_hanh_chinh.csv``).

    Raises OSError, PlacesError.
    """
    try:
        communes = (path or _SHIPPED / "don_vi_hanh_chinh.csv").read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlacesError(["not UTF-8: save it as CSV UTF-8"]) from error
    return parse_places(communes, (_SHIPPED / "tinh.csv").read_text(encoding="utf-8"))
