"""The reading order of a page: columns one after the other, between what spans them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from annotator.inbox.documents.page_lines import PageLine, joined_row, rows_of

_ALIGNED = 3.0
"""Points within which left edges are one."""
_FEWEST_LINES = 3
# Fewest letters in lines of running text; cells of a table have fewer.
_LINE_OF_TEXT = 18
_NEARLY = 0.8
_MOST_LINES = 1_500
_MOST_COLUMNS = 4


def blocks_of(lines: Sequence[PageLine], *, depth: int = _MOST_COLUMNS) -> list[list[PageLine]]:
    """The lines of a page in reading order, in blocks: columns, and what lies between them."""
    if not lines:
        return []
    gutter = _gutter_of(lines) if depth and len(lines) <= _MOST_LINES else None
    if gutter is None:
        return [[joined_row(row) for row in rows_of(lines)]]
    blocks: list[list[PageLine]] = []
    for band in _bands(lines, gutter):
        if band.spanning:
            blocks.append([joined_row(row) for row in rows_of(band.spanning)])
        elif band.has_columns:
            blocks += blocks_of(band.left, depth=depth - 1) + blocks_of(band.right, depth=depth - 1)
        else:
            blocks.append([joined_row(row) for row in rows_of(band.left + band.right)])
    return blocks


@dataclass(frozen=True, slots=True)
class _Band:
    """A part of a page, across it: lines that span the gutter, or lines beside it."""

    spanning: tuple[PageLine, ...] = ()
    left: tuple[PageLine, ...] = ()
    right: tuple[PageLine, ...] = ()

    @property
    def has_columns(self) -> bool:
        """Whether there is running text on both sides, side by side."""
        fewer, more = sorted((self.left, self.right), key=len)
        if not fewer or len(more) < _FEWEST_LINES:
            return False
        is_text = (
            median(len(one.text) for one in more) >= _LINE_OF_TEXT
            and max(len(one.text) for one in fewer) >= _LINE_OF_TEXT
        )
        return is_text and any(one.is_beside(other) for one in fewer for other in more)


def _gutter_of(lines: Sequence[PageLine]) -> float | None:
    """The first place between columns that has most lines, or nearly so, in columns beside it; None
    without columns. A headline may span the first gutter and end before others."""
    found: dict[float, int] = {}
    for place in _edges_of(lines):
        bands = [band for band in _bands(lines, place) if band.has_columns]
        if any(min(len(one.left), len(one.right)) >= _FEWEST_LINES for one in bands):
            found[place] = sum(len(band.left) + len(band.right) for band in bands)
    most = max(found.values(), default=0)
    return next((place for place, count in found.items() if count >= _NEARLY * most), None)


def _edges_of(lines: Sequence[PageLine]) -> list[float]:
    """Where columns may begin: left edges that several lines have in common, but for the first."""
    lefts = [one.left for one in lines]
    common = Counter(round(left / _ALIGNED) for left in lefts)
    first = min(lefts) + _ALIGNED
    places = {n: n * _ALIGNED - _ALIGNED for n, count in common.items() if count >= _FEWEST_LINES}
    return sorted(place for place in places.values() if place > first)


def _bands(lines: Sequence[PageLine], place: float) -> Iterator[_Band]:
    """The page from the top in bands, by whether lines span this place."""
    spanning: list[PageLine] = []
    beside: list[PageLine] = []
    for line in sorted(lines, key=lambda one: -one.middle):
        if line.left < place < line.right:
            if beside:
                yield _beside(beside, place)
                beside = []
            spanning.append(line)
        else:
            if spanning:
                yield _Band(tuple(spanning))
                spanning = []
            beside.append(line)
    if spanning:
        yield _Band(tuple(spanning))
    if beside:
        yield _beside(beside, place)


def _beside(lines: Sequence[PageLine], place: float) -> _Band:
    return _Band(
        left=tuple(one for one in lines if one.right <= place),
        right=tuple(one for one in lines if one.right > place),
    )
