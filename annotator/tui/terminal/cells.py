"""What a terminal shows for a text: grapheme clusters and their cells, with nothing harmful.

Terminals and texts disagree about characters. Here a line of text becomes a row of *clusters*: each
owns a range of code points, has a cell, takes an exact number of cells, and has a harmless form to
show. Control characters show as one sign, bidirectional controls and other invisible characters
take no cell, and a joined emoji shows only its base, because terminals disagree about the width of
the rest. The text itself is never changed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple
from unicodedata import category

from rich.cells import get_character_cell_size

CONTROL_SIGN = "\u2426"
TAB_WIDTH = 4
_CIRCLE = "\u25cc"
_CUT = "\u2026"
# Enough for any living script; stacks of dozens of marks would be drawn over the lines above.
_MOST_MARKS = 6

# Characters of one cell each that never join with each other.
_PLAIN = (
    r" -~\xa0-\xac\xae-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u0386\u0388-\u03ff\u0400-\u0482"
    r"\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
)
_PLAIN_RUN = re.compile(f"[{_PLAIN}]*")


class CellKind(IntEnum):
    """The behaviour of a character in a row of cells."""

    BASE = 0
    BLANK = 1
    TAB = 2
    CONTROL = 3
    INVISIBLE = 4
    MARK = 5
    JOINER = 6
    REGION = 7
    TONE = 8


class Cluster(NamedTuple):
    """The code points `[start, end)` of a text, shown as `shown` at `cell` of their line."""

    start: int
    end: int
    cell: int
    width: int
    shown: str


def is_plain(text: str, start: int = 0, end: int | None = None) -> bool:
    """Whether each character of `text[start:end]` is a cluster of one cell, shown unchanged."""
    return _PLAIN_RUN.fullmatch(text, start, len(text) if end is None else end) is not None


def plain_run(text: str, start: int, end: int) -> int:
    """The number of characters from `start` that are shown unchanged in one cell each."""
    run = _PLAIN_RUN.match(text, start, end)
    length = run.end() - start if run else 0
    # A combining mark after the last one would join it.
    return length if start + length == end == len(text) else max(0, length - 1)


def clusters(text: str, start: int, end: int) -> list[Cluster]:
    """The clusters of `text[start:end]`, which has no line end, from cell 0.

    `start` must be the start of a cluster.
    """
    found: list[Cluster] = []
    cell = 0
    at = start
    while at < end:
        after, width, shown = next_cluster(text, at, end)
        found.append(Cluster(at, after, cell, width, shown))
        cell += width
        at = after
    return found


def shown(text: str, limit: int | None = None) -> str:
    """`text` in a form that is safe for a terminal: one line, controls as a sign, no invisible
    characters.

    With `limit`, at most that many cells; longer text ends in an ellipsis.
    """
    line = text.replace("\n", " ")
    if is_plain(line):
        if limit is None or len(line) <= limit:
            return line
        return line[: limit - 1] + _CUT if limit > 0 else ""
    row = clusters(line, 0, len(line))
    if limit is None or row[-1].cell + row[-1].width <= limit:
        return "".join(cluster.shown for cluster in row)
    kept = [cluster.shown for cluster in row if cluster.cell + cluster.width < limit]
    return "".join(kept) + _CUT if limit > 0 else ""


def width_of(text: str) -> int:
    """The number of cells that `shown(text)` takes."""
    line = text.replace("\n", " ")
    if is_plain(line):
        return len(line)
    row = clusters(line, 0, len(line))
    return row[-1].cell + row[-1].width if row else 0


@dataclass(frozen=True, slots=True)
class LineCells:
    """The mapping between offsets and cells of one line; `row` is None if they are equal."""

    start: int
    end: int
    row: tuple[Cluster, ...] | None
    starts: tuple[int, ...] = ()
    edges: tuple[int, ...] = ()

    @classmethod
    def of(cls, text: str, start: int, end: int) -> LineCells:
        if is_plain(text, start, end):
            return cls(start, end, None)
        row = tuple(clusters(text, start, end))
        edges = tuple(accumulate((cluster.width for cluster in row), initial=0))
        return cls(start, end, row, tuple(cluster.start for cluster in row), edges)

    @property
    def width(self) -> int:
        """The number of cells of the line."""
        return self.end - self.start if self.row is None else self.edges[-1]

    def cluster_at(self, offset: int) -> tuple[int, int]:
        """Range of code points of the cluster of `offset`; empty at the line's end."""
        if offset >= self.end:
            return self.end, self.end
        if self.row is None:
            return offset, offset + 1
        cluster = self.row[max(0, bisect_right(self.starts, offset) - 1)]
        return cluster.start, cluster.end

    def cell_of(self, offset: int) -> int:
        """The cell where the cluster of `offset` starts; the next one for the line's end."""
        if self.row is None:
            return min(max(offset, self.start), self.end) - self.start
        if offset >= self.end:
            return self.edges[-1]
        return self.row[max(0, bisect_right(self.starts, offset) - 1)].cell

    def offset_at(self, cell: int) -> int:
        """The offset where the cluster at `cell` starts; the line's end for a cell beyond the
        last."""
        if cell >= self.width:
            return self.end
        if self.row is None:
            return self.start + max(0, cell)
        # Of clusters without width at one cell, the last one is drawn.
        return self.row[bisect_right(self.edges, max(0, cell)) - 1].start

    def text(self, text: str, start: int, end: int) -> str:
        """What is drawn for `[start, end)`; a cluster is drawn if it starts inside."""
        if self.row is None:
            return text[start:end]
        first = bisect_right(self.starts, start - 1)
        last = bisect_right(self.starts, end - 1)
        return "".join(cluster.shown for cluster in self.row[first:last])


def next_cluster(text: str, at: int, end: int) -> tuple[int, int, str]:
    """The end of the cluster that starts at `at`, its cells, and its shown form."""
    # Invisible characters at the start of a line have no preceding cluster to join.
    while at < end and kind_of(text[at])[0] in (CellKind.INVISIBLE, CellKind.JOINER):
        at += 1
    if at == end:
        return end, 0, ""
    base = text[at]
    kind, width = kind_of(base)
    at += 1
    if kind is CellKind.TAB:
        return _skip_invisible(text, at, end), TAB_WIDTH, " " * TAB_WIDTH
    if kind is CellKind.CONTROL or kind is CellKind.TONE:
        return _skip_invisible(text, at, end), 1, CONTROL_SIGN
    if kind is CellKind.REGION:
        if at < end and kind_of(text[at])[0] is CellKind.REGION:
            return _skip_invisible(text, at + 1, end), 2, base + text[at]
        # Half a flag takes one or two cells, depending on the terminal; its letter always takes
        # one.
        letter = chr(ord("A") + ord(base) - 0x1F1E6)
        return _skip_invisible(text, at, end), 1, letter
    if kind is CellKind.MARK:
        at, drawn = _with_followers(text, at, end, _CIRCLE + base, marks=1)
        return at, 1, drawn
    at, drawn = _with_followers(text, at, end, base, marks=0)
    return at, width, drawn


def _with_followers(text: str, at: int, end: int, drawn: str, *, marks: int) -> tuple[int, str]:
    """The end of the cluster whose letter is the last of `drawn`, and `drawn` with its marks."""
    base = drawn[-1]
    while at < end:
        follower = kind_of(text[at])[0]
        if follower is CellKind.MARK:
            if marks < _MOST_MARKS:
                drawn += text[at]
            marks += 1
        elif follower is CellKind.JOINER:
            if at + 1 < end and _is_picture(base) and _is_picture(text[at + 1]):
                at += 1
        elif follower is CellKind.TONE:
            if not _is_picture(base):
                break
        elif follower is not CellKind.INVISIBLE:
            break
        at += 1
    return at, drawn


def _skip_invisible(text: str, at: int, end: int) -> int:
    while at < end and kind_of(text[at])[0] in (CellKind.INVISIBLE, CellKind.JOINER):
        at += 1
    return at


@lru_cache(maxsize=8192)
def kind_of(character: str) -> tuple[CellKind, int]:
    """The behaviour of `character`, and its cells (0, 1 or 2) according to rich's Unicode
    tables."""
    code = ord(character)
    group = category(character)
    if character == "\t":
        return CellKind.TAB, TAB_WIDTH
    if character == "\u200d":
        return CellKind.JOINER, 0
    if group in ("Cc", "Cs", "Zl", "Zp") or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return CellKind.CONTROL, 1
    if 0x1F1E6 <= code <= 0x1F1FF:
        return CellKind.REGION, 1
    if 0x1F3FB <= code <= 0x1F3FF:
        return CellKind.TONE, 1
    width = get_character_cell_size(character)
    if _is_invisible(code) or (group == "Cf" and width == 0):
        return CellKind.INVISIBLE, 0
    if width == 0:
        return CellKind.MARK, 0
    return (CellKind.BLANK if group == "Zs" and code != 0xA0 else CellKind.BASE), width


def _is_invisible(code: int) -> bool:
    """Default-ignorable code points, variation selectors and the enclosing keycap."""
    return (
        code in (0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x20E3, 0x3164, 0xFEFF, 0xFFA0)
        or 0x180B <= code <= 0x180F
        or 0x200B <= code <= 0x200F
        or 0x202A <= code <= 0x202E
        or 0x2060 <= code <= 0x206F
        or 0xFE00 <= code <= 0xFE0F
        or 0xFFF0 <= code <= 0xFFFB
        or 0x1BCA0 <= code <= 0x1BCA3
        or 0x1D173 <= code <= 0x1D17A
        or 0xE0000 <= code <= 0xE0FFF
    )


def _is_picture(character: str) -> bool:
    """Whether a joiner between two such characters makes one picture of them."""
    code = ord(character)
    return 0x1F000 <= code <= 0x1FAFF or 0x2190 <= code <= 0x2BFF or code in (0xA9, 0xAE, 0x3030)
