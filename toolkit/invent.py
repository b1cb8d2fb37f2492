"""Invented reports of form ``bao_cao_xa``: realistic, consistent, and named as invented.

Every identity of the form holds in them; ``toolkit.slips`` plants what goes wrong. The same number always gives the
same commune.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Literal, TypeVar

from toolkit.form import Form
from toolkit.records import Key, Period, Place

GRID = "bieu_06a"

T = TypeVar("T")
Cell = int | float | str
Delivery = Literal["file", "twice", "web_page", "not_sent"]
"""How the report arrives: as its workbook; also as a copy of it; as a web page named .xls; not at all."""

Shown = Literal["finding", "file", "merge", "missing", "nothing"]
"""Where the toolkit must show a slip: a finding of the file; what became of the file; a finding of the merge; the list
of communes that sent nothing; nowhere, because it does no harm."""


class Dice:
    """Numbers that look random and are the same on every machine and in every Python."""

    def __init__(self, seed: str) -> None:
        self.seed, self.thrown = seed, 0

    def between(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        self.thrown += 1
        digest = sha256(f"{self.seed}/{self.thrown}".encode()).digest()
        return low + int.from_bytes(digest[:8], "big") % (high - low + 1)

    def draw(self, items: Sequence[T], many: int) -> list[T]:
        """``many`` different ones of ``items``."""
        left = list(items)
        return [left.pop(self.between(0, len(left) - 1)) for _ in range(many)]


@dataclass(frozen=True, slots=True)
class Slip:
    """Something that was planted, and by what the toolkit must show it."""

    kind: str  # short id, e.g. "tong_go_sai"
    what: str  # Vietnamese: what was done
    shown: Shown
    code: str = ""  # code of the finding or of the file's reason; "" for missing and nothing
    keys: tuple[Key, ...] = ()  # the figures, when it is about some; each must be shown


@dataclass(frozen=True, slots=True)
class Invented:
    place: Place
    period: Period
    settings: Mapping[str, str]
    scalars: Mapping[str, int]
    rows: tuple[Mapping[str, Cell], ...]  # of the grid
    records: Mapping[str, tuple[Mapping[str, str], ...]]
    delivery: Delivery = "file"
    slips: tuple[Slip, ...] = ()
    decomposed: frozenset[str] = frozenset()  # registers whose text must reach the workbook as NFD

    @property
    def data(self) -> dict[str, object]:
        """The values of ``tthc new --values``."""
        return {
            "settings": dict(self.settings),
            "scalars": dict(self.scalars),
            "grids": {GRID: [dict(row) for row in self.rows]},
            "records": {block: [dict(record) for record in records] for block, records in self.records.items()},
        }


def sound_report(form: Form, number: int, period: Period, province: str) -> Invented:
    """Invented commune ``number`` (1 to 999) of a province, with a report in which nothing is wrong."""
    dice = Dice(f"xa {number}")
    size = dice.between(1400, 6200)
    rows = [{"linh_vuc": name, **_line(size * _SHARES.get(name, 0) // 1000, dice)} for name in form.block(GRID).rows]
    sums = {name: sum(int(row[name]) for row in rows) for name in _INPUTS}
    received = sums["truc_tuyen"] + sums["truc_tiep"] + sums["ky_truoc"]
    done = sums["truoc_han"] + sums["dung_han"] + sums["qua_han"]
    controls = {
        "tiep_nhan_doi_chieu": received,
        "da_giai_quyet_doi_chieu": done,
        "dang_giai_quyet_doi_chieu": sums["dang_trong_han"] + sums["dang_qua_han"],
    }
    wish = {"loai": "Kiến nghị", "noi_dung": dice.draw(_WISHES, 1)[0], "noi_nhan": "UBND tỉnh"}
    return Invented(
        place=Place(f"{99000 + number}", "Xã", f"Ví dụ {number:02d} (số liệu bịa)", province),
        period=period,
        settings={"rut": "rieng"},
        scalars={**controls, **_scalars(sums["truc_tuyen"], received, done, dice)},
        rows=tuple(rows),
        records={"van_ban": papers(period, dice), "kien_nghi": (wish,)},
    )


def papers(period: Period, dice: Dice) -> tuple[Mapping[str, str], ...]:
    """Documents of one series whose numbers rise with their dates, all in the period."""
    days = sorted(dice.draw(range((period.end - period.start).days + 1), len(_PAPERS)))
    numbers = sorted(dice.draw(range(20, 900), len(_PAPERS)))
    return tuple(
        {
            "so_ky_hieu": f"{number}/QĐ-UBND",
            "ngay": (period.start + timedelta(days=day)).isoformat(),
            "loai": "Quyết định",
            "trich_yeu": words,
            "co_quan": "UBND xã",
            "tinh_trang": "Đã ban hành",
        }
        for number, day, words in zip(numbers, days, _PAPERS, strict=True)
    )


def web_page(report: Invented) -> str:
    """A report as some one-door software exports it: an HTML table that is saved with the ending .xls."""
    head = "".join(f"<th>{name}</th>" for name in report.rows[0])
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row.values()) + "</tr>" for row in report.rows)
    title = f"{report.place.kind} {report.place.name}"
    return f"<html><body><h3>{title}</h3><table><tr>{head}</tr>{body}</table></body></html>\n"


_SHARES = {  # lĩnh vực -> its share of a commune's dossiers, in thousandths; the others have none
    "Chứng thực": 452,
    "Hộ tịch": 238,
    "Đất đai": 121,
    "Bảo trợ xã hội": 63,
    "Thành lập và hoạt động của hộ kinh doanh": 47,
    "Người có công": 31,
    "Hoạt động xây dựng": 22,
    "Giáo dục và đào tạo": 11,
    "Nông nghiệp": 9,
    "Văn hóa cơ sở": 6,
}
_INPUTS = (
    "truc_tuyen", "truc_tiep", "ky_truoc", "truoc_han", "dung_han", "qua_han", "dang_trong_han", "dang_qua_han", "rut",
)  # fmt: skip
_PAPERS = (
    "Thành lập Tổ công nghệ số cộng đồng",
    "Kế hoạch chuyển đổi số năm 2025",
    "Phân công công chức trực một cửa",
)
_WISHES = (
    "Bổ sung máy quét, máy in cho Trung tâm Phục vụ hành chính công.",
    "Mở lớp tập huấn kỹ năng số cho công chức xã.",
)


def _line(taken: int, dice: Dice) -> dict[str, Cell]:
    """One lĩnh vực: ``taken`` dossiers of the period, split so that (3) = (7) + (11) + rút."""
    online = taken * dice.between(70, 97) // 100
    carried = taken * dice.between(0, 6) // 100
    withdrawn = taken * dice.between(0, 8) // 1000
    open_ = (taken + carried) * dice.between(3, 12) // 100
    done = taken + carried - withdrawn - open_
    on_the_day, late = done * dice.between(1, 20) // 100, done * dice.between(0, 25) // 1000
    open_late = open_ * dice.between(0, 15) // 100
    early = done - on_the_day - late
    cells = (online, taken - online, carried, early, on_the_day, late, open_ - open_late, open_late, withdrawn)
    return dict(zip(_INPUTS, cells, strict=True))


def _scalars(online: int, received: int, done: int, dice: Dice) -> dict[str, int]:
    whole, part, paper = dice.between(150, 270), dice.between(90, 160), dice.between(10, 40)
    degrees = {
        "thac_si": dice.between(3, 12),
        "dai_hoc": dice.between(40, 230),
        "cao_dang": dice.between(4, 25),
        "trung_cap": dice.between(0, 9),
    }
    present, computers, tasks = sum(degrees.values()), dice.between(38, 110), dice.between(12, 29)
    finished = tasks * dice.between(50, 95) // 100
    whole_online = online * dice.between(15, 45) // 100
    return {
        "tthc_cap_xa": whole + part + paper,
        "tthc_toan_trinh": whole,
        "tthc_mot_phan": part,
        "tthc_truc_tiep": paper,
        "hs_toan_trinh": whole_online,
        "hs_mot_phan": online - whole_online,
        "so_hoa_dau_vao": received * dice.between(80, 99) // 100,
        "so_hoa_dau_ra": done * dice.between(75, 99) // 100,
        "nv_giao": tasks,
        "nv_hoan_thanh": finished,
        "nv_dung_han": finished,
        "nv_qua_han": 0,
        "nv_dang_thuc_hien": tasks - finished,
        "may_tinh": computers,
        "may_diet_virus": computers * dice.between(40, 100) // 100,
        "duong_truyen": dice.between(1, 3),
        "bien_che_giao": present + dice.between(0, 20),
        "co_mat": present,
        **degrees,
        "cc_ttpvhcc": dice.between(4, 9),
    }
