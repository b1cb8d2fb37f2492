"""The LibreOffice extension, from the tables of buttons and functions: one .oxt file. The same sources, the same bytes.

It brings the toolkit along, with XlsxWriter and the few files of xlwings that it needs, and runs under LibreOffice's
own Python: no pandas, no compiled package. Menu, toolbar and functions come from the tables of the Excel add-in.
"""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import xlsx_templates
from macros import calc_functions
from macros.buttons import BUTTONS, GROUPS, TAB_LABEL, Button
from macros.udfs import FUNCTIONS
from toolkit.wording import finding
from workbook.files import Refused, write

SUFFIX = ".oxt"
FILE_NAME = f"tthc{SUFFIX}"
IDENTIFIER = "vn.tthc.baocaoxa"
VERSION = "0.1.0"
PROTOCOL = "vn.tthc:"
"""A command is this and the id of a button."""

ON_TOOLBAR = ("grpKiemTra", "grpHoSo", "grpTroGiup")
"""Groups of the toolbar, which shows words and has no room for all; the menu has every button."""

_HERE = Path(__file__).parent
_OURS = ("toolkit", "workbook", "macros", "xlsx_templates")
_LEFT_OUT = ("vba", "libreoffice", "__pycache__")
_SUFFIXES = (".py", ".toml", ".csv", ".md", ".html", ".png")
_XLWINGS = (
    "__init__.py",
    "base_classes.py",
    "constants.py",
    "main.py",
    "utils.py",
    "conversion/__init__.py",
    "conversion/framework.py",
    "conversion/standard.py",
)
_CALC = "com.sun.star.sheet.SpreadsheetDocument"
_SCHEMA = 'xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
_CONFIGURATION = "application/vnd.sun.star.configuration-data"
_KINDS = {
    "XFunctions.idl": "application/vnd.sun.star.uno-typelibrary;type=RDB",
    "component.py": "application/vnd.sun.star.uno-component;type=Python",
    "Addons.xcu": _CONFIGURATION,
    "CalcAddIns.xcu": _CONFIGURATION,
    "CalcWindowState.xcu": _CONFIGURATION,
    "ProtocolHandler.xcu": _CONFIGURATION,
}


def build(out: Path) -> Path:
    """Writes the extension. Raises ``Refused``: CD_015 without xlwings or XlsxWriter, of which it carries files; CD_014
    for a name that LibreOffice would not take for an extension."""
    if out.suffix.lower() != SUFFIX:
        raise Refused(finding("CD_014", tep=out.name))
    write(out, extension())
    return out


def extension() -> bytes:
    """The .oxt file. Raises ``Refused`` as ``build`` does."""
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, content in sorted(parts().items()):
            archive.writestr(ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, ZIP_DEFLATED)
    return stream.getvalue()


def parts() -> dict[str, bytes]:
    """The files of the extension. Raises ``Refused`` as ``build`` does."""
    texts = {
        "description.xml": description(),
        "META-INF/manifest.xml": manifest(),
        "XFunctions.idl": calc_functions.idl(),
        "Addons.xcu": addons(),
        "CalcAddIns.xcu": calc_addins(),
        "CalcWindowState.xcu": window_state(),
        "ProtocolHandler.xcu": protocol_handler(),
    }
    files = {"component.py": _HERE / "libreoffice" / "component.py", **dict(_bundled())}
    return {name: text.encode() for name, text in texts.items()} | {n: p.read_bytes() for n, p in files.items()}


def description() -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<description xmlns="http://openoffice.org/extensions/description/2006" '
        'xmlns:xlink="http://www.w3.org/1999/xlink">\n'
        f' <identifier value="{IDENTIFIER}"/>\n <version value="{VERSION}"/>\n'
        f' <display-name><name lang="vi">{TAB_LABEL}</name><name lang="en">{TAB_LABEL}</name></display-name>\n'
        "</description>\n"
    )


def manifest() -> str:
    entries = "\n".join(
        f' <manifest:file-entry manifest:media-type="{kind}" manifest:full-path="{name}"/>'
        for name, kind in _KINDS.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">\n{entries}\n</manifest:manifest>\n'
    )


def addons() -> str:
    """The menu with every button, and the toolbar."""
    shown = [b for b in BUTTONS if b.group in ON_TOOLBAR]
    menu = _node("vn.tthc.menu", _prop("Title", TAB_LABEL), _prop("Context", _CALC), _set("Submenu", _items(BUTTONS)))
    toolbar = _node("vn.tthc.toolbar", _items(shown))
    return _data("Addons", _set("AddonUI", _set("OfficeMenuBar", menu), _set("OfficeToolBar", toolbar)))


def calc_addins() -> str:
    """The functions and their help, so that Calc knows them before it loads any Python."""
    functions = []
    for name, f in FUNCTIONS.items():
        arguments = (
            _node(calc_functions.spelt(a.name), _prop("DisplayName", a.name), _prop("Description", a.help))
            for a in f.arguments
        )
        functions.append(
            _node(
                calc_functions.method(name),
                _prop("DisplayName", name),
                _prop("Description", f.help),
                _prop("Category", "Add-In", translated=False),
                _prop("CompatibilityName", name),
                _set("Parameters", *arguments),
            )
        )
    return _data("CalcAddIns", _set("AddInInfo", _node("vn.tthc.Functions", _set("AddInFunctions", *functions))))


def window_state() -> str:
    """What the toolbar is called, and that it is there from the start."""
    state = _node(
        "private:resource/toolbar/addon_vn.tthc.toolbar",
        _prop("UIName", TAB_LABEL),
        '<prop oor:name="Visible"><value>true</value></prop>',
        '<prop oor:name="Docked"><value>true</value></prop>',
        '<prop oor:name="DockPos"><value>0,9</value></prop>',
    )
    return _data("CalcWindowState", _set("UIElements", _set("States", state)), package="org.openoffice.Office.UI")


def protocol_handler() -> str:
    protocols = f'<prop oor:name="Protocols" oor:type="oor:string-list"><value>{PROTOCOL}*</value></prop>'
    return _data("ProtocolHandler", _set("HandlerSet", _node("vn.tthc.Buttons", protocols)))


def _bundled() -> Iterator[tuple[str, Path]]:
    """Name in the extension and file: the toolkit, the handbook, what we need of xlwings with its licence."""
    root = _HERE.parent
    for package in _OURS:
        folder = Path(xlsx_templates.__file__).parent if package == "xlsx_templates" else root / package
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if path.suffix in _SUFFIXES and not set(inside.parts) & {*_LEFT_OUT}:
                yield f"pythonpath/{package}/{inside.as_posix()}", path
    yield from (
        (f"pythonpath/{path.name}", path) for path in sorted((_HERE / "libreoffice" / "pythonpath").glob("*.py"))
    )
    handbook = root / "docs" / "so_tay"
    yield from (
        (f"pythonpath/macros/so_tay/{path.relative_to(handbook).as_posix()}", path)
        for path in sorted(handbook.rglob("*"))
        if path.suffix in _SUFFIXES
    )
    yield from _library("xlwings", _XLWINGS)
    yield from _library("xlsxwriter", ("*.py",))


def _library(name: str, patterns: Iterable[str]) -> Iterator[tuple[str, Path]]:
    """Files of an installed package that is plain Python, with its licence. Raises ``Refused`` (CD_015)."""
    found = importlib.util.find_spec(name)
    folder = Path(found.origin).parent if found and found.origin else None
    licence = folder and next(folder.parent.glob(f"{name}-*.dist-info/**/LICENSE.txt"), None)
    if folder is None or licence is None:
        raise Refused(finding("CD_015", goi=name))
    for pattern in patterns:
        yield from ((f"pythonpath/{name}/{p.relative_to(folder).as_posix()}", p) for p in sorted(folder.glob(pattern)))
    yield f"pythonpath/{name}/LICENSE.txt", licence


def _items(buttons: tuple[Button, ...] | list[Button]) -> str:
    """Entries of a menu or a toolbar, a line between two groups."""
    entries: list[str] = []
    for group in GROUPS:
        some = [b for b in buttons if b.group == group.id]
        if entries and some:
            entries.append(_prop("URL", "private:separator", translated=False))
        for b in some:
            entries.append(
                _prop("URL", PROTOCOL + b.id, translated=False)
                + _prop("Title", b.label)
                + _prop("Target", "_self", translated=False)
                + _prop("Context", _CALC, translated=False)
            )
    return "".join(_node(f"m{number:02}", entry) for number, entry in enumerate(entries, 1))


def _data(name: str, *content: str, package: str = "org.openoffice.Office") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<oor:component-data {_SCHEMA} oor:name="{name}" oor:package="{package}">\n'
        f"{''.join(content)}\n</oor:component-data>\n"
    )


def _set(name: str, *content: str) -> str:
    return f'<node oor:name="{name}">{"".join(content)}</node>'


def _node(name: str, *content: str) -> str:
    return f'<node oor:name={quoteattr(name)} oor:op="replace">{"".join(content)}</node>\n'


def _prop(name: str, value: str, translated: bool = True) -> str:
    """A text; the interface may be Vietnamese or English, the words are Vietnamese."""
    languages = (' xml:lang="en-US"', ' xml:lang="vi"') if translated else ("",)
    values = "".join(f"<value{language}>{escape(value)}</value>" for language in languages)
    return f'<prop oor:name="{name}" oor:type="xs:string">{values}</prop>'
