"""Aligns the unchanged sentences of two texts, and maps spans from one to the other.

Sentences are aligned as lines are in a patience diff (Bram Cohen): sentences that occur once in
each text, in the same order, are anchors; between two anchors this is repeated. A sentence that
occurs several times between the same anchors is aligned only if the counts are equal. A moved
sentence is aligned if it is long enough to be unambiguous, otherwise only with a neighbour.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from annotator.core.article import Span
from annotator.core.text.paragraph_bounds import paragraph_spans
from annotator.core.text.words import sentences_in

Pairs = dict[int, int]
# Bound of the recursion; real texts need three or four levels.
_DEEPEST = 50
_START = 12
# "He denied it." depends on its context; sentences of this length do not.
_TELLING = 40


class Why(StrEnum):
    """Why a span of the old text has no counterpart in the new one. The values are stored."""

    CHANGED = "its sentence was changed"
    GONE = "its words are no longer in the text"
    SEVERAL = "its sentence occurs more than once"
    MOVED = "its sentence stands elsewhere"


class SentenceAlignment:
    """The alignment of two texts by their sentences."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self._old = _sentences(old)
        self._new = _sentences(new)
        self._starts = [sentence.start for sentence in self._old]
        self._new_starts = [sentence.start for sentence in self._new]
        self._old_words = [sentence.of(old) for sentence in self._old]
        self._new_words = [sentence.of(new) for sentence in self._new]
        self._pairs = self._without_twins(aligned(self._old_words, self._new_words))

    def place_of(self, span: Span) -> Span | Why:
        """The span in the new text for one of the old text, or why there is none.

        Every sentence that the span touches must be aligned, and the text between must be equal.
        """
        touched = _touched(span, self._old, self._starts)
        lost = [place for place in touched if place not in self._pairs]
        if lost or not touched:
            return self._why(span, lost)
        first, last = touched[0], touched[-1]
        start = span.start + self._shift(first)
        end = span.end + self._shift(last)
        if start < 0 or self.new[start:end] != span.of(self.old):
            return Why.CHANGED
        return Span(start, end)

    def is_old(self, span: Span) -> bool:
        """Whether a span of the new text is in unchanged sentences."""
        touched = _touched(span, self._new, self._new_starts)
        return bool(touched) and all(place in self._came_from for place in touched)

    def _without_twins(self, pairs: Pairs) -> Pairs:
        """Remove sentences that may as well be part of a longer, changed one."""
        known = {self._old_words[n] for n in pairs}
        longer = dict.fromkeys((*self._old_words, *self._new_words))
        changed = _Parts([words for words in longer if words not in known])
        return {n: other for n, other in pairs.items() if self._old_words[n] not in changed}

    @cached_property
    def _came_from(self) -> frozenset[int]:
        return frozenset(self._pairs.values())

    @cached_property
    def _how_often(self) -> tuple[Counter[str], Counter[str]]:
        return Counter(self._old_words), Counter(self._new_words)

    def _shift(self, place: int) -> int:
        return self._new[self._pairs[place]].start - self._old[place].start

    def _why(self, span: Span, lost: Sequence[int]) -> Why:
        here, there = self._how_often
        words = [self._old_words[place] for place in lost]
        if words and all(there[one] for one in words):
            once = all(here[one] == there[one] == 1 for one in words)
            return Why.MOVED if once else Why.SEVERAL
        return Why.CHANGED if span.of(self.old) in self.new else Why.GONE


class _Parts:
    """A fast test whether text occurs within any of some sentences."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self._whole = "\n\n".join(sentences)
        length = len(self._whole) - _START
        self._starts = {self._whole[n : n + _START] for n in range(length + 1)}

    def __contains__(self, words: str) -> bool:
        # Comparing a few characters first avoids most searches.
        places = (0, len(words) // 3, len(words) - _START)
        if len(words) >= 2 * _START and any(
            words[n : n + _START] not in self._starts for n in places
        ):
            return False
        return words in self._whole


def aligned(old: Sequence[str], new: Sequence[str]) -> Pairs:
    """Maps indices of `old` to indices of `new` with equal sentences, one to one."""
    pairs: Pairs = {}
    windows = [(0, len(old), 0, len(new), 0)]
    while windows:
        first, last, new_first, new_last, depth = windows.pop()
        anchors = _anchors(old, new, (first, last), (new_first, new_last))
        if not anchors or depth >= _DEEPEST:
            pairs.update(_equally_often(old, new, (first, last), (new_first, new_last)))
            continue
        pairs.update(anchors)
        ends = [(first - 1, new_first - 1), *anchors, (last, new_last)]
        for (here, there), (next_here, next_there) in pairwise(ends):
            if next_here - here > 1 and next_there - there > 1:
                windows.append((here + 1, next_here, there + 1, next_there, depth + 1))
    pairs.update(_moved(old, new, pairs))
    return pairs


def _anchors(
    old: Sequence[str], new: Sequence[str], here: tuple[int, int], there: tuple[int, int]
) -> list[tuple[int, int]]:
    """Anchors: sentences that occur once in both ranges, the longest ordered sequence."""
    once, once_there = _once(old, *here), _once(new, *there)
    common = [(place, once_there[words]) for words, place in once.items() if words in once_there]
    return _in_order(sorted(common))


def _once(sentences: Sequence[str], first: int, last: int) -> dict[str, int]:
    counts = Counter(sentences[first:last])
    return {sentences[n]: n for n in range(first, last) if counts[sentences[n]] == 1}


def _equally_often(
    old: Sequence[str], new: Sequence[str], here: tuple[int, int], there: tuple[int, int]
) -> list[tuple[int, int]]:
    """Pairs of sentences that occur several times, equally often in both ranges, in order."""
    counts, counts_there = Counter(old[slice(*here)]), Counter(new[slice(*there)])
    alike = {words for words, count in counts.items() if counts_there[words] == count}
    places: dict[str, list[int]] = {words: [] for words in alike}
    for place in range(*there):
        if new[place] in alike:
            places[new[place]].append(place)
    found = [(place, places[old[place]].pop(0)) for place in range(*here) if old[place] in alike]
    return _in_order(found)


def _moved(old: Sequence[str], new: Sequence[str], pairs: Pairs) -> Pairs:
    """Moved sentences that occur once in each text: long ones, and neighbours moved together."""
    once, once_there = _once(old, 0, len(old)), _once(new, 0, len(new))
    moved = {
        place: once_there[words]
        for words, place in once.items()
        if words in once_there and place not in pairs
    }
    return {
        here: there
        for here, there in moved.items()
        if len(old[here]) >= _TELLING
        or moved.get(here + 1) == there + 1
        or moved.get(here - 1) == there - 1
    }


def _in_order(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence of pairs, sorted by the first number, with an increasing second."""
    lowest: list[int] = []
    ends: list[int] = []
    before: list[int | None] = []
    for n, (_, there) in enumerate(pairs):
        length = bisect_left(lowest, there)
        before.append(ends[length - 1] if length else None)
        if length == len(lowest):
            lowest.append(there)
            ends.append(n)
        else:
            lowest[length], ends[length] = there, n
    chosen: list[tuple[int, int]] = []
    last: int | None = ends[-1] if ends else None
    while last is not None:
        chosen.append(pairs[last])
        last = before[last]
    return chosen[::-1]


def _sentences(text: str) -> list[Span]:
    return [
        sentence
        for paragraph in paragraph_spans(text)
        for sentence in sentences_in(text, paragraph)
    ]


def _touched(span: Span, sentences: Sequence[Span], starts: Sequence[int]) -> range:
    """The sentences that a span overlaps."""
    first = max(bisect_right(starts, span.start) - 1, 0)
    if first < len(sentences) and sentences[first].end <= span.start:
        first += 1
    return range(first, bisect_left(starts, span.end))
