"""A register read as columns is the register read cell by cell.

Requirements
  RC01  whatever stands in the cells, columns and cells hold the same values of the same kinds, in the same rows
  RC02  a sheet that is not written in the plain way, or that others than the register ask for, is read by cells
  RC03  what is refused cell by cell is refused here too, for the same reason; nothing large is unfolded
  RC04  the report apart from its register is the same
  RC05  times of day are kept, whether or not they are asked for; near midnight rounding decides as before
  RC06  without numpy or pyarrow the same comes out, as plain values
  RC07  a form sheet reads the same, whichever of the shared texts it shows
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest
from engines import engine
from hypothesis import given, settings
from hypothesis import strategies as st
from register_books import CODE, DATE, FIELDS, FIRST, FORM, PLACES, Raw, book, changed

from toolkit.columns import Columns
from toolkit.records import Filing, Table
from workbook import held_columns, lean_package, scan_native, scan_planes
from workbook import read as reading
from workbook.asked_cells import ReadByCells
from workbook.lean_package import Lean
from workbook.package import Package
from workbook.read import read, read_apart
from workbook.register_columns import digest_dossiers
from workbook.sniff import Unreadable

pytestmark = pytest.mark.usefixtures(engine.__name__)

DAY = date(2025, 9, 8)
ENGINES = [pytest.param(scan_planes, id="planes")]
ENGINES.append(
    pytest.param(
        scan_native,
        id="native",
        marks=pytest.mark.skipif(not scan_native.there(), reason="no C compiler was there at installation"),
    )
)
_NAME_OF_ANOTHER = r'(name="bc_kien_nghi[^>]*>)(?:\'[^\']*\'|[^!<]*)!'
ODD: list[object] = [
    None,
    "",
    " ",
    "\u00a0H48 ",
    unicodedata.normalize("NFD", "Hộ tịch"),
    "a & b <c>",
    "_x000D_",
    "dòng\nhai",
    12345,
    12345.5,
    0.1 + 0.2,
    1e15,
    1e-7,
    -3,
    True,
    False,
    "45908",
    "28/07/2025 10:33",
    "31/11/2025",
    DAY,
    datetime(2025, 9, 8, 16, 59, 31),
    date(1900, 1, 5),
    Raw(' t="e"><v>#N/A</v></c>'),
    Raw(f' s="{DATE}"><v>45908.99999999</v></c>'),
    Raw(f' s="{DATE}"><v>0.5</v></c>'),
    Raw(f' s="{DATE}"><v>3000000</v></c>'),
    Raw(' t="str"><f>A1&amp;"x"</f><v>Hộ &amp; tịch</v></c>'),
    Raw("><f>1+1</f><v>2</v></c>"),
    Raw("><f>1+1</f></c>"),
    Raw(f' s="{DATE}" t="n"><v>007</v></c>'),
    Raw("></c>"),
    Raw(f' s="{CODE}" />'),
]


@pytest.fixture(autouse=True)
def short_books(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small books are read as long ones are."""
    monkeypatch.setattr(reading, "_LONG", 0)


def both(content: bytes, path: Path) -> tuple[Columns | Table | None, Table, Filing, Filing]:
    path.write_bytes(content)
    whole = read(path, FORM, PLACES)
    light, register = read_apart(content, path.name, FORM, PLACES)
    return register, whole.tables["ho_so"], light, whole


def kinds(table: Table) -> dict[str, list[type]]:
    return {field: [*map(type, cells)] for field, cells in table.columns.items()}


def check_same(content: bytes, path: Path) -> Columns:
    register, table, light, whole = both(content, path)
    assert isinstance(register, Columns)
    assert register.table() == table
    assert kinds(register.table()) == kinds(table)
    assert light._replace(tables={}) == whole._replace(tables={})
    return register


def rows(n: int, **more: object) -> dict[str, list[object]]:
    columns: dict[str, list[object]] = {field: [f"{field} {i}" for i in range(n)] for field in FIELDS}
    for field in FIELDS:
        if field.startswith("ngay"):
            columns[field] = [DAY + timedelta(i % 7) for i in range(n)]
    return columns | {field: [value] * n for field, value in more.items()}


def test_sound(tmp_path: Path) -> None:  # RC01 RC04
    register = check_same(book(rows(30)), tmp_path / "so.xlsx")
    assert len(register.rows) == 30 and len(register.columns["ngay_hen_tra"].values) == 7


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_odd_cells(odd: object, tmp_path: Path) -> None:  # RC01
    columns = rows(4)
    for i, field in enumerate(("ma_ho_so", "ngay_hen_tra", "chu_ho_so")):
        columns[field][i] = odd
    check_same(book(columns), tmp_path / "so.xlsx")


def test_gaps_and_blank_rows(tmp_path: Path) -> None:  # RC01
    columns = rows(4)
    for field in FIELDS:
        columns[field][1] = None
        columns[field][2] = "  "
    register = check_same(book(columns, rows=[FIRST, FIRST + 1, FIRST + 7, 9000]), tmp_path / "so.xlsx")
    assert register.rows.tolist() == [FIRST, 9000]


@given(seed=st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_any_cells(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:  # RC01
    dice = Random(seed)
    columns = {field: dice.choices([*ODD, "x", "Hộ tịch", DAY], k=12) for field in dice.sample(FIELDS, 9)}
    columns["ma_ho_so"] = dice.choices(["H48-1", "H48-2", *ODD], k=12)
    columns["ma_ho_so"][0] = "H48"
    numbers = sorted(dice.sample(range(FIRST, FIRST + 40), 12))
    check_same(book(columns, rows=numbers), tmp_path_factory.mktemp("so") / "so.xlsx")


def test_moments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # RC05
    monkeypatch.setattr(lean_package, "_MANY", 1)
    columns = rows(40)
    columns["ngay_tiep_nhan"] = [datetime(2025, 9, 1, 8) + timedelta(minutes=97 * i) for i in range(40)]
    columns["ngay_hen_tra"][:3] = [datetime(2025, 9, 8, 17), None, DAY]
    columns["ngay_ket_qua"][:2] = [Raw(f' s="{DATE}"><v>45908.9999999999</v></c>'), datetime(2025, 9, 8, 17)]
    columns["ngay_tra"][:2] = [datetime(2025, 9, 8, 17), Raw(f' s="{CODE}"><v>45908.5</v></c>')]
    register = check_same(book(columns), tmp_path / "so.xlsx")
    days = {field: register.columns[field].days for field in FIELDS}
    assert [f for f in FIELDS if days[f] is not None] == ["ngay_tiep_nhan", "ngay_hen_tra"]
    told = [value.toordinal() if value else 0 for value in register.columns["ngay_hen_tra"].values]
    assert told == days["ngay_hen_tra"].tolist()


@pytest.mark.parametrize(
    ("options", "sheet", "old", "new"),
    [
        ({"shared": False}, "", "", ""),
        ({}, "Hồ sơ", "<sheetData>", "<!-- --><sheetData>"),
        ({}, "Hồ sơ", "<sheetData>", "<sheetData ><!---->"),
        ({}, "Hồ sơ", "</row><row", "</row>\n<row"),
        ({}, "Hồ sơ", r'<c r="A7"( s="\d+") t="s"', r'<c t="s" r="A7"\1'),
        ({}, "Hồ sơ", r'<c r="A7"', "<c"),
        ({}, "Hồ sơ", r'(<row r="6".*?</row>)(<row r="7".*?</row>)', r"\2\1"),
        ({}, "Hồ sơ", r'(<c r="A7"[^/]*</v></c>)', r"\1\1"),
        ({}, "Hồ sơ", r'(<c r="B7"[^>]*>)<v>', r"\1<v >"),
        ({}, "Hồ sơ", r'<c r="B7"', '<c r="b7"'),
        ({}, "Hồ sơ", "<row ", "<x:row xmlns:x='urn:x' "),
        ({}, "xl/sharedStrings.xml", "<sst ", "<!-- --><sst "),
    ],
)
def test_another_way_of_writing(
    options: dict[str, bool], sheet: str, old: str, new: str, tmp_path: Path
) -> None:  # RC02
    content = book(rows(6), shared=options.get("shared", True))
    content = changed(content, sheet, old, new) if sheet else content
    try:
        register, table, light, whole = both(content, tmp_path / "so.xlsx")
    except Unreadable as fault:
        with pytest.raises(Unreadable) as again:
            read_apart(content, "so.xlsx", FORM, PLACES)
        assert again.value.code == fault.code
        return
    assert isinstance(register, Table) and register == table
    assert light._replace(tables={}) == whole._replace(tables={})


@pytest.mark.parametrize(
    "item",
    [
        "<r><t>Hộ </t></r><r><t>tịch</t></r>",
        '<r><t xml:space="preserve">Hộ </t></r><r><t> tịch</t></r>',
        "<t> Hộ tịch </t>",
        '<t xml:space="preserve"> Hộ tịch </t>',
        "<t>\u00a0Hộ tịch</t>",
        "<t/>",
        "<t></t>",
        "<t>Hộ &#32;&quot;tịch&quot;</t><phoneticPr fontId='1'/>",
        '<t xml:space="default"> Hộ tịch</t>',
    ],
)
@pytest.mark.parametrize("rich_elsewhere", [False, True])
def test_shared_texts(item: str, rich_elsewhere: bool, tmp_path: Path) -> None:  # RC01
    content = changed(book(rows(6)), "xl/sharedStrings.xml", r"<si><t[^>]*>linh_vuc 3</t></si>", f"<si>{item}</si>")
    if rich_elsewhere:
        rich = "<si><r><t>linh_vuc 4</t></r></si>"
        content = changed(content, "xl/sharedStrings.xml", r"<si><t[^>]*>linh_vuc 4</t></si>", rich)
    check_same(content, tmp_path / "so.xlsx")


def test_a_renamed_sheet(tmp_path: Path) -> None:  # RC02
    content = changed(book(rows(6)), "xl/workbook.xml", "Hồ sơ", "Trang 7")
    register, table, _, _ = both(content, tmp_path / "so.xlsx")
    assert isinstance(register, Columns) and register.table() == table


def test_names_of_another_block(tmp_path: Path) -> None:  # RC02
    """Names of another block that lead to the register's sheet: all of it is looked at."""
    content = changed(book(rows(130)), "xl/workbook.xml", _NAME_OF_ANOTHER, r"\1'Hồ sơ'!")
    register, table, light, whole = both(content, tmp_path / "so.xlsx")
    assert isinstance(register, Table) and register == table
    assert light.tables["kien_nghi"] == whole.tables["kien_nghi"] and len(light.tables["kien_nghi"].rows) > 100


def test_another_sheet_has_the_title(tmp_path: Path) -> None:  # RC02
    content = book(rows(6))
    for old, new in (('name="Hồ sơ"', 'name="Trang 7"'), ('name="Kiểm tra"', 'name="Hồ sơ"'), ("bc_ho_so", "xx_ho_so")):
        content = changed(content, "xl/workbook.xml", old, new)
    register, table, _, _ = both(content, tmp_path / "so.xlsx")
    assert isinstance(register, Table) and register == table and table.sheet == "Trang 7"


@pytest.mark.parametrize(
    "cell",
    [
        '<row r="200000"><c r="XFD200000"><v>1</v></c></row>',
        '<row r="200000"><c r="XFD200000"><f>1</f></c></row>',
        '<row r="200"><c r="B200"><v>zwölf</v></c></row>',
        '<row r="200"><c r="P200"><v>1e</v></c></row>',
        '<row r="200"><c r="P200" t="s"><v>999999</v></c></row>',
        '<row r="200"><c r="B200" t="e"><v>Err:502</v></c></row>',
        '<row r="200"><c r="P200" t="e"><v>Err:502</v></c></row>',
        '<row r="200"><c r="P200" t="e"><v>#N/A</v></c></row>',
        '<row r="200"><c r="P200" t="s"><v>1</v></c></row',
        '<row r="200"><c r="P200" t="b"><v>x</v></c></row>',
        '<row r="200"><c r="P200" t="str"><v>&bad;</v></c></row>',
        '<row r="200"><c r="P200" t="str"><v>1&#48;</v></c></row>',
        '<row r="abc"><c r="P200"><v>1</v></c></row>',
        f'<row r="200"><c r="P200" s="{DATE}"><v>-1e17</v></c></row>',
        "<row",
    ],
)
def test_refused_alike(cell: str, tmp_path: Path) -> None:  # RC03
    content = book(rows(6), after=cell)
    path = tmp_path / "so.xlsx"
    path.write_bytes(content)

    def outcome(apart: bool) -> object:
        try:
            if not apart:
                return read(path, FORM, PLACES).tables["ho_so"]
            register = read_apart(content, path.name, FORM, PLACES)[1]
            return register.table() if isinstance(register, Columns) else register
        except Unreadable as fault:
            return fault.code, tuple(fault.fields.items())

    assert outcome(apart=True) == outcome(apart=False)


def test_a_sheet_may_show_texts_that_stand_behind_those_of_the_first_rows() -> None:  # RC07
    content = book({"ma_ho_so": [f"H51.{i:05}" for i in range(300)]})
    last = Package(content, "so.xlsx").part("xl/sharedStrings.xml").count(b"<si>") - 1
    content = changed(content, "Kiểm tra", r't="s"><v>\d+', f't="s"><v>{last}')
    lean = Lean(content, "so.xlsx", FORM, FORM.block("ho_so"))

    rows = lean.values("Kiểm tra")

    assert rows == Package(content, "so.xlsx").values("Kiểm tra")
    assert any("H51.00299" in row for row in rows)


def test_a_register_may_show_a_text_as_the_result_of_a_formula() -> None:  # RC07
    codes = [f"H51.{i:05}" for i in range(300)]
    content = changed(book({"ma_ho_so": codes}), "Hồ sơ", r't="s"><v>', r't="s"><f>A1</f><v>')

    _, columns = Lean(content, "so.xlsx", FORM, FORM.block("ho_so")).register()

    assert columns.columns["ma_ho_so"].values == codes


def test_a_register_without_shared_texts_in_its_first_rows(tmp_path: Path) -> None:  # RC07
    codes = [f"H51.{i:05}" for i in range(300)]
    written = [Raw(f' t="str"><v>{code}</v></c>') if i < 120 else code for i, code in enumerate(codes)]
    content = changed(book({"ma_ho_so": written}), "Hồ sơ", r' t="s"><v>\d+</v>(?=.*<row r="5")', ' t="str"><v>x</v>')

    assert [*check_same(content, tmp_path / "so.xlsx").columns["ma_ho_so"].cells()] == codes


@pytest.mark.parametrize("name", ["xl/styles.xml", "xl/sharedStrings.xml"])
def test_a_part_packed_in_another_way_is_for_calamine_to_judge(name: str) -> None:  # RC03
    content = packed_again(book(rows(40)), lambda part: (part, ZIP_LZMA if part == name else ZIP_DEFLATED))
    with pytest.raises(ReadByCells):
        Lean(content, "so.xlsx", FORM, FORM.block("ho_so"))


def test_the_texts_are_found_however_their_part_is_spelt(tmp_path: Path) -> None:  # RC07
    content = book({"ma_ho_so": [f"H51.{i:05}" for i in range(300)]})
    check_same(
        packed_again(content, lambda part: (part.replace("sharedS", "SharedS"), ZIP_DEFLATED)), tmp_path / "so.xlsx"
    )


@pytest.mark.parametrize(("place", "value"), [(8, 99), (20, 1)], ids=["members here", "comment"])
def test_an_archive_with_a_contradiction_at_its_end_is_read_by_cells(place: int, value: int) -> None:  # RC03
    content = bytearray(book(rows(40)))
    content[content.rindex(b"PK\5\6") + place] = value
    with pytest.raises(ReadByCells):
        Lean(bytes(content), "so.xlsx", FORM, FORM.block("ho_so"))


def packed_again(content: bytes, how: Callable[[str], tuple[str, int]]) -> bytes:
    """``how``: the name and the packing of each part."""
    stream = BytesIO()
    with ZipFile(BytesIO(content)) as given, ZipFile(stream, "w") as packed:
        for part in given.namelist():
            name, method = how(part)
            packed.writestr(name, given.read(part), method)
    return stream.getvalue()


def test_a_sheet_on_the_part_of_the_register_is_read_by_cells() -> None:  # RC02
    content = changed(book(rows(40)), "xl/workbook.xml", r'(name="Văn bản"[^>]*r:id=")rId\d+', r"\1rId7")
    with pytest.raises(ReadByCells):
        Lean(content, "so.xlsx", FORM, FORM.block("ho_so"))


def test_no_dossier(tmp_path: Path) -> None:
    register, table, _, _ = both(book({}), tmp_path / "so.xlsx")
    assert register is None and not table.rows


@pytest.mark.parametrize("missing", ["numpy", "pyarrow"])
def test_without_a_library(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:  # RC06
    content = book(rows(30, trang_thai="Đang xử lý"))
    light, register = read_apart(content, "so.xlsx", FORM, PLACES)
    assert register is not None
    full, found = digest_dossiers(FORM, light, register, date(2025, 12, 1), every=True)
    load = lean_package.library

    def library(name: str) -> object:
        if name == missing:
            raise ReadByCells
        return load(name)

    monkeypatch.setattr(lean_package, "library", library)
    monkeypatch.setattr(held_columns, "library", library)
    light_again, register = read_apart(content, "so.xlsx", FORM, PLACES)
    assert register is not None and light_again == light
    assert isinstance(register, Table) is (missing == "numpy")
    plain, found_again = digest_dossiers(FORM, light, register, date(2025, 12, 1), every=True)
    assert found_again == found
    assert {n: c.to_pylist() for n, c in full.columns.items()} == {n: [*c] for n, c in plain.columns.items()}
    assert full.codes.to_pylist() == [*plain.codes] and len(plain.codes) == 30
