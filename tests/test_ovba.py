"""VBA projects that olevba reads back, letter for letter.

Requirements
  OV01  what was compressed comes back, also around the borders of a chunk, also noise
  OV02  compressing makes real source smaller, and noise hardly longer
  OV03  olevba gives back each module; the directory has the records of a project that xlwings ships
  OV04  the passwords part decrypts to "no password, visible"
  OV05  source that the VBA editor would not take is refused
"""

from __future__ import annotations

import io
import struct
from importlib.util import find_spec
from pathlib import Path
from random import Random
from zipfile import ZipFile

import olefile
import pytest
from read_vba import decompressed, modules

from macros.ovba import CHUNK, Module, compress, encrypt, vba_project

SOURCES = sorted((Path(__file__).parent.parent / "macros" / "vba").iterdir())
BORDERS = [n * CHUNK + d for n in (1, 2, 3) for d in (-2, -1, 0, 1, 2)]


def test_round_trips() -> None:  # OV01
    random = Random(5)
    for size in [*BORDERS, *(random.randrange(1, 1500) for _ in range(400 - len(BORDERS)))]:
        letters = random.choice((1, 2, 4, 16))
        data = bytes(random.choices(range(letters), k=size))
        assert decompressed(compress(data)) == data, (size, letters)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.name)
def test_round_trip_of_real_modules(path: Path) -> None:  # OV01
    assert decompressed(compress(path.read_bytes())) == path.read_bytes()


def test_noise() -> None:  # OV01, OV02
    data = Random(1).randbytes(3 * CHUNK)
    assert decompressed(compress(data)) == data
    assert len(compress(data)) == 1 + 3 * (2 + CHUNK)
    with pytest.raises(ValueError):
        compress(data[:-1])
    assert decompressed(compress(data[:3640])) == data[:3640]


def test_source_gets_smaller() -> None:  # OV02
    text = theirs()
    assert len(compress(text)) < len(text) / 2
    assert decompressed(compress(text)) == text
    assert compress(b"") == b"\x01"


def test_olevba_reads_the_project(tmp_path: Path) -> None:  # OV03
    listed = made(40)
    path = tmp_path / "vbaProject.bin"
    path.write_bytes(vba_project("thu", listed))
    assert modules(path) == {f"{m.name}.{'cls' if m.kind == 'document' else 'bas'}": crlf(m.source) for m in listed}


def test_records_are_those_of_a_shipped_project() -> None:  # OV03
    spec = find_spec("xlwings")
    assert spec is not None and spec.submodule_search_locations
    with ZipFile(Path(spec.submodule_search_locations[0]) / "addin" / "xlwings.xlam") as shipped:
        their_kinds = kinds(shipped.read("xl/vbaProject.bin"))
    ours = kinds(vba_project("thu", made(3)))
    assert unrepeated(ours) == unrepeated(their_kinds)


def test_project_is_open() -> None:  # OV04
    text = stream(vba_project("thu", made(1)), "PROJECT").decode("ascii")
    values = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    identifier = values["ID"].strip('"')
    plain = {name: decrypt(values[name].strip('"'), identifier) for name in ("CMG", "DPB", "GC")}
    assert plain == {"CMG": bytes(4), "DPB": bytes(1), "GC": b"\xff"}
    assert decrypt("5D5F8AADDAA8DEA8DEA8DEA8DE", "{318BEE36-5BE1-492A-826D-473DB19B0F30}") == bytes(4)  # from xlwings
    assert all(decrypt(encrypt(b"ab", identifier, seed), identifier) == b"ab" for seed in range(256))


@pytest.mark.parametrize(
    "source",
    [
        'Attribute VB_Name = "Other"\n',
        'Attribute VB_Name = "Mot"\nx = "Đạt"\n',
        'Attribute VB_Name = "Mot"\nx = "\x07"\n',
        'Attribute VB_Name = "Mot"\n' + "'" * 1023 + "\n",
    ],
)
def test_bad_source__error(source: str) -> None:  # OV05
    vba_project("thu", [Module("Mot", 'Attribute VB_Name = "Mot"\n' + "'" * 1022 + "\n\tx = 1\n", "standard")])
    with pytest.raises(ValueError):
        vba_project("thu", [Module("Mot", source, "standard")])


def test_two_modules_of_one_name__error() -> None:  # OV05
    with pytest.raises(ValueError):
        vba_project("thu", [Module(n, f'Attribute VB_Name = "{n}"\n', "standard") for n in ("Mot", "MOT")])


def made(count: int) -> list[Module]:
    documents = [
        Module(n, f'Attribute VB_Name = "{n}"\nOption Explicit\n', "document") for n in ("ThisWorkbook", "Sheet1")
    ]
    bodies = (
        f'Attribute VB_Name = "Mod{n}"\n' + f"' line {n}\n" * (n * n) + "Sub A()\nEnd Sub\n" for n in range(count)
    )
    return documents + [Module(f"Mod{n}", body, "standard") for n, body in enumerate(bodies)]


def crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def theirs() -> bytes:
    spec = find_spec("xlwings")
    assert spec is not None and spec.submodule_search_locations
    return (Path(spec.submodule_search_locations[0]) / "xlwings_custom_addin.bas").read_bytes()


def stream(project: bytes, name: str) -> bytes:
    with olefile.OleFileIO(io.BytesIO(project), raise_defects=olefile.DEFECT_UNSURE) as read:
        return bytes(read.openstream(name).read())


def kinds(project: bytes) -> list[int]:
    """Identifiers of the records of the directory, in their order."""
    data = decompressed(stream(project, "VBA/dir"))
    out, at = [], 0
    while at < len(data):
        kind, size = struct.unpack_from("<HI", data, at)
        out.append(kind)
        at += 6 + (6 if kind == 0x09 else size)
    return out


def unrepeated(listed: list[int]) -> list[int]:
    """Without the second and later modules and references, and without what a class module has instead."""
    out: list[int] = []
    for kind in listed:
        kind = 0x21 if kind == 0x22 else kind
        if kind not in out and kind not in (0x25, 0x28):
            out.append(kind)
    return out


def decrypt(text: str, identifier: str) -> bytes:
    """The reverse of ``encrypt``, from MS-OVBA 2.4.3.3."""
    data = bytes.fromhex(text)
    seed, version, key = data[0], data[0] ^ data[1], data[0] ^ data[2]
    assert version == 2 and key == sum(identifier.encode()) & 0xFF
    plain, before = [], key
    for at in range(3, len(data)):
        before = data[at] ^ (data[at - 2] + before & 0xFF)
        plain.append(before)
    body = bytes(plain[(seed & 6) // 2 :])
    assert struct.unpack("<I", body[:4])[0] == len(body) - 4
    return body[4:]
