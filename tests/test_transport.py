"""Records as bytes and back.

R1 any digest comes back exactly, and gives the same bytes again
R2 whatever is not exactly of our shape is refused with ``Misshapen``, never with another exception
R3 registers, which hold personal data, are never made into bytes
R4 columns packed by somebody else go along and come back through them only
R5 the digests of a large province are read in a fraction of a second
"""

from __future__ import annotations

import json
from collections import abc
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from random import Random
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import pytest
from effort import calls
from hypothesis import given, settings
from hypothesis import strategies as st
from made_filings import GRID, PLACES, filing

from toolkit.coders import Misshapen
from toolkit.records import Digest, Dossiers, Summary, Table
from toolkit.transport import decode, encode, read_record, write_record

TEXTS = st.text(st.characters(), max_size=6)  # half surrogate pairs and control characters too
DATES = st.dates()
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30)
INTS = st.one_of(st.integers(-9, 9), st.integers(), st.integers(-9, 9).map(lambda n: n * 10**4000))
SCALARS = {str: TEXTS, int: INTS, date: DATES, Decimal: DECIMALS, bool: st.booleans(), NoneType: st.none()}


def made(hint: Any) -> st.SearchStrategy[Any]:
    """Anything that a type hint of the records allows."""
    origin, args = get_origin(hint), get_args(hint)
    if hint is object:
        return st.one_of(st.none(), TEXTS, INTS, DATES, DECIMALS)
    if hint in SCALARS:
        return SCALARS[hint]
    if origin is Literal:
        return st.sampled_from(args)
    if origin in (Union, UnionType):
        return st.one_of([made(arg) for arg in args])
    if origin is abc.Mapping:
        return st.dictionaries(made(args[0]), made(args[1]), max_size=3)
    if origin is abc.Sequence:
        return st.one_of(st.lists(made(args[0]), max_size=12), st.lists(made(args[0]), max_size=3).map(tuple))
    if origin is frozenset:
        return st.frozensets(made(args[0]), max_size=3)
    if origin is tuple and args[-1] is Ellipsis:
        return st.lists(made(args[0]), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*map(made, args))
    if hint is Table:
        return st.nothing()
    hints = get_type_hints(hint)
    return st.builds(hint, **{field: made(hints[field]) for field in hint._fields})


HINTS = get_type_hints(Summary)
DIGESTS = made(Digest)
LEFT_OUT = ("corrected", "rates", "sources", "filings", "findings", "dossiers")  # see bridge.slim; they make it large
SUMMARIES = st.builds(
    Summary,
    **{f: st.just(()) if f == "findings" else st.just({}) if f in LEFT_OUT else made(h) for f, h in HINTS.items()},
)


def same_to_the_type(one: Any, other: Any) -> bool:
    """Equal, and 0.90 is not 0.9, (1,) not [1], {"a", "b"} not {"b", "a"}."""
    if type(one) is not type(other):
        return False
    if isinstance(one, Mapping):
        return same_to_the_type(list(one.items()), list(other.items()))
    if isinstance(one, frozenset):  # of texts alone; in what order it shows them is chance
        return one == other
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same_to_the_type, one, other))
    return repr(one) == repr(other)


def large(seed: int) -> Digest:
    """600 figures and 800 late of 6.000 dossiers."""
    rng = Random(seed)
    rows = {f"Lĩnh vực {n}": {i.id: rng.randint(0, 3000) for i in GRID.indicators} for n in range(35)}
    report = filing(PLACES[0], rows, content=str(seed))
    late = range(800)
    columns: dict[str, Sequence[object]] = {
        "row": tuple(late),
        "ma_ho_so": tuple(f"H51.{seed}-{n:06d}" for n in late),
        "ngay_hen_tra": tuple(date(2025, 7, 1 + n % 30) for n in late),
        "kind": ("qua_han",) * len(late),
    }
    codes = tuple(f"H51.{seed}-{n:06d}" for n in range(6000))
    dossiers = Dossiers(GRID.sheet, 6000, {"qua_han": 800}, {"Đất đai": (900, 800)}, columns, codes)
    return Digest(report.file, report.sha256, report, None, (), dossiers)


# --- R1


@settings(max_examples=60)
@given(DIGESTS)
def test_any_digest_comes_back(digest: Digest) -> None:
    content = encode(digest)
    back = decode(content)
    assert back == digest
    assert same_to_the_type(back, digest)
    assert encode(back) == content


@settings(max_examples=40)
@given(SUMMARIES)
def test_any_summary_comes_back(summary: Summary) -> None:
    back, packed = read_record(Summary, write_record(summary, [b"x\n", b""]), 2)
    assert back == summary
    assert packed == [b"x\n", b""]


def test_numbers_of_any_size() -> None:
    class Counts(NamedTuple):
        given: tuple[int, ...]

    counts = Counts((10**5000, -(10**5000), 2**63, 2**63 - 1, -(2**63), 0))  # Python prints 4.300 digits at most
    assert read_record(Counts, write_record(counts))[0] == counts


@pytest.mark.parametrize("distinct", [1, 8, 313, 314, 315, 2_000])
def test_few_distinct_values_and_many(distinct: int) -> None:
    """A sign for each place, as long as there are signs."""

    class Texts(NamedTuple):
        given: tuple[str, ...]

    texts = Texts(tuple(f"số {n % distinct}" for n in range(3 * distinct + 9)))
    content = write_record(texts)
    assert read_record(Texts, content)[0] == texts
    assert isinstance(json.loads(content.partition(b"\n")[2])[0][2]["at"], str) == (distinct <= 314)


def test_nothing_that_is_something__error() -> None:
    """Records of which there are none have no column with anything in it."""
    tree = json.loads(parts_of(SMALL)[1])
    for place in ([0], None, {}, [[], [1]]):
        changed = json.loads(json.dumps(tree))
        changed[4][2][0] = place  # the codes of findings, of which there are none
        assert changed[4][1] == [0]
        with pytest.raises(Misshapen):
            decode(signed(json.dumps(changed).encode()))


def test_precision_of_decimals_stays() -> None:
    class Rates(NamedTuple):
        given: tuple[Decimal, ...]

    rates = Rates((Decimal("0.90"), Decimal("0.9"), Decimal("0.900")) * 10)
    assert repr(read_record(Rates, write_record(rates))[0]) == repr(rates)


# --- R2


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(1, 255))
def test_any_flipped_byte_is_seen(at: int, change: int) -> None:
    content = bytearray(SMALL)
    content[at % len(content)] ^= change
    with pytest.raises(Misshapen):
        decode(bytes(content))


@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_cut_off__error(at: int) -> None:
    with pytest.raises(Misshapen):
        decode(SMALL[: at % len(SMALL)])


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_foreign_bytes__error(content: bytes) -> None:
    with pytest.raises(Misshapen):
        decode(content)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.floats(), st.sampled_from(["d", "n", "i", "of", "at"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["of", "at", "x"]), inner, max_size=2),
    ),
    max_leaves=6,
)


@settings(max_examples=300)
@given(st.randoms(use_true_random=False), JSON)
def test_well_signed_nonsense__error_or_a_digest(rng: Random, planted: object) -> None:
    """With a right checksum: something else in one place. What is taken is of our shape: it goes back to bytes."""
    tree = json.loads(parts_of(SMALL)[1])
    node, at = walk(tree, rng)
    node[at] = planted
    try:
        back = decode(signed(json.dumps(tree).encode()))
    except Misshapen:
        return
    assert decode(encode(back)) == back


@pytest.mark.parametrize(
    "text",
    [
        b"[" * 100_000,
        b'{"of":[1],"at":[-1]}',
        b"[NaN]",
        b"9" * 5000,
        b"[[1],[2]]",
        b'["\\ud800',
        b"\xff\xfe",
    ],
)
def test_hostile_json__error(text: bytes) -> None:
    with pytest.raises(Misshapen):
        decode(signed(text))


class Lengths(NamedTuple):
    given: tuple[int, ...]
    named: Mapping[str, int]
    rate: Decimal
    day: date


LENGTHS = Lengths((1, 2), {"a": 1, "b": 2}, Decimal("0.5"), date(2025, 7, 1))


@pytest.mark.parametrize("places", ["#$", [0, 1]])
def test_places_are_signs_or_numbers(places: object) -> None:
    head, text, _ = parts_of(write_record(LENGTHS))
    tree = json.loads(text)
    tree[0][2] = {"of": [1, 2], "at": places}
    assert read_record(Lengths, signed(json.dumps(tree).encode(), head, 0))[0] == LENGTHS


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (0, [["tuple"], [10**12], [1, 2]]),  # longer than what is there
        (0, [["tuple"], [-1], [1, 2]]),
        (0, [["list"], [2], [1, 2]]),
        (0, [["tuple"], [2], [1, True]]),
        (0, [["tuple"], [2], [1, None]]),
        (0, [["tuple"], [2], {"of": [1, 2], "at": [0, -1]}]),  # a place from the end is none
        (0, [["tuple"], [2], {"of": [1, 2], "at": [0, 2]}]),
        (0, [["tuple"], [2], {"of": [1, 2], "at": "#%"}]),  # the third of two
        (0, [["tuple"], [2], {"of": [1, 2], "at": "#\\"}]),  # no place
        (0, [["tuple"], [2], {"of": [1, 2], "at": "#$#"}]),  # three of two
        (0, [["tuple"], [2], {"of": [1, None], "at": "##"}]),
        (0, [["tuple"], [2], {"of": [1, 2], "at": ["#", "$"]}]),
        (1, [[2], ["a", "a"], [1, 2]]),  # a key twice
        (1, [[2], None, [1, 2]]),
        (2, [["n", "1E+999999"]]),  # a number that fills the memory when it is written out
        (2, [["n", "NaN"]]),
        (2, [["n", "x"]]),
        (3, [["d", 0]]),
        (3, [["d", 10**9]]),
        (3, [["d", "1"]]),
        (3, [["d", 1, 1]]),
    ],
)
def test_one_thing_wrong__error(field: int, value: object) -> None:
    content = write_record(LENGTHS)
    assert read_record(Lengths, content)[0] == LENGTHS
    head, text, _ = parts_of(content)
    tree = json.loads(text)
    assert read_record(Lengths, signed(json.dumps(tree).encode(), head, 0))[0] == LENGTHS
    tree[field] = value
    with pytest.raises(Misshapen):
        read_record(Lengths, signed(json.dumps(tree).encode(), head, 0))


def test_keys_are_made_once_for_all_reports() -> None:
    """Reports on one form share the keys of their figures; what differs in anything is looked at by itself."""
    one, other = (decode(encode(large(n))).filing for n in (1, 2))
    assert one is not None and other is not None and len(one.figures) > 64
    assert all(a is b for a, b in zip(one.figures, other.figures, strict=True))
    assert one.figures != other.figures
    for n in range(40):  # more kinds of reports than are kept
        kept = filing(PLACES[0], {f"Lĩnh vực {m} {n}": {i.id: 1 for i in GRID.indicators} for m in range(9)})
        back = decode(encode(Digest(kept.file, kept.sha256, kept, None, (), None))).filing
        assert back is not None and same_to_the_type(back.figures, kept.figures)


FIGURES = 2, 1, 8, 2  # in a digest: the values of the figures of its filing


@pytest.mark.parametrize(
    ("column", "change"),
    [
        (0, lambda column: column | {"more": 1}),
        (0, lambda column: column | {"at": column["at"][:-1]}),
        (0, lambda column: column | {"at": column["at"] + column["at"][0]}),
        (0, lambda column: column | {"at": list(column["at"])}),
        (0, lambda column: column | {"of": [[text] for text in column["of"]]}),
        (0, lambda column: [column["of"], column["at"]]),
        (1, lambda _: None),
        (2, lambda column: [True] + [""] * (len(column["at"]) - 1)),
    ],
)
def test_keys_that_are_nearly_alike__error(column: int, change: Callable[[Any], object]) -> None:
    content = encode(large(1))
    keys = tree = json.loads(parts_of(content)[1])
    for at in (*FIGURES, 0):
        keys = keys[at]
    assert decode(signed(json.dumps(tree).encode())) == decode(content) == large(1)
    keys[column] = change(keys[column])
    with pytest.raises(Misshapen):
        decode(signed(json.dumps(tree).encode()))


def test_records_of_another_shape__error() -> None:
    class Renamed(NamedTuple):
        given: tuple[int, ...]
        named: Mapping[str, int]
        rate: Decimal
        due: date

    with pytest.raises(Misshapen):
        read_record(Renamed, write_record(LENGTHS))


@pytest.mark.parametrize(
    "wrong",
    [
        LENGTHS._replace(given=("1",)),
        LENGTHS._replace(given=(True,)),
        LENGTHS._replace(given=[1]),
        LENGTHS._replace(rate=Decimal("NaN")),
        LENGTHS._replace(rate=0.5),
        LENGTHS._replace(day=datetime(2025, 7, 1)),
        LENGTHS._replace(named=None),
    ],
)
def test_values_of_another_type__error(wrong: Lengths) -> None:
    with pytest.raises(Misshapen):
        write_record(wrong)


# --- R3


def test_registers_do_not_travel() -> None:
    digest = large(1)
    assert digest.filing is not None
    table = Table("ho_so", "Hồ sơ", {"chu_ho_so": "M"}, (9,), {"chu_ho_so": ("Nguyễn Văn A",)})
    with pytest.raises(Misshapen):
        encode(digest._replace(filing=digest.filing._replace(tables={"ho_so": table})))


# --- R4


def test_columns_of_another_library() -> None:
    class Column(Sequence[Any]):
        """Neither a tuple nor a list."""

        def __init__(self, *values: object) -> None:
            self.values = values

        def __len__(self) -> int:
            return len(self.values)

        def __getitem__(self, at: Any) -> Any:
            return self.values[at]

    digest = large(1)
    assert digest.dossiers is not None
    odd = digest._replace(dossiers=digest.dossiers._replace(columns={"row": Column(1, 2)}, codes=Column("H1")))

    def pack(columns: Mapping[str, Sequence[object]]) -> bytes:
        return json.dumps({name: list(column) for name, column in columns.items()}).encode()

    def unpack(content: bytes) -> Mapping[str, Sequence[object]]:
        return {name: Column(*column) for name, column in json.loads(content).items()}

    content = encode(odd, pack)
    back = decode(content, unpack).dossiers
    assert back is not None
    assert list(back.columns["row"]) == [1, 2] and list(back.codes) == ["H1"]
    assert decode(encode(digest, pack)) == digest  # tuples need no library
    for refused in (lambda: encode(odd), lambda: decode(content), lambda: decode(content, lambda _: {})):
        with pytest.raises(Misshapen):
            refused()


# --- R5


def test_reading_costs_what_a_digest_holds() -> None:
    """A few calls a figure and a late dossier; nothing is tried twice."""
    content = encode(large(1))
    decode(content)
    assert calls(lambda: decode(content)) < 2_500  # 600 figures


SMALL = encode(
    Digest(
        "a/b.xlsx",
        "0" * 64,
        filing(PLACES[0], {"Đất đai": {"truc_tuyen": 3}}, scalars={"ty_le_truc_tuyen": Decimal("0.90")}),
        None,
        (),
        Dossiers("Hồ sơ", 1, {"qua_han": 1}, {"": (1, 1)}, {"row": (9,)}, ["H1", None]),
    )
)


def parts_of(content: bytes) -> tuple[bytes, bytes, bytes]:
    """The mark and shape, the JSON, and what was packed by others."""
    line, _, rest = content.partition(b"\n")
    head = line.split(b" ")
    return b" ".join(head[:2]), rest[: int(head[3])], rest[int(head[3]) :]


def signed(text: bytes, head: bytes = parts_of(SMALL)[0], packed: int = 2) -> bytes:
    sizes = b" ".join([str(len(text)).encode(), *[b"0"] * packed])
    return head + b" " + sha256(text).hexdigest().encode() + b" " + sizes + b"\n" + text


def walk(tree: Any, rng: Random) -> tuple[Any, Any]:
    """A random place in a tree, any depth."""
    node, at = tree, rng.randrange(len(tree))
    while True:
        below = node[at]
        if not isinstance(below, list | dict) or not below or rng.random() < 0.15:
            return node, at
        node, at = below, rng.choice(list(below) if isinstance(below, dict) else range(len(below)))
