"""How much of their wording two texts share: sets of word shingles and their likeness."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from annotator.core.article import Span
from annotator.core.invisible import visible

SIZE = 5
"""Words in a shingle. Two stories about one event share hardly any five words in a row."""
LONGEST = 20_000
"""Words that are compared of a text; what is longer is no article, and would need much memory."""
LEAST = 20
"""Texts with fewer shingles say too little to be told apart."""
ALIKE = 0.5
"""From this likeness on two texts count as the same story."""
SHARED = 0.5
"""From this part of the shorter text's wording on, one text can be a later state of the other."""
_WORD = re.compile(r"\w+")


def shingles(text: str, without: Iterable[Span] = ()) -> frozenset[str]:
    """Every run of SIZE words of a text, in lower case, outside the spans `without`.

    Empty for texts that are too short to be compared.
    """
    kept, start = [], 0
    for span in sorted(without):
        kept.append(text[start : span.start])
        start = max(start, span.end)
    kept.append(text[start:])
    words = _words(visible("\n".join(kept)))
    found = frozenset(map(" ".join, zip(*(words[first:] for first in range(SIZE)), strict=False)))
    return found if len(found) >= LEAST else frozenset()


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """What two texts share of all their shingles, 0 to 1 (Jaccard); 0 where one has none."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def may_be_later(one: str, other: str) -> bool:
    """Whether two texts can be states of one article: the shorter has half its wording from the
    longer, which may have any number of paragraphs more.

    Wording is shingles, and pairs of words where a text is too short for them.
    """
    parts = shingles(one), shingles(other)
    if not all(parts):
        words = _words(one), _words(other)
        # Single words would not do: any two sentences have half of the small ones in common.
        size = max(1, min(2, *map(len, words)))
        parts = _runs(words[0], size), _runs(words[1], size)
    return len(parts[0] & parts[1]) >= SHARED * min(map(len, parts))


def _runs(words: Sequence[str], size: int) -> frozenset[str]:
    """Every run of `size` words."""
    return frozenset(" ".join(words[n : n + size]) for n in range(len(words) - size + 1))


def _words(text: str) -> list[str]:
    return [word.group() for word in islice(_WORD.finditer(text.casefold()), LONGEST)]
