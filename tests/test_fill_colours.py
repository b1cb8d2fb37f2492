"""The colour that a fill shows.

Requirements
  FC01  plain, themed and indexed colours; no fill; what is of several colours is none
  FC02  tints are those that Excel shows, one step of 255 apart at most
  FC03  a theme is read whatever its prefix; where it names no colour, that of Office counts
"""

from __future__ import annotations

import pytest

from workbook.fill_colours import OFFICE, colour_of_fill, palette_of, tinted


def solid(colour: str) -> str:
    return f'<fill><patternFill patternType="solid"><fgColor {colour}/><bgColor indexed="64"/></patternFill></fill>'


@pytest.mark.parametrize(
    ("fill", "expected"),
    [
        ("<fill/>", "-"),
        ('<fill><patternFill patternType="none"/></fill>', "-"),
        ("<fill><patternFill/></fill>", "-"),
        (solid('rgb="FFF8CBAD"'), "F8CBAD"),
        (solid('rgb="00f8cbad"'), "F8CBAD"),
        (solid('theme="0"'), "FFFFFF"),
        (solid('theme="1"'), "000000"),
        (solid('theme="4"'), OFFICE[4]),
        (solid('theme="0" tint="-0.149998474074526"'), "D9D9D9"),
        (solid('theme="12"'), None),
        (solid('indexed="42"'), "CCFFCC"),
        (solid('indexed="66"'), None),
        (solid('auto="1"'), None),
        ('<fill><patternFill patternType="gray125"><fgColor rgb="FFF8CBAD"/></patternFill></fill>', None),
        ('<fill><gradientFill degree="90"><stop position="0"><color theme="0"/></stop></gradientFill></fill>', None),
    ],
)
def test_colours(fill: str, expected: str | None) -> None:  # FC01
    assert colour_of_fill(fill) == expected


@pytest.mark.parametrize(
    ("colour", "tint", "excel"),
    [
        ("4F81BD", 0.7999816888943144, "DCE6F1"),
        ("4F81BD", 0.5999938962981048, "B8CCE4"),
        ("4F81BD", -0.249977111117893, "366092"),
        ("C0504D", 0.7999816888943144, "F2DCDB"),
        ("000000", 0.499984740745262, "808080"),
        ("F79646", 0.0, "F79646"),
    ],
)
def test_tints(colour: str, tint: float, excel: str) -> None:  # FC02
    made, shown = (bytes.fromhex(text) for text in (tinted(colour, tint), excel))
    assert max(abs(a - b) for a, b in zip(made, shown, strict=True)) <= 1


def test_theme() -> None:  # FC03
    scheme = '<{p}dk1><{p}sysClr val="windowText" lastClr="111111"/></{p}dk1>'
    scheme += '<{p}accent2><{p}srgbClr val="abcdef"/></{p}accent2>'
    for prefix in ("a:", ""):
        palette = palette_of(scheme.replace("{p}", prefix).encode())
        assert (palette[1], palette[5]) == ("111111", "ABCDEF")
        assert (palette[0], palette[4]) == (OFFICE[0], OFFICE[4])
    assert palette_of(b"") == OFFICE
