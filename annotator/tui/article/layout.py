"""A text wrapped to a width: lines on screen, and where each character of the text stands.

The layout keeps two lists of offsets, line starts and line ends; everything else is looked up by
bisection or worked out for the one line that is asked about. A line takes at most `width` cells;
the blank at which it was broken may hang over by one cell, and the caret at its end by one more
(`OVERHANG`).
"""

from __future__ import annotations

from bisect import bisect_right

from annotator.tui.terminal.cells import LineCells, is_plain, next_cluster, plain_run

OVERHANG = 2
_KEPT_LINES = 256


class Layout:
    """The lines of `text` at `width` cells. Every offset from 0 to `len(text)` is on one line."""

    def __init__(self, text: str, width: int) -> None:
        self.text = text
        self.width = max(8, width)
        self.starts: list[int] = []
        self.ends: list[int] = []
        self._lines: dict[int, LineCells] = {}
        self._wrap()

    def __len__(self) -> int:
        """How many lines there are; an empty text has one."""
        return len(self.starts)

    def line_of(self, offset: int) -> int:
        """The line that `offset` is on, counted from 0."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def cell_of(self, offset: int) -> int:
        """The cell of its line at which the cluster that owns `offset` begins."""
        return self.cells(self.line_of(offset)).cell_of(offset)

    def offset_at(self, line: int, cell: int) -> int:
        """Where the cluster at a line and cell begins.

        Beyond the end of a line this is its line end; of a line that was broken for width, its
        last cluster. Lines before the first and after the last count as these.
        """
        line = min(max(line, 0), len(self.starts) - 1)
        cells = self.cells(line)
        offset = cells.offset_at(cell)
        if offset == self.ends[line] and self.is_broken(line):
            return cells.cluster_at(offset - 1)[0]
        return offset

    def cluster_at(self, offset: int) -> tuple[int, int]:
        """Range of code points of the cluster that owns `offset`; empty at a line's end."""
        return self.cells(self.line_of(offset)).cluster_at(offset)

    def is_broken(self, line: int) -> bool:
        """Whether `line` goes on in the next without a line end in the text."""
        return line + 1 < len(self.starts) and self.starts[line + 1] == self.ends[line]

    def lines_of(self, start: int, end: int) -> range:
        """The lines that `[start, end)` touches."""
        return range(self.line_of(start), self.line_of(max(start, end - 1)) + 1)

    def cells(self, line: int) -> LineCells:
        """The map between offsets and cells of one line."""
        found = self._lines.get(line)
        if found is None:
            if len(self._lines) >= _KEPT_LINES:
                self._lines.clear()
            found = LineCells.of(self.text, self.starts[line], self.ends[line])
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
        text, width = self.text, self.width
        all_plain = is_plain(text, at, end)
        while True:
            self.starts.append(at)
            # One character beyond the line decides whether its last one stands alone.
            if all_plain or is_plain(text, at, min(at + width + 2, end)):
                at = self._plain_break(at, end)
            else:
                at = self._break(at, end)
            self.ends.append(at)
            if at >= end:
                return

    def _plain_break(self, at: int, end: int) -> int:
        limit = at + self.width
        if end <= limit:
            return end
        blank = self.text.rfind(" ", at, limit + 1)
        return blank + 1 if blank >= 0 else limit

    def _break(self, at: int, end: int) -> int:
        """Where a line from `at` ends, in a paragraph whose characters do not all take one cell."""
        text, width, start = self.text, self.width, at
        cell, parted, was_wide = 0, 0, False
        while at < end:
            # Stretches of plain characters need no look at each of them.
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
            # Scripts of wide characters have no blanks between words; any two may be parted.
            if was_wide and cells == 2:
                parted = at
            if cell + cells > width:
                hangs = shown == " " and cell == width
                return after if hangs or at == start else parted or at
            if shown.isspace():
                parted = after
            at, cell, was_wide = after, cell + cells, cells == 2
        return end
