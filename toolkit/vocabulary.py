"""Words of one-door systems -> what they mean: column headings, statuses, channels, levels.

The lists are data (``xlsx_templates/tu_vung_ho_so.toml``); a unit adds the statuses of its own system on a sheet. What
is not listed has no meaning here: the caller reports it, nobody guesses.
"""

# Without "from __future__ import annotations", as in ``toolkit.records``.

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from toolkit.figures import read_text
from toolkit.records import Finding
from toolkit.records import Table as Sheet
from toolkit.text import key, similar
from toolkit.wording import finding

if TYPE_CHECKING:
    from toolkit.toml_table import Fault, Table

Bucket = Literal["chua_tinh", "dang", "bo_sung", "tai_chinh", "rut", "dung", "xong", "chua_phan_loai"]
BUCKETS: tuple[Bucket, ...] = get_args(Bucket)

STATUS_FIELDS = ("trang_thai", "nhom")
"""Columns of the sheet on which a unit classifies the statuses of its own system."""

_CHANNELS = ("truc_tiep", "truc_tuyen", "buu_chinh")
_LEVELS = ("toan_trinh", "mot_phan", "truc_tiep")
_CLOSE = 0.75


class VocabularyError(ValueError):
    """A vocabulary file that must not be used, with all its faults."""

    def __init__(self, faults: "Iterable[Fault]") -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{f.code} {f.where}: {f.what}" for f in self.faults))


class Vocabulary(NamedTuple):
    """Keys are ``toolkit.text.key`` of a word."""

    headings: Mapping[str, str]  # heading -> field id
    weaker: Mapping[str, str]  # heading -> field id, when no other column claims the field
    ambiguous: Mapping[str, tuple[str, ...]]  # heading -> the fields that it may mean
    private: frozenset[str]  # fields that hold personal data
    statuses: Mapping[str, Bucket]
    channels: Mapping[str, str]  # -> "truc_tiep", "truc_tuyen", "buu_chinh"
    levels: Mapping[str, str]  # -> "toan_trinh", "mot_phan", "truc_tiep"
    shown: Mapping[str, str]  # status as it is written -> label of its bucket
    labels: Mapping[Bucket, str]

    def field(self, heading: str) -> str | None:
        """The field that a heading means beyond doubt."""
        return self.headings.get(key(heading))

    def nearest(self, heading: str) -> str | None:
        """A field that a misspelt heading may mean, for a "did you mean"."""
        likeness, field = max(((similar(heading, known), field) for known, field in self.headings.items()))
        return field if likeness >= _CLOSE else None


def parse_vocabulary(text: str) -> Vocabulary:
    """A vocabulary file. Raises VocabularyError with all its faults."""
    import tomllib  # late: words that are ready (``workbook.compiled``) need no reading

    from toolkit.toml_table import Fault, Table

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise VocabularyError([Fault("DM_001", "", str(error))]) from error
    faults: list[Fault] = []
    root = Table(data, "", faults)
    root.text("source", required=True)
    fields = root.tables("field", "field", required=True)
    headings: dict[str, str] = {}
    weaker: dict[str, str] = {}
    ids: set[str] = set()
    private = set()
    for table in fields:
        ids.add(id_ := table.text("id", required=True))
        names, also = table.texts("names", required=True), table.texts("weaker")
        if table.flag("private"):
            private.add(id_)
        _add(table, headings, names, id_)
        _add(table, weaker, also, id_, headings)
        table.close()
    ambiguous: dict[str, tuple[str, ...]] = {}
    for table in root.tables("ambiguous", "ambiguous"):
        meant = table.texts("fields", required=True)
        _add(table, ambiguous, (table.text("name", required=True),), meant, headings, weaker)
        for id_ in meant:
            if id_ not in ids:
                table.fault("DM_011", f"{id_} is not a field")
        table.close()
    statuses, shown, labels = _words(root, "bucket", BUCKETS)
    channels, _, _ = _words(root, "channel", _CHANNELS)
    levels, _, _ = _words(root, "level", _LEVELS)
    root.close()
    if faults:
        raise VocabularyError(faults)
    return Vocabulary(headings, weaker, ambiguous, frozenset(private), statuses, channels, levels, shown, labels)


def status_records(vocabulary: Vocabulary) -> list[dict[str, str]]:
    """The statuses as rows of a sheet, to be edited and read back by ``with_statuses``."""
    return [dict(zip(STATUS_FIELDS, pair, strict=True)) for pair in vocabulary.shown.items()]


def with_statuses(vocabulary: Vocabulary, sheet: Sheet) -> tuple[Vocabulary, tuple[Finding, ...]]:
    """The vocabulary with the statuses of a unit's own sheet, which win. A line whose group is not known is left out
    and reported; a blank group says "not yet"."""
    buckets: dict[str, Bucket] = {key(label): bucket for bucket, label in vocabulary.labels.items()}
    statuses, shown = dict(vocabulary.statuses), dict(vocabulary.shown)
    findings = []
    for i, row in enumerate(sheet.rows):
        status, group = (read_text(sheet.columns[f][i]) if f in sheet.columns else "" for f in STATUS_FIELDS)
        if not status or not group:
            continue
        bucket = buckets.get(key(group))
        if bucket is None:
            cell = f"{sheet.letters['nhom']}{row}"
            groups = ", ".join(vocabulary.labels.values())
            findings.append(finding("HS_001", sheet=sheet.sheet, cell=cell, goc=group, lua_chon=groups))
            continue
        statuses[key(status)] = bucket
        shown[status] = vocabulary.labels[bucket]
    return vocabulary._replace(statuses=statuses, shown=shown), tuple(findings)


def _words(root: "Table", kind: str, allowed: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, str], dict[Any, str]]:
    """What the words of one kind mean, the words as written with the label of their meaning, and the labels."""
    words: dict[str, Any] = {}
    shown: dict[str, str] = {}
    labels: dict[Any, str] = {}
    for table in root.tables(kind, kind, required=True):
        id_ = table.one_of("id", allowed)
        labels[id_] = label = table.text("label", required=True)
        names = (label, *table.texts("names"))
        _add(table, words, names, id_)
        shown |= dict.fromkeys(names, label)
        table.close()
    for id_ in allowed:
        if id_ not in labels:
            root.fault("DM_002", f"{kind} {id_} is missing")
    return words, shown, labels


def _add(
    table: "Table", words: dict[str, Any], names: Iterable[str], meaning: object, *others: Mapping[str, Any]
) -> None:
    """A word has one meaning in its list and in the ``others``."""
    for name in names:
        if any(key(name) in taken for taken in (words, *others)):
            table.fault("DM_028", f"{name} is there twice")
        words[key(name)] = meaning
