"""Widget: a few lines of text in the tones of the theme, drawn without layout or markup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile, zip_longest
from typing import ClassVar, NamedTuple, TypeAlias
from weakref import WeakSet

from rich.segment import Segment
from textual import events
from textual.geometry import Offset, Region
from textual.strip import Strip

from annotator.tui.keys import pressed_by
from annotator.tui.terminal.cells import shown, width_of
from annotator.tui.widgets.themed_widget import ThemedWidget

Piece: TypeAlias = tuple[str, str] | tuple[str, str, str]
"""A tone of the painter (`muted`, `strong`, `label:ORG` …), text in it, and perhaps the key that a
click on it presses."""


@dataclass(frozen=True, slots=True)
class BarLine:
    """The left and right text of a line; the right is never cut. A `chosen` line is highlighted
    like the row under the cursor of a list."""

    left: tuple[Piece, ...] = ()
    right: tuple[Piece, ...] = ()
    chosen: bool = False


LEAVING = frozenset(("back", "close", "queue", "quit"))
"""What keys do that lead away from a screen, in the lines at the foot."""
CURSOR = "▏"
"""The piece that marks where text is typed into a bar."""


class _Fitted(NamedTuple):
    """A piece made safe, with its width in cells and what a click on it presses."""

    tone: str
    words: str
    cells: int
    key: str


class Bar(ThemedWidget):
    """Lines of pieces. The text is made safe for a terminal here and never read as markup."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Bar { height: 1; }
    """

    typed_into: ClassVar[WeakSet[Bar]] = WeakSet()
    """The bars in which text is typed now."""

    def __init__(
        self,
        *,
        id: str | None = None,
        colors: Mapping[str, str] | None = None,
        on_panel: bool = True,
    ) -> None:
        super().__init__(id=id)
        self._on_panel = on_panel
        self._colors = dict(colors or {})
        self._lines: tuple[BarLine, ...] = ()

    def use_colors(self, colors: Mapping[str, str]) -> None:
        """Set the colours of the labels, once they are known."""
        if colors != self._colors:
            self._colors = dict(colors)
            self._repaint()

    @property
    def plain(self) -> str:
        """The text without tones, one line per row."""
        return "\n".join(
            "".join(words for _, words, *_ in (*line.left, *line.right)) for line in self._lines
        )

    def show(self, *lines: BarLine) -> None:
        """Show these lines, one row each; unchanged ones are not redrawn."""
        width = max(1, self.size.width)
        for y, (old, new) in enumerate(zip_longest(self._lines, lines, fillvalue=BarLine())):
            if old != new:
                first, end = changed_cells(old, new, width)
                self.refresh(Region(first, y, end - first, 1))
        self._lines = lines
        if any(piece[1] == CURSOR for line in lines for piece in line.left):
            self.typed_into.add(self)
        else:
            self.typed_into.discard(self)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        painter = self._current_painter()
        line = self._lines[y] if y < len(self._lines) else BarLine()

        def drawn(tone: str, words: str) -> Segment:
            style = painter.tone(
                tone, under_cursor=line.chosen, on_panel=self._on_panel and not line.chosen
            )
            return Segment(words, style)

        left, gap, right = _laid_out(line, width)
        segments = [drawn(piece.tone, piece.words) for piece in left]
        segments.append(drawn("normal", " " * gap))
        segments += [drawn(piece.tone, piece.words) for piece in right]
        return Strip(segments, width).simplify()

    @property
    def typed_at(self) -> Offset | None:
        """The cell on the screen where text is typed into the bar; None if it is not."""
        for y, line in enumerate(self._lines[: self.size.height]):
            at = 0
            for piece in _laid_out(line, self.size.width)[0]:
                if piece.words == CURSOR:
                    return self.content_region.offset + Offset(at, y)
                at += piece.cells
        return None

    def on_click(self, event: events.Click) -> None:
        place = event.get_content_offset_capture(self)
        lines = self._lines[place.y : place.y + 1]
        if lines and (key := key_at(lines[0], place.x, self.size.width)):
            event.stop()
            character = " " if key == "space" else key if len(key) == 1 else None
            self.app.post_message(events.Key(key, character))


def key_at(line: BarLine, x: int, width: int) -> str:
    """The key that a click on a cell of a line of this width presses; empty if none."""
    left, gap, right = _laid_out(line, width)
    ends = {piece.key for piece in (*left[-1:], *right[:1])}
    between = ends.pop() if len(ends) == 1 and right else ""
    for piece in (*left, _Fitted("normal", "", gap, between), *right):
        if 0 <= x < piece.cells:
            return piece.key
        x -= piece.cells
    return ""


def changed_cells(old: BarLine, new: BarLine, width: int) -> tuple[int, int]:
    """The first cell that two lines of this width differ in, and the end of the last one."""
    if old.chosen is not new.chosen:
        return 0, width
    before, after = runs_of(old, width), runs_of(new, width)
    first = _alike(before, after)
    rest = _alike(before[::-1], after[::-1])
    return min(first, width - 1), max(width - rest, min(first, width - 1) + 1)


@lru_cache(maxsize=64)
def runs_of(line: BarLine, width: int) -> tuple[tuple[str, str, int], ...]:
    """Tone, words and width of each run of a line; words of ASCII by character."""
    left, gap, right = _laid_out(line, width)
    runs: list[tuple[str, str, int]] = []
    for piece in (*left, _Fitted("normal", " " * gap, gap, ""), *right):
        if piece.words.isascii():
            runs += [(piece.tone, character, 1) for character in piece.words]
        else:
            runs.append((piece.tone, piece.words, piece.cells))
    return tuple(runs)


def _alike(one: Iterable[tuple[str, str, int]], other: Iterable[tuple[str, str, int]]) -> int:
    """The cells that two rows of runs have in common at their beginning."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(run[2] for run, _ in same)


@lru_cache(maxsize=64)
def _laid_out(line: BarLine, width: int) -> tuple[tuple[_Fitted, ...], int, tuple[_Fitted, ...]]:
    """The pieces on the left, the cells between, the pieces on the right.

    Kept, because each line is asked for when it comes, when it is drawn, and when it goes.
    """
    right = tuple(_fit(line.right, width))
    room = width - sum(piece.cells for piece in right)
    left = tuple(_fit(line.left, room - 1 if right else room))
    return left, room - sum(piece.cells for piece in left), right


def _fit(pieces: Iterable[Piece], room: int) -> list[_Fitted]:
    """The pieces made safe; what does not fit is cut at an ellipsis, unless it is only blanks."""
    fitted: list[_Fitted] = []
    rows = list(pieces)
    last_words = max((n for n, (_, words, *_) in enumerate(rows) if words.strip()), default=-1)
    for place, (tone, words, *key) in enumerate(rows):
        is_cut = width_of(words) > room
        if is_cut and place >= last_words:
            words = words.rstrip() if place == last_words else words[: max(0, room)]
            is_cut = width_of(words) > room
        if is_cut and room <= 0:
            if not words.isspace():
                _end_in_ellipsis(fitted)
                break
            continue
        safe = shown(words, room)
        cells = width_of(safe)
        fitted.append(_Fitted(tone, safe, cells, key[0] if key else ""))
        if is_cut:
            break
        room -= cells
    return fitted


def _end_in_ellipsis(fitted: list[_Fitted]) -> None:
    """Put an ellipsis into the last cell that is taken."""
    while fitted and not fitted[-1].cells:
        fitted.pop()
    if fitted:
        last = fitted[-1]
        fitted[-1] = last._replace(words=shown(f"{last.words}…", last.cells))


def flowed(groups: Sequence[Sequence[Piece]], width: int, *, further: str = " ") -> list[BarLine]:
    """Groups of pieces one after the other, broken between groups where a line is full.

    Every line after the first starts with `further`.
    """
    lines: list[BarLine] = []
    row: list[Piece] = []
    used = 0
    for group in groups:
        cells = cells_of(group)
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
    """Keys and what they do, the most important first, as many as fit; the one that leads away
    always fits."""
    return _hints(tuple(rows), width)


@lru_cache(maxsize=32)
def _hints(rows: tuple[tuple[str, str], ...], width: int) -> BarLine:
    """Kept, since screens show theirs with each key, and few differ."""
    groups = [(hint(key, word), word in LEAVING) for key, word in rows]
    while sum(1 + cells_of(group) for group, _ in groups) > width:
        dropped = next((n for n in reversed(range(len(groups))) if not groups[n][1]), None)
        if dropped is None:
            break
        del groups[dropped]
    return in_a_row([group for group, _ in groups], width)


def hint(key: str, word: str) -> tuple[Piece, Piece]:
    """A key and what it does; a click presses it, if it is one key."""
    pressed = pressed_by(key)
    return ("key", key, pressed), ("normal", f" {word}", pressed)


def in_a_row(groups: Sequence[Sequence[Piece]], width: int, *, cut: bool = False) -> BarLine:
    """As many groups of pieces as fit, with less space between them if not all do. With `cut` the
    others are there too, for the bar to cut at an ellipsis: what is told is no mere offer."""
    sizes = [cells_of(group) for group in groups]
    blanks = 2 if sum(sizes) + 2 * len(groups) <= width else 1
    row: list[Piece] = []
    used = 0
    for group, size in zip(groups, sizes, strict=True):
        apart = blanks if row else 1
        used += apart + size
        if used > width and not cut:
            break
        row += [("normal", " " * apart), *group]
    return BarLine(tuple(row))


def cells_of(pieces: Sequence[Piece]) -> int:
    """The cells that pieces take."""
    return sum(width_of(words) for _, words, *_ in pieces)
