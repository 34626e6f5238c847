"""The lines of a page of a PDF document, put together from its characters, as PDFium finds them."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Iterator
from ctypes import c_double
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from annotator.inbox.documents.page_lines import SOFT_END, PageLine

MOST_CHARACTERS = 100_000
"""On one page; those of a page with more are counted, not read."""
_LINE_ENDS = (0x0A, 0x0D)
_HYPHEN_AT_END = 0x02  # what PDFium makes of it
_LIGATURES = range(0xFB00, 0xFB07)
_PRIVATE = range(0xE000, 0xF900)
_UNKNOWN = "\ufffd"
_BULLET = "•"
# In parts of the height of a character.
_NEXT_LINE, _BACK, _GAP = 0.45, 0.6, 1.5
_QUARTER = math.pi / 2
_SLANT = 0.1


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page: its lines, how many characters it has, and how many are unknown."""

    lines: tuple[PageLine, ...]
    characters: int
    unknown: int


@dataclass(frozen=True, slots=True)
class _Character:
    text: str
    left: float
    right: float
    bottom: float
    top: float
    base: float

    @property
    def height(self) -> float:
        return self.top - self.bottom


def text_on(page: Any) -> PageText:
    """The text of a page (of pypdfium2). Text in another direction than most is left out."""
    found = page.get_textpage()
    try:
        if found.count_chars() > MOST_CHARACTERS:
            return PageText((), found.count_chars(), 0)
        turned = list(_turned_characters(found))
    finally:
        found.close()
    turns = Counter(turn for turn, one in turned if one is not None and not one.text.isspace())
    if not turns:
        return PageText((), 0, 0)
    upright = turns.most_common(1)[0][0]
    kept = [one for turn, one in turned if one is None or turn == upright]
    shown = [one for one in kept if one is not None and not one.text.isspace()]
    lines = tuple(line for piece in _pieces(kept) if (line := _line_of(piece)) is not None)
    return PageText(lines, len(shown), sum(one.text == _UNKNOWN for one in shown))


def _turned_characters(found: Any) -> Iterator[tuple[int | None, _Character | None]]:
    """Each character with its direction in quarters of a turn; (None, None) for the end of a line.

    Coordinates are those of the page turned so that the character is upright.
    """
    box, x, y = pdfium.FS_RECTF(), c_double(), c_double()
    count, found = found.count_chars(), found.raw
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(found, index)
        if code in _LINE_ENDS:
            yield None, None
            continue
        quarters = pdfium.FPDFText_GetCharAngle(found, index) / _QUARTER
        turn = round(quarters)
        if abs(quarters - turn) > _SLANT:  # across the page: a watermark
            continue
        pdfium.FPDFText_GetLooseCharBox(found, index, box)
        pdfium.FPDFText_GetCharOrigin(found, index, x, y)
        text = _letters(code, pdfium.FPDFText_HasUnicodeMapError(found, index) == 1)
        one = _Character(text, box.left, box.right, box.bottom, box.top, y.value)
        yield turn % 4, one if turn == 0 else _turned(one, turn, x.value)


def _turned(one: _Character, turn: int, x: float) -> _Character:
    """A character upright, that stood on the page in another direction with its origin at `x`."""
    corners = (one.left, one.bottom), (one.right, one.top), (x, one.base)
    (a, b), (c, d), (_, base) = (_turned_by(turn, *corner) for corner in corners)
    return _Character(one.text, min(a, c), max(a, c), min(b, d), max(b, d), base)


def _turned_by(turn: int, x: float, y: float) -> tuple[float, float]:
    match turn % 4:
        case 1:  # PDFium counts clockwise
            return -y, x
        case 2:
            return -x, -y
        case 3:
            return y, -x
    return x, y


def _letters(code: int, is_unmapped: bool) -> str:
    """The text of a character: a ligature's letters; the sign for unknown ones without a letter."""
    if code == _HYPHEN_AT_END:
        return "-"
    if code in _PRIVATE:  # of a font of symbols
        return _BULLET if code >= 0xF020 else _UNKNOWN
    character = chr(code)
    if is_unmapped or 0xD800 <= code < 0xE000 or not (character.isprintable() or code > 0x7F):
        return " " if character.isspace() else _UNKNOWN
    if code in _LIGATURES:
        return unicodedata.normalize("NFKC", character)
    return " " if character.isspace() else character


def _pieces(characters: list[_Character | None]) -> Iterator[list[_Character]]:
    """Characters that follow each other in a line."""
    piece: list[_Character] = []
    for one in characters:
        if one is None or (piece and not one.text.isspace() and _is_apart(piece, one)):
            if piece:
                yield piece
            piece = []
        if one is not None and (piece or not one.text.isspace()):
            piece.append(one)
    if piece:
        yield piece


def _is_apart(piece: list[_Character], one: _Character) -> bool:
    before = next(other for other in reversed(piece) if not other.text.isspace())
    height = max(before.height, one.height)
    return (
        abs(one.base - before.base) > _NEXT_LINE * height
        or one.left - before.right > _GAP * height
        or one.left < before.left - _BACK * height
    )


def _line_of(piece: list[_Character]) -> PageLine | None:
    text = "".join(one.text for one in piece)
    words = " ".join(text.split())
    if not words:
        return None
    # A soft hyphen in a line is not shown; at its end it is.
    words = words[:-1].replace(SOFT_END, "") + words[-1]
    shown = [one for one in piece if not one.text.isspace()]
    tallest = Counter(round(one.height, 1) for one in shown).most_common(1)[0][0]
    usual = next(one for one in shown if round(one.height, 1) == tallest)
    return PageLine(
        words,
        min(one.left for one in shown),
        max(one.right for one in shown),
        usual.bottom,
        usual.top,
    )
