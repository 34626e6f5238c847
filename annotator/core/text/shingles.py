"""Similarity of texts by word shingles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from annotator.core.article import Span
from annotator.core.text.invisible import visible

SIZE = 5
"""Words in a shingle. Different stories about one event share hardly any five words in a row."""
LONGEST = 20_000
"""Maximum number of words compared; longer texts are not articles and would need much memory."""
LEAST = 20
"""Texts with fewer shingles are too short to compare."""
ALIKE = 0.5
"""Minimum similarity of two texts of the same story."""
SHARED = 0.5
"""Minimum share of the shorter text's shingles for one text to be a revision of the other."""
_WORD = re.compile(r"\w+")


def shingles(text: str, without: Iterable[Span] = ()) -> frozenset[str]:
    """The shingles of SIZE words of a text, in lower case, outside the spans `without`.

    Empty for texts that are too short to compare.
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
    """The Jaccard similarity of two sets of shingles, 0 to 1; 0 if one is empty."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def may_be_later(one: str, other: str) -> bool:
    """Whether one text can be a revision of the other: half of the shorter text's shingles occur in
    the longer one.

    Texts too short for shingles are compared by pairs of words.
    """
    parts = shingles(one), shingles(other)
    if not all(parts):
        words = _words(one), _words(other)
        # Not single words: any two sentences share half of the function words.
        size = max(1, min(2, *map(len, words)))
        parts = _runs(words[0], size), _runs(words[1], size)
    return len(parts[0] & parts[1]) >= SHARED * min(map(len, parts))


def _runs(words: Sequence[str], size: int) -> frozenset[str]:
    """All sequences of `size` words."""
    return frozenset(" ".join(words[n : n + size]) for n in range(len(words) - size + 1))


def _words(text: str) -> list[str]:
    return [word.group() for word in islice(_WORD.finditer(text.casefold()), LONGEST)]
