"""Reports drawn at random: consistent ones, and any. For what must hold whatever the figures are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from hypothesis import strategies as st
from tables import FORM, made

from toolkit.compute import applies, formula_of
from toolkit.formula import Linear, Term, evaluate, names
from toolkit.records import TOTAL_ROW, Filing, Key
from toolkit.values import Values

GRID = FORM.block("bieu_06a")
CONTROLS = tuple(i for i in GRID.indicators if i.of)
PRINTED = tuple(i for i in GRID.indicators if not i.of)
LABELS = ("Hộ tịch", "Đất đai", "Phí, lệ phí", "Đền bù & tái định cư", "Lĩnh vực khác <1>", "Lưu trữ")
"""Listed rows, and some for the spare rows."""


@dataclass(frozen=True, slots=True)
class Drawn:
    rows: tuple[str, ...]
    figures: Mapping[Key, int]  # typed numbers, those over formulas too
    settings: Mapping[str, str]
    checkable: Mapping[Key, int]  # computed, total and control cells -> the right value
    ticked: frozenset[str] = frozenset()

    def filing(self) -> Filing:
        """As read from a file with these rows only."""
        values = self.values()
        rows = {GRID.total if row == TOTAL_ROW else row: cells for row, cells in values.grids[GRID.id].items()}
        return made(rows, values.scalars, settings=self.settings, ticked=self.ticked)

    def values(self) -> Values:
        """As written into a template."""
        grid = {
            row: {k.indicator: n for k, n in self.figures.items() if k.row == row} for row in (*self.rows, TOTAL_ROW)
        }
        scalars = {k.indicator: n for k, n in self.figures.items() if not k.row}
        return Values(
            settings=self.settings, scalars=dict(scalars), grids={GRID.id: dict(grid)}, none_declared=self.ticked
        )


def reports(consistent: bool = True, typed_over: bool = True) -> st.SearchStrategy[Drawn]:
    """Complete reports in which every rule holds; or (not ``consistent``) any."""
    chance = st.randoms(use_true_random=False)
    return chance.map(consistent_report) if consistent else chance.map(lambda rng: any_report(rng, typed_over))


def identities_of(drawn: Drawn) -> set[Key]:
    """The figures of a consistent report that stand in an equation which must hold."""
    seen = {i.id for i in GRID.indicators} - ({"rut"} if drawn.settings["rut"] == "trong_dung_han" else set())
    for rule in FORM.rules:
        if rule.severity == "error" and rule.holds.operator == "==" and applies(rule.when, drawn.settings):
            seen |= {term.id for term in names(rule.holds.left, rule.holds.right)}
    return {key for key in drawn.figures if key.indicator in seen}


def consistent_report(rng: Random) -> Drawn:
    """Every input filled, every rule true; some totals typed over with their right value, some controls typed."""
    settings = {"rut": rng.choice([c.id for c in FORM.settings[0].choices])}
    rows = tuple(rng.sample(LABELS, rng.randint(1, 4)))
    size = rng.choice((3, 40, 5000))
    right: dict[Key, int] = {}
    for row in rows:
        right |= {Key(GRID.id, row, id_): n for id_, n in _row(rng, size, settings).items()}
    for indicator in PRINTED:
        right[Key(GRID.id, TOTAL_ROW, indicator.id)] = sum(right[Key(GRID.id, row, indicator.id)] for row in rows)
    for row in (*rows, TOTAL_ROW):
        right |= {Key(GRID.id, row, c.id): right[Key(GRID.id, row, c.of)] for c in CONTROLS}
    total = {i.id: right[Key(GRID.id, TOTAL_ROW, i.id)] for i in PRINTED}
    right |= {Key(FORM.indicator(id_).block, "", id_): n for id_, n in _scalars(rng, size, total).items()}

    checkable = {key: n for key, n in right.items() if _is_checkable(key)}
    often = rng.choice((0.1, 0.4, 1.0))
    typed = {key: n for key, n in right.items() if key not in checkable or rng.random() < often}
    return Drawn(rows, typed, settings, checkable)


def any_report(rng: Random, typed_over: bool = True) -> Drawn:
    """A consistent report with figures left out, others changed, blocks ticked "không phát sinh"."""
    drawn = consistent_report(rng)
    blank, wrong = rng.choice((0.0, 0.1, 0.5, 0.9)), rng.choice((0.0, 0.1, 0.5))
    figures = {key: n for key, n in drawn.figures.items() if rng.random() >= blank}
    most = rng.choice((2, 5000))
    figures = {key: max(n + rng.randint(-most, most), 0) if rng.random() < wrong else n for key, n in figures.items()}
    if not typed_over:
        figures = {
            key: n for key, n in figures.items() if key not in drawn.checkable or FORM.indicator(key.indicator).of
        }
    ticked = frozenset(b.id for b in FORM.blocks if b.kind != "records" and rng.random() < 0.1)
    return replace(drawn, figures=figures, ticked=ticked)


def _is_checkable(key: Key) -> bool:
    indicator = FORM.indicator(key.indicator)
    return key.row == TOTAL_ROW or bool(indicator.equals) or bool(indicator.of)


def _row(rng: Random, size: int, settings: Mapping[str, str]) -> dict[str, int]:
    cells = {i.id: rng.randint(0, size) for i in PRINTED if not i.equals}
    if settings["rut"] == "trong_dung_han":
        cells["rut"] = rng.randint(0, cells["dung_han"])
    by_id = {i.id: formula_of(i, settings) for i in PRINTED}
    for id_ in ("da_giai_quyet", "dang_giai_quyet"):
        cells[id_] = _worth(by_id[id_], cells)
    balance = next(r for r in FORM.rules if r.id in ("can_doi_rut_rieng", "can_doi") and applies(r.when, settings))
    cells["tiep_nhan"] = _worth(balance.holds.right, cells)
    cells["truc_tuyen"] = rng.randint(0, cells["tiep_nhan"])
    cells["truc_tiep"] = rng.randint(0, cells["tiep_nhan"] - cells["truc_tuyen"])
    cells["ky_truoc"] = cells["tiep_nhan"] - cells["truc_tuyen"] - cells["truc_tiep"]
    return cells


def _worth(formula: Linear | None, cells: Mapping[str, int]) -> int:
    assert formula is not None
    return evaluate(formula, {Term(id_): n for id_, n in cells.items()})


def _scalars(rng: Random, size: int, total: Mapping[str, int]) -> dict[str, int]:
    n = {
        i.id: rng.randint(0, size) for b in FORM.blocks if b.kind == "scalars" for i in b.indicators if i.kind != "rate"
    }
    n["hs_toan_trinh"] = rng.randint(0, total["truc_tuyen"])
    n["hs_mot_phan"] = total["truc_tuyen"] - n["hs_toan_trinh"]
    n["tthc_mot_phan_truc_tiep"] = n["tthc_mot_phan"] + n["tthc_truc_tiep"]
    n["tthc_cap_xa"] = n["tthc_toan_trinh"] + n["tthc_mot_phan_truc_tiep"]
    n["nv_hoan_thanh"] = n["nv_dung_han"] + n["nv_qua_han"]
    n["nv_giao"] = n["nv_hoan_thanh"] + n["nv_dang_thuc_hien"]
    n["hop_tong"] = n["hop_toan_the"] + n["hop_thuong_truc"] + n["hop_to_giup_viec"] + n["hop_phoi_hop"]
    n["pakn_nhan"] = n["pakn_da_giai_quyet"] + n["pakn_ton"]
    n["co_mat"] = n["thac_si"] + n["dai_hoc"] + n["cao_dang"] + n["trung_cap"]
    n["bien_che_giao"] = max(n["co_mat"] - n["hop_dong"], 0) + rng.randint(0, 2)
    n["vneid_cai_dat"] = n["vneid_kich_hoat"] + n["vneid_chua_kich_hoat"]
    n["kp_duyet"] = n["kp_phan_bo"] + n["kp_chua_phan_bo"]
    for part, whole in (
        ("tthc_phat_sinh", n["tthc_cap_xa"]), ("tthc_dong_bo", n["tthc_cap_xa"]), ("may_diet_virus", n["may_tinh"]),
        ("vb_di_dien_tu", n["vb_di"]), ("kp_giai_ngan", n["kp_phan_bo"]), ("so_hoa_dau_vao", total["tiep_nhan"]),
        ("so_hoa_dau_ra", total["da_giai_quyet"]),
    ):  # fmt: skip
        n[part] = rng.randint(0, whole)
    return n
