"""Which part of a text the reviewer can have seen: what was on the screen for long enough."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from annotator.core.annotations import Item
from annotator.core.article import Span, Spans
from annotator.core.edits import joined_pieces

SHOWN_SECONDS = 0.5
"""How long characters must stay on the screen, in seconds, to count as seen. Pages that a held key
turns pass in a few hundredths."""


@dataclass(frozen=True, slots=True)
class SeenText:
    """What was on the screen up to now.

    `seen` are the ranges that were long enough in view, in text order and apart from each other;
    `in_view` the ranges in view, each with the time in seconds since when. Times are of any
    monotonic clock.
    """

    seen: Spans = ()
    in_view: tuple[tuple[Span, float], ...] = ()

    def showing(self, view: Span | None, at: float) -> SeenText:
        """The same, with this range in view from now on; None while something else is shown."""
        seen = self.seen_by(at)
        if view is None:
            return SeenText(seen)
        kept = [
            (common, since)
            for part, since in self.in_view
            if (common := _common(part, view)) is not None
        ]
        new = [(part, at) for part in _without(view, [part for part, _ in kept])]
        return SeenText(seen, tuple(sorted([*kept, *new])))

    def seen_by(self, at: float) -> Spans:
        """The ranges that count as seen at this time, in text order and apart from each other."""
        shown = [part for part, since in self.in_view if at - since >= SHOWN_SECONDS]
        return joined_pieces([*self.seen, *shown]) if shown else self.seen

    def has_shown(self, spans: Iterable[Span], at: float) -> bool:
        """Whether every character of these ranges counts as seen at this time."""
        seen = self.seen_by(at)
        return all(any(part.contains(span) for part in seen) for span in spans)


def seen_among(items: Iterable[Item], text: SeenText, at: float) -> frozenset[str]:
    """The ids of the items of which every piece counts as seen at this time."""
    seen = SeenText(text.seen_by(at))
    return frozenset(item.id for item in items if seen.has_shown(item.spans, at))


def _common(one: Span, other: Span) -> Span | None:
    start, end = max(one.start, other.start), min(one.end, other.end)
    return Span(start, end) if start < end else None


def _without(whole: Span, parts: Iterable[Span]) -> Iterator[Span]:
    """What is left of a range without `parts`, which lie in it in text order."""
    start = whole.start
    for part in parts:
        if start < part.start:
            yield Span(start, part.start)
        start = part.end
    if start < whole.end:
        yield Span(start, whole.end)
