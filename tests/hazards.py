"""A province's incoming folder with everything that goes wrong in one: 96 communes, each with one hazard or none.

Every hazard says what it does to the folder and what the merge must make of it: the status of the commune, what becomes
of each file, which findings name it, and which numbers reach the total. ``docs`` of each function is the rule.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from toolkit.records import Period, Place
from toolkit.values import parse_values
from workbook import jobs
from workbook.build import build
from workbook.forms import load_form, load_places

FORM, PLACES = load_form(), load_places()
PERIOD = Period(date(2025, 7, 1), date(2025, 9, 25))
RECEIVED = date(2025, 9, 28)
GRID = "II.06a"
COLUMNS = "CDEFGHIJKLMN"
ONLINE = "D9"  # trực tuyến of the first lĩnh vực

Rows = list[dict[str, object]]


class Parcel(NamedTuple):
    """What one commune sends, and what must come of it."""

    files: Mapping[str, bytes]
    status: str = "merged"  # of the commune
    outcomes: Mapping[str, tuple[str, str]] = {}  # file -> (status, code); files left out: ("merged", "")
    codes: tuple[str, ...] = ()  # findings that must name the commune's files
    tiep_nhan: int | None = None  # what it brings to the total; None: nothing
    open: bool = False  # only a lower bound
    received: Mapping[str, date] = {}


class Commune(NamedTuple):
    place: Place
    rows: Rows

    @property
    def file(self) -> str:
        return jobs.file_name(self.place)

    @property
    def total(self) -> int:
        return _total(self.rows)

    def book(self, rows: Rows | None = None, period: Period = PERIOD, rut: str = "rieng", **more: object) -> bytes:
        data = {"settings": {"rut": rut}, "grids": {"bieu_06a": self.rows if rows is None else rows}, **more}
        values = parse_values(data, FORM)
        return build(FORM, self.place, PLACES.province(self.place.province), period, values)


def commune(place: Place) -> Commune:
    """A commune with a sound report of its own figures."""
    n = int(place.code) % 389
    rows: Rows = []
    for row, (label, times) in enumerate((("Hộ tịch", 3), ("Chứng thực", 5), ("Đất đai", 2)), 1):
        received = {"truc_tuyen": n * times + 40, "truc_tiep": n + row, "ky_truoc": 0}
        running = {"dang_trong_han": 7 + row, "dang_qua_han": 1, "rut": row}
        on_time = {"dung_han": 4, "qua_han": 2}
        early = sum(received.values()) - sum(running.values()) - sum(on_time.values())
        rows.append({"linh_vuc": label, **received, "truoc_han": early, **on_time, **running})
    inputs = rows[0].keys() - {"linh_vuc"}
    others = (label for label in FORM.block("bieu_06a").rows if label not in {row["linh_vuc"] for row in rows})
    return Commune(place, [*rows, *({"linh_vuc": label, **dict.fromkeys(inputs, 0)} for label in others)])


def planted(communes: list[Commune]) -> dict[str, Parcel]:
    """Commune code -> parcel: the hazards one after the other, the rest sound."""
    parcels = {c.place.code: sound(c) for c in communes}
    by_name = {c.place.name: c for c in communes}
    parcels["21289"], parcels["21292"] = accents(by_name["Sơn Hà"]), accents(by_name["Sơn Hạ"])
    free = [c for c in communes if c.place.code not in ("21289", "21292")]
    for c, hazard in zip(free, HAZARDS, strict=False):
        parcels[c.place.code] = hazard(c)
    return parcels


def beside() -> dict[str, tuple[bytes, tuple[str, str]]]:
    """Files of nobody: name -> content, (status, code)."""
    elsewhere = next(p for p in PLACES.in_province("48") if p.kind == "Xã")
    stranger = Commune(elsewhere, commune(elsewhere).rows).book()
    return {
        "công văn.pdf": (b"%PDF-1.7", ("ignored", "TEP_010")),
        "~$21025_Phuong.xlsx": (b"\x05Nguyen" + bytes(158), ("ignored", "TEP_008")),
        "tỉnh khác.xlsx": (stranger, ("returned", "GOP_003")),
        "thư mục con/ảnh.png": (b"\x89PNG\r\n\x1a\n", ("ignored", "TEP_010")),
    }


def sound(c: Commune) -> Parcel:
    """Nothing is wrong: merged, no remark."""
    return Parcel({c.file: c.book()}, tiep_nhan=c.total)


def accents(c: Commune) -> Parcel:
    """The code is missing and two names differ by one accent: the name with its accents decides, and is told."""
    return Parcel({c.file: _cover(c.book(), C5=None)}, codes=("BIA_007",), tiep_nhan=c.total)


def name_without_accents(c: Commune) -> Parcel:
    """The code is missing and the name has lost its accents: nobody guesses; the code in the file's name tells whom to
    ask, and no figure counts."""
    book = _cover(c.book(), C5=None, C6="xa " + "".join(x for x in _bare(c.place.name) if x != "?"))
    outcome = {c.file: ("returned", "BIA_001")}
    return Parcel({c.file: book}, "returned", outcome, ("BIA_001",))


def sent_twice_alike(c: Commune) -> Parcel:
    """The same bytes under two names: one counts, the other is a copy."""
    copy = c.file.replace(".xlsx", " (1).xlsx")
    return Parcel({c.file: c.book(), copy: c.book()}, outcomes={copy: ("superseded", "GOP_006")}, tiep_nhan=c.total)


def sent_again_saved(c: Commune) -> Parcel:
    """The same figures saved again by another program: one counts, no contradiction."""
    copy = c.file.replace(".xlsx", " gui lai.xlsx")
    plain = _saved(c.book(), lambda book: None)
    return Parcel({c.file: plain, copy: _saved(plain, lambda book: book.properties.__setattr__("title", "x"))},
                  outcomes=_one_of(c.file, copy, "GOP_010"), tiep_nhan=c.total)  # fmt: skip


def corrected(c: Commune) -> Parcel:
    """Two contents, the names say which is later: that one counts, an error names both."""
    later = c.file.replace(".xlsx", "_ban_sua.xlsx")
    rows = _more(c.rows, 10)
    outcome = {c.file: ("superseded", "GOP_005")}
    return Parcel({c.file: c.book(), later: c.book(rows)}, outcomes=outcome, codes=("GOP_005",), tiep_nhan=_total(rows))


def corrected_by_list(c: Commune) -> Parcel:
    """Two contents, the list of incoming mail says which came later: that one counts, whatever the names say."""
    first = c.file.replace(".xlsx", "_ban_sua.xlsx")
    rows = _more(c.rows, 10)
    days = {first: RECEIVED, c.file: RECEIVED + timedelta(days=2)}
    outcome = {first: ("superseded", "GOP_001")}
    return Parcel({first: c.book(), c.file: c.book(rows)}, outcomes=outcome, tiep_nhan=_total(rows), received=days)


def last_period(c: Commune) -> Parcel:
    """The report of another period: listed, not added."""
    book = c.book(period=Period(date(2025, 4, 1), date(2025, 6, 30)))
    return Parcel({c.file: book}, "off_period", {c.file: ("off_period", "GOP_002")}, ("GOP_002",), c.total)


def closed_early(c: Commune) -> Parcel:
    """The period ends two days early, within the tolerance: added, and told."""
    book = c.book(period=Period(PERIOD.start, PERIOD.end - timedelta(days=2)))
    return Parcel({c.file: book}, outcomes={c.file: ("merged", "GOP_011")}, codes=("GOP_011",), tiep_nhan=c.total)


def no_period(c: Commune) -> Parcel:
    """No period on the cover: not added."""
    book = _cover(c.book(), C8=None, C9=None)
    return Parcel({c.file: book}, "off_period", {c.file: ("off_period", "GOP_008")}, ("GOP_008", "BIA_004"), c.total)


def both_periods(c: Commune) -> Parcel:
    """Reports of two periods from one commune: the one in period counts."""
    old = c.file.replace(".xlsx", "_quy_2.xlsx")
    outcome = {old: ("superseded", "GOP_009")}
    earlier = c.book(_more(c.rows, 5), Period(date(2025, 4, 1), date(2025, 6, 30)))
    return Parcel({c.file: c.book(), old: earlier}, outcomes=outcome, tiep_nhan=c.total)


def other_setting(c: Commune) -> Parcel:
    """Withdrawn dossiers counted among those settled: brought to the province's way, and told."""
    return Parcel({c.file: c.book(rut="trong_da_giai_quyet")}, codes=("GOP_012",), tiep_nhan=c.total)


def other_setting_unknown(c: Commune) -> Parcel:
    """The same, but how many were withdrawn is blank: added as filed, and told."""
    rows = [{k: v for k, v in row.items() if k != "rut"} for row in c.rows]
    return Parcel({c.file: c.book(rows, rut="trong_da_giai_quyet")}, codes=("GOP_004",), tiep_nhan=c.total)


def older_version(c: Commune) -> Parcel:
    """An older version of the form: read by the names and headings it shares with this one, and told."""
    book = _saved(c.book(), lambda book: _named(book, "bc_phien_ban", "2024-01"))
    return Parcel({c.file: book}, codes=("BIA_005",), tiep_nhan=c.total)


def another_form(c: Commune) -> Parcel:
    """A form that is not this one: returned."""
    book = _saved(c.book(), lambda book: _named(book, "bc_bieu", "bao_cao_quy"))
    return Parcel({c.file: book}, "returned", {c.file: ("returned", "TEP_007")}, ("TEP_007",))


def sheets_renamed_and_moved(c: Commune) -> Parcel:
    """Found by the names of the template."""

    def change(book: openpyxl.Workbook) -> None:
        book.move_sheet(GRID, 5)
        book[GRID].title = "Biểu chính thức"

    return Parcel({c.file: _saved(c.book(), change)}, tiep_nhan=c.total)


def names_lost(c: Commune) -> Parcel:
    """Names gone, as after copying sheets to a new book: found by headings, and told."""

    def change(book: openpyxl.Workbook) -> None:
        for name in list(book.defined_names):
            del book.defined_names[name]

    return Parcel({c.file: _saved(c.book(), change, values=True)}, codes=("CAU_004",), tiep_nhan=c.total)


def rows_inserted(c: Commune) -> Parcel:
    """Blank rows above and inside the table."""

    def change(book: openpyxl.Workbook) -> None:
        for name in list(book.defined_names):
            del book.defined_names[name]
        book[GRID].insert_rows(10)
        book[GRID].insert_rows(1, 3)

    return Parcel({c.file: _saved(c.book(), change, values=True)}, codes=("CAU_004",), tiep_nhan=c.total)


def column_inserted(c: Commune) -> Parcel:
    """A column of their own between the label and the figures."""

    def change(book: openpyxl.Workbook) -> None:
        for name in list(book.defined_names):
            del book.defined_names[name]
        sheet = book[GRID]
        for area in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(area))
        sheet.insert_cols(3)
        sheet["C5"] = "Ghi chú của xã"

    return Parcel({c.file: _saved(c.book(), change, values=True)}, codes=("CAU_004",), tiep_nhan=c.total)


def numbers_as_text(c: Commune) -> Parcel:
    """Read as the numbers they show, and told."""
    shown = f"{int(str(c.rows[0]['truc_tuyen'])):,}".replace(",", ".")
    return Parcel({c.file: _grid(c.book(), {ONLINE: shown})}, codes=("O_001",), tiep_nhan=c.total)


def nothing_calculated(c: Commune) -> Parcel:
    """Written by a program, never opened in Excel: formulas without results are evaluated."""
    return Parcel({c.file: _saved(c.book(), lambda book: None)}, tiep_nhan=c.total)


def section_rows(c: Commune) -> Parcel:
    """A section row with the sum of the rows below it: left out, and told; nothing counts twice."""

    def change(book: openpyxl.Workbook) -> None:
        sheet = book[GRID]
        sheet["A38"], sheet["B38"] = "", "Cộng các lĩnh vực trên"
        for column in "DEFHIJLMN":
            sheet[f"{column}38"] = 1000

    return Parcel({c.file: _saved(c.book(), change)}, codes=("CAU_006", "CAU_008"), tiep_nhan=c.total)


def hidden_sheet(c: Commune) -> Parcel:
    """The form's sheet is hidden: it counts all the same."""
    return Parcel({c.file: _saved(c.book(), lambda b: b[GRID].__setattr__("sheet_state", "hidden"))}, tiep_nhan=c.total)


def copy_of_a_sheet(c: Commune) -> Parcel:
    """A second copy of the table, kept as a draft: only the named one counts."""

    def change(book: openpyxl.Workbook) -> None:
        book.copy_worksheet(book[GRID]).title = "II.06a (2)"

    return Parcel({c.file: _saved(c.book(), change)}, tiep_nhan=c.total)


def formula_typed_over(c: Commune) -> Parcel:
    """A total typed over with another value: added as written, an error, the corrected total stands beside it."""

    def change(book: openpyxl.Workbook) -> None:
        book[GRID]["C9"] = sum(int(str(c.rows[0][k])) for k in ("truc_tuyen", "truc_tiep", "ky_truoc")) + 30

    return Parcel({c.file: _saved(c.book(), change)}, codes=("CT_001",), tiep_nhan=c.total + 30)


def link_to_another_book(c: Commune) -> Parcel:
    """An input is a formula that looks into another workbook: its stored value counts."""
    link = f'<c r="{ONLINE}"\\1><f>[1]Sheet1!$A$1</f><v>{c.rows[0]["truc_tuyen"]}</v></c>'
    pattern = rf'<c r="{ONLINE}"((?: s="\d+")?)><v>[^<]*</v></c>'
    return Parcel({c.file: _part(c.book(), "xl/worksheets/sheet2.xml", pattern, link)}, tiep_nhan=c.total)


def blank_channel(c: Commune) -> Parcel:
    """No number of one channel: the total is a lower bound, marked as such, and no error."""
    rows: Rows = [{k: v for k, v in row.items() if k != "truc_tiep"} for row in c.rows]
    return Parcel({c.file: c.book(rows)}, tiep_nhan=_total(rows), open=True)


def field_spelled_otherwise(c: Commune) -> Parcel:
    """A lĩnh vực spelled in capitals and in decomposed Unicode: the same lĩnh vực."""
    rows = [{**row, "linh_vuc": str(row["linh_vuc"])} for row in c.rows]
    spelled = unicodedata.normalize("NFD", "HỘ TỊCH")
    return Parcel({c.file: _grid(c.book(rows), {"B9": spelled})}, tiep_nhan=c.total)


def impossible_date(c: Commune) -> Parcel:
    """A date that cannot be: an error of the commune, its figures count."""
    paper = {"so_ky_hieu": "651/QĐ-UBND", "ngay": "28/7/205", "loai": "Quyết định", "trich_yeu": "Kế hoạch"}
    return Parcel({c.file: c.book(records={"van_ban": [paper]})}, codes=("O_006",), tiep_nhan=c.total)


def encrypted(c: Commune) -> Parcel:
    """A password: returned, the file's name says to whom."""
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)
    return Parcel({c.file: content}, "returned", {c.file: ("returned", "TEP_002")}, ("TEP_002",))


def web_page(c: Commune) -> Parcel:
    """A web page called .xls: returned."""
    file = c.file.replace(".xlsx", ".xls")
    return Parcel({file: b"<html><table><tr><td>1</td></tr></table></html>"}, "returned",
                  {file: ("returned", "TEP_003")}, ("TEP_003",))  # fmt: skip


def half_copied(c: Commune) -> Parcel:
    """Cut off while it was copied: returned."""
    return Parcel({c.file: c.book()[:9000]}, "returned", {c.file: ("returned", "TEP_001")}, ("TEP_001",))


def empty_file(c: Commune) -> Parcel:
    """0 bytes: returned."""
    return Parcel({c.file: b""}, "returned", {c.file: ("returned", "TEP_005")}, ("TEP_005",))


def half_copied_and_sound(c: Commune) -> Parcel:
    """A broken file beside a sound one: the commune is merged, the broken file is still listed."""
    broken = c.file.replace(".xlsx", " (2).xlsx")
    book = c.book()
    return Parcel({c.file: book, broken: book[:9000]}, outcomes={broken: ("returned", "TEP_001")},
                  codes=("TEP_001",), tiep_nhan=c.total)  # fmt: skip


def nothing_sent(c: Commune) -> Parcel:
    """Missing."""
    return Parcel({}, "missing")


def other_commune_in_it(c: Commune) -> Parcel:
    """The code is of a commune of another province: no figure counts, and the commune of the file's name is told."""
    elsewhere = next(p for p in PLACES.in_province("48") if p.kind == "Xã")
    book = _cover(c.book(), C5=elsewhere.code)
    return Parcel({c.file: book}, "returned", {c.file: ("returned", "GOP_003")}, ("GOP_003",))


HAZARDS: tuple[Callable[[Commune], Parcel], ...] = (
    name_without_accents, sent_twice_alike, sent_again_saved, corrected, corrected_by_list, last_period, closed_early,
    no_period, both_periods, other_setting, other_setting_unknown, older_version, another_form,
    sheets_renamed_and_moved, names_lost, rows_inserted, column_inserted, numbers_as_text, nothing_calculated,
    section_rows, hidden_sheet, copy_of_a_sheet, formula_typed_over, link_to_another_book, blank_channel,
    field_spelled_otherwise, impossible_date, encrypted, web_page, half_copied, empty_file, half_copied_and_sound,
    nothing_sent, other_commune_in_it,
)  # fmt: skip


def _total(rows: Rows) -> int:
    return sum(int(str(row.get(k) or 0)) for row in rows for k in ("truc_tuyen", "truc_tiep", "ky_truoc"))


def _more(rows: Rows, n: int) -> Rows:
    """The same with ``n`` more dossiers, still balanced."""
    first = {k: int(str(rows[0][k])) + n for k in ("truc_tuyen", "truoc_han")}
    return [{**rows[0], **first}, *rows[1:]]


def _one_of(one: str, other: str, code: str) -> dict[str, tuple[str, str]]:
    return {f"{one}|{other}": ("superseded", code)}


def _saved(content: bytes, change: Callable[[openpyxl.Workbook], object], values: bool = False) -> bytes:
    """The workbook changed and saved by another program; ``values``: its formulas replaced by their results."""
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=values)
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cover(content: bytes, **cells: object) -> bytes:
    def change(book: openpyxl.Workbook) -> None:
        for cell, value in cells.items():
            book["Bìa"][cell] = value

    return _saved(content, change)


def _grid(content: bytes, cells: Mapping[str, object]) -> bytes:
    def change(book: openpyxl.Workbook) -> None:
        sheet: Worksheet = book[GRID]
        for cell, value in cells.items():
            sheet[cell] = value

    return _saved(content, change)


def _named(book: openpyxl.Workbook, name: str, value: object) -> None:
    sheet, cell = next(iter(book.defined_names[name].destinations))
    book[sheet][cell.replace("$", "")] = value


def _part(content: bytes, part: str, pattern: str, replacement: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == part:
                text, n = re.subn(pattern, replacement, data.decode())
                assert n == 1, part
                data = text.encode()
            new.writestr(item, data)
    return out.getvalue()


def _bare(name: str) -> str:
    plain = unicodedata.normalize("NFD", name).replace("đ", "d").replace("Đ", "D")
    return "".join(x for x in plain if not unicodedata.combining(x))


def write(folder: Path, parcels: Mapping[str, Parcel]) -> None:
    for name, content in [
        *(f for p in parcels.values() for f in p.files.items()),
        *((n, c) for n, (c, _) in beside().items()),
    ]:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
