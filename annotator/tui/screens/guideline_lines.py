"""Paragraphs of the guidelines as lines of a screen."""

from __future__ import annotations

from collections.abc import Collection

from annotator.core.guidelines import Emphasis, Guideline
from annotator.tui.widgets.bar import BarLine, Piece
from annotator.tui.widgets.wrapping import wrapped

_TONES = {
    Emphasis.NONE: "normal",
    Emphasis.STRONG: "strong",
    Emphasis.CODE: "accent",
    Emphasis.ITALIC: "info",
}


def lines_of(one: Guideline, width: int, labels: Collection[str] = ()) -> list[BarLine]:
    """A paragraph, wrapped."""
    if one.level:
        return wrapped([("accent" if one.level <= 2 else "strong", one.text)], width)
    pieces = pieces_of(one, labels)
    if one.bullet:
        return wrapped(pieces, width, first=(("muted", " • "),), further="   ")
    return wrapped(pieces, width)


def pieces_of(one: Guideline, labels: Collection[str] = ()) -> list[Piece]:
    """The words of a paragraph with their tones."""
    return [
        (f"label:{words}" if words in labels else _TONES[emphasis], words)
        for emphasis, words in one.words
    ]
