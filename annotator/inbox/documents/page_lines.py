"""Lines of text on a page, as values: upright, measured in points from the lower left."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

SOFT_END = "\u00ad"
"""The last character of a line that ends with a hyphen that only divides a word."""
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»›)\]]*$")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of text, or a piece of one, and its place on the page."""

    text: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def size(self) -> float:
        """The height of the line: that of its font, a bit more than the size of the type."""
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        """The height of its middle above the foot of the page."""
        return (self.top + self.bottom) / 2

    @property
    def ends_sentence(self) -> bool:
        """Whether a sentence ends with the line."""
        return bool(_SENTENCE_END.search(self.text))

    @property
    def ends_with_hyphen(self) -> bool:
        """Whether a word may be divided at the end of the line."""
        return len(self.text) > 1 and self.text[-1] in ("-", SOFT_END, "\u2010")

    def is_beside(self, other: PageLine) -> bool:
        """Whether both are at the same height."""
        shared = min(self.top, other.top) - max(self.bottom, other.bottom)
        return shared >= min(self.size, other.size) / 2


def rows_of(lines: Iterable[PageLine]) -> list[list[PageLine]]:
    """The lines by their height, from the top; pieces side by side are one row, from the left."""
    rows: list[list[PageLine]] = []
    for line in sorted(lines, key=lambda one: -one.middle):
        if rows and rows[-1][0].is_beside(line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda one: one.left) for row in rows]


def joined_row(row: Sequence[PageLine]) -> PageLine:
    """The pieces of a row as one line."""
    largest = max(row, key=lambda one: len(one.text))
    return PageLine(
        _BLANKS.sub(" ", " ".join(one.text for one in row)).strip(),
        min(one.left for one in row),
        max(one.right for one in row),
        largest.bottom,
        largest.top,
    )


def usual_size(lines: Iterable[PageLine]) -> float:
    """The size of most of the text."""
    sizes = [round(one.size, 1) for one in lines for _ in range(max(1, len(one.text) // 10))]
    return median(sizes) if sizes else 0.0
