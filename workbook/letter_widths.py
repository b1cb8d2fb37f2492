"""How wide a word is in Times New Roman, in the units of a column's width; accents take no room of their own."""

from __future__ import annotations

from functools import lru_cache

from toolkit.text import strip_accents

SPACE = 0.54

_PIXELS = 11 * 96 / 72 / 7 / 1000  # of 11 points at 96 dots an inch, 7 dots to a unit; thousandths of an em
_WIDER = 1.03  # a little pessimistic: programs round the places of letters
_LETTERS = {
    letter: width
    for width, letters in (
        (250, ".,"),
        (278, "ijlt/:;|"),
        (333, "frI()[]-'!"),
        (389, "sJ"),
        (444, "acez?"),
        (556, "FPS"),
        (611, "ELTZ"),
        (667, "BCR"),
        (722, "ADGHKNOQUVXYw&"),
        (778, "m"),
        (889, "M"),
        (944, "W"),
    )
    for letter in letters
}
_OTHER = 500  # most small letters, and every digit


@lru_cache(maxsize=4096)
def word_width(word: str) -> float:
    return _WIDER * _PIXELS * sum(_LETTERS.get(letter, _OTHER) for letter in strip_accents(word))
