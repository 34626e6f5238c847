"""Rows of a list: cells of words in columns, and how one line of them is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from annotator.tui.terminal.cells import shown, width_of
from annotator.tui.theme.colours import Painter

_CURSOR = "▌"


@dataclass(frozen=True, slots=True)
class Cell:
    """Some words of a row. A `width` of None takes what the others leave; words too long are cut.

    One blank stands between two cells.

    `tone` is one of `colours.TONES` or `label:NAME`. The words are shown as they are, never read
    as markup, and controls in them are made harmless.
    """

    text: str
    tone: str = "normal"
    width: int | None = None
    align_right: bool = False
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its key, unique in the list, and its cells line by line.

    The cursor passes over a row that is a `heading`.
    """

    key: str
    lines: tuple[tuple[Cell, ...], ...]
    heading: bool = False

    @classmethod
    def of(cls, key: str, *cells: Cell, heading: bool = False) -> Row:
        """A row of one line."""
        return cls(key, (cells,), heading)


def draw_line(cells: tuple[Cell, ...], width: int, painter: Painter, *, here: bool) -> Strip:
    """One line of a row, exactly `width` cells; `here` is for the row under the cursor."""
    ground = painter.tone("normal", here=here)
    segments = [Segment(_CURSOR if here else " ", painter.tone("accent", here=here))]
    left = width - 1
    for cell, room in zip(cells, _rooms(cells, left), strict=True):
        room = min(room, left)
        if room > 0:
            segments += _draw_cell(cell, room, painter, here)
            left -= room
        if left > 0:
            segments.append(Segment(" ", ground))
            left -= 1
    if left > 0:
        segments.append(Segment(" " * left, ground))
    return Strip(segments, width)


def _draw_cell(cell: Cell, room: int, painter: Painter, here: bool) -> list[Segment]:
    words = shown(cell.text, room)
    blank = Segment(" " * (room - width_of(words)), painter.tone("normal", here=here))
    drawn = Segment(words, painter.tone(cell.tone, here=here) + _attributes(cell))
    pair = (blank, drawn) if cell.align_right else (drawn, blank)
    return [segment for segment in pair if segment.text]


def _rooms(cells: tuple[Cell, ...], width: int) -> list[int]:
    """The cells that each part of a line gets: those without a width of their own share the rest.

    One blank stands between any two; of those that share, all but the last take what they need.
    """
    left = width - sum(cell.width or 0 for cell in cells) - max(0, len(cells) - 1)
    free = [place for place, cell in enumerate(cells) if cell.width is None]
    rooms = []
    for place, cell in enumerate(cells):
        room = cell.width
        if room is None:
            room = max(0, left if place == free[-1] else min(left, width_of(cell.text)))
            left -= room
        rooms.append(room)
    return rooms


def _attributes(cell: Cell) -> Style:
    # Only what is set: an attribute that is False would take away what the tone brings.
    return Style(
        bold=cell.bold or None,
        italic=cell.italic or None,
        underline=cell.underline or None,
        strike=cell.strike or None,
    )
