"""What an uncased vocabulary does not see of words: their shape, and where in a line they stand."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum, auto
from functools import lru_cache
from itertools import pairwise


class Shape(IntEnum):
    """How a word is written."""

    BLANK = 0
    NUMBER = auto()
    MARK = auto()
    MARKS = auto()
    CAPITALS_AND_DIGITS = auto()
    LETTERS_AND_DIGITS = auto()
    SMALL = auto()
    ONE_CAPITAL = auto()
    INITIALS = auto()
    SHORT_CAPITALS = auto()
    LONG_CAPITALS = auto()
    CAPITALISED = auto()
    MIXED = auto()
    SMALL_PARTICLE = auto()
    CAPITAL_INSIDE = auto()


class Place(IntEnum):
    """Where a word stands, if its capital letter may be owed to that."""

    INSIDE = 0
    LINE_START = auto()
    SENTENCE_START = auto()
    CAPITAL_LINE = auto()
    TITLE_LINE = auto()
    AFTER_QUOTE = auto()


_SHORT = 4
_MOSTLY, _SELDOM = 0.6, 0.25
_ENDS = frozenset(".!?:…")
_OPENINGS = frozenset("\"“‘'([")


@lru_cache(maxsize=50_000)
def shape_of(word: str) -> Shape:
    """The shape of one word."""
    if word.isspace():
        return Shape.BLANK
    letters = [sign for sign in word if sign.isalpha()]
    has_digits = any(map(str.isdigit, word))
    if not letters:
        return Shape.NUMBER if has_digits else Shape.MARK if len(word) == 1 else Shape.MARKS
    capitals = sum(map(str.isupper, letters))
    if has_digits:
        return Shape.CAPITALS_AND_DIGITS if capitals else Shape.LETTERS_AND_DIGITS
    if not capitals:
        return Shape.SMALL
    if capitals == len(letters):
        return _capitals(word, len(letters))
    if letters[0].isupper():
        return Shape.CAPITALISED if capitals == 1 else Shape.MIXED  # McGurk, Al-Tanf
    has_particle = word[0] in "aeu" and "-" in word  # al-Assad, but iPhone
    return Shape.SMALL_PARTICLE if has_particle else Shape.CAPITAL_INSIDE


def _capitals(word: str, letters: int) -> Shape:
    if letters == 1:
        return Shape.ONE_CAPITAL
    if "." in word:
        return Shape.INITIALS
    return Shape.SHORT_CAPITALS if letters <= _SHORT else Shape.LONG_CAPITALS


def places_of(
    words: Sequence[str], shapes: Sequence[Shape], line_ends: Sequence[int]
) -> list[Place]:
    """Where each word stands in its line and sentence; `line_ends` are the words between lines, in
    order."""
    places = [Place.INSIDE] * len(words)
    for before, end in pairwise([-1, *line_ends, len(words)]):
        _place_line(words, shapes, range(before + 1, end), places)
    return places


def _place_line(
    words: Sequence[str], shapes: Sequence[Shape], line: range, places: list[Place]
) -> None:
    style = _style(words, shapes, line)
    is_start, is_quoted = True, False
    for at in line:
        begins = shapes[at] >= Shape.CAPITALS_AND_DIGITS
        if style is not None:
            places[at] = style
        elif at == line.start:
            places[at] = Place.LINE_START
        elif begins and is_start:
            places[at] = Place.SENTENCE_START
        elif is_quoted:
            places[at] = Place.AFTER_QUOTE
        if begins:
            is_start = is_quoted = False
        elif words[at] in _ENDS:
            is_start = True
        elif words[at] in _OPENINGS:
            is_quoted = True


def _style(words: Sequence[str], shapes: Sequence[Shape], line: range) -> Place | None:
    """Whether a line is written in capitals, or in Title Case."""
    letters = [at for at in line if shapes[at] >= Shape.SMALL]
    capitals = sum(shapes[at] in (Shape.SHORT_CAPITALS, Shape.LONG_CAPITALS) for at in letters)
    if letters and capitals > _MOSTLY * len(letters):
        return Place.CAPITAL_LINE
    long = [at for at in letters if len(words[at]) >= _SHORT]
    small = sum(shapes[at] is Shape.SMALL for at in long)
    return Place.TITLE_LINE if len(long) >= _SHORT and small < _SELDOM * len(long) else None
