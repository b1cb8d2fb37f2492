"""The LibreOffice extension is what its tables say, brings all that it needs, and works in a live LibreOffice.

Requirements
  OX01  two builds have the same bytes; without xlwings the person is told
  OX02  the menu has every button once, in the order and with the words of the table; the toolbar some of them
  OX03  every part that the manifest names is there; every function is declared with its help
  OX04  under a Python without pandas, numpy, openpyxl and calamine the buttons and functions load from the extension
        alone, and make a template; what would read a closed workbook says that it cannot
  OX05  LibreOffice (no screen): each button runs without a fault; checking paints and lists; all is taken back by one
        undo of LibreOffice each; functions compute in cells as they do in Python
  OX06  nothing of the open workbook's folder, where LibreOffice was started, is imported
  OX07  what LibreOffice loads first is Python 3.6, so that an old one can say that it is too old
  OX08  a blank cell that Calc hands over as 0 is a blank, unless 0 means something there
  OX09  a cell that computes a day shows a day: by itself or a column at once, taken back by the undo that takes the
        formula back; not one that has a format of its own, computes more than that, or was merely opened
  OX10  where files cannot be read by ourselves LibreOffice reads the last workbook, unseen, unchanged, and closes it
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from office import run

from macros import calc_functions, oxt
from macros.buttons import BUTTONS, GROUPS
from macros.cli import main
from macros.self_test import REPORT, WORDS
from macros.udfs import FUNCTIONS
from toolkit.wording import LIST_SHEET, LOG_SHEET
from workbook.demo import published_reports
from workbook.files import Refused
from workbook.forms import load_form, load_places
from workbook.jobs import new

pytest.importorskip("xlwings", reason="the extra excel is not installed")

DRIVER = Path(__file__).parent / "oxt_in_office.py"
OFFICE_PYTHON = "/usr/bin/python3"
OOR = "{http://openoffice.org/2001/registry}"
MANIFEST = "{http://openoffice.org/2001/manifest}"
HOSTILE = ("pandas", "toolkit", "workbook", "macros", "xlwings", "python_calamine", "tomllib", "xlsx_templates")
WRONG = "34,15"  # row and column, from 0, of the total received by the one-door system: P35
FORMULAS = {
    '=XA_HAN_TRA("22/9/2025"; 5)': 45929.0,  # 29/9/2025
    '=XA_SO("5.676")': 5676.0,
    "=XA_TY_LE(0; 4)": 0.0,
    '=XA_CHUAN_HOA("  Đất   đai ")': "Đất đai",
    '=XA_NGAY_QUA_HAN("22/9/2025"; Z99; "30/9/2025")': 6.0,
    '=SUM(XA_SO({"1.000"|"2.000"}))': 3000.0,
}

DAY = '=XA_HAN_TRA("22/9/2025"; 5)'


@pytest.fixture(scope="module")
def extension(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("oxt") / oxt.FILE_NAME
    assert main(["addin", "build", "--libreoffice", "-o", str(out)]) == 0
    return out


def test_same_bytes(extension: Path) -> None:  # OX01
    assert extension.read_bytes() == oxt.extension()


def test_no_xlwings__error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # OX01
    monkeypatch.setattr(oxt.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Refused) as refused:
        oxt.build(tmp_path / "x.oxt")
    assert [f.code for f in refused.value.findings] == ["CD_015"]
    assert not (tmp_path / "x.oxt").exists()


@pytest.mark.parametrize("name", ["c.xlam", "c", "c.oxt.zip"])
def test_another_suffix__error(tmp_path: Path, name: str) -> None:  # OX01
    with pytest.raises(Refused) as refused:
        oxt.build(tmp_path / name)
    assert [f.code for f in refused.value.findings] == ["CD_014"]
    assert not list(tmp_path.iterdir())
    assert oxt.build(tmp_path / "C.OXT").is_file()


def test_menu_has_every_button(extension: Path) -> None:  # OX02
    root = ElementTree.fromstring(part(extension, "Addons.xcu"))
    menu, toolbar = (entries(root, name) for name in ("OfficeMenuBar", "OfficeToolBar"))
    assert [e for e in menu if e] == [(f"vn.tthc:{b.id}", b.label) for b in BUTTONS]
    assert menu.count(()) == len(GROUPS) - 1 and menu[0] and menu[-1]
    assert [e for e in toolbar if e] == [e for e, b in zip(filter(None, menu), BUTTONS, strict=True) if on_bar(b)]


def test_manifest_names_what_is_there(extension: Path) -> None:  # OX03
    manifest = ElementTree.fromstring(part(extension, "META-INF/manifest.xml"))
    named = [entry.get(f"{MANIFEST}full-path", "") for entry in manifest]
    names = ZipFile(extension).namelist()
    assert {n for n in names if "/" not in n} == {*named, "description.xml"}
    assert named.index("XFunctions.idl") < named.index("component.py")
    for name in named:
        if name.endswith(".xcu"):
            ElementTree.fromstring(part(extension, name))


def test_functions_are_declared(extension: Path) -> None:  # OX03
    text = part(extension, "CalcAddIns.xcu").decode()
    idl = part(extension, "XFunctions.idl").decode()
    assert len(FUNCTIONS) > 10
    for name, function in FUNCTIONS.items():
        assert f">{name}<" in text and f" {calc_functions.method(name)}(" in idl
        assert calc_functions.function(calc_functions.method(name)) is function
    assert "_" not in idl


def test_loads_alone(extension: Path, tmp_path: Path) -> None:  # OX04
    ZipFile(extension).extractall(tmp_path)
    assert "BSD 3-clause" in (tmp_path / "pythonpath" / "xlwings" / "LICENSE.txt").read_text(encoding="utf-8")
    missing = {"pandas", "numpy", "openpyxl", "_python_calamine", "lxml", "uno"}
    program = f"""
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {missing}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
sys.path[:] = [p for p in sys.path if "-packages" not in p] + [{str(tmp_path / "pythonpath")!r}]
from macros.light_xlwings import load
load()
from macros import calc_functions, ribbon
from workbook.forms import load_form, load_places
from workbook.sniff import Unreadable
assert ribbon.HANDLERS and load_form() and load_places()
print(calc_functions.call("xaSo", ("5.676",)))
try:
    from workbook.package import Package
    Package(open({str(workbook(tmp_path))!r}, "rb").read(), "x.xlsx")
except Unreadable as told:
    print(told.code)
from datetime import date
from pathlib import Path
from toolkit.records import Period
from workbook.jobs import new
period = Period(date(2025, 7, 1), date(2025, 9, 25))
print(new(load_form(), load_places(), "21061", period, Path({str(tmp_path / "moi.xlsx")!r})).name)
print(sorted({{m.partition(".")[0] for m in sys.modules}} & {missing}))
"""
    done = subprocess.run([sys.executable, "-I", "-B", "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.split("\n") == ["((5676.0,),)", "LO_001", "moi.xlsx", "[]", ""], done.stderr


@pytest.mark.office
def test_merging_is_refused_there(extension: Path, tmp_path: Path) -> None:  # OX04
    if not shutil.which(OFFICE_PYTHON) or subprocess.run([OFFICE_PYTHON, "-c", "import uno"], check=False).returncode:
        pytest.skip("LibreOffice's Python is not installed")
    ZipFile(extension).extractall(tmp_path)
    program = """
import sys
sys.path.append(sys.argv[1])
from macros import office
class Document:
    supportsService = staticmethod(lambda name: True)
class Frame:
    class Controller:
        Model = Document
told = []
office.Office.tell = lambda desk, box: told.append(box.serious)
print(bool(office.press(None, Frame, "btnGop")), told, office.press(None, Frame, "btnLa"))
"""
    done = run([OFFICE_PYTHON, "-B", "-c", program, str(tmp_path / "pythonpath")], Path("/"))
    assert done == "True [True] \n"


def test_loader_speaks_old_python(extension: Path) -> None:  # OX07
    tree = ast.parse(part(extension, "component.py"), feature_version=(3, 6))
    imported = {a.name for node in tree.body if isinstance(node, ast.Import) for a in node.names}
    imported |= {node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)}
    assert not {name.partition(".")[0] for name in imported} & {"macros", "workbook", "toolkit", "xlwings"}


@pytest.mark.parametrize(
    ("method", "cells", "found"),
    [
        ("xaNgayQuaHan", ("22/9/2025", 0.0, "30/9/2025"), ((6.0,),)),
        ("xaTyLe", (0.0, 4.0), ((0.0,),)),
        ("xaSo", ((("1.000",), ("2.000",)),), ((1000.0,), (2000.0,))),
        ("xaDem", ((("a",), ("b",)), "a", (("x",), ("y",)), 0.0, None, None, None, None), ((1.0,),)),
    ],
)
def test_blank_cells(method: str, cells: tuple[Any, ...], found: object) -> None:  # OX08
    assert calc_functions.call(method, cells) == found


@pytest.fixture(scope="module")
def pressed(extension: Path) -> Iterator[dict[str, Any]]:
    """What became of a workbook in LibreOffice; ``imported``: what of its folder was run; ``faults``: our logs."""
    if not all(map(shutil.which, ("soffice", "unopkg", OFFICE_PYTHON))):
        pytest.skip("LibreOffice or its Python is not installed")
    folder = Path(tempfile.mkdtemp(prefix="tthc-oxt-"))  # pytest's own folders are for one user only
    try:
        papers, temporary = folder / "so", folder / "tmp"
        papers.mkdir()
        temporary.mkdir()
        book = workbook(papers)
        before = book.read_bytes()
        for name in HOSTILE:
            (papers / f"{name}.py").write_text(f"open({str(folder / 'imported')!r}, 'a').write('{name} ')\n")
        shutil.copy(extension, folder)
        ZipFile(extension).extractall(folder / "oxt")
        ask = {"press": [b.id for b in ORDER], "formulas": [*FORMULAS], "watch": "II.06a", "day": DAY}
        (folder / "ask.json").write_text(json.dumps(ask), encoding="utf-8")
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o777)
        start = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
        start += ["env", f"HOME={folder}", f"TMPDIR={temporary}"]
        profile = f"-env:UserInstallation={(folder / 'lo').as_uri()}"
        run([*start, "unopkg", "add", "-s", "-f", profile, str(folder / extension.name)], Path("/"))
        found = json.loads(run([*start, OFFICE_PYTHON, "-B", str(DRIVER), str(folder), str(book)], Path("/")))
        imported = folder / "imported"
        found["untouched"] = book.read_bytes() == before
        found["imported"] = imported.read_text() if imported.exists() else ""
        found["faults"] = [log.read_text(encoding="utf-8") for log in temporary.rglob("nhat_ky.log")]
        found["report"] = (temporary / REPORT).read_text(encoding="utf-8-sig")
        yield found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


FIRST = ("btnKiemTra", "btnLoiSau")
ORDER = [*(b for i in FIRST for b in BUTTONS if b.id == i), *(b for b in BUTTONS if b.id not in FIRST)]


@pytest.mark.office
def test_no_button_fails(pressed: dict[str, Any]) -> None:  # OX05
    assert len(pressed["steps"]) == len(BUTTONS)
    assert pressed["faults"] == []


@pytest.mark.office
def test_check_paints_and_lists(pressed: dict[str, Any]) -> None:  # OX05
    checked, jumped = pressed["steps"][:2]
    assert checked["sheets"][-2:] == [LIST_SHEET, LOG_SHEET]
    assert checked["cells"][WRONG][0] == "5676"
    assert checked["cells"][WRONG][1] != pressed["undone"]["cells"][WRONG][1]
    assert jumped["at"] == "$'II.06a'.$P$35"


@pytest.mark.office
def test_libreoffice_takes_it_back(pressed: dict[str, Any]) -> None:  # OX05
    assert LIST_SHEET not in pressed["undone"]["sheets"] and LOG_SHEET not in pressed["undone"]["sheets"]
    assert pressed["undone"]["cells"][WRONG][0] == "5676"
    assert 0 < len(pressed["titles"]) <= len(BUTTONS)


@pytest.mark.office
def test_functions_compute_in_cells(pressed: dict[str, Any]) -> None:  # OX05
    assert dict(zip(FORMULAS, pressed["cells"], strict=True)) == FORMULAS


@pytest.mark.office
def test_self_test_has_no_false_alarm(pressed: dict[str, Any]) -> None:  # OX05
    lines = pressed["report"].splitlines()
    assert [line for line in lines if line.startswith("[CHƯA ĐẠT]")] == []
    assert any(re.search(rf"{WORDS['office']}: \d+\.\d+\S* \(\S+\)$", line) for line in lines), lines


@pytest.mark.office
def test_a_new_workbook_begins_with_the_last(pressed: dict[str, Any]) -> None:  # OX10
    begun = pressed["begun"]
    assert begun["made"] and begun["codes"][0] == "KT_001" and begun["refused"] == ["KT_009"]
    assert begun["opened"] == [1, 1] and pressed["untouched"]


@pytest.mark.office
def test_days_are_shown_as_days(pressed: dict[str, Any]) -> None:  # OX09
    shown = {"A1": "29/09/2025", "B1": "45928", "C1": "45929", "E1": "29/09/2025", "E3": "29/09/2025"}
    assert pressed["days"]["shown"] == shown
    assert pressed["days"]["steps"] == 4  # one for each formula
    assert pressed["days"]["undone"] == ["", 0]
    assert pressed["days"]["redone"] == ["29/09/2025", True]
    assert pressed["days"]["opened"] == "45929"


@pytest.mark.parametrize(
    ("formula", "day"),
    [
        ("=VN.TTHC.FUNCTIONS.XAHANTRA(A1;5)", True),
        ("{=vn.tthc.Functions.xaNgay(A1:A9)}", True),
        ('=VN.TTHC.FUNCTIONS.XANGAY("29/9/2025)")', True),
        ("=VN.TTHC.FUNCTIONS.XAHANTRA(VN.TTHC.FUNCTIONS.XANGAY(A1);(5))", True),
        ("=VN.TTHC.FUNCTIONS.XAHANTRA(A1;5)-VN.TTHC.FUNCTIONS.XANGAY(A2)", False),
        ("=VN.TTHC.FUNCTIONS.XANGAYLAMVIEC(A1;A2)", False),
        ("=1+VN.TTHC.FUNCTIONS.XAHANTRA(A1;5)", False),
        ("=XA_KHAC(A1)", False),
        ("=VN.TTHC.FUNCTIONS.XAHANTRA(A1", False),
        ("", False),
    ],
)
def test_which_formulas_give_a_day(formula: str, day: bool) -> None:  # OX09
    assert calc_functions.gives_a_day(formula) is day


def test_which_functions_give_days() -> None:  # OX09
    shown = {name for name, f in FUNCTIONS.items() if any(re.fullmatch(r"\d+/\d+/\d{4}", v) for _, v in f.examples)}
    assert shown == calc_functions.GIVE_DAYS
    assert all(calc_functions.gives_days(calc_functions.method(name)) == (name in shown) for name in FUNCTIONS)


@pytest.mark.office
def test_folder_of_the_workbook_is_not_searched(pressed: dict[str, Any]) -> None:  # OX06
    assert pressed["imported"] == ""


def workbook(folder: Path) -> Path:
    """The published report of Vạn Tường, with its two misprints."""
    form, places = load_form(), load_places()
    report = published_reports(form)[0]
    return new(form, places, report.commune, report.period, folder / "van_tuong.xlsx", report.data)


def part(file: Path, name: str) -> bytes:
    with ZipFile(file) as archive:
        return archive.read(name)


def entries(root: ElementTree.Element, bar: str) -> list[tuple[str, str] | tuple[()]]:
    """Address and Vietnamese title of each entry; () for a separator."""
    found: list[tuple[str, str] | tuple[()]] = []
    top = next(node for node in root.iter("node") if node.get(f"{OOR}name") == bar)
    for node in top.iter("node"):
        values = {
            prop.get(f"{OOR}name"): value.text or "" for prop in node.findall("prop") for value in prop.findall("value")
        }
        if "URL" in values:
            found.append(() if values["URL"] == "private:separator" else (values["URL"], values["Title"]))
    return found


def on_bar(button: Any) -> bool:
    return button.group in oxt.ON_TOOLBAR
