"""Return slips: what each sender has to mend, and the same as a message.

R1 a value is proposed where every smallest repair has it, at its own cell; elsewhere nothing is called certain
R2 what only follows from a wrong cell has no line of its own
R3 several ways are told as several, with how many there are
R4 a slip for each commune with something to mend or to send, and for no other; each status
R5 errors first, in each what concerns the whole file; infos are left out unless they say how many more there are
R6 nobody's name or number is repeated
R7 a message is short, begins with unit, period and status, and leaves nothing out without saying so
R8 a deadline only when one was given
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_filings import FORM, PERIOD, PLACES, PROVINCE, STRANGER, filing, row
from test_blame import PRINTED, VAN_TUONG
from test_rollup import shifted

from toolkit.checks import confront
from toolkit.records import Filing, Finding, Severity, Summary, Unread
from toolkit.return_words import LONGEST_MESSAGE, closing, message, status
from toolkit.returns import Line, Mend, Slip, slips, to_mend
from toolkit.rollup import roll_up
from toolkit.wording import MAY_BE_PERSONAL, RETURN_FIXES, SENTENCES, finding, show_date, show_period

DAY = date(2025, 10, 5)
ROW = "Đất đai"
SOUND = row(100, truc_tiep=20, truoc_han=68, dung_han=10, dang_trong_han=40, rut=2)
CONTROLS = {"tiep_nhan_doi_chieu": 120, "da_giai_quyet_doi_chieu": 78, "dang_giai_quyet_doi_chieu": 40}


def merged(*read: Filing | Unread, extra: tuple[Finding, ...] = ()) -> Summary:
    findings = {r.file: (*confront(FORM, r), *extra) for r in read if isinstance(r, Filing)}
    return roll_up(FORM, PROVINCE, PERIOD, PLACES, read, findings=findings)


def slip_of(*read: Filing | Unread, extra: tuple[Finding, ...] = (), deadline: date | None = None) -> Slip | None:
    """The slip of the first commune."""
    return next((s for s in slips(FORM, merged(*read, extra=extra), deadline) if s.place == PLACES[0]), None)


def lines_of(*read: Filing | Unread, extra: tuple[Finding, ...] = ()) -> tuple[Line, ...]:
    slip = slip_of(*read, extra=extra)
    assert slip is not None
    return slip.lines


def van_tuong(leave_out: str = "") -> Filing:
    figures = VAN_TUONG | {f"{i}_doi_chieu": v for i, v in PRINTED.items()}
    given_ = {i: v for i, v in figures.items() if i != leave_out}
    return filing(rows={ROW: given_}, scalars={"hs_toan_trinh": 858, "hs_mot_phan": 3832})


# --- R1, R2, R3


def test_van_tuong__R1() -> None:
    lines = lines_of(van_tuong())
    proposed = [(line.severity, line.written, line.proposed) for line in lines if line.certain]
    assert proposed == [("error", "5.676", "5.679"), ("error", "414", "411")]
    cells = {(f.sheet, f.cell): k.indicator for k, f in van_tuong().figures.items()}
    certain = {cells[line.sheet, line.cell] for line in lines if line.certain}
    assert certain == {"tiep_nhan_doi_chieu", "dang_giai_quyet_doi_chieu"}
    (apart,) = (line for line in lines if "607" in line.why)
    assert (apart.severity, apart.proposed, apart.certain) == ("warning", "", False)
    assert sum(line.severity == "error" for line in lines) == 2


def test_a_cell_that_follows_has_no_line__R2() -> None:
    """68 typed as 86: the row rule speaks of C9, the control of the solved ones of its own cell; one cell is wrong."""
    wrong = filing(rows={ROW: SOUND | CONTROLS | {"truoc_han": 86}})
    assert len([f for f in confront(FORM, wrong) if f.severity == "error"]) > 1
    (line,) = lines_of(wrong)
    figure = next(f for k, f in wrong.figures.items() if k.indicator == "truoc_han" and k.row == ROW)
    assert (line.sheet, line.cell, line.written, line.proposed) == (figure.sheet, figure.cell, "86", "68")
    assert line.certain


def test_several_ways_are_no_certainty__R3() -> None:
    """Without the dossiers carried over there are three smallest repairs."""
    lines = [line for line in lines_of(van_tuong("ky_truoc")) if line.severity == "error"]
    assert not any(line.certain for line in lines)
    (told,) = (line for line in lines if "5.679" in line.proposed)
    assert all(number in told.proposed for number in ("(1)", "(2)", "(3)", "5.682", "346", "71"))
    assert "(4)" not in told.proposed
    assert all(told.cell in line.proposed for line in lines if line is not told)


def test_many_ways_are_counted__R3() -> None:
    wrong = filing(rows={ROW: SOUND | {"rut": 3}})
    (line,) = lines_of(wrong)
    (found,) = (f for f in confront(FORM, wrong) if f.severity == "error")
    ways = found.repairs[0].found
    assert ways > 3 and not line.certain
    assert "(3)" in line.proposed and "(4)" not in line.proposed
    assert str(ways) in line.proposed and str(ways - 3) in line.proposed


# --- R4


def test_who_gets_a_slip__R4() -> None:
    late = filing(PLACES[1], {ROW: SOUND}, period=shifted(30))
    bad = Unread(f"{PLACES[2].code}.xls", "TEP_003", "HTML.", "0" * 64)
    made = slips(FORM, merged(van_tuong(), late, bad))
    assert [(s.place, s.status, s.mend) for s in made] == [
        (PLACES[0], "errors", "marked"),
        (PLACES[1], "off_period", "marked"),
        (PLACES[2], "returned", "blank"),
        (PLACES[3], "missing", "blank"),
    ]
    assert [s.file for s in made] == [f"{PLACES[0].code}.xlsx", late.file, bad.file, ""]
    assert made[1].lines[0].fix == RETURN_FIXES["GOP_002"] and made[1].lines[0].severity == "error"
    assert made[2].lines[0].fix == SENTENCES["TEP_003"].fix and "HTML" in made[2].lines[0].why


def test_a_sound_report_gets_none__R4() -> None:
    sound = filing(rows={ROW: SOUND})
    assert slip_of(sound) is None
    assert slip_of(sound, extra=(finding("O_001", sheet="II.06a", cell="D9"),)) is None


def test_only_warnings__R4() -> None:
    slip = slip_of(filing(rows={ROW: SOUND}), extra=(finding("DS_001", sheet="Văn bản", cell="A9"),))
    assert slip is not None
    assert (slip.status, slip.count("error"), slip.count("warning")) == ("warnings", 0, 1)


def test_other_files_of_the_commune__R4() -> None:
    """A copy is only mentioned; a file that cannot be read may be the newer one."""
    report = van_tuong()
    copy = report._replace(file=f"{PLACES[0].code} (1).xlsx")
    bad = Unread(f"{PLACES[0].code}_moi.xlsx", "TEP_001", "Tệp hỏng.", "0" * 64)
    slip = slip_of(report, copy, bad)
    assert slip is not None and (slip.status, slip.file) == ("errors", report.file)
    assert [copy.file in text for text in slip.remarks] == [True]
    assert [(line.severity, line.sheet) for line in slip.lines if bad.file in line.why] == [("warning", "")]


def test_two_contents_are_an_error_of_the_sender__R4() -> None:
    one, other = filing(rows={ROW: SOUND}, file="a.xlsx"), filing(rows={ROW: row(7)}, file="b.xlsx")
    slip = slip_of(one, other)
    assert slip is not None and slip.status == "errors" and slip.remarks == ()
    assert slip.lines[0].fix == RETURN_FIXES["GOP_005"]


@pytest.mark.parametrize("name", ["21000_Xa_An_Phu_sua.xlsx", "21000_Xa_An_Phu_sua (1).xlsx"])
def test_a_mended_copy_beside_the_original_is_no_fault__R4(name: str) -> None:
    sound, wrong = filing(rows={ROW: SOUND}, file=name), van_tuong()
    assert [(o.file, o.code) for o in merged(sound, wrong).outcomes] == [(wrong.file, "GOP_018"), (name, "")]
    assert [f.code for _, f in merged(sound, wrong).findings if f.severity == "error"] == []
    assert slip_of(sound, wrong) is None
    both = slip_of(van_tuong()._replace(file=name, sha256="1" * 64), filing(rows={ROW: SOUND}))
    assert both is not None and [f"{PLACES[0].code}.xlsx" in text for text in both.remarks] == [True]


def test_who_has_to_mend_is_one_number_everywhere__R4() -> None:
    wrong, mended = van_tuong(), van_tuong()._replace(place=PLACES[1], file="21001_Xa_Ba_Gia_sua.xlsx", sha256="1" * 64)
    settled = filing(PLACES[2], rows={ROW: SOUND}, file="21002_Xa_Ba_Vi_sua.xlsx")
    old = [filing(place, rows={ROW: row(9)}) for place in PLACES[1:3]]
    summary = merged(wrong, mended, settled, *old)
    assert to_mend(summary) == tuple(p.code for p in PLACES[:2])
    assert to_mend(summary) == tuple(s.place.code for s in slips(FORM, summary) if s.status == "errors")


def test_a_file_named_for_a_commune_with_a_foreign_code_is_told_on_its_slip__R4() -> None:
    file = f"{PLACES[0].code}_Xa_An_Phu.xlsx"
    slip = slip_of(filing(STRANGER, rows={ROW: SOUND}, file=file))
    assert slip is not None and (slip.status, slip.file) == ("returned", file)
    assert STRANGER.code in slip.lines[0].why and PLACES[0].code in slip.lines[0].fix


# --- R5, R6


def test_order__R5() -> None:
    told = (finding("O_011", sheet="Văn bản", cell="C9"), finding("CAU_001", phan="x"))
    lines = lines_of(van_tuong(), extra=told)
    severities = [line.severity for line in lines]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)
    assert lines[0].sheet == "" and all(line.sheet for line in lines if line.severity == "error" and line != lines[0])


def test_infos__R5() -> None:
    """How many more there are is told with the cell that it is about, never alone."""
    gap = finding("O_011", sheet="Văn bản", cell="C9", ten="Trích yếu")
    more = finding("O_015", sheet="Văn bản", cell="C9", ten="Trích yếu", n=41, ma="O_011")
    (line,) = lines_of(filing(rows={ROW: SOUND}), extra=(gap, more))
    assert "41" in line.why and line.severity == "warning"
    assert slip_of(filing(rows={ROW: SOUND}), extra=(more,)) is None


@pytest.mark.parametrize(("raw", "hidden"), [("Nguyễn Văn An", True), ("0912345678", True), ("mười hai", False)])
def test_nobody_is_named__R6(raw: str, hidden: bool) -> None:
    report = filing(rows={ROW: SOUND})
    key = next(k for k in report.figures if k.indicator == "hop_tong")
    figure = report.figures[key]._replace(value=None, raw=raw, origin="text")
    said = finding("O_002", sheet=figure.sheet, cell=figure.cell, key=key, ten="Họp", goc=raw)
    report = report._replace(figures={**report.figures, key: figure})
    slip = slip_of(report, extra=(said,))
    assert slip is not None
    shown = repr(slip.lines) + message(slip, "x_sua.xlsx")
    assert (raw not in shown, MAY_BE_PERSONAL in shown) == (hidden, hidden)


def test_an_amount_of_money_is_no_phone__R6() -> None:
    report = filing(rows={ROW: SOUND})
    key = next(k for k in report.figures if k.indicator == "kp_duyet")
    figure = report.figures[key]._replace(value=None, raw="15.000.000.000 đồng", origin="text")
    said = finding("O_002", sheet=figure.sheet, cell=figure.cell, key=key, ten="Kinh phí", goc=figure.raw)
    (line,) = lines_of(report._replace(figures={**report.figures, key: figure}), extra=(said,))
    assert line.written == figure.raw


def test_what_stands_in_a_register_cell_is_as_quoted() -> None:
    said = finding("O_006", sheet="Văn bản", cell="B5", ten="Ngày ban hành", goc="28/7/205")
    (line,) = lines_of(filing(rows={ROW: SOUND}), extra=(said,))
    assert (line.written, line.label, line.proposed) == ("28/7/205", "Ngày ban hành", "")


def test_rates_and_blanks_as_officials_write_them() -> None:
    report = filing(rows={ROW: SOUND}, scalars={"ty_le_truc_tuyen": Decimal("0.9016")})
    at = {k.indicator: f for k, f in report.figures.items()}
    report = report._replace(
        figures={k: f._replace(origin="typed") if k.indicator == "ty_le_truc_tuyen" else f
                 for k, f in report.figures.items()}
    )  # fmt: skip
    told = tuple(
        finding("CT_006", sheet=at[i].sheet, cell=at[i].cell, key=at[i].key) for i in ("ty_le_truc_tuyen", "hop_tong")
    )
    written = {line.label: line.written for line in lines_of(report, extra=told) if line.sheet}
    assert "90,16%" in written.values() and "(trống)" in written.values()


# --- R7, R8


def test_message__R7() -> None:
    slip = slip_of(van_tuong(), deadline=DAY)
    assert slip is not None
    text = message(slip, "21000_sua.xlsx")
    first, *others = text.split("\n")
    place = slip.place
    assert all(part in first for part in (f"{place.kind} {place.name}", place.code, show_period(PERIOD), status(slip)))
    numbered = [line for line in others if line[:1].isdigit()]
    assert [line.split(".")[0] for line in numbered] == [str(n + 1) for n in range(len(slip.lines))]
    assert all(value in numbered[0] for value in (slip.lines[0].cell, "5.676", "5.679"))
    assert "21000_sua.xlsx" in others[-2] and show_date(DAY) in others[-1]


def test_a_message_names_every_cell__R7() -> None:
    """A chat takes a screen: of what finds no room there, the cells."""
    why = "Số này không khớp với các ô liên quan. " * 5
    one = Line("error", "II.06a", "", "Tiếp nhận", "3", why, "", False, "Đối chiếu nguồn số liệu.")
    lines = [one._replace(cell=f"C{n}") for n in range(9, 34)] + [one._replace(sheet="Văn bản", cell="B5")]
    text = message(Slip(PLACES[0], "errors", PERIOD, "a.xlsx", DAY, tuple(lines), (), "marked"), "21000_sua.xlsx")
    assert len(text) <= LONGEST_MESSAGE
    told = [re.findall(r"\b[A-Z]\d+\b", part) for part in text.split("\n")]
    assert [cell for part in told for cell in part] == [line.cell for line in lines]
    assert [len(part) for part in told if part] == [1, 1, 1, 23]


def test_no_deadline_unless_given__R8() -> None:
    with_, without = slip_of(van_tuong(), deadline=DAY), slip_of(van_tuong())
    assert with_ is not None and without is not None
    assert len(closing(with_, "x")) == len(closing(without, "x")) + 1
    assert show_date(DAY) in message(with_, "x") and show_date(DAY) not in message(without, "x")


words = st.text(st.characters(codec="utf-8", exclude_characters="\n\r{}"), max_size=300)
severities: st.SearchStrategy[Severity] = st.sampled_from(["error", "warning", "info"])
mends: st.SearchStrategy[Mend] = st.sampled_from(["marked", "blank", "own"])
lines = st.builds(Line, severities, words, words, words, st.none() | words, words, words, st.booleans(), words)


@settings(max_examples=60, deadline=None)
@given(st.lists(lines, min_size=1, max_size=30), words, mends)
def test_any_message_is_short__R7(told: list[Line], file: str, mend: Mend) -> None:
    slip = Slip(PLACES[0], "errors", PERIOD, file, DAY, tuple(told), (), mend)
    text = message(slip, "21000_sua.xlsx")
    assert len(text) <= LONGEST_MESSAGE
    assert show_date(DAY) in text
    kept = sum(line.startswith(tuple(f"{n}. " for n in range(1, len(told) + 1))) for line in text.split("\n"))
    left = len(told) - kept
    assert left == 0 or str(left) in text
