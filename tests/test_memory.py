"""What a merge remembers.

R1 a content comes back as reading it gave, under the name it has now; through another lens it is not known
R2 what was of the moment, or what a name decided, is read again
R3 whatever is damaged or planted in the folder is not there; nothing raises, nothing runs
R4 a folder that cannot be written, or a crash at any moment, leaves the merge and the last memory as they were
R5 the folder is known as our own output and is no input; anything else in it is
R6 the folder holds what this merge and the last one need, and no personal data
R7 the bridge to the last merge comes out of it
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from made_filings import FORM, PERIOD, PLACES, filing, row
from test_rollup import merge

from toolkit import transport
from toolkit.records import DOSSIER_COLUMNS, Digest, Dossiers, Filing, Place, Summary, Unread
from toolkit.rollup import roll_up
from toolkit.values import parse_values
from workbook import arrow_columns, memory
from workbook.build import build
from workbook.digest import Lens, digest
from workbook.forms import load_places
from workbook.intake import gather
from workbook.memory import Memory, lens_id
from workbook.memory_folder import ENTRY, INDEX, SIGN, folder_of

LENS, OTHER = "0" * 16, "1" * 16
NAME, CITIZEN = "Nguyễn Thị Bí Mật", "051199000123"


def digest_of(report: Filing) -> Digest:
    return Digest(report.file, report.sha256, report, None, (), None)


def unread(code: str, file: str = "a.xlsx", sha256: str = "a" * 64) -> Digest:
    return Digest(file, sha256, None, Unread(file, code, "…", sha256), (), None)


def dossiers(*codes: str) -> Dossiers:
    columns = {name: tuple(f"{name} {code}" for code in codes) for name in DOSSIER_COLUMNS}
    columns["ngay_hen_tra"] = (date(2025, 7, 1),) * len(codes)
    return Dossiers("Hồ sơ", 9, {"qua_han": len(codes)}, {"": (9, 1)}, columns, codes)


ONE = digest_of(filing(PLACES[0], {"Đất đai": row(5)}))
TWO = digest_of(filing(PLACES[1], {"Đất đai": row(7)}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "tổng hợp.tthc"


def known(folder: Path, lens: str = LENS) -> Memory:
    return Memory(folder, FORM, lens)


def entry(folder: Path, kept: Digest = ONE, lens: str = LENS) -> Path:
    return folder / f"{kept.sha256}.{lens}"


# --- R1


def test_a_content_comes_back(folder: Path) -> None:
    with_register = TWO._replace(dossiers=dossiers("H1", "H2"))
    for kept in (ONE, with_register):
        known(folder).keep(kept)
        assert known(folder).recall(kept.sha256, kept.file) == kept
    assert known(folder).recall("f" * 64, ONE.file) is None
    assert known(folder, OTHER).recall(ONE.sha256, ONE.file) is None


def test_under_another_name(folder: Path) -> None:
    known(folder).keep(ONE)
    back = known(folder).recall(ONE.sha256, "nộp lại/xã 1.xlsx")
    assert back is not None and back.filing is not None
    assert back.file == back.filing.file == "nộp lại/xã 1.xlsx"
    assert back.filing.figures == ONE.filing.figures if ONE.filing else False


def test_nothing_is_written_before_something_is_kept(folder: Path) -> None:
    assert known(folder).recall(ONE.sha256, ONE.file) is None
    assert known(folder).bridge(summary_of(ONE)) is None
    assert not folder.exists()


def test_a_lens_is_told_by_value() -> None:
    place, places = PLACES[0], load_places()
    lens = Lens(FORM, places, PERIOD.end)
    same = Lens(FORM._replace(), places._replace(places=tuple(places.places)), PERIOD.end)
    assert lens_id(*lens) == lens_id(*same)
    others = [
        lens._replace(cutoff=date(2025, 9, 26)),
        lens._replace(every=True),
        lens._replace(form=FORM._replace(version="2")),
        lens._replace(places=places._replace(places=(*places.places[1:], place))),
    ]
    assert len({lens_id(*one) for one in (lens, *others)}) == 5
    assert lens_id({"a": 1, "b": frozenset({"x", "y"})}) == lens_id({"b": frozenset({"y", "x"}), "a": 1})
    assert lens_id(("a", "b")) != lens_id(("a, b",))


def test_another_version_of_the_toolkit_is_another_lens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = memory._toolkit.__wrapped__()
    for package in ("toolkit", "workbook", "xlsx_templates"):
        source = tmp_path / package
        source.mkdir()
        (source / "__init__.py").write_text("")
        monkeypatch.setattr(getattr(memory, package), "__file__", str(source / "__init__.py"))
    changed = memory._toolkit.__wrapped__()
    (tmp_path / "xlsx_templates" / "lich_nghi.csv").write_text("x")
    assert len({before, changed, memory._toolkit.__wrapped__()}) == 3


def test_arrow_columns(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pa = pytest.importorskip("pyarrow")
    plain = dossiers("H1", "H2")
    columns = {name: pa.array(list(column)) for name, column in plain.columns.items()}
    columns["row"] = pa.chunked_array([["a"], ["b"]])
    kept = TWO._replace(dossiers=plain._replace(columns=columns, codes=pa.array(["H1", None])))
    known(folder).keep(kept)
    known(folder).keep(ONE._replace(dossiers=plain))
    back = known(folder).recall(kept.sha256, kept.file)
    assert back is not None and back.dossiers is not None
    assert {n: c.to_pylist() for n, c in back.dossiers.columns.items()} == {
        n: c.to_pylist() for n, c in columns.items()
    }
    assert back.dossiers.codes == pa.array(["H1", None])
    assert back.dossiers.columns["ngay_hen_tra"].type == pa.date32()
    monkeypatch.setitem(sys.modules, "pyarrow", None)  # a machine without it
    assert known(folder).recall(kept.sha256, kept.file) is None
    assert known(folder).recall(ONE.sha256, ONE.file) is not None


def test_damaged_arrow__error() -> None:
    pa = pytest.importorskip("pyarrow")
    content = arrow_columns.pack({"a": pa.array(["x", "y", None] * 30), "b": pa.array(range(90))})
    assert arrow_columns.unpack(content)["b"].to_pylist() == list(range(90))
    for end in range(0, len(content), 7):
        try:
            back = arrow_columns.unpack(content[:end])
        except ValueError:
            continue
        assert back["b"].to_pylist() == list(range(90))  # only the end mark is missing
    with pytest.raises(ValueError):
        arrow_columns.pack({"a": [object()]})


def test_functions_of_arrow_are_called_by_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    pa = pytest.importorskip("pyarrow")
    code = """
import sys, pyarrow as pa
from workbook.arrow_columns import computed
numbers = pa.Array.from_buffers(pa.int64(), 2, [None, pa.py_buffer(bytes(16))])
print(len(computed("take", numbers, numbers)), "pyarrow.compute" in sys.modules)
"""
    root = Path(transport.__file__).parent.parent
    assert subprocess.check_output([sys.executable, "-c", code], cwd=root, text=True).split() == ["2", "False"]
    import pyarrow.compute  # noqa: F401

    monkeypatch.setitem(sys.modules, "pyarrow._compute", None)  # another version of it
    assert arrow_columns.computed("take", pa.array(["a", None]), pa.array([1, 0])) == pa.array([None, "a"])


# --- R2


@pytest.mark.parametrize("code", ["TEP_009", "TEP_013"])
def test_what_was_of_the_moment_is_read_again(folder: Path, code: str) -> None:
    known(folder).keep(unread(code))
    known(folder).keep(unread("TEP_001", sha256=""))
    assert not folder.exists()


def test_what_a_name_decides_is_read_again(folder: Path) -> None:
    known(folder).keep(unread("TEP_010", "ghi chú.docx"))
    recall = known(folder).recall
    assert recall("a" * 64, "b/khác.DOCX") is not None
    assert recall("a" * 64, "ghi chú.xlsx") is None
    assert recall("a" * 64, "~$ghi chú.docx") is None
    known(folder).keep(ONE)
    assert recall(ONE.sha256, f"~${ONE.file}") is None


# --- R3


class Planted:
    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, ("chay_ma_la",)


def planted() -> Iterator[bytes]:
    good = zlib.compress(transport.encode(ONE))
    yield from (b"", b"\0" * 100, pickle.dumps(Planted()), zlib.compress(pickle.dumps(Planted())))
    yield from (good[:-1], good + b"x", good[:40], zlib.compress(transport.encode(ONE)[:-1]))
    assert ONE.filing is not None
    figure = next(iter(ONE.filing.figures.values()))
    key = figure.key._replace(indicator="khong_co")
    for wrong in (
        TWO,  # another content under this name
        ONE._replace(filing=ONE.filing._replace(sha256=TWO.sha256)),
        ONE._replace(filing=ONE.filing._replace(form="khac")),
        ONE._replace(filing=ONE.filing._replace(settings={"rut": "khac"})),
        ONE._replace(filing=ONE.filing._replace(figures={key: figure._replace(key=key)})),
        ONE._replace(filing=ONE.filing._replace(figures={figure.key: figure._replace(value=10**400)})),
        ONE._replace(dossiers=dossiers("H1")._replace(columns={"row": (1,)})),
        ONE._replace(dossiers=dossiers("H1")._replace(columns={n: (1,) * (n == "row") for n in DOSSIER_COLUMNS})),
        ONE._replace(filing=None),
        unread("TEP_999", sha256=ONE.sha256),
        unread("TEP_013", sha256=ONE.sha256),
        unread("TEP_001", sha256=ONE.sha256)._replace(dossiers=dossiers()),
    ):
        yield zlib.compress(transport.encode(wrong))


@pytest.mark.parametrize("content", list(planted()), ids=lambda _: "")
def test_planted_entry_is_not_there(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    known(folder).keep(ONE)
    assert known(folder).recall(ONE.sha256, ONE.file) == ONE
    entry(folder).write_bytes(content)
    assert known(folder).recall(ONE.sha256, ONE.file) is None
    assert not (tmp_path / "chay_ma_la").exists()
    known(folder).keep(ONE)
    assert known(folder).recall(ONE.sha256, ONE.file) == ONE


def test_a_bomb_costs_bounded_memory(folder: Path) -> None:
    folder.mkdir()
    packer = zlib.compressobj(9)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(300)) + packer.flush()
    entry(folder).write_bytes(bomb)
    tracemalloc.start()
    assert known(folder).recall(ONE.sha256, ONE.file) is None
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 200_000_000 < 300 * 1_000_000


@pytest.mark.parametrize("content", [b"", b"x" * 50, zlib.compress(pickle.dumps(Planted()))])
def test_planted_index_is_not_there(folder: Path, content: bytes) -> None:
    close(folder, ONE)
    assert known(folder).bridge(summary_of(ONE)) is not None
    (folder / INDEX).write_bytes(content)
    assert known(folder).bridge(summary_of(ONE)) is None


def test_inconsistent_index_is_not_there(folder: Path) -> None:
    close(folder, ONE)
    kept = memory.Run(LENS, memory.slim(summary_of(ONE))._replace(commune_status={p.code: "merged" for p in PLACES}))
    (folder / INDEX).write_bytes(zlib.compress(transport.write_record(kept)))
    assert known(folder).bridge(summary_of(ONE)) is None


def test_no_regular_file_is_not_there(folder: Path) -> None:
    folder.mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(entry(folder))  # reading it would wait for ever
        assert known(folder).recall(ONE.sha256, ONE.file) is None
    (folder / INDEX).mkdir()
    assert known(folder).bridge(summary_of(ONE)) is None


@pytest.mark.parametrize("name", ["..", "../../x", "", "A" * 64])
def test_a_name_leads_nowhere_else(folder: Path, name: str) -> None:
    assert known(folder).recall(name, ONE.file) is None


# --- R4


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "x.tthc").write_text("a file stands in the way")
    remembered = known(tmp_path / "x.tthc")
    remembered.keep(ONE)
    remembered.keep(TWO)
    remembered.close(summary_of(ONE))
    assert [f.code for f in remembered.findings] == ["NHO_001"]
    assert remembered.recall(ONE.sha256, ONE.file) is None
    assert (tmp_path / "x.tthc").read_text() == "a file stands in the way"


def test_disk_full(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    close(folder, ONE)
    before = content_of(folder)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    remembered = known(folder)
    remembered.keep(TWO)
    remembered.close(summary_of(TWO))
    assert [f.code for f in remembered.findings] == ["NHO_001"]
    assert content_of(folder) == before


def test_a_crash_leaves_the_last_memory(folder: Path) -> None:
    """Killed before ``close``: what was kept is found, the last merge is still the last."""
    close(folder, ONE)
    known(folder).keep(TWO)
    (folder / "~123-456.tmp").write_bytes(b"half")
    assert known(folder).recall(TWO.sha256, TWO.file) == TWO
    found = known(folder).bridge(summary_of(ONE, TWO))
    assert found is not None and [c.kind for c in found.files] == ["new"]
    close(folder, ONE, TWO)
    assert not list(folder.glob("~*"))


# --- R5


def test_the_folder_is_no_input(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "kết quả.xlsx")
    close(folder, ONE)
    (folder / "~1-2.tmp").write_bytes(b"half")
    (tmp_path / "a.xlsx").touch()
    assert folder.name == "kết quả.tthc"
    assert gather([tmp_path]) == [tmp_path / "a.xlsx"]


def test_what_else_lies_there_is_an_input(tmp_path: Path) -> None:
    folder = tmp_path / "x.tthc"
    close(folder, ONE)
    (folder / "báo cáo.xlsx").touch()
    assert gather([tmp_path]) == [folder / "báo cáo.xlsx"]
    stranger = tmp_path / "y.tthc"  # looks like one, but is not signed
    stranger.mkdir()
    (stranger / INDEX).touch()
    assert gather([stranger]) == [stranger / INDEX]
    (stranger / SIGN).write_bytes((folder / SIGN).read_bytes() + b" ")
    assert len(gather([stranger])) == 2
    other = tmp_path / "z"  # signed, but not called so
    other.mkdir()
    (other / SIGN).write_bytes((folder / SIGN).read_bytes())
    assert gather([other]) == [other / SIGN]


# --- R6


def test_only_what_two_merges_need_is_kept(folder: Path) -> None:
    three = digest_of(filing(PLACES[2], {"Đất đai": row(9)}))
    close(folder, ONE)
    close(folder, TWO)
    assert entries(folder) == {ONE.sha256, TWO.sha256}
    close(folder, three)
    assert entries(folder) == {TWO.sha256, three.sha256}
    close(folder, three)
    assert entries(folder) == {three.sha256}


def test_the_same_merge_leaves_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    close(folder, ONE, TWO)
    close(tmp_path / "b.tthc", TWO, ONE)
    assert content_of(folder) == content_of(tmp_path / "b.tthc")


def test_no_personal_data(folder: Path) -> None:
    place, places = planted_report()
    found = digest(Lens(FORM, places, PERIOD.end), "xã.xlsx", place)
    assert found.filing is not None
    close(folder, found)
    kept = b"".join(
        zlib.decompress(content) if name != SIGN else content for name, content in content_of(folder).items()
    )
    assert "Đất đai".encode() in kept
    for secret in (NAME, CITIZEN):
        assert secret.encode() not in kept
        assert secret.encode("utf-16-le") not in kept


def planted_report() -> tuple[bytes, object]:
    """A report whose register names a citizen, in her column and in others."""
    places = load_places()
    unit: Place = places.in_province("51")[0]
    data = {
        "grids": {"bieu_06a": [{"linh_vuc": "Đất đai", "truc_tuyen": 3}]},
        "records": {
            "ho_so": [
                {
                    "ma_ho_so": f"H51.12-250801-000{n}",
                    "ten_tthc": "Đăng ký khai sinh",
                    "linh_vuc": "Đất đai",
                    "ngay_tiep_nhan": "2025-08-01",
                    "ngay_hen_tra": "2025-08-05",
                    "trang_thai": "Đang xử lý",
                    "chu_ho_so": f"{NAME} {CITIZEN}",
                }
                for n in range(3)
            ]
        },
    }
    province = places.province("51")
    assert province is not None
    return build(FORM, unit, province, PERIOD, parse_values(data, FORM)), places


# --- R7


def test_bridge_to_the_last_merge(folder: Path) -> None:
    close(folder, ONE, TWO)
    same = known(folder).bridge(summary_of(TWO, ONE))
    assert same is not None and not same.anything and same.same == 2
    mended = digest_of(filing(PLACES[0], {"Đất đai": row(6)}))
    found = known(folder).bridge(summary_of(mended, TWO))
    assert found is not None
    assert [(c.key.indicator, c.before, c.after) for c in found.cells] == [("truc_tuyen", 5, 6)]
    assert {w.indicator: w.net for w in found.totals} == {"tiep_nhan": 1, "truc_tuyen": 1}


def test_bridge_from_another_lens(folder: Path) -> None:
    """The same bytes read otherwise: the cell that is told is the one that reads otherwise now."""
    close(folder, ONE)
    assert ONE.filing is not None
    key = next(k for k in ONE.filing.figures if k.row == "Đất đai" and k.indicator == "truc_tuyen")
    figures = {**ONE.filing.figures, key: ONE.filing.figures[key]._replace(value=50)}
    again = ONE._replace(filing=ONE.filing._replace(figures=figures))
    found = known(folder, OTHER).bridge(summary_of(again))
    assert found is not None and found.same == 1
    assert [(c.key, c.before, c.after) for c in found.cells] == [(key, 5, 50)]


def test_bridge_without_what_it_needs__error(folder: Path) -> None:
    close(folder, ONE, TWO)
    entry(folder).unlink()
    found = known(folder).bridge(summary_of(digest_of(filing(PLACES[0], {"Đất đai": row(6)})), TWO))
    assert found is not None and found.why is not None
    assert (found.why.code, found.anything) == ("NHO_003", False)
    same = known(folder).bridge(summary_of(ONE, TWO))  # nothing is needed where the bytes are the same
    assert same is not None and same.why is None


def test_bridge_to_another_question__error(folder: Path) -> None:
    close(folder, ONE)
    other = summary_of(ONE)._replace(period=PERIOD._replace(end=date(2025, 9, 26)))
    found = known(folder).bridge(other)
    assert found is not None and found.why is not None and found.why.code == "NHO_002"


def summary_of(*digests: Digest) -> Summary:
    if any(d.filing and d.filing.place not in PLACES for d in digests):
        (one,) = digests
        assert one.filing is not None and one.filing.place is not None
        places = load_places()
        province = places.province(one.filing.place.province)
        assert province is not None
        return roll_up(FORM, province, PERIOD, [one.filing.place], [one.filing], findings={one.file: one.findings})
    return merge(*(d.filing for d in digests if d.filing))


def close(folder: Path, *digests: Digest) -> None:
    remembered = known(folder)
    for kept in digests:
        remembered.keep(kept)
    remembered.close(summary_of(*digests))
    assert remembered.findings == ()


def entries(folder: Path) -> set[str]:
    return {path.name[:64] for path in folder.iterdir() if ENTRY.fullmatch(path.name)}


def content_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
