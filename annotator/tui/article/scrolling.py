"""Computes scroll offsets and vertical moves of the caret; pure."""

from __future__ import annotations

from annotator.core.article import Span
from annotator.tui.article.layout import Layout


def top_for(first: int, final: int, *, top: int, height: int, context: int) -> int | None:
    """The line to put at the top so that lines `first` to `final` are in view, with `context` lines
    around them; None if they are in view already."""
    if top <= first and final < top + height:
        return None
    if context:
        # Keep a third of a page above, so that the next items need no scrolling.
        target = first - max(context, height // 3)
        if final >= target + height - context:
            target = min(first - context, final - height + 1 + context)
            target = min(max(target, first - height + 1), first)
    else:
        target = first if first < top else final - height + 1
    return max(0, target)


def range_in_view(layout: Layout, *, top: int, height: int) -> Span:
    """The characters in view; `[0, 1)` for an empty text, because a span is never empty."""
    first = min(top, len(layout) - 1)
    last = min(first + max(1, height) - 1, len(layout) - 1)
    start = layout.starts[first]
    return Span(start, max(start + 1, layout.ends[last]))


def first_below(layout: Layout, *, top: int, height: int) -> int:
    """The first character below the viewport; a line end belongs to its line."""
    line = top + height
    return layout.starts[line] if line < len(layout) else len(layout.text) + 1


class KeptColumn:
    """The column that vertical moves keep, until the caret moves otherwise."""

    def __init__(self) -> None:
        self._wanted: tuple[int, int] | None = None

    def lines_away(self, layout: Layout, offset: int, by: int) -> int:
        """The offset `by` lines below (or above) in the same column."""
        line = layout.line_of(offset)
        if self._wanted is not None and self._wanted[0] == offset:
            cell = self._wanted[1]
        else:
            cell = layout.cells(line).cell_of(offset)
        target = min(max(line + by, 0), len(layout) - 1)
        found = layout.offset_at(target, cell)
        self._wanted = (found, cell)
        return found
