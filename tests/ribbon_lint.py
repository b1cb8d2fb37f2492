"""What is wrong with a customUI14 part, by the schema of the Open XML SDK that openxml-audit (MIT) carries.

openxml-audit itself does not look into this part. Beyond the schema: ids, callbacks, images, one key for one button.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from lxml import etree

from macros.ribbon_xml import NAMESPACE

_NAMES = """
    RemoveDuplicates PivotTableInsert FileSaveAs FileSaveAsPdfOrXps Help ControlsGallery MacroPlay DataValidation
    ClearFormats ClearAll SortDialog ConditionalFormattingMenu FilePrint RefreshAll Consolidate Spelling ReplaceDialog
    ReviewNewComment ConvertTextToTable Calculator FileNew FileOpen FunctionWizard NameManager ErrorChecking AutoSum
    FormatPainter Undo SheetInsert PropertySheet AdvancedFileProperties HyperlinkInsert ChartInsert"""
COMMON_IMAGES = frozenset(_NAMES.split())
"""Names of controls that Excel 2013, 2016, 2019 and three channels of 365 all list
(OfficeDev/office-fluent-ui-command-identifiers, MIT); 33 of 1.713."""

SCHEMA = "data/openxml/schemas/schemas_microsoft_com_office_2009_07_customui.json"
NEED_AN_ID = {"tab", "group", "button", "menu", "splitButton", "toggleButton", "gallery"}


def lint(part: bytes, images: Collection[str] = COMMON_IMAGES) -> list[str]:
    """Faults as "code where"; empty for a good part."""
    root = etree.fromstring(part)
    if root.tag != f"{{{NAMESPACE}}}customUI":
        return ["root"]
    (start,) = (t for name, t in types().items() if name.endswith("/mso14:customUI"))
    out = list(walk(root, start))
    elements = list(root.iter(f"{{{NAMESPACE}}}*"))
    for code, name in (("duplicate-id", "id"), ("duplicate-keytip", "keytip")):
        counts = Counter(e.get(name) for e in elements if e.get(name))
        out += [f"{code} {value}" for value, count in counts.items() if count > 1]
    keytips = [e.get("keytip") for e in elements if e.get("keytip") and local(e) != "tab"]
    out += [f"keytip-prefix {a}" for a in keytips if any(a != b and b.startswith(a) for b in keytips)]
    out += [f"image {e.get('imageMso')}" for e in elements if e.get("imageMso") not in {None, *images}]
    out += [f"no-action {e.get('id')}" for e in elements if local(e) == "button" and not e.get("onAction")]
    out += [
        f"no-id {local(e)}" for e in elements if local(e) in NEED_AN_ID and not {"id", "idQ", "idMso"} & {*e.attrib}
    ]
    return out


def walk(element: Any, type_: Any) -> Iterator[str]:
    allowed = {a["QName"].lstrip(":"): a for a in type_.get("Attributes", [])}
    for name, value in element.attrib.items():
        where = f"{local(element)}@{name}"
        if name not in allowed:
            yield f"attribute {where}"
            continue
        kind = allowed[name]["Type"]
        if kind.startswith("EnumValue<") and value not in enums()[kind[len("EnumValue<") : -1].split(".")[-1]]:
            yield f"enum {where}"
        if kind == "BooleanValue" and value not in ("true", "false", "0", "1"):
            yield f"boolean {where}"
        for validator in allowed[name].get("Validators", []):
            limits = {a["Name"]: a["Value"] for a in validator.get("Arguments", [])}
            if not int(limits.get("MinLength", 0)) <= len(value) <= int(limits.get("MaxLength", len(value))):
                yield f"length {where}"
    children = {c["Name"].split(":")[-1]: c["Name"] for c in type_.get("Children", [])}
    for child in element.iterchildren(etree.Element):
        if local(child) in children:
            yield from walk(child, types()[children[local(child)]])
        else:
            yield f"element {local(element)}/{local(child)}"


def local(element: Any) -> str:
    return str(etree.QName(element).localname)


@cache
def schema() -> Any:
    return json.loads((files("openxml_audit") / SCHEMA).read_text(encoding="utf-8"))


@cache
def types() -> dict[str, Any]:
    return {t["Name"]: t for t in schema()["Types"]}


@cache
def enums() -> dict[str, set[str]]:
    return {e["Name"]: {f["Value"] for f in e["Facets"]} for e in schema()["Enums"]}
