"""Administrative units: finding a commune by its code, or by a name as somebody typed it.

Accents decide: inside one province "Sơn Hà" and "Sơn Hạ" are two communes. A name that differs in its accents, or
that several communes bear, is never matched, only suggested. Somebody who types no accents at all, though, means the
one unit that those letters fit, where there is one (``province_named``, ``meant``).
"""

# Without "from __future__ import annotations", as in ``toolkit.records``.

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple, TypeVar

from toolkit.records import Place, Province
from toolkit.text import key, similar, strip_accents, tidy
from toolkit.wording import LIST_FAULTS, fill

KINDS = ("Xã", "Phường", "Đặc khu")
PROVINCE_KINDS = ("Tỉnh", "Thành phố")

_HEADER = ["ma", "loai", "ten", "ma_tinh"]
_PROVINCE_HEADER = ["ma", "loai", "ten"]
_KIND = re.compile(r"^(?:(?:ubnd|uỷ ban nhân dân)\b *)?(?:(?:xã|phường|đặc khu)\b|[xp]\.)? *")
_PLAIN_KIND = re.compile(r"^(?:(?:ubnd|uy ban nhan dan)\b *)?(?:(?:xa|phuong|dac khu)\b)? *")
_PROVINCE_KIND = re.compile(r"^(?:tỉnh|tinh|thành phố|thanh pho|tp\.?) +")
_CODE = re.compile(r"(?<!\d)\d{5}(?!\d)")
_WORDS = re.compile(r"[^\W_]+")
_CLOSE = 0.8
_SUGGESTIONS = 5
_Unit = TypeVar("_Unit", Place, Province)
_TOLD = 5  # faults of a list that its sentence names


class ListFault(NamedTuple):
    what: str  # key of ``wording.LIST_FAULTS``
    line: int  # 0: the whole list
    said: str
    of_provinces: bool = False

    @classmethod
    def of(cls, what: str, line: int = 0, **fields: object) -> "ListFault":
        return cls(what, line, fill(LIST_FAULTS[what], fields))


class PlacesError(ValueError):
    """A list of communes that must not be used; its text names the first faults in Vietnamese."""

    def __init__(self, faults: Iterable[ListFault]) -> None:
        self.faults = tuple(faults)
        told = [_told(fault) for fault in self.faults[:_TOLD]]
        if left := len(self.faults) - len(told):
            told.append(fill(LIST_FAULTS["con"], {"n": left}))
        super().__init__("; ".join(told))


class _Lists(NamedTuple):
    provinces: tuple[Province, ...]
    places: tuple[Place, ...]


class Gazetteer(_Lists):
    """Provinces and communes in the order of their codes; its indexes are made when first asked for."""

    def find(self, code: str) -> Place | None:
        """The commune of a code; leading zeros that Excel dropped are put back."""
        return self._by_code.get(tidy(code).zfill(5))

    def province(self, code: str) -> Province | None:
        return next((p for p in self.provinces if p.code == tidy(code).zfill(2)), None)

    def province_named(self, text: str) -> Province | None:
        """A province by its code or its name, with or without its kind; without accents where only one is so called."""
        if coded := self.province(text):
            return coded
        wanted = _PROVINCE_KIND.sub("", key(text))
        names = {p: _PROVINCE_KIND.sub("", key(p.name)) for p in self.provinces}
        same = [p for p, name in names.items() if name == wanted] or _of_letters(names, {wanted})
        return same[0] if wanted and len(same) == 1 else None

    def in_province(self, code: str) -> tuple[Place, ...]:
        return self._by_province.get(code, ())

    def match(self, name: str, province: str | None = None) -> Place | None:
        """The one commune of that name in a province, or in the country.

        Composition, case, spaces, tone placement and a word such as "UBND xã" in front do not count. The kind in
        front decides nothing: a xã becomes a phường while its old files live on.
        """
        same = self._same(name, province)
        return same[0] if len(same) == 1 else None

    def meant(self, name: str, province: str | None = None) -> tuple[Place, ...]:
        """The communes of that name, as ``match`` has it; where none is so called and the name was typed without any
        accent, those of its letters."""
        if same := self._same(name, province):
            return same
        bare = _bare(name)
        names = {p: _bare(p.name) for p in self._scope(province)}
        return tuple(_of_letters(names, {bare, _PLAIN_KIND.sub("", bare)}))

    def suggest(self, name: str, province: str | None = None) -> tuple[Place, ...]:
        """Communes that may be meant, likeliest first: of the same name, of the same letters, of nearly the same."""
        if same := self.meant(name, province):
            return same[:_SUGGESTIONS]
        bare = _bare(name)
        plain = strip_accents(bare)
        scope = self._scope(province)
        letters = [(similar(plain, strip_accents(_bare(p.name))), p) for p in scope]
        least = 1.0 if any(ratio == 1.0 for ratio, _ in letters) else _CLOSE
        near = [(-ratio, -similar(bare, p.name), p.code, p) for ratio, p in letters if ratio >= least]
        return tuple(p for *_, p in sorted(near)[:_SUGGESTIONS])

    def _scope(self, province: str | None) -> tuple[Place, ...]:
        return self.places if province is None else self.in_province(province)

    def _same(self, name: str, province: str | None) -> tuple[Place, ...]:
        if province not in self._by_name:  # a check asks for one province only, a merge again and again
            groups: defaultdict[str, list[Place]] = defaultdict(list)
            for place in self._scope(province):
                groups[_bare(place.name)].append(place)
            self._by_name[province] = {name: tuple(places) for name, places in groups.items()}
        return self._by_name[province].get(_bare(name), ())

    @cached_property
    def _by_code(self) -> Mapping[str, Place]:
        return {p.code: p for p in self.places}

    @cached_property
    def _by_province(self) -> Mapping[str, tuple[Place, ...]]:
        groups: defaultdict[str, list[Place]] = defaultdict(list)
        for place in self.places:
            groups[place.province].append(place)
        return {code: tuple(places) for code, places in groups.items()}

    @cached_property
    def _by_name(self) -> dict[str | None, Mapping[str, tuple[Place, ...]]]:
        """Of the provinces that were asked for; None: of all."""
        return {}


def file_stem(place: Place) -> str:
    """How the files of a commune are called: code and name in plain letters, which survive every zip and mail
    program."""
    return f"{place.code}_{re.sub(r'[^A-Za-z0-9]+', '_', strip_accents(f'{place.kind} {place.name}')).strip('_')}"


def named_in(text: str, places: Iterable[Place]) -> Place | None:
    """The one of ``places`` that a file's name speaks of, by its code or by its name with or without accents; None for
    none, for several, and where code and name disagree. Only a hint whom to ask: no figure may rest on it."""
    known = tuple(places)
    numbers = set(_CODE.findall(text))
    by_code = {p for p in known if p.code in numbers}
    by_name = _borne(key(text), known)
    found = by_code & by_name if by_code and by_name else by_code | by_name
    return next(iter(found)) if len(found) == 1 else None


def parse_places(communes: str, provinces: str = "") -> Gazetteer:
    """The lists as CSV (``ma,loai,ten,ma_tinh`` and ``ma,loai,ten``; "," or ";"; lines from "#" on are remarks).

    Without ``provinces`` no province has a name. Raises PlacesError with every faulty line.
    """
    faults: list[ListFault] = []
    places: dict[str, Place] = {}
    sound = _sound(communes)
    for number, (code, kind, name, province) in () if sound else _rows(communes, _HEADER, faults):
        wrong = _wrong(number, code, 5, kind, KINDS, name)
        if not wrong and not _digits(province, 2):
            wrong = ListFault.of("ma_tinh", number, gia_tri=province)
        if wrong or code in places:
            faults.append(wrong or ListFault.of("lap", number, gia_tri=code))
        else:
            places[code] = Place(code, kind, name, province)
    units: dict[str, Province] = {}
    of_provinces: list[ListFault] = []
    for number, (code, kind, name) in _rows(provinces, _PROVINCE_HEADER, of_provinces) if provinces else ():
        wrong = _wrong(number, code, 2, kind, PROVINCE_KINDS, name)
        if wrong or code in units:
            of_provinces.append(wrong or ListFault.of("lap", number, gia_tri=code))
        else:
            units[code] = Province(code, f"{kind} {name}")
    faults += [fault._replace(of_provinces=True) for fault in of_provinces]
    if faults:
        raise PlacesError(faults)
    return Gazetteer(tuple(units[c] for c in sorted(units)), sound or tuple(places[c] for c in sorted(places)))


def _sound(text: str) -> tuple[Place, ...] | None:
    """A plain list without any fault, thousands of lines at once; None: go through it line by line."""
    header, *lines = [line for line in text.removeprefix("\ufeff").splitlines() if line and line[0] != "#"] or [""]
    if header != ",".join(_HEADER) or {line.count(",") for line in lines} != {len(_HEADER) - 1} or '"' in text:
        return None
    cells = ",".join(lines).split(",")
    codes, kinds, names, provinces = (cells[n :: len(_HEADER)] for n in range(len(_HEADER)))
    fits = {*map(len, codes)} == {5} and _digits("".join(codes), 5 * len(codes)) and {*kinds} <= {*KINDS}
    fits = fits and all(_digits(p, 2) for p in {*provinces})
    if not (fits and all(names) and len({*codes}) == len(codes)):
        return None
    rows = zip(codes, kinds, names, provinces, strict=True)
    return tuple(map(Place._make, rows if codes == sorted(codes) else sorted(rows)))


def _rows(text: str, header: list[str], faults: list[ListFault]) -> list[tuple[int, list[str]]]:
    """The rows under the header, each with its line number. The separator is the header's (Excel writes ";")."""
    import csv  # late: a sound list needs no more than a split

    reader = csv.reader(text.removeprefix("\ufeff").splitlines(), delimiter=";" if ";".join(header) in text else ",")
    try:
        rows = [(reader.line_num, row) for row in reader if row and not row[0].startswith("#")]
    except csv.Error:
        faults.append(ListFault.of("csv", reader.line_num))
        return []
    if not rows or rows[0][1] != header:
        faults.append(ListFault.of("dau", cot=",".join(header)))
        return []
    faults += [ListFault.of("cot", n, n=len(header)) for n, row in rows if len(row) != len(header)]
    return [(n, row) for n, row in rows[1:] if len(row) == len(header)]


def _wrong(line: int, code: str, length: int, kind: str, kinds: tuple[str, ...], name: str) -> ListFault | None:
    if not _digits(code, length):
        return ListFault.of("ma", line, n=length, gia_tri=code)
    if kind not in kinds:
        return ListFault.of("loai", line, cac_loai=", ".join(kinds), gia_tri=kind)
    return None if name else ListFault.of("ten", line)


def _of_letters(names: Mapping[_Unit, str], typed: set[str]) -> list[_Unit]:
    """The units whose name is one of ``typed`` but for its accents: none of a text with an accent of its own."""
    return [unit for unit, name in names.items() if strip_accents(name) in typed]


def _borne(text: str, places: Iterable[Place]) -> set[Place]:
    """The communes whose name, of two words or more, stands in a text, but not within a longer one; of names that only
    their accents tell apart, the one that is written so, where one is."""
    words, letters = (f" {' '.join(_WORDS.findall(t))} " for t in (text, strip_accents(text)))
    names = {p: f" {' '.join(_WORDS.findall(key(p.name)))} " for p in places}
    plain = {p: strip_accents(name) for p, name in names.items() if name.count(" ") > 2}
    borne = {p: name for p, name in plain.items() if name in letters}
    whole = {p for p, name in borne.items() if not any(name != other and name in other for other in borne.values())}
    exact = {borne[p] for p in whole if names[p] in words}
    return {p for p in whole if borne[p] not in exact or names[p] in words}


def _told(fault: ListFault) -> str:
    said = fill(LIST_FAULTS["dong"], {"n": fault.line, "loi": fault.said}) if fault.line else fault.said
    return fill(LIST_FAULTS["tinh"], {"loi": said}) if fault.of_provinces else said


def _digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()


def _bare(name: str) -> str:
    """Comparison key of a name without the office and kind in front of it."""
    text = key(name)
    return _KIND.sub("", text) or text
