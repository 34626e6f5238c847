"""A text wrapped to a width: its screen lines, and the cell of each character.

The layout keeps two lists of offsets, line starts and line ends; everything else is found by
bisection or computed for the requested line. A line takes at most `width` cells; the blank at which
it was broken may take one cell more, and the caret at its end another one (`OVERHANG`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping

from annotator.tui.article.tagged_lines import Gap, Gaps, PlainTagged, filled, tagged_cells
from annotator.tui.terminal.cells import LineCells, is_plain, next_cluster, plain_run

OVERHANG = 2
_KEPT_LINES = 256


class Layout:
    """The lines of `text` at `width` cells. Every offset from 0 to `len(text)` is on one line.

    `gaps` are cells for tags, by offset.
    """

    def __init__(self, text: str, width: int, gaps: Mapping[int, Gap] | None = None) -> None:
        self.text = text
        self._gaps = Gaps(gaps)
        self.width = max(8, width)
        self.starts: list[int] = []
        self.ends: list[int] = []
        self._lines: dict[int, LineCells | PlainTagged] = {}
        self._wrap()

    def __len__(self) -> int:
        """The number of lines; an empty text has one."""
        return len(self.starts)

    def line_of(self, offset: int) -> int:
        """The line that `offset` is on, counted from 0."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def cell_of(self, offset: int) -> int:
        """The cell, in its line, at which the cluster of `offset` starts."""
        return self.cells(self.line_of(offset)).cell_of(offset)

    def offset_at(self, line: int, cell: int) -> int:
        """The offset at which the cluster at a line and cell starts.

        Beyond the end of a line this is the line end, or the last cluster of a line broken for
        width. Lines before the first and after the last are clamped.
        """
        line = min(max(line, 0), len(self.starts) - 1)
        cells = self.cells(line)
        offset = cells.offset_at(cell)
        if offset == self.ends[line] and self.is_broken(line):
            return cells.cluster_at(offset - 1)[0]
        return offset

    def cluster_at(self, offset: int) -> tuple[int, int]:
        """Range of code points of the cluster of `offset`; empty at a line's end."""
        return self.cells(self.line_of(offset)).cluster_at(offset)

    def is_broken(self, line: int) -> bool:
        """Whether `line` was broken for width, so the text has no line end there."""
        return line + 1 < len(self.starts) and self.starts[line + 1] == self.ends[line]

    def lines_of(self, start: int, end: int) -> range:
        """The lines that `[start, end)` touches."""
        return range(self.line_of(start), self.line_of(max(start, end - 1)) + 1)

    def cells(self, line: int) -> LineCells | PlainTagged:
        """The map between offsets and cells of one line."""
        found = self._lines.get(line)
        if found is None:
            if len(self._lines) >= _KEPT_LINES:
                self._lines.clear()
            start, end = self.starts[line], self.ends[line]
            gaps = self._gaps.of_line(start, end)
            if gaps:
                found = tagged_cells(self.text, start, end, gaps)
            else:
                found = LineCells.of(self.text, start, end)
            self._lines[line] = found
        return found

    def _wrap(self) -> None:
        text, at = self.text, 0
        while True:
            end = text.find("\n", at)
            if end < 0:
                self._wrap_paragraph(at, len(text))
                return
            self._wrap_paragraph(at, end)
            at = end + 1

    def _wrap_paragraph(self, at: int, end: int) -> None:
        gaps = self._gaps.of_line(at, end)
        if gaps:
            self._wrap_tagged(at, end, gaps)
            return
        text, width = self.text, self.width
        all_plain = is_plain(text, at, end)
        while True:
            self.starts.append(at)
            # One character beyond the line decides whether its last character is a complete
            # cluster.
            if all_plain or is_plain(text, at, min(at + width + 2, end)):
                at = self._plain_break(at, end)
            else:
                at = self._break(at, end)
            self.ends.append(at)
            if at >= end:
                return

    def _wrap_tagged(self, at: int, end: int, gaps: list[tuple[int, Gap]]) -> None:
        """Wrap a paragraph with tags as if they were characters of it."""
        text, places = filled(self.text, at, end, gaps)
        lines = Layout(text, self.width)
        # A tag that is wider than a line is cut at its end: no line is empty for it.
        starts = sorted({places.offset(start) for start in lines.starts} - {end} | {at})
        self.starts += starts
        self.ends += [*starts[1:], end]

    def _plain_break(self, at: int, end: int) -> int:
        limit = at + self.width
        if end <= limit:
            return end
        blank = self.text.rfind(" ", at, limit + 1)
        return blank + 1 if blank >= 0 else limit

    def _break(self, at: int, end: int) -> int:
        """The end of a line from `at`, in a paragraph with characters that do not take exactly one
        cell."""
        text, width, start = self.text, self.width, at
        cell, parted, was_wide = 0, 0, False
        while at < end:
            # Skip runs of plain characters at once.
            run = plain_run(text, at, min(end, at + width - cell + 3))
            room = width - cell
            if run > room:
                blank = text.rfind(" ", at, at + room + 1)
                return blank + 1 if blank >= 0 else parted or max(at + room, start + 1)
            if run:
                blank = text.rfind(" ", at, at + run)
                parted = blank + 1 if blank >= 0 else parted
                at, cell, was_wide = at + run, cell + run, False
                continue
            after, cells, shown = next_cluster(text, at, end)
            # Scripts with wide characters have no blanks between words; a break between any two is
            # allowed.
            if was_wide and cells == 2:
                parted = at
            if cell + cells > width:
                hangs = shown == " " and cell == width
                return after if hangs or at == start else parted or at
            if shown.isspace():
                parted = after
            at, cell, was_wide = after, cell + cells, cells == 2
        return end
