"""Parses text-bound lines of brat: type, offsets, and words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from annotator.formats.counting import Row

_PLACES = re.compile(r"(\S+) (\d{1,12} \d{1,12}(?:;\d{1,12} \d{1,12})*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Marked:
    """A text-bound annotation as in its line: its type, and the offsets and words of each
    fragment."""

    kind: str
    rows: Sequence[Row]


def marked_in(line: str) -> Marked | None:
    """The annotation in a text-bound line; None for other lines."""
    if not line.startswith("T"):
        return None
    _, _, rest = line.partition("\t")
    where, _, words = rest.partition("\t")
    found = _PLACES.fullmatch(where)
    if found is None:
        return None
    kind, offsets = found.groups()
    places = _places(offsets)
    each = _words_of_each(words, places)
    rows = [(*place, own) for place, own in zip(places, each, strict=True)]
    return Marked(kind, rows)


def _places(offsets: str) -> list[tuple[int, int]]:
    if ";" not in offsets:
        start, _, end = offsets.partition(" ")
        return [(int(start), int(end))]
    return [place for one in offsets.split(";") for place in _places(one)]


def _words_of_each(words: str, places: Sequence[tuple[int, int]]) -> list[str | None]:
    """The words of each fragment, which the line joins by blanks; None for each if the line has no
    words, or they cannot be divided."""
    if not words.strip():
        return [None for _ in places]
    if len(places) == 1:
        return [words]
    lengths = [end - start for start, end in places]
    if sum(lengths) + len(lengths) - 1 != len(words):
        return [None for _ in places]
    starts = accumulate((length + 1 for length in lengths), initial=0)
    return [words[start : start + length] for start, length in zip(starts, lengths, strict=False)]
