"""Widget: a few lines of text in the tones of the theme, drawn without layout or markup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual.strip import Strip

from annotator.tui.terminal.cells import shown, width_of
from annotator.tui.widgets.themed_widget import ThemedWidget

Piece = tuple[str, str]
"""A tone of the painter (`muted`, `strong`, `label:ORG` …) and text in it."""


@dataclass(frozen=True, slots=True)
class BarLine:
    """The left and right text of a line; the right is never cut."""

    left: tuple[Piece, ...] = ()
    right: tuple[Piece, ...] = ()


class Bar(ThemedWidget):
    """Lines of pieces. The text is made safe for a terminal here and never read as markup."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Bar { height: 1; }
    """

    def __init__(self, *, id: str | None = None, colors: Mapping[str, str] | None = None) -> None:
        super().__init__(id=id)
        self._colors = dict(colors or {})
        self._lines: tuple[BarLine, ...] = ()

    @property
    def plain(self) -> str:
        """The text without tones, one line per row."""
        return "\n".join(
            "".join(words for _, words in (*line.left, *line.right)) for line in self._lines
        )

    def show(self, *lines: BarLine) -> None:
        """Show these lines, one row each; unchanged ones are not redrawn."""
        if lines != self._lines:
            self._lines = lines
            self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        painter = self._current_painter()
        blank = painter.tone("normal", on_panel=True)
        if y >= len(self._lines):
            return Strip([Segment(" " * width, blank)], width)
        line = self._lines[y]
        right = _fit(line.right, width)
        room = width - sum(cells for _, _, cells in right)
        left = _fit(line.left, room - 1 if right else room)
        gap = room - sum(cells for _, _, cells in left)
        segments = [Segment(words, painter.tone(tone, on_panel=True)) for tone, words, _ in left]
        segments.append(Segment(" " * gap, blank))
        segments += [Segment(words, painter.tone(tone, on_panel=True)) for tone, words, _ in right]
        return Strip(segments, width)


def _fit(pieces: Iterable[Piece], room: int) -> list[tuple[str, str, int]]:
    """The pieces made safe, with their width in cells; the first one that does not fit ends in an
    ellipsis."""
    fitted: list[tuple[str, str, int]] = []
    for tone, words in pieces:
        if room <= 0:
            break
        safe = shown(words, room)
        cells = width_of(safe)
        fitted.append((tone, safe, cells))
        room -= cells
    return fitted


def flowed(groups: Sequence[Sequence[Piece]], width: int, *, further: str = " ") -> list[BarLine]:
    """Groups of pieces one after the other, broken between groups where a line is full.

    Every line after the first starts with `further`.
    """
    lines: list[BarLine] = []
    row: list[Piece] = []
    used = 0
    for group in groups:
        cells = sum(width_of(words) for _, words in group)
        if row and used + cells > width:
            lines.append(BarLine(tuple(row)))
            row, used = [], 0
        if not row:
            indent = further if lines else " "
            row, used = [("normal", indent)], len(indent)
        row += group
        used += cells
    if row:
        lines.append(BarLine(tuple(row)))
    return lines


def hints(rows: Sequence[tuple[str, str]], width: int) -> BarLine:
    """Keys and what they do, the most important first, as many as fit."""
    return in_a_row([(("key", key), ("normal", f" {word}")) for key, word in rows], width)


def in_a_row(groups: Sequence[Sequence[Piece]], width: int) -> BarLine:
    """As many groups of pieces as fit, with less space between them if not all do."""
    sizes = [sum(width_of(words) for _, words in group) for group in groups]
    blanks = 2 if sum(sizes) + 2 * len(groups) <= width else 1
    row: list[Piece] = []
    used = 0
    for group, size in zip(groups, sizes, strict=True):
        apart = blanks if row else 1
        used += apart + size
        if used > width:
            break
        row += [("normal", " " * apart), *group]
    return BarLine(tuple(row))
