"""Registers of a whole province: the overdue dossiers, every dossier, and the Parquet file where a sheet is too short.

Columns come as ``FIELDS``, Arrow or plain sequences of one length. Nothing that may name a citizen is shown: a code
that may be something else, a word that may be a name (``toolkit.privacy``).
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from io import BytesIO
from itertools import chain, repeat
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from toolkit.highlights import COLOURS, LATE
from toolkit.privacy import shown_codes, shown_unit, shown_word
from toolkit.records import Summary
from toolkit.wording import MAY_BE_PERSONAL, VERDICTS, show
from workbook.arrow_columns import computed
from workbook.report_accounts import late_note
from workbook.report_page import LINKED, OVERDUE, Page, file_width, in_file, line_height, link_column, list_sheet, text
from workbook.splice import MOST_ROWS, Column, Splice
from workbook.splice_cells import Arrow, Show, Values, distinct, each, one_by_one
from workbook.splice_links import MOST_LINKS, Links, Targets

DOSSIERS = "HỒ SƠ"
"""Name of the sheet of every dossier."""

FIELDS = (
    "commune",
    "ma_ho_so",
    "linh_vuc",
    "ten_tthc",
    "ngay_tiep_nhan",
    "ngay_hen_tra",
    "ngay_ket_qua",
    "trang_thai",
    "don_vi",
    "kind",  # ``dossiers.Kind``
    "days_late",  # working days after the due date; None: not asked, or outside the calendar
    "file",
    "sheet",
    "row",  # Excel row number in ``sheet``
)
Columns = Mapping[str, Values]

_COLUMNS = (
    ("STT", 7),
    ("Mã xã", 7),
    ("Đơn vị", 20),
    ("Mã hồ sơ", 27),
    ("Lĩnh vực", 22),
    ("Thủ tục", 44),
    ("Ngày tiếp nhận", 11.5),
    ("Ngày hẹn trả", 11.5),
    ("Ngày có kết quả", 11.5),
    ("Trạng thái", 18),
    ("Đơn vị giải quyết", 24),
    ("Tình trạng", 21),
    ("Số ngày quá hạn", 9.5),
    ("Tệp", 22.0),
    ("Dòng", 7),
)
_LINKED = (13, 14)  # first and last column of a row's link
_FIRST = 3  # row, from 0
MOST_DOSSIERS = MOST_ROWS - _FIRST
"""What a sheet holds."""

LONG = 500_000
"""Dossiers beyond which a sheet, though Excel allows it, is more than an office PC can open: they go to Parquet."""

_DATE = "dd/mm/yyyy"
_LONGEST_FILE = 34.0  # how wide the column becomes for long file names; longer ones take several lines
_A3 = 8  # as Excel numbers paper
_LATE_WORDS = {"dang_qua_han": "Đang quá hạn", "qua_han": "Đã giải quyết quá hạn"}
_NONE_LATE = "Không có hồ sơ quá hạn."
_NONE = "Không có hồ sơ."
_IN_PARQUET = (
    "{n} hồ sơ, nhiều hơn mức một trang Excel mở được trên máy văn phòng ({most} dòng): toàn bộ nằm trong tệp {file} "
    "cạnh sổ này (Parquet, mở bằng Power BI, Power Query, pandas)."
)
_CUT = "Chỉ ghi {most} trong {n} hồ sơ vì một trang Excel không chứa hơn; chưa có tệp Parquet cho phần còn lại."
_TEXTS = {4: "linh_vuc", 5: "ten_tthc", 9: "trang_thai", 10: "don_vi"}  # what may hold anything, by column
_DATES = ("ngay_tiep_nhan", "ngay_hen_tra", "ngay_ket_qua")
_NUMBERS = ("days_late", "row")
_OUTSIDE = 10**6  # more days late than the calendar holds
_PIECE = 100_000  # rows of a row group


def gathered(summary: Summary) -> Columns:
    """The dossiers that a summary holds (the late ones, or all), commune after commune."""
    held = [(p.code, summary.dossiers[p.code]) for p in summary.places if p.code in summary.dossiers]
    held = [(code, dossiers) for code, dossiers in held if len(dossiers.columns["kind"])]
    lengths = [len(dossiers.columns["kind"]) for _, dossiers in held]
    told: dict[str, list[str]] = {
        "commune": [code for code, _ in held],
        "file": [summary.filings[code].file for code, _ in held],
        "sheet": [dossiers.sheet for _, dossiers in held],
    }
    out: dict[str, Values] = {}
    for name in FIELDS:
        if name in told:
            out[name] = list(chain.from_iterable(map(repeat, told[name], lengths)))
        else:
            out[name] = _joined([dossiers.columns[name] for _, dossiers in held])
    return out


def overdue(page: Page, splice: Splice, columns: Columns) -> None:
    """Sheet of the late dossiers among ``columns``: by commune, most days late first."""
    kinds, days, communes = (_listed(columns[name]) for name in ("kind", "days_late", "commune"))
    place = {p.code: n for n, p in enumerate(page.summary.places)}
    first = {code: place.get(code, len(place)) * 2 * _OUTSIDE for code in {*communes}}
    urgency = [first[code] - (_OUTSIDE if late is None else late) for code, late in zip(communes, days, strict=True)]
    listed = range(len(kinds)) if {*kinds} <= {*LATE} else [i for i, kind in enumerate(kinds) if kind in LATE]
    order = sorted(listed, key=urgency.__getitem__)
    still = kinds.count("dang_qua_han")
    title = f"HỒ SƠ QUÁ HẠN: {show(len(order))} ({show(still)} đang quá hạn, "
    title += f"{show(len(order) - still)} đã giải quyết quá hạn)"
    late = {name: _taken(columns[name], order) for name in FIELDS}
    sheet = _register(page, splice, OVERDUE, title, late, _shown(columns), _LATE_WORDS, _NONE_LATE)
    if note := late_note(page):
        text(sheet, 1, 0, note, page.styles(plain=True, bold=True))


def dossiers(page: Page, splice: Splice, columns: Columns, parquet_file: str = "") -> None:
    """Sheet of every dossier, in the order given. Where they are in ``parquet_file`` (its name, beside the workbook)
    the sheet says so in a line; without such a file it holds what fits and says how many there are."""
    n = len(columns["kind"])
    most = MOST_DOSSIERS
    title = f"HỒ SƠ TOÀN TỈNH: {show(n)}"
    if parquet_file:
        sheet = _sheet(page, DOSSIERS, title)
        words = _IN_PARQUET.format(n=show(n), most=show(LONG), file=parquet_file)
        text(sheet, _FIRST, 0, words, page.styles(plain=True))
        return
    first = {name: _first(columns[name], most) for name in FIELDS}
    sheet = _register(page, splice, DOSSIERS, title, first, _shown(columns), VERDICTS, _NONE)
    if n > most:
        text(sheet, 1, 0, _CUT.format(n=show(n), most=show(most)), page.styles(plain=True, bold=True))


def parquet(columns: Columns) -> bytes:
    """Every dossier as Parquet: the columns of ``FIELDS``, dates as dates. Needs pyarrow; the same columns give the
    same bytes."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    shown = _shown(columns)
    types = {name: pa.date32() for name in _DATES} | {name: pa.int32() for name in _NUMBERS}
    schema = pa.schema([(name, types.get(name, pa.string())) for name in FIELDS])
    n = len(columns["kind"])
    out = BytesIO()
    with ParquetWriter(out, schema, compression="zstd") as writer:
        for start in range(0, n, _PIECE):
            stop = min(start + _PIECE, n)
            piece = [
                pa.array(each(columns[name], start, stop, shown.get(name, _same)), schema.field(name).type)
                for name in FIELDS
            ]
            writer.write_table(pa.table(piece, schema))
    return out.getvalue()


def _register(
    page: Page,
    splice: Splice,
    name: str,
    title: str,
    columns: Columns,
    shown: Mapping[str, Show],
    words: Mapping[str, str],
    nothing: str,
) -> Worksheet:
    """A sheet of dossiers; ``words``: kind -> how it is called, the kinds that have a colour painted."""
    sheet = _sheet(page, name, title)
    wide = _file_width(page)
    n = len(columns["kind"])
    sheet.autofilter(_FIRST - 1, 0, _FIRST + max(n, 1) - 1, len(_COLUMNS) - 1)
    if not n:
        text(sheet, _FIRST, 0, nothing, page.styles(plain=True))
        return sheet
    plain, middle = page.styles(), page.styles(align="center")
    wrapped, linked = page.styles(text_wrap=True), page.styles(font_color=LINKED)
    lines = any(link_column(f.file, 1, wide) != 1 for f in page.summary.filings.values())  # LibreOffice wraps no link
    day, kinds = page.styles(num_format=_DATE, align="center"), columns["kind"]
    block = (
        Column(range(1, n + 1), middle),
        Column(columns["commune"], middle),
        Column(columns["commune"], plain, show=one_by_one(page.name)),
        Column(columns["ma_ho_so"], plain, show=shown["ma_ho_so"]),
        Column(columns["linh_vuc"], wrapped, show=shown["linh_vuc"]),
        Column(columns["ten_tthc"], wrapped, show=shown["ten_tthc"]),
        *(Column(columns[name], day, show=shown[name]) for name in _DATES),
        Column(columns["trang_thai"], wrapped, show=shown["trang_thai"]),
        Column(columns["don_vi"], wrapped, show=shown["don_vi"]),
        Column(kinds, _painted(page, words), kinds, one_by_one(lambda kind: words.get(kind, kind))),
        Column(columns["days_late"], _painted(page, words, align="center"), kinds, one_by_one(_late)),
        Column(columns["file"], wrapped if lines else linked),
        Column(columns["row"], page.styles(font_color=LINKED, align="center")),
    )
    told = [(columns[name], shown[name], _COLUMNS[at][1]) for at, name in _TEXTS.items()]
    if lines:
        told.append((columns["file"], _same, wide))
    links = (Links(_LINKED[1] if lines else _LINKED[0], _LINKED[1], _targets(page, columns)),)
    splice.rows(sheet, _FIRST, block, links=links, heights=_heights(told))
    return sheet


def _sheet(page: Page, name: str, title: str) -> Worksheet:
    heads, given = zip(*_COLUMNS, strict=True)
    widths = (*given[: _LINKED[0]], _file_width(page), *given[_LINKED[0] + 1 :])
    sheet, _ = list_sheet(page, name, title, heads, widths)
    sheet.set_paper(_A3)
    return sheet


def _file_width(page: Page) -> float:
    return file_width((f.file for f in page.summary.filings.values()), _COLUMNS[_LINKED[0]][1], _LONGEST_FILE)


def _heights(columns: Sequence[tuple[Values, Show, float]]) -> float | Sequence[float]:
    """Of each row, or of all: as much as the longest text takes. ``columns``: with what of them is shown, and how wide
    it may be."""
    lines = []
    for values, of_these, width in columns:
        texts, at = distinct(values, 0, len(values))
        lines.append(([line_height((str(text), width)) for text in of_these(texts)], at))
    least = max((of[0] for of, _ in lines if len({*of}) == 1), default=0.0)
    uneven = [map([max(least, one) for one in of].__getitem__, at) for of, at in lines if len({*of}) > 1]
    if not uneven:
        return least
    return list(map(max, *uneven)) if len(uneven) > 1 else list(uneven[0])


def _painted(page: Page, words: Mapping[str, str], **more: str) -> Mapping[object, Format]:
    """Kind of dossier -> format; what has no colour looks like the rest."""
    painted: dict[object, Format] = {None: page.styles(**more)}
    return painted | {kind: page.styles(bg_color=f"#{COLOURS[kind]}", **more) for kind in words if kind in COLOURS}


def _targets(page: Page, columns: Columns) -> Targets:
    """The rows in their files, as many as a sheet can lead to."""
    most = min(len(columns["kind"]), MOST_LINKS)
    files, sheets, rows = (_listed(_first(columns[name], most)) for name in ("file", "sheet", "row"))
    places = list(zip(files, sheets, strict=True))
    known = {place: n for n, place in enumerate(dict.fromkeys(places))}
    stems = [in_file(page.folder, file, sheet, "A") for file, sheet in known]
    return Targets(stems, array("i", map(known.__getitem__, places)), array("i", rows))


def _shown(columns: Columns) -> dict[str, Show]:
    """Field -> what of its values may be shown."""
    shown: dict[str, Show] = {"ma_ho_so": _codes, **dict.fromkeys(_DATES, one_by_one(_date))}
    return shown | {name: one_by_one(_word(columns[name])) for name in _TEXTS.values()}


def _codes(values: Sequence[object]) -> Sequence[str]:
    said = [str(value or "") for value in values]
    shown = shown_codes(said)
    return said if shown is said else [may or (text and MAY_BE_PERSONAL) for may, text in zip(shown, said, strict=True)]


def _word(values: Values) -> Callable[[Any], str]:
    """What may be shown of a column of words: a text like a name only when it is met often."""
    times = Counter(values) if isinstance(values, Sequence) else _counted(values)

    def shown(value: object) -> str:
        said = str(value or "")
        return shown_word(said, times[value]) if shown_unit(said, ()) else said and MAY_BE_PERSONAL

    return shown


def _date(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _late(days: int | None) -> int | None:
    return days if days and days > 0 else None


def _same(values: Sequence[object]) -> Sequence[object]:
    return values


def _counted(values: Arrow) -> Mapping[object, int]:
    return {pair["values"]: pair["counts"] for pair in computed("value_counts", values).to_pylist()}


def _listed(values: Values) -> Sequence[Any]:
    return values if isinstance(values, Sequence) else list(each(values, 0, len(values), _same))


def _first(values: Any, most: int) -> Values:
    """The first values of a column."""
    first: Values = values[:most]
    return first


def _taken(values: Any, order: Sequence[int]) -> Values:
    """Values of a column by position."""
    if isinstance(values, Sequence):
        return [values[i] for i in order]
    import pyarrow as pa

    places = pa.py_buffer(array("q", order))  # no ``pyarrow.array``, which imports pandas
    taken: Values = computed("take", values, pa.Array.from_buffers(pa.int64(), len(order), [None, places]))
    return taken


def _joined(parts: Sequence[Any]) -> Values:
    """Columns one after the other."""
    if not parts or isinstance(parts[0], Sequence):
        return list(chain.from_iterable(parts))
    import pyarrow as pa

    chunks = chain.from_iterable(part.chunks if isinstance(part, pa.ChunkedArray) else (part,) for part in parts)
    joined: Values = pa.chunked_array(list(chunks))
    return joined
