"""Frozen records that travel through the toolkit: what was read, what it means, what is wrong with it.

Data goes one way: ``Reading`` (a cell as it stands) -> ``Figure`` (what it means) -> ``Filing`` (one report)
-> ``Finding`` (what is wrong) -> ``Edit`` (what to change in a copy). Nothing here has behaviour.
"""

# Without "from __future__ import annotations": of annotations kept as texts, NamedTuple compiles each at every start.

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "info"]
Value = int | Decimal | date | str
"""A converted value: count or amount ``int``; rate ``Decimal`` fraction of 1 whose exponent keeps the printed
precision (90,16 % is ``Decimal("0.9016")``); calendar ``date``; text, code or choice id ``str``."""

Origin = Literal["blank", "typed", "text", "formula", "overtyped"]
"""How a value stands in its cell: nothing there; a typed value; a number or date kept as text; the form's own
formula; a value or foreign formula where the form has its formula."""

TOTAL_ROW = "*"
"""Row part of a ``Key`` for the total row of a grid (no lĩnh vực can be called so)."""

STATUS_TABLE = "*"
"""Key in ``Filing.tables`` of the unit's own list of statuses (no block can be called so)."""


class Key(NamedTuple):
    """Identity of one figure of a form, whatever its address in a workbook."""

    block: str
    row: str  # grid: the row's label as the form spells it (or as typed when the form does not list it); scalars: ""
    indicator: str


class Province(NamedTuple):
    code: str  # two digits, e.g. "51"
    name: str  # with its kind, e.g. "Tỉnh Quảng Ngãi"


class Place(NamedTuple):
    """A commune (xã, phường, đặc khu)."""

    code: str  # five digits kept as text, e.g. "21061"
    kind: str  # "Xã", "Phường" or "Đặc khu"
    name: str  # bare name with its accents, e.g. "Vạn Tường"
    province: str  # province code


class Period(NamedTuple):
    """A reporting period, both days included. Never derived from a calendar quarter."""

    start: date
    end: date


class Figure(NamedTuple):
    """One figure of a filing with the cell it was read from."""

    key: Key
    value: Value | None  # None: blank or not readable (then a Finding says so)
    sheet: str
    cell: str  # A1 address as Excel shows it, e.g. "C9"
    raw: str  # the cell's content as text, exactly as typed or stored; "" when blank
    origin: Origin
    formula: str | None = None  # the cell's formula without "=", None when it has none
    stored: int | None = None  # the value stored with a formula; None when it was never calculated or is no number


class Table(NamedTuple):
    """A register (records block) as columns. Cells stay raw: a million of them must cost nothing until asked for."""

    block: str
    sheet: str
    letters: Mapping[str, str]  # field id -> column letters; a field missing here has no column in the file
    rows: tuple[int, ...]  # Excel row number of each record, wholly blank rows left out
    columns: Mapping[
        str, tuple[object, ...]
    ]  # field id -> raw values (str, float, date, datetime, bool, None), one per record


class Change(NamedTuple):
    """One cell of a proposed repair."""

    key: Key
    cell: str
    before: int | None  # None: blank or not readable
    after: int | None  # None: the rules do not determine the value, only a range
    low: int = 0  # the least value that the rules leave
    high: int | None = None  # the greatest; None: no end
    kind: str = ""  # kind of slip of this cell, e.g. "thay_chu_so"; "" when none is recognised
    sheet: str = ""  # "" when the file has no cell for it


class Repair(NamedTuple):
    """A smallest set of changes after which every rule holds. Faults that have nothing to do with each other are parts
    of their own: a whole repair of the filing takes one repair of each part."""

    changes: tuple[Change, ...]
    kind: str  # kind of slip that explains all changes, e.g. "thay_chu_so"; "" when there is none
    certain: bool  # these changes are part of every smallest repair
    part: int = 0
    found: int = 1  # how many smallest repairs this part has; 0: not counted, this is one of many


class Finding(NamedTuple):
    """Something to tell the person who filled in or received a file. A value, never an exception."""

    code: str  # stable: a generic code such as "O_003", or the id of a rule of the form
    severity: Severity
    message: str  # Vietnamese: where, what, why
    fix: str  # Vietnamese: what to do
    sheet: str = ""  # "" when it concerns the whole file
    cell: str = ""  # the first cell to look at
    cells: tuple[str, ...] = ()  # every cell the rule looks at, "Sheet!A1" when on another sheet than ``sheet``
    left: int | Decimal | None = None
    right: int | Decimal | None = None
    difference: int | Decimal | None = None  # left - right
    key: Key | None = None  # the figure it is about
    repairs: tuple[Repair, ...] = ()


class Filing(NamedTuple):
    """One readable report of one commune for one period."""

    file: str  # file name without its folder
    sha256: str
    form: str  # id of the form, e.g. "bao_cao_xa"
    version: str
    place: Place | None  # None: not attributable (a Finding says why)
    period: Period | None
    settings: Mapping[str, str]  # setting id -> choice id
    rows: Mapping[str, tuple[str, ...]]  # grid block -> row labels in the file's order, total row left out
    figures: Mapping[Key, Figure]
    tables: Mapping[str, Table]
    none_declared: frozenset[str] = frozenset()  # blocks ticked "không phát sinh"
    findings: tuple[Finding, ...] = ()  # what reading already found


FileStatus = Literal["merged", "returned", "superseded", "off_period", "ignored"]
EditKind = Literal["paint", "formula", "value"]


class Edit(NamedTuple):
    """One change to a copy of a workbook (or to an open one). ``workbook.mark`` applies it and logs what was there."""

    kind: EditKind
    sheet: str
    cell: str
    colour: str = ""  # paint: "RRGGBB"
    formula: str = ""  # formula: without "="
    value: int | str | None = None  # value, or the value stored with the formula
    before: str = ""  # what stood there, for the log
    why: str = ""  # Vietnamese, for the log


class Source(NamedTuple):
    """One addend of a province total: the passport of a figure."""

    commune: str  # code
    file: str
    sha256: str
    figure: Figure


class Unread(NamedTuple):
    """A file of a merge that gave no filing: it cannot be read, or it is no report at all."""

    file: str
    code: str  # wording code, "TEP_…"; an "info" code means there is nothing to send back (lock file, attachment)
    reason: str  # Vietnamese
    sha256: str = ""


class Amount(NamedTuple):
    """What one commune brings to one province total."""

    written: int  # as filed: the total row of a grid column, else the sum of its rows
    counted: int  # the same in the province's convention: what is added
    corrected: int  # the same with computed cells evaluated from their parts
    open: bool  # only a lower bound: a part is blank
    unconverted: bool = False  # filed under another setting and not convertible: counted as filed


class Ratio(NamedTuple):
    """A province rate over the communes that gave every part of it."""

    numerator: int
    denominator: int
    communes: int


class Dossiers(NamedTuple):
    """What a commune's register brings to a province, without citizens' data."""

    sheet: str
    rows: int  # dossiers in the register
    kinds: Mapping[str, int]  # verdict (``dossiers.Kind``) on the cut-off day -> dossiers; absent: 0
    fields: Mapping[str, tuple[int, int]]  # row of form II.06a, "" unknown -> dossiers judged for time, late ones
    columns: Mapping[str, Sequence[object]]  # ``DOSSIER_COLUMNS`` -> one value a dossier: the late ones, or all
    codes: Sequence[str | None]
    """Every dossier code that is one, in the order of rows: tells what two communes claim. None in a summary, which has
    told it: of a million dossiers they take 30 MB."""


DOSSIER_COLUMNS = (
    "row",  # Excel row number
    "ma_ho_so",  # None where it may be something else than a code
    "linh_vuc",
    "ten_tthc",
    "ngay_tiep_nhan",  # dates as ``date``, None: blank or unreadable
    "ngay_hen_tra",
    "ngay_ket_qua",  # of the result, else of the handing over
    "trang_thai",
    "don_vi",
    "kind",  # verdict
    "days_late",  # working days after the due date, None: not asked, or outside the calendar
)


class Digest(NamedTuple):
    """All that a merge keeps of one file: a pure function of its bytes, its name apart."""

    file: str  # name within the folder, with "/"
    sha256: str
    filing: Filing | None  # registers left out; None: see ``unread``
    unread: Unread | None
    findings: tuple[Finding, ...]  # of reading and checking, most serious first
    dossiers: Dossiers | None  # None: no register, or none with a dossier


class FileOutcome(NamedTuple):
    """What became of one file of a merge. Each found file has exactly one."""

    file: str
    status: FileStatus
    reason: str  # Vietnamese; "" when merged without a remark
    code: str = ""  # wording code of the reason
    commune: str = ""  # commune code, "" when not attributable
    sha256: str = ""
    fix: str = ""  # Vietnamese: what to do; "" when nothing


class Summary(NamedTuple):
    """A province's merged report that remembers every addend.

    communes: expected = merged + returned + off_period + missing; files: found = merged + returned + superseded +
    off_period + ignored. ``totals`` sums the merged communes only; ``totals_with_off_period`` is filled when the
    caller asked for it. An indicator that no commune gave is absent from the totals: it is unknown, not 0.
    """

    province: Province
    period: Period
    form: str
    places: tuple[Place, ...]  # expected communes
    outcomes: tuple[FileOutcome, ...]
    commune_status: Mapping[str, str]  # commune code -> merged | returned | off_period | missing
    totals: Mapping[str, int]  # indicator -> sum of the present figures as written, in the province's convention
    corrected: Mapping[str, int]  # indicator -> the same with computed cells evaluated from their parts
    rates: Mapping[str, Ratio]  # rate indicator -> its parts over the merged communes; absent: no commune gave them all
    amounts: Mapping[str, Mapping[str, Amount]]  # indicator -> commune code (merged and off_period) -> what it brings
    sources: Mapping[str, tuple[Source, ...]]  # indicator -> the cells of these amounts, in the order of the place list
    filings: Mapping[str, Filing]  # commune code (merged and off_period) -> its report, registers left out
    conventions: Mapping[str, str]  # setting id -> the choice that the totals follow
    findings: tuple[tuple[str, Finding], ...]  # (file, finding), most serious first
    totals_with_off_period: Mapping[str, int] = {}
    dossiers: Mapping[str, Dossiers] = {}  # commune code (merged) -> its register; absent: it has none
    received: Mapping[str, date] = {}  # file -> day it came in, where somebody kept a list; of several the last
    arrived: Mapping[str, tuple[date, ...]] = {}  # commune code -> days on which its reports came in
    deadline: date | None = None  # day by which communes had to send; None: nobody said
