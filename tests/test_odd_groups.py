"""Groups of dossiers that differ from the others, by exactly one late dossier more.

Requirements
  BT04  a group is told by the exact tail, all looks under one guard; who works on a slow lĩnh vực is not to blame
"""

from __future__ import annotations

from datetime import timedelta

from odd_registers import MONDAY, Row, dossier, found, sound

from toolkit.limits import at_least
from toolkit.odd_groups import RISK


def test_late_group_by_the_exact_tail() -> None:  # BT04
    def rows(late: int) -> list[Row]:
        """Five lĩnh vực of 40 dossiers; ``late`` in the first, one in each other."""
        out = []
        for i in range(200):
            name, n = f"Lĩnh vực {i % 5}", i // 5
            row = dossier(i, linh_vuc=name, ten_tthc=f"Thủ tục {i % 5}")
            if n < (late if i % 5 == 0 else 1):
                row["ngay_ket_qua"] = row["ngay_hen_tra"] + timedelta(7)
            out.append(row)
        return out

    looks = 5 + 1 + 5  # lĩnh vực late; the register and lĩnh vực finished on the day
    first = next(k for k in range(40) if found(rows(k)))
    chances = [at_least(k, 40, (k + 4) / 200) for k in (first - 1, first)]
    assert chances[1] <= RISK / looks < chances[0]
    (one,) = found(rows(first))
    assert (one.code, one.group, one.sure, len(one.dossiers)) == ("BT_013", True, "rat_co_the", first)
    assert one.chance == chances[1]
    assert one.finding.cell == "C6"


def test_officer_of_a_slow_field__not_to_blame() -> None:  # BT04
    def groups(late: tuple[int, int, int], rows: int = 300) -> list[str]:
        """Cells of the groups told: of three officers, each with 40 land dossiers, so many late, and 60 other ones."""
        out = []
        for i in range(rows):
            row = dossier(i, linh_vuc="Đất đai" if i < 120 else "Hộ tịch", can_bo=("Một", "Hai", "Ba")[i % 3])
            if i < 120 and i // 3 < late[i % 3]:
                row["ngay_ket_qua"] = row["ngay_hen_tra"] + timedelta(7)
            out.append(row)
        return [a.finding.cell for a in found(out)]

    assert groups((12, 12, 12)) == ["C6"]
    split = [
        dossier(i, linh_vuc="Đất đai" if i < 120 else "Hộ tịch", can_bo="Một" if i < 60 else "Hai") for i in range(300)
    ]
    for row in split[:120:3]:
        row["ngay_ket_qua"] = row["ngay_hen_tra"] + timedelta(7)
    assert [a.finding.cell for a in found(split)] == ["C6"]
    assert groups((3, 30, 3)) == ["C6", "K7"]
    assert groups((3, 30, 3), rows=120) == ["K7"]
    assert groups((12, 12, 12), rows=120) == []


def test_small_difference__no_group() -> None:  # BT04
    def rows(late: int) -> list[Row]:
        out = [dossier(i, linh_vuc=f"Lĩnh vực {i % 2}", ten_tthc=f"Thủ tục {i % 2}") for i in range(1000)]
        for row in [*out[: 2 * late : 2], *out[1:101:2]]:
            row["ngay_ket_qua"] = row["ngay_hen_tra"] + timedelta(7)
        return out

    assert at_least(150, 500, 0.2) < 1e-6
    assert found(rows(150)) == ()


def test_two_late_dossiers__no_group() -> None:  # BT04
    def rows(late: int) -> list[Row]:
        late_one = {"ngay_ket_qua": MONDAY + timedelta(21), "linh_vuc": "Văn hóa cơ sở"}
        return [*(dossier(i, **late_one) for i in range(late)), *sound(400)[late:]]

    assert at_least(2, 2, 2 / 400) < 1e-4
    assert (found(rows(2)), [a.code for a in found(rows(3))]) == ((), ["BT_013"])


def test_results_on_the_promised_day__told() -> None:  # BT04
    def rows(on_day: int, n: int = 40) -> list[Row]:
        out = sound(n)
        for row in out[:on_day]:
            row["ngay_ket_qua"] = row["ngay_hen_tra"]
        return out

    looks = 1 + 1 + 1  # late by lĩnh vực; the register and its lĩnh vực on the day
    first = next(k for k in range(41) if found(rows(k)))
    assert at_least(first, 40, 0.5) <= RISK / (looks - 1) and at_least(first - 1, 40, 0.5) > RISK / looks
    (one,) = found(rows(first))
    assert (one.code, one.group, one.sure, len(one.dossiers)) == ("BT_012", True, "nen_xem", first)
