"""Where a text quotes: regions between quotation marks, read off the typography alone.

One pass over the marks of each paragraph, so the cost grows with the text and no faster. A mark
that opens and never closes holds to the end of its paragraph only if it stands at its start or the
next paragraph opens with a mark again (the custom for quotations of several paragraphs); otherwise
it is taken for a slip of the keyboard and opens nothing. Single marks inside double ones are left
alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

OPENING = frozenset("“„«")
CLOSING = frozenset("”»")
MARKS = OPENING | CLOSING | {'"', "''", "``", "‘‘", "’’"}
_MARK = re.compile("''|``|‘‘|’’|[\"“”„«»]")
_CURLY = re.compile("[“”]")
_BEFORE_OPENING = frozenset("([{—–-‘'/…")
_BEFORE_CLOSING = frozenset(".,!?…")


@dataclass(frozen=True, slots=True)
class Region:
    """Characters `[start, end)`, marks included. `continues`: goes on from the region before it."""

    start: int
    end: int
    continues: bool = False


@dataclass(slots=True)
class _Paragraph:
    """The state while the marks of one paragraph are read."""

    text: str
    start: int
    end: int
    open_at: int | None = None
    opened_at_start: bool = False
    nested: bool = False  # whether its curly marks pair, one within another
    depth: int = 0

    def can_open(self, start: int, end: int) -> bool:
        before = self.text[start - 1] if start > self.start else " "
        after = self.text[end] if end < self.end else " "
        return (before.isspace() or before in _BEFORE_OPENING) and not after.isspace()

    def after_stop(self, start: int) -> bool:
        return start > self.start and self.text[start - 1] in _BEFORE_CLOSING


def regions(text: str, paragraphs: Sequence[tuple[int, int]]) -> tuple[Region, ...]:
    """Every quotation of `text` in order, none crossing the end of its paragraph."""
    found: list[Region] = []
    chained = False
    for number, (start, end) in enumerate(paragraphs):
        here = _Paragraph(text, start, end, nested=_curly_marks_pair(text, start, end))
        for match in _MARK.finditer(text, start, end):
            region = _read_mark(here, match.group(), match.start(), match.end())
            if region is not None:
                found.append(Region(*region, continues=chained and here.opened_at_start))
                chained = False
        if here.open_at is None:
            chained = False
            continue
        next_opens = _opens(text, paragraphs[number + 1 : number + 2])
        if next_opens or here.opened_at_start:
            last = _stripped_end(text, here.open_at, end)
            found.append(Region(here.open_at, last, chained and here.opened_at_start))
        chained = next_opens
    return tuple(found)


def _read_mark(here: _Paragraph, mark: str, start: int, end: int) -> tuple[int, int] | None:
    """The region that this mark closes; None if it opens one or means nothing."""
    straight = mark not in OPENING and mark not in CLOSING
    can_open = here.can_open(start, end)
    if here.open_at is None:
        if (
            mark in OPENING
            or mark in ("``", "‘‘")
            or (straight and can_open)
            or (mark == "»" and can_open)
            or (mark in CLOSING and can_open and start == here.start)
        ):
            here.open_at = start
            here.opened_at_start = not here.text[here.start : start].strip()
        return None
    if mark in OPENING and can_open:
        here.depth += here.nested
        return None
    if mark == "”" and here.depth:
        here.depth -= 1
        return None
    if straight and can_open and not here.after_stop(start):
        return None
    region = (here.open_at, end)
    here.open_at = None
    return region


def _curly_marks_pair(text: str, start: int, end: int) -> bool:
    """Whether every “ of a paragraph has its ”, and one pair holds another."""
    depth = deepest = 0
    for match in _CURLY.finditer(text, start, end):
        depth += 1 if match.group() == "“" else -1
        deepest = max(depth, deepest)
        if depth < 0:
            return False
    return depth == 0 and deepest > 1


def _opens(text: str, paragraphs: Sequence[tuple[int, int]]) -> bool:
    return any(
        text[start] in OPENING or text[start] == '"' or text.startswith(("''", "``", "‘‘"), start)
        for start, _ in paragraphs
    )


def _stripped_end(text: str, start: int, end: int) -> int:
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    return end
