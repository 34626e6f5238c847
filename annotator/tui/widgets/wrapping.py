"""Pieces of text wrapped to lines of a width."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from annotator.tui.terminal.cells import width_of
from annotator.tui.widgets.bar import BarLine, Piece

_TOKEN = re.compile(r"\s+|\S+")


def wrapped(
    pieces: Iterable[Piece], width: int, *, first: Sequence[Piece] = (), further: str = ""
) -> list[BarLine]:
    """The words of the pieces, broken at blanks; the first line begins with the pieces `first`, all
    others with `further`. A word longer than a line is cut."""
    row: list[Piece] = list(first)
    used = sum(width_of(words) for _, words, *_ in first)
    lines: list[BarLine] = []
    indent, begins = used, True
    for word in _words(pieces):
        cells = sum(width_of(words) for _, words, *_ in word)
        is_blank = not word[0][1].strip()
        if begins and is_blank:
            continue
        if not is_blank and used + cells > width and not begins:
            lines.append(BarLine(tuple(_without_end(row))))
            row, used = [("normal", further)] if further else [], width_of(further)
            indent = used
        row += word
        used += cells
        begins = used == indent
    return [*lines, BarLine(tuple(_without_end(row)))]


def _words(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Words and blanks in turn; a word may have several tones."""
    words: list[list[Piece]] = []
    for tone, text, *_ in pieces:
        for token in _TOKEN.findall(text):
            piece: Piece = (tone, " " if token.isspace() else token)
            joins = words and not token.isspace() and words[-1][-1][1] != " "
            if joins:
                words[-1].append(piece)
            else:
                words.append([piece])
    return words


def _without_end(row: list[Piece]) -> list[Piece]:
    """A line without the blanks that it ends in."""
    while row and not row[-1][1].strip():
        row = row[:-1]
    return row
