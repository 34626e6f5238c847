"""How much of their wording two texts share: sets of word shingles and their likeness."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from annotator.core.article import Span

SIZE = 5
"""Words in a shingle. Two stories about one event share hardly any five words in a row."""
LONGEST = 20_000
"""Words that are compared of a text; what is longer is no article, and would need much memory."""
LEAST = 20
"""Texts with fewer shingles say too little to be told apart."""
ALIKE = 0.5
"""From this likeness on two texts count as the same story."""
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
    found_words = _WORD.finditer("\n".join(kept).casefold())
    words = [word.group() for word in islice(found_words, LONGEST)]
    found = frozenset(
        " ".join(words[place : place + SIZE]) for place in range(len(words) - SIZE + 1)
    )
    return found if len(found) >= LEAST else frozenset()


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """What two texts share of all their shingles, 0 to 1 (Jaccard); 0 where one has none."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0
