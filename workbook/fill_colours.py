"""The fill of a cell, as the XML of a file has it -> the colour that it shows: plain, of the theme, of the old palette.

Sources: ECMA-376 part 1, 18.8.3 (bgColor), 18.8.19 (fgColor: tint), 18.8.27 (indexedColors: the palette below).
"""

from __future__ import annotations

import re
from colorsys import hls_to_rgb, rgb_to_hls

OFFICE = (
    "FFFFFF", "000000", "EEECE1", "1F497D", "4F81BD", "C0504D", "9BBB59", "8064A2", "4BACC6", "F79646", "0000FF",
    "800080",
)  # fmt: skip
"""Colours of a theme as the attribute ``theme`` counts them: light 1, dark 1, light 2, dark 2, six accents, two links.
These are of the theme that a workbook without one has."""

_ORDER = ("lt1", "dk1", "lt2", "dk2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
_BRIGHT = ("000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF")
_INDEXED = (
    *_BRIGHT, *_BRIGHT,
    "800000", "008000", "000080", "808000", "800080", "008080", "C0C0C0", "808080",
    "9999FF", "993366", "FFFFCC", "CCFFFF", "660066", "FF8080", "0066CC", "CCCCFF",
    "000080", "FF00FF", "FFFF00", "00FFFF", "800080", "800000", "008080", "0000FF",
    "00CCFF", "CCFFFF", "CCFFCC", "FFFF99", "99CCFF", "FF99CC", "CC99FF", "FFCC99",
    "3366FF", "33CCCC", "99CC00", "FFCC00", "FF9900", "FF6600", "666699", "969696",
    "003366", "339966", "003300", "333300", "993300", "993366", "333399", "333333",
    "000000", "FFFFFF",
)  # fmt: skip
_PATTERN = re.compile(r"<patternFill\b([^>]*)>")
_FOREGROUND = re.compile(r"<fgColor\b([^>]*)>")
_ATTRIBUTE = re.compile(r"(\w+)\s*=\s*[\"']([^\"']*)")
_SCHEME = re.compile(rb"<(?:\w+:)?(\w+)>\s*<(?:\w+:)?(?:srgbClr|sysClr)\b([^>]*)>")
_VALUE = re.compile(rb"(?:lastClr|\bval)\s*=\s*[\"']([0-9A-Fa-f]{6})")


def colour_of_fill(fill: str, palette: tuple[str, ...] = OFFICE) -> str | None:
    """The colour "RRGGBB" of a fill; "-" for no fill, None for one that is not of one colour (pattern, gradient).
    ``fill``: its XML without prefix."""
    pattern = _PATTERN.search(fill)
    if pattern is None:
        return None if "gradientFill" in fill else "-"
    kind = dict(_ATTRIBUTE.findall(pattern[1])).get("patternType", "none")
    colour = _FOREGROUND.search(fill)
    if kind == "none":
        return "-"
    return of_attributes(dict(_ATTRIBUTE.findall(colour[1])), palette) if kind == "solid" and colour else None


def of_attributes(given: dict[str, str], palette: tuple[str, ...] = OFFICE) -> str | None:
    """The colour that the attributes of a colour element mean; None for one that does not exist."""
    base: str | None = None
    if "rgb" in given:
        base = given["rgb"][-6:].upper()
    elif "theme" in given:
        base = _at(palette, given["theme"])
    elif "indexed" in given:
        base = _at(_INDEXED, given["indexed"])
    return None if base is None else tinted(base, float(given.get("tint", 0)))


def tinted(colour: str, tint: float) -> str:
    """A colour made darker (-1 to 0) or lighter (0 to 1); Excel itself may differ by one of 255 steps."""
    if not tint:
        return colour
    hue, light, saturation = rgb_to_hls(*(int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4)))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return "".join(f"{round(part * 255):02X}" for part in hls_to_rgb(hue, light, saturation))


def palette_of(theme: bytes) -> tuple[str, ...]:
    """The colours of a theme part; those of Office where it names none."""
    found: dict[str, str] = {}
    for name, given in _SCHEME.findall(theme):
        if value := _VALUE.search(given):
            found.setdefault(name.decode(), value[1].decode().upper())
    return tuple(found.get(name, usual) for name, usual in zip(_ORDER, OFFICE, strict=True))


def _at(colours: tuple[str, ...], number: str) -> str | None:
    return colours[int(number)] if number.isdigit() and int(number) < len(colours) else None
