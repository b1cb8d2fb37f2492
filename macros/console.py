"""The console that a command speaks to: its streams, its log, and whatever ends a command before it has a result.

Exit codes: 0: no error finding. 1: error findings, returned or unreadable files, or a fault of ours. 2: wrong usage.
With JSON, standard output holds one object and nothing else, also when a command is refused, misused or breaks;
progress and faults go to standard error.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from toolkit.records import Finding
from toolkit.wording import finding
from workbook import log
from workbook.files import Refused, reason

FOUND_NOTHING, FOUND_ERRORS, WRONG_USAGE = 0, 1, 2
_OURS = ("macros.", "workbook.", "toolkit.")
_PRINTING = (__name__, "macros.say")


class Misused(Exception):
    """A command that cannot be understood."""

    def __init__(self, program: str, why: str, usage: str) -> None:
        super().__init__(why)
        self.program, self.why, self.usage = program, why, usage


def set_up(log_to: Path | None) -> None:
    """UTF-8 on any console; a log for whoever helps, made only when there is something to log."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    log.start(log_to)


def guard(work: Callable[[], int], as_json: bool = False) -> int:
    """Runs a command; whatever goes wrong, no traceback reaches the person."""
    code = FOUND_ERRORS
    try:
        code = work()
        _flush()  # what cannot be written is told now, not lost at the end of the process
        return code
    except Refused as refusal:
        _refuse(refusal.findings, as_json)
        return WRONG_USAGE
    except Misused as wrong:
        aside(f"{wrong.program}: {wrong.why}\n{wrong.usage}Xem hướng dẫn: {wrong.program} --help")
        if as_json:
            _print_refused([finding("RA_022", ly_do=wrong.why, lenh=wrong.program)])
        return WRONG_USAGE
    except KeyboardInterrupt:
        aside("\nĐã dừng theo yêu cầu; không có tệp nào bị ghi dở.")
    except BrokenPipeError:  # the reader of our output went away: nobody is left to talk to
        sys.stdout = io.StringIO()
        point_to_log()
        return code
    except Exception as fault:
        if isinstance(fault, OSError) and _deaf(fault):  # a job has ended before anything is said about it
            sys.stdout = io.StringIO()
            _refuse([finding("RA_024", ly_do=reason(fault))])
        else:
            log.fault("command failed")
            broken = finding("RA_023")
            aside(broken.message)
            if as_json:
                _print_refused([broken])
    point_to_log()
    return FOUND_ERRORS


def progress(done: int, total: int, name: str) -> None:
    """One line that renews itself, on a terminal only."""
    if sys.stderr and sys.stderr.isatty():  # pythonw has none
        end = "\n" if done == total else ""
        with suppress(OSError):  # nobody sees it there; the work goes on
            print(f"\r\x1b[K{done}/{total} {name}", end=end, file=sys.stderr, flush=True)


def aside(text: str) -> None:
    with suppress(OSError):  # nobody hears it there; what is said on standard output is not lost for that
        print(text, file=sys.stderr)


def print_json(shape: dict[str, object]) -> None:
    import json

    print(json.dumps(shape, ensure_ascii=False, indent=1))


def point_to_log() -> None:
    if log.written():
        aside(f"Gửi tệp nhật ký này cho người hỗ trợ: {log.written()}")


def _flush() -> None:
    if sys.stdout:  # pythonw has none
        sys.stdout.flush()


def _deaf(fault: OSError) -> bool:
    """Whether standard output would not take what it was given: of all our modules only this one and ``say`` print, and
    the last of our steps stood there. Asking it again would print something."""
    last, step = "", fault.__traceback__ and fault.__traceback__.tb_next  # the first step is ``guard``
    while step is not None:
        name = str(step.tb_frame.f_globals.get("__name__"))
        last, step = name if name.startswith(_OURS) else last, step.tb_next
    return last in _PRINTING


def _refuse(findings: Sequence[Finding], as_json: bool = False) -> None:
    for why in findings:
        aside(f"{why.message} {why.fix}")
    if as_json:
        _print_refused(findings)


def _print_refused(findings: Sequence[Finding]) -> None:
    from toolkit.contract import refused_json  # late, like all shapes of JSON: people read sentences

    with suppress(OSError):  # the sentence has been said, be it only there
        print_json(refused_json(findings))
        _flush()
