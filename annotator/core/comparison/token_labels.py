"""The label of every token of a text, as one reviewer marked it.

Measures over tokens and units need one label for each token, but marked spans may overlap: the
longest is painted first, and a shorter one takes the tokens that are left.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from annotator.core.article import Span
from annotator.core.text.words import token_edges

NONE = "none"
"""The label of what is not marked."""
Marked = tuple[Span, str]
"""A span and its label."""


class TokenPlaces:
    """Where the tokens of a text are."""

    def __init__(self, text: str) -> None:
        self._starts, self._ends = token_edges(text)

    def __len__(self) -> int:
        return len(self._starts)

    def of(self, span: Span) -> tuple[int, int]:
        """The tokens that overlap a span, as a half-open range of indices."""
        first = bisect_right(self._ends, span.start)
        return first, max(first, bisect_left(self._starts, span.end))


@dataclass(frozen=True, slots=True)
class TokenLabels:
    """The label of each token, None where the reviewer said nothing, and the labelled units: runs
    of tokens (first, end, label)."""

    labels: tuple[str | None, ...]
    units: tuple[tuple[int, int, str], ...]

    @classmethod
    def of(
        cls, tokens: TokenPlaces, marked: Iterable[Marked], unsaid: Iterable[Span] = ()
    ) -> TokenLabels:
        """The labels of marked spans; tokens of `unsaid` spans that are not marked are unknown."""
        labels: list[str | None] = [NONE] * len(tokens)
        for span in unsaid:
            first, end = tokens.of(span)
            labels[first:end] = [None] * (end - first)
        taken = bytearray(len(tokens))
        units: list[tuple[int, int, str]] = []
        ranges = ((*tokens.of(span), label) for span, label in marked)
        for first, end, label in sorted(ranges, key=_longest_first):
            for start, stop in _free(taken, first, end):
                taken[start:stop] = b"\x01" * (stop - start)
                labels[start:stop] = [label] * (stop - start)
                units.append((start, stop, label))
        return cls(tuple(labels), tuple(units))


def _longest_first(unit: tuple[int, int, str]) -> tuple[int, int, str]:
    first, end, label = unit
    return first - end, first, label


def _free(taken: bytearray, first: int, end: int) -> Iterable[tuple[int, int]]:
    """The runs of tokens in a range that are not taken."""
    while first < end:
        start = taken.find(0, first, end)
        if start < 0:
            return
        stop = taken.find(1, start, end)
        first = stop if stop >= 0 else end
        yield start, first
