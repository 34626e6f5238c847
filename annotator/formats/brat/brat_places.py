"""Where a line of brat's marks something, and which words it says stand there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from annotator.formats.counting import Row

_PLACES = re.compile(r"(\S+) (\d{1,12} \d{1,12}(?:;\d{1,12} \d{1,12})*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Marked:
    """A text-bound annotation as its line has it: its type, where it stands and, of each fragment,
    which words."""

    kind: str
    rows: Sequence[Row]


def marked_in(line: str) -> Marked | None:
    """What a line marks; None if it marks nothing."""
    if not line.startswith("T"):
        return None
    _, _, rest = line.partition("\t")
    where, _, words = rest.partition("\t")
    found = _PLACES.fullmatch(where)
    if found is None:
        return None
    kind, told = found.groups()
    places = _places(told)
    rows = [(*place, said) for place, said in zip(places, _of_each(words, places), strict=True)]
    return Marked(kind, rows)


def _places(told: str) -> list[tuple[int, int]]:
    if ";" not in told:
        start, _, end = told.partition(" ")
        return [(int(start), int(end))]
    return [place for one in told.split(";") for place in _places(one)]


def _of_each(words: str, places: Sequence[tuple[int, int]]) -> list[str | None]:
    """Which of the words stand in each place; None if the line has none, or they cannot be cut:
    those of several places are joined by blanks."""
    if not words.strip():
        return [None for _ in places]
    if len(places) == 1:
        return [words]
    lengths = [end - start for start, end in places]
    if sum(lengths) + len(lengths) - 1 != len(words):
        return [None for _ in places]
    starts = accumulate((length + 1 for length in lengths), initial=0)
    return [words[start : start + length] for start, length in zip(starts, lengths, strict=False)]
