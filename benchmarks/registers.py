"""Registers as communes have them, invented and without a fault: the same seed, the same register.

A sound register has what sound registers have: codes that carry the day of submission, pauses and extensions, dossiers
carried over, people with several copies to certify, namesakes, lĩnh vực that differ, officers with three dossiers and
with a thousand. Nothing here looks at how anomalies are found.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from toolkit.records import Period, Table
from toolkit.workdays import Calendar

FIELDS = (
    "ma_ho_so", "ten_tthc", "linh_vuc", "hinh_thuc", "muc_do", "ngay_tiep_nhan", "ngay_hen_tra", "ngay_ket_qua",
    "ngay_tra", "trang_thai", "don_vi", "can_bo", "chu_ho_so",
)  # fmt: skip
LETTERS = dict(zip(FIELDS, "ABCDEFGHIJKLM", strict=True))
FIRST_ROW = 6
OPEN = ("Đang xử lý", "Được tiếp nhận")


@dataclass(frozen=True, slots=True)
class Procedure:
    field: str
    name: str
    share: float  # of a commune's dossiers, in any unit
    term: int  # working days; 0 is within the day, after 15:00 the next
    variant: int = 0  # another term that the law allows, e.g. when something must be verified
    variant_share: float = 0.0


@dataclass(slots=True, eq=False)
class Dossier:
    """One dossier while it is being invented."""

    code: str
    procedure: Procedure
    online: bool
    received: datetime
    due: date | None
    done: datetime | None
    returned: datetime | None
    status: str
    officer: str
    applicant: str
    planted: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Planted:
    """One fault that was put in, and the dossiers that carry it; ``whose``: the lĩnh vực or officer of a group."""

    kind: str  # code of the anomaly that should tell it
    what: str
    rows: tuple[int, ...]  # positions in the register
    whose: str = ""


@dataclass(frozen=True, slots=True)
class Invented:
    table: Table
    period: Period
    planted: tuple[Planted, ...]


@dataclass(frozen=True, slots=True)
class Habits:
    """What one commune and its software do."""

    code_of_submission: bool
    dates: str  # "time": real dates with a time of day; "day": without; "text": text with a time of day
    online: float
    late: float
    on_day: float
    paused: float
    copies: float  # of certifications that bring another one of the same person
    parcels: float  # of land dossiers that bring one for another parcel
    officers: bool
    calendar_days: bool  # long terms are counted in calendar days and end on a working day


def sound(seed: int, rows: int, calendar: Calendar, period: Period) -> Invented:
    """A register without a fault."""
    dossiers, habits = invent(seed, rows, calendar, period)
    return written(dossiers, habits, period, ())


PROCEDURES = (
    Procedure("Chứng thực", "Chứng thực bản sao từ bản chính", 300, 0),
    Procedure("Chứng thực", "Chứng thực chữ ký", 90, 0),
    Procedure("Chứng thực", "Chứng thực hợp đồng, giao dịch", 50, 2),
    Procedure("Hộ tịch", "Cấp bản sao trích lục hộ tịch", 90, 0),
    Procedure("Hộ tịch", "Đăng ký khai sinh", 60, 0, 5, 0.06),
    Procedure("Hộ tịch", "Đăng ký kết hôn", 25, 1, 5, 0.1),
    Procedure("Hộ tịch", "Cấp giấy xác nhận tình trạng hôn nhân", 45, 3, 20, 0.05),
    Procedure("Hộ tịch", "Đăng ký khai tử", 20, 0, 3, 0.1),
    Procedure("Hộ tịch", "Thay đổi, cải chính thông tin hộ tịch", 12, 3, 6, 0.2),
    Procedure("Hộ tịch", "Đăng ký lại khai sinh", 8, 5, 13, 0.3),
    Procedure("Đất đai", "Đăng ký biến động quyền sử dụng đất", 60, 10),
    Procedure("Đất đai", "Cấp giấy chứng nhận quyền sử dụng đất lần đầu", 22, 20),
    Procedure("Đất đai", "Chuyển mục đích sử dụng đất", 14, 15),
    Procedure("Đất đai", "Tách thửa, hợp thửa đất", 18, 12),
    Procedure("Đất đai", "Đính chính giấy chứng nhận", 9, 8),
    Procedure("Bảo trợ xã hội", "Trợ cấp xã hội hằng tháng", 30, 10),
    Procedure("Bảo trợ xã hội", "Hỗ trợ chi phí mai táng", 20, 5),
    Procedure("Bảo trợ xã hội", "Xác định mức độ khuyết tật", 12, 25),
    Procedure("Hộ kinh doanh", "Đăng ký thành lập hộ kinh doanh", 26, 3),
    Procedure("Hộ kinh doanh", "Đăng ký thay đổi nội dung hộ kinh doanh", 14, 3),
    Procedure("Hộ kinh doanh", "Chấm dứt hoạt động hộ kinh doanh", 9, 3),
    Procedure("Người có công", "Trợ cấp thờ cúng liệt sĩ", 12, 12),
    Procedure("Người có công", "Cấp giấy xác nhận thân nhân liệt sĩ", 10, 5),
    Procedure("Người có công", "Hưởng mai táng phí người có công", 9, 12),
    Procedure("Hoạt động xây dựng", "Cấp giấy phép xây dựng nhà ở riêng lẻ", 18, 15),
    Procedure("Hoạt động xây dựng", "Gia hạn giấy phép xây dựng", 4, 5),
    Procedure("Giáo dục và đào tạo", "Tiếp nhận đối tượng học bổ túc", 6, 5),
    Procedure("Giáo dục và đào tạo", "Thành lập nhóm trẻ độc lập", 4, 15),
    Procedure("Nông nghiệp", "Hỗ trợ khôi phục sản xuất", 7, 10),
    Procedure("Văn hóa cơ sở", "Thông báo tổ chức lễ hội", 3, 20),
)

_FAMILIES = ("Nguyễn",) * 38 + ("Trần",) * 11 + ("Lê",) * 10 + ("Phạm",) * 7 + ("Huỳnh",) * 5 + (
    "Võ", "Phan", "Trương", "Bùi", "Đặng", "Đỗ", "Ngô", "Hồ", "Dương", "Đinh",
)  # fmt: skip
_MIDDLES = ("Văn", "Thị", "Thị", "Hữu", "Đức", "Ngọc", "Minh", "Thanh", "Quang", "Kim", "Xuân", "Thu")
_GIVEN = (
    "An", "Anh", "Bình", "Châu", "Cường", "Dung", "Dũng", "Đạt", "Giang", "Hà", "Hải", "Hạnh", "Hiền", "Hoa", "Hùng",
    "Hương", "Khánh", "Lan", "Linh", "Long", "Mai", "Minh", "Nam", "Nga", "Nghĩa", "Oanh", "Phúc", "Phương", "Quân",
    "Sơn", "Tâm", "Thảo", "Thủy", "Trang", "Tuấn", "Việt", "Vinh", "Yến",
)  # fmt: skip


def invent(seed: int, rows: int, calendar: Calendar, period: Period) -> tuple[list[Dossier], Habits]:
    """Dossiers in the order of their receipt, and what their commune does."""
    dice = Random(f"sound {seed}")
    habits = Habits(
        code_of_submission=dice.random() < 0.5,
        dates=dice.choice(("time", "time", "day", "text")),
        online=dice.uniform(0.5, 0.97),
        late=dice.choice((0.0, 0.004, 0.01, 0.025)),
        on_day=dice.uniform(0.02, 0.25),
        paused=dice.uniform(0.0, 0.05),
        copies=dice.uniform(0.0, 0.06),
        parcels=dice.choice((0.0, 0.004, 0.02)),
        officers=dice.random() < 0.8,
        calendar_days=dice.random() < 0.25,
    )
    weights = list(accumulate(p.share * dice.uniform(0.4, 1.6) for p in PROCEDURES))
    names = sorted({p.field for p in PROCEDURES})
    slower = {name: dice.gammavariate(6, 1 / 6) for name in names}  # lĩnh vực differ, by some 40 %
    staff = {name: [f"Cán bộ {name[:2]}{n}" for n in range(dice.choice((1, 2, 2, 3)))] for name in names}
    lean = {name: [dice.uniform(0.05, 1) for _ in people] for name, people in staff.items()}
    first, last = calendar.due(period.start - timedelta(60), 0), period.end
    assert first is not None
    working = [date.fromordinal(d) for d in calendar.working if first.toordinal() <= d <= last.toordinal()]
    carried = bisect_left(working, period.start)
    serial: dict[date, int] = {}
    dossiers: list[Dossier] = []
    while len(dossiers) < rows:
        procedure = PROCEDURES[bisect_left(weights, dice.uniform(0, weights[-1]))]
        before = dice.random() < 0.08
        day = dice.choice(working[:carried] if before else working[carried:])
        received = datetime.combine(day, office_time(dice))
        online = dice.random() < habits.online
        submitted = _submitted(dice, received) if online else received
        due, waited = _due(dice, calendar, habits, procedure, received)
        late = habits.late * slower[procedure.field]
        done = _done(dice, calendar, habits, received, due, waited, late, procedure.term)
        if done is not None and done.date() > period.end:
            done = None
        if before and (done is None or done.date() < period.start) and (done is not None or dice.random() < 0.9):
            continue  # finished before: it belongs to the last report
        coded = submitted.date() if habits.code_of_submission else day
        serial[coded] = serial.get(coded, 0) + dice.randint(1, 3)
        dossier = Dossier(
            code=f"H48.22-{coded:%y%m%d}-{serial[coded]:04d}",
            procedure=procedure,
            online=online,
            received=received,
            due=due,
            done=done,
            returned=None,
            status="",
            officer=dice.choices(staff[procedure.field], lean[procedure.field])[0],
            applicant=_person(dice),
        )
        dossiers.append(dossier)
        again = {"Chứng thực": habits.copies, "Đất đai": habits.parcels}.get(procedure.field, 0.0)
        while dice.random() < again:
            serial[coded] += 1
            minutes = timedelta(minutes=dice.randint(1, 6))
            dossiers.append(
                replace(
                    dossier,
                    code=f"H48.22-{coded:%y%m%d}-{serial[coded]:04d}",
                    received=received + minutes,
                    done=None if done is None else done + minutes,
                    planted=set(),
                )
            )
    del dossiers[rows:]
    for one in dossiers:
        _settle(dice, one)
    dossiers.sort(key=lambda d: (d.received, d.code))
    return dossiers, habits


def _settle(dice: Random, one: Dossier) -> None:
    """Status and the day on which the result was handed over, as they follow from the result."""
    if one.done is None:
        one.status = dice.choice(OPEN)
        if one.procedure.term >= 5 and dice.random() < 0.15:
            one.status = "Yêu cầu bổ sung giấy tờ"
        elif one.procedure.field == "Đất đai" and dice.random() < 0.2:
            one.status = "Yêu cầu thực hiện nghĩa vụ tài chính"
        return
    chance = dice.random()
    if chance < 0.006:
        one.status = "Công dân yêu cầu rút hồ sơ"
    elif chance < 0.008:
        one.status = "Dừng xử lý"
    elif chance < 0.2:
        one.status = "Đã xử lý xong"
    else:
        one.status = "Đã trả kết quả"
        one.returned = one.done + timedelta(minutes=dice.randint(0, 400))


def office_time(dice: Random) -> time:
    minute = dice.choice((dice.randint(7 * 60 + 30, 11 * 60 + 29), dice.randint(13 * 60 + 30, 16 * 60 + 59)))
    return time(minute // 60, minute % 60, dice.randint(0, 59))


def _submitted(dice: Random, received: datetime) -> datetime:
    """When an online dossier was sent: mostly some hours before it was taken in, also at night and on days off."""
    return received - timedelta(hours=min(dice.expovariate(1 / 9), 90))


def _due(
    dice: Random, calendar: Calendar, habits: Habits, procedure: Procedure, received: datetime
) -> tuple[date | None, int]:
    """A promised day as software sets it, later moved by a supplement or one extension; working days before which
    there can be no result (the supplement is awaited, an extension is asked for when the term is nearly over)."""
    term = procedure.variant if dice.random() < procedure.variant_share else procedure.term
    if term == 0 and received.hour >= 15:
        term = 1
    if term >= 8 and habits.calendar_days:
        due = calendar.due_by_days(received.date(), term * 7 // 5)
    else:
        due = calendar.due(received.date(), term)
    if due is not None and term >= 3:
        if dice.random() < habits.paused:
            waited = 1 + min(int(dice.expovariate(1 / 5)), 25)
            return calendar.due(due, waited), waited
        if dice.random() < 0.004:
            return calendar.due(due, dice.randint(2, term)), term - 1
    return due, 0


def _done(
    dice: Random,
    calendar: Calendar,
    habits: Habits,
    received: datetime,
    due: date | None,
    waited: int,
    late: float,
    term: int,
) -> datetime | None:
    """When the result was there: within the day, early, on the very day, or late."""
    assert due is not None
    if dice.random() < 0.01 and term >= 5:
        return None  # forgotten, or waiting for the citizen
    left = calendar.between(received.date(), due)
    assert left is not None
    if dice.random() < late:
        days = left + 1 + min(int(dice.expovariate(1 / 4)), 30)
    elif dice.random() < habits.on_day:
        days = left
    else:
        days = min(waited + int((left - waited) * dice.betavariate(2, 1.6)), max(left - 1, 0))
    if days == 0:
        stay = dice.lognormvariate(3.6, 0.9) if term < 2 else dice.uniform(35, 300)
        return received + timedelta(minutes=min(2 + stay, (16 * 60 + 59 + 60) - (received.hour * 60 + received.minute)))
    day = calendar.due(received.date(), days)
    return None if day is None else datetime.combine(day, office_time(dice))


def _person(dice: Random) -> str:
    return f"{dice.choice(_FAMILIES)} {dice.choice(_MIDDLES)} {dice.choice(_GIVEN)}"


def written(dossiers: list[Dossier], habits: Habits, period: Period, planted: tuple[Planted, ...]) -> Invented:
    """The register as the software exports it."""

    def moment(value: datetime | None) -> object:
        if value is None:
            return None
        if habits.dates == "text":
            return f"{value:%d/%m/%Y %H:%M:%S}"
        return value if habits.dates == "time" else datetime.combine(value.date(), time())

    columns: dict[str, list[object]] = {name: [] for name in FIELDS if name != "can_bo" or habits.officers}
    for one in dossiers:
        due = None if one.due is None else datetime.combine(one.due, time(17))
        row = {
            "ma_ho_so": one.code,
            "ten_tthc": one.procedure.name,
            "linh_vuc": one.procedure.field,
            "hinh_thuc": "Trực tuyến" if one.online else "Trực tiếp",
            "muc_do": "Toàn trình" if one.procedure.term < 2 else "Một phần",
            "ngay_tiep_nhan": moment(one.received),
            "ngay_hen_tra": moment(due),
            "ngay_ket_qua": moment(one.done),
            "ngay_tra": moment(one.returned),
            "trang_thai": one.status,
            "don_vi": "Trung tâm Phục vụ hành chính công",
            "can_bo": one.officer,
            "chu_ho_so": one.applicant,
        }
        for name, cells in columns.items():
            cells.append(row[name])
    table = Table(
        block="ho_so",
        sheet="Hồ sơ",
        letters={name: LETTERS[name] for name in columns},
        rows=tuple(range(FIRST_ROW, FIRST_ROW + len(dossiers))),
        columns={name: tuple(cells) for name, cells in columns.items()},
    )
    return Invented(table, period, planted)
