"""Rows of a list: cells of text in columns, and the drawing of one line of them."""

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
    """The text of a cell. A cell with `width` None takes the remaining space; text that does not
    fit is cut.

    One blank separates two cells, unless the second one is `joined` to the first.

    `tone` is one of `colours.TONES` or `label:NAME`. The text is never read as markup, and control
    characters are made harmless.
    """

    text: str
    tone: str = "normal"
    width: int | None = None
    align_right: bool = False
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its key, unique in the list, and its cells line by line.

    The cursor skips a row that is a `heading`.
    """

    key: str
    lines: tuple[tuple[Cell, ...], ...]
    heading: bool = False

    @classmethod
    def of(cls, key: str, *cells: Cell, heading: bool = False) -> Row:
        """A row of one line."""
        return cls(key, (cells,), heading)


def draw_line(
    cells: tuple[Cell, ...], width: int, painter: Painter, *, under_cursor: bool
) -> Strip:
    """One line of a row, exactly `width` cells; `under_cursor` for the row with the cursor."""
    ground = painter.tone("normal", under_cursor=under_cursor)
    accent = painter.tone("accent", under_cursor=under_cursor)
    segments = [Segment(_CURSOR if under_cursor else " ", accent)]
    left = width - 1
    for place, (cell, room) in enumerate(zip(cells, _rooms(cells, left), strict=True)):
        if place and not cell.joined and left > 0:
            segments.append(Segment(" ", ground))
            left -= 1
        room = min(room, left)
        if room > 0:
            segments += _draw_cell(cell, room, painter, under_cursor)
            left -= room
    if left > 0:
        segments.append(Segment(" " * left, ground))
    return Strip(segments, width)


def _draw_cell(cell: Cell, room: int, painter: Painter, under_cursor: bool) -> list[Segment]:
    words = shown(cell.text, room)
    ground = painter.tone("normal", under_cursor=under_cursor)
    blank = Segment(" " * (room - width_of(words)), ground)
    drawn = Segment(words, painter.tone(cell.tone, under_cursor=under_cursor) + _attributes(cell))
    pair = (blank, drawn) if cell.align_right else (drawn, blank)
    return [segment for segment in pair if segment.text]


def _rooms(cells: tuple[Cell, ...], width: int) -> list[int]:
    """The cells for each part of a line: parts without a width share the rest.

    Of those that share, all but the last take what they need.
    """
    left = width - sum(cell.width or 0 for cell in cells) - sum(not c.joined for c in cells[1:])
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
    # Only set attributes: an attribute that is False would override the tone.
    return Style(
        bold=cell.bold or None,
        italic=cell.italic or None,
        underline=cell.underline or None,
        strike=cell.strike or None,
    )
