"""Cells written otherwise than Excel writes them, rightly or wrongly."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))


from hostile import (
    CELL,
    GRID,
    LETTERS,
    READ,
    Case,
    one_case,
    parts,
    replaced,
    sheet,
    with_cell,
    with_rows,
)

START, CODE = "C8", "C5"  # of the cover


def odd_cells() -> Iterator[Case]:
    def one(name: str, xml: str, *wanted: str, at: str = CELL, part: str = GRID, **more: Any) -> Case:
        return one_case("cells", name, lambda: with_cell(xml, at, part), *(wanted or (READ,)), **more)

    def number(text: str, *wanted: str, **more: Any) -> Case:
        return one(f"number {text[:30]!r}", f'<c r="{CELL}"><v>{text}</v></c>', *wanted, **more)

    yield number("6", value=6)
    yield number("6.0", value=6)
    yield number("0.6E1", value=6)
    yield number("6e0", value=6)
    yield number(" 6 ", READ, "TEP_001")
    yield number("+6", value=6)
    yield number("-0", value=0)
    yield number("-6", value=None, says="O_004")
    yield number("6.5", value=None, says="O_003")
    yield number("5.6760000000000002", value=None, says="O_003")
    yield number("1e308", value=None, says="O_013")
    yield number("1e15", value=None, says="O_013")
    yield number("999999999999999", value=999_999_999_999_999)
    for text in (
        "1e309",
        "1e999",
        "-1e999",
        "NaN",
        "nan",
        "-nan",
        "inf",
        "Infinity",
        "-inf",
        "1e-999",
        "0x10",
        "1_000",
        "1,5",
    ):
        yield number(text, READ, "TEP_001")
    for text in (
        "",
        "abc",
        "1e",
        "--1",
        "٣",
        "１",
        "1 000",
        "1;2",
        "true",
        "&#48;",
        "#DIV/0!",
        "1" * 400,
        "0." + "3" * 400,
        "1e-400",
    ):
        yield number(text, READ, "TEP_001")
    for kind, body, value, code in (
        ("b", "1", None, "O_002"), ("b", "0", None, "O_002"), ("b", "2", ..., ""), ("b", "", ..., ""),
        ("b", "true", ..., ""),
        ("e", "#DIV/0!", None, "O_005"), ("e", "#N/A", None, "O_005"), ("e", "#LẠ!", ..., ""), ("e", "", ..., ""),
        ("e", "#SPILL!", ..., ""), ("e", "#CALC!", ..., ""), ("e", "x" * 40_000, ..., ""),
        ("str", "6", 6, "O_001"), ("str", "5.676", 5676, "O_001"), ("str", "", None, ""), ("str", "_x0036_", ..., ""),
        ("s", "999999", ..., ""), ("s", "-1", ..., ""), ("s", "", ..., ""), ("s", "abc", ..., ""),
        ("s", "1.5", ..., ""),
        ("s", "1e2", ..., ""), ("s", "99999999999999999999", ..., ""), ("s", "0x1", ..., ""), ("s", " 5 ", ..., ""),
        ("d", "2025-07-01", None, "O_002"), ("d", "2025-07-01T10:00:00Z", None, "O_002"), ("d", "2025-13-45", ..., ""),
        ("d", "0000-00-00", ..., ""), ("d", "-2025-01-01", ..., ""), ("d", "99999-01-01", ..., ""), ("d", "", ..., ""),
        ("d", "PT99999999999H", ..., ""), ("n", "6", 6, ""), ("", "6", ..., ""), ("x", "6", ..., ""),
        ("N", "6", ..., ""),
    ):  # fmt: skip
        xml = f'<c r="{CELL}" t="{kind}"><v>{body}</v></c>'
        yield one(
            f"t={kind} {body[:24]!r}", xml, READ, *(() if value is not ... else ("TEP_001",)), value=value, says=code
        )
    for text in (
        "6",
        "5.676",
        " 6 ",
        "\u00a06",
        "6\u200b",
        "6&#10;",
        "６",
        "6 hồ sơ",
        "=6",
        "'6",
        "6'",
        "1e3",
        "0x6",
        "٦",
        "⑥",
        "6²",
        "½",
    ):
        yield one(f"text {text!r}", f'<c r="{CELL}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>')
    for name, body in (
        ("rich", "<is><r><t>5.</t></r><r><rPr><b/></rPr><t>676</t></r></is>"),
        ("sound", "<is><t>5676</t><rPh sb='0' eb='1'><t>9</t></rPh></is>"),
    ):
        yield one(f"inline {name}", f'<c r="{CELL}" t="inlineStr">{body}</c>', value=5676, says="O_001")
    yield one("inline empty", f'<c r="{CELL}" t="inlineStr"><is/></c>', value=None)
    yield one("inline without is", f'<c r="{CELL}" t="inlineStr"/>', value=None)
    yield one("inline with a value", f'<c r="{CELL}" t="inlineStr"><v>6</v></c>', READ, "TEP_001")
    yield one("value and inline", f'<c r="{CELL}" t="inlineStr"><v>7</v><is><t>6</t></is></c>', READ, "TEP_001")
    yield one("two values", f'<c r="{CELL}"><v>7</v><v>6</v></c>', READ, "TEP_001")
    yield one("a value in a value", f'<c r="{CELL}"><v>7<v>6</v></v></c>', READ, "TEP_001")
    yield one("a cell in a cell", f'<c r="{CELL}"><c r="E9"><v>6</v></c><v>6</v></c>', READ, "TEP_001")
    yield one("the cell twice", f'<c r="{CELL}"><v>7</v></c><c r="{CELL}"><v>6</v></c>', READ, "TEP_001")
    yield one("the cell out of its row", f'<c r="{CELL}"><v>6</v></c><c r="D10"><v>7</v></c>', READ, "TEP_001")
    yield one("the cell at row 0", '<c r="D0"><v>6</v></c>', READ, "TEP_001")
    yield one("a cell at row 0 before", f'<c r="A0"><v>5</v></c><c r="{CELL}"><v>6</v></c>', READ, "TEP_001")
    for address in (
        "",
        "D",
        "9",
        "9D",
        "D9D",
        "D-9",
        "D9:D9",
        "D 9",
        "Đ9",
        "D９",
        "XFE9",
        "D1048577",
        "D4294967305",
        "AAAAAAAD9",
    ):
        yield one(f"address {address!r}", f'<c r="{address}"><v>6</v></c>', "TEP_001", "TEP_006", READ)
    for row in ("0", "-1", "x", "", "1.5", "1048577", "4294967296", "99999999999999999999"):
        yield one_case(
            "cells",
            f"row {row!r}",
            lambda r=row: replaced(sheet(GRID), '<row r="9"', f'<row r="{r}"'),
            "TEP_001",
            "TEP_006",
            READ,
        )
    for text in ("x" * 32_767, "&#128512;" * 16_000, "&amp;" * 32_767, "\u0110" * 32_767, "9" * 32_767, "9." * 16_000):
        yield one(
            f"32.767 letters {text[:6]!r}",
            f'<c r="{CELL}" t="inlineStr"><is><t>{text}</t></is></c>',
            value=None if text[0] != "9" else ...,
            says="",
        )
    long = "+".join(["D9"] * 2730)[:8191]
    yield one("formula of 8.192", f'<c r="{CELL}"><f>{long}</f><v>6</v></c>', value=6)
    yield one("formula without result", f'<c r="{CELL}"><f>1+5</f></c>', value=None, says="O_017")
    yield one("formula of an error", f'<c r="{CELL}" t="e"><f>1/0</f><v>#DIV/0!</v></c>', value=None, says="O_005")
    yield one("formula of a text", f'<c r="{CELL}" t="str"><f>"5"&amp;"6"</f><v>56</v></c>', value=56, says="O_001")
    for attributes in (
        't="array" ref="D9:D9"',
        't="dataTable" ref="D9" dt2D="1" r1="A1" r2="B1"',
        't="shared" si="0"',
        't="shared" si="-1" ref="D9:E9"',
        't="shared" ref="x" si="x"',
        't="x"',
        't="shared" si="4294967295" ref="D9"',
    ):
        yield one(f"formula {attributes}", f'<c r="{CELL}"><f {attributes}>1+5</f><v>6</v></c>', value=6)
        yield one(f"no formula {attributes}", f'<c r="{CELL}"><f {attributes}/><v>6</v></c>', value=6)
    shared = '<c r="B2000"><f t="shared" ref="B2000:C2001" si="77">{}</f><v>1</v></c>'
    shared += '<c r="C2000"><f t="shared" si="77"/><v>1</v></c>'
    for text in (
        "XFD1048576",
        "ZZZ9999999",
        "XFD:XFD",
        "1048576:1048576",
        "A0",
        "SUM(A1",
        "'a''b'!A1",
        "'open!A1",
        '"A1',
        "A:A1",
        "$A:B",
        "[1]A!B1",
    ):
        make = lambda t=text: with_rows(f'<row r="2000">{shared.format(t)}</row>')  # noqa: E731  # made when the case is judged
        yield one_case("cells", f"shared {text}", make, READ, "TEP_006")
    days = _column_style(LETTERS, 2)
    for serial in (
        "-1",
        "0",
        "0.5",
        "59",
        "60",
        "61",
        "-1e300",
        "1e300",
        "2958465",
        "2958466",
        "2958465.9999999",
        "1e10",
        "NaN",
        "inf",
        "45900.99999999999",
        "16437",
        "73415",
    ):
        yield one(f"day {serial}", f'<c r="B6" s="{days}"><v>{serial}</v></c>', READ, "TEP_001", at="B6", part=LETTERS)
        yield one(
            f"first day {serial}",
            f'<c r="{START}" s="{_style("sheet1", START)}"><v>{serial}</v></c>',
            READ,
            "TEP_001",
            at=START,
            part="sheet1",
        )
    for text in (
        "2025-07-01",
        "2025-07-01T00:00:00",
        "2025-02-30",
        "99999-99-99",
        "0001-01-01",
        "9999-12-31T24:00:00",
        "x",
        "2025-W01-1",
        "P1D",
    ):
        yield one(
            f"ISO day {text}", f'<c r="B6" s="{days}" t="d"><v>{text}</v></c>', READ, "TEP_001", at="B6", part=LETTERS
        )
    for text in (
        "99999",
        "00000",
        "21061.5",
        "-21061",
        "1e5",
        "NaN",
        "2" * 400,
        "&#0;",
        "&#1;",
        "&#xFFFF;",
        "&#xD800;",
        "&#x110000;",
        "&nbsp;",
        "&x;",
        "&",
        "\x01",
        "_x0000_",
        "\ufffe",
        "Z\u0335\u0321" * 999,
    ):
        make = f'<c r="{CODE}" t="inlineStr"><is><t>{text}</t></is></c>'
        yield one(f"commune {text[:10]!r}", make, READ, "TEP_001", at=CODE, part="sheet1")
    for place, part in (("B9", GRID), ("A5", LETTERS), ("C8", GRID), ("C6", "sheet1")):
        for text in (
            "=1+1",
            "@SUM(1)",
            "a\tb\rc",
            "\u202e321",
            "&lt;script&gt;",
            "'" * 99,
            "x" * 256,
            "*",
            "tổng cộng",
            "II.06a",
        ):
            yield one(
                f"{part} {place} {text!r}",
                f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>',
                at=place,
                part=part,
            )


def _style(part: str, at: str) -> str:
    found = re.search(rf'<c r="{at}" s="(\d+)"', parts()[sheet(part)].decode())
    assert found, at
    return found[1]


def _column_style(part: str, column: int) -> str:
    found = re.search(rf'<col min="{column}" [^>]* style="(\d+)"', parts()[sheet(part)].decode())
    assert found, column
    return found[1]
