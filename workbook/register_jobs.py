"""Importing lists of one-door systems into the register of a book: gather, decide with ``toolkit``, write a copy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from toolkit.answers import in_words, reply_of
from toolkit.edits import Log, LogLine
from toolkit.excel import column_letters
from toolkit.export_findings import about_statuses, about_twins, unknown_statuses
from toolkit.export_list import EXCHANGE, KEEP, SKIP
from toolkit.figures import stored_text
from toolkit.form import Block, Form
from toolkit.records import Finding
from toolkit.register_merge import Joined, Place, join
from toolkit.text import key
from toolkit.vocabulary import Vocabulary, status_records, with_statuses
from toolkit.wording import MAPPING_SHEET, STATUS_SHEET, finding
from workbook.book_part import Book
from workbook.export_lists import DossierList, Gathered, ImportedFile
from workbook.files import Refused, refuse_inputs, write
from workbook.intake import Tell, gather, quietly, told
from workbook.ooxml import Package
from workbook.own_sheets import Pairs, add_pairs, remembered, status_table
from workbook.package import Package as Reader
from workbook.read_cover import result_of_ours
from workbook.register_sheet import Register, read_register, write_register
from workbook.sniff import Unreadable, require_zip, take
from workbook.style_part import EMPTY, StylePart
from workbook.xml_part import BrokenPackage

REGISTER = "ho_so"
PERSONAL = frozenset({"chu_ho_so"})
"""Fields that are filled when blank and never overwritten, so that no log has to repeat them."""

_STAGES = {"chua_tinh": 0, "dang": 1, "bo_sung": 1, "tai_chinh": 1, "dung": 2, "rut": 2, "xong": 2}


@dataclass(frozen=True, slots=True)
class Imported:
    path: Path
    files: tuple[ImportedFile, ...]
    added: int
    changed: int  # dossiers of the book that got new values
    total: int  # dossiers in the register now
    findings: tuple[Finding, ...]  # across files: duplicates, statuses


class Prepared(NamedTuple):
    """What an import comes to."""

    register: Register
    joined: Joined
    pairs: tuple[Pairs, ...]  # lines for the sheets of statuses and of headings
    log: Log
    files: tuple[ImportedFile, ...]
    findings: tuple[Finding, ...]  # across files


def import_exports(
    form: Form,
    vocabulary: Vocabulary,
    exports: Sequence[Path],
    into: Path,
    out: Path,
    answers: Mapping[str, str] | None = None,
    tell: Tell = quietly,
) -> Imported:
    """A copy of the book ``into`` with the dossiers of some exports in its register.

    ``answers``: heading -> field id or label, "bo_qua", "dao_ngay_thang", "giu_nguyen". A file that cannot be imported
    has its reason in the result and the others are imported. Raises ``Asked`` (XN_003, XN_005) when a person has to
    decide first; ``Refused`` when there is nothing to import, nowhere to put it, or an answer that fits nothing.
    """
    files = gather(exports)
    refuse_inputs(out, [into, *files])
    try:
        source, reader = _open_book(into)
        prepared = prepare(form, vocabulary, files, reader, answers, tell)
    except Unreadable as fault:
        raise Refused(told(fault)) from fault
    try:
        copy = _written(form, prepared.register, source, prepared.joined, prepared.pairs, prepared.log)
    except (BrokenPackage, Unreadable, KeyError, ValueError) as fault:
        said = told(fault) if isinstance(fault, Unreadable) else finding("TEP_001", ly_do="nội dung bên trong hỏng")
        raise Refused(said) from fault
    write(out, copy, [into, *files])
    joined = prepared.joined
    return Imported(
        out,
        prepared.files,
        len(joined.added),
        len(joined.changed),
        len(prepared.register.records) + len(joined.added),
        prepared.findings,
    )


def prepare(
    form: Form,
    vocabulary: Vocabulary,
    files: Sequence[Path],
    reader: Reader,
    answers: Mapping[str, str] | None = None,
    tell: Tell = quietly,
) -> Prepared:
    """What importing these files into a book comes to; nothing is written. Raises as ``import_exports``, and
    ``Unreadable`` for the book."""
    if result_of_ours(reader.names, form):
        raise Unreadable("TEP_012")
    block = form.block(REGISTER)
    register = read_register(reader, form, block)
    own = status_table(reader)
    vocabulary, findings = with_statuses(vocabulary, own) if own else (vocabulary, ())
    replies = _replies(answers or {}, vocabulary, block)
    memory = _memory(reader, vocabulary, block)
    gathered = Gathered(form, block, reader, vocabulary, replies, memory)
    for done, path in enumerate(files, 1):
        gathered.add(path)
        tell(done, len(files), path.name)
    gathered.settle()
    lists = sorted(gathered.lists, key=lambda one: one.order)
    joined = join(
        register.records,
        [one.listed.records for one in lists],
        [one.listed.taken.rows for one in lists],
        lambda status: _STAGES.get(gathered.bucket(status)),
        PERSONAL,
    )
    now = [record | joined.changed.get(n, {}) for n, record in enumerate(register.records)]
    unknown = unknown_statuses([*now, *joined.added], gathered.bucket)
    listed_already = frozenset(map(key, map(str, own.columns["trang_thai"]))) if own else None
    statuses = _status_lines(vocabulary, unknown, listed_already)
    confirmed = [
        (heading, in_words(reply, block))
        for heading, reply in replies.values()
        if reply not in (EXCHANGE, KEEP) and memory.get(key(heading)) != reply
    ]
    pairs = (
        Pairs(STATUS_SHEET, tuple(statuses), tuple(vocabulary.labels.values())),
        Pairs(MAPPING_SHEET, tuple(confirmed)),
    )

    def shown(place: Place) -> str:
        return f"sổ, dòng {register.rows[place.row]}" if place.list < 0 else lists[place.list].row(place.row)

    missing = [i.name for i in block.indicators if i.id not in register.columns]
    said = (
        *findings,
        *([finding("XN_029", cot=", ".join(missing))] if missing else ()),
        *about_twins(joined.twins, shown),
        *about_statuses(unknown, STATUS_SHEET),
    )
    return Prepared(register, joined, pairs, _log(register, joined, lists), gathered.results(lists, joined), said)


def _open_book(path: Path) -> tuple[bytes, Reader]:
    content = take(path)
    require_zip(content, path.name)
    return content, Reader(content, path.name)


def _replies(answers: Mapping[str, str], vocabulary: Vocabulary, block: Block) -> dict[str, tuple[str, str]]:
    """Answers by the key of their heading. Raises Refused (XN_019) for what is no answer."""
    out = {}
    wrong = []
    for heading, text in answers.items():
        reply = reply_of(text, vocabulary, block)
        out[key(heading)] = heading, reply
        if not reply:
            fields = ", ".join((*(i.id for i in block.indicators), SKIP))
            why = f"không có cột “{text}”"
            wrong.append(finding("XN_019", tra_loi=f"{heading}={text}", ly_do=why, goi_y=f"các mã: {fields}"))
    if wrong:
        raise Refused(*wrong)
    return out


def _memory(reader: Reader, vocabulary: Vocabulary, block: Block) -> dict[str, str]:
    """Key of a heading -> what a person once said that it means."""
    said = {key(heading): reply_of(meant, vocabulary, block) for heading, meant in remembered(reader).items()}
    return {heading: reply for heading, reply in said.items() if reply}


def _status_lines(
    vocabulary: Vocabulary, unknown: Mapping[str, int], listed: frozenset[str] | None
) -> list[tuple[str, str]]:
    """What the sheet of statuses gets: everything when there is none yet, else what it does not list."""
    shipped = [] if listed is not None else [(r["trang_thai"], r["nhom"]) for r in status_records(vocabulary)]
    label = vocabulary.labels["chua_phan_loai"]
    return [(status, label) for status in unknown if key(status) not in (listed or ())] + shipped


def _log(register: Register, joined: Joined, lists: Sequence[DossierList]) -> Log:
    """Where the new dossiers stand, and each value that was replaced, with the one before."""
    lines = []
    first = register.free
    for number, count in sorted(Counter(place.list for place in joined.places).items()):
        rows = f"dòng {first}–{first + count - 1}"
        why = f"Nhập từ {lists[number].row(0).rpartition(',')[0]}."
        lines.append(LogLine(register.sheet, f"A{first}", "", f"Thêm {count} hồ sơ, {rows}", why))
        first += count
    for n, record in sorted(joined.changed.items()):
        for field, value in record.items():
            if field in register.columns and field not in PERSONAL:
                cell = f"{column_letters(register.columns[field])}{register.rows[n]}"
                before = stored_text(register.records[n].get(field))
                lines.append(LogLine(register.sheet, cell, before, stored_text(value), "Tệp nhập có bản mới hơn."))
    return Log(tuple(lines))


def _written(form: Form, register: Register, source: bytes, joined: Joined, pairs: Sequence[Pairs], log: Log) -> bytes:
    from workbook.mark import apply  # late: it also knows how to paint

    package = Package(source)
    book = Book(package)
    styles_part = book.related("styles") or book.add_styles(EMPTY)
    styles = StylePart(package.read(styles_part))
    if joined.added or joined.changed:
        write_register(book, styles, form, register, joined.changed, joined.added)
    for some in pairs:
        if some.lines:
            add_pairs(book, styles, some)
    package.write(styles_part, styles.to_bytes())
    return apply(package.to_bytes(), (), log=log)
