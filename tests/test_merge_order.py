"""A merge is the same in any order and in any number of steps.

R2 neither the order of the files nor their names and folders matter
R3 merging in steps gives what merging at once gives; a damaged memory changes nothing
R7 a second merge reads nothing again
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from string import ascii_uppercase

import pytest
from hypothesis import given
from hypothesis import strategies as st
from merge_folders import Counting, Inbox, examples, inboxes, run
from merge_pool import CODES, COUNTRY, FORM, PERIOD, PLACES, put, sent
from result_books import CHANGES, FILES, Book

from toolkit.contract import summary_json
from workbook import merge_job
from workbook.files import Refused
from workbook.memory_folder import SIGN, folder_of
from workbook.merge_job import Options

# --- R2


def contents(path: Path, names: Mapping[str, str]) -> dict[str, object]:
    """All that the sheets of a result say, with names of files replaced; lists in the order of names sorted."""
    book = Book(path.read_bytes())
    pattern = re.compile("|".join(sorted(map(re.escape, names), key=len, reverse=True)) or "(?!)")

    def said(value: object) -> object:
        return pattern.sub(lambda match: names[match[0]], value) if isinstance(value, str) else value

    out: dict[str, object] = {}
    for title in book.parts:
        rows = [[said(value) for value in row] for row in book.rows(title)]
        while rows and not any(value != "" for value in rows[-1]):
            rows.pop()
        # which cell of its row opens a file depends on how long the name is
        of_row = {cell: cell.strip(ascii_uppercase) if where[0] else cell for cell, where in book.links(title).items()}
        links = {(of_row[cell], *map(said, where)) for cell, where in book.links(title).items()}
        if title == FILES:
            rows = sorted([row[1:] for row in rows[3:]], key=repr)
            links = set()
        out[title] = rows, links, book.formulas(title)
    return out


FOLDERS = ("", "a/", "đợt 2/", "đợt 2/Sơn Hà/", "z'#%! [x]/")
NAMES = ("", "a'b#c%20d! [1]? ", "😀 ", "&lt;ă" * 36, "=1+1 ", "{đ} ")


@examples(6)
@given(inbox=inboxes(twice=False, most=6), dice=st.randoms(use_true_random=False))
def test_order_names_and_folders_do_not_matter(inbox: Inbox, dice: object, tmp_path: Path) -> None:
    shuffle, choice = dice.shuffle, dice.choice  # type: ignore[attr-defined]
    names = [*inbox.contents]
    places = list(range(10, 10 + len(names)))
    shuffle(places)
    code = {name: name.split("_")[-1][:5] for name in names}
    new = {
        name: f"{choice(FOLDERS)}{at} {choice(NAMES)}{code[name]}.xlsx" for name, at in zip(names, places, strict=True)
    }
    put(tmp_path / "in", inbox.contents)
    first = run(tmp_path / "in", tmp_path / "a.xlsx")
    shuffle(names)
    put(tmp_path / "in", {name: inbox.contents[name] for name in names})
    assert run(tmp_path / "in", tmp_path / "b.xlsx").path.read_bytes() == first.path.read_bytes()
    put(tmp_path / "in", {new[name]: inbox.contents[name] for name in names})
    other = run(tmp_path / "in", tmp_path / "c.xlsx")
    of_new = {f: f"‹{code[name]}›" for name, f in new.items()}
    of_old = {name: f"‹{code[name]}›" for name in names}
    one, two = contents(first.path, of_old), contents(other.path, of_new)
    book = Book(other.path.read_bytes())
    targets = {target for title in book.parts for target, _, _ in book.links(title).values() if target}
    assert targets == {f"in/{name}" for name in new.values()}
    assert all((tmp_path / target).is_file() for target in targets)
    assert one.keys() == two.keys()
    for title in one:
        assert one[title] == two[title], title


# --- R3, R7


@examples(6)
@given(before=inboxes(most=6), after=inboxes(most=6))
def test_in_steps_as_at_once(before: Inbox, after: Inbox, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        counting = Counting(patch)
        folder, out = tmp_path / "in", tmp_path / "out.xlsx"
        shutil.rmtree(folder_of(out), ignore_errors=True)
        put(folder, before.contents)
        run(folder, out, really=True, written=False)
        counting.taken()
        put(folder, after.contents)
        step = run(folder, out, really=True)
        known = {*before.contents.values()}
        assert counting.taken() == sorted(
            name for name, content in after.contents.items() if content not in known | {b""}
        )
        with_bridge = contents(out, {})
        again = run(folder, out, really=True).path.read_bytes()
        assert counting.taken() == []  # R7
        assert step.bridge is not None
        out.unlink()
        at_once = run(folder, out).path.read_bytes()
        assert again == at_once
        with_bridge.pop(CHANGES, None)
        assert with_bridge == contents(out, {})


@examples(6)
@given(inbox=inboxes(most=6), dice=st.randoms(use_true_random=False))
def test_a_damaged_memory_changes_nothing(inbox: Inbox, dice: object, tmp_path: Path) -> None:
    randrange, choice = dice.randrange, dice.choice  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        Counting(patch)
        folder, out = tmp_path / "in", tmp_path / "out.xlsx"
        shutil.rmtree(folder_of(out), ignore_errors=True)
        put(folder, inbox.contents)
        run(folder, out, really=True, written=False)
        sound = run(folder, out).path.read_bytes()
        expected = contents(out, {})
        for path in sorted(folder_of(out).iterdir()):
            content = bytearray(path.read_bytes())
            for _ in range(choice((0, 1, 1, 3))):
                content[randrange(len(content))] = randrange(256)
            path.write_bytes(content[: randrange(len(content))] if randrange(4) == 0 else content)
        run(folder, out, really=True)
        found = contents(out, {})
        found.pop(CHANGES, None)
        assert found == expected
        (folder_of(out) / SIGN).unlink(missing_ok=True)
        run(folder, out, really=True, written=False)
        assert run(folder, out, really=True).path.read_bytes() == sound


def test_a_list_without_a_commune_of_the_province_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "in", {})
    elsewhere = PLACES._replace(places=COUNTRY.in_province("48"))
    with pytest.raises(Refused) as refusal:
        merge_job.merge(FORM, COUNTRY, tmp_path / "in", "51", PERIOD, tmp_path / "o.xlsx", Options(expected=elsewhere))
    assert [f.code for f in refusal.value.findings] == ["RA_018"]


def test_a_second_merge_reads_nothing_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    files = {sent(code, n % 3).file: sent(code, n % 3).content for n, code in enumerate(CODES[:4])}
    put(tmp_path / "in", {**files, "công văn.pdf": b"%PDF-1.7", "hỏng.xlsx": b"PK\x03\x04", "trống.xlsx": b""})
    counting = Counting(monkeypatch)
    results = []
    for _ in range(2):
        results.append(run(tmp_path / "in", tmp_path / "out.xlsx", really=True))
        results.append(counting.taken())
    assert results[1] == sorted([*files, "công văn.pdf", "hỏng.xlsx"])
    assert results[3] == []
    assert results[0].summary._replace(filings={}) == results[2].summary._replace(filings={})
    assert summary_json(results[0].summary) == summary_json(results[2].summary)
