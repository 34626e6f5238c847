"""The state of a drawn article, and the drawing of one line of it; no widget."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rich.segment import Segment
from textual.strip import Strip

from annotator.core.article import Span
from annotator.tui.article.layout import Layout
from annotator.tui.article.render import Focus, Mark, MarkIndex, Run, gutter_of, runs_of
from annotator.tui.article.tags import Piece, TagEdge, edges_of
from annotator.tui.theme.colours import Painter
from annotator.tui.theme.looks import Look

GUTTER = 3
"""The width of the margin, in cells."""


@dataclass
class Scene:
    """An article with its layout, marks, caret and selection.

    `hints` are letters drawn over the text at an offset, `hits` the spans that a search found. Tags
    are drawn if it is `tagged`; its layout has room for them.
    """

    layout: Layout
    marks: MarkIndex = field(default_factory=MarkIndex)
    caret: int = 0
    selection: Span | None = None
    focus: Focus | None = None
    hints: dict[int, str] = field(default_factory=dict)
    hits: list[Span] = field(default_factory=list)
    hint_lines: dict[int, dict[int, str]] = field(default_factory=dict)
    """The hints by line and cell."""
    tagged: bool = False
    sought: Sequence[Span] | None = None
    """The words that a jump may go to; all else is dimmed. None without a jump."""

    def set_hints(self, hints: Mapping[int, str]) -> set[int]:
        """Replace the hints; returns the lines that changed."""
        old = set(self.hint_lines)
        self.hints, self.hint_lines = dict(hints), {}
        for offset, letters in hints.items():
            line = self.layout.line_of(offset)
            cell = self.layout.cells(line).cell_of(offset) - (self.sought is not None)
            self.hint_lines.setdefault(line, {})[cell] = letters
        return old | set(self.hint_lines)

    def set_focus(self, new: Focus | None) -> Iterator[Span]:
        """Replace the focus; yields the spans that changed."""
        old, self.focus = self.focus, new
        if new == old:
            return
        is_same = old is not None and new is not None and old.item == new.item
        has_parts = old is not None and new is not None and None not in (old.part, new.part)
        for focus in (old, new):
            if focus is None:
                continue
            if focus.part is not None:
                yield focus.part
            if not (is_same and has_parts):
                yield from (mark.span for mark in self.marks.of(focus.item))
            if focus.tied is not None:
                yield from (mark.span for mark in self.marks.of(focus.tied))

    def hits_within(self, start: int, end: int) -> list[Span]:
        """The hits that overlap `[start, end)`."""
        # Hits do not overlap, so only the last one that starts before the line can reach into it.
        first = max(0, bisect_left(self.hits, start, key=lambda span: span.start) - 1)
        last = bisect_left(self.hits, end, key=lambda span: span.start)
        return [span for span in self.hits[first:last] if span.end > start]

    def selects(self, offset: int) -> bool:
        """Whether the character at an offset is selected."""
        chosen = self.selection
        return chosen is not None and chosen.start <= offset < chosen.end


def draw_line(scene: Scene, line: int, painter: Painter, *, width: int, active: bool) -> Strip:
    """One line of an article in exactly `width` cells; `active` if keys move its caret."""
    blank = painter.style(Look())
    if line >= len(scene.layout):
        return Strip([Segment(" " * width, blank)], width)
    start, end = scene.layout.starts[line], scene.layout.ends[line]
    marks = scene.marks.within(start, max(end, start + 1))
    here = scene.layout.line_of(scene.caret) == line
    caret = scene.layout.cluster_at(scene.caret) if here else None
    if scene.sought is not None:
        return _dimmed(scene, line, marks, painter, width)
    (bar, bar_style), (dot, dot_style) = painter.gutter(gutter_of(marks, scene.focus, start=start))
    segments = [Segment(bar, bar_style), Segment(dot, dot_style), Segment(" ", blank)]
    runs = runs_of(
        (start, end),
        marks,
        focus=scene.focus,
        selection=scene.selection,
        hits=scene.hits_within(start, end),
        caret=caret,
    )
    segments += _drawn(scene, line, _tagged(scene, marks, runs), painter, active)
    cells = GUTTER + scene.layout.cells(line).width
    # The line end can hold the caret; a selection beyond it shows there too.
    at_end = Look(
        selected=scene.selects(end) and not scene.layout.is_broken(line),
        caret=caret is not None and caret[0] == caret[1],
    )
    if at_end != Look():
        segments.append(Segment(" ", painter.style(at_end, active=active)))
        cells += 1
    if line in scene.hint_lines:
        segments = _with_hints(segments, scene.hint_lines[line], cells, painter)
    if cells < width:
        segments.append(Segment(" " * (width - cells), blank))
        return Strip(segments, width)
    return Strip(segments, cells).adjust_cell_length(width, blank)


def _tagged(scene: Scene, marks: list[Mark], runs: Iterable[Run]) -> Iterator[Run | Piece]:
    """The runs of a line and the tags between them; runs end where marks do."""
    edges = edges_of(marks) if scene.tagged else {}
    for run in runs:
        yield from edges.get(run.start, TagEdge()).head
        yield run
        yield from edges.get(run.end, TagEdge()).tail


def _dimmed(scene: Scene, line: int, marks: list[Mark], painter: Painter, width: int) -> Strip:
    """One line during a jump: the words sought stand out, with their hints, all else is dimmed."""
    layout, text = scene.layout, scene.layout.text
    cells, start, end = layout.cells(line), layout.starts[line], layout.ends[line]
    blank, dim, clear = painter.style(Look()), painter.tone("muted"), painter.tone("strong")
    words = [word for word in scene.sought or () if word.start < end and word.end > start]
    segments = [Segment(" " * GUTTER, blank)]
    for run in _tagged(scene, marks, runs_of((start, end), marks, hits=words)):
        if isinstance(run, Run):
            drawn = cells.text(text, run.start, run.end)
            segments.append(Segment(drawn, clear if run.look.hit else dim))
        else:
            segments.append(Segment(run[1], dim))
    strip = Strip([segment for segment in segments if segment.text])
    if line in scene.hint_lines:
        used = strip.cell_length
        strip = Strip(_with_hints([*strip], scene.hint_lines[line], used, painter))
    return strip.adjust_cell_length(width, blank)


def _drawn(
    scene: Scene, line: int, runs: Iterable[Run | Piece], painter: Painter, active: bool
) -> Iterator[Segment]:
    """The text of a line, run by run, with the tags between them."""
    layout, text = scene.layout, scene.layout.text
    cells, end = layout.cells(line), layout.ends[line]
    # The blank at which a line was broken is drawn only under the selection or caret.
    hangs = layout.is_broken(line) and text[end - 1] == " "
    body = end - 1 if hangs and cells.cluster_at(end - 1)[0] == end - 1 else end
    for run in runs:
        if not isinstance(run, Run):
            tone, words = run
            yield Segment(words, painter.tone(tone))
            continue
        drawn = cells.text(text, run.start, min(run.end, body))
        if drawn:
            yield Segment(drawn, painter.style(run.look, active=active))
        if run.end > body:
            bare = Look(selected=run.look.selected, caret=run.look.caret)
            yield Segment(" ", painter.style(bare, active=active))


def _with_hints(
    segments: list[Segment], hints: Mapping[int, str], width: int, painter: Painter
) -> list[Segment]:
    """The line with letters over the cells at these positions."""
    strip = Strip(segments, width)
    pieces: list[Segment] = []
    at = 0
    for cell, letters in sorted(hints.items()):
        begin = GUTTER + cell
        room = min(len(letters), width - begin)
        if begin < at or room <= 0:
            continue
        pieces.extend(strip.crop(at, begin))
        pieces.append(Segment(letters[:room], painter.hint()))
        at = begin + room
    pieces.extend(strip.crop(at, width))
    return pieces
