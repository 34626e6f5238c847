"""One hit as a line: its words, and as much of the text around them as fits; pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from annotator.core.search.sought import HitInContext
from annotator.tui.terminal.cells import shown, width_of

_BLANKS = re.compile(r"\s+")
_CUT = "…"


class HitLine(NamedTuple):
    """What is shown of a hit, safe for a terminal; `left` is padded so that hits stand in a
    column."""

    left: str
    text: str
    right: str


def hit_line(hit: HitInContext, width: int) -> HitLine:
    """A hit in at most `width` cells."""
    left, text, right = (_BLANKS.sub(" ", words) for words in (hit.left, hit.text, hit.right))
    text = shown(text, max(1, width))
    column = min(width // 3, max(0, width - width_of(text)))
    left = _tail(left, column)
    right = shown(right, max(0, width - column - width_of(text)))
    return HitLine(" " * (column - width_of(left)) + left, text, right)


def _tail(words: str, room: int) -> str:
    """The end of `words` in at most `room` cells, made safe, from the start of a word on."""
    safe = shown(words)
    if width_of(safe) <= room:
        return safe
    while safe and width_of(safe) > room - 1:
        safe = safe[max(1, (width_of(safe) - room) // 2) :]
    whole = safe.partition(" ")[2].strip()
    return _CUT + (safe[safe.index(" ") + 1 :] if whole else safe) if room else ""
