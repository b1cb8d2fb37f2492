"""Columns of a sheet: their numbers, and their letters. Apart from ``toolkit.excel``, which needs a form."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """A -> 1, Z -> 26, AA -> 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


@lru_cache(maxsize=1024)
def column_letters(number: int) -> str:
    """1 -> A, 26 -> Z, 27 -> AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
