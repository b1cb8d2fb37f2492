"""The dossier lists of some exports: what each file holds, what has to be asked, what became of every file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.answers import in_words
from toolkit.export_findings import asked, explained
from toolkit.export_list import EXCHANGE, Listed, Question, read_list
from toolkit.export_rows import REPEATED
from toolkit.form import Block, Form
from toolkit.header_row import CODE, is_spoilt, says, words_of
from toolkit.records import Finding
from toolkit.register_merge import Joined
from toolkit.text import key
from toolkit.vocabulary import Vocabulary
from toolkit.wording import MAPPING_SHEET, finding
from workbook import log
from workbook.exports import Export, open_export
from workbook.files import Refused
from workbook.intake import told
from workbook.other_formats import unit_of_export
from workbook.package import Package
from workbook.read_cover import result_of_ours, unit_of
from workbook.sniff import Unreadable

_UNSORTED = "chua_phan_loai"


class Asked(Refused):
    """Nothing was written: first a person has to say what some columns mean."""

    def __init__(self, questions: Sequence[tuple[str, Question]], findings: Sequence[Finding]) -> None:
        super().__init__(*findings)
        self.questions = tuple(questions)  # (file, question)


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What one file gave: rows = dossiers + rows left out, of which ``repeated`` said nothing new."""

    file: str
    kind: str  # "xlsx", "xls", "ods", "html", "xml", "csv"; "" when it could not be opened
    sha256: str
    dossiers: int
    left_out: Mapping[str, int]  # reason (a key of ``wording.LEFT_OUT``) -> rows
    findings: tuple[Finding, ...]
    refused: bool  # nothing could be imported from it; a finding says why


@dataclass(frozen=True, slots=True)
class DossierList:
    """One list of one file."""

    file: str
    sheet: str
    order: tuple[str, str, int]  # file name, hash, sheet: the order in which files are given decides nothing
    listed: Listed

    @property
    def where(self) -> dict[str, object]:
        return {"tep": self.file, "trang": f", trang {self.sheet}" if self.sheet else ""}

    def row(self, number: int) -> str:
        return f"{self.file}{f', trang {self.sheet}' if self.sheet else ''}, dòng {number}"


class Gathered:
    """The exports read so far, for the book ``into``. ``replies``: key of a heading -> the heading as given, and what
    it was answered."""

    def __init__(
        self,
        form: Form,
        block: Block,
        into: Package,
        vocabulary: Vocabulary,
        replies: Mapping[str, tuple[str, str]],
        memory: Mapping[str, str],
    ) -> None:
        self.lists: list[DossierList] = []
        self._block, self._vocabulary, self._replies, self._memory = block, vocabulary, replies, memory
        self._form, self._unit = form, unit_of(into, form)
        self._words = words_of(vocabulary, block)
        self._files: list[tuple[Path, Export | None, tuple[Finding, ...]]] = []
        self._known: dict[str, str] = {}  # hash -> file

    def bucket(self, status: str) -> str:
        """The group of a status; "" when nobody has sorted it yet."""
        found = self._vocabulary.statuses.get(key(status), "")
        return "" if found == _UNSORTED else found

    def add(self, path: Path) -> None:
        """Reads one file; what is wrong with it becomes a finding."""
        try:
            export = open_export(path)
        except Unreadable as fault:
            self._files.append((path, None, (told(fault),)))
            return
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as fault:  # also a panic of a library written in Rust, which is no Exception
            log.fault("reading an export")
            self._files.append((path, None, (finding("TEP_013", ly_do=type(fault).__name__),)))
            return
        if export.sha256 in self._known:
            twin = finding("XN_027", tep=export.file, kia=self._known[export.sha256])
            self._files.append((path, None, (twin,)))
            return
        self._known[export.sha256] = export.file
        if strange := self._strange(export):
            self._files.append((path, export, (strange,)))
            return
        found: list[Finding] = []
        if export.hidden:
            found.append(finding("XN_026", tep=export.file, trang=", ".join(f"“{t}”" for t in export.hidden)))
        replies = {heading: reply for heading, (_, reply) in self._replies.items()}
        lists: list[DossierList] = []
        others: list[str] = []
        for number, sheet in enumerate(export.sheets):
            listed = read_list(sheet.rows, self._words, self.bucket, replies, self._memory)
            title = sheet.title if len(export.sheets) > 1 else ""
            if listed is None:
                others += [title] if any(map(any, sheet.rows)) else []
                continue
            one = DossierList(export.file, title, (export.file, export.sha256, number), listed)
            if listed.header.at(CODE) or any(CODE in question.options for question in listed.questions):
                lists.append(one)
            else:
                others.append(title)
                headings = ", ".join(f"“{c.heading}”" for c in listed.header.columns)
                found.append(finding("XN_002", cot=headings, **one.where))  # type: ignore[arg-type]
        if lists:
            found = [f for f in found if f.code != "XN_002"]
            found += [finding("XN_031", tep=export.file, trang=f"“{title}”") for title in others if title]
        elif not any(f.code == "XN_002" for f in found):
            spoilt = any(is_spoilt(sheet.rows) for sheet in export.sheets)
            found.append(finding("XN_030" if spoilt else "XN_001", tep=export.file))
        self.lists += lists
        self._files.append((path, export, tuple(found)))

    def _strange(self, export: Export) -> Finding | None:
        """Why a workbook of ours must not be taken for a list of this commune's dossiers: a result for the province, a
        slip, a list to forward (XN_032), or a report of another commune, marked or not (XN_033)."""
        if result_of_ours(export.names, self._form):
            return finding("XN_032", tep=export.file)
        unit = unit_of_export(export, self._form)
        if unit is None or unit == self._unit:
            return None
        return finding("XN_033", tep=export.file, kia=unit or "(chưa ghi mã)", nay=self._unit or "(chưa ghi mã)")

    def settle(self) -> None:
        """Raises for what must be settled before anything is written."""
        unused = [
            finding("XN_019", tra_loi=f"{heading}={reply}", ly_do=why, goi_y="tiêu đề viết đúng như trong tệp xuất")
            for heading, reply in self._replies.values()
            if (why := self._unused(heading, reply))
        ]
        if unused and self.lists:
            raise Refused(*unused)
        questions = [(one, question) for one in self.lists for question in one.listed.questions]
        if questions:
            raise Asked(
                [(one.file, question) for one, question in questions],
                [asked(question, self._block, **one.where) for one, question in questions],
            )
        if not self.lists:
            raise Refused(*(f for _, _, found in self._files for f in found))

    def results(self, lists: Sequence[DossierList], joined: Joined) -> tuple[ImportedFile, ...]:
        """What became of each file, in the order in which they were given."""
        same = Counter(lists[place.list].order[1] for place in joined.repeated)
        out = []
        for path, export, found in self._files:
            own = [one for one in self.lists if export and one.order[1] == export.sha256]
            left_out = Counter[str]()
            for one in own:
                left_out.update({reason: len(rows) for reason, rows in one.listed.taken.left_out.items()})
            repeated = same[export.sha256] if export else 0
            if repeated:
                left_out[REPEATED] = repeated
            out.append(
                ImportedFile(
                    file=path.name,
                    kind=export.kind if export else "",
                    sha256=export.sha256 if export else "",
                    dossiers=sum(len(one.listed.records) for one in own) - repeated,
                    left_out=dict(left_out),
                    findings=(*found, *(f for one in own for f in self._about(one))),
                    refused=not own and any(f.severity == "error" for f in found),
                )
            )
        return tuple(out)

    def _about(self, one: DossierList) -> Iterator[Finding]:
        for heading in one.listed.remembered:
            meant = in_words(self._memory[key(heading)], self._block)
            said = {"tieu_de": heading, "nghia": meant, "o_trang": MAPPING_SHEET}
            yield finding("XN_020", **one.where, **said)  # type: ignore[arg-type]
        yield from explained(one.listed, self._block, **one.where)

    def _unused(self, heading: str, reply: str) -> str:
        """Why an answer did nothing; "" when it did."""
        if not any(says(one.listed.header, heading) for one in self.lists):
            return "không tệp nào có cột mang tiêu đề này"
        swapped = {
            key(column.heading)
            for one in self.lists
            for swap in one.listed.swaps
            for column in one.listed.header.columns
            if column.field == swap.field
        }
        return (
            "cột này không có dấu hiệu đảo ngày và tháng" if reply == EXCHANGE and key(heading) not in swapped else ""
        )
