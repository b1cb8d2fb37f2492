"""How the command line reads: argparse that speaks Vietnamese, and what an argument may be."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import date
from typing import Any, NoReturn

from macros.console import Misused
from toolkit.figures import read_date


class Parser(argparse.ArgumentParser):
    """argparse that speaks Vietnamese. Also made for each command, by ``add_subparsers``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=_Help, add_help=False, allow_abbrev=False, **options)
        self.register("action", None, _Once)
        self._positionals.title, self._optionals.title = "đầu vào", "tùy chọn"
        self.add_argument("-h", "--help", action="help", help="xem hướng dẫn này")

    def error(self, message: str) -> NoReturn:
        for english, vietnamese in _TRANSLATIONS:
            message = re.sub(english, vietnamese, message)
        raise Misused(self.prog, message, self.format_usage())


class LateParser(Parser):
    """Made when the first thing is asked of it: of all commands only one runs. ``fill`` adds its arguments."""

    def __init__(self, fill: Callable[[argparse.ArgumentParser], None], **options: Any) -> None:
        self._later = fill, options

    def __getattr__(self, name: str) -> Any:
        if "_later" not in self.__dict__:
            raise AttributeError(name)
        fill, options = self.__dict__.pop("_later")
        super().__init__(**options)
        fill(self)
        return getattr(self, name)


class _Once(argparse.Action):
    """What is given twice is refused: of two lists argparse would take the second and never mention the first."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: object, option: str | None = None
    ) -> None:
        if option and getattr(namespace, self.dest, self.default) is not self.default:
            raise argparse.ArgumentError(self, "chỉ được ghi một lần")
        setattr(namespace, self.dest, values)


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "cách dùng: " if prefix is None else prefix)


def day(text: str) -> date:
    day = read_date(text).value
    if day is None:
        raise argparse.ArgumentTypeError(f"“{text}” không phải là ngày; ví dụ 2025-07-01 hoặc 1/7/2025")
    return day


def answer(text: str) -> tuple[str, str]:
    heading, _, meaning = (part.strip() for part in text.rpartition("="))
    if not (heading and meaning):
        raise argparse.ArgumentTypeError(f'“{text}” thiếu dấu “=”; ví dụ "Ngày trả kết quả=ngay_hen_tra"')
    return heading, meaning


def cutoff(text: str) -> date:
    return date.today() if text in ("hom-nay", "hôm nay") else day(text)


def count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 3):
        raise argparse.ArgumentTypeError(f"“{text}” không phải là số từ 0 đến 999")
    return int(text)


_TRANSLATIONS = (
    (r"the following arguments are required: (.*)", r"còn thiếu: \1"),
    (r"one of the arguments (.*) is required", r"cần một trong các tùy chọn: \1"),
    (r"argument (.*): not allowed with argument (.*)", r"không dùng \1 cùng với \2"),
    (r"argument (.*): expected (?:one|at least one) argument", r"\1: còn thiếu giá trị"),
    (r"argument (?:LỆNH|VIỆC): invalid choice: (\S+) \(choose from (.*)\)", r"không có lệnh \1; các lệnh: \2"),
    (r"unrecognized arguments: (.*)", r"không hiểu: \1"),
    (r"argument ([^:]+): ", r"\1: "),
)
