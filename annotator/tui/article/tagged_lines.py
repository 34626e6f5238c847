"""Lines with tags: where their clusters stand, and where a paragraph breaks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from annotator.tui.terminal.cells import LineCells, clusters, is_plain

_FILLER = "x"
"""Stands for a cell of a tag while a paragraph is wrapped: no line breaks beside it."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The cells that tags take at one offset: of marks that end there, then of those that start."""

    tail: int = 0
    head: int = 0


class Gaps:
    """The gaps of an article, in order."""

    def __init__(self, gaps: Mapping[int, Gap] | None = None) -> None:
        self._gaps = gaps or {}
        self._offsets = sorted(self._gaps)

    def of_line(self, start: int, end: int) -> list[tuple[int, Gap]]:
        """Those in the line `[start, end)`.

        A tag after the last character of a line is on it, one before the first is too.
        """
        first, last = bisect_left(self._offsets, start), bisect_right(self._offsets, end)
        found = []
        for offset in self._offsets[first:last]:
            gap = self._gaps[offset]
            gap = replace(
                gap,
                tail=gap.tail if offset > start else 0,
                head=gap.head if offset < end else 0,
            )
            if gap.tail or gap.head:
                found.append((offset, gap))
        return found


def tagged_cells(
    text: str, start: int, end: int, gaps: Sequence[tuple[int, Gap]]
) -> LineCells | PlainTagged:
    """The map between offsets and cells of a line with these gaps.

    The cells of a tag belong to the cluster that it is beside.
    """
    if is_plain(text, start, end):
        return PlainTagged(start, end, gaps)
    row, edges, cell, place = [], [], 0, 0
    for cluster in clusters(text, start, end):
        head = 0
        while place < len(gaps) and gaps[place][0] <= cluster.start:
            gap = gaps[place][1]
            cell, head, place = cell + head + gap.tail, gap.head, place + 1
        edges.append(cell)
        cell += head
        row.append(cluster._replace(cell=cell))
        cell += cluster.width
    cell += sum(gap.tail for _, gap in gaps[place:])
    edges.append(cell)
    starts = tuple(cluster.start for cluster in row)
    return LineCells(start, end, tuple(row), starts, tuple(edges))


class PlainTagged:
    """The map of a line in which each character takes one cell: as `LineCells` has it, without a
    look at every character."""

    def __init__(self, start: int, end: int, gaps: Sequence[tuple[int, Gap]]) -> None:
        self.start, self.end = start, end
        self._offsets = [start]
        self._edges = [0]
        """The cell at which what belongs to each offset starts, with the tag before it."""
        self._cells = [0]
        """The cell at which the character at each offset stands."""
        for offset, gap in gaps:
            edge = self._cells[-1] + offset - self._offsets[-1] + gap.tail
            self._offsets.append(offset)
            self._edges.append(edge)
            self._cells.append(edge + gap.head)

    @property
    def width(self) -> int:
        """The number of cells of the line."""
        return self._cells[-1] + self.end - self._offsets[-1]

    def cluster_at(self, offset: int) -> tuple[int, int]:
        """Range of the character at `offset`; empty at the line's end."""
        return (self.end, self.end) if offset >= self.end else (offset, offset + 1)

    def cell_of(self, offset: int) -> int:
        """The cell of the character at `offset`; the next one for the line's end."""
        offset = min(max(offset, self.start), self.end)
        found = bisect_right(self._offsets, offset) - 1
        return self._cells[found] + offset - self._offsets[found]

    def offset_at(self, cell: int) -> int:
        """The offset of the character at `cell`; the line's end for a cell beyond the last."""
        if cell >= self.width:
            return self.end
        found = bisect_right(self._edges, max(0, cell)) - 1
        offset = self._offsets[found] + max(0, cell - self._cells[found])
        if found + 1 < len(self._offsets):
            # In the tag after a character, it is that character.
            offset = min(offset, self._offsets[found + 1] - 1)
        return min(offset, self.end - 1)

    def text(self, text: str, start: int, end: int) -> str:
        """What is drawn for `[start, end)`."""
        return text[start:end]


def filled(
    text: str, start: int, end: int, gaps: Sequence[tuple[int, Gap]]
) -> tuple[str, OwnPlaces]:
    """A paragraph with characters in its gaps, and the places of its own characters in that."""
    pieces, places, at = [], OwnPlaces(start), start
    for offset, gap in gaps:
        cells = gap.tail + gap.head
        pieces += [text[at:offset], _FILLER * cells]
        places.add(offset, cells)
        at = offset
    pieces.append(text[at:end])
    return "".join(pieces), places


class OwnPlaces:
    """From the characters of a filled paragraph back to offsets."""

    def __init__(self, start: int) -> None:
        self._begins, self._ends = [0], [0]
        self._offsets = [start]

    def add(self, offset: int, cells: int) -> None:
        """A gap of so many cells is at this offset."""
        begin = self._ends[-1] + offset - self._offsets[-1]
        self._begins.append(begin)
        self._ends.append(begin + cells)
        self._offsets.append(offset)

    def offset(self, place: int) -> int:
        """The offset of a character; of one in a gap, the offset of that."""
        found = bisect_right(self._begins, place) - 1
        return self._offsets[found] + max(0, place - self._ends[found])
