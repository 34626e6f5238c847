"""Finds quotations in single marks, as in British papers and in headlines.

The closing mark is also an apostrophe (`its friends' homes`), and sometimes so is the opening one
(`the '90s`): the context decides, and in doubt it is not a quotation.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

SINGLE = frozenset("'‘’")
_OPENS = re.compile(r"(?<![^\s(\[{—–“\"])['‘](?=[^\W_]|[“\"…(\[])(?!\d0?s\b|\d\ds?\b)")
_CLOSES = re.compile(r"(?<=[^\s'‘’])['’](?!\w)")
# Words that begin with an apostrophe.
_SHORTENED = re.compile(
    r"['‘](?:tis|twas|twere|twill|em|til|till|cause|cos|round|bout|n|neath|ere|un|ave|ello)\b",
    re.IGNORECASE,
)
_AFTER_STOP = frozenset(".,!?…—–")
_DOUBTFUL = ("s", "S", "in", "z", "x")  # the bridges' lights, goin' home
_LONGEST_IN_DOUBT = 80

Stretch = tuple[int, int]


def single_regions(
    text: str, paragraph: Stretch, doubles: Sequence[Stretch], after: int | None
) -> tuple[list[Stretch], bool]:
    """The quotations of a paragraph, in order: in single marks, and the `doubles` outside these;
    and whether the last continues in the next paragraph, which begins at `after`.

    It does if it opens this paragraph, is not closed, and the next begins with a single mark too.
    """
    start, end = paragraph
    opening = [at for at in _places(_OPENS, text, start, end) if not _SHORTENED.match(text, at)]
    opening = [at for at in opening if not _inside(at, doubles)]
    if not opening:
        return sorted(doubles), False
    closing = [at for at in _places(_CLOSES, text, start, end) if not _inside(at, doubles)]
    found: list[Stretch] = []
    goes_on = False
    for number, at in enumerate(opening):
        if found and at < found[-1][1]:
            continue
        stop = opening[number + 1] if number + 1 < len(opening) else end
        close = _closing(text, at, closing, stop)
        if close is not None:
            found.append((at, close + 1))
        elif stop == end and at == start:
            goes_on = after is not None and _OPENS.match(text, after) is not None
            if goes_on:
                found.append((at, start + len(text[start:end].rstrip())))
    outside = [one for one in doubles if not _inside(one[0], found)]
    return sorted([*found, *outside]), goes_on


def _closing(text: str, at: int, closing: Sequence[int], stop: int) -> int | None:
    """The mark that closes the quotation opened at `at`, before `stop`; None if there is none."""
    doubtful = None
    for close in closing[bisect_right(closing, at) :]:
        if close >= stop:
            break
        if text[close - 1] in _AFTER_STOP or not text.endswith(_DOUBTFUL, at, close):
            return close
        doubtful = close
    if doubtful is None or doubtful - at > _LONGEST_IN_DOUBT:
        return None
    # A whole sentence in marks ends with a stop; 'Abd and ‘Ali are names.
    after = text[doubtful + 1 : doubtful + 2]
    return (
        doubtful if text[at + 1].islower() or after in ("", "\n") or not after.isspace() else None
    )


def _places(pattern: re.Pattern[str], text: str, start: int, end: int) -> list[int]:
    return [match.start() for match in pattern.finditer(text, start, end)]


def _inside(at: int, stretches: Sequence[Stretch]) -> bool:
    number = bisect_right(stretches, (at, at)) - 1
    return number >= 0 and stretches[number][0] <= at < stretches[number][1]
